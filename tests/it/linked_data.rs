//! SPDX 3 in every shape that JSON-LD has for it: the same document says the same, foreign words say nothing, what leads
//! nowhere is told, and nothing hurts.

use crate::support::{fixture, json, read, rendered, scan_everything, scan_fixture, scan_text, without_lines};
use proptest::prelude::*;
use serde_json::{Map, Value, json as value};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use unlabel::parsers::linked_data::words::{Sort, WORDS};

const CONTEXT: &str = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld";

fn official() -> Map<String, Value> {
    let file: Value = serde_json::from_slice(&read("linked-data/spdx-context.jsonld")).unwrap();
    file["@context"].as_object().unwrap().clone()
}

/// What a report says of one document, without places and references.
fn facts(report: &Value) -> Value {
    let mut findings = report["findings"].as_array().unwrap().clone();
    for finding in &mut findings {
        let map = finding.as_object_mut().unwrap();
        map.remove("location");
        map.remove("path_names");
        let paths: Vec<Value> = map.remove("paths").unwrap().as_array().unwrap().clone();
        map.insert("steps".into(), paths.iter().map(|p| value!(p.as_array().unwrap().len())).collect());
        map["component"].as_object_mut().unwrap().remove("ref");
        let evidence = map["evidence"].as_array_mut().unwrap();
        for piece in evidence.iter_mut() {
            without_lines(piece);
            piece.as_object_mut().unwrap().remove("pointer");
        }
        evidence.sort_by_key(Value::to_string);
    }
    findings.sort_by_key(Value::to_string);
    let input = &report["inputs"][0];
    let problems: BTreeSet<String> =
        input["problems"].as_array().unwrap().iter().map(|p| format!("{} {}", p["code"], p["message"])).collect();
    value!({"status": input["status"], "spec": input["spec_version"], "disclosure": input["disclosure"], "problems": problems,
        "findings": findings, "aside": report["set_aside"].as_array().unwrap().len()})
}

/// Scans, and holds that the quick way and the thorough one say the same.
fn report(text: &str) -> Value {
    let (some, all) = (scan_text(text.as_bytes()), scan_everything(text.as_bytes()));
    assert_eq!(rendered(&some, "json"), rendered(&all, "json"), "{text}");
    json(&some)
}

fn graph(elements: &str) -> String {
    format!(r#"{{"@context":"{CONTEXT}","@graph":[{elements}]}}"#)
}

fn kinds(report: &Value) -> BTreeSet<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let pieces = findings.flat_map(|f| f["evidence"].as_array().unwrap().clone());
    pieces.map(|e| e["kind"].as_str().unwrap().to_owned()).collect()
}

fn codes(report: &Value) -> Vec<&str> {
    report["inputs"][0]["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect()
}

#[test]
fn the_same_document_in_every_shape_says_the_same() {
    let expected = facts(&json(&scan_fixture("linked-data/compact.json")));
    assert_eq!(expected["findings"].as_array().unwrap().len(), 13);
    let mut shapes = 0;
    for entry in std::fs::read_dir(fixture("linked-data")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        if !name.ends_with(".json") {
            continue;
        }
        let report = json(&scan_fixture(&format!("linked-data/{name}")));
        assert_eq!(facts(&report), expected, "{name}");
        let everything = scan_everything(&read(&format!("linked-data/{name}")));
        assert_eq!(facts(&json(&everything)), expected, "{name}, every component built");
        // A place is where the value stands, in whatever shape.
        let text = String::from_utf8(read(&format!("linked-data/{name}"))).unwrap();
        for finding in report["findings"].as_array().unwrap() {
            for piece in finding["evidence"].as_array().unwrap() {
                let line = text.lines().nth(piece["line"].as_u64().unwrap() as usize - 1).unwrap();
                let rest: String = line.chars().skip(piece["column"].as_u64().unwrap() as usize - 1).collect();
                let found = piece["found"].as_str().unwrap();
                let begins: String = found.chars().take(12).collect();
                assert!(rest.starts_with('"') && rest.contains(&begins), "{name}: {piece} at {line}");
            }
        }
        shapes += 1;
    }
    assert!(shapes >= 8, "{shapes}");
    for kind in [
        "supplier",
        "originator",
        "cpe",
        "purl",
        "copyright",
        "reference",
        "property",
        "license",
        "license-text",
        "file",
    ] {
        let all = kinds(&json(&scan_fixture("linked-data/expanded.json")));
        assert!(all.contains(kind), "{kind} is not in {all:?}");
    }
}

/// A compact document written out, as the official context says it is (JSON-LD 1.1, expansion). Enough of it for SPDX: no
/// containers, no languages.
fn expanded(compact: &Value, context: &Map<String, Value>) -> Value {
    fn iri(context: &Map<String, Value>, name: &str) -> Option<String> {
        match context.get(name)? {
            Value::String(iri) => Some(iri.clone()),
            definition => Some(definition["@id"].as_str()?.to_owned()),
        }
    }
    match compact {
        Value::Object(node) => {
            let mut out = Map::new();
            for (key, inner) in node {
                if key == "@context" {
                    continue;
                }
                let name = if key.starts_with('@') { key.clone() } else { iri(context, key).unwrap_or_default() };
                let definition = context.get(key);
                let kind = definition.and_then(|d| d["@type"].as_str()).unwrap_or_default();
                let list = match inner {
                    Value::Array(list) => list.clone(),
                    one => vec![one.clone()],
                };
                let one = |inner: &Value| match (inner, name.as_str()) {
                    (Value::Object(_), _) => expanded(inner, context),
                    (Value::String(word), "@type") => value!(iri(context, word).unwrap_or(word.clone())),
                    (Value::String(word), _) if kind == "@vocab" => {
                        let vocab = definition.and_then(|d| d["@context"]["@vocab"].as_str());
                        let word =
                            vocab.map(|v| format!("{v}{word}")).or_else(|| iri(context, word)).unwrap_or(word.clone());
                        value!({"@id": word})
                    }
                    _ => value!({"@type": kind, "@value": inner}),
                };
                let inner = if name == "@id" { inner.clone() } else { list.iter().map(one).collect() };
                out.insert(name, inner);
            }
            Value::Object(out)
        }
        other => other.clone(),
    }
}

#[test]
fn every_spdx_3_fixture_says_the_same_when_it_is_written_out() {
    let context = official();
    let mut files: Vec<_> =
        std::fs::read_dir(fixture("evidence/spdx3")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.extend(["clean/spdx301-ai-sbom.spdx3.json", "clean/spdx301-appbomination.spdx3.json"].map(fixture));
    files.extend(std::fs::read_dir(fixture("twins")).unwrap().map(|entry| entry.unwrap().path().join("spdx3.json")));
    for path in &files {
        let bytes = std::fs::read(path).unwrap();
        let compact: Value = serde_json::from_slice(&bytes).unwrap();
        let mut written_out = expanded(&compact, &context);
        let list = written_out["@graph"].take();
        let (before, after) = (facts(&json(&scan_text(&bytes))), facts(&report(&list.to_string())));
        assert_eq!(before, after, "{}", path.display());
    }
    assert!(files.len() > 50, "{}", files.len());
}

#[test]
fn the_words_are_those_of_the_official_context() {
    let context = official();
    // What was in the drafts and still stands in documents.
    let before = ["expandedlicensing_licenseText"];
    for (word, sort) in WORDS.iter().filter(|(word, _)| !word.starts_with('@') && !before.contains(word)) {
        let definition = context.get(*word).unwrap_or_else(|| panic!("the context has no `{word}`"));
        if let Some(keyword) = definition.as_str() {
            assert!(matches!((keyword, sort), ("@id", Sort::Id) | ("@type", Sort::Word)), "{word}");
            continue;
        }
        let expected: &[Sort] = match (definition["@type"].as_str().unwrap(), definition.get("@context")) {
            ("@vocab", Some(_)) => &[Sort::Word],
            ("@vocab", None) => &[Sort::Element, Sort::Detail],
            (kind, _) if kind.contains("spdx.org") => &[Sort::Detail],
            _ => &[Sort::Text, Sort::Reference],
        };
        assert!(expected.contains(sort), "{word}: {sort:?}");
    }
}

const PACKAGE: &str = r#"{"type":"software_Package","spdxId":"urn:p","name":"zz","suppliedBy":"urn:v"}"#;

#[test]
fn names_are_what_the_context_says() {
    let agent = |name: &str| {
        format!(
            r#"{{"@type":"{}","@id":"urn:v","{name}":"AO Kaspersky Lab"}}"#,
            "https://spdx.org/rdf/3.0.1/terms/Core/Organization"
        )
    };
    for (context, name, found) in [
        (r#"{"spdx":"https://spdx.org/rdf/3.0.1/terms/"}"#, "spdx:Core/name", true),
        (r#"{"spdx":"https://spdx.org/rdf/3.0.1/terms/","c":"spdx:Core/"}"#, "c:name", true),
        (r#"{"spdx":"https://spdx.org/rdf/3.0.1/terms/","label":{"@id":"spdx:Core/name"}}"#, "label", true),
        (r#"{"@vocab":"https://spdx.org/rdf/3.0.1/terms/Core/"}"#, "name", true),
        (r#"{"@vocab":"http://spdx.org/rdf/3.0.0/terms/Core/"}"#, "name", true),
        (r#"["https://spdx.org/rdf/3.0.1/spdx-context.jsonld",{"x":"https://x.example/"}]"#, "name", true),
        (r#""https://spdx.org/rdf/3.0.1/spdx-context.jsonld""#, "https://spdx.org/rdf/3.0.1/terms/Core/name", true),
        (
            r#""https://spdx.org/rdf/3.0.1/spdx-context.jsonld""#,
            "https:\\/\\/spdx.org/rdf/3.0.1/terms/Core/n\\u0061me",
            true,
        ),
        (
            r#""https://spdx.org/rdf/3.0.1/spdx-context.jsonld""#,
            "https://evil.example/rdf/3.0.1/terms/Core/name",
            false,
        ),
        (
            r#""https://spdx.org/rdf/3.0.1/spdx-context.jsonld""#,
            "https://spdx.org.evil.example/rdf/3.0.1/terms/Core/name",
            false,
        ),
        (r#"["https://spdx.org/rdf/3.0.1/spdx-context.jsonld",{"x":"https://x.example/"}]"#, "x:name", false),
        (r#"{"spdx":"https://spdx.org/rdf/3.0.1/terms/","name":"https://x.example/name"}"#, "name", false),
    ] {
        for last in [false, true] {
            // The rest is written out, so that only the name of the agent goes by the context.
            let package = r#"{"@type":"https://spdx.org/rdf/3.0.1/terms/Software/Package","@id":"urn:p",
                "https://spdx.org/rdf/3.0.1/terms/Core/name":"zz","https://spdx.org/rdf/3.0.1/terms/Core/suppliedBy":{"@id":"urn:v"}}"#;
            let graph = format!(r#""@graph":[{package},{}]"#, agent(name));
            let text = match last {
                false => format!(r#"{{"@context":{context},{graph}}}"#),
                true => format!(r#"{{{graph},"@context":{context}}}"#),
            };
            let report = report(&text);
            assert_eq!(report["inputs"][0]["status"], "read", "{text}: {report:#}");
            assert_eq!(report["inputs"][0]["disclosure"]["components"], 1, "{text}");
            assert_eq!(!report["findings"].as_array().unwrap().is_empty(), found, "{text}");
        }
    }
}

#[test]
fn a_name_of_spdx_keeps_its_meaning_and_the_other_one_is_told() {
    let text = format!(
        r#"{{"@context":["{CONTEXT}",{{"name":"https://x.example/label"}}],"@graph":[{PACKAGE},
        {{"type":"Organization","spdxId":"urn:v","name":"AO Kaspersky Lab"}}]}}"#
    );
    let report = report(&text);
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
    assert_eq!(codes(&report), ["unknown-value"]);
}

#[test]
fn prefixes_are_written_out_in_ids() {
    let text = format!(
        r#"{{"@context":["{CONTEXT}",{{"ex":"https://example.com/ids#"}}],"@graph":[
        {{"type":"software_Package","spdxId":"ex:p","name":"zz","suppliedBy":"https://example.com/ids#v"}},
        {{"type":"Organization","spdxId":"ex:v","name":"AO Kaspersky Lab"}}]}}"#
    );
    let report = report(&text);
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
    assert_eq!(codes(&report), Vec::<&str>::new());
}

#[test]
fn an_element_in_place_is_there_for_others_too() {
    let agent = r#"{"type":"Organization","name":"AO Kaspersky Lab","spdxId":"urn:v"}"#;
    let first = format!(r#"{{"type":"software_Package","spdxId":"urn:a","name":"aa","originatedBy":[{agent}]}}"#);
    let made_by = format!(r#"{{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","createdBy":[{agent}]}}"#);
    for elements in [
        format!("{first},{PACKAGE}"),
        format!("{PACKAGE},{first}"),
        format!("{PACKAGE},{made_by}"),
        format!(r#"{PACKAGE},{{"type":"SpdxDocument","spdxId":"urn:d","@included":[{agent}]}}"#),
        format!(r#"{PACKAGE},{{"@id":"urn:g","@graph":[{agent}]}}"#),
        r#"{"type":"software_Package","name":"zz","suppliedBy":{"type":"Organization","name":"AO Kaspersky Lab"}}"#
            .to_owned(),
        format!(r#"{{"type":"software_Package","name":"zz","suppliedBy":{{"@set":[{{"@id":"urn:v"}}]}}}},{agent}"#),
        format!(
            r#"{{"type":"Relationship","relationshipType":"contains","from":{{"type":"software_Package","name":"q"}},
            "to":[{{"@list":[{PACKAGE}]}}]}},{agent}"#
        ),
    ] {
        let report = report(&graph(&elements));
        let found: Vec<&str> =
            report["findings"].as_array().unwrap().iter().map(|f| f["component"]["name"].as_str().unwrap()).collect();
        assert!(found.contains(&"zz"), "{elements}: {found:?}");
        assert_eq!(codes(&report), Vec::<&str>::new(), "{elements}");
    }
}

#[test]
fn a_relationship_keeps_its_ends_when_elements_stand_in_it() {
    let inner =
        r#"{"type":"Relationship","spdxId":"urn:i","relationshipType":"hasTest","from":"urn:p","to":["urn:x"]}"#;
    let elements = format!(
        r#"{{"type":"SpdxDocument","spdxId":"urn:d","rootElement":["urn:product"]}},
        {{"type":"Relationship","spdxId":"urn:r","from":{{"type":"software_Package","spdxId":"urn:product","name":"product"}},
        "relationshipType":"dependsOn","to":[{PACKAGE},{inner}]}},
        {{"type":"Organization","spdxId":"urn:v","name":"AO Kaspersky Lab"}},{{"type":"software_Package","spdxId":"urn:x","name":"x"}}"#
    );
    let report = report(&graph(&elements));
    assert_eq!(report["findings"][0]["paths"][0].as_array().unwrap().len(), 2, "{report:#}");
    assert_eq!(report["inputs"][0]["disclosure"]["relations"], 2);
}

#[test]
fn what_stands_nowhere_is_told() {
    let relation =
        r#"{"type":"Relationship","spdxId":"urn:r","relationshipType":"dependsOn","from":"urn:p","to":["urn:far"]}"#;
    let import = r#"{"type":"SpdxDocument","spdxId":"urn:d","import":[{"type":"ExternalMap","externalSpdxId":"urn:far","locationHint":"https://x.example/a.json"},{"externalSpdxId":"urn:v"}]}"#;
    for (elements, status, told, elsewhere, supplied) in [
        // A supplier that stands nowhere is none, and hides no component.
        (PACKAGE.to_owned(), "read", 1, 0, 0),
        (format!("{PACKAGE},{import}"), "read", 1, 2, 0),
        (format!(r#"{PACKAGE},{{"type":"Organization","spdxId":"urn:v","name":"v"}},{relation}"#), "read", 1, 0, 1),
        (format!("{PACKAGE},{relation},{import}"), "read", 2, 2, 0),
        (format!(r#"{PACKAGE},{{"type":"Organization","spdxId":"urn:v","name":"v"}}"#), "read", 0, 0, 1),
        // SPDX's own individuals and listed licenses need no element.
        (r#"{"type":"software_Package","spdxId":"urn:p","name":"zz","suppliedBy":"NoAssertionElement"},{"type":"Relationship","spdxId":"urn:r",
            "relationshipType":"hasDeclaredLicense","from":"urn:p","to":["https://spdx.org/licenses/MIT"]}"#.to_owned(), "read", 0, 0, 0),
        (r#"{"type":"software_Package","spdxId":"urn:p","name":"zz"},{"type":"software_Sbom","spdxId":"urn:s","element":["urn:p","urn:gone"]}"#.to_owned(), "read", 1, 0, 0),
    ] {
        let report = report(&graph(&elements));
        let input = &report["inputs"][0];
        assert_eq!(input["status"], status, "{elements}: {input:#}");
        let problems: Vec<&Value> = input["problems"].as_array().unwrap().iter().filter(|p| p["code"] == "unresolved-reference").collect();
        assert_eq!(problems.len(), told, "{elements}: {input:#}");
        assert!(problems.iter().all(|p| p["line"].is_u64() && p["pointer"] != ""), "{input:#}");
        assert_eq!(input["disclosure"]["external_documents"], elsewhere, "{elements}");
        assert_eq!(input["disclosure"]["with_supplier"], supplied, "{elements}");
    }
}

/// A component that stands nowhere makes finding nothing worth little, unless the document says where it stands.
#[test]
fn what_stands_nowhere_lowers_the_grade() {
    let package = |id: &str| {
        format!(
            r#"{{"type":"software_Package","spdxId":"urn:{id}","name":"{id}","software_packageVersion":"1",
        "software_packageUrl":"pkg:npm/{id}@1","suppliedBy":"urn:v"}}"#
        )
    };
    let vendor = r#"{"type":"Organization","spdxId":"urn:v","name":"Example Ltd"}"#;
    let relation = |to: &str| {
        format!(
            r#"{{"type":"Relationship","spdxId":"urn:r","relationshipType":"dependsOn","from":"urn:a","to":["urn:{to}"]}}"#
        )
    };
    let import =
        r#"{"type":"SpdxDocument","spdxId":"urn:d","import":[{"type":"ExternalMap","externalSpdxId":"urn:far"}]}"#;
    for (to, more, grade) in [("b", "", "good"), ("far", "", "thin"), ("far", import, "good")] {
        let comma = if more.is_empty() { "" } else { "," };
        let text = graph(&format!("{},{},{vendor},{}{comma}{more}", package("a"), package("b"), relation(to)));
        assert_eq!(report(&text)["inputs"][0]["disclosure"]["grade"], grade, "{text}");
    }
}

#[test]
fn the_id_of_a_supplier_that_stands_nowhere_says_at_most_what_an_address_says() {
    for (id, strength) in [
        ("https://www.kaspersky.com/agents/1", Some("medium")),
        ("https://kaspersky%2Ecom/agents/1", Some("medium")),
        ("urn:spdx:organization:kaspersky-lab", Some("weak")),
        ("urn:spdx:organization:example", None),
        // No id at all, but a name as SPDX 2 writes it.
        ("Organization: AO Kaspersky Lab", Some("strong")),
    ] {
        let text = graph(&format!(r#"{{"type":"software_Package","spdxId":"urn:p","name":"zz","suppliedBy":"{id}"}}"#));
        let told = report(&text);
        assert_eq!(told["findings"][0]["strength"].as_str(), strength, "{id}: {told:#}");
        if id.contains(' ') {
            continue;
        }
        // When the agent stands there, its id says nothing.
        let named =
            text.replace("]}", &format!(r#",{{"type":"Organization","spdxId":"{id}","name":"Example Ltd"}}]}}"#));
        assert_eq!(report(&named)["findings"].as_array().unwrap().len(), 0, "{id}");
    }
}

#[test]
fn statements_about_one_element_are_one() {
    for elements in [
        format!(r#"{{"type":"software_Package","spdxId":"urn:p","name":"zz"}},{{"@id":"urn:p","suppliedBy":"urn:v"}},{}"#, r#"{"type":"Organization","spdxId":"urn:v","name":"AO Kaspersky Lab"}"#),
        r#"{"@id":"urn:p","software_copyrightText":"Copyright AO Kaspersky Lab"},{"type":"software_Package","spdxId":"urn:p","name":"zz"}"#.to_owned(),
        r#"{"@id":"urn:p","name":"zz"},{"type":"software_Package","spdxId":"urn:p","software_packageUrl":"pkg:github/KasperskyLab/x@1"}"#.to_owned(),
        format!(r#"{PACKAGE},{{"type":"Organization","spdxId":"urn:v"}},{{"@id":"urn:v","name":"AO Kaspersky Lab"}}"#),
    ] {
        let report = report(&graph(&elements));
        let findings = report["findings"].as_array().unwrap();
        assert_eq!(findings.len(), 1, "{elements}: {report:#}");
        assert_eq!(findings[0]["component"]["name"], "zz", "{elements}");
        assert_eq!(codes(&report), ["duplicate-reference"], "{elements}");
        assert_eq!(report["inputs"][0]["disclosure"]["components"], 1, "{elements}");
        assert_eq!(report["inputs"][0]["components"], 1, "{elements}");
    }
}

/// What an element is that states no type shows in what refers to it.
#[test]
fn an_agent_without_a_type_is_an_agent() {
    for agent in [
        r#"{"@id":"urn:v","name":"AO Kaspersky Lab"}"#,
        r#"{"type":"Tool","spdxId":"urn:v","name":"AO Kaspersky Lab"}"#,
    ] {
        let report = report(&graph(&format!("{PACKAGE},{agent}")));
        assert_eq!(report["findings"].as_array().unwrap().len(), 1, "{agent}");
    }
}

#[test]
fn a_type_that_spdx_does_not_have_is_told() {
    for (kind, status) in [
        ("software_Pakage", "partial"),
        ("https://spdx.org/rdf/3.1/terms/Hardware/Device", "partial"),
        ("https://x.example/Package", "partial"),
    ] {
        let element = format!(
            r#"{{"type":"{kind}","spdxId":"urn:p","software_packageVersion":"1"}},{{"type":"software_Package","name":"b"}}"#
        );
        let report = report(&graph(&element));
        assert_eq!(report["inputs"][0]["status"], status, "{kind}");
        assert_eq!(codes(&report), ["unknown-value"], "{kind}");
    }
    let foreign = r#"{"type":"https://x.example/Place","@id":"urn:p"},{"type":"software_Package","name":"b"}"#;
    assert_eq!(report(&graph(foreign))["inputs"][0]["status"], "read");
    let both = r#"{"type":["https://x.example/Thing","software_Package","https://x.example/Other"],"spdxId":"urn:p","name":"b"}"#;
    let report = report(&graph(both));
    assert_eq!((codes(&report).len(), report["inputs"][0]["disclosure"]["components"].as_u64()), (0, Some(1)));
}

#[test]
fn what_json_ld_has_and_is_not_read_is_told() {
    for inside in [
        r#""@reverse":{"from":[{"type":"Relationship","relationshipType":"contains","to":["urn:q"]}]}"#,
        r#""@context":{"n":"https://spdx.org/rdf/3.0.1/terms/Core/name"},"n":"AO Kaspersky Lab""#,
    ] {
        let report = report(&graph(&format!(r#"{{"type":"software_Package","spdxId":"urn:p","name":"b",{inside}}}"#)));
        assert_eq!(report["inputs"][0]["status"], "partial", "{inside}");
        assert_eq!(codes(&report), ["unsupported"], "{inside}");
    }
}

#[test]
fn newer_versions_are_read_and_told() {
    let written_out = r#"[{"@type":["https://spdx.org/rdf/3.1/terms/Software/Package"],"https://spdx.org/rdf/3.1/terms/Core/name":[{"@value":"Kaspersky Anti-Virus SDK"}]}]"#;
    let compact = graph(
        r#"{"type":"CreationInfo","@id":"_:c","specVersion":"3.1.0"},{"type":"software_Package","name":"Kaspersky Anti-Virus SDK"}"#,
    );
    for text in [written_out, &compact] {
        let report = report(text);
        assert_eq!(codes(&report), ["unknown-version"], "{text}");
        assert_eq!(report["findings"].as_array().unwrap().len(), 1, "{text}");
    }
}

#[test]
fn several_documents_in_one_list_are_several_inputs() {
    let one = graph(&format!(r#"{PACKAGE},{{"type":"Organization","spdxId":"urn:v","name":"AO Kaspersky Lab"}}"#));
    let report = report(&format!("[{one},{one}]"));
    assert_eq!(report["inputs"].as_array().unwrap().len(), 2);
    assert_eq!(report["findings"].as_array().unwrap().len(), 2);
}

/// Licenses that are made of licenses: the one inside reaches the component.
#[test]
fn members_of_license_sets_reach_the_component() {
    let package = r#"{"type":"software_Package","spdxId":"urn:p","name":"zz"},{"type":"Relationship","relationshipType":"hasConcludedLicense","from":"urn:p","to":["urn:l0"]}"#;
    let custom = r#"{"type":"expandedlicensing_CustomLicense","spdxId":"urn:end","name":"Kaspersky Lab EULA","simplelicensing_licenseText":"Terms."}"#;
    for set in [
        format!(
            r#"{{"type":"expandedlicensing_ConjunctiveLicenseSet","spdxId":"urn:l0","expandedlicensing_member":["urn:end","urn:l0"]}},{custom}"#
        ),
        format!(
            r#"{{"type":"expandedlicensing_DisjunctiveLicenseSet","spdxId":"urn:l0","expandedlicensing_member":[{custom}]}}"#
        ),
        format!(
            r#"{{"type":"expandedlicensing_WithAdditionOperator","spdxId":"urn:l0","expandedlicensing_subjectExtendableLicense":"urn:l1","expandedlicensing_subjectAddition":"urn:a"}},
            {{"type":"expandedlicensing_OrLaterOperator","spdxId":"urn:l1","expandedlicensing_subjectLicense":{custom}}},
            {{"type":"expandedlicensing_CustomLicenseAddition","spdxId":"urn:a","name":"a","expandedlicensing_additionText":"x"}}"#
        ),
        r#"{"type":"expandedlicensing_WithAdditionOperator","spdxId":"urn:l0","expandedlicensing_subjectAddition":
            {"type":"expandedlicensing_CustomLicenseAddition","spdxId":"urn:a","name":"a","expandedlicensing_additionText":"Kaspersky Lab is the Rightholder and grants this license."}}"#
        .to_owned(),
    ] {
        let report = report(&graph(&format!("{package},{set}")));
        assert_eq!(report["findings"][0]["component"]["name"], "zz", "{set}: {report:#}");
    }
}

/// The bound is wide, because a busy machine is no fault; what takes the square of its length takes far longer.
fn quick(what: &str, text: &str) -> Value {
    let begun = Instant::now();
    let report = json(&scan_text(text.as_bytes()));
    assert!(begun.elapsed() < Duration::from_secs(60), "{what} took {:?}", begun.elapsed());
    report
}

#[test]
fn nothing_hurts() {
    // A chain of sets that ends in a circle, and many components at its head.
    let mut elements = Vec::new();
    for i in 0..20_000 {
        elements.push(format!(r#"{{"type":"expandedlicensing_ConjunctiveLicenseSet","@id":"_:l{i}","expandedlicensing_member":["_:l{}","_:l0"]}}"#, i + 1));
    }
    elements
        .push(r#"{"type":"expandedlicensing_CustomLicense","@id":"_:l20000","name":"Kaspersky Lab EULA"}"#.to_owned());
    elements.push(PACKAGE.to_owned());
    elements.push(
        r#"{"type":"Relationship","relationshipType":"hasDeclaredLicense","from":"urn:p","to":["_:l0"]}"#.to_owned(),
    );
    let report = quick("a chain of sets", &graph(&elements.join(",")));
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
    // The same for many components: too much, and told.
    for i in 0..2_000 {
        elements.push(format!(r#"{{"type":"software_Package","spdxId":"urn:p{i}","name":"p{i}"}}"#));
        elements.push(format!(
            r#"{{"type":"Relationship","relationshipType":"hasDeclaredLicense","from":"urn:p{i}","to":["_:l0"]}}"#
        ));
    }
    let report = quick("many components at a chain", &graph(&elements.join(",")));
    assert_eq!(report["inputs"][0]["status"], "partial");
    assert!(codes(&report).contains(&"limit"), "{:?}", codes(&report));

    let ids: Vec<String> = (0..100_000).map(|i| format!("\"_:b{i}\"")).collect();
    let many =
        graph(&format!(r#"{PACKAGE},{{"type":"software_Sbom","spdxId":"urn:s","element":[{}]}}"#, ids.join(",")));
    let report = quick("many references to nothing", &many);
    assert_eq!(report["inputs"][0]["disclosure"]["grade"], "thin");
    assert!(report["inputs"][0]["problems"].as_array().unwrap().len() < 60);

    let terms: Vec<String> = (0..50_000).map(|i| format!(r#""t{i}":"https://x.example/{i}""#)).collect();
    let huge = format!(r#"{{"@context":["{CONTEXT}",{{{}}}],"@graph":[{PACKAGE}]}}"#, terms.join(","));
    let report = quick("a huge context", &huge);
    assert_eq!(report["inputs"][0]["status"], "partial");
    assert!(codes(&report).contains(&"limit"));
    let circle = format!(r#"{{"@context":["{CONTEXT}",{{"a":"b:x","b":"a:x","c":"c:c"}}],"@graph":[{PACKAGE}]}}"#);
    assert_eq!(quick("prefixes in a circle", &circle)["inputs"][0]["disclosure"]["components"], 1);

    for (open, close) in [
        (r#"{"@set":"#, "}"),
        (r#"{"@list":["#, "]}"),
        (r#"{"@id":"#, "}"),
        (r#"{"type":"#, "}"),
        (r#"{"@value":"#, "}"),
        (r#"{"suppliedBy":"#, "}"),
        (r#"{"https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/member":["#, "]}"),
        ("[", "]"),
    ] {
        let deep = format!("{}\"urn:v\"{}", open.repeat(100_000), close.repeat(100_000));
        let text = graph(&format!(
            r#"{{"type":"software_Package","name":"zz","suppliedBy":{deep}}},{{"type":"software_Package","name":"Kaspersky Anti-Virus SDK"}}"#
        ));
        let report = quick(open, &text);
        assert_eq!(report["findings"].as_array().unwrap().len(), 1, "{open}");
        assert!(!codes(&report).is_empty(), "{open}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Broken documents in every shape: the quick way and the thorough one agree, and nothing falls over.
    #[test]
    fn damage_costs_no_more_than_it_must(
        shape in 0usize..6, cuts in prop::collection::vec((0usize..30_000, 0usize..40, 0usize..9), 1..4)
    ) {
        let shapes = ["expanded", "expanded-graph", "flattened-own-context", "embedded", "blank-nodes", "one-object"];
        let mut text = String::from_utf8(read(&format!("linked-data/{}.json", shapes[shape]))).unwrap();
        for (at, length, put) in cuts {
            let at = at % text.len();
            let end = (at + length).min(text.len());
            let put = ["", "{", "}", "[", "]", "\"", "{\"@id\":", "{\"@set\":[", "null"][put];
            text.replace_range(at..end, put);
        }
        let (some, all) = (scan_text(text.as_bytes()), scan_everything(text.as_bytes()));
        let (some, all) = (rendered(&some, "json"), rendered(&all, "json"));
        let differs = some.lines().zip(all.lines()).find(|(some, all)| some != all);
        prop_assert_eq!(differs, None);
        prop_assert!(!some.contains("\"internal\""));
    }
}
