//! Inputs made to hurt: every one ends, costs bounded memory, and says what it hit.

use crate::support::{json, options, rendered, scan_text};
use proptest::prelude::*;
use unlabel::rules::load::{EMBEDDED, load};
use unlabel::scan::scan_bytes;
#[cfg(unix)]
use unlabel::source::collect::{At, collect};

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

/// Of very many findings the highest are told, wherever they stand, and nobody takes them for all.
#[test]
fn more_findings_than_the_limit_are_told_by_number() {
    let weak = r#"{"name":"x","supplier":{"name":"Laboratoriya Kasperskogo"}},"#.repeat(20);
    let strong = r#"{"name":"y","supplier":{"name":"Kaspersky Lab"}}"#;
    let bytes = cyclonedx(&format!(r#""components":[{weak}{strong}]"#));
    let mut few = options();
    few.read.limits.findings = 3;
    let told = |options: &unlabel::scan::Options| json(&scan_bytes("x", &bytes, &crate::support::RULES, options));
    let (all, some) = (told(&options()), told(&few));
    assert_eq!(all["findings"].as_array().unwrap().len(), 21);
    assert_eq!(some["findings"].as_array().unwrap().len(), 3);
    assert_eq!(some["summary"]["level"], all["summary"]["level"]);
    assert_eq!(some["findings"][2], all["findings"][20], "the last is the highest");
    let input = &some["inputs"][0];
    assert_eq!((&input["status"], &input["problems"][0]["code"]), (&"partial".into(), &"limit".into()));
    let message = input["problems"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("21 findings") && message.contains("--max-findings"), "{message}");
    // And when there are too many to look at.
    few.read.limits.findings = 1;
    let some = told(&few);
    assert_eq!(some["inputs"][0]["status"], "partial");
    assert!(some["inputs"][0]["problems"].to_string().contains("21 components may concern a rule"), "{some}");
}

/// A name stands in a report many times over.
#[test]
fn a_text_of_megabytes_is_cut_in_the_report_and_not_in_the_reading() {
    let long = "x ".repeat(1 << 20);
    let named = format!(
        r#""metadata":{{"component":{{"name":"p"}}}},"components":[{{"bom-ref":"{long}","name":"{long}","supplier":{{"name":"{long}Kaspersky Lab"}}}}]"#
    );
    let text = rendered(&scan_text(&cyclonedx(&named)), "json");
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let finding = &report["findings"][0];
    assert_eq!(finding["evidence"][0]["kind"], "supplier");
    for cut in [&finding["component"]["name"], &finding["component"]["ref"], &finding["evidence"][0]["found"]] {
        let cut = cut.as_str().unwrap();
        assert!(cut.starts_with("x x x") && cut.ends_with('…') && cut.chars().count() == 10_001, "{}", cut.len());
    }
    let step = finding["path_names"][0][1].as_str().unwrap();
    assert!(step.ends_with('…') && step.chars().count() == 10_001, "{}", step.len());
    let excerpt = &finding["evidence"][0]["excerpt"];
    assert!(excerpt["text"].as_str().unwrap().chars().count() <= 160 && excerpt["cut_after"] == true, "{excerpt}");
    assert!(text.len() < 1 << 20, "{} bytes", text.len());
}

/// Whoever packs a folder of SBOMs can put a link in it, and a shell gives its name to the program.
#[cfg(unix)]
#[test]
fn a_link_to_a_device_is_not_read_without_end() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("sbom.json");
    std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
    let found = collect(&[link]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].at, At::Missing("it leads to a device".to_owned()));
    // Whoever names a device means it.
    assert!(matches!(collect(&["/dev/null".into()])[0].at, At::File(_)));
}

/// Rules of a folder may come from others, too.
#[test]
fn no_control_character_of_a_rule_reaches_a_terminal() {
    let spoiled = |name: &str, text: &str| match name.starts_with("notes/") {
        true => text.replacen("title = \"", "title = \"\\u001b[2J\\n\\t", 1),
        false => text.to_owned(),
    };
    let files: Vec<(&str, String)> = EMBEDDED.iter().map(|file| (file.name, spoiled(file.name, file.text))).collect();
    let rules = load(files.iter().map(|(name, text)| (*name, text.as_str())), false).unwrap();
    let planted = cyclonedx(r#""components":[{"name":"x","supplier":{"name":"Kaspersky Lab"}}]"#);
    let report = scan_bytes("x.json", &planted, &rules, &options());
    let text = rendered(&report, "text");
    assert!(text.contains("note  \\u{1b}[2J\\u{a}\\u{9}"), "{text}");
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
}

/// Each is a step on the way to all that follow.
#[test]
fn a_long_chain_of_engines_does_not_fill_the_report_with_ways() {
    let many = 400;
    let named = |n: usize| format!(r#"{{"bom-ref":"e{n}","name":"engine {n}","supplier":{{"name":"Kaspersky Lab"}}}}"#);
    let needs = |n: usize| format!(r#"{{"ref":"e{n}","dependsOn":["e{}"]}}"#, n + 1);
    let list = |of: &dyn Fn(usize) -> String| (0..many).map(of).collect::<Vec<_>>().join(",");
    let document = format!(
        r#""metadata":{{"component":{{"bom-ref":"p","name":"p"}}}},"components":[{}],"dependencies":[{{"ref":"p","dependsOn":["e0"]}},{}]"#,
        list(&named),
        list(&needs)
    );
    let report = json(&scan_text(&cyclonedx(&document)));
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), many);
    let path = |name: &str| {
        let finding = findings.iter().find(|f| f["component"]["name"] == name).unwrap();
        let steps = finding["paths"][0].as_array().unwrap();
        steps.iter().map(|s| s.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(path("engine 2"), ["p", "e0", "e1", "e2"]);
    let long = path("engine 399");
    assert_eq!(
        (long.len(), &long[..3], &long[50]),
        (51, &["p", "…", "e351"].map(str::to_owned)[..], &"e399".to_owned())
    );
    // The same steps by name, and the same ones left out.
    let last = findings.iter().find(|f| f["component"]["name"] == "engine 399").unwrap();
    let names = last["path_names"][0].as_array().unwrap();
    assert_eq!(
        (names.len(), &names[1], &names[2], &names[50]),
        (51, &"…".into(), &"engine 351".into(), &"engine 399".into())
    );
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
