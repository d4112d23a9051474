//! The whole story of one finding: where it stands, what speaks for it, by which rules and sources, what each clause makes
//! of it, what is open, and what would give it another level.
//!
//! What would change is not guessed: the clauses are asked again with one thing different ([`others`]), and only when
//! asking them as the report did gives what the report has.

use crate::matcher::Relation;
use crate::regimes::{AsOf, Assessment, Context, Facts, OF_COMPONENTS, assess};
use crate::renderers::decided;
use crate::renderers::escape::Line;
use crate::renderers::page::{BOLD, Page, WIDTH, style};
use crate::renderers::words;
use crate::report::{Evidence, Finding, Report, SetAside};
use crate::rules::RuleSet;
use crate::rules::format::{Level, RuleFile, Strength};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// A finding of a report, whether it was set aside or not.
#[derive(Debug, Clone, Copy)]
pub struct Told<'r> {
    /// The finding.
    pub finding: &'r Finding,
    /// Why it was set aside, where it was.
    pub aside: Option<&'r SetAside>,
}

/// Those of a report with an id, or whose ids all begin so when no id is so; empty when there is none, or it could be several.
pub fn find<'r>(report: &'r Report, id: &str) -> Vec<Told<'r>> {
    let found = report.findings.iter().map(|finding| Told { finding, aside: None });
    let aside = report.set_aside.iter().map(|s| Told { finding: &s.finding, aside: Some(s) });
    let all: Vec<Told<'r>> = found.chain(aside).collect();
    let exact: Vec<Told<'r>> = all.iter().filter(|t| t.finding.id == id).copied().collect();
    if !exact.is_empty() || id.len() < 4 {
        return exact;
    }
    let like: Vec<Told<'r>> = all.into_iter().filter(|t| t.finding.id.starts_with(id)).collect();
    let ids: BTreeSet<&str> = like.iter().map(|t| t.finding.id.as_str()).collect();
    if ids.len() == 1 { like } else { Vec::new() }
}

/// Tells the story of a finding.
///
/// # Errors
/// When the output cannot be written.
pub fn finding(report: &Report, told: Told<'_>, rules: &RuleSet, out: &mut dyn Write, colored: bool) -> io::Result<()> {
    let page = &mut Page::new(out, colored);
    let finding = told.finding;
    let input = report.inputs.get(finding.input);
    let path = input.map_or("", |i| i.path.as_str());
    let level = if told.aside.is_some() { "set aside" } else { finding.level.id() };
    page.styled(style(Some(finding.level)), &level.to_uppercase(), &format!("  {}", Line(&words::titled(finding))))?;
    page.pair("id", &finding.id)?;
    page.pair("what", &words::what(finding))?;
    if told.aside.is_none() {
        page.pair("do", words::advice(finding.level))?;
    }
    if let Some(waiver) = &finding.waiver {
        page.pair("waived", &decided::waived(waiver))?;
    }
    let at = &finding.location;
    page.pair("where", &format!("{}:{}:{} ({})", Line(path), at.line, at.column, Line(&at.pointer)))?;
    if let Some(product) = input.and_then(|i| i.product.as_ref()) {
        let words = [&product.name, &product.version, &product.supplier].map(|w| w.as_deref().unwrap_or_default());
        page.pair("product", &Line(words.join(" ").trim()).to_string())?;
    }
    for way in finding.ways().iter().filter(|way| way.len() > 1) {
        let steps: Vec<String> = way.iter().map(|s| Line(s).to_string()).collect();
        page.pair("path", &steps.join(" > "))?;
    }
    if let Some(doubt) = input.and_then(words::doubt) {
        page.pair("but", &format!("of the input: {}", Line(&doubt)))?;
    }
    page.line("")?;
    why(page, path, told)?;
    sources(page, finding, rules)?;
    clauses(page, report, finding)?;
    open(page, finding, rules)?;
    page.styled(BOLD, "What would give it another level", "")?;
    for sentence in others(report, told, rules) {
        page.pair("", &sentence)?;
    }
    page.line("")?;
    textwrap::wrap(&report.disclaimer, WIDTH).iter().try_for_each(|line| page.line(line))
}

fn why(page: &mut Page<'_>, path: &str, told: Told<'_>) -> io::Result<()> {
    let finding = told.finding;
    page.styled(BOLD, "What speaks for it", "")?;
    for (number, evidence) in finding.evidence.iter().enumerate() {
        page.evidence(if number == 0 { "evidence" } else { "" }, path, evidence, true)?;
    }
    let strength = match finding.strength {
        Strength::Strong => "strong: one strong piece, or two independent medium ones",
        Strength::Medium => "medium: it points to the maker without naming it for certain",
        Strength::Weak | Strength::Context => "weak: a similar or ambiguous name",
    };
    page.pair("together", strength)?;
    if let Some(narrowed) = &finding.narrowed {
        page.pair("but", &format!("{} [rule {}]", narrowed.why, narrowed.by))?;
    }
    if let Some(open) = &finding.open {
        page.pair("open", open)?;
    }
    if let Some(aside) = told.aside {
        page.pair("set aside", &format!("{} [rule {}]", aside.why, aside.by))?;
    }
    page.line("")
}

/// Every rule that spoke, once, with where its facts can be read.
fn sources(page: &mut Page<'_>, finding: &Finding, rules: &RuleSet) -> io::Result<()> {
    page.styled(BOLD, "The rules behind it", "")?;
    let mut all: BTreeMap<&str, (&Evidence, BTreeSet<&str>)> = BTreeMap::new();
    for evidence in &finding.evidence {
        let (_, sources) = all.entry(&evidence.rule).or_insert((evidence, BTreeSet::new()));
        sources.extend(evidence.sources.iter().map(String::as_str));
    }
    for (id, (evidence, sources)) in all {
        let title = if evidence.rule_title.is_empty() { id } else { &evidence.rule_title };
        let draft = if evidence.draft { ", a draft" } else { "" };
        let known = match rules.rule(id) {
            Some(_) => format!("`unlabel explain {id}` tells all of it"),
            None => "this program's rules do not have it".to_owned(),
        };
        page.pair("rule", &format!("{id}{draft}: {title}; {known}"))?;
        for source in sources {
            page.pair("", source)?;
        }
    }
    page.line("")
}

fn clauses(page: &mut Page<'_>, report: &Report, finding: &Finding) -> io::Result<()> {
    let context = &report.context;
    let whom = format!("What it means for role {} in market {}", context.role, context.markets.join(", "));
    page.styled(BOLD, &format!("{whom} as of {}", context.as_of), "")?;
    if finding.assessments.is_empty() {
        page.pair("", "No clause that was asked speaks of it.")?;
    }
    for a in &finding.assessments {
        let since = if a.since_words.is_empty() { &a.since_local } else { &a.since_words };
        page.styled(style(Some(a.level)), &format!("  {}", a.level.id()), &format!("  {} · {}", a.citation, a.clause))?;
        page.pair("", &a.because)?;
        page.pair("since", since)?;
        if let Some(duty) = &a.duty {
            page.pair("report", duty)?;
        }
        let uncertain = a.uncertain.as_ref().map_or(String::new(), |u| format!(". Not certain: {}", u.trim()));
        page.pair("certainty", &format!("{}{uncertain}", a.certainty.id()))?;
        for (number, source) in a.sources.iter().enumerate() {
            page.pair(if number == 0 { "read in" } else { "" }, source)?;
        }
    }
    page.line("")
}

fn open(page: &mut Page<'_>, finding: &Finding, rules: &RuleSet) -> io::Result<()> {
    let asks = words::questions(finding);
    if asks.is_empty() {
        return Ok(());
    }
    page.styled(BOLD, "What is open", "")?;
    let theirs = rules.answered_by_suppliers();
    let theirs =
        |ask: &&str| theirs.contains(ask.trim()) || OF_COMPONENTS.contains(ask) || finding.open.as_deref() == Some(ask);
    let (supplier, own): (Vec<&str>, Vec<&str>) = asks.into_iter().partition(theirs);
    for (label, list) in [("supplier", supplier), ("yourself", own)] {
        for (number, ask) in list.iter().enumerate() {
            page.pair(if number == 0 { label } else { "" }, ask)?;
        }
    }
    page.line("")
}

/// What a finding is to the clauses, and the reader they were asked for.
#[derive(Clone)]
struct Asked<'a> {
    facts: Facts<'a>,
    context: Context,
}

impl<'a> Asked<'a> {
    fn assessments(&self, report: &Report, rules: &'a RuleSet) -> Vec<Assessment> {
        let asked = rules.regimes().filter(|r| report.context.regimes.contains(&r.common.id));
        asked.flat_map(|r| assess(self.facts, &self.context, r, &rules.set)).collect()
    }

    /// The highest level; `None` when no clause speaks of it.
    fn level(&self, report: &Report, rules: &'a RuleSet) -> Option<Level> {
        self.assessments(report, rules).iter().map(|a| a.level).max()
    }
}

/// Every relation a finding can have.
const RELATIONS: [Relation; 5] =
    [Relation::IntegratesWith, Relation::DerivedFrom, Relation::Embeds, Relation::LicensedFrom, Relation::SuppliedBy];

/// Asks as the report did: what is not in a report is taken so that the same comes out. `None` when nothing does.
fn again<'a>(report: &'a Report, told: Told<'a>, rules: &'a RuleSet) -> Option<Asked<'a>> {
    let finding = told.finding;
    let organization = rules.files().iter().find_map(|f| match &f.rule {
        RuleFile::Organization(o) if o.common.title == finding.organization => Some(o.common.id.as_str()),
        _ => None,
    })?;
    let relation = RELATIONS.into_iter().find(|r| r.id() == finding.relation)?;
    let at_most = finding.narrowed.as_ref().and_then(|n| {
        let rule = rules.not_this().find(|r| r.common.id == n.by)?;
        Some((rule.at_most?, n.why.as_str()))
    });
    let (of, as_of) = (&report.context, AsOf::read(&report.context.as_of)?);
    let wanted = sorted(&finding.assessments);
    let mut all = Vec::new();
    for embedded in [Some(true), Some(false), None] {
        for not_shipped in [false, true] {
            for draft in [false, true] {
                for regimes in [Vec::new(), of.regimes.clone()] {
                    let facts = Facts {
                        organization,
                        class: finding.class.as_deref(),
                        strength: finding.strength,
                        relation,
                        embedded,
                        not_shipped,
                        draft,
                        open: finding.open.as_deref(),
                        at_most,
                    };
                    let context = Context {
                        role: of.role.clone(),
                        markets: of.markets.clone(),
                        act: of.act.clone(),
                        facts: of.facts.iter().cloned().collect(),
                        regimes,
                        as_of,
                        assumed: Vec::new(),
                    };
                    all.push(Asked { facts, context });
                }
            }
        }
    }
    // What is set aside was never asked about.
    let same = |asked: &Asked<'_>| told.aside.is_some() || sorted(&asked.assessments(report, rules)) == wanted;
    all.into_iter().find(same)
}

/// What tells one answer from another. The sentence of an exempt candidate names other clauses behind it.
fn sorted(assessments: &[Assessment]) -> Vec<(&str, &str, Level, &str)> {
    let why = |a: &'_ Assessment| if a.level == Level::ExemptCandidate { 0 } else { a.because.trim().len() };
    let key = |a| -> (&str, &str, Level, &str) {
        let a: &Assessment = a;
        (&a.regime, &a.clause, a.level, a.because.trim().get(..why(a)).unwrap_or_default())
    };
    let mut all: Vec<_> = assessments.iter().map(key).collect();
    all.sort_unstable();
    all
}

/// What would give another level, each a sentence; never empty.
pub fn others(report: &Report, told: Told<'_>, rules: &RuleSet) -> Vec<String> {
    let Some(base) = again(report, told, rules) else {
        return vec![
            "It cannot be told: the report was made with other rules than this program has, so its clauses cannot be asked \
             again. Scan again, or give the rules with --rules."
                .to_owned(),
        ];
    };
    let now = if told.aside.is_some() { None } else { base.level(report, rules) };
    let word = |level: Option<Level>| level.map_or("no clause speaks of it", |l| l.id());
    let mut all = Vec::new();
    let mut with = |what: String, change: &dyn Fn(&mut Asked<'_>)| {
        let mut other = base.clone();
        change(&mut other);
        let level = other.level(report, rules);
        if level != now {
            all.push(format!("{what}: {}", word(level)));
        }
    };
    if told.aside.is_some() {
        with("were it not set aside".to_owned(), &|_| {});
        return all;
    }
    let facts = base.facts;
    if facts.open.is_some() {
        with("when the supplier confirms that this copy holds it".to_owned(), &|a| a.facts.open = None);
    }
    match facts.strength {
        Strength::Strong => with("were the evidence weak".to_owned(), &|a| a.facts.strength = Strength::Weak),
        _ => with("with strong evidence".to_owned(), &|a| a.facts.strength = Strength::Strong),
    }
    if facts.draft {
        with("were the rule proven".to_owned(), &|a| a.facts.draft = false);
    }
    if facts.at_most.is_some() {
        with("were it not narrowed".to_owned(), &|a| a.facts.at_most = None);
    }
    if facts.embedded != Some(true) {
        with("as a part of somebody else's product".to_owned(), &|a| a.facts.embedded = Some(true));
    }
    if facts.embedded != Some(false) {
        with("as a product of the maker itself".to_owned(), &|a| a.facts.embedded = Some(false));
    }
    let shipped = if facts.not_shipped { "when it is shipped" } else { "when it is no part of what is shipped" };
    with(shipped.to_owned(), &|a| a.facts.not_shipped = !facts.not_shipped);
    let set = &rules.set;
    for word in &set.fact {
        let stated = &base.context.facts;
        let against = set.fact.iter().filter(|w| stated.contains(&w.id)).any(|w| w.contradicts.contains(&word.id));
        if !stated.contains(&word.id) && !against && !word.contradicts.iter().any(|c| stated.contains(c)) {
            let what = format!("stating {} ({})", word.id, word.title.trim().trim_end_matches('.'));
            with(what, &|a| a.context.facts.extend([word.id.clone()]));
        }
    }
    for stated in base.context.facts.clone() {
        with(format!("without stating {stated}"), &|a| a.context.facts.retain(|f| *f != stated));
    }
    let mut before: Vec<_> = told.finding.assessments.iter().map(|a| (a.since, a)).collect();
    before.sort_by_key(|(since, _)| *since);
    before.dedup_by_key(|(since, _)| *since);
    let mut told_level = now;
    for (since, a) in before.into_iter().rev() {
        let Ok(earlier) = since.checked_sub(jiff::SignedDuration::from_secs(1)) else { continue };
        let mut other = base.clone();
        other.context.as_of = AsOf::Instant(earlier);
        let level = other.level(report, rules);
        if level != told_level && base.context.as_of != other.context.as_of {
            let since = if a.since_words.is_empty() { &a.since_local } else { &a.since_words };
            all.push(format!("for an act before {since}: {}", word(level)));
            told_level = level;
        }
    }
    let mut grouped = |what: &str, changes: &mut dyn Iterator<Item = (String, Asked<'_>)>| {
        let mut by: BTreeMap<Option<Level>, Vec<String>> = BTreeMap::new();
        for (name, other) in changes {
            let level = other.level(report, rules);
            if level != now {
                by.entry(level).or_default().push(name);
            }
        }
        all.extend(by.into_iter().rev().map(|(level, names)| format!("{what} {}: {}", names.join(", "), word(level))));
    };
    let classes = rules.classes().filter(|c| facts.class != Some(c.common.id.as_str()));
    grouped(
        "were its class",
        &mut classes.map(|c| {
            let mut other = base.clone();
            other.facts.class = Some(&c.common.id);
            (c.common.id.clone(), other)
        }),
    );
    let acts = set.act.iter().filter(|w| base.context.act.as_ref() != Some(&w.id));
    grouped(
        "for the act",
        &mut acts.map(|w| {
            let mut other = base.clone();
            other.context.act = Some(w.id.clone());
            (w.id.clone(), other)
        }),
    );
    let roles = set.role.iter().filter(|w| w.id != base.context.role);
    grouped(
        "for role",
        &mut roles.map(|w| {
            let mut other = base.clone();
            other.context.role.clone_from(&w.id);
            (w.id.clone(), other)
        }),
    );
    if all.is_empty() {
        all.push("Nothing that the rules know of would.".to_owned());
    }
    all
}
