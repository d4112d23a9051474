//! Two reports against each other: what came, what went, and what became another level.
//!
//! [`compare`] sets inputs beside inputs and, in them, findings beside findings ([`pair`]). What was there and is not seen
//! any more has gone only where the new input was read whole; otherwise it is out of sight, which is no good news. It must
//! never look at a document, and decides no level: those stand in the reports. Start at [`compare`].

mod form;
pub mod markdown;
pub mod pair;
pub mod text;

use crate::model::disclosure::Grade;
use crate::renderers::words;
use crate::report::{Evidence, Finding, Input, Narrowed, Report, SetAside, Status, Tool};
use crate::rules::format::Level;
pub use form::{
    Change, ClauseChange, Diff, Difference, FindingChange, InputChange, Made, QuestionChange, SCHEMA, Seen, Stood,
    Summary,
};
use pair::Pair;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// One of the two reports.
#[derive(Debug, Clone, Copy)]
pub struct Given<'r> {
    /// What it is called.
    pub name: &'r str,
    /// Whether it was scanned just now; else it was read as a report.
    pub scanned: bool,
    /// The report.
    pub report: &'r Report,
}

/// What counts for the exit status.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// From which level on what came or rose counts.
    pub fail_on: Level,
    /// Whether a comparison may pass when NEW could not be read whole.
    pub allow_incomplete: bool,
}

/// A finding of a report, whether it was set aside or not.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'r> {
    /// The finding.
    pub finding: &'r Finding,
    /// Why it was set aside, where it was.
    pub aside: Option<&'r SetAside>,
}

impl<'r> Standing<'r> {
    /// All of one input, in the order of the report.
    fn of(report: &'r Report, input: usize) -> Vec<Self> {
        let found = report.findings.iter().map(|finding| Self { finding, aside: None });
        let aside = report.set_aside.iter().map(|s| Self { finding: &s.finding, aside: Some(s) });
        found.chain(aside).filter(|s| s.finding.input == input).collect()
    }

    fn stood(self) -> Stood<'r> {
        let finding = self.finding;
        Stood {
            id: &finding.id,
            level: finding.level,
            set_aside: self.aside.map(|s| Narrowed { by: s.by.clone(), why: s.why.clone() }),
            version: finding.component.version.as_deref(),
            waived: finding.waiver.is_some(),
            location: &finding.location,
            relation: &finding.relation,
            organization: &finding.organization,
            class: finding.class.as_deref(),
            strength: finding.strength,
            open: finding.open.as_deref(),
            narrowed: finding.narrowed.as_ref(),
        }
    }
}

/// Sets two reports against each other.
pub fn compare<'r>(old: Given<'r>, new: Given<'r>, options: Options) -> Diff<'r> {
    let pairs = pair::inputs(&old.report.inputs, &new.report.inputs);
    let mut inputs = Vec::new();
    let mut findings = Vec::new();
    let mut questions = Vec::new();
    for (at, pair) in pairs.iter().enumerate() {
        let was = pair.old.and_then(|n| old.report.inputs.get(n));
        let is = pair.new.and_then(|n| new.report.inputs.get(n));
        inputs.push(input(was, is));
        let of = |report: &'r Report, n: Option<usize>| n.map_or(Vec::new(), |n| Standing::of(report, n));
        for (before, now) in pair::findings(&of(old.report, pair.old), &of(new.report, pair.new)) {
            findings.extend(finding(at, before, now, was, is, &mut questions));
        }
        makerless(at, *pair, old.report, new.report, &mut questions);
    }
    findings.sort_by_key(|f| (f.change, Reverse(f.finding.level), f.input));
    let summary = summary(&inputs, &findings, &questions, new.report, options);
    Diff {
        schema: SCHEMA,
        tool: Tool::this(),
        old: made(old),
        new: made(new),
        differs: differs(old.report, new.report),
        summary,
        inputs,
        findings,
        questions,
        disclaimer: &new.report.disclaimer,
    }
}

fn made(given: Given<'_>) -> Made<'_> {
    let report = given.report;
    Made {
        name: given.name,
        scanned: given.scanned,
        tool: &report.tool,
        rules: &report.rules,
        context: &report.context,
        inputs: report.inputs.len(),
        partial: report.count(Status::Partial),
        unread: report.count(Status::Unread),
        findings: report.findings.len(),
        level: report.level(),
        exit_status: report.exit_status(),
    }
}

/// In what two reports were made differently, in words.
pub fn differs(old: &Report, new: &Report) -> Vec<Difference> {
    let list = |words: &[String]| if words.is_empty() { "none".to_owned() } else { words.join(", ") };
    let of = |report: &Report| {
        let (rules, context) = (&report.rules, &report.context);
        let rules = format!(
            "version {}, {} rules, checked {}, SHA-256 {}",
            rules.version,
            rules.count,
            rules.updated,
            rules.sha256.get(..12).unwrap_or(&rules.sha256)
        );
        let assumed = |what: &str| if context.assumed.iter().any(|a| a == what) { " (assumed)" } else { "" };
        [
            ("tool", report.tool.version.to_string()),
            ("rules", rules),
            ("role", format!("{}{}", context.role, assumed("role"))),
            ("market", format!("{}{}", list(&context.markets), assumed("market"))),
            ("act", context.act.clone().unwrap_or_else(|| "all that the role may do".to_owned())),
            ("facts", list(&context.facts)),
            ("as_of", format!("{}{}", context.as_of, assumed("as-of"))),
            ("regimes", list(&context.regimes)),
        ]
    };
    let (a, b) = (&old.context, &new.context);
    let same = [
        old.tool.version == new.tool.version,
        old.rules.sha256 == new.rules.sha256 && old.rules.count == new.rules.count,
        a.role == b.role,
        a.markets == b.markets,
        a.act == b.act,
        a.facts == b.facts,
        a.as_of == b.as_of,
        a.regimes == b.regimes,
    ];
    let both = of(old).into_iter().zip(of(new)).zip(same).filter(|(_, same)| !same);
    both.map(|(((what, old), (_, new)), _)| Difference { what, old, new }).collect()
}

fn seen(input: &Input) -> Seen<'_> {
    Seen {
        path: &input.path,
        sha256: input.sha256.as_deref(),
        status: input.status,
        level: input.level,
        inconclusive: input.inconclusive,
        components: input.components,
        disclosure: input.disclosure.map(|d| d.grade),
        product: input.product.as_ref(),
        doubt: words::doubt(input),
    }
}

/// How much a status or a grade lets be seen.
fn rank(input: &Input) -> (u8, usize) {
    let read = match input.status {
        Status::Unread => 0,
        Status::Partial => 1,
        Status::Read => 2,
    };
    let grade = input.disclosure.map_or(0, |d| match d.grade {
        Grade::Thin => 1,
        Grade::Partial => 2,
        Grade::Good => 3,
    });
    (read, grade)
}

/// Whether less can be seen in an input than before.
fn less(old: &Input, new: &Input) -> bool {
    let ((read, grade), (reads, grades)) = (rank(old), rank(new));
    reads < read || grades < grade || (new.components == 0 && old.components > 0)
}

fn input<'r>(old: Option<&'r Input>, new: Option<&'r Input>) -> InputChange<'r> {
    let mut changed = Vec::new();
    if let (Some(old), Some(new)) = (old, new) {
        let product = |i: &'r Input| i.product.as_ref();
        let name = |i: &'r Input| product(i).and_then(|p| p.name.as_deref());
        let version = |i: &'r Input| product(i).and_then(|p| p.version.as_deref());
        let supplier = |i: &'r Input| product(i).and_then(|p| p.supplier.as_deref());
        let grade = |i: &Input| i.disclosure.map(|d| d.grade);
        let all = [
            ("status", old.status != new.status),
            ("disclosure", grade(old) != grade(new)),
            ("inconclusive", old.inconclusive != new.inconclusive),
            ("level", old.level != new.level),
            ("product", name(old) != name(new)),
            ("version", version(old) != version(new)),
            ("supplier", supplier(old) != supplier(new)),
            ("components", old.components != new.components),
        ];
        changed.extend(all.into_iter().filter(|(_, is)| *is).map(|(what, _)| what));
    }
    let change = match (old, new) {
        (None, _) => Change::Came,
        (_, None) => Change::Went,
        _ if changed.is_empty() => Change::Unchanged,
        _ => Change::Changed,
    };
    let worse = old.zip(new).is_some_and(|(old, new)| less(old, new));
    InputChange { change, changed, worse, old: old.map(seen), new: new.map(seen) }
}

/// What is left of one list when what the other has too is taken away; what is exactly alike goes first.
fn beyond<'r>(these: &'r [Evidence], those: &'r [Evidence]) -> Vec<&'r Evidence> {
    let mut others: Vec<&Evidence> = those.iter().collect();
    let sort = |e: &Evidence| (e.kind.clone(), e.rule.clone(), e.strength, e.draft);
    let mut left: Vec<&Evidence> = these.iter().collect();
    for exact in [true, false] {
        left.retain(|mine| {
            let alike = |other: &&Evidence| sort(mine) == sort(other) && (!exact || mine.found == other.found);
            match others.iter().position(alike) {
                Some(at) => {
                    others.remove(at);
                    false
                }
                None => true,
            }
        });
    }
    left
}

fn clauses<'r>(old: Option<&'r Finding>, new: Option<&'r Finding>) -> Vec<ClauseChange<'r>> {
    let mut all: BTreeMap<(&str, &str), ClauseChange<'r>> = BTreeMap::new();
    for (is_new, finding) in [(false, old), (true, new)] {
        for a in finding.into_iter().flat_map(|f| &f.assessments) {
            let entry = all.entry((&a.regime, &a.clause)).or_insert(ClauseChange {
                regime: &a.regime,
                citation: &a.citation,
                clause: &a.clause,
                old: None,
                new: None,
            });
            *(if is_new { &mut entry.new } else { &mut entry.old }) = Some(a.level);
        }
    }
    let mut all: Vec<_> = all.into_values().filter(|c| c.old != c.new).collect();
    all.sort_by_key(|c| Reverse(c.new.max(c.old)));
    all
}

/// In what two standings of one finding are different.
fn changed(old: Standing<'_>, new: Standing<'_>, evidence: bool, clauses: bool) -> Vec<&'static str> {
    let (a, b) = (old.finding, new.finding);
    let all = [
        // A second one of the same sort that came before it changes no more than the number behind the id.
        ("id", a.id.split('-').next() != b.id.split('-').next()),
        ("level", a.level != b.level),
        ("set_aside", old.aside.map(|s| &s.by) != new.aside.map(|s| &s.by)),
        ("relation", a.relation != b.relation),
        ("class", a.class != b.class),
        ("strength", a.strength != b.strength),
        ("evidence", evidence),
        ("clauses", clauses),
        ("open", a.open != b.open),
        ("narrowed", a.narrowed.as_ref().map(|n| &n.by) != b.narrowed.as_ref().map(|n| &n.by)),
        ("version", a.component.version != b.component.version),
        ("waiver", a.waiver.is_some() != b.waiver.is_some()),
    ];
    all.into_iter().filter(|(_, is)| *is).map(|(what, _)| what).collect()
}

/// Why what is seen no more, or less of, may be there all the same.
fn doubtful(change: Change, old: Option<&Input>, new: Option<&Input>) -> Option<String> {
    match (change, new) {
        (Change::OutOfSight, None) => Some("The input it stood in is not among the new ones.".to_owned()),
        (Change::OutOfSight, Some(new)) => {
            let why = words::doubt(new).unwrap_or_else(|| "read in part".to_owned());
            Some(format!("The new input was {why}"))
        }
        (Change::Went | Change::Fallen, Some(new)) if old.is_some_and(|old| less(old, new)) => {
            let grade = |i: &Input| i.disclosure.map_or("unread", |d| d.grade.id());
            Some(format!(
                "The new SBOM discloses less than the old one did ({} → {}): it may be there and no longer be told.",
                old.map_or("unread", grade),
                grade(new)
            ))
        }
        _ => None,
    }
}

fn finding<'r>(
    input: usize,
    old: Option<Standing<'r>>,
    new: Option<Standing<'r>>,
    was: Option<&Input>,
    is: Option<&Input>,
    questions: &mut Vec<QuestionChange<'r>>,
) -> Option<FindingChange<'r>> {
    let shown = new.or(old)?.finding;
    let evidence = |s: Option<Standing<'r>>| s.map_or(&[][..], |s| s.finding.evidence.as_slice());
    let (evidence_came, evidence_went) = match (old, new) {
        (Some(_), Some(_)) => (beyond(evidence(new), evidence(old)), beyond(evidence(old), evidence(new))),
        _ => (Vec::new(), Vec::new()),
    };
    let clauses = match (old, new) {
        (Some(old), Some(new)) => clauses(Some(old.finding), Some(new.finding)),
        _ => Vec::new(),
    };
    let mut changed = Vec::new();
    let change = match (old, new) {
        (None, _) => Change::Came,
        (Some(_), None) => match is {
            Some(is) if !words::unfinished(is) => Change::Went,
            _ => Change::OutOfSight,
        },
        (Some(old), Some(new)) => {
            let evidence = !evidence_came.is_empty() || !evidence_went.is_empty();
            changed = self::changed(old, new, evidence, !clauses.is_empty());
            match old.finding.level.cmp(&new.finding.level) {
                std::cmp::Ordering::Less => Change::Risen,
                std::cmp::Ordering::Greater => Change::Fallen,
                std::cmp::Ordering::Equal if changed.is_empty() => Change::Unchanged,
                std::cmp::Ordering::Equal => Change::Changed,
            }
        }
    };
    let asks = |s: Option<Standing<'r>>| s.map_or(Vec::new(), |s| words::questions(s.finding));
    let (before, now) = (asks(old), asks(new));
    let with_finding = old.is_none() || new.is_none();
    let mut ask = |change, finding: &'r Finding, ask: &'r str| {
        let by = finding.assessments.iter().find(|a| a.questions.iter().any(|q| q == ask));
        let because = by.map_or(String::new(), |a| format!("{} ({}), clause {}", a.regime, a.citation, a.clause));
        let (finding, component) = (Some(finding.id.as_str()), &finding.component);
        questions.push(QuestionChange { change, input, finding, component, ask, because, with_finding });
    };
    if let Some(new) = new {
        now.iter().filter(|q| !before.contains(q)).for_each(|q| ask(Change::Came, new.finding, q));
    }
    if let Some(old) = old {
        before.iter().filter(|q| !now.contains(q)).for_each(|q| ask(Change::Went, old.finding, q));
    }
    Some(FindingChange {
        change,
        input,
        id: &shown.id,
        component: &shown.component,
        changed,
        old: old.map(Standing::stood),
        new: new.map(Standing::stood),
        evidence_came,
        evidence_went,
        clauses,
        doubt: doubtful(change, was, is),
        finding: shown,
    })
}

/// Questions on engines without a maker that came or went.
fn makerless<'r>(input: usize, pair: Pair, old: &'r Report, new: &'r Report, questions: &mut Vec<QuestionChange<'r>>) {
    let of = |report: &'r Report, at: Option<usize>| -> Vec<_> {
        let here = report.questions.iter().filter(move |q| Some(q.input) == at);
        here.filter_map(|q| Some((q, q.arose.as_ref()?))).collect()
    };
    let (before, now) = (of(old, pair.old), of(new, pair.new));
    let keys = |list: &[(&'r crate::report::Question, &'r crate::report::Arose)]| -> BTreeSet<_> {
        list.iter()
            .map(|(q, a)| (q.ask.as_str(), a.rule.as_str(), a.component.label(), a.component.package()))
            .collect()
    };
    let (known, knows) = (keys(&before), keys(&now));
    for (change, list, others) in [(Change::Came, &now, &known), (Change::Went, &before, &knows)] {
        for (question, arose) in list {
            let (ask, component) = (question.ask.as_str(), &arose.component);
            if !others.contains(&(ask, arose.rule.as_str(), component.label(), component.package())) {
                let because = question.because.clone();
                questions.push(QuestionChange {
                    change,
                    input,
                    finding: None,
                    component,
                    ask,
                    because,
                    with_finding: false,
                });
            }
        }
    }
}

fn summary(
    inputs: &[InputChange<'_>],
    findings: &[FindingChange<'_>],
    questions: &[QuestionChange<'_>],
    new: &Report,
    options: Options,
) -> Summary {
    let of = |change| findings.iter().filter(|f| f.change == change).count();
    let input = |change| inputs.iter().filter(|i| i.change == change).count();
    let question = |change| questions.iter().filter(|q| q.change == change).count();
    // What somebody has decided to accept does not count; it is told.
    let counts = |f: &&FindingChange<'_>| {
        let worse = matches!(f.change, Change::Came | Change::Risen) && f.finding.level >= options.fail_on;
        worse && f.finding.waiver.is_none()
    };
    let worse = findings.iter().filter(counts).count();
    // Of an input that is no longer there nothing can be said.
    let incomplete = new.incomplete() || inputs.iter().any(|i| i.change == Change::Went);
    let exit_status = match (worse, incomplete) {
        (1.., _) => 1,
        (0, true) if !options.allow_incomplete => 3,
        _ => 0,
    };
    Summary {
        came: of(Change::Came),
        risen: of(Change::Risen),
        out_of_sight: of(Change::OutOfSight),
        changed: of(Change::Changed),
        fallen: of(Change::Fallen),
        went: of(Change::Went),
        unchanged: of(Change::Unchanged),
        inputs_came: input(Change::Came),
        inputs_went: input(Change::Went),
        inputs_changed: input(Change::Changed),
        inputs_unchanged: input(Change::Unchanged),
        questions_came: question(Change::Came),
        questions_went: question(Change::Went),
        worse,
        incomplete,
        fail_on: options.fail_on,
        allow_incomplete: options.allow_incomplete,
        exit_status,
    }
}

/// A sentence on what was different in the making, for every form; `None` when nothing was.
pub fn caution(diff: &Diff<'_>) -> Option<String> {
    let what: Vec<String> = diff.differs.iter().map(|d| d.what.replace('_', "-")).collect();
    (!what.is_empty()).then(|| {
        format!(
            "The two reports were not made alike ({}): a change below may come from that, and not from the software.",
            what.join(", ")
        )
    })
}
