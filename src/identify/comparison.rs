//! A trace beside the model.

/// A row of a trace beside the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beside {
    /// Time \[s\].
    pub time_s: f64,
    /// Current, positive on discharge \[A\].
    pub current_a: f64,
    /// State of charge.
    pub soc: f64,
    /// Measured \[V\].
    pub measured_v: f64,
    /// By the model \[V\].
    pub model_v: f64,
    /// Temperature in the model \[degC\].
    pub temperature_c: f64,
}

impl Beside {
    /// Measured less model \[V\].
    pub fn error_v(&self) -> f64 {
        self.measured_v - self.model_v
    }
}

/// A trace beside the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Trace.
    pub name: String,
    /// Rows of the asked part.
    pub rows: Vec<Beside>,
    /// Voltage above which errors are told \[V\].
    pub above_v: f64,
    /// Highest current of the trace \[A\].
    pub current_max_a: f64,
}

impl Comparison {
    /// Root of the mean square of the errors above the voltage, over the rows that pass \[V\].
    pub fn rmse_v(&self, keep: impl Fn(&Beside) -> bool) -> Option<f64> {
        let errors = self.rows.iter().filter(|r| r.measured_v >= self.above_v && keep(r)).map(Beside::error_v);
        let (sum, count) = errors.fold((0.0, 0_usize), |(s, n), e| (s + e * e, n + 1));
        (count > 0).then(|| (sum / count as f64).sqrt())
    }

    /// The same over all rows.
    pub fn rmse_all_v(&self) -> Option<f64> {
        self.rmse_v(|_| true)
    }

    /// The same over rows of discharge.
    pub fn rmse_discharge_v(&self) -> Option<f64> {
        let least = 0.02 * self.current_max_a;
        self.rmse_v(|r| r.current_a > least)
    }

    /// Largest error above the voltage \[V\].
    pub fn worst_v(&self) -> f64 {
        self.rows.iter().filter(|r| r.measured_v >= self.above_v).map(|r| r.error_v().abs()).fold(0.0, f64::max)
    }
}
