//! A sound projection of two regions, and what is told when parts of it are replaced.

use packlife::library::{Library, SourceText};
use packlife::scenario::{diagnose, supply_from};
use std::path::Path;
use std::sync::LazyLock;

static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::builtin().expect("sound"));

const SCENARIO: &str = r#"name = "Two regions"

[supply]
first_year = 2010
last_year = 2050
history_until = 2024
inflow = "inflow.csv"
chemistry = "chemistry.csv"
parameters = "parameters.csv"
"#;

const INFLOW: &str = "region,segment,year,gwh,source,assumed
China,cars,2010,1,IEA,false
China,cars,2050,900,IEA,false
Europe,cars,2010,1,IEA,false
Europe,cars,2050,500,,true
";

const CHEMISTRY: &str = "region,segment,year,chemistry,composition,share,source,assumed
China,,2010,lfp,,1,,true
China,,2050,lfp,,1,,true
Europe,,2010,nickel,nmc622,1,,true
Europe,,2050,nickel,nmc622,0.6,,true
Europe,,2050,lfp,,0.4,,true
";

const PARAMETERS: &str = "parameter,region,chemistry,segment,year,value,low,high,source,assumed
export_share,Europe,,,,0.2,0.1,0.3,a study,false
collected_share,,,,2020,0.5,,,,true
collected_share,,,,2030,0.8,0.6,0.9,,true
";

/// A scenario and its files, by name.
pub struct Case(pub Vec<(&'static str, String)>);

impl Case {
    pub fn sound() -> Case {
        let files = [
            ("case.toml", SCENARIO),
            ("inflow.csv", INFLOW),
            ("chemistry.csv", CHEMISTRY),
            ("parameters.csv", PARAMETERS),
        ];
        Case(files.map(|(name, text)| (name, text.to_owned())).to_vec())
    }

    /// With one part of a file replaced.
    pub fn with(mut self, file: &str, part: &str, by: &str) -> Case {
        let (_, text) = self.0.iter_mut().find(|(name, _)| *name == file).expect("the file");
        assert!(text.contains(part), "`{part}` is not in {file}");
        *text = text.replacen(part, by, 1);
        self
    }

    /// With another file, named by a key of `[supply]`.
    pub fn and(mut self, key: &str, file: &'static str, text: &str) -> Case {
        self.0[0].1.push_str(&format!("{key} = \"{file}\"\n"));
        self.0.push((file, text.to_owned()));
        self
    }

    /// What is told, without the folder; nothing where the case is sound.
    pub fn told(&self) -> String {
        self.told_after(|_| {})
    }

    /// The same, when the files in the folder have been changed.
    pub fn told_after(&self, change: impl Fn(&Path)) -> String {
        let folder = tempfile::tempdir().expect("folder");
        for (name, text) in &self.0[1..] {
            std::fs::write(folder.path().join(name), text).expect("write");
        }
        change(folder.path());
        let source = SourceText::new("case.toml", self.0[0].1.clone());
        let told = supply_from(&source, "case", folder.path(), LIBRARY.clone()).err();
        let place = format!("{}/", folder.path().display());
        told.map_or_else(String::new, |problems| diagnose::render(&problems, false).replace(&place, ""))
    }
}
