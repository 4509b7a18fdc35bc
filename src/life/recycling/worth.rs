//! What recycling is worth, in money and emissions.

use super::{Books, RouteSpec};
use crate::economics::PriceSet;
use crate::life::outcome::RecyclingOutcome;

/// Money of recycling without the way there \[USD\].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Worth {
    /// Products sold less lithium bought, at the set's prices; follows the metal prices.
    pub materials_usd: f64,
    /// Process paid.
    pub process_usd: f64,
    /// Credit at the recycler's gate, negative for a fee.
    pub gate_usd: f64,
}

impl Worth {
    /// All of it at a factor on metal prices.
    pub fn net_usd(&self, metal_price_factor: f64) -> f64 {
        self.materials_usd * metal_price_factor - self.process_usd + self.gate_usd
    }
}

/// Worth of what a route made of packs of a chemistry, in the given books.
pub(crate) fn worth(
    books: Books,
    route: &RouteSpec,
    prices: &PriceSet,
    chemistry: &str,
    recycled: &RecyclingOutcome,
) -> Worth {
    match books {
        Books::Process => Worth {
            materials_usd: materials_usd(prices, chemistry, recycled),
            process_usd: route.process_cost_usd_per_kg * recycled.mass_kg,
            gate_usd: 0.0,
        },
        Books::Gate => {
            let fee = prices.gate_usd_per_kg.get(chemistry).copied().unwrap_or(0.0);
            Worth { gate_usd: fee * recycled.mass_kg, ..Worth::default() }
        }
    }
}

/// Value of the products at the set's prices, less that of the lithium bought for the cathode \[USD\]. Black mass is paid
/// by share of its metals' prices.
pub(crate) fn materials_usd(prices: &PriceSet, chemistry: &str, r: &RecyclingOutcome) -> f64 {
    let metals = &prices.material_usd_per_kg;
    let cathode = prices.cathode_usd_per_kg.get(chemistry).copied().unwrap_or(0.0);
    let payable = r.black_kg.values().into_iter().zip(prices.black_mass_payable.values()).zip(metals.values());
    r.sold_kg.dot(metals)
        + r.cathode_kg * cathode
        + r.iron_phosphate_kg * prices.iron_phosphate_usd_per_kg.unwrap_or(0.0)
        + payable.map(|((kg, share), usd)| kg * share * usd).sum::<f64>()
        - r.lithium_added_kg * metals.lithium
}

/// Emissions saved by the products, less those of the lithium bought \[kg CO2e\]. Black mass and iron phosphate save none.
pub(crate) fn materials_co2_kg(prices: &PriceSet, chemistry: &str, r: &RecyclingOutcome) -> f64 {
    let cathode = prices.cathode_co2_kg_per_kg.get(chemistry).copied().unwrap_or(0.0);
    r.sold_kg.dot(&prices.virgin_co2_kg_per_kg) + r.cathode_kg * cathode
        - r.lithium_added_kg * prices.virgin_co2_kg_per_kg.lithium
}

#[cfg(test)]
mod tests {
    use super::super::recycle;
    use super::*;
    use crate::life::recycling::CompositionSpec;

    fn of(route: &str, chemistry: &str, books: Books) -> (Worth, RecyclingOutcome, PriceSet) {
        // Plain numbers in the form of library entries, so that the floors below the library can be tested alone.
        let prices: PriceSet = toml::from_str(
            "title = \"t\"\nyear = 2020\ncore_usd_per_kwh = 0\nsecond_life_usd_per_kwh = 0\n\
             new_pack_co2_kg_per_kwh = 0\nrepurposing_co2_kg_per_kwh = 0\ndiscount_rate = 0.05\n\
             transport_co2_kg_per_kg = 0.01\nnew_storage_usd_per_kwh = 100\niron_phosphate_usd_per_kg = 2\n\
             material_usd_per_kg = { lithium = 50, nickel = 20, cobalt = 30, manganese = 0, copper = 8, aluminium = 0, \
             graphite = 0, steel = 0 }\n\
             virgin_co2_kg_per_kg = { lithium = 60, nickel = 20, cobalt = 18, manganese = 0, copper = 4, aluminium = 0, \
             graphite = 0, steel = 0 }\n\
             black_mass_payable = { lithium = 0.04, nickel = 0.7, cobalt = 0.7, manganese = 0, copper = 0, \
             aluminium = 0, graphite = 0, steel = 0 }\n\
             cathode_usd_per_kg = { nmc = 25 }\ncathode_co2_kg_per_kg = { nmc = 22 }\n\
             gate_usd_per_kg = { nmc = 0.2, lfp = -2 }\n",
        )
        .unwrap();
        let composition = CompositionSpec {
            chemistry: chemistry.into(),
            materials_kg_per_kwh: crate::economics::Materials {
                lithium: 0.1,
                nickel: 0.5,
                cobalt: 0.2,
                copper: 0.4,
                oxygen: 0.4,
                ..Default::default()
            },
            pack_kg_per_kwh: 5.0,
        };
        let zero =
            "lithium = 0, nickel = 0, cobalt = 0, manganese = 0, copper = 0.5, aluminium = 0, graphite = 0, steel = 0";
        let route: RouteSpec = toml::from_str(&format!(
            "title = \"t\"\nprocess_cost_usd_per_kg = 0.6\nprocess_co2_kg_per_kg = 1\nrecovery = {{ {zero} }}\n{route}\n"
        ))
        .unwrap();
        let out = recycle(&composition, &route, true, 10.0, 60.0, 0.8);
        (worth(books, &route, &prices, chemistry, &out), out, prices)
    }

    #[test]
    fn a_cathode_is_sold_once_and_its_lithium_bought() {
        let (w, out, prices) = of("cathode_recovery = 0.9\nlithium_make_up = true", "nmc", Books::Process);
        let cathode = 10.0 * 0.9 * (0.1 + 0.5 + 0.2 + 0.4);
        let added = 0.2 * 0.9;
        assert!((w.materials_usd - (2.0 * 8.0 + 25.0 * cathode - 50.0 * added)).abs() < 1e-9);
        assert!((w.process_usd - 36.0).abs() < 1e-12 && w.gate_usd == 0.0);
        assert!((w.net_usd(2.0) - (2.0 * w.materials_usd - 36.0)).abs() < 1e-9);
        assert!((materials_co2_kg(&prices, "nmc", &out) - (2.0 * 4.0 + 22.0 * cathode - 60.0 * added)).abs() < 1e-9);
    }

    #[test]
    fn black_mass_is_paid_by_share() {
        let (w, ..) = of("black_mass_recovery = 0.9", "nmc", Books::Process);
        let paid = 0.9 * (1.0 * 50.0 * 0.04 + 5.0 * 20.0 * 0.7 + 2.0 * 30.0 * 0.7);
        assert!((w.materials_usd - (16.0 + paid)).abs() < 1e-9);
    }

    #[test]
    fn at_the_gate_only_the_fee_counts() {
        assert_eq!(of("", "nmc", Books::Gate).0, Worth { gate_usd: 12.0, ..Worth::default() });
        let (w, ..) = of("", "lfp", Books::Gate);
        assert_eq!(w.net_usd(3.0), -120.0, "no metal price moves a fee");
    }
}
