use super::super::fixture::plan;
use super::super::model::{Evaluated, evaluate};
use super::super::parameter::Param;
use super::super::plan::{Entry, LifeLaw, Lives, Negative, SupplyPlan};
use super::super::survival::Life;
use super::super::{CAUSES, Draw, Quantity, SupplyError};

fn central(plan: &SupplyPlan) -> Evaluated {
    evaluate(plan, &Draw::central(), true).unwrap()
}

fn of(done: &Evaluated, quantity: Quantity) -> &[f64] {
    done.table.of(quantity, 0)
}

fn grown(years: usize) -> Vec<f64> {
    (0..years).map(|t| 2.0 * 1.1f64.powi(t as i32)).collect()
}

/// Vehicles and batteries of normal lives, crashes, new batteries in young vehicles.
fn fleet(first_year: i32, gwh: &[f64]) -> SupplyPlan {
    plan([1, 1, 1], first_year, gwh)
        .with(Param::VehicleLifeMean, 14.0)
        .with(Param::VehicleLifeSd, 4.0)
        .with(Param::BatteryLifeMean, 16.0)
        .with(Param::BatteryLifeSd, 5.0)
        .with(Param::CrashPerYear, 0.01)
        .with(Param::RenewalAge, 9.0)
        .with_in(Param::PeriodFactor, Default::default(), &[(2010, 1.0), (2030, 1.3)])
}

#[test]
fn what_is_left_of_an_old_cohort_goes_by_the_rest_of_its_life() {
    let mut plan = plan([1, 1, 1], 2020, &[0.0; 12]).with(Param::VehicleLifeMean, 15.0).with(Param::VehicleLifeSd, 4.0);
    plan.entry = Entry::Start;
    plan.lives = Lives::Closed { vehicle: LifeLaw::Lognormal, battery: LifeLaw::Normal };
    plan.before = 20;
    plan.series[0].opening = vec![0.0; 20];
    plan.series[0].opening[7] = 3.0;
    let done = central(&plan);
    // Thirteen years old at the start of the first year.
    let rest = Life::new(LifeLaw::Lognormal, 15.0, 4.0).unwrap().after(13.0).unwrap();
    for (k, stock) in of(&done, Quantity::Stock).iter().enumerate() {
        assert!((stock - 3.0 * rest.survival(k as f64 + 1.0)).abs() < 1e-12, "{k}: {stock}");
    }
    assert_eq!(of(&done, Quantity::Opening)[1..], [0.0; 11]);
    assert!((of(&done, Quantity::Opening)[0] - 3.0).abs() < 1e-13 && done.balance_error < 1e-12);
}

/// A projection that begins later with what another has on the road then goes on like it.
#[test]
fn a_projection_can_begin_where_another_stands() {
    let (early, cut) = (fleet(2005, &grown(40)), 15);
    let whole = central(&early);
    // What of each cohort is in use at the start of 2020: all that came less all that left.
    let cohorts = whole.by_cohort.as_ref().unwrap();
    let renewed = of(&whole, Quantity::Renewed);
    assert!(renewed.iter().sum::<f64>() > 0.1);
    let mut later = fleet(2020, &grown(40)[cut..]);
    later.before = cut;
    // With one law of life for all, what a cohort has on the road is known from a plan of that cohort alone.
    later.series[0].opening = (0..cut)
        .map(|c| {
            let mut only = early.clone();
            only.series[0].gwh.iter_mut().enumerate().for_each(|(t, gwh)| *gwh = if t == c { *gwh } else { 0.0 });
            of(&central(&only), Quantity::Stock)[cut - 1]
        })
        .collect();
    let found = central(&later);
    for quantity in [Quantity::Stock, Quantity::Retired, Quantity::Crash, Quantity::Failed, Quantity::Renewed] {
        for (k, value) in of(&found, quantity).iter().enumerate() {
            let expected = of(&whole, quantity)[cut + k];
            assert!((value - expected).abs() < 1e-9 * expected.max(1.0), "{} {k}: {value} {expected}", quantity.name());
        }
    }
    let by_cohort = found.by_cohort.as_ref().unwrap();
    assert_eq!(by_cohort[0].len(), 40);
    let (mine, theirs): ([f64; CAUSES], _) = (by_cohort[0][4][3], cohorts[0][4][cut + 3]);
    assert!(mine.iter().zip(theirs).all(|(a, b): (&f64, f64)| (a - b).abs() < 1e-12), "{mine:?} {theirs:?}");
    let left: f64 = by_cohort[0].iter().map(|years| years[5].iter().sum::<f64>()).sum();
    assert!((left - of(&found, Quantity::Retired)[5]).abs() < 1e-10);
}

#[test]
fn a_stock_goes_on_from_what_is_there() {
    let early = fleet(2010, &grown(30));
    let whole = central(&early);
    let mut later = fleet(2020, &of(&whole, Quantity::Stock)[10..]);
    later.stock_driven = Some(Negative::Refuse);
    assert!(of(&central(&later), Quantity::Inflow)[0] > 2.0 * grown(30)[10], "without what is there, all is new");
    later.before = 10;
    later.series[0].opening = (0..10)
        .map(|c| {
            let mut only = early.clone();
            only.series[0].gwh.iter_mut().enumerate().for_each(|(t, gwh)| *gwh = if t == c { *gwh } else { 0.0 });
            of(&central(&only), Quantity::Stock)[9]
        })
        .collect();
    let found = central(&later);
    for (inflow, given) in of(&found, Quantity::Inflow).iter().zip(&grown(30)[10..]) {
        assert!((inflow - given).abs() < 1e-9 * given, "{inflow} {given}");
    }
    // A stock that falls at once is cut from the old cohorts as well.
    later.stock_driven = Some(Negative::Correct);
    later.series[0].gwh[0] *= 0.5;
    let cut = central(&later);
    assert!(cut.warnings[0].text.contains("2020") && cut.balance_error < 1e-12);
    assert!((of(&cut, Quantity::Stock)[0] - later.series[0].gwh[0]).abs() < 1e-9);
}

#[test]
fn cohorts_older_than_their_lives_go_at_once_and_are_told() {
    let mut plan = plan([1, 1, 1], 2020, &[1.0; 4]).with(Param::VehicleLifeMean, 10.0);
    plan.lives = Lives::Closed { vehicle: LifeLaw::Fixed, battery: LifeLaw::Fixed };
    plan.entry = Entry::End;
    plan.before = 12;
    plan.series[0].opening = (0..12).map(|c| if c == 0 || c == 11 { 2.0 } else { 0.0 }).collect();
    for negative in [None, Some(Negative::Correct)] {
        plan.stock_driven = negative;
        let done = central(&plan);
        assert_eq!(of(&done, Quantity::WearOut)[0], if negative.is_none() { 2.0 } else { 3.0 });
        assert!(done.warnings[0].text.contains("2.0000 GWh of 2008"), "{:?}", done.warnings);
        assert!(done.balance_error < 1e-12);
        assert_eq!(done.by_cohort.unwrap()[0][0][0].iter().sum::<f64>(), 2.0);
    }
    plan.series[0].opening.pop();
    let short = evaluate(&plan, &Draw::central(), false).unwrap_err();
    assert!(matches!(short, SupplyError::Length { found: 11, wanted: 12, .. }), "{short}");
}

/// More growth moves neither the shares of chemistries nor the markets that shrink against it.
#[test]
fn growth_is_that_of_a_market() {
    let mut plan =
        plan([1, 2, 1], 2020, &[1.0, 2.0, 4.0]).with(Param::VehicleLifeMean, 15.0).with(Param::GrowthFactor, 1.5);
    plan.history_until = 2020;
    plan.series[0].gwh = vec![3.0, 1.0, 0.5];
    plan.series[1].gwh = vec![0.0, 7.0, 15.5];
    let done = central(&plan);
    let found = [0, 1].map(|group| done.table.of(Quantity::Inflow, group).to_vec());
    for (t, given) in [3.0_f64, 8.0, 16.0].into_iter().enumerate() {
        let wanted = 3.0 * (given / 3.0).powf(1.5);
        assert!((found[0][t] + found[1][t] - wanted).abs() < 1e-12 * wanted, "{found:?}");
        let share = plan.series[0].gwh[t] / given;
        assert!((found[0][t] / wanted - share).abs() < 1e-12);
    }
}

/// A stock is that of all chemistries; their shares are those of what comes, and one that runs out does not go negative.
#[test]
fn a_stock_asks_for_the_inflow_of_a_market() {
    let share = |t: usize| (0.5 - 0.1 * t as f64).max(0.0);
    let stock: Vec<f64> = (0..12).map(|t| 10.0 + 4.0 * t as f64).collect();
    let mut plan = plan([1, 2, 1], 2020, &stock).with(Param::VehicleLifeMean, 8.0).with(Param::VehicleLifeSd, 3.0);
    plan.stock_driven = Some(Negative::Refuse);
    (plan.before, plan.series[0].opening, plan.series[1].opening) = (2, vec![3.0, 2.0], vec![1.0, 0.0]);
    for (t, all) in stock.iter().enumerate() {
        plan.series[0].gwh[t] = all * share(t);
        plan.series[1].gwh[t] = all * (1.0 - share(t));
    }
    let done = central(&plan);
    let get = |quantity, group: usize| done.table.of(quantity, group).to_vec();
    let (a, b) = (get(Quantity::Inflow, 0), get(Quantity::Inflow, 1));
    let (sa, sb) = (get(Quantity::Stock, 0), get(Quantity::Stock, 1));
    for t in 0..12 {
        assert!((sa[t] + sb[t] - stock[t]).abs() < 1e-10 * stock[t]);
        assert!((a[t] - share(t) * (a[t] + b[t])).abs() < 1e-12 && a[t] >= 0.0 && b[t] > 0.0, "{t}: {} {}", a[t], b[t]);
    }
    assert!(sa[11] > 0.1, "what came before is still there");
    let mut falling = plan.clone();
    falling.series.iter_mut().for_each(|s| s.gwh[5..].iter_mut().for_each(|g| *g *= 0.3));
    let told = evaluate(&falling, &Draw::central(), false).unwrap_err().to_string();
    assert!(told.contains("region 0, segment 0, 2025: the stock of 9.0000 GWh"), "{told}");
    falling.stock_driven = Some(Negative::Correct);
    let cut = central(&falling);
    assert!((cut.table.of(Quantity::Stock, 0)[5] + cut.table.of(Quantity::Stock, 1)[5] - 9.0).abs() < 1e-10);
    assert_eq!(cut.warnings.len(), 1, "once a market: {:?}", cut.warnings);
}
