//! What the tests share: fixtures, scans and places as an editor sees them.

use crate::fuzz::shared::scans;
use serde_json::Value;
use std::path::{Path, PathBuf};
use unlabel::parsers::{self, Flagging};
use unlabel::renderers;
use unlabel::report::Report;
use unlabel::scan::{Options, scan, scan_bytes};
use unlabel::source::collect::collect;

pub use scans::RULES;

/// The program, without what the environment of whoever runs the tests says to it.
pub fn unlabel() -> assert_cmd::Command {
    assert_cmd::Command::from_std(program())
}

/// The same as the standard library starts it.
pub fn program() -> std::process::Command {
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("unlabel"));
    bare(&mut command);
    command
}

/// Takes away what the environment of whoever runs the tests says to the program.
pub fn bare(command: &mut std::process::Command) {
    let ours =
        |name: &str| name.starts_with("UNLABEL_") || ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI"].contains(&name);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(ours)) {
        command.env_remove(name);
    }
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn fixture(path: &str) -> PathBuf {
    root().join("fixtures").join(path)
}

pub fn read(path: &str) -> Vec<u8> {
    std::fs::read(fixture(path)).unwrap_or_else(|e| panic!("fixtures/{path}: {e}"))
}

pub fn options() -> Options {
    Options { read: parsers::Options::default(), ..scans::options(false) }
}

/// Scans bytes for an integrator in the US in November 2026.
pub fn scan_text(bytes: &[u8]) -> Report {
    scan_bytes("input.json", bytes, &RULES, &options())
}

/// The same with every component built.
pub fn scan_everything(bytes: &[u8]) -> Report {
    let mut all = options();
    all.read.flagging = Flagging::Everything;
    scan_bytes("input.json", bytes, &RULES, &all)
}

/// Scans paths below `fixtures/`.
pub fn scan_fixture(path: &str) -> Report {
    scan(&collect(&[fixture(path)]), &RULES, &options())
}

/// Every form that is text. The one that is not is the last.
pub const TEXTS: &[renderers::Renderer] = match renderers::RENDERERS.split_last() {
    Some((_, texts)) if cfg!(feature = "parquet") => texts,
    _ => renderers::RENDERERS,
};

/// A report in one of its forms.
pub fn rendered(report: &Report, form: &str) -> String {
    let mut out = Vec::new();
    (renderers::find(form).unwrap().render)(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

pub fn json(report: &Report) -> Value {
    serde_json::from_str(&rendered(report, "json")).unwrap()
}

/// Takes away what each syntax has of its own: lines, columns, and the lines themselves. Pointers stay.
pub fn without_lines(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let own = ["line", "column", "excerpt"];
            map.retain(|key, _| !own.iter().any(|word| key.contains(word)));
            map.values_mut().for_each(without_lines);
        }
        Value::Array(all) => all.iter_mut().for_each(without_lines),
        _ => {}
    }
}

/// Every file below a folder of `fixtures/` with an ending, and below `UNLABEL_CORPUS` when that is set.
pub fn documents(below: &str, ending: &str) -> Vec<PathBuf> {
    let mut out = Vec::new();
    visit(&fixture(below), ending, &mut out);
    assert!(!out.is_empty(), "fixtures/{below} holds no *{ending}");
    if let Some(corpus) = std::env::var_os("UNLABEL_CORPUS") {
        visit(Path::new(&corpus), ending, &mut out);
    }
    out
}

fn visit(folder: &Path, ending: &str, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            visit(&path, ending, out);
        } else if path.to_string_lossy().ends_with(ending) {
            out.push(path);
        }
    }
}

/// Line and column of a byte offset, counted slowly and plainly.
pub fn editor_position(text: &[u8], offset: usize) -> (u64, u64) {
    let start = if text.starts_with(&[0xEF, 0xBB, 0xBF]) { 3 } else { 0 };
    let before = String::from_utf8_lossy(&text[start..offset]).replace("\r\n", "\n").replace('\r', "\n");
    let line = before.matches('\n').count() as u64 + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() as u64 + 1;
    (line, column)
}
