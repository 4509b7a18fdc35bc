//! Pieces that every page is made from.

use super::escape;
use super::figure::Figure;
use super::page::ProvenanceRow;
use std::collections::BTreeSet;
use std::fmt::Write;

const STYLE: &str = include_str!("report.css");

/// Lines of a table of two columns: name and value.
pub(super) type Rows = Vec<(String, String)>;

/// The page up to its body.
pub(super) fn head(title: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} - packlife</title>\n<style>\n{STYLE}</style>\n</head>\n"
    )
}

/// Values that are only assumed. A library value that serves under two names counts once.
pub(super) fn assumed(rows: &[ProvenanceRow]) -> usize {
    let names: BTreeSet<&String> =
        rows.iter().filter(|p| p.assumed).map(|p| if p.origin.contains('.') { &p.origin } else { &p.path }).collect();
    names.len()
}

/// A table with a caption.
pub(super) fn table(caption: &str, rows: &Rows) -> String {
    let body: String = rows
        .iter()
        .map(|(name, value)| format!("<tr><td>{}</td><td class=\"n\">{}</td></tr>\n", escape(name), escape(value)))
        .collect();
    format!("<table>\n<caption>{}</caption>\n<tbody>\n{body}</tbody>\n</table>\n", escape(caption))
}

/// A figure with its caption.
pub(super) fn figure(f: &Figure) -> String {
    format!("<figure>\n{}\n<figcaption>{}</figcaption>\n</figure>\n", f.svg, escape(&f.caption))
}

/// Every value with its source; nothing for none.
pub(super) fn provenance(rows: &[ProvenanceRow]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "<h2>Where the numbers come from</h2>\n<div class=\"wide\">\n<table>\n<thead><tr><th>key</th><th>value</th>\
         <th>said by</th><th>source</th><th>assumed</th></tr></thead>\n<tbody>\n",
    );
    for row in rows {
        let (class, word) = if row.assumed { (" class=\"assumed\"", "assumed") } else { ("", "") };
        let cells: String = [&row.path, &row.value, &row.origin, &row.source]
            .iter()
            .map(|c| format!("<td>{}</td>", escape(c)))
            .collect();
        let _ = writeln!(text, "<tr{class}>{cells}<td>{word}</td></tr>");
    }
    text.push_str("</tbody>\n</table>\n</div>\n");
    text
}
