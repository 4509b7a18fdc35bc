//! Small plans for tests, in plain numbers.

use super::parameter::{Band, Knot, Param, Parameters, Rule, Scope};
use super::plan::{Chemistry, Entry, LifeLaw, LifeTables, Lives, Series, SupplyPlan};
use crate::economics::{Materials, PriceSet};
use crate::life::recycling::{CompositionSpec, RouteSpec};

pub fn prices() -> PriceSet {
    toml::from_str(
        "title = \"t\"\nyear = 2020\ncore_usd_per_kwh = 0\nsecond_life_usd_per_kwh = 80\n\
         new_pack_co2_kg_per_kwh = 60\nrepurposing_co2_kg_per_kwh = 5\ndiscount_rate = 0.05\n\
         transport_co2_kg_per_kg = 0.01\nnew_storage_usd_per_kwh = 100\niron_phosphate_usd_per_kg = 2\n\
         material_usd_per_kg = { lithium = 50, nickel = 20, cobalt = 30, manganese = 1, copper = 8, aluminium = 2, \
         graphite = 0, steel = 0 }\n\
         virgin_co2_kg_per_kg = { lithium = 60, nickel = 20, cobalt = 18, manganese = 0, copper = 4, aluminium = 6, \
         graphite = 0, steel = 0 }\n\
         black_mass_payable = { lithium = 0.04, nickel = 0.7, cobalt = 0.7, manganese = 0, copper = 0, \
         aluminium = 0, graphite = 0, steel = 0 }\n\
         cathode_usd_per_kg = { nmc = 25 }\ncathode_co2_kg_per_kg = { nmc = 22 }\n\
         gate_usd_per_kg = { nmc = 0.2, lfp = -2 }\n",
    )
    .unwrap()
}

fn chemistry(name: &str, materials_kg_per_kwh: Materials) -> Chemistry {
    let composition = CompositionSpec { chemistry: name.into(), materials_kg_per_kwh, pack_kg_per_kwh: 6.0 };
    Chemistry { name: name.into(), composition }
}

fn route(recovery: Materials) -> RouteSpec {
    RouteSpec {
        title: "t".into(),
        recovery,
        cathode_recovery: 0.0,
        iron_phosphate_recovery: 0.0,
        black_mass_recovery: 0.0,
        lithium_by_soh: false,
        lithium_make_up: false,
        process_cost_usd_per_kg: 0.5,
        process_co2_kg_per_kg: 2.0,
    }
}

/// Regions, chemistries (nmc, lfp, more of nmc) and segments with the same inflow in every series.
pub fn plan(counts: [usize; 3], first_year: i32, gwh: &[f64]) -> SupplyPlan {
    let [regions, chemistries, segments] = counts;
    let nmc = Materials {
        lithium: 0.1,
        nickel: 0.5,
        cobalt: 0.2,
        manganese: 0.15,
        copper: 0.4,
        aluminium: 0.6,
        graphite: 0.85,
        steel: 0.9,
        oxygen: 0.4,
        ..Default::default()
    };
    let lfp = Materials { lithium: 0.09, copper: 0.5, iron: 0.7, phosphorus: 0.4, oxygen: 0.8, ..Default::default() };
    let names = |what: &str, count: usize| (0..count).map(|k| format!("{what} {k}")).collect::<Vec<_>>();
    let mut series = Vec::new();
    for region in 0..regions {
        for chemistry in 0..chemistries {
            for segment in 0..segments {
                series.push(Series { region, chemistry, segment, gwh: gwh.to_vec(), opening: Vec::new() });
            }
        }
    }
    let metals = Materials {
        lithium: 0.9,
        nickel: 0.98,
        cobalt: 0.98,
        manganese: 0.98,
        copper: 0.9,
        aluminium: 0.9,
        graphite: 0.9,
        steel: 0.9,
        ..Default::default()
    };
    SupplyPlan {
        first_year,
        years: gwh.len(),
        history_until: first_year + 10,
        regions: names("region", regions),
        chemistries: (0..chemistries)
            .map(|k| if k == 1 { chemistry("lfp", lfp) } else { chemistry("nmc", nmc) })
            .collect(),
        segments: names("segment", segments),
        series,
        before: 0,
        stock_driven: None,
        entry: Entry::Spread,
        lives: Lives::Closed { vehicle: LifeLaw::Normal, battery: LifeLaw::Normal },
        life_tables: LifeTables::default(),
        parameters: Parameters::default(),
        correlations: Vec::new(),
        routes: [
            RouteSpec { lithium_by_soh: true, ..route(metals) },
            route(Materials { lithium: 0.0, ..metals }),
            RouteSpec {
                cathode_recovery: 0.9,
                lithium_make_up: true,
                ..route(Materials { copper: 0.9, ..Default::default() })
            },
            RouteSpec { black_mass_recovery: 0.9, ..route(Materials::default()) },
        ],
        prices: prices(),
        targets: vec![None; regions],
        content_targets: vec![Vec::new(); regions],
        draws: 0,
        saltelli: 0,
        seed: 1,
        question: None,
        projections: Vec::new(),
    }
}

impl SupplyPlan {
    /// With a value everywhere and in all years.
    pub fn with(self, param: Param, value: f64) -> Self {
        self.with_in(param, Scope::default(), &[(2000, value)])
    }

    /// With values by year in a scope.
    pub fn with_in(mut self, param: Param, scope: Scope, knots: &[(i32, f64)]) -> Self {
        let knots = knots.iter().map(|(year, value)| Knot { year: *year, band: Band::sure(*value) }).collect();
        self.parameters.rules.push(Rule { param, scope, knots });
        self
    }
}

/// World inflow \[GWh/year\] 2015 to 2050, as lines between figures of IEA (2025, Global EV Outlook, data explorer) up to
/// 2030 and assumed ones after.
pub fn world() -> Vec<f64> {
    let knots: [(f64, f64); 12] = [
        (2015.0, 30.0),
        (2018.0, 108.0),
        (2020.0, 169.0),
        (2021.0, 335.0),
        (2022.0, 558.0),
        (2023.0, 772.0),
        (2024.0, 954.0),
        (2030.0, 3167.0),
        (2035.0, 4719.0),
        (2040.0, 5210.0),
        (2050.0, 5210.0),
        (2051.0, 5210.0),
    ];
    let between = |year: f64| {
        let k = knots.iter().rposition(|k| k.0 <= year).unwrap_or(0).min(knots.len() - 2);
        let ((x0, y0), (x1, y1)) = (knots[k], knots[k + 1]);
        y0 + (y1 - y0) * (year - x0) / (x1 - x0)
    };
    (2015..=2050).map(|year| between(f64::from(year))).collect()
}
