//! Pieces that every page is made from.

use super::escape;
use super::figure::Figure;
use super::page::ProvenanceRow;
use crate::output::Quantiles;
use crate::output::words::or_dash;
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

/// A wide table: first column text, the others numbers. Nothing for no rows. `mark` is the row that stands out.
pub(super) fn wide(title: &str, lead: &str, heads: &[&str], rows: &[Vec<String>], mark: Option<usize>) -> String {
    wide_with(title, lead, heads, rows, &[0], mark)
}

/// The same with text in the columns of those numbers.
pub(super) fn wide_with(
    title: &str,
    lead: &str,
    heads: &[&str],
    rows: &[Vec<String>],
    texts: &[usize],
    mark: Option<usize>,
) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let class = |column: usize| if texts.contains(&column) { "" } else { " class=\"n\"" };
    let heads: String = heads.iter().enumerate().map(|(k, h)| format!("<th{}>{}</th>", class(k), escape(h))).collect();
    let mut text = format!(
        "<h2>{}</h2>\n<p class=\"soft\">{}</p>\n<div class=\"wide tight\">\n<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n",
        escape(title),
        escape(lead)
    );
    for (number, row) in rows.iter().enumerate() {
        let marked = if mark == Some(number) { " class=\"chosen\"" } else { "" };
        let cells: String =
            row.iter().enumerate().map(|(k, c)| format!("<td{}>{}</td>", class(k), escape(c))).collect();
        let _ = writeln!(text, "<tr{marked}>{cells}</tr>");
    }
    text.push_str("</tbody>\n</table>\n</div>\n");
    text
}

/// What a reader must look at first; nothing for nothing.
pub(super) fn first_look(found: &[String]) -> String {
    if found.is_empty() {
        return String::new();
    }
    format!("<h2>Look at this first</h2>\n<div class=\"warn\">{}</div>\n", list(found))
}

/// A list of sentences.
pub(super) fn list(lines: &[String]) -> String {
    let items: String = lines.iter().map(|l| format!("<li>{}</li>\n", escape(l))).collect();
    format!("<ul>\n{items}</ul>")
}

/// Says how many values are assumed; nothing where none is.
pub(super) fn assumed_warning(rows: &[ProvenanceRow]) -> Option<String> {
    let n = assumed(rows);
    (n > 0).then(|| format!("{n} of {} values are assumed, not sourced.", rows.len()))
}

/// Median with P10 and P90.
pub(super) fn band(q: Option<Quantiles>, text: impl Fn(f64) -> String) -> String {
    or_dash(q, |q| format!("{} ({} to {})", text(q.p50), text(q.p10), text(q.p90)))
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
