//! The kinetic battery: part of the energy is at hand, the rest flows to it at a finite rate.
//!
//! Two wells of `c` and `1 - c` of the capacity, levels evened out at the rate `k` (Manwell and McGowan 1993, Solar
//! Energy 50, 399, doi 10.1016/0038-092X(93)90060-2). At constant power `P` out of the wells over `t`, with
//! `x = exp(-k t)` and `q` the energy of both,
//!
//! `q1' = q1 x + (q k c - P)(1 - x)/k - P c (k t - 1 + x)/k`, and `q' = q - P t`.
//!
//! The first well may neither run dry nor overflow by the end of the step, which gives both limits in closed form. As in
//! HOMER (Lambert, Gilman and Lilienthal 2006, in Farret and Simoes, Integration of Alternative Sources of Energy, doi
//! 10.1002/0471755621.ch15) charging is also held to a share of what is missing, `(1 - exp(-a t))/t` of it, and to a
//! highest current, and the round trip splits into equal losses in and out.

use super::{PlainBooks, PlainError, check, check_window};
use crate::cell::ZERO_CELSIUS_K;
use crate::pack::Environment;
use crate::site::{Condition, Given, Shortage, Storage};

/// Parameters of a [`KibamStore`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KibamSpec {
    /// Energy of both wells when full \[kWh\].
    pub capacity_kwh: f64,
    /// Share of the capacity in the first well, `c`.
    pub first_well: f64,
    /// Rate constant `k` \[1/h\].
    pub rate_per_h: f64,
    /// Highest rate of charge over the charge that is missing, `a` \[A/Ah\].
    pub charge_rate_a_per_ah: f64,
    /// Highest power into the wells, from the highest current of charge \[kW\].
    pub charge_kw: f64,
    /// Efficiency of the round trip; a square root each way.
    pub round_trip_efficiency: f64,
    /// Least SoC, over the capacity.
    pub soc_min: f64,
    /// SoC at the start, the same in both wells.
    pub soc_start: f64,
}

impl KibamSpec {
    /// A bank of equal batteries of HOMER's kind, full at the start: nominal and largest charge of one \[Ah\] at a
    /// nominal voltage, its highest current of charge \[A\], and the least SoC over the nominal charge.
    pub fn bank(units: f64, battery: &KibamBattery) -> Self {
        let kwh = |ah: f64| units * ah * battery.nominal_v / 1000.0;
        KibamSpec {
            capacity_kwh: kwh(battery.largest_ah),
            first_well: battery.first_well,
            rate_per_h: battery.rate_per_h,
            charge_rate_a_per_ah: battery.charge_rate_a_per_ah,
            charge_kw: kwh(battery.charge_a),
            round_trip_efficiency: battery.round_trip_efficiency,
            soc_min: battery.soc_min * battery.nominal_ah / battery.largest_ah,
            soc_start: 1.0,
        }
    }

    /// Says what is outside its range.
    ///
    /// # Errors
    /// The first parameter that is.
    pub fn check(&self) -> Result<(), PlainError> {
        check("capacity_kwh", self.capacity_kwh, "above 0", self.capacity_kwh > 0.0)?;
        check("first_well", self.first_well, "above 0, up to 1", self.first_well > 0.0 && self.first_well <= 1.0)?;
        check("rate_per_h", self.rate_per_h, "above 0", self.rate_per_h > 0.0)?;
        let rate = self.charge_rate_a_per_ah;
        check("charge_rate_a_per_ah", rate, "above 0", rate > 0.0)?;
        check("charge_kw", self.charge_kw, "0 or more", self.charge_kw >= 0.0)?;
        let efficiency = self.round_trip_efficiency;
        check("round_trip_efficiency", efficiency, "above 0, up to 1", efficiency > 0.0 && efficiency <= 1.0)?;
        check_window([self.soc_min, 1.0], self.soc_start)
    }
}

/// One battery as HOMER's library describes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KibamBattery {
    /// Nominal charge \[Ah\].
    pub nominal_ah: f64,
    /// Nominal voltage \[V\].
    pub nominal_v: f64,
    /// Largest charge, at a vanishing current \[Ah\].
    pub largest_ah: f64,
    /// Share of it in the first well, `c`.
    pub first_well: f64,
    /// Rate constant `k` \[1/h\].
    pub rate_per_h: f64,
    /// Highest rate of charge \[A/Ah\].
    pub charge_rate_a_per_ah: f64,
    /// Highest current of charge \[A\].
    pub charge_a: f64,
    /// Efficiency of the round trip.
    pub round_trip_efficiency: f64,
    /// Least SoC, over the nominal charge.
    pub soc_min: f64,
}

/// What depends on the length of a step alone.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Factors {
    hours: f64,
    /// `exp(-k t)`.
    kept: f64,
    /// `1 - exp(-k t)`.
    evened: f64,
    /// `k t - 1 + exp(-k t)`.
    late: f64,
    /// `(1 - exp(-a t)) / t` \[1/h\].
    missing: f64,
}

impl Factors {
    fn new(spec: &KibamSpec, hours: f64) -> Self {
        let kt = spec.rate_per_h * hours;
        let evened = -(-kt).exp_m1();
        // The difference loses its digits in short steps; there the series has them.
        let late = if kt < 1e-3 { kt * kt * (0.5 - kt / 6.0 + kt * kt / 24.0) } else { kt - evened };
        let missing = -(-spec.charge_rate_a_per_ah * hours).exp_m1() / hours;
        Factors { hours, kept: 1.0 - evened, evened, late, missing }
    }
}

/// A kinetic battery.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KibamStore {
    spec: KibamSpec,
    /// Efficiency of each way.
    one_way: f64,
    factors: Factors,
    /// Energy in the first well, and in both.
    first_kwh: f64,
    energy_kwh: f64,
    temperature_c: f64,
    books: PlainBooks,
}

impl KibamStore {
    /// A battery whose wells are level.
    ///
    /// # Errors
    /// A parameter outside its range.
    pub fn new(spec: KibamSpec) -> Result<Self, PlainError> {
        spec.check()?;
        let energy_kwh = spec.soc_start * spec.capacity_kwh;
        Ok(KibamStore {
            spec,
            one_way: spec.round_trip_efficiency.sqrt(),
            factors: Factors::new(&spec, 1.0),
            first_kwh: spec.first_well * energy_kwh,
            energy_kwh,
            temperature_c: 25.0,
            books: PlainBooks::default(),
        })
    }

    /// Its parameters.
    pub fn spec(&self) -> &KibamSpec {
        &self.spec
    }

    /// Energy in both wells \[kWh\].
    pub fn energy_kwh(&self) -> f64 {
        self.energy_kwh
    }

    /// Energy in the first well \[kWh\].
    pub fn first_kwh(&self) -> f64 {
        self.first_kwh
    }

    /// What went through it.
    pub fn books(&self) -> &PlainBooks {
        &self.books
    }

    fn factors(&self, hours: f64) -> Factors {
        if hours == self.factors.hours { self.factors } else { Factors::new(&self.spec, hours) }
    }

    /// Power out of the wells that brings the first one to a level by the end of a step \[kW\].
    fn level_kw(&self, f: &Factors, first_kwh: f64) -> f64 {
        let (k, c) = (self.spec.rate_per_h, self.spec.first_well);
        let free = self.first_kwh * f.kept + self.energy_kwh * c * f.evened;
        k * (free - first_kwh) / (f.evened + c * f.late)
    }

    /// Highest power into the wells, and the part of that which their contents allow \[kW\].
    fn charge_limits_kw(&self, f: &Factors, soc_high: f64) -> (f64, f64) {
        let spec = &self.spec;
        let full_kw = (soc_high.min(1.0) * spec.capacity_kwh - self.energy_kwh).max(0.0) / f.hours;
        let tapered_kw = (spec.capacity_kwh - self.energy_kwh).max(0.0) * f.missing;
        let kinetic_kw = (-self.level_kw(f, spec.first_well * spec.capacity_kwh)).max(0.0);
        (full_kw, tapered_kw.min(kinetic_kw).min(spec.charge_kw))
    }

    /// Power out of the wells over a step, negative into them.
    fn step(&mut self, f: Factors, kw: f64, env: &Environment) {
        let (k, c) = (self.spec.rate_per_h, self.spec.first_well);
        let first = self.first_kwh * f.kept + (self.energy_kwh * k * c - kw) * f.evened / k - kw * c * f.late / k;
        self.energy_kwh = (self.energy_kwh - kw * f.hours).clamp(0.0, self.spec.capacity_kwh);
        // Rounding must leave neither well with less than nothing.
        let most = (c * self.spec.capacity_kwh).min(self.energy_kwh);
        self.first_kwh = first.clamp(0.0, most);
        self.temperature_c = env.temperature_k - ZERO_CELSIUS_K;
        self.factors = f;
    }
}

impl Storage for KibamStore {
    fn discharge(&mut self, wish_kw: f64, soc_low: f64, hours: f64, env: &Environment) -> Given {
        let f = self.factors(hours);
        let low = soc_low.max(self.spec.soc_min) * self.spec.capacity_kwh;
        let left_kw = (self.energy_kwh - low).max(0.0) / hours;
        let kinetic_kw = self.level_kw(&f, 0.0).max(0.0);
        let kw = wish_kw.min(left_kw.min(kinetic_kw) * self.one_way);
        let out_kw = kw / self.one_way;
        self.step(f, out_kw, env);
        self.books.discharge_kwh += kw * hours;
        self.books.throughput_kwh += out_kw * hours;
        self.books.loss_kwh += (out_kw - kw) * hours;
        let short = match () {
            () if kw >= wish_kw => Shortage::None,
            () if left_kw <= kinetic_kw => Shortage::Energy,
            () => Shortage::Power,
        };
        Given { kw, short }
    }

    fn charge(&mut self, offer_kw: f64, soc_high: f64, hours: f64, env: &Environment) -> Given {
        let f = self.factors(hours);
        let (full_kw, most_kw) = self.charge_limits_kw(&f, soc_high);
        let kw = offer_kw.min(full_kw.min(most_kw) / self.one_way);
        let in_kw = kw * self.one_way;
        self.step(f, -in_kw, env);
        self.books.charge_kwh += kw * hours;
        self.books.loss_kwh += (kw - in_kw) * hours;
        let short = match () {
            () if kw >= offer_kw => Shortage::None,
            () if full_kw <= most_kw => Shortage::Energy,
            () => Shortage::Power,
        };
        Given { kw: -kw, short }
    }

    fn room_kw(&self, soc_high: f64, hours: f64) -> f64 {
        let (full_kw, most_kw) = self.charge_limits_kw(&self.factors(hours), soc_high);
        full_kw.min(most_kw) / self.one_way
    }

    fn soc_window(&self) -> [f64; 2] {
        [self.spec.soc_min, 1.0]
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

    const ENV: Environment = Environment { temperature_k: 298.15, time_constant_s: 3600.0, along_k: 0.0 };

    /// A slow battery, so that the kinetics bind.
    fn spec() -> KibamSpec {
        KibamSpec {
            capacity_kwh: 10.0,
            first_well: 0.3,
            rate_per_h: 0.5,
            charge_rate_a_per_ah: 1.0,
            charge_kw: 50.0,
            round_trip_efficiency: 0.81,
            soc_min: 0.0,
            soc_start: 1.0,
        }
    }

    /// The first well by small steps of the equations: what flows is `k c (1 - c)` times the difference of levels.
    fn integrated(spec: &KibamSpec, first: f64, energy: f64, kw: f64, hours: f64) -> f64 {
        let (c, n) = (spec.first_well, 200_000);
        let dt = hours / f64::from(n);
        let (mut q1, mut q2) = (first, energy - first);
        let slope = |q1: f64, q2: f64| {
            let flow = spec.rate_per_h * c * (1.0 - c) * (q2 / (1.0 - c) - q1 / c);
            (flow - kw, -flow)
        };
        for _ in 0..n {
            let (a1, a2) = slope(q1, q2);
            let (b1, b2) = slope(q1 + 0.5 * dt * a1, q2 + 0.5 * dt * a2);
            q1 += dt * b1;
            q2 += dt * b2;
        }
        q1
    }

    #[test]
    fn a_step_solves_the_two_wells() {
        for (wish, hours) in [(1.5, 1.0), (0.3, 3.0), (-2.0, 0.5)] {
            let mut store = KibamStore::new(KibamSpec { soc_start: 0.6, ..spec() }).unwrap();
            store.discharge(0.9, 0.0, 0.4, &ENV);
            let (first, energy) = (store.first_kwh(), store.energy_kwh());
            let out = if wish > 0.0 {
                store.discharge(wish, 0.0, hours, &ENV).kw / 0.9
            } else {
                store.charge(-wish, 1.0, hours, &ENV).kw * 0.9
            };
            assert!(out.abs() > 0.1);
            let fine = integrated(&spec(), first, energy, out, hours);
            assert!((store.first_kwh() - fine).abs() < 1e-9, "{} {fine}", store.first_kwh());
        }
    }

    /// In a very long step all energy can be had, in a very short one the first well alone.
    #[test]
    fn limits_of_discharge_are_the_wells() {
        let store = KibamStore::new(spec()).unwrap();
        for (hours, energy) in [(1e-6, 3.0), (1e6, 10.0)] {
            let kw = store.level_kw(&store.factors(hours), 0.0);
            assert!((kw * hours - energy).abs() < 2e-5 * energy, "{hours} h: {}", kw * hours);
        }
        let mut store = store;
        let given = store.discharge(50.0, 0.0, 1.0, &ENV);
        assert_eq!(given.short, Shortage::Power);
        assert!(store.first_kwh().abs() < 1e-12 && store.energy_kwh() > 3.0);
        // Rest brings some of it back.
        store.charge(0.0, 1.0, 1.0, &ENV);
        assert!(store.first_kwh() > 0.5);
    }

    /// From level wells, both limits follow from the formulas by hand.
    #[test]
    fn limits_of_charge_are_the_least_of_four() {
        let level = |soc_start: f64, change: fn(&mut KibamSpec)| {
            let mut spec = KibamSpec { soc_start, ..spec() };
            change(&mut spec);
            KibamStore::new(spec).unwrap()
        };
        let (k, c, x) = (0.5_f64, 0.3, (-0.5_f64).exp());
        // `q1 = c q`: the first well has `c (Q - q)` to fill.
        let kinetic = k * c * 5.0 / (1.0 - x + c * (k - 1.0 + x));
        let taper = 5.0 * (1.0 - (-1.0_f64).exp());
        assert!(kinetic < taper);
        assert!((level(0.5, |_| ()).room_kw(1.0, 1.0) - kinetic / 0.9).abs() < 1e-12);
        assert!((level(0.5, |s| s.first_well = 1.0).room_kw(1.0, 1.0) - taper / 0.9).abs() < 1e-12);
        assert!((level(0.5, |s| s.charge_kw = 0.2).room_kw(1.0, 1.0) - 0.2 / 0.9).abs() < 1e-12);
        assert!((level(0.5, |_| ()).room_kw(0.51, 1.0) - 0.1 / 0.9).abs() < 1e-12);
        assert_eq!(level(1.0, |_| ()).room_kw(1.0, 1.0), 0.0);
    }

    #[test]
    fn a_bank_is_so_many_batteries() {
        let battery = KibamBattery {
            nominal_ah: 100.0,
            nominal_v: 12.0,
            largest_ah: 125.0,
            first_well: 0.4,
            rate_per_h: 1.0,
            charge_rate_a_per_ah: 1.0,
            charge_a: 20.0,
            round_trip_efficiency: 0.8,
            soc_min: 0.3,
        };
        let bank = KibamSpec::bank(4.0, &battery);
        assert!((bank.capacity_kwh - 6.0).abs() < 1e-12 && (bank.charge_kw - 0.96).abs() < 1e-12);
        // 30 % of the nominal charge is 24 % of the largest.
        assert!((bank.soc_min - 0.24).abs() < 1e-12);
        assert!(KibamStore::new(bank).is_ok());
        let wrong = KibamSpec { rate_per_h: 0.0, ..bank };
        assert_eq!(KibamStore::new(wrong).unwrap_err().name, "rate_per_h");
    }

    proptest! {
        #[test]
        fn energy_closes(
            wishes in proptest::collection::vec((-12.0..12.0f64, 0.02..3.0f64), 1..200),
            c in 0.05..1.0f64,
            k in 0.01..5.0f64,
            low in 0.0..0.4f64,
        ) {
            let spec = KibamSpec { first_well: c, rate_per_h: k, soc_min: low, ..spec() };
            let mut store = KibamStore::new(spec).unwrap();
            let start = store.energy_kwh();
            for (wish, hours) in wishes {
                if wish > 0.0 {
                    let given = store.discharge(wish, 0.0, hours, &ENV).kw;
                    prop_assert!(given >= 0.0 && given <= wish);
                } else {
                    let room = store.room_kw(1.0, hours);
                    let given = -store.charge(-wish, 1.0, hours, &ENV).kw;
                    prop_assert!(given >= 0.0 && given <= -wish && (given - room.min(-wish)).abs() < 1e-12);
                }
                let (first, both) = (store.first_kwh(), store.energy_kwh());
                prop_assert!(both >= low * 10.0 - 1e-11 && both <= 10.0);
                prop_assert!(first >= 0.0 && first <= c * 10.0 && both - first >= 0.0);
                prop_assert!(both - first <= (1.0 - c) * 10.0 + 1e-9);
            }
            prop_assert!(store.books().open(start, store.energy_kwh()) < 1e-12);
        }
    }
}
