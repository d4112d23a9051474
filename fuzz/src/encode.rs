//! CycloneDX in JSON to protobuf, from the numbers of the published schemas and not from the reader's table.

use serde_json::{Map, Value};

/// One message a line: its JSON keys with their numbers; behind a colon the message, enumeration or time in a field.
const SCHEMA: &str = "
Bom specVersion=1 version=2 serialNumber=3 metadata=4:Metadata components=5:Component services=6:Service externalReferences=7:ExternalReference dependencies=8:Dependency compositions=9:Composition properties=12:Property formulation=13:Formula
Metadata timestamp=1:time authors=3:Contact component=4:Component manufacture=5:Entity supplier=6:Entity licenses=7:LicenseChoice properties=8:Property manufacturer=10:Entity
Component type=1:classification mime-type=2 bom-ref=3 supplier=4:Entity author=5 publisher=6 group=7 name=8 version=9 description=10 scope=11:scope hashes=12:Hash licenses=13:LicenseChoice copyright=14 cpe=15 purl=16 swid=17:Swid pedigree=19:Pedigree externalReferences=20:ExternalReference components=21:Component properties=22:Property evidence=23:Evidence releaseNotes=24:ReleaseNotes manufacturer=28:Entity authors=29:Contact tags=30 omniborId=31 swhid=32
Service bom-ref=1 provider=2:Entity group=3 name=4 version=5 description=6 endpoints=7 data=10:DataFlow licenses=11:LicenseChoice externalReferences=12:ExternalReference services=13:Service properties=14:Property releaseNotes=15:ReleaseNotes tags=17
DataFlow value=2 name=3 description=4 source=5 destination=6
Dependency ref=1 dependsOn=2:Dependency provides=3
ExternalReference type=1:reference url=2 comment=3 hashes=4:Hash
Hash alg=1:algorithm content=2
LicenseChoice license=1:License expression=2 acknowledgement=3:acknowledgement bom-ref=4 detailed=5:Detailed
License id=1 name=2 text=3:Text url=4 bom-ref=5 licensing=6:Licensing properties=7:Property acknowledgement=8:acknowledgement
Detailed expression=1 expressionDetails=2:Details bom-ref=3 licensing=5:Licensing
Details licenseIdentifier=1 bom-ref=2 text=3:Text url=4
Licensing altIds=1 licensor=2:Choice licensee=3:Choice purchaser=4:Choice purchaseOrder=5
Choice organization=1:Entity individual=2:Contact
Text contentType=1 encoding=2 content=3
Entity name=1 url=2 contact=3:Contact bom-ref=4
Contact name=1 email=2 phone=3 bom-ref=4
Property name=1 value=2
Swid tagId=1 name=2 version=3 text=6:Text url=7
Pedigree ancestors=1:Component descendants=2:Component variants=3:Component commits=4:Commit patches=5:Patch notes=6
Commit uid=1 url=2 author=3:Action committer=4:Action message=5
Action timestamp=1:time name=2 email=3
Patch diff=2:Diff resolves=3:Issue
Issue id=2 name=3 description=4 references=6
Diff text=1:Text url=2
Evidence licenses=1:LicenseChoice copyright=2:Copyright identity=3:Identity occurrences=4:Occurrence callstack=5:Callstack
Copyright text=1
Identity field=1:field methods=3:Method tools=4 concludedValue=5
Method value=3
Occurrence bom-ref=1 location=2 symbol=5 additionalContext=6
Callstack frames=1:Frame
Frame package=1 module=2 function=3 parameters=4 fullFilename=7
ReleaseNotes type=1 title=2 description=5 timestamp=6:time tags=8 properties=11:Property
Composition aggregate=1:aggregate assemblies=2 dependencies=3
Formula bom-ref=1 components=2:Component services=3:Service properties=5:Property
classification null application framework library operating-system device file container firmware device-driver platform machine-learning-model data cryptographic-asset
scope null required optional excluded
algorithm null MD5 SHA-1 SHA-256 SHA-384 SHA-512 SHA3-256 SHA3-384 SHA3-512 BLAKE2b-256 BLAKE2b-384 BLAKE2b-512 BLAKE3
acknowledgement null declared concluded
field null group name version purl cpe swid hash omniborId swhid
aggregate not_specified complete incomplete incomplete_first_party_only incomplete_third_party_only unknown
reference other vcs issue-tracker website advisories bom mailing-list social chat documentation support distribution license build-meta build-system security-contact attestation threat-model adversary-model risk-assessment distribution-intake vulnerability-assertion exploitability-statement pentest-report static-analysis-report dynamic-analysis-report runtime-analysis-report component-analysis-report maturity-report certification-report quality-metrics codified-infrastructure model-card poam log configuration evidence formulation source-distribution electronic-signature digital-signature rfc-9116 release-notes
";

fn line_of(name: &str) -> impl Iterator<Item = &'static str> {
    let line = SCHEMA.lines().find(|line| line.split(' ').next() == Some(name));
    line.unwrap_or_else(|| panic!("{name} is not in the schema")).split(' ').skip(1)
}

/// A number in as few bytes as it takes, seven bits each.
pub fn varint(mut number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while number > 0x7F {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

/// A field of bytes.
pub fn run(number: u64, bytes: &[u8]) -> Vec<u8> {
    [varint(number << 3 | 2), varint(bytes.len() as u64), bytes.to_vec()].concat()
}

/// A field of a number.
pub fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// One field, as many times as the value has entries.
fn field(field: u64, kind: &str, value: &Value) -> Vec<u8> {
    match (kind, value) {
        (_, Value::Array(list)) => list.iter().flat_map(|value| self::field(field, kind, value)).collect(),
        ("", _) => run(field, text_of(value).as_bytes()),
        ("time", _) => {
            let time: Option<jiff::Timestamp> = text_of(value).parse().ok();
            time.map_or_else(Vec::new, |time| run(field, &number(1, time.as_second() as u64)))
        }
        ("Dependency", Value::String(reference)) => run(field, &run(1, reference.as_bytes())),
        (_, Value::Object(map)) if kind.starts_with(char::is_uppercase) => run(field, &message(kind, map)),
        _ => match line_of(kind).position(|word| word == text_of(value)) {
            // A default is not written.
            None | Some(0) => Vec::new(),
            Some(at) => number(field, at as u64),
        },
    }
}

/// A message, its fields in the order of their numbers, as other programs write them.
pub fn message(name: &str, map: &Map<String, Value>) -> Vec<u8> {
    if name == "LicenseChoice" && map.contains_key("expressionDetails") {
        return run(5, &message("Detailed", map));
    }
    let mut fields: Vec<(u64, Vec<u8>)> = Vec::new();
    for entry in line_of(name) {
        let (key, rest) = entry.split_once('=').unwrap();
        let (at, kind) = rest.split_once(':').unwrap_or((rest, ""));
        let at: u64 = at.parse().unwrap();
        match map.get(key) {
            Some(version) if (name, key) == ("Bom", "version") => {
                fields.push((at, number(at, version.as_u64().unwrap_or(1))));
            }
            Some(value) => fields.push((at, field(at, kind, value))),
            None => {}
        }
    }
    fields.sort_by_key(|(at, _)| *at);
    fields.into_iter().flat_map(|(_, bytes)| bytes).collect()
}

/// A CycloneDX document in JSON as protobuf.
pub fn encoded(document: &Value) -> Vec<u8> {
    message("Bom", document.as_object().unwrap())
}
