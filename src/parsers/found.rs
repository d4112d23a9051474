//! What the first pass knows of a document, for the passes behind it.
//!
//! It must hold nothing of a component but numbers. Start at [`Found`].

use super::elements::{Purpose, Referred};
use super::relations::Relations;
use super::stretch::Stretches;
use super::token::Raw;
use crate::model::disclosure::Disclosure;
use crate::model::{Problems, Product};
use std::hash::{BuildHasher, RandomState};

/// Turns references into numbers that compare fast; one keyed hasher per document, so that no input can aim at it.
#[derive(Debug, Clone, Default)]
pub struct Interner(RandomState);

impl Interner {
    /// The number of a reference. Different references collide with a chance of one in 2^64.
    pub fn id(&self, reference: &str) -> u64 {
        self.0.hash_one(reference.as_bytes())
    }

    /// The number of a reference as it stands in a document.
    pub fn id_of(&self, raw: &Raw<'_>) -> u64 {
        if raw.escaped || raw.high { self.id(&raw.text()) } else { self.0.hash_one(raw.bytes) }
    }
}

/// What the first pass knows of the document.
#[derive(Debug, Default)]
pub struct Found {
    /// How many numbered things there are: components, and in some families agents and licenses too.
    pub numbered: u32,
    /// Components, services and files.
    pub count: u64,
    /// Numbers of flagged things, rising.
    pub flagged: Vec<u32>,
    /// Whether something said about the document as a whole is flagged.
    pub document_flagged: bool,
    /// The reference and number of each numbered thing that has a reference, sorted.
    pub references: Vec<Referred>,
    /// Statements about an element that was stated before, by number, and the number of the first.
    pub aliases: Vec<(u32, u32)>,
    /// References in SPDX 3 that lead to nothing in this document, sorted.
    pub unresolved: Vec<(u64, Purpose)>,
    /// Numbers whose reference was taken already.
    pub repeated: Vec<u32>,
    /// References of the products.
    pub describes: Vec<String>,
    /// What the document calls itself.
    pub format_name: String,
    /// Its version, as written.
    pub spec_version: String,
    /// The product, as far as it is named in place.
    pub product: Product,
    /// The number of `metadata.component`.
    pub product_number: Option<u32>,
    /// Figures.
    pub disclosure: Disclosure,
    /// Problems.
    pub problems: Problems,
    /// Relations that were kept, because something was flagged before them.
    pub relations: Relations,
    /// What later passes may leap over.
    pub stretches: Stretches,
}

impl Found {
    /// The number of what has this reference.
    pub fn number(&self, reference: u64) -> Option<u32> {
        let at = self.references.binary_search_by_key(&reference, |r| r.id).ok()?;
        self.references.get(at).map(|r| r.number)
    }

    /// The number of the first statement about the same element.
    pub fn first_of(&self, number: u32) -> u32 {
        let at = self.aliases.binary_search_by_key(&number, |alias| alias.0).ok();
        at.and_then(|at| self.aliases.get(at)).map_or(number, |alias| alias.1)
    }
}

/// Numbers by reference, for a pass that asks for many: ids are spread evenly, so that their first bits lead to the place.
#[derive(Debug)]
pub struct Numbers<'f> {
    references: &'f [Referred],
    /// Where the ids begin that have these first bits, with one more at the end.
    starts: Vec<u32>,
    shift: u32,
}

impl<'f> Numbers<'f> {
    /// For the references that were found.
    pub fn new(found: &'f Found) -> Self {
        let references = found.references.as_slice();
        let shift = u64::BITS - references.len().max(2).ilog2();
        let mut starts = Vec::with_capacity((u64::MAX >> shift) as usize + 2);
        for (at, referred) in references.iter().enumerate() {
            let bucket = (referred.id >> shift) as usize;
            while starts.len() <= bucket {
                starts.push(at as u32);
            }
        }
        starts.push(references.len() as u32);
        Self { references, starts, shift }
    }

    /// The number of what has this reference.
    #[inline]
    pub fn of(&self, reference: u64) -> Option<u32> {
        let from = *self.starts.get((reference >> self.shift) as usize)?;
        let near = self.references.get(from as usize..)?;
        near.iter().take_while(|r| r.id <= reference).find(|r| r.id == reference).map(|r| r.number)
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Numbers, Referred};
    use crate::parsers::elements::Facts;

    #[test]
    fn every_reference_leads_to_its_number() {
        for count in [0u32, 1, 2, 3, 5, 64, 1000] {
            let mut found = Found::default();
            let id = |number: u32| u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            found.references.extend((0..count).map(|n| Referred { id: id(n), number: n, facts: Facts::default() }));
            found.references.extend([0, u64::MAX].map(|id| Referred { id, number: 7, facts: Facts::default() }));
            found.references.sort_unstable();
            found.references.dedup_by_key(|r| r.id);
            let numbers = Numbers::new(&found);
            for one in 0..2 * count + 10 {
                assert_eq!(numbers.of(id(one)), found.number(id(one)), "{one} of {count}");
            }
            assert_eq!(numbers.of(u64::MAX), Some(7));
            assert_eq!(numbers.of(u64::MAX - 1), None);
        }
    }
}
