//! False friends: findings that a rule explains away or makes small, kept with the explanation.

use super::Finding;
use super::party::other_supplier;
use crate::model::{Component, IdentifierKind};
use crate::rules::RuleSet;
use crate::rules::format::{Level, NotThis, Strength, When};
use crate::rules::index::{glob, purl_matches};
use crate::text::Folded;
use packageurl::PackageUrl;
use std::str::FromStr as _;

/// What a false friend says of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrowed {
    /// Rule id.
    pub by: String,
    /// Why.
    pub why: String,
    /// The highest level that is left, under regimes that ask for a security function; `None` sets the finding aside.
    pub at_most: Option<Level>,
}

/// What the false friends say of a finding: the one that leaves least of it.
pub fn explain(finding: &Finding, component: &Component, rules: &RuleSet) -> Option<Narrowed> {
    let narrows = |rule: &&NotThis| {
        rule.narrows
            .iter()
            .any(|id| *id == finding.organization || finding.evidence.iter().any(|e| e.owner.rule == *id))
    };
    let spared = |rule: &&NotThis| finding.class.as_ref().is_some_and(|class| rule.spares.contains(class));
    let holding = rules
        .not_this()
        .filter(narrows)
        .filter(|rule| !spared(rule))
        .filter(|r| r.when.iter().any(|w| holds(w, finding, component, rules)));
    let rule = holding.min_by_key(|rule| rule.at_most)?;
    Some(Narrowed { by: rule.common.id.clone(), why: rule.why.trim().to_owned(), at_most: rule.at_most })
}

fn holds(when: &When, finding: &Finding, component: &Component, rules: &RuleSet) -> bool {
    let only = finding.evidence.iter().all(|e| when.only_evidence.iter().any(|id| id == e.kind.id()));
    only && (when.names.is_empty() || named(&when.names, component))
        && (when.name_words.is_empty() || worded(&when.name_words, component))
        && (when.purl.is_empty() || identified(when, component))
        && (when.files.is_empty() || filed(&when.files, finding, component))
        && (when.evidence_words.is_empty() || evident(&when.evidence_words, finding))
        && (when.party_names.is_empty() || partied(&when.party_names, finding))
        && (!when.other_supplier || other_supplier(rules, component))
}

/// What a component is called: its name, or the path that a file has for one.
fn called(component: &Component) -> Vec<&str> {
    let files = component.files.iter().map(|f| f.value.text.as_str()).filter(|_| component.name.is_none());
    component.name.iter().map(|n| n.text.as_str()).chain(files).collect()
}

/// Whether the component is called like one of these files, or all that speaks for the finding are such files.
fn filed(patterns: &[String], finding: &Finding, component: &Component) -> bool {
    let patterns: Vec<String> = patterns.iter().map(|p| p.to_lowercase()).collect();
    let like = |path: &str| {
        let path = path.replace('\\', "/").to_lowercase();
        let base = path.rsplit('/').next().unwrap_or_default();
        patterns.iter().any(|pattern| match pattern.contains('/') {
            true => path == *pattern || path.ends_with(&format!("/{pattern}")),
            false => glob(pattern, base),
        })
    };
    let file = |e: &super::Evidence| e.kind == super::EvidenceKind::File && like(&e.found);
    called(component).into_iter().any(like) || finding.evidence.iter().all(file)
}

fn evident(words: &[String], finding: &Finding) -> bool {
    let words: Vec<Folded> = words.iter().map(|w| Folded::new(w)).collect();
    finding.evidence.iter().all(|evidence| {
        let found = Folded::new(&evidence.found);
        words.iter().any(|word| found.has(word))
    })
}

fn named(names: &[String], component: &Component) -> bool {
    let Some(name) = &component.name else { return false };
    let folded = Folded::new(&name.text).letters;
    names.iter().any(|n| Folded::new(n).letters == folded)
}

fn worded(words: &[String], component: &Component) -> bool {
    let names: Vec<Folded> = called(component).into_iter().map(Folded::new).collect();
    words.iter().map(|word| Folded::new(word)).any(|word| names.iter().any(|name| name.has(&word)))
}

fn identified(when: &When, component: &Component) -> bool {
    let purls = component.identifiers.iter().filter(|i| i.kind == IdentifierKind::Purl);
    let parsed = purls.filter_map(|i| PackageUrl::from_str(&i.value.text).ok());
    parsed.into_iter().any(|p| {
        when.purl.iter().any(|row| {
            row.types.iter().any(|t| t.eq_ignore_ascii_case(p.ty()))
                && purl_matches(row, p.namespace().unwrap_or_default(), p.name(), |a, b| {
                    a.to_lowercase() == b.to_lowercase()
                })
        })
    })
}

/// Whether every piece of evidence holds one of these names and is weak, as a surname is: a company beside it is not.
fn partied(names: &[String], finding: &Finding) -> bool {
    let names: Vec<Folded> = names.iter().map(|n| Folded::new(n)).collect();
    finding.evidence.iter().all(|evidence| {
        let text = Folded::new(&evidence.found);
        evidence.strength <= Strength::Weak && names.iter().any(|name| text.has(name))
    })
}
