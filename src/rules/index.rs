//! What the matcher asks the rules: by name, CPE, package URL, host, file and signer.
//!
//! Built by `gather` from the files that are on; never changed after that.

use super::Owner;
use super::format::{Cpe, Domain, File, HostMatch, Purl, Source, Status, Strength};
use super::names::{Folds, NameHit, Names, Search};
use crate::text::Folded;
use std::collections::{BTreeSet, HashMap};

/// Everything that can be asked.
#[derive(Debug)]
pub struct Indexes {
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
    /// Whatever the indexes above could find in plain ASCII holds one of these.
    pub(super) quick: Quick,
    /// The same for the words on engines alone.
    pub(super) quick_engines: Quick,
}

/// A first look that costs little: folded texts of which one must stand, without blanks and signs, in whatever is found.
#[derive(Debug)]
pub struct Quick {
    as_written: Search,
    as_it_looks: Search,
}

impl Quick {
    /// From folded texts, and from what their names look like.
    pub(super) fn new(as_written: BTreeSet<String>, as_it_looks: BTreeSet<String>) -> Self {
        let search = |texts: BTreeSet<String>| Search::new(texts.into_iter().filter(|t| !t.is_empty()).collect());
        Self { as_written: search(as_written), as_it_looks: search(as_it_looks) }
    }

    /// Whether something could be found.
    fn may(&self, text: &str) -> bool {
        if text.is_ascii() {
            let letters = text.chars().filter(char::is_ascii_alphanumeric);
            return self.as_written.any(&letters.map(|c| c.to_ascii_lowercase()).collect::<String>());
        }
        self.as_written.any(&Folded::new(text).letters) || self.as_it_looks.any(&Folded::of_looks(text).letters)
    }
}

/// How far the runs of one row can stand from each other in what it finds, in bytes.
const NEAR: usize = 256;

impl Indexes {
    /// Whether any index could find something in a text: never narrower than all of them together.
    pub(super) fn any(&self, text: &str) -> bool {
        // A namespace may be written with percent signs.
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
        let lower = decoded.to_lowercase();
        self.makers.spread(&lower)
            || self.labels.spread(&lower)
            || self.named(&decoded)
            || (decoded != text && self.named(text))
    }

    /// Whether a name, a signer or the value of a property stands in a text.
    pub(super) fn named(&self, text: &str) -> bool {
        if !self.quick.may(text) {
            return false;
        }
        let folds = Folds::of(text);
        let names = [&self.makers.names, &self.labels.names, &self.engines];
        names.iter().any(|names| names.any(&folds)) || self.makers.valued(&folds) || self.labels.valued(&folds)
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
    /// What signers and properties are compared with, first those of the signers.
    pub(super) values: Search,
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

impl Indexes {
    /// Whether words on engines stand in a text.
    pub(super) fn engine_in(&self, text: &str) -> bool {
        self.quick_engines.may(text) && !self.engines.find(text).is_empty()
    }
}

impl Marked {
    /// Whether the runs of a row that is compared as written stand near each other in a text, in any order.
    fn spread(&self, lower: &str) -> bool {
        let near = |run: &str| {
            // A run is a part of the text, so the distance of their starts is its place.
            let at = (run.as_ptr() as usize).saturating_sub(lower.as_ptr() as usize);
            let from = lower.floor_char_boundary(at.saturating_sub(NEAR));
            let to = lower.ceil_char_boundary((at + run.len() + NEAR).min(lower.len()));
            runs(lower.get(from..to).unwrap_or_default()).collect::<BTreeSet<&str>>()
        };
        let whole = |run: &str| {
            self.wholes.get(run).is_some_and(|rows| {
                let here = near(run);
                rows.iter().any(|row| row.iter().all(|r| here.contains(r.as_str())))
            })
        };
        runs(lower).any(whole) || self.parts.iter().any(|part| lower.contains(part.as_str()))
    }

    /// Whether a signer or the value of a property stands in a text.
    fn valued(&self, folds: &Folds) -> bool {
        let value = |at: usize| self.signers.iter().chain(&self.properties).nth(at);
        self.values.all(&folds.written.letters).any(|found| {
            value(found.index).is_some_and(|(value, ..)| folds.written.holds(found.start, found.end, value))
        })
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
