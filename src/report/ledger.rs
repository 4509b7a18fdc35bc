//! Where each kilowatt-hour and each kilogram goes: the table `flows` as ribbons.

use super::canvas::{Anchor, Canvas, Colour, colour, draw, no_data};
use super::figure::Figure;
use super::sankey::{Link, Node, Sankey};
use crate::output::Tables;
use crate::output::words::{energy, mass, percent, thousands};

/// A sink below this share of the whole joins the rest.
const SMALLEST: f64 = 0.004;

/// A flow of one stage: from, to, amount.
type Flow<'a> = (&'a str, &'a str, f64);

fn of_stage<'a>(tables: &'a Tables, stage: &str) -> Vec<Flow<'a>> {
    let flows = &tables.flows;
    let ends = flows.text("from").iter().zip(flows.text("to")).zip(flows.real("value"));
    let rows = flows.text("stage").iter().zip(ends);
    rows.filter(|(here, _)| here.as_deref() == Some(stage))
        .filter_map(|(_, ((from, to), value))| Some((from.as_deref()?, to.as_deref()?, (*value)?)))
        .collect()
}

/// Words and colour of a sink of energy.
fn sink(to: &str) -> Option<(&'static str, Colour)> {
    match to {
        "driving" => Some(("driving", colour::BLUE)),
        "served" => Some(("served load", colour::BLUE)),
        "charger_loss" => Some(("charger loss", colour::ORANGE)),
        "converter_loss" => Some(("converter loss", colour::ORANGE)),
        "pack_loss" => Some(("pack loss", colour::VERMILION)),
        "battery_loss" => Some(("battery loss", colour::VERMILION)),
        "curtailed" => Some(("PV not taken", colour::YELLOW)),
        _ => None,
    }
}

/// Words of a source of energy.
fn source(from: &str) -> &'static str {
    match from {
        "socket" => "charging socket",
        "pv" => "PV",
        "grid" => "grid",
        _ => "service",
    }
}

/// The energy of a life and what goes through it \[kWh\].
struct Energy {
    diagram: Sankey,
    total: f64,
    parts: Vec<(&'static str, f64)>,
}

impl Energy {
    fn of(tables: &Tables, stage: &str, node: &str) -> Energy {
        let flows = of_stage(tables, stage);
        let into: Vec<&Flow<'_>> = flows.iter().filter(|f| f.1 == node && f.2 > 0.0).collect();
        let total: f64 = into.iter().map(|f| f.2).sum();
        if total <= 0.0 {
            return Energy { diagram: Sankey { nodes: Vec::new(), links: Vec::new() }, total: 0.0, parts: Vec::new() };
        }
        let mut parts: Vec<(&'static str, Colour, f64)> = Vec::new();
        let mut rest = 0.0;
        for (_, to, value) in flows.iter().filter(|f| f.0 == node) {
            match sink(to).filter(|_| *value >= SMALLEST * total) {
                Some((name, colour)) => parts.push((name, colour, *value)),
                None => rest += value,
            }
        }
        if rest >= SMALLEST * total && rest > 0.0 {
            parts.push(("other", colour::GREY, rest));
        }
        let mut diagram = Sankey { nodes: Vec::new(), links: Vec::new() };
        for (from, _, value) in &into {
            let name = if into.len() > 1 { source(from).to_owned() } else { String::new() };
            diagram.nodes.push(Node { name, column: 0, colour: colour::SOFT });
            diagram.links.push(Link { from: diagram.nodes.len() - 1, to: into.len(), value: *value });
        }
        diagram.nodes.push(Node { name: String::new(), column: 1, colour: colour::SOFT });
        for (name, colour, value) in &parts {
            let name = format!("{name} {}", percent(value / total));
            diagram.nodes.push(Node { name, column: 2, colour: *colour });
            diagram.links.push(Link { from: into.len(), to: diagram.nodes.len() - 1, value: *value });
        }
        diagram.links.retain(|l| l.value > 0.0);
        Energy { diagram, total, parts: parts.iter().map(|p| (p.0, p.2)).collect() }
    }

    fn share(&self, name: &str) -> String {
        let part = self.parts.iter().find(|p| p.0 == name).map_or(0.0, |p| p.1);
        if self.total > 0.0 { percent(part / self.total) } else { "nothing".into() }
    }
}

/// Groups of materials in the picture, and where they go.
const GROUPS: [(&str, Colour); 7] = [
    ("cathode", colour::PURPLE),
    ("graphite, carbon", colour::INK),
    ("copper", colour::VERMILION),
    ("aluminium", colour::SKY),
    ("steel", colour::BLUE),
    ("electrolyte, films", colour::YELLOW),
    ("not named", colour::GREY),
];
const ENDS: [(&str, Colour); 3] =
    [("recovered", colour::GREEN), ("black mass", colour::INK), ("residue", colour::GREY)];

fn group(material: &str) -> usize {
    match material {
        "graphite" | "carbon_binder" => 1,
        "copper" => 2,
        "aluminium" => 3,
        "steel" => 4,
        "electrolyte" | "plastics" => 5,
        "other" => 6,
        _ => 0,
    }
}

/// The mass of all packs and where it goes \[kg\].
fn masses(tables: &Tables) -> (Sankey, f64, f64) {
    let flows = of_stage(tables, "recycling");
    let mut through = [[0.0; 3]; GROUPS.len()];
    for (from, to, kg) in flows.iter().filter(|f| f.0 != "pack") {
        let end = match *to {
            "residue" => 2,
            "black_mass" => 1,
            _ => 0,
        };
        through[group(from)][end] += kg;
    }
    let total: f64 = through.iter().flatten().sum();
    let mut diagram =
        Sankey { nodes: vec![Node { name: String::new(), column: 0, colour: colour::SOFT }], links: Vec::new() };
    if total <= 0.0 {
        return (Sankey { nodes: Vec::new(), links: Vec::new() }, 0.0, 0.0);
    }
    let large = |g: usize| through[g].iter().sum::<f64>() > 0.0;
    let ends: Vec<usize> = (0..3).filter(|&e| through.iter().map(|t| t[e]).sum::<f64>() > 0.0).collect();
    let groups: Vec<usize> = (0..GROUPS.len()).filter(|&g| large(g)).collect();
    for (k, &g) in groups.iter().enumerate() {
        diagram.nodes.push(Node { name: GROUPS[g].0.into(), column: 1, colour: GROUPS[g].1 });
        diagram.links.push(Link { from: 0, to: k + 1, value: through[g].iter().sum() });
    }
    for (j, &e) in ends.iter().enumerate() {
        let sum: f64 = through.iter().map(|t| t[e]).sum();
        let name = format!("{} {}", ENDS[e].0, percent(sum / total));
        diagram.nodes.push(Node { name, column: 2, colour: ENDS[e].1 });
        for (k, &g) in groups.iter().enumerate() {
            let value = through[g][e];
            diagram.links.push(Link { from: k + 1, to: 1 + groups.len() + j, value });
        }
    }
    diagram.links.retain(|l| l.value > 0.0);
    (diagram, total, through.iter().map(|t| t[0]).sum())
}

/// Energy of both lives and the mass of the packs.
pub(crate) fn ledger(tables: &Tables) -> Figure {
    let (file, title) = ("ledger.svg", "Where each kilowatt-hour and each kilogram goes");
    let first = Energy::of(tables, "first_life", "vehicle");
    let second = Energy::of(tables, "second_life", "system");
    let (kilograms, total_kg, recovered_kg) = masses(tables);
    if first.total <= 0.0 && second.total <= 0.0 && total_kg <= 0.0 {
        let why = "Nothing flowed in any life.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let back = if total_kg > 0.0 { percent(recovered_kg / total_kg) } else { "nothing".into() };
    let caption = format!(
        "In the vehicle {} of the energy from the socket drives it; in storage {} of the energy from PV and grid serves \
         the load, {} is lost in converters and {} in the battery. Of the mass that reaches the recycler {back} is \
         recovered.",
        first.share("driving"),
        second.share("served load"),
        second.share("converter loss"),
        second.share("battery loss"),
    );
    let n = tables.packs.text("status").iter().filter(|s| s.as_deref() == Some("ok")).count();
    let subtitle = format!(
        "n = {} packs, {} systems; sums over all. Widths in proportion inside each diagram.",
        thousands(n as f64),
        thousands(tables.systems.rows() as f64)
    );
    let svg = draw(title, &subtitle, |canvas| {
        let source = format!("{} from the charging socket", energy(first.total));
        stage(canvas, [28.0, 122.0, 250.0, 268.0], "First life", &source, &first.diagram);
        let source = format!("{} from PV and grid", energy(second.total));
        stage(canvas, [28.0, 346.0, 250.0, 512.0], "Second life", &source, &second.diagram);
        let source = format!("{} of packs", mass(total_kg));
        stage(canvas, [478.0, 122.0, 800.0, 512.0], "Recycling", &source, &kilograms);
    });
    Figure { file, title, caption, svg }
}

fn stage(canvas: &mut Canvas<'_>, place: [f64; 4], name: &str, source: &str, diagram: &Sankey) {
    let y = place[1] - 24.0;
    canvas.bold(place[0], y, 18.0, Anchor::Start, colour::INK, name);
    let x = place[0] + 12.0 + super::canvas::text_width(name, 18.0);
    let (ink, words) = if diagram.links.is_empty() { (colour::SOFT, "nothing") } else { (colour::INK, source) };
    canvas.text(x, y, 16.0, Anchor::Start, ink, words);
    diagram.draw(canvas, place, 12.0);
}
