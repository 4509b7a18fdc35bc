//! Tables that say something of other tables.

use crate::validate::{Folder, Report};

/// Where a peer's run ended in no number; its table ends there too.
pub(super) fn of_gaps(folder: &Folder<'_>, _: &mut Report) -> bool {
    !folder.read_tables(&["file", "case_id", "last_good_step"]).is_empty()
}
