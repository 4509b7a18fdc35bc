//! The closed check of peak shaving.

/// Least energy that a battery must hold at its terminals to keep a load below a cap \[kWh\]: the largest running deficit,
/// `d <- max(0, d + (P - P_cap) dt / eta_d)` above the cap and `d <- max(0, d - (P_cap - P) eta_c dt)` below it, from
/// `d = 0` at the start (full).
///
/// * `load_kw` - mean power of each step \[kW\]
/// * `step_h` - length of a step \[h\]
/// * `cap_kw` - highest power wanted from the grid \[kW\]
/// * `eta_charge`, `eta_discharge` - one-way efficiencies, above 0
pub fn peak_shaving_energy_kwh(load_kw: &[f64], step_h: f64, cap_kw: f64, eta_charge: f64, eta_discharge: f64) -> f64 {
    let (mut deficit, mut largest) = (0.0_f64, 0.0_f64);
    for &kw in load_kw {
        let over = kw - cap_kw;
        deficit += step_h * if over > 0.0 { over / eta_discharge } else { over * eta_charge };
        deficit = deficit.max(0.0);
        largest = largest.max(deficit);
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_peaks_with_a_short_recharge_between() {
        // 2 h of 30 over, 1 h of 20 under, 1 h of 40 over: 60/0.9, less 20*0.8, plus 40/0.9.
        let load = [100.0, 130.0, 130.0, 80.0, 140.0, 20.0];
        let expected = 60.0 / 0.9 - 20.0 * 0.8 + 40.0 / 0.9;
        assert!((peak_shaving_energy_kwh(&load, 1.0, 100.0, 0.8, 0.9) - expected).abs() < 1e-12);
        assert_eq!(peak_shaving_energy_kwh(&load, 1.0, 140.0, 0.8, 0.9), 0.0);
        assert_eq!(peak_shaving_energy_kwh(&[], 1.0, 1.0, 0.9, 0.9), 0.0);
    }

    /// A store of that size, started full and run greedily, is just enough.
    fn greedy(load: &[f64], cap: f64, store: f64) -> f64 {
        let (mut e, mut missed) = (store, 0.0);
        for kw in load {
            if *kw > cap {
                let given = ((kw - cap) / 0.9_f64).min(e);
                e -= given;
                missed += (kw - cap) - 0.9 * given;
            } else {
                e = (e + 0.8 * (cap - kw)).min(store);
            }
        }
        missed
    }

    proptest! {
        #[test]
        fn it_is_the_least_store(load in prop::collection::vec(0.0..200.0_f64, 1..60), cap in 50.0..150.0_f64) {
            let least = peak_shaving_energy_kwh(&load, 1.0, cap, 0.8, 0.9);
            prop_assert!(greedy(&load, cap, least) < 1e-9);
            if least > 1e-3 {
                prop_assert!(greedy(&load, cap, least * 0.99) > 0.0);
            }
        }
    }
}
