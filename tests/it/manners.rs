//! The manners of the program: help, completions, manual pages, color, messages, the environment, typing mistakes, and
//! the test of itself.

use crate::support::{bare, fixture, root, unlabel};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Output};

const GATEWAY: &str = "fixtures/real/mail-gateway.cdx.json";
const CLEAN: &str = "fixtures/twins/clean/cyclonedx.json";

/// Runs the program in the folder of the project.
fn run(variables: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String) {
    let mut command = unlabel();
    told(&command.current_dir(root()).envs(variables.iter().copied()).args(arguments).output().unwrap())
}

fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// Whether a program is there to ask; where it is not, the test that asks it says so.
#[expect(clippy::print_stderr, reason = "what was not asked is told")]
fn there(program: &str) -> bool {
    let there = Command::new(program).arg("--version").output().is_ok();
    if !there {
        eprintln!("NOTE: {program} is not here; what it would say was not asked");
    }
    there
}

fn every_command() -> Vec<Vec<String>> {
    fn visit(command: &clap::Command, path: &[String], out: &mut Vec<Vec<String>>) {
        out.push(path.to_vec());
        for one in command.get_subcommands() {
            visit(one, &[path, &[one.get_name().to_owned()]].concat(), out);
        }
    }
    let mut out = Vec::new();
    visit(&unlabel::cli::command(), &[], &mut out);
    out
}

#[test]
fn every_command_has_help_with_examples_and_statuses() {
    let commands = every_command();
    assert!(commands.len() > 15);
    for command in commands {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        let help = |flag: &str| run(&[], &[words.as_slice(), &[flag]].concat());
        let ((short_status, short, _), (long_status, long, _)) = (help("-h"), help("--help"));
        assert_eq!((short_status, long_status), (0, 0), "{words:?}");
        assert!(short.lines().count() <= long.lines().count(), "{words:?}");
        assert!(long.contains("Messages and color:"), "{words:?}: {long}");
        if words.len() < 2 {
            assert!(long.contains("Examples:") && long.contains("Exit status"), "{words:?}: {long}");
        }
        let widest = long.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= 120, "{words:?}: {widest} characters in a line");
    }
    let (_, short, _) = run(&[], &["scan", "-h"]);
    let (_, long, _) = run(&[], &["scan", "--help"]);
    assert!(!short.contains("--max-ratio") && long.contains("--max-ratio"), "limits are for the long help");
    for heading in ["Output:", "Limits:", "Rules:", "Configuration:", "For whom, where and when:"] {
        assert!(long.contains(heading), "{heading}");
    }
    assert!(long.contains("[env: UNLABEL_ROLE=]"), "{long}");
}

/// Examples in help are run as they stand, in a copy of what they read.
#[test]
#[cfg(unix)]
fn every_example_in_help_works() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(fixture(""), folder.path().join("fixtures")).unwrap();
    fs::create_dir(folder.path().join("target")).unwrap();
    let program = assert_cmd::cargo::cargo_bin("unlabel");
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut ran = BTreeSet::new();
    for command in every_command() {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        let (_, long, _) = run(&[], &[words.as_slice(), &["--help"]].concat());
        let lines = long.lines().skip_while(|line| *line != "Examples:").skip(1).take_while(|line| !line.is_empty());
        for line in lines.filter(|line| !line.contains("rules test") && !line.contains("self-test")) {
            if !ran.insert(line.trim().to_owned()) {
                continue;
            }
            let mut shell = Command::new("sh");
            shell.args(["-ec", line]).current_dir(folder.path()).env("PATH", &path);
            bare(&mut shell);
            let (status, _, err) = told(&shell.output().unwrap());
            // A finding is an answer too; a mistake is none.
            assert!(status == 0 || status == 1 || (status == 3 && line.contains("scan")), "{line}: {status} {err}");
            assert_eq!(err, "", "{line}");
        }
    }
    assert!(ran.len() > 30, "{ran:?}");
}

#[test]
fn completions_are_what_shells_read() {
    for (shell, says) in [
        ("bash", "_unlabel()"),
        ("zsh", "#compdef unlabel"),
        ("fish", "complete -c unlabel"),
        ("elvish", "edit:"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let (status, out, err) = run(&[], &["completions", shell]);
        assert_eq!((status, err.as_str()), (0, ""));
        assert!(out.contains(says) && out.contains("self-test") && out.contains("fail-on"), "{shell}");
        if ["bash", "zsh", "fish"].contains(&shell) && there(shell) {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("unlabel");
            fs::write(&file, &out).unwrap();
            let parsed = Command::new(shell).arg("-n").arg(&file).output().unwrap();
            assert!(parsed.status.success(), "{shell}: {}", String::from_utf8_lossy(&parsed.stderr));
        }
    }
    // What bash offers, asked as bash does.
    if there("bash") {
        let script = "source /dev/stdin; COMP_WORDS=(unlabel sc); COMP_CWORD=1; _unlabel unlabel sc unlabel; \
                      echo \"${COMPREPLY[*]}\"";
        let mut bash = assert_cmd::Command::new("bash");
        let offered = bash.args(["-c", script]).write_stdin(run(&[], &["completions", "bash"]).1).output().unwrap();
        assert_eq!(told(&offered).1.trim(), "scan schema");
    }
    assert_eq!(run(&[], &["completions", "tcsh"]).0, 2);
}

#[test]
fn manual_pages_are_written_one_or_all() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("man");
    let (status, out, err) = run(&[], &["man", "--output-dir", &at.to_string_lossy()]);
    let names: BTreeSet<String> =
        fs::read_dir(&at).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert_eq!((status, out, err.as_str()), (0, format!("{} pages\n", names.len()), ""));
    let wanted = every_command().iter().map(|c| [&["unlabel".to_owned()], &c[..]].concat().join("-") + ".1").collect();
    assert_eq!(names, wanted);
    for (argument, name) in
        [(None, "unlabel.1"), (Some("scan"), "unlabel-scan.1"), (Some("rules-list"), "unlabel-rules-list.1")]
    {
        let (status, page, _) = run(&[], &[&["man"], argument.as_slice()].concat());
        assert_eq!((status, page), (0, fs::read_to_string(at.join(name)).unwrap()));
    }
    if there("groff") {
        for name in &names {
            let page =
                Command::new("groff").args(["-Kutf8", "-man", "-Tutf8", "-ww"]).arg(at.join(name)).output().unwrap();
            let (status, text, err) = told(&page);
            assert_eq!((status, err.as_str()), (0, ""), "{name}");
            // On a terminal a bold letter is written twice, with a step back between.
            assert!(text.replace('\u{8}', "").contains("SSYYNNOOPPSSIISS"), "{name}: {text}");
        }
    }
    let (status, out, err) = run(&[], &["man", "scna"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.contains("did you mean `scan`?"), "{err}");
}

#[test]
fn color_follows_the_flag_then_the_variable_then_the_custom_of_others() {
    let colored = |variables: &[(&str, &str)], more: &[&str]| {
        let (status, out, _) = run(variables, &[&["scan", GATEWAY], more].concat());
        assert_eq!(status, 1);
        out.contains('\u{1b}')
    };
    assert!(!colored(&[], &[]), "a pipe");
    assert!(colored(&[], &["--color", "always"]));
    assert!(colored(&[("NO_COLOR", "1")], &["--color=always"]));
    assert!(colored(&[("TERM", "dumb")], &["--color", "always"]));
    assert!(colored(&[("UNLABEL_COLOR", "always")], &[]));
    assert!(!colored(&[("UNLABEL_COLOR", "always")], &["--color", "never"]));
    assert!(!colored(&[("UNLABEL_COLOR", "never"), ("CLICOLOR_FORCE", "1")], &[]));
    assert!(colored(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!colored(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]));
    assert!(!colored(&[("CLICOLOR", "1")], &[]), "a pipe, which nobody forces");
    assert!(!colored(&[], &["--color", "always", "--format", "json"]), "JSON has none");
    let help = |arguments: &[&str]| run(&[], arguments).1.contains('\u{1b}');
    assert!(help(&["--color", "always", "--help"]) && !help(&["--help"]));
    assert!(run(&[], &["scan", "--color=always", "--no-such"]).2.contains('\u{1b}'));
    assert_eq!(run(&[("UNLABEL_COLOR", "purple")], &["scan", CLEAN]).0, 2);
}

#[test]
fn messages_tell_what_is_read_and_never_touch_the_report() {
    let plain = run(&[], &["scan", GATEWAY]);
    assert_eq!(plain.2, "");
    for flags in [vec!["-v"], vec!["-vv"], vec!["-q"], vec!["-v", "--log-format", "json"]] {
        let (status, out, err) = run(&[], &[&["scan", GATEWAY], flags.as_slice()].concat());
        assert_eq!((status, out), (plain.0, plain.1.clone()), "{flags:?}");
        assert_eq!(err.is_empty(), flags == ["-q"], "{flags:?}: {err}");
    }
    let (_, _, err) = run(&[], &["scan", "-v", GATEWAY]);
    assert!(err.contains("unlabel: info: read") && err.contains("format=\"cyclonedx json 1.4\""), "{err}");
    assert!(err.contains("components=154") && err.contains("milliseconds="), "{err}");
    assert!(!err.contains("debug"), "{err}");
    let (_, _, err) = run(&[], &["scan", "-vv", GATEWAY]);
    assert!(err.contains("unlabel: debug: rules"), "{err}");
    let (_, _, err) = run(&[("UNLABEL_LOG", "debug")], &["-q", "scan", GATEWAY]);
    assert_eq!(err, "", "-q stands before the variable");
    let (_, _, err) = run(&[("UNLABEL_LOG", "warn")], &["scan", "fixtures/bad/truncated-early.json"]);
    assert!(err.contains("unlabel: warn:") && !err.contains("info"), "{err}");
    let (status, _, err) = run(&[], &["-q", "scan", "--role", "king", GATEWAY]);
    assert!(status == 2 && err.starts_with("unlabel: unknown role"), "-q silences no failure: {err}");
}

#[test]
fn messages_for_programs_are_one_object_on_each_line() {
    let variables = [("UNLABEL_LOG", "debug"), ("UNLABEL_LOG_FORMAT", "json")];
    let (status, _, err) = run(&variables, &["scan", GATEWAY, CLEAN, "fixtures/bad/truncated-early.json"]);
    assert_eq!(status, 1);
    let lines: Vec<Value> = err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().all(|l| l["time"].is_string() && l["level"].is_string() && l["message"].is_string()), "{err}");
    let read: Vec<&Value> = lines.iter().filter(|l| l["message"] == "read").collect();
    assert_eq!(read.len(), 3);
    assert!(read.iter().any(|l| l["document"] == GATEWAY && l["components"] == 154 && l["findings"] == 1), "{err}");
    assert_eq!(lines.iter().filter(|l| l["message"] == "done" && l["milliseconds"].is_number()).count(), 3);
    assert!(lines.iter().any(|l| l["level"] == "warn" && l["code"] == "syntax"), "{err}");
    let (status, _, err) = run(&variables, &["scan", "--role", "king", CLEAN]);
    let failure: Value = serde_json::from_str(err.lines().last().unwrap()).unwrap();
    assert_eq!((status, &failure["level"]), (2, &"error".into()), "{err}");
    assert!(failure["message"].as_str().unwrap().contains("unknown role `king`"), "{err}");
}

/// A name in an archive is written by somebody we do not know.
#[test]
fn no_name_acts_in_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let evil = "a\u{1b}[2J\n::error::b\u{202e}.json";
    let mut archive = tar::Builder::new(Vec::new());
    let content = b"{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.\\u001b[31m6\", \"components\": [";
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    archive.append_data(&mut header, evil, content.as_slice()).unwrap();
    fs::write(folder.path().join("a.tar"), archive.into_inner().unwrap()).unwrap();
    let at = folder.path().join("a.tar");
    for form in ["text", "json"] {
        let (_, _, err) = run(&[], &["scan", "-vv", "--log-format", form, &at.to_string_lossy()]);
        assert!(err.contains("[2J"), "the name was not told: {err}");
        assert!(!err.contains('\u{1b}') && !err.contains('\u{202e}'), "{err:?}");
        let lines = err.lines().all(|line| line.starts_with(if form == "text" { "unlabel: " } else { "{\"" }));
        assert!(lines, "a name began a line of its own: {err:?}");
        assert!(!err.contains("\\u001b"), "it comes back as it was when a program reads it: {err}");
    }
}

#[test]
fn a_flag_stands_before_the_variable_that_before_the_file_and_that_before_the_default() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(fixture("real/mail-gateway.cdx.json"), folder.path().join("sbom.json")).unwrap();
    let context = |variables: &[(&str, &str)], more: &[&str]| {
        let mut command = unlabel();
        let command = command.current_dir(folder.path()).envs(variables.iter().copied());
        let output = command.args(["scan", "--format", "json", "sbom.json"]).args(more).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code().unwrap(), report["context"].clone())
    };
    let role = |variables: &[(&str, &str)], more: &[&str]| context(variables, more).1["role"].clone();
    assert_eq!(role(&[], &[]), "integrator");
    fs::write(folder.path().join("unlabel.toml"), "role = \"msp\"\nfail-on = \"review\"\n").unwrap();
    assert_eq!(role(&[], &[]), "msp");
    assert_eq!(role(&[("UNLABEL_ROLE", "reseller")], &[]), "reseller");
    assert_eq!(role(&[("UNLABEL_ROLE", "reseller")], &["--role", "end-user"]), "end-user");
    assert_eq!(role(&[("UNLABEL_ROLE", "")], &[]), "msp", "set to nothing is not set");
    fs::write(folder.path().join("other.toml"), "role = \"reseller\"\n").unwrap();
    assert_eq!(role(&[("UNLABEL_CONFIG", "other.toml")], &[]), "reseller");
    assert_eq!(role(&[("UNLABEL_CONFIG", "other.toml")], &["--no-config"]), "integrator");
    assert_eq!(role(&[("UNLABEL_CONFIG", "none.toml")], &["--config", "other.toml"]), "reseller");

    let all = [
        ("UNLABEL_MARKET", "us,de"),
        ("UNLABEL_AS_OF", "2025-06-30"),
        ("UNLABEL_FACT", "us-person,mobile"),
        ("UNLABEL_ACT", "resell"),
        ("UNLABEL_ROLE", "reseller"),
        ("UNLABEL_FAIL_ON", "prohibited"),
        ("UNLABEL_ALLOW_INCOMPLETE", "yes"),
        ("UNLABEL_REGIME", "us-icts-kaspersky"),
        ("UNLABEL_JOBS", "1"),
        ("UNLABEL_NO_PROGRESS", "1"),
    ];
    let (_, context_of_all) = context(&all, &[]);
    for (key, value) in [
        ("market", serde_json::json!(["us", "de"])),
        ("as_of", "2025-06-30".into()),
        ("facts", serde_json::json!(["mobile", "us-person"])),
        ("act", "resell".into()),
        ("fail_on", "prohibited".into()),
        ("allow_incomplete", true.into()),
        ("regimes", serde_json::json!(["us-icts-kaspersky"])),
        ("assumed", serde_json::json!([])),
    ] {
        assert_eq!(context_of_all[key], value, "{key}");
    }
    assert_eq!(context(&[("UNLABEL_ALLOW_INCOMPLETE", "no")], &[]).1["allow_incomplete"], false);
    // A switch that is on in the file can be turned off, as what has a value can be given another.
    fs::write(folder.path().join("unlabel.toml"), "allow-incomplete = true\ninclude-drafts = true\n").unwrap();
    let passes = |variables: &[(&str, &str)], more: &[&str]| context(variables, more).1["allow_incomplete"].clone();
    let off = [("UNLABEL_ALLOW_INCOMPLETE", "no")];
    assert_eq!(passes(&[], &[]), true);
    assert_eq!(passes(&off, &[]), false);
    assert_eq!(passes(&[], &["--allow-incomplete=false"]), false);
    assert_eq!(passes(&off, &["--allow-incomplete"]), true);
    assert_eq!(passes(&[("UNLABEL_ALLOW_INCOMPLETE", "yes")], &["--allow-incomplete=no"]), false);
    let rules = |variables: &[(&str, &str)]| {
        let mut command = unlabel();
        let command = command.current_dir(folder.path()).envs(variables.iter().copied());
        let output = command.args(["scan", "--format", "json", "sbom.json"]).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["rules"]["count"].as_u64().unwrap()
    };
    assert!(rules(&[]) > rules(&[("UNLABEL_INCLUDE_DRAFTS", "off")]));
    // A path behind a switch is a path.
    assert_eq!(run(&[], &["scan", "--allow-incomplete", CLEAN]).0, 0);
    for (name, value) in [("UNLABEL_FAIL_ON", "never"), ("UNLABEL_JOBS", "many"), ("UNLABEL_ROLE", "king")] {
        let (status, out, err) = run(&[(name, value)], &["scan", CLEAN]);
        assert_eq!((status, out.as_str()), (2, ""), "{name}");
        assert!(err.contains(value), "{err}");
    }
    // The form of a scan is not the form of what makes another report of it.
    let form = [("UNLABEL_FORMAT", "markdown")];
    let (_, json, _) = run(&[], &["scan", "--format", "json", CLEAN]);
    let report = folder.path().join("r.json");
    fs::write(&report, json).unwrap();
    assert!(run(&form, &["scan", CLEAN]).1.starts_with("#"), "Markdown");
    assert!(run(&form, &["merge", &report.to_string_lossy()]).1.starts_with('{'), "JSON");
}

#[test]
fn typing_mistakes_are_told_with_what_was_meant() {
    let folder = tempfile::tempdir().unwrap();
    let toml = |text: &str| {
        let path = folder.path().join("unlabel.toml");
        fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };
    for (arguments, meant) in [
        (vec!["scna", CLEAN], "'scan'"),
        (vec!["scan", "--rol", "msp", CLEAN], "--role"),
        (vec!["scan", "--format", "sarf", CLEAN], "'sarif'"),
        (vec!["scan", "--fail-on", "prohibitd", CLEAN], "'prohibited'"),
        (vec!["scan", "--output", "jsn=x.json", CLEAN], "did you mean `json`?"),
        (vec!["scan", "--role", "reselller", CLEAN], "did you mean `reseller`?"),
        (vec!["scan", "--role", "msp", "--act", "shp", CLEAN], "did you mean `ship`?"),
        (vec!["scan", "--role", "End_User", CLEAN], "did you mean `end-user`?"),
        (vec!["scan", "--fact", "us-persn", CLEAN], "did you mean `us-person`?"),
        (vec!["scan", "--regime", "us-icts-kasperky", CLEAN], "did you mean `us-icts-kaspersky`?"),
        (vec!["regimes", "--class", "enigne"], "did you mean `engine`?"),
        (vec!["regimes", "--role", "mps"], "did you mean `msp`?"),
        (vec!["explain", "us-entity-lst"], "did you mean `us-entity-list`?"),
        (vec!["rules", "show", "kaspersy"], "did you mean `kaspersky`?"),
        (vec!["explain", "Juniper Junos"], "juniper-junos-utm"),
    ] {
        let (status, out, err) = run(&[], &arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(meant), "{arguments:?}: {err}");
    }
    for (text, meant) in [
        ("rol = \"msp\"\n", "did you mean `role`?"),
        ("fail_on = \"review\"\n", "did you mean `fail-on`?"),
        (
            "[[waiver]]\nfinding = \"0123456789abcdef\"\nreason = \"x\"\naprover = \"y\"\nexpires = 2027-01-01\n",
            "did you mean `approver`?",
        ),
    ] {
        let (status, _, err) = run(&[], &["scan", "--config", &toml(text), CLEAN]);
        assert!(status == 2 && err.contains(meant), "{text}: {err}");
    }
    let (_, _, err) = run(&[], &["scan", "--role", "astronaut", CLEAN]);
    assert!(!err.contains("did you mean"), "what is like nothing is no typing mistake: {err}");
    let (status, _, err) = run(&[], &["scan", "--role", &"x".repeat(100_000), CLEAN]);
    assert!(status == 2 && !err.contains("did you mean"));
}

#[test]
fn the_published_schema_of_the_configuration_is_that_of_the_code() {
    let now = run(&[], &["schema", "config"]).1;
    let path = root().join("schemas/config-1.json");
    let usual = cfg!(all(feature = "bom", not(feature = "parquet")));
    if std::env::var_os("UNLABEL_UPDATE").is_some() && usual {
        fs::write(&path, &now).unwrap();
    }
    let published = fs::read_to_string(&path).unwrap_or_default();
    assert!(published == now || !usual, "schemas/config-1.json is stale: run `UNLABEL_UPDATE=1 cargo test schema`");
    let schema = jsonschema::validator_for(&serde_json::from_str(&now).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let waiver =
        "[[waiver]]\nfinding = \"0123456789abcdef\"\nreason = \"x\"\napprover = \"y\"\nexpires = \"2027-01-01\"";
    for (text, good) in [
        ("", true),
        ("#:schema ./config-1.json\nrole = \"msp\"\nmarket = [\"us\", \"de\"]\nfacts = [\"us-person\"]", true),
        ("as-of = \"2026-11-22\"\nfail-on = \"advisory\"\nformat = \"sarif\"\njobs = 2\nmax-depth = 5", true),
        ("output = [\"json=r.json\"]\nallow-incomplete = true\nno-progress = true\ninclude-drafts = false", true),
        (waiver, true),
        ("role = \"king\"", false),
        ("rol = \"msp\"", false),
        ("fail-on = \"never\"", false),
        ("format = \"papyrus\"", false),
        ("jobs = \"two\"", false),
        ("facts = \"us-person\"", false),
        ("[[waiver]]\nfinding = \"0123456789abcdef\"", false),
    ] {
        let value: toml::Table = toml::from_str(text).unwrap();
        let says = schema.is_valid(&serde_json::to_value(value).unwrap());
        assert_eq!(says, good, "the schema on {text}");
        fs::write(folder.path().join("unlabel.toml"), text).unwrap();
        fs::copy(fixture("twins/clean/cyclonedx.json"), folder.path().join("a.json")).unwrap();
        let status = unlabel().current_dir(folder.path()).args(["scan", "a.json"]).output().unwrap().status.code();
        assert_eq!(status != Some(2), good, "the program on {text}");
    }
    for of in ["rule", "report", "diff", "inspect"] {
        let published = fs::read_to_string(root().join(format!("schemas/{of}-1.json"))).unwrap();
        assert!(run(&[], &["schema", of]).1 == published, "{of}");
    }
}

#[test]
fn the_program_tests_itself() {
    let (status, out, err) = run(&[("UNLABEL_ROLE", "king"), ("UNLABEL_CONFIG", "none.toml")], &["self-test"]);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    assert!(out.lines().last().unwrap().ends_with("checks, 0 failed"), "{out}");
    for told in [
        "cyclonedx json",
        "cyclonedx xml",
        "cyclonedx yaml",
        "cyclonedx protobuf",
        "spdx 2 json",
        "spdx 2 yaml",
        "spdx 2 tag-value",
        "spdx 2 rdf",
        "spdx 2 xml",
        "spdx 3 json-ld",
        "in gzip",
        "sarif",
        "html",
        "breaks off",
    ] {
        assert!(out.lines().any(|line| line.starts_with("ok ") && line.contains(told)), "{told}: {out}");
    }
    assert!(out.contains("examples"), "{out}");
}
