//! A table of tests: cells under known stress, with what was left of their capacity.

use super::columns::{Field, Header};
use std::path::{Path, PathBuf};

/// Days in a year.
pub const DAYS_PER_YEAR: f64 = 365.25;

/// Why a table cannot be used. Lines count from 1, the header included.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A file that cannot be read.
    #[error("`{}`: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's word.
        error: std::io::Error,
    },
    /// Text that is no table.
    #[error("`{table}`: {message}")]
    NoTable {
        /// Table.
        table: String,
        /// The reader's word.
        message: String,
    },
    /// A column that must be there.
    #[error("`{table}`: there is no column {wanted}{}", hint(nearest))]
    NoColumn {
        /// Table.
        table: String,
        /// Names that would do, in words.
        wanted: &'static str,
        /// A column of the table that looks like it.
        nearest: Option<String>,
    },
    /// Two columns that say the same.
    #[error("`{table}`: the columns `{first}` and `{second}` mean the same; keep one")]
    TwoColumns {
        /// Table.
        table: String,
        /// Earlier one.
        first: String,
        /// Later one.
        second: String,
    },
    /// A field that is no number.
    #[error("`{table}`, line {line}, column `{column}`: `{value}` is not a number")]
    NotANumber {
        /// Table.
        table: String,
        /// Line.
        line: u64,
        /// Column.
        column: String,
        /// What is there.
        value: String,
    },
    /// An empty field that is needed.
    #[error("`{table}`, line {line}, column `{column}`: a value is needed")]
    Empty {
        /// Table.
        table: String,
        /// Line.
        line: u64,
        /// Column.
        column: String,
    },
    /// A number that makes no sense.
    #[error("`{table}`, line {line}, column `{column}`: {value} is outside {min}..={max}")]
    OutOfRange {
        /// Table.
        table: String,
        /// Line.
        line: u64,
        /// Column.
        column: String,
        /// Number as written.
        value: f64,
        /// Least allowed.
        min: f64,
        /// Most allowed.
        max: f64,
    },
    /// A cell whose time or cycles go back.
    #[error("`{table}`, line {line}, column `{column}`: {value} follows {before} in cell `{cell}`; it must not fall")]
    Falls {
        /// Table.
        table: String,
        /// Line.
        line: u64,
        /// Column.
        column: String,
        /// Cell.
        cell: String,
        /// Value before.
        before: f64,
        /// Value.
        value: f64,
    },
    /// Several kinds of cells in one table.
    #[error(
        "`{table}` holds several kinds of cells: {column} is {}; choose one with `--only {column}=...`",
        quoted(values)
    )]
    SeveralKinds {
        /// Table.
        table: String,
        /// Column that tells them apart.
        column: String,
        /// What stands in it.
        values: Vec<String>,
    },
    /// No row left.
    #[error("`{table}` has no row{}", if *filtered { " with the asked values" } else { "" })]
    NoRows {
        /// Table.
        table: String,
        /// Whether rows were chosen.
        filtered: bool,
    },
}

fn hint(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or_else(String::new, |n| format!("; `{n}` is not known"))
}

fn quoted(values: &[String]) -> String {
    values.iter().map(|v| format!("`{v}`")).collect::<Vec<_>>().join(", ")
}

/// Constant stress in a test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TestStress {
    /// Temperature \[degC\].
    pub temperature_c: f64,
    /// SoC in storage, mean SoC in cycling.
    pub soc: f64,
    /// Depth of cycles; 1 where it does not matter.
    pub depth: f64,
    /// Rate of charge \[1/h\], where known.
    pub c_charge: Option<f64>,
    /// Rate of discharge \[1/h\], where known.
    pub c_discharge: Option<f64>,
}

impl TestStress {
    /// Storage.
    pub fn storage(temperature_c: f64, soc: f64) -> Self {
        TestStress { temperature_c, soc, depth: 1.0, c_charge: None, c_discharge: None }
    }

    /// In words; `cycled` adds window and rates.
    pub fn label(&self, cycled: bool) -> String {
        let mut text = format!("{} degC", plain(self.temperature_c));
        if !cycled {
            return format!("{text}, SoC {}", plain(self.soc));
        }
        text.push_str(&format!(", depth {}, mean SoC {}", plain(self.depth), plain(self.soc)));
        for (rate, what) in [(self.c_charge, "charge"), (self.c_discharge, "discharge")] {
            if let Some(rate) = rate {
                text.push_str(&format!(", {}C {what}", plain(rate)));
            }
        }
        text
    }
}

fn plain(x: f64) -> String {
    format!("{}", (x * 1000.0).round() / 1000.0)
}

/// A check-up of a cell: what it went through since the start, what it was under since the last one, what was left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Days since the start.
    pub days: f64,
    /// Equivalent full cycles since the start.
    pub efc: f64,
    /// Stress since the check-up before.
    pub stress: TestStress,
    /// Capacity over new.
    pub capacity: f64,
    /// Standard deviation between the cells that the capacity is a mean of, where known.
    pub capacity_sd: Option<f64>,
    /// Resistance over new, where known.
    pub resistance: Option<f64>,
    /// Line in the file; 0 for rows made in memory.
    pub line: u64,
}

impl Row {
    /// A new cell under some stress: no days, no cycles.
    pub fn at(stress: TestStress) -> Row {
        Row { days: 0.0, efc: 0.0, stress, capacity: 1.0, capacity_sd: None, resistance: None, line: 0 }
    }
}

/// A cell, or the mean of equal cells, through its test.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Name.
    pub cell: String,
    /// Check-ups in order.
    pub rows: Vec<Row>,
}

impl Series {
    /// Whether it was cycled.
    pub fn cycled(&self) -> bool {
        self.rows.iter().any(|r| r.efc > 0.0)
    }

    /// Days that an equivalent full cycle took; 0 where it was not cycled.
    pub fn days_per_efc(&self) -> f64 {
        self.rows.last().filter(|r| r.efc > 0.0).map_or(0.0, |r| r.days / r.efc)
    }

    /// Its stress in words; series of the same words are one condition.
    pub fn condition(&self) -> String {
        match self.rows.first() {
            None => String::new(),
            Some(first) if self.rows.iter().all(|r| r.stress == first.stress) => first.stress.label(self.cycled()),
            Some(_) => format!("changing stress, cell {}", self.cell),
        }
    }
}

/// Tests of one kind of cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Name for messages: the file.
    pub name: String,
    /// Kind of cell, where the table says it.
    pub kind: Option<String>,
    /// Chemistry, where the table says it.
    pub chemistry: Option<String>,
    /// Cells.
    pub series: Vec<Series>,
    /// Whether days were worked out from cycles and rates.
    pub days_from_rates: bool,
}

impl Table {
    /// Reads a CSV file; see [`Table::parse`].
    ///
    /// # Errors
    /// When the file cannot be read or holds no usable table.
    pub fn read(path: impl AsRef<Path>, only: &[(String, String)]) -> Result<Table, TableError> {
        let path = path.as_ref();
        let text =
            std::fs::read_to_string(path).map_err(|error| TableError::File { path: path.to_path_buf(), error })?;
        Table::parse(&path.display().to_string(), &text, only)
    }

    /// Reads a CSV text. `only` keeps rows with these values, as `(column, value)`.
    ///
    /// Needed: `temperature_c` (or `temp_c`), `capacity` over new (`q_rel`, `q_rel_mean`) or `capacity_ah` (`q_ah`), and
    /// `time_days` (`days`) or `efc` or both. Storage has `soc` (`soc_pct`), cycling `soc_low` and `soc_high`
    /// (`soc_lo_pct`, `soc_hi_pct`) or `depth` and `mean_soc`, with `c_charge` and `c_discharge` (`c_chg`, `c_dis`).
    /// May be there: `cell_id` (`condition`), `capacity_sd` (`q_rel_sd`), `resistance` over new (`r_rel`) or
    /// `resistance_mohm` (`r_mohm`), `cell_type`, `chemistry`. Other columns are passed over.
    ///
    /// Lines that begin with `#` are remarks. Without `cell_id` rows of equal stress are one cell. A cell whose first row has a capacity of 1, or that is
    /// given in Ah, starts at that row: its days and cycles count from there.
    ///
    /// # Errors
    /// The first problem, with its line and column.
    pub fn parse(name: &str, text: &str, only: &[(String, String)]) -> Result<Table, TableError> {
        let bad = |error: csv::Error| TableError::NoTable { table: name.into(), message: error.to_string() };
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
        let header = Header::of(name, reader.headers().map_err(bad)?, only)?;
        let (mut kinds, mut chemistries) = (Vec::new(), Vec::new());
        let mut raw: Vec<(String, Raw)> = Vec::new();
        for record in reader.records() {
            let record = record.map_err(bad)?;
            if !header.keeps(&record) || record.iter().all(str::is_empty) {
                continue;
            }
            let row = Raw::of(&header, &record)?;
            for (field, seen) in [(Field::CellType, &mut kinds), (Field::Chemistry, &mut chemistries)] {
                if let Some(text) = header.text(field, &record).filter(|t| !seen.iter().any(|s| s == t)) {
                    seen.push(text.to_owned());
                }
            }
            let cell = match header.text(Field::Cell, &record) {
                Some(cell) => cell.to_owned(),
                None => row.stress.label(row.efc.is_some()),
            };
            raw.push((cell, row));
        }
        for (field, seen) in [(Field::CellType, &kinds), (Field::Chemistry, &chemistries)] {
            if seen.len() > 1 {
                let (table, column) = (name.into(), header.title(field));
                return Err(TableError::SeveralKinds { table, column, values: seen.clone() });
            }
        }
        if raw.is_empty() {
            return Err(TableError::NoRows { table: name.into(), filtered: !only.is_empty() });
        }
        let mut series: Vec<(String, Vec<Raw>)> = Vec::new();
        for (cell, row) in raw {
            match series.iter_mut().find(|(known, _)| *known == cell) {
                Some((_, rows)) => rows.push(row),
                None => series.push((cell, vec![row])),
            }
        }
        let days_from_rates = series.iter().any(|(_, rows)| rows.iter().any(Raw::days_from_rates));
        let series =
            series.into_iter().map(|(cell, rows)| finish(&header, cell, &rows)).collect::<Result<Vec<_>, _>>()?;
        let kind = kinds.into_iter().next();
        Ok(Table { name: name.into(), kind, chemistry: chemistries.into_iter().next(), series, days_from_rates })
    }

    /// Conditions in the order of their first cell.
    pub fn conditions(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for condition in self.series.iter().map(Series::condition) {
            if !out.contains(&condition) {
                out.push(condition);
            }
        }
        out
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.series.iter().map(|s| s.rows.len()).sum()
    }

    /// The cells that pass.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&Series) -> bool) -> Table {
        Table { series: self.series.iter().filter(|s| keep(s)).cloned().collect(), ..self.clone() }
    }

    /// The rows with no more loss than this, of cells that have such rows.
    #[must_use]
    pub fn to_loss(&self, loss: f64) -> Table {
        let mut table = self.clone();
        for series in &mut table.series {
            // The last check-up before the first one beyond: a cell that comes back is not followed.
            let end = series.rows.iter().position(|r| 1.0 - r.capacity > loss).unwrap_or(series.rows.len());
            series.rows.truncate(end);
        }
        table.series.retain(|s| s.rows.iter().any(|r| r.days > 0.0 || r.efc > 0.0));
        table
    }
}

/// A row as read.
struct Raw {
    line: u64,
    days: Option<f64>,
    efc: Option<f64>,
    stress: TestStress,
    capacity: Option<f64>,
    capacity_ah: Option<f64>,
    capacity_sd: Option<f64>,
    resistance: Option<f64>,
    resistance_mohm: Option<f64>,
}

impl Raw {
    fn of(header: &Header, record: &csv::StringRecord) -> Result<Raw, TableError> {
        let get = |field| header.number(field, record);
        let efc = get(Field::Efc)?;
        let (low, high) = (get(Field::SocLow)?, get(Field::SocHigh)?);
        let (depth, mean, soc) = (get(Field::Depth)?, get(Field::MeanSoc)?, get(Field::Soc)?);
        let depth = depth.or_else(|| Some(high? - low?));
        let mean = mean.or_else(|| Some(0.5 * (high? + low?)));
        let capacity = get(Field::Capacity)?;
        let capacity_ah = get(Field::CapacityAh)?;
        if capacity.is_none() && capacity_ah.is_none() {
            return Err(header.empty(&[Field::Capacity, Field::CapacityAh], record));
        }
        let days = get(Field::Days)?;
        if days.is_none() && efc.is_none() {
            return Err(header.empty(&[Field::Days, Field::Efc], record));
        }
        let cycled = efc.is_some_and(|n| n > 0.0);
        let soc = match if cycled { mean.or(soc) } else { soc.or(mean) } {
            Some(soc) => soc,
            None => return Err(header.empty(&[Field::Soc, Field::MeanSoc, Field::SocLow], record)),
        };
        if let Some(depth) = depth.filter(|d| !(*d > 0.0 && *d <= 1.0)) {
            return Err(header.outside(&[Field::Depth, Field::SocHigh], record, depth, 0.0, 1.0));
        }
        Ok(Raw {
            line: record.position().map_or(0, csv::Position::line),
            days,
            efc,
            stress: TestStress {
                temperature_c: header.needed(Field::Temperature, record)?,
                soc,
                depth: depth.unwrap_or(1.0),
                c_charge: get(Field::CCharge)?,
                c_discharge: get(Field::CDischarge)?,
            },
            capacity,
            capacity_ah,
            capacity_sd: get(Field::CapacitySd)?,
            resistance: get(Field::Resistance)?,
            resistance_mohm: get(Field::ResistanceMohm)?,
        })
    }

    fn days_from_rates(&self) -> bool {
        self.days.is_none() && self.days_per_efc() > 0.0
    }

    /// Days of an equivalent full cycle at the rates of the test, without pauses, a rate that is not known like the
    /// other; 0 where neither is.
    fn days_per_efc(&self) -> f64 {
        let hours = |rate: Option<f64>| rate.map(|c| 1.0 / c);
        let (charge, discharge) = (hours(self.stress.c_charge), hours(self.stress.c_discharge));
        let both = charge.or(discharge).unwrap_or(0.0) + discharge.or(charge).unwrap_or(0.0);
        both / 24.0
    }
}

/// Puts the rows of a cell on its own start.
fn finish(header: &Header, cell: String, raw: &[Raw]) -> Result<Series, TableError> {
    let first = &raw[0];
    let relative = first.capacity.is_some();
    let base_ah = first.capacity_ah.unwrap_or(1.0);
    let begins = !relative || first.capacity.is_some_and(|q| (q - 1.0).abs() < 1e-9);
    let base_mohm = raw.iter().find_map(|r| r.resistance_mohm);
    let efc = |r: &Raw| r.efc.unwrap_or(0.0);
    let days = |r: &Raw| r.days.unwrap_or_else(|| efc(r) * r.days_per_efc());
    let [day_0, efc_0] = if begins { [days(first), efc(first)] } else { [0.0, 0.0] };
    for pair in raw.windows(2) {
        for (field, before, value) in
            [(Field::Days, days(&pair[0]), days(&pair[1])), (Field::Efc, efc(&pair[0]), efc(&pair[1]))]
        {
            if value < before {
                let (table, column) = (header.table.clone(), header.title(field));
                return Err(TableError::Falls { table, line: pair[1].line, column, cell, before, value });
            }
        }
    }
    let row = |r: &Raw| Row {
        days: days(r) - day_0,
        efc: efc(r) - efc_0,
        stress: r.stress,
        capacity: match r.capacity {
            Some(q) if relative => q,
            _ => r.capacity_ah.map_or(f64::NAN, |ah| ah / base_ah),
        },
        capacity_sd: r.capacity_sd,
        resistance: r.resistance.or_else(|| Some(r.resistance_mohm? / base_mohm?)),
        line: r.line,
    };
    let rows: Vec<Row> = raw.iter().map(row).collect();
    if let Some(row) = rows.iter().find(|r| !r.capacity.is_finite()) {
        let column = header.title(if relative { Field::Capacity } else { Field::CapacityAh });
        return Err(TableError::Empty { table: header.table.clone(), line: row.line, column });
    }
    Ok(Series { cell, rows })
}
