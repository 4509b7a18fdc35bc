//! One definition of a column gives its value, its header in every format and its line in the dictionary.

use super::frame::{Column, Frame, Values, Word};

/// A kind of table: what a row is made from, and its columns.
pub(crate) trait Table: Sized + 'static {
    /// Source of a row.
    type Row<'a>;
    /// File name without ending.
    const NAME: &'static str;
    /// What a row is.
    const DOC: &'static str;
    /// The columns in file order.
    fn columns() -> Vec<ColumnDef<Self>>;
}

/// How a column gets its value.
pub(crate) enum Getter<T: Table> {
    /// Real number; anything not finite becomes a missing value, and the zero of an empty sum, which is negative, plain zero.
    Real(for<'r, 'a> fn(&'r T::Row<'a>) -> Option<f64>),
    /// Whole number.
    Whole(for<'r, 'a> fn(&'r T::Row<'a>) -> Option<i64>),
    /// Text.
    Text(for<'r, 'a> fn(&'r T::Row<'a>) -> Option<Word>),
}

/// Definition of a column.
pub(crate) struct ColumnDef<T: Table> {
    /// Name with its unit as suffix.
    pub name: &'static str,
    /// Unit as text, empty for none.
    pub unit: &'static str,
    /// What it says.
    pub doc: &'static str,
    /// Its value.
    pub get: Getter<T>,
}

/// A table that grows row by row.
pub(crate) struct Builder<T: Table> {
    defs: Vec<ColumnDef<T>>,
    values: Vec<Values>,
}

impl<T: Table> Builder<T> {
    /// An empty table.
    pub(crate) fn new() -> Self {
        let defs = T::columns();
        let values = defs
            .iter()
            .map(|d| match d.get {
                Getter::Real(_) => Values::Real(Vec::new()),
                Getter::Whole(_) => Values::Whole(Vec::new()),
                Getter::Text(_) => Values::Text(Vec::new()),
            })
            .collect();
        Builder { defs, values }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: &T::Row<'_>) {
        for (def, values) in self.defs.iter().zip(&mut self.values) {
            match (&def.get, values) {
                (Getter::Real(get), Values::Real(v)) => v.push(get(row).filter(|x| x.is_finite()).map(|x| x + 0.0)),
                (Getter::Whole(get), Values::Whole(v)) => v.push(get(row)),
                (Getter::Text(get), Values::Text(v)) => v.push(get(row)),
                _ => {}
            }
        }
    }

    /// The finished table.
    pub(crate) fn finish(self) -> Frame {
        let columns = self
            .defs
            .iter()
            .zip(self.values)
            .map(|(d, values)| Column { name: d.name.into(), unit: d.unit.into(), doc: d.doc.into(), values })
            .collect();
        Frame { name: T::NAME.into(), doc: T::DOC.into(), columns }
    }
}

/// Gives a column module short constructors `real`, `whole` and `text` for its table.
macro_rules! constructors {
    ($table:ty) => {
        fn real(
            name: &'static str,
            unit: &'static str,
            doc: &'static str,
            get: for<'r, 'a> fn(&'r <$table as crate::output::columns::Table>::Row<'a>) -> Option<f64>,
        ) -> crate::output::columns::ColumnDef<$table> {
            crate::output::columns::ColumnDef {
                name,
                unit,
                doc,
                get: crate::output::columns::Getter::<$table>::Real(get),
            }
        }

        #[allow(dead_code)]
        fn whole(
            name: &'static str,
            unit: &'static str,
            doc: &'static str,
            get: for<'r, 'a> fn(&'r <$table as crate::output::columns::Table>::Row<'a>) -> Option<i64>,
        ) -> crate::output::columns::ColumnDef<$table> {
            crate::output::columns::ColumnDef {
                name,
                unit,
                doc,
                get: crate::output::columns::Getter::<$table>::Whole(get),
            }
        }

        #[allow(dead_code)]
        fn text(
            name: &'static str,
            unit: &'static str,
            doc: &'static str,
            get: for<'r, 'a> fn(
                &'r <$table as crate::output::columns::Table>::Row<'a>,
            ) -> Option<crate::output::frame::Word>,
        ) -> crate::output::columns::ColumnDef<$table> {
            crate::output::columns::ColumnDef {
                name,
                unit,
                doc,
                get: crate::output::columns::Getter::<$table>::Text(get),
            }
        }
    };
}
pub(crate) use constructors;
