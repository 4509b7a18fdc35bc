//! NMC111-graphite, Sanyo UR18650E of 2.15 Ah (Schmalstieg et al. 2014, doi 10.1016/j.jpowsour.2014.02.012).
//!
//! * calendar, LLI: `y = (7.543 V - 23.75) 1e6 exp(-6976/T) t^0.75`, `t` in days, `V` the open-circuit voltage
//! * cycle, LLI: `y = (7.348e-3 (Vq - 3.667)^2 + 7.6e-4 + 4.081e-3 D) Q^0.5`
//! * calendar, resistance: `y = (5.270 V - 16.32) 1e5 exp(-5986/T) t^0.75`
//! * cycle, resistance: `y = (2.153e-4 (Vq - 3.725)^2 - 1.521e-5 + 2.798e-4 D) Q`, not below zero
//!
//! `Q` is the charge in and out of the 2.15 Ah cell \[Ah\], 4.3 Ah an EFC. `Vq` is the quadratic mean of the voltage: that
//! of the samples of a cycle where they are at hand, else the mean over the charge between lowest and highest SoC, in
//! closed form. The voltage is read from figure 1 of the paper and from Ecker et al. 2014 (doi
//! 10.1016/j.jpowsour.2013.09.143), 58 points as in BLAST-Lite 1.1.1. The cycles were run at 35 degC and 1 1/h and their
//! law has neither.

use super::number;
use crate::aging::{CycleStress, Driver, Equations, Mechanism, Parameter, Path, Rate, Shape};
use crate::numeric::table::interpolate;
use std::sync::LazyLock;

/// EFC of a charge throughput of 1 Ah.
const EFC_PER_AH: f64 = 1.0 / 4.3;

#[rustfmt::skip]
const SOC: [f64; 58] = [
    0.0, 0.008_637_153, 0.026_779_514, 0.044_921_875, 0.063_064_236, 0.081_206_597, 0.099_348_958, 0.117_491_319,
    0.135_633_681, 0.153_776_042, 0.171_918_403, 0.190_060_764, 0.208_203_125, 0.226_345_486, 0.244_487_847,
    0.262_630_208, 0.280_772_569, 0.298_914_931, 0.317_057_292, 0.335_199_653, 0.353_342_014, 0.371_484_375,
    0.389_626_736, 0.407_769_097, 0.425_911_458, 0.444_053_819, 0.462_196_181, 0.480_338_542, 0.498_480_903,
    0.516_623_264, 0.534_765_625, 0.552_907_986, 0.571_050_347, 0.589_192_708, 0.607_335_069, 0.625_477_431,
    0.643_619_792, 0.661_762_153, 0.679_904_514, 0.698_046_875, 0.716_189_236, 0.734_331_597, 0.752_473_958,
    0.770_616_319, 0.788_758_681, 0.806_901_042, 0.825_043_403, 0.843_185_764, 0.861_328_125, 0.879_470_486,
    0.897_612_847, 0.915_755_208, 0.933_897_569, 0.952_039_931, 0.970_182_292, 0.988_324_653, 0.998_220_486, 1.0,
];

#[rustfmt::skip]
const OCV_V: [f64; 58] = [
    3.331, 3.345_014_187, 3.379_171_49, 3.411_603_677, 3.440_585_632, 3.466_289_865, 3.490_268_982, 3.511_315_401,
    3.529_946_658, 3.547_197_821, 3.561_688_798, 3.574_972_194, 3.586_357_962, 3.597_053_683, 3.605_506_753,
    3.613_442_288, 3.620_342_753, 3.626_380_661, 3.632_073_544, 3.636_903_87, 3.642_079_219, 3.646_909_545,
    3.652_084_894, 3.657_605_266, 3.663_470_662, 3.670_198_615, 3.677_444_104, 3.686_759_732, 3.696_420_384,
    3.708_323_686, 3.720_572_012, 3.734_372_943, 3.749_553_967, 3.765_252_525, 3.781_123_596, 3.797_857_224,
    3.814_590_852, 3.832_532_062, 3.849_783_226, 3.866_861_877, 3.884_458_064, 3.900_846_669, 3.917_752_809,
    3.934_831_461, 3.953_462_717, 3.971_921_462, 3.991_415_276, 4.011_771_649, 4.031_955_51, 4.051_966_86,
    4.070_770_628, 4.087_849_279, 4.104_237_884, 4.120_108_955, 4.135_980_025, 4.152_541_142, 4.160_649_189, 4.162,
];

/// Open-circuit voltage of the cell \[V\].
#[inline]
pub fn ocv(soc: f64) -> f64 {
    interpolate(&SOC, &OCV_V, soc)
}

/// Integral of the squared voltage over a piece of width `w` between `a` and `b` volts.
fn squared(w: f64, a: f64, b: f64) -> f64 {
    w * (a * a + a * b + b * b) / 3.0
}

/// Integral of the squared voltage from an empty cell to each knot.
static SQUARED_TO: LazyLock<[f64; 58]> = LazyLock::new(|| {
    let mut sum = [0.0; 58];
    for i in 1..58 {
        sum[i] = sum[i - 1] + squared(SOC[i] - SOC[i - 1], OCV_V[i - 1], OCV_V[i]);
    }
    sum
});

fn squared_to(soc: f64) -> f64 {
    let knot = SOC.partition_point(|&k| k <= soc) - 1;
    SQUARED_TO[knot] + squared(soc - SOC[knot], OCV_V[knot], ocv(soc))
}

/// Quadratic mean of the voltage over the charge between two states of charge \[V\].
fn ocv_rms(low: f64, high: f64) -> f64 {
    if high - low < 1e-6 {
        return ocv(0.5 * (low + high));
    }
    ((squared_to(high) - squared_to(low)) / (high - low)).sqrt()
}

/// The equations.
pub struct Nmc111Schmalstieg;

impl Equations for Nmc111Schmalstieg {
    const NAME: &'static str = "nmc111_schmalstieg";
    const PARAMETERS: &'static [Parameter] = &[
        number("calendar_v", 7.543e6, "1/(V day^p)"),
        number("calendar_0", -23.75e6, "1/day^p"),
        number("calendar_t", 6976.0, "K"),
        number("calendar_p", 0.75, ""),
        number("cycle_v2", 7.348e-3, "1/(V^2 Ah^p)"),
        number("cycle_v0", 3.667, "V"),
        number("cycle_0", 7.6e-4, "1/Ah^p"),
        number("cycle_depth", 4.081e-3, "1/Ah^p"),
        number("cycle_p", 0.5, ""),
        number("calendar_r_v", 5.270e5, "1/(V day^p)"),
        number("calendar_r_0", -16.32e5, "1/day^p"),
        number("calendar_r_t", 5986.0, "K"),
        number("calendar_r_p", 0.75, ""),
        number("cycle_r_v2", 2.153e-4, "1/(V^2 Ah)"),
        number("cycle_r_v0", 3.725, "V"),
        number("cycle_r_0", -1.521e-5, "1/Ah"),
        number("cycle_r_depth", 2.798e-4, "1/Ah"),
    ];

    fn mechanisms(p: &[f64]) -> Vec<Mechanism> {
        let (days, efc) = (Driver::Days(1.0), Driver::Efc(EFC_PER_AH));
        let calendar_r = Shape::Power(p[12]);
        vec![
            Mechanism { name: "calendar", path: Path::Lli, driver: days, shape: Shape::Power(p[3]) },
            Mechanism { name: "cycle", path: Path::Lli, driver: efc, shape: Shape::Power(p[8]) },
            Mechanism { name: "calendar resistance", path: Path::Resistance, driver: days, shape: calendar_r },
            Mechanism { name: "cycle resistance", path: Path::Resistance, driver: efc, shape: Shape::Linear },
        ]
    }

    #[inline]
    fn time(p: &[f64], mechanism: usize, t: f64, soc: f64) -> Rate {
        let p = if mechanism == 0 { &p[0..3] } else { &p[9..12] };
        Rate::ln((p[0] * ocv(soc) + p[1]).max(0.0).ln() - p[2] / t)
    }

    fn cycle(p: &[f64], mechanism: usize, c: &CycleStress) -> Rate {
        let v = c.ocv_rms_v.unwrap_or_else(|| ocv_rms(c.soc_low(), c.soc_high()));
        let p = if mechanism == 1 { &p[4..8] } else { &p[13..17] };
        Rate::of(p[0] * (v - p[1]) * (v - p[1]) + p[2] + p[3] * c.depth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quadratic_mean_is_that_of_many_samples() {
        for (low, high) in [(0.0, 1.0), (0.1, 0.9), (0.003, 0.021), (0.5, 0.52)] {
            let n = 100_000;
            let sum: f64 = (0..n).map(|i| ocv(low + (high - low) * (f64::from(i) + 0.5) / f64::from(n)).powi(2)).sum();
            let samples = (sum / f64::from(n)).sqrt();
            assert!((ocv_rms(low, high) - samples).abs() < 1e-8, "{low} {high}");
        }
        assert!((ocv_rms(0.4, 0.4 + 2e-6) - ocv(0.4)).abs() < 1e-5);
    }
}
