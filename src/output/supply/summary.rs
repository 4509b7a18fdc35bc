//! What a projection comes to.

use super::published::beside;
use super::summary_text::{headline, span};
use super::view::{Estimate, View};
use crate::output::words::number;
use crate::supply::{Driver, Quantity as Q, SupplyPlan, SupplyResult, noun};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Calendar years of the table, beside the one that is asked about; those outside the projection are left out.
const YEARS: [i32; 6] = [2025, 2030, 2035, 2040, 2045, 2050];

/// A projection in numbers, for `summary.json`, the terminal and the page. All regions together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// What was found.
    pub headline: String,
    /// First and last calendar year.
    pub span: [i32; 2],
    /// Names of the regions.
    pub regions: Vec<String>,
    /// Names of the chemistries.
    pub chemistries: Vec<String>,
    /// Draws behind the bands; 0 for none.
    pub draws: u32,
    /// Second-life supply of the year that is asked about.
    pub asked: Asked,
    /// What must be true, in sentences.
    pub must: Vec<String>,
    /// The table of years.
    pub years: Vec<YearLine>,
    /// Second-life supply by region, years as in the table \[GWh/year\].
    pub by_region: BTreeMap<String, Vec<Estimate>>,
    /// Published figures that have ours beside them.
    pub published: Vec<Published>,
    /// What moves the supply, strongest first.
    pub drivers: Vec<DriverLine>,
    /// Whether their shares of variance are those of the logarithm of the supply.
    pub shares_of_logarithm: bool,
    /// Demands of rules, one a region, year and item: met, all.
    pub compliance: [usize; 2],
    /// Largest relative error of the mass balance.
    pub balance_error: Option<f64>,
    /// What a reader must not miss.
    pub warnings: Vec<String>,
}

/// The answer to the question, or the supply of the last year where none was asked.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Asked {
    /// Calendar year.
    pub year: i32,
    /// Wanted supply \[GWh/year\]; none where nothing was asked.
    pub wanted_gwh: Option<f64>,
    /// Supply \[GWh/year\]; none where the year is not one of the projection.
    pub supply_gwh: Option<Estimate>,
    /// Share of draws that reach what is wanted.
    pub met_share: Option<f64>,
}

/// A year of the table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct YearLine {
    /// Calendar year.
    pub year: i32,
    /// Left vehicles, nominal \[GWh/year\].
    pub retired_gwh: Estimate,
    /// Collected, nominal \[GWh/year\].
    pub collected_gwh: Estimate,
    /// Second-life supply, useful \[GWh/year\].
    pub offered_gwh: Estimate,
    /// Of it taken by storage, useful \[GWh/year\].
    pub taken_gwh: Estimate,
    /// In storage at the end of the year, useful \[GWh\].
    pub second_stock_gwh: Estimate,
    /// Recycled after use, nominal \[GWh/year\].
    pub recycled_gwh: Estimate,
    /// Lithium recovered \[kt/year\].
    pub lithium_kt: Estimate,
    /// Nickel recovered \[kt/year\].
    pub nickel_kt: Estimate,
    /// Cobalt recovered \[kt/year\].
    pub cobalt_kt: Estimate,
    /// Products of recycling sold \[million USD/year\].
    pub recycling_revenue_musd: Estimate,
    /// Process and transport of recycling \[million USD/year\].
    pub recycling_cost_musd: Estimate,
    /// Second-life batteries sold \[million USD/year\].
    pub second_life_revenue_musd: Estimate,
    /// Repurposing and its transport \[million USD/year\].
    pub second_life_cost_musd: Estimate,
    /// Emissions saved by recovered materials \[kt CO2e/year\].
    pub recycling_credit_kt: Estimate,
    /// Emissions of recycling \[kt CO2e/year\].
    pub recycling_co2_kt: Estimate,
    /// Emissions saved by new storage that is not made \[kt CO2e/year\].
    pub second_life_credit_kt: Estimate,
    /// Emissions of repurposing \[kt CO2e/year\].
    pub second_life_co2_kt: Estimate,
}

/// A published figure beside ours.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Published {
    /// Who and when.
    pub study: String,
    /// Region in the study's words.
    pub region: String,
    /// What it is, in the study's words.
    pub what: String,
    /// Calendar year.
    pub year: i32,
    /// Least and most of the study \[GWh or GWh/year\].
    pub theirs_gwh: [f64; 2],
    /// Ours.
    pub ours_gwh: Estimate,
    /// How theirs is known.
    pub status: String,
}

/// What a parameter does to the supply that is asked about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DriverLine {
    /// Parameter.
    pub parameter: &'static str,
    /// The same in words.
    pub words: String,
    /// Share of the variance by itself; none without a Saltelli sample, and of what cannot act.
    pub first_order: Option<[f64; 2]>,
    /// Share of the variance with all it acts with.
    pub total: Option<[f64; 2]>,
    /// Rank correlation; none without draws, and of what cannot act.
    pub rank_correlation: Option<f64>,
    /// Supply with the parameter at its P10 and its P90 \[GWh/year\].
    pub one_at_a_time_gwh: [f64; 2],
}

/// Reads a quantity of a year.
pub(crate) type OfYear = fn(&YearLine) -> &Estimate;

impl YearLine {
    /// Quantities in order, with their words.
    pub(crate) const QUANTITIES: [(&'static str, OfYear); 9] = [
        ("retired, GWh", |y| &y.retired_gwh),
        ("collected, GWh", |y| &y.collected_gwh),
        ("second-life supply, GWh useful", |y| &y.offered_gwh),
        ("taken by storage, GWh useful", |y| &y.taken_gwh),
        ("second-life stock, GWh useful", |y| &y.second_stock_gwh),
        ("recycled after use, GWh", |y| &y.recycled_gwh),
        ("lithium recovered, kt", |y| &y.lithium_kt),
        ("nickel recovered, kt", |y| &y.nickel_kt),
        ("cobalt recovered, kt", |y| &y.cobalt_kt),
    ];
    /// Money and emissions.
    pub(crate) const MONEY: [(&'static str, OfYear); 8] = [
        ("recycling, sales, million USD", |y| &y.recycling_revenue_musd),
        ("recycling, costs, million USD", |y| &y.recycling_cost_musd),
        ("second life, sales, million USD", |y| &y.second_life_revenue_musd),
        ("second life, costs, million USD", |y| &y.second_life_cost_musd),
        ("recycling, saved, kt CO2e", |y| &y.recycling_credit_kt),
        ("recycling, caused, kt CO2e", |y| &y.recycling_co2_kt),
        ("second life, saved, kt CO2e", |y| &y.second_life_credit_kt),
        ("second life, caused, kt CO2e", |y| &y.second_life_co2_kt),
    ];
}

impl Summary {
    /// Sums a projection up.
    pub fn of(plan: &SupplyPlan, result: &SupplyResult) -> Summary {
        let view = View::new(plan, result);
        let last = plan.first_year + plan.years.saturating_sub(1) as i32;
        let shown: BTreeSet<i32> = YEARS.into_iter().chain([view.asked_year()]).collect();
        let numbers: Vec<(i32, usize)> = shown.into_iter().filter_map(|y| Some((y, view.number_of(y)?))).collect();
        let asked = asked(&view);
        let demands = || result.compliance.iter().filter(|c| c.demanded > 0.0);
        Summary {
            headline: headline(&asked, result),
            span: [plan.first_year, last],
            regions: plan.regions.clone(),
            chemistries: plan.chemistries.iter().map(|c| c.name.clone()).collect(),
            draws: result.draws,
            asked,
            must: result.must.iter().map(|m| m.words.clone()).collect(),
            years: years(&view, &numbers),
            by_region: (0..view.all())
                .map(|place| {
                    let all = view.estimates(Q::Offered, place);
                    (view.name(place).to_owned(), numbers.iter().map(|(_, k)| all[*k]).collect())
                })
                .collect(),
            published: published(&view),
            drivers: drivers(result),
            shares_of_logarithm: result.shares_of_logarithm,
            compliance: [demands().filter(|c| c.met).count(), demands().count()],
            balance_error: Some(result.balance_error).filter(|e| e.is_finite()),
            warnings: result
                .warnings
                .iter()
                .map(|w| w.text.clone())
                .chain(leaning(&view))
                .chain(apart(&view))
                .collect(),
        }
    }
}

fn asked(view: &View<'_>) -> Asked {
    let year = view.asked_year();
    Asked {
        year,
        wanted_gwh: view.plan.question.as_ref().map(|q| q.gwh),
        supply_gwh: view.number_of(year).map(|k| view.estimates(Q::Offered, view.all())[k]),
        met_share: view.result.met_share.filter(|x| x.is_finite()),
    }
}

fn years(view: &View<'_>, numbers: &[(i32, usize)]) -> Vec<YearLine> {
    let of = |q: Q| view.estimates(q, view.all());
    let [retired, collected, offered, taken] = [Q::Retired, Q::Collected, Q::Offered, Q::Taken].map(of);
    let [stock, recycled] = [Q::SecondStockUseful, Q::Recycled].map(of);
    let [lithium, nickel, cobalt] = [Q::Lithium, Q::Nickel, Q::Cobalt].map(of);
    let money = [Q::RecyclingRevenue, Q::RecyclingCost, Q::SecondRevenue, Q::SecondCost].map(of);
    let co2 = [Q::RecyclingCredit, Q::RecyclingCo2, Q::SecondCredit, Q::SecondCo2].map(of);
    numbers
        .iter()
        .map(|&(year, k)| YearLine {
            year,
            retired_gwh: retired[k],
            collected_gwh: collected[k],
            offered_gwh: offered[k],
            taken_gwh: taken[k],
            second_stock_gwh: stock[k],
            recycled_gwh: recycled[k],
            lithium_kt: lithium[k],
            nickel_kt: nickel[k],
            cobalt_kt: cobalt[k],
            recycling_revenue_musd: money[0][k],
            recycling_cost_musd: money[1][k],
            second_life_revenue_musd: money[2][k],
            second_life_cost_musd: money[3][k],
            recycling_credit_kt: co2[0][k],
            recycling_co2_kt: co2[1][k],
            second_life_credit_kt: co2[2][k],
            second_life_co2_kt: co2[3][k],
        })
        .collect()
}

fn published(view: &View<'_>) -> Vec<Published> {
    let theirs = view.plan.projections.iter();
    theirs
        .filter_map(|p| {
            Some(Published {
                study: p.study.clone(),
                region: p.region.clone(),
                what: p.what.clone(),
                year: p.year,
                theirs_gwh: p.gwh,
                ours_gwh: beside(view, p)?.ours,
                status: p.status.clone(),
            })
        })
        .collect()
}

/// Where the median of the draws lies well off the central value in the year asked about: ranges lean to one side, or a limit
/// cuts one of them off.
fn leaning(view: &View<'_>) -> Option<String> {
    const OFF: f64 = 0.15;
    let k = view.number_of(view.asked_year())?;
    let of = [(Q::Retired, "retired"), (Q::Offered, "offered for a second life"), (Q::Taken, "taken by storage")];
    let told = of.into_iter().filter_map(|(q, what)| {
        let e = view.estimates(q, view.all())[k];
        let median = e.band?.p50;
        let off = (median - e.central).abs() > OFF * e.central;
        off.then(|| format!("{} GWh {what} where the median of the draws is {}", number(e.central), number(median)))
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| {
        format!("Central values of {} are not the middle of the draws: {}.", view.asked_year(), told.join("; "))
    })
}

/// Which published figures lie outside our P10 to P90.
fn apart(view: &View<'_>) -> Option<String> {
    let all = published(view);
    let out = |p: &&Published| p.ours_gwh.band.is_some_and(|b| p.theirs_gwh[1] < b.p10 || p.theirs_gwh[0] > b.p90);
    let apart: Vec<String> = all
        .iter()
        .filter(out)
        .map(|p| {
            let ours = p.ours_gwh.band.map_or(String::new(), |b| span([b.p10, b.p90]));
            format!("{}, {} {}: {} {} GWh, ours {ours}", p.study, p.region, p.year, p.what, span(p.theirs_gwh))
        })
        .collect();
    let count = format!("{} of {}", apart.len(), all.len());
    (!apart.is_empty()).then(|| format!("{count} published figures lie outside our P10 to P90. {}.", apart.join("; ")))
}

/// Rank correlation of a driver; none without draws, and of what cannot act.
pub(crate) fn rank_correlation(result: &SupplyResult, driver: &Driver) -> Option<f64> {
    driver.rank_correlation.filter(|x| x.is_finite() && result.draws > 0)
}

fn drivers(result: &SupplyResult) -> Vec<DriverLine> {
    let line = |d: &Driver| DriverLine {
        parameter: d.param.name(),
        words: noun(d.param).into(),
        first_order: d.first_order,
        total: d.total,
        rank_correlation: rank_correlation(result, d),
        one_at_a_time_gwh: d.one_at_a_time,
    };
    result.drivers.iter().map(line).collect()
}
