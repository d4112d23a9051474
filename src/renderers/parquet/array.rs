//! Rows of JSON values into columns of a known schema.
//!
//! A field that is not in the schema is left out; one that is absent is null. A value of another sort than its column is
//! an error: the schema and the report are both ours.

use arrow_array::builder::{BooleanBuilder, Int64Builder, StringBuilder};
use arrow_array::{Array, ArrayRef, ListArray, RecordBatch, StructArray};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use serde_json::Value;
use std::sync::Arc;

/// Some rows as columns.
///
/// # Errors
/// A value that does not fit its column.
pub fn batch(schema: &Arc<Schema>, rows: &[Value]) -> Result<RecordBatch, ArrowError> {
    let rows: Vec<Option<&Value>> = rows.iter().map(Some).collect();
    let columns = schema.fields().iter().map(|field| column(field, &rows)).collect::<Result<_, _>>()?;
    RecordBatch::try_new(Arc::clone(schema), columns)
}

/// One field of every row.
fn column(field: &Field, rows: &[Option<&Value>]) -> Result<ArrayRef, ArrowError> {
    let values: Vec<Option<&Value>> =
        rows.iter().map(|row| row.and_then(|row| row.get(field.name())).filter(|value| !value.is_null())).collect();
    array(field.data_type(), &values)
}

fn array(of: &DataType, values: &[Option<&Value>]) -> Result<ArrayRef, ArrowError> {
    let wrong = |value: &Value| ArrowError::SchemaError(format!("no {of}: {}", value.to_string().len()));
    match of {
        DataType::Utf8 => {
            let mut out = StringBuilder::new();
            for value in values {
                out.append_option(value.map(|v| v.as_str().ok_or_else(|| wrong(v))).transpose()?);
            }
            Ok(Arc::new(out.finish()))
        }
        DataType::Int64 => {
            let mut out = Int64Builder::new();
            for value in values {
                // A number beyond what the column can hold is cut to its largest.
                let number = |v: &Value| v.as_u64().map(|n| i64::try_from(n).unwrap_or(i64::MAX));
                out.append_option(value.map(|v| number(v).ok_or_else(|| wrong(v))).transpose()?);
            }
            Ok(Arc::new(out.finish()))
        }
        DataType::Boolean => {
            let mut out = BooleanBuilder::new();
            for value in values {
                out.append_option(value.map(|v| v.as_bool().ok_or_else(|| wrong(v))).transpose()?);
            }
            Ok(Arc::new(out.finish()))
        }
        DataType::Struct(fields) => {
            let columns = fields.iter().map(|field| column(field, values)).collect::<Result<_, _>>()?;
            let there = values.iter().map(Option::is_some).collect::<Vec<_>>().into();
            Ok(Arc::new(StructArray::try_new(fields.clone(), columns, Some(there))?))
        }
        DataType::List(item) => {
            let (mut ends, mut items) = (vec![0i32], Vec::new());
            for value in values {
                let of = value.map(|v| v.as_array().ok_or_else(|| wrong(v))).transpose()?;
                items.extend(of.into_iter().flatten().map(Some));
                let end = i32::try_from(items.len()).map_err(|_| ArrowError::OffsetOverflowError(items.len()))?;
                ends.push(end);
            }
            let inner = array(item.data_type(), &items)?;
            let there = values.iter().map(Option::is_some).collect::<Vec<_>>().into();
            let list =
                ListArray::try_new(Arc::clone(item), arrow_buffer::OffsetBuffer::new(ends.into()), inner, Some(there))?;
            debug_assert_eq!(list.len(), values.len());
            Ok(Arc::new(list))
        }
        other => Err(ArrowError::NotYetImplemented(other.to_string())),
    }
}
