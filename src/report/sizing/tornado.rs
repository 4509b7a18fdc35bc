//! What moves the NPC of the chosen design.

use crate::output::words::{percent, thousands};
use crate::report::axes::{Panel, round_range, ticks};
use crate::report::canvas::{Anchor, Canvas, SMALL, colour, draw, no_data, wrapped};
use crate::report::figure::Figure;
use crate::sizing::{SizingResult, Swing};

/// Most bars.
const BARS: usize = 10;

/// NPC with one input low and high.
pub(super) fn tornado(result: &SizingResult) -> Figure {
    let (file, title) = ("tornado.svg", "What moves the cost");
    let finite = |s: &&Swing| s.npc_usd.iter().chain(&s.lpsp).all(|x| x.is_finite());
    let swings: Vec<&Swing> = result.tornado.iter().filter(finite).take(BARS).collect();
    let Some(first) = swings.first() else {
        let why = "No input was varied.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    };
    let base = result.detail.rated.money.npc_usd.mean;
    let harm = swings.iter().max_by(|a, b| worst(a).total_cmp(&worst(b))).unwrap_or(first);
    let caption = format!(
        "NPC moves most with {}: {} USD at {} and {} USD at {}. LPSP of the last year suffers most from {}: up to {}.",
        first.input,
        thousands(first.npc_usd[0]),
        first.values[0],
        thousands(first.npc_usd[1]),
        first.values[1],
        harm.input,
        percent(worst(harm)),
    );
    let subtitle = format!(
        "NPC of the {} design, {} USD, with one input low or high. Right: LPSP of the last year then.",
        if result.chosen.is_some() { "chosen" } else { "nearest" },
        thousands(base)
    );
    let svg = draw(title, &subtitle, |canvas| fill(canvas, &swings, base, result.target.lpsp_max));
    Figure { file, title, caption, svg }
}

fn worst(swing: &Swing) -> f64 {
    swing.lpsp[0].max(swing.lpsp[1])
}

fn fill(canvas: &mut Canvas<'_>, swings: &[&Swing], base: f64, target: f64) {
    let of = || swings.iter().flat_map(|s| s.npc_usd).chain([base]);
    let (low, high) = (of().fold(f64::INFINITY, f64::min), of().fold(f64::NEG_INFINITY, f64::max));
    let x = round_range(low, high, 1.0);
    // Room for the values at both ends of the longest bars.
    let room = 0.24 * (x[1] - x[0]);
    let panel = Panel { place: [214.0, 112.0, 790.0, 470.0], x: [x[0] - room, x[1] + room], y: [0.0, 1.0] };
    let [_, top, _, bottom] = panel.place;
    for tick in ticks(x, 6) {
        let x = panel.px(tick);
        canvas.line((x, top), (x, bottom), colour::GRID, 1.0);
        canvas.text(x, bottom + 16.0, SMALL, Anchor::Middle, colour::INK, &thousands(tick));
    }
    let pitch = (bottom - top) / swings.len().max(5) as f64;
    let half = (0.3 * pitch).min(16.0);
    let middle = panel.px(base);
    for (k, s) in swings.iter().enumerate() {
        let y = top + pitch * (k as f64 + 0.5);
        name(canvas, y, &s.input);
        for (end, tint) in [(0, colour::BLUE), (1, colour::ORANGE)] {
            let x = panel.px(s.npc_usd[end]);
            canvas.rect(middle.min(x), y - half, middle.max(x), y + half, tint, 1.0);
        }
        // Both ends on one side: the outer value is written outside, the inner one beside the base line.
        let sides = s.npc_usd.map(|v| v >= base);
        let still = s.npc_usd.iter().all(|v| (panel.px(*v) - middle).abs() < 1.0);
        for end in [0, 1] {
            let inner = sides[0] == sides[1] && (s.npc_usd[end] - base).abs() < (s.npc_usd[1 - end] - base).abs();
            let right = still || sides[end] != inner;
            let x = if inner { middle } else { panel.px(s.npc_usd[end]) };
            let (x, anchor) = if right { (x + 6.0, Anchor::Start) } else { (x - 6.0, Anchor::End) };
            // Where nothing moves both values stand on one side, one above the other.
            let dy = if still { [-8.5, 8.5][end] } else { 0.0 };
            canvas.text(x, y + dy, SMALL, anchor, colour::INK, &s.values[end]);
        }
        for (end, x) in [(0, 862.0), (1, 942.0)] {
            let tint = if s.lpsp[end] > target { colour::VERMILION } else { colour::INK };
            canvas.text(x, y, SMALL, Anchor::End, tint, &percent(s.lpsp[end]));
        }
    }
    canvas.line((middle, top), (middle, bottom), colour::INK, 1.5);
    let x = (panel.place[0] + panel.place[2]) / 2.0;
    canvas.text(x, bottom + 42.0, SMALL + 1.0, Anchor::Middle, colour::INK, "net present cost, USD");
    for (x, text, tint) in [(862.0, "low", colour::BLUE), (942.0, "high", colour::ORANGE)] {
        canvas.bold(x, 96.0, SMALL, Anchor::End, tint, text);
    }
    canvas.text(902.0, bottom + 16.0, SMALL, Anchor::Middle, colour::SOFT, "LPSP, red:");
    canvas.text(902.0, bottom + 36.0, SMALL, Anchor::Middle, colour::SOFT, "above target");
}

/// The input on one line or two.
fn name(canvas: &mut Canvas<'_>, y: f64, text: &str) {
    let lines = wrapped(text, 178.0);
    let first = y - 9.5 * (lines.len() as f64 - 1.0);
    for (k, line) in lines.iter().enumerate() {
        canvas.text(206.0, first + 19.0 * k as f64, SMALL, Anchor::End, colour::INK, line);
    }
}
