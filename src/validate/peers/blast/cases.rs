//! `cases.json` of the sets made with BLAST-Lite.

use crate::aging::profile::Profile;
use crate::validate::Folder;
use crate::validate::peers::duty::{YEAR_DAYS, day, profile, swing};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A case: what the cell went through.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Case {
    Calendar(Calendar),
    Cycle(Cycle),
    Sequence { phases: Vec<Case> },
    Profile { profile: String, years: f64 },
    PeerDriver { profile: String, years: f64, is_conserve_energy_throughput: bool },
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Calendar {
    temp_c: f64,
    soc: f64,
    years: f64,
    #[serde(default = "hourly")]
    samples_per_day: usize,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Cycle {
    pub temp_c: f64,
    #[serde(default)]
    pub temp_amp_c: f64,
    pub soc_hi: f64,
    pub dod: f64,
    pub c_dis: f64,
    pub c_chg: f64,
    pub cycles_per_day: usize,
    pub years: f64,
    #[serde(default = "tenths")]
    pub samples_per_day: usize,
}

fn hourly() -> usize {
    24
}

fn tenths() -> usize {
    240
}

impl Cycle {
    /// The day of such a case.
    pub(super) fn day(&self) -> Profile {
        let cycles = self.cycles_per_day.max(1) as f64;
        let soc = |h: f64| {
            // The last midnight ends the last cycle.
            let period = 24.0 / cycles;
            let h = h - period * (h / period).floor().min(cycles - 1.0);
            let out = ((h - self.marks()[0]) * self.c_dis).clamp(0.0, self.dod);
            let back = ((h - self.marks()[1]) * self.c_chg).clamp(0.0, self.dod);
            self.soc_hi - out + back
        };
        day(self.samples_per_day, soc, swing(self.temp_c, self.temp_amp_c))
    }

    /// Hours of a cycle at which discharge and charge begin.
    fn marks(&self) -> [f64; 2] {
        if self.cycles_per_day > 1 { [2.0, 6.0] } else { [6.0, 12.0] }
    }
}

/// A duty for a number of days.
pub(super) struct Phase {
    pub profile: Profile,
    pub days: usize,
}

impl Case {
    /// The duties of a case, one after the other.
    pub(super) fn phases(&self, folder: &Folder<'_>) -> Result<Vec<Phase>, String> {
        let days = |years: f64| (years * YEAR_DAYS).round() as usize;
        Ok(match self {
            Case::Calendar(c) => {
                let profile = day(c.samples_per_day, |_| c.soc, swing(c.temp_c, 0.0));
                vec![Phase { profile, days: days(c.years) }]
            }
            Case::Cycle(c) => vec![Phase { profile: c.day(), days: days(c.years) }],
            Case::Sequence { phases } => {
                let all: Result<Vec<_>, String> = phases.iter().map(|phase| phase.phases(folder)).collect();
                all?.into_iter().flatten().collect()
            }
            Case::Profile { profile: name, years } | Case::PeerDriver { profile: name, years, .. } => {
                vec![Phase { profile: profile(folder, name)?, days: days(*years) }]
            }
        })
    }
}

/// Cases by name; those that cannot be read with the reason.
pub(super) type Cases = BTreeMap<String, Result<Case, String>>;

/// The cases of a folder: its own, or those of the folder that it repeats with other steps.
pub(super) fn cases(folder: &Folder<'_>) -> Result<Cases, String> {
    let twin = folder.name().trim_end_matches("_exact");
    let text = match folder.has("cases.json") {
        true => folder.text("cases.json"),
        false => folder.nearby(twin, "cases.json").or_else(|_| folder.nearby("blast_lite", "cases.json")),
    }?;
    let values: Vec<serde_json::Value> = serde_json::from_str(&text).map_err(|e| format!("`cases.json`: {e}"))?;
    let named = values.into_iter().filter_map(|value| {
        let name = value.get("case_id")?.as_str()?.to_owned();
        Some((name, serde_json::from_value(value).map_err(|e| format!("`cases.json`: {e}"))))
    });
    Ok(named.collect())
}
