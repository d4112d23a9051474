//! Apache Parquet, for query engines and warehouses.
//!
//! One table in one file. The column `record` says what a row is: every input has one, read or not, and so has every
//! finding, every finding set aside, and every question on an engine that names no maker; so that a query for findings
//! and a query for what could not be read have the same source, and neither can be lost on the way without the other.
//! The facts of its input stand in each row. Columns are called as the fields of the JSON report, and hold the same
//! ([`schema`]); texts are as documents wrote them. The same report gives the same bytes.

mod array;
mod schema;

use crate::report::Report;
use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::file::properties::WriterProperties;
use serde_json::{Map, Value, json};
use std::io::{self, Write};
use std::sync::Arc;

/// How many rows are turned into columns at once.
const BATCH: usize = 1024;

/// Writes the report.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let schema = Arc::new(schema::schema());
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer =
        ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), Some(properties)).map_err(io::Error::other)?;
    let mut rows = Vec::new();
    let mut write = |rows: &mut Vec<Value>| {
        let batch = array::batch(&schema, rows).map_err(io::Error::other)?;
        rows.clear();
        writer.write(&batch).map_err(io::Error::other)
    };
    for_each(report, &mut |row| {
        rows.push(row);
        if rows.len() == BATCH { write(&mut rows) } else { Ok(()) }
    })?;
    write(&mut rows)?;
    out.write_all(&writer.into_inner().map_err(io::Error::other)?)
}

/// Every row: an input, and then all that is about it.
fn for_each(report: &Report, each: &mut dyn FnMut(Value) -> io::Result<()>) -> io::Result<()> {
    let run = json!({
        "tool_version": report.tool.version,
        "rules_version": report.rules.version,
        "rules_sha256": report.rules.sha256,
        "role": report.context.role,
        "market": report.context.markets,
        "as_of": report.context.as_of,
    });
    for (number, input) in report.inputs.iter().enumerate() {
        let mut facts = fields(run.clone());
        facts.extend(fields(serde_json::to_value(input)?));
        facts.insert("input".to_owned(), json!(number));
        facts.insert("input_level".to_owned(), json!(input.level));
        each(row("input", &facts, Map::new()))?;
        // Told once: they may be many.
        facts.remove("problems");
        facts.remove("more_problems");
        facts.remove("level");
        for finding in report.findings.iter().filter(|f| f.input == number) {
            each(row("finding", &facts, fields(serde_json::to_value(finding)?)))?;
        }
        for aside in report.set_aside.iter().filter(|s| s.finding.input == number) {
            each(row("set_aside", &facts, fields(serde_json::to_value(aside)?)))?;
        }
        let asked = report.questions.iter().filter(|q| q.input == number);
        for (question, arose) in asked.filter_map(|q| Some((q, q.arose.as_ref()?))) {
            let own = json!({
                "ask": question.ask,
                "because": question.because,
                "component": arose.component,
                "location": arose.location,
                "found": arose.found,
                "by": arose.rule,
            });
            each(row("question", &facts, fields(own)))?;
        }
    }
    Ok(())
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn row(record: &str, facts: &Map<String, Value>, own: Map<String, Value>) -> Value {
    let mut row = facts.clone();
    row.extend(own);
    row.insert("record".to_owned(), json!(record));
    Value::Object(row)
}
