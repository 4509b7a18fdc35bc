//! Money of a project beside arithmetic made elsewhere: `tests/reference/lcos/`.

use packlife::economics::homer::capital_recovery_factor;
use packlife::economics::{Part, discount, discounted, lcoe_of_year, levelised};
use serde_json::Value;
use std::path::Path;

fn read(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/lcos").join(file);
    serde_json::from_str(&std::fs::read_to_string(path).expect("there")).expect("JSON")
}

fn number(of: &Value, key: &str) -> f64 {
    of[key].as_f64().unwrap_or_else(|| panic!("{key}"))
}

/// Two home batteries of 15 years: capital, service, energy year by year and what is left are given; NPC, discounted energy
/// and LCOS follow.
#[test]
fn cost_of_storage_of_two_homes() {
    let home = read("home.json");
    assert!((capital_recovery_factor(0.1, 15.0) - number(&home, "crf_10_15")).abs() < 1e-8);
    for case in ["home_new", "home_second"] {
        let c = &home[case];
        let (rate, years) = (number(c, "rate"), number(c, "years"));
        let energy: Vec<f64> = c["energy_kwh"].as_array().expect("rows").iter().filter_map(Value::as_f64).collect();
        assert_eq!(energy.len() as f64, years);
        let om = discounted(energy.iter().map(|_| number(c, "om")), rate);
        let npc = number(c, "capex") + om - number(c, "salvage") * discount(rate, years);
        assert!((npc - number(c, "npc")).abs() < 1e-3, "{case} {npc}");
        assert!((discounted(energy.iter().copied(), rate) - number(c, "disc_energy_kwh")).abs() < 1e-2, "{case}");
        assert!((levelised(npc, energy, rate).expect("energy") - number(c, "lcos")).abs() < 1e-6, "{case}");
    }
}

/// Five plants of Microgrids.py: replacements, salvage, sums, NPC and LCOE. Service and fuel are present values there. Its battery lasts as long as its calendar or its
/// cycles; where the cycles decide, that life is read back from the replacement.
#[test]
fn plants_of_microgrids_py() {
    let plants = read("microgrids.json");
    for p in plants.as_array().expect("plants") {
        let (rate, years) = (number(p, "discount_rate"), number(p, "project_years"));
        let near = |mine: f64, key: &str| {
            let theirs = number(p, key);
            assert!((mine - theirs).abs() < 2e-3 * theirs.abs().max(1.0), "{key}: {mine} {theirs}");
        };
        let pv = Part { cost_usd: number(p, "pv_kwp") * number(p, "pv_price"), life_years: number(p, "pv_life") };
        near(pv.replacements_usd(years, rate), "pv_replacement");
        near(-pv.salvage_usd(years, rate), "pv_salvage");
        let pv_total =
            pv.cost_usd + pv.replacements_usd(years, rate) + number(p, "pv_om") - pv.salvage_usd(years, rate);
        near(pv_total, "pv_total");

        let cost = number(p, "e_kwh") * number(p, "batt_price");
        let by_replacement = (cost / number(p, "batt_replacement")).ln() / (1.0 + rate).ln();
        let battery = Part { cost_usd: cost, life_years: by_replacement.min(number(p, "batt_life_cal")) };
        near(battery.replacements_usd(years, rate), "batt_replacement");
        near(-battery.salvage_usd(years, rate), "batt_salvage");
        let om = number(p, "batt_om");
        let battery_total = cost + battery.replacements_usd(years, rate) + om - battery.salvage_usd(years, rate);
        near(battery_total, "batt_total");

        let mut npc = pv_total + battery_total;
        let hours = number(p, "gen_hours");
        if hours > 0.0 {
            let life_years = number(p, "gen_life_h") / hours;
            let genset = Part { cost_usd: number(p, "gen_kw") * number(p, "gen_price"), life_years };
            near(genset.replacements_usd(years, rate), "gen_replacement");
            near(-genset.salvage_usd(years, rate), "gen_salvage");
            let total =
                genset.cost_usd + genset.replacements_usd(years, rate) + number(p, "gen_om") + number(p, "gen_fuel")
                    - genset.salvage_usd(years, rate);
            near(total, "gen_total");
            npc += total;
        }
        near(npc, "npc");
        near(lcoe_of_year(npc, number(p, "served_energy"), rate, years).expect("energy"), "lcoe");
    }
}
