//! False friends: findings that a rule explains away, kept with the explanation.

use super::Finding;
use super::party::other_supplier;
use crate::model::{Component, IdentifierKind};
use crate::rules::RuleSet;
use crate::rules::format::{NotThis, Strength, When};
use crate::rules::index::purl_matches;
use crate::text::Folded;
use packageurl::PackageUrl;
use std::str::FromStr as _;

/// The rule that sets a finding aside, and why, if any does.
pub fn set_aside(finding: &Finding, component: &Component, rules: &RuleSet) -> Option<(String, String)> {
    let narrows = |rule: &&NotThis| {
        rule.narrows
            .iter()
            .any(|id| *id == finding.organization || finding.evidence.iter().any(|e| e.owner.rule == *id))
    };
    let rule = rules.not_this().filter(narrows).find(|r| r.when.iter().any(|w| holds(w, finding, component, rules)))?;
    Some((rule.common.id.clone(), rule.why.clone()))
}

fn holds(when: &When, finding: &Finding, component: &Component, rules: &RuleSet) -> bool {
    let only = finding.evidence.iter().all(|e| when.only_evidence.iter().any(|id| id == e.kind.id()));
    only && (when.names.is_empty() || named(&when.names, component))
        && (when.name_words.is_empty() || worded(&when.name_words, component))
        && (when.purl.is_empty() || identified(when, component))
        && (when.party_names.is_empty() || partied(&when.party_names, finding))
        && (!when.other_supplier || other_supplier(rules, component))
}

fn named(names: &[String], component: &Component) -> bool {
    let Some(name) = &component.name else { return false };
    let folded = Folded::new(&name.text).letters;
    names.iter().any(|n| Folded::new(n).letters == folded)
}

fn worded(words: &[String], component: &Component) -> bool {
    let Some(name) = &component.name else { return false };
    let folded = Folded::new(&name.text);
    words.iter().any(|word| {
        let word = Folded::new(word);
        folded.letters.match_indices(&word.letters).any(|(at, found)| folded.holds(at, at + found.len(), &word))
    })
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
        let stands = |name: &Folded| {
            text.letters.match_indices(&name.letters).any(|(at, found)| text.holds(at, at + found.len(), name))
        };
        evidence.strength <= Strength::Weak && names.iter().any(stands)
    })
}
