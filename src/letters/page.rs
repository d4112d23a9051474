//! The letter itself, as Markdown. Every text of a document stands as code, and every other text goes through the gate too.

use super::{Letter, enough};
use crate::model::disclosure::{Declared, Grade};
use crate::renderers::escape::{code, markdown};
use crate::renderers::words::{self, counted};
use crate::report::{Finding, Input, Report, Status};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// How many findings a letter tells in full.
const FINDINGS: usize = 60;

/// How many pieces of evidence of a finding it tells.
const EVIDENCE: usize = 12;

/// How many inputs it lists one by one.
const INPUTS: usize = 60;

/// Writes a letter. `makers` are those whose software is looked for.
///
/// # Errors
/// When the output cannot be written.
pub fn write(report: &Report, letter: &Letter<'_>, makers: &[&str], out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page(String::new());
    head(&mut page, letter, makers);
    let mut number = 0;
    if !letter.findings.is_empty() {
        found(&mut page, report, letter);
        number = questions(&mut page, letter);
    }
    if !letter.makerless.is_empty() {
        makerless(&mut page, report, letter, number);
    }
    lacks(&mut page, letter);
    send(&mut page, letter);
    foot(&mut page, report);
    out.write_all(page.0.as_bytes())
}

struct Page(String);

impl Page {
    fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    /// A paragraph, with a blank line behind it.
    fn part(&mut self, text: &str) {
        self.line(text);
        self.0.push('\n');
    }

    fn gap(&mut self) {
        self.0.push('\n');
    }
}

fn one_or_many<'w>(number: usize, one: &'w str, many: &'w str) -> &'w str {
    if number == 1 { one } else { many }
}

fn head(page: &mut Page, letter: &Letter<'_>, makers: &[&str]) {
    let whom = match (letter.supplier, letter.product) {
        (Some(supplier), _) => code(supplier),
        (None, Some(product)) => format!("the supplier of {}", code(product)),
        (None, None) => "the supplier".to_owned(),
    };
    page.part(&format!("# Questions to {whom}"));
    page.part(one_or_many(letter.inputs.len(), "About this SBOM of yours:", "About these SBOMs of yours:"));
    for (_, input) in letter.inputs.iter().take(INPUTS) {
        let product = input.product.as_ref();
        let said = |text: Option<&str>| text.map(str::trim).filter(|t| !t.is_empty()).map(code);
        let name = said(product.and_then(|p| p.name.as_deref()));
        let version = said(product.and_then(|p| p.version.as_deref()));
        let what = match (name, version) {
            (Some(name), Some(version)) => format!("{name} {version}, "),
            (Some(name), None) => format!("{name}, "),
            _ => String::new(),
        };
        let digest = input.sha256.as_deref().map_or(String::new(), |sha| format!(", SHA-256 {}", code(sha)));
        page.line(&format!("- {what}{}{digest}", code(&input.path)));
    }
    let more = letter.inputs.len().saturating_sub(INPUTS);
    if more > 0 {
        page.line(&format!("- and {} more", counted(more as u64, "SBOM")));
    }
    page.gap();
    let makers = makers.iter().map(|m| markdown(m)).collect::<Vec<_>>().join(" and ");
    page.part(&format!(
        "We read what you or your partners gave us, to learn whether software of {makers} is in our supply chain under \
         any name. Below is what {} and what {} open. An SBOM can be wrong or incomplete, and a name can mislead, so we ask \
         you rather than conclude. This letter is no legal advice, and no claim about your company or your product.",
        one_or_many(letter.inputs.len(), "the SBOM says", "the SBOMs say"),
        one_or_many(letter.inputs.len(), "it leaves", "they leave"),
    ));
}

fn found(page: &mut Page, report: &Report, letter: &Letter<'_>) {
    page.part("## What we read");
    for (at, finding) in letter.findings.iter().enumerate().take(FINDINGS) {
        one(page, report, at + 1, finding);
    }
    let more = letter.findings.len().saturating_sub(FINDINGS);
    if more > 0 {
        page.part(&format!(
            "{} more like these {} not listed here; we will gladly send you the whole list.",
            more,
            one_or_many(more, "is", "are")
        ));
    }
}

fn one(page: &mut Page, report: &Report, number: usize, finding: &Finding) {
    let path = report.inputs.get(finding.input).map_or("", |i| i.path.as_str());
    page.part(&format!("### {number}. {}", code(&words::titled(finding))));
    page.part(&format!("The SBOM indicates: {}.", markdown(&words::what(finding))));
    let at = |line: u64, column: u64| code(&format!("{path}:{line}:{column}"));
    for evidence in finding.evidence.iter().take(EVIDENCE) {
        let location = &evidence.location;
        let pointer =
            if location.pointer.is_empty() { String::new() } else { format!(", {}", code(&location.pointer)) };
        page.line(&format!(
            "- {}: {} at {}{pointer}",
            markdown(&evidence.kind),
            code(&evidence.found),
            at(location.line, location.column)
        ));
    }
    if finding.evidence.len() > EVIDENCE {
        page.line(&format!("- and {}", counted((finding.evidence.len() - EVIDENCE) as u64, "more place")));
    }
    if let Some(purl) = &finding.component.purl {
        page.line(&format!("- the component's package URL: {}", code(purl)));
    }
    if let Some(way) = finding.ways().first().filter(|way| way.len() > 1) {
        let steps: Vec<String> = way.iter().map(|step| code(step)).collect();
        page.line(&format!("- how the product comes to it: {}", steps.join(" → ")));
    }
    let mut clauses: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for assessment in finding.assessments.iter().filter(|a| a.level == finding.level) {
        clauses.entry(&assessment.citation).or_default().push(&assessment.clause);
    }
    if !clauses.is_empty() {
        let each = |(citation, clauses): (&&str, &Vec<&str>)| {
            let clauses: Vec<String> = clauses.iter().map(|c| markdown(c)).collect();
            format!("{} ({})", markdown(citation), clauses.join(", "))
        };
        let all: Vec<String> = clauses.iter().take(6).map(each).collect();
        page.line(&format!("- why we have to know: {}", all.join("; ")));
    }
    page.gap();
}

/// The questions, numbered through; gives the last number.
fn questions(page: &mut Page, letter: &Letter<'_>) -> usize {
    page.part("## What we ask");
    let mut number = 1;
    page.line(&format!(
        "{number}. {}Is the reading above right? If not: what is the component, who makes it, and what do the words we \
         found stand for?",
        about(&(0..letter.findings.len()).collect::<Vec<_>>(), letter)
    ));
    for (ask, places) in &letter.questions {
        number += 1;
        let ask = ask.split_whitespace().collect::<Vec<_>>().join(" ");
        page.line(&format!("{number}. {}{}", about(places, letter), markdown(&ask)));
    }
    page.gap();
    number
}

/// To which of the findings something belongs.
fn about(places: &[usize], letter: &Letter<'_>) -> String {
    match places {
        [_] if letter.findings.len() == 1 => String::new(),
        [one] => format!("*On {}.* ", one + 1),
        all if all.len() == letter.findings.len() => "*On all.* ".to_owned(),
        some => {
            let numbers: Vec<String> = some.iter().take(20).map(|at| (at + 1).to_string()).collect();
            let more = if some.len() > 20 { " and others" } else { "" };
            format!("*On {}{more}.* ", numbers.join(", "))
        }
    }
}

fn makerless(page: &mut Page, report: &Report, letter: &Letter<'_>, mut number: usize) {
    page.part("## Engines of which the SBOM names no maker");
    for question in letter.makerless.iter().take(FINDINGS) {
        let Some(arose) = &question.arose else { continue };
        number += 1;
        let path = report.inputs.get(question.input).map_or("", |i| i.path.as_str());
        let at = code(&format!("{path}:{}:{}", arose.location.line, arose.location.column));
        page.line(&format!(
            "{number}. {}: {} We read {} at {at}.",
            code(arose.component.label()),
            markdown(&question.ask),
            code(&arose.found)
        ));
    }
    let more = letter.makerless.len().saturating_sub(FINDINGS);
    if more > 0 {
        page.line(&format!("\nand {more} more of the same sort."));
    }
    page.gap();
}

/// What the SBOMs do not tell, each for itself.
fn lacks(page: &mut Page, letter: &Letter<'_>) {
    let short: Vec<&Input> = letter.inputs.iter().map(|(_, i)| *i).filter(|i| !enough(i)).collect();
    if short.is_empty() {
        return;
    }
    page.part("## What we could not see");
    for input in short.iter().take(INPUTS) {
        page.line(&format!("- {}", code(&input.path)));
        for lack in lacking(input) {
            page.line(&format!("  - {}", markdown(&lack)));
        }
    }
    if short.len() > INPUTS {
        page.line(&format!("- and {} more", counted((short.len() - INPUTS) as u64, "SBOM")));
    }
    page.gap();
}

/// What an input does not tell, in sentences.
fn lacking(input: &Input) -> Vec<String> {
    let mut all = Vec::new();
    if input.status == Status::Unread {
        let why = input.problems.first().map_or("it could not be read".to_owned(), |p| match p.line.zip(p.column) {
            Some((line, column)) => format!("line {line}, column {column}: {}", p.message),
            None => p.message.clone(),
        });
        return vec![format!("We could not read it: {why}. Please send it again.")];
    }
    let hiding = || input.problems.iter().filter(|p| p.hides_components);
    for problem in hiding().take(5) {
        let place = problem.line.map_or(String::new(), |line| format!("line {line}: "));
        all.push(format!("We could read it in part only: {place}{}.", problem.message.trim_end_matches('.')));
    }
    let Some(d) = input.disclosure.filter(|_| input.components > 0) else {
        all.push("It lists no component.".to_owned());
        return all;
    };
    if d.components == 0 {
        all.push("It lists no component beside its product.".to_owned());
    } else if d.components == 1 {
        all.push(format!("It lists {}.", counted(d.components, "component")));
    } else {
        let figures = [
            (d.with_supplier, 60, "name who made them"),
            (d.with_identifier, 90, "have an identifier (package URL or CPE)"),
            (d.with_version, 90, "state a version"),
        ];
        for (number, wanted, what) in figures {
            if d.percent(number) < wanted {
                all.push(format!("{number} of {} components {what}.", d.components));
            }
        }
    }
    if d.relations == 0 {
        all.push("It does not say what depends on what, or what stands inside of what.".to_owned());
    }
    match d.declared {
        Declared::Incomplete => all.push("It says of itself that it is incomplete.".to_owned()),
        Declared::Unknown => all.push("It says that its completeness is not known.".to_owned()),
        _ => {}
    }
    if d.external_documents > 0 {
        let documents = counted(d.external_documents, "other document");
        all.push(format!("It refers to {documents}, which we do not have."));
    }
    if all.is_empty() && d.grade == Grade::Thin {
        all.push("It discloses too little for us to tell what is in it.".to_owned());
    }
    all
}

/// Which fields say what we look for, in a format.
fn fields(input: &Input) -> &'static str {
    let three = input.spec_version.as_deref().is_some_and(|v| v.starts_with('3'));
    match input.format.as_deref() {
        Some("cyclonedx") => {
            "CycloneDX: for each component `supplier` or `manufacturer`, `version`, `purl` or `cpe`, `licenses` and \
             `hashes`; `dependencies`; `metadata.supplier`; and in `compositions` whether that is complete"
        }
        Some("spdx") if three => {
            "SPDX 3: for each package `suppliedBy`, `software_packageVersion`, `software_packageUrl` and `verifiedUsing`; \
             relationships of the types `contains` and `dependsOn`, with their `completeness`"
        }
        Some("spdx") => {
            "SPDX 2: for each package `supplier` or `originator`, `versionInfo`, `licenseDeclared`, `checksums` and, in \
             `externalRefs`, a package URL or CPE; relationships of the types `CONTAINS` and `DEPENDS_ON`"
        }
        _ => "CycloneDX or SPDX, in JSON, XML, tag-value or YAML, as a tool wrote it and not as a picture or a table",
    }
}

fn send(page: &mut Page, letter: &Letter<'_>) {
    page.part("## What to send back");
    let mut item = |text: &str| page.line(&format!("- [ ] {text}"));
    if !letter.findings.is_empty() || !letter.makerless.is_empty() {
        item("the answers, by number");
        item(
            "for each component above: its maker, its exact version, and the license or agreement under which you have it, \
             with a document that shows it",
        );
        item(
            "where such a component was taken out or replaced: the first version of your product without it, the day it \
             was released, and the SBOM of that version",
        );
    }
    item(
        "a statement on which software, signatures, data or online services of the named makers your product holds, calls \
         or is delivered with, under whatever name, and in which versions; or that there is none",
    );
    let short: Vec<&Input> = letter.inputs.iter().map(|(_, i)| *i).filter(|i| !enough(i)).collect();
    let wanted: BTreeSet<&str> = short.iter().map(|i| fields(i)).collect();
    for fields in wanted {
        item(&format!("the SBOM again, so that it says more. {fields}"));
    }
    if short.iter().any(|i| i.disclosure.is_some_and(|d| d.external_documents > 0)) {
        item("the documents that the SBOM refers to");
    }
    page.gap();
}

fn foot(page: &mut Page, report: &Report) {
    page.part("Thank you for your help.");
    page.part(&format!(
        "<sub>Made with unlabel {} by rules {} of {}, as of {}. The places are those of the file with the digest above: \
         file, line and column; the path behind them is a JSON pointer. {}</sub>",
        markdown(&report.tool.version),
        markdown(&report.rules.version),
        markdown(&report.rules.updated),
        markdown(&report.context.as_of),
        report.disclaimer.lines().map(markdown).collect::<Vec<_>>().join(" ")
    ));
}
