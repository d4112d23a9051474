//! The shape of a rule file, exactly as written in TOML.
//!
//! These types are the public format of `rules/**/*.toml` and of every folder given with `--rules`; the JSON Schema in
//! `schemas/rule-1.json` is generated from them. They hold text as written and judge nothing: loading is
//! [`super::load`], strictness is [`super::lint`], and what the matcher uses is [`super::RuleSet`].
//!
//! This module must never know a particular vendor, date or clause. Start at [`RuleFile`]; `marks` is what things are
//! recognized by, `kinds`, `labels` and `regime` are the kinds of rules, `time` is days and instants.

mod kinds;
mod labels;
mod marks;
mod regime;
mod time;

pub use kinds::{Class, NotThis, Organization, Product, SecurityFunction, When};
pub use labels::{Adapter, Further, How, Note, Period, Presence, Unattributed, Versions, WhiteLabel, WordPlace};
pub use marks::{
    Cpe, Domain, File, HostMatch, HostUse, Marks, Name, NameType, Proof, PropertyValue, Purl, Signer, Specificity,
    Strength,
};
pub use regime::{
    AnsweredBy, Certainty, Clause, Duty, Embedded, Level, Question, Reading, Regime, Scope, ScopeReading,
};
pub use time::{Day, Moment};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The newest `schema` number this program reads. A file with a larger number is refused.
pub const SCHEMA: u32 = 1;

/// The JSON Schema of a rule file, as published in `schemas/rule-1.json`.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(RuleFile).to_value()
}

/// One rule file. The `kind` key says which of the kinds below it is.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum RuleFile {
    /// A company with its names, identifiers and domains.
    Organization(Organization),
    /// A product line of an organization.
    Product(Product),
    /// File names of an organization or product.
    Files(Further),
    /// Hosts of an organization or product.
    Endpoints(Further),
    /// A product of another vendor that holds something of an organization.
    WhiteLabel(WhiteLabel),
    /// Software that can call something of an organization and holds none of it.
    Adapter(Adapter),
    /// Words by which a component calls itself a security engine.
    Unattributed(Unattributed),
    /// A class of software, which a regime's scope tests.
    Class(Class),
    /// A false friend: sets findings aside, with the reason.
    NotThis(NotThis),
    /// A law or order: clauses, instants, roles, scope and questions.
    Regime(Regime),
    /// Something to know beside findings, such as export controls.
    Note(Note),
}

/// What every rule file has, whatever its kind.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Common {
    /// The format generation; see [`SCHEMA`].
    pub schema: u32,
    /// Kebab-case identifier, equal to the file's stem; never used again for anything else.
    pub id: String,
    /// One line for people.
    pub title: String,
    /// Whether the rule is proven; only `confirmed` rules are on by default.
    pub status: Status,
    /// The day a person last checked the rule, `YYYY-MM-DD`.
    pub updated: Day,
    /// Anything a reader should know: limits, doubts, history.
    #[serde(default)]
    pub note: Option<String>,
    /// Identifiers this rule had before.
    #[serde(default)]
    pub formerly: Vec<String>,
    /// For `withdrawn` rules: why.
    #[serde(default)]
    pub withdrawn: Option<String>,
    /// Where the facts come from. `confirmed` needs one official source or two of different publishers.
    #[serde(default)]
    pub source: Vec<Source>,
    /// Small components that must, or must not, raise a finding; run by the tests.
    #[serde(default)]
    pub example: Vec<Example>,
}

/// How far a claim is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Named in at least one official source or two independent ones.
    #[default]
    Confirmed,
    /// Plausible, not yet proven: off unless asked for.
    Draft,
    /// Was wrong, or no longer holds: kept for the record, never used.
    Withdrawn,
}

impl Status {
    /// The id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Draft => "draft",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether something of this status is used, given whether drafts are.
    pub fn is_on(self, drafts: bool) -> bool {
        match self {
            Self::Confirmed => true,
            Self::Draft => drafts,
            Self::Withdrawn => false,
        }
    }
}

/// One place a fact was read.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Source {
    /// Kebab-case name, unique in the file, that rows cite.
    pub key: String,
    /// Title of the document.
    pub title: String,
    /// Who published it. Two sources of one publisher count as one.
    pub publisher: String,
    /// Where it can be read. Absent when only a copy without an address was seen.
    #[serde(default)]
    pub url: Option<String>,
    /// True for the vendor's own document, a law, or an authority's publication.
    #[serde(default)]
    pub official: bool,
    /// When it was published, as far as known: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    #[serde(default)]
    pub published: Option<String>,
    /// The day it was read, `YYYY-MM-DD`.
    pub read: Day,
}

/// What an example must give. A `match` in a false friend's file means a finding that stays, of any rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// A finding that cites this rule.
    Match,
    /// No finding that cites this rule, set aside or not.
    NoMatch,
    /// A finding that this rule sets aside.
    SetAside,
    /// A question that this rule asks, and no finding.
    Question,
    /// No question that this rule asks.
    NoQuestion,
}

/// A component in model words, and what the whole rule set must say of it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Example {
    /// The expected outcome.
    pub expect: Expectation,
    /// Why, where it is not obvious.
    #[serde(default)]
    pub why: Option<String>,
    /// For `match`: the strength the finding must have.
    #[serde(default)]
    pub strength: Option<Strength>,
    /// For `match`: the class the finding must have.
    #[serde(default)]
    pub class: Option<String>,
    /// For `match`: whether the rule leaves open that anything is there, so that it asks the vendor.
    #[serde(default)]
    pub open: Option<bool>,
    /// The component.
    pub component: ExampleComponent,
}

/// The component of an example: the fields most rules look at.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ExampleComponent {
    /// Component name.
    #[serde(default)]
    pub name: Option<String>,
    /// Namespace or group.
    #[serde(default)]
    pub group: Option<String>,
    /// Version, as written.
    #[serde(default)]
    pub version: Option<String>,
    /// Free text.
    #[serde(default)]
    pub description: Option<String>,
    /// Stated supplier.
    #[serde(default)]
    pub supplier: Option<String>,
    /// Stated manufacturer.
    #[serde(default)]
    pub manufacturer: Option<String>,
    /// Stated publisher.
    #[serde(default)]
    pub publisher: Option<String>,
    /// Stated author.
    #[serde(default)]
    pub author: Option<String>,
    /// Package URL.
    #[serde(default)]
    pub purl: Option<String>,
    /// CPE 2.2 URI or 2.3 formatted string.
    #[serde(default)]
    pub cpe: Option<String>,
    /// License name, identifier or expression.
    #[serde(default)]
    pub license: Option<String>,
    /// License text.
    #[serde(default)]
    pub license_text: Option<String>,
    /// Copyright line.
    #[serde(default)]
    pub copyright: Option<String>,
    /// Distribution link.
    #[serde(default)]
    pub url: Option<String>,
    /// A file name or path that belongs to the component.
    #[serde(default)]
    pub file: Option<String>,
}

/// `rules/set.toml`: what the rule set says about itself.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct SetFile {
    /// Version of the rule set, SemVer with the year first.
    pub version: String,
    /// Which versions of the program can use it, as a SemVer requirement.
    pub requires: String,
    /// The role assumed when none is given.
    pub default_role: String,
    /// The markets assumed when none is given.
    pub default_markets: Vec<String>,
    /// Every role that somebody can ask in.
    pub role: Vec<Word>,
    /// Every act that somebody can ask about.
    #[serde(default)]
    pub act: Vec<Word>,
    /// Every fact that somebody can state beside role, market and act.
    #[serde(default)]
    pub fact: Vec<Word>,
    /// Sentence that ends every report.
    pub disclaimer: String,
}

/// A word of the set, and what it means.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Word {
    /// Kebab-case id.
    pub id: String,
    /// One line for people.
    pub title: String,
    /// Words that cannot be stated beside it.
    #[serde(default)]
    pub contradicts: Vec<String>,
}
