//! The projection with its central values, before anybody runs it.

use super::fault::SupplyFault;
use crate::supply::{Draw, SupplyError, SupplyPlan, evaluate};

/// Why the central values cannot be projected; packs that are still to be simulated are not asked.
pub(super) fn fault(plan: &SupplyPlan) -> Option<SupplyFault> {
    match evaluate(plan, &Draw::central(), false).err()? {
        SupplyError::NegativeInflow { series, year, stock, inflow } => {
            Some(SupplyFault::FallingStock { series, year, stock, short: -inflow })
        }
        other => Some(SupplyFault::Refused { message: other.to_string() }),
    }
}
