//! The vocabulary of SPDX 2 in RDF, and what each term is in the JSON of the same version (specification: the ontology at
//! `spdx.org/rdf/terms`, SPDX 2.3 annex on RDF).
//!
//! Data only. What a key means stands in the table of the family; a term that is not here is passed over, as an unknown
//! key of JSON is. Start at [`row`].

/// The namespaces that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Space {
    /// RDF itself.
    Rdf,
    /// RDF Schema.
    Rdfs,
    /// SPDX 2 and before.
    Spdx,
    /// DOAP, in which projects are described.
    Doap,
    /// `xml:`.
    Xml,
    /// Any other.
    Other,
}

/// RDF itself.
pub const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// The namespace behind an address.
pub fn space(address: &str) -> Space {
    let address = address.trim().trim_end_matches(['#', '/']);
    let (_, bare) = address.split_once("://").unwrap_or(("", address));
    match bare.strip_prefix("www.").unwrap_or(bare) {
        "w3.org/1999/02/22-rdf-syntax-ns" => Space::Rdf,
        "w3.org/2000/01/rdf-schema" => Space::Rdfs,
        "spdx.org/rdf/terms" => Space::Spdx,
        "usefulinc.com/ns/doap" => Space::Doap,
        "w3.org/XML/1998/namespace" => Space::Xml,
        _ => Space::Other,
    }
}

/// What a prefix that was never declared is in nearly every document.
pub fn usual(prefix: &str) -> Option<Space> {
    Some(match prefix {
        "rdf" => Space::Rdf,
        "rdfs" => Space::Rdfs,
        "spdx" => Space::Spdx,
        "doap" => Space::Doap,
        _ => return None,
    })
}

/// The namespace and the name in an IRI.
pub fn split(iri: &str) -> (Space, &str) {
    let at = iri.rfind('#').or_else(|| iri.rfind('/')).map_or(0, |at| at + 1);
    let (address, name) = iri.split_at(at);
    (space(address), name)
}

/// What a node is, as bits: it may be several.
pub type Classes = u16;

/// The document.
pub const DOCUMENT: Classes = 1;
/// A package.
pub const PACKAGE: Classes = 1 << 1;
/// A file.
pub const FILE: Classes = 1 << 2;
/// A snippet.
pub const SNIPPET: Classes = 1 << 3;
/// A license whose text the document holds.
pub const EXTRACTED: Classes = 1 << 4;
/// Licenses joined by `AND`.
pub const AND: Classes = 1 << 5;
/// Licenses joined by `OR`.
pub const OR: Classes = 1 << 6;
/// A license with an exception.
pub const WITH: Classes = 1 << 7;
/// A license in this version or a later one.
pub const LATER: Classes = 1 << 8;
/// No license is known.
pub const NOASSERTION: Classes = 1 << 9;
/// There is no license.
pub const NONE: Classes = 1 << 10;
/// Another class of SPDX, which is no element.
pub const OTHER: Classes = 1 << 11;
/// What has a place of its own in the lists of the document.
pub const ELEMENT: Classes = PACKAGE | FILE | SNIPPET;

/// The class of a name; none when SPDX has no such class.
pub fn class(space: Space, name: &str) -> Classes {
    match (space, name) {
        (Space::Spdx, "SpdxDocument") => DOCUMENT,
        (Space::Spdx, "Package") => PACKAGE,
        (Space::Spdx, "File") => FILE,
        (Space::Spdx, "Snippet") => SNIPPET,
        (Space::Spdx, "ExtractedLicensingInfo") => EXTRACTED,
        (Space::Spdx, "ConjunctiveLicenseSet") => AND,
        (Space::Spdx, "DisjunctiveLicenseSet") => OR,
        (Space::Spdx, "WithExceptionOperator") => WITH,
        (Space::Spdx, "OrLaterOperator") => LATER,
        (Space::Spdx, "SpdxNoAssertionLicense" | "SpdxNoAssertionElement") => NOASSERTION,
        (Space::Spdx, "SpdxNoneLicense" | "SpdxNoneElement") => NONE,
        (
            Space::Spdx,
            "Annotation"
            | "Checksum"
            | "CreationInfo"
            | "CrossRef"
            | "ExternalDocumentRef"
            | "ExternalRef"
            | "ExternalSpdxElement"
            | "ExternalExtractedLicensingInfo"
            | "License"
            | "LicenseException"
            | "ListedLicense"
            | "ListedLicenseException"
            | "PackageVerificationCode"
            | "ReferenceType"
            | "Relationship"
            | "Review",
        )
        | (Space::Doap, "Project") => OTHER,
        _ => 0,
    }
}

/// The properties that matter, in the order in which they are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of the terms")]
pub enum Property {
    SpecVersion,
    LicenseId,
    Name,
    VersionInfo,
    PackageFileName,
    FileName,
    Supplier,
    Originator,
    DownloadLocation,
    Homepage,
    PrimaryPackagePurpose,
    ReleaseDate,
    Description,
    PackageVerificationCode,
    PackageVerificationCodeValue,
    Checksum,
    Algorithm,
    ChecksumValue,
    SnippetFromFile,
    LicenseConcluded,
    LicenseDeclared,
    LicenseInfoFromFiles,
    LicenseInfoInFile,
    LicenseInfoInSnippet,
    LicenseComments,
    CopyrightText,
    NoticeText,
    AttributionText,
    FileContributor,
    ExternalRef,
    ReferenceType,
    ReferenceLocator,
    HasFile,
    ArtifactOf,
    ProjectName,
    ExtractedText,
    SeeAlso,
    Comment,
    Member,
    LicenseException,
    LicenseExceptionId,
    RelationshipType,
    RelatedSpdxElement,
    Relationship,
    DescribesPackage,
    ReferencesFile,
    HasExtractedLicensingInfo,
    ExternalDocumentRef,
    ExternalDocumentId,
    SpdxDocument,
    /// One that no version has, on a node that is nothing SPDX knows: its text may be what a property wants.
    Unknown,
}

/// The property of a name.
pub fn property(space: Space, name: &str) -> Option<Property> {
    use Property as P;
    Some(match (space, name) {
        (Space::Doap, "name") => P::ProjectName,
        (Space::Doap | Space::Spdx, "homepage") => P::Homepage,
        (Space::Rdfs, "comment") => P::Comment,
        (Space::Rdfs | Space::Spdx, "seeAlso") => P::SeeAlso,
        (Space::Spdx, name) => match name {
            "specVersion" => P::SpecVersion,
            "licenseId" => P::LicenseId,
            "name" => P::Name,
            "versionInfo" => P::VersionInfo,
            "packageFileName" => P::PackageFileName,
            "fileName" => P::FileName,
            "supplier" => P::Supplier,
            "originator" => P::Originator,
            "downloadLocation" => P::DownloadLocation,
            "primaryPackagePurpose" => P::PrimaryPackagePurpose,
            "releaseDate" => P::ReleaseDate,
            "description" => P::Description,
            "packageVerificationCode" => P::PackageVerificationCode,
            "packageVerificationCodeValue" => P::PackageVerificationCodeValue,
            "checksum" => P::Checksum,
            "algorithm" => P::Algorithm,
            "checksumValue" => P::ChecksumValue,
            "snippetFromFile" => P::SnippetFromFile,
            "licenseConcluded" => P::LicenseConcluded,
            "licenseDeclared" => P::LicenseDeclared,
            "licenseInfoFromFiles" => P::LicenseInfoFromFiles,
            "licenseInfoInFile" => P::LicenseInfoInFile,
            "licenseInfoInSnippet" => P::LicenseInfoInSnippet,
            "licenseComments" => P::LicenseComments,
            "copyrightText" => P::CopyrightText,
            "noticeText" => P::NoticeText,
            "attributionText" => P::AttributionText,
            "fileContributor" => P::FileContributor,
            "externalRef" => P::ExternalRef,
            "referenceType" => P::ReferenceType,
            "referenceLocator" => P::ReferenceLocator,
            "hasFile" => P::HasFile,
            "artifactOf" => P::ArtifactOf,
            "extractedText" => P::ExtractedText,
            "comment" => P::Comment,
            "member" => P::Member,
            "licenseException" => P::LicenseException,
            "licenseExceptionId" => P::LicenseExceptionId,
            "relationshipType" => P::RelationshipType,
            "relatedSpdxElement" => P::RelatedSpdxElement,
            "relationship" => P::Relationship,
            "describesPackage" => P::DescribesPackage,
            "referencesFile" => P::ReferencesFile,
            "hasExtractedLicensingInfo" => P::HasExtractedLicensingInfo,
            "externalDocumentRef" => P::ExternalDocumentRef,
            "externalDocumentId" => P::ExternalDocumentId,
            "spdxDocument" => P::SpdxDocument,
            _ => return None,
        },
        _ => return None,
    })
}

impl Property {
    /// What a node without a class of SPDX is when this is said of it, and what the other end is.
    pub fn implies(self) -> (Classes, Classes) {
        match self {
            Self::SpecVersion => (DOCUMENT, 0),
            Self::VersionInfo
            | Self::PackageFileName
            | Self::Supplier
            | Self::Originator
            | Self::DownloadLocation
            | Self::PrimaryPackagePurpose
            | Self::PackageVerificationCode
            | Self::LicenseDeclared
            | Self::LicenseInfoFromFiles
            | Self::ExternalRef => (PACKAGE, 0),
            Self::DescribesPackage => (DOCUMENT, PACKAGE),
            Self::HasFile => (PACKAGE, FILE),
            Self::ReferencesFile => (DOCUMENT, FILE),
            Self::FileName | Self::LicenseInfoInFile | Self::FileContributor | Self::ArtifactOf => (FILE, 0),
            Self::SnippetFromFile => (SNIPPET, FILE),
            Self::LicenseInfoInSnippet => (SNIPPET, 0),
            Self::ExtractedText => (EXTRACTED, 0),
            Self::HasExtractedLicensingInfo => (DOCUMENT, EXTRACTED),
            _ => (0, 0),
        }
    }

    /// Whether it may be said several times of one thing.
    pub fn many(self) -> bool {
        !matches!(row(Context::Item, self).or_else(|| row(Context::License, self)), Some(Row { list: false, .. }))
    }
}

/// Where a property stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// On a package, file or snippet.
    Item,
    /// On a license whose text the document holds.
    License,
    /// On a verification code.
    Verification,
    /// On a digest.
    Checksum,
    /// On an external reference.
    Reference,
    /// On a project.
    Project,
    /// On a relationship.
    Relation,
    /// On something that stands where a text should.
    Plain,
}

/// What the other end of a property becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A text, or an address.
    Text,
    /// The text of a license expression.
    License,
    /// The reference of an element.
    Element,
    /// A word of a list, such as `relationshipType_dependsOn`.
    Word,
    /// The type of an external reference.
    Type,
    /// An object.
    Object(Context),
}

/// What a property is in JSON.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The key.
    pub key: &'static str,
    /// Whether its values are a list.
    pub list: bool,
    /// What each value is.
    pub shape: Shape,
}

/// The row of a property where it stands; `None` when it says nothing there.
pub fn row(context: Context, property: Property) -> Option<Row> {
    use Property as P;
    use Shape::{Element, License, Object, Text, Type, Word};
    let one = |key, shape| Some(Row { key, list: false, shape });
    let many = |key, shape| Some(Row { key, list: true, shape });
    match (context, property) {
        (Context::Item | Context::License, P::Name) => one("name", Text),
        (Context::Item, P::VersionInfo) => one("versionInfo", Text),
        (Context::Item, P::PackageFileName) => one("packageFileName", Text),
        (Context::Item, P::FileName) => one("fileName", Text),
        (Context::Item, P::Supplier) => one("supplier", Text),
        (Context::Item, P::Originator) => one("originator", Text),
        (Context::Item, P::DownloadLocation) => one("downloadLocation", Text),
        (Context::Item, P::Homepage) => one("homepage", Text),
        (Context::Item, P::PrimaryPackagePurpose) => one("primaryPackagePurpose", Word),
        (Context::Item, P::ReleaseDate) => one("releaseDate", Text),
        (Context::Item, P::Description) => one("description", Text),
        (Context::Item, P::PackageVerificationCode) => one("packageVerificationCode", Object(Context::Verification)),
        (Context::Item, P::Checksum) => many("checksums", Object(Context::Checksum)),
        (Context::Item, P::SnippetFromFile) => one("snippetFromFile", Element),
        (Context::Item, P::LicenseConcluded) => one("licenseConcluded", License),
        (Context::Item, P::LicenseDeclared) => one("licenseDeclared", License),
        (Context::Item, P::LicenseInfoFromFiles) => many("licenseInfoFromFiles", License),
        (Context::Item, P::LicenseInfoInFile) => many("licenseInfoInFiles", License),
        (Context::Item, P::LicenseInfoInSnippet) => many("licenseInfoInSnippets", License),
        (Context::Item, P::LicenseComments) => one("licenseComments", Text),
        (Context::Item, P::CopyrightText) => one("copyrightText", Text),
        (Context::Item, P::NoticeText) => one("noticeText", Text),
        (Context::Item, P::AttributionText) => many("attributionTexts", Text),
        (Context::Item, P::FileContributor) => many("fileContributors", Text),
        (Context::Item, P::ExternalRef) => many("externalRefs", Object(Context::Reference)),
        (Context::Item, P::HasFile) => many("hasFiles", Element),
        (Context::Item, P::ArtifactOf) => many("artifactOfs", Object(Context::Project)),
        (Context::License, P::LicenseId) => one("licenseId", Text),
        (Context::License, P::ExtractedText) => one("extractedText", Text),
        (Context::License, P::SeeAlso) => many("seeAlsos", Text),
        (Context::License, P::Comment) => one("comment", Text),
        (Context::Verification, P::PackageVerificationCodeValue) => one("packageVerificationCodeValue", Text),
        (Context::Checksum, P::Algorithm) => one("algorithm", Word),
        (Context::Checksum, P::ChecksumValue) => one("checksumValue", Text),
        (Context::Reference, P::ReferenceType) => one("referenceType", Type),
        (Context::Reference, P::ReferenceLocator) => one("referenceLocator", Text),
        (Context::Project, P::ProjectName | P::Name) => one("name", Text),
        (Context::Project, P::Homepage) => one("homePage", Text),
        (Context::Relation, P::RelationshipType) => one("relationshipType", Word),
        (Context::Relation, P::RelatedSpdxElement) => one("relatedSpdxElement", Element),
        (Context::Plain, _) => one("text", Text),
        _ => None,
    }
}

/// `NONE` or `NOASSERTION`, when an IRI stands for one.
pub fn absent(iri: &str) -> Option<&'static str> {
    let at = iri.rfind(['#', '/'])?;
    let (address, name) = iri.split_at(at + 1);
    let ours = space(address) == Space::Spdx || license_list(address).is_some();
    match name.to_ascii_lowercase().as_str() {
        "none" if ours => Some("NONE"),
        "noassertion" if ours => Some("NOASSERTION"),
        _ => None,
    }
}

/// What stands behind the address of the SPDX license list.
pub fn license_list(iri: &str) -> Option<&str> {
    let bare = iri.split_once("://").map_or(iri, |(_, bare)| bare);
    bare.strip_prefix("www.").unwrap_or(bare).strip_prefix("spdx.org/licenses/")
}

/// `relationshipType_dependsOn` as JSON writes it: `DEPENDS_ON`.
pub fn word(name: &str) -> String {
    // What stands before the word begins with a small letter: `DEPENDS_ON` has nothing before it.
    let before = |(list, _): &(&str, &str)| list.starts_with(|c: char| c.is_ascii_lowercase());
    let name = name.split_once('_').filter(before).map_or(name, |(_, word)| word);
    let mut out = String::with_capacity(name.len() + 4);
    let mut small = false;
    for c in name.chars() {
        if small && c.is_ascii_uppercase() {
            out.push('_');
        }
        small = c.is_ascii_lowercase();
        out.push(c.to_ascii_uppercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_json() {
        assert_eq!(word("relationshipType_dependsOn"), "DEPENDS_ON");
        assert_eq!(word("purpose_operatingSystem"), "OPERATING_SYSTEM");
        assert_eq!(word("checksumAlgorithm_sha1"), "SHA1");
        assert_eq!(word("relationshipType_describes"), "DESCRIBES");
        assert_eq!(word("DEPENDS_ON"), "DEPENDS_ON");
    }

    #[test]
    fn addresses_are_known_with_and_without_their_ends() {
        for address in ["http://spdx.org/rdf/terms#", "https://spdx.org/rdf/terms", "http://www.spdx.org/rdf/terms/"] {
            assert_eq!(space(address), Space::Spdx, "{address}");
        }
        assert_eq!(space("https://spdx.org/rdf/3.0.1/terms/Core/"), Space::Other);
        assert_eq!(split("http://spdx.org/rdf/terms#Package"), (Space::Spdx, "Package"));
        assert_eq!(absent("http://spdx.org/rdf/terms#noassertion"), Some("NOASSERTION"));
        assert_eq!(absent("http://spdx.org/licenses/NONE"), Some("NONE"));
        assert_eq!(absent("https://example.com/none"), None);
    }
}
