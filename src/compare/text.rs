//! The comparison for people: what changed first, what stayed in a line each, and how it was compared at the end.

use super::{Change, Diff, FindingChange, InputChange, QuestionChange, Seen, caution};
use crate::renderers::decided;
use crate::renderers::escape::Line;
use crate::renderers::page::{BOLD, Page, WIDTH, style};
use crate::renderers::words::{self, counted};
use crate::rules::format::Level;
use std::io::{self, Write};

/// Writes the comparison.
///
/// # Errors
/// When the output cannot be written.
pub fn write(diff: &Diff<'_>, out: &mut dyn Write, colored: bool) -> io::Result<()> {
    let page = &mut Page::new(out, colored);
    cautions(page, diff)?;
    let (told, same): (Vec<_>, Vec<_>) = diff.findings.iter().partition(|f| f.change != Change::Unchanged);
    for finding in told {
        one(page, diff, finding)?;
    }
    for finding in &same {
        let place = finding.new.as_ref().map_or(String::new(), |new| at(diff, finding, true, new.location.line));
        let level = level(finding);
        page.styled(
            style(Some(finding.finding.level)),
            "UNCHANGED",
            &format!("  {level}: {}  {place}", name(finding)),
        )?;
    }
    if !same.is_empty() {
        page.line("")?;
    }
    questions(page, diff)?;
    inputs(page, diff)?;
    summary(page, diff)
}

/// What was different in the making stands first: nothing below can be read without it.
fn cautions(page: &mut Page<'_>, diff: &Diff<'_>) -> io::Result<()> {
    let Some(caution) = caution(diff) else { return Ok(()) };
    page.styled(BOLD, "NOT MADE ALIKE", "")?;
    page.pair("", &caution)?;
    for difference in &diff.differs {
        let what = difference.what.replace('_', "-");
        page.pair(&what, &format!("{} → {}", Line(&difference.old), Line(&difference.new)))?;
    }
    page.line("")
}

fn name(finding: &FindingChange<'_>) -> String {
    let version = |side: &Option<super::Stood<'_>>| side.as_ref().and_then(|s| s.version).map(|v| Line(v).to_string());
    let version = match (version(&finding.old), version(&finding.new)) {
        (Some(old), Some(new)) if old != new => format!(" {old} → {new}"),
        (Some(old), None) if finding.new.is_some() => format!(" {old} → no version"),
        (old, new) => new.or(old).map_or(String::new(), |v| format!(" {v}")),
    };
    format!("{}{version}", Line(finding.component.label()))
}

/// The level, or that it was set aside; and whether it is waived.
pub fn level(finding: &FindingChange<'_>) -> String {
    let word = |side: &Option<super::Stood<'_>>| {
        side.as_ref().map(|s| if s.set_aside.is_some() { "set aside" } else { s.level.id() })
    };
    let level = match (word(&finding.old), word(&finding.new)) {
        (Some(old), Some(new)) if old != new => format!("{old} → {new}"),
        (old, new) => new.or(old).unwrap_or_default().to_owned(),
    };
    format!("{level}{}", if finding.finding.waiver.is_some() { " (waived)" } else { "" })
}

/// The file and line, in NEW or in OLD.
fn at(diff: &Diff<'_>, finding: &FindingChange<'_>, new: bool, line: u64) -> String {
    format!("{}:{line}", Line(path(diff, finding, new)))
}

fn path<'d>(diff: &'d Diff<'_>, finding: &FindingChange<'_>, new: bool) -> &'d str {
    let input = diff.inputs.get(finding.input);
    input.and_then(|i| if new { i.new.as_ref() } else { i.old.as_ref() }).map_or("", |seen| seen.path)
}

fn one(page: &mut Page<'_>, diff: &Diff<'_>, change: &FindingChange<'_>) -> io::Result<()> {
    let finding = change.finding;
    let word = change.change.id().replace('-', " ").to_uppercase();
    page.styled(style(Some(finding.level)), &word, &format!("  {}: {}", level(change), name(change)))?;
    page.pair("what", &words::what(finding))?;
    if let Some(waiver) = &finding.waiver {
        page.pair("waived", &decided::waived(waiver))?;
    }
    if let Some(doubt) = &change.doubt {
        page.pair("but", &Line(doubt).to_string())?;
    }
    let new = change.new.is_some();
    let location = &finding.location;
    let place = format!("{}:{}:{}", Line(path(diff, change, new)), location.line, location.column);
    let side = if new { "" } else { "in OLD: " };
    page.pair("where", &format!("{side}{place} ({})", Line(&location.pointer)))?;
    if let Some(aside) = change.new.as_ref().and_then(|new| new.set_aside.as_ref()) {
        page.pair("set aside", &format!("{} [rule {}]", aside.why, aside.by))?;
    }
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => {
            let what = change.changed.iter().map(|w| w.replace('_', " ")).collect::<Vec<_>>().join(", ");
            page.pair("different", &what)?;
            let class = |c: Option<&str>| c.unwrap_or("not known").to_owned();
            for (label, old, new) in [
                ("relation", old.relation.to_owned(), new.relation.to_owned()),
                ("class", class(old.class), class(new.class)),
                ("strength", old.strength.id().to_owned(), new.strength.id().to_owned()),
            ] {
                if old != new {
                    page.pair(label, &format!("{} → {}", Line(&old), Line(&new)))?;
                }
            }
            for evidence in &change.evidence_came {
                page.evidence("+ evidence", path(diff, change, true), evidence, true)?;
            }
            for evidence in &change.evidence_went {
                page.evidence("- evidence", path(diff, change, false), evidence, true)?;
            }
            for clause in &change.clauses {
                let level = |level: Option<Level>| level.map_or("not asked", |l| l.id());
                let (old, new) = (level(clause.old), level(clause.new));
                page.pair("clause", &format!("{} · {}: {old} → {new}", clause.citation, clause.clause))?;
            }
        }
        _ => {
            for (number, evidence) in finding.evidence.iter().enumerate() {
                let label = if number == 0 { "evidence" } else { "" };
                page.evidence(label, path(diff, change, new), evidence, number < 4)?;
            }
            if let Some(assessment) = finding.assessments.first().filter(|_| new) {
                page.pair("clause", &format!("{} · {}", assessment.citation, assessment.clause))?;
                page.pair("", &assessment.because)?;
            }
        }
    }
    page.pair("id", &finding.id)?;
    page.line("")
}

fn questions(page: &mut Page<'_>, diff: &Diff<'_>) -> io::Result<()> {
    let with = |change| diff.questions.iter().filter(|q| q.change == change && q.with_finding).count() as u64;
    let alone: Vec<&QuestionChange<'_>> = diff.questions.iter().filter(|q| !q.with_finding).collect();
    for question in &alone {
        let word = if question.change == Change::Came { "QUESTION CAME" } else { "QUESTION WENT" };
        page.line(&format!("{word}  {}", Line(question.component.label())))?;
        page.pair("ask", question.ask)?;
        page.pair("because", &Line(&question.because).to_string())?;
        page.line("")?;
    }
    for (change, verb) in [(Change::Came, "came"), (Change::Went, "went")] {
        if with(change) > 0 {
            page.line(&format!(
                "{} {verb} with findings; --format json lists them",
                counted(with(change), "question")
            ))?;
        }
    }
    if diff.questions.len() > alone.len() { page.line("") } else { Ok(()) }
}

/// What is told of inputs: those that came or went, and those of which another thing can be seen.
fn inputs(page: &mut Page<'_>, diff: &Diff<'_>) -> io::Result<()> {
    let mut any = false;
    for input in diff.inputs.iter().filter(|i| i.change != Change::Unchanged || i.new.as_ref().is_some_and(hidden)) {
        any = true;
        let path = Line(input.new.as_ref().or(input.old.as_ref()).map_or("", |s| s.path)).to_string();
        let word = if input.worse { "changed for the worse" } else { input.change.id() };
        page.styled(if input.worse { BOLD } else { anstyle::Style::new() }, "input", &format!("  {path}: {word}"))?;
        for text in sentences(input) {
            page.pair("", &text)?;
        }
    }
    if any { page.line("") } else { Ok(()) }
}

fn hidden(seen: &Seen<'_>) -> bool {
    seen.status != crate::report::Status::Read || seen.components == 0
}

/// What is different about an input, in sentences.
pub fn sentences(input: &InputChange<'_>) -> Vec<String> {
    let mut all = Vec::new();
    let grade = |seen: &Seen<'_>| seen.disclosure.map_or("none", |d| d.id());
    if let (Some(old), Some(new)) = (&input.old, &input.new) {
        if old.path != new.path {
            all.push(format!("was {}", old.path));
        }
        let product = |seen: &Seen<'_>| {
            let words = seen.product.map(|p| [p.supplier.as_deref(), p.name.as_deref(), p.version.as_deref()]);
            words.map_or(String::new(), |w| w.into_iter().flatten().collect::<Vec<_>>().join(" "))
        };
        for (label, old, new) in [
            ("product", product(old), product(new)),
            ("read", old.status.id().to_owned(), new.status.id().to_owned()),
            ("disclosure", grade(old).to_owned(), grade(new).to_owned()),
            ("components", old.components.to_string(), new.components.to_string()),
        ] {
            if old != new {
                all.push(format!("{label}: {old} → {new}"));
            }
        }
    }
    if input.new.is_none() {
        all.push("It is not among the new inputs: nothing can be said about what stood in it.".to_owned());
    }
    if let Some(doubt) = input.new.as_ref().and_then(|new| new.doubt.as_ref()) {
        all.push(doubt.clone());
    }
    all
}

/// The counts on one line.
pub fn counts(diff: &Diff<'_>) -> String {
    let s = &diff.summary;
    format!(
        "{} came, {} rose, {} out of sight, {} changed, {} fell, {} went, {} unchanged; inputs: {} came, {} went, {} \
         changed, {} unchanged; questions: {} came, {} went",
        s.came,
        s.risen,
        s.out_of_sight,
        s.changed,
        s.fallen,
        s.went,
        s.unchanged,
        s.inputs_came,
        s.inputs_went,
        s.inputs_changed,
        s.inputs_unchanged,
        s.questions_came,
        s.questions_went
    )
}

/// What the exit status says, in a sentence.
pub fn verdict(diff: &Diff<'_>) -> String {
    let s = &diff.summary;
    let fail_on = s.fail_on.id();
    let incomplete = "NEW was not read whole, or lacks an input of OLD";
    match s.exit_status {
        1 if s.incomplete => {
            let found = counted(s.worse as u64, "finding");
            format!("worse: {found} came or rose at or above {fail_on}; {incomplete}, so there may be more")
        }
        1 => format!("worse: {} came or rose at or above {fail_on}", counted(s.worse as u64, "finding")),
        3 => format!("not comparable: nothing came or rose at or above {fail_on}, but {incomplete} (exit status 3)"),
        _ if s.incomplete => format!("incomplete, and allowed to be: {incomplete}"),
        _ => format!("no worse: nothing came or rose at or above {fail_on}"),
    }
}

/// How a report was made, on one line.
pub fn making(made: &super::Made<'_>) -> String {
    let how = if made.scanned { "scanned now" } else { "a report" };
    format!(
        "{}: {how}, {}, {} in part, {} unread, {}, highest level {}; role {}, market {}, as of {}, rules {}",
        made.name,
        counted(made.inputs as u64, "input"),
        made.partial,
        made.unread,
        counted(made.findings as u64, "finding"),
        words::level_word(made.level),
        made.context.role,
        made.context.markets.join(", "),
        made.context.as_of,
        made.rules.version
    )
}

/// What a reader must know of OLD; `None` when it was read whole.
pub fn old_doubt(diff: &Diff<'_>) -> Option<&'static str> {
    let old = &diff.old;
    (old.partial + old.unread > 0).then_some("OLD was not read whole: what came may have been there before, unseen.")
}

fn summary(page: &mut Page<'_>, diff: &Diff<'_>) -> io::Result<()> {
    let verdict = verdict(diff);
    let (word, rest) = verdict.split_once(':').unwrap_or((&verdict, ""));
    let worst = match diff.summary.exit_status {
        0 => None,
        _ => diff.findings.first().map(|f| f.finding.level).or(Some(Level::Review)),
    };
    page.styled(worst.map_or(BOLD, |level| style(Some(level))), word, &format!(":{rest}"))?;
    page.line(&counts(diff))?;
    for (side, made) in [("old", &diff.old), ("new", &diff.new)] {
        for line in textwrap::wrap(&format!("{side}  {}", Line(&making(made))), WIDTH) {
            page.line(&line)?;
        }
    }
    if let Some(doubt) = old_doubt(diff) {
        page.styled(BOLD, doubt, "")?;
    }
    for line in textwrap::wrap(diff.disclaimer, WIDTH) {
        page.line(&line)?;
    }
    Ok(())
}
