//! What a study asks of whoever simulates: lives of designs, and the hours in which the fast balance is struck.

use super::hire::SiteFacts;
use super::result::{Design, HourTrace, PathLife};
use super::screen::{Hours, Plant};
use crate::site::SiteYear;
use crate::site::plain::KibamSpec;

/// Everything else as planned, but for this.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Warming of the battery's place \[K\].
    pub ambient_k: f64,
    /// Factor on the load.
    pub load: f64,
    /// Factor on the power of the array.
    pub sun: f64,
}

impl Change {
    /// As planned.
    pub const NONE: Change = Change { ambient_k: 0.0, load: 1.0, sun: 1.0 };
}

/// A life that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The design.
    pub design: &'a Design,
    /// Number of the path: weather, load, outages and modules follow from it, the same for all designs.
    pub path: u32,
    /// Years of service.
    pub years: u32,
    /// What differs from the plan.
    pub change: Change,
    /// Whether the hours of the last year are wanted.
    pub trace: bool,
}

/// A life, with the hours of its last year where they were asked for.
#[derive(Clone, Debug)]
pub struct Lived {
    /// The life; its money is not counted yet.
    pub life: PathLife,
    /// Hours of the last year.
    pub trace: Vec<HourTrace>,
    /// Whether the battery never met its end, so that the life is the same with and without replacement.
    pub steady: bool,
}

/// Simulates the service lives of designs. Every answer is a pure function of what was asked.
pub trait Simulator: Sync {
    /// Energy on the name plate of a module \[kWh\].
    fn module_kwh(&self) -> f64;

    /// Modules in series in a string.
    fn series_modules(&self) -> u32;

    /// Modules of a class in the pool.
    fn available(&self, grade: usize) -> usize;

    /// Share of tested modules that were accepted, above 0; 1 for new ones.
    fn accepted_share(&self, grade: usize) -> f64;

    /// Energy inside the SoC window of a design's battery at the start of a path \[kWh\].
    fn usable_kwh_start(&self, design: &Design, path: u32) -> f64;

    /// The plant around the battery.
    fn plant(&self) -> Plant;

    /// Load, sun and grid of a year of a path, from 0.
    fn hours(&self, path: u32, year: u32) -> Result<Hours, String>;

    /// A service life.
    ///
    /// # Errors
    /// Why it cannot be believed, in words.
    fn live(&self, ask: &Ask<'_>) -> Result<Lived, String>;

    /// Whether the site lies south of the equator, where winter is in July.
    fn is_southern(&self) -> bool {
        false
    }

    /// What a reader must know of it, in sentences.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    /// Converters and sessions of a design's site; `None` where nothing can be told of them.
    fn site_facts(&self, _design: &Design) -> Option<SiteFacts> {
        None
    }

    /// The first year of a design with a kinetic battery in the place of its modules; `None` where that is not simulated.
    fn plain_year(&self, _design: &Design, _path: u32, _battery: &KibamSpec) -> Option<SiteYear> {
        None
    }

    /// LPSP of the first year of a design by plain models at the capacity of its start, mean over paths: an energy balance,
    /// and a kinetic battery; `None` where there are none.
    fn plain_lpsp(&self, _design: &Design, _paths: u32) -> Option<[f64; 2]> {
        None
    }
}
