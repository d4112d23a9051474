//! Envelopes, statements, bundles, wrappers, lists and JSON lines: the SBOM inside is found, with places as an editor shows
//! them, and what holds none is never silent.

use crate::support::{RULES, editor_position, json, options, read};
use base64::Engine as _;
use serde_json::Value;
use unlabel::scan::{scan, scan_bytes};
use unlabel::source::collect::collect;

fn sbom(file: &str) -> String {
    String::from_utf8(read(&format!("twins/supplier-and-cpe/{file}.json"))).unwrap()
}

fn base64(text: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn envelope(content: &str) -> String {
    let payload = base64(content);
    format!(
        r#"{{"payloadType":"application/vnd.in-toto+json","payload":"{payload}","signatures":[{{"keyid":"","sig":"MA=="}}]}}"#
    )
}

fn statement(predicate: &str) -> String {
    format!(
        "{{\"_type\": \"https://in-toto.io/Statement/v1\",\n \"subject\": [{{\"name\": \"x\", \"digest\": {{}}}}],\n \"predicateType\": \"https://cyclonedx.org/bom\",\n \"predicate\": {predicate}}}"
    )
}

fn scanned(bytes: &[u8]) -> Value {
    json(&scan_bytes("in.json", bytes, &RULES, &options()))
}

fn inputs(report: &Value) -> Vec<(&str, &str)> {
    fn text(v: &Value) -> &str {
        v.as_str().unwrap()
    }
    report["inputs"].as_array().unwrap().iter().map(|i| (text(&i["path"]), text(&i["status"]))).collect()
}

fn said(report: &Value) -> String {
    let inputs = report["inputs"].as_array().unwrap().iter();
    inputs
        .flat_map(|i| i["problems"].as_array().unwrap())
        .map(|p| format!("{}: {}\n", p["code"], p["message"]))
        .collect()
}

/// Kind, text, line, column and pointer of all evidence.
fn evidence(report: &Value) -> Vec<(String, String, u64, u64, String)> {
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .flat_map(|f| f["evidence"].as_array().unwrap())
        .map(|e| {
            (
                text(&e["kind"]),
                text(&e["found"]),
                e["line"].as_u64().unwrap(),
                e["column"].as_u64().unwrap(),
                text(&e["pointer"]),
            )
        })
        .collect()
}

#[test]
fn an_sbom_inside_the_text_has_the_places_of_the_file() {
    for file in ["cyclonedx", "spdx2", "spdx3"] {
        let inner = sbom(file);
        let plain = evidence(&scanned(inner.as_bytes()));
        assert!(!plain.is_empty());
        let cases = [
            (format!("{{ \"sbom\" :\n\t{inner}\n}}"), "/sbom", "in.json"),
            (format!("{{\"é\": 1, \"Document\": {inner}}}"), "/Document", "in.json"),
            (statement(&inner), "/predicate", "in.json"),
            (statement(&inner).replace("Statement/v1", "Statement/v0.1"), "/predicate", "in.json"),
            (statement(&format!("{{\"Data\": {inner}, \"Timestamp\": \"x\"}}")), "/predicate/Data", "in.json"),
            (format!("[ {{\"name\": 1}}, null,\r\n{inner}]"), "/2", "in.json!2"),
            (format!("\u{FEFF}[{{\"sbom\": {inner}}}]"), "/0/sbom", "in.json!0"),
            (format!("{{\"x\": 1}}\n\n{inner}\n{{\"y\": 2}}\n"), "", "in.json!2"),
        ];
        for (text, pointer, path) in cases {
            let report = scanned(text.as_bytes());
            assert_eq!(inputs(&report), [(path, "read")], "{file} {pointer}");
            let at = text.find(inner.as_str()).unwrap();
            let expected: Vec<_> = plain
                .iter()
                .map(|(kind, found, line, column, inside)| {
                    let lines: Vec<usize> =
                        std::iter::once(0).chain(inner.match_indices('\n').map(|(n, _)| n + 1)).collect();
                    let offset = lines[*line as usize - 1] + *column as usize - 1;
                    let (line, column) = editor_position(text.as_bytes(), at + offset);
                    (kind.clone(), found.clone(), line, column, format!("{pointer}{inside}"))
                })
                .collect();
            assert_eq!(evidence(&report), expected, "{file} {pointer}");
            let finding = &report["findings"][0];
            assert!(finding["component"].is_object());
            assert_eq!(report["inputs"][0]["bytes"], inner.trim_end().len() as u64, "{file} {pointer}");
        }
    }
}

#[test]
fn an_sbom_in_base64_or_a_string_is_an_input_of_its_own() {
    let inner = sbom("cyclonedx");
    let plain = evidence(&scanned(inner.as_bytes()));
    let quoted = serde_json::to_string(&inner).unwrap();
    let bundle = format!(
        r#"{{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{{}},"dsseEnvelope":{}}}"#,
        envelope(&statement(&inner))
    );
    let cases = [
        (envelope(&inner), "in.json!payload", None),
        (envelope(&inner).replace('/', "\\/"), "in.json!payload", None),
        (envelope(&statement(&inner)), "in.json!payload", Some("/predicate")),
        (bundle.clone(), "in.json!payload", Some("/predicate")),
        (statement(&quoted), "in.json!predicate", None),
        (envelope(&statement(&format!("{{\"Data\":{quoted},\"Timestamp\":\"\"}}"))), "in.json!payload!Data", None),
        (
            format!("{}\n{bundle}\n", envelope(&statement("{}")).replace("payload\"", "other\"")),
            "in.json!2!payload",
            Some("/predicate"),
        ),
    ];
    for (text, path, pointer) in cases {
        let report = scanned(text.as_bytes());
        assert_eq!(inputs(&report), [(path, "read")], "{}", said(&report));
        let found = evidence(&report);
        assert_eq!(found.len(), plain.len());
        match pointer {
            // The statement stands before the SBOM in its line, and moves the first line only.
            Some(pointer) => assert!(found.iter().all(|e| e.4.starts_with(pointer)), "{found:?}"),
            None => assert_eq!(found, plain, "{path}"),
        }
    }
}

#[test]
fn several_sboms_in_one_file_are_several_inputs() {
    let one = |name: &str| {
        format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{"type":"library","name":"{name}","supplier":{{"name":"Kaspersky Lab"}}}}]}}"#
        )
    };
    let lines = format!("{}\n{{\"log\":1}}\n{}\n", one("a"), one("b"));
    let report = scanned(lines.as_bytes());
    assert_eq!(inputs(&report), [("in.json!1", "read"), ("in.json!3", "read")]);
    assert_eq!(report["findings"][1]["location"]["line"].as_u64().or(report["findings"][1]["line"].as_u64()), Some(3));
    assert_eq!(report["summary"]["skipped"], 1);
    let list = format!("[{},{}, [{}]]", one("a"), one("b"), one("c"));
    let report = scanned(list.as_bytes());
    assert_eq!(inputs(&report), [("in.json!0", "read"), ("in.json!1", "read"), ("in.json!2!0", "read")]);
    assert_eq!(report["findings"][2]["component"]["name"], "c");
    // A line that breaks costs that line; one that is cut off is read as far as it goes.
    let broken = format!("{}\n{}\n{{\"x\": nonsense}}\n{}", one("a"), &one("b")[..120], one("c"));
    let report = scanned(broken.as_bytes());
    assert_eq!(
        inputs(&report),
        [("in.json!1", "read"), ("in.json!2", "partial"), ("in.json", "unread"), ("in.json!4", "read")]
    );
    assert_eq!(report["inputs"][2]["problems"][0]["line"], 3);
    // Documents one after the other without line ends, and a list behind a document.
    let report = scanned(format!("{}{}[{}]", one("a"), one("b"), one("c")).as_bytes());
    assert_eq!(inputs(&report), [("in.json!1", "read"), ("in.json!2", "read"), ("in.json!3!0", "read")]);
    // Behind a list as well.
    let report = scanned(format!("[{}]\n{}", one("a"), one("b")).as_bytes());
    assert_eq!(report["findings"].as_array().unwrap().len(), 2);
}

#[test]
fn what_is_cut_off_is_read_as_far_as_it_goes_and_told() {
    let inner = sbom("cyclonedx");
    let cut = inner.rfind("\"dependencies\"").unwrap();
    for text in [format!("{{\"sbom\": {}", &inner[..cut]), statement(&inner[..cut]), format!("[{}", &inner[..cut])] {
        let text = text.trim_end_matches('}');
        let report = scanned(text.as_bytes());
        assert_eq!(inputs(&report)[0].1, "partial", "{}", said(&report));
        assert_eq!(report["findings"].as_array().unwrap().len(), 1);
        let problem = &report["inputs"][0]["problems"][0];
        let (line, column) = editor_position(text.as_bytes(), text.len());
        assert_eq!(
            (problem["code"].as_str(), problem["line"].as_u64(), problem["column"].as_u64()),
            (Some("syntax"), Some(line), Some(column))
        );
    }
    // The break behind the SBOM is told beside it.
    let report = scanned(format!("{{\"sbom\": {inner}").as_bytes());
    assert_eq!(inputs(&report), [("in.json", "read"), ("in.json", "unread")]);
    let report = scanned(&envelope(&inner).as_bytes()[..1000]);
    assert_eq!(inputs(&report), [("in.json", "unread")]);
    assert!(said(&report).contains("\"syntax\""), "{}", said(&report));
    let report = scanned(envelope(&inner).replace("\"payload\":\"", "\"payload\":\"!").as_bytes());
    assert!(said(&report).contains("no base64"), "base64: {}", said(&report));
}

#[test]
fn a_wrapper_without_an_sbom_is_skipped_in_a_folder_and_told_when_it_was_named() {
    let provenance =
        statement("{\"builder\": {}}").replace("https://cyclonedx.org/bom", "https://slsa.dev/provenance/v1");
    let cases = [
        (provenance.clone(), "https://slsa.dev/provenance/v1"),
        (envelope(&provenance), "signed envelope"),
        ("{\"sbom\": 5}".to_owned(), "`sbom`"),
        ("[1, 2, {\"a\": 1}]".to_owned(), "none of the 3 values"),
        ("{\"a\": 1}\n{\"b\": 2}\n".to_owned(), "none of the 2 values"),
        ("[]".to_owned(), "none of the 0 values"),
        ("{\"mediaType\":\"x\",\"messageSignature\":{}}".to_owned(), "neither CycloneDX nor SPDX"),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (at, (text, words)) in cases.iter().enumerate() {
        let report = scanned(text.as_bytes());
        assert_eq!(inputs(&report).len(), 1, "{text}");
        assert_eq!(inputs(&report)[0].1, "unread", "{text}");
        assert!(said(&report).contains(words), "{text}: {}", said(&report));
        assert_eq!(report["summary"]["exit_status"], 3);
        std::fs::write(folder.path().join(format!("{at}.json")), text).unwrap();
    }
    std::fs::write(folder.path().join("x.json"), sbom("spdx2")).unwrap();
    let report = json(&scan(&collect(&[folder.path().to_owned()]), &RULES, &options()));
    assert_eq!(inputs(&report).len(), 1);
    assert_eq!(report["summary"]["skipped"], cases.len());
    // What says that it holds an SBOM, and does not, is no other file.
    std::fs::write(folder.path().join("y.json"), statement("null")).unwrap();
    let report = json(&scan(&collect(&[folder.path().to_owned()]), &RULES, &options()));
    assert_eq!(inputs(&report).len(), 2);
    assert!(said(&report).contains("an in-toto statement about `https://cyclonedx.org/bom`"), "{}", said(&report));
}

#[test]
fn wrappers_around_wrappers_end() {
    let mut text = sbom("cyclonedx");
    for _ in 0..10 {
        text = format!("{{\"sbom\": {text}}}");
    }
    assert_eq!(scanned(text.as_bytes())["findings"].as_array().unwrap().len(), 1);
    for _ in 0..50 {
        text = format!("[{text}]");
    }
    let report = scanned(text.as_bytes());
    assert!(inputs(&report)[0].1 == "unread" && said(&report).contains("more than 16 wrappers"), "{}", said(&report));
    // Numbers in lists in a list are no documents, and an object among them may be one.
    let report = scanned(format!("[{}[1,[{}]]]", "[1,2],".repeat(50_000), sbom("cyclonedx")).as_bytes());
    assert_eq!(inputs(&report), [("in.json!50000!1!0", "read")]);
    let many = format!("[{}{}]", "{},".repeat(100_000), sbom("cyclonedx"));
    let report = scanned(many.as_bytes());
    assert!(said(&report).contains("--max-entries"), "{}", said(&report));
    assert_ne!(report["summary"]["exit_status"], 0);
}

#[test]
fn real_attestations_are_read() {
    for (file, components) in [("trivy-centos-7-cyclonedx.intoto.jsonl", 4), ("trivy-sbom.cdx.intoto.jsonl", 10)] {
        let report = json(&crate::support::scan_fixture(&format!("wrapped/{file}")));
        let [(path, "read")] = inputs(&report)[..] else { panic!("{file}: {:?}", inputs(&report)) };
        assert!(path.ends_with(&format!("{file}!payload")), "{path}");
        assert_eq!(report["inputs"][0]["components"], components);
    }
}

#[test]
fn a_spreadsheet_of_spdx_is_told_even_in_a_folder() {
    let sheet = b"<?xml version=\"1.0\"?><sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>SPDX Version</t></si></sst>";
    let folder = tempfile::tempdir().unwrap();
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    out.start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut out, sheet).unwrap();
    std::fs::write(folder.path().join("a.xlsx"), out.finish().unwrap().into_inner()).unwrap();
    let report = json(&scan(&collect(&[folder.path().to_owned()]), &RULES, &options()));
    assert!(said(&report).contains("an SPDX spreadsheet"), "{}", said(&report));
}

/// Larger than what is kept in memory: the parts are read from the file, by turns with the list around them.
#[test]
fn a_large_list_is_read_from_disk() {
    let inner = sbom("cyclonedx");
    let filler = format!("{{\"bomFormat\":\"CycloneDX\",\"components\":[{{\"name\":\"{}\"}}]}}", "x".repeat(3 << 20));
    let text = format!("[{filler},\n{inner},\n{filler},\n  {{\"sbom\":{inner}}}]");
    let report = scanned(text.as_bytes());
    let all = [("in.json!0", "read"), ("in.json!1", "read"), ("in.json!2", "read"), ("in.json!3", "read")];
    assert_eq!(inputs(&report), all);
    let needle = "\"AO Kaspersky Lab\"";
    for (at, _) in text.match_indices(needle) {
        let (line, column) = editor_position(text.as_bytes(), at);
        assert!(evidence(&report).iter().any(|e| (e.2, e.3) == (line, column)), "{line}:{column}");
    }
    let packed = {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut out, text.as_bytes()).unwrap();
        out.finish().unwrap()
    };
    let mut options = options();
    options.read.unpack.ratio = 10_000;
    let again = json(&scan_bytes("in.json", &packed, &RULES, &options));
    assert_eq!((inputs(&again), evidence(&again)), (inputs(&report), evidence(&report)));
}
