//! Tables as Parquet, without Arrow.

use super::error::OutputError;
use super::frame::{Column, Frame, Values};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::column::writer::ColumnWriterImpl;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use std::io::Write;
use std::sync::Arc;

/// Rows of a row group.
const GROUP_ROWS: usize = 100_000;
/// Level of zstd compression.
const ZSTD_LEVEL: i32 = 3;
/// Key of the table's dictionary in the file's metadata.
pub const DICTIONARY_KEY: &str = "packlife";

/// Writes a table with its dictionary in the file's key-value metadata under [`DICTIONARY_KEY`]
/// (`{"table", "doc", "columns": {name: {"unit", "doc"}}}`), beside the given pairs (version, seed, hash of the plan).
pub fn write_parquet(frame: &Frame, to: impl Write + Send, extra: &[(String, String)]) -> Result<(), OutputError> {
    frame.check()?;
    let mut meta = vec![KeyValue::new(DICTIONARY_KEY.to_string(), dictionary(frame)?)];
    meta.extend(extra.iter().map(|(k, v)| KeyValue::new(k.clone(), v.clone())));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_key_value_metadata(Some(meta))
        .build();
    let mut writer = SerializedFileWriter::new(to, Arc::new(schema(frame)?), Arc::new(properties))?;
    let rows = frame.rows();
    for start in (0..rows).step_by(GROUP_ROWS) {
        let range = start..(start + GROUP_ROWS).min(rows);
        let mut group = writer.next_row_group()?;
        for column in &frame.columns {
            if let Some(file_column) = group.next_column()? {
                write_column(column, range.clone(), file_column)?;
            }
        }
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

fn dictionary(frame: &Frame) -> Result<String, OutputError> {
    let columns: serde_json::Map<String, serde_json::Value> =
        frame.columns.iter().map(|c| (c.name.clone(), serde_json::json!({"unit": c.unit, "doc": c.doc}))).collect();
    let json = serde_json::json!({"table": frame.name, "doc": frame.doc, "columns": columns});
    Ok(serde_json::to_string(&json)?)
}

fn schema(frame: &Frame) -> Result<Type, OutputError> {
    let mut fields = Vec::with_capacity(frame.columns.len());
    for column in &frame.columns {
        let (physical, logical) = match column.values {
            Values::Real(_) => (Physical::DOUBLE, None),
            Values::Whole(_) => (Physical::INT64, None),
            Values::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let field = Type::primitive_type_builder(&column.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()?;
        fields.push(Arc::new(field));
    }
    Ok(Type::group_type_builder(&frame.name).with_fields(fields).build()?)
}

fn write_column(
    column: &Column,
    rows: std::ops::Range<usize>,
    mut to: SerializedColumnWriter<'_>,
) -> Result<(), OutputError> {
    match &column.values {
        Values::Real(v) => write_values(to.typed::<DoubleType>(), &v[rows], |&x| x.is_finite().then_some(x))?,
        Values::Whole(v) => write_values(to.typed::<Int64Type>(), &v[rows], |&x| Some(x))?,
        Values::Text(v) => {
            write_values(to.typed::<ByteArrayType>(), &v[rows], |x| Some(ByteArray::from(x.as_bytes().to_vec())))?
        }
    }
    to.close()?;
    Ok(())
}

/// Writes the values present, and a definition level of 1 for each of them and 0 for each missing one.
fn write_values<D: DataType, V>(
    to: &mut ColumnWriterImpl<'_, D>,
    values: &[Option<V>],
    store: impl Fn(&V) -> Option<D::T>,
) -> Result<(), OutputError> {
    let mut present = Vec::with_capacity(values.len());
    let mut levels = Vec::with_capacity(values.len());
    for value in values {
        let kept = value.as_ref().and_then(&store);
        levels.push(i16::from(kept.is_some()));
        present.extend(kept);
    }
    to.write_batch(&present, Some(&levels), None)?;
    Ok(())
}
