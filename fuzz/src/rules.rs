//! Rules: a rule file of any content, and any text put to the rules.

use super::scans::{RULES, survived};
use serde_json::{Value, json};
use std::sync::LazyLock;
use unlabel::matcher::examples;
use unlabel::parsers::Suspicion as _;
use unlabel::rules::load::{self, EMBEDDED};
use unlabel::rules::{RuleSet, lint};

/// What other rules need, so that one file alone can be tried in little time.
static BASE: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let needed = |name: &str| name == "set.toml" || name.starts_with("organizations/") || name.starts_with("classes/");
    EMBEDDED.iter().filter(|file| needed(file.name)).map(|file| (file.name, file.text)).collect()
});

/// The first byte says whether the rest is a rule file or a text.
pub fn check(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    if first % 2 == 0 { file(&text, first & 2 != 0) } else { asked(&RULES, &text) }
}

/// A rule file either says in a sentence why it is none, or can be linted, compiled and used, and then the quick pass
/// misses nothing of what it knows.
fn file(text: &str, drafts: bool) {
    let sentences = lint::lint([("fuzz.toml", text)]);
    if let Err(sentence) = load::parse(text) {
        assert!(!sentence.is_empty() && !sentences.is_empty(), "no sentence says what is wrong");
        return;
    }
    let files = || BASE.iter().copied().chain([("fuzz.toml", text)]);
    let Ok(rules) = load::load(files(), drafts) else { return };
    examples::check(&rules, drafts);
    let Ok(value) = toml::from_str::<Value>(text) else { return };
    let mut words = Vec::new();
    texts(&value, &mut words);
    words.truncate(60);
    words.iter().for_each(|word| asked(&rules, word));
    survived(document(&words).to_string().as_bytes(), &rules, false);
}

fn texts(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) if text.len() < 200 => out.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|v| texts(v, out)),
        Value::Object(map) => map.values().for_each(|v| texts(v, out)),
        _ => {}
    }
}

/// A document that says every text in every field that a rule may look at.
fn document(words: &[String]) -> Value {
    let component = |(at, word): (usize, &String)| {
        let fields: [Value; 9] = [
            json!({"name": word}),
            json!({"name": "x", "supplier": {"name": word, "url": [format!("https://{word}/")]}}),
            json!({"name": "x", "cpe": format!("cpe:2.3:a:{word}:{word}:1:*:*:*:*:*:*:*")}),
            json!({"name": "x", "purl": format!("pkg:generic/{word}/{word}@1")}),
            json!({"name": "x", "group": word, "version": word}),
            json!({"name": word, "type": "file"}),
            json!({"name": "x", "properties": [{"name": "Signer", "value": word}]}),
            json!({"name": "x", "licenses": [{"license": {"name": word}}], "copyright": word}),
            json!({"name": "x", "description": word, "externalReferences": [{"type": "website", "url": word}]}),
        ];
        let mut component = fields[at % fields.len()].clone();
        component["bom-ref"] = at.to_string().into();
        component
    };
    // Each word in several fields, whatever their number.
    let many = words.iter().flat_map(|word| std::iter::repeat_n(word, 5)).enumerate();
    let components: Vec<Value> = many.map(component).collect();
    json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": components})
}

/// Whatever a lookup finds in a text, the quick look must find too.
fn asked(rules: &RuleSet, text: &str) {
    let label = rules.labels();
    let named = !rules.names(text).is_empty() || !label.names(text).is_empty();
    let found = named
        || rules.host(text).is_some()
        || rules.signer(text).is_some()
        || !rules.property(text).is_empty()
        || label.host(text).is_some()
        || !rules.engine_words(text).is_empty();
    let prose = !rules.engine_words(text).is_empty();
    // Where a rule has no word to watch for, nothing is asked and every component is built.
    if rules.watches_all() {
        assert!(!found || rules.suspect(text), "a lookup finds something in {text:?}, and the quick look does not");
        assert!(!named || rules.suspect_legal(text), "{text:?} holds a name, and the quick look does not see it");
        assert!(
            !prose || rules.suspect_prose(text),
            "{text:?} holds words on engines, and the quick look does not see it"
        );
    }
    rules.class_in(text);
    rules.attributed(text);
    rules.file(text);
    for (a, b) in [(text, "x"), ("x", text), (text, text)] {
        rules.cpe("a", a, b);
        rules.purl("generic", a, b);
    }
}

/// Every rule file, and texts of documents.
pub fn seeds(path: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    if path.starts_with("rules/") && path.ends_with(".toml") {
        return vec![[&[0], bytes].concat(), [&[2], bytes].concat()];
    }
    if !path.starts_with("fixtures/evidence/") || !path.ends_with(".json") {
        return Vec::new();
    }
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return Vec::new() };
    let mut words = Vec::new();
    texts(&value, &mut words);
    words.into_iter().filter(|w| w.len() > 8).map(|w| [&[1], w.as_bytes()].concat()).collect()
}
