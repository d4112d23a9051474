//! What the matcher asks the rules: by name, CPE, package URL, host, file and signer.
//!
//! Built by `compile` from the files that are on; never changed after that.

use super::Owner;
use super::format::{Cpe, Domain, File, HostMatch, Purl, Source, Status, Strength};
use super::names::{NameHit, Names};
use crate::text::Folded;
use std::collections::{BTreeSet, HashMap};

/// Everything that can be asked.
#[derive(Debug)]
pub struct Indexes {
    /// Indices of the files that are on.
    pub on: Vec<usize>,
    /// Marks of organizations and their products.
    pub makers: Marked,
    /// Marks of products of others that hold or call something of an organization.
    pub labels: Marked,
    /// Words of classes.
    pub classes: Names,
    /// Words by which a component calls itself a security engine.
    pub engines: Names,
    /// Makers and products that say whose engine it is.
    pub attributed: Names,
}

impl Indexes {
    /// Whether any index could find something in a text: never narrower than all of them together.
    pub(super) fn any(&self, text: &str) -> bool {
        self.makers.any(text) || self.labels.any(text) || !self.engines.find(text).is_empty()
    }
}

/// Marks of one sort, by what they are compared with.
#[derive(Debug)]
pub struct Marked {
    pub(super) names: Names,
    pub(super) owners: Vec<Owner>,
    pub(super) cpes: HashMap<String, Vec<(Cpe, usize)>>,
    pub(super) purls: HashMap<String, Vec<(Purl, usize)>>,
    pub(super) domains: HashMap<String, (Domain, usize)>,
    /// Rows for a file name, by it in lower case.
    pub(super) files: HashMap<String, Vec<(File, usize)>>,
    /// Rows with a `*`, or for a folder.
    pub(super) patterns: Vec<(String, File, usize)>,
    pub(super) signers: Vec<(Folded, Strength, usize)>,
    pub(super) properties: Vec<(Folded, Strength, usize)>,
    /// What a CPE, purl, domain or file row compares as written: its runs of letters and digits, by the longest. All of
    /// them stand, as whole runs and in some order, in whatever the row finds.
    pub(super) wholes: HashMap<String, Vec<Vec<String>>>,
    /// The same for file rows with a `*`, where a run may go on.
    pub(super) parts: BTreeSet<String>,
}

/// The runs of ASCII letters and digits of a text.
pub(super) fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|run| !run.is_empty())
}

/// A source as a report shows it.
pub fn cite(source: &Source) -> String {
    match &source.url {
        Some(url) => format!("{} ({}), {url}", source.title, source.publisher),
        None => format!("{} ({})", source.title, source.publisher),
    }
}

impl Marked {
    fn any(&self, text: &str) -> bool {
        // A namespace may be written with percent signs.
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
        let lower = decoded.to_lowercase();
        let here: BTreeSet<&str> = runs(&lower).collect();
        let whole = |run: &&str| {
            self.wholes
                .get(*run)
                .is_some_and(|rows| rows.iter().any(|row| row.iter().all(|r| here.contains(r.as_str()))))
        };
        here.iter().any(whole)
            || self.parts.iter().any(|part| lower.contains(part.as_str()))
            || !self.names.find(text).is_empty()
            || self.signer(text).is_some()
            || !self.property(text).is_empty()
    }

    fn owned(&self, at: usize) -> Option<&Owner> {
        self.owners.get(at)
    }

    /// Names found in a text, the longest first.
    pub fn names(&self, text: &str) -> Vec<NameHit<'_>> {
        self.names.find(text)
    }

    /// Rows for a CPE's part, vendor and product, the more specific first.
    pub fn cpe(&self, part: &str, vendor: &str, product: &str) -> Vec<(&Owner, Strength)> {
        let mut rows: Vec<_> = self
            .cpes
            .get(&vendor.to_lowercase())
            .into_iter()
            .flatten()
            .filter(|(cpe, _)| cpe.product.as_ref().is_none_or(|p| p.eq_ignore_ascii_case(product)))
            .filter(|(cpe, _)| cpe.part.as_ref().is_none_or(|p| p.eq_ignore_ascii_case(part)))
            .collect();
        rows.sort_by_key(|(cpe, _)| cpe.product.is_none());
        rows.into_iter().filter_map(|(cpe, at)| Some((self.owned(*at)?, cpe.strength))).collect()
    }

    /// Rows for a package URL's parts, the more specific first.
    pub fn purl(&self, kind: &str, namespace: &str, name: &str) -> Vec<(&Owner, Strength)> {
        let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
        let mut rows: Vec<&(Purl, usize)> = self
            .purls
            .get(&kind.to_lowercase())
            .into_iter()
            .flatten()
            .filter(|(p, _)| purl_matches(p, namespace, name, same))
            .collect();
        rows.sort_by_key(|(p, _)| (p.name.is_none(), p.namespace.is_none()));
        rows.into_iter().filter_map(|(p, at)| Some((self.owned(*at)?, p.strength))).collect()
    }

    /// The most specific row for a host.
    pub fn host(&self, host: &str) -> Option<(&Owner, &Domain)> {
        let host = host.trim_end_matches('.').to_lowercase();
        let mut rest = host.as_str();
        let mut draft = None;
        loop {
            if let Some((domain, at)) = self.domains.get(rest)
                && (domain.matching == HostMatch::Suffix || rest.len() == host.len())
            {
                let owner = self.owned(*at)?;
                if owner.status != Status::Draft {
                    return Some((owner, domain));
                }
                // A proven row for a wider domain says more than a draft for this host.
                draft = draft.or(Some((owner, domain)));
            }
            match rest.split_once('.') {
                Some((_, wider)) => rest = wider,
                None => return draft,
            }
        }
    }

    /// Rows for a file name or path.
    pub fn file(&self, path: &str) -> Vec<(&Owner, &File)> {
        let path = path.replace('\\', "/").to_lowercase();
        let base = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let rooted = format!("/{path}");
        let named = self.files.get(base).into_iter().flatten().map(|(f, at)| (f, at));
        let patterned = self.patterns.iter().filter(|(pattern, ..)| match pattern.contains('/') {
            true => rooted.contains(pattern.as_str()),
            false => glob(pattern, base),
        });
        let all = named.chain(patterned.map(|(_, f, at)| (f, at)));
        all.filter_map(|(f, at)| Some((self.owned(*at)?, f))).collect()
    }

    /// Rows for the value of a property.
    pub fn property(&self, text: &str) -> Vec<(&Owner, Strength)> {
        if self.properties.is_empty() {
            return Vec::new();
        }
        let folded = Folded::new(text);
        let rows = self.properties.iter().filter(|(value, ..)| folded.has(value));
        rows.filter_map(|(_, strength, at)| Some((self.owned(*at)?, *strength))).collect()
    }

    /// The row for a signer.
    pub fn signer(&self, text: &str) -> Option<(&Owner, Strength)> {
        if self.signers.is_empty() {
            return None;
        }
        let folded = Folded::new(text);
        let whole = self.signers.iter().filter(|(signer, ..)| folded.has(signer));
        let (_, strength, at) = whole.max_by_key(|(f, ..)| f.letters.len())?;
        Some((self.owned(*at)?, *strength))
    }
}

/// Whether a package URL row matches decoded parts.
pub fn purl_matches(row: &Purl, namespace: &str, name: &str, same: impl Fn(&str, &str) -> bool) -> bool {
    let in_namespace = row.namespace.as_ref().is_none_or(|wanted| {
        same(wanted, namespace)
            || (row.namespace_prefix
                && namespace.get(..wanted.len()).is_some_and(|head| same(head, wanted))
                && namespace.get(wanted.len()..).is_some_and(|rest| rest.starts_with(['.', '/'])))
    });
    in_namespace && row.name.as_ref().is_none_or(|wanted| same(wanted, name))
}

/// Whether a name matches a pattern in which `*` stands for any run of characters. Both in lower case.
pub fn glob(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let mut tail: Option<&str> = None;
    for part in parts {
        if let Some(before) = tail.replace(part) {
            match rest.find(before) {
                Some(at) => rest = rest.get(at + before.len()..).unwrap_or_default(),
                None => return false,
            }
        }
    }
    tail.map_or(rest.is_empty(), |last| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::glob;
    #[test]
    fn stars_stand_for_anything() {
        for (pattern, name, expected) in [
            ("a.dll", "a.dll", true),
            ("a.dll", "ba.dll", false),
            ("lib*.so*", "libx.so.1", true),
            ("lib*.so*", "libx.dll", false),
            ("*.kdc", "x.kdc", true),
            ("a*", "a", true),
            ("a*b", "ab", true),
            ("a*b", "abc", false),
            ("a*b*c", "a-b-c", true),
        ] {
            assert_eq!(glob(pattern, name), expected, "{pattern} {name}");
        }
    }
}
