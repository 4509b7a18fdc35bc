//! One module of a string in place of another.

use super::string::ModuleString;

impl ModuleString {
    /// Puts a module of another string (of the same cell, law and layout) in the place of one of this string and returns
    /// the one taken out, as a string of its own with its open cycles closed. State comes and goes whole; the other modules
    /// are not touched. The difference of stored energy is booked as exchanged. Call it between days.
    ///
    /// The newcomer leaves the temperature offset of its old place behind, as in [`ModuleString::select`].
    pub fn replace(&mut self, module: usize, other: &ModuleString, other_module: usize) -> ModuleString {
        let mut whole = self.clone();
        whole.close_duty();
        let out = whole.select(&[module]);

        // Pairs are restated at the present resistances first, so that the exchange is that of the two modules alone.
        let pairs = self.rc_energy();
        self.ledger.fade_j += self.rc_energy_j - pairs;
        self.rc_energy_j = pairs;
        let before = self.stored_j();
        for (to, from) in self.units_of(module).zip(other.units_of(other_module)) {
            self.soc[to] = other.soc[from];
            self.temperature_k[to] = other.temperature_k[from];
            self.capacity_ah[to] = other.capacity_ah[from];
            self.resistance[to] = other.resistance[from];
            self.j1[to] = other.j1[from];
            self.j2[to] = other.j2[from];
            self.hysteresis[to] = other.hysteresis[from];
            self.lli[to] = other.lli[from];
            self.leak_per_h[to] = other.leak_per_h[from];
            self.capacity_new_ah[to] = other.capacity_new_ah[from];
            self.resistance_new[to] = other.resistance_new[from];
            self.here_k[to] -= self.offset_k[to];
            self.offset_k[to] = 0.0;
            self.aging.replace(to, &other.aging, from);
        }
        self.share_swing();
        self.rc_energy_j = self.rc_energy();
        self.ledger.exchanged_j += before - self.stored_j();
        out
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ENV, OPEN, string};
    use super::super::{Limits, ModuleString};
    use crate::aging::UsedUnit;
    use proptest::prelude::*;

    fn days(s: &mut ModuleString, n: usize) {
        for day in 0..n {
            let power = if day % 2 == 0 { 300.0 } else { -310.0 };
            s.step(power, 1.0, 4.0 * 3600.0, &ENV, &Limits { soc_low: 0.1, soc_high: 0.9 });
            s.rest(20.0 * 3600.0, &ENV);
            s.end_day();
        }
    }

    fn used(soh: f64, soc: f64) -> ModuleString {
        let mut s = string(&[1.0], soc);
        s.set_used(0, &UsedUnit { soh, resistance: None, cycle_share: 0.4, years: 8.0 });
        s
    }

    #[test]
    fn others_stay_bit_identical_and_the_states_come_and_go_whole() {
        let mut s = string(&[1.0, 0.9, 0.95], 0.5);
        days(&mut s, 300);
        let (before, newcomer) = (s.clone(), used(0.85, 0.4));
        let out = s.replace(1, &newcomer, 0);
        for m in [0, 2] {
            assert_eq!(
                (s.soc[m], s.capacity_ah[m], s.resistance[m]),
                (before.soc[m], before.capacity_ah[m], before.resistance[m])
            );
            assert_eq!((s.temperature_k[m], s.j1[m], s.j2[m]), (before.temperature_k[m], before.j1[m], before.j2[m]));
            assert_eq!((s.health(m), s.aging.age_days(m)), (before.health(m), before.aging.age_days(m)));
        }
        assert_eq!((s.soh(1), s.soc[1], s.health(1)), (newcomer.soh(0), newcomer.soc[0], newcomer.health(0)));
        assert!((s.aging.age_days(1) - 8.0 * 365.25).abs() < 1e-9 && s.aging.age_days(0) < 301.0);
        // Closing the cycles of the one taken out ages it a little; its charge stays.
        let charge = |s: &ModuleString, m: usize| s.soc[m] * s.capacity_ah[m];
        assert!((out.soh(0) - before.soh(1)).abs() < 1e-4 && out.len() == 1);
        assert!((charge(&out, 0) - charge(&before, 1)).abs() < 1e-9);
        let exchanged = before.stored_j() - s.stored_j();
        assert!((s.ledger().exchanged_j - exchanged).abs() < 1e-6 * before.stored_j());
    }

    /// The others live on as if nothing had happened, where the same current flows.
    #[test]
    fn mixed_ages_live_on_by_themselves() {
        let mut s = string(&[1.0, 1.0], 0.5);
        days(&mut s, 200);
        let alone = s.clone();
        s.replace(1, &used(0.8, s.soc[1]), 0);
        let mut rests = [s, alone];
        for s in &mut rests {
            for _ in 0..200 {
                s.rest(86_400.0, &ENV);
                s.end_day();
            }
        }
        assert_eq!(rests[0].soh(0), rests[1].soh(0));
        // The newcomer, years behind it, loses less on the shelf than the young one did: no clock was reset.
        assert!(0.8 - rests[0].soh(1) < 0.01 && rests[0].soh(1) < 0.8);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn books_close_over_replacements(
            swaps in prop::collection::vec((0..3usize, 0.6..1.0f64, 0.2..0.8f64, 0..20usize), 1..8),
        ) {
            let mut s = string(&[1.0, 0.8, 0.9], 0.5);
            let before = s.stored_j();
            for (module, soh, soc, n) in swaps {
                days(&mut s, n);
                s.step(500.0, 1.0, 60.0, &ENV, &OPEN);
                s.end_day();
                s.replace(module, &used(soh, soc), 0);
            }
            days(&mut s, 5);
            s.close_duty();
            prop_assert!(s.ledger().error(before, s.stored_j()) < 1e-9);
        }
    }
}
