//! Weather from the user's own hourly file: EPW, TMY3, NSRDB or a plain CSV table, told apart by what stands in them.
//!
//! [`WeatherFile::parse`] reads and checks the text, [`WeatherFile::years`] makes weather years of it for a place.
//! Each row is the interval that begins where the one before ended: rows of EPW and TMY3 are named after the end of
//! their hour, those of the others after its start.

mod fault;
mod format;
mod rows;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::climate::ClimateSpec;
use super::irradiance::{Irradiance, erbs_split};
use super::sun::SunDay;
use super::year::{DAYS_PER_YEAR, WeatherYear};
pub use fault::{WeatherFault, WeatherProblem};
pub use format::WeatherFormat;

/// Largest share of the irradiation in hours without sun.
const NIGHT_SHARE: f64 = 0.03;
/// Cosine of the zenith below which a beam is not had by division: 87 deg.
const LEAST_COS: f64 = 0.0523;

/// The place that a file's header tells.
#[derive(Clone, Debug, PartialEq)]
pub struct FilePlace {
    /// Latitude, north positive \[deg\].
    pub latitude_deg: f64,
    /// Longitude, east positive \[deg\].
    pub longitude_deg: f64,
    /// Clock of the rows minus universal time \[h\].
    pub utc_offset_h: f64,
    /// Height above the sea \[m\].
    pub altitude_m: f64,
    /// Where the header tells it, in the text.
    pub span: Range<usize>,
}

/// What a file holds, checked: whole years of hours.
#[derive(Clone, Debug, PartialEq)]
pub struct WeatherFile {
    /// Format found.
    pub format: WeatherFormat,
    /// Place of the header, where it has one.
    pub place: Option<FilePlace>,
    years: Vec<FileYear>,
}

/// Hourly means of a year: temperature \[degC\], irradiance \[W/m2\].
#[derive(Clone, Debug, Default, PartialEq)]
struct FileYear {
    temperature_c: Vec<f64>,
    ghi_w_m2: Vec<f64>,
    dni_w_m2: Option<Vec<f64>>,
    dhi_w_m2: Option<Vec<f64>>,
}

impl WeatherFile {
    /// Reads a text.
    ///
    /// Years have 8760 hours, 29 February is dropped, rows of parts of an hour are averaged. Temperatures lie in -60..60
    /// degC, irradiance in 0..1500 W/m2.
    ///
    /// # Errors
    /// Every problem with its place, up to twenty: an unknown format, a missing column, a field that is no number or
    /// outside its range, a mark for a missing value, a row out of order, a year that is not whole.
    pub fn parse(text: &str) -> Result<WeatherFile, Vec<WeatherProblem>> {
        format::parse(text)
    }

    /// Number of years.
    pub fn len(&self) -> usize {
        self.years.len()
    }

    /// Whether there is no year; never of a file that was read.
    pub fn is_empty(&self) -> bool {
        self.years.is_empty()
    }

    /// A climate at the place of the header; where there is none, as it is.
    pub fn moved(&self, climate: &ClimateSpec) -> ClimateSpec {
        let Some(place) = &self.place else { return climate.clone() };
        ClimateSpec {
            latitude_deg: place.latitude_deg,
            longitude_deg: place.longitude_deg,
            utc_offset_h: place.utc_offset_h,
            altitude_m: Some(place.altitude_m),
            ..climate.clone()
        }
    }

    /// The weather years, at a place: where the file has no beam or no diffuse irradiance, what is missing is worked out.
    ///
    /// Of global and diffuse `dni = (ghi - dhi) / cos z`, of global and beam `dhi = ghi - dni cos z`, of global alone by
    /// [`erbs_split`]; `cos z` is the hour's mean at the place.
    ///
    /// # Errors
    /// More than 3 % of the irradiation falls into hours in which the sun is down there: place or clock are others.
    pub fn years(&self, site: &ClimateSpec) -> Result<Vec<WeatherYear>, WeatherFault> {
        let sun: Vec<SunDay> = (0..DAYS_PER_YEAR)
            .map(|day| SunDay::new(site.latitude_deg, site.longitude_deg, site.utc_offset_h, day))
            .collect();
        self.years.iter().map(|year| year.at(&sun)).collect()
    }
}

impl FileYear {
    fn at(&self, sun: &[SunDay]) -> Result<WeatherYear, WeatherFault> {
        let hours = self.ghi_w_m2.len();
        let mut year = WeatherYear {
            temperature_c: self.temperature_c.clone(),
            ghi_w_m2: self.ghi_w_m2.clone(),
            dni_w_m2: Vec::with_capacity(hours),
            dhi_w_m2: Vec::with_capacity(hours),
        };
        let mut at_night = 0.0;
        for (hour, &ghi) in self.ghi_w_m2.iter().enumerate() {
            let day = &sun[hour / 24];
            let cos_zenith = day.mean_cos_zenith(hour % 24);
            let outside = day.extraterrestrial_normal_w_m2;
            if cos_zenith <= 0.0 {
                at_night += ghi;
            }
            let (dni, dhi) = (self.dni_w_m2.as_ref().map(|c| c[hour]), self.dhi_w_m2.as_ref().map(|c| c[hour]));
            let (dni, dhi) = match (dni, dhi) {
                (Some(dni), Some(dhi)) => (dni, dhi),
                (Some(dni), None) => (dni, (ghi - dni * cos_zenith).clamp(0.0, ghi)),
                (None, Some(_)) if cos_zenith < LEAST_COS => (0.0, ghi),
                (None, Some(dhi)) => (((ghi - dhi).max(0.0) / cos_zenith).min(outside), dhi),
                (None, None) => {
                    let Irradiance { dni_w_m2, dhi_w_m2, .. } = erbs_split(ghi, cos_zenith, outside);
                    (dni_w_m2, dhi_w_m2)
                }
            };
            year.dni_w_m2.push(dni);
            year.dhi_w_m2.push(dhi);
        }
        let share = at_night / self.ghi_w_m2.iter().sum::<f64>().max(1.0);
        if share > NIGHT_SHARE { Err(WeatherFault::SunAtNight { share }) } else { Ok(year) }
    }
}
