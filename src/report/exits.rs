//! Age and SoH at the exit from the vehicle, by route.

use super::axes::{Panel, percent_tick, plain_tick, round_range};
use super::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data};
use super::figure::Figure;
use crate::life::outcome::ExitRoute;
use crate::output::words::{percent, plain, thousands};
use crate::output::{Tables, median};

/// Most points drawn.
const POINTS: usize = 2_000;

/// Packs of a route.
struct Cloud {
    route: ExitRoute,
    colour: Colour,
    /// Years and SoH.
    points: Vec<(f64, f64)>,
    /// Medians of years and SoH.
    median: (f64, f64),
}

fn colour_of(route: ExitRoute) -> Colour {
    match route {
        ExitRoute::WriteOff => colour::VERMILION,
        ExitRoute::Failure => colour::ORANGE,
        ExitRoute::Warranty => colour::GREEN,
        ExitRoute::EndOfLife => colour::BLUE,
        ExitRoute::Bought => colour::GREY,
    }
}

fn clouds(tables: &Tables) -> Vec<Cloud> {
    let packs = &tables.packs;
    let rows =
        || packs.text("exit_route").iter().zip(packs.real("first_life_years").iter().zip(packs.real("exit_soh_mean")));
    let mut clouds = Vec::new();
    for route in ExitRoute::ALL {
        let of_route = rows().filter(|(name, _)| name.as_deref() == Some(route.name()));
        let points: Vec<(f64, f64)> = of_route.filter_map(|(_, (years, soh))| years.zip(*soh)).collect();
        let (years, soh): (Vec<_>, Vec<_>) = points.iter().map(|p| (Some(p.0), Some(p.1))).unzip();
        if let Some(median) = median(&years).zip(median(&soh)) {
            clouds.push(Cloud { route, colour: colour_of(route), points, median });
        }
    }
    clouds.sort_by_key(|c| std::cmp::Reverse(c.points.len()));
    clouds
}

/// Age and SoH at the exit.
pub(crate) fn exits(tables: &Tables) -> Figure {
    let (file, title) = ("exits.svg", "When and how packs leave the vehicle");
    let clouds = clouds(tables);
    if matches!(&clouds[..], [only] if only.route == ExitRoute::Bought) {
        let why = "The modules were bought used: no vehicle was simulated.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let n: usize = clouds.iter().map(|c| c.points.len()).sum();
    let Some(largest) = clouds.first() else {
        let why = "No pack reached the end of its first life.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    };
    let caption = format!(
        "The commonest way out is {} ({} of packs): half of them leave by {:.1} years at a SoH of {} (median).",
        plain(largest.route.name()),
        percent(largest.points.len() as f64 / n as f64),
        largest.median.0,
        percent(largest.median.1)
    );
    let shown = if n > POINTS {
        format!(", {} of them drawn, evenly sampled", thousands(POINTS as f64))
    } else {
        String::new()
    };
    let subtitle = format!("n = {} packs{shown}. Ringed marks: median of a route.", thousands(n as f64));
    let svg = draw(title, &subtitle, |canvas| fill(canvas, &clouds, n));
    Figure { file, title, caption, svg }
}

fn fill(canvas: &mut Canvas<'_>, clouds: &[Cloud], n: usize) {
    let points = || clouds.iter().flat_map(|c| &c.points);
    let low = points().map(|p| p.1).fold(f64::INFINITY, f64::min);
    let high = points().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
    let years = points().map(|p| p.0).fold(1.0, f64::max);
    let panel = Panel { place: [88.0, 118.0, 692.0, 478.0], x: [0.0, years * 1.02], y: round_range(low, high, 0.05) };
    panel.y_axis(canvas, "SoH at the exit (mean of modules)", Some(&percent_tick));
    panel.x_axis(canvas, "years in the vehicle", &plain_tick);
    for cloud in clouds {
        // The same share of each route, so that the picture keeps their proportions.
        let keep = ((POINTS * cloud.points.len()) as f64 / n.max(POINTS) as f64).ceil() as usize;
        for k in 0..keep.min(cloud.points.len()) {
            let (x, y) = cloud.points[k * cloud.points.len() / keep];
            let (x, y) = panel.at(x, y);
            canvas.dot(x, y, 3.0, cloud.colour, 0.45);
        }
    }
    for (k, cloud) in clouds.iter().enumerate() {
        let (x, y) = panel.at(cloud.median.0, cloud.median.1);
        ringed(canvas, x, y, cloud.colour);
        let y = 150.0 + 84.0 * k as f64;
        ringed(canvas, 722.0, y, cloud.colour);
        let share = percent(cloud.points.len() as f64 / n as f64);
        let lines =
            [format!("{share} of packs"), format!("{:.1} years, SoH {}", cloud.median.0, percent(cloud.median.1))];
        canvas.bold(740.0, y, 17.0, Anchor::Start, colour::INK, &plain(cloud.route.name()));
        for (j, line) in lines.iter().enumerate() {
            canvas.text(740.0, y + 22.0 + 20.0 * j as f64, SMALL, Anchor::Start, colour::SOFT, line);
        }
    }
}

fn ringed(canvas: &mut Canvas<'_>, x: f64, y: f64, colour: Colour) {
    canvas.dot(x, y, 10.0, colour::INK, 1.0);
    canvas.dot(x, y, 8.25, colour::WHITE, 1.0);
    canvas.dot(x, y, 6.5, colour, 1.0);
}
