//! What people have decided about findings: waivers from the configuration, and an earlier report as a baseline.
//!
//! Only data: [`crate::decisions`] fills it in. A decision takes nothing out of a report and changes no level; all it
//! does is that a finding does not count for the exit status ([`Finding::counts`](super::Finding::counts)).

use super::{Called, Context, Word};
use crate::rules::Stamp;
use crate::rules::format::Level;
use serde::{Deserialize, Serialize};

/// The waiver that covers a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waived {
    /// Why, as the configuration states it.
    pub reason: String,
    /// Who decided; empty in a file that does not tell it.
    #[serde(default)]
    pub approver: String,
    /// The last day on which it holds, `2027-06-30`; empty in a file that does not tell it.
    #[serde(default)]
    pub expires: String,
}

/// How a finding stands to the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Since {
    /// The baseline does not have it.
    New,
    /// The baseline has it, at this level or a higher one: it does not count for the exit status.
    Known,
    /// The baseline has it at a lower level.
    Risen,
    /// It was waived in the baseline, and is waived no longer.
    Lapsed,
}

impl Since {
    /// The id in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Known => "known",
            Self::Risen => "risen",
            Self::Lapsed => "lapsed",
        }
    }
}

/// A waiver of the configuration, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// The finding it names, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// The component it names: name, package URL or reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// The rule it names, with the component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Only this version of the component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Only in inputs about this product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Only in inputs about products of this supplier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// The highest level it was given for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// What is said of the findings it covers.
    #[serde(flatten)]
    pub says: Waived,
    /// The configuration file.
    pub file: String,
    /// The line in it, from 1.
    pub line: u64,
    /// What came of it: `in-force`, `expired`, `unmatched`, `set-aside`, `outgrown` or `elsewhere`.
    pub state: Word,
    /// How many findings it covers; of one that is not in force, how many it names that no other waiver covers.
    pub findings: u64,
    /// In what it is wider than one decision: `components`, `suppliers`, `versions`, `time`.
    pub wide: Vec<Word>,
}

/// The earlier report that findings were held against.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Baseline {
    /// What its file is called.
    pub path: String,
    /// The rules it was made with.
    pub rules: Stamp,
    /// For whom, where and when it was made.
    pub context: Context,
    /// In what it differs so that findings may come and go by that alone: `rules`, `role`, `market`, `act`, `facts`,
    /// `as-of`, `regimes`, `incomplete`.
    pub differs: Vec<Word>,
    /// Its findings that this report does not have.
    pub gone: Vec<Gone>,
}

/// A finding of the baseline that this report does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Its id.
    pub id: String,
    /// Its level in the baseline.
    pub level: Level,
    /// The component.
    pub component: Called,
    /// The input of the baseline it stood in.
    pub path: String,
    /// What became of it: `gone` (its product was read whole and has it no more), `set-aside`, `not-read` (its input was
    /// not read whole, so it may still be there) or `no-input` (nothing about its product was among the inputs).
    pub now: Word,
}
