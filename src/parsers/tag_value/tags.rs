//! The tags of SPDX 2.0 to 2.3 (and those that 1.2 has besides), and what each is in the JSON of the same version.
//!
//! Data only. What is done with a row stands in [`super`]; what its key means stands in the table of the family.

use crate::parsers::table::Index;

/// What stands in a list of the document and has tags of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// `PackageName` opens one.
    Package,
    /// `FileName` opens one.
    File,
    /// `SnippetSPDXID` opens one.
    Snippet,
    /// `LicenseID` opens one.
    License,
}

impl Section {
    /// The list of the document that holds it.
    pub fn list(self) -> (List, &'static str) {
        match self {
            Self::Package => (List::Packages, "packages"),
            Self::File => (List::Files, "files"),
            Self::Snippet => (List::Snippets, "snippets"),
            Self::License => (List::Licenses, "hasExtractedLicensingInfos"),
        }
    }
}

/// The lists whose entries are counted: first those of the document, then those of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the keys")]
pub enum List {
    Packages,
    Files,
    Snippets,
    Licenses,
    Relationships,
    Annotations,
    Reviewers,
    Documents,
    Creators,
    Checksums,
    References,
    Artifacts,
    FoundLicenses,
    Attributions,
    Contributors,
    Types,
    Dependencies,
    Addresses,
}

impl List {
    /// How many there are.
    pub const COUNT: usize = Self::Addresses as usize + 1;
    /// The first that begins anew with each section.
    pub const OF_SECTION: usize = Self::Checksums as usize;
}

/// What several tags state together, and the list it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// In the document.
    Relationship,
    /// In the document.
    Annotation,
    /// In the document.
    Review,
    /// In the section.
    Artifact,
    /// In the section.
    Reference,
}

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Opens a section, with this key.
    Open(Section, &'static str),
    /// The reference of what is open.
    Id,
    /// A text of the section; without one, it opens one that has lost its name.
    Leaf(Section, &'static str),
    /// A text of whatever is open.
    Here(&'static str),
    /// An entry in a list of texts of the section.
    Many(Section, List, &'static str),
    /// A truth value of the section.
    Truth(&'static str),
    /// `ALGORITHM: digest`.
    Checksum(Section),
    /// `digest (excludes: files)`.
    Verification,
    /// A text of the document.
    Root(&'static str),
    /// A text about how the document was made.
    Made(&'static str),
    /// An entry in the list of who made it.
    Creator,
    /// `id address ALGORITHM: digest`.
    Document,
    /// Opens a group, with this key.
    Start(Group, &'static str),
    /// A further text of a group.
    Within(Group, &'static str),
}

/// One tag.
#[derive(Debug)]
pub struct Row {
    /// The tag.
    pub tag: &'static str,
    /// What it does.
    pub act: Act,
}

const fn row(tag: &'static str, act: Act) -> Row {
    Row { tag, act }
}

/// The row of a tag.
#[inline]
pub fn find(tag: &[u8]) -> Option<&'static Row> {
    ROWS.get(INDEX.find(tag, |at| ROWS.get(at).map_or("", |row| row.tag))?)
}

static INDEX: Index<128> = {
    let mut index = Index::EMPTY;
    let mut rest = ROWS;
    while let [row, tail @ ..] = rest {
        index = index.with(row.tag);
        rest = tail;
    }
    index
};

use Act::{Checksum, Creator, Document, Here, Id, Leaf, Made, Many, Open, Root, Start, Truth, Verification, Within};
use Section::{File, License, Package, Snippet};

/// Sorted by length, then by letters, for whoever looks for one.
const ROWS: &[Row] = &[
    row("SPDXID", Id),
    row("Created", Made("created")),
    row("Creator", Creator),
    row("FileName", Open(File, "fileName")),
    row("FileType", Many(File, List::Types, "fileTypes")),
    row("Reviewer", Start(Group::Review, "reviewer")),
    row("Annotator", Start(Group::Annotation, "annotator")),
    row("BuiltDate", Leaf(Package, "builtDate")),
    row("LicenseID", Open(License, "licenseId")),
    row("FileNotice", Leaf(File, "noticeText")),
    row("ReviewDate", Within(Group::Review, "reviewDate")),
    row("DataLicense", Root("dataLicense")),
    row("ExternalRef", Start(Group::Reference, "referenceCategory")),
    row("FileComment", Leaf(File, "comment")),
    row("LicenseName", Leaf(License, "name")),
    row("PackageName", Open(Package, "name")),
    row("ReleaseDate", Leaf(Package, "releaseDate")),
    row("SPDXVersion", Root("spdxVersion")),
    row("SnippetName", Leaf(Snippet, "name")),
    row("DocumentName", Root("name")),
    row("FileChecksum", Checksum(File)),
    row("Relationship", Start(Group::Relationship, "spdxElementId")),
    row("ExtractedText", Leaf(License, "extractedText")),
    row("FilesAnalyzed", Truth("filesAnalyzed")),
    row("ReviewComment", Within(Group::Review, "comment")),
    row("SnippetSPDXID", Open(Snippet, "SPDXID")),
    row("AnnotationDate", Within(Group::Annotation, "annotationDate")),
    row("AnnotationType", Within(Group::Annotation, "annotationType")),
    row("CreatorComment", Made("comment")),
    row("FileDependency", Many(File, List::Dependencies, "fileDependencies")),
    row("LicenseComment", Leaf(License, "comment")),
    row("PackageComment", Leaf(Package, "comment")),
    row("PackageSummary", Leaf(Package, "summary")),
    row("PackageVersion", Leaf(Package, "versionInfo")),
    row("SnippetComment", Leaf(Snippet, "comment")),
    row("ValidUntilDate", Leaf(Package, "validUntilDate")),
    row("DocumentComment", Root("comment")),
    row("FileContributor", Many(File, List::Contributors, "fileContributors")),
    row("LicenseComments", Here("licenseComments")),
    row("PackageChecksum", Checksum(Package)),
    row("PackageFileName", Leaf(Package, "packageFileName")),
    row("PackageHomePage", Leaf(Package, "homepage")),
    row("PackageSupplier", Leaf(Package, "supplier")),
    row("LicenseConcluded", Leaf(File, "licenseConcluded")),
    row("AnnotationComment", Within(Group::Annotation, "comment")),
    row("DocumentNamespace", Root("documentNamespace")),
    row("FileCopyrightText", Leaf(File, "copyrightText")),
    row("LicenseInfoInFile", Many(File, List::FoundLicenses, "licenseInfoInFiles")),
    row("PackageOriginator", Leaf(Package, "originator")),
    row("PackageSourceInfo", Leaf(Package, "sourceInfo")),
    row("ExternalRefComment", Within(Group::Reference, "comment")),
    row("LicenseListVersion", Made("licenseListVersion")),
    row("PackageDescription", Leaf(Package, "description")),
    row("ExternalDocumentRef", Document),
    row("FileAttributionText", Many(File, List::Attributions, "attributionTexts")),
    row("RelationshipComment", Within(Group::Relationship, "comment")),
    row("ArtifactOfProjectURI", Within(Group::Artifact, "projectUri")),
    row("LicenseInfoInSnippet", Many(Snippet, List::FoundLicenses, "licenseInfoInSnippets")),
    row("PackageCopyrightText", Leaf(Package, "copyrightText")),
    row("SnippetCopyrightText", Leaf(Snippet, "copyrightText")),
    row("ArtifactOfProjectName", Start(Group::Artifact, "name")),
    row("LicenseCrossReference", Many(License, List::Addresses, "seeAlsos")),
    row("PrimaryPackagePurpose", Leaf(Package, "primaryPackagePurpose")),
    row("SnippetFromFileSPDXID", Leaf(Snippet, "snippetFromFile")),
    row("SnippetSPDXIdentifier", Open(Snippet, "SPDXID")),
    row("PackageAttributionText", Many(Package, List::Attributions, "attributionTexts")),
    row("PackageLicenseComments", Leaf(Package, "licenseComments")),
    row("PackageLicenseDeclared", Leaf(Package, "licenseDeclared")),
    row("SnippetAttributionText", Many(Snippet, List::Attributions, "attributionTexts")),
    row("SnippetLicenseComments", Leaf(Snippet, "licenseComments")),
    row("PackageDownloadLocation", Leaf(Package, "downloadLocation")),
    row("PackageLicenseConcluded", Leaf(Package, "licenseConcluded")),
    row("PackageVerificationCode", Verification),
    row("SnippetLicenseConcluded", Leaf(Snippet, "licenseConcluded")),
    row("ArtifactOfProjectHomePage", Within(Group::Artifact, "homePage")),
    row("PackageLicenseInfoFromFiles", Many(Package, List::FoundLicenses, "licenseInfoFromFiles")),
    row("SnippetFromFileSPDXIdentifier", Leaf(Snippet, "snippetFromFile")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_is_found() {
        assert!(ROWS.is_sorted_by_key(|r| (r.tag.len(), r.tag)));
        for row in ROWS {
            assert_eq!(find(row.tag.as_bytes()).map(|r| r.act), Some(row.act), "{}", row.tag);
        }
        assert!(find(b"PackageNames").is_none() && find(b"").is_none());
    }
}
