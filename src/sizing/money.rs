//! The money of a service life: what is bought, run, replaced and left, and what a kilowatt-hour costs by it.

use super::lives::deciding_lpsp;
use super::plan::SizingPlan;
use super::result::{CostSplit, Design, Money, PathLife, Quantiles, Rated, Renewal};
use crate::economics::{LinearCost, Part, UsedPrice, cost_of_service, discount, discounted, levelised};

/// What the money of a design depends on beside its plan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// Energy on the name plate of a module \[kWh\].
    pub module_kwh: f64,
    /// Share of tested modules that are accepted.
    pub accepted_share: f64,
}

/// Books of one design on one path, present values \[USD\].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Books {
    /// Spent before the first day.
    pub capex_usd: f64,
    /// Sum of the parts.
    pub npc_usd: f64,
    /// Parts.
    pub split: CostSplit,
    /// NPC over discounted energy served \[USD/kWh\].
    pub lcoe_usd_per_kwh: f64,
    /// Costs of the storage over discounted energy discharged \[USD/kWh\].
    pub lcos_usd_per_kwh: f64,
    /// NPC and value of lost load over discounted demand \[USD/kWh\].
    pub service_usd_per_kwh: f64,
    /// Costs of the storage by the price of a module.
    pub storage: LinearCost,
    /// Discounted energy discharged \[kWh\].
    pub discharged_kwh: f64,
    /// Energy on the name plates of all modules ever bought \[kWh\].
    pub bought_kwh: f64,
}

impl CostSplit {
    /// Sum of the parts \[USD\].
    pub fn total_usd(&self) -> f64 {
        self.modules_usd
            + self.test_usd
            + self.repack_usd
            + self.pv_usd
            + self.inverter_usd
            + self.genset_usd
            + self.install_usd
            + self.om_usd
            + self.fuel_usd
            + self.grid_usd
            + self.replacement_usd
            + self.salvage_usd
    }

    fn add(&mut self, other: &CostSplit, share: f64) {
        let pairs = [
            (&mut self.modules_usd, other.modules_usd),
            (&mut self.test_usd, other.test_usd),
            (&mut self.repack_usd, other.repack_usd),
            (&mut self.pv_usd, other.pv_usd),
            (&mut self.inverter_usd, other.inverter_usd),
            (&mut self.genset_usd, other.genset_usd),
            (&mut self.install_usd, other.install_usd),
            (&mut self.om_usd, other.om_usd),
            (&mut self.fuel_usd, other.fuel_usd),
            (&mut self.grid_usd, other.grid_usd),
            (&mut self.replacement_usd, other.replacement_usd),
            (&mut self.salvage_usd, other.salvage_usd),
        ];
        for (sum, part) in pairs {
            *sum += share * part;
        }
    }
}

/// Price of the battery of a class; new ones come built and tested.
pub fn battery_price(plan: &SizingPlan, grade: usize, terms: &Terms) -> UsedPrice {
    let new = plan.is_new(grade);
    UsedPrice {
        module_usd_per_kwh: plan.grades.get(grade).map_or(plan.battery.new_usd_per_kwh, |g| g.usd_per_nameplate_kwh),
        test_usd_per_kwh: if new { 0.0 } else { plan.battery.test_usd_per_kwh },
        accepted_share: if new { 1.0 } else { terms.accepted_share },
        repack_usd_per_kwh: if new { 0.0 } else { plan.battery.repack_usd_per_kwh },
        fixed_usd: plan.site.battery_fixed_usd,
    }
}

/// Closes the books of a life. The project is as long as the service; what is left of array, inverter and genset is sold by
/// the linear rule, what is left of the battery by its SoH.
pub fn books(plan: &SizingPlan, design: &Design, life: &PathLife, terms: &Terms) -> Books {
    let (site, rate) = (&plan.site, plan.site.discount_rate);
    let years = f64::from(plan.target.service_years);
    let price = battery_price(plan, design.grade, terms);
    let (p, y) = (price.module_usd_per_kwh, price.accepted_share);
    let kwh = f64::from(design.modules) * terms.module_kwh;

    // Modules that come later, as kWh at their time; the price of all modules moves.
    let per_string = f64::from(design.modules) / f64::from(design.strings.max(1)) * terms.module_kwh;
    let later: Vec<(f64, f64)> = match design.renewal {
        Renewal::Augment { after_years, strings } if after_years < plan.target.service_years => {
            vec![(f64::from(after_years), f64::from(strings) * per_string)]
        }
        Renewal::None | Renewal::Augment { .. } => Vec::new(),
        Renewal::ReplaceAtEnd => life.replaced.iter().map(|(t, _)| (*t, kwh)).collect(),
    };
    let moved = |t: f64| (1.0 + plan.battery.price_change_per_year).powf(t);
    // Per USD/kWh of a module's price, and what does not depend on it.
    let later_slope: f64 = later.iter().map(|(t, e)| e * moved(*t) * discount(rate, *t) / y).sum();
    let later_fixed: f64 = later
        .iter()
        .map(|(t, e)| e * discount(rate, *t) * (price.test_usd_per_kwh / y + price.repack_usd_per_kwh))
        .sum();

    let parts = [
        Part { cost_usd: design.pv_kw * site.pv_usd_per_kw, life_years: site.pv_life_years },
        Part { cost_usd: design.inverter_kw * site.inverter_usd_per_kw, life_years: site.inverter_life_years },
        Part { cost_usd: design.genset_kw * site.genset_usd_per_kw, life_years: genset_years(plan, life) },
    ];
    let plant_replaced: f64 = parts.iter().map(|part| part.replacements_usd(years, rate)).sum();
    let plant_left: f64 = parts.iter().map(|part| part.salvage_usd(years, rate)).sum();
    let end_kwh = match design.renewal {
        Renewal::Augment { .. } => kwh + later.iter().map(|(_, e)| e).sum::<f64>(),
        Renewal::None | Renewal::ReplaceAtEnd => kwh,
    };
    let at_end = discount(rate, years);
    let left_slope = end_kwh * site.battery_residual_share * life_left(plan, life) * moved(years) * at_end;
    let left_fixed = end_kwh * site.battery_end_usd_per_kwh * at_end;

    let yearly = |of: &dyn Fn(&crate::site::SiteYear) -> f64| discounted(life.years.iter().map(of), rate);
    let ones = discounted(life.years.iter().map(|_| 1.0), rate);
    let battery_om = kwh * site.battery_om_usd_per_kwh * ones;
    let genset_om = yearly(&|year| year.genset_hours) * design.genset_kw * site.genset_om_usd_per_kw_hour;
    let split = CostSplit {
        modules_usd: kwh * p,
        test_usd: kwh * (price.test_usd_per_kwh / y + p * (1.0 / y - 1.0)),
        repack_usd: kwh * price.repack_usd_per_kwh + price.fixed_usd,
        pv_usd: parts[0].cost_usd,
        inverter_usd: parts[1].cost_usd,
        genset_usd: parts[2].cost_usd,
        install_usd: design.pv_kw * site.install_usd_per_kw,
        om_usd: battery_om + genset_om + design.pv_kw * site.pv_om_usd_per_kw * ones,
        fuel_usd: yearly(&|year| year.fuel_l) * site.fuel_usd_per_l,
        grid_usd: yearly(&|year| year.grid_kwh) * site.grid_usd_per_kwh,
        replacement_usd: plant_replaced + later_slope * p + later_fixed,
        salvage_usd: -(plant_left + left_slope * p + left_fixed),
    };
    let storage = LinearCost {
        fixed_usd: kwh * (price.test_usd_per_kwh / y + price.repack_usd_per_kwh)
            + price.fixed_usd
            + battery_om
            + later_fixed
            - left_fixed,
        slope: kwh / y + later_slope - left_slope,
    };
    let npc_usd = split.total_usd();
    let of = |cost: f64, energy: &dyn Fn(&crate::site::SiteYear) -> f64| {
        levelised(cost, life.years.iter().map(energy), rate).unwrap_or(0.0)
    };
    let lost = life.years.iter().map(|year| (year.demand_kwh, year.unmet_kwh));
    Books {
        capex_usd: split.modules_usd
            + split.test_usd
            + split.repack_usd
            + split.pv_usd
            + split.inverter_usd
            + split.genset_usd
            + split.install_usd,
        npc_usd,
        split,
        lcoe_usd_per_kwh: of(npc_usd, &|year| year.served_kwh),
        lcos_usd_per_kwh: of(storage.at(p), &|year| year.discharge_kwh),
        service_usd_per_kwh: cost_of_service(npc_usd, site.voll_usd_per_kwh, lost, rate).unwrap_or(0.0),
        storage,
        discharged_kwh: yearly(&|year| year.discharge_kwh),
        bought_kwh: kwh + later.iter().map(|(_, e)| e).sum::<f64>(),
    }
}

/// Least that a design can cost on any path \[USD\]: nothing fades or is replaced, and neither fuel nor grid is paid for. None
/// with a genset, whose life hangs on its hours, or where a price below zero would make more of it cheaper.
pub(super) fn least_npc_usd(plan: &SizingPlan, design: &Design, terms: &Terms) -> Option<f64> {
    let price = battery_price(plan, design.grade, terms);
    let paid = [price.module_usd_per_kwh, price.test_usd_per_kwh, price.repack_usd_per_kwh, plan.site.grid_usd_per_kwh];
    if design.genset_kw > 0.0 || paid.iter().any(|usd| *usd < 0.0) || plan.site.battery_residual_share < 0.0 {
        return None;
    }
    let year = crate::site::SiteYear { soh_end: f64::MAX, ..Default::default() };
    let years = vec![year; plan.target.service_years as usize];
    let life = PathLife { soh_start: plan.battery.soh_end + 1.0, years, ..PathLife::empty(0) };
    Some(books(plan, design, &life, terms).npc_usd)
}

/// Life of the genset by the hours it runs in a year \[years\].
fn genset_years(plan: &SizingPlan, life: &PathLife) -> f64 {
    let hours = life.years.iter().map(|year| year.genset_hours).sum::<f64>() / (life.years.len().max(1) as f64);
    let by_hours = if hours > 0.0 { plan.site.genset_life_hours / hours } else { f64::INFINITY };
    by_hours.min(plan.site.genset_life_years)
}

/// Share of a whole module's life that is left at the end of service, linear in SoH down to the end of use.
fn life_left(plan: &SizingPlan, life: &PathLife) -> f64 {
    let end = life.years.last().map_or(0.0, |year| year.soh_end);
    let whole = life.soh_start - plan.battery.soh_end;
    if whole > 0.0 { ((end - plan.battery.soh_end) / whole).clamp(0.0, 1.0) } else { 0.0 }
}

/// The value that a share of the values does not exceed, by rank; 0 of none.
pub fn at_share(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64 - 1e-9).ceil().max(1.0) as usize;
    sorted.get(rank.min(sorted.len()).wrapping_sub(1)).copied().unwrap_or(0.0)
}

impl Quantiles {
    /// Mean and quantiles by rank; zeros of nothing.
    pub fn of(values: &[f64]) -> Quantiles {
        let mean = values.iter().sum::<f64>() / (values.len().max(1) as f64);
        Quantiles { mean, p10: at_share(values, 0.1), p50: at_share(values, 0.5), p90: at_share(values, 0.9) }
    }
}

/// Means over the paths.
pub fn money_of(books: &[Books]) -> Money {
    let share = 1.0 / (books.len().max(1) as f64);
    let mean = |of: &dyn Fn(&Books) -> f64| books.iter().map(of).sum::<f64>() * share;
    let all = |of: &dyn Fn(&Books) -> f64| Quantiles::of(&books.iter().map(of).collect::<Vec<_>>());
    let mut split = CostSplit::default();
    books.iter().for_each(|b| split.add(&b.split, share));
    Money {
        capex_usd: mean(&|b| b.capex_usd),
        npc_usd: all(&|b| b.npc_usd),
        lcoe_usd_per_kwh: all(&|b| b.lcoe_usd_per_kwh),
        lcos_usd_per_kwh: all(&|b| b.lcos_usd_per_kwh),
        cost_of_service_usd_per_kwh: mean(&|b| b.service_usd_per_kwh),
        split,
    }
}

/// Rates a design by the lives of its paths, at least one.
pub fn rate(plan: &SizingPlan, design: &Design, lives: &[PathLife], books: &[Books]) -> Rated {
    let lpsp = |of: &dyn Fn(&PathLife) -> Option<&crate::site::SiteYear>| -> Vec<f64> {
        lives.iter().map(|life| of(life).map_or(0.0, crate::site::SiteYear::lpsp)).collect()
    };
    let (first, last) = (lpsp(&|life| life.years.first()), lpsp(&|life| life.years.last()));
    let deciding: Vec<f64> = lives.iter().map(|life| deciding_lpsp(design, life)).collect();
    let lpsp_at_confidence = at_share(&deciding, plan.target.confidence);
    Rated {
        design: *design,
        method: super::result::Method::Simulated,
        lpsp_first: Quantiles::of(&first),
        lpsp_last: Quantiles::of(&last),
        lpsp_at_confidence,
        meets: lpsp_at_confidence <= plan.target.lpsp_max,
        money: money_of(books),
    }
}
