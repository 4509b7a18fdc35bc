//! Draws of a projection: forty-one years, lives drawn for every series of every draw. The goals are 5 s on one core
//! for ten thousand draws of 160 series with outflow by cohort summed to 40 groups (500 us a draw), 0.1 s for ten
//! thousand of one series (10 us a draw), 10 ms for a draw of the whole world from inflow to money, and 10 us for a unit
//! of pairs.

use criterion::{Criterion, criterion_group, criterion_main};
use packlife::scenario::load_supply;
use packlife::supply::exits::exit_shares;
use packlife::supply::{Draws, Entry, Life, LifeLaw, Model, unit_exits, yearly_hazards};
use std::hint::black_box;
use std::path::Path;

const YEARS: usize = 41;
const SERIES: usize = 160;
const SERIES_PER_GROUP: usize = 4;
const LAWS: [LifeLaw; 4] = [LifeLaw::Normal, LifeLaw::Lognormal, LifeLaw::Weibull, LifeLaw::Gamma];
/// Vehicles older than this get no new battery \[years\].
const RENEWAL_AGE: f64 = 12.0;

fn inflow() -> Vec<Vec<f64>> {
    let year = |series: usize, year: usize| 1.0 + ((series * 7 + year * 13) % 29) as f64;
    (0..SERIES).map(|series| (0..YEARS).map(|at| year(series, at)).collect()).collect()
}

/// Exits of a life between 12 and 18 years.
fn drawn(law: LifeLaw, number: usize, shares: &mut [f64]) {
    let u = (number * 7919 % 10_007) as f64 / 10_007.0;
    let life = Life::new(law, 12.0 + 6.0 * u, 3.5 + u).expect("the life is sound");
    exit_shares(&life, Entry::Spread, shares);
}

/// Adds the exits by cohort: cohort after cohort, each from its own year to the last.
fn add_by_cohort(inflow: &[f64], shares: &[f64], out: &mut [f64]) {
    let mut rest = out;
    for (cohort, &entered) in inflow.iter().enumerate() {
        let (own, later) = rest.split_at_mut(inflow.len() - cohort);
        own.iter_mut().zip(shares).for_each(|(out, share)| *out += entered * share);
        rest = later;
    }
}

fn draws(c: &mut Criterion) {
    let inflow = inflow();
    let mut shares = [0.0; YEARS];
    let mut group = c.benchmark_group("supply_draw");
    for law in LAWS {
        let mut number = 0;
        let mut groups = vec![vec![0.0; YEARS * (YEARS + 1) / 2]; SERIES / SERIES_PER_GROUP];
        group.bench_function(format!("160 series, {law:?}"), |b| {
            b.iter(|| {
                groups.iter_mut().for_each(|group| group.fill(0.0));
                for (series, inflow) in inflow.iter().enumerate() {
                    number += 1;
                    drawn(law, number, &mut shares);
                    add_by_cohort(black_box(inflow), &shares, &mut groups[series / SERIES_PER_GROUP]);
                }
                black_box(groups[7][400])
            });
        });
        group.bench_function(format!("one series, {law:?}"), |b| {
            b.iter(|| {
                number += 1;
                drawn(law, number, &mut shares);
                let mut out = [0.0; YEARS];
                for (cohort, entered) in black_box(&inflow[3]).iter().enumerate() {
                    out[cohort..].iter_mut().zip(&shares).for_each(|(out, share)| *out += entered * share);
                }
                black_box(out)
            });
        });
    }
    group.finish();
}

/// Draws of `supply_world.toml`: 69 series, from inflow to money.
fn world(c: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/supply_world.toml");
    let Ok(scenario) = load_supply(&path) else { panic!("{} is sound", path.display()) };
    let plan = &scenario.plan;
    let model = Model::new(plan).expect("the plan is sound");
    let draws = Draws::new(plan.seed, &plan.parameters.uncertain(), &plan.correlations).expect("scores can be drawn");
    let mut number = 0;
    c.bench_function("supply_world", |b| {
        b.iter(|| {
            number += 1;
            model.evaluate(&draws.draw(number), false).expect("the draw is sound")
        });
    });
}

/// A unit of vehicles of a logistic life of 17 years with batteries of 15.
fn pairs(c: &mut Criterion) {
    let hazards = |mean: f64| {
        let life = Life::new(LifeLaw::Logistic, mean, 4.0).expect("the life is sound");
        yearly_hazards(&(0..YEARS).map(|age| life.survival(age as f64 + 0.5)).collect::<Vec<_>>())
    };
    let (vehicle, battery) = (hazards(17.0), hazards(15.0));
    c.bench_function("supply_pairs", |b| {
        b.iter(|| unit_exits(black_box(&vehicle), black_box(&battery), RENEWAL_AGE));
    });
}

criterion_group!(benches, draws, world, pairs);
criterion_main!(benches);
