//! SPDX 3.0: the names of its fields in the compact JSON-LD form, and what they mean (spdx.github.io/spdx-spec/v3.0.1).
//! Every other form comes here as this one (`linked_data`).
//!
//! Everything is an element; its type says what it is. Left out on purpose, because they mention and do not supply:
//! who made the document, `description`, `summary`, `comment`, annotations, vulnerabilities and their relationships.

use super::table::{ElementKind, Entry, Field, Keys, NOTHING, Node, Relation, Table, Then, Words, any};
use crate::model::Role;
use crate::model::graph::Edge;

/// The table.
pub const TABLE: Table = Table { entries, kinds: &Words::new(&[]), versions: VERSIONS, element, relation };

const VERSIONS: &[&str] = &["3.0", "3.0.0", "3.0.1"];

/// The outermost object is a node like every other; in most documents it has nothing but a `@graph`.
fn entries(node: Node) -> &'static Keys {
    match node {
        Node::Document | Node::Element => ELEMENT,
        Node::Holder(inner) => inner,
        Node::Identifier => IDENTIFIER,
        Node::Reference => REFERENCE,
        Node::Hash => HASH,
        Node::Property => PROPERTY,
        Node::ExternalDocument => EXTERNAL_DOCUMENT,
        _ => NOTHING,
    }
}

/// A fact. In JSON-LD one value and a list with one value are the same.
const fn fact(key: &'static str, field: Field) -> Entry {
    any(key, Then::Leaf(field))
}

/// An element, in place or by its id.
const fn element_at(key: &'static str, field: Field) -> Entry {
    any(key, Then::Either(field, Node::Element))
}

/// At most 64 rows, because the walk keeps one bit for each.
const ELEMENT: &Keys = &Keys::new(&[
    any("@graph", Then::Enter(Node::Element)),
    any("@included", Then::Enter(Node::Element)),
    fact("type", Field::ElementType),
    fact("@type", Field::ElementType),
    fact("spdxId", Field::Ref),
    fact("@id", Field::Ref),
    fact("name", Field::Name),
    element_at("creationInfo", Field::ElementRef),
    fact("software_packageVersion", Field::Version),
    fact("software_packageUrl", Field::Purl),
    fact("software_primaryPurpose", Field::Kind),
    fact("software_downloadLocation", Field::Link("download")),
    fact("software_homePage", Field::Link("website")),
    fact("software_copyrightText", Field::Copyright),
    fact("software_attributionText", Field::Copyright),
    element_at("suppliedBy", Field::PartyRef(Role::Supplier)),
    element_at("originatedBy", Field::PartyRef(Role::Originator)),
    any("verifiedUsing", Then::Either(Field::HashRef, Node::Hash)),
    fact("algorithm", Field::HashAlgorithm),
    fact("hashValue", Field::HashValue),
    any("externalIdentifier", Then::Either(Field::IdentifierRef, Node::Identifier)),
    fact("externalIdentifierType", Field::IdentifierType),
    fact("identifier", Field::IdentifierValue),
    fact("issuingAuthority", Field::Authority),
    any("externalRef", Then::Either(Field::IdentifierRef, Node::Reference)),
    fact("externalRefType", Field::ReferenceKind),
    fact("locator", Field::ReferenceUrl),
    any("software_contentIdentifier", Then::Either(Field::IdentifierRef, Node::Holder(CONTENT_IDENTIFIER))),
    fact("software_contentIdentifierValue", Field::OtherIdentifier),
    fact("relationshipType", Field::RelationType),
    element_at("from", Field::RelationFrom),
    element_at("to", Field::RelationTo),
    fact("completeness", Field::Completeness),
    fact("scope", Field::Scope),
    element_at("software_snippetFromFile", Field::ContainedRef),
    element_at("rootElement", Field::Describes),
    element_at("element", Field::ContainsRef),
    any("import", Then::Either(Field::ElementRef, Node::ExternalDocument)),
    fact("externalSpdxId", Field::ImportedRef),
    element_at("definingArtifact", Field::ElementRef),
    fact("simplelicensing_licenseExpression", Field::LicenseName),
    fact("simplelicensing_licenseText", Field::LicenseText),
    any("simplelicensing_customIdToUri", Then::Either(Field::LicenseRef, Node::Holder(CUSTOM_ID))),
    fact("value", Field::EntryValue),
    element_at("expandedlicensing_member", Field::LicenseRef),
    element_at("expandedlicensing_subjectLicense", Field::LicenseRef),
    element_at("expandedlicensing_subjectExtendableLicense", Field::LicenseRef),
    element_at("expandedlicensing_subjectAddition", Field::LicenseRef),
    fact("expandedlicensing_licenseText", Field::LicenseText),
    fact("expandedlicensing_additionText", Field::LicenseText),
    fact("expandedlicensing_licenseXml", Field::LicenseText),
    fact("expandedlicensing_standardLicenseHeader", Field::LicenseText),
    fact("expandedlicensing_standardLicenseTemplate", Field::LicenseText),
    fact("expandedlicensing_seeAlso", Field::LicenseUrl),
    fact("description", Field::Description),
    fact("releaseTime", Field::Released),
    fact("specVersion", Field::SpecVersion),
    any("extension", Then::Either(Field::IdentifierRef, Node::Holder(EXTENSION))),
    any("extension_cdxProperty", Then::Either(Field::IdentifierRef, Node::Property)),
    fact("extension_cdxPropName", Field::PropertyName),
    fact("extension_cdxPropValue", Field::PropertyValue),
    AGENTS,
    USED,
    SUBJECT,
]);

/// Elements that say nothing about a component, but may state in place what others refer to.
const AGENTS: Entry = element_at("createdBy", Field::ElementRef);
const USED: Entry = element_at("createdUsing", Field::ElementRef);
const SUBJECT: Entry = element_at("subject", Field::ElementRef);

const IDENTIFIER: &Keys = &Keys::new(&[
    fact("externalIdentifierType", Field::IdentifierType),
    fact("identifier", Field::IdentifierValue),
    fact("issuingAuthority", Field::Authority),
]);

const CONTENT_IDENTIFIER: &Keys = &Keys::new(&[fact("software_contentIdentifierValue", Field::OtherIdentifier)]);

const REFERENCE: &Keys =
    &Keys::new(&[fact("externalRefType", Field::ReferenceKind), fact("locator", Field::ReferenceUrl)]);

/// The text behind a custom license id.
const CUSTOM_ID: &Keys = &Keys::new(&[fact("value", Field::EntryValue)]);

const HASH: &Keys = &Keys::new(&[fact("algorithm", Field::HashAlgorithm), fact("hashValue", Field::HashValue)]);

/// Properties as CycloneDX has them.
const EXTENSION: &Keys =
    &Keys::new(&[any("extension_cdxProperty", Then::Either(Field::IdentifierRef, Node::Property))]);

const PROPERTY: &Keys = &Keys::new(&[
    fact("extension_cdxPropName", Field::PropertyName),
    fact("extension_cdxPropValue", Field::PropertyValue),
]);

const EXTERNAL_DOCUMENT: &Keys =
    &Keys::new(&[fact("externalSpdxId", Field::ImportedRef), element_at("definingArtifact", Field::ElementRef)]);

/// A type by its compact name, with or without its profile. IRIs of other vocabularies keep their colon.
fn element(written: &str) -> ElementKind {
    let word = written.rsplit('_').next().unwrap_or(written);
    match word {
        "Package" | "AIPackage" | "DatasetPackage" | "HardwareArtifact" | "Artifact" | "SoftwareArtifact" => {
            ElementKind::Component(false)
        }
        "File" | "Snippet" => ElementKind::Component(true),
        "Build" => ElementKind::Build,
        "ExternalIdentifier"
        | "ContentIdentifier"
        | "DictionaryEntry"
        | "CdxPropertiesExtension"
        | "Organization"
        | "Person"
        | "SoftwareAgent"
        | "Agent"
        | "AnyLicenseInfo"
        | "License"
        | "ExtendableLicense"
        | "LicenseAddition"
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
        "ExternalRef" => ElementKind::Link,
        "Hash" | "PackageVerificationCode" | "IntegrityMethod" => ElementKind::Digest,
        "CdxPropertyEntry" => ElementKind::Property,
        "ExternalMap" => ElementKind::External,
        "Relationship" | "LifecycleScopedRelationship" => ElementKind::Relation,
        "SpdxDocument" | "Sbom" | "Bom" | "Bundle" | "ElementCollection" => ElementKind::Collection,
        "Annotation"
        | "CreationInfo"
        | "Element"
        | "EnergyConsumption"
        | "EnergyConsumptionDescription"
        | "Extension"
        | "IndividualElement"
        | "NamespaceMap"
        | "PositiveIntegerRange"
        | "Tool"
        | "Vulnerability" => ElementKind::Other,
        _ if word.ends_with("VulnAssessmentRelationship") => ElementKind::Other,
        // The drafts had one sort of relationship for each profile.
        _ if word.ends_with("Relationship") => ElementKind::Relation,
        _ => ElementKind::Unknown,
    }
}

/// `RelationshipType` of the core and software profiles.
fn relation(written: &str) -> Relation {
    use Relation::{Backward, Forward};
    match written {
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
