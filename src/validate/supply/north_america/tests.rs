use super::read::Years;
use super::storage::Allotment;
use super::study::{AGES, packs_by_age};
use super::*;
use crate::validate::{Finding, Tree, Verdict, run};

const PARAMETERS: &str = "scenario,variant,corrected,vehicle_mean,vehicle_sd,battery_mean,battery_mean_large,battery_sd,\
    max_vehicle_age_replacement,repurpose_share,max_battery_age_repurpose,fade_per_year,second_life_mean,\
    second_life_sd,smallest_cell\n";
/// Vehicles hardly ever end; half of a car's batteries at the median of their life, in their second year; batteries of
/// other vehicles last. Sizes of two years.
const LIVES: &str = "200,4,1.5,200,0.001,12,0.5,12,0.02,200,4,10\n";

fn compared(variant: &str, flows: &str) -> Vec<Finding> {
    let parameters: &'static str = format!("{PARAMETERS}low,{variant},{LIVES}").leak();
    let flows: &'static str = format!("scenario,variant,group,country,year,flow,gwh\n{flows}").leak();
    let files = [
        ("x/result/f.csv", flows),
        ("x/result/p.csv", parameters),
        (
            "x/inputs/s.csv",
            "Scenario,Vehicle,Country,Year,Sales\nlow,Cars,Atlantis,2030,1000\nlow,Cars,Atlantis,2031,8\n\
             low,Cars,Atlantis,2032,0\nlow,Carts,Atlantis,2030,100\n",
        ),
        (
            "x/inputs/k.csv",
            "Vehicle,Year,Country,kwh_veh\nCars,2030,Atlantis,50\nCars,2032,Atlantis,70\nCarts,2030,Atlantis,5\n",
        ),
        ("x/inputs/d.csv", "Country,Year,gwh\nAtlantis,2031,0.5\n"),
    ];
    let report = run(&[Tree::of_texts("t", &files)]);
    assert!(report.findings.iter().all(|f| f.set == "t/x/result/f"), "{:?}", report.findings);
    report.findings
}

#[test]
fn batteries_that_end_are_replaced_and_counted() {
    // All batteries end between the ages 1 and 2, so in the second year of the 1000 cars: age 2, size of the year before.
    // The 8 cars of 2031 are too few to count.
    let flow = |variant: &str, flow: &str, gwh: [f64; 3]| {
        let row = |(year, gwh): (i32, f64)| format!("low,{variant},Cars,Atlantis,{year},{flow},{gwh}\n");
        (2030..2033).zip(gwh).map(row).collect::<String>()
    };
    for (corrected, kwh) in [("True", 0.0), ("False", 0.0)] {
        let rows = flow("v", "new_vehicles", [0.05, 0.0, 0.0])
            + &flow("v", "failed_to_recycling", [0.0, 1e-3 * 50.0, kwh])
            + &flow("v", "replacement_batteries", [0.0, 1e-3 * 50.0, kwh])
            + &flow("v", "usable_total", [0.0; 3]);
        let found = compared(&format!("v,{corrected}"), &rows);
        // Sizes are listed without 2031: age 2 finds none as published, that of 2030 by the year.
        let verdict = if corrected == "True" { Verdict::Ok } else { Verdict::Off };
        assert_eq!(found.len(), 4);
        for f in found {
            let expected =
                if f.metric.contains("failed") || f.metric.contains("replace") { verdict } else { Verdict::Ok };
            assert_eq!(f.verdict, expected, "{corrected} {f:?}");
        }
    }
}

#[test]
fn what_cannot_be_compared_is_told() {
    let found = compared("v,True", "low,v,Carts,Atlantis,2030,flights,1\nlow,w,Carts,Atlantis,2030,new_vehicles,1\n");
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|f| f.verdict == Verdict::Skipped), "{found:?}");
    let found = compared("v,True", "low,v,Carts,Atlantis,2030,new_vehicles,five\n");
    assert!(found[0].verdict == Verdict::Skipped && found[0].note.contains("five"), "{found:?}");
    let alone = run(&[Tree::of_texts("t", &[("f.csv", "scenario,variant,group,country,year,flow,gwh\n")])]);
    assert_eq!(alone.findings[0].verdict, Verdict::Skipped);
}

#[test]
fn sizes_go_by_year_or_by_position() {
    let known: Years = [(2018, 30.0), (2020, 50.0), (2021, 60.0)].into_iter().collect();
    assert_eq!(packs_by_age(&known, 2021, true)[..5], [0.0, 60.0, 50.0, 0.0, 30.0]);
    assert_eq!(packs_by_age(&known, 2021, false)[..5], [0.0, 60.0, 50.0, 30.0, 0.0]);
    assert_eq!(packs_by_age(&known, 2020, false)[1], 50.0);
}

#[test]
fn storage_takes_the_youngest_and_loses_nothing() {
    let variant = Variant {
        scenario: "low".into(),
        name: "v".into(),
        corrected: true,
        vehicle: [17.0, 4.0],
        battery_car: [15.0, 4.0],
        battery_large: [8.0, 4.0],
        second: [20.0, 4.0],
        replaced_below_years: 12.0,
        repurpose_share: 0.5,
        repurpose_age_max: 10.0,
        fade_per_year: 0.05,
        smallest_cell: 10.0,
    };
    let mut offer = [0.0; AGES];
    (offer[2], offer[10], offer[11]) = (10.0, 20.0, 7.0);
    let allotment = Allotment::of(&offer, 14.0, &variant);
    assert_eq!((allotment.too_old, allotment.useful[2], allotment.useful[10]), (7.0, 9.0, 10.0));
    assert_eq!((allotment.taken[2], allotment.taken[10]), (9.0, 5.0));
    assert_eq!((allotment.taken_nominal(2), allotment.taken_nominal(10)), (10.0, 10.0));
    let none = Allotment::of(&offer, 0.0, &variant);
    assert_eq!(none.taken, [0.0; AGES]);
}
