//! The part of the Python package `unlabel` that is Rust: the scanner, the rules, the forms and the program.
//!
//! Everything goes in as words and bytes and comes out as JSON text, so that Python sees the report that others see and
//! this file stays small; for Spark it comes out as Arrow ([`rows`]). What is convenient is in `python/unlabel/`. The
//! interpreter's lock is released while a document is scanned.

mod rows;

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use std::path::PathBuf;
use unlabel::{Error, Level, Report};

pyo3::import_exception!(unlabel._errors, UnlabelError);
pyo3::import_exception!(unlabel._errors, RulesError);
pyo3::import_exception!(unlabel._errors, QuestionError);

/// The exception that an error is in Python.
fn exception(error: Error) -> PyErr {
    let message = error.to_string();
    match error {
        Error::Rule { .. } | Error::RuleFolder { .. } | Error::RuleVersion { .. } => RulesError::new_err(message),
        Error::UnknownWord { .. } | Error::Contradiction { .. } | Error::Date { .. } => QuestionError::new_err(message),
        _ => UnlabelError::new_err(message),
    }
}

/// A report as its JSON.
fn json(report: &Report) -> PyResult<String> {
    let mut out = Vec::new();
    unlabel::render(report, "json", &mut out).map_err(exception)?;
    String::from_utf8(out).map_err(|error| UnlabelError::new_err(error.to_string()))
}

/// Rules, a question and bounds, ready to scan.
#[pyclass(frozen, module = "unlabel._unlabel")]
struct Scanner(unlabel::Scanner);

#[pymethods]
impl Scanner {
    #[new]
    #[pyo3(signature = (
        as_of, as_of_assumed, role, markets, act, facts, regimes, rules_folders, rules, include_drafts, fail_on,
        allow_incomplete, max_findings, max_input_size, max_unpacked_size, threads,
    ))]
    #[expect(clippy::too_many_arguments, reason = "each is one keyword in Python, which calls it in one place")]
    fn new(
        py: Python<'_>,
        as_of: String,
        as_of_assumed: bool,
        role: Option<String>,
        markets: Vec<String>,
        act: Option<String>,
        facts: Vec<String>,
        regimes: Vec<String>,
        rules_folders: Vec<PathBuf>,
        rules: Vec<(String, String)>,
        include_drafts: bool,
        fail_on: Option<String>,
        allow_incomplete: bool,
        max_findings: Option<usize>,
        max_input_size: Option<u64>,
        max_unpacked_size: Option<u64>,
        threads: usize,
    ) -> PyResult<Self> {
        let mut builder = unlabel::Scanner::builder(as_of)
            .include_drafts(include_drafts)
            .allow_incomplete(allow_incomplete)
            .threads(threads);
        if as_of_assumed {
            builder = builder.as_of_is_assumed();
        }
        if let Some(role) = role {
            builder = builder.role(role);
        }
        if let Some(act) = act {
            builder = builder.act(act);
        }
        builder = markets.into_iter().fold(builder, unlabel::Builder::market);
        builder = facts.into_iter().fold(builder, unlabel::Builder::fact);
        builder = regimes.into_iter().fold(builder, unlabel::Builder::regime);
        builder = rules_folders.into_iter().fold(builder, unlabel::Builder::rules_folder);
        builder = rules.into_iter().fold(builder, |builder, (name, text)| builder.rule(name, text));
        if let Some(word) = fail_on {
            builder = builder.fail_on(level(&word)?);
        }
        if let Some(most) = max_findings {
            builder = builder.max_findings(most);
        }
        if let Some(most) = max_input_size {
            builder = builder.max_input_size(most);
        }
        if let Some(most) = max_unpacked_size {
            builder = builder.max_unpacked_size(most);
        }
        py.detach(|| builder.build()).map(Self).map_err(exception)
    }

    /// Scans a document in memory; gives the JSON report.
    fn scan_bytes(&self, py: Python<'_>, data: PyBackedBytes, name: &str) -> PyResult<String> {
        py.detach(|| json(&self.0.scan_bytes(name, &data)))
    }

    /// Scans files and folders; gives the JSON report.
    fn scan_paths(&self, py: Python<'_>, paths: Vec<PathBuf>) -> PyResult<String> {
        py.detach(|| json(&self.0.scan_paths(paths)))
    }

    /// Version, SHA-256, number of rules that are on, and the newest day one was checked.
    fn stamp(&self) -> (String, String, usize, String) {
        let stamp = self.0.rules();
        (stamp.version.clone(), stamp.sha256.clone(), stamp.count, stamp.updated.clone())
    }

    /// Every rule: id, kind, title, whether it is a draft, file.
    fn rules(&self) -> Vec<(String, &'static str, String, bool, String)> {
        self.0.rule_list().into_iter().map(|r| (r.id, r.kind, r.title, r.draft, r.file)).collect()
    }
}

fn level(word: &str) -> PyResult<Level> {
    let known = || Level::ALL.iter().skip(1);
    let found = known().find(|level| level.id() == word).copied();
    found.ok_or_else(|| exception(Error::unknown("level", word, known().map(|level| level.id()))))
}

/// A JSON report in another form.
#[pyfunction]
fn render(py: Python<'_>, report: &str, format: &str) -> PyResult<String> {
    py.detach(|| {
        let report =
            unlabel::read_report(report.as_bytes()).map_err(|fault| UnlabelError::new_err(fault.to_string()))?;
        let mut out = Vec::new();
        unlabel::render(&report, format, &mut out).map_err(exception)?;
        String::from_utf8(out).map_err(|error| UnlabelError::new_err(error.to_string()))
    })
}

/// The words for the forms of a report.
#[pyfunction]
fn formats() -> Vec<&'static str> {
    unlabel::formats().map(|(id, _)| id).collect()
}

/// The program: takes arguments as a shell gives them, the name first, and gives the exit status.
#[pyfunction]
fn run(py: Python<'_>, arguments: Vec<std::ffi::OsString>) -> u8 {
    py.detach(|| unlabel::cli::run_with(arguments))
}

#[pymodule]
fn _unlabel(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<Scanner>()?;
    module.add_class::<rows::Rows>()?;
    module.add_function(wrap_pyfunction!(render, module)?)?;
    module.add_function(wrap_pyfunction!(formats, module)?)?;
    module.add_function(wrap_pyfunction!(run, module)?)?;
    Ok(())
}
