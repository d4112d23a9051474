//! From files to rules: lenient, so that an older program survives newer data.
//!
//! An unknown key is passed over here (the lint reports it); a file that is no rule at all, or that names an
//! organization, product or class which does not exist, stops the run, because a rule that silently does nothing is a miss.

use super::format::{Common, RuleFile, SCHEMA, SetFile};
use super::{Loaded, RuleSet, compile};
use crate::error::Error;
use crate::source::window::hex;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A rule file built into the program.
#[derive(Debug, Clone, Copy)]
pub struct Embedded {
    /// Path relative to `rules/`.
    pub name: &'static str,
    /// The file as written.
    pub text: &'static str,
    /// Its kind; empty for the file about the set.
    kind: &'static str,
    /// The same as JSON.
    json: &'static str,
}

/// The rule files built into the program, by path, sorted.
pub const EMBEDDED: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// Their digest, as [`load`] takes it.
pub(super) const EMBEDDED_SHA256: &str = include_str!(concat!(env!("OUT_DIR"), "/rules.sha256"));

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
        EMBEDDED.iter().map(|file| (file.name.to_owned(), file.text.to_owned())).collect();
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
pub fn load<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>, drafts: bool) -> Result<RuleSet, Error> {
    let mut incoming = Incoming::default();
    let mut digest = Sha256::new();
    for (name, text) in files {
        take(&mut digest, name, text);
        incoming.written(name, text)?;
    }
    incoming.done(hex(&digest.finalize()), drafts)
}

/// The rules built into the program and, after them, those of some folders.
pub(super) fn with_folders(folders: &[std::path::PathBuf], drafts: bool) -> Result<RuleSet, Error> {
    let mut incoming = Incoming::built_in()?;
    if folders.is_empty() {
        return incoming.done(EMBEDDED_SHA256.to_owned(), drafts);
    }
    let mut digest = Sha256::new();
    EMBEDDED.iter().for_each(|file| take(&mut digest, file.name, file.text));
    for root in folders {
        for (name, text) in folder(root)? {
            take(&mut digest, &name, &text);
            incoming.written(&name, &text)?;
        }
    }
    incoming.done(hex(&digest.finalize()), drafts)
}

/// The rules built into the program, by id.
pub(super) fn embedded() -> Result<Vec<Loaded>, Error> {
    Ok(Incoming::built_in()?.by_id.into_values().collect())
}

/// What the built-in set says about itself.
pub(super) fn embedded_set() -> Result<SetFile, Error> {
    let mut incoming = Incoming::default();
    EMBEDDED.iter().filter(|file| file.name == SET).try_for_each(|file| incoming.embedded(file))?;
    incoming.set()
}

/// Takes a file into the digest of a rule set; the build script does the same.
fn take(digest: &mut Sha256, name: &str, text: &str) {
    for part in [name, text] {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
}

/// Rule files as they come in.
#[derive(Default)]
struct Incoming {
    by_id: BTreeMap<String, Loaded>,
    replaced: BTreeSet<String>,
    set: Option<SetFile>,
}

const SET: &str = "set.toml";

impl Incoming {
    /// With the rules built into the program.
    fn built_in() -> Result<Self, Error> {
        let mut incoming = Self::default();
        EMBEDDED.iter().try_for_each(|file| incoming.embedded(file))?;
        Ok(incoming)
    }

    /// A file as a person wrote it.
    fn written(&mut self, name: &str, text: &str) -> Result<(), Error> {
        let wrong = |message: String| Error::Rule { file: name.to_owned(), message };
        if name == SET {
            self.set = Some(Toml(text).read().map_err(wrong)?);
        } else {
            self.rule(name, parse(text).map_err(wrong)?);
        }
        Ok(())
    }

    /// A file that the build has read.
    fn embedded(&mut self, file: &Embedded) -> Result<(), Error> {
        let wrong = |message: String| Error::Rule { file: file.name.to_owned(), message };
        let json = Json(file.json);
        if file.name == SET {
            self.set = Some(json.read().map_err(wrong)?);
        } else {
            self.rule(file.name, of_kind(file.kind, &json).map_err(wrong)?);
        }
        Ok(())
    }

    fn rule(&mut self, file: &str, rule: RuleFile) {
        let id = rule.common().id.clone();
        if self.by_id.insert(id.clone(), Loaded { file: file.to_owned(), rule }).is_some() {
            self.replaced.insert(id);
        }
    }

    /// What the set says about itself, when this program can read it.
    fn set(&mut self) -> Result<SetFile, Error> {
        let wrong = |message: String| Error::Rule { file: SET.to_owned(), message };
        let set = self.set.take().ok_or_else(|| wrong("is missing".to_owned()))?;
        let requires = semver::VersionReq::parse(&set.requires).map_err(|e| wrong(format!("requires: {e}")))?;
        let have = env!("CARGO_PKG_VERSION");
        if semver::Version::parse(have).is_ok_and(|v| !requires.matches(&v)) {
            return Err(Error::RuleVersion { requires: set.requires, have: have.to_owned() });
        }
        Ok(set)
    }

    fn done(mut self, sha256: String, drafts: bool) -> Result<RuleSet, Error> {
        let set = self.set()?;
        let files: Vec<Loaded> = self.by_id.into_values().collect();
        compile::build(files, set, sha256, self.replaced.into_iter().collect(), drafts)
    }
}

/// Reads one rule file.
///
/// # Errors
/// A sentence with line and column.
pub fn parse(text: &str) -> Result<RuleFile, String> {
    let head: Head = Toml(text).read()?;
    if head.schema > SCHEMA {
        return Err(format!("schema {} is newer than this program reads ({SCHEMA})", head.schema));
    }
    of_kind(&head.kind, &Toml(text))
}

fn of_kind(kind: &str, text: &impl Text) -> Result<RuleFile, String> {
    Ok(match kind {
        "organization" => RuleFile::Organization(text.read()?),
        "product" => RuleFile::Product(text.read()?),
        "files" => RuleFile::Files(text.read()?),
        "endpoints" => RuleFile::Endpoints(text.read()?),
        "white-label" => RuleFile::WhiteLabel(text.read()?),
        "adapter" => RuleFile::Adapter(text.read()?),
        "unattributed" => RuleFile::Unattributed(text.read()?),
        "class" => RuleFile::Class(text.read()?),
        "not-this" => RuleFile::NotThis(text.read()?),
        "regime" => RuleFile::Regime(text.read()?),
        "note" => RuleFile::Note(text.read()?),
        other => return Err(format!("kind `{other}` is not known")),
    })
}

/// What a rule is read from.
trait Text {
    /// Reads it; otherwise a sentence that says what is wrong and where.
    fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, String>;
}

/// As a person writes it.
struct Toml<'t>(&'t str);

/// As the build has written it.
struct Json<'t>(&'t str);

impl Text for Toml<'_> {
    fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, String> {
        toml::from_str(self.0).map_err(|e| place(self.0, &e))
    }
}

impl Text for Json<'_> {
    fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, String> {
        serde_json::from_str(self.0).map_err(|e| e.to_string())
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
