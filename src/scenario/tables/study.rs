//! The keys of a study of sizes.

use super::*;

table! {
    /// A sizing study in place of single lives: which design is still enough in its last year of service, and what it costs.
    /// Every combination of the lists is a design; modules come from the accepted ones of `packs` first lives.
    sizing at "sizing", Optional;
    /// Highest LPSP in the last year of service: unserved over demanded energy.
    lpsp_max: f64, "", real(0.0, 0.9), required_real(0.01);
    /// Share of the paths (weather, load, outages and modules together) that must keep it.
    confidence: f64, "", real(0.5, 1.0), setting(num(0.9));
    /// Years of service.
    service_years: u32, "year", Whole { min: 1, max: 40 }, setting(Literal::Whole(10));
    /// Paths of each design, the same for all.
    paths: u32, "", Whole { min: 1, max: 10_000 }, setting(Literal::Whole(20));
    /// Peak powers of the array.
    pv_kw: Vec<f64>, "kW", Kind::Reals { min: 0.0, max: 10_000.0 }, Derived("`peak_kw` of the array");
    /// Numbers of strings in parallel.
    strings: Vec<u32>, "", Kind::Wholes { min: 1, max: 10_000 }, Derived("`strings` of the system");
    /// Ratings of the inverter.
    inverter_kw: Vec<f64>, "kW", Kind::Reals { min: 0.01, max: 10_000.0 }, Derived("`rating_kw` of the inverter");
    /// Ratings of the genset, 0 for none; others need `[second_life.genset]`, which says what kind it is.
    genset_kw: Vec<f64>, "kW", Kind::Reals { min: 0.0, max: 10_000.0 }, Derived("`rating_kw` of the genset, 0 without one");
    /// Lower edges of the classes of used modules on measured SoH, rising; a class ends where the next begins.
    module_soh: Vec<f64>, "", Kind::Reals { min: 0.3, max: 1.0 }, Derived("one class, from `grading.accept_soh_min`");
    /// Price of a module of each class, before tests and assembly, by its name plate.
    module_usd_per_nameplate_kwh: Vec<f64>, "USD/kWh", Kind::Reals { min: 0.0, max: 2_000.0 },
        Derived("`core_usd_per_kwh` of `economics.prices` times the middle SoH of the class");
    /// What happens to the battery inside the service life, one or several: nothing, a second one of the same class at its
    /// functional end (`[second_life.end]`), or strings of the same class added.
    renewals: OneOrMany, "", Kind::Choices(&["none", "replace_at_end", "augment"]), setting(Literal::Text("none"));
    /// Full years of service before strings are added.
    augment_after_years: u32, "year", Whole { min: 1, max: 40 }, Derived("half of `service_years`");
    /// Strings added then.
    augment_strings: u32, "", Whole { min: 1, max: 1000 }, setting(Literal::Whole(1));
    /// Whether used modules are compared with new ones, each at its own best size.
    compare_new: bool, "", Flag, setting(Literal::Flag(true));
    tables project: Option<project::File>, lead_acid: Option<lead_acid::File>, hire: Option<hire::File>;
}

table! {
    /// Hire of the chosen design by the day, beside a genset alone that carries the same load; without this table nothing is
    /// said of it. What a year of hire asks for is the scenario's load; the days share out its cost.
    hire at "sizing.hire", Optional;
    /// Days a year on which it is out on hire.
    days_per_year: f64, "day", real(1.0, 365.0), required_real(200.0);
    /// What the hire of a genset for the same work costs a day, fuel included.
    genset_day_usd: f64, "USD", real(0.0, 100_000.0), Derived("no margin is told");
    /// Fuel and least load of the genset that it is held against.
    genset: String, "", Entry(Gensets), setting(Literal::Text("diesel_small"));
    /// Rating of that genset.
    genset_kw: f64, "kW", real(0.01, 10_000.0), Derived("the rating of the chosen inverter");
}

table! {
    /// Lead-acid batteries as a further option: a bank of 12 V batteries at its own best size, replaced by throughput or age. Without
    /// this table they are not compared.
    lead_acid at "sizing.lead_acid", Optional;
    /// Battery with rack and cables, by its name plate.
    usd_per_kwh: f64, "USD/kWh", real(0.0, 5_000.0), assumed(num(80.0), "12 V, 150 Ah tubular at 10,000 to 14,000 rupees, Indian buying guide of 2025; 84 rupees a USD");
    /// Water, cleaning and checks, by the name plate.
    om_usd_per_kwh: f64, "USD/(kWh year)", real(0.0, 5_000.0), sourced(num(10.0), "CLOVER 5, Bahraich");
    /// What a worn-out battery is taken back for, by its name plate.
    end_usd_per_kwh: f64, "USD/kWh", real(-500.0, 500.0), assumed(num(12.0), "about an eighth of the price for the lead, project choice");
    /// Emissions of making one, by its name plate.
    co2_kg_per_kwh: f64, "kg CO2e/kWh", real(0.0, 1_000.0), assumed(num(60.0), "about 2 kg CO2e/kg (order of magnitude of Sullivan and Gaines 2012, recalled) at 30 kg a kWh");
}

table! {
    /// Money of a sizing study; without this table every key takes its default. Keys replace the fields of the same name of the
    /// price set.
    project at "sizing.project", Optional;
    /// Prices of array, inverter, genset and service.
    prices: String, "", Entry(SitePrices), setting(Literal::Text("rural_india"));
    /// Real discount rate.
    discount_rate: f64, "1/year", real(-0.1, 1.0), Derived("`discount_rate` of the price set");
    /// Array with its mounting, by peak power.
    pv_usd_per_kw: f64, "USD/kW", real(0.0, 20_000.0), Derived("`pv_usd_per_kw` of the price set");
    /// Life of the array.
    pv_life_years: f64, "year", real(1.0, 60.0), Derived("`pv_life_years` of the price set");
    /// Inverter.
    inverter_usd_per_kw: f64, "USD/kW", real(0.0, 20_000.0), Derived("`inverter_usd_per_kw` of the price set");
    /// Life of the inverter.
    inverter_life_years: f64, "year", real(0.5, 40.0), Derived("`inverter_life_years` of the price set");
    /// Genset.
    genset_usd_per_kw: f64, "USD/kW", real(0.0, 20_000.0), Derived("`genset_usd_per_kw` of the price set");
    /// Life of the genset in running hours.
    genset_life_hours: f64, "h", real(100.0, 200_000.0), Derived("`genset_life_hours` of the price set");
    /// Longest life of a genset that hardly runs.
    genset_life_years: f64, "year", real(0.5, 60.0), Derived("`genset_life_years` of the price set");
    /// Installation and the rest of the plant, by peak power of the array.
    install_usd_per_kw: f64, "USD/kW", real(0.0, 20_000.0), Derived("`install_usd_per_kw` of the price set");
    /// What each battery costs however large.
    battery_fixed_usd: f64, "USD", real(0.0, 1e6), Derived("`battery_fixed_usd` of the price set");
    /// Operation and maintenance of the array.
    pv_om_usd_per_kw: f64, "USD/(kW year)", real(0.0, 5_000.0), Derived("`pv_om_usd_per_kw` of the price set");
    /// Operation and maintenance of the battery, by its name plate.
    battery_om_usd_per_kwh: f64, "USD/(kWh year)", real(0.0, 5_000.0), Derived("`battery_om_usd_per_kwh` of the price set");
    /// Maintenance of the genset by running hour.
    genset_om_usd_per_kw_hour: f64, "USD/(kW h)", real(0.0, 100.0), Derived("`genset_om_usd_per_kw_hour` of the price set");
    /// Fuel, brought to the place.
    fuel_usd_per_l: f64, "USD/L", real(0.0, 100.0), Derived("`fuel_usd_per_l` of the price set");
    /// Energy from the grid.
    grid_usd_per_kwh: f64, "USD/kWh", real(0.0, 100.0), Derived("`grid_usd_per_kwh` of the price set");
    /// Emissions of fuel burnt.
    fuel_co2_kg_per_l: f64, "kg CO2e/L", real(0.0, 20.0), Derived("`fuel_co2_kg_per_l` of the price set");
    /// Emissions of energy from the grid.
    grid_co2_kg_per_kwh: f64, "kg CO2e/kWh", real(0.0, 10.0), Derived("`grid_co2_kg_per_kwh` of the price set");
    /// Value of lost load.
    voll_usd_per_kwh: f64, "USD/kWh", real(0.0, 1_000.0), Derived("`voll_usd_per_kwh` of the price set");
    /// What is paid for a battery at the end of service for its material, by its name plate; a fee is negative.
    battery_end_usd_per_kwh: f64, "USD/kWh", real(-500.0, 500.0), Derived("`battery_end_usd_per_kwh` of the price set");
    /// Share of a module's price that is paid at the end of service for the life it has left, were it whole.
    battery_residual_share: f64, "", real(0.0, 1.0), Derived("`battery_residual_share` of the price set");
    /// Tests and sorting of a used module, by its name plate.
    test_usd_per_kwh: f64, "USD/kWh", real(0.0, 1_000.0), Derived("cost of `grading.tests`");
    /// Battery management, enclosure, assembly and warranty of used modules, by the name plate.
    repack_usd_per_kwh: f64, "USD/kWh", real(0.0, 2_000.0), Derived("the steps of `repurposing.plant` together");
    /// New storage as sold, with battery management and enclosure.
    new_usd_per_kwh: f64, "USD/kWh", real(0.0, 5_000.0), Derived("`economics.new_storage_usd_per_kwh`");
    /// Change of the prices of modules a year, used and new.
    price_change_per_year: f64, "1/year", real(-0.5, 0.5), setting(num(0.0));
}
