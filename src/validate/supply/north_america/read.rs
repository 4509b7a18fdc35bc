//! Inputs, parameters and results of the study.

use super::{FLOWS, SALES, SIZES, STORAGE};
use crate::validate::Folder;
use crate::validate::columns::Columns;
use std::collections::BTreeMap;

/// Values by calendar year.
pub(super) type Years = BTreeMap<i32, f64>;

/// A class of vehicles in a country.
pub(super) struct Class {
    pub scenario: String,
    pub vehicle: String,
    pub country: String,
    /// Vehicles sold.
    pub sales: Years,
    /// Mean pack \[kWh\].
    pub pack_kwh: Years,
}

/// What the study starts from.
pub(super) struct Inputs {
    pub classes: Vec<Class>,
    /// Demand of stationary storage by country \[GWh a year\].
    pub storage_gwh: BTreeMap<String, Years>,
}

/// Parameters of a run.
pub(super) struct Variant {
    pub scenario: String,
    pub name: String,
    /// Without the study's faults.
    pub corrected: bool,
    /// Mean and standard deviation of lives \[year\].
    pub vehicle: [f64; 2],
    pub battery_car: [f64; 2],
    pub battery_large: [f64; 2],
    pub second: [f64; 2],
    /// Age below which a vehicle gets another battery \[year\].
    pub replaced_below_years: f64,
    /// Share of usable batteries offered to a second life, and the oldest of them \[year\].
    pub repurpose_share: f64,
    pub repurpose_age_max: f64,
    /// Capacity lost a year, of the new.
    pub fade_per_year: f64,
    /// Cells of the table with less are emptied \[vehicles\].
    pub smallest_cell: f64,
}

/// Which series of results.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub scenario: String,
    pub variant: String,
    pub group: String,
    pub country: String,
    pub flow: String,
}

/// Names, year and value of a row.
type Row<'a, const N: usize> = ([&'a str; N], i32, f64);

/// Rows by the columns that name them, of their year and of their value.
fn rows<'a, const N: usize>(
    table: &'a Columns,
    names: [&str; N],
    year: &str,
    value: &str,
) -> Result<Vec<Row<'a, N>>, String> {
    let texts: Vec<Vec<&str>> = names.iter().map(|name| table.texts(name)).collect::<Result<_, _>>()?;
    let (years, values) = (table.numbers(year)?, table.numbers(value)?);
    let row = |k: usize| {
        let sound = years[k].fract() == 0.0 && years[k].abs() < 1e5 && values[k].is_finite();
        let key = std::array::from_fn(|name| texts[name][k]);
        let told = || format!("row {}: year {}, `{value}` {}", k + 2, years[k], values[k]);
        if sound { Ok((key, years[k] as i32, values[k])) } else { Err(told()) }
    };
    (0..table.len()).map(row).collect()
}

/// Series of results.
pub(super) fn reference(table: &Columns) -> Result<BTreeMap<Key, Years>, String> {
    let [scenario, variant, group, country, year, flow, gwh] = FLOWS;
    let mut all: BTreeMap<Key, Years> = BTreeMap::new();
    for (key, year, gwh) in rows(table, [scenario, variant, group, country, flow], year, gwh)? {
        let [scenario, variant, group, country, flow] = key.map(str::to_owned);
        all.entry(Key { scenario, variant, group, country, flow }).or_default().insert(year, gwh);
    }
    Ok(all)
}

impl Inputs {
    /// The first place near a folder of results that has all three tables.
    pub(super) fn find(folder: &Folder<'_>) -> Result<Inputs, String> {
        let above = folder.parent();
        let beside = above.as_ref().map(|above| above.below("inputs"));
        for place in [Some(folder.clone()), Some(folder.below("inputs")), beside, above].into_iter().flatten() {
            let first = |columns: &[&str]| place.read_tables(columns).into_iter().next().map(|(_, _, table)| table);
            if let (Some(sales), Some(sizes), Some(storage)) = (first(&SALES), first(&SIZES), first(&STORAGE)) {
                return Inputs::of(&sales, &sizes, &storage);
            }
        }
        // A folder of results may be given alone.
        let named = |name: &str| Columns::read(&folder.nearby("inputs", name)?);
        Inputs::of(&named("EV_Sales.csv")?, &named("batterySize.csv")?, &named("StationaryStorage.csv")?)
    }

    fn of(sales: &Columns, sizes: &Columns, storage: &Columns) -> Result<Inputs, String> {
        let mut sold: BTreeMap<[&str; 3], Years> = BTreeMap::new();
        for (key, year, vehicles) in rows(sales, ["Scenario", "Vehicle", "Country"], "Year", "Sales")? {
            *sold.entry(key).or_default().entry(year).or_default() += vehicles;
        }
        let mut packs: BTreeMap<[&str; 2], Years> = BTreeMap::new();
        for (key, year, kwh) in rows(sizes, ["Vehicle", "Country"], "Year", "kwh_veh")? {
            *packs.entry(key).or_default().entry(year).or_default() += kwh;
        }
        let mut storage_gwh: BTreeMap<String, Years> = BTreeMap::new();
        for ([country], year, gwh) in rows(storage, ["Country"], "Year", "gwh")? {
            storage_gwh.entry(country.into()).or_default().insert(year, gwh);
        }
        let class = |([scenario, vehicle, country], sales): ([&str; 3], Years)| Class {
            scenario: scenario.into(),
            vehicle: vehicle.into(),
            country: country.into(),
            sales,
            pack_kwh: packs.get(&[vehicle, country]).cloned().unwrap_or_default(),
        };
        Ok(Inputs { classes: sold.into_iter().map(class).collect(), storage_gwh })
    }
}

impl Variant {
    /// All variants of the tables of parameters in a folder.
    pub(super) fn all(folder: &Folder<'_>) -> Result<Vec<Variant>, String> {
        let tables = folder.read_tables(&["scenario", "variant", "vehicle_mean", "battery_mean_large"]);
        let mut variants = Vec::new();
        for (_, _, table) in &tables {
            variants.extend(Variant::of(table)?);
        }
        if variants.is_empty() { Err("no table of parameters here".into()) } else { Ok(variants) }
    }

    fn of(table: &Columns) -> Result<Vec<Variant>, String> {
        let (scenarios, names, corrected) =
            (table.texts("scenario")?, table.texts("variant")?, table.texts("corrected")?);
        let number = |name: &str, row: usize| -> Result<f64, String> {
            let x = table.numbers(name)?[row];
            if x.is_finite() { Ok(x) } else { Err(format!("`{name}` in row {} is no number", row + 2)) }
        };
        let variant = |row: usize| {
            let life = |mean: &str, sd: &str| Ok::<_, String>([number(mean, row)?, number(sd, row)?]);
            Ok(Variant {
                scenario: scenarios[row].into(),
                name: names[row].into(),
                corrected: corrected[row].eq_ignore_ascii_case("true"),
                vehicle: life("vehicle_mean", "vehicle_sd")?,
                battery_car: life("battery_mean", "battery_sd")?,
                battery_large: life("battery_mean_large", "battery_sd")?,
                second: life("second_life_mean", "second_life_sd")?,
                replaced_below_years: number("max_vehicle_age_replacement", row)?,
                repurpose_share: number("repurpose_share", row)?,
                repurpose_age_max: number("max_battery_age_repurpose", row)?,
                fade_per_year: number("fade_per_year", row)?,
                smallest_cell: number("smallest_cell", row)?,
            })
        };
        (0..table.len()).map(variant).collect()
    }
}
