//! Parameters of a draw as rows of years, each rule worked out once.

use super::draws::Draw;
use super::error::SupplyError;
use super::parameter::{Param, Scope};
use super::plan::SupplyPlan;

/// Where a parameter acts, and so by what it may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// On a series: by region, chemistry and segment.
    Series,
    /// On what has left the vehicles: by region and chemistry.
    Group,
    /// On a region.
    Region,
}

impl Param {
    /// Where it acts.
    pub fn level(self) -> Level {
        use Param::*;
        match self {
            StorageDemand | StorageShareMax => Level::Region,
            WaitingYears | WaitingFade | SecondSohEnd | SecondFade | SecondSpread | SecondMax | RoutePyro
            | RouteDirect | RouteMechanical | HomeShare | ScrapShare | MetalPriceFactor | SecondPrice
            | RepurposingCost | TransportCost => Level::Group,
            _ => Level::Series,
        }
    }

    /// Value that does nothing, taken where no rule holds; none where a rule is needed or its absence has a meaning.
    pub fn neutral(self) -> Option<f64> {
        use Param::*;
        match self {
            VehicleLifeMean | BatteryLifeMean | StorageDemand | SecondPrice => None,
            InflowFactor | GrowthFactor | PeriodFactor | AgingFactor | MetalPriceFactor => Some(1.0),
            CollectedShare | RepurposedShare | YieldShare | StorageShareMax | HomeShare => Some(1.0),
            AgeMax | SecondMax => Some(f64::INFINITY),
            _ => Some(0.0),
        }
    }
}

/// Which row of values holds where; the same for all draws.
#[derive(Clone, Debug)]
pub struct Rows {
    /// By row: the parameter, and its rule in the plan; none for the neutral value.
    sources: Vec<(Param, Option<usize>)>,
    /// By parameter, by series, region and chemistry, or region: the row; none where there is neither rule nor neutral value.
    of: Vec<Vec<Option<usize>>>,
}

impl Rows {
    /// Finds the rules of all places.
    pub fn of(plan: &SupplyPlan) -> Result<Self, SupplyError> {
        for rule in &plan.parameters.rules {
            let too_narrow = match rule.param.level() {
                Level::Series => None,
                Level::Group => rule.scope.segment.map(|_| "segment"),
                Level::Region if rule.scope.segment.is_some() => Some("segment"),
                Level::Region => rule.scope.chemistry.map(|_| "chemistry"),
            };
            if let Some(by) = too_narrow {
                return Err(SupplyError::ScopeTooNarrow { param: rule.param, by });
            }
        }
        let mut rows = Rows { sources: Vec::new(), of: Vec::new() };
        for &param in Param::ALL {
            let places: Vec<Scope> = match param.level() {
                Level::Series => {
                    plan.series.iter().map(|s| place(s.region, Some(s.chemistry), Some(s.segment))).collect()
                }
                Level::Group => (0..plan.regions.len())
                    .flat_map(|r| (0..plan.chemistries.len()).map(move |c| place(r, Some(c), None)))
                    .collect(),
                Level::Region => (0..plan.regions.len()).map(|r| place(r, None, None)).collect(),
            };
            let found = places.into_iter().map(|p| rows.row(param, plan.parameters.rule(param, p))).collect();
            rows.of.push(found);
        }
        Ok(rows)
    }

    fn row(&mut self, param: Param, rule: Option<usize>) -> Option<usize> {
        if rule.is_none() && param.neutral().is_none() {
            return None;
        }
        let known = self.sources.iter().position(|s| *s == (param, rule));
        Some(known.unwrap_or_else(|| {
            self.sources.push((param, rule));
            self.sources.len() - 1
        }))
    }

    /// Row of a parameter at a place: a series, a group (`region * chemistries + chemistry`) or a region.
    pub fn find(&self, param: Param, place: usize) -> Option<usize> {
        self.of[param as usize].get(place).copied().flatten()
    }

    /// Values of all rows in a draw.
    pub fn values(&self, plan: &SupplyPlan, draw: &Draw) -> Values<'_> {
        let mut years = Vec::with_capacity(self.sources.len() * plan.cohorts());
        let mut constant = Vec::with_capacity(self.sources.len());
        for &(param, rule) in &self.sources {
            let start = years.len();
            match rule.map(|k| &plan.parameters.rules[k]) {
                None => years.resize(start + plan.cohorts(), param.neutral().unwrap_or(0.0)),
                Some(rule) if rule.knots.len() == 1 => {
                    years.resize(start + plan.cohorts(), rule.value(plan.first_year, draw.z[param as usize]));
                }
                Some(rule) => {
                    let calendar = (0..plan.cohorts()).map(|t| plan.came(t));
                    years.extend(calendar.map(|year| rule.value(year, draw.z[param as usize])));
                }
            }
            constant.push(years[start..].iter().all(|v| *v == years[start]));
        }
        Values { rows: self, length: plan.cohorts(), years, constant }
    }
}

fn place(region: usize, chemistry: Option<usize>, segment: Option<usize>) -> Scope {
    Scope { region: Some(region), chemistry, segment }
}

/// Values of the parameters in a draw.
#[derive(Clone, Debug)]
pub struct Values<'a> {
    rows: &'a Rows,
    length: usize,
    years: Vec<f64>,
    constant: Vec<bool>,
}

impl Values<'_> {
    /// The years of a parameter at a place (see [`Rows::find`]); none where nothing says them.
    pub fn years(&self, param: Param, place: usize) -> Option<&[f64]> {
        self.rows.find(param, place).map(|row| self.row(row))
    }

    /// Value of a year, counted from that of the oldest cohort; the neutral value, or 0, where nothing says it.
    pub fn at(&self, param: Param, place: usize, year: usize) -> f64 {
        self.years(param, place).map_or(0.0, |v| v[year])
    }

    /// Whether it is the same in all years.
    pub fn is_constant(&self, param: Param, place: usize) -> bool {
        self.rows.find(param, place).is_none_or(|row| self.constant[row])
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.years[row * self.length..(row + 1) * self.length]
    }
}
