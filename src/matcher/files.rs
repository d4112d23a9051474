//! File names, modules and properties.

use super::evidence::{Applies, Evidence, EvidenceKind, Group, Relation};
use super::{Look, identifiers, links, names, party};
use crate::model::Stated;
use crate::rules::Owner;
use crate::rules::format::{Specificity, Strength};
use crate::text::{Folded, Position};

/// Looks at files, at names that are file names, and at properties.
pub fn look(look: &Look<'_>, out: &mut Vec<Evidence>) {
    let component = look.component;
    for file in component.files.iter().map(|f| &f.value).chain(&component.name) {
        named(look, EvidenceKind::File, file, out);
    }
    for file in &component.files {
        // A folder or module with the maker's name, when the file itself is not known.
        let path = &file.value;
        if out.iter().any(|e| e.at == path.at && e.strength > Strength::Context) {
            continue;
        }
        let segments = path.text.split(['/', '\\', '!']).rev().skip(1);
        let whole = |s: &str| {
            look.rules.names(s).into_iter().find(|h| h.position == Position::Whole && h.strength > Strength::Weak)
        };
        // A module named by a domain written backwards.
        if !path.text.contains(['/', '\\'])
            && let Some((owner, _)) = names::namespace(look.rules, &path.text)
        {
            out.push(Evidence {
                kind: EvidenceKind::File,
                owner: owner.clone(),
                found: path.text.clone(),
                at: path.at.clone(),
                strength: Strength::Medium,
                relation: Relation::Embeds,
                group: Group::File(String::new()),
                applies: Applies::Yes,
            });
            continue;
        }
        if let Some(hit) = segments.filter_map(whole).next() {
            out.push(Evidence {
                kind: EvidenceKind::File,
                owner: hit.owner.clone(),
                found: path.text.clone(),
                at: path.at.clone(),
                strength: Strength::Weak,
                relation: Relation::Embeds,
                group: Group::File(String::new()),
                applies: Applies::Yes,
            });
        }
    }
    // A file that stands for itself is called by its path, as a component is by its name.
    if component.name.is_none()
        && let [file] = &component.files[..]
        && !out.iter().any(|e| e.at == file.value.at && e.strength > Strength::Context)
    {
        let base = file.value.text.rsplit(['/', '\\']).next().unwrap_or_default();
        if let Some((owner, strength)) = names::called(look.rules, base, look.other_supplier) {
            out.push(Evidence {
                kind: EvidenceKind::File,
                owner: owner.clone(),
                found: file.value.text.clone(),
                at: file.value.at.clone(),
                strength: strength.min(Strength::Weak),
                relation: Relation::Embeds,
                group: Group::Called,
                applies: Applies::Yes,
            });
        }
    }
    for property in &component.properties {
        let key = Folded::new(&property.name).letters;
        let says = |words: &[&str]| words.iter().any(|w| key.ends_with(w));
        let value = &property.value;
        // A key that is about others: what a scanner knows, what is excluded or compatible.
        const ABOUT_OTHERS: &[&str] =
            &["detect", "scan", "compatib", "conflict", "exclu", "tested", "target", "blocks"];
        if ABOUT_OTHERS.iter().any(|word| key.contains(word)) {
            continue;
        }
        let link = says(&["url", "homepage", "website", "downloadlocation"]);
        let found = if let Some(identified) = identifiers::written(look, &value.text) {
            Some(identified)
        } else if link && value.text.contains("://") {
            links::host_of(look.rules, &value.text).map(|(o, s, _)| (o, s))
        } else if says(&["internalname"]) && look.rules.file(&value.text).is_empty() {
            names::called(look.rules, &value.text, look.other_supplier)
        } else if says(&["originalfilename", "filename", "internalname", "filepath", "path"]) {
            named(look, EvidenceKind::Property, value, out);
            None
        } else if says(&[
            "signer",
            "signedby",
            "signature",
            "subject",
            "signername",
            "teamid",
            "teamidentifier",
            "certificate",
        ]) {
            party::signed(look.rules, &value.text).or_else(|| party::stated(look.rules, &value.text))
        } else if says(&["companyname", "company", "vendor", "publisher", "manufacturer", "supplier", "maintainer"]) {
            party::stated(look.rules, &value.text)
        } else if says(&["copyright", "legaltrademarks"]) {
            party::stated(look.rules, &value.text).map(|(o, s)| (o, s.min(Strength::Medium)))
        } else if says(&["productname", "filedescription", "product", "displayname", "packagename"]) {
            names::called(look.rules, &value.text, look.other_supplier)
        } else if let Some(found) = valued(look, &value.text, says(IDENTIFYING)) {
            Some(found)
        } else {
            // Any other key: a note that mentions somebody says nothing; a value that begins with the name, a little.
            let hits = look.rules.names(&value.text);
            hits.first().filter(|h| h.position != Position::Inside).map(|h| (h.owner, Strength::Weak))
        };
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

/// Ends of keys under which an identifier of an application stands.
const IDENTIFYING: &[&str] = &[
    "androidpackage",
    "applicationid",
    "appid",
    "bundle",
    "bundleid",
    "bundleidentifier",
    "identifier",
    "packageid",
    "packageidentifier",
    "packagename",
    "productcode",
    "service",
    "unit",
];

/// What a value says by itself: a phrase anywhere, an identifier only where one stands. A list of what is installed
/// elsewhere holds identifiers too.
fn valued<'r>(look: &Look<'r>, text: &str, identifying: bool) -> Option<(&'r Owner, Strength)> {
    let rows = look.rules.property(text).into_iter();
    rows.filter(|(_, strength)| identifying || *strength <= Strength::Weak).max_by_key(|(_, strength)| *strength)
}

fn named(look: &Look<'_>, kind: EvidenceKind, stated: &Stated, out: &mut Vec<Evidence>) {
    for (owner, file) in look.rules.file(&stated.text) {
        let strength = match file.specificity {
            Specificity::Unique => Strength::Medium,
            Specificity::Probable => Strength::Weak,
            // Told beside other evidence, never by itself.
            Specificity::Generic => Strength::Context,
        };
        out.push(Evidence {
            kind,
            owner: owner.clone(),
            found: stated.text.clone(),
            at: stated.at.clone(),
            strength,
            relation: Relation::Embeds,
            group: Group::File(file.name.to_lowercase()),
            applies: Applies::Yes,
        });
    }
}
