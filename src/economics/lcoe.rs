//! What a kilowatt-hour costs, by the usual definitions.
//!
//! All take energies of years that end 1, 2, .. years from now, and count the energy of a year at its end.

use super::homer::capital_recovery_factor;
use super::npc::discount;

/// Present value of yearly amounts, the first a year from now.
pub fn discounted(yearly: impl IntoIterator<Item = f64>, rate: f64) -> f64 {
    (1..).zip(yearly).map(|(t, x)| x * discount(rate, f64::from(t))).sum()
}

/// Levelised cost of energy served as HOMER has it: yearly payment of the NPC over the energy served in a year \[USD/kWh\].
/// `None` without energy.
pub fn lcoe_of_year(npc_usd: f64, served_kwh: f64, rate: f64, years: f64) -> Option<f64> {
    (served_kwh > 0.0 && years > 0.0).then(|| capital_recovery_factor(rate, years) * npc_usd / served_kwh)
}

/// Costs over discounted energy \[USD/kWh\]: LCOE with the NPC of a plant and its energy served, LCOS with the costs of its
/// storage and the energy discharged. It equals [`lcoe_of_year`] where all years are alike. `None` without energy.
pub fn levelised(cost_usd: f64, energy_kwh: impl IntoIterator<Item = f64>, rate: f64) -> Option<f64> {
    let energy = discounted(energy_kwh, rate);
    (energy > 0.0).then(|| cost_usd / energy)
}

/// NPC with the value of lost load, over discounted demand \[USD/kWh\]; energies are pairs of demand and of what of it was
/// unserved. `None` without demand.
pub fn cost_of_service(
    npc_usd: f64,
    voll_usd_per_kwh: f64,
    demand_unmet_kwh: impl IntoIterator<Item = (f64, f64)> + Clone,
    rate: f64,
) -> Option<f64> {
    let lost = voll_usd_per_kwh * discounted(demand_unmet_kwh.clone().into_iter().map(|(_, unmet)| unmet), rate);
    levelised(npc_usd + lost, demand_unmet_kwh.into_iter().map(|(demand, _)| demand), rate)
}

/// What makes the price of a battery of used modules. Prices \[USD\], energies \[kWh\] on the name plate unless said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UsedPrice {
    /// A module \[USD/kWh\].
    pub module_usd_per_kwh: f64,
    /// Its test and sorting \[USD/kWh\].
    pub test_usd_per_kwh: f64,
    /// Share of the tested modules that are accepted, above 0.
    pub accepted_share: f64,
    /// Building it in \[USD/kWh\].
    pub repack_usd_per_kwh: f64,
    /// What each battery costs, however large \[USD\].
    pub fixed_usd: f64,
}

impl UsedPrice {
    /// Price of a built battery before its fixed part \[USD per nameplate kWh\]: `(p + c_test) / y + c_repack`.
    pub fn per_nameplate_kwh(&self) -> f64 {
        (self.module_usd_per_kwh + self.test_usd_per_kwh) / self.accepted_share + self.repack_usd_per_kwh
    }

    /// Price of a kilowatt-hour that can be used \[USD per usable kWh\], for the SoH at the start and the width of the SoC
    /// window: `[(p + c_test) / y + c_repack] / (SoH w) + c_fixed / E_usable`.
    pub fn per_usable_kwh(&self, soh: f64, window: f64, usable_kwh: f64) -> f64 {
        self.per_nameplate_kwh() / (soh * window) + self.fixed_usd / usable_kwh
    }
}

/// A cost that is linear in the price of a module: `fixed + slope p`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LinearCost {
    /// What does not depend on it \[USD\].
    pub fixed_usd: f64,
    /// What each USD/kWh of it adds \[USD per USD/kWh\].
    pub slope: f64,
}

impl LinearCost {
    /// The cost at a price \[USD\].
    pub fn at(&self, price_usd_per_kwh: f64) -> f64 {
        self.fixed_usd + self.slope * price_usd_per_kwh
    }

    /// Price at which this cost, over some energy, comes to a unit cost \[USD/kWh\]: `(u E - a) / b`. Negative where even
    /// modules for nothing are too dear; `None` where the price does not matter.
    pub fn price_for(&self, unit_cost_usd_per_kwh: f64, energy_kwh: f64) -> Option<f64> {
        (self.slope > 0.0).then(|| (unit_cost_usd_per_kwh * energy_kwh - self.fixed_usd) / self.slope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn of_a_year_and_of_all_years_agree() {
        let a = lcoe_of_year(1740.146, 1020.776, 0.08, 15.0).unwrap();
        let b = levelised(1740.146, [1020.776; 15], 0.08).unwrap();
        assert!((a - 0.199_163).abs() < 1e-6 && (a - b).abs() < 1e-12);
        assert_eq!((lcoe_of_year(1.0, 0.0, 0.1, 3.0), levelised(1.0, [0.0; 3], 0.1)), (None, None));
    }

    #[test]
    fn lost_load_has_its_price() {
        let years = [(100.0, 10.0), (100.0, 0.0)];
        let cost = cost_of_service(50.0, 2.0, years, 0.0).unwrap();
        assert!((cost - 70.0 / 200.0).abs() < 1e-12);
    }

    #[test]
    fn a_used_battery_by_its_usable_energy() {
        let price = UsedPrice {
            module_usd_per_kwh: 40.0,
            test_usd_per_kwh: 5.0,
            accepted_share: 0.9,
            repack_usd_per_kwh: 30.0,
            fixed_usd: 100.0,
        };
        assert!((price.per_nameplate_kwh() - 80.0).abs() < 1e-12);
        assert!((price.per_usable_kwh(0.8, 0.5, 10.0) - 210.0).abs() < 1e-9);
    }

    proptest! {
        /// Put back into the cost, the break-even price gives the unit cost it was asked for.
        #[test]
        fn the_break_even_price_breaks_even(a in -500.0..5e3f64, b in 0.1..50.0f64, u in 0.01..2.0f64, e in 10.0..1e5f64) {
            let cost = LinearCost { fixed_usd: a, slope: b };
            let p = cost.price_for(u, e).unwrap();
            prop_assert!((cost.at(p) / e - u).abs() < 1e-9 * u.max(cost.at(p).abs() / e + (a / e).abs()));
        }
    }
}
