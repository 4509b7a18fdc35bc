//! The books of mass: what came in is what is in use, waits, serves, was lost or was recycled.

use super::error::SupplyError;
use super::plan::SupplyPlan;
use super::quantity::Quantity;
use super::result::Table;

/// Largest relative gap that is let pass.
pub const BALANCE_TOLERANCE: f64 = 1e-9;

/// What adds to the sum over the years.
const INTO: [Quantity; 3] = [Quantity::Opening, Quantity::Inflow, Quantity::Renewed];
/// What takes from it.
const OUT_OF: [Quantity; 4] = [Quantity::Exported, Quantity::Unknown, Quantity::NotCollected, Quantity::Recycled];
/// What is there at the end of a year.
const THERE: [Quantity; 3] = [Quantity::Stock, Quantity::Waiting, Quantity::SecondStock];

/// Largest gap over all groups and years, relative to all that moved: `opening + sum of inflow and renewed = stock in
/// vehicles + waiting + second-life stock + sums of exported, unknown, not collected and recycled`. Spare parts leave vehicles and enter others, and
/// cancel. Refuses an open balance and values that are no numbers.
pub fn check(plan: &SupplyPlan, table: &Table) -> Result<f64, SupplyError> {
    let [years, groups] = table.size();
    let mut worst: f64 = 0.0;
    for group in 0..groups {
        for &quantity in Quantity::ALL {
            if let Some(year) = table.of(quantity, group).iter().position(|v| !v.is_finite()) {
                let (group, year) = (plan.group_name(group), plan.calendar(year));
                return Err(SupplyError::NotFinite { quantity: quantity.name(), group, year });
            }
        }
        let (mut open, mut moved) = (0.0, 0.0);
        for year in 0..years {
            let at = |quantity: &Quantity| table.of(*quantity, group)[year];
            open += INTO.iter().map(at).sum::<f64>() - OUT_OF.iter().map(at).sum::<f64>();
            moved += INTO.iter().map(|q| at(q).abs()).sum::<f64>();
            let there: f64 = THERE.iter().map(at).sum();
            let error = if moved > 0.0 { (open - there).abs() / moved } else { there.abs() };
            if error > BALANCE_TOLERANCE {
                return Err(SupplyError::Balance { group: plan.group_name(group), year: plan.calendar(year), error });
            }
            worst = worst.max(error);
        }
    }
    Ok(worst)
}
