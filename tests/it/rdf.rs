//! SPDX 2 in RDF/XML: the same findings as in JSON, at the places of the XML, in whatever shape the graph is written, and
//! what becomes of RDF that is broken or made to hurt.

use crate::support::{documents, editor_position, fixture, json, rendered, scan_everything, scan_fixture, scan_text};
use crate::xml::facts;
use serde_json::Value;
use std::fmt::Write as _;

pub const HEAD: &str = r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:spdx="http://spdx.org/rdf/terms#"
  xmlns:doap="http://usefulinc.com/ns/doap#" xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#">"#;
pub const DOCUMENT: &str = r#"<spdx:SpdxDocument rdf:about="urn:d#SPDXRef-DOCUMENT"><spdx:specVersion>SPDX-2.3</spdx:specVersion></spdx:SpdxDocument>"#;
pub const PLANTED: &str = r#"<spdx:Package rdf:about="urn:d#SPDXRef-p"><spdx:name>p</spdx:name><spdx:supplier>Organization: Kaspersky Lab</spdx:supplier></spdx:Package>"#;

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\r', "&#13;")
}

/// How an RDF document of the same facts is written.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// Node after node, each text in an element.
    Flat,
    /// As the tools write it: what is related stands in the relationship, once.
    Nested,
    /// In the opposite order, as descriptions with types and attributes, in other prefixes.
    Described,
}

struct Writer<'d> {
    document: &'d Value,
    way: Way,
    written: Vec<String>,
}

fn each<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().into_iter().flatten()
}

fn camel(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    let mut parts = lower.split(['_', '-']);
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |out, part| out + &part[..1].to_uppercase() + &part[1..])
}

impl Writer<'_> {
    fn iri(&self, reference: &str) -> String {
        match reference.split_once(':') {
            Some((document, reference)) => {
                let other = each(self.document, "externalDocumentRefs").find(|d| d["externalDocumentId"] == document);
                format!("{}#{reference}", other.unwrap()["spdxDocument"].as_str().unwrap())
            }
            None if matches!(reference, "NONE" | "NOASSERTION") => {
                format!("http://spdx.org/rdf/terms#{}", reference.to_ascii_lowercase())
            }
            None => format!("{}#{reference}", self.document["documentNamespace"].as_str().unwrap()),
        }
    }

    fn license(&self, value: &str) -> String {
        let simple = |id: &str| !id.contains([' ', '(', '/', '&', '%']) && id.is_ascii();
        let iri = |id: &str| match id {
            "NONE" | "NOASSERTION" => self.iri(id),
            id if id.starts_with("LicenseRef-") => self.iri(id),
            id => format!("http://spdx.org/licenses/{id}"),
        };
        let set = value.strip_prefix('(').and_then(|v| v.strip_suffix(')'));
        for (word, class) in [(" AND ", "ConjunctiveLicenseSet"), (" OR ", "DisjunctiveLicenseSet")] {
            if let Some(set) = set.filter(|set| set.contains(word) && set.split(word).all(simple)) {
                let members: String =
                    set.split(word).map(|id| format!("<spdx:member rdf:resource=\"{}\"/>", iri(id))).collect();
                return format!("><spdx:{class}>{members}</spdx:{class}>");
            }
        }
        match simple(value) {
            true => format!(" rdf:resource=\"{}\">", iri(value)),
            false => format!(">{}", escaped(value)),
        }
    }

    /// The properties of one package, file, snippet or license.
    fn properties(&mut self, value: &Value) -> Vec<(&'static str, String)> {
        let mut out = Vec::new();
        for (key, term) in TEXTS {
            for text in value[*key].as_str().into_iter().chain(each(value, key).filter_map(Value::as_str)) {
                out.push((*term, format!(">{}", escaped(text))));
            }
        }
        for (key, term) in LICENSES {
            for text in value[*key].as_str().into_iter().chain(each(value, key).filter_map(Value::as_str)) {
                out.push((*term, self.license(text)));
            }
        }
        for (key, term) in [("snippetFromFile", "spdx:snippetFromFile"), ("hasFiles", "spdx:hasFile")] {
            for text in value[key].as_str().into_iter().chain(each(value, key).filter_map(Value::as_str)) {
                out.push((term, format!(" rdf:resource=\"{}\">", self.iri(text))));
            }
        }
        if let Some(purpose) = value["primaryPackagePurpose"].as_str() {
            let iri = format!(" rdf:resource=\"http://spdx.org/rdf/terms#purpose_{}\">", camel(purpose));
            out.push(("spdx:primaryPackagePurpose", iri));
        }
        if let Some(code) = value["packageVerificationCode"]["packageVerificationCodeValue"].as_str() {
            out.push(("spdx:packageVerificationCode", format!("><spdx:PackageVerificationCode><spdx:packageVerificationCodeValue>{code}</spdx:packageVerificationCodeValue></spdx:PackageVerificationCode>")));
        }
        for sum in each(value, "checksums") {
            let [kind, digest] = ["algorithm", "checksumValue"].map(|key| sum[key].as_str().unwrap());
            out.push(("spdx:checksum", format!("><spdx:Checksum><spdx:algorithm rdf:resource=\"http://spdx.org/rdf/terms#checksumAlgorithm_{}\"/><spdx:checksumValue>{digest}</spdx:checksumValue></spdx:Checksum>", kind.to_lowercase())));
        }
        for reference in each(value, "externalRefs") {
            let [kind, locator] = ["referenceType", "referenceLocator"].map(|key| reference[key].as_str().unwrap());
            let kind =
                if kind.contains(':') { kind.to_owned() } else { format!("http://spdx.org/rdf/references/{kind}") };
            out.push(("spdx:externalRef", format!("><spdx:ExternalRef><spdx:referenceType rdf:resource=\"{}\"/><spdx:referenceLocator>{}</spdx:referenceLocator></spdx:ExternalRef>", escaped(&kind), escaped(locator))));
        }
        out
    }

    fn node(&mut self, class: &str, value: &Value) -> String {
        let reference = value["SPDXID"].as_str().or(value["licenseId"].as_str()).unwrap().to_owned();
        let iri = self.iri(&reference);
        if self.written.contains(&reference) {
            return format!("<rdf:Description rdf:about=\"{iri}\"/>\n");
        }
        self.written.push(reference.clone());
        let mut properties = self.properties(value);
        let mut related: Vec<String> = Vec::new();
        let document = self.document;
        for relation in each(document, "relationships").filter(|r| r["spdxElementId"] == reference.as_str()) {
            related.push(self.relation(relation));
        }
        for described in each(value, "documentDescribes") {
            let there = self.iri(described.as_str().unwrap());
            related.push(format!("<spdx:describesPackage rdf:resource=\"{there}\"/>\n"));
        }
        let mut out = String::new();
        if self.way == Way::Described {
            // Texts of one line become attributes.
            properties.reverse();
            let (plain, rest): (Vec<_>, Vec<_>) = properties.iter().partition(|(term, text)| {
                text.starts_with('>')
                    && !text.contains(['\n', '\t'])
                    && !text.starts_with("><")
                    && properties.iter().filter(|p| p.0 == *term).count() == 1
            });
            write!(out, "<rdf:Description rdf:about='{iri}'").unwrap();
            plain.iter().for_each(|(term, text)| write!(out, " {term}=\"{}\"", &text[1..]).unwrap());
            writeln!(out, ">").unwrap();
            related.iter().rev().for_each(|text| out.push_str(text));
            rest.iter().for_each(|(term, text)| writeln!(out, "<{term}{text}</{term}>").unwrap());
            writeln!(out, "<rdf:type rdf:resource=\"http://spdx.org/rdf/terms#{class}\"/></rdf:Description>").unwrap();
        } else {
            writeln!(out, "<spdx:{class} rdf:about=\"{iri}\">").unwrap();
            properties.iter().for_each(|(term, text)| writeln!(out, "  <{term}{text}</{term}>").unwrap());
            related.iter().for_each(|text| out.push_str(text));
            writeln!(out, "</spdx:{class}>").unwrap();
        }
        out
    }

    fn relation(&mut self, relation: &Value) -> String {
        let [kind, to] = ["relationshipType", "relatedSpdxElement"].map(|key| relation[key].as_str().unwrap());
        let document = self.document;
        let find = |list: &str| each(document, list).find(|v| v["SPDXID"] == to);
        let inner =
            [("packages", "Package"), ("files", "File")].iter().find_map(|(list, class)| Some((find(list)?, *class)));
        let target = match inner {
            Some((value, class)) if self.way == Way::Nested => {
                format!("<spdx:relatedSpdxElement>{}</spdx:relatedSpdxElement>", self.node(class, value))
            }
            _ => format!("<spdx:relatedSpdxElement rdf:resource=\"{}\"/>", self.iri(to)),
        };
        format!(
            "<spdx:relationship><spdx:Relationship><spdx:relationshipType rdf:resource=\"http://spdx.org/rdf/terms#relationshipType_{}\"/>{target}</spdx:Relationship></spdx:relationship>\n",
            camel(kind)
        )
    }

    fn write(mut self) -> String {
        let document = self.document;
        let version = document["spdxVersion"].as_str().unwrap();
        let mut nodes = Vec::new();
        for (list, class) in [
            ("packages", "Package"),
            ("files", "File"),
            ("snippets", "Snippet"),
            ("hasExtractedLicensingInfos", "ExtractedLicensingInfo"),
        ] {
            for value in each(document, list) {
                // What was written inside of something is written.
                let text = self.node(class, value);
                if !text.starts_with("<rdf:Description") || self.way == Way::Described {
                    nodes.push(text);
                }
            }
        }
        let mut node = self.node("SpdxDocument", document);
        let mut inner = format!("<spdx:specVersion>{version}</spdx:specVersion>\n");
        for other in each(document, "externalDocumentRefs") {
            let [id, there] = ["externalDocumentId", "spdxDocument"].map(|key| other[key].as_str().unwrap());
            write!(inner, "<spdx:externalDocumentRef><spdx:ExternalDocumentRef><spdx:externalDocumentId>{id}</spdx:externalDocumentId><spdx:spdxDocument rdf:resource=\"{there}\"/></spdx:ExternalDocumentRef></spdx:externalDocumentRef>").unwrap();
        }
        let at = node.find(">\n").unwrap() + 2;
        node.insert_str(at, &inner);
        nodes.push(node);
        if self.way == Way::Described {
            nodes.reverse();
        }
        let text = format!("<?xml version=\"1.0\"?>\n<!-- für die Spalten -->\n{HEAD}\n{}</rdf:RDF>\n", nodes.concat());
        match self.way {
            Way::Described => text
                .replace("spdx:", "s:")
                .replace("xmlns:spdx", "xmlns:s")
                .replace("xmlns:doap", "xmlns:j.0")
                .replace("doap:", "j.0:"),
            _ => text,
        }
    }
}

const TEXTS: &[(&str, &str)] = &[
    ("name", "spdx:name"),
    ("versionInfo", "spdx:versionInfo"),
    ("packageFileName", "spdx:packageFileName"),
    ("fileName", "spdx:fileName"),
    ("supplier", "spdx:supplier"),
    ("originator", "spdx:originator"),
    ("downloadLocation", "spdx:downloadLocation"),
    ("homepage", "doap:homepage"),
    ("licenseComments", "spdx:licenseComments"),
    ("copyrightText", "spdx:copyrightText"),
    ("noticeText", "spdx:noticeText"),
    ("attributionTexts", "spdx:attributionText"),
    ("fileContributors", "spdx:fileContributor"),
    ("description", "spdx:description"),
    ("comment", "rdfs:comment"),
    ("extractedText", "spdx:extractedText"),
    ("licenseId", "spdx:licenseId"),
    ("seeAlsos", "rdfs:seeAlso"),
    ("releaseDate", "spdx:releaseDate"),
];

const LICENSES: &[(&str, &str)] = &[
    ("licenseConcluded", "spdx:licenseConcluded"),
    ("licenseDeclared", "spdx:licenseDeclared"),
    ("licenseInfoFromFiles", "spdx:licenseInfoFromFiles"),
    ("licenseInfoInFiles", "spdx:licenseInfoInFile"),
    ("licenseInfoInSnippets", "spdx:licenseInfoInSnippet"),
];

/// What stands in a text at a line and column.
fn at(text: &str, line: u64, column: u64) -> &str {
    let start: usize = text.split_inclusive('\n').take(line as usize - 1).map(str::len).sum();
    let (offset, _) = text[start..].char_indices().nth(column as usize - 1).unwrap();
    &text[start + offset..]
}

/// Facts without pointers, which follow the order of the document.
fn unordered(report: &Value) -> Vec<String> {
    let mut all: Vec<String> = facts(report)
        .into_iter()
        .map(|mut fact| {
            for evidence in fact["evidence"].as_array_mut().unwrap() {
                *evidence = evidence.as_str().unwrap().rsplit_once(" /").unwrap().0.into();
            }
            fact["evidence"].as_array_mut().unwrap().sort_by_key(Value::to_string);
            fact.to_string()
        })
        .collect();
    all.sort();
    all
}

#[test]
fn every_piece_of_evidence_in_json_is_found_in_rdf_at_its_place() {
    let (mut compared, mut places) = (0, 0);
    for folder in ["evidence/spdx2", "evidence/mentions", "twins"] {
        for path in documents(folder, ".json").into_iter().filter(|path| path.starts_with(fixture(folder))) {
            let Ok(document) = serde_json::from_slice::<Value>(&std::fs::read(&path).unwrap()) else { continue };
            if !document["spdxVersion"].is_string() {
                continue;
            }
            let of_json = json(&scan_text(&serde_json::to_vec(&document).unwrap()));
            for way in [Way::Flat, Way::Nested, Way::Described] {
                let text = Writer { document: &document, way, written: Vec::new() }.write();
                let report = scan_text(text.as_bytes());
                assert_eq!(rendered(&report, "json"), rendered(&scan_everything(text.as_bytes()), "json"), "{path:?}");
                let of_rdf = json(&report);
                let input = &of_rdf["inputs"][0];
                assert_eq!(
                    (&input["status"], &input["serialization"]),
                    (&"read".into(), &"rdf-xml".into()),
                    "{path:?}:\n{input}\n{text}"
                );
                for key in ["components", "disclosure", "product", "spec_version"] {
                    assert_eq!(input[key], of_json["inputs"][0][key], "{key} of {path:?}:\n{text}");
                }
                assert_eq!(unordered(&of_rdf), unordered(&of_json), "{path:?}:\n{text}");
                if way == Way::Flat {
                    assert_eq!(facts(&of_rdf), facts(&of_json), "{path:?}:\n{text}");
                }
                for evidence in of_rdf["findings"].as_array().unwrap().iter().flat_map(|f| each(f, "evidence")) {
                    let there = at(&text, evidence["line"].as_u64().unwrap(), evidence["column"].as_u64().unwrap());
                    let value = there.split(['<', '"']).next().unwrap();
                    let found = escaped(evidence["found"].as_str().unwrap().trim());
                    // A set of licenses is told where it begins.
                    assert!(
                        value.contains(&found) || there.starts_with("<s"),
                        "{evidence} stands at {there:.60}:\n{text}"
                    );
                    places += 1;
                }
                compared += 1;
            }
        }
    }
    assert!(compared > 200 && places > 200, "{compared} documents, {places} places");
}

#[test]
fn the_same_facts_in_rdf_are_the_same_findings() {
    for case in ["clean", "file-in-package", "license-text", "purl-and-download", "supplier-and-cpe"] {
        let of = |file: &str| json(&scan_fixture(&format!("twins/{case}/{file}")));
        let (of_rdf, of_json) = (of("spdx2.rdf.xml"), of("spdx2.json"));
        assert_eq!(of_rdf["inputs"][0]["problems"], Value::Array(Vec::new()), "{case}");
        assert_eq!(unordered(&of_rdf), unordered(&of_json), "{case}");
        assert_eq!(of_rdf["inputs"][0]["disclosure"], of_json["inputs"][0]["disclosure"], "{case}");
        assert_eq!(of_rdf["inputs"][0]["product"], of_json["inputs"][0]["product"], "{case}");
    }
}

#[test]
fn real_documents_are_read_whole() {
    for (file, version, components, codes) in [
        ("rdf/spdx23-tools-python-parser.rdf.xml", "2.3", 4, vec![]),
        // Its package has no name, and a `>` stands where there should be none.
        ("rdf/spdx23-ntia-missing-component-name.rdf", "2.3", 5, vec!["unknown-value", "missing-name"]),
        ("rdf/spdx-tools-python-without-ids.rdf.xml", "", 3, vec!["missing-name", "unknown-version"]),
    ] {
        let report = json(&scan_fixture(file));
        let input = &report["inputs"][0];
        let told: Vec<&str> = each(input, "problems").map(|p| p["code"].as_str().unwrap()).collect();
        assert_eq!((&input["status"], &input["spec_version"]), (&"read".into(), &version.into()), "{file}: {input}");
        assert_eq!((&input["components"], told), (&components.into(), codes), "{file}: {input}");
    }
}

fn told(text: &str) -> (String, Vec<String>, usize) {
    let report = json(&scan_text(text.as_bytes()));
    let input = &report["inputs"][0];
    let codes = each(input, "problems").map(|p| p["code"].as_str().unwrap().to_owned()).collect();
    (input["status"].as_str().unwrap().to_owned(), codes, report["findings"].as_array().unwrap().len())
}

pub fn document(inside: &str) -> String {
    format!("{HEAD}{DOCUMENT}\n{inside}</rdf:RDF>")
}

/// Each body plants the same supplier in another shape of RDF/XML; `|` stands before its value.
#[test]
fn a_supplier_is_seen_in_whatever_shape_the_graph_is_written() {
    const NAME: &str = "Kaspersky Lab";
    for body in [
        "<spdx:Package rdf:about='urn:d#SPDXRef-a'><spdx:supplier>|Organization: Kaspersky Lab</spdx:supplier></spdx:Package>",
        "<spdx:Package rdf:ID='SPDXRef-a' spdx:supplier='|Organization: Kaspersky Lab'/>",
        "<spdx:Package spdx:supplier='|Organization: Kaspersky Lab'/>",
        "<rdf:Description rdf:about='urn:d#a' rdf:type='http://spdx.org/rdf/terms#Package' spdx:supplier='|Organization: Kaspersky Lab'/>",
        "<rdf:Description><spdx:supplier>|Organization: Kaspersky Lab</spdx:supplier><rdf:type rdf:resource='http://spdx.org/rdf/terms#Package'/></rdf:Description>",
        // No class at all: only a package has a supplier.
        "<rdf:Description rdf:nodeID='n'><spdx:supplier>|Organization: Kaspersky Lab</spdx:supplier></rdf:Description>",
        // The same node, described in two places.
        "<spdx:Package rdf:about='urn:d#a'><spdx:name>a</spdx:name></spdx:Package><rdf:Description rdf:about='urn:d#a'><spdx:supplier>|Organization: Kaspersky Lab</spdx:supplier></rdf:Description>",
        "<rdf:Description rdf:nodeID='n'><spdx:supplier>|Organization: Kaspersky Lab</spdx:supplier></rdf:Description><spdx:Package rdf:nodeID='n'/>",
        // Said twice: RDF has it once.
        "<spdx:Package rdf:about='urn:d#a'><spdx:supplier>|Organization: Kaspersky Lab</spdx:supplier></spdx:Package><spdx:Package rdf:about='urn:d#a' spdx:supplier='Organization: Kaspersky Lab'/>",
        // Inside of what refers to it, in every way.
        "<spdx:File rdf:about='urn:d#f'><spdx:relationship><spdx:Relationship><spdx:relatedSpdxElement><spdx:Package><spdx:supplier>|Organization: Kaspersky Lab</spdx:supplier></spdx:Package></spdx:relatedSpdxElement></spdx:Relationship></spdx:relationship></spdx:File>",
        "<spdx:File><spdx:relationship rdf:parseType='Resource'><spdx:relatedSpdxElement rdf:parseType='Resource'><spdx:supplier>|Organization: Kaspersky Lab</spdx:supplier></spdx:relatedSpdxElement></spdx:relationship></spdx:File>",
        "<spdx:File><spdx:relationship><rdf:Description><spdx:relatedSpdxElement spdx:supplier='|Organization: Kaspersky Lab'/></rdf:Description></spdx:relationship></spdx:File>",
        "<spdx:SpdxDocument rdf:about='urn:e'><spdx:describesPackage rdf:parseType='Collection'><spdx:Package spdx:name='x'/><spdx:Package spdx:supplier='|Organization: Kaspersky Lab'/></spdx:describesPackage></spdx:SpdxDocument>",
        "<x:anything xmlns:x='urn:x'><x:part><spdx:Package><spdx:supplier>|Organization: Kaspersky Lab</spdx:supplier></spdx:Package></x:part></x:anything>",
        // Relative to a base, and by another prefix.
        "<spdx:Package xml:base='http://example.com/d' rdf:about='#a'><spdx:name>a</spdx:name></spdx:Package><t:Package xmlns:t='https://spdx.org/rdf/terms#' rdf:about='http://example.com/d#a'><t:supplier>|Organization: Kaspersky Lab</t:supplier></t:Package>",
        "<Package xmlns='http://spdx.org/rdf/terms#'><supplier>|Organization: Kaspersky Lab</supplier></Package>",
        // As XML spells it.
        "<spdx:Package><spdx:supplier>\n  |<![CDATA[Organization: Kaspersky]]> <!-- x -->L&#97;b\n</spdx:supplier></spdx:Package>",
        "<spdx:Package><spdx:supplier rdf:parseType='Literal'>|Organization: <b xmlns=''>Kaspersky</b> Lab</spdx:supplier></spdx:Package>",
        "<spdx:Package><spdx:supplier rdf:datatype='http://www.w3.org/2001/XMLSchema#string' xml:lang='en'>|Organization: Kaspersky Lab</spdx:supplier></spdx:Package>",
        // A node where a text should stand.
        "<spdx:Package><spdx:supplier><x:Agent xmlns:x='urn:x'><x:name>|Organization: Kaspersky Lab</x:name></x:Agent></spdx:supplier></spdx:Package>",
        "<spdx:Package><spdx:supplier rdf:nodeID='k'/></spdx:Package><x:Agent xmlns:x='urn:x' rdf:nodeID='k'><x:name>|Organization: Kaspersky Lab</x:name></x:Agent>",
    ] {
        let marked = document(body);
        let offset = marked.find('|').unwrap();
        let text = marked.replacen('|', "", 1);
        let report = json(&scan_text(text.as_bytes()));
        assert_eq!(report["findings"].as_array().unwrap().len(), 1, "{body}: {}", report["inputs"]);
        let evidence = &report["findings"][0]["evidence"][0];
        assert_eq!(evidence["found"], NAME, "{body}");
        assert!(evidence["pointer"].as_str().unwrap().ends_with("/supplier"), "{body}: {evidence}");
        let offset = if body.contains("<![CDATA") { offset + "<![CDATA[".len() } else { offset };
        let place = (evidence["line"].as_u64().unwrap(), evidence["column"].as_u64().unwrap());
        assert_eq!(place, editor_position(text.as_bytes(), offset), "{body}");
        assert_eq!(report["inputs"][0]["status"], "read", "{body}");
    }
}

/// Everything a license can be, and the text that the JSON of the same document has.
#[test]
fn licenses_are_told_as_expressions() {
    for (license, text) in [
        ("<spdx:licenseDeclared rdf:resource='http://spdx.org/licenses/LicenseRef-k'/>", "LicenseRef-k"),
        ("<spdx:licenseDeclared rdf:resource='https://spdx.org/licenses/Kaspersky-Lab.html'/>", "Kaspersky-Lab"),
        (
            "<spdx:licenseDeclared><spdx:ConjunctiveLicenseSet><spdx:member rdf:resource='http://spdx.org/licenses/MIT'/><spdx:member rdf:resource='urn:d#LicenseRef-Kaspersky-Lab'/></spdx:ConjunctiveLicenseSet></spdx:licenseDeclared>",
            "(MIT AND LicenseRef-Kaspersky-Lab)",
        ),
        (
            "<spdx:licenseDeclared><spdx:DisjunctiveLicenseSet><spdx:member rdf:nodeID='s'/><spdx:member rdf:resource='urn:d#LicenseRef-Kaspersky-Lab'/></spdx:DisjunctiveLicenseSet></spdx:licenseDeclared>",
            "((A AND B) OR LicenseRef-Kaspersky-Lab)",
        ),
        (
            "<spdx:licenseDeclared><spdx:WithExceptionOperator><spdx:member><spdx:OrLaterOperator><spdx:member rdf:resource='urn:d#LicenseRef-Kaspersky-Lab'/></spdx:OrLaterOperator></spdx:member><spdx:licenseException><spdx:LicenseException><spdx:licenseExceptionId>X-exception</spdx:licenseExceptionId></spdx:LicenseException></spdx:licenseException></spdx:WithExceptionOperator></spdx:licenseDeclared>",
            "LicenseRef-Kaspersky-Lab+ WITH X-exception",
        ),
        (
            "<spdx:licenseDeclared><spdx:ExtractedLicensingInfo rdf:about='urn:d#LicenseRef-9'><spdx:licenseId>LicenseRef-Kaspersky-Lab</spdx:licenseId></spdx:ExtractedLicensingInfo></spdx:licenseDeclared>",
            "LicenseRef-Kaspersky-Lab",
        ),
        ("<spdx:licenseDeclared>Kaspersky Lab License</spdx:licenseDeclared>", "Kaspersky Lab License"),
        ("<spdx:licenseDeclared rdf:resource='http://spdx.org/rdf/terms#noassertion'/>", "NOASSERTION"),
        ("<spdx:licenseDeclared><spdx:SpdxNoneLicense/></spdx:licenseDeclared>", "NONE"),
        // A set that holds itself.
        (
            "<spdx:licenseDeclared><spdx:ConjunctiveLicenseSet rdf:nodeID='c'><spdx:member rdf:nodeID='c'/><spdx:member rdf:resource='http://spdx.org/licenses/MIT'/></spdx:ConjunctiveLicenseSet></spdx:licenseDeclared>",
            "(NOASSERTION AND MIT)",
        ),
    ] {
        let body = format!(
            "<spdx:Package rdf:about='urn:d#p'><spdx:name>p</spdx:name>{license}</spdx:Package><spdx:ConjunctiveLicenseSet rdf:nodeID='s'><spdx:member rdf:resource='http://spdx.org/licenses/A'/><spdx:member rdf:resource='http://spdx.org/licenses/B'/></spdx:ConjunctiveLicenseSet>"
        );
        let tree = crate::rdf_oracle::tree(document(&body).as_bytes());
        assert_eq!(tree["packages"][0]["licenseDeclared"], text, "{license}: {tree}");
    }
}

#[test]
fn names_of_other_documents_and_of_no_document_are_kept_apart() {
    let body = "<spdx:SpdxDocument rdf:about='urn:d#SPDXRef-DOCUMENT'><spdx:externalDocumentRef><spdx:ExternalDocumentRef rdf:about='urn:d#DocumentRef-o'><spdx:spdxDocument rdf:resource='urn:o'/></spdx:ExternalDocumentRef></spdx:externalDocumentRef></spdx:SpdxDocument>
      <spdx:Package rdf:about='urn:d#SPDXRef-a'><spdx:relationship><spdx:Relationship><spdx:relationshipType rdf:resource='http://spdx.org/rdf/terms#relationshipType_dependsOn'/><spdx:relatedSpdxElement rdf:resource='urn:o#SPDXRef-b'/></spdx:Relationship></spdx:relationship>
      <spdx:relationship><spdx:Relationship><spdx:relationshipType rdf:resource='http://spdx.org/rdf/terms#relationshipType_contains'/><spdx:relatedSpdxElement rdf:resource='urn:d#DocumentRef-o%3ASPDXRef-c'/></spdx:Relationship></spdx:relationship></spdx:Package>
      <spdx:Package rdf:about='urn:x#SPDXRef-a'/>";
    let tree = crate::rdf_oracle::tree(document(body).as_bytes());
    let to = |n: usize| tree["relationships"][n]["relatedSpdxElement"].as_str().unwrap();
    assert_eq!((to(0), to(1)), ("DocumentRef-o:SPDXRef-b", "DocumentRef-o:SPDXRef-c"));
    assert_eq!(tree["relationships"][0]["relationshipType"], "DEPENDS_ON");
    assert_eq!(tree["packages"][0]["SPDXID"], "SPDXRef-a");
    // Another package with the same end of its name is another package.
    assert_eq!(tree["packages"][1]["SPDXID"], "urn:x#SPDXRef-a");
}

#[test]
fn what_is_wrong_is_told_and_the_rest_is_read() {
    let planted = document(PLANTED);
    for (text, status, codes) in [
        (planted.clone(), "read", vec![]),
        (planted.replace("</rdf:RDF>", ""), "partial", vec!["syntax"]),
        (planted.replace("</rdf:RDF>", "<spdx:Package><spdx:name>q</spdx:name>"), "partial", vec!["syntax"]),
        (planted.replace("</rdf:RDF>", "<spdx:Package><spdx:name>q</spdx:name></spdx:File></rdf:RDF>"), "partial", vec!["syntax"]),
        (format!("{planted}<more/>"), "partial", vec!["syntax"]),
        (format!("<!DOCTYPE rdf:RDF [<!ENTITY s \"http://spdx.org/rdf/terms#\">]>{planted}"), "partial", vec!["syntax"]),
        (planted.replace("<spdx:name>p", "<spdx:name>&vendor;"), "partial", vec!["bad-text", "syntax"]),
        (planted.replace(" xmlns:spdx=\"http://spdx.org/rdf/terms#\"", " xmlns:o=\"http://spdx.org/rdf/terms#\" o:name=\"x\" rdf:resource=\"http://spdx.org/rdf/terms#Package\""), "read", vec!["unknown-value"]),
        (planted.replace("</rdf:RDF>", "<lost:Package/></rdf:RDF>"), "partial", vec!["unknown-value"]),
        (planted.replace("</rdf:RDF>", "loose</rdf:RDF>"), "read", vec!["unknown-value"]),
        (planted.replace("</rdf:RDF>", &format!("{}</rdf:RDF>", PLANTED.replace(">p<", ">q<"))), "read", vec!["duplicate-key"]),
        (planted.replace("SPDX-2.3", "SPDX-2.9"), "read", vec!["unknown-version"]),
        (planted.replace("<spdx:name>p</spdx:name>", "<spdx:name>p</spdx:name><spdx:description>a \u{1A} b</spdx:description>"), "read", vec!["bad-text"]),
    ] {
        assert_eq!(told(&text), (status.to_owned(), codes.iter().map(|c| (*c).to_owned()).collect(), 1), "{text}");
    }
    let cut = json(&scan_text(format!("{HEAD}{DOCUMENT}\n{PLANTED}").as_bytes()));
    let problem = &cut["inputs"][0]["problems"][0];
    assert!(problem["message"].as_str().unwrap().contains("cut off"), "{problem}");
    assert_eq!((problem["line"].as_u64(), problem["column"].as_u64()), (Some(3), Some(PLANTED.len() as u64 + 1)));
}

#[test]
fn other_graphs_and_other_syntaxes_of_rdf_are_named() {
    for (text, code, hint) in [
        (
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:doap='http://usefulinc.com/ns/doap#'><doap:Project><doap:name>Kaspersky</doap:name></doap:Project></rdf:RDF>",
            "not-an-sbom",
            "",
        ),
        (
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:spdx='http://spdx.org/rdf/terms#'><spdx:ListedLicense rdf:about='http://spdx.org/licenses/MIT'><spdx:name>Kaspersky</spdx:name></spdx:ListedLicense></rdf:RDF>",
            "not-an-sbom",
            "",
        ),
        (
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:s='https://spdx.org/rdf/3.0.1/terms/Software/'><s:Package rdf:about='urn:p'/></rdf:RDF>",
            "unsupported",
            "SPDX 3 in RDF/XML",
        ),
        (
            "# a comment\n@prefix spdx: <http://spdx.org/rdf/terms#> .\n<urn:p> a spdx:Package .\n",
            "unsupported",
            "SPDX in Turtle",
        ),
        ("PREFIX spdx: <http://spdx.org/rdf/terms#>\n<urn:p> a spdx:Package .\n", "unsupported", "SPDX in Turtle"),
        (
            "<http://example.com/p> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://spdx.org/rdf/terms#Package> .\n",
            "unsupported",
            "N-Triples",
        ),
        (
            "_:p <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://spdx.org/rdf/terms#Package> .\n",
            "unsupported",
            "Turtle",
        ),
    ] {
        let report = json(&scan_text(text.as_bytes()));
        let problem = &report["inputs"][0]["problems"][0];
        assert_eq!((&report["inputs"][0]["status"], &problem["code"]), (&"unread".into(), &code.into()), "{text}");
        assert!(problem["message"].as_str().unwrap().contains(hint), "{problem}");
    }
    // One node alone, without an element around it.
    let alone = PLANTED.replacen(
        ' ',
        " xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:spdx='http://spdx.org/rdf/terms#' ",
        1,
    );
    assert_eq!(told(&alone), ("read".to_owned(), vec!["unknown-version".to_owned()], 1));
}

#[test]
fn other_encodings_are_read() {
    let text = |encoding: &str| {
        let planted = document(PLANTED).replace("<spdx:name>p<", "<spdx:name>Müller<");
        format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n{planted}")
    };
    let latin: Vec<u8> = text("ISO-8859-1").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let utf16: Vec<u8> = text("UTF-16").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [text("UTF-8").into_bytes(), latin, [vec![0xFF, 0xFE], utf16].concat()] {
        let report = json(&scan_text(&bytes));
        assert_eq!(
            (&report["inputs"][0]["status"], &report["findings"][0]["component"]["name"]),
            (&"read".into(), &"Müller".into())
        );
        let evidence = &report["findings"][0]["evidence"][0];
        let line = text("UTF-8").lines().nth(3).unwrap().to_owned();
        let column = line.split("Organization").next().unwrap().chars().count() as u64 + 1;
        assert_eq!((evidence["line"].as_u64(), evidence["column"].as_u64()), (Some(4), Some(column)));
    }
}
