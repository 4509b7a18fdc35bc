//! Strings that share a DC bus without converters.
//!
//! Each step the strings that can give (or take) are sorted by voltage, and joined from the highest on when the bus is
//! discharged, from the lowest on when it is charged, as long as no string of the group would carry more than the
//! circulating limit without load; the others stay switched off until the bus has come to them. The group's current
//! splits by its sources ([`crate::pack::terminal`]). A string that meets a limit opens its switch, and those after it
//! carry its part.

use crate::pack::terminal::Terminal;
use crate::pack::{Environment, Limit, Limits, ModuleString};

/// Time over which a circulating current is judged when a switch closes \[s\], assumed: long enough for the fast pair.
const CLOSING_S: f64 = 60.0;
/// Distance from the edge of the window within which a string cannot give or take.
const EDGE_SOC: f64 = 1e-6;
/// Share of a string's own power below which a net power against the wish is the solver's.
const AGAINST_SHARE: f64 = 1e-3;

/// What is asked of the bus for a step.
pub(super) struct Bus {
    /// Power \[W\], discharge positive.
    pub wish_w: f64,
    pub dt_s: f64,
    pub env: Environment,
    pub limits: Limits,
    /// Highest circulating current, as a rate of a string's weakest module \[1/h\].
    pub circulating_c_max: f64,
}

/// What flowed.
pub(super) struct Shared {
    /// Power on the bus \[W\], discharge positive.
    pub given_w: f64,
    /// The last limit that acted.
    pub held: Limit,
    /// Power that went from string to string \[W\].
    pub circulated_w: f64,
    /// Strings switched off.
    pub off: usize,
}

impl Bus {
    /// Steps the strings, those first that come first in `order` where a limit may act.
    pub fn step(&self, strings: &mut [ModuleString], order: &[usize]) -> Shared {
        let parts = self.split(strings);
        let against = |p: &Option<f64>| p.is_some_and(|p| if self.wish_w > 0.0 { p < 0.0 } else { p > 0.0 });
        if !parts.iter().any(against) {
            return self.deliver(strings, order, &parts);
        }
        // Strings that feed others are undone when these could not take it, or the other way round.
        let before = strings.to_vec();
        let shared = self.deliver(strings, order, &parts);
        let sign = if self.wish_w > 0.0 { 1.0 } else { -1.0 };
        if sign * shared.given_w >= -AGAINST_SHARE * shared.circulated_w {
            return shared;
        }
        strings.clone_from_slice(&before);
        let alone: Vec<_> = parts.iter().map(|p| p.filter(|_| !against(p) && self.wish_w != 0.0)).collect();
        self.deliver(strings, order, &alone)
    }

    /// Power of each string at the common voltage \[W\]; none for those switched off.
    fn split(&self, strings: &[ModuleString]) -> Vec<Option<f64>> {
        let mut parts = vec![None; strings.len()];
        let group = self.group(strings);
        let sources: Vec<Terminal> = group.iter().map(|&k| strings[k].terminal(self.dt_s)).collect();
        if let Some(bus) = Terminal::parallel(sources.iter().copied()) {
            let volts = bus.voltage_for(self.wish_w);
            for (&k, source) in group.iter().zip(&sources) {
                parts[k] = Some(volts * source.current_at(volts));
            }
        }
        parts
    }

    /// Strings that may be joined now.
    fn group(&self, strings: &[ModuleString]) -> Vec<usize> {
        let able = |s: &ModuleString| match self.wish_w {
            w if w > 0.0 => s.soc_min() > self.limits.soc_low + EDGE_SOC,
            w if w < 0.0 => s.soc_max() < self.limits.soc_high - EDGE_SOC,
            _ => true,
        };
        let mut sorted: Vec<(usize, Terminal)> =
            (0..strings.len()).filter(|&k| able(&strings[k])).map(|k| (k, strings[k].terminal(CLOSING_S))).collect();
        sorted.sort_by(|(a, x), (b, y)| x.emf_v.total_cmp(&y.emf_v).then(a.cmp(b)));
        if self.wish_w >= 0.0 {
            sorted.reverse();
        }
        let fits = |n: usize| {
            let emf = Terminal::parallel(sorted[..n].iter().map(|(_, t)| *t)).map_or(0.0, |bus| bus.emf_v);
            sorted[..n]
                .iter()
                .all(|(k, t)| t.current_at(emf).abs() <= strings[*k].current_at_rate_a(self.circulating_c_max))
        };
        let n = (1..=sorted.len()).take_while(|&n| n == 1 || fits(n)).last().unwrap_or(0);
        sorted[..n].iter().map(|(k, _)| *k).collect()
    }

    /// Steps those first whose power is against the wish, so that the others can make up for it exactly.
    fn deliver(&self, strings: &mut [ModuleString], order: &[usize], parts: &[Option<f64>]) -> Shared {
        let joined = parts.iter().flatten().count();
        // A string that is not joined is at the edge of its window, or the bus has not come to it.
        let held = if joined < strings.len() { Limit::Soc } else { Limit::None };
        let mut shared = Shared { given_w: 0.0, held, circulated_w: 0.0, off: strings.len() - joined };
        let with_wish = |p: f64| if self.wish_w > 0.0 { p > 0.0 } else { p < 0.0 };
        for &k in order {
            match parts[k] {
                Some(power) if !with_wish(power) => {
                    let flow = strings[k].step(power, 1.0, self.dt_s, &self.env, &self.limits);
                    shared.given_w += flow.energy_j / self.dt_s;
                    shared.circulated_w += flow.energy_j.abs() / self.dt_s;
                }
                Some(_) => {}
                None => strings[k].rest(self.dt_s, &self.env),
            }
        }
        let mut weights: f64 = parts.iter().flatten().filter(|p| with_wish(**p)).sum();
        for &k in order {
            let Some(power) = parts[k].filter(|p| with_wish(*p)) else { continue };
            let left = self.wish_w - shared.given_w;
            let ask = if power.abs() >= weights.abs() { left } else { left * power / weights };
            weights -= power;
            // What the others did may leave nothing to do, never the opposite.
            let ask = if with_wish(ask) { ask } else { 0.0 };
            let flow = strings[k].step(ask, 1.0, self.dt_s, &self.env, &self.limits);
            shared.given_w += flow.energy_j / self.dt_s;
            if flow.limit != Limit::None {
                shared.held = flow.limit;
            }
        }
        shared
    }
}

/// Power of strings on one bus at a SoC and temperature, in steady state \[W\]: the bus voltage falls no further than the
/// string allows that meets a voltage or rate limit first.
pub(super) fn power_capability_w(strings: &[ModuleString], soc: f64, temperature_k: f64) -> f64 {
    let sources: Vec<Terminal> = strings.iter().map(|s| s.terminal_steady(soc, temperature_k)).collect();
    let lowest = |(s, t): (&ModuleString, &Terminal)| {
        // At its own limit a string gives P = V I with V = E - R I: the smaller root of the current.
        let alone = s.power_capability_w(soc, temperature_k);
        t.voltage_for(alone)
    };
    let volts = strings.iter().zip(&sources).map(lowest).fold(0.0, f64::max);
    sources.iter().map(|t| volts * t.current_at(volts).max(0.0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aging::fixture::law;
    use crate::cell::fixture;
    use crate::pack::ModuleSpread;
    use proptest::prelude::*;
    use std::sync::Arc;

    const LIMITS: Limits = Limits { soc_low: 0.1, soc_high: 0.9 };

    fn string(capacity: &[f64], resistance: f64, soc: f64) -> ModuleString {
        let n = capacity.len();
        let spread =
            ModuleSpread { capacity: capacity.to_vec(), resistance: vec![resistance; n], ..ModuleSpread::none(n) };
        ModuleString::new(Arc::new(fixture::cell()), law("lfp_prismatic250"), 8, 1, spread, soc, 298.15)
    }

    fn bus(wish_w: f64) -> Bus {
        let env = Environment { temperature_k: 298.15, time_constant_s: 8.0 * 3600.0, along_k: 0.0 };
        Bus { wish_w, dt_s: 3600.0, env, limits: LIMITS, circulating_c_max: 0.2 }
    }

    #[test]
    fn equal_strings_share_alike_and_unequal_ones_by_resistance() {
        let mut strings = vec![string(&[1.0; 2], 1.0, 0.6), string(&[1.0; 2], 1.0, 0.6)];
        let shared = bus(800.0).step(&mut strings, &[0, 1]);
        assert!((shared.given_w - 800.0).abs() < 0.2 && shared.off == 0 && shared.circulated_w == 0.0);
        assert!((strings[0].soc[0] - strings[1].soc[0]).abs() < 1e-4);
        let mut strings = vec![string(&[1.0; 2], 1.0, 0.6), string(&[1.0; 2], 3.0, 0.6)];
        bus(800.0).step(&mut strings, &[0, 1]);
        assert!(strings[0].soc[0] < strings[1].soc[0] - 0.01);
    }

    #[test]
    fn a_string_far_off_waits_until_the_bus_meets_it() {
        // Fixture's plateau: 3.2 V at 0.1 to 3.3 V at 0.5. Sixteen cells: 1.2 V apart, far more than the limit allows.
        let mut strings = vec![string(&[1.0; 2], 1.0, 0.6), string(&[1.0; 2], 1.0, 0.2)];
        let shared = bus(400.0).step(&mut strings, &[1, 0]);
        assert_eq!((shared.off, strings[1].soc[0] > 0.199), (1, true));
        let shared = bus(-400.0).step(&mut strings, &[1, 0]);
        assert!(shared.off == 1 && strings[1].soc[0] > 0.2 && strings[0].soc[0] < 0.6);
        let mut met = false;
        for _ in 0..10 {
            met |= bus(400.0).step(&mut strings, &[1, 0]).off == 0;
        }
        assert!(met);
    }

    #[test]
    fn capability_is_the_sum_for_equal_strings_and_less_for_unequal_ones() {
        let alone = string(&[1.0; 2], 1.0, 0.5).power_capability_w(0.5, 288.15);
        let equal = [string(&[1.0; 2], 1.0, 0.5), string(&[1.0; 2], 1.0, 0.5)];
        assert!((power_capability_w(&equal, 0.5, 288.15) / (2.0 * alone) - 1.0).abs() < 1e-6);
        let mixed = [string(&[1.0; 2], 1.0, 0.5), string(&[1.0; 2], 2.0, 0.5)];
        let apart: f64 = mixed.iter().map(|s| s.power_capability_w(0.5, 288.15)).sum();
        let joined = power_capability_w(&mixed, 0.5, 288.15);
        assert!(joined < 0.95 * apart && joined > alone, "{joined} of {apart}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// What flows on the bus is what the strings' books say, never against the wish, and every book closes.
        #[test]
        fn bus_and_books_agree(
            strings in prop::collection::vec((0.6..1.0f64, 1.0..2.5f64, 0.15..0.85f64), 2..5),
            wishes in prop::collection::vec(-2500.0..2500.0f64, 1..40),
            c_max in 0.01..1.0f64,
        ) {
            let mut strings: Vec<_> = strings.iter().map(|&(q, r, s)| string(&[q, 1.0], r, s)).collect();
            let before: Vec<f64> = strings.iter().map(ModuleString::stored_j).collect();
            let order: Vec<usize> = (0..strings.len()).collect();
            let terminals = |s: &[ModuleString]| s.iter().map(|s| s.ledger().terminal_j).sum::<f64>();
            for (k, wish) in wishes.into_iter().enumerate() {
                let wish = if k % 5 == 4 { 0.0 } else { wish };
                let at = terminals(&strings);
                let shared = Bus { circulating_c_max: c_max, ..bus(wish) }.step(&mut strings, &order);
                let moved = (terminals(&strings) - at) / 3600.0;
                prop_assert!((moved - shared.given_w).abs() < 1e-6 * (1.0 + moved.abs()));
                let slack = 2e-4 * wish.abs() + 2e-3 * shared.circulated_w + 1e-9;
                prop_assert!(shared.given_w >= wish.min(0.0) - slack && shared.given_w <= wish.max(0.0) + slack);
            }
            for (s, before) in strings.iter().zip(before) {
                prop_assert!(s.ledger().error(before, s.stored_j()) < 1e-9);
            }
        }
    }
}
