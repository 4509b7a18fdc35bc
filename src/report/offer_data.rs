//! What the offer says, read off the tables: one full unit, as quantiles over the systems of a study.

use super::fan::Band;
use super::offer::OfferInput;
use crate::output::{Frame, Quantiles, Summary, Tables, Values, quantiles};

/// Grades of accepted modules, best first.
pub(crate) const GRADES: [&str; 3] = ["A", "B", "C"];
/// Share of the systems that a suggested warranty holds for.
const WARRANTY_SHARE: f64 = 0.9;

/// What a kWh may mean: energy of a full unit and its price.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Base {
    /// Name for people.
    pub name: &'static str,
    /// Energy of a full unit \[kWh\].
    pub kwh: Option<Quantiles>,
    /// Sale price \[USD/kWh\].
    pub price_usd: Option<f64>,
}

/// Accepted modules by measured SoH.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Histogram {
    /// Lower edge of the first bin.
    pub from: f64,
    /// Width of a bin.
    pub width: f64,
    /// Modules of each grade in each bin.
    pub bins: Vec<[u64; 3]>,
}

impl Histogram {
    /// Modules of each grade.
    pub(crate) fn totals(&self) -> [u64; 3] {
        self.bins.iter().fold([0; 3], |sum, bin| [sum[0] + bin[0], sum[1] + bin[1], sum[2] + bin[2]])
    }
}

/// What nine systems in ten meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Warranty {
    /// Whole years.
    pub years: u32,
    /// Share of the systems that still work then.
    pub working: f64,
    /// 10 % quantile of the weakest module's SoH among those that still work then.
    pub soh: Option<f64>,
}

/// Emissions for one full unit \[kg CO2e\].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Emissions {
    /// Saved by new storage not made.
    pub storage_kg: f64,
    /// Saved by materials that recycling recovers.
    pub materials_kg: f64,
    /// Caused by transport, repurposing and recycling.
    pub caused_kg: f64,
}

/// A year of service: unserved share P10, P50, P90.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct YearOfService {
    /// Year, from 1.
    pub year: f64,
    /// Quantiles over the systems.
    pub unserved: [f64; 3],
}

/// Everything the offer says that comes from simulated lives.
pub(crate) struct Offer {
    /// Summary of the law shown.
    pub summary: Summary,
    /// Law shown, where there are several.
    pub first_law: Option<String>,
    /// Packs that reached the gate, and those that passed it.
    pub gate: (usize, usize),
    /// What was graded: modules or cells.
    pub graded: &'static str,
    /// Wrong accepts over accepted, as expected over the errors of the test; none with several tests.
    pub expected_false_accepts: Option<f64>,
    /// Accepted modules by measured SoH.
    pub histogram: Histogram,
    /// Energy and price by base.
    pub bases: Vec<Base>,
    /// Price of a full unit \[USD\].
    pub unit_usd: Option<Quantiles>,
    /// Highest resistance of a module at the end, over new.
    pub resistance_end: Option<Quantiles>,
    /// SoH of the weakest module over the years.
    pub soh: Band,
    /// Unserved share year by year.
    pub unserved: Vec<YearOfService>,
    /// What nine systems in ten meet.
    pub warranty: Option<Warranty>,
    /// Emissions for a full unit.
    pub emissions: Option<Emissions>,
}

impl Offer {
    /// Reads the offer off a study; with several laws, what packs and systems tell is of the first one.
    pub(crate) fn of(input: &OfferInput<'_>) -> Offer {
        let first_law = (input.summary.laws.len() > 1).then(|| input.summary.laws[0].law.clone());
        let of_first = first_law.as_ref().map(|law| of_law(input.tables, law));
        let tables = of_first.as_ref().unwrap_or(input.tables);
        let summary = of_first.as_ref().map_or_else(|| input.summary.clone(), Summary::of);
        let (packs, systems) = (&tables.packs, &tables.systems);
        let passed = packs.whole("gate_passed");
        let soh = Band::of(&tables.trajectories, "second", "soh");
        let warranty = warranty(systems, &soh);
        let price = input.facts.sale_usd_per_kwh;
        let cells = tables.modules.whole("cell").iter().any(Option::is_some);
        Offer {
            gate: (passed.iter().flatten().count(), passed.iter().filter(|passed| **passed == Some(1)).count()),
            graded: if cells { "cells" } else { "modules" },
            expected_false_accepts: expected_false_accepts(input, &tables.tests),
            histogram: histogram(&tables.modules),
            bases: bases(&summary, systems, input.facts.module_kwh, price),
            unit_usd: full(systems, |k| Some(price * systems.real("actual_start_kwh")[k]?)),
            resistance_end: quantiles(systems.real("resistance_end")),
            unserved: unserved(&tables.years),
            emissions: emissions(packs, systems),
            soh,
            warranty,
            first_law,
            summary,
        }
    }
}

/// The tables with only the rows of a law; those without a column for it stay whole.
fn of_law(tables: &Tables, law: &str) -> Tables {
    Tables {
        packs: rows_of(&tables.packs, law),
        systems: rows_of(&tables.systems, law),
        tests: rows_of(&tables.tests, law),
        modules: rows_of(&tables.modules, law),
        ..tables.clone()
    }
}

fn rows_of(frame: &Frame, law: &str) -> Frame {
    fn kept<T: Clone>(values: &[T], keep: &[bool]) -> Vec<T> {
        values.iter().zip(keep).filter(|(_, keep)| **keep).map(|(value, _)| value.clone()).collect()
    }
    let keep: Vec<bool> = frame.text("law").iter().map(|of| of.as_deref() == Some(law)).collect();
    let mut frame = frame.clone();
    for column in &mut frame.columns {
        column.values = match &column.values {
            Values::Real(v) => Values::Real(kept(v, &keep)),
            Values::Whole(v) => Values::Whole(kept(v, &keep)),
            Values::Text(v) => Values::Text(kept(v, &keep)),
        };
    }
    frame
}

/// Quantiles over the systems of a quantity that grows with the share of a full unit, for a full one.
fn full(systems: &Frame, of: impl Fn(usize) -> Option<f64>) -> Option<Quantiles> {
    let shares = systems.real("share");
    let one = |k: usize| Some(of(k)? / shares[k].filter(|share| *share > 0.0)?);
    quantiles(&(0..systems.rows()).map(one).collect::<Vec<_>>())
}

/// Energy inside the window at the end, as the weakest module's SoH has it.
fn usable_end_kwh(systems: &Frame, k: usize) -> Option<f64> {
    let at = |name: &str| systems.real(name)[k];
    let (usable, start, end) = (at("usable_start_kwh")?, at("soh_start")?, at("soh_end")?);
    (start > 0.0).then(|| usable * (end / start).min(1.0))
}

fn bases(summary: &Summary, systems: &Frame, module_kwh: f64, price_usd_per_actual_kwh: f64) -> Vec<Base> {
    let costs = summary.costs.as_ref();
    let base = |name, kwh, cost_usd: Option<f64>| Base {
        name,
        kwh,
        // Price and cost divide by the same energies.
        price_usd: costs.zip(cost_usd).map(|(c, cost)| price_usd_per_actual_kwh * cost / c.usd_per_actual_kwh),
    };
    vec![
        base(
            "nameplate, when new",
            full(systems, |k| Some(module_kwh * systems.whole("modules")[k]? as f64)),
            costs.map(|c| c.usd_per_nameplate_kwh),
        ),
        base(
            "actual, at the start",
            full(systems, |k| systems.real("actual_start_kwh")[k]),
            costs.map(|c| c.usd_per_actual_kwh),
        ),
        base(
            "usable, at the start",
            full(systems, |k| systems.real("usable_start_kwh")[k]),
            costs.map(|c| c.usd_per_usable_kwh),
        ),
        base(
            "usable, at the end",
            full(systems, |k| usable_end_kwh(systems, k)),
            costs.map(|c| c.usd_per_usable_end_kwh),
        ),
    ]
}

fn expected_false_accepts(input: &OfferInput<'_>, tests: &Frame) -> Option<f64> {
    let [test] = &input.facts.tests[..] else { return None };
    let row = tests.text("test").iter().position(|name| name.as_deref() == Some(&test.name))?;
    let accepted = tests.real("accepted_share")[row].filter(|share| *share > 0.0)?;
    Some(tests.real("false_accept_share")[row]? / accepted)
}

fn histogram(modules: &Frame) -> Histogram {
    let read = |k: usize| {
        let grade = modules.text("grade")[k].as_deref()?;
        Some((GRADES.iter().position(|g| *g == grade)?, modules.real("measured_soh")[k]?))
    };
    let accepted: Vec<(usize, f64)> = (0..modules.rows()).filter_map(read).collect();
    let low = accepted.iter().map(|a| a.1).fold(f64::INFINITY, f64::min);
    let high = accepted.iter().map(|a| a.1).fold(f64::NEG_INFINITY, f64::max);
    if accepted.is_empty() {
        return Histogram::default();
    }
    let width = [0.01, 0.02, 0.05, 0.1].into_iter().find(|w| (high - low) / w < 16.0).unwrap_or(0.2);
    // A reading on an edge belongs above it, rounding aside.
    let bin = |soh: f64| (soh / width + 1e-9).floor() as i64;
    let first = bin(low);
    let mut bins = vec![[0; 3]; (bin(high) - first + 1) as usize];
    for (grade, soh) in accepted {
        bins[(bin(soh) - first) as usize][grade] += 1;
    }
    Histogram { from: first as f64 * width, width, bins }
}

/// Largest number of whole years that nine systems in ten worked.
fn warranty(systems: &Frame, soh: &Band) -> Option<Warranty> {
    let mut years: Vec<f64> = systems.real("years").iter().flatten().copied().collect();
    years.sort_by(|a, b| b.total_cmp(a));
    let needed = (WARRANTY_SHARE * years.len() as f64 - 1e-9).ceil() as usize;
    let whole = (years.get(needed.checked_sub(1)?)? + 1e-9).floor();
    let working = years.iter().filter(|y| **y + 1e-9 >= whole).count() as f64 / years.len() as f64;
    let then = soh.points.iter().find(|p| (p.year - whole).abs() < 1e-6);
    Some(Warranty { years: whole as u32, working, soh: then.map(|p| p.band[0]) })
}

/// Years that enough systems lived any part of.
fn unserved(years: &Frame) -> Vec<YearOfService> {
    let columns = ["p10", "p50", "p90"].map(|p| years.real(&format!("unmet_share_{p}")).to_vec());
    let systems = years.whole("systems");
    let start = systems.iter().flatten().max().map_or(0.0, |&n| n as f64);
    let one = |k: usize| {
        let enough = systems[k].is_some_and(|n| super::fan::enough(n as f64, start));
        let at = |p: usize| columns[p][k];
        let year = years.whole("year")[k].filter(|_| enough)? as f64;
        Some(YearOfService { year, unserved: [at(0)?, at(1)?, at(2)?] })
    };
    (0..years.rows()).map_while(one).collect()
}

/// Emissions of the packs that made systems, for each full unit that they made.
fn emissions(packs: &Frame, systems: &Frame) -> Option<Emissions> {
    let units = systems.sum("share");
    let made = packs.whole("systems");
    let per_unit = |name: &str| {
        let of_made = packs.real(name).iter().zip(made).filter(|(_, n)| n.is_some_and(|n| n > 0));
        of_made.filter_map(|(kg, _)| *kg).fold(0.0, |sum, kg| sum + kg) / units
    };
    (units > 0.0).then(|| Emissions {
        storage_kg: per_unit("co2_storage_kg"),
        materials_kg: per_unit("co2_materials_kg"),
        caused_kg: per_unit("co2_caused_kg"),
    })
}
