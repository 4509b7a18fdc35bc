//! The checks of each category, in the order of a pack's life.

use super::check::{Breach, Checker, Checks};
use crate::aging::{AgingOptions, Law, LawSpec};
use crate::cell::{Cell, CellSpec};
use crate::duty::{ConverterSpec, CycleSpec, GensetSpec, RoadLoad, UseSpec, VehicleSpec};
use crate::economics::{IN_CATHODE, Materials, PriceSet, SitePrices, Steps, TargetSpec};
use crate::life::exit::{CountrySpec, FailureSpec};
use crate::life::grading::{GateSpec, Reasons, TestSpec};
use crate::life::outcome::{FailureMode, GateReason};
use crate::life::plant::PlantSpec;
use crate::life::recycling::{CompositionSpec, RouteSpec};
use crate::life::repurposing::SystemSpec;
use crate::weather::ClimateSpec;

/// Names each value after its field, so that the two cannot differ.
macro_rules! named {
    ($of:expr; $( $field:ident ),* $(,)?) => { &[ $( (stringify!($field), f64::from($of.$field)) ),* ] };
}

impl Checks for CellSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        c.positive(named!(self; capacity_ah, nominal_voltage_v, voltage_min_v, mass_kg, specific_heat_j_per_kgk,
            tau1_s, tau2_s, charge_c_max, discharge_c_max));
        c.not_negative(named!(self; resistance_ea_j_per_mol, hysteresis_v, hysteresis_gamma));
        c.share(named!(self; resistance_floor_share, coulombic_efficiency, self_discharge_per_month));
        c.positive(named!(self; coulombic_efficiency));
        c.range("charge_temperature_min_c", self.charge_temperature_min_c, -60.0, 60.0);
        c.order(("voltage_min_v", self.voltage_min_v), ("nominal_voltage_v", self.nominal_voltage_v));
        c.order(("nominal_voltage_v", self.nominal_voltage_v), ("voltage_max_v", self.voltage_max_v));
        c.order(("tau1_s", self.tau1_s), ("tau2_s", self.tau2_s));
        c.soc_knots("ocv_soc", &self.ocv_soc);
        c.length("ocv_v", self.ocv_v.len(), self.ocv_soc.len());
        c.rising("ocv_v", &self.ocv_v);
        c.soc_knots("resistance_soc", &self.resistance_soc);
        for (field, values) in [("r0_mohm", &self.r0_mohm), ("r1_mohm", &self.r1_mohm), ("r2_mohm", &self.r2_mohm)] {
            c.length(field, values.len(), self.resistance_soc.len());
            for value in values {
                c.positive(&[(field, *value)]);
            }
        }
        if c.found.is_empty() {
            c.found.extend(Cell::new(self.clone()).err().map(Breach::from));
        }
        c.found
    }
}

impl Checks for LawSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        let range = &self.range;
        let [cold, hot] = range.temperature_c;
        c.range("range.temperature_c", cold, -60.0, 100.0);
        c.range("range.temperature_c", hot, -60.0, 100.0);
        c.window("range.temperature_c", range.temperature_c, -60.0, 100.0);
        c.window("range.soc", range.soc, 0.0, 1.0);
        c.window("range.depth", range.depth, 0.0, 1.0);
        c.positive(&[("range.test_years", range.test_years), ("range.loss_max", range.loss_max)]);
        c.not_negative(&[
            ("range.charge_c_max", range.charge_c_max),
            ("range.discharge_c_max", range.discharge_c_max),
            ("loss_cv", self.loss_cv),
            ("resistance_cv", self.resistance_cv),
        ]);
        c.not_negative(&[("resistance_per_loss", self.resistance_per_loss.unwrap_or(0.0))]);
        c.range("soh_at_start", self.soh_at_start, 0.1, 1.0);
        let numbers = self.parameters.iter().chain(self.sets.iter().flatten());
        c.finite(&numbers.map(|(_, &value)| ("parameters", value)).collect::<Vec<_>>());
        if c.found.is_empty() {
            c.found.extend(Law::new(self.clone(), AgingOptions::default()).err().map(Breach::from));
        }
        c.found
    }
}

impl Checks for VehicleSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        c.positive(named!(self; cell_capacity_ah, cells_series, cells_parallel, modules, nominal_energy_kwh,
            pack_mass_kg, ac_charge_kw, dc_charge_kw, charge_efficiency, parked_time_constant_h));
        c.not_negative(named!(self; coolant_rise_k, module_conductance_w_per_k));
        c.share(named!(self; charge_efficiency));
        let consumed = self.consumption_wh_per_km.is_some();
        c.one_of("road_load", "`road_load` and `consumption_wh_per_km`", &[self.road_load.is_some(), consumed]);
        c.together(
            ("consumption_wh_per_km", consumed),
            &[
                ("heating_per_k", self.heating_per_k.is_some()),
                ("cooling_per_k", self.cooling_per_k.is_some()),
                ("current_form_factor", self.current_form_factor.is_some()),
            ],
        );
        c.positive(&given(&[("consumption_wh_per_km", self.consumption_wh_per_km)]));
        c.not_negative(&given(&[("heating_per_k", self.heating_per_k), ("cooling_per_k", self.cooling_per_k)]));
        c.range("current_form_factor", self.current_form_factor.unwrap_or(1.0), 1.0, 10.0);
        if let Some(road) = &self.road_load {
            road_load(road, &mut c);
        }
        c.window("soc_window", self.soc_window, 0.0, 1.0);
        c.window("coolant_band_c", self.coolant_band_c, -40.0, 80.0);
        if self.modules > 0 && !self.cells_series.is_multiple_of(self.modules) {
            c.found.push(Breach::DoesNotDivide {
                field: "modules".into(),
                value: self.modules,
                of: "cells_series".into(),
                total: self.cells_series,
            });
        }
        c.found
    }
}

impl Checks for UseSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        c.finite(named!(self; daily_ln_km_mean, parking_offset_k));
        c.not_negative(named!(self; daily_ln_km_sd, between_vehicles_ln_sd, long_days_per_year, long_day_ln_sd,
            parking_sun_k_per_kw_m2));
        c.positive(named!(self; long_day_median_km, plug_soc_width, home_charge_kw, workplace_charge_kw, charge_limit));
        c.share(named!(self; driving_day_share, long_days_zero_share, plug_soc_mid, plug_floor, charge_limit,
            home_charger_share, workplace_charger_share, fast_charge_habit));
        c.range("leave_hour", self.leave_hour, 0.0, 24.0);
        c.range("return_hour", self.return_hour, 0.0, 24.0);
        c.range("charge_start_hour", self.charge_start_hour, -24.0, 24.0);
        c.order(("leave_hour", self.leave_hour), ("return_hour", self.return_hour));
        c.found
    }
}

impl Checks for CycleSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        c.range("slow_speed_kmh", self.slow_speed_kmh, 5.0, 300.0);
        c.range("top_speed_kmh", self.top_speed_kmh, 5.0, 300.0);
        if self.top_speed_kmh < self.slow_speed_kmh {
            c.order(("slow_speed_kmh", self.slow_speed_kmh), ("top_speed_kmh", self.top_speed_kmh));
        }
        c.range("stops_per_km", self.stops_per_km, 0.01, 20.0);
        c.range("acceleration_mps2", self.acceleration_mps2, 0.05, 5.0);
        c.range("deceleration_mps2", self.deceleration_mps2, 0.05, 8.0);
        c.range("idle_share", self.idle_share, 0.0, 0.9);
        c.range("wave_kmh", self.wave_kmh, 0.0, 50.0);
        c.range("wave_period_s", self.wave_period_s, 4.0, 600.0);
        c.found
    }
}

/// Those of the values that are there.
fn given<'a>(fields: &[(&'a str, Option<f64>)]) -> Vec<(&'a str, f64)> {
    fields.iter().filter_map(|(field, value)| value.map(|value| (*field, value))).collect()
}

fn road_load(road: &RoadLoad, c: &mut Checker) {
    let coast = [
        ("road_load.coast_a_n", road.coast_a_n),
        ("road_load.coast_b_n_per_mps", road.coast_b_n_per_mps),
        ("road_load.coast_c_n_per_mps2", road.coast_c_n_per_mps2),
    ];
    let body = [
        ("road_load.drag_coefficient", road.drag_coefficient),
        ("road_load.frontal_area_m2", road.frontal_area_m2),
        ("road_load.rolling_coefficient", road.rolling_coefficient),
    ];
    let any = |fields: &[(&str, Option<f64>)]| fields.iter().any(|(_, value)| value.is_some());
    let choices = "a coast-down (`coast_a_n`, ...) and a body (`drag_coefficient`, ...)";
    c.one_of("road_load", choices, &[any(&coast), any(&body)]);
    for (with, fields) in [("coast_a_n", &coast), ("drag_coefficient", &body)] {
        if any(fields) {
            c.together((with, true), &fields.map(|(field, value)| (field, value.is_some())));
        }
    }
    // A fitted coast-down may have a negative middle term.
    c.positive(&given(&[coast[0], coast[2], body[0], body[1], body[2]]));
    c.finite(&given(&[coast[1]]));
    c.positive(&[("road_load.mass_kg", road.mass_kg)]);
    c.range("road_load.drive_efficiency", road.drive_efficiency, 0.3, 1.0);
    c.range("road_load.regeneration_efficiency", road.regeneration_efficiency, 0.0, 1.0);
    c.range("road_load.heating_cop", road.heating_cop, 1.0, 10.0);
    c.not_negative(&[
        ("road_load.regeneration_kw", road.regeneration_kw),
        ("road_load.auxiliary_kw", road.auxiliary_kw),
        ("road_load.heating_w_per_k", road.heating_w_per_k),
        ("road_load.warm_up_wh_per_k", road.warm_up_wh_per_k),
        ("road_load.heating_cop_per_k", road.heating_cop_per_k),
        ("road_load.cooling_w_per_k", road.cooling_w_per_k),
    ]);
}

impl Checks for ClimateSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        c.range("latitude_deg", self.latitude_deg, -90.0, 90.0);
        c.range("longitude_deg", self.longitude_deg, -180.0, 180.0);
        c.range("utc_offset_h", self.utc_offset_h, -12.0, 14.0);
        c.range("day_lag1", self.day_lag1, -0.99, 0.99);
        c.range("clearness_lag1", self.clearness_lag1, -0.99, 0.99);
        c.range("altitude_m", self.altitude_m.unwrap_or(0.0), -500.0, 6000.0);
        for turbidity in self.linke_turbidity.iter().flatten() {
            c.range("linke_turbidity", *turbidity, 1.0, 15.0);
        }
        for month in 0..12 {
            c.range("temperature_c", self.temperature_c[month], -60.0, 60.0);
            c.range("daily_range_k", self.daily_range_k[month], 0.0, 40.0);
            c.range("day_sd_k", self.day_sd_k[month], 0.0, 20.0);
            c.range("ghi_kwh_per_m2_day", self.ghi_kwh_per_m2_day[month], 0.0, 12.0);
            c.range("clearness_rel_sd", self.clearness_rel_sd[month], 0.0, 2.0);
        }
        c.found
    }
}

impl Checks for CountrySpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        c.not_negative(named!(self; write_off_per_year, failure_per_year, warranty_years, need_reserve, need_least_km));
        c.positive(named!(self; vehicle_life_shape, vehicle_life_scale_years));
        c.share(named!(self; need_resale_share, warranty_soh, gate_fail_write_off, gate_fail_warranty,
            gate_fail_owner_need, gate_fail_end_of_life));
        c.range("life_use_exponent", self.life_use_exponent, 0.0, 2.0);
        c.range("need_quantile", self.need_quantile, 0.0, 0.9999);
        c.found
    }
}

impl Checks for FailureSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        c.window("weak_capacity", self.weak_capacity, 0.0, 1.0);
        c.window("weak_resistance", self.weak_resistance, 1.0, 10.0);
        for mode in FailureMode::ALL {
            let (name, spec) = (mode.name(), self.mode(mode));
            c.share(&[(&format!("{name}.share"), spec.share), (&format!("{name}.gate_fail"), spec.gate_fail)]);
        }
        // A pack without coolant must have something left to fail.
        let dry = FailureMode::ALL.iter().filter(|mode| **mode != FailureMode::CoolantLeak);
        c.weights("weak_module.share", &dry.map(|mode| self.mode(*mode).share).collect::<Vec<_>>(), None);
        c.found
    }
}

impl Checks for TestSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        c.range("soh_bias", self.soh_bias, -0.5, 0.5);
        c.not_negative(named!(self; soh_sd, pack_sd, resistance_sd, hours, cost_usd_per_kwh));
        c.found
    }
}

impl Checks for GateSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        let named = |group: &str, reasons: &Reasons| -> Vec<(String, f64)> {
            let each = GateReason::ALL.iter().zip(reasons.values());
            each.map(|(reason, value)| (format!("{group}.{}", reason.name()), value)).collect()
        };
        let groups = [("write_off", &self.write_off), ("failure", &self.failure), ("end_of_life", &self.end_of_life)];
        for (group, reasons) in groups {
            named(group, reasons).iter().for_each(|(field, share)| c.range(field, *share, 0.0, 1.0));
            c.weights(group, &reasons.values(), None);
        }
        named("salvage_share", &self.salvage_share).iter().for_each(|(field, share)| c.range(field, *share, 0.0, 1.0));
        c.found
    }
}

impl Checks for PlantSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        c.not_negative(named!(self; labour_usd_per_h, removal_h, opening_h, cells_h, assembly_h_per_module,
            claim_h_per_module, collection_usd_per_kg, packaging_usd_per_kg, bms_usd_per_kwh, enclosure_usd_per_kwh,
            power_electronics_usd_per_kwh, certification_usd_per_kwh, warranty_share, overhead_share));
        c.found
    }
}

impl Checks for SitePrices {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        c.range("discount_rate", self.discount_rate, -0.1, 1.0);
        c.positive(named!(self; pv_life_years, inverter_life_years, genset_life_hours, genset_life_years));
        c.not_negative(named!(self; pv_usd_per_kw, inverter_usd_per_kw, genset_usd_per_kw, install_usd_per_kw,
            battery_fixed_usd, pv_om_usd_per_kw, battery_om_usd_per_kwh, genset_om_usd_per_kw_hour, fuel_usd_per_l,
            grid_usd_per_kwh, fuel_co2_kg_per_l, grid_co2_kg_per_kwh, voll_usd_per_kwh));
        c.finite(named!(self; battery_end_usd_per_kwh));
        c.share(named!(self; battery_residual_share));
        c.found
    }
}

impl Checks for SystemSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        c.positive(named!(self; string_voltage_v, strings, rated_power_kw, time_constant_h));
        c.not_negative(named!(self; pv_kw, standby_w));
        c.finite(named!(self; ambient_offset_k));
        c.share(named!(self; ambient_swing_share));
        c.window("soc_window", self.soc_window, 0.0, 1.0);
        c.found
    }
}

impl Checks for ConverterSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        c.not_negative(named!(self; standby_w));
        c.share(named!(self; p0, k1, k, mppt_efficiency));
        c.positive(named!(self; mppt_efficiency));
        c.found
    }
}

impl Checks for GensetSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        c.not_negative(named!(self; fuel_no_load_l_per_kwh, fuel_slope_l_per_kwh));
        c.share(named!(self; least_load_share));
        c.found
    }
}

/// One name for each material under a field.
fn materials(field: &str, values: &Materials) -> Vec<(String, f64)> {
    Materials::NAMES.iter().zip(values.values()).map(|(name, value)| (format!("{field}.{name}"), value)).collect()
}

impl Checks for CompositionSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        c.positive(named!(self; pack_kg_per_kwh));
        for (field, value) in materials("materials_kg_per_kwh", &self.materials_kg_per_kwh) {
            c.not_negative(&[(&field, value)]);
        }
        let followed: f64 = self.materials_kg_per_kwh.values().iter().sum();
        if followed > self.pack_kg_per_kwh {
            c.order(("materials_kg_per_kwh", followed), ("pack_kg_per_kwh", self.pack_kg_per_kwh));
        }
        c.found
    }
}

impl Checks for RouteSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        c.finite(named!(self; process_cost_usd_per_kg));
        c.not_negative(named!(self; process_co2_kg_per_kg));
        c.share(named!(self; cathode_recovery, iron_phosphate_recovery, black_mass_recovery));
        for (k, (field, value)) in materials("recovery", &self.recovery).into_iter().enumerate() {
            // No part of a material leaves in two products.
            let name = Materials::NAMES[k];
            let cathode = if IN_CATHODE[k] { self.cathode_recovery } else { 0.0 };
            let phosphate =
                if ["iron", "phosphorus", "oxygen"].contains(&name) { self.iron_phosphate_recovery } else { 0.0 };
            let black = IN_CATHODE[k] || ["graphite", "carbon_binder"].contains(&name);
            let elsewhere = cathode + phosphate + if black { self.black_mass_recovery } else { 0.0 };
            c.range(&field, value, 0.0, (1.0 - elsewhere).max(0.0));
        }
        c.found
    }
}

impl Checks for TargetSpec {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        let mut steps = |field: &str, steps: &Steps| {
            c.length(&format!("{field}.share"), steps.share.len(), steps.from_year.len());
            let years: Vec<f64> = steps.from_year.iter().map(|y| f64::from(*y)).collect();
            c.rising(&format!("{field}.from_year"), &years);
            for share in &steps.share {
                c.range(&format!("{field}.share"), *share, 0.0, 1.0);
            }
        };
        let whole = [&self.efficiency, &self.content_of_all, &self.collection];
        ["efficiency", "content_of_all", "collection"].into_iter().zip(whole).for_each(|(field, of)| steps(field, of));
        for (table, of) in [("recovery", &self.recovery), ("content", &self.content)] {
            for (name, of) in of {
                steps(&format!("{table}.{name}"), of);
            }
        }
        for (table, of) in [("recovery", &self.recovery), ("content", &self.content)] {
            for name in of.keys().filter(|name| !Materials::NAMES.contains(&name.as_str())) {
                c.found.push(Breach::NoMaterial { field: format!("{table}.{name}") });
            }
        }
        c.found
    }
}

impl Checks for PriceSet {
    fn breaches(&self) -> Vec<Breach> {
        let mut c = Checker::default();
        c.range("year", f64::from(self.year), 1990.0, 2100.0);
        c.finite(named!(self; core_usd_per_kwh));
        c.not_negative(named!(self; second_life_usd_per_kwh, new_pack_co2_kg_per_kwh, repurposing_co2_kg_per_kwh,
            transport_co2_kg_per_kg, new_storage_usd_per_kwh));
        c.range("discount_rate", self.discount_rate, -0.1, 1.0);
        for (field, value) in materials("material_usd_per_kg", &self.material_usd_per_kg) {
            c.finite(&[(&field, value)]);
        }
        for (field, value) in materials("virgin_co2_kg_per_kg", &self.virgin_co2_kg_per_kg) {
            c.not_negative(&[(&field, value)]);
        }
        for (field, value) in materials("black_mass_payable", &self.black_mass_payable) {
            c.range(&field, value, 0.0, 1.5);
        }
        c.finite(&[("iron_phosphate_usd_per_kg", self.iron_phosphate_usd_per_kg.unwrap_or(0.0))]);
        for (name, value) in &self.cathode_usd_per_kg {
            c.finite(&[(&format!("cathode_usd_per_kg.{name}"), *value)]);
        }
        for (name, value) in &self.cathode_co2_kg_per_kg {
            c.not_negative(&[(&format!("cathode_co2_kg_per_kg.{name}"), *value)]);
        }
        for (name, value) in &self.gate_usd_per_kg {
            c.finite(&[(&format!("gate_usd_per_kg.{name}"), *value)]);
        }
        for (name, r) in &self.refurbishment {
            let field = |of: &str| format!("refurbishment.{name}.{of}");
            c.range(&field("gain"), r.gain, 0.0, 1.0);
            c.not_negative(&[
                (&field("fixed_usd_per_kwh"), r.fixed_usd_per_kwh),
                (&field("wear_usd_per_kwh"), r.wear_usd_per_kwh),
            ]);
        }
        c.found
    }
}
