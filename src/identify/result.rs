//! An identified cell: what was found, how well, and what it foretells.

use super::comparison::{Beside, Comparison};
use super::drive::drive;
use super::error::IdentifyError;
use super::model::{Answer, Drive, Factors, Numbers, simulate};
use super::options::IdentifyOptions;
use super::soc;
use super::spec::{of_entry, reference};
use super::trace::Trace;
use super::values::Value;
use crate::cell::CellSpec;
use crate::cell::model::Model;

/// An identified cell.
#[derive(Clone, Debug)]
pub struct Identified {
    /// The entry's values. Of a fit with three pairs the third is left away, so that the entry then is none.
    pub spec: CellSpec,
    /// All values with their intervals.
    pub values: Vec<Value>,
    /// Pulse traces beside the cell.
    pub pulses: Vec<Comparison>,
    /// What a user must not miss.
    pub notes: Vec<String>,
    /// Whether the solver arrived.
    pub converged: bool,
    /// Fields that traces back.
    pub told: Backing,
    pub(super) numbers: Numbers,
    pub(super) factors: Factors,
    pub(super) options: IdentifyOptions,
    pub(super) voltage_max_v: f64,
}

/// Where groups of fields come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backing {
    /// Whether the capacity was measured or given.
    pub capacity: bool,
    /// Whether the voltage limits were measured or given.
    pub voltages: bool,
    /// Whether slow traces tell the open-circuit voltage.
    pub ocv_slow: bool,
    /// Range of SoC over which the open-circuit voltage was measured.
    pub ocv_range: [f64; 2],
    /// Whether a gap between the branches was measured.
    pub hysteresis: bool,
    /// Whether the mass was given.
    pub mass: bool,
    /// Whether the specific heat was given.
    pub specific_heat: bool,
    /// Temperatures of the pulse tests, where they span enough to tell how resistances follow them \[degC\].
    pub temperatures_c: Option<[f64; 2]>,
    /// Cooling \[W/K\] and whether the test or the user told it; not part of an entry.
    pub cooling: (f64, bool),
}

impl Identified {
    /// Foretells a trace from its current and its start: SoC by counting from where the cell is full or rests,
    /// temperature by its own heat. No voltage of the load is used.
    ///
    /// # Errors
    /// When its SoC is not known.
    pub fn check(&self, trace: &Trace, soc_start: Option<f64>) -> Result<Comparison, IdentifyError> {
        self.foretold(trace, soc_start, &self.numbers, &self.factors)
    }

    /// The same by the library entry, whose resistances do not fall with current.
    ///
    /// # Errors
    /// When its SoC is not known.
    pub fn check_entry(&self, trace: &Trace, soc_start: Option<f64>) -> Result<Comparison, IdentifyError> {
        let numbers = of_entry(&self.spec, self.numbers.thermal);
        self.foretold(trace, soc_start, &numbers, &Factors::of_entry(&self.spec))
    }

    fn foretold(
        &self,
        trace: &Trace,
        soc_start: Option<f64>,
        numbers: &Numbers,
        factors: &Factors,
    ) -> Result<Comparison, IdentifyError> {
        let settle = self.options.settle_s;
        let trace = settle.map_or_else(|| trace.clone(), |settle| trace.clone().squared(settle));
        let lookup = |v: f64| self.numbers.soc_at(v);
        let soc = soc::count(&trace, self.numbers.capacity_ah, self.voltage_max_v, soc_start, Some(&lookup))?;
        let drive = drive(&trace, soc, &self.options, false);
        Ok(beside(&trace, &drive, &simulate(numbers, factors, &drive, 0.0), 0.0, self.options.above_v))
    }

    /// Time constants \[s\], that of a third pair too.
    pub fn time_constants_s(&self) -> &[f64] {
        &self.numbers.tau_s
    }

    /// The cell as found, for [`crate::cell::model`]: charge transfer that follows the current, pairs and reaction each
    /// with its own temperature. Held at the temperature that it is given: where its heat goes belongs to the test.
    ///
    /// # Errors
    /// When a table is none.
    pub fn reference(&self) -> Result<Model, IdentifyError> {
        reference(&self.numbers, &self.spec)
    }
}

/// Rows of the asked part beside what the cell does; `shift` is that of the SoC.
pub(super) fn beside(trace: &Trace, drive: &Drive, answer: &Answer, shift: f64, above_v: f64) -> Comparison {
    let row = |k: usize| Beside {
        time_s: trace.rows[k].time_s,
        current_a: trace.rows[k].current_a,
        soc: drive.soc[k] + shift,
        measured_v: trace.rows[k].voltage_v,
        model_v: answer.voltage_v[k],
        temperature_c: answer.temperature_c[k],
    };
    Comparison {
        name: trace.name.clone(),
        rows: (0..trace.rows.len()).filter(|k| trace.rows[*k].counted).map(row).collect(),
        above_v,
        current_max_a: trace.current_max(),
    }
}
