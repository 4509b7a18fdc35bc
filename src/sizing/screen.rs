//! The fast balance: load, array and grid of a year against a battery that is a bucket with losses.
//!
//! It rates every design of the lists. What the bucket holds in the first and in the last year comes from designs that were
//! simulated in full ([`super::fade`]).

use super::result::Design;
use crate::duty::ConverterSpec;

/// Load, sun and grid, hour by hour.
#[derive(Clone, Debug, Default)]
pub struct Hours {
    /// Demand \[kW\].
    pub load_kw: Vec<f32>,
    /// Power of the array on the DC bus over its peak power when new.
    pub pv_per_kw: Vec<f32>,
    /// What the grid gives of the load \[kW AC\]; empty where there is none.
    pub grid_kw: Vec<f32>,
    /// What a charger from the grid can give to the DC bus \[kW DC\]; empty where there is none.
    pub socket_kw: Vec<f32>,
}

/// Fuel and least load of a genset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Engine {
    /// Fuel at no load over rating \[L/h per kW\].
    pub no_load_l_per_kwh: f64,
    /// Fuel over power \[L/kWh\].
    pub slope_l_per_kwh: f64,
    /// Least load over rating.
    pub least_load_share: f64,
}

/// What stands around the battery, sizes apart.
#[derive(Clone, Debug)]
pub struct Plant {
    /// Inverter.
    pub inverter: ConverterSpec,
    /// Whether the load hangs on the DC bus and needs no inverter.
    pub dc_load: bool,
    /// What the inverter draws in hours without load \[kW\].
    pub idle_kw: f64,
    /// Constant draw of the battery's electronics \[kW\].
    pub electronics_kw: f64,
    /// Genset, where there can be one.
    pub genset: Option<Engine>,
    /// How a grid is used, where there is one.
    pub supply: SupplyRule,
}

/// How a grid is used; shares are of the usable energy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SupplyRule {
    /// Whether array and battery serve before it; it then charges no further than the reserve.
    pub array_first: bool,
    /// Share below which the battery is not discharged while it is there.
    pub reserve: f64,
    /// Share up to which it charges.
    pub target: f64,
}

impl SupplyRule {
    /// The grid carries the load and fills the battery.
    pub const FILLS: SupplyRule = SupplyRule { array_first: false, reserve: 0.0, target: 1.0 };
}

/// The battery as a bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// Energy inside the SoC window \[kWh\].
    pub usable_kwh: f64,
    /// What of it is there on the first day \[kWh\].
    pub start_kwh: f64,
    /// Efficiency from bus to bus, charged half on the way in and half on the way out.
    pub efficiency: f64,
    /// Highest power either way \[kW\].
    pub power_kw: f64,
}

/// What a year came to \[kWh\].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Balance {
    /// Demand.
    pub demand: f64,
    /// Unserved demand.
    pub unmet: f64,
    /// Battery to bus.
    pub discharge: f64,
    /// From the grid.
    pub grid: f64,
    /// Fuel \[L\].
    pub fuel_l: f64,
    /// Time that the genset ran \[h\].
    pub genset_hours: f64,
    /// Relative error of the bucket's own books.
    pub error: f64,
}

impl Balance {
    /// Loss of power supply probability.
    pub fn lpsp(&self) -> f64 {
        if self.demand > 0.0 { self.unmet / self.demand } else { 0.0 }
    }
}

/// Efficiency from the grid to the DC bus, for the books alone.
const CHARGER_EFFICIENCY: f64 = 0.93;

impl Plant {
    /// What an inverter carries of a load, and what is drawn from the DC bus for it, electronics included \[kW\].
    #[inline]
    pub(super) fn need(&self, load_kw: f64, rating_kw: f64) -> (f64, f64) {
        let carried = if self.dc_load { load_kw } else { load_kw.min(rating_kw) };
        let drawn = match carried {
            _ if self.dc_load => carried,
            kw if kw > 0.0 => self.inverter.dc_for(kw, rating_kw),
            _ => self.idle_kw,
        };
        (carried, drawn + self.electronics_kw)
    }

    /// An hour with supply in which array and battery go first: what the battery holds after it, what it gave and took,
    /// what came from the grid, and what was unserved.
    fn array_first(&self, load: f64, bus: f64, grid_kw: f64, design: &Design, held: f64, bucket: &Bucket) -> Hour {
        let one_way = bucket.efficiency.sqrt();
        let (carried, need) = self.need(load, design.inverter_kw);
        let above = (held - self.supply.reserve * bucket.usable_kwh).max(0.0);
        let there = (above * one_way).min(bucket.power_kw);
        let room = ((bucket.usable_kwh - held) / one_way).min(bucket.power_kw).max(0.0);
        let (taken, given) = ((bus - need).clamp(0.0, room), (need - bus).clamp(0.0, there));
        let served = if need <= bus + there * (1.0 + 1e-12) {
            carried
        } else {
            let left = (bus + there - self.electronics_kw).max(0.0);
            (if self.dc_load { left } else { self.inverter.ac_from(left, design.inverter_kw) }).min(carried)
        };
        let grid = (load - served).min(grid_kw);
        Hour { taken, given, grid, unmet: (load - served - grid).max(0.0) }
    }

    /// Strikes the balance of a year. The grid serves first, unless the rule is that array and battery do; then array,
    /// socket, battery and genset; the genset carries the load alone while the battery cannot, and what it has left charges.
    pub fn year(&self, hours: &Hours, design: &Design, bucket: &Bucket) -> Balance {
        let rating = design.inverter_kw;
        let one_way = bucket.efficiency.sqrt();
        let mut held = bucket.start_kwh.min(bucket.usable_kwh);
        let mut b = Balance::default();
        let (mut charged, start) = (0.0, held);
        let genset = self.genset.as_ref().filter(|_| design.genset_kw > 0.0);
        for (hour, (&load, &sun)) in hours.load_kw.iter().zip(&hours.pv_per_kw).enumerate() {
            let load = f64::from(load);
            b.demand += load;
            let supply_kw = hours.grid_kw.get(hour).map_or(0.0, |&kw| f64::from(kw));
            let low = held < self.supply.reserve * bucket.usable_kwh * (1.0 - 1e-9);
            if self.supply.array_first && supply_kw > 0.0 && !low {
                let bus = f64::from(sun) * design.pv_kw;
                let flow = self.array_first(load, bus, supply_kw, design, held, bucket);
                held = (held + flow.taken * one_way - flow.given / one_way).clamp(0.0, bucket.usable_kwh);
                charged += flow.taken;
                b.discharge += flow.given;
                b.grid += flow.grid;
                b.unmet += flow.unmet;
                continue;
            }
            let from_grid = hours.grid_kw.get(hour).map_or(0.0, |&kw| f64::from(kw).min(load));
            b.grid += from_grid;
            let rest = load - from_grid;
            let (carried, need) = self.need(rest, rating);
            let bus = f64::from(sun) * design.pv_kw;
            // The socket gives what the array lacks, and charges; its charger's loss is the customary.
            let room = ((bucket.usable_kwh - held) / one_way).min(bucket.power_kw).max(0.0);
            let socket = hours.socket_kw.get(hour).map_or(0.0, |&kw| f64::from(kw));
            let top = if self.supply.array_first { self.supply.reserve } else { self.supply.target };
            let to_top = ((top * bucket.usable_kwh - held) / one_way).clamp(0.0, room);
            let from_socket = (need + to_top - bus).clamp(0.0, socket);
            b.grid += from_socket / CHARGER_EFFICIENCY;
            let bus = bus + from_socket;
            let there = (held * one_way).min(bucket.power_kw);
            let mut unmet = rest - carried;
            if need <= bus {
                let taken = (bus - need).min(room);
                held += taken * one_way;
                charged += taken;
            } else if need - bus <= there * (1.0 + 1e-12) {
                held -= (need - bus) / one_way;
                b.discharge += need - bus;
            } else if let Some(spec) = genset {
                let spare = (room - bus).max(0.0);
                let kw = (load + spare).min(design.genset_kw).max(spec.least_load_share * design.genset_kw);
                let served = rest.min(kw);
                unmet = rest - served;
                let taken = (bus + kw - served).min(room);
                held += taken * one_way;
                charged += taken;
                b.genset_hours += 1.0;
                b.fuel_l += spec.no_load_l_per_kwh * design.genset_kw + spec.slope_l_per_kwh * kw;
            } else {
                held -= there / one_way;
                b.discharge += there;
                let given = (bus + there - self.electronics_kw).max(0.0);
                let served = if self.dc_load { given } else { self.inverter.ac_from(given, rating) };
                unmet += (carried - served).max(0.0);
            }
            held = held.clamp(0.0, bucket.usable_kwh);
            b.unmet += unmet;
        }
        let gap = start + charged * one_way - b.discharge / one_way - held;
        b.error = gap.abs() / (charged + b.discharge + bucket.usable_kwh).max(1e-9);
        b
    }
}

/// What an hour came to \[kW\].
struct Hour {
    taken: f64,
    given: f64,
    grid: f64,
    unmet: f64,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::sizing::Renewal;
    use proptest::prelude::*;

    pub fn plant() -> Plant {
        let inverter: ConverterSpec =
            toml::from_str("p0 = 0.0072\nk = 0.0345\nstandby_w = 8.0\nmppt_efficiency = 0.97").unwrap();
        Plant {
            inverter,
            dc_load: false,
            idle_kw: 0.008,
            electronics_kw: 0.002,
            genset: None,
            supply: SupplyRule::FILLS,
        }
    }

    pub fn design(pv_kw: f64, strings: u32, inverter_kw: f64) -> Design {
        Design { pv_kw, strings, modules: 4 * strings, grade: 0, inverter_kw, genset_kw: 0.0, renewal: Renewal::None }
    }

    /// Six hours of sun, load by night.
    fn days(n: usize) -> Hours {
        let sun = |h: usize| if (9..15).contains(&(h % 24)) { 0.7 } else { 0.0 };
        let load = |h: usize| if h % 24 >= 18 { 0.4 } else { 0.05 };
        Hours {
            load_kw: (0..24 * n).map(load).collect(),
            pv_per_kw: (0..24 * n).map(sun).collect(),
            ..Hours::default()
        }
    }

    #[test]
    fn an_empty_bucket_serves_only_by_day() {
        let none = Bucket { usable_kwh: 0.0, start_kwh: 0.0, efficiency: 0.95, power_kw: 9.0 };
        let b = plant().year(&days(10), &design(2.0, 1, 1.0), &none);
        // Six of 24 hours have sun and little load: all of their load is served.
        let served = 10.0 * 6.0 * 0.05;
        assert!((b.demand - b.unmet - served).abs() < 1e-4 && b.error < 1e-9);
        let large = Bucket { usable_kwh: 50.0, start_kwh: 25.0, ..none };
        assert_eq!(plant().year(&days(10), &design(2.0, 1, 1.0), &large).unmet, 0.0);
    }

    #[test]
    fn a_small_inverter_cuts_power_and_a_dc_load_needs_none() {
        let large = Bucket { usable_kwh: 50.0, start_kwh: 25.0, efficiency: 0.95, power_kw: 9.0 };
        let b = plant().year(&days(10), &design(2.0, 1, 0.3), &large);
        assert!((b.unmet - 10.0 * 6.0 * 0.1).abs() < 1e-4, "{}", b.unmet);
        let dc = Plant { dc_load: true, ..plant() };
        assert_eq!(dc.year(&days(10), &design(2.0, 1, 0.3), &large).unmet, 0.0);
    }

    #[test]
    fn with_the_array_first_the_grid_fills_no_more_than_the_reserve() {
        let bucket = Bucket { usable_kwh: 4.0, start_kwh: 2.0, efficiency: 1.0, power_kw: 9.0 };
        // Supply by day alone, a load by night, no array: the reserve of a quarter is all that the night gets.
        let supply = |h: usize| if (6..18).contains(&(h % 24)) { 9.0 } else { 0.0 };
        let hours =
            Hours { grid_kw: (0..240).map(supply).collect(), socket_kw: (0..240).map(supply).collect(), ..days(10) };
        let rule = |array_first| SupplyRule { array_first, reserve: 0.25, target: 1.0 };
        let dc = |array_first| Plant { dc_load: true, electronics_kw: 0.0, supply: rule(array_first), ..plant() };
        let (ours, fills) = (design(0.0, 1, 1.0), design(0.0, 1, 1.0));
        let b = dc(true).year(&hours, &ours, &bucket);
        // A night takes 6 x 0.4 and 6 x 0.05 kWh; the first has 2 kWh, each later one 1 kWh.
        let night = 6.0 * 0.4 + 6.0 * 0.05;
        assert!((b.unmet - (10.0 * night - 1.7 - 9.0)).abs() < 0.5 && b.error < 1e-9, "{}", b.unmet);
        assert!(dc(false).year(&hours, &fills, &bucket).unmet < 1e-4);
    }

    #[test]
    fn grid_and_genset_serve_what_is_left() {
        let none = Bucket { usable_kwh: 0.5, start_kwh: 0.25, efficiency: 0.95, power_kw: 9.0 };
        let hours = Hours { grid_kw: vec![9.0; 240], ..days(10) };
        let b = plant().year(&hours, &design(0.0, 1, 1.0), &none);
        assert!(b.unmet < 1e-9 && (b.grid - b.demand).abs() < 1e-9);
        let genset = Engine { no_load_l_per_kwh: 0.08, slope_l_per_kwh: 0.25, least_load_share: 0.3 };
        let with = Plant { genset: Some(genset), ..plant() };
        let b = with.year(&days(10), &Design { genset_kw: 1.0, ..design(0.0, 1, 1.0) }, &none);
        assert!(b.unmet < 1e-9 && b.fuel_l > 0.0 && b.genset_hours > 0.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// More array, more battery or a better one never leaves more unserved, and the bucket's books close.
        #[test]
        fn more_is_never_worse(pv in 0.1..3.0f64, kwh in 0.1..8.0f64, more_pv in 1.0..2.0f64, more_kwh in 1.0..2.0f64) {
            let p = plant();
            let bucket = Bucket { usable_kwh: kwh, start_kwh: 0.05, efficiency: 0.93, power_kw: 9.0 };
            let year = |pv: f64, kwh: f64| p.year(&days(20), &design(pv, 1, 1.0), &Bucket { usable_kwh: kwh, ..bucket });
            let base = year(pv, kwh);
            prop_assert!(base.error < 1e-9);
            prop_assert!(year(pv * more_pv, kwh).unmet <= base.unmet + 1e-9);
            prop_assert!(year(pv, kwh * more_kwh).unmet <= base.unmet + 1e-9);
        }
    }
}
