//! Every form names the place that an editor shows: in each syntax, encoding and line end, and inside what is packed. The
//! place is counted here from the raw text, character by character.

use crate::support::{RULES, json, options, rendered};
use base64::Engine as _;
use serde_json::Value;
use std::io::Write as _;
use std::path::Path;
use unlabel::report::Report;
use unlabel::scan::scan;
use unlabel::source::collect::collect;

/// A document and the text in it that is evidence.
struct Case {
    name: &'static str,
    text: &'static str,
    value: &'static str,
}

/// Behind tabs and letters of two, three and four bytes on the same line; no line begins at the left.
const CASES: [Case; 14] = [
    Case {
        name: "cyclonedx.json",
        text: "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\",\n\t\"components\": [\n\t\t{\"name\": \"ä€🦀 sdk\",\t\"supplier\": {\"name\":\t\"Kaspersky Lab\"}}\n\t]\n}\n",
        value: "\"Kaspersky Lab\"",
    },
    Case {
        name: "escapes.json",
        text: "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"components\": [\n {\"name\": \"\\u00e4🦀\", \"publisher\": \"\\u004baspersky L\\u0061b\"}]}",
        value: "\"\\u004baspersky L\\u0061b\"",
    },
    Case {
        name: "spdx3.json",
        text: "{\"@context\": \"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\", \"@graph\": [\n{\"type\": \"software_Package\", \"spdxId\": \"urn:a\",\t\"creationInfo\": \"_:c\", \"name\": \"🦀\", \"software_copyrightText\": \"© Kaspersky Lab\"},\n{\"type\": \"CreationInfo\", \"@id\": \"_:c\", \"specVersion\": \"3.0.1\"}]}\n",
        value: "\"© Kaspersky Lab\"",
    },
    Case {
        name: "cyclonedx.xml",
        text: "<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components>\n\t<component type=\"library\">\t<!-- ä€🦀 --><publisher>Kaspersky Lab</publisher><name>🦀</name>\n</component></components></bom>\n",
        value: "Kaspersky Lab",
    },
    Case {
        name: "marked.xml",
        text: "<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components>\n<component type=\"library\"><name>ä🦀</name>\t<cpe><![CDATA[cpe:2.3:a:kaspersky:x:1:*:*:*:*:*:*:*]]></cpe></component></components></bom>",
        value: "cpe:2.3:a:kaspersky:x:1:*:*:*:*:*:*:*",
    },
    Case {
        name: "numbered.xml",
        text: "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components>\n<component type=\"library\"><name>ä🦀</name>\n\t<copyright>&#169; &#x4B;aspersky&#32;Lab</copyright></component></components></bom>",
        value: "&#169; &#x4B;aspersky&#32;Lab",
    },
    Case {
        name: "plain.yaml",
        text: "bomFormat: CycloneDX\nspecVersion: '1.6'\n# ä€🦀\ncomponents:\n  - {name: \"ä€🦀\", publisher:   Kaspersky Lab  }\n",
        value: "Kaspersky Lab",
    },
    Case {
        name: "quoted.yaml",
        text: "SPDXID: SPDXRef-DOCUMENT\nspdxVersion: SPDX-2.3\nname: x\npackages:\n- name: \"ä€🦀\"\n  SPDXID: SPDXRef-a\n  supplier:\t'Organization: Kaspersky Lab' # 'ä'\n",
        value: "'Organization: Kaspersky Lab'",
    },
    Case {
        name: "folded.yaml",
        text: "bomFormat: CycloneDX\nspecVersion: '1.6'\ncomponents:\n- name: ä\n  copyright: >-\n    (c) 🦀\n    AO Kaspersky Lab\n  version: \"1\"\n",
        value: "(c) 🦀\n    AO Kaspersky Lab",
    },
    Case {
        name: "literal.yaml",
        text: "bomFormat: CycloneDX\nspecVersion: '1.6'\ncomponents:\n- name: ä\n  copyright: |\n\n      (c) AO Kaspersky Lab\n\n# end\n",
        value: "(c) AO Kaspersky Lab",
    },
    Case {
        name: "two-lines.yaml",
        text: "bomFormat: CycloneDX\nspecVersion: '1.6'\ncomponents:\n- publisher: Kaspersky\n    Lab\n  name: ä\n",
        value: "Kaspersky\n    Lab",
    },
    Case {
        name: "tags.spdx",
        text: "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: ä€🦀\n\nPackageName: sdk\nSPDXID: SPDXRef-a\n\tPackageSupplier:\t Organization: Kaspersky Lab\t\n",
        value: "Organization: Kaspersky Lab",
    },
    Case {
        name: "text.spdx",
        text: "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: x\nPackageName: sdk\nSPDXID: SPDXRef-a\nPackageCopyrightText: <text>ä€🦀\n\t(c) AO Kaspersky Lab</text>\n",
        value: "ä€🦀\n\t(c) AO Kaspersky Lab",
    },
    Case {
        name: "reference.spdx",
        text: "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: x\nPackageName: ä\nSPDXID: SPDXRef-a\nExternalRef: SECURITY\tcpe23Type cpe:2.3:a:kaspersky:b:1:*:*:*:*:*:*:*\n",
        value: "cpe:2.3:a:kaspersky:b:1:*:*:*:*:*:*:*",
    },
];

/// Line, column in code points and in UTF-16 code units of a byte of a text, as an editor shows them.
fn place(text: &str, at: usize) -> (u64, u64, u64) {
    let (mut line, mut column, mut units) = (1, 1, 1);
    let mut chars = text[..at].chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\n' || c == '\r' {
            if c == '\r' && chars.peek() == Some(&'\n') {
                chars.next();
            }
            (line, column, units) = (line + 1, 1, 1);
        } else {
            column += 1;
            units += c.len_utf16() as u64;
        }
    }
    (line, column, units)
}

/// Where a value begins and ends.
fn span(text: &str, value: &str) -> [(u64, u64, u64); 2] {
    let start = text.find(value).unwrap();
    assert_eq!(text.rfind(value), Some(start), "the value stands there once");
    [place(text, start), place(text, start + value.len())]
}

fn scanned(path: &Path) -> Report {
    scan(&collect(&[path.to_owned()]), &RULES, &options())
}

/// What the JSON report tells of the only evidence with this value.
fn told(report: &Report, what: &str) -> [(u64, u64, u64); 2] {
    let value = json(report);
    let evidence = &value["findings"][0]["evidence"][0];
    let number = |key: &str| evidence[key].as_u64();
    let column =
        |key: &str| (number(key).unwrap_or_else(|| panic!("{what}: {value:#}")), number(&format!("utf16_{key}")));
    let ((start, start16), (end, end16)) = (column("column"), column("end_column"));
    [
        (number("line").unwrap(), start, start16.unwrap_or(start)),
        (number("end_line").unwrap(), end, end16.unwrap_or(end)),
    ]
}

fn number(region: &Value, key: &str) -> u64 {
    region[key].as_u64().unwrap_or_else(|| panic!("{key}: {region}"))
}

/// The columns that a text takes on a terminal; a tab is shown as a blank.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c as u32 >= 0x1F000 { 2 } else { 1 }).sum()
}

/// The line of the text report and what is underlined in it are those of the value.
fn underlined(report: &Report, what: &str, text: &str, value: &str) {
    let [(line, ..), _] = span(text, value);
    let shown = rendered(report, "text");
    let gutter = format!("{line} | ");
    let mut lines = shown.lines();
    let source = lines.find(|l| l.trim_start().starts_with(&gutter)).unwrap_or_else(|| panic!("{what}: {shown}"));
    let under = lines.next().unwrap();
    let caret = under.find('^').unwrap_or_else(|| panic!("{what}: {shown}"));
    let (from, count) = (width(&under[..caret]), under.matches('^').count());
    let mut column = 0;
    let there = source.chars().filter(|c| {
        let at = column;
        column += width(c.encode_utf8(&mut [0; 4]));
        (from..from + count).contains(&at)
    });
    let first = value.split(['\n', '\r']).next().unwrap();
    assert_eq!(there.collect::<String>(), first, "{what}:\n{source}\n{under}");
}

#[test]
fn every_syntax_encoding_and_line_end_has_its_places() {
    let folder = tempfile::tempdir().unwrap();
    for Case { name, text, value } in CASES {
        for end in ["\n", "\r\n", "\r"] {
            let (text, value) = (text.replace('\n', end), value.replace('\n', end));
            let wide = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
                std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(unit).collect()
            };
            for (encoding, bytes) in [
                ("UTF-8", text.clone().into_bytes()),
                ("UTF-8 with a mark", format!("\u{FEFF}{text}").into_bytes()),
                ("UTF-16LE", wide(u16::to_le_bytes)),
                ("UTF-16BE", wide(u16::to_be_bytes)),
            ] {
                let what = format!("{name} in {encoding} with {end:?}");
                let path = folder.path().join(name);
                std::fs::write(&path, bytes).unwrap();
                let report = scanned(&path);
                let [start, stop] = span(&text, &value);
                assert_eq!(told(&report, &what), [start, stop], "{what}");
                let log: Value = serde_json::from_str(&rendered(&report, "sarif")).unwrap();
                let region = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
                let got = ["startLine", "startColumn", "endLine", "endColumn"].map(|key| number(region, key));
                assert_eq!(got, [start.0, start.2, stop.0, stop.2], "{what}");
                let commands = rendered(&report, "github");
                let command = commands.lines().nth(1).unwrap();
                assert!(command.contains(&format!(",line={},endLine={}", start.0, stop.0)), "{what}: {command}");
                // GitHub takes columns only where the text is on one line.
                if start.0 == stop.0 {
                    assert!(command.contains(&format!(",col={},endColumn={},", start.2, stop.2)), "{what}: {command}");
                }
                let shown = rendered(&report, "text");
                assert!(shown.contains(&format!("{name}:{}:{}", start.0, start.1)), "{what}: {shown}");
                underlined(&report, &what, &text, &value);
            }
        }
    }
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn tarred(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    tar.append_data(&mut header, name, bytes).unwrap();
    tar.into_inner().unwrap()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// A signed envelope with a statement about this document, and the payload.
fn enveloped(document: &str) -> (Vec<u8>, String) {
    let about = "\"_type\": \"https://in-toto.io/Statement/v1\", \"predicateType\": \"https://cyclonedx.org/bom\"";
    let payload = format!("{{{about},\n\t\"subject\": [],\n\t\"predicate\":\n{document}}}\n");
    let encoded = base64::engine::general_purpose::STANDARD.encode(&payload);
    let envelope = format!(
        "{{\"payloadType\": \"application/vnd.in-toto+json\",\n\"payload\": \"{encoded}\", \"signatures\": []}}\n"
    );
    (envelope.into_bytes(), payload)
}

/// The outer file and the inner path, with the place in the text inside.
#[test]
fn what_is_packed_has_the_place_in_the_text_inside() {
    let folder = tempfile::tempdir().unwrap();
    for Case { name, text, value } in CASES {
        let text = text.replace('\n', "\r\n");
        let value = value.replace('\n', "\r\n");
        let bytes = text.as_bytes();
        let (deep, wide) = (format!("ä dir/{name}"), format!("\u{FEFF}{text}"));
        let mut all: Vec<(&str, Vec<u8>, Option<String>)> = vec![
            ("box.gz", gzipped(bytes), None),
            ("box.zip", zipped(&[("a.txt", b"x"), (&deep, bytes)]), Some(deep.clone())),
            ("box.tar", tarred(&deep, wide.as_bytes()), Some(deep.clone())),
            ("box.tgz", gzipped(&tarred(name, bytes)), Some(name.to_owned())),
            ("in-zip.tgz", gzipped(&tarred("in.zip", &zipped(&[(name, bytes)]))), Some(format!("in.zip!{name}"))),
            ("gz-in.zip", zipped(&[("x.gz", &gzipped(bytes))]), Some("x.gz".to_owned())),
        ];
        let mut texts = vec![text.clone(); all.len()];
        if name == "cyclonedx.json" {
            let (envelope, payload) = enveloped(&text);
            all.push(("dsse.json", envelope.clone(), Some("payload".to_owned())));
            all.push(("dsse.zip", zipped(&[("e.json", &envelope)]), Some("e.json!payload".to_owned())));
            texts.extend([payload.clone(), payload]);
        }
        for ((file, bytes, inside), text) in all.into_iter().zip(texts) {
            let what = format!("{name} in {file}");
            let path = folder.path().join(file);
            std::fs::write(&path, bytes).unwrap();
            let report = scanned(&path);
            let [start, stop] = span(&text, &value);
            assert_eq!(told(&report, &what), [start, stop], "{what}");
            assert_eq!(report.inputs[0].inside, inside, "{what}");
            assert_eq!(report.inputs[0].on_disk(), path.to_string_lossy(), "{what}");
            underlined(&report, &what, &text, &value);
            let log: Value = serde_json::from_str(&rendered(&report, "sarif")).unwrap();
            let result = &log["runs"][0]["results"][0];
            let physical = &result["locations"][0]["physicalLocation"];
            assert!(physical["artifactLocation"]["uri"].as_str().unwrap().ends_with(file), "{what}: {physical}");
            let commands = rendered(&report, "github");
            let command = commands.lines().nth(1).unwrap();
            let region = [start.0, start.2, stop.0, stop.2];
            let of =
                |at: &Value| ["startLine", "startColumn", "endLine", "endColumn"].map(|key| number(&at["region"], key));
            match inside {
                None => {
                    assert_eq!(of(physical), region, "{what}");
                    assert!(command.contains(&format!(",line={}", start.0)), "{what}: {command}");
                }
                Some(inside) => {
                    assert_eq!(physical["region"]["startLine"], 1, "{what}: the file has no such line");
                    let related = result["relatedLocations"].as_array().unwrap();
                    let exact = related
                        .iter()
                        .map(|r| &r["physicalLocation"])
                        .find(|at| at["region"]["endLine"].is_u64() && of(at) == region);
                    let exact = exact.unwrap_or_else(|| panic!("{what}: {result:#}"));
                    let artifact = &log["runs"][0]["artifacts"][number(&exact["artifactLocation"], "index") as usize];
                    assert_eq!(artifact["parentIndex"], physical["artifactLocation"]["index"], "{what}");
                    assert!(!command.contains(",line="), "{what}: {command}");
                    let place = format!("line {}, column {} of {inside} inside {}", start.0, start.1, path.display());
                    assert!(command.contains(&place), "{what}: {place}\n{command}");
                }
            }
        }
    }
}
