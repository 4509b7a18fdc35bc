//! Columns of the table `packs` after the gate: second life, recycling, money and emissions.

use super::columns::{ColumnDef, constructors};
use super::columns_packs::{PackView, Packs};
use crate::economics::Materials;
use crate::life::decision::DecisionOutcome;
use crate::life::outcome::{MoneyOutcome, RecyclingOutcome};

constructors!(Packs);

fn recycled<'r>(p: &'r PackView<'_>) -> Option<&'r RecyclingOutcome> {
    p.done().map(|d| &d.recycling)
}

fn into(p: &PackView<'_>) -> Option<Materials> {
    recycled(p).map(|r| r.input_kg)
}

fn back(p: &PackView<'_>) -> Option<Materials> {
    recycled(p).map(|r| r.recovered_kg)
}

fn black(p: &PackView<'_>) -> Option<Materials> {
    recycled(p).map(|r| r.black_kg)
}

fn decided<'r>(p: &'r PackView<'_>) -> Option<&'r DecisionOutcome> {
    p.done()?.decision.as_ref()
}

fn cash<'r>(p: &'r PackView<'_>) -> Option<&'r MoneyOutcome> {
    p.done().map(|d| &d.money)
}

/// Sums and means over the pack's systems; null without a system.
pub(crate) fn second_life() -> Vec<ColumnDef<Packs>> {
    vec![
        whole("systems", "", "Stationary systems made from the pack", |p| i64::try_from(p.done()?.systems.len()).ok()),
        real("second_life_years", "year", "Years of second life, mean over the systems weighted by share", |p| {
            p.mean(|s| s.years, |s| s.share)
        }),
        text(
            "second_end_cause",
            "",
            "Cause that ended the largest share of products: soh, resistance, energy, power or horizon",
            |p| Some(p.end_cause()?.name().into()),
        ),
        real("second_soh_start", "", "SoH of the weakest module at the start, mean over the systems by share", |p| {
            p.mean(|s| s.soh_start, |s| s.share)
        }),
        real("second_soh_end", "", "SoH of the weakest module at the end, mean over the systems by share", |p| {
            p.mean(|s| s.soh_end, |s| s.share)
        }),
        real(
            "second_resistance_end",
            "",
            "Highest resistance over new of a module at the end, mean over the systems by share",
            |p| p.mean(|s| s.resistance_end, |s| s.share),
        ),
        real(
            "second_unused_start_kwh",
            "kWh",
            "Energy of the modules' own SoC windows at the start that the topology cannot use, all systems",
            |p| p.sum(|s| s.unused_kwh_start),
        ),
        real("second_efc", "", "Equivalent full cycles of second life, mean over the systems by share", |p| {
            p.mean(|s| s.efc, |s| s.share)
        }),
        real("second_demand_kwh", "kWh", "AC demand, all systems", |p| p.sum(|s| s.demand_kwh)),
        real("second_served_kwh", "kWh", "AC demand served, all systems", |p| p.sum(|s| s.served_kwh)),
        real("second_unmet_kwh", "kWh", "AC demand not served, all systems", |p| p.sum(|s| s.unmet_kwh)),
        real("second_unmet_share", "", "Demand not served over demand (LPSP), all systems", |p| {
            let demand = p.sum(|s| s.demand_kwh)?;
            (demand > 0.0).then_some(p.sum(|s| s.unmet_kwh)? / demand)
        }),
        real("second_pv_kwh", "kWh", "PV energy at the array's terminals that could have been used (DC)", |p| {
            p.sum(|s| s.pv_kwh)
        }),
        real("second_curtailed_kwh", "kWh", "PV energy not taken, and what of a genset's nobody took (DC)", |p| {
            p.sum(|s| s.curtailed_kwh)
        }),
        real("second_grid_kwh", "kWh", "Energy from the grid (AC)", |p| p.sum(|s| s.grid_kwh)),
        real("second_genset_kwh", "kWh", "Energy from the genset (AC)", |p| p.sum(|s| s.genset_kwh)),
        real("second_converter_loss_kwh", "kWh", "Losses in converters, standby included", |p| {
            p.sum(|s| s.converter_loss_kwh)
        }),
        real(
            "second_unit_converter_loss_kwh",
            "kWh",
            "Part of the converters' losses in those of strings or modules, their own draw included",
            |p| p.sum(|s| s.unit_converter_loss_kwh),
        ),
        real("second_battery_loss_kwh", "kWh", "Heat, self-discharge and balancing in the battery", |p| {
            p.sum(|s| s.battery_loss_kwh)
        }),
        real("second_balancing_loss_kwh", "kWh", "Part of the battery's losses in balancing, passive or active", |p| {
            p.sum(|s| s.balancing_loss_kwh)
        }),
        whole("modules_replaced", "", "Modules replaced by the service, all systems", |p| {
            p.sum(|s| f64::from(s.service().replaced)).map(|n| n as i64)
        }),
        whole("modules_added", "", "Modules added in new strings, all systems", |p| {
            p.sum(|s| f64::from(s.service().added)).map(|n| n as i64)
        }),
        whole("modules_bought", "", "Of both, modules bought; they are recycled with the pack", |p| {
            p.sum(|s| f64::from(s.service().bought)).map(|n| n as i64)
        }),
        real(
            "second_brought_kwh",
            "kWh",
            "Energy stored in modules that the service brought, less that in modules taken out",
            |p| p.sum(|s| s.brought_kwh),
        ),
        real("second_fade_loss_kwh", "kWh", "Stored energy that vanished with fading capacity", |p| {
            p.sum(|s| s.fade_loss_kwh)
        }),
        real("second_stored_change_kwh", "kWh", "Energy stored at the end less at the start", |p| {
            p.sum(|s| s.stored_change_kwh)
        }),
        real(
            "second_outside_time_share",
            "",
            "Share of second-life time outside the aging law's fitted box, systems weighted by share and years",
            |p| p.mean(|s| s.outside.time, |s| s.share * s.years),
        ),
        real(
            "second_outside_throughput_share",
            "",
            "Share of second-life charge throughput outside the aging law's fitted box, systems weighted by share and cycles",
            |p| p.mean(|s| s.outside.throughput, |s| s.share * s.efc),
        ),
        real(
            "second_beyond_test_share",
            "",
            "Share of second-life time past the longest test or the largest loss that the aging law was fitted to",
            |p| p.mean(|s| s.outside.beyond_test, |s| s.share * s.years),
        ),
    ]
}

/// Columns of some materials: what they are of, suffix, and words.
macro_rules! by_material {
    ($of:ident, $suffix:literal, $about:literal; $( $name:ident $word:literal ),* $(,)?) => {
        [ $( real(concat!(stringify!($name), $suffix), "kg", concat!($word, $about), |p| Some($of(p)?.$name)), )* ]
    };
}

/// What went to the recycler and what came back.
pub(crate) fn recycling() -> Vec<ColumnDef<Packs>> {
    let mut all = vec![real("recycled_mass_kg", "kg", "Mass recycled, modules bought for service included", |p| {
        Some(recycled(p)?.mass_kg)
    })];
    macro_rules! followed {
        ($of:ident, $suffix:literal, $about:literal) => {
            by_material!($of, $suffix, $about; lithium "Lithium", nickel "Nickel", cobalt "Cobalt",
                manganese "Manganese", copper "Copper", aluminium "Aluminium", graphite "Graphite", steel "Steel",
                iron "Iron of the cathode", phosphorus "Phosphorus", oxygen "Oxygen of the cathode",
                plastics "Separators and films", electrolyte "Electrolyte", carbon_binder "Carbon black and binder")
        };
    }
    all.extend(followed!(into, "_input_kg", " into recycling"));
    all.extend(followed!(back, "_recovered_kg", " recovered in any product but black mass"));
    all.extend(
        by_material!(black, "_black_mass_kg", " in black mass"; lithium "Lithium", nickel "Nickel", cobalt "Cobalt",
        manganese "Manganese", graphite "Graphite", iron "Iron of the cathode", phosphorus "Phosphorus",
        oxygen "Oxygen of the cathode", carbon_binder "Carbon black and binder"),
    );
    all.extend(products());
    all
}

/// Products beside the single materials, and how good the recycling was.
fn products() -> Vec<ColumnDef<Packs>> {
    vec![
        real("cathode_product_kg", "kg", "Cathode material sold as such, lithium put into it included", |p| {
            Some(recycled(p)?.cathode_kg)
        }),
        real("iron_phosphate_product_kg", "kg", "Iron phosphate sold as such", |p| {
            Some(recycled(p)?.iron_phosphate_kg)
        }),
        real("black_mass_kg", "kg", "Black mass sold", |p| Some(black(p)?.total())),
        real("lithium_added_kg", "kg", "Lithium bought and put into the cathode", |p| {
            Some(recycled(p)?.lithium_added_kg)
        }),
        real("residue_kg", "kg", "Everything in no product", |p| Some(recycled(p)?.residue_kg)),
        real(
            "recycling_efficiency",
            "",
            "Mass recovered over mass recycled; black mass is no recovered material",
            |p| Some(recycled(p)?.efficiency()),
        ),
        real("recycled_soh", "", "Mean SoH of what was recycled", |p| Some(recycled(p)?.soh)),
        real(
            "metal_price_factor",
            "",
            "Factor on material prices when it was recycled, mean by mass; 1 without `[economics.price_path]`",
            |p| Some(recycled(p)?.metal_price_factor()),
        ),
    ]
}

/// What reuse, refurbishing and recycling were worth when the pack was tested; null for packs that were not.
pub(crate) fn decision() -> Vec<ColumnDef<Packs>> {
    vec![
        real("value_reuse_usd", "USD", "Value of reuse of what was tested, by its measured SoH", |p| {
            Some(decided(p)?.measured.reuse_usd)
        }),
        real(
            "value_refurbish_usd",
            "USD",
            "Value of refurbishing and reuse of what was tested, by its measured SoH; missing where the price set has no cost of it",
            |p| decided(p)?.measured.refurbish_usd,
        ),
        real("value_recycle_usd", "USD", "Value of recycling what was tested at once, by its measured SoH", |p| {
            Some(decided(p)?.measured.recycle_usd)
        }),
        text("best_by_measured", "", "Worth most by the measured SoH: reuse, refurbish or recycle", |p| {
            Some(decided(p)?.best_measured.name().into())
        }),
        text("best_by_true", "", "Worth most by the true SoH: reuse, refurbish or recycle", |p| {
            Some(decided(p)?.best_true.name().into())
        }),
        real("regret_usd", "USD", "What the choice by the measured SoH loses by the true one", |p| {
            Some(decided(p)?.regret_usd)
        }),
        whole("sent_to_recycler", "", "1 when the rule `npv` sent the whole pack to the recycler, else 0", |p| {
            Some(i64::from(p.done()?.sent_to_recycler))
        }),
    ]
}

/// Money, emissions and the check of the books.
pub(crate) fn money() -> Vec<ColumnDef<Packs>> {
    vec![
        real("core_usd", "USD", "Paid for the retired pack", |p| Some(cash(p)?.core_usd)),
        real("logistics_usd", "USD", "Removal, transport, opening", |p| Some(cash(p)?.logistics_usd)),
        real("test_usd", "USD", "Tests", |p| Some(cash(p)?.test_usd)),
        real("repack_usd", "USD", "Repurposing", |p| Some(cash(p)?.repack_usd)),
        real("removal_usd", "USD", "Part of logistics: out of the vehicle", |p| Some(cash(p)?.steps.removal_usd)),
        real("transport_usd", "USD", "Part of logistics: collection and class 9 packaging", |p| {
            Some(cash(p)?.steps.transport_usd)
        }),
        real("opening_usd", "USD", "Part of logistics: opening to modules or cells", |p| {
            Some(cash(p)?.steps.opening_usd)
        }),
        real("assembly_usd", "USD", "Part of repurposing: sorting and assembly", |p| Some(cash(p)?.steps.assembly_usd)),
        real("bms_usd", "USD", "Part of repurposing: new battery management", |p| Some(cash(p)?.steps.bms_usd)),
        real("enclosure_usd", "USD", "Part of repurposing: enclosure and wiring", |p| {
            Some(cash(p)?.steps.enclosure_usd)
        }),
        real("power_electronics_usd", "USD", "Part of repurposing: share of the power electronics", |p| {
            Some(cash(p)?.steps.power_electronics_usd)
        }),
        real("certification_usd", "USD", "Part of repurposing: certification", |p| {
            Some(cash(p)?.steps.certification_usd)
        }),
        real("warranty_usd", "USD", "Part of repurposing: reserve for claims", |p| Some(cash(p)?.steps.warranty_usd)),
        real("overhead_usd", "USD", "Part of repurposing: overhead", |p| Some(cash(p)?.steps.overhead_usd)),
        real("used_nameplate_kwh", "kWh", "Nameplate of the modules in systems", |p| Some(cash(p)?.nameplate_kwh)),
        real(
            "second_actual_start_kwh",
            "kWh",
            "Actual capacity at the start that the topology can use, all systems",
            |p| p.sum(|s| s.actual_kwh_start),
        ),
        real("second_usable_start_kwh", "kWh", "Energy inside the SoC window at the start, all systems", |p| {
            p.sum(|s| s.usable_kwh_start)
        }),
        real(
            "second_usable_end_kwh",
            "kWh",
            "Energy inside the SoC window at the end, as the weakest module's SoH has it; modules that service brought do not count",
            |p| Some(cash(p)?.usable_end_kwh),
        ),
        real("service_usd", "USD", "Service of the systems: modules and labour", |p| Some(cash(p)?.service_usd)),
        real("sale_usd", "USD", "Sale of systems", |p| Some(cash(p)?.sale_usd)),
        real("materials_usd", "USD", "Recovered products sold, less lithium bought", |p| Some(cash(p)?.materials_usd)),
        real("gate_usd", "USD", "Credit at the recycler's gate, negative for a fee", |p| Some(cash(p)?.gate_usd)),
        real("recycling_cost_usd", "USD", "Recycling process and transport", |p| Some(cash(p)?.recycling_cost_usd)),
        real(
            "npv_usd",
            "USD",
            "Present value at the exit from the vehicle, for the repurposer who also recycles",
            |p| Some(cash(p)?.npv_usd),
        ),
        real("co2_caused_kg", "kg CO2e", "Emissions of repurposing and recycling", |p| Some(cash(p)?.co2_caused_kg)),
        real("co2_materials_kg", "kg CO2e", "Emissions saved by recovered materials", |p| {
            Some(cash(p)?.co2_materials_kg)
        }),
        real("co2_storage_kg", "kg CO2e", "Emissions saved by the new storage not made", |p| {
            Some(cash(p)?.co2_storage_kg)
        }),
        real("balance_error", "", "Largest relative error of an energy or mass balance in this life", |p| {
            Some(p.done()?.balance_error)
        }),
    ]
}
