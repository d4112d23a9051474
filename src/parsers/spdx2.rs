//! SPDX 2.0 to 2.3: the names of its fields and what they mean (specification: spdx.github.io/spdx-spec, ISO/IEC 5962).
//!
//! Left out on purpose, because they mention and do not supply: `creationInfo`, `annotations`, `reviewers`, `comment`,
//! `summary`, `description`, `sourceInfo`.

use super::table::{
    ElementKind, Entry, Field, Keys, NOTHING, Node, Relation, Table, Then, Words, any, leaf, leaves, object, objects,
};
use crate::model::graph::Edge;
use crate::model::{Origin, Role};

/// The table.
pub const TABLE: Table = Table { entries, kinds: KINDS, versions: VERSIONS, element, relation };

const VERSIONS: &[&str] = &["2.0", "2.1", "2.2", "2.2.1", "2.2.2", "2.3"];

/// `primaryPackagePurpose` (2.3, clause 7.24), in the schema's spelling and in the text's.
const KINDS: &Words = &Words::new(&[
    "APPLICATION",
    "FRAMEWORK",
    "LIBRARY",
    "CONTAINER",
    "OPERATING_SYSTEM",
    "OPERATING-SYSTEM",
    "DEVICE",
    "FIRMWARE",
    "SOURCE",
    "ARCHIVE",
    "FILE",
    "INSTALL",
    "OTHER",
]);

fn entries(node: Node) -> &'static Keys {
    match node {
        Node::Document => DOCUMENT,
        Node::Holder(inner) => inner,
        Node::Item(_) => ITEM,
        Node::LicenseItem => LICENSE_ITEM,
        Node::Identifier => IDENTIFIER,
        Node::Hash => HASH,
        Node::Relation => RELATION,
        _ => NOTHING,
    }
}

const DOCUMENT: &Keys = &Keys::new(&[
    leaf("spdxVersion", Field::SpecVersion),
    objects("packages", Node::Item(Origin::Listed)),
    objects("files", Node::Item(Origin::Listed)),
    objects("snippets", Node::Item(Origin::Listed)),
    objects("relationships", Node::Relation),
    // Before 2.2, the tools wrote what the document describes in the place of its reference.
    Entry { key: "documentDescribes", then: Then::Either(Field::Describes, Node::Holder(DESCRIBED)), many: Some(true) },
    objects("hasExtractedLicensingInfos", Node::LicenseItem),
    objects("externalDocumentRefs", Node::ExternalDocument),
    // The element around a document in XML of that time.
    object("Document", Node::Document),
]);

const DESCRIBED: &Keys = &Keys::new(&[
    object("Package", Node::Item(Origin::Listed)),
    object("File", Node::Item(Origin::Listed)),
    object("Snippet", Node::Item(Origin::Listed)),
]);

/// Packages, files and snippets together: no key means two things.
const ITEM: &Keys = &Keys::new(&[
    leaf("SPDXID", Field::Ref),
    leaf("name", Field::Name),
    leaf("versionInfo", Field::Version),
    leaf("supplier", Field::PartyText(Role::Supplier)),
    // Not in the specification, but in a good many documents.
    leaf("packageSupplier", Field::PartyText(Role::Supplier)),
    leaf("originator", Field::PartyText(Role::Originator)),
    leaf("downloadLocation", Field::Link("download")),
    leaf("homepage", Field::Link("website")),
    leaf("licenseConcluded", Field::LicenseName),
    leaf("licenseDeclared", Field::LicenseName),
    leaves("licenseInfoFromFiles", Field::LicenseName),
    leaves("licenseInfoInFiles", Field::LicenseName),
    leaves("licenseInfoInSnippets", Field::LicenseName),
    leaf("licenseComments", Field::LicenseText),
    leaf("copyrightText", Field::Copyright),
    leaves("attributionTexts", Field::Copyright),
    leaf("noticeText", Field::Copyright),
    objects("externalRefs", Node::Identifier),
    leaf("snippetFromFile", Field::ContainedRef),
    objects("checksums", Node::Hash),
    leaf("packageFileName", Field::File),
    leaf("fileName", Field::File),
    leaf("primaryPackagePurpose", Field::Kind),
    leaves("fileContributors", Field::PartyText(Role::Contributor)),
    leaves("hasFiles", Field::ContainsRef),
    // Beside them, once, the files themselves.
    Entry { key: "files", then: Then::Either(Field::ContainsRef, Node::Holder(DESCRIBED)), many: Some(true) },
    any("artifactOfs", Then::Enter(Node::Holder(ARTIFACT_OF))),
    any("artifactOf", Then::Enter(Node::Holder(ARTIFACT_OF))),
    object("packageVerificationCode", Node::Holder(VERIFICATION)),
    leaf("description", Field::Description),
    leaf("releaseDate", Field::Released),
]);

const VERIFICATION: &Keys = &Keys::new(&[leaf("packageVerificationCodeValue", Field::HashAlgorithm)]);

const ARTIFACT_OF: &Keys = &Keys::new(&[
    leaf("name", Field::Group),
    leaf("homePage", Field::Link("website")),
    leaf("projectUri", Field::Link("website")),
]);

const IDENTIFIER: &Keys =
    &Keys::new(&[leaf("referenceType", Field::IdentifierType), leaf("referenceLocator", Field::IdentifierValue)]);

const HASH: &Keys = &Keys::new(&[leaf("algorithm", Field::HashAlgorithm), leaf("checksumValue", Field::HashValue)]);

const LICENSE_ITEM: &Keys = &Keys::new(&[
    leaf("licenseId", Field::Ref),
    leaf("name", Field::LicenseName),
    leaf("extractedText", Field::LicenseText),
    any("seeAlsos", Then::Leaf(Field::LicenseUrl)),
    any("seeAlso", Then::Leaf(Field::LicenseUrl)),
    leaf("comment", Field::LicenseText),
]);

const RELATION: &Keys = &Keys::new(&[
    leaf("spdxElementId", Field::RelationFrom),
    leaf("relationshipType", Field::RelationType),
    leaf("relatedSpdxElement", Field::RelationTo),
]);

fn element(_: &str) -> ElementKind {
    ElementKind::Other
}

/// Relationship types of 2.3 clause 11.1, with either spelling of their words.
fn relation(written: &str) -> Relation {
    use Relation::{Backward, Forward};
    match written.to_ascii_uppercase().replace('-', "_").as_str() {
        "DESCRIBES" => Relation::Describes,
        "DESCRIBED_BY" => Relation::DescribedBy,
        "CONTAINS" | "DISTRIBUTION_ARTIFACT" => Forward(Edge::Contains),
        "CONTAINED_BY" | "PACKAGE_OF" | "FILE_ADDED" | "EXPANDED_FROM_ARCHIVE" => Backward(Edge::Contains),
        "DEPENDS_ON" | "STATIC_LINK" | "DYNAMIC_LINK" | "HAS_PREREQUISITE" => Forward(Edge::DependsOn),
        "DEPENDENCY_OF" | "RUNTIME_DEPENDENCY_OF" | "PREREQUISITE_FOR" => Backward(Edge::DependsOn),
        "OPTIONAL_DEPENDENCY_OF" | "OPTIONAL_COMPONENT_OF" | "PROVIDED_DEPENDENCY_OF" => Backward(Edge::Optional),
        "BUILD_TOOL_OF"
        | "BUILD_DEPENDENCY_OF"
        | "DEV_TOOL_OF"
        | "DEV_DEPENDENCY_OF"
        | "TEST_OF"
        | "TEST_TOOL_OF"
        | "TEST_CASE_OF"
        | "TEST_DEPENDENCY_OF" => Backward(Edge::BuiltWith),
        "GENERATED_FROM" | "DESCENDANT_OF" | "VARIANT_OF" | "COPY_OF" => Forward(Edge::DerivedFrom),
        "GENERATES" | "ANCESTOR_OF" | "PATCH_APPLIED" => Backward(Edge::DerivedFrom),
        _ => Relation::None,
    }
}
