//! The report for people: what, where, why, which clause, since when, and what to ask.

use super::escape::{Line, Whole};
use crate::report::{Assessment, Finding, Input, LocatedProblem, Report, Status};
use crate::rules::format::{Level, Strength};
use std::collections::BTreeSet;
use std::io::{self, Write};

const WIDTH: usize = 100;

/// How many problems of one input are shown; the JSON report has all.
const PROBLEMS: usize = 5;

/// Writes the report.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { out };
    for finding in &report.findings {
        finding_block(&mut page, report, finding)?;
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
    asked(&mut page, report)?;
    inputs(&mut page, report)?;
    notes(&mut page, report)?;
    summary(&mut page, report)
}

struct Page<'o> {
    out: &'o mut dyn Write,
}

impl Page<'_> {
    fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", Whole(text.trim_end()))
    }

    /// A label and a text, wrapped under itself.
    fn pair(&mut self, label: &str, text: &str) -> io::Result<()> {
        let first = format!("  {label:<10} ");
        let options = textwrap::Options::new(WIDTH)
            .initial_indent(&first)
            .subsequent_indent("             ")
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in textwrap::wrap(text.trim(), options) {
            self.line(&line)?;
        }
        Ok(())
    }
}

fn location(report: &Report, finding: &Finding) -> String {
    let path = report.inputs.get(finding.input).map_or("", |i| i.path.as_str());
    format!("{}:{}:{}", Line(path), finding.location.start.line, finding.location.start.column)
}

fn finding_block(page: &mut Page<'_>, report: &Report, finding: &Finding) -> io::Result<()> {
    let version = finding.component.version.as_deref().unwrap_or_default();
    page.line(&format!(
        "{}  {} {}",
        finding.level.id().to_uppercase(),
        Line(finding.component.label()),
        Line(version)
    ))?;
    let class = finding.class_title.as_deref().unwrap_or("class of software not known");
    let relation = match finding.relation {
        "supplied-by" => "supplied by",
        "licensed-from" => "licensed from",
        "embeds" if finding.open.is_some() => "from",
        "embeds" => "holds parts of",
        "derived-from" => "derived from",
        "integrates-with" => "can call software of",
        other => other,
    };
    // A headline says no more than is known.
    let may = match (finding.relation, &finding.open, finding.strength) {
        ("integrates-with", ..) => "",
        (_, Some(_), _) => "not known for this copy: may be or hold something that is ",
        (_, None, Strength::Weak | Strength::Context) => "a similar or ambiguous name: may be ",
        _ => "",
    };
    let class = if finding.relation == "integrates-with" { "holds none of it" } else { class };
    let what = format!("{may}{relation} {} — {class} — {} evidence", finding.organization, finding.strength.id());
    page.pair("what", &what)?;
    page.pair("do", advice(finding.level))?;
    page.pair("where", &format!("{} ({})", location(report, finding), Line(&finding.location.pointer)))?;
    for path in &finding.paths {
        let steps: Vec<String> = path.iter().map(|s| Line(&s.label).to_string()).collect();
        if steps.len() > 1 {
            page.pair("path", &steps.join(" > "))?;
        }
    }
    let file = report.inputs.get(finding.input).map_or("", |i| i.path.as_str());
    for (number, evidence) in finding.evidence.iter().enumerate() {
        let at = evidence.location.start;
        let draft = if evidence.draft { ", DRAFT" } else { "" };
        page.pair(
            if number == 0 { "evidence" } else { "" },
            &format!(
                "{} \"{}\" at {}:{}:{} [rule {}, {}{draft}]",
                evidence.kind,
                Line(&evidence.found),
                Line(file),
                at.line,
                at.column,
                evidence.rule,
                evidence.strength.id(),
            ),
        )?;
    }
    assessments(page, finding)?;
    let sources: BTreeSet<&str> = finding.evidence.iter().flat_map(|e| &e.sources).map(String::as_str).collect();
    for (number, source) in sources.iter().take(3).enumerate() {
        page.pair(if number == 0 { "proof" } else { "" }, source)?;
    }
    if let Some((by, why)) = &finding.narrowed {
        page.pair("but", &format!("{why} [rule {by}]"))?;
    }
    page.pair("id", &finding.id)?;
    page.line("")
}

/// What a reader can do about a finding of this level. Never a verdict, and the same for every role.
fn advice(level: Level) -> &'static str {
    match level {
        Level::Prohibited | Level::LikelyProhibited => {
            "Hold this until the questions below are settled, or replace the component; keep the answers on file."
        }
        Level::Review => "Ask the questions below, the supplier first, before deciding.",
        Level::ExemptCandidate => "Confirm that the exclusion fits, and look at other regimes that may apply.",
        Level::Advisory | Level::NoEvidence => {
            "For information; look at the questions below before a new purchase or a renewal."
        }
    }
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
        page.pair("", &format!("({} more questions with --format json)", questions.len() - QUESTIONS))?;
    }
    Ok(())
}

/// Engines of which nobody says who made them.
fn asked(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    for question in &report.questions {
        let Some(arose) = &question.arose else { continue };
        let path = report.inputs.get(question.input).map_or("", |i| i.path.as_str());
        let at = arose.location.start;
        page.line(&format!("QUESTION  {}", Line(arose.component.label())))?;
        page.pair("ask", &question.ask)?;
        page.pair("because", &format!("{}", Line(&question.because)))?;
        page.pair("found", &format!("\"{}\" at {}:{}:{}", Line(&arose.found), Line(path), at.line, at.column))?;
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

fn inputs(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let several = report.inputs.len() > 1;
    for input in &report.inputs {
        // With many inputs only those with something to say get a line of their own.
        let quiet =
            several && input.status == Status::Read && input.components > 0 && input.level == Some(Level::NoEvidence);
        if quiet && !input.inconclusive() {
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
        input.format.unwrap_or_default(),
        input.serialization.unwrap_or_default(),
        Line(input.spec_version.as_deref().unwrap_or_default())
    );
    let level = input.level.map_or("", |l| l.id());
    page.line(&format!(
        "{}  {}: {format}, {} components, {level}, disclosure {}",
        input.status.id(),
        Line(&input.path),
        input.components,
        disclosure.grade().id()
    ))?;
    if !several {
        if let Some(name) = &input.product.name {
            let version = input.product.version.as_deref().unwrap_or_default();
            let supplier = input.product.supplier.as_deref().map_or(String::new(), |s| format!(", {}", Line(s)));
            page.pair("product", &format!("{} {}{supplier}", Line(name), Line(version)))?;
        }
        let share = |n| disclosure.percent(n);
        page.pair(
            "discloses",
            &format!(
                "of {} components, {}% say who made them, {}% have an identifier, {}% a version, {}% a digest; \
                 {} relations",
                disclosure.components,
                share(disclosure.with_supplier),
                share(disclosure.with_identifier),
                share(disclosure.with_version),
                share(disclosure.with_hash),
                disclosure.relations
            ),
        )?;
    }
    if input.inconclusive() {
        page.pair(
            "",
            "Nothing was found, but this SBOM discloses too little to tell: an embedded engine could be here unseen.",
        )?;
    }
    let shown = if several { 1 } else { PROBLEMS };
    for located in input.problems.iter().filter(|p| !several || p.problem.hides_components).take(shown) {
        page.pair("problem", &problem(located))?;
    }
    let more = (input.problems.len() as u64 + input.more_problems).saturating_sub(shown as u64);
    if more > 0 && !several {
        page.pair("", &format!("and {more} more problems; --format json lists them"))?;
    }
    page.line("")
}

fn problem(located: &LocatedProblem) -> String {
    let problem = &located.problem;
    let place = located.position.map_or(String::new(), |p| format!("line {}, column {}: ", p.line, p.column));
    let hides = if problem.hides_components && located.position.is_some() { " (components may be hidden)" } else { "" };
    format!("{place}{}{hides} [{}]", Line(&problem.message), problem.code.id())
}

/// `1 finding`, `2 findings`.
fn counted(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn summary(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let components: u64 = report.inputs.iter().map(|i| i.components).sum();
    let level = report.level().map_or("nothing was read", |l| l.id());
    page.line(&format!(
        "{level}: {}, {} set aside; {} read, {} in part, {} unread, {} skipped; {}",
        counted(report.findings.len() as u64, "finding"),
        report.set_aside.len(),
        counted(report.count(Status::Read) as u64, "input"),
        report.count(Status::Partial),
        report.count(Status::Unread),
        counted(report.skipped, "other file"),
        counted(components, "component"),
    ))?;
    let context = &report.context;
    let mut stated: Vec<&str> = context.act.iter().map(String::as_str).collect();
    stated.extend(context.facts.iter().map(String::as_str));
    let stated = if stated.is_empty() { String::new() } else { format!(", stating {}", stated.join(", ")) };
    let assumed = if context.assumed.is_empty() {
        String::new()
    } else {
        format!(" (assumed, not stated: {})", context.assumed.join(", "))
    };
    page.line(&format!(
        "for role {} in market {} as of {}{stated}{assumed}; {} rules, version {}, checked {}",
        context.role,
        context.markets.join(", "),
        context.as_of,
        report.rules.count,
        report.rules.version,
        report.rules.updated
    ))?;
    if !report.rules.replaced.is_empty() {
        page.line(&format!("built-in rules replaced by other rules: {}", report.rules.replaced.join(", ")))?;
    }
    if report.findings.is_empty() && report.count(Status::Unread) < report.inputs.len() {
        page.line("No evidence was found in what was read. An SBOM can omit embedded engines.")?;
    }
    if report.incomplete() && report.exit_status() == 1 {
        page.line("Incomplete as well: an input was unread, partly read or without components, so there may be more.")?;
    }
    match report.exit_status() {
        3 => page.line(
            "Incomplete: an input was unread, partly read or without components, so this is no all-clear (exit status 3).",
        )?,
        0 if report.incomplete() => page.line("Incomplete, and allowed to be by --allow-incomplete.")?,
        _ => {}
    }
    for line in textwrap::wrap(&report.disclaimer, WIDTH) {
        page.line(&line)?;
    }
    Ok(())
}
