//! Folders of reference files, on the disk or inside the program.

use super::columns::Columns;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Files below one folder, by their paths in it.
#[derive(Clone, Debug)]
pub struct Tree {
    name: String,
    files: BTreeMap<String, Contents>,
    unreadable: Option<String>,
    /// Folder above the tree, on the disk.
    above: Option<PathBuf>,
}

#[derive(Clone, Debug)]
enum Contents {
    Inside(&'static str),
    Disk(PathBuf),
}

/// Endings of files that a set is made of.
const DATA: [&str; 4] = ["csv", "json", "toml", "tsv"];

impl Tree {
    /// Lists a folder of the disk and all below it. Files are read when they are asked for.
    pub fn of_disk(path: &Path) -> Tree {
        let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
        let above = std::path::absolute(path).ok().and_then(|path| path.parent().map(Path::to_path_buf));
        let mut tree = Tree { name, files: BTreeMap::new(), unreadable: None, above };
        if let Err(error) = tree.list(path, "", 0) {
            tree.unreadable = Some(format!("`{}`: {error}", path.display()));
        }
        tree
    }

    /// Files that are part of the program.
    pub fn of_texts(name: &str, files: &[(&str, &'static str)]) -> Tree {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), Contents::Inside(text))).collect();
        Tree { name: name.into(), files, unreadable: None, above: None }
    }

    fn list(&mut self, folder: &Path, below: &str, depth: usize) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
            // A link may lead in a circle.
            if name.starts_with('.') || entry.file_type()?.is_symlink() && entry.path().is_dir() || depth > 16 {
            } else if entry.path().is_dir() {
                self.list(&entry.path(), &path, depth + 1)?;
            } else if Path::new(&name).extension().is_some_and(|e| DATA.iter().any(|d| e == *d)) {
                self.files.insert(path, Contents::Disk(entry.path()));
            }
        }
        Ok(())
    }

    /// Name for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Why the tree could not be listed whole.
    pub fn unreadable(&self) -> Option<&str> {
        self.unreadable.as_deref()
    }

    /// Every folder that holds a file.
    pub fn folders(&self) -> Vec<Folder<'_>> {
        let paths: BTreeSet<&str> = self.files.keys().map(|path| split(path).0).collect();
        paths.into_iter().map(|path| Folder { tree: self, path: path.into() }).collect()
    }
}

/// Folder and name of a path.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// One folder of a [`Tree`].
#[derive(Clone, Debug)]
pub struct Folder<'a> {
    tree: &'a Tree,
    path: String,
}

impl<'a> Folder<'a> {
    /// Name for findings: the tree's name and the path in it.
    pub fn set(&self) -> String {
        if self.path.is_empty() { self.tree.name.clone() } else { format!("{}/{}", self.tree.name, self.path) }
    }

    /// Last part of the path.
    pub fn name(&self) -> &str {
        if self.path.is_empty() { &self.tree.name } else { split(&self.path).1 }
    }

    /// Names of the files directly in the folder, in order.
    pub fn files(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.tree.files.keys().filter_map(|path| {
            let (folder, name) = split(path);
            (folder == self.path).then_some(name)
        })
    }

    /// Stems of the CSV files in the folder.
    pub fn tables(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.files().filter_map(|name| name.strip_suffix(".csv"))
    }

    /// Whether there is anything to compare with, apart from inputs of other sets.
    pub fn holds_data(&self) -> bool {
        self.name() != "profiles" && self.tables().next().is_some()
    }

    /// Whether a file is there.
    pub fn has(&self, name: &str) -> bool {
        self.tree.files.contains_key(&self.join(name))
    }

    /// Text of a file, or why it cannot be had.
    pub fn text(&self, name: &str) -> Result<String, String> {
        match self.tree.files.get(&self.join(name)) {
            None => Err(format!("`{name}` is missing")),
            Some(Contents::Inside(text)) => Ok((*text).to_owned()),
            Some(Contents::Disk(path)) => fs::read_to_string(path).map_err(|error| format!("`{name}`: {error}")),
        }
    }

    /// The folder above.
    pub fn parent(&self) -> Option<Folder<'a>> {
        (!self.path.is_empty()).then(|| Folder { tree: self.tree, path: split(&self.path).0.into() })
    }

    /// A folder below.
    pub fn below(&self, name: &str) -> Folder<'a> {
        Folder { tree: self.tree, path: self.join(name) }
    }

    /// Text of a file in this folder, a folder `within` beside or below it, those further up, or beside the tree.
    pub fn nearby(&self, within: &str, name: &str) -> Result<String, String> {
        let mut here = Some(self.clone());
        while let Some(folder) = here {
            for place in [folder.below(within), folder.clone()] {
                if place.has(name) {
                    return place.text(name);
                }
            }
            here = folder.parent();
        }
        // A set may be given alone, without the folder that it lies in.
        let beside = self.tree.above.as_ref().map(|above| above.join(within).join(name));
        match beside.filter(|path| path.is_file()) {
            Some(path) => fs::read_to_string(&path).map_err(|error| format!("`{}`: {error}", path.display())),
            None => Err(format!("`{within}/{name}` is missing here and above")),
        }
    }

    /// Tables of the folder that have all these columns: stem, name for findings, content.
    pub(crate) fn read_tables(&self, columns: &[&str]) -> Vec<(&'a str, String, Columns)> {
        let read = |stem: &'a str| {
            let table = Columns::read(&self.text(&format!("{stem}.csv")).ok()?).ok()?;
            table.has(columns).then(|| (stem, format!("{}/{stem}", self.set()), table))
        };
        self.tables().filter_map(read).collect()
    }

    fn join(&self, name: &str) -> String {
        if self.path.is_empty() { name.into() } else { format!("{}/{name}", self.path) }
    }
}
