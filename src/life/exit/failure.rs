//! How a pack fails in its vehicle: events in its parts, not fade of its cells.

use crate::life::outcome::FailureMode;
use serde::Deserialize;

/// An entry of the `failures` category: the modes of failure of a pack and what each leaves.
///
/// A weak module loses capacity and gains resistance; every other mode leaves good cells.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailureSpec {
    /// Name for people.
    pub title: String,
    /// Capacity that a weak module keeps, share of before: `[low, high]`, uniform.
    pub weak_capacity: [f64; 2],
    /// Resistance of a weak module over before: `[low, high]`, uniform.
    pub weak_resistance: [f64; 2],
    /// A weak cell group in one module.
    pub weak_module: ModeSpec,
    /// A contactor, fuse or pre-charge relay.
    pub contactor: ModeSpec,
    /// The battery management.
    pub bms: ModeSpec,
    /// Harness, plugs, sensors.
    pub harness: ModeSpec,
    /// A leak of coolant; only packs with coolant have it.
    pub coolant_leak: ModeSpec,
    /// Isolation between cells and chassis.
    pub isolation: ModeSpec,
}

/// One mode of failure.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModeSpec {
    /// Share of failures, relative to the sum over the modes that a pack can have.
    pub share: f64,
    /// Share of packs with this failure that fail the incoming gate.
    pub gate_fail: f64,
}

impl FailureSpec {
    /// What the entry says of a mode.
    pub fn mode(&self, mode: FailureMode) -> &ModeSpec {
        match mode {
            FailureMode::WeakModule => &self.weak_module,
            FailureMode::Contactor => &self.contactor,
            FailureMode::Bms => &self.bms,
            FailureMode::Harness => &self.harness,
            FailureMode::CoolantLeak => &self.coolant_leak,
            FailureMode::Isolation => &self.isolation,
        }
    }

    /// The mode that a uniform number picks, in the order of [`FailureMode::ALL`].
    pub fn pick(&self, uniform: f64, coolant: bool) -> FailureMode {
        let possible = || FailureMode::ALL.into_iter().filter(|mode| coolant || *mode != FailureMode::CoolantLeak);
        let total: f64 = possible().map(|mode| self.mode(mode).share).sum();
        let mut left = uniform * total;
        for mode in possible() {
            left -= self.mode(mode).share;
            if left < 0.0 {
                return mode;
            }
        }
        FailureMode::WeakModule
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Modes of made-up shares.
    pub fn failures() -> FailureSpec {
        let mode = |share, gate_fail| ModeSpec { share, gate_fail };
        FailureSpec {
            title: "packs".into(),
            weak_capacity: [0.4, 0.8],
            weak_resistance: [1.2, 2.0],
            weak_module: mode(0.5, 0.1),
            contactor: mode(0.1, 0.05),
            bms: mode(0.15, 0.15),
            harness: mode(0.05, 0.05),
            coolant_leak: mode(0.1, 0.35),
            isolation: mode(0.1, 0.5),
        }
    }

    #[test]
    fn modes_come_in_their_shares_and_air_cooled_packs_do_not_leak() {
        let f = failures();
        for coolant in [true, false] {
            let picked: Vec<_> = (0..9_000).map(|k| f.pick((f64::from(k) + 0.5) / 9_000.0, coolant)).collect();
            let total = if coolant { 1.0 } else { 0.9 };
            for mode in FailureMode::ALL {
                let share = picked.iter().filter(|m| **m == mode).count() as f64 / 9_000.0;
                let leaks = mode == FailureMode::CoolantLeak;
                let expected = if leaks && !coolant { 0.0 } else { f.mode(mode).share / total };
                assert!((share - expected).abs() < 2e-4, "{mode:?} {share} {expected}");
            }
        }
    }
}
