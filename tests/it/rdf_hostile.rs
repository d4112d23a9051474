//! RDF/XML made to hurt: every document ends, stays within its limit, and says what it hit.

use crate::rdf::{DOCUMENT, HEAD, PLANTED, document};
use crate::support::{RULES, json, options, read, scan_text};
use proptest::prelude::*;
use serde_json::Value;
use std::fmt::Write as _;
use unlabel::scan::scan_bytes;

fn summary(report: &Value) -> (String, Vec<String>, usize) {
    let input = &report["inputs"][0];
    let codes = input["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap().to_owned()).collect();
    (input["status"].as_str().unwrap().to_owned(), codes, report["findings"].as_array().unwrap().len())
}

fn told(text: &str) -> (String, Vec<String>, usize) {
    summary(&json(&scan_text(text.as_bytes())))
}

/// With a graph that may take so many bytes, and values of at most 300,000.
fn limited(text: &str, graph: usize) -> Value {
    let mut limited = options();
    (limited.read.limits.graph, limited.read.limits.value) = (graph, 300_000);
    json(&scan_bytes("input.rdf", text.as_bytes(), &RULES, &limited))
}

fn relation(to: &str) -> String {
    format!(
        "<spdx:relationship><spdx:Relationship><spdx:relationshipType rdf:resource='http://spdx.org/rdf/terms#relationshipType_dependsOn'/><spdx:relatedSpdxElement>{to}</spdx:relatedSpdxElement></spdx:Relationship></spdx:relationship>"
    )
}

#[test]
fn nodes_in_nodes_are_read_to_any_depth() {
    const DEPTH: usize = 20_000;
    let (open, close) = relation("|").split_once('|').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let mut text = String::new();
    for n in 0..DEPTH {
        write!(text, "<spdx:Package rdf:about='urn:d#SPDXRef-{n}'><spdx:name>n{n}</spdx:name>{open}").unwrap();
    }
    text.push_str(PLANTED);
    text.push_str(&format!("{close}</spdx:Package>").repeat(DEPTH));
    let report = json(&scan_text(document(&text).as_bytes()));
    assert_eq!(summary(&report), ("read".to_owned(), vec![], 1));
    assert_eq!(report["inputs"][0]["components"], DEPTH + 1);
    // Elements that say nothing, a million deep, and never closed.
    let nothing = document(&format!("{PLANTED}<x:y xmlns:x='urn:x'>{}", "<x:y>".repeat(1_000_000)));
    assert_eq!(told(&nothing), ("partial".to_owned(), vec!["limit".to_owned()], 1));
}

#[test]
fn circles_end() {
    let text = format!(
        "<spdx:Package rdf:about='urn:d#a'><spdx:name>a</spdx:name><spdx:supplier>Kaspersky Lab</spdx:supplier>{}{}</spdx:Package><spdx:Package rdf:about='urn:d#b'>{}</spdx:Package>",
        relation("<spdx:Package rdf:about='urn:d#a'/>"),
        relation("<rdf:Description rdf:about='urn:d#b'><spdx:name>b</spdx:name></rdf:Description>"),
        relation("<spdx:Package rdf:about='urn:d#a'/>"),
    );
    assert_eq!(told(&document(&text)), ("read".to_owned(), vec![], 1));
    let sets: String = (0..100)
        .map(|n| format!("<spdx:DisjunctiveLicenseSet rdf:nodeID='s{n}'><spdx:member rdf:nodeID='s{}'/><spdx:member rdf:nodeID='s0'/></spdx:DisjunctiveLicenseSet>", (n + 1) % 100))
        .collect();
    let text = format!(
        "{PLANTED}<spdx:Package><spdx:name>c</spdx:name><spdx:licenseDeclared rdf:nodeID='s0'/></spdx:Package>{sets}"
    );
    assert_eq!(told(&document(&text)), ("read".to_owned(), vec!["unknown-value".to_owned()], 1));
}

#[test]
fn a_graph_beyond_the_limit_is_told_and_what_stands_before_counts() {
    let many: String = (0..3000)
        .map(|n| format!("<spdx:Package rdf:about='urn:d#SPDXRef-{n}'><spdx:name>n{n}</spdx:name></spdx:Package>\n"))
        .collect();
    let text = document(&format!("{PLANTED}\n{many}"));
    let report = limited(&text, 100_000);
    assert_eq!(summary(&report), ("partial".to_owned(), vec!["limit".to_owned()], 1));
    let problem = &report["inputs"][0]["problems"][0];
    assert!(problem["message"].as_str().unwrap().contains("--max-graph-size"), "{problem}");
    assert!(problem["line"].as_u64().unwrap() > 100, "{problem}");
    assert_eq!(report["summary"]["exit_status"], 1);
    assert_eq!(summary(&limited(&text, 10_000_000)), ("read".to_owned(), vec![], 1));
    // Prefixes and attributes count too.
    let mut wide = format!("{HEAD}{DOCUMENT}{PLANTED}<spdx:Package");
    (0..50_000).for_each(|n| write!(wide, " xmlns:p{n}='urn:x' spdx:x{n}='' spdx:name=''").unwrap());
    wide.push_str("/></rdf:RDF>");
    let report = limited(&wide.replace("''", "'x'"), 100_000);
    assert_eq!(report["inputs"][0]["status"], "partial", "{}", report["inputs"][0]);
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
}

#[test]
fn what_is_told_once_and_used_often_stays_within_the_limit() {
    // A set of two sets of two sets …
    let sets: String = (0..60)
        .map(|n| format!("<spdx:ConjunctiveLicenseSet rdf:nodeID='s{n}'><spdx:member rdf:nodeID='s{0}'/><spdx:member rdf:nodeID='t{0}'/></spdx:ConjunctiveLicenseSet><spdx:ConjunctiveLicenseSet rdf:nodeID='t{n}'><spdx:member rdf:nodeID='s{0}'/><spdx:member rdf:nodeID='t{0}'/></spdx:ConjunctiveLicenseSet>", n + 1))
        .collect();
    let text = document(&format!(
        "{PLANTED}<spdx:Package><spdx:name>c</spdx:name><spdx:licenseDeclared rdf:nodeID='s0'/></spdx:Package>{sets}"
    ));
    assert_eq!(summary(&limited(&text, 1 << 20)), ("partial".to_owned(), vec!["limit".to_owned()], 1));
    // One reference with a thousand locators, used by a thousand packages.
    let locators: String = (0..1000).map(|n| format!("<spdx:referenceLocator>l{n}</spdx:referenceLocator>")).collect();
    let packages: String = (0..1000)
        .map(|n| format!("<spdx:Package><spdx:name>n{n}</spdx:name><spdx:externalRef rdf:nodeID='r'/></spdx:Package>"))
        .collect();
    let text = document(&format!("{PLANTED}{packages}<spdx:ExternalRef rdf:nodeID='r'>{locators}</spdx:ExternalRef>"));
    let report = limited(&text, 1 << 20);
    assert_eq!((&report["inputs"][0]["status"], report["findings"].as_array().unwrap().len()), (&"partial".into(), 1));
    assert!(report["inputs"][0]["problems"].to_string().contains("--max-graph-size"));
}

#[test]
fn one_value_longer_than_the_limit_is_told() {
    for (open, close) in [("<spdx:name>", "</spdx:name>"), ("<!--", "-->"), ("<x:y z=\"", "\"/>")] {
        let text = document(&format!(
            "{PLANTED}<spdx:Package><spdx:name>q</spdx:name>{open}{}{close}</spdx:Package>",
            "x".repeat(1 << 20)
        ));
        let (status, codes, findings) = summary(&limited(&text, 1 << 27));
        assert_eq!((status.as_str(), codes[0].as_str(), findings), ("partial", "limit", 1), "{open}");
    }
}

#[test]
fn any_cut_is_told() {
    let bytes = read("twins/supplier-and-cpe/spdx2.rdf.xml");
    for at in (0..bytes.len() - "</rdf:RDF>\n".len()).step_by(61) {
        assert_ne!(summary(&json(&scan_text(&bytes[..at]))).0, "read", "cut at {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// A document with some bytes changed, dropped or doubled.
    #[test]
    fn any_damage_is_survived(at in 0usize..20_000, len in 0usize..60, with in prop::collection::vec(any::<u8>(), 0..8)) {
        for file in ["twins/supplier-and-cpe/spdx2.rdf.xml", "rdf/spdx23-tools-python-parser.rdf.xml"] {
            let mut bytes = read(file);
            let at = at % bytes.len();
            let to = (at + len).min(bytes.len());
            bytes.splice(at..to, with.iter().copied());
            let report = json(&scan_text(&bytes));
            let internal = report["inputs"].as_array().unwrap().iter()
                .flat_map(|i| i["problems"].as_array().unwrap()).any(|p| p["code"] == "internal");
            prop_assert!(!internal);
        }
    }
}
