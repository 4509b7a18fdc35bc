//! What a run shows on the way, and how Ctrl-C ends it.

use crate::monte::Observer;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};

/// Set by Ctrl-C; a run stops before its next piece of work.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// A bar on a terminal, nothing elsewhere; listens to Ctrl-C.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Of so many pieces of work, called `what`; none where nothing is to be seen.
    pub(super) fn new(pieces: u64, what: &str, quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Progress::hidden();
        }
        let bar = ProgressBar::new(pieces);
        if let Ok(style) =
            ProgressStyle::with_template(&format!("{{bar:40}} {{pos}}/{{len}} {what}  {{per_sec}}  {{eta}} left"))
        {
            bar.set_style(style);
        }
        listen();
        Progress { bar }
    }

    /// Without a bar.
    pub(super) fn hidden() -> Self {
        listen();
        Progress { bar: ProgressBar::hidden() }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// A second handler cannot be set in one process; then the first one serves.
fn listen() {
    let _ = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed));
}

impl Observer for Progress {
    fn pack_done(&self) {
        self.bar.inc(1);
    }

    fn stop(&self) -> bool {
        INTERRUPTED.load(Ordering::Relaxed)
    }
}
