//! What can be wrong with a scenario, in numbers; `diagnose` draws it with its place.

use super::sheet::SheetFault;
use super::supply::SupplyFault;
use crate::library::{At, Category, LibraryFault, did_you_mean, list};
use crate::weather::WeatherFault;

/// A fault at its place.
pub type Problem = At<ScenarioFault>;

/// What can be wrong with a scenario.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioFault {
    /// Not TOML.
    #[error("broken TOML: {message}")]
    Syntax {
        /// The parser's words.
        message: String,
    },
    /// No key in the file.
    #[error("the scenario is empty")]
    Empty,
    /// A key or table that is not known.
    #[error("unknown key `{key}` {}", place(table))]
    UnknownKey {
        /// Table it stands in, empty at the top.
        table: String,
        /// As written.
        key: String,
        /// Keys of the table like it.
        nearest: Vec<String>,
        /// Where a key of just this name belongs.
        elsewhere: Option<String>,
        /// All keys of the table.
        known: Vec<String>,
    },
    /// A value of another type.
    #[error("`{path}` must be {expected}, found {found}")]
    WrongType {
        /// Dotted path.
        path: String,
        /// Type wanted.
        expected: &'static str,
        /// Type found.
        found: &'static str,
    },
    /// NaN or infinite.
    #[error("`{path}` is {value}, not a finite number")]
    NotFinite {
        /// Dotted path.
        path: String,
        /// The value.
        value: f64,
    },
    /// Outside the allowed range.
    #[error("`{path}` is {}, outside the allowed range {} to {}{}", figure(*value), figure(*min), limit(*max), with_unit(unit))]
    OutOfRange {
        /// Dotted path.
        path: String,
        /// The value.
        value: f64,
        /// Least allowed.
        min: f64,
        /// Most allowed.
        max: f64,
        /// Unit.
        unit: &'static str,
    },
    /// A text with nothing in it.
    #[error("`{path}` is blank")]
    Blank {
        /// Dotted path.
        path: String,
    },
    /// A window whose ends are not in order.
    #[error("`{path}` is empty: {low} is not below {high}")]
    EmptyWindow {
        /// Dotted path.
        path: String,
        /// First value.
        low: f64,
        /// Second value.
        high: f64,
    },
    /// A required key is not there.
    #[error("`{key}` is missing {}", place(table))]
    MissingKey {
        /// Table, empty at the top.
        table: String,
        /// Key.
        key: String,
        /// A value that would do, as TOML.
        example: String,
        /// What the key says.
        doc: String,
    },
    /// A required table is not there.
    #[error("the table `[{table}]` is missing")]
    MissingTable {
        /// Table.
        table: String,
        /// Keys that it must hold.
        keys: Vec<String>,
    },
    /// A name that the library does not have.
    #[error("`{name}` is not in the library's `{}`", category.name())]
    UnknownEntry {
        /// Category looked in.
        category: Category,
        /// As written.
        name: String,
        /// Names like it.
        nearest: Vec<String>,
    },
    /// A word that is not one of those allowed.
    #[error("`{path}` is `{value}`, not one of {}", list(words.iter().copied()))]
    NotOneOf {
        /// Key.
        path: String,
        /// As written.
        value: String,
        /// Allowed words.
        words: &'static [&'static str],
    },
    /// A list without entries or files, or with one twice.
    #[error("`{path}` must name at least one entry, each once")]
    BadList {
        /// Key.
        path: String,
    },
    /// A library file that cannot be read.
    #[error("cannot read the library file `{file}`: {reason}")]
    Unreadable {
        /// File as looked for.
        file: String,
        /// The system's words.
        reason: String,
    },
    /// A file that is no speed trace.
    #[error("speed trace `{file}`: {reason}")]
    SpeedTrace {
        /// File as looked for.
        file: String,
        /// What is wrong, with its line and column.
        reason: String,
    },
    /// A weather file that cannot be read.
    #[error("cannot read the weather file `{file}`: {reason}")]
    WeatherUnreadable {
        /// File as looked for.
        file: String,
        /// The system's words.
        reason: String,
    },
    /// A fault of a weather file.
    #[error(transparent)]
    Weather(#[from] WeatherFault),
    /// Weather files of several places.
    #[error("the weather files are of places {degrees:.1} deg apart")]
    WeatherPlaces {
        /// Distance \[deg\].
        degrees: f64,
    },
    /// A drive that the vehicle cannot make.
    #[error("daily driving or a long day: {reason}")]
    Drive {
        /// What is wrong.
        reason: String,
    },
    /// A fault of a file of used modules.
    #[error(transparent)]
    Sheet(#[from] SheetFault),
    /// A fault of a projection of supply or of its files.
    #[error(transparent)]
    Supply(#[from] SupplyFault),
    /// Used modules both one by one and by mean and spread.
    #[error("the used modules are given twice: one by one in a file, and by their mean")]
    SheetAndLot,
    /// Used modules of which nothing is told.
    #[error("`[used_modules]` tells neither their `soh_mean` nor a `file` with a row for each")]
    NothingUsed,
    /// Errors of a measurement without measured modules.
    #[error("the error of a measurement belongs to a `file` of measured modules, and none is named")]
    OnlyOfSheet,
    /// A fault of a library file or an override.
    #[error(transparent)]
    Library(#[from] LibraryFault),
    /// Grade B asks for more than grade A.
    #[error("grade B starts at a higher SoH ({grade_b}) than grade A ({grade_a})")]
    GradesCrossed {
        /// Least SoH of grade A.
        grade_a: f64,
        /// Least SoH of grade B.
        grade_b: f64,
    },
    /// Modules are accepted that are past their end.
    #[error("modules are accepted down to SoH {accept}, but the second life ends at {end}")]
    AcceptedPastEnd {
        /// Least accepted SoH.
        accept: f64,
        /// SoH at the end.
        end: f64,
    },
    /// Modules are accepted whose resistance is past the end.
    #[error("modules are accepted up to {accept} times the new resistance, but the second life ends at {end} times")]
    AcceptedPastResistance {
        /// Highest accepted resistance over new.
        accept: f64,
        /// Resistance over new at the end.
        end: f64,
    },
    /// Modules are replaced only past the end.
    #[error("modules are replaced below SoH {replace}, but the second life ends at {end} already")]
    ReplacedPastEnd {
        /// SoH below which a module is replaced.
        replace: f64,
        /// SoH at the end.
        end: f64,
    },
    /// Replacements that would be replaced at once.
    #[error("bought modules of SoH {module} would be replaced at once, below {replace}")]
    ReplacementTooWeak {
        /// SoH of a bought module.
        module: f64,
        /// SoH below which a module is replaced.
        replace: f64,
    },
    /// A key that the chosen load cannot use.
    #[error("`{path}` does not fit the load `{load}`, which is made of {made_of}")]
    NotForThisLoad {
        /// Dotted path.
        path: String,
        /// Load.
        load: String,
        /// What the load is made of.
        made_of: &'static str,
        /// Key that fits, if any.
        instead: Option<&'static str>,
    },
    /// The table of a load that cannot be used.
    #[error("load `{file}`: {reason}")]
    LoadTable {
        /// File as looked for.
        file: String,
        /// What is wrong, with its line and column.
        reason: String,
    },
    /// A table of a load beside an entry.
    #[error("a load is either a `profile` or a `file`")]
    LoadAndTable,
    /// A frequency for a load that follows none.
    #[error("the file holds a frequency, but the load `{load}` is made of {made_of}")]
    FrequencyForNoReserve {
        /// Load.
        load: String,
        /// What it is made of.
        made_of: &'static str,
    },
    /// A reserve for a grid, and no grid.
    #[error(
        "the load `{load}` is a frequency reserve, which a battery gives to a grid, and there is no `[second_life.grid]`"
    )]
    SignedLoad {
        /// Load.
        load: String,
    },
    /// Neither sun nor grid.
    #[error("the system has no source of energy: the PV array is 0 kW and there is no recharge")]
    NoEnergy,
    /// Gensets to choose from, and none that says what they are.
    #[error("`genset_kw` lists gensets, but there is no table `[second_life.genset]` that says what kind they are")]
    SizingGenset,
    /// Edges of classes in no order.
    #[error("the edges of `module_soh` do not rise")]
    SizingClasses,
    /// Prices that do not belong to the classes.
    #[error("{prices} prices of modules for {classes} classes of `module_soh`")]
    SizingPrices {
        /// Prices given.
        prices: usize,
        /// Classes.
        classes: usize,
    },
    /// A recharge window without length.
    #[error("the recharge window is empty: it starts and ends at hour {hour}")]
    NoRechargeHours {
        /// The hour.
        hour: f64,
    },
    /// A recharge target outside the usable window.
    #[error("`soc_target` {target} lies outside the usable SoC window {low} to {high}")]
    RechargeTarget {
        /// Target.
        target: f64,
        /// Low end.
        low: f64,
        /// High end.
        high: f64,
    },
    /// A genset that starts and stops in no order, or outside the window.
    #[error(
        "a genset that starts at SoC {start} and stops at {stop} does not fit the usable SoC window {low} to {high}"
    )]
    GensetWindow {
        /// Start.
        start: f64,
        /// Stop.
        stop: f64,
        /// Low end.
        low: f64,
        /// High end.
        high: f64,
    },
    /// Clouds inside the hour, and steps that do not see them.
    #[error("`minute_clouds` moves clouds inside the hour, but `step_minutes` is {minutes}")]
    CloudsByTheHour {
        /// Step.
        minutes: u32,
    },
    /// A step that is not offered.
    #[error("`step_minutes` is {minutes}, not one of 60, 30, 15, 10, 5 and 1")]
    StepMinutes {
        /// What was given.
        minutes: u32,
    },
    /// A string longer than a pack.
    #[error("a string needs {needed} modules in series, but a pack has only {available}")]
    TooFewModules {
        /// Modules in a string.
        needed: u32,
        /// Modules in a pack.
        available: u32,
    },
    /// A recall that ends before it begins.
    #[error("the recall ends {to} years after a pack is new, before it begins at {from}")]
    RecallReversed {
        /// First year.
        from: f64,
        /// Last year.
        to: f64,
    },
    /// A recall after the last first life.
    #[error("the recall begins {from} years after a pack is new, when no vehicle is left: `years_max` is {last}")]
    RecallTooLate {
        /// First year of the recall.
        from: f64,
        /// Longest first life.
        last: f64,
    },
    /// Whole packs in strings that are shorter.
    #[error("packs stay whole with {modules} modules in series, but a string is to have {series}")]
    PackTakenApart {
        /// Modules in a string.
        series: u32,
        /// Modules in a pack.
        modules: u32,
    },
    /// Cells are to be graded that are not simulated.
    #[error("cells are to be graded, but they are not simulated one by one")]
    CellsNotSimulated,
    /// Cells of modules bought used are to be graded.
    #[error("cells are to be graded of modules whose life nobody recorded")]
    CellsWithoutHistory,
    /// A shelf SoC that the vehicle's window does not reach.
    #[error("packs are stored at SoC {soc}, outside the window {low} to {high} that the vehicle uses")]
    ShelfSoc {
        /// SoC on the shelf.
        soc: f64,
        /// Low end.
        low: f64,
        /// High end.
        high: f64,
    },
    /// A chemistry sold, or handed to a recycler, without a price.
    #[error("the price set \"{prices}\" has no `{missing}` for the chemistry `{chemistry}`")]
    NoPrice {
        /// Chemistry of the composition, empty for none.
        chemistry: String,
        /// Title of the price set.
        prices: String,
        /// Field of the set.
        missing: &'static str,
    },
    /// The checks let something through that the reader refuses.
    #[error("the scenario cannot be read: {message}")]
    Unread {
        /// The reader's words.
        message: String,
    },
}

impl ScenarioFault {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            ScenarioFault::Empty => Some("`packlife new NAME` writes a scenario to start from".into()),
            ScenarioFault::UnknownKey { nearest, elsewhere, known, table, .. } => match (nearest.as_slice(), elsewhere) {
                ([], Some(path)) => Some(match path.rsplit_once('.') {
                    Some((table, _)) => format!("it belongs in `[{table}]`"),
                    None => "it belongs at the top of the file".into(),
                }),
                ([], None) if table.is_empty() => Some(format!("keys and tables: {}", list(known.iter().map(String::as_str)))),
                ([], None) => Some(format!("keys of this table: {}", list(known.iter().map(String::as_str)))),
                (near, _) => did_you_mean(near),
            },
            ScenarioFault::MissingKey { key, example, doc, .. } => Some(format!("add `{key} = {example}`: {doc}")),
            ScenarioFault::MissingTable { table, keys } => {
                Some(format!("add `[{table}]` with {}", list(keys.iter().map(String::as_str))))
            }
            ScenarioFault::UnknownEntry { nearest, category, .. } => {
                Some(did_you_mean(nearest).unwrap_or_else(|| format!("`packlife list {}` shows the names", category.name())))
            }
            ScenarioFault::NotOneOf { value, words, .. } => did_you_mean(&crate::library::nearest(value, words.iter().copied(), 1)),
            ScenarioFault::EmptyWindow { low, high, .. } if low > high => Some(format!("swap them: `[{high:?}, {low:?}]`")),
            ScenarioFault::EmptyWindow { .. } => Some("give the low end first, then the high end".into()),
            ScenarioFault::SpeedTrace { .. } => {
                Some("it needs the columns `time_s` and `speed_kmh`; the file is looked for beside the scenario".into())
            }
            ScenarioFault::WeatherUnreadable { .. } => Some("weather files are looked for beside the scenario".into()),
            ScenarioFault::Weather(fault) => fault.hint().map(str::to_owned),
            ScenarioFault::WeatherPlaces { .. } => Some("the years of one life are lived in one place".into()),
            ScenarioFault::Unreadable { .. } => Some("library files are looked for beside the scenario".into()),
            ScenarioFault::Library(fault) => fault.hint(),
            ScenarioFault::Sheet(fault) => fault.hint(),
            ScenarioFault::Supply(fault) => fault.hint(),
            ScenarioFault::SheetAndLot => Some("keep `file`, or the keys of the mean".into()),
            ScenarioFault::NothingUsed => Some("add `soh_mean = 0.8`, or `file = \"modules.csv\"`".into()),
            ScenarioFault::OnlyOfSheet => Some("name the `file`, or take these keys out".into()),
            ScenarioFault::GradesCrossed { .. } => Some("`grade_b_soh_min` must not exceed `grade_a_soh_min`".into()),
            ScenarioFault::AcceptedPastEnd { .. } => {
                Some("raise `grading.accept_soh_min` (default 0.7) or lower `second_life.end.soh_min` (default 0.6)".into())
            }
            ScenarioFault::AcceptedPastResistance { .. } => Some(
                "lower `grading.accept_resistance_max` (default 2) or raise `second_life.end.resistance_max` (default 2)"
                    .into(),
            ),
            ScenarioFault::NotForThisLoad { instead, .. } => Some(match instead {
                Some(instead) => format!("use `{instead}`, or another `profile`"),
                None => "take it out, or take another `profile`".into(),
            }),
            ScenarioFault::LoadTable { .. } => Some(
                "it needs a column `load_kw` or `load_w` with 8760 rows or a multiple of it, or `time_s` and `frequency_hz`; the file is looked for beside the scenario"
                    .into(),
            ),
            ScenarioFault::LoadAndTable => Some("keep one of them".into()),
            ScenarioFault::FrequencyForNoReserve { .. } => {
                Some("name a frequency reserve under `profile`, or give a file with `load_kw`".into())
            }
            ScenarioFault::SignedLoad { .. } => Some("add `[second_life.grid]` with `supply = \"always\"`, or take another `profile`".into()),
            ScenarioFault::ReplacedPastEnd { .. } => Some(
                "raise `second_life.service.replace_soh_below` (default 0.65) or lower `second_life.end.soh_min` (default 0.6)"
                    .into(),
            ),
            ScenarioFault::ReplacementTooWeak { .. } => {
                Some("raise `module_soh` (default 0.85) or lower `replace_soh_below` (default 0.65)".into())
            }
            ScenarioFault::NoPrice { missing, .. } => Some(format!(
                "give `{missing}` in a price set of your own and `chemistry` in the composition, or take another route or books"
            )),
            ScenarioFault::NoEnergy => {
                Some("give `peak_kw` in `[second_life.pv]`, or a table `[second_life.recharge]`, `[second_life.grid]` or `[second_life.genset]`".into())
            }
            ScenarioFault::CloudsByTheHour { .. } => {
                Some("set `numerics.step_minutes` to 30, 15, 10, 5 or 1, or leave `minute_clouds` out".into())
            }
            ScenarioFault::SizingGenset => Some("add `[second_life.genset]`, or leave `genset_kw` out".into()),
            ScenarioFault::SizingClasses => Some("each edge above the one before it: `module_soh = [0.7, 0.75, 0.8]`".into()),
            ScenarioFault::SizingPrices { classes, .. } => Some(format!("give {classes} in `module_usd_per_nameplate_kwh`")),
            ScenarioFault::NoRechargeHours { .. } => {
                Some("`from_hour = 0` with `to_hour = 24` recharges all day; a window may run over midnight".into())
            }
            ScenarioFault::GensetWindow { .. } => {
                Some("`start_soc` (default 0.2) below `stop_soc` (default 0.8), both inside `second_life.soc_window`".into())
            }
            ScenarioFault::RecallReversed { from, to } => {
                Some(format!("swap them: `from_years = {to:?}`, `to_years = {from:?}`"))
            }
            ScenarioFault::RecallTooLate { .. } => {
                Some("begin the recall earlier, or raise `first_life.years_max` (default 40)".into())
            }
            ScenarioFault::TooFewModules { .. } => {
                Some("set `second_life.series_modules` lower, or choose a system with a lower string voltage".into())
            }
            ScenarioFault::PackTakenApart { modules, .. } => {
                Some(format!("leave `series_modules` out or set it to {modules}, or grade modules with `level = \"module\"`"))
            }
            ScenarioFault::CellsNotSimulated => Some("set `numerics.fidelity = \"cell\"`".into()),
            ScenarioFault::CellsWithoutHistory => Some(
                "IEC 63338:2024 does not allow single cells to be reused without data of their life; use `level = \"module\"`"
                    .into(),
            ),
            _ => None,
        }
    }
}

fn place(table: &str) -> String {
    if table.is_empty() { "at the top of the file".into() } else { format!("in `[{table}]`") }
}

pub(super) fn with_unit(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" {unit}") }
}

/// A number as people write it: very large and very small ones with a power of ten.
pub(super) fn figure(x: f64) -> String {
    if x != 0.0 && !(1e-6..1e15).contains(&x.abs()) { format!("{x:e}") } else { x.to_string() }
}

/// An upper end; the largest whole number has more figures than a real one can hold.
fn limit(x: f64) -> String {
    if x == u64::MAX as f64 { "2^64 - 1".into() } else { figure(x) }
}
