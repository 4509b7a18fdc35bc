//! SAM and SimSES on the same inputs, beside the plain balance: for information, as their batteries are other models.

use super::energy_balance::Parameters;
use super::inputs::{Inputs, all, json, of_name};
use crate::validate::{Folder, Report, Tolerance};
use serde::Deserialize;
use serde_json::Value;

/// A run of SAM's battery through a permanent outage.
#[derive(Clone, Debug, Deserialize)]
struct Sam {
    inputs: String,
    pv_kwp: f64,
    bank_kwh: f64,
    chem: String,
    years: f64,
    unmet_pct: f64,
}

/// A run of SimSES: arguments are inputs, kWp, kWh, and whatever else it was called with.
#[derive(Clone, Debug, Deserialize)]
struct Simses {
    args: Vec<String>,
    simses: String,
    unmet_pct: f64,
}

/// Looks at the JSON files of a folder that have a key.
fn each(
    folder: &Folder<'_>,
    report: &mut Report,
    key: &str,
    look: impl Fn(&Value, &[Inputs], &str, &mut Report) -> Result<(), String>,
) -> bool {
    let mut known = false;
    for file in folder.files().filter(|file| file.ends_with(".json")) {
        let values = json(folder, file).unwrap_or_default();
        let set = format!("{}/{}", folder.set(), file.trim_end_matches(".json"));
        for value in values.iter().filter(|value| value.get(key).is_some()) {
            known = true;
            let inputs = all(folder, &mut Report::default());
            if let Err(why) = look(value, &inputs, &set, report) {
                report.skip(&set, "", &why);
            }
        }
    }
    known
}

/// The plain balance of a case: its parameters are those of the grid of designs with the same inputs.
fn balance(folder: &Folder<'_>, inputs: &Inputs, pv_kwp: f64, e_kwh: f64) -> Result<f64, String> {
    let of_case = |file: &&str| file.ends_with(&format!("{}_params.json", inputs.case));
    let parameters = folder
        .files()
        .filter(of_case)
        .find_map(|file| serde_json::from_str::<Parameters>(&folder.text(file).ok()?).ok());
    let parameters = parameters.ok_or_else(|| format!("no plain balance of `{}` here", inputs.case))?;
    Ok(100.0 * parameters.year(inputs, pv_kwp, e_kwh)?.0.site.lpsp())
}

const METRIC: &str = "LPSP [%], plain balance beside it";

/// Runs of SAM.
pub(super) fn sam(folder: &Folder<'_>, report: &mut Report) -> bool {
    each(folder, report, "bank_kwh", |value, inputs, set, report| {
        let run = Sam::deserialize(value).map_err(|error| error.to_string())?;
        let inputs = of_name(inputs, &run.inputs)?;
        let ours = balance(folder, inputs, run.pv_kwp, run.bank_kwh)?;
        let case = format!(
            "{}, {} kWp, {} kWh, chemistry {}, {} yr",
            inputs.case, run.pv_kwp, run.bank_kwh, run.chem, run.years
        );
        report.compare(set, &case, METRIC, (run.unmet_pct, ours), Tolerance::ToldAbsolute);
        Ok(())
    })
}

/// Runs of SimSES.
pub(super) fn simses(folder: &Folder<'_>, report: &mut Report) -> bool {
    each(folder, report, "simses", |value, inputs, set, report| {
        let run = Simses::deserialize(value).map_err(|error| error.to_string())?;
        let argument = |at: usize| -> Result<&str, String> {
            run.args.get(at).map(String::as_str).ok_or_else(|| format!("argument {at} is missing"))
        };
        let number = |at: usize| -> Result<f64, String> {
            let text = argument(at)?;
            text.parse().map_err(|_| format!("argument `{text}` is no number"))
        };
        let inputs = of_name(inputs, argument(0)?)?;
        let (pv, energy) = (number(1)?, number(2)?);
        let ours = balance(folder, inputs, pv, energy)?;
        let case = format!("{}, {pv} kWp, {energy} kWh, SimSES {}", inputs.case, run.simses);
        report.compare(set, &case, METRIC, (run.unmet_pct, ours), Tolerance::ToldAbsolute);
        Ok(())
    })
}
