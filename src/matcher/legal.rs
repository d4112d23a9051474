//! What a component is licensed under, and whose notices it carries.

use super::evidence::{Applies, Evidence, EvidenceKind, Group, Relation};
use super::{Look, links};
use crate::model::Stated;
use crate::rules::format::{NameType, Strength};
use crate::rules::names::NameHit;
use crate::text::Position;

/// Looks at licenses and copyright lines.
pub fn look(look: &Look<'_>, out: &mut Vec<Evidence>) {
    for license in &look.component.licenses {
        // What a tool found in files is one step further from the maker's own word.
        let most = if license.concluded { Strength::Medium } else { Strength::Strong };
        for name in &license.names {
            // An expression is several names; each custom license in it has its own.
            let custom = name.text.split_whitespace().filter_map(|word| word.get(word.find("LicenseRef-")?..));
            let best = std::iter::once(name.text.as_str())
                .chain(custom.map(|word| word.trim_end_matches(')')))
                .filter_map(|text| look.rules.names(without_formula(text)).into_iter().next())
                .map(|hit| (licensed(&hit), hit))
                .max_by_key(|(strength, hit)| (*strength, hit.length));
            if let Some((strength, hit)) = best {
                out.push(evidence(EvidenceKind::License, &hit, name, strength.min(most), Relation::LicensedFrom));
            }
        }
        for url in &license.urls {
            if let Some((owner, strength, _)) = links::host_of(look.rules, &url.text) {
                out.push(Evidence {
                    kind: EvidenceKind::License,
                    owner: owner.clone(),
                    found: url.text.clone(),
                    at: url.at.clone(),
                    strength: strength.min(most),
                    relation: Relation::LicensedFrom,
                    group: Group::Link,
                    applies: Applies::Yes,
                });
            }
        }
        for text in &license.texts {
            let hits = look.rules.names(&text.text);
            // The company before its products: it is who grants.
            let company = hits.iter().find(|h| h.several_words && h.owner.class.is_none());
            if let Some(hit) = company.or(hits.first()) {
                let strength = license_text(hit, &text.text).min(most);
                out.push(evidence(EvidenceKind::LicenseText, hit, text, strength, Relation::LicensedFrom));
            }
        }
    }
    for line in &look.component.copyrights {
        let holder = without_formula(&line.text);
        let hits = look.rules.names(holder);
        if let Some(hit) = hits.iter().find(|h| h.several_words).or(hits.first()) {
            let lower = line.text.to_lowercase();
            let denied =
                ["not affiliated", "no affiliation", "not endorsed", "trademark"].iter().any(|w| lower.contains(w));
            let named = !denied && (hit.several_words || hit.position != Position::Inside);
            let strength = if named && hit.kind != NameType::Misspelling { Strength::Medium } else { Strength::Weak };
            out.push(evidence(EvidenceKind::Copyright, hit, line, strength, Relation::Embeds));
        }
    }
}

/// What a license's name says. One word behind others may be somebody's surname.
fn licensed(hit: &NameHit<'_>) -> Strength {
    let named = hit.several_words || hit.position != Position::Inside;
    if named && hit.kind != NameType::Misspelling { Strength::Strong } else { Strength::Weak }
}

fn evidence(
    kind: EvidenceKind,
    hit: &NameHit<'_>,
    stated: &Stated,
    strength: Strength,
    relation: Relation,
) -> Evidence {
    Evidence {
        kind,
        owner: hit.owner.clone(),
        found: excerpt(&stated.text),
        at: stated.at.clone(),
        strength: strength.min(hit.strength),
        relation,
        group: Group::Legal,
        applies: Applies::Yes,
    }
}

/// A text that grants rights as the organization's own says more than one that mentions it.
fn license_text(hit: &NameHit<'_>, text: &str) -> Strength {
    let lower = text.to_lowercase();
    let grants = ["rightholder", "right holder"].iter().any(|words| lower.contains(words));
    match (hit.several_words, grants) {
        // A product in a text is one that the license is about, or one that it warns of.
        _ if hit.owner.class.is_some() => Strength::Weak,
        (true, true) => Strength::Strong,
        (true, false) | (false, true) => Strength::Medium,
        (false, false) => Strength::Weak,
    }
}

const OPENINGS: &[&str] = &[
    "",
    "copyright",
    "c",
    "copr",
    "by",
    "portions",
    "and",
    "the",
    "of",
    "from",
    "spdx",
    "filecopyrighttext",
    "licenseref",
    "license",
    "licence",
    "eula",
    "proprietary",
    "commercial",
];

/// A copyright line or license name without its opening words, signs and years.
fn without_formula(line: &str) -> &str {
    let mut rest = line.trim_start();
    loop {
        let word = rest.split_inclusive(|c: char| c.is_whitespace() || c == '-').next().unwrap_or_default();
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let opening = OPENINGS.contains(&bare.as_str());
        let year = bare.chars().all(|c| c.is_ascii_digit() || !c.is_alphanumeric());
        if word.is_empty() || !(opening || year) {
            return rest;
        }
        rest = rest.get(word.len()..).unwrap_or_default().trim_start();
    }
}

/// The start of a long text.
fn excerpt(text: &str) -> String {
    const MOST: usize = 300;
    let mut short: String = text.chars().take(MOST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::without_formula;

    #[test]
    fn copyright_lines_begin_with_their_holder() {
        assert_eq!(without_formula("Copyright (c) 2011-2014 Acme ZAO"), "Acme ZAO");
        assert_eq!(without_formula("© 2024, Acme"), "Acme");
        assert_eq!(without_formula("Copyright 2009 Jo Doe, Acme"), "Jo Doe, Acme");
        assert_eq!(without_formula("Copyright"), "");
    }
}
