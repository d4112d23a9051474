//! `unlabel.toml`: what a project always states, so that it need not be typed.
//!
//! The file is looked for in the working folder and the folders above it. A flag stands before the file, and the file
//! before the defaults. A key that is not known stops the run: a setting that silently does nothing is worse than none.

use super::waivers::{self, Table};
use crate::decisions::Decision;
use crate::error::{Error, nearest};
use crate::rules::RuleSet;
use crate::rules::format::{Level, Word};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The name of the file.
pub const NAME: &str = "unlabel.toml";

/// What the file can hold. All keys are optional.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// For whom, as in `--role`.
    pub role: Option<String>,
    /// Where, as in `--market`.
    pub market: Option<Vec<String>>,
    /// What is done, as in `--act`.
    pub act: Option<String>,
    /// What else is so, as in `--fact`.
    pub facts: Option<Vec<String>>,
    /// The date of the act, as in `--as-of`; a text or a TOML date.
    pub as_of: Option<When>,
    /// The regimes to ask, as in `--regime`.
    pub regimes: Option<Vec<String>>,
    /// The lowest level that gives exit status 1, as in `--fail-on`.
    pub fail_on: Option<String>,
    /// As `--allow-incomplete`.
    pub allow_incomplete: Option<bool>,
    /// The form on standard output, as in `--format`.
    pub format: Option<String>,
    /// Files to write, as in `--output`, relative to the file.
    #[serde(default)]
    pub output: Vec<String>,
    /// The earlier report of `--baseline`, relative to the file.
    pub baseline: Option<PathBuf>,
    /// The tables `[[waiver]]`, as written.
    #[serde(default)]
    #[schemars(with = "Vec<Table>")]
    waiver: Vec<toml::Spanned<Table>>,
    /// What those tables say.
    #[serde(skip)]
    pub waivers: Vec<Decision>,
    /// The folder of the file; none without a file.
    #[serde(skip)]
    pub folder: Option<PathBuf>,
    /// As `--jobs`.
    pub jobs: Option<usize>,
    /// As `--no-progress`.
    pub no_progress: Option<bool>,
    /// Folders of further rules, relative to the file.
    #[serde(default)]
    pub rules: Vec<PathBuf>,
    /// As `--include-drafts`.
    pub include_drafts: Option<bool>,
    /// As `--max-depth`.
    pub max_depth: Option<usize>,
    /// As `--max-value-size`.
    pub max_value_size: Option<usize>,
    /// As `--max-findings`.
    pub max_findings: Option<usize>,
    /// As `--max-graph-size`.
    pub max_graph_size: Option<usize>,
    /// As `--max-input-size`.
    pub max_input_size: Option<u64>,
    /// As `--max-unpacked-size`.
    pub max_unpacked_size: Option<u64>,
    /// As `--max-ratio`.
    pub max_ratio: Option<u64>,
    /// As `--max-entries`.
    pub max_entries: Option<u64>,
    /// As `--max-archive-depth`.
    pub max_archive_depth: Option<u32>,
}

/// A date, as a text or as TOML's own.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum When {
    /// A text.
    Text(String),
    /// A date or date-time of TOML.
    Toml(#[schemars(with = "String")] toml::value::Datetime),
}

impl std::fmt::Display for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Toml(date) => date.fmt(f),
        }
    }
}

/// Where the configuration comes from.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Configuration")]
pub struct ConfigFlags {
    /// A configuration file [default: unlabel.toml here or in a folder above]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config", env = "UNLABEL_CONFIG")]
    config: Option<PathBuf>,
    /// Use no configuration file
    #[arg(long)]
    no_config: bool,
}

impl ConfigFlags {
    /// Reads the configuration.
    ///
    /// # Errors
    /// A file that cannot be read or is not a configuration.
    pub fn load(&self) -> Result<Config, Error> {
        match &self.config {
            _ if self.no_config => Ok(Config::default()),
            Some(path) => read(path, &path.to_string_lossy()),
            None => match upward() {
                Some((path, name)) => read(&path, &name),
                None => Ok(Config::default()),
            },
        }
    }
}

/// The file in the working folder or the nearest folder above it, and its path from there, which reports name.
fn upward() -> Option<(PathBuf, String)> {
    let here = std::env::current_dir().ok()?;
    let files = here.ancestors().enumerate().map(|(up, folder)| (folder.join(NAME), "../".repeat(up) + NAME));
    files.into_iter().find(|(path, _)| path.is_file())
}

fn read(path: &Path, name: &str) -> Result<Config, Error> {
    let wrong = |message: String| Error::Config { path: path.to_owned(), message };
    let text = std::fs::read_to_string(path).map_err(|e| wrong(e.to_string()))?;
    let mut config: Config = toml::from_str(&text).map_err(|e| wrong(format!("{e}{}", meant(&text))))?;
    tracing::debug!(path = name, "configuration");
    let folder = path.parent().unwrap_or(Path::new(""));
    config.folder = Some(folder.to_owned());
    config.rules.iter_mut().for_each(|rules| *rules = folder.join(&rules));
    // As reports name it: seen from the working folder, like the file itself.
    config.baseline = config.baseline.map(|baseline| Path::new(name).parent().unwrap_or(Path::new("")).join(baseline));
    config.waivers = waivers::read(&config.waiver, &text, name).map_err(wrong)?;
    Ok(config)
}

/// The JSON Schema of the file, as published in `schemas/config-1.json`: that of the code, with the words that there are.
///
/// # Errors
/// Built-in rules that cannot be loaded.
pub fn schema() -> Result<Value, Error> {
    let mut schema = schemars::schema_for!(Config).to_value();
    let set = RuleSet::embedded()?.set.clone();
    let levels: Vec<&str> = Level::ALL.iter().skip(1).map(|level| level.id()).collect();
    let ids = |words: &[Word]| words.iter().map(|word| word.id.clone()).collect::<Vec<_>>();
    for (place, words) in [
        ("/properties/role", json!(ids(&set.role))),
        ("/properties/act", json!(ids(&set.act))),
        ("/properties/facts/items", json!(ids(&set.fact))),
        ("/properties/fail-on", json!(levels)),
        ("/properties/format", json!(super::output::ids())),
        ("/$defs/Table/properties/level", json!(levels)),
    ] {
        if let Some(Value::Object(key)) = schema.pointer_mut(place) {
            key.insert("type".to_owned(), "string".into());
            key.insert("enum".to_owned(), words);
        }
    }
    if let Value::Object(all) = &mut schema {
        all.insert("title".to_owned(), NAME.into());
    }
    Ok(schema)
}

/// For a key that is not known, what was probably meant.
fn meant(text: &str) -> String {
    let (Ok(given), Ok(schema)) = (toml::from_str::<toml::Table>(text), schema()) else { return String::new() };
    let known = |place: &str| {
        let keys = schema.pointer(place).and_then(Value::as_object);
        keys.map(|keys| keys.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
    };
    let (keys, of_waivers) = (known("/properties"), known("/$defs/Table/properties"));
    let waivers = given.get("waiver").and_then(|waivers| waivers.as_array()).into_iter().flatten();
    let inner = waivers.filter_map(|waiver| waiver.as_table()).flat_map(|waiver| waiver.keys());
    let all = given.keys().map(|key| (key, &keys)).chain(inner.map(|key| (key, &of_waivers)));
    let near = |(key, known): (&String, &Vec<String>)| {
        let wrong = !known.contains(key);
        nearest(key, known.iter().map(String::as_str)).filter(|_| wrong).map(|near| format!("did you mean `{near}`?\n"))
    };
    all.filter_map(near).next().unwrap_or_default()
}
