//! What a scan needs to know of the built-in rules before anything in a document looks like evidence.
//!
//! Most documents name nothing that a rule speaks of, and then no rule has to be read: this is what the readers watch for and
//! what a report says of the rules, taken from the rules once and kept in `rules/summary.json`. It must never be trusted for
//! other rules than those it was made from: their digest stands in it, and where that is another, all is derived again. A
//! test writes the file and holds it to the rules. Start at `Summary::embedded`.

use super::literals::Literals;
use super::{RuleSet, Stamp, load};
use serde::{Deserialize, Serialize};

/// The summary of a rule set without drafts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// SHA-256 over all rule files, as in [`Stamp`].
    pub sha256: String,
    /// How many rules are on.
    pub count: usize,
    /// The newest day a person checked any of them, `YYYY-MM-DD`.
    pub updated: String,
    /// Ids of the regimes that are on, in the order of the rules.
    pub regimes: Vec<String>,
    /// Whether the literals stand in whatever a rule can find.
    pub watches_all: bool,
    /// What is watched for.
    pub literals: Vec<String>,
}

/// The file, as it was when the program was built.
const FILE: &str = include_str!("../../rules/summary.json");

impl Summary {
    /// The summary of these rules.
    pub fn of(rules: &RuleSet) -> Self {
        Self {
            sha256: rules.stamp.sha256.clone(),
            count: rules.stamp.count,
            updated: rules.stamp.updated.clone(),
            regimes: rules.regime_ids.clone(),
            watches_all: rules.watches_all,
            literals: rules.literals.words().to_vec(),
        }
    }

    /// That of the built-in rules; `None` where the file is that of other rules.
    fn embedded() -> Option<Self> {
        Self::read(FILE, load::EMBEDDED_SHA256)
    }

    /// From a file; `None` where it is that of other rules than those with this digest.
    fn read(file: &str, sha256: &str) -> Option<Self> {
        serde_json::from_str(file).ok().filter(|summary: &Self| summary.sha256 == sha256)
    }
}

/// The built-in rules without drafts, none of them read yet; `None` where the summary is that of other rules.
pub(super) fn unread() -> Option<RuleSet> {
    let summary = Summary::embedded()?;
    let set = load::embedded_set().ok()?;
    let literals = Literals::new(summary.literals.iter().map(String::as_str)).ok()?;
    Some(RuleSet {
        stamp: Stamp {
            version: set.version.clone(),
            sha256: summary.sha256,
            count: summary.count,
            updated: summary.updated,
            replaced: Vec::new(),
        },
        set,
        regime_ids: summary.regimes,
        literals,
        watches_all: summary.watches_all,
        drafts: false,
        files: Default::default(),
        broken: Default::default(),
        indexes: Default::default(),
        near: Default::default(),
    })
}

/// Built-in rules that turn out to be unreadable when they are needed, which no build can have: for tests of what then is told.
#[cfg(test)]
pub fn unreadable() -> Option<RuleSet> {
    Some(RuleSet { files: Vec::new().into(), broken: "line 1".to_owned().into(), ..unread()? })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{FILE, Summary, load, unread};
    use crate::rules::RuleSet;

    #[test]
    fn the_summary_of_other_rules_is_not_used() {
        assert_eq!(Summary::read(FILE, load::EMBEDDED_SHA256), Summary::embedded());
        assert!(Summary::embedded().is_some(), "rules/summary.json is stale");
        assert_eq!(Summary::read(FILE, "0"), None);
        assert_eq!(Summary::read("{}", load::EMBEDDED_SHA256), None);
    }

    #[test]
    fn rules_are_read_when_they_are_asked_and_not_before() {
        let rules = unread().unwrap();
        assert!(rules.files.get().is_none());
        assert_eq!(format!("{:?}", rules.files()), format!("{:?}", RuleSet::embedded().unwrap().files()));
        assert_eq!(rules.broken(), None);
        assert!(RuleSet::for_scans(&[], true).unwrap().files.get().is_some(), "drafts have no summary");
    }
}
