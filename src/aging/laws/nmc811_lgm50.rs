//! NMC811-graphite/silicon, LG M50 of 5 Ah (Truong Bui et al. 2021, IEEE document 9617644, as coded in BLAST-Lite
//! 1.1.1). `T35 = T/308.15 K`, `Un = Ua/0.123 V`.
//!
//! * calendar, LLI: `y = k x^0.652`, `x = t/1e4` days,
//!   `k = -2.392 + 2.442 exp(T35^3 Un^(-1/3)) - 4.460 T35^3 Un^(-1/2) + 0.448 exp(s^0.5 T35^-2) - 0.185 exp(s^3)`
//! * cycle, LLI: `y = k x^0.442`, `k = 0.181 exp(-0.124 Cdis^3) exp(1.245 T35^3 Cdis^0.5)`, `x = N/1e4` EFC
//!
//! The sum of the calendar rises again below the coldest test, to more at -20 than at 25 degC: `T` is held at 0 degC.
//! `Cdis` is held at 2 1/h, the fastest of the tests, beyond which the law lets cycles cost nothing. Neither depth nor
//! charge were varied and have no term. No resistance was published.

use super::number;
use crate::aging::{CycleStress, Driver, Equations, Mechanism, Parameter, Path, Rate, Shape};
use crate::cell::graphite;
use crate::numeric::exponential::exp;

/// Coldest of the calendar tests \[K\].
const LEAST_T: f64 = 273.15;
/// Fastest discharge of the tests \[1/h\].
const MOST_C: f64 = 2.0;

/// The equations.
pub struct Nmc811Lgm50;

impl Equations for Nmc811Lgm50 {
    const NAME: &'static str = "nmc811_lgm50";
    const PARAMETERS: &'static [Parameter] = &[
        number("calendar_0", -2.391_566_287_865_25, ""),
        number("calendar_ua3", 2.442_053_178_341_85, ""),
        number("calendar_ua2", -4.459_982_461_369_05, ""),
        number("calendar_cold", 0.448_140_062_203_916, ""),
        number("calendar_soc", -0.185_337_797_906_876, ""),
        number("calendar_p", 0.651_697_743_905_278, ""),
        number("cycle_k", 0.181_235_015_387_132, ""),
        number("cycle_rate3", -0.123_779_206_033_993, "h^3"),
        number("cycle_rate", 1.244_595_412_950_18, "h^0.5"),
        number("cycle_p", 0.441_996_792_536_332, ""),
    ];

    fn mechanisms(p: &[f64]) -> Vec<Mechanism> {
        vec![
            Mechanism { name: "calendar", path: Path::Lli, driver: Driver::Days(1e4), shape: Shape::Power(p[5]) },
            Mechanism { name: "cycle", path: Path::Lli, driver: Driver::Efc(1e4), shape: Shape::Power(p[9]) },
        ]
    }

    #[inline]
    fn time(p: &[f64], _: usize, t: f64, soc: f64) -> Rate {
        let t35 = t.max(LEAST_T) / 308.15;
        let (t2, t3) = (t35 * t35, t35 * t35 * t35);
        let un = graphite::potential(soc) / 0.123;
        let of_ua = p[1] * exp(t3 / un.cbrt()) + p[2] * t3 / un.sqrt();
        Rate::of(p[0] + of_ua + p[3] * exp(soc.sqrt() / t2) + p[4] * exp(soc * soc * soc))
    }

    fn cycle(p: &[f64], _: usize, c: &CycleStress) -> Rate {
        let t35 = c.temperature_k / 308.15;
        let rate = c.c_discharge.min(MOST_C);
        Rate::ln(p[6].ln() + p[7] * rate.powi(3) + p[8] * t35.powi(3) * rate.sqrt())
    }
}
