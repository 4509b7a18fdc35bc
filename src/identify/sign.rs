//! Which way a logged current counts, and how the voltage tells it.

use super::trace::Sample;

/// Voltage that must rise and fall under load before one-signed currents are taken for magnitudes \[V\].
const SWING_V: f64 = 0.3;
/// Turn of the voltage that tells discharge from charge where only magnitudes are logged \[V\].
const TURN_V: f64 = 0.05;

/// Which way a logged current counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Positive on discharge, as everywhere in this program.
    Discharge,
    /// Positive on charge, as cyclers log it.
    Charge,
    /// Magnitudes only: the way is told by the voltage.
    Magnitude,
}

impl Sign {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Sign::Discharge => "positive on discharge",
            Sign::Charge => "positive on charge",
            Sign::Magnitude => "magnitudes, sign by the voltage",
        }
    }
}

pub(super) fn only_magnitudes(rows: &[Sample]) -> bool {
    let most = rows.iter().map(|r| r.current_a.abs()).fold(0.0, f64::max);
    let positive = rows.iter().all(|r| r.current_a > -0.01 * most);
    let negative = rows.iter().all(|r| r.current_a < 0.01 * most);
    if most == 0.0 || !(positive || negative) {
        return false;
    }
    let loaded = |r: &&Sample| r.current_a.abs() > 0.05 * most;
    let (mut up, mut down) = (0.0_f64, 0.0_f64);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for v in rows.iter().filter(loaded).map(|r| r.voltage_v) {
        low = low.min(v);
        high = high.max(v);
        up = up.max(v - low);
        down = down.max(high - v);
    }
    up > SWING_V && down > SWING_V
}

/// Signs of magnitudes: discharge from each top of the voltage to the next bottom.
pub(super) fn sign_by_voltage(rows: &mut [Sample]) {
    let mut turns: Vec<(usize, bool)> = Vec::new();
    let (mut top, mut bottom) = (0, 0);
    let mut falling: Option<bool> = None;
    for k in 0..rows.len() {
        let v = rows[k].voltage_v;
        if v >= rows[top].voltage_v {
            top = k;
        }
        if v <= rows[bottom].voltage_v {
            bottom = k;
        }
        if falling != Some(true) && rows[top].voltage_v - v > TURN_V {
            turns.push((top, true));
            (falling, bottom) = (Some(true), k);
        } else if falling != Some(false) && v - rows[bottom].voltage_v > TURN_V {
            turns.push((bottom, false));
            (falling, top) = (Some(false), k);
        }
    }
    let mut way = turns.first().is_none_or(|(_, falls)| *falls);
    let mut turns = turns.into_iter().peekable();
    for (k, row) in rows.iter_mut().enumerate() {
        while let Some((_, falls)) = turns.next_if(|(at, _)| *at < k) {
            way = falls;
        }
        row.current_a = if way { row.current_a.abs() } else { -row.current_a.abs() };
    }
}
