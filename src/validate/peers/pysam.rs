//! PySAM 7.1.1 (NREL): its stateful battery, closed loop with its own circuit.
//!
//! SoC drifts there as capacity fades, so a law cannot be held to digits: drivers are taken from the table itself, and
//! the shape is compared. One of its three chemistries is a law that we ship.

use super::duty::YEAR_DAYS;
use crate::aging::{AgingOptions, AgingState, CycleStress, Law, UnitFactors};
use crate::cell::ZERO_CELSIUS_K;
use crate::validate::columns::Columns;
use crate::validate::plot::{Plot, Series};
use crate::validate::{Folder, Report, Tolerance};

/// Of the loss.
const TOLERANCE: Tolerance = Tolerance::Relative(0.02);
/// Rows before this are not compared \[days\]: the package's first day takes one cycle, whatever passed.
const FROM_DAYS: f64 = 30.0;

/// Tables of capacity.
pub(super) fn losses(folder: &Folder<'_>, report: &mut Report) -> bool {
    let tables = folder.read_tables(&["case_id", "t_days", "soc_pct", "temp_c", "average_range_pct", "q_pct"]);
    for (stem, set, table) in &tables {
        if let Err(why) = losses_of(stem, set, table, report) {
            report.skip(set, "", &why);
        }
    }
    !tables.is_empty()
}

fn losses_of(stem: &str, set: &str, table: &Columns, report: &mut Report) -> Result<(), String> {
    // The titanate cell is known by the column that only its life model prints.
    if !table.has(&["EFC", "dq_relative_cal", "dq_relative_cyc"]) {
        return Err("the law of this life model does not ship".into());
    }
    let law = crate::validate::law("lto_sam", AgingOptions::default())?;
    let number = |name: &str| table.numbers(name);
    let (days, soc, t_c) = (number("t_days")?, number("soc_pct")?, number("temp_c")?);
    let (range, efc, q) = (number("average_range_pct")?, number("EFC")?, number("q_pct")?);
    let mut plot = Plot {
        file: Plot::stem(&[set]),
        title: format!("{stem}, PySAM"),
        x: "years".into(),
        y: "capacity over new".into(),
        series: Vec::new(),
    };
    for (case_id, rows) in table.groups("case_id")? {
        let mut cell = AgingState::new(&law, UnitFactors::equal(1));
        let (mut series, mut pairs) = (Series { label: case_id.clone(), ..Series::default() }, Vec::new());
        for pair in std::iter::once([rows[0]; 2]).chain(rows.windows(2).map(|w| [w[0], w[1]])) {
            let [from, to] = pair;
            let first = from == to;
            let mean = |column: &[f64]| 0.5 * (column[from] + column[to]);
            let depth = range[from].max(range[to]) / 100.0;
            let (length, moved) = if first { (days[to], 0.0) } else { (days[to] - days[from], efc[to] - efc[from]) };
            // The package's mean SoC of a day is half way between its ends.
            let duty = Stress { t_k: mean(&t_c) + ZERO_CELSIUS_K, soc: mean(&soc) / 100.0 - 0.5 * depth, depth };
            duty.age(&law, &mut cell, length, moved);
            let loss = 1.0 - cell.health(&law, 0).capacity;
            if days[to] >= FROM_DAYS {
                pairs.push((1.0 - q[to] / 100.0, loss));
            }
            series.reference.push((days[to] / YEAR_DAYS, q[to] / 100.0));
            series.ours.push((days[to] / YEAR_DAYS, 1.0 - loss));
        }
        report.series(set, &case_id, "loss of capacity", pairs, TOLERANCE);
        plot.series.push(series);
    }
    report.plot(plot);
    Ok(())
}

/// What a cell is held at between two rows.
struct Stress {
    t_k: f64,
    soc: f64,
    depth: f64,
}

impl Stress {
    fn age(&self, law: &Law, cell: &mut AgingState, days: f64, efc: f64) {
        cell.rest(law, &[self.t_k], &[self.soc.clamp(0.0, 1.0)], 24.0 * days);
        if efc > 0.0 {
            let stress = CycleStress {
                depth: self.depth,
                mean_soc: self.soc,
                temperature_k: self.t_k,
                c_rate: 0.1,
                c_charge: 0.1,
                c_discharge: 0.1,
                ocv_rms_v: None,
                efc,
                count: efc / self.depth.max(1e-6),
            };
            cell.cycle(law, 0, &stress);
        }
    }
}
