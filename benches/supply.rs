//! Draws of a projection: forty-one years, lives drawn for every series of every draw. The goals are 5 s on one core for
//! ten thousand draws of 160 series with outflow by cohort summed to 40 groups (500 us a draw), and 0.1 s for ten thousand
//! of one series (10 us a draw).

use criterion::{Criterion, criterion_group, criterion_main};
use packlife::supply::exits::{by_cohort_len, convolve_exits, exit_shares, exits_by_cohort};
use packlife::supply::{Entry, Life, LifeLaw};
use std::hint::black_box;

const YEARS: usize = 41;
const SERIES: usize = 160;
const SERIES_PER_GROUP: usize = 4;
const LAWS: [LifeLaw; 4] = [LifeLaw::Normal, LifeLaw::Lognormal, LifeLaw::Weibull, LifeLaw::Gamma];

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

fn draws(c: &mut Criterion) {
    let inflow = inflow();
    let mut shares = [0.0; YEARS];
    let mut group = c.benchmark_group("supply_draw");
    for law in LAWS {
        let mut number = 0;
        let mut groups = vec![vec![0.0; by_cohort_len(YEARS)]; SERIES / SERIES_PER_GROUP];
        group.bench_function(format!("160 series, {law:?}"), |b| {
            b.iter(|| {
                groups.iter_mut().for_each(|group| group.fill(0.0));
                for (series, inflow) in inflow.iter().enumerate() {
                    number += 1;
                    drawn(law, number, &mut shares);
                    exits_by_cohort(black_box(inflow), &shares, &mut groups[series / SERIES_PER_GROUP]);
                }
                black_box(groups[7][400])
            });
        });
        group.bench_function(format!("one series, {law:?}"), |b| {
            b.iter(|| {
                number += 1;
                drawn(law, number, &mut shares);
                let mut out = [0.0; YEARS];
                convolve_exits(black_box(&inflow[3]), &shares, &mut out);
                black_box(out)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, draws);
criterion_main!(benches);
