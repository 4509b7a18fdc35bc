use crate::validate::{Report, Tree, Verdict, run, text};
use std::fmt::Write;
use std::fs;
use std::path::Path;

fn put(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}

/// A year of a constant load without sun.
fn dark(load_w: f64) -> String {
    let mut text = "pv_w_per_kwp,load_w\n".to_owned();
    (0..8760).for_each(|_| writeln!(text, "0,{load_w}").unwrap());
    text
}

fn errors(report: &Report, case: &str) -> Vec<String> {
    let off = |f: &&crate::validate::Finding| f.case.contains(case) && f.verdict != Verdict::Ok;
    report.findings.iter().filter(off).map(|f| format!("{f:?}")).collect()
}

/// The battery runs dry once: everything of the year follows by hand.
#[test]
fn a_grid_of_designs_elsewhere() {
    let scratch = tempfile::tempdir().unwrap();
    let here = scratch.path();
    put(here, "inputs_cave.csv", &dark(1000.0));
    put(
        here,
        "lamp_cave_params.json",
        r#"{"eta_ch": 1.0, "eta_dis": 0.5, "eta_inv": 0.8, "inv_kw": 0.9, "soc_min": 0.2, "soc_max": 1.0, "soc0": 1.0,
        "self_disc_h": 0.0, "aux_kw": 0.0, "p_ch_c": 1.0, "p_dis_c": 1.0}"#,
    );
    // 8 kWh at the bus' side of a loss of half are 4, behind the inverter 3.2: three hours of 0.9 and one of 0.5.
    let unmet = 8760.0 - 3.2;
    let soc = 0.2 + (0.8 - 2.25 / 10.0 + 0.8 - 4.5 / 10.0 + 0.8 - 6.75 / 10.0) / 8760.0;
    let good = format!("0,10,{unmet},{},1,8760,1,8760,0,0,4,0.8,{soc},0.2", unmet / 8760.0);
    let bad = good.replacen("0,10,", "0,10.0,", 1).replace(",4,0.8,", ",4,0.80001,");
    let header = "pv_kwp,e_kwh,unmet_kwh,lpsp,lolp,loss_hours,events,longest_h,curtailed_kwh,charge_kwh,discharge_kwh,efc,\
                  soc_mean,soc_end";
    put(here, "lamp_cave.csv", &format!("{header}\n{good}\n"));
    let report = run(&[Tree::of_disk(here)]);
    assert_eq!(errors(&report, ""), Vec::<String>::new());
    assert_eq!(report.count(Verdict::Ok), 12);

    put(here, "lamp_cave.csv", &format!("{header}\n{bad}\n"));
    let report = run(&[Tree::of_disk(here)]);
    assert_eq!(report.count(Verdict::Off), 1, "{:?}", errors(&report, ""));
    fs::remove_file(here.join("lamp_cave_params.json")).unwrap();
    assert_eq!(run(&[Tree::of_disk(here)]).count(Verdict::Skipped), 1);
}

/// One bank of two units, emptied once; prices are those of the published designs.
#[test]
fn a_design_of_homer_elsewhere() {
    let scratch = tempfile::tempdir().unwrap();
    let here = scratch.path();
    put(here, "cave_inputs.csv", &dark(100.0));
    let out = 2.0 * (10.0023 - 1.0);
    let served = out * 0.86_f64.sqrt() * 0.96;
    // Bank of 20 years and array of 20 years in 25: both bought once more.
    let usd = 3.0 * 2000.0 + 2.0 * 300.0;
    let npc = usd * (1.0 + 1.06_f64.powi(-20) - 0.75 * 1.06_f64.powi(-25));
    let coe = npc * 0.06 / (1.0 - 1.06_f64.powi(-25)) / served;
    let header = "pv_kw,batt_kwh,homer_unmet_kwh,homer_excess_kwh,homer_throughput_kwh,homer_npc,homer_coe,\
                  sam_outage_unmet_pct";
    let row = |throughput: f64| format!("3,20,{},0,{throughput},{npc},{coe},97.5", 876.0 - served);
    put(here, "cave_results.csv", &format!("{header}\n{}\n", row(out)));
    let report = run(&[Tree::of_disk(here)]);
    assert!(report.all_within() && report.count(Verdict::Ok) == 5, "{:?}", report.findings);
    let worst = report.findings.iter().filter(|f| f.verdict == Verdict::Ok).filter_map(|f| f.error).fold(0.0, f64::max);
    assert!(worst < 1e-9, "{worst}");
    // One line, or the table with SAM beside it.
    let (short, long) = (text(&report, false), text(&report, true));
    assert!(short.contains("1 designs of HOMER, all within tolerance") && !short.contains("SAM outage"), "{short}");
    assert!(long.contains("SAM outage") && long.contains("97.50"), "{long}");

    put(here, "cave_results.csv", &format!("{header}\n{}\n", row(1.02 * out)));
    assert_eq!(run(&[Tree::of_disk(here)]).count(Verdict::Off), 1);
}
