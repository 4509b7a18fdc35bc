//! Strings on one bus without converters: each is a source `E` behind a resistance `R` for the length of a step.
//!
//! ```text
//! E = sum over cells of  U + M h - f1 R1 j1 - f2 R2 j2
//! R = sum over cells of  R0 + R1 (1 - f1) + R2 (1 - f2) + U'(s) dt / (2 * 3600 Q)
//! f = tau (1 - exp(-dt/tau)) / dt
//! ```
//!
//! are those of the mean over a step of constant current, so the mean terminal voltage is `E - R I`. The slope of the
//! open-circuit voltage in `R` keeps the split stable over long steps: a string that gives more also sinks more.
//! Sources in parallel: `1/R = sum 1/R_k`, `E = R sum E_k / R_k`.

use super::string::ModuleString;
use crate::cell::circuit::RcStep;

/// A source behind a resistance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terminal {
    /// Voltage without current \[V\].
    pub emf_v: f64,
    /// Resistance \[Ohm\], above 0.
    pub resistance_ohm: f64,
}

impl Terminal {
    /// Sources in parallel; `None` without any.
    pub fn parallel(sources: impl IntoIterator<Item = Terminal>) -> Option<Terminal> {
        let (mut siemens, mut amperes) = (0.0, 0.0);
        for t in sources {
            siemens += 1.0 / t.resistance_ohm;
            amperes += t.emf_v / t.resistance_ohm;
        }
        (siemens > 0.0).then(|| Terminal { emf_v: amperes / siemens, resistance_ohm: 1.0 / siemens })
    }

    /// Voltage at which a power is delivered \[V\], discharge positive: the root on the side of small currents; half the
    /// EMF, where most power flows, when there is no such root.
    pub fn voltage_for(&self, power_w: f64) -> f64 {
        let square = self.emf_v * self.emf_v - 4.0 * self.resistance_ohm * power_w;
        0.5 * (self.emf_v + square.max(0.0).sqrt())
    }

    /// Current at a terminal voltage \[A\], discharge positive.
    pub fn current_at(&self, volts: f64) -> f64 {
        (self.emf_v - volts) / self.resistance_ohm
    }
}

impl ModuleString {
    /// The string as a source over the next `dt_s`, at its terminals.
    pub fn terminal(&self, dt_s: f64) -> Terminal {
        let spec = &self.cell.spec;
        let [fast, slow] = [RcStep::new(dt_s, spec.tau1_s).f, RcStep::new(dt_s, spec.tau2_s).f];
        let (mut emf, mut ohm) = (0.0, 0.0);
        for group in 0..self.groups() {
            // Cells in parallel as one source, of their mean current.
            let (mut siemens, mut amperes) = (0.0, 0.0);
            for u in group * self.parallel..(group + 1) * self.parallel {
                let ocv = self.cell.ocv_at(self.soc[u], self.temperature_k[u], self.lli[u]);
                let scale = self.cell.resistance_factor(self.temperature_k[u]) * self.resistance[u];
                let r = self.cell.resistances(self.soc[u]).map(|r| r * scale);
                let e =
                    ocv + spec.hysteresis_v * self.hysteresis[u] - fast * r[1] * self.j1[u] - slow * r[2] * self.j2[u];
                let slope = self.cell.ocv_slope(self.soc[u]) * dt_s / (3600.0 * self.capacity_ah[u]);
                let ohm = r[0] + r[1] * (1.0 - fast) + r[2] * (1.0 - slow) + 0.5 * slope;
                siemens += 1.0 / ohm;
                amperes += e / ohm;
            }
            emf += amperes / siemens;
            ohm += self.parallel as f64 / siemens;
        }
        self.at_terminals(emf, ohm)
    }

    /// The string as a source in steady state at a SoC and temperature, on the discharge branch: without the slope of
    /// the open-circuit voltage, with all pairs charged.
    pub fn terminal_steady(&self, soc: f64, temperature_k: f64) -> Terminal {
        let r = self.cell.resistances(soc).iter().sum::<f64>() * self.cell.resistance_factor(temperature_k);
        let lli = self.lli.iter().sum::<f64>() / self.lli.len() as f64;
        let emf = (self.cell.ocv_at(soc, temperature_k, lli) - self.cell.spec.hysteresis_v) * self.groups() as f64;
        self.at_terminals(emf, r * self.resistance_mean() * self.groups() as f64)
    }

    /// Current of the string at a rate of its weakest module \[A\].
    pub fn current_at_rate_a(&self, per_hour: f64) -> f64 {
        per_hour * self.soh_min() * self.cell.spec.capacity_ah * f64::from(self.build.cells_parallel)
    }

    /// From sums over groups, of one cell each.
    fn at_terminals(&self, emf_v: f64, resistance_ohm: f64) -> Terminal {
        let in_series = if self.build.by_cell { 1.0 } else { f64::from(self.build.cells_series) };
        Terminal {
            emf_v: emf_v * in_series,
            resistance_ohm: resistance_ohm * in_series / f64::from(self.build.cells_parallel),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ENV, OPEN, string};
    use super::*;

    #[test]
    fn two_sources_split_as_by_hand() {
        // 50 V behind 0.1 Ohm and 49 V behind 0.3 Ohm: G = 13.33 S, E = 49.75 V, R = 75 mOhm.
        let (a, b) = (Terminal { emf_v: 50.0, resistance_ohm: 0.1 }, Terminal { emf_v: 49.0, resistance_ohm: 0.3 });
        let bus = Terminal::parallel([a, b]).unwrap();
        assert!((bus.emf_v - 49.75).abs() < 1e-12 && (bus.resistance_ohm - 0.075).abs() < 1e-15);
        // Without load 2.5 A circulate.
        assert!((a.current_at(bus.emf_v) - 2.5).abs() < 1e-9 && (b.current_at(bus.emf_v) + 2.5).abs() < 1e-9);
        // 985 W: V = (49.75 + sqrt(2475.0625 - 295.5)) / 2 = 48.2178 V, I = 17.822 A and 2.607 A.
        let volts = bus.voltage_for(985.0);
        let (i, j) = (a.current_at(volts), b.current_at(volts));
        assert!((volts - 48.217_83).abs() < 1e-4, "{volts}");
        assert!((i - 17.8217).abs() < 1e-3 && (j - 2.6072).abs() < 1e-3, "{i} {j}");
        assert!((volts * (i + j) - 985.0).abs() < 1e-9);
        assert_eq!(Terminal::parallel([]), None);
    }

    #[test]
    fn a_string_gives_what_its_source_says() {
        for (power, dt) in [(600.0, 60.0), (-500.0, 900.0), (300.0, 3600.0)] {
            let mut s = string(&[1.0, 0.8, 0.9], 0.6);
            s.step(power, 1.0, 30.0, &ENV, &OPEN);
            let source = s.terminal(dt);
            let volts = source.voltage_for(power);
            let before = s.soc[0];
            s.step(power, 1.0, dt, &ENV, &OPEN);
            let moved = (before - s.soc[0]) * s.capacity_ah[0] * 3600.0 / dt;
            // The OCV is not straight and hysteresis turns within the step.
            assert!((source.current_at(volts) / moved - 1.0).abs() < 0.01, "{} {moved}", source.current_at(volts));
        }
    }

    #[test]
    fn equal_strings_share_alike() {
        let s = string(&[1.0, 0.9], 0.4);
        let bus = Terminal::parallel([s.terminal(3600.0), s.terminal(3600.0)]).unwrap();
        let volts = bus.voltage_for(800.0);
        assert!((volts * s.terminal(3600.0).current_at(volts) - 400.0).abs() < 1e-9);
    }
}
