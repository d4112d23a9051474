//! Laws and orders: clauses, readings for roles, scope and questions.

use super::{Common, Moment};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
