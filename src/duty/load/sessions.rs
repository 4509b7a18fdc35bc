//! Vehicle charging: who arrives when, with what need, and what the sockets and the site let through.
//!
//! Arrivals are a Poisson number a day, each at an hour of the given weights and a random minute in it, with a gamma
//! distributed energy. With overlap `lost` every car draws its own power and what is above the rating of the system is
//! not served. With `shared` the cars at the sockets share the site's limit: equal shares, and what one cannot use goes to
//! the others; charging takes longer. Cars that find no free socket wait in order of their arrival.

use super::{LoadError, Overlap, SessionSpec, cumulated, normalised, pick, value};
use crate::duty::series::add_span;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Gamma, Poisson};
use std::collections::VecDeque;

/// Sessions may run this long beyond the first hour of the day of arrival.
const CARRY_HOURS: usize = 96;
/// A car leaves this long after its arrival, served or not \[h\].
const STAY_MAX_H: f64 = 24.0;
/// Energy that counts as none \[kWh\].
const NONE_KWH: f64 = 1e-9;

/// What became of the charging sessions so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SessionTally {
    /// Cars that arrived.
    pub cars: u64,
    /// Energy that they came for \[kWh\].
    pub wanted_kwh: f64,
    /// Time spent waiting for a socket \[h\].
    pub waited_h: f64,
    /// Time by which sessions took longer than at the car's own power \[h\].
    pub stretched_h: f64,
    /// Cars that left a day after their arrival without all of their energy.
    pub left: u64,
    /// Energy that those lacked \[kWh\].
    pub left_kwh: f64,
}

#[derive(Clone, Debug)]
pub(super) struct Sessions {
    number: Option<Poisson<f64>>,
    energy: Gamma<f64>,
    power_kw: Vec<f64>,
    power_cdf: Vec<f64>,
    hour_cdf: Vec<f64>,
    site: Site,
    pub(super) tally: SessionTally,
}

#[derive(Clone, Debug)]
enum Site {
    /// A socket for everyone and no limit: demand promised to the days to come \[kW\].
    Free(Vec<f64>),
    /// Sockets or power are shared.
    Shared(Queue),
}

#[derive(Clone, Debug)]
struct Queue {
    sockets: usize,
    limit_kw: f64,
    cars: Vec<Car>,
    waiting: VecDeque<Car>,
    /// Arrivals of the day.
    arrivals: Vec<Car>,
}

#[derive(Clone, Copy, Debug)]
struct Car {
    arrived_h: f64,
    power_kw: f64,
    left_kwh: f64,
    /// Power at present \[kW\].
    now_kw: f64,
}

impl Sessions {
    pub(super) fn new(spec: &SessionSpec, steps_per_hour: usize) -> Result<Self, LoadError> {
        value("per_day", spec.per_day, spec.per_day >= 0.0 && spec.per_day.is_finite())?;
        for &power in &spec.power_kw {
            value("power_kw", power, power > 0.0)?;
        }
        let number = if spec.per_day > 0.0 {
            Some(Poisson::new(spec.per_day).map_err(|_| LoadError::Value { field: "per_day", value: spec.per_day })?)
        } else {
            None
        };
        let energy = Gamma::new(spec.energy_shape, spec.energy_kwh / spec.energy_shape)
            .map_err(|_| LoadError::Value { field: "energy_shape", value: spec.energy_shape })?;
        if let Some(sockets) = spec.sockets {
            value("sockets", f64::from(sockets), sockets > 0)?;
        }
        let limit_kw = match (spec.overlap, spec.limit_kw) {
            (Overlap::Lost, None) => f64::INFINITY,
            (Overlap::Shared, Some(limit)) => {
                value("limit_kw", limit, limit > 0.0 && limit.is_finite())?;
                limit
            }
            _ => return Err(LoadError::Limit),
        };
        let site = if spec.sockets.is_none() && spec.overlap == Overlap::Lost {
            Site::Free(vec![0.0; CARRY_HOURS * steps_per_hour])
        } else {
            Site::Shared(Queue {
                sockets: spec.sockets.map_or(usize::MAX, |n| n as usize),
                limit_kw,
                cars: Vec::new(),
                waiting: VecDeque::new(),
                arrivals: Vec::new(),
            })
        };
        Ok(Sessions {
            number,
            energy,
            power_kw: spec.power_kw.clone(),
            power_cdf: cumulated(&normalised("power_share", &spec.power_share, spec.power_kw.len())?),
            hour_cdf: cumulated(&normalised("hour_weights", &spec.hour_weights, 24)?),
            site,
            tally: SessionTally::default(),
        })
    }

    pub(super) fn next_day(&mut self, steps_per_hour: usize, rng: &mut ChaCha8Rng, kw: &mut [f64]) {
        let sessions = self.number.as_ref().map_or(0.0, |n| rng.sample(n)) as usize;
        for _ in 0..sessions {
            let arrived_h = pick(&self.hour_cdf, rng.random()) as f64 + rng.random::<f64>();
            let power_kw = self.power_kw[pick(&self.power_cdf, rng.random())];
            let energy = rng.sample(self.energy);
            self.tally.cars += 1;
            self.tally.wanted_kwh += energy;
            match &mut self.site {
                Site::Free(carried) => spread_session(carried, steps_per_hour, arrived_h, power_kw, energy),
                Site::Shared(queue) => {
                    queue.arrivals.push(Car { arrived_h, power_kw, left_kwh: energy, now_kw: 0.0 });
                }
            }
        }
        match &mut self.site {
            Site::Free(carried) => {
                let today = 24 * steps_per_hour;
                kw.copy_from_slice(&carried[..today]);
                carried.rotate_left(today);
                let end = carried.len();
                carried[end - today..].fill(0.0);
            }
            Site::Shared(queue) => {
                kw.fill(0.0);
                queue.day(steps_per_hour, kw, &mut self.tally);
            }
        }
    }
}

/// Adds a session that starts at `start` \[h\] and draws `power` \[kW\] until `energy` \[kWh\] has flowed.
fn spread_session(steps: &mut [f64], steps_per_hour: usize, start: f64, power: f64, energy: f64) {
    let n = steps_per_hour as f64;
    let (mut left, mut at) = (energy, start);
    let mut k = (start * n) as usize;
    while left > 1e-12 && k < steps.len() {
        let to_end = (k as f64 + 1.0) / n - at;
        let span = to_end.min(left / power);
        steps[k] += power * span * n;
        left -= power * span;
        if span < to_end {
            break;
        }
        k += 1;
        at = k as f64 / n;
    }
}

impl Queue {
    /// Lives a day from event to event: arrivals, sessions that end, cars that leave.
    fn day(&mut self, steps_per_hour: usize, kw: &mut [f64], tally: &mut SessionTally) {
        self.arrivals.sort_by(|a, b| b.arrived_h.total_cmp(&a.arrived_h));
        let mut at = 0.0;
        loop {
            self.admit(at, tally);
            let total_kw = self.share();
            let mut next: f64 = 24.0;
            if let Some(car) = self.arrivals.last() {
                next = next.min(car.arrived_h);
            }
            for car in &self.cars {
                next = next.min(at + car.left_kwh / car.now_kw).min(car.arrived_h + STAY_MAX_H);
            }
            if let Some(first) = self.waiting.front() {
                next = next.min(first.arrived_h + STAY_MAX_H);
            }
            let span = (next - at).max(0.0);
            add_span(kw, steps_per_hour, at, next, total_kw);
            for car in &mut self.cars {
                car.left_kwh -= car.now_kw * span;
                tally.stretched_h += span * (1.0 - car.now_kw / car.power_kw);
            }
            at = next;
            if at >= 24.0 {
                break;
            }
            self.cars.retain(|car| car.left_kwh > NONE_KWH);
            let mut gone = |car: &Car| {
                let stays = car.arrived_h + STAY_MAX_H > at + 1e-9;
                if !stays {
                    tally.left += 1;
                    tally.left_kwh += car.left_kwh;
                }
                stays
            };
            self.cars.retain(&mut gone);
            self.waiting.retain(&mut gone);
            while self.arrivals.last().is_some_and(|car| car.arrived_h <= at) {
                self.waiting.extend(self.arrivals.pop());
            }
        }
        for car in self.cars.iter_mut().chain(&mut self.waiting) {
            car.arrived_h -= 24.0;
        }
    }

    /// Free sockets go to those who wait. Waiting is booked when it ends.
    fn admit(&mut self, at: f64, tally: &mut SessionTally) {
        while self.cars.len() < self.sockets
            && let Some(car) = self.waiting.pop_front()
        {
            tally.waited_h += (at - car.arrived_h).max(0.0);
            self.cars.push(car);
        }
    }

    /// Sets each car's power: an equal share of the limit, or its own power where that is less. Returns the sum.
    fn share(&mut self) -> f64 {
        self.cars.sort_by(|a, b| a.power_kw.total_cmp(&b.power_kw));
        let mut left_kw = self.limit_kw;
        let count = self.cars.len();
        let mut total_kw = 0.0;
        for (k, car) in self.cars.iter_mut().enumerate() {
            car.now_kw = car.power_kw.min(left_kw / (count - k) as f64);
            left_kw -= car.now_kw;
            total_kw += car.now_kw;
        }
        total_kw
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_gives_its_energy_at_its_power() {
        for n in [1, 4, 60] {
            let mut steps = vec![0.0; CARRY_HOURS * n];
            spread_session(&mut steps, n, 23.5, 10.0, 17.0);
            assert!((steps.iter().sum::<f64>() / n as f64 - 17.0).abs() < 1e-9);
            assert!(steps.iter().all(|&kw| kw <= 10.0 + 1e-9));
            if n == 1 {
                assert_eq!((steps[23], steps[24]), (5.0, 10.0));
            }
        }
    }

    fn queue(sockets: usize, limit_kw: f64, cars: &[(f64, f64, f64)]) -> Queue {
        let arrivals =
            cars.iter().map(|&(arrived_h, power_kw, left_kwh)| Car { arrived_h, power_kw, left_kwh, now_kw: 0.0 });
        Queue { sockets, limit_kw, cars: Vec::new(), waiting: VecDeque::new(), arrivals: arrivals.collect() }
    }

    /// A 7 kW car and a 22 kW car under 22 kW: 7 and 15 kW while both charge, then 22 kW; 14 kWh take 2 h, and of 44 kWh
    /// the other 14 take 14/22 h more.
    #[test]
    fn cars_share_a_limit() {
        let mut q = queue(2, 22.0, &[(1.0, 7.0, 14.0), (1.0, 22.0, 44.0)]);
        let mut tally = SessionTally::default();
        let mut kw = [0.0; 24];
        q.day(1, &mut kw, &mut tally);
        assert_eq!(kw[1..3], [22.0, 22.0]);
        assert!((kw[3] - 14.0).abs() < 1e-9 && kw[4] == 0.0, "{kw:?}");
        assert!((tally.stretched_h - 2.0 * 7.0 / 22.0).abs() < 1e-9);
        assert!(q.cars.is_empty());
    }

    /// One socket: the second car waits for the first, the third is still waiting when its day is over.
    #[test]
    fn cars_wait_for_a_socket_and_leave_after_a_day() {
        let mut q = queue(1, f64::INFINITY, &[(0.0, 10.0, 50.0), (2.0, 10.0, 220.0), (3.0, 10.0, 30.0)]);
        let mut tally = SessionTally::default();
        let mut kw = [0.0; 24];
        q.day(1, &mut kw, &mut tally);
        assert!(kw.iter().all(|&kw| (kw - 10.0).abs() < 1e-9));
        assert!((tally.waited_h - 3.0).abs() < 1e-9);
        kw.fill(0.0);
        q.day(1, &mut kw, &mut tally);
        // The second leaves at 2 h with 10 kWh missing; the third then has one hour before it leaves with 20 missing.
        assert!((kw.iter().sum::<f64>() - 30.0).abs() < 1e-6, "{kw:?}");
        assert_eq!(tally.left, 2);
        assert!((tally.left_kwh - 30.0).abs() < 1e-6, "{tally:?}");
    }
}
