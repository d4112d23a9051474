//! Embeds every rule file below `rules/`, as written and as JSON, which is read several times as fast when the program
//! starts; and, for the feature `strict`, every schema below `schemas/cyclonedx` and `schemas/spdx`, compressed. All sorted
//! by path. A rule file that is no TOML stops the build.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let made = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    if env::var_os("CARGO_FEATURE_STRICT").is_some() {
        schemas(&here.join("schemas"), &made)?;
    }
    let root = here.join("rules");
    let mut files = Vec::new();
    visit(&root, "toml", &mut files)?;
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
    fs::write(
        made.join("rules.rs"),
        format!(
            "&[
{list}]"
        ),
    )?;
    fs::write(made.join("rules.sha256"), sha256)
}

/// The schemas as pairs of file name and compressed content.
fn schemas(root: &Path, made: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    visit(&root.join("cyclonedx"), "json", &mut files)?;
    visit(&root.join("spdx"), "json", &mut files)?;
    files.sort();
    let mut out = String::from("&[\n");
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&fs::read(&path)?)?;
        let file = made.join(format!("{name}.zz"));
        fs::write(&file, packed.finish()?)?;
        out.push_str(&format!("({name:?}, include_bytes!({:?}).as_slice()),\n", file.display().to_string()));
    }
    out.push(']');
    fs::write(made.join("schemas.rs"), out)
}

fn visit(folder: &Path, ending: &str, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            visit(&path, ending, files)?;
        } else if path.extension().is_some_and(|e| e == ending) {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
    Ok(())
}
