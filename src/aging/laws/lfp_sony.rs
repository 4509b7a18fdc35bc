//! LFP-graphite, Sony US26650FTC1 of 3 Ah, capacity laws identified anew on the data of Naumann et al. (Gasper et al.
//! 2022, doi 10.1149/1945-7111/ac86a8, as coded in BLAST-Lite 1.1.1), resistance as in [`super::lfp_naumann`].
//!
//! * calendar, LLI: `y = Y tanh((k t)^p / 2)`, `k = 1.305e-4 1/day`,
//!   `Y = 0.990 exp(Ua^(1/2) (-2.881e6/T^2 + 8742/T))`,
//!   `p = 3.329e-4 exp(Ua^(1/3) (7.346e11/T^4 - 3.285e9/T^3) + Ua^(1/4) (-2.822e-6 T^3 + 1.272e-3 T^2))`
//! * cycle, LLI: `y = (k N)^1.128`, `k = -6.813e-6 + 2.596e-5 D + 2.116e-6 exp(D^2 C^3)`, `N` in EFC
//! * resistance: calendar with `(s - 0.5)^2` as its authors write it (BLAST-Lite has the third power), cycle with its
//!   rate factor held at zero
//!
//! Three things differ from BLAST-Lite outside the fitted box: `k` of the cycles is held at zero where BLAST-Lite takes
//! the absolute value (below a depth of 0.18), `C` is held at 2 1/h, beyond which `exp(D^2 C^3)` has no meaning, and the
//! early loss of cells that run above three cycles a day is left out, as a cycle does not tell how often it comes.

use super::number;
use crate::aging::{CycleStress, Driver, Equations, Mechanism, Parameter, Path, Rate, Shape};
use crate::cell::graphite;
use crate::numeric::exponential::exp;

const GAS: f64 = 8.3144;
const DAY_S: f64 = 86_400.0;
/// Fastest rate of the tests \[1/h\].
const MOST_C: f64 = 2.0;

/// The equations.
pub struct LfpSony;

impl Equations for LfpSony {
    const NAME: &'static str = "lfp_sony";
    const PARAMETERS: &'static [Parameter] = &[
        number("calendar_k", 1.305_100_342_118_74e-4, "1/day"),
        number("limit_0", 0.989_687_151_293_59, ""),
        number("limit_t2", -2_881_067.560_193_24, "K^2/V^(1/2)"),
        number("limit_t1", 8_742.063_091_572_61, "K/V^(1/2)"),
        number("power_0", 3.328_502_810_621_77e-4, ""),
        number("power_t4", 734_553_185_711.369, "K^4/V^(1/3)"),
        number("power_t3", -3_284_991_315.451_21, "K^3/V^(1/3)"),
        number("power_heat3", -2.821_615_756_207_8e-6, "1/(K^3 V^(1/4))"),
        number("power_heat2", 1.272_275_936_572_9e-3, "1/(K^2 V^(1/4))"),
        number("cycle_0", -6.812_605_793_728_75e-6, ""),
        number("cycle_depth", 2.596_159_731_608_44e-5, ""),
        number("cycle_rate", 2.115_597_103_072_95e-6, ""),
        number("cycle_p", 1.128_477_593_343_55, ""),
        number("calendar_r_k", 3.4194e-10, "1/s"),
        number("calendar_r_ea", 71_827.0, "J/mol"),
        number("calendar_r_soc2", -3.3903, ""),
        number("calendar_r_soc0", 1.5604, ""),
        number("cycle_r_rate", -0.0020, "h"),
        number("cycle_r_0", 0.0021, ""),
        number("cycle_r_depth3", 6.8477, ""),
        number("cycle_r_depth0", 0.91882, ""),
    ];

    fn mechanisms(p: &[f64]) -> Vec<Mechanism> {
        let (days, efc) = (Driver::Days(1.0), Driver::Efc(1.0));
        vec![
            Mechanism { name: "calendar", path: Path::Lli, driver: days, shape: Shape::StressedSigmoid },
            Mechanism { name: "cycle", path: Path::Lli, driver: efc, shape: Shape::Product(p[12]) },
            Mechanism { name: "calendar resistance", path: Path::Resistance, driver: days, shape: Shape::Linear },
            Mechanism { name: "cycle resistance", path: Path::Resistance, driver: efc, shape: Shape::Linear },
        ]
    }

    #[inline]
    fn time(p: &[f64], mechanism: usize, t: f64, soc: f64) -> Rate {
        if mechanism == 0 {
            let ua = graphite::potential(soc);
            let (root2, root3) = (ua.sqrt(), ua.cbrt());
            let limit = p[1] * exp(root2 * (p[2] / t + p[3]) / t);
            let of_cold = root3 * (p[5] / t + p[6]) / (t * t * t);
            let of_heat = root2.sqrt() * (p[7] * t + p[8]) * t * t;
            return Rate { sigmoid: [limit, p[4] * exp(of_cold + of_heat)], ..Rate::of(p[0]) };
        }
        let of_soc = p[15] * (soc - 0.5) * (soc - 0.5) + p[16];
        Rate::ln((p[13] * DAY_S * of_soc.max(0.0)).ln() - p[14] / GAS * (1.0 / t - 1.0 / 298.15))
    }

    fn cycle(p: &[f64], mechanism: usize, c: &CycleStress) -> Rate {
        if mechanism == 1 {
            let rate = c.c_rate.min(MOST_C);
            return Rate::of(p[9] + p[10] * c.depth + p[11] * exp(c.depth * c.depth * rate.powi(3)));
        }
        Rate::of(0.01 * (p[17] * c.c_rate + p[18]).max(0.0) * (p[19] * (c.depth - 0.5).powi(3) + p[20]))
    }
}
