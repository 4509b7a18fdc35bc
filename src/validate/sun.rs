//! Position of the sun, clear sky, transposition and PV power by pvlib: instants of a few days, one a row.
//!
//! Known by the columns `local`, `lat`, `lon`, `tz`, `zenith`, `azimuth`, `ghi`, `dni`, `dhi`; what else is compared
//! depends on the columns that are there. The place, its turbidity and the plane are read from the rows.

use super::columns::Columns;
use super::{Folder, Report, SetFn, Tolerance};
use crate::numeric::calendar::MONTH_DAYS;
use crate::weather::{
    Irradiance, Plane, SunPosition, WIND_M_S, apparent_zenith_deg, clear_sky, erbs_split, extraterrestrial_normal_w_m2,
    faiman_cell_temperature_c, hay_davies, position, pvwatts_dc_kw,
};

/// Kinds of set about the sun.
pub(super) const SETS: &[SetFn] = &[instants];

/// \[deg\]; of the azimuth, over the sine of the zenith.
const ANGLE_DEG: f64 = 0.05;
/// Of the value: global irradiance up to a zenith of 80 deg, irradiance in the plane.
const IRRADIANCE: f64 = 0.01;
/// Of the value.
const POWER: f64 = 0.015;
/// Zenith beyond which the clear sky is not compared \[deg\].
const LAST_ZENITH_DEG: f64 = 80.0;
/// Zenith beyond which the sun is down \[deg\]; only its refracted light is in the reference's rows there.
const HORIZON_DEG: f64 = 90.0;
/// Values below this are held to its share \[W/m2, W/kWp\]: they are printed to 0.01, and the low sun magnifies angles.
const LEAST: f64 = 50.0;
/// Air and temperature coefficient of the reference.
const AIR_C: f64 = 25.0;
const PER_K: f64 = -0.0035;
const KEPT: f64 = 0.86;

/// Tables of instants.
fn instants(folder: &Folder<'_>, report: &mut Report) -> bool {
    let needed = ["local", "lat", "lon", "tz", "zenith", "azimuth", "ghi", "dni", "dhi"];
    let tables = folder.read_tables(&needed);
    for (stem, set, table) in &tables {
        if let Err(why) = compare(stem, set, table, report) {
            report.skip(set, "", &why);
        }
    }
    // Sums of days made of the same rows say nothing new.
    let sums = folder.read_tables(&["site", "day", "ghi_wh", "dni_wh"]);
    !tables.is_empty() || !sums.is_empty()
}

/// Day of the year from 0 and hour, of `2021-mm-dd hh:mm`.
fn time(text: &str) -> Option<(usize, f64)> {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<usize>().ok();
    let (month, day, hour, minute) = (part(5, 7)?, part(8, 10)?, part(11, 13)?, part(14, 16)?);
    let whole = month.checked_sub(1)?;
    let sound = (1..=*MONTH_DAYS.get(whole)?).contains(&day) && hour < 24 && minute < 60;
    let before: usize = MONTH_DAYS.iter().take(whole).sum();
    sound.then(|| (before + day - 1, hour as f64 + minute as f64 / 60.0))
}

/// A value against one that is held to a share of it, or of [`LEAST`].
fn beside(reference: f64, ours: f64) -> (f64, f64) {
    // The report takes the error over the reference: small ones are moved to where the limit means the same.
    if reference >= LEAST { (reference, ours) } else { (LEAST, LEAST + ours - reference) }
}

fn compare(stem: &str, set: &str, table: &Columns, report: &mut Report) -> Result<(), String> {
    let number = |name: &str| table.numbers(name);
    let optional = |name: &str| -> Result<Option<Vec<f64>>, String> {
        if table.has(&[name]) { number(name).map(Some) } else { Ok(None) }
    };
    let (lat, lon, tz) = (number("lat")?, number("lon")?, number("tz")?);
    let (zenith, azimuth) = (number("zenith")?, number("azimuth")?);
    let (ghi, dni, dhi) = (number("ghi")?, number("dni")?, number("dhi")?);
    let times: Option<Vec<(usize, f64)>> = table.texts("local")?.into_iter().map(time).collect();
    let times = times.ok_or("`local` is not a time such as 2021-03-20 09:30, without leap days")?;
    let suns: Vec<SunPosition> =
        (0..table.len()).map(|k| position(lat[k], lon[k], tz[k], times[k].0, times[k].1)).collect();
    let outside: Vec<f64> = times.iter().map(|t| extraterrestrial_normal_w_m2(t.0)).collect();

    let mut told = |metric: &str, pairs: Vec<(f64, f64)>, tolerance| report.series(set, stem, metric, pairs, tolerance);
    let angles = zenith.iter().zip(&suns).map(|(z, sun)| (*z, sun.zenith_deg)).collect();
    told("zenith [deg]", angles, Tolerance::Absolute(ANGLE_DEG));
    let turns = azimuth.iter().zip(&suns).map(|(a, sun)| {
        let turn = (sun.azimuth_deg - a + 180.0).rem_euclid(360.0) - 180.0;
        (*a, a + turn * sun.zenith_deg.to_radians().sin())
    });
    told("azimuth times sin z [deg]", turns.collect(), Tolerance::Absolute(ANGLE_DEG));

    if let (Some(linke), Some(alt)) = (optional("linke")?, optional("alt")?) {
        let high: Vec<usize> = (0..table.len()).filter(|&k| zenith[k] < LAST_ZENITH_DEG).collect();
        let sky = |k: usize| clear_sky(suns[k].zenith_deg, outside[k], linke[k], alt[k]);
        let pairs = |value: fn(Irradiance) -> f64, reference: &[f64]| -> Vec<(f64, f64)> {
            high.iter().map(|&k| (reference[k], value(sky(k)))).collect()
        };
        told("clear sky, ghi [W/m2]", pairs(|l| l.ghi_w_m2, &ghi), Tolerance::Relative(IRRADIANCE));
        told("clear sky, dni [W/m2]", pairs(|l| l.dni_w_m2, &dni), Tolerance::Told);
        told("clear sky, dhi [W/m2]", pairs(|l| l.dhi_w_m2, &dhi), Tolerance::Told);
    }
    if let (Some(diffuse), Some(extra)) = (optional("dhi_erbs")?, optional("dni_extra")?) {
        let pairs =
            (0..table.len()).map(|k| (diffuse[k], erbs_split(ghi[k], zenith[k].to_radians().cos(), extra[k]).dhi_w_m2));
        told("Erbs, dhi [W/m2]", pairs.collect(), Tolerance::ToldAbsolute);
    }
    let (Some(tilt), Some(az)) = (optional("tilt")?, optional("az")?) else { return Ok(()) };
    let lit: Vec<usize> = (0..table.len()).filter(|&k| zenith[k] < HORIZON_DEG).collect();
    let poa: Vec<f64> = (0..table.len())
        .map(|k| {
            let plane = Plane { tilt_deg: tilt[k], azimuth_deg: az[k] };
            let light = Irradiance { ghi_w_m2: ghi[k], dni_w_m2: dni[k], dhi_w_m2: dhi[k] };
            // Light on a plane comes from where the sun is seen.
            let seen = SunPosition { zenith_deg: apparent_zenith_deg(suns[k].zenith_deg, 0.0), ..suns[k] };
            let cos_zenith = seen.zenith_deg.to_radians().cos();
            hay_davies(&light, tilt[k], plane.cos_incidence(&seen), cos_zenith, outside[k])
        })
        .collect();
    if let Some(reference) = optional("poa_haydavies")? {
        let pairs = lit.iter().map(|&k| beside(reference[k], poa[k]));
        told("in the plane, Hay-Davies [W/m2]", pairs.collect(), Tolerance::Relative(IRRADIANCE));
    }
    let cell: Vec<f64> = poa.iter().map(|g| faiman_cell_temperature_c(AIR_C, *g, WIND_M_S)).collect();
    if let Some(reference) = optional("tcell_faiman")? {
        let pairs = (0..table.len()).map(|k| (reference[k], cell[k]));
        told("cell temperature, Faiman [degC]", pairs.collect(), Tolerance::ToldAbsolute);
    }
    if let Some(reference) = optional("pdc_net_w_per_kwp")? {
        let pairs = lit.iter().map(|&k| beside(reference[k], 1000.0 * KEPT * pvwatts_dc_kw(poa[k], cell[k], PER_K)));
        told("DC power [W/kWp]", pairs.collect(), Tolerance::Relative(POWER));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        assert_eq!(time("2021-03-01 06:30"), Some((59, 6.5)));
        assert_eq!(time("2021-02-29 06:30"), None);
        assert_eq!(time("2021-13-01 06:30"), None);
        assert_eq!(time("noon"), None);
    }

    #[test]
    fn small_values_are_held_to_fifty() {
        assert_eq!(beside(200.0, 201.0), (200.0, 201.0));
        assert_eq!(beside(10.0, 10.4), (50.0, 50.4));
    }
}
