//! The second life: strings serve a site until a functional end.
//!
//! The site and its rules of dispatch are those of [`crate::site`]. How strings or modules share the battery's part is the
//! topology's affair: [`battery`] for those behind converters of their own, the one with the least room first,
//! [`parallel`] for those on a common bus. [`serving`] puts strings to a site and takes them away.

mod battery;
mod outcome;
mod parallel;
mod service;
mod serving;

use super::journey::Journey;
use super::outcome::{EndCause, SystemOutcome};
use crate::numeric::calendar::DAYS_PER_YEAR;
use crate::numeric::stream::Streams;
use crate::pack::ModuleString;
use crate::site::SiteError;
pub(super) use service::LeftOver;
use service::Service;
pub use serving::{Served, Serving, Start, site_run};

/// Lives the second life of one system; the strings are left as they end. Its service may take left-over modules, and buys
/// such that age by a law of the journey. The last value is the largest relative error of an energy balance.
pub(super) fn live(
    journey: &Journey,
    strings: &mut Vec<ModuleString>,
    streams: &Streams,
    start: Start,
    law: usize,
    left_over: &mut LeftOver,
) -> Result<(SystemOutcome, f64), SiteError> {
    let plan = &journey.plan.second_life;
    let mut serving = Serving::new(journey, plan, streams, start)?;
    serving.put(std::mem::take(strings));
    let bases = serving.battery.bases();
    let modules = serving.battery.modules() as u32;
    let days_max = (plan.years_max * DAYS_PER_YEAR as f64) as usize;
    let mut service = Service::new(journey, law, streams, start.index, start.share, left_over);
    let mut months = 0;
    let mut cause = serving.end();
    while cause.is_none() && serving.days() < days_max {
        let closes_month = serving.day();
        if let Some(service) = &mut service {
            service.day();
        }
        if closes_month {
            months += 1;
            if let Some(service) = &mut service {
                serving.before_service();
                let days = serving.days();
                let added = service.month(&mut serving.battery, months, days);
                serving.after_service(added.iter().sum());
            }
            serving.read();
            cause = serving.end();
        }
    }
    serving.close();
    let mut outcome = outcome::of(&serving, modules, cause.unwrap_or(EndCause::Horizon), bases);
    outcome.visits = service.map_or_else(Vec::new, |service| service.visits);
    let error = serving.balance_error();
    (*strings, outcome.monthly) = serving.into_parts();
    Ok((outcome, error))
}
