//! Package URLs, CPEs, SWID tags and other identifiers.

use super::evidence::{Applies, Evidence, EvidenceKind, Group, Relation};
use super::{Look, links, names, party};
use crate::model::{Identifier, IdentifierKind};
use crate::rules::format::{Specificity, Strength};
use crate::rules::{Owner, RuleSet};
use packageurl::PackageUrl;
use std::str::FromStr as _;

/// What an identifier says that stands where another text could, such as in a property.
pub fn written<'r>(look: &Look<'r>, text: &str) -> Option<(&'r Owner, Strength)> {
    let start = text.get(..4)?.to_ascii_lowercase();
    let found = match start.as_str() {
        "pkg:" => purl(look, text),
        "cpe:" => cpe(look, text),
        _ => None,
    };
    found.map(|(owner, strength, _)| (owner, strength))
}

/// Looks at every identifier.
pub fn look(look: &Look<'_>, out: &mut Vec<Evidence>) {
    for identifier in &look.component.identifiers {
        let text = identifier.value.text.as_str();
        let (kind, found) = match identifier.kind {
            IdentifierKind::Purl => (EvidenceKind::Purl, purl(look, text)),
            IdentifierKind::Cpe => (EvidenceKind::Cpe, cpe(look, text)),
            IdentifierKind::Swid => (EvidenceKind::Swid, swid(look.rules, text)),
            IdentifierKind::Maven => (EvidenceKind::Identity, package(look.rules, "maven", text)),
            IdentifierKind::Npm => (EvidenceKind::Identity, package(look.rules, "npm", text)),
            IdentifierKind::NuGet => (EvidenceKind::Identity, package(look.rules, "nuget", text)),
            IdentifierKind::Authority => {
                (EvidenceKind::Identity, party::stated(look.rules, text).map(|(o, s)| (o, s, Group::Party)))
            }
            IdentifierKind::Other => (EvidenceKind::Identity, other(look, text)),
        };
        if let Some((owner, strength, group)) = found {
            out.push(evidence(identifier, kind, owner, strength, group));
        }
    }
}

fn evidence(identifier: &Identifier, kind: EvidenceKind, owner: &Owner, strength: Strength, group: Group) -> Evidence {
    // What a tool concluded is one step further from the maker's own word.
    let (kind, strength) =
        if identifier.concluded { (EvidenceKind::Identity, strength.min(Strength::Medium)) } else { (kind, strength) };
    let (found, at) = (identifier.value.text.clone(), identifier.value.at.clone());
    Evidence {
        kind,
        owner: owner.clone(),
        found,
        at,
        strength,
        relation: Relation::SuppliedBy,
        group,
        applies: Applies::Yes,
    }
}

type Found<'r> = Option<(&'r Owner, Strength, Group)>;

/// Package types whose namespace names a maker, and not an account on a code host.
const FREE: &[&str] = &["generic", "maven", "nuget", "npm", "composer", "conan", "cocoapods", "swid"];

/// Package types whose namespace names a distribution, sometimes a maker.
const DISTRIBUTIONS: &[&str] = &["deb", "rpm", "apk"];

fn purl<'r>(look: &Look<'r>, text: &str) -> Found<'r> {
    let rules = look.rules;
    let lower = text.get(..4).is_some_and(|s| s.eq_ignore_ascii_case("pkg:"));
    let text = &if lower { format!("pkg:{}", text.get(4..).unwrap_or_default()) } else { text.to_owned() };
    let Ok(parsed) = PackageUrl::from_str(text) else {
        // Kept as written: what it is called may still be read, but not relied on.
        return rules.names(text).first().map(|h| (h.owner, Strength::Weak, Group::Called));
    };
    let (kind, namespace, name) = (parsed.ty(), parsed.namespace().unwrap_or_default(), parsed.name());
    if let Some((owner, strength)) = rules.purl(kind, namespace, name).into_iter().next() {
        return Some((owner, strength, Group::Identifier));
    }
    // A Go module is named by its repository.
    if let Some(account) = namespace.strip_prefix("github.com/").filter(|_| kind == "golang") {
        let account = account.split('/').next().unwrap_or_default();
        if let Some((owner, strength)) = rules.purl("github", account, name).into_iter().next() {
            return Some((owner, strength, Group::Identifier));
        }
    }
    let most = match kind {
        _ if FREE.contains(&kind) => Some(Strength::Strong),
        _ if DISTRIBUTIONS.contains(&kind) => Some(Strength::Medium),
        _ => None,
    };
    if let Some(most) = most {
        let parts = std::iter::once(namespace).chain(namespace.split('/')).filter(|n| !n.is_empty());
        if let Some((owner, strength)) = parts.filter_map(|n| names::namespace(rules, n)).next() {
            return Some((owner, strength.min(most), Group::Identifier));
        }
    }
    let name = names::called(rules, name, look.other_supplier).map(|(o, s)| (o, s, Group::Called));
    let qualifiers = parsed.qualifiers().iter().filter_map(|(key, value)| {
        let found = match key.as_ref() {
            "vendor" | "publisher" | "supplier" | "manufacturer" => party::stated(rules, value),
            "download_url" | "vcs_url" | "repository_url" => links::host_of(rules, value).map(|(o, s, _)| (o, s)),
            _ => None,
        };
        found.map(|(owner, strength)| (owner, strength, Group::Link))
    });
    // Of several the strongest; among equals the name.
    qualifiers.chain(name).max_by_key(|(_, strength, _)| *strength)
}

fn cpe<'r>(look: &Look<'r>, text: &str) -> Found<'r> {
    let cpe = cpe_parts(text)?;
    if let Some((owner, strength)) = look.rules.cpe(&cpe.part, &cpe.vendor, &cpe.product).into_iter().next() {
        return Some((owner, strength, Group::Identifier));
    }
    // A vendor that is in no dictionary, as programs make them up from a company's name.
    if let Some((owner, strength)) = names::namespace(look.rules, &cpe.vendor) {
        return Some((owner, strength.min(Strength::Medium), Group::Identifier));
    }
    let (owner, strength) = names::called(look.rules, &cpe.product, look.other_supplier)?;
    Some((owner, strength.min(Strength::Medium), Group::Called))
}

/// The first attributes of a CPE name, unescaped, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CpeName {
    /// `a`, `o` or `h`.
    pub part: String,
    /// Vendor.
    pub vendor: String,
    /// Product.
    pub product: String,
    /// Version; absent when the name ends before it.
    pub version: Option<String>,
    /// Update, such as a service release; absent when the name ends before it.
    pub update: Option<String>,
}

impl CpeName {
    /// Version and update in one, as makers write them: `15.1x49-d110`, `17.3r3`.
    pub fn release(&self) -> Option<String> {
        let version = self.version.as_ref()?;
        Some(match self.update.as_deref().filter(|u| !matches!(*u, "" | "*" | "-")) {
            Some(update) if update.starts_with('r') => format!("{version}{update}"),
            Some(update) => format!("{version}-{update}"),
            None => version.clone(),
        })
    }
}

/// Reads a CPE 2.2 URI or 2.3 formatted string (NISTIR 7695).
pub fn cpe_parts(text: &str) -> Option<CpeName> {
    let text = text.trim();
    let after = |prefix: &str| {
        let head = text.get(..prefix.len())?;
        text.get(prefix.len()..).filter(|_| head.eq_ignore_ascii_case(prefix))
    };
    let (rest, uri) = match after("cpe:2.3:") {
        Some(rest) => (rest, false),
        None => (after("cpe:/")?, true),
    };
    let mut parts = vec![String::new()];
    let mut chars = rest.chars();
    while let Some(c) = chars.next() {
        match c {
            ':' => parts.push(String::new()),
            '\\' if !uri => parts.last_mut()?.extend(chars.next()),
            c => parts.last_mut()?.push(c),
        }
    }
    let part = |at: usize| {
        let raw = parts.get(at)?.to_lowercase();
        Some(if uri { percent_encoding::percent_decode_str(&raw).decode_utf8_lossy().into_owned() } else { raw })
    };
    Some(CpeName { part: part(0)?, vendor: part(1)?, product: part(2)?, version: part(3), update: part(4) })
}

/// A tag id, name or whole tag: the maker's names, or a registration id with its domain.
fn swid<'r>(rules: &'r RuleSet, text: &str) -> Found<'r> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-')));
    for word in words.filter(|w| w.contains('.')) {
        if let Some((owner, _)) = rules.host(word).map(|(o, d)| (o, d.strength)).filter(|(_, s)| *s > Strength::Context)
        {
            return Some((owner, Strength::Strong, Group::Identifier));
        }
        if let Some((owner, strength)) = names::namespace(rules, word) {
            return Some((owner, strength, Group::Identifier));
        }
    }
    let hits = rules.names(text);
    let best = hits.first()?;
    let strength = if best.several_words || best.owner.class.is_some() {
        best.strength
    } else {
        best.strength.min(Strength::Medium)
    };
    Some((best.owner, strength, Group::Identifier))
}

/// Coordinates of a package manager: `group:artifact:version`, `@scope/name@version`, `Name/version`.
fn package<'r>(rules: &'r RuleSet, kind: &str, text: &str) -> Found<'r> {
    let (namespace, name) = match kind {
        "maven" => {
            let mut parts = text.split(':');
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
        }
        "npm" => {
            let (scope, rest) = text.rsplit_once('/').unwrap_or(("", text));
            (scope, rest.split('@').next().unwrap_or_default())
        }
        _ => ("", text.split('/').next().unwrap_or_default()),
    };
    let found = rules.purl(kind, namespace, name).into_iter().next();
    let found = found.or_else(|| names::namespace(rules, namespace)).map(|(o, s)| (o, s, Group::Identifier));
    found.or_else(|| names::called(rules, name, false).map(|(o, s)| (o, s, Group::Called)))
}

fn other<'r>(look: &Look<'r>, text: &str) -> Found<'r> {
    if let Some((owner, _)) = look.rules.file(text).into_iter().find(|(_, f)| f.specificity == Specificity::Unique) {
        return Some((owner, Strength::Medium, Group::File(text.to_lowercase())));
    }
    let (owner, strength) = names::called(look.rules, text, look.other_supplier)?;
    Some((owner, strength.min(Strength::Medium), Group::Called))
}

#[cfg(test)]
mod tests {
    use super::cpe_parts;

    #[test]
    fn both_bindings_of_cpe_give_vendor_and_product() {
        let parts = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        let cpe_parts = |text: &str| cpe_parts(text).map(|c| (c.vendor, c.product));
        assert_eq!(cpe_parts("cpe:2.3:a:acme:anti-virus:1.0:*:*:*:*:*:*:*"), parts("acme", "anti-virus"));
        assert_eq!(cpe_parts(r"cpe:2.3:a:a\:b:C\+\+:*"), parts("a:b", "c++"));
        assert_eq!(cpe_parts("cpe:/a:acme:thing%2b:1"), parts("acme", "thing+"));
        assert_eq!(cpe_parts("cpe:/a:acme"), None);
        assert_eq!(cpe_parts("acme:thing"), None);
        let version = |text: &str| super::cpe_parts(text).and_then(|c| c.version);
        assert_eq!(version("cpe:/o:acme:thing:12.1x"), Some("12.1x".to_owned()));
        assert_eq!(version("cpe:/o:acme:thing"), None);
    }
}
