//! Inputs made to hurt: every one ends, costs bounded memory, and says what it hit.

use crate::support::{json, scan_text};
use proptest::prelude::*;

fn cyclonedx(inside: &str) -> Vec<u8> {
    format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6",{inside}}}"#).into_bytes()
}

fn codes(bytes: &[u8]) -> (String, Vec<String>, usize) {
    let report = json(&scan_text(bytes));
    let input = &report["inputs"][0];
    let codes = input["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap().to_owned()).collect();
    (input["status"].as_str().unwrap().to_owned(), codes, report["findings"].as_array().unwrap().len())
}

#[test]
fn a_million_brackets_in_a_field_nobody_reads_cost_nothing() {
    let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let planted = r#""components":[{"name":"x","supplier":{"name":"Kaspersky Lab"}}]"#;
    let (status, codes, findings) = codes(&cyclonedx(&format!(r#""x":{deep},{planted}"#)));
    assert_eq!((status.as_str(), codes.len(), findings), ("read", 0, 1));
}

#[test]
fn components_nested_too_deep_are_told_with_the_option_that_raises_the_limit() {
    let deep = format!("{}{}", r#"{"name":"x","components":["#.repeat(100_000), "]}".repeat(100_000));
    let bytes = cyclonedx(&format!(r#""components":[{deep}]"#));
    let report = json(&scan_text(&bytes));
    let input = &report["inputs"][0];
    assert_eq!(input["status"], "partial");
    assert_eq!(report["summary"]["exit_status"], 3);
    let limit = input["problems"].as_array().unwrap().iter().find(|p| p["code"] == "limit").unwrap();
    assert!(limit["message"].as_str().unwrap().contains("--max-depth"), "{limit}");
}

#[test]
fn one_value_longer_than_the_limit_is_told() {
    let long = "x".repeat(70 << 20);
    let (status, codes, _) = codes(&cyclonedx(&format!(r#""components":[{{"name":"{long}"}}]"#)));
    assert_eq!((status.as_str(), codes[0].as_str()), ("partial", "limit"));
}

#[test]
fn a_million_problems_are_counted_and_not_all_kept() {
    let nulls = vec!["null"; 100_000].join(",");
    let report = json(&scan_text(&cyclonedx(&format!(r#""components":[{nulls}]"#))));
    let input = &report["inputs"][0];
    assert!(input["problems"].as_array().unwrap().len() <= 401);
    assert!(input["more_problems"].as_u64().unwrap() > 99_000);
    assert_eq!(input["status"], "partial");
}

#[test]
fn circles_in_the_graph_end() {
    let planted = r#""components":[
        {"bom-ref":"a","name":"a","supplier":{"name":"Kaspersky Lab"},"pedigree":{"ancestors":[{"bom-ref":"b","name":"b"}]}},
        {"bom-ref":"b","name":"b"}],
        "dependencies":[{"ref":"a","dependsOn":["a","b"]},{"ref":"b","dependsOn":["a"]}]"#;
    let (status, codes, findings) = codes(&cyclonedx(planted));
    assert_eq!((status.as_str(), codes, findings), ("read", vec!["duplicate-reference".to_owned()], 1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_at_all_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let report = scan_text(&bytes);
        prop_assert!(report.findings.is_empty());
        prop_assert!(!json(&report)["inputs"].as_array().unwrap().iter().any(|i| i["problems"][0]["code"] == "internal"));
        prop_assert_ne!(report.exit_status(), 0);
    }

    /// A real document with some bytes changed, dropped or doubled.
    #[test]
    fn any_damage_is_survived(at in 0usize..6000, len in 0usize..40, with in prop::collection::vec(any::<u8>(), 0..8)) {
        for file in ["twins/supplier-and-cpe/cyclonedx.json", "twins/supplier-and-cpe/spdx2.json", "twins/supplier-and-cpe/spdx3.json"] {
            let mut bytes = crate::support::read(file);
            let at = at % bytes.len();
            let to = (at + len).min(bytes.len());
            bytes.splice(at..to, with.iter().copied());
            let report = json(&scan_text(&bytes));
            let internal = report["inputs"].as_array().unwrap().iter()
                .flat_map(|i| i["problems"].as_array().unwrap()).any(|p| p["code"] == "internal");
            prop_assert!(!internal);
        }
    }
}
