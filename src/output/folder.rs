//! An output folder that appears whole or not at all.

use super::error::OutputError;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// File in the folder that lists what this tool wrote there.
const LIST: &str = ".packlife-files";

/// Results on their way to a folder.
///
/// Files go to a hidden sibling, `.NAME.tmp-<pid>`; [`OutputFolder::commit`] moves them into place. Dropped before
/// that, the sibling vanishes and the old results stay as they were. A process that is killed leaves the sibling behind.
#[derive(Debug)]
pub struct OutputFolder {
    target: PathBuf,
    temporary: PathBuf,
    files: Vec<String>,
    settled: bool,
}

impl OutputFolder {
    /// Opens the hidden sibling of the target. `expected` names files that will be written, so that one in the way
    /// is found before the work and not after it.
    pub fn create(target: impl AsRef<Path>, expected: &[&str]) -> Result<Self, OutputError> {
        let target = std::path::absolute(target.as_ref()).map_err(failed("find", target.as_ref()))?;
        let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(OutputError::NotAFolder { path: target });
        };
        if target.exists() && !target.is_dir() {
            return Err(OutputError::NotAFolder { path: target });
        }
        refuse_foreign(&target, &written_before(&target)?, expected.iter().copied())?;
        let temporary = parent.join(format!(".{}.tmp-{}", name.to_string_lossy(), std::process::id()));
        if temporary.exists() {
            fs::remove_dir_all(&temporary).map_err(failed("remove", &temporary))?;
        }
        fs::create_dir_all(&temporary).map_err(failed("create", &temporary))?;
        Ok(OutputFolder { target, temporary, files: Vec::new(), settled: false })
    }

    /// The folder that the results are for.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Writes a file and brings it to the disk.
    pub fn write(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut BufWriter<File>) -> Result<(), OutputError>,
    ) -> Result<(), OutputError> {
        let plain = Path::new(name).file_name().is_some_and(|f| f == name);
        if !plain || name == LIST {
            return Err(OutputError::FileName { name: name.into() });
        }
        if self.files.iter().any(|f| f == name) {
            return Err(OutputError::Twice { name: name.into() });
        }
        let path = self.temporary.join(name);
        let mut file = BufWriter::new(File::create(&path).map_err(failed("create", &path))?);
        fill(&mut file)?;
        file.flush().map_err(failed("write", &path))?;
        file.get_ref().sync_all().map_err(failed("write", &path))?;
        self.files.push(name.into());
        Ok(())
    }

    /// Writes a text file.
    pub fn write_text(&mut self, name: &str, text: &str) -> Result<(), OutputError> {
        let path = self.temporary.join(name);
        self.write(name, |to| to.write_all(text.as_bytes()).map_err(failed("write", &path)))
    }

    /// Moves the files into place, in the order they were written, and removes those of an earlier run that this one
    /// did not write. Files of others are never touched. On failure the results stay in the hidden sibling.
    pub fn commit(mut self) -> Result<PathBuf, OutputError> {
        self.settled = true;
        match self.settle() {
            Ok(()) => Ok(self.target.clone()),
            Err(source) => Err(OutputError::Kept { kept: self.temporary.clone(), source: Box::new(source) }),
        }
    }

    fn settle(&self) -> Result<(), OutputError> {
        let now: BTreeSet<String> = self.files.iter().cloned().collect();
        if !self.target.exists() {
            write_list(&self.temporary, &now)?;
            sync_folder(&self.temporary)?;
            fs::rename(&self.temporary, &self.target).map_err(failed("move into place", &self.target))?;
            return self.target.parent().map_or(Ok(()), sync_folder);
        }
        let before = written_before(&self.target)?;
        refuse_foreign(&self.target, &before, self.files.iter().map(String::as_str))?;
        // Until all is in place the list holds old and new names, so that a crash here leaves nothing unowned.
        write_list(&self.target, &before.union(&now).cloned().collect())?;
        for name in &self.files {
            let to = self.target.join(name);
            fs::rename(self.temporary.join(name), &to).map_err(failed("move into place", &to))?;
        }
        for name in before.difference(&now) {
            let old = self.target.join(name);
            if old.is_file() {
                fs::remove_file(&old).map_err(failed("remove", &old))?;
            }
        }
        write_list(&self.target, &now)?;
        sync_folder(&self.target)?;
        fs::remove_dir_all(&self.temporary).map_err(failed("remove", &self.temporary))
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        if !self.settled {
            // Nobody is left to hear of a failure here.
            fs::remove_dir_all(&self.temporary).ok();
        }
    }
}

fn failed<'a>(action: &'static str, path: &'a Path) -> impl FnOnce(std::io::Error) -> OutputError + 'a {
    move |source| OutputError::Disk { action, path: path.to_path_buf(), source }
}

/// Names that an earlier run wrote into the folder.
fn written_before(folder: &Path) -> Result<BTreeSet<String>, OutputError> {
    let path = folder.join(LIST);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(text
            .lines()
            .filter(|line| Path::new(line).file_name().is_some_and(|f| f == *line))
            .map(str::to_string)
            .collect()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(e) => Err(failed("read", &path)(e)),
    }
}

fn refuse_foreign<'a>(
    folder: &Path,
    ours: &BTreeSet<String>,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), OutputError> {
    for name in names {
        let path = folder.join(name);
        if !ours.contains(name) && path.symlink_metadata().is_ok() {
            return Err(OutputError::Foreign { path });
        }
    }
    Ok(())
}

fn write_list(folder: &Path, names: &BTreeSet<String>) -> Result<(), OutputError> {
    let text: String = names.iter().map(|n| format!("{n}\n")).collect();
    let (part, path) = (folder.join(format!("{LIST}.part")), folder.join(LIST));
    let mut file = File::create(&part).map_err(failed("create", &part))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed("write", &part))?;
    fs::rename(&part, &path).map_err(failed("move into place", &path))
}

/// Brings the names in a folder to the disk, where the system can do that for folders.
fn sync_folder(folder: &Path) -> Result<(), OutputError> {
    if cfg!(unix) {
        File::open(folder).and_then(|f| f.sync_all()).map_err(failed("write", folder))?;
    }
    Ok(())
}
