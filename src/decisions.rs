//! Decisions of people, held against a report: waivers, which lapse, and an earlier report as a baseline.
//!
//! Start at [`waive`] and [`compare`]. A decision must never take a finding out of a report, change a level, or touch
//! questions and what was not read; it marks findings, and [`Finding::counts`] says what the marks mean for the exit
//! status. There is no clock here: the caller gives the day.

use crate::report::{Baseline, Finding, Gone, Input, Report, Since, Status, Waived, Waiver, Word};
use crate::rules::format::Level;
use jiff::civil::Date;
use packageurl::PackageUrl;
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

/// A waiver as the configuration states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What it is about.
    pub target: Target,
    /// Only this version of the component.
    pub version: Option<String>,
    /// Only in inputs about this product.
    pub product: Option<String>,
    /// Only in inputs about products of this supplier; case does not count.
    pub supplier: Option<String>,
    /// The highest level it was given for: a finding above it is not covered.
    pub level: Option<Level>,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub approver: String,
    /// The last day on which it holds, in UTC.
    pub expires: Date,
    /// The file it stands in.
    pub file: String,
    /// The line in it, from 1.
    pub line: u64,
}

/// What a waiver is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A finding, by id.
    Finding(String),
    /// What one rule says of one component.
    Component {
        /// Name, reference or package URL; a package URL without a version stands for all of them.
        component: String,
        /// Rule id.
        rule: String,
    },
}

/// How a waiver and a finding stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meets {
    /// It is about something else.
    No,
    /// It names the finding, which has grown beyond it: stronger evidence of another rule, or a higher level.
    Outgrown,
    /// It covers the finding.
    Yes,
}

/// More days than these are no end in sight.
const LONG: i32 = 366;

/// Marks the findings that waivers cover on a day, and tells what came of each waiver.
pub fn waive(report: &mut Report, decisions: &[Decision], today: Date) {
    let mut asked: Vec<Asked<'_>> = decisions.iter().map(Asked::new).collect();
    // The narrower sort of waiver first, then as the file has them.
    asked.sort_by_key(|a| (matches!(a.decision.target, Target::Component { .. }), a.decision.line));
    let purls: Vec<Option<Purl>> = match asked.iter().any(|a| a.purl.is_some()) {
        true => report.findings.iter().map(purl).collect(),
        false => vec![None; report.findings.len()],
    };
    let mut waived: Vec<Option<Waived>> = vec![None; report.findings.len()];
    let mut named: Vec<Vec<(usize, Meets)>> = Vec::new();
    for asked in &asked {
        let inputs = asked.inputs(report);
        let mut names = Vec::new();
        for (at, ((finding, purl), mark)) in report.findings.iter().zip(&purls).zip(&mut waived).enumerate() {
            let meets = if inside(&inputs, finding) { asked.meets(finding, purl.as_ref()) } else { Meets::No };
            if meets == Meets::Yes && today <= asked.decision.expires {
                mark.get_or_insert_with(|| says(asked.decision));
            }
            if meets != Meets::No {
                names.push((at, meets));
            }
        }
        named.push(names);
    }
    for (finding, waived) in report.findings.iter_mut().zip(waived) {
        finding.waiver = waived;
    }
    let mut told: Vec<(u64, Waiver)> = asked
        .iter()
        .zip(&named)
        .map(|(asked, names)| (asked.decision.line, asked.told(names, report, today)))
        .collect();
    told.sort_by_key(|(line, _)| *line);
    report.waivers = told.into_iter().map(|(_, waiver)| waiver).collect();
}

/// Whether a finding stands in one of the inputs that a waiver is about.
fn inside(inputs: &[bool], finding: &Finding) -> bool {
    inputs.get(finding.input).copied().unwrap_or(false)
}

fn says(decision: &Decision) -> Waived {
    Waived {
        reason: decision.reason.clone(),
        approver: decision.approver.clone(),
        expires: decision.expires.to_string(),
    }
}

fn waiver(decision: &Decision, state: &'static str, findings: u64, wide: Vec<Word>) -> Waiver {
    let (finding, component, rule) = match decision.target.clone() {
        Target::Finding(id) => (Some(id), None, None),
        Target::Component { component, rule } => (None, Some(component), Some(rule)),
    };
    Waiver {
        finding,
        component,
        rule,
        version: decision.version.clone(),
        product: decision.product.clone(),
        supplier: decision.supplier.clone(),
        level: decision.level,
        says: says(decision),
        file: decision.file.clone(),
        line: decision.line,
        state: state.into(),
        findings,
        wide,
    }
}

/// Whether an input is about the product and supplier that a waiver names.
fn concerns(decision: &Decision, input: &Input) -> bool {
    let product = input.product.as_ref();
    let name = product.and_then(|p| p.name.as_deref()).map(str::trim);
    decision.product.as_deref().is_none_or(|wanted| name == Some(wanted.trim()))
        && decision.supplier.as_deref().is_none_or(|wanted| supplier(input) == Some(folded(wanted)))
}

fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

/// The supplier of an input's product, in lower case; `None` when it states none.
fn supplier(input: &Input) -> Option<String> {
    input.product.as_ref()?.supplier.as_deref().map(folded).filter(|s| !s.is_empty())
}

type Purl = PackageUrl<'static>;

fn purl(finding: &Finding) -> Option<Purl> {
    PackageUrl::from_str(finding.component.purl.as_deref()?).ok()
}

/// A waiver with its package URL read.
struct Asked<'d> {
    decision: &'d Decision,
    purl: Option<Purl>,
}

impl<'d> Asked<'d> {
    fn new(decision: &'d Decision) -> Self {
        let purl = match &decision.target {
            Target::Component { component, .. } => PackageUrl::from_str(component).ok(),
            Target::Finding(_) => None,
        };
        Self { decision, purl }
    }

    /// Which inputs it is about.
    fn inputs(&self, report: &Report) -> Vec<bool> {
        report.inputs.iter().map(|input| concerns(self.decision, input)).collect()
    }

    /// What came of it, by the findings it names.
    fn told(&self, names: &[(usize, Meets)], report: &Report, today: Date) -> Waiver {
        let (decision, inputs) = (self.decision, self.inputs(report));
        let of = |wanted: Meets| names.iter().filter(move |(_, meets)| *meets == wanted);
        let covered: Vec<&Finding> = of(Meets::Yes).filter_map(|(at, _)| report.findings.get(*at)).collect();
        let aside = |f: &Finding| inside(&inputs, f) && self.meets(f, purl(f).as_ref()) != Meets::No;
        let scoped = decision.product.is_some() || decision.supplier.is_some();
        let state = match () {
            () if scoped && !inputs.contains(&true) => "elsewhere",
            () if today > decision.expires => "expired",
            () if !covered.is_empty() => "in-force",
            () if of(Meets::Outgrown).next().is_some() => "outgrown",
            () if report.set_aside.iter().any(|s| aside(&s.finding)) => "set-aside",
            () => "unmatched",
        };
        let open = |at: usize| report.findings.get(at).is_some_and(|f| f.waiver.is_none());
        let (findings, wide) = match state {
            "in-force" => (covered.len(), self.wide(&covered, report, today)),
            // What another waiver covers is no concern of this one any more.
            _ => (names.iter().filter(|(at, _)| open(*at)).count(), Vec::new()),
        };
        waiver(decision, state, findings as u64, wide)
    }

    fn meets(&self, finding: &Finding, purl: Option<&Purl>) -> Meets {
        let decision = self.decision;
        let grown = match &decision.target {
            Target::Finding(id) if *id != finding.id => return Meets::No,
            Target::Finding(_) => false,
            Target::Component { component, rule } => {
                let called = &finding.component;
                let is = |text: &Option<String>| text.as_deref().is_some_and(|t| t.trim() == component.trim());
                let same = self.purl.as_ref().zip(purl).is_some_and(|(wanted, purl)| stands_for(wanted, purl));
                if !(same || is(&called.name) || is(&called.reference) || is(&called.purl)) {
                    return Meets::No;
                }
                let of_rule = finding.evidence.iter().filter(|e| e.rule == *rule).map(|e| e.strength).max();
                let Some(strongest) = of_rule else { return Meets::No };
                finding.evidence.iter().any(|e| e.strength > strongest)
            }
        };
        if decision.version.as_deref().is_some_and(|v| finding.component.version.as_deref() != Some(v)) {
            return Meets::No;
        }
        if grown || decision.level.is_some_and(|most| finding.level > most) { Meets::Outgrown } else { Meets::Yes }
    }

    /// In what a waiver is wider than one decision: about one component, in one version, of one supplier, with an end
    /// in sight.
    fn wide(&self, covered: &[&Finding], report: &Report, today: Date) -> Vec<Word> {
        let several = |all: BTreeSet<Option<String>>| all.len() > 1;
        let bare = |f: &&Finding| purl(f).map(|p| format!("{}/{:?}/{}", p.ty(), p.namespace(), p.name()));
        let names = covered.iter().map(|f| f.component.name.clone()).collect();
        let purls = covered.iter().map(bare).filter(Option::is_some).collect();
        let suppliers = covered.iter().map(|f| report.inputs.get(f.input).and_then(supplier)).collect();
        let versions = covered.iter().map(|f| f.component.version.clone()).collect();
        let stated = self.decision.version.is_some() || self.purl.as_ref().is_some_and(|p| p.version().is_some());
        let far = today.until(self.decision.expires).is_ok_and(|span| span.get_days() > LONG);
        let all = [
            ("components", several(names) || several(purls)),
            ("suppliers", several(suppliers)),
            ("versions", !stated && several(versions)),
            ("time", far),
        ];
        all.into_iter().filter(|(_, wide)| *wide).map(|(word, _)| word.into()).collect()
    }
}

/// Whether a package URL is the one wanted; what the wanted one leaves open may be anything.
fn stands_for(wanted: &Purl, purl: &Purl) -> bool {
    (wanted.ty(), wanted.namespace(), wanted.name()) == (purl.ty(), purl.namespace(), purl.name())
        && wanted.version().is_none_or(|v| purl.version() == Some(v))
        && wanted.subpath().is_none_or(|s| purl.subpath() == Some(s))
        && wanted.qualifiers().iter().all(|(key, value)| purl.qualifiers().get(key) == Some(value))
}

/// What makes two inputs of two runs the same: product and supplier where the input names its product, whatever the file
/// is called; else the path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Same {
    Product(Option<String>, String),
    Path(String),
}

fn same(input: &Input) -> Same {
    let name = input.product.as_ref().and_then(|p| p.name.as_deref()).map(str::trim).filter(|n| !n.is_empty());
    match name {
        Some(name) => Same::Product(supplier(input), name.to_owned()),
        None => Same::Path(path(input).to_owned()),
    }
}

fn path(input: &Input) -> &str {
    input.path.strip_prefix("./").unwrap_or(&input.path)
}

/// A finding of one run in another: its id, in the same input.
type Key = (Same, String);

fn keyed<'r>(
    inputs: &'r [Input],
    findings: impl Iterator<Item = &'r Finding>,
) -> impl Iterator<Item = (Key, &'r Finding)> {
    let sames: Vec<Same> = inputs.iter().map(same).collect();
    findings.map(move |f| {
        let of = sames.get(f.input).cloned().unwrap_or(Same::Path(String::new()));
        ((of, f.id.clone()), f)
    })
}

/// Marks each finding by whether an earlier report has it, and tells what is gone. Waivers come before it.
pub fn compare(report: &mut Report, earlier: &Report, name: &str) {
    let mut before: BTreeMap<Key, (Level, bool)> = BTreeMap::new();
    for (key, finding) in keyed(&earlier.inputs, earlier.findings.iter()) {
        let waived = finding.waiver.is_some();
        let known = before.entry(key).or_insert((finding.level, waived));
        *known = (known.0.max(finding.level), known.1 && waived);
    }
    let now: Vec<Key> = keyed(&report.inputs, report.findings.iter()).map(|(key, _)| key).collect();
    for (finding, key) in report.findings.iter_mut().zip(&now) {
        finding.baseline = Some(match before.get(key) {
            None => Since::New,
            Some((_, true)) if finding.waiver.is_none() => Since::Lapsed,
            Some((level, _)) if finding.level > *level => Since::Risen,
            Some(_) => Since::Known,
        });
    }
    let mut seen: BTreeSet<Key> = now.into_iter().collect();
    let aside: BTreeSet<Key> =
        keyed(&report.inputs, report.set_aside.iter().map(|s| &s.finding)).map(|(key, _)| key).collect();
    let mut gone = Vec::new();
    for (key, finding) in keyed(&earlier.inputs, earlier.findings.iter()) {
        let Some(input) = earlier.inputs.get(finding.input) else { continue };
        if !seen.insert(key.clone()) {
            continue;
        }
        gone.push(Gone {
            id: finding.id.clone(),
            level: finding.level,
            component: finding.component.clone(),
            path: input.path.clone(),
            now: if aside.contains(&key) { "set-aside" } else { became(&key.0, input, report) }.into(),
        });
    }
    report.baseline = Some(Baseline {
        path: name.to_owned(),
        rules: earlier.rules.clone(),
        context: earlier.context.clone(),
        differs: differs(report, earlier),
        gone,
    });
}

/// What became of an input of an earlier run. That something was not read never looks like it being gone.
fn became(wanted: &Same, input: &Input, report: &Report) -> &'static str {
    let again = || report.inputs.iter().filter(|i| same(i) == *wanted || path(i) == path(input));
    let whole = |i: &Input| i.status == Status::Read && i.components > 0;
    match () {
        () if again().any(|i| !whole(i)) => "not-read",
        () if again().any(|i| same(i) == *wanted) => "gone",
        () => "no-input",
    }
}

fn differs(report: &Report, earlier: &Report) -> Vec<Word> {
    let (now, then) = (&report.context, &earlier.context);
    let all = [
        ("rules", report.rules.sha256 != earlier.rules.sha256),
        ("role", now.role != then.role),
        ("market", now.markets != then.markets),
        ("act", now.act != then.act),
        ("facts", now.facts != then.facts),
        ("as-of", now.as_of != then.as_of),
        ("regimes", now.regimes != then.regimes),
        ("incomplete", earlier.incomplete()),
    ];
    all.into_iter().filter(|(_, differ)| *differ).map(|(word, _)| word.into()).collect()
}
