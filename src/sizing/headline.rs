//! What was found, in one sentence.

use super::result::Renewal;
use super::search::Search;
use super::simulator::Simulator;
use crate::monte::Observer;

/// A share as a percentage with as many digits as it takes.
pub(super) fn percent(share: f64) -> String {
    let x = 100.0 * share;
    match x.abs() {
        0.0 => "0 %".into(),
        a if a < 0.095 => format!("{x:.2} %"),
        a if (a - a.round()).abs() < 1e-9 || a >= 20.0 => format!("{x:.0} %"),
        _ => format!("{x:.1} %"),
    }
}

/// A confidence as "in 9 of 10 paths".
pub(super) fn in_paths(confidence: f64) -> String {
    let tenths = 10.0 * confidence;
    match (tenths - tenths.round()).abs() < 1e-9 {
        true if tenths >= 10.0 => "in all paths".into(),
        true => format!("in {tenths:.0} of 10 paths"),
        false => format!("in {} of paths", percent(confidence)),
    }
}

/// A design in words: array, modules, inverter and genset.
pub(super) fn of_design<S: Simulator, O: Observer>(search: &Search<'_, S, O>, design: usize) -> String {
    let d = &search.designs[design];
    let grade = search.plan.all_grades().get(d.grade).map_or_else(String::new, |g| g.name.clone());
    let genset = if d.genset_kw > 0.0 { format!(" + genset of {} kW", d.genset_kw) } else { String::new() };
    format!("{} kWp + {} modules ({grade}) + inverter of {} kW{genset}", d.pv_kw, d.modules, d.inverter_kw)
}

/// The sentence of a design that keeps the target.
pub(super) fn headline<S: Simulator, O: Observer>(search: &Search<'_, S, O>, chosen: usize) -> String {
    let (target, d) = (&search.plan.target, &search.designs[chosen]);
    let Some(found) = search.full.get(&chosen) else { return String::new() };
    let n = found.lives.len().max(1) as f64;
    let usable = found.lives.iter().map(|life| life.usable_kwh_start).sum::<f64>() / n;
    let replaced = found.lives.iter().filter(|life| !life.replaced.is_empty()).count() as f64 / n;
    let renewal = match d.renewal {
        Renewal::Augment { after_years, strings } => {
            let modules = strings * d.modules / d.strings.max(1);
            format!(", with {modules} modules added after {after_years} years")
        }
        Renewal::ReplaceAtEnd if replaced > 0.0 => format!(", its battery replaced on {} of paths", percent(replaced)),
        Renewal::ReplaceAtEnd | Renewal::None => String::new(),
    };
    let money = &found.rated.money;
    format!(
        "{}, {usable:.1} kWh usable at the start, keeps LPSP under {} {} until year {}{renewal}; NPC {:.0} USD, LCOE {:.2} \
         USD/kWh, LCOS {:.2} USD/kWh.",
        of_design(search, chosen),
        percent(target.lpsp_max),
        in_paths(target.confidence),
        target.service_years,
        money.npc_usd.mean,
        money.lcoe_usd_per_kwh.mean,
        money.lcos_usd_per_kwh.mean,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_in_words() {
        assert_eq!([0.0, 0.0005, 0.01, 0.0123, 0.4].map(percent), ["0 %", "0.05 %", "1 %", "1.2 %", "40 %"]);
        assert_eq!([0.9, 1.0, 0.95].map(in_paths), ["in 9 of 10 paths", "in all paths", "in 95 % of paths"]);
    }
}
