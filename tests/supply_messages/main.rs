//! Mistakes in projections and their tables: what is told, with file, line and column.

mod case;
mod slips;

use case::Case;
use proptest::prelude::*;

#[test]
fn the_sound_projection_is_sound() {
    assert_eq!(Case::sound().told(), "");
    let stock = Case::sound().with("case.toml", "inflow =", "negative_inflow = \"correct\"\nstock =");
    assert_eq!(stock.told(), "");
}

#[test]
fn keys_of_packs_have_no_place() {
    let case =
        Case::sound().with("case.toml", "[supply]", "packs = 200\n[first_life]\nvehicle = \"mini_se\"\n[supply]");
    insta::assert_snapshot!(case.told());
}

#[test]
fn a_misspelled_key_and_table() {
    let case = Case::sound().with("case.toml", "[supply]", "[suply]");
    insta::assert_snapshot!(case.told());
    let case = Case::sound().with("case.toml", "history_until = 2024", "history_til = 2024\nentry = \"even\"");
    insta::assert_snapshot!(case.told());
}

#[test]
fn years_and_questions_that_do_not_fit() {
    insta::assert_snapshot!(Case::sound().with("case.toml", "2024", "2054").told());
    insta::assert_snapshot!(Case::sound().with("case.toml", "inflow =", "question_gwh = 200.0\ninflow =").told());
}

#[test]
fn neither_inflow_nor_stock_nor_the_file() {
    insta::assert_snapshot!(Case::sound().with("case.toml", "inflow = \"inflow.csv\"\n", "").told());
    let case =
        Case::sound().with("case.toml", "inflow.csv", "inflw.csv").with("case.toml", "chemistry.csv", "none.csv");
    insta::assert_snapshot!(case.told());
}

#[test]
fn tables_of_another_form() {
    insta::assert_snapshot!(Case::sound().with("inflow.csv", "gwh", "gw").told());
    let case = Case::sound()
        .with("inflow.csv", "2010,1,IEA,false", "2010,one,IEA,false")
        .with("inflow.csv", "900,IEA,false", "900")
        .with("inflow.csv", "500,,true", "-500,,yes");
    insta::assert_snapshot!(case.told());
}

#[test]
fn inflow_that_misses_years_and_says_things_twice() {
    let case = Case::sound().with("inflow.csv", "China,cars,2050", "China,cars,2040").with(
        "inflow.csv",
        "Europe,cars,2050,500,,true\n",
        "Europe,cars,2050,500,,true\nEurope,cars,2050,510,,true\n",
    );
    insta::assert_snapshot!(case.told());
}

#[test]
fn shares_that_do_not_add_up() {
    insta::assert_snapshot!(Case::sound().with("chemistry.csv", "0.4", "0.3").told());
}

#[test]
fn chemistries_and_regions_that_are_not_there() {
    let case = Case::sound()
        .with("chemistry.csv", "China,,2050,lfp", "Chnia,,2050,lfp")
        .with("chemistry.csv", "nmc622", "nmc662")
        .with("chemistry.csv", "Europe,,2050,lfp", "Europe,buses,2050,lfp");
    insta::assert_snapshot!(case.told());
    insta::assert_snapshot!(
        Case::sound().with("chemistry.csv", "China,,2010,lfp,,1,,true\nChina,,2050,lfp,,1,,true\n", "").told()
    );
}

#[test]
fn parameters_with_slips_of_the_pen() {
    let case = Case::sound()
        .with("parameters.csv", "export_share,Europe", "exports_share,Europe")
        .with("parameters.csv", "0.8,0.6,0.9", "80,0.6,0.9")
        .with("parameters.csv", "2020,0.5,,", "2020,0.5,0.6,0.7");
    insta::assert_snapshot!(case.told());
    let case = Case::sound().with("parameters.csv", "2020,0.5,,", "2060,0.5,0.4,").with(
        "parameters.csv",
        "2030,0.8",
        "2o30,0.8",
    );
    insta::assert_snapshot!(case.told());
}

#[test]
fn parameters_given_twice() {
    insta::assert_snapshot!(Case::sound().with("parameters.csv", "2030", "2020").told());
    insta::assert_snapshot!(Case::sound().with("parameters.csv", "2030", "").told());
}

#[test]
fn parameters_that_nothing_reads() {
    let more = "vehicle_life_use_exponent,,,,,0.4,,,,true
fade_per_year,China,nickel,,,0.02,,,,true
storage_share_max,,,,,0.4,,,,true
storage_demand_gwh,,lfp,,,0,,,,true
route_pyro,,,,,0.8,,,,true
";
    let case = Case::sound().with("parameters.csv", "export_share", &format!("{more}export_share"));
    insta::assert_snapshot!(case.told());
}

#[test]
fn correlations_that_cannot_be() {
    let head = "parameter,with,correlation\n";
    let case = |rows: &str| Case::sound().and("correlations", "c.csv", &format!("{head}{rows}")).told();
    insta::assert_snapshot!(case(
        "export_share,export_share,1\nsoh_min,test_sd,0.2\nsoh_min,export_share,1.2\nexport_share,soh_min,0.1\n"
    ));
    insta::assert_snapshot!(case(
        "export_share,soh_min,0.9\nsoh_min,crash_per_year,0.9\nexport_share,crash_per_year,-0.9\n"
    ));
}

#[test]
fn tables_of_life() {
    let head = "part,age_years,survival\n";
    let case = |rows: &str| {
        Case::sound().and("life_table", "l.csv", &format!("{head}{rows}")).with(
            "case.toml",
            "inflow =",
            "vehicle_law = \"table\"\ninflow =",
        )
    };
    assert_eq!(case("vehicle,5,1\nvehicle,15,0.5\nvehicle,25,0\n").told(), "");
    insta::assert_snapshot!(case("vehicle,5,1\nvehicle,4,0.5\nvehicle,9,1.2\nbatery,3,0.5\nbattery,4,0\n").told());
    insta::assert_snapshot!(case("vehicle,5,1\nvehicle,15,0.5\n").told());
    let lacking = Case::sound().with("case.toml", "inflow =", "battery_law = \"table\"\ninflow =");
    insta::assert_snapshot!(lacking.told());
}

#[test]
fn projections_and_targets_of_others() {
    let projections = "study,region,what,quantity,year,low,high,unit,status,source
A,World,supply,second_life_suply_gwh,2030,200,,GWh/year,read,page
B,World,market,,2030,30,,billion USD,heard,page
C,World,retired,retired_gwh,2030,120,100,GWh,read,page
";
    let case = Case::sound().and("projections", "p.csv", projections).and(
        "targets",
        "t.csv",
        "region,targets\nEurope,eu_2023_1524\nEurope,eu_2023_1542\n",
    );
    insta::assert_snapshot!(case.told());
}

#[test]
fn fleets_that_do_not_fit() {
    let head = "fleet,region,chemistry,segment,vehicle,climate,use,country,system,law\n";
    let case = |rows: &str| {
        let mut case = Case::sound();
        case.0[0].1.push_str("[supply.physics]\nfleets = \"f.csv\"\n");
        case.0.push(("f.csv", format!("{head}{rows}")));
        case
    };
    let row = "mg,China,,,mg_zs_ev_50_lfp,delhi,private_car_india,india,offgrid_home_5kwh,\n";
    insta::assert_snapshot!(case(row).told());
    insta::assert_snapshot!(case(&row.replace("delhi", "dehli").replace("China", "Chna")).told());
    let any = row.replace("mg,China", "any,");
    let system = row.replace("offgrid_home_5kwh", "plant_100kwh").replace("mg_zs_ev_50_lfp", "e_rickshaw_li");
    insta::assert_snapshot!(case(&format!("{any}{system}")).told());
    let case = case(&format!("{row}{any}")).with(
        "parameters.csv",
        "export_share,",
        "fade_per_year,,,,,0.02,,,,true\nexport_share,",
    );
    insta::assert_snapshot!(case.told());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the files hold, reading them ends in a plan or in problems that can be drawn.
    #[test]
    fn cut_and_filled_files_are_read(
        file in 0usize..4,
        at in 0usize..400,
        drop in 0usize..6,
        piece in "([-,0-9.a-z\n\"]{0,5}|é|nan|1e999|,2010,)",
    ) {
        let mut case = Case::sound();
        let text = &mut case.0[file].1;
        let letters: Vec<char> = text.chars().collect();
        let at = at % letters.len();
        *text = letters[..at].iter().copied()
            .chain(piece.chars())
            .chain(letters[(at + drop).min(letters.len())..].iter().copied())
            .collect();
        let told = case.told();
        prop_assert!(told.is_empty() || told.contains("found"));
    }
}

const OPENING: &str = "region,segment,year,gwh,source,assumed
China,cars,2005,3,a register,false
China,cars,2009,4,a register,false
";

#[test]
fn what_is_on_the_road_at_the_start_has_its_place() {
    let case = || Case::sound().and("opening", "opening.csv", OPENING);
    assert_eq!(case().told(), "");
    let told = case().with("opening.csv", "China,cars,2009", "China,cars,2010").told();
    insta::assert_snapshot!(told);
    let told = case().with("opening.csv", "China,cars,2009", "China,car,2009").told();
    assert!(told.contains("opening.csv:3:7") && told.contains("did you mean `cars`"), "{told}");
    let told = case().with("opening.csv", "2009,4", "2005,4").told();
    assert!(told.contains("China, cars of 2005") && told.contains("first here"), "{told}");
    let told = case().with("opening.csv", "2009,4", "2009,-4").told();
    assert!(told.contains("`gwh` is -4, outside the allowed range 0 to 1000000 GWh"), "{told}");
    let more = "Europe,cars,2050,500,,true\nEurope,buses,2010,1,,true\nEurope,buses,2050,1,,true\n";
    let told = case()
        .with("inflow.csv", "Europe,cars,2050,500,,true\n", more)
        .with("opening.csv", "China,cars,2009", "China,buses,2009")
        .told();
    assert!(told.contains("China, buses serves nothing: the region has no inflow in this segment"), "{told}");
}

#[test]
fn a_sum_of_others_ends_after_it_begins() {
    let file = |from: i32, unit: &str| {
        format!(
            "study,region,what,quantity,from,year,low,unit,status,source\nA,China,all,retired_gwh,{from},2030,8,{unit},read,a\n"
        )
    };
    let told = |from, unit| Case::sound().and("projections", "projections.csv", &file(from, unit)).told();
    assert_eq!(told(2010, "GWh"), "");
    assert!(told(2031, "GWh").contains("a sum from 2031 cannot end in 2030"));
    assert!(told(2010, "GWh/year").contains("projections.csv:2:37"), "{}", told(2010, "GWh/year"));
}
