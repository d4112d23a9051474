//! Later passes leap over what nobody asks about: reports must come out as if they read everything.

use crate::support::{json, scan_everything, scan_text};
use serde_json::Value;

/// The same numbers from the same start.
struct Dice(u64);

impl Dice {
    fn upto(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

const ENGINE: &str = r#""name":"Kaspersky Anti-Virus SDK","supplier":{"name":"AO Kaspersky Lab"}"#;

/// Entries of a list, of all sorts that a list may have; every 400th or so is an engine.
fn components(dice: &mut Dice, prefix: &str, count: u64, planted: &mut usize) -> String {
    let mut out = Vec::new();
    for at in 0..count {
        let engine = dice.upto(400) == 0;
        *planted += usize::from(engine);
        let about = if engine { ENGINE.to_owned() } else { format!(r#""name":"part-{at}""#) };
        let plain = format!(r#""type":"library","bom-ref":"{prefix}{at}",{about},"version":"1.{at}""#);
        out.push(match dice.upto(60) {
            0 => "null".to_owned(),
            1 => format!(r#""text {at}""#),
            2 => format!(r#"[{{{plain},"purl":"pkg:npm/x{at}@1"}}]"#),
            3 => format!(r#"{{{plain},"components":[{{"type":"file","name":"inner-{at}"}}]}}"#),
            4 => {
                *planted += 1;
                format!(r#"{{{plain},"components":[{{"type":"library","bom-ref":"{prefix}in{at}",{ENGINE}}}]}}"#)
            }
            5 => format!(r#"{{{plain},"pedigree":{{"ancestors":[{{"type":"library","name":"old-{at}"}}]}}}}"#),
            6 => format!(r#"{{{plain},"licenses":[{{"license":{{"name":"LicenseRef-{at}"}}}}]}}"#),
            7 => format!("{{{plain}, \"description\":\"caf\u{e9} \\n {}\"}}", "long ".repeat(200)),
            8 => "{}".to_owned(),
            _ => format!("{{\n  {plain},\n  \"purl\":\"pkg:npm/part-{at}@1.{at}\"\n}}"),
        });
        if matches!(out.last().map(String::as_str), Some("null" | "{}"))
            || out.last().is_some_and(|s| s.starts_with('"'))
        {
            *planted -= usize::from(engine);
        }
    }
    out.join(",\n")
}

fn cyclonedx(seed: u64, count: u64) -> (String, usize) {
    let (dice, mut planted) = (&mut Dice(seed), 0);
    let first = components(dice, "a", count, &mut planted);
    let again = components(dice, "b", 40, &mut planted);
    let formed = components(dice, "c", 30, &mut planted);
    let formed_too = components(dice, "d", 30, &mut planted);
    let mut depends = || dependencies(dice, count);
    let (before, between, behind) = (depends(), depends(), depends());
    let text = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6",
        "metadata":{{"component":{{"type":"application","bom-ref":"app","name":"app","version":"1"}}}},
        "dependencies":[{{"ref":"app","dependsOn":["a1"]}},{before}],
        "components":[{first}],
        "dependencies":[{between}],
        "services":[{{"bom-ref":"s","name":"s"}},{{"bom-ref":"t","name":"t","endpoints":["https://example.com"]}}],
        "components":[null,{again}],
        "formulation":[{{"components":[{formed}]}},{{"components":[{formed_too}]}}],
        "dependencies":[{behind}]}}"#,
    );
    (text, planted)
}

/// Entries of a list of relations, of all sorts that one may have.
fn dependencies(dice: &mut Dice, count: u64) -> String {
    let mut one = |at: u64| match dice.upto(40) {
        0 => "null".to_owned(),
        1 => format!(r#""a{at}""#),
        2 => format!(r#"{{"ref":"a{at}"}}"#),
        3 => format!(r#"{{"dependsOn":["a{at}"]}}"#),
        4 => format!(r#"{{"ref":"nobody","dependsOn":["a{at}"]}}"#),
        5 => format!(r#"{{"dependsOn":["a{at}", 7, null, "nobody"],"ref":"\u0061{}"}}"#, dice.upto(count)),
        6 => format!(r#"[{{"ref":"a{}","dependsOn":["a{at}"]}}]"#, dice.upto(count)),
        7 => format!(r#"{{"ref":"a{}","ref":"b1","dependsOn":"a{at}","provides":["b2"]}}"#, dice.upto(count)),
        _ => format!("{{\n\"ref\": \"a{}\", \"dependsOn\": [\"a{at}\",\"b{}\"]}}", dice.upto(count), dice.upto(40)),
    };
    (0..count).step_by(2).map(&mut one).collect::<Vec<_>>().join(",")
}

fn spdx2(seed: u64, count: u64) -> (String, usize) {
    let (dice, mut planted) = (&mut Dice(seed), 0);
    let mut packages = Vec::new();
    for at in 0..count {
        let engine = dice.upto(300) == 0;
        planted += usize::from(engine);
        let about = if engine {
            r#""name":"Kaspersky Anti-Virus SDK","supplier":"Organization: AO Kaspersky Lab""#.to_owned()
        } else {
            format!(r#""name":"package-{at}""#)
        };
        let plain =
            format!(r#""SPDXID":"SPDXRef-p{at}",{about},"versionInfo":"1.{at}","downloadLocation":"NOASSERTION""#);
        packages.push(match dice.upto(40) {
            0 if !engine => "null".to_owned(),
            1 => format!(r#"{{{plain},"hasFiles":["SPDXRef-f{}"]}}"#, dice.upto(50)),
            2 => format!(r#"{{{plain},"licenseConcluded":"MIT AND LicenseRef-{}"}}"#, dice.upto(9)),
            _ => format!(r#"{{{plain},"licenseConcluded":"MIT"}}"#),
        });
    }
    let files: Vec<String> = (0..50)
        .map(|at| match at {
            2 | 3 | 9 => "null".to_owned(),
            _ => format!(r#"{{"SPDXID":"SPDXRef-f{at}","fileName":"./lib{at}.so"}}"#),
        })
        .collect();
    let licenses: Vec<String> =
        (0..9).map(|at| format!(r#"{{"licenseId":"LicenseRef-{at}","extractedText":"as is"}}"#)).collect();
    let relations: Vec<String> = (0..3 * count)
        .map(|at| {
            let at = at % count;
            let kinds =
                ["DEPENDS_ON", "DEPENDENCY_OF", "CONTAINS", "CONTAINED_BY", "DESCRIBES", "DESCRIBED_BY", "OTHER"];
            let kind = kinds[dice.upto(7) as usize];
            let from = if kind == "DESCRIBES" {
                "SPDXRef-DOCUMENT".to_owned()
            } else {
                format!("SPDXRef-p{}", dice.upto(count))
            };
            format!(r#"{{"spdxElementId":"{from}","relationshipType":"{kind}","relatedSpdxElement":"SPDXRef-p{at}"}}"#)
        })
        .collect();
    let (before, behind) = relations.split_at(relations.len() / 2);
    let text = format!(
        r#"{{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"d","relationships":[{}],
        "packages":[{}],"files":[{}],"hasExtractedLicensingInfos":[{}],"relationships":[null,{}]}}"#,
        before.join(",\n"),
        packages.join(",\n"),
        files.join(",\n"),
        licenses.join(","),
        behind.join(",\n")
    );
    (text, planted)
}

fn alike(text: &[u8], what: &str) -> Value {
    let (leaping, reading) = (json(&scan_text(text)), json(&scan_everything(text)));
    assert!(leaping == reading, "{what}: {leaping:#}\n{reading:#}");
    leaping
}

#[test]
fn what_is_leapt_over_changes_nothing() {
    for seed in 1..4 {
        for (what, (text, planted)) in [("CycloneDX", cyclonedx(seed, 1_600)), ("SPDX", spdx2(seed, 1_600))] {
            let report = alike(text.as_bytes(), what);
            let document: Value =
                serde_json::from_str(&text.replacen("\"components\":[null,", "\"again\":[null,", 1)).unwrap();
            let findings = report["findings"].as_array().unwrap();
            assert_eq!(findings.len(), planted, "{what} {seed}");
            assert!(findings.iter().any(|finding| finding["paths"].as_array().is_some_and(|paths| !paths.is_empty())));
            for finding in findings {
                // The second list of components stands under the same key, and so has the same pointers.
                let pointer = finding["location"]["pointer"].as_str().unwrap();
                let second = pointer.replacen("/components/", "/again/", 1);
                let is = |at: &str| document.pointer(at).is_some_and(|c| c["name"] == "Kaspersky Anti-Virus SDK");
                assert!(is(pointer) || is(&second), "{what} {seed}: {pointer}");
            }
        }
    }
}

#[test]
fn what_breaks_off_is_read_as_far_as_it_goes() {
    let dice = &mut Dice(9);
    for seed in 1..3 {
        for (what, (text, _)) in [("CycloneDX", cyclonedx(seed, 400)), ("SPDX", spdx2(seed, 400))] {
            for _ in 0..6 {
                let at = text.floor_char_boundary(dice.upto(text.len() as u64) as usize);
                let (before, after) = text.split_at(at);
                alike(before.as_bytes(), what);
                for damage in ["}", ",", "\"", "nil"] {
                    alike(format!("{before}{damage}{after}").as_bytes(), what);
                }
            }
        }
    }
}

#[test]
fn what_components_refer_to_is_known_without_reading_them_again() {
    let plain = |at: u64| format!(r#""SPDXID":"SPDXRef-p{at}","name":"part-{at}","downloadLocation":"NOASSERTION""#);
    let packages: Vec<String> = (1..300)
        .map(|at| match at {
            100 => format!(r#"{{{},"licenseConcluded":"MIT AND LicenseRef-k"}}"#, plain(at)),
            200 => format!(r#"{{{},"hasFiles":["SPDXRef-f"]}}"#, plain(at)),
            _ => format!("{{{}}}", plain(at)),
        })
        .collect();
    let relations: Vec<String> = (1..300)
        .map(|at| {
            format!(
                r#"{{"spdxElementId":"SPDXRef-p0","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-p{at}"}}"#
            )
        })
        .collect();
    let text = format!(
        r#"{{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"d","documentDescribes":["SPDXRef-p0"],
        "packages":[{{{}}},{{"SPDXID":"SPDXRef-engine",{}}},
        {}],
        "files":[{{"SPDXID":"SPDXRef-f","fileName":"./opt/kaspersky-anti-virus-sdk.so"}}],
        "hasExtractedLicensingInfos":[{{"licenseId":"LicenseRef-k","name":"Kaspersky Lab End User License Agreement"}}],
        "relationships":[{}]}}"#,
        plain(0),
        r#""name":"Kaspersky Anti-Virus SDK","supplier":"Organization: AO Kaspersky Lab""#,
        packages.join(",\n"),
        relations.join(",")
    );
    let report = alike(text.as_bytes(), "SPDX");
    let paths: Vec<&Value> =
        report["findings"].as_array().unwrap().iter().map(|finding| &finding["path_names"][0]).collect();
    let is = |names: &[&str]| paths.iter().any(|path| **path == serde_json::json!(names));
    assert!(is(&["part-0", "part-100"]), "{paths:?}");
    assert!(is(&["part-0", "part-200", "./opt/kaspersky-anti-virus-sdk.so"]), "{paths:?}");
}
