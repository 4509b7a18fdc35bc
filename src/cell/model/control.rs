//! What is asked of a cell or a pack, and the current that does it.

use super::parameters::ModelError;

/// What is held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Control {
    /// Discharge current \[A\].
    Current(f64),
    /// Power out of the terminals \[W\].
    Power(f64),
    /// Voltage at the terminals \[V\].
    Voltage(f64),
}

impl Control {
    /// Nothing is connected.
    pub const REST: Control = Control::Current(0.0);
}

/// A voltage behind a resistance: what a cell or any part of a pack is to the rest, at a moment or as the mean of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Source {
    /// Voltage without current \[V\].
    pub emf_v: f64,
    /// Resistance \[Ohm\].
    pub resistance_ohm: f64,
}

impl Source {
    /// Voltage with a discharge current \[V\].
    #[inline]
    pub fn voltage(&self, current_a: f64) -> f64 {
        self.emf_v - self.resistance_ohm * current_a
    }

    /// Discharge current at a voltage \[A\].
    #[inline]
    pub fn current_at(&self, voltage_v: f64) -> f64 {
        (self.emf_v - voltage_v) / self.resistance_ohm
    }

    /// The current that does what is asked.
    ///
    /// Power has two currents; this is the smaller, in the form that loses no digits for a small power. Where no current
    /// gives the power that is an error, which tells the greatest.
    pub fn current(&self, control: Control) -> Result<f64, ModelError> {
        match control {
            Control::Current(current_a) => Ok(current_a),
            Control::Voltage(voltage_v) => Ok(self.current_at(voltage_v)),
            Control::Power(power_w) => {
                let square = self.emf_v * self.emf_v - 4.0 * self.resistance_ohm * power_w;
                if square >= 0.0 {
                    Ok(2.0 * power_w / (self.emf_v + square.sqrt()))
                } else {
                    let most_w = self.emf_v * self.emf_v / (4.0 * self.resistance_ohm);
                    Err(ModelError::Power { asked_w: power_w, most_w })
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_is_met() {
        let source = Source { emf_v: 3.7, resistance_ohm: 0.01 };
        for power in [-100.0, -1e-9, 0.0, 1e-9, 50.0, 342.0] {
            let i = source.current(Control::Power(power)).unwrap();
            assert!((i * source.voltage(i) - power).abs() < 1e-11 * power.abs().max(1e-3));
        }
        let i = source.current(Control::Voltage(3.6)).unwrap();
        assert!((source.voltage(i) - 3.6).abs() < 1e-15);
        let most = source.current(Control::Power(343.0)).unwrap_err();
        assert!(matches!(most, ModelError::Power { most_w, .. } if (most_w - 342.25).abs() < 1e-9));
    }
}
