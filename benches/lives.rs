//! The main job: whole lives a second, one thread. Goal: at least 5 pack-lives/s on one core.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use packlife::life::Journey;
use packlife::scenario::load;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

fn lives(c: &mut Criterion) {
    let mut group = c.benchmark_group("lives");
    group.sample_size(10).measurement_time(Duration::from_secs(20));
    for name in ["mg_zs_ev_delhi_5kwh", "ipace_coventry_125kwh"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{name}.toml"));
        let plan = load(&path).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let journey = Journey::prepare(plan.journey, plan.seed).unwrap_or_else(|error| panic!("{name}: {error}"));
        // The same four packs each time: lives differ in length.
        let packs = 4;
        group.throughput(Throughput::Elements(packs));
        group.bench_function(name, |b| {
            b.iter(|| (0..packs).map(|pack| journey.live(black_box(pack), 0).is_ok()).filter(|ok| *ok).count());
        });
    }
    group.finish();
}

criterion_group!(benches, lives);
criterion_main!(benches);
