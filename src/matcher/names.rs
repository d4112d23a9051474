//! What a name says where a component or an identifier is called: the reading shared by names, package URLs and
//! properties.

use super::Look;
use super::evidence::{Applies, Evidence, EvidenceKind, Group, Relation};
use crate::model::{Component, IdentifierKind, Stated};
use crate::rules::format::{NameType, Strength};
use crate::rules::names::NameHit;
use crate::rules::{Owner, RuleSet};
use crate::text::{Folded, Position};

/// Looks at the component's name and group.
pub fn look(look: &Look<'_>, out: &mut Vec<Evidence>) {
    let component = look.component;
    for name in component.name.iter().chain(&component.more_names) {
        if let Some((owner, strength)) = called(look.rules, &name.text, look.other_supplier) {
            out.push(evidence(EvidenceKind::Name, owner, name, strength));
        }
    }
    for group in component.group.iter().chain(&component.more_groups) {
        if let Some((owner, strength)) = grouped(look.rules, component, &group.text) {
            out.push(evidence(EvidenceKind::Group, owner, group, strength));
        }
    }
}

fn evidence(kind: EvidenceKind, owner: &Owner, stated: &Stated, strength: Strength) -> Evidence {
    Evidence {
        kind,
        owner: owner.clone(),
        found: stated.text.clone(),
        at: stated.at.clone(),
        strength,
        relation: Relation::SuppliedBy,
        group: Group::Called,
        applies: Applies::Yes,
    }
}

/// What a component's name says. A product name says as much as its rule grants, less when other words stand before
/// it, or behind it under another supplier. A brand says as much alone; with words of a class behind it medium;
/// otherwise it is a word.
pub fn called<'r>(rules: &'r RuleSet, text: &str, other_supplier: bool) -> Option<(&'r Owner, Strength)> {
    let hits = rules.names(text);
    let best = hits.first()?;
    // The maker's own name before its product takes nothing away.
    let brand = |h: &&NameHit<'_>| {
        h.owner.class.is_none() && h.position == Position::First && h.owner.organization == best.owner.organization
    };
    let behind_brand = hits.iter().find(brand).is_some_and(|h| h.start + h.length == best.start);
    let position = if behind_brand { Position::First } else { best.position };
    let strength = match (best.owner.class.is_some(), position) {
        (_, Position::Inside) => Strength::Weak,
        (true, Position::First) if other_supplier && more_than_a_version(text, best.start + best.length) => {
            Strength::Weak
        }
        (true, _) | (false, Position::Whole) => best.strength,
        (false, Position::First) if rules.class_in(text).is_some() => best.strength.min(Strength::Medium),
        (false, Position::First) => Strength::Weak,
    };
    Some((best.owner, spelled(best, strength)))
}

/// Whether a name goes on after its product in words that could make it something of somebody else: a connector, a wrapper.
pub fn more_than_a_version(text: &str, end: usize) -> bool {
    const OTHERS: &[&str] = &[
        "adapter",
        "agentfor",
        "allowlist",
        "bridge",
        "client",
        "connector",
        "content",
        "converter",
        "dashboard",
        "decoder",
        "detector",
        "exclusion",
        "exporter",
        "helper",
        "importer",
        "integration",
        "parser",
        "plugin",
        "removal",
        "remover",
        "script",
        "template",
        "tests",
        "uninstall",
        "whitelist",
        "wrapper",
    ];
    let folded = Folded::new(text);
    let rest = folded.letters.get(end..).unwrap_or_default();
    OTHERS.iter().any(|word| rest.contains(word))
}

/// A misspelling is never more than weak.
fn spelled(hit: &NameHit<'_>, strength: Strength) -> Strength {
    if hit.kind == NameType::Misspelling { Strength::Weak.min(strength) } else { strength }
}

/// Package types whose namespace is an account anybody can open.
const ACCOUNTS: &[&str] = &["github", "gitlab", "bitbucket", "golang", "docker", "huggingface", "swift"];

/// Whether the component's package URL has a namespace that is only an account.
fn account_namespace(component: &Component) -> bool {
    component.identifier(IdentifierKind::Purl).is_some_and(|purl| {
        let kind = purl.text.trim_start_matches("pkg:").trim_start_matches('/').split('/').next().unwrap_or_default();
        ACCOUNTS.contains(&kind.to_ascii_lowercase().as_str())
    })
}

fn grouped<'r>(rules: &'r RuleSet, component: &Component, text: &str) -> Option<(&'r Owner, Strength)> {
    if let Some(found) = namespace(rules, text) {
        let strength = if account_namespace(component) { found.1.min(Strength::Weak) } else { found.1 };
        return Some(strength).map(|s| (found.0, s));
    }
    let hits = rules.names(text);
    let best = hits.first()?;
    let strength = if best.position == Position::First && best.several_words {
        best.strength.min(Strength::Medium)
    } else {
        Strength::Weak
    };
    Some((best.owner, spelled(best, strength)))
}

/// What a namespace says when it is an organization's as a whole: its name (`@brand`), the last part of a path, or its
/// domain written backwards.
pub fn namespace<'r>(rules: &'r RuleSet, text: &str) -> Option<(&'r Owner, Strength)> {
    let whole = |text: &str| {
        rules
            .names(text)
            .into_iter()
            .find(|h| h.position == Position::Whole && h.owner.class.is_none())
            .map(|h| (h.owner, spelled(&h, h.strength)))
    };
    if let Some(found) = whole(text) {
        return Some(found);
    }
    if let Some((_, last)) = text.rsplit_once('/')
        && let Some(found) = whole(last)
    {
        return Some(found);
    }
    if text.contains('.') && !text.contains([' ', '/', ':']) {
        if let Some(found) = rules.purl("maven", text, "").into_iter().next() {
            return Some(found);
        }
        let host = text.split('.').rev().collect::<Vec<_>>().join(".");
        // `tools.example.com` lies below the domain that `com.example` stands for.
        let labels: Vec<&str> = host.split('.').collect();
        for from in 0..labels.len() {
            if let Some((owner, domain)) = labels.get(from..).and_then(|l| rules.host(&l.join(".")))
                && domain.strength != Strength::Context
            {
                return Some((owner, Strength::Strong));
            }
        }
    }
    None
}
