//! Runs the pages: commands in a shell, and rules, configurations and data as what they are.

use super::{Block, Mark, Step, pages, steps, text};
use crate::support::root;
use rayon::prelude::*;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Languages of blocks that are shown and not run.
const SHOWN: &[&str] = &["text", "markdown", "html", "diff"];
/// Languages of blocks that only another test can try, so that they need a mark.
const ELSEWHERE: &[&str] = &["dockerfile", "groovy", "javascript", "powershell", "python", "sql"];

/// Stands in for the program, and writes down how each run ended.
const STAND_IN: &str = r#"#!/bin/sh
"$UNLABEL_PROGRAM" "$@"
status=$?
echo "$status $*" >> "$UNLABEL_RUNS"
exit $status
"#;

/// What a README runs before the program is on the path.
const CARGO: &str = r#"#!/bin/sh
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  case "$1" in run | --release | --locked | --quiet | -q) shift ;; *) echo "a page runs: cargo $*" >&2; exit 2 ;; esac
done
shift
exec unlabel "$@"
"#;

/// The folder in which one page runs.
struct Folder {
    folder: tempfile::TempDir,
    tools: tempfile::TempDir,
}

impl Folder {
    fn new() -> Self {
        let (folder, tools) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for entry in fs::read_dir(root()).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if !name.starts_with('.') && name != "target" {
                std::os::unix::fs::symlink(&path, folder.path().join(name)).unwrap();
            }
        }
        fs::create_dir(folder.path().join("target")).unwrap();
        for (name, script) in [("unlabel", STAND_IN), ("cargo", CARGO)] {
            use std::os::unix::fs::PermissionsExt as _;
            let path = tools.path().join(name);
            fs::write(&path, script).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        Self { folder, tools }
    }

    /// Runs a script; gives its exit status and everything it prints.
    fn run(&self, script: &str) -> (i32, String) {
        let runs = self.tools.path().join("runs");
        fs::write(&runs, "").unwrap();
        let path = std::env::join_paths(
            std::iter::once(self.tools.path().to_owned())
                .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
        );
        // A waiver has to last: pages state a day, and tests run on any.
        let soon = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let soon = soon.checked_add(jiff::Span::new().days(90)).unwrap();
        let mut command = Command::new("bash");
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if ["UNLABEL", "CI", "GITHUB", "GITLAB", "NO_COLOR", "CLICOLOR", "COLUMNS"]
                .iter()
                .any(|n| name.starts_with(n))
            {
                command.env_remove(name);
            }
        }
        let output = command
            .arg("-c")
            .arg(format!("exec 2>&1\n{script}"))
            .current_dir(self.folder.path())
            .env("PATH", path.unwrap())
            .env("UNLABEL_PROGRAM", assert_cmd::cargo::cargo_bin("unlabel"))
            .env("UNLABEL_RUNS", runs)
            .env("SOON", soon.to_string())
            .env("GITHUB_STEP_SUMMARY", self.folder.path().join("summary.md"))
            .env("HOME", self.folder.path())
            .env("LC_ALL", "C.UTF-8")
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn setup(&self, commands: &str) -> Result<(), String> {
        match self.run(&format!("set -euo pipefail\n{commands}")) {
            (0, _) => Ok(()),
            (status, out) => Err(format!("setup ended with {status}: {commands}\n{out}")),
        }
    }

    /// Runs a block in which no command may fail, except that unlabel may say that it found something.
    fn script(&self, commands: &str) -> Result<usize, String> {
        let trap = r#"trap 's=$?; case "$BASH_COMMAND" in *unlabel*|*"cargo run"*) ;; *) exit 98 ;; esac' ERR"#;
        let (status, out) = self.run(&format!("set -uE\n{trap}\n{commands}"));
        let runs = fs::read_to_string(self.tools.path().join("runs")).unwrap();
        for run in runs.lines() {
            let (status, arguments) = run.split_once(' ').unwrap();
            if !matches!(status, "0" | "1" | "3") {
                return Err(format!("`unlabel {arguments}` ended with {status}:\n{out}"));
            }
        }
        match status {
            0 | 1 | 3 => Ok(runs.lines().count()),
            status => Err(format!("ended with {status}:\n{commands}\n{out}")),
        }
    }
}

/// One command of a `console` block.
struct Entry {
    command: String,
    status: i32,
    output: String,
    /// Where the output stands in the block.
    from: usize,
    to: usize,
}

fn entries(block: &str) -> Result<Vec<Entry>, String> {
    let (mut out, mut at) = (Vec::<Entry>::new(), 0);
    let mut head = false;
    for line in block.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim_end_matches('\n');
        if let Some(command) = bare.strip_prefix("$ ") {
            out.push(Entry { command: command.to_owned(), status: 0, output: String::new(), from: at, to: at });
            head = true;
            continue;
        }
        let Some(entry) = out.last_mut() else {
            return Err(format!("a console block begins with `{bare}` and not with `$ `"));
        };
        if head && bare.starts_with("> ") {
            write!(entry.command, "\n{}", &bare[2..]).unwrap();
        } else if head && bare.strip_prefix("? ").is_some_and(|n| n.parse::<i32>().is_ok()) {
            entry.status = bare[2..].parse().unwrap();
        } else {
            if entry.output.is_empty() {
                entry.from = start;
            }
            head = false;
            entry.output.push_str(line);
        }
        if head {
            entry.from = at;
        }
        entry.to = at;
    }
    Ok(out)
}

/// Whether a text is as a page says, where `...` stands for any lines and `[..]` for anything in one.
fn matches(wanted: &[&str], lines: &[&str]) -> bool {
    match wanted.split_first() {
        None => lines.is_empty(),
        Some((&"...", rest)) => (0..=lines.len()).any(|skip| matches(rest, &lines[skip..])),
        Some((first, rest)) => {
            lines.split_first().is_some_and(|(line, lines)| fits(first, line) && matches(rest, lines))
        }
    }
}

fn fits(wanted: &str, line: &str) -> bool {
    let mut parts = wanted.trim_end().split("[..]");
    let Some(mut left) = line.trim_end().strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return left.is_empty() };
    for part in middle {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.len() >= last.len() && left.ends_with(last)
}

#[test]
fn what_is_left_out_stands_for_anything_and_nothing_else_does() {
    let is = |wanted: &str, text: &str| matches(&wanted.lines().collect::<Vec<_>>(), &text.lines().collect::<Vec<_>>());
    assert!(is("a\n...\nb", "a\nb") && is("a\n...\nb", "a\n1\n2\nb") && is("...", ""));
    assert!(is("x [..] y", "x 1 y") && is("[..]", "x") && is("a[..]b[..]c", "aXbbYc"));
    assert!(!is("a\n...\nb", "a\n1\n2") && !is("a", "a\nb") && !is("x [..] y", "x 1 z") && !is("a[..]a", "a"));
}

/// What a page runs into, and the page with its output as it is now.
fn run(page: &Path) -> (Vec<String>, usize, String) {
    let (before, folder) = (text(page), Folder::new());
    let (mut wrong, mut count, mut after, mut written) = (Vec::new(), 0, String::new(), 0);
    let mut rules = Vec::new();
    for step in steps(page, &before) {
        let block = match step {
            Step::Setup(commands) => {
                if let Err(why) = folder.setup(&commands) {
                    wrong.push(format!("{}: {why}", page.display()));
                }
                continue;
            }
            Step::Block(block) => block,
        };
        let line = before[..block.start].matches('\n').count();
        let place = format!("{}:{line}", page.display());
        let mut say = |what: String| wrong.push(format!("{place}: {what}"));
        if let Some(path) = block.mark("file") {
            let path = folder.folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &block.text).unwrap();
        }
        if let Some(path) = block.mark("tested by") {
            if !root().join(path).exists() {
                say(format!("there is no {path} that could test this"));
            }
            continue;
        }
        if block.mark("not run").is_some() {
            continue;
        }
        match block.language.as_str() {
            "console" => match entries(&block.text) {
                Err(why) => say(why),
                Ok(entries) => {
                    for entry in entries {
                        count += 1;
                        let (status, out) = folder.run(&entry.command);
                        if status != entry.status {
                            say(format!("`{}` ended with {status}, not {}:\n{out}", entry.command, entry.status));
                        }
                        let (wanted, lines): (Vec<_>, Vec<_>) = (entry.output.lines().collect(), out.lines().collect());
                        let wanted: Vec<&str> = match wanted.split_last() {
                            Some((&"", rest)) => rest.to_vec(),
                            _ => wanted,
                        };
                        let lines = lines.iter().rposition(|line| !line.is_empty()).map_or(&[][..], |at| &lines[..=at]);
                        if !entry.output.is_empty() && !matches(&wanted, lines) {
                            say(format!("`{}` prints something else:\n{out}", entry.command));
                            after.push_str(&before[written..block.start + entry.from]);
                            after.push_str(out.trim_end());
                            after.push('\n');
                            written = block.start + entry.to;
                        }
                    }
                }
            },
            "sh" | "bash" | "shell" => match folder.script(&block.text) {
                Ok(runs) => count += runs,
                Err(why) => say(why),
            },
            "toml" => match data(&folder, &block, &mut rules) {
                Ok(()) => {}
                Err(why) => say(why),
            },
            "json" => {
                if let Err(why) = serde_json::from_str::<serde_json::Value>(&block.text) {
                    say(why.to_string());
                }
            }
            "yaml" => match shell(&block.text)
                .and_then(|all| all.iter().map(|one| folder.script(one)).sum::<Result<usize, _>>())
            {
                Ok(runs) => count += runs,
                Err(why) => say(why),
            },
            "rust" => {
                let library = fs::read_to_string(root().join("src/lib.rs")).unwrap();
                if !library.contains(&format!("include_str!(\"../{}\")", page.display())) {
                    say("src/lib.rs does not take this page in, so its Rust is not tested".to_owned());
                }
            }
            language if SHOWN.contains(&language) => {}
            language if ELSEWHERE.contains(&language) => {
                say(format!("a {language} block needs a mark `tested by` or `not run`"));
            }
            language => say(format!("blocks of the language `{language}` are not known here")),
        }
    }
    if let Err(why) = judge(&folder, &rules) {
        wrong.push(format!("{}: {why}", page.display()));
    }
    after.push_str(&before[written..]);
    (wrong, count, after)
}

/// What a pipeline would run: the values of `run` and `script`.
fn shell(yaml: &str) -> Result<Vec<String>, String> {
    use saphyr_parser::{Event, Parser, StrInput};
    let (mut out, mut wanted) = (Vec::new(), false);
    for event in Parser::new(StrInput::new(yaml)) {
        let (event, _) = event.map_err(|why| why.to_string())?;
        match event {
            Event::Scalar(command, ..) if wanted => {
                out.push(command.into_owned());
                wanted = false;
            }
            Event::Scalar(key, ..) => wanted = ["run", "script"].contains(&key.as_ref()),
            // A list of commands goes on with its first.
            Event::SequenceStart(..) if wanted => return Err("a list of commands is not run here".to_owned()),
            _ => wanted = false,
        }
    }
    Ok(out)
}

#[test]
fn what_a_pipeline_would_run_is_found() {
    let yaml = "# GitHub\n- run: unlabel scan a\n- if: always()\n  uses: run\n- name: x\n  run: |\n    b\n    c\n";
    assert_eq!(shell(yaml).unwrap(), ["unlabel scan a", "b\nc\n"]);
    assert_eq!(shell("unlabel:\n  script: unlabel scan a\n  artifacts: {when: always}").unwrap(), ["unlabel scan a"]);
    assert!(shell("a: [").is_err() && shell("script: [a, b]").is_err());
}

/// Rules are kept for [`judge`], configurations are used; all else is TOML.
fn data(folder: &Folder, block: &Block, rules: &mut Vec<String>) -> Result<(), String> {
    let table: toml::Table = block.text.parse().map_err(|why: toml::de::Error| why.to_string())?;
    let has = |key: &str| table.contains_key(key);
    if has("kind") && has("id") {
        let id = table["id"].as_str().unwrap_or_default().to_owned();
        fs::create_dir_all(folder.folder.path().join("rules-of-the-page")).unwrap();
        fs::write(folder.folder.path().join(format!("rules-of-the-page/{id}.toml")), &block.text).unwrap();
        rules.push(id);
        return Ok(());
    }
    if has("package") || has("dependencies") || has("requires") {
        return Ok(());
    }
    fs::write(folder.folder.path().join("of-the-page.toml"), &block.text).unwrap();
    match folder
        .run("mkdir -p accepted-rules; unlabel scan --config of-the-page.toml fixtures/real/mail-gateway.cdx.json")
    {
        (0 | 1, _) => Ok(()),
        (status, out) => Err(format!("a scan with this configuration ends with {status}:\n{out}")),
    }
}

/// All rules of a page together, as its reader would try them.
fn judge(folder: &Folder, rules: &[String]) -> Result<(), String> {
    if rules.is_empty() {
        return Ok(());
    }
    for command in ["lint", "test"] {
        let (status, out) = folder.run(&format!("unlabel rules {command} --include-drafts --rules rules-of-the-page"));
        // A class of a page has no place in the regimes that are built in; those are held elsewhere.
        let ours = |line: &&str| rules.iter().any(|id| line.starts_with(&format!("{id}.toml")));
        let wrong: Vec<&str> = out.lines().filter(ours).collect();
        if status > 1 || !wrong.is_empty() || (command == "test" && status != 0) {
            return Err(format!("`unlabel rules {command}` of its rules ends with {status}:\n{out}"));
        }
    }
    Ok(())
}

#[test]
fn every_command_and_snippet_does_what_its_page_says() {
    let pages: Vec<PathBuf> = pages();
    let done: Vec<(Vec<String>, usize, String)> = pages.par_iter().map(|page| run(page)).collect();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (page, (of_page, runs, after)) in pages.iter().zip(done) {
        if std::env::var_os("UNLABEL_UPDATE").is_some() && after != text(page) {
            fs::write(root().join(page), after).unwrap();
        }
        wrong.extend(of_page);
        count += runs;
    }
    assert!(wrong.is_empty(), "{} things:\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(count > 60, "only {count} commands were run");
}

/// A mark that nobody knows would silently do nothing.
#[test]
fn marks_are_known_and_say_why() {
    let known = ["file", "not run", "tested by", "made", "output"];
    let mut wrong = Vec::new();
    for page in pages() {
        for step in steps(&page, &text(&page)) {
            let Step::Block(block) = step else { continue };
            for Mark { word, text } in &block.marks {
                if !known.contains(&word.as_str()) || (word == "not run" && text.split(' ').count() < 3) {
                    wrong.push(format!("{}: {word}: {text}", page.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
