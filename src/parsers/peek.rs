//! A short pass: who a few components are and where they stand, and nothing else of them.

use super::build::{Agent, Build};
use super::found::Found;
use super::stretch::{Stretch, Stretches};
use super::table::{Field, Node, Table};
use super::token::Raw;
use super::walk::{Path, Sink};
use crate::model::{Component, Product, Role, Stated};

/// Components, and for some of them by number the reference of who supplies them.
pub type Peeked = (Vec<Component>, Vec<Agent>);

/// A sink that reads only who one component is and where it stands, and stops after the last one asked for.
pub struct Peek<'p> {
    inner: Build<'p>,
}

impl<'p> Peek<'p> {
    /// Asks for these numbers, rising, and leaps over what can be left out.
    pub fn new(table: &'p Table, wanted: &'p [u32], stretches: &'p Stretches) -> Self {
        Self { inner: Build::new(table, wanted).leaping(stretches) }
    }

    /// The components, and by reference who supplies them.
    pub fn finish(mut self) -> Peeked {
        let agents = self.inner.agents();
        (self.inner.finish().0, agents)
    }
}

impl Sink for Peek<'_> {
    fn open(&mut self, node: Node, start: u64, path: &Path) {
        self.inner.open(node, start, path);
    }
    fn leaf(&mut self, field: Field, raw: Raw<'_>, path: &Path) {
        if matches!(
            field,
            Field::Ref
                | Field::Name
                | Field::Version
                | Field::ElementType
                | Field::PartyText(_)
                | Field::PartyName
                | Field::PartyRef(_)
        ) {
            self.inner.leaf(field, raw, path);
        }
    }
    fn close(&mut self, node: Node, end: u64, path: &Path) {
        self.inner.close(node, end, path);
    }
    fn leap(&self, node: Node, start: u64) -> Option<Stretch> {
        self.inner.leap(node, start)
    }
    fn leapt(&mut self, stretch: &Stretch) {
        self.inner.leapt(stretch);
    }
    fn done(&self) -> bool {
        self.inner.complete()
    }
}

/// Takes the product's identity out of a component.
pub fn product_of(component: &Component) -> Product {
    let text = |s: &Option<Stated>| s.as_ref().map(|s| s.text.clone());
    let supplier = component
        .parties
        .iter()
        .find(|p| !matches!(p.role, Role::Author | Role::Contributor | Role::Licensor))
        .and_then(|p| p.names.first());
    Product {
        reference: text(&component.reference),
        name: text(&component.name),
        version: text(&component.version),
        supplier: supplier.map(|s| s.text.clone()),
    }
}

/// Numbers whose references other components share.
pub fn repeated(found: &Found) -> Vec<u32> {
    let mut numbers = found.repeated.clone();
    numbers.sort_unstable();
    numbers.truncate(200);
    numbers
}
