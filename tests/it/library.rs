//! The crate as another program uses it: what its root exports, and the examples, which are run here.

use crate::support::{fixture, read};
use unlabel::{Error, Level, Scanner, Status};

#[path = "../../examples/own_rules.rs"]
#[allow(dead_code, reason = "its main belongs to the example")]
mod own_rules;
#[path = "../../examples/scan_bytes.rs"]
#[allow(dead_code, reason = "its main belongs to the example")]
mod scan_bytes;

const DAY: &str = "2026-11-22";

fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn the_example_scans_bytes() {
    let bytes = read("real/mail-gateway.cdx.json");
    let said = text(|out| assert_eq!(scan_bytes::scan("gateway.json", &bytes, out).unwrap(), 1));
    assert!(said.starts_with("gateway.json: read, ") && said.contains("prohibited: ") && said.contains("  line "));

    // Half a document: no all-clear, in words and in status.
    let half = text(|out| assert_ne!(scan_bytes::scan("half.json", &bytes[..900], out).unwrap(), 0));
    assert!(half.contains("says nothing"), "{half}");
}

#[test]
fn the_example_has_rules_of_its_own() {
    let said = text(|out| own_rules::look(out).unwrap());
    assert!(said.contains("Examplia Security") && said.contains("scan-kit") && !said.contains("zlib"), "{said}");
}

/// The front says what the command line says, byte for byte.
#[test]
fn the_front_gives_the_report_of_the_command_line() {
    let path = fixture("twins/supplier-and-cpe/cyclonedx.json");
    for (role, market, act, fact) in [
        ("reseller", "us", "resell", "us-person"),
        ("public-body", "au", "use", "mobile"),
        ("integrator", "uk", "ship", "federal"),
    ] {
        let builder = Scanner::builder(DAY).role(role).market(market).act(act).fact(fact).fail_on(Level::Prohibited);
        let report = builder.threads(1).build().unwrap().scan_paths([&path]);
        let ours = text(|out| unlabel::render(&report, "json", out).unwrap());
        let flags = ["--role", role, "--market", market, "--act", act, "--fact", fact, "--as-of", DAY];
        let output = crate::support::unlabel()
            .args(["scan", "--format", "json", "--fail-on", "prohibited"])
            .args(flags)
            .arg(&path)
            .output()
            .unwrap();
        assert_eq!(ours, String::from_utf8(output.stdout).unwrap());
        assert_eq!(i32::from(report.exit_status()), output.status.code().unwrap());
        // And it can be read again.
        let again = unlabel::read_report(ours.as_bytes()).unwrap();
        assert_eq!(text(|out| unlabel::render(&again, "json", out).unwrap()), ours);
    }
}

/// One file, under a name of the caller's: what is told is what is told of its bytes.
#[test]
fn a_file_is_scanned_under_the_name_that_is_given() {
    let path = fixture("twins/supplier-and-cpe/cyclonedx.json");
    let scanner = Scanner::builder(DAY).build().unwrap();
    let json = |report: &unlabel::Report| text(|out| unlabel::render(report, "json", out).unwrap());
    let ours = scanner.scan_file("s3://bucket/a.json", &path);
    assert_eq!(json(&ours), json(&scanner.scan_bytes("s3://bucket/a.json", &std::fs::read(&path).unwrap())));
    assert_eq!(ours.exit_status(), 1);
    for (nothing, why) in [("no/such/file.json", "cannot be opened"), ("fixtures", "no regular file")] {
        let report = scanner.scan_file("a.json", nothing);
        assert_eq!((report.inputs.len(), report.exit_status()), (1, 2));
        assert_eq!((report.inputs[0].path.as_str(), report.inputs[0].status), ("a.json", Status::Unread));
        assert!(report.inputs[0].problems[0].message.contains(why), "{:?}", report.inputs[0].problems);
    }
}

#[test]
fn what_was_not_stated_is_told() {
    let report = Scanner::builder(DAY).build().unwrap().scan_bytes("x.json", b"{}");
    assert_eq!(report.context.assumed, ["role", "market"]);
    assert_eq!((report.context.as_of.as_str(), report.inputs[0].status), (DAY, Status::Unread));
    assert_ne!(report.exit_status(), 0);
    let clock = Scanner::builder(DAY).as_of_is_assumed().build().unwrap().scan_bytes("x.json", b"{}");
    assert_eq!(clock.context.assumed, ["role", "market", "as-of"]);
}

#[test]
fn a_word_that_is_none_is_a_typed_error() {
    let says = |builder: unlabel::Builder| builder.build().unwrap_err().to_string();
    assert!(matches!(Scanner::builder("yesterday").build(), Err(Error::Date { given, .. }) if given == "yesterday"));
    assert!(says(Scanner::builder(DAY).role("reselller")).contains("`reselller`"));
    assert!(says(Scanner::builder(DAY).market("Mars")).contains("market"));
    assert!(says(Scanner::builder(DAY).fact("us-person").fact("not-us-person")).contains("cannot both be so"));
    assert!(says(Scanner::builder(DAY).regime("none")).contains("regime"));
    assert!(says(Scanner::builder(DAY).rule("a.toml", "id = 3")).contains("a.toml"));
    assert!(says(Scanner::builder(DAY).rules_folder("no/such/folder")).contains("no/such/folder"));
    let report = Scanner::builder(DAY).build().unwrap().scan_bytes("x", b"");
    assert!(matches!(unlabel::render(&report, "word", &mut Vec::new()), Err(Error::UnknownWord { .. })));
}

#[test]
fn bounds_are_kept_and_told() {
    let scanner = Scanner::builder(DAY).max_input_size(100).max_findings(1).allow_incomplete(true).build().unwrap();
    let report = scanner.scan_bytes("real.json", &read("real/mail-gateway.cdx.json"));
    assert_eq!(report.inputs[0].status, Status::Unread);
    assert!(report.inputs[0].problems[0].message.contains("100 bytes"), "{:?}", report.inputs[0].problems);
}

#[test]
fn rules_can_be_listed_and_every_form_is_named() {
    let scanner = Scanner::builder(DAY).build().unwrap();
    let rules = scanner.rule_list();
    assert!(rules.len() >= scanner.rules().count && rules.iter().any(|r| r.kind == "regime" && !r.draft));
    assert_eq!(scanner.rules().sha256.len(), 64);
    assert!(unlabel::formats().any(|(id, about)| id == "sarif" && !about.is_empty()));
}

/// One scanner serves many threads.
#[test]
fn a_scanner_is_shared() {
    fn shared<T: Send + Sync + 'static>(of: T) -> T {
        of
    }
    let scanner = shared(Scanner::builder(DAY).build().unwrap());
    let bytes = read("real/mail-gateway.cdx.json");
    let ids = || -> Vec<String> { scanner.scan_bytes("a", &bytes).findings.into_iter().map(|f| f.id).collect() };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(ids)).collect();
        all.into_iter().for_each(|one| assert_eq!(one.join().unwrap(), ids()));
    });
}
