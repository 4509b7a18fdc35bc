//! Where the heat of the cells of a network goes.

use crate::numeric::relaxation::Relaxation;

/// Thermal nodes, one a cell.
#[derive(Clone, Debug)]
pub struct HeatPaths {
    modes: Relaxation,
    /// Conductance to the air \[W/K\].
    air_w_per_k: Vec<f64>,
    /// What flows in from the coolant at 0 K: conductance times its temperature \[W\].
    coolant_w: Vec<f64>,
}

/// A coolant that is held at a temperature.
#[derive(Clone, Debug, PartialEq)]
pub struct Coolant {
    /// Temperature \[K\].
    pub temperature_k: f64,
    /// Conductance from each cell \[W/K\].
    pub conductance_w_per_k: Vec<f64>,
}

impl HeatPaths {
    /// Cells of these heat capacities in a row: each to the air, to its neighbours and, if there is one, to a coolant.
    pub fn row(
        heat_capacity_j_per_k: &[f64],
        air_w_per_k: Vec<f64>,
        neighbour_w_per_k: f64,
        coolant: Option<&Coolant>,
    ) -> HeatPaths {
        let n = heat_capacity_j_per_k.len();
        let cooled: Vec<f64> = match coolant {
            Some(coolant) => coolant.conductance_w_per_k.clone(),
            None => vec![0.0; n],
        };
        let held: Vec<f64> = air_w_per_k.iter().zip(&cooled).map(|(a, c)| a + c).collect();
        let links: Vec<_> = (1..n).map(|k| (k - 1, k, neighbour_w_per_k)).collect();
        let at_k = coolant.map_or(0.0, |c| c.temperature_k);
        HeatPaths {
            modes: Relaxation::new(heat_capacity_j_per_k, &held, &links),
            air_w_per_k,
            coolant_w: cooled.iter().map(|c| c * at_k).collect(),
        }
    }

    /// Moves the temperatures by a step with constant heat in the cells.
    pub(super) fn advance(&self, temperatures_k: &mut [f64], heat_w: &[f64], dt_s: f64, air_k: f64) {
        let into: Vec<f64> =
            (0..heat_w.len()).map(|k| heat_w[k] + self.air_w_per_k[k] * air_k + self.coolant_w[k]).collect();
        self.modes.advance(temperatures_k, &into, dt_s);
    }
}
