//! Made-up sizing studies with realistic numbers, the same on every run.

use crate::sizing::*;
use std::sync::LazyLock;

#[path = "sample_site.rs"]
mod site;

use site::{Site, live, traced_year};

/// A place without anything.
const NO_SITE: Site = Site { pv_kw: 0.0, usable_kwh: 0.0, genset_kw: 0.0, grid: false };
/// Paths of the detailed design.
const PATHS: u32 = 24;
/// Years of service.
const YEARS: u32 = 8;
/// Energy on the name plate of a string of eight modules \[kWh\].
const STRING_KWH: f64 = 2.2;

static HOME: LazyLock<SizingResult> = LazyLock::new(|| study(Site { genset_kw: 0.0, grid: false, ..NO_SITE }, 0.02));
static WEAK_GRID: LazyLock<SizingResult> =
    LazyLock::new(|| study(Site { genset_kw: 0.8, grid: true, ..NO_SITE }, 0.002));
static INFEASIBLE: LazyLock<SizingResult> =
    LazyLock::new(|| study(Site { genset_kw: 0.0, grid: false, ..NO_SITE }, 1e-4));

/// A home without grid: 2 % LPSP in year 8 on nine of ten paths.
pub(crate) fn home() -> SizingResult {
    HOME.clone()
}

/// The same home on a weak grid, with a genset.
pub(crate) fn weak_grid() -> SizingResult {
    WEAK_GRID.clone()
}

/// A home whose target no design of the lists meets.
pub(crate) fn infeasible() -> SizingResult {
    INFEASIBLE.clone()
}

/// What a study has before anything was found: no designs, paths, options or swings.
pub(crate) fn empty() -> SizingResult {
    let mut result = infeasible();
    result.designs.clear();
    result.options.clear();
    result.tornado.clear();
    result.detail.paths.clear();
    result.detail.worst_week.clear();
    result.detail.seasons = Default::default();
    result.break_even = None;
    result.screen = ScreenError::default();
    result.notes.clear();
    result
}

fn study(place: Site, lpsp_max: f64) -> SizingResult {
    let target = Target { lpsp_max, confidence: 0.9, service_years: YEARS };
    let grades = vec![
        Grade { name: "0.75-0.80".into(), soh_min: 0.75, soh_max: 0.8, usd_per_nameplate_kwh: 45.0 },
        Grade { name: "0.70-0.75".into(), soh_min: 0.7, soh_max: 0.75, usd_per_nameplate_kwh: 38.0 },
    ];
    let mut designs = Vec::new();
    for grade in 0..2 {
        for pv in 4..=11 {
            for strings in 1..=7 {
                let simulated = grade == 0 && (pv + strings as i32 * 2) % 5 < 2 && strings > 1;
                let pv_kw = 0.2 * f64::from(pv);
                let design = Design {
                    pv_kw,
                    strings,
                    modules: 8 * strings,
                    grade,
                    inverter_kw: 1.0,
                    genset_kw: place.genset_kw,
                    renewal: Renewal::ReplaceAtEnd,
                };
                designs.push(rated(&place, &target, &grades, design, simulated));
            }
        }
    }
    let cost = |k: &usize| designs[*k].money.npc_usd.mean;
    let chosen = (0..designs.len())
        .filter(|&k| designs[k].meets && designs[k].method == Method::Simulated)
        .min_by(|a, b| cost(a).total_cmp(&cost(b)));
    let nearest = (0..designs.len())
        .filter(|&k| designs[k].method == Method::Simulated)
        .min_by(|&a, &b| designs[a].lpsp_at_confidence.total_cmp(&designs[b].lpsp_at_confidence))
        .unwrap();
    let best = designs[chosen.unwrap_or(nearest)].clone();
    let detail = detail(&place, &best, &grades);
    let shortfall = chosen.is_none().then(|| Shortfall {
        cause: Cause::Sun,
        lpsp: best.lpsp_at_confidence,
        lpsp_max,
        worst_month: (7, 0.0171),
        words: "In August the array gives less than the demand of a third of the days; 0.6 kW more array, or a genset \
                of 0.5 kW, would close the gap."
            .into(),
    });
    let headline = match chosen {
        Some(_) => format!(
            "{} kW of array and {} used modules keep LPSP under {} % in year 8 on nine of ten paths.",
            (10.0 * best.design.pv_kw).round() / 10.0,
            best.design.modules,
            100.0 * lpsp_max
        ),
        None => "No design of the lists meets the target; the nearest misses it for want of sun.".into(),
    };
    let npc = best.money.npc_usd.mean;
    SizingResult {
        target,
        options: options(&best),
        grades,
        designs,
        chosen,
        shortfall,
        detail,
        tornado: tornado(npc, best.lpsp_at_confidence),
        break_even: Some(BreakEven {
            usd_per_nameplate_kwh: Quantiles { mean: 58.0, p10: 41.0, p50: 57.0, p90: 76.0 },
            used_is_cheaper: 0.79,
        }),
        screen: ScreenError { designs: 12, lpsp_max: 0.0031, lpsp_rms: 0.0012 },
        paths: PATHS,
        headline,
        notes: vec!["Class 0.70-0.75: 9 % of the pool fails the test of resistance.".into()],
    }
}

fn around(x: f64, wide: f64) -> Quantiles {
    Quantiles { mean: x * (1.0 + 0.1 * wide), p10: x * (1.0 - wide), p50: x, p90: x * (1.0 + 1.4 * wide) }
}

fn soh_start(grade: usize) -> f64 {
    [0.775, 0.725][grade]
}

/// SoH after so many years.
fn soh(start: f64, rate: f64, years: f64) -> f64 {
    start - 0.018 * rate * years
}

fn site_of(place: &Site, design: &Design, soh: f64) -> Site {
    Site { pv_kw: design.pv_kw, usable_kwh: 0.8 * STRING_KWH * f64::from(design.strings) * soh, ..*place }
}

fn rated(place: &Site, target: &Target, grades: &[Grade], design: Design, simulated: bool) -> Rated {
    let start = soh_start(design.grade);
    let first = live(&site_of(place, &design, start), 7).lpsp();
    let last = live(&site_of(place, &design, soh(start, 1.0, f64::from(YEARS))), 7).lpsp();
    let lpsp_last = around(last, 0.3);
    let at = lpsp_last.p90;
    Rated {
        design,
        method: if simulated { Method::Simulated } else { Method::Screened },
        lpsp_first: around(first, 0.3),
        lpsp_last,
        lpsp_at_confidence: at,
        meets: at <= target.lpsp_max,
        money: money(&design, grades),
    }
}

fn money(design: &Design, grades: &[Grade]) -> Money {
    let kwh = STRING_KWH * f64::from(design.strings);
    let split = CostSplit {
        modules_usd: kwh * grades[design.grade].usd_per_nameplate_kwh,
        test_usd: 9.0 * kwh,
        repack_usd: 80.0 + 32.0 * kwh,
        pv_usd: 320.0 * design.pv_kw,
        inverter_usd: 140.0 * design.inverter_kw,
        genset_usd: 300.0 * design.genset_kw,
        install_usd: 160.0,
        om_usd: 110.0,
        fuel_usd: 240.0 * design.genset_kw,
        grid_usd: 0.0,
        replacement_usd: 14.0 * kwh,
        salvage_usd: -4.0 * kwh,
    };
    let capex = split.modules_usd
        + split.test_usd
        + split.repack_usd
        + split.pv_usd
        + split.inverter_usd
        + split.genset_usd
        + split.install_usd;
    let npc = capex + split.om_usd + split.fuel_usd + split.replacement_usd + split.salvage_usd;
    Money {
        capex_usd: capex,
        npc_usd: around(npc, 0.05),
        lcoe_usd_per_kwh: around(npc / 7_400.0, 0.05),
        lcos_usd_per_kwh: around(0.55 * npc / 4_600.0, 0.08),
        cost_of_service_usd_per_kwh: npc / 7_300.0,
        split,
    }
}

fn detail(place: &Site, best: &Rated, grades: &[Grade]) -> Detail {
    let paths: Vec<PathLife> = (0..PATHS).map(|path| path_life(place, best, path)).collect();
    let site = site_of(place, &best.design, soh(soh_start(best.design.grade), 1.1, 7.5));
    let (year, hours) = traced_year(&site, 3);
    let week = |day: usize| hours[24 * day..24 * (day + 7)].to_vec();
    let unmet = |day: usize| hours[24 * day..24 * (day + 7)].iter().map(|h| h.unmet_kw).sum::<f64>();
    let worst = (0..358).max_by(|a, b| unmet(*a).total_cmp(&unmet(*b))).unwrap();
    Detail {
        rated: Rated { money: money(&best.design, grades), ..best.clone() },
        paths,
        worst_week: week(worst),
        seasons: [week(10), week(100), week(190)],
        plain_lpsp: [0.8 * year.lpsp(), 0.85 * year.lpsp()],
        charging: if place.grid { charging() } else { Charging::default() },
    }
}

/// A place on a grid, with cars that charge, on hire.
fn charging() -> Charging {
    let recharge = |from, ac_kw: f64| Recharge { from, ac_kw, hours: 4.6 / ac_kw };
    Charging {
        recharge: vec![recharge("grid", 1.0), recharge("inlet", 1.0)],
        sessions: Some(SessionYear {
            asked: 730.0,
            kwh: 1.8,
            served: 701.0,
            per_full_charge: [2.3, 1.9],
            lost_power: 0.012,
            lost_energy: 0.026,
            lost_temperature: 0.0,
            lost_waiting: 0.002,
            use_of_rating: 0.144,
        }),
        hire: Some(HireYear {
            days: 200.0,
            utilisation: 200.0 / 365.0,
            break_even_day_usd: 1.9,
            usd_per_session: Some(0.54),
            usd_per_kwh: 0.3,
            margin_day_usd: Some(0.6),
            alone: GensetAlone { rating_kw: 1.0, hours: 8760.0, fuel_l: 1_310.0, unserved_kwh: 4.0 },
            fuel_avoided_l: 1_180.0,
            genset_hours_avoided: 8_300.0,
            co2_kg: 900.0,
            co2_avoided_kg: 2_600.0,
        }),
    }
}

fn path_life(place: &Site, best: &Rated, path: u32) -> PathLife {
    let start = soh_start(best.design.grade) + 0.001 * f64::from(path % 7);
    let rate = 0.7 + 0.07 * f64::from((path * 5) % 13);
    let ends = (start - 0.6) / (0.018 * rate);
    let replaced = (ends < f64::from(YEARS)).then_some(ends);
    let at = |years: f64| match replaced {
        Some(end) if years > end => soh(start, rate, years - end),
        _ => soh(start, rate, years),
    };
    let kwh = STRING_KWH * f64::from(best.design.strings);
    let years = (0..YEARS)
        .map(|y| {
            let soh = at(f64::from(y) + 0.5);
            let mut year = live(&site_of(place, &best.design, soh), u64::from(100 * path + y));
            year.soh_end = at(f64::from(y) + 1.0);
            year.resistance_end = 1.0 + 1.5 * (1.0 - year.soh_end);
            year.usable_kwh_end = 0.8 * kwh * year.soh_end;
            year.efc = year.discharge_kwh / kwh;
            year
        })
        .collect();
    let monthly = (0..=12 * YEARS)
        .map(|m| {
            let soh = at(f64::from(m) / 12.0);
            crate::life::outcome::Reading { soh: soh as f32, resistance: (1.0 + 1.4 * (1.0 - soh)) as f32 }
        })
        .collect();
    PathLife {
        path,
        years,
        monthly,
        soh_start: start,
        nameplate_kwh: kwh,
        actual_kwh_start: kwh * (start + 0.015),
        usable_kwh_start: 0.8 * kwh * start,
        usable_kwh_end: 0.8 * kwh * at(f64::from(YEARS)),
        replaced: replaced.map(|end| (end, "soh")).into_iter().collect(),
        modules_added: if replaced.is_some() { best.design.modules } else { 0 },
        outside_time: 0.013,
        outside_throughput: 0.004,
        npc_usd: best.money.npc_usd.mean * (0.96 + 0.01 * f64::from(path % 9)),
        lcoe_usd_per_kwh: best.money.lcoe_usd_per_kwh.mean,
        lcos_usd_per_kwh: best.money.lcos_usd_per_kwh.mean,
        balance_error: 3e-14,
    }
}

fn options(best: &Rated) -> Vec<OptionResult> {
    let kinds = [
        (OptionKind::New, 1.35, [5.2, 5.2, 4.7, 3.9], 520.0, 0.0),
        (OptionKind::NewReplaced, 1.28, [3.9, 3.9, 3.5, 3.1], 610.0, 0.62),
        (OptionKind::UsedReplaced, 1.0, [6.6, 5.2, 4.1, 3.4], 140.0, 0.79),
        (OptionKind::UsedAugmented, 1.07, [6.6, 5.2, 4.1, 4.0], 155.0, 0.71),
    ];
    kinds
        .into_iter()
        .map(|(kind, factor, bases_kwh, co2_kg, cheaper_than_new)| {
            let mut option = best.clone();
            let m = &mut option.money;
            let dearer = 1.3 * (factor - 1.0) * best.money.npc_usd.p50;
            m.split.modules_usd += dearer;
            m.split.test_usd -= 0.3 * dearer.min(3.0 * m.split.test_usd);
            m.npc_usd = around(best.money.npc_usd.p50 * factor, 0.05);
            m.lcos_usd_per_kwh = around(best.money.lcos_usd_per_kwh.p50 * factor, 0.08);
            if kind == OptionKind::UsedAugmented {
                option.design.renewal = Renewal::Augment { after_years: 4, strings: 1 };
            }
            let best = (kind != OptionKind::NewReplaced || factor < 1.3).then_some(option);
            OptionResult { kind, best, bases_kwh, co2_kg, operation_co2_kg: 900.0, cheaper_than_new }
        })
        .collect()
}

fn tornado(npc: f64, lpsp: f64) -> Vec<Swing> {
    let bars = [
        ("load", ["-20 %", "+20 %"], [-0.02, 0.02], [0.2, 3.4]),
        ("discount rate", ["5 %", "15 %"], [0.11, -0.07], [1.0, 1.0]),
        ("price of used modules", ["30 USD/kWh", "60 USD/kWh"], [-0.06, 0.06], [1.0, 1.0]),
        ("SoH at the start", ["-0.05", "+0.05"], [0.05, -0.04], [1.9, 0.6]),
        ("temperature of the room", ["-5 K", "+5 K"], [-0.03, 0.05], [0.8, 1.3]),
        ("price of the array", ["-20 %", "+20 %"], [-0.035, 0.035], [1.0, 1.0]),
        ("spread of the modules", ["half", "double"], [-0.008, 0.02], [0.9, 1.4]),
    ];
    let mut swings: Vec<Swing> = bars
        .into_iter()
        .map(|(input, values, change, miss)| Swing {
            input: input.into(),
            values: values.map(str::to_string),
            npc_usd: change.map(|c| npc * (1.0 + c)),
            lpsp: miss.map(|m| lpsp * m),
        })
        .collect();
    let width = |s: &Swing| (s.npc_usd[1] - s.npc_usd[0]).abs();
    swings.sort_by(|a, b| width(b).total_cmp(&width(a)));
    swings
}
