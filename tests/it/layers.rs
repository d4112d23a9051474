//! The structure of `src/`: who may use whom, and what must never stand there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use unlabel::rules::RuleSet;
use unlabel::rules::format::RuleFile;

/// The rooms from left to right. A room may use only what stands to its left; `error` may be used by all.
const ROOMS: &[&str] = &[
    "error",
    "source",
    "text",
    "model",
    "parsers",
    "rules",
    "matcher",
    "regimes",
    "report",
    "decisions",
    "scan",
    "annotate",
    "renderers",
    "scanner",
    "explain",
    "compare",
    "letters",
    "opinion",
    "inspect",
    "cli",
];

/// What a room must not use even though it stands to its left.
const FORBIDDEN: &[(&str, &[&str])] = &[
    // An assessment never looks at a component; a finding is all it gets.
    ("regimes", &["source", "text", "model", "parsers"]),
    // A decision is about a report, and never about what was read.
    ("decisions", &["source", "text", "model", "parsers", "matcher", "regimes"]),
    // A renderer sees the report and nothing behind it.
    ("renderers", &["source", "text", "model", "parsers", "matcher", "regimes", "decisions", "scan"]),
    // Where a note can stand has nothing to do with what it says.
    ("annotate", &["rules", "matcher", "regimes", "decisions"]),
    // Two reports are compared, and nothing that is behind them.
    ("compare", &["source", "text", "parsers", "matcher", "regimes", "scan", "explain"]),
    ("letters", &["source", "text", "parsers", "matcher", "regimes", "scan", "explain", "compare"]),
    // Somebody else's opinion is about the document, and neither uses nor touches a finding.
    ("opinion", &["rules", "matcher", "regimes", "report", "scan", "renderers", "explain", "compare", "letters"]),
    ("inspect", &["rules", "matcher", "regimes"]),
    // Parsers ask a suspicion and never see a rule; the list below holds the rest.
    ("model", &["text"]),
];

fn sources() -> Vec<(PathBuf, String)> {
    fn visit(folder: &Path, out: &mut Vec<(PathBuf, String)>) {
        let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                visit(&path, out);
            } else if path.extension().is_some_and(|e| ["rs", "html", "css", "js"].iter().any(|ours| e == *ours)) {
                out.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut out = Vec::new();
    visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut out);
    assert!(out.len() > 30, "the tree was not found");
    out
}

/// The room a file belongs to: the first name below `src/`.
fn room(path: &Path) -> String {
    let below = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = below.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The rooms that a text of code names after `crate::`.
fn used(text: &str) -> BTreeSet<String> {
    let code: String = text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    code.match_indices("crate::")
        .flat_map(|(at, _)| {
            let rest = &code[at + "crate::".len()..];
            let names: Vec<&str> = match rest.strip_prefix('{') {
                Some(list) => list.split(['}', ';']).next().unwrap().split(',').collect(),
                None => vec![rest],
            };
            names
                .into_iter()
                .map(|n| n.trim().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>())
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn rooms_use_only_what_stands_to_their_left() {
    let mut seen = BTreeSet::new();
    for (path, text) in sources() {
        let room = room(&path);
        if room == "lib" || room == "main" {
            continue;
        }
        let place = ROOMS.iter().position(|r| *r == room);
        let place = place.unwrap_or_else(|| panic!("{} is in no room: add it to ROOMS", path.display()));
        seen.insert(room.clone());
        for other in used(&text) {
            let Some(there) = ROOMS.iter().position(|r| *r == other) else { continue };
            assert!(there <= place, "{} uses `{other}`, which stands to its right", path.display());
            let forbidden = FORBIDDEN.iter().filter(|(r, _)| *r == room).flat_map(|(_, f)| *f);
            assert!(!forbidden.clone().any(|f| *f == other), "{} must not use `{other}`", path.display());
        }
    }
    assert_eq!(seen.len(), ROOMS.len(), "a room is gone: {seen:?}");
}

/// Company names, identifiers, dates and citations belong in `rules/`.
#[test]
fn no_vendor_date_or_clause_stands_in_the_code() {
    let rules = RuleSet::embedded().unwrap();
    let mut words = BTreeSet::new();
    for loaded in rules.files() {
        match &loaded.rule {
            RuleFile::Organization(o) => {
                words.extend(o.marks.cpe.iter().map(|c| c.vendor.to_lowercase()));
                words.extend(o.marks.domain.iter().map(|d| d.host.to_lowercase()));
                words.insert(o.common.title.to_lowercase());
            }
            RuleFile::Regime(r) => {
                words.insert(r.citation.to_lowercase());
                words.insert(r.common.id.clone());
                let day = |c: &unlabel::rules::format::Clause| c.from.instant.to_string()[..10].to_owned();
                words.extend(r.clause.iter().map(day));
            }
            _ => {}
        }
    }
    assert!(words.contains("2024-09-29") && words.len() > 50, "the rules were not read");
    for (path, text) in sources() {
        let text = text.to_lowercase();
        for word in &words {
            assert!(!text.contains(word.as_str()), "{} holds `{word}`", path.display());
        }
    }
}

/// We report evidence and clauses, and never a verdict.
#[test]
fn no_verdict_stands_in_code_or_regimes() {
    let mut texts: Vec<(PathBuf, String)> = sources();
    let regimes = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/regimes");
    for entry in fs::read_dir(regimes).unwrap() {
        let path = entry.unwrap().path();
        texts.push((path.clone(), fs::read_to_string(path).unwrap()));
    }
    for (path, text) in texts {
        for word in ["violation", "violates", "illegal", "unlawful", "compliant", "safe to"] {
            assert!(!text.to_lowercase().contains(word), "{} says `{word}`", path.display());
        }
    }
}

/// Files stay small enough to hold in the head.
#[test]
fn no_file_outgrows_its_reader() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= 600, "{} has {lines} lines: redesign the room instead of adding a wall", path.display());
    }
}
