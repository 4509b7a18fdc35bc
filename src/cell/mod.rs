//! One cell: open-circuit voltage, a circuit with two RC pairs, one-state hysteresis and a lumped temperature.
//!
//! With discharge current `i` positive, SoC `s`, RC voltages `v1`, `v2`, hysteresis state `h` and temperature `t`:
//!
//! ```text
//! V    = U(s) + M h - v1 - v2 - R0 i
//! v_k' = (R_k i - v_k) / tau_k
//! s'   = -(eta i + i_sd) / (3600 Q)          eta < 1 only while charging
//! h'   = -|gamma i / (3600 Q)| (h + sign i)
//! R_x  = R_x(s) g(t) r                       g: Arrhenius with a floor, r: growth with age
//! ```
//!
//! The hysteresis is the one-state form of Plett (J. Power Sources 134 (2004) 262, doi 10.1016/j.jpowsour.2004.02.032).
//! Every step is exact for a current that is constant over it, see [`circuit`]; packs of cells are stepped in
//! [`crate::pack`].

pub mod circuit;
mod derating;
pub mod graphite;
pub mod model;
mod spec;
pub mod tables;

use crate::numeric::table::{self, CubicTable, TableError};
use derating::Derating;
pub use spec::{CellSpec, Chemistry};
use tables::Tables;

/// Gas constant \[J/(mol K)\].
pub const GAS_CONSTANT: f64 = 8.314_462_618;
/// Charge of a mole of electrons \[C/mol\].
pub const FARADAY: f64 = 96_485.332_12;
/// 0 degC \[K\].
pub const ZERO_CELSIUS_K: f64 = 273.15;
/// Temperature at which resistances are given \[K\].
pub const REFERENCE_K: f64 = 298.15;
/// Temperatures of the table of resistance factors \[K\]; it is held at its ends.
const TABLE_K: [f64; 2] = [213.15, 373.15];
/// Pieces of that table.
const TABLE_PIECES: usize = 640;

/// A problem with a cell's parameters.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CellError {
    /// A table cannot be used.
    #[error("`{field}`: {fault}")]
    Table {
        /// Field of the entry.
        field: &'static str,
        /// What is wrong.
        fault: TableError,
    },
    /// The open-circuit voltage must rise.
    #[error("`ocv_v` must rise with SoC, but does not at knot {index} ({value} V)")]
    OcvOrder {
        /// Index of the offending knot.
        index: usize,
        /// Its value \[V\].
        value: f64,
    },
    /// A value outside its allowed range.
    #[error("`{field}` is {value}, allowed is {allowed}")]
    Range {
        /// Field of the entry.
        field: &'static str,
        /// What was given.
        value: f64,
        /// What is allowed, in words.
        allowed: &'static str,
    },
}

impl CellError {
    /// The field of the entry that is at fault.
    pub fn field(&self) -> &'static str {
        match self {
            CellError::Table { field, .. } | CellError::Range { field, .. } => field,
            CellError::OcvOrder { .. } => "ocv_v",
        }
    }
}

/// A cell ready to be stepped: checked parameters and tables over SoC.
#[derive(Clone, Debug)]
pub struct Cell {
    /// What the library said.
    pub spec: CellSpec,
    pub(crate) tables: Tables,
    pub(crate) derating: Derating,
    /// Factor on resistances over [`TABLE_K`].
    arrhenius: CubicTable,
}

impl Cell {
    /// Checks an entry and builds its tables.
    pub fn new(spec: CellSpec) -> Result<Self, CellError> {
        check(&spec)?;
        let tables = Tables::new(&spec);
        let arrhenius = CubicTable::sample(TABLE_PIECES, |x| {
            resistance_factor_exact(&spec, TABLE_K[0] + x * (TABLE_K[1] - TABLE_K[0]))
        });
        Ok(Cell { derating: Derating::new(&spec), spec, tables, arrhenius })
    }

    /// The same cell made larger: capacity and conductance scale together, mass too.
    pub fn scaled_to(&self, capacity_ah: f64) -> Self {
        let k = capacity_ah / self.spec.capacity_ah;
        let mut cell = self.clone();
        cell.spec.capacity_ah = capacity_ah;
        cell.spec.mass_kg *= k;
        for r in [&mut cell.spec.r0_mohm, &mut cell.spec.r1_mohm, &mut cell.spec.r2_mohm] {
            r.iter_mut().for_each(|r| *r /= k);
        }
        cell.tables.scale_resistances(1.0 / k);
        cell
    }

    /// R0, R1, R2 of the new cell at 25 degC \[Ohm\].
    pub fn resistances(&self, soc: f64) -> [f64; 3] {
        self.tables.value(soc).r
    }

    /// OCV of the new cell at 25 degC \[V\].
    pub fn ocv(&self, soc: f64) -> f64 {
        self.tables.value(soc).u
    }

    /// OCV at a temperature \[K\] with a share of the lithium inventory lost \[V\], see [`tables`].
    pub fn ocv_at(&self, soc: f64, temperature_k: f64, lli: f64) -> f64 {
        let knot = self.tables.value(soc);
        knot.u + (temperature_k - REFERENCE_K) * knot.e + lli * knot.d
    }

    /// Integral of the OCV of the new cell at 25 degC over SoC from 0 \[V\].
    pub fn integral(&self, soc: f64) -> f64 {
        self.tables.value(soc).w
    }

    /// Energy stored above SoC 0 over capacity \[V\] with a share of the lithium inventory lost: the enthalpy, which is
    /// the integral of the OCV where the entropic coefficient is zero.
    pub fn enthalpy(&self, soc: f64, lli: f64) -> f64 {
        tables::stored(&self.tables.knots, soc, lli)
    }

    /// Slope of the OCV over SoC of the new cell at 25 degC \[V per unit SoC\].
    pub fn ocv_slope(&self, soc: f64) -> f64 {
        self.tables.slopes(soc)[0]
    }

    /// Slope of [`Cell::enthalpy`] over SoC \[V\].
    pub(crate) fn enthalpy_slope(&self, soc: f64, lli: f64) -> f64 {
        let knot = self.tables.value(soc);
        knot.u - REFERENCE_K * knot.e + lli * knot.d
    }

    /// R0 on charge and on discharge over its mean, at a SoC.
    pub(crate) fn r0_by_direction(&self, soc: f64) -> [f64; 2] {
        let share = self.tables.value(soc).c;
        [1.0 + share, 1.0 - share]
    }

    /// Factor on every resistance at a temperature \[K\]: [`resistance_factor_exact`] from a table.
    #[inline]
    pub fn resistance_factor(&self, temperature_k: f64) -> f64 {
        self.arrhenius.value((temperature_k - TABLE_K[0]) * (1.0 / (TABLE_K[1] - TABLE_K[0])))
    }

    /// Heat capacity \[J/K\].
    pub fn heat_capacity_j_per_k(&self) -> f64 {
        self.spec.mass_kg * self.spec.specific_heat_j_per_kgk
    }

    /// Energy on the name plate \[kWh\].
    pub fn nominal_energy_kwh(&self) -> f64 {
        self.spec.capacity_ah * self.spec.nominal_voltage_v * 1e-3
    }
}

/// Arrhenius with a floor: `floor + (1 - floor) exp(Ea/Rg (1/T - 1/298.15))`.
///
/// The floor is needed because measured resistances do not follow one line: that of a Leaf cell falls with 24 kJ/mol
/// below 25 degC and hardly above.
pub fn resistance_factor_exact(spec: &CellSpec, temperature_k: f64) -> f64 {
    let floor = spec.resistance_floor_share;
    let exponent = spec.resistance_ea_j_per_mol / GAS_CONSTANT * (1.0 / temperature_k - 1.0 / REFERENCE_K);
    floor + (1.0 - floor) * exponent.exp()
}

fn check(spec: &CellSpec) -> Result<(), CellError> {
    let mut tables: Vec<(&'static str, &[f64], &[f64])> = vec![
        ("ocv_v", &spec.ocv_soc, &spec.ocv_v),
        ("r0_mohm", &spec.resistance_soc, &spec.r0_mohm),
        ("r1_mohm", &spec.resistance_soc, &spec.r1_mohm),
        ("r2_mohm", &spec.resistance_soc, &spec.r2_mohm),
    ];
    if !(spec.entropy_soc.is_empty() && spec.entropy_mv_per_k.is_empty()) {
        tables.push(("entropy_mv_per_k", &spec.entropy_soc, &spec.entropy_mv_per_k));
    }
    if !spec.r0_charge_share.is_empty() {
        tables.push(("r0_charge_share", &spec.resistance_soc, &spec.r0_charge_share));
    }
    for (field, knots, values) in tables {
        table::check_knots(knots, values).map_err(|fault| CellError::Table { field, fault })?;
    }
    if let Some(i) = spec.ocv_v.windows(2).position(|w| w[1] <= w[0]) {
        return Err(CellError::OcvOrder { index: i + 1, value: spec.ocv_v[i + 1] });
    }
    if let Some(&value) = spec.r0_charge_share.iter().find(|c| c.abs() >= 1.0) {
        return Err(CellError::Range { field: "r0_charge_share", value, allowed: "between -1 and 1" });
    }
    if let Some((field, value, allowed)) = derating::fault(spec) {
        return Err(CellError::Range { field, value, allowed });
    }
    let least = |v: &[f64]| v.iter().copied().fold(f64::INFINITY, f64::min);
    let positive = "above 0";
    let limits: [(&'static str, f64, bool, &'static str); 19] = [
        ("capacity_ah", spec.capacity_ah, spec.capacity_ah > 0.0, positive),
        ("nominal_voltage_v", spec.nominal_voltage_v, spec.nominal_voltage_v > 0.0, positive),
        ("voltage_min_v", spec.voltage_min_v, spec.voltage_min_v > 0.0, positive),
        ("voltage_max_v", spec.voltage_max_v, spec.voltage_max_v > spec.voltage_min_v, "above `voltage_min_v`"),
        ("mass_kg", spec.mass_kg, spec.mass_kg > 0.0, positive),
        ("specific_heat_j_per_kgk", spec.specific_heat_j_per_kgk, spec.specific_heat_j_per_kgk > 0.0, positive),
        ("r0_mohm", least(&spec.r0_mohm), least(&spec.r0_mohm) > 0.0, positive),
        ("r1_mohm", least(&spec.r1_mohm), least(&spec.r1_mohm) > 0.0, positive),
        ("r2_mohm", least(&spec.r2_mohm), least(&spec.r2_mohm) > 0.0, positive),
        ("tau1_s", spec.tau1_s, spec.tau1_s > 0.0, positive),
        ("tau2_s", spec.tau2_s, spec.tau2_s > 0.0, positive),
        (
            "resistance_floor_share",
            spec.resistance_floor_share,
            (0.0..1.0).contains(&spec.resistance_floor_share),
            "0 up to but not 1",
        ),
        ("hysteresis_v", spec.hysteresis_v, spec.hysteresis_v >= 0.0, "0 or more"),
        (
            "coulombic_efficiency",
            spec.coulombic_efficiency,
            spec.coulombic_efficiency > 0.9 && spec.coulombic_efficiency <= 1.0,
            "above 0.9 up to 1",
        ),
        ("hysteresis_gamma", spec.hysteresis_gamma, spec.hysteresis_gamma >= 0.0, "0 or more"),
        (
            "self_discharge_per_month",
            spec.self_discharge_per_month,
            (0.0..=1.0).contains(&spec.self_discharge_per_month),
            "0 to 1",
        ),
        (
            "charge_temperature_min_c",
            spec.charge_temperature_min_c,
            (-60.0..=60.0).contains(&spec.charge_temperature_min_c),
            "-60 to 60",
        ),
        ("charge_c_max", spec.charge_c_max, spec.charge_c_max > 0.0, positive),
        ("discharge_c_max", spec.discharge_c_max, spec.discharge_c_max > 0.0, positive),
    ];
    for (field, value, good, allowed) in limits {
        if !good || !value.is_finite() {
            return Err(CellError::Range { field, value, allowed });
        }
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod fixture {
    use super::*;

    /// A small LFP-like cell for tests: round numbers, a plateau and steep ends.
    pub fn spec() -> CellSpec {
        CellSpec {
            chemistry: Chemistry::Lfp,
            format: "prismatic".into(),
            capacity_ah: 100.0,
            nominal_voltage_v: 3.2,
            voltage_min_v: 2.5,
            voltage_max_v: 3.65,
            mass_kg: 2.0,
            specific_heat_j_per_kgk: 1000.0,
            ocv_soc: vec![0.0, 0.05, 0.1, 0.5, 0.95, 1.0],
            ocv_v: vec![2.6, 3.06, 3.2, 3.3, 3.34, 3.5],
            resistance_soc: vec![0.0, 0.2, 1.0],
            r0_mohm: vec![0.6, 0.4, 0.4],
            r1_mohm: vec![0.5, 0.3, 0.3],
            r2_mohm: vec![0.5, 0.3, 0.3],
            tau1_s: 20.0,
            tau2_s: 200.0,
            resistance_ea_j_per_mol: 24_000.0,
            resistance_floor_share: 0.3,
            hysteresis_v: 0.01,
            hysteresis_gamma: 50.0,
            coulombic_efficiency: 0.999,
            self_discharge_per_month: 0.02,
            charge_c_max: 1.0,
            discharge_c_max: 2.0,
            charge_temperature_min_c: 0.0,
            r0_charge_share: vec![],
            entropy_soc: vec![],
            entropy_mv_per_k: vec![],
            derating_temperature_c: vec![],
            derating_charge: vec![],
            derating_discharge: vec![],
            law: "lfp_prismatic250".into(),
            composition: "lfp".into(),
        }
    }

    /// The built cell.
    pub fn cell() -> Cell {
        Cell::new(spec()).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_meet_their_knots_and_integrate_exactly() {
        let cell = fixture::cell();
        for (s, u) in cell.spec.ocv_soc.iter().zip(&cell.spec.ocv_v) {
            assert!((cell.ocv(*s) - u).abs() < 1e-12);
        }
        let n = 100_000;
        let sum: f64 = (0..n).map(|i| cell.ocv((i as f64 + 0.5) / n as f64) / n as f64).sum();
        assert!((cell.integral(1.0) - sum).abs() < 1e-8);
        let h = 1e-6;
        for s in [0.0312, 0.071, 0.3333, 0.97] {
            let slope = (cell.integral(s + h) - cell.integral(s - h)) / (2.0 * h);
            assert!((slope - cell.ocv(s)).abs() < 1e-6);
        }
    }

    #[test]
    fn bad_cells_are_refused_with_the_field() {
        let mut spec = fixture::spec();
        spec.ocv_v[2] = 3.0;
        assert!(matches!(Cell::new(spec), Err(CellError::OcvOrder { index: 2, .. })));
        let mut spec = fixture::spec();
        spec.r1_mohm[0] = 0.0;
        assert!(matches!(Cell::new(spec), Err(CellError::Range { field: "r1_mohm", .. })));
        let mut spec = fixture::spec();
        spec.tau2_s = f64::NAN;
        assert!(matches!(Cell::new(spec), Err(CellError::Range { field: "tau2_s", .. })));
    }

    #[test]
    fn resistance_is_one_at_25_degc_and_falls_when_warm() {
        let cell = fixture::cell();
        assert!((cell.resistance_factor(298.15) - 1.0).abs() < 1e-9);
        for t in [233.15, 268.4, 290.0, 318.15, 340.0] {
            let exact = resistance_factor_exact(&cell.spec, t);
            assert!((cell.resistance_factor(t) / exact - 1.0).abs() < 1e-8);
        }
        assert!(cell.resistance_factor(273.15) > 1.5 && cell.resistance_factor(318.15) < 1.0);
    }
}
