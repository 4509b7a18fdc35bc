//! The package's daily window of samples, with our laws in it.

use super::cases::{Case, Phase};
use super::models::{Model, Resistance, Step};
use crate::aging::profile::{Follower, Profile, Rates, Samples, Window, WindowCell, Windows, cycle_rates, time_rates};
use crate::aging::{Law, UnitFactors};

/// What is printed of a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub step: usize,
    pub days: f64,
    pub efc: f64,
    pub q: f64,
    pub r: f64,
}

/// A cell in the package's hands.
pub(super) struct Cell<'a> {
    model: &'a Model,
    law: &'a Law,
    explicit: bool,
    cell: WindowCell,
    gain: [f64; 4],
    /// Capacity over that at the start.
    pub q: f64,
    steps: usize,
    /// Equivalent full cycles of our law in one of the package's.
    efc_scale: f64,
}

impl<'a> Cell<'a> {
    pub(super) fn new(model: &'a Model, law: &'a Law, explicit: bool) -> Self {
        let mut cell = WindowCell::default();
        for &(mechanism, loss) in model.start {
            cell.set_loss(&law.mechanisms, mechanism, loss);
        }
        let efc_scale = law.spec.soh_at_start;
        let mut new = Cell { model, law, explicit, cell, gain: [0.0; 4], q: 1.0, steps: 0, efc_scale };
        new.q = new.capacity();
        new
    }

    fn capacity(&self) -> f64 {
        match self.model.capacity {
            Some(capacity) => capacity(&self.cell, self.law),
            None => self.cell.capacity(&self.law.mechanisms, self.law.form.lam_reserve),
        }
    }

    /// One window, given at the present capacity.
    pub(super) fn step(&mut self, samples: &Samples<'_>, mut window: Window, mut rates: Rates) {
        if let Some(hook) = self.model.rates {
            hook(self.law, samples, &window, &mut rates);
        }
        window.efc *= self.efc_scale;
        let before = self.cell;
        self.cell.step(&self.law.mechanisms, &rates, &window, self.explicit);
        let step = Step { law: self.law, samples, window: &window, rates: &rates, explicit: self.explicit, before };
        if let Some(hook) = self.model.after {
            hook(&step, &mut self.cell);
        }
        match self.model.resistance {
            Resistance::Own(own) | Resistance::OwnOr(own, _) => own(&mut self.gain, &step),
            Resistance::None | Resistance::Law => {}
        }
        self.steps += 1;
        self.q = self.capacity();
    }

    fn resistance(&self) -> f64 {
        let own = 1.0 + self.gain[0] + self.gain[1];
        match self.model.resistance {
            Resistance::None => f64::NAN,
            Resistance::Law => self.cell.resistance(&self.law.mechanisms),
            Resistance::Own(_) => own,
            // Not before the first step, as in the package.
            Resistance::OwnOr(..) if self.steps == 0 => 1.0,
            Resistance::OwnOr(_, other) => own.max(other(&self.cell, self.law)),
        }
    }

    pub(super) fn row(&self) -> Row {
        let efc = self.cell.efc / self.efc_scale;
        Row { step: self.steps, days: self.cell.days, efc, q: self.q, r: self.resistance() }
    }
}

/// Runs a case and gives the rows of the wanted steps, which rise.
pub(super) fn run(
    model: &Model,
    law: &Law,
    case: &Case,
    phases: &[Phase],
    explicit: bool,
    wanted: &[usize],
) -> Vec<Row> {
    let mut cell = Cell::new(model, law, explicit);
    let mut rows = Rows { wanted, rows: Vec::with_capacity(wanted.len()) };
    rows.take(cell.row());
    if let (Case::PeerDriver { years, is_conserve_energy_throughput, .. }, [phase]) = (case, phases) {
        drive(&mut cell, &phase.profile, *years, *is_conserve_energy_throughput, &mut rows);
        return rows.rows;
    }
    for phase in phases {
        let windows = Windows::new(law, &phase.profile, model.rule(explicit));
        for day in 0..phase.days {
            let (window, rates) = windows.day(law, day, cell.q);
            cell.step(&phase.profile.day(day), window, rates);
            rows.take(cell.row());
            if rows.done() {
                return rows.rows;
            }
        }
    }
    rows.rows
}

struct Rows<'a> {
    wanted: &'a [usize],
    rows: Vec<Row>,
}

impl Rows<'_> {
    fn take(&mut self, row: Row) {
        if self.wanted.get(self.rows.len()) == Some(&row.step) {
            self.rows.push(row);
        }
    }

    fn done(&self) -> bool {
        self.rows.len() == self.wanted.len()
    }
}

/// The package's own driver: windows of a day or an equivalent cycle, with an interval lost between two of them, and
/// SoC swings that grow as capacity falls.
fn drive(cell: &mut Cell<'_>, profile: &Profile, years: f64, conserve: bool, rows: &mut Rows<'_>) {
    let (breaks, law, rule) = (breakpoints(profile), cell.law, cell.model.rule(cell.explicit));
    let mut soc = Vec::new();
    loop {
        let mut from = 0;
        for &to in &breaks {
            if to <= from {
                return;
            }
            let part = profile.part(from, to);
            soc.clear();
            rescale(part.soc, if conserve { 1.0 / cell.q } else { 1.0 }, &mut soc);
            let samples = Samples { soc: &soc, ..part };
            let window = Window::of(&samples, cell.q);
            let mut rates = time_rates(law, &samples, &rule);
            cycle_rates(law, &samples, &window, &rule, &mut rates);
            cell.step(&samples, window, rates);
            rows.take(cell.row());
            if rows.done() || cell.cell.days / 365.0 > years {
                return;
            }
            from = to + 1;
        }
    }
}

/// SoC swings by a factor, from the same start, cut to 0..=1.
fn rescale(soc: &[f64], factor: f64, to: &mut Vec<f64>) {
    let mut sum = 0.0;
    to.push(soc[0]);
    for pair in soc.windows(2) {
        sum += (pair[1] - pair[0]) * factor;
        to.push(sum + soc[0]);
    }
    to.iter_mut().for_each(|s| *s = s.clamp(0.0, 1.0));
}

/// Ends of the windows of a profile.
fn breakpoints(profile: &Profile) -> Vec<usize> {
    let soc = &profile.soc;
    let mut efc = vec![0.0];
    soc.windows(2).for_each(|pair| efc.push(efc[efc.len() - 1] + 0.5 * (pair[1] - pair[0]).abs()));
    let hours = |i: usize| i as f64 * profile.hours;
    let (mut breaks, mut last) = (Vec::new(), 0);
    for turn in cycle_ends(soc) {
        if hours(turn) - hours(last) > 24.0 {
            let mut i = last;
            while i < turn {
                if hours(i) - hours(last) > 24.0 {
                    breaks.push(i);
                    last = i;
                }
                i += 1;
            }
        } else if efc[turn] - efc[last] > 1.0 {
            breaks.push(turn);
            last = turn;
        }
    }
    if breaks.last() != Some(&(soc.len() - 1)) {
        breaks.push(soc.len() - 1);
    }
    breaks
}

/// Samples at which a counted cycle ends, in order.
fn cycle_ends(soc: &[f64]) -> Vec<usize> {
    let (mut open, mut ends): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for turn in reversals(soc) {
        open.push(turn);
        while let [.., a, b, c] = open[..] {
            if (soc[c] - soc[b]).abs() < (soc[b] - soc[a]).abs() {
                break;
            }
            ends.push(b);
            if open.len() == 3 {
                open.remove(0);
            } else {
                open.truncate(open.len() - 3);
                open.push(c);
            }
        }
    }
    ends.extend(open.iter().skip(1));
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// Samples where the direction changes, with both ends; of a plateau the last.
fn reversals(soc: &[f64]) -> Vec<usize> {
    let [first, second, ..] = soc else { return Vec::new() };
    let mut turns = vec![0];
    let (mut x, mut slope) = (*second, second - first);
    for (i, &next) in soc.iter().enumerate().skip(2) {
        if next == x {
            continue;
        }
        if slope * (next - x) < 0.0 {
            turns.push(i - 1);
        }
        (slope, x) = (next - x, next);
    }
    turns.push(soc.len() - 1);
    turns
}

/// Capacity over that at the start by rainflow and exact steps, as lives are simulated, at wanted days.
pub(super) fn by_rainflow(law: &Law, phases: &[Phase], wanted: &[usize]) -> Vec<f64> {
    let mut follower = Follower::new(law, UnitFactors::equal(1));
    let start = law.spec.soh_at_start;
    let mut rows = vec![1.0];
    let mut done = 0;
    for phase in phases {
        for day in 0..phase.days {
            follower.day(law, &phase.profile.day(day));
            done += 1;
            if wanted.get(rows.len()) == Some(&done) {
                rows.push(1.0 - (start - follower.health(law, 0).capacity) / start);
            }
        }
    }
    rows
}
