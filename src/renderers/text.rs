//! The report for people: what, where, why, which clause, since when, and what to ask.

use super::decided;
use super::escape::Line;
use super::page::{BOLD, DIM, Page, WIDTH, style};
use super::products::{self, Row, Suppliers};
use super::words::{self, counted};
use crate::report::{Assessment, Finding, Input, Problem, Report, Status};
use crate::rules::format::Level;
use anstyle::Style;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// How many problems of one input are shown; the JSON report has all.
const PROBLEMS: usize = 5;

/// How many pieces of evidence of one finding are shown with the line they stand in.
const EXCERPTS: usize = 4;

/// How many findings of the baseline that are not here are named; the JSON report has all.
const GONE: usize = 20;

/// How many rows the table at the top has at most, so that it fits a screen.
const ROWS: usize = 30;

/// Writes the report.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write(report, &mut Page::new(out, false))
}

/// Writes the report with colors for a terminal.
pub fn colored(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write(report, &mut Page::new(out, true))
}

fn write(report: &Report, page: &mut Page<'_>) -> io::Result<()> {
    if report.inputs.len() >= words::MANY {
        table(page, report)?;
    }
    for finding in &report.findings {
        finding_block(page, report, finding)?;
    }
    for aside in &report.set_aside {
        let finding = &aside.finding;
        let place = location(report, finding);
        page.line(&format!("set aside  {}  {place}", Line(finding.component.label())))?;
        page.pair("why", &format!("{} [rule {}]", aside.why, aside.by))?;
        for evidence in &finding.evidence {
            page.pair("found", &format!("{} \"{}\"", evidence.kind, Line(&evidence.found)))?;
        }
        page.line("")?;
    }
    asked(page, report)?;
    inputs(page, report)?;
    notes(page, report)?;
    decisions(page, report)?;
    summary(page, report)
}

/// What a buyer looks at first: one line for each product of each supplier.
fn table(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let suppliers = Suppliers::new(report);
    let rows = products::rows(report, &suppliers);
    let supplier = |row: &Row<'_>| match suppliers.name(row.supplier) {
        "" => "(not stated)".to_owned(),
        supplier => supplier.to_owned(),
    };
    page.styled(
        BOLD,
        &format!(
            "{:<17} {:<22} {:<28} {:>8}  {:<10} {:>9}",
            "LEVEL", "SUPPLIER", "PRODUCT", "FINDINGS", "DISCLOSURE", "QUESTIONS"
        ),
        "",
    )?;
    for row in rows.iter().take(ROWS) {
        let level = format!("{:<17} ", row.word());
        let (supplier, product) = (fit(&supplier(row), 22), fit(&row.name(report), 28));
        let rest = format!("{supplier} {product} {:>8}  {:<10} {:>9}", row.findings, row.disclosure(), row.questions);
        page.styled(style(row.level()), &level, &rest)?;
    }
    if rows.len() > ROWS {
        let rest = rows.get(ROWS..).unwrap_or_default();
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for row in rest {
            let word = row.word();
            match counts.iter_mut().find(|(known, _)| *known == word) {
                Some((_, count)) => *count += 1,
                None => counts.push((word, 1)),
            }
        }
        let counts: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
        page.line(&format!(
            "and {}: {}; --format csv lists all",
            counted(rest.len() as u64, "more product"),
            counts.join(", ")
        ))?;
    }
    page.line("")
}

/// A text in so many columns: a path keeps its end, anything else beginning and end.
fn fit(text: &str, columns: usize) -> String {
    let width = textwrap::core::display_width;
    let text = Line(text).to_string();
    let mut kept: Vec<char> = text.chars().collect();
    let place = |length: usize| if text.contains('/') { 0 } else { length / 2 };
    let mut cut = false;
    while width(&kept.iter().collect::<String>()) + usize::from(cut) > columns {
        kept.remove(place(kept.len()));
        cut = true;
    }
    if cut {
        kept.insert(place(kept.len()), '…');
    }
    let kept: String = kept.into_iter().collect();
    let blank = columns.saturating_sub(width(&kept));
    format!("{kept}{}", " ".repeat(blank))
}

fn location(report: &Report, finding: &Finding) -> String {
    let path = report.inputs.get(finding.input).map_or("", |i| i.path.as_str());
    format!("{}:{}:{}", Line(path), finding.location.line, finding.location.column)
}

fn finding_block(page: &mut Page<'_>, report: &Report, finding: &Finding) -> io::Result<()> {
    let version = finding.component.version.as_deref().unwrap_or_default();
    page.styled(
        if finding.counts() { style(Some(finding.level)) } else { DIM },
        &finding.level.id().to_uppercase(),
        &format!("{}  {} {}", decided::bracketed(finding), Line(finding.component.label()), Line(version)),
    )?;
    if let Some(waiver) = &finding.waiver {
        page.pair("waived", &decided::waived(waiver))?;
    }
    if let Some(since) = decided::since(finding) {
        page.pair("baseline", since)?;
    }
    page.pair("what", &words::what(finding))?;
    page.pair("do", words::advice(finding.level))?;
    page.pair("where", &format!("{} ({})", location(report, finding), Line(&finding.location.pointer)))?;
    for path in finding.ways() {
        let steps: Vec<String> = path.iter().map(|s| Line(s).to_string()).collect();
        if steps.len() > 1 {
            page.pair("path", &steps.join(" > "))?;
        }
    }
    let file = report.inputs.get(finding.input).map_or("", |i| i.path.as_str());
    for (number, evidence) in finding.evidence.iter().enumerate() {
        page.evidence(if number == 0 { "evidence" } else { "" }, file, evidence, number < EXCERPTS)?;
    }
    assessments(page, finding)?;
    let sources: BTreeSet<&str> = finding.evidence.iter().flat_map(|e| &e.sources).map(String::as_str).collect();
    for (number, source) in sources.iter().take(3).enumerate() {
        page.pair(if number == 0 { "proof" } else { "" }, source)?;
    }
    if let Some(narrowed) = &finding.narrowed {
        page.pair("but", &format!("{} [rule {}]", narrowed.why, narrowed.by))?;
    }
    page.pair("id", &finding.id)?;
    page.line("")
}

/// How many questions of one finding are shown; the JSON report has all.
const QUESTIONS: usize = 5;

/// The clauses that give the finding its level in full, the others by name.
fn assessments(page: &mut Page<'_>, finding: &Finding) -> io::Result<()> {
    let (mut first, mut rest): (Vec<_>, Vec<_>) = finding.assessments.iter().partition(|a| a.level == finding.level);
    // What asks or informs is told once in full.
    if finding.level <= Level::Review && first.len() > 1 {
        rest = first.split_off(1).into_iter().chain(rest).collect();
    }
    for assessment in &first {
        let (citation, clause, since) = (&assessment.citation, &assessment.clause, &assessment.since_words);
        page.pair("clause", &format!("{citation} · {clause} · since {since} ({})", assessment.since))?;
        page.pair("", assessment.because.trim())?;
        if let Some(duty) = &assessment.duty {
            page.pair("report", duty)?;
        }
        if let Some(uncertain) = &assessment.uncertain {
            page.pair("", &format!("Not certain: {}", uncertain.trim()))?;
        }
    }
    if !rest.is_empty() {
        // Of one regime the clauses, of others the regime too.
        let shown: BTreeSet<&str> = first.iter().map(|a| a.regime.as_str()).collect();
        let other = |a: &&&Assessment| match shown.contains(a.regime.as_str()) {
            true => format!("{} ({})", a.clause, a.level.id()),
            false => format!("{} {} ({})", a.regime, a.clause, a.level.id()),
        };
        let others: Vec<String> = rest.iter().map(|a| other(&a)).collect();
        page.pair("also", &format!("other clauses that speak to this role: {}", others.join(", ")))?;
    }
    let mut seen = BTreeSet::new();
    let all = first.iter().chain(&rest).flat_map(|a| &a.questions);
    let questions: Vec<&String> = all.filter(|q| seen.insert(q.as_str())).collect();
    for (number, question) in questions.iter().take(QUESTIONS).enumerate() {
        page.pair(if number == 0 { "ask" } else { "" }, question)?;
    }
    if questions.len() > QUESTIONS {
        let more = counted((questions.len() - QUESTIONS) as u64, "more question");
        page.pair("", &format!("({more} with --format json)"))?;
    }
    Ok(())
}

/// Engines of which nobody says who made them.
fn asked(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    for question in &report.questions {
        let Some(arose) = &question.arose else { continue };
        let path = report.inputs.get(question.input).map_or("", |i| i.path.as_str());
        let at = &arose.location;
        page.line(&format!("QUESTION  {}", Line(arose.component.label())))?;
        page.pair("ask", &question.ask)?;
        page.pair("because", &format!("{}", Line(&question.because)))?;
        page.pair("found", &format!("\"{}\" at {}:{}:{}", Line(&arose.found), Line(path), at.line, at.column))?;
        if let Some(excerpt) = &arose.excerpt {
            page.excerpt(excerpt, at)?;
        }
        page.line("")?;
    }
    Ok(())
}

/// What the caller should know beside the findings, by title; the JSON report has the whole.
fn notes(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    for note in &report.notes {
        page.line(&format!("note  {}: see `unlabel explain {}`", note.title, note.id))?;
    }
    if report.notes.is_empty() { Ok(()) } else { page.line("") }
}

/// What there is to tell of waivers and of the baseline.
fn decisions(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let remarks = decided::remarks(report);
    for remark in &remarks {
        let style = if remark.grave { BOLD } else { Style::new() };
        page.styled(style, "waiver", &format!("  {}", remark.text))?;
    }
    let Some(baseline) = &report.baseline else {
        return if remarks.is_empty() { Ok(()) } else { page.line("") };
    };
    for said in decided::baseline(baseline) {
        page.line(&format!("baseline  {said}"))?;
    }
    for gone in baseline.gone.iter().take(GONE) {
        page.line(&format!("baseline  {}", decided::gone(gone)))?;
    }
    if baseline.gone.len() > GONE {
        page.line(&format!("baseline  and {} more; --format json lists all", baseline.gone.len() - GONE))?;
    }
    page.line("")
}

fn inputs(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let several = report.inputs.len() > 1;
    for input in &report.inputs {
        // With many inputs only those with something to say get a line of their own.
        let quiet =
            several && input.status == Status::Read && input.components > 0 && input.level == Some(Level::NoEvidence);
        if quiet && !input.inconclusive {
            continue;
        }
        input_block(page, input, several)?;
    }
    Ok(())
}

fn input_block(page: &mut Page<'_>, input: &Input, several: bool) -> io::Result<()> {
    if input.status == Status::Unread {
        let why = input.problems.first().map_or(String::new(), problem);
        return page.line(&format!("unread  {}: {why}", Line(&input.path)));
    }
    let Some(disclosure) = input.disclosure else { return Ok(()) };
    let format = format!(
        "{} {} {}",
        input.format.as_deref().unwrap_or_default(),
        input.serialization.as_deref().unwrap_or_default(),
        Line(input.spec_version.as_deref().unwrap_or_default())
    );
    let level = input.level.map_or("", |l| l.id());
    page.line(&format!(
        "{}  {}: {format}, {}, {level}, disclosure {}",
        input.status.id(),
        Line(&input.path),
        counted(input.components, "component"),
        disclosure.grade.id()
    ))?;
    if !several {
        let product = input.product.as_ref();
        if let Some((product, name)) = product.and_then(|p| Some((p, p.name.as_ref()?))) {
            let version = product.version.as_deref().unwrap_or_default();
            let supplier = product.supplier.as_deref().map_or(String::new(), |s| format!(", {}", Line(s)));
            page.pair("product", &format!("{} {}{supplier}", Line(name), Line(version)))?;
        }
        page.pair("discloses", &words::discloses(input).unwrap_or_default())?;
    }
    if input.inconclusive {
        page.pair(
            "",
            "Nothing was found, but this SBOM discloses too little to tell: an embedded engine could be here unseen.",
        )?;
    }
    let shown = if several { 1 } else { PROBLEMS };
    for located in input.problems.iter().filter(|p| !several || p.hides_components).take(shown) {
        page.pair("problem", &problem(located))?;
    }
    let more = input.more_problems.saturating_add(input.problems.len() as u64).saturating_sub(shown as u64);
    if more > 0 && !several {
        let them = if more == 1 { "it" } else { "them" };
        page.pair("", &format!("and {}; --format json lists {them}", counted(more, "more problem")))?;
    }
    page.line("")
}

fn problem(problem: &Problem) -> String {
    let place = problem.line.zip(problem.column);
    let hides = if problem.hides_components && place.is_some() { " (components may be hidden)" } else { "" };
    let place = place.map_or(String::new(), |(line, column)| format!("line {line}, column {column}: "));
    format!("{place}{}{hides} [{}]", Line(&problem.message), problem.code)
}

fn summary(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let counts = words::summary(report);
    let (level, rest) = counts.split_once(':').unwrap_or(("", &counts));
    page.styled(style(report.level()), level, &format!(":{rest}"))?;
    page.line(&words::standing(report))?;
    for caveat in words::caveats(report) {
        page.styled(BOLD, &caveat, "")?;
    }
    for line in textwrap::wrap(&report.disclaimer, WIDTH) {
        page.line(&line)?;
    }
    Ok(())
}
