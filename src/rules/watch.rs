//! What the first pass watches for, derived from the same rows as the indexes, so that whatever an index can find, the first
//! pass looks at closer; a test compares both ways.
//!
//! It must never be narrower than [`super::index`]. Start at [`Watch::rule`].

use super::format::{NameType, RuleFile, Specificity};
use super::index::runs;
use super::rows::{Row, rows};
use crate::text::Folded;
use std::collections::{BTreeSet, HashMap};

/// What the first pass watches for: for each thing that can be found, the words of which any one must stand in a text that
/// holds it.
#[derive(Default)]
pub struct Watch {
    watched: Vec<Vec<String>>,
}

/// Words of rules that documents are full of: never watched for while a thing has another word.
const COMMON: &[&str] = &[
    "active",
    "agent",
    "alt",
    "analysis",
    "anti",
    "appliance",
    "application",
    "attestation",
    "base",
    "bin",
    "blue",
    "center",
    "check",
    "client",
    "cloud",
    "com",
    "common",
    "config",
    "console",
    "content",
    "control",
    "core",
    "data",
    "dec",
    "dll",
    "docker",
    "edition",
    "email",
    "endpoint",
    "engine",
    "enterprise",
    "exchange",
    "exe",
    "exec",
    "express",
    "extra",
    "facade",
    "fake",
    "file",
    "files",
    "filter",
    "firewall",
    "free",
    "gateway",
    "home",
    "http",
    "icons",
    "internet",
    "kernel",
    "lab",
    "lib",
    "library",
    "link",
    "linux",
    "local",
    "mail",
    "management",
    "manager",
    "message",
    "meta",
    "mgmt",
    "microsoft",
    "mobile",
    "module",
    "momentum",
    "net",
    "network",
    "office",
    "online",
    "open",
    "opt",
    "panel",
    "pipe",
    "plugin",
    "point",
    "pro",
    "product",
    "provider",
    "ram",
    "remote",
    "response",
    "run",
    "safe",
    "scan",
    "scanner",
    "script",
    "sdk",
    "secure",
    "security",
    "series",
    "server",
    "service",
    "services",
    "share",
    "signature",
    "software",
    "store",
    "suite",
    "system",
    "systems",
    "task",
    "threat",
    "tool",
    "tools",
    "traffic",
    "update",
    "user",
    "usr",
    "var",
    "version",
    "visuals",
    "web",
    "win",
    "windows",
];

/// Whether a word is long enough to be watched for: shorter ones stand everywhere.
fn is_long(word: &str) -> bool {
    word.len() > 2
}

impl Watch {
    /// Watches for whatever a rule can find.
    pub fn rule(&mut self, rule: &RuleFile, drafts: bool) {
        match rule {
            RuleFile::Unattributed(rule) => rule.words.iter().for_each(|text| self.words(&Folded::new(text))),
            _ => rows(rule, drafts).for_each(|(row, _)| self.row(row)),
        }
    }

    fn row(&mut self, row: Row<'_>) {
        match row {
            Row::Name(name) => {
                for text in std::iter::once(&name.text).chain(&name.also) {
                    let folded = Folded::new(text);
                    // A legal form is no word that a document must have.
                    let said = folded.without_legal_forms().filter(|_| name.kind != NameType::Product);
                    self.words(said.as_ref().unwrap_or(&folded));
                }
            }
            Row::Signer(signer) => self.words(&Folded::new(&signer.text)),
            Row::Property(property) => self.words(&Folded::new(&property.text)),
            // What never counts alone needs no watch: it is told beside what was found by something else.
            Row::File(file) if file.specificity == Specificity::Generic => {}
            Row::Cpe(_) | Row::Purl(_) | Row::Domain(_) | Row::File(_) => self.written(&row.written()),
        }
    }

    /// Watches for a name: a text may join its words, never split one.
    fn words(&mut self, folded: &Folded) {
        let words = folded.words().into_iter().filter_map(|(a, b)| folded.letters.get(a..b));
        let (ascii, others): (Vec<&str>, Vec<&str>) = words.partition(|w| w.is_ascii());
        // A letter beyond ASCII is looked at closer wherever it stands.
        if !folded.letters.is_empty() && (others.is_empty() || ascii.iter().any(|word| is_long(word))) {
            self.watched.push(ascii.into_iter().map(str::to_owned).collect());
        }
    }

    /// Watches for something that is compared as written, by its runs of letters and digits.
    fn written(&mut self, text: &str) {
        self.watched.push(runs(text).map(str::to_owned).collect());
    }

    /// Whether each thing has a word that can be watched for. Where one has none, because its words are too short or it
    /// names nothing, no component may be left out.
    pub fn covers_all(&self) -> bool {
        self.watched.iter().all(|words| words.iter().any(|word| is_long(word)))
    }

    /// The fewest literals that cover all: for each thing one of its words, and of those words none that holds another,
    /// because it is found with it.
    pub fn literals(&self) -> Vec<&str> {
        let mut shared: HashMap<&str, usize> = HashMap::new();
        for words in &self.watched {
            words.iter().for_each(|word| *shared.entry(word).or_default() += 1);
        }
        let rare = |word: &str| COMMON.binary_search(&word).is_err() && !word.bytes().all(|b| b.is_ascii_digit());
        // A word that many rules share covers them all; else one that is not short; else the first, which is where a maker
        // puts its own. Of words that documents are full of the longest.
        let rank = |(at, word): (usize, &str)| {
            let rare = rare(word);
            let count = shared.get(word).copied().filter(|n| rare && *n >= 5 && word.len() > 3).unwrap_or_default();
            let length = if rare { usize::from(word.len() > 3) } else { word.len() };
            (rare, count, length, std::cmp::Reverse(at))
        };
        let mut all: BTreeSet<&str> = BTreeSet::new();
        for words in &self.watched {
            let words = || words.iter().map(String::as_str).filter(|w| is_long(w)).enumerate();
            all.extend(words().max_by_key(|(at, word)| rank((*at, word))).map(|(_, word)| word));
        }
        let holds_another = |word: &str| all.iter().any(|other| other.len() < word.len() && word.contains(other));
        all.iter().filter(|word| !holds_another(word)).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn common_words_are_sorted() {
        assert!(super::COMMON.is_sorted());
    }

    /// Too many literals, or a common word among them, and the first pass loses its speed.
    #[test]
    fn few_and_rare_literals_are_watched_for() {
        let rules = crate::rules::RuleSet::embedded().unwrap();
        assert!(rules.watches_all, "something has no word to watch for, so that every component is built");
        let words = rules.literals.words();
        assert!((10..=160).contains(&words.len()), "{}: {words:?}", words.len());
        for common in ["sdk", "com", "lib", "security", "console", "components", "check", "lab", "meta", "usr", "anti"]
        {
            assert!(!words.iter().any(|w| w == common), "{common} is watched for: {words:?}");
        }
    }
}
