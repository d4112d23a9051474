//! SPDX tag-value and YAML: the same document gives the same findings as in JSON, at the place where an editor shows them.

use crate::support::{
    documents, editor_position, fixture, json, read, rendered, scan_everything, scan_fixture, scan_text, without_lines,
};
use proptest::prelude::*;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use unlabel::parsers::syntax::Feed;
use unlabel::parsers::token::{Token, Tokens};
use unlabel::parsers::yaml::Yaml;
use unlabel::source::Source;

/// One value of SPDX JSON after its tag; in `<text>` when it needs that.
fn tag(out: &mut String, tag: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Array(all) => all.iter().for_each(|v| self::tag(out, tag, v)),
        Value::String(text) if text.contains('\n') => writeln!(out, "{tag}: <text>{text}</text>").unwrap(),
        Value::String(text) => writeln!(out, "{tag}: {text}").unwrap(),
        other => writeln!(out, "{tag}: {other}").unwrap(),
    }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or("NONE")
}

fn each<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().into_iter().flatten()
}

/// An SPDX 2 document in tag-value. Files come first, because below a package they would belong to it.
fn tag_value(document: &Value) -> String {
    let mut out = String::new();
    tag(&mut out, "SPDXVersion", &document["spdxVersion"]);
    tag(&mut out, "SPDXID", &document["SPDXID"]);
    tag(&mut out, "DocumentName", &document["name"]);
    tag(&mut out, "DocumentComment", &document["comment"]);
    tag(&mut out, "Creator", &document["creationInfo"]["creators"]);
    for file in each(document, "files") {
        out.push_str("\n# a file\n");
        for (key, name) in FILE {
            tag(&mut out, key, &file[*name]);
        }
        for sum in each(file, "checksums") {
            writeln!(out, "FileChecksum: {}: {}", text(sum, "algorithm"), text(sum, "checksumValue")).unwrap();
        }
    }
    for snippet in each(document, "snippets") {
        for (key, name) in SNIPPET {
            tag(&mut out, key, &snippet[*name]);
        }
    }
    for package in each(document, "packages") {
        out.push_str("\n##### Package\n\n");
        for (key, name) in PACKAGE {
            tag(&mut out, key, &package[*name]);
        }
        for sum in each(package, "checksums") {
            writeln!(out, "PackageChecksum: {}: {}", text(sum, "algorithm"), text(sum, "checksumValue")).unwrap();
        }
        for reference in each(package, "externalRefs") {
            let [category, kind, locator] =
                ["referenceCategory", "referenceType", "referenceLocator"].map(|key| text(reference, key));
            writeln!(out, "ExternalRef: {category} {kind} {locator}").unwrap();
            tag(&mut out, "ExternalRefComment", &reference["comment"]);
        }
        for file in each(package, "hasFiles") {
            writeln!(out, "Relationship: {} CONTAINS {}", text(package, "SPDXID"), file.as_str().unwrap()).unwrap();
        }
        annotations(&mut out, package, text(package, "SPDXID"));
    }
    for license in each(document, "hasExtractedLicensingInfos") {
        for (key, name) in LICENSE {
            tag(&mut out, key, &license[*name]);
        }
    }
    for relation in each(document, "relationships") {
        let [from, kind, to] =
            ["spdxElementId", "relationshipType", "relatedSpdxElement"].map(|key| text(relation, key));
        writeln!(out, "Relationship: {from} {kind} {to}").unwrap();
        tag(&mut out, "RelationshipComment", &relation["comment"]);
    }
    for described in each(document, "documentDescribes") {
        writeln!(out, "Relationship: SPDXRef-DOCUMENT DESCRIBES {}", described.as_str().unwrap()).unwrap();
    }
    annotations(&mut out, document, "SPDXRef-DOCUMENT");
    out
}

fn annotations(out: &mut String, value: &Value, reference: &str) {
    for note in each(value, "annotations") {
        tag(out, "Annotator", &note["annotator"]);
        tag(out, "AnnotationComment", &note["comment"]);
        writeln!(out, "SPDXREF: {reference}").unwrap();
    }
}

const FILE: &[(&str, &str)] = &[
    ("FileName", "fileName"),
    ("SPDXID", "SPDXID"),
    ("FileType", "fileTypes"),
    ("LicenseConcluded", "licenseConcluded"),
    ("LicenseInfoInFile", "licenseInfoInFiles"),
    ("LicenseComments", "licenseComments"),
    ("FileCopyrightText", "copyrightText"),
    ("FileNotice", "noticeText"),
    ("FileContributor", "fileContributors"),
    ("FileAttributionText", "attributionTexts"),
];

const SNIPPET: &[(&str, &str)] = &[
    ("SnippetSPDXID", "SPDXID"),
    ("SnippetFromFileSPDXID", "snippetFromFile"),
    ("SnippetName", "name"),
    ("SnippetLicenseConcluded", "licenseConcluded"),
    ("LicenseInfoInSnippet", "licenseInfoInSnippets"),
    ("SnippetCopyrightText", "copyrightText"),
];

const PACKAGE: &[(&str, &str)] = &[
    ("PackageName", "name"),
    ("SPDXID", "SPDXID"),
    ("PackageVersion", "versionInfo"),
    ("PackageFileName", "packageFileName"),
    ("PackageSupplier", "supplier"),
    ("PackageOriginator", "originator"),
    ("PackageDownloadLocation", "downloadLocation"),
    ("FilesAnalyzed", "filesAnalyzed"),
    ("PackageHomePage", "homepage"),
    ("PackageLicenseConcluded", "licenseConcluded"),
    ("PackageLicenseInfoFromFiles", "licenseInfoFromFiles"),
    ("PackageLicenseDeclared", "licenseDeclared"),
    ("PackageLicenseComments", "licenseComments"),
    ("PackageCopyrightText", "copyrightText"),
    ("PackageSummary", "summary"),
    ("PackageDescription", "description"),
    ("PackageComment", "comment"),
    ("PackageAttributionText", "attributionTexts"),
    ("PrimaryPackagePurpose", "primaryPackagePurpose"),
    ("ReleaseDate", "releaseDate"),
];

const LICENSE: &[(&str, &str)] = &[
    ("LicenseID", "licenseId"),
    ("ExtractedText", "extractedText"),
    ("LicenseName", "name"),
    ("LicenseCrossReference", "seeAlsos"),
    ("LicenseComment", "comment"),
];

/// A document in block YAML, with every text in double quotes.
fn yaml(value: &Value, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, inner) in map {
                write!(out, "\n{pad}{key}:").unwrap();
                yaml(inner, indent + 2, out);
            }
        }
        Value::Array(all) if !all.is_empty() => {
            for inner in all {
                write!(out, "\n{pad}-").unwrap();
                yaml(inner, indent + 2, out);
            }
        }
        scalar => write!(out, " {scalar}").unwrap(),
    }
}

fn to_yaml(document: &Value) -> String {
    let mut out = "# made from JSON; für die Spalten\n---".to_owned();
    yaml(document, 0, &mut out);
    out.push('\n');
    out
}

/// Findings without lines and columns, which each syntax has its own; pointers stay, for they are the same.
fn findings(report: &Value) -> Vec<Value> {
    let mut all = report["findings"].as_array().unwrap().clone();
    for finding in &mut all {
        without_lines(finding);
        finding["evidence"].as_array_mut().unwrap().sort_by_key(Value::to_string);
    }
    all.sort_by_key(Value::to_string);
    all
}

/// What stands in a text at a line and column.
fn at(text: &str, line: u64, column: u64) -> &str {
    let start: usize = text.split_inclusive('\n').take(line as usize - 1).map(str::len).sum();
    let (offset, _) = text[start..].char_indices().nth(column as usize - 1).unwrap();
    &text[start + offset..]
}

fn below(folders: &[&str]) -> Vec<(PathBuf, Value)> {
    let mut out = Vec::new();
    for folder in folders {
        for path in documents(folder, ".json") {
            if !path.starts_with(fixture("")) {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            // A key that is spelled with escapes is one text when it is written again.
            if let Ok(value) = serde_json::from_slice::<Value>(&bytes) {
                out.push((path, value));
            }
        }
    }
    out
}

/// Scans a twin, compares, and looks up every piece of evidence where the report says it stands.
fn alike(path: &Path, document: &Value, twin: &str, quoted: bool) -> usize {
    let origin = json(&scan_text(&serde_json::to_vec(document).unwrap()));
    let report = scan_text(twin.as_bytes());
    assert_eq!(rendered(&report, "json"), rendered(&scan_everything(twin.as_bytes()), "json"), "{}", path.display());
    let report = json(&report);
    assert_eq!(report["inputs"][0]["status"], origin["inputs"][0]["status"], "{}:\n{twin}", path.display());
    assert_eq!(report["inputs"][0]["components"], origin["inputs"][0]["components"], "{}", path.display());
    assert_eq!(findings(&report), findings(&origin), "{}:\n{twin}", path.display());
    assert_eq!(report["set_aside"].as_array().unwrap().len(), origin["set_aside"].as_array().unwrap().len());
    let mut places = 0;
    for evidence in report["findings"].as_array().unwrap().iter().flat_map(|f| each(f, "evidence")) {
        let value = document.pointer(evidence["pointer"].as_str().unwrap()).unwrap();
        let written = if quoted { value.to_string() } else { value.as_str().unwrap().to_owned() };
        let there = at(twin, evidence["line"].as_u64().unwrap(), evidence["column"].as_u64().unwrap());
        assert!(there.starts_with(&written), "{}: {evidence} but there stands {there:.60}", path.display());
        places += 1;
    }
    places
}

#[test]
fn tag_value_gives_the_findings_of_its_json_at_their_places() {
    let mut places = 0;
    for (path, document) in below(&["evidence/spdx2", "evidence/mentions", "twins"]) {
        if document["spdxVersion"].is_string() {
            places += alike(&path, &document, &tag_value(&document), false);
        }
    }
    assert!(places >= 60, "only {places} places");
}

#[test]
fn yaml_gives_the_findings_of_its_json_at_their_places() {
    let mut places = 0;
    for (path, document) in below(&["evidence/spdx2", "evidence/cyclonedx", "evidence/mentions", "twins"]) {
        if document["spdxVersion"].is_string() || document["bomFormat"].is_string() {
            places += alike(&path, &document, &to_yaml(&document), true);
        }
    }
    assert!(places >= 150, "only {places} places");
}

/// The documents written by hand in each syntax; files below a package belong to it without a line that says so.
#[test]
fn twins_in_further_syntaxes_are_the_same_findings() {
    let (mut read, mut found) = (0, 0);
    for entry in std::fs::read_dir(fixture("twins")).unwrap() {
        let folder = format!("twins/{}", entry.unwrap().file_name().to_string_lossy());
        for (origin, twin) in
            [("spdx2.json", "spdx2.spdx"), ("spdx2.json", "spdx2.yaml"), ("cyclonedx.json", "cyclonedx.yaml")]
        {
            let (origin, report) =
                (json(&scan_fixture(&format!("{folder}/{origin}"))), json(&scan_fixture(&format!("{folder}/{twin}"))));
            let input = &report["inputs"][0];
            assert_eq!(input["problems"], Value::Array(Vec::new()), "{folder}/{twin}");
            assert_eq!(input["disclosure"], origin["inputs"][0]["disclosure"], "{folder}/{twin}");
            let without_path = |report: &Value| {
                let text = serde_json::to_string(&findings(report)).unwrap();
                ["spdx2.json", "spdx2.spdx", "spdx2.yaml", "cyclonedx.json", "cyclonedx.yaml"]
                    .iter()
                    .fold(text, |text, name| text.replace(name, "twin"))
            };
            assert_eq!(without_path(&report), without_path(&origin), "{folder}/{twin}");
            read += 1;
            found += report["findings"].as_array().unwrap().len();
        }
    }
    assert!(read >= 15 && found >= 12, "{read} read, {found} found");
}

#[test]
fn real_documents_have_the_components_they_list() {
    for (file, serialization, version, components, files) in [
        ("spdx22-example6-lib.spdx", "tag-value", "2.2", 5, 0),
        ("spdx22-nexB-App-BOM-ination.spdx.tag", "tag-value", "2.2", 1, 11),
        ("spdx23-tools-python-SPDXTagExample.spdx", "tag-value", "2.3", 4, 6),
        ("spdx23-tools-python-SPDXYAMLExample.spdx.yaml", "yaml", "2.3", 4, 6),
    ] {
        let report = json(&scan_fixture(&format!("clean/{file}")));
        let input = &report["inputs"][0];
        let got = [&input["serialization"], &input["spec_version"]].map(|v| v.as_str().unwrap());
        assert_eq!(got, [serialization, version], "{file}");
        let figures = &input["disclosure"];
        assert_eq!(
            (figures["components"].as_u64(), figures["files"].as_u64()),
            (Some(components), Some(files)),
            "{file}"
        );
    }
}

/// Status, codes of problems, and the names of components with findings.
fn told(bytes: &[u8]) -> (String, Vec<String>, Vec<String>) {
    let report = json(&scan_text(bytes));
    let input = &report["inputs"][0];
    let texts = |all: &Value, of: fn(&Value) -> &Value| -> Vec<String> {
        all.as_array().unwrap().iter().map(|v| of(v).as_str().unwrap_or_default().to_owned()).collect()
    };
    (
        input["status"].as_str().unwrap().to_owned(),
        texts(&input["problems"], |p| &p["code"]),
        texts(&report["findings"], |f| &f["component"]["name"]),
    )
}

/// Every piece of evidence and where it stands.
fn places(bytes: &[u8]) -> Vec<(String, u64, u64)> {
    let report = json(&scan_text(bytes));
    let all = report["findings"].as_array().unwrap().iter().flat_map(|f| each(f, "evidence"));
    let place = |e: &Value| {
        (e["pointer"].as_str().unwrap().to_owned(), e["line"].as_u64().unwrap(), e["column"].as_u64().unwrap())
    };
    all.map(place).collect()
}

const HEAD: &str = "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: x\n";

fn with_head(lines: &str) -> Vec<u8> {
    format!("{HEAD}{lines}").into_bytes()
}

#[test]
fn any_line_end_and_a_mark_leave_places_exact() {
    let plain = with_head(
        "PackageName: \u{FC}ber\nPackageComment: <text>two\nlines</text>\n  PackageSupplier : \u{20AC} Kaspersky Lab \n",
    );
    let plain = String::from_utf8(plain).unwrap();
    for end in ["\n", "\r\n", "\r"] {
        for mark in ["", "\u{FEFF}"] {
            let text = format!("{mark}{}", plain.replace('\n', end));
            let (line, column) = editor_position(text.as_bytes(), text.find('\u{20AC}').unwrap());
            assert_eq!((line, column), (7, 21), "{text:?}");
            assert_eq!(places(text.as_bytes()), [("/packages/0/supplier".to_owned(), line, column)], "{text:?}");
        }
    }
}

#[test]
fn a_text_over_many_lines_is_one_value_and_its_lines_are_no_tags() {
    let text = with_head(
        "PackageName: a\nUnknownTag: <text>\nPackageName: hidden\n</text>\n# PackageName: hidden\nPackageCopyrightText: \
         <text>Some words.\nPackageName: hidden\n(c) AO Kaspersky Lab</text>\n",
    );
    let report = json(&scan_text(&text));
    assert_eq!(report["inputs"][0]["components"], 1, "{report:#}");
    assert_eq!(places(&text), [("/packages/0/copyrightText".to_owned(), 9, 29)]);
}

/// Relationships and annotations may stand anywhere; the package goes on behind them.
#[test]
fn tags_of_the_document_do_not_end_a_package() {
    let text = with_head(
        "PackageName: a\nSPDXID: SPDXRef-a\nPackageName: b\nSPDXID: SPDXRef-b\nExternalRef: OTHER x y\n\
         Relationship: SPDXRef-a CONTAINS SPDXRef-b\nRelationshipComment: <text>x</text>\nAnnotator: Person: x\n\
         AnnotationComment: y\nCreator: Tool: z\nPackageChecksum: SHA1: aa\nExternalRefComment: z\n\
         Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a\n\
         ExternalRef: SECURITY cpe23Type cpe:2.3:a:kaspersky:b:1:*:*:*:*:*:*:*\n",
    );
    assert_eq!(places(&text), [("/packages/1/externalRefs/1/referenceLocator".to_owned(), 17, 33)]);
    let report = json(&scan_text(&text));
    assert_eq!(report["inputs"][0]["problems"], Value::Array(Vec::new()));
    assert_eq!(report["findings"][0]["paths"][0].as_array().map(Vec::len), Some(2), "{report:#}");
}

#[test]
fn bad_lines_cost_what_they_must() {
    let supplier = "PackageName: a\nPackageSupplier: Organization: Kaspersky Lab\n";
    for (lines, status, codes, found) in [
        (format!("{supplier}PackageComment: <text>never ends\n"), "partial", vec!["syntax"], vec!["a"]),
        (format!("{supplier}\nsome words\nmore words\n"), "read", vec!["unknown-value"], vec!["a"]),
        (format!("{supplier}PackageSupplier: x\n"), "read", vec!["duplicate-key"], vec!["a"]),
        (format!("{supplier}{supplier}"), "read", vec![], vec!["a", "a"]),
        ("SPDXID: SPDXRef-a\nPackageName: a\nPackageSupplier: Kaspersky Lab".to_owned(), "read", vec![], vec!["a"]),
        ("PackageSupplier: Kaspersky Lab".to_owned(), "read", vec!["missing-name"], vec![""]),
        ("ExternalRef:\nRelationship:\nPackageChecksum:\nFileName:\n::\n".to_owned(), "read", vec![], vec![]),
        (
            "PackageName: a\nRelationship SPDXRef-a CONTAINS SPDXRef-b\n".to_owned(),
            "read",
            vec!["unknown-value"],
            vec![],
        ),
    ] {
        let (got, mut problems, names) = told(&with_head(&lines));
        if found.is_empty() && codes.is_empty() {
            problems.clear();
        }
        assert_eq!((got.as_str(), problems, names), (status, strings(&codes), strings(&found)), "{lines}");
    }
    let latin = [with_head("PackageName: caf").as_slice(), b"\xE9\n"].concat();
    assert_eq!(told(&latin).1, ["bad-text"]);
}

fn strings(all: &[&str]) -> Vec<String> {
    all.iter().map(|s| (*s).to_owned()).collect()
}

#[test]
fn every_spelling_of_yaml_has_its_place() {
    let text = "%YAML 1.2\n---\n# é\n{bomFormat: CycloneDX, 'specVersion': \"1.6\",\n components: [ { name: é, \
                publisher: \"\\u004Baspersky Lab\" } ,\n {name: b, publisher: Kaspersky\n   Lab }, { name: c, licenses: [ \
                {license: {name: 'Kaspersky Lab EULA' }} ] } ]\n}\n";
    let report = json(&scan_text(text.as_bytes()));
    assert_eq!(report["inputs"][0]["problems"], Value::Array(Vec::new()), "{report:#}");
    let mut got = places(text.as_bytes());
    got.sort();
    let at = |needle: &str| editor_position(text.as_bytes(), text.find(needle).unwrap());
    let want = [
        ("/components/0/publisher", at("\"\\u004B")),
        ("/components/1/publisher", at("Kaspersky\n")),
        ("/components/2/licenses/0/license/name", at("'Kaspersky")),
    ];
    assert_eq!(got, want.map(|(pointer, (line, column))| (pointer.to_owned(), line, column)));
    for value in ["&x Kaspersky Lab", "&x !!str 'Kaspersky Lab'", "! \"Kaspersky Lab\""] {
        let text =
            format!("bomFormat: CycloneDX\nspecVersion: '1.6'\ncomponents:\n- name: x\n  publisher: {value} # é\n");
        let at = text
            .rfind(['\'', '"'])
            .filter(|_| !value.ends_with('b'))
            .map_or(text.find("Kaspersky").unwrap(), |end| end - 14);
        let (line, column) = editor_position(text.as_bytes(), at);
        assert_eq!(places(text.as_bytes()), [("/components/0/publisher".to_owned(), line, column)], "{text}");
    }
    // A place ends with the closing quote, not with what follows it.
    let text =
        "bomFormat: CycloneDX\nspecVersion: '1.6'\ncomponents:\n- name: x\n  publisher: 'Kaspersky''s Lab'  # \"é'\n";
    let all = spans(text.as_bytes());
    assert!(all.contains(&("Kaspersky's Lab".to_owned(), "'Kaspersky''s Lab'".to_owned())), "{all:?}");
    let block = "bomFormat: CycloneDX\nspecVersion: '1.6'\ncomponents:\n- name: x\n  copyright: |\n    ü\n    (c) AO Kaspersky Lab\n";
    for text in [block.to_owned(), block.replace('\n', "\r\n"), format!("\u{FEFF}{block}")] {
        let (pointer, line, column) = places(text.as_bytes()).remove(0);
        assert_eq!((pointer.as_str(), column), ("/components/0/copyright", 5), "{text}");
        assert!((6..=7).contains(&line), "{line}: {text}");
    }
}

#[test]
fn bad_yaml_costs_what_it_must() {
    let head = "bomFormat: CycloneDX\nspecVersion: '1.6'\n";
    let item = "components:\n- name: a\n  publisher: Kaspersky Lab\n";
    for (text, status, codes, found) in [
        (format!("{head}{item}"), "read", vec![], vec!["a"]),
        (format!("{head}{item}  version: 1.10\n"), "read", vec!["wrong-type"], vec!["a"]),
        (format!("{head}{item}  version: ~\n  group: ''\n"), "read", vec![], vec!["a"]),
        (format!("{head}{item}  name: b\n"), "read", vec!["duplicate-key"], vec!["a"]),
        (format!("{head}{item}  group: \"x\n"), "partial", vec!["syntax"], vec!["a"]),
        (format!("{head}{item} bad: [}}\n"), "partial", vec!["syntax"], vec!["a"]),
        (format!("{head}{item}...\n"), "read", vec![], vec!["a"]),
        (format!("---\n---\n{head}{item}---\n"), "read", vec![], vec!["a"]),
        (format!("{head}{item}---\n{head}{item}"), "partial", vec!["unsupported"], vec!["a"]),
        (
            format!("{head}x: &x Kaspersky Lab\ncomponents:\n- name: a\n  publisher: *x\n"),
            "partial",
            vec!["unsupported"],
            vec![],
        ),
        (format!("{head}? [a, b]\n: {{components: []}}\n{item}"), "partial", vec!["unsupported"], vec!["a"]),
        (format!("{head}{item}  group: \u{0}\n"), "read", vec!["bad-text"], vec!["a"]),
    ] {
        let (got, problems, names) = told(text.as_bytes());
        assert_eq!((got.as_str(), problems, names), (status, strings(&codes), strings(&found)), "{text}");
    }
    let latin = [format!("{head}{item}  group: caf").as_bytes(), b"\xE9\n"].concat();
    assert_eq!(told(&latin).1, ["bad-text"]);
}

#[test]
fn yaml_made_to_hurt_ends_and_is_told() {
    let head = "bomFormat: CycloneDX\nspecVersion: '1.6'\n";
    let laughs: String =
        (1..30).map(|i| format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 9].join(","))).collect();
    for (text, code) in [
        (format!("{head}a0: &a0 x\n{laughs}"), "unsupported"),
        (format!("{head}x: {}\n", "[".repeat(100_000)), "syntax"),
        (format!("{head}x:\n{}x\n", "- ".repeat(100_000)), "no-components"),
        (format!("{head}components: {}\n", "[{components: ".repeat(100)), "syntax"),
        (format!("{head}x:\n{}", (0..100_001).map(|i| format!("- &a{i}\n")).collect::<String>()), "limit"),
    ] {
        let (_, codes, found) = told(text.as_bytes());
        assert!(codes.contains(&code.to_owned()) && found.is_empty(), "{codes:?} and not {code}: {text:.80}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_damage_to_lines_is_survived(at in 0usize..3000, len in 0usize..40, with in prop::collection::vec(any::<u8>(), 0..8)) {
        for file in ["spdx2.spdx", "spdx2.yaml", "cyclonedx.yaml"] {
            let mut bytes = read(&format!("twins/supplier-and-cpe/{file}"));
            let at = at % bytes.len();
            let to = (at + len).min(bytes.len());
            bytes.splice(at..to, with.iter().copied());
            let (_, codes, _) = told(&bytes);
            prop_assert!(!codes.contains(&"internal".to_owned()));
        }
    }

    /// Brackets, indents and marks of YAML in any order.
    #[test]
    fn any_yaml_is_survived(tail in "[\\[\\]{}:,?&*!|>'\"%@#\\- \n\ta-c\u{e9}\u{20ac}\0]{0,80}") {
        let (_, codes, _) = told(format!("bomFormat: CycloneDX\ncomponents:\n- name: {tail}").as_bytes());
        prop_assert!(!codes.contains(&"internal".to_owned()));
    }
}

/// A value cut by the edge of what is read at a time is whole, and so is one that is longer than that.
#[test]
fn values_across_the_edge_of_a_piece_are_whole() {
    for (shift, long) in (0..64).map(|shift| (shift, false)).chain([(0, true)]) {
        let pad = "x".repeat((256 << 10) - 170 + shift);
        let comment = if long { format!("PackageComment: <text>{pad}{pad}\n{pad}</text>") } else { format!("# {pad}") };
        let text =
            format!("{HEAD}PackageName: a\n{comment}\nPackageSupplier: <text>AO Kaspersky Lab</text>\nFileName: b\n");
        let line = if long { 7 } else { 6 };
        assert_eq!(places(text.as_bytes()), [("/packages/0/supplier".to_owned(), line, 24)], "{shift}");
        let pad = "é".repeat((64 << 10) - 40 + shift);
        let text = format!(
            "bomFormat: CycloneDX\nspecVersion: '1.6'\nx: {pad}\ncomponents: [ü, {{name: \"é\", publisher: Kaspersky Lab}}]\n"
        );
        assert_eq!(places(text.as_bytes()), [("/components/1/publisher".to_owned(), 4, 40)], "{shift}");
    }
}

/// Every key and scalar of a YAML document, and what stands where its span says.
fn spans(bytes: &[u8]) -> Vec<(String, String)> {
    let source = Source::from_bytes("x", bytes.to_vec());
    let mut yaml = Yaml::new(Feed::new(source.open().unwrap(), 1 << 20));
    let mut out = Vec::new();
    loop {
        match yaml.next().unwrap() {
            Token::End => return out,
            Token::Key | Token::Text | Token::Literal => {
                let span = yaml.span();
                let there = String::from_utf8_lossy(&bytes[span.start as usize..span.end as usize]).into_owned();
                out.push((yaml.raw().text().into_owned(), there));
            }
            _ => {}
        }
    }
}

/// Every key and text of YAML stands where its span says: in its quotes, or word for word.
#[test]
fn every_span_of_yaml_is_the_value() {
    let mut seen = 0;
    for path in documents("", ".yaml") {
        let bytes = std::fs::read(&path).unwrap();
        if std::str::from_utf8(&bytes).is_err() {
            continue;
        }
        for (text, there) in spans(&bytes) {
            let quoted = ['"', '\''].iter().any(|q| there.len() > 1 && there.starts_with(*q) && there.ends_with(*q));
            let same = there.split_whitespace().eq(text.split_whitespace());
            assert!(quoted || same, "{}: {text:?} is not {there:?}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 900, "only {seen} values");
}
