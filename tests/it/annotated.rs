//! The form `annotated`: the document itself with its findings, and not another byte of it changed.

use crate::support::{RULES, documents, fixture, json, options, scan_text};
use serde_json::{Value, json};
use std::path::Path;
use unlabel::annotate::NAMES;
use unlabel::error::AnnotateFault;
use unlabel::renderers::COPIES;
use unlabel::report::Report;
use unlabel::scan::scan;
use unlabel::source::collect::collect;

fn scanned(path: &Path) -> Report {
    scan(&collect(&[path.to_owned()]), &RULES, &options())
}

fn copied(report: &Report, number: usize) -> Result<Vec<u8>, AnnotateFault> {
    let mut out = Vec::new();
    (COPIES[0].write)(report, number, &mut out).map(|()| out)
}

/// Writes a document, scans it, and gives the report and the annotated copy.
fn annotated(bytes: &[u8]) -> (Report, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("input");
    std::fs::write(&path, bytes).unwrap();
    let report = scanned(&path);
    let copy = copied(&report, 0).unwrap_or_else(|e| panic!("{e}: {:.400}", String::from_utf8_lossy(bytes)));
    (report, copy)
}

/// Whether taking bytes out of one text gives the other.
fn grown_from(copy: &[u8], original: &[u8]) -> bool {
    let mut left = original.iter().peekable();
    for byte in copy {
        left.next_if_eq(&byte);
    }
    left.peek().is_none()
}

/// What was found, without places that move.
fn found(report: &Report) -> Vec<Value> {
    let report = json(report);
    let all = report["findings"].as_array().unwrap().iter().chain(report["set_aside"].as_array().unwrap());
    let said = |f: &Value| {
        let evidence = f["evidence"].as_array().unwrap().iter();
        let evidence: Vec<_> = evidence.map(|e| json!([e["kind"], e["rule"], e["found"], e["pointer"]])).collect();
        json!([f["id"], f["level"], f["location"]["pointer"], f["component"], evidence, f["paths"]])
    };
    let mut all: Vec<Value> = all.map(said).collect();
    all.push(json!([
        report["inputs"][0]["components"],
        report["inputs"][0]["status"],
        report["inputs"][0]["problems"].as_array().unwrap().len()
    ]));
    all.push(json!(report["questions"].as_array().unwrap().len()));
    all
}

/// A document as JSON without what begins with our name.
fn without_notes(mut value: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.values_mut().for_each(strip);
                for (key, by) in [("properties", "name"), ("annotations", "comment")] {
                    let Some(Value::Array(list)) = map.get_mut(key) else { continue };
                    let ours = |text: &str| {
                        NAMES.contains(&text)
                            || text.starts_with("unlabel:tool=")
                            || text.starts_with("unlabel:finding=")
                    };
                    list.retain(|e| !e[by].as_str().is_some_and(ours));
                    if list.is_empty() {
                        map.remove(key);
                    }
                }
                if map.get("metadata").is_some_and(|m| *m == json!({})) {
                    map.remove("metadata");
                }
            }
            Value::Array(list) => {
                list.retain(|e| e["creationInfo"] != "_:unlabel" && e["@id"] != "_:unlabel");
                list.iter_mut().for_each(strip);
            }
            _ => {}
        }
    }
    strip(&mut value);
    value
}

/// Everything that must hold of a copy.
fn holds(what: &str, original: &[u8]) -> Vec<u8> {
    let (report, copy) = annotated(original);
    assert!(grown_from(&copy, original), "{what}: bytes of the input are gone");
    let (again, twice) = annotated(&copy);
    assert_eq!(found(&again), found(&report), "{what}:\n{}", String::from_utf8_lossy(&copy));
    assert!(twice == copy, "{what}: twice\n{}\n{}", String::from_utf8_lossy(&copy), String::from_utf8_lossy(&twice));
    if let (Ok(before), Ok(after)) = (serde_json::from_slice::<Value>(original), serde_json::from_slice::<Value>(&copy))
    {
        let (before, after) = (without_notes(before).to_string(), without_notes(after).to_string());
        // The same members in the same order.
        assert_eq!(after, before, "{what}");
    }
    for finding in report.findings.iter().chain(report.set_aside.iter().map(|s| &s.finding)) {
        assert!(has(&copy, &finding.id), "{what}: {} is not in it", finding.id);
    }
    copy
}

fn has(copy: &[u8], text: &str) -> bool {
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let other: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    [text.as_bytes(), &wide, &other].iter().any(|needle| copy.windows(needle.len()).any(|w| w == *needle))
}

/// Whether the official schema of its version takes a document.
#[cfg(feature = "strict")]
fn conforms(bytes: &[u8]) -> bool {
    let mut out = Vec::new();
    let options = unlabel::inspect::Options { strict: true, ..Default::default() };
    unlabel::inspect::inspect_bytes("x", bytes, "json", &options, &mut out).unwrap();
    let value: Value = serde_json::from_slice(&out).unwrap();
    let opinions = value["inputs"][0]["opinions"].as_array().into_iter().flatten();
    opinions.filter(|o| o["official"] == true).any(|o| o["answer"] == "conforms")
}

/// Formats in which there is no place, by what the error says.
fn refused(error: &AnnotateFault) -> bool {
    matches!(error, AnnotateFault::Form(_) | AnnotateFault::Broken { .. } | AnnotateFault::Unread)
}

#[test]
fn every_fixture_is_whole_with_its_findings_in_it() {
    let (mut copies, mut findings, mut valid) = (0, 0, 0);
    for folder in ["evidence", "twins", "real", "clean", "xml", "linked-data"] {
        for path in documents(folder, "") {
            if !path.starts_with(fixture("")) || path.ends_with("cases.toml") {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let report = scanned(&path);
            match copied(&report, 0) {
                Ok(_) => {}
                Err(error) => {
                    assert!(refused(&error), "{}: {error}", path.display());
                    continue;
                }
            }
            let copy = holds(&path.display().to_string(), &bytes);
            copies += 1;
            findings += report.findings.len();
            #[cfg(feature = "strict")]
            if conforms(&bytes) {
                assert!(conforms(&copy), "{}:\n{}", path.display(), String::from_utf8_lossy(&copy));
                valid += 1;
            }
            let _ = (&copy, &mut valid);
        }
    }
    println!("{copies} copies with {findings} findings, {valid} valid by their schema");
    assert!(
        copies > 100 && findings > 80 && (valid > 40 || cfg!(not(feature = "strict"))),
        "{copies} {findings} {valid}"
    );
}

/// A component by a maker, in a document of this version, and what else stands in the component.
fn sbom(version: &str, more: &str) -> String {
    format!(
        "{{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"{version}\", \"components\": [{{\"type\": \"library\", \"name\": \"sdk\", \
         \"supplier\": {{\"name\": \"AO Kaspersky Lab\"}}{more}}}]}}"
    )
}

/// The values under a name in the properties of an object.
fn values<'v>(of: &'v Value, name: &str) -> Vec<&'v str> {
    let all = of["properties"].as_array().into_iter().flatten();
    all.filter(|p| p["name"] == name).map(|p| p["value"].as_str().unwrap()).collect()
}

#[test]
fn the_next_tool_sees_the_finding_at_its_component() {
    let (report, copy) = annotated(sbom("1.6", "").as_bytes());
    let copy: Value = serde_json::from_slice(&copy).unwrap();
    let (component, finding) = (&copy["components"][0], &report.findings[0]);
    assert_eq!(values(component, "unlabel:finding"), [finding.id.as_str()]);
    assert_eq!(values(component, "unlabel:level"), [finding.level.id()]);
    assert_eq!(values(component, "unlabel:relation"), ["supplied-by"]);
    assert_eq!(values(component, "unlabel:strength"), ["strong"]);
    assert_eq!(values(component, "unlabel:evidence"), ["supplier at /components/0/supplier/name"]);
    assert_eq!(values(component, "unlabel:rule"), ["%6Baspersky"]);
    assert_eq!(values(component, "unlabel:regime").len(), finding.assessments.len());
    assert!(values(component, "unlabel:question").len() > 5 && values(component, "unlabel:source").len() > 1);
    let document = &copy["metadata"];
    assert_eq!(values(document, "unlabel:as-of"), [report.context.as_of.as_str()]);
    assert_eq!((values(document, "unlabel:read"), values(document, "unlabel:findings")), (vec!["read"], vec!["1"]));
    assert!(values(document, "unlabel:rules")[0].contains(&report.rules.sha256));
    for name in copy.to_string().split('"').filter(|text| text.starts_with("unlabel:")) {
        assert!(NAMES.contains(&name), "{name}");
        let page = std::fs::read_to_string(crate::support::root().join("docs/output.md")).unwrap();
        assert!(page.contains(&format!("`{name}`")), "{name} is not in docs/output.md");
    }
}

/// A copy in which nothing was found says how far it was read.
#[test]
fn nothing_found_is_no_all_clear_in_a_copy_either() {
    let thin = br#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"name": "x"}]}"#;
    let copy = String::from_utf8(holds("thin", thin)).unwrap();
    assert!(copy.contains("\"unlabel:no-all-clear\", \"value\": \"it discloses too little to tell\""), "{copy}");
    let part = br#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [null, {"name": "x"}]}"#;
    let copy = String::from_utf8(holds("part", part)).unwrap();
    assert!(copy.contains("read in part, so components may have gone unseen: not-a-component, line 1"), "{copy}");
    assert!(copy.contains("\"unlabel:read\", \"value\": \"partial\""), "{copy}");
}

#[test]
fn every_way_of_writing_is_kept() {
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&sbom("1.5", "")).unwrap()).unwrap();
    for text in [
        sbom("1.6", ""),
        sbom("1.3", ", \"properties\": []"),
        sbom("1.4", ", \"properties\": [ ]"),
        sbom("1.6", ", \"properties\": [{\"name\": \"a\", \"value\": \"b\"}]"),
        sbom("1.6", ", \"properties\": null"),
        sbom("1.6", "").replace(": ", ":").replace(", ", ","),
        sbom("1.6", "").replace("\"components\"", "\"metadata\": {}, \"components\""),
        sbom("1.6", "").replace("\"components\"", "\"metadata\": {\"properties\": [\n]}, \"components\""),
        sbom("1.6", "").replace("\"components\"", "\"comp\\u006fnents\""),
        // Both are read, and each has its place.
        sbom("1.6", "").replace("]}", "], \"components\": [{\"name\": \"b\", \"publisher\": \"Kaspersky\"}]}"),
        pretty.clone(),
        pretty.replace("  ", "\t"),
        pretty.replace('\n', "\r\n"),
        pretty.replace('\n', "\r"),
        pretty.replace("  ", "    ").replace('\n', "\n\n"),
        format!("\u{FEFF}{pretty}"),
        format!("{pretty}\n\n"),
    ] {
        let plain = holds(&text, text.as_bytes());
        let wide = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
            std::iter::once(0xFEFF).chain(text.trim_start_matches('\u{FEFF}').encode_utf16()).flat_map(unit).collect()
        };
        for wide in [wide(u16::to_le_bytes), wide(u16::to_be_bytes)] {
            let copy = holds(&text, &wide);
            assert_eq!(copy[..2], wide[..2]);
            let swap = copy[0] == 0xFE;
            let units: Vec<u16> =
                copy.chunks(2).map(|c| u16::from_le_bytes(if swap { [c[1], c[0]] } else { [c[0], c[1]] })).collect();
            let text = String::from_utf16(&units).unwrap();
            assert_eq!(
                text.trim_start_matches('\u{FEFF}'),
                String::from_utf8(plain.clone()).unwrap().trim_start_matches('\u{FEFF}')
            );
        }
        assert_eq!(plain.contains(&b'\r'), text.contains('\r'));
        assert!(
            !text.contains("\r\n")
                || plain.iter().filter(|b| **b == b'\n').count() == plain.iter().filter(|b| **b == b'\r').count()
        );
    }
}

#[test]
fn every_spelling_of_yaml_and_xml_is_kept() {
    let head = "bomFormat: CycloneDX\nspecVersion: '1.6'\n";
    let xml = |inner: &str| {
        format!("<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\">{inner}</bom>\n")
    };
    let component = "<component type=\"library\"><publisher>Kaspersky Lab</publisher><name>é</name>";
    let latin = format!(
        "<?xml version='1.0' encoding='ISO-8859-1'?><bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components>{component}\
         </component></components></bom>"
    );
    let latin: Vec<u8> = latin.chars().map(|c| c as u8).collect();
    for text in [
        format!("{head}components:\n- name: a\n  publisher: Kaspersky Lab\n").into_bytes(),
        format!("{head}components:\n  -   publisher: Kaspersky Lab\n      name: \"ü\"\n").replace('\n', "\r\n").into_bytes(),
        format!("{head}components: [{{name: a, publisher: Kaspersky Lab}}, {{publisher: Kaspersky, properties: []}}]").into_bytes(),
        format!("\u{FEFF}{head}components:\n- properties:\n  - name: x\n    value: y # é\n  # z\n  publisher: Kaspersky Lab\n").into_bytes(),
        format!("{head}components:\n- publisher: Kaspersky Lab\n  properties:\n    - {{name: x, value: y}}\n  name: a").into_bytes(),
        format!("{head}components:\n- properties: [{{name: x, value: y}}]\n  publisher: Kaspersky Lab\n").into_bytes(),
        format!("{head}components:\n- ? publisher\n  : Kaspersky Lab\n").into_bytes(),
        format!("{head}components:\n- &a\n  publisher: Kaspersky Lab\n- &b publisher: Kaspersky\n").into_bytes(),
        "# x\n{bomFormat: CycloneDX, specVersion: '1.6', components: [{publisher: Kaspersky Lab}]}\n".as_bytes().to_vec(),
        format!("---\n# x\n{head}metadata:\n  component: {{name: p}}\ncomponents:\n- publisher: Kaspersky Lab\n...\n").into_bytes(),
        xml(&format!("<components>{component}</component></components>")).into_bytes(),
        xml(&format!("\n  <metadata/>\n  <components>\n    {component}\n      <properties/>\n    </component>\n  </components>\n")).into_bytes(),
        xml(&format!("<metadata></metadata><components>\n{component}<properties>\n</properties>\n<components/><evidence/></component></components>")).into_bytes(),
        xml(&format!("\r\n<components>\r\n {component}\r\n  <!-- x -->\r\n  <x:y xmlns:x=\"urn:x\"/>\r\n </component></components>")).into_bytes(),
        xml(&format!("<components>{component}<properties><property name=\"a\">b</property></properties></component></components>"))
            .replace("xmlns=", "xmlns:c=").replace("</", "</c:").replace("<c", "<c:c").replace("<p", "<c:p").replace("<n", "<c:n").replace("<b", "<c:b").into_bytes(),
        latin,
    ] {
        let what = String::from_utf8_lossy(&text).into_owned();
        // An empty list is the one thing that is written anew.
        if what.contains("<properties/>") || what.contains("<metadata/>") {
            let (report, copy) = annotated(&text);
            let (again, twice) = annotated(&copy);
            assert!(found(&again) == found(&report) && twice == copy && !report.findings.is_empty(), "{what}");
            continue;
        }
        let copy = holds(&what, &text);
        assert!(!scan_text(&copy).findings.is_empty(), "{what}");
    }
}

/// Whatever our facts say is no evidence: not with the rules there are, in no field, under no finding.
#[test]
fn no_fact_is_evidence() {
    let reports: Vec<Report> = ["evidence", "twins", "real"].iter().map(|f| scanned(&fixture(f))).collect();
    let mut facts = std::collections::BTreeSet::new();
    for report in &reports {
        for number in 0..report.inputs.len() {
            let Ok(copy) = copied(report, number) else { continue };
            let Ok(value) = serde_json::from_slice::<Value>(&copy) else { continue };
            for object in value["components"].as_array().into_iter().flatten().chain([&value["metadata"]]) {
                for property in object["properties"].as_array().into_iter().flatten() {
                    let name = property["name"].as_str().unwrap_or_default();
                    if NAMES.contains(&name) {
                        facts.insert((name.to_owned(), property["value"].as_str().unwrap().to_owned()));
                    }
                }
            }
        }
    }
    assert!(facts.len() > 200, "{}", facts.len());
    let properties: Vec<Value> = facts.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let clean = json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
        {"type": "library", "name": "harmless", "version": "1", "properties": properties}]});
    let report = json(&scan_text(clean.to_string().as_bytes()));
    assert_eq!((&report["findings"], &report["set_aside"], &report["questions"]), (&json!([]), &json!([]), &json!([])));
    // Nor as the name or the text of something else, in which converters may put them.
    for (name, value) in &facts {
        for word in ["kaspersky", "Kaspersky", "касперск"] {
            assert!(!value.contains(word), "{name}: {value}");
        }
    }
}

/// Our name is no cloak: what stands in a property that is called like ours is evidence, and stays where it is.
#[test]
fn nobody_hides_evidence_behind_our_names() {
    for name in ["unlabel:level", "unlabel:question", "unlabel:other"] {
        let hidden = format!(", \"properties\": [{{\"name\": \"{name}\", \"value\": \"Kaspersky Lab\"}}]");
        let text = sbom("1.6", &hidden).replace("AO Kaspersky Lab", "Example Ltd");
        let copy = holds(&text, text.as_bytes());
        assert_eq!(scan_text(&copy).findings.len(), 1, "{name}");
        assert!(copy.windows(13).any(|w| w == b"Kaspersky Lab"), "{name}");
    }
    // What nobody found anything in is taken out: a copy never says two things.
    let forged = ", \"properties\": [{\"name\": \"unlabel:level\", \"value\": \"no-evidence\"}, {\"name\": \"x\", \"value\": \"y\"}]";
    let (report, copy) = annotated(sbom("1.6", forged).as_bytes());
    let copy: Value = serde_json::from_slice(&copy).unwrap();
    assert_eq!(values(&copy["components"][0], "unlabel:level"), [report.findings[0].level.id()]);
    assert_eq!(values(&copy["components"][0], "x"), ["y"]);
}

#[test]
fn what_cannot_be_annotated_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    for (name, bytes, words) in [
        ("old.json", sbom("1.2", "").into_bytes(), "CycloneDX before 1.3 has no properties"),
        ("cut.json", sbom("1.6", "").replace("]}", "]").into_bytes(), "broken at line 1, column"),
        ("more.json", (sbom("1.6", "") + " x").into_bytes(), "broken at line 1, column"),
        (
            "cut.spdx",
            b"SPDXVersion: SPDX-2.3\nPackageName: a\nPackageSupplier: Kaspersky Lab\nPackageComment: <text>".to_vec(),
            "broken at line 4",
        ),
        (
            "old.spdx",
            b"SPDXVersion: SPDX-1.2\nPackageName: a\nPackageSupplier: Kaspersky Lab\n".to_vec(),
            "SPDX before 2.0 has no annotations",
        ),
        ("none.json", b"{}".to_vec(), "it was not read"),
    ] {
        let report = scanned(&write(name, &bytes));
        let error = copied(&report, 0).unwrap_err().to_string();
        assert!(error.contains(words), "{name}: {error}");
    }
    let path = write("gone.json", sbom("1.6", "").as_bytes());
    let report = scanned(&path);
    std::fs::write(&path, sbom("1.6", "").replace("sdk", "sdl")).unwrap();
    assert!(matches!(copied(&report, 0), Err(AnnotateFault::Changed)));
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(copied(&report, 0), Err(AnnotateFault::Unreadable(_))));
}

/// What is packed or stands in an envelope is written as a document of its own.
#[test]
fn the_document_inside_is_written() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let text = sbom("1.6", "");
    let zip_path = folder.path().join("delivery.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&zip_path).unwrap());
    for name in ["a/sbom.json", "b/other.json"] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.replace("sdk", name).as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    let report = scanned(&zip_path);
    for (number, name) in ["a/sbom.json", "b/other.json"].iter().enumerate() {
        let copy = copied(&report, number).unwrap();
        assert!(grown_from(&copy, text.replace("sdk", name).as_bytes()), "{name}");
    }
    let gzip_path = folder.path().join("sbom.json.gz");
    let mut gzip =
        flate2::write::GzEncoder::new(std::fs::File::create(&gzip_path).unwrap(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap();
    let copy = copied(&scanned(&gzip_path), 0).unwrap();
    assert!(grown_from(&copy, text.as_bytes()) && scan_text(&copy).findings.len() == 1);
    let lines = folder.path().join("all.jsonl");
    std::fs::write(&lines, format!("{text}\n{}\n", text.replace("sdk", "two"))).unwrap();
    let copy = copied(&scanned(&lines), 1).unwrap();
    assert!(grown_from(&copy, text.replace("sdk", "two").as_bytes()));
    let statement = folder.path().join("x.intoto.json");
    let about = "\"_type\": \"https://in-toto.io/Statement/v1\", \"predicateType\": \"https://cyclonedx.org/bom\"";
    std::fs::write(&statement, format!("{{{about},\n \"predicate\": {text}}}")).unwrap();
    let copy = copied(&scanned(&statement), 0).unwrap();
    assert!(grown_from(&copy, text.as_bytes()), "{}", String::from_utf8_lossy(&copy));
    assert!(String::from_utf8(copy).unwrap().contains("unlabel:finding"));
}

/// A decision is told where the finding is, without the words of whoever took it.
#[test]
fn a_waived_finding_is_marked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("input");
    std::fs::write(&path, sbom("1.6", "")).unwrap();
    let mut value = json(&scanned(&path));
    value["findings"][0]["waiver"] = json!({"reason": "Kaspersky says so", "approver": "A", "expires": "2027-06-30"});
    value["findings"][0]["baseline"] = "known".into();
    value["summary"]["waived"] = 1.into();
    let report = unlabel::report::file::read(value.to_string().as_bytes());
    let copy: Value = serde_json::from_slice(&copied(&report.unwrap(), 0).unwrap()).unwrap();
    assert_eq!(values(&copy["components"][0], "unlabel:waived"), ["until 2027-06-30"]);
    assert_eq!(values(&copy["components"][0], "unlabel:baseline"), ["known"]);
}

/// A list whose only entries are notes from before is left empty, further in than its key, as YAML wants it.
#[test]
fn an_emptied_list_of_yaml_stands_further_in_than_its_key() {
    let text = "bomFormat: CycloneDX\nspecVersion: '1.6'\ncomponents:\n- type: library\n  name: x\n  properties:\n  - name: \
                unlabel:finding\n    value: '1'\n  version: '2'\n";
    let (_, copy) = annotated(text.as_bytes());
    let copy = String::from_utf8(copy).unwrap();
    assert!(!copy.contains("unlabel:finding\n"), "{copy}");
    let line = copy.lines().find(|line| line.contains("[]")).unwrap();
    assert!(line.starts_with("  properties:") || line.find("[]").unwrap() > 2, "{copy}");
}
