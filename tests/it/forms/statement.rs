//! The form `in-toto`: read as the specification of in-toto says, by types of its own.

use super::{acts, all_sorts, full, hostile, poisoned, strings};
use crate::support::{rendered, scan_fixture};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use unlabel::report::{Report, Since};
use unlabel::rules::format::Level;

/// `ResourceDescriptor` of the attestation framework.
#[derive(Deserialize)]
struct Descriptor {
    name: Option<String>,
    digest: BTreeMap<String, String>,
}

/// Statement v1.
#[derive(Deserialize)]
struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Descriptor>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Predicate,
}

/// Test result v0.1.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Predicate {
    result: Outcome,
    configuration: Vec<Descriptor>,
    passed_tests: BTreeSet<String>,
    warned_tests: BTreeSet<String>,
    failed_tests: BTreeSet<String>,
    unlabel: Value,
}

#[derive(Deserialize, Debug, PartialEq, Eq, Clone, Copy)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Outcome {
    Passed,
    Warned,
    Failed,
}

fn statement(report: &Report) -> Statement {
    serde_json::from_str(&rendered(report, "in-toto")).unwrap()
}

fn hex(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b"0123456789abcdef".contains(&b))
}

#[test]
fn the_statement_is_as_in_toto_says() {
    for report in all_sorts() {
        let read = statement(report);
        assert_eq!(read.kind, "https://in-toto.io/Statement/v1");
        assert_eq!(read.predicate_type, "https://in-toto.io/attestation/test-result/v0.1");
        let mut names = BTreeSet::new();
        for subject in &read.subject {
            assert_eq!(subject.digest.keys().collect::<Vec<_>>(), ["sha256"], "every subject has a digest");
            assert!(hex(&subject.digest["sha256"]));
            assert!(names.insert(subject.name.clone().unwrap()), "{:?} stands twice", subject.name);
        }
        let digests: BTreeSet<&str> = read.subject.iter().map(|s| s.digest["sha256"].as_str()).collect();
        let known: BTreeSet<&str> = report.inputs.iter().filter_map(|i| i.sha256.as_deref()).collect();
        assert_eq!(digests, known, "the subjects are the documents that were scanned");
        assert!(read.predicate.configuration.iter().all(|c| hex(&c.digest["sha256"])));
        let without = report.inputs.iter().filter(|i| i.sha256.is_none()).count();
        assert_eq!(read.predicate.unlabel["inputsWithoutDigest"], without);
        assert_eq!(read.predicate.unlabel["notSubjects"].as_array().unwrap().len(), without.min(100));
        let [passed, warned, failed] =
            [&read.predicate.passed_tests, &read.predicate.warned_tests, &read.predicate.failed_tests];
        assert!(passed.is_disjoint(warned) && passed.is_disjoint(failed) && warned.is_disjoint(failed));
        let all: Value = serde_json::from_str(&rendered(report, "in-toto")).unwrap();
        strings(&all, &mut |text| assert!(!text.chars().any(acts), "{text:?}"));
    }
}

/// `PASSED` is what a policy lets through: it is said of nothing that leaves anything open.
#[test]
fn passed_means_that_nothing_is_left_open() {
    let mut seen = BTreeSet::new();
    for report in all_sorts() {
        for allowed in [false, true] {
            let mut report = report.clone();
            report.context.allow_incomplete = allowed;
            let outcome = statement(&report).predicate.result;
            let open = report.incomplete()
                || report.inputs.iter().any(|i| i.inconclusive)
                || !report.findings.is_empty()
                || report.questions.iter().any(|q| q.arose.is_some());
            assert_eq!(outcome == Outcome::Passed, !open, "{outcome:?}");
            assert_eq!(outcome == Outcome::Failed, report.exit_status() != 0, "{outcome:?}");
            seen.insert(format!("{outcome:?}"));
        }
    }
    let mut clean = scan_fixture("clean/cdx16-trivy-nested-packages-bom.json");
    if clean.inputs[0].inconclusive {
        clean.inputs[0].inconclusive = false;
    }
    assert_eq!(statement(&clean).predicate.result, Outcome::Passed);
    clean.inputs[0].inconclusive = true;
    assert_eq!(statement(&clean).predicate.result, Outcome::Warned, "too thin to tell");
    let mut below = full();
    below.context.fail_on = Level::Prohibited;
    below.findings[0].level = Level::Advisory;
    below.inputs[0].status = unlabel::report::Status::Read;
    let read = statement(&below).predicate;
    assert_eq!(read.result, Outcome::Warned);
    assert!(read.warned_tests.iter().any(|t| t.starts_with("finding ") && t.contains(", advisory, sha256:")));
    assert_eq!(seen.len(), 3, "{seen:?}");
}

/// Somebody has decided on it: it does not fail, and it is no pass.
#[test]
fn a_finding_that_does_not_count_warns() {
    let mut report = scan_fixture("real");
    assert_eq!(statement(&report).predicate.result, Outcome::Failed);
    report.findings[0].baseline = Some(Since::Known);
    assert_eq!(report.exit_status(), 0);
    let read = statement(&report).predicate;
    assert_eq!(read.result, Outcome::Warned);
    assert!(read.warned_tests.iter().any(|t| t.contains(", prohibited, known, sha256:")), "{:?}", read.warned_tests);
}

#[test]
fn nothing_read_is_nothing_to_sign() {
    let mut nothing = full();
    (nothing.inputs, nothing.findings, nothing.set_aside, nothing.questions) = Default::default();
    let read = statement(&nothing);
    assert!(read.subject.is_empty(), "signing tools refuse a statement about nothing");
    assert_eq!(read.predicate.result, Outcome::Failed);
    let missing = statement(&scan_fixture("no-such-folder"));
    assert!(missing.subject.is_empty() && missing.predicate.result == Outcome::Failed);
    assert_eq!(missing.predicate.unlabel["inputsWithoutDigest"], 1);
    assert!(missing.predicate.unlabel["notSubjects"][0].as_str().unwrap().ends_with("no-such-folder"));
}

/// A signer reads words of ours, digests and ids: of what documents say only what the files are called.
#[test]
fn no_text_of_a_document_is_in_the_tests() {
    let read = statement(&poisoned());
    let lists = [&read.predicate.passed_tests, &read.predicate.warned_tests, &read.predicate.failed_tests];
    let known = ["read whole, ", "discloses enough to tell, ", "nothing found, ", "finding ", "question "];
    for test in lists.into_iter().flatten() {
        assert!(known.iter().any(|k| test.starts_with(k)) && test.len() < 160, "{test}");
        assert!(!test.contains("cmd()"), "{test}");
    }
    let text = rendered(&full(), "in-toto");
    assert!(!text.contains("av-sdk") && !text.contains("gateway"), "{text}");
    // Several files that are called the same after escaping are told apart.
    let mut twice = full();
    twice.inputs.push(twice.inputs[0].clone());
    twice.inputs.push(twice.inputs[0].clone());
    twice.inputs[1].path = hostile();
    twice.inputs[2].path = hostile() + "x";
    twice.inputs[2].sha256 = Some("0".repeat(64));
    let names: Vec<String> = statement(&twice).subject.into_iter().map(|s| s.name.unwrap()).collect();
    assert!(names.len() == 3 && names[2] == format!("{} [2]", names[1]), "{names:?}");
}

/// The statement holds on to the JSON report of the same run.
#[test]
fn the_digest_of_the_report_is_that_of_the_json_form() {
    let report = full();
    let digest: String = Sha256::digest(rendered(&report, "json")).iter().map(|byte| format!("{byte:02x}")).collect();
    let read = statement(&report).predicate.unlabel;
    assert_eq!(read["report"]["digest"]["sha256"], digest);
    assert_eq!(read["report"]["name"], "unlabel.report/1");
    assert_eq!(read["exitStatus"], report.exit_status());
    assert_eq!(read["disclaimer"], report.disclaimer);
}
