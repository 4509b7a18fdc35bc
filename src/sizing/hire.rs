//! A unit that charges vehicles or goes out on hire: sessions a year, hours to recharge, and what a day must earn.
//!
//! Nothing is simulated here: it is read from the lives of the chosen design, from its converters, and from the hours of the
//! load, which a genset alone would have to carry.

use super::plan::SizingPlan;
use super::result::{Design, PathLife, Rated};
use crate::duty::{GensetSpec, SessionSpec};
use crate::economics::homer::capital_recovery_factor;
use crate::economics::levelised;
use crate::site::{Converter, SiteYear};

/// Powers of AC inlets that hours to recharge are told for \[kW\]: one phase, and three phases of 16 and of 32 A.
const INLETS_KW: [f64; 3] = [7.0, 11.0, 22.0];
/// Load that counts as none \[kW\].
const NONE_KW: f64 = 1e-9;
/// Hours and days of a year.
const YEAR_H: f64 = 8760.0;
const YEAR_DAYS: f64 = 365.0;

/// Hire of a design, and the genset alone that it is held against.
#[derive(Clone, Debug, PartialEq)]
pub struct HireTerms {
    /// Days a year on hire.
    pub days_per_year: f64,
    /// What a hired genset costs a day, fuel included \[USD\].
    pub genset_day_usd: Option<f64>,
    /// Fuel and least load of the genset.
    pub genset: GensetSpec,
    /// Its rating \[kW\]; that of the design's inverter where nothing is said.
    pub genset_kw: Option<f64>,
}

/// What a simulator tells of a design's site beside its lives.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteFacts {
    /// Inverter of the load; none for a load on the DC bus.
    pub inverter: Option<Converter>,
    /// Charger.
    pub charger: Converter,
    /// Highest power from the grid into the charger \[kW AC\], where there is a grid.
    pub grid_kw: Option<f64>,
    /// Power at the socket of a daily recharge \[kW AC\].
    pub socket_kw: Option<f64>,
    /// Powers of sessions and the share of cars with each, of a load made of sessions.
    pub sessions: Option<Vec<(f64, f64)>>,
}

/// Powers and shares of the cars of a load; the shares sum to 1.
pub(super) fn car_powers(spec: &SessionSpec) -> Vec<(f64, f64)> {
    let all: f64 = spec.power_share.iter().sum();
    spec.power_kw.iter().zip(&spec.power_share).map(|(kw, share)| (*kw, share / all)).collect()
}

/// Time from an empty to a full SoC window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recharge {
    /// Where the power comes from.
    pub from: &'static str,
    /// Power on the AC side \[kW\].
    pub ac_kw: f64,
    /// Hours at that power, at the start of service.
    pub hours: f64,
}

/// Charging sessions a year, means over paths and years of service; shares are of the energy that cars came for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SessionYear {
    /// Cars that arrived.
    pub asked: f64,
    /// Energy that a car came for \[kWh\].
    pub kwh: f64,
    /// Energy served over that of a session.
    pub served: f64,
    /// Sessions from a full battery alone, at the start and at the end of service.
    pub per_full_charge: [f64; 2],
    /// Lost above a limit of power: cars at the same time.
    pub lost_power: f64,
    /// Lost to an empty battery.
    pub lost_energy: f64,
    /// Lost to a battery too cold or too hot.
    pub lost_temperature: f64,
    /// Lost to cars that left while they waited or shared.
    pub lost_waiting: f64,
    /// Energy served over what the inverter could give all year.
    pub use_of_rating: f64,
}

/// A genset that carries a load alone for a year.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GensetAlone {
    /// Rating \[kW\].
    pub rating_kw: f64,
    /// Running hours.
    pub hours: f64,
    /// Fuel \[L\].
    pub fuel_l: f64,
    /// Load above its rating \[kWh\].
    pub unserved_kwh: f64,
}

impl GensetAlone {
    /// It runs in every hour with any load, at the hour's mean load, not below its least load and not above its rating:
    /// `F0 P_rated + F1 max(P, least P_rated)` litres an hour. Hours of any number are scaled to a year.
    ///
    /// * `load_kw` - mean load of each hour \[kW\]
    pub fn carry(spec: &GensetSpec, rating_kw: f64, load_kw: impl IntoIterator<Item = f64>) -> GensetAlone {
        let mut sum = GensetAlone { rating_kw, ..GensetAlone::default() };
        let mut all = 0.0;
        for kw in load_kw {
            all += 1.0;
            if kw > NONE_KW {
                let least = spec.least_load_share * rating_kw;
                sum.hours += 1.0;
                sum.fuel_l += spec.fuel_l_per_h(kw.min(rating_kw).max(least), rating_kw);
                sum.unserved_kwh += (kw - rating_kw).max(0.0);
            }
        }
        if all > 0.0 {
            let scale = YEAR_H / all;
            [&mut sum.hours, &mut sum.fuel_l, &mut sum.unserved_kwh].into_iter().for_each(|x| *x *= scale);
        }
        sum
    }
}

/// Hire of the design, a year; its own numbers are means over paths and years.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HireYear {
    /// Days on hire.
    pub days: f64,
    /// Share of the year's days.
    pub utilisation: f64,
    /// What a day must earn: `NPC CRF / days` \[USD\].
    pub break_even_day_usd: f64,
    /// NPC over discounted sessions served \[USD\]; of a load made of sessions.
    pub usd_per_session: Option<f64>,
    /// NPC over discounted energy delivered, the LCOE \[USD/kWh\].
    pub usd_per_kwh: f64,
    /// Price of a day of the hired genset above the break-even \[USD\].
    pub margin_day_usd: Option<f64>,
    /// The genset alone.
    pub alone: GensetAlone,
    /// Fuel of the genset alone less that of the design's own \[L\].
    pub fuel_avoided_l: f64,
    /// Its running hours less those of the design's own.
    pub genset_hours_avoided: f64,
    /// Emissions of the design's fuel and grid energy \[kg CO2e\].
    pub co2_kg: f64,
    /// Emissions of the genset alone less those \[kg CO2e\].
    pub co2_avoided_kg: f64,
}

/// What the chosen design is as a charger and on hire; empty where nobody asks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Charging {
    /// Hours to recharge: from the grid, from the socket, and for sessions or hire from AC inlets.
    pub recharge: Vec<Recharge>,
    /// Sessions of a load made of them.
    pub sessions: Option<SessionYear>,
    /// Hire, where it was asked for.
    pub hire: Option<HireYear>,
}

/// Mean over paths and years of service.
fn yearly(lives: &[PathLife], of: fn(&SiteYear) -> f64) -> f64 {
    let years = lives.iter().map(|life| life.years.len()).sum::<usize>().max(1) as f64;
    lives.iter().flat_map(|life| &life.years).map(of).sum::<f64>() / years
}

fn over(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Reads what is asked for from the lives of a design.
///
/// * `load_kw` - hours of the load, for the genset alone
pub(super) fn charging(
    plan: &SizingPlan,
    facts: &SiteFacts,
    rated: &Rated,
    lives: &[PathLife],
    load_kw: impl IntoIterator<Item = f64>,
) -> Charging {
    let n = lives.len().max(1) as f64;
    let mean = |of: fn(&PathLife) -> f64| lives.iter().map(of).sum::<f64>() / n;
    let usable = [mean(|life| life.usable_kwh_start), mean(|life| life.usable_kwh_end)];
    let sessions = facts.sessions.as_ref().map(|cars| session_year(facts, &rated.design, cars, usable, lives));
    Charging {
        recharge: recharges(facts, usable[0], sessions.is_some() || plan.hire.is_some()),
        hire: plan.hire.as_ref().map(|terms| hire_year(plan, terms, rated, sessions.as_ref(), lives, load_kw)),
        sessions,
    }
}

/// Hours are `E_usable / P_dc`, `P_dc` what the charger makes of the power, at most of its rating.
fn recharges(facts: &SiteFacts, usable_kwh: f64, inlets: bool) -> Vec<Recharge> {
    let given = [("grid", facts.grid_kw), ("socket", facts.socket_kw)];
    let given = given.into_iter().filter_map(|(from, kw)| Some((from, kw?)));
    let inlets = INLETS_KW.into_iter().filter(|_| inlets).map(|kw| ("inlet", kw));
    let mut found: Vec<Recharge> = Vec::new();
    for (from, kw) in given.chain(inlets) {
        let ac_kw = kw.min(facts.charger.rating_kw);
        let dc_kw = facts.charger.output_kw(ac_kw);
        // A smaller charger takes no more from a larger inlet.
        if dc_kw > 0.0 && found.iter().all(|r| r.from != from || r.ac_kw != ac_kw) {
            found.push(Recharge { from, ac_kw, hours: usable_kwh / dc_kw });
        }
    }
    found
}

fn session_year(
    facts: &SiteFacts,
    design: &Design,
    cars: &[(f64, f64)],
    usable_kwh: [f64; 2],
    lives: &[PathLife],
) -> SessionYear {
    let (asked, wanted) = (yearly(lives, |y| y.sessions as f64), yearly(lives, |y| y.sessions_kwh));
    let (kwh, served) = (over(wanted, asked), yearly(lives, |y| y.served_kwh));
    // One car at a time, at its power or the inverter's.
    let one_way = |kw: f64| match &facts.inverter {
        Some(inverter) => {
            let kw = kw.min(inverter.rating_kw);
            over(kw, inverter.input_kw(kw))
        }
        None => 1.0,
    };
    let efficiency: f64 = cars.iter().map(|(kw, share)| share * one_way(*kw)).sum();
    let could = design.inverter_kw * yearly(lives, |y| y.hours);
    SessionYear {
        asked,
        kwh,
        served: over(served, kwh),
        per_full_charge: usable_kwh.map(|usable| over(usable * efficiency, kwh)),
        lost_power: over(yearly(lives, |y| y.unmet_power_kwh), wanted),
        lost_energy: over(yearly(lives, |y| y.unmet_energy_kwh), wanted),
        lost_temperature: over(yearly(lives, |y| y.unmet_temperature_kwh), wanted),
        lost_waiting: over(yearly(lives, |y| y.sessions_left_kwh), wanted),
        use_of_rating: over(served, could),
    }
}

fn hire_year(
    plan: &SizingPlan,
    terms: &HireTerms,
    rated: &Rated,
    sessions: Option<&SessionYear>,
    lives: &[PathLife],
    load_kw: impl IntoIterator<Item = f64>,
) -> HireYear {
    let (site, years) = (&plan.site, f64::from(plan.target.service_years));
    let crf = capital_recovery_factor(site.discount_rate, years);
    let break_even_day_usd = rated.money.npc_usd.mean * crf / terms.days_per_year;
    let per_session = |kwh: f64| {
        let of = |life: &PathLife| {
            levelised(life.npc_usd, life.years.iter().map(|y| over(y.served_kwh, kwh)), site.discount_rate)
        };
        let all: Vec<f64> = lives.iter().filter_map(of).collect();
        (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64)
    };
    let alone = GensetAlone::carry(&terms.genset, terms.genset_kw.unwrap_or(rated.design.inverter_kw), load_kw);
    let own_fuel_l = yearly(lives, |y| y.fuel_l);
    let co2_kg = operation_co2_kg(plan, own_fuel_l, yearly(lives, |y| y.grid_kwh));
    HireYear {
        days: terms.days_per_year,
        utilisation: terms.days_per_year / YEAR_DAYS,
        break_even_day_usd,
        usd_per_session: sessions.filter(|s| s.kwh > 0.0).and_then(|s| per_session(s.kwh)),
        usd_per_kwh: rated.money.lcoe_usd_per_kwh.mean,
        margin_day_usd: terms.genset_day_usd.map(|usd| usd - break_even_day_usd),
        alone,
        fuel_avoided_l: alone.fuel_l - own_fuel_l,
        genset_hours_avoided: alone.hours - yearly(lives, |y| y.genset_hours),
        co2_kg,
        co2_avoided_kg: operation_co2_kg(plan, alone.fuel_l, 0.0) - co2_kg,
    }
}

/// Emissions of fuel and grid energy \[kg CO2e\].
pub(super) fn operation_co2_kg(plan: &SizingPlan, fuel_l: f64, grid_kwh: f64) -> f64 {
    plan.site.fuel_co2_kg_per_l * fuel_l + plan.site.grid_co2_kg_per_kwh * grid_kwh
}

#[cfg(test)]
#[path = "hire_tests.rs"]
mod tests;
