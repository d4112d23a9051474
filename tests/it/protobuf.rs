//! CycloneDX in protobuf: the same findings as in JSON, and what becomes of bytes that are damaged or made to hurt. The
//! documents are encoded here, from the numbers of the published schemas and not from the reader's table.

use crate::support::{documents, fixture, json, read, rendered, scan_everything, scan_text};
use crate::xml::facts;
use serde_json::{Map, Value};
use std::time::{Duration, Instant};

/// One message a line: its JSON keys with their numbers; behind a colon the message, enumeration or time in a field.
const SCHEMA: &str = "
Bom specVersion=1 version=2 serialNumber=3 metadata=4:Metadata components=5:Component services=6:Service externalReferences=7:ExternalReference dependencies=8:Dependency compositions=9:Composition properties=12:Property formulation=13:Formula
Metadata timestamp=1:time authors=3:Contact component=4:Component manufacture=5:Entity supplier=6:Entity licenses=7:LicenseChoice properties=8:Property manufacturer=10:Entity
Component type=1:classification mime-type=2 bom-ref=3 supplier=4:Entity author=5 publisher=6 group=7 name=8 version=9 description=10 scope=11:scope hashes=12:Hash licenses=13:LicenseChoice copyright=14 cpe=15 purl=16 swid=17:Swid pedigree=19:Pedigree externalReferences=20:ExternalReference components=21:Component properties=22:Property evidence=23:Evidence releaseNotes=24:ReleaseNotes manufacturer=28:Entity authors=29:Contact tags=30 omniborId=31 swhid=32
Service bom-ref=1 provider=2:Entity group=3 name=4 version=5 description=6 endpoints=7 data=10:DataFlow licenses=11:LicenseChoice externalReferences=12:ExternalReference services=13:Service properties=14:Property releaseNotes=15:ReleaseNotes tags=17
DataFlow value=2 name=3 description=4 source=5 destination=6
Dependency ref=1 dependsOn=2:Dependency provides=3
ExternalReference type=1:reference url=2 comment=3 hashes=4:Hash
Hash alg=1:algorithm content=2
LicenseChoice license=1:License expression=2 acknowledgement=3:acknowledgement bom-ref=4 detailed=5:Detailed
License id=1 name=2 text=3:Text url=4 bom-ref=5 licensing=6:Licensing properties=7:Property acknowledgement=8:acknowledgement
Detailed expression=1 expressionDetails=2:Details bom-ref=3 licensing=5:Licensing
Details licenseIdentifier=1 bom-ref=2 text=3:Text url=4
Licensing altIds=1 licensor=2:Choice licensee=3:Choice purchaser=4:Choice purchaseOrder=5
Choice organization=1:Entity individual=2:Contact
Text contentType=1 encoding=2 content=3
Entity name=1 url=2 contact=3:Contact bom-ref=4
Contact name=1 email=2 phone=3 bom-ref=4
Property name=1 value=2
Swid tagId=1 name=2 version=3 text=6:Text url=7
Pedigree ancestors=1:Component descendants=2:Component variants=3:Component commits=4:Commit patches=5:Patch notes=6
Commit uid=1 url=2 author=3:Action committer=4:Action message=5
Action timestamp=1:time name=2 email=3
Patch diff=2:Diff resolves=3:Issue
Issue id=2 name=3 description=4 references=6
Diff text=1:Text url=2
Evidence licenses=1:LicenseChoice copyright=2:Copyright identity=3:Identity occurrences=4:Occurrence callstack=5:Callstack
Copyright text=1
Identity field=1:field methods=3:Method tools=4 concludedValue=5
Method value=3
Occurrence bom-ref=1 location=2 symbol=5 additionalContext=6
Callstack frames=1:Frame
Frame package=1 module=2 function=3 parameters=4 fullFilename=7
ReleaseNotes type=1 title=2 description=5 timestamp=6:time tags=8 properties=11:Property
Composition aggregate=1:aggregate assemblies=2 dependencies=3
Formula bom-ref=1 components=2:Component services=3:Service properties=5:Property
classification null application framework library operating-system device file container firmware device-driver platform machine-learning-model data cryptographic-asset
scope null required optional excluded
algorithm null MD5 SHA-1 SHA-256 SHA-384 SHA-512 SHA3-256 SHA3-384 SHA3-512 BLAKE2b-256 BLAKE2b-384 BLAKE2b-512 BLAKE3
acknowledgement null declared concluded
field null group name version purl cpe swid hash omniborId swhid
aggregate not_specified complete incomplete incomplete_first_party_only incomplete_third_party_only unknown
reference other vcs issue-tracker website advisories bom mailing-list social chat documentation support distribution license build-meta build-system security-contact attestation threat-model adversary-model risk-assessment distribution-intake vulnerability-assertion exploitability-statement pentest-report static-analysis-report dynamic-analysis-report runtime-analysis-report component-analysis-report maturity-report certification-report quality-metrics codified-infrastructure model-card poam log configuration evidence formulation source-distribution electronic-signature digital-signature rfc-9116 release-notes
";

fn line_of(name: &str) -> impl Iterator<Item = &'static str> {
    let line = SCHEMA.lines().find(|line| line.split(' ').next() == Some(name));
    line.unwrap_or_else(|| panic!("{name} is not in the schema")).split(' ').skip(1)
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while number > 0x7F {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

fn run(number: u64, bytes: &[u8]) -> Vec<u8> {
    [varint(number << 3 | 2), varint(bytes.len() as u64), bytes.to_vec()].concat()
}

fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// One field, as many times as the value has entries.
fn field(field: u64, kind: &str, value: &Value) -> Vec<u8> {
    match (kind, value) {
        (_, Value::Array(list)) => list.iter().flat_map(|value| self::field(field, kind, value)).collect(),
        ("", _) => run(field, text_of(value).as_bytes()),
        ("time", _) => {
            let time: jiff::Timestamp = text_of(value).parse().unwrap();
            run(field, &number(1, time.as_second() as u64))
        }
        ("Dependency", Value::String(reference)) => run(field, &run(1, reference.as_bytes())),
        (_, Value::Object(map)) if kind.starts_with(char::is_uppercase) => run(field, &message(kind, map)),
        _ => match line_of(kind).position(|word| word == text_of(value)) {
            // A default is not written.
            None | Some(0) => Vec::new(),
            Some(at) => number(field, at as u64),
        },
    }
}

/// A message, its fields in the order of their numbers, as other programs write them.
fn message(name: &str, map: &Map<String, Value>) -> Vec<u8> {
    if name == "LicenseChoice" && map.contains_key("expressionDetails") {
        return run(5, &message("Detailed", map));
    }
    let mut fields: Vec<(u64, Vec<u8>)> = Vec::new();
    for entry in line_of(name) {
        let (key, rest) = entry.split_once('=').unwrap();
        let (at, kind) = rest.split_once(':').unwrap_or((rest, ""));
        let at: u64 = at.parse().unwrap();
        match map.get(key) {
            Some(version) if (name, key) == ("Bom", "version") => {
                fields.push((at, number(at, version.as_u64().unwrap_or(1))));
            }
            Some(value) => fields.push((at, field(at, kind, value))),
            None => {}
        }
    }
    fields.sort_by_key(|(at, _)| *at);
    fields.into_iter().flat_map(|(_, bytes)| bytes).collect()
}

fn encoded(document: &Value) -> Vec<u8> {
    message("Bom", document.as_object().unwrap())
}

fn every_fixture_in(folder: &str) -> usize {
    let mut compared = 0;
    for path in documents(folder, ".json").into_iter().filter(|path| path.starts_with(fixture(folder))) {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(document) = serde_json::from_slice::<Value>(&bytes) else { continue };
        // Signatures are not in the schema.
        if document.get("bomFormat").is_none() || document.to_string().contains("certificatePath") {
            continue;
        }
        let binary = encoded(&document);
        let (of_json, of_binary) = (json(&scan_text(&bytes)), json(&scan_text(&binary)));
        let (input, twin) = (&of_binary["inputs"][0], &of_json["inputs"][0]);
        assert_eq!((&input["status"], &input["serialization"]), (&"read".into(), &"protobuf".into()), "{path:?}");
        for key in ["components", "disclosure", "product", "spec_version", "problems"] {
            assert_eq!(input[key], twin[key], "{key} of {path:?}");
        }
        assert_eq!(facts(&of_binary), facts(&of_json), "{path:?}");
        assert_eq!(facts(&json(&scan_everything(&binary))), facts(&of_binary), "{path:?}");
        compared += 1;
    }
    compared
}

#[test]
fn every_piece_of_evidence_in_cyclonedx_json_is_found_in_protobuf() {
    assert!(every_fixture_in("evidence/cyclonedx") > 90);
    assert!(every_fixture_in("evidence/mentions") > 5);
}

#[test]
fn the_same_facts_in_protobuf_are_the_same_findings() {
    assert_eq!(every_fixture_in("twins"), 5);
}

const LIBRARY: &str = r#"{"type": "library", "bom-ref": "engine", "name": "kaspersky-engine", "version": "8.0",
    "supplier": {"name": "Kaspersky Lab", "url": ["https://www.kaspersky.com"]}}"#;

/// A document of 1.6 with these components.
fn bom(components: &[&str]) -> Vec<u8> {
    let list: Vec<Value> = components.iter().map(|c| serde_json::from_str(c).unwrap()).collect();
    encoded(&serde_json::json!({"specVersion": "1.6", "version": 1, "components": list}))
}

fn input_of(bytes: &[u8]) -> (Value, usize) {
    let report = json(&scan_text(bytes));
    (report["inputs"][0].clone(), report["findings"].as_array().unwrap().len())
}

#[test]
fn entries_of_lists_that_stand_interleaved_are_counted_on() {
    let entry = |name: &str| run(5, &run(8, name.as_bytes()));
    let service = |name: &str| run(6, &run(4, name.as_bytes()));
    let bytes =
        [run(1, b"1.6"), entry("a"), service("x"), entry("Kaspersky Endpoint Security"), service("y"), entry("c")];
    let report = json(&scan_text(&bytes.concat()));
    assert_eq!(report["inputs"][0]["components"], 5, "{}", report["inputs"]);
    assert_eq!(report["inputs"][0]["problems"], Value::Array(Vec::new()));
    assert_eq!(report["findings"][0]["evidence"][0]["pointer"], "/components/1/name");
}

#[test]
fn a_length_before_a_name_is_no_part_of_it() {
    // 107 bytes long: the length is the letter k, and the text goes on where a name would.
    let text = format!("{:<107}", "aspersky");
    let (input, findings) = input_of(&[run(1, b"1.6"), run(5, &run(8, text.as_bytes()))].concat());
    assert_eq!((&input["status"], findings), (&"read".into(), 0));
}

#[test]
fn fields_that_nobody_knows_are_passed_over() {
    let component: Value = serde_json::from_str(LIBRARY).unwrap();
    let strange = [
        number(900, 7),
        run(901, b"Kaspersky Lab"),
        varint(902 << 3 | 5),
        vec![1, 2, 3, 4],
        varint(903 << 3 | 1),
        vec![0; 8],
    ];
    let strange = strange.concat();
    let inner = [strange.clone(), message("Component", component.as_object().unwrap()), strange.clone()].concat();
    let (input, findings) = input_of(&[run(1, b"1.7"), strange.clone(), run(5, &inner), strange].concat());
    assert_eq!((&input["status"], &input["components"], findings), (&"read".into(), &1.into(), 1), "{input}");
    assert_eq!(input["problems"], Value::Array(Vec::new()));
}

#[test]
fn a_value_of_the_wrong_kind_costs_that_value() {
    let parts = [run(8, b"kaspersky-engine"), number(4, 3), number(7, 12), run(11, b"required"), number(1, 99)];
    let (input, findings) = input_of(&[run(1, b"1.6"), run(5, &parts.concat())].concat());
    assert_eq!((&input["components"], findings), (&1.into(), 1), "{input}");
    let problems = input["problems"].to_string();
    for part in ["`supplier` should be an object", "`group` should be a text", "unknown-value"] {
        assert!(problems.contains(part), "{part}: {problems}");
    }
}

#[test]
fn what_breaks_is_told_and_what_stood_before_counts() {
    let whole = bom(&[LIBRARY]);
    for (rest, message) in [
        (vec![0x2A, 0x7F, 0x42, 100, b'a'], "the input ends in the middle of a field"),
        (vec![0x2A, 4, 0x42, 90, b'a', b'b'], "a field is longer than what stands around it"),
        ([vec![0x2A], vec![0xFF; 12]].concat(), "a number is longer than ten bytes"),
        ([vec![0x2A], vec![0xFF; 9], vec![1]].concat(), "a field is longer than what stands around it"),
        (vec![0x2B, 0x2C], "a group stands here"),
        (vec![0x2F, 0], "a field is written in a way that protobuf does not have"),
        (vec![0, 0], "a field has a number that no field can have"),
        (vec![0x2A, 1, 0x80], "a field is longer than what stands around it"),
        (vec![0x80], "the input ends in the middle of a field"),
    ] {
        let (input, findings) = input_of(&[whole.clone(), rest.clone()].concat());
        assert_eq!((&input["status"], findings), (&"partial".into(), 1), "{rest:?}: {input}");
        assert!(input["problems"].to_string().contains(message), "{rest:?}: {}", input["problems"]);
    }
}

#[test]
fn a_document_cut_anywhere_is_read_as_far_as_it_goes() {
    let whole = bom(&[r#"{"type": "library", "name": "a"}"#, LIBRARY, r#"{"type": "file", "name": "b"}"#]);
    let complete = json(&scan_text(&whole))["inputs"][0]["components"].as_u64().unwrap();
    assert_eq!(complete, 3);
    let mut before = 0;
    for len in 5..whole.len() {
        let (input, _) = input_of(&whole[..len]);
        let components = input["components"].as_u64().unwrap();
        assert!(components >= before && components <= complete, "{len}: {input}");
        before = components;
    }
    assert_eq!(before, complete);
}

#[test]
fn bytes_changed_at_random_never_end_the_program() {
    let whole = encoded(&serde_json::from_slice(&read("twins/supplier-and-cpe/cyclonedx.json")).unwrap());
    let mut state = 7u64;
    for _ in 0..3_000 {
        let mut bytes = whole.clone();
        for _ in 0..3 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = 5 + (state >> 33) as usize % (bytes.len() - 5);
            bytes[at] = (state >> 20) as u8;
        }
        rendered(&scan_text(&bytes), "json");
    }
}

#[test]
fn depth_costs_neither_the_stack_nor_what_stands_beside_it() {
    // Written from the inside out: each level holds the one before it.
    let (mut reversed, mut len) = (Vec::new(), 0u64);
    for _ in 0..60_000 {
        let mut head = [vec![0xAA, 1], varint(len)].concat();
        len += head.len() as u64;
        head.reverse();
        reversed.extend(head);
    }
    reversed.reverse();
    let start = Instant::now();
    let component: Value = serde_json::from_str(LIBRARY).unwrap();
    let (input, findings) = input_of(
        &[run(1, b"1.6"), run(5, &reversed), run(5, &message("Component", component.as_object().unwrap()))].concat(),
    );
    assert_eq!((&input["status"], findings), (&"partial".into(), 1), "{}", input["problems"]);
    assert!(input["problems"].to_string().contains("--max-depth"), "{}", input["problems"]);
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn when_a_version_was_released_is_read_from_its_seconds() {
    let dated =
        r#"{"type": "library", "name": "a", "releaseNotes": {"type": "major", "timestamp": "2023-05-06T07:08:09Z"}}"#;
    let (input, _) = input_of(&bom(&[dated]));
    assert_eq!((&input["status"], &input["problems"]), (&"read".into(), &Value::Array(Vec::new())));
}
