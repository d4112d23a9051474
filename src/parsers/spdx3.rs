//! SPDX 3.0: the names of its fields in the compact JSON-LD form, and what they mean (spdx.github.io/spdx-spec/v3.0.1).
//!
//! Everything is an element; its type says what it is. Left out on purpose, because they mention and do not supply:
//! `creationInfo`, `description`, `summary`, `comment`, annotations, vulnerabilities and their relationships.

use super::table::{ElementKind, Entry, Field, Node, Relation, Table, Then, any, leaf, leaves, objects};
use crate::model::Role;
use crate::model::graph::Edge;

/// The table.
pub const TABLE: Table = Table { entries, kinds: &[], versions: VERSIONS, element, relation };

const VERSIONS: &[&str] = &["3.0", "3.0.0", "3.0.1"];

fn entries(node: Node) -> &'static [Entry] {
    match node {
        Node::Document => DOCUMENT,
        Node::Holder(inner) => inner,
        Node::Element => ELEMENT,
        Node::Party(_) => PARTY,
        Node::Identifier => IDENTIFIER,
        Node::Reference => REFERENCE,
        Node::Hash => HASH,
        Node::Relation => RELATION,
        _ => &[],
    }
}

const DOCUMENT: &[Entry] =
    &[any("@context", Then::Either(Field::FormatName, Node::Holder(&[]))), objects("@graph", Node::Element)];

const ELEMENT: &[Entry] = &[
    leaf("type", Field::ElementType),
    leaf("@type", Field::ElementType),
    leaf("spdxId", Field::Ref),
    leaf("@id", Field::Ref),
    leaf("specVersion", Field::SpecVersion),
    leaf("name", Field::Name),
    leaf("software_packageVersion", Field::Version),
    leaf("software_packageUrl", Field::Purl),
    leaf("software_primaryPurpose", Field::Kind),
    leaf("software_downloadLocation", Field::Link("download")),
    leaf("software_homePage", Field::Link("website")),
    leaf("software_copyrightText", Field::Copyright),
    leaves("software_attributionText", Field::Copyright),
    any("suppliedBy", Then::Either(Field::PartyRef(Role::Supplier), Node::Party(Role::Supplier))),
    any("originatedBy", Then::Either(Field::PartyRef(Role::Originator), Node::Party(Role::Originator))),
    // An object in place, or the reference of an element of its own.
    any("externalIdentifier", Then::Either(Field::IdentifierRef, Node::Identifier)),
    leaf("externalIdentifierType", Field::IdentifierType),
    leaf("identifier", Field::IdentifierValue),
    leaf("issuingAuthority", Field::Authority),
    objects("software_contentIdentifier", Node::Holder(CONTENT_IDENTIFIER)),
    objects("externalRef", Node::Reference),
    objects("verifiedUsing", Node::Hash),
    leaf("simplelicensing_licenseExpression", Field::LicenseName),
    leaf("simplelicensing_licenseText", Field::LicenseText),
    objects("simplelicensing_customIdToUri", Node::Holder(CUSTOM_ID)),
    leaf("expandedlicensing_licenseText", Field::LicenseText),
    any("expandedlicensing_seeAlso", Then::Leaf(Field::LicenseUrl)),
    leaf("relationshipType", Field::RelationType),
    any("from", Then::Either(Field::RelationFrom, Node::Element)),
    any("to", Then::Either(Field::RelationTo, Node::Element)),
    leaf("completeness", Field::Completeness),
    leaf("scope", Field::Scope),
    leaf("software_snippetFromFile", Field::ContainedRef),
    any("rootElement", Then::Either(Field::Describes, Node::Element)),
    any("element", Then::Either(Field::ContainsRef, Node::Element)),
    objects("import", Node::ExternalDocument),
    leaf("description", Field::Description),
    leaf("releaseTime", Field::Released),
];

const PARTY: &[Entry] = &[
    leaf("type", Field::PartySort),
    leaf("name", Field::PartyName),
    any("externalIdentifier", Then::Enter(Node::Identifier)),
    // An object that only refers to the agent.
    leaf("@id", Field::PartyRef(Role::Supplier)),
    leaf("spdxId", Field::PartyRef(Role::Supplier)),
];

const IDENTIFIER: &[Entry] = &[
    leaf("externalIdentifierType", Field::IdentifierType),
    leaf("identifier", Field::IdentifierValue),
    leaf("issuingAuthority", Field::Authority),
];

const CONTENT_IDENTIFIER: &[Entry] = &[leaf("software_contentIdentifierValue", Field::OtherIdentifier)];

const REFERENCE: &[Entry] =
    &[leaf("externalRefType", Field::ReferenceKind), any("locator", Then::Leaf(Field::ReferenceUrl))];

/// The text behind a custom license id.
const CUSTOM_ID: &[Entry] = &[leaf("value", Field::LicenseRef)];

const HASH: &[Entry] = &[leaf("algorithm", Field::HashAlgorithm), leaf("hashValue", Field::HashValue)];

const RELATION: &[Entry] = &[];

/// The last word of a type: `software_Package`, `SpdxDocument`, `https://…/Software/Package`.
fn element(written: &str) -> ElementKind {
    let word = written.rsplit(['/', '_', '#', ':']).next().unwrap_or(written);
    match word {
        "Package" | "AIPackage" | "DatasetPackage" | "HardwareArtifact" | "Artifact" => ElementKind::Component(false),
        "File" | "Snippet" => ElementKind::Component(true),
        "Build" => ElementKind::Build,
        "ExternalIdentifier"
        | "Organization"
        | "Person"
        | "SoftwareAgent"
        | "Agent"
        | "LicenseExpression"
        | "SimpleLicensingText"
        | "CustomLicense"
        | "CustomLicenseAddition"
        | "ListedLicense"
        | "ListedLicenseException"
        | "OrLaterOperator"
        | "WithAdditionOperator"
        | "ConjunctiveLicenseSet"
        | "DisjunctiveLicenseSet"
        | "IndividualLicensingInfo" => ElementKind::Referent,
        "Relationship" | "LifecycleScopedRelationship" => ElementKind::Relation,
        "SpdxDocument" | "Sbom" | "Bom" | "Bundle" | "ElementCollection" => ElementKind::Collection,
        _ => ElementKind::Other,
    }
}

/// `RelationshipType` of the core and software profiles.
fn relation(written: &str) -> Relation {
    use Relation::{Backward, Forward};
    match written.rsplit(['/', '#', ':']).next().unwrap_or(written) {
        "describes" => Relation::Describes,
        "contains" | "packagedBy" | "hasDistributionArtifact" | "expandsTo" | "hasDynamicLibrary" => {
            Forward(Edge::Contains)
        }
        "dependsOn" | "hasStaticLink" | "hasDynamicLink" | "hasPrerequisite" | "hasAddedFile" => {
            Forward(Edge::DependsOn)
        }
        "hasOptionalComponent" | "hasOptionalDependency" | "hasProvidedDependency" => Forward(Edge::Optional),
        "usesTool" | "hasTest" | "hasTestCase" | "hasHost" | "hasInput" => Forward(Edge::BuiltWith),
        "descendantOf" | "patchedBy" => Forward(Edge::DerivedFrom),
        "ancestorOf" | "hasVariant" | "copiedTo" | "generates" => Backward(Edge::DerivedFrom),
        "hasDeclaredLicense" | "hasConcludedLicense" => Forward(Edge::License),
        _ => Relation::None,
    }
}
