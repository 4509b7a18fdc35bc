//! What a sizing study searches, and with which prices.

use super::hire::HireTerms;
use super::lead_acid::LeadAcid;
use super::result::{Design, Grade, Renewal, Target};
use crate::economics::SitePrices;

/// Name of the class of new modules that are compared with the used ones.
pub const NEW: &str = "new";

/// Sizes to choose from; every combination is a design.
#[derive(Clone, Debug, PartialEq)]
pub struct Lists {
    /// Peak power of the array \[kW\], rising.
    pub pv_kw: Vec<f64>,
    /// Strings in parallel, rising.
    pub strings: Vec<u32>,
    /// Inverter ratings \[kW AC\], rising.
    pub inverter_kw: Vec<f64>,
    /// Genset ratings \[kW AC\], rising; 0 for none.
    pub genset_kw: Vec<f64>,
    /// What happens to the battery inside the service life.
    pub renewals: Vec<Renewal>,
}

/// Prices of a battery and what it is worth in the end, USD per kWh on the name plate unless said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatteryPrices {
    /// Tests and sorting of a used module.
    pub test_usd_per_kwh: f64,
    /// Battery management, enclosure, assembly and warranty of used modules.
    pub repack_usd_per_kwh: f64,
    /// New storage as sold, with battery management and enclosure.
    pub new_usd_per_kwh: f64,
    /// Change of the prices of modules a year, as a share.
    pub price_change_per_year: f64,
    /// SoH at which a battery is worth no more than its material.
    pub soh_end: f64,
    /// Emissions of making a new battery \[kg CO2e/kWh\].
    pub new_co2_kg_per_kwh: f64,
    /// Emissions of repurposing \[kg CO2e/kWh\].
    pub repurposing_co2_kg_per_kwh: f64,
}

/// A sizing study.
#[derive(Clone, Debug, PartialEq)]
pub struct SizingPlan {
    /// What the design must do.
    pub target: Target,
    /// Paths of each design.
    pub paths: u32,
    /// Sizes to choose from.
    pub lists: Lists,
    /// Classes of used modules on offer.
    pub grades: Vec<Grade>,
    /// Whether used modules are compared with new ones.
    pub compare_new: bool,
    /// Lead-acid batteries as a further option, where they are compared.
    pub lead_acid: Option<LeadAcid>,
    /// Hire of the chosen design, where it is asked about.
    pub hire: Option<HireTerms>,
    /// Prices of the plant.
    pub site: SitePrices,
    /// Prices of the battery.
    pub battery: BatteryPrices,
}

impl SizingPlan {
    /// Classes of modules, the new ones last where they are compared.
    pub fn all_grades(&self) -> Vec<Grade> {
        let mut grades = self.grades.clone();
        if self.compare_new {
            grades.push(Grade {
                name: NEW.into(),
                soh_min: 1.0,
                soh_max: 1.0,
                usd_per_nameplate_kwh: self.battery.new_usd_per_kwh,
            });
        }
        grades
    }

    /// Whether a class is that of new modules.
    pub fn is_new(&self, grade: usize) -> bool {
        grade >= self.grades.len()
    }

    /// Every design of the lists with modules of some classes and some renewals, in a fixed order.
    pub fn designs(&self, grades: impl IntoIterator<Item = usize>, renewals: &[Renewal], series: u32) -> Vec<Design> {
        let lists = &self.lists;
        let mut designs = Vec::new();
        for grade in grades {
            for &renewal in renewals {
                for &genset_kw in &lists.genset_kw {
                    for &inverter_kw in &lists.inverter_kw {
                        for &strings in &lists.strings {
                            for &pv_kw in &lists.pv_kw {
                                let modules = strings * series;
                                designs.push(Design {
                                    pv_kw,
                                    strings,
                                    modules,
                                    grade,
                                    inverter_kw,
                                    genset_kw,
                                    renewal,
                                });
                            }
                        }
                    }
                }
            }
        }
        designs
    }
}

impl Design {
    /// Whether it can be no worse than another in any hour: as much or more of everything, all else the same.
    pub fn covers(&self, other: &Design) -> bool {
        self.grade == other.grade
            && self.renewal == other.renewal
            && self.pv_kw >= other.pv_kw
            && self.strings >= other.strings
            && self.inverter_kw >= other.inverter_kw
            && self.genset_kw >= other.genset_kw
    }

    /// Modules that its service life may take: those of the start, those added, and a second battery where it is replaced.
    pub fn modules_needed(&self) -> u32 {
        let per_string = self.modules / self.strings.max(1);
        match self.renewal {
            Renewal::None => self.modules,
            Renewal::ReplaceAtEnd => 2 * self.modules,
            Renewal::Augment { strings, .. } => self.modules + strings * per_string,
        }
    }
}
