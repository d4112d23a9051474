//! The pipe: open, read, match, assess, locate, report. Threads and the last net against panics live here.
//!
//! Inputs are independent of each other and the result is the same whatever the number of threads. Start at [`scan`].

mod open;

use crate::matcher::{self, match_document};
use crate::model::disclosure::Grade;
use crate::model::{Code, Component, Document, IdentifierKind, Place, Problem, Stated};
use crate::parsers;
use crate::regimes::{Context, Facts, assess};
use crate::report::{
    self, Arose, Called, Evidence, Finding, Input, Location, Narrowed, Note, Product, Question, Report, SetAside,
    Status, Tool,
};
use crate::rules::RuleSet;
use crate::rules::format::{Level, Regime, Strength};
use crate::source::Source;
use crate::source::collect::{At, Named, reason};
use crate::source::excerpt::{Excerpt, excerpt};
use crate::source::position::{Position, locate};
use crate::source::window::{Span, hex};
use open::{Opened, Opening};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

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
    let scanned: Vec<Opened> = inputs.par_iter().map(|input| guarded(input, rules, options)).collect();
    let mut report = assemble(scanned, rules, options);
    if report.inputs.is_empty() && report.skipped > 0 {
        let message = format!(
            "none of the {} files here is an SBOM: name a file or folder that holds CycloneDX or SPDX JSON",
            report.skipped
        );
        let named: BTreeSet<&str> = inputs.iter().map(|i| i.name.as_str()).collect();
        let path = common_folder(&named);
        report.inputs.push(unread(&path, problem(Code::NotAnSbom, message), String::new(), 0).input);
    }
    report
}

/// Scans one document in memory. `name` is what the report calls it.
pub fn scan_bytes(name: &str, bytes: &[u8], rules: &RuleSet, options: &Options) -> Report {
    let opened = net(name, || match Source::from_reader_up_to(name, bytes, options.read.unpack.input) {
        Ok(source) => Opening { rules, options }.packed(&source, true),
        Err(error) => unopened(name, &error, options).into(),
    });
    let mut opened = opened;
    opened.scanned.iter_mut().for_each(|s| on_disk(&mut s.input, name));
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
        disclaimer: rules.set.disclaimer.trim().to_owned(),
    };
    let mut organizations = BTreeSet::new();
    report.skipped = opened.iter().map(|o| o.skipped).sum();
    for mut scanned in opened.into_iter().flat_map(|o| o.scanned) {
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
        regimes: asked_regimes(rules, &context).map(|r| r.common.id.clone()).collect(),
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

/// One input, with the net under it: whatever goes wrong inside costs this input only.
fn guarded(input: &Named, rules: &RuleSet, options: &Options) -> Opened {
    let mut opened = net(&input.name, || one(input, rules, options));
    opened.scanned.iter_mut().for_each(|s| on_disk(&mut s.input, &input.name));
    opened
}

/// Tells the file on disk of something that stands inside it, and what of it has lines of its own.
fn on_disk(input: &mut Input, file: &str) {
    let below = |name: &str| name.strip_prefix(file)?.strip_prefix('!').map(str::to_owned);
    let text = input.inside.take().unwrap_or_else(|| input.path.clone());
    input.inside = below(&text);
    input.file = (input.path != file && below(&input.path).is_some()).then(|| file.to_owned());
}

fn net(name: &str, scan: impl FnOnce() -> Opened) -> Opened {
    catch_unwind(AssertUnwindSafe(scan)).unwrap_or_else(|_| {
        let message = "the reader failed on this input; please report it with the file if you can share it".to_owned();
        unread(name, problem(Code::Internal, message), String::new(), 0).into()
    })
}

fn one(input: &Named, rules: &RuleSet, options: &Options) -> Opened {
    let most = options.read.unpack.input;
    let opened = match &input.at {
        At::File(path) => Source::from_file(&input.name, path, most),
        At::Stdin => Source::from_reader_up_to(&input.name, std::io::stdin().lock(), most),
        At::EmptyFolder(_) => {
            let message = "there is no file in this folder: name a file or folder that holds an SBOM".to_owned();
            return unread(&input.name, problem(Code::NotAnSbom, message), String::new(), 0).into();
        }
        At::Missing(why) => {
            let message = format!("cannot be opened: {why}");
            return unread(&input.name, problem(Code::Unreadable, message), String::new(), 0).into();
        }
    };
    match opened {
        Ok(source) => Opening { rules, options }.packed(&source, input.named),
        Err(error) => unopened(&input.name, &error, options).into(),
    }
}

fn unopened(name: &str, error: &std::io::Error, options: &Options) -> Scanned {
    if let (std::io::ErrorKind::FileTooLarge, Some(most)) = (error.kind(), options.read.unpack.input) {
        let message = format!("the input has more than {most} bytes, and was not read (--max-input-size raises it)");
        return unread(name, problem(Code::Limit, message), String::new(), 0);
    }
    let message = format!("cannot be read: {}", reason(error));
    unread(name, problem(Code::Unreadable, message), String::new(), 0)
}

fn problem(code: Code, message: String) -> report::Problem {
    reported(Problem { code, message, at: Place::default(), hides_components: true }, None)
}

fn reported(problem: Problem, position: Option<Position>) -> report::Problem {
    report::Problem {
        code: problem.code.id().into(),
        message: problem.message,
        pointer: problem.at.pointer,
        line: position.map(|p| p.line),
        column: position.map(|p| p.column),
        hides_components: problem.hides_components,
    }
}

fn located_problem(source: &Source, problem: Problem) -> report::Problem {
    let at = problem.at.span.start;
    let position = (problem.code == Code::Syntax).then(|| locate(source, [at]).ok()?.get(&at).copied()).flatten();
    reported(placed(source, problem), position)
}

fn unread(path: &str, problem: report::Problem, sha256: String, bytes: u64) -> Scanned {
    let input = Input {
        path: path.to_owned(),
        file: None,
        inside: None,
        status: Status::Unread,
        format: None,
        serialization: None,
        spec_version: None,
        bytes,
        sha256: Some(sha256).filter(|s| !s.is_empty()),
        components: 0,
        level: None,
        inconclusive: false,
        disclosure: None,
        product: None,
        problems: vec![problem],
        more_problems: 0,
    };
    Scanned { input, findings: Vec::new(), set_aside: Vec::new(), asked: Vec::new(), organizations: BTreeSet::new() }
}

fn document_report(source: &Source, document: &Document, rules: &RuleSet, options: &Options) -> Scanned {
    let matches = match_document(document, rules);
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
    let mut input = builder.input();
    if changed {
        let message = "the file could no longer be read when places were looked up: lines and columns are not exact";
        input.problems.push(problem(Code::Changed, message.to_owned()));
        input.status = Status::Partial;
        if let Some(disclosure) = &mut input.disclosure {
            disclosure.grade = Grade::Thin;
        }
    }
    Scanned { input, findings, set_aside, asked, organizations }
}

fn has_place(problem: &Problem) -> bool {
    !problem.at.pointer.is_empty() || problem.at.span != Span::default()
}

/// A problem whose place is in the text around a part.
fn placed(source: &Source, mut problem: Problem) -> Problem {
    if has_place(&problem) {
        problem.at.pointer = around(source, &problem.at.pointer);
    }
    problem
}

/// A pointer in the text around a part.
fn around(source: &Source, pointer: &str) -> String {
    format!("{}{pointer}", source.pointer())
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
        self.positions.get(&offset).copied().unwrap_or(Position { line: 1, column: 1, utf16: 1 })
    }

    fn location(&self, at: &Place) -> Location {
        let (start, end) = (self.position(at.span.start), self.position(at.span.end));
        let wide = |p: Position| Some(p.utf16).filter(|utf16| *utf16 != p.column);
        Location {
            pointer: around(self.source, &at.pointer),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            utf16_column: wide(start),
            utf16_end_column: wide(end),
        }
    }

    /// The line of a place; none in bytes that are no text, and none when the input can no longer be read.
    fn excerpt(&self, at: &Place) -> Option<Excerpt> {
        let text = self.document.format.serialization != "protobuf";
        text.then(|| excerpt(self.source, at.span).ok()).flatten()
    }

    fn input(&self) -> Input {
        let (source, document) = (self.source, self.document);
        let problems = document.problems.iter().map(|problem| {
            let position = has_place(problem).then(|| self.position(problem.at.span.start));
            reported(placed(source, problem.clone()), position)
        });
        let of = document.product.clone();
        let named = of.reference.is_some() || of.name.is_some() || of.supplier.is_some();
        Input {
            path: source.name().to_owned(),
            file: None,
            inside: None,
            status: if document.problems.hide_components() { Status::Partial } else { Status::Read },
            format: Some(document.format.family.id().into()),
            serialization: Some(document.format.serialization.into()),
            spec_version: Some(document.format.spec_version.clone()),
            bytes: source.len(),
            sha256: Some(document.sha256.clone()).filter(|s| !s.is_empty()),
            components: document.count,
            level: None,
            inconclusive: false,
            disclosure: Some(document.disclosure.into()),
            product: named.then_some(Product {
                reference: of.reference,
                name: of.name,
                version: of.version,
                supplier: of.supplier,
            }),
            problems: problems.collect(),
            more_problems: document.problems.more,
        }
    }

    fn finding(&self, finding: &matcher::Finding, taken: &mut BTreeMap<String, u32>) -> Finding {
        let nothing = Component::new(finding.component, crate::model::Origin::Listed);
        let component = self.document.component(finding.component).unwrap_or(&nothing);
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
        let context = &self.options.context;
        let regimes = || asked_regimes(self.rules, context);
        let mut assessments: Vec<_> = regimes().flat_map(|r| assess(facts, context, r, &self.rules.set)).collect();
        assessments.sort_by_key(|a| std::cmp::Reverse(a.level));
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
        for assessment in &mut assessments {
            assessment.because = assessment.because.trim().to_owned();
        }
        let level = assessments.iter().map(|a| a.level).max().unwrap_or_else(|| unregulated(finding, self.rules));
        let organization = self.rules.files.iter().find(|f| f.rule.common().id == finding.organization);
        Finding {
            id: fingerprint(component, finding, taken),
            input: 0,
            level,
            component: called(component),
            location: self.location(&component.at),
            relation: finding.relation.id().into(),
            organization: organization.map_or_else(|| finding.organization.clone(), |f| f.rule.common().title.clone()),
            class: finding.class.clone(),
            strength: finding.strength,
            evidence: finding.evidence.iter().map(|e| self.evidence(e)).collect(),
            paths: finding.paths.iter().map(|path| path.iter().map(|&n| self.step(n).0).collect()).collect(),
            assessments,
            open: finding.open.clone(),
            narrowed: finding.narrowed.as_ref().map(|n| Narrowed { by: n.by.clone(), why: n.why.clone() }),
            waiver: None,
            class_title: finding.class.as_ref().and_then(|id| self.rules.class(id)).map(|c| c.common.title.clone()),
            path_names: finding.paths.iter().map(|path| path.iter().map(|&n| self.step(n).1).collect()).collect(),
        }
    }

    fn asked(&self, asked: &matcher::Asked) -> Question {
        let component = self.document.component(asked.component).map(called).unwrap_or_default();
        Question {
            input: 0,
            reference: component.reference.clone().or_else(|| component.name.clone()),
            ask: asked.ask.clone(),
            because: format!("{} {} [rule {}]", component.label(), asked.because, asked.rule),
            arose: Some(Arose {
                rule: asked.rule.clone(),
                found: asked.found.text.clone(),
                location: self.location(&asked.found.at),
                excerpt: self.excerpt(&asked.found.at),
                component,
            }),
        }
    }

    fn evidence(&self, evidence: &matcher::Evidence) -> Evidence {
        Evidence {
            kind: evidence.kind.id().into(),
            rule: evidence.owner.rule.clone(),
            rule_title: evidence.owner.title.clone(),
            excerpt: self.excerpt(&evidence.at),
            sources: evidence.owner.sources.clone(),
            found: evidence.found.clone(),
            location: self.location(&evidence.at),
            // What is only told beside other evidence says least of all.
            strength: evidence.strength.max(Strength::Weak),
            draft: evidence.owner.status == crate::rules::format::Status::Draft,
        }
    }

    /// A component of a path: its reference, or its name when it has none, and what to call it.
    fn step(&self, number: u32) -> (String, String) {
        let called = self.document.component(number).map(called).unwrap_or_default();
        let label = called.label().to_owned();
        (called.reference.unwrap_or_else(|| label.clone()), label)
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
    let text = |s: &Option<Stated>| s.as_ref().map(|s| s.text.clone());
    Called {
        reference: text(&component.reference),
        name: text(&component.name).or_else(|| component.files.first().map(|f| f.value.text.clone())),
        version: text(&component.version),
        purl: component.identifier(IdentifierKind::Purl).map(|s| s.text.clone()),
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

fn common_folder(names: &BTreeSet<&str>) -> String {
    let parts = |name: &str| name.split('/').map(str::to_owned).collect::<Vec<_>>();
    let (first, last) = (parts(names.first().unwrap_or(&"")), parts(names.last().unwrap_or(&"")));
    let most = first.len().min(last.len()).saturating_sub(1);
    let shared: Vec<String> =
        first.into_iter().zip(last).take(most).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    if shared.is_empty() { "(all inputs)".to_owned() } else { shared.join("/") }
}
