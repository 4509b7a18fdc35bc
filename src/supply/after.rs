//! After the vehicle: which way what leaves goes, year by year, until it is recycled.

mod gather;
pub mod grid;
mod second;
mod seconds;
mod storage;
#[cfg(test)]
mod tests;
mod triage;

pub use gather::Streams;
pub use seconds::Seconds;

use super::inflow::Inflow;
use super::lives::Lifetimes;
use super::parameter::Param;
use super::plan::SupplyPlan;
use super::quantity::Quantity;
use super::result::Table;
use super::retirement::{CAUSES, Cause, States};
use super::values::Values;
use crate::life::NEW_PACK_YEARS;
use gather::{Exits, Spares};
use grid::COUNT;
use storage::{BySoh, Moved, Rules, Storage};
use triage::Grader;

/// What a group sends to the recycler in a year, and what of it comes from repurposing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sent {
    /// Nominal \[GWh\].
    pub gwh: f64,
    /// By what it can still hold \[GWh\].
    pub useful_gwh: f64,
    /// Repurposed, nominal, before the yield \[GWh\]: what the workshop handles.
    pub repurposed_gwh: f64,
    /// Taken by storage, useful, times how long it lasts over how long new storage does, at most once \[GWh\].
    pub lasting_gwh: f64,
}

/// All that leaves vehicles in a draw, on its way.
pub struct After<'a> {
    plan: &'a SupplyPlan,
    streams: &'a Streams,
    values: &'a Values<'a>,
    lives: &'a Lifetimes,
    inflows: &'a [Inflow],
    seconds: &'a Seconds,
    grader: Grader,
    /// How many causes have states of their own.
    own: usize,
    /// What the test makes of the streams, by group and stream.
    marks: Vec<Vec<Marks>>,
    storages: Vec<Storage>,
    /// By group and year.
    spares: Vec<Vec<Spares>>,
    /// Exits of batteries by the year in which they came in, by group and stream.
    exits: Vec<Vec<Exits>>,
    /// New batteries asked for by vehicles in use, by group and year \[GWh\].
    renewals: Vec<Vec<f64>>,
    /// Of the stream at hand, by age of the battery and cause.
    flow: Vec<[f64; CAUSES]>,
    /// Of the streams of the group at hand: usable, by age and cause that has states of its own.
    usable: Vec<Vec<[f64; CAUSES]>>,
}

/// What the test makes of a stream's batteries.
#[derive(Clone, Debug, Default)]
struct Marks {
    /// Whether batteries of an age are the same in all years, and so is the test.
    constant: bool,
    /// By age and cause with states of its own: number of what the grader makes of them.
    of: Vec<[usize; CAUSES]>,
    /// The mean SoH of the same.
    soh: Vec<[f64; CAUSES]>,
}

impl<'a> After<'a> {
    /// Nothing has left yet.
    pub fn new(
        plan: &'a SupplyPlan,
        streams: &'a Streams,
        values: &'a Values<'a>,
        lives: &'a Lifetimes,
        inflows: &'a [Inflow],
        seconds: &'a Seconds,
    ) -> Self {
        let most = streams.by_group.iter().map(Vec::len).max().unwrap_or(0);
        After {
            plan,
            streams,
            values,
            lives,
            inflows,
            seconds,
            grader: Grader::default(),
            own: lives.states.first().map_or(1, States::causes),
            marks: streams
                .by_group
                .iter()
                .map(|of| of.iter().map(|stream| Marks::new(stream.example(), plan, streams, values, lives)).collect())
                .collect(),
            storages: vec![Storage::new(plan.chemistries.len()); plan.regions.len()],
            spares: vec![vec![Spares::default(); plan.before]; plan.groups()],
            exits: streams
                .by_group
                .iter()
                .map(|of| of.iter().map(|stream| streams.exits(stream, plan, lives, inflows)).collect())
                .collect(),
            renewals: streams.renewals(plan, lives, inflows),
            flow: vec![[0.0; CAUSES]; plan.cohorts()],
            usable: vec![vec![[0.0; CAUSES]; plan.cohorts()]; most],
        }
    }

    /// A year of a region, counted from that of the oldest cohort, its chemistries in order.
    pub fn year(&mut self, region: usize, year: usize, table: &mut Table, sent: &mut [Sent]) {
        let chemistries = self.plan.chemistries.len();
        let offered = self.offer(region, year, table, sent);
        let values = self.values;
        let cap = values
            .years(Param::StorageDemand, region)
            .map(|demand| demand[year] * values.at(Param::StorageShareMax, region, year));
        let group = |chemistry| self.plan.group(region, chemistry);
        let second_of: Vec<usize> = (0..chemistries).map(|k| self.seconds.of(group(k), year)).collect();
        let rules: Vec<Rules> = (0..chemistries)
            .map(|k| Rules {
                second: &self.seconds.all[second_of[k]],
                waiting_years: values.at(Param::WaitingYears, group(k), year),
                waiting_fade: values.at(Param::WaitingFade, group(k), year),
            })
            .collect();
        let moved = self.storages[region].year(&offered, &rules, &self.seconds.all, &second_of, cap, NEW_PACK_YEARS);
        for (chemistry, (moved, sent)) in moved.iter().zip(sent).enumerate() {
            store(group(chemistry), year, moved, table, sent);
        }
    }

    /// The same up to what is on offer by chemistry; what storage does in other years does not move it.
    pub fn offer(&mut self, region: usize, year: usize, table: &mut Table, sent: &mut [Sent]) -> Vec<BySoh> {
        let mut offered: Vec<BySoh> = vec![[0.0; COUNT]; sent.len()];
        for (chemistry, (offered, sent)) in offered.iter_mut().zip(sent).enumerate() {
            *sent = Sent::default();
            self.leave(self.plan.group(region, chemistry), year, table, offered, sent);
        }
        offered
    }

    /// From vehicles to the offer of a group.
    fn leave(&mut self, group: usize, year: usize, table: &mut Table, offered: &mut BySoh, sent: &mut Sent) {
        let streams = self.streams;
        let mut spare_pool = 0.0;
        for (at, stream) in streams.by_group[group].iter().enumerate() {
            let exits = &self.exits[group][at];
            let from = (self.inflows, self.lives);
            streams.gather(stream, exits, year, from, &self.spares[group], &mut self.flow);
            self.mark(at, stream.example(), year, group);
            let usable = self.sort_out(at, stream.example(), year, group, table, sent);
            spare_pool += usable * self.values.at(Param::VehicleReuseShare, stream.example(), year);
        }
        let asked = self.renewals[group][year];
        let used = if spare_pool > 0.0 && asked > 0.0 { (asked / spare_pool).min(1.0) } else { 0.0 };
        let mut given = (0.0, 0.0);
        for (at, stream) in streams.by_group[group].iter().enumerate() {
            let share = used * self.values.at(Param::VehicleReuseShare, stream.example(), year);
            let (gwh, aged) = self.triage(at, stream.example(), year, group, share, table, (&mut *offered, &mut *sent));
            given = (given.0 + gwh, given.1 + aged);
        }
        let spares = match given.0 > 0.0 {
            true => Spares { share: (given.0 / asked).min(1.0), age: given.1 / given.0 },
            false => Spares::default(),
        };
        self.spares[group].push(spares);
        // Where spare parts serve all, what is left of the difference is rounding.
        let new = asked - given.0;
        table.of_mut(Quantity::Renewed, group)[year] = if new.abs() > 1e-12 * asked { new } else { 0.0 };
        table.of_mut(Quantity::SpareParts, group)[year] = given.0;
    }

    /// Tests a stream's batteries of all ages up to that of the year.
    fn mark(&mut self, at: usize, series: usize, year: usize, group: usize) {
        let terms = [Param::SohMin, Param::TestSd].map(|param| self.values.at(param, series, year));
        let marks = &mut self.marks[group][at];
        if !marks.constant {
            marks.of.clear();
            marks.soh.clear();
        }
        for age in marks.of.len()..=year {
            let states = self.lives.states_of(self.streams.states(series), year - age);
            let (mut of, mut soh) = ([0; CAUSES], [0.0; CAUSES]);
            for cause in 0..self.own {
                of[cause] = self.grader.grade(&self.lives.states, states, age, cause, terms);
                soh[cause] = self.grader.graded(of[cause]).soh;
            }
            marks.of.push(of);
            marks.soh.push(soh);
        }
    }

    /// Books exits by cause and their ways up to the collection; keeps what is usable and returns its sum.
    fn sort_out(
        &mut self,
        at: usize,
        series: usize,
        year: usize,
        group: usize,
        table: &mut Table,
        sent: &mut Sent,
    ) -> f64 {
        let value = |param| self.values.at(param, series, year);
        let [export, unknown, collected] = [Param::ExportShare, Param::UnknownShare, Param::CollectedShare].map(value);
        let mut fit = [1.0; CAUSES];
        fit[Cause::Crash as usize] = 1.0 - value(Param::CrashDamagedShare);
        for cause in [Cause::Failed, Cause::Warranty, Cause::Recall] {
            fit[cause as usize] = value(Param::FailedUsableShare);
        }
        let mut caught = [(1.0 - unknown) * collected; CAUSES];
        caught[Cause::WearOut as usize] *= 1.0 - export;

        let good: [f64; CAUSES] = std::array::from_fn(|cause| caught[cause] * fit[cause]);
        let bad: [f64; CAUSES] = std::array::from_fn(|cause| caught[cause] * (1.0 - fit[cause]));

        let mut sums = [0.0; CAUSES];
        let (mut useful, mut broken_useful, mut usable_sum) = (0.0, 0.0, 0.0);
        let sohs = &self.marks[group][at].soh;
        let shared = self.own < CAUSES;
        for ((flow, usable), soh) in self.flow[..=year].iter().zip(&mut self.usable[at]).zip(sohs) {
            let (mut whole, mut fit, mut broken) = (0.0, 0.0, 0.0);
            for cause in 0..CAUSES {
                let gwh = flow[cause];
                let soh = if shared { 1.0 } else { soh[cause] };
                sums[cause] += gwh;
                usable[cause] = gwh * good[cause];
                fit += usable[cause];
                whole += gwh * soh;
                broken += gwh * bad[cause] * soh;
            }
            let soh = if shared { soh[0] } else { 1.0 };
            useful += whole * soh;
            broken_useful += broken * soh;
            usable_sum += fit;
            if shared {
                usable[0] = fit;
            }
        }
        let all: f64 = sums.iter().sum();
        let exported = sums[Cause::WearOut as usize] * export;
        let known = (all - exported) * (1.0 - unknown);
        let mut add = |quantity, gwh: f64| table.of_mut(quantity, group)[year] += gwh;
        let by_cause = [Quantity::WearOut, Quantity::Failed, Quantity::Crash, Quantity::Warranty, Quantity::Recall];
        by_cause.into_iter().zip(sums).for_each(|(quantity, gwh)| add(quantity, gwh));
        add(Quantity::Retired, all);
        add(Quantity::RetiredUseful, useful);
        add(Quantity::Exported, exported);
        add(Quantity::Unknown, (all - exported) * unknown);
        add(Quantity::NotCollected, known * (1.0 - collected));
        add(Quantity::Collected, known * collected);
        sent.gwh += (0..CAUSES).map(|cause| sums[cause] * bad[cause]).sum::<f64>();
        sent.useful_gwh += broken_useful;
        usable_sum
    }

    /// Tests what is usable and not given away as a spare part. Returns what was, and the same times its age.
    #[expect(clippy::too_many_arguments, reason = "one stage of a chain, its places and its sinks")]
    fn triage(
        &mut self,
        at: usize,
        series: usize,
        year: usize,
        group: usize,
        spare_share: f64,
        table: &mut Table,
        (offered, sent): (&mut BySoh, &mut Sent),
    ) -> (f64, f64) {
        let value = |param| self.values.at(param, series, year);
        let age_max = value(Param::AgeMax);
        let [repurposed, kept] = [Param::RepurposedShare, Param::YieldShare].map(value);
        let mut given = (0.0, 0.0);
        let [mut accepted, mut wrong_in, mut wrong_out] = [0.0; 3];
        let mut offered_useful = 0.0;
        let marks = &self.marks[group][at].of;
        for (age, (usable, marks)) in self.usable[at].iter().zip(marks).enumerate().take(year + 1) {
            let young = self.plan.entry.younger(age, age_max);
            for (&all, mark) in usable.iter().zip(marks).take(self.own) {
                if all == 0.0 {
                    continue;
                }
                let spare = all * spare_share;
                given.0 += spare;
                given.1 += spare * self.plan.entry.mean_age(age);
                let tested = all - spare;
                let graded = self.grader.graded(*mark);
                let passing = tested * young;
                accepted += passing * graded.accepted;
                wrong_in += passing * graded.wrongly_accepted;
                wrong_out += passing * graded.wrongly_rejected;
                let sold = passing * repurposed * kept;
                if sold * graded.accepted != 0.0 {
                    (0..COUNT).for_each(|class| offered[class] += sold * graded.by_soh[class]);
                }
                offered_useful += sold * graded.accepted_soh;
                sent.gwh += tested - sold * graded.accepted;
                sent.useful_gwh += tested * graded.soh - sold * graded.accepted_soh;
            }
        }
        sent.repurposed_gwh += accepted * repurposed;
        let mut add = |quantity, gwh: f64| table.of_mut(quantity, group)[year] += gwh;
        add(Quantity::Accepted, accepted);
        add(Quantity::WrongAccept, wrong_in);
        add(Quantity::WrongReject, wrong_out);
        add(Quantity::Offered, offered_useful);
        given
    }
}

impl Marks {
    fn new(series: usize, plan: &SupplyPlan, streams: &Streams, values: &Values, lives: &Lifetimes) -> Self {
        let states = |cohort| lives.states_of(streams.states(series), cohort);
        let constant = (1..plan.cohorts()).all(|cohort| states(cohort) == states(0))
            && [Param::SohMin, Param::TestSd].iter().all(|param| values.is_constant(*param, series));
        Marks { constant, ..Marks::default() }
    }
}

/// Books what storage did.
fn store(group: usize, year: usize, moved: &Moved, table: &mut Table, sent: &mut Sent) {
    sent.gwh += moved.out + moved.given_up;
    sent.useful_gwh += moved.out_useful + moved.given_up_useful;
    sent.lasting_gwh = moved.taken_lasting;
    let mut set = |quantity, gwh: f64| table.of_mut(quantity, group)[year] = gwh;
    set(Quantity::Taken, moved.taken_useful);
    set(Quantity::Waiting, moved.waiting);
    set(Quantity::SecondStock, moved.stock);
    set(Quantity::SecondStockUseful, moved.stock_useful);
    set(Quantity::SecondOut, moved.out);
    set(Quantity::Recycled, sent.gwh);
}
