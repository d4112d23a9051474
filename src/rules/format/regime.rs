//! Laws and orders: clauses, readings for roles, scope and questions.

use super::{Common, Moment};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether a part inside somebody else's product counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Embedded {
    /// It does.
    #[default]
    Counts,
    /// It is named as outside.
    Excluded,
    /// Not said, or said by one weak source.
    Unclear,
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
    /// Organizations it is about, by id.
    pub organizations: Vec<String>,
    /// Markets it covers, as lower-case ISO 3166-1 alpha-2 or ISO 3166-2 codes.
    pub markets: Vec<String>,
    /// The regime in plain words.
    pub summary: String,
    /// Whether a part inside somebody else's product counts.
    #[serde(default)]
    pub embedded: Embedded,
    /// Why, where it does not simply count.
    #[serde(default)]
    pub embedded_because: Option<String>,
    /// Whether code without a security function counts.
    #[serde(default)]
    pub any_function: bool,
    /// What it asks.
    pub clause: Vec<Clause>,
    /// How it treats each class of software.
    pub scope: Vec<Scope>,
    /// Questions the readings refer to.
    #[serde(default)]
    pub question: Vec<Question>,
}

/// How certain the text and date of a clause are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// The text, or an official summary of it, was read.
    Official,
    /// Press or law firms report it and agree.
    Reported,
    /// One secondary source.
    Secondary,
    /// Date or present status was not verified.
    Unverified,
}

/// A duty to report, and by when.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Duty {
    /// What is to be reported, and to whom.
    pub duty: String,
    /// Within which time of finding out.
    pub within: String,
    /// Keys of the sources that support it.
    #[serde(default)]
    pub sources: Vec<String>,
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
    /// The instant from which it no longer holds.
    #[serde(default)]
    pub until: Option<Moment>,
    /// What the offset is called where the clause was issued, such as `EST`.
    #[serde(default)]
    pub zone: Option<String>,
    /// The acts it is about, by id.
    #[serde(default)]
    pub acts: Vec<String>,
    /// The clause in plain words.
    pub text: String,
    /// Keys of the sources that support it.
    pub sources: Vec<String>,
    /// How certain text and date are.
    pub certainty: Certainty,
    /// Set when the wording or date is not certain: says what is not.
    #[serde(default)]
    pub uncertain: Option<String>,
    /// What has to be reported when something is found.
    #[serde(default)]
    pub report: Option<Duty>,
    /// What it means for whom. A role that no reading names is not addressed by the clause.
    pub reading: Vec<Reading>,
}

/// What a clause means for some roles, when the evidence is strong and the class is covered.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Reading {
    /// The roles it is for; `*` for all.
    pub roles: Vec<String>,
    /// Where it holds, when not in the regime's own markets; `*` for anywhere.
    #[serde(default)]
    pub markets: Vec<String>,
    /// The acts it is for, when the caller states one. A reading without acts is used when no act is stated, or when the
    /// act is one of the clause's and no other reading of the role names it.
    #[serde(default)]
    pub acts: Vec<String>,
    /// Facts that the caller must have stated.
    #[serde(default)]
    pub when: Vec<String>,
    /// The level without them; absent: the reading does not hold without them.
    #[serde(default)]
    pub otherwise: Option<Level>,
    /// Facts that switch the reading off.
    #[serde(default)]
    pub unless: Vec<String>,
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
    /// Named as outside: a candidate for an exemption.
    Excluded,
    /// Plainly not meant: told, and no more.
    NotCovered,
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

/// Who can answer a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AnsweredBy {
    /// Whoever asks what the report says.
    #[default]
    Caller,
    /// Who supplies the component, or the product around it.
    Supplier,
}

/// A question that neither the SBOM nor the caller answers.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Question {
    /// Kebab-case id, unique in the regime.
    pub id: String,
    /// The question as it is put.
    pub ask: String,
    /// Who can answer it.
    #[serde(default)]
    pub answered_by: AnsweredBy,
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
