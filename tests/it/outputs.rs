//! Where reports go: `--format`, `--output`, `unlabel render`.

use crate::support::{program, read, unlabel};
use std::fs;
use std::path::Path;

fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut command = unlabel();
    let output = command.current_dir(folder).args(arguments).write_stdin(input).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A folder of its own with one SBOM in which something is found.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("sbom.json"), read("twins/supplier-and-cpe/cyclonedx.json")).unwrap();
    folder
}

const DAY: [&str; 4] = ["--as-of", "2026-11-22", "--role", "integrator"];

fn scan(folder: &Path, more: &[&str]) -> (i32, String, String) {
    run(folder, &[&["scan", "sbom.json"], &DAY[..], more].concat(), b"")
}

#[test]
fn one_scan_writes_many_forms() {
    let folder = project();
    let at = folder.path();
    let (status, out, err) =
        scan(at, &["--output", "json=r.json", "--output", "sarif=out.sarif", "--output=csv=t.csv"]);
    assert_eq!((status, err.as_str()), (1, ""));
    assert!(out.starts_with("PROHIBITED"), "standard output is text still: {out}");
    for (form, file) in [("json", "r.json"), ("sarif", "out.sarif"), ("csv", "t.csv")] {
        let (_, direct, _) = scan(at, &["--format", form]);
        assert!(direct == fs::read_to_string(at.join(file)).unwrap(), "{form}");
    }
    let (status, out, _) = scan(at, &["--output", "csv=-", "--output", "json=again.json"]);
    assert_eq!(status, 1);
    assert!(out == fs::read_to_string(at.join("t.csv")).unwrap());
    let mut names: Vec<String> =
        fs::read_dir(at).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["again.json", "out.sarif", "r.json", "sbom.json", "t.csv"], "nothing is left beside them");
}

#[test]
fn rendering_a_report_gives_what_the_scan_gave() {
    let folder = project();
    let at = folder.path();
    let (_, report, _) = scan(at, &["--format", "json"]);
    fs::write(at.join("r.json"), &report).unwrap();
    for form in crate::support::TEXTS.iter().map(|renderer| renderer.id) {
        let (_, direct, _) = scan(at, &["--format", form]);
        let (status, again, err) = run(at, &["render", "r.json", "--format", form], b"");
        assert_eq!((status, err.as_str()), (0, ""));
        assert!(direct == again, "{form}");
        let (_, piped, _) = run(at, &["render", "-", "--format", form], report.as_bytes());
        assert!(direct == piped, "{form}");
    }
    // As some shells redirect it.
    let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(report.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let (status, again, _) = run(at, &["render", "-", "--format", "json"], &wide);
    assert!(status == 0 && again == report);
}

#[test]
fn what_cannot_be_rendered_ends_with_2_and_writes_nothing() {
    let folder = project();
    let at = folder.path();
    for (arguments, input, says) in [
        (vec!["render", "no.json"], "", "cannot read the report no.json: "),
        (vec!["render", "sbom.json"], "", "an SBOM is for `unlabel scan`"),
        (vec!["render", "-"], "{\"schema\": \"unlabel.report/1\",\n \"tool\": 3}", "line 2, column"),
        (vec!["render", "-"], "{\"schema\": \"unlabel.report/9\"}", "unlabel.report/9"),
        (vec!["render", "-", "--output", "json=x.json"], "", "it is empty"),
        (vec!["render"], "", "REPORT.json"),
    ] {
        let (status, out, err) = run(at, &arguments, input.as_bytes());
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(says), "{arguments:?}: {err}");
    }
    assert!(!at.join("x.json").exists());
}

#[test]
fn outputs_that_cannot_be_meant_are_told_before_the_scan() {
    let folder = project();
    fs::create_dir(folder.path().join("reports")).unwrap();
    for (arguments, says) in [
        (vec!["--output", "json"], "write FORMAT=PATH"),
        (vec!["--output", "papyrus=x"], "unknown format `papyrus`: known are text, json, sarif"),
        (vec!["--output", "json=no/such/r.json"], "there is no folder no/such"),
        (vec!["--output", "json=reports"], "is a folder"),
        (vec!["--output", "json=a", "--output", "csv=a"], "the same file"),
        (vec!["--format", "text", "--output", "csv=-"], "standard output has a form already"),
    ] {
        let (status, out, err) = scan(folder.path(), &arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(says), "{arguments:?}: {err}");
    }
}

#[test]
#[cfg(unix)]
fn a_file_is_replaced_in_one_step_with_its_rights_and_links() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
    let folder = project();
    let at = folder.path();
    fs::write(at.join("old.json"), "old").unwrap();
    fs::set_permissions(at.join("old.json"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("old.json", at.join("link.json")).unwrap();
    let before = fs::metadata(at.join("old.json")).unwrap().ino();
    let (status, ..) = scan(at, &["--output", "json=link.json", "--output", "csv=new.csv"]);
    assert_eq!(status, 1);
    assert!(fs::symlink_metadata(at.join("link.json")).unwrap().is_symlink());
    let after = fs::metadata(at.join("old.json")).unwrap();
    assert!(fs::read_to_string(at.join("old.json")).unwrap().contains("unlabel.report/1"));
    assert_ne!(after.ino(), before, "a new file took its place");
    assert_eq!(after.permissions().mode() & 0o777, 0o640);
    assert_ne!(fs::metadata(at.join("new.csv")).unwrap().permissions().mode() & 0o044, 0, "others may read it");
}

#[test]
#[cfg(target_os = "linux")]
fn an_output_that_fails_is_told_and_the_others_are_written() {
    let folder = project();
    let (status, out, err) = scan(folder.path(), &["--output", "json=/dev/full", "--output", "csv=t.csv"]);
    assert_eq!(status, 2);
    assert!(err.contains("cannot write /dev/full"), "{err}");
    assert!(out.starts_with("PROHIBITED") && folder.path().join("t.csv").exists());
    assert!(!fs::metadata("/dev/full").unwrap().is_file(), "a device is written to, not replaced");
}

#[test]
fn the_configuration_can_name_outputs() {
    let folder = project();
    let at = folder.path();
    fs::create_dir(at.join("below")).unwrap();
    fs::write(at.join("unlabel.toml"), "format = \"csv\"\noutput = [\"json=r.json\"]\n").unwrap();
    let (status, out, err) = run(&at.join("below"), &["scan", "../sbom.json"], b"");
    assert_eq!((status, err.as_str()), (1, ""));
    assert!(out.starts_with("row,level,") && at.join("r.json").exists(), "relative to the file: {out}");
    // A flag stands before the file.
    fs::remove_file(at.join("r.json")).unwrap();
    let (_, out, _) = scan(at, &["--output", "csv=t.csv", "--format", "text"]);
    assert!(out.starts_with("PROHIBITED") && !at.join("r.json").exists() && at.join("t.csv").exists());
    fs::write(at.join("unlabel.toml"), "format = \"papyrus\"\n").unwrap();
    let (status, _, err) = scan(at, &[]);
    assert!(status == 2 && err.contains("unknown format `papyrus`"), "{err}");
}

#[test]
fn a_pipe_gets_no_color_and_the_environment_can_ask_for_it() {
    let folder = project();
    let with = |name: &str, value: &str| {
        let mut command = unlabel();
        let command = command.current_dir(folder.path()).args(["scan", "sbom.json"]);
        let output = command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env(name, value).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(!with("UNLABEL_TEST", "1").contains('\u{1b}'));
    assert!(with("CLICOLOR_FORCE", "1").contains("\u{1b}[1m"));
    assert!(!with("NO_COLOR", "1").contains('\u{1b}'));
}

/// One input goes anywhere; any number go into a folder, each under its own path and never outside of it.
#[test]
fn copies_of_inputs_go_where_they_are_sent() {
    let folder = project();
    let at = folder.path();
    let (status, copy, err) = scan(at, &["--format", "annotated"]);
    assert_eq!((status, err.as_str()), (1, ""), "the status is that of the scan");
    assert!(copy.contains("unlabel:finding"));
    let (_, out, _) = scan(at, &["--output", "annotated=copy.json", "--output", "json=r.json"]);
    assert!(out.starts_with("PROHIBITED") && fs::read_to_string(at.join("copy.json")).unwrap() == copy);
    let (status, again, _) = run(at, &["render", "r.json", "--format", "annotated"], b"");
    assert!(status == 0 && again == copy, "the report and the file give the same copy");

    let more = at.join("suppliers/one");
    fs::create_dir_all(&more).unwrap();
    fs::copy(at.join("sbom.json"), more.join("a.json")).unwrap();
    fs::write(more.join("b.bom.json"), "{").unwrap();
    let many = |to: &str| {
        run(at, &[&["scan", "sbom.json", "suppliers/../suppliers", "--output"][..], &[to], &DAY].concat(), b"")
    };
    let (status, _, err) = many("annotated=out/");
    assert_eq!(status, 2);
    assert!(err.contains("cannot annotate suppliers/../suppliers/one/b.bom.json: it was not read"), "{err}");
    assert!(fs::read_to_string(at.join("out/sbom.json")).unwrap() == copy);
    assert!(at.join("out/suppliers/suppliers/one/a.json").is_file() && !at.join("suppliers/suppliers").exists());
    assert!(!at.join("out/suppliers/suppliers/one/b.bom.json").exists(), "nothing is not a copy");
    let (status, _, err) = many("annotated=one.json");
    assert!(status == 2 && err.contains("there are 3 inputs") && err.contains("annotated=FOLDER/"), "{err}");
    let before = fs::read(at.join("sbom.json")).unwrap();
    let (status, _, err) = scan(at, &["--output", "annotated=./"]);
    assert!(status == 2 && err.contains("would replace the input itself"), "{err}");
    assert!(fs::read(at.join("sbom.json")).unwrap() == before);
    let (status, _, err) = run(at, &["scan", "-", "--format", "annotated"], &before);
    assert!(status == 2 && err.contains("standard input cannot be read a second time"), "{err}");
    fs::write(at.join("sbom.json"), "{}").unwrap();
    let (status, out, err) = run(at, &["render", "r.json", "--format", "annotated"], b"");
    assert!(status == 2 && out.is_empty() && err.contains("its SHA-256 is another one"), "{err}");
}

/// A program that reads the output and stops early does not change how the scan ends.
#[test]
fn whoever_stops_reading_early_has_read_enough() {
    use std::process::Stdio;
    let folder = tempfile::tempdir().unwrap();
    for n in 0..40 {
        fs::write(folder.path().join(format!("{n}.json")), read("twins/supplier-and-cpe/cyclonedx.json")).unwrap();
    }
    for form in ["text", "json", "sarif", "junit", "csv", "markdown", "github", "gitlab", "html"] {
        let mut child = program()
            .current_dir(folder.path())
            .args(["scan", ".", "--no-config", "--format", form])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), err.as_str()), (Some(1), ""), "{form}");
    }
}
