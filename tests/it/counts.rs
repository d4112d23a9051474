//! One of a thing is told as one: `1 component`, never `1 components`.

use crate::support::{TEXTS, fixture, rendered, unlabel};
use serde_json::json;
use std::fs;
use unlabel::report::{Report, file};

/// What reports count, in the plural; a line with `1` before one of these is wrong.
const COUNTED: &[&str] = &[
    "annotations",
    "bytes",
    "characters",
    "components",
    "documents",
    "examples",
    "files",
    "findings",
    "inputs",
    "letters",
    "pieces",
    "places",
    "problems",
    "questions",
    "relations",
    "results",
    "rows",
    "rules",
    "steps",
    "suppliers",
    "times",
    "values",
    "versions",
];

/// Every place of a text where one is told as many.
fn wrong(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let counted = |word: Option<&&str>| word.is_some_and(|w| COUNTED.contains(&bare(w).as_str()));
    let mut out = Vec::new();
    for (at, word) in words.iter().enumerate() {
        // A number that a mark of a sentence ends, such as a column, counts nothing behind it.
        if word.trim_start_matches(|c: char| !c.is_alphanumeric()) != "1" {
            continue;
        }
        let next = words.get(at + 1);
        let between = next.is_some_and(|w| ["more", "other"].contains(w));
        if counted(next) || (between && counted(words.get(at + 2))) {
            out.push(words[at..words.len().min(at + 4)].join(" "));
        }
    }
    out
}

/// A product with one component and one relation, which says of both what an SBOM can say.
fn one() -> String {
    let part = json!({
        "type": "library", "bom-ref": "part", "name": "kav-sdk", "version": "8.10.2.2098",
        "supplier": {"name": "AO Kaspersky Lab"},
    });
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6",
        "metadata": {"component": {"type": "application", "bom-ref": "product", "name": "gateway", "version": "1"}},
        "components": [part],
        "dependencies": [{"ref": "product", "dependsOn": ["part"]}],
    })
    .to_string()
}

fn said(arguments: &[&str]) -> String {
    let run = unlabel().args(arguments).output().unwrap();
    String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned()
}

#[test]
fn this_test_sees_what_it_looks_for() {
    assert_eq!(
        wrong("of 1 components, 21 findings, 1 finding; 1 relations"),
        ["1 components, 21 findings,", "1 relations"]
    );
    assert_eq!(
        wrong("(1 more questions)\n1 more problems; 1 other files"),
        ["(1 more questions) 1", "1 more problems; 1", "1 other files"]
    );
    assert!(wrong("line 1: files, 1, files, 1 file, 1.1 files, disclosure 1 of 3 files").is_empty());
}

#[test]
fn a_document_with_one_of_each() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    fs::write(path("one.cdx.json"), one()).unwrap();
    fs::create_dir(path("none")).unwrap();
    fs::write(path("none/page.txt"), "words").unwrap();
    fs::create_dir(path("rules")).unwrap();
    fs::copy(fixture("../rules/products/kaspersky-anti-virus-sdk.toml"), path("rules/mine.toml")).unwrap();

    // The product is a component too, and has no part in what the others disclose.
    let alone = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "a"}]}"#;
    fs::write(path("alone.cdx.json"), alone).unwrap();

    let mut all = Vec::new();
    for (arguments, parts) in [
        (["scan", "one.cdx.json"], ["of 1 component, 100% say who made it, ", "; 1 relation "].as_slice()),
        (["inspect", "one.cdx.json"], &["of 1 component, 100% say who made it, ", "; 1 relation; "]),
        (["scan", "alone.cdx.json"], &[", 1 component, no-evidence", "; 1 component "]),
        (["inspect", "alone.cdx.json"], &["of 1 component, 0% say who made it, "]),
        (["scan", "none"], &["the one file here is no SBOM: "]),
    ] {
        let text = said(&[arguments[0], &path(arguments[1])]);
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in parts {
            assert!(flat.contains(part), "{part}: {text}");
        }
        all.push(text);
    }
    for form in TEXTS.iter().filter(|form| form.id != "annotated") {
        all.push(said(&["scan", "--format", form.id, &path("one.cdx.json")]));
    }
    said(&["scan", "--output", &format!("json={}", path("report.json")), &path("one.cdx.json")]);
    all.push(said(&["scan", "--baseline", &path("report.json"), &path("one.cdx.json")]));
    all.push(said(&["ask", &path("report.json"), "--output-dir", &path("letters")]));
    for letter in fs::read_dir(path("letters")).unwrap() {
        all.push(fs::read_to_string(letter.unwrap().path()).unwrap());
    }
    for form in ["text", "markdown"] {
        all.push(said(&["diff", "--format", form, &path("none"), &path("one.cdx.json")]));
        all.push(said(&["diff", "--format", form, &path("one.cdx.json"), &path("one.cdx.json")]));
    }
    all.push(said(&["rules", "lint", "--rules", &path("rules")]));
    all.push(said(&["rules", "test", "--rules", &path("rules")]));
    all.push(said(&["scan", "--max-findings", "1", &fixture("real").to_string_lossy()]));
    for text in &all {
        assert_eq!(wrong(text), Vec::<String>::new(), "{text}");
    }
}

/// Where a form shows the first of many, and one is left.
#[test]
fn one_more_than_is_shown() {
    let run =
        unlabel().args(["scan", "--format", "json", &fixture("real/mail-gateway.cdx.json").to_string_lossy()]).output();
    let mut whole: serde_json::Value = serde_json::from_slice(&run.unwrap().stdout).unwrap();
    let finding = &mut whole["findings"][0];
    let evidence = finding["evidence"][0].clone();
    finding["evidence"] = vec![evidence; 11].into();
    for (at, assessment) in finding["assessments"].as_array_mut().unwrap().iter_mut().enumerate() {
        let asked: &[&str] = if at == 0 { &["a?", "b?", "c?", "d?", "e?", "f?"] } else { &[] };
        assessment["questions"] = json!(asked);
    }
    let problem = json!({
        "code": "limit", "message": "something", "line": 1, "column": 1, "pointer": "", "hides_components": true,
        "severity": "warning",
    });
    whole["inputs"][0]["problems"] = vec![problem; 6].into();
    whole["inputs"][0]["status"] = "partial".into();
    whole["summary"]["read"] = 0.into();
    whole["summary"]["partial"] = 1.into();
    let report: Report = file::read(whole.to_string().as_bytes()).unwrap();
    let text = rendered(&report, "text");
    assert!(text.contains("(1 more question with --format json)"), "{text}");
    assert!(text.contains("and 1 more problem; --format json lists it"), "{text}");
    let markdown = rendered(&report, "markdown");
    assert!(markdown.contains("1 more piece of evidence"), "{markdown}");
    for form in TEXTS.iter().filter(|form| form.id != "annotated") {
        let text = rendered(&report, form.id);
        assert_eq!(wrong(&text), Vec::<String>::new(), "{text}");
    }
}
