//! `packlife power`: what a cell can give and take for some seconds, new and aged.

use super::args::PowerArgs;
use super::library::library_with;
use super::text::columns;
use super::{CliError, Outcome, print};
use crate::aging::{AgingOptions, AgingState, Law, LawSpec, UnitFactors, UsedUnit};
use crate::cell::{Cell, CellSpec, ZERO_CELSIUS_K};
use crate::library::Category;
use crate::output::{Column, Frame, Values, write_csv};
use crate::pack::{PowerAt, PowerQuestion, power_at};

/// SoC of the rows and temperatures of the columns \[degC\].
const SOC: [f64; 9] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const TEMPERATURES_C: [f64; 6] = [-10.0, 0.0, 10.0, 25.0, 35.0, 45.0];
/// History under which the law is asked for a resistance: as the defaults of `[used_modules]`.
const CYCLE_SHARE: f64 = 0.4;
const YEARS: f64 = 8.0;

/// A state of health with its name.
struct Aged {
    name: &'static str,
    soh: f64,
    resistance: f64,
}

/// Prints the tables, and writes them where asked.
pub(super) fn run(args: &PowerArgs) -> Result<Outcome, CliError> {
    let library = library_with(&args.library.files)?;
    let none = |category: Category, name: &str| CliError::NoItem {
        item: format!("{}.{name}", category.name()),
        nearest: library.nearest(category, name),
    };
    let spec: CellSpec = library.get(&args.cell).map_err(|_| none(Category::Cells, &args.cell))?;
    let resistance = match args.resistance {
        Some(resistance) => resistance,
        None => {
            let law: LawSpec = library.get(&spec.law).map_err(|_| none(Category::Laws, &spec.law))?;
            by_law(&law, args.soh)?
        }
    };
    let cell = Cell::new(spec).map_err(crate::life::JourneyError::Cell)?;
    let states = [Aged { name: "new", soh: 1.0, resistance: 1.0 }, Aged { name: "aged", soh: args.soh, resistance }];
    if let Some(path) = &args.out {
        let file = |error| CliError::File { path: path.clone(), error };
        write_csv(&frame(&cell, &states, args.seconds), std::fs::File::create(path).map_err(file)?)?;
    }
    print(&text(&args.cell, &cell, &states, args.seconds))?;
    Ok(Outcome::Done)
}

/// Resistance over new that a law gives at a SoH.
fn by_law(spec: &LawSpec, soh: f64) -> Result<f64, CliError> {
    let law = Law::new(spec.clone(), AgingOptions::default()).map_err(crate::life::JourneyError::Law)?;
    let mut state = AgingState::new(&law, UnitFactors::equal(1));
    state.set_used(&law, 0, &UsedUnit { soh, resistance: None, cycle_share: CYCLE_SHARE, years: YEARS });
    Ok(state.health(&law, 0).resistance)
}

fn at(cell: &Cell, state: &Aged, seconds: f64, soc: f64, temperature_c: f64) -> [PowerAt; 2] {
    let temperature_k = temperature_c + ZERO_CELSIUS_K;
    power_at(cell, &PowerQuestion { soc, temperature_k, soh: state.soh, resistance: state.resistance, seconds })
}

fn text(name: &str, cell: &Cell, states: &[Aged], seconds: f64) -> String {
    let ah = cell.spec.capacity_ah;
    let mut text = format!(
        "{name}: power of one cell of {ah} Ah for {seconds} s from rest, W (W per nominal Ah), by SoC and temperature\n"
    );
    for (side, word) in ["discharge", "charge"].iter().enumerate() {
        for state in states {
            let head = std::iter::once("SoC".to_owned()).chain(TEMPERATURES_C.map(|t| format!("{t} degC")));
            let mut rows = vec![head.collect::<Vec<_>>()];
            for soc in SOC {
                let power = |t| at(cell, state, seconds, soc, t)[side].power_w;
                let cells = TEMPERATURES_C.map(|t| format!("{:.1} ({:.2})", power(t), power(t) / ah));
                rows.push(std::iter::once(format!("{soc:.1}")).chain(cells).collect());
            }
            let (soh, r) = (100.0 * state.soh, state.resistance);
            text.push_str(&format!("\n{word}, {}: SoH {soh:.1} %, resistance x{r:.2}\n{}", state.name, columns(&rows)));
        }
    }
    text
}

/// A row of the table.
struct Row<'a> {
    state: &'a Aged,
    soc: f64,
    temperature_c: f64,
    power: [PowerAt; 2],
}

fn frame(cell: &Cell, states: &[Aged], seconds: f64) -> Frame {
    let ah = cell.spec.capacity_ah;
    let mut rows = Vec::new();
    for state in states {
        for soc in SOC {
            rows.extend(TEMPERATURES_C.map(|temperature_c| {
                let power = at(cell, state, seconds, soc, temperature_c);
                Row { state, soc, temperature_c, power }
            }));
        }
    }
    let column = |name: &str, unit: &str, doc: &str, values| Column {
        name: name.into(),
        unit: unit.into(),
        doc: doc.into(),
        values,
    };
    let real = |name, unit, doc, of: &dyn Fn(&Row<'_>) -> f64| {
        column(name, unit, doc, Values::Real(rows.iter().map(|row| Some(of(row))).collect()))
    };
    let words = |name, doc, of: &dyn Fn(&Row<'_>) -> &'static str| {
        column(name, "", doc, Values::Text(rows.iter().map(|row| Some(of(row).into())).collect()))
    };
    let columns = vec![
        words("state", "new or aged", &|r| r.state.name),
        real("soh", "", "Present over nominal capacity", &|r| r.state.soh),
        real("resistance", "", "Present over new resistance", &|r| r.state.resistance),
        real("seconds", "s", "How long the power is held", &|_| seconds),
        real("soc", "", "State of charge", &|r| r.soc),
        real("temperature_c", "degC", "Temperature of the cell", &|r| r.temperature_c),
        real("discharge_w", "W", "Power on discharge", &|r| r.power[0].power_w),
        real("discharge_w_per_ah", "W/Ah", "The same over nominal capacity", &|r| r.power[0].power_w / ah),
        words("discharge_limit", "What limits it", &|r| r.power[0].limit.name()),
        real("charge_w", "W", "Power on charge", &|r| r.power[1].power_w),
        real("charge_w_per_ah", "W/Ah", "The same over nominal capacity", &|r| r.power[1].power_w / ah),
        words("charge_limit", "What limits it", &|r| r.power[1].limit.name()),
    ];
    Frame { name: "power".into(), doc: "Power of a cell by SoC and temperature".into(), columns }
}
