//! Security engines of which nobody says who made them: a question for the supplier, never a finding.
//!
//! A component that calls itself an engine or kit against malware and names no maker may be anybody's. This module must
//! never suppose whose it is.

use super::identifiers::cpe_parts;
use super::labels::REGISTRIES;
use crate::model::{Component, Document, IdentifierKind, Origin, Role, Stated};
use crate::rules::RuleSet;
use crate::rules::format::WordPlace;
use crate::rules::names::NameHit;
use crate::text::{Folded, Position, says_nothing};
use packageurl::PackageUrl;
use std::str::FromStr as _;

/// A question that a component gives rise to.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Number of the component in its document.
    pub component: u32,
    /// The rule that asks.
    pub rule: String,
    /// The words that gave rise to it, and where they stand.
    pub found: Stated,
    /// The question.
    pub ask: String,
    /// Why it is asked.
    pub because: String,
}

/// The question a component gives rise to, if any; the first rule that fits asks.
pub fn asked(document: &Document, component: &Component, rules: &RuleSet) -> Option<Asked> {
    if !component.origin.is_component() {
        return None;
    }
    let (rule, found) = calls_itself(component, rules)?;
    if attributed(document, component, rules) {
        return None;
    }
    let rule = rules.unattributed(rule)?;
    let because = rule.because.as_deref().unwrap_or("calls itself a security engine and names no maker");
    Some(Asked {
        component: component.number,
        rule: rule.common.id.clone(),
        ask: rule.ask.clone().unwrap_or_else(|| "Who makes the engine in this component?".to_owned()),
        because: because.trim().to_owned(),
        found,
    })
}

/// The rule whose words stand in the component, and where.
fn calls_itself<'r>(component: &Component, rules: &'r RuleSet) -> Option<(&'r str, Stated)> {
    let mut places: Vec<(WordPlace, &Stated, String)> = Vec::new();
    if let Some(name) = &component.name {
        places.push((WordPlace::Name, name, name.text.clone()));
    }
    if let Some(group) = &component.group {
        places.push((WordPlace::Group, group, group.text.clone()));
    }
    if let Some(description) = &component.description {
        places.push((WordPlace::Description, description, description.text.clone()));
    }
    for identifier in component.identifiers.iter().filter(|i| i.kind == IdentifierKind::Cpe) {
        let product = cpe_parts(&identifier.value.text).map(|c| c.product).unwrap_or_default();
        places.push((WordPlace::Cpe, &identifier.value, product));
    }
    for file in &component.files {
        places.push((WordPlace::File, &file.value, file.value.text.clone()));
    }
    places.into_iter().find_map(|(place, stated, text)| {
        let counts = |hit: &NameHit<'_>| {
            rules.unattributed(&hit.owner.rule).is_some_and(|rule| match place {
                // Prose that goes on about engines mentions them; what it begins with, or a phrase made for prose, is said of
                // the component itself.
                WordPlace::Description => {
                    rule.places == [WordPlace::Description]
                        || (rule.places.contains(&place) && hit.position != Position::Inside)
                }
                _ => rule.places.contains(&place),
            })
        };
        let hit = rules.engine_words(&text).into_iter().find(counts)?;
        Some((hit.owner.rule.as_str(), stated.clone()))
    })
}

/// Words of a supplier that names nobody.
const NOBODY: &[&str] = &["oem", "third party", "white label", "whitelabel", "various", "undisclosed", "confidential"];

/// Whether somebody answers for the component: a stated supplier other than the maker of the whole product, a public
/// registry, or a known maker's name anywhere in it.
fn attributed(document: &Document, component: &Component, rules: &RuleSet) -> bool {
    let own = document.product.supplier.as_deref().map(|s| Folded::new(s).letters);
    let supplied = component
        .parties
        .iter()
        .filter(|p| !matches!(p.role, Role::Author | Role::Contributor | Role::Licensor))
        .flat_map(|p| &p.names)
        .any(|name| {
            let folded = Folded::new(&name.text);
            let nobody = says_nothing(name.text.as_bytes()) || NOBODY.iter().any(|w| folded.has(&Folded::new(w)));
            // The maker of the whole product names itself for all its parts, also for those it has bought.
            !nobody && (component.origin == Origin::Product || own.as_ref() != Some(&folded.letters))
        });
    let published = component.identifiers.iter().filter(|i| i.kind == IdentifierKind::Purl).any(|identifier| {
        PackageUrl::from_str(&identifier.value.text).is_ok_and(|purl| {
            REGISTRIES.contains(&purl.ty()) || (matches!(purl.ty(), "deb" | "rpm") && purl.namespace().is_some())
        })
    });
    supplied
        || published
        || component
            .name
            .iter()
            .chain(&component.group)
            .chain(&component.description)
            .any(|s| rules.attributed(&s.text))
        || component.identifiers.iter().any(|i| rules.attributed(&i.value.text))
        || component.parties.iter().flat_map(|p| &p.names).any(|n| rules.attributed(&n.text))
        || component.copyrights.iter().any(|c| rules.attributed(&c.text))
}
