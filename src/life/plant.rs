//! What a repurposing plant costs, step by step.

use super::plan::Level;
use serde::Deserialize;

/// An entry of the `plants` category: labour, parts and freight of a repurposer, USD.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlantSpec {
    /// Name for people.
    pub title: String,
    /// Labour with its side costs \[USD/h\].
    pub labour_usd_per_h: f64,
    /// Taking a pack out of a vehicle \[h\].
    pub removal_h: f64,
    /// Opening a pack to modules \[h\].
    pub opening_h: f64,
    /// Opening the modules of a pack to cells \[h\].
    pub cells_h: f64,
    /// Sorting and assembly of a module of a system \[h\].
    pub assembly_h_per_module: f64,
    /// Exchange of a module under a claim \[h\].
    pub claim_h_per_module: f64,
    /// Collection by road \[USD/kg\].
    pub collection_usd_per_kg: f64,
    /// Packaging as dangerous goods of class 9 \[USD/kg\].
    pub packaging_usd_per_kg: f64,
    /// New battery management \[USD per nameplate kWh\].
    pub bms_usd_per_kwh: f64,
    /// Enclosure and wiring \[USD per nameplate kWh\].
    pub enclosure_usd_per_kwh: f64,
    /// Share of the power electronics that the battery's price carries \[USD per nameplate kWh\].
    pub power_electronics_usd_per_kwh: f64,
    /// Certification \[USD per nameplate kWh\].
    pub certification_usd_per_kwh: f64,
    /// Reserve for claims, share of the cost of assembly and parts.
    pub warranty_share: f64,
    /// Overhead, share of the cost of assembly and parts.
    pub overhead_share: f64,
}

/// What it costs to build a system \[USD per nameplate kWh used\].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RepackCosts {
    /// Sorting and assembly.
    pub assembly: f64,
    /// Battery management.
    pub bms: f64,
    /// Enclosure and wiring.
    pub enclosure: f64,
    /// Share of the power electronics.
    pub power_electronics: f64,
    /// Certification.
    pub certification: f64,
    /// Reserve for claims.
    pub warranty: f64,
    /// Overhead.
    pub overhead: f64,
}

impl RepackCosts {
    /// All steps together.
    pub fn total(&self) -> f64 {
        self.assembly
            + self.bms
            + self.enclosure
            + self.power_electronics
            + self.certification
            + self.warranty
            + self.overhead
    }
}

impl PlantSpec {
    /// Collection and packaging \[USD/kg\].
    pub fn transport_usd_per_kg(&self) -> f64 {
        self.collection_usd_per_kg + self.packaging_usd_per_kg
    }

    /// Taking a pack out of its vehicle \[USD\].
    pub fn removal_usd(&self) -> f64 {
        self.removal_h * self.labour_usd_per_h
    }

    /// Opening a pack to what is graded \[USD\]; a pack that stays whole is not opened.
    pub fn opening_usd(&self, level: Level) -> f64 {
        let hours = match level {
            Level::Pack => 0.0,
            Level::Module => self.opening_h,
            Level::Cell => self.opening_h + self.cells_h,
        };
        hours * self.labour_usd_per_h
    }

    /// Building a system of modules of so many nameplate kWh. A whole pack keeps its own battery management and enclosure.
    pub fn repack(&self, level: Level, module_kwh: f64) -> RepackCosts {
        let kept = if level == Level::Pack { 0.0 } else { 1.0 };
        let assembly = self.assembly_h_per_module * self.labour_usd_per_h / module_kwh;
        let (bms, enclosure) = (kept * self.bms_usd_per_kwh, kept * self.enclosure_usd_per_kwh);
        let (power_electronics, certification) = (self.power_electronics_usd_per_kwh, self.certification_usd_per_kwh);
        let base = assembly + bms + enclosure + power_electronics + certification;
        RepackCosts {
            assembly,
            bms,
            enclosure,
            power_electronics,
            certification,
            warranty: self.warranty_share * base,
            overhead: self.overhead_share * base,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A plant with round numbers.
    pub fn plant() -> PlantSpec {
        PlantSpec {
            title: "t".into(),
            labour_usd_per_h: 50.0,
            removal_h: 0.5,
            opening_h: 2.0,
            cells_h: 2.0,
            assembly_h_per_module: 0.1,
            claim_h_per_module: 1.0,
            collection_usd_per_kg: 0.06,
            packaging_usd_per_kg: 0.59,
            bms_usd_per_kwh: 14.0,
            enclosure_usd_per_kwh: 14.0,
            power_electronics_usd_per_kwh: 12.0,
            certification_usd_per_kwh: 4.0,
            warranty_share: 0.1,
            overhead_share: 0.2,
        }
    }

    #[test]
    fn levels_cost_what_they_open_and_replace() {
        let p = plant();
        assert_eq!((p.removal_usd(), p.opening_usd(Level::Module)), (25.0, 100.0));
        assert_eq!((p.opening_usd(Level::Pack), p.opening_usd(Level::Cell)), (0.0, 200.0));
        assert!((p.transport_usd_per_kg() - 0.65).abs() < 1e-12);
        let (module, pack) = (p.repack(Level::Module, 2.5), p.repack(Level::Pack, 2.5));
        // 2 + 14 + 14 + 12 + 4, and three tenths of it.
        assert!((module.total() - 46.0 * 1.3).abs() < 1e-9);
        assert!((module.total() - pack.total() - 28.0 * 1.3).abs() < 1e-9);
    }
}
