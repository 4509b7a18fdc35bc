//! packlife simulates the whole life of a battery pack: the electric vehicle, the way out of it, grading, a second life
//! as stationary storage, and recycling.
//!
//! # The journey of a pack
//!
//! A [`life::plan::JourneyPlan`] holds everything that one life needs, as plain checked numbers.
//! [`life::Journey::prepare`] makes tables and weather from it, once for all packs, and [`life::Journey::live`] lives
//! the life of one:
//!
//! 1. **Built.** The modules of a [`pack::ModuleString`] differ from the first day: capacity, resistance, rate of aging
//!    and temperature ([`pack::Spread`]).
//! 2. **Driven.** A [`duty::Owner`] asks for trips of a [`duty::VehicleSpec`], plugs in or does not, and parks in the
//!    weather of a place, until the first of several hazards strikes ([`life::exit`]).
//! 3. **Graded.** The modules are tested, each with the error of the test, and accepted or not ([`life::grading`]).
//! 4. **Shelved and rebuilt.** Aging goes on in the warehouse; then the accepted modules are sorted into the strings of
//!    a stationary product ([`life::repurposing`]). They take their whole state along.
//! 5. **Used again.** A PV array, a [`duty::LoadModel`], an inverter ([`duty::ConverterSpec`]) and the strings meet
//!    hour by hour, until the system no longer does what it is for ([`life::plan::EndPlan`]).
//! 6. **Recycled.** Materials come back by a route ([`life::recycling`]), and the books of money and emissions are
//!    closed with a [`economics::PriceSet`].
//!
//! What is kept is a [`life::outcome::PackOutcome`].
//!
//! ```
//! # #[cfg(feature = "scenario")] {
//! use packlife::library::{Library, SourceText};
//! use packlife::life::Journey;
//! use packlife::scenario::plan_from;
//! use std::path::Path;
//!
//! let text = r#"
//! name = "One pack"
//!
//! [first_life]
//! vehicle = "mg_zs_ev_50_lfp"
//! climate = "delhi"
//! use = "private_car_india"
//! years_max = 2.0
//!
//! [exit]
//! country = "india"
//!
//! [second_life]
//! system = "offgrid_home_5kwh"
//! years_max = 1.0
//!
//! [numerics]
//! weather_years = 1
//! "#;
//! let library = Library::builtin().expect("the built-in entries are sound");
//! let plan = plan_from(&SourceText::new("one.toml", text), "one", Path::new("."), library).expect("sound");
//! let journey = Journey::prepare(plan.journey, plan.seed).expect("can be lived");
//! let pack = journey.live(0, 0).expect("its books close");
//! assert!(pack.first.years <= 2.0 && pack.balance_error < 1e-9);
//! # }
//! ```
//!
//! # The floors
//!
//! No module uses one that comes after it in this list.
//!
//! * [`numeric`]: tables, [rainflow](numeric::rainflow), histograms, the calendar, and the
//!   [streams](numeric::stream) of random numbers, one for each (seed, pack, purpose).
//! * [`cell`]: one [`cell::Cell`] as a circuit with two RC pairs, with exact integrals over a step
//!   ([`cell::circuit`]); and the reference cell ([`cell::model`]) for work on single cells.
//! * [`aging`]: what a [`aging::Law`] is, the [laws](aging::laws), and the [`aging::AgingState`] that is carried from
//!   the factory to the recycler and never reset.
//! * [`weather`]: from monthly figures of a place to hours of temperature, sun and PV power.
//! * [`pack`]: modules in series, one solve a step, and the [`pack::Ledger`] of their energy; small networks of reference
//!   cells ([`pack::network`]).
//! * [`duty`]: who asks for power.
//! * [`economics`]: materials, prices and present value. They know nothing of simulation, and the stages use them.
//! * [`site`]: what sources offer at a place, what is asked for, and the battery between them.
//! * [`life`]: the stages, and the journey that tells them in order.
//! * [`monte`]: many packs on all cores ([`monte::run`]); results do not depend on the number of threads.
//! * [`sizing`]: the least costly design that is still enough in its last year.
//! * [`supply`]: batteries of whole regions, from inflow to recycler, with what is uncertain and what must be true.
//! * [`library`]: entries with the source of every value.
//! * `scenario`: from a TOML text to a plan, every problem at once.
//! * `output`: tables, summary and the output folder.
//! * `report`: figures and a page, drawn from the tables.
//! * `fit`: a law's numbers from a table of tests, with intervals and a library entry.
//! * `identify`: the tables of a cell from a measured pulse test.
//! * `validate`: our laws and circuits beside the results of others.
//! * `cli`: the command line, the only floor that prints.
//!
//! The last seven are features, on by default. Units stand in names: `capacity_ah`, `temperature_k`, `usd_per_kwh`.
//! Discharge is positive. Equations, sources and limits are on the pages in `docs/`.

pub mod aging;
pub mod cell;
#[cfg(feature = "cli")]
pub mod cli;
pub mod duty;
pub mod economics;
#[cfg(feature = "fit")]
pub mod fit;
#[cfg(feature = "identify")]
pub mod identify;
pub mod library;
pub mod life;
pub mod monte;
pub mod numeric;
#[cfg(feature = "output")]
pub mod output;
pub mod pack;
#[cfg(feature = "report")]
pub mod report;
#[cfg(feature = "scenario")]
pub mod scenario;
pub mod site;
pub mod sizing;
pub mod supply;
#[cfg(feature = "validate")]
pub mod validate;
pub mod weather;
