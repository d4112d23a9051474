//! From files to rules: lenient, so that an older program survives newer data.
//!
//! An unknown key is passed over here (the lint reports it); a file that is no rule at all, or that names an
//! organization, product or class which does not exist, stops the run, because a rule that silently does nothing is a miss.

use super::format::{Common, RuleFile, SCHEMA, SetFile};
use super::{Loaded, compile};
use crate::error::Error;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The rule files built into the program, by path relative to `rules/`, sorted.
pub const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The rule files below a folder, by relative path, sorted.
///
/// # Errors
/// When a file cannot be read.
pub fn folder(root: &Path) -> Result<Vec<(String, String)>, Error> {
    let fail = |source| Error::RuleFolder { path: root.to_owned(), source };
    if !std::fs::metadata(root).map_err(fail)?.is_dir() {
        return Err(fail(std::io::Error::new(std::io::ErrorKind::NotADirectory, "it is no folder")));
    }
    let mut files = Vec::new();
    for entry in ignore::WalkBuilder::new(root).standard_filters(false).sort_by_file_name(std::ffi::OsStr::cmp).build()
    {
        let entry = entry.map_err(|e| fail(std::io::Error::other(e.to_string())))?;
        let path = entry.path();
        if entry.file_type().is_some_and(|t| t.is_file()) && path.extension().is_some_and(|e| e == "toml") {
            let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
            files.push((name, std::fs::read_to_string(path).map_err(fail)?));
        }
    }
    if files.is_empty() {
        return Err(fail(std::io::Error::new(std::io::ErrorKind::NotFound, "no rule file (*.toml) lies in it")));
    }
    Ok(files)
}

/// The built-in rule files and, after them, those of some folders: name and text.
///
/// # Errors
/// When a folder or file cannot be read.
pub fn files(folders: &[std::path::PathBuf]) -> Result<Vec<(String, String)>, Error> {
    let mut files: Vec<(String, String)> =
        EMBEDDED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    for root in folders {
        files.extend(folder(root)?);
    }
    Ok(files)
}

/// Reads rule files. A later file with the id of an earlier one takes its place, so that a folder can correct what is
/// built in.
///
/// # Errors
/// A file that is no rule, needs a newer program, or names something that does not exist.
pub fn load<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>, drafts: bool) -> Result<super::RuleSet, Error> {
    let mut by_id: BTreeMap<String, (String, RuleFile)> = BTreeMap::new();
    let mut replaced = BTreeSet::new();
    let mut set = None;
    let mut digest = Sha256::new();
    for (name, text) in files {
        digest.update((name.len() as u64).to_le_bytes());
        digest.update(name);
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text);
        let wrong = |message: String| Error::Rule { file: name.to_owned(), message };
        if name == "set.toml" {
            let read: SetFile = toml::from_str(text).map_err(|e| wrong(place(text, &e)))?;
            set = Some(read);
            continue;
        }
        let rule = parse(text).map_err(wrong)?;
        let id = rule.common().id.clone();
        if by_id.insert(id.clone(), (name.to_owned(), rule)).is_some() {
            replaced.insert(id);
        }
    }
    let set = set.ok_or_else(|| Error::Rule { file: "set.toml".to_owned(), message: "is missing".to_owned() })?;
    let requires = semver::VersionReq::parse(&set.requires)
        .map_err(|e| Error::Rule { file: "set.toml".to_owned(), message: format!("requires: {e}") })?;
    let have = env!("CARGO_PKG_VERSION");
    if semver::Version::parse(have).is_ok_and(|v| !requires.matches(&v)) {
        return Err(Error::RuleVersion { requires: set.requires, have: have.to_owned() });
    }
    let files: Vec<Loaded> = by_id.into_values().map(|(file, rule)| Loaded { file, rule }).collect();
    let sha256 = crate::source::window::hex(&digest.finalize());
    compile::build(files, set, sha256, replaced.into_iter().collect(), drafts)
}

/// Reads one rule file.
///
/// # Errors
/// A sentence with line and column.
pub fn parse(text: &str) -> Result<RuleFile, String> {
    let head: Head = toml::from_str(text).map_err(|e| place(text, &e))?;
    if head.schema > SCHEMA {
        return Err(format!("schema {} is newer than this program reads ({SCHEMA})", head.schema));
    }
    macro_rules! read {
        ($kind:ident) => {
            toml::from_str(text).map(RuleFile::$kind).map_err(|e| place(text, &e))
        };
    }
    match head.kind.as_str() {
        "organization" => read!(Organization),
        "product" => read!(Product),
        "files" => read!(Files),
        "endpoints" => read!(Endpoints),
        "white-label" => read!(WhiteLabel),
        "adapter" => read!(Adapter),
        "unattributed" => read!(Unattributed),
        "class" => read!(Class),
        "not-this" => read!(NotThis),
        "regime" => read!(Regime),
        "note" => read!(Note),
        other => Err(format!("kind `{other}` is not known")),
    }
}

#[derive(serde::Deserialize)]
struct Head {
    schema: u32,
    kind: String,
}

fn place(text: &str, error: &toml::de::Error) -> String {
    let at = error.span().map_or(0, |s| s.start).min(text.len());
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("line {line}, column {column}: {}", error.message())
}

impl RuleFile {
    /// What every rule has.
    pub fn common(&self) -> &Common {
        match self {
            Self::Organization(r) => &r.common,
            Self::Product(r) => &r.common,
            Self::Files(r) | Self::Endpoints(r) => &r.common,
            Self::WhiteLabel(r) => &r.common,
            Self::Adapter(r) => &r.common,
            Self::Unattributed(r) => &r.common,
            Self::Class(r) => &r.common,
            Self::NotThis(r) => &r.common,
            Self::Regime(r) => &r.common,
            Self::Note(r) => &r.common,
        }
    }

    /// The word of `kind`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Organization(_) => "organization",
            Self::Product(_) => "product",
            Self::Files(_) => "files",
            Self::Endpoints(_) => "endpoints",
            Self::WhiteLabel(_) => "white-label",
            Self::Adapter(_) => "adapter",
            Self::Unattributed(_) => "unattributed",
            Self::Class(_) => "class",
            Self::NotThis(_) => "not-this",
            Self::Regime(_) => "regime",
            Self::Note(_) => "note",
        }
    }

    /// Whether it is used, given whether drafts are.
    pub fn on(&self, drafts: bool) -> bool {
        self.common().status.is_on(drafts)
    }
}
