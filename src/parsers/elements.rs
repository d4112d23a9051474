//! What the first pass keeps of each reference, so that statements about one element can be read as one, and references
//! that lead nowhere can be told.
//!
//! Sixteen bytes for each thing with a reference and for each different reference to one; never a text.

use super::table::ElementKind;
use crate::model::disclosure::Disclosure;

/// What is known of something with a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Referred {
    /// The reference.
    pub id: u64,
    /// The number of the thing.
    pub number: u32,
    /// What it says of itself.
    pub facts: Facts,
}

/// What something says of itself, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Facts(u16);

impl Facts {
    /// A component, file or build.
    pub const COUNTED: Self = Self(1);
    /// A file or snippet.
    pub const FILE: Self = Self(2);
    /// States a supplier.
    pub const SUPPLIER: Self = Self(4);
    /// States a package URL, CPE or SWID tag.
    pub const IDENTIFIER: Self = Self(8);
    /// States a version.
    pub const VERSION: Self = Self(16);
    /// States a digest.
    pub const HASH: Self = Self(32);
    /// States a name.
    pub const NAMED: Self = Self(64);
    /// Holds something that could concern a rule.
    pub const FLAGGED: Self = Self(128);
    /// Is something that others can refer to for what it says.
    pub const REFERENT: Self = Self(256);

    /// These facts, when something holds.
    #[must_use]
    pub fn with(self, holds: bool, fact: Self) -> Self {
        if holds { Self(self.0 | fact.0) } else { self }
    }

    /// Whether it is stated.
    pub fn has(self, fact: Self) -> bool {
        self.0 & fact.0 != 0
    }

    /// Counts what is stated, or takes it back.
    pub fn count(self, figures: &mut Disclosure, count: &mut u64, back: bool) {
        let add = |figure: &mut u64, holds: bool| {
            let one = u64::from(holds);
            *figure = if back { figure.saturating_sub(one) } else { figure.saturating_add(one) };
        };
        add(count, self.has(Self::COUNTED));
        add(&mut figures.files, self.has(Self::COUNTED) && self.has(Self::FILE));
        let component = self.has(Self::COUNTED) && !self.has(Self::FILE);
        add(&mut figures.components, component);
        add(&mut figures.with_supplier, component && self.has(Self::SUPPLIER));
        add(&mut figures.with_identifier, component && self.has(Self::IDENTIFIER));
        add(&mut figures.with_version, component && self.has(Self::VERSION));
        add(&mut figures.with_hash, component && self.has(Self::HASH));
    }
}

/// Whether others can refer to an element of this kind for what it says.
pub fn is_referent(kind: ElementKind) -> bool {
    use ElementKind::{Digest, Link, Property, Referent};
    matches!(kind, Referent | Link | Digest | Property)
}

/// What a reference is for, one bit each; several may come together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Purpose(pub u8);

impl Purpose {
    /// A component that is part of the product.
    pub const COMPONENT: Self = Self(1);
    /// A supplier or originator.
    pub const PARTY: Self = Self(2);
    /// A license or an identifier.
    pub const DETAIL: Self = Self(4);
    /// It is said to stand in another document.
    pub const IMPORTED: Self = Self(8);

    /// Whether it is for this.
    pub fn is(self, purpose: Self) -> bool {
        self.0 & purpose.0 != 0
    }
}

/// References that something was referred to by, each with all its purposes.
#[derive(Debug, Default)]
pub struct Mentions {
    all: Vec<(u64, Purpose)>,
    /// How many there were when they were last put together.
    distinct: usize,
}

impl Mentions {
    /// Notes a reference.
    pub fn note(&mut self, id: u64, purpose: Purpose) {
        self.all.push((id, purpose));
        if self.all.len() > 2 * self.distinct.max(1 << 16) {
            self.together();
        }
    }

    fn together(&mut self) {
        self.all.sort_unstable();
        self.all.dedup_by(|later, first| {
            let same = later.0 == first.0;
            if same {
                first.1 = Purpose(first.1.0 | later.1.0);
            }
            same
        });
        self.distinct = self.all.len();
    }

    /// Those that lead to nothing in the sorted list, sorted.
    pub fn unresolved(mut self, referred: &[Referred]) -> Vec<(u64, Purpose)> {
        self.together();
        self.all.retain(|(id, purpose)| {
            *purpose != Purpose::IMPORTED && referred.binary_search_by_key(id, |r| r.id).is_err()
        });
        self.all.shrink_to_fit();
        self.all
    }
}

/// Whether what stands for a reference is no id but a statement: SPDX 2 wrote `Organization: X` here.
pub fn is_statement(text: &str) -> bool {
    !text.starts_with("_:") && text.trim().contains(char::is_whitespace)
}

/// Whether a reference speaks for itself: a license of SPDX's list, and the individuals of SPDX's vocabulary.
pub fn speaks_for_itself(reference: &str) -> bool {
    const INDIVIDUALS: &[&str] = &[
        "NoAssertionElement",
        "NoneElement",
        "NoAssertion",
        "None",
        "NOASSERTION",
        "NONE",
        "SpdxOrganization",
        "expandedlicensing_NoAssertionLicense",
        "expandedlicensing_NoneLicense",
    ];
    const LISTS: &[&str] = &["https://spdx.org/licenses/", "http://spdx.org/licenses/"];
    INDIVIDUALS.contains(&reference) || LISTS.iter().any(|list| reference.starts_with(list))
}

/// What one relationship says. It is emptied and used again, because some documents have more of these than components.
#[derive(Debug, Default)]
pub struct RelationSeen {
    /// Its type.
    pub kind: String,
    /// Its first end.
    pub from: String,
    /// Its other ends, one behind the other, with where each stops.
    to: String,
    ends: Vec<usize>,
}

impl RelationSeen {
    /// Says nothing any more.
    pub fn clear(&mut self) {
        self.kind.clear();
        self.from.clear();
        self.to.clear();
        self.ends.clear();
    }

    /// Puts a text where another one was.
    pub fn put(slot: &mut String, text: &str) {
        slot.clear();
        slot.push_str(text);
    }

    /// One more of its other ends.
    pub fn add(&mut self, to: &str) {
        self.to.push_str(to);
        self.ends.push(self.to.len());
    }

    /// Its other ends.
    pub fn to(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.to.get(start..*end).unwrap_or_default())
    }
}
