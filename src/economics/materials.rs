//! Materials followed from the pack to the recycler.

use serde::Deserialize;

/// Defines the followed materials once: fields, names and order.
macro_rules! materials {
    ($( $(#[$mark:meta])* $name:ident, $about:literal; )*) => {
        /// One value for each followed material; what the value means is said where it is used (kg, kg/kWh, USD/kg, a
        /// share). Library entries may leave out those after steel: they are then zero.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Materials {
            $( #[doc = $about] $(#[$mark])* pub $name: f64, )*
        }

        impl Materials {
            /// Names in the order of [`Materials::values`].
            pub const NAMES: [&'static str; Materials::COUNT] = [ $( stringify!($name), )* ];
            /// Number of followed materials.
            pub const COUNT: usize = [ $( stringify!($name), )* ].len();

            /// Values in the order of [`Materials::NAMES`].
            pub fn values(&self) -> [f64; Materials::COUNT] {
                [ $( self.$name, )* ]
            }

            /// Builds from values in the order of [`Materials::NAMES`].
            pub fn from_values(values: [f64; Materials::COUNT]) -> Self {
                let [ $( $name, )* ] = values;
                Materials { $( $name, )* }
            }
        }
    };
}

materials! {
    lithium, "Lithium (as metal), that of the electrolyte's salt included.";
    nickel, "Nickel.";
    cobalt, "Cobalt.";
    manganese, "Manganese.";
    copper, "Copper.";
    aluminium, "Aluminium.";
    graphite, "Graphite.";
    steel, "Steel.";
    #[serde(default)] iron, "Iron of the cathode.";
    #[serde(default)] phosphorus, "Phosphorus of the cathode.";
    #[serde(default)] oxygen, "Oxygen of the cathode.";
    #[serde(default)] plastics, "Separators and films.";
    #[serde(default)] electrolyte, "Electrolyte: solvents and salt.";
    #[serde(default)] carbon_binder, "Carbon black and binder.";
}

/// Whether a material is an element of the cathode, in the order of [`Materials::NAMES`].
pub const IN_CATHODE: [bool; Materials::COUNT] =
    [true, true, true, true, false, false, false, false, true, true, true, false, false, false];

impl Materials {
    /// Sum over the materials.
    pub fn total(&self) -> f64 {
        self.values().iter().sum()
    }

    /// Sum of products, material by material.
    pub fn dot(&self, other: &Materials) -> f64 {
        self.values().iter().zip(other.values()).map(|(a, b)| a * b).sum()
    }

    /// The value of a name, where it is one of the followed.
    pub fn get(&self, name: &str) -> Option<f64> {
        Self::NAMES.iter().position(|n| *n == name).map(|k| self.values()[k])
    }

    /// A value made from each material's place in the order.
    pub fn from_fn(of: impl FnMut(usize) -> f64) -> Self {
        Materials::from_values(std::array::from_fn(of))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_have_one_order() {
        let m = Materials::from_fn(|k| k as f64);
        for (k, name) in Materials::NAMES.iter().enumerate() {
            assert_eq!(m.get(name), Some(k as f64));
        }
        assert_eq!((m.lithium, m.steel, m.carbon_binder), (0.0, 7.0, 13.0));
        assert_eq!(m.get("gold"), None);
        assert_eq!(m.total(), 91.0);
        let cathode: Vec<_> = Materials::NAMES.iter().zip(IN_CATHODE).filter(|n| n.1).map(|n| *n.0).collect();
        assert_eq!(cathode, ["lithium", "nickel", "cobalt", "manganese", "iron", "phosphorus", "oxygen"]);
    }
}
