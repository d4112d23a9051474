//! The strict reading of rule files: what a reviewer would send back, as a list of sentences.
//!
//! `cargo test` holds every shipped rule to it. It must never change what a rule means; [`super::load`] alone decides
//! that.

use super::format::{Common, Marks, Proof, RuleFile, SetFile, Status};
use super::load::{self, parse};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Everything wrong with a set of rule files, as `file: sentence`, in the order of the files.
pub fn lint<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Vec<String> {
    let schema = super::format::schema();
    let mut wrong = Vec::new();
    let mut rules = Vec::new();
    for (name, text) in files {
        if name == "set.toml" {
            if let Err(e) = toml::from_str::<SetFile>(text) {
                wrong.push(format!("{name}: {}", e.message()));
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
    if ids.len() != rules.len() {
        wrong.push("two files have the same id".to_owned());
    }
    for (name, rule) in &rules {
        let mut say = |sentence: String| wrong.push(format!("{name}: {sentence}"));
        common(name, rule, &mut say);
        references(rule, &ids, &mut say);
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
    let vocabulary = matches!(rule, RuleFile::Class(_));
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
    let wants_examples = matches!(rule, RuleFile::Organization(_) | RuleFile::Product(_) | RuleFile::NotThis(_));
    if wants_examples && common.status == Status::Confirmed && common.example.len() < 2 {
        say("fewer than two examples: one that fires and one that does not".to_owned());
    }
}

fn references(rule: &RuleFile, ids: &BTreeMap<&str, &RuleFile>, say: &mut impl FnMut(String)) {
    let organization = |id: &str| matches!(ids.get(id), Some(RuleFile::Organization(_)));
    let class = |id: &str| matches!(ids.get(id), Some(RuleFile::Class(_)));
    match rule {
        RuleFile::Organization(o) => marks(&o.common, &o.marks, say),
        RuleFile::Product(p) => {
            marks(&p.common, &p.marks, say);
            if !organization(&p.made_by) {
                say(format!("made-by names `{}`, which is no organization", p.made_by));
            }
            if !class(&p.class) {
                say(format!("class `{}` does not exist", p.class));
            }
        }
        RuleFile::NotThis(n) => {
            for id in n.narrows.iter().filter(|id| !ids.contains_key(id.as_str())) {
                say(format!("narrows `{id}`, which does not exist"));
            }
            for when in &n.when {
                let known = |k: &String| EVIDENCE.contains(&k.as_str());
                for kind in when.only_evidence.iter().filter(|k| !known(k)) {
                    say(format!("only-evidence names `{kind}`, which is no kind of evidence"));
                }
                let conditions = when.names.len() + when.name_words.len() + when.purl.len() + when.party_names.len();
                if conditions == 0 && !when.other_supplier {
                    say("a `when` without a condition sets everything aside".to_owned());
                }
            }
        }
        RuleFile::Class(_) => {}
        RuleFile::Regime(r) => {
            for id in r.organizations.iter().filter(|id| !organization(id)) {
                say(format!("organizations names `{id}`, which is none"));
            }
            for id in r.scope.iter().flat_map(|s| &s.classes).filter(|id| !class(id)) {
                say(format!("scope names class `{id}`, which does not exist"));
            }
            let all: BTreeSet<&str> = r.scope.iter().flat_map(|s| &s.classes).map(String::as_str).collect();
            for (id, _) in ids.iter().filter(|(id, r)| matches!(r, RuleFile::Class(_)) && !all.contains(*id)) {
                say(format!("scope says nothing of class `{id}`"));
            }
            let questions: BTreeSet<&str> = r.question.iter().map(|q| q.id.as_str()).collect();
            let readings = r.clause.iter().flat_map(|c| &c.reading).flat_map(|r| &r.questions);
            for id in
                readings.chain(r.scope.iter().flat_map(|s| &s.questions)).filter(|q| !questions.contains(q.as_str()))
            {
                say(format!("question `{id}` does not exist"));
            }
            let keys: BTreeSet<&str> = r.common.source.iter().map(|s| s.key.as_str()).collect();
            let cited = r.clause.iter().flat_map(|c| &c.sources).chain(r.scope.iter().flat_map(|s| &s.sources));
            for key in cited.filter(|k| !keys.contains(k.as_str())) {
                say(format!("cites source `{key}`, which does not exist"));
            }
            for clause in r.clause.iter().filter(|c| c.sources.is_empty()) {
                say(format!("clause `{}` has no source", clause.id));
            }
        }
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

fn marks(common: &Common, marks: &Marks, say: &mut impl FnMut(String)) {
    let keys: BTreeSet<&str> = common.source.iter().map(|s| s.key.as_str()).collect();
    let mut proof = |what: &str, proof: &Proof| {
        for key in proof.sources.iter().filter(|k| !keys.contains(k.as_str())) {
            say(format!("`{what}` cites source `{key}`, which does not exist"));
        }
        let status = proof.status.unwrap_or(common.status);
        if status == Status::Confirmed && proof.sources.is_empty() {
            say(format!("`{what}` is confirmed and cites no source"));
        }
        if common.status == Status::Draft && proof.status == Some(Status::Confirmed) {
            say(format!("`{what}` is confirmed in a draft file"));
        }
    };
    marks.name.iter().for_each(|r| proof(&r.text, &r.proof));
    marks.cpe.iter().for_each(|r| proof(&r.vendor, &r.proof));
    marks.purl.iter().for_each(|r| proof(r.name.as_deref().or(r.namespace.as_deref()).unwrap_or("purl"), &r.proof));
    marks.domain.iter().for_each(|r| proof(&r.host, &r.proof));
    marks.file.iter().for_each(|r| proof(&r.name, &r.proof));
    marks.signer.iter().for_each(|r| proof(&r.text, &r.proof));
    for purl in marks.purl.iter().filter(|p| p.name.is_none() && p.namespace.is_none()) {
        say(format!("a purl row for {:?} names neither namespace nor name", purl.types));
    }
    for name in &marks.name {
        for text in std::iter::once(&name.text).chain(&name.also) {
            let folded = crate::text::Folded::new(text);
            let letters = folded.without_legal_forms().unwrap_or(folded).letters;
            if letters.len() < 6 && letters.is_ascii() {
                say(format!("name `{text}` is too short to match by itself"));
            }
        }
    }
}

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
    load::EMBEDDED.iter().copied()
}
