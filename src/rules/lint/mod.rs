//! The strict reading of rule files: what a reviewer would send back, as a list of sentences.
//!
//! `cargo test` holds every shipped rule to it. It must never change what a rule means; [`super::load`] alone decides
//! that.

mod kinds;

use super::format::{RuleFile, SetFile, Status};
use super::load::{self, parse};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Everything wrong with a set of rule files, as `file: sentence`, in the order of the files.
pub fn lint<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Vec<String> {
    let schema = super::format::schema();
    let mut wrong = Vec::new();
    let mut rules = Vec::new();
    let mut set = None;
    for (name, text) in files {
        if name == "set.toml" {
            match toml::from_str::<SetFile>(text) {
                Ok(read) => set = Some(read),
                Err(e) => wrong.push(format!("{name}: {}", e.message())),
            }
            continue;
        }
        match parse(text) {
            Ok(rule) => {
                unknown_keys(name, text, &rule, &schema, &mut wrong);
                rules.push((name, rule));
            }
            Err(message) => wrong.push(format!("{name}: {message}")),
        }
    }
    let ids: BTreeMap<&str, &RuleFile> = rules.iter().map(|(_, r)| (r.common().id.as_str(), r)).collect();
    let mut by_id: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    rules.iter().for_each(|(name, rule)| by_id.entry(&rule.common().id).or_default().push(name));
    for (id, names) in by_id.iter().filter(|(_, names)| names.len() > 1) {
        wrong.push(format!("id `{id}` stands in {}: the last counts", names.join(" and ")));
    }
    for (name, rule) in &rules {
        let mut say = |sentence: String| wrong.push(format!("{name}: {sentence}"));
        common(name, rule, &mut say);
        kinds::references(&kinds::Known { ids: &ids, set: set.as_ref() }, rule, &mut say);
    }
    wrong
}

fn common(file: &str, rule: &RuleFile, say: &mut impl FnMut(String)) {
    let common = rule.common();
    let stem = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".toml");
    if common.id != stem {
        say(format!("id `{}` is not the file's stem", common.id));
    }
    if !common.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        say(format!("id `{}` is not kebab-case", common.id));
    }
    let publishers: BTreeSet<&str> = common.source.iter().map(|s| s.publisher.as_str()).collect();
    let proven = common.source.iter().any(|s| s.official) || publishers.len() >= 2;
    // Our own words, not claims about anybody.
    let vocabulary = matches!(rule, RuleFile::Class(_) | RuleFile::Unattributed(_));
    if common.status == Status::Confirmed && !proven && !vocabulary {
        say("status is confirmed without an official source or two of different publishers".to_owned());
    }
    if (common.status == Status::Withdrawn) != common.withdrawn.is_some() {
        say("`withdrawn` says why exactly when the status is withdrawn".to_owned());
    }
    let mut keys = BTreeSet::new();
    for source in &common.source {
        if !keys.insert(source.key.as_str()) {
            say(format!("source key `{}` stands twice", source.key));
        }
        if source.url.as_ref().is_some_and(|u| !u.starts_with("https://")) {
            say(format!("source `{}`: the address is not https", source.key));
        }
        if source.read.0 > common.updated.0 {
            say(format!("source `{}` was read after the rule was updated", source.key));
        }
    }
    let wants_examples = !matches!(rule, RuleFile::Class(_) | RuleFile::Regime(_) | RuleFile::Note(_));
    if wants_examples && common.status == Status::Confirmed && common.example.len() < 2 {
        say("fewer than two examples: one that fires and one that does not".to_owned());
    }
}

/// The kinds of evidence a rule may name. The matcher has a test that its kinds are these.
pub const EVIDENCE: &[&str] = &[
    "supplier",
    "manufacturer",
    "publisher",
    "author",
    "contributor",
    "originator",
    "provider",
    "licensor",
    "signer",
    "name",
    "group",
    "cpe",
    "purl",
    "swid",
    "license",
    "license-text",
    "copyright",
    "reference",
    "endpoint",
    "file",
    "property",
    "identity",
];

/// Keys that the file's kind does not have, found with the published schema.
fn unknown_keys(file: &str, text: &str, rule: &RuleFile, schema: &Value, wrong: &mut Vec<String>) {
    let Ok(table) = toml::from_str::<toml::Table>(text) else { return };
    let kinds = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let of_kind = |b: &&Value| b.pointer("/properties/kind/const").and_then(Value::as_str) == Some(rule.kind());
    let Some(shape) = kinds.into_iter().find(of_kind) else {
        wrong.push(format!("{file}: the schema does not know kind `{}`", rule.kind()));
        return;
    };
    let value = serde_json::to_value(&table).unwrap_or_default();
    strangers(&value, shape, schema, "", &mut |key| wrong.push(format!("{file}: key `{key}` is not known")));
}

fn strangers(value: &Value, shape: &Value, root: &Value, at: &str, say: &mut dyn FnMut(String)) {
    match value {
        Value::Object(map) => {
            if !has_properties(shape, root) {
                return;
            }
            for (key, inner) in map {
                let path = format!("{at}{key}");
                match property(shape, root, key) {
                    Some(next) => strangers(inner, next, root, &format!("{path}."), say),
                    None => say(path),
                }
            }
        }
        Value::Array(list) => {
            let items = shape.get("items").unwrap_or(&Value::Null);
            list.iter().for_each(|inner| strangers(inner, items, root, at, say));
        }
        _ => {}
    }
}

fn referred<'s>(shape: &'s Value, root: &'s Value) -> Option<&'s Value> {
    root.pointer(shape.get("$ref")?.as_str()?.strip_prefix('#')?)
}

fn has_properties(shape: &Value, root: &Value) -> bool {
    shape.get("properties").is_some() || referred(shape, root).is_some_and(|s| has_properties(s, root))
}

/// The shape of a property, of the object itself or of what it refers to.
fn property<'s>(shape: &'s Value, root: &'s Value, key: &str) -> Option<&'s Value> {
    let own = shape.get("properties").and_then(|p| p.get(key));
    own.or_else(|| property(referred(shape, root)?, root, key))
}

/// The built-in files, for the tests and the command line.
pub fn embedded() -> impl Iterator<Item = (&'static str, &'static str)> {
    load::EMBEDDED.iter().map(|file| (file.name, file.text))
}
