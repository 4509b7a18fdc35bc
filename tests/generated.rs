//! Files generated from the definition of the keys are current; `REGENERATE=1 cargo test` rewrites them.

use packlife::library::Library;
use packlife::scenario::{json_schema, reference_page, supply_json_schema};
use std::path::Path;

fn golden(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("REGENERATE").is_some() {
        std::fs::write(&path, text).expect("write");
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == text, "{file} is not current: run REGENERATE=1 cargo test --test generated");
}

#[test]
fn scenario_schema_is_current() {
    golden("scenarios/scenario.schema.json", &json_schema(&Library::builtin().expect("sound")));
}

#[test]
fn supply_schema_is_current() {
    golden("scenarios/supply.schema.json", &supply_json_schema(&Library::builtin().expect("sound")));
}

#[test]
fn reference_page_is_current() {
    golden("docs/scenario_reference.md", &reference_page());
}
