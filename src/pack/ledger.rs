//! Energy that went through a string, kept so that every balance can be checked.

/// Energies in joules; a string's books since it was put together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ledger {
    /// Delivered at the terminals, net: discharge less charge.
    pub terminal_j: f64,
    /// Delivered at the terminals while discharging.
    pub discharged_j: f64,
    /// Taken at the terminals while charging, positive.
    pub charged_j: f64,
    /// Stored in modules that were taken out, less that in modules put in their place.
    pub exchanged_j: f64,
    /// Turned into heat: resistance, hysteresis, side reactions, self-discharge, balancing.
    pub heat_j: f64,
    /// Stored energy that vanished with capacity, and with the RC pairs when resistance changed.
    pub fade_j: f64,
}

impl Ledger {
    /// What was booked since an earlier state of the same books.
    pub fn since(&self, earlier: &Ledger) -> Ledger {
        Ledger {
            terminal_j: self.terminal_j - earlier.terminal_j,
            discharged_j: self.discharged_j - earlier.discharged_j,
            charged_j: self.charged_j - earlier.charged_j,
            exchanged_j: self.exchanged_j - earlier.exchanged_j,
            heat_j: self.heat_j - earlier.heat_j,
            fade_j: self.fade_j - earlier.fade_j,
        }
    }

    /// Relative error of `stored before = stored after + terminal + exchanged + heat + fade`.
    pub fn error(&self, stored_before_j: f64, stored_after_j: f64) -> f64 {
        let scale = self.discharged_j
            + self.charged_j
            + self.heat_j.abs()
            + self.exchanged_j.abs()
            + stored_before_j.abs()
            + stored_after_j.abs();
        let gap = stored_before_j - stored_after_j - self.terminal_j - self.exchanged_j - self.heat_j - self.fade_j;
        if scale > 0.0 { gap.abs() / scale } else { 0.0 }
    }
}
