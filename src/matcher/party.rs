//! Who is named, in which role: suppliers, makers, publishers, authors, providers, licensors, signers.

use super::Look;
use super::evidence::{Applies, Evidence, EvidenceKind, Group, Relation};
use super::links;
use crate::model::{Party, PartyKind, Role, Stated};
use crate::rules::format::{HostUse, NameType, Strength};
use crate::rules::{Owner, RuleSet};
use crate::text::{Position, says_nothing};

/// Looks at every party, and at the certificates the component is signed with.
pub fn look(look: &Look<'_>, out: &mut Vec<Evidence>) {
    for party in &look.component.parties {
        let kind = EvidenceKind::Party(party.role);
        let relation = if party.role == Role::Licensor { Relation::LicensedFrom } else { Relation::SuppliedBy };
        let mut put = |owner: &Owner, stated: &Stated, strength: Strength, group| {
            let strength = strength.min(most(party.role));
            let (owner, found, at) = (owner.clone(), stated.text.clone(), stated.at.clone());
            out.push(Evidence { kind, owner, found, at, strength, relation, group, applies: Applies::Yes });
        };
        for name in &party.names {
            // An address in the name says as much as one beside it, and its words are no name.
            let addressed = addressed(look.rules, party, &name.text);
            let called = named(look.rules, party, &name.text).map(|(owner, strength)| (owner, strength, Group::Party));
            let addressed = addressed.map(|(owner, strength)| (owner, strength, Group::Link));
            if let Some((owner, strength, group)) = called.into_iter().chain(addressed).max_by_key(|found| found.1) {
                put(owner, name, strength, group);
            }
        }
        // A contact is a person; only a company's name among them says something.
        let contact = Party { kind: PartyKind::Person, ..Party::new(party.role) };
        for name in &party.contacts {
            if let Some((owner, strength)) = named(look.rules, &contact, &name.text) {
                put(owner, name, strength, Group::Party);
            }
        }
        for url in &party.urls {
            if let Some((owner, strength, _)) = links::host_of(look.rules, &url.text) {
                put(owner, url, strength, Group::Link);
            }
        }
        for mail in &party.emails {
            let host = mail.text.rsplit('@').next().unwrap_or_default();
            if let Some((owner, domain)) = look.rules.host(host).filter(|(_, d)| d.used_for != HostUse::Research) {
                let strength = if party.role == Role::Author { Strength::Weak } else { domain.strength };
                put(owner, mail, strength, Group::Link);
            }
        }
    }
    for subject in &look.component.signers {
        if let Some((owner, strength)) = signed(look.rules, &subject.text) {
            out.push(Evidence {
                kind: EvidenceKind::Signer,
                owner: owner.clone(),
                found: subject.text.clone(),
                at: subject.at.clone(),
                strength,
                relation: Relation::SuppliedBy,
                group: Group::Property,
                applies: Applies::Yes,
            });
        }
    }
}

/// The most a role can say. An author wrote something, for whomever; a contributor added to a file.
fn most(role: Role) -> Strength {
    match role {
        Role::Contributor => Strength::Weak,
        Role::Author => Strength::Medium,
        _ => Strength::Strong,
    }
}

/// What a mail or web address says that stands in a party's name.
fn addressed<'r>(rules: &'r RuleSet, party: &Party, text: &str) -> Option<(&'r Owner, Strength)> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | ',' | ';'));
    let found = words.filter_map(|word| match word.rsplit_once('@') {
        Some((_, host)) if !word.contains("://") => {
            rules.host(host).filter(|(_, d)| d.used_for != HostUse::Research).map(|(owner, d)| (owner, d.strength))
        }
        _ if word.contains("://") || word.starts_with("www.") => {
            links::host_of(rules, word).map(|(owner, strength, _)| (owner, strength))
        }
        _ => None,
    });
    let strongest = found.max_by_key(|(_, strength)| *strength)?;
    // A person's mailbox says where somebody worked.
    let person = matches!(party.role, Role::Author | Role::Contributor);
    Some((strongest.0, if person { strongest.1.min(Strength::Weak) } else { strongest.1 }))
}

/// What a party's name says. A one-word brand can be a surname: it is strong only as the whole name of an organization.
fn named<'r>(rules: &'r RuleSet, party: &Party, text: &str) -> Option<(&'r Owner, Strength)> {
    // The label of one format, carried into another.
    let text = text.trim_start_matches("Organization:").trim_start();
    let hits = rules.names(text);
    let best = hits.first()?;
    let person = party.kind == PartyKind::Person || matches!(party.role, Role::Author | Role::Contributor);
    let strength = match (best.several_words, best.position) {
        (false, position) if person => match position {
            Position::Whole => Strength::Weak,
            // Somebody's surname.
            _ => return None,
        },
        (_, Position::Whole) | (true, Position::First) => best.strength,
        (false, Position::First) | (true, Position::Inside) => best.strength.min(Strength::Medium),
        (false, Position::Inside) => Strength::Weak,
    };
    Some((best.owner, if best.kind == NameType::Misspelling { Strength::Weak } else { strength }))
}

/// What a free-standing name of a maker says, outside the format's own party fields.
pub fn stated<'r>(rules: &'r RuleSet, text: &str) -> Option<(&'r Owner, Strength)> {
    named(rules, &Party::new(Role::Supplier), text)
}

/// What a signer says: the organization or common name of a subject, or an account.
pub fn signed<'r>(rules: &'r RuleSet, text: &str) -> Option<(&'r Owner, Strength)> {
    let parts = text.split([',', '+', ';', '/']).filter_map(|part| part.split_once('=').map(|(_, value)| value.trim()));
    parts.chain(std::iter::once(text)).filter_map(|part| rules.signer(part)).max_by_key(|(_, strength)| *strength)
}

/// Whether a supplier, maker, publisher or originator is stated, and none of them is a known organization.
pub fn other_supplier(rules: &RuleSet, component: &crate::model::Component) -> bool {
    let mut any = false;
    for party in component.parties.iter().filter(|p| {
        matches!(p.role, Role::Supplier | Role::Manufacturer | Role::Publisher | Role::Originator | Role::Provider)
    }) {
        any |= party.names.iter().any(|n| !says_nothing(n.text.as_bytes()));
        if party.names.iter().any(|n| named(rules, party, &n.text).is_some()) {
            return false;
        }
    }
    any
}
