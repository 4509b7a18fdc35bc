//! The published laws against rates printed by BLAST-Lite, see `tests/reference/blast_lite_rates/README.md`.

use packlife::aging::{CycleStress, Law, Shape};
use std::collections::BTreeMap;
use std::path::Path;

type Row = BTreeMap<String, f64>;

fn rows(model: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/reference/blast_lite_rates/{model}.csv"));
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    reader
        .records()
        .map(|r| header.iter().cloned().zip(r.unwrap().iter().map(|v| v.parse().unwrap())).collect())
        .collect()
}

/// `z` of each mechanism after a day at rest, and after one equivalent full cycle.
fn damages(law: &Law, row: &Row) -> ([f64; 3], [f64; 3]) {
    let (t_k, soc) = (row["temp_c"] + 273.15, row["soc"]);
    let mut z = vec![vec![0.0]; 3];
    (law.time_damage)(&[t_k], &[soc], 1.0, &mut z);
    let cycle = CycleStress {
        depth: row["dod"],
        mean_soc: soc,
        temperature_k: t_k,
        c_rate: row["c_rate"],
        efc: 1.0,
        count: 1.0,
    };
    ([z[0][0], z[1][0], z[2][0]], (law.cycle_damage)(&cycle))
}

/// Rate `k` of a power law from its `z` per unit of `x / scale`.
fn rate(law: &Law, mechanism: usize, z: f64, scale: f64) -> f64 {
    match law.mechanisms[mechanism].shape {
        Shape::Power(p) => (z * scale).powf(p),
        _ => panic!("not a power law"),
    }
}

fn check(what: &str, ours: f64, theirs: f64, tolerance: f64) {
    let error = (ours / theirs - 1.0).abs();
    assert!(error < tolerance, "{what}: {ours} against {theirs}, off by {error:e}");
}

#[test]
fn rates_agree_with_blast_lite() {
    for (model, name, scale) in
        [("Lfp_Gr_250AhPrismatic", "lfp_prismatic250", [1.0, 1.0]), ("NMC_Gr_50Ah_B1", "nmc50_b1", [1e4, 1e5])]
    {
        let law = Law::named(name).unwrap();
        let rows = rows(model);
        assert_eq!(rows.len(), 40);
        for row in rows {
            let (rest, cycle) = damages(law, &row);
            check(name, rate(law, 0, rest[0], scale[0]), row["rate_kcal"], 2e-6);
            check(name, rate(law, 1, cycle[1], scale[1]), row["rate_kcyc"], 1e-8);
        }
    }
    let law = Law::named("nmc_kokam").unwrap();
    for row in rows("Nmc111_Gr_Kokam75Ah_Battery") {
        let (rest, cycle) = damages(law, &row);
        check("nmc_kokam q1", rate(law, 0, rest[0], 1.0), row["rate_q1"], 2e-6);
        check("nmc_kokam q3", rate(law, 1, cycle[1], 1.0), row["rate_q3"], 1e-8);
        check("nmc_kokam q5", 1.0 / cycle[2], row["rate_q5"], 1e-8);
    }
}

#[test]
fn the_graphite_potential_agrees() {
    for row in rows("NMC_Gr_50Ah_B1") {
        let error = packlife::aging::graphite::potential_exact(row["soc"]) - row["ua"];
        assert!(error.abs() < 1e-9, "{error:e}");
    }
}
