//! The report: its contract, its exit statuses, and the same bytes whatever the threads.

use crate::support::{RULES, fixture, json, options, rendered, root, scan_fixture, scan_text};
use serde_json::Value;
use unlabel::regimes::AsOf;
use unlabel::rules::format::Level;
use unlabel::scan::{scan, scan_bytes};
use unlabel::source::collect::collect;

const PLANTED: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6",
  "metadata": {"component": {"bom-ref": "p", "type": "firmware", "name": "gateway", "version": "1"}},
  "components": [
    {"bom-ref": "a", "type": "library", "name": "filter"},
    {"bom-ref": "b", "type": "library", "name": "av-sdk", "description": "anti-virus engine",
     "supplier": {"name": "AO Kaspersky Lab"}}],
  "dependencies": [{"ref": "p", "dependsOn": ["a"]}, {"ref": "a", "dependsOn": ["b"]}]}"#;

fn at(role: &str, as_of: &str) -> Value {
    let mut options = options();
    options.context.role = role.to_owned();
    options.context.as_of = AsOf::read(as_of).unwrap();
    json(&scan_bytes("x.json", PLANTED.as_bytes(), &RULES, &options))
}

fn validator() -> jsonschema::Validator {
    let schema = std::fs::read_to_string(root().join("schemas/report-1.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap()
}

fn valid(validator: &jsonschema::Validator, report: &Value, of: &str) {
    let errors: Vec<String> = validator.iter_errors(report).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{of}:\n{}", errors.join("\n"));
}

#[test]
fn every_report_is_as_its_schema_says() {
    let validator = validator();
    for folder in ["evidence", "bad", "twins", "clean", "real"] {
        valid(&validator, &json(&scan_fixture(folder)), folder);
    }
    valid(&validator, &json(&scan_fixture("no-such-folder")), "nothing");
    let mut broken = json(&scan_text(PLANTED.as_bytes()));
    broken["findings"][0]["level"] = Value::from("guilty");
    assert!(!validator.is_valid(&broken), "the schema lets anything pass");
}

/// The schema lets new fields come; the code may not write one that the schema does not describe.
#[test]
fn every_field_that_is_written_is_described() {
    fn close(value: &mut Value) {
        match value {
            Value::Object(map) => {
                if map.contains_key("properties") {
                    map.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
                    map.remove("additionalProperties");
                }
                map.values_mut().for_each(close);
            }
            Value::Array(list) => list.iter_mut().for_each(close),
            _ => {}
        }
    }
    let text = std::fs::read_to_string(root().join("schemas/report-1.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    let kinds: Vec<&str> = schema["$defs"]["evidence"]["properties"]["kind"]["enum"]
        .as_array()
        .unwrap()
        .iter()
        .map(|k| k.as_str().unwrap())
        .collect();
    assert_eq!(kinds, unlabel::matcher::EvidenceKind::ALL.map(|k| k.id()));
    // A finding that is set aside is a finding and two fields more: only the outer one is closed.
    let aside = schema["$defs"]["set_aside"].take();
    close(&mut schema);
    schema["$defs"]["set_aside"] = aside;
    let strict = jsonschema::validator_for(&schema).unwrap();
    let mut report = json(&scan_fixture("evidence"));
    report["set_aside"] = Value::Array(Vec::new());
    valid(&strict, &report, "evidence");
    valid(&strict, &json(&scan_fixture("bad")), "bad");
    report["findings"][0]["surprise"] = Value::Null;
    assert!(!strict.is_valid(&report));
}

#[test]
fn the_contract_holds_for_one_finding() {
    let report = json(&scan_text(PLANTED.as_bytes()));
    assert_eq!(report["schema"], "unlabel.report/1");
    assert_eq!(report["summary"]["exit_status"], 1);
    let finding = &report["findings"][0];
    assert_eq!(finding["component"]["ref"], "b");
    assert_eq!(finding["paths"], serde_json::json!([["p", "a", "b"]]));
    assert_eq!(finding["location"]["pointer"], "/components/1");
    assert_eq!((finding["location"]["line"].as_u64(), finding["location"]["column"].as_u64()), (Some(5), Some(5)));
    assert_eq!(finding["location"]["end_line"], 6);
    assert_eq!(finding["evidence"][0]["pointer"], "/components/1/supplier/name");
    assert_eq!(finding["assessments"][0]["since"], "2024-09-29T04:00:00Z");
    assert!(!finding["assessments"][0]["questions"].as_array().unwrap().is_empty());
    assert!(!finding["assessments"][0]["sources"].as_array().unwrap().is_empty());
    assert_eq!(finding["waiver"], Value::Null);
}

#[test]
fn roles_and_dates_change_the_answer() {
    let level = |role: &str, day: &str| at(role, day)["summary"]["level"].as_str().unwrap().to_owned();
    let clause =
        |role: &str| at(role, "2026-11-22")["findings"][0]["assessments"][0]["clause"].as_str().unwrap().to_owned();
    assert_eq!(level("integrator", "2024-09-29"), "prohibited");
    assert_eq!(clause("integrator"), "integration");
    // The day before, only new agreements were barred; before July nothing was.
    assert_eq!(level("integrator", "2024-09-28"), "review");
    assert_eq!(level("integrator", "2024-07-19"), "advisory");
    assert_eq!(level("integrator", "2024-09-29T03:59:59Z"), "review");
    assert_eq!(level("integrator", "2024-09-29T00:00:00-04:00"), "prohibited");
    assert_eq!(level("reseller", "2026-11-22"), "prohibited");
    assert!(clause("reseller") == "resale" || clause("reseller") == "licensing");
    assert_eq!(level("end-user", "2026-11-22"), "advisory");
    assert_eq!(at("end-user", "2026-11-22")["summary"]["exit_status"], 0);
}

#[test]
fn an_end_user_is_never_told_that_use_is_barred() {
    let report = at("end-user", "2026-11-22");
    for assessment in report["findings"][0]["assessments"].as_array().unwrap() {
        assert!(assessment["because"].as_str().unwrap().contains("Not prohibited to use"), "{assessment}");
    }
}

#[test]
fn carve_outs_and_open_classes_lower_the_level() {
    let level = |name: &str| {
        let text = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{"name":"{name}","supplier":{{"name":"Kaspersky"}}}}]}}"#
        );
        json(&scan_text(text.as_bytes()))["findings"][0]["level"].as_str().unwrap().to_owned()
    };
    assert_eq!(level("Kaspersky Threat Intelligence Portal"), "exempt-candidate");
    assert_eq!(level("Kaspersky Password Manager"), "review");
    assert_eq!(level("Kaspersky Endpoint Security"), "prohibited");
    assert_eq!(level("libfoo"), "likely-prohibited", "what it does is not known");
}

#[test]
fn the_exit_status_says_what_happened() {
    let mut all = options();
    let status =
        |text: &str, options: &unlabel::scan::Options| scan_bytes("x", text.as_bytes(), &RULES, options).exit_status();
    let clean = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"x"}]}"#;
    let cut = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"x"},"#;
    let none = r#"{"bomFormat":"CycloneDX","specVersion":"1.6"}"#;
    assert_eq!(status(clean, &all), 0);
    assert_eq!(status(PLANTED, &all), 1);
    assert_eq!(status(cut, &all), 3);
    assert_eq!(status(none, &all), 3, "no component at all");
    assert_eq!(status("", &all), 3);
    all.allow_incomplete = true;
    assert_eq!(status(cut, &all), 0);
    assert_eq!(status(PLANTED, &all), 1);
    // Found, in spite of all the rest.
    let cut = format!("{},", PLANTED.trim_end_matches('}').trim_end_matches(']'));
    assert_eq!(status(&cut, &options()), 1);
    all.fail_on = Level::Prohibited;
    let review =
        r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"Kaspersky Password Manager"}]}"#;
    assert_eq!(status(review, &all), 0);
}

#[test]
fn the_same_bytes_come_out_whatever_the_number_of_threads() {
    let inputs = collect(&[fixture("evidence"), fixture("bad"), fixture("clean")]);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let report = pool.install(|| scan(&inputs, &RULES, &options()));
        (rendered(&report, "json"), rendered(&report, "text"), rendered(&report, "html"))
    };
    let one = with(1);
    assert_eq!(one, with(2));
    assert_eq!(one, with(7));
}

#[test]
fn findings_keep_their_id_from_release_to_release() {
    let id = |text: &str| json(&scan_text(text.as_bytes()))["findings"][0]["id"].as_str().unwrap().to_owned();
    let now = id(PLANTED);
    assert_eq!(now, id(&PLANTED.replace("\"version\": \"1\"", "\"version\": \"2\"").replace("  ", " ")));
    assert_ne!(now, id(&PLANTED.replace("av-sdk", "other-sdk")));
}

#[test]
fn hostile_text_never_acts_in_the_text_report() {
    let name = r"a\u001b[31m\r\nPROHIBITED fake\u202e\u0007";
    let text = PLANTED.replace("av-sdk", name).replace("gateway", name).replace("\"b\"", &format!("\"{name}\""));
    let report = scan_text(text.as_bytes());
    let shown = rendered(&report, "text");
    assert!(shown.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202E}'), "{shown:?}");
    assert!(!shown.contains("\nPROHIBITED fake"), "{shown}");
    // In JSON it is data, and comes out as it went in.
    assert_eq!(json(&report)["findings"][0]["component"]["name"], "a\u{1b}[31m\r\nPROHIBITED fake\u{202e}\u{7}");
}
