//! Cars on the road: the field law of their chemistry against the SoH that cars report, by age.
//!
//! Known by the columns `chemistry`, `odometer_km` and either `age_years` with `soh` or `age_years_int` with
//! `soh_82kwh`. Climate is not in such tables: the condition of the calibration is taken, 20 degC and the mean SoC stated
//! below. Cars are put together by whole years of age; what counts is the bias of each year.

use super::{ConstantDuty, each_table, mean};
use crate::aging::AgingOptions;
use crate::validate::columns::Columns;
use crate::validate::{Folder, Plot, Report, Series, Tolerance, law};

const TEMPERATURE_C: f64 = 20.0;
const KWH_PER_KM: f64 = 0.15;
/// Fewest cars of an age that tell a mean.
const ENOUGH: usize = 20;

/// What a table's chemistry means.
struct Fleet {
    chemistry: &'static str,
    law: &'static str,
    mean_soc: f64,
    depth: f64,
    pack_kwh: f64,
}

const FLEETS: [Fleet; 2] = [
    Fleet { chemistry: "LFP", law: "lfp_field", mean_soc: 0.65, depth: 0.4, pack_kwh: 55.0 },
    Fleet { chemistry: "NCA", law: "nca_field", mean_soc: 0.55, depth: 0.4, pack_kwh: 82.0 },
];

/// Compares with every such table.
pub(super) fn cars(folder: &Folder<'_>, report: &mut Report) -> bool {
    let exact = each_table(folder, report, &["chemistry", "odometer_km", "age_years", "soh"], |set, table, report| {
        compare(set, table, "age_years", "soh", report)
    });
    let whole = each_table(folder, report, &["chemistry", "odometer_km", "age_years_int", "soh_82kwh"], |s, t, r| {
        compare(s, t, "age_years_int", "soh_82kwh", r)
    });
    exact || whole
}

fn compare(set: &str, table: &Columns, age: &str, soh: &str, report: &mut Report) -> Result<(), String> {
    let (ages, km, sohs) = (table.numbers(age)?, table.numbers("odometer_km")?, table.numbers(soh)?);
    for (chemistry, rows) in table.groups("chemistry")? {
        let Some(fleet) = FLEETS.iter().find(|f| f.chemistry == chemistry) else {
            report.skip(set, &chemistry, "no field law of that chemistry");
            continue;
        };
        let law = law(fleet.law, AgingOptions::default())?;
        let duty = ConstantDuty {
            temperature_c: TEMPERATURE_C,
            mean_soc: fleet.mean_soc,
            depth: fleet.depth,
            c_charge: 0.2,
            c_discharge: 0.2,
        };
        let predict = |k: usize| duty.health(&law, ages[k] * 365.25, km[k] * KWH_PER_KM / fleet.pack_kwh).capacity;
        let mut series = Series { label: format!("{chemistry}, mean by year"), ..Series::default() };
        for year in 0..30 {
            let of_year: Vec<usize> = rows
                .iter()
                .copied()
                .filter(|&k| ages[k].is_finite() && km[k].is_finite() && sohs[k].is_finite())
                .filter(|&k| ages[k] >= f64::from(year) && ages[k] < f64::from(year + 1))
                .collect();
            if of_year.len() < ENOUGH {
                continue;
            }
            let of = |f: &dyn Fn(usize) -> f64| mean(&of_year.iter().map(|&k| f(k)).collect::<Vec<_>>());
            let (theirs, ours) = (of(&|k| sohs[k]), of(&predict));
            let case = format!("{chemistry}, age {year} to {}", year + 1);
            let metric = format!("mean SoH of {} cars", of_year.len());
            report.compare(set, &case, &metric, (theirs, ours), Tolerance::Absolute(0.015));
            let middle = of(&|k| ages[k]);
            series.reference.push((middle, theirs));
            series.ours.push((middle, ours));
        }
        report.plot(Plot {
            file: Plot::stem(&[set, &chemistry]),
            title: format!("Cars on the road, {chemistry}"),
            x: "age in years".into(),
            y: "SoH as reported".into(),
            series: vec![series],
        });
    }
    Ok(())
}
