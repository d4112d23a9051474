//! How much an SBOM discloses, and so how much "no evidence" is worth.
//!
//! The question behind the grade: could an embedded engine hide here? The rules of the grade stand in
//! `docs/disclosure.md` and in [`Disclosure::grade`], and nowhere else.

use serde::{Deserialize, Serialize};

/// How complete the author says the component list is (CycloneDX `compositions`, SPDX 3 `completeness`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Declared {
    /// Nothing said.
    #[default]
    Unstated,
    /// Said to be complete.
    Complete,
    /// Said to be unknown.
    Unknown,
    /// Said to be incomplete.
    Incomplete,
}

impl Declared {
    /// The id in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Unstated => "unstated",
            Self::Complete => "complete",
            Self::Unknown => "unknown",
            Self::Incomplete => "incomplete",
        }
    }
}

/// The grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// An engine could be here unseen: no finding means "cannot tell".
    Thin,
    /// Some of what it takes is there.
    Partial,
    /// Nearly every component says who made it and what it is.
    Good,
}

impl Grade {
    /// The id in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Thin => "thin",
            Self::Partial => "partial",
            Self::Good => "good",
        }
    }
}

/// Figures of one document. Shares are counted over `components`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Disclosure {
    /// Components, packages and services, without files and without `metadata.component`.
    pub components: u64,
    /// Files and snippets.
    pub files: u64,
    /// How many state a supplier, manufacturer, publisher, author, originator or provider.
    pub with_supplier: u64,
    /// How many state a package URL, CPE or SWID tag.
    pub with_identifier: u64,
    /// How many state a version.
    pub with_version: u64,
    /// How many state a digest, or files.
    pub with_hash: u64,
    /// How many relations (dependencies, contains, nesting) are stated.
    pub relations: u64,
    /// How deep components are nested; 1 when none is.
    pub depth: u64,
    /// What the author declares.
    pub declared: Declared,
    /// Parts that are said to stand in other documents.
    pub external_documents: u64,
    /// Whether a problem may hide components, or something is referred to as one that does not stand in the document.
    pub hidden: bool,
}

impl Disclosure {
    /// The share of components as a whole percentage, rounded down; 0 when there is none.
    pub fn percent(&self, of: u64) -> u64 {
        (of * 100).checked_div(self.components).unwrap_or(0)
    }

    /// The grade.
    ///
    /// *Thin*: fewer than two components; or fewer than half with a supplier or an identifier; or declared incomplete;
    /// or a problem may hide components, or a component is referred to that stands nowhere. *Good*: at least 90 % with version, 90 % with identifier, 60 % with supplier,
    /// and relations stated. *Partial*: between.
    pub fn grade(&self) -> Grade {
        let named = self.percent(self.with_supplier).max(self.percent(self.with_identifier));
        if self.components < 2 || named < 50 || self.declared == Declared::Incomplete || self.hidden {
            Grade::Thin
        } else if self.percent(self.with_version) >= 90
            && self.percent(self.with_identifier) >= 90
            && self.percent(self.with_supplier) >= 60
            && self.relations > 0
            && self.declared != Declared::Unknown
        {
            Grade::Good
        } else {
            Grade::Partial
        }
    }
}
