//! The keys of the second life: system, site, service and end.

use super::*;

table! {
    /// The stationary system and what it does.
    second_life at "second_life", Required;
    /// The product built from the modules.
    system: String, "", Entry(Systems), required("offgrid_home_5kwh");
    /// Where it stands.
    climate: String, "", Entry(Climates), Derived("`first_life.climate`");
    /// File with hourly weather, or a list of files, as in `[first_life]`, whose files are taken where this key and `climate`
    /// are both left out.
    weather_file: OneOrMany, "", Files, Nothing;
    /// Usable SoC, low and high.
    soc_window: [f64; 2], "", Window { min: 0.0, max: 1.0 }, Derived("`soc_window` of the system");
    /// Modules in series in a string.
    series_modules: u32, "", Whole { min: 1, max: 1000 },
        Derived("the count that brings a string nearest to `string_voltage_v` of the system; whole packs: all their modules");
    /// How modules and strings are joined. `series`: strings, each on its own switch and DC/DC stage, balanced passively.
    /// `series_active_balancing`: the same with balancers that move charge between modules.
    /// `parallel_strings_switched`: strings on one DC bus without converters. `converter_per_module`: each module on
    /// a converter of its own.
    topology: String, "", Choice(&["series", "series_active_balancing", "parallel_strings_switched", "converter_per_module"]),
        setting(Literal::Text("series"));
    /// SoC below which the battery is not discharged while there is a grid; without one the whole window is used.
    reserve_soc: f64, "", real(0.0, 1.0), setting(num(0.0));
    /// Longest second life simulated.
    years_max: f64, "year", real(1.0, 40.0), setting(num(15.0));
    tables electronics: electronics::File, pv: pv::File, load: load::File, inverter: inverter::File, recharge: Option<recharge::File>,
        grid: Option<grid::File>, genset: Option<genset::File>, service: Option<service::File>, end: end::File;
}

table! {
    /// Balancers, converters and switches between the modules and the DC bus; each topology uses its own.
    electronics at "second_life.electronics", Defaulted;
    /// Efficiency of a string's DC/DC stage, either way (`series`, `series_active_balancing`).
    string_efficiency: f64, "", real(0.5, 1.0), assumed(num(1.0), "taken as part of the inverter's curve; 0.98 is customary for a stage of its own");
    /// Power of an active balancer, a module (`series_active_balancing`).
    balancer_w: f64, "W", real(0.0, 10_000.0), assumed(num(25.0), "order of magnitude of module-level balancers: some amperes at 7 to 30 V");
    /// Share of the energy taken from one module that reaches another (`series_active_balancing`).
    balancer_efficiency: f64, "", real(0.3, 1.0), sourced(num(0.92), "LTC3300-1 data sheet (Analog Devices): up to 92 % charge transfer efficiency");
    /// Efficiency of a module's converter, either way (`converter_per_module`).
    module_efficiency: f64, "", real(0.5, 1.0), assumed(num(0.97), "small non-isolated DC/DC stage, customary 0.95 to 0.98");
    /// Draw of a module's converter, whatever flows (`converter_per_module`).
    module_no_load_w: f64, "W", real(0.0, 1_000.0), assumed(num(1.0), "controller and gate drive of a stage of some hundred watts");
    /// Highest current between strings on one bus, as a rate of the string's weakest module; above it a string is
    /// switched off (`parallel_strings_switched`).
    circulating_c_max: f64, "1/h", real(0.001, 5.0), assumed(num(0.2), "some 10 mV a cell when strings are joined, customary for contactors");
}

table! {
    /// PV array of the system.
    pv at "second_life.pv", Defaulted;
    /// Peak power; 0 for none.
    peak_kw: f64, "kW", real(0.0, 10_000.0), Derived("`pv_kw` of the system");
    /// Tilt from horizontal.
    tilt_deg: f64, "deg", real(0.0, 90.0), Derived("the latitude without its sign");
    /// Azimuth clockwise from north.
    azimuth_deg: f64, "deg", real(0.0, 360.0), Derived("180 in the northern hemisphere, 0 in the southern");
    /// Change of power with cell temperature.
    temperature_coefficient_per_k: f64, "1/K", real(-0.01, 0.0), sourced(num(-0.0035), "PVWatts manual, premium mono-crystalline modules");
    /// Share of DC power lost to soiling, wiring, mismatch.
    system_loss: f64, "", real(0.0, 0.6), sourced(num(0.14), "PVWatts manual, default losses 14 %");
    /// Loss of power a year.
    fade_per_year: f64, "1/year", real(0.0, 0.1), sourced(num(0.005), "Jordan and Kurtz 2013, median 0.5 % a year");
    /// Whether sun and cloud follow one another inside the hour (docs/weather.md), at a `numerics.step_minutes` below 60; else
    /// the yield inside an hour is its mean.
    minute_clouds: bool, "", Flag, setting(Literal::Flag(false));
}

table! {
    /// Load of the system.
    load at "second_life.load", Defaulted;
    /// Load profile.
    profile: String, "", Entry(Loads), Derived("`load` of the system");
    /// CSV file with a load of your own in place of `profile`, relative to this file: a column `load_kw` or `load_w`, 8760 rows
    /// or a multiple of it, one year repeated. With the columns `time_s` and `frequency_hz` it is the frequency that a
    /// frequency reserve follows.
    file: String, "", Text, Derived("none: the load of `profile`");
    /// Bus that the load hangs on: behind the inverter, or on the DC bus of the battery.
    bus: String, "", Choice(&["ac", "dc"]), Derived("`bus` of the load; `ac` for a file");
    /// Mean energy of a day, for loads with a daily profile.
    daily_kwh: f64, "kWh", real(0.01, 100_000.0), Derived("`daily_kwh` of the load");
    /// Mean number of charging sessions a day, for loads made of sessions.
    sessions_per_day: f64, "1/day", real(0.01, 10_000.0), Derived("`per_day` of the load");
}

table! {
    /// Inverter of the system.
    inverter at "second_life.inverter", Defaulted;
    /// Part-load curve.
    curve: String, "", Entry(Converters), Derived("`converter` of the system");
    /// AC rating.
    rating_kw: f64, "kW", real(0.01, 10_000.0), Derived("`rated_power_kw` of the system");
    /// Part-load curve of the charger from the AC bus to the battery.
    charger: String, "", Entry(Converters), Derived("`curve`");
    /// Rating of the charger on its AC side.
    charger_kw: f64, "kW", real(0.01, 10_000.0), Derived("`rating_kw`");
    /// Bus of the array. `dc`: behind its controller on the battery's bus. `ac`: behind an inverter of its own, where it serves
    /// the load first and charges through the charger.
    coupling: String, "", Choice(&["dc", "ac"]), setting(Literal::Text("dc"));
    /// Controller of an array on the DC bus. `mppt`: tracks the maximum power, with the curve's `mppt_efficiency`. `pwm`: a
    /// switch that loses the mismatch of voltages.
    array_control: String, "", Choice(&["mppt", "pwm"]), setting(Literal::Text("mppt"));
    /// Share of the array's power that a PWM controller loses.
    pwm_loss: f64, "", real(0.0, 0.9), assumed(num(0.2), "mismatch of array and battery voltage, customary 10-30 %");
    /// Part-load curve of the inverter of an array on the AC bus, its tracker included.
    array_curve: String, "", Entry(Converters), Derived("`curve`");
    /// Rating of that inverter.
    array_rating_kw: f64, "kW", real(0.01, 10_000.0), Derived("the array's peak power");
}

table! {
    /// Daily recharge from the grid in a window of hours; without this table there is none. Beside `[second_life.grid]` it
    /// is not used.
    recharge at "second_life.recharge", Optional;
    /// Power at the socket (AC).
    power_kw: f64, "kW", real(0.01, 10_000.0), required_real(3.0);
    /// First hour of the window.
    from_hour: f64, "h", real(0.0, 24.0), required_real(23.0);
    /// Last hour of the window, which may run over midnight.
    to_hour: f64, "h", real(0.0, 24.0), required_real(6.0);
    /// SoC of the cells at which recharging stops.
    soc_target: f64, "", real(0.0, 1.0), Derived("the high end of `second_life.soc_window`");
}

table! {
    /// Connection to a grid that comes and goes; without this table there is none.
    grid at "second_life.grid", Optional;
    /// When there is supply.
    supply: String, "", Entry(Grids), required("always");
    /// Highest import: what the load takes above it comes from the battery, or is not served.
    limit_kw: f64, "kW", real(0.0, 1e6), setting(num(1e6));
    /// Highest power from the grid into the charger (AC).
    charge_kw: f64, "kW", real(0.0, 10_000.0), Derived("`charger_kw` of the inverter");
    /// SoC of the cells up to which the grid charges. With `priority = "array"` it fills up to the reserve alone.
    soc_target: f64, "", real(0.0, 1.0), Derived("the high end of `second_life.soc_window`");
    /// What serves first while there is supply. `grid`: the grid carries the load, the array charges the battery. `array`:
    /// the array, then the battery above its reserve, then the grid.
    priority: String, "", Choice(&["grid", "array"]), setting(Literal::Text("grid"));
}

table! {
    /// Genset on the AC bus; without this table there is none. It runs while there is no grid.
    genset at "second_life.genset", Optional;
    /// Fuel and least load.
    curve: String, "", Entry(Gensets), setting(Literal::Text("diesel_small"));
    /// AC rating.
    rating_kw: f64, "kW", real(0.01, 10_000.0), required_real(2.0);
    /// While it runs it carries the load. `cycle_charging`: it also charges with what it has left. `load_following`: it charges
    /// with what its least load forces alone.
    strategy: String, "", Choice(&["cycle_charging", "load_following"]), setting(Literal::Text("cycle_charging"));
    /// It starts when a step ends with a SoC below this, or with unserved load for want of energy.
    start_soc: f64, "", real(0.0, 1.0), assumed(num(0.2), "customary start of cycle charging");
    /// It stops when a step ends with a SoC of this at least, or with a full battery.
    stop_soc: f64, "", real(0.0, 1.0), assumed(num(0.8), "customary end of cycle charging");
    /// Whether the battery carries what is above its rating.
    battery_assists: bool, "", Flag, setting(Literal::Flag(true));
}

table! {
    /// Service in the middle of the second life: modules replaced one by one, strings added; without this table there is
    /// none.
    service at "second_life.service", Optional;
    /// When modules are looked at.
    check: String, "", Choice(&["monthly", "yearly"]), setting(Literal::Text("yearly"));
    /// SoH below which a module is replaced.
    replace_soh_below: f64, "", real(0.1, 1.0), assumed(num(0.65), "a little above the end of stationary use");
    /// Resistance over new above which a module is replaced.
    replace_resistance_above: f64, "", real(1.0, 10.0), Derived("never for its resistance");
    /// Most modules replaced in a full product over its life; a share of a product gets its part, rounded up.
    replacements_max: u32, "", Whole { min: 0, max: 10_000 }, setting(Literal::Whole(4));
    /// Where replacements come from: accepted modules of the same pack that filled no string, or bought.
    modules_from: String, "", Choice(&["left_over", "bought", "left_over_then_bought"]), setting(Literal::Text("left_over_then_bought"));
    /// SoH of a bought module.
    module_soh: f64, "", real(0.3, 1.0), assumed(num(0.85), "graded modules on offer, order of magnitude");
    /// Years since a bought module was new.
    module_years: f64, "year", real(0.0, 30.0), assumed(num(8.0), "typical first life of a car's pack");
    /// Share of a bought module's loss that cycling took, the calendar the rest.
    module_cycle_share: f64, "", real(0.0, 1.0), assumed(num(0.4), SHARE_SOURCE);
    /// Price of a bought module, by its actual capacity.
    module_price_usd_per_kwh: f64, "USD/kWh", real(0.0, 2_000.0), assumed(num(60.0), "bare repurposed packs sold at 38-132 USD/kWh (Neubauer et al. 2012, NREL), lower half taken");
    /// Labour for a module put in: trip, opening, matching of charge.
    labour_usd_per_module: f64, "USD", real(0.0, 10_000.0), assumed(num(20.0), "half a day of a technician for a visit of a few modules, order of magnitude");
    /// Full years lived before strings of bought modules are added.
    augment_after_years: u32, "year", Whole { min: 1, max: 40 }, Derived("no strings are added");
    /// Strings added then.
    augment_strings: u32, "", Whole { min: 1, max: 1000 }, setting(Literal::Whole(1));
}

table! {
    /// The functional end: whichever comes first.
    end at "second_life.end", Defaulted;
    /// SoH of the weakest module in the system.
    soh_min: f64, "", real(0.1, 1.0), assumed(num(0.60), "end of stationary use in studies, 50-70 %");
    /// Highest resistance over new of a module.
    resistance_max: f64, "", real(1.0, 10.0), assumed(num(2.0), "doubled resistance, common in test standards");
    /// Share of a year's demand left unserved, in two years running.
    unmet_share_max: f64, "", real(0.0, 1.0), assumed(num(0.05), "what an off-grid household accepts, order of magnitude");
    /// Whether the end also comes when the battery cannot carry the rated power at half charge and 15 degC.
    power_check: bool, "", Flag, setting(Literal::Flag(true));
}
