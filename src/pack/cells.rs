//! Single cells of a string: what was measured of each, and modules put together of them.

use super::string::ModuleString;
use crate::numeric::calendar::DAYS_PER_MONTH;

impl ModuleString {
    /// Cells of a module that are units of their own: 1 where a module is one unit.
    pub fn units_per_module(&self) -> usize {
        self.build.units()
    }

    /// Units in parallel in a group: 1 where a module is one unit.
    pub fn units_in_parallel(&self) -> usize {
        self.parallel
    }

    /// SoH of a unit, a cell where cells are simulated.
    pub fn soh_of_unit(&self, unit: usize) -> f64 {
        self.capacity_ah[unit] / self.cell.spec.capacity_ah
    }

    /// Self-discharge of a unit over that of a good cell; 1 for a cell without any.
    pub fn self_discharge_of_unit(&self, unit: usize) -> f64 {
        let good = self.cell.spec.self_discharge_per_month / (DAYS_PER_MONTH * 24.0);
        if good > 0.0 { self.leak_per_h[unit] / good } else { 1.0 }
    }

    /// Self-discharge of a module over that of good cells: of its leakiest group, the mean of the cells in parallel.
    pub fn self_discharge_of(&self, module: usize) -> f64 {
        let units: Vec<f64> = self.units_of(module).map(|unit| self.self_discharge_of_unit(unit)).collect();
        let mean = |group: &[f64]| group.iter().sum::<f64>() / group.len() as f64;
        units.chunks(self.parallel).map(mean).fold(0.0, f64::max)
    }

    /// New modules of the same layout made of cells of this string, in the order of modules, of groups and of cells in a
    /// group; `None` unless the cells fill whole modules. State goes along whole, as in [`ModuleString::select`].
    pub fn regroup(&self, cells: &[usize]) -> Option<Self> {
        if cells.is_empty() || !cells.len().is_multiple_of(self.build.units()) {
            return None;
        }
        let mut string = self.pick(cells);
        string.offset_k.fill(0.0);
        string.here_k.fill(0.0);
        string.neighbour_w_per_k = 0.0;
        Some(string)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ENV, OPEN, string};
    use super::super::{Build, ModuleSpread, ModuleString};
    use crate::aging::fixture::law;
    use crate::cell::fixture;
    use std::sync::Arc;

    /// Three modules of two groups of two cells.
    fn by_cell(capacity: &[f64]) -> ModuleString {
        let spread = ModuleSpread {
            capacity: capacity.to_vec(),
            self_discharge: (0..capacity.len()).map(|k| 1.0 + k as f64).collect(),
            ..ModuleSpread::none(capacity.len())
        };
        let build = Build { by_cell: true, ..Build::modules(2, 2) };
        ModuleString::build(Arc::new(fixture::cell()), law("lfp_prismatic250"), build, spread, 0.5, 298.15)
    }

    #[test]
    fn cells_form_new_modules_with_their_state() {
        let capacity: Vec<f64> = (0..12).map(|k| 0.8 + 0.01 * f64::from(k)).collect();
        let mut s = by_cell(&capacity);
        for _ in 0..30 {
            s.step(100.0, 1.0, 3600.0, &ENV, &OPEN);
            s.step(-110.0, 1.0, 3600.0, &ENV, &OPEN);
            s.end_day();
        }
        s.close_duty();
        let best: Vec<usize> = (4..12).rev().collect();
        let made = s.regroup(&best).unwrap();
        assert_eq!((made.len(), made.units_per_module(), made.units_in_parallel()), (2, 4, 2));
        for (to, &from) in best.iter().enumerate() {
            assert_eq!(
                (made.soc[to], made.capacity_ah[to], made.health(to)),
                (s.soc[from], s.capacity_ah[from], s.health(from))
            );
            assert_eq!(made.aging.age_days(to), s.aging.age_days(from));
        }
        // The first module has the four best cells; its weakest group is the mean of the lower two of them.
        assert!((made.soh(0) - 0.5 * (s.soh_of_unit(9) + s.soh_of_unit(8))).abs() < 1e-12);
        // Charge is that of the cells, and the new string steps on with closed books.
        let mut made = made;
        let before = made.stored_j();
        made.step(50.0, 1.0, 3600.0, &ENV, &OPEN);
        made.end_day();
        made.close_duty();
        assert!(made.ledger().error(before, made.stored_j()) < 1e-9);
        assert!(s.regroup(&[0, 1, 2]).is_none() && s.regroup(&[]).is_none());
    }

    #[test]
    fn a_module_leaks_as_its_leakiest_group() {
        let s = by_cell(&[1.0; 12]);
        assert!((s.self_discharge_of_unit(3) - 4.0).abs() < 1e-12);
        assert!((s.self_discharge_of(0) - 3.5).abs() < 1e-12 && (s.self_discharge_of(2) - 11.5).abs() < 1e-12);
        assert!((string(&[1.0, 0.9], 0.5).self_discharge_of(1) - 1.0).abs() < 1e-12);
    }
}
