//! The findings as a table to read and as a table to keep.

use super::report::{Finding, Report, Verdict};

const HEADER: [&str; 9] = ["set", "case", "metric", "reference", "ours", "error", "tolerance", "verdict", "note"];

/// Columns of numbers, set flush right.
const NUMBERS: std::ops::Range<usize> = 3..7;

/// The table for reading. Unless `all` rows are wanted, cases of one set and metric that ended alike are told by the
/// worst of them.
pub fn text(report: &Report, all: bool) -> String {
    let rows: Vec<Vec<String>> =
        if all { report.findings.iter().map(row).collect() } else { grouped(&report.findings) };
    let mut text = aligned(&HEADER, &rows, |column| NUMBERS.contains(&column));
    for listing in report.listings.iter().filter(|_| all) {
        let header: Vec<&str> = listing.header.iter().map(String::as_str).collect();
        text.push_str(&format!("\n{}\n{}", listing.title, aligned(&header, &listing.rows, |_| true)));
    }
    let counts = [Verdict::Ok, Verdict::Off, Verdict::Info, Verdict::Skipped]
        .map(|verdict| format!("{} {}", report.count(verdict), verdict.word()));
    text.push_str(&format!("\n{} comparisons: {}\n", report.findings.len(), counts.join(", ")));
    for f in report.findings.iter().filter(|f| f.verdict == Verdict::Off) {
        let error = f.error.map_or_else(String::new, |x| format!("{x:.1e}"));
        text.push_str(&format!("off by {error}: {}, {}, {}\n", f.set, f.case, f.metric));
    }
    for listing in &report.listings {
        text.push_str(&format!("{}\n", listing.verdict));
    }
    text
}

/// Every finding as CSV.
pub fn csv(report: &Report) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    writer.write_record(HEADER).ok();
    for finding in &report.findings {
        let exact = |x: Option<f64>| x.map_or_else(String::new, |x| format!("{x:?}"));
        let numbers = [finding.reference, finding.ours, finding.error, finding.tolerance].map(exact);
        let [reference, ours, error, tolerance] = &numbers;
        let (f, verdict) = (finding, finding.verdict.word());
        writer.write_record([&f.set, &f.case, &f.metric, reference, ours, error, tolerance, verdict, &f.note]).ok();
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn row(f: &Finding) -> Vec<String> {
    let value = |x: Option<f64>| x.map_or_else(String::new, significant);
    let error = |x: Option<f64>| x.map_or_else(String::new, |x| format!("{x:.1e}"));
    vec![
        f.set.clone(),
        f.case.clone(),
        f.metric.clone(),
        value(f.reference),
        value(f.ours),
        error(f.error),
        error(f.tolerance),
        f.verdict.word().into(),
        f.note.clone(),
    ]
}

/// Seven significant digits.
fn significant(x: f64) -> String {
    if x != 0.0 && !(1e-3..1e6).contains(&x.abs()) { format!("{x:.6e}") } else { format!("{x:.7}") }
}

fn grouped(findings: &[Finding]) -> Vec<Vec<String>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        let alike = |g: &&mut Vec<&Finding>| {
            let first = g[0];
            let kind = (&first.set, &first.metric, first.verdict) == (&finding.set, &finding.metric, finding.verdict);
            kind && (finding.verdict != Verdict::Skipped || first.note == finding.note)
        };
        match groups.iter_mut().find(alike) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    let told = |group: Vec<&Finding>| {
        let worse = |a: &&Finding, b: &&Finding| a.error.unwrap_or(0.0).total_cmp(&b.error.unwrap_or(0.0));
        let worst = group.iter().copied().max_by(worse)?;
        let mut cells = row(worst);
        if group.len() > 1 {
            let rest = group.len() - 1;
            let cases = if rest == 1 { "1 more case".into() } else { format!("{rest} more cases") };
            let note = if worst.verdict == Verdict::Skipped { worst.note.as_str() } else { "worst" };
            cells[8] = format!("{note}; {cases}");
        }
        Some(cells)
    };
    groups.into_iter().filter_map(told).collect()
}

/// Columns two spaces apart, those of numbers flush right.
fn aligned(header: &[&str], rows: &[Vec<String>], number: impl Fn(usize) -> bool) -> String {
    let header: Vec<String> = header.iter().map(|h| (*h).to_owned()).collect();
    let lines = || std::iter::once(&header).chain(rows);
    let width = |c: usize| lines().filter_map(|line| line.get(c)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let mut text = String::new();
    for line in lines() {
        let cells = line.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if number(column) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}
