//! What a cell's library entry says.

use serde::Deserialize;

/// Electrode chemistry; the reported group of a cell, not a model switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Chemistry {
    /// Lithium iron phosphate.
    Lfp,
    /// Lithium nickel manganese cobalt oxide, any ratio.
    Nmc,
    /// Lithium nickel cobalt aluminium oxide.
    Nca,
    /// Lithium manganese oxide and blends led by it.
    Lmo,
}

impl Chemistry {
    /// The name used in tables and library files.
    pub fn name(self) -> &'static str {
        match self {
            Chemistry::Lfp => "lfp",
            Chemistry::Nmc => "nmc",
            Chemistry::Nca => "nca",
            Chemistry::Lmo => "lmo",
        }
    }
}

/// Parameters of one new cell as a library entry gives them; [`super::Cell::new`] checks them and builds the tables.
///
/// Resistances hold at 25 degC and for a new cell. All `*_soc` knots lie in 0..=1 and rise strictly.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellSpec {
    /// Electrode chemistry.
    pub chemistry: Chemistry,
    /// Shape of the case, in words.
    pub format: String,
    /// Nominal capacity when new \[Ah\].
    pub capacity_ah: f64,
    /// Nominal voltage \[V\], for energy on the name plate.
    pub nominal_voltage_v: f64,
    /// Lowest allowed terminal voltage \[V\].
    pub voltage_min_v: f64,
    /// Highest allowed terminal voltage \[V\].
    pub voltage_max_v: f64,
    /// Mass \[kg\].
    pub mass_kg: f64,
    /// Specific heat \[J/(kg K)\].
    pub specific_heat_j_per_kgk: f64,
    /// SoC knots of the open-circuit voltage.
    pub ocv_soc: Vec<f64>,
    /// Open-circuit voltage at the knots, rising strictly \[V\].
    pub ocv_v: Vec<f64>,
    /// SoC knots of the three resistances.
    pub resistance_soc: Vec<f64>,
    /// Ohmic resistance at the knots \[mOhm\].
    pub r0_mohm: Vec<f64>,
    /// Share by which `r0_mohm` is higher on charge and lower on discharge, at the knots; none for no difference.
    #[serde(default)]
    pub r0_charge_share: Vec<f64>,
    /// Resistance of the fast RC pair at the knots \[mOhm\].
    pub r1_mohm: Vec<f64>,
    /// Resistance of the slow RC pair at the knots \[mOhm\].
    pub r2_mohm: Vec<f64>,
    /// Time constant of the fast pair \[s\].
    pub tau1_s: f64,
    /// Time constant of the slow pair \[s\].
    pub tau2_s: f64,
    /// Activation energy of the resistances \[J/mol\].
    pub resistance_ea_j_per_mol: f64,
    /// Share of the resistance at 25 degC that does not depend on temperature, 0..1.
    pub resistance_floor_share: f64,
    /// Half of the full gap between the charge and discharge branches of the OCV \[V\].
    pub hysteresis_v: f64,
    /// Rate of the one-state hysteresis per unit of SoC passed.
    pub hysteresis_gamma: f64,
    /// Charge stored over charge put in, 0..=1.
    pub coulombic_efficiency: f64,
    /// Reversible self-discharge \[1/month\].
    pub self_discharge_per_month: f64,
    /// Highest continuous charge rate \[1/h\].
    pub charge_c_max: f64,
    /// Highest continuous discharge rate \[1/h\].
    pub discharge_c_max: f64,
    /// Charging stops below this temperature \[degC\].
    pub charge_temperature_min_c: f64,
    /// SoC knots of the entropic coefficient; none for a coefficient of zero.
    #[serde(default)]
    pub entropy_soc: Vec<f64>,
    /// Entropic coefficient of the open-circuit voltage at the knots, its rise with temperature \[mV/K\].
    #[serde(default)]
    pub entropy_mv_per_k: Vec<f64>,
    /// Temperatures of the factors on the highest rates \[degC\]; none for rates that do not depend on temperature.
    #[serde(default)]
    pub derating_temperature_c: Vec<f64>,
    /// Factors on `charge_c_max` at those temperatures, 0..=1, first rising, then falling.
    #[serde(default)]
    pub derating_charge: Vec<f64>,
    /// Factors on `discharge_c_max`, alike.
    #[serde(default)]
    pub derating_discharge: Vec<f64>,
    /// Aging law taken when the scenario names none.
    pub law: String,
    /// Entry of the `compositions` category: materials in kg per kWh of pack.
    pub composition: String,
}
