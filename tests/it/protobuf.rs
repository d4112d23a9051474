//! CycloneDX in protobuf: the same findings as in JSON, and what becomes of bytes that are damaged or made to hurt. The
//! documents are encoded by `fuzz/src/encode.rs`, from the numbers of the published schemas and not from the reader's
//! table.

use crate::fuzz::shared::encode::{encoded, message, number, run, varint};
use crate::support::{documents, fixture, json, read, rendered, scan_everything, scan_text};
use crate::xml::facts;
use serde_json::Value;
use std::time::{Duration, Instant};

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

/// A dependency with others in it.
fn depends(reference: &str, on: &[Vec<u8>]) -> Vec<u8> {
    let on: Vec<u8> = on.iter().flat_map(|inner| run(2, inner)).collect();
    [run(1, reference.as_bytes()), on].concat()
}

#[test]
fn dependencies_in_dependencies_are_read_at_any_depth() {
    let engine: Value = serde_json::from_str(LIBRARY).unwrap();
    let components =
        ["a", "b", "c", "d"].map(|name| serde_json::json!({"type": "library", "bom-ref": name, "name": name}));
    let mut document = serde_json::json!({"specVersion": "1.6", "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "p", "name": "p"}},
        "components": [engine, components[0], components[1], components[2], components[3]]});
    let plain = encoded(&document);
    document["dependencies"] = serde_json::json!([{"ref": "p", "dependsOn": ["a", "d"]},
        {"ref": "a", "dependsOn": ["b", "c"]}, {"ref": "b", "dependsOn": ["engine"]}, {"ref": "d", "provides": ["c"]}]);
    let flat = json(&scan_text(document.to_string().replacen('{', r#"{"bomFormat": "CycloneDX", "#, 1).as_bytes()));
    let leaf = |name: &str| depends(name, &[]);
    let d = [leaf("d"), run(3, b"c")].concat();
    let nested = depends("p", &[depends("a", &[depends("b", &[leaf("engine")]), leaf("c")]), d.clone()]);
    // The other way round: what is in it stands before its own name.
    let turned =
        [run(2, &leaf("a")), run(2, &d), run(1, b"p"), run(2, &depends("a", &[depends("b", &[leaf("engine")])]))];
    for (bytes, relations) in [(&nested, 6), (&turned.concat(), 6)] {
        let report = json(&scan_text(&[plain.clone(), run(8, bytes)].concat()));
        assert_eq!(report["inputs"][0]["problems"], Value::Array(Vec::new()));
        assert_eq!(report["inputs"][0]["disclosure"]["relations"], relations, "{report}");
        assert_eq!(report["findings"][0]["paths"], flat["findings"][0]["paths"]);
        assert_eq!(report["findings"][0]["paths"][0].as_array().unwrap().len(), 4);
    }
    let nameless = run(2, &run(2, &leaf("engine")));
    let (input, findings) = input_of(&[plain, run(8, &nameless), run(8, &depends("p", &[leaf("engine")]))].concat());
    assert_eq!(findings, 1);
    assert!(input["problems"].to_string().contains("has no reference"), "{input}");
}

#[test]
fn messages_that_stand_in_each_other_without_end_are_told() {
    for (field, within) in [(21, 5), (2, 8)] {
        let (mut heads, mut size) = (Vec::new(), 0);
        for _ in 0..(1 << 20) + 5 {
            let head = [varint(field << 3 | 2), varint(size)].concat();
            size += head.len() as u64;
            heads.push(head);
        }
        let deep: Vec<u8> = heads.into_iter().rev().flatten().collect();
        let (input, findings) = input_of(&[bom(&[LIBRARY]), run(within, &deep)].concat());
        assert_eq!((&input["status"], findings), (&"partial".into(), 1), "{input}");
        assert!(input["problems"].to_string().contains("stand in each other"), "{}", input["problems"]);
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
