//! What merely parsing costs: an SBOM in JSON, read whole into borrowed structs with `serde_json`, and nothing more.
//!
//! The yardstick of `docs/performance.md`: `cargo run --release --example floor -- sbom.json`. The fields are those that
//! unlabel looks at. It holds the file in memory, checks nothing, gives no places, and stops at the first value of
//! another type.

#![allow(dead_code, reason = "parsed, and not looked at")]
#![allow(clippy::print_stdout, reason = "the only output of an example")]

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A text, borrowed where it holds no escape; an `Option<Cow<str>>` would always be a copy.
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        from.deserialize_str(Read)
    }
}

type List<T> = Option<Vec<T>>;

/// CycloneDX and SPDX 2 at once: a key that a document does not have costs nothing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(borrow)]
    bom_format: Option<Text<'a>>,
    spec_version: Option<Text<'a>>,
    metadata: Option<Metadata<'a>>,
    components: List<Component<'a>>,
    services: List<Component<'a>>,
    dependencies: List<Dependency<'a>>,
    spdx_version: Option<Text<'a>>,
    packages: List<Package<'a>>,
    files: List<Package<'a>>,
    relationships: List<Relationship<'a>>,
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    component: Option<Component<'a>>,
    supplier: Option<Party<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Component<'a> {
    #[serde(borrow, rename = "bom-ref")]
    reference: Option<Text<'a>>,
    r#type: Option<Text<'a>>,
    group: Option<Text<'a>>,
    name: Option<Text<'a>>,
    version: Option<Text<'a>>,
    purl: Option<Text<'a>>,
    cpe: Option<Text<'a>>,
    description: Option<Text<'a>>,
    copyright: Option<Text<'a>>,
    publisher: Option<Text<'a>>,
    author: Option<Text<'a>>,
    supplier: Option<Party<'a>>,
    manufacturer: Option<Party<'a>>,
    authors: List<Party<'a>>,
    licenses: List<LicenseChoice<'a>>,
    hashes: List<Hash<'a>>,
    external_references: List<Reference<'a>>,
    properties: List<Property<'a>>,
    pedigree: Option<Pedigree<'a>>,
    components: List<Component<'a>>,
}

#[derive(Deserialize)]
struct Pedigree<'a> {
    #[serde(borrow)]
    ancestors: List<Component<'a>>,
}

#[derive(Deserialize)]
struct Party<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    url: List<Text<'a>>,
}

#[derive(Deserialize)]
struct LicenseChoice<'a> {
    #[serde(borrow)]
    license: Option<License<'a>>,
    expression: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct License<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    name: Option<Text<'a>>,
    url: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Hash<'a> {
    #[serde(borrow)]
    alg: Option<Text<'a>>,
    content: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow)]
    r#type: Option<Text<'a>>,
    url: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Property<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    value: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dependency<'a> {
    #[serde(borrow)]
    r#ref: Option<Text<'a>>,
    depends_on: List<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package<'a> {
    #[serde(borrow, rename = "SPDXID")]
    reference: Option<Text<'a>>,
    name: Option<Text<'a>>,
    file_name: Option<Text<'a>>,
    version_info: Option<Text<'a>>,
    supplier: Option<Text<'a>>,
    originator: Option<Text<'a>>,
    download_location: Option<Text<'a>>,
    homepage: Option<Text<'a>>,
    source_info: Option<Text<'a>>,
    description: Option<Text<'a>>,
    copyright_text: Option<Text<'a>>,
    license_concluded: Option<Text<'a>>,
    license_declared: Option<Text<'a>>,
    checksums: List<Checksum<'a>>,
    external_refs: List<ExternalRef<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Checksum<'a> {
    #[serde(borrow)]
    algorithm: Option<Text<'a>>,
    checksum_value: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExternalRef<'a> {
    #[serde(borrow)]
    reference_category: Option<Text<'a>>,
    reference_type: Option<Text<'a>>,
    reference_locator: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relationship<'a> {
    #[serde(borrow)]
    spdx_element_id: Option<Text<'a>>,
    relationship_type: Option<Text<'a>>,
    related_spdx_element: Option<Text<'a>>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: floor SBOM.json")?;
    let bytes = std::fs::read(path)?;
    let document: Document<'_> = serde_json::from_slice(&bytes)?;
    let count = |list: usize, other: usize| println!("{list} components, {other} packages");
    count(document.components.as_ref().map_or(0, Vec::len), document.packages.as_ref().map_or(0, Vec::len));
    // Nothing reads the rest; the compiler must not leave it out.
    std::hint::black_box(&document);
    std::process::exit(0);
}
