//! What was found in one document, with its places: the facts of the matcher and what the regimes ask, as a report has
//! them. Start at [`Builder::finding`].

use super::Options;
use super::input::{around, shown};
use crate::matcher;
use crate::model::graph::GAP;
use crate::model::{Component, Document, IdentifierKind, Place, Stated};
use crate::regimes::{Assessment, Facts, assess};
use crate::report::{Arose, Called, Evidence, Finding, Location, Narrowed, Question, unversioned};
use crate::rules::RuleSet;
use crate::rules::format::{Level, Strength};
use crate::source::Source;
use crate::source::excerpt::{Excerpt, excerpt};
use crate::source::position::Position;
use crate::source::window::hex;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Turns the facts of one document into those of a report.
pub struct Builder<'b> {
    pub source: &'b Source,
    pub document: &'b Document,
    pub rules: &'b RuleSet,
    pub options: &'b Options,
    pub positions: BTreeMap<u64, Position>,
}

impl Builder<'_> {
    pub fn position(&self, offset: u64) -> Position {
        self.positions.get(&offset).copied().unwrap_or_default()
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

    pub fn finding(&self, finding: &matcher::Finding, taken: &mut BTreeMap<String, u32>) -> Finding {
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
        for assessment in &mut assessments {
            assessment.because = assessment.because.trim().to_owned();
        }
        let level = assessments.iter().map(|a| a.level).max().unwrap_or_else(|| unregulated(finding, self.rules));
        let organization = self.rules.files().iter().find(|f| f.rule.common().id == finding.organization);
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
            baseline: None,
            class_title: finding.class.as_ref().and_then(|id| self.rules.class(id)).map(|c| c.common.title.clone()),
            path_names: finding.paths.iter().map(|path| path.iter().map(|&n| self.step(n).1).collect()).collect(),
        }
    }

    pub fn asked(&self, asked: &matcher::Asked) -> Question {
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
            found: shown(&evidence.found),
            location: self.location(&evidence.at),
            // What is only told beside other evidence says least of all.
            strength: evidence.strength.max(Strength::Weak),
            draft: evidence.owner.status == crate::rules::format::Status::Draft,
        }
    }

    /// A component of a path: its reference, or its name when it has none, and what to call it; `…` for steps left out.
    fn step(&self, number: u32) -> (String, String) {
        if number == GAP {
            return ("…".to_owned(), "…".to_owned());
        }
        let called = self.document.component(number).map(called).unwrap_or_default();
        let label = called.label().to_owned();
        (called.reference.unwrap_or_else(|| label.clone()), label)
    }
}

/// What each regime asks about a finding, the highest level first.
pub fn assessed(finding: &matcher::Finding, rules: &RuleSet, options: &Options) -> Vec<Assessment> {
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
    let regimes = rules.regimes().filter(|regime| options.context.asks(&regime.common.id));
    let mut assessments: Vec<_> = regimes.flat_map(|r| assess(facts, &options.context, r, &rules.set)).collect();
    assessments.sort_by_key(|a| std::cmp::Reverse(a.level));
    assessments
}

/// The level of a finding of which no regime says anything to the caller: to be looked at when no regime at all is about its
/// maker, otherwise for information.
pub fn unregulated(finding: &matcher::Finding, rules: &RuleSet) -> Level {
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
    let rules: BTreeSet<&str> = finding.evidence.iter().map(|e| e.owner.rule.as_str()).collect();
    let label = component
        .files
        .first()
        .map_or(component.label(), |f| component.name.as_ref().map_or(f.value.text.as_str(), |n| n.text.as_str()));
    let mut digest = Sha256::new();
    for part in ["unlabel/1", label, unversioned(purl), finding.relation.id()].into_iter().chain(rules) {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    let id: String = hex(&digest.finalize()).chars().take(16).collect();
    let count = taken.entry(id.clone()).or_insert(0);
    *count += 1;
    if *count == 1 { id } else { format!("{id}-{count}") }
}
