//! Small documents of each format, with one component by a maker and one by nobody in particular.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;

/// The component by the maker.
pub const PLANTED: &str = "planted-engine";

/// What cannot be read whole.
pub const BROKEN: &[(&str, &str)] = &[
    ("a document that breaks off", r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"name": "a"#),
    ("an empty document", ""),
    ("something that is no SBOM", "Dear all, please find attached what you asked for.\n"),
];

/// Every format and syntax, and what it is called.
pub fn all(maker: &str) -> Vec<(&'static str, Vec<u8>)> {
    let json = cyclonedx(maker);
    vec![
        ("cyclonedx json", json.clone().into_bytes()),
        ("cyclonedx json in utf-16", json.encode_utf16().fold(vec![0xFF, 0xFE], pair)),
        ("cyclonedx json in gzip", packed(json.as_bytes())),
        ("cyclonedx xml", filled(CYCLONEDX_XML, maker)),
        ("cyclonedx yaml", filled(CYCLONEDX_YAML, maker)),
        ("cyclonedx protobuf", protobuf(maker)),
        ("spdx 2 json", filled(SPDX_JSON, maker)),
        ("spdx 2 yaml", filled(SPDX_YAML, maker)),
        ("spdx 2 tag-value", filled(SPDX_TAG_VALUE, maker)),
        ("spdx 2 rdf", filled(SPDX_RDF, maker)),
        ("spdx 2 xml", filled(SPDX_XML, maker)),
        ("spdx 3 json-ld", filled(SPDX_3, maker)),
        ("in-toto statement", filled(IN_TOTO, maker)),
    ]
}

/// The first of them.
pub fn cyclonedx(maker: &str) -> String {
    CYCLONEDX.replace("@MAKER@", maker)
}

/// The same by nobody in particular.
pub fn clean() -> String {
    cyclonedx("Example Ltd")
}

fn filled(template: &str, maker: &str) -> Vec<u8> {
    template.replace("@MAKER@", maker).into_bytes()
}

fn pair(mut bytes: Vec<u8>, unit: u16) -> Vec<u8> {
    bytes.extend(unit.to_le_bytes());
    bytes
}

/// Nothing where it cannot be packed, which is then told as not read.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(bytes).and_then(|()| out.finish()).unwrap_or_default()
}

/// Fields of the message `Bom` of the CycloneDX schema for protobuf: 1 `spec_version`, 5 `components`; of `Component`:
/// 1 `type`, 5 `supplier`, 8 `name`, 9 `version`; of `OrganizationalEntity`: 1 `name`. Each text is shorter than 128 bytes.
fn protobuf(maker: &str) -> Vec<u8> {
    let run = |field: u8, bytes: &[u8]| [&[field << 3 | 2, bytes.len() as u8], bytes].concat();
    let component = |name: &str, supplier: &str| {
        let text = |field: u8, text: &str| run(field, text.as_bytes());
        let parts = [vec![1 << 3, 3], run(5, &text(1, supplier)), text(8, name), text(9, "1.0")];
        run(5, &parts.concat())
    };
    [run(1, b"1.6"), component("other", "Example Ltd"), component(PLANTED, maker)].concat()
}

const CYCLONEDX: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [
  {"type": "library", "name": "other", "version": "1.0", "supplier": {"name": "Example Ltd"}},
  {"type": "library", "name": "planted-engine", "version": "1.0", "supplier": {"name": "@MAKER@"}}]}
"#;

const CYCLONEDX_XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><components>
  <component type="library"><supplier><name>Example Ltd</name></supplier><name>other</name></component>
  <component type="library"><supplier><name>@MAKER@</name></supplier><name>planted-engine</name></component>
</components></bom>
"#;

const CYCLONEDX_YAML: &str = "bomFormat: CycloneDX
specVersion: '1.6'
version: 1
components:
- {type: library, name: other, supplier: {name: Example Ltd}}
- type: library
  name: planted-engine
  supplier:
    name: '@MAKER@'
";

const SPDX_JSON: &str = r#"{"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "self-test",
  "documentNamespace": "https://sbom.example.com/self-test",
  "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Tool: example"]}, "packages": [
  {"SPDXID": "SPDXRef-a", "name": "other", "supplier": "Organization: Example Ltd", "downloadLocation": "NOASSERTION"},
  {"SPDXID": "SPDXRef-b", "name": "planted-engine", "supplier": "Organization: @MAKER@", "downloadLocation": "NOASSERTION"}]}
"#;

const SPDX_YAML: &str = "spdxVersion: SPDX-2.3
dataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
name: self-test
documentNamespace: https://sbom.example.com/self-test
creationInfo:
  created: '2026-01-01T00:00:00Z'
  creators: ['Tool: example']
packages:
- SPDXID: SPDXRef-a
  name: other
  supplier: 'Organization: Example Ltd'
  downloadLocation: NOASSERTION
- SPDXID: SPDXRef-b
  name: planted-engine
  supplier: 'Organization: @MAKER@'
  downloadLocation: NOASSERTION
";

const SPDX_TAG_VALUE: &str = "SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: self-test
DocumentNamespace: https://sbom.example.com/self-test
Creator: Tool: example
Created: 2026-01-01T00:00:00Z

PackageName: other
SPDXID: SPDXRef-a
PackageSupplier: Organization: Example Ltd
PackageDownloadLocation: NOASSERTION

PackageName: planted-engine
SPDXID: SPDXRef-b
PackageSupplier: Organization: @MAKER@
PackageDownloadLocation: NOASSERTION
";

const SPDX_RDF: &str = r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:spdx="http://spdx.org/rdf/terms#">
  <spdx:SpdxDocument rdf:about="https://sbom.example.com/self-test#SPDXRef-DOCUMENT">
    <spdx:specVersion>SPDX-2.3</spdx:specVersion>
    <spdx:name>self-test</spdx:name>
    <spdx:relationship><spdx:Relationship>
      <spdx:relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_describes"/>
      <spdx:relatedSpdxElement><spdx:Package rdf:about="https://sbom.example.com/self-test#SPDXRef-a">
        <spdx:name>other</spdx:name>
        <spdx:supplier>Organization: Example Ltd</spdx:supplier>
      </spdx:Package></spdx:relatedSpdxElement>
    </spdx:Relationship></spdx:relationship>
    <spdx:relationship><spdx:Relationship>
      <spdx:relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_describes"/>
      <spdx:relatedSpdxElement><spdx:Package rdf:about="https://sbom.example.com/self-test#SPDXRef-b">
        <spdx:name>planted-engine</spdx:name>
        <spdx:supplier>Organization: @MAKER@</spdx:supplier>
      </spdx:Package></spdx:relatedSpdxElement>
    </spdx:Relationship></spdx:relationship>
  </spdx:SpdxDocument>
</rdf:RDF>
"#;

const SPDX_XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Document><spdxVersion>SPDX-2.3</spdxVersion><dataLicense>CC0-1.0</dataLicense><SPDXID>SPDXRef-DOCUMENT</SPDXID>
  <name>self-test</name><documentNamespace>https://sbom.example.com/self-test</documentNamespace>
  <packages><SPDXID>SPDXRef-a</SPDXID><name>other</name><supplier>Organization: Example Ltd</supplier></packages>
  <packages><SPDXID>SPDXRef-b</SPDXID><name>planted-engine</name><supplier>Organization: @MAKER@</supplier></packages>
</Document>
"#;

const SPDX_3: &str = r#"{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
  {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z", "createdBy": ["urn:example:us"]},
  {"type": "Organization", "spdxId": "urn:example:us", "creationInfo": "_:c", "name": "Example Ltd"},
  {"type": "Organization", "spdxId": "urn:example:maker", "creationInfo": "_:c", "name": "@MAKER@"},
  {"type": "SpdxDocument", "spdxId": "urn:example:d", "creationInfo": "_:c", "name": "self-test", "rootElement": ["urn:example:a"]},
  {"type": "software_Package", "spdxId": "urn:example:a", "creationInfo": "_:c", "name": "other", "suppliedBy": "urn:example:us"},
  {"type": "software_Package", "spdxId": "urn:example:b", "creationInfo": "_:c", "name": "planted-engine", "suppliedBy": "urn:example:maker"}]}
"#;

const IN_TOTO: &str = r#"{"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "self-test", "digest": {"sha256": "00"}}],
  "predicateType": "https://cyclonedx.org/bom", "predicate": {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
  {"type": "library", "name": "other", "supplier": {"name": "Example Ltd"}},
  {"type": "library", "name": "planted-engine", "supplier": {"name": "@MAKER@"}}]}}
"#;
