//! Values replaced by dotted path: `cells.lfp_prismatic.capacity_ah`.

use super::Library;
use super::category::Category;
use super::entry::{Entry, kind_of};
use super::fault::LibraryFault;
use super::nearest::nearest;
use std::mem::discriminant;
use toml::Value;

impl Library {
    /// Replaces values by dotted path, all together, then checks the entries they belong to.
    ///
    /// # Errors
    /// Every fault with the position of its override in `overrides`; the library is then left as it was.
    pub fn set_all(&mut self, overrides: &[(String, Value)]) -> Result<(), Vec<(usize, LibraryFault)>> {
        let mut changed = self.clone();
        let mut faults = Vec::new();
        let mut touched: Vec<((Category, String), Vec<usize>)> = Vec::new();
        for (index, (path, value)) in overrides.iter().enumerate() {
            match changed.set(path, value) {
                Err(fault) => faults.push((index, fault)),
                Ok(key) => match touched.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, indices)) => indices.push(index),
                    None => touched.push((key, vec![index])),
                },
            }
        }
        for (key, indices) in &touched {
            if let Some(entry) = changed.entries.get(key) {
                entry.recheck(overrides, indices, &mut faults);
            }
        }
        if faults.is_empty() {
            *self = changed;
            Ok(())
        } else {
            Err(faults)
        }
    }

    /// Replaces one value; which entry it was in.
    fn set(&mut self, path: &str, value: &Value) -> Result<(Category, String), LibraryFault> {
        let no_path = |missing: &str, nearest: Vec<String>| LibraryFault::NoPath {
            path: path.into(),
            missing: missing.into(),
            nearest,
        };
        let mut parts = path.splitn(3, '.');
        let first = parts.next().unwrap_or("");
        let category = Category::named(first)
            .ok_or_else(|| no_path(first, nearest(first, Category::ALL.iter().map(|c| c.name()), 1)))?;
        let name = parts.next().unwrap_or("");
        let suggestions = self.nearest(category, name);
        let key = (category, name.to_owned());
        let entry = self.entries.get_mut(&key).ok_or_else(|| no_path(&format!("{first}.{name}"), suggestions))?;
        let field = parts.next().unwrap_or("");
        let fields: Vec<String> = entry.place.fields.iter().map(|(f, _)| f.clone()).collect();
        let old = entry.value_mut(field).ok_or_else(|| {
            let missing = if field.is_empty() { path.to_owned() + "." } else { field.to_owned() };
            no_path(&missing, nearest(field, fields.iter().map(String::as_str), 1))
        })?;
        if !finite(value) {
            return Err(LibraryFault::OverrideNotFinite { path: path.into() });
        }
        let same = discriminant(old) == discriminant(value)
            || (matches!(old, Value::Integer(_) | Value::Float(_))
                && matches!(value, Value::Integer(_) | Value::Float(_)));
        if !same || old.is_table() {
            let expected = if old.is_table() { "one of the table's values" } else { kind_of(old) };
            return Err(LibraryFault::OverrideType { path: path.into(), expected, found: kind_of(value) });
        }
        *old = value.clone();
        entry.overridden.insert(field.to_owned());
        Ok(key)
    }
}

impl Entry {
    fn value_mut(&mut self, field: &str) -> Option<&mut Value> {
        let mut parts = field.split('.');
        let first = self.values.get_mut(parts.next()?)?;
        parts.try_fold(first, |value, part| value.get_mut(part))
    }

    /// Reads and checks the entry again; each fault goes to the override of its field, or to the entry's first.
    fn recheck(&self, overrides: &[(String, Value)], indices: &[usize], faults: &mut Vec<(usize, LibraryFault)>) {
        let first = indices.first().copied().unwrap_or(0);
        let item = self.item();
        match self.category.check(self.values.clone()) {
            Err(error) => {
                // Which value it was is not said: try them one by one.
                let guilty = indices.iter().copied().find(|i| error.message().contains(last_part(&overrides[*i].0)));
                faults
                    .push((guilty.unwrap_or(first), LibraryFault::Malformed { item, message: error.message().into() }));
            }
            Ok(breaches) => {
                for breach in breaches {
                    let path = format!("{item}.{}", breach.field());
                    let guilty = indices.iter().copied().find(|i| overrides[*i].0 == path).unwrap_or(first);
                    faults.push((guilty, LibraryFault::Breach { item: item.clone(), breach }));
                }
            }
        }
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn finite(value: &Value) -> bool {
    match value {
        Value::Float(x) => x.is_finite(),
        Value::Array(values) => values.iter().all(finite),
        _ => true,
    }
}
