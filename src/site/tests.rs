//! The rules of a step and the books of a run, with a battery that is a box of energy.

use super::dispatch::{Flows, Step};
use super::plan::Strategy as Running;
use super::*;
use crate::duty::{ConverterSpec, GensetSpec, GridSpec, LoadBus, LoadModel, LoadSpec, ProfileSpec};
use crate::pack::Environment;
use crate::weather::WeatherYear;
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

const PLACE: Place = Place { ambient_offset_k: 0.0, ambient_swing_share: 1.0, time_constant_h: 6.0 };
const NOTTON_2: ConverterSpec =
    ConverterSpec { p0: 0.0072, k1: 0.0, k: 0.0345, standby_w: 10.0, mppt_efficiency: 0.97 };

/// A box of energy between a tenth and all of its capacity, 0.96 each way, half its capacity an hour.
#[derive(Clone, Debug)]
struct Box {
    capacity_kwh: f64,
    energy_kwh: f64,
}

impl Box {
    fn new(capacity_kwh: f64, soc: f64) -> Self {
        Box { capacity_kwh, energy_kwh: soc * capacity_kwh }
    }
}

impl Storage for Box {
    fn discharge(&mut self, wish_kw: f64, soc_low: f64, hours: f64, _: &Environment) -> Given {
        let left = (self.energy_kwh - soc_low * self.capacity_kwh).max(0.0) * 0.96 / hours;
        let most = 0.5 * self.capacity_kwh;
        let kw = wish_kw.min(left).min(most);
        self.energy_kwh -= kw * hours / 0.96;
        let why = if left < most { Shortage::Energy } else { Shortage::Power };
        Given { kw, short: if kw < wish_kw { why } else { Shortage::None } }
    }

    fn charge(&mut self, offer_kw: f64, soc_high: f64, hours: f64, _: &Environment) -> Given {
        let room = self.room_kw(soc_high, hours);
        let kw = offer_kw.min(room);
        self.energy_kwh += kw * hours * 0.96;
        let why = if room < 0.5 * self.capacity_kwh { Shortage::Energy } else { Shortage::Power };
        Given { kw: -kw, short: if kw < offer_kw { why } else { Shortage::None } }
    }

    fn room_kw(&self, soc_high: f64, hours: f64) -> f64 {
        let room = (soc_high * self.capacity_kwh - self.energy_kwh).max(0.0) / (0.96 * hours);
        room.min(0.5 * self.capacity_kwh)
    }

    fn soc_window(&self) -> [f64; 2] {
        [0.1, 1.0]
    }

    fn soc(&self) -> f64 {
        self.energy_kwh / self.capacity_kwh
    }

    fn temperature_c(&self) -> f64 {
        25.0
    }

    fn end_day(&mut self) {}
}

fn converter(spec: ConverterSpec, rating_kw: f64) -> Converter {
    Converter { spec, rating_kw }
}

/// A site of ideal parts: no losses, no limits that matter, nothing but an array.
fn plan() -> SitePlan {
    SitePlan {
        bus: LoadBus::Ac,
        regulates: false,
        load_factor: 1.0,
        array: Array { peak_kw: 1.0, fade_per_year: 0.0, coupling: Coupling::Dc { efficiency: 1.0 } },
        inverter: converter(ConverterSpec::constant(1.0), 100.0),
        idle_kw: 0.0,
        charger: converter(ConverterSpec::constant(0.92), 100.0),
        electronics_kw: 0.0,
        recharge: None,
        grid: None,
        genset: None,
        place: PLACE,
        steps_per_hour: 1,
    }
}

fn grid() -> GridPlan {
    let supply = GridSpec::default();
    GridPlan { supply, limit_kw: 1e6, charge_kw: 0.8, soc_target: 1.0, reserve_soc: 0.0, priority: Priority::Grid }
}

fn genset() -> GensetPlan {
    let spec = GensetSpec {
        title: "t".into(),
        fuel_no_load_l_per_kwh: 0.08,
        fuel_slope_l_per_kwh: 0.25,
        least_load_share: 0.3,
    };
    let strategy = Running::CycleCharging;
    GensetPlan { spec, rating_kw: 3.0, strategy, start_soc: 0.2, stop_soc: 0.8, battery_assists: false }
}

fn step<'a>(plan: &'a SitePlan, demand_kw: &'a [f64], array_kw: f64, supply: bool) -> Step<'a> {
    let env = PLACE.environment(25.0, 25.0);
    Step { plan, demand_kw, array_kw, hours: 1.0, env, hour: 12, supply, electronics_kw: plan.electronics_kw }
}

/// A load and an array that rise and fall with the day, and from day to day.
fn series(hours: usize) -> impl Iterator<Item = (f64, f64)> {
    (0..hours).map(|h| {
        let (of_day, day) = ((h % 24) as f64, (h / 24) as f64);
        let sun = (std::f64::consts::PI * (of_day - 6.0) / 12.0).sin().max(0.0) * (0.6 + 0.4 * (0.7 * day).sin());
        let load = 0.9 + 0.5 * (std::f64::consts::PI * (of_day - 19.0) / 12.0).cos() + 0.2 * (1.3 * day).cos();
        (load, sun)
    })
}

/// The balance of a genset that charges in cycles, written out on its own.
#[test]
fn cycle_charging_is_the_plain_balance() {
    let plan = SitePlan { genset: Some(genset()), ..plan() };
    let (capacity, peak, rating) = (10.0, 4.0, 3.0_f64);
    let mut battery = Box::new(capacity, 1.0);
    let (mut e, mut on, mut is_on) = (capacity, false, false);
    let (mut plain, mut ours) = ([0.0; 4], [0.0; 4]);
    for (load, sun) in series(24 * 60) {
        let p = peak * sun;
        if on {
            let room = (0.5 * capacity).min((capacity - e).max(0.0) / 0.96);
            let gives = rating.min(load + (room - p).max(0.0) / 0.92).max(0.3 * rating);
            let served = load.min(gives);
            let bus = p + (gives - served) * 0.92;
            let c = bus.min(room);
            e += 0.96 * c;
            plain[0] += load - served;
            plain[1] += bus - c;
            plain[2] += 0.08 * rating + 0.25 * gives;
            plain[3] += 1.0;
        } else if p >= load {
            let c = (p - load).min(0.5 * capacity).min((capacity - e).max(0.0) / 0.96);
            e += 0.96 * c;
            plain[1] += p - load - c;
        } else {
            let d = (load - p).min(0.5 * capacity).min((e - 0.1 * capacity).max(0.0) * 0.96);
            e -= d / 0.96;
            plain[0] += load - p - d;
        }
        on = if on { e < 0.8 * capacity } else { e < 0.2 * capacity };

        let demand = [load];
        let step = step(&plan, &demand, p, false);
        let flows = step.run(&mut battery, is_on);
        ours[0] += flows.unmet_kw();
        ours[1] += flows.array - flows.array_used + flows.dumped;
        if is_on {
            ours[2] += genset().spec.fuel_l_per_h(flows.genset, rating);
            ours[3] += 1.0;
        }
        is_on = step.genset_after(&battery, &flows, is_on);
        assert!((battery.energy_kwh - e).abs() < 1e-9, "{} against {e}", battery.energy_kwh);
    }
    assert!(plain[3] > 20.0);
    for (a, b) in plain.iter().zip(ours) {
        assert!((a - b).abs() < 1e-6, "{plain:?} against {ours:?}");
    }
}

/// The balance of a home on a weak grid, written out on its own.
#[test]
fn a_weak_grid_is_the_plain_balance() {
    let inverter = converter(ConverterSpec::constant(0.92), 100.0);
    let plan = SitePlan { grid: Some(grid()), inverter, ..plan() };
    let capacity = 5.0;
    let mut battery = Box::new(capacity, 1.0);
    let (mut e, mut plain, mut ours) = (capacity, [0.0; 3], [0.0; 3]);
    for (h, (load, sun)) in series(24 * 60).enumerate() {
        let (p, up) = (0.8 * sun, (h * 7) % 17 < 9);
        let room = (0.5 * capacity).min((capacity - e).max(0.0) / 0.96);
        if up {
            let from_pv = p.min(room);
            let from_grid = (0.8_f64 * 0.92).min(room - from_pv);
            e += (from_pv + from_grid) * 0.96;
            plain[0] += load + from_grid / 0.92;
            plain[1] += p - from_pv;
        } else {
            let need = load / 0.92;
            if p >= need {
                let c = (p - need).min(room);
                e += 0.96 * c;
                plain[1] += p - need - c;
            } else {
                let d = (need - p).min(0.5 * capacity).min((e - 0.1 * capacity).max(0.0) * 0.96);
                e -= d / 0.96;
                plain[2] += (need - p - d) * 0.92;
            }
        }
        let demand = [load];
        let flows = step(&plan, &demand, p, up).run(&mut battery, false);
        ours[0] += flows.grid;
        ours[1] += flows.array - flows.array_used;
        ours[2] += flows.unmet_kw();
        assert!((battery.energy_kwh - e).abs() < 1e-9, "hour {h}: {} against {e}", battery.energy_kwh);
    }
    assert!(plain[2] > 1.0);
    for (a, b) in plain.iter().zip(ours) {
        assert!((a - b).abs() < 1e-6, "{plain:?} against {ours:?}");
    }
}

/// A cap on the import is carried by the battery until it is empty; what is above is unserved for want of energy.
#[test]
fn the_battery_shaves_what_is_above_the_cap() {
    let cap = GridPlan { limit_kw: 1.0, charge_kw: 100.0, ..grid() };
    let plan = SitePlan { grid: Some(cap), charger: converter(ConverterSpec::constant(1.0), 100.0), ..plan() };
    let mut battery = Box::new(4.0, 1.0);
    let peak = step(&plan, &[2.5], 0.0, true).run(&mut battery, false);
    assert_eq!((peak.grid, peak.battery, peak.unmet_kw()), (1.0, 1.5, 0.0));
    let below = step(&plan, &[0.4], 0.0, true).run(&mut battery, false);
    assert!((below.grid - 1.0).abs() < 1e-12 && (below.battery + 0.6).abs() < 1e-12);
    for _ in 0..3 {
        step(&plan, &[2.5], 0.0, true).run(&mut battery, false);
    }
    let empty = step(&plan, &[2.5], 0.0, true).run(&mut battery, false);
    assert!((empty.unmet[0] - 1.5).abs() < 1e-9 && empty.unmet[1] == 0.0);
}

/// The reserve is for outages: with the grid there the battery stops at it, without it goes on.
#[test]
fn the_reserve_waits_for_an_outage() {
    let reserve = GridPlan { priority: Priority::Array, reserve_soc: 0.6, ..grid() };
    let plan = SitePlan { grid: Some(reserve), ..plan() };
    let mut battery = Box::new(10.0, 0.7);
    let first = step(&plan, &[2.0], 0.0, true).run(&mut battery, false);
    assert!((first.battery - 0.96).abs() < 1e-9 && (first.grid - 1.04).abs() < 1e-9 && first.unmet_kw() == 0.0);
    assert!((battery.soc() - 0.6).abs() < 1e-9);
    let out = step(&plan, &[2.0], 0.0, false).run(&mut battery, false);
    assert!((out.battery - 2.0).abs() < 1e-9 && out.grid == 0.0);
    // The grid is back and fills the reserve up, and not more.
    for _ in 0..6 {
        step(&plan, &[0.5], 0.0, true).run(&mut battery, false);
    }
    assert!((battery.soc() - 0.6).abs() < 2e-3, "{}", battery.soc());
}

#[test]
fn an_array_on_the_ac_bus_serves_before_it_charges() {
    let inverter = converter(ConverterSpec::constant(0.95), 10.0);
    let array = Array { peak_kw: 4.0, fade_per_year: 0.0, coupling: Coupling::Ac { inverter } };
    let plan = SitePlan { array, ..plan() };
    let mut battery = Box::new(10.0, 0.5);
    let flows = step(&plan, &[1.0], 4.0, false).run(&mut battery, false);
    // 4 kW at 0.95 are 3.8 kW: 1 kW to the load, 2.8 kW through the charger at 0.92.
    assert!((flows.battery + 2.8 * 0.92).abs() < 1e-9 && (flows.array_used - 4.0).abs() < 1e-9);
    assert!((flows.loss - (0.2 + 2.8 * 0.08)).abs() < 1e-9);
}

#[test]
fn a_load_on_the_dc_bus_needs_no_inverter() {
    let inverter = converter(ConverterSpec::constant(0.5), 0.1);
    let plan = SitePlan { bus: LoadBus::Dc, inverter, genset: Some(genset()), ..plan() };
    let mut battery = Box::new(10.0, 0.5);
    let flows = step(&plan, &[1.0], 0.0, false).run(&mut battery, false);
    assert_eq!((flows.battery, flows.served, flows.loss), (1.0, 1.0, 0.0));
    // On the genset it comes through the charger.
    let flows = step(&plan, &[1.0], 0.0, false).run(&mut battery, true);
    assert!((flows.genset - 3.0).abs() < 1e-9 && (flows.battery + 3.0 * 0.92 - 1.0).abs() < 1e-9);
}

#[test]
fn load_following_charges_with_what_the_least_load_forces() {
    let following = GensetPlan { strategy: Running::LoadFollowing, ..genset() };
    let plan = SitePlan { genset: Some(following), ..plan() };
    let mut battery = Box::new(10.0, 0.5);
    let flows = step(&plan, &[2.0], 0.0, false).run(&mut battery, true);
    assert_eq!((flows.genset, flows.battery, flows.least_load), (2.0, 0.0, false));
    let flows = step(&plan, &[0.5], 0.0, false).run(&mut battery, true);
    assert!((flows.genset - 0.9).abs() < 1e-9 && (flows.battery + 0.4 * 0.92).abs() < 1e-9);
    // A full battery takes nothing: it is dumped.
    let mut full = Box::new(10.0, 1.0);
    let flows = step(&plan, &[0.5], 0.0, false).run(&mut full, true);
    assert!((flows.dumped - 0.4 * 0.92).abs() < 1e-9 && flows.least_load);
    // Above its rating it is helped only where that is wanted.
    let over = step(&plan, &[3.5], 0.0, false).run(&mut battery, true);
    assert!((over.unmet[1] - 0.5).abs() < 1e-9);
    let assisted = GensetPlan { battery_assists: true, ..genset() };
    let plan = SitePlan { genset: Some(assisted), ..plan };
    let over = step(&plan, &[3.5], 0.0, false).run(&mut battery, true);
    assert!(over.unmet_kw() == 0.0 && (over.battery - 0.5).abs() < 1e-9);
}

#[test]
fn power_that_must_be_taken_is_pushed_into_the_battery() {
    let plan = SitePlan { grid: Some(grid()), ..plan() };
    let mut battery = Box::new(10.0, 0.9);
    let flows = step(&plan, &[-0.5], 0.0, true).run(&mut battery, false);
    assert!((flows.taken - 0.5).abs() < 1e-12 && (flows.battery + 0.46).abs() < 1e-12 && flows.grid == flows.taken);
    let flows = step(&plan, &[-2.0], 0.0, true).run(&mut battery, false);
    let room = (1.0 - 0.9 - 0.46 * 0.096) * 10.0 / 0.96;
    assert!((flows.battery + room).abs() < 1e-9);
    assert!((flows.unmet[0] - (2.0 - room / 0.92)).abs() < 1e-9);
}

#[test]
fn a_reserve_is_given_and_taken_and_filled_up_meanwhile() {
    let mut plan = plan();
    plan.regulates = true;
    plan.grid = Some(GridPlan { charge_kw: 2.0, soc_target: 0.5, ..grid() });
    let mut battery = Box::new(10.0, 0.4);
    // Asked for: the battery gives it, though the grid is there.
    let given = step(&plan, &[2.0], 0.0, true).run(&mut battery, false);
    assert!(given.battery >= 2.0 && given.grid == 0.0 && (given.served - 2.0).abs() < 1e-9, "{given:?}");
    // Offered: it is taken, and the grid fills up besides, but only what was offered counts as served.
    let taken = step(&plan, &[-1.0], 0.0, true).run(&mut battery, false);
    assert!((taken.battery + 3.0 * 0.92).abs() < 1e-12 && (taken.grid - 3.0).abs() < 1e-12, "{taken:?}");
    assert!(taken.served == 1.0 && taken.demand == 1.0 && taken.unmet_kw() == 0.0);
    // At its target nothing but the offer is taken.
    let mut full = Box::new(10.0, 0.6);
    let quiet = step(&plan, &[0.0], 0.0, true).run(&mut full, false);
    assert!(quiet.battery == 0.0 && quiet.grid == 0.0, "{quiet:?}");
}

fn weather() -> Vec<WeatherYear> {
    let flat = |x: f64| vec![x; 8760];
    vec![WeatherYear { temperature_c: flat(25.0), ghi_w_m2: flat(0.0), dni_w_m2: flat(0.0), dhi_w_m2: flat(0.0) }]
}

fn load(daily_kwh: f64, steps_per_hour: usize) -> LoadModel {
    let profile = ProfileSpec {
        daily_kwh,
        hour_weights: (0..24).map(|h| if h >= 18 { 3.0 } else { 1.0 }).collect(),
        month_weights: vec![1.0; 12],
        day_ln_sd: 0.2,
        hour_ln_sd: 0.2,
        ..ProfileSpec::default()
    };
    let spec = LoadSpec { title: "home".into(), profile: Some(profile), ..LoadSpec::default() };
    LoadModel::new(&spec, steps_per_hour, ChaCha8Rng::seed_from_u64(4)).unwrap()
}

/// A year of a home of 10 kWh a day and 3 kWp.
fn year(plan: SitePlan, battery: &mut Box) -> (SiteYear, f64, Vec<HourTrace>) {
    let weather = weather();
    let yields = vec![series(8760).map(|(_, sun)| sun).collect::<Vec<_>>()];
    let surroundings = Surroundings::new(&weather, 0, &mut ChaCha8Rng::seed_from_u64(1));
    let supply = plan
        .grid
        .as_ref()
        .map(|grid| crate::duty::Supply::new(&grid.supply, plan.steps_per_hour, ChaCha8Rng::seed_from_u64(2)).unwrap());
    let steps = plan.steps_per_hour;
    let mut run = Run::new(plan, surroundings, &yields, load(10.0, steps), supply, 0);
    run.trace_year(0);
    run.meet(battery);
    for _ in 0..365 {
        run.day(battery);
    }
    (run.years()[0].clone(), run.bus_error(), run.trace().to_vec())
}

fn home() -> SitePlan {
    SitePlan {
        array: Array { peak_kw: 2.2, fade_per_year: 0.0, coupling: Coupling::Dc { efficiency: 0.97 } },
        inverter: converter(NOTTON_2, 3.0),
        charger: converter(NOTTON_2, 3.0),
        idle_kw: 0.01,
        electronics_kw: 0.003,
        ..plan()
    }
}

#[test]
fn the_parts_of_a_year_add_up() {
    let mut battery = Box::new(6.0, 1.0);
    let (year, error, trace) = year(home(), &mut battery);
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-6 * b.abs().max(1.0), "{a} against {b}");
    assert!(error < 1e-9 && year.unmet_kwh > 1.0 && year.events > 1, "{year:?}");
    close(year.hours, 8760.0);
    close(year.unmet_energy_kwh + year.unmet_power_kwh + year.unmet_temperature_kwh, year.unmet_kwh);
    close(year.served_kwh + year.unmet_kwh, year.demand_kwh);
    close(year.by_month.iter().map(|m| m.demand_kwh).sum(), year.demand_kwh);
    close(year.by_month.iter().map(|m| m.discharge_kwh).sum(), year.discharge_kwh);
    close(year.by_hour.iter().map(|h| h.demand_kwh).sum(), year.demand_kwh);
    close(year.by_hour.iter().map(|h| h.unmet_kwh).sum(), year.unmet_kwh);
    close(year.dwell.hours.iter().flatten().sum(), 8760.0);
    assert!(year.longest_h >= 1.0 && year.longest_h <= year.unmet_hours);
    assert_eq!(trace.len(), 8760);
    close(trace.iter().map(|h| h.load_kw).sum(), year.demand_kwh);
    close(trace.iter().map(|h| h.unmet_kw).sum(), year.unmet_kwh);
    close(trace.iter().map(|h| h.pv_kw).sum(), year.pv_kwh);
    // Array and what the box gave: served, curtailed, lost.
    let stored =
        (year.charge_kwh - year.discharge_kwh) + year.served_kwh + year.curtailed_kwh + year.converter_loss_kwh;
    close(stored, year.pv_kwh);
}

/// Inputs that are constant inside the hour: the step below the hour changes nothing but the steps by night.
#[test]
fn the_step_does_not_move_the_unserved_share() {
    let lpsp =
        [1, 4, 60].map(|steps_per_hour| year(SitePlan { steps_per_hour, ..home() }, &mut Box::new(6.0, 1.0)).0.lpsp());
    assert!((lpsp[1] - lpsp[2]).abs() < 1e-9, "{lpsp:?}");
    assert!((lpsp[0] / lpsp[1] - 1.0).abs() < 0.01, "{lpsp:?}");
}

/// Half of a clear sky at steps of a minute: clouds share out each hour's energy over its minutes, and move nothing between
/// hours; a battery that is too slow for the peaks feels it.
#[test]
fn clouds_keep_the_hours_energy() {
    let weather = weather();
    let clear: Vec<f64> = series(8760).map(|(_, sun)| sun).collect();
    let yields = vec![clear.iter().map(|sun| 0.5 * sun).collect::<Vec<_>>()];
    let live = |cloudy: bool, steps_per_hour: usize| {
        let plan = SitePlan { steps_per_hour, ..home() };
        let surroundings = Surroundings::new(&weather, 0, &mut ChaCha8Rng::seed_from_u64(1));
        let clouds = cloudy.then(|| Clouds::new(&clear, ChaCha8Rng::seed_from_u64(3)));
        let mut run = Run::new(plan, surroundings, &yields, load(6.0, steps_per_hour), None, 0).with_clouds(clouds);
        let mut battery = Box::new(4.0, 1.0);
        run.trace_year(0);
        run.meet(&battery);
        (0..60).for_each(|_| run.day(&mut battery));
        assert!(run.bus_error() < 1e-9);
        (run.years()[0].clone(), run.trace().to_vec())
    };
    let ((calm, calm_hours), (cloudy, hours)) = (live(false, 60), live(true, 60));
    assert!((cloudy.pv_kwh / calm.pv_kwh - 1.0).abs() < 1e-9);
    assert!(hours.iter().zip(&calm_hours).all(|(a, b)| (a.pv_kw - b.pv_kw).abs() < 1e-9));
    assert!((cloudy.demand_kwh / calm.demand_kwh - 1.0).abs() < 1e-9);
    // More goes through the battery where the sun flickers about the load.
    assert!(cloudy.charge_kwh > 1.01 * calm.charge_kwh, "{} {}", cloudy.charge_kwh, calm.charge_kwh);
    // Steps of an hour do not see them.
    assert_eq!(live(true, 1).0, live(false, 1).0);
}

/// Every session is in the books, and what is served of its energy is what was demanded less the unserved.
#[test]
fn sessions_are_counted_by_year() {
    let cars = crate::duty::SessionSpec {
        per_day: 2.0,
        energy_kwh: 3.0,
        energy_shape: 4.0,
        power_kw: vec![2.0],
        power_share: vec![1.0],
        hour_weights: (0..24).map(|h| if (6..18).contains(&h) { 1.0 } else { 0.0 }).collect(),
        sockets: None,
        overlap: crate::duty::Overlap::Lost,
        limit_kw: None,
    };
    let spec = LoadSpec { title: "cars".into(), sessions: Some(cars), ..LoadSpec::default() };
    let model = || LoadModel::new(&spec, 4, ChaCha8Rng::seed_from_u64(4)).unwrap();
    let weather = weather();
    let yields = vec![series(8760).map(|(_, sun)| sun).collect::<Vec<_>>()];
    let surroundings = Surroundings::new(&weather, 0, &mut ChaCha8Rng::seed_from_u64(1));
    let plan = SitePlan { steps_per_hour: 4, load_factor: 0.5, ..home() };
    let mut run = Run::new(plan, surroundings, &yields, model(), None, 0);
    let mut battery = Box::new(6.0, 1.0);
    (0..500).for_each(|_| run.day(&mut battery));
    let (mut alone, mut kw, mut cars_of_first) = (model(), vec![0.0; 96], 0);
    for day in 0..500 {
        alone.next_day(day, &mut kw);
        if day == 364 {
            cars_of_first = alone.sessions().unwrap().cars;
        }
    }
    let (tally, years) = (alone.sessions().unwrap(), run.years());
    assert_eq!([years[0].sessions, years[1].sessions], [cars_of_first, tally.cars - cars_of_first]);
    let wanted: f64 = years.iter().map(|y| y.sessions_kwh).sum();
    assert!((wanted - 0.5 * tally.wanted_kwh).abs() < 1e-9 * wanted);
    // Sessions end inside their day here, so that all of their energy was asked for.
    let asked: f64 = years.iter().map(|y| y.demand_kwh).sum();
    assert!((asked / wanted - 1.0).abs() < 1e-9, "{asked} {wanted}");
    assert_eq!(years[0].sessions_left_kwh, 0.0);
    // Loads of other kinds have none.
    assert_eq!(year(home(), &mut Box::new(6.0, 1.0)).0.sessions, 0);
}

#[test]
fn outages_are_those_of_the_supply() {
    let law = |mean_h| Some(crate::duty::DurationSpec { mean_h: Some(mean_h), ..Default::default() });
    let supply = GridSpec { title: "weak".into(), up: law(10.0), down: law(2.0), ..GridSpec::default() };
    let plan = SitePlan { grid: Some(GridPlan { supply, ..grid() }), ..home() };
    let (year, error, _) = year(plan, &mut Box::new(6.0, 1.0));
    assert!(error < 1e-9);
    assert!((year.outages as f64 / 730.0 - 1.0).abs() < 0.15, "{}", year.outages);
    assert!((year.outage_hours / 1460.0 - 1.0).abs() < 0.15, "{}", year.outage_hours);
    assert!(year.unmet_kwh < 0.05 * year.outage_demand_kwh && year.grid_kwh > 0.5 * year.demand_kwh);
}

prop_compose! {
    fn spec()(p0 in 0.0..0.02f64, k1 in 0.0..0.1f64, k in 0.0..0.1f64) -> ConverterSpec {
        ConverterSpec { p0, k1, k, standby_w: 0.0, mppt_efficiency: 0.97 }
    }
}

prop_compose! {
    fn site()(
        (inverter, charger, array_spec) in (spec(), spec(), spec()),
        ratings in prop::array::uniform3(0.5..4.0f64),
        (on_ac, on_dc_bus, array_first, following, assist) in any::<(bool, bool, bool, bool, bool)>(),
        (with_grid, with_genset) in any::<(bool, bool)>(),
        (limit_kw, charge_kw, soc_target, reserve_soc) in (0.0..3.0f64, 0.0..2.0f64, 0.3..1.0f64, 0.0..0.8f64),
        (rating_kw, least_load_share) in (0.5..3.0f64, 0.0..0.6f64),
    ) -> SitePlan {
        let ac = Coupling::Ac { inverter: converter(array_spec, ratings[2]) };
        let coupling = if on_ac { ac } else { Coupling::Dc { efficiency: 0.95 } };
        let priority = if array_first { Priority::Array } else { Priority::Grid };
        let strategy = if following { Running::LoadFollowing } else { Running::CycleCharging };
        let spec = GensetSpec { least_load_share, ..genset().spec };
        SitePlan {
            bus: if on_dc_bus { LoadBus::Dc } else { LoadBus::Ac },
            array: Array { peak_kw: 1.0, fade_per_year: 0.0, coupling },
            inverter: converter(inverter, ratings[0]),
            charger: converter(charger, ratings[1]),
            idle_kw: 0.005,
            electronics_kw: 0.01,
            grid: with_grid.then(|| GridPlan { limit_kw, charge_kw, soc_target, reserve_soc, priority, ..grid() }),
            genset: with_genset.then(|| GensetPlan { spec, rating_kw, strategy, battery_assists: assist, ..genset() }),
            ..plan()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands at a site, its buses balance, nothing is negative, and no limit is passed.
    #[test]
    fn limits_are_kept_and_buses_balance(
        plan in site(),
        (capacity, soc) in (1.0..10.0f64, 0.1..1.0f64),
        steps in prop::collection::vec((-1.0..4.0f64, 0.0..4.0f64, any::<bool>()), 1..60),
    ) {
        let mut battery = Box::new(capacity, soc);
        let mut on = false;
        for (demand, array, up) in steps {
            // Power is to be taken only where there is a grid that gives it.
            let demand = if demand < 0.0 && !(up && plan.grid.is_some()) { -demand } else { demand };
            let up = up && plan.grid.is_some();
            let (loads, before) = ([demand], battery.energy_kwh);
            let step = step(&plan, &loads, array, up);
            let flows: Flows = step.run(&mut battery, on);
            let gap = flows.array_used + flows.grid + flows.genset + flows.battery
                - (flows.served - flows.taken) - flows.loss - flows.miss - flows.dumped;
            prop_assert!(gap.abs() < 1e-9, "{gap}: {flows:?}");
            let kept = battery.energy_kwh - before;
            let expected = if flows.battery > 0.0 { -flows.battery / 0.96 } else { -flows.battery * 0.96 };
            prop_assert!((kept - expected).abs() < 1e-9);
            for value in [flows.demand, flows.served, flows.taken, flows.array_used, flows.grid, flows.genset, flows.dumped] {
                prop_assert!(value.is_finite() && value >= 0.0, "{flows:?}");
            }
            prop_assert!(flows.loss > -1e-9 && flows.miss.abs() < 1e-9, "{flows:?}");
            prop_assert!(flows.unmet.iter().all(|u| *u >= 0.0));
            prop_assert!(flows.served <= flows.demand + 1e-9 && flows.array_used <= flows.array + 1e-9, "{flows:?}");
            prop_assert!((flows.demand - flows.served - flows.unmet_kw()).abs() < 1e-9);
            prop_assert!(battery.soc() >= 0.1 - 1e-9 && battery.soc() <= 1.0 + 1e-9);
            if let Some(genset) = plan.genset.as_ref().filter(|_| on && !up) {
                let least = genset.spec.least_load_share * genset.rating_kw;
                prop_assert!(flows.genset >= least - 1e-9 && flows.genset <= genset.rating_kw + 1e-9, "{flows:?}");
            } else {
                prop_assert!(flows.genset == 0.0);
            }
            match &plan.grid {
                Some(grid) if up => {
                    prop_assert!(demand < 0.0 || flows.grid <= grid.limit_kw + 1e-9, "{flows:?}");
                    let floor = grid.reserve_soc.max(0.1).min(before / capacity);
                    // Its own electronics may draw on; the load may not.
                    prop_assert!(demand < 0.0 || battery.soc() >= floor - 1e-9);
                }
                _ => prop_assert!(demand < 0.0 || flows.grid == 0.0),
            }
            on = step.genset_after(&battery, &flows, on);
        }
    }
}
