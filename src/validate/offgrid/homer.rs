//! Designs published with results of HOMER and SAM: the kinetic battery on the yield that the set gives.

use super::inputs::{Inputs, all, of_name, parameters};
use super::plant::Plant;
use crate::economics::homer::{capital_recovery_factor, life_by_throughput_years, replacements_and_salvage};
use crate::site::plain::{KibamBattery, KibamSpec, KibamStore};
use crate::validate::columns::Columns;
use crate::validate::report::Listing;
use crate::validate::{Folder, Report, Tolerance, Verdict};
use serde::Deserialize;

const UNMET: Tolerance = Tolerance::Absolute(15.0);
const EXCESS: Tolerance = Tolerance::Absolute(15.0);
const THROUGHPUT: Tolerance = Tolerance::Relative(0.01);
const NPC: Tolerance = Tolerance::Absolute(1.0);
const COE: Tolerance = Tolerance::Absolute(0.001);
/// Whole dollars, and hours to two digits, are printed.
const CAPITAL: Tolerance = Tolerance::Absolute(0.5);
const AUTONOMY: Tolerance = Tolerance::Absolute(0.006);

/// System and prices of the published designs.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
struct Parameters {
    converter_efficiency: f64,
    unit_kwh: f64,
    nominal_ah: f64,
    nominal_v: f64,
    largest_ah: f64,
    first_well: f64,
    rate_per_h: f64,
    charge_rate_a_per_ah: f64,
    charge_a: f64,
    round_trip_efficiency: f64,
    soc_min: f64,
    lifetime_throughput_kwh: f64,
    float_years: f64,
    rate: f64,
    years: f64,
    pv_usd_per_kw: f64,
    pv_years: f64,
    unit_usd: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Parameters {
            converter_efficiency: 0.96,
            unit_kwh: 10.0,
            nominal_ah: 1000.0,
            nominal_v: 10.0,
            largest_ah: 1000.23,
            first_well: 0.9997,
            rate_per_h: 0.301,
            charge_rate_a_per_ah: 1.0,
            charge_a: 5000.0,
            round_trip_efficiency: 0.86,
            soc_min: 0.1,
            lifetime_throughput_kwh: 14156.0,
            float_years: 20.0,
            rate: 0.06,
            years: 25.0,
            pv_usd_per_kw: 2000.0,
            pv_years: 20.0,
            unit_usd: 300.0,
        }
    }
}

impl Parameters {
    fn bank(&self, units: f64) -> KibamSpec {
        let battery = KibamBattery {
            nominal_ah: self.nominal_ah,
            nominal_v: self.nominal_v,
            largest_ah: self.largest_ah,
            first_well: self.first_well,
            rate_per_h: self.rate_per_h,
            charge_rate_a_per_ah: self.charge_rate_a_per_ah,
            charge_a: self.charge_a,
            round_trip_efficiency: self.round_trip_efficiency,
            soc_min: self.soc_min,
        };
        KibamSpec::bank(units, &battery)
    }

    fn capital_usd(&self, pv_kw: f64, units: f64) -> f64 {
        self.pv_usd_per_kw * pv_kw + self.unit_usd * units
    }

    /// Life of the bank at some throughput a year.
    fn bank_years(&self, units: f64, throughput_kwh: f64) -> f64 {
        life_by_throughput_years(units * self.lifetime_throughput_kwh, throughput_kwh, self.float_years)
    }

    /// Net present cost, with the bank's life from a throughput a year.
    fn npc_usd(&self, pv_kw: f64, units: f64, throughput_kwh: f64) -> f64 {
        let later = |usd: f64, life: f64| replacements_and_salvage(usd, life, self.years, self.rate).net_usd();
        self.capital_usd(pv_kw, units)
            + later(self.pv_usd_per_kw * pv_kw, self.pv_years)
            + later(self.unit_usd * units, self.bank_years(units, throughput_kwh))
    }
}

/// Compares every design of every table.
pub(super) fn designs(folder: &Folder<'_>, report: &mut Report) -> bool {
    let tables = folder.read_tables(&[
        "pv_kw",
        "batt_kwh",
        "homer_unmet_kwh",
        "homer_excess_kwh",
        "homer_throughput_kwh",
        "homer_npc",
        "homer_coe",
    ]);
    if tables.is_empty() {
        return false;
    }
    let inputs = all(folder, report);
    for (stem, set, table) in &tables {
        if let Err(why) = table_of(folder, stem, set, table, &inputs, report) {
            report.skip(set, "", &why);
        }
    }
    true
}

fn table_of(
    folder: &Folder<'_>,
    stem: &str,
    set: &str,
    table: &Columns,
    inputs: &[Inputs],
    report: &mut Report,
) -> Result<(), String> {
    let inputs = of_name(inputs, stem)?;
    let p: Parameters = parameters(folder, stem)?;
    let number = |name: &str| table.numbers(name);
    let (pv, energy) = (number("pv_kw")?, number("batt_kwh")?);
    let [unmet, excess] = [number("homer_unmet_kwh")?, number("homer_excess_kwh")?];
    let [throughput, npc, coe] = [number("homer_throughput_kwh")?, number("homer_npc")?, number("homer_coe")?];
    let optional = |name: &str| number(name).unwrap_or_else(|_| vec![f64::NAN; table.len()]);
    let (capital, autonomy) = (optional("homer_capital"), optional("homer_autonomy_h"));
    let sam = [optional("sam_outage_unmet_pct"), optional("sam_gridtarget_unmet_pct")];
    let crf = capital_recovery_factor(p.rate, p.years);
    let before = report.findings.len();
    let mut rows = Vec::new();
    for row in 0..table.len() {
        let units = energy[row] / p.unit_kwh;
        let mut store = KibamStore::new(p.bank(units)).map_err(|error| error.to_string())?;
        let plant = Plant { inverter_efficiency: p.converter_efficiency, ..Plant::new(inputs, pv[row]) };
        let site = plant.run(&mut store)?.site;
        let ours = store.books().throughput_kwh;
        let own_npc = p.npc_usd(pv[row], units, ours);
        let own_coe = own_npc * crf / site.served_kwh;
        let case = format!("{} kW, {} kWh", pv[row], energy[row]);
        let mut compare = |metric: &str, reference: f64, ours: f64, tolerance: Tolerance| {
            if reference.is_finite() {
                report.compare(set, &case, metric, (reference, ours), tolerance);
            }
        };
        compare("unmet kWh/yr", unmet[row], site.unmet_kwh, UNMET);
        compare("excess kWh/yr", excess[row], site.curtailed_kwh, EXCESS);
        compare("throughput kWh/yr", throughput[row], ours, THROUGHPUT);
        compare("NPC USD, battery life by its throughput", npc[row], p.npc_usd(pv[row], units, throughput[row]), NPC);
        compare("NPC USD, battery life by ours", npc[row], own_npc, Tolerance::ToldAbsolute);
        compare("COE USD/kWh", coe[row], own_coe, COE);
        compare("capital USD", capital[row], p.capital_usd(pv[row], units), CAPITAL);
        let per_hour = inputs.load_kwh() / inputs.load_kw.len() as f64;
        compare("autonomy h", autonomy[row], energy[row] * (1.0 - p.soc_min) / per_hour, AUTONOMY);
        let percent = |kwh: f64| 100.0 * kwh / site.demand_kwh;
        for (name, column) in ["outage", "grid target"].iter().zip(&sam) {
            let metric = format!("SAM's unmet, {name} [% of load]");
            compare(&metric, column[row], percent(site.unmet_kwh), Tolerance::ToldAbsolute);
        }
        let plain = |x: f64, digits: usize| if x.is_finite() { format!("{x:.digits$}") } else { String::new() };
        rows.push(vec![
            plain(pv[row], 0),
            plain(energy[row], 0),
            plain(unmet[row], 0),
            plain(site.unmet_kwh, 1),
            plain(percent(unmet[row]), 2),
            plain(site.lpsp() * 100.0, 2),
            plain(sam[0][row], 2),
            plain(sam[1][row], 2),
            plain(excess[row], 0),
            plain(site.curtailed_kwh, 1),
            plain(throughput[row], 0),
            plain(ours, 1),
            plain(npc[row], 0),
            plain(own_npc, 1),
            plain(coe[row], 3),
            plain(own_coe, 4),
        ]);
    }
    report.listings.push(listing(set, rows, &report.findings[before..]));
    Ok(())
}

fn listing(set: &str, rows: Vec<Vec<String>>, found: &[crate::validate::Finding]) -> Listing {
    let worst = |metric: &str| {
        let errors = found.iter().filter(|f| f.metric == metric).filter_map(|f| f.error);
        errors.fold(0.0_f64, |worst, error| if error.is_nan() { error } else { worst.max(error) })
    };
    let off = found.iter().filter(|f| f.verdict == Verdict::Off).count();
    let verdict = format!(
        "{set}: {} designs of HOMER, {}; at most {:.1} kWh/yr apart in unmet and {:.1} in excess energy, {:.2} % in \
         throughput, {:.2} USD in NPC by HOMER's battery life and {:.1} by ours, {:.5} USD/kWh in COE",
        rows.len(),
        if off == 0 { "all within tolerance".to_owned() } else { format!("{off} comparisons off") },
        worst("unmet kWh/yr"),
        worst("excess kWh/yr"),
        100.0 * worst("throughput kWh/yr"),
        worst("NPC USD, battery life by its throughput"),
        worst("NPC USD, battery life by ours"),
        worst("COE USD/kWh"),
    );
    let header = [
        "PV kW",
        "kWh",
        "unmet kWh: HOMER",
        "ours",
        "% of load: HOMER",
        "ours",
        "SAM outage",
        "SAM target",
        "excess kWh: HOMER",
        "ours",
        "throughput: HOMER",
        "ours",
        "NPC USD: HOMER",
        "ours",
        "COE: HOMER",
        "ours",
    ];
    Listing { title: set.into(), header: header.map(str::to_owned).to_vec(), rows, verdict }
}
