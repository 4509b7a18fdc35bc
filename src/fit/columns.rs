//! Columns of a table of tests by the names they go under.

use super::table::TableError;
use crate::library::nearest;
use csv::StringRecord;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Cell,
    CellType,
    Chemistry,
    Days,
    Efc,
    Temperature,
    Soc,
    SocLow,
    SocHigh,
    Depth,
    MeanSoc,
    CCharge,
    CDischarge,
    Capacity,
    CapacityAh,
    CapacitySd,
    Resistance,
    ResistanceMohm,
}

/// A name a column may have: what it holds, what its numbers are multiplied by, and the range they must lie in then.
struct Known(&'static str, Field, f64, [f64; 2]);

const ANY: [f64; 2] = [0.0, 0.0];
const SHARE: [f64; 2] = [0.0, 1.0];
const RATE: [f64; 2] = [1e-3, 100.0];
const OVER_NEW: [f64; 2] = [0.01, 1.5];

/// Every name.
const KNOWN: &[Known] = &[
    Known("cell_id", Field::Cell, 1.0, ANY),
    Known("condition", Field::Cell, 1.0, ANY),
    Known("cell_type", Field::CellType, 1.0, ANY),
    Known("chemistry", Field::Chemistry, 1.0, ANY),
    Known("time_days", Field::Days, 1.0, [0.0, 40_000.0]),
    Known("days", Field::Days, 1.0, [0.0, 40_000.0]),
    Known("efc", Field::Efc, 1.0, [0.0, 1e6]),
    Known("temperature_c", Field::Temperature, 1.0, [-60.0, 100.0]),
    Known("temp_c", Field::Temperature, 1.0, [-60.0, 100.0]),
    Known("soc", Field::Soc, 1.0, SHARE),
    Known("soc_pct", Field::Soc, 0.01, SHARE),
    Known("soc_low", Field::SocLow, 1.0, SHARE),
    Known("soc_lo_pct", Field::SocLow, 0.01, SHARE),
    Known("soc_high", Field::SocHigh, 1.0, SHARE),
    Known("soc_hi_pct", Field::SocHigh, 0.01, SHARE),
    Known("depth", Field::Depth, 1.0, SHARE),
    Known("mean_soc", Field::MeanSoc, 1.0, SHARE),
    Known("c_charge", Field::CCharge, 1.0, RATE),
    Known("c_chg", Field::CCharge, 1.0, RATE),
    Known("c_discharge", Field::CDischarge, 1.0, RATE),
    Known("c_dis", Field::CDischarge, 1.0, RATE),
    Known("capacity", Field::Capacity, 1.0, OVER_NEW),
    Known("q_rel", Field::Capacity, 1.0, OVER_NEW),
    Known("q_rel_mean", Field::Capacity, 1.0, OVER_NEW),
    Known("capacity_ah", Field::CapacityAh, 1.0, [1e-6, 1e5]),
    Known("q_ah", Field::CapacityAh, 1.0, [1e-6, 1e5]),
    Known("capacity_sd", Field::CapacitySd, 1.0, SHARE),
    Known("q_rel_sd", Field::CapacitySd, 1.0, SHARE),
    Known("resistance", Field::Resistance, 1.0, [0.1, 20.0]),
    Known("r_rel", Field::Resistance, 1.0, [0.1, 20.0]),
    Known("resistance_mohm", Field::ResistanceMohm, 1.0, [1e-6, 1e6]),
    Known("r_mohm", Field::ResistanceMohm, 1.0, [1e-6, 1e6]),
];

/// The columns of a table.
pub(super) struct Header {
    pub(super) table: String,
    names: Vec<String>,
    /// Column and name by field.
    found: Vec<(usize, &'static Known)>,
    /// Column and value that a row must have.
    only: Vec<(usize, String)>,
}

impl Header {
    pub(super) fn of(table: &str, names: &StringRecord, only: &[(String, String)]) -> Result<Header, TableError> {
        let names: Vec<String> = names.iter().map(|n| n.trim_start_matches('\u{feff}').to_owned()).collect();
        let mut found: Vec<(usize, &'static Known)> = Vec::new();
        for (column, name) in names.iter().enumerate() {
            let Some(known) = KNOWN.iter().find(|k| k.0 == name) else { continue };
            if let Some((_, earlier)) = found.iter().find(|(_, k)| k.1 == known.1) {
                let (first, second) = (earlier.0.to_owned(), name.clone());
                return Err(TableError::TwoColumns { table: table.into(), first, second });
            }
            found.push((column, known));
        }
        let mut header = Header { table: table.into(), names, found, only: Vec::new() };
        header.require(&[Field::Temperature], "`temperature_c`")?;
        header.require(&[Field::Capacity, Field::CapacityAh], "`capacity` (over new) or `capacity_ah`")?;
        header.require(&[Field::Days, Field::Efc], "`time_days` or `efc`")?;
        let soc = [Field::Soc, Field::MeanSoc, Field::SocLow];
        header.require(&soc, "`soc`, or `soc_low` with `soc_high`, or `depth` with `mean_soc`")?;
        if header.has(Field::SocLow) {
            header.require(&[Field::SocHigh], "`soc_high`")?;
        }
        for (name, value) in only {
            let column = header.names.iter().position(|n| n == name).ok_or_else(|| TableError::NoColumn {
                table: table.into(),
                wanted: "of the name given with `--only`",
                nearest: None,
            })?;
            header.only.push((column, value.clone()));
        }
        Ok(header)
    }

    fn has(&self, field: Field) -> bool {
        self.found.iter().any(|(_, k)| k.1 == field)
    }

    fn require(&self, fields: &[Field], wanted: &'static str) -> Result<(), TableError> {
        if fields.iter().any(|f| self.has(*f)) {
            return Ok(());
        }
        let unknown = self.names.iter().filter(|n| !KNOWN.iter().any(|k| k.0 == *n));
        let names = KNOWN.iter().filter(|k| fields.contains(&k.1)).map(|k| k.0);
        let like = |name: &&String| !nearest(name, names.clone(), 1).is_empty();
        Err(TableError::NoColumn { table: self.table.clone(), wanted, nearest: unknown.clone().find(like).cloned() })
    }

    /// Whether a row has the asked values.
    pub(super) fn keeps(&self, record: &StringRecord) -> bool {
        self.only.iter().all(|(column, value)| record.get(*column) == Some(value))
    }

    fn place(&self, field: Field) -> Option<(usize, &'static Known)> {
        self.found.iter().find(|(_, k)| k.1 == field).copied()
    }

    /// Name of the column, or the first it could have.
    pub(super) fn title(&self, field: Field) -> String {
        let known = self.place(field).map(|(_, k)| k).or_else(|| KNOWN.iter().find(|k| k.1 == field));
        known.map_or_else(String::new, |k| k.0.to_owned())
    }

    pub(super) fn text<'a>(&self, field: Field, record: &'a StringRecord) -> Option<&'a str> {
        self.place(field).and_then(|(column, _)| record.get(column)).filter(|t| !t.is_empty())
    }

    /// The number in a row, if there is one.
    pub(super) fn number(&self, field: Field, record: &StringRecord) -> Result<Option<f64>, TableError> {
        let Some((_, known)) = self.place(field) else { return Ok(None) };
        let Some(text) = self.text(field, record) else { return Ok(None) };
        let line = record.position().map_or(0, csv::Position::line);
        let (table, column) = (self.table.clone(), known.0.to_owned());
        let Some(value) = text.parse::<f64>().ok().filter(|v| v.is_finite()) else {
            return Err(TableError::NotANumber { table, line, column, value: text.into() });
        };
        let [min, max] = known.3;
        let scaled = value * known.2;
        if !(min..=max).contains(&scaled) {
            let (min, max) = (min / known.2, max / known.2);
            return Err(TableError::OutOfRange { table, line, column, value, min, max });
        }
        Ok(Some(scaled))
    }

    /// A number that must be there.
    pub(super) fn needed(&self, field: Field, record: &StringRecord) -> Result<f64, TableError> {
        self.number(field, record)?.ok_or_else(|| self.empty(&[field], record))
    }

    /// The error for fields of which one is needed.
    pub(super) fn empty(&self, fields: &[Field], record: &StringRecord) -> TableError {
        let field = fields.iter().copied().find(|f| self.has(*f)).unwrap_or(fields[0]);
        let line = record.position().map_or(0, csv::Position::line);
        TableError::Empty { table: self.table.clone(), line, column: self.title(field) }
    }

    /// The error for a number worked out of fields.
    pub(super) fn outside(
        &self,
        fields: &[Field],
        record: &StringRecord,
        value: f64,
        min: f64,
        max: f64,
    ) -> TableError {
        let field = fields.iter().copied().find(|f| self.has(*f)).unwrap_or(fields[0]);
        let line = record.position().map_or(0, csv::Position::line);
        TableError::OutOfRange { table: self.table.clone(), line, column: self.title(field), value, min, max }
    }
}
