//! The order of the floors: nothing imports from a floor above its own.

use std::fs;
use std::path::Path;

/// Ground first.
const ORDER: [&str; 20] = [
    "numeric",
    "cell",
    "aging",
    "weather",
    "pack",
    "duty",
    "economics",
    "site",
    "life",
    "monte",
    "sizing",
    "supply",
    "library",
    "scenario",
    "output",
    "report",
    "fit",
    "identify",
    "validate",
    "cli",
];

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Floors that a line names through `crate::`.
fn named(line: &str) -> Vec<String> {
    let code = line.split("//").next().unwrap_or("");
    code.match_indices("crate::")
        .map(|(at, key)| {
            code[at + key.len()..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
        })
        .collect()
}

#[test]
fn no_floor_imports_from_above() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for (level, floor) in ORDER.iter().enumerate() {
        let mut found = Vec::new();
        files(&src.join(floor), &mut found);
        assert!(!found.is_empty(), "floor `{floor}` is empty");
        for path in found {
            for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
                for other in named(line) {
                    match ORDER.iter().position(|f| *f == other) {
                        Some(above) if above > level => {
                            wrong.push(format!("{}:{}: {floor} uses {other}", path.display(), number + 1));
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_is_a_floor() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(src).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            assert!(ORDER.contains(&name.as_str()), "`{name}` has no place in the order of floors");
        }
    }
}

#[test]
fn the_reader_of_imports_sees_what_it_should() {
    assert_eq!(named("use crate::life::plan; use crate::cell::Cell;"), ["life", "cell"]);
    assert!(named("// see crate::cli").is_empty());
}
