//! Populations of packs from the simulation of single ones: how batteries fade and fail in vehicles that never wear
//! out, and how long their modules serve after that.

use super::retirement::{Fleet, LostPacks, Path, SecondLives};
use crate::life::plan::{JourneyPlan, SecondLifePlan};
use crate::life::serving::{Serving, Start};
use crate::life::{BALANCE_TOLERANCE, Endured, Journey, JourneyError};
use crate::monte::Observer;
use crate::numeric::calendar::DAYS_PER_YEAR;
use crate::pack::ModuleString;
use crate::site::YearOrder;
use rayon::prelude::*;

/// Months in a year of readings.
const MONTHS: usize = 12;

/// How a population is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FleetOptions {
    /// Packs, each with one second life.
    pub packs: u64,
    /// Longest first life \[years\].
    pub first_years: usize,
    /// Longest second life \[years\].
    pub second_years: usize,
    /// Second lives in a class of SoH, at least; there are at most [`FleetOptions::classes_max`] classes.
    pub in_class: usize,
    /// Most classes of SoH.
    pub classes_max: usize,
}

impl Default for FleetOptions {
    /// 64 packs, 30 and 25 years, at most four classes of at least eight: assumed, a compromise of time and scatter.
    fn default() -> Self {
        FleetOptions { packs: 64, first_years: 30, second_years: 25, in_class: 8, classes_max: 4 }
    }
}

/// Why there is no population.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FleetError {
    /// The plan cannot be lived.
    #[error(transparent)]
    Journey(#[from] JourneyError),
    /// No pack, or no year.
    #[error("a population needs at least one pack and one year")]
    Empty,
    /// No pack was lived to its end.
    #[error("all {packs} packs failed: {reason}")]
    Failed {
        /// How many.
        packs: u64,
        /// Why the first did.
        reason: String,
    },
    /// No pack gives a whole string.
    #[error("a string of {series} modules is more than a pack of {modules} gives")]
    Short {
        /// Modules in series.
        series: u32,
        /// Modules of a pack.
        modules: u32,
    },
    /// Somebody asked to stop.
    #[error("stopped before the end")]
    Stopped,
}

/// One second life.
#[derive(Clone, Debug, PartialEq)]
struct Service {
    /// Mean SoH of the modules when it began.
    soh: f64,
    /// How long it lasted \[years\]; none where it went on beyond the longest.
    years: Option<f64>,
    /// SoH over that at the beginning, after 0, 1, 2, ... years of service.
    fade: Vec<f64>,
}

/// Makes a population from the plan of a journey, under its first law.
///
/// Each pack is driven as the plan says, in a vehicle that neither wears out nor crashes, until it fails, falls below
/// what its owner needs, or the longest first life is over. Its use is the expected distance of its owner over the mean
/// of the packs. One system's modules are taken out of each pack, at ages spread evenly over the longest first life (of
/// packs that ended sooner, in their last whole year), untested and in the order of the pack, and serve the plan's site
/// without service by others until its functional end. All second lives are watched for equally long, so that the share
/// in service is the Kaplan-Meier estimate.
///
/// Deterministic in the seed for any number of threads. Packs that cannot be believed are left out and counted. The
/// observer is told of each pack, and may stop before each.
///
/// # Errors
/// See [`FleetError`].
pub fn fleet(
    name: &str,
    plan: JourneyPlan,
    seed: u64,
    options: FleetOptions,
    observer: &impl Observer,
) -> Result<Fleet, FleetError> {
    if options.packs == 0 || options.first_years == 0 || options.second_years == 0 {
        return Err(FleetError::Empty);
    }
    let (series, modules) = (plan.second_life.series_modules.max(1), plan.vehicle.modules);
    if series > modules {
        return Err(FleetError::Short { series, modules });
    }
    let journey = Journey::prepare(plan.enduring(options.first_years as f64), seed)?;
    let second = SecondLifePlan { service: None, ..journey.plan.second_life.clone() };
    let lived: Vec<Result<Lived, FleetError>> = (0..options.packs as usize)
        .into_par_iter()
        .with_max_len(1)
        .map(|pack| {
            if observer.stop() {
                return Err(FleetError::Stopped);
            }
            let lived = live(&journey, &second, pack as u64, &options);
            observer.pack_done();
            Ok(lived)
        })
        .collect();
    together(name, lived.into_iter().collect::<Result<_, _>>()?, &options)
}

/// A pack with its second life, or why there is none.
type Lived = Result<(Endured, Option<Service>), String>;

/// The population of all packs that were lived to their end.
fn together(name: &str, lived: Vec<Lived>, options: &FleetOptions) -> Result<Fleet, FleetError> {
    let (mut packs, mut services, mut lost) = (Vec::new(), Vec::new(), None);
    for life in lived {
        match life {
            Ok((pack, service)) => {
                packs.push(pack);
                services.extend(service);
            }
            Err(reason) => lost.get_or_insert(LostPacks { packs: 0, reason }).packs += 1,
        }
    }
    if let (true, Some(LostPacks { packs, reason })) = (packs.is_empty(), &lost) {
        return Err(FleetError::Failed { packs: *packs, reason: reason.clone() });
    }
    let mean = |of: &dyn Fn(&Endured) -> f64| packs.iter().map(of).sum::<f64>() / packs.len() as f64;
    let km = mean(&|pack| pack.km_per_year);
    let outside_range = [mean(&|pack| pack.outside.time), mean(&|pack| pack.outside.throughput)];
    let path = |pack: &Endured| Path {
        use_factor: if km > 0.0 { pack.km_per_year / km } else { 1.0 },
        end_years: pack.ended_years.unwrap_or(f64::INFINITY),
        soh: pack.soh.clone(),
    };
    let second = second_lives(services, options);
    Ok(Fleet { name: name.to_owned(), paths: packs.iter().map(path).collect(), second, outside_range, lost })
}

/// Both lives of a pack.
fn live(
    journey: &Journey,
    second: &SecondLifePlan,
    pack: u64,
    options: &FleetOptions,
) -> Result<(Endured, Option<Service>), String> {
    let after = 1 + (pack as usize * options.first_years) / options.packs as usize;
    let mut lived = journey.endure(pack, 0, after).map_err(|failure| failure.reason)?;
    let service = match lived.modules.take() {
        Some(modules) => Some(serve(journey, second, pack, &modules, options.second_years)?),
        None => None,
    };
    Ok((lived, service))
}

/// Puts as many whole strings of a pack as a system takes to the site.
fn serve(
    journey: &Journey,
    second: &SecondLifePlan,
    pack: u64,
    modules: &ModuleString,
    years: usize,
) -> Result<Service, String> {
    let series = second.series_modules.max(1) as usize;
    let product = second.system.strings.max(1) as usize;
    let places: Vec<usize> = (0..modules.len()).collect();
    let strings: Vec<ModuleString> =
        places.chunks_exact(series).take(product).map(|string| modules.select(string)).collect();
    let count = strings.len().max(1) as f64;
    let soh = strings.iter().map(ModuleString::soh_mean).sum::<f64>() / count;
    let start = Start { index: 0, day: 0, share: count / product as f64, years: YearOrder::Drawn };
    let mut serving = Serving::new(journey, second, &journey.streams(pack), start).map_err(|e| e.to_string())?;
    let served = serving.serve(strings, years * DAYS_PER_YEAR, true);
    let error = serving.balance_error();
    if error.is_nan() || error > BALANCE_TOLERANCE {
        return Err(format!("energy balance open by {error:e} relative"));
    }
    let monthly = serving.monthly();
    let first = monthly.first().map_or(1.0, |reading| f64::from(reading.soh));
    let fade = monthly.iter().step_by(MONTHS).map(|reading| f64::from(reading.soh) / first).collect();
    let years = served.cause.map(|_| served.day as f64 / DAYS_PER_YEAR as f64);
    Ok(Service { soh, years, fade })
}

/// Second lives by classes of SoH at their beginning, as many in each.
fn second_lives(mut services: Vec<Service>, options: &FleetOptions) -> SecondLives {
    services.sort_by(|a, b| a.soh.total_cmp(&b.soh));
    let classes = (services.len() / options.in_class.max(1)).clamp(1, options.classes_max.max(1));
    let mut lives = SecondLives::default();
    if services.is_empty() {
        return lives;
    }
    for class in services.chunks(services.len().div_ceil(classes)) {
        let in_service = |s: &Service, year: usize| s.years.is_none_or(|years| years > year as f64);
        let share = |year| class.iter().filter(|s| in_service(s, year)).count() as f64 / class.len() as f64;
        lives.soh_from.push(class[0].soh);
        lives.survival.push((0..=options.second_years).map(share).collect());
        let mut fade = vec![1.0];
        for year in 1..=options.second_years {
            let still = class.iter().filter(|s| in_service(s, year)).filter_map(|s| s.fade.get(year));
            let (sum, count) = still.fold((0.0, 0), |(sum, count), fade| (sum + fade, count + 1));
            fade.push(if count > 0 { sum / f64::from(count) } else { fade[year - 1] });
        }
        lives.fade.push(fade);
    }
    lives
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aging::OutsideShares;

    fn options(in_class: usize) -> FleetOptions {
        FleetOptions { packs: 1, first_years: 1, second_years: 4, in_class, classes_max: 3 }
    }

    /// Four lives from SoH 0.8 on, that end after so many years and lose a part of their SoH a year.
    fn service(soh: f64, years: Option<f64>, loss: f64) -> Service {
        let last = years.map_or(4, |y| y.floor() as usize);
        Service { soh, years, fade: (0..=last).map(|year| 1.0 - loss * year as f64).collect() }
    }

    #[test]
    fn shares_in_service_and_mean_fades_are_told_by_class() {
        let services = vec![
            service(0.9, None, 0.02),
            service(0.7, Some(0.0), 0.0),
            service(0.6, Some(2.5), 0.1),
            service(0.85, Some(3.0), 0.04),
        ];
        let lives = second_lives(services.clone(), &options(2));
        assert_eq!(lives.soh_from, [0.6, 0.85]);
        assert_eq!(lives.survival, [vec![0.5, 0.5, 0.5, 0.0, 0.0], vec![1.0, 1.0, 1.0, 0.5, 0.5]]);
        let near = |found: &[f64], exact: [f64; 5]| found.iter().zip(exact).all(|(a, b)| (a - b).abs() < 1e-12);
        // When all are gone the last SoH stands.
        assert!(near(&lives.fade[0], [1.0, 0.9, 0.8, 0.8, 0.8]), "{:?}", lives.fade);
        assert!(near(&lives.fade[1], [1.0, 0.97, 0.94, 0.94, 0.92]), "{:?}", lives.fade);
        assert_eq!(second_lives(services, &options(8)).soh_from, [0.6]);
        assert_eq!(second_lives(Vec::new(), &options(1)), SecondLives::default());
    }

    #[test]
    fn packs_that_failed_are_counted() {
        let pack = Endured {
            km_per_year: 1e4,
            ended_years: None,
            soh: vec![1.0, 0.98],
            outside: OutsideShares::default(),
            modules: None,
        };
        let open = |part: &str| Err(format!("energy balance open by {part}"));
        let fleet = together("cars", vec![Ok((pack, None)), open("a tenth"), open("a half")], &options(1)).unwrap();
        assert_eq!((fleet.paths.len(), fleet.paths[0].use_factor), (1, 1.0));
        assert_eq!(fleet.lost, Some(LostPacks { packs: 2, reason: "energy balance open by a tenth".into() }));
        let none = together("cars", vec![open("a tenth"), open("a half")], &options(1)).unwrap_err();
        assert_eq!(none, FleetError::Failed { packs: 2, reason: "energy balance open by a tenth".into() });
    }
}
