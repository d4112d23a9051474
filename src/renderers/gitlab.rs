//! The code quality report of GitLab: a JSON array of issues, shown in a merge request.
//!
//! GitLab tells issues of two branches apart by their fingerprint, so it holds no line, version or level. What was not
//! read is an issue as well: an empty list means that everything was read and nothing was found. A waived finding stays in
//! the list as `info`, with the reason; of the baseline GitLab has one of its own, the target branch.

use super::decided;
use super::escape::{Line, shown};
use super::words::{self, Spot};
use crate::report::{Input, Location, Report};
use crate::rules::format::Level;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Place,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
    #[serde(skip_serializing_if = "Option::is_none")]
    positions: Option<Positions>,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<u64>,
}

#[derive(Serialize)]
struct Positions {
    begin: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u64,
    column: u64,
}

/// Writes the report.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut issues = Vec::new();
    let nowhere = Location { line: 1, column: 1, ..Location::default() };
    for finding in &report.findings {
        let Some(input) = report.inputs.get(finding.input) else { continue };
        let at = words::best(finding).map_or(&finding.location, |e| &e.location);
        let severity = match finding.level {
            _ if finding.waiver.is_some() => "info",
            Level::Prohibited => "blocker",
            Level::LikelyProhibited => "critical",
            Level::Review => "major",
            Level::ExemptCandidate => "minor",
            Level::Advisory | Level::NoEvidence => "info",
        };
        let mut text = words::headline(finding);
        text.extend(decided::excused(finding).map(|why| format!(" — {why}")));
        issues.push(issue(input, at, text, words::rule(finding), severity, &finding.id));
    }
    for question in words::unattributed(report) {
        let (Some(input), Some(arose)) = (report.inputs.get(question.input), &question.arose) else { continue };
        let text = format!("question on {}: {}", arose.component.label(), question.ask);
        let of = format!("question {} {}", arose.rule, question.reference.as_deref().unwrap_or_default());
        issues.push(issue(input, &arose.location, text, &arose.rule, "info", &of));
    }
    for input in &report.inputs {
        if let Some(doubt) = words::doubt(input) {
            let severity = if words::unfinished(input) { "major" } else { "info" };
            let of = format!("incomplete {doubt}");
            issues.push(issue(input, &nowhere, doubt, "incomplete", severity, &of));
        }
    }
    for text in words::mixed(report) {
        issues.extend(report.inputs.first().map(|input| issue(input, &nowhere, text.clone(), "merged", "info", &text)));
    }
    let mut seen = BTreeSet::new();
    for remark in decided::remarks(report) {
        let of = format!("waiver {} {}", decided::subject(remark.waiver), remark.of);
        let fingerprint = fingerprint(&remark.waiver.file, &of);
        // Of two waivers of one thing the first is told.
        if !seen.insert(fingerprint.clone()) {
            continue;
        }
        issues.push(Issue {
            description: shown(&remark.text, 1_000).into_owned(),
            check_name: "unlabel/waiver".to_owned(),
            fingerprint,
            severity: if remark.grave { "minor" } else { "info" },
            location: Place {
                path: shown(&remark.waiver.file, 4_000).into_owned(),
                lines: Lines { begin: remark.waiver.line.max(1), end: None },
                positions: None,
            },
        });
    }
    if report.inputs.is_empty() || report.rules.count == 0 {
        let text = if report.inputs.is_empty() { "nothing was read" } else { "no rule was loaded" };
        issues.push(Issue {
            description: text.to_owned(),
            check_name: "unlabel/incomplete".to_owned(),
            fingerprint: fingerprint("", text),
            severity: "major",
            location: Place { path: ".".to_owned(), lines: Lines { begin: 1, end: None }, positions: None },
        });
    }
    tell_apart(&mut issues);
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    out.write_all(b"\n")
}

/// Gives issues that are alike, as those of two deliveries under one path, fingerprints of their own: the first keeps its.
fn tell_apart(issues: &mut [Issue]) {
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    for issue in issues {
        let seen = times.entry(issue.fingerprint.clone()).or_default();
        *seen += 1;
        if *seen > 1 {
            issue.fingerprint = fingerprint(&issue.fingerprint, &seen.to_string());
        }
    }
}

fn issue(input: &Input, at: &Location, text: String, rule: &str, severity: &'static str, of: &str) -> Issue {
    let spot = words::spot(input);
    let place = match words::within(&spot, at) {
        Some(place) if !of.starts_with("incomplete") => format!(" ({place})"),
        None if spot.file != input.path.trim_start_matches("./") => format!(" (in {})", input.path),
        _ => String::new(),
    };
    Issue {
        description: shown(&format!("{text}{place}"), 1_000).into_owned(),
        check_name: format!("unlabel/{}", Line(rule)),
        fingerprint: fingerprint(&input.path, of),
        severity,
        location: located(&spot, at),
    }
}

fn located(spot: &Spot<'_>, at: &Location) -> Place {
    let path = shown(spot.file, 4_000).into_owned();
    if spot.inside.is_some() {
        return Place { path, lines: Lines { begin: 1, end: None }, positions: None };
    }
    let ((column, end_column), (end_line, _)) = (at.utf16(), at.end());
    Place {
        path,
        lines: Lines { begin: at.line, end: Some(end_line) },
        positions: Some(Positions {
            begin: Point { line: at.line, column },
            end: Point { line: end_line, column: end_column.max(1) },
        }),
    }
}

/// The same from run to run for the same thing in the same input.
fn fingerprint(path: &str, of: &str) -> String {
    let digest = Sha256::new().chain_update(path).chain_update([0]).chain_update(of).finalize();
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
