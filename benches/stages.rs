//! What each stage of a scan costs: `cargo bench`, or `cargo bench -- read` for some of them.
//!
//! The inputs are made by `benches/inputs.py` from `fixtures/clean`, of 1 MB each, and are the same every time. `bare` is
//! the yardstick beside `read`: the libraries on the same bytes, doing nothing with what they give. `cargo test --bench
//! stages` runs each once, so that none goes stale. Whole scans against other programs: `benches/compare`.

#![allow(clippy::expect_used, clippy::panic, reason = "a bench without its input has nothing to measure")]

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use unlabel::matcher::{Finding, match_document};
use unlabel::model::Document;
use unlabel::parsers::{self, Outcome, detect};
use unlabel::regimes::{AsOf, Context, Facts, assess};
use unlabel::renderers::{COPIES, RENDERERS};
use unlabel::report::Report;
use unlabel::rules::RuleSet;
use unlabel::rules::format::Level;
use unlabel::scan::{Options, scan};
use unlabel::source::Source;
use unlabel::source::collect::collect;
use unlabel::text::Folded;

fn main() {
    divan::main();
}

/// The kinds of `benches/inputs.py`, which are the formats that are read.
const KINDS: [&str; 8] = ["cyclonedx", "xml", "protobuf", "spdx2", "tag-value", "yaml", "rdf", "jsonld"];

/// The size that is asked for; documents become a little larger.
const SIZE: &str = "1M";

/// The findings in those inputs that have some.
const FINDINGS: usize = 100;

/// The input of a kind, with so many findings.
fn made(kind: &str, findings: usize) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("benches");
    fs::create_dir_all(&folder).expect("a folder for inputs");
    let path = folder.join(format!("{kind}-{SIZE}-{findings}"));
    let mut command = Command::new("python3");
    command.arg(root.join("benches/inputs.py")).arg(root.join("fixtures/clean")).args([kind, SIZE]).arg(&path);
    let status = command.args(["--findings", &findings.to_string()]).status().expect("python3 makes the inputs");
    assert!(status.success(), "benches/inputs.py made no {kind}");
    path
}

fn bytes(kind: &str, findings: usize) -> Vec<u8> {
    fs::read(made(kind, findings)).expect("an input that was just made")
}

fn source(kind: &str, findings: usize) -> Source {
    Source::from_reader(kind, bytes(kind, findings).as_slice()).expect("a source in memory")
}

fn rules() -> RuleSet {
    RuleSet::embedded().expect("the rules in the program")
}

fn read(source: &Source, rules: &RuleSet) -> Box<Document> {
    match parsers::read(source, rules, parsers::Options::default()) {
        Ok(Outcome::Read(document)) => document,
        _ => panic!("{} was not read", source.name()),
    }
}

fn context() -> Context {
    Context {
        role: "integrator".to_owned(),
        markets: vec!["us".to_owned()],
        act: None,
        facts: Default::default(),
        regimes: Vec::new(),
        as_of: AsOf::read("2026-01-01").expect("a date"),
        assumed: Vec::new(),
    }
}

fn options() -> Options {
    let read = parsers::Options::default();
    Options { read, context: context(), fail_on: Level::Review, allow_incomplete: false }
}

/// What a start costs, and the tables that are made when something is first looked up.
#[divan::bench]
fn rules_loaded() -> RuleSet {
    rules()
}

#[divan::bench]
fn rules_indexed(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(rules).bench_refs(|rules| black_box(&*rules).names("example").len());
}

#[divan::bench(args = KINDS)]
fn detect(bencher: Bencher<'_, '_>, kind: &str) {
    let source = source(kind, 0);
    let longest = parsers::Options::default().limits.value;
    bencher.bench(|| detect::detect(black_box(&source), longest).expect("an input in memory"));
}

/// Reading in which nothing looks like evidence.
#[divan::bench(name = "read", args = KINDS)]
fn read_clean(bencher: Bencher<'_, '_>, kind: &str) {
    reading(bencher, kind, 0);
}

/// Reading with components that are built in full.
#[divan::bench(name = "read_findings", args = KINDS)]
fn read_findings(bencher: Bencher<'_, '_>, kind: &str) {
    reading(bencher, kind, FINDINGS);
}

fn reading(bencher: Bencher<'_, '_>, kind: &str, findings: usize) {
    let (source, rules) = (source(kind, findings), rules());
    let found = match_document(&read(&source, &rules), &rules).findings.len();
    assert_eq!(found, findings, "findings in {kind}");
    bencher.counter(BytesCount::new(source.len())).bench(|| read(black_box(&source), &rules));
}

/// The libraries alone.
mod bare {
    use super::{Bencher, BytesCount, black_box, bytes};
    use quick_xml::events::Event;

    #[divan::bench]
    fn json_serde_ignored(bencher: Bencher<'_, '_>) {
        let bytes = bytes("cyclonedx", 0);
        let ignore = || serde_json::from_slice::<serde::de::IgnoredAny>(black_box(&bytes)).expect("JSON");
        bencher.counter(BytesCount::of_slice(&bytes)).bench(ignore);
    }

    #[divan::bench(args = ["xml", "rdf"])]
    fn xml_events(bencher: Bencher<'_, '_>, kind: &str) {
        let text = String::from_utf8(bytes(kind, 0)).expect("UTF-8");
        bencher.counter(BytesCount::of_str(&text)).bench(|| {
            let mut reader = quick_xml::Reader::from_str(black_box(&text));
            let mut events = 0u64;
            while !matches!(reader.read_event().expect("XML"), Event::Eof) {
                events += 1;
            }
            events
        });
    }

    #[divan::bench]
    fn yaml_events(bencher: Bencher<'_, '_>) {
        let text = String::from_utf8(bytes("yaml", 0)).expect("UTF-8");
        let count = || saphyr_parser::Parser::new_from_str(black_box(&text)).filter(Result::is_ok).count();
        assert!(saphyr_parser::Parser::new_from_str(&text).all(|event| event.is_ok()), "YAML");
        bencher.counter(BytesCount::of_str(&text)).bench(count);
    }
}

/// Texts in the form in which they are compared.
#[divan::bench(args = ["ascii", "letters", "marks"])]
fn normalize(bencher: Bencher<'_, '_>, script: &str) {
    let text = match script {
        "ascii" => "Acme Threat-Prevention SDK (Server Edition) 12.4, build_7",
        "letters" => "Ａｃｍｅ Тhreat Prevеntion — Łódź Straße Ελλάδα",
        _ => "A\u{301}cme\u{200b} Threat\u{ad}Prevention%20SDK e\u{301}dition",
    };
    bencher.counter(BytesCount::of_str(text)).bench(|| Folded::new(black_box(text)));
}

#[divan::bench(name = "match", args = KINDS)]
fn matching(bencher: Bencher<'_, '_>, kind: &str) {
    let rules = rules();
    let document = read(&source(kind, FINDINGS), &rules);
    bencher.counter(ItemsCount::new(FINDINGS)).bench(|| match_document(black_box(&document), &rules));
}

#[divan::bench(name = "assess", args = ["integrator", "reseller", "end-user", "federal-agency"])]
fn assessing(bencher: Bencher<'_, '_>, role: &str) {
    let rules = rules();
    let found = match_document(&read(&source("cyclonedx", FINDINGS), &rules), &rules).findings;
    let context = Context { role: role.to_owned(), ..context() };
    let facts = |finding: &Finding| -> usize {
        let facts = Facts {
            organization: &finding.organization,
            class: finding.class.as_deref(),
            strength: finding.strength,
            relation: finding.relation,
            embedded: finding.embedded,
            not_shipped: finding.not_shipped,
            draft: finding.draft,
            open: finding.open.as_deref(),
            at_most: None,
        };
        rules.regimes().map(|regime| assess(facts, &context, regime, &rules.set).len()).sum()
    };
    bencher.counter(ItemsCount::new(found.len())).bench(|| black_box(&found).iter().map(facts).sum::<usize>());
}

fn report() -> Report {
    scan(&collect(&[made("cyclonedx", FINDINGS)]), &rules(), &options())
}

#[divan::bench(args = RENDERERS.iter().map(|form| form.id))]
fn render(bencher: Bencher<'_, '_>, id: &str) {
    let form = RENDERERS.iter().find(|form| form.id == id).expect("a form");
    let report = report();
    bencher.counter(ItemsCount::new(report.findings.len())).bench(|| {
        let mut out = Vec::new();
        (form.render)(black_box(&report), &mut out).expect("memory takes all");
        out
    });
}

#[divan::bench(args = COPIES.iter().map(|form| form.id))]
fn render_copies(bencher: Bencher<'_, '_>, id: &str) {
    let form = COPIES.iter().find(|form| form.id == id).expect("a form");
    let report = report();
    bencher.counter(ItemsCount::new(report.findings.len())).bench(|| {
        let mut out = Vec::new();
        assert!((form.write)(black_box(&report), 0, &mut out).is_ok(), "the input is where it was");
        out
    });
}
