//! What a report says of an entry, as keys and texts. The keys are documented in `docs/output.md`.
//!
//! They are chosen so that a reader that looks into properties, such as unlabel itself, takes none of them for a claim of
//! the component's maker: no key ends in a word such as path, supplier or subject.

use super::super::{decided, words};
use super::{FACT, Fact, add, digest};
use crate::renderers::escape::{Line, shown};
use crate::report::{Called, Evidence, Finding, Input, Location, Report};

/// About the run.
pub fn run(report: &Report) -> Vec<Fact> {
    let context = &report.context;
    let text = |of: &str| shown(of, FACT).into_owned();
    let mut facts = vec![
        ("level", words::level_word(report.level()).to_owned()),
        ("complete", (!report.incomplete()).to_string()),
        ("exit-status", report.exit_status().to_string()),
        ("summary", text(&words::summary(report))),
    ];
    add(&mut facts, "caveat", "caveats-left-out", words::caveats(report));
    facts.push(("disclaimer", text(&report.disclaimer)));
    facts.push(("as-of", text(&context.as_of)));
    facts.push(("role", text(&context.role)));
    add(&mut facts, "market", "markets-left-out", context.markets.iter().cloned());
    facts.extend(context.act.as_deref().map(|act| ("act", text(act))));
    add(&mut facts, "stated", "stated-left-out", context.facts.iter().cloned());
    add(&mut facts, "assumed", "assumed-left-out", context.assumed.iter().map(|word| word.to_string()));
    add(&mut facts, "regime", "regimes-left-out", context.regimes.iter().cloned());
    facts.push(("fail-on", context.fail_on.id().to_owned()));
    facts.push(("tool", text(&format!("{} {}", report.tool.name, report.tool.version))));
    facts.push(("rules-version", text(&report.rules.version)));
    facts.push(("rules-sha256", text(&report.rules.sha256)));
    facts.push(("rules-count", report.rules.count.to_string()));
    facts.push(("rules-checked", text(&report.rules.updated)));
    let told = decided::remarks(report).into_iter().map(|r| format!("{}: {}", decided::subject(r.waiver), r.text));
    add(&mut facts, "waiver", "waivers-left-out", told);
    let noted = report.notes.iter().map(|n| format!("{}: {} [{}]", n.title, n.text, n.id));
    add(&mut facts, "note", "notes-left-out", noted);
    facts
}

/// How far an input was read, and what it discloses.
pub fn input(input: &Input) -> Vec<Fact> {
    let mut facts = vec![
        ("entry", "input".to_owned()),
        ("read", input.status.id().to_owned()),
        ("level", words::level_word(input.level).to_owned()),
        ("sbom", shown(&input.path, FACT).into_owned()),
        ("sbom-bytes", input.bytes.to_string()),
    ];
    facts.extend(input.sha256.as_deref().and_then(digest).map(|sha256| ("sbom-sha256", sha256.to_owned())));
    let stated = [input.format.as_deref(), input.serialization.as_deref(), input.spec_version.as_deref()];
    let format: Vec<String> = stated.into_iter().flatten().map(|word| Line(word).to_string()).collect();
    if !format.is_empty() {
        facts.push(("sbom-format", format.join(" ")));
    }
    facts.push(("components", input.components.to_string()));
    facts.extend(input.disclosure.map(|d| ("disclosure", d.grade.id().to_owned())));
    facts.extend(words::doubt(input).map(|doubt| ("no-all-clear", shown(&doubt, FACT).into_owned())));
    let product = input.product.as_ref().and_then(|p| p.reference.as_deref());
    facts.extend(product.map(|reference| ("ref", shown(reference, FACT).into_owned())));
    let told = input.problems.iter().map(|p| match p.line.zip(p.column) {
        Some((line, column)) => format!("{}: {} (line {line}, column {column})", p.code, p.message),
        None => format!("{}: {}", p.code, p.message),
    });
    add(&mut facts, "problem", "problems-left-out", told);
    facts
}

/// What is told of a component in every case.
fn component(entry: &'static str, component: &Called, at: &Location, input: &Input) -> Vec<Fact> {
    let mut facts = vec![("entry", entry.to_owned())];
    facts.extend(component.reference.as_deref().map(|reference| ("ref", shown(reference, FACT).into_owned())));
    facts.extend(component.purl.as_deref().map(|purl| ("purl-as-written", shown(purl, FACT).into_owned())));
    facts.extend(component.kind.as_deref().map(|kind| ("kind", Line(kind).to_string())));
    facts.push(("sits-in", shown(&product(input), FACT).into_owned()));
    facts.push(("location", shown(&place(input, at), FACT).into_owned()));
    facts
}

/// The product that an input is about, as far as it says so.
fn product(input: &Input) -> String {
    let said = input.product.as_ref().map_or([None; 3], |p| {
        [p.name.as_deref(), p.version.as_deref(), p.supplier.as_deref()]
            .map(|text| text.filter(|t| !t.trim().is_empty()))
    });
    let [name, version, supplier] = said;
    let version = version.map_or(String::new(), |v| format!(" {v}"));
    let supplier = supplier.map_or(String::new(), |s| format!(" by {s}"));
    format!("{}{version}{supplier}", name.unwrap_or(&input.path))
}

fn place(input: &Input, at: &Location) -> String {
    let pointer = if at.pointer.is_empty() { String::new() } else { format!(" ({})", at.pointer) };
    format!("{}:{}:{}{pointer}", Line(&input.path), at.line, at.column)
}

fn evidence(of: &Evidence, input: &Input) -> String {
    let draft = if of.draft { ", draft" } else { "" };
    let (kind, found, rule) = (Line(&of.kind), Line(&of.found), Line(&of.rule));
    format!("{kind} \"{found}\" at {} [rule {rule}, {}{draft}]", place(input, &of.location), of.strength.id())
}

/// What was set aside in an input, and why.
pub fn set_aside(report: &Report, input: usize) -> Vec<Fact> {
    let mut facts = Vec::new();
    let here = report.set_aside.iter().filter(|aside| aside.finding.input == input);
    let told = here.map(|aside| {
        let (titled, rule) = (words::titled(&aside.finding), Line(&aside.by));
        format!("at line {}: \"{}\": {} [rule {rule}]", aside.finding.location.line, Line(&titled), aside.why)
    });
    add(&mut facts, "set-aside", "set-aside-left-out", told);
    facts
}

/// A finding.
pub fn finding(finding: &Finding, input: &Input) -> Vec<Fact> {
    let text = |of: &str| shown(of, FACT).into_owned();
    let mut facts = component("finding", &finding.component, &finding.location, input);
    facts.push(("finding", Line(&finding.id).to_string()));
    facts.push(("level", finding.level.id().to_owned()));
    add(&mut facts, "decision", "decisions-left-out", decided::marks(finding).into_iter().map(str::to_owned));
    facts.extend(decided::excused(finding).map(|why| ("does-not-count", text(&why))));
    facts.push(("relation", Line(&finding.relation).to_string()));
    facts.push(("organization", text(&finding.organization)));
    facts.extend(finding.class.as_deref().map(|class| ("classification", Line(class).to_string())));
    facts.extend(finding.class_title.as_deref().map(|title| ("classification-title", text(title))));
    facts.push(("strength", finding.strength.id().to_owned()));
    add(&mut facts, "evidence", "evidence-left-out", finding.evidence.iter().map(|e| evidence(e, input)));
    let ways = finding.ways().iter().map(|way| way.iter().map(|s| Line(s).to_string()).collect::<Vec<_>>().join(" > "));
    add(&mut facts, "way", "ways-left-out", ways);
    let clauses = finding.assessments.iter().map(|a| {
        let since = if a.since_words.is_empty() { &a.since_local } else { &a.since_words };
        let uncertain = a.uncertain.as_deref().map_or(String::new(), |open| format!(" Not certain: {open}"));
        format!(
            "{} {} [{}, since {}]: {} ({}){uncertain}",
            Line(&a.regime),
            Line(&a.clause),
            a.level.id(),
            Line(since),
            a.because,
            Line(&a.citation)
        )
    });
    add(&mut facts, "clause", "clauses-left-out", clauses);
    let duties = finding.assessments.iter().filter_map(|a| Some(format!("{}: {}", Line(&a.regime), a.duty.as_ref()?)));
    add(&mut facts, "report-to", "report-to-left-out", duties);
    let asked =
        finding.assessments.iter().flat_map(|a| a.questions.iter().map(|q| format!("{}: {q}", Line(&a.regime))));
    add(&mut facts, "question", "questions-left-out", asked);
    facts.extend(finding.open.as_deref().map(|open| ("open", text(open))));
    let narrowed = finding.narrowed.as_ref().map(|n| ("narrowed", text(&format!("{} [rule {}]", n.why, Line(&n.by)))));
    facts.extend(narrowed);
    let sources = finding.evidence.iter().flat_map(|e| &e.sources).cloned();
    add(&mut facts, "source", "sources-left-out", sources);
    facts
}

/// A question on an engine without a maker.
pub fn question(asked: &str, because: &str, arose: &crate::report::Arose, input: &Input) -> Vec<Fact> {
    let mut facts = component("question", &arose.component, &arose.location, input);
    facts.push(("level", "question".to_owned()));
    facts.push(("question", shown(asked, FACT).into_owned()));
    facts.push(("because", shown(because, FACT).into_owned()));
    let found = format!("\"{}\" at {} [rule {}]", Line(&arose.found), place(input, &arose.location), Line(&arose.rule));
    facts.push(("evidence", shown(&found, FACT).into_owned()));
    facts
}
