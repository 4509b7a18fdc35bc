//! Time of the battery in classes of SoC and temperature.

use super::map::mix;
use crate::output::words::percent;
use crate::report::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data};
use crate::report::figure::Figure;
use crate::site::{DWELL_SOC, DWELL_TEMPERATURE_C};
use crate::sizing::SizingResult;

const CLASSES: usize = DWELL_TEMPERATURE_C.len();
/// Left, top, right, bottom of the map \[px\].
const PLACE: [f64; 4] = [96.0, 128.0, 800.0, 448.0];

type Shares = [[f64; DWELL_SOC]; CLASSES];

/// Share of time by temperature, then SoC; none without time.
fn shares(result: &SizingResult) -> Option<Shares> {
    let mut shares = [[0.0; DWELL_SOC]; CLASSES];
    let mut all = 0.0;
    for hours in result.detail.paths.iter().flat_map(|p| &p.years).map(|y| &y.dwell.hours) {
        for (sum, hours) in shares.iter_mut().flatten().zip(hours.iter().flatten()) {
            *sum += hours;
            all += hours;
        }
    }
    shares.iter_mut().flatten().for_each(|s| *s /= all);
    (all > 0.0).then_some(shares)
}

/// SoC against temperature, as shares of time.
pub(super) fn dwell(result: &SizingResult) -> Figure {
    let (file, title) = ("dwell.svg", "Where the battery spends its time");
    let Some(shares) = shares(result) else {
        let why = "No path was simulated.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    };
    let hot: f64 = shares[8..].iter().flatten().sum();
    let full: f64 = shares.iter().map(|row| row[8..].iter().sum::<f64>()).sum();
    let both: f64 = shares[8..].iter().map(|row| row[8..].iter().sum::<f64>()).sum();
    let frost: f64 = shares[..2].iter().flatten().sum();
    let caption = format!(
        "{} of the time the battery is at or above 30 degC, {} above 80 % SoC and {} both, which ages it most while it \
         rests; {} of the time is below 0 degC.",
        percent(hot),
        percent(full),
        percent(both),
        percent(frost)
    );
    let subtitle = format!("Share of time, all years of service, n = {} paths.", result.detail.paths.len());
    let svg = draw(title, &subtitle, |canvas| fill(canvas, &shares));
    Figure { file, title, caption, svg }
}

/// White to deep blue; the root brings out the small shares.
fn tint(share: f64, most: f64) -> Colour {
    mix(Colour(247, 250, 253), Colour(0, 70, 125), (share / most).max(0.0).sqrt())
}

fn fill(canvas: &mut Canvas<'_>, shares: &Shares) {
    let [left, top, right, bottom] = PLACE;
    let (wide, high) = ((right - left) / CLASSES as f64, (bottom - top) / DWELL_SOC as f64);
    let most = shares.iter().flatten().copied().fold(1e-12, f64::max);
    for (t, row) in shares.iter().enumerate() {
        for (s, share) in row.iter().enumerate() {
            let (x, y) = (left + wide * t as f64, bottom - high * s as f64);
            canvas.rect(x + 0.5, y - high + 0.5, x + wide - 0.5, y - 0.5, tint(*share, most), 1.0);
            if *share >= 0.005 {
                let ink = if share / most > 0.3 { colour::WHITE } else { colour::INK };
                let text = format!("{:.0}", 100.0 * share);
                canvas.text(x + wide / 2.0, y - high / 2.0, SMALL, Anchor::Middle, ink, &text);
            }
        }
        let sum: f64 = row.iter().sum();
        canvas.text(left + wide * (t as f64 + 0.5), top - 14.0, SMALL, Anchor::Middle, colour::SOFT, &whole(sum));
        if t > 0 {
            let (x, edge) = (left + wide * t as f64, DWELL_TEMPERATURE_C[t]);
            canvas.text(x, bottom + 16.0, SMALL, Anchor::Middle, colour::INK, &format!("{edge:.0}"));
        }
    }
    for s in 0..=DWELL_SOC {
        if s % 2 == 0 {
            let text = format!("{} %", 100 * s / DWELL_SOC);
            canvas.text(left - 9.0, bottom - high * s as f64, SMALL, Anchor::End, colour::INK, &text);
        }
    }
    for s in 0..DWELL_SOC {
        let sum: f64 = shares.iter().map(|row| row[s]).sum();
        let y = bottom - high * (s as f64 + 0.5);
        canvas.text(right + 12.0, y, SMALL, Anchor::Start, colour::SOFT, &whole(sum));
    }
    canvas.text(28.0, 100.0, SMALL, Anchor::Start, colour::INK, "SoC");
    let name = "battery temperature, degC (the outermost classes are open)";
    canvas.text((left + right) / 2.0, bottom + 44.0, SMALL + 1.0, Anchor::Middle, colour::INK, name);
    canvas.text(right + 12.0, bottom + 16.0, SMALL, Anchor::Start, colour::SOFT, "sums in grey");
    for k in 0..60 {
        let y = bottom - (bottom - top) * (k as f64 + 1.0) / 60.0;
        let (next, share) = (y + (bottom - top) / 60.0 + 1.0, most * (k as f64 + 0.5) / 60.0);
        canvas.rect(868.0, y, 884.0, next, tint(share, most), 1.0);
    }
    canvas.text(892.0, bottom - 8.0, SMALL, Anchor::Start, colour::INK, "0 %");
    canvas.text(892.0, top + 8.0, SMALL, Anchor::Start, colour::INK, &percent(most));
}

fn whole(share: f64) -> String {
    if share > 0.0 && share < 0.005 { "<1 %".into() } else { format!("{:.0} %", 100.0 * share) }
}
