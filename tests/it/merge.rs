//! `unlabel merge`: one report of many, which says no less than they do.

use crate::support::{fixture, read, rendered, scan_fixture, unlabel};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut command = unlabel();
    let output = command.current_dir(folder).args(arguments).write_stdin(input).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn scan(folder: &Path, report: &str, paths: &[&str], more: &[&str]) -> i32 {
    let output = format!("json={report}");
    let day = ["scan", "--as-of", "2026-11-22", "--output", &output];
    let (status, _, err) = run(folder, &[&day[..], paths, more].concat(), b"");
    assert_eq!(err, "");
    status
}

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
    fs::write(folder.join(name), bytes).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|e| e.unwrap().path()) {
        let there = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy(&entry, &there);
        } else {
            fs::copy(&entry, &there).unwrap();
        }
    }
}

/// Suppliers with findings, questions, false friends, broken files, archives, and files that are no SBOM.
fn suppliers() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for name in ["twins", "bad", "wrapped", "clean", "evidence/mentions"] {
        copy(&fixture(name), &at.join("in").join(name.replace('/', "-")));
    }
    put(at, "in/a.json", &read("twins/supplier-and-cpe/cyclonedx.json"));
    put(at, "in/A/z.json", &read("twins/clean/cyclonedx.json"));
    put(at, "in/notes.txt", b"no SBOM");
    let mut zip = zip::ZipWriter::new(fs::File::create(at.join("in/delivery.zip")).unwrap());
    for (name, of) in [("z/last.json", "twins/clean/spdx2.json"), ("a/first.json", "twins/supplier-and-cpe/spdx2.json")]
    {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, &read(of)).unwrap();
    }
    zip.finish().unwrap();
    folder
}

#[test]
fn the_parts_of_a_folder_make_the_report_of_the_whole() {
    let folder = suppliers();
    let at = folder.path();
    let status = scan(at, "whole.json", &["in"], &[]);
    let whole = fs::read_to_string(at.join("whole.json")).unwrap();
    let mut entries: Vec<String> = fs::read_dir(at.join("in"))
        .unwrap()
        .map(|e| format!("in/{}", e.unwrap().file_name().to_string_lossy()))
        .collect();
    entries.retain(|e| e != "in/notes.txt");
    assert!(entries.len() > 6);
    let mut parts = Vec::new();
    for (n, chunk) in entries.chunks(2).enumerate() {
        let mut chunk: Vec<&str> = chunk.iter().map(String::as_str).collect();
        // A file that is named is told even when it is no SBOM; beside others in a folder it is counted.
        if n == 0 {
            fs::create_dir(at.join("aside")).unwrap();
            fs::rename(at.join("in/notes.txt"), at.join("aside/notes.txt")).unwrap();
            fs::copy(at.join("aside/notes.txt"), at.join("in/A/notes.txt")).unwrap();
            chunk.reverse();
        }
        let name = format!("part-{n}.json");
        scan(at, &name, &chunk, &[]);
        parts.push(name);
    }
    for order in [false, true] {
        if order {
            parts.reverse();
        }
        let names: Vec<&str> = parts.iter().map(String::as_str).collect();
        let (merged, out, err) = run(at, &[&["merge"], &names[..]].concat(), b"");
        assert_eq!((merged, err.as_str()), (status, ""));
        assert!(out == whole, "merged reports differ from the whole");
        // What stands in two of them is told once.
        let (_, again, _) = run(at, &[&["merge", "whole.json"], &names[..1]].concat(), b"");
        let (again, whole): (Value, Value) =
            (serde_json::from_str(&again).unwrap(), serde_json::from_str(&whole).unwrap());
        for list in ["inputs", "findings", "set_aside", "questions", "notes"] {
            assert_eq!(again[list], whole[list], "{list}");
        }
    }
    for form in ["text", "html", "csv"] {
        let names: Vec<&str> = parts.iter().map(String::as_str).collect();
        let (_, merged, _) = run(at, &[&["merge", "--format", form], &names[..]].concat(), b"");
        assert!(merged == run(at, &["render", "whole.json", "--format", form], b"").1, "{form}");
    }
}

#[test]
fn a_part_of_which_nothing_was_read_stays_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    put(at, "good.json", &read("twins/clean/cyclonedx.json"));
    put(at, "none/readme.txt", b"words");
    assert_eq!(scan(at, "good.r", &["good.json"], &[]), 0);
    assert_eq!(scan(at, "none.r", &["none"], &[]), 3);
    assert_eq!(scan(at, "gone.r", &["gone.json"], &[]), 2);
    for other in ["none.r", "gone.r"] {
        let (status, out, _) = run(at, &["merge", "good.r", other, "--format", "text"], b"");
        assert!(status == 3 && out.contains("unread") && out.contains("no all-clear"), "{out}");
    }
    let report = fs::read_to_string(at.join("good.r")).unwrap();
    let (status, out, _) =
        run(at, &["merge", "-", "none.r", "--output", "json=both.r", "--format", "text"], report.as_bytes());
    assert_eq!((status, out.contains("1 unread")), (3, true));
    assert!(at.join("both.r").exists());
}

#[test]
fn reports_for_different_readers_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    put(at, "a.json", &read("twins/supplier-and-cpe/cyclonedx.json"));
    put(at, "b.json", &read("twins/clean/cyclonedx.json"));
    scan(at, "a.r", &["a.json"], &[]);
    for (more, says) in [
        (["--role", "reseller"], "role is not the same (integrator in a.r; reseller in b.r)"),
        (["--market", "de"], "market is not the same"),
        (["--act", "ship"], "act is not the same"),
        (["--fact", "us-person"], "facts is not the same"),
    ] {
        scan(at, "b.r", &["b.json"], &more);
        for extra in [&["merge", "a.r", "b.r"][..], &["merge", "a.r", "b.r", "--allow-mixed"]] {
            let (status, out, err) = run(at, extra, b"");
            assert_eq!((status, out.as_str()), (2, ""), "{more:?}");
            assert!(err.contains(says), "{more:?}: {err}");
        }
    }
    for (more, says) in [
        (["--as-of", "2025-01-01"], "as-of is not the same (2025-01-01 in b.r; 2026-11-22 in a.r)"),
        (["--fail-on", "advisory"], "fail-on is not the same"),
        (["--regime", "us-icts-kaspersky"], "regimes is not the same"),
    ] {
        let (_, _, err) =
            run(at, &[&["scan", "b.json", "--format", "text", "--output", "json=b.r"], &more[..]].concat(), b"");
        assert_eq!(err, "");
        if more[0] != "--as-of" {
            scan(at, "b.r", &["b.json"], &more);
        }
        let (status, out, err) = run(at, &["merge", "a.r", "b.r"], b"");
        assert_eq!((status, out.as_str()), (2, ""), "{more:?}");
        assert!(err.contains(says) && err.contains("--allow-mixed"), "{more:?}: {err}");
    }
}

/// What was not the same is told in every form for people, and stays told when such a report is merged again.
#[test]
fn a_mixed_report_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    put(at, "a.json", &read("twins/supplier-and-cpe/cyclonedx.json"));
    put(at, "b.json", &read("twins/clean/cyclonedx.json"));
    put(at, "c.json", &read("twins/clean/spdx2.json"));
    scan(at, "a.r", &["a.json"], &[]);
    scan(at, "c.r", &["c.json"], &["--include-drafts"]);
    let (_, _, err) = run(at, &["scan", "b.json", "--as-of", "2025-01-01", "--output", "json=b.r"], b"");
    assert_eq!(err, "");
    let (status, out, _) = run(at, &["merge", "b.r", "a.r", "--allow-mixed"], b"");
    assert_eq!(status, 1);
    let mixed: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(mixed["mixed"], serde_json::json!([{"what": "as-of", "values": ["2025-01-01", "2026-11-22"]}]));
    assert_eq!(mixed["context"]["as_of"], "2026-11-22");
    let schema = fs::read_to_string(crate::support::root().join("schemas/report-1.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&mixed).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    fs::write(at.join("ab.r"), &out).unwrap();
    for form in ["text", "markdown", "csv", "html", "github", "junit", "sarif", "gitlab"] {
        let (_, out, _) = run(at, &["render", "ab.r", "--format", form], b"");
        assert!(out.contains("were not made alike") && out.contains("2025"), "{form}: {out}");
    }
    assert_eq!(run(at, &["merge", "ab.r", "c.r"], b"").0, 2, "other rules");
    let (_, out, _) = run(at, &["merge", "c.r", "ab.r", "--allow-mixed"], b"");
    let mixed: Value = serde_json::from_str(&out).unwrap();
    let what: Vec<&str> = mixed["mixed"].as_array().unwrap().iter().map(|m| m["what"].as_str().unwrap()).collect();
    assert_eq!(what, ["as-of", "regimes", "rules"], "drafts ask regimes that are drafts");
}

#[test]
fn the_same_bytes_of_which_other_things_are_said_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    put(at, "a.json", &read("twins/supplier-and-cpe/cyclonedx.json"));
    scan(at, "a.r", &["a.json"], &[]);
    let limited = ["scan", "a.json", "--as-of", "2026-11-22", "--max-depth", "3", "--output", "json=b.r"];
    assert_eq!(run(at, &limited, b"").2, "");
    let (status, _, err) = run(at, &["merge", "a.r", "b.r"], b"");
    assert!(status == 2 && err.contains("a.json: two reports say other things of the same bytes"), "{err}");
    let (status, out, _) = run(at, &["merge", "a.r", "b.r", "--allow-mixed"], b"");
    let both: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, &both["summary"]["inputs"]), (1, &Value::from(2)));
    // Two files that are only called alike are two.
    put(at, "a.json", &read("twins/clean/cyclonedx.json"));
    scan(at, "c.r", &["a.json"], &[]);
    let (_, one, _) = run(at, &["merge", "a.r", "c.r"], b"");
    let (_, other, _) = run(at, &["merge", "c.r", "a.r"], b"");
    assert!(one == other && one.contains("\"inputs\": 2"), "{one}");
    // A report without inputs would say that all is well.
    let mut empty: Value = serde_json::from_str(&one).unwrap();
    for list in ["inputs", "findings", "set_aside", "questions"] {
        empty[list] = Value::Array(Vec::new());
        empty["summary"][list] = 0.into();
    }
    let (status, _, err) = run(at, &["merge", "a.r", "-"], empty.to_string().as_bytes());
    assert!(status == 2 && err.contains("-: it holds no input"), "{err}");
}

#[test]
fn decisions_are_told_once_for_all_parts() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for (name, of) in [("a", "supplier-and-cpe"), ("b", "clean"), ("c", "license-text")] {
        put(at, &format!("in/{name}/sbom.json"), &read(&format!("twins/{of}/cyclonedx.json")));
    }
    scan(at, "before.r", &["in"], &["--no-config"]);
    let before: Value = serde_json::from_slice(&fs::read(at.join("before.r")).unwrap()).unwrap();
    let id = |n: usize| before["findings"][n]["id"].as_str().unwrap().to_owned();
    let rest = "reason = \"on paper\"\napprover = \"legal\"\nexpires = 2099-01-01\n";
    let waivers: String =
        [id(0), "0123456789abcdef".to_owned()].map(|id| format!("[[waiver]]\nfinding = \"{id}\"\n{rest}\n")).concat();
    put(at, "unlabel.toml", waivers.as_bytes());
    let baseline = ["--baseline", "before.r"];
    scan(at, "whole.r", &["in"], &baseline);
    for part in ["a", "b", "c"] {
        scan(at, &format!("{part}.r"), &[&format!("in/{part}")], &baseline);
    }
    let (status, merged, err) = run(at, &["merge", "a.r", "b.r", "c.r"], b"");
    assert_eq!((status, err.as_str()), (0, ""), "all is waived or known");
    let (merged, whole): (Value, Value) = (
        serde_json::from_str(&merged).unwrap(),
        serde_json::from_slice(&fs::read(at.join("whole.r")).unwrap()).unwrap(),
    );
    assert_eq!(merged["waivers"], whole["waivers"]);
    assert_eq!(merged["baseline"]["gone"], whole["baseline"]["gone"]);
    assert_eq!((&merged["summary"], &merged["findings"]), (&whole["summary"], &whole["findings"]));
    // A waived finding that came is told in a comparison, and does not count.
    put(at, "none.json", &read("twins/clean/cyclonedx.json"));
    let (status, out, _) = run(at, &["diff", "none.json", "in/a/sbom.json", "--as-of", "2026-11-22"], b"");
    assert!(status == 0 && out.contains("CAME  prohibited (waived)") && out.contains("on paper"), "{out}");
    assert_eq!(run(at, &["diff", "none.json", "in/a/sbom.json", "--as-of", "2026-11-22", "--no-config"], b"").0, 1);
}

/// Two deliveries may have the same path and the same finding; a code host must not take them for one.
#[test]
fn every_issue_of_gitlab_has_a_fingerprint_of_its_own() {
    let mut report = scan_fixture("real/mail-gateway.cdx.json");
    let (input, mut finding) = (report.inputs[0].clone(), report.findings[0].clone());
    report.inputs.push(input);
    finding.input = 1;
    report.findings.push(finding);
    let issues: serde_json::Value = serde_json::from_str(&rendered(&report, "gitlab")).unwrap();
    let all: Vec<&str> = issues.as_array().unwrap().iter().map(|i| i["fingerprint"].as_str().unwrap()).collect();
    let different: std::collections::BTreeSet<&str> = all.iter().copied().collect();
    assert!(all.len() > 1 && different.len() == all.len(), "{all:?}");
}
