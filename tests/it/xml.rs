//! CycloneDX and SPDX 2 in XML: the same findings as in JSON, at the places of the XML, and what becomes of XML that is
//! broken or made to hurt.

use crate::support::{documents, editor_position, fixture, json, read, scan_everything, scan_fixture, scan_text};
use serde_json::{Map, Value};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

const BOM: &str = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">"#;

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\r', "&#13;")
}

/// What the entries of a list are called in CycloneDX XML; a list that is not here repeats its own element.
fn entry_of(list: &str, inside: &str) -> Option<&'static str> {
    Some(match list {
        "components" | "ancestors" | "descendants" | "variants" => "component",
        "services" => "service",
        "hashes" => "hash",
        "licenses" => "license",
        "externalReferences" => "reference",
        "properties" => "property",
        "authors" => "author",
        "commits" => "commit",
        "patches" => "patch",
        "occurrences" => "occurrence",
        "frames" => "frame",
        "methods" => "method",
        "formulation" => "formula",
        "endpoints" => "endpoint",
        "compositions" => "composition",
        "data" if inside == "service" => "dataflow",
        "source" | "destination" => "url",
        "copyright" => "text",
        _ => return None,
    })
}

fn is_attribute(element: &str, key: &str) -> bool {
    matches!(key, "bom-ref" | "mime-type" | "acknowledgement" | "contentType" | "encoding" | "licenseIdentifier")
        || matches!(
            (element, key),
            ("component" | "reference" | "patch", "type") | ("hash", "alg") | ("property", "name")
        )
        || (element == "swid" && !matches!(key, "text" | "url"))
        || (element == "dataflow" && matches!(key, "name" | "description"))
}

fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn element(out: &mut String, name: &str, value: &Value) {
    let Value::Object(map) = value else {
        let _ = writeln!(out, "<{name}>{}</{name}>", escaped(&written(value)));
        return;
    };
    let _ = write!(out, "<{name}");
    for (key, value) in map.iter().filter(|(key, _)| is_attribute(name, key)) {
        let key = match key.as_str() {
            "contentType" => "content-type",
            "licenseIdentifier" => "license-identifier",
            key => key,
        };
        let _ = write!(out, " {key}=\"{}\"", escaped(&written(value)));
    }
    out.push('>');
    for (key, value) in map.iter().filter(|(key, _)| !is_attribute(name, key)) {
        if matches!((name, key.as_str()), ("hash" | "text", "content") | ("property", "value")) {
            out.push_str(&escaped(&written(value)));
        } else {
            member(out, name, key, value);
        }
    }
    let _ = writeln!(out, "</{name}>");
}

fn member(out: &mut String, inside: &str, key: &str, value: &Value) {
    match (value, entry_of(key, inside)) {
        (Value::Array(list), Some(entry)) => {
            let _ = writeln!(out, "<{key}>");
            for value in list {
                match (entry, value) {
                    ("license", Value::Object(choice)) if choice.contains_key("expressionDetails") => {
                        let _ = writeln!(
                            out,
                            "<expression-detailed expression=\"{}\">",
                            escaped(&written(&value["expression"]))
                        );
                        for detail in value["expressionDetails"].as_array().unwrap() {
                            element(out, "details", detail);
                        }
                        out.push_str("</expression-detailed>\n");
                    }
                    ("license", Value::Object(choice)) => choice.iter().for_each(|(k, v)| element(out, k, v)),
                    ("text", Value::Object(copyright)) => element(out, entry, &copyright["text"]),
                    _ => element(out, entry, value),
                }
            }
            let _ = writeln!(out, "</{key}>");
        }
        (Value::Array(list), None) => list.iter().for_each(|value| element(out, key, value)),
        _ => element(out, key, value),
    }
}

/// A CycloneDX document of JSON in XML.
fn cyclonedx(document: &Map<String, Value>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let version = document.get("specVersion").map_or("1.6".to_owned(), written);
    let _ = writeln!(out, "<bom xmlns=\"http://cyclonedx.org/schema/bom/{version}\" version=\"1\">");
    for (key, value) in document {
        match key.as_str() {
            "dependencies" => {
                out.push_str("<dependencies>\n");
                for entry in value.as_array().unwrap() {
                    let _ = writeln!(out, "<dependency ref=\"{}\">", escaped(&written(&entry["ref"])));
                    for on in entry["dependsOn"].as_array().into_iter().flatten() {
                        let _ = writeln!(out, "<dependency ref=\"{}\"/>", escaped(&written(on)));
                    }
                    out.push_str("</dependency>\n");
                }
                out.push_str("</dependencies>\n");
            }
            "bomFormat" | "specVersion" | "serialNumber" | "version" | "$schema" | "signature" => {}
            _ => member(&mut out, "bom", key, value),
        }
    }
    out.push_str("</bom>\n");
    out
}

/// An SPDX 2 document of JSON in XML, as the SPDX tools write it.
fn spdx(value: &Value) -> String {
    fn plain(out: &mut String, name: &str, value: &Value) {
        match value {
            Value::Array(list) => list.iter().for_each(|value| plain(out, name, value)),
            Value::Object(map) => {
                let _ = write!(out, "<{name}>");
                map.iter().for_each(|(key, value)| plain(out, key, value));
                let _ = writeln!(out, "</{name}>");
            }
            _ => {
                let _ = writeln!(out, "<{name}>{}</{name}>", escaped(&written(value)));
            }
        }
    }
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    plain(&mut out, "Document", value);
    out
}

/// What findings say, without places.
pub fn facts(report: &Value) -> Vec<Value> {
    let mut facts = Vec::new();
    for finding in report["findings"].as_array().unwrap() {
        let mut fact = Map::new();
        for key in ["rule", "organization", "strength", "level", "relation"] {
            fact.insert(key.to_owned(), finding[key].clone());
        }
        fact.insert("name".to_owned(), finding["component"]["name"].clone());
        fact.insert("path".to_owned(), finding["paths"][0].as_array().map_or(0, Vec::len).into());
        let mut evidence: Vec<String> = finding["evidence"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| {
                // One or many: XML does not tell one from a list of one.
                let pointer =
                    e["pointer"].as_str().unwrap().replace("/identity/0", "/identity").replace("/url/0", "/url");
                format!("{} {} {} {pointer}", e["rule"], e["kind"], e["found"].as_str().unwrap().trim())
            })
            .collect();
        evidence.sort();
        fact.insert("evidence".to_owned(), evidence.into());
        facts.push(fact.into());
    }
    facts
}

/// How many pieces of evidence stand in the value that begins where the report says, all being pieces that stand
/// anywhere as found.
fn placed(text: &str, report: &Value) -> usize {
    let mut seen = 0;
    for evidence in report["findings"].as_array().unwrap().iter().flat_map(|f| f["evidence"].as_array().unwrap()) {
        let found = escaped(evidence["found"].as_str().unwrap().trim());
        if text.contains(&found) {
            let number = |key: &str| evidence[key].as_u64().unwrap() as usize;
            let (line, column) = (number("line"), number("column"));
            let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
            let at = before + text[before..].chars().take(column - 1).map(char::len_utf8).sum::<usize>();
            assert!(text[..at].trim_end().ends_with(['>', '"']), "{line}:{column} is inside of a value:\n{text}");
            let value = text[at..].split(['<', '"']).next().unwrap();
            assert!(value.contains(&found), "`{found}` is told at {line}:{column}, where `{value}` stands:\n{text}");
            seen += 1;
        }
    }
    seen
}

fn every_fixture_in(folder: &str, write: impl Fn(&Value) -> Option<String>) -> usize {
    let (mut compared, mut located) = (0, 0);
    for path in documents(folder, ".json").into_iter().filter(|path| path.starts_with(fixture(folder))) {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(document) = serde_json::from_slice::<Value>(&bytes) else { continue };
        let Some(text) = write(&document) else { continue };
        let (of_json, of_xml) = (json(&scan_text(&bytes)), json(&scan_text(text.as_bytes())));
        let input = &of_xml["inputs"][0];
        assert_eq!((&input["status"], &input["serialization"]), (&"read".into(), &"xml".into()), "{path:?}:\n{input}");
        for key in ["components", "disclosure", "product", "spec_version"] {
            assert_eq!(input[key], of_json["inputs"][0][key], "{key} of {path:?}:\n{text}");
        }
        assert_eq!(facts(&of_xml), facts(&of_json), "{path:?}:\n{text}");
        assert_eq!(facts(&json(&scan_everything(text.as_bytes()))), facts(&of_xml), "{path:?}");
        located += placed(&text, &of_xml);
        compared += 1;
    }
    assert!(located * 2 > compared || folder.ends_with("mentions"), "{located} places in {compared} documents");
    compared
}

/// Whatever is open is remembered, so there is an end to it.
#[test]
fn elements_without_end_in_each_other_are_told() {
    let head = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components><component><name>x</name><supplier><name>Kaspersky Lab</name></supplier></component></components>"#;
    for (tag, count) in [("<a>".to_owned(), 4_000_000), (format!("<a xmlns:a='{}'>", "b".repeat(10_000)), 7_000)] {
        let report =
            crate::support::json(&crate::support::scan_text(format!("{head}{}", tag.repeat(count)).as_bytes()));
        let input = &report["inputs"][0];
        assert_eq!((&input["status"], &input["problems"][0]["code"]), (&"partial".into(), &"limit".into()));
        assert!(input["problems"][0]["message"].as_str().unwrap().contains("64 MiB"), "{input}");
        assert_eq!(report["findings"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn every_piece_of_evidence_in_cyclonedx_json_is_found_in_xml() {
    let write = |document: &Value| {
        // Signatures are of another kind in XML, and these files hold what XML cannot say.
        let whole = document.get("bomFormat").is_some() && !document.to_string().contains("certificatePath");
        whole.then(|| cyclonedx(document.as_object().unwrap()))
    };
    assert!(every_fixture_in("evidence/cyclonedx", write) > 90);
    assert!(every_fixture_in("evidence/mentions", write) > 5);
}

#[test]
fn every_piece_of_evidence_in_spdx_json_is_found_in_xml() {
    let write = |document: &Value| document.get("spdxVersion").map(|_| spdx(document));
    assert!(every_fixture_in("evidence/spdx2", write) > 50);
}

#[test]
fn the_same_facts_in_xml_are_the_same_findings() {
    for case in ["clean", "file-in-package", "license-text", "purl-and-download", "supplier-and-cpe"] {
        for format in ["cyclonedx", "spdx2"] {
            let of = |ending: &str| json(&scan_fixture(&format!("twins/{case}/{format}.{ending}")));
            let (of_xml, of_json) = (of("xml"), of("json"));
            assert_eq!(of_xml["inputs"][0]["status"], "read", "{case}/{format}");
            assert_eq!(facts(&of_xml), facts(&of_json), "{case}/{format}");
            assert_eq!(of_xml["inputs"][0]["disclosure"], of_json["inputs"][0]["disclosure"], "{case}/{format}");
            let text = String::from_utf8(read(&format!("twins/{case}/{format}.xml"))).unwrap();
            let nothing = matches!(case, "clean" | "license-text");
            assert!(placed(&text, &of_xml) > 0 || nothing, "{case}/{format}");
        }
    }
}

#[test]
fn real_documents_are_read_whole() {
    for (file, version, components) in [
        ("cdx10-bom-1.0.xml", "1.0", 3),
        ("cdx16-valid-bom.xml", "1.6", 5),
        ("cdx17-expression-with-text.xml", "1.7", 1),
        ("spdx23-SPDXXMLExample.spdx.xml", "2.3", 10),
        // Packages where the document describes them, and files in their package.
        ("spdx22-ntia-missing-component-name.xml", "2.2", 4),
    ] {
        let report = json(&scan_fixture(&format!("xml/{file}")));
        let input = &report["inputs"][0];
        assert_eq!(input["status"], "read", "{file}: {input}");
        assert_eq!((&input["spec_version"], &input["components"]), (&version.into(), &components.into()), "{file}");
        assert_eq!(input["problems"], Value::Array(Vec::new()), "{file}");
    }
}

fn only_finding(text: &[u8]) -> (Value, String, u64, u64) {
    let report = json(&scan_text(text));
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{}: {}", String::from_utf8_lossy(text), report["inputs"]);
    let evidence = &findings[0]["evidence"][0];
    let number = |key: &str| evidence[key].as_u64().unwrap();
    (report["inputs"][0].clone(), evidence["found"].as_str().unwrap().to_owned(), number("line"), number("column"))
}

#[test]
fn a_name_is_seen_however_xml_spells_it() {
    for spelled in [
        "Kaspersky Lab",
        "K&#97;spersky&#x20;Lab",
        "<![CDATA[Kaspersky Lab]]>",
        "Kasp<!-- nobody reads this -->ersky Lab",
        "Kasp<?and?>ersky<![CDATA[ Lab]]>",
        "\n      Kaspersky Lab\n    ",
    ] {
        let text = format!(
            "{BOM}\n<components><component type=\"library\"><name>a</name><supplier><name>{spelled}</name></supplier></component></components></bom>"
        );
        let (input, found, line, column) = only_finding(text.as_bytes());
        assert_eq!((input["status"].as_str(), found.as_str()), (Some("read"), "Kaspersky Lab"), "{spelled}");
        let at = text.find("<supplier><name>").unwrap() + "<supplier><name>".len();
        let at = match spelled {
            _ if spelled.starts_with('\n') => text.find("Kaspersky").unwrap(),
            _ if spelled.starts_with("<!") => at + "<![CDATA[".len(),
            _ => at,
        };
        assert_eq!((line, column), editor_position(text.as_bytes(), at), "{spelled}");
    }
    // In an attribute too.
    let text = format!("{BOM}<components><component name='K&#x61;spersky Lab'/></components></bom>");
    let (_, found, line, column) = only_finding(text.as_bytes());
    assert_eq!((found.as_str(), line, column as usize), ("Kaspersky Lab", 1, text.find("K&#x61;").unwrap() + 1));
}

#[test]
fn prefixes_do_not_matter_and_extensions_of_others_are_left_alone() {
    let prefixed = r#"<b:bom xmlns:b="http://cyclonedx.org/schema/bom/1.4" xmlns:x="urn:x"><b:components>
        <b:component type="library" x:type="other"><x:name>Kaspersky Lab</x:name><b:name>kaspersky-sdk</b:name>
        <x:more xmlns="urn:y"><component><name>nobody</name></component></x:more></b:component></b:components></b:bom>"#;
    let report = json(&scan_text(prefixed.as_bytes()));
    let input = &report["inputs"][0];
    assert_eq!((&input["components"], &input["spec_version"]), (&1.into(), &"1.4".into()));
    assert_eq!(input["problems"], Value::Array(Vec::new()));
    assert_eq!(report["findings"][0]["component"]["name"], "kaspersky-sdk");
    let own = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components xmlns:x="urn:x"><x:component><name>Kaspersky</name></x:component>
        <component><name xmlns="urn:z">Kaspersky</name><name>b</name></component></components></bom>"#;
    let report = json(&scan_text(own.as_bytes()));
    assert_eq!((&report["inputs"][0]["components"], &report["findings"]), (&1.into(), &Value::Array(Vec::new())));
}

#[test]
fn a_namespace_that_is_not_quite_right_is_no_reason_to_read_nothing() {
    let (input, ..) = only_finding(format!("<bom xmlns=\"https://CycloneDX.org/1.5\">{PLANTED}</bom>").as_bytes());
    assert_eq!((&input["spec_version"], &input["components"]), (&"1.5".into(), &1.into()));
    let (input, ..) = only_finding(format!("<bom version=\"1\">{PLANTED}</bom>").as_bytes());
    assert_eq!((&input["status"], &input["problems"][0]["code"]), (&"read".into(), &"unknown-version".into()));
    let spdx = "<Document xmlns=\"urn:some\"><SPDXID>SPDXRef-DOCUMENT</SPDXID><spdxVersion>SPDX-2.3</spdxVersion>
        <packages><SPDXID>SPDXRef-a</SPDXID><name>a</name><supplier>Organization: Kaspersky Lab</supplier></packages></Document>";
    let (input, ..) = only_finding(spdx.as_bytes());
    assert_eq!((&input["spec_version"], &input["components"]), (&"2.3".into(), &1.into()));
}

#[test]
fn dependencies_are_told_at_any_depth() {
    let inside = r#"<dependencies><dependency ref="a"><dependency ref="b"><dependency ref="c"/></dependency></dependency></dependencies>"#;
    let component =
        |name: &str, more: &str| format!(r#"<component bom-ref="{name}"><name>{name}</name>{more}</component>"#);
    let text = format!(
        "{BOM}<metadata>{}</metadata><components>{}{}</components>{inside}</bom>",
        component("a", ""),
        component("b", ""),
        component("c", "<publisher>Kaspersky Lab</publisher>")
    );
    let report = json(&scan_text(text.as_bytes()));
    assert_eq!(report["inputs"][0]["disclosure"]["relations"], 2);
    assert_eq!(report["findings"][0]["paths"][0].as_array().unwrap().len(), 3);
}

#[test]
fn plain_texts_where_elements_should_stand_hide_nothing() {
    for inside in [
        "<component><name>a</name><supplier>Kaspersky Lab</supplier></component>",
        "<component><name>a</name><licenses><license>Kaspersky Lab EULA</license></licenses></component>",
        "<component><name>Kaspersky <b>Lab</b></name></component>",
        "<component name=\"Kaspersky Lab\"/>",
        "Kaspersky Lab",
    ] {
        only_finding(format!("{BOM}<components>{inside}</components></bom>").as_bytes());
    }
    let (input, ..) = only_finding(format!("{BOM}<components><Component><name>a</name></Component><component><name>Kaspersky Lab</name></component></components></bom>").as_bytes());
    assert_eq!((&input["status"], &input["problems"][0]["code"]), (&"partial".into(), &"not-a-component".into()));
}

fn told(text: &[u8]) -> (String, Vec<String>, usize) {
    let report = json(&scan_text(text));
    let input = &report["inputs"][0];
    let codes = input["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap().to_owned()).collect();
    (input["status"].as_str().unwrap().to_owned(), codes, report["findings"].as_array().unwrap().len())
}

const PLANTED: &str =
    "<components><component><name>a</name><publisher>Kaspersky Lab</publisher></component></components>";

#[test]
fn broken_xml_counts_as_far_as_it_goes() {
    for broken in [
        format!("{BOM}{PLANTED}"),
        format!("{BOM}{PLANTED}<metadata"),
        format!("{BOM}{PLANTED}<metadata></bom>"),
        format!("{BOM}{PLANTED}<x y></bom>").replace("<x y>", "<metadata y>"),
        format!("{BOM}{PLANTED}</bom>more"),
        format!("{BOM}{PLANTED}</bom><bom/>"),
        format!("{BOM}{PLANTED}<!-- </bom>"),
        format!("{BOM}{PLANTED}<description>and so"),
    ] {
        let (status, codes, findings) = told(broken.as_bytes());
        assert_eq!(
            (status.as_str(), codes.last().map(String::as_str), findings),
            ("partial", Some("syntax"), 1),
            "{broken}"
        );
    }
    let (status, codes, _) = told(b"<?xml version=\"1.0\"?><bom xmlns=\"http://cyclonedx.org/schema/bom/1.4");
    assert_eq!((status.as_str(), codes), ("unread", vec!["syntax".to_owned()]));
    let cut = json(&scan_text(format!("{BOM}\n{PLANTED}").as_bytes()));
    let problem = &cut["inputs"][0]["problems"][0];
    assert!(problem["message"].as_str().unwrap().contains("cut off"), "{problem}");
    assert_eq!((problem["line"].as_u64(), problem["column"].as_u64()), (Some(2), Some(PLANTED.len() as u64 + 1)));
}

#[test]
fn entities_are_never_expanded_and_always_told() {
    let laughs = (1..10).fold(String::from("<!ENTITY l0 \"Kaspersky Lab\">"), |mut out, n| {
        let _ = write!(out, "<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10));
        out
    });
    for (document, codes_expected) in [
        (
            format!(
                "<!DOCTYPE bom [{laughs}]>{BOM}<components><component><name>&l9;</name></component></components></bom>"
            ),
            vec!["bad-text", "syntax"],
        ),
        (
            format!(
                "<!DOCTYPE bom [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>{BOM}<components>&f;</components></bom>"
            ),
            vec!["not-a-component", "syntax"],
        ),
        (
            format!("{BOM}<components><component><name>&vendor;</name></component></components></bom>"),
            vec!["bad-text", "syntax"],
        ),
        (format!("<!DOCTYPE bom SYSTEM \"bom.dtd\">{BOM}<components/></bom>"), vec!["syntax", "no-components"]),
    ] {
        let (status, codes, findings) = told(document.as_bytes());
        assert_eq!((status.as_str(), findings), ("partial", 0), "{document}");
        for code in codes_expected {
            assert!(codes.iter().any(|c| c == code), "{code} is not in {codes:?}: {document}");
        }
    }
    let html = told(b"<!DOCTYPE html><html><body>SPDX-ID and Kaspersky</body></html>");
    assert_eq!((html.0.as_str(), html.1), ("unread", vec!["not-an-sbom".to_owned()]));
}

#[test]
fn xml_made_to_hurt_is_quick() {
    let begun = Instant::now();
    let deep =
        format!("{BOM}<metadata>{}{}</metadata>{PLANTED}</bom>", "<x>".repeat(1_000_000), "</x>".repeat(1_000_000));
    assert_eq!(told(deep.as_bytes()), ("read".to_owned(), vec![], 1));
    let nested = format!(
        "{BOM}{}{}</bom>",
        "<components><component>".repeat(500_000),
        "</component></components>".repeat(500_000)
    );
    let (status, codes, _) = told(nested.as_bytes());
    assert_eq!((status.as_str(), codes.contains(&"limit".to_owned())), ("partial", true));
    let mut many = format!("{BOM}{PLANTED}<metadata><component");
    (0..200_000).for_each(|n| write!(many, " a{n}=\"1\" xmlns:b{n}=\"urn:b\"").unwrap());
    many.push_str("><name>p</name></component></metadata></bom>");
    assert_eq!(told(many.as_bytes()), ("read".to_owned(), vec![], 1));
    let chain = format!(
        "{BOM}{PLANTED}<dependencies>{}{}</dependencies></bom>",
        "<dependency ref=\"a\">".repeat(300_000),
        "</dependency>".repeat(300_000)
    );
    assert_eq!(told(chain.as_bytes()), ("read".to_owned(), vec![], 1));
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn one_value_longer_than_the_limit_is_told() {
    for (open, close) in [("<name>", "</name>"), ("<!--", "-->"), ("<x y=\"", "\"/>")] {
        let text = format!(
            "{BOM}{PLANTED}<metadata><component>{open}{}{close}</component></metadata></bom>",
            "x".repeat(70 << 20)
        );
        let (status, codes, findings) = told(text.as_bytes());
        assert_eq!((status.as_str(), codes[0].as_str(), findings), ("partial", "limit", 1), "{open}");
    }
}

#[test]
fn other_encodings_are_read_and_the_original_is_digested() {
    let document = |encoding: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n{BOM}<components><component><name>Müller</name><publisher>Kaspersky Lab</publisher></component></components></bom>"
        )
    };
    let latin = |text: String| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>();
    let utf16 = |text: String| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for bytes in [
        document("UTF-8").into_bytes(),
        document("UTF-16").into_bytes(),
        latin(document("ISO-8859-1")),
        latin(document("windows-1252")),
        utf16(document("UTF-16")),
        [vec![0xFF, 0xFE], utf16(document("utf-16"))].concat(),
        [vec![0xEF, 0xBB, 0xBF], document("UTF-8").into_bytes()].concat(),
    ] {
        let report = json(&scan_text(&bytes));
        let input = &report["inputs"][0];
        assert_eq!((&input["status"], &input["bytes"]), (&"read".into(), &bytes.len().into()), "{input}");
        assert_eq!(report["findings"][0]["component"]["name"], "Müller");
        let text = document("ISO-8859-1");
        let (line, _) = editor_position(text.as_bytes(), text.find("Kaspersky").unwrap());
        let column = text.lines().nth(1).unwrap().split("Kaspersky").next().unwrap().chars().count() + 1;
        let evidence = &report["findings"][0]["evidence"][0];
        assert_eq!((&evidence["line"], &evidence["column"]), (&line.into(), &column.into()));
    }
    // A byte that is no UTF-8 costs its character and is told.
    let (status, codes, findings) = told(&latin(document("UTF-8")));
    assert_eq!((status.as_str(), codes, findings), ("read", vec!["bad-text".to_owned()], 1));
}

#[test]
fn any_cut_and_any_damage_is_survived() {
    for file in ["twins/supplier-and-cpe/cyclonedx.xml", "twins/supplier-and-cpe/spdx2.xml"] {
        let bytes = read(file);
        for at in (0..bytes.len()).step_by(7) {
            let (status, _, _) = told(&bytes[..at]);
            assert_ne!(status, "read", "{file} cut at {at}");
            let mut damaged = bytes.clone();
            damaged[at] = [b'<', b'>', b'&', 0xFF, 0, b'"'][at % 6];
            let report = json(&scan_text(&damaged));
            let problems = report["inputs"][0]["problems"].as_array().unwrap();
            assert!(!problems.iter().any(|p| p["code"] == "internal"), "{file} at {at}: {problems:?}");
        }
    }
}

#[test]
fn xml_that_is_no_sbom_or_not_read_is_named() {
    let (status, codes, _) =
        told(b"<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><name>Kaspersky</name></project>");
    assert_eq!((status.as_str(), codes), ("unread", vec!["not-an-sbom".to_owned()]));
    let (status, codes, _) = told(BOM.replace("<bom", "<components").replace("\">", "\"/>").as_bytes());
    assert_eq!((status.as_str(), codes), ("unread", vec!["unsupported".to_owned()]));
}
