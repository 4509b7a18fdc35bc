//! Our laws and circuits beside the results of others: peers' programs and, where they are at hand, measurements.
//!
//! A set of reference results is a folder with a documented format (see `docs/validation.md`). Sets are found by their
//! format, wherever they lie below a folder; names of cases, cells and conditions are read, never known. A kind of set
//! is one function in `sets`; it looks at a folder, says whether the folder is its own, and adds its findings.

mod columns;
mod ecm;
mod embedded;
mod folder;
mod measured;
mod offgrid;
mod peers;
mod plot;
mod report;
mod sun;
mod supply;
mod table;

#[cfg(test)]
mod tests;

pub use folder::{Folder, Tree};
pub use plot::{Plot, Series};
pub use report::{Finding, Listing, Report, Tolerance, Verdict};
pub use table::{csv, text};

use crate::aging::{AgingOptions, Law};
use crate::library::Library;
use std::sync::LazyLock;

/// One kind of set: adds findings if the folder has its format, and tells whether it had.
pub type SetFn = fn(&Folder<'_>, &mut Report) -> bool;

/// Every kind of set.
pub(crate) fn sets() -> Vec<SetFn> {
    [peers::SETS, measured::SETS, ecm::SETS, offgrid::SETS, sun::SETS, supply::SETS].concat()
}

/// Compares with everything found in the trees.
pub fn run(trees: &[Tree]) -> Report {
    let mut report = Report::default();
    for tree in trees {
        if let Some(why) = tree.unreadable() {
            report.skip(tree.name(), "", why);
        }
        for folder in tree.folders() {
            let known = sets().into_iter().fold(false, |known, set| set(&folder, &mut report) | known);
            if !known && folder.holds_data() {
                report.skip(&folder.set(), "", "no known format");
            }
        }
    }
    report
}

/// The results that come with the program.
pub fn shipped() -> Tree {
    embedded::tree()
}

pub(crate) static LIBRARY: LazyLock<Option<Library>> = LazyLock::new(|| Library::builtin().ok());

/// The law of the built-in library, used in the given way.
pub(crate) fn law(name: &str, options: AgingOptions) -> Result<Law, String> {
    let library = LIBRARY.as_ref().ok_or("the built-in library cannot be read")?;
    let spec = library.get(name).map_err(|_| format!("the library has no law `{name}`"))?;
    Law::new(spec, options).map_err(|error| error.to_string())
}
