//! Units, read from the names of fields: a field carries its unit as a suffix.

/// Suffix of a name and its unit; the first that fits is taken, so the longer come first.
const SUFFIXES: &[(&str, &str)] = &[
    ("_om_usd_per_kw_hour", "USD/(kW h)"),
    ("_om_usd_per_kwh", "USD/(kWh year)"),
    ("_usd_per_kwh", "USD/kWh"),
    ("_om_usd_per_kw", "USD/(kW year)"),
    ("_usd_per_kw", "USD/kW"),
    ("_usd_per_l", "USD/L"),
    ("_usd_per_kg", "USD/kg"),
    ("_usd_per_h", "USD/h"),
    ("_h_per_module", "h/module"),
    ("_co2_kg_per_l", "kg CO2e/L"),
    ("_co2_kg_per_kwh", "kg CO2e/kWh"),
    ("_co2_kg_per_kg", "kg CO2e/kg"),
    ("_kwh_per_m2_day", "kWh/(m2 day)"),
    ("_k_per_kw_m2", "K m2/kW"),
    ("_kg_per_kwh", "kg/kWh"),
    ("_l_per_kwh", "L/kWh"),
    ("_j_per_kgk", "J/(kg K)"),
    ("_j_per_mol", "J/mol"),
    ("_wh_per_km", "Wh/km"),
    ("_hours_per_day", "h/day"),
    ("_per_month", "1/month"),
    ("_per_year", "1/year"),
    ("_per_day", "1/day"),
    ("_w_per_k", "W/K"),
    ("_wh_per_k", "Wh/K"),
    ("_per_km", "1/km"),
    ("_per_k", "1/K"),
    ("_n_per_mps2", "N/(m/s)^2"),
    ("_n_per_mps", "N/(m/s)"),
    ("_mps2", "m/s2"),
    ("_every_days", "day"),
    ("charge_c_max", "1/h"),
    ("_mohm", "mOhm"),
    ("_kmh", "km/h"),
    ("_kwh", "kWh"),
    ("_hours", "h"),
    ("_years", "year"),
    ("_days", "day"),
    ("_hour", "h"),
    ("_minutes", "min"),
    ("_deg", "deg"),
    ("_hz", "Hz"),
    ("_kw", "kW"),
    ("_kg", "kg"),
    ("_km", "km"),
    ("_ah", "Ah"),
    ("_c", "degC"),
    ("_k", "K"),
    ("_h", "h"),
    ("_s", "s"),
    ("_v", "V"),
    ("_usd", "USD"),
    ("_w", "W"),
    ("_n", "N"),
    ("_m2", "m2"),
    ("_m", "m"),
];

/// Unit of a field by its dotted name; empty for a pure number or a word.
pub fn unit_of(field: &str) -> &'static str {
    // The name nearest to the value that carries a unit: `recovery.nickel` has none, `material_usd_per_kg.nickel` has.
    field.rsplit('.').find_map(unit_of_name).unwrap_or("")
}

fn unit_of_name(name: &str) -> Option<&'static str> {
    if name == "k" {
        return None; // the quadratic loss of a converter
    }
    let whole = format!("_{name}");
    SUFFIXES.iter().find(|(suffix, _)| whole.ends_with(suffix)).map(|(_, unit)| *unit)
}

#[cfg(test)]
mod tests {
    use super::unit_of;

    #[test]
    fn units_come_from_suffixes() {
        assert_eq!(unit_of("capacity_ah"), "Ah");
        assert_eq!(unit_of("nominal_voltage_v"), "V");
        assert_eq!(unit_of("charge_c_max"), "1/h");
        assert_eq!(unit_of("temperature_c"), "degC");
        assert_eq!(unit_of("specific_heat_j_per_kgk"), "J/(kg K)");
        assert_eq!(unit_of("profile.daily_kwh"), "kWh");
        assert_eq!(unit_of("material_usd_per_kg.nickel"), "USD/kg");
        assert_eq!(unit_of("sessions.per_day"), "1/day");
        assert_eq!(unit_of("outage_hours_per_day"), "h/day");
        assert_eq!(unit_of("appliances.kinds.fan.run_minutes"), "min");
        assert_eq!(unit_of("down.median_h"), "h");
        assert_eq!(unit_of("fuel_slope_l_per_kwh"), "L/kWh");
        assert_eq!(unit_of("recovery.nickel"), "");
        assert_eq!(unit_of("k"), "");
        assert_eq!(unit_of("hours"), "h");
        assert_eq!(unit_of("road_load.coast_c_n_per_mps2"), "N/(m/s)^2");
        assert_eq!(unit_of("road_load.heating_w_per_k"), "W/K");
        assert_eq!(unit_of("stops_per_km"), "1/km");
    }
}
