//! The keys of SPDX 3 that the table names, what stands under each, and how an IRI of SPDX becomes one of them.
//!
//! The names are those of the official `spdx-context.jsonld`; a test compares this list with it and with the table. What
//! is not listed here is passed over whole.

use crate::parsers::table::Index;

/// What stands under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A text.
    Text,
    /// A word of the vocabulary: a type or an entry of an enumeration.
    Word,
    /// The id of the node itself.
    Id,
    /// The id of another node.
    Reference,
    /// An element, in place or by its id.
    Element,
    /// An object that belongs to its element, in place or by its id.
    Detail,
    /// Nodes that stand for themselves.
    Graph,
}

/// A key and what stands under it.
pub type Word = (&'static str, Sort);

/// Sorted by key.
pub const WORDS: &[Word] = &[
    ("@graph", Sort::Graph),
    ("@id", Sort::Id),
    ("@included", Sort::Graph),
    ("@type", Sort::Word),
    ("algorithm", Sort::Word),
    ("completeness", Sort::Word),
    ("createdBy", Sort::Element),
    ("createdUsing", Sort::Element),
    ("creationInfo", Sort::Element),
    ("definingArtifact", Sort::Element),
    ("description", Sort::Text),
    ("element", Sort::Element),
    ("expandedlicensing_additionText", Sort::Text),
    ("expandedlicensing_licenseText", Sort::Text),
    ("expandedlicensing_licenseXml", Sort::Text),
    ("expandedlicensing_member", Sort::Element),
    ("expandedlicensing_seeAlso", Sort::Text),
    ("expandedlicensing_standardLicenseHeader", Sort::Text),
    ("expandedlicensing_standardLicenseTemplate", Sort::Text),
    ("expandedlicensing_subjectAddition", Sort::Element),
    ("expandedlicensing_subjectExtendableLicense", Sort::Element),
    ("expandedlicensing_subjectLicense", Sort::Element),
    ("extension", Sort::Detail),
    ("extension_cdxPropName", Sort::Text),
    ("extension_cdxPropValue", Sort::Text),
    ("extension_cdxProperty", Sort::Detail),
    ("externalIdentifier", Sort::Detail),
    ("externalIdentifierType", Sort::Word),
    ("externalRef", Sort::Detail),
    ("externalRefType", Sort::Word),
    ("externalSpdxId", Sort::Reference),
    ("from", Sort::Element),
    ("hashValue", Sort::Text),
    ("identifier", Sort::Text),
    ("import", Sort::Detail),
    ("issuingAuthority", Sort::Text),
    ("locator", Sort::Text),
    ("name", Sort::Text),
    ("originatedBy", Sort::Element),
    ("relationshipType", Sort::Word),
    ("releaseTime", Sort::Text),
    ("rootElement", Sort::Element),
    ("scope", Sort::Word),
    ("simplelicensing_customIdToUri", Sort::Detail),
    ("simplelicensing_licenseExpression", Sort::Text),
    ("simplelicensing_licenseText", Sort::Text),
    ("software_attributionText", Sort::Text),
    ("software_contentIdentifier", Sort::Detail),
    ("software_contentIdentifierValue", Sort::Text),
    ("software_copyrightText", Sort::Text),
    ("software_downloadLocation", Sort::Text),
    ("software_homePage", Sort::Text),
    ("software_packageUrl", Sort::Text),
    ("software_packageVersion", Sort::Text),
    ("software_primaryPurpose", Sort::Word),
    ("software_snippetFromFile", Sort::Element),
    ("spdxId", Sort::Id),
    ("specVersion", Sort::Text),
    ("subject", Sort::Element),
    ("suppliedBy", Sort::Element),
    ("to", Sort::Element),
    ("type", Sort::Word),
    ("value", Sort::Text),
    ("verifiedUsing", Sort::Detail),
];

/// The row of a key.
pub fn word(key: &[u8]) -> Option<&'static Word> {
    WORDS.get(INDEX.find(key, |at| WORDS.get(at).map_or("", |word| word.0))?)
}

static INDEX: Index<128> = {
    let mut index = Index::EMPTY;
    let mut rest = WORDS;
    while let [word, tail @ ..] = rest {
        index = index.with(word.0);
        rest = tail;
    }
    index
};

/// The profiles, and how the compact names of each begin.
const PROFILES: &[(&str, &str)] = &[
    ("AI", "ai_"),
    ("Build", "build_"),
    ("Core", ""),
    ("Dataset", "dataset_"),
    ("ExpandedLicensing", "expandedlicensing_"),
    ("Extension", "extension_"),
    ("Security", "security_"),
    ("SimpleLicensing", "simplelicensing_"),
    ("Software", "software_"),
];

/// Whether a text begins like an IRI of SPDX 3; no other is one.
#[inline]
pub fn may_be_ours(iri: &[u8]) -> bool {
    let rest = iri.strip_prefix(b"https://").or_else(|| iri.strip_prefix(b"http://"));
    rest.is_some_and(|rest| rest.starts_with(b"spdx.org/rdf/") || rest.starts_with(b"rdf.spdx.org/"))
}

/// What follows the host in an IRI of SPDX 3 (`https://spdx.org/rdf/3.0.1/terms/Core/name`), and the version in it.
fn spdx(iri: &str) -> Option<(&str, &str)> {
    let rest = iri.strip_prefix("https://").or_else(|| iri.strip_prefix("http://"))?;
    let rest = match rest.strip_prefix("spdx.org/rdf/") {
        Some(rest) => rest,
        // As it was before 3.0 came out.
        None => rest.strip_prefix("rdf.spdx.org/")?,
    };
    let (version, rest) = rest.split_once('/')?;
    let version = version.strip_prefix('v').unwrap_or(version);
    if version != "3" && !version.starts_with("3.") {
        return None;
    }
    Some((version, rest.strip_prefix("terms/").unwrap_or(rest)))
}

/// The version in an IRI or address of SPDX 3.
pub fn version(iri: &str) -> Option<&str> {
    spdx(iri).map(|(version, _)| version)
}

/// The compact name of an IRI of SPDX 3: `software_packageVersion` of `…/Software/packageVersion`, `dependsOn` of
/// `…/Core/RelationshipType/dependsOn`; `None` when it is not one of SPDX's.
pub fn compact(iri: &str) -> Option<String> {
    let (_, rest) = spdx(iri)?;
    let mut parts = rest.split('/');
    let (profile, name) = (parts.next()?, parts.next()?);
    // A profile that came later is written as SPDX writes them all.
    let begins = PROFILES.iter().find(|(known, _)| *known == profile);
    let begins =
        begins.map_or_else(|| format!("{}_", profile.to_ascii_lowercase()), |(_, begins)| (*begins).to_owned());
    match (parts.next(), parts.next()) {
        _ if name.is_empty() => None,
        (None, _) => Some(format!("{begins}{name}")),
        (Some(entry), None) if !entry.is_empty() => Some(entry.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iris_of_spdx_become_its_names_and_others_do_not() {
        for (iri, name) in [
            ("https://spdx.org/rdf/3.0.1/terms/Core/name", "name"),
            ("http://spdx.org/rdf/3.0/terms/Software/packageVersion", "software_packageVersion"),
            ("https://spdx.org/rdf/3.1/terms/Core/RelationshipType/dependsOn", "dependsOn"),
            ("https://spdx.org/rdf/v3/Core/name", "name"),
            ("https://rdf.spdx.org/v3/Core/name", "name"),
            ("https://spdx.org/rdf/3.1/terms/Hardware/part", "hardware_part"),
        ] {
            assert_eq!(compact(iri).as_deref(), Some(name), "{iri}");
            assert!(may_be_ours(iri.as_bytes()), "{iri}");
        }
        for iri in [
            "https://evil.example/rdf/3.0.1/terms/Core/name",
            "https://spdx.org.evil.example/rdf/3.0.1/terms/Core/name",
            "https://spdx.org/rdf/2.3/terms/Core/name",
            "https://spdx.org/rdf/3.0.1/terms/Core/",
            "https://spdx.org/rdf/3.0.1/terms/Core/a/b/c",
            "ftp://spdx.org/rdf/3.0.1/terms/Core/name",
            "name",
        ] {
            assert_eq!(compact(iri), None, "{iri}");
        }
    }

    #[test]
    fn words_are_sorted() {
        assert!(WORDS.windows(2).all(|two| two[0].0 < two[1].0));
    }
}
