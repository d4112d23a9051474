//! The program as a shell sees it: streams, exit statuses, and one clear sentence for each mistake.

use crate::support::{fixture, read, unlabel};
use sha2::{Digest, Sha256};
use std::fs;

/// Runs `unlabel scan` and gives exit status, standard output and standard error.
fn scan(arguments: &[&str]) -> (i32, String, String) {
    let output = unlabel().arg("scan").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn path(of: &str) -> String {
    fixture(of).to_string_lossy().into_owned()
}

#[test]
fn a_finding_is_told_and_ends_with_1() {
    let (status, out, err) = scan(&[&path("twins/supplier-and-cpe/cyclonedx.json")]);
    assert_eq!((status, err.as_str()), (1, ""));
    assert!(out.contains("PROHIBITED") && out.contains("not legal advice"), "{out}");
    assert!(out.contains("assumed, not stated: role"), "the default role says itself: {out}");
}

#[test]
fn standard_input_reads_like_a_file() {
    let output = unlabel()
        .args(["scan", "--format", "json", "-"])
        .write_stdin(read("twins/supplier-and-cpe/cyclonedx.json"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["inputs"][0]["path"], "-");
    let (_, file, _) = scan(&["--format", "json", &path("twins/supplier-and-cpe/cyclonedx.json")]);
    let file: serde_json::Value = serde_json::from_str(&file).unwrap();
    assert_eq!(report["findings"], file["findings"]);
    assert_eq!(report["inputs"][0]["sha256"], file["inputs"][0]["sha256"]);
}

#[test]
fn large_standard_input_goes_through_a_file_of_its_own() {
    let filler = format!("{{\"type\":\"library\",\"name\":\"{}\"}},", "x".repeat(1000)).repeat(6000);
    let planted = r#"{"type":"library","name":"kav","supplier":{"name":"Kaspersky Lab"}}"#;
    let text = format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{filler}{planted}]}}"#);
    let output = unlabel().args(["scan", "--format", "json", "-"]).write_stdin(text).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["summary"]["components"], 6001);
}

#[test]
fn each_mistake_gets_one_sentence_and_the_others_are_still_scanned() {
    let good = path("twins/supplier-and-cpe/spdx2.json");
    for (bad, says) in [
        (path("bad/empty.json"), "the input is empty"),
        (path("bad/not-json.txt"), "neither CycloneDX nor SPDX"),
        (path("bad/truncated-early.json"), "[syntax]"),
        (path("no-such.json"), "there is no such file"),
    ] {
        let (status, out, _) = scan(&[&bad, &good]);
        assert_eq!(status, 1, "{bad}");
        assert!(out.contains(says) && out.contains(&bad), "{bad}: {out}");
        assert!(out.contains("PROHIBITED"), "{bad}: the good one was not scanned");
        let line = out.lines().find(|l| l.contains(&bad)).unwrap();
        assert!(line.starts_with("unread"), "{line}");
    }
}

#[test]
fn nothing_to_open_ends_with_2() {
    let (status, out, _) = scan(&[&path("no-such.json")]);
    assert_eq!(status, 2);
    assert!(out.contains("cannot be opened: there is no such file"), "{out}");
}

#[test]
fn wrong_arguments_end_with_2_and_name_what_is_known() {
    let good = path("twins/clean/cyclonedx.json");
    for (arguments, says) in [
        (vec!["--no-such-flag", good.as_str()], "--no-such-flag"),
        (vec!["--role", "king", &good], "known are integrator, reseller"),
        (vec!["--as-of", "yesterday", &good], "is not a date"),
        (vec!["--format", "papyrus", &good], "possible values: text, json, sarif"),
        (vec!["--fail-on", "never", &good], "possible values"),
        (vec!["--rules", "/no/such/folder", &good], "cannot read rules"),
        (vec![], "PATH"),
    ] {
        let (status, out, err) = scan(&arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(says), "{arguments:?}: {err}");
    }
}

#[test]
fn folders_are_walked_and_what_is_no_sbom_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().to_string_lossy().into_owned();
    let (status, out, _) = scan(&[&at]);
    assert_eq!(status, 3, "{out}");
    assert!(out.contains("there is no file in this folder"), "{out}");

    fs::write(folder.path().join("README.md"), "# words").unwrap();
    let (status, out, _) = scan(&[&at]);
    assert_eq!(status, 3, "{out}");
    assert!(out.contains("the one file here is no SBOM"), "{out}");

    fs::create_dir(folder.path().join("deep")).unwrap();
    fs::write(folder.path().join("deep/.hidden.json"), read("twins/supplier-and-cpe/spdx3.json")).unwrap();
    fs::write(folder.path().join("clean.txt"), read("twins/clean/cyclonedx.json")).unwrap();
    let (status, out, _) = scan(&["--format", "json", &at]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(status, 1);
    assert_eq!((&report["summary"]["inputs"], &report["summary"]["skipped"]), (&2.into(), &1.into()));
}

/// Other people's files in a folder are no reason to doubt the result; a broken document that may be an SBOM is.
#[test]
fn a_folder_of_code_with_a_good_sbom_passes() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().to_string_lossy().into_owned();
    fs::write(folder.path().join("good.json"), read("twins/clean/cyclonedx.json")).unwrap();
    fs::write(folder.path().join("Cargo.toml"), "[package]\nname = \"x\"").unwrap();
    fs::write(folder.path().join("tsconfig.json"), "{\"compilerOptions\": {}, // a comment\n \"files\": []}").unwrap();
    fs::write(folder.path().join("list.json"), "[1, 2, 3]").unwrap();
    let (status, out, _) = scan(&[&at]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("3 other files skipped"), "{out}");
    fs::write(folder.path().join("cut.json"), "{\"bomF").unwrap();
    assert_eq!(scan(&[&at]).0, 3);
    let cut =
        r#"{"version":1,"serialNumber":"urn:uuid:1","components":[{"name":"x","supplier":{"name":"AO Kaspersky Lab"}"#;
    fs::write(folder.path().join("cut.json"), cut).unwrap();
    assert_eq!(scan(&[&at]).0, 1, "what was read before the cut counts");
    fs::write(folder.path().join("cut.json"), r#"{"name":"d","dataLicense":"CC0-1.0","packages":[{"#).unwrap();
    assert_eq!(scan(&[&at]).0, 3);
    // Named on the command line, nothing is passed over.
    assert_eq!(scan(&[&folder.path().join("tsconfig.json").to_string_lossy()]).0, 3);
}

#[test]
fn padding_and_marks_in_front_hide_nothing() {
    let engine = read("twins/supplier-and-cpe/cyclonedx.json");
    for front in [vec![b' '; 10_000], [vec![0xEF, 0xBB, 0xBF], vec![b'\n'; 10_000]].concat()] {
        let output = unlabel().args(["scan", "-"]).write_stdin([front, engine.clone()].concat()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
    }
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_end() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
    fs::write(folder.path().join("a.json"), read("twins/clean/cyclonedx.json")).unwrap();
    let at = folder.path().to_string_lossy().into_owned();
    let (status, out, _) = scan(&[&at]);
    assert_eq!(status, 0, "{out}");
    // A link to a document is that document; a link to nothing is told.
    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("b"), read("twins/supplier-and-cpe/cyclonedx.json")).unwrap();
    std::os::unix::fs::symlink(other.path().join("b"), folder.path().join("b.json")).unwrap();
    assert_eq!(scan(&[&at]).0, 1);
    fs::remove_file(other.path().join("b")).unwrap();
    let (status, out, _) = scan(&[&at]);
    assert_eq!(status, 3);
    assert!(out.contains("b.json: cannot be opened: there is no such file"), "{out}");
}

/// What is called an SBOM and is none is worth a word, even when nobody named it.
#[test]
fn a_file_called_sbom_is_never_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.json"), read("twins/clean/cyclonedx.json")).unwrap();
    for (name, bytes) in [("sbom.cdx.json", &b""[..]), ("product.spdx.json", b"\x00\x01\x02"), ("Bom.JSON", b"oops")] {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        let (status, out, _) = scan(&[&folder.path().to_string_lossy()]);
        assert_eq!(status, 3, "{name}: {out}");
        fs::remove_file(file).unwrap();
    }
}

#[test]
fn fail_on_and_allow_incomplete_move_the_gate_and_say_so() {
    let engine = path("twins/supplier-and-cpe/cyclonedx.json");
    assert_eq!(scan(&["--fail-on", "prohibited", &engine]).0, 1);
    assert_eq!(scan(&["--role", "end-user", &engine]).0, 0);
    assert_eq!(scan(&["--role", "end-user", "--fail-on", "advisory", &engine]).0, 1);
    let cut = path("bad/truncated-early.json");
    assert_eq!(scan(&[&cut]).0, 3);
    let (status, out, _) = scan(&["--allow-incomplete", &cut]);
    assert_eq!(status, 0);
    assert!(out.contains("allowed to be by --allow-incomplete"), "{out}");
}

#[test]
fn the_number_of_jobs_changes_nothing() {
    let folder = path("evidence");
    let with = |jobs: &str| scan(&["--format", "json", "--as-of", "2026-11-22", "--jobs", jobs, &folder]).1;
    assert_eq!(with("1"), with("4"));
}

/// With a thread to spare, an input that is not kept in memory is read ahead: the report must not tell.
#[test]
fn the_number_of_jobs_changes_nothing_of_a_large_input() {
    let folder = tempfile::tempdir().unwrap();
    let filler = "x".repeat(1000);
    let json = |rest: &str| {
        let filler = format!("{{\"type\":\"library\",\"name\":\"{filler}\"}},\n").repeat(6000);
        let planted = r#"{"type":"library","name":"kav","supplier":{"name":"Kaspersky Lab"}}"#;
        format!("{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[{filler}{planted}{rest}")
    };
    let xml = format!(
        "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components>{}{}</components></bom>",
        format!("<component type=\"library\"><name>{filler}</name></component>\n").repeat(6000),
        "<component type=\"library\"><supplier><name>Kaspersky Lab</name></supplier><name>kav</name></component>",
    );
    let tags = format!(
        "SPDXVersion: SPDX-2.3\n{}PackageName: kav\nSPDXID: SPDXRef-kav\nPackageSupplier: Organization: Kaspersky Lab\n",
        format!("PackageName: {filler}\nPackageDownloadLocation: NOASSERTION\n").repeat(6000),
    );
    let inputs = [
        ("whole.json", json("]}"), "read"),
        ("cut.json", json(",{\"name"), "partial"),
        ("broken.json", json("]}").replacen("},\n{", "},\n,{", 1), "partial"),
        ("two.json", format!("{}\n{}", json("]}"), json("]}")), "read"),
        ("bom.xml", xml, "read"),
        ("bom.spdx", tags, "read"),
        ("other.json", format!("{{\"some\": [{}0]}}", "1,".repeat(3 << 20)), "unread"),
    ];
    for (name, text, status) in inputs {
        let path = folder.path().join(name);
        fs::write(&path, &text).unwrap();
        let with =
            |jobs: &str| scan(&["--format", "json", "--as-of", "2026-11-22", "--jobs", jobs, path.to_str().unwrap()]).1;
        let alone = with("1");
        assert!(with("2") == alone, "{name}");
        let report: serde_json::Value = serde_json::from_str(&alone).unwrap();
        assert_eq!(report["inputs"][0]["status"], status, "{name}");
        if name != "two.json" {
            let digest: [u8; 32] = Sha256::digest(&text).into();
            let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(report["inputs"][0]["sha256"], hex, "{name}");
        }
    }
}

#[test]
fn help_shows_how_to_begin() {
    let output = unlabel().args(["scan", "--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for said in ["Examples:", "Exit status", "--role", "--as-of", "--allow-incomplete"] {
        assert!(help.contains(said), "{help}");
    }
    assert!(!help.contains("flag-everything"));
}

/// Runs a whole command line.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = unlabel().args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_configuration_is_found_upward_and_a_flag_stands_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("a/b");
    fs::create_dir_all(&below).unwrap();
    let file = folder.path().join("unlabel.toml");
    let sbom = path("twins/supplier-and-cpe/cyclonedx.json");
    let scan = |more: &[&str]| {
        let output = unlabel().current_dir(&below).args(["scan", &sbom]).args(more).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code().unwrap(), text)
    };
    fs::write(&file, "role = \"end-user\"\nmarket = [\"us\"]\nas-of = 2026-11-22\n").unwrap();
    let (status, out) = scan(&[]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("for role end-user in market us as of 2026-11-22;"), "nothing is assumed: {out}");
    assert_eq!(scan(&["--role", "integrator"]).0, 1);
    assert_eq!(scan(&["--no-config"]).0, 1);
    fs::write(&file, "rôle = \"end-user\"\n").unwrap();
    let (status, out) = scan(&[]);
    assert!(status == 2 && out.contains("unlabel.toml"), "{out}");
    fs::write(&file, "rule = [\"x\"]\n").unwrap();
    let (status, out) = scan(&[]);
    assert!(status == 2 && out.contains("unknown field `rule`"), "{out}");
}

#[test]
fn words_that_do_not_fit_are_refused() {
    let sbom = path("twins/clean/cyclonedx.json");
    for (arguments, says) in [
        (vec!["scan", "--market", "usa", &sbom], "unknown market `usa`"),
        (vec!["scan", "--act", "steal", &sbom], "known are"),
        (vec!["scan", "--fact", "us-person,not-us-person", &sbom], "cannot both be so"),
        (vec!["scan", "--regime", "us-nothing", &sbom], "us-icts-kaspersky"),
        (vec!["scan", "--rules", &sbom, &sbom], "it is no folder"),
        (vec!["regimes", "--market", "usa"], "unknown market `usa`"),
        (vec!["regimes", "--class", "toaster"], "endpoint-security"),
        (vec!["explain", "kaspersky-scan-engin"], "kaspersky-scan-engine"),
        (vec!["rules", "show", "nope"], "unlabel rules list"),
    ] {
        let (status, out, err) = run(&arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(says), "{arguments:?}: {err}");
    }
}

#[test]
fn rules_can_be_listed_shown_checked_and_tested() {
    let (status, out, _) = run(&["rules", "list", "--kind", "white-label", "--status", "draft"]);
    assert!(status == 0 && out.contains("clavister-cos-core") && !out.contains("juniper-junos-utm"), "{out}");
    let (_, out, _) = run(&["rules", "list", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(list.as_array().unwrap().len() > 200);
    let (_, out, _) = run(&["rules", "show", "kaspersky-scan-engine"]);
    let shipped = std::fs::read_to_string("rules/products/kaspersky-scan-engine.toml").unwrap();
    assert!(out.ends_with(&shipped), "a rule is shown as it is");
    assert_eq!(run(&["rules", "lint"]).0, 0);
    assert_eq!(run(&["rules", "test", "--include-drafts"]).0, 0);
    let (_, out, _) = run(&["rules", "schema"]);
    assert_eq!(out, std::fs::read_to_string("schemas/rule-1.json").unwrap());

    let folder = tempfile::tempdir().unwrap();
    let text = shipped.replace("name = \"Kaspersky Scan Engine\", version", "name = \"Something else\", version");
    fs::write(folder.path().join("kaspersky-scan-engine.toml"), text.replace("official = true", "official = false"))
        .unwrap();
    let at = folder.path().to_string_lossy().into_owned();
    let (status, out, _) = run(&["rules", "test", "--rules", &at]);
    assert!(status == 1 && out.contains("kaspersky-scan-engine, example 1: not found"), "{out}");
    let (status, out, _) = run(&["rules", "lint", "--rules", &at]);
    assert!(status == 1 && out.contains("without an official source"), "{out}");
    let (_, out, _) = scan(&["--rules", &at, &path("twins/clean/cyclonedx.json")]);
    assert!(out.contains("built-in rules replaced by other rules: kaspersky-scan-engine"), "{out}");
}

#[test]
fn a_regime_is_explained_clause_by_clause() {
    let (status, out, _) = run(&["explain", "us-icts-kaspersky"]);
    assert_eq!(status, 0);
    for words in
        ["Clause integration", "since", "September 29, 2024, 12:00 AM EDT", "read in", "not certain", "https://"]
    {
        assert!(out.contains(words), "{words}: {out}");
    }
    let (_, out, _) = run(&["regimes", "--role", "federal-contractor", "--as-of", "2017-01-01", "--market", "us"]);
    assert!(!out.contains("prohibited"), "nothing was in force: {out}");
    let (_, out, _) = run(&["regimes", "--role", "federal-contractor", "--market", "us"]);
    assert!(out.contains("us-far-52-204-23") && out.contains("prohibited"), "{out}");
}

#[test]
fn inspect_reads_like_scan_and_finds_nothing() {
    let output = unlabel()
        .args(["inspect", "--format", "json", "-"])
        .write_stdin(read("twins/supplier-and-cpe/cyclonedx.json"))
        .output()
        .unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), b"".as_slice()));
    let all: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((all["schema"].as_str(), all["inputs"][0]["path"].as_str()), (Some("unlabel.inspect/1"), Some("-")));
    let limited = unlabel().args(["inspect", "--max-input-size", "10", &path("real")]).output().unwrap();
    assert_eq!(limited.status.code(), Some(3));
    assert!(String::from_utf8(limited.stdout).unwrap().contains("--max-input-size raises it"));
    let missing = unlabel().args(["inspect", "/no/such/file"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
    assert_eq!(unlabel().args(["inspect", "--format", "yaml", "x"]).output().unwrap().status.code(), Some(2));
}

/// What a library prints of itself when it fails is one line, and never a panic of ours.
#[cfg(feature = "strict")]
#[test]
fn a_library_that_fails_does_not_shout() {
    let text = "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: a\nNoSuchTag: 1\n\
                PackageName: a\nSPDXID: SPDXRef-a\nPackageDownloadLocation: NONE\n";
    let output = unlabel().args(["inspect", "--strict", "-"]).write_stdin(text).output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(0), "{out}");
    assert!(out.contains("library spdx-rs 0.5.5: no answer"), "{out}");
    assert!(!err.contains("panicked") && err.lines().count() <= 1, "{err}");
}
