//! A statement of in-toto (Statement v1, specification v1.1) on the scanned SBOMs, ready to be signed.
//!
//! The subjects are the documents that were scanned, by digest. The predicate is in-toto's own `test-result` (v0.1), which
//! policies know: every document is tested for being read whole and for telling enough, and every finding is a test.
//! Whoever signs reads names of tests that are words of ours, digests and ids, and never a text of a document: those stand
//! in the JSON report, whose digest is in the statement. `PASSED` is said only when nothing at all is left open.

use super::escape::{Line, shown};
use super::{decided, json, words};
use crate::report::{Finding, Report, Status};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// How long the name of a subject may be.
const NAME: usize = 1_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    #[serde(rename = "_type")]
    kind: &'static str,
    subject: Vec<Resource>,
    predicate_type: &'static str,
    predicate: TestResult,
}

/// `ResourceDescriptor`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    name: String,
    digest: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<&'static str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<&'static str, String>,
}

impl Resource {
    fn new(name: String, sha256: String) -> Self {
        Self { name, digest: BTreeMap::from([("sha256", sha256)]), media_type: None, annotations: BTreeMap::new() }
    }
}

/// The predicate `test-result`, and under `unlabel` what it has no field for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TestResult {
    result: &'static str,
    configuration: Vec<Resource>,
    passed_tests: BTreeSet<String>,
    warned_tests: BTreeSet<String>,
    failed_tests: BTreeSet<String>,
    unlabel: Extension,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Extension {
    tool: String,
    summary: String,
    standing: String,
    caveats: Vec<String>,
    disclaimer: String,
    /// What somebody has decided about findings, and what there is to tell of waivers: texts of the configuration.
    decisions: Vec<String>,
    exit_status: u8,
    /// The JSON report of the same run, byte for byte.
    report: Resource,
    /// What was asked for and is no subject, because it has no digest: how many.
    inputs_without_digest: usize,
    not_subjects: Vec<String>,
}

/// How many inputs without a digest, and how many decisions, are named.
const NAMED: usize = 100;

/// Writes the report.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut whole = Vec::new();
    json::render(report, &mut whole)?;
    let statement = statement(report, &hex(&Sha256::digest(&whole)));
    serde_json::to_writer_pretty(&mut *out, &statement)?;
    out.write_all(b"\n")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A SHA-256 in lower-case letters, where it is one: a report that is read back may say anything.
fn digest(text: Option<&String>) -> Option<&str> {
    let of = |text: &&str| text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    text.map(String::as_str).filter(of)
}

fn statement(report: &Report, digest_of_report: &str) -> Statement {
    let mut written = Resource::new("unlabel.report/1".to_owned(), digest_of_report.to_owned());
    written.media_type = Some("application/json");
    let without: Vec<&str> =
        report.inputs.iter().filter(|i| digest(i.sha256.as_ref()).is_none()).map(|i| i.path.as_str()).collect();
    let (passed_tests, warned_tests, failed_tests) = tests(report);
    let result = match (report.exit_status(), failed_tests.is_empty(), warned_tests.is_empty()) {
        (0, true, true) => "PASSED",
        (0, true, false) => "WARNED",
        _ => "FAILED",
    };
    Statement {
        kind: "https://in-toto.io/Statement/v1",
        subject: subjects(report),
        predicate_type: "https://in-toto.io/attestation/test-result/v0.1",
        predicate: TestResult {
            result,
            configuration: configuration(report),
            passed_tests,
            warned_tests,
            failed_tests,
            unlabel: Extension {
                tool: format!("{} {}", Line(&report.tool.name), Line(&report.tool.version)),
                summary: words::summary(report),
                standing: shown(&words::standing(report), 2_000).into_owned(),
                caveats: words::caveats(report).iter().map(|c| shown(c, 2_000).into_owned()).collect(),
                disclaimer: shown(&report.disclaimer, 2_000).into_owned(),
                decisions: decisions(report),
                exit_status: report.exit_status(),
                report: written,
                inputs_without_digest: without.len(),
                not_subjects: without.iter().take(NAMED).map(|path| shown(path, NAME).into_owned()).collect(),
            },
        },
    }
}

/// Why findings do not count, and what there is to tell of waivers. The first are named, the JSON report has all.
fn decisions(report: &Report) -> Vec<String> {
    let excused = |f: &Finding| Some(format!("finding {}: {}", id(&f.id), decided::excused(f)?));
    let remarks =
        decided::remarks(report).into_iter().map(|r| format!("waiver for {}: {}", decided::subject(r.waiver), r.text));
    let all = report.findings.iter().filter_map(excused).chain(remarks);
    all.take(NAMED).map(|text| shown(&text, NAME).into_owned()).collect()
}

/// What was scanned and can be told apart by its digest. The same document is one subject, and names are unique.
fn subjects(report: &Report) -> Vec<Resource> {
    let mut seen = BTreeSet::new();
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = Vec::new();
    for input in &report.inputs {
        let Some(sha256) = digest(input.sha256.as_ref()) else { continue };
        let name = shown(&input.path, NAME).into_owned();
        if !seen.insert((name.clone(), sha256)) {
            continue;
        }
        let count = names.entry(name.clone()).or_default();
        *count += 1;
        let name = if *count == 1 { name } else { format!("{name} [{count}]") };
        all.push(Resource::new(name, sha256.to_owned()));
    }
    all
}

/// By what the documents were judged: the rules, as a digest, and for whom and when.
fn configuration(report: &Report) -> Vec<Resource> {
    let text = |of: &str| shown(of, 500).into_owned();
    let context = &report.context;
    let Some(sha256) = digest(Some(&report.rules.sha256)) else { return Vec::new() };
    let mut rules = Resource::new("unlabel rules".to_owned(), sha256.to_owned());
    rules.annotations = BTreeMap::from([
        ("version", text(&report.rules.version)),
        ("role", text(&context.role)),
        ("market", text(&context.markets.join(", "))),
        ("asOf", text(&context.as_of)),
        ("failOn", context.fail_on.id().to_owned()),
        ("allowIncomplete", context.allow_incomplete.to_string()),
    ]);
    vec![rules]
}

/// Passed, warned and failed tests: words of ours, digests and ids.
fn tests(report: &Report) -> (BTreeSet<String>, BTreeSet<String>, BTreeSet<String>) {
    let (mut passed, mut warned, mut failed) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let allowed = report.context.allow_incomplete;
    for (at, input) in report.inputs.iter().enumerate() {
        let of = of(report, at);
        match (words::unfinished(input), allowed) {
            (false, _) => passed.insert(format!("read whole, {of}")),
            (true, true) => warned.insert(format!("read whole, {of}")),
            (true, false) => failed.insert(format!("read whole, {of}")),
        };
        if input.status == Status::Unread {
            continue;
        }
        match input.inconclusive {
            true => warned.insert(format!("discloses enough to tell, {of}")),
            false => passed.insert(format!("discloses enough to tell, {of}")),
        };
        let found = report.findings.iter().any(|f| f.input == at) || words::unattributed(report).any(|q| q.input == at);
        if !found && !words::unfinished(input) {
            passed.insert(format!("nothing found, {of}"));
        }
    }
    for finding in &report.findings {
        let decided: String = decided::marks(finding).into_iter().map(|mark| format!(", {mark}")).collect();
        let (id, level, of) = (id(&finding.id), finding.level.id(), of(report, finding.input));
        let test = format!("finding {id}, {level}{decided}, {of}");
        match finding.counts() && finding.level >= report.context.fail_on {
            true => failed.insert(test),
            false => warned.insert(test),
        };
    }
    for (at, question) in report.questions.iter().enumerate() {
        if question.arose.is_some() {
            warned.insert(format!("question {at} on an engine without a maker, {}", of(report, question.input)));
        }
    }
    if report.inputs.is_empty() || report.rules.count == 0 {
        let what = if report.inputs.is_empty() { "anything was read" } else { "any rule was loaded" };
        if allowed {
            warned.insert(what.to_owned())
        } else {
            failed.insert(what.to_owned())
        };
    }
    (passed, warned, failed)
}

/// The document a test is about, as its subject has it.
fn of(report: &Report, input: usize) -> String {
    let sha256 = report.inputs.get(input).and_then(|i| digest(i.sha256.as_ref()));
    sha256.map_or(format!("input {input}"), |sha256| format!("sha256:{sha256}"))
}

/// An id as this program makes it; of a report that is read back it may be anything.
fn id(id: &str) -> &str {
    let ours = !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_hexdigit());
    if ours { id } else { "of another form" }
}
