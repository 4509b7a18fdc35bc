//! Modules of several strings in one.

use super::string::ModuleString;
use crate::aging::JoinLawError;

/// Strings that cannot be joined.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum JoinError {
    /// Nothing to join.
    #[error("there is no string to join")]
    Nothing,
    /// A part has another cell than the first.
    #[error("part {part} has other cells than the first")]
    Cell {
        /// Number of the part, from 1.
        part: usize,
    },
    /// A part is wired differently from the first inside its modules, or simulated in other units.
    #[error("the modules of part {part} are built differently from those of the first")]
    Build {
        /// Number of the part, from 1.
        part: usize,
    },
    /// A part ages by a law that cannot be carried on by that of the first.
    #[error("part {part}: {why}")]
    Law {
        /// Number of the part, from 1.
        part: usize,
        /// What differs.
        why: JoinLawError,
    },
}

impl ModuleString {
    /// One string of the modules of several, in their order and in a place of its own. Open cycles of a part are closed as
    /// half cycles first. State goes along whole: charge, temperature, currents of the pairs, hysteresis, capacity and
    /// resistance now and when new, losses, self-discharge, differences in the rates of aging. The books start afresh,
    /// and the temperature offsets and neighbours of the old places are left behind, as in [`ModuleString::select`].
    ///
    /// A string ages by one law, that of the first part. The others may have had other parameters of the same equations, as
    /// packs do that drew different sets: what each mechanism has taken stays what it was, and goes on by the numbers of
    /// the first (see [`crate::aging::AgingState::join`]). The sets say what is not known of one law, so modules that share a
    /// system share one of them.
    ///
    /// # Errors
    /// When there is no part, or cells, build or law of a part are not those of the first.
    pub fn join(parts: &[&ModuleString]) -> Result<ModuleString, JoinError> {
        let [first, others @ ..] = parts else { return Err(JoinError::Nothing) };
        for (place, other) in others.iter().enumerate() {
            let part = place + 2;
            if other.cell.spec != first.cell.spec {
                return Err(JoinError::Cell { part });
            }
            let wiring = |s: &ModuleString| (s.build.cells_series, s.build.cells_parallel, s.build.by_cell);
            if wiring(other) != wiring(first) {
                return Err(JoinError::Build { part });
            }
        }
        let closed: Vec<ModuleString> = parts.iter().map(|part| part.closed()).collect();
        let aging: Vec<_> = closed.iter().map(|part| (&*part.law, &part.aging)).collect();
        let aging = crate::aging::AgingState::join(&first.law, &aging)
            .map_err(|(place, why)| JoinError::Law { part: place + 1, why })?;

        let all = |column: fn(&ModuleString) -> &Vec<f64>| -> Vec<f64> {
            closed.iter().flat_map(|part| column(part).iter().copied()).collect()
        };
        let mut string = closed[0].pick(&[]);
        let units: usize = closed.iter().map(|part| part.soc.len()).sum();
        string.aging = aging;
        string.soc = all(|s| &s.soc);
        string.temperature_k = all(|s| &s.temperature_k);
        string.capacity_ah = all(|s| &s.capacity_ah);
        string.resistance = all(|s| &s.resistance);
        string.j1 = all(|s| &s.j1);
        string.j2 = all(|s| &s.j2);
        string.hysteresis = all(|s| &s.hysteresis);
        string.lli = all(|s| &s.lli);
        string.leak_per_h = all(|s| &s.leak_per_h);
        string.capacity_new_ah = all(|s| &s.capacity_new_ah);
        string.resistance_new = all(|s| &s.resistance_new);
        string.settle_in(units);
        Ok(string)
    }

    /// The same string with nothing open in its cycle count.
    fn closed(&self) -> ModuleString {
        let mut string = self.clone();
        // Where nothing is open there is nothing to close, and not a bit may move.
        if self.aging.is_open() {
            string.close_duty();
        }
        string
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ENV, OPEN, string, string_of};
    use super::super::{Build, ModuleSpread, ModuleString};
    use super::JoinError;
    use crate::aging::fixture::{law, law_with};
    use crate::aging::{AgingOptions, Law, UnitFactors};
    use crate::cell::fixture;
    use std::sync::Arc;

    fn days(s: &mut ModuleString, n: usize) {
        for day in 0..n {
            s.step(if day % 2 == 0 { 300.0 } else { -310.0 }, 1.0, 4.0 * 3600.0, &ENV, &OPEN);
            s.rest(20.0 * 3600.0, &ENV);
            s.end_day();
        }
    }

    fn uneven() -> ModuleString {
        let spread = ModuleSpread {
            capacity: vec![1.0, 0.9, 0.95, 0.97],
            resistance: vec![1.0, 1.1, 0.9, 1.2],
            factors: UnitFactors::of_loss(vec![1.0, 1.2, 0.8, 1.1]),
            self_discharge: vec![1.0, 2.0, 0.5, 1.5],
            ..ModuleSpread::none(4)
        };
        let law = law_with("lfp_prismatic250", AgingOptions::default());
        ModuleString::build(Arc::new(fixture::cell()), law, Build::modules(8, 1), spread, 0.5, 298.15)
    }

    fn near(a: &[f64], b: &[f64]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(x, y)| (x - y).abs() <= 1e-12 * x.abs().max(1.0))
    }

    #[test]
    fn the_parts_of_a_string_make_it_whole_again() {
        let mut whole = uneven();
        days(&mut whole, 300);
        whole.step(200.0, 1.0, 60.0, &ENV, &OPEN);
        whole.close_duty();
        let parts = [whole.select(&[0]), whole.select(&[1, 2]), whole.select(&[3])];
        let mut joined = ModuleString::join(&[&parts[0], &parts[1], &parts[2]]).unwrap();
        assert_eq!((&joined.soc, &joined.temperature_k), (&whole.soc, &whole.temperature_k));
        assert_eq!((&joined.capacity_ah, &joined.resistance), (&whole.capacity_ah, &whole.resistance));
        assert_eq!((&joined.j1, &joined.j2, &joined.hysteresis), (&whole.j1, &whole.j2, &whole.hysteresis));
        assert_eq!((&joined.lli, &joined.leak_per_h), (&whole.lli, &whole.leak_per_h));
        assert_eq!(joined.ledger(), &super::super::Ledger::default());
        for unit in 0..4 {
            assert_eq!(joined.health(unit), whole.health(unit));
            assert_eq!(joined.aging.age_days(unit), whole.aging.age_days(unit));
        }
        // And lives on as the whole does.
        let stored = joined.stored_j();
        for s in [&mut whole, &mut joined] {
            days(s, 200);
            s.close_duty();
        }
        assert!(near(&joined.capacity_ah, &whole.capacity_ah) && near(&joined.resistance, &whole.resistance));
        assert!(near(&joined.soc, &whole.soc) && near(&joined.temperature_k, &whole.temperature_k));
        assert!(joined.ledger().error(stored, joined.stored_j()) < 1e-9);
    }

    #[test]
    fn cycles_still_open_are_closed_first() {
        let mut s = uneven();
        days(&mut s, 31);
        s.step(500.0, 1.0, 7200.0, &ENV, &OPEN);
        assert!(s.aging.is_open());
        let joined = ModuleString::join(&[&s]).unwrap();
        s.close_duty();
        assert_eq!((&joined.capacity_ah, &joined.soc), (&s.capacity_ah, &s.soc));
        assert!(!joined.aging.is_open() && !s.aging.is_open());
        // Joining what is closed moves nothing.
        let again = ModuleString::join(&[&joined]).unwrap();
        assert_eq!((&again.capacity_ah, &again.soc), (&joined.capacity_ah, &joined.soc));
    }

    /// Modules of different ages, and a place that some had left behind.
    #[test]
    fn strangers_keep_their_state_and_lose_their_places() {
        let (mut old, young) = (uneven(), string(&[1.0, 0.98], 0.7));
        old.offset_k = vec![2.0; 4];
        days(&mut old, 400);
        old.close_duty();
        let joined = ModuleString::join(&[&young, &old]).unwrap();
        assert_eq!(joined.len(), 6);
        assert_eq!(joined.soh(0), young.soh(0));
        for m in 0..4 {
            assert_eq!((joined.soh(2 + m), joined.resistance_of(2 + m)), (old.soh(m), old.resistance_of(m)));
            assert!(joined.aging.age_days(2 + m) > 399.0 && joined.aging.age_days(0) == 0.0);
        }
        assert!(joined.offset_k.iter().all(|k| *k == 0.0));
    }

    /// A law with other numbers: losses stay, and go on by the numbers of the first part.
    #[test]
    fn sets_of_one_law_are_carried_on_by_the_first() {
        let other = |exponent: f64| {
            let mut spec = law("semi_empirical").spec.clone();
            spec.parameters.insert("calendar_p".into(), exponent);
            Arc::new(Law::new(spec, AgingOptions::default()).unwrap())
        };
        let of = |law: Arc<Law>| {
            let cell = Arc::new(fixture::cell());
            ModuleString::new(cell, law, 8, 1, ModuleSpread::none(1), 0.5, 298.15)
        };
        let [mut a, mut b] = [of(other(0.7)), of(other(0.5))];
        for s in [&mut a, &mut b] {
            days(s, 300);
            s.close_duty();
        }
        let mut joined = ModuleString::join(&[&a, &b]).unwrap();
        assert_eq!(joined.soh(0), a.soh(0));
        assert!((joined.health(1).capacity - b.health(0).capacity).abs() < 1e-13);
        assert!((joined.soh(1) - b.soh(0)).abs() < 1e-15 && joined.law().parameters == a.law().parameters);
        // A module of the first law with the same losses lives on alike.
        let mut twice = ModuleString::join(&[&joined.select(&[1]), &joined.select(&[1])]).unwrap();
        days(&mut joined, 100);
        days(&mut twice, 100);
        assert!(joined.soh(1) < b.soh(0) && twice.soh(0) == twice.soh(1));
    }

    #[test]
    fn what_does_not_belong_together_is_refused() {
        assert_eq!(ModuleString::join(&[]).unwrap_err(), JoinError::Nothing);
        let s = string(&[1.0], 0.5);
        let larger = string_of(fixture::cell().scaled_to(120.0), &[1.0], 0.5);
        assert_eq!(ModuleString::join(&[&s, &larger]).unwrap_err(), JoinError::Cell { part: 2 });
        let build =
            |build, law| ModuleString::build(Arc::new(fixture::cell()), law, build, ModuleSpread::none(1), 0.5, 298.15);
        let wider = build(Build::modules(8, 2), law("lfp_prismatic250"));
        assert_eq!(ModuleString::join(&[&s, &s, &wider]).unwrap_err(), JoinError::Build { part: 3 });
        let stranger = build(Build::modules(8, 1), law("nmc50_b1"));
        assert!(matches!(ModuleString::join(&[&s, &stranger]), Err(JoinError::Law { part: 2, .. })));
    }
}
