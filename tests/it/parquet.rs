//! The report as Parquet, read back.

use crate::support::{self, RULES, fixture, options, scan_fixture};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, RecordBatch, StructArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::json;
use std::io::Write;
use unlabel::report::Report;
use unlabel::scan::scan;
use unlabel::source::collect::collect;

fn written(report: &Report) -> Vec<u8> {
    let mut out = Vec::new();
    (unlabel::renderers::find("parquet").unwrap().render)(report, &mut out).unwrap();
    out
}

fn table(report: &Report) -> RecordBatch {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&written(report)).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let mut batches = reader.with_batch_size(1 << 20).build().unwrap();
    let table = batches.next().unwrap().unwrap();
    assert!(batches.next().is_none());
    table
}

fn texts(table: &RecordBatch, column: &str) -> Vec<Option<String>> {
    let column = table.column_by_name(column).unwrap().as_string::<i32>();
    column.iter().map(|text| text.map(str::to_owned)).collect()
}

/// One document with a finding, one set aside, and a question.
const ALL_SORTS: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
  {"type": "library", "name": "av-sdk", "supplier": {"name": "AO Kaspersky Lab"}},
  {"type": "application", "name": "kaspersky-removal-helper", "supplier": {"name": "Example Ltd"},
   "description": "Removes what is left of Kaspersky products"},
  {"type": "library", "name": "scan-core", "description": "Anti-virus engine SDK"}]}"#;

/// Fixtures below a folder, and that document.
fn report(below: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let more = folder.path().join("all-sorts.json");
    std::fs::write(&more, ALL_SORTS).unwrap();
    scan(&collect(&[fixture(below), more]), &RULES, &options())
}

#[test]
fn every_row_of_the_json_report_is_there() {
    let report = report("twins");
    let table = table(&report);
    let count = |record: &str| texts(&table, "record").iter().filter(|r| r.as_deref() == Some(record)).count();
    assert!(report.findings.len() > 20 && !report.set_aside.is_empty());
    assert!(report.questions.iter().any(|q| q.arose.is_some()));
    assert_eq!(count("input"), report.inputs.len());
    assert_eq!(count("finding"), report.findings.len());
    assert_eq!(count("set_aside"), report.set_aside.len());
    assert_eq!(count("question"), report.questions.iter().filter(|q| q.arose.is_some()).count());
    let json = support::json(&report);
    let (records, ids, inputs) = (texts(&table, "record"), texts(&table, "id"), texts(&table, "path"));
    let number = table.column_by_name("input").unwrap().as_primitive::<Int64Type>();
    let evidence = table.column_by_name("evidence").unwrap().as_list::<i32>();
    let rows: Vec<usize> = (0..table.num_rows()).filter(|row| records[*row].as_deref() == Some("finding")).collect();
    for (finding, row) in json["findings"].as_array().unwrap().iter().zip(rows) {
        assert_eq!(ids[row].as_deref(), finding["id"].as_str());
        assert_eq!(number.value(row), finding["input"].as_i64().unwrap());
        let input = &json["inputs"][finding["input"].as_u64().unwrap() as usize];
        assert_eq!(inputs[row].as_deref(), input["path"].as_str());
        let pieces = evidence.value(row);
        let pieces: &StructArray = pieces.as_struct();
        assert_eq!(pieces.len(), finding["evidence"].as_array().unwrap().len());
        let found = pieces.column_by_name("found").unwrap().as_string::<i32>();
        let lines = pieces.column_by_name("line").unwrap().as_primitive::<Int64Type>();
        for (at, piece) in finding["evidence"].as_array().unwrap().iter().enumerate() {
            assert_eq!(found.value(at), piece["found"].as_str().unwrap());
            assert_eq!(lines.value(at), piece["line"].as_i64().unwrap());
        }
    }
}

/// Every column, also in lists and structs, is a field of the JSON report, so that none is always empty by mistake.
#[test]
fn no_column_is_empty_everywhere_but_that_which_needs_an_earlier_report() {
    let mut value = support::json(&report(""));
    value["findings"][0]["open"] = "Is it there?".into();
    value["findings"][0]["waiver"] = json!({"reason": "a", "approver": "b", "expires": "2027-01-01"});
    value["summary"]["waived"] = 1.into();
    let report = unlabel::report::file::read(value.to_string().as_bytes()).unwrap();
    let table = table(&report);
    let schema = table.schema();
    let empty: Vec<&str> = schema
        .fields()
        .iter()
        .filter(|field| table.column_by_name(field.name()).unwrap().null_count() == table.num_rows())
        .map(|field| field.name().as_str())
        .collect();
    assert_eq!(empty, ["baseline"]);
}

#[test]
fn what_could_not_be_read_has_a_row() {
    let report =
        scan(&collect(&["no/such/file.json".into(), fixture("clean/cdx12-vdm-editor-bom.json")]), &RULES, &options());
    let table = table(&report);
    assert_eq!(texts(&table, "record"), [Some("input".to_owned()), Some("input".to_owned())]);
    assert_eq!(texts(&table, "status"), [Some("unread".to_owned()), Some("read".to_owned())]);
    assert_eq!(texts(&table, "level"), [None, Some("no-evidence".to_owned())]);
    let problems = table.column_by_name("problems").unwrap().as_list::<i32>();
    assert_eq!(problems.value(0).len(), 1);
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let (one, other) = (scan_fixture("twins"), scan_fixture("twins"));
    assert!(written(&one) == written(&other));
}
