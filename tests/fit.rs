//! `packlife fit` through the binary: the example, the entry in a scenario, and what is told about bad tables.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn packlife(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packlife"));
    command.args(args).current_dir(folder).env_remove("NO_COLOR").output().expect("the binary runs")
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/fit_example.csv")
}

/// A run of the example with an entry that a scenario then lives by.
#[test]
fn the_example_becomes_a_law_that_a_scenario_uses() {
    let folder = tempfile::tempdir().expect("folder");
    std::fs::copy(example(), folder.path().join("example.csv")).expect("copy");
    let fit = |out: &str| {
        let output =
            packlife(folder.path(), &["fit", "example.csv", "--name", "mine", "--to-loss", "0.2", "--out", out]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    insta::assert_snapshot!(fit("laws"));
    fit("again");
    for file in ["mine.toml", "fit.csv", "residuals.csv", "left_out.csv", "curves.svg", "residuals.svg", "report.txt"] {
        let read = |out: &str| std::fs::read(folder.path().join(out).join(file)).expect("written");
        assert_eq!(read("laws"), read("again"), "{file} is the same each time");
    }
    let scenario = r#"name = "By an own law"
packs = 2
library = ["laws/mine.toml"]

[first_life]
vehicle = "mg_zs_ev_50_lfp"
climate = "delhi"
use = "private_car_india"
years_max = 1.0

[exit]
country = "india"

[second_life]
system = "offgrid_home_5kwh"
years_max = 1.0

[aging]
law = "mine"

[numerics]
weather_years = 1
"#;
    std::fs::write(folder.path().join("own.toml"), scenario).expect("write");
    let run = packlife(folder.path(), &["run", "own.toml", "--quiet", "--format", "csv"]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let packs = std::fs::read_to_string(folder.path().join("out/own/packs.csv")).expect("written");
    assert_eq!(packs.lines().count(), 3);
    let show = packlife(folder.path(), &["show", "laws.mine", "--library", "laws/mine.toml"]);
    assert_eq!(show.status.code(), Some(0));
}

/// What is told about a table; nothing is written.
fn told(text: &str, args: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("folder");
    std::fs::write(folder.path().join("table.csv"), text).expect("write");
    let output = packlife(folder.path(), &[&["fit", "table.csv"], args].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert_eq!(std::fs::read_dir(folder.path()).expect("folder").count(), 1, "nothing is written");
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn bad_tables_are_told_with_line_and_column() {
    const HEAD: &str = "temperature_c,soc,time_days,capacity\n";
    let sound = format!("{HEAD}25,0.5,100,0.99\n25,0.5,200,0.98\n");
    let cases: [(String, &[&str]); 14] = [
        (String::new(), &[]),
        (HEAD.into(), &[]),
        (sound.replace("temperature_c", "tempreature_c"), &[]),
        (sound.replace("capacity", "remaining"), &[]),
        (sound.replace("soc", "level"), &[]),
        (sound.replace("0.98", "98 %"), &[]),
        (sound.replace("0.98", "98"), &[]),
        (sound.replace("0.98", ""), &[]),
        (sound.replace("25,0.5,200", "25,,200"), &[]),
        (format!("{sound}25,0.5,150,0.97\n"), &[]),
        (sound.replace("25,0.5,200", "25,0.5,200,7"), &[]),
        (sound.clone(), &["--only", "kind=x"]),
        (sound.clone(), &["--free", "calender_k"]),
        (sound, &["--law", "lfp_prismatic25"]),
    ];
    let all: Vec<String> = cases.iter().map(|(text, args)| told(text, args)).collect();
    insta::assert_snapshot!(all.concat());
}
