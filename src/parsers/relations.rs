//! What relations say, by the references they name: for the pass that numbers what they lead to, and for the first pass, which
//! keeps them once something is flagged.
//!
//! A relation mostly stands behind what it is about. So the first pass knows by then whether anybody will ask for the ways
//! that lead to something, and a document in which nothing is flagged pays for none of this. It must never keep more than
//! [`KEPT`] allows: what is not kept is read again. Start at [`Stated`].

use super::found::Interner;
use super::table::{Field, Relation, Table};
use super::token::Raw;
use crate::model::graph::Edge;

/// How many relations are kept at most, 24 bytes each.
const KEPT: usize = 1 << 19;

/// Relations between references.
#[derive(Debug, Default)]
pub struct Relations {
    /// From what has this number to a reference.
    pub referred: Vec<(u32, Edge, u64)>,
    /// From one reference to another.
    pub edges: Vec<(u64, Edge, u64)>,
    /// What the document describes.
    pub describes: Vec<u64>,
}

impl Relations {
    /// Notes what a fact in the component of this number refers to; whether it is one that does.
    pub fn refer(&mut self, number: u32, field: Field, raw: &Raw<'_>, interner: &Interner) -> bool {
        let edge = match field {
            Field::ContainsRef => Edge::Contains,
            Field::IdentifierRef | Field::HashRef => Edge::Identifier,
            Field::LicenseRef | Field::EntryValue => Edge::License,
            Field::PartyRef(role) => Edge::Party(role),
            Field::LicenseName => {
                let text = raw.text();
                self.referred.extend(license_references(&text).map(|name| (number, Edge::License, interner.id(name))));
                return true;
            }
            _ => return false,
        };
        self.referred.push((number, edge, interner.id_of(raw)));
        true
    }

    /// How many there are.
    fn len(&self) -> usize {
        self.referred.len() + self.edges.len() + self.describes.len()
    }

    /// Says nothing any more.
    pub fn clear(&mut self) {
        self.referred.clear();
        self.edges.clear();
        self.describes.clear();
    }
}

/// What one relation says, as far as it has been read. It is emptied and used again.
#[derive(Debug, Default)]
pub struct Stated {
    from: Option<u64>,
    to: Vec<u64>,
    kind: String,
    optional: bool,
}

impl Stated {
    /// Whether nothing has been read of it.
    pub fn is_empty(&self) -> bool {
        self.from.is_none() && self.to.is_empty() && self.kind.is_empty() && !self.optional
    }

    /// Takes a fact, when it is one of a relation.
    #[inline]
    pub fn take(&mut self, field: Field, raw: &Raw<'_>, interner: &Interner) {
        match field {
            Field::DependencyOf | Field::RelationFrom => self.from = Some(interner.id_of(raw)),
            Field::DependsOn | Field::RelationTo => self.to.push(interner.id_of(raw)),
            Field::RelationType => {
                self.kind.clear();
                self.kind.push_str(&raw.text());
            }
            Field::Scope => self.optional = matches!(raw.bytes, b"build" | b"development" | b"test"),
            _ => {}
        }
    }

    /// Says nothing any more.
    pub fn clear(&mut self) {
        self.from = None;
        self.to.clear();
        self.kind.clear();
        self.optional = false;
    }

    /// It is over, and said what something depends on.
    pub fn dependency(&mut self, into: &mut Relations) {
        if let Some(from) = self.from {
            into.edges.extend(self.to.iter().map(|to| (from, Edge::DependsOn, *to)));
        }
        self.clear();
    }

    /// It is over, and said what its type makes of it.
    pub fn relation(&mut self, table: &Table, into: &mut Relations) {
        let scoped = |edge| if self.optional && edge == Edge::DependsOn { Edge::BuiltWith } else { edge };
        match ((table.relation)(&self.kind), self.from) {
            (Relation::Forward(edge), Some(from)) => {
                into.edges.extend(self.to.iter().map(|to| (from, scoped(edge), *to)));
            }
            (Relation::Backward(edge), Some(from)) => {
                into.edges.extend(self.to.iter().map(|to| (*to, scoped(edge), from)));
            }
            (Relation::Describes, _) => into.describes.append(&mut self.to),
            (Relation::DescribedBy, Some(from)) => into.describes.push(from),
            _ => {}
        }
        self.clear();
    }
}

/// What the first pass keeps of the entries of lists: of relations, and of what components refer to.
#[derive(Debug, Default)]
pub struct Kept {
    stated: Stated,
    relations: Relations,
    /// Whether the entry that is open is kept.
    keeps: bool,
}

impl Kept {
    /// An entry of a list of the document begins; `asked` is whether anybody will want to know.
    pub fn begin(&mut self, asked: bool) {
        self.keeps = asked && self.relations.len() < KEPT;
        self.stated.clear();
    }

    /// A fact in it.
    #[inline]
    pub fn take(&mut self, field: Field, raw: &Raw<'_>, interner: &Interner) {
        if self.keeps {
            self.stated.take(field, raw, interner);
            self.keeps = self.stated.to.len() < KEPT;
        }
    }

    /// A fact in the component of this number, which says how that hangs together with something else; whether it was kept.
    pub fn refer(&mut self, number: u32, field: Field, raw: &Raw<'_>, interner: &Interner) -> bool {
        self.keeps && self.relations.len() < KEPT && self.relations.refer(number, field, raw, interner)
    }

    /// A relation ends; whether it was kept. `end` is [`Stated::dependency`] or [`Stated::relation`].
    pub fn end(&mut self, end: impl FnOnce(&mut Stated, &mut Relations)) -> bool {
        let kept = std::mem::take(&mut self.keeps);
        if kept {
            end(&mut self.stated, &mut self.relations);
        }
        kept
    }

    /// All that was kept.
    pub fn finish(self) -> Relations {
        self.relations
    }
}

/// The `LicenseRef-…` words of an expression or free text.
fn license_references(expression: &str) -> impl Iterator<Item = &str> {
    expression
        .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ':')))
        .filter(|word| word.starts_with("LicenseRef-"))
}

#[cfg(test)]
mod tests {
    use super::{KEPT, Kept, Stated};
    use crate::parsers::found::Interner;
    use crate::parsers::table::Field;
    use crate::parsers::token::Raw;
    use crate::source::window::Span;
    use std::borrow::Cow;

    fn raw(bytes: &[u8]) -> Raw<'_> {
        let decode = |_: &[u8]| (Cow::Borrowed(""), false);
        Raw { bytes, span: Span::default(), escaped: false, plain: true, high: false, decode }
    }

    fn dependency(kept: &mut Kept, interner: &Interner, to: usize) -> bool {
        kept.begin(true);
        kept.take(Field::DependencyOf, &raw(b"a"), interner);
        for _ in 0..to {
            kept.take(Field::DependsOn, &raw(b"b"), interner);
        }
        kept.end(Stated::dependency)
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let (mut kept, interner) = (Kept::default(), Interner::default());
        assert!(!dependency(&mut kept, &interner, KEPT), "one that says too much is read again");
        assert!(dependency(&mut kept, &interner, 1), "which costs the next one nothing");
        assert!(dependency(&mut kept, &interner, KEPT - 1));
        assert!(!dependency(&mut kept, &interner, 1));
        kept.begin(true);
        assert!(!kept.refer(0, Field::ContainsRef, &raw(b"b"), &interner));
        assert_eq!(kept.finish().edges.len(), KEPT);
    }

    #[test]
    fn nothing_is_kept_that_nobody_asks_for() {
        let (mut kept, interner) = (Kept::default(), Interner::default());
        kept.begin(false);
        kept.take(Field::DependencyOf, &raw(b"a"), &interner);
        kept.take(Field::DependsOn, &raw(b"b"), &interner);
        assert!(!kept.refer(0, Field::ContainsRef, &raw(b"b"), &interner));
        assert!(!kept.end(Stated::dependency));
        assert!(kept.finish().edges.is_empty());
    }
}
