//! Products of others that hold something of an organization under their own label, and software that can call it.
//!
//! A label is recognized by what its own vendor calls it. Whether the copy at hand holds anything is decided by version,
//! release date and the rule's own doubt, with three answers: yes, no, and a question for the vendor.

use super::Look;
use super::evidence::{Applies, Evidence, EvidenceKind, Group, Relation};
use super::identifiers::cpe_parts;
use super::names::more_than_a_version;
use crate::model::{Component, IdentifierKind, Party, Role, Stated};
use crate::rules::format::{How, Presence, Specificity, Strength, WhiteLabel};
use crate::rules::names::NameHit;
use crate::rules::versions::{Answer, answer, released};
use crate::rules::{Owner, RuleSet};
use crate::text::{Folded, Position, says_nothing};
use packageurl::PackageUrl;
use std::str::FromStr as _;

/// Looks at names, identifiers, files and properties.
pub fn look(look: &Look<'_>, out: &mut Vec<Evidence>) {
    let labels = look.rules.labels();
    let component = look.component;
    for name in component.name.iter().chain(&component.more_names) {
        named(look, EvidenceKind::Name, name, &name.text, Strength::Strong, out);
    }
    for identifier in &component.identifiers {
        let (stated, text) = (&identifier.value, identifier.value.text.as_str());
        match identifier.kind {
            IdentifierKind::Purl => {
                let Ok(purl) = PackageUrl::from_str(text) else { continue };
                let rows = labels.purl(purl.ty(), purl.namespace().unwrap_or_default(), purl.name());
                if let Some((owner, strength)) = rows.first() {
                    put(look, EvidenceKind::Purl, owner, stated, *strength, Group::Identifier, out);
                } else if !REGISTRIES.contains(&purl.ty()) {
                    let name = purl.name().to_owned();
                    named(look, EvidenceKind::Purl, stated, &name, Strength::Medium, out);
                }
            }
            IdentifierKind::Cpe => {
                let Some(cpe) = cpe_parts(text) else { continue };
                let rows = labels.cpe(&cpe.part, &cpe.vendor, &cpe.product);
                if let Some((owner, strength)) = rows.first() {
                    put(look, EvidenceKind::Cpe, owner, stated, *strength, Group::Identifier, out);
                }
            }
            _ => {}
        }
    }
    for file in component.files.iter().map(|f| &f.value).chain(&component.name) {
        for (owner, row) in labels.file(&file.text) {
            let strength = match row.specificity {
                Specificity::Unique => Strength::Medium,
                Specificity::Probable => Strength::Weak,
                Specificity::Generic => Strength::Context,
            };
            let group = Group::File(row.name.to_lowercase());
            put(look, EvidenceKind::File, owner, file, strength, group, out);
        }
    }
    for property in &component.properties {
        for (owner, strength) in labels.property(&property.value.text) {
            put(look, EvidenceKind::Property, owner, &property.value, strength, Group::Property, out);
        }
    }
}

/// Package types of public registries, where a product's name is anybody's to take.
pub const REGISTRIES: &[&str] = &[
    "apk",
    "bitnami",
    "cargo",
    "cocoapods",
    "composer",
    "conan",
    "conda",
    "cpan",
    "cran",
    "gem",
    "github",
    "gitlab",
    "golang",
    "hackage",
    "hex",
    "huggingface",
    "maven",
    "npm",
    "nuget",
    "pub",
    "pypi",
    "swift",
];

/// Labels whose names stand in a text, each by its longest name.
fn named(look: &Look<'_>, kind: EvidenceKind, stated: &Stated, text: &str, most: Strength, out: &mut Vec<Evidence>) {
    let mut seen: Vec<&str> = Vec::new();
    for hit in look.rules.labels().names(text) {
        if seen.contains(&hit.owner.rule.as_str()) {
            continue;
        }
        seen.push(&hit.owner.rule);
        if let Some(strength) = called(look, &hit, text) {
            put(look, kind, hit.owner, stated, strength.min(most), Group::Called, out);
        }
    }
}

/// What a name says: as much as its row grants where it stands whole, first, or behind its vendor; common words only with
/// the vendor.
fn called(look: &Look<'_>, hit: &NameHit<'_>, text: &str) -> Option<Strength> {
    let vendors = look.rules.white_label(&hit.owner.rule).map_or(&[][..], |w| &w.vendors);
    let vendor_in_text = says_beside(vendors, text, hit);
    let vendor = vendor_in_text || stands_behind(vendors, look.component);
    // In a public registry a product's name is anybody's to take.
    if !vendor && (hit.needs_vendor || from_a_registry(look.component)) {
        return None;
    }
    let strength = match hit.position {
        Position::Whole => hit.strength,
        Position::First if !more_than_a_version(text, hit.start + hit.length) => hit.strength,
        Position::Inside if vendor_in_text => hit.strength,
        _ => hit.strength.min(Strength::Weak),
    };
    // The same name under somebody else's.
    Some(if look.other_supplier && !vendor && !vendors.is_empty() { strength.min(Strength::Weak) } else { strength })
}

/// Whether a vendor stands in a text beside a name found there: a name that begins like its vendor does not name it twice.
fn says_beside(vendors: &[String], text: &str, hit: &NameHit<'_>) -> bool {
    let folded = Folded::new(text);
    let inside = hit.start..hit.start + hit.length;
    vendors.iter().any(|vendor| {
        let vendor = Folded::new(vendor);
        let vendor = vendor.without_legal_forms().unwrap_or(vendor);
        let mut places = folded.letters.match_indices(&vendor.letters);
        places.any(|(at, found)| {
            let end = at + found.len();
            let beside = !(inside.contains(&at) && end <= inside.end);
            beside && folded.holds(at, end, &vendor)
        })
    })
}

/// Whether a text begins with the name of a vendor.
fn says(vendors: &[String], text: &str) -> bool {
    let folded = Folded::new(text);
    let (from, _) = folded.body();
    vendors.iter().any(|vendor| {
        let vendor = Folded::new(vendor);
        let vendor = vendor.without_legal_forms().unwrap_or(vendor);
        let end = from + vendor.letters.len();
        folded.letters.get(from..end) == Some(&vendor.letters) && folded.holds(from, end, &vendor)
    })
}

fn from_a_registry(component: &Component) -> bool {
    let purls = component.identifiers.iter().filter(|i| i.kind == IdentifierKind::Purl);
    let mut types = purls.filter_map(|i| PackageUrl::from_str(&i.value.text).ok());
    types.any(|purl| REGISTRIES.contains(&purl.ty()))
}

/// Whether one of the vendors is named for a component: as who supplies it, in its group, or in an identifier.
fn stands_behind(vendors: &[String], component: &Component) -> bool {
    let supplies = |p: &&Party| !matches!(p.role, Role::Author | Role::Contributor | Role::Licensor);
    let parties = component.parties.iter().filter(supplies).flat_map(|p| &p.names);
    let groups = component.group.iter().chain(&component.more_groups);
    let mut texts = parties.chain(groups);
    if texts.any(|t| says(vendors, &t.text)) {
        return true;
    }
    component.identifiers.iter().any(|identifier| match identifier.kind {
        IdentifierKind::Cpe => cpe_parts(&identifier.value.text).is_some_and(|cpe| {
            let vendor = Folded::new(&cpe.vendor).letters;
            vendors.iter().any(|v| Folded::new(v).letters == vendor) || says(vendors, &cpe.vendor)
        }),
        IdentifierKind::Purl => PackageUrl::from_str(&identifier.value.text)
            .is_ok_and(|purl| purl.namespace().is_some_and(|n| says(vendors, n))),
        _ => false,
    })
}

fn put(
    look: &Look<'_>,
    kind: EvidenceKind,
    owner: &Owner,
    stated: &Stated,
    strength: Strength,
    group: Group,
    out: &mut Vec<Evidence>,
) {
    let label = look.rules.white_label(&owner.rule);
    let relation = match label.map(|l| l.how) {
        None => Relation::IntegratesWith,
        Some(How::Resold) => Relation::SuppliedBy,
        Some(_) => Relation::Embeds,
    };
    let applies = label.map_or(Applies::Yes, |label| holds(label, look.component));
    let (owner, found, at) = (owner.clone(), stated.text.clone(), stated.at.clone());
    out.push(Evidence { kind, owner, found, at, strength, relation, group, applies });
}

/// Whether the copy at hand is one that holds something.
fn holds(label: &WhiteLabel, component: &Component) -> Applies {
    let mut answers = versions(component).into_iter().map(|v| answer(&label.versions, &v));
    let mut by_version = answers.find(|a| *a != Answer::Unknown).unwrap_or(Answer::Unknown);
    if by_version == Answer::Unknown
        && let (Some(period), Some(day)) = (&label.period, component.released.as_ref().and_then(|s| day(&s.text)))
    {
        by_version = released(period, day);
    }
    match (by_version, label.presence) {
        (Answer::Outside, _) => Applies::No,
        (Answer::Inside, Presence::Always) => Applies::Yes,
        _ => Applies::Open,
    }
}

/// Why a copy holds nothing, for a report.
pub fn why_over(rules: &RuleSet, id: &str, component: &Component) -> String {
    let version = versions(component).first().map_or_else(|| "this release".to_owned(), |v| format!("version {v}"));
    let Some(label) = rules.white_label(id) else { return String::new() };
    let after = label.replaced_by.as_deref().map_or(String::new(), |r| format!("; what took its place: {}", r.trim()));
    format!("{version} is not among those documented to hold it ({}){after}", label.common.title)
}

/// The versions of a component: as stated, then as its identifiers say.
fn versions(component: &Component) -> Vec<String> {
    let stated = component.version.iter().map(|v| v.text.clone());
    let in_identifiers = component.identifiers.iter().filter_map(|identifier| match identifier.kind {
        IdentifierKind::Purl => {
            PackageUrl::from_str(&identifier.value.text).ok().and_then(|p| p.version().map(str::to_owned))
        }
        IdentifierKind::Cpe => cpe_parts(&identifier.value.text).and_then(|c| c.release()),
        _ => None,
    });
    let silent = |v: &String| says_nothing(v.as_bytes()) || v == "*";
    stated.chain(in_identifiers).filter(|v| !silent(v)).collect()
}

fn day(text: &str) -> Option<jiff::civil::Date> {
    text.get(..10).and_then(|day| day.parse().ok())
}
