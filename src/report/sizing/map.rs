//! Array against battery: LPSP of the last year in classes, NPC as lines. Where only one array was searched the inverter
//! stands in its place.

use super::contour::Field;
use super::labels::{Area, Labels, plate};
use crate::output::sizing::{Basis, rating, renewal, whole_percent};
use crate::output::words::{number, percent, thousands};
use crate::report::axes::{Panel, plain_tick, ticks};
use crate::report::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data};
use crate::report::figure::Figure;
use crate::sizing::{Design, Method, Rated, SizingResult};

/// Borders of the classes of LPSP, beside the target.
const BORDERS: [f64; 6] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3];
/// LPSP below which all is the same on the map.
const LEAST: f64 = 1e-5;
/// Shares of a line at which its label may stand.
const LABEL_AT: [f64; 9] = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.12, 0.88];

/// What stands on the vertical axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Upright {
    Array,
    Inverter,
}

impl Upright {
    fn of(self, design: &Design) -> f64 {
        match self {
            Upright::Array => design.pv_kw,
            Upright::Inverter => design.inverter_kw,
        }
    }

    fn other(self) -> Self {
        match self {
            Upright::Array => Upright::Inverter,
            Upright::Inverter => Upright::Array,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Upright::Array => "array",
            Upright::Inverter => "inverter",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Upright::Array => "kW peak",
            Upright::Inverter => "kW",
        }
    }
}

/// Designs that differ from the detailed one in the size on the vertical axis and in strings alone.
struct Map<'a> {
    upright: Upright,
    designs: Vec<&'a Rated>,
    here: &'a Rated,
    /// Of a module; modules are counted where it is not known.
    basis: Option<Basis>,
    target: f64,
}

impl<'a> Map<'a> {
    fn of(result: &'a SizingResult) -> Map<'a> {
        let here = &result.detail.rated;
        let with = &here.design;
        let varies = |axis: Upright| result.designs.iter().any(|d| axis.of(&d.design) != axis.of(with));
        let array = varies(Upright::Array) || (with.pv_kw > 0.0 && !varies(Upright::Inverter));
        let upright = if array { Upright::Array } else { Upright::Inverter };
        let held = upright.other();
        let mut designs: Vec<&Rated> = (result.designs.iter())
            .filter(|d| {
                let d = &d.design;
                d.grade == with.grade
                    && held.of(d) == held.of(with)
                    && d.genset_kw == with.genset_kw
                    && d.renewal == with.renewal
            })
            .collect();
        // Those simulated last, so that they win over their own screening.
        designs.sort_by_key(|d| d.method != Method::Screened);
        Map { upright, designs, here, basis: Basis::of(&result.detail), target: result.target.lpsp_max }
    }

    /// Size of a battery on the horizontal axis.
    fn size(&self, rated: &Rated) -> f64 {
        f64::from(rated.design.modules) * self.basis.map_or(1.0, |b| b.nameplate_kwh)
    }

    /// Where a design stands on the vertical axis.
    fn height(&self, rated: &Rated) -> f64 {
        self.upright.of(&rated.design)
    }

    /// A quantity at the points of the grid.
    fn field(&self, of: impl Fn(&Rated) -> f64) -> Field {
        let x = sorted(self.designs.iter().map(|d| self.size(d)));
        let y = sorted(self.designs.iter().map(|d| self.height(d)));
        let mut z = vec![None; x.len() * y.len()];
        for d in &self.designs {
            let at = (x.iter().position(|x| *x == self.size(d)), y.iter().position(|y| *y == self.height(d)));
            if let (Some(i), Some(j)) = at {
                z[j * x.len() + i] = Some(of(d)).filter(|z| z.is_finite());
            }
        }
        Field { x, y, z }
    }

    /// Borders of the classes with the target among them, from nothing to all.
    fn borders(&self) -> Vec<f64> {
        let mut borders: Vec<f64> =
            BORDERS.into_iter().filter(|b| (b / self.target).ln().abs() > 0.25).chain([self.target]).collect();
        borders.retain(|b| *b > LEAST && *b < 1.0);
        borders.sort_by(f64::total_cmp);
        borders
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.filter(|x| x.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    sorted
}

fn log(lpsp: f64) -> f64 {
    lpsp.clamp(LEAST, 1.0).log10()
}

/// A colour between two.
pub(super) fn mix(a: Colour, b: Colour, share: f64) -> Colour {
    let of = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
    Colour(of(a.0, b.0), of(a.1, b.1), of(a.2, b.2))
}

/// Blue where the target is met, deeper with distance; orange where it is not.
fn colour_of(class: usize, borders: &[f64], target: f64) -> Colour {
    let meets = borders.iter().filter(|b| **b <= target * (1.0 + 1e-9)).count();
    let misses = borders.len() + 1 - meets;
    if class < meets {
        mix(Colour(45, 125, 190), Colour(214, 231, 244), (class as f64 + 0.5) / meets as f64)
    } else {
        mix(Colour(253, 226, 190), Colour(204, 92, 10), ((class - meets) as f64 + 0.5) / misses as f64)
    }
}

/// LPSP and NPC over array and battery.
pub(super) fn map(result: &SizingResult) -> Figure {
    let map = Map::of(result);
    let file = "map.svg";
    let title = match map.upright {
        Upright::Array => "How much array, how much battery",
        Upright::Inverter => "How much inverter, how much battery",
    };
    if map.designs.is_empty() {
        let why = "No other design has the same inverter and class.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let screened = map.designs.iter().filter(|d| d.method == Method::Screened).count();
    let n = [map.designs.len() - screened, screened];
    let meets = map.designs.iter().filter(|d| d.meets).count();
    let here = &map.here;
    let what =
        if result.chosen.is_some() { "The chosen design" } else { "The nearest design, which misses the target," };
    let caption = format!(
        "{what} has {} kW of {} and {}; its LPSP in the last year is {} at the wanted confidence, for {} USD. {meets} \
         of the {} designs shown meet {}. Between the points all is interpolated.",
        rating(map.height(here)),
        map.upright.name(),
        size_words(&map, here),
        percent(here.lpsp_at_confidence),
        thousands(here.money.npc_usd.mean),
        map.designs.len(),
        whole_percent(map.target),
    );
    let class = result.grades.get(here.design.grade).map_or(String::new(), |g| format!(", class {}", g.name));
    let genset = if here.design.genset_kw > 0.0 {
        format!(", genset {} kW", rating(here.design.genset_kw))
    } else {
        String::new()
    };
    let held = map.upright.other().name();
    let subtitle = format!(
        "n = {} designs, {} simulated. {}{} {} kW{genset}{class}, {}.",
        n[0] + n[1],
        n[0],
        held[..1].to_uppercase(),
        &held[1..],
        rating(map.upright.other().of(&here.design)),
        renewal(here.design.renewal)
    );
    let svg = draw(title, &subtitle, |canvas| {
        fill(canvas, &map, result.chosen.is_some());
    });
    Figure { file, title, caption, svg }
}

fn size_words(map: &Map<'_>, rated: &Rated) -> String {
    match map.basis {
        Some(b) => format!(
            "{} kWh on the name plates ({} usable at the start)",
            number(map.size(rated)),
            number(f64::from(rated.design.modules) * b.usable_kwh)
        ),
        None => format!("{} modules", rated.design.modules),
    }
}

fn panel(map: &Map<'_>) -> Panel {
    let range = |values: Vec<f64>| {
        let (low, high) = (values.first().copied().unwrap_or(0.0), values.last().copied().unwrap_or(1.0));
        let edge = if high > low { 0.04 * (high - low) } else { 0.5 * low.max(0.1) };
        [(low - edge).max(low.min(0.0)), high + edge]
    };
    let field = map.field(|_| 0.0);
    Panel { place: [88.0, 118.0, 690.0, 440.0], x: range(field.x), y: range(field.y) }
}

/// Draws the map and gives the areas of its labels: the one of the design first.
fn fill(canvas: &mut Canvas<'_>, map: &Map<'_>, chosen: bool) -> Vec<Area> {
    let (panel, borders) = (panel(map), map.borders());
    let lpsp = map.field(|d| log(d.lpsp_at_confidence));
    let px = |points: &[(f64, f64)]| points.iter().map(|p| panel.at(p.0, p.1)).collect::<Vec<_>>();
    for class in 0..=borders.len() {
        let low = if class == 0 { -99.0 } else { log(borders[class - 1]) };
        let high = borders.get(class).map_or(99.0, |b| log(*b));
        for polygon in lpsp.band(low, high) {
            let mut outline = px(&polygon);
            canvas.area(&outline, colour_of(class, &borders, map.target), 1.0);
            // A hairline in the same colour closes the seams between the pieces.
            outline.push(outline[0]);
            canvas.path(&outline, colour_of(class, &borders, map.target), 0.75);
        }
    }
    for border in &borders {
        let wide = if *border == map.target { 3.5 } else { 0.75 };
        lpsp.lines(log(*border)).iter().for_each(|l| canvas.path(&px(l), colour::INK, wide));
    }
    let mut labels = Labels::default();
    let at = panel.at(map.size(map.here), map.height(map.here));
    labels.keep([at.0 - 10.0, at.1 - 10.0, at.0 + 10.0, at.1 + 10.0]);
    let head = if chosen { "chosen" } else { "nearest" };
    let unit = if map.basis.is_some() { "kWh" } else { "modules" };
    let numbers = format!("{} kW, {} {unit}", rating(map.height(map.here)), number(map.size(map.here)));
    let lines = [head, &numbers];
    let label = labels.beside(&panel, at, &lines);
    let mut areas: Vec<Area> = label.into_iter().collect();
    for d in &map.designs {
        let (x, y) = panel.at(map.size(d), map.height(d));
        labels.spare([x - 5.0, y - 5.0, x + 5.0, y + 5.0]);
    }
    let costs = costs(canvas, map, &panel, &mut labels);
    for d in &map.designs {
        let (x, y) = panel.at(map.size(d), map.height(d));
        mark(canvas, (x, y), d.method);
    }
    for (area, text) in &costs {
        plate(canvas, area, &[text], 0.85);
    }
    canvas.area(&diamond(at, 12.0), colour::WHITE, 1.0);
    canvas.area(&diamond(at, 9.5), colour::INK, 1.0);
    if let Some(area) = label {
        plate(canvas, &area, &lines, 0.92);
    }
    areas.extend(costs.into_iter().map(|c| c.0));
    axes(canvas, map, &panel);
    legend(canvas, map, &borders, head);
    areas
}

fn diamond((x, y): (f64, f64), r: f64) -> [(f64, f64); 4] {
    [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
}

fn mark(canvas: &mut Canvas<'_>, (x, y): (f64, f64), method: Method) {
    canvas.dot(x, y, 4.5, colour::INK, 1.0);
    if method == Method::Screened {
        canvas.dot(x, y, 3.0, colour::WHITE, 1.0);
    }
}

/// Lines of NPC; gives their labels.
fn costs(canvas: &mut Canvas<'_>, map: &Map<'_>, panel: &Panel, labels: &mut Labels) -> Vec<(Area, String)> {
    let field = map.field(|d| d.money.npc_usd.mean);
    let of = || field.z.iter().flatten().copied();
    let range = [of().fold(f64::INFINITY, f64::min), of().fold(f64::NEG_INFINITY, f64::max)];
    let mut placed = Vec::new();
    let levels = if range[1] > range[0] { ticks(range, 10) } else { Vec::new() };
    for level in levels {
        let text = thousands(level);
        for line in field.lines(level) {
            let points: Vec<(f64, f64)> = line.iter().map(|p| panel.at(p.0, p.1)).collect();
            canvas.path(&points, colour::SOFT, 1.25);
            let length = points.len() - 1;
            // A line too short for its number goes without.
            let centres = LABEL_AT.map(|share| points[(share * length as f64).round() as usize]);
            let spot = (points.len() > 4).then(|| labels.at_one_of(panel, &centres, &[&text])).flatten();
            placed.extend(spot.map(|area| (area, text.clone())));
        }
    }
    placed
}

fn axes(canvas: &mut Canvas<'_>, map: &Map<'_>, panel: &Panel) {
    let [left, top, right, bottom] = panel.place;
    for tick in ticks(panel.y, 6) {
        let y = panel.py(tick);
        canvas.line((left - 5.0, y), (left, y), colour::INK, 1.25);
        canvas.text(left - 9.0, y, SMALL, Anchor::End, colour::INK, &plain_tick(tick));
    }
    canvas.text(
        28.0,
        top - 20.0,
        SMALL,
        Anchor::Start,
        colour::INK,
        &format!("{}, {}", map.upright.name(), map.upright.unit()),
    );
    canvas.line((left, top), (left, bottom), colour::INK, 1.25);
    canvas.line((left, bottom), (right, bottom), colour::INK, 1.25);
    for tick in ticks(panel.x, 9) {
        let x = panel.px(tick);
        canvas.line((x, bottom), (x, bottom + 5.0), colour::INK, 1.25);
        canvas.text(x, bottom + 17.0, SMALL, Anchor::Middle, colour::INK, &plain_tick(tick));
        if let Some(b) = map.basis {
            let usable = number(tick * b.usable_kwh / b.nameplate_kwh);
            canvas.text(x, bottom + 38.0, SMALL, Anchor::Middle, colour::SOFT, &usable);
        }
    }
    let name = match map.basis {
        Some(_) => "battery, kWh: on the name plates; in grey, usable at the start",
        None => "battery, modules",
    };
    canvas.text((left + right) / 2.0, bottom + 64.0, SMALL + 1.0, Anchor::Middle, colour::INK, name);
}

fn legend(canvas: &mut Canvas<'_>, map: &Map<'_>, borders: &[f64], head: &str) {
    let (x, mut y) = (716.0, 104.0);
    canvas.bold(x, y, SMALL, Anchor::Start, colour::INK, "LPSP in the last year,");
    canvas.bold(x, y + 19.0, SMALL, Anchor::Start, colour::INK, "at the confidence");
    y += 46.0;
    for class in 0..=borders.len() {
        canvas.rect(x, y - 10.0, x + 22.0, y + 11.0, colour_of(class, borders, map.target), 1.0);
        let text = match (class.checked_sub(1).map(|k| borders[k]), borders.get(class)) {
            (None, Some(high)) => format!("below {}", short(*high)),
            (Some(low), Some(high)) => format!("{} to {}", short(low), short(*high)),
            (Some(low), None) => format!("above {}", short(low)),
            (None, None) => "all".into(),
        };
        canvas.text(x + 32.0, y, SMALL, Anchor::Start, colour::INK, &text);
        y += 21.0;
    }
    y += 10.0;
    let mut entry = |canvas: &mut Canvas<'_>, text: &str| {
        canvas.text(x + 32.0, y, SMALL, Anchor::Start, colour::INK, text);
        y += 23.0;
        y - 23.0
    };
    let at = entry(canvas, &format!("target {}", whole_percent(map.target)));
    canvas.line((x, at), (x + 22.0, at), colour::INK, 3.5);
    let at = entry(canvas, "NPC, USD");
    canvas.line((x, at), (x + 22.0, at), colour::SOFT, 1.25);
    let at = entry(canvas, "simulated");
    mark(canvas, (x + 11.0, at), Method::Simulated);
    let at = entry(canvas, "screened");
    mark(canvas, (x + 11.0, at), Method::Screened);
    let at = entry(canvas, head);
    canvas.area(&diamond((x + 11.0, at), 9.5), colour::INK, 1.0);
}

/// A border as short as it can be said.
fn short(share: f64) -> String {
    let p = share * 100.0;
    format!("{} %", (p * 1000.0).round() / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::super::labels::overlap;
    use super::*;
    use crate::output::sizing::sample;
    use crate::sizing::Target;

    #[test]
    fn no_label_lies_on_another() {
        for result in [sample::home(), sample::weak_grid(), sample::infeasible()] {
            let map = Map::of(&result);
            let mut areas = Vec::new();
            draw("", "", |canvas| areas = fill(canvas, &map, true));
            assert!(areas.len() > 2, "{}", areas.len());
            for (k, a) in areas.iter().enumerate() {
                assert!(areas[..k].iter().all(|b| !overlap(a, b)));
            }
        }
    }

    #[test]
    fn with_a_single_array_the_inverter_stands_upright() {
        let mut result = sample::home();
        assert_eq!(Map::of(&result).upright, Upright::Array);
        let with = result.detail.rated.design;
        result.designs.retain(|d| d.design.pv_kw == with.pv_kw);
        let larger =
            |d: &Rated| Rated { design: Design { inverter_kw: 2.0 * with.inverter_kw, ..d.design }, ..d.clone() };
        let more: Vec<Rated> = result.designs.iter().map(larger).collect();
        result.designs.extend(more);
        let map = Map::of(&result);
        assert_eq!(map.upright, Upright::Inverter);
        assert!(map.designs.iter().all(|d| d.design.pv_kw == with.pv_kw && d.design.grade == with.grade));
        assert_eq!(map.field(|_| 0.0).y, [with.inverter_kw, 2.0 * with.inverter_kw]);
    }

    #[test]
    fn the_target_is_a_border_and_parts_the_colours() {
        let result = sample::home();
        let map = Map::of(&result);
        assert_eq!(map.borders(), [0.001, 0.003, 0.01, 0.02, 0.03, 0.1, 0.3]);
        let near = Target { lpsp_max: 0.0101, ..result.target };
        let result = SizingResult { target: near, ..result };
        assert_eq!(Map::of(&result).borders(), [0.001, 0.003, 0.0101, 0.03, 0.1, 0.3]);
        let [met, missed] = [2, 3].map(|class| colour_of(class, &Map::of(&result).borders(), 0.0101));
        assert!(met.2 > met.0 && missed.0 > missed.2);
    }
}
