//! What is known under another name: more marks of a product, products of others that hold it, software that calls it, and
//! engines of which nobody says who made them.

use super::{Common, Day, Marks, Proof};
use crate::rules::versions::Scheme;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Further marks of an organization or product: file names (`rules/files/*.toml`) or hosts (`rules/endpoints/*.toml`).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Further {
    /// What every rule has.
    #[serde(flatten)]
    pub common: Common,
    /// The organization or product they belong to, by id.
    pub of: String,
    /// The marks.
    #[serde(flatten)]
    pub marks: Marks,
}

/// How something of the organization came into the product of another vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// An engine or kit is built in.
    Embedded,
    /// The whole product under another brand.
    WhiteLabel,
    /// Signatures or other data are delivered to it.
    SignatureFeed,
    /// One of several engines that a customer can choose or license.
    OptionalEngine,
    /// Sold on under the maker's or another name.
    Resold,
}

/// Whether every copy of the product holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// Every copy of the versions given.
    Always,
    /// A model, license, edition or option decides.
    Depends,
}

/// A product of another vendor that holds, or held, something of an organization: `rules/white-label/*.toml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct WhiteLabel {
    /// What every rule has.
    #[serde(flatten)]
    pub common: Common,
    /// Names of the vendor, as they stand where a supplier is named; the present one first.
    pub vendors: Vec<String>,
    /// The product inside, by id; its organization and class are those of a finding.
    pub embeds: String,
    /// How it came in.
    pub how: How,
    /// Whether every copy holds it.
    pub presence: Presence,
    /// For `depends`: what decides, which completes "whether it is there depends on …".
    #[serde(default)]
    pub depends_on: Option<String>,
    /// What took its place, as far as known.
    #[serde(default)]
    pub replaced_by: Option<String>,
    /// Until when it was there, as far as known.
    #[serde(default)]
    pub ended: Option<String>,
    /// The question for the vendor where version or presence is not known.
    pub ask: String,
    /// What the product is recognized by.
    #[serde(flatten)]
    pub marks: Marks,
    /// In which versions it is there. The first row whose branch fits counts; without a row no version is known.
    #[serde(default)]
    pub versions: Vec<Versions>,
    /// In which releases by their date it is there, for documents that state one.
    #[serde(default)]
    pub period: Option<Period>,
}

/// A range of versions. All bounds are optional; a version is inside when a lower and an upper bound, or the list, hold it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Versions {
    /// How versions are compared.
    pub scheme: Scheme,
    /// The row is only for versions that begin so.
    #[serde(default)]
    pub branch: Option<String>,
    /// The first version that held it: versions before are outside.
    #[serde(default)]
    pub introduced: Option<String>,
    /// The earliest version documented to hold it: versions before are unknown.
    #[serde(default)]
    pub seen_from: Option<String>,
    /// The latest version documented to hold it: versions after are unknown.
    #[serde(default)]
    pub seen_until: Option<String>,
    /// The first version without it: from there on versions are outside.
    #[serde(default)]
    pub removed: Option<String>,
    /// Exactly these versions are documented to hold it.
    #[serde(default)]
    pub only: Vec<String>,
    /// Proof of this row.
    #[serde(flatten)]
    pub proof: Proof,
}

/// A range of release dates, with the bounds of [`Versions`].
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Period {
    /// The first day of a release that held it.
    #[serde(default)]
    pub introduced: Option<Day>,
    /// The earliest release documented to hold it.
    #[serde(default)]
    pub seen_from: Option<Day>,
    /// The latest release documented to hold it.
    #[serde(default)]
    pub seen_until: Option<Day>,
    /// The first release without it.
    #[serde(default)]
    pub removed: Option<Day>,
    /// Proof of this row.
    #[serde(flatten)]
    pub proof: Proof,
}

/// Software that can call something of an organization and holds none of it: `rules/adapters/*.toml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Adapter {
    /// What every rule has.
    #[serde(flatten)]
    pub common: Common,
    /// What it calls, by product id.
    pub calls: String,
    /// By which interface, which completes "it can call the engine by …".
    pub how: String,
    /// What it is recognized by.
    #[serde(flatten)]
    pub marks: Marks,
}

/// A place of a component where words about an engine count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WordPlace {
    /// Its name.
    Name,
    /// Its group or namespace.
    Group,
    /// Its description.
    Description,
    /// The product of its CPE.
    Cpe,
    /// The name of one of its files.
    File,
}

/// Words by which a component calls itself a security engine: `rules/engines-unattributed/*.toml`. Where nobody is named as
/// its maker, that is a question.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Unattributed {
    /// What every rule has.
    #[serde(flatten)]
    pub common: Common,
    /// The words and phrases.
    #[serde(default)]
    pub words: Vec<String>,
    /// Where they count.
    #[serde(default)]
    pub places: Vec<WordPlace>,
    /// Makers and products that answer the question when a component names one.
    #[serde(default)]
    pub known_makers: Vec<String>,
    /// The question for the supplier.
    #[serde(default)]
    pub ask: Option<String>,
    /// What gives rise to it, which completes "the component …".
    #[serde(default)]
    pub because: Option<String>,
}

/// Something a vendor should know beside its findings, such as export controls: `rules/notes/*.toml`. Never a finding on a
/// component.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Note {
    /// What every rule has.
    #[serde(flatten)]
    pub common: Common,
    /// Organizations it is about, by id; it is shown in reports with a finding of one of them.
    pub organizations: Vec<String>,
    /// Roles it is for; `*` for all.
    pub roles: Vec<String>,
    /// Markets it is for; `*` for all.
    pub markets: Vec<String>,
    /// The note.
    pub text: String,
    /// Since when.
    pub from: super::Moment,
    /// How certain it is.
    pub certainty: super::Certainty,
    /// What is not certain.
    #[serde(default)]
    pub uncertain: Option<String>,
}

impl How {
    /// In words, for reports: they stand between the product and what is inside.
    pub fn words(self) -> &'static str {
        match self {
            Self::Embedded => "holds",
            Self::WhiteLabel => "is another brand of",
            Self::SignatureFeed => "takes signatures of",
            Self::OptionalEngine => "offers the choice of",
            Self::Resold => "resells",
        }
    }
}
