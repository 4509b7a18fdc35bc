//! Sites off the grid beside other programs and plain balances: the site's own dispatch with a plain battery in it.
//!
//! Series are hours of a year from 1 January. A table of inputs is `inputs_CASE.csv` or `CASE_inputs.csv` with columns
//! `load_w` (AC) and `pv_w_per_kwp` (DC); which one belongs to a table of results is told by the name of the case in its
//! own. Constants that the formats leave to their description are defaults here and may stand in `STEM_params.json`.

mod energy_balance;
mod genset;
mod homer;
mod inputs;
mod microgrids;
mod peers;
mod plant;
#[cfg(test)]
mod tests;
mod weak_grid;

use super::SetFn;

/// Kinds of set of sites.
pub(super) const SETS: &[SetFn] = &[
    inputs::of_others,
    energy_balance::grids,
    genset::tables,
    weak_grid::tables,
    homer::designs,
    microgrids::cases,
    peers::sam,
    peers::simses,
];
