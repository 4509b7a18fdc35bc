//! How cells are wired, and how a current splits between them: exact for cells that are sources.

use crate::cell::model::{Control, ModelError, Source};
use nalgebra::{Cholesky, DMatrix, DVector};

/// How the cells of a network are wired.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Topology {
    /// Groups of parallel cells in series.
    Groups,
    /// Strings of cells in series, tied at their two ends.
    Strings,
    /// One group on two rails with a resistor between neighbours; both terminals at the first cell.
    LadderU {
        /// Resistance of a rail between two cells \[Ohm\].
        segment_ohm: f64,
    },
    /// The same with the positive terminal at the last cell.
    LadderZ {
        /// Resistance of a rail between two cells \[Ohm\].
        segment_ohm: f64,
    },
}

/// Wiring of a network. Cell `s parallel + p` is branch `p` of group `s`, or place `s` of string `p`.
#[derive(Clone, Debug, PartialEq)]
pub struct Wiring {
    /// Cells in series.
    pub series: usize,
    /// Cells in parallel.
    pub parallel: usize,
    /// How.
    pub topology: Topology,
    /// Resistance in series with each cell, outside its terminals \[Ohm\].
    pub contact_ohm: Vec<f64>,
    /// Resistor across the terminals of a cell that bleeds \[Ohm\].
    pub bleed_ohm: f64,
}

/// What flows in a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// Discharge current at the terminals of the network \[A\].
    pub current_a: f64,
    /// Voltage there \[V\].
    pub voltage_v: f64,
    /// Discharge current of each cell, what its resistor bleeds included \[A\].
    pub cells_a: Vec<f64>,
}

/// Sources in parallel as one.
fn parallel(sources: impl Iterator<Item = Source>) -> Source {
    let (mut conductance, mut current) = (0.0, 0.0);
    for source in sources {
        conductance += 1.0 / source.resistance_ohm;
        current += source.emf_v / source.resistance_ohm;
    }
    Source { emf_v: current / conductance, resistance_ohm: 1.0 / conductance }
}

/// Sources in series as one.
fn series(sources: impl Iterator<Item = Source>) -> Source {
    sources.fold(Source::default(), |sum, s| Source {
        emf_v: sum.emf_v + s.emf_v,
        resistance_ohm: sum.resistance_ohm + s.resistance_ohm,
    })
}

impl Wiring {
    /// Number of cells.
    pub fn cells(&self) -> usize {
        self.series * self.parallel
    }

    /// The branch of a cell: its source with what bleeds it and with its contact.
    fn branch(&self, k: usize, cell: Source, bleeding: &[bool]) -> Source {
        let share = if bleeding[k] { 1.0 / (1.0 + cell.resistance_ohm / self.bleed_ohm) } else { 1.0 };
        Source { emf_v: cell.emf_v * share, resistance_ohm: cell.resistance_ohm * share + self.contact_ohm[k] }
    }

    /// Splits what is asked of the network between cells that are sources.
    pub fn split(&self, cells: &[Source], bleeding: &[bool], control: Control) -> Result<Split, ModelError> {
        let branches: Vec<Source> = (0..self.cells()).map(|k| self.branch(k, cells[k], bleeding)).collect();
        let mut split = match self.topology {
            Topology::Groups => {
                let group = |s: usize| parallel(branches[s * self.parallel..(s + 1) * self.parallel].iter().copied());
                let groups: Vec<Source> = (0..self.series).map(group).collect();
                let whole = series(groups.iter().copied());
                let current_a = whole.current(control)?;
                let at = |k: usize| groups[k / self.parallel].voltage(current_a);
                let cells_a = (0..branches.len()).map(|k| branches[k].current_at(at(k))).collect();
                Split { current_a, voltage_v: whole.voltage(current_a), cells_a }
            }
            Topology::Strings => {
                let string = |p: usize| series((0..self.series).map(|s| branches[s * self.parallel + p]));
                let strings: Vec<Source> = (0..self.parallel).map(string).collect();
                let whole = parallel(strings.iter().copied());
                let current_a = whole.current(control)?;
                let voltage_v = whole.voltage(current_a);
                let cells_a = (0..branches.len()).map(|k| strings[k % self.parallel].current_at(voltage_v)).collect();
                Split { current_a, voltage_v, cells_a }
            }
            Topology::LadderU { segment_ohm } => ladder(&branches, segment_ohm, 0, control)?,
            Topology::LadderZ { segment_ohm } => ladder(&branches, segment_ohm, branches.len() - 1, control)?,
        };
        if let Control::Voltage(held) = control {
            split.voltage_v = held;
        }
        // What the resistor takes passes the cell as well.
        for (k, current_a) in split.cells_a.iter_mut().enumerate().filter(|(k, _)| bleeding[*k]) {
            let voltage_v = branches[k].voltage(*current_a) + self.contact_ohm[k] * *current_a;
            *current_a += voltage_v / self.bleed_ohm;
        }
        Ok(split)
    }
}

/// Cells on two rails, by the potentials of all nodes (Ho, Ruehli and Brennan, IEEE Trans. Circuits Syst. 22 (1975) 504,
/// doi 10.1109/TCS.1975.1084079). The negative terminal is at the first cell.
fn ladder(branches: &[Source], segment_ohm: f64, positive: usize, control: Control) -> Result<Split, ModelError> {
    let n = branches.len();
    // Nodes of the positive rail, then those of the negative one; the first of these is held at zero and left out.
    let index = |rail: usize, k: usize| if rail == 0 { Some(k) } else { (n + k).checked_sub(1).filter(|_| k > 0) };
    let mut g = DMatrix::<f64>::zeros(2 * n - 1, 2 * n - 1);
    let mut link = |a: Option<usize>, b: Option<usize>, conductance: f64| {
        for (x, y) in [(a, b), (b, a)] {
            if let Some(x) = x {
                g[(x, x)] += conductance;
                if let Some(y) = y {
                    g[(x, y)] -= conductance;
                }
            }
        }
    };
    let mut idle = DVector::<f64>::zeros(2 * n - 1);
    for (k, branch) in branches.iter().enumerate() {
        let (top, bottom) = (index(0, k), index(1, k));
        link(top, bottom, 1.0 / branch.resistance_ohm);
        let short = branch.emf_v / branch.resistance_ohm;
        top.into_iter().for_each(|at| idle[at] += short);
        bottom.into_iter().for_each(|at| idle[at] -= short);
        if k + 1 < n {
            link(top, index(0, k + 1), 1.0 / segment_ohm);
            link(bottom, index(1, k + 1), 1.0 / segment_ohm);
        }
    }
    let mut drawn = DVector::<f64>::zeros(2 * n - 1);
    drawn[positive] = -1.0;
    let factor = Cholesky::new(g).ok_or_else(|| ModelError::NoCurrent("a ladder that is not connected".into()))?;
    let (idle, drawn) = (factor.solve(&idle), factor.solve(&drawn));
    let whole = Source { emf_v: idle[positive], resistance_ohm: -drawn[positive] };
    let current_a = whole.current(control)?;
    let potential = |at: Option<usize>| at.map_or(0.0, |at| idle[at] + drawn[at] * current_a);
    let cells_a = (0..n).map(|k| branches[k].current_at(potential(index(0, k)) - potential(index(1, k)))).collect();
    Ok(Split { current_a, voltage_v: whole.voltage(current_a), cells_a })
}
