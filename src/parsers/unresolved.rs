//! A short pass over an SPDX 3 document: where the references stand that lead to nothing in it.

use super::elements::Purpose;
use super::found::{Found, Interner};
use super::table::{Field, Node};
use super::token::Raw;
use super::walk::{Path, Sink};
use crate::model::{Code, Component, Party, Place, Problem, Property, Role, Stated};
use std::collections::BTreeMap;

/// How many are told one by one.
const TOLD: usize = 50;

/// The sink.
pub struct Unresolved<'u> {
    interner: &'u Interner,
    found: &'u Found,
    told: BTreeMap<u64, Problem>,
}

impl<'u> Unresolved<'u> {
    /// For the document that `found` is about.
    pub fn new(interner: &'u Interner, found: &'u Found) -> Self {
        Self { interner, found, told: BTreeMap::new() }
    }

    /// The problems, in the order of the document; one for all that are not told one by one.
    pub fn finish(self) -> Vec<Problem> {
        let mut problems: Vec<Problem> = Vec::new();
        let rest = self.found.unresolved.iter().filter(|(id, _)| !self.told.contains_key(id));
        let more = rest.count();
        problems.extend(self.told.into_values());
        problems.sort_by_key(|problem| problem.at.span);
        if more > 0 {
            problems.push(Problem {
                code: Code::UnresolvedReference,
                message: format!("{more} more references lead to nothing in this document"),
                at: Place::default(),
                hides_components: false,
            });
        }
        problems
    }
}

/// Whether a component may stand behind one of the references, that nobody says where to look for. Everything in the
/// document was read, so that this is no problem of reading; but finding nothing says little.
pub fn hidden(found: &Found) -> bool {
    found.unresolved.iter().any(|(_, purpose)| purpose.is(Purpose::COMPONENT) && !purpose.is(Purpose::IMPORTED))
}

impl Sink for Unresolved<'_> {
    fn open(&mut self, _: Node, _: u64, _: &Path) {}

    fn leaf(&mut self, field: Field, raw: Raw<'_>, path: &Path) {
        let refers = matches!(
            field,
            Field::RelationFrom
                | Field::RelationTo
                | Field::Describes
                | Field::ContainsRef
                | Field::ContainedRef
                | Field::PartyRef(_)
                | Field::LicenseRef
                | Field::IdentifierRef
        );
        if !refers {
            return;
        }
        let text = raw.text();
        let id = self.interner.id(&text);
        let unresolved = &self.found.unresolved;
        let Ok(at) = unresolved.binary_search_by_key(&id, |r| r.0) else { return };
        let Some((_, purpose)) = unresolved.get(at).copied() else { return };
        if self.told.contains_key(&id) {
            return;
        }
        let shown: String = text.chars().take(120).collect();
        let elsewhere = if purpose.is(Purpose::IMPORTED) {
            "is said to stand in another document, which is not joined with this one"
        } else {
            "does not stand in this document"
        };
        let message = if purpose.is(Purpose::COMPONENT) {
            format!("`{shown}` is referred to and {elsewhere}; whether it is a component is not known")
        } else if purpose.is(Purpose::PARTY) {
            format!("`{shown}` is referred to as a supplier and {elsewhere}; only its id is known")
        } else {
            format!("`{shown}` is referred to as a license or identifier and {elsewhere}")
        };
        let problem =
            Problem { code: Code::UnresolvedReference, message, at: path.place(raw.span), hides_components: false };
        self.told.insert(id, problem);
    }

    fn close(&mut self, _: Node, _: u64, _: &Path) {}

    fn done(&self) -> bool {
        self.told.len() >= TOLD.min(self.found.unresolved.len())
    }
}

/// What the id of a supplier says that stands nowhere: an address is where the supplier can be reached, and the last part of
/// another id is a property, which says no more than a word beside the component.
pub fn speak(component: &mut Component, role: Role, id: &Stated) {
    if id.text.starts_with("http://") || id.text.starts_with("https://") {
        component.parties.push(Party { urls: vec![id.clone()], ..Party::new(role) });
        return;
    }
    let last = id.text.rsplit([':', '/', '#']).next().unwrap_or_default();
    let value = Stated { text: last.replace(['-', '_', '.', '+'], " "), at: id.at.clone() };
    component.properties.push(Property { name: "suppliedBy".to_owned(), value });
}
