//! The forms `cyclonedx` and `spdx`: by the official schemas, by the libraries whose models wrote them, and by unlabel
//! itself, which reads them whole and finds the same components again.

use super::{acts, all_sorts, full, strings};
use crate::support::{rendered, root, scan_fixture, scan_text};
use cyclonedx_bom::models::bom::Bom;
use cyclonedx_bom::validation::Validate as _;
use jsonschema::{Resource, Validator};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use unlabel::renderers::escape::shown;
use unlabel::report::{Evidence, Finding, Report, Status};

fn schema(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(root().join("schemas").join(path)).unwrap()).unwrap()
}

static CYCLONEDX: LazyLock<Validator> = LazyLock::new(|| {
    let part = |name: &str| {
        let uri = format!("http://cyclonedx.org/schema/{name}");
        (uri, Resource::from_contents(schema(&format!("cyclonedx/{name}"))))
    };
    let registry = jsonschema::Registry::new().extend([part("spdx.schema.json"), part("jsf-0.82.schema.json")]);
    let registry = registry.unwrap().prepare().unwrap();
    let options = jsonschema::options().with_registry(&registry).should_validate_formats(true);
    options.build(&schema("cyclonedx/bom-1.5.schema.json")).unwrap()
});

static SPDX: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::validator_for(&schema("spdx/spdx-2.3.schema.json")).unwrap());

fn objections(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

fn value(report: &Report, form: &str) -> Value {
    serde_json::from_str(&rendered(report, form)).unwrap()
}

#[test]
fn the_cyclonedx_form_is_as_its_schema_says() {
    for report in all_sorts() {
        let text = rendered(report, "cyclonedx");
        let bom: Value = serde_json::from_str(&text).unwrap();
        let objections = objections(&CYCLONEDX, &bom);
        assert!(objections.is_empty(), "{}", objections.join("\n"));
        strings(&bom, &mut |text| assert!(!text.chars().any(acts), "{text:?}"));
        // The library finds what a schema cannot: that every reference leads somewhere, and that each stands once.
        let read = Bom::parse_from_json(text.as_bytes()).unwrap();
        let valid = read.validate();
        assert!(valid.passed(), "{valid:?}");
        assert_eq!(bom["specVersion"], "1.5");
        assert!(bom["serialNumber"].as_str().unwrap().starts_with("urn:uuid:"));
        assert!(bom["metadata"].get("timestamp").is_none(), "nobody knows when");
        assert_eq!(bom["compositions"][0]["aggregate"], "incomplete", "it is no inventory");
    }
    assert!(!CYCLONEDX.is_valid(&json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{}]})));
}

#[test]
fn the_spdx_form_is_as_its_schema_says() {
    for report in all_sorts() {
        let text = rendered(report, "spdx");
        let document: Value = serde_json::from_str(&text).unwrap();
        let objections = objections(&SPDX, &document);
        assert!(objections.is_empty(), "{}", objections.join("\n"));
        strings(&document, &mut |text| assert!(!text.chars().any(acts), "{text:?}"));
        let read: spdx_rs::models::SPDX = serde_json::from_str(&text).unwrap();
        let ids: BTreeSet<&str> = read.package_information.iter().map(|p| p.package_spdx_identifier.as_str()).collect();
        assert_eq!(ids.len(), read.package_information.len(), "each identifier once");
        let plain = |id: &str| id.starts_with("SPDXRef-") && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        assert!(ids.iter().all(|id| plain(id)), "{ids:?}");
        for r in &read.relationships {
            let known = |id: &str| id == "SPDXRef-DOCUMENT" || ids.contains(id);
            assert!(known(&r.spdx_element_id) && known(&r.related_spdx_element), "{r:?}");
        }
        assert!(read.relationships.iter().any(|r| r.spdx_element_id == "SPDXRef-DOCUMENT"), "describes something");
        let info = &document["creationInfo"];
        assert_eq!(info["created"], "2026-11-22T00:00:00Z");
    }
    assert!(!SPDX.is_valid(&json!({"spdxVersion": "SPDX-2.3"})));
}

/// The facts of an entry, as `key: text`.
fn facts<'b>(entry: &'b Value, key: &str) -> Vec<&'b str> {
    let name = format!("unlabel:{key}");
    let all = entry["properties"].as_array().unwrap().iter().filter(|p| p["name"] == name.as_str());
    all.map(|p| p["value"].as_str().unwrap()).collect()
}

fn entry<'b>(bom: &'b Value, id: &str) -> &'b Value {
    bom["components"].as_array().unwrap().iter().find(|c| c["bom-ref"] == id).unwrap()
}

#[test]
fn a_finding_has_its_component_its_facts_and_its_way() {
    let report = scan_fixture("real/mail-gateway.cdx.json");
    let bom = value(&report, "cyclonedx");
    let found = entry(&bom, "finding-0");
    assert_eq!((&found["name"], &found["version"]), (&json!("av-sdk"), &json!("8.10.2.2098")));
    assert_eq!(found["supplier"]["name"], "AO Kaspersky Lab");
    assert_eq!(found["cpe"], "cpe:2.3:a:kaspersky:antivirus_engine:8.10.2.2098:*:*:*:*:*:*:*");
    assert_eq!(found["licenses"], json!([{"license": {"name": "Kaspersky EULA"}}]));
    let finding = &report.findings[0];
    assert_eq!(facts(found, "finding"), [finding.id.as_str()]);
    assert_eq!(facts(found, "level"), ["prohibited"]);
    assert_eq!(facts(found, "ref"), [finding.component.reference.as_deref().unwrap()]);
    assert_eq!(facts(found, "sits-in"), ["java-test latest"]);
    assert_eq!(facts(found, "way"), ["java-test > okhttp > okhttp-jvm > av-sdk"]);
    assert_eq!(facts(found, "evidence").len(), finding.evidence.len());
    assert!(
        facts(found, "evidence")[0].contains("mail-gateway.cdx.json:2683:17")
            && facts(found, "evidence")[0].contains("[rule kaspersky, strong]")
    );
    assert_eq!(facts(found, "clause").len(), finding.assessments.len());
    let asked = finding.assessments.iter().flat_map(|a| a.questions.iter().map(|q| format!("{}: {q}", a.regime)));
    assert_eq!(
        facts(found, "question").into_iter().map(str::to_owned).collect::<BTreeSet<_>>(),
        asked.collect::<BTreeSet<_>>(),
        "those of every regime"
    );
    assert!(!facts(found, "source").is_empty());
    // From the whole to the SBOM's product and on to the finding.
    let on = |from: &str| {
        let all = bom["dependencies"].as_array().unwrap();
        all.iter().find(|d| d["ref"] == from).map(|d| d["dependsOn"][0].as_str().unwrap().to_owned()).unwrap()
    };
    let mut way = vec!["unlabel".to_owned()];
    for _ in 0..4 {
        way.push(on(way.last().unwrap()));
    }
    let names: Vec<&Value> = way[1..].iter().map(|id| &entry(&bom, id)["name"]).collect();
    assert_eq!(names, ["java-test", "okhttp", "okhttp-jvm", "av-sdk"]);
    // The SBOM, with its digest.
    let document = &entry(&bom, "input-0")["externalReferences"][0];
    assert_eq!(document["type"], "bom");
    assert!(document["url"].as_str().unwrap().ends_with("mail-gateway.cdx.json"));
    assert_eq!(document["hashes"][0]["content"], report.inputs[0].sha256.as_deref().unwrap());
    let about = &bom["metadata"];
    assert_eq!(facts(about, "rules-sha256"), [report.rules.sha256.as_str()]);
    assert_eq!(facts(about, "as-of"), ["2026-11-22"]);
    assert_eq!(facts(about, "disclaimer"), [report.disclaimer.as_str()]);
    assert_eq!(about["tools"]["components"][0]["name"], "unlabel");
    // The same in SPDX.
    let document = value(&report, "spdx");
    let package = document["packages"].as_array().unwrap().iter().find(|p| p["SPDXID"] == "SPDXRef-finding-0").unwrap();
    assert_eq!(package["supplier"], "Organization: AO Kaspersky Lab");
    let says = |text: &str| package["annotations"].as_array().unwrap().iter().any(|a| a["comment"] == text);
    assert!(says("unlabel:level: prohibited") && says("unlabel:way: java-test > okhttp > okhttp-jvm > av-sdk"));
    assert_eq!(package["annotations"][0]["annotator"], format!("Tool: unlabel-{}", report.tool.version));
    assert_eq!(document["hasExtractedLicensingInfos"][0]["extractedText"], "Kaspersky EULA");
    assert_eq!(package["licenseDeclared"], "LicenseRef-unlabel-0");
}

#[test]
fn what_was_not_read_is_an_entry_that_says_so() {
    for place in ["bad", "clean", "no-such-folder", "real"] {
        let report = scan_fixture(place);
        let (bom, document) = (value(&report, "cyclonedx"), value(&report, "spdx"));
        for (at, input) in report.inputs.iter().enumerate() {
            let listed = entry(&bom, &format!("input-{at}"));
            assert_eq!(facts(listed, "read"), [input.status.id()]);
            let doubtful = input.status != Status::Read || input.components == 0 || input.inconclusive;
            assert_eq!(facts(listed, "no-all-clear").is_empty(), !doubtful, "{listed}");
            let told = listed["description"].as_str().unwrap();
            assert_eq!(told.ends_with("; read whole"), !doubtful, "{told}");
            let id = format!("SPDXRef-input-{at}");
            let package = document["packages"].as_array().unwrap().iter().find(|p| p["SPDXID"] == id.as_str()).unwrap();
            assert_eq!(package["summary"], listed["description"]);
        }
        assert_eq!(facts(&bom["metadata"], "complete"), [(!report.incomplete()).to_string()]);
    }
    let mut nothing = full();
    (nothing.inputs, nothing.findings, nothing.set_aside, nothing.questions) = Default::default();
    let bom = value(&nothing, "cyclonedx");
    assert_eq!(entry(&bom, "nothing")["name"], "nothing was read");
    assert_eq!(value(&nothing, "spdx")["packages"][0]["name"], "nothing was read");
}

/// A report that is read back may have any text for a date.
#[test]
fn a_date_that_is_none_is_told() {
    let mut report = full();
    report.context.as_of = "soon\u{1b}[2J".to_owned();
    let document = value(&report, "spdx");
    assert_eq!(document["creationInfo"]["created"], "1970-01-01T00:00:00Z");
    let notes = document["annotations"].as_array().unwrap();
    assert!(
        notes.iter().any(|n| n["comment"] == "unlabel:no-date: the as-of date of this report could not be read as one")
    );
    assert!(notes.iter().any(|n| n["comment"] == "unlabel:as-of: soon\\u{1b}[2J"));
}

/// The serial number and the namespace stand for the content: the same for the same, another for another.
#[test]
fn the_names_of_both_come_from_what_they_say() {
    let report = full();
    let mut other = full();
    other.findings[0].component.version = Some("8".to_owned());
    for (form, key) in [("cyclonedx", "serialNumber"), ("spdx", "documentNamespace")] {
        assert_eq!(rendered(&report, form), rendered(&report, form));
        assert_ne!(value(&report, form)[key], value(&other, form)[key]);
    }
    let serial = value(&report, "cyclonedx")["serialNumber"].as_str().unwrap().to_owned();
    assert_eq!((&serial[23..24], "89ab".contains(&serial[28..29])), ("8", true), "{serial}: RFC 9562, version 8");
}

/// Kinds of evidence that have a field in both formats. The others, such as files and properties, are told as facts.
const FIELDS: [&str; 10] =
    ["supplier", "manufacturer", "publisher", "author", "originator", "name", "purl", "cpe", "copyright", "license"];

/// What unlabel writes it reads whole, and finds the same components again, and no others.
#[test]
fn unlabel_finds_in_its_own_boms_what_it_found_before() {
    // Something acts in a text: it stands there as it is shown.
    let as_written = |e: &Evidence| shown(&e.found, usize::MAX) == e.found;
    let fielded = |f: &Finding| f.evidence.iter().any(|e| FIELDS.contains(&e.kind.as_ref()) && as_written(e));
    let mut compared = 0;
    for report in [&full(), &scan_fixture("real"), &scan_fixture("twins"), &scan_fixture("evidence")] {
        for form in ["cyclonedx", "spdx"] {
            let again = scan_text(rendered(report, form).as_bytes());
            let [read] = again.inputs.as_slice() else { panic!("{:?}", again.inputs) };
            assert_eq!((read.status, read.problems.as_slice()), (Status::Read, [].as_slice()));
            let entries: BTreeSet<&str> =
                again.findings.iter().filter_map(|f| f.component.reference.as_deref()).collect();
            let known = |entry: &str| match entry.trim_start_matches("SPDXRef-").rsplit_once('-') {
                Some(("finding", _)) => true,
                // A product that was found itself.
                Some(("input", at)) => {
                    let at: usize = at.parse().unwrap();
                    let name = report.inputs[at].product.as_ref().and_then(|p| p.name.as_ref());
                    report.findings.iter().any(|f| f.input == at && f.component.name.as_ref() == name)
                }
                _ => false,
            };
            let new: Vec<&&str> = entries.iter().filter(|entry| !known(entry)).collect();
            assert!(new.is_empty(), "{form}: {new:?} were not found before");
            for (at, finding) in report.findings.iter().enumerate().filter(|(_, f)| fielded(f)) {
                let id = format!("finding-{at}");
                let found = entries.contains(id.as_str()) || entries.contains(format!("SPDXRef-{id}").as_str());
                assert!(found, "{form}: {} of {} is lost", id, report.inputs[finding.input].path);
                compared += 1;
            }
        }
    }
    assert!(compared > 100, "{compared}");
}
