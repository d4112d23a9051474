//! The second pass, only for documents with something flagged: how the numbered things hang together.

use super::found::{Found, Interner, Numbers};
use super::relations::{Relations, Stated};
use super::stretch::Stretch;
use super::table::{ElementKind, Field, Node, Table};
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
    /// The products, after what relations say, which may name collections first.
    pub describes: Vec<u32>,
}

impl Linked {
    /// Takes relations between what the document lists.
    fn number(&mut self, numbers: &Numbers<'_>, said: &Relations) {
        let edge = |(from, edge, to): &(u64, Edge, u64)| Some((numbers.of(*from)?, *edge, numbers.of(*to)?));
        let referred = |(from, edge, to): &(u32, Edge, u64)| Some((*from, *edge, numbers.of(*to)?));
        self.edges.extend(said.referred.iter().filter_map(referred));
        self.edges.extend(said.edges.iter().filter_map(edge));
        self.describes.extend(said.describes.iter().filter_map(|id| numbers.of(*id)));
    }
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
    /// What the last one said, emptied and used again.
    said: Relations,
    /// Relationships around the one that is being read, by how many elements were open around each.
    around: Vec<(usize, Stated)>,
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
            said: Relations::default(),
            around: Vec::new(),
        }
    }

    /// What was collected, with what the first pass kept.
    pub fn finish(mut self, kept: Relations) -> Linked {
        self.linked.edges.reserve(kept.referred.len() + kept.edges.len());
        self.linked.number(&self.numbers, &kept);
        drop(kept);
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

    fn edge(&mut self, from: u32, edge: Edge, to: u32) {
        self.linked.edges.push((from, edge, to));
    }

    fn dependency_done(&mut self) {
        self.relation.dependency(&mut self.said);
        self.number_said();
    }

    fn relation_done(&mut self) {
        self.relation.relation(self.table, &mut self.said);
        self.number_said();
    }

    fn number_said(&mut self) {
        self.linked.number(&self.numbers, &self.said);
        self.said.clear();
    }
}

impl Sink for Links<'_> {
    fn leap(&self, node: Node, start: u64) -> Option<Stretch> {
        // Relations are what this pass is for, but for those that were kept.
        let listed = matches!(node, Node::Item(_) | Node::Dependency | Node::Relation) && self.open.is_empty();
        let fits = |first: &Stretch, next: &Stretch| next.plain == first.plain && (next.plain.is_some() || next.kept);
        let next = self.linked.origins.len() as u32;
        listed.then(|| self.found.stretches.run(start, next, fits)).flatten()
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
        let reference = |links: &Self| links.numbers.of(links.interner.id_of(&raw));
        match field {
            Field::ElementType => {
                let kind = (self.table.element)(&raw.text());
                if let Some(last) = self.kinds.last_mut() {
                    *last = last.or(kind);
                }
            }
            Field::Describes => {
                let described = reference(self);
                self.linked.describes.extend(described);
            }
            Field::ContainedRef => {
                if let (Some(&part), Some(whole)) = (self.open.last(), reference(self)) {
                    self.edge(whole, Edge::Contains, part);
                }
            }
            _ => match self.open.last() {
                Some(&number) if self.said.refer(number, field, &raw, self.interner) => self.number_said(),
                _ => self.relation.take(field, &raw, self.interner),
            },
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
