//! `unlabel inspect`: what it shows of a document, its contract, and what it never says.

use crate::support::{documents, fixture, root, scan_fixture};
use serde_json::Value;
use std::collections::BTreeSet;
use unlabel::inspect::{Options, Summary, inspect, inspect_bytes};
use unlabel::source::collect::collect;

const PLANTED: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6",
  "metadata": {"component": {"bom-ref": "p", "type": "firmware", "name": "gateway", "version": "1"},
               "supplier": {"name": "Gateway Works"}},
  "components": [
    {"bom-ref": "a", "type": "library", "name": "filter", "purl": "pkg:npm/filter@2", "version": "2",
     "licenses": [{"license": {"id": "MIT"}}], "hashes": [{"alg": "MD5", "content": "0"}],
     "components": [{"bom-ref": "b", "type": "library", "name": "inner", "supplier": {"name": "Inner Ltd"}}]}],
  "services": [{"name": "cloud", "provider": {"name": "Sky Ltd"}, "endpoints": ["https://sky.example"]}],
  "vulnerabilities": [{"id": "CVE-1", "description": "only-mentioned-here"}],
  "dependencies": [{"ref": "p", "dependsOn": ["a", "ghost"]}]}"#;

fn run(bytes: &[u8], form: &str, options: &Options) -> (Summary, String) {
    let mut out = Vec::new();
    let summary = inspect_bytes("input.json", bytes, form, options, &mut out).unwrap();
    (summary, String::from_utf8(out).unwrap())
}

fn json(bytes: &[u8], options: &Options) -> Value {
    serde_json::from_str(&run(bytes, "json", options).1).unwrap()
}

fn strict() -> Options {
    Options { strict: true, ..Options::default() }
}

#[test]
fn a_component_is_shown_with_all_that_it_says() {
    let all = json(PLANTED.as_bytes(), &Options::default());
    let model = &all["inputs"][0]["model"];
    let names: Vec<&str> =
        model["components"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["gateway", "filter", "inner", "cloud"]);
    let [product, filter, inner, cloud] = model["components"].as_array().unwrap().as_slice() else { panic!() };
    assert_eq!((product["origin"].as_str(), product["described"].as_bool()), (Some("product"), Some(true)));
    assert_eq!(filter["identifiers"][0]["value"], "pkg:npm/filter@2");
    assert_eq!(filter["licenses"][0]["names"][0], "MIT");
    assert_eq!(
        (filter["hashes"].as_u64(), filter["line"].as_u64(), filter["column"].as_u64()),
        (Some(1), Some(5), Some(5))
    );
    assert_eq!(inner["parent"], filter["number"]);
    assert_eq!(inner["parties"][0]["names"][0], "Inner Ltd");
    assert_eq!(inner["pointer"], "/components/0/components/0");
    assert_eq!(cloud["parties"][0]["role"], "provider");
    assert_eq!(cloud["endpoints"][0], "https://sky.example");
    assert_eq!(product["relations"], serde_json::json!([{"relation": "depends-on", "to": filter["number"]}]));
    assert_eq!(model["parties"][0]["names"][0], "Gateway Works");
    assert_eq!(model["counts"]["dangling"], 1);
    assert_eq!(
        (model["dangling"][0]["ref"].as_str(), model["dangling"][0]["line"].as_u64()),
        (Some("ghost"), Some(10))
    );
    assert_eq!(all["inputs"][0]["opinions"], Value::Null, "nobody was to be asked");
}

#[test]
fn the_text_form_answers_why_a_component_was_not_seen() {
    let find =
        |text: &str| run(PLANTED.as_bytes(), "text", &Options { find: Some(text.to_owned()), ..Options::default() }).1;
    let inner = find("inner ltd");
    assert!(inner.contains("stands in 1 component") && inner.contains("supplier Inner Ltd"), "{inner}");
    assert!(inner.contains("/components/0/components/0") && inner.contains("inside #"), "{inner}");
    let mentioned = find("only-mentioned-here");
    assert!(mentioned.contains("stands in 0 components"), "{mentioned}");
    assert!(mentioned.contains("line 9, column 55") && mentioned.contains("vulnerability"), "{mentioned}");
    assert!(find("nowhere at all").contains("nor anywhere else in the input"));
    let (_, plain) = run(PLANTED.as_bytes(), "text", &Options::default());
    assert!(plain.contains("ghost") && plain.contains("line 10, column") && !plain.contains("Inner Ltd"), "{plain}");
    let (_, list) = run(PLANTED.as_bytes(), "text", &Options { components: true, ..Options::default() });
    assert!(list.contains("inner | supplier Inner Ltd | line 7, column 21"), "{list}");
}

fn validator() -> jsonschema::Validator {
    let schema = std::fs::read_to_string(root().join("schemas/inspect-1.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&schema).unwrap();
    close(&mut schema);
    jsonschema::validator_for(&schema).unwrap()
}

/// The schema lets new fields come; the code may not write one that the schema does not describe.
fn close(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.get("properties").is_some_and(Value::is_object) && map.contains_key("required") {
                map.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            map.values_mut().for_each(close);
        }
        Value::Array(list) => list.iter_mut().for_each(close),
        _ => {}
    }
}

#[test]
fn every_inspection_is_as_its_schema_says() {
    let validator = validator();
    for folder in ["evidence", "bad", "twins", "clean", "wrapped", "no-such-folder"] {
        let mut out = Vec::new();
        inspect(&collect(&[fixture(folder)]), "json", &strict(), &mut out).unwrap();
        let mut all: Value = serde_json::from_slice(&out).unwrap();
        let errors: Vec<String> = validator.iter_errors(&all).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{folder}:\n{}", errors.join("\n"));
        all["inputs"][0]["status"] = Value::from("fine");
        assert!(!validator.is_valid(&all), "the schema lets anything pass");
    }
}

/// The model holds exactly the components that the scan counts, and the facts of an input are the same in both.
#[test]
fn inspection_and_scan_agree_on_every_input() {
    for folder in ["evidence", "bad", "twins", "clean", "wrapped", "xml", "real"] {
        let mut out = Vec::new();
        let summary = inspect(&collect(&[fixture(folder)]), "json", &Options::default(), &mut out).unwrap();
        let all: Value = serde_json::from_slice(&out).unwrap();
        let report = scan_fixture(folder);
        assert_eq!(all["inputs"].as_array().unwrap().len(), report.inputs.len(), "{folder}");
        assert_eq!(summary.skipped, report.skipped, "{folder}");
        for (seen, input) in all["inputs"].as_array().unwrap().iter().zip(&report.inputs) {
            assert_eq!(seen["path"], input.path.as_str());
            assert_eq!(seen["status"], input.status.id(), "{}", input.path);
            assert_eq!(seen["problems"].as_array().unwrap().len(), input.problems.len(), "{}", input.path);
            let Some(listed) = seen["model"]["components"].as_array() else { continue };
            assert_eq!(listed.len() as u64, input.components, "{}", input.path);
            let numbers: BTreeSet<u64> = listed.iter().map(|c| c["number"].as_u64().unwrap()).collect();
            assert_eq!(numbers.len(), listed.len(), "{}: a number twice", input.path);
        }
    }
}

#[test]
fn exit_statuses_are_those_of_the_program() {
    let status = |text: &str, options: &Options| run(text.as_bytes(), "text", options).0.exit_status();
    let plain = Options::default();
    assert_eq!(status(PLANTED, &plain), 0);
    assert_eq!(status("{}", &plain), 3);
    assert_eq!(status(r#"{"bomFormat": "CycloneDX", "specVersion": "1.6"}"#, &plain), 3);
    let allowed = Options { allow_incomplete: true, ..Options::default() };
    assert_eq!(status("{}", &allowed), 0);
    assert_eq!(inspect(&collect(&["/no/such/file".into()]), "text", &plain, &mut Vec::new()).unwrap().exit_status(), 2);
    // A finding is a matter of the scan.
    let found = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
        {"type": "library", "name": "x", "supplier": {"name": "Kaspersky Lab"}}]}"#;
    assert_eq!(status(found, &plain), 0);
}

#[test]
fn nothing_that_acts_on_a_terminal_gets_out_of_the_text() {
    let evil = "a\\u001b[31mb\\u202ec";
    let text = PLANTED.replace("\"filter\"", &format!("\"{evil}\"")).replace("ghost", evil).replace("Inner Ltd", evil);
    let text = text.replace("Gateway Works", evil).replace("\"gateway\"", &format!("\"{evil}\""));
    for find in [None, Some("a".to_owned())] {
        let options = Options { components: true, strict: true, find, ..Options::default() };
        let (_, out) = run(text.as_bytes(), "text", &options);
        assert!(out.contains(r"a\u{1b}[31mb\u{202e}c"), "{out}");
        assert!(!out.contains('\u{1b}') && !out.contains('\u{202e}'), "{out}");
    }
}

#[test]
fn every_fixture_can_be_inspected_in_both_forms() {
    for path in documents("", ".json") {
        let bytes = std::fs::read(&path).unwrap();
        let (text, _) = run(&bytes, "text", &Options { components: true, ..Options::default() });
        let (json, out) = run(&bytes, "json", &Options::default());
        assert_eq!(text, json, "{}", path.display());
        serde_json::from_str::<Value>(&out).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }
}

#[cfg(feature = "strict")]
mod opinions {
    use super::*;
    use unlabel::opinion;

    fn opinions(name: &str, bytes: &[u8]) -> Vec<Value> {
        let mut out = Vec::new();
        inspect_bytes(name, bytes, "json", &strict(), &mut out).unwrap();
        let all: Value = serde_json::from_slice(&out).unwrap();
        all["inputs"][0]["opinions"].as_array().unwrap_or_else(|| panic!("nobody said anything: {all}")).clone()
    }

    fn answers(bytes: &[u8]) -> Vec<(String, String)> {
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        opinions("x", bytes).iter().map(|o| (text(&o["by"]), text(&o["answer"]))).collect()
    }

    #[test]
    fn a_schema_says_what_is_wrong_and_where() {
        let text = "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.5\", \"version\": 1, \"components\": [\n  \
                    {\"type\": \"library\", \"name\": \"a\", \"zzz\": 1},\n  {\"type\": \"liberry\", \"name\": \"b\"}]}";
        let (summary, out) = run(text.as_bytes(), "text", &strict());
        assert_eq!(summary.exit_status(), 1);
        assert!(out.contains("JSON Schema of CycloneDX 1.5: the document does not conform"), "{out}");
        assert!(out.contains("line 2, column 3: ") && out.contains("'zzz' was unexpected"), "{out}");
        assert!(out.contains("line 3, column 12: ") && out.contains("(/components/1/type)"), "{out}");
        // The same without anybody asked.
        assert_eq!(run(text.as_bytes(), "text", &Options::default()).0.exit_status(), 0);
    }

    #[test]
    fn each_format_has_its_opinions() {
        let cdx = |v: &str| {
            let text = format!(
                r#"{{"bomFormat":"CycloneDX","specVersion":"{v}","version":1,"components":[{{"type":"library","name":"a","version":"1"}}]}}"#
            );
            answers(text.as_bytes())
        };
        let conforms = |by: &str| (by.to_owned(), "conforms".to_owned());
        let library = conforms("library cyclonedx-bom 0.8.1");
        for (version, strict, asked) in [
            ("1.2", true, false),
            ("1.3", true, true),
            ("1.4", false, true),
            ("1.5", false, true),
            ("1.6", false, false),
            ("1.7", false, false),
        ] {
            let mut wanted = vec![conforms(&format!("JSON Schema of CycloneDX {version}"))];
            wanted.extend(strict.then(|| conforms(&format!("JSON Schema of CycloneDX {version}-strict"))));
            wanted.extend(asked.then(|| library.clone()));
            assert_eq!(cdx(version), wanted, "{version}");
        }
        let spdx = answers(&crate::support::read("clean/spdx22-syft-2.2.json"));
        assert_eq!(spdx.first().unwrap().0, "JSON Schema of SPDX 2.2");
        assert_eq!(spdx.last().unwrap().0, "library spdx-rs 0.5.5");
        let spdx = answers(&crate::support::read("clean/spdx301-ai-sbom.spdx3.json"));
        assert_eq!(spdx.first().unwrap().0, "JSON Schema of SPDX 3.0.1");
        let nobody = answers(&crate::support::read("clean/spdx23-tools-python-SPDXYAMLExample.spdx.yaml"));
        assert_eq!(nobody, [("nobody".to_owned(), "not-asked".to_owned())]);
    }

    /// What would end the process in a library, or is too much for it, is not put to anybody.
    #[test]
    fn nobody_is_asked_beyond_the_bounds() {
        let cdx = |inside: &str| {
            format!(
                r#"{{"bomFormat":"CycloneDX","specVersion":"1.4","version":1,"components":[{{"type":"library","name":"a"{inside}}}]}}"#
            )
        };
        let deep = |n: usize| cdx(&format!(r#","x":{}{}"#, "[".repeat(n), "]".repeat(n)));
        let xml = |n: usize| {
            let (open, close) = (
                "<components><component type=\"library\"><name>a</name>".repeat(n),
                "</component></components>".repeat(n),
            );
            format!(
                "<?xml version=\"1.0\"?><bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\" version=\"1\">{open}{close}</bom>"
            )
        };
        let spdx = |license: &str| {
            format!(
                "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: a\n\
                 DocumentNamespace: https://a.example/a\nCreator: Tool: a\nCreated: 2024-01-01T00:00:00Z\n\n\
                 PackageName: a\nSPDXID: SPDXRef-a\nPackageDownloadLocation: NONE\nPackageLicenseDeclared: {license}\n"
            )
        };
        let parentheses = |n: usize| spdx(&format!("{}MIT{}", "(".repeat(n), ")".repeat(n)));
        let long = cdx(&format!(r#","description":"{}""#, "x".repeat(opinion::LARGEST as usize)));
        for (text, why) in [
            (deep(200), "nested more than 120 deep"),
            (deep(100_000), "nested more than 120 deep"),
            (xml(300), "nested more than 500 deep"),
            (xml(40_000), ""),
            (parentheses(101), "parentheses more than 100 deep"),
            (parentheses(100_000), "parentheses more than 100 deep"),
            (spdx(&"MIT AND(MIT)".repeat(10_000)), "more than 20000 bytes"),
            (long, "more than 16000000 bytes"),
        ] {
            for opinion in opinions("x", text.as_bytes()) {
                assert_eq!(opinion["answer"], "not-asked", "{opinion}");
                assert!(opinion["why"].as_str().unwrap().contains(why), "{opinion}");
            }
        }
        // At the bounds everybody answers.
        for text in [deep(110), xml(240), parentheses(100), spdx(&format!("MIT{}", " AND MIT".repeat(2_000)))] {
            for opinion in opinions("x", text.as_bytes()) {
                assert_ne!(opinion["answer"], "not-asked", "{opinion}");
            }
        }
    }

    #[test]
    fn a_library_that_panics_has_no_opinion() {
        let text = "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: a\n\
                    DocumentNamespace: https://a.example/a\nCreator: Tool: a\nCreated: 2024-01-01T00:00:00Z\nNoSuchTag: 1\n\
                    PackageName: a\nSPDXID: SPDXRef-a\nPackageDownloadLocation: NONE\n";
        let all = opinions("x.spdx", text.as_bytes());
        assert_eq!(
            (all[0]["by"].as_str(), all[0]["answer"].as_str()),
            (Some("library spdx-rs 0.5.5"), Some("gave-up"))
        );
        assert_eq!(run(text.as_bytes(), "text", &strict()).0.exit_status(), 0, "it says nothing about the document");
    }

    /// An opinion about a part of a text has its places in that text.
    #[test]
    fn places_are_those_of_the_text_around() {
        let text = "{\"sbom\":\n {\"spdxVersion\": \"SPDX-2.3\", \"SPDXID\": \"SPDXRef-DOCUMENT\", \"name\": \"a\", \"packages\": [\n\
                    {\"name\": \"a\", \"SPDXID\": 7}]}}";
        let all = opinions("x.json", text.as_bytes());
        let objections = all[0]["objections"].as_array().unwrap();
        let id = objections
            .iter()
            .find(|o| o["pointer"] == "/sbom/packages/0/SPDXID")
            .unwrap_or_else(|| panic!("{objections:?}"));
        assert_eq!((id["line"].as_u64(), id["column"].as_u64()), (Some(3), Some(25)));
    }
}
