//! The findings as a CycloneDX 1.5 BOM, written with the typed models of `cyclonedx-bom`.
//!
//! Everything about an entry stands in the component itself and its properties, because that is what consumers of BOMs
//! read; nothing is written as a vulnerability, which a finding is not (`docs/decisions/`). There is no time of writing and
//! no random serial number: the number is made from the content.

use super::{Entry, Fact, Listing, Sort, TITLE, entries};
use crate::renderers::escape::Line;
use crate::report::Report;
use cyclonedx_bom::models::bom::{Bom, BomReference, SpecVersion, UrnUuid};
use cyclonedx_bom::models::component::{Classification, Component, Components, Cpe};
use cyclonedx_bom::models::composition::{AggregateType, Composition, Compositions};
use cyclonedx_bom::models::dependency::{Dependencies, Dependency};
use cyclonedx_bom::models::external_reference::{ExternalReference, ExternalReferenceType, ExternalReferences};
use cyclonedx_bom::models::hash::{Hash, HashAlgorithm, HashValue, Hashes};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::metadata::Metadata;
use cyclonedx_bom::models::organization::OrganizationalEntity;
use cyclonedx_bom::models::property::{Properties, Property};
use cyclonedx_bom::models::tool::Tools;
use cyclonedx_bom::prelude::{NormalizedString, Uri};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// The reference of the whole.
const ROOT: &str = "unlabel";

/// Writes the report.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let bom = bom(report);
    let mut text = Vec::new();
    write(bom.clone(), &mut text)?;
    let named = Bom { serial_number: Some(serial(&text)?), ..bom };
    write(named, &mut *out)?;
    out.write_all(b"\n")
}

fn write(bom: Bom, mut out: impl Write) -> io::Result<()> {
    bom.output_as_json_v1_5(&mut out).map_err(io::Error::other)
}

/// A UUID made from the content (RFC 9562, version 8).
fn serial(text: &[u8]) -> io::Result<UrnUuid> {
    let digest = Sha256::digest(text);
    let mut bits = digest.iter().take(16).fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
    bits = bits & !(0xF << 76) | 0x8 << 76;
    bits = bits & !(0x3 << 62) | 0x2 << 62;
    let hex = format!("{bits:032x}");
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| hex.get(range).unwrap_or_default());
    UrnUuid::new(format!("urn:uuid:{}", groups.join("-")))
        .map_err(|_| io::Error::other("a serial number could not be made"))
}

fn bom(report: &Report) -> Bom {
    let listing = entries::of(report);
    let mut tool = Component::new(
        Classification::Application,
        &Line(&report.tool.name).to_string(),
        &Line(&report.tool.version).to_string(),
        None,
    );
    tool.description = Some(NormalizedString::new(env!("CARGO_PKG_DESCRIPTION")));
    let mut root = plain(Component::new(Classification::Application, TITLE, "", Some(ROOT.to_owned())));
    root.description =
        listing.about.iter().find(|(key, _)| *key == "summary").map(|(_, text)| NormalizedString::new(text));
    let metadata = Metadata {
        tools: Some(Tools::Object { services: None, components: Some(Components(vec![tool])) }),
        component: Some(root),
        properties: Some(properties(&listing.about)),
        ..Metadata::default()
    };
    Bom {
        version: 1,
        serial_number: None,
        metadata: Some(metadata),
        components: Some(Components(listing.entries.iter().map(component).collect())),
        services: None,
        external_references: None,
        dependencies: Some(dependencies(&listing)),
        compositions: Some(Compositions(vec![composition(&listing)])),
        properties: None,
        vulnerabilities: None,
        signature: None,
        annotations: None,
        formulation: None,
        spec_version: SpecVersion::V1_5,
    }
}

/// A version that nobody states is left out.
fn plain(component: Component) -> Component {
    Component { version: component.version.filter(|v| !v.is_empty()), ..component }
}

fn properties(facts: &[Fact]) -> Properties {
    Properties(facts.iter().map(|(key, text)| Property::new(format!("unlabel:{key}"), text)).collect())
}

fn component(entry: &Entry) -> Component {
    let default = if entry.sort == Sort::Input { Classification::Application } else { Classification::Library };
    let kind = match Classification::new_unchecked(entry.kind.as_deref().unwrap_or_default()) {
        Classification::UnknownClassification(_) => default,
        known => known,
    };
    let version = entry.version.as_deref().unwrap_or_default();
    let mut component = plain(Component::new(kind, &entry.name, version, Some(entry.id.clone())));
    let text = |of: &Option<String>| of.as_deref().map(NormalizedString::new);
    component.supplier = entry.supplier.as_deref().map(OrganizationalEntity::new);
    component.publisher = text(&entry.publisher);
    component.author = text(&entry.author);
    component.group = text(&entry.group);
    component.copyright = text(&entry.copyright);
    component.description = Some(NormalizedString::new(&entry.description));
    component.cpe = entry.cpe.as_deref().map(Cpe::new);
    component.purl = entry.purl.as_deref().and_then(|purl| purl.parse().ok());
    let licenses: Vec<LicenseChoice> = entry.licenses.iter().map(|name| LicenseChoice::license(name)).collect();
    component.licenses = (!licenses.is_empty()).then_some(Licenses(licenses));
    component.properties = Some(properties(&entry.facts));
    component.external_references = references(entry);
    component
}

/// The SBOM of an input with its digest, and the address of something found.
fn references(entry: &Entry) -> Option<ExternalReferences> {
    let mut all = Vec::new();
    let (address, digest) = &entry.document;
    if let Some(address) = address {
        let mut document = ExternalReference::new(ExternalReferenceType::Bom, Uri::new(address));
        document.comment = Some("the SBOM that was scanned".to_owned());
        let hash = |digest: &String| Hash { alg: HashAlgorithm::SHA_256, content: HashValue(digest.clone()) };
        document.hashes = digest.as_ref().map(|digest| Hashes(vec![hash(digest)]));
        all.push(document);
    }
    all.extend(entry.website.iter().map(|at| ExternalReference::new(ExternalReferenceType::Website, Uri::new(at))));
    (!all.is_empty()).then_some(ExternalReferences(all))
}

/// The whole leads to every input, and from there on as the ways go. What is left out here has no relation that is known.
fn dependencies(listing: &Listing) -> Dependencies {
    let id = |at: &usize| listing.entries.get(*at).map(|entry| entry.id.clone());
    let inputs = listing.entries.iter().filter(|entry| entry.sort == Sort::Input);
    let mut all = vec![Dependency {
        dependency_ref: ROOT.to_owned(),
        dependencies: inputs.map(|entry| entry.id.clone()).collect(),
    }];
    let mut edges: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (from, to) in &listing.edges {
        edges.entry(*from).or_default().insert(*to);
    }
    for (from, to) in &edges {
        let Some(dependency_ref) = id(from) else { continue };
        all.push(Dependency { dependency_ref, dependencies: to.iter().filter_map(id).collect() });
    }
    Dependencies(all)
}

/// This lists what was found, and never all there is.
fn composition(listing: &Listing) -> Composition {
    let ids = listing.entries.iter().map(|entry| entry.id.as_str());
    Composition {
        bom_ref: None,
        aggregate: AggregateType::Incomplete,
        assemblies: Some(std::iter::once(ROOT).chain(ids).map(BomReference::new).collect()),
        dependencies: None,
        vulnerabilities: None,
        signature: None,
    }
}
