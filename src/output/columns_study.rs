//! Columns of the tables over all packs: `trajectories`, `years` and `flows`.

use super::flows::Flow;
use crate::monte::{TrajectoryPoint, YearPoint};

/// The table `trajectories`.
pub(crate) struct Trajectories;
/// The table `years`.
pub(crate) struct Years;
/// The table `flows`.
pub(crate) struct Flows;

mod trajectories {
    use super::{Trajectories, TrajectoryPoint};
    use crate::output::columns::{ColumnDef, Table, constructors};

    constructors!(Trajectories);

    impl Table for Trajectories {
        type Row<'a> = &'a TrajectoryPoint;
        const NAME: &'static str = "trajectories";
        const DOC: &'static str =
            "One row a month of a life: quantiles over the packs (first) or systems (second) alive at its end";

        fn columns() -> Vec<ColumnDef<Self>> {
            vec![
                text("life", "", "first: in the vehicle; second: in the stationary system", |t| {
                    Some(t.life.name().into())
                }),
                whole("month", "month", "Months since the start of that life; 0 is the start", |t| {
                    Some(t.month.into())
                }),
                whole("alive", "", "Packs or systems alive", |t| i64::try_from(t.alive).ok()),
                real("soh_p10", "", "SoH of the weakest module, 10 % quantile", |t| Some(t.soh[0])),
                real("soh_p50", "", "SoH of the weakest module, median", |t| Some(t.soh[1])),
                real("soh_p90", "", "SoH of the weakest module, 90 % quantile", |t| Some(t.soh[2])),
                real("resistance_p10", "", "Mean resistance over new, 10 % quantile", |t| Some(t.resistance[0])),
                real("resistance_p50", "", "Mean resistance over new, median", |t| Some(t.resistance[1])),
                real("resistance_p90", "", "Mean resistance over new, 90 % quantile", |t| Some(t.resistance[2])),
            ]
        }
    }
}

mod years {
    use super::{YearPoint, Years};
    use crate::output::columns::{ColumnDef, Table, constructors};

    constructors!(Years);

    impl Table for Years {
        type Row<'a> = &'a YearPoint;
        const NAME: &'static str = "years";
        const DOC: &'static str = "One row a year of second life, over the systems that lived any part of it";

        fn columns() -> Vec<ColumnDef<Self>> {
            vec![
                whole("year", "year", "Year of second life, from 1", |y| Some(y.year.into())),
                whole("systems", "", "Systems that lived at least one day of it", |y| i64::try_from(y.systems).ok()),
                real("unmet_share_p10", "", "Unserved share of demand (LPSP), 10 % quantile", |y| {
                    Some(y.unmet_share[0])
                }),
                real("unmet_share_p50", "", "Unserved share of demand (LPSP), median", |y| Some(y.unmet_share[1])),
                real("unmet_share_p90", "", "Unserved share of demand (LPSP), 90 % quantile", |y| {
                    Some(y.unmet_share[2])
                }),
                real("unmet_share_total", "", "Unserved over demanded energy, all systems together", |y| {
                    Some(y.unmet_share_total)
                }),
                real("unmet_power_share_total", "", "Part of that which lies above a power limit", |y| {
                    Some(y.unmet_power_share_total)
                }),
            ]
        }
    }
}

mod flows {
    use super::{Flow, Flows};
    use crate::output::columns::{ColumnDef, Table, constructors};

    constructors!(Flows);

    impl Table for Flows {
        type Row<'a> = &'a Flow;
        const NAME: &'static str = "flows";
        const DOC: &'static str =
            "One row a flow of energy or mass, summed over all packs; what enters a node leaves it";

        fn columns() -> Vec<ColumnDef<Self>> {
            vec![
                text("kind", "", "energy or mass", |f| Some(f.kind.into())),
                text("stage", "", "first_life, second_life or recycling", |f| Some(f.stage.into())),
                text("from", "", "Where it comes from", |f| Some(f.from.clone())),
                text("to", "", "Where it goes", |f| Some(f.to.clone())),
                real("value", "", "Amount in the row's unit", |f| Some(f.value)),
                text("unit", "", "kWh or kg", |f| Some(f.unit.into())),
            ]
        }
    }
}
