//! Markdown for a comment on a pull request or a job summary.
//!
//! A comment on GitHub may have 65,536 characters. What stands first is what decides: the level and what was not read,
//! the table by supplier, then findings by level, as far as they fit; what is left out is counted. Whatever a document
//! says stands as code, where nothing in it is a link, a mention or a mark.

use super::escape::{code, markdown, markdown_source};
use super::products::{self, Suppliers};
use super::{decided, words};
use crate::report::{Finding, Report, Status};
use crate::rules::format::Level;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// How many bytes are written at most; under GitHub's limit, with room for what a bot puts around it.
const MOST: usize = 60_000;

/// How much of it the tables may take, so that findings have room.
const TABLE: usize = 20_000;

/// Writes the report.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut page = head(report);
    let foot = foot(report);
    let room = MOST.saturating_sub(foot.len() + 400);
    if report.inputs.len() >= words::MANY {
        table(report, &mut page);
    }
    doubts(report, &mut page);
    let findings = decided::by_weight(&report.findings);
    // The first in full, in half of the room that is left; of the others as many as fit, a line each.
    let half = page.len() + room.saturating_sub(page.len()) / 2;
    let brief = fill(&mut page, half, findings.iter().map(|f| block(report, f)));
    if brief > 0 {
        page.push_str("### Further findings, in brief\n\n");
        let rest = findings.get(findings.len() - brief..).unwrap_or_default();
        let cut = fill(&mut page, room, rest.iter().map(|f| line(report, f)));
        if cut > 0 {
            let are = if cut == 1 { "finding is" } else { "findings are" };
            page.push_str(&format!("\n**{cut} more {are} left out**: a comment has no room for them.\n"));
        }
        page.push_str("\nThe JSON report has all of them in full.\n\n");
    }
    let questions: Vec<String> = words::unattributed(report).filter_map(|q| asked(report, q)).collect();
    if !questions.is_empty() {
        page.push_str("### Engines of which nobody says who made them\n\n");
        let cut = fill(&mut page, room, questions.into_iter());
        if cut > 0 {
            page.push_str(&format!("- and {cut} more\n"));
        }
        page.push('\n');
    }
    if !report.set_aside.is_empty() {
        page.push_str(&format!("<details><summary>{} set aside</summary>\n\n", report.set_aside.len()));
        let cut = fill(
            &mut page,
            room,
            report.set_aside.iter().map(|s| {
                format!("- {}: {} (rule {})\n", code(&words::titled(&s.finding)), markdown(&s.why), code(&s.by))
            }),
        );
        if cut > 0 {
            page.push_str(&format!("- and {cut} more\n"));
        }
        page.push_str("\n</details>\n\n");
    }
    decisions(report, &mut page, room);
    out.write_all(page.as_bytes())?;
    out.write_all(foot.as_bytes())
}

/// What there is to tell of waivers and of the baseline.
fn decisions(report: &Report, page: &mut String, room: usize) {
    let baseline = report.baseline.as_ref();
    let said =
        decided::remarks(report).into_iter().map(|r| r.text).chain(baseline.iter().flat_map(|b| decided::baseline(b)));
    let gone = baseline.iter().flat_map(|b| &b.gone).map(decided::gone);
    let lines: Vec<String> = said.chain(gone).map(|said| format!("- {}\n", markdown(&said))).collect();
    if lines.is_empty() {
        return;
    }
    page.push_str("### Decisions\n\n");
    let cut = fill(page, room, lines.into_iter());
    if cut > 0 {
        page.push_str(&format!("- and {cut} more\n"));
    }
    page.push('\n');
}

/// Adds pieces as long as there is room, and says how many there was none for.
fn fill(page: &mut String, room: usize, pieces: impl Iterator<Item = String>) -> usize {
    let mut cut = 0;
    for piece in pieces {
        if cut == 0 && page.len() + piece.len() <= room {
            page.push_str(&piece);
        } else {
            cut += 1;
        }
    }
    cut
}

fn head(report: &Report) -> String {
    let level = report.level().map_or("nothing was read", |l| l.id());
    let mut page = format!("## unlabel: {level}\n\n{}\n\n", markdown(&words::summary(report)));
    for caveat in words::caveats(report) {
        page.push_str(&format!("> {}\n\n", markdown(&caveat)));
    }
    page
}

fn foot(report: &Report) -> String {
    let mut foot = String::new();
    for note in report.notes.iter().take(10) {
        foot.push_str(&format!("Note: {}, see `unlabel explain` {}\n\n", markdown(&note.title), code(&note.id)));
    }
    foot.push_str(&format!("{}\n\n", markdown(&words::standing(report))));
    let disclaimer: Vec<String> = report.disclaimer.lines().map(markdown).collect();
    foot.push_str(&format!("<sub>{}</sub>\n", disclaimer.join(" ")));
    foot
}

fn table(report: &Report, page: &mut String) {
    page.push_str("| Supplier | Product | Level | Findings | Disclosure | Questions |\n|---|---|---|---:|---|---:|\n");
    let suppliers = Suppliers::new(report);
    let rows = products::rows(report, &suppliers);
    let room = page.len() + TABLE;
    let cut = fill(
        page,
        room,
        rows.iter().map(|row| {
            let supplier = match suppliers.name(row.supplier) {
                "" => "not stated".to_owned(),
                name => code(name),
            };
            let level = row.word();
            let level = if row.level() > Some(Level::Advisory) { format!("**{level}**") } else { level.to_owned() };
            format!(
                "| {supplier} | {} | {level} | {} | {}{} | {} |\n",
                code(&row.name(report)),
                row.findings,
                row.disclosure(),
                if row.doubt && row.disclosure() != "unread" { " (no all-clear)" } else { "" },
                row.questions
            )
        }),
    );
    if cut > 0 {
        let (rows, are) = (words::counted(cut as u64, "more row"), if cut == 1 { "is" } else { "are" });
        page.push_str(&format!("\n{rows} {are} left out; those above have the highest levels.\n"));
    }
    page.push('\n');
}

/// What nothing may be taken from.
fn doubts(report: &Report, page: &mut String) {
    // What was not read at all comes first.
    let mut inputs: Vec<_> = report.inputs.iter().collect();
    inputs.sort_by_key(|input| (input.status != Status::Unread, !words::unfinished(input)));
    let doubts: Vec<String> = inputs
        .into_iter()
        .filter_map(|input| Some(format!("- {}: {}\n", code(&input.path), markdown(&words::doubt(input)?))))
        .collect();
    if doubts.is_empty() {
        return;
    }
    page.push_str("### No all-clear\n\n");
    let room = page.len() + TABLE / 2;
    let cut = fill(page, room, doubts.into_iter());
    if cut > 0 {
        page.push_str(&format!("- and {} more\n", words::counted(cut as u64, "input")));
    }
    page.push('\n');
}

fn block(report: &Report, finding: &Finding) -> String {
    let path = report.inputs.get(finding.input).map_or("", |i| i.path.as_str());
    let mut text =
        format!("### {}{}: {}\n\n", finding.level.id(), decided::bracketed(finding), code(&words::titled(finding)));
    text.push_str(&format!("{}. {}\n\n", markdown(&words::what(finding)), words::advice(finding.level)));
    let mut item = |label: &str, said: String| text.push_str(&format!("- {label}: {said}\n"));
    if let Some(waiver) = &finding.waiver {
        item("waived", markdown(&decided::waived(waiver)));
    }
    if let Some(since) = decided::since(finding) {
        item("baseline", since.to_owned());
    }
    if let Some(way) = finding.ways().first().filter(|way| way.len() > 1) {
        let steps: Vec<String> = way.iter().map(|step| code(step)).collect();
        item("path", steps.join(" → "));
    }
    for evidence in finding.evidence.iter().take(10) {
        let at = format!("{path}:{}:{}", evidence.location.line, evidence.location.column);
        let draft = if evidence.draft { ", draft" } else { "" };
        item(
            &markdown(&evidence.kind),
            format!(
                "{} at {} (rule {}, {}{draft})",
                code(&evidence.found),
                code(&at),
                code(&evidence.rule),
                evidence.strength.id()
            ),
        );
    }
    if finding.evidence.len() > 10 {
        item("and", words::pieces(finding.evidence.len() - 10));
    }
    let all = || finding.assessments.iter().filter(|a| a.level == finding.level);
    for assessment in all().take(if finding.level > Level::Review { 5 } else { 1 }) {
        let (citation, clause) = (markdown(&assessment.citation), markdown(&assessment.clause));
        item(
            "clause",
            format!(
                "{citation} · {clause}, since {}. {}",
                markdown(&assessment.since_words),
                markdown(&assessment.because)
            ),
        );
        if let Some(uncertain) = &assessment.uncertain {
            item("not certain", markdown(uncertain));
        }
        if let Some(duty) = &assessment.duty {
            item("report", markdown(duty));
        }
    }
    if let Some(narrowed) = &finding.narrowed {
        item("but", format!("{} (rule {})", markdown(&narrowed.why), code(&narrowed.by)));
    }
    item("id", code(&finding.id));
    let questions = words::questions(finding);
    let sources: BTreeSet<&str> = finding.evidence.iter().flat_map(|e| &e.sources).map(String::as_str).collect();
    text.push_str("\n<details><summary>Questions and sources</summary>\n\n");
    for ask in questions.iter().take(20) {
        text.push_str(&format!("- [ ] {}\n", markdown(ask)));
    }
    if questions.len() > 20 {
        text.push_str(&format!("- and {} more\n", questions.len() - 20));
    }
    text.push('\n');
    for source in sources.iter().take(5) {
        text.push_str(&format!("- {}\n", markdown_source(source)));
    }
    text.push_str("\n</details>\n\n");
    text
}

/// A finding on one line.
fn line(report: &Report, finding: &Finding) -> String {
    let path = report.inputs.get(finding.input).map_or("", |i| i.path.as_str());
    let at = words::best(finding).map_or(&finding.location, |e| &e.location);
    let place = code(&format!("{path}:{}:{}", at.line, at.column));
    let (level, marks) = (finding.level.id(), decided::bracketed(finding));
    format!("- {level}{marks}: {} at {place} ({})\n", code(&words::titled(finding)), code(&finding.id))
}

fn asked(report: &Report, question: &crate::report::Question) -> Option<String> {
    let arose = question.arose.as_ref()?;
    let path = report.inputs.get(question.input).map_or("", |i| i.path.as_str());
    let at = format!("{path}:{}:{}", arose.location.line, arose.location.column);
    let (who, found) = (code(arose.component.label()), code(&arose.found));
    Some(format!("- [ ] {who}: {} Found {found} at {}\n", markdown(&question.ask), code(&at)))
}
