//! One report full of hostile text, as it is written in every form: `fixtures/forms`. The report is a file, so that only a
//! change of a form changes its picture here; `UNLABEL_UPDATE=1 cargo test snapshots` writes them anew. Read what changed.

use super::{acts, all_sorts};
use crate::support::TEXTS as RENDERERS;
use crate::support::{fixture, json, read, rendered, root};
use serde_json::Value;
use unlabel::report::{Report, file};

fn sample() -> Report {
    file::read(&read("forms/hostile.report.json")).unwrap()
}

#[test]
fn every_form_shows_hostile_text_as_its_snapshot_does() {
    let report = sample();
    let mut changed = Vec::new();
    // In JSON texts of documents are data, so the sample is its own snapshot.
    for form in RENDERERS.iter().filter(|form| form.id != "json") {
        let path = fixture("forms").join(format!("hostile.{}", form.id));
        let text = rendered(&report, form.id);
        if std::env::var_os("UNLABEL_UPDATE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        if std::fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
            changed.push(form.id);
        }
    }
    assert!(changed.is_empty(), "other than fixtures/forms: {changed:?}; UNLABEL_UPDATE=1 cargo test snapshots");
}

/// The sample holds what it is for, and no snapshot holds anything of it that acts.
#[test]
fn no_snapshot_holds_what_acts() {
    let report = String::from_utf8(read("forms/hostile.report.json")).unwrap();
    let texts: Value = serde_json::from_str(&report).unwrap();
    let name = texts["findings"][0]["component"]["name"].as_str().unwrap();
    for what in [
        "\u{1b}[",
        "\u{202e}",
        "\n::set-output",
        "##vso[",
        "</script>",
        "=cmd()",
        "|",
        "\u{0}",
        "@octocat",
        &"A".repeat(10_000),
    ] {
        assert!(name.contains(what), "{what:.20?}");
    }
    for entry in std::fs::read_dir(fixture("forms")).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("hostile.report.json") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let shown = path.display();
        assert_eq!(text.chars().find(|c| acts(*c) && *c != '\n'), None, "{shown}");
        assert!(text.lines().all(|line| !line.trim_start().starts_with("::set-output")), "{shown}");
        assert!(!text.contains("##vso["), "{shown}");
        let markup = ["hostile.html", "hostile.junit"].iter().any(|name| path.ends_with(name));
        assert!(!markup || text.matches("</script>").count() <= 1, "{shown}");
    }
}

/// The JSON form of every sort of report is as `schemas/report-1.json` says, that of the sample too: what is hostile in it
/// stands where a document can put it. In the poisoned one words of ours are hostile as well.
#[test]
fn the_json_form_is_as_its_schema_says() {
    let schema = std::fs::read_to_string(root().join("schemas/report-1.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    for report in all_sorts().iter().filter(|report| report.tool.name == "unlabel").chain([&sample()]) {
        let value = json(report);
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
    }
}
