//! The keys of a scenario: each is defined here and nowhere else.
//!
//! A row reads: doc, name, type, unit, allowed values, what happens when it is left out.

use super::key::{
    Fallback::{Derived, Instead, Nothing},
    Key,
    Kind::{self, Choice, Entries, Entry, Files, Flag, Paths, Text, Whole, Window},
    Literal, Presence, Table, assumed, plain, required, required_real, setting, sourced, table,
};
use crate::library::Category::{
    Climates, Compositions, Converters, Countries, Failures, Gates, Gensets, Grids, Laws, Loads, Plants, Prices,
    Routes, SitePrices, Systems, Targets, Tests, Uses, Vehicles,
};

mod stationary;
mod study;

pub use stationary::{electronics, end, genset, grid, inverter, load, pv, recharge, second_life, service};
pub use study::{hire, lead_acid, project, sizing};

const REGAIN_KNEE_SOURCE: &str = "own reading of the cells of Navidi et al. 2025 (doi 10.1016/j.etran.2025.100432)";

/// A name, or a list of names.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// A name.
    One(String),
    /// Names.
    Many(Vec<String>),
}

impl OneOrMany {
    /// All names.
    pub fn names(self) -> Vec<String> {
        match self {
            OneOrMany::One(name) => vec![name],
            OneOrMany::Many(names) => names,
        }
    }
}

const fn real(min: f64, max: f64) -> Kind {
    Kind::Real { min, max }
}

const fn num(x: f64) -> Literal {
    Literal::Real(x)
}

const SPREAD_SOURCE: &str = "new cells of one lot: capacity CV 0.5-1 %, resistance CV 1-4 %, mid-range taken";
const FLEET_SOURCE: &str = "spread of fleets of one model, up to 10 points of SoH at equal age";
const LEAK_SOURCE: &str = "project choice; self-discharge of good cells differs by tens of percent";
const CORRELATION_SOURCE: &str = "project choice; both share the electrode and the electrolyte";
const USED_SOURCE: &str = "retired modules of one type differ by several points of SoH; order of magnitude";
const SHARE_SOURCE: &str = "project choice: cars on the road age by the calendar first";
const REGAIN_SOURCE: &str = "1.7 +- 0.9 points came back at the change from fast charge to a mild duty (Navidi et al. 2025, \
    doi 10.1016/j.etran.2025.100432); the rate and the time constant are project choices";
const TRADE_SOURCE: &str = "common practice of repurposers, stated thresholds differ";

table! {
    /// The life of packs of one vehicle, from the first day to the recycler.
    root at "", Required;
    /// Title of the study. Files are named after the scenario's file.
    name: String, "", Text, required("Packs of a small electric car in an off-grid home");
    /// Seed of all random numbers; one seed gives one result.
    seed: u64, "", Whole { min: 0, max: u64::MAX }, setting(Literal::Whole(1));
    /// Packs simulated. Of a file of used modules, its packs in turn, and left out as many as it has.
    packs: u64, "", Whole { min: 1, max: 10_000_000 }, setting(Literal::Whole(1000));
    /// Library files of your own, relative to this file. An entry of a known name replaces the built-in one.
    library: Vec<String>, "", Paths, Nothing;
    tables first_life: first_life::File, used_modules: Option<used_modules::File>, aging: aging::File, spread: spread::File, exit: exit::File, grading: grading::File,
        repurposing: repurposing::File,
        storage: storage::File, second_life: second_life::File, recycling: recycling::File,
        economics: economics::File, decision: decision::File, sizing: Option<sizing::File>, numerics: numerics::File, overrides: toml::Table;
}

table! {
    /// Years in the vehicle.
    first_life at "first_life", Required;
    /// Vehicle with its pack.
    vehicle: String, "", Entry(Vehicles), required("mg_zs_ev_50_lfp");
    /// Where the vehicle lives.
    climate: String, "", Entry(Climates), required("delhi");
    /// File with hourly weather, or a list of files, relative to this file: their years take the place of synthetic ones.
    /// EPW, TMY3, NSRDB, or a CSV table with the columns `ghi_w_m2`, `temperature_c`, and where known `dni_w_m2`, `dhi_w_m2`
    /// and `time`. The place is that of the file's header, else that of `climate`.
    weather_file: OneOrMany, "", Files, Nothing;
    /// How it is driven, charged and parked.
    r#use: String, "", Entry(Uses), required("private_car_india");
    /// CSV file with a drive to live by day by day, relative to this file, in place of the use's cycle. Columns: `time_s`,
    /// `speed_kmh`, and where known `slope` (rise over distance) and `power_kw` (at the pack, negative when braking).
    speed_trace: String, "", Text, Derived("the use's `cycle`");
    /// The same for long days.
    long_speed_trace: String, "", Text, Derived("the use's `long_cycle`");
    /// Calendar year in which the vehicles are sold, or used modules are bought: from it targets and metal prices are dated.
    start_year: u32, "year", Whole { min: 1990, max: 2100 }, setting(Literal::Whole(2024));
    /// Longest first life simulated; reaching it counts as the end of the vehicle's life.
    years_max: f64, "year", real(1.0, 40.0), setting(num(40.0));
    /// SoC (of the vehicle's window) at which daily charging stops.
    charge_limit: f64, "", real(0.2, 1.0), Derived("`charge_limit` of the use");
    /// Home charging power, capped by the vehicle.
    home_charge_kw: f64, "kW", real(0.5, 50.0), Derived("`home_charge_kw` of the use");
}

table! {
    /// How cells age, in both lives.
    aging at "aging", Defaulted;
    /// Aging law, or a list of laws: then every pack is lived once under each, with the same draws, and the report
    /// shows how far the laws differ.
    law: OneOrMany, "", Entries(Laws), Derived("`law` of the vehicle's cell");
    /// How stress is taken: cycles by rainflow, or one window a day.
    stress: String, "", Choice(&["rainflow", "daily_window"]), setting(Literal::Text("rainflow"));
    /// Whether each pack draws one of the law's sets of numbers, where it has several, for what is not known of them.
    parameter_sets: bool, "", Flag, setting(Literal::Flag(true));
    tables knee: Option<knee::File>, regain: Option<regain::File>;
}

table! {
    /// A knee beside what the law has of itself. The defaults are own readings of measured cells, and no general prior:
    /// of plating, fast-charged LFP cells (Navidi et al. 2025, doi 10.1016/j.etran.2025.100432); of material, six groups
    /// of NMC cells whose own figures lie between 680 and 1600 cycles.
    knee at "aging.knee", Optional;
    /// `plating`: throughput takes lithium once the loss has passed the threshold. `material`: active material is
    /// lost from the start and felt when it is scarcer than lithium by the threshold.
    kind: String, "", Choice(&["plating", "material"]), required("plating");
    /// Loss of capacity at which plating sets in, or reserve of material.
    threshold: f64, "", real(0.0, 0.9), Derived("0.085 for plating, 0 for material");
    /// Standard deviation of the threshold between modules.
    threshold_sd: f64, "", real(0.0, 0.3), Derived("0.017 for plating, 0 for material");
    /// Equivalent full cycles that would take one whole capacity.
    efc_scale: f64, "", real(10.0, 1e6), Derived("1440 for plating, 1050 for material");
    /// Standard deviation of the logarithm of that number between modules.
    efc_ln_sd: f64, "", real(0.0, 1.0), Derived("0.2 for plating, 0.1 for material");
    /// Power of the loss in throughput.
    power: f64, "", real(0.5, 10.0), Derived("1.5 for plating, 2.5 for material");
    /// Share of the throughput that counts towards the knee when charge is very slow.
    mild_share: f64, "", real(0.0, 1.0), Derived("0.36 for plating, 1 for material");
    /// Rate of charge from which all throughput counts.
    c_reference: f64, "1/h", real(0.01, 20.0), setting(num(4.0));
}

table! {
    /// A part of the loss that a mild duty gives back.
    regain at "aging.regain", Optional;
    /// Loss held back by a hard duty.
    amplitude: f64, "", real(0.0, 0.2), sourced(num(0.017), REGAIN_SOURCE);
    /// Share of a plating knee's loss that a mild duty returns.
    knee_share: f64, "", real(0.0, 1.0), sourced(num(0.35), REGAIN_KNEE_SOURCE);
    /// Rate of charge from which a duty is wholly hard.
    c_reference: f64, "1/h", real(0.01, 20.0), assumed(num(4.0), REGAIN_SOURCE);
    /// Time constant of holding back and giving back.
    time_constant_days: f64, "day", real(0.1, 1000.0), sourced(num(9.0), REGAIN_KNEE_SOURCE);
}

table! {
    /// Modules bought used, with a first life that nobody recorded: no years in the vehicle are simulated, `[first_life]`
    /// says what the modules are. They start from what was measured of them: module by module in a `file`, or as a lot of
    /// which `soh_mean` and spread are known.
    used_modules at "used_modules", Optional;
    /// File of measured modules, relative to this file: CSV or JSON with a row for each, or records of an earlier run.
    /// Its columns: docs/records.md.
    file: String, "", Text, Derived("none: a lot by its mean");
    /// Test that the modules of the file were measured with; its errors are those of the measured values.
    measured_by: String, "", Entry(Tests), Derived("`capacity`");
    /// Standard deviation of a measured SoH: the true one is drawn around what was measured.
    measured_soh_sd: f64, "", real(0.0, 0.2), Derived("`soh_sd` of that test");
    /// Standard deviation of a measured resistance, relative.
    measured_resistance_sd: f64, "", real(0.0, 0.3), Derived("`resistance_sd` of that test");
    /// Mean of the modules' measured SoH, of a lot.
    soh_mean: f64, "", real(0.3, 1.0), Instead { example: num(0.8), words: "`file` in its place" };
    /// Standard deviation of the SoH between packs and between the modules of a pack, in equal parts.
    soh_sd: f64, "", real(0.0, 0.2), assumed(num(0.04), USED_SOURCE);
    /// Mean of the modules' resistance over new.
    resistance_mean: f64, "", real(1.0, 5.0), Derived("what the law gives at that SoH");
    /// Standard deviation of the resistance over new, between modules.
    resistance_sd: f64, "", real(0.0, 1.0), assumed(num(0.08), USED_SOURCE);
    /// Years since the modules were new, where a file does not tell.
    years: f64, "year", real(0.0, 30.0), assumed(num(8.0), "typical first life of a car's pack");
    /// Share of the loss that cycling took, the calendar the rest: mean of what is believed where a file does not tell.
    cycle_share_mean: f64, "", real(0.0, 1.0), assumed(num(0.4), SHARE_SOURCE);
    /// Standard deviation of that belief, between packs.
    cycle_share_sd: f64, "", real(0.0, 0.5), assumed(num(0.15), SHARE_SOURCE);
}

table! {
    /// How packs differ from one another, and the modules of a pack.
    spread at "spread", Defaulted;
    /// Capacity of a module when new: standard deviation over mean.
    capacity_cv: f64, "", real(0.0, 0.1), assumed(num(0.0075), SPREAD_SOURCE);
    /// Resistance of a module when new: standard deviation over mean.
    resistance_cv: f64, "", real(0.0, 0.3), assumed(num(0.025), SPREAD_SOURCE);
    /// Standard deviation of ln of the factor on every loss that a pack's modules share.
    rate_pack_ln_sd: f64, "", real(0.0, 0.6), assumed(num(0.15), FLEET_SOURCE);
    /// Standard deviation of ln of the factor on every loss of one module.
    rate_module_ln_sd: f64, "", real(0.0, 0.3), Derived("`loss_cv` of the law");
    /// Correlation of a module's factors on calendar and on cycle loss.
    calendar_cycle_correlation: f64, "", real(0.0, 1.0), assumed(num(0.7), CORRELATION_SOURCE);
    /// Standard deviation of ln of the factor on a module's resistance gain, that of its losses included.
    resistance_module_ln_sd: f64, "", real(0.0, 0.6), Derived("`resistance_cv` of the law");
    /// Standard deviation of a module's constant temperature offset inside the pack.
    temperature_offset_sd_k: f64, "K", real(0.0, 10.0), assumed(num(1.0), "modules differ by contact and air flow, order of magnitude");
    /// Standard deviation of ln of the factor on a module's self-discharge.
    self_discharge_ln_sd: f64, "", real(0.0, 1.5), assumed(num(0.2), LEAK_SOURCE);
    /// Capacity of a cell when new around its module's: standard deviation over mean. Keys of cells act where cells are simulated.
    cell_capacity_cv: f64, "", real(0.0, 0.1), assumed(num(0.0075), SPREAD_SOURCE);
    /// Resistance of a cell when new around its module's: standard deviation over mean.
    cell_resistance_cv: f64, "", real(0.0, 0.3), assumed(num(0.025), SPREAD_SOURCE);
    /// Standard deviation of ln of the factor on every loss of one cell around its module's.
    cell_rate_ln_sd: f64, "", real(0.0, 0.3), assumed(num(0.03), "twin cells of one lot under one load differ by a few percent of their loss");
    /// Standard deviation of a cell's constant temperature offset inside its module.
    cell_temperature_sd_k: f64, "K", real(0.0, 10.0), assumed(num(0.5), "project choice; less than between modules");
    /// Standard deviation of ln of the factor on a cell's self-discharge around its module's.
    cell_self_discharge_ln_sd: f64, "", real(0.0, 1.5), assumed(num(0.2), LEAK_SOURCE);
}

table! {
    /// Ways out of the vehicle.
    exit at "exit", Required;
    /// Country whose hazards apply.
    country: String, "", Entry(Countries), required("india");
    /// Hazard of a write-off (crash, theft, flood).
    write_off_per_year: f64, "1/year", real(0.0, 1.0), Derived("`write_off_per_year` of the country");
    /// Hazard of a pack failure that ends its use in the vehicle.
    failure_per_year: f64, "1/year", real(0.0, 1.0), Derived("`failure_per_year` of the country");
    /// Weibull shape of the vehicle's life.
    vehicle_life_shape: f64, "", real(0.5, 20.0), Derived("`vehicle_life_shape` of the country");
    /// Weibull scale of the vehicle's life, for an owner who drives the mean distance of the class.
    vehicle_life_scale_years: f64, "year", real(1.0, 60.0), Derived("`vehicle_life_scale_years` of the country");
    /// Power by which the vehicle's life falls with the owner's distance over the mean of the class; 0 for none.
    life_use_exponent: f64, "", real(0.0, 2.0), Derived("`life_use_exponent` of the country");
    /// Share of an owner's days, long days left out, whose distance the range must cover; 0 when nobody asks.
    need_quantile: f64, "", real(0.0, 0.9999), Derived("`need_quantile` of the country");
    /// Range wanted over the distance of that day.
    need_reserve: f64, "", real(0.0, 5.0), Derived("`need_reserve` of the country");
    /// Share of cars with too short a range that go to someone who drives less, instead of being given up.
    need_resale_share: f64, "", real(0.0, 1.0), Derived("`need_resale_share` of the country");
    /// Range below which nobody wants a car; 0 for none.
    need_least_km: f64, "km", real(0.0, 500.0), Derived("`need_least_km` of the country");
    /// Warranty term.
    warranty_years: f64, "year", real(0.0, 40.0), Derived("`warranty_years` of the country");
    /// SoH below which the pack is replaced inside the term.
    warranty_soh: f64, "", real(0.0, 1.0), Derived("`warranty_soh` of the country");
    /// What fails in packs.
    failures: String, "", Entry(Failures), Derived("`failures` of the country");
    tables recall: Option<recall::File>;
}

table! {
    /// A recall that replaces packs near new; without this table there is none.
    recall at "exit.recall", Optional;
    /// Share of packs.
    share: f64, "", real(0.0, 1.0), required_real(0.3);
    /// Years since new of the first recalled pack.
    from_years: f64, "year", real(0.0, 40.0), required_real(0.5);
    /// Years since new of the last recalled pack.
    to_years: f64, "year", real(0.0, 40.0), required_real(3.0);
    /// Share of recalled packs that fail the incoming gate.
    gate_fail_share: f64, "", real(0.0, 1.0), assumed(num(0.05), "scenario value, as for write-offs; no public figure found");
}

table! {
    /// Gate, tests and thresholds.
    grading at "grading", Defaulted;
    /// Why packs fail the incoming gate, and what of them can be salvaged.
    gate: String, "", Entry(Gates), setting(Literal::Text("customary"));
    /// Whether modules are salvaged from packs that failed the gate.
    salvage: bool, "", Flag, setting(Literal::Flag(false));
    /// Highest self-discharge of an accepted module over that of a good one.
    self_discharge_max: f64, "", real(1.0, 100.0), assumed(num(5.0), "generous: only outliers are turned away");
    /// Test made on each module, or a list of tests in order; readings are joined by inverse variance.
    tests: OneOrMany, "", Entries(Tests), setting(Literal::Text("capacity"));
    /// Distance of the estimated SoH from `accept_soh_min` within which a later test is made; 1 makes every test on every module.
    retest_within: f64, "", real(0.0, 1.0), setting(num(1.0));
    /// Least measured SoH of an accepted module.
    accept_soh_min: f64, "", real(0.3, 1.0), assumed(num(0.70), TRADE_SOURCE);
    /// Highest measured resistance over new of an accepted module.
    accept_resistance_max: f64, "", real(1.0, 5.0), assumed(num(2.0), TRADE_SOURCE);
    /// Least measured SoH of grade A.
    grade_a_soh_min: f64, "", real(0.3, 1.0), assumed(num(0.85), TRADE_SOURCE);
    /// Least measured SoH of grade B; accepted modules below it are grade C.
    grade_b_soh_min: f64, "", real(0.3, 1.0), assumed(num(0.75), TRADE_SOURCE);
}

table! {
    /// What goes back into use, how it is sorted, and what that costs.
    repurposing at "repurposing", Defaulted;
    /// What is graded and built with. `pack`: the pack stays whole with its own battery management, accepted when its
    /// weakest module is. `module`: modules. `cell`: cells, put together to modules of the same layout.
    level: String, "", Choice(&["pack", "module", "cell"]), setting(Literal::Text("module"));
    /// How accepted modules come together in strings: sorted by SoH and cut, clustered by SoH and resistance, or as they
    /// come out of the pack.
    matching: String, "", Choice(&["sorted", "k_means", "as_they_come"]), setting(Literal::Text("sorted"));
    /// Share of the cells lost when modules are opened to cells.
    cell_harvest_loss: f64, "", real(0.0, 0.9), assumed(num(0.05), "project choice; no public source found");
    /// Labour, parts and freight of the plant.
    plant: String, "", Entry(Plants), setting(Literal::Text("plant_us"));
}

table! {
    /// Time on the shelf between the lives.
    storage at "storage", Defaulted;
    /// Days on the shelf.
    days: u32, "day", Whole { min: 0, max: 3650 }, assumed(Literal::Whole(90), "a quarter between collection and sale");
    /// SoC on the shelf.
    soc: f64, "", real(0.0, 1.0), assumed(num(0.4), "shipping and shelf practice, 30-50 %");
    /// Temperature of the warehouse.
    temperature_c: f64, "degC", real(-40.0, 60.0), assumed(num(25.0), "warehouse without cooling, yearly mean");
}

table! {
    /// The end of the materials' way.
    recycling at "recycling", Defaulted;
    /// Recycling route.
    route: String, "", Entry(Routes), setting(Literal::Text("hydro"));
    /// Materials of the pack.
    composition: String, "", Entry(Compositions), Derived("`composition` of the cell");
    /// Whose books recycling is in. `process`: the owner of the pack recycles, sells the products and pays the process.
    /// `gate`: the pack is handed to a recycler for the fee or credit of its chemistry in the price set.
    books: String, "", Choice(&["process", "gate"]), setting(Literal::Text("process"));
    /// Targets that recycling is held to, by calendar year.
    targets: String, "", Entry(Targets), Derived("recycling is held to none");
}

table! {
    /// Money and emissions.
    economics at "economics", Defaulted;
    /// Price set.
    prices: String, "", Entry(Prices), setting(Literal::Text("everbatt2023"));
    /// Real discount rate.
    discount_rate: f64, "1/year", real(-0.1, 1.0), Derived("`discount_rate` of the price set");
    /// Price of new storage as sold, with BMS and enclosure: what second-life storage competes with.
    new_storage_usd_per_kwh: f64, "USD/kWh", real(0.0, 5000.0), Derived("`new_storage_usd_per_kwh` of the price set");
    tables price_path: Option<price_path::File>;
}

table! {
    /// Metal prices that move after the year of the price set, by a factor common to all materials; without this table they
    /// stay. Each pack meets one future of its own: bands over packs are then bands over futures too.
    price_path at "economics.price_path", Optional;
    /// Drift of the logarithm of the median price.
    drift_per_year: f64, "1/year", real(-0.5, 0.5), setting(num(0.0));
    /// Standard deviation of the logarithm after a year.
    volatility: f64, "", real(0.0, 2.0), assumed(num(0.25), "order of magnitude of yearly moves of battery metals");
    /// Rate at which deviations from the drifting line die away; 0 for none.
    reversion_per_year: f64, "1/year", real(0.0, 5.0), setting(num(0.0));
}

table! {
    /// Reuse or recycle: values of a pack by its measured SoH, and the SoH at which chemistries switch.
    decision at "decision", Defaulted;
    /// Who decides. `grades`: the thresholds of the tests, module by module. `npv`: a pack that is worth more recycled than
    /// reused, at its measured mean SoH, is recycled whole; the modules of the others are graded.
    rule: String, "", Choice(&["grades", "npv"]), setting(Literal::Text("grades"));
    /// Share by which a buyer wants second-life storage cheaper than new for the same service.
    discount_to_new: f64, "", real(0.0, 0.95), sourced(num(0.3), "developers aim at 30 % below new installed (ReJoule)");
    /// SoH lost a year in storage, as planned.
    fade_per_year: f64, "1/year", real(0.001, 0.3), assumed(num(0.02), "fleets on the road lose 1.8-2.3 % a year (Geotab); German home storage 2-3 points, recalled");
    /// SoH at which storage is planned to end.
    soh_end: f64, "", real(0.1, 0.99), Derived("`second_life.end.soh_min`");
    /// Longest service counted, of new and of used storage.
    years_max: f64, "year", real(1.0, 40.0), assumed(num(15.0), "years that a new stationary pack would have lasted, as in the books of CO2");
    /// Compositions that the table of switching points compares.
    chemistries: OneOrMany, "", Entries(Compositions), Derived("the composition of the pack");
    /// Price sets that it compares.
    price_sets: OneOrMany, "", Entries(Prices), Derived("`economics.prices`");
    /// Routes of which the best paying is taken in it.
    routes: OneOrMany, "", Entries(Routes), Derived("`recycling.route`");
}

table! {
    /// How the computation is done.
    numerics at "numerics", Defaulted;
    /// What is simulated as one unit: each cell, each module, or the whole pack while it is in the vehicle.
    fidelity: String, "", Choice(&["cell", "module", "pack"]), setting(Literal::Text("module"));
    /// Distinct synthetic weather years made for each climate.
    weather_years: u32, "", Whole { min: 1, max: 200 }, setting(Literal::Whole(30));
    /// Length of a step at a site: 60, 30, 15, 10, 5 or 1.
    step_minutes: u32, "min", Whole { min: 1, max: 60 }, setting(Literal::Whole(60));
}

/// Values of library entries replaced by dotted path; free keys, so there is no row for each.
pub mod overrides {
    use super::*;

    /// Description of the table.
    pub static TABLE: Table = Table {
        path: "overrides",
        doc: "Values of library entries replaced by dotted path: `\"cells.lfp_prismatic.capacity_ah\" = 160`.",
        presence: Presence::Overrides,
        keys: &[],
        tables: &[],
    };
}
