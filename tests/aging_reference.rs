//! The published laws against rates printed by BLAST-Lite, see `tests/reference/blast_lite_rates/README.md`.

use packlife::aging::{AgingOptions, CycleStress, Law};
use packlife::library::Library;
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

fn law(name: &str) -> Law {
    Law::new(Library::builtin().unwrap().get(name).unwrap(), AgingOptions::default()).unwrap()
}

fn time(law: &Law, mechanism: usize, row: &Row) -> f64 {
    (law.form.time)(&law.parameters, mechanism, row["temp_c"] + 273.15, row["soc"]).k()
}

fn cycle(law: &Law, mechanism: usize, row: &Row) -> f64 {
    let stress = CycleStress {
        depth: row["dod"],
        mean_soc: row["soc"],
        temperature_k: row["temp_c"] + 273.15,
        c_rate: row["c_rate"],
        c_charge: row["c_chg"],
        c_discharge: row["c_dis"],
        ocv_rms_v: None,
        efc: 1.0,
        count: 1.0,
    };
    (law.form.cycle)(&law.parameters, mechanism, &stress).k()
}

fn check(what: &str, ours: f64, theirs: f64, tolerance: f64) {
    let error = (ours / theirs - 1.0).abs();
    assert!(error < tolerance, "{what}: {ours} against {theirs}, off by {error:e}");
}

#[test]
fn rates_agree_with_blast_lite() {
    for (model, name) in [("Lfp_Gr_250AhPrismatic", "lfp_prismatic250"), ("NMC_Gr_50Ah_B1", "nmc50_b1")] {
        let law = law(name);
        let rows = rows(model);
        assert_eq!(rows.len(), 40);
        for row in rows {
            check(name, time(&law, 0, &row), row["rate_kcal"], 1e-8);
            check(name, cycle(&law, 1, &row), row["rate_kcyc"], 1e-8);
        }
    }
    let law = law("nmc_kokam");
    for row in rows("Nmc111_Gr_Kokam75Ah_Battery") {
        check("nmc_kokam q1", time(&law, 0, &row), row["rate_q1"], 1e-8);
        check("nmc_kokam q3", cycle(&law, 1, &row), row["rate_q3"], 1e-8);
        check("nmc_kokam q5", 1.0 / cycle(&law, 2, &row), row["rate_q5"], 1e-8);
    }
}

#[test]
fn the_graphite_potential_agrees() {
    for row in rows("NMC_Gr_50Ah_B1") {
        let error = packlife::aging::graphite::potential_exact(row["soc"]) - row["ua"];
        assert!(error.abs() < 1e-9, "{error:e}");
    }
}
