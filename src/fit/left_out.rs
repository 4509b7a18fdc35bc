//! How well tests are foretold that a fit did not see.

use super::result::{FitError, FitOptions, Predicted, fit};
use super::table::{Series, Table};
use rayon::prelude::*;

/// What is left out at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// All cells of one condition.
    Condition,
    /// All cells at one temperature.
    Temperature,
}

impl By {
    fn group(self, series: &Series) -> String {
        match self {
            By::Condition => series.condition(),
            By::Temperature => {
                let first = series.rows.first().map_or(f64::NAN, |r| r.stress.temperature_c);
                format!("{first} degC")
            }
        }
    }
}

/// A group that was foretold from the others.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    /// Condition or temperature.
    pub group: String,
    /// Check-ups.
    pub rows: usize,
    /// Root mean square of foretold less measured capacity.
    pub rmse: f64,
    /// Mean of it.
    pub bias: f64,
    /// At the last check-up of the first cell.
    pub last: f64,
    /// Share of check-ups inside the foretold interval of 95 %.
    pub inside_interval: f64,
    /// Whether its stress lies between those of the others; else it was extrapolated.
    pub interpolated: bool,
}

/// All groups, each foretold from the others.
#[derive(Clone, Debug, PartialEq)]
pub struct LeaveOut {
    /// What was left out.
    pub by: By,
    /// Groups in the order of the table.
    pub groups: Vec<LeftOut>,
    /// Root mean square over all check-ups.
    pub rmse: f64,
    /// Share of all check-ups inside their interval.
    pub inside_interval: f64,
}

/// Fits once for each condition or temperature without it, and foretells it.
///
/// # Errors
/// When there are fewer than two groups, or a fit is not possible.
pub fn leave_out(table: &Table, options: &FitOptions, by: By) -> Result<LeaveOut, FitError> {
    // Those measured to the asked loss only, as in the fit itself.
    let mut groups: Vec<String> = Vec::new();
    for group in table.series.iter().map(|s| by.group(s)) {
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    if groups.len() < 2 {
        return Err(FitError::TooFew(groups.len()));
    }
    let one = |group: &String| {
        let others = table.only(|s| by.group(s) != *group);
        let here = table.only(|s| by.group(s) == *group);
        let here = options.to_loss.map_or(here.clone(), |loss| here.to_loss(loss));
        let result = fit(&others, options)?;
        let foretold: Vec<(f64, Predicted)> = here
            .series
            .iter()
            .flat_map(|s| s.rows.iter().map(|r| r.capacity).zip(result.predict(&s.rows)).collect::<Vec<_>>())
            .collect();
        let errors: Vec<f64> = foretold.iter().map(|(q, p)| p.capacity - q).collect();
        let rows = errors.len().max(1) as f64;
        let last = here.series.first().map_or(0, |s| s.rows.len()).saturating_sub(1);
        Ok(LeftOut {
            group: group.clone(),
            rows: errors.len(),
            rmse: (errors.iter().map(|e| e * e).sum::<f64>() / rows).sqrt(),
            bias: errors.iter().sum::<f64>() / rows,
            last: errors.get(last).copied().unwrap_or(0.0),
            inside_interval: foretold.iter().filter(|(q, p)| p.low <= *q && *q <= p.high).count() as f64 / rows,
            interpolated: between(&here, &others),
        })
    };
    let groups = groups.par_iter().map(one).collect::<Result<Vec<LeftOut>, FitError>>()?;
    let rows: f64 = groups.iter().map(|g| g.rows as f64).sum::<f64>().max(1.0);
    let pooled = groups.iter().map(|g| g.rows as f64 * g.rmse * g.rmse).sum::<f64>() / rows;
    let inside_interval = groups.iter().map(|g| g.rows as f64 * g.inside_interval).sum::<f64>() / rows;
    Ok(LeaveOut { by, groups, rmse: pooled.sqrt(), inside_interval })
}

/// Whether each stress of a group lies between the lowest and the highest of the others.
fn between(here: &Table, others: &Table) -> bool {
    let axes: [fn(&super::table::TestStress) -> Option<f64>; 5] =
        [|s| Some(s.temperature_c), |s| Some(s.soc), |s| Some(s.depth), |s| s.c_charge, |s| s.c_discharge];
    let values = |table: &Table, get: fn(&super::table::TestStress) -> Option<f64>| -> Vec<f64> {
        table.series.iter().flat_map(|s| &s.rows).filter_map(|r| get(&r.stress)).collect()
    };
    axes.into_iter().all(|get| {
        let known = values(others, get);
        let low = known.iter().copied().fold(f64::INFINITY, f64::min);
        let high = known.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        values(here, get).iter().all(|v| (low - 1e-9..=high + 1e-9).contains(v))
    })
}
