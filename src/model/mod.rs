//! What an SBOM says, as it says it: facts with their places, and no judgment.
//!
//! A [`Document`] holds the components that something was asked about, the [`graph::Graph`] between all of them, what
//! could not be read ([`Problem`]) and how much the SBOM discloses ([`disclosure::Disclosure`]).
//!
//! The model must never drop a word because it is odd, and never know a rule. It is not serialized, but for the
//! words of a grade: reports have their own types. Start at [`Document`], then [`Component`].

mod component;
pub mod disclosure;
pub mod graph;
mod party;
mod problem;

pub use component::{
    COMMIT_LINK, Component, FileName, Hash, Identifier, IdentifierKind, License, Origin, Place, Property, Reference,
    ScopeOfUse, Stated,
};
pub use party::{Party, PartyKind, Role, read_party};
pub use problem::{Code, Problem, Problems};

use std::fmt;

/// The format families, each with one table of fields for all its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// OWASP CycloneDX.
    CycloneDx,
    /// SPDX 2.x.
    Spdx2,
    /// SPDX 3.x.
    Spdx3,
}

impl Family {
    /// The id used in reports; the version tells SPDX 2 from 3.
    pub fn id(self) -> &'static str {
        match self {
            Self::CycloneDx => "cyclonedx",
            Self::Spdx2 | Self::Spdx3 => "spdx",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// What a document is written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    /// The family.
    pub family: Family,
    /// The syntax, such as `json`.
    pub serialization: &'static str,
    /// The version as the document states it, without prefixes (`1.6`, `2.3`); empty when it states none.
    pub spec_version: String,
}

/// The product an SBOM is about, as far as it says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Product {
    /// Its reference in the document.
    pub reference: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Who supplies it, as stated for the product or for the whole document.
    pub supplier: Option<String>,
}

/// One SBOM, read.
#[derive(Debug)]
pub struct Document {
    /// What it is written in.
    pub format: Format,
    /// What it is about.
    pub product: Product,
    /// The components that were asked for, in file order. See [`crate::parsers::Flagging`].
    pub components: Vec<Component>,
    /// How components hang together. Empty when no component was asked for.
    pub graph: graph::Graph,
    /// How many components, services and files the document lists, at any depth.
    pub count: u64,
    /// How much it says about them.
    pub disclosure: disclosure::Disclosure,
    /// What could not be read, and where.
    pub problems: Problems,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
}

impl Document {
    /// The built component with this number.
    pub fn component(&self, number: u32) -> Option<&Component> {
        let at = self.components.binary_search_by_key(&number, |c| c.number).ok()?;
        self.components.get(at)
    }
}
