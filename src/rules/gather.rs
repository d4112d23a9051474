//! From rows to the indexes: what a rule file says, put where it is looked up.
//!
//! Made only when something is looked up, because most documents have nothing to look up. It must never fail: whatever a
//! rule names that does not exist has stopped [`super::compile`] before. Start at [`indexes`].

use super::format::{
    Common, Cpe, Domain, File, Name, NameType, Proof, Purl, RuleFile, Source, Specificity, Status, Strength,
};
use super::index::{Indexes, Marked, Quick, cite, runs};
use super::names::{Names, Pattern, Search};
use super::rows::{Row, rows};
use super::{Loaded, Owner, compile};
use crate::text::Folded;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The indexes over the rules that are on.
pub(super) fn indexes(files: &[Loaded], drafts: bool) -> Indexes {
    let by_id = compile::by_id(files);
    let (mut makers, mut labels) = (Incoming::default(), Incoming::default());
    let (mut classes, mut engines, mut attributed) = (Vec::new(), Vec::new(), Vec::new());
    for rule in files.iter().map(|loaded| &loaded.rule).filter(|rule| rule.on(drafts)) {
        let common = rule.common();
        match rule {
            RuleFile::Unattributed(rule) => {
                engines.extend(rule.words.iter().map(|text| word(common, text)));
                attributed.extend(rule.known_makers.iter().map(|text| word(common, text)));
            }
            RuleFile::Class(rule) => classes.extend(rule.words.iter().map(|text| word(common, text))),
            RuleFile::WhiteLabel(_) | RuleFile::Adapter(_) => labels.rule(rule, &by_id, drafts),
            _ => makers.rule(rule, &by_id, drafts),
        }
    }
    let letters = |patterns: &[Pattern]| patterns.iter().map(|p| p.folded.letters.clone()).collect::<BTreeSet<_>>();
    let looks = |patterns: &[Pattern]| patterns.iter().map(|p| p.looks.letters.clone()).collect::<BTreeSet<_>>();
    let quick_engines = Quick::new(letters(&engines), looks(&engines));
    let mut as_written = letters(&engines);
    let mut as_it_looks = looks(&engines);
    for marks in [&makers, &labels] {
        as_written.extend(letters(&marks.names));
        as_written.extend(marks.values());
        as_it_looks.extend(looks(&marks.names));
    }
    Indexes {
        quick: Quick::new(as_written, as_it_looks),
        quick_engines,
        makers: makers.marked(),
        labels: labels.marked(),
        classes: Names::new(classes),
        engines: Names::new(engines),
        attributed: Names::new(attributed),
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
    fn marked(self) -> Marked {
        Marked {
            values: Search::new(self.values().collect()),
            names: Names::new(self.names),
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
        }
    }

    /// Folded texts of which one stands in whatever a signer or property row finds.
    fn values(&self) -> impl Iterator<Item = String> {
        self.signers.iter().chain(&self.properties).map(|(f, ..)| f.letters.clone())
    }

    fn rule(&mut self, rule: &RuleFile, by_id: &BTreeMap<&str, &RuleFile>, drafts: bool) {
        let Ok((organization, class)) = compile::behind(rule, by_id) else { return };
        for (row, proof) in rows(rule, drafts) {
            let at = self.owners.len();
            self.owners.push(owner(rule.common(), organization, class, proof));
            self.row(row, at);
        }
    }

    /// Puts a row in, whose owner has this index.
    fn row(&mut self, row: Row<'_>, at: usize) {
        match row {
            Row::Name(name) => self.name(name, at),
            Row::Cpe(cpe) => {
                self.whole(&row);
                self.cpes.entry(cpe.vendor.to_lowercase()).or_default().push((cpe.clone(), at));
            }
            Row::Purl(purl) => {
                self.whole(&row);
                for kind in &purl.types {
                    self.purls.entry(kind.to_lowercase()).or_default().push((purl.clone(), at));
                }
            }
            Row::Domain(domain) => {
                self.whole(&row);
                // One row for a host: of several the first that is proven.
                let host = domain.host.to_lowercase();
                let proven = |at: &usize| self.owners.get(*at).is_some_and(|o| o.status != Status::Draft);
                if !self.domains.get(&host).is_some_and(|(_, before)| proven(before)) {
                    self.domains.insert(host, (domain.clone(), at));
                }
            }
            Row::File(file) => self.file(file, &row, at),
            Row::Signer(signer) => self.signers.push((Folded::new(&signer.text), signer.strength, at)),
            Row::Property(property) => self.properties.push((Folded::new(&property.text), property.strength, at)),
        }
    }

    fn name(&mut self, name: &Name, at: usize) {
        let Some(owner) = self.owners.get(at).cloned() else { return };
        for text in std::iter::once(&name.text).chain(&name.also) {
            let folded = Folded::new(text);
            if folded.letters.is_empty() {
                continue;
            }
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

    fn file(&mut self, file: &File, row: &Row<'_>, at: usize) {
        let name = row.written();
        // What never counts alone is told beside what was found by something else.
        let alone = file.specificity != Specificity::Generic;
        if name.contains(['*', '/']) {
            if alone {
                self.parts.extend(longest(&name));
            }
            self.patterns.push((name, file.clone(), at));
        } else {
            if alone {
                self.whole(row);
            }
            self.files.entry(name).or_default().push((file.clone(), at));
        }
    }

    /// For something that is compared as written and as a whole, so that a run of it stands between other characters.
    fn whole(&mut self, row: &Row<'_>) {
        let text = row.written();
        if let Some(run) = longest(&text) {
            self.wholes.entry(run).or_default().push(runs(&text).map(str::to_owned).collect());
        }
    }
}

/// The run of letters and digits that something compared as written is looked for by: the longest, of several the last.
fn longest(text: &str) -> Option<String> {
    runs(text).max_by_key(|run| run.len()).map(str::to_owned)
}
