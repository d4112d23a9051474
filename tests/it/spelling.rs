//! One name in all the ways people and programs write it, and the names that only look like it.

use crate::support::{json, scan_everything, scan_text};
use std::collections::BTreeSet;

/// Strength of the finding on a component with this supplier, or `none`.
fn supplier(name: &str) -> String {
    let name = serde_json::to_string(name).unwrap();
    strength(&format!(r#""name":"core","supplier":{{"name":{name}}}"#))
}

fn strength(component: &str) -> String {
    let text =
        format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{"type":"library",{component}}}]}}"#);
    let report = json(&scan_text(text.as_bytes()));
    assert_eq!(report["set_aside"].as_array().unwrap().len(), 0, "{component}");
    report["findings"][0]["strength"].as_str().unwrap_or("none").to_owned()
}

#[test]
fn every_spelling_of_the_name_is_the_name() {
    for name in [
        "Kaspersky Lab",
        "KASPERSKY LAB",
        "kaspersky lab",
        "KasperskyLab",
        "kaspersky_lab",
        "kaspersky-lab",
        "Kaspersky  Lab",
        "Kaspersky\u{A0}Lab",
        "\"Kaspersky Lab\"",
        "Kaspersky Lab.",
        "Kaspersky® Lab",
        "Kaspersky Lab™",
        // Legal forms before and after.
        "AO Kaspersky Lab",
        "ZAO «Kaspersky Lab»",
        "Kaspersky Lab, Inc.",
        "Kaspersky Lab GmbH",
        "Kaspersky Lab Sp. z o.o.",
        "Kaspersky Lab (Pty) Ltd",
        // Other scripts.
        "Лаборатория Касперского",
        "АО «Лаборатория Касперского»",
        "ЛАБОРАТОРИЯ КАСПЕРСКОГО",
        "卡巴斯基",
        "カスペルスキー",
        "株式会社カスペルスキー",
        "카스퍼스키",
        // Full width, invisible and look-alike letters, accents taken apart.
        "Ｋａｓｐｅｒｓｋｙ　Ｌａｂ",
        "Kas\u{200B}persky\u{FEFF} L\u{AD}ab",
        "K\u{430}sp\u{435}rsky L\u{430}b",
        "\u{39A}aspersky Lab",
        "Ka\u{301}spersky Lab",
        // A mail address or a web address beside it.
        "Kaspersky Lab <info@example.com>",
        "Kaspersky Lab (https://example.com/about)",
        "Organization: Kaspersky Lab (info@example.com)",
    ] {
        assert_eq!(supplier(name), "strong", "{name}");
    }
    // Where only an address speaks, it points to the maker and does not name it.
    for name in ["Acme <oem@kaspersky.com>", "Acme (https://www.kaspersky.com/oem)", "www.kaspersky.com"] {
        assert_eq!(supplier(name), "medium", "{name}");
    }
    let text = "VGhpcyBFbmQgVXNlciBMaWNlbnNlIEFncmVlbWVudCBpcyBiZXR3ZWVuIFlvdSBhbmQgQU8gS2FzcGVyc2t5IExhYiwgdGhlIFJpZ2h0aG9sZGVyLg==";
    let license = format!(
        r#""name":"core","licenses":[{{"license":{{"name":"EULA","text":{{"encoding":"base64","content":"{text}"}}}}}}]"#
    );
    assert_eq!(strength(&license), "strong");
}

#[test]
fn what_only_looks_like_the_name_is_not() {
    for name in [
        "KasperSkytte",
        "Kasper Skytte Andersen",
        "Kasperskyy",
        "Kaspers",
        "Kasper",
        "Kaspi",
        "Kasparov",
        "Casper Sky Labs",
        "Jasper Sky Lab",
        "Kaspr",
        "KES",
        "KIS",
        "KSC",
        "KUMA",
        "KICS",
        "KATA",
        "AVP",
        "Lab",
    ] {
        assert_eq!(supplier(name), "none", "{name}");
    }
    for component in [
        // A surname where persons are named.
        r#""name":"core","authors":[{"name":"Natalya Kaspersky"}]"#,
        r#""name":"core","author":"Jo Kaspersky <jo@example.com>""#,
        // Acronyms that are others' products.
        r#""name":"kics","purl":"pkg:golang/github.com/checkmarx/kics@v2.1.0""#,
        r#""name":"kata-containers","purl":"pkg:github/kata-containers/kata-containers@3.0""#,
        r#""name":"kuma","purl":"pkg:golang/github.com/kumahq/kuma@v2.0.0""#,
        r#""name":"ampvis2","purl":"pkg:github/kasperskytte/ampvis2@2.8""#,
    ] {
        assert_eq!(strength(component), "none", "{component}");
    }
    // The vendor that a numbering authority typed into a record of somebody else's program.
    let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","bom-ref":"u","name":"ultravnc"}],
        "vulnerabilities":[{"id":"CVE-2019-8276","source":{"name":"Kaspersky Lab"},"affects":[{"ref":"u"}],
        "credits":{"organizations":[{"name":"Kaspersky Lab"}]}}]}"#;
    assert_eq!(json(&scan_text(text.as_bytes()))["summary"]["findings"], 0);
}

/// Percent signs hide a letter wherever an address or a package URL may stand; building everything finds no more.
#[test]
fn letters_behind_percent_signs_are_seen_in_every_field() {
    for value in
        ["pkg:npm/%40%6Baspersky/x@1", "https://www.%6Baspersky.com/", "pkg:npm/x@1?vendor=AO%20%4Baspersky%20Lab"]
    {
        let components: Vec<String> = [
            r#""properties":[{"name":"x","value":"V"}]"#,
            r#""properties":[{"name":"homepage","value":"V"}]"#,
            r#""properties":[{"name":"packageName","value":"V"}]"#,
            r#""properties":[{"name":"Signer","value":"V"}]"#,
            r#""supplier":{"name":"V"}"#,
            r#""authors":[{"name":"V"}]"#,
            r#""publisher":"V""#,
            r#""supplier":{"url":["V"]}"#,
            r#""purl":"V""#,
            r#""externalReferences":[{"type":"website","url":"V"}]"#,
        ]
        .iter()
        .map(|field| format!(r#"{{"type":"library","name":"x",{}}}"#, field.replace('V', value)))
        .collect();
        let text =
            format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{}]}}"#, components.join(","));
        let (quick, all) = (scan_text(text.as_bytes()), scan_everything(text.as_bytes()));
        assert!(all.findings.len() > 1, "{value}");
        assert_eq!(json(&quick)["findings"], json(&all)["findings"], "{value}");
    }
}

/// A field of a component, with `V` for what stands in it, in CycloneDX JSON.
const CYCLONEDX_FIELDS: &[&str] = &[
    r#""group":"V""#,
    r#""description":"V""#,
    r#""publisher":"V""#,
    r#""author":"V""#,
    r#""authors":[{"name":"V"}]"#,
    r#""supplier":{"name":"V"}"#,
    r#""supplier":{"url":["V"]}"#,
    r#""manufacturer":{"contact":[{"name":"V"}]}"#,
    r#""manufacturer":{"contact":[{"email":"V"}]}"#,
    r#""copyright":"V""#,
    r#""purl":"V""#,
    r#""cpe":"V""#,
    r#""swid":{"tagId":"V"}"#,
    r#""swid":{"name":"x","text":{"content":"V"}}"#,
    r#""swid":{"url":"V"}"#,
    r#""omniborId":["V"]"#,
    r#""licenses":[{"expression":"V"}]"#,
    r#""licenses":[{"license":{"name":"V"}}]"#,
    r#""licenses":[{"license":{"url":"V"}}]"#,
    r#""licenses":[{"license":{"name":"x","text":{"content":"V"}}}]"#,
    r#""licenses":[{"license":{"licensing":{"licensor":{"organization":{"name":"V"}}}}}]"#,
    r#""externalReferences":[{"type":"website","url":"V"}]"#,
    r#""externalReferences":[{"type":"distribution","url":"V"}]"#,
    r#""properties":[{"name":"packageName","value":"V"}]"#,
    r#""properties":[{"name":"homepage","value":"V"}]"#,
    r#""properties":[{"name":"Signer","value":"V"}]"#,
    r#""properties":[{"name":"cpe","value":"V"}]"#,
    r#""pedigree":{"commits":[{"url":"V"}]}"#,
    r#""pedigree":{"commits":[{"author":{"name":"V"}}]}"#,
    r#""evidence":{"identity":[{"field":"purl","concludedValue":"V"}]}"#,
    r#""evidence":{"identity":[{"field":"cpe","methods":[{"value":"V"}]}]}"#,
    r#""evidence":{"occurrences":[{"location":"V"}]}"#,
    r#""evidence":{"callstack":{"frames":[{"module":"V"}]}}"#,
    r#""evidence":{"copyright":[{"text":"V"}]}"#,
];

/// The same in SPDX 2.
const SPDX_FIELDS: &[&str] = &[
    r#""supplier":"Organization: V""#,
    r#""originator":"V""#,
    r#""downloadLocation":"V""#,
    r#""homepage":"V""#,
    r#""licenseDeclared":"V""#,
    r#""licenseComments":"V""#,
    r#""copyrightText":"V""#,
    r#""packageFileName":"V""#,
    r#""description":"V""#,
    r#""externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"V"}]"#,
    r#""externalRefs":[{"referenceCategory":"SECURITY","referenceType":"cpe23Type","referenceLocator":"V"}]"#,
    r#""externalRefs":[{"referenceCategory":"SECURITY","referenceType":"url","referenceLocator":"V"}]"#,
    r#""externalRefs":[{"referenceCategory":"OTHER","referenceType":"swid","referenceLocator":"V"}]"#,
];

/// The same in CycloneDX XML.
const XML_FIELDS: &[&str] = &[
    "<group>V</group>",
    "<publisher>V</publisher>",
    "<supplier><name>V</name></supplier>",
    "<supplier><url>V</url></supplier>",
    "<purl>V</purl>",
    "<cpe>V</cpe>",
    "<licenses><license><name>x</name><url>V</url></license></licenses>",
    r#"<externalReferences><reference type="website"><url>V</url></reference></externalReferences>"#,
    r#"<properties><property name="homepage">V</property></properties>"#,
    r#"<evidence><identity><field>cpe</field><concludedValue>V</concludedValue></identity></evidence>"#,
];

/// The same in SPDX 3 JSON-LD.
const ELEMENT_FIELDS: &[&str] = &[
    r#""software_packageUrl":"V""#,
    r#""software_homePage":"V""#,
    r#""software_downloadLocation":"V""#,
    r#""software_copyrightText":"V""#,
    r#""externalIdentifier":[{"type":"ExternalIdentifier","externalIdentifierType":"cpe23","identifier":"V"}]"#,
    r#""externalIdentifier":[{"type":"ExternalIdentifier","externalIdentifierType":"packageUrl","identifier":"V"}]"#,
    r#""externalRef":[{"type":"ExternalRef","externalRefType":"other","locator":["V"]}]"#,
];

/// The same in SPDX 2 tag-value.
const TAG_FIELDS: &[&str] = &[
    "PackageSupplier: Organization: V",
    "PackageDownloadLocation: V",
    "PackageHomePage: V",
    "PackageCopyrightText: <text>V</text>",
    "PackageFileName: V",
    "ExternalRef: PACKAGE-MANAGER purl V",
    "ExternalRef: SECURITY cpe23Type V",
];

/// A document of the kind, with components whose names are `x` and their number.
struct Kind {
    fields: &'static [&'static str],
    document: &'static str,
    component: &'static str,
    between: &'static str,
    /// How the syntax can write a text.
    ways: &'static [fn(&str) -> String],
}

const KINDS: [Kind; 6] = [
    Kind {
        fields: CYCLONEDX_FIELDS,
        document: r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[ALL]}"#,
        component: r#"{"type":"library","name":"xNUMBER",FIELD}"#,
        between: ",",
        ways: JSON_WAYS,
    },
    Kind {
        fields: SPDX_FIELDS,
        document: r#"{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"x","packages":[ALL]}"#,
        component: r#"{"SPDXID":"SPDXRef-NUMBER","name":"xNUMBER",FIELD}"#,
        between: ",",
        ways: JSON_WAYS,
    },
    Kind {
        fields: XML_FIELDS,
        document: r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>ALL</components></bom>"#,
        component: r#"<component type="library"><name>xNUMBER</name>FIELD</component>"#,
        between: "",
        ways: &[
            |text| html_escape(text),
            |text| rewrite(&html_escape(text), |c| matches!(c, '%' | '\\'), reference),
            |text| rewrite(&html_escape(text), is_k, reference),
            |text| rewrite(text, |_| true, reference),
        ],
    },
    Kind {
        fields: CYCLONEDX_FIELDS,
        document: "bomFormat: CycloneDX\nspecVersion: \"1.6\"\ncomponents:\nALL",
        component: "  - {type: library, name: xNUMBER, FIELD}\n",
        between: "",
        ways: JSON_WAYS,
    },
    Kind {
        fields: ELEMENT_FIELDS,
        document: r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[ALL]}"#,
        component: r#"{"type":"software_Package","spdxId":"urn:x:NUMBER","name":"xNUMBER",FIELD}"#,
        between: ",",
        ways: JSON_WAYS,
    },
    Kind {
        fields: TAG_FIELDS,
        document: "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: x\nALL",
        component: "\nPackageName: xNUMBER\nSPDXID: SPDXRef-NUMBER\nFIELD\n",
        between: "",
        ways: &[|text| text.to_owned()],
    },
];

const JSON_WAYS: &[fn(&str) -> String] = &[
    |text| text.replace('\\', r"\\"),
    |text| rewrite(text, |c| matches!(c, '%' | '\\'), unicode),
    |text| rewrite(&text.replace('\\', r"\\"), is_k, unicode),
    |text| rewrite(text, |_| true, unicode),
];

/// How letters can be hidden in a text before any syntax writes it.
const LAYERS: [fn(&str) -> String; 4] = [
    |text| rewrite(text, is_k, percent),
    |text| rewrite(text, |c| c == '%', percent),
    |text| rewrite(text, is_k, |c| format!("\\{c}")),
    |text| rewrite(text, |c| c == 'y', percent),
];

fn rewrite(text: &str, hides: impl Fn(char) -> bool, write: impl Fn(char) -> String) -> String {
    text.chars().map(|c| if hides(c) { write(c) } else { c.to_string() }).collect()
}

fn is_k(c: char) -> bool {
    matches!(c, 'k' | 'K')
}

fn percent(c: char) -> String {
    format!("%{:02X}", u32::from(c))
}

fn unicode(c: char) -> String {
    format!("\\u{:04x}", u32::from(c))
}

fn reference(c: char) -> String {
    format!("&#{};", u32::from(c))
}

fn html_escape(text: &str) -> String {
    rewrite(text, |c| matches!(c, '&' | '<' | '>'), reference)
}

/// Letters can be hidden behind percent signs, behind the backslashes of a CPE, and behind the syntax's own escapes, and
/// these behind each other. Whatever building everything finds, the first look must not pass over.
#[test]
fn letters_behind_several_escapes_are_seen_in_every_field() {
    let mut seen = [0; KINDS.len()];
    for plain in [
        "https://www.kaspersky.com/oem",
        "pkg:npm/%40kaspersky/x@1",
        "pkg:npm/x@1?vcs_url=https://github.com/kasperskylab/x",
        "cpe:2.3:a:kaspersky:security_center:1:*:*:*:*:*:*:*",
        "cpe:/a:kaspersky:security_center:1",
        "AO Kaspersky Lab <info@example.com>",
        "Copyright 2020 AO Kaspersky Lab. All rights reserved.",
    ] {
        let mut spellings = vec![plain.to_owned()];
        for first in LAYERS {
            spellings.push(first(plain));
            spellings.extend(LAYERS.iter().map(|second| second(&first(plain))));
        }
        for (kind, seen) in KINDS.iter().zip(&mut seen) {
            for way in kind.ways {
                let fields = spellings.iter().flat_map(|text| kind.fields.iter().map(|f| f.replace('V', &way(text))));
                let components: Vec<String> = fields
                    .enumerate()
                    .map(|(at, field)| kind.component.replace("NUMBER", &at.to_string()).replace("FIELD", &field))
                    .collect();
                let text = kind.document.replace("ALL", &components.join(kind.between));
                let (quick, all) = (found(&scan_text(text.as_bytes())), found(&scan_everything(text.as_bytes())));
                let missed: Vec<&str> = all.difference(&quick).map(|at| components[*at].as_str()).collect();
                assert!(missed.is_empty(), "{} of {} are missed: {missed:#?}", missed.len(), all.len());
                *seen += all.len();
            }
        }
    }
    assert!(seen.iter().all(|seen| *seen > 50), "{seen:?}");
}

/// The numbers of the components that have a finding.
fn found(report: &unlabel::report::Report) -> BTreeSet<usize> {
    let report = json(report);
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|f| f["component"]["name"].as_str().unwrap().trim_start_matches('x').parse().unwrap()).collect()
}
