//! What lies beside the lists: a chosen design at the end of one, or a cheaper renewal that is not in it.

use super::plan::SizingPlan;
use super::result::{Design, OptionKind, OptionResult, Rated, Renewal};

/// Sentences on how the lists bound the answer.
pub(super) fn notes(plan: &SizingPlan, chosen: &Rated, options: &[OptionResult]) -> Vec<String> {
    let mut notes = ends(plan, &chosen.design);
    let best = options.iter().filter(|option| unlisted(plan, option.kind)).filter_map(|option| {
        let saved = chosen.money.npc_usd.mean - option.best.as_ref()?.money.npc_usd.mean;
        (saved > 0.0).then_some((option.kind, saved))
    });
    if let Some((kind, saved)) = best.max_by(|a, b| a.1.total_cmp(&b.1)) {
        let way =
            if kind == OptionKind::UsedAugmented { "strings are added" } else { "they are replaced at their end" };
        notes.push(format!(
            "Used modules of which {way} cost {saved:.0} USD less than the chosen design: `sizing.renewals` does not list that."
        ));
    }
    notes
}

/// Whether an option renews used modules in a way that the search does not.
fn unlisted(plan: &SizingPlan, kind: OptionKind) -> bool {
    let listed = |is: fn(&Renewal) -> bool| plan.lists.renewals.iter().any(is);
    match kind {
        OptionKind::UsedAugmented => !listed(|r| matches!(r, Renewal::Augment { .. })),
        OptionKind::UsedReplaced => !listed(|r| matches!(r, Renewal::ReplaceAtEnd)),
        OptionKind::New | OptionKind::NewReplaced | OptionKind::LeadAcid => false,
    }
}

/// Sizes at an end of their list. A single value is a wish, not a search.
fn ends(plan: &SizingPlan, design: &Design) -> Vec<String> {
    let lists = &plan.lists;
    let strings: Vec<f64> = lists.strings.iter().map(|n| f64::from(*n)).collect();
    [
        ("array", "pv_kw", &lists.pv_kw, design.pv_kw),
        ("number of strings", "strings", &strings, f64::from(design.strings)),
        ("inverter", "inverter_kw", &lists.inverter_kw, design.inverter_kw),
        ("genset", "genset_kw", &lists.genset_kw, design.genset_kw),
    ]
    .into_iter()
    .filter_map(|(what, key, list, value)| {
        let [first, .., last] = list.as_slice() else { return None };
        // Below nothing there is nothing, below one string neither.
        let least = if key == "strings" { 1.0 } else { 0.0 };
        let (end, other) = match value {
            v if v == *first && v > least => ("least", "smaller"),
            v if v == *last => ("greatest", "larger"),
            _ => return None,
        };
        Some(format!("The {what} is the {end} of `sizing.{key}`: a {other} one may cost less."))
    })
    .collect()
}
