//! From rule files to what can be asked: the indexes, and the literals that the readers watch for.
//!
//! The literals are derived here, from the same rows as the indexes, so that whatever an index can find, the first pass looks
//! at closer; a test compares both ways.

use super::format::{
    Common, Cpe, Domain, File, Marks, Name, NameType, Proof, Purl, RuleFile, SetFile, Source, Specificity, Status,
    Strength,
};
use super::index::{Indexes, Marked, Quick, cite, runs};
use super::names::{Names, Pattern};
use super::{Loaded, Owner, RuleSet, Stamp};
use crate::error::Error;
use crate::source::window::Literals;
use crate::text::Folded;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Builds the set.
pub(super) fn build(
    files: Vec<Loaded>,
    set: SetFile,
    sha256: String,
    replaced: Vec<String>,
    drafts: bool,
) -> Result<RuleSet, Error> {
    let mut built = Builder { drafts, ..Builder::default() };
    let active: Vec<usize> = files.iter().enumerate().filter(|(_, f)| f.rule.on(drafts)).map(|(at, _)| at).collect();
    let by_id: BTreeMap<&str, &RuleFile> = files.iter().map(|f| (f.rule.common().id.as_str(), &f.rule)).collect();
    for loaded in active.iter().filter_map(|&at| files.get(at)) {
        built.rule(&loaded.rule, &by_id).map_err(|message| Error::Rule { file: loaded.file.clone(), message })?;
    }
    let stamp = Stamp {
        version: set.version.clone(),
        sha256,
        replaced,
        count: active.len(),
        updated: files.iter().map(|f| f.rule.common().updated.0).max().map(|d| d.to_string()).unwrap_or_default(),
    };
    let wrong = |message: String| Error::Rule { file: "all rules together".to_owned(), message };
    let literals = Literals::new(built.watch.literals()).map_err(wrong)?;
    let letters = |patterns: &[Pattern]| patterns.iter().map(|p| p.folded.letters.clone()).collect::<BTreeSet<_>>();
    let looks = |patterns: &[Pattern]| patterns.iter().map(|p| p.looks.letters.clone()).collect::<BTreeSet<_>>();
    let engines = &built.engine_patterns;
    let quick_engines = Quick::new(letters(engines), looks(engines)).map_err(wrong)?;
    let mut as_written = letters(engines);
    let mut as_it_looks = looks(engines);
    for marks in [&built.makers, &built.labels] {
        as_written.extend(letters(&marks.names));
        as_written.extend(marks.values());
        as_it_looks.extend(looks(&marks.names));
    }
    let quick = Quick::new(as_written, as_it_looks).map_err(wrong)?;
    let indexes = Indexes {
        on: active,
        quick,
        quick_engines,
        makers: built.makers.marked().map_err(wrong)?,
        labels: built.labels.marked().map_err(wrong)?,
        classes: Names::new(built.class_patterns).map_err(wrong)?,
        engines: Names::new(built.engine_patterns).map_err(wrong)?,
        attributed: Names::new(built.attributed_patterns).map_err(wrong)?,
    };
    Ok(RuleSet { files, set, stamp, indexes, literals })
}

#[derive(Default)]
struct Builder {
    drafts: bool,
    makers: Incoming,
    labels: Incoming,
    class_patterns: Vec<Pattern>,
    engine_patterns: Vec<Pattern>,
    attributed_patterns: Vec<Pattern>,
    watch: Watch,
}

/// Whose marks are being put in.
#[derive(Clone, Copy)]
struct Whose<'w> {
    common: &'w Common,
    organization: &'w str,
    class: Option<&'w str>,
    drafts: bool,
}

/// The organization and class behind the id of an organization or product.
fn behind<'r>(by_id: &BTreeMap<&str, &'r RuleFile>, key: &str, id: &str) -> Result<(&'r str, Option<&'r str>), String> {
    match by_id.get(id) {
        Some(RuleFile::Organization(o)) => Ok((o.common.id.as_str(), None)),
        Some(RuleFile::Product(p)) => Ok((p.made_by.as_str(), Some(p.class.as_str()))),
        _ => Err(format!("{key} names `{id}`, which is no organization or product")),
    }
}

impl Builder {
    fn rule(&mut self, rule: &RuleFile, by_id: &BTreeMap<&str, &RuleFile>) -> Result<(), String> {
        let drafts = self.drafts;
        let organization = |id: &str| matches!(by_id.get(id), Some(RuleFile::Organization(_)));
        match rule {
            RuleFile::Organization(o) => {
                let whose = Whose { common: &o.common, organization: &o.common.id, class: None, drafts };
                self.makers.add(whose, &o.marks, &mut self.watch);
            }
            RuleFile::Product(p) => {
                if !organization(&p.made_by) {
                    return Err(format!("made-by names `{}`, which is no organization", p.made_by));
                }
                if !matches!(by_id.get(p.class.as_str()), Some(RuleFile::Class(_))) {
                    return Err(format!("class `{}` does not exist", p.class));
                }
                let whose = Whose { common: &p.common, organization: &p.made_by, class: Some(&p.class), drafts };
                self.makers.add(whose, &p.marks, &mut self.watch);
            }
            RuleFile::Files(f) | RuleFile::Endpoints(f) => {
                let (organization, class) = behind(by_id, "of", &f.of)?;
                let whose = Whose { common: &f.common, organization, class, drafts };
                self.makers.add(whose, &f.marks, &mut self.watch);
            }
            RuleFile::WhiteLabel(w) => {
                let (organization, class) = behind(by_id, "embeds", &w.embeds)?;
                let whose = Whose { common: &w.common, organization, class, drafts };
                self.labels.add(whose, &w.marks, &mut self.watch);
            }
            RuleFile::Adapter(a) => {
                let (organization, class) = behind(by_id, "calls", &a.calls)?;
                let whose = Whose { common: &a.common, organization, class, drafts };
                self.labels.add(whose, &a.marks, &mut self.watch);
            }
            RuleFile::Unattributed(u) => {
                for text in &u.words {
                    self.engine_patterns.push(word(&u.common, text));
                    self.watch.words(&Folded::new(text));
                }
                self.attributed_patterns.extend(u.known_makers.iter().map(|text| word(&u.common, text)));
            }
            RuleFile::Class(c) => self.class_patterns.extend(c.words.iter().map(|text| word(&c.common, text))),
            RuleFile::NotThis(n) => {
                if let Some(id) = n.narrows.iter().find(|id| !by_id.contains_key(id.as_str())) {
                    return Err(format!("narrows `{id}`, which does not exist"));
                }
                let mut kinds = n.when.iter().flat_map(|w| &w.only_evidence);
                if let Some(kind) = kinds.find(|k| !super::lint::EVIDENCE.contains(&k.as_str())) {
                    return Err(format!("only-evidence names `{kind}`, which is no kind of evidence"));
                }
            }
            RuleFile::Regime(r) => {
                if let Some(id) = r.organizations.iter().find(|id| !organization(id)) {
                    return Err(format!("organizations names `{id}`, which is none"));
                }
            }
            RuleFile::Note(n) => {
                if let Some(id) = n.organizations.iter().find(|id| !organization(id)) {
                    return Err(format!("organizations names `{id}`, which is none"));
                }
            }
        }
        Ok(())
    }
}

fn owner(common: &Common, organization: &str, class: Option<&str>, proof: &Proof) -> Owner {
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

/// A word that suggests something, with nobody behind it.
fn word(common: &Common, text: &str) -> Pattern {
    let folded = Folded::new(text);
    Pattern {
        owner: owner(common, "", Some(&common.id), &Proof::default()),
        kind: NameType::Product,
        strength: Strength::Weak,
        several_words: folded.words().len() > 1,
        needs_vendor: false,
        looks: Folded::of_looks(text),
        folded,
    }
}

/// Marks of one sort, as they come in.
#[derive(Default)]
struct Incoming {
    owners: Vec<Owner>,
    names: Vec<Pattern>,
    cpes: HashMap<String, Vec<(Cpe, usize)>>,
    purls: HashMap<String, Vec<(Purl, usize)>>,
    domains: HashMap<String, (Domain, usize)>,
    files: HashMap<String, Vec<(File, usize)>>,
    patterns: Vec<(String, File, usize)>,
    signers: Vec<(Folded, Strength, usize)>,
    properties: Vec<(Folded, Strength, usize)>,
    wholes: HashMap<String, Vec<Vec<String>>>,
    parts: BTreeSet<String>,
}

impl Incoming {
    fn marked(self) -> Result<Marked, String> {
        Ok(Marked {
            names: Names::new(self.names)?,
            owners: self.owners,
            cpes: self.cpes,
            purls: self.purls,
            domains: self.domains,
            files: self.files,
            patterns: self.patterns,
            signers: self.signers,
            properties: self.properties,
            wholes: self.wholes,
            parts: self.parts,
        })
    }

    /// Folded texts of which one stands in whatever a signer or property row finds.
    fn values(&self) -> impl Iterator<Item = String> {
        self.signers.iter().chain(&self.properties).map(|(f, ..)| f.letters.clone())
    }

    /// Puts an owner in and returns its index, when the row is on.
    fn row(&mut self, whose: Whose<'_>, proof: &Proof) -> Option<usize> {
        if !proof.status.unwrap_or(whose.common.status).is_on(whose.drafts) {
            return None;
        }
        self.owners.push(owner(whose.common, whose.organization, whose.class, proof));
        Some(self.owners.len() - 1)
    }

    fn add(&mut self, whose: Whose<'_>, marks: &Marks, watch: &mut Watch) {
        for name in marks.name.iter().filter(|n| n.strength != Strength::Context) {
            if let Some(at) = self.row(whose, &name.proof) {
                self.name(name, at, watch);
            }
        }
        for cpe in &marks.cpe {
            if let Some(at) = self.row(whose, &cpe.proof) {
                self.whole(&format!("{} {}", cpe.vendor, cpe.product.as_deref().unwrap_or_default()), watch);
                self.cpes.entry(cpe.vendor.to_lowercase()).or_default().push((cpe.clone(), at));
            }
        }
        for purl in &marks.purl {
            if let Some(at) = self.row(whose, &purl.proof) {
                let parts = [purl.namespace.as_deref(), purl.name.as_deref()];
                self.whole(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "), watch);
                for kind in &purl.types {
                    self.purls.entry(kind.to_lowercase()).or_default().push((purl.clone(), at));
                }
            }
        }
        for domain in &marks.domain {
            if let Some(at) = self.row(whose, &domain.proof) {
                self.whole(&domain.host, watch);
                // One row for a host: of several the first that is proven.
                let host = domain.host.to_lowercase();
                let proven = |at: &usize| self.owners.get(*at).is_some_and(|o| o.status != Status::Draft);
                if !self.domains.get(&host).is_some_and(|(_, before)| proven(before)) {
                    self.domains.insert(host, (domain.clone(), at));
                }
            }
        }
        for file in &marks.file {
            if let Some(at) = self.row(whose, &file.proof) {
                self.file(file, at, watch);
            }
        }
        for signer in &marks.signer {
            if let Some(at) = self.row(whose, &signer.proof) {
                let folded = Folded::new(&signer.text);
                watch.words(&folded);
                self.signers.push((folded, signer.strength, at));
            }
        }
        for property in &marks.property {
            if let Some(at) = self.row(whose, &property.proof) {
                let folded = Folded::new(&property.text);
                watch.words(&folded);
                self.properties.push((folded, property.strength, at));
            }
        }
    }

    fn name(&mut self, name: &Name, at: usize, watch: &mut Watch) {
        let Some(owner) = self.owners.get(at).cloned() else { return };
        for text in std::iter::once(&name.text).chain(&name.also) {
            let folded = Folded::new(text);
            if folded.letters.is_empty() {
                continue;
            }
            // A legal form is no word that a document must have.
            let said = folded.without_legal_forms().filter(|_| name.kind != NameType::Product);
            watch.words(&said.unwrap_or_else(|| folded.clone()));
            let looks = Folded::of_looks(text);
            // A company's name without its legal form, too: a document may leave that out or write it otherwise. In the name
            // of a product such a word is a part of the name.
            let company = name.kind != NameType::Product;
            let bare = folded.without_legal_forms().filter(|_| company);
            let bare_looks = looks.without_legal_forms().filter(|_| company);
            for (folded, looks) in [(Some(folded), Some(looks)), (bare.clone(), bare_looks.or(bare))] {
                if let (Some(folded), Some(looks)) = (folded, looks) {
                    let several_words = folded.words().len() > 1;
                    let (owner, kind, strength) = (owner.clone(), name.kind, name.strength);
                    let needs_vendor = name.needs_vendor;
                    self.names.push(Pattern { owner, kind, strength, folded, looks, several_words, needs_vendor });
                }
            }
        }
    }

    fn file(&mut self, file: &File, at: usize, watch: &mut Watch) {
        let name = file.name.replace('\\', "/").to_lowercase();
        // What never counts alone needs no watch: it is told beside what was found by something else.
        let alone = file.specificity != Specificity::Generic;
        if name.contains(['*', '/']) {
            if alone {
                let part = watch.written(&name);
                self.parts.extend(part);
            }
            self.patterns.push((name, file.clone(), at));
        } else {
            if alone {
                self.whole(&name, watch);
            }
            self.files.entry(name).or_default().push((file.clone(), at));
        }
    }

    /// Watches for something that is compared as written and as a whole, so that a run of it stands between other characters.
    fn whole(&mut self, text: &str, watch: &mut Watch) {
        if let Some(run) = watch.written(text) {
            let all = runs(&text.to_lowercase()).map(str::to_owned).collect();
            self.wholes.entry(run).or_default().push(all);
        }
    }
}

/// What the first pass watches for: for each thing that can be found, the words of which any one must stand in a text that
/// holds it.
#[derive(Default)]
struct Watch {
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

impl Watch {
    /// Watches for a name: a text may join its words, never split one.
    fn words(&mut self, folded: &Folded) {
        let words = folded.words().into_iter().filter_map(|(a, b)| folded.letters.get(a..b));
        self.watched.push(words.filter(|w| w.is_ascii()).map(str::to_owned).collect());
    }

    /// Watches for something that is compared as written, by its runs of letters and digits. Gives the run that is looked
    /// for: the longest.
    fn written(&mut self, text: &str) -> Option<String> {
        let runs: Vec<String> = runs(&text.to_lowercase()).map(str::to_owned).collect();
        self.watched.push(runs.clone());
        runs.into_iter().max_by_key(String::len)
    }

    /// The fewest literals that cover all: for each thing one of its words, and of those words none that holds another,
    /// because it is found with it.
    fn literals(&self) -> Vec<&str> {
        let mut shared: HashMap<&str, usize> = HashMap::new();
        for words in &self.watched {
            words.iter().for_each(|word| *shared.entry(word).or_default() += 1);
        }
        let rare = |word: &str| !COMMON.contains(&word) && !word.bytes().all(|b| b.is_ascii_digit());
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
            let words = || words.iter().map(String::as_str).filter(|w| w.len() > 2).enumerate();
            all.extend(words().max_by_key(|(at, word)| rank((*at, word))).map(|(_, word)| word));
        }
        all.iter().filter(|w| !all.iter().any(|other| other != *w && w.contains(other))).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::parsers::Suspicion;

    /// Too many literals, or a common word among them, and the first pass loses its speed.
    #[test]
    fn few_and_rare_literals_are_watched_for() {
        let rules = crate::rules::RuleSet::embedded().unwrap();
        let words = rules.literals().words();
        assert!((10..=160).contains(&words.len()), "{}: {words:?}", words.len());
        for common in ["sdk", "com", "lib", "security", "console", "components", "check", "lab", "meta", "usr", "anti"]
        {
            assert!(!words.iter().any(|w| w == common), "{common} is watched for: {words:?}");
        }
    }
}
