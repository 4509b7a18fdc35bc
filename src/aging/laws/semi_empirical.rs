//! A general law for own numbers: the form that [fits](crate::aging::LawKind::Own) of test tables give and that laws
//! calibrated to fleets are written in.
//!
//! With `x = (1/T - 1/T_ref)/R`, `R` in kJ/mol/K, and `D`, `C` over their reference values:
//!
//! * settling, LLI: `y = limit (1 - exp(-t/tau))`, whatever the stress
//! * calendar, LLI: `y = k exp(-E(x)) exp(soc (s - s_ref)) (t/1 year)^p`
//! * cycle and late cycle, LLI: `y = k D^depth C_ch^charge C_dis^discharge exp(soc (s_mean - 0.5)) exp(-ea x)
//!   (N/1000 EFC)^p`; the late one, with a power above 1, makes curves bend down
//! * resistance: a calendar and a cycle term of the same kinds
//!
//! A rate `k` of zero switches a term off, and so does a settling limit of 0.1 % or less.
//!
//! The activation energy of the calendar term follows SoC and temperature: `E' = ea + ea_soc (s - s_ref) - curvature x`,
//! and `E(x)` is its integral from 0. It is kept from going astray where nothing was measured: never below `ea_least`,
//! and constant colder than `calendar_cold` and hotter than `calendar_hot`.

use super::number;
use crate::aging::{Constants, CycleStress, Driver, Equations, Mechanism, Parameter, Path, Rate, Shape};
use multiversion::multiversion;

/// The equations.
pub struct SemiEmpirical;

/// Gas constant \[kJ/mol/K\].
const R: f64 = 8.314_462_618e-3;
const DAYS_PER_YEAR: f64 = 365.25;
/// A settling limit up to this counts as none.
const LEAST_SETTLING: f64 = 1e-3;
/// Slower rates count as this one, so that a cycle in one direction only has a rate \[1/h\].
const LEAST_C_RATE: f64 = 0.02;
/// Mean SoC of a cycle at which `*_soc` has no effect.
const MEAN_SOC_REF: f64 = 0.5;

// Places in the table of parameters.
const T_REF: usize = 0;
const SOC_REF: usize = 1;
const DEPTH_REF: usize = 2;
const CHARGE_REF: usize = 3;
const DISCHARGE_REF: usize = 4;
const SETTLING: usize = 5;
const CALENDAR: usize = 7;
const CYCLE: usize = 16;
const LATE: usize = 23;
const R_CALENDAR: usize = 30;
const R_CYCLE: usize = 34;

/// A term of the law.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Term {
    Calendar,
    Cycle,
    Late,
    Settling,
    ResistanceCalendar,
    ResistanceCycle,
}

impl Term {
    const ALL: [Term; 6] =
        [Term::Calendar, Term::Cycle, Term::Late, Term::Settling, Term::ResistanceCalendar, Term::ResistanceCycle];

    #[inline]
    fn is_on(self, p: &[f64]) -> bool {
        match self {
            Term::Calendar => p[CALENDAR] > 0.0,
            Term::Cycle => p[CYCLE] > 0.0,
            Term::Late => p[LATE] > 0.0,
            Term::Settling => p[SETTLING] > LEAST_SETTLING,
            Term::ResistanceCalendar => p[R_CALENDAR] > 0.0,
            Term::ResistanceCycle => p[R_CYCLE] > 0.0,
        }
    }

    /// The term of a mechanism: those that are off have none.
    #[inline]
    fn of(p: &[f64], mechanism: usize) -> Option<Term> {
        Term::ALL.into_iter().filter(|term| term.is_on(p)).nth(mechanism)
    }

    fn mechanism(self, p: &[f64]) -> Mechanism {
        let (days, efc) = (Driver::Days(DAYS_PER_YEAR), Driver::Efc(1000.0));
        let (name, path, driver, shape) = match self {
            Term::Calendar => ("calendar", Path::Lli, days, Shape::Power(p[CALENDAR + 3])),
            Term::Cycle => ("cycle", Path::Lli, efc, Shape::Power(p[CYCLE + 2])),
            Term::Late => ("late cycle", Path::Lli, efc, Shape::Power(p[LATE + 2])),
            Term::Settling => ("settling", Path::Lli, Driver::Days(1.0), Shape::Relaxing { limit: p[SETTLING] }),
            Term::ResistanceCalendar => {
                ("resistance calendar", Path::Resistance, days, Shape::Power(p[R_CALENDAR + 3]))
            }
            Term::ResistanceCycle => ("resistance cycle", Path::Resistance, efc, Shape::Power(p[R_CYCLE + 2])),
        };
        Mechanism { name, path, driver, shape }
    }
}

impl Equations for SemiEmpirical {
    const NAME: &'static str = "semi_empirical";
    const PARAMETERS: &'static [Parameter] = &[
        number("temperature_ref", 308.15, "K"),
        number("soc_ref", 0.75, ""),
        number("depth_ref", 1.0, ""),
        number("charge_ref", 1.0, "1/h"),
        number("discharge_ref", 1.0, "1/h"),
        number("settling_limit", 0.0, ""),
        number("settling_days", 30.0, "d"),
        number("calendar_k", 0.03, "1/year^p"),
        number("calendar_ea", 40.0, "kJ/mol"),
        number("calendar_soc", 1.0, ""),
        number("calendar_p", 0.7, ""),
        number("calendar_curvature", 0.0, "(kJ/mol)^2"),
        number("calendar_ea_soc", 0.0, "kJ/mol"),
        number("calendar_ea_least", 5.0, "kJ/mol"),
        number("calendar_cold", 233.15, "K"),
        number("calendar_hot", 353.15, "K"),
        number("cycle_k", 0.03, "1/(1000 EFC)^p"),
        number("cycle_ea", 15.0, "kJ/mol"),
        number("cycle_p", 0.8, ""),
        number("cycle_depth", 0.2, ""),
        number("cycle_soc", 0.0, ""),
        number("cycle_charge", 0.2, ""),
        number("cycle_discharge", 0.0, ""),
        number("late_k", 0.0, "1/(1000 EFC)^p"),
        number("late_ea", 0.0, "kJ/mol"),
        number("late_p", 3.0, ""),
        number("late_depth", 0.0, ""),
        number("late_soc", 0.0, ""),
        number("late_charge", 0.0, ""),
        number("late_discharge", 0.0, ""),
        number("resistance_calendar_k", 0.0, "1/year^p"),
        number("resistance_calendar_ea", 40.0, "kJ/mol"),
        number("resistance_calendar_soc", 1.0, ""),
        number("resistance_calendar_p", 0.7, ""),
        number("resistance_cycle_k", 0.0, "1/(1000 EFC)^p"),
        number("resistance_cycle_ea", 0.0, "kJ/mol"),
        number("resistance_cycle_p", 1.0, ""),
    ];

    fn mechanisms(p: &[f64]) -> Vec<Mechanism> {
        Term::ALL.into_iter().filter(|term| term.is_on(p)).map(|term| term.mechanism(p)).collect()
    }

    #[inline]
    fn time(p: &[f64], mechanism: usize, t: f64, soc: f64) -> Rate {
        let x = (1.0 / t - 1.0 / p[T_REF]) / R;
        let above = soc - p[SOC_REF];
        match Term::of(p, mechanism) {
            Some(Term::Calendar) => {
                let c = &p[CALENDAR..];
                let ea = c[1] + c[5] * above;
                Rate::ln(c[0].ln() - activation(p, ea, x) + c[2] * above)
            }
            Some(Term::ResistanceCalendar) => {
                let c = &p[R_CALENDAR..];
                Rate::ln(c[0].ln() - c[1] * x + c[2] * above)
            }
            Some(Term::Settling) => Rate::ln(-p[SETTLING + 1].ln()),
            _ => Rate::NONE,
        }
    }

    fn constants(p: &[f64], mechanism: usize) -> Constants {
        match Term::of(p, mechanism) {
            Some(Term::Calendar) => Calendar::new(p).constants(),
            Some(Term::ResistanceCalendar) => {
                let c = &p[R_CALENDAR..];
                let constant = Calendar {
                    ln_k: c[0].ln(),
                    ea: c[1],
                    ea_soc: 0.0,
                    soc: c[2],
                    curvature: 0.0,
                    ea_least: f64::NEG_INFINITY,
                    ..Calendar::new(p)
                };
                constant.constants()
            }
            Some(Term::Settling) => Calendar::whatever_the_stress(-p[SETTLING + 1].ln()).constants(),
            _ => Calendar::whatever_the_stress(f64::NEG_INFINITY).constants(),
        }
    }

    fn steady(p: &[f64], mechanism: usize) -> Option<f64> {
        (Term::of(p, mechanism) == Some(Term::Settling)).then(|| -p[SETTLING + 1].ln())
    }

    fn ln_rates(_: &[f64], c: &Constants, _: usize, t_k: &[f64], soc: &[f64], ln_k: &mut [f64]) {
        calendar_rates(&Calendar::from(c), t_k, soc, ln_k);
    }

    fn cycle(p: &[f64], mechanism: usize, c: &CycleStress) -> Rate {
        let x = (1.0 / c.temperature_k - 1.0 / p[T_REF]) / R;
        match Term::of(p, mechanism) {
            Some(Term::Cycle) => cycle_rate(p, &p[CYCLE..], x, c),
            Some(Term::Late) => cycle_rate(p, &p[LATE..], x, c),
            Some(Term::ResistanceCycle) => Rate::ln(p[R_CYCLE].ln() - p[R_CYCLE + 1] * x),
            _ => Rate::NONE,
        }
    }
}

/// Numbers of a calendar term, with what does not depend on the unit.
#[derive(Clone, Copy)]
struct Calendar {
    inverse_ref: f64,
    soc_ref: f64,
    ln_k: f64,
    ea: f64,
    ea_soc: f64,
    soc: f64,
    curvature: f64,
    ea_least: f64,
    /// `x` at the hottest and at the coldest temperature of the curvature.
    low: f64,
    high: f64,
}

impl Calendar {
    fn new(p: &[f64]) -> Self {
        let c = &p[CALENDAR..];
        let inverse = |t: f64| (1.0 / t - 1.0 / p[T_REF]) / R;
        Calendar {
            inverse_ref: 1.0 / p[T_REF],
            soc_ref: p[SOC_REF],
            ln_k: c[0].ln(),
            ea: c[1],
            ea_soc: c[5],
            soc: c[2],
            curvature: c[4],
            ea_least: c[6],
            low: inverse(p[CALENDAR + 8]),
            high: inverse(p[CALENDAR + 7]),
        }
    }
}

impl Calendar {
    /// A term that knows no stress.
    fn whatever_the_stress(ln_k: f64) -> Self {
        Calendar {
            inverse_ref: 0.0,
            soc_ref: 0.0,
            ln_k,
            ea: 0.0,
            ea_soc: 0.0,
            soc: 0.0,
            curvature: 0.0,
            ea_least: 0.0,
            low: 0.0,
            high: 0.0,
        }
    }

    fn constants(self) -> Constants {
        let Calendar { inverse_ref, soc_ref, ln_k, ea, ea_soc, soc, curvature, ea_least, low, high } = self;
        [inverse_ref, soc_ref, ln_k, ea, ea_soc, soc, curvature, ea_least, low, high, 0.0, 0.0]
    }

    fn from(c: &Constants) -> Self {
        let [inverse_ref, soc_ref, ln_k, ea, ea_soc, soc, curvature, ea_least, low, high, ..] = *c;
        Calendar { inverse_ref, soc_ref, ln_k, ea, ea_soc, soc, curvature, ea_least, low, high }
    }
}

/// The calendar term of [`SemiEmpirical::time`] for many units.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd", "x86_64+avx2"))]
fn calendar_rates(c: &Calendar, t_k: &[f64], soc: &[f64], ln_k: &mut [f64]) {
    let stress = t_k.iter().zip(soc);
    if c.curvature == 0.0 {
        for (ln_k, (&t, &s)) in ln_k.iter_mut().zip(stress) {
            let (x, above) = ((1.0 / t - c.inverse_ref) * (1.0 / R), s - c.soc_ref);
            let energy = (c.ea + c.ea_soc * above).max(c.ea_least);
            *ln_k = c.ln_k - energy * x + c.soc * above;
        }
        return;
    }
    let per_curvature = 1.0 / c.curvature;
    for (ln_k, (&t, &s)) in ln_k.iter_mut().zip(stress) {
        let (x, above) = ((1.0 / t - c.inverse_ref) * (1.0 / R), s - c.soc_ref);
        let ea = c.ea + c.ea_soc * above;
        let floor = (ea - c.ea_least) * per_curvature;
        let rising = c.curvature > 0.0;
        let (low, high) =
            (if rising { c.low } else { c.low.max(floor) }, if rising { c.high.min(floor) } else { c.high });
        let at_floor = if rising { floor <= c.low } else { floor >= c.high };
        let primitive = |x: f64| {
            let held = x.max(low).min(high);
            ea * held - 0.5 * c.curvature * held * held + (x - held) * (ea - c.curvature * held)
        };
        let bent = primitive(x) - primitive(0.0);
        let energy = if at_floor { c.ea_least * x } else { bent };
        *ln_k = c.ln_k - energy + c.soc * above;
    }
}

/// Integral of the local activation energy from the reference to `x` \[mol/kJ\].
#[inline]
fn activation(p: &[f64], ea: f64, x: f64) -> f64 {
    let (curvature, least) = (p[CALENDAR + 4], p[CALENDAR + 6]);
    if curvature == 0.0 {
        return ea.max(least) * x;
    }
    let inverse = |t: f64| (1.0 / t - 1.0 / p[T_REF]) / R;
    let (mut low, mut high) = (inverse(p[CALENDAR + 8]), inverse(p[CALENDAR + 7]));
    // Where the local energy meets its floor, it stays there.
    let floor = (ea - least) / curvature;
    if (curvature > 0.0 && floor <= low) || (curvature < 0.0 && floor >= high) {
        return least * x;
    }
    if curvature > 0.0 {
        high = high.min(floor)
    } else {
        low = low.max(floor)
    }
    let primitive = |x: f64| {
        let held = x.max(low).min(high);
        ea * held - 0.5 * curvature * held * held + (x - held) * (ea - curvature * held)
    };
    primitive(x) - primitive(0.0)
}

/// Rate of a cycle term whose numbers begin `c`.
fn cycle_rate(p: &[f64], c: &[f64], x: f64, stress: &CycleStress) -> Rate {
    let power = |exponent: f64, value: f64, reference: f64| {
        if exponent == 0.0 { 0.0 } else { exponent * (value / reference).ln() }
    };
    let depth = power(c[3], stress.depth.max(1e-6), p[DEPTH_REF]);
    let charge = power(c[5], stress.c_charge.max(LEAST_C_RATE), p[CHARGE_REF]);
    let discharge = power(c[6], stress.c_discharge.max(LEAST_C_RATE), p[DISCHARGE_REF]);
    let soc = c[4] * (stress.mean_soc - MEAN_SOC_REF);
    Rate::ln(c[0].ln() - c[1] * x + depth + soc + charge + discharge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aging::fixture::law;
    use crate::aging::{AgingState, Form, UnitFactors};

    fn numbers(changes: &[(&str, f64)]) -> Vec<f64> {
        let mut p: Vec<f64> = SemiEmpirical::PARAMETERS.iter().map(|n| n.value).collect();
        for (name, value) in changes {
            p[SemiEmpirical::PARAMETERS.iter().position(|n| n.name == *name).expect("known")] = *value;
        }
        p
    }

    #[test]
    fn places_are_those_of_the_names() {
        let name = |place: usize| SemiEmpirical::PARAMETERS[place].name;
        let places = [SETTLING, CALENDAR, CYCLE, LATE, R_CALENDAR, R_CYCLE];
        let names =
            ["settling_limit", "calendar_k", "cycle_k", "late_k", "resistance_calendar_k", "resistance_cycle_k"];
        assert_eq!(places.map(name), names);
        assert_eq!(
            [T_REF, SOC_REF, CALENDAR + 7, CALENDAR + 8, CYCLE + 6, R_CYCLE + 2].map(name),
            ["temperature_ref", "soc_ref", "calendar_cold", "calendar_hot", "cycle_discharge", "resistance_cycle_p"]
        );
    }

    #[test]
    fn terms_that_are_off_take_no_place() {
        let p = numbers(&[("calendar_k", 0.0), ("late_k", 0.1), ("settling_limit", 0.02)]);
        let names: Vec<&str> = SemiEmpirical::mechanisms(&p).iter().map(|m| m.name).collect();
        assert_eq!(names, ["cycle", "late cycle", "settling"]);
        assert_eq!(Term::of(&p, 1), Some(Term::Late));
        assert_eq!(Term::of(&p, 3), None);
    }

    #[test]
    fn a_year_at_the_reference_loses_k() {
        let law = law("semi_empirical");
        let mut state = AgingState::new(&law, UnitFactors::equal(1));
        state.rest(&law, &[308.15], &[0.75], 24.0 * 365.25);
        assert!((1.0 - state.health(&law, 0).capacity - 0.03).abs() < 1e-12);
        assert!(Form::named("semi_empirical").is_some());
    }

    /// The primitive against a sum of the local energy, with both ends and the floor in reach.
    #[test]
    fn activation_is_the_integral_of_the_guarded_energy() {
        for (ea, curvature) in
            [(40.0, 500.0), (40.0, -900.0), (2.0, 0.0), (10.0, 400.0), (10.0, -400.0), (-50.0, 300.0)]
        {
            let p = numbers(&[("calendar_curvature", curvature), ("calendar_cold", 283.15), ("calendar_hot", 318.15)]);
            let inverse = |t: f64| (1.0 / t - 1.0 / 308.15) / R;
            for t in [250.0, 280.0, 300.0, 315.0, 340.0_f64] {
                let (x, steps) = (inverse(t), 20_000);
                let local = |u: f64| (ea - curvature * u.max(inverse(318.15)).min(inverse(283.15))).max(5.0);
                let sum: f64 = (0..steps).map(|k| local((f64::from(k) + 0.5) / f64::from(steps) * x)).sum();
                let exact = sum * x / f64::from(steps);
                assert!((activation(&p, ea, x) - exact).abs() < 1e-4, "{ea} {curvature} {t}");
            }
        }
    }

    /// The loop over units against the equation of one, with and without curvature, and the resistance term.
    #[test]
    fn loops_say_what_the_equation_says() {
        for (curvature, ea_soc) in [(0.0, 0.0), (0.0, -300.0), (700.0, 40.0), (-700.0, -40.0)] {
            let p = numbers(&[
                ("calendar_curvature", curvature),
                ("calendar_ea_soc", ea_soc),
                ("calendar_cold", 273.15),
                ("calendar_hot", 320.15),
                ("resistance_calendar_k", 0.02),
                ("settling_limit", 0.02),
            ]);
            let t: Vec<f64> = (0..300).map(|i| 240.0 + 0.4 * f64::from(i)).collect();
            let soc: Vec<f64> = (0..300).map(|i| f64::from(i * 37 % 101) / 100.0).collect();
            let mut ln_k = vec![0.0; 300];
            for mechanism in 0..4 {
                let c = SemiEmpirical::constants(&p, mechanism);
                SemiEmpirical::ln_rates(&p, &c, mechanism, &t, &soc, &mut ln_k);
                for i in 0..300 {
                    let one = SemiEmpirical::time(&p, mechanism, t[i], soc[i]).ln_k;
                    assert!(ln_k[i] == one || (ln_k[i] - one).abs() < 1e-11, "{mechanism} {i}: {} {one}", ln_k[i]);
                }
            }
        }
    }

    #[test]
    fn hotter_never_ages_less_on_the_shelf() {
        let p = numbers(&[("calendar_curvature", 2000.0), ("calendar_ea_soc", -60.0)]);
        for soc in [0.0, 0.3, 1.0] {
            let rates: Vec<f64> = (230..370).map(|t| SemiEmpirical::time(&p, 0, f64::from(t), soc).ln_k).collect();
            assert!(rates.windows(2).all(|w| w[1] > w[0]));
        }
    }
}
