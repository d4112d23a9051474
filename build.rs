//! Embeds every rule file below `rules/`, sorted by path: as written, and as JSON, which is read several times as fast when
//! the program starts. A file that is no TOML stops the build.

use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("rules");
    let mut files = Vec::new();
    visit(&root, &mut files)?;
    files.sort();
    let mut list = String::new();
    let mut digest = Sha256::new();
    for path in files {
        let name = path.strip_prefix(&root).map_err(io::Error::other)?.to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path)?;
        let wrong = |message: String| io::Error::other(format!("{}: {message}", path.display()));
        let value: toml::Table = toml::from_str(&text).map_err(|e| wrong(e.to_string()))?;
        let json = serde_json::to_value(&value).map_err(|e| wrong(e.to_string()))?;
        let kind = json.get("kind").and_then(Value::as_str).unwrap_or_default();
        // The same bytes as in `rules::load`, which goes on from here when folders are given.
        for part in [&name, &text] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        let (path, json) = (path.display().to_string(), json.to_string());
        list.push_str(&format!(
            "Embedded {{ name: {name:?}, text: include_str!({path:?}), kind: {kind:?}, json: {json:?} }},\n"
        ));
    }
    let sha256: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("rules.rs"), format!("&[\n{list}]"))?;
    fs::write(out.join("rules.sha256"), sha256)
}

fn visit(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            visit(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
    Ok(())
}
