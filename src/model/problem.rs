//! What could not be read, where, and whether it could hide a component.

use super::Place;

/// What went wrong. The ids are part of the report contract: new ones may come, none changes meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The bytes are not an SBOM of any known format.
    NotAnSbom,
    /// A known format that this version does not read.
    Unsupported,
    /// The input could not be opened or read.
    Unreadable,
    /// The input has no bytes.
    Empty,
    /// The text breaks the rules of its syntax; nothing after this place was read.
    Syntax,
    /// A limit was reached; what lies beyond it was not read.
    Limit,
    /// Packed data that is broken, cut off or encrypted, so that it could not be unpacked, or only in part.
    Damaged,
    /// A value of another type than the format asks for.
    WrongType,
    /// A `null`, text or number where a component should stand.
    NotAComponent,
    /// The same key twice in one object; both were read.
    DuplicateKey,
    /// The same reference for several components.
    DuplicateReference,
    /// A reference to something that does not stand in the document.
    UnresolvedReference,
    /// A component without a name.
    MissingName,
    /// A package URL that does not have its form.
    InvalidPurl,
    /// A CPE that does not have its form.
    InvalidCpe,
    /// A word that the format's list does not have.
    UnknownValue,
    /// A specification version this program does not know; read as the newest known.
    UnknownVersion,
    /// Bytes that are not UTF-8, or half a surrogate pair; the rest of the value was read.
    BadText,
    /// No component at all.
    NoComponents,
    /// The file could no longer be read when places were looked up.
    Changed,
    /// The reader failed on this input in a way it should not.
    Internal,
}

impl Code {
    /// The id in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::NotAnSbom => "not-an-sbom",
            Self::Unsupported => "unsupported",
            Self::Unreadable => "unreadable",
            Self::Empty => "empty",
            Self::Syntax => "syntax",
            Self::Limit => "limit",
            Self::Damaged => "damaged",
            Self::WrongType => "wrong-type",
            Self::NotAComponent => "not-a-component",
            Self::DuplicateKey => "duplicate-key",
            Self::DuplicateReference => "duplicate-reference",
            Self::UnresolvedReference => "unresolved-reference",
            Self::MissingName => "missing-name",
            Self::InvalidPurl => "invalid-purl",
            Self::InvalidCpe => "invalid-cpe",
            Self::UnknownValue => "unknown-value",
            Self::UnknownVersion => "unknown-version",
            Self::BadText => "bad-text",
            Self::NoComponents => "no-components",
            Self::Changed => "changed",
            Self::Internal => "internal",
        }
    }
}

/// One thing that could not be read as it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What.
    pub code: Code,
    /// One sentence for people.
    pub message: String,
    /// Where; the pointer is empty for the whole input.
    pub at: Place,
    /// Whether a component may have gone unseen because of it.
    pub hides_components: bool,
}

/// A bounded list of problems: the first ones in full, the rest counted.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    list: Vec<Problem>,
    /// How many were not kept.
    pub more: u64,
    hides: bool,
}

/// How many problems of one input are kept in full.
const KEPT: usize = 200;

impl Problems {
    /// Adds a problem.
    pub fn push(&mut self, problem: Problem) {
        self.hides |= problem.hides_components;
        // One that hides components is worth more than one that does not.
        if self.list.len() < KEPT || (problem.hides_components && self.list.len() < 2 * KEPT) {
            self.list.push(problem);
        } else {
            self.more += 1;
        }
    }

    /// Whether any problem, kept or not, may hide a component.
    pub fn hide_components(&self) -> bool {
        self.hides
    }

    /// The problems that were kept.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.list.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}
