//! The fixtures and what must come of each: evidence at its exact place, mentions left alone, bad input told, twins alike,
//! real documents without a finding.

use crate::support::{editor_position, fixture, json, read, rendered, scan_fixture, scan_text, without_lines};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use unlabel::source::Source;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    file: String,
    kind: String,
    needle: String,
    found: Option<String>,
    component: String,
    strength: String,
    level: String,
    relation: String,
    /// How many findings there are in all, when more than one.
    findings: Option<usize>,
    #[allow(dead_code, reason = "for readers of the file")]
    why: Option<String>,
}

fn cases<T: for<'de> Deserialize<'de>>(file: &str) -> T {
    toml::from_str(&std::fs::read_to_string(fixture(file)).unwrap()).unwrap_or_else(|e| panic!("{file}: {e}"))
}

fn files_in(folder: &str) -> BTreeSet<String> {
    let list =
        std::fs::read_dir(fixture(folder)).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned());
    list.filter(|n| !n.ends_with(".toml")).collect()
}

/// One sentence for everything that is not as the case says.
fn differs(case: &Case) -> Option<String> {
    let bytes = read(&format!("evidence/{}", case.file));
    let quoted = format!("\"{}\"", case.needle);
    let places: Vec<usize> =
        bytes.windows(quoted.len()).enumerate().filter(|(_, w)| *w == quoted.as_bytes()).map(|(at, _)| at).collect();
    let [at] = places[..] else { return Some(format!("the needle stands {} times", places.len())) };
    let (line, column) = editor_position(&bytes, at);
    let report = json(&scan_text(&bytes));
    let findings = report["findings"].as_array().unwrap();
    let Some(finding) = findings.iter().find(|f| f["component"]["name"] == case.component.as_str()) else {
        let names: Vec<String> = findings.iter().map(|f| f["component"]["name"].to_string()).collect();
        let aside: Vec<String> = report["set_aside"].as_array().unwrap().iter().map(|s| s["by"].to_string()).collect();
        return Some(format!("no finding on `{}`, but on {names:?}, set aside by {aside:?}", case.component));
    };
    if findings.len() != case.findings.unwrap_or(1) {
        return Some(format!("{} findings", findings.len()));
    }
    // What is listed only as an ancestor of the component is told too, and never as part of the product.
    if let Some(other) = findings.iter().find(|f| f["component"]["name"] != case.component.as_str())
        && other["level"] != "review"
    {
        return Some(format!("the other finding is {}", other["level"]));
    }
    let found = case.found.as_deref().unwrap_or(&case.needle);
    let evidence: Vec<&Value> = finding["evidence"].as_array().unwrap().iter().collect();
    let short = |e: &Value| format!("{} {} at {}:{}", e["kind"], e["found"], e["line"], e["column"]);
    let hit = evidence.iter().find(|e| e["kind"] == case.kind.as_str() && e["line"] == line && e["column"] == column);
    let Some(hit) = hit else {
        let all: Vec<String> = evidence.iter().map(|e| short(e)).collect();
        return Some(format!("no {} at {line}:{column}, but {all:?}", case.kind));
    };
    if case.kind != "license-text" && case.kind != "swid" && hit["found"] != found {
        return Some(format!("found {} and not `{found}`", hit["found"]));
    }
    for (what, expected) in [("strength", &case.strength), ("level", &case.level), ("relation", &case.relation)] {
        if finding[what] != expected.as_str() {
            return Some(format!("{what} is {} and not {expected}", finding[what]));
        }
    }
    None
}

#[test]
fn evidence_is_found_at_its_exact_place() {
    let all: Cases = cases("evidence/cases.toml");
    let mut wrong = Vec::new();
    for case in &all.case {
        wrong.extend(differs(case).map(|sentence| format!("{}: {sentence}", case.file)));
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.case.len(), wrong.join("\n"));
    for format in ["cyclonedx", "spdx2", "spdx3"] {
        let listed: BTreeSet<String> =
            all.case.iter().filter_map(|c| c.file.strip_prefix(&format!("{format}/")).map(str::to_owned)).collect();
        assert_eq!(listed, files_in(&format!("evidence/{format}")), "a file without a case, or a case without a file");
    }
    let kinds: BTreeSet<&str> = all.case.iter().map(|c| c.kind.as_str()).collect();
    for kind in unlabel::matcher::EvidenceKind::ALL {
        assert!(kinds.contains(kind.id()), "no fixture for evidence `{}`", kind.id());
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mentions {
    case: Vec<Mention>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mention {
    file: String,
    #[allow(dead_code, reason = "for readers of the file")]
    why: String,
    #[serde(default)]
    set_aside: bool,
}

#[test]
fn mentions_are_no_findings() {
    let all: Mentions = cases("evidence/mentions/cases.toml");
    let mut wrong = Vec::new();
    for case in &all.case {
        let report = json(&scan_text(&read(&format!("evidence/mentions/{}", case.file))));
        let kinds: Vec<String> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| format!("{} {} {}", f["component"]["name"], f["evidence"][0]["kind"], f["evidence"][0]["found"]))
            .collect();
        if !kinds.is_empty() {
            wrong.push(format!("{}: found {kinds:?}", case.file));
        }
        let aside = report["set_aside"].as_array().unwrap().len();
        if (aside > 0) != case.set_aside {
            wrong.push(format!("{}: {aside} set aside", case.file));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.case.len(), wrong.join("\n"));
    let listed: BTreeSet<String> = all.case.iter().map(|c| c.file.clone()).collect();
    assert_eq!(listed, files_in("evidence/mentions"), "a file without a case, or a case without a file");
}

/// A false friend explains what it names, and nothing that stands beside it.
#[test]
fn a_surname_does_not_hide_the_company_beside_it() {
    for inside in [
        r#""supplier":{"name":"Eugene Kaspersky, AO Kaspersky Lab"}"#,
        r#""copyright":"Copyright Eugene Kaspersky, AO Kaspersky Lab""#,
        r#""publisher":"Natalya Kaspersky","group":"Kaspersky Lab""#,
    ] {
        let text = format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{"name":"x",{inside}}}]}}"#);
        assert_eq!(scan_text(text.as_bytes()).findings.len(), 1, "{inside}");
    }
    let other = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"x",
        "supplier":{"name":"Example Ltd","contact":[{"name":"Kaspersky"}]}}]}"#;
    let report = json(&scan_text(other.as_bytes()));
    assert!(report["findings"].as_array().unwrap().iter().all(|f| f["strength"] == "weak"), "{report:#}");
}

/// Shapes met in the wild or thought of by somebody who wants to hide: found with this strength, by both passes.
#[test]
fn odd_shapes_are_found_too() {
    let long = "This product is licensed by Kaspersky Lab, the Rightholder, on the terms of this agreement.";
    let plain = base64(long);
    let wrapped = plain.as_bytes().chunks(60).map(|c| std::str::from_utf8(c).unwrap()).collect::<Vec<_>>().join(" ");
    for (strength, inside) in [
        ("strong", r#""publisher":{"name":"AO Kaspersky Lab"}"#.to_owned()),
        ("medium", r#""copyright":{"text":"(c) AO Kaspersky Lab"}"#.to_owned()),
        ("strong", r#""supplier":{"organization":{"name":"AO Kaspersky Lab"}}"#.to_owned()),
        ("strong", r#""licenses":[{"name":"Kaspersky Lab EULA"}]"#.to_owned()),
        ("strong", r#""licenses":[{"expression":"LicenseRef-x","expressionDetails":[{"licenseIdentifier":"LicenseRef-x","text":{"content":"Kaspersky Lab is the Rightholder"}}]}]"#.to_owned()),
        ("strong", format!(r#""licenses":[{{"license":{{"name":"x","text":{{"encoding":"base64","content":"{wrapped}"}}}}}}]"#)),
        ("strong", format!(r#""licenses":[{{"license":{{"name":"x","text":{{"content":"data:text/plain;base64,{plain}"}}}}}}]"#)),
        ("strong", r#""purl":"pkg:golang/github.com/KasperskyLab/foo@v1""#.to_owned()),
        ("strong", r#""purl":"PKG:GITHUB/KasperskyLab/foo""#.to_owned()),
        ("strong", r#""purl":"pkg:swid/AO%20Kaspersky%20Lab/kaspersky.com/Foo@1?tag_id=x""#.to_owned()),
        ("medium", r#""purl":"pkg:deb/kaspersky/foo@1""#.to_owned()),
        ("strong", r#""cpe":"CPE:2.3:a:Kaspersky:foo:1:*:*:*:*:*:*:*""#.to_owned()),
        ("strong", r#""properties":[{"name":"syft:cpe23","value":"cpe:2.3:a:kaspersky:foo:1:*:*:*:*:*:*:*"}]"#.to_owned()),
        ("medium", r#""properties":[{"name":"homepage","value":"https://www.kaspersky.com"}]"#.to_owned()),
        ("strong", r#""properties":[{"name":"InternalName","value":"Kaspersky Anti-Virus"}]"#.to_owned()),
        ("strong", "\"supplier\":{\"name\":\"\u{43A}aspersky Lab\"}".to_owned()),
        ("strong", "\"supplier\":{\"name\":\"\u{1D0B}aspersky Lab\"}".to_owned()),
        ("medium", r#""evidence":{"identity":[{"field":"name","methods":[{"technique":"filename","confidence":1,"value":"kavhttpd"}]}]}"#.to_owned()),
        ("medium", r#""evidence":{"callstack":{"frames":[{"package":"com.kaspersky.core","module":"x"}]}}"#.to_owned()),
        ("medium", r#""externalReferences":[{"type":"website","url":"//www.kaspersky.com/x"}]"#.to_owned()),
        ("weak", r#""pedigree":{"commits":[{"author":{"name":"Jo Doe","email":"jo@kaspersky.com"}}]}"#.to_owned()),
        ("strong", r#""pedigree":{"variants":[{"type":"library","name":"a","components":[{"type":"library","name":"b","supplier":{"name":"Kaspersky Lab"}}]}]}"#.to_owned()),
    ] {
        let text = format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.7","components":[{{"type":"library","name":"zz",{inside}}}]}}"#);
        let (some, all) = (scan_text(text.as_bytes()), crate::support::scan_everything(text.as_bytes()));
        let found: Vec<(String, &str)> =
            some.findings.iter().map(|f| (f.component.label().to_owned(), f.strength.id())).collect();
        assert_eq!(found, [("zz".to_owned(), strength)], "{inside}");
        assert_eq!(rendered(&some, "json"), rendered(&all, "json"), "{inside}");
    }
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let bits = three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize] as char;
            out.push(if place > three.len() { '=' } else { letter });
        }
    }
    out
}

/// Words that name the maker and do not say that it made this: at most this level.
#[test]
fn words_about_the_maker_accuse_nobody() {
    let text = "ACME END USER LICENSE AGREEMENT. Remove other products such as Kaspersky Anti-Virus before installing.";
    for (level, inside) in [
        ("review", format!(r#""licenses":[{{"license":{{"name":"Acme","text":{{"content":"{text}"}}}}}}]"#)),
        ("review", r#""copyright":"Not affiliated with Kaspersky Lab. (c) Acme""#.to_owned()),
        ("review", r#""properties":[{"name":"scanner:vendor","value":"Kaspersky"}]"#.to_owned()),
        ("none", r#""properties":[{"name":"detects:vendor","value":"Kaspersky Lab"}]"#.to_owned()),
        ("none", r#""externalReferences":[{"type":"pentest-report","url":"https://www.kaspersky.com/x"}]"#.to_owned()),
        ("review", r#""name":"Kaspersky Security Center connector","supplier":{"name":"Example Inc."}"#.to_owned()),
        ("review", r#""name":"kaspersky-exporter","supplier":{"name":"NOASSERTION"}"#.to_owned()),
        ("review", r#""name":"kaspersky-exporter","supplier":{"name":"unknown"}"#.to_owned()),
        ("likely-prohibited", r#""supplier":{"name":"Kaspersky"},"description":"threat intelligence feed""#.to_owned()),
    ] {
        let name = if inside.contains("\"name\":\"Kaspersky S") || inside.contains("\"name\":\"kaspersky-") {
            ""
        } else {
            "\"name\":\"zz\","
        };
        let text = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{"type":"library",{name}{inside}}}]}}"#
        );
        let report = json(&scan_text(text.as_bytes()));
        let got = report["findings"][0]["level"].as_str().unwrap_or("none");
        assert_eq!(got, level, "{inside}");
        assert_eq!(report["set_aside"].as_array().unwrap().len(), 0, "{inside}");
    }
}

/// What the component was made from stays what it is, whatever weak words stand on the component itself.
#[test]
fn weak_evidence_does_not_turn_an_ancestor_into_a_supplier() {
    let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"tools for kaspersky files",
        "description":"anti-virus engine",
        "pedigree":{"ancestors":[{"type":"library","name":"base","supplier":{"name":"AO Kaspersky Lab"}}]}}]}"#;
    let report = json(&scan_text(text.as_bytes()));
    assert_eq!(report["findings"][0]["relation"], "derived-from", "{report:#}");
    assert_eq!(report["findings"][0]["level"], "likely-prohibited");
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bads {
    case: Vec<Bad>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bad {
    file: String,
    status: String,
    codes: Vec<String>,
    findings: usize,
    exit: u8,
    #[allow(dead_code, reason = "for readers of the file")]
    why: String,
}

#[test]
fn bad_input_costs_what_it_must_and_no_more() {
    let all: Bads = cases("bad/cases.toml");
    let mut wrong = Vec::new();
    for case in &all.case {
        let report = scan_fixture(&format!("bad/{}", case.file));
        let value = json(&report);
        let input = &value["inputs"][0];
        let codes: BTreeSet<&str> =
            input["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
        let expected: BTreeSet<&str> = case.codes.iter().map(String::as_str).collect();
        let got = (input["status"].as_str().unwrap(), codes, report.findings.len(), report.exit_status());
        let want = (case.status.as_str(), expected, case.findings, case.exit);
        if got != want {
            wrong.push(format!("{}: got {got:?}, expected {want:?}", case.file));
        }
        // Every problem with a place in the text has one that an editor can go to.
        for problem in input["problems"].as_array().unwrap() {
            let placed = problem["line"].is_u64() && problem["column"].is_u64();
            let whole = ["not-an-sbom", "empty", "no-components", "unsupported", "unknown-version"];
            if !placed && !whole.contains(&problem["code"].as_str().unwrap()) && problem["pointer"] != "" {
                wrong.push(format!("{}: {problem} has no place", case.file));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.case.len(), wrong.join("\n"));
    let listed: BTreeSet<String> = all.case.iter().map(|c| c.file.clone()).collect();
    assert_eq!(listed, files_in("bad"), "a file without a case, or a case without a file");
}

/// A finding without what must differ between formats: places, and references as each format writes them.
fn facts(finding: &Value) -> Value {
    let mut facts = finding.clone();
    let map = facts.as_object_mut().unwrap();
    map.remove("location");
    map.remove("paths");
    map.remove("path_names");
    map.get_mut("component").unwrap().as_object_mut().unwrap().remove("ref");
    map.get_mut("component").unwrap().as_object_mut().unwrap().remove("kind");
    let evidence = map.get_mut("evidence").unwrap().as_array_mut().unwrap();
    for piece in evidence.iter_mut() {
        without_lines(piece);
        piece.as_object_mut().unwrap().remove("pointer");
    }
    evidence.sort_by_key(Value::to_string);
    facts
}

#[test]
fn the_same_facts_in_three_formats_are_the_same_findings() {
    let mut twins = 0;
    for entry in std::fs::read_dir(fixture("twins")).unwrap() {
        let case = entry.unwrap().file_name().to_string_lossy().into_owned();
        let of = |format: &str| {
            let report = json(&scan_fixture(&format!("twins/{case}/{format}.json")));
            assert_eq!(report["inputs"][0]["status"], "read", "{case}/{format}");
            let paths: Vec<usize> = report["findings"]
                .as_array()
                .unwrap()
                .iter()
                .map(|f| f["paths"][0].as_array().map_or(0, Vec::len))
                .collect();
            let findings: Vec<Value> = report["findings"].as_array().unwrap().iter().map(facts).collect();
            (findings, paths)
        };
        let (cyclonedx, spdx2, spdx3) = (of("cyclonedx"), of("spdx2"), of("spdx3"));
        assert_eq!(cyclonedx, spdx2, "{case}: CycloneDX and SPDX 2");
        assert_eq!(cyclonedx, spdx3, "{case}: CycloneDX and SPDX 3");
        assert_eq!(cyclonedx.0.is_empty(), case == "clean", "{case}");
        twins += 1;
    }
    assert!(twins >= 5);
}

#[test]
fn real_documents_without_the_maker_give_no_finding() {
    let report = scan_fixture("clean");
    assert!(report.inputs.len() >= 12, "{} documents", report.inputs.len());
    let value = json(&report);
    assert_eq!(value["findings"], Value::Array(Vec::new()));
    assert_eq!(value["set_aside"], Value::Array(Vec::new()));
    for input in value["inputs"].as_array().unwrap() {
        assert_eq!(input["status"], "read", "{}", input["path"]);
    }
}

#[test]
fn the_planted_engine_in_a_real_sbom_is_told_to_a_stranger() {
    let report = scan_fixture("real/mail-gateway.cdx.json");
    let text = rendered(&report, "text");
    for said in [
        "PROHIBITED  av-sdk 8.10.2.2098",
        "supplied by Kaspersky",
        "AO Kaspersky Lab",
        "89 FR 52434",
        "2024-09-29",
        "ask ",
        "Hold this until",
        "not legal advice",
    ] {
        assert!(text.contains(said), "the report does not say `{said}`:\n{text}");
    }
    // The place it names is the place in the file.
    let finding = &report.findings[0];
    let bytes = read("real/mail-gateway.cdx.json");
    let line = String::from_utf8(bytes)
        .unwrap()
        .lines()
        .nth(finding.evidence[0].location.line as usize - 1)
        .unwrap()
        .to_owned();
    assert!(line.contains(&finding.evidence[0].found), "{line}");
    assert!(finding.paths[0].len() >= 3, "the path has its steps");
}

#[test]
fn a_source_can_be_read_again() {
    let source = Source::from_bytes("x", b"abc".to_vec());
    for _ in 0..2 {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut source.open().unwrap(), &mut text).unwrap();
        assert_eq!(text, "abc");
    }
}
