//! File names, paths and modules.

use super::evidence::{Applies, Evidence, EvidenceKind, Group, Relation};
use super::{Look, names};
use crate::model::Stated;
use crate::rules::Owner;
use crate::rules::format::{Specificity, Strength};
use crate::text::Position;

/// Looks at files, and at names that are file names.
pub fn look(look: &Look<'_>, out: &mut Vec<Evidence>) {
    let component = look.component;
    for file in component.files.iter().map(|f| &f.value).chain(&component.name) {
        named(look, EvidenceKind::File, file, out);
    }
    for file in &component.files {
        folders(look, EvidenceKind::File, &file.value, out);
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
}

/// What a path says: the file it names, else a folder or module with the maker's name.
pub fn path(look: &Look<'_>, kind: EvidenceKind, path: &Stated, out: &mut Vec<Evidence>) {
    named(look, kind, path, out);
    folders(look, kind, path, out);
}

/// A folder or module with the maker's name, when the file itself is not known.
fn folders(look: &Look<'_>, kind: EvidenceKind, path: &Stated, out: &mut Vec<Evidence>) {
    if out.iter().any(|e| e.at == path.at && e.strength > Strength::Context) {
        return;
    }
    let mut put = |owner: &Owner, strength| {
        out.push(Evidence {
            kind,
            owner: owner.clone(),
            found: path.text.clone(),
            at: path.at.clone(),
            strength,
            relation: Relation::Embeds,
            group: Group::File(String::new()),
            applies: Applies::Yes,
        });
    };
    // A module named by a domain written backwards.
    if !path.text.contains(['/', '\\'])
        && let Some((owner, _)) = names::namespace(look.rules, &path.text)
    {
        return put(owner, Strength::Medium);
    }
    let whole = |s: &str| {
        look.rules.names(s).into_iter().find(|h| h.position == Position::Whole && h.strength > Strength::Weak)
    };
    let mut segments = path.text.split(['/', '\\', '!']).rev().skip(1);
    if let Some(hit) = segments.find_map(whole) {
        put(hit.owner, Strength::Weak);
    }
}

/// The package that an installer file is called after: `name-1.0-1.x86_64.rpm`, `name_1.0_amd64.deb`.
fn installer(path: &str) -> Option<(&'static str, &str)> {
    let base = path.rsplit(['/', '\\']).next()?;
    let (stem, kind) = match base.rsplit_once('.')? {
        (stem, "rpm") => (stem, "rpm"),
        (stem, "deb") => (stem, "deb"),
        _ => return None,
    };
    let digit = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    let ends = stem.match_indices(['-', '_']).find(|(at, _)| stem.get(at + 1..).is_some_and(digit));
    Some((kind, stem.get(..ends?.0)?))
}

fn named(look: &Look<'_>, kind: EvidenceKind, stated: &Stated, out: &mut Vec<Evidence>) {
    if let Some((package, name)) = installer(&stated.text)
        && let Some((owner, strength)) = look.rules.purl(package, "", name).into_iter().next()
    {
        out.push(Evidence {
            kind,
            owner: owner.clone(),
            found: stated.text.clone(),
            at: stated.at.clone(),
            strength: strength.min(Strength::Medium),
            relation: Relation::Embeds,
            group: Group::File(name.to_lowercase()),
            applies: Applies::Yes,
        });
    }
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
