use super::rules::{Given, PairError, PairRules, PairYear, project};
use super::*;
use crate::numeric::stats::normal_cdf;
use crate::supply::Negative;
use proptest::prelude::*;

/// Hazards of a normal life, `years` of them.
fn normal(mean: f64, sd: f64, years: usize) -> Vec<f64> {
    yearly_hazards(&(0..years).map(|age| normal_cdf((mean - age as f64) / sd)).collect::<Vec<_>>())
}

fn sum(told: &[PairYear], of: impl Fn(&PairYear) -> f64) -> f64 {
    told.iter().map(of).sum()
}

/// Vehicles and batteries that came in have left or are there, relative to all that came.
fn imbalance(told: &[PairYear]) -> f64 {
    let stock = told.last().map_or(0.0, |year| year.stock);
    let vehicles = sum(told, |y| y.vehicles_in - y.vehicles_out) - stock;
    let batteries = sum(told, |y| y.batteries_in - y.batteries_out) - stock;
    (vehicles.abs() / sum(told, |y| y.vehicles_in.abs()).max(1e-300))
        .max(batteries.abs() / sum(told, |y| y.batteries_in.abs()).max(1e-300))
}

fn unit_imbalance(unit: &UnitExits) -> f64 {
    let mut worst = 0.0_f64;
    let (mut came, mut left) = (1.0, 0.0);
    for year in 0..unit.years() {
        came += unit.renewed[year];
        left += [unit.usable(year), unit.failed(year), unit.both(year)].concat().iter().sum::<f64>();
        worst = worst.max((came - left - unit.in_use[year]).abs() / came);
    }
    worst
}

#[test]
fn hazards_give_the_survival_back() {
    let survival = [0.9, 0.6, 0.6, 0.1, 0.0, 0.0];
    let hazards = yearly_hazards(&survival);
    let mut left = 1.0;
    for (h, s) in hazards.iter().zip(survival) {
        left *= 1.0 - h;
        assert!((left - s).abs() < 1e-15);
    }
    assert_eq!(hazards[5], 1.0);
    assert_eq!(yearly_hazards(&[f64::NAN, 0.5]), [0.0, 1.0]);
}

#[test]
fn a_step_splits_a_cell_by_the_product_of_hazards() {
    let mut pairs = Pairs::new(4);
    assert!(pairs.add(1, 2, 100.0) && !pairs.add(4, 0, 1.0));
    let mut seen = Vec::new();
    pairs.step(&[0.0, 0.0, 0.25], &[0.0, 0.0, 0.0, 0.4], |v, b, ends| seen.push((v, b, ends)));
    assert_eq!(seen, [(2, 3, PairEnds { vehicle: 15.0, battery: 30.0, both: 10.0 })]);
    assert!((pairs.get(2, 3) - 45.0).abs() < 1e-12 && (pairs.total() - 45.0).abs() < 1e-12);
    // The battery would leave the table.
    seen.clear();
    pairs.step(&[0.0; 4], &[0.0; 4], |v, b, ends| seen.push((v, b, ends)));
    assert_eq!(seen[0], (3, 4, PairEnds { vehicle: 0.0, battery: 45.0, both: 0.0 }));
    assert_eq!(pairs.total(), 0.0);
}

/// Two years by hand: 100 vehicles, a fifth of them and half of the batteries end in the second year.
#[test]
fn rules_by_hand() {
    let (hv, hb) = ([0.0, 0.2], [0.0, 0.5]);
    let stock = Given::Stock(&[100.0, 100.0], Negative::Refuse);
    let year = |replaced_share: f64, reused_share: f64| {
        let rules = PairRules { replaced_share, reused_share, ..Default::default() };
        project(stock, &hv, &hb, &rules).unwrap()[1]
    };
    let plain = year(0.0, 0.0);
    let ends = [plain.vehicle_ends, plain.battery_ends, plain.both_end];
    assert_eq!(ends, [10.0, 40.0, 10.0]);
    assert_eq!([plain.vehicles_in, plain.batteries_in], [60.0, 60.0]);
    // Half of 40 vehicles without a battery, half of 10 batteries without a vehicle: 5 used and 15 new batteries in old
    // vehicles, 40 new pairs.
    let both = year(0.5, 0.5);
    assert_eq!([both.vehicles_in, both.batteries_in, both.replaced, both.reused], [40.0, 55.0, 20.0, 5.0]);
    assert_eq!([both.vehicles_out, both.batteries_out], [40.0, 55.0]);
    // Used batteries find no vehicle in use: they go into new ones.
    let reused = year(0.0, 1.0);
    assert_eq!([reused.vehicles_in, reused.batteries_in, reused.new_pairs], [60.0, 50.0, 50.0]);
}

#[test]
fn the_oldest_are_cut_first_and_meet() {
    // Vehicles never end by themselves; the stock leaves room for less than half of those without a battery.
    let rules = PairRules { replaced_share: 1.0, ..Default::default() };
    let told = project(Given::Stock(&[80.0, 100.0, 60.0], Negative::Refuse), &[0.0; 3], &[0.0, 0.5, 0.5], &rules);
    let last = told.unwrap()[2];
    assert_eq!([last.battery_ends, last.replaced, last.new_pairs], [50.0, 10.0, 0.0]);
    assert_eq!(last.vehicles_out, 40.0);
}

#[test]
fn a_stock_that_falls_too_fast() {
    let stock = [100.0, 40.0, 50.0];
    let with = |negative| project(Given::Stock(&stock, negative), &[0.0, 0.1, 0.1], &[0.0; 3], &PairRules::default());
    assert_eq!(with(Negative::Refuse), Err(PairError::Negative { year: 1, given: 40.0, left: 90.0 }));
    let corrected = with(Negative::Correct).unwrap();
    assert!((corrected[1].taken_out - 50.0).abs() < 1e-12 && corrected[1].vehicles_in == 0.0);
    assert!((corrected[2].vehicles_in - 14.0).abs() < 1e-12 && imbalance(&corrected) < 1e-14);
    let allowed = with(Negative::Allow).unwrap();
    assert!((allowed[1].vehicles_in + 50.0).abs() < 1e-12 && imbalance(&allowed) < 1e-14);
}

#[test]
fn unsound_series_are_refused() {
    for value in [-1.0, f64::NAN, f64::INFINITY] {
        let told = project(Given::Inflow(&[1.0, value]), &[0.0; 2], &[0.0; 2], &PairRules::default());
        assert!(matches!(told, Err(PairError::Value { year: 1, .. })));
    }
    let nobody = project(Given::Stock(&[1.0], Negative::Refuse), &[1.0], &[0.0], &PairRules::default());
    assert_eq!(nobody, Err(PairError::NoneLasts { year: 0 }));
}

/// Hazards of vehicle and battery from a few numbers; the year of entry, too.
fn hazards() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    ((3.0..25.0, 0.5..8.0), (3.0..25.0, 0.5..8.0), 0.0..0.05).prop_map(|(v, b, crash)| {
        let with = |h: Vec<f64>| h.into_iter().map(|h: f64| 1.0 - (1.0 - h) * (1.0 - crash)).collect();
        (with(normal(v.0, v.1, 30)), normal(b.0, b.1, 30))
    })
}

fn rules() -> impl Strategy<Value = PairRules> {
    (0.0..=1.0, 0.0..20.0, 0.0..=1.0, 0.0..20.0).prop_map(|(replaced, below, reused, used)| PairRules {
        replaced_share: replaced,
        replaced_below_years: below,
        reused_share: reused,
        reused_below_years: used,
    })
}

fn series() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.0..1000.0, 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn all_that_comes_in_leaves_or_stays((hv, hb) in hazards(), rules in rules(), series in series()) {
        let driven = project(Given::Inflow(&series), &hv, &hb, &rules).unwrap();
        prop_assert!(imbalance(&driven) < 1e-12, "{}", imbalance(&driven));
        for (year, inflow) in driven.iter().zip(&series) {
            prop_assert!((year.vehicles_in - inflow).abs() <= 1e-12 * inflow);
        }
        for negative in [Negative::Correct, Negative::Allow] {
            let driven = project(Given::Stock(&series, negative), &hv, &hb, &rules).unwrap();
            prop_assert!(imbalance(&driven) < 1e-12, "{negative:?} {}", imbalance(&driven));
            let most = driven.iter().map(|year| year.vehicles_in.abs()).fold(1.0, f64::max);
            for (year, stock) in driven.iter().zip(&series) {
                prop_assert!((year.stock - stock).abs() < 1e-12 * most, "{} {stock}", year.stock);
            }
        }
    }

    #[test]
    fn a_battery_that_never_ends_leaves_one_life((hv, _) in hazards(), series in series()) {
        let told = project(Given::Inflow(&series), &hv, &[0.0; 30], &PairRules::default()).unwrap();
        for (year, told) in told.iter().enumerate() {
            let left = |cohort: usize| hv[..=year - cohort].iter().map(|h| 1.0 - h).product::<f64>();
            let stock: f64 = (0..=year).map(|cohort| series[cohort] * left(cohort)).sum();
            prop_assert!((told.stock - stock).abs() <= 1e-12 * stock.max(1.0));
            prop_assert!((told.vehicles_out - told.batteries_out).abs() <= 1e-9);
        }
    }

    #[test]
    fn no_vehicle_lives_longer_than_its_own_life((hv, hb) in hazards(), rules in rules(), below in 0.0..40.0) {
        let mut once = vec![0.0; 30];
        once[0] = 1.0;
        let mut left = 1.0;
        let with = project(Given::Inflow(&once), &hv, &hb, &rules).unwrap();
        let without = project(Given::Inflow(&once), &hv, &hb, &PairRules::default()).unwrap();
        let unit = unit_exits(&hv, &hb, below);
        for year in 0..30 {
            left *= 1.0 - hv[year];
            prop_assert!(with[year].stock <= left * (1.0 + 1e-12), "{} {left}", with[year].stock);
            prop_assert!(without[year].stock <= with[year].stock + 1e-12);
            prop_assert!(unit.in_use[year] <= left * (1.0 + 1e-12));
        }
    }

    #[test]
    fn reuse_spares_new_batteries((hv, hb) in hazards(), rules in rules(), growth in 1.0..1.3) {
        let stock: Vec<f64> = (0..30).map(|year| 100.0 * f64::powi(growth, year)).collect();
        let new = |reused_share: f64| {
            let rules = PairRules { reused_share, ..rules };
            sum(&project(Given::Stock(&stock, Negative::Correct), &hv, &hb, &rules).unwrap(), |y| y.batteries_in)
        };
        prop_assert!(new(0.8) <= new(0.0) * (1.0 + 1e-12), "{} {}", new(0.8), new(0.0));
    }

    #[test]
    fn a_unit_is_conserved_and_makes_up_the_cohorts((hv, hb) in hazards(), series in series(), below in 0.0..40.0) {
        let unit = unit_exits(&hv, &hb, below);
        prop_assert!(unit_imbalance(&unit) < 1e-12);
        let rules = PairRules { replaced_share: 1.0, replaced_below_years: below, ..Default::default() };
        let told = project(Given::Inflow(&series), &hv, &hb, &rules).unwrap();
        let of = |year: usize, share: &dyn Fn(usize) -> f64| -> f64 {
            (0..=year).map(|cohort| series[cohort] * share(year - cohort)).sum()
        };
        for (year, told) in told.iter().enumerate() {
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-11 * a.abs().max(1.0);
            prop_assert!(near(told.stock, of(year, &|age| unit.in_use[age])));
            prop_assert!(near(told.batteries_in - told.vehicles_in, of(year, &|age| unit.renewed[age])));
            prop_assert!(near(told.vehicle_ends, of(year, &|age| unit.usable(age).iter().sum())));
            prop_assert!(near(told.both_end, of(year, &|age| unit.both(age).iter().sum())));
        }
    }
}

#[test]
fn a_unit_by_hand() {
    // All vehicles end in the fourth year, half of the batteries in each but the first.
    let unit = unit_exits(&[0.0, 0.0, 0.0, 1.0], &[0.0, 0.5, 0.5, 0.5], 2.0);
    assert_eq!(unit.renewed, [0.0, 0.5, 0.0, 0.0]);
    assert_eq!(unit.given_up, [0.0, 0.0, 0.5, 0.0]);
    assert_eq!(unit.failed(2), [0.0, 0.25, 0.25]);
    assert_eq!((unit.usable(3), unit.both(3)), (&[0.0, 0.0, 0.125, 0.125][..], &[0.0, 0.0, 0.125, 0.125][..]));
    assert_eq!((unit.in_use[3], unit.usable(4).len()), (0.0, 0));
    // An age between whole years gives a share.
    assert_eq!(unit_exits(&[0.0; 3], &[0.0, 0.5, 0.5], 1.25).renewed, [0.0, 0.125, 0.0]);
    // Batteries of which half end in their first year are put in twice as often.
    let short = unit_exits(&[0.0], &[0.5], 9.0);
    assert_eq!((short.renewed[0], short.failed(0)[0], short.in_use[0]), (1.0, 1.0, 1.0));
    let never = unit_exits(&[0.0, 0.0], &[1.0], 9.0);
    assert_eq!((never.renewed, never.given_up, never.in_use), (vec![0.0; 2], vec![1.0, 0.0], vec![0.0; 2]));
}
