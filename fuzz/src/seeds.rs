//! What each target begins with: the files that stand in `fixtures/` and `rules/` anyway, and nothing of its own.

use super::Target;
use super::encode::encoded;
use serde_json::Value;
use std::path::Path;

/// Longer files teach a fuzzer nothing new and cost it much time.
pub const LONGEST: usize = 24 << 10;

/// All seeds of a target, with names that tell where they come from. `root` is the checkout.
pub fn of(target: &Target, root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    for below in ["fixtures", "rules"] {
        visit(&root.join(below), below, &mut |path, bytes| {
            for (at, seed) in (target.seeds)(path, bytes).into_iter().enumerate() {
                if seed.len() <= LONGEST {
                    out.push((format!("{}-{at}", path.replace('/', "-")), seed));
                }
            }
        });
    }
    out
}

fn visit(folder: &Path, shown: &str, give: &mut dyn FnMut(&str, &[u8])) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap()).collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let shown = format!("{shown}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            visit(&entry.path(), &shown, give);
        } else {
            give(&shown, &std::fs::read(entry.path()).unwrap());
        }
    }
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|w| w == word.as_bytes())
}

/// The file as it is, behind the byte that asks for no frame.
fn plain(bytes: &[u8], when: bool) -> Vec<Vec<u8>> {
    if when { vec![[&[0], bytes].concat()] } else { Vec::new() }
}

/// One of each sort, and all that is broken.
pub fn detect(path: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    let few = ["fixtures/bad/", "fixtures/wrapped/", "fixtures/xml/", "fixtures/twins/", "fixtures/clean/"];
    let plain = plain(bytes, few.iter().any(|folder| path.starts_with(folder)));
    if path.starts_with("fixtures/twins/") { [plain, protobuf(path, bytes)].concat() } else { plain }
}

/// CycloneDX in JSON.
pub fn json(path: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    plain(bytes, path.starts_with("fixtures/") && holds(bytes, "\"bomFormat\""))
}

/// SPDX 2 in JSON.
pub fn spdx2_json(path: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    plain(bytes, path.starts_with("fixtures/") && holds(bytes, "\"spdxVersion\""))
}

/// SPDX 3 in JSON.
pub fn spdx3_json(path: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    plain(bytes, path.starts_with("fixtures/") && holds(bytes, "\"@context\""))
}

/// XML.
pub fn xml(path: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    plain(bytes, path.ends_with(".xml"))
}

/// RDF/XML.
pub fn rdf(path: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    plain(bytes, path.starts_with("fixtures/") && holds(bytes, "22-rdf-syntax-ns#"))
}

/// YAML, and JSON, which is YAML too, behind a key that says so.
pub fn yaml(path: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut out = plain(bytes, path.ends_with(".yaml") || path.ends_with(".yml"));
    if path.starts_with("fixtures/twins/") && path.ends_with(".json") {
        let head = b"\0bomFormat: CycloneDX\nspecVersion: '1.6'\nmetadata: ";
        out.push([head, bytes].concat());
    }
    out
}

/// Tag-value.
pub fn tag_value(_: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    plain(bytes, bytes.starts_with(b"SPDXVersion:") || holds(bytes, "\nSPDXVersion:"))
}

/// Every CycloneDX document in JSON, encoded.
pub fn protobuf(path: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    let folders = ["fixtures/evidence/", "fixtures/twins/", "fixtures/clean/"];
    if !folders.iter().any(|folder| path.starts_with(folder)) {
        return Vec::new();
    }
    let document: Option<Value> = serde_json::from_slice(bytes).ok();
    let document = document.filter(|d| d.get("bomFormat").is_some_and(|f| f == "CycloneDX"));
    document.map(|d| plain(&encoded(&d), true)).unwrap_or_default()
}
