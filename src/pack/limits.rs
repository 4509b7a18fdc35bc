//! Limits of a string and which of them acted.

/// Limits that every module of a string must keep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Lowest SoC.
    pub soc_low: f64,
    /// Highest SoC.
    pub soc_high: f64,
}

/// What kept a step from giving the power asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Nothing: the power asked for flowed.
    None,
    /// A module reached the edge of the SoC window.
    Soc,
    /// A module reached a voltage limit.
    Voltage,
    /// The rate limit of the cell.
    Current,
    /// Too cold to charge.
    Cold,
}

/// An interval of current with the reason for each end \[A per cell\].
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub low: f64,
    pub low_why: Limit,
    pub high: f64,
    pub high_why: Limit,
}

impl Bounds {
    /// No current beyond the rates; charging is negative.
    pub fn rates(charge_a: f64, discharge_a: f64) -> Self {
        Bounds { low: -charge_a, low_why: Limit::Current, high: discharge_a, high_why: Limit::Current }
    }

    /// Discharge no stronger than this.
    #[inline]
    pub fn cap_discharge(&mut self, current_a: f64, why: Limit) {
        if current_a < self.high {
            self.high = current_a;
            self.high_why = why;
        }
    }

    /// Charge no stronger than this (negative).
    #[inline]
    pub fn cap_charge(&mut self, current_a: f64, why: Limit) {
        if current_a > self.low {
            self.low = current_a;
            self.low_why = why;
        }
    }

    /// The allowed current nearest to the wish. A limit that asks for the opposite sign is served with zero current.
    pub fn clamp(&self, wish_a: f64) -> (f64, Limit) {
        let (low, high) = (self.low.min(0.0), self.high.max(0.0));
        if wish_a > high {
            (high, self.high_why)
        } else if wish_a < low {
            (low, self.low_why)
        } else {
            (wish_a, Limit::None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tightest_bound_is_named() {
        let mut b = Bounds::rates(50.0, 100.0);
        b.cap_discharge(80.0, Limit::Voltage);
        b.cap_discharge(30.0, Limit::Soc);
        assert_eq!(b.clamp(60.0), (30.0, Limit::Soc));
        assert_eq!(b.clamp(-60.0), (-50.0, Limit::Current));
        assert_eq!(b.clamp(10.0), (10.0, Limit::None));
        b.cap_discharge(-5.0, Limit::Soc);
        assert_eq!(b.clamp(10.0), (0.0, Limit::Soc));
    }
}
