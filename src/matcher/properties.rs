//! Properties: named values that a tool added. The key says what a value is; a value under a key that says nothing counts
//! little.

use super::evidence::{Applies, Evidence, EvidenceKind, Group, Relation};
use super::{Look, files, identifiers, links, names, party};
use crate::model::Property;
use crate::rules::Owner;
use crate::rules::format::Strength;
use crate::text::{Folded, Position};

/// Looks at every property.
pub fn look(look: &Look<'_>, out: &mut Vec<Evidence>) {
    for property in &look.component.properties {
        let value = &property.value;
        let (meaning, most) = meaning(&Folded::new(&property.name).letters);
        let file =
            meaning == Meaning::Path || (meaning == Meaning::OwnName && !look.rules.file(&value.text).is_empty());
        if file && most == Strength::Strong {
            files::path(look, EvidenceKind::Property, value, out);
            continue;
        }
        let found = says(look, meaning, property).map(|(owner, strength)| (owner, strength.min(most)));
        if let Some((owner, strength)) = found {
            out.push(Evidence {
                kind: EvidenceKind::Property,
                owner: owner.clone(),
                found: value.text.clone(),
                at: value.at.clone(),
                strength,
                relation: Relation::SuppliedBy,
                group: Group::Property,
                applies: Applies::Yes,
            });
        }
    }
}

/// What the values under a key are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// Web addresses.
    Link,
    /// A file's own name, in a resource of it.
    OwnName,
    /// File names and paths.
    Path,
    /// Who signed.
    Signer,
    /// Who made or sells it.
    Maker,
    /// A copyright notice.
    Notice,
    /// What it is called.
    Called,
    /// An identifier of an application.
    Identifier,
    /// What others are called: what a scanner knows, what is excluded or compatible.
    Others,
    /// Anything else.
    Other,
}

/// Ends of keys, and what stands under them. The first that fits counts.
const KEYS: &[(Meaning, &[&str])] = &[
    (Meaning::Link, &["url", "homepage", "website", "downloadlocation"]),
    (Meaning::OwnName, &["internalname"]),
    (Meaning::Path, &["filename", "filepath", "path", "srcfile", "sourcefile", "installlocation"]),
    (
        Meaning::Signer,
        &[
            "signer",
            "signerdn",
            "signedby",
            "signature",
            "subject",
            "signername",
            "teamid",
            "teamidentifier",
            "certificate",
            "authority",
            "verified",
        ],
    ),
    (Meaning::Maker, &["companyname", "company", "vendor", "publisher", "manufacturer", "supplier", "maintainer"]),
    (Meaning::Notice, &["copyright", "legaltrademarks"]),
    (Meaning::Called, &["productname", "filedescription", "product", "displayname"]),
    (
        Meaning::Identifier,
        &[
            "package",
            "packagename",
            "applicationid",
            "appid",
            "bundle",
            "bundleid",
            "identifier",
            "packageid",
            "productcode",
            "authorities",
            "class",
            "service",
            "unit",
        ],
    ),
];

/// Parts of keys that are about others.
const ABOUT_OTHERS: &[&str] = &["detects", "detected", "compatib", "conflict", "exclu", "tested", "target", "blocks"];

/// Parts of keys that may be about a scanner, or about the scanner that the component is.
const ABOUT_SCANS: &[&str] = &["detect", "scan"];

/// What stands under a key, and the most it can say.
fn meaning(key: &str) -> (Meaning, Strength) {
    let ends = |words: &[&str]| words.iter().any(|word| key.ends_with(word));
    let holds = |words: &[&str]| words.iter().any(|word| key.contains(word));
    let by_end = KEYS.iter().find(|(_, words)| ends(words)).map(|(meaning, _)| *meaning);
    if holds(ABOUT_OTHERS) {
        return (Meaning::Others, Strength::Strong);
    }
    if holds(ABOUT_SCANS) && !key.contains("engine") {
        return match by_end {
            // `scanner.vendor` may be whoever made this, or whoever made what looked at it.
            Some(meaning @ (Meaning::Maker | Meaning::Signer | Meaning::Notice | Meaning::Path)) => {
                (meaning, Strength::Weak)
            }
            _ => (Meaning::Others, Strength::Strong),
        };
    }
    (by_end.unwrap_or(Meaning::Other), Strength::Strong)
}

fn says<'r>(look: &Look<'r>, meaning: Meaning, property: &Property) -> Option<(&'r Owner, Strength)> {
    let (rules, text) = (look.rules, property.value.text.as_str());
    // An identifier that says itself what it is.
    if let Some(identified) = identifiers::written(look, text).filter(|_| meaning != Meaning::Others) {
        return Some(identified);
    }
    match meaning {
        Meaning::Link if text.contains("://") => links::host_of(rules, text).map(|(o, s, _)| (o, s)),
        Meaning::OwnName => names::called(rules, text, look.other_supplier),
        Meaning::Path | Meaning::Others => None,
        Meaning::Signer => party::signed(rules, text).or_else(|| party::stated(rules, text)),
        Meaning::Maker => party::stated(rules, text),
        Meaning::Notice => party::stated(rules, text).map(|(o, s)| (o, s.min(Strength::Medium))),
        Meaning::Called => names::called(rules, text, look.other_supplier),
        Meaning::Identifier => application(look, text).or_else(|| other(look, text)),
        Meaning::Link | Meaning::Other => other(look, text),
    }
}

/// What the identifier of an application says: as a row has it, as a package of a catalogue (`Maker.Product`), or by a domain
/// written backwards.
fn application<'r>(look: &Look<'r>, text: &str) -> Option<(&'r Owner, Strength)> {
    let rules = look.rules;
    let row = rules.property(text).into_iter().max_by_key(|(_, strength)| *strength);
    let catalogue = || {
        let (maker, product) = text.split_once('.')?;
        rules.purl("winget", maker, product).into_iter().next()
    };
    row.or_else(catalogue).or_else(|| {
        let names = names::namespace(rules, text).map(|(owner, strength)| (owner, strength.min(Strength::Medium)));
        names.or_else(|| names::called(rules, text, look.other_supplier))
    })
}

/// Any other key: a phrase that a rule knows, or a value that begins with a name, say a little; a note that mentions somebody
/// says nothing. An identifier counts only where one stands, because lists of what is installed elsewhere hold them too.
fn other<'r>(look: &Look<'r>, text: &str) -> Option<(&'r Owner, Strength)> {
    let weak = |row: &(&Owner, Strength)| row.1 <= Strength::Weak;
    let phrase = look.rules.property(text).into_iter().filter(weak).max_by_key(|(_, strength)| *strength);
    let begins = || {
        let hits = look.rules.names(text);
        hits.first().filter(|h| h.position != Position::Inside).map(|h| (h.owner, Strength::Weak))
    };
    phrase.or_else(begins)
}
