//! Power that a vehicle needs to move and to keep its cabin, from what is known of it.

use serde::Deserialize;

/// Standard gravity \[m/s2\].
const GRAVITY_MPS2: f64 = 9.81;
/// Density of air at 20 degC \[kg/m3\].
const AIR_KG_PER_M3: f64 = 1.2;
/// Mass over test mass in acceleration: wheels and motor turn as well.
const ROTATING: f64 = 1.03;
/// Ambient temperature below which the cabin is heated \[degC\].
const HEATED_BELOW_C: f64 = 15.0;
/// Ambient temperature above which the cabin is cooled \[degC\].
const COOLED_ABOVE_C: f64 = 25.0;

/// Resistance, drive train, auxiliaries and climate control of a vehicle.
///
/// The resistance is either a coast-down (`coast_a_n`, `coast_b_n_per_mps`, `coast_c_n_per_mps2`) or a body
/// (`drag_coefficient`, `frontal_area_m2`, `rolling_coefficient`).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoadLoad {
    /// Mass on the road or in the test \[kg\].
    pub mass_kg: f64,
    /// Coast-down: constant part \[N\].
    #[serde(default)]
    pub coast_a_n: Option<f64>,
    /// Coast-down: part in proportion to speed \[N/(m/s)\].
    #[serde(default)]
    pub coast_b_n_per_mps: Option<f64>,
    /// Coast-down: part in proportion to the square of speed \[N/(m/s)^2\].
    #[serde(default)]
    pub coast_c_n_per_mps2: Option<f64>,
    /// Drag coefficient.
    #[serde(default)]
    pub drag_coefficient: Option<f64>,
    /// Frontal area \[m2\].
    #[serde(default)]
    pub frontal_area_m2: Option<f64>,
    /// Rolling resistance over weight.
    #[serde(default)]
    pub rolling_coefficient: Option<f64>,
    /// Energy at the wheels over energy from the pack.
    pub drive_efficiency: f64,
    /// Energy into the pack over energy braked at the wheels.
    pub regeneration_efficiency: f64,
    /// Highest power of regeneration into the pack \[kW\].
    pub regeneration_kw: f64,
    /// Draw of everything but driving and climate control \[kW\].
    pub auxiliary_kw: f64,
    /// Heat that the cabin needs for each kelvin below 15 degC \[W/K\].
    pub heating_w_per_k: f64,
    /// Heat for each kelvin below 15 degC that warms cabin and drive train at the start of a trip \[Wh/K\].
    pub warm_up_wh_per_k: f64,
    /// Heat over the power that makes it, at 15 degC: 1 for a resistive heater, more for a heat pump.
    pub heating_cop: f64,
    /// Fall of that ratio for each kelvin below 15 degC, down to 1 \[1/K\].
    pub heating_cop_per_k: f64,
    /// Power of the air conditioning for each kelvin above 25 degC \[W/K\].
    pub cooling_w_per_k: f64,
}

impl RoadLoad {
    /// Coast-down coefficients `[A, B, C]` in N, N/(m/s), N/(m/s)^2: as given, or `A = m g Crr`, `C = rho Cd area / 2`.
    pub fn coast_down(&self) -> [f64; 3] {
        let or_zero = |x: Option<f64>| x.unwrap_or(0.0);
        if self.coast_a_n.is_some() {
            return [self.coast_a_n, self.coast_b_n_per_mps, self.coast_c_n_per_mps2].map(or_zero);
        }
        let a = self.mass_kg * GRAVITY_MPS2 * or_zero(self.rolling_coefficient);
        let c = 0.5 * AIR_KG_PER_M3 * or_zero(self.drag_coefficient) * or_zero(self.frontal_area_m2);
        [a, 0.0, c]
    }

    /// Power at the wheels \[W\]: `v (A + B v + C v^2 + m g sin(slope) + 1.03 m dv/dt)`; no resistance at rest.
    pub fn wheel_w(&self, [a, b, c]: [f64; 3], speed_mps: f64, slope: f64, acceleration_mps2: f64) -> f64 {
        let climb = self.mass_kg * GRAVITY_MPS2 * slope / slope.hypot(1.0);
        let resistance = a + speed_mps * (b + speed_mps * c);
        speed_mps * (resistance + climb + ROTATING * self.mass_kg * acceleration_mps2)
    }

    /// Power at the pack without auxiliaries \[W\], negative when braking.
    pub fn pack_w(&self, wheel_w: f64) -> f64 {
        if wheel_w >= 0.0 {
            wheel_w / self.drive_efficiency
        } else {
            (wheel_w * self.regeneration_efficiency).max(-1000.0 * self.regeneration_kw)
        }
    }

    /// Power of climate control on the way \[W\].
    pub fn climate_w(&self, ambient_c: f64) -> f64 {
        self.heating_w_per_k * cold_k(ambient_c) / self.cop(ambient_c)
            + self.cooling_w_per_k * (ambient_c - COOLED_ABOVE_C).max(0.0)
    }

    /// Energy that the start of a trip takes in the cold \[Wh\].
    pub fn warm_up_wh(&self, ambient_c: f64) -> f64 {
        self.warm_up_wh_per_k * cold_k(ambient_c) / self.cop(ambient_c)
    }

    fn cop(&self, ambient_c: f64) -> f64 {
        (self.heating_cop - self.heating_cop_per_k * cold_k(ambient_c)).max(1.0)
    }
}

fn cold_k(ambient_c: f64) -> f64 {
    (HEATED_BELOW_C - ambient_c).max(0.0)
}

/// Relative rise of a consumption for climate control, as `1 + h max(0, 15 - T) + c max(0, T - 25)`.
pub(super) fn climate_factor(heating_per_k: f64, cooling_per_k: f64, ambient_c: f64) -> f64 {
    1.0 + heating_per_k * cold_k(ambient_c) + cooling_per_k * (ambient_c - COOLED_ABOVE_C).max(0.0)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A small car with a resistive heater, from its coast-down.
    pub(crate) fn car() -> RoadLoad {
        RoadLoad {
            mass_kg: 1758.0,
            coast_a_n: Some(115.0),
            coast_b_n_per_mps: Some(3.43),
            coast_c_n_per_mps2: Some(0.433),
            drag_coefficient: None,
            frontal_area_m2: None,
            rolling_coefficient: None,
            drive_efficiency: 0.9,
            regeneration_efficiency: 0.65,
            regeneration_kw: 60.0,
            auxiliary_kw: 0.25,
            heating_w_per_k: 42.0,
            warm_up_wh_per_k: 10.0,
            heating_cop: 1.0,
            heating_cop_per_k: 0.0,
            cooling_w_per_k: 36.0,
        }
    }

    #[test]
    fn a_body_gives_the_coast_down_of_its_figures() {
        let body = RoadLoad {
            coast_a_n: None,
            drag_coefficient: Some(0.3),
            frontal_area_m2: Some(2.5),
            rolling_coefficient: Some(0.01),
            mass_kg: 1500.0,
            ..car()
        };
        let [a, b, c] = body.coast_down();
        assert!((a - 147.15).abs() < 1e-9 && b == 0.0 && (c - 0.45).abs() < 1e-12);
        // A slope of 5 % holds 1500 kg back by 735 N.
        let climb = body.wheel_w([0.0; 3], 10.0, 0.05, 0.0);
        assert!((climb / 10.0 - 1500.0 * 9.81 * (0.05_f64).atan().sin()).abs() < 1e-9, "{climb}");
    }

    #[test]
    fn regeneration_is_capped() {
        let car = car();
        assert_eq!(car.pack_w(9000.0), 10_000.0);
        assert_eq!(car.pack_w(-10_000.0), -6500.0);
        assert_eq!(car.pack_w(-1e6), -60_000.0);
    }

    /// A leg of 12 km at 30 km/h costs what the customary 1.5 % per kelvin of 150 Wh/km says; a short one more, a long
    /// one less.
    #[test]
    fn short_trips_in_the_cold_cost_more() {
        let car = car();
        let per_kelvin = |km: f64| {
            let hours = km / 30.0;
            (car.climate_w(5.0) * hours + car.warm_up_wh(5.0)) / (150.0 * km) / 10.0
        };
        assert!((per_kelvin(12.0) / 0.015 - 1.0).abs() < 0.02, "{}", per_kelvin(12.0));
        assert!(per_kelvin(3.0) > 1.9 * per_kelvin(12.0) && per_kelvin(60.0) < 0.75 * per_kelvin(12.0));
        assert_eq!([car.climate_w(15.0), car.climate_w(25.0), car.warm_up_wh(20.0)], [0.0; 3]);
        assert!((car.climate_w(35.0) / (0.008 * 150.0 * 30.0 * 10.0) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_heat_pump_loses_its_lead_in_the_cold() {
        let pump = RoadLoad { heating_cop: 2.4, heating_cop_per_k: 0.05, ..car() };
        let share = |ambient: f64| pump.climate_w(ambient) / car().climate_w(ambient);
        assert!((share(5.0) - 1.0 / 1.9).abs() < 1e-12);
        assert!(share(-10.0) > share(5.0) && share(-40.0) == 1.0);
    }
}
