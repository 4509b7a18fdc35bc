//! Units whose first life nobody recorded: from what was measured of them to a state that could have led there.

use super::knee::KneeKind;
use super::law::Law;
use super::mechanism::Path;
use super::state::{AgingState, DAYS_PER_YEAR};
use super::stress::CycleStress;

/// What is known of a used unit, and how its losses are taken to have come about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UsedUnit {
    /// Measured capacity over new.
    pub soh: f64,
    /// Measured resistance over new, where it was measured.
    pub resistance: Option<f64>,
    /// Share of the loss taken by cycling, the rest by the calendar.
    pub cycle_share: f64,
    /// Years since new.
    pub years: f64,
}

/// What is known of the history itself, where anything is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UsedHistory {
    /// Equivalent full cycles since new, where they were counted: a knee by material has seen them.
    pub efc: Option<f64>,
    /// Mean temperature of the history \[K\].
    pub temperature_k: f64,
}

impl Default for UsedHistory {
    /// Nothing counted, in a mild place.
    fn default() -> Self {
        UsedHistory { efc: None, temperature_k: TEMPERATURE_K }
    }
}

/// Stress of a car's life, under which a history is made up (assumed): a mild place, mostly charged, shallow slow cycles.
const TEMPERATURE_K: f64 = 293.15;
const MEAN_SOC: f64 = 0.6;
const DEPTH: f64 = 0.4;
const C_RATE: f64 = 0.2;
/// Longest history \[days\], and most equivalent full cycles in it.
const MOST_DAYS: f64 = 1e5;
const MOST_EFC: f64 = 1e5;
const BISECTIONS: usize = 80;
/// Throughput a knee has seen, equivalent full cycles a year of a private car (assumed).
const KNEE_EFC_PER_YEAR: f64 = 80.0;

impl AgingState {
    /// Sets a unit to what was measured of it, with a history that could have led there: first as many days of a car's
    /// life as take the calendar's share of the loss, then as many cycles as take the rest. So all mechanisms of the law
    /// stand where that history leaves them, resistance included. A knee by material has seen the throughput of a
    /// private car for the unit's years, as far as the measured SoH allows; one by plating has none behind it. What the law cannot
    /// explain, of capacity or of resistance, is carried as a constant. A law that was measured on used units
    /// (`soh_at_start` below 1) starts afresh from the measured state.
    pub fn set_used(&mut self, law: &Law, unit: usize, used: &UsedUnit) {
        self.set_used_after(law, unit, used, &UsedHistory::default());
    }

    /// The same with what is known of the history.
    pub fn set_used_after(&mut self, law: &Law, unit: usize, used: &UsedUnit, history: &UsedHistory) {
        let temperature_k = history.temperature_k;
        self.age_days[unit] = self.age_days[unit].max(used.years * DAYS_PER_YEAR);
        let loss = (1.0 - used.soh).clamp(0.0, 1.0 - Law::LEAST_CAPACITY);
        self.state.iter_mut().for_each(|column| column[unit] = 0.0);
        self.lost_before[unit] = 0.0;
        self.gained_before[unit] = 0.0;
        if let Some(knee) = law.options.knee.filter(|knee| knee.kind == KneeKind::Material) {
            let most = self.knee.scale[unit] * (loss + self.knee.threshold[unit]).powf(1.0 / knee.power);
            self.knee.efc[unit] = history.efc.unwrap_or(used.years * KNEE_EFC_PER_YEAR).min(most);
        }
        if law.spec.soh_at_start == 1.0 {
            let cycled = law.mechanisms.iter().any(|m| m.driver.of_cycle(1.0, 1.0).is_some());
            let share = if cycled { used.cycle_share.clamp(0.0, 1.0) } else { 0.0 };
            let (days, cycles) = (
                |state: &mut Self, days| state.past_days(law, unit, days, temperature_k),
                |state: &mut Self, efc| state.past_cycles(law, unit, efc, temperature_k),
            );
            self.grow_to(law, unit, (1.0 - share) * loss, MOST_DAYS, days);
            self.grow_to(law, unit, loss, MOST_EFC, cycles);
        }
        self.lost_before[unit] = (loss - self.lost(law, unit)).max(0.0);
        if let Some(resistance) = used.resistance {
            self.gained_before[unit] = resistance - self.health(law, unit).resistance;
        }
    }

    /// Loss of capacity that so many equivalent full cycles of a car's life would take from the unit when new.
    pub fn cycle_loss(&self, law: &Law, unit: usize, efc: f64, temperature_k: f64) -> f64 {
        let mut new = self.select(law, &[unit]);
        new.state.iter_mut().for_each(|column| column[0] = 0.0);
        new.lost_before[0] = 0.0;
        new.knee.efc.iter_mut().for_each(|efc| *efc = 0.0);
        new.past_cycles(law, 0, efc, temperature_k);
        new.lost(law, 0)
    }

    /// Share of a unit's loss that its law put down to cycling, a knee included, of the losses of lithium or of material,
    /// whichever is larger; none where nothing was lost or the law began with used units.
    pub fn cycle_share(&self, law: &Law, unit: usize) -> Option<f64> {
        if law.spec.soh_at_start < 1.0 {
            return None;
        }
        let (mut lli, mut lam) = ([0.0; 2], [0.0; 2]);
        for (mechanism, column) in law.mechanisms.iter().zip(&self.state) {
            let calendar = mechanism.driver.days_scale().is_some();
            let factor = if calendar { self.factors.calendar[unit] } else { self.factors.cycle[unit] };
            let loss = factor * mechanism.shape.loss(column[unit]);
            match mechanism.path {
                Path::Lli => lli[usize::from(!calendar)] += loss,
                Path::Lam => lam[usize::from(!calendar)] += loss,
                Path::Resistance => {}
            }
        }
        if let Some(knee) = law.options.knee {
            match knee.kind {
                KneeKind::Plating => lli[1] += self.knee.loss(&knee, unit),
                KneeKind::Material => {
                    let material = self.knee.loss(&knee, unit) + law.form.lam_reserve - self.knee.threshold[unit];
                    if material > lam[0] + lam[1] {
                        lam = [0.0, material];
                    }
                }
            }
        }
        let [calendar, cycle] = if lam[0] + lam[1] - law.form.lam_reserve > lli[0] + lli[1] { lam } else { lli };
        (calendar + cycle > 0.0).then(|| (cycle / (calendar + cycle)).clamp(0.0, 1.0))
    }

    fn lost(&self, law: &Law, unit: usize) -> f64 {
        1.0 - self.health(law, unit).capacity
    }

    /// Advances by as much as brings the loss to a target, at most `most`.
    fn grow_to(&mut self, law: &Law, unit: usize, target: f64, most: f64, grow: impl Fn(&mut Self, f64)) {
        if self.lost(law, unit) >= target {
            return;
        }
        let states: Vec<f64> = self.state.iter().map(|column| column[unit]).collect();
        let restore = |state: &mut Self| {
            state.state.iter_mut().zip(&states).for_each(|(column, s)| column[unit] = *s);
        };
        let (mut low, mut high) = (0.0, most);
        for _ in 0..BISECTIONS {
            let middle = 0.5 * (low + high);
            restore(self);
            grow(self, middle);
            if self.lost(law, unit) < target { low = middle } else { high = middle }
        }
        restore(self);
        grow(self, low);
    }

    fn past_days(&mut self, law: &Law, unit: usize, days: f64, temperature_k: f64) {
        for (index, mechanism) in law.mechanisms.iter().enumerate() {
            if let Some(scale) = mechanism.driver.days_scale() {
                let rate = (law.form.time)(&law.parameters, index, temperature_k, MEAN_SOC);
                let state = &mut self.state[index][unit];
                *state = mechanism.shape.advance(*state, rate, days / scale);
            }
        }
    }

    fn past_cycles(&mut self, law: &Law, unit: usize, efc: f64, temperature_k: f64) {
        let stress = CycleStress {
            depth: DEPTH,
            mean_soc: MEAN_SOC,
            temperature_k,
            c_rate: C_RATE,
            c_charge: C_RATE,
            c_discharge: C_RATE,
            ocv_rms_v: None,
            efc,
            count: efc / DEPTH,
        };
        let knee = self.knee.efc.get(unit).copied();
        self.cycle(law, unit, &stress);
        if let Some(efc) = knee {
            self.knee.efc[unit] = efc;
        }
    }
}
