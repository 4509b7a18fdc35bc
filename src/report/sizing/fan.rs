//! SoH and resistance over the service life.

use crate::life::outcome::Reading;
use crate::output::sizing::quantiles;
use crate::output::words::{number, percent};
use crate::report::axes::{self, Panel, percent_tick, plain_tick, round_range};
use crate::report::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data};
use crate::report::figure::Figure;
use crate::sizing::{PathLife, Quantiles, SizingResult};

/// A quantity month by month.
fn months(paths: &[PathLife], get: fn(&Reading) -> f64) -> Vec<Quantiles> {
    let most = paths.iter().map(|p| p.monthly.len()).max().unwrap_or(0);
    (0..most).filter_map(|m| quantiles(paths.iter().filter_map(|p| p.monthly.get(m)).map(get))).collect()
}

/// SoH and resistance as fans.
pub(super) fn fan(result: &SizingResult) -> Figure {
    let (file, title) = ("soh.svg", "State of health and resistance in service");
    let paths = &result.detail.paths;
    let soh = months(paths, |r| f64::from(r.soh));
    let resistance = months(paths, |r| f64::from(r.resistance));
    let (Some(start), Some(end), Some(late)) = (soh.first(), soh.last(), resistance.last()) else {
        let why = "No path was simulated.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    };
    let renewed = paths.iter().filter(|p| !p.replaced.is_empty()).count();
    let caption = format!(
        "The weakest module starts at a SoH of {} (median) and is at {} after {} years (P10 {}, P90 {}); the mean \
         resistance is then {} times new. {}",
        percent(start.p50),
        percent(end.p50),
        number((soh.len() - 1) as f64 / 12.0),
        percent(end.p10),
        percent(end.p90),
        number(late.p50),
        match renewed {
            0 => "No battery was replaced.".to_string(),
            n => format!("On {n} of {} paths the battery was replaced, which lifts the band.", paths.len()),
        }
    );
    let subtitle = format!("n = {} paths. Band: P10 to P90; line: median.", paths.len());
    let svg = draw(title, &subtitle, |canvas| {
        let left = (&soh[..], "SoH of the weakest module", percent_tick as fn(f64) -> String, colour::BLUE);
        let right = (&resistance[..], "mean resistance over new", plain_tick as fn(f64) -> String, colour::VERMILION);
        for ((band, name, tick, tint), x) in [left, right].into_iter().zip([[88.0, 462.0], [556.0, 932.0]]) {
            fill(canvas, band, name, tick, tint, x);
        }
    });
    Figure { file, title, caption, svg }
}

fn fill(canvas: &mut Canvas<'_>, band: &[Quantiles], name: &str, tick: fn(f64) -> String, tint: Colour, x: [f64; 2]) {
    let low = band.iter().map(|q| q.p10).fold(f64::INFINITY, f64::min);
    let high = band.iter().map(|q| q.p90).fold(f64::NEG_INFINITY, f64::max);
    let years = ((band.len() - 1) as f64 / 12.0).max(1.0);
    let panel = Panel { place: [x[0], 142.0, x[1], 478.0], x: [0.0, years], y: round_range(low, high, 0.05) };
    panel.y_axis(canvas, "", Some(&tick));
    canvas.text(x[0], 108.0, SMALL + 1.0, Anchor::Start, colour::INK, name);
    panel.x_axis(canvas, "years of service", &plain_tick);
    let line = |get: fn(&Quantiles) -> f64| -> Vec<(f64, f64)> {
        band.iter().enumerate().map(|(m, q)| panel.at(m as f64 / 12.0, get(q))).collect()
    };
    axes::fan(canvas, &line(|q| q.p10), &line(|q| q.p50), &line(|q| q.p90), tint);
}
