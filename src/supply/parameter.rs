//! Parameters of a projection: what they mean, their values by region, chemistry, segment and year, and how sure they
//! are.

/// On which scale a parameter is drawn between its P10, P50 and P90.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// A share: by its logit.
    Share,
    /// Above zero: by its logarithm.
    Positive,
    /// As it is.
    Plain,
}

/// Defines the parameters once.
macro_rules! parameters {
    ($( $(#[doc = $doc:literal])+ $variant:ident = $name:literal, $unit:literal, $min:literal..$max:literal, $scale:ident; )*) => {
        /// A parameter of a projection; named as in the table of parameters.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Param { $( $(#[doc = $doc])+ $variant, )* }

        impl Param {
            /// All of them, in order.
            pub const ALL: &'static [Param] = &[ $( Param::$variant, )* ];
            /// Number of parameters.
            pub const COUNT: usize = Param::ALL.len();

            /// Name in tables.
            pub fn name(self) -> &'static str {
                match self { $( Param::$variant => $name, )* }
            }

            /// Unit, empty for none.
            pub fn unit(self) -> &'static str {
                match self { $( Param::$variant => $unit, )* }
            }

            /// Least and most.
            pub fn range(self) -> [f64; 2] {
                match self { $( Param::$variant => [$min as f64, $max as f64], )* }
            }

            /// Scale on which it is drawn.
            pub fn scale(self) -> Scale {
                match self { $( Param::$variant => Scale::$scale, )* }
            }

            /// What it says.
            pub fn doc(self) -> &'static str {
                match self { $( Param::$variant => concat!($($doc),+), )* }
            }
        }
    };
}

parameters! {
    /// Factor on the whole inflow.
    InflowFactor = "inflow_factor", "", 0.0..100.0, Positive;
    /// Factor on the growth of the inflow after the last year of history, by which later years move more.
    GrowthFactor = "inflow_growth_factor", "", 0.0..10.0, Positive;
    /// Mean life of the vehicle, by year of sale.
    VehicleLifeMean = "vehicle_life_mean_years", "year", 0.1..80.0, Positive;
    /// Standard deviation of the vehicle's life.
    VehicleLifeSd = "vehicle_life_sd_years", "year", 0.0..40.0, Positive;
    /// Mean life of the battery in a vehicle, by year of sale; without one the battery lasts as long as the vehicle.
    BatteryLifeMean = "battery_life_mean_years", "year", 0.1..80.0, Positive;
    /// Standard deviation of the battery's life.
    BatteryLifeSd = "battery_life_sd_years", "year", 0.0..40.0, Positive;
    /// Crash, theft and flood: hazard a year at any age.
    CrashPerYear = "crash_per_year", "1/year", 0.0..1.0, Share;
    /// Batteries replaced under warranty: hazard a year while it lasts.
    WarrantyPerYear = "warranty_per_year", "1/year", 0.0..1.0, Share;
    /// Length of the warranty.
    WarrantyYears = "warranty_years", "year", 0.0..30.0, Plain;
    /// Share of a cohort whose battery is recalled and replaced, by year of sale.
    RecallShare = "recall_share", "", 0.0..1.0, Share;
    /// Age at which the recall takes place.
    RecallAge = "recall_age_years", "year", 0.0..30.0, Plain;
    /// Factor on the hazards of wear-out of vehicle and battery in a calendar year, whatever the cohort; with simulated
    /// packs on that of the vehicle alone.
    PeriodFactor = "wear_hazard_factor", "", 0.0..20.0, Positive;
    /// Age below which a vehicle whose battery is gone gets a new one; 0 for none.
    RenewalAge = "renewal_vehicle_age_max_years", "year", 0.0..40.0, Plain;
    /// Dependence of the vehicle's life on its use: life goes as use to the power of minus this. From physics only.
    UseExponent = "vehicle_life_use_exponent", "", 0.0..3.0, Plain;
    /// How much faster than simulated batteries fade and fail, by year of sale; of second lives by the year in which
    /// they begin. From physics only.
    AgingFactor = "battery_aging_factor", "", 0.2..5.0, Positive;
    /// Capacity lost a year, mean over packs. Closed form only.
    FadeMean = "fade_per_year", "1/year", 0.0..0.2, Positive;
    /// Standard deviation of the fade between packs. Closed form only.
    FadeSd = "fade_sd_per_year", "1/year", 0.0..0.1, Positive;
    /// Share of what leaves with worn-out vehicles that is exported inside them.
    ExportShare = "export_share", "", 0.0..1.0, Share;
    /// Share of what stays that nobody can say where it went.
    UnknownShare = "unknown_share", "", 0.0..1.0, Share;
    /// Share of what is known that is collected.
    CollectedShare = "collected_share", "", 0.0..1.0, Share;
    /// Share of crashed batteries that are damaged, fit for recycling only.
    CrashDamagedShare = "crash_damaged_share", "", 0.0..1.0, Share;
    /// Share of batteries that failed, or were replaced under warranty or recalled, that still have modules fit for use.
    FailedUsableShare = "failed_usable_share", "", 0.0..1.0, Share;
    /// Share of usable batteries that go into another vehicle as a spare part.
    VehicleReuseShare = "vehicle_reuse_share", "", 0.0..1.0, Share;
    /// SoH from which a battery is taken for a second life, as measured.
    SohMin = "soh_min", "", 0.0..1.0, Share;
    /// Standard deviation of the error of that measurement.
    TestSd = "test_sd", "", 0.0..0.2, Plain;
    /// Oldest battery taken for a second life.
    AgeMax = "second_life_age_max_years", "year", 0.0..60.0, Plain;
    /// Share of accepted batteries that somebody repurposes.
    RepurposedShare = "repurposed_share", "", 0.0..1.0, Share;
    /// Share of the energy that is left after modules below standard are sorted out.
    YieldShare = "repurposing_yield", "", 0.0..1.0, Share;
    /// Demand of stationary storage for batteries; without one there is no cap.
    StorageDemand = "storage_demand_gwh", "GWh/year", 0.0..1e6, Positive;
    /// Largest share of that demand which second-life batteries may take.
    StorageShareMax = "storage_share_max", "", 0.0..1.0, Share;
    /// Longest wait of batteries that find no storage to go to.
    WaitingYears = "waiting_years_max", "year", 0.0..10.0, Plain;
    /// Capacity lost in a year of waiting.
    WaitingFade = "waiting_fade_per_year", "1/year", 0.0..0.2, Positive;
    /// SoH at which the second life ends.
    SecondSohEnd = "second_life_soh_end", "", 0.0..1.0, Share;
    /// Capacity lost in a year of second life. Closed form only.
    SecondFade = "second_life_fade_per_year", "1/year", 0.0001..0.5, Positive;
    /// Standard deviation of the length of a second life, as a share of it. Closed form only.
    SecondSpread = "second_life_cv", "", 0.0..1.0, Positive;
    /// Longest second life.
    SecondMax = "second_life_years_max", "year", 0.0..40.0, Plain;
    /// Share of what is recycled that goes the pyrometallurgical route.
    RoutePyro = "route_pyro", "", 0.0..1.0, Share;
    /// Share that goes the direct route.
    RouteDirect = "route_direct", "", 0.0..1.0, Share;
    /// Share that is only made into black mass. What is left goes the hydrometallurgical route.
    RouteMechanical = "route_mechanical", "", 0.0..1.0, Share;
    /// Share of what is recovered that is used in new batteries of the same region.
    HomeShare = "recovered_used_at_home", "", 0.0..1.0, Share;
    /// Production scrap for a GWh of inflow, as a share of it.
    ScrapShare = "production_scrap_share", "", 0.0..0.5, Share;
    /// Factor on metal prices.
    MetalPriceFactor = "metal_price_factor", "", 0.0..20.0, Positive;
    /// What a repurposed kWh sells for.
    SecondPrice = "second_life_usd_per_kwh", "USD/kWh", 0.0..1000.0, Positive;
    /// What repurposing costs, tests included, for each nominal kWh that the workshop handles, before its yield.
    RepurposingCost = "repurposing_usd_per_kwh", "USD/kWh", 0.0..1000.0, Positive;
    /// Transport of a kilogram of battery.
    TransportCost = "transport_usd_per_kg", "USD/kg", 0.0..20.0, Positive;
}

/// A value with its P10 and P90; all three alike where it is certain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Central value, the P50.
    pub value: f64,
    /// P10.
    pub low: f64,
    /// P90.
    pub high: f64,
}

impl Band {
    /// A value that is certain.
    pub fn sure(value: f64) -> Self {
        Band { value, low: value, high: value }
    }
}

/// A band from a year on, linear to the next; before the first and after the last knot as there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knot {
    /// Calendar year.
    pub year: i32,
    /// Value.
    pub band: Band,
}

/// Where a rule holds: everywhere, or in one region, chemistry, segment (by their numbers in the plan).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Region.
    pub region: Option<usize>,
    /// Chemistry.
    pub chemistry: Option<usize>,
    /// Segment.
    pub segment: Option<usize>,
}

/// A parameter in a scope.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Which parameter.
    pub param: Param,
    /// Where it holds.
    pub scope: Scope,
    /// Values by year, rising, at least one.
    pub knots: Vec<Knot>,
}

/// All rules. The narrowest scope that fits wins; among equals the later rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters {
    /// Rules in the order of the table.
    pub rules: Vec<Rule>,
}
