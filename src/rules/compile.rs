//! From rule files to what can be asked: the indexes, and the literals that the readers watch for.
//!
//! The literals are derived here, from the same rows as the indexes, so that whatever an index can find, the first pass looks
//! at closer; a test compares both ways.

use super::format::{
    Common, Cpe, Domain, File, Marks, NameType, Proof, Purl, RuleFile, SetFile, Source, Status, Strength,
};
use super::index::{Indexes, cite, runs};
use super::names::{Names, Pattern};
use super::{Loaded, Owner, RuleSet, Stamp};
use crate::error::Error;
use crate::source::window::Literals;
use crate::text::Folded;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Builds the set.
pub(super) fn build(files: Vec<Loaded>, set: SetFile, sha256: String, drafts: bool) -> Result<RuleSet, Error> {
    let mut built = Builder { drafts, ..Builder::default() };
    let active: Vec<usize> = files.iter().enumerate().filter(|(_, f)| f.rule.on(drafts)).map(|(at, _)| at).collect();
    let organizations: BTreeMap<&str, &Common> = files
        .iter()
        .filter_map(|f| match &f.rule {
            RuleFile::Organization(o) => Some((o.common.id.as_str(), &o.common)),
            _ => None,
        })
        .collect();
    let exists = |id: &str| files.iter().any(|f| f.rule.common().id == id);
    for loaded in active.iter().filter_map(|&at| files.get(at)) {
        let wrong = |message: String| Error::Rule { file: loaded.file.clone(), message };
        match &loaded.rule {
            RuleFile::Organization(o) => built.marks(&o.common, &o.common.id, None, &o.marks),
            RuleFile::Product(p) => {
                if !organizations.contains_key(p.made_by.as_str()) {
                    return Err(wrong(format!("made-by names `{}`, which is no organization", p.made_by)));
                }
                if !files.iter().any(|f| matches!(&f.rule, RuleFile::Class(c) if c.common.id == p.class)) {
                    return Err(wrong(format!("class `{}` does not exist", p.class)));
                }
                built.marks(&p.common, &p.made_by, Some(&p.class), &p.marks);
            }
            RuleFile::Class(c) => built.class(&c.common, &c.words),
            RuleFile::NotThis(n) => {
                if let Some(id) = n.narrows.iter().find(|id| !exists(id)) {
                    return Err(wrong(format!("narrows `{id}`, which does not exist")));
                }
                let kinds = n.when.iter().flat_map(|w| &w.only_evidence);
                if let Some(kind) = kinds.into_iter().find(|k| !super::lint::EVIDENCE.contains(&k.as_str())) {
                    return Err(wrong(format!("only-evidence names `{kind}`, which is no kind of evidence")));
                }
            }
            RuleFile::Regime(r) => {
                if let Some(id) = r.organizations.iter().find(|id| !organizations.contains_key(id.as_str())) {
                    return Err(wrong(format!("organizations names `{id}`, which is none")));
                }
            }
        }
    }
    let stamp = Stamp {
        version: set.version.clone(),
        sha256,
        count: active.len(),
        updated: files.iter().map(|f| f.rule.common().updated.0).max().map(|d| d.to_string()).unwrap_or_default(),
    };
    let wrong = |message: String| Error::Rule { file: "all rules together".to_owned(), message };
    let literals = Literals::new(built.literals()).map_err(wrong)?;
    let indexes = Indexes {
        on: active,
        names: Names::new(built.patterns).map_err(wrong)?,
        classes: Names::new(built.class_patterns).map_err(wrong)?,
        owners: built.owners,
        cpes: built.cpes,
        purls: built.purls,
        domains: built.domains,
        files: built.files,
        signers: built.signers,
        wholes: built.wholes,
        parts: built.parts,
    };
    Ok(RuleSet { files, set, stamp, indexes, literals })
}

#[derive(Default)]
struct Builder {
    drafts: bool,
    owners: Vec<Owner>,
    patterns: Vec<Pattern>,
    class_patterns: Vec<Pattern>,
    cpes: HashMap<String, Vec<(Cpe, usize)>>,
    purls: HashMap<String, Vec<(Purl, usize)>>,
    domains: HashMap<String, (Domain, usize)>,
    files: Vec<(File, usize)>,
    signers: Vec<(Folded, Strength, usize)>,
    /// For each thing that can be found, the words of which any one must stand in a text that holds it.
    watched: Vec<Vec<String>>,
    wholes: HashMap<String, Vec<Vec<String>>>,
    parts: BTreeSet<String>,
}

impl Builder {
    fn owner(&self, common: &Common, organization: &str, class: Option<&str>, proof: &Proof) -> Owner {
        let cited: Vec<&Source> = common.source.iter().filter(|s| proof.sources.contains(&s.key)).collect();
        let sources = if cited.is_empty() { common.source.iter().take(3).collect() } else { cited };
        Owner {
            rule: common.id.clone(),
            title: common.title.clone(),
            organization: organization.to_owned(),
            class: class.map(str::to_owned),
            sources: sources.into_iter().map(cite).collect(),
            status: proof.status.unwrap_or(common.status),
        }
    }

    /// Puts an owner in and returns its index, when the row is on.
    fn row(&mut self, common: &Common, organization: &str, class: Option<&str>, proof: &Proof) -> Option<usize> {
        if !proof.status.unwrap_or(common.status).is_on(self.drafts) {
            return None;
        }
        self.owners.push(self.owner(common, organization, class, proof));
        Some(self.owners.len() - 1)
    }

    fn marks(&mut self, common: &Common, organization: &str, class: Option<&str>, marks: &Marks) {
        for name in marks.name.iter().filter(|n| n.strength != Strength::Context) {
            let Some(at) = self.row(common, organization, class, &name.proof) else { continue };
            for text in std::iter::once(&name.text).chain(&name.also) {
                let Some(owner) = self.owners.get(at).cloned() else { continue };
                let folded = Folded::new(text);
                if folded.letters.is_empty() {
                    continue;
                }
                // A legal form is no word that a document must have.
                self.watch_words(&folded.without_legal_forms().unwrap_or_else(|| folded.clone()));
                let looks = Folded::of_looks(text);
                // The name without its legal form, too: a document may leave that out or write it otherwise.
                let bare = folded.without_legal_forms();
                let bare_looks = looks.without_legal_forms();
                for (folded, looks) in [(Some(folded), Some(looks)), (bare.clone(), bare_looks.or(bare))] {
                    if let (Some(folded), Some(looks)) = (folded, looks) {
                        let several_words = folded.words().len() > 1;
                        let (owner, kind, strength) = (owner.clone(), name.kind, name.strength);
                        self.patterns.push(Pattern { owner, kind, strength, folded, looks, several_words });
                    }
                }
            }
        }
        for cpe in &marks.cpe {
            if let Some(at) = self.row(common, organization, class, &cpe.proof) {
                self.watch_whole(&cpe.vendor);
                self.cpes.entry(cpe.vendor.to_lowercase()).or_default().push((cpe.clone(), at));
            }
        }
        for purl in &marks.purl {
            if let Some(at) = self.row(common, organization, class, &purl.proof) {
                self.purl_literals(purl);
                for kind in &purl.types {
                    self.purls.entry(kind.to_lowercase()).or_default().push((purl.clone(), at));
                }
            }
        }
        for domain in &marks.domain {
            if let Some(at) = self.row(common, organization, class, &domain.proof) {
                self.watch_whole(&domain.host);
                // One row for a host: of several the first that is proven.
                let host = domain.host.to_lowercase();
                let proven = |at: &usize| self.owners.get(*at).is_some_and(|o| o.status != Status::Draft);
                if !self.domains.get(&host).is_some_and(|(_, before)| proven(before)) {
                    self.domains.insert(host, (domain.clone(), at));
                }
            }
        }
        for file in &marks.file {
            if let Some(at) = self.row(common, organization, class, &file.proof) {
                if file.name.contains('*') {
                    let part = self.watch(&file.name);
                    self.parts.extend(part);
                } else {
                    self.watch_whole(&file.name);
                }
                self.files.push((file.clone(), at));
            }
        }
        for signer in &marks.signer {
            if let Some(at) = self.row(common, organization, class, &signer.proof) {
                let folded = Folded::new(&signer.text);
                self.watch_words(&folded);
                self.signers.push((folded, signer.strength, at));
            }
        }
    }

    fn class(&mut self, common: &Common, words: &[String]) {
        for text in words {
            let owner = self.owner(common, "", Some(&common.id), &Proof::default());
            let folded = Folded::new(text);
            let looks = Folded::of_looks(text);
            let several_words = folded.words().len() > 1;
            let (kind, strength) = (NameType::Product, Strength::Weak);
            self.class_patterns.push(Pattern { owner, kind, strength, folded, looks, several_words });
        }
    }

    fn purl_literals(&mut self, purl: &Purl) {
        // A rule with both parts needs both, so either is enough to look closer.
        self.watch_whole(purl.name.as_deref().or(purl.namespace.as_deref()).unwrap_or_default());
    }

    /// Watches for a name: a text may join its words, never split one.
    fn watch_words(&mut self, folded: &Folded) {
        let words = folded.words().into_iter().filter_map(|(a, b)| folded.letters.get(a..b));
        self.watched.push(words.filter(|w| w.is_ascii()).map(str::to_owned).collect());
    }

    /// Watches for something that is compared as written, by its runs of letters and digits. Gives the run that is looked
    /// for: the longest.
    fn watch(&mut self, text: &str) -> Option<String> {
        let runs: Vec<String> = runs(&text.to_lowercase()).map(str::to_owned).collect();
        self.watched.push(runs.clone());
        runs.into_iter().max_by_key(String::len)
    }

    /// The same for what is compared as a whole, so that a run of it stands between other characters.
    fn watch_whole(&mut self, text: &str) {
        if let Some(run) = self.watch(text) {
            let all = runs(&text.to_lowercase()).map(str::to_owned).collect();
            self.wholes.entry(run).or_default().push(all);
        }
    }

    /// The fewest literals that cover all: for each thing one of its words, and of those words none that holds another,
    /// because it is found with it.
    fn literals(&self) -> Vec<&str> {
        let mut shared: HashMap<&str, usize> = HashMap::new();
        for words in &self.watched {
            words.iter().for_each(|word| *shared.entry(word).or_default() += 1);
        }
        let mut all: BTreeSet<&str> = BTreeSet::new();
        for words in &self.watched {
            // A word that many rules share covers them all; else the first, which is where a maker puts its own word.
            let count =
                |word: &str| shared.get(word).copied().filter(|n| *n >= 5 && word.len() > 3).unwrap_or_default();
            let long = |word: &&String| word.len() > 2;
            let best =
                words.iter().filter(long).enumerate().max_by_key(|(at, word)| (count(word), std::cmp::Reverse(*at)));
            all.extend(best.map(|(_, word)| word).or(words.first()).map(String::as_str));
        }
        all.iter().filter(|w| !all.iter().any(|other| other != *w && w.contains(other))).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::parsers::Suspicion;

    /// More than 64 literals, or a common word among them, and the first pass loses its speed.
    #[test]
    fn few_and_rare_literals_are_watched_for() {
        let rules = crate::rules::RuleSet::embedded().unwrap();
        let words = rules.literals().words();
        assert!((10..=64).contains(&words.len()), "{}: {words:?}", words.len());
        for common in ["sdk", "com", "lib", "security", "console", "components", "connection", "certificate", "anti"] {
            assert!(!words.iter().any(|w| w == common), "{common} is watched for: {words:?}");
        }
    }
}
