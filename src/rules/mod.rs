//! What is known, as data: names, identifiers, false friends, classes and regimes.
//!
//! [`mod@format`] is a rule file as written; [`load`] reads files and folders; [`lint`] is the strict reading that `cargo
//! test` holds all shipped rules to; [`index`] and [`names`] are what the
//! matcher asks. Rules must never be written in code, and this
//! module must never look at a component. Start at [`RuleSet`].

mod compile;
pub mod format;
mod gather;
pub mod index;
pub mod lint;
mod literals;
pub mod load;
pub mod names;
mod near;
mod rows;
pub mod summary;
pub mod versions;
mod watch;

use crate::error::Error;
use crate::parsers::Suspicion;
use format::{
    Adapter, Class, Domain, Level, NotThis, Note, Regime, RuleFile, SetFile, Status, Strength, Unattributed, WhiteLabel,
};
use index::{Indexes, Marked};
use literals::Literals;
use names::NameHit;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::OnceLock;

/// One rule file as loaded.
#[derive(Debug)]
pub struct Loaded {
    /// Its path relative to the rule folder.
    pub file: String,
    /// Its content.
    pub rule: RuleFile,
}

/// What a report says about the rules it was made with.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Stamp {
    /// Version of the rule set.
    pub version: String,
    /// SHA-256 over all rule files, lower-case hexadecimal.
    pub sha256: String,
    /// How many rules are on.
    pub count: usize,
    /// The newest day a person checked any of them, `YYYY-MM-DD`.
    pub updated: String,
    /// Ids of rules of which a folder gave another than the built-in one, sorted.
    pub replaced: Vec<String>,
}

/// The rule behind a mark: whose name or identifier it is, and by which sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Rule id.
    pub rule: String,
    /// Title of the rule.
    pub title: String,
    /// Id of the organization.
    pub organization: String,
    /// Class of the product; `None` for an organization.
    pub class: Option<String>,
    /// Sources of the rule, for a report.
    pub sources: Vec<String>,
    /// Whether the rule or the row is a draft.
    pub status: Status,
}

/// All rules that are on, ready to be asked.
#[derive(Debug)]
pub struct RuleSet {
    /// What the set says about itself.
    pub set: SetFile,
    /// For reports.
    pub stamp: Stamp,
    literals: Literals,
    /// Whether the literals stand in whatever a rule can find.
    watches_all: bool,
    /// The regimes that are on.
    regime_ids: Vec<String>,
    drafts: bool,
    /// Every file, whether on or not, by id: for a scan read when something is first looked up.
    files: OnceLock<Vec<Loaded>>,
    /// Why they could not be read then.
    broken: OnceLock<String>,
    /// Made when something is first looked up: most documents have nothing to look up.
    indexes: OnceLock<Indexes>,
    /// Made when a text beyond ASCII is first looked at.
    near: OnceLock<near::Near>,
}

impl RuleSet {
    /// The rules built into the program.
    ///
    /// # Errors
    /// Only when the program was built from broken rules, which its tests prevent.
    pub fn embedded() -> Result<Self, Error> {
        Self::with_folders(&[], false)
    }

    /// The built-in rules and, after them, those of some folders. With `drafts`, unproven rules count too.
    ///
    /// # Errors
    /// A folder that cannot be read, or a file in it that is no rule.
    pub fn with_folders(folders: &[PathBuf], drafts: bool) -> Result<Self, Error> {
        load::with_folders(folders, drafts)
    }

    /// The same for a scan. The built-in rules are read when something in a document looks like evidence, and not at all
    /// when nothing does; should they be unreadable then, [`RuleSet::broken`] says so.
    ///
    /// # Errors
    /// A folder that cannot be read, or a file in it that is no rule.
    pub fn for_scans(folders: &[PathBuf], drafts: bool) -> Result<Self, Error> {
        let unread = if folders.is_empty() && !drafts { summary::unread() } else { None };
        unread.map_or_else(|| Self::with_folders(folders, drafts), Ok)
    }

    /// Every file, whether on or not, by id.
    pub fn files(&self) -> &[Loaded] {
        self.files.get_or_init(|| match load::embedded() {
            Ok(files) => files,
            Err(error) => {
                self.broken.get_or_init(|| error.to_string());
                Vec::new()
            }
        })
    }

    /// Why the rules could not be read when they were needed. Nothing that was scanned with them is a result then.
    pub fn broken(&self) -> Option<&str> {
        self.broken.get().map(String::as_str)
    }

    /// The ids of the regimes that are on, in the order of [`RuleSet::regimes`].
    pub fn regime_ids(&self) -> &[String] {
        &self.regime_ids
    }

    /// What is watched for.
    #[cfg(test)]
    pub(crate) fn literals(&self) -> &Literals {
        &self.literals
    }

    /// Whether a word that is watched for stands in a text, in plain ASCII or written with other letters: most long texts
    /// hold none, and nothing matches without one.
    fn holds_watched(&self, text: &str) -> bool {
        let near = || self.near.get_or_init(|| near::Near::new(self.on(), self.drafts, &self.literals));
        self.literals.found_in(text.as_bytes()) || (!text.is_ascii() && near().holds(text))
    }

    fn indexes(&self) -> &Indexes {
        self.indexes.get_or_init(|| gather::indexes(self.files(), self.drafts))
    }

    /// The rule with an id, whether it is on or not; also by an id it had before.
    pub fn rule(&self, id: &str) -> Option<&Loaded> {
        let files = self.files();
        let at = files.binary_search_by(|f| f.rule.common().id.as_str().cmp(id)).ok();
        at.and_then(|at| files.get(at))
            .or_else(|| files.iter().find(|f| f.rule.common().formerly.iter().any(|old| old == id)))
    }

    /// The rules that are on, by id.
    pub fn on(&self) -> impl Iterator<Item = &RuleFile> {
        self.files().iter().map(|f| &f.rule).filter(|rule| rule.on(self.drafts))
    }

    /// Names found in a text, the longest first.
    pub fn names(&self, text: &str) -> Vec<NameHit<'_>> {
        self.indexes().makers.names(text)
    }

    /// Marks for a CPE's part, vendor and product, the more specific first.
    pub fn cpe(&self, part: &str, vendor: &str, product: &str) -> Vec<(&Owner, Strength)> {
        self.indexes().makers.cpe(part, vendor, product)
    }

    /// Marks for a package URL's parts, the more specific first.
    pub fn purl(&self, kind: &str, namespace: &str, name: &str) -> Vec<(&Owner, Strength)> {
        self.indexes().makers.purl(kind, namespace, name)
    }

    /// The most specific mark for a host.
    pub fn host(&self, host: &str) -> Option<(&Owner, &Domain)> {
        self.indexes().makers.host(host)
    }

    /// Marks for a file name or path.
    pub fn file(&self, name: &str) -> Vec<(&Owner, &format::File)> {
        self.indexes().makers.file(name)
    }

    /// Marks for a signer.
    pub fn signer(&self, text: &str) -> Option<(&Owner, Strength)> {
        self.indexes().makers.signer(text)
    }

    /// Marks for the value of a property.
    pub fn property(&self, text: &str) -> Vec<(&Owner, Strength)> {
        self.indexes().makers.property(text)
    }

    /// The marks of products of others that hold or call something of an organization.
    pub fn labels(&self) -> &Marked {
        &self.indexes().labels
    }

    /// The product of another vendor behind a rule id, when it is one.
    pub fn white_label(&self, id: &str) -> Option<&WhiteLabel> {
        match &self.rule(id)?.rule {
            RuleFile::WhiteLabel(rule) => Some(rule),
            _ => None,
        }
    }

    /// The adapter behind a rule id, when it is one.
    pub fn adapter(&self, id: &str) -> Option<&Adapter> {
        match &self.rule(id)?.rule {
            RuleFile::Adapter(rule) => Some(rule),
            _ => None,
        }
    }

    /// The rule on engines behind an id, when it is one.
    pub fn unattributed(&self, id: &str) -> Option<&Unattributed> {
        match &self.rule(id)?.rule {
            RuleFile::Unattributed(rule) => Some(rule),
            _ => None,
        }
    }

    /// Words by which something calls itself a security engine, the longest first.
    pub fn engine_words(&self, text: &str) -> Vec<NameHit<'_>> {
        self.indexes().engines.find(text)
    }

    /// Whether a text names a maker or product that says whose engine it is.
    pub fn attributed(&self, text: &str) -> bool {
        !self.indexes().attributed.find(text).is_empty()
    }

    /// All notes that are on.
    pub fn notes(&self) -> impl Iterator<Item = &Note> {
        self.on().filter_map(|rule| if let RuleFile::Note(note) = rule { Some(note) } else { None })
    }

    /// The class with an id.
    pub fn class(&self, id: &str) -> Option<&Class> {
        self.classes().find(|c| c.common.id == id)
    }

    /// All classes that are on.
    pub fn classes(&self) -> impl Iterator<Item = &Class> {
        self.on().filter_map(|rule| if let RuleFile::Class(class) = rule { Some(class) } else { None })
    }

    /// The class whose words a text holds, the longest word first.
    pub fn class_in(&self, text: &str) -> Option<&str> {
        self.indexes().classes.find(text).first().map(|hit| hit.owner.rule.as_str())
    }

    /// All false friends that are on.
    pub fn not_this(&self) -> impl Iterator<Item = &NotThis> {
        self.on().filter_map(|rule| if let RuleFile::NotThis(rule) = rule { Some(rule) } else { None })
    }

    /// All regimes that are on.
    pub fn regimes(&self) -> impl Iterator<Item = &Regime> {
        self.on().filter_map(|rule| if let RuleFile::Regime(rule) = rule { Some(rule) } else { None })
    }

    /// The questions that who supplies a component can answer.
    pub fn answered_by_suppliers(&self) -> BTreeSet<&str> {
        let asked = self.files().iter().filter_map(|f| if let RuleFile::Regime(r) = &f.rule { Some(r) } else { None });
        let theirs = asked.flat_map(|r| &r.question).filter(|q| q.answered_by == format::AnsweredBy::Supplier);
        theirs.map(|q| q.ask.trim()).collect()
    }

    /// The titles of the organizations that are on and have names of their own.
    pub fn organizations(&self) -> Vec<&str> {
        self.on()
            .filter_map(|rule| if let RuleFile::Organization(o) = rule { Some(o.common.title.as_str()) } else { None })
            .collect()
    }

    /// Every role that somebody can ask in, in the order of the set.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.set.role.iter().map(|word| word.id.as_str())
    }

    /// Every market that a regime covers, sorted.
    pub fn markets(&self) -> BTreeSet<&str> {
        let regimes = self.regimes().flat_map(|r| &r.markets);
        let readings = self.regimes().flat_map(|r| &r.clause).flat_map(|c| &c.reading).flat_map(|r| &r.markets);
        regimes.chain(readings).map(String::as_str).filter(|m| *m != "*").collect()
    }
}

impl Suspicion for RuleSet {
    fn watched(&self, raw: &[u8]) -> bool {
        self.literals.found_in(raw)
    }

    fn watches_all(&self) -> bool {
        self.watches_all
    }

    fn suspect(&self, text: &str) -> bool {
        self.holds_watched(text) && self.indexes().any(text)
    }

    fn suspect_legal(&self, text: &str) -> bool {
        self.holds_watched(text) && self.indexes().named(text)
    }

    fn suspect_prose(&self, text: &str) -> bool {
        self.holds_watched(text) && self.indexes().engine_in(text)
    }
}

impl Level {
    /// The id in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::NoEvidence => "no-evidence",
            Self::Advisory => "advisory",
            Self::ExemptCandidate => "exempt-candidate",
            Self::Review => "review",
            Self::LikelyProhibited => "likely-prohibited",
            Self::Prohibited => "prohibited",
        }
    }

    /// All levels, lowest first.
    pub const ALL: [Self; 6] = [
        Self::NoEvidence,
        Self::Advisory,
        Self::ExemptCandidate,
        Self::Review,
        Self::LikelyProhibited,
        Self::Prohibited,
    ];
}

impl Strength {
    /// The id in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Context => "context",
            Self::Weak => "weak",
            Self::Medium => "medium",
            Self::Strong => "strong",
        }
    }
}
