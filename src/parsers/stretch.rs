//! Stretches of a document in which nothing is flagged: what the later passes leap over.
//!
//! Most of a long list are components that nobody asks about, and that say nothing of each other. The first pass notes where
//! such runs begin and end, so that the second comes to the relations at once, and the third to what it builds. A syntax that
//! cannot leap reads everything again, with the same result. It must never stretch over anything that a later pass needs.

use super::table::{Field, Node};
use super::token::Raw;
use crate::model::Origin;
use crate::source::window::Span;
use memchr::memmem::Finder;
use std::ops::Range;
use std::sync::LazyLock;

/// How many bytes a stretch has at most, so that not much is read again for one component in it.
const LONGEST: u64 = 32 << 10;

/// How many stretches are noted, 40 bytes each; what lies behind them is read again.
const MOST: usize = 1 << 17;

/// A run of entries in one list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Where its first entry begins.
    pub start: u64,
    /// Where its last entry ends.
    pub end: u64,
    /// The place of its first entry in the list.
    entry: u32,
    /// How many entries it has.
    pub entries: u32,
    /// The number of its first component.
    pub number: u32,
    /// How many components it has, with those in others.
    pub numbers: u32,
    /// What its entries are, when each is one component that says nothing of others but what the first pass kept; none when
    /// they relate something.
    pub plain: Option<Origin>,
    /// Whether its entries are relations that the first pass kept.
    pub kept: bool,
    /// Whether its first entry comes right after the last one of the stretch before it.
    follows: bool,
}

/// The stretches of a document, in its order.
#[derive(Debug, Default)]
pub struct Stretches {
    all: Vec<Stretch>,
    /// The list in which the last one stands, while it may go on.
    list: Option<&'static str>,
    /// Whether the document broke off: what follows is no longer what stands there.
    ended: bool,
}

impl Stretches {
    /// An entry of a list ended in which nothing is flagged, with the numbers of the components in it; `list` is the key of
    /// the list and the place of the entry in it.
    pub fn add(&mut self, plain: Option<Origin>, numbers: Range<u32>, list: (&'static str, u32), span: Span) {
        self.note(plain, false, numbers, list, span);
    }

    /// A relation ended that may have been kept; `before` is how many components come before it.
    pub fn add_relation(&mut self, kept: bool, before: u32, list: (&'static str, u32), span: Span) {
        self.note(None, kept, before..before, list, span);
    }

    fn note(
        &mut self,
        plain: Option<Origin>,
        kept: bool,
        numbers: Range<u32>,
        (key, entry): (&'static str, u32),
        Span { start, end }: Span,
    ) {
        // What a syntax states out of order cannot be leapt over.
        if self.all.last().is_some_and(|last| start < last.end) {
            self.end();
        }
        let follows = self.list == Some(key)
            && self
                .all
                .last()
                .is_some_and(|last| last.entry + last.entries == entry && last.number + last.numbers == numbers.start);
        if let Some(last) = self.all.last_mut()
            && follows
            && (last.plain, last.kept) == (plain, kept)
            && end - last.start <= LONGEST
        {
            last.end = end;
            last.entries += 1;
            last.numbers += numbers.len() as u32;
        } else if self.all.len() < MOST && !self.ended {
            let (number, numbers) = (numbers.start, numbers.len() as u32);
            self.all.push(Stretch { start, end, entry, entries: 1, number, numbers, plain, kept, follows });
            self.list = Some(key);
        }
    }

    /// The document breaks off here, perhaps in the middle of an entry.
    pub fn end(&mut self) {
        self.ended = true;
        self.list = None;
    }

    /// Something begins or ends that is no entry: the next entry may stand in another list.
    pub fn break_off(&mut self) {
        self.list = None;
    }

    /// The stretch that begins here together with those right behind it, as far as they fit the first; none when that has
    /// another number, or does not fit itself. Whoever asks must leap over it, or asking for each costs the square.
    pub fn run(&self, start: u64, number: u32, fits: impl Fn(&Stretch, &Stretch) -> bool) -> Option<Stretch> {
        let at = self.all.binary_search_by_key(&start, |stretch| stretch.start).ok()?;
        let (first, behind) = self.all.get(at..)?.split_first()?;
        let mut run = (first.number == number && fits(first, first)).then_some(*first)?;
        for next in behind.iter().take_while(|next| next.follows && fits(first, next)) {
            run.end = next.end;
            run.entries += next.entries;
            run.numbers += next.numbers;
        }
        Some(run)
    }
}

/// How the id of a license begins that stands elsewhere in the document.
static REFERRED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"LicenseRef-"));

/// Whether a fact in a component says how it hangs together with something else.
pub fn relates(field: Field, raw: &Raw<'_>) -> bool {
    match field {
        // A license may be one that stands elsewhere in the document.
        Field::LicenseName => raw.escaped && !raw.plain || REFERRED.find(raw.bytes).is_some(),
        Field::Describes
        | Field::DependencyOf
        | Field::DependsOn
        | Field::RelationFrom
        | Field::RelationTo
        | Field::RelationType
        | Field::ElementType
        | Field::ContainsRef
        | Field::ContainedRef
        | Field::IdentifierRef
        | Field::HashRef
        | Field::LicenseRef
        | Field::EntryValue
        | Field::PartyRef(_) => true,
        _ => false,
    }
}

/// Whether an object can be an entry of a stretch: what it is then, and nothing for a relation. A component with such an object
/// in it is not plain.
pub fn entry(node: Node) -> Option<Option<Origin>> {
    match node {
        Node::Item(origin) => Some(Some(origin)),
        Node::Dependency | Node::Relation => Some(None),
        _ => None,
    }
}
