//! The first capacity bar of Nissan Leafs in hot and in mild states.
//!
//! Known by a table with `bars_left_after_loss` and `age_years_at_loss`, beside one with `capacity_bars` and `age_years`
//! (cars that had not lost it yet) and one of stations with `temp_arrhenius_30kj_c`. Medians are those of Kaplan and
//! Meier, so that cars that still had all bars count. A bar is lost at 85 % of capacity.

use super::{ConstantDuty, each_table, falls_to, mean};
use crate::aging::AgingOptions;
use crate::validate::columns::Columns;
use crate::validate::{Folder, Report, Tolerance, law};
use std::collections::BTreeMap;

const LAW: &str = "lmo_leaf_field";
const BARS: f64 = 12.0;
const FIRST_BAR_SOH: f64 = 0.85;
/// Cells of a parked uncooled car above the ambient temperature, as the law takes it \[K\].
const CELL_ABOVE_AMBIENT_K: f64 = 5.0;
const KM_PER_YEAR: f64 = 15_000.0;
const EFC_PER_KM: f64 = 0.18 / 24.0;
/// Ambient temperature, weighted by 30 kJ/mol, above and below which a state is hot or mild \[degC\].
const HOT_C: f64 = 20.0;
const MILD_C: f64 = 15.0;
/// First model years, whose packs the law is of.
const LAST_MODEL_YEAR: f64 = 2013.0;
const ENOUGH: usize = 8;

/// A car: state, age, and whether the bar was lost at that age.
type Car = (String, f64, bool);

/// Compares with every such table.
pub(super) fn first_bars(folder: &Folder<'_>, report: &mut Report) -> bool {
    let needed = ["us_state", "bars_left_after_loss", "age_years_at_loss", "vehicle_id", "model_year"];
    each_table(folder, report, &needed, |set, table, report| compare(folder, set, table, report))
}

fn compare(folder: &Folder<'_>, set: &str, losses: &Columns, report: &mut Report) -> Result<(), String> {
    let find = |columns: &[&str]| -> Result<Columns, String> {
        folder
            .tables()
            .filter_map(|name| Columns::read(&folder.text(&format!("{name}.csv")).ok()?).ok())
            .find(|table| table.has(columns))
            .ok_or_else(|| format!("no table with the columns {}", columns.join(", ")))
    };
    let climate = climates(&find(&["station", "temp_arrhenius_30kj_c"])?)?;
    let survey = find(&["vehicle_id", "model_year", "us_state", "age_years", "capacity_bars"])?;
    let cars = cars(losses, &survey)?;
    let law = law(LAW, AgingOptions::default())?;
    let time = |ambient_c: f64| {
        let temperature_c = ambient_c + CELL_ABOVE_AMBIENT_K;
        let duty = ConstantDuty { temperature_c, mean_soc: 0.5, depth: 0.5, c_charge: 0.3, c_discharge: 0.3 };
        let curve: Vec<(f64, f64)> = (0..400)
            .map(|k| f64::from(k) * 0.05)
            .map(|years| (years, duty.health(&law, years * 365.25, years * KM_PER_YEAR * EFC_PER_KM).capacity))
            .collect();
        falls_to(&curve, FIRST_BAR_SOH)
    };
    let group = |within: &dyn Fn(f64) -> bool| -> Option<(f64, f64, usize)> {
        let of: Vec<(&Car, f64)> =
            cars.iter().filter_map(|car| Some((car, *climate.get(&car.0)?))).filter(|(_, t)| within(*t)).collect();
        if of.iter().filter(|(car, _)| car.2).count() < ENOUGH {
            return None;
        }
        let median = kaplan_meier_median(of.iter().map(|(car, _)| (car.1, car.2)).collect())?;
        Some((median, mean(&of.iter().map(|(_, t)| *t).collect::<Vec<_>>()), of.len()))
    };
    let (hot, mild) = (group(&|t| t >= HOT_C), group(&|t| t < MILD_C));
    let warm = group(&|t| (MILD_C..HOT_C).contains(&t));
    for (name, found) in [("hot", hot), ("warm", warm), ("mild", mild)] {
        match found {
            None => report.skip(set, name, "too few cars with a known climate lost the bar"),
            Some((median, t, n)) => {
                let metric = format!("median years to the first lost bar, {n} cars at {t:.1} degC");
                report.compare(set, name, &metric, (median, time(t).unwrap_or(f64::NAN)), Tolerance::Told);
            }
        }
    }
    for (name, a) in [("hot over mild", hot), ("warm over mild", warm)] {
        if let (Some(a), Some(b)) = (a, mild) {
            let ours = time(a.1).zip(time(b.1)).map_or(f64::NAN, |(a, b)| a / b);
            report.compare(
                set,
                name,
                "ratio of times to the first lost bar",
                (a.0 / b.0, ours),
                Tolerance::Relative(0.2),
            );
        }
    }
    Ok(())
}

/// Mean temperature of a state's stations, by its two letters.
fn climates(table: &Columns) -> Result<BTreeMap<String, f64>, String> {
    let t = table.numbers("temp_arrhenius_30kj_c")?;
    let mut by_state: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (station, t) in table.texts("station")?.into_iter().zip(t) {
        if let Some(state) = station.rsplit(' ').next() {
            by_state.entry(state.into()).or_default().push(t);
        }
    }
    Ok(by_state.into_iter().map(|(state, t)| (state, mean(&t))).collect())
}

/// Cars of the first model years: those that lost the first bar at a known age, and those that had not at theirs.
fn cars(losses: &Columns, survey: &Columns) -> Result<Vec<Car>, String> {
    let mut cars = Vec::new();
    let (bars, ages) = (losses.numbers("bars_left_after_loss")?, losses.numbers("age_years_at_loss")?);
    let (states, years) = (losses.texts("us_state")?, losses.numbers("model_year")?);
    for k in 0..losses.len() {
        if bars[k] == BARS - 1.0 && ages[k] > 0.0 && years[k] <= LAST_MODEL_YEAR {
            cars.push((states[k].to_owned(), ages[k], true));
        }
    }
    let (bars, ages) = (survey.numbers("capacity_bars")?, survey.numbers("age_years")?);
    let (states, years) = (survey.texts("us_state")?, survey.numbers("model_year")?);
    for k in 0..survey.len() {
        if bars[k] == BARS && ages[k] > 0.0 && years[k] <= LAST_MODEL_YEAR {
            cars.push((states[k].to_owned(), ages[k], false));
        }
    }
    Ok(cars)
}

/// Time by which half would have lost it, counting those that were seen to have it still.
fn kaplan_meier_median(mut cars: Vec<(f64, bool)>) -> Option<f64> {
    cars.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut left = 1.0;
    for (k, (age, lost)) in cars.iter().enumerate() {
        if *lost {
            let at_risk = (cars.len() - k) as f64;
            left *= 1.0 - 1.0 / at_risk;
        }
        if left <= 0.5 {
            return Some(*age);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::kaplan_meier_median;

    #[test]
    fn those_without_a_loss_push_the_median_out() {
        let lost = |age| (age, true);
        assert_eq!(kaplan_meier_median(vec![lost(1.0), lost(2.0), lost(3.0), lost(4.0)]), Some(2.0));
        assert_eq!(kaplan_meier_median(vec![lost(1.0), (1.5, false), lost(2.0), lost(3.0), lost(4.0)]), Some(3.0));
        assert_eq!(kaplan_meier_median(vec![lost(1.0), (5.0, false), (5.0, false)]), None);
    }
}
