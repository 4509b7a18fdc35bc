//! What the keys of a site mean: converters, grid, genset, steps.

use super::record::Record;
use super::tables::{genset, grid, inverter};
use crate::duty::{ConverterSpec, GridSpec};
use crate::library::Entry;
use crate::life::plan::{Coupling, GensetPlan, GridPlan, Priority, Strategy};
use crate::life::repurposing::SystemSpec;
use crate::site::Converter;

/// Inverter, charger and the array's way to its bus.
pub(super) struct Converters {
    pub inverter: ConverterSpec,
    pub inverter_kw: f64,
    pub charger: ConverterSpec,
    pub charger_kw: f64,
    pub coupling: Coupling,
}

pub(super) fn converters(
    file: inverter::File,
    (system, entry): (&SystemSpec, &Entry),
    peak_kw: f64,
    r: &mut Record<'_>,
) -> Option<Converters> {
    let k = &inverter::KEYS;
    let curve = r.field(&k.curve, file.curve, entry, "converter", system.converter.clone());
    let (inverter, _) = r.entry::<ConverterSpec>("second_life.inverter.curve", &curve)?;
    let inverter_kw = r.default_field(&k.rating_kw, file.rating_kw, entry, "rated_power_kw", system.rated_power_kw);
    let charger = r.computed(&k.charger, file.charger, curve.clone());
    let (charger, _) = r.entry::<ConverterSpec>("second_life.inverter.charger", &charger)?;
    let charger_kw = r.computed(&k.charger_kw, file.charger_kw, inverter_kw);
    let on_ac = r.fixed(&k.coupling, file.coupling)? == "ac";
    let pwm = r.fixed(&k.array_control, file.array_control)? == "pwm";
    let pwm_loss = r.fixed(&k.pwm_loss, file.pwm_loss)?;
    let array_curve = r.computed(&k.array_curve, file.array_curve, curve);
    let (spec, _) = r.entry::<ConverterSpec>("second_life.inverter.array_curve", &array_curve)?;
    // An array of none needs no inverter; a rating keeps its curve finite.
    let rating_kw = r.computed(&k.array_rating_kw, file.array_rating_kw, peak_kw).max(1e-3);
    let coupling = match (on_ac, pwm) {
        (true, _) => Coupling::Ac { inverter: Converter { spec, rating_kw } },
        (false, true) => Coupling::Dc { efficiency: 1.0 - pwm_loss },
        (false, false) => Coupling::Dc { efficiency: inverter.mppt_efficiency },
    };
    Some(Converters { inverter, inverter_kw, charger, charger_kw, coupling })
}

pub(super) fn grid(
    file: grid::File,
    charger_kw: f64,
    soc_high: f64,
    reserve_soc: f64,
    r: &mut Record<'_>,
) -> Option<GridPlan> {
    let k = &grid::KEYS;
    let supply = r.fixed(&k.supply, file.supply)?;
    let (supply, _) = r.entry::<GridSpec>("second_life.grid.supply", &supply)?;
    let limit_kw = r.fixed(&k.limit_kw, file.limit_kw)?;
    let charge_kw = r.computed(&k.charge_kw, file.charge_kw, charger_kw);
    let soc_target = r.computed(&k.soc_target, file.soc_target, soc_high);
    let priority = r.fixed(&k.priority, file.priority)?;
    let priority = Priority::NAMES.iter().find(|(name, _)| *name == priority).map_or(Priority::Grid, |(_, p)| *p);
    Some(GridPlan { supply, limit_kw, charge_kw, soc_target, reserve_soc, priority })
}

pub(super) fn genset(file: genset::File, r: &mut Record<'_>) -> Option<GensetPlan> {
    let k = &genset::KEYS;
    let curve = r.fixed(&k.curve, file.curve)?;
    let (spec, _) = r.entry("second_life.genset.curve", &curve)?;
    let rating_kw = r.fixed(&k.rating_kw, file.rating_kw)?;
    let strategy = r.fixed(&k.strategy, file.strategy)?;
    let strategy =
        Strategy::NAMES.iter().find(|(name, _)| *name == strategy).map_or(Strategy::CycleCharging, |(_, s)| *s);
    Some(GensetPlan {
        spec,
        rating_kw,
        strategy,
        start_soc: r.fixed(&k.start_soc, file.start_soc)?,
        stop_soc: r.fixed(&k.stop_soc, file.stop_soc)?,
        battery_assists: r.fixed(&k.battery_assists, file.battery_assists)?,
    })
}
