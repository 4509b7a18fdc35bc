//! Tests of sessions and hire against sums by hand.

use super::*;
use crate::duty::ConverterSpec;
use crate::sizing::tests::plan;
use crate::sizing::{Method, Money, Quantiles, Renewal};

const RATE: f64 = 0.1;
const YEARS: u32 = 4;

fn converter(efficiency: f64, rating_kw: f64) -> Converter {
    Converter { spec: ConverterSpec::constant(efficiency), rating_kw }
}

fn diesel() -> GensetSpec {
    GensetSpec { title: "t".into(), fuel_no_load_l_per_kwh: 0.08, fuel_slope_l_per_kwh: 0.25, least_load_share: 0.3 }
}

fn facts() -> SiteFacts {
    SiteFacts {
        inverter: Some(converter(0.9, 22.0)),
        charger: converter(0.95, 11.0),
        grid_kw: None,
        socket_kw: Some(3.0),
        sessions: Some(vec![(7.4, 0.75), (22.0, 0.25)]),
    }
}

fn rated(npc: f64) -> Rated {
    let all = |x| Quantiles { mean: x, p10: x, p50: x, p90: x };
    Rated {
        design: Design {
            pv_kw: 1.0,
            strings: 1,
            modules: 4,
            grade: 0,
            inverter_kw: 22.0,
            genset_kw: 0.0,
            renewal: Renewal::None,
        },
        method: Method::Simulated,
        lpsp_first: Quantiles::default(),
        lpsp_last: Quantiles::default(),
        lpsp_at_confidence: 0.0,
        meets: true,
        money: Money { npc_usd: all(npc), lcoe_usd_per_kwh: all(0.4), ..Money::default() },
    }
}

/// 700 sessions of 18 kWh a year: 600 kWh lost to overlap, 300 to an empty battery, 200 left before they were asked for.
fn life(npc_usd: f64) -> PathLife {
    let wanted = 700.0 * 18.0;
    let year = SiteYear {
        hours: 8760.0,
        demand_kwh: wanted - 200.0,
        served_kwh: wanted - 1100.0,
        unmet_kwh: 900.0,
        unmet_power_kwh: 600.0,
        unmet_energy_kwh: 300.0,
        sessions: 700,
        sessions_kwh: wanted,
        sessions_left_kwh: 200.0,
        fuel_l: 40.0,
        genset_hours: 30.0,
        grid_kwh: 500.0,
        ..SiteYear::default()
    };
    PathLife {
        years: vec![year; YEARS as usize],
        usable_kwh_start: 100.0,
        usable_kwh_end: 80.0,
        npc_usd,
        ..PathLife::empty(0)
    }
}

fn asked(hire: Option<HireTerms>) -> SizingPlan {
    let mut plan = SizingPlan { hire, ..plan() };
    (plan.site.discount_rate, plan.target.service_years) = (RATE, YEARS);
    plan
}

fn terms() -> HireTerms {
    HireTerms { days_per_year: 200.0, genset_day_usd: Some(60.0), genset: diesel(), genset_kw: Some(10.0) }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9 * b.abs().max(1.0)
}

/// Hours at rest, below the least load, inside the range and above the rating.
#[test]
fn a_genset_alone_burns_by_its_line() {
    let alone = GensetAlone::carry(&diesel(), 10.0, [0.0, 1.0, 6.0, 12.0].into_iter().cycle().take(8760));
    let (hours, fuel_l) = (3.0 * 2190.0, 2190.0 * (3.0 * 0.8 + 0.25 * (3.0 + 6.0 + 10.0)));
    assert!(near(alone.hours, hours) && near(alone.fuel_l, fuel_l) && near(alone.unserved_kwh, 2.0 * 2190.0));
    // Two paths are two years: the mean of them.
    let two = GensetAlone::carry(&diesel(), 10.0, [0.0, 1.0, 6.0, 12.0].into_iter().cycle().take(17520));
    assert!(near(two.fuel_l, fuel_l));
    assert_eq!(GensetAlone::carry(&diesel(), 10.0, []).hours, 0.0);
}

#[test]
fn hours_to_recharge_are_energy_over_power() {
    let found = charging(&asked(Some(terms())), &facts(), &rated(0.0), &[life(0.0)], []).recharge;
    // The charger of 11 kW takes no more from an inlet of 22.
    let told: Vec<(&str, f64)> = found.iter().map(|r| (r.from, r.ac_kw)).collect();
    assert_eq!(told, [("socket", 3.0), ("inlet", 7.0), ("inlet", 11.0)]);
    assert!(found.iter().all(|r| near(r.hours, 100.0 / (0.95 * r.ac_kw))));
    // Who neither charges cars nor is on hire recharges from what stands there.
    let home = SiteFacts { sessions: None, socket_kw: None, grid_kw: Some(2.0), ..facts() };
    let found = charging(&asked(None), &home, &rated(0.0), &[life(0.0)], []);
    assert_eq!(found.recharge.iter().map(|r| (r.from, r.ac_kw)).collect::<Vec<_>>(), [("grid", 2.0)]);
    assert!(found.sessions.is_none() && found.hire.is_none());
}

#[test]
fn sessions_lose_by_cause() {
    let found = charging(&asked(None), &facts(), &rated(0.0), &[life(0.0)], []).sessions.unwrap();
    let wanted = 700.0 * 18.0;
    assert!(near(found.asked, 700.0) && near(found.kwh, 18.0) && near(found.served, (wanted - 1100.0) / 18.0));
    assert!(near(found.lost_power, 600.0 / wanted) && near(found.lost_energy, 300.0 / wanted));
    assert!(near(found.lost_waiting, 200.0 / wanted) && found.lost_temperature == 0.0);
    // What is not lost is served.
    let lost = found.lost_power + found.lost_energy + found.lost_temperature + found.lost_waiting;
    assert!(near(found.served / found.asked, 1.0 - lost));
    assert!(near(found.per_full_charge[0], 100.0 * 0.9 / 18.0) && near(found.per_full_charge[1], 80.0 * 0.9 / 18.0));
    assert!(near(found.use_of_rating, (wanted - 1100.0) / (22.0 * 8760.0)));
}

#[test]
fn a_day_of_hire_pays_the_annuity() {
    let plan = asked(Some(terms()));
    let npc = 12_000.0;
    let found = charging(&plan, &facts(), &rated(npc), &[life(npc)], vec![6.0; 8760]);
    let (hire, sessions) = (found.hire.unwrap(), found.sessions.unwrap());
    // The days of all years, discounted, are worth the NPC.
    let worth: f64 = (1..=YEARS).map(|t| 200.0 * hire.break_even_day_usd * 1.1_f64.powi(-(t as i32))).sum();
    assert!(near(worth, npc));
    assert!(near(hire.margin_day_usd.unwrap(), 60.0 - hire.break_even_day_usd));
    // All years are alike: a session costs the year's annuity over its sessions.
    assert!(near(hire.usd_per_session.unwrap(), 200.0 * hire.break_even_day_usd / sessions.served));
    assert!(near(hire.fuel_avoided_l, 8760.0 * 2.3 - 40.0) && near(hire.genset_hours_avoided, 8730.0));
    assert!(near(hire.co2_kg, 2.7 * 40.0 + 0.5 * 500.0));
    assert!(near(hire.co2_avoided_kg, 2.7 * 8760.0 * 2.3 - hire.co2_kg));
    // Without a price there is no margin, and the genset is as large as the inverter.
    let plan = asked(Some(HireTerms { genset_day_usd: None, genset_kw: None, ..terms() }));
    let hire = charging(&plan, &facts(), &rated(npc), &[life(npc)], []).hire.unwrap();
    assert_eq!((hire.margin_day_usd, hire.alone.rating_kw), (None, 22.0));
}
