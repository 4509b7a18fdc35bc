//! The categories of entries and the type each of them holds.

use super::check::{Breach, Checks};
use crate::aging::LawSpec;
use crate::cell::CellSpec;
use crate::duty::{ConverterSpec, CycleSpec, GensetSpec, GridSpec, LoadSpec, UseSpec, VehicleSpec};
use crate::economics::{PriceSet, SitePrices, TargetSpec};
use crate::life::exit::{CountrySpec, FailureSpec};
use crate::life::grading::{GateSpec, TestSpec};
use crate::life::plant::PlantSpec;
use crate::life::recycling::{CompositionSpec, RouteSpec};
use crate::life::repurposing::SystemSpec;
use crate::weather::ClimateSpec;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Visitor, value};

/// A type that the library can hold.
pub trait Spec: DeserializeOwned + Checks {
    /// Where its entries live.
    const CATEGORY: Category;
}

/// One row a category: variant, name (also the file `library/<name>.toml`), type, what it holds.
macro_rules! categories {
    ($( $variant:ident $name:literal $spec:ty, $about:literal; )*) => {
        /// A category of library entries.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Category { $( #[doc = $about] $variant, )* }

        impl Category {
            /// All categories, in the order of a pack's life.
            pub const ALL: &'static [Category] = &[ $( Category::$variant, )* ];

            /// Name in files and on the command line.
            pub fn name(self) -> &'static str {
                match self { $( Category::$variant => $name, )* }
            }

            /// What its entries are.
            pub fn about(self) -> &'static str {
                match self { $( Category::$variant => $about, )* }
            }

            /// Text of the built-in entries.
            pub(super) fn builtin_text(self) -> &'static str {
                match self {
                    $( Category::$variant => include_str!(concat!("../../library/", $name, ".toml")), )*
                }
            }

            /// Reads an entry's values as the category's type and checks what they mean.
            pub(super) fn check<'de, D: Deserializer<'de>>(self, values: D) -> Result<Vec<Breach>, D::Error> {
                match self { $( Category::$variant => Ok(<$spec>::deserialize(values)?.breaches()), )* }
            }

            /// Names of the fields of the category's type.
            pub(super) fn fields(self) -> &'static [&'static str] {
                match self { $( Category::$variant => field_names::<$spec>(), )* }
            }
        }

        $( impl Spec for $spec { const CATEGORY: Category = Category::$variant; } )*
    };
}

categories! {
    Vehicles "vehicles" VehicleSpec, "Electric vehicles with their packs.";
    Cells "cells" CellSpec, "Cells: circuit, open-circuit voltage, limits.";
    Laws "laws" LawSpec, "Aging laws: equations, numbers, fitted range.";
    Uses "uses" UseSpec, "How owners drive, charge and park.";
    Cycles "cycles" CycleSpec, "Kinds of driving, by their statistics.";
    Climates "climates" ClimateSpec, "Places, as monthly temperature and sun.";
    Countries "countries" CountrySpec, "How packs leave vehicles.";
    Failures "failures" FailureSpec, "What fails in packs.";
    Gates "gates" GateSpec, "Why packs fail the incoming gate, and what of them can be salvaged.";
    Tests "tests" TestSpec, "Ways to measure a module at the gate.";
    Plants "plants" PlantSpec, "Repurposing plants: labour, parts, freight.";
    Systems "systems" SystemSpec, "Stationary products built from modules.";
    Loads "loads" LoadSpec, "Loads of stationary systems.";
    Grids "grids" GridSpec, "When the grid is there.";
    Converters "converters" ConverterSpec, "Inverters with part-load losses.";
    Gensets "gensets" GensetSpec, "Generators with an engine.";
    Compositions "compositions" CompositionSpec, "Materials of a pack.";
    Routes "routes" RouteSpec, "Recycling routes.";
    Targets "targets" TargetSpec, "What rules demand of recycling.";
    Prices "prices" PriceSet, "Dated sets of prices and emission factors.";
    SitePrices "site_prices" SitePrices, "Prices of a plant around a battery: array, inverter, genset, service.";
}

impl Category {
    /// The category of that name.
    pub fn named(name: &str) -> Option<Category> {
        Category::ALL.iter().copied().find(|c| c.name() == name)
    }
}

/// Field names of a struct, as its derived `Deserialize` announces them.
fn field_names<T: DeserializeOwned>() -> &'static [&'static str] {
    struct Probe<'a>(&'a mut &'static [&'static str]);
    impl<'de> Deserializer<'de> for Probe<'_> {
        type Error = value::Error;
        fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            visitor.visit_unit()
        }
        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Self::Error> {
            *self.0 = fields;
            visitor.visit_unit()
        }
        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }
    let mut names: &'static [&'static str] = &[];
    // Always an error: a unit is no struct. Only the names are wanted.
    let _ = T::deserialize(Probe(&mut names));
    names
}
