//! Differential tests: wherever `cyclonedx-bom` or `spdx-rs` reads a document, names, versions, makers and package URLs
//! agree with our model. Where `UNLABEL_CORPUS` names a folder, all of it is compared; run with `--nocapture` for the
//! figures.

use crate::support::documents;
use cyclonedx_bom::models::bom::{Bom, SpecVersion};
use cyclonedx_bom::models::component::{Component, Components};
use cyclonedx_bom::models::organization::OrganizationalEntity;
use cyclonedx_bom::models::service::{Service, Services};
use serde_json::Value;
use spdx_rs::models::SPDX;
use std::collections::BTreeMap;
use std::path::Path;
use unlabel::inspect::{Options, inspect_bytes};
use unlabel::model::{Role, Stated, read_party};

/// What is compared of a component: origin, then its facts, each as text.
type Facts = Vec<String>;

/// White space as XML and `NormalizedString` see it.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A party in one string, read apart as the model does: what names it.
fn named(text: Option<&str>) -> String {
    let Some(text) = text else { return String::new() };
    let stated = Stated { text: text.to_owned(), ..Stated::default() };
    let party = read_party(Role::Supplier, &stated);
    party.map_or(String::new(), |p| {
        let all = p.names.iter().chain(&p.urls).chain(&p.emails);
        plain(&all.map(|s| s.text.as_str()).collect::<Vec<_>>().join(" "))
    })
}

struct Ours {
    components: Vec<Value>,
    opinion: String,
    version: String,
    serialization: String,
    /// The same key stands twice in an object: the last counts for others, and both for us.
    twice: bool,
}

fn ours(path: &Path, bytes: &[u8]) -> Option<Ours> {
    let options = Options { strict: true, allow_incomplete: true, ..Options::default() };
    let mut out = Vec::new();
    inspect_bytes(&path.to_string_lossy(), bytes, "json", &options, &mut out).unwrap();
    let all: Value = serde_json::from_slice(&out).unwrap();
    let [input] = all["inputs"].as_array()?.as_slice() else { return None };
    // What stands in a wrapper or an archive is not what the library would be given.
    if input["path"] != path.to_string_lossy().as_ref() {
        return None;
    }
    let library = input["opinions"].as_array()?.iter().find(|o| o["official"] == false)?;
    Some(Ours {
        components: input["model"]["components"].as_array()?.clone(),
        opinion: library["answer"].as_str()?.to_owned(),
        version: input["spec_version"].as_str()?.to_owned(),
        serialization: input["serialization"].as_str()?.to_owned(),
        twice: input["problems"].as_array()?.iter().any(|p| p["code"] == "duplicate-key"),
    })
}

fn text(value: &Value) -> String {
    plain(value.as_str().unwrap_or_default())
}

/// What names the last party in a role: where a tag stands twice, that is the one that others keep.
fn party(component: &Value, role: &str, with_addresses: bool) -> String {
    let Some(party) = component["parties"].as_array().unwrap().iter().rfind(|p| p["role"] == role) else {
        return String::new();
    };
    let keys: &[&str] = if with_addresses { &["names", "urls", "emails"] } else { &["names"] };
    let all = keys.iter().flat_map(|key| party[*key].as_array().unwrap()).map(text);
    plain(&all.collect::<Vec<_>>().join(" "))
}

fn identifiers(component: &Value, kind: &str) -> Vec<String> {
    let stated = |i: &&Value| i["kind"] == kind && i["concluded"] == false;
    component["identifiers"].as_array().unwrap().iter().filter(stated).map(|i| text(&i["value"])).collect()
}

mod cyclonedx {
    use super::*;

    pub fn ours(component: &Value) -> Option<Facts> {
        let origin = component["origin"].as_str().unwrap();
        // What something was built with is read by us in places where they hold it in other types.
        if origin == "build" {
            return None;
        }
        let first = |kind| identifiers(component, kind).into_iter().next().unwrap_or_default();
        let service = origin == "service";
        Some(vec![
            origin.to_owned(),
            text(&component["ref"]),
            text(&component["name"]),
            text(&component["group"]),
            text(&component["version"]),
            first("purl"),
            first("cpe"),
            party(component, if service { "provider" } else { "supplier" }, false),
            party(component, "publisher", true),
            party(component, "author", true),
        ])
    }

    fn stated(text: Option<&str>) -> String {
        text.map(plain).unwrap_or_default()
    }

    fn entity(entity: &Option<OrganizationalEntity>) -> String {
        stated(entity.as_ref().and_then(|e| e.name.as_deref()))
    }

    fn component(origin: &str, c: &Component, out: &mut Vec<Facts>) {
        out.push(vec![
            origin.to_owned(),
            stated(c.bom_ref.as_deref()),
            plain(&c.name),
            stated(c.group.as_deref()),
            stated(c.version.as_deref()),
            stated(c.purl.as_ref().map(AsRef::as_ref)),
            stated(c.cpe.as_ref().map(AsRef::as_ref)),
            entity(&c.supplier),
            named(c.publisher.as_deref()),
            named(c.author.as_deref()),
        ]);
        // A part of an ancestor is an ancestor, a part of the product is a component.
        let inner = if origin == "product" { "listed" } else { origin };
        components(inner, &c.components, out);
        if let Some(pedigree) = &c.pedigree {
            components("ancestor", &pedigree.ancestors, out);
            components("descendant", &pedigree.descendants, out);
            components("variant", &pedigree.variants, out);
        }
    }

    fn components(origin: &str, list: &Option<Components>, out: &mut Vec<Facts>) {
        list.iter().flat_map(|l| &l.0).for_each(|c| component(origin, c, out));
    }

    fn service(s: &Service, out: &mut Vec<Facts>) {
        let mut facts = vec!["service".to_owned(), stated(s.bom_ref.as_deref()), plain(&s.name)];
        facts.extend([stated(s.group.as_deref()), stated(s.version.as_deref()), String::new(), String::new()]);
        facts.extend([entity(&s.provider), String::new(), String::new()]);
        out.push(facts);
        services(&s.services, out);
    }

    fn services(list: &Option<Services>, out: &mut Vec<Facts>) {
        list.iter().flat_map(|l| &l.0).for_each(|s| service(s, out));
    }

    pub fn theirs(bytes: &[u8], version: Option<SpecVersion>) -> Option<Vec<Facts>> {
        let bom = match version {
            None => Bom::parse_from_json(bytes).ok()?,
            Some(version) => Bom::parse_from_xml_with_version(bytes, version).ok()?,
        };
        let mut out = Vec::new();
        if let Some(c) = bom.metadata.as_ref().and_then(|m| m.component.as_ref()) {
            component("product", c, &mut out);
        }
        components("listed", &bom.components, &mut out);
        services(&bom.services, &mut out);
        Some(out)
    }
}

mod spdx {
    use super::*;

    pub fn ours(component: &Value) -> Option<Facts> {
        let mut purls = identifiers(component, "purl");
        purls.sort();
        let file = component["kind"] == "file" && component["pointer"].as_str().unwrap().contains("/files/");
        let snippet = component["pointer"].as_str().unwrap().contains("/snippets/");
        (!file && !snippet).then(|| {
            vec![
                text(&component["ref"]),
                text(&component["name"]),
                text(&component["version"]),
                party(component, "supplier", true),
                party(component, "originator", true),
                purls.join(" "),
            ]
        })
    }

    pub fn theirs(spdx: SPDX) -> Vec<Facts> {
        let package = |p: spdx_rs::models::PackageInformation| {
            let references = p.external_reference.iter().map(|r| plain(&r.reference_locator));
            let mut purls: Vec<String> = references.filter(|r| r.starts_with("pkg:")).collect();
            purls.sort();
            let optional = |text: &Option<String>| text.as_deref().map(plain).unwrap_or_default();
            vec![
                plain(&p.package_spdx_identifier),
                plain(&p.package_name),
                optional(&p.package_version),
                named(p.package_supplier.as_deref()),
                named(p.package_originator.as_deref()),
                purls.join(" "),
            ]
        };
        spdx.package_information.into_iter().map(package).collect()
    }
}

/// What the library reads, on a stack of its own; `None` when it refuses or panics.
fn asked<T: Send>(read: impl FnOnce() -> Option<T> + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let caught = || std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)).ok().flatten();
        let thread = std::thread::Builder::new().name(unlabel::opinion::THREAD.to_owned()).stack_size(64 << 20);
        thread.spawn_scoped(scope, caught).unwrap().join().unwrap()
    })
}

#[derive(Default)]
struct Tally {
    figures: BTreeMap<String, [u64; 4]>,
    differences: Vec<String>,
}

impl Tally {
    fn compare(&mut self, what: &str, path: &Path, mut ours: Vec<Facts>, theirs: Option<Vec<Facts>>, known: bool) {
        let [compared, refused, facts, excepted] = self.figures.entry(what.to_owned()).or_default();
        let Some(mut theirs) = theirs else {
            *refused += 1;
            return;
        };
        ours.sort();
        theirs.sort();
        if ours == theirs {
            *compared += 1;
            *facts += ours.iter().flatten().filter(|f| !f.is_empty()).count() as u64;
        } else if known {
            *excepted += 1;
        } else {
            let only = |of: &[Facts], other: &[Facts]| {
                of.iter()
                    .filter(|f| !other.contains(f))
                    .take(2)
                    .map(|f| f.join(" | "))
                    .collect::<Vec<_>>()
                    .join("\n      ")
            };
            let (mine, other) = (only(&ours, &theirs), only(&theirs, &ours));
            let counts = format!("{} and {}", ours.len(), theirs.len());
            self.differences.push(format!("{}: {counts}\n ours {mine}\n them {other}", path.display()));
        }
    }

    #[allow(clippy::print_stdout, reason = "the figures are for whoever asks for them with --nocapture")]
    fn finish(self, least: u64) {
        for (what, [compared, refused, facts, excepted]) in &self.figures {
            println!(
                "{what}: {compared} documents agree ({facts} facts), {refused} refused by the library, {excepted} of its known errors"
            );
            assert!(*compared >= least, "{what}: only {compared} compared");
        }
        let count = self.differences.len();
        assert!(count == 0, "{count} documents differ:\n{}", self.differences.join("\n"));
    }
}

fn bytes_of(path: &Path) -> Option<Vec<u8>> {
    (std::fs::metadata(path).unwrap().len() <= unlabel::opinion::LARGEST).then(|| std::fs::read(path).unwrap())
}

/// A version that the library does not know, presented as 1.5, which has all fields that are compared.
fn presented(bytes: Vec<u8>) -> (Vec<u8>, bool) {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]).into_owned();
    for other in ["1.2", "1.6", "1.7"] {
        for written in [
            format!("\"specVersion\": \"{other}\""),
            format!("\"specVersion\":\"{other}\""),
            format!("schema/bom/{other}"),
        ] {
            if let Some(at) = head.find(&written).filter(|_| head.is_ascii()) {
                let last = at + written.len() - 1 - usize::from(written.ends_with('"'));
                let mut bytes = bytes;
                bytes[last] = b'5';
                return (bytes, true);
            }
        }
    }
    (bytes, false)
}

#[test]
fn cyclonedx_bom_reads_the_same() {
    let mut tally = Tally::default();
    for (ending, what) in [(".json", "CycloneDX JSON"), (".xml", "CycloneDX XML")] {
        for path in documents("", ending) {
            let Some((bytes, other)) = bytes_of(&path).map(presented) else { continue };
            let Some(ours) = ours(&path, &bytes).filter(|o| o.opinion != "not-asked") else { continue };
            let version = match (ours.serialization.as_str(), ours.version.as_str()) {
                ("json", "1.3" | "1.4" | "1.5") => None,
                ("xml", "1.3") => Some(SpecVersion::V1_3),
                ("xml", "1.4") => Some(SpecVersion::V1_4),
                ("xml", "1.5") => Some(SpecVersion::V1_5),
                _ => continue,
            };
            let theirs = asked(|| cyclonedx::theirs(&bytes, version));
            let mut mine: Vec<Facts> = ours.components.iter().filter_map(cyclonedx::ours).collect();
            let mut theirs = theirs;
            let authors = other || bytes.windows(9).any(|w| w == b"\"authors\"");
            if authors {
                // A component's list of authors came with 1.6, and is written in older documents too: the library does
                // not know it.
                mine.iter_mut().chain(theirs.iter_mut().flatten()).for_each(|f| f[9].clear());
            }
            tally.compare(what, &path, mine, theirs, ours.twice);
        }
    }
    tally.finish(5);
}

#[test]
fn spdx_rs_reads_the_same() {
    let mut tally = Tally::default();
    for ending in [".json", ".spdx", ".tag"] {
        for path in documents("", ending) {
            let Some(bytes) = bytes_of(&path) else { continue };
            let Some(ours) = ours(&path, &bytes).filter(|o| o.opinion != "not-asked") else { continue };
            let what = match ours.serialization.as_str() {
                "tag-value" => "SPDX tag-value",
                "json" if !ours.version.starts_with("1.") => "SPDX JSON",
                _ => continue,
            };
            let tag_value = ours.serialization == "tag-value";
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let theirs = asked(|| {
                Some(spdx::theirs(match tag_value {
                    true => spdx_rs::parsers::spdx_from_tag_value(&text).ok()?,
                    false => serde_json::from_str(&text).ok()?,
                }))
            });
            let ours: Vec<Facts> = ours.components.iter().filter_map(spdx::ours).collect();
            // It drops external references of the last package: the rest must agree, and what it drops must stand there.
            let drops = tag_value && theirs.as_ref().is_some_and(|theirs| drops(&ours, theirs, &text));
            // It loses packages without a word: what counts then is how many begin in the text.
            let begin = text.split(['\n', '\r']).filter(|line| line.starts_with("PackageName:")).count();
            let loses = tag_value && theirs.as_ref().is_some_and(|t| t.len() != begin) && ours.len() == begin;
            // A package without a name or reference gets that of another, or the next line.
            let nameless = tag_value && ours.iter().any(|f| f[0].is_empty() || f[1].is_empty());
            tally.compare(what, &path, ours, theirs, loses || drops || nameless);
        }
    }
    tally.finish(3);
}

fn drops(ours: &[Facts], theirs: &[Facts], text: &str) -> bool {
    let but_purls = |all: &[Facts]| {
        let mut all: Vec<Facts> = all.iter().map(|f| f[..5].to_vec()).collect();
        all.sort();
        all
    };
    let purls = |all: &[Facts]| {
        all.iter().flat_map(|f| f[5].split(' ').map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let (mine, other) = (purls(ours), purls(theirs));
    but_purls(ours) == but_purls(theirs)
        && other.iter().all(|purl| purl.is_empty() || mine.contains(purl))
        && mine.iter().all(|purl| purl.is_empty() || text.contains(purl.as_str()))
}
