//! The pipe: open, read, match, assess, locate, report. Threads live here; the last net against panics is in [`open`].
//!
//! Inputs are independent of each other and the result is the same whatever the number of threads. Start at [`scan`].

pub mod input;
pub mod open;

use crate::matcher::{self, match_document};
use crate::model::graph::GAP;
use crate::model::{Code, Component, Document, IdentifierKind, Place, Stated};
use crate::parsers;
use crate::regimes::{Assessment, Context, Facts, assess};
use crate::report::{
    Arose, Called, Evidence, Finding, Input, LocatedProblem, Location, Note, Question, Report, SetAside, Status, Step,
};
use crate::rules::RuleSet;
use crate::rules::format::{Level, Regime, Strength};
use crate::source::Source;
use crate::source::collect::Named;
use crate::source::position::{Position, locate};
use crate::source::window::{Span, hex};
use input::{around, has_place, hidden_by, moved, none_here, of_document, problem, shown};
use open::Visit;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

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

/// Scans inputs. Threads are those of the current rayon pool.
pub fn scan(inputs: &[Named], rules: &RuleSet, options: &Options) -> Report {
    let one = |input: &Named| matching(rules, options, |visit| open::open(input, rules, options.read, visit));
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

fn assemble(opened: Vec<Opened>, rules: &RuleSet, options: &Options) -> Report {
    let mut report = Report {
        version: env!("CARGO_PKG_VERSION"),
        rules: rules.stamp.clone(),
        context: options.context.clone(),
        regimes: asked_regimes(rules, &options.context).map(|r| r.common.id.clone()).collect(),
        inputs: Vec::new(),
        skipped: 0,
        findings: Vec::new(),
        set_aside: Vec::new(),
        questions: Vec::new(),
        notes: Vec::new(),
        fail_on: options.fail_on,
        allow_incomplete: options.allow_incomplete,
        disclaimer: rules.set.disclaimer.trim().to_owned(),
    };
    let mut organizations = BTreeSet::new();
    report.skipped = opened.iter().map(|o| o.1).sum();
    for mut scanned in opened.into_iter().flat_map(|o| o.0) {
        let index = report.inputs.len();
        scanned.findings.iter_mut().for_each(|f| f.input = index);
        scanned.set_aside.iter_mut().for_each(|s| s.finding.input = index);
        scanned.input.level = match scanned.input.status {
            Status::Unread => None,
            _ => Some(scanned.findings.iter().map(|f| f.level).max().unwrap_or(Level::NoEvidence)),
        };
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

/// The regimes that are asked: all, or those the caller names.
fn asked_regimes<'r>(rules: &'r RuleSet, context: &'r Context) -> impl Iterator<Item = &'r Regime> {
    rules.regimes().filter(|r| context.regimes.is_empty() || context.regimes.contains(&r.common.id))
}

/// What somebody in this role should know about organizations that were found.
fn notes(rules: &RuleSet, context: &Context, organizations: &BTreeSet<String>) -> Vec<Note> {
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
        certainty: n.certainty.id(),
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
    fn document(&mut self, source: &Source, document: &Document, lost: Option<&LocatedProblem>) {
        let mut scanned = document_report(source, document, self.rules, self.options);
        lost.into_iter().for_each(|problem| hidden_by(&mut scanned.input, problem.clone()));
        self.scanned.push(scanned);
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

fn document_report(source: &Source, document: &Document, rules: &RuleSet, options: &Options) -> Scanned {
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
    let mut input = of_document(source, document, &|offset| builder.position(offset));
    if changed {
        hidden_by(&mut input, moved());
    }
    too_many.into_iter().for_each(|problem| hidden_by(&mut input, problem));
    Scanned { input, findings, set_aside, asked, organizations }
}

/// Leaves out what is more than the report may hold, the lowest levels first, and tells it.
fn fewer(matches: &mut matcher::Matches, rules: &RuleSet, options: &Options) -> Option<LocatedProblem> {
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
        "{findings} findings, {aside} set aside and {asked} questions on engines; no more than {most} of each are told, \
         the highest levels first (--max-findings raises it)"
    );
    Some(problem(Code::Limit, message))
}

/// What each regime asks about a finding, the highest level first.
fn assessed(finding: &matcher::Finding, rules: &RuleSet, options: &Options) -> Vec<Assessment> {
    let facts = Facts {
        organization: &finding.organization,
        class: finding.class.as_deref(),
        strength: finding.strength,
        relation: finding.relation,
        embedded: finding.embedded,
        not_shipped: finding.not_shipped,
        draft: finding.draft,
        open: finding.open.as_deref(),
        at_most: finding.narrowed.as_ref().and_then(|n| Some((n.at_most?, n.why.as_str()))),
    };
    let regimes = asked_regimes(rules, &options.context);
    let mut assessments: Vec<_> = regimes.flat_map(|r| assess(facts, &options.context, r, &rules.set)).collect();
    assessments.sort_by_key(|a| std::cmp::Reverse(a.level));
    assessments
}

/// Turns the facts of one document into those of a report.
struct Builder<'b> {
    source: &'b Source,
    document: &'b Document,
    rules: &'b RuleSet,
    options: &'b Options,
    positions: BTreeMap<u64, Position>,
}

impl Builder<'_> {
    fn position(&self, offset: u64) -> Position {
        self.positions.get(&offset).copied().unwrap_or(Position { line: 1, column: 1 })
    }

    fn location(&self, at: &Place) -> Location {
        let (start, end) = (self.position(at.span.start), self.position(at.span.end));
        Location { pointer: around(self.source, &at.pointer), start, end }
    }

    fn finding(&self, finding: &matcher::Finding, taken: &mut BTreeMap<String, u32>) -> Finding {
        let nothing = Component::new(finding.component, crate::model::Origin::Listed);
        let component = self.document.component(finding.component).unwrap_or(&nothing);
        let mut assessments = assessed(finding, self.rules, self.options);
        let others: Vec<String> = assessments
            .iter()
            .filter(|a| a.level > Level::ExemptCandidate)
            .map(|a| format!("{} ({})", a.citation, a.clause))
            .collect();
        for exempt in assessments.iter_mut().filter(|a| a.level == Level::ExemptCandidate) {
            // What leaves it out here does not do so elsewhere.
            exempt.because.push_str(&match others.is_empty() {
                true => {
                    " Other regimes may still apply; of those asked, none speaks of it to this role here.".to_owned()
                }
                false => format!(" Other regimes may still apply: {}.", others.join(", ")),
            });
        }
        let level = assessments.iter().map(|a| a.level).max().unwrap_or_else(|| unregulated(finding, self.rules));
        let organization = self.rules.files.iter().find(|f| f.rule.common().id == finding.organization);
        Finding {
            id: fingerprint(component, finding, taken),
            input: 0,
            level,
            component: called(component),
            location: self.location(&component.at),
            relation: finding.relation.id(),
            organization: organization.map_or_else(|| finding.organization.clone(), |f| f.rule.common().title.clone()),
            class: finding.class.clone(),
            class_title: finding.class.as_ref().and_then(|id| self.rules.class(id)).map(|c| c.common.title.clone()),
            strength: finding.strength,
            evidence: finding.evidence.iter().map(|e| self.evidence(e)).collect(),
            paths: finding.paths.iter().map(|path| path.iter().map(|&n| self.step(n)).collect()).collect(),
            assessments,
            open: finding.open.clone(),
            narrowed: finding.narrowed.as_ref().map(|n| (n.by.clone(), n.why.clone())),
        }
    }

    fn asked(&self, asked: &matcher::Asked) -> Question {
        let component = self.document.component(asked.component).map(called).unwrap_or_default();
        Question {
            input: 0,
            reference: component.reference.clone().or_else(|| component.name.clone()),
            ask: asked.ask.clone(),
            because: format!("{} {} [rule {}]", component.label(), shown(&asked.because), asked.rule),
            arose: Some(Arose {
                rule: asked.rule.clone(),
                found: shown(&asked.found.text),
                location: self.location(&asked.found.at),
                component,
            }),
        }
    }

    fn evidence(&self, evidence: &matcher::Evidence) -> Evidence {
        Evidence {
            kind: evidence.kind.id(),
            rule: evidence.owner.rule.clone(),
            rule_title: evidence.owner.title.clone(),
            sources: evidence.owner.sources.clone(),
            found: shown(&evidence.found),
            location: self.location(&evidence.at),
            // What is only told beside other evidence says least of all.
            strength: evidence.strength.max(Strength::Weak),
            draft: evidence.owner.status == crate::rules::format::Status::Draft,
        }
    }

    fn step(&self, number: u32) -> Step {
        if number == GAP {
            return Step { reference: "…".to_owned(), label: "…".to_owned() };
        }
        let called = self.document.component(number).map(called).unwrap_or_default();
        let label = called.label().to_owned();
        Step { reference: called.reference.unwrap_or_else(|| label.clone()), label }
    }
}

/// The level of a finding of which no regime says anything to the caller: to be looked at when no regime at all is about its
/// maker, otherwise for information.
fn unregulated(finding: &matcher::Finding, rules: &RuleSet) -> Level {
    let regulated = rules.regimes().any(|r| r.organizations.contains(&finding.organization));
    let made = finding.relation != matcher::Relation::IntegratesWith;
    if made && !regulated { Level::Review } else { Level::Advisory }
}

fn called(component: &Component) -> Called {
    let text = |s: &Option<Stated>| s.as_ref().map(|s| shown(&s.text));
    Called {
        reference: text(&component.reference),
        name: text(&component.name).or_else(|| component.files.first().map(|f| shown(&f.value.text))),
        version: text(&component.version),
        purl: component.identifier(IdentifierKind::Purl).map(|s| shown(&s.text)),
        kind: text(&component.kind)
            .or_else(|| (component.origin == crate::model::Origin::Service).then(|| "service".to_owned())),
    }
}

/// Name, package URL without version, relation and rules: what stays the same from release to release and from format to
/// format. The second of two alike in one document gets `-2` behind it.
fn fingerprint(component: &Component, finding: &matcher::Finding, taken: &mut BTreeMap<String, u32>) -> String {
    let purl = component.identifier(IdentifierKind::Purl).map(|s| s.text.as_str()).unwrap_or_default();
    let bare = purl.split(['?', '#']).next().unwrap_or_default();
    let end = bare.rfind('@').filter(|at| !bare.get(*at..).unwrap_or_default().contains('/')).unwrap_or(bare.len());
    let rules: BTreeSet<&str> = finding.evidence.iter().map(|e| e.owner.rule.as_str()).collect();
    let label = component
        .files
        .first()
        .map_or(component.label(), |f| component.name.as_ref().map_or(f.value.text.as_str(), |n| n.text.as_str()));
    let mut digest = Sha256::new();
    for part in
        ["unlabel/1", label, bare.get(..end).unwrap_or_default(), finding.relation.id()].into_iter().chain(rules)
    {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    let id: String = hex(&digest.finalize()).chars().take(16).collect();
    let count = taken.entry(id.clone()).or_insert(0);
    *count += 1;
    if *count == 1 { id } else { format!("{id}-{count}") }
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
