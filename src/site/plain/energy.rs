//! A battery as a box of energy.
//!
//! One state, the energy inside `e` \[kWh\]. A step of `dt` hours first loses `e sd dt` by itself; then, on the bus,
//! it takes at most `min(P_ch, (e_high - e)/(eta_ch dt))` or gives at most `min(P_dis, (e - e_low) eta_dis/dt)`.
//! Such balances are what most sizing programs use, among them SAM's and HOMER's idealised stores; the order of the
//! steps is that of the reference data (`docs/validation.md`).

use super::{PlainBooks, PlainError, check, check_window};
use crate::cell::ZERO_CELSIUS_K;
use crate::pack::Environment;
use crate::site::{Condition, Given, Shortage, Storage};

/// Parameters of an [`EnergyStore`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EnergySpec {
    /// Capacity \[kWh\].
    pub capacity_kwh: f64,
    /// Usable window of SoC, low and high.
    pub soc_window: [f64; 2],
    /// SoC at the start.
    pub soc_start: f64,
    /// Share of the energy taken from the bus that is stored.
    pub charge_efficiency: f64,
    /// Share of the energy taken out of the store that reaches the bus.
    pub discharge_efficiency: f64,
    /// Highest power taken from the bus \[kW\].
    pub charge_kw: f64,
    /// Highest power given to the bus \[kW\].
    pub discharge_kw: f64,
    /// Share of the energy inside that is lost in an hour.
    pub self_discharge_per_h: f64,
}

impl EnergySpec {
    /// A store without self-discharge that starts full, equal losses in and out, powers from C-rates \[1/h\].
    pub fn full(capacity_kwh: f64, soc_window: [f64; 2], efficiency: f64, c_rate: f64) -> Self {
        EnergySpec {
            capacity_kwh,
            soc_window,
            soc_start: soc_window[1],
            charge_efficiency: efficiency,
            discharge_efficiency: efficiency,
            charge_kw: c_rate * capacity_kwh,
            discharge_kw: c_rate * capacity_kwh,
            self_discharge_per_h: 0.0,
        }
    }

    /// Says what is outside its range.
    ///
    /// # Errors
    /// The first parameter that is.
    pub fn check(&self) -> Result<(), PlainError> {
        check("capacity_kwh", self.capacity_kwh, "above 0", self.capacity_kwh > 0.0)?;
        check_window(self.soc_window, self.soc_start)?;
        for (name, value) in
            [("charge_efficiency", self.charge_efficiency), ("discharge_efficiency", self.discharge_efficiency)]
        {
            check(name, value, "above 0, up to 1", value > 0.0 && value <= 1.0)?;
        }
        check("charge_kw", self.charge_kw, "0 or more", self.charge_kw >= 0.0)?;
        check("discharge_kw", self.discharge_kw, "0 or more", self.discharge_kw >= 0.0)?;
        let loss = self.self_discharge_per_h;
        check("self_discharge_per_h", loss, "0 to below 1", (0.0..1.0).contains(&loss))
    }
}

/// A box of energy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EnergyStore {
    spec: EnergySpec,
    energy_kwh: f64,
    temperature_c: f64,
    books: PlainBooks,
}

impl EnergyStore {
    /// A store at its first SoC.
    ///
    /// # Errors
    /// A parameter outside its range.
    pub fn new(spec: EnergySpec) -> Result<Self, PlainError> {
        spec.check()?;
        let energy_kwh = spec.soc_start * spec.capacity_kwh;
        Ok(EnergyStore { spec, energy_kwh, temperature_c: 25.0, books: PlainBooks::default() })
    }

    /// Its parameters.
    pub fn spec(&self) -> &EnergySpec {
        &self.spec
    }

    /// Energy inside \[kWh\].
    pub fn energy_kwh(&self) -> f64 {
        self.energy_kwh
    }

    /// What went through it.
    pub fn books(&self) -> &PlainBooks {
        &self.books
    }

    /// What self-discharge leaves of the energy after some hours. A step that would lose all of it loses all of it.
    fn kept(&self, hours: f64) -> f64 {
        (1.0 - self.spec.self_discharge_per_h * hours).max(0.0)
    }

    fn begin(&mut self, hours: f64, env: &Environment) {
        let kept = self.energy_kwh * self.kept(hours);
        self.books.self_discharge_kwh += self.energy_kwh - kept;
        self.energy_kwh = kept;
        self.temperature_c = env.temperature_k - ZERO_CELSIUS_K;
    }

    /// Power on the bus that fills it from some energy to a SoC.
    fn fill_kw(&self, energy_kwh: f64, soc_high: f64, hours: f64) -> f64 {
        let high = soc_high.min(self.spec.soc_window[1]) * self.spec.capacity_kwh;
        (high - energy_kwh).max(0.0) / (self.spec.charge_efficiency * hours)
    }
}

impl Storage for EnergyStore {
    fn discharge(&mut self, wish_kw: f64, soc_low: f64, hours: f64, env: &Environment) -> Given {
        self.begin(hours, env);
        let spec = &self.spec;
        let low = soc_low.max(spec.soc_window[0]) * spec.capacity_kwh;
        let left_kw = (self.energy_kwh - low).max(0.0) * spec.discharge_efficiency / hours;
        let kw = wish_kw.min(spec.discharge_kw).min(left_kw);
        // Rounding must not take it below what may be had.
        let after = (self.energy_kwh - kw / spec.discharge_efficiency * hours).max(low.min(self.energy_kwh));
        let out = self.energy_kwh - after;
        self.energy_kwh = after;
        self.books.discharge_kwh += kw * hours;
        self.books.throughput_kwh += out;
        self.books.loss_kwh += out - kw * hours;
        let short = match () {
            () if kw >= wish_kw => Shortage::None,
            () if left_kw <= spec.discharge_kw => Shortage::Energy,
            () => Shortage::Power,
        };
        Given { kw, short }
    }

    fn charge(&mut self, offer_kw: f64, soc_high: f64, hours: f64, env: &Environment) -> Given {
        self.begin(hours, env);
        let fill_kw = self.fill_kw(self.energy_kwh, soc_high, hours);
        let kw = offer_kw.min(self.spec.charge_kw).min(fill_kw);
        let inside = kw * self.spec.charge_efficiency * hours;
        self.energy_kwh += inside;
        self.books.charge_kwh += kw * hours;
        self.books.loss_kwh += kw * hours - inside;
        let short = match () {
            () if kw >= offer_kw => Shortage::None,
            () if fill_kw <= self.spec.charge_kw => Shortage::Energy,
            () => Shortage::Power,
        };
        Given { kw: -kw, short }
    }

    fn room_kw(&self, soc_high: f64, hours: f64) -> f64 {
        self.fill_kw(self.energy_kwh * self.kept(hours), soc_high, hours).min(self.spec.charge_kw)
    }

    fn soc_window(&self) -> [f64; 2] {
        self.spec.soc_window
    }

    fn soc(&self) -> f64 {
        self.energy_kwh / self.spec.capacity_kwh
    }

    fn temperature_c(&self) -> f64 {
        self.temperature_c
    }

    fn end_day(&mut self) {}

    fn condition(&self) -> Condition {
        let [low, high] = self.soc_window();
        Condition {
            efc: self.books.throughput_kwh / self.spec.capacity_kwh,
            usable_kwh: (high - low) * self.spec.capacity_kwh,
            ..Condition::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ENV: Environment = Environment { temperature_k: 303.15, time_constant_s: 3600.0, along_k: 0.0 };

    fn spec() -> EnergySpec {
        EnergySpec { self_discharge_per_h: 0.01, ..EnergySpec::full(10.0, [0.2, 1.0], 0.8, 0.5) }
    }

    #[test]
    fn self_discharge_comes_first() {
        let mut store = EnergyStore::new(spec()).unwrap();
        assert!((store.room_kw(1.0, 2.0) - 0.2 / 1.6).abs() < 1e-12);
        // 10 kWh lose 0.2 in two hours; 0.2 / (0.8 * 2 h) on the bus brings them back.
        let given = store.charge(3.0, 1.0, 2.0, &ENV);
        assert!((given.kw + 0.125).abs() < 1e-12 && given.short == Shortage::Energy);
        assert!((store.soc() - 1.0).abs() < 1e-15);
        assert_eq!(store.temperature_c(), 30.0);
    }

    #[test]
    fn what_holds_back_is_told() {
        let still = EnergySpec { self_discharge_per_h: 0.0, ..spec() };
        let mut store = EnergyStore::new(still).unwrap();
        let given = store.discharge(6.0, 0.0, 1.0, &ENV);
        assert_eq!((given.kw, given.short), (5.0, Shortage::Power));
        // 3.75 kWh are left, of which 1.75 can be had: 1.4 kWh on the bus.
        let given = store.discharge(3.0, 0.0, 1.0, &ENV);
        assert!((given.kw - 1.4).abs() < 1e-12 && given.short == Shortage::Energy);
        assert_eq!(store.discharge(0.0, 0.0, 1.0, &ENV), Given { kw: 0.0, short: Shortage::None });
        assert_eq!(store.charge(9.0, 1.0, 0.5, &ENV), Given { kw: -5.0, short: Shortage::Power });
        // Neither side goes beyond what the site asks for.
        assert!((store.charge(9.0, 0.45, 1.0, &ENV).kw + 0.5 / 0.8).abs() < 1e-12);
        assert_eq!(store.discharge(1.0, 0.5, 1.0, &ENV).kw, 0.0);
    }

    #[test]
    fn wrong_parameters_are_refused() {
        let with = |change: fn(&mut EnergySpec)| {
            let mut s = spec();
            change(&mut s);
            EnergyStore::new(s).map(|_| ()).map_err(|e| e.name)
        };
        assert_eq!(with(|s| s.capacity_kwh = 0.0), Err("capacity_kwh"));
        assert_eq!(with(|s| s.soc_window = [0.9, 0.3]), Err("soc_min"));
        assert_eq!(with(|s| s.discharge_efficiency = 1.1), Err("discharge_efficiency"));
        assert_eq!(with(|s| s.charge_kw = f64::NAN), Err("charge_kw"));
        assert_eq!(with(|s| s.self_discharge_per_h = 1.0), Err("self_discharge_per_h"));
        assert_eq!(with(|_| ()), Ok(()));
    }

    proptest! {
        /// Nothing is made, nothing is lost, and no limit is passed.
        #[test]
        fn energy_closes(
            wishes in proptest::collection::vec((-8.0..8.0f64, 0.05..2.0f64), 1..200),
            low in 0.0..0.5f64,
            efficiency in 0.7..1.0f64,
            loss in 0.0..0.01f64,
        ) {
            let spec = EnergySpec {
                self_discharge_per_h: loss,
                ..EnergySpec::full(7.0, [low, 0.95], efficiency, 0.6)
            };
            let mut store = EnergyStore::new(spec).unwrap();
            let start = store.energy_kwh();
            for (wish, hours) in wishes {
                let before = store.energy_kwh();
                if wish > 0.0 {
                    let given = store.discharge(wish, 0.0, hours, &ENV).kw;
                    prop_assert!(given >= 0.0 && given <= wish && given <= 4.2 + 1e-12);
                    prop_assert!(store.soc() >= low - 1e-12 || given == 0.0);
                } else {
                    let room = store.room_kw(1.0, hours);
                    let given = -store.charge(-wish, 1.0, hours, &ENV).kw;
                    prop_assert!(given >= 0.0 && given <= -wish && given <= 4.2 + 1e-12);
                    prop_assert!((given - room.min(-wish)).abs() < 1e-12);
                    prop_assert!(store.soc() <= 0.95 + 1e-12);
                }
                prop_assert!(store.energy_kwh() >= 0.0 && (wish < 0.0 || store.energy_kwh() <= before));
            }
            prop_assert!(store.books().open(start, store.energy_kwh()) < 1e-12);
        }
    }
}
