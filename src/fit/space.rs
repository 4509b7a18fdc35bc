//! What is fitted: coordinates in which a law's numbers are independent, with what is known of them beforehand.
//!
//! Rates are fitted as logarithms. A cycle term `y = k ... (N/1000)^p` is fitted by the EFC to 5 % loss, and its
//! exponents as those of that life: the power and the life are then independent, which `k` and `p` are not.

use super::table::{Series, Table, TestStress};
use crate::aging::Form;
use std::collections::BTreeMap;

/// Loss at which the life of a cycle term is taken.
const LIFE_LOSS: f64 = 0.05;
/// Logarithm of the EFC that the form of cycle terms divides by.
const LN_EFC_UNIT: f64 = 6.907_755_278_982_137;

/// What is known of a coordinate before the data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
    /// Least value tried.
    pub low: f64,
    /// Largest value tried.
    pub high: f64,
}

impl Prior {
    const fn of(mean: f64, sd: f64, low: f64, high: f64) -> Prior {
        Prior { mean, sd, low, high }
    }
}

/// How a coordinate makes a number of the law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// It is the number.
    Plain,
    /// It is the logarithm of the number.
    Log,
    /// It is the logarithm of the EFC to 5 % loss; the number is `k` of a term with the power at this place.
    Life(usize),
    /// It is an exponent or energy of that life; the number is that of the loss.
    OfLife(usize),
}

/// A number that is fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Coordinate {
    pub(super) parameter: usize,
    pub(super) kind: Kind,
    pub(super) prior: Prior,
}

/// Coordinates and the numbers that stay.
#[derive(Clone, Debug)]
pub(super) struct Space {
    pub(super) base: Vec<f64>,
    pub(super) coordinates: Vec<Coordinate>,
}

impl Space {
    /// Numbers of the law at coordinates given in prior standard deviations from the prior mean, held inside the bounds.
    pub(super) fn numbers(&self, v: &[f64]) -> Vec<f64> {
        let mut numbers = self.base.clone();
        let value = |k: usize| {
            let prior = &self.coordinates[k].prior;
            (prior.mean + prior.sd * v[k]).clamp(prior.low, prior.high)
        };
        for (k, c) in self.coordinates.iter().enumerate() {
            match c.kind {
                Kind::Plain => numbers[c.parameter] = value(k),
                Kind::Log => numbers[c.parameter] = value(k).exp(),
                _ => {}
            }
        }
        for (k, c) in self.coordinates.iter().enumerate() {
            match c.kind {
                Kind::Life(p) => numbers[c.parameter] = LIFE_LOSS * (numbers[p] * (LN_EFC_UNIT - value(k))).exp(),
                Kind::OfLife(p) => numbers[c.parameter] = numbers[p] * value(k),
                _ => {}
            }
        }
        numbers
    }

    /// Coordinates of another start: those of long, hot tests. See `docs/fit.md`.
    pub(super) fn second_start(&self, form: &Form) -> Vec<f64> {
        let at = |c: &Coordinate| {
            let value = match form.parameters[c.parameter].name {
                "calendar_ea" => 70.0,
                "calendar_p" => 0.9,
                "calendar_soc" => 0.3,
                _ => return 0.0,
            };
            (value - c.prior.mean) / c.prior.sd
        };
        self.coordinates.iter().map(at).collect()
    }
}

/// What the tests of a table can tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Content {
    pub(super) stored: bool,
    pub(super) cycled: bool,
    pub(super) resistance: bool,
    pub(super) depths: bool,
    pub(super) mean_socs: bool,
    pub(super) charges: bool,
    pub(super) discharges: bool,
}

impl Content {
    pub(super) fn of(table: &Table) -> Content {
        let cycled: Vec<&Series> = table.series.iter().filter(|s| s.cycled()).collect();
        let differ = |get: fn(&TestStress) -> Option<f64>| spread(&cycled, get) > 0.02;
        Content {
            stored: cycled.len() < table.series.len(),
            cycled: !cycled.is_empty(),
            resistance: table.series.iter().flat_map(|s| &s.rows).any(|r| r.resistance.is_some()),
            depths: differ(|s| Some(s.depth)),
            mean_socs: differ(|s| Some(s.soc)),
            charges: differ(|s| s.c_charge),
            discharges: differ(|s| s.c_discharge),
        }
    }
}

/// Widest difference of a stress among cycled cells that all have it, else 0.
fn spread(cycled: &[&Series], get: fn(&TestStress) -> Option<f64>) -> f64 {
    let rows = || cycled.iter().flat_map(|s| &s.rows);
    if rows().any(|r| get(&r.stress).is_none()) {
        return 0.0;
    }
    let fold = |start: f64, f: fn(f64, f64) -> f64| rows().filter_map(|r| get(&r.stress)).fold(start, f);
    fold(f64::NEG_INFINITY, f64::max) - fold(f64::INFINITY, f64::min)
}

/// Names that are fitted when none are asked for.
pub(super) fn default_free(form: &Form, content: &Content) -> Vec<&'static str> {
    if form.name != "semi_empirical" {
        // The rates: the shapes and stresses of a published law are kept.
        return form.parameters.iter().map(|p| p.name).filter(|n| n.ends_with("_k")).collect();
    }
    let mut names = Vec::new();
    if content.stored {
        names.extend([
            "calendar_k",
            "calendar_ea",
            "calendar_soc",
            "calendar_p",
            "calendar_curvature",
            "calendar_ea_soc",
        ]);
    }
    if content.cycled {
        names.extend(["cycle_k", "cycle_ea", "cycle_p", "late_k", "late_ea", "late_p"]);
        for (varied, [early, late]) in [
            (content.depths, ["cycle_depth", "late_depth"]),
            (content.mean_socs, ["cycle_soc", "late_soc"]),
            (content.charges, ["cycle_charge", "late_charge"]),
            (content.discharges, ["cycle_discharge", "late_discharge"]),
        ] {
            if varied {
                names.extend([early, late]);
            }
        }
    }
    if content.resistance && content.stored {
        names.extend([
            "resistance_calendar_k",
            "resistance_calendar_ea",
            "resistance_calendar_soc",
            "resistance_calendar_p",
        ]);
    }
    if content.resistance && content.cycled {
        names.extend(["resistance_cycle_k", "resistance_cycle_ea", "resistance_cycle_p"]);
    }
    names
}

/// Numbers of the form before a fit: the general form starts with every term off, at the references of the tests.
pub(super) fn base_numbers(form: &Form, given: &[f64], table: &Table) -> Vec<f64> {
    let mut numbers = given.to_vec();
    if form.name != "semi_empirical" {
        return numbers;
    }
    let rows = || table.series.iter().flat_map(|s| &s.rows);
    let cycled = || table.series.iter().filter(|s| s.cycled()).flat_map(|s| &s.rows);
    let coldest = rows().map(|r| r.stress.temperature_c).fold(f64::INFINITY, f64::min);
    let hottest = rows().map(|r| r.stress.temperature_c).fold(f64::NEG_INFINITY, f64::max);
    let mut set = |name: &str, value: Option<f64>| {
        if let (Some(place), Some(value)) = (form.parameters.iter().position(|p| p.name == name), value) {
            numbers[place] = value;
        }
    };
    for name in ["calendar_k", "cycle_k", "late_k", "resistance_calendar_k", "resistance_cycle_k"] {
        set(name, Some(0.0));
    }
    for name in ["cycle_depth", "cycle_soc", "cycle_charge", "cycle_discharge"] {
        set(name, Some(0.0));
    }
    set("calendar_cold", Some(coldest + crate::cell::ZERO_CELSIUS_K));
    set("calendar_hot", Some(hottest + crate::cell::ZERO_CELSIUS_K));
    set("depth_ref", median(cycled().map(|r| r.stress.depth).collect()));
    set("charge_ref", median(cycled().filter_map(|r| r.stress.c_charge).collect()));
    set("discharge_ref", median(cycled().filter_map(|r| r.stress.c_discharge).collect()));
    numbers
}

/// Middle value, the mean of the two in the middle of an even number.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    (n > 0).then(|| 0.5 * (values[(n - 1) / 2] + values[n / 2]))
}

/// The coordinate of a number.
pub(super) fn coordinate(
    form: &Form,
    name: &str,
    numbers: &[f64],
    table: &Table,
    own: &BTreeMap<String, Prior>,
) -> Coordinate {
    let place = |name: &str| form.parameters.iter().position(|p| p.name == name).unwrap_or(0);
    let parameter = place(name);
    let (kind, prior) =
        if form.name == "semi_empirical" { general(name, &place, table) } else { published(name, numbers[parameter]) };
    Coordinate { parameter, kind, prior: own.get(name).copied().unwrap_or(prior) }
}

/// Priors of a published law: its rates are known to a factor, the other numbers to a share.
fn published(name: &str, value: f64) -> (Kind, Prior) {
    if value > 0.0 && name.ends_with("_k") {
        let mean = value.ln();
        return (Kind::Log, Prior::of(mean, 2.0, mean - 15.0, mean + 15.0));
    }
    let size = if value == 0.0 { 1.0 } else { value.abs() };
    (Kind::Plain, Prior::of(value, 0.25 * size, value - 0.95 * size, value + 3.0 * size))
}

/// Priors of the general form, in coordinates.
fn general(name: &str, place: &dyn Fn(&str) -> usize, table: &Table) -> (Kind, Prior) {
    let last = |s: &Series| s.rows.last().map_or(0.0, |r| r.efc);
    let lives = table.series.iter().filter(|s| s.cycled()).map(last).collect();
    let ln_life = median(lives).unwrap_or(1000.0).max(1.0).ln();
    let power = place(match name.split_once('_') {
        Some(("late", _)) => "late_p",
        Some(("resistance", _)) => "resistance_cycle_p",
        _ => "cycle_p",
    });
    let life = |less: f64, sd: f64| (Kind::Life(power), Prior::of(ln_life - less, sd, -2.0, 18.0));
    let of_life = |mean: f64, sd: f64, low: f64, high: f64| (Kind::OfLife(power), Prior::of(mean, sd, low, high));
    let plain = |mean: f64, sd: f64, low: f64, high: f64| (Kind::Plain, Prior::of(mean, sd, low, high));
    match name {
        "calendar_k" => (Kind::Log, Prior::of(-3.0, 2.0, -12.0, 3.0)),
        "calendar_ea" => plain(40.0, 20.0, -20.0, 160.0),
        "calendar_soc" => plain(1.0, 0.6, -4.0, 6.0),
        "calendar_p" => plain(0.7, 0.15, 0.2, 1.8),
        "calendar_curvature" => plain(0.0, 600.0, -6000.0, 6000.0),
        "calendar_ea_soc" => plain(-3.0, 10.0, -150.0, 150.0),
        "cycle_k" => life(0.7, 1.0),
        "cycle_ea" => of_life(25.0, 20.0, -150.0, 120.0),
        "cycle_p" => plain(0.75, 0.2, 0.3, 1.6),
        "late_k" => life(0.4, 1.0),
        "late_ea" => of_life(0.0, 40.0, -150.0, 120.0),
        "late_p" => plain(3.0, 2.0, 1.3, 12.0),
        "cycle_charge" | "cycle_discharge" => of_life(0.3, 0.4, -3.0, 4.0),
        "late_charge" | "late_discharge" => of_life(0.7, 0.7, -3.0, 4.0),
        "cycle_depth" | "late_depth" => of_life(0.5, 0.5, -3.0, 5.0),
        "cycle_soc" | "late_soc" => of_life(0.3, 0.6, -4.0, 4.0),
        "settling_limit" => plain(0.01, 0.015, 0.0011, 0.2),
        "settling_days" => (Kind::Log, Prior::of(30.0_f64.ln(), 1.0, 0.0, 7.0)),
        "resistance_calendar_k" => (Kind::Log, Prior::of(-3.0, 2.0, -12.0, 3.0)),
        "resistance_calendar_ea" => plain(40.0, 20.0, -20.0, 160.0),
        "resistance_calendar_soc" => plain(1.0, 0.6, -4.0, 6.0),
        "resistance_calendar_p" => plain(0.8, 0.2, 0.2, 2.0),
        "resistance_cycle_k" => life(0.7, 1.0),
        "resistance_cycle_ea" => of_life(0.0, 30.0, -150.0, 120.0),
        "resistance_cycle_p" => plain(1.0, 0.3, 0.3, 4.0),
        // References are no unknowns; whoever frees one gets what was asked for.
        _ => plain(0.0, 1.0, f64::NEG_INFINITY, f64::INFINITY),
    }
}
