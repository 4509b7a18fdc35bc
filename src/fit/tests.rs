//! Numbers that made a table are found again.

use super::*;
use crate::aging::{AgingOptions, Law, LawSpec};
use crate::library::Library;
use std::collections::BTreeMap;

/// A law of the general form with these numbers, all else off.
fn truth(changes: &[(&str, f64)]) -> Law {
    let text = format!(
        "[laws.truth]\nsource = 'made up'\ntitle = 'T'\nform = 'semi_empirical'\nkind = 'own'\nrange = {{ temperature_c \
         = [0.0, 60.0], soc = [0.0, 1.0], depth = [0.0, 1.0], charge_c_max = 1.0, discharge_c_max = 1.0, test_years = \
         1.0, loss_max = 0.2 }}\nresistance_per_loss = 1.4\nloss_cv = 0.1\nresistance_cv = 0.2\n[laws.truth.parameters]\n{}",
        changes.iter().map(|(name, value)| format!("{name} = {value:?}\n")).collect::<String>()
    );
    let mut library = Library::empty();
    library.add_text("truth.toml", &text).expect("sound");
    Law::new(library.get("truth").expect("there"), AgingOptions::default()).expect("sound")
}

/// Check-ups as a law has them.
fn tested(law: &Law, cell: &str, stress: TestStress, drivers: &[[f64; 2]]) -> Series {
    let mut rows: Vec<Row> =
        drivers.iter().map(|[days, efc]| Row { days: *days, efc: *efc, ..Row::at(stress) }).collect();
    for (row, health) in predict(law, &rows).into_iter().enumerate() {
        rows[row].capacity = health.capacity;
    }
    Series { cell: cell.into(), rows }
}

fn table(series: Vec<Series>) -> Table {
    Table { name: "made".into(), kind: None, chemistry: None, series, days_from_rates: false }
}

const SHELF: [(&str, f64); 6] = [
    ("calendar_k", 0.045),
    ("calendar_ea", 55.0),
    ("calendar_soc", 1.4),
    ("calendar_p", 0.62),
    ("cycle_k", 0.0),
    ("calendar_curvature", 0.0),
];

fn shelf() -> Table {
    let law = truth(&SHELF);
    let days: Vec<[f64; 2]> = (1..=6).map(|k| [120.0 * f64::from(k), 0.0]).collect();
    let mut series = Vec::new();
    for t in [15.0, 30.0, 45.0] {
        for soc in [0.3, 0.6, 0.95] {
            series.push(tested(&law, &format!("{t}/{soc}"), TestStress::storage(t, soc), &days));
        }
    }
    table(series)
}

#[test]
fn numbers_of_the_shelf_are_found_again() {
    let result = fit(&shelf(), &FitOptions::default()).expect("fits");
    assert!(result.converged && result.rmse < 1e-3, "{}", result.rmse);
    for (name, value) in &SHELF[..4] {
        let found = result.numbers.iter().find(|n| n.name == *name).expect("fitted");
        let [low, high] = found.interval.expect("fitted");
        assert!(low < *value && *value < high, "{name}: {value} outside {low}..{high}");
        assert_ne!(found.flag, Flag::NotIdentified, "{name}");
    }
    // Without the priors' pull, the numbers themselves.
    let sure = Weights { sigma_storage: 1e-5, ..Weights::default() };
    let exact = fit(&shelf(), &FitOptions { weights: sure, ..FitOptions::default() }).expect("fits");
    for (name, value) in &SHELF[..4] {
        let found = exact.number(name).expect("there");
        assert!((found / value - 1.0).abs() < 0.01, "{name}: {found} {value}");
    }
}

#[test]
fn conditions_left_out_are_foretold() {
    let left = leave_out(&shelf(), &FitOptions::default(), By::Condition).expect("nine conditions");
    assert_eq!(left.groups.len(), 9);
    assert!(left.rmse < 0.005, "{}", left.rmse);
    assert!(left.inside_interval > 0.95);
    let inner = left.groups.iter().find(|g| g.group == "30 degC, SoC 0.6").expect("there");
    assert!(inner.interpolated && inner.rmse < 0.002, "{inner:?}");
    let hot = leave_out(&shelf(), &FitOptions::default(), By::Temperature).expect("three temperatures");
    assert_eq!(hot.groups.iter().map(|g| g.interpolated).collect::<Vec<_>>(), [false, true, false]);
}

/// Two temperatures with cells that differ by 10 % in life give the life between them.
#[test]
fn life_between_two_temperatures_is_foretold() {
    let law = truth(&[
        ("calendar_k", 0.0),
        ("cycle_k", 0.09),
        ("cycle_ea", 20.0),
        ("cycle_p", 0.8),
        ("late_k", 0.2),
        ("late_ea", 12.0),
        ("late_p", 2.6),
        ("cycle_depth", 0.0),
        ("cycle_charge", 0.0),
    ]);
    let stress =
        |t: f64| TestStress { temperature_c: t, soc: 0.5, depth: 1.0, c_charge: Some(1.0), c_discharge: Some(1.0) };
    let mut series = Vec::new();
    for t in [25.0, 45.0] {
        for (k, u) in [-0.12, -0.04, 0.04, 0.12_f64].into_iter().enumerate() {
            // A cell of another life has the loss of the law at other cycles.
            let drivers: Vec<[f64; 2]> = (0..10).map(|n| [0.0, 100.0 * f64::from(n) * (-u).exp()]).collect();
            let mut cell = tested(&law, &format!("{t} {k}"), stress(t), &drivers);
            cell.rows.iter_mut().for_each(|r| r.efc *= u.exp());
            series.push(cell);
        }
    }
    let options = FitOptions { to_loss: Some(0.2), cell_spread: Some(0.1), ..FitOptions::default() };
    let result = fit(&table(series), &options).expect("fits");
    let made = |loss| super::model::until(&law, loss, 1e5, |efc| Row { efc, ..Row::at(stress(35.0)) }).expect("ages");
    for loss in [0.1, 0.2] {
        let (found, made) = (result.efc_to_loss(&stress(35.0), 0.0, loss).expect("ages"), made(loss));
        assert!((found / made - 1.0).abs() < 0.03, "{loss}: {found} {made}");
        let [low, high] = result.efc_to_loss_interval(&stress(35.0), 0.0, loss);
        assert!(low.expect("ages") < made && made < high.expect("ages"));
    }
    let (cv, cells) = result.loss_cv.expect("equal cells");
    assert!(cells == 8 && cv > 0.05 && cv < 0.3, "{cv} {cells}");
}

#[test]
fn a_published_law_is_fitted_by_its_own_numbers() {
    let spec: LawSpec = Library::builtin().expect("sound").get("lfp_prismatic250").expect("there");
    let mut hard = spec.clone();
    hard.parameters.insert("calendar_k".into(), 2.0 * 8.37e4);
    let law = Law::new(hard, AgingOptions::default()).expect("sound");
    let days = [[100.0, 0.0], [300.0, 0.0], [700.0, 0.0]];
    let series = vec![
        tested(&law, "a", TestStress::storage(25.0, 0.5), &days),
        tested(&law, "b", TestStress::storage(40.0, 0.9), &days),
    ];
    let free = Some(vec!["calendar_k".to_owned()]);
    let result = fit(&table(series), &FitOptions { law: Some(spec), free, ..FitOptions::default() }).expect("fits");
    let found = result.number("calendar_k").expect("there") / 8.37e4;
    assert!((found - 2.0).abs() < 0.02, "{found}");
    assert_eq!(result.law.form.name, "lfp_prismatic250");
}

#[test]
fn the_entry_gives_the_same_law() {
    let result = fit(&shelf(), &FitOptions::default()).expect("fits");
    let names = EntryNames { name: "mine", title: "My \"cell\"", source: "own tests" };
    let text = entry_toml(&result, &names, None);
    assert_eq!(text, entry_toml(&fit(&shelf(), &FitOptions::default()).expect("fits"), &names, None));
    let mut library = Library::empty();
    library.add_text("mine.toml", &text).expect("the entry is sound");
    let spec: LawSpec = library.get("mine").expect("there");
    assert_eq!((spec.sets.len(), spec.range.temperature_c, spec.title.as_str()), (20, [15.0, 45.0], "My \"cell\""));
    let law = Law::new(spec, AgingOptions::default()).expect("sound");
    for (read, fitted) in law.parameters.iter().zip(&result.law.parameters) {
        assert!((read - fitted).abs() <= 1e-7 * fitted.abs(), "{read} {fitted}");
    }
    let rows = &shelf().series[0].rows;
    let spread: Vec<f64> = (0..20).map(|k| predict(&law.with_set(k), rows)[5].capacity).collect();
    let mean = spread.iter().sum::<f64>() / 20.0;
    assert!((mean - result.predict(rows)[5].capacity).abs() < 0.01 && spread.iter().any(|q| (q - mean).abs() > 1e-4));
}

#[test]
fn steps_of_the_state_are_the_closed_form() {
    let law = truth(&[("calendar_k", 0.04), ("cycle_k", 0.05), ("cycle_p", 0.9), ("calendar_p", 0.6)]);
    let stress = TestStress { temperature_c: 35.0, soc: 0.75, depth: 1.0, c_charge: None, c_discharge: None };
    let rows: Vec<Row> =
        (1..=40).map(|k| Row { days: 20.0 * f64::from(k), efc: 15.0 * f64::from(k), ..Row::at(stress) }).collect();
    let last = predict(&law, &rows)[39].capacity;
    let closed = 1.0 - 0.04 * (800.0 / DAYS_PER_YEAR).powf(0.6) - 0.05 * 0.6_f64.powf(0.9);
    assert!((last - closed).abs() < 1e-9, "{last} {closed}");
}

const LAM: &str = "dataset,cell_type,chemistry,temp_c,soc_pct,days,q_rel_mean,q_rel_sd,n_cells
x,A,LFP,24,50,91,0.99,0.001,5
x,B,NCA,24,50,91,0.98,0.002,5
x,A,LFP,24,50,182,0.985,0.001,5
x,A,LFP,45,100,182,0.965,0.003,5
";

#[test]
fn tables_of_storage_group_by_stress() {
    let only = [("cell_type".to_owned(), "A".to_owned())];
    let table = Table::parse("t", LAM, &only).expect("sound");
    assert_eq!(table.conditions(), ["24 degC, SoC 0.5", "45 degC, SoC 1"]);
    assert_eq!((table.kind.as_deref(), table.chemistry.as_deref()), (Some("A"), Some("LFP")));
    let first = &table.series[0];
    assert_eq!((first.rows.len(), first.rows[0].days, first.rows[0].capacity), (2, 91.0, 0.99));
    assert!(matches!(Table::parse("t", LAM, &[]), Err(TableError::SeveralKinds { .. })));
}

#[test]
fn tables_of_cycling_start_at_their_first_row() {
    let text = "cell_id,temp_c,soc_lo_pct,soc_hi_pct,c_chg,c_dis,efc,q_ah,q_rel,r_mohm
a,25,0,100,0.5,1,1,2.0,1,20
a,25,0,100,0.5,1,101,1.9,0.95,22
";
    let table = Table::parse("t", text, &[]).expect("sound");
    let rows = &table.series[0].rows;
    assert_eq!((rows[0].efc, rows[1].efc, rows[1].resistance), (0.0, 100.0, Some(1.1)));
    assert!((rows[1].days - 100.0 * 3.0 / 24.0).abs() < 1e-9 && table.days_from_rates);
    assert_eq!((rows[1].stress.depth, rows[1].stress.soc), (1.0, 0.5));
}

#[test]
fn wrong_names_are_told() {
    let told = |options: FitOptions| fit(&shelf(), &options).expect_err("wrong").to_string();
    let free = |name: &str| FitOptions { free: Some(vec![name.into()]), ..FitOptions::default() };
    assert!(told(free("calender_k")).contains("has no parameter `calender_k`"));
    assert_eq!(told(free("soc_ref")), "`soc_ref` is a reference and cannot be fitted; fix it");
    let both = FitOptions { fixed: BTreeMap::from([("calendar_k".to_owned(), 0.1)]), ..free("calendar_k") };
    assert_eq!(told(both), "`calendar_k` is both fitted and fixed");
    let deep = Table::parse("t", "temp_c,soc,days,capacity\n25,0.5,900,0.9\n", &[]).expect("sound");
    let early = fit(&deep, &FitOptions { to_loss: Some(0.05), ..FitOptions::default() }).expect_err("no row");
    assert_eq!(early.to_string(), "no check-up with a loss of up to 0.05 is left to fit to");
}
