//! Heat between neighbours.

use super::string::ModuleString;
use crate::numeric::tridiagonal;

impl ModuleString {
    /// Lets heat pass between units that stand side by side, for `hours`: one implicit step, stable at any length.
    ///
    /// `C (T' - T) / dt = G (T'_left - 2 T' + T'_right)`, closed at both ends. Heat that is exchanged is neither made nor
    /// lost, so the books do not see it. Cells in parallel form as many rows as a group has cells.
    pub(super) fn conduct(&mut self, hours: f64) {
        if self.neighbour_w_per_k == 0.0 || self.soc.len() <= self.parallel {
            return;
        }
        let capacity = self.cell.heat_capacity_j_per_k() * self.cells_of_unit();
        let ratio = self.neighbour_w_per_k * hours * 3600.0 / capacity;
        tridiagonal::diffuse(&mut self.temperature_k, self.parallel, ratio, &mut self.conduction);
    }
}
