//! What a drive asks of the pack of one vehicle, worked out once and used hour by hour.

use super::road_load::{RoadLoad, climate_factor};
use super::trace::SpeedTrace;
use super::vehicle::VehicleSpec;

/// Energy from the pack over energy back that a drive must have: one that hardly takes energy is no way to use a car.
const LEAST_OUT_OVER_BACK: f64 = 1.1;

/// A drive as one vehicle meets it.
#[derive(Clone, Debug)]
pub struct DriveDemand {
    /// Mean speed, stops included \[km/h\].
    pub speed_kmh: f64,
    power: Power,
    climate: Climate,
}

/// Power at the pack without climate control.
#[derive(Clone, Debug)]
enum Power {
    /// From a trace: means over its time of the power out \[W\] and back \[W\] and of their squares \[W2\].
    Traced { out_w: f64, back_w: f64, out_w2: f64, back_w2: f64, auxiliary_w: f64 },
    /// From a figure for a kilometre, net of regeneration, with the current's form factor.
    Consumed { wh_per_km: f64, form_factor: f64 },
}

#[derive(Clone, Debug)]
enum Climate {
    /// Powers of the vehicle's own.
    Powers(RoadLoad),
    /// In proportion to the consumption.
    Share { heating_per_k: f64, cooling_per_k: f64 },
}

/// What a step of driving asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepDemand {
    /// Mean power from the pack, net of regeneration \[W\].
    pub power_w: f64,
    /// Square of the current's form factor: mean square over squared mean.
    pub form_squared: f64,
    /// Mean power of regeneration in it \[W\].
    pub back_w: f64,
}

/// A drive that cannot be had from a vehicle.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DriveError {
    /// Little or no energy is taken.
    #[error(
        "the drive takes {out_wh:.1} Wh/km from the pack and gives {back_wh:.1} back: it must take 1.1 times as much"
    )]
    Downhill {
        /// Energy out \[Wh/km\].
        out_wh: f64,
        /// Energy back \[Wh/km\].
        back_wh: f64,
    },
    /// Neither a road load nor a consumption.
    #[error("a vehicle needs either `road_load` or `consumption_wh_per_km`")]
    NoDrive,
}

impl DriveDemand {
    /// Works a trace out for a vehicle. Power measured at the pack stands for traction and auxiliaries; climate control is
    /// the vehicle's in any case.
    ///
    /// # Errors
    /// A trace that gives back nearly all it takes; a vehicle that says nothing of its consumption.
    pub fn new(vehicle: &VehicleSpec, trace: &SpeedTrace) -> Result<DriveDemand, DriveError> {
        let speed_kmh = 3.6 * trace.distance_m() / trace.duration_s();
        let climate = match &vehicle.road_load {
            Some(road) => Climate::Powers(road.clone()),
            None => Climate::Share {
                heating_per_k: vehicle.heating_per_k.unwrap_or(0.0),
                cooling_per_k: vehicle.cooling_per_k.unwrap_or(0.0),
            },
        };
        let power = match (&vehicle.road_load, vehicle.consumption_wh_per_km) {
            _ if !trace.pack_w.is_empty() => {
                let measured = trace.spans().map(|(k, dt)| (0.5 * (trace.pack_w[k] + trace.pack_w[k + 1]), dt));
                traced(measured, trace, speed_kmh, 0.0)?
            }
            (Some(road), _) => traced(interval_powers(trace, road), trace, speed_kmh, 1000.0 * road.auxiliary_kw)?,
            (None, Some(wh_per_km)) => {
                Power::Consumed { wh_per_km, form_factor: vehicle.current_form_factor.unwrap_or(1.0) }
            }
            (None, None) => return Err(DriveError::NoDrive),
        };
        Ok(DriveDemand { speed_kmh, power, climate })
    }

    /// Energy `[out, back]` at the pack without auxiliaries \[Wh/km\]; of a consumption, itself and nothing.
    pub fn wh_per_km(&self) -> [f64; 2] {
        match self.power {
            Power::Traced { out_w, back_w, .. } => [out_w / self.speed_kmh, back_w / self.speed_kmh],
            Power::Consumed { wh_per_km, .. } => [wh_per_km, 0.0],
        }
    }

    /// Demand of a step at an ambient temperature, with the share of regeneration that the pack takes, and the length of
    /// the step where it begins a trip \[h\].
    ///
    /// Power out and power back never fall together, so mean squares add up: exact at a constant voltage.
    #[inline]
    pub fn step(&self, ambient_c: f64, regeneration_share: f64, begins_h: Option<f64>) -> StepDemand {
        let (mut mean_w, mut square_w2, back_w, constant_w) = match self.power {
            Power::Traced { out_w, back_w, out_w2, back_w2, auxiliary_w } => {
                let g = regeneration_share;
                (out_w - g * back_w, out_w2 + g * g * back_w2, g * back_w, auxiliary_w)
            }
            Power::Consumed { wh_per_km, form_factor } => {
                let w = wh_per_km * self.speed_kmh;
                (w, w * w * form_factor * form_factor, 0.0, 0.0)
            }
        };
        let mut constant_w = constant_w;
        match &self.climate {
            Climate::Powers(road) => {
                constant_w += road.climate_w(ambient_c);
                if let Some(hours) = begins_h {
                    constant_w += road.warm_up_wh(ambient_c) / hours;
                }
            }
            Climate::Share { heating_per_k, cooling_per_k } => {
                let factor = climate_factor(*heating_per_k, *cooling_per_k, ambient_c);
                mean_w *= factor;
                square_w2 *= factor * factor;
            }
        }
        let power_w = mean_w + constant_w;
        let square_w2 = square_w2 + constant_w * (2.0 * mean_w + constant_w);
        StepDemand { power_w, form_squared: square_w2 / (power_w * power_w), back_w }
    }
}

impl RoadLoad {
    /// Energy at the pack on a trace, auxiliaries included, in mild weather and net of regeneration \[Wh/km\].
    pub fn energy_wh_per_km(&self, trace: &SpeedTrace) -> f64 {
        let time_s = trace.duration_s();
        let joule: f64 = interval_powers(trace, self).map(|(w, dt)| w * dt).sum();
        (joule + 1000.0 * self.auxiliary_kw * time_s) / 3.6 / trace.distance_m()
    }
}

/// Power at the pack without auxiliaries \[W\] and length \[s\] of each interval, at its mean speed.
fn interval_powers<'a>(trace: &'a SpeedTrace, road: &'a RoadLoad) -> impl Iterator<Item = (f64, f64)> + 'a {
    let coast = road.coast_down();
    trace.spans().map(move |(k, dt)| {
        let (a, b) = (trace.speed_mps[k], trace.speed_mps[k + 1]);
        let slope = if trace.slope.is_empty() { 0.0 } else { 0.5 * (trace.slope[k] + trace.slope[k + 1]) };
        (road.pack_w(road.wheel_w(coast, 0.5 * (a + b), slope, (b - a) / dt)), dt)
    })
}

/// Means over the time of a trace of the power of each interval.
fn traced(
    intervals: impl Iterator<Item = (f64, f64)>,
    trace: &SpeedTrace,
    speed_kmh: f64,
    auxiliary_w: f64,
) -> Result<Power, DriveError> {
    let [mut out, mut back, mut out2, mut back2] = [0.0; 4];
    for (p, dt) in intervals {
        if p >= 0.0 {
            (out, out2) = (out + p * dt, out2 + p * p * dt);
        } else {
            (back, back2) = (back - p * dt, back2 + p * p * dt);
        }
    }
    let time = trace.duration_s();
    let [out_w, back_w, out_w2, back_w2] = [out, back, out2, back2].map(|sum| sum / time);
    if out_w <= 0.0 || out_w < LEAST_OUT_OVER_BACK * back_w {
        return Err(DriveError::Downhill { out_wh: out_w / speed_kmh, back_wh: back_w / speed_kmh });
    }
    Ok(Power::Traced { out_w, back_w, out_w2, back_w2, auxiliary_w })
}

#[cfg(test)]
mod tests;
