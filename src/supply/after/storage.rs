//! What storage takes of the batteries on offer, in one region: merit order, waiting, second-life stock.

use super::grid::{self, COUNT, Spread};
use super::second::{Second, Year};
use multiversion::multiversion;

/// Batteries by SoH \[GWh nominal\].
pub type BySoh = [f64; COUNT];

/// What happens in a year to the batteries of a chemistry.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moved {
    /// Taken into storage, useful energy.
    pub taken_useful: f64,
    /// The same times how long it lasts, at most as long as new storage, over that.
    pub taken_lasting: f64,
    /// Still waiting at the end of the year, nominal.
    pub waiting: f64,
    /// In storage at the end of the year, nominal.
    pub stock: f64,
    /// The same, useful.
    pub stock_useful: f64,
    /// Left storage, nominal.
    pub out: f64,
    /// The same, useful.
    pub out_useful: f64,
    /// Given up waiting, nominal.
    pub given_up: f64,
    /// The same, useful.
    pub given_up_useful: f64,
}

/// Wait and second lives that hold for a chemistry in a year.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// Second lives of what enters.
    pub second: &'a Second,
    /// Longest wait \[years\].
    pub waiting_years: f64,
    /// Fade while waiting \[1/year\].
    pub waiting_fade: f64,
}

/// Batteries of a chemistry on their way into and in storage.
#[derive(Clone, Debug, Default)]
struct Chemistry {
    /// By years waited.
    waiting: Vec<BySoh>,
    /// By year of entry into storage, with the number of the second lives that hold.
    entries: Vec<(BySoh, usize)>,
}

/// Storage of a region.
#[derive(Clone, Debug)]
pub struct Storage {
    chemistries: Vec<Chemistry>,
    moved: Vec<Moved>,
}

impl Storage {
    /// Empty.
    pub fn new(chemistries: usize) -> Self {
        Storage { chemistries: vec![Chemistry::default(); chemistries], moved: vec![Moved::default(); chemistries] }
    }

    /// A year: what is newly on offer by chemistry, the rules that hold, all second lives with those of each chemistry
    /// in this year, and the most that storage takes, useful energy.
    ///
    /// Useful energy has one price, so what lasts longest is cheapest for what it still delivers and is taken first;
    /// among equals the chemistry named first, the higher SoH, who has waited least. What has no second life left is
    /// not taken, room or none, and gives up at once.
    pub fn year(
        &mut self,
        offered: &[BySoh],
        rules: &[Rules],
        seconds: &[Second],
        second_of: &[usize],
        cap_useful: Option<f64>,
        new_years: f64,
    ) -> &[Moved] {
        self.moved.fill(Moved::default());
        for (k, (chemistry, new)) in self.chemistries.iter_mut().zip(offered).enumerate() {
            chemistry.waiting.insert(0, *new);
            chemistry.give_up_without_life(rules[k].second, &mut self.moved[k]);
        }
        let mut entered = vec![[0.0; COUNT]; offered.len()];
        let on_offer: f64 = self.chemistries.iter().flat_map(|c| &c.waiting).map(Spread::useful).sum();
        match cap_useful {
            Some(cap) if cap < on_offer => self.take_in_order(cap.max(0.0), rules, &mut entered),
            _ => {
                for (chemistry, entered) in self.chemistries.iter_mut().zip(&mut entered) {
                    for waited in chemistry.waiting.drain(..) {
                        (0..COUNT).for_each(|m| entered[m] += waited[m]);
                    }
                }
            }
        }
        for (k, chemistry) in self.chemistries.iter_mut().enumerate() {
            let moved = &mut self.moved[k];
            moved.taken_useful = entered[k].useful();
            let lasting = |m: usize| (rules[k].second.years[m] / new_years).min(1.0);
            moved.taken_lasting = (0..COUNT).map(|m| entered[k][m] * grid::soh(m) * lasting(m)).sum();
            chemistry.wait(&rules[k], moved);
            chemistry.entries.push((entered[k], second_of[k]));
            chemistry.serve(seconds, moved);
        }
        &self.moved
    }

    fn take_in_order(&mut self, mut room: f64, rules: &[Rules], entered: &mut [BySoh]) {
        let mut order: Vec<(f64, usize, usize)> = Vec::new();
        for (k, chemistry) in self.chemistries.iter().enumerate() {
            for m in 0..COUNT {
                if chemistry.waiting.iter().any(|w| w[m] > 0.0) {
                    order.push((rules[k].second.years[m], k, m));
                }
            }
        }
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(b.2.cmp(&a.2)));
        for (_, k, m) in order {
            for waited in &mut self.chemistries[k].waiting {
                let useful = waited[m] * grid::soh(m);
                let share = if useful <= room { 1.0 } else { room / useful };
                let taken = waited[m] * share;
                entered[k][m] += taken;
                waited[m] -= taken;
                room = (room - useful).max(0.0);
            }
        }
    }
}

impl Chemistry {
    /// Whose second life would have no length does not wait for it.
    fn give_up_without_life(&mut self, second: &Second, moved: &mut Moved) {
        for waited in &mut self.waiting {
            for (m, amount) in waited.iter_mut().enumerate().filter(|(m, _)| second.years[*m] <= 0.0) {
                moved.given_up += *amount;
                moved.given_up_useful += *amount * grid::soh(m);
                *amount = 0.0;
            }
        }
    }

    /// Those not taken wait another year or give up. A longest wait of a part of a year keeps that part of them.
    fn wait(&mut self, rules: &Rules, moved: &mut Moved) {
        let mut kept = Vec::with_capacity(self.waiting.len());
        for (waited, amounts) in self.waiting.iter().enumerate() {
            let stays = (rules.waiting_years - waited as f64).clamp(0.0, 1.0);
            let all: f64 = amounts.iter().sum();
            moved.given_up += all * (1.0 - stays);
            moved.given_up_useful += amounts.useful() * (1.0 - stays);
            moved.waiting += all * stays;
            if stays > 0.0 && all > 0.0 {
                kept.push(amounts.map(|a| a * stays).faded(rules.waiting_fade));
            } else {
                kept.push([0.0; COUNT]);
            }
        }
        while kept.last().is_some_and(|w| w.iter().all(|a| *a == 0.0)) {
            kept.pop();
        }
        self.waiting = kept;
    }

    /// Stock and outflow at the end of the year.
    fn serve(&self, seconds: &[Second], moved: &mut Moved) {
        let mut sums = Year::default();
        for (k, (entered, second)) in self.entries.iter().rev().enumerate() {
            let second = &seconds[*second];
            if let Some(year) = second.course.get(k) {
                add(&mut sums, entered, year, second.from);
            }
        }
        let sum = |by_soh: BySoh| by_soh.iter().sum::<f64>();
        (moved.stock, moved.stock_useful) = (sum(sums.left), sum(sums.left_useful));
        (moved.out, moved.out_useful) = (sum(sums.gone), sum(sums.gone_useful));
    }
}

/// Adds a year of what entered, from the first class on that has a life.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd", "x86_64+avx2"))]
fn add(sums: &mut Year, entered: &BySoh, year: &Year, from: usize) {
    let from = from.min(COUNT);
    let parts = [
        (&mut sums.left, &year.left),
        (&mut sums.left_useful, &year.left_useful),
        (&mut sums.gone, &year.gone),
        (&mut sums.gone_useful, &year.gone_useful),
    ];
    for (sum, part) in parts {
        let both = entered[from..].iter().zip(&part[from..]);
        sum[from..].iter_mut().zip(both).for_each(|(sum, (entered, part))| *sum += entered * part);
    }
}
