//! Reading CSV tables by column.

/// A table: a header, and rows of text fields.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    header: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Columns {
    /// Reads a table.
    pub(crate) fn read(text: &str) -> Result<Columns, String> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|e| e.to_string())?.iter().map(str::to_owned).collect();
        let rows: Result<Vec<_>, _> = reader.into_records().collect();
        Ok(Columns { header, rows: rows.map_err(|e| e.to_string())? })
    }

    /// Names of the columns.
    pub(crate) fn header(&self) -> impl Iterator<Item = &str> {
        self.header.iter().map(String::as_str)
    }

    /// Whether all these columns are there.
    pub(crate) fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.header().any(|h| h == *name))
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    fn index(&self, name: &str) -> Result<usize, String> {
        self.header().position(|h| h == name).ok_or_else(|| format!("column `{name}` is missing"))
    }

    /// A column of texts.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<&str>, String> {
        let at = self.index(name)?;
        Ok(self.rows.iter().map(|row| row.get(at).unwrap_or("")).collect())
    }

    /// A column of numbers; an empty field is not a number.
    pub(crate) fn numbers(&self, name: &str) -> Result<Vec<f64>, String> {
        let read = |(row, text): (usize, &str)| match text {
            "" => Ok(f64::NAN),
            _ => text.parse().map_err(|_| format!("`{name}` in row {} is `{text}`", row + 2)),
        };
        self.texts(name)?.into_iter().enumerate().map(read).collect()
    }

    /// Values of a column in order of appearance, each with its rows.
    pub(crate) fn groups(&self, name: &str) -> Result<Vec<(String, Vec<usize>)>, String> {
        let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
        for (row, value) in self.texts(name)?.into_iter().enumerate() {
            match groups.iter_mut().rev().find(|(known, _)| known == value) {
                Some((_, rows)) => rows.push(row),
                None => groups.push((value.to_owned(), vec![row])),
            }
        }
        Ok(groups)
    }
}
