//! What a projection tells for a year.

/// Defines the quantities once.
macro_rules! quantities {
    ($( $(#[doc = $doc:literal])+ $variant:ident = $name:literal, $unit:literal; )*) => {
        /// A quantity of a year in a region and chemistry, or a sum of them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Quantity { $( $(#[doc = $doc])+ $variant, )* }

        impl Quantity {
            /// All of them, in order.
            pub const ALL: &'static [Quantity] = &[ $( Quantity::$variant, )* ];
            /// Number of quantities.
            pub const COUNT: usize = Quantity::ALL.len();

            /// Name in tables.
            pub fn name(self) -> &'static str {
                match self { $( Quantity::$variant => $name, )* }
            }

            /// Unit.
            pub fn unit(self) -> &'static str {
                match self { $( Quantity::$variant => $unit, )* }
            }

            /// What it is.
            pub fn doc(self) -> &'static str {
                match self { $( Quantity::$variant => concat!($($doc),+), )* }
            }
        }
    };
}

quantities! {
    /// Batteries in vehicles at the start of the first year, nominal; 0 in all later years.
    Opening = "opening_gwh", "GWh";
    /// New batteries in new vehicles, nominal.
    Inflow = "inflow_gwh", "GWh/year";
    /// New batteries in vehicles in use, nominal.
    Renewed = "renewed_gwh", "GWh/year";
    /// Batteries in vehicles at the end of the year, nominal.
    Stock = "stock_gwh", "GWh";
    /// Left with a worn-out vehicle, nominal.
    WearOut = "retired_wear_out_gwh", "GWh/year";
    /// Failed or fallen below the need, nominal.
    Failed = "retired_failed_gwh", "GWh/year";
    /// Left by crash, theft or flood, nominal.
    Crash = "retired_crash_gwh", "GWh/year";
    /// Replaced under warranty, nominal.
    Warranty = "retired_warranty_gwh", "GWh/year";
    /// Recalled, nominal.
    Recall = "retired_recall_gwh", "GWh/year";
    /// Retired by all causes, nominal.
    Retired = "retired_gwh", "GWh/year";
    /// Retired, by what it can still hold.
    RetiredUseful = "retired_useful_gwh", "GWh/year";
    /// Exported in vehicles, nominal.
    Exported = "exported_gwh", "GWh/year";
    /// Whereabouts unknown, nominal.
    Unknown = "unknown_gwh", "GWh/year";
    /// Known but not collected, nominal.
    NotCollected = "not_collected_gwh", "GWh/year";
    /// Collected, nominal.
    Collected = "collected_gwh", "GWh/year";
    /// Into other vehicles as spare parts, nominal.
    SpareParts = "vehicle_reuse_gwh", "GWh/year";
    /// Accepted for a second life by the test, nominal, before the yield.
    Accepted = "accepted_gwh", "GWh/year";
    /// Accepted although below the threshold, nominal.
    WrongAccept = "accepted_wrongly_gwh", "GWh/year";
    /// Rejected although fit, nominal.
    WrongReject = "rejected_wrongly_gwh", "GWh/year";
    /// Second-life supply: useful energy offered after yield, new in the year.
    Offered = "second_life_supply_gwh", "GWh/year";
    /// Part of what is on offer that storage takes, useful energy.
    Taken = "second_life_taken_gwh", "GWh/year";
    /// Waiting for a buyer at the end of the year, nominal.
    Waiting = "waiting_gwh", "GWh";
    /// Second-life batteries in storage at the end of the year, nominal.
    SecondStock = "second_life_stock_gwh", "GWh";
    /// The same by what they can still hold.
    SecondStockUseful = "second_life_stock_useful_gwh", "GWh";
    /// Ended their second life, nominal.
    SecondOut = "second_life_out_gwh", "GWh/year";
    /// Recycled after vehicle, wait or second life, nominal.
    Recycled = "recycled_gwh", "GWh/year";
    /// Production scrap recycled, nominal.
    Scrap = "scrap_gwh", "GWh/year";
    /// Mass recycled, scrap included.
    RecycledMass = "recycled_kt", "kt/year";
    /// Black mass made where no more is done.
    BlackMass = "black_mass_kt", "kt/year";
    /// Lithium recovered.
    Lithium = "lithium_kt", "kt/year";
    /// Nickel recovered.
    Nickel = "nickel_kt", "kt/year";
    /// Cobalt recovered.
    Cobalt = "cobalt_kt", "kt/year";
    /// Manganese recovered.
    Manganese = "manganese_kt", "kt/year";
    /// Copper recovered.
    Copper = "copper_kt", "kt/year";
    /// Aluminium recovered.
    Aluminium = "aluminium_kt", "kt/year";
    /// Graphite recovered.
    Graphite = "graphite_kt", "kt/year";
    /// Steel recovered.
    Steel = "steel_kt", "kt/year";
    /// All other materials recovered.
    OtherRecovered = "other_recovered_kt", "kt/year";
    /// Residue.
    Residue = "residue_kt", "kt/year";
    /// Lithium needed to make new batteries, for inflow and vehicles in use, with the scrap of making them.
    LithiumDemand = "lithium_demand_kt", "kt/year";
    /// Nickel needed to make new batteries, for inflow and vehicles in use, with the scrap of making them.
    NickelDemand = "nickel_demand_kt", "kt/year";
    /// Cobalt needed to make new batteries, for inflow and vehicles in use, with the scrap of making them.
    CobaltDemand = "cobalt_demand_kt", "kt/year";
    /// Products of recycling sold.
    RecyclingRevenue = "recycling_revenue_musd", "million USD/year";
    /// Process and transport of recycling.
    RecyclingCost = "recycling_cost_musd", "million USD/year";
    /// What recyclers pay for batteries at the gate; negative where they are paid. Another book for the same batteries
    /// as revenue less cost of recycling, never to be added to it.
    GateCredit = "gate_credit_musd", "million USD/year";
    /// Second-life batteries sold, by what they can still hold.
    SecondRevenue = "second_life_revenue_musd", "million USD/year";
    /// Repurposing and its transport, of the nominal energy that the workshop handles, before its yield.
    SecondCost = "second_life_cost_musd", "million USD/year";
    /// Emissions of process and transport of recycling.
    RecyclingCo2 = "recycling_co2_kt", "kt CO2e/year";
    /// Emissions saved by recovered materials.
    RecyclingCredit = "recycling_credit_kt", "kt CO2e/year";
    /// Emissions of repurposing and its transport, of the nominal energy that the workshop handles, before its yield.
    SecondCo2 = "second_life_co2_kt", "kt CO2e/year";
    /// Emissions saved by new storage that is not made.
    SecondCredit = "second_life_credit_kt", "kt CO2e/year";
}
