//! JSON schema (draft 7) for editors.

use super::key::{Fallback, Key, Kind, Literal, Presence, Table};
use super::reference::left_out;
use super::supply::keys::projection;
use super::tables::root;
use crate::library::Library;
use serde_json::{Map, Value, json};

/// The schema of a scenario of packs; names in the library serve as suggestions, other names stay valid.
pub fn json_schema(library: &Library) -> String {
    schema(&root::TABLE, "packlife scenario", library)
}

/// The schema of a projection of supply.
pub fn supply_json_schema(library: &Library) -> String {
    schema(&projection::TABLE, "packlife projection of supply", library)
}

fn schema(root: &'static Table, title: &str, library: &Library) -> String {
    let mut schema = table_schema(root, library);
    if let Value::Object(schema) = &mut schema {
        schema.insert("$schema".into(), json!("http://json-schema.org/draft-07/schema#"));
        schema.insert("title".into(), json!(title));
    }
    format!("{schema:#}\n")
}

fn table_schema(table: &'static Table, library: &Library) -> Value {
    if table.presence == Presence::Overrides {
        return json!({ "type": "object", "description": table.line() });
    }
    let mut properties = Map::new();
    for key in table.keys {
        properties.insert(key.name.into(), key_schema(key, library));
    }
    for inner in table.tables {
        properties.insert(inner.name().into(), table_schema(inner, library));
    }
    let keys = table.keys.iter().filter(|k| k.is_required()).map(|k| k.name);
    let tables = table.tables.iter().filter(|t| t.presence == Presence::Required).map(|t| t.name());
    let required: Vec<&str> = keys.chain(tables).collect();
    let mut schema = json!({
        "type": "object",
        "description": table.line(),
        "properties": properties,
        "additionalProperties": false,
    });
    // Draft 4 readers refuse an empty list.
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn key_schema(key: &Key, library: &Library) -> Value {
    let mut schema = match key.kind {
        Kind::Text => json!({ "type": "string", "minLength": 1 }),
        Kind::Whole { min, max: u64::MAX } => json!({ "type": "integer", "minimum": min }),
        Kind::Whole { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Real { min, max } => json!({ "type": "number", "minimum": min, "maximum": max }),
        Kind::Window { min, max } => json!({
            "type": "array",
            "items": { "type": "number", "minimum": min, "maximum": max },
            "minItems": 2,
            "maxItems": 2,
        }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Entry(category) => json!({
            "anyOf": [{ "enum": library.names(category) }, { "type": "string", "minLength": 1 }],
        }),
        Kind::Entries(category) => {
            let one = json!({ "anyOf": [{ "enum": library.names(category) }, { "type": "string", "minLength": 1 }] });
            json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1, "uniqueItems": true }] })
        }
        Kind::Choice(words) => json!({ "enum": words }),
        Kind::Choices(words) => json!({
            "anyOf": [{ "enum": words }, { "type": "array", "items": { "enum": words }, "minItems": 1, "uniqueItems": true }],
        }),
        Kind::Reals { min, max } => json!({
            "type": "array", "items": { "type": "number", "minimum": min, "maximum": max }, "minItems": 1, "uniqueItems": true,
        }),
        Kind::Wholes { min, max } => json!({
            "type": "array", "items": { "type": "integer", "minimum": min, "maximum": max }, "minItems": 1, "uniqueItems": true,
        }),
        Kind::Paths => json!({ "type": "array", "items": { "type": "string", "minLength": 1 } }),
        Kind::Files => {
            let one = json!({ "type": "string", "minLength": 1 });
            json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1, "uniqueItems": true }] })
        }
    };
    let unit = if key.unit.is_empty() { String::new() } else { format!(" Unit: {}.", key.unit) };
    let default = match key.fallback {
        Fallback::Derived(_) | Fallback::Instead { .. } => format!(" Left out: {}.", left_out(key)),
        _ => String::new(),
    };
    schema["description"] = json!(format!("{}{unit}{default}", key.line()));
    if let Fallback::Fixed { value, .. } = key.fallback {
        schema["default"] = match value {
            Literal::Real(x) => json!(x),
            Literal::Whole(n) => json!(n),
            Literal::Flag(b) => json!(b),
            Literal::Text(s) => json!(s),
        };
    }
    schema
}
