//! How much is found: evidence planted into random components of real documents, by kind of evidence, format and wrapping.
//!
//! Values are taken from whatever rules are loaded and written as people write them, so that a new rule is tested the day it
//! comes. `cargo test detection -- --nocapture` prints recall and precision; `UNLABEL_SEED` draws another sample, and
//! `UNLABEL_CORPUS` adds documents.

use crate::support::{RULES, documents, json, scan_text};
use serde_json::{Map, Value, json as value};
use std::collections::BTreeMap;
use unlabel::rules::format::{HostUse, Marks, NameType, RuleFile, Specificity, Status, Strength};

/// A small generator, so that a seed gives the same sample everywhere (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn pick<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// What can be planted: values with the least strength a finding must have.
#[derive(Default)]
struct Stock {
    companies: Vec<(String, Strength)>,
    products: Vec<(String, Strength)>,
    cpes: Vec<(String, Strength)>,
    purls: Vec<(String, Strength)>,
    vendor_hosts: Vec<(String, Strength)>,
    service_hosts: Vec<(String, Strength)>,
    files: Vec<(String, Strength)>,
    signers: Vec<(String, Strength)>,
}

fn stock() -> Stock {
    let mut stock = Stock::default();
    for loaded in RULES.files() {
        let (common, marks, product): (_, &Marks, _) = match &loaded.rule {
            RuleFile::Organization(r) => (&r.common, &r.marks, false),
            RuleFile::Product(r) => (&r.common, &r.marks, true),
            RuleFile::Files(r) | RuleFile::Endpoints(r) => (&r.common, &r.marks, true),
            _ => continue,
        };
        let on = |status: &Option<Status>| status.unwrap_or(common.status) == Status::Confirmed;
        for name in marks.name.iter().filter(|n| on(&n.proof.status) && n.strength >= Strength::Medium) {
            if matches!(name.kind, NameType::Storefront | NameType::Misspelling) {
                continue;
            }
            let list = if product { &mut stock.products } else { &mut stock.companies };
            list.push((name.text.clone(), name.strength));
        }
        for cpe in marks.cpe.iter().filter(|c| on(&c.proof.status)) {
            let product = cpe.product.as_deref().unwrap_or("some_product");
            stock.cpes.push((format!("cpe:2.3:a:{}:{product}:1.0:*:*:*:*:*:*:*", cpe.vendor), cpe.strength));
        }
        for purl in marks.purl.iter().filter(|p| on(&p.proof.status)) {
            let namespace = purl.namespace.as_ref().map_or(String::new(), |n| format!("{}/", n.replace('@', "%40")));
            let name = purl.name.as_deref().unwrap_or("thing");
            stock.purls.push((format!("pkg:{}/{namespace}{name}@1.0", purl.types[0]), purl.strength));
        }
        for domain in marks.domain.iter().filter(|d| on(&d.proof.status) && d.strength >= Strength::Medium) {
            match domain.used_for {
                HostUse::Service => stock.service_hosts.push((domain.host.clone(), domain.strength)),
                HostUse::Corporate | HostUse::Download => {
                    stock.vendor_hosts.push((domain.host.clone(), domain.strength));
                }
                HostUse::Research => {}
            }
        }
        for file in marks.file.iter().filter(|f| on(&f.proof.status) && f.specificity == Specificity::Unique) {
            if !file.name.contains(['*', '/']) {
                stock.files.push((file.name.clone(), Strength::Medium));
            }
        }
        for signer in marks.signer.iter().filter(|s| on(&s.proof.status)) {
            stock.signers.push((signer.text.clone(), signer.strength));
        }
    }
    stock
}

/// A name as somebody else would type it.
fn respelled(name: &str, random: &mut Random) -> String {
    match random.below(8) {
        0 => name.to_uppercase(),
        1 => name.to_lowercase(),
        2 => name.replace(' ', "  "),
        3 => name.replace(' ', "\u{A0}"),
        4 => name
            .chars()
            .map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c })
            .collect(),
        5 => {
            name.chars().enumerate().flat_map(|(at, c)| [Some(c), (at == 1).then_some('\u{200B}')]).flatten().collect()
        }
        _ => name.to_owned(),
    }
}

/// Where something is planted.
type Plant = fn(&mut Value, &str, &str);

fn part<'v>(document: &'v mut Value, pointer: &str) -> &'v mut Map<String, Value> {
    document.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap()
}

fn set(document: &mut Value, pointer: &str, key: &str, value: Value) {
    part(document, pointer).insert(key.to_owned(), value);
}

fn push(document: &mut Value, pointer: &str, key: &str, entry: Value) {
    let list = part(document, pointer).entry(key).or_insert_with(|| value!([]));
    if !list.is_array() {
        *list = value!([]);
    }
    list.as_array_mut().unwrap().push(entry);
}

/// Kind of evidence, stock to draw from, the most it can say there, and how to plant it.
struct Place {
    kind: &'static str,
    stock: fn(&Stock) -> &Vec<(String, Strength)>,
    most: Strength,
    plant: Plant,
}

const fn place(
    kind: &'static str,
    stock: fn(&Stock) -> &Vec<(String, Strength)>,
    most: Strength,
    plant: Plant,
) -> Place {
    Place { kind, stock, most, plant }
}

const CYCLONEDX: &[Place] = &[
    place("supplier", |s| &s.companies, Strength::Strong, |d, p, v| set(d, p, "supplier", value!({ "name": v }))),
    place(
        "supplier url",
        |s| &s.vendor_hosts,
        Strength::Medium,
        |d, p, v| set(d, p, "supplier", value!({ "name": "Example", "url": [format!("https://www.{v}/")] })),
    ),
    place(
        "manufacturer",
        |s| &s.companies,
        Strength::Strong,
        |d, p, v| set(d, p, "manufacturer", value!({ "name": v })),
    ),
    place("publisher", |s| &s.companies, Strength::Strong, |d, p, v| set(d, p, "publisher", value!(v))),
    place("name", |s| &s.products, Strength::Strong, |d, p, v| set(d, p, "name", value!(v))),
    place("cpe", |s| &s.cpes, Strength::Strong, |d, p, v| set(d, p, "cpe", value!(v))),
    place("purl", |s| &s.purls, Strength::Strong, |d, p, v| set(d, p, "purl", value!(v))),
    place(
        "swid",
        |s| &s.products,
        Strength::Strong,
        |d, p, v| set(d, p, "swid", value!({ "tagId": "x-1", "name": v })),
    ),
    place(
        "license",
        |s| &s.companies,
        Strength::Strong,
        |d, p, v| {
            push(d, p, "licenses", value!({ "license": { "name": format!("{v} End User License") } }));
        },
    ),
    // A brand of one word says less in a text than a company.
    place(
        "license text",
        |s| &s.companies,
        Strength::Medium,
        |d, p, v| {
            let text = format!("This Agreement is between You and the Rightholder, {v}, the owner of the Software.");
            push(d, p, "licenses", value!({ "license": { "name": "EULA", "text": { "content": text } } }));
        },
    ),
    place(
        "copyright",
        |s| &s.companies,
        Strength::Medium,
        |d, p, v| set(d, p, "copyright", value!(format!("Copyright (c) 2019 {v}"))),
    ),
    place(
        "distribution link",
        |s| &s.vendor_hosts,
        Strength::Medium,
        |d, p, v| {
            push(d, p, "externalReferences", value!({ "type": "distribution", "url": format!("https://{v}/a.zip") }));
        },
    ),
    place(
        "service link",
        |s| &s.service_hosts,
        Strength::Medium,
        |d, p, v| {
            push(d, p, "externalReferences", value!({ "type": "website", "url": format!("https://{v}/") }));
        },
    ),
    place(
        "occurrence",
        |s| &s.files,
        Strength::Medium,
        |d, p, v| {
            part(d, p)
                .insert("evidence".into(), value!({ "occurrences": [{ "location": format!("/opt/app/lib/{v}") }] }));
        },
    ),
    place(
        "property",
        |s| &s.companies,
        Strength::Strong,
        |d, p, v| {
            push(d, p, "properties", value!({ "name": "pe:CompanyName", "value": v }));
        },
    ),
    place(
        "signer property",
        |s| &s.signers,
        Strength::Medium,
        |d, p, v| {
            push(d, p, "properties", value!({ "name": "codesign:signer", "value": v }));
        },
    ),
    place(
        "ancestor",
        |s| &s.companies,
        Strength::Strong,
        |d, p, v| {
            let ancestor = value!({ "type": "library", "name": "base", "supplier": { "name": v } });
            part(d, p).insert("pedigree".into(), value!({ "ancestors": [ancestor] }));
        },
    ),
];

const SPDX2: &[Place] = &[
    place(
        "supplier",
        |s| &s.companies,
        Strength::Strong,
        |d, p, v| set(d, p, "supplier", value!(format!("Organization: {v} (info@example.com)"))),
    ),
    place(
        "originator",
        |s| &s.companies,
        Strength::Strong,
        |d, p, v| set(d, p, "originator", value!(format!("Organization: {v}"))),
    ),
    place("name", |s| &s.products, Strength::Strong, |d, p, v| set(d, p, "name", value!(v))),
    place(
        "cpe",
        |s| &s.cpes,
        Strength::Strong,
        |d, p, v| {
            let entry =
                value!({ "referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": v });
            push(d, p, "externalRefs", entry);
        },
    ),
    place(
        "purl",
        |s| &s.purls,
        Strength::Strong,
        |d, p, v| {
            let category = "PACKAGE-MANAGER";
            let entry = value!({ "referenceCategory": category, "referenceType": "purl", "referenceLocator": v });
            push(d, p, "externalRefs", entry);
        },
    ),
    place(
        "download",
        |s| &s.vendor_hosts,
        Strength::Medium,
        |d, p, v| set(d, p, "downloadLocation", value!(format!("https://{v}/files/a.tar.gz"))),
    ),
    place(
        "home page",
        |s| &s.vendor_hosts,
        Strength::Medium,
        |d, p, v| set(d, p, "homepage", value!(format!("https://{v}"))),
    ),
    place(
        "copyright",
        |s| &s.companies,
        Strength::Medium,
        |d, p, v| set(d, p, "copyrightText", value!(format!("(c) {v}. All rights reserved."))),
    ),
    place(
        "file name",
        |s| &s.files,
        Strength::Medium,
        |d, p, v| set(d, p, "packageFileName", value!(format!("./lib/{v}"))),
    ),
];

const SPDX3: &[Place] = &[
    place(
        "supplier",
        |s| &s.companies,
        Strength::Strong,
        |d, p, v| {
            let agent = "https://example.com/agents/planted";
            part(d, p).insert("suppliedBy".into(), value!(agent));
            let element = value!({ "type": "Organization", "spdxId": agent, "name": v });
            d.pointer_mut("/@graph").and_then(Value::as_array_mut).unwrap().push(element);
        },
    ),
    place("name", |s| &s.products, Strength::Strong, |d, p, v| set(d, p, "name", value!(v))),
    place(
        "cpe",
        |s| &s.cpes,
        Strength::Strong,
        |d, p, v| {
            let entry = value!({ "type": "ExternalIdentifier", "externalIdentifierType": "cpe23", "identifier": v });
            push(d, p, "externalIdentifier", entry);
        },
    ),
    place("purl", |s| &s.purls, Strength::Strong, |d, p, v| set(d, p, "software_packageUrl", value!(v))),
    place(
        "download",
        |s| &s.vendor_hosts,
        Strength::Medium,
        |d, p, v| set(d, p, "software_downloadLocation", value!(format!("https://{v}/a.zip"))),
    ),
    place(
        "copyright",
        |s| &s.companies,
        Strength::Medium,
        |d, p, v| set(d, p, "software_copyrightText", value!(format!("Copyright {v}"))),
    ),
];

/// Family, places, and the pointers of components where something can be planted.
fn targets(document: &Value) -> Option<(&'static str, &'static [Place], Vec<String>)> {
    let listed = |key: &str, wanted: fn(&Value) -> bool| -> Vec<String> {
        let list = document[key].as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().enumerate().filter(|(_, v)| wanted(v)).map(|(at, _)| format!("/{key}/{at}")).collect()
    };
    if document["bomFormat"] == "CycloneDX" {
        let mut all = listed("components", Value::is_object);
        // Nested ones too.
        for pointer in all.clone() {
            let inner = document.pointer(&pointer).unwrap()["components"].as_array().map_or(0, Vec::len);
            all.extend((0..inner).map(|at| format!("{pointer}/components/{at}")));
        }
        return Some(("CycloneDX", CYCLONEDX, all));
    }
    if document["spdxVersion"].is_string() {
        return Some(("SPDX 2", SPDX2, listed("packages", Value::is_object)));
    }
    let packages = listed("@graph", |v| v["type"] == "software_Package");
    document["@graph"].is_array().then_some(("SPDX 3", SPDX3, packages))
}

/// The same document in other bytes.
fn wrapped(document: &Value, random: &mut Random) -> (&'static str, Vec<u8>) {
    let compact = serde_json::to_string(document).unwrap();
    match random.below(5) {
        0 => ("compact", compact.into_bytes()),
        1 => ("indented", serde_json::to_vec_pretty(document).unwrap()),
        2 => ("byte-order mark", [b"\xEF\xBB\xBF", compact.as_bytes()].concat()),
        3 => ("UTF-16", [0xFEFF_u16].into_iter().chain(compact.encode_utf16()).flat_map(u16::to_le_bytes).collect()),
        _ => ("escaped", escaped(&compact)),
    }
}

/// Every second letter as `\uXXXX`, but for keys and the words that say what the document is.
fn escaped(compact: &str) -> Vec<u8> {
    let mut out = String::new();
    let (mut inside, mut before_colon, mut skip) = (false, false, false);
    let chars: Vec<char> = compact.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        if c == '"' && !skip {
            inside = !inside;
            // A key is a text with a colon behind it.
            before_colon = inside && {
                let mut end = at + 1;
                while chars[end] != '"' || chars[end - 1] == '\\' {
                    end += 1;
                }
                chars.get(end + 1) == Some(&':')
            };
        }
        let letter = inside && !before_colon && !skip && c.is_ascii_lowercase() && at % 2 == 0;
        skip = inside && c == '\\' && !skip;
        if letter { out.push_str(&format!("\\u{:04x}", c as u32)) } else { out.push(c) }
    }
    out.into_bytes()
}

#[derive(Default)]
struct Tally {
    planted: usize,
    found: usize,
    elsewhere: usize,
}

#[test]
fn what_is_planted_is_found_and_nothing_else() {
    let seed = std::env::var("UNLABEL_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let mut random = Random(seed);
    let stock = stock();
    let mut kinds: BTreeMap<(&str, &str), Tally> = BTreeMap::new();
    let mut wrappings: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut clean = 0;
    let mut paths = documents("clean", ".json");
    paths.extend(documents("clean", ".golden"));
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(document) = serde_json::from_slice::<Value>(&bytes) else { continue };
        let Some((family, places, targets)) = targets(&document) else { continue };
        if bytes.len() > 2_000_000 || targets.is_empty() {
            continue;
        }
        let untouched = json(&scan_text(&bytes));
        assert_eq!(untouched["summary"]["findings"], 0, "{}: found something in a clean document", path.display());
        clean += 1;
        for place in places {
            let (value, strength) = random.pick((place.stock)(&stock)).clone();
            let pointer = random.pick(&targets).clone();
            let named = matches!(place.kind, "supplier" | "manufacturer" | "publisher" | "originator" | "name");
            let value = if named { respelled(&value, &mut random) } else { value };
            let mut planted = document.clone();
            (place.plant)(&mut planted, &pointer, &value);
            let (wrapping, bytes) = wrapped(&planted, &mut random);
            let report = json(&scan_text(&bytes));
            let findings = report["findings"].as_array().unwrap();
            let here = findings.iter().find(|f| f["location"]["pointer"] == pointer.as_str());
            let least = strength.min(place.most).id();
            let enough = |f: &Value| match least {
                "strong" => f["strength"] == "strong",
                _ => f["strength"] != "weak",
            };
            // What the document says was made from the component inherits the finding.
            let other = |f: &&Value| f["location"]["pointer"] != pointer.as_str() && f["relation"] != "derived-from";
            let elsewhere = findings.iter().filter(other).count();
            let found = here.is_some_and(enough);
            for tally in [kinds.entry((family, place.kind)).or_default(), wrappings.entry(wrapping).or_default()] {
                tally.planted += 1;
                tally.found += usize::from(found);
                tally.elsewhere += elsewhere;
            }
            if !found || elsewhere > 0 {
                let got = here.map_or("nothing", |f| f["strength"].as_str().unwrap());
                let file = path.file_name().unwrap().to_string_lossy();
                wrong.push(format!(
                    "{file} {pointer}: {} \"{value}\" ({wrapping}): {got} and not {least}; {elsewhere} elsewhere",
                    place.kind
                ));
            }
        }
    }
    println!("seed {seed}, {clean} documents, each first scanned untouched: no finding");
    let rows = kinds.iter().map(|((family, kind), tally)| (format!("{family}, {kind}"), tally));
    for (name, tally) in rows.chain(wrappings.iter().map(|(name, tally)| (format!("wrapping: {name}"), tally))) {
        let share = |part: usize, of: usize| if of == 0 { 1.0 } else { part as f64 / of as f64 };
        println!(
            "{name:<32} planted {:>5}  recall {:.3}  precision {:.3}",
            tally.planted,
            share(tally.found, tally.planted),
            share(tally.found, tally.found + tally.elsewhere),
        );
    }
    assert!(clean > 8 && kinds.len() > 25, "{clean} documents, {} kinds", kinds.len());
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
