//! Quantiles over the draws, of sums of a draw.

use super::error::SupplyError;
use super::model::Evaluated;
use super::plan::SupplyPlan;
use super::quantity::Quantity;
use super::result::{Table, Warning};
use super::study::{Study, left_out, of_draw};
use rayon::prelude::*;

/// Readings that are held at a time, 4 bytes each: 1 GiB. Beyond it the draws are evaluated again, for other
/// quantities.
const READINGS_MAX: usize = 1 << 28;
/// Readings that are gathered together: a cache line of them.
const LINE: usize = 16;
const QUANTILES: [f64; 3] = [0.1, 0.5, 0.9];

/// What is known of all draws together.
#[derive(Clone, Debug)]
pub(super) struct Bands {
    /// P10, P50, P90 and mean, by region, the sum of all last.
    pub tables: [Table; 4],
    /// Numbers of the draws behind them: those that can be projected.
    pub numbers: Vec<u64>,
    /// Supply of the year asked about in each of them \[GWh/year\].
    pub asked: Vec<f64>,
    pub balance_error: f64,
    /// What no more than some draws say.
    pub warnings: Vec<Warning>,
}

/// Sums over chemistries by region, the sum of all regions last.
pub(super) fn by_region(plan: &SupplyPlan, table: &Table) -> Table {
    let (regions, chemistries) = (plan.regions.len(), plan.chemistries.len());
    let mut sums = Table::new(plan.years, regions + 1);
    for &quantity in Quantity::ALL {
        for group in 0..regions * chemistries {
            for sum in [group / chemistries, regions] {
                let own = table.of(quantity, group);
                sums.of_mut(quantity, sum).iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
            }
        }
    }
    sums
}

/// Evaluates all draws. Quantiles are those of the sums, never sums of quantiles; they are linear between ranked draws.
///
/// Of a draw only the readings by region are kept, as 4-byte numbers: 4 bytes x quantities x (regions + 1) x years x
/// draws, at most [`READINGS_MAX`] of them. Where that is too few the quantities are taken in turns, with the same
/// result.
pub(super) fn bands<S: Study>(study: &S, central: &Evaluated) -> Result<Bands, SupplyError> {
    bands_within(study, central, READINGS_MAX)
}

fn bands_within<S: Study>(study: &S, central: &Evaluated, readings_max: usize) -> Result<Bands, SupplyError> {
    let plan = study.plan();
    let groups = plan.regions.len() + 1;
    let draws = plan.draws as usize;
    if draws == 0 {
        let table = by_region(plan, &central.table);
        let tables = [table.clone(), table.clone(), table.clone(), table];
        return Ok(Bands { tables, numbers: Vec::new(), asked: Vec::new(), balance_error: 0.0, warnings: Vec::new() });
    }
    let mut tables: [Table; 4] = std::array::from_fn(|_| Table::new(plan.years, groups));
    let at_a_time = (readings_max / (groups * plan.years * draws).max(1)).max(1);
    let (mut heads, mut warnings) = (Vec::new(), Vec::new());
    for (turn, quantities) in Quantity::ALL.chunks(at_a_time).enumerate() {
        let rows = study.each(0..u64::from(plan.draws), |number| {
            let done = match of_draw(number, study.evaluate(&study.draws().draw(number)))? {
                Ok(done) => done,
                Err(refused) => return Ok(Err(refused)),
            };
            let sums = by_region(plan, &done.table);
            let readings = quantities.iter().flat_map(|q| (0..groups).flat_map(|g| sums.of(*q, g)).copied());
            let asked = sums.of(Quantity::Offered, groups - 1)[study.asked()];
            let head = Head { number, asked, balance_error: done.balance_error, warnings: done.warnings };
            Ok(Ok((readings.map(|x| x as f32).collect::<Vec<f32>>(), head)))
        })?;
        let refused = left_out(rows.iter(), "draws are left out of the bands")?;
        let (rows, new): (Vec<Vec<f32>>, Vec<Head>) = rows.into_iter().flatten().unzip();
        if turn == 0 {
            heads = new;
            warnings.extend(refused);
        }
        fill(&mut tables, quantities, &rows);
    }
    let numbers = heads.iter().map(|head| head.number).collect();
    let asked = heads.iter().map(|head| head.asked).collect();
    let balance_error = heads.iter().map(|head| head.balance_error).fold(0.0, f64::max);
    warnings.extend(told(&heads, &central.warnings));
    Ok(Bands { tables, numbers, asked, balance_error, warnings })
}

/// What is kept of a draw beside its readings.
struct Head {
    number: u64,
    asked: f64,
    balance_error: f64,
    warnings: Vec<Warning>,
}

/// Warnings of draws that the central values do not give: how many draws, and the first.
fn told(heads: &[Head], known: &[Warning]) -> Vec<Warning> {
    let mut new = heads.iter().filter_map(|head| head.warnings.iter().find(|w| !known.contains(w)));
    let Some(first) = new.next() else { return Vec::new() };
    let (some, all) = (1 + new.count(), heads.len());
    let text = format!("{some} of {all} draws tell what the central values do not, the first of them: {}", first.text);
    vec![Warning { text }]
}

/// Writes quantiles and means of rows, one a draw, with the readings of these quantities.
fn fill(tables: &mut [Table; 4], quantities: &[Quantity], rows: &[Vec<f32>]) {
    let [years, groups] = tables[0].size();
    let cells = quantities.len() * groups * years;
    let found: Vec<[f64; 4]> = (0..cells.div_ceil(LINE))
        .into_par_iter()
        .flat_map_iter(|line| {
            let from = line * LINE;
            let mut columns = vec![Vec::with_capacity(rows.len()); LINE.min(cells - from)];
            for row in rows {
                columns.iter_mut().zip(&row[from..]).for_each(|(column, reading)| column.push(*reading));
            }
            columns.into_iter().map(of_column)
        })
        .collect();
    for (cell, found) in found.into_iter().enumerate() {
        let (quantity, group, year) = (quantities[cell / (groups * years)], cell / years % groups, cell % years);
        tables.iter_mut().zip(found).for_each(|(table, value)| table.of_mut(quantity, group)[year] = value);
    }
}

/// P10, P50, P90 and mean.
fn of_column(mut column: Vec<f32>) -> [f64; 4] {
    let mean = column.iter().copied().map(f64::from).sum::<f64>() / column.len() as f64;
    let [p10, p50, p90] = QUANTILES.map(|p| quantile(&mut column, p));
    [p10, p50, p90, mean]
}

/// Quantile of values in any order, linear between neighbours; the values are moved. 0 of nothing.
fn quantile(values: &mut [f32], p: f64) -> f64 {
    let Some(last) = values.len().checked_sub(1) else { return 0.0 };
    let at = p * last as f64;
    let (_, low, above) = values.select_nth_unstable_by(at.floor() as usize, f32::total_cmp);
    let low = f64::from(*low);
    match above.iter().copied().min_by(f32::total_cmp) {
        Some(high) => low + (f64::from(high) - low) * at.fract(),
        None => low,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monte::Silent;
    use crate::supply::draws::Draw;
    use crate::supply::parameter::Param;
    use crate::supply::study::PlanStudy;
    use crate::supply::testing::{plan, table_of};

    fn evaluated(plan: &SupplyPlan, draw: &Draw) -> Evaluated {
        let z = draw.of(Param::CollectedShare);
        // One region rises with the score, the other falls.
        let of = |region: usize, year: usize| if region == 0 { 100.0 + z + year as f64 } else { 10.0 - z };
        let warnings = if z > 1.0 { vec![Warning { text: format!("z is {z}") }] } else { Vec::new() };
        Evaluated {
            table: table_of(plan, of),
            by_cohort: None,
            compliance: Vec::new(),
            balance_error: z.abs(),
            warnings,
        }
    }

    #[test]
    fn quantiles_are_those_of_the_sums() {
        let mut plan = plan(2);
        plan.draws = 1001;
        let evaluate = |draw: &Draw, _: bool| Ok(evaluated(&plan, draw));
        let study = PlanStudy::new(&plan, &Silent, evaluate).unwrap();
        let central = evaluated(&plan, &Draw::central());
        let bands = bands(&study, &central).unwrap();
        let [p10, p50, p90, mean] = &bands.tables;
        // Two chemistries a region: twice what one gives. What one region gains the other loses.
        let mut z: Vec<f64> = (0..1001).map(|k| study.draws().draw(k).of(Param::CollectedShare)).collect();
        for table in &bands.tables {
            assert!((table.of(Quantity::Offered, 2)[1] - 222.0).abs() < 1e-4);
        }
        z.sort_by(f64::total_cmp);
        for (table, z) in [(p10, z[100]), (p50, z[500]), (p90, z[900]), (mean, z.iter().sum::<f64>() / 1001.0)] {
            assert!((table.of(Quantity::Offered, 0)[1] - 2.0 * (101.0 + z)).abs() < 1e-4);
        }
        assert!((p10.of(Quantity::Offered, 1)[0] - 2.0 * (10.0 - z[900])).abs() < 1e-5);
        assert_eq!(bands.asked.len(), 1001);
        assert_eq!(bands.balance_error, z[0].abs().max(z[1000]));
        let above = z.iter().filter(|z| **z > 1.0).count();
        assert!(bands.warnings[0].text.starts_with(&format!("{above} of 1001 draws tell")), "{:?}", bands.warnings);
        // Taken in turns they are the same.
        let turns = bands_within(&study, &central, 3 * 1001 * plan.years * 2).unwrap();
        assert_eq!((turns.tables, turns.asked), (bands.tables.clone(), bands.asked));
    }

    #[test]
    fn quantiles_are_linear_between_ranked_values() {
        assert_eq!([0.0, 0.1, 0.5, 1.0].map(|p| quantile(&mut [3.0, 1.0, 2.0], p)), [1.0, 1.2, 2.0, 3.0]);
        assert_eq!((quantile(&mut [5.0], 0.9), quantile(&mut [], 0.5)), (5.0, 0.0));
    }
}
