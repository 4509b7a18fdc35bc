//! Runs the packs of a study on all cores, in blocks, so that memory does not grow with history.

use super::paths::Paths;
use super::result::{PackRow, StudySummary};
use crate::life::Journey;
use crate::life::outcome::PackFailure;
use rayon::prelude::*;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Packs in a block: rows are handed over and paths merged after each, in pack order.
const BLOCK: u64 = 256;

/// What a caller sees of a running study.
pub trait Observer: Sync {
    /// A pack is done; called from any thread.
    fn pack_done(&self) {}
    /// Asked before each pack; true stops the study.
    fn stop(&self) -> bool {
        false
    }
}

/// An observer that looks away.
pub struct Silent;
impl Observer for Silent {}

/// A study that did not run to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError<E> {
    /// The observer asked to stop.
    #[error("stopped after {done} packs")]
    Stopped {
        /// Packs whose rows were handed over.
        done: u64,
    },
    /// The receiver of rows failed.
    #[error(transparent)]
    Sink(E),
}

/// Lives the packs of a range, each under every law of the study, and hands their rows over in order, block by block.
///
/// The result does not depend on the number of threads: a pack is a pure function of its number, rows come in pack
/// order and paths are integer histograms. Runs in the caller's rayon pool.
pub fn run<E>(
    journey: &Journey,
    packs: Range<u64>,
    observer: &impl Observer,
    mut sink: impl FnMut(&[PackRow]) -> Result<(), E>,
) -> Result<StudySummary, StudyError<E>> {
    let mut paths = Paths::default();
    let laws = journey.laws() as u64;
    let (mut start, last) = (packs.start * laws, packs.end * laws);
    while start < last {
        let end = (start + BLOCK).min(last);
        let mut rows: Vec<Option<PackRow>> = (0..(end - start) as usize)
            .into_par_iter()
            .with_max_len(1)
            .map(|offset| {
                if observer.stop() {
                    return None;
                }
                let life = start + offset as u64;
                let row = live(journey, life / laws, (life % laws) as usize);
                observer.pack_done();
                Some(row)
            })
            .collect();
        if rows.iter().any(Option::is_none) {
            return Err(StudyError::Stopped { done: start / laws - packs.start });
        }
        let rows: Vec<PackRow> = rows.iter_mut().filter_map(Option::take).collect();
        rows.iter().for_each(|row| paths.add(row));
        sink(&rows).map_err(StudyError::Sink)?;
        start = end;
    }
    Ok(paths.summary())
}

/// One life; whatever goes wrong in it becomes a row.
fn live(journey: &Journey, pack_id: u64, law: usize) -> PackRow {
    match catch_unwind(AssertUnwindSafe(|| journey.live(pack_id, law))) {
        Ok(Ok(outcome)) => PackRow::Done(Box::new(outcome)),
        Ok(Err(failure)) => PackRow::Failed(failure),
        Err(panic) => {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
            let reason = format!("internal error: {said}");
            PackRow::Failed(PackFailure { pack_id, law: journey.law_name(law), stage: "unknown", reason })
        }
    }
}
