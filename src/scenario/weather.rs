//! Weather files that a scenario names: read beside it, checked, and made into years at their place.

use super::fault::{Problem, ScenarioFault};
use super::record::Record;
use super::tables::{OneOrMany, first_life, second_life};
use super::walk::Written;
use crate::library::{At, SourceText};
use crate::weather::{ClimateSpec, WeatherFile, WeatherYear};
use std::path::Path;
use std::sync::Arc;

/// Distance between the place of a file and that of the climate from which it is told \[deg\].
const FAR_DEG: f64 = 1.0;

/// The files of one life, as read.
pub(super) type Files = Vec<(Arc<SourceText>, WeatherFile)>;

/// Reads the files of both lives; those of the second are those of the first where it names neither files nor a climate.
pub(super) fn read(
    source: &Arc<SourceText>,
    first: &first_life::File,
    second: &second_life::File,
    folder: &Path,
    written: &Written,
) -> Result<[Files; 2], Vec<Problem>> {
    let mut problems = Vec::new();
    let mut of = |names: &Option<OneOrMany>, path: &str| -> Files {
        let names = names.clone().map(OneOrMany::names).unwrap_or_default();
        let files = names.iter().map(|name| one(source, name, folder, path, written));
        let mut found = Vec::new();
        for file in files {
            match file {
                Ok(file) => found.push(file),
                Err(faults) => problems.extend(faults),
            }
        }
        found
    };
    let first_files = of(&first.weather_file, &first_life::KEYS.weather_file.path());
    let second_files = match (&second.weather_file, &second.climate) {
        (None, None) => first_files.clone(),
        (names, _) => of(names, &second_life::KEYS.weather_file.path()),
    };
    if problems.is_empty() { Ok([first_files, second_files]) } else { Err(problems) }
}

fn one(
    source: &Arc<SourceText>,
    name: &str,
    folder: &Path,
    key: &str,
    written: &Written,
) -> Result<(Arc<SourceText>, WeatherFile), Vec<Problem>> {
    let path = folder.join(name);
    let shown = path.display().to_string();
    // Headers of such files are in any alphabet; their numbers are plain letters.
    let text = std::fs::read(&path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).map_err(|error| {
        let fault = ScenarioFault::WeatherUnreadable { file: shown.clone(), reason: error.to_string() };
        vec![At::new(source, written.span(key), fault)]
    })?;
    let here = SourceText::new(shown, text);
    match WeatherFile::parse(&here.text) {
        Ok(file) => Ok((here, file)),
        Err(told) => Err(told.into_iter().map(|p| At::new(&here, p.span, p.fault.into())).collect()),
    }
}

/// The climate at the place of the files, and their years; `None` without files.
pub(super) struct Local {
    /// The climate, at the place of a file's header.
    pub climate: ClimateSpec,
    /// Years in place of synthetic ones.
    pub years: Option<Arc<Vec<WeatherYear>>>,
}

/// Puts the years of the files at their place; `None` after reporting a problem. A place far from the climate's is noted.
pub(super) fn local(files: &Files, key: &str, climate: ClimateSpec, r: &mut Record<'_>) -> Option<Local> {
    let Some((_, first)) = files.first() else { return Some(Local { climate, years: None }) };
    let there = first.moved(&climate);
    let (apart, place) =
        (degrees(&there, &climate), |c: &ClimateSpec| format!("{} N, {} E", c.latitude_deg, c.longitude_deg));
    if apart > FAR_DEG {
        r.notes.push(format!(
            "`{key}` is of {}, {apart:.1} deg from the climate `{}` ({}): sun and weather are those of the file.",
            place(&there),
            climate.title,
            place(&climate)
        ));
    }
    let mut years = Vec::new();
    let mut sound = true;
    for (source, file) in files {
        let apart = degrees(&file.moved(&climate), &there);
        let span = file.place.as_ref().map_or(0..0, |p| p.span.clone());
        let found = if apart > FAR_DEG {
            Err(ScenarioFault::WeatherPlaces { degrees: apart })
        } else {
            file.years(&there).map_err(ScenarioFault::from)
        };
        match found {
            Ok(found) => years.extend(found),
            Err(fault) => {
                r.problems.push(At::new(source, span, fault));
                sound = false;
            }
        }
    }
    sound.then(|| Local { climate: there, years: Some(Arc::new(years)) })
}

/// Larger of the distances in latitude and longitude \[deg\].
fn degrees(a: &ClimateSpec, b: &ClimateSpec) -> f64 {
    let turn = (a.longitude_deg - b.longitude_deg + 180.0).rem_euclid(360.0) - 180.0;
    (a.latitude_deg - b.latitude_deg).abs().max(turn.abs())
}
