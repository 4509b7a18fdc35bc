//! BLAST-Lite 1.1.1 (NREL): rates, stressors, and trajectories with its explicit and with exact steps.

mod cases;
mod faults;
mod models;
mod run;

use super::duty;
use crate::aging::profile::{Samples, Window, cycle_rates, time_rates};
use crate::cell::ZERO_CELSIUS_K;
use crate::cell::graphite;
use crate::numeric::rainflow::Rainflow;
use crate::validate::columns::Columns;
use crate::validate::plot::{Plot, Series};
use crate::validate::{Folder, Report, Tolerance};
use cases::{Case, Cases, Cycle, cases};
use models::{Model, Resistance};
use rayon::prelude::*;

/// Printed digits of rates and stressors are good to this.
const PRINTED: f64 = 1e-8;

/// Tables of rates under given stress.
pub(super) fn rates(folder: &Folder<'_>, report: &mut Report) -> bool {
    let tables = folder.read_tables(&["temp_c", "soc", "dod", "c_rate", "c_chg", "c_dis", "ua"]);
    for (stem, set, table) in &tables {
        if let Err(why) = rates_of(stem, set, table, report) {
            report.skip(set, "", &why);
        }
    }
    !tables.is_empty()
}

fn rates_of(stem: &str, set: &str, table: &Columns, report: &mut Report) -> Result<(), String> {
    let model = Model::named(stem).ok_or("no law for this model")?;
    let law = model.law()?;
    let number = |name: &str| table.numbers(name);
    let (t_c, soc, dod) = (number("temp_c")?, number("soc")?, number("dod")?);
    let (c_rate, c_chg, c_dis) = (number("c_rate")?, number("c_chg")?, number("c_dis")?);
    let optional = |name: &str| number(name).unwrap_or_else(|_| vec![f64::NAN; table.len()]);
    let (low, high) = (optional("soc_low"), optional("soc_high"));
    let ours: Vec<_> = (0..table.len())
        .map(|i| {
            let t_k = t_c[i] + ZERO_CELSIUS_K;
            let samples = Samples { hours: 24.0, soc: &[soc[i]; 2], temperature_k: &[t_k; 2] };
            let window = Window {
                days: 1.0,
                efc: 1.0,
                depth: dod[i],
                soc_low: low[i],
                soc_high: high[i],
                mean_soc: soc[i],
                mean_temperature_k: t_k,
                c_rate: c_rate[i],
                c_charge: c_chg[i],
                c_discharge: c_dis[i],
            };
            let rule = model.rule(false);
            let mut rates = time_rates(&law, &samples, &rule);
            cycle_rates(&law, &samples, &window, &rule, &mut rates);
            if let Some(hook) = model.rates {
                hook(&law, &samples, &window, &mut rates);
            }
            rates
        })
        .collect();
    let potential = number("ua")?.into_iter().zip(soc.iter().map(|&s| graphite::potential(s)));
    report.series(set, "all", "graphite potential", potential, Tolerance::Relative(PRINTED));
    for name in table.header().filter(|name| name.starts_with("rate_")) {
        let theirs = number(name)?;
        let Some((_, of)) = model.columns.iter().find(|(column, _)| *column == name) else {
            if theirs.iter().any(|k| *k != 0.0) {
                report.skip(set, name, "this part of the model is not in our law");
            }
            continue;
        };
        // Our rates are none where the package's are below zero.
        let pairs = theirs.iter().zip(&ours).map(|(k, rates)| (*k, of(rates))).filter(|(k, _)| *k > 0.0);
        report.series(set, "all", name, pairs, Tolerance::Relative(PRINTED));
    }
    Ok(())
}

/// A table of stressors taken from days of cycling.
pub(super) fn stressors(folder: &Folder<'_>, report: &mut Report) -> bool {
    let tables = folder.read_tables(&["soc_hi", "dod_in", "c_dis_in", "c_chg_in", "cycles_per_day", "delta_efc"]);
    for (_, set, table) in &tables {
        if let Err(why) = stressors_of(set, table, report) {
            report.skip(set, "", &why);
        }
    }
    !tables.is_empty()
}

fn stressors_of(set: &str, table: &Columns, report: &mut Report) -> Result<(), String> {
    let number = |name: &str| table.numbers(name);
    let (soc_hi, dod) = (number("soc_hi")?, number("dod_in")?);
    let (c_dis, c_chg) = (number("c_dis_in")?, number("c_chg_in")?);
    let (cycles, samples) = (number("cycles_per_day")?, number("samples_per_day")?);
    let days: Vec<_> = (0..table.len())
        .map(|i| {
            let cycle = Cycle {
                temp_c: 25.0,
                temp_amp_c: 0.0,
                soc_hi: soc_hi[i],
                dod: dod[i],
                c_dis: c_dis[i],
                c_chg: c_chg[i],
                cycles_per_day: cycles[i] as usize,
                years: 1.0,
                samples_per_day: samples[i] as usize,
            };
            let day = cycle.day();
            let window = Window::of(&day.day(0), 1.0);
            (day, window)
        })
        .collect();
    type Of = fn(&Window) -> f64;
    let columns: [(&str, Of); 9] = [
        ("delta_t_days", |w| w.days),
        ("delta_efc", |w| w.efc),
        ("dod", |w| w.depth),
        ("c_rate", |w| w.c_rate),
        ("c_chg", |w| w.c_charge),
        ("c_dis", |w| w.c_discharge),
        ("soc_low", |w| w.soc_low),
        ("soc_high", |w| w.soc_high),
        ("soc_mean", |w| w.mean_soc),
    ];
    for (name, of) in columns.into_iter().filter(|(name, _)| table.has(&[name])) {
        let pairs = number(name)?.into_iter().zip(days.iter().map(|(_, window)| of(window)));
        report.series(set, "all", name, pairs, Tolerance::Relative(PRINTED));
    }
    if let Ok(theirs) = number("ua_mean") {
        let mean = |soc: &[f64]| soc.iter().map(|&s| graphite::potential(s)).sum::<f64>() / soc.len() as f64;
        let pairs = theirs.into_iter().zip(days.iter().map(|(day, _)| mean(&day.soc)));
        report.series(set, "all", "ua_mean", pairs, Tolerance::Relative(PRINTED));
    }
    if let Ok(theirs) = number("rainflow_cycles") {
        let pairs = theirs.into_iter().zip(days.iter().map(|(day, _)| count(&day.soc)));
        report.series(set, "all", "rainflow_cycles", pairs, Tolerance::Relative(PRINTED));
    }
    Ok(())
}

/// Cycles counted in samples.
fn count(soc: &[f64]) -> f64 {
    let (mut flow, mut closed) = (Rainflow::new(), Vec::new());
    // Rounded, so that the noise of the samples' own arithmetic is no cycle.
    soc.iter().for_each(|s| flow.push((s * 1e9).round() * 1e-9, &mut closed));
    flow.flush(&mut closed);
    closed.iter().map(|cycle| cycle.count).sum()
}

/// Trajectories of daily steps: explicit ones where the table has `t_days`, else exact ones.
pub(super) fn trajectories(folder: &Folder<'_>, report: &mut Report) -> bool {
    let tables = folder.read_tables(&["case_id", "step", "efc", "q"]);
    if tables.is_empty() {
        return false;
    }
    let cases = match cases(folder) {
        Ok(cases) => cases,
        Err(why) => {
            report.skip(&folder.set(), "", &why);
            return true;
        }
    };
    let of_table = |(stem, set, table): &(&str, String, Columns)| {
        let mut found = Report::default();
        if let Err(why) = trajectories_of(stem, set, table, folder, &cases, &mut found) {
            found.skip(set, "", &why);
        }
        found
    };
    let found: Vec<Report> = tables.par_iter().map(of_table).collect();
    found.into_iter().for_each(|found| report.append(found));
    true
}

fn trajectories_of(
    stem: &str,
    set: &str,
    table: &Columns,
    folder: &Folder<'_>,
    cases: &Cases,
    report: &mut Report,
) -> Result<(), String> {
    let model = Model::named(stem).ok_or("no law for this model")?;
    let law = model.law()?;
    let explicit = table.has(&["t_days"]);
    let (steps, efc, q) = (table.numbers("step")?, table.numbers("efc")?, table.numbers("q")?);
    let r = table.numbers("r").ok().filter(|_| !matches!(model.resistance, Resistance::None));
    let tolerance = Tolerance::Absolute(if explicit { 1e-7 } else { 1e-6 });
    let mut plot = Plot {
        file: Plot::stem(&[set]),
        title: format!("{stem}, {} steps", if explicit { "explicit" } else { "exact" }),
        x: "years".into(),
        y: "capacity over new".into(),
        series: Vec::new(),
    };
    for (case_id, rows) in table.groups("case_id")? {
        let prepared = match cases.get(&case_id) {
            None => Err("the case is not in `cases.json`".to_owned()),
            Some(Err(why)) => Err(why.clone()),
            Some(Ok(case)) => case.phases(folder).map(|phases| (case, phases)),
        };
        let (case, phases) = match prepared {
            Ok(prepared) => prepared,
            Err(why) => {
                report.skip(set, &case_id, &why);
                continue;
            }
        };
        let wanted: Vec<usize> = rows.iter().map(|&row| steps[row] as usize).collect();
        let ours = run::run(model, &law, case, &phases, explicit, &wanted);
        let pairs = |column: &[f64], of: fn(&run::Row) -> f64| {
            let theirs: Vec<f64> = rows.iter().map(|&row| column[row]).collect();
            // A step that ours did not reach is no number, and so counts as off.
            let ours = (0..theirs.len()).map(|i| ours.get(i).map_or(f64::NAN, of)).collect::<Vec<_>>();
            theirs.into_iter().zip(ours).filter(|(theirs, _)| theirs.is_finite()).collect::<Vec<_>>()
        };
        report.series(set, &case_id, "q", pairs(&q, |row| row.q), tolerance);
        if let Some(r) = &r {
            report.series(set, &case_id, "r", pairs(r, |row| row.r), Tolerance::Relative(1e-6));
        }
        report.series(set, &case_id, "efc", pairs(&efc, |row| row.efc), Tolerance::Relative(1e-6));
        if let (Case::Profile { .. }, false, Some(Ok(law))) = (case, explicit, model.shipped()) {
            let rainflow = run::by_rainflow(&law, &phases, &wanted);
            let theirs = rows.iter().map(|&row| q[row]);
            let metric = "q by rainflow, our default";
            report.series(set, &case_id, metric, theirs.zip(rainflow), Tolerance::ToldAbsolute);
        }
        let years = |row: &run::Row| row.days / duty::YEAR_DAYS;
        let theirs = ours.iter().zip(&rows).map(|(our, &row)| (years(our), q[row]));
        plot.series.push(Series {
            label: case_id.clone(),
            reference: theirs.collect(),
            ours: ours.iter().map(|row| (years(row), row.q)).collect(),
        });
    }
    report.plot(plot);
    Ok(())
}
