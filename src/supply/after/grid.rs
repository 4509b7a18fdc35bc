//! SoH in classes that keep both the amount and its mean.

/// Number of classes.
pub const COUNT: usize = 22;
/// Distance of two \[SoH\].
const STEP: f64 = 0.05;

/// SoH of a class: 0, 0.05, ..., 1.05.
pub fn soh(class: usize) -> f64 {
    STEP * class as f64
}

/// Amounts by SoH.
pub trait Spread {
    /// Adds an amount, shared between the two classes beside its SoH so that the mean stays.
    fn put(&mut self, soh: f64, amount: f64);

    /// The same amounts at a lower SoH, not below zero.
    fn faded(&self, by: f64) -> Self;

    /// Sum of amounts times SoH.
    fn useful(&self) -> f64;
}

impl Spread for [f64; COUNT] {
    fn put(&mut self, soh: f64, amount: f64) {
        let x = (soh / STEP).clamp(0.0, (COUNT - 1) as f64);
        let below = (x as usize).min(COUNT - 2);
        let share = x - below as f64;
        self[below] += amount * (1.0 - share);
        self[below + 1] += amount * share;
    }

    fn faded(&self, by: f64) -> Self {
        let mut faded = [0.0; COUNT];
        for (class, amount) in self.iter().enumerate().filter(|(_, a)| **a != 0.0) {
            faded.put(soh(class) - by, *amount);
        }
        faded
    }

    fn useful(&self) -> f64 {
        self.iter().enumerate().map(|(class, amount)| amount * soh(class)).sum()
    }
}
