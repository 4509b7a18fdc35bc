//! Where each kilowatt-hour and each kilogram goes, summed over all packs.

use super::columns::Builder;
use super::columns_study::Flows;
use super::frame::{Frame, Word};
use crate::economics::Materials;

/// A flow between two nodes.
pub(crate) struct Flow {
    /// `energy` or `mass`.
    pub kind: &'static str,
    /// Stage of life.
    pub stage: &'static str,
    /// Where it comes from.
    pub from: Word,
    /// Where it goes.
    pub to: Word,
    /// Amount.
    pub value: f64,
    /// Unit of the amount.
    pub unit: &'static str,
}

/// Flows of a table `packs`.
///
/// Each stage has one node in its middle (`vehicle`, `system`, `pack`), and what enters it leaves it. In the first
/// life the outcome does not carry the change of stored energy, so it is the remainder, `stored_change`; in the
/// second life the remainder is `unaccounted`, zero up to the balance error. Both may be negative. `service` is the
/// energy in modules brought less that in modules taken out; without service it is not there.
/// Packs without a finished life are not in it.
pub fn flows(packs: &Frame) -> Frame {
    let mut table = Builder::<Flows>::new();
    for flow in first_life(packs).iter().chain(&second_life(packs)).chain(&mass(packs)) {
        table.push(&flow);
    }
    table.finish()
}

fn energy(stage: &'static str, from: &'static str, to: &'static str, value: f64) -> Flow {
    Flow { kind: "energy", stage, from: from.into(), to: to.into(), value, unit: "kWh" }
}

fn kilograms(from: &'static str, to: impl Into<Word>, value: f64) -> Flow {
    Flow { kind: "mass", stage: "recycling", from: from.into(), to: to.into(), value, unit: "kg" }
}

/// Takes the outflows from a total one by one, so that the remainder closes the node.
fn remainder(total: f64, out: &[Flow]) -> f64 {
    total - out.iter().map(|f| f.value).sum::<f64>()
}

fn first_life(packs: &Frame) -> Vec<Flow> {
    let stage = "first_life";
    let socket = packs.sum("socket_kwh");
    let mut out = vec![
        energy(stage, "vehicle", "driving", packs.sum("driven_kwh")),
        energy(stage, "vehicle", "charger_loss", packs.sum("charger_loss_kwh")),
        energy(stage, "vehicle", "pack_loss", packs.sum("pack_loss_kwh")),
        energy(stage, "vehicle", "fade_loss", packs.sum("fade_loss_kwh")),
    ];
    let rest = remainder(socket, &out);
    out.push(energy(stage, "vehicle", "stored_change", rest));
    out.insert(0, energy(stage, "socket", "vehicle", socket));
    out
}

fn second_life(packs: &Frame) -> Vec<Flow> {
    let stage = "second_life";
    let (pv, grid) = (packs.sum("second_pv_kwh"), packs.sum("second_grid_kwh"));
    let (brought, genset) = (packs.sum("second_brought_kwh"), packs.sum("second_genset_kwh"));
    let mut out = vec![
        energy(stage, "system", "served", packs.sum("second_served_kwh")),
        energy(stage, "system", "curtailed", packs.sum("second_curtailed_kwh")),
        energy(stage, "system", "converter_loss", packs.sum("second_converter_loss_kwh")),
        energy(stage, "system", "battery_loss", packs.sum("second_battery_loss_kwh")),
        energy(stage, "system", "fade_loss", packs.sum("second_fade_loss_kwh")),
        energy(stage, "system", "stored_change", packs.sum("second_stored_change_kwh")),
    ];
    let rest = remainder(pv + grid + genset + brought, &out);
    out.push(energy(stage, "system", "unaccounted", rest));
    if brought != 0.0 {
        out.insert(0, energy(stage, "service", "system", brought));
    }
    if genset != 0.0 {
        out.insert(0, energy(stage, "genset", "system", genset));
    }
    out.insert(0, energy(stage, "grid", "system", grid));
    out.insert(0, energy(stage, "pv", "system", pv));
    out
}

fn mass(packs: &Frame) -> Vec<Flow> {
    let total = packs.sum("recycled_mass_kg");
    let mut into = Vec::new();
    let mut out = Vec::new();
    for name in Materials::NAMES {
        let input = packs.sum(&format!("{name}_input_kg"));
        let recovered = packs.sum(&format!("{name}_recovered_kg"));
        let black = packs.sum(&format!("{name}_black_mass_kg"));
        into.push(kilograms("pack", name, input));
        out.push(kilograms(name, format!("{name}_recovered"), recovered));
        if black != 0.0 {
            out.push(kilograms(name, "black_mass", black));
        }
        out.push(kilograms(name, "residue", input - recovered - black));
    }
    let other = remainder(total, &into);
    into.push(kilograms("pack", "other", other));
    out.push(kilograms("other", "residue", other));
    into.extend(out);
    into
}
