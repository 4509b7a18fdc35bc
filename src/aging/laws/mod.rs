//! Published laws, one file each. All of them add to `z` columns; see [`crate::aging`].

pub mod lfp_prismatic250;
pub mod lmo_xu;
pub mod nmc50_b1;
pub mod nmc_kokam;

/// Adds `rate(temperature, soc) x days` to one `z` column.
#[inline(always)]
fn accumulate(t_k: &[f64], soc: &[f64], days: f64, z: &mut [f64], rate: impl Fn(f64, f64) -> f64) {
    for ((z, &t), &s) in z.iter_mut().zip(t_k).zip(soc) {
        *z += rate(t, s) * days;
    }
}
