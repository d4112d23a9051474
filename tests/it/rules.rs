//! The shipped rules: strictly in form, true to their own examples, and as their published schema says.

use crate::support::RULES;
use std::path::Path;
use unlabel::matcher::examples;
use unlabel::rules::{RuleSet, format, lint};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn shipped_rules_have_nothing_to_send_back() {
    let wrong = lint::lint(lint::embedded());
    assert!(wrong.is_empty(), "{} sentences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_example_holds() {
    let (ran, wrong) = examples::check(&RuleSet::embedded().unwrap(), false);
    assert!(ran > 100, "only {ran} examples ran");
    assert!(wrong.is_empty(), "{} of {ran}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_example_of_drafts_holds() {
    let (_, wrong) = examples::check(&RuleSet::with_folders(&[], true).unwrap(), true);
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_lint_sends_back_what_it_should() {
    let good = include_str!("../../rules/products/kaspersky-scan-engine.toml");
    let organization = include_str!("../../rules/organizations/kaspersky.toml");
    let class = include_str!("../../rules/classes/engine.toml");
    let sent_back = |text: &str| {
        let files = [
            ("organizations/kaspersky.toml", organization),
            ("classes/engine.toml", class),
            ("products/kaspersky-scan-engine.toml", text),
        ];
        lint::lint(files).join("\n")
    };
    assert_eq!(sent_back(good), "");
    for (from, to, sentence) in [
        ("title =", "titel =", "missing field `title`"),
        ("made-by =", "colour = 1\nmade-by =", "key `colour` is not known"),
        ("type = \"product\"", "type = \"product\"\nvendor = \"x\"", "key `name.vendor` is not known"),
        ("official = true", "official = false", "without an official source or two of different publishers"),
        ("class = \"engine\"", "class = \"engin\"", "class `engin` does not exist"),
        ("made-by = \"kaspersky\"", "made-by = \"nobody\"", "which is no organization"),
        ("sources = [\"scan-engine-help\"]", "sources = [\"elsewhere\"]", "cites source `elsewhere`"),
        ("sources = [\"scan-engine-help\"]", "sources = []", "is confirmed and cites no source"),
        ("id = \"kaspersky-scan-engine\"", "id = \"scan-engine\"", "is not the file's stem"),
        ("url = \"https:", "url = \"http:", "the address is not https"),
        ("text = \"Kaspersky Scan Engine\"", "text = \"KSE\"", "is too short to match by itself"),
        ("schema = 1", "schema = 9", "newer than this program reads"),
    ] {
        assert!(good.contains(from), "{from}");
        let said = sent_back(&good.replace(from, to));
        assert!(said.contains(sentence), "{to}: said `{said}`");
    }
}

#[test]
fn the_published_schema_is_that_of_the_code() {
    let path = root().join("schemas/rule-1.json");
    let now = serde_json::to_string_pretty(&format::schema()).unwrap() + "\n";
    if std::env::var_os("UNLABEL_UPDATE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == now, "schemas/rule-1.json is stale: run `UNLABEL_UPDATE=1 cargo test schema`");
}

#[test]
fn a_folder_of_rules_corrects_what_is_built_in() {
    let folder = tempfile::tempdir().unwrap();
    let rule = r#"
schema = 1
kind = "organization"
id = "bluebird"
title = "Bluebird Labs"
status = "confirmed"
updated = 2026-01-01
[[name]]
text = "Bluebird Labs"
type = "legal-entity"
strength = "strong"
[[name]]
text = "OOO Redwing"
type = "legal-entity"
strength = "strong"
"#;
    std::fs::write(folder.path().join("bluebird.toml"), rule).unwrap();
    let rules = RuleSet::with_folders(&[folder.path().to_owned()], false).unwrap();
    assert_eq!(rules.names("BLUEBIRD LABS LLC").first().unwrap().owner.rule, "bluebird");
    // A legal form in the rule is no word that a document must have.
    let scanned = |name: &str| {
        let text = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{"name":"x","supplier":{{"name":"{name}"}}}}]}}"#
        );
        unlabel::scan::scan_bytes("x", text.as_bytes(), &rules, &crate::support::options()).findings.len()
    };
    assert_eq!((scanned("Redwing Ltd"), scanned("OOO Redwing"), scanned("Redwings")), (1, 1, 0));
    assert_ne!(rules.stamp.sha256, RuleSet::embedded().unwrap().stamp.sha256);

    std::fs::write(folder.path().join("bad.toml"), "schema = 1\nkind = \"organization\"\nid = \"x\"").unwrap();
    let error = RuleSet::with_folders(&[folder.path().to_owned()], false).unwrap_err().to_string();
    assert!(error.contains("bad.toml") && error.contains("title"), "{error}");
}

/// Proven evidence never says less because drafts are added.
#[test]
fn drafts_never_lower_what_is_proven() {
    let drafts = RuleSet::with_folders(&[], true).unwrap();
    let level = |rules: &RuleSet, inside: &str| {
        let text = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{"type":"library","name":"core",{inside}}}]}}"#
        );
        let report = unlabel::scan::scan_bytes("x", text.as_bytes(), rules, &crate::support::options());
        report.level()
    };
    for inside in [
        r#""supplier":{"name":"AO Kaspersky Lab"},"description":"anti-virus engine","group":"Kaspersky Lab France""#,
        r#""externalReferences":[{"type":"website","url":"https://my.kaspersky.com/x"}]"#,
        r#""externalReferences":[{"type":"distribution","url":"https://opentip.kaspersky.com/x"}]"#,
        r#""supplier":{"name":"Kaspersky Lab Polska","url":["https://tip.kaspersky.com"]}"#,
    ] {
        let (proven, all) = (level(&RULES, inside), level(&drafts, inside));
        assert!(all >= proven, "{inside}: {all:?} with drafts and {proven:?} without");
        assert!(proven > Some(format::Level::Advisory), "{inside}: nothing to lower");
    }
}

/// The program carries its rules in a form that is read faster; it must say the same as the files.
#[test]
fn what_is_built_in_is_what_the_files_say() {
    let built_in = RuleSet::embedded().unwrap();
    let read = unlabel::rules::load::load(lint::embedded(), false).unwrap();
    assert_eq!(format!("{:?}", built_in.files()), format!("{:?}", read.files()));
    assert_eq!(format!("{:?}", built_in.set), format!("{:?}", read.set));
    assert_eq!(built_in.stamp, read.stamp);
    assert!(built_in.files().len() > 200);
}

#[test]
fn a_rule_set_that_needs_another_program_is_refused() {
    let set = include_str!("../../rules/set.toml").replace(">=0.1.0, <1", ">=9");
    let error = unlabel::rules::load::load([("set.toml", set.as_str())], false).unwrap_err().to_string();
    assert!(error.contains("update the program"), "{error}");
}

/// Rules of one's own may be so short, or so wide, that nothing can be watched for: they find what they say all the same.
#[test]
fn rules_without_a_word_to_watch_for_find_what_they_say() {
    for (mark, component) in [
        (
            "[[domain]]\nhost = \"k2.eu\"\nmatch = \"suffix\"\nuse = \"corporate\"",
            r#""supplier":{"name":"x","url":["https://k2.eu/"]}"#,
        ),
        ("[[cpe]]\nvendor = \"zz\"", r#""cpe":"cpe:2.3:a:zz:yy:1:*:*:*:*:*:*:*""#),
        ("[[purl]]\ntypes = [\"deb\"]\nname = \"q9\"", r#""purl":"pkg:deb/q9@1""#),
        ("[[purl]]\ntypes = [\"deb\"]", r#""properties":[{"name":"Signer","value":"pkg:deb/anything@1"}]"#),
        ("[[signer]]\ntext = \"Q9\"", r#""properties":[{"name":"Signer","value":"Q9"}]"#),
    ] {
        let rule = format!(
            "schema = 1\nkind = \"organization\"\nid = \"bluebird\"\ntitle = \"Bluebird\"\nstatus = \"confirmed\"\n\
             updated = 2026-01-01\n{mark}\nstrength = \"strong\"\n"
        );
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("bluebird.toml"), rule).unwrap();
        let rules = RuleSet::with_folders(&[folder.path().to_owned()], false).unwrap();
        let text = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{"type":"library","name":"x",{component}}}]}}"#
        );
        let report = unlabel::scan::scan_bytes("x", text.as_bytes(), &rules, &crate::support::options());
        assert_eq!(report.findings.len(), 1, "{mark}");
    }
}
