//! The files that a projection names, as text.

use super::fault::SupplyFault;
use super::told;
use crate::library::SourceText;
use crate::scenario::record::Record;
use std::path::Path;
use std::sync::Arc;

const BESIDE: &str = "the file is looked for beside the scenario";
const UTF_8: &str = "save it as UTF-8; spreadsheets call it `CSV UTF-8`";

/// Files of the scenario.
pub(super) struct Files<'a> {
    pub folder: &'a Path,
    pub read: Vec<Arc<SourceText>>,
}

impl Files<'_> {
    /// The text of a file that a key names; `None` after reporting a problem.
    pub fn read(&mut self, key: &str, what: &'static str, name: String, r: &mut Record<'_>) -> Option<Arc<SourceText>> {
        let path = self.folder.join(name);
        let file = path.display().to_string();
        match text(&path) {
            Ok(text) => {
                let source = SourceText::new(file, text);
                self.read.push(Arc::clone(&source));
                Some(source)
            }
            Err((reason, hint)) => told(r, key, SupplyFault::Unreadable { what, file, reason, hint }),
        }
    }
}

/// A file as text, or why there is none and what to do.
fn text(path: &Path) -> Result<String, (String, &'static str)> {
    if path.is_dir() {
        return Err(("it is a folder".into(), "name a CSV file"));
    }
    let bytes = std::fs::read(path).map_err(|error| (error.to_string(), BESIDE))?;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || bytes.contains(&0) {
        return Err(("it is no text in UTF-8, but UTF-16 or no text at all".into(), UTF_8));
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        (format!("line {line} is no text in UTF-8, but perhaps in Latin-1"), UTF_8)
    })
}
