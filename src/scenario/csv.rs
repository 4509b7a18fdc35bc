//! Lines and fields of CSV texts, with the place of each field.

use std::ops::Range;

/// What stands in a column of a row.
pub(super) struct Field {
    pub text: String,
    pub span: Range<usize>,
    /// Whether it is a text where the format tells texts from numbers.
    pub quoted: bool,
}

/// Lines that hold something, with their starts; those that begin with `#` are remarks.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let begin = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let all = text[begin..].split_inclusive('\n').scan(begin, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line.trim_end_matches(['\n', '\r'])))
    });
    all.filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
}

/// Place of a line, without the blanks around it.
pub(super) fn span_of(start: usize, line: &str) -> Range<usize> {
    let left = line.len() - line.trim_start().len();
    start + left..start + line.trim_end().len().max(left)
}

/// Fields of a line, between commas; in quotes a comma is a letter and two quotes are one. `None` where a quote is not
/// closed.
pub(super) fn fields(start: usize, line: &str) -> Option<Vec<Field>> {
    let (mut fields, mut from, mut quoted) = (Vec::new(), 0, false);
    let cut = |from: usize, to: usize| {
        let piece = &line[from..to];
        let (trimmed, left) = (piece.trim(), piece.len() - piece.trim_start().len());
        let bare = trimmed.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let text = bare.map_or_else(|| trimmed.to_owned(), |inner| inner.replace("\"\"", "\""));
        let at = start + from + left;
        Field { text, span: at..at + trimmed.len(), quoted: false }
    };
    for (at, letter) in line.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                fields.push(cut(from, at));
                from = at + 1;
            }
            _ => {}
        }
    }
    if quoted {
        return None;
    }
    fields.push(cut(from, line.len()));
    Some(fields)
}
