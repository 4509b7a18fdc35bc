//! Recharge, sessions and hire of the detailed design, for summary, terminal and page.

use crate::output::words::{energy, mass, number, or_dash, percent, thousands};
use crate::sizing::{self, Charging};
use serde::Serialize;

/// The design as a charger and on hire; empty where nobody asks.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ChargingSummary {
    /// Hours from an empty to a full battery, at the start of service.
    pub recharge: Vec<Recharge>,
    /// Charging sessions, of a load made of them.
    pub sessions: Option<Sessions>,
    /// Hire, where the study asks about it.
    pub hire: Option<Hire>,
}

/// Hours to recharge.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Recharge {
    /// `grid`, `socket` or `inlet`.
    pub from: &'static str,
    /// Power on the AC side, within the charger's rating \[kW\].
    pub ac_kw: f64,
    /// Hours.
    pub hours: f64,
}

/// Sessions a year; shares are of the energy that cars came for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Sessions {
    /// Cars that arrived.
    pub asked: f64,
    /// Energy served over that of a session.
    pub served: f64,
    /// Energy of a session \[kWh\].
    pub kwh: f64,
    /// Sessions from a full battery: at the start, at the end of service.
    pub per_full_charge: [f64; 2],
    /// Share lost above a limit of power: cars at the same time.
    pub lost_to_overlap: f64,
    /// Share lost to an empty battery.
    pub lost_to_empty: f64,
    /// Share lost to a battery too cold or too hot.
    pub lost_to_temperature: f64,
    /// Share lost to cars that left while they waited or shared.
    pub lost_to_waiting: f64,
    /// Energy served over what the inverter could give all year.
    pub use_of_rating: f64,
}

/// Hire a year.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Hire {
    /// Days on hire.
    pub days: f64,
    /// Share of the year's days.
    pub utilisation: f64,
    /// What a day must earn \[USD\].
    pub break_even_day_usd: f64,
    /// Cost of a session served \[USD\].
    pub usd_per_session: Option<f64>,
    /// Cost of a kilowatt-hour delivered \[USD\].
    pub usd_per_kwh: f64,
    /// Price of a day of the hired genset above the break-even \[USD\]; none where it is not given.
    pub margin_day_usd: Option<f64>,
    /// Rating of the genset alone \[kW\].
    pub genset_kw: f64,
    /// Its fuel \[L\].
    pub genset_fuel_l: f64,
    /// Its running hours.
    pub genset_hours: f64,
    /// Load above its rating \[kWh\].
    pub genset_unserved_kwh: f64,
    /// Fuel avoided \[L\].
    pub fuel_avoided_l: f64,
    /// Running hours of a genset avoided.
    pub genset_hours_avoided: f64,
    /// Emissions of the design's fuel and grid energy \[kg CO2e\].
    pub co2_kg: f64,
    /// Emissions avoided against the genset alone \[kg CO2e\].
    pub co2_avoided_kg: f64,
}

impl ChargingSummary {
    /// Reads it off a study.
    pub fn of(found: &Charging) -> ChargingSummary {
        let recharge = |r: &sizing::Recharge| Recharge { from: r.from, ac_kw: r.ac_kw, hours: r.hours };
        ChargingSummary {
            recharge: found.recharge.iter().map(recharge).collect(),
            sessions: found.sessions.map(|s| Sessions {
                asked: s.asked,
                served: s.served,
                kwh: s.kwh,
                per_full_charge: s.per_full_charge,
                lost_to_overlap: s.lost_power,
                lost_to_empty: s.lost_energy,
                lost_to_temperature: s.lost_temperature,
                lost_to_waiting: s.lost_waiting,
                use_of_rating: s.use_of_rating,
            }),
            hire: found.hire.map(|h| Hire {
                days: h.days,
                utilisation: h.utilisation,
                break_even_day_usd: h.break_even_day_usd,
                usd_per_session: h.usd_per_session,
                usd_per_kwh: h.usd_per_kwh,
                margin_day_usd: h.margin_day_usd,
                genset_kw: h.alone.rating_kw,
                genset_fuel_l: h.alone.fuel_l,
                genset_hours: h.alone.hours,
                genset_unserved_kwh: h.alone.unserved_kwh,
                fuel_avoided_l: h.fuel_avoided_l,
                genset_hours_avoided: h.genset_hours_avoided,
                co2_kg: h.co2_kg,
                co2_avoided_kg: h.co2_avoided_kg,
            }),
        }
    }

    /// Lines for a terminal.
    pub(super) fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = Vec::new();
        if !self.recharge.is_empty() {
            let each = |r: &Recharge| format!("{} kW ({}) {} h", number(r.ac_kw), r.from, number(r.hours));
            lines.push(("recharge", self.recharge.iter().map(each).collect::<Vec<_>>().join("; ")));
        }
        if let Some(s) = &self.sessions {
            lines.push((
                "sessions",
                format!(
                    "{} of {} a year of {} kWh served, by energy; {} from a full battery, {} at the end",
                    thousands(s.served),
                    thousands(s.asked),
                    number(s.kwh),
                    number(s.per_full_charge[0]),
                    number(s.per_full_charge[1])
                ),
            ));
            lines.push((
                "",
                format!(
                    "lost: overlap {}, battery empty {}, temperature {}, waiting {}; {} of the rating used",
                    percent(s.lost_to_overlap),
                    percent(s.lost_to_empty),
                    percent(s.lost_to_temperature),
                    percent(s.lost_to_waiting),
                    percent(s.use_of_rating)
                ),
            ));
        }
        if let Some(h) = &self.hire {
            lines.push((
                "hire",
                format!(
                    "break-even {} USD a day on {} days a year; {} USD a session, {} USD/kWh; margin to a genset {} USD a day",
                    number(h.break_even_day_usd),
                    thousands(h.days),
                    or_dash(h.usd_per_session, number),
                    number(h.usd_per_kwh),
                    or_dash(h.margin_day_usd, number)
                ),
            ));
            lines.push((
                "avoided",
                format!(
                    "{} L and {} genset hours a year, {} of CO2e, against {} kW of genset alone",
                    thousands(h.fuel_avoided_l),
                    thousands(h.genset_hours_avoided),
                    mass(h.co2_avoided_kg),
                    number(h.genset_kw)
                ),
            ));
        }
        lines
    }

    /// Rows for the page.
    #[cfg(feature = "report")]
    pub(crate) fn rows(&self) -> Vec<(String, String)> {
        let mut rows: Vec<(String, String)> = Vec::new();
        let mut row = |name: String, value: String| rows.push((name, value));
        for r in &self.recharge {
            row(format!("recharge from empty, {} kW ({})", number(r.ac_kw), r.from), format!("{} h", number(r.hours)));
        }
        if let Some(s) = &self.sessions {
            row("sessions asked for a year".into(), thousands(s.asked));
            row("served, by energy".into(), thousands(s.served));
            row("energy of a session".into(), energy(s.kwh));
            let [start, end] = s.per_full_charge;
            row("from a full battery, start and end".into(), format!("{}; {}", number(start), number(end)));
            row("lost to overlap (above a limit of power)".into(), percent(s.lost_to_overlap));
            row("lost to an empty battery".into(), percent(s.lost_to_empty));
            row("lost to temperature".into(), percent(s.lost_to_temperature));
            row("lost to waiting".into(), percent(s.lost_to_waiting));
            row("energy over what the inverter could give".into(), percent(s.use_of_rating));
        }
        if let Some(h) = &self.hire {
            row("days on hire a year".into(), format!("{} ({})", thousands(h.days), percent(h.utilisation)));
            row("break-even hire, USD a day".into(), number(h.break_even_day_usd));
            row("cost of a session, USD".into(), or_dash(h.usd_per_session, number));
            row("cost of energy delivered, USD/kWh".into(), number(h.usd_per_kwh));
            row("margin to the hired genset, USD a day".into(), or_dash(h.margin_day_usd, number));
            row(
                format!("genset of {} kW alone, a year", number(h.genset_kw)),
                format!("{} h; {} L", thousands(h.genset_hours), thousands(h.genset_fuel_l)),
            );
            row("load above its rating".into(), energy(h.genset_unserved_kwh));
            row(
                "avoided a year".into(),
                format!("{} h; {} L", thousands(h.genset_hours_avoided), thousands(h.fuel_avoided_l)),
            );
            row("CO2e of own fuel and grid a year".into(), mass(h.co2_kg));
            row("CO2e avoided a year".into(), mass(h.co2_avoided_kg));
        }
        rows
    }
}
