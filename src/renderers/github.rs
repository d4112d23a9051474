//! Workflow commands of GitHub Actions: printed by a step, they become annotations on the files of a pull request.
//!
//! GitHub shows ten errors, ten warnings and ten notices of one step and drops the rest without a word, so a notice with
//! the counts comes first, and then what has the highest level. Columns count UTF-16 code units.

use super::escape::{command_message, command_property};
use super::{decided, words};
use crate::report::{Finding, Input, Location, Report};
use crate::rules::format::Level;
use std::io::{self, Write};

/// How many annotations of one kind GitHub shows for a step.
const SHOWN: usize = 10;

/// Writes the report.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let annotations = annotations(report);
    let many = |kind: &str| annotations.iter().filter(|a| a.kind == kind).count();
    let mut lines = vec![words::summary(report), words::standing(report)];
    lines.extend(words::caveats(report));
    lines.extend(report.baseline.iter().flat_map(decided::baseline));
    let hidden: usize = ["error", "warning"].iter().map(|k| many(k).saturating_sub(SHOWN)).sum::<usize>()
        + many("notice").saturating_sub(SHOWN - 1);
    if hidden > 0 {
        lines.push(format!(
            "GitHub shows {SHOWN} annotations of a kind for a step; {hidden} of these are in the log only."
        ));
    }
    lines.push(report.disclaimer.clone());
    // A line end inside the message, as one command carries it.
    let message: Vec<String> = lines.iter().map(|line| command_message(line)).collect();
    writeln!(out, "::notice title=unlabel::{}", message.join("%0A"))?;
    for annotation in annotations {
        writeln!(out, "{}", annotation.text)?;
    }
    Ok(())
}

struct Annotation {
    kind: &'static str,
    text: String,
}

fn annotations(report: &Report) -> Vec<Annotation> {
    let mut all = Vec::new();
    let findings = decided::by_weight(&report.findings);
    // What somebody has decided on is no alarm.
    let alarms = |f: &&&Finding| f.counts() && f.level >= Level::Review;
    for finding in findings.iter().filter(alarms) {
        let Some(input) = report.inputs.get(finding.input) else { continue };
        let at = words::best(finding).map_or(&finding.location, |e| &e.location);
        let kind = if finding.level >= Level::LikelyProhibited { "error" } else { "warning" };
        all.push(annotation(kind, input, Some(at), &title(finding), &told(finding)));
    }
    for input in &report.inputs {
        let Some(doubt) = words::doubt(input) else { continue };
        let (kind, title) = match words::unfinished(input) {
            true => ("warning", "No all-clear: not read whole"),
            false => ("notice", "No all-clear: discloses too little"),
        };
        all.push(annotation(kind, input, None, title, &format!("{}: {doubt}", input.path)));
    }
    if report.rules.count == 0 {
        let text = "::warning title=No rules::no rule was loaded, so nothing could be found".to_owned();
        all.push(Annotation { kind: "warning", text });
    }
    for remark in decided::remarks(report) {
        let kind = if remark.grave { "warning" } else { "notice" };
        let (file, line) = (command_property(&remark.waiver.file), remark.waiver.line);
        let text = format!("::{kind} file={file},line={line},title=Waiver::{}", command_message(&remark.text));
        all.push(Annotation { kind, text });
    }
    for finding in findings.iter().filter(|f| !alarms(f)) {
        let Some(input) = report.inputs.get(finding.input) else { continue };
        let at = words::best(finding).map_or(&finding.location, |e| &e.location);
        all.push(annotation("notice", input, Some(at), &title(finding), &told(finding)));
    }
    for question in words::unattributed(report) {
        let (Some(input), Some(arose)) = (report.inputs.get(question.input), &question.arose) else { continue };
        let title = format!("question: {}", arose.component.label());
        all.push(annotation("notice", input, Some(&arose.location), &title, &question.ask));
    }
    all
}

fn title(finding: &Finding) -> String {
    format!("{}{}: {}", finding.level.id(), decided::bracketed(finding), words::titled(finding))
}

fn told(finding: &Finding) -> String {
    let because = finding.assessments.first().map_or("", |a| a.because.as_str());
    let found = words::best(finding).map_or(String::new(), |e| format!("{} \"{}\"", e.kind, e.found));
    let excused = decided::excused(finding).map_or(String::new(), |why| format!("Decided: {why}. "));
    format!("{excused}{}. Evidence: {found}. {because} {}", words::what(finding), words::advice(finding.level))
}

fn annotation(kind: &'static str, input: &Input, at: Option<&Location>, title: &str, message: &str) -> Annotation {
    let spot = words::spot(input);
    let mut text = format!("::{kind} file={}", command_property(spot.file));
    let mut message = message.to_owned();
    if let Some(at) = at {
        match words::within(&spot, at) {
            Some(place) => message = format!("{message} At {place}."),
            None => {
                let ((column, end_column), (end_line, _)) = (at.utf16(), at.end());
                text.push_str(&format!(",line={},endLine={end_line}", at.line));
                // Columns are for a place within one line only.
                if end_line == at.line {
                    text.push_str(&format!(",col={column},endColumn={end_column}"));
                }
            }
        }
    }
    text.push_str(&format!(",title={}::{}", command_property(title), command_message(&message)));
    Annotation { kind, text }
}
