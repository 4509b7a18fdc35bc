//! Columns of the table `packs`, up to the gate; the rest is in [`super::columns_packs_after`].

use super::columns::{ColumnDef, Table, constructors};
use super::columns_packs_after;
use super::frame::Word;
use crate::life::outcome::{
    BoughtOutcome, EndCause, ExitOutcome, FirstLifeOutcome, GradingOutcome, PackOutcome, SystemOutcome,
};
use crate::monte::PackRow;

/// The table `packs`.
pub(crate) struct Packs;

/// What a row of `packs` is made from.
pub(crate) struct PackView<'a> {
    /// The pack.
    pub row: &'a PackRow,
    /// Seed of the study.
    pub seed: u64,
}

impl PackView<'_> {
    /// The life, unless it failed.
    pub(crate) fn done(&self) -> Option<&PackOutcome> {
        match self.row {
            PackRow::Done(pack) => Some(pack),
            PackRow::Failed(_) => None,
        }
    }

    fn first(&self) -> Option<&FirstLifeOutcome> {
        self.done().map(|p| &p.first)
    }

    fn exit(&self) -> Option<&ExitOutcome> {
        self.done().map(|p| &p.exit)
    }

    fn bought(&self) -> Option<&BoughtOutcome> {
        self.done()?.bought.as_ref()
    }

    fn grading(&self) -> Option<&GradingOutcome> {
        self.done().map(|p| &p.grading)
    }

    /// Sum over the pack's systems; none without a system.
    pub(crate) fn sum(&self, get: fn(&SystemOutcome) -> f64) -> Option<f64> {
        let systems = &self.done()?.systems;
        (!systems.is_empty()).then(|| systems.iter().map(get).sum())
    }

    /// Mean over the pack's systems with the given weight; none without a system or weight.
    pub(crate) fn mean(&self, get: fn(&SystemOutcome) -> f64, weight: fn(&SystemOutcome) -> f64) -> Option<f64> {
        let systems = &self.done()?.systems;
        let total: f64 = systems.iter().map(weight).sum();
        (total > 0.0).then(|| systems.iter().map(|s| get(s) * weight(s)).sum::<f64>() / total)
    }

    /// The cause that ended the largest share of products; the first in table order on a tie.
    pub(crate) fn end_cause(&self) -> Option<EndCause> {
        let systems = &self.done()?.systems;
        let share = |cause: EndCause| systems.iter().filter(|s| s.end_cause == cause).map(|s| s.share).sum::<f64>();
        let mut best: Option<(EndCause, f64)> = None;
        for cause in EndCause::ALL {
            let here = share(cause);
            if here > best.map_or(0.0, |b| b.1) {
                best = Some((cause, here));
            }
        }
        best.map(|b| b.0)
    }
}

fn yes(value: bool) -> i64 {
    i64::from(value)
}

fn id(row: &PackRow) -> u64 {
    match row {
        PackRow::Done(pack) => pack.pack_id,
        PackRow::Failed(failure) => failure.pack_id,
    }
}

fn law(row: &PackRow) -> &str {
    match row {
        PackRow::Done(pack) => &pack.law,
        PackRow::Failed(failure) => &failure.law,
    }
}

constructors!(Packs);

impl Table for Packs {
    type Row<'a> = PackView<'a>;
    const NAME: &'static str = "packs";
    const DOC: &'static str = "One row a pack, failed ones included, in pack order";

    fn columns() -> Vec<ColumnDef<Self>> {
        let mut all = identity();
        all.extend(first_life());
        all.extend(exit_and_gate());
        all.extend(columns_packs_after::decision());
        all.extend(columns_packs_after::second_life());
        all.extend(columns_packs_after::recycling());
        all.extend(columns_packs_after::money());
        all
    }
}

fn identity() -> Vec<ColumnDef<Packs>> {
    vec![
        whole("pack_id", "", "Number of the pack in the study", |p| i64::try_from(id(p.row)).ok()),
        text("law", "", "Aging law the pack was lived under", |p| Some(law(p.row).to_owned().into())),
        text("status", "", "`ok`, or `failed` when the life could not be finished", |p| {
            Some(Word::Borrowed(if p.done().is_some() { "ok" } else { "failed" }))
        }),
        text("failed_stage", "", "Stage of life that failed", |p| match p.row {
            PackRow::Failed(f) => Some(f.stage.into()),
            PackRow::Done(_) => None,
        }),
        text("failed_reason", "", "What happened, with numbers", |p| match p.row {
            PackRow::Failed(f) => Some(f.reason.clone().into()),
            PackRow::Done(_) => None,
        }),
        text("seed", "", "Seed of the study; with `pack_id` it gives this pack again", |p| {
            Some(p.seed.to_string().into())
        }),
    ]
}

fn first_life() -> Vec<ColumnDef<Packs>> {
    vec![
        real("first_life_years", "year", "Years in the vehicle", |p| Some(p.first()?.years)),
        real("distance_km", "km", "Distance driven", |p| Some(p.first()?.distance_km)),
        real("distance_missed_km", "km", "Distance not driven for want of charge", |p| {
            Some(p.first()?.distance_missed_km)
        }),
        real("first_efc", "", "Equivalent full cycles in the vehicle, on nominal capacity", |p| Some(p.first()?.efc)),
        real("driven_kwh", "kWh", "Energy from the pack to the vehicle, net of regeneration", |p| {
            Some(p.first()?.driven_kwh)
        }),
        real(
            "regenerated_kwh",
            "kWh",
            "Energy that braking returned to the pack; 0 for a vehicle told by its consumption, which is net of it",
            |p| Some(p.first()?.regenerated_kwh),
        ),
        real("home_sessions_per_week", "1/week", "Charges at home in a week", |p| {
            Some(p.first()?.home_sessions_per_week)
        }),
        real("fast_charge_share", "", "Share of the energy charged that came from fast chargers", |p| {
            Some(p.first()?.fast_charge_share)
        }),
        real("socket_kwh", "kWh", "Energy from the charging socket", |p| Some(p.first()?.socket_kwh)),
        real("charger_loss_kwh", "kWh", "Charger loss", |p| Some(p.first()?.charger_loss_kwh)),
        real("pack_loss_kwh", "kWh", "Heat and self-discharge in the pack in the vehicle", |p| {
            Some(p.first()?.pack_loss_kwh)
        }),
        real("fade_loss_kwh", "kWh", "Stored energy that vanished with fading capacity in the vehicle", |p| {
            Some(p.first()?.fade_loss_kwh)
        }),
        real("first_mean_temperature_c", "degC", "Time-mean temperature of the cells in the vehicle", |p| {
            Some(p.first()?.mean_temperature_c)
        }),
        real("first_mean_soc", "", "Time-mean state of charge in the vehicle", |p| Some(p.first()?.mean_soc)),
        real("first_throughput_kwh", "kWh", "Energy through the pack's terminals in the vehicle, both ways", |p| {
            Some(p.first()?.throughput_kwh)
        }),
        real("first_throughput_ah", "Ah", "Charge through the pack's terminals in the vehicle, both ways", |p| {
            Some(p.first()?.throughput_ah)
        }),
        real("first_hot_h", "h", "Time in the vehicle with cells above 45 degC (mean)", |p| {
            Some(p.first()?.harmful.hot_h)
        }),
        real("first_cold_h", "h", "Time in the vehicle with cells below 0 degC (mean)", |p| {
            Some(p.first()?.harmful.cold_h)
        }),
        real(
            "first_charging_outside_h",
            "h",
            "Time charging in the vehicle with cells outside 0 to 45 degC (mean)",
            |p| Some(p.first()?.harmful.charging_outside_h),
        ),
        whole("first_deep_discharges", "", "Times that the vehicle's window fell below a SoC of 0.05", |p| {
            Some(p.first()?.harmful.deep_discharges.into())
        }),
        real(
            "sold_on_years",
            "year",
            "Years after which the car went to someone who drives less, its range having become too short",
            |p| p.first()?.sold_on_years,
        ),
        real("first_outside_time_share", "", "Share of first-life time outside the aging law's fitted box", |p| {
            Some(p.first()?.outside.time)
        }),
        real(
            "first_outside_throughput_share",
            "",
            "Share of first-life charge throughput outside the aging law's fitted box",
            |p| Some(p.first()?.outside.throughput),
        ),
        real(
            "first_beyond_test_share",
            "",
            "Share of first-life time past the longest test or the largest loss that the aging law was fitted to",
            |p| Some(p.first()?.outside.beyond_test),
        ),
    ]
}

fn exit_and_gate() -> Vec<ColumnDef<Packs>> {
    vec![
        text(
            "exit_route",
            "",
            "Why the pack left its vehicle: write_off, failure, recall, warranty, owner_need or end_of_life; or bought",
            |p| Some(p.exit()?.route.name().into()),
        ),
        text(
            "exit_failure_mode",
            "",
            "What failed, when a failure was the route: weak_module, contactor, bms, harness, coolant_leak or isolation",
            |p| Some(p.exit()?.failure_mode?.name().into()),
        ),
        real("exit_soh_mean", "", "Mean SoH of the modules at the exit", |p| Some(p.exit()?.soh_mean)),
        real("exit_soh_min", "", "SoH of the weakest module at the exit", |p| Some(p.exit()?.soh_min)),
        real("exit_resistance_mean", "", "Mean resistance over new at the exit", |p| Some(p.exit()?.resistance_mean)),
        real("exit_lli", "", "Loss of lithium inventory at the exit, mean of modules", |p| Some(p.exit()?.lli)),
        real("exit_lam", "", "Loss of active material at the exit, mean of modules", |p| Some(p.exit()?.lam)),
        text("bought_as", "", "Name in the file of used modules of the pack that was bought", |p| {
            Some(p.bought()?.name.clone()?.into())
        }),
        whole("bought_modules", "", "Modules bought used", |p| Some(p.bought()?.modules.into())),
        real("bought_soh_mean", "", "Mean SoH at which they were bought", |p| Some(p.bought()?.soh_mean)),
        real("bought_years_mean", "year", "Mean years since they were new when bought", |p| {
            Some(p.bought()?.years_mean)
        }),
        whole("gate_passed", "", "1 when the pack passed the incoming gate, else 0", |p| {
            Some(yes(p.grading()?.gate_passed))
        }),
        text("gate_reason", "", "Why the pack failed the gate; missing where it passed", |p| {
            Some(p.grading()?.gate_reason?.name().into())
        }),
        whole("modules_salvaged", "", "Modules salvaged from a pack that failed the gate", |p| {
            Some(p.grading()?.salvaged.into())
        }),
        text("grade", "", "Commonest grade of the accepted modules: A, B, C, or rejected", |p| {
            Some(p.grading()?.grade.name().into())
        }),
        whole("modules_tested", "", "Modules tested; cells are counted here and below where cells are graded", |p| {
            Some(p.grading()?.tested.into())
        }),
        whole("modules_accepted", "", "Modules accepted; in no system where `sent_to_recycler` is 1", |p| {
            Some(p.grading()?.accepted.into())
        }),
        whole("modules_false_accepts", "", "Modules accepted although truly below a threshold", |p| {
            Some(p.grading()?.false_accepts.into())
        }),
        whole("modules_false_rejects", "", "Modules rejected although truly above both thresholds", |p| {
            Some(p.grading()?.false_rejects.into())
        }),
        whole("modules_self_discharging", "", "Modules turned away for their self-discharge", |p| {
            Some(p.grading()?.self_discharging.into())
        }),
        whole("modules_unmatched", "", "Accepted modules left over because no string could be filled", |p| {
            Some(p.grading()?.unmatched.into())
        }),
        real("measured_soh_mean", "", "Mean measured SoH of the tested modules", |p| p.grading()?.measured_soh_mean),
        real("test_hours", "h", "Bench time", |p| Some(p.grading()?.test_hours)),
        real(
            "false_accept_usd",
            "USD",
            "Claims that the wrong accepts lead to; not booked, the warranty reserve is",
            |p| Some(p.grading()?.false_accept_usd),
        ),
        real("false_reject_usd", "USD", "Margin lost with the wrong rejects; not booked", |p| {
            Some(p.grading()?.false_reject_usd)
        }),
    ]
}
