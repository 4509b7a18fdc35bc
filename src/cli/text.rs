//! Plain text in columns.

/// Longest value shown in a column.
const VALUE_WIDTH: usize = 28;

/// Rows with aligned columns, two spaces apart; the last column is left ragged.
pub(super) fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|t| t.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// A value short enough for a column; a long list keeps its first values and says how many there are.
pub(super) fn short(value: &str) -> String {
    if value.chars().count() <= VALUE_WIDTH {
        return value.to_owned();
    }
    match value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => {
            let items: Vec<&str> = inner.split(", ").collect();
            let first: Vec<&str> = items.iter().copied().take(2).collect();
            format!("[{}, ...] ({} values)", first.join(", "), items.len())
        }
        None => value.chars().take(VALUE_WIDTH - 3).chain("...".chars()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_letters() {
        let rows = [vec!["a".into(), "bcd".into(), "é".into()], vec!["xyz".into(), String::new(), "end".into()]];
        assert_eq!(columns(&rows), "a    bcd  é\nxyz       end\n");
    }

    #[test]
    fn long_values_are_shortened() {
        assert_eq!(short("12.5"), "12.5");
        assert_eq!(short("[0.123456, 0.234567, 0.345678, 4]"), "[0.123456, 0.234567, ...] (4 values)");
        assert_eq!(short(&"x".repeat(40)).chars().count(), VALUE_WIDTH);
    }
}
