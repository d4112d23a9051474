//! The shape of a rule file, exactly as written in TOML.
//!
//! These types are the public format of `rules/**/*.toml` and of every folder given with `--rules`; the JSON Schema
//! in `schemas/rule-1.json` is generated from them. They hold text as written and judge nothing: loading is
//! [`super::load`], strictness is [`super::lint`], and what the matcher uses is [`super::RuleSet`].
//!
//! This module must never know a particular vendor, date or clause. Start at [`RuleFile`].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

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
    /// A class of software, which a regime's scope tests.
    Class(Class),
    /// A false friend: sets findings aside, with the reason.
    NotThis(NotThis),
    /// A law or order: clauses, instants, roles, scope and questions.
    Regime(Regime),
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

/// How much one piece of evidence says by itself. There are no numbers on purpose: each step has a written meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// Recorded for readers, never matched.
    Context,
    /// A similar name or an ambiguous word: at most a review.
    Weak,
    /// Points to the maker, but other readings are possible; two independent ones are strong.
    Medium,
    /// Names the maker, or an identifier only the maker uses.
    Strong,
}

/// What a company or a product can be recognized by. All rows are optional.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct Marks {
    /// Names, compared after normalization (case, width, spacing, punctuation, legal form, look-alike letters).
    #[serde(default)]
    pub name: Vec<Name>,
    /// CPE vendor, or vendor and product.
    #[serde(default)]
    pub cpe: Vec<Cpe>,
    /// Package URL parts.
    #[serde(default)]
    pub purl: Vec<Purl>,
    /// Internet hosts.
    #[serde(default)]
    pub domain: Vec<Domain>,
    /// File names.
    #[serde(default)]
    pub file: Vec<File>,
    /// Code-signing subjects and accounts.
    #[serde(default)]
    pub signer: Vec<Signer>,
}

/// What every row of [`Marks`] may say about its own proof.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct Proof {
    /// Status of this row, when it differs from the file's. A `draft` row is off by default.
    #[serde(default)]
    pub status: Option<Status>,
    /// Keys of the `[[source]]` tables that name this row.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Anything a reader should know about this row.
    #[serde(default)]
    pub note: Option<String>,
}

/// What sort of name a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NameType {
    /// A registered company.
    LegalEntity,
    /// A name the company had before.
    FormerName,
    /// A brand. A one-word brand can also be a surname: it is weak where persons are named.
    Brand,
    /// A seller name in an application store.
    Storefront,
    /// The name in another script or transliteration.
    Transliteration,
    /// A related company.
    Affiliate,
    /// A common misspelling.
    Misspelling,
    /// A product or technology.
    Product,
}

/// A name with its other spellings.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Name {
    /// The name. Separate words as a writer would (`Anti-Virus SDK`): a text may join the parts, never split a word.
    pub text: String,
    /// Further spellings that normalization does not already cover.
    #[serde(default)]
    pub also: Vec<String>,
    /// What sort of name it is.
    #[serde(rename = "type")]
    pub kind: NameType,
    /// How much the whole name says where a maker or product is named.
    pub strength: Strength,
    /// Proof of this row.
    #[serde(flatten)]
    pub proof: Proof,
}

/// A CPE vendor, or vendor and product, as bound in CPE 2.3 (lower case, underscores, no escapes).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Cpe {
    /// Vendor component.
    pub vendor: String,
    /// Product component; absent means every product of the vendor.
    #[serde(default)]
    pub product: Option<String>,
    /// How much it says.
    #[serde(default = "strong")]
    pub strength: Strength,
    /// Proof of this row.
    #[serde(flatten)]
    pub proof: Proof,
}

/// Part of a package URL (purl), decoded: `@scope`, not `%40scope`. Types, namespaces and names compare without case.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Purl {
    /// Package types, such as `npm` or `deb`.
    pub types: Vec<String>,
    /// Namespace; absent means any.
    #[serde(default)]
    pub namespace: Option<String>,
    /// True: the namespace may continue after a `.` or `/` (`com.example` covers `com.example.tools`).
    #[serde(default)]
    pub namespace_prefix: bool,
    /// Package name; absent means any (then `namespace` is needed).
    #[serde(default)]
    pub name: Option<String>,
    /// How much it says.
    #[serde(default = "strong")]
    pub strength: Strength,
    /// Proof of this row.
    #[serde(flatten)]
    pub proof: Proof,
}

/// How a host is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HostMatch {
    /// This host and every host below it.
    #[default]
    Suffix,
    /// This host only.
    Exact,
}

/// What a host is used for, which decides what a link to it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HostUse {
    /// Company and product sites: the link says who sells or documents a thing.
    Corporate,
    /// Downloads of programs.
    Download,
    /// A cloud service, update or activation server: only the vendor's own code talks to it.
    Service,
    /// Research, news and advisories: a mention.
    Research,
}

/// An internet host.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Domain {
    /// Host name in lower case, without scheme or path.
    pub host: String,
    /// How it is compared.
    #[serde(default, rename = "match")]
    pub matching: HostMatch,
    /// What it is for.
    #[serde(rename = "use")]
    pub used_for: HostUse,
    /// How much a vendor or distribution link to it says.
    #[serde(default = "medium")]
    pub strength: Strength,
    /// Proof of this row.
    #[serde(flatten)]
    pub proof: Proof,
}

/// How specific a file name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Specificity {
    /// Used by nobody else: medium alone, two are strong.
    Unique,
    /// Probably this product: weak alone, with another signal medium.
    Probable,
    /// Used by others too: never counts alone.
    Generic,
}

/// A file name, compared without its folder and without case. `*` stands for any run of characters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct File {
    /// File name.
    pub name: String,
    /// How specific it is.
    pub specificity: Specificity,
    /// Proof of this row.
    #[serde(flatten)]
    pub proof: Proof,
}

/// A code-signing subject, team identifier or certificate name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Signer {
    /// The organization or common name, or the identifier, as it stands in a signature.
    pub text: String,
    /// How much it says.
    #[serde(default = "strong")]
    pub strength: Strength,
    /// Proof of this row.
    #[serde(flatten)]
    pub proof: Proof,
}

fn strong() -> Strength {
    Strength::Strong
}

fn medium() -> Strength {
    Strength::Medium
}

/// A company: `rules/organizations/*.toml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Organization {
    /// What every rule has.
    #[serde(flatten)]
    pub common: Common,
    /// What it is recognized by.
    #[serde(flatten)]
    pub marks: Marks,
}

/// A product line: `rules/products/*.toml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Product {
    /// What every rule has.
    #[serde(flatten)]
    pub common: Common,
    /// The organization that makes it, by id.
    #[serde(rename = "made-by")]
    pub made_by: String,
    /// The class of software it is, by id.
    pub class: String,
    /// What it is recognized by.
    #[serde(flatten)]
    pub marks: Marks,
}

/// Whether a class has a security function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SecurityFunction {
    /// It protects, detects, filters or manages what does.
    Yes,
    /// It does not.
    No,
    /// Reasonable readers differ.
    Unclear,
}

/// A class of software: `rules/classes/*.toml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Class {
    /// What every rule has.
    #[serde(flatten)]
    pub common: Common,
    /// Whether it has a security function.
    pub security: SecurityFunction,
    /// Phrases in a component's own name, group or description that suggest the class when no product rule says more.
    #[serde(default)]
    pub words: Vec<String>,
}

/// A false friend: `rules/not-this/*.toml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct NotThis {
    /// What every rule has.
    #[serde(flatten)]
    pub common: Common,
    /// The organizations or products whose findings it can set aside, by id.
    pub narrows: Vec<String>,
    /// What a reader is told.
    pub why: String,
    /// The situations; one that holds is enough.
    pub when: Vec<When>,
}

/// One situation of a [`NotThis`] rule. All keys given must hold.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct When {
    /// The component's whole name is one of these.
    #[serde(default)]
    pub names: Vec<String>,
    /// The component's name holds one of these words or phrases.
    #[serde(default)]
    pub name_words: Vec<String>,
    /// The package URL is one of these.
    #[serde(default)]
    pub purl: Vec<Purl>,
    /// Every piece of evidence holds one of these names, such as a person with the brand for a surname.
    #[serde(default)]
    pub party_names: Vec<String>,
    /// A supplier, manufacturer, publisher or originator is stated, and none of them is the narrowed organization.
    #[serde(default)]
    pub other_supplier: bool,
    /// The evidence kinds that may be set aside. Any other evidence on the component keeps the finding.
    pub only_evidence: Vec<String>,
}

/// A law or order: `rules/regimes/*.toml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Regime {
    /// What every rule has.
    #[serde(flatten)]
    pub common: Common,
    /// Who issued it.
    pub authority: String,
    /// How it is cited.
    pub citation: String,
    /// IANA time zone in which instants are shown.
    pub zone: String,
    /// Name of that zone in words at the instants given, such as `EDT`.
    pub zone_name: String,
    /// Organizations it is about, by id.
    pub organizations: Vec<String>,
    /// Markets it covers, as lower-case ISO 3166-1 alpha-2 codes.
    pub markets: Vec<String>,
    /// The regime in plain words.
    pub summary: String,
    /// What it asks.
    pub clause: Vec<Clause>,
    /// How it treats each class of software.
    pub scope: Vec<Scope>,
    /// Questions the readings refer to.
    #[serde(default)]
    pub question: Vec<Question>,
}

/// One thing a regime asks, from one instant on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Clause {
    /// Kebab-case id, unique in the regime.
    pub id: String,
    /// One line, which completes "… is prohibited".
    pub title: String,
    /// The instant it begins, with offset.
    pub from: Moment,
    /// The clause in plain words.
    pub text: String,
    /// Keys of the sources that support it.
    pub sources: Vec<String>,
    /// Set when the wording or date is not certain: says what is not.
    #[serde(default)]
    pub uncertain: Option<String>,
    /// What it means for whom. A role that no reading names is not addressed by the clause.
    pub reading: Vec<Reading>,
}

/// What a clause means for some roles, when the evidence is strong and the class is covered.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Reading {
    /// The roles it is for.
    pub roles: Vec<String>,
    /// The level it gives.
    pub level: Level,
    /// One sentence for the report.
    pub because: String,
    /// Ids of the questions that stay open.
    #[serde(default)]
    pub questions: Vec<String>,
}

/// How a regime treats a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ScopeReading {
    /// Inside.
    Covered,
    /// Open: a review.
    Unclear,
    /// Named as outside.
    Excluded,
}

/// How a regime treats some classes of software.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Scope {
    /// Class ids.
    pub classes: Vec<String>,
    /// The treatment.
    pub reading: ScopeReading,
    /// One sentence for the report.
    pub because: String,
    /// Ids of the questions that stay open.
    #[serde(default)]
    pub questions: Vec<String>,
    /// Keys of the sources that support it.
    #[serde(default)]
    pub sources: Vec<String>,
}

/// A question that neither the SBOM nor the caller answers.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Question {
    /// Kebab-case id, unique in the regime.
    pub id: String,
    /// The question as it is put.
    pub ask: String,
}

/// What a finding asks of the caller, highest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nothing matched.
    NoEvidence,
    /// Not prohibited for this role; authorities advise against it, or a clause is not yet in force.
    Advisory,
    /// Appears to fall in an excluded category; confirm.
    ExemptCandidate,
    /// May be within a clause; decide after the questions.
    Review,
    /// Likely within a clause; one fact is to be confirmed.
    LikelyProhibited,
    /// Evidence, class, role, market and date are within a clause that prohibits the act.
    Prohibited,
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
    /// Sentence that ends every report.
    pub disclaimer: String,
}

/// A calendar day without time or zone, `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub jiff::civil::Date);

/// An instant with an offset, as TOML writes it: `2024-01-31T00:00:00-05:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub jiff::Timestamp);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let written = toml::value::Datetime::deserialize(from)?;
        written.to_string().parse().map(Day).map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let written = toml::value::Datetime::deserialize(from)?;
        written.to_string().parse().map(Moment).map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"description": "TOML local date, YYYY-MM-DD", "type": ["string", "object"]})
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"description": "TOML offset date-time", "type": ["string", "object"]})
    }
}
