//! What `unlabel.spark` gives: one row for each document, as Arrow.
//!
//! The columns are those that Python asks for, which is where the schema stands; what a report holds and no column asks
//! for is left out. Nothing is decided here. Start at [`Rows`].

use crate::{Scanner, UnlabelError};
use arrow_json::ReaderBuilder;
use arrow_json::reader::Decoder;
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use serde::Serialize;
use serde_json::json;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use unlabel::report::{Finding, Question, SetAside};
use unlabel::{Input, Report};

/// Rows that are collected until somebody takes them.
#[pyclass(module = "unlabel._unlabel")]
pub struct Rows {
    scanner: Py<Scanner>,
    schema: SchemaRef,
    /// Behind a lock that is never taken: only who may change the rows comes here, but Python wants them to be shared.
    decoder: Mutex<Decoder>,
    /// What stands in every row: the question, as JSON.
    context: String,
    origins: Vec<i64>,
    weight: usize,
}

#[pymethods]
impl Rows {
    /// `schema` is an Arrow schema as its IPC message.
    #[new]
    fn new(scanner: Py<Scanner>, schema: PyBackedBytes, context: String) -> PyResult<Self> {
        let schema = Arc::new(arrow_ipc::convert::try_schema_from_ipc_buffer(&schema).map_err(exception)?);
        let decoder = ReaderBuilder::new(Arc::clone(&schema)).build_decoder().map_err(exception)?;
        Ok(Self { scanner, schema, decoder: Mutex::new(decoder), context, origins: Vec::new(), weight: 0 })
    }

    /// Adds the rows of a file in memory: at least one. `origin` comes back for each of them.
    fn scan(&mut self, py: Python<'_>, origin: i64, name: &str, data: PyBackedBytes) -> PyResult<()> {
        let scanner = self.scanner.clone_ref(py);
        py.detach(|| self.add(&scanner.get().0, origin, name, &scanner.get().0.scan_bytes(name, &data)))
    }

    /// The same for a file on disk, which is not held in memory.
    fn scan_file(&mut self, py: Python<'_>, origin: i64, name: &str, path: PathBuf) -> PyResult<()> {
        let scanner = self.scanner.clone_ref(py);
        py.detach(|| self.add(&scanner.get().0, origin, name, &scanner.get().0.scan_file(name, path)))
    }

    /// Adds the row of a file of which nothing was read, and why.
    fn unread(&mut self, py: Python<'_>, origin: i64, name: &str, code: &str, message: &str) -> PyResult<()> {
        let scanner = self.scanner.clone_ref(py);
        self.add_unread(&scanner.get().0, origin, name, code, message)
    }

    /// How much is collected: rows, findings and what was set aside.
    #[getter]
    fn weight(&self) -> usize {
        self.weight
    }

    /// Takes the origins of the rows that came since this was last asked.
    fn origins(&mut self) -> Vec<i64> {
        std::mem::take(&mut self.origins)
    }

    /// Takes the rows, as an Arrow IPC stream of one batch, or of none where there is no row.
    fn take<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let stream = py.detach(|| self.stream()).map_err(exception)?;
        Ok(PyBytes::new(py, &stream))
    }
}

impl Rows {
    fn add(&mut self, scanner: &unlabel::Scanner, origin: i64, name: &str, report: &Report) -> PyResult<()> {
        if report.inputs.is_empty() {
            let message = "there is nothing in it that could be read";
            return self.add_unread(scanner, origin, name, "not-an-sbom", message);
        }
        let stamp = Stamp::of(scanner);
        let mut rows: Vec<Row<'_>> = report
            .inputs
            .iter()
            .enumerate()
            .map(|(number, input)| Row {
                source: name,
                number,
                input,
                supplier: input.product.as_ref().and_then(|product| product.supplier.as_deref()),
                stamp,
                context: &self.context,
                findings: Vec::new(),
                set_aside: Vec::new(),
                questions: Vec::new(),
            })
            .collect();
        for finding in &report.findings {
            rows[finding.input].findings.push(finding);
        }
        for aside in &report.set_aside {
            rows[aside.finding.input].set_aside.push(aside);
        }
        for question in &report.questions {
            rows[question.input].questions.push(question);
        }
        decoder(&mut self.decoder).serialize(&rows).map_err(exception)?;
        self.origins.extend(rows.iter().map(|_| origin));
        self.weight += rows.len() + report.findings.len() + report.set_aside.len();
        Ok(())
    }

    fn add_unread(
        &mut self,
        scanner: &unlabel::Scanner,
        origin: i64,
        name: &str,
        code: &str,
        message: &str,
    ) -> PyResult<()> {
        let stamp = Stamp::of(scanner);
        let row = json!({
            "source": name,
            "number": 0,
            "path": name,
            "status": unlabel::Status::Unread,
            "components": 0,
            "inconclusive": false,
            "problems": [{"code": code, "message": message, "pointer": "", "hides_components": true}],
            "more_problems": 0,
            "rules_sha256": stamp.rules_sha256,
            "rules_version": stamp.rules_version,
            "tool_version": stamp.tool_version,
            "context": self.context,
            "findings": [],
            "set_aside": [],
            "questions": [],
        });
        decoder(&mut self.decoder).serialize(&[row]).map_err(exception)?;
        self.origins.push(origin);
        self.weight += 1;
        Ok(())
    }

    fn stream(&mut self) -> Result<Vec<u8>, ArrowError> {
        self.weight = 0;
        let mut out = arrow_ipc::writer::StreamWriter::try_new(Vec::new(), &self.schema)?;
        if let Some(batch) = decoder(&mut self.decoder).flush()? {
            out.write(&batch)?;
        }
        out.into_inner()
    }
}

fn decoder(of: &mut Mutex<Decoder>) -> &mut Decoder {
    of.get_mut().unwrap_or_else(PoisonError::into_inner)
}

/// A row; its columns are called as the fields of the JSON report.
#[derive(Serialize)]
struct Row<'r> {
    source: &'r str,
    number: usize,
    #[serde(flatten)]
    input: &'r Input,
    supplier: Option<&'r str>,
    #[serde(flatten)]
    stamp: Stamp<'r>,
    context: &'r str,
    findings: Vec<&'r Finding>,
    set_aside: Vec<&'r SetAside>,
    questions: Vec<&'r Question>,
}

/// What the row was made with.
#[derive(Clone, Copy, Serialize)]
struct Stamp<'r> {
    rules_sha256: &'r str,
    rules_version: &'r str,
    tool_version: &'static str,
}

impl<'r> Stamp<'r> {
    fn of(scanner: &'r unlabel::Scanner) -> Self {
        let rules = scanner.rules();
        Self { rules_sha256: &rules.sha256, rules_version: &rules.version, tool_version: env!("CARGO_PKG_VERSION") }
    }
}

/// The schema and what fills it are both ours, so this is a fault of ours.
fn exception(error: ArrowError) -> PyErr {
    UnlabelError::new_err(format!("a row does not fit its columns: {error}"))
}
