//! What a case says, as a reference cell.

use crate::cell::ZERO_CELSIUS_K;
use crate::cell::model::{Coefficient, Entropy, HeatForm, Hysteresis, Model, Pair, Parameters, Storage, Thermal};
use crate::numeric::grid::{Line, Plane, Space};
use crate::validate::Folder;
use serde::Deserialize;
use serde_json::Value;

/// The part of `case.json` that cells and packs share.
#[derive(Deserialize)]
pub(super) struct CellIn {
    #[serde(rename = "capacity_Ah", default = "one")]
    capacity_ah: f64,
    #[serde(default = "one")]
    coulombic_efficiency: f64,
    ocv: OcvIn,
    hysteresis: Option<HysteresisIn>,
    r0: CoefficientIn,
    #[serde(default)]
    rc: Vec<PairIn>,
    dudt: Option<CoefficientIn>,
    #[serde(default)]
    heat_model: String,
    #[serde(rename = "initial_T_degC")]
    initial_c: f64,
    #[serde(rename = "ambient_degC")]
    ambient_c: f64,
    #[serde(rename = "v_min_V", default = "no_low")]
    pub(super) v_min: f64,
    #[serde(rename = "v_max_V", default = "no_high")]
    pub(super) v_max: f64,
    pub(super) thermal: ThermalIn,
}

fn one() -> f64 {
    1.0
}

fn no_low() -> f64 {
    f64::NEG_INFINITY
}

fn no_high() -> f64 {
    f64::INFINITY
}

#[derive(Deserialize)]
#[serde(tag = "kind")]
enum OcvIn {
    #[serde(rename = "linear")]
    Linear { a: f64, b: f64 },
    #[serde(rename = "constant")]
    Constant { value: f64 },
    #[serde(rename = "table")]
    Table {
        soc: Vec<f64>,
        #[serde(rename = "ocv_V")]
        ocv_v: Vec<f64>,
    },
}

#[derive(Deserialize)]
struct HysteresisIn {
    gamma: f64,
    #[serde(rename = "M_V")]
    amplitude: CoefficientIn,
}

#[derive(Deserialize)]
struct PairIn {
    r: CoefficientIn,
    c: Option<CoefficientIn>,
    tau_s: Option<CoefficientIn>,
}

#[derive(Deserialize)]
#[serde(tag = "kind")]
enum CoefficientIn {
    #[serde(rename = "constant")]
    Constant { value: f64 },
    #[serde(rename = "table_soc")]
    Soc { soc: Vec<f64>, value: Vec<f64> },
    #[serde(rename = "table_soc_arrhenius")]
    SocArrhenius {
        soc: Vec<f64>,
        value: Vec<f64>,
        #[serde(rename = "Ea_J_per_mol")]
        ea: f64,
        #[serde(rename = "Tref_K", default = "room")]
        reference_k: f64,
    },
    #[serde(rename = "table_soc_T")]
    SocTemperature {
        soc: Vec<f64>,
        #[serde(rename = "T_degC")]
        t_c: Vec<f64>,
        value: Vec<Vec<f64>>,
    },
    #[serde(rename = "table_T_I_soc")]
    TemperatureCurrentSoc { file: String, key: String },
    #[serde(rename = "table_ocv_T")]
    OcvTemperature { file: String },
}

fn room() -> f64 {
    298.15
}

/// Where heat goes; a number for all cells or one for each.
#[derive(Deserialize)]
#[serde(tag = "kind")]
pub(super) enum ThermalIn {
    #[serde(rename = "isothermal")]
    Isothermal,
    #[serde(rename = "one_node")]
    OneNode {
        #[serde(rename = "C_J_per_K")]
        capacity: Each,
        #[serde(rename = "hA_W_per_K")]
        air: Each,
        #[serde(rename = "neighbour_W_per_K", default)]
        neighbour: f64,
        coolant: Option<CoolantIn>,
    },
    #[serde(rename = "cell_jig")]
    CellJig {
        #[serde(rename = "C_cell_J_per_K")]
        cell: f64,
        #[serde(rename = "C_jig_J_per_K")]
        jig: f64,
        #[serde(rename = "k_cell_jig_W_per_K")]
        link: f64,
        #[serde(rename = "k_jig_air_W_per_K")]
        air: f64,
    },
}

#[derive(Deserialize)]
pub(super) struct CoolantIn {
    #[serde(rename = "T_degC")]
    pub(super) t_c: f64,
    #[serde(rename = "hA_W_per_K")]
    pub(super) conductance: Each,
}

/// One number for all, or one for each.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Each {
    Same(f64),
    Own(Vec<f64>),
}

impl Each {
    /// One for each of `n`.
    pub(super) fn of(&self, n: usize) -> Result<Vec<f64>, String> {
        match self {
            Each::Same(value) => Ok(vec![*value; n]),
            Each::Own(values) if values.len() == n => Ok(values.clone()),
            Each::Own(values) => Err(format!("{} values for {n} cells", values.len())),
        }
    }
}

impl CellIn {
    /// Temperature at the start \[K\].
    pub(super) fn start_k(&self) -> f64 {
        self.initial_c + ZERO_CELSIUS_K
    }

    /// Temperature of the air \[K\].
    pub(super) fn air_k(&self) -> f64 {
        self.ambient_c + ZERO_CELSIUS_K
    }

    /// Number of RC pairs.
    pub(super) fn pairs(&self) -> usize {
        self.rc.len()
    }

    /// Whether every parameter is constant and the open-circuit voltage a straight line.
    pub(super) fn is_constant(&self) -> bool {
        let constant = |c: &CoefficientIn| matches!(c, CoefficientIn::Constant { .. });
        let pair =
            |p: &PairIn| constant(&p.r) && p.c.as_ref().is_none_or(constant) && p.tau_s.as_ref().is_none_or(constant);
        !matches!(self.ocv, OcvIn::Table { .. })
            && constant(&self.r0)
            && self.rc.iter().all(pair)
            && self.hysteresis.is_none()
    }

    /// The cell. In a pack, heat paths belong to the pack.
    pub(super) fn model(&self, folder: &Folder<'_>, own_heat_paths: bool) -> Result<Model, String> {
        let pair = |p: &PairIn| {
            let storage = match (&p.c, &p.tau_s) {
                (Some(c), None) => Storage::Capacitance(c.coefficient(folder)?),
                (None, Some(tau)) => Storage::TimeConstant(tau.coefficient(folder)?),
                _ => return Err("a pair needs one of `c` and `tau_s`".to_owned()),
            };
            Ok(Pair { resistance: p.r.coefficient(folder)?, storage })
        };
        let hysteresis = match &self.hysteresis {
            Some(h) => Some(Hysteresis { gamma: h.gamma, amplitude_v: h.amplitude.coefficient(folder)? }),
            None => None,
        };
        let thermal = match &self.thermal {
            _ if !own_heat_paths => Thermal::Isothermal,
            ThermalIn::Isothermal => Thermal::Isothermal,
            ThermalIn::OneNode { capacity, air, .. } => {
                Thermal::OneNode { heat_capacity_j_per_k: capacity.of(1)?[0], conductance_w_per_k: air.of(1)?[0] }
            }
            ThermalIn::CellJig { cell, jig, link, air } => Thermal::CellJig {
                cell_j_per_k: *cell,
                jig_j_per_k: *jig,
                cell_jig_w_per_k: *link,
                jig_air_w_per_k: *air,
            },
        };
        let parameters = Parameters {
            capacity_ah: self.capacity_ah,
            coulombic_efficiency: self.coulombic_efficiency,
            ocv_v: self.ocv_line()?,
            hysteresis,
            entropy: self.entropy(folder)?,
            r0: self.r0.coefficient(folder)?,
            pairs: self.rc.iter().map(pair).collect::<Result<_, _>>()?,
            heat: self.heat_form(),
            thermal,
        };
        Model::new(parameters).map_err(|error| error.to_string())
    }

    fn ocv_line(&self) -> Result<Line, String> {
        let (soc, ocv) = match &self.ocv {
            OcvIn::Linear { a, b } => (vec![0.0, 1.0], vec![*a, a + b]),
            OcvIn::Constant { value } => (vec![0.0, 1.0], vec![*value; 2]),
            OcvIn::Table { soc, ocv_v } => (soc.clone(), ocv_v.clone()),
        };
        Line::new(soc, ocv).map_err(|error| format!("`ocv`: {error}"))
    }

    /// The formula of the heat without the words behind it.
    fn formula(&self) -> &str {
        self.heat_model.split("   ").next().unwrap_or_default()
    }

    /// The formula says what counts; without one, the form of Bernardi with entropy.
    fn heat_form(&self) -> HeatForm {
        HeatForm { hysteresis: self.formula().contains("hyst"), ..HeatForm::BERNARDI }
    }

    fn entropy(&self, folder: &Folder<'_>) -> Result<Entropy, String> {
        let left_out = !self.formula().is_empty() && !self.formula().contains("dU/dT");
        match &self.dudt {
            None => Ok(Entropy::At(Coefficient::Constant(0.0))),
            Some(_) if left_out => Ok(Entropy::At(Coefficient::Constant(0.0))),
            Some(CoefficientIn::OcvTemperature { file }) => {
                let tables = tables(folder, file)?;
                let values = flat(&tables, "dudt_V_per_K")?;
                let plane = Plane::new(flat(&tables, "dudt_ocv_V")?, flat(&tables, "dudt_T_degC")?, values);
                Ok(Entropy::OcvTemperature(plane.map_err(|error| format!("`dudt`: {error}"))?))
            }
            Some(coefficient) => Ok(Entropy::At(coefficient.coefficient(folder)?)),
        }
    }
}

impl CoefficientIn {
    fn coefficient(&self, folder: &Folder<'_>) -> Result<Coefficient, String> {
        let told = |error: crate::numeric::grid::GridError| error.to_string();
        Ok(match self {
            CoefficientIn::Constant { value } => Coefficient::Constant(*value),
            CoefficientIn::Soc { soc, value } => Coefficient::Soc(Line::new(soc.clone(), value.clone()).map_err(told)?),
            CoefficientIn::SocArrhenius { soc, value, ea, reference_k } => Coefficient::SocArrhenius {
                table: Line::new(soc.clone(), value.clone()).map_err(told)?,
                ea_j_per_mol: *ea,
                reference_k: *reference_k,
            },
            CoefficientIn::SocTemperature { soc, t_c, value } => {
                if value.iter().any(|row| row.len() != t_c.len()) {
                    return Err("rows of a table over SoC and temperature differ in length".into());
                }
                Coefficient::SocTemperature(Plane::new(soc.clone(), t_c.clone(), value.concat()).map_err(told)?)
            }
            CoefficientIn::TemperatureCurrentSoc { file, key } => {
                let tables = tables(folder, file)?;
                let [t, i, s] = ["T_degC", "I_A", "soc"].map(|name| flat(&tables, name));
                Coefficient::TemperatureCurrentSoc(Space::new(t?, i?, s?, flat(&tables, key)?).map_err(told)?)
            }
            CoefficientIn::OcvTemperature { .. } => return Err("`table_ocv_T` is for `dudt` only".into()),
        })
    }
}

/// A file of tables beside or above the case.
fn tables(folder: &Folder<'_>, file: &str) -> Result<Value, String> {
    let text = folder.nearby(".", file)?;
    serde_json::from_str(&text).map_err(|error| format!("`{file}`: {error}"))
}

/// All numbers of a table, row by row.
fn flat(tables: &Value, key: &str) -> Result<Vec<f64>, String> {
    fn collect(value: &Value, into: &mut Vec<f64>) -> bool {
        match value {
            Value::Array(rows) => rows.iter().all(|row| collect(row, into)),
            _ => value.as_f64().map(|x| into.push(x)).is_some(),
        }
    }
    let value = tables.get(key).ok_or_else(|| format!("no table `{key}`"))?;
    let mut numbers = Vec::new();
    if collect(value, &mut numbers) { Ok(numbers) } else { Err(format!("table `{key}` is not of numbers")) }
}
