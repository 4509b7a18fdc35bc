//! What a comparison found.

use super::plot::Plot;

/// Verdict on a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Within the tolerance.
    Ok,
    /// Beyond it.
    Off,
    /// For information: nothing was promised.
    Info,
    /// Not compared; the note says why.
    Skipped,
}

impl Verdict {
    /// Word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Ok => "ok",
            Verdict::Off => "off",
            Verdict::Info => "info",
            Verdict::Skipped => "skipped",
        }
    }
}

/// How far apart two numbers may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// In the unit of the numbers.
    Absolute(f64),
    /// Over the reference.
    Relative(f64),
    /// Over the reference, but for information only.
    Told,
    /// In the unit of the numbers, for information only.
    ToldAbsolute,
}

impl Tolerance {
    /// Error of a value, and whether it is within.
    fn judge(self, reference: f64, ours: f64) -> (f64, Verdict) {
        let absolute = (ours - reference).abs();
        let relative = if absolute == 0.0 { 0.0 } else { absolute / reference.abs() };
        let within = |error: f64, most: f64| if error <= most { Verdict::Ok } else { Verdict::Off };
        match self {
            Tolerance::Absolute(most) => (absolute, within(absolute, most)),
            Tolerance::Relative(most) => (relative, within(relative, most)),
            Tolerance::Told => (relative, Verdict::Info),
            Tolerance::ToldAbsolute => (absolute, Verdict::Info),
        }
    }

    /// The limit, if there is one.
    fn limit(self) -> Option<f64> {
        match self {
            Tolerance::Absolute(most) | Tolerance::Relative(most) => Some(most),
            Tolerance::Told | Tolerance::ToldAbsolute => None,
        }
    }
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Folder and file that the reference comes from.
    pub set: String,
    /// Case in it.
    pub case: String,
    /// What was compared.
    pub metric: String,
    /// Value of the reference; of a series, where the error is largest.
    pub reference: Option<f64>,
    /// Our value there.
    pub ours: Option<f64>,
    /// Error, absolute or relative as the tolerance is.
    pub error: Option<f64>,
    /// Tolerance, if one was promised.
    pub tolerance: Option<f64>,
    /// Verdict.
    pub verdict: Verdict,
    /// Whatever else is to be said.
    pub note: String,
}

/// A table of a set that is read as a whole, such as designs one by one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// What it is of.
    pub title: String,
    /// Heads of the columns.
    pub header: Vec<String>,
    /// Rows, as many fields as the header has.
    pub rows: Vec<Vec<String>>,
    /// One line that says what is in it.
    pub verdict: String,
}

/// Everything found, and pictures of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Rows, in the order of comparison.
    pub findings: Vec<Finding>,
    /// Figures.
    pub plots: Vec<Plot>,
    /// Tables to be read as a whole.
    pub listings: Vec<Listing>,
}

impl Report {
    /// Compares a number.
    pub fn compare(&mut self, set: &str, case: &str, metric: &str, pair: (f64, f64), tolerance: Tolerance) {
        self.series(set, case, metric, [pair], tolerance);
    }

    /// Compares pairs of (reference, ours): the worst of them is the finding. A value of ours that is no number counts
    /// as the worst of all.
    pub fn series(
        &mut self,
        set: &str,
        case: &str,
        metric: &str,
        pairs: impl IntoIterator<Item = (f64, f64)>,
        tolerance: Tolerance,
    ) {
        let mut worst: Option<(f64, f64, f64, Verdict)> = None;
        let mut count = 0_usize;
        for (reference, ours) in pairs {
            count += 1;
            let (error, verdict) = tolerance.judge(reference, ours);
            if worst.is_none_or(|(_, _, before, _)| !before.is_nan() && (error.is_nan() || error > before)) {
                worst = Some((reference, ours, error, verdict));
            }
        }
        let Some((reference, ours, error, verdict)) = worst else {
            self.skip(set, case, "no rows to compare");
            return;
        };
        self.findings.push(Finding {
            set: set.into(),
            case: case.into(),
            metric: metric.into(),
            reference: Some(reference),
            ours: Some(ours),
            error: Some(error),
            tolerance: tolerance.limit(),
            verdict,
            note: if count > 1 { format!("worst of {count} values") } else { String::new() },
        });
    }

    /// Says that something was not compared, and why.
    pub fn skip(&mut self, set: &str, case: &str, why: &str) {
        self.findings.push(Finding {
            set: set.into(),
            case: case.into(),
            metric: String::new(),
            reference: None,
            ours: None,
            error: None,
            tolerance: None,
            verdict: Verdict::Skipped,
            note: why.into(),
        });
    }

    /// Adds all of another report.
    pub fn append(&mut self, other: Report) {
        self.findings.extend(other.findings);
        self.plots.extend(other.plots);
        self.listings.extend(other.listings);
    }

    /// Adds a figure.
    pub fn plot(&mut self, plot: Plot) {
        if plot.series.iter().any(|s| s.reference.len() > 1) {
            self.plots.push(plot);
        }
    }

    /// Number of rows with that verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.findings.iter().filter(|f| f.verdict == verdict).count()
    }

    /// Whether nothing is off.
    pub fn all_within(&self) -> bool {
        self.count(Verdict::Off) == 0
    }
}
