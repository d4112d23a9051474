//! The pipe: open, read, match, assess, locate, report. Threads live here; the last net against panics is in [`open`].
//!
//! Inputs are independent of each other and the result is the same whatever the number of threads. Start at [`scan`].

mod finding;
pub mod input;
mod log;
pub mod open;

use crate::matcher::{self, match_document};
use crate::model::{Code, Document};
use crate::parsers;
use crate::regimes::Context;
use crate::report::{self, Finding, Input, Note, Question, Report, SetAside, Status, Tool, counted};
use crate::rules::RuleSet;
use crate::rules::format::Level;
use crate::source::Source;
use crate::source::collect::Named;
use crate::source::position::locate;
use crate::source::window::Span;
use finding::{Builder, assessed, unregulated};
use input::{has_place, hidden_by, moved, none_here, of_document, problem};
use open::{Packing, Visit};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How to scan.
#[derive(Debug, Clone)]
pub struct Options {
    /// How to read.
    pub read: parsers::Options,
    /// For whom, where, when.
    pub context: Context,
    /// From which level on a finding counts for the exit status.
    pub fail_on: Level,
    /// Whether an incomplete run may pass.
    pub allow_incomplete: bool,
}

/// Who is told how far a run is, from whatever thread; nothing of it is in the report.
pub trait Watch: Sync {
    /// One more of the inputs is done, with so many findings.
    fn done(&self, findings: usize);
}

impl Watch for () {
    fn done(&self, _: usize) {}
}

/// Scans inputs. Threads are those of the current rayon pool.
pub fn scan(inputs: &[Named], rules: &RuleSet, options: &Options) -> Report {
    scan_watched(inputs, rules, options, &())
}

/// The same, with somebody who is told how far it is.
pub fn scan_watched(inputs: &[Named], rules: &RuleSet, options: &Options, watch: &dyn Watch) -> Report {
    let left = AtomicUsize::new(inputs.len());
    let one = |input: &Named| {
        let _opened = log::opened(&input.name);
        // With fewer inputs than threads, some have nothing to do.
        let ahead = left.load(Ordering::Relaxed) < rayon::current_num_threads();
        let read = parsers::Options { ahead, ..options.read };
        let opened = matching(rules, options, |visit| open::open(input, rules, read, visit));
        left.fetch_sub(1, Ordering::Relaxed);
        opened.0.iter().for_each(|scanned| log::read(&scanned.input, scanned.findings.len()));
        watch.done(opened.0.iter().map(|scanned| scanned.findings.len()).sum());
        opened
    };
    let mut report = assemble(inputs.par_iter().map(one).collect(), rules, options);
    if report.inputs.is_empty() && report.skipped > 0 {
        report.inputs.push(none_here(inputs, report.skipped));
    }
    report
}

/// Scans one document in memory. `name` is what the report calls it.
pub fn scan_bytes(name: &str, bytes: &[u8], rules: &RuleSet, options: &Options) -> Report {
    let opened = matching(rules, options, |visit| open::open_bytes(name, bytes, rules, options.read, visit));
    assemble(vec![opened], rules, options)
}

/// Scans one input, in the calling thread.
pub fn scan_one(input: &Named, rules: &RuleSet, options: &Options) -> Report {
    let opened = matching(rules, options, |visit| open::open(input, rules, options.read, visit));
    assemble(vec![opened], rules, options)
}

fn assemble(opened: Vec<Opened>, rules: &RuleSet, options: &Options) -> Report {
    let mut report = Report {
        tool: Tool::this(),
        rules: rules.stamp.clone(),
        context: context(rules, options),
        inputs: Vec::new(),
        skipped: 0,
        findings: Vec::new(),
        set_aside: Vec::new(),
        questions: Vec::new(),
        notes: Vec::new(),
        waivers: Vec::new(),
        baseline: None,
        disclaimer: rules.set.disclaimer.trim().to_owned(),
        mixed: Vec::new(),
    };
    let mut organizations = BTreeSet::new();
    report.skipped = opened.iter().map(|o| o.1).sum();
    for mut scanned in opened.into_iter().flat_map(|o| o.0) {
        let index = report.inputs.len();
        scanned.findings.iter_mut().for_each(|f| f.input = index);
        scanned.set_aside.iter_mut().for_each(|s| s.finding.input = index);
        scanned.input.conclude(match scanned.input.status {
            Status::Unread => None,
            _ => Some(scanned.findings.iter().map(|f| f.level).max().unwrap_or(Level::NoEvidence)),
        });
        scanned.asked.iter_mut().for_each(|q| q.input = index);
        report.questions.extend(questions(&scanned.findings));
        report.questions.extend(scanned.asked);
        report.inputs.push(scanned.input);
        report.findings.extend(scanned.findings);
        report.set_aside.extend(scanned.set_aside);
        organizations.extend(scanned.organizations);
    }
    report.notes = notes(rules, &options.context, &organizations);
    report
}

/// What the report says of the question that was put.
fn context(rules: &RuleSet, options: &Options) -> report::Context {
    let context = options.context.clone();
    report::Context {
        regimes: rules.regime_ids().iter().filter(|id| context.asks(id)).cloned().collect(),
        role: context.role,
        markets: context.markets,
        act: context.act,
        facts: context.facts.into_iter().collect(),
        as_of: context.as_of.to_string(),
        assumed: context.assumed.into_iter().map(Into::into).collect(),
        fail_on: options.fail_on,
        allow_incomplete: options.allow_incomplete,
    }
}

/// What somebody in this role should know about organizations that were found.
fn notes(rules: &RuleSet, context: &Context, organizations: &BTreeSet<String>) -> Vec<Note> {
    if organizations.is_empty() {
        return Vec::new();
    }
    // Who names a state names its country too.
    let named = |l: &String, w: &String| w == l || w.split('-').next() == Some(l);
    let any = |list: &[String], wanted: &[String]| list.iter().any(|l| l == "*" || wanted.iter().any(|w| named(l, w)));
    let meant = rules.notes().filter(|n| {
        n.organizations.iter().any(|o| organizations.contains(o))
            && any(&n.roles, std::slice::from_ref(&context.role))
            && any(&n.markets, &context.markets)
            && context.as_of.reached(n.from)
    });
    let note = |n: &crate::rules::format::Note| Note {
        id: n.common.id.clone(),
        title: n.common.title.clone(),
        text: n.text.trim().to_owned(),
        certainty: n.certainty,
        uncertain: n.uncertain.as_ref().map(|u| u.trim().to_owned()),
        sources: n.common.source.iter().map(crate::rules::index::cite).collect(),
    };
    meant.map(note).collect()
}

/// What came of one document.
struct Scanned {
    input: Input,
    findings: Vec<Finding>,
    set_aside: Vec<SetAside>,
    asked: Vec<Question>,
    /// The organizations of the findings.
    organizations: BTreeSet<String>,
}

impl Scanned {
    /// An input without a finding.
    fn of(input: Input) -> Self {
        Self { input, findings: Vec::new(), set_aside: Vec::new(), asked: Vec::new(), organizations: BTreeSet::new() }
    }
}

/// Matches each document of an input against the rules.
struct Matching<'m> {
    rules: &'m RuleSet,
    options: &'m Options,
    scanned: Vec<Scanned>,
}

impl Visit for Matching<'_> {
    fn document(&mut self, source: &Source, document: &Document, packing: Packing<'_>) {
        self.scanned.push(document_report(source, document, packing, self.rules, self.options));
    }

    fn unread(&mut self, input: Input) {
        self.scanned.push(Scanned::of(input));
    }
}

/// What came of one input: its documents and what could not be read, and how many files or values in it are no SBOM.
type Opened = (Vec<Scanned>, u64);

fn matching(rules: &RuleSet, options: &Options, open: impl FnOnce(&mut dyn Visit) -> u64) -> Opened {
    let mut matching = Matching { rules, options, scanned: Vec::new() };
    let skipped = open(&mut matching);
    (matching.scanned, skipped)
}

fn document_report(
    source: &Source,
    document: &Document,
    packing: Packing<'_>,
    rules: &RuleSet,
    options: &Options,
) -> Scanned {
    let mut matches = match_document(document, rules);
    let too_many = fewer(&mut matches, rules, options);
    let mut offsets: BTreeSet<u64> = BTreeSet::new();
    let mut want = |span: Span| offsets.extend([span.start, span.end]);
    let all = || matches.findings.iter().chain(matches.set_aside.iter().map(|s| &s.finding));
    for finding in all() {
        finding.evidence.iter().for_each(|e| want(e.at.span));
        document.component(finding.component).into_iter().for_each(|c| want(c.at.span));
    }
    matches.asked.iter().for_each(|a| want(a.found.at.span));
    document.problems.iter().filter(|p| has_place(p)).for_each(|p| want(p.at.span));
    let located = if offsets.is_empty() { Ok(BTreeMap::new()) } else { locate(source, offsets) };
    // A file that can no longer be read has been read once: what was found stays found.
    let changed = located.is_err();
    let positions = located.unwrap_or_default();
    let builder = Builder { source, document, rules, options, positions };
    let mut taken = BTreeMap::new();
    let findings = matches.findings.iter().map(|f| builder.finding(f, &mut taken)).collect();
    // What is set aside asks nothing of anybody.
    let set_aside = matches.set_aside.iter().map(|s| SetAside {
        finding: Finding {
            level: Level::NoEvidence,
            assessments: Vec::new(),
            ..builder.finding(&s.finding, &mut taken)
        },
        by: s.by.clone(),
        why: s.why.trim().to_owned(),
    });
    let set_aside = set_aside.collect();
    let asked = matches.asked.iter().map(|a| builder.asked(a)).collect();
    let holds = |f: &&matcher::Finding| f.relation != matcher::Relation::IntegratesWith;
    let organizations = matches.findings.iter().filter(holds).map(|f| f.organization.clone()).collect();
    let mut input = of_document(source, document, packing, &|offset| builder.position(offset));
    if changed {
        hidden_by(&mut input, moved());
    }
    let unasked = rules.broken().map(|why| problem(Code::Unreadable, format!("the rules: {why}")));
    unasked.into_iter().for_each(|problem| hidden_by(&mut input, problem));
    too_many.into_iter().for_each(|problem| hidden_by(&mut input, problem));
    Scanned { input, findings, set_aside, asked, organizations }
}

/// Leaves out what is more than the report may hold, the lowest levels first, and tells it.
fn fewer(matches: &mut matcher::Matches, rules: &RuleSet, options: &Options) -> Option<report::Problem> {
    let most = options.read.limits.findings;
    let (findings, aside, asked) = (matches.findings.len(), matches.set_aside.len(), matches.asked.len());
    if findings.max(aside).max(asked) <= most {
        return None;
    }
    if findings > most {
        let level = |f: &matcher::Finding| {
            let found = assessed(f, rules, options);
            found.iter().map(|a| a.level).max().unwrap_or_else(|| unregulated(f, rules))
        };
        let mut kept: Vec<_> = std::mem::take(&mut matches.findings).into_iter().enumerate().collect();
        kept.sort_by_cached_key(|(at, f)| (std::cmp::Reverse(level(f)), *at));
        kept.truncate(most);
        kept.sort_by_key(|(at, _)| *at);
        matches.findings = kept.into_iter().map(|(_, f)| f).collect();
    }
    matches.set_aside.truncate(most);
    matches.asked.truncate(most);
    let message = format!(
        "{}, {aside} set aside and {} on engines; no more than {most} of each are told, \
         the highest levels first (--max-findings raises it)",
        counted(findings as u64, "finding"),
        counted(asked as u64, "question")
    );
    Some(problem(Code::Limit, message))
}

/// Every open question of some findings, each once for a component.
fn questions(findings: &[Finding]) -> Vec<Question> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for finding in findings {
        for assessment in &finding.assessments {
            for ask in &assessment.questions {
                if seen.insert((finding.id.clone(), ask.clone())) {
                    all.push(Question {
                        input: finding.input,
                        reference: finding.component.reference.clone().or_else(|| finding.component.name.clone()),
                        ask: ask.clone(),
                        because: format!(
                            "{} ({}), clause {}",
                            assessment.regime, assessment.citation, assessment.clause
                        ),
                        arose: None,
                    });
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{Options, scan_bytes};
    use crate::regimes::asked::Asked;
    use crate::report::Status;
    use crate::rules::format::Level;
    use crate::rules::summary;

    #[test]
    fn what_no_rule_could_be_asked_about_is_no_result() {
        let rules = summary::unreadable().unwrap();
        let context = Asked::default().context(&rules, Default::default).unwrap();
        let options = Options { read: Default::default(), context, fail_on: Level::Review, allow_incomplete: false };
        let watched = rules.literals().words().first().unwrap();
        let sbom =
            format!(r#"{{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{{"name": "{watched}"}}]}}"#);
        let report = scan_bytes("sbom.json", sbom.as_bytes(), &rules, &options);
        assert_eq!(report.inputs.first().unwrap().status, Status::Partial);
        assert_eq!(report.exit_status(), 3);
    }
}
