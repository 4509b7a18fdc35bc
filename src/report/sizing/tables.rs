//! Tables of the page of a sizing study.

use crate::output::sizing::{MONTHS, SEASONS, day_of, mean, option, rating, service_years, year};
use crate::output::words::{number, percent, thousands};
use crate::report::parts::wide;
use crate::site::SiteYear;
use crate::sizing::{HourTrace, Method, Rated, Renewal, SizingResult};

/// Most designs on the page.
const DESIGNS: usize = 12;

/// A number, or a dash where there is none.
fn said(x: f64, text: impl Fn(f64) -> String) -> String {
    if x.is_finite() { text(x) } else { "-".into() }
}

/// The cheapest designs that meet the target; where none does, those nearest to it.
pub(super) fn designs(result: &SizingResult) -> String {
    let mut best: Vec<&Rated> = result.designs.iter().filter(|d| d.meets).collect();
    let met = !best.is_empty();
    if met {
        best.sort_by(|a, b| a.money.npc_usd.mean.total_cmp(&b.money.npc_usd.mean));
    } else {
        best = result.designs.iter().collect();
        best.sort_by(|a, b| a.lpsp_at_confidence.total_cmp(&b.lpsp_at_confidence));
    }
    best.truncate(DESIGNS);
    let rows: Vec<Vec<String>> = (best.iter())
        .map(|d| {
            let with = &d.design;
            vec![
                result.grades.get(with.grade).map_or("-".to_string(), |g| g.name.clone()),
                rating(with.pv_kw),
                format!("{} in {}", with.modules, with.strings),
                format!("{} / {}", rating(with.inverter_kw), rating(with.genset_kw)),
                renewed(with.renewal),
                match d.method {
                    Method::Simulated => "simulated",
                    Method::Refuted => "refuted",
                    Method::Screened => "screened",
                }
                .into(),
                pair(d.lpsp_first.p50, d.lpsp_first.p90),
                pair(d.lpsp_last.p50, d.lpsp_last.p90),
                said(d.lpsp_at_confidence, percent),
                said(d.money.capex_usd, thousands),
                said(d.money.npc_usd.mean, thousands),
                said(d.money.lcoe_usd_per_kwh.mean, number),
            ]
        })
        .collect();
    let mark = best.iter().position(|d| result.chosen.and_then(|k| result.designs.get(k)) == Some(*d));
    let heads = [
        "class",
        "array, kW",
        "modules in strings",
        "inverter / genset, kW",
        "battery renewed",
        "how",
        "LPSP year 1, %, P50 / P90",
        "last year, %, P50 / P90",
        "at confidence",
        "capex, USD",
        "NPC, USD",
        "LCOE, USD/kWh",
    ];
    let lead = if met {
        "The cheapest designs that meet the target; the table `designs` has all."
    } else {
        "The designs nearest to the target, which none meets; the table `designs` has all."
    };
    wide("Designs", lead, &heads, &rows, mark)
}

/// Two shares as per cent without the sign.
fn pair(middle: f64, high: f64) -> String {
    let bare = |share| said(share, percent).trim_end_matches(" %").to_string();
    format!("{} / {}", bare(middle), bare(high))
}

fn renewed(renewal: Renewal) -> String {
    match renewal {
        Renewal::None => "never".into(),
        Renewal::ReplaceAtEnd => "at its end".into(),
        Renewal::Augment { after_years, strings } => format!("+{strings} after {after_years} years"),
    }
}

/// New against used.
pub(super) fn options(result: &SizingResult) -> String {
    let rows: Vec<Vec<String>> = result
        .options
        .iter()
        .map(|o| match &o.best {
            None => {
                let mut row = vec![format!("{}: no size meets the target", option(o.kind))];
                row.extend((0..13).map(|_| "-".to_string()));
                row
            }
            Some(best) => {
                let with = &best.design;
                let mut row = vec![
                    option(o.kind).to_string(),
                    rating(with.pv_kw),
                    format!("{} in {}", with.modules, with.strings),
                ];
                row.extend(o.bases_kwh.map(|kwh| said(kwh, number)));
                row.extend([
                    said(best.money.npc_usd.mean, thousands),
                    said(best.money.lcoe_usd_per_kwh.mean, number),
                    said(best.money.lcos_usd_per_kwh.mean, number),
                    said(best.lpsp_at_confidence, percent),
                    said(o.co2_kg, thousands),
                    said(o.operation_co2_kg, thousands),
                    said(o.cheaper_than_new, percent),
                ]);
                row
            }
        })
        .collect();
    let heads = [
        "option",
        "array, kW",
        "modules in strings",
        "name plate, kWh",
        "actual",
        "usable, start",
        "usable, end",
        "NPC, USD",
        "LCOE, USD/kWh",
        "LCOS, USD/kWh",
        "LPSP at confidence",
        "battery, kg CO2e",
        "fuel and grid, kg CO2e",
        "cheaper than new",
    ];
    let lead = "Same load, weather, target, plant and years; each option at its own best size. The last column is the share \
                of paths on which its LCOS is below that of new modules; emissions by cut-off, those of fuel and grid over the service life.";
    wide("New or used", lead, &heads, &rows, None)
}

/// Inputs that were varied.
pub(super) fn tornado(result: &SizingResult) -> String {
    let rows: Vec<Vec<String>> = result
        .tornado
        .iter()
        .map(|s| {
            vec![
                s.input.clone(),
                s.values[0].clone(),
                said(s.npc_usd[0], thousands),
                said(s.lpsp[0], percent),
                s.values[1].clone(),
                said(s.npc_usd[1], thousands),
                said(s.lpsp[1], percent),
            ]
        })
        .collect();
    let heads = ["input", "low", "NPC, USD", "LPSP at confidence", "high", "NPC, USD", "LPSP at confidence"];
    wide("What if", "One input low or high, all else as planned, the design unchanged.", &heads, &rows, None)
}

/// The traced weeks day by day.
pub(super) fn weeks(result: &SizingResult) -> String {
    let detail = &result.detail;
    let weeks = [("worst", &detail.worst_week)].into_iter().chain(SEASONS.into_iter().zip(&detail.seasons));
    let rows: Vec<Vec<String>> = weeks
        .filter(|(_, hours)| !hours.is_empty())
        .map(|(name, hours)| {
            let sum = |get: fn(&HourTrace) -> f64| number(hours.iter().map(get).sum::<f64>());
            let low = hours.iter().map(|h| h.soc).fold(f64::INFINITY, f64::min);
            let (day, month) = day_of(hours[0].hour);
            vec![
                name.to_string(),
                format!("{day} {}", MONTHS[month]),
                sum(|h| h.load_kw),
                sum(|h| h.pv_kw),
                sum(|h| h.curtailed_kw),
                sum(|h| h.grid_kw),
                sum(|h| h.genset_kw),
                sum(|h| h.unmet_kw),
                percent(low),
            ]
        })
        .collect();
    let heads = ["week", "from", "load, kWh", "array", "curtailed", "grid", "genset", "unserved", "lowest SoC"];
    wide(
        "Traced weeks",
        "Of the last year of service, on the path nearest to the wanted confidence.",
        &heads,
        &rows,
        None,
    )
}

/// Energy of the first and the last year.
pub(super) fn balance(result: &SizingResult) -> String {
    let paths = &result.detail.paths;
    let last = service_years(paths).saturating_sub(1);
    let of = |number_of: usize, get: fn(&SiteYear) -> f64| {
        mean(year(paths, number_of).map(get)).map_or("-".to_string(), |kwh| format!("{kwh:.1}"))
    };
    type Get = fn(&SiteYear) -> f64;
    let lines: [(&str, Get); 12] = [
        ("array, could give (DC)", |y| y.pv_kwh),
        ("curtailed (DC)", |y| y.curtailed_kwh),
        ("grid (AC)", |y| y.grid_kwh),
        ("genset (AC)", |y| y.genset_kwh),
        ("of it dumped, behind the charger", |y| y.dumped_kwh),
        ("battery to bus (DC)", |y| y.discharge_kwh),
        ("bus to battery (DC)", |y| y.charge_kwh),
        ("lost in converters", |y| y.converter_loss_kwh),
        ("demand (AC)", |y| y.demand_kwh),
        ("served (AC)", |y| y.served_kwh),
        ("unserved (AC)", |y| y.unmet_kwh),
        ("lost in the battery, with change of charge", |y| y.charge_kwh - y.discharge_kwh),
    ];
    let rows: Vec<Vec<String>> = if paths.is_empty() {
        Vec::new()
    } else {
        lines.iter().map(|(name, get)| vec![name.to_string(), of(0, *get), of(last, *get)]).collect()
    };
    let error = paths.iter().map(|p| p.balance_error).fold(0.0, f64::max);
    let lead = format!("kWh, means over paths. The largest relative error of a path's balances is {error:.1e}.");
    wide("Energy", &lead, &["flow", "first year", "last year"], &rows, None)
}
