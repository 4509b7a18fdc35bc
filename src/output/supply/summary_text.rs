//! The summary as a short text.

use super::summary::{Asked, Summary};
use super::view::Estimate;
use crate::output::words::{number, or_dash, percent, thousands};
use crate::supply::SupplyResult;

type Lines = Vec<(&'static str, String)>;

/// Most drivers, published figures and warnings on a terminal; the page shows all.
const SHOWN: usize = 5;

/// What is said where no uncertainty is told.
pub(crate) const NO_DRAWS: &str = "central values only: no draws were made, so no uncertainty is told";

/// A central value with its P10 and P90 where there are draws.
pub(crate) fn estimate(e: &Estimate) -> String {
    match e.band {
        Some(q) => format!("{} ({} to {})", number(e.central), number(q.p10), number(q.p90)),
        None => number(e.central),
    }
}

/// One number, or from the least to the most.
pub(crate) fn span([low, high]: [f64; 2]) -> String {
    if low == high { number(low) } else { format!("{} to {}", number(low), number(high)) }
}

/// The answer in two or three sentences.
pub(super) fn headline(asked: &Asked, result: &SupplyResult) -> String {
    let Some(supply) = &asked.supply_gwh else {
        return format!("The year {} that is asked about is not one of the projection.", asked.year);
    };
    let band = match supply.band {
        Some(q) => format!("P10 {}, P90 {}", number(q.p10), number(q.p90)),
        None => NO_DRAWS.to_string(),
    };
    let mut text = format!("Second-life supply in {} is {} GWh/year ({band}).", asked.year, number(supply.central));
    let Some(wanted) = asked.wanted_gwh else {
        return text;
    };
    let wanted = number(wanted);
    match asked.met_share {
        Some(share) if result.draws > 0 => {
            let reached = (share * f64::from(result.draws)).round();
            text.push_str(&format!(
                " {wanted} GWh/year or more are reached in {} of {} draws ({}).",
                thousands(reached),
                thousands(f64::from(result.draws)),
                percent(share)
            ));
        }
        _ => text.push_str(&format!(" Wanted are {wanted} GWh/year.")),
    }
    // The likeliest parameter that does it alone, and all together, which stand first and last.
    let alone = result.must.iter().find(|m| m.met && m.is_alone());
    let together = result.must.last().filter(|m| !m.is_alone());
    let words: Vec<String> = alone.into_iter().chain(together).map(|m| sentence(&m.words)).collect();
    if !words.is_empty() {
        text.push_str(&format!(" What must be true: {}", words.join(" ")));
    }
    text
}

/// The first answers, which are the likeliest, and the last two, which move several parameters at once.
pub(crate) fn leading<T>(answers: &[T]) -> impl Iterator<Item = &T> {
    let last = answers.len().saturating_sub(2);
    answers.iter().enumerate().filter(move |(k, _)| k + 2 < SHOWN || *k >= last).map(|(_, answer)| answer)
}

/// With a full stop at its end.
fn sentence(words: &str) -> String {
    let words = words.trim_end();
    if words.ends_with(['.', '!', '?']) { words.to_owned() } else { format!("{words}.") }
}

impl Summary {
    /// A text for a terminal, the headline first.
    pub fn text(&self) -> String {
        let mut lines: Lines = vec![("found", self.headline.clone())];
        lines.push((
            "projection",
            format!(
                "{} to {}, {}, {}; {}",
                self.span[0],
                self.span[1],
                several(self.regions.len(), "region", "regions"),
                several(self.chemistries.len(), "chemistry", "chemistries"),
                match self.draws {
                    0 => NO_DRAWS.to_string(),
                    n => format!("{} draws, values are central with P10 to P90", thousands(f64::from(n))),
                }
            ),
        ));
        lines.extend(self.year_lines());
        lines.extend(titled("must be true", leading(&self.must).cloned()));
        lines.extend(titled("drivers", self.driver_lines()));
        lines.extend(titled("published", self.published_lines()));
        if self.compliance[1] > 0 {
            lines.push((
                "targets",
                format!("{} of {} demands of a year are met", self.compliance[0], self.compliance[1]),
            ));
        }
        lines.extend(self.money_line());
        lines.push(("balance", format!("largest error {}", or_dash(self.balance_error, |e| format!("{e:.1e}")))));
        let more = self.warnings.len().saturating_sub(SHOWN);
        let more = (more > 0).then(|| format!("and {more} more on the page"));
        lines.extend(titled("note", self.warnings.iter().take(SHOWN).cloned().chain(more)));
        lines.iter().map(|(name, text)| format!("{name:<12} {text}").trim_end().to_owned() + "\n").collect()
    }

    /// Money and emissions of the year asked about.
    fn money_line(&self) -> Option<(&'static str, String)> {
        let y = self.years.iter().find(|y| y.year == self.asked.year)?;
        let text = format!(
            "{}: recycling sells for {} and costs {}, the second life sells for {} and costs {} million USD; they save {} \
             and {} kt CO2e and cause {} and {}",
            y.year,
            estimate(&y.recycling_revenue_musd),
            number(y.recycling_cost_musd.central),
            estimate(&y.second_life_revenue_musd),
            number(y.second_life_cost_musd.central),
            number(y.recycling_credit_kt.central),
            number(y.second_life_credit_kt.central),
            number(y.recycling_co2_kt.central),
            number(y.second_life_co2_kt.central)
        );
        Some(("money, CO2", text))
    }

    /// The table of years, for each quantity a line of central values and one of their band.
    fn year_lines(&self) -> Lines {
        if self.years.is_empty() {
            return Lines::new();
        }
        let row = |name: &str, cell: &dyn Fn(&super::YearLine) -> String| -> Vec<String> {
            std::iter::once(name.to_string()).chain(self.years.iter().map(cell)).collect()
        };
        let mut rows = vec![row("", &|y| y.year.to_string())];
        for (name, get) in super::YearLine::QUANTITIES {
            rows.push(row(name, &|y| number(get(y).central)));
            if self.draws > 0 {
                rows.push(row("  P10–P90", &|y| {
                    or_dash(get(y).band, |b| format!("{}–{}", number(b.p10), number(b.p90)))
                }));
            }
        }
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..=self.years.len()).map(width).collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).enumerate();
            let cells = cells.map(|(k, (c, w))| if k == 0 { format!("{c:<w$}") } else { format!("{c:>w$}") });
            cells.collect::<Vec<_>>().join("  ")
        };
        titled("by year", rows.iter().map(line)).collect()
    }

    fn driver_lines(&self) -> Vec<String> {
        let of = if self.shares_of_logarithm { "of the logarithm's variance" } else { "of the variance" };
        let line = |d: &super::DriverLine| {
            let share = match (d.first_order, d.total) {
                (Some(first), Some(total)) => {
                    format!("{} {of} alone, {} with others; ", share_of(first), share_of(total))
                }
                _ => String::new(),
            };
            let rank = d.rank_correlation.map_or(String::new(), |x| format!("rank correlation {x:.2}; "));
            format!(
                "{}: {share}{rank}{} to {} GWh/year from its P10 to its P90",
                d.words,
                number(d.one_at_a_time_gwh[0]),
                number(d.one_at_a_time_gwh[1])
            )
        };
        self.drivers.iter().take(SHOWN).map(line).collect()
    }

    /// Figures of the year that is asked about first.
    fn published_lines(&self) -> Vec<String> {
        let mut near: Vec<&super::Published> = self.published.iter().collect();
        near.sort_by_key(|p| (p.year - self.asked.year).abs());
        let line = |p: &&super::Published| {
            format!(
                "{}, {} {}: {} {} GWh; ours {}",
                p.study,
                p.region,
                p.year,
                p.what,
                span(p.theirs_gwh),
                estimate(&p.ours_gwh)
            )
        };
        near.iter().take(SHOWN).map(line).collect()
    }
}

/// A share of the variance with its standard error.
pub(crate) fn share_of([share, error]: [f64; 2]) -> String {
    format!("{:.0} ± {:.0} %", 100.0 * share, 100.0 * error)
}

/// Lines of which only the first has a name.
fn titled(name: &'static str, lines: impl IntoIterator<Item = String>) -> impl Iterator<Item = (&'static str, String)> {
    lines.into_iter().enumerate().map(move |(k, line)| (if k == 0 { name } else { "" }, line))
}

fn several(n: usize, one: &str, more: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { more })
}
