//! Waivers and the baseline, as whoever runs the program sees them: what counts, what is told, and that nothing is hidden.

use crate::support::TEXTS as RENDERERS;
use crate::support::{read, root, unlabel};
use jiff::ToSpan as _;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = unlabel().current_dir(folder).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A scan for an integrator on a day, as JSON, with the status it ended with; the report is as its schema says.
fn scan(folder: &Path, more: &[&str]) -> (i32, Value) {
    let (status, out, err) = run(folder, &[&["scan", "--as-of", "2026-11-22", "--format", "json"], more].concat());
    assert_eq!(err, "");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["summary"]["exit_status"], status);
    let schema = fs::read_to_string(root().join("schemas/report-1.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    (status, report)
}

fn text(folder: &Path, more: &[&str]) -> (i32, String) {
    let (status, out, err) = run(folder, &[&["scan", "--as-of", "2026-11-22"], more].concat());
    assert_eq!(err, "");
    (status, out)
}

/// A day so many days from today.
fn day(from_today: i64) -> String {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    today.saturating_add(from_today.days()).to_string()
}

/// Something that is found: an engine of the maker, as strong as can be.
fn engine(version: &str) -> Value {
    json!({"bom-ref": "av", "type": "library", "name": "av-sdk", "version": version,
        "purl": format!("pkg:generic/av-sdk@{version}?arch=x86"),
        "description": "anti-virus engine", "supplier": {"name": "AO Kaspersky Lab"}})
}

/// An SBOM about a product of a supplier; an empty name leaves the product out.
fn sbom(supplier: &str, product: &str, components: Value) -> String {
    let about = match product {
        "" => json!({}),
        name => json!({"component": {"bom-ref": "p", "type": "firmware", "name": name, "version": "1",
            "supplier": {"name": supplier}}}),
    };
    json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": about, "components": components}).to_string()
}

/// A folder with one SBOM in which one thing is found.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    put(&folder, "sbom.json", &sbom("Acme", "Gateway", json!([engine("8.1")])));
    folder
}

fn put(folder: &TempDir, name: &str, text: &str) {
    fs::write(folder.path().join(name), text).unwrap();
}

/// The id of the one finding of a report.
fn id(report: &Value) -> &str {
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
    report["findings"][0]["id"].as_str().unwrap()
}

/// A table for `unlabel.toml` whose reason and approver are always the same.
fn waiver(keys: &str, expires: &str) -> String {
    format!("[[waiver]]\n{keys}\nreason = \"Removed in 5.3\"\napprover = \"Ann Example\"\nexpires = \"{expires}\"\n\n")
}

const BY_RULE: &str = "component = \"av-sdk\"\nrule = \"kaspersky\"";

#[test]
fn a_waived_finding_stays_marked_and_does_not_count() {
    let folder = project();
    let at = folder.path();
    let (status, before) = scan(at, &["sbom.json"]);
    assert_eq!((status, &before["findings"][0]["waiver"]), (1, &Value::Null));
    let expires = day(30);
    put(&folder, "unlabel.toml", &waiver(&format!("finding = \"{}\"", id(&before)), &expires));
    let (status, mut after) = scan(at, &["sbom.json"]);
    assert_eq!(status, 0);
    let says = json!({"reason": "Removed in 5.3", "approver": "Ann Example", "expires": expires});
    assert_eq!(after["findings"][0]["waiver"], says);
    assert_eq!(after["summary"]["waived"], 1);
    assert_eq!(after["waivers"][0]["state"], "in-force");
    assert_eq!((&after["waivers"][0]["file"], &after["waivers"][0]["line"]), (&json!("unlabel.toml"), &json!(1)));
    // Nothing else is another: levels, counts, questions, evidence.
    after.as_object_mut().unwrap().remove("waivers");
    after["findings"][0]["waiver"] = Value::Null;
    after["summary"]["waived"] = 0.into();
    after["summary"]["exit_status"] = 1.into();
    assert_eq!(after, before);
    let (_, shown) = text(at, &["sbom.json"]);
    assert!(shown.starts_with("PROHIBITED (waived)  av-sdk 8.1\n"), "{shown}");
    let said = format!("  waived     by Ann Example until {expires}: Removed in 5.3\n");
    assert!(shown.contains(&said), "{shown}");
    assert!(shown.contains("prohibited: 1 finding (1 waived), "), "{shown}");
    assert!(shown.contains("1 finding at or above review does not count for the exit status: waived."), "{shown}");
}

#[test]
fn a_waiver_lapses_after_its_day_whatever_the_date_of_the_act() {
    let folder = project();
    let at = folder.path();
    for (expires, status) in [(day(0), 0), (day(-1), 1)] {
        put(&folder, "unlabel.toml", &waiver(BY_RULE, &expires));
        assert_eq!(scan(at, &["sbom.json"]).0, status, "{expires}");
        // As a date of TOML.
        put(&folder, "unlabel.toml", &waiver(BY_RULE, &expires).replace(&format!("\"{expires}\""), &expires));
        let (ended, report) = scan(at, &["sbom.json"]);
        assert_eq!(ended, status, "{expires}");
        assert_eq!(report["waivers"][0]["state"], if status == 0 { "in-force" } else { "expired" });
        // A decision is used today, whenever the act was or will be.
        for act in ["2024-12-01", "2999-01-01"] {
            assert_eq!(run(at, &["scan", "--as-of", act, "sbom.json"]).0, status, "{expires}, {act}");
        }
    }
    let (_, shown) = text(at, &["sbom.json"]);
    assert!(shown.starts_with("PROHIBITED  av-sdk"), "{shown}");
    let said = format!("(unlabel.toml:1) expired after {}: the finding it names counts again.", day(-1));
    assert!(shown.contains(&said), "{shown}");
}

#[test]
fn a_waiver_that_was_renewed_is_no_alarm() {
    let folder = project();
    put(&folder, "unlabel.toml", &format!("{}{}", waiver(BY_RULE, &day(-1)), waiver(BY_RULE, &day(9))));
    let (status, shown) = text(folder.path(), &["sbom.json"]);
    assert_eq!(status, 0);
    assert!(shown.contains(&format!("(unlabel.toml:1) expired after {}; nothing here needs it.", day(-1))), "{shown}");
}

#[test]
fn a_component_is_named_by_name_reference_or_package_url() {
    let folder = project();
    let at = folder.path();
    for (keys, waives) in [
        ("component = \"av-sdk\"", true),
        ("component = \"av\"", true),
        ("component = \"pkg:generic/av-sdk\"", true),
        ("component = \"pkg:generic/av-sdk@8.1\"", true),
        ("component = \"pkg:generic/av-sdk@8.1?arch=x86\"", true),
        ("component = \"pkg:generic/av-sdk@8.1?arch=arm\"", false),
        ("component = \"pkg:generic/av-sdk@8.2\"", false),
        ("component = \"pkg:npm/av-sdk\"", false),
        ("component = \"av-sdk\"\nversion = \"8.1\"", true),
        ("component = \"av-sdk\"\nversion = \"8\"", false),
        ("component = \"av-sd\"", false),
        ("component = \"AV-SDK\"", false),
        ("component = \"*\"", false),
        ("component = \"av-sdk\"\nproduct = \"Gateway\"\nsupplier = \"ACME\"", true),
    ] {
        put(&folder, "unlabel.toml", &waiver(&format!("{keys}\nrule = \"kaspersky\""), &day(9)));
        let (status, report) = scan(at, &["sbom.json"]);
        assert_eq!(status, i32::from(!waives), "{keys}");
        assert_eq!(report["waivers"][0]["state"], if waives { "in-force" } else { "unmatched" }, "{keys}");
    }
    put(&folder, "unlabel.toml", &waiver("component = \"av-sdk\"\nrule = \"kaspersky-surname\"", &day(9)));
    assert_eq!(scan(at, &["sbom.json"]).0, 1, "another rule");
}

#[test]
fn a_finding_that_has_grown_beyond_its_waiver_counts() {
    let folder = project();
    let at = folder.path();
    // The rule that was looked at has a copyright line, another one a CPE.
    let grown = json!([{"name": "core", "copyright": "Copyright 2024 AO Kaspersky Lab",
        "cpe": "cpe:2.3:a:kaspersky:antivirus_engine:8:*:*:*:*:*:*:*"}]);
    put(&folder, "grown.json", &sbom("Acme", "Gateway", grown));
    put(&folder, "unlabel.toml", &waiver("component = \"core\"\nrule = \"kaspersky\"", &day(9)));
    let (status, report) = scan(at, &["grown.json"]);
    assert_eq!((status, &report["waivers"][0]["state"]), (1, &json!("outgrown")));
    let (_, shown) = text(at, &["grown.json"]);
    assert!(shown.contains("does not cover the 1 finding it names"), "{shown}");
    put(&folder, "unlabel.toml", &waiver("component = \"core\"\nrule = \"kaspersky-anti-virus-sdk\"", &day(9)));
    assert_eq!(scan(at, &["grown.json"]).0, 0);
    // Decided for an end user, where it is an advisory.
    put(&folder, "unlabel.toml", &waiver(&format!("{BY_RULE}\nlevel = \"advisory\""), &day(9)));
    let (status, report) = scan(at, &["--role", "end-user", "--fail-on", "advisory", "sbom.json"]);
    assert_eq!((status, &report["findings"][0]["level"]), (0, &json!("advisory")));
    let (status, report) = scan(at, &["--role", "integrator", "sbom.json"]);
    assert_eq!((status, &report["waivers"][0]["state"]), (1, &json!("outgrown")));
}

#[test]
fn waivers_that_name_nothing_are_told_where_that_says_something() {
    let folder = project();
    let at = folder.path();
    let gone = waiver("component = \"gone\"\nrule = \"kaspersky\"", &day(9));
    let elsewhere = waiver("component = \"gone\"\nrule = \"kaspersky\"\nproduct = \"Other\"", &day(-9));
    put(&folder, "unlabel.toml", &format!("{gone}{elsewhere}"));
    put(&folder, "clean.json", &String::from_utf8(read("twins/clean/cyclonedx.json")).unwrap());
    let (status, shown) = text(at, &["clean.json"]);
    assert_eq!(status, 0, "it is information, and no failure");
    let said = "The waiver of component gone, rule kaspersky (unlabel.toml:1) names nothing that was found.";
    assert!(shown.contains(said), "{shown}");
    // What is about another product is of no concern to a run of one file of many.
    assert!(!shown.contains("unlabel.toml:8"), "{shown}");
    let (_, report) = scan(at, &["clean.json"]);
    assert_eq!(report["waivers"][1]["state"], "elsewhere");
    // What was not read may hold it.
    put(&folder, "cut.json", r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"x"},"#);
    let (status, shown) = text(at, &["cut.json"]);
    assert_eq!(status, 3);
    assert!(shown.contains("an input was not read whole, so it may be needed all the same"), "{shown}");
    let aside = json!([{"name": "kaspersky-removal-helper", "supplier": {"name": "Example Ltd"},
        "description": "Removes what is left of Kaspersky products"}, {"name": "b"}]);
    put(&folder, "aside.json", &sbom("Acme", "Gateway", aside));
    let (_, report) = scan(at, &["--no-config", "aside.json"]);
    let id = report["set_aside"][0]["id"].as_str().unwrap();
    put(&folder, "unlabel.toml", &waiver(&format!("finding = \"{id}\""), &day(9)));
    let (_, shown) = text(at, &["aside.json"]);
    assert!(shown.contains("is not needed: what it names is set aside"), "{shown}");
}

#[test]
fn a_waiver_that_covers_more_than_one_decision_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    put(&folder, "a.json", &sbom("Acme", "Gateway", json!([engine("8.1")])));
    put(&folder, "b.json", &sbom("Beta", "Firewall", json!([engine("8.1")])));
    put(&folder, "c.json", &sbom("Acme", "Gateway", json!([engine("8.2")])));
    let mut other = engine("8.1");
    other["purl"] = "pkg:generic/other@8.1".into();
    put(&folder, "d.json", &sbom("Acme", "Gateway", json!([other])));
    let wide = |keys: &str, expires: &str, inputs: &[&str]| {
        put(&folder, "unlabel.toml", &waiver(keys, expires));
        let (status, report) = scan(at, inputs);
        (status, report["waivers"][0]["wide"].clone())
    };
    assert_eq!(wide(BY_RULE, &day(366), &["a.json"]), (0, json!([])));
    assert_eq!(wide(BY_RULE, &day(9), &["a.json", "a.json"]), (0, json!([])));
    assert_eq!(wide(BY_RULE, &day(367), &["a.json"]), (0, json!(["time"])));
    assert_eq!(wide(BY_RULE, &day(9), &["a.json", "b.json"]), (0, json!(["suppliers"])));
    assert_eq!(wide(BY_RULE, &day(9), &["a.json", "c.json"]), (0, json!(["versions"])));
    assert_eq!(wide(BY_RULE, &day(9), &["a.json", "d.json"]), (0, json!(["components"])));
    // Each can be narrowed, and then the rest counts.
    let narrow = |key: &str| format!("{BY_RULE}\n{key}");
    assert_eq!(wide(&narrow("supplier = \"Acme\""), &day(9), &["a.json", "b.json"]), (1, json!([])));
    assert_eq!(wide(&narrow("version = \"8.1\""), &day(9), &["a.json", "c.json"]), (1, json!([])));
    let by_purl = "component = \"pkg:generic/av-sdk\"\nrule = \"kaspersky\"";
    assert_eq!(wide(by_purl, &day(9), &["a.json", "d.json"]), (1, json!([])));
    put(&folder, "unlabel.toml", &waiver(BY_RULE, &day(9)));
    let (_, shown) = text(at, &["a.json", "b.json"]);
    assert!(shown.contains("covers 2 findings in products of several suppliers; `supplier` or `product`"), "{shown}");
}

#[test]
fn a_decision_makes_no_run_complete() {
    let folder = project();
    let at = folder.path();
    put(&folder, "unlabel.toml", &waiver(BY_RULE, &day(9)));
    let whole = sbom("Acme", "Gateway", json!([engine("8.1"), {"name": "last"}]));
    put(&folder, "sbom.json", &whole.replace("{\"name\":\"last\"}]}", "{\"name\":\"la"));
    let (status, report) = scan(at, &["sbom.json"]);
    assert_eq!((status, &report["summary"]["waived"]), (3, &json!(1)));
    assert_eq!(scan(at, &["--allow-incomplete", "sbom.json"]).0, 0);
    // Two things found, one of them waived.
    put(
        &folder,
        "sbom.json",
        &sbom("Acme", "Gateway", json!([engine("8.1"), {"name": "Kaspersky Endpoint Security"}])),
    );
    assert_eq!(scan(at, &["sbom.json"]).0, 1);
}

#[test]
fn every_form_marks_what_is_waived_and_a_report_keeps_it() {
    let folder = project();
    let at = folder.path();
    run(at, &["scan", "--as-of", "2026-11-22", "--output", "json=base.json", "--format", "csv", "sbom.json"]);
    let gone = waiver("component = \"gone\"\nrule = \"kaspersky\"", &day(-9));
    put(&folder, "unlabel.toml", &format!("baseline = \"base.json\"\n\n{}{gone}", waiver(BY_RULE, &day(9))));
    let form = |form: &str| {
        let (status, out, err) = run(at, &["scan", "--as-of", "2026-11-22", "--format", form, "sbom.json"]);
        assert_eq!((status, err.as_str()), (0, ""), "{form}");
        out
    };
    put(&folder, "report.json", &form("json"));
    for renderer in RENDERERS {
        let direct = form(renderer.id);
        for said in ["waived", "Removed in 5.3", "Ann Example", &day(9), "known", "expired"] {
            assert!(direct.contains(said), "{}: {said}\n{direct}", renderer.id);
        }
        let (status, again, _) = run(at, &["render", "report.json", "--format", renderer.id]);
        assert!(status == 0 && again == direct, "{}", renderer.id);
    }
    let log: Value = serde_json::from_str(&form("sarif")).unwrap();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["level"], "error", "it keeps its level");
    let said = format!("by Ann Example until {}: Removed in 5.3", day(9));
    assert_eq!(result["suppressions"], json!([{"kind": "external", "status": "accepted", "justification": said}]));
    assert_eq!(result["baselineState"], "unchanged");
    let told = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(told.contains("\"startLine\":10") && told.contains("\"uri\":\"unlabel.toml\""), "{told}");
    let suite = form("junit");
    assert!(
        suite.contains("failures=\"0\" errors=\"0\"") && suite.contains("<skipped message=\"waived by Ann"),
        "{suite}"
    );
    let commands = form("github");
    assert!(commands.lines().all(|l| l.starts_with("::notice ")), "{commands}");
    assert!(commands.contains("::notice file=unlabel.toml,line=10,title=Waiver::"), "{commands}");
    let issues: Value = serde_json::from_str(&form("gitlab")).unwrap();
    assert!(issues.as_array().unwrap().iter().all(|i| i["severity"] == "info"), "{issues}");
    assert!(form("markdown").contains("### prohibited (waived, known): `av-sdk 8.1`"));
    let table = form("csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let column = |name: &str| table.lines().next().unwrap().split(',').position(|c| c == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.unwrap()).collect();
    let found = rows.iter().find(|r| &r[0] == "finding").unwrap();
    assert_eq!((&found[column("waived")], &found[column("baseline")]), ("Removed in 5.3", "known"));
    assert_eq!((&found[column("approver")], &found[column("expires")]), ("Ann Example", day(9).as_str()));
    assert_eq!(rows.iter().filter(|r| &r[0] == "waiver").count(), 2);
    let page = form("html");
    assert!(page.contains("data-d=\"waived known\"") && page.contains("<select name=\"decision\">"), "{page}");
    assert!(page.contains("<span class=\"mark\">waived</span>"), "{page}");
}

#[test]
fn a_waiver_that_says_too_little_or_too_much_stops_the_run() {
    let folder = project();
    let good = waiver(BY_RULE, "2027-06-30");
    for (table, says) in [
        (good.replace("expires", "#"), "missing field `expires`"),
        (good.replace("approver", "#"), "missing field `approver`"),
        (good.replace("reason", "#"), "missing field `reason`"),
        (good.replace("Removed in 5.3", " "), "line 3: the `reason` of this waiver is empty"),
        (good.replace("2027-06-30", "soon"), "`expires` is `soon`, which is no day: write 2027-06-30"),
        (good.replace("2027-06-30", "2027-02-30"), "which is no day"),
        (good.replace("\"2027-06-30\"", "2027-06-30T10:00:00Z"), "which is no day"),
        (good.replace("rule =", "rul ="), "unknown field `rul`, expected one of `finding`, `component`"),
        (good.replace("rule = \"kaspersky\"\n", ""), "line 3: a waiver of a `component` also names the `rule`"),
        (good.replace(BY_RULE, ""), "line 3: a waiver names a `finding`, or a `component` and a `rule`"),
        (good.replace("component = \"av-sdk\"", "finding = \"38321bc55d606b2b\""), "and not both"),
        (good.replace(BY_RULE, "finding = \"av-sdk\""), "line 3: `av-sdk` is no id of a finding"),
        (good.replace("expires", "level = \"bad\"\nexpires"), "unknown level `bad`: known are advisory,"),
        (good.replace("[[waiver]]", "[[waivers]]"), "unknown field `waivers`"),
        ("baseline = \"no.json\"\n".to_owned(), "cannot read the report no.json: "),
    ] {
        put(
            &folder,
            "unlabel.toml",
            &format!("role = \"integrator\"\n\n{table}").replacen("role = \"integrator\"\n\nb", "b", 1),
        );
        let (status, out, err) = run(folder.path(), &["scan", "sbom.json"]);
        assert_eq!((status, out.as_str()), (2, ""), "{table}");
        assert!(err.contains(says), "{table}: {err}");
    }
}

/// The state of each finding, by input and in order.
fn states(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|f| f["baseline"].as_str().unwrap()).collect()
}

#[test]
fn only_what_the_baseline_does_not_have_counts() {
    let folder = project();
    let at = folder.path();
    let (_, base) = scan(at, &["sbom.json"]);
    put(&folder, "base.json", &base.to_string());
    let held = |inputs: &[&str]| scan(at, &[&["--baseline", "base.json"], inputs].concat());
    let (status, report) = held(&["sbom.json"]);
    assert_eq!((status, states(&report)), (0, vec!["known"]));
    assert_eq!(report["baseline"]["differs"], json!([]));
    let (_, shown) = text(at, &["--baseline", "base.json", "sbom.json"]);
    assert!(shown.starts_with("PROHIBITED (known)  av-sdk"), "{shown}");
    assert!(shown.contains("does not count for the exit status: in the baseline."), "{shown}");
    // The same product from another file, and in its next version: the same.
    put(&folder, "next.json", &sbom("Acme", "Gateway", json!([engine("8.2")])));
    let (status, report) = held(&["next.json"]);
    assert_eq!((status, states(&report)), (0, vec!["known"]));
    // The same id in the product of another supplier, also under the old name: new.
    put(&folder, "other.json", &sbom("Beta", "Gateway", json!([engine("8.1")])));
    let (status, report) = held(&["sbom.json", "other.json"]);
    assert_eq!((status, states(&report)), (1, vec!["known", "new"]));
    assert_eq!(report["findings"][0]["id"], report["findings"][1]["id"]);
    put(&folder, "sbom.json", &sbom("Beta", "Firewall", json!([engine("8.1")])));
    assert_eq!(states(&held(&["sbom.json"]).1), ["new"]);
    // A second one of its kind in the same input.
    put(&folder, "two.json", &sbom("Acme", "Gateway", json!([engine("8.1"), engine("8.3")])));
    let (status, report) = held(&["two.json"]);
    assert_eq!((status, states(&report)), (1, vec!["known", "new"]));
    // An input that names no product is known by its path.
    put(&folder, "bare.json", &sbom("", "", json!([engine("8.1")])));
    let (_, base) = scan(at, &["bare.json"]);
    put(&folder, "base.json", &base.to_string());
    assert_eq!(states(&held(&["./bare.json"]).1), ["known"]);
    fs::rename(at.join("bare.json"), at.join("moved.json")).unwrap();
    assert_eq!(states(&held(&["moved.json"]).1), ["new"]);
}

#[test]
fn a_level_that_rose_and_a_waiver_that_lapsed_count() {
    let folder = project();
    let at = folder.path();
    let (_, base) = scan(at, &["--role", "end-user", "sbom.json"]);
    put(&folder, "base.json", &base.to_string());
    let (status, report) = scan(at, &["--baseline", "base.json", "sbom.json"]);
    assert_eq!((status, states(&report)), (1, vec!["risen"]));
    let differs = report["baseline"]["differs"].as_array().unwrap();
    assert!(differs.contains(&json!("role")) && !differs.contains(&json!("rules")), "{differs:?}");
    let (_, shown) = text(at, &["--baseline", "base.json", "sbom.json"]);
    assert!(shown.contains("The baseline differs in role"), "{shown}");
    // A decision that is over does not live on in the baseline.
    put(&folder, "unlabel.toml", &waiver(BY_RULE, &day(9)));
    let (_, base) = scan(at, &["sbom.json"]);
    put(&folder, "base.json", &base.to_string());
    let (status, report) = scan(at, &["--baseline", "base.json", "sbom.json"]);
    assert_eq!((status, states(&report)), (0, vec!["known"]));
    put(&folder, "unlabel.toml", &waiver(BY_RULE, &day(-1)));
    let (status, report) = scan(at, &["--baseline", "base.json", "sbom.json"]);
    assert_eq!((status, states(&report)), (1, vec!["lapsed"]));
    // Rules of one's own change ids.
    fs::create_dir(at.join("rules")).unwrap();
    let rule = fs::read_to_string(root().join("rules/not-this/kaspersky-surname.toml")).unwrap();
    fs::write(at.join("rules/kaspersky-surname.toml"), rule + "\n# mine\n").unwrap();
    let (_, shown) = text(at, &["--baseline", "base.json", "--rules", "rules", "sbom.json"]);
    assert!(shown.contains("The baseline was made with other rules"), "{shown}");
}

#[test]
fn what_is_gone_is_told_and_never_mistaken_for_what_was_not_read() {
    let folder = project();
    let at = folder.path();
    put(&folder, "bare.json", &sbom("", "", json!([engine("8.1")])));
    let (_, base) = scan(at, &["sbom.json", "bare.json"]);
    put(&folder, "base.json", &base.to_string());
    let now = |inputs: &[&str]| {
        let (_, report) = scan(at, &[&["--baseline", "base.json"], inputs].concat());
        let gone = report["baseline"]["gone"].as_array().unwrap().clone();
        gone.iter().map(|g| g["now"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(now(&["sbom.json", "bare.json"]), Vec::<String>::new());
    assert_eq!(now(&["bare.json"]), ["no-input"]);
    put(&folder, "sbom.json", &sbom("Acme", "Gateway", json!([{"name": "b"}])));
    put(&folder, "bare.json", &sbom("", "", json!([{"name": "b"}])));
    assert_eq!(now(&["sbom.json", "bare.json"]), ["gone", "gone"]);
    let (_, shown) = text(at, &["--baseline", "base.json", "sbom.json", "bare.json"]);
    assert!(shown.contains("rules version") && shown.contains("2 of its findings are not here"), "{shown}");
    assert!(shown.contains("baseline  prohibited: av-sdk 8.1 in sbom.json: gone ["), "{shown}");
    // Unread, read in part, and without a component.
    put(&folder, "bare.json", "");
    put(
        &folder,
        "sbom.json",
        &sbom("Acme", "Gateway", json!([{"name": "b"}])).replace("[{\"name\":\"b\"}]}", "[{\"na"),
    );
    assert_eq!(now(&["sbom.json", "bare.json"]), ["not-read", "not-read"]);
    put(&folder, "sbom.json", &sbom("Acme", "Gateway", json!([])));
    assert_eq!(now(&["sbom.json"])[1], "no-input");
    let (_, shown) = text(at, &["--baseline", "base.json", "bare.json"]);
    assert!(shown.contains("because its input was not read whole: it may still be there"), "{shown}");
}

#[test]
fn a_baseline_that_cannot_be_meant_ends_with_2() {
    let folder = project();
    let at = folder.path();
    let (_, base) = scan(at, &["sbom.json"]);
    put(&folder, "base.json", &base.to_string());
    put(&folder, "later.json", &base.to_string().replace("unlabel.report/1", "unlabel.report/2"));
    put(&folder, "cut.json", &base.to_string()[..900]);
    for (arguments, says) in [
        (vec!["--baseline", "no.json"], "cannot read the report no.json"),
        (vec!["--baseline", "sbom.json"], "an SBOM is for `unlabel scan`"),
        (vec!["--baseline", "later.json"], "unlabel.report/2"),
        (vec!["--baseline", "cut.json"], "cannot read the report cut.json: line 1, column"),
        (vec!["--baseline", "base.json", "--output", "json=./base.json"], "is the baseline"),
    ] {
        let (status, out, err) = run(at, &[&["scan", "sbom.json"], &arguments[..]].concat());
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(says), "{arguments:?}: {err}");
    }
    assert_eq!(fs::read_to_string(at.join("base.json")).unwrap(), base.to_string(), "it stays as it was");
    // The configuration can name it, relative to itself; a flag stands before it.
    fs::create_dir(at.join("below")).unwrap();
    put(&folder, "unlabel.toml", "baseline = \"base.json\"\n");
    let (status, report) = scan(&at.join("below"), &["../sbom.json"]);
    assert_eq!((status, &report["baseline"]["path"]), (0, &json!("../base.json")));
    let (status, _, err) = run(at, &["scan", "--baseline", "no.json", "sbom.json"]);
    assert!(status == 2 && err.contains("no.json"), "{err}");
}

#[test]
fn decisions_are_the_same_whatever_the_threads_and_the_order_of_tables() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for (name, supplier) in [("a.json", "Acme"), ("b.json", "Beta"), ("c.json", "")] {
        put(&folder, name, &sbom(supplier, "Gateway", json!([engine("8.1"), {"name": "Kaspersky Endpoint Security"}])));
    }
    let (_, base) = scan(at, &["a.json", "c.json"]);
    put(&folder, "base.json", &base.to_string());
    let id = base["findings"][0]["id"].as_str().unwrap();
    let first = waiver(BY_RULE, &day(9)).replace("Ann Example", "Wide");
    let second = waiver(&format!("finding = \"{id}\""), &day(3)).replace("Ann Example", "Narrow");
    let bytes = |tables: String, jobs: &str| {
        put(&folder, "unlabel.toml", &tables);
        let arguments =
            ["scan", "--as-of", "2026-11-22", "--format", "json", "--baseline", "base.json", "--jobs", jobs, "."];
        run(at, &arguments)
    };
    let one = bytes(format!("{first}{second}"), "1");
    assert_eq!(one, bytes(format!("{first}{second}"), "3"));
    assert_eq!(one.0, 1);
    // The narrower waiver marks a finding, wherever it stands in the file.
    let approvers = |out: &str| {
        let report: Value = serde_json::from_str(out).unwrap();
        let all = report["findings"].as_array().unwrap().iter().map(|f| f["waiver"]["approver"].clone());
        all.collect::<Vec<_>>()
    };
    assert_eq!(approvers(&one.1), approvers(&bytes(format!("{second}{first}"), "1").1));
    assert!(approvers(&one.1).contains(&json!("Narrow")) && !approvers(&one.1).contains(&json!("Wide")));
}
