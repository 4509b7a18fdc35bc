//! What values must be beyond their type.

/// A value that makes no sense.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Breach {
    /// Outside a closed range.
    #[error("`{field}` is {value}, outside {min}..={max}")]
    OutOfRange {
        /// Field, dotted.
        field: String,
        /// Its value.
        value: f64,
        /// Least allowed.
        min: f64,
        /// Most allowed.
        max: f64,
    },
    /// Zero, negative or not finite.
    #[error("`{field}` is {value}, but must be above 0 and finite")]
    NotPositive {
        /// Field, dotted.
        field: String,
        /// Its value.
        value: f64,
    },
    /// Negative or not finite.
    #[error("`{field}` is {value}, but must be 0 or more and finite")]
    Negative {
        /// Field, dotted.
        field: String,
        /// Its value.
        value: f64,
    },
    /// Not finite.
    #[error("`{field}` is {value}, not a finite number")]
    NotFinite {
        /// Field, dotted.
        field: String,
        /// Its value.
        value: f64,
    },
    /// A list of another length.
    #[error("`{field}` has {found} values, not {expected}")]
    Length {
        /// Field, dotted.
        field: String,
        /// Values there.
        found: usize,
        /// Values wanted.
        expected: usize,
    },
    /// A list that must rise strictly and does not.
    #[error("`{field}` must rise: {after} follows {before} at position {position}")]
    NotRising {
        /// Field, dotted.
        field: String,
        /// Position of the later value, from 1.
        position: usize,
        /// Value before.
        before: f64,
        /// Value after.
        after: f64,
    },
    /// A cell whose tables cannot be built.
    #[error(transparent)]
    Cell(#[from] crate::cell::CellError),
    /// An aging law whose parts do not fit.
    #[error(transparent)]
    Law(#[from] crate::aging::LawError),
    /// Two values in the wrong order.
    #[error("`{low}` ({low_value}) must be below `{high}` ({high_value})")]
    Order {
        /// Field that must be lower.
        low: String,
        /// Its value.
        low_value: f64,
        /// Field that must be higher.
        high: String,
        /// Its value.
        high_value: f64,
    },
    /// Weights that are all zero.
    #[error("`{field}` holds no weight above 0")]
    NoWeight {
        /// Field, dotted.
        field: String,
    },
    /// A count that does not divide another.
    #[error("`{field}` ({value}) does not divide `{of}` ({total})")]
    DoesNotDivide {
        /// Field that must divide.
        field: String,
        /// Its value.
        value: u32,
        /// Field that is divided.
        of: String,
        /// Its value.
        total: u32,
    },
    /// None, or several, of values that exclude each other.
    #[error("give exactly one of {choices}, found {found}")]
    OneOf {
        /// Field to point at.
        field: String,
        /// The values, in words.
        choices: &'static str,
        /// How many are given.
        found: usize,
    },
    /// Values that only make sense together.
    #[error("`{field}` goes with `{with}`: give both or neither")]
    Together {
        /// Field given or missing.
        field: String,
        /// Field it goes with.
        with: &'static str,
    },
    /// A material that is not followed.
    #[error("`{field}` names no followed material")]
    NoMaterial {
        /// Field, dotted.
        field: String,
    },
    /// A load that cannot be simulated.
    #[error("{fault}")]
    Load {
        /// Table to point at.
        field: String,
        /// What is wrong.
        fault: crate::duty::LoadError,
    },
    /// A grid that cannot be simulated.
    #[error("{fault}")]
    Grid {
        /// Field to point at.
        field: String,
        /// What is wrong.
        fault: crate::duty::GridError,
    },
    /// A load with no table, or with several.
    #[error(
        "give exactly one of the tables `profile`, `sessions`, `appliances`, `events`, `reserve` and `file`, found {found}"
    )]
    OneLoad {
        /// Tables given.
        found: usize,
    },
}

impl Breach {
    /// The field to point at.
    pub fn field(&self) -> &str {
        match self {
            Breach::OutOfRange { field, .. }
            | Breach::NotPositive { field, .. }
            | Breach::Negative { field, .. }
            | Breach::NotFinite { field, .. }
            | Breach::Length { field, .. }
            | Breach::NotRising { field, .. }
            | Breach::NoWeight { field }
            | Breach::OneOf { field, .. }
            | Breach::Together { field, .. }
            | Breach::NoMaterial { field }
            | Breach::Load { field, .. }
            | Breach::Grid { field, .. }
            | Breach::DoesNotDivide { field, .. } => field,
            Breach::Order { low, .. } => low,
            Breach::OneLoad { .. } => "profile",
            Breach::Cell(fault) => fault.field(),
            Breach::Law(fault) => fault.field(),
        }
    }
}

/// Checks of a library entry's values.
pub trait Checks {
    /// Everything that makes no sense.
    fn breaches(&self) -> Vec<Breach>;
}

/// Collects breaches.
#[derive(Default)]
pub(super) struct Checker {
    pub(super) found: Vec<Breach>,
}

impl Checker {
    pub(super) fn range(&mut self, field: &str, value: f64, min: f64, max: f64) {
        if !(min..=max).contains(&value) {
            self.found.push(Breach::OutOfRange { field: field.into(), value, min, max });
        }
    }

    pub(super) fn share(&mut self, fields: &[(&str, f64)]) {
        for (field, value) in fields {
            self.range(field, *value, 0.0, 1.0);
        }
    }

    pub(super) fn positive(&mut self, fields: &[(&str, f64)]) {
        for (field, value) in fields {
            if !(*value > 0.0 && value.is_finite()) {
                self.found.push(Breach::NotPositive { field: (*field).into(), value: *value });
            }
        }
    }

    pub(super) fn not_negative(&mut self, fields: &[(&str, f64)]) {
        for (field, value) in fields {
            if !(*value >= 0.0 && value.is_finite()) {
                self.found.push(Breach::Negative { field: (*field).into(), value: *value });
            }
        }
    }

    pub(super) fn finite(&mut self, fields: &[(&str, f64)]) {
        for (field, value) in fields {
            if !value.is_finite() {
                self.found.push(Breach::NotFinite { field: (*field).into(), value: *value });
            }
        }
    }

    /// Exactly one of the choices is given.
    pub(super) fn one_of(&mut self, field: &str, choices: &'static str, given: &[bool]) {
        let found = given.iter().filter(|given| **given).count();
        if found != 1 {
            self.found.push(Breach::OneOf { field: field.into(), choices, found });
        }
    }

    /// Fields that are given with another one and only with it.
    pub(super) fn together(&mut self, with: (&'static str, bool), fields: &[(&str, bool)]) {
        for (field, given) in fields {
            if *given != with.1 {
                self.found.push(Breach::Together { field: (*field).into(), with: with.0 });
            }
        }
    }

    pub(super) fn length(&mut self, field: &str, found: usize, expected: usize) {
        if found != expected {
            self.found.push(Breach::Length { field: field.into(), found, expected });
        }
    }

    pub(super) fn order(&mut self, low: (&str, f64), high: (&str, f64)) {
        if low.1.is_nan() || high.1.is_nan() || low.1 >= high.1 {
            let (low_value, high_value) = (low.1, high.1);
            self.found.push(Breach::Order { low: low.0.into(), low_value, high: high.0.into(), high_value });
        }
    }

    /// Strictly rising, each step.
    pub(super) fn rising(&mut self, field: &str, values: &[f64]) {
        for (k, pair) in values.windows(2).enumerate() {
            if pair[0].is_nan() || pair[1].is_nan() || pair[0] >= pair[1] {
                let (before, after) = (pair[0], pair[1]);
                self.found.push(Breach::NotRising { field: field.into(), position: k + 2, before, after });
            }
        }
    }

    /// Knots in 0..=1, two or more, rising.
    pub(super) fn soc_knots(&mut self, field: &str, values: &[f64]) {
        if values.len() < 2 {
            self.length(field, values.len(), 2);
        }
        for value in values {
            self.range(field, *value, 0.0, 1.0);
        }
        self.rising(field, values);
    }

    /// `[low, high]` inside `min..=max`.
    pub(super) fn window(&mut self, field: &str, [low, high]: [f64; 2], min: f64, max: f64) {
        self.range(field, low, min, max);
        self.range(field, high, min, max);
        self.rising(field, &[low, high]);
    }

    /// Weights, not negative and not all zero; any number of them where `expected` is `None`.
    pub(super) fn weights(&mut self, field: &str, values: &[f64], expected: Option<usize>) {
        if let Some(expected) = expected {
            self.length(field, values.len(), expected);
        }
        for value in values {
            self.not_negative(&[(field, *value)]);
        }
        if !values.iter().any(|v| *v > 0.0) {
            self.found.push(Breach::NoWeight { field: field.into() });
        }
    }
}
