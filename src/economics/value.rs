//! Time value of money.

/// Present value of `(years from now, amount)` at a yearly rate: `sum amount / (1 + rate)^years`.
pub fn present_value(flows: &[(f64, f64)], rate: f64) -> f64 {
    flows.iter().map(|(years, amount)| amount / (1.0 + rate).powf(*years)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_in_two_years_at_ten_percent() {
        assert!((present_value(&[(0.0, -50.0), (2.0, 121.0)], 0.1) - 50.0).abs() < 1e-12);
        assert_eq!(present_value(&[(7.0, 3.0)], 0.0), 3.0);
    }
}
