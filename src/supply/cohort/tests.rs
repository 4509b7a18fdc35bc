use super::*;
use crate::supply::fixture::{plan, world};
use crate::supply::plan::{Entry, LifeLaw, Lives, Negative};
use crate::supply::survival::Life;
use crate::supply::{Draw, Param, Quantity, SupplyPlan, evaluate};
use proptest::prelude::*;

const ENTRIES: [Entry; 4] = [Entry::Start, Entry::Middle, Entry::End, Entry::Spread];

fn uneven() -> Steps {
    Steps::between(vec![2000.0, 2001.0, 2002.5, 2005.0, 2010.0, 2010.25, 2030.0, 2031.0, 2040.0]).unwrap()
}

fn life() -> Life {
    Life::new(LifeLaw::Normal, 9.0, 4.0).unwrap()
}

#[test]
fn uneven_steps_conserve_mass() {
    let (life, inflow) = (life(), [1.0, 3.0, 0.5, 2.0, 9.0, 1.0, 4.0, 2.5]);
    for entry in ENTRIES {
        let survivals = Survivals::new(uneven(), entry, |_| &life);
        let stocks = inflow_driven(&survivals, &inflow).unwrap();
        assert!(stocks.balance_error() < 1e-14, "{entry:?}: {:e}", stocks.balance_error());
        // By hand: all that entered is in use or has left.
        let (mut entered, mut left) = (0.0, 0.0);
        for (step, came) in inflow.iter().enumerate() {
            entered += came * uneven().length(step);
            left += stocks.outflow.step(step).iter().sum::<f64>() * uneven().length(step);
            let stock: f64 = stocks.stock.step(step).iter().sum();
            assert!((entered - left - stock).abs() < 1e-12, "{entry:?} {step}");
        }
    }
}

#[test]
fn an_open_balance_is_seen() {
    let life = life();
    let survivals = Survivals::new(uneven(), Entry::Spread, |_| &life);
    let mut stocks = inflow_driven(&survivals, &[1.0; 8]).unwrap();
    stocks.outflow.step_mut(4)[2] += 1e-6;
    assert!(stocks.balance_error() > 1e-9);
}

#[test]
fn halved_steps_tell_the_same() {
    // Inflow at a constant rate: how time is cut does not matter where it is spread over the steps.
    let life = life();
    let coarse = Survivals::new(uneven(), Entry::Spread, |_| &life);
    let edges: Vec<f64> = (0..=80).map(|k| 2000.0 + 0.5 * f64::from(k)).collect();
    let fine = Survivals::new(Steps::between(edges).unwrap(), Entry::Spread, |_| &life);
    let (coarse, fine) = (inflow_driven(&coarse, &[2.0; 8]).unwrap(), inflow_driven(&fine, &[2.0; 80]).unwrap());
    for (step, half_years) in [(0, 2), (1, 5), (3, 20), (7, 80)] {
        assert!((coarse.stock.totals()[step] - fine.stock.totals()[half_years - 1]).abs() < 1e-12);
    }
}

#[test]
fn ages_at_the_end_of_a_year() {
    let life = life();
    for (entry, at) in [(Entry::Start, 4.0), (Entry::Middle, 3.5), (Entry::End, 3.0)] {
        let survivals = Survivals::new(Steps::yearly(8), entry, |_| &life);
        assert_eq!(survivals.shares().at(5, 2), life.survival(at));
    }
    let spread = Survivals::new(Steps::yearly(8), Entry::Spread, |_| &life);
    assert_eq!(spread.shares().at(5, 2), life.mean_survival(3.0, 4.0));
    assert_eq!(spread.shares().at(1, 2), 0.0);
}

#[test]
fn a_stock_that_falls_too_fast_is_refused_allowed_or_corrected() {
    let life = life();
    let survivals = Survivals::new(Steps::yearly(6), Entry::Middle, |_| &life);
    let stock = [10.0, 12.0, 14.0, 5.0, 5.0, 6.0];
    let drive = |negative| stock_driven(&survivals, &stock, &[], negative);
    assert!(matches!(drive(Negative::Refuse), Err(CohortError::FallsTooFast { step: 3, stock: 5.0, .. })));
    let allowed = drive(Negative::Allow).unwrap();
    assert!(allowed.inflow[3] < -1.0 && allowed.negatives.steps == [(3, allowed.inflow[3])]);
    let corrected = drive(Negative::Correct).unwrap();
    assert_eq!((corrected.inflow[3], corrected.negatives.steps.len()), (0.0, 1));
    assert!(corrected.inflow.iter().all(|i| *i >= 0.0));
    for stocks in [allowed, corrected.clone()] {
        stocks.stock.totals().iter().zip(stock).for_each(|(k, given)| assert!((k - given).abs() < 1e-12));
        assert!(stocks.balance_error() < 1e-14);
    }
    // All older cohorts lost the same share, for good.
    let plain = stock_driven(&survivals, &[10.0, 12.0, 14.0, 14.0, 14.0, 14.0], &[], Negative::Refuse).unwrap();
    for step in 3..6 {
        let shares: Vec<f64> = (0..3).map(|c| corrected.stock.at(step, c) / plain.stock.at(step, c)).collect();
        assert!(shares.iter().all(|s| (s - shares[0]).abs() < 1e-12) && shares[0] < 0.5, "{shares:?}");
    }
}

#[test]
fn a_given_age_structure_is_met() {
    let life = life();
    let survivals = Survivals::new(uneven(), Entry::End, |_| &life);
    let (structure, stock) = ([0.5, 0.0, 2.0], [0.0, 0.0, 0.0, 4.0, 9.0, 3.0, 3.0, 5.0]);
    let stocks = stock_driven(&survivals, &stock, &structure, Negative::Refuse).unwrap();
    stocks.stock.step(2).iter().zip(structure).for_each(|(k, given)| assert!((k - given).abs() < 1e-14));
    stocks.stock.totals()[3..].iter().zip(&stock[3..]).for_each(|(k, given)| assert!((k - given).abs() < 1e-12));
    assert!(stocks.balance_error() < 1e-14);
    let old = Life::new(LifeLaw::Fixed, 2.0, 0.0).unwrap();
    let dead = Survivals::new(Steps::yearly(6), Entry::End, |_| &old);
    assert!(matches!(
        stock_driven(&dead, &[1.0; 6], &[1.0, 0.0, 0.0], Negative::Refuse),
        Err(CohortError::NothingLeft { step: 2, cohort: 0, .. })
    ));
}

#[test]
fn impossible_series_are_refused() {
    let life = life();
    let survivals = Survivals::new(Steps::yearly(3), Entry::Spread, |_| &life);
    assert_eq!(inflow_driven(&survivals, &[1.0]), Err(CohortError::Length { expected: 3, found: 1 }));
    assert!(inflow_driven(&survivals, &[1.0, f64::NAN, 1.0]).is_err());
    assert!(stock_driven(&survivals, &[1.0, -1.0, 1.0], &[], Negative::Allow).is_err());
    assert!(stock_driven(&survivals, &[1.0; 3], &[1.0; 4], Negative::Allow).is_err());
    assert!(stock_driven(&survivals, &[1.0; 3], &[-1.0], Negative::Allow).is_err());
    assert!(matches!(Steps::between(vec![0.0, 1.0, 1.0]), Err(CohortError::Edges { step: 1, .. })));
    let gone = Life::new(LifeLaw::Fixed, 0.2, 0.0).unwrap();
    let never = Survivals::new(Steps::yearly(3), Entry::Middle, |_| &gone);
    let no_stock = stock_driven(&never, &[0.0, 1.0, 1.0], &[], Negative::Refuse);
    assert!(matches!(no_stock, Err(CohortError::NothingLeft { step: 1, cohort: 1, .. })));
    let rising = Triangle::of(3, |step, _| 0.2 * step as f64);
    assert!(matches!(Survivals::from_shares(Steps::yearly(3), rising), Err(CohortError::Share { step: 1, .. })));
}

/// A projection by one law, as the kernel of cohorts has it too.
fn projection(law: LifeLaw, entry: Entry, gwh: &[f64], stock_driven: Option<Negative>) -> SupplyPlan {
    let plan = plan([1, 1, 1], 2015, gwh).with(Param::VehicleLifeMean, 13.0).with(Param::VehicleLifeSd, 4.0);
    let lives = Lives::Closed { vehicle: law, battery: LifeLaw::Normal };
    SupplyPlan { lives, entry, stock_driven, ..plan }
}

#[test]
fn projections_by_one_law_are_those_of_cohorts() {
    const LAWS: [LifeLaw; 8] = [
        LifeLaw::Fixed,
        LifeLaw::Normal,
        LifeLaw::TruncatedNormal,
        LifeLaw::FoldedNormal,
        LifeLaw::Lognormal,
        LifeLaw::Weibull,
        LifeLaw::Logistic,
        LifeLaw::Gamma,
    ];
    let inflow = world();
    let years = inflow.len();
    // A stock that falls faster than lives allow, and rises again.
    let stock: Vec<f64> = (0..years as i32).map(|t| 100.0 + 10.0 * f64::from(t - 20 * (t / 18))).collect();
    for law in LAWS {
        let life = Life::new(law, 13.0, 4.0).unwrap();
        for entry in ENTRIES {
            let survivals = Survivals::new(Steps::yearly(years), entry, |_| &life);
            let compare = |known: Stocks, given: &[f64], stock_driven: Option<Negative>| {
                let done = evaluate(&projection(law, entry, given, stock_driven), &Draw::central(), false).unwrap();
                let pairs = [
                    (Quantity::Inflow, known.inflow.clone()),
                    (Quantity::Stock, known.stock.totals()),
                    (Quantity::Retired, known.outflow.totals()),
                ];
                for (quantity, known) in pairs {
                    let scale = known.iter().fold(1.0, |most: f64, value| most.max(value.abs()));
                    for (year, (found, known)) in done.table.of(quantity, 0).iter().zip(known).enumerate() {
                        let name = quantity.name();
                        assert!(
                            (found - known).abs() < 1e-9 * scale,
                            "{law:?} {entry:?} {name} {year}: {found} {known}"
                        );
                    }
                }
            };
            compare(inflow_driven(&survivals, &inflow).unwrap(), &inflow, None);
            for negative in [Negative::Correct, Negative::Allow] {
                let known = stock_driven(&survivals, &stock, &[], negative).unwrap();
                assert!(!known.negatives.steps.is_empty());
                compare(known, &stock, Some(negative));
            }
            let rising = &stock[..18];
            let survivals = Survivals::new(Steps::yearly(18), entry, |_| &life);
            let known = stock_driven(&survivals, rising, &[], Negative::Refuse).unwrap();
            compare(known, rising, Some(Negative::Refuse));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn stocks_give_back_the_inflow_they_came_from(
        lengths in proptest::collection::vec(0.1..6.0_f64, 12),
        inflow in proptest::collection::vec(0.0..5.0_f64, 12),
        mean in 2.0..20.0_f64, cv in 0.1..0.6_f64, law in 0_usize..4, entry in 0_usize..4,
    ) {
        let law = [LifeLaw::Normal, LifeLaw::Weibull, LifeLaw::Lognormal, LifeLaw::Gamma][law];
        let edges = std::iter::once(0.0).chain(lengths.iter().scan(0.0, |at, l| { *at += l; Some(*at) })).collect();
        // A step that outlasts the life leaves little to solve by.
        let life = Life::new(law, mean + 6.0, cv * mean).unwrap();
        let survivals = Survivals::new(Steps::between(edges).unwrap(), ENTRIES[entry], |_| &life);
        let there = inflow_driven(&survivals, &inflow).unwrap();
        prop_assert!(there.balance_error() < 1e-12);
        let back = stock_driven(&survivals, &there.stock.totals(), &[], Negative::Allow).unwrap();
        prop_assert!(back.balance_error() < 1e-12);
        for (a, b) in back.inflow.iter().zip(&inflow) {
            prop_assert!((a - b).abs() < 1e-8, "{a} {b}");
        }
    }
}
