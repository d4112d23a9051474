//! `unlabel diff`: what came, what went and what changed, and what must not look as if it had.

use crate::support::{program, read, root, unlabel};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// A folder of its own, with two SBOMs of one product.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, value: &Value) -> &Self {
        self.write(name, value.to_string().as_bytes())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> &Self {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    fn run(&self, arguments: &[&str], input: &[u8]) -> (i32, String, String) {
        let mut command = unlabel();
        let output = command.current_dir(self.0.path()).args(arguments).write_stdin(input).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn diff(&self, arguments: &[&str]) -> (i32, Value) {
        let all = [&["diff", "--as-of", "2026-11-22", "--format", "json"], arguments].concat();
        let (status, out, err) = self.run(&all, b"");
        assert_eq!(err, "", "{arguments:?}");
        let diff: Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}"));
        valid(&diff);
        assert_eq!(diff["summary"]["exit_status"], status);
        (status, diff)
    }

    fn report(&self, sbom: &str, report: &str, more: &[&str]) -> &Self {
        let output = format!("json={report}");
        let (_, _, err) =
            self.run(&[&["scan", "--as-of", "2026-11-22", "--output", &output, sbom], more].concat(), b"");
        assert_eq!(err, "");
        self
    }
}

fn valid(diff: &Value) {
    let text = fs::read_to_string(root().join("schemas/diff-1.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    close(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(diff).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let mut broken = diff.clone();
    broken["summary"]["came"] = "many".into();
    assert!(!validator.is_valid(&broken), "the schema lets anything pass");
}

/// New fields may come; the program may not write one that the schema does not describe.
fn close(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.get("properties").is_some_and(Value::is_object) && map.contains_key("required") {
                map.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            map.values_mut().for_each(close);
        }
        Value::Array(list) => list.iter_mut().for_each(close),
        _ => {}
    }
}

/// A product with a version and some components beside a harmless one.
fn product(version: &str, components: &[Value]) -> Value {
    let harmless = |name: &str| {
        json!({"bom-ref": name, "type": "library", "name": name, "version": "1.3", "purl": format!("pkg:generic/{name}@1.3"),
            "supplier": {"name": "Example Ltd"}})
    };
    let mut all = vec![harmless("zlib"), harmless("expat")];
    all.extend_from_slice(components);
    json!({"bomFormat": "CycloneDX", "specVersion": "1.6",
        "metadata": {"component": {"bom-ref": "p", "type": "firmware", "name": "gateway", "version": version,
            "supplier": {"name": "Example Ltd"}}},
        "components": all})
}

fn engine(version: &str) -> Value {
    json!({"bom-ref": format!("pkg:generic/av-sdk@{version}"), "type": "library", "name": "av-sdk", "version": version,
        "description": "anti-virus engine", "purl": format!("pkg:generic/av-sdk@{version}"),
        "supplier": {"name": "AO Kaspersky Lab"}})
}

fn changes(diff: &Value) -> Vec<(&str, &str)> {
    let findings = diff["findings"].as_array().unwrap();
    findings.iter().map(|f| (f["change"].as_str().unwrap(), f["component"]["name"].as_str().unwrap())).collect()
}

#[test]
fn what_came_counts_and_what_went_does_not() {
    let desk = Desk::new();
    desk.put("v1.json", &product("1", &[])).put("v2.json", &product("2", &[engine("8.1")]));
    let (status, diff) = desk.diff(&["v1.json", "v2.json"]);
    assert_eq!((status, changes(&diff)), (1, vec![("came", "av-sdk")]));
    let different = diff["inputs"][0]["changed"].as_array().unwrap();
    assert!(different.contains(&json!("level")) && different.contains(&json!("version")), "two names, one input");
    assert_eq!(diff["summary"]["worse"], 1);
    assert!(diff["summary"]["questions_came"].as_u64().unwrap() > 3);
    assert!(diff["questions"].as_array().unwrap().iter().all(|q| q["with_finding"] == true));
    let (status, diff) = desk.diff(&["v2.json", "v1.json"]);
    assert_eq!((status, changes(&diff)), (0, vec![("went", "av-sdk")]));
    assert_eq!(diff["findings"][0]["doubt"], Value::Null);
    // What counts is up to the caller; a buyer's clauses inform.
    assert_eq!(desk.diff(&["--role", "end-user", "v1.json", "v2.json"]).0, 0);
    assert_eq!(desk.diff(&["--role", "end-user", "--fail-on", "advisory", "v1.json", "v2.json"]).0, 1);
}

#[test]
fn a_component_with_a_new_version_is_the_same() {
    let desk = Desk::new();
    desk.put("v1.json", &product("1", &[engine("8.1")])).put("v2.json", &product("2", &[engine("9.0")]));
    let (status, diff) = desk.diff(&["v1.json", "v2.json"]);
    assert_eq!((status, changes(&diff)), (0, vec![("changed", "av-sdk")]));
    let finding = &diff["findings"][0];
    assert_eq!(finding["changed"], json!(["version"]), "neither references nor package URLs with a version are news");
    assert_eq!((&finding["old"]["version"], &finding["new"]["version"]), (&json!("8.1"), &json!("9.0")));
    assert_eq!(diff["questions"], json!([]));
    let (status, diff) = desk.diff(&["v1.json", "v1.json"]);
    assert_eq!((status, changes(&diff)), (0, vec![("unchanged", "av-sdk")]));
    assert_eq!((&diff["inputs"][0]["change"], &diff["differs"]), (&json!("unchanged"), &json!([])));
}

/// The rules that match are part of the id, and so is the relation: what is about the same component stays together.
#[test]
fn other_evidence_for_the_same_component_is_a_change() {
    let desk = Desk::new();
    let weak = json!({"bom-ref": "a", "type": "library", "name": "av-sdk", "purl": "pkg:generic/av-sdk@8.1",
        "description": "anti-virus engine", "licenses": [{"license": {"name": "Kaspersky EULA"}}]});
    let mut strong = engine("8.1");
    strong["cpe"] = "cpe:2.3:a:kaspersky:antivirus_engine:8.1:*:*:*:*:*:*:*".into();
    desk.put("v1.json", &product("1", &[weak])).put("v2.json", &product("2", &[strong]));
    let (_, diff) = desk.diff(&["v1.json", "v2.json"]);
    let finding = &diff["findings"][0];
    assert_eq!(diff["findings"].as_array().unwrap().len(), 1, "{:?}", changes(&diff));
    let different: Vec<&str> = finding["changed"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    assert!(different.contains(&"relation") && different.contains(&"evidence"), "{different:?}");
    let kinds = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&finding["evidence_came"]), ["supplier", "cpe"]);
    assert_eq!(kinds(&finding["evidence_went"]), ["license"]);
    let (_, out, _) = desk.run(&["diff", "v1.json", "v2.json"], b"");
    assert!(out.contains("relation   licensed-from → supplied-by") && out.contains("+ evidence"), "{out}");
}

#[test]
fn a_level_that_rises_counts_and_one_that_falls_does_not() {
    let desk = Desk::new();
    let adapter = |more: &[Value]| product("1", &[more, &[engine("8.1")]].concat());
    let mut unknown = engine("8.1");
    unknown["description"] = Value::Null;
    unknown["name"] = "libfoo".into();
    unknown["purl"] = "pkg:generic/libfoo@8.1".into();
    let mut known = unknown.clone();
    known["description"] = "anti-virus engine".into();
    desk.put("v1.json", &product("1", &[unknown])).put("v2.json", &product("2", &[known]));
    let (status, diff) = desk.diff(&["v1.json", "v2.json"]);
    assert_eq!((status, changes(&diff)), (1, vec![("risen", "libfoo")]));
    assert_eq!(diff["findings"][0]["old"]["level"], "likely-prohibited");
    assert_eq!(diff["findings"][0]["new"]["level"], "prohibited");
    assert!(!diff["findings"][0]["clauses"].as_array().unwrap().is_empty());
    assert_eq!(desk.diff(&["v2.json", "v1.json"]).0, 0);
    // A finding that is there as before is no news, whatever its level.
    desk.put("a.json", &adapter(&[])).put("b.json", &adapter(&[json!({"type": "library", "name": "other"})]));
    assert_eq!(desk.diff(&["a.json", "b.json"]).0, 0);
}

#[test]
fn what_was_set_aside_and_what_is_are_told_apart() {
    let desk = Desk::new();
    let helper = |supplier: &str| {
        json!({"bom-ref": "r", "type": "application", "name": "kaspersky-removal-helper", "supplier": {"name": supplier},
            "description": "Removes what is left of Kaspersky products"})
    };
    desk.put("v1.json", &product("1", &[helper("Example Ltd")]));
    desk.put("v2.json", &product("2", &[helper("AO Kaspersky Lab")]));
    let (status, diff) = desk.diff(&["v1.json", "v2.json"]);
    assert_eq!((status, changes(&diff)), (1, vec![("risen", "kaspersky-removal-helper")]));
    assert!(diff["findings"][0]["old"]["set_aside"]["by"].is_string());
    let (status, diff) = desk.diff(&["v2.json", "v1.json"]);
    assert_eq!((status, changes(&diff)), (0, vec![("fallen", "kaspersky-removal-helper")]));
    let (_, out, _) = desk.run(&["diff", "v2.json", "v1.json"], b"");
    assert!(out.contains("→ set aside"), "{out}");
}

/// Reading nothing must never look like finding nothing.
#[test]
fn what_cannot_be_seen_any_more_has_not_gone() {
    let desk = Desk::new();
    let text = product("2", &[]).to_string();
    desk.put("v1.json", &product("1", &[engine("8.1")]));
    for (name, bytes) in [
        ("cut.json", &text.as_bytes()[..text.len() - 3]),
        ("broken.json", b"{\"bomFormat\": \"CycloneDX\", \"components\": [{".as_slice()),
        ("empty.json", b""),
        ("none.json", br#"{"bomFormat": "CycloneDX", "specVersion": "1.6"}"#),
    ] {
        desk.write(name, bytes);
        let (status, diff) = desk.diff(&["v1.json", name]);
        assert_eq!((status, changes(&diff)), (3, vec![("out-of-sight", "av-sdk")]), "{name}");
        assert_eq!(diff["inputs"][0]["worse"], true, "{name}");
        assert!(diff["findings"][0]["doubt"].as_str().unwrap().starts_with("The new input was "), "{name}");
        assert_eq!(desk.diff(&["--allow-incomplete", "v1.json", name]).0, 0, "{name}");
        let (_, out, _) = desk.run(&["diff", "v1.json", name], b"");
        assert!(out.contains("OUT OF SIGHT") && out.contains("not comparable:") && !out.contains("WENT"), "{out}");
    }
    // Of what could not be read before nobody knows whether it came.
    let (status, diff) = desk.diff(&["cut.json", "v1.json"]);
    assert_eq!((status, changes(&diff)), (1, vec![("came", "av-sdk")]));
    let (_, out, _) = desk.run(&["diff", "cut.json", "v1.json"], b"");
    assert!(out.contains("OLD was not read whole"), "{out}");
}

#[test]
fn a_finding_that_went_with_what_an_sbom_discloses_is_doubted() {
    let desk = Desk::new();
    let mut bare = product("2", &[json!({"type": "library", "name": "av-sdk"})]);
    bare["components"][0] = json!({"type": "library", "name": "zlib"});
    bare["components"][1] = json!({"type": "library", "name": "expat"});
    desk.put("v1.json", &product("1", &[engine("8.1")])).put("v2.json", &bare);
    let (status, diff) = desk.diff(&["v1.json", "v2.json"]);
    assert_eq!((status, changes(&diff)), (0, vec![("went", "av-sdk")]));
    assert!(diff["findings"][0]["doubt"].as_str().unwrap().contains("→ thin"), "{diff}");
    assert_eq!(diff["inputs"][0]["worse"], true);
    let (_, out, _) = desk.run(&["diff", "--format", "markdown", "v1.json", "v2.json"], b"");
    assert!(out.contains("discloses less") && out.contains("changed for the worse"), "{out}");
}

#[test]
fn folders_are_matched_input_by_input() {
    let desk = Desk::new();
    let named = |name: &str, version: &str, components: &[Value]| {
        let mut sbom = product(version, components);
        sbom["metadata"]["component"]["name"] = name.into();
        sbom
    };
    desk.put("old/a/sbom.json", &named("a", "1", &[engine("8")])).put("new/a/sbom.json", &named("a", "2", &[]));
    desk.put("old/b/b-1.0.json", &named("b", "1", &[])).put("new/b/b-2.0.json", &named("b", "2", &[engine("8")]));
    desk.put("old/c.json", &named("c", "1", &[engine("8")])).put("new/moved/d.json", &named("c", "1", &[engine("8")]));
    let (status, diff) = desk.diff(&["old", "new"]);
    assert_eq!(status, 1);
    let paths: Vec<(&str, &str)> = diff["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| (i["old"]["path"].as_str().unwrap_or("-"), i["new"]["path"].as_str().unwrap_or("-")))
        .collect();
    assert_eq!(
        paths,
        [
            ("old/a/sbom.json", "new/a/sbom.json"),
            ("old/b/b-1.0.json", "new/b/b-2.0.json"),
            ("old/c.json", "new/moved/d.json")
        ]
    );
    let mut all = changes(&diff);
    all.sort_unstable();
    assert_eq!(all, [("came", "av-sdk"), ("unchanged", "av-sdk"), ("went", "av-sdk")]);
    // An input that is no more: nothing can be said of it.
    fs::remove_file(desk.0.path().join("new/moved/d.json")).unwrap();
    fs::remove_file(desk.0.path().join("new/b/b-2.0.json")).unwrap();
    let (status, diff) = desk.diff(&["old", "new"]);
    assert_eq!(status, 3);
    assert_eq!(diff["findings"][0]["change"], "out-of-sight");
    assert_eq!(diff["findings"][0]["doubt"], "The input it stood in is not among the new ones.");
    assert_eq!((&diff["summary"]["inputs_went"], &diff["summary"]["went"]), (&json!(2), &json!(1)));
}

#[test]
fn reports_and_sboms_are_told_apart_by_content() {
    let desk = Desk::new();
    desk.put("v1.json", &product("1", &[])).put("v2.json", &product("2", &[engine("8")]));
    desk.report("v1.json", "r1", &[]).report("v2.json", "r2", &[]);
    let (_, direct) = desk.diff(&["v1.json", "v2.json"]);
    for (old, new) in [("r1", "r2"), ("r1", "v2.json"), ("v1.json", "r2")] {
        let (status, mut diff) = desk.diff(&[old, new]);
        assert_eq!(status, 1, "{old} {new}");
        assert_eq!(diff["old"]["scanned"], old.starts_with('v'));
        for key in ["old", "new"] {
            diff[key] = direct[key].clone();
        }
        assert_eq!(diff, direct, "{old} {new}");
    }
    // Sorted by another program, and from standard input.
    let report: Value = serde_json::from_slice(&fs::read(desk.0.path().join("r2")).unwrap()).unwrap();
    let mut keys: Vec<(String, Value)> = report.as_object().unwrap().clone().into_iter().collect();
    keys.sort_by(|a, b| a.0.cmp(&b.0));
    let sorted = Value::Object(keys.into_iter().collect()).to_string();
    let (status, out, _) = desk.run(&["diff", "v1.json", "-", "--as-of", "2026-11-22"], sorted.as_bytes());
    assert!(status == 1 && out.contains("CAME") && out.contains("-: a report"), "{out}");
    let sbom = product("2", &[engine("8")]).to_string();
    let (status, out, _) = desk.run(&["diff", "r1", "-", "--as-of", "2026-11-22"], sbom.as_bytes());
    assert!(status == 1 && out.contains("-: scanned now") && !out.contains("NOT MADE ALIKE"), "{out}");
}

/// What a shell hands over as a file and is a pipe, as in `diff <(…) sbom.json`, can be read once only.
#[test]
#[cfg(unix)]
fn a_pipe_is_read_like_a_file() {
    let desk = Desk::new();
    desk.put("v1.json", &product("1", &[])).put("v2.json", &product("2", &[engine("8")])).report("v2.json", "r2", &[]);
    for name in ["r2", "v2.json"] {
        let bytes = fs::read(desk.0.path().join(name)).unwrap();
        let mut child = program()
            .current_dir(desk.0.path())
            .args(["diff", "v1.json", "/dev/stdin", "--as-of", "2026-11-22"])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), &bytes).unwrap();
        let output = child.wait_with_output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        let how = if name == "r2" { "/dev/stdin: a report" } else { "/dev/stdin: scanned now" };
        assert!(output.status.code() == Some(1) && out.starts_with("CAME") && out.contains(how), "{name}: {out}");
    }
}

#[test]
fn another_context_is_told_first() {
    let desk = Desk::new();
    desk.put("v1.json", &product("1", &[engine("8")]));
    desk.report("v1.json", "r1", &["--role", "end-user"]);
    let (status, diff) = desk.diff(&["--role", "integrator", "r1", "v1.json"]);
    assert_eq!((status, changes(&diff)), (1, vec![("risen", "av-sdk")]));
    assert_eq!(diff["differs"], json!([{"what": "role", "old": "end-user", "new": "integrator"}]));
    for form in ["text", "markdown"] {
        let (_, out, _) = desk.run(&["diff", "--format", form, "r1", "v1.json", "--as-of", "2025-01-01"], b"");
        let told = out.to_lowercase().find("not made alike").unwrap();
        assert!(told < 700 && told < out.find("av-sdk").unwrap(), "{out}");
        assert!(out.contains("end-user") && out.contains("2025-01-01") && out.contains("as-of"), "{out}");
    }
}

#[test]
fn questions_on_engines_without_a_maker_come_and_go() {
    let desk = Desk::new();
    let nobody =
        json!({"bom-ref": "q", "type": "library", "name": "scan-core", "description": "Anti-virus engine SDK"});
    desk.put("v1.json", &product("1", &[])).put("v2.json", &product("2", &[nobody]));
    let (status, diff) = desk.diff(&["v1.json", "v2.json"]);
    assert_eq!(status, 0, "a question has no level");
    assert_eq!(diff["questions"].as_array().unwrap().len(), 1);
    assert_eq!(diff["questions"][0]["component"]["name"], "scan-core");
    let (_, out, _) = desk.run(&["diff", "v2.json", "v1.json"], b"");
    assert!(out.contains("QUESTION WENT  scan-core"), "{out}");
    assert_eq!(desk.diff(&["v2.json", "v2.json"]).1["questions"], json!([]));
}

#[test]
fn what_cannot_be_compared_ends_with_2() {
    let desk = Desk::new();
    desk.put("v1.json", &product("1", &[])).put("later.json", &json!({"schema": "unlabel.report/9"}));
    desk.put("other.json", &json!({"schema": "unlabel.diff/1"}));
    for (arguments, says) in [
        (vec!["diff", "no.json", "v1.json"], "cannot read no.json: there is no such file"),
        (vec!["diff", "v1.json", "no-such-folder/"], "cannot read no-such-folder/"),
        (vec!["diff", "v1.json", "later.json"], "unlabel.report/9"),
        (vec!["diff", "v1.json", "other.json"], "it is a `unlabel.diff/1`"),
        (vec!["diff", "-", "-"], "standard input can be one of them only"),
        (vec!["diff", "v1.json"], "NEW"),
        (vec!["diff", "v1.json", "v1.json", "--format", "html"], "possible values: text, markdown, json"),
    ] {
        let (status, out, err) = desk.run(&arguments, b"");
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(says), "{arguments:?}: {err}");
    }
}

#[test]
fn hostile_text_does_not_act_in_a_comparison() {
    let acts = "x\u{1b}[31m\r\n::set-output name=a::b\n##vso[t]\u{202e}`|` @octocat <script> [a](javascript:1)";
    let desk = Desk::new();
    let mut bad = engine("8");
    bad["name"] = acts.into();
    bad["version"] = acts.into();
    let mut sbom =
        product(acts, &[bad, json!({"type": "library", "name": acts, "description": "Anti-virus engine SDK"})]);
    sbom["metadata"]["component"]["name"] = acts.into();
    desk.put("v1.json", &product("1", &[])).put("v2.json", &sbom);
    for form in ["text", "markdown"] {
        for (old, new) in [("v1.json", "v2.json"), ("v2.json", "v1.json"), ("v2.json", "v2.json")] {
            let (_, out, _) = desk.run(&["diff", "--format", form, old, new], b"");
            assert!(out.chars().all(|c| c == '\n' || (!c.is_control() && c != '\u{202e}')), "{out:?}");
            assert!(!out.contains("##vso[") && !out.lines().any(|l| l.trim_start().starts_with("::set")), "{out}");
            assert!(form == "text" || !out.contains("<script>"), "{out}");
        }
    }
}

#[test]
fn the_same_comparison_gives_the_same_bytes() {
    let desk = Desk::new();
    let folder = |name: &str| Path::new(name).to_string_lossy().into_owned();
    for (at, version) in [("old", "1"), ("new", "2")] {
        for n in 0..6 {
            desk.put(&format!("{at}/{n}.json"), &product(version, &[engine(version)]));
        }
        desk.write(&format!("{at}/twin.json"), &read("twins/supplier-and-cpe/cyclonedx.json"));
    }
    let with =
        |jobs: &str| desk.run(&["diff", "--format", "json", "--jobs", jobs, &folder("old"), &folder("new")], b"").1;
    assert_eq!(with("1"), with("7"));
}
