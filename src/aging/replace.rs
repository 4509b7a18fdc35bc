//! One unit in place of another, with all it has behind it.

use super::state::AgingState;

impl AgingState {
    /// Puts a unit of another batch of the same law in the place of one of this batch: its losses, its differences, its
    /// knee and its age come along, and no other unit is touched. Call it between days, after
    /// [`AgingState::end_day`]. Half cycles that are still open in the batch's count fall to the newcomer when they close.
    pub fn replace(&mut self, unit: usize, other: &AgingState, other_unit: usize) {
        let put = |column: &mut Vec<f64>, from: &Vec<f64>| {
            // Columns of a knee are empty without one.
            if let (Some(to), Some(value)) = (column.get_mut(unit), from.get(other_unit)) {
                *to = *value;
            }
        };
        self.state.iter_mut().zip(&other.state).for_each(|(column, from)| put(column, from));
        put(&mut self.factors.calendar, &other.factors.calendar);
        put(&mut self.factors.cycle, &other.factors.cycle);
        put(&mut self.factors.resistance, &other.factors.resistance);
        put(&mut self.factors.knee, &other.factors.knee);
        put(&mut self.lost_before, &other.lost_before);
        put(&mut self.gained_before, &other.gained_before);
        put(&mut self.reversible.held, &other.reversible.held);
        put(&mut self.reversible.returned, &other.reversible.returned);
        put(&mut self.knee.efc, &other.knee.efc);
        put(&mut self.knee.threshold, &other.knee.threshold);
        put(&mut self.knee.scale, &other.knee.scale);
        put(&mut self.age_days, &other.age_days);
    }
}
