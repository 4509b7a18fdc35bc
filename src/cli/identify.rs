//! `packlife identify`: a measured pulse test to a library entry of a cell.

use super::args::IdentifyArgs;
use super::fit::{column, file_name, plain_name, real, short, words};
use super::text::columns;
use super::{CliError, Outcome, print};
use crate::cell::CellSpec;
use crate::identify::{
    CellNames, Comparison, Identified, IdentifyOptions, Told, Trace, Value, cell_toml, identify, plots,
};
use crate::library::{Category, Library};
use crate::output::{Frame, OutputFolder, write_csv};
use std::path::Path;

/// Files beside the entry; pictures of traces follow.
const FILES: [&str; 5] = ["ocv.csv", "parameters.csv", "residuals.csv", "tables.svg", "report.txt"];
/// Bins of SoC in the report.
const BINS: usize = 10;

/// Identifies a cell, foretells the traces to check, and writes the entry with its tables and pictures.
pub(super) fn run(args: &IdentifyArgs) -> Result<Outcome, CliError> {
    let sign = args.current.map(Into::into);
    let read = |requests: &[crate::identify::TraceRequest]| {
        requests.iter().map(|r| Trace::read(r, sign)).collect::<Result<Vec<_>, _>>()
    };
    let (pulses, slow, unseen) = (read(&args.pulses)?, read(&args.slow)?, read(&args.check)?);
    let first = &args.pulses[0].path;
    let name = match &args.name {
        Some(name) => name.clone(),
        None => plain_name(first.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned())),
    };
    if name != plain_name(name.clone()) {
        return Err(CliError::BadEntryName { name });
    }
    let options = options(args)?;
    let found = identify(&pulses, &slow, &options)?;
    let checks = checks(&found, &unseen, args)?;
    let by_entry = unseen.iter().enumerate().map(|(k, trace)| found.check_entry(trace, own_start(args, k)));
    let by_entry = by_entry.collect::<Result<Vec<_>, _>>()?;
    let extended = match args.extended {
        false => None,
        true => {
            let found = identify(&pulses, &slow, &IdentifyOptions { pairs: 3, ..options.clone() })?;
            let seen = self::checks(&found, &unseen, args)?;
            Some((found, seen))
        }
    };
    let files: Vec<String> = args.pulses.iter().chain(&args.slow).map(|r| file_name(&r.path)).collect();
    let source = args.source.clone().unwrap_or_else(|| format!("own tests, traces {}", files.join(", ")));
    let given: Vec<&str> = [
        ("capacity_ah", args.capacity.is_some()),
        ("mass_kg", args.mass.is_some()),
        ("specific_heat_j_per_kgk", args.specific_heat.is_some()),
        ("voltage_min_v", args.voltage_min.is_some()),
        ("voltage_max_v", args.voltage_max.is_some()),
        ("format", args.format.is_some()),
    ]
    .iter()
    .filter(|g| g.1)
    .map(|g| g.0)
    .collect();
    let names = CellNames { name: &name, source: &source, like: &args.like, given: &given };
    let report = report(&pulses, &slow, &found, [&checks, &by_entry], extended.as_ref());

    let entry = format!("{name}.toml");
    let numbered = |stem: &str, count: usize| (1..=count).map(|k| format!("{stem}_{k}.svg")).collect::<Vec<_>>();
    let pictures = [numbered("pulses", pulses.len()), numbered("check", checks.len())].concat();
    let all: Vec<&str> = [entry.as_str()].into_iter().chain(FILES).chain(pictures.iter().map(String::as_str)).collect();
    let target = args.out.clone().unwrap_or_else(|| Path::new("out").join(format!("identify_{name}")));
    let mut folder = OutputFolder::create(&target, &all)?;
    folder.write_text(&entry, &cell_toml(&found, &names))?;
    folder.write("ocv.csv", |to| write_csv(&ocv_frame(&found), to))?;
    folder.write("parameters.csv", |to| write_csv(&values_frame(&found.values), to))?;
    folder.write("residuals.csv", |to| write_csv(&residuals_frame(&found.pulses, &checks), to))?;
    folder.write_text("tables.svg", &plots::tables(&found, &name))?;
    folder.write_text("report.txt", &report)?;
    for (comparison, file) in found.pulses.iter().chain(&checks).zip(&pictures) {
        let title = if file.starts_with("check") { "Foretold" } else { "Identified on" };
        folder.write_text(file, &plots::trace(comparison, title))?;
    }
    let written = folder.commit()?;
    let shown = if target.is_absolute() { &written } else { &target };
    print(&format!("{report}\nwritten: {} with the entry `{entry}`\n", shown.display()))?;
    Ok(if found.converged { Outcome::Done } else { Outcome::LookAt })
}

fn options(args: &IdentifyArgs) -> Result<IdentifyOptions, CliError> {
    let library = super::library::library_with(&args.library.files)?;
    let mut like: CellSpec = library.get(&args.like).map_err(|_| CliError::NoItem {
        item: format!("cells.{}", args.like),
        nearest: Library::nearest(&library, Category::Cells, &args.like),
    })?;
    if let Some(format) = &args.format {
        like.format.clone_from(format);
    }
    Ok(IdentifyOptions {
        capacity_ah: args.capacity,
        mass_kg: args.mass,
        specific_heat_j_per_kgk: args.specific_heat,
        cooling_w_per_k: args.cooling,
        voltage_min_v: args.voltage_min,
        voltage_max_v: args.voltage_max,
        soc_start: args.soc_start,
        above_v: args.above,
        ambient_c: args.ambient,
        settle_s: args.settle,
        ..IdentifyOptions::like(like)
    })
}

fn checks(found: &Identified, unseen: &[Trace], args: &IdentifyArgs) -> Result<Vec<Comparison>, CliError> {
    unseen.iter().enumerate().map(|(k, trace)| Ok(found.check(trace, own_start(args, k))?)).collect()
}

/// A check of the pulse trace's own file begins where that does.
fn own_start(args: &IdentifyArgs, check: usize) -> Option<f64> {
    args.soc_start.filter(|_| args.check[check].path == args.pulses[0].path)
}

fn millivolts(v: Option<f64>) -> String {
    v.map_or_else(|| "-".into(), |v| format!("{:.1} mV", 1e3 * v))
}

/// What is printed and written as `report.txt`.
fn report(
    pulses: &[Trace],
    slow: &[Trace],
    found: &Identified,
    [checks, by_entry]: [&[Comparison]; 2],
    extended: Option<&(Identified, Vec<Comparison>)>,
) -> String {
    let spec = &found.spec;
    let mut text = String::new();
    for trace in pulses.iter().chain(slow) {
        text.push_str(&format!("{}: {} rows, current {}\n", trace.name, trace.rows.len(), trace.sign.word()));
    }
    text.push_str(&format!(
        "\n{} Ah, {} to {} V, time constants {} and {} s, hysteresis {} mV\n\n",
        short(spec.capacity_ah),
        spec.voltage_min_v,
        spec.voltage_max_v,
        short(spec.tau1_s),
        short(spec.tau2_s),
        short(1e3 * spec.hysteresis_v),
    ));
    let above = found.pulses.first().map_or(0.0, |p| p.above_v);
    let mut rows =
        vec![["", "trace", &format!("rms above {above} V"), "in discharge", "largest"].map(str::to_owned).to_vec()];
    let mut add = |word: &str, set: &[Comparison]| {
        for c in set {
            let worst = millivolts(Some(c.worst_v()));
            let (all, load) = (millivolts(c.rmse_all_v()), millivolts(c.rmse_discharge_v()));
            rows.push(vec![word.into(), c.name.clone(), all, load, worst]);
        }
    };
    add("identified on", &found.pulses);
    add("foretold", checks);
    add("by the entry", by_entry);
    if let Some((third, seen)) = extended {
        add("with a third pair", &third.pulses);
        add("with a third pair", seen);
    }
    text.push_str(&columns(&rows));
    text.push_str(&bins_text(found, checks));
    text.push_str(&values_text(found));
    let notes = notes(found);
    if !notes.is_empty() {
        text.push_str("\nto look at:\n");
        notes.iter().for_each(|note| text.push_str(&format!("- {note}\n")));
    }
    text
}

/// Errors by SoC.
fn bins_text(found: &Identified, checks: &[Comparison]) -> String {
    let all: Vec<&Comparison> = found.pulses.iter().chain(checks).collect();
    let head = std::iter::once("rms at SoC".to_owned());
    let mut rows: Vec<Vec<String>> = vec![head.chain((1..=all.len()).map(|k| format!("trace {k}"))).collect()];
    for bin in 0..BINS {
        let (low, high) = (bin as f64 / BINS as f64, (bin + 1) as f64 / BINS as f64);
        let top = if bin + 1 == BINS { f64::INFINITY } else { high };
        let bottom = if bin == 0 { f64::NEG_INFINITY } else { low };
        let cells = all.iter().map(|c| millivolts(c.rmse_v(|r| (bottom..top).contains(&r.soc))));
        rows.push(std::iter::once(format!("{low:.1} to {high:.1}")).chain(cells).collect());
    }
    format!("\n{}", columns(&rows))
}

fn values_text(found: &Identified) -> String {
    let head = ["value", "SoC", "", "unit", "95 % interval", ""].map(str::to_owned).to_vec();
    let row = |v: &Value| {
        let soc = v.soc.map_or_else(String::new, |s| format!("{s}"));
        let ends = format!("{} .. {}", short(v.interval[0]), short(v.interval[1]));
        vec![v.field.to_owned(), soc, short(v.value), v.unit.to_owned(), ends, v.told.word().to_owned()]
    };
    let shown = found.values.iter().filter(|v| v.field != "ocv_v");
    format!("\n{}", columns(&std::iter::once(head).chain(shown.map(row)).collect::<Vec<_>>()))
}

/// What a user must not miss.
fn notes(found: &Identified) -> Vec<String> {
    let mut notes = found.notes.clone();
    if !found.converged {
        notes.push("the solver stopped before it arrived".into());
    }
    let mut fields: Vec<(&str, Vec<String>)> = Vec::new();
    for v in found.values.iter().filter(|v| v.told == Told::NotIdentified && v.field != "ocv_v") {
        let soc = v.soc.map(|s| format!("{s}"));
        match fields.iter_mut().find(|(field, _)| *field == v.field) {
            Some((_, list)) => list.extend(soc),
            None => fields.push((v.field, soc.into_iter().collect())),
        }
    }
    for (field, socs) in fields {
        let places = if socs.is_empty() { String::new() } else { format!(" at SoC {}", socs.join(", ")) };
        notes.push(format!("not identified: {field}{places}"));
    }
    let (cooling, told) = found.told.cooling;
    if !told {
        notes.push(format!("cooling of {} W/K is assumed; give `--cooling` or temperatures that rise", short(cooling)));
    }
    if !found.told.hysteresis {
        notes.push("no slow discharge and charge to compare: hysteresis follows the like cell".into());
    }
    notes
}

fn ocv_frame(found: &Identified) -> Frame {
    let rows: Vec<(f64, f64)> = found.spec.ocv_soc.iter().copied().zip(found.spec.ocv_v.iter().copied()).collect();
    let columns = vec![
        column("soc", "", "state of charge", real(&rows, |r| Some(r.0))),
        column("ocv_v", "V", "open-circuit voltage", real(&rows, |r| Some(r.1))),
    ];
    Frame { name: "ocv".into(), doc: "a knot of the open-circuit voltage".into(), columns }
}

fn values_frame(rows: &[Value]) -> Frame {
    let columns = vec![
        column("field", "", "field of the entry", words(rows, |v| v.field.into())),
        column("soc", "", "state of charge of the knot", real(rows, |v| v.soc)),
        column("value", "", "value", real(rows, |v| Some(v.value))),
        column("unit", "", "its unit", words(rows, |v| v.unit.into())),
        column("low", "", "lower end of the interval of 95 %", real(rows, |v| Some(v.interval[0]))),
        column("high", "", "upper end", real(rows, |v| Some(v.interval[1]))),
        column("told", "", "how well the traces tell it", words(rows, |v| v.told.word().into())),
    ];
    Frame { name: "parameters".into(), doc: "an identified value".into(), columns }
}

fn residuals_frame(pulses: &[Comparison], checks: &[Comparison]) -> Frame {
    let of = |role: &'static str, set: &[Comparison]| {
        set.iter().flat_map(|c| c.rows.iter().map(|r| (role, c.name.clone(), *r))).collect::<Vec<_>>()
    };
    let rows = [of("identified on", pulses), of("foretold", checks)].concat();
    let columns = vec![
        column("role", "", "whether the fit saw the trace", words(&rows, |r| r.0.into())),
        column("trace", "", "trace", words(&rows, |r| r.1.clone())),
        column("time_s", "s", "time", real(&rows, |r| Some(r.2.time_s))),
        column("current_a", "A", "current, positive on discharge", real(&rows, |r| Some(r.2.current_a))),
        column("soc", "", "state of charge", real(&rows, |r| Some(round(r.2.soc, 1e6)))),
        column("voltage_v", "V", "measured", real(&rows, |r| Some(r.2.measured_v))),
        column("voltage_model_v", "V", "simulated", real(&rows, |r| Some(round(r.2.model_v, 1e6)))),
        column("error_v", "V", "measured less simulated", real(&rows, |r| Some(round(r.2.error_v(), 1e6)))),
        column("temperature_c", "degC", "of the model", real(&rows, |r| Some(round(r.2.temperature_c, 1e3)))),
    ];
    Frame { name: "residuals".into(), doc: "a row of a trace".into(), columns }
}

fn round(x: f64, parts: f64) -> f64 {
    (x * parts).round() / parts
}
