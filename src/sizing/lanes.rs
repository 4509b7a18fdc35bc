//! The fast balance of designs side by side: those of one inverter meet the same hours, hour after hour, each in a lane of its
//! own. The rules are those of [`Plant::year`], which strikes the balance where grid, socket or genset come in.

use super::result::Design;
use super::screen::{Balance, Bucket, Hours, Plant};
use multiversion::multiversion;

/// Designs that are struck together.
pub(super) const LANES: usize = 8;
type Lanes = [f64; LANES];

/// Share of what a battery can give by which it may fall short and count as enough.
const ROUNDING: f64 = 1e-12;

/// An hour as all designs of an inverter see it.
#[derive(Clone, Copy)]
struct Hour {
    /// Drawn from the DC bus by load, inverter and electronics \[kW\].
    need_kw: f64,
    /// Load that the inverter carries \[kW\].
    carried_kw: f64,
    /// Power of the array on the bus over its peak.
    pv_per_kw: f64,
}

/// A year as all designs of an inverter see it.
pub(super) struct Drawn {
    hours: Vec<Hour>,
    rating_kw: f64,
    /// Demand, and what of it is above the rating \[kWh\].
    demand_kwh: f64,
    above_kwh: f64,
}

/// Batteries and arrays on their way through a year.
struct Row {
    pv_kw: Lanes,
    usable: Lanes,
    power: Lanes,
    one_way: Lanes,
    inverse: Lanes,
    held: Lanes,
    charged: Lanes,
    discharged: Lanes,
    unmet: Lanes,
}

#[inline(always)]
fn least(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

#[inline(always)]
fn most(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

impl Plant {
    /// A year as designs of an inverter see it; none where there is a grid or a socket.
    pub(super) fn drawn(&self, hours: &Hours, rating_kw: f64) -> Option<Drawn> {
        if !hours.grid_kw.is_empty() || !hours.socket_kw.is_empty() {
            return None;
        }
        let mut drawn =
            Drawn { hours: Vec::with_capacity(hours.load_kw.len()), rating_kw, demand_kwh: 0.0, above_kwh: 0.0 };
        for (&load, &sun) in hours.load_kw.iter().zip(&hours.pv_per_kw) {
            let load = f64::from(load);
            let (carried_kw, need_kw) = self.need(load, rating_kw);
            drawn.demand_kwh += load;
            drawn.above_kwh += load - carried_kw;
            drawn.hours.push(Hour { need_kw, carried_kw, pv_per_kw: f64::from(sun) });
        }
        Some(drawn)
    }

    /// The year of some designs of one inverter, at most a row of them.
    pub(super) fn years(&self, drawn: Option<&Drawn>, hours: &Hours, sized: &[(&Design, Bucket)]) -> Vec<Balance> {
        let genset = |design: &Design| self.genset.is_some() && design.genset_kw > 0.0;
        let Some(drawn) = drawn.filter(|_| sized.len() <= LANES && !sized.iter().any(|(design, _)| genset(design)))
        else {
            return sized.iter().map(|(design, bucket)| self.year(hours, design, bucket)).collect();
        };
        // Lanes without a design go along with the first one's numbers.
        let of = |f: &dyn Fn(&Design, &Bucket) -> f64| -> Lanes {
            std::array::from_fn(|k| sized.get(k).or(sized.first()).map_or(0.0, |(design, bucket)| f(design, bucket)))
        };
        let held = of(&|_, b| b.start_kwh.min(b.usable_kwh));
        let mut row = Row {
            pv_kw: of(&|d, _| d.pv_kw),
            usable: of(&|_, b| b.usable_kwh),
            power: of(&|_, b| b.power_kw),
            one_way: of(&|_, b| b.efficiency.sqrt()),
            inverse: of(&|_, b| 1.0 / b.efficiency.sqrt()),
            held,
            charged: [0.0; LANES],
            discharged: [0.0; LANES],
            unmet: [drawn.above_kwh; LANES],
        };
        pass(&mut row, drawn, self);
        let balance = |k: usize| {
            let gap = held[k] + row.charged[k] * row.one_way[k] - row.discharged[k] * row.inverse[k] - row.held[k];
            Balance {
                demand: drawn.demand_kwh,
                unmet: row.unmet[k],
                discharge: row.discharged[k],
                error: gap.abs() / (row.charged[k] + row.discharged[k] + row.usable[k]).max(1e-9),
                ..Balance::default()
            }
        };
        (0..sized.len()).map(balance).collect()
    }
}

/// Takes a row through the hours.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd", "x86_64+avx2"))]
fn pass(row: &mut Row, drawn: &Drawn, plant: &Plant) {
    for hour in &drawn.hours {
        let (mut given, mut short) = ([0.0; LANES], [0.0; LANES]);
        for k in 0..LANES {
            let net = hour.pv_per_kw * row.pv_kw[k] - hour.need_kw;
            let room = least((row.usable[k] - row.held[k]) * row.inverse[k], row.power[k]);
            let there = least(row.held[k] * row.one_way[k], row.power[k]);
            let taken = most(least(net, room), 0.0);
            let asked = most(-net, 0.0);
            given[k] = least(asked, there);
            short[k] = asked - there * (1.0 + ROUNDING);
            let held = row.held[k] + taken * row.one_way[k] - given[k] * row.inverse[k];
            row.held[k] = least(most(held, 0.0), row.usable[k]);
            row.charged[k] += taken;
            row.discharged[k] += given[k];
        }
        if short.iter().any(|kw| *kw > 0.0) {
            for k in 0..LANES {
                if short[k] > 0.0 {
                    let left = most(hour.pv_per_kw * row.pv_kw[k] + given[k] - plant.electronics_kw, 0.0);
                    let served = if plant.dc_load { left } else { plant.inverter.ac_from(left, drawn.rating_kw) };
                    row.unmet[k] += most(hour.carried_kw - served, 0.0);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::screen::tests::{design, plant};
    use super::*;
    use proptest::prelude::*;

    fn hours(seed: u64) -> Hours {
        let noise = |h: u64| ((h.wrapping_mul(6364136223846793005).wrapping_add(seed) >> 33) % 1000) as f32 * 1e-3;
        let sun = |h: u64| if (8..16).contains(&(h % 24)) { 0.9 * noise(h) } else { 0.0 };
        Hours {
            load_kw: (0..2400).map(|h| if h % 7 == 0 { 0.0 } else { 0.6 * noise(h + 5000) }).collect(),
            pv_per_kw: (0..2400).map(sun).collect(),
            ..Hours::default()
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Side by side is as one by one.
        #[test]
        fn rows_are_single_balances(
            sizes in proptest::collection::vec((0.0..4.0f64, 0.0..6.0f64, 0.7..1.0f64, 0.1..2.0f64), 1..=LANES),
            seed in 0u64..1000, dc_load in any::<bool>(),
        ) {
            let (plant, hours) = (Plant { dc_load, ..plant() }, hours(seed));
            let designs: Vec<Design> = sizes.iter().map(|s| design(s.0, 1, 0.4)).collect();
            let bucket = |s: &(f64, f64, f64, f64)| {
                Bucket { usable_kwh: s.1, start_kwh: 0.5 * s.1, efficiency: s.2, power_kw: s.3 }
            };
            let sized: Vec<(&Design, Bucket)> = designs.iter().zip(sizes.iter().map(bucket)).collect();
            let drawn = plant.drawn(&hours, 0.4);
            prop_assert!(drawn.is_some());
            for (balance, (design, bucket)) in plant.years(drawn.as_ref(), &hours, &sized).iter().zip(&sized) {
                let one = plant.year(&hours, design, bucket);
                let close = |a: f64, b: f64| (a - b).abs() < 1e-8;
                prop_assert!(close(balance.demand, one.demand) && close(balance.unmet, one.unmet));
                prop_assert!(close(balance.discharge, one.discharge) && balance.error < 1e-9, "{balance:?} {one:?}");
            }
        }
    }
}
