//! The input document itself, with what was found written at the components: `properties` of CycloneDX, annotations of
//! SPDX. What each fact is called stands in `docs/output.md`; where it can stand is up to [`crate::annotate`].
//!
//! No name that a rule knows is written, because the copy is read by the next tool, and by us: a name that stands there
//! would be evidence. So words of organizations and rules begin with a percent sign and the number of their first letter
//! ([`Names::unnamed`]). Our own facts get no exemption from the matcher, and so nobody else can claim one.

use super::escape::{address, shown};
use super::words;
use crate::annotate::{Fact, Note, Notes, annotate};
use crate::error::AnnotateFault;
use crate::report::{Finding, Input, Report, SetAside, Status};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write;

/// How many sources of a finding are written; `unlabel explain` has all.
const SOURCES: usize = 3;

/// How long a fact may be, in characters.
const LONGEST: usize = 1_000;

/// Writes one input of a report.
///
/// # Errors
/// When it cannot be annotated, or the copy cannot be written.
pub fn write(report: &Report, number: usize, out: &mut dyn Write) -> Result<(), AnnotateFault> {
    let Some(input) = report.inputs.get(number) else { return Err(AnnotateFault::Changed) };
    if input.on_disk() == "-" {
        return Err(AnnotateFault::Stream);
    }
    let Some(sha256) = input.sha256.as_deref().filter(|_| input.status != Status::Unread) else {
        return Err(AnnotateFault::Unread);
    };
    annotate(input.on_disk(), &input.path, sha256, &notes(report, input, number), out)
}

fn notes(report: &Report, input: &Input, number: usize) -> Notes {
    let names = Names::of(report, number);
    let found = report.findings.iter().filter(|f| f.input == number);
    let aside = report.set_aside.iter().filter(|s| s.finding.input == number);
    let mut components: Vec<Note> = found.clone().map(|f| note(f, finding(f, &names))).collect();
    components.extend(aside.clone().map(|s| note(&s.finding, set_aside(s, &names))));
    let evidence = found.clone().chain(aside.map(|s| &s.finding)).flat_map(|f| &f.evidence).map(|e| &e.location);
    let asked: Vec<_> = words::unattributed(report).filter(|q| q.input == number).collect();
    let arose = asked.iter().filter_map(|q| q.arose.as_ref()).map(|a| &a.location);
    let evidence = evidence.chain(arose).map(|at| (at.line, at.column)).collect();
    let mut document: Vec<Fact> = vec![
        ("unlabel:tool", format!("{} {}", report.tool.name, report.tool.version)),
        ("unlabel:rules", format!("{} sha256:{}", report.rules.version, report.rules.sha256)),
        ("unlabel:as-of", report.context.as_of.clone()),
        ("unlabel:role", report.context.role.clone()),
    ];
    document.extend(report.context.markets.iter().map(|market| ("unlabel:market", market.clone())));
    document.push(("unlabel:read", input.status.id().to_owned()));
    document.extend(input.disclosure.map(|d| ("unlabel:disclosure", d.grade.id().to_owned())));
    document.push(("unlabel:level", words::level_word(input.level).to_owned()));
    document.push(("unlabel:findings", found.count().to_string()));
    document.extend(words::mixed(report).map(|said| ("unlabel:mixed", names.unnamed(&said))));
    document.extend(doubt(input).map(|doubt| ("unlabel:no-all-clear", doubt)));
    for question in asked {
        let at = question.arose.as_ref().map_or("", |arose| arose.location.pointer.as_str());
        document.push(("unlabel:question", format!("{} ({at})", names.unnamed(&question.ask))));
    }
    document.push(("unlabel:disclaimer", report.disclaimer.clone()));
    Notes {
        document: shown_all(document),
        product: input.product.as_ref().and_then(|p| p.reference.clone()),
        components,
        evidence,
        by: fact(&format!("{}-{}", report.tool.name, report.tool.version)),
        on: instant(&report.context.as_of),
    }
}

/// Why the document is no all-clear, in words that hold nothing of it.
fn doubt(input: &Input) -> Option<String> {
    words::doubt(input)?;
    let first = input.problems.iter().find(|p| p.hides_components).or(input.problems.first());
    let line = first.and_then(|p| p.line).map(|line| format!(", line {line}")).unwrap_or_default();
    let why = first.map(|p| format!(": {}{line}", p.code)).unwrap_or_default();
    Some(match input.status {
        Status::Partial => format!("read in part, so components may have gone unseen{why}"),
        _ if input.components == 0 => "it lists no component".to_owned(),
        _ => "it discloses too little to tell".to_owned(),
    })
}

fn note(finding: &Finding, facts: Vec<Fact>) -> Note {
    Note {
        at: (finding.location.line, finding.location.column),
        pointer: finding.location.pointer.clone(),
        reference: finding.component.reference.clone(),
        facts,
    }
}

/// What is said of a finding, under the names that `docs/output.md` lists.
fn finding(finding: &Finding, names: &Names) -> Vec<Fact> {
    let mut facts: Vec<Fact> = vec![
        ("unlabel:finding", finding.id.clone()),
        ("unlabel:level", finding.level.id().to_owned()),
        ("unlabel:relation", finding.relation.to_string()),
    ];
    facts.extend(finding.class.iter().map(|class| ("unlabel:classification", class.clone())));
    facts.push(("unlabel:strength", finding.strength.id().to_owned()));
    // Why it was waived is somebody's own words, and may name anybody: it stands in the report.
    facts.extend(finding.waiver.iter().map(|waiver| ("unlabel:waived", format!("until {}", waiver.expires))));
    facts.extend(finding.baseline.map(|since| ("unlabel:baseline", since.id().to_owned())));
    for evidence in &finding.evidence {
        facts.push(("unlabel:evidence", format!("{} at {}", evidence.kind, evidence.location.pointer)));
    }
    let rules: BTreeSet<&str> = finding.evidence.iter().map(|e| e.rule.as_str()).collect();
    facts.extend(rules.into_iter().map(|rule| ("unlabel:rule", names.unnamed(rule))));
    facts.extend(finding.narrowed.iter().map(|narrowed| ("unlabel:narrowed-by", names.unnamed(&narrowed.by))));
    let mut seen = BTreeSet::new();
    let sources = finding.evidence.iter().flat_map(|e| &e.sources).filter_map(|s| address(s));
    for source in sources.filter(|source| seen.insert(*source)).take(SOURCES) {
        facts.push(("unlabel:source", names.unnamed(source)));
    }
    for assessment in &finding.assessments {
        let regime = names.unnamed(&assessment.regime);
        facts.push(("unlabel:regime", format!("{regime} {} {}", assessment.clause, assessment.level.id())));
    }
    let questions = finding.open.as_deref().into_iter().chain(words::questions(finding));
    facts.extend(questions.map(|ask| ("unlabel:question", names.unnamed(ask.trim()))));
    shown_all(facts)
}

/// A finding that was set aside: that it was, and by what.
fn set_aside(aside: &SetAside, names: &Names) -> Vec<Fact> {
    shown_all(vec![
        ("unlabel:finding", aside.finding.id.clone()),
        ("unlabel:level", aside.finding.level.id().to_owned()),
        ("unlabel:set-aside-by", names.unnamed(&aside.by)),
    ])
}

/// A fact as it is written: on one line, and nothing in it that acts.
fn fact(text: &str) -> String {
    shown(text, LONGEST).into_owned()
}

fn shown_all(facts: Vec<Fact>) -> Vec<Fact> {
    facts.into_iter().map(|(name, value)| (name, fact(&value))).collect()
}

/// A day as its first second in UTC.
fn instant(as_of: &str) -> String {
    match as_of.parse::<jiff::Timestamp>() {
        // SPDX knows no parts of a second.
        Ok(instant) => instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        Err(_) => format!("{}T00:00:00Z", as_of.get(..10).unwrap_or(as_of)),
    }
}

/// The words that must not be written as they are: those of organizations and rules, by their first letter.
struct Names(BTreeMap<char, BTreeSet<String>>);

impl Names {
    /// Those of what was found in one input.
    fn of(report: &Report, number: usize) -> Self {
        let (mut names, mut classes, mut makers) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut add = |text: &str| names.extend(split(text).map(|(_, word)| word.to_lowercase()));
        let aside = || report.set_aside.iter().filter(|s| s.finding.input == number);
        let found = report.findings.iter().filter(|f| f.input == number);
        for finding in found.chain(aside().map(|s| &s.finding)) {
            add(&finding.organization);
            makers.extend(split(&finding.organization).map(|(_, word)| word.to_lowercase()));
            finding.evidence.iter().for_each(|e| {
                add(&e.rule);
                add(&e.rule_title);
            });
            finding.narrowed.iter().for_each(|n| add(&n.by));
            let class = finding.class.iter().chain(&finding.class_title);
            classes.extend(class.flat_map(|class| split(class)).map(|(_, word)| word.to_lowercase()));
        }
        aside().for_each(|s| add(&s.by));
        let asked = words::unattributed(report).filter(|q| q.input == number);
        asked.filter_map(|q| q.arose.as_ref()).for_each(|a| add(&a.rule));
        // What a class of software is called is nobody's name.
        names.retain(|name| name.chars().count() > 2 && (makers.contains(name) || !classes.contains(name)));
        let mut by_first: BTreeMap<char, BTreeSet<String>> = BTreeMap::new();
        for name in names {
            by_first.entry(name.chars().next().unwrap_or_default()).or_default().insert(name);
        }
        Self(by_first)
    }

    /// A text in which no name stands: the first letter of each is its number after a percent sign.
    fn unnamed(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (at, word) in split(text) {
            out.push_str(text.get(done..at).unwrap_or_default());
            done = at + word.len();
            let lower = word.to_lowercase();
            // Letters that have another length in lower case: nobody knows which is which, so all are spelled.
            let odd = lower.len() != word.len();
            for (at, c) in word.char_indices() {
                if odd && self.named(&lower, &lower) || self.named(lower.get(at..).unwrap_or_default(), &lower) {
                    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                        let _ = write!(out, "%{byte:02X}");
                    }
                } else {
                    out.push(c);
                }
            }
        }
        out.push_str(text.get(done..).unwrap_or_default());
        out
    }

    /// Whether a name begins here: a short one is a whole word, a longer one may stand in another, such as that of a host.
    fn named(&self, rest: &str, word: &str) -> bool {
        let begins = |name: &String| rest.starts_with(name.as_str()) && (name.len() > 4 || name == word);
        rest.chars().next().and_then(|first| self.0.get(&first)).is_some_and(|names| names.iter().any(begins))
    }
}

/// The words of a text and where they begin.
fn split(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let (mut at, mut rest) = (0, text);
    std::iter::from_fn(move || {
        let begin = rest.find(char::is_alphanumeric)?;
        let (_, from) = rest.split_at(begin);
        let end = from.find(|c: char| !c.is_alphanumeric()).unwrap_or(from.len());
        let (word, behind) = from.split_at(end);
        let start = at + begin;
        (at, rest) = (start + end, behind);
        Some((start, word))
    })
}
