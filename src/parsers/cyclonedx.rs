//! CycloneDX 1.0 to 1.7: the names of its fields and what they mean (specification: cyclonedx.org/docs, ECMA-424).
//!
//! Left out on purpose, because they mention and do not supply: `metadata.tools`, `metadata.manufacturer` and
//! `metadata.authors` (they made the BOM, not the product), `annotations`, `vulnerabilities`, `releaseNotes`, `tags`,
//! `modelCard`, `data`, `declarations`, `definitions`, `citations`, BOM-level `externalReferences`, `properties` and
//! `signature`.

use super::table::{
    ElementKind, Field, Keys, NOTHING, Node, Relation, Table, Then, Words, any, leaf, leaves, object, objects,
};
use crate::model::{COMMIT_LINK, Origin, Role};

/// The table.
pub const TABLE: Table = Table { entries, kinds: KINDS, versions: VERSIONS, element, relation };

const VERSIONS: &[&str] = &["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];

/// `component.type` of 1.7, which holds those of all versions before.
const KINDS: &Words = &Words::new(&[
    "application",
    "framework",
    "library",
    "container",
    "platform",
    "operating-system",
    "device",
    "device-driver",
    "firmware",
    "file",
    "machine-learning-model",
    "data",
    "cryptographic-asset",
]);

fn entries(node: Node) -> &'static Keys {
    match node {
        Node::Document => DOCUMENT,
        Node::Holder(inner) => inner,
        Node::Item(Origin::Service) => SERVICE,
        Node::Item(_) => COMPONENT,
        Node::Party(_) => PARTY,
        Node::License | Node::FoundLicense => LICENSE,
        Node::Reference => REFERENCE,
        Node::Identity => IDENTITY,
        Node::Property => PROPERTY,
        Node::Hash => HASH,
        Node::Dependency => DEPENDENCY,
        Node::Composition => COMPOSITION,
        _ => NOTHING,
    }
}

const DOCUMENT: &Keys = &Keys::new(&[
    leaf("bomFormat", Field::FormatName),
    leaf("specVersion", Field::SpecVersion),
    object("metadata", Node::Holder(METADATA)),
    objects("components", Node::Item(Origin::Listed)),
    objects("services", Node::Item(Origin::Service)),
    objects("dependencies", Node::Dependency),
    objects("compositions", Node::Composition),
    objects("formulation", Node::Holder(FORMULATION)),
]);

const METADATA: &Keys = &Keys::new(&[
    object("component", Node::Item(Origin::Product)),
    object("supplier", Node::Party(Role::Supplier)),
    object("manufacture", Node::Party(Role::Manufacturer)),
]);

const COMPONENT: &Keys = &Keys::new(&[
    leaf("bom-ref", Field::Ref),
    leaf("type", Field::Kind),
    leaf("name", Field::Name),
    leaf("version", Field::Version),
    leaf("purl", Field::Purl),
    leaf("group", Field::Group),
    leaf("cpe", Field::Cpe),
    leaf("scope", Field::Scope),
    leaf("description", Field::Description),
    object("releaseNotes", Node::Holder(RELEASE_NOTES)),
    objects("properties", Node::Property),
    objects("licenses", Node::License),
    objects("hashes", Node::Hash),
    objects("externalReferences", Node::Reference),
    object("supplier", Node::Party(Role::Supplier)),
    object("manufacturer", Node::Party(Role::Manufacturer)),
    leaf("publisher", Field::PartyText(Role::Publisher)),
    leaf("author", Field::PartyText(Role::Author)),
    objects("authors", Node::Party(Role::Author)),
    leaf("copyright", Field::Copyright),
    object("swid", Node::Holder(SWID)),
    any("omniborId", Then::Leaf(Field::OtherIdentifier)),
    any("swhid", Then::Leaf(Field::OtherIdentifier)),
    object("pedigree", Node::Holder(PEDIGREE)),
    objects("components", Node::Item(Origin::Listed)),
    object("evidence", Node::Holder(EVIDENCE)),
    // Services of a formulation stand among its components.
    object("provider", Node::Party(Role::Provider)),
    leaves("endpoints", Field::Endpoint),
    object("signature", Node::Holder(SIGNATURE)),
]);

/// Of the notes only the date; what they say is a mention.
const RELEASE_NOTES: &Keys = &Keys::new(&[leaf("timestamp", Field::Released)]);

const SERVICE: &Keys = &Keys::new(&[
    leaf("bom-ref", Field::Ref),
    object("provider", Node::Party(Role::Provider)),
    leaf("name", Field::Name),
    leaf("group", Field::Group),
    leaf("version", Field::Version),
    leaf("description", Field::Description),
    leaves("endpoints", Field::Endpoint),
    objects("data", Node::Holder(SERVICE_DATA)),
    objects("licenses", Node::License),
    objects("externalReferences", Node::Reference),
    objects("properties", Node::Property),
    objects("services", Node::Item(Origin::Service)),
    object("signature", Node::Holder(SIGNATURE)),
]);

const SERVICE_DATA: &Keys = &Keys::new(&[leaves("source", Field::Endpoint), leaves("destination", Field::Endpoint)]);

const PARTY: &Keys = &Keys::new(&[
    leaf("name", Field::PartyName),
    // An array since 1.2, a text in some wild documents.
    any("url", Then::Leaf(Field::PartyUrl)),
    objects("contact", Node::Holder(CONTACT)),
    leaf("email", Field::PartyEmail),
    // Not in the specification: the shape of a licensor, where a party should stand.
    any("organization", Then::Either(Field::PartyName, Node::Holder(INNER_PARTY))),
]);

const INNER_PARTY: &Keys = &Keys::new(&[leaf("name", Field::PartyName), any("url", Then::Leaf(Field::PartyUrl))]);

const CONTACT: &Keys = &Keys::new(&[leaf("name", Field::ContactName), leaf("email", Field::PartyEmail)]);

/// `licenseChoice`, with `license` opened up: both lead to one license statement.
const LICENSE: &Keys = &Keys::new(&[
    any("license", Then::Either(Field::LicenseName, Node::Holder(LICENSE_BODY))),
    leaf("expression", Field::LicenseName),
    objects("expressionDetails", Node::Holder(DETAILS)),
    object("licensing", Node::Holder(LICENSING)),
    // Not in the specification: a license without the object around it.
    leaf("id", Field::LicenseName),
    leaf("name", Field::LicenseName),
]);

/// What the parts of an expression are (1.7).
const DETAILS: &Keys = &Keys::new(&[
    leaf("licenseIdentifier", Field::LicenseName),
    leaf("url", Field::LicenseUrl),
    any("text", Then::Either(Field::LicenseText, Node::Holder(LICENSE_TEXT))),
]);

const LICENSE_BODY: &Keys = &Keys::new(&[
    leaf("id", Field::LicenseName),
    leaf("name", Field::LicenseName),
    leaf("url", Field::LicenseUrl),
    any("text", Then::Either(Field::LicenseText, Node::Holder(LICENSE_TEXT))),
    object("licensing", Node::Holder(LICENSING)),
]);

const LICENSE_TEXT: &Keys = &Keys::new(&[leaf("content", Field::LicenseText)]);

const LICENSING: &Keys = &Keys::new(&[object("licensor", Node::Holder(LICENSOR))]);

const LICENSOR: &Keys = &Keys::new(&[
    object("organization", Node::Party(Role::Licensor)),
    object("individual", Node::Party(Role::Licensor)),
]);

const REFERENCE: &Keys = &Keys::new(&[leaf("type", Field::ReferenceKind), leaf("url", Field::ReferenceUrl)]);

const PROPERTY: &Keys = &Keys::new(&[leaf("name", Field::PropertyName), leaf("value", Field::PropertyValue)]);

const HASH: &Keys = &Keys::new(&[leaf("alg", Field::HashAlgorithm), leaf("content", Field::HashValue)]);

const SWID: &Keys = &Keys::new(&[
    leaf("tagId", Field::Swid),
    leaf("name", Field::Swid),
    leaf("url", Field::Link("swid")),
    any("text", Then::Either(Field::SwidText, Node::Holder(SWID_TEXT))),
]);

const SWID_TEXT: &Keys = &Keys::new(&[leaf("content", Field::SwidText)]);

const PEDIGREE: &Keys = &Keys::new(&[
    objects("ancestors", Node::Item(Origin::Ancestor)),
    objects("descendants", Node::Item(Origin::Descendant)),
    objects("variants", Node::Item(Origin::Variant)),
    objects("commits", Node::Holder(COMMIT)),
    objects("patches", Node::Holder(PATCH)),
]);

const COMMIT: &Keys = &Keys::new(&[
    leaf("url", Field::Link(COMMIT_LINK)),
    object("author", Node::Party(Role::Contributor)),
    object("committer", Node::Party(Role::Contributor)),
]);

const PATCH: &Keys = &Keys::new(&[object("diff", Node::Holder(DIFF))]);

const DIFF: &Keys = &Keys::new(&[leaf("url", Field::Link(COMMIT_LINK))]);

const EVIDENCE: &Keys = &Keys::new(&[
    // One object to 1.5, one or many from 1.6.
    any("identity", Then::Enter(Node::Identity)),
    objects("occurrences", Node::Holder(OCCURRENCE)),
    object("callstack", Node::Holder(CALLSTACK)),
    objects("licenses", Node::FoundLicense),
    objects("copyright", Node::Holder(COPYRIGHT)),
]);

const IDENTITY: &Keys = &Keys::new(&[
    leaf("field", Field::IdentityField),
    leaf("concludedValue", Field::IdentityValue),
    objects("methods", Node::Holder(METHOD)),
]);

const METHOD: &Keys = &Keys::new(&[leaf("value", Field::IdentityValue)]);

const OCCURRENCE: &Keys = &Keys::new(&[leaf("location", Field::File), leaf("symbol", Field::File)]);

const CALLSTACK: &Keys = &Keys::new(&[objects("frames", Node::Holder(FRAME))]);

const FRAME: &Keys = &Keys::new(&[
    leaf("package", Field::File),
    leaf("module", Field::File),
    leaf("function", Field::File),
    leaf("fullFilename", Field::File),
]);

const COPYRIGHT: &Keys = &Keys::new(&[leaf("text", Field::Copyright)]);

/// JSON Signature Format: one signature, several signers, or a chain.
const SIGNATURE: &Keys = &Keys::new(&[
    leaves("certificatePath", Field::Certificate),
    objects("signers", Node::Holder(SIGNER)),
    objects("chain", Node::Holder(SIGNER)),
]);

const SIGNER: &Keys = &Keys::new(&[leaves("certificatePath", Field::Certificate)]);

const DEPENDENCY: &Keys = &Keys::new(&[
    leaf("ref", Field::DependencyOf),
    leaves("dependsOn", Field::DependsOn),
    leaves("provides", Field::DependsOn),
]);

const COMPOSITION: &Keys = &Keys::new(&[leaf("aggregate", Field::Completeness)]);

const FORMULATION: &Keys =
    &Keys::new(&[objects("components", Node::Item(Origin::Build)), objects("services", Node::Item(Origin::Build))]);

fn element(_: &str) -> ElementKind {
    ElementKind::Other
}

fn relation(_: &str) -> Relation {
    Relation::None
}
