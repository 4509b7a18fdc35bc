//! How long the second life lasts, by the cause of its end.

use super::axes::{Panel, plain_tick, round_range};
use super::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data};
use super::figure::Figure;
use crate::life::outcome::EndCause;
use crate::output::words::{percent, thousands};
use crate::output::{Quantiles, Tables, quantile};

/// Most bars.
const BARS: f64 = 32.0;

fn look(cause: EndCause) -> (&'static str, Colour) {
    match cause {
        EndCause::Soh => ("weakest module's SoH", colour::BLUE),
        EndCause::Resistance => ("resistance", colour::PURPLE),
        EndCause::Energy => ("too much unserved", colour::ORANGE),
        EndCause::Power => ("power not carried", colour::VERMILION),
        EndCause::Horizon => ("running at the horizon", colour::GREY),
    }
}

/// Ends by year, and systems by cause.
struct Histogram {
    width: f64,
    /// Counts `[bar][cause]`.
    bars: Vec<[u64; 5]>,
    causes: [u64; 5],
    n: u64,
    years: Quantiles,
}

fn histogram(tables: &Tables) -> Option<Histogram> {
    let systems = &tables.systems;
    let ends: Vec<(f64, usize)> = (systems.real("years").iter().zip(systems.text("end_cause")))
        .filter_map(|(years, cause)| {
            let cause = EndCause::ALL.iter().position(|c| cause.as_deref() == Some(c.name()))?;
            Some(((*years)?.max(0.0), cause))
        })
        .collect();
    let mut sorted: Vec<f64> = ends.iter().map(|e| e.0).collect();
    sorted.sort_by(f64::total_cmp);
    let years = Quantiles { p10: quantile(&sorted, 0.1)?, p50: quantile(&sorted, 0.5)?, p90: quantile(&sorted, 0.9)? };
    let longest = *sorted.last()?;
    let width = [0.25, 0.5, 1.0, 2.0, 5.0, 10.0].into_iter().find(|w| longest / w <= BARS).unwrap_or(longest / BARS);
    let mut bars = vec![[0; 5]; (longest / width).ceil().max(1.0) as usize];
    let mut causes = [0; 5];
    let last = bars.len() - 1;
    for (years, cause) in &ends {
        bars[((years / width) as usize).min(last)][*cause] += 1;
        causes[*cause] += 1;
    }
    Some(Histogram { width, bars, causes, n: ends.len() as u64, years })
}

/// Duration of the second life.
pub(crate) fn durations(tables: &Tables) -> Figure {
    let (file, title) = ("second_life.svg", "How long the second life lasts");
    let Some(h) = histogram(tables) else {
        let why = "No pack gave a stationary system.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    };
    let common = (0..5).max_by_key(|&k| (h.causes[k], 5 - k)).unwrap_or(0);
    let caption = format!(
        "Half of the systems serve at least {:.1} years, one in ten less than {:.1} and one in ten more than {:.1}; the \
         commonest end is `{}` ({}).",
        h.years.p50,
        h.years.p10,
        h.years.p90,
        look(EndCause::ALL[common]).0,
        percent(h.causes[common] as f64 / h.n as f64)
    );
    let subtitle = format!("n = {} systems, by the cause of their end.", thousands(h.n as f64));
    let svg = draw(title, &subtitle, |canvas| fill(canvas, &h));
    Figure { file, title, caption, svg }
}

fn fill(canvas: &mut Canvas<'_>, h: &Histogram) {
    let tallest = h.bars.iter().map(|b| b.iter().sum::<u64>()).max().unwrap_or(1) as f64;
    let panel = Panel {
        place: [88.0, 118.0, 660.0, 478.0],
        x: [0.0, h.bars.len() as f64 * h.width],
        y: round_range(0.0, tallest, 1.0),
    };
    let name = if h.width == 1.0 {
        "systems ended, per year".to_string()
    } else {
        format!("systems ended, per {} years", plain_tick(h.width))
    };
    let whole = |x: f64| if x.fract() == 0.0 { thousands(x) } else { String::new() };
    panel.y_axis(canvas, &name, Some(&whole));
    for (k, bar) in h.bars.iter().enumerate() {
        let (left, right) = (panel.px(k as f64 * h.width) + 1.0, panel.px((k + 1) as f64 * h.width) - 1.0);
        let mut below = 0;
        for (cause, count) in EndCause::ALL.iter().zip(bar) {
            if *count > 0 {
                let (bottom, top) = (panel.py(below as f64), panel.py((below + count) as f64));
                canvas.rect(left, top, right, bottom, look(*cause).1, 1.0);
                below += count;
            }
        }
    }
    panel.x_axis(canvas, "years of second life", &plain_tick);
    let [_, top, _, bottom] = panel.place;
    let x = panel.px(h.years.p50);
    canvas.line((x, top), (x, bottom), colour::INK, 2.5);
    legend(canvas, h);
}

fn legend(canvas: &mut Canvas<'_>, h: &Histogram) {
    let mut y = 140.0;
    let mut entry = |canvas: &mut Canvas<'_>, head: &str, below: &str| {
        canvas.text(708.0, y, SMALL + 1.0, Anchor::Start, colour::INK, head);
        canvas.text(708.0, y + 21.0, SMALL, Anchor::Start, colour::SOFT, below);
        y += 58.0;
        y - 58.0
    };
    for k in (0..5).rev().filter(|&k| h.causes[k] > 0) {
        let (text, colour) = look(EndCause::ALL[k]);
        let y = entry(canvas, text, &percent(h.causes[k] as f64 / h.n as f64));
        canvas.rect(682.0, y - 9.0, 700.0, y + 9.0, colour, 1.0);
    }
    let q = &h.years;
    let y = entry(canvas, &format!("median {:.1} years", q.p50), &format!("P10 to P90: {:.1} to {:.1}", q.p10, q.p90));
    canvas.line((691.0, y - 11.0), (691.0, y + 11.0), colour::INK, 2.5);
}
