//! The columns: names, types and order. `docs/parquet.md` says what each holds.

use arrow_schema::{DataType, Field, Fields, Schema};
use std::sync::Arc;

/// The columns of the table.
pub fn schema() -> Schema {
    Schema::new(
        [
            // The row, and the run it comes from.
            must("record", DataType::Utf8),
            must("tool_version", DataType::Utf8),
            must("rules_version", DataType::Utf8),
            must("rules_sha256", DataType::Utf8),
            must("role", DataType::Utf8),
            must("market", list(DataType::Utf8)),
            must("as_of", DataType::Utf8),
            // The input.
            must("input", DataType::Int64),
            must("path", DataType::Utf8),
            text("file"),
            text("inside"),
            must("status", DataType::Utf8),
            text("format"),
            text("serialization"),
            text("spec_version"),
            must("bytes", DataType::Int64),
            text("sha256"),
            must("components", DataType::Int64),
            text("input_level"),
            must("inconclusive", DataType::Boolean),
            may("disclosure", DataType::Struct(disclosure())),
            may("product", texts(&["ref", "name", "version", "supplier"])),
            may("problems", list(DataType::Struct(problem()))),
            number("more_problems"),
            // What the row is about.
            text("id"),
            text("level"),
            may("component", texts(&["ref", "name", "version", "purl", "kind"])),
            may("location", DataType::Struct(location().into())),
            text("relation"),
            text("organization"),
            text("class"),
            text("class_title"),
            text("strength"),
            may("evidence", list(DataType::Struct(evidence()))),
            may("paths", list(list(DataType::Utf8))),
            may("path_names", list(list(DataType::Utf8))),
            may("assessments", list(DataType::Struct(assessment()))),
            text("open"),
            may("narrowed", texts(&["by", "why"])),
            may("waiver", texts(&["reason", "approver", "expires"])),
            text("baseline"),
            text("by"),
            text("why"),
            text("found"),
            text("ask"),
            text("because"),
        ]
        .to_vec(),
    )
}

fn disclosure() -> Fields {
    let figures = ["components", "files", "with_supplier", "with_identifier", "with_version", "with_hash", "relations"];
    let more = ["depth", "external_documents"];
    [text("grade"), text("declared")].into_iter().chain(figures.into_iter().chain(more).map(number)).collect()
}

fn problem() -> Fields {
    let flag = may("hides_components", DataType::Boolean);
    [text("code"), text("message"), text("pointer"), number("line"), number("column"), flag].into_iter().collect()
}

fn location() -> Vec<Field> {
    let numbers = ["line", "column", "end_line", "end_column"].into_iter().map(number);
    std::iter::once(text("pointer")).chain(numbers).collect()
}

fn evidence() -> Fields {
    let words = ["kind", "rule", "rule_title", "found", "strength"].into_iter().map(text);
    let more = [may("draft", DataType::Boolean), may("sources", list(DataType::Utf8))];
    words.chain(location()).chain(more).collect()
}

fn assessment() -> Fields {
    let words = [
        "regime",
        "citation",
        "clause",
        "level",
        "since",
        "since_local",
        "since_words",
        "because",
        "duty",
        "certainty",
    ];
    let more = [text("uncertain"), may("questions", list(DataType::Utf8)), may("sources", list(DataType::Utf8))];
    words.into_iter().map(text).chain(more).collect()
}

fn must(name: &str, of: DataType) -> Field {
    Field::new(name, of, false)
}

fn may(name: &str, of: DataType) -> Field {
    Field::new(name, of, true)
}

fn text(name: &str) -> Field {
    may(name, DataType::Utf8)
}

fn number(name: &str) -> Field {
    may(name, DataType::Int64)
}

fn texts(names: &[&str]) -> DataType {
    DataType::Struct(names.iter().map(|name| text(name)).collect())
}

/// The items are called `element`, as the Parquet format asks for.
fn list(of: DataType) -> DataType {
    DataType::List(Arc::new(may("element", of)))
}
