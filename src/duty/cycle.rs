//! Drives made from their statistics.

use super::trace::SpeedTrace;
use serde::Deserialize;
use std::f64::consts::TAU;

/// Micro-trips (from stop to stop) of a made drive: enough to spread their speeds evenly.
const MICRO_TRIPS: u32 = 10;
/// Speed below which nobody cruises, whatever the wave \[m/s\].
const CREEP_MPS: f64 = 0.5;

/// A kind of driving told by its statistics: an entry of the `cycles` category.
///
/// Micro-trips of evenly spread cruising speeds, each as long as the square of its speed asks (as the ways of speeding up
/// and braking are); speed waves about the cruising speed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CycleSpec {
    /// Name for people.
    pub title: String,
    /// Cruising speed of the slowest micro-trip \[km/h\].
    pub slow_speed_kmh: f64,
    /// Cruising speed of the fastest micro-trip \[km/h\].
    pub top_speed_kmh: f64,
    /// Stops in a kilometre \[1/km\].
    pub stops_per_km: f64,
    /// Acceleration from a stop \[m/s2\].
    pub acceleration_mps2: f64,
    /// Deceleration to a stop \[m/s2\].
    pub deceleration_mps2: f64,
    /// Share of the time at rest.
    pub idle_share: f64,
    /// Amplitude of the wave about the cruising speed \[km/h\].
    pub wave_kmh: f64,
    /// Period of the wave \[s\].
    pub wave_period_s: f64,
}

impl CycleSpec {
    /// The drive, one row a second; the same for the same figures.
    pub fn trace(&self) -> SpeedTrace {
        let step = (self.top_speed_kmh - self.slow_speed_kmh) / f64::from(MICRO_TRIPS - 1);
        let cruise: Vec<f64> = (0..MICRO_TRIPS).map(|k| (self.slow_speed_kmh + f64::from(k) * step) / 3.6).collect();
        let squares: f64 = cruise.iter().map(|v| v * v).sum();
        let distance_m = 1000.0 * f64::from(MICRO_TRIPS) / self.stops_per_km;
        let mut speed_mps = vec![0.0];
        // Seconds at rest that are due; whole ones are taken after each micro-trip.
        let mut rest_s = 0.0;
        for v in cruise {
            let moving_s = self.micro_trip(v, distance_m * v * v / squares, &mut speed_mps);
            rest_s += moving_s * self.idle_share / (1.0 - self.idle_share);
            let whole = rest_s.floor();
            speed_mps.extend(std::iter::repeat_n(0.0, whole as usize));
            rest_s -= whole;
        }
        SpeedTrace::flat((0..speed_mps.len()).map(|s| s as f64).collect(), speed_mps)
    }

    /// Speeds up, cruises, and brakes so as to stop about there; the seconds it took.
    fn micro_trip(&self, cruise_mps: f64, length_m: f64, speed_mps: &mut Vec<f64>) -> f64 {
        let before = speed_mps.len();
        let (mut v, mut way_m, mut cruised_s) = (0.0_f64, 0.0, 0.0);
        while way_m + v * v / (2.0 * self.deceleration_mps2) < length_m - 0.5 * v {
            let next = if cruised_s == 0.0 && v < cruise_mps {
                (v + self.acceleration_mps2).min(cruise_mps)
            } else {
                cruised_s += 1.0;
                let wave = self.wave_kmh / 3.6 * (TAU * cruised_s / self.wave_period_s).sin();
                (cruise_mps + wave).max(CREEP_MPS)
            };
            way_m += 0.5 * (v + next);
            v = next;
            speed_mps.push(v);
        }
        while v > 0.0 {
            v = (v - self.deceleration_mps2).max(0.0);
            speed_mps.push(v);
        }
        (speed_mps.len() - before) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn town() -> CycleSpec {
        CycleSpec {
            title: "town".into(),
            slow_speed_kmh: 14.0,
            top_speed_kmh: 79.0,
            stops_per_km: 1.41,
            acceleration_mps2: 0.6,
            deceleration_mps2: 0.7,
            idle_share: 0.19,
            wave_kmh: 1.1,
            wave_period_s: 20.0,
        }
    }

    fn rest_share(trace: &SpeedTrace) -> f64 {
        trace.speed_mps.iter().filter(|v| **v == 0.0).count() as f64 / trace.speed_mps.len() as f64
    }

    #[test]
    fn a_made_drive_has_the_statistics_asked_for() {
        let trace = town().trace();
        let stops = trace.speed_mps.windows(2).filter(|w| w[0] > 0.0 && w[1] == 0.0).count();
        assert_eq!(stops, 10);
        assert!((1000.0 * 10.0 / trace.distance_m() / 1.41 - 1.0).abs() < 0.02, "{}", trace.distance_m());
        assert!((rest_share(&trace) - 0.19).abs() < 0.02);
        let steepest = trace.speed_mps.windows(2).map(|w| w[1] - w[0]).fold(0.0, f64::max);
        assert!((steepest - 0.6).abs() < 1e-9, "{steepest}");
        assert_eq!(trace, town().trace());
    }

    proptest! {
        /// Any allowed figures give a drive that starts and ends at rest, never runs backwards and comes to an end.
        #[test]
        fn any_figures_give_a_drive(
            slow in 5.0..60.0_f64, more in 0.1..80.0_f64, stops in 0.02..6.0_f64, acceleration in 0.1..3.0_f64,
            deceleration in 0.1..3.0_f64, idle in 0.0..0.7_f64, wave in 0.0..20.0_f64, period in 4.0..120.0_f64,
        ) {
            let cycle = CycleSpec {
                slow_speed_kmh: slow, top_speed_kmh: slow + more, stops_per_km: stops, acceleration_mps2: acceleration,
                deceleration_mps2: deceleration, idle_share: idle, wave_kmh: wave, wave_period_s: period, ..town()
            };
            let trace = cycle.trace();
            prop_assert!(trace.speed_mps.iter().all(|v| v.is_finite() && *v >= 0.0));
            prop_assert!(trace.speed_mps[0] == 0.0 && *trace.speed_mps.last().unwrap() == 0.0);
            prop_assert!(trace.distance_m() > 1.0);
        }
    }
}
