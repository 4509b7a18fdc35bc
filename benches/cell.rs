//! The reference cell: steps a second, one thread, two RC pairs over SoC with Arrhenius, one thermal node.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use packlife::cell::model::{
    Coefficient, Control, Entropy, HeatForm, Model, Pair, Parameters, State, Storage, Thermal,
};
use packlife::numeric::grid::Line;
use std::hint::black_box;

fn model() -> Model {
    let line = |values: [f64; 6]| Line::new(vec![0.0, 0.1, 0.3, 0.5, 0.8, 1.0], values.to_vec()).expect("rises");
    let arrhenius = |values| Coefficient::SocArrhenius { table: line(values), ea_j_per_mol: 25e3, reference_k: 298.15 };
    let pair =
        |values, c| Pair { resistance: arrhenius(values), storage: Storage::Capacitance(Coefficient::Constant(c)) };
    Model::new(Parameters {
        capacity_ah: 94.0,
        coulombic_efficiency: 1.0,
        ocv_v: line([3.2, 3.5, 3.6, 3.7, 4.0, 4.2]),
        hysteresis: None,
        entropy: Entropy::At(Coefficient::Constant(-1e-4)),
        r0: arrhenius([9e-4, 7e-4, 6e-4, 6e-4, 6e-4, 7e-4]),
        pairs: vec![pair([7e-4, 4e-4, 3e-4, 3e-4, 3e-4, 4e-4], 4e4), pair([1e-3, 7e-4, 5e-4, 5e-4, 5e-4, 6e-4], 1e6)],
        heat: HeatForm::BERNARDI,
        thermal: Thermal::OneNode { heat_capacity_j_per_k: 2100.0, conductance_w_per_k: 1.1 },
    })
    .expect("the cell is sound")
}

fn steps(c: &mut Criterion) {
    let model = model();
    let mut group = c.benchmark_group("cell");
    let count = 1800;
    group.throughput(Throughput::Elements(count));
    for (name, size) in [("current", 60.0), ("power", 220.0)] {
        group.bench_function(name, |b| {
            b.iter(|| {
                let mut state = State::rested(0.6, 298.15);
                for k in 0..count {
                    let size = black_box(if k % 60 < 40 { size } else { -size });
                    let control = if name == "power" { Control::Power(size) } else { Control::Current(size) };
                    state = model.step(&state, control, 1.0, 298.15).expect("the cell can").0;
                }
                state.soc
            });
        });
    }
    group.finish();
}

criterion_group!(benches, steps);
criterion_main!(benches);
