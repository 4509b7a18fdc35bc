//! Modules made anew of accepted cells.

use super::super::grading::Tested;
use crate::pack::ModuleString;

/// Modules made of cells.
pub(crate) struct Regrouped {
    /// The modules; none where no module could be filled.
    pub modules: Option<ModuleString>,
    /// What the cells' readings say of each.
    pub tested: Vec<Tested>,
    /// Places in the old string of the cells of each.
    pub cells: Vec<Vec<usize>>,
    /// Accepted cells that filled no module.
    pub left_over: usize,
}

/// Puts accepted cells together to modules of the layout they came from: sorted by measured SoH and cut into modules, the
/// cells of a module dealt to its groups to and fro, so that groups in parallel come out alike.
pub(crate) fn regroup(string: &ModuleString, tested: &[Tested]) -> Regrouped {
    let (per_module, parallel) = (string.units_per_module(), string.units_in_parallel());
    let mut accepted: Vec<&Tested> = tested.iter().filter(|t| t.accepted).collect();
    accepted.sort_by(|a, b| b.soh.total_cmp(&a.soh).then(a.place.cmp(&b.place)));
    let chunks = accepted.chunks_exact(per_module);
    let left_over = chunks.remainder().len();
    let groups: Vec<Vec<Vec<&Tested>>> = chunks.map(|chunk| deal(chunk, per_module / parallel)).collect();
    let cells: Vec<Vec<usize>> =
        groups.iter().map(|groups| groups.iter().flatten().map(|t| t.place).collect()).collect();
    let reading = |(place, groups): (usize, &Vec<Vec<&Tested>>)| {
        let n = parallel as f64;
        let soh = groups.iter().map(|g| g.iter().map(|t| t.soh).sum::<f64>() / n).fold(f64::INFINITY, f64::min);
        let group_r = |g: &Vec<&Tested>| n / g.iter().map(|t| 1.0 / t.resistance).sum::<f64>();
        let resistance = groups.iter().map(group_r).sum::<f64>() / groups.len() as f64;
        Tested { place, soh, resistance, accepted: true }
    };
    let tested = groups.iter().enumerate().map(reading).collect();
    Regrouped { modules: string.regroup(&cells.concat()), tested, cells, left_over }
}

/// Deals a hand to so many groups, to and fro.
fn deal<'a>(hand: &[&'a Tested], groups: usize) -> Vec<Vec<&'a Tested>> {
    let mut dealt: Vec<Vec<&Tested>> = vec![Vec::new(); groups];
    for (k, card) in hand.iter().enumerate() {
        let (round, place) = (k / groups, k % groups);
        dealt[if round.is_multiple_of(2) { place } else { groups - 1 - place }].push(card);
    }
    dealt
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aging::fixture::law;
    use crate::cell::fixture;
    use crate::pack::{Build, ModuleSpread};
    use std::sync::Arc;

    #[test]
    fn good_cells_make_good_modules() {
        // Two modules of three groups of two, each with one poor cell.
        let capacity = [0.9, 0.5, 0.88, 0.86, 0.84, 0.92, 0.9, 0.91, 0.6, 0.87, 0.85, 0.89];
        let spread = ModuleSpread { capacity: capacity.to_vec(), ..ModuleSpread::none(12) };
        let build = Build { by_cell: true, ..Build::modules(3, 2) };
        let string =
            ModuleString::build(Arc::new(fixture::cell()), law("lfp_prismatic250"), build, spread, 0.5, 298.15);
        let tested: Vec<Tested> = (0..12)
            .map(|place| Tested { place, soh: capacity[place], resistance: 1.5, accepted: capacity[place] > 0.7 })
            .collect();
        let made = regroup(&string, &tested);
        let modules = made.modules.unwrap();
        assert_eq!((modules.len(), made.tested.len(), made.left_over), (1, 1, 4));
        // The six best, 0.92 to 0.88, dealt to and fro: 0.92+0.88, 0.91+0.89, 0.90+0.90.
        assert!((modules.soh(0) - 0.90).abs() < 1e-9, "{}", modules.soh(0));
        assert!((made.tested[0].soh - modules.soh(0)).abs() < 1e-9);
        assert!((made.tested[0].resistance - 1.5).abs() < 1e-9);
        assert!(modules.soh(0) > string.soh(0) && modules.soh(0) > string.soh(1));
        let none: Vec<Tested> = tested.iter().map(|t| Tested { accepted: false, ..*t }).collect();
        let made = regroup(&string, &none);
        assert!(made.modules.is_none() && made.tested.is_empty() && made.left_over == 0);
    }
}
