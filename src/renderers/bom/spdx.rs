//! The findings as an SPDX 2.3 document in JSON, written with the typed models of `spdx-rs`.
//!
//! Entries are packages, facts are annotations, and ways are relationships. `created` has to be an instant: it is that of
//! the as-of date, never that of writing. Nothing that a document wrote goes through the parser of license expressions,
//! which deep parentheses break: a license is text, under a reference of this document.

use super::{Entry, Fact, Listing, Sort, TITLE, entries, instant};
use crate::renderers::escape::Line;
use crate::report::Report;
use serde::{Serialize, Serializer, ser::SerializeStruct as _};
use sha2::{Digest, Sha256};
use spdx_rs::models::{
    Algorithm, Annotation, AnnotationType, Checksum, CreationInfo, DocumentCreationInformation,
    ExternalPackageReference, ExternalPackageReferenceCategory, OtherLicensingInformationDetected, PackageInformation,
    PrimaryPackagePurpose, Relationship, RelationshipType,
};
use std::collections::BTreeMap;
use std::io::{self, Write};

const DOCUMENT: &str = "SPDXRef-DOCUMENT";

/// What `created` says where a report that is read back has no date that can be read; a fact says that too.
const NO_DATE: &str = "1970-01-01T00:00:00Z";

/// How many licenses of an entry are joined; the evidence has all.
const LICENSES: usize = 10;

/// An annotation. The model has a key that belongs to tag-value, and that the official schema does not allow in JSON.
struct Note(Annotation);

impl Serialize for Note {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Annotation", 4)?;
        object.serialize_field("annotationDate", &self.0.annotation_date)?;
        object.serialize_field("annotationType", &self.0.annotation_type)?;
        object.serialize_field("annotator", &self.0.annotator)?;
        object.serialize_field("comment", &self.0.annotation_comment)?;
        object.end()
    }
}

#[derive(Serialize)]
struct Package {
    #[serde(flatten)]
    information: PackageInformation,
    annotations: Vec<Note>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(flatten)]
    information: DocumentCreationInformation,
    packages: Vec<Package>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    has_extracted_licensing_infos: Vec<OtherLicensingInformationDetected>,
    relationships: Vec<Relationship>,
    annotations: Vec<Note>,
}

/// Writes the report.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut document = document(report)?;
    let digest = Sha256::digest(serde_json::to_vec(&document)?);
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    document.information.spdx_document_namespace = format!("https://spdx.org/spdxdocs/unlabel-findings-{hex}");
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn document(report: &Report) -> io::Result<Document> {
    let mut listing = entries::of(report);
    let date = instant(&report.context.as_of).unwrap_or_else(|| {
        listing.about.push(("no-date", "the as-of date of this report could not be read as one".to_owned()));
        NO_DATE.to_owned()
    });
    let tool = format!("Tool: {}-{}", Line(&report.tool.name), Line(&report.tool.version));
    let notes = |facts: &[Fact]| facts.iter().map(|fact| note(fact, &tool, &date)).collect::<io::Result<Vec<Note>>>();
    let mut licenses = BTreeMap::new();
    for name in listing.entries.iter().flat_map(|entry| &entry.licenses) {
        let next = licenses.len();
        licenses.entry(name.clone()).or_insert_with(|| format!("LicenseRef-unlabel-{next}"));
    }
    let mut packages = Vec::new();
    for entry in &listing.entries {
        packages.push(Package { information: package(entry, &licenses)?, annotations: notes(&entry.facts)? });
    }
    let creation_info = CreationInfo {
        license_list_version: None,
        creators: vec![tool.clone()],
        created: time(&date)?,
        creator_comment: Some("The date is the one the report judges by, not the time of writing.".to_owned()),
    };
    Ok(Document {
        information: DocumentCreationInformation {
            spdx_version: "SPDX-2.3".to_owned(),
            data_license: "CC0-1.0".to_owned(),
            spdx_identifier: DOCUMENT.to_owned(),
            document_name: TITLE.to_owned(),
            spdx_document_namespace: String::new(),
            external_document_references: Vec::new(),
            creation_info,
            document_comment: Some(comment(&listing)),
            document_describes: Vec::new(),
        },
        packages,
        has_extracted_licensing_infos: licenses.iter().map(|(name, id)| license(name, id)).collect(),
        relationships: relationships(&listing),
        annotations: notes(&listing.about)?,
    })
}

/// The sentence that keeps this from being taken for an inventory, the counts, and the disclaimer.
fn comment(listing: &Listing) -> String {
    let said = |key: &str| listing.about.iter().find(|(k, _)| *k == key).map_or("", |(_, text)| text.as_str());
    format!(
        "Lists what was found in the scanned SBOMs, and what could not be read; it is no inventory. {}. {}",
        said("summary"),
        said("disclaimer")
    )
}

/// A date as the models hold it. The type is that of the field it goes into.
fn time<T: std::str::FromStr>(date: &str) -> io::Result<T> {
    date.parse().map_err(|_| io::Error::other("a date could not be written"))
}

fn note((key, text): &Fact, tool: &str, date: &str) -> io::Result<Note> {
    let comment = format!("unlabel:{key}: {text}");
    Ok(Note(Annotation::new(tool.to_owned(), time(date)?, AnnotationType::Other, None, comment)))
}

fn id(entry: &Entry) -> String {
    format!("SPDXRef-{}", entry.id)
}

fn package(entry: &Entry, licenses: &BTreeMap<String, String>) -> io::Result<PackageInformation> {
    let organization = |name: &Option<String>| name.as_ref().map(|name| format!("Organization: {name}"));
    let reference = |category, of: &str, locator: &Option<String>| {
        locator.clone().map(|locator| ExternalPackageReference::new(category, of.to_owned(), locator, None))
    };
    let purl = reference(ExternalPackageReferenceCategory::PackageManager, "purl", &entry.purl);
    let form = if entry.cpe.as_deref().is_some_and(|cpe| cpe.starts_with("cpe:/")) { "cpe22Type" } else { "cpe23Type" };
    let cpe = reference(ExternalPackageReferenceCategory::Security, form, &entry.cpe);
    let ids = entry.licenses.iter().filter_map(|name| licenses.get(name)).map(String::as_str);
    let declared: Vec<&str> = ids.take(LICENSES).collect();
    let declared = (!declared.is_empty()).then(|| declared.join(" AND "));
    Ok(PackageInformation {
        package_name: entry.name.clone(),
        package_spdx_identifier: id(entry),
        package_version: entry.version.clone(),
        package_supplier: organization(&entry.supplier),
        package_originator: organization(&entry.publisher).or_else(|| organization(&entry.author)),
        package_file_name: None,
        files_analyzed: Some(false),
        // The references of this document and nothing else.
        declared_license: declared.map(|ids| serde_json::from_value(ids.into())).transpose()?,
        package_home_page: entry.website.clone(),
        copyright_text: entry.copyright.clone(),
        package_summary_description: Some(entry.description.clone()),
        external_reference: purl.into_iter().chain(cpe).collect(),
        source_information: source(entry),
        primary_package_purpose: purpose(entry),
        ..PackageInformation::default()
    })
}

/// The SBOM of an input: it is not the package, so its digest is no checksum of the package.
fn source(entry: &Entry) -> Option<String> {
    let (address, digest) = &entry.document;
    let digest = digest.as_ref().map(|digest| {
        let sum = Checksum::new(Algorithm::SHA256, digest);
        format!("SHA256: {}", sum.value)
    });
    let said: Vec<String> = address.iter().cloned().chain(digest).collect();
    (!said.is_empty()).then(|| format!("the SBOM that was scanned: {}", said.join(" ")))
}

fn purpose(entry: &Entry) -> Option<PrimaryPackagePurpose> {
    Some(match entry.kind.as_deref()? {
        "application" => PrimaryPackagePurpose::Application,
        "framework" => PrimaryPackagePurpose::Framework,
        "library" => PrimaryPackagePurpose::Library,
        "container" => PrimaryPackagePurpose::Container,
        "operating-system" | "operating_system" => PrimaryPackagePurpose::OperatingSystem,
        "device" => PrimaryPackagePurpose::Device,
        "firmware" => PrimaryPackagePurpose::Firmware,
        "file" => PrimaryPackagePurpose::File,
        _ => return None,
    })
}

fn license(name: &str, id: &str) -> OtherLicensingInformationDetected {
    OtherLicensingInformationDetected {
        license_identifier: id.to_owned(),
        extracted_text: name.to_owned(),
        license_name: name.to_owned(),
        license_cross_reference: Vec::new(),
        license_comment: None,
    }
}

/// The document describes the inputs; what was found hangs on them as the ways go, and where there is none, it is in them.
fn relationships(listing: &Listing) -> Vec<Relationship> {
    let mut all = Vec::new();
    for entry in listing.entries.iter().filter(|entry| entry.sort == Sort::Input) {
        all.push(Relationship::new(DOCUMENT, &id(entry), RelationshipType::Describes, None));
    }
    let mut relate = |from: usize, to: usize, how: RelationshipType, comment: &str| {
        if let (Some(from), Some(to)) = (listing.entries.get(from), listing.entries.get(to)) {
            all.push(Relationship::new(&id(from), &id(to), how, Some(comment.to_owned())));
        }
    };
    for (from, to) in &listing.edges {
        relate(
            *from,
            *to,
            RelationshipType::DependsOn,
            "a step of a way, whatever the scanned SBOM calls the relation",
        );
    }
    for (from, to) in &listing.listed {
        relate(*from, *to, RelationshipType::Contains, "listed in the scanned SBOM, without a way from the product");
    }
    all
}
