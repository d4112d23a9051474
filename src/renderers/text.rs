//! The report for people: what, where, why, which clause, since when, and what to ask.

use super::decided;
use super::escape::{Line, shown};
use super::words::{self, counted};
use crate::report::{Assessment, Evidence, Excerpt, Finding, Input, Location, Problem, Report, Status};
use crate::rules::format::Level;
use anstyle::{AnsiColor, Style};
use std::collections::BTreeSet;
use std::io::{self, Write};

const WIDTH: usize = 100;

/// How many characters a text has at most, whoever wrote it.
const MOST: usize = 8_000;

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
    write(report, &mut Page { out, colored: false })
}

/// Writes the report with colors for a terminal.
pub fn colored(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write(report, &mut Page { out, colored: true })
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

struct Page<'o> {
    out: &'o mut dyn Write,
    colored: bool,
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

fn style(level: Option<Level>) -> Style {
    let color = match level {
        None | Some(Level::Prohibited | Level::LikelyProhibited) => AnsiColor::Red,
        Some(Level::Review) => AnsiColor::Yellow,
        Some(Level::ExemptCandidate | Level::Advisory) => AnsiColor::Cyan,
        Some(Level::NoEvidence) => return Style::new(),
    };
    color.on_default().bold()
}

impl Page<'_> {
    /// One line, through the gate whatever is in it.
    fn line(&mut self, text: &str) -> io::Result<()> {
        self.styled(Style::new(), text, "")
    }

    /// A line whose beginning has a style.
    fn styled(&mut self, style: Style, begins: &str, text: &str) -> io::Result<()> {
        let (begins, text) = (shown(begins, MOST), shown(text.trim_end(), MOST));
        let begins = if text.is_empty() { begins.trim_end() } else { &begins };
        match self.colored && style != Style::new() && !begins.trim().is_empty() {
            true => writeln!(self.out, "{style}{begins}{style:#}{text}"),
            false => writeln!(self.out, "{begins}{text}"),
        }
    }

    /// A label and a text, wrapped under itself.
    fn pair(&mut self, label: &str, text: &str) -> io::Result<()> {
        let first = format!("  {label:<10} ");
        let text = shown(text.trim(), MOST);
        let options = textwrap::Options::new(WIDTH)
            .initial_indent(&first)
            .subsequent_indent("             ")
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in textwrap::wrap(&text, options) {
            match line.strip_prefix(first.as_str()) {
                Some(rest) => self.styled(DIM, &first, rest)?,
                None => self.line(&line)?,
            }
        }
        Ok(())
    }

    /// The line something stands in, with what is meant underlined.
    fn excerpt(&mut self, excerpt: &Excerpt, at: &Location) -> io::Result<()> {
        let before = usize::try_from(excerpt.before).unwrap_or(usize::MAX);
        let length = match at.end() {
            (line, end) if line == at.line => usize::try_from(end.saturating_sub(at.column)).unwrap_or(usize::MAX),
            _ => usize::MAX,
        };
        // Parts are escaped apart, so that the underline has the width of what is shown. A tab is a blank here.
        // A report that is read back may hold a longer text than is ever written.
        let text: Vec<char> = excerpt.text.chars().take(200).map(|c| if c == '\t' { ' ' } else { c }).collect();
        let part = |skip: usize, take: usize| -> String {
            let text: String = text.iter().skip(skip).take(take).collect();
            shown(&text, usize::MAX).into_owned()
        };
        let (head, mut meant, mut tail) =
            (part(0, before), part(before, length), part(before.saturating_add(length), usize::MAX));
        let mut head = head.trim_start().to_owned();
        if excerpt.cut_before {
            head.insert(0, '…');
        }
        let width = textwrap::core::display_width;
        let number = at.line.to_string();
        // What is meant comes first; what stands around it takes what room is left.
        let room = WIDTH.saturating_sub(13 + number.len() + 4);
        while width(&head) > room / 3 {
            head = format!("…{}", head.chars().skip(3).collect::<String>());
        }
        let mut cut = excerpt.cut_after;
        if shorten(&mut meant, room.saturating_sub(width(&head))) {
            cut = true;
            tail.clear();
        }
        cut |= shorten(&mut tail, room.saturating_sub(width(&head) + width(&meant)));
        let end = if cut { "…" } else { "" };
        let shown = format!("{head}{meant}{tail}{end}");
        self.styled(DIM, &format!("             {number} | "), &shown)?;
        let blank = " ".repeat(number.len());
        let under = format!("{}{}", " ".repeat(width(&head)), "^".repeat(width(&meant).max(1)));
        self.styled(DIM, &format!("             {blank} | "), &under)
    }
}

/// What a buyer looks at first: one line for each product of each supplier.
fn table(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let rows = words::rows(report);
    let supplier = |row: &words::Row<'_>| match row.supplier {
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
        let (supplier, product) = (fit(&supplier(row), 22), fit(&row.product, 28));
        let rest = format!("{supplier} {product} {:>8}  {:<10} {:>9}", row.findings, row.disclosure, row.questions);
        page.styled(style(row.level), &level, &rest)?;
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

/// Takes characters from the end until the text fits; whether any had to go.
fn shorten(text: &mut String, columns: usize) -> bool {
    let mut cut = false;
    while textwrap::core::display_width(text) > columns && text.pop().is_some() {
        cut = true;
    }
    cut
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
        evidence_lines(page, file, number, evidence)?;
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

fn evidence_lines(page: &mut Page<'_>, file: &str, number: usize, evidence: &Evidence) -> io::Result<()> {
    let at = &evidence.location;
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
    match &evidence.excerpt {
        Some(excerpt) if number < EXCERPTS => page.excerpt(excerpt, at),
        _ => Ok(()),
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
        "{}  {}: {format}, {} components, {level}, disclosure {}",
        input.status.id(),
        Line(&input.path),
        input.components,
        disclosure.grade.id()
    ))?;
    if !several {
        let product = input.product.as_ref();
        if let Some((product, name)) = product.and_then(|p| Some((p, p.name.as_ref()?))) {
            let version = product.version.as_deref().unwrap_or_default();
            let supplier = product.supplier.as_deref().map_or(String::new(), |s| format!(", {}", Line(s)));
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
        page.pair("", &format!("and {more} more problems; --format json lists them"))?;
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
