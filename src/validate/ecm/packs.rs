//! Small packs: parallel cells, strings, rails, resistors that bleed, heat between neighbours.

use super::cells::control;
use super::read::{CellIn, ThermalIn};
use super::{show, together};
use crate::cell::ZERO_CELSIUS_K;
use crate::cell::model::{Control, State};
use crate::pack::network::{Coolant, HeatPaths, Network, NetworkSegment, Split, Topology, Wiring};
use crate::validate::columns::Columns;
use crate::validate::{Folder, Report, Tolerance};
use serde::Deserialize;

/// Step of the comparison \[s\].
const STEP_S: f64 = 1.0;
/// A row this near to the end of a segment is the end of it \[s\].
const SAME_S: f64 = 1e-3;
/// Cells in a figure.
const MOST_LINES: usize = 8;

#[derive(Deserialize)]
struct PackIn {
    #[serde(flatten)]
    cell: CellIn,
    #[serde(rename = "Ns")]
    series: usize,
    #[serde(rename = "Np")]
    parallel: usize,
    topology: String,
    #[serde(default)]
    busbar_segment_ohm: f64,
    bleed_ohm: Option<f64>,
    cells: CellsIn,
    profile: Vec<SegmentIn>,
}

#[derive(Deserialize)]
struct CellsIn {
    #[serde(rename = "capacity_Ah")]
    capacity_ah: Vec<f64>,
    resistance_factor: Vec<f64>,
    initial_soc: Vec<f64>,
    contact_ohm: Option<Vec<f64>>,
}

#[derive(Deserialize)]
struct SegmentIn {
    duration_s: f64,
    mode: String,
    value: f64,
    bleed_cells: Option<Vec<usize>>,
    ended_s: f64,
    #[serde(default)]
    ended_by: String,
}

/// Ours at a row of the reference.
struct Row {
    states: Vec<State>,
    voltages: Vec<f64>,
    split: Split,
}

fn network(folder: &Folder<'_>, pack: &PackIn) -> Result<Network, String> {
    let n = pack.series * pack.parallel;
    let lists = [&pack.cells.capacity_ah, &pack.cells.resistance_factor, &pack.cells.initial_soc];
    if lists.iter().any(|list| list.len() != n) {
        return Err(format!("lists of `cells` do not have {n} values"));
    }
    let shared = pack.cell.model(folder, false)?;
    let cells = (0..n).map(|k| shared.varied(pack.cells.capacity_ah[k], pack.cells.resistance_factor[k]));
    let cells = cells.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
    let segment_ohm = pack.busbar_segment_ohm;
    let topology = match pack.topology.as_str() {
        "ideal" => Topology::Groups,
        "strings" => Topology::Strings,
        "ladder_U" => Topology::LadderU { segment_ohm },
        "ladder_Z" => Topology::LadderZ { segment_ohm },
        other => return Err(format!("unknown topology `{other}`")),
    };
    let wiring = Wiring {
        series: pack.series,
        parallel: pack.parallel,
        topology,
        contact_ohm: pack.cells.contact_ohm.clone().unwrap_or_else(|| vec![0.0; n]),
        bleed_ohm: pack.bleed_ohm.unwrap_or(f64::INFINITY),
    };
    let heat = match &pack.cell.thermal {
        ThermalIn::Isothermal => None,
        ThermalIn::CellJig { .. } => return Err("a pack of cells in jigs".into()),
        ThermalIn::OneNode { capacity, air, neighbour, coolant } => {
            let coolant = match coolant {
                Some(c) => {
                    Some(Coolant { temperature_k: c.t_c + ZERO_CELSIUS_K, conductance_w_per_k: c.conductance.of(n)? })
                }
                None => None,
            };
            Some(HeatPaths::row(&capacity.of(n)?, air.of(n)?, *neighbour, coolant.as_ref()))
        }
    };
    Network::new(cells, wiring, heat).map_err(|error| error.to_string())
}

/// Ours at every row, and for each segment when it ended and whether by a limit.
type PackRun = (Vec<Option<Row>>, Vec<(f64, bool)>);

/// Runs the pack. A segment ends where we find its limit; the clock then goes on from the end of the reference.
fn run(network: &Network, pack: &PackIn, times_s: &[f64]) -> Result<PackRun, String> {
    let told = |error: crate::cell::model::ModelError| error.to_string();
    let n = network.cells().len();
    let mut states: Vec<State> =
        pack.cells.initial_soc.iter().map(|&soc| State::rested(soc, pack.cell.start_k())).collect();
    let row = |states: &[State], split: Split| {
        let voltages = (0..n).map(|k| network.cell_voltage(k, &states[k], split.cells_a[k])).collect();
        Row { states: states.to_vec(), voltages, split }
    };
    let mut rows: Vec<Option<Row>> = times_s.iter().map(|_| None).collect();
    let mut next = 0;
    if times_s.first() == Some(&0.0) {
        rows[0] = Some(row(&states, network.split(&states, &vec![false; n], Control::REST).map_err(told)?));
        next = 1;
    }
    let (mut ends, mut start_s) = (Vec::new(), 0.0);
    for segment in &pack.profile {
        let mut bleeding = vec![false; n];
        for &k in segment.bleed_cells.iter().flatten() {
            *bleeding.get_mut(k).ok_or_else(|| format!("no cell {k} to bleed"))? = true;
        }
        let control = control(&segment.mode, segment.value)?;
        let limited = segment.ended_by != "time" && !segment.ended_by.is_empty();
        let end_s = start_s + segment.ended_s;
        let mut now_s = start_s;
        let mut ended = None;
        loop {
            let row_s = times_s.get(next).filter(|t| **t < end_s + SAME_S).copied();
            let inner = row_s.filter(|t| *t < end_s - SAME_S);
            // Towards a limit, up to where it is met.
            let to_s = inner.unwrap_or(if limited { start_s + segment.duration_s } else { end_s });
            let part = NetworkSegment { control, duration_s: to_s - now_s, bleeding: bleeding.clone() };
            let limits_v = [pack.cell.v_min, pack.cell.v_max];
            let ran = network.run(&mut states, &part, STEP_S, limits_v, pack.cell.air_k()).map_err(told)?;
            now_s = if ran.limited_by.is_none() { to_s } else { now_s + ran.time_s };
            if row_s.is_some() {
                rows[next] = Some(row(&states, ran.split));
                next += 1;
            }
            if ran.limited_by.is_some() || inner.is_none() {
                ended = ended.or(Some((now_s - start_s, ran.limited_by.is_some())));
                break;
            }
        }
        // Rows of the reference after our limit have nothing beside them.
        while times_s.get(next).is_some_and(|t| *t < end_s + SAME_S) {
            next += 1;
        }
        ends.extend(ended);
        start_s = end_s;
    }
    Ok((rows, ends))
}

pub(super) fn compare(folder: &Folder<'_>, text: &str, report: &mut Report) -> Result<(), String> {
    let pack: PackIn = serde_json::from_str(text).map_err(|error| format!("`case.json`: {error}"))?;
    let expected = Columns::read(&folder.text("expected.csv")?)?;
    let times_s = expected.numbers("time_s")?;
    let network = network(folder, &pack)?;
    let (rows, ends) = run(&network, &pack, &times_s)?;
    let (set, name) = (super::set_of(folder), folder.name().to_owned());
    let n = network.cells().len();

    let pack_current = expected.numbers("pack_current_A")?;
    let mut largest = pack_current.iter().fold(0.0_f64, |m, i| m.max(i.abs()));
    if largest == 0.0 {
        for k in 0..n {
            largest = expected.numbers(&format!("i_{k}_A"))?.iter().fold(largest, |m, i| m.max(i.abs()));
        }
    }
    let mut all =
        |metric: &str, columns: &dyn Fn(usize) -> String, value: &dyn Fn(&Row, usize) -> f64, count, tolerance| {
            let mut pairs = Vec::new();
            for k in 0..count {
                if expected.has(&[&columns(k)]) {
                    pairs.extend(together(&expected.numbers(&columns(k))?, &rows, |row| value(row, k)));
                }
            }
            if !pairs.is_empty() {
                report.series(&set, &name, &format!("{metric}, pack"), pairs, Tolerance::Absolute(tolerance));
            }
            Ok::<(), String>(())
        };
    all("voltages of cells [V]", &|k| format!("v_{k}_V"), &|r, k| r.voltages[k], n, 3e-4)?;
    all("currents over the largest", &|k| format!("i_{k}_A"), &|r, k| r.split.cells_a[k], n, 1e-3 * largest)?;
    all("soc", &|k| format!("soc_{k}"), &|r, k| r.states[k].soc, n, 1e-4)?;
    all("T [degC]", &|k| format!("T_{k}_degC"), &|r, k| r.states[k].temperature_k - ZERO_CELSIUS_K, n, 0.02)?;
    all("pack_current_A", &|_| "pack_current_A".into(), &|r, _| r.split.current_a, 1, 1e-3 * largest)?;
    let volts = 3e-4 * pack.series as f64;
    all("pack_voltage_V", &|_| "pack_voltage_V".into(), &|r, _| r.split.voltage_v, 1, volts)?;

    let theirs = pack.profile.iter().map(|s| (s.ended_s, s.ended_by != "time" && !s.ended_by.is_empty()));
    let pairs: Vec<_> = theirs.zip(&ends).collect();
    let same = pairs.iter().all(|(a, b)| a.1 == b.1) && pairs.len() == pack.profile.len();
    let agrees = (1.0, f64::from(u8::from(same)));
    report.compare(&set, &name, "stops as the reference, pack", agrees, Tolerance::Absolute(0.0));
    let times: Vec<_> = pairs.iter().filter(|(a, b)| a.1 || b.1).map(|(a, b)| (a.0, b.0)).collect();
    if !times.is_empty() {
        report.series(&set, &name, "time of the stop [s], pack", times, Tolerance::Absolute(0.5));
    }
    let mut lines = Vec::new();
    for k in (0..n).step_by(n.div_ceil(MOST_LINES)) {
        let ours = rows.iter().map(|row| row.as_ref().map_or(f64::NAN, |r| r.split.cells_a[k])).collect();
        let line = super::series(&times_s, &expected.numbers(&format!("i_{k}_A"))?, ours);
        lines.push(crate::validate::Series { label: format!("cell {k}"), ..line });
    }
    report.plot(show((&set, &name), "Current of a cell [A]", lines));
    Ok(())
}
