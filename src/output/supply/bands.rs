//! The table `bands`.

use super::view::View;
use crate::output::Frame;
use crate::output::columns::{Builder, ColumnDef, Table, constructors};
use crate::supply::Quantity;

struct Bands;

struct Row<'a> {
    year: i32,
    region: &'a str,
    quantity: Quantity,
    /// P10, P50, P90, mean; none without draws.
    band: Option<[f64; 4]>,
    central: f64,
}

/// Quantiles over the draws of every quantity by year and region.
pub(super) fn bands(view: &View<'_>) -> Frame {
    let mut builder = Builder::<Bands>::new();
    let r = view.result;
    for place in view.places() {
        for &quantity in Quantity::ALL {
            let tables = (r.draws > 0).then(|| [&r.p10, &r.p50, &r.p90, &r.mean].map(|t| t.of(quantity, place)));
            for ((k, year), central) in view.years().enumerate().zip(view.central(quantity, place)) {
                let band = tables.map(|t| t.map(|values| values[k]));
                builder.push(&Row { year, region: view.name(place), quantity, band, central });
            }
        }
    }
    builder.finish()
}

constructors!(Bands);

impl Table for Bands {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "bands";
    const DOC: &'static str = "One row a region (`all` for their sum), quantity and year: quantiles over the draws, taken of \
                               the sum over chemistries (and regions), never added up";

    fn columns() -> Vec<ColumnDef<Self>> {
        vec![
            whole("year", "", "Calendar year", |r| Some(r.year.into())),
            text("region", "", "Region, or all", |r| Some(r.region.to_owned().into())),
            text("quantity", "", "Column of the table `supply`", |r| Some(r.quantity.name().into())),
            text("unit", "", "Unit of the numbers in this row", |r| Some(r.quantity.unit().into())),
            real("p10", "", "10 % quantile over the draws; empty without draws", |r| r.band.map(|b| b[0])),
            real("p50", "", "Median over the draws", |r| r.band.map(|b| b[1])),
            real("p90", "", "90 % quantile over the draws", |r| r.band.map(|b| b[2])),
            real("mean", "", "Mean over the draws", |r| r.band.map(|b| b[3])),
            real("central", "", "With all parameters at their central values", |r| Some(r.central)),
        ]
    }
}
