//! Values with what the traces leave open.

use super::model::{Drive, Numbers};
use super::solve::{Layout, SD_EA, SD_TRANSFER};
use crate::numeric::table::interpolate;

/// Posterior deviation of a logarithm up to which a value counts as identified, and as partly identified.
const IDENTIFIED: [f64; 2] = [0.15, 0.4];
const TWO_SIDED_95: f64 = 1.959_964;

/// How well the traces tell a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Well.
    Identified,
    /// With help of its neighbours.
    Partly,
    /// Hardly: it follows its neighbours or the first guess.
    NotIdentified,
}

impl Told {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Told::Identified => "identified",
            Told::Partly => "partly",
            Told::NotIdentified => "not identified",
        }
    }

    fn of(sd: f64) -> Told {
        let [well, partly] = IDENTIFIED;
        if sd <= well {
            Told::Identified
        } else if sd <= partly {
            Told::Partly
        } else {
            Told::NotIdentified
        }
    }
}

/// A value with what the traces leave open.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Field of the entry; those of a third pair are not in it.
    pub field: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// SoC of a table's knot.
    pub soc: Option<f64>,
    /// The value.
    pub value: f64,
    /// Interval of 95 %.
    pub interval: [f64; 2],
    /// How well it is told.
    pub told: Told,
}

/// Values with intervals.
pub(super) fn values(layout: &Layout, found: &Numbers, sd: &[f64], drives: &[&Drive], gap: bool) -> Vec<Value> {
    const FIELDS: [&str; 4] = ["r0_mohm", "r1_mohm", "r2_mohm", "r3_mohm"];
    const TAUS: [&str; 3] = ["tau1_s", "tau2_s", "tau3_s"];
    let mut out = Vec::new();
    for (k, s) in layout.offset_knots.iter().enumerate() {
        let (value, sd) = (interpolate(&found.ocv_soc, &found.ocv_v, *s), layout.offset_sd_v[k] * sd[k]);
        let told = if sd < 0.003 {
            Told::Identified
        } else if sd < 0.01 {
            Told::Partly
        } else {
            Told::NotIdentified
        };
        let half = TWO_SIDED_95 * sd;
        out.push(Value {
            field: "ocv_v",
            unit: "V",
            soc: Some(*s),
            value,
            interval: [value - half, value + half],
            told,
        });
    }
    let soc = &found.resistance_soc;
    let loaded = |k: usize| {
        let (low, high) = (soc[k.saturating_sub(1)], soc[(k + 1).min(soc.len() - 1)]);
        drives.iter().any(|d| {
            let most = d.current_a.iter().map(|i| i.abs()).fold(0.0, f64::max);
            (0..d.soc.len())
                .any(|r| d.weight[r] > 0.0 && d.current_a[r].abs() > 0.1 * most && (low..=high).contains(&d.soc[r]))
        })
    };
    let log = |field, unit, soc, value: f64, sd: f64, seen: bool| {
        let factor = (TWO_SIDED_95 * sd).min(20.0).exp();
        let told = if seen { Told::of(sd) } else { Told::NotIdentified };
        Value { field, unit, soc, value, interval: [value / factor, value * factor], told }
    };
    for (of, r) in found.r_ohm.iter().enumerate() {
        for (k, r) in r.iter().enumerate() {
            let sd = sd[layout.resistance(of, k)];
            out.push(log(FIELDS[of], "mOhm", Some(soc[k]), 1e3 * r, sd, loaded(k)));
        }
    }
    for (k, tau) in found.tau_s.iter().enumerate() {
        out.push(log(TAUS[k], "s", None, *tau, sd[layout.tau(k)], true));
    }
    let h = layout.hysteresis();
    out.push(log("hysteresis_v", "V", None, found.hysteresis_v, sd[h], gap));
    out.push(log("hysteresis_gamma", "", None, found.hysteresis_gamma, sd[h + 1], true));
    let share = found.transfer_share;
    let odds = |z: f64| {
        let odds = share / (1.0 - share) * (z * SD_TRANSFER * sd[layout.transfer()]).exp();
        odds / (1.0 + odds)
    };
    out.push(Value {
        field: "transfer_share",
        unit: "",
        soc: None,
        value: share,
        interval: [odds(-TWO_SIDED_95), odds(TWO_SIDED_95)],
        told: if layout.transfer_told { Told::of(SD_TRANSFER * sd[layout.transfer()]) } else { Told::NotIdentified },
    });
    if layout.temperatures {
        let energies = [found.transfer_ea_j_per_mol, found.pairs_ea_j_per_mol];
        for (k, (field, ea)) in ["transfer_ea_j_per_mol", "pairs_ea_j_per_mol"].into_iter().zip(energies).enumerate() {
            out.push(log(field, "J/mol", None, ea, SD_EA * sd[layout.energy(k)], true));
        }
    }
    out
}
