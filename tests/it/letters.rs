//! `unlabel ask` and `unlabel explain` of a finding: what goes to a supplier, and the whole story of one finding.

use crate::support::{read, root, unlabel};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = unlabel();
    let output = command.current_dir(folder).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn component(name: &str, supplier: &str) -> Value {
    json!({"bom-ref": name, "type": "library", "name": name, "version": "1.2", "purl": format!("pkg:generic/{name}@1.2"),
        "supplier": {"name": supplier}})
}

/// A product that discloses well, with some components more.
fn product(name: &str, supplier: Option<&str>, more: &[Value]) -> Value {
    let mut all = vec![component("zlib", "Example Ltd"), component("expat", "Example Ltd")];
    all.extend_from_slice(more);
    let mut about = json!({"bom-ref": "p", "type": "firmware", "name": name, "version": "1"});
    if let Some(supplier) = supplier {
        about["supplier"] = json!({"name": supplier});
    }
    let on: Vec<&Value> = all.iter().map(|c| &c["bom-ref"]).collect();
    json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": about},
        "components": all, "dependencies": [{"ref": "p", "dependsOn": on}]})
}

fn engine() -> Value {
    let mut engine = component("av-sdk", "AO Kaspersky Lab");
    engine["description"] = "anti-virus engine".into();
    engine
}

/// Suppliers of all sorts in one report.
fn suppliers() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, value: &Value| {
        let path = folder.path().join("in").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, value.to_string()).unwrap();
    };
    put("acme/gateway.json", &product("gateway", Some("Acme Corp"), &[engine()]));
    put("acme/proxy.json", &product("proxy", Some("ACME  corp"), &[]));
    put("good.json", &product("fine", Some("Good Ltd"), &[]));
    put("nobody.json", &product("mystery", None, &[engine()]));
    let makerless = json!({"bom-ref": "q", "type": "library", "name": "scan-core", "version": "1",
        "purl": "pkg:generic/scan-core@1", "description": "Anti-virus engine SDK"});
    put("asks.json", &product("asker", Some("Asks GmbH"), &[makerless]));
    let mut thin = product("thin", Some("../Thin & Co"), &[]);
    thin["components"] = json!([{"type": "library", "name": "a"}, {"type": "library", "name": "b"}]);
    put("thin.json", &thin);
    fs::write(folder.path().join("in/broken.cdx.json"), read("bad/truncated-early.json")).unwrap();
    let (_, _, err) = run(folder.path(), &["scan", "in", "--as-of", "2026-11-22", "--output", "json=r.json"]);
    assert_eq!(err, "");
    folder
}

fn letters(folder: &Path) -> Vec<(String, String)> {
    let (status, out, err) = run(folder, &["ask", "r.json", "--output-dir", "letters/now"]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(
        out.ends_with("5 letters; 1 supplier gets none: nothing found, nothing to ask, and good disclosure\n"),
        "{out}"
    );
    let mut all: Vec<(String, String)> = fs::read_dir(folder.join("letters/now"))
        .unwrap()
        .map(|e| e.unwrap())
        .map(|e| (e.file_name().into_string().unwrap(), fs::read_to_string(e.path()).unwrap()))
        .collect();
    all.sort();
    assert_eq!(out.lines().count(), all.len() + 1);
    all
}

#[test]
fn every_supplier_with_something_open_gets_one_letter() {
    let folder = suppliers();
    let all = letters(folder.path());
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["acme-corp.md", "asks-gmbh.md", "in-broken-cdx-json.md", "mystery.md", "thin-co.md"]);
    let of = |name: &str| &all.iter().find(|(n, _)| n == name).unwrap().1;

    let acme = of("acme-corp.md");
    for words in [
        "# Questions to `Acme Corp`",
        "in/acme/gateway.json",
        "in/acme/proxy.json",
        "### 1. `av-sdk 1.2`",
        "supplier: `AO Kaspersky Lab` at `in/acme/gateway.json:1:",
        "`/components/2/supplier/name`",
        "how the product comes to it: `gateway` → `av-sdk`",
        "why we have to know: 89 FR 52434 (integration",
        "Has the vendor certified the removal of the component",
        "- [ ] the answers, by number",
        "not legal advice",
    ] {
        assert!(acme.contains(words), "{words}: {acme}");
    }
    // What only the reader of the report can answer is not asked of anybody else.
    assert!(!acme.contains("Is the act done in the United States"), "{acme}");
    assert!(!acme.contains("What we could not see"), "it discloses well: {acme}");

    assert!(of("asks-gmbh.md").contains("names no maker") && of("asks-gmbh.md").contains("`scan-core`"));
    assert!(of("mystery.md").contains("# Questions to the supplier of `mystery`"));
    let thin = of("thin-co.md");
    assert!(thin.contains("0 of 2 components name who made them.") && thin.contains("the SBOM again"), "{thin}");
    assert!(thin.contains("`purl` or `cpe`") && !thin.contains("What we read\n"), "{thin}");
    let broken = of("in-broken-cdx-json.md");
    assert!(broken.contains("could not read it: line ") && broken.contains("Please send it again"), "{broken}");
    assert!(all.iter().all(|(_, text)| text.starts_with("# Questions to ") && text.contains("- [ ] ")));
}

#[test]
fn a_letter_asks_and_does_not_accuse() {
    let folder = suppliers();
    let (_, out, _) = run(folder.path(), &["ask", "r.json"]);
    let prose = out.to_lowercase();
    for word in ["violat", "illegal", "unlawful", "compliant", "safe", "prohibited", "guilty", "must not"] {
        assert!(!prose.contains(word), "{word}: {out}");
    }
    assert!(out.contains("no claim about your company") && out.matches("\n---\n").count() == 5, "{out}");
    assert!(out.trim_end().ends_with("and good disclosure"), "{out}");
}

#[test]
fn one_supplier_can_be_chosen() {
    let folder = suppliers();
    let (status, out, _) = run(folder.path(), &["ask", "r.json", "--supplier", "acme CORP"]);
    assert!(status == 0 && out.matches("# Questions to").count() == 1 && out.contains("1 letter;"), "{out}");
    let (status, out, err) = run(folder.path(), &["ask", "r.json", "--supplier", "Acme"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.contains("unknown supplier `Acme`: known are ../Thin & Co, "), "{err}");
    let (status, out, _) = run(folder.path(), &["ask", "r.json", "--supplier", "good ltd"]);
    assert_eq!(
        (status, out.as_str()),
        (0, "0 letters; 1 supplier gets none: nothing found, nothing to ask, and good disclosure\n")
    );
}

#[test]
fn what_is_no_report_gets_no_letter() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("s.json"), read("twins/clean/cyclonedx.json")).unwrap();
    for (arguments, says) in [
        (vec!["ask", "s.json"], "an SBOM is for `unlabel scan`"),
        (vec!["ask", "no.json", "--output-dir", "x"], "cannot read the report"),
        (vec!["ask"], "REPORT.json"),
    ] {
        let (status, out, err) = run(folder.path(), &arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(says), "{err}");
    }
    assert!(!folder.path().join("x").exists());
}

#[test]
fn hostile_text_does_not_act_in_a_letter_or_a_file_name() {
    let acts =
        "x\u{1b}[31m\r\n::set-output name=a::b\n# Fake\n##vso[t]\u{202e}`|` @octocat <script> [a](javascript:1) /../..";
    let folder = tempfile::tempdir().unwrap();
    let mut bad = engine();
    for key in ["name", "version", "bom-ref"] {
        bad[key] = acts.into();
    }
    bad["supplier"]["name"] = format!("AO Kaspersky Lab {acts}").into();
    fs::write(folder.path().join("s.json"), product(acts, Some(acts), &[bad]).to_string()).unwrap();
    run(folder.path(), &["scan", "s.json", "--output", "json=r.json"]);
    let (status, out, _) = run(folder.path(), &["ask", "r.json", "--output-dir", "letters"]);
    assert_eq!(status, 0, "{out}");
    let written: Vec<_> = fs::read_dir(folder.path().join("letters")).unwrap().map(|e| e.unwrap()).collect();
    assert_eq!(written.len(), 1);
    let name = written[0].file_name().into_string().unwrap();
    assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.'), "{name}");
    let letter = fs::read_to_string(written[0].path()).unwrap();
    let id: Value = serde_json::from_slice(&fs::read(folder.path().join("r.json")).unwrap()).unwrap();
    let id = id["findings"][0]["id"].as_str().unwrap();
    let (_, story, _) = run(folder.path(), &["explain", id, "--report", "r.json"]);
    for text in [letter.as_str(), out.as_str(), story.as_str()] {
        assert!(text.chars().all(|c| c == '\n' || (!c.is_control() && c != '\u{202e}')), "{text:?}");
        assert!(!text.contains("##vso[") && !text.lines().any(|l| l.trim_start().starts_with("::set")), "{text}");
        assert!(!text.lines().any(|l| l.starts_with("# Fake")), "{text}");
    }
    assert!(!letter.contains("<script>"), "{letter}");
}

fn planted(more: &[&str]) -> (tempfile::TempDir, Value) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("s.json"), read("real/mail-gateway.cdx.json")).unwrap();
    let day: &[&str] = if more.contains(&"--as-of") { &[] } else { &["--as-of", "2026-11-22"] };
    let (_, _, err) = run(folder.path(), &[&["scan", "s.json", "--output", "json=r.json"], day, more].concat());
    assert_eq!(err, "");
    let report = serde_json::from_slice(&fs::read(folder.path().join("r.json")).unwrap()).unwrap();
    (folder, report)
}

#[test]
fn the_story_of_a_finding_is_whole() {
    let (folder, report) = planted(&[]);
    let finding = &report["findings"][0];
    let id = finding["id"].as_str().unwrap();
    let (status, story, err) = run(folder.path(), &["explain", id, "--report", "r.json"]);
    assert_eq!((status, err.as_str()), (0, ""));
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let flat = squeezed(&story);
    for evidence in finding["evidence"].as_array().unwrap() {
        for source in evidence["sources"].as_array().unwrap() {
            assert!(flat.contains(&squeezed(source.as_str().unwrap())), "{source}");
        }
        let place = format!("s.json:{}:{}", evidence["line"], evidence["column"]);
        assert!(story.contains(&place) && story.contains("^^^^"), "{place}: {story}");
    }
    for assessment in finding["assessments"].as_array().unwrap() {
        for text in ["because", "citation", "clause"] {
            assert!(flat.contains(&squeezed(assessment[text].as_str().unwrap())), "{text}");
        }
        for ask in assessment["questions"].as_array().unwrap() {
            assert!(flat.contains(&squeezed(ask.as_str().unwrap())), "{ask}");
        }
    }
    assert!(story.contains("`unlabel explain kaspersky`"), "{story}");
    // The beginning of an id is enough where it tells one from others.
    assert_eq!(run(folder.path(), &["explain", &id[..6], "--report", "r.json"]).1, story);
    let (status, _, err) = run(folder.path(), &["explain", "0000000000000000", "--report", "r.json"]);
    assert!(status == 2 && err.contains(&format!("known are {id} (av-sdk)")), "{err}");
    let (status, _, err) = run(folder.path(), &["explain", id]);
    assert!(status == 2 && err.contains("add --report REPORT.json"), "{err}");
}

/// What the story says would give another level is what a scan with that change gives.
#[test]
fn what_would_change_the_level_does() {
    let (folder, report) = planted(&[]);
    let id = report["findings"][0]["id"].as_str().unwrap();
    let (_, story, _) = run(folder.path(), &["explain", id, "--report", "r.json"]);
    let story = story.split("What would give it another level").nth(1).unwrap();
    let flat = story.split_whitespace().collect::<Vec<_>>().join(" ");
    let level = |more: &[&str]| planted(more).1["findings"][0]["level"].as_str().unwrap().to_owned();
    for role in ["end-user", "msp", "federal-agency", "open-source-project"] {
        let level = level(&["--role", role]);
        let told = flat.split("for role ").skip(1).any(|part| {
            let (roles, said) = part.split_once(": ").unwrap();
            roles.split(", ").any(|r| r == role) && said.starts_with(&level)
        });
        assert_eq!(told, level != "prohibited", "{role} {level}: {flat}");
    }
    assert_eq!(level(&["--as-of", "2024-09-28"]), "review");
    assert!(flat.contains("for an act before September 29, 2024, 12:00 AM EDT: review"), "{flat}");
    assert!(flat.contains("were the evidence weak: review"), "{flat}");
    let stated = level(&["--fact", "not-us-person", "--market", "de"]);
    let (folder, report) = planted(&["--market", "de"]);
    let id = report["findings"][0]["id"].as_str().unwrap();
    let (_, story, _) = run(folder.path(), &["explain", id, "--report", "r.json"]);
    let flat = story.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_ne!(stated, report["findings"][0]["level"].as_str().unwrap());
    assert!(flat.contains("stating not-us-person") && flat.contains(&format!("): {stated}")), "{flat}");
}

#[test]
fn a_report_by_other_rules_is_not_asked_again() {
    let (folder, mut report) = planted(&[]);
    let id = report["findings"][0]["id"].as_str().unwrap().to_owned();
    report["findings"][0]["assessments"][0]["because"] = "By other rules.".into();
    fs::write(folder.path().join("r.json"), report.to_string()).unwrap();
    let (_, story, _) = run(folder.path(), &["explain", &id, "--report", "r.json"]);
    assert!(story.contains("It cannot be told: the report was made with other rules"), "{story}");
}

#[test]
fn what_was_set_aside_has_a_story_too() {
    let folder = tempfile::tempdir().unwrap();
    let helper = json!({"bom-ref": "r", "type": "application", "name": "kaspersky-removal-helper",
        "supplier": {"name": "Example Ltd"}, "description": "Removes what is left of Kaspersky products"});
    fs::write(folder.path().join("s.json"), product("p", None, &[helper]).to_string()).unwrap();
    run(folder.path(), &["scan", "s.json", "--output", "json=r.json"]);
    let report: Value = serde_json::from_slice(&fs::read(folder.path().join("r.json")).unwrap()).unwrap();
    let id = report["set_aside"][0]["id"].as_str().unwrap();
    let (status, story, _) = run(folder.path(), &["explain", id, "--report", "r.json"]);
    assert!(status == 0 && story.starts_with("SET ASIDE") && story.contains("were it not set aside: "), "{story}");
}

/// Every question is for somebody, and the supplier's stand in letters.
#[test]
fn rules_say_who_can_answer() {
    let rules = unlabel::rules::RuleSet::embedded().unwrap();
    let theirs = rules.answered_by_suppliers();
    let all: Vec<&str> = rules.regimes().flat_map(|r| &r.question).map(|q| q.ask.trim()).collect();
    assert!(theirs.len() > 10 && theirs.len() < all.len());
    let text = fs::read_to_string(root().join("docs/rule-format.md")).unwrap();
    assert!(text.contains("`answered-by`"));
    for ask in all {
        // One wording has one answerer, whichever regime asks.
        let by: Vec<_> =
            rules.regimes().flat_map(|r| &r.question).filter(|q| q.ask.trim() == ask).map(|q| q.answered_by).collect();
        assert!(by.windows(2).all(|w| w[0] == w[1]), "{ask}");
    }
}
