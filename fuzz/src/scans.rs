//! What must hold of the whole scan of one input, whatever its bytes.

use std::sync::LazyLock;
use unlabel::model::Code;
use unlabel::parsers::{self, Flagging, Limits};
use unlabel::regimes::{AsOf, Context};
use unlabel::renderers;
use unlabel::report::{Report, Status};
use unlabel::rules::RuleSet;
use unlabel::rules::format::Level;
use unlabel::scan::{Options, scan_bytes};
use unlabel::source::unpack;

/// The rules of the program.
pub static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::embedded().unwrap());

/// For an integrator in the US, with the limits of the program, or with ones that are soon hit.
pub fn options(tight: bool) -> Options {
    let mut read = parsers::Options::default();
    // Enough for every input of a fuzzer, so that a bomb costs little time.
    read.unpack.unpacked = 16 << 20;
    if tight {
        read.limits = Limits { depth: 6, ..Limits::default() };
        read.unpack = unpack::Limits { unpacked: 64 << 10, ratio: 3, entries: 4, depth: 2, input: Some(32 << 10) };
    }
    Options {
        read,
        context: Context {
            role: "integrator".to_owned(),
            markets: vec!["us".to_owned()],
            act: None,
            facts: Default::default(),
            regimes: Vec::new(),
            as_of: AsOf::read("2026-11-22").unwrap(),
            assumed: Vec::new(),
        },
        fail_on: Level::Review,
        allow_incomplete: false,
    }
}

/// A report in one of its forms.
pub fn rendered(report: &Report, form: &str) -> String {
    let mut out = Vec::new();
    (renderers::find(form).unwrap().render)(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Scans bytes and holds what comes of them to everything that must be so. Gives the report.
pub fn survived(bytes: &[u8], rules: &RuleSet, tight: bool) -> Report {
    let mut options = options(tight);
    let quick = scan_bytes("input", bytes, rules, &options);
    options.read.flagging = Flagging::Everything;
    let all = scan_bytes("input", bytes, rules, &options);
    let (quick_json, all_json) = (rendered(&quick, "json"), rendered(&all, "json"));
    // Every time would cost too much for too little.
    if bytes.len().is_multiple_of(4) {
        options.read.flagging = Flagging::Suspects;
        let again = scan_bytes("input", bytes, rules, &options);
        assert_eq!(quick_json, rendered(&again, "json"), "the same bytes read twice give two reports");
    }
    assert_eq!(quick_json, all_json, "with every component built the report is another one");
    assert!(serde_json::from_str::<serde_json::Value>(&quick_json).is_ok(), "the JSON report is no JSON");
    let text = rendered(&quick, "text");
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "a control character gets out: {text:?}");
    honest(&quick);
    quick
}

/// Reading nothing never looks like finding nothing.
fn honest(report: &Report) {
    let status = report.exit_status();
    assert!((0..=3).contains(&i32::from(status)), "exit status {status}");
    assert!(!report.inputs.is_empty() || report.skipped > 0, "an input is gone");
    for input in &report.inputs {
        let problems = || input.problems.iter();
        assert!(problems().all(|p| p.code != Code::Internal.id()), "a reader panicked");
        let hidden = problems().any(|p| p.hides_components);
        assert!(!hidden || input.status != Status::Read, "{}: something may be hidden, and nothing tells", input.path);
        assert!(input.status != Status::Unread || hidden, "{}: nothing tells why it was not read", input.path);
        let read = input.status == Status::Read && input.components > 0;
        assert!(status != 0 || read, "{}: exit status 0 for an input that was not read", input.path);
    }
    for finding in &report.findings {
        assert!(!finding.evidence.is_empty(), "a finding without evidence");
        assert!(finding.input < report.inputs.len(), "a finding of no input");
    }
}
