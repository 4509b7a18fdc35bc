//! Second step: what was written becomes what it means. One function a table.

use super::key::Key;
use super::record::Record;
use super::sheet::Sheet;
use super::site_load::load;
use super::tables::{
    OneOrMany, aging, decision, economics, electronics, end, exit, first_life, grading, knee, numerics, price_path, pv,
    recall, recharge, recycling, regain, repurposing, root, second_life, service, spread, storage,
};
use super::used::used;
use super::weather::{self, local};
use super::{site, sizing};
use crate::aging::{AgingOptions, KneeKind, KneeSpec, LawSpec, RegainSpec, Stress};
use crate::cell::CellSpec;
use crate::duty::{CycleSpec, SpeedTrace, VehicleSpec};
use crate::economics::{PricePath, PriceSet, TargetSpec};
use crate::library::{Category, Entry};
use crate::life::decision::{DecisionPlan, Rule};
use crate::life::exit::{CountrySpec, FailureSpec};
use crate::life::plan::{
    AugmentPlan, ElectronicsPlan, EndPlan, FirstLifePlan, GradingPlan, JourneyPlan, LawPlan, Level, Matching,
    ModulesFrom, PvPlan, RecallPlan, RechargePlan, RepurposingPlan, SecondLifePlan, ServicePlan, SpreadPlan,
    StoragePlan, TestPlan, Topology, UsedPlan,
};
use crate::life::recycling::{Books, CompositionSpec, RecyclingPlan, RouteSpec};
use crate::life::repurposing::SystemSpec;
use crate::pack::{CellSpread, Fidelity};
use crate::sizing::SizingPlan;
use crate::weather::ClimateSpec;

/// Drives that the scenario names, as read: daily driving, and driving on a long day.
pub(super) type Traces = [Option<SpeedTrace>; 2];

/// Seed, packs and journey; `None` after reporting a problem.
pub(super) fn resolve(
    file: root::File,
    (traces, weather): (Traces, [weather::Files; 2]),
    sheet: Option<Sheet>,
    r: &mut Record<'_>,
) -> Option<(u64, u64, JourneyPlan, Option<SizingPlan>)> {
    let k = &root::KEYS;
    r.fixed(&k.name, file.name)?;
    let seed = r.fixed(&k.seed, file.seed)?;
    // Left out, the packs of a sheet are as many as it has.
    let packs = match &sheet {
        Some(_) => file.packs.map(|packs| r.given(&k.packs, packs)),
        None => Some(r.fixed(&k.packs, file.packs)?),
    };

    let vehicle_name = r.fixed(&first_life::KEYS.vehicle, file.first_life.vehicle.clone())?;
    let (vehicle, _) = r.entry::<VehicleSpec>("first_life.vehicle", &vehicle_name)?;
    let (cell, cell_entry) = r.entry::<CellSpec>("first_life.vehicle", &vehicle.cell)?;
    let climate_name = file.first_life.climate.clone();
    let start_year = r.fixed(&first_life::KEYS.start_year, file.first_life.start_year)?;
    let first_life = first_life(file.first_life, traces, &weather[0], r)?;
    let laws = laws(file.aging, &cell, cell_entry, r)?;
    let spread = spread(file.spread, &laws[0], r)?;
    let used = match file.used_modules {
        Some(file) => Some(used(file, sheet, &vehicle, &cell, r)?),
        None => None,
    };
    let packs = match (packs, &used) {
        (None, Some(UsedPlan::Sheet(sheet))) => r.computed(&root::KEYS.packs, None, sheet.packs.len() as u64),
        (packs, _) => packs?,
    };
    let (exit, failures, recall) = exit(file.exit, r)?;
    let grading = grading(file.grading, r)?;
    let repurposing = repurposing(file.repurposing, r)?;
    let storage = storage(file.storage, r)?;
    let step_minutes = r.fixed(&numerics::KEYS.step_minutes, file.numerics.step_minutes)?;
    let built_from = (&vehicle, &cell, repurposing.level);
    let second_life =
        second_life(file.second_life, (climate_name.unwrap_or_default(), &weather[1]), built_from, step_minutes, r)?;
    let k = &recycling::KEYS;
    let route_name = r.fixed(&k.route, file.recycling.route.clone())?;
    let (route, _) = r.entry::<RouteSpec>("recycling.route", &route_name)?;
    let composition_name = r.field(
        &k.composition,
        file.recycling.composition.clone(),
        cell_entry,
        "composition",
        cell.composition.clone(),
    );
    let (composition, _) = r.entry::<CompositionSpec>("recycling.composition", &composition_name)?;
    let (prices_name, price_path, prices) = prices(file.economics, r)?;
    let recycling = recycling(file.recycling, price_path, start_year, r)?;
    let defaults = [composition_name, prices_name, route_name];
    let decision = decision(file.decision, second_life.end.soh_min, defaults, &prices, r)?;
    let fidelity = match r.fixed(&numerics::KEYS.fidelity, file.numerics.fidelity)?.as_str() {
        "cell" => Fidelity::Cell,
        "pack" => Fidelity::Pack,
        _ => Fidelity::Module,
    };
    let weather_years = r.fixed(&numerics::KEYS.weather_years, file.numerics.weather_years)? as usize;

    let journey = JourneyPlan {
        vehicle,
        cell,
        laws,
        spread,
        first_life,
        used,
        exit,
        failures,
        recall,
        grading,
        repurposing,
        storage,
        second_life,
        composition,
        route,
        recycling,
        decision,
        prices,
        fidelity,
        weather_years,
        records: false,
    };
    let sizing = match file.sizing {
        Some(file) => Some(sizing::resolve(file, &journey, r)?),
        None => None,
    };
    Some((seed, packs, journey, sizing))
}

fn first_life(
    file: first_life::File,
    [daily, long]: Traces,
    files: &weather::Files,
    r: &mut Record<'_>,
) -> Option<FirstLifePlan> {
    let k = &first_life::KEYS;
    let climate = r.fixed(&k.climate, file.climate)?;
    let (climate, _) = r.entry("first_life.climate", &climate)?;
    if let Some(file) = file.weather_file {
        r.given(&k.weather_file, file);
    }
    let weather::Local { climate, years } = local(files, "first_life.weather_file", climate, r)?;
    let usage = r.fixed(&k.r#use, file.r#use)?;
    let (mut usage, entry) = r.entry::<crate::duty::UseSpec>("first_life.use", &usage)?;
    let years_max = r.fixed(&k.years_max, file.years_max)?;
    usage.charge_limit = r.field(&k.charge_limit, file.charge_limit, entry, "charge_limit", usage.charge_limit);
    usage.home_charge_kw =
        r.field(&k.home_charge_kw, file.home_charge_kw, entry, "home_charge_kw", usage.home_charge_kw);
    let trace = drive(daily, (&k.speed_trace, file.speed_trace), &usage.cycle, r)?;
    let long_trace = drive(long, (&k.long_speed_trace, file.long_speed_trace), &usage.long_cycle, r)?;
    Some(FirstLifePlan { climate, weather: years, usage, trace, long_trace, years_max })
}

/// The drive of a file, or that of a cycle.
fn drive(
    read: Option<SpeedTrace>,
    (key, file): (&Key, Option<String>),
    cycle: &str,
    r: &mut Record<'_>,
) -> Option<SpeedTrace> {
    r.computed(key, file, cycle.to_owned());
    if read.is_some() {
        return read;
    }
    let (cycle, _) = r.entry::<CycleSpec>("first_life.use", cycle)?;
    Some(cycle.trace())
}

/// The laws, at least one.
fn laws(file: aging::File, cell: &CellSpec, cell_entry: &Entry, r: &mut Record<'_>) -> Option<Vec<LawPlan>> {
    let k = &aging::KEYS;
    let given = file.law.map(OneOrMany::names);
    let names = r.field(&k.law, given, cell_entry, "law", vec![cell.law.clone()]);
    let stress = match r.fixed(&k.stress, file.stress)?.as_str() {
        "daily_window" => Stress::DailyWindow,
        _ => Stress::Rainflow,
    };
    let parameter_sets = r.fixed(&k.parameter_sets, file.parameter_sets)?;
    let knee = match file.knee {
        Some(file) => Some(knee(file, r)?),
        None => None,
    };
    let regain = match file.regain {
        Some(file) => Some(regain(file, r)?),
        None => None,
    };
    let options = AgingOptions { stress, explicit: false, knee, regain };
    let law = |name: String| {
        let (spec, _) = r.entry::<LawSpec>("aging.law", &name)?;
        Some(LawPlan { name, spec, options, parameter_sets })
    };
    names.into_iter().map(law).collect()
}

fn knee(file: knee::File, r: &mut Record<'_>) -> Option<KneeSpec> {
    let k = &knee::KEYS;
    let (kind, default) = match r.fixed(&k.kind, file.kind)?.as_str() {
        "material" => (KneeKind::Material, [0.0, 0.0, 1050.0, 0.10, 2.5, 1.0]),
        _ => (KneeKind::Plating, [0.085, 0.017, 1440.0, 0.20, 1.5, 0.36]),
    };
    Some(KneeSpec {
        kind,
        threshold: r.computed(&k.threshold, file.threshold, default[0]),
        threshold_sd: r.computed(&k.threshold_sd, file.threshold_sd, default[1]),
        efc_scale: r.computed(&k.efc_scale, file.efc_scale, default[2]),
        efc_ln_sd: r.computed(&k.efc_ln_sd, file.efc_ln_sd, default[3]),
        power: r.computed(&k.power, file.power, default[4]),
        mild_share: r.computed(&k.mild_share, file.mild_share, default[5]),
        c_reference: r.fixed(&k.c_reference, file.c_reference)?,
    })
}

fn regain(file: regain::File, r: &mut Record<'_>) -> Option<RegainSpec> {
    let k = &regain::KEYS;
    Some(RegainSpec {
        amplitude: r.fixed(&k.amplitude, file.amplitude)?,
        knee_share: r.fixed(&k.knee_share, file.knee_share)?,
        c_reference: r.fixed(&k.c_reference, file.c_reference)?,
        time_constant_days: r.fixed(&k.time_constant_days, file.time_constant_days)?,
    })
}

fn spread(file: spread::File, law: &LawPlan, r: &mut Record<'_>) -> Option<SpreadPlan> {
    let k = &spread::KEYS;
    let (_, entry) = r.entry::<LawSpec>("aging.law", &law.name)?;
    Some(SpreadPlan {
        capacity_cv: r.fixed(&k.capacity_cv, file.capacity_cv)?,
        resistance_cv: r.fixed(&k.resistance_cv, file.resistance_cv)?,
        rate_pack_ln_sd: r.fixed(&k.rate_pack_ln_sd, file.rate_pack_ln_sd)?,
        rate_module_ln_sd: r.field(&k.rate_module_ln_sd, file.rate_module_ln_sd, entry, "loss_cv", law.spec.loss_cv),
        calendar_cycle_correlation: r.fixed(&k.calendar_cycle_correlation, file.calendar_cycle_correlation)?,
        resistance_module_ln_sd: r.field(
            &k.resistance_module_ln_sd,
            file.resistance_module_ln_sd,
            entry,
            "resistance_cv",
            law.spec.resistance_cv,
        ),
        temperature_offset_sd_k: r.fixed(&k.temperature_offset_sd_k, file.temperature_offset_sd_k)?,
        self_discharge_ln_sd: r.fixed(&k.self_discharge_ln_sd, file.self_discharge_ln_sd)?,
        cells: CellSpread {
            capacity_cv: r.fixed(&k.cell_capacity_cv, file.cell_capacity_cv)?,
            resistance_cv: r.fixed(&k.cell_resistance_cv, file.cell_resistance_cv)?,
            rate_ln_sd: r.fixed(&k.cell_rate_ln_sd, file.cell_rate_ln_sd)?,
            temperature_sd_k: r.fixed(&k.cell_temperature_sd_k, file.cell_temperature_sd_k)?,
            self_discharge_ln_sd: r.fixed(&k.cell_self_discharge_ln_sd, file.cell_self_discharge_ln_sd)?,
        },
    })
}

fn exit(file: exit::File, r: &mut Record<'_>) -> Option<(CountrySpec, FailureSpec, Option<RecallPlan>)> {
    let k = &exit::KEYS;
    let country = r.fixed(&k.country, file.country)?;
    let (mut c, entry) = r.entry::<CountrySpec>("exit.country", &country)?;
    /// Replaces fields of the entry by the keys of the same name.
    macro_rules! replace {
        ($( $field:ident ),*) => { $( c.$field = r.field(&k.$field, file.$field, entry, stringify!($field), c.$field); )* };
    }
    replace!(
        write_off_per_year,
        failure_per_year,
        vehicle_life_shape,
        vehicle_life_scale_years,
        life_use_exponent,
        need_quantile,
        need_reserve,
        need_resale_share,
        need_least_km,
        warranty_years,
        warranty_soh
    );
    c.failures = r.field(&k.failures, file.failures, entry, "failures", c.failures.clone());
    let (failures, _) = r.entry::<FailureSpec>("exit.failures", &c.failures)?;
    let recall = match file.recall {
        Some(file) => Some(recall(file, r)?),
        None => None,
    };
    Some((c, failures, recall))
}

fn recall(file: recall::File, r: &mut Record<'_>) -> Option<RecallPlan> {
    let k = &recall::KEYS;
    Some(RecallPlan {
        share: r.fixed(&k.share, file.share)?,
        from_years: r.fixed(&k.from_years, file.from_years)?,
        to_years: r.fixed(&k.to_years, file.to_years)?,
        gate_fail_share: r.fixed(&k.gate_fail_share, file.gate_fail_share)?,
    })
}

fn grading(file: grading::File, r: &mut Record<'_>) -> Option<GradingPlan> {
    let k = &grading::KEYS;
    let gate = r.fixed(&k.gate, file.gate)?;
    let (gate, _) = r.entry("grading.gate", &gate)?;
    let salvage = r.fixed(&k.salvage, file.salvage)?;
    let self_discharge_max = r.fixed(&k.self_discharge_max, file.self_discharge_max)?;
    let tests = r.fixed(&k.tests, file.tests)?.names();
    let retest_within = r.fixed(&k.retest_within, file.retest_within)?;
    let menu: Vec<String> = r.library.names(Category::Tests).into_iter().map(str::to_owned).collect();
    let mut plans = |names: Vec<String>| -> Option<Vec<TestPlan>> {
        let plan = |name: String| r.entry("grading.tests", &name).map(|(spec, _)| TestPlan { name, spec });
        names.into_iter().map(plan).collect()
    };
    let (tests, menu) = (plans(tests)?, plans(menu)?);
    Some(GradingPlan {
        gate,
        salvage,
        self_discharge_max,
        tests,
        menu,
        retest_within,
        accept_soh_min: r.fixed(&k.accept_soh_min, file.accept_soh_min)?,
        accept_resistance_max: r.fixed(&k.accept_resistance_max, file.accept_resistance_max)?,
        grade_a_soh_min: r.fixed(&k.grade_a_soh_min, file.grade_a_soh_min)?,
        grade_b_soh_min: r.fixed(&k.grade_b_soh_min, file.grade_b_soh_min)?,
    })
}

fn repurposing(file: repurposing::File, r: &mut Record<'_>) -> Option<RepurposingPlan> {
    let k = &repurposing::KEYS;
    let level = match r.fixed(&k.level, file.level)?.as_str() {
        "pack" => Level::Pack,
        "cell" => Level::Cell,
        _ => Level::Module,
    };
    let matching = r.fixed(&k.matching, file.matching)?;
    let matching = Matching::NAMES.iter().find(|(name, _)| *name == matching).map_or(Matching::Sorted, |(_, m)| *m);
    let cell_harvest_loss = r.fixed(&k.cell_harvest_loss, file.cell_harvest_loss)?;
    let plant = r.fixed(&k.plant, file.plant)?;
    let (plant, _) = r.entry("repurposing.plant", &plant)?;
    Some(RepurposingPlan { level, matching, plant, cell_harvest_loss })
}

fn storage(file: storage::File, r: &mut Record<'_>) -> Option<StoragePlan> {
    let k = &storage::KEYS;
    Some(StoragePlan {
        days: r.fixed(&k.days, file.days)?,
        soc: r.fixed(&k.soc, file.soc)?,
        temperature_c: r.fixed(&k.temperature_c, file.temperature_c)?,
    })
}

fn second_life(
    file: second_life::File,
    (first_climate, files): (String, &weather::Files),
    (vehicle, cell, level): (&VehicleSpec, &CellSpec, Level),
    step_minutes: u32,
    r: &mut Record<'_>,
) -> Option<SecondLifePlan> {
    let k = &second_life::KEYS;
    let system = r.fixed(&k.system, file.system)?;
    let (system, entry) = r.entry::<SystemSpec>("second_life.system", &system)?;
    let climate = r.computed(&k.climate, file.climate, first_climate);
    let (climate, _) = r.entry::<ClimateSpec>("second_life.climate", &climate)?;
    if let Some(file) = file.weather_file {
        r.given(&k.weather_file, file);
    }
    let weather::Local { climate, years } = local(files, "second_life.weather_file", climate, r)?;
    let soc_window = r.field(&k.soc_window, file.soc_window, entry, "soc_window", system.soc_window);
    let series = if level == Level::Pack { vehicle.modules } else { nearest_series(&system, vehicle, cell) };
    let series_modules = r.computed(&k.series_modules, file.series_modules, series);
    let topology = r.fixed(&k.topology, file.topology)?;
    let topology = Topology::named(&topology).unwrap_or(Topology::Series);
    let years_max = r.fixed(&k.years_max, file.years_max)?;
    let electronics = electronics(file.electronics, r)?;
    let pv = pv(file.pv, &system, entry, &climate, r)?;
    let load = load(file.load, &system, entry, r)?;

    let converters = site::converters(file.inverter, (&system, entry), pv.peak_kw, r)?;
    let recharge = match file.recharge {
        Some(file) => Some(recharge(file, soc_window, r)?),
        None => None,
    };
    let reserve_soc = r.fixed(&k.reserve_soc, file.reserve_soc)?;
    let grid = match file.grid {
        Some(file) => Some(site::grid(file, converters.charger_kw, soc_window[1], reserve_soc, r)?),
        None => None,
    };
    let genset = match file.genset {
        Some(file) => Some(site::genset(file, r)?),
        None => None,
    };
    let service = match file.service {
        Some(file) => Some(service(file, r)?),
        None => None,
    };
    let end = end(file.end, r)?;
    Some(SecondLifePlan {
        weather: years,
        system,
        climate,
        series_modules,
        topology,
        electronics,
        service,
        soc_window,
        pv,
        load,
        load_factor: 1.0,
        converter: converters.inverter,
        inverter_kw: converters.inverter_kw,
        charger: converters.charger,
        charger_kw: converters.charger_kw,
        coupling: converters.coupling,
        recharge,
        grid,
        genset,
        step_minutes,
        end,
        years_max,
    })
}

fn electronics(file: electronics::File, r: &mut Record<'_>) -> Option<ElectronicsPlan> {
    let k = &electronics::KEYS;
    Some(ElectronicsPlan {
        string_efficiency: r.fixed(&k.string_efficiency, file.string_efficiency)?,
        balancer_w: r.fixed(&k.balancer_w, file.balancer_w)?,
        balancer_efficiency: r.fixed(&k.balancer_efficiency, file.balancer_efficiency)?,
        module_efficiency: r.fixed(&k.module_efficiency, file.module_efficiency)?,
        module_no_load_w: r.fixed(&k.module_no_load_w, file.module_no_load_w)?,
        circulating_c_max: r.fixed(&k.circulating_c_max, file.circulating_c_max)?,
    })
}

/// Modules in series whose nominal voltage comes nearest to the system's, at least one.
fn nearest_series(system: &SystemSpec, vehicle: &VehicleSpec, cell: &CellSpec) -> u32 {
    let module_v = f64::from(vehicle.cells_series) / f64::from(vehicle.modules) * cell.nominal_voltage_v;
    // A float-to-integer cast saturates, so an absurd voltage is caught by the check against the pack's modules.
    (system.string_voltage_v / module_v).round().max(1.0) as u32
}

fn pv(file: pv::File, system: &SystemSpec, entry: &Entry, climate: &ClimateSpec, r: &mut Record<'_>) -> Option<PvPlan> {
    let k = &pv::KEYS;
    let toward_equator = if climate.latitude_deg >= 0.0 { 180.0 } else { 0.0 };
    Some(PvPlan {
        peak_kw: r.field(&k.peak_kw, file.peak_kw, entry, "pv_kw", system.pv_kw),
        tilt_deg: r.computed(&k.tilt_deg, file.tilt_deg, climate.latitude_deg.abs()),
        azimuth_deg: r.computed(&k.azimuth_deg, file.azimuth_deg, toward_equator),
        temperature_coefficient_per_k: r.fixed(&k.temperature_coefficient_per_k, file.temperature_coefficient_per_k)?,
        system_loss: r.fixed(&k.system_loss, file.system_loss)?,
        fade_per_year: r.fixed(&k.fade_per_year, file.fade_per_year)?,
        minute_clouds: r.fixed(&k.minute_clouds, file.minute_clouds)?,
    })
}

fn recharge(file: recharge::File, soc_window: [f64; 2], r: &mut Record<'_>) -> Option<RechargePlan> {
    let k = &recharge::KEYS;
    Some(RechargePlan {
        power_kw: r.fixed(&k.power_kw, file.power_kw)?,
        from_hour: r.fixed(&k.from_hour, file.from_hour)?,
        to_hour: r.fixed(&k.to_hour, file.to_hour)?,
        soc_target: r.computed(&k.soc_target, file.soc_target, soc_window[1]),
    })
}

fn service(file: service::File, r: &mut Record<'_>) -> Option<ServicePlan> {
    let k = &service::KEYS;
    let months = if r.fixed(&k.check, file.check)? == "monthly" { 1 } else { 12 };
    let replace_soh_below = r.fixed(&k.replace_soh_below, file.replace_soh_below)?;
    let replace_resistance_above = file.replace_resistance_above.map(|most| r.given(&k.replace_resistance_above, most));
    let replacements_max = r.fixed(&k.replacements_max, file.replacements_max)?;
    let modules_from = match r.fixed(&k.modules_from, file.modules_from)?.as_str() {
        "left_over" => ModulesFrom::LeftOver,
        "bought" => ModulesFrom::Bought,
        _ => ModulesFrom::LeftOverThenBought,
    };
    let after_years = file.augment_after_years.map(|years| r.given(&k.augment_after_years, years));
    let strings = r.fixed(&k.augment_strings, file.augment_strings)?;
    Some(ServicePlan {
        months,
        replace_soh_below,
        replace_resistance_above,
        replacements_max,
        modules_from,
        module_soh: r.fixed(&k.module_soh, file.module_soh)?,
        module_years: r.fixed(&k.module_years, file.module_years)?,
        module_cycle_share: r.fixed(&k.module_cycle_share, file.module_cycle_share)?,
        module_price_usd_per_kwh: r.fixed(&k.module_price_usd_per_kwh, file.module_price_usd_per_kwh)?,
        labour_usd_per_module: r.fixed(&k.labour_usd_per_module, file.labour_usd_per_module)?,
        augment: after_years.map(|after_years| AugmentPlan { after_years, strings }),
    })
}

fn end(file: end::File, r: &mut Record<'_>) -> Option<EndPlan> {
    let k = &end::KEYS;
    Some(EndPlan {
        soh_min: r.fixed(&k.soh_min, file.soh_min)?,
        resistance_max: r.fixed(&k.resistance_max, file.resistance_max)?,
        unmet_share_max: r.fixed(&k.unmet_share_max, file.unmet_share_max)?,
        power_check: r.fixed(&k.power_check, file.power_check)?,
    })
}

fn recycling(
    file: recycling::File,
    price_path: PricePath,
    start_year: u32,
    r: &mut Record<'_>,
) -> Option<RecyclingPlan> {
    let k = &recycling::KEYS;
    let books = if r.fixed(&k.books, file.books)? == "gate" { Books::Gate } else { Books::Process };
    let held = file.targets.is_some();
    let name = r.computed(&k.targets, file.targets, "none".into());
    let targets = match held {
        true => Some((name.clone(), r.entry::<TargetSpec>("recycling.targets", &name)?.0)),
        false => None,
    };
    Some(RecyclingPlan { books, targets, price_path, start_year })
}

/// `defaults`: composition, price set and route of the study.
fn decision(
    file: decision::File,
    soh_end: f64,
    defaults: [String; 3],
    own_prices: &PriceSet,
    r: &mut Record<'_>,
) -> Option<DecisionPlan> {
    let k = &decision::KEYS;
    let [composition, prices, route] = defaults;
    let rule = if r.fixed(&k.rule, file.rule)? == "npv" { Rule::Npv } else { Rule::Grades };
    let chemistries = r.computed(&k.chemistries, file.chemistries.map(OneOrMany::names), vec![composition]);
    let price_sets = r.computed(&k.price_sets, file.price_sets.map(OneOrMany::names), vec![prices.clone()]);
    let routes = r.computed(&k.routes, file.routes.map(OneOrMany::names), vec![route]);
    Some(DecisionPlan {
        rule,
        discount_to_new: r.fixed(&k.discount_to_new, file.discount_to_new)?,
        fade_per_year: r.fixed(&k.fade_per_year, file.fade_per_year)?,
        soh_end: r.computed(&k.soh_end, file.soh_end, soh_end),
        years_max: r.fixed(&k.years_max, file.years_max)?,
        chemistries: chemistries
            .into_iter()
            .map(|name| Some((name.clone(), r.entry("decision.chemistries", &name)?.0)))
            .collect::<Option<_>>()?,
        price_sets: price_sets
            .into_iter()
            .map(|name| match name == prices {
                // The study's own set with the study's own keys.
                true => Some((name, own_prices.clone())),
                false => Some((name.clone(), r.entry("decision.price_sets", &name)?.0)),
            })
            .collect::<Option<_>>()?,
        routes: routes
            .into_iter()
            .map(|name| Some((name.clone(), r.entry("decision.routes", &name)?.0)))
            .collect::<Option<_>>()?,
    })
}

/// Name of the price set, how metal prices move, and the set with the scenario's own figures.
fn prices(file: economics::File, r: &mut Record<'_>) -> Option<(String, PricePath, PriceSet)> {
    let k = &economics::KEYS;
    let name = r.fixed(&k.prices, file.prices)?;
    let (mut prices, entry) = r.entry::<PriceSet>("economics.prices", &name)?;
    prices.discount_rate = r.field(&k.discount_rate, file.discount_rate, entry, "discount_rate", prices.discount_rate);
    prices.new_storage_usd_per_kwh = r.field(
        &k.new_storage_usd_per_kwh,
        file.new_storage_usd_per_kwh,
        entry,
        "new_storage_usd_per_kwh",
        prices.new_storage_usd_per_kwh,
    );
    let path = match file.price_path {
        Some(file) => {
            let k = &price_path::KEYS;
            PricePath {
                drift_per_year: r.fixed(&k.drift_per_year, file.drift_per_year)?,
                volatility: r.fixed(&k.volatility, file.volatility)?,
                reversion_per_year: r.fixed(&k.reversion_per_year, file.reversion_per_year)?,
            }
        }
        None => PricePath::default(),
    };
    Some((name, path, prices))
}
