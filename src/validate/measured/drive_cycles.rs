//! Energy of cars on the two cycles of the EPA: one set of efficiencies for all against the published energy at the wall.
//!
//! Known by the tables `profile_drive_udds` and `profile_drive_hwfet` with the columns `t_s` and `speed_mps`. Road loads are
//! those of the EPA's list of 2022; where the energy of a car was published it is compared, else told. The library's made
//! cycles are held against the measured ones with the same cars.

use crate::duty::{CycleSpec, RoadLoad, SpeedTrace};
use crate::validate::columns::Columns;
use crate::validate::{Finding, Folder, LIBRARY, Report, Tolerance, Verdict};

/// Energy into the pack over energy at the wall.
const PACK_OVER_WALL: f64 = 0.88;
/// Tolerance of a car on a cycle.
const EACH: f64 = 0.20;
/// Tolerance of the median of all.
const MEDIAN: f64 = 0.08;
/// Tolerance of a made cycle against the measured one.
const MADE: f64 = 0.05;

/// A car of the list: coast-down, test mass, and published energy at the wall on UDDS and HWFET \[Wh/km\].
struct ListedCar {
    name: &'static str,
    coast: [f64; 3],
    mass_kg: f64,
    wall_wh_per_km: Option<[f64; 2]>,
}

const CARS: [ListedCar; 6] = [
    ListedCar {
        name: "Nissan Leaf 40 kWh",
        coast: [115.0, 3.43, 0.433],
        mass_kg: 1758.0,
        wall_wh_per_km: Some([119.3, 148.3]),
    },
    ListedCar { name: "Nissan Leaf 62 kWh", coast: [125.0, 2.88, 0.447], mass_kg: 1928.0, wall_wh_per_km: None },
    ListedCar {
        name: "Jaguar I-Pace SE",
        coast: [173.0, 6.37, 0.4225],
        mass_kg: 2381.0,
        wall_wh_per_km: Some([188.7, 205.5]),
    },
    ListedCar { name: "Jaguar I-Pace EV400", coast: [216.0, 6.37, 0.4145], mass_kg: 2381.0, wall_wh_per_km: None },
    ListedCar { name: "Tesla Model 3 RWD", coast: [165.0, 0.47, 0.3205], mass_kg: 1928.0, wall_wh_per_km: None },
    ListedCar {
        name: "Mini Cooper SE",
        coast: [122.0, 4.29, 0.333],
        mass_kg: 1588.0,
        wall_wh_per_km: Some([123.5, 145.9]),
    },
];

/// Tables, with the entry of the library that is made after each.
const TABLES: [(&str, &str); 2] = [("profile_drive_udds", "urban"), ("profile_drive_hwfet", "highway")];

/// Compares with a folder that holds both cycles.
pub(super) fn cars(folder: &Folder<'_>, report: &mut Report) -> bool {
    if !TABLES.iter().all(|(table, _)| folder.has(&format!("{table}.csv"))) {
        return false;
    }
    let mut errors = Vec::new();
    for (index, (table, cycle)) in TABLES.iter().enumerate() {
        let set = format!("{}/{table}", folder.set());
        match compare(folder, (&set, table), index, cycle, report) {
            Ok(of_cycle) => errors.extend(of_cycle),
            Err(why) => report.skip(&set, "", &why),
        }
    }
    errors.sort_by(f64::total_cmp);
    if !errors.is_empty() {
        let (low, high) = (errors[(errors.len() - 1) / 2], errors[errors.len() / 2]);
        let metric = "median error of energy at the pack";
        report.compare(
            &folder.set(),
            "cars on UDDS and HWFET",
            metric,
            (0.0, 0.5 * (low + high)),
            Tolerance::Absolute(MEDIAN),
        );
    }
    true
}

/// Errors of the cars whose energy was published.
fn compare(
    folder: &Folder<'_>,
    (set, table): (&str, &str),
    index: usize,
    cycle: &str,
    report: &mut Report,
) -> Result<Vec<f64>, String> {
    let columns = Columns::read(&folder.text(&format!("{table}.csv"))?)?;
    let trace = SpeedTrace::flat(columns.numbers("t_s")?, columns.numbers("speed_mps")?);
    if trace.distance_m() <= 0.0 {
        return Err("the car does not move".into());
    }
    let library = LIBRARY.as_ref().ok_or("the built-in library cannot be read")?;
    let made = library.get::<CycleSpec>(cycle).map_err(|fault| fault.to_string())?.trace();
    let metric = "energy at the pack, Wh/km";
    let mut errors = Vec::new();
    for car in &CARS {
        let measured = wh_per_km(car, &trace);
        match car.wall_wh_per_km {
            Some(wall) => {
                let theirs = PACK_OVER_WALL * wall[index];
                errors.push((measured / theirs - 1.0).abs());
                report.compare(set, car.name, metric, (theirs, measured), Tolerance::Relative(EACH));
            }
            None => report.findings.push(Finding {
                set: set.into(),
                case: car.name.into(),
                metric: metric.into(),
                reference: None,
                ours: Some(measured),
                error: None,
                tolerance: None,
                verdict: Verdict::Info,
                note: "no published energy at hand".into(),
            }),
        }
        let metric = format!("energy at the pack, cycle `{cycle}` of the library");
        report.compare(set, car.name, &metric, (measured, wh_per_km(car, &made)), Tolerance::Relative(MADE));
    }
    let speed = |trace: &SpeedTrace| 3.6 * trace.distance_m() / trace.duration_s();
    let metric = format!("mean speed, km/h, cycle `{cycle}` of the library");
    report.compare(set, "", &metric, (speed(&trace), speed(&made)), Tolerance::Relative(MADE));
    Ok(errors)
}

/// Energy at the pack with the efficiencies that all cars share, auxiliaries included.
fn wh_per_km(car: &ListedCar, trace: &SpeedTrace) -> f64 {
    let [a, b, c] = car.coast.map(Some);
    let road = RoadLoad {
        mass_kg: car.mass_kg,
        coast_a_n: a,
        coast_b_n_per_mps: b,
        coast_c_n_per_mps2: c,
        drag_coefficient: None,
        frontal_area_m2: None,
        rolling_coefficient: None,
        drive_efficiency: 0.90,
        regeneration_efficiency: 0.65,
        regeneration_kw: 1000.0,
        auxiliary_kw: 0.25,
        heating_w_per_k: 0.0,
        warm_up_wh_per_k: 0.0,
        heating_cop: 1.0,
        heating_cop_per_k: 0.0,
        cooling_w_per_k: 0.0,
    };
    road.energy_wh_per_km(trace)
}
