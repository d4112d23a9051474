//! The second pass, only for documents with something flagged: how the numbered things hang together.

use super::found::{Found, Interner, Numbers};
use super::stretch::Stretch;
use super::table::{ElementKind, Field, Node, Relation, Table};
use super::token::Raw;
use super::walk::{Path, Sink};
use crate::model::Origin;
use crate::model::graph::Edge;

/// What the second pass collects.
#[derive(Debug, Default)]
pub struct Linked {
    /// Edges between numbers.
    pub edges: Vec<(u32, Edge, u32)>,
    /// Origin of each number, in order; for elements, what their type makes of them.
    pub origins: Vec<Origin>,
    /// References of the products, which may name collections first.
    pub describes: Vec<(Option<u32>, u64)>,
}

/// The sink of the second pass.
pub struct Links<'l> {
    table: &'l Table,
    interner: &'l Interner,
    found: &'l Found,
    numbers: Numbers<'l>,
    open: Vec<u32>,
    kinds: Vec<ElementKind>,
    linked: Linked,
    relation: Stated,
    /// Relationships around the one that is being read, by how many elements were open around each.
    around: Vec<(usize, Stated)>,
}

/// What a relationship says, as far as it has been read.
#[derive(Default)]
struct Stated {
    from: Option<u32>,
    to: Vec<u32>,
    to_unknown: Vec<u64>,
    kind: String,
    optional: bool,
}

impl Stated {
    fn is_empty(&self) -> bool {
        self.from.is_none()
            && self.to.is_empty()
            && self.to_unknown.is_empty()
            && self.kind.is_empty()
            && !self.optional
    }
}

impl<'l> Links<'l> {
    /// A sink for the document that `found` is about.
    pub fn new(table: &'l Table, interner: &'l Interner, found: &'l Found) -> Self {
        Self {
            table,
            interner,
            found,
            numbers: Numbers::new(found),
            open: Vec::new(),
            kinds: Vec::new(),
            linked: Linked::default(),
            relation: Stated::default(),
            around: Vec::new(),
        }
    }

    /// What was collected.
    pub fn finish(mut self) -> Linked {
        if self.found.aliases.is_empty() {
            return self.linked;
        }
        // Statements about the same element are one.
        let linked = &mut self.linked;
        for (from, _, to) in &mut linked.edges {
            *from = self.found.first_of(*from);
            *to = self.found.first_of(*to);
        }
        for &(number, first) in &self.found.aliases {
            let Some(origin) = linked.origins.get(number as usize).copied() else { continue };
            if let Some(slot) = linked.origins.get_mut(first as usize).filter(|slot| !slot.is_component()) {
                *slot = origin;
            }
            if let Some(slot) = linked.origins.get_mut(number as usize) {
                *slot = Origin::Referent;
            }
        }
        self.linked
    }

    fn number(&self, reference: u64) -> Option<u32> {
        self.numbers.of(reference)
    }

    fn edge(&mut self, from: u32, edge: Edge, to: u32) {
        self.linked.edges.push((from, edge, to));
    }

    /// What is open refers to something.
    fn refer(&mut self, edge: Edge, to: Option<u32>) {
        if let (Some(&from), Some(to)) = (self.open.last(), to) {
            self.edge(from, edge, to);
        }
    }

    fn dependency_done(&mut self) {
        let Stated { from, to, .. } = std::mem::take(&mut self.relation);
        for to in to {
            from.into_iter().for_each(|from| self.edge(from, Edge::DependsOn, to));
        }
    }

    fn relation_done(&mut self) {
        let Stated { from, to, to_unknown: unknown, kind, optional: narrow } = std::mem::take(&mut self.relation);
        let relation = (self.table.relation)(&kind);
        let scoped = |edge: Edge, narrow: bool| if narrow && edge == Edge::DependsOn { Edge::BuiltWith } else { edge };
        match relation {
            Relation::Forward(edge) => {
                for &to in &to {
                    if let Some(from) = from {
                        self.edge(from, scoped(edge, narrow), to);
                    }
                }
            }
            Relation::Backward(edge) => {
                for &to in &to {
                    if let Some(from) = from {
                        self.edge(to, scoped(edge, narrow), from);
                    }
                }
            }
            Relation::Describes => {
                self.linked.describes.extend(unknown.into_iter().map(|r| (None, r)));
                for to in to {
                    self.linked.describes.push((Some(to), 0));
                }
            }
            Relation::DescribedBy => self.linked.describes.extend(from.map(|from| (Some(from), 0))),
            Relation::None => {}
        }
    }
}

impl Sink for Links<'_> {
    fn leap(&self, node: Node, start: u64) -> Option<Stretch> {
        // Relations are what this pass is for.
        let listed = matches!(node, Node::Item(_)) && self.open.is_empty();
        let stretch = listed.then(|| self.found.stretches.at(start)).flatten()?;
        (stretch.plain.is_some() && stretch.number as usize == self.linked.origins.len()).then_some(*stretch)
    }

    fn leapt(&mut self, stretch: &Stretch) {
        let origins = stretch.plain.into_iter().cycle().take(stretch.numbers as usize);
        self.linked.origins.extend(origins);
    }

    fn open(&mut self, node: Node, _: u64, _: &Path) {
        let (origin, kind) = match node {
            Node::Item(origin) => (origin, ElementKind::Component(false)),
            Node::LicenseItem => (Origin::Referent, ElementKind::Referent),
            Node::Element => (Origin::Listed, ElementKind::Other),
            _ => return,
        };
        let number = self.linked.origins.len() as u32;
        let within = self.open.last().and_then(|&parent| self.linked.origins.get(parent as usize)).copied();
        let origin = origin.within(within);
        self.linked.origins.push(origin);
        if let (Some(&parent), Node::Item(_)) = (self.open.last(), node) {
            let edge = match origin {
                Origin::Ancestor | Origin::Variant | Origin::Descendant => Edge::DerivedFrom,
                _ => Edge::Contains,
            };
            self.edge(parent, edge, number);
        }
        // A relationship may hold elements, which say nothing about it.
        if node == Node::Element && !self.relation.is_empty() {
            self.around.push((self.open.len(), std::mem::take(&mut self.relation)));
        }
        self.open.push(number);
        self.kinds.push(kind);
    }

    fn leaf(&mut self, field: Field, raw: Raw<'_>, _: &Path) {
        let reference = |links: &Self| {
            let id = links.interner.id_of(&raw);
            (id, links.number(id))
        };
        match field {
            Field::DependencyOf | Field::RelationFrom => self.relation.from = reference(self).1,
            Field::DependsOn => {
                let to = reference(self).1;
                self.relation.to.extend(to);
            }
            Field::RelationTo => match reference(self) {
                (_, Some(number)) => self.relation.to.push(number),
                (id, None) => self.relation.to_unknown.push(id),
            },
            Field::RelationType => self.relation.kind = raw.text().into_owned(),
            Field::Scope => self.relation.optional = matches!(raw.bytes, b"build" | b"development" | b"test"),
            Field::ElementType => {
                let kind = (self.table.element)(&raw.text());
                if let Some(last) = self.kinds.last_mut() {
                    *last = last.or(kind);
                }
            }
            Field::Describes => {
                let (id, number) = reference(self);
                self.linked.describes.push((number, id));
            }
            Field::ContainsRef => self.refer(Edge::Contains, reference(self).1),
            Field::IdentifierRef | Field::HashRef => self.refer(Edge::Identifier, reference(self).1),
            Field::LicenseRef | Field::EntryValue => self.refer(Edge::License, reference(self).1),
            Field::PartyRef(role) => self.refer(Edge::Party(role), reference(self).1),
            Field::ContainedRef => {
                if let (Some(&part), Some(whole)) = (self.open.last(), reference(self).1) {
                    self.edge(whole, Edge::Contains, part);
                }
            }
            Field::LicenseName => {
                let Some(&parent) = self.open.last() else { return };
                for name in license_references(&raw.text()) {
                    if let Some(to) = self.number(self.interner.id(name)) {
                        self.edge(parent, Edge::License, to);
                    }
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, node: Node, _: u64, _: &Path) {
        match node {
            Node::Dependency => self.dependency_done(),
            Node::Relation => self.relation_done(),
            Node::Item(_) | Node::LicenseItem | Node::Element => {
                let (Some(number), Some(kind)) = (self.open.pop(), self.kinds.pop()) else { return };
                if kind == ElementKind::Relation {
                    self.relation_done();
                }
                if node == Node::Element {
                    let around = self.around.pop_if(|(open, _)| *open == self.open.len());
                    self.relation = around.map(|(_, around)| around).unwrap_or_default();
                }
                let origin = match kind {
                    ElementKind::Component(_) => return,
                    ElementKind::Build => Origin::Build,
                    _ => Origin::Referent,
                };
                if let Some(slot) = self.linked.origins.get_mut(number as usize) {
                    *slot = origin;
                }
            }
            _ => {}
        }
    }
}

/// The `LicenseRef-…` words of an expression or free text.
fn license_references(expression: &str) -> impl Iterator<Item = &str> {
    expression
        .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ':')))
        .filter(|word| word.starts_with("LicenseRef-"))
}
