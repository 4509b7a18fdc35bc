//! Hourly load and yield of a case, and the parameters beside a table.

use crate::numeric::calendar::HOURS_PER_YEAR;
use crate::validate::columns::Columns;
use crate::validate::{Folder, Report};
use serde::de::DeserializeOwned;

/// What a site is asked and what the sun offers, hour by hour.
pub(super) struct Inputs {
    /// Name of the case.
    pub case: String,
    /// Demand \[kW AC\].
    pub load_kw: Vec<f64>,
    /// Yield of a kWp \[kW DC\].
    pub pv_kw_per_kwp: Vec<f64>,
}

impl Inputs {
    fn read(case: &str, text: &str) -> Result<Self, String> {
        let table = Columns::read(text)?;
        let kw = |name: &str| -> Result<Vec<f64>, String> {
            let column = table.numbers(name)?;
            match column.iter().position(|w| !w.is_finite() || *w < 0.0) {
                Some(row) => Err(format!("`{name}` in row {} is no power", row + 2)),
                None => Ok(column.into_iter().map(|w| w / 1000.0).collect()),
            }
        };
        let (load_kw, pv_kw_per_kwp) = (kw("load_w")?, kw("pv_w_per_kwp")?);
        if load_kw.len() != HOURS_PER_YEAR {
            return Err(format!("inputs of `{case}` have {} rows, a year has {HOURS_PER_YEAR}", load_kw.len()));
        }
        Ok(Inputs { case: case.into(), load_kw, pv_kw_per_kwp })
    }

    /// All demand \[kWh\].
    pub fn load_kwh(&self) -> f64 {
        self.load_kw.iter().sum()
    }
}

/// Name of the case of a table of inputs.
fn case_of(stem: &str) -> Option<&str> {
    stem.strip_prefix("inputs_").or_else(|| stem.strip_suffix("_inputs"))
}

/// All inputs of a folder with a load and a yield; those that cannot be read are told as skipped.
pub(super) fn all(folder: &Folder<'_>, report: &mut Report) -> Vec<Inputs> {
    let mut found = Vec::new();
    for (stem, set, _) in folder.read_tables(&["load_w", "pv_w_per_kwp"]) {
        let Some(case) = case_of(stem) else { continue };
        match folder.text(&format!("{stem}.csv")).and_then(|text| Inputs::read(case, &text)) {
            Ok(inputs) => found.push(inputs),
            Err(why) => report.skip(&set, case, &why),
        }
    }
    found
}

/// The inputs whose case is the longest in a name.
pub(super) fn of_name<'a>(inputs: &'a [Inputs], name: &str) -> Result<&'a Inputs, String> {
    let named = inputs.iter().filter(|i| name.contains(&i.case));
    named.max_by_key(|i| i.case.len()).ok_or_else(|| format!("no inputs of `{name}` here"))
}

/// Parameters of a table: `STEM_params.json`, or the format's own where there is no such file.
pub(super) fn parameters<T: DeserializeOwned>(folder: &Folder<'_>, stem: &str) -> Result<T, String> {
    let file = format!("{stem}_params.json");
    let text = if folder.has(&file) { folder.text(&file)? } else { "{}".into() };
    serde_json::from_str(&text).map_err(|error| format!("`{file}`: {error}"))
}

/// Values of a JSON file of the folder: the elements of a list, or the one value.
pub(super) fn json(folder: &Folder<'_>, file: &str) -> Option<Vec<serde_json::Value>> {
    match serde_json::from_str(&folder.text(file).ok()?).ok()? {
        serde_json::Value::Array(values) => Some(values),
        value => Some(vec![value]),
    }
}

/// Tables that only other sets of the folder read: series of peers, and availability of a grid.
pub(super) fn of_others(folder: &Folder<'_>, _: &mut Report) -> bool {
    let hourly = |columns: &[&str]| !folder.read_tables(columns).is_empty();
    hourly(&["load_w", "pv_w_per_kwp"]) | hourly(&["soc_pct", "batt_ac_w", "unmet_w"])
}
