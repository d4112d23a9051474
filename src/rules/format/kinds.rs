//! Organizations, products, classes and false friends.

use super::{Common, Level, Marks, Purl};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// Absent: the finding is set aside. Otherwise it stays, at this level at most, under every regime that asks for a
    /// security function.
    #[serde(default)]
    pub at_most: Option<Level>,
    /// Classes of software whose findings it leaves alone, by id.
    #[serde(default)]
    pub spares: Vec<String>,
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
    /// The component's name, or the path that a file has for one, holds one of these words or phrases.
    #[serde(default)]
    pub name_words: Vec<String>,
    /// The package URL is one of these.
    #[serde(default)]
    pub purl: Vec<Purl>,
    /// The component is called like one of these files, or nothing but such files speaks for the finding; `*` stands for any
    /// run of characters.
    #[serde(default)]
    pub files: Vec<String>,
    /// Every piece of evidence holds one of these words or phrases.
    #[serde(default)]
    pub evidence_words: Vec<String>,
    /// Every piece of evidence holds one of these names, such as a person with the brand for a surname.
    #[serde(default)]
    pub party_names: Vec<String>,
    /// A supplier, manufacturer, publisher or originator is stated, and none of them is the narrowed organization.
    #[serde(default)]
    pub other_supplier: bool,
    /// The evidence kinds that may be set aside. Any other evidence on the component keeps the finding.
    pub only_evidence: Vec<String>,
}
