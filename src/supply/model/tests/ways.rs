//! What single ways come to, in plain numbers.

use super::*;

/// Batteries of which all leave at once and new, and are as good as any.
fn at_once(param: Param, value: f64) -> SupplyPlan {
    let mut plan = plan([1, 1, 1], 2020, &[1.0, 0.0, 0.0]).with(Param::VehicleLifeMean, 0.1).with(param, value);
    plan.lives = Lives::Closed { vehicle: LifeLaw::Fixed, battery: LifeLaw::Fixed };
    plan.entry = Entry::Start;
    plan
}

/// What is replaced under warranty or recalled is no better than what failed.
#[test]
fn defective_batteries_are_usable_in_part() {
    let base = plan([1, 1, 1], 2020, &[1.0; 6]).with(Param::VehicleLifeMean, 60.0).with(Param::RenewalAge, 10.0);
    let recalled = base.clone().with(Param::RecallShare, 0.5).with(Param::RecallAge, 1.0);
    let replaced = base.with(Param::WarrantyPerYear, 0.1).with(Param::WarrantyYears, 3.0);
    for (plan, left) in [(recalled, Quantity::Recall), (replaced, Quantity::Warranty)] {
        let done = central(&plan.with(Param::FailedUsableShare, 0.3));
        let left = sum(&done, left);
        assert!(left > 0.5 && (sum(&done, Quantity::Accepted) - 0.3 * left).abs() < 1e-9, "{left}");
        assert!(done.balance_error < 1e-12);
    }
}

/// Money, emissions and transport are counted for the same kWh: all that the workshop handles.
#[test]
fn repurposing_is_counted_for_what_is_handled() {
    let plan = at_once(Param::RepurposingCost, 20.0).with(Param::TransportCost, 0.1);
    let done = central(&plan.with(Param::RepurposedShare, 0.5).with(Param::YieldShare, 0.8));
    let handled = 0.5 * sum(&done, Quantity::Accepted);
    assert!(handled > 0.4 && sum(&done, Quantity::Offered) < 0.81 * handled);
    // 6 kg/kWh; 5 kg CO2e/kWh and 0.01 kg/kg of transport.
    assert!((sum(&done, Quantity::SecondCost) - handled * (20.0 + 6.0 * 0.1)).abs() < 1e-12);
    assert!((sum(&done, Quantity::SecondCo2) - handled * (5.0 + 6.0 * 0.01)).abs() < 1e-12);
}

/// What is recovered from scrap was needed before: making 1 GWh with a twentieth of scrap takes 1.05.
#[test]
fn material_is_needed_for_scrap_too() {
    let mut plan = at_once(Param::ScrapShare, 0.05).with(Param::RepurposedShare, 0.0);
    plan.content_targets[0] = vec![("cobalt".into(), Steps { from_year: vec![2020], share: vec![0.5] })];
    let done = central(&plan);
    assert!((of_group(&done, Quantity::CobaltDemand, 0, 0) - 1.05 * 0.2).abs() < 1e-12);
    let content = done.compliance.iter().find(|c| c.item == "recycled_content_cobalt").unwrap();
    // All leave and come back as what they were made of, but for what recyclers lose.
    assert!((content.share - 0.98).abs() < 1e-12, "{}", content.share);
}

#[test]
fn what_has_no_second_life_left_is_recycled_at_once() {
    let base = at_once(Param::SecondFade, 0.02).with(Param::SecondSpread, 0.3).with(Param::WaitingYears, 3.0);
    for (end, taken) in [(1.0, false), (0.6, true)] {
        let done = central(&base.clone().with(Param::SecondSohEnd, end));
        assert!(sum(&done, Quantity::Offered) > 0.9);
        assert_eq!(sum(&done, Quantity::Taken) > 0.9 * sum(&done, Quantity::Offered), taken);
        assert_eq!(of_group(&done, Quantity::Recycled, 0, 0) > 0.9, !taken);
        assert_eq!(sum(&done, Quantity::SecondRevenue) > 0.0, taken);
    }
}

#[test]
fn collection_and_content_of_all_are_held_to_their_targets() {
    let mut plan = rich([1, 1, 1], &grown(30));
    let steps = |share| Steps { from_year: vec![2030], share: vec![share] };
    let targets =
        TargetSpec { dry_mass: true, collection: steps(0.9), content_of_all: steps(1e-6), ..TargetSpec::default() };
    plan.targets[0] = Some(("t".into(), targets));
    let judged = central(&plan).compliance;
    let find = |year, item: &str| judged.iter().find(|c| (c.year, c.item.as_str()) == (year, item)).cloned().unwrap();
    // 0.9 of what is known, which is 0.9.
    let collection = find(2035, "collection");
    assert!((collection.share - 0.81).abs() < 1e-12 && collection.demanded == 0.9 && !collection.met);
    assert!(find(2029, "collection").demanded == 0.0);
    let content = find(2035, "recycled_content");
    assert!(content.share > 0.0 && content.demanded == 1e-6 && content.met);
}
