//! Parts of the NPC of the chosen design and of the options.

use crate::output::sizing::{option, parts};
use crate::output::words::{percent, thousands};
use crate::report::axes::{Panel, round_range, ticks};
use crate::report::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data};
use crate::report::figure::Figure;
use crate::sizing::{OptionKind, Rated, SizingResult};

/// Words and colours of the parts, in the order of [`parts`].
const LOOKS: [(&str, Colour); 12] = [
    ("modules", colour::BLUE),
    ("tests", colour::SKY),
    ("repacking", Colour(185, 220, 242)),
    ("array", colour::YELLOW),
    ("inverter", colour::ORANGE),
    ("genset", Colour(140, 90, 0)),
    ("installation", Colour(200, 200, 200)),
    ("upkeep", Colour(150, 215, 190)),
    ("fuel", colour::VERMILION),
    ("grid energy", colour::PURPLE),
    ("renewal", colour::GREEN),
    ("salvage", Colour(80, 80, 80)),
];

struct Bar<'a> {
    name: String,
    rated: &'a Rated,
}

/// The chosen design first, then the options; one that is the chosen design shares its bar.
fn bars(result: &SizingResult) -> Vec<Bar<'_>> {
    let rated = &result.detail.rated;
    let head = if result.chosen.is_some() { "chosen" } else { "nearest" };
    let mut bars = vec![Bar { name: head.into(), rated }];
    for o in &result.options {
        match &o.best {
            Some(best) if best.design == rated.design && used(o.kind) && best.money == rated.money => {
                bars[0].name = format!("{head}: {}", option(o.kind));
            }
            Some(best) => bars.push(Bar { name: option(o.kind).into(), rated: best }),
            None => {}
        }
    }
    bars
}

fn used(kind: OptionKind) -> bool {
    matches!(kind, OptionKind::UsedReplaced | OptionKind::UsedAugmented)
}

/// Stacked parts of net present costs.
pub(super) fn costs(result: &SizingResult) -> Figure {
    let (file, title) = ("costs.svg", "What it costs over the years of service");
    let bars = bars(result);
    let npc = |b: &Bar<'_>| b.rated.money.npc_usd.mean;
    if !bars.iter().any(|b| npc(b).abs() > 0.0) {
        let why = "No cost was counted.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let first = &bars[0];
    let split = parts(&first.rated.money.split);
    let most = (0..split.len()).max_by(|a, b| split[*a].1.total_cmp(&split[*b].1)).unwrap_or(0);
    let mut caption = format!(
        "The {} design costs {} USD over {} years (P10 {}, P90 {}), the largest part: {} ({}).",
        if result.chosen.is_some() { "chosen" } else { "nearest" },
        thousands(npc(first)),
        result.target.service_years,
        thousands(first.rated.money.npc_usd.p10),
        thousands(first.rated.money.npc_usd.p90),
        LOOKS[most].0,
        percent(split[most].1 / npc(first)),
    );
    let new = result.options.iter().find(|o| o.kind == OptionKind::New).and_then(|o| o.best.as_ref());
    if let Some(new) = new.filter(|n| n.money.npc_usd.mean > 0.0) {
        caption.push_str(&format!(" New modules that do the same cost {} USD.", thousands(new.money.npc_usd.mean)));
    }
    let none = result.options.iter().filter(|o| o.best.is_none()).count();
    if none > 0 {
        caption.push_str(&format!(" For {none} of {} options no size meets the target.", result.options.len()));
    }
    let subtitle = "Net present cost, mean over paths, each option at its own best size. Income is left of zero.";
    let svg = draw(title, subtitle, |canvas| fill(canvas, &bars));
    Figure { file, title, caption, svg }
}

fn fill(canvas: &mut Canvas<'_>, bars: &[Bar<'_>]) {
    let sums = |b: &Bar<'_>, sign: f64| parts(&b.rated.money.split).iter().map(|p| (sign * p.1).max(0.0)).sum::<f64>();
    let high = bars.iter().map(|b| sums(b, 1.0).max(b.rated.money.npc_usd.p90)).fold(0.0, f64::max);
    let low = bars.iter().map(|b| sums(b, -1.0)).fold(0.0, f64::max);
    let panel =
        Panel { place: [216.0, 104.0, 840.0, 384.0], x: [-1.05 * low, round_range(0.0, high, 1.0)[1]], y: [0.0, 1.0] };
    let [_, top, _, bottom] = panel.place;
    for tick in ticks(panel.x, 7) {
        let x = panel.px(tick);
        canvas.line((x, top), (x, bottom), colour::GRID, 1.0);
        canvas.text(x, bottom + 15.0, SMALL, Anchor::Middle, colour::INK, &thousands(tick));
    }
    let pitch = (bottom - top) / bars.len().max(3) as f64;
    let half = (0.34 * pitch).min(24.0);
    for (k, bar) in bars.iter().enumerate() {
        let y = top + pitch * (k as f64 + 0.5);
        let ends = [-1.0, 1.0].map(|sign| {
            let mut at = 0.0;
            for ((_, usd), (_, tint)) in parts(&bar.rated.money.split).into_iter().zip(LOOKS) {
                if sign * usd > 0.0 {
                    let (a, b) = (panel.px(at), panel.px(at + usd));
                    canvas.rect(a.min(b), y - half, a.max(b), y + half, tint, 1.0);
                    at += usd;
                }
            }
            at
        });
        match bar.name.split_once(": ") {
            Some((head, rest)) => {
                canvas.bold(206.0, y - 10.0, SMALL, Anchor::End, colour::INK, head);
                canvas.text(206.0, y + 10.0, SMALL, Anchor::End, colour::INK, rest);
            }
            None if k == 0 => canvas.bold(206.0, y, SMALL, Anchor::End, colour::INK, &bar.name),
            None => canvas.text(206.0, y, SMALL, Anchor::End, colour::INK, &bar.name),
        }
        let npc = &bar.rated.money.npc_usd;
        let (low, high) = (panel.px(npc.p10), panel.px(npc.p90));
        canvas.line((low, y), (high, y), colour::INK, 2.0);
        [low, high].iter().for_each(|x| canvas.line((*x, y - 7.0), (*x, y + 7.0), colour::INK, 2.0));
        let x = panel.px(ends[1]).max(high) + 8.0;
        canvas.bold(x, y, SMALL, Anchor::Start, colour::INK, &thousands(npc.mean));
    }
    let zero = panel.px(0.0);
    canvas.line((zero, top), (zero, bottom), colour::INK, 1.25);
    canvas.text(
        (216.0 + 840.0) / 2.0,
        bottom + 40.0,
        SMALL + 1.0,
        Anchor::Middle,
        colour::INK,
        "USD; whisker: P10 to P90 of the NPC",
    );
    legend(canvas, bars);
}

fn legend(canvas: &mut Canvas<'_>, bars: &[Bar<'_>]) {
    let shown = |k: usize| bars.iter().any(|b| parts(&b.rated.money.split)[k].1 != 0.0);
    for (place, (text, tint)) in (0..12).filter(|k| shown(*k)).map(|k| LOOKS[k]).enumerate() {
        let (x, y) = (88.0 + 142.0 * (place % 6) as f64, 460.0 + 30.0 * (place / 6) as f64);
        canvas.rect(x, y - 9.0, x + 20.0, y + 9.0, tint, 1.0);
        canvas.text(x + 28.0, y, SMALL, Anchor::Start, colour::INK, text);
    }
}
