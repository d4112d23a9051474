//! The first pass: counts, discloses and flags, and keeps nothing of a component that nobody asks about.
//!
//! A component is flagged when one of its values could concern a rule: [`super::closer`] says which. Everything else provably
//! holds no literal of any rule.

use super::closer::Closer;
use super::elements::{Facts, Mentions, Purpose, Referred, RelationSeen, is_referent, is_statement, speaks_for_itself};
use super::found::{Found, Interner};
use super::relations::{Kept, Stated};
use super::stretch::{entry, relates};
use super::table::{ElementKind, Field, Node, Relation, Table};
use super::token::Raw;
use super::walk::{Path, Sink};
use super::{Flagging, Suspicion};
use crate::model::disclosure::Declared;
use crate::model::graph::Edge;
use crate::model::{Code, Family, Origin, Place, Problem, Role};
use crate::source::window::Span;
use crate::text::says_nothing;

/// The sink of the first pass.
pub struct Survey<'s> {
    table: &'s Table,
    family: Family,
    closer: Closer<'s>,
    interner: &'s Interner,
    open: Vec<Open>,
    /// What relationships say that are open: of the innermost element, or of the one object.
    relation: RelationSeen,
    mentions: Mentions,
    /// Components without an identifier in place, and the references of identifiers that they state.
    identified_by: Vec<(u64, u32)>,
    /// Components without a supplier in place, and the references of agents that they state.
    supplied_by: Vec<(u64, u32)>,
    /// Problems that another statement about the same element may settle.
    nameless: Vec<(u64, Problem)>,
    /// The role of the party whose object is open.
    party: Option<Role>,
    /// Where the entry of a list begins that is open.
    entry_start: u64,
    kept: Kept,
    /// Whether later passes can leap over what is noted and kept for them.
    leaps: bool,
    found: Found,
}

struct Open {
    number: u32,
    origin: Origin,
    start: u64,
    is_file: bool,
    counted: bool,
    flagged: bool,
    /// Whether something in it says how it hangs together with something else.
    related: bool,
    /// How many things it says it contains, by reference.
    contains: u64,
    named: bool,
    supplier: bool,
    identifier: bool,
    version: bool,
    hash: bool,
    reference: Option<u64>,
    kind: ElementKind,
    /// A type that is not known, as written.
    unknown: Option<(String, Place)>,
    /// The relationship around, when an element stands in it.
    around: RelationSeen,
    identified_by: Vec<u64>,
    supplied_by: Vec<u64>,
}

impl<'s> Survey<'s> {
    /// A survey of a document of this family.
    pub fn new(
        family: Family,
        table: &'s Table,
        suspicion: &'s dyn Suspicion,
        flagging: Flagging,
        interner: &'s Interner,
    ) -> Self {
        Self {
            table,
            family,
            closer: Closer::new(suspicion, flagging, interner),
            interner,
            open: Vec::new(),
            relation: RelationSeen::default(),
            mentions: Mentions::default(),
            identified_by: Vec::new(),
            supplied_by: Vec::new(),
            nameless: Vec::new(),
            party: None,
            entry_start: 0,
            kept: Kept::default(),
            leaps: true,
            found: Found::default(),
        }
    }

    /// The same for a syntax in which nothing can be leapt over: nothing is noted or kept for that.
    pub fn without_leaps(mut self) -> Self {
        self.leaps = false;
        self.found.stretches.end();
        self
    }

    /// What was found, with references sorted.
    pub fn finish(mut self) -> Found {
        self.found.references.sort_unstable();
        self.found.relations = std::mem::take(&mut self.kept).finish();
        let mut repeats = Vec::new();
        for same in self.found.references.chunk_by(|one, next| one.id == next.id) {
            if let [first, again @ ..] = same
                && !again.is_empty()
            {
                self.found.repeated.extend(again.iter().map(|r| r.number));
                if self.family == Family::Spdx3 {
                    repeats.push((first.id, same.iter().fold(Facts::default(), |all, r| all.with(true, r.facts))));
                    self.found.aliases.extend(again.iter().map(|r| (r.number, first.number)));
                    for one in same {
                        one.facts.count(&mut self.found.disclosure, &mut self.found.count, true);
                    }
                }
            }
        }
        self.found.references.dedup_by_key(|r| r.id);
        self.found.references.shrink_to_fit();
        self.found.aliases.sort_unstable();
        for (id, facts) in repeats {
            facts.count(&mut self.found.disclosure, &mut self.found.count, false);
            let Ok(at) = self.found.references.binary_search_by_key(&id, |r| r.id) else { continue };
            let Some(slot) = self.found.references.get_mut(at) else { continue };
            slot.facts = facts;
            if facts.has(Facts::FLAGGED) {
                self.found.flagged.push(slot.number);
            }
        }
        let facts = |id: u64| {
            let at = self.found.references.binary_search_by_key(&id, |r| r.id).ok()?;
            self.found.references.get(at).map(|r| r.facts)
        };
        let components = |mut by: Vec<(u64, u32)>, fact: Facts| {
            by.retain(|(id, _)| facts(*id).is_some_and(|facts| facts.has(fact)));
            let mut numbers: Vec<u32> = by.into_iter().map(|(_, number)| self.found.first_of(number)).collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers.len() as u64
        };
        let identified = components(std::mem::take(&mut self.identified_by), Facts::IDENTIFIER);
        let supplied = components(std::mem::take(&mut self.supplied_by), Facts::REFERENT);
        self.nameless.retain(|(id, _)| !facts(*id).is_some_and(|facts| facts.has(Facts::NAMED)));
        self.found.disclosure.with_identifier += identified;
        self.found.disclosure.with_supplier += supplied;
        let firsts: Vec<u32> = self.found.flagged.iter().map(|number| self.found.first_of(*number)).collect();
        self.found.flagged = firsts;
        for (_, problem) in std::mem::take(&mut self.nameless) {
            self.found.problems.push(problem);
        }
        self.found.unresolved = std::mem::take(&mut self.mentions).unresolved(&self.found.references);
        self.found.flagged.sort_unstable();
        self.found.flagged.dedup();
        self.found.disclosure.hidden = self.found.problems.hide_components();
        self.found
    }

    fn check(&mut self, field: Field, raw: &Raw<'_>, path: &Path) {
        let (code, message) = match field {
            Field::Purl if !purl_shaped(raw.bytes) && !raw.bytes.is_empty() => (
                Code::InvalidPurl,
                format!("`{}` does not have the form of a package URL; it was kept as written", short(raw)),
            ),
            Field::Cpe if !cpe_shaped(raw.bytes) && !raw.bytes.is_empty() => {
                (Code::InvalidCpe, format!("`{}` does not have the form of a CPE; it was kept as written", short(raw)))
            }
            Field::Kind if !self.table.kinds.is_empty() && !self.table.kinds.has(raw.bytes) => (
                Code::UnknownValue,
                format!("`{}` is not in the format's list of component types; it was kept as written", short(raw)),
            ),
            _ => return,
        };
        self.found.problems.push(Problem { code, message, at: path.place(raw.span), hides_components: false });
    }

    fn relation_done(&mut self) {
        let mut seen = std::mem::take(&mut self.relation);
        self.found.disclosure.relations += 1;
        let relation = (self.table.relation)(&seen.kind);
        if self.family == Family::Spdx3 {
            let (from, to) = match relation {
                Relation::Forward(Edge::License) => (Purpose::COMPONENT, Purpose::DETAIL),
                // What the document describes it through may be anything.
                Relation::Describes => (Purpose(0), Purpose::COMPONENT),
                Relation::DescribedBy => (Purpose::COMPONENT, Purpose(0)),
                Relation::Forward(_) | Relation::Backward(_) => (Purpose::COMPONENT, Purpose::COMPONENT),
                Relation::None => (Purpose(0), Purpose(0)),
            };
            self.mention(&seen.from, from);
            seen.to().for_each(|reference| self.mention(reference, to));
        }
        let kept = self.found.describes.len() < 64;
        match relation {
            Relation::Describes if kept => self.found.describes.extend(seen.to().map(str::to_owned)),
            Relation::DescribedBy if kept => self.found.describes.push(seen.from.clone()),
            _ => {}
        }
        seen.clear();
        self.relation = seen;
    }

    /// Notes a reference, so that it can be told when it leads nowhere.
    fn mention(&mut self, reference: &str, purpose: Purpose) {
        if self.family == Family::Spdx3
            && purpose != Purpose(0)
            && !reference.is_empty()
            && !speaks_for_itself(reference)
        {
            self.mentions.note(self.interner.id(reference), purpose);
        }
    }

    /// Notes what a field of SPDX 3 refers to.
    fn mention_of(&mut self, field: Field, raw: &Raw<'_>) {
        let purpose = match field {
            Field::Describes | Field::ContainsRef | Field::ContainedRef => Purpose::COMPONENT,
            Field::PartyRef(_) if !is_statement(&raw.text()) => Purpose::PARTY,
            Field::LicenseRef | Field::IdentifierRef => Purpose::DETAIL,
            Field::ImportedRef => Purpose::IMPORTED,
            _ => return,
        };
        self.mention(&raw.text(), purpose);
    }

    /// Tells of an element whose type is not known: it may be a component.
    fn unknown_type(&mut self, open: &mut Open) {
        let Some((written, at)) = open.unknown.take() else { return };
        // Other vocabularies have types for what is no software; what states a version or a supplier is some.
        let ours = !written.contains(':');
        let software = open.version || !open.supplied_by.is_empty() || open.identifier;
        let message = format!("`{written}` is no type of SPDX 3; what this element is, is not known");
        let problem = Problem { code: Code::UnknownValue, message, at, hides_components: ours || software };
        self.found.problems.push(problem);
    }
}

impl Sink for Survey<'_> {
    fn open(&mut self, node: Node, start: u64, path: &Path) {
        match (entry(node), self.open.last_mut()) {
            (Some(_), Some(around)) => around.related = true,
            (Some(_), None) => {
                self.entry_start = start;
                let asked = self.found.document_flagged || !self.found.flagged.is_empty();
                self.kept.begin(asked && self.leaps && !self.closer.takes_everything());
            }
            (None, None) => self.found.stretches.break_off(),
            _ => {}
        }
        let (origin, kind) = match node {
            Node::Item(origin) => (origin, ElementKind::Component(false)),
            Node::LicenseItem => (Origin::Referent, ElementKind::Referent),
            Node::Element => (Origin::Listed, ElementKind::Other),
            Node::ExternalDocument => {
                self.found.disclosure.external_documents += 1;
                return;
            }
            Node::Party(role) => {
                self.party = Some(role);
                return;
            }
            Node::Relation => {
                self.relation.clear();
                return;
            }
            _ => return,
        };
        let origin = origin.within(self.open.last().map(|parent| parent.origin));
        let number = self.found.numbered;
        self.found.numbered = number.saturating_add(1);
        if origin == Origin::Product && self.found.product_number.is_none() {
            self.found.product_number = Some(number);
        }
        self.open.push(Open {
            number,
            origin,
            start,
            is_file: self.family == Family::Spdx2 && (path.lists("files") || path.lists("snippets")),
            counted: false,
            flagged: self.closer.takes_everything(),
            related: node == Node::Element || node == Node::LicenseItem,
            contains: 0,
            named: false,
            supplier: false,
            identifier: false,
            version: false,
            hash: false,
            reference: None,
            kind,
            unknown: None,
            around: if node == Node::Element { std::mem::take(&mut self.relation) } else { RelationSeen::default() },
            identified_by: Vec::new(),
            supplied_by: Vec::new(),
        });
        // An element that stands in another one is no part of it.
        let depth = if node == Node::Element { 1 } else { self.open.len() as u64 };
        self.found.disclosure.depth = self.found.disclosure.depth.max(depth);
    }

    fn leaf(&mut self, field: Field, raw: Raw<'_>, path: &Path) {
        let suspicious = self.closer.suspicious(field, &raw);
        self.check(field, &raw, path);
        let named = || !raw.bytes.iter().all(u8::is_ascii_whitespace);
        let said = || !says_nothing(raw.bytes);
        match self.open.last_mut() {
            Some(open) => {
                open.flagged |= suspicious;
                open.related |= relates(field, &raw) && !self.kept.refer(open.number, field, &raw, self.interner);
                match field {
                    Field::Ref if open.reference.is_none() => open.reference = Some(self.interner.id_of(&raw)),
                    Field::Name => open.named |= named(),
                    Field::Version => open.version |= said(),
                    Field::PartyText(role) => open.supplier |= role != Role::Contributor && said(),
                    Field::PartyRef(_) if is_statement(&raw.text()) => open.supplier |= said(),
                    Field::PartyRef(_) => open.supplied_by.push(self.interner.id_of(&raw)),
                    Field::PartyName => {
                        open.supplier |= !matches!(self.party, Some(Role::Licensor | Role::Contributor)) && said();
                    }
                    Field::Purl | Field::Cpe | Field::Swid | Field::OtherIdentifier => open.identifier |= said(),
                    // SPDX states links and advisories in the same list; only these forms identify.
                    Field::IdentifierValue => open.identifier |= purl_shaped(raw.bytes) || cpe_shaped(raw.bytes),
                    Field::IdentifierRef => open.identified_by.push(self.interner.id_of(&raw)),
                    Field::HashValue | Field::HashAlgorithm | Field::HashRef | Field::ContainsRef => {
                        open.hash |= said()
                    }
                    Field::File => {
                        open.named |= named();
                        open.hash |= said();
                    }
                    Field::Kind => open.is_file |= raw.bytes == b"file" || raw.bytes == b"FILE",
                    Field::ElementType => {
                        let kind = (self.table.element)(&raw.text());
                        if kind == ElementKind::Unknown && open.unknown.is_none() {
                            open.unknown = Some((short(&raw), path.place(raw.span)));
                        }
                        open.kind = open.kind.or(kind);
                    }
                    _ => {}
                }
                if open.origin == Origin::Product && self.open.len() == 1 {
                    let product = &mut self.found.product;
                    let slot = match field {
                        Field::Ref => &mut product.reference,
                        Field::Name => &mut product.name,
                        Field::Version => &mut product.version,
                        Field::PartyName if self.party.is_some_and(supplies) => &mut product.supplier,
                        Field::PartyText(role) if supplies(role) => &mut product.supplier,
                        _ => return,
                    };
                    if slot.is_none() && said() {
                        *slot = Some(raw.text().into_owned());
                    }
                    return;
                }
            }
            None => {
                self.kept.take(field, &raw, self.interner);
                self.found.document_flagged |= suspicious;
                if field == Field::PartyName && self.found.product.supplier.is_none() && said() {
                    self.found.product.supplier = Some(raw.text().into_owned());
                }
            }
        }
        if self.family == Family::Spdx3 {
            self.mention_of(field, &raw);
        }
        match field {
            Field::FormatName => self.found.format_name = raw.text().into_owned(),
            Field::SpecVersion if self.found.spec_version.is_empty() => {
                self.found.spec_version = raw.text().into_owned()
            }
            Field::Describes if self.found.describes.len() < 64 => self.found.describes.push(raw.text().into_owned()),
            Field::DependsOn => self.found.disclosure.relations += 1,
            Field::ContainsRef => {
                if let Some(open) = self.open.last_mut() {
                    open.contains += 1;
                }
            }
            Field::RelationType => RelationSeen::put(&mut self.relation.kind, &raw.text()),
            Field::RelationFrom => RelationSeen::put(&mut self.relation.from, &raw.text()),
            Field::RelationTo => self.relation.add(&raw.text()),
            Field::Completeness => {
                let said = match raw.bytes {
                    b"complete" => Declared::Complete,
                    b"unknown" | b"noAssertion" => Declared::Unknown,
                    bytes if bytes.starts_with(b"incomplete") => Declared::Incomplete,
                    _ => return,
                };
                self.found.disclosure.declared = self.found.disclosure.declared.max(said);
            }
            _ => {}
        }
    }

    fn close(&mut self, node: Node, end: u64, path: &Path) {
        if self.open.is_empty() {
            let kept = match node {
                Node::Dependency => self.kept.end(Stated::dependency),
                Node::Relation => self.kept.end(|stated, into| stated.relation(self.table, into)),
                _ => false,
            };
            match (entry(node), path.entry()) {
                (Some(None), Some(at)) => {
                    let span = Span { start: self.entry_start, end };
                    self.found.stretches.add_relation(kept, self.found.numbered, at, span);
                }
                _ => self.found.stretches.break_off(),
            }
        }
        match node {
            Node::Relation => return self.relation_done(),
            Node::Party(_) => {
                self.party = None;
                return;
            }
            Node::Item(_) | Node::LicenseItem | Node::Element => {}
            _ => return,
        }
        let Some(mut open) = self.open.pop() else { return };
        if self.open.is_empty() {
            match path.entry().filter(|_| !open.flagged) {
                Some(at) => {
                    let span = Span { start: open.start, end };
                    let plain = Some(open.origin).filter(|_| !open.related);
                    self.found.stretches.add(plain, open.number..self.found.numbered, at, span);
                }
                None => self.found.stretches.break_off(),
            }
        }
        match open.kind {
            ElementKind::Component(file) => {
                open.is_file |= file;
                open.counted = open.origin != Origin::Referent;
            }
            ElementKind::Build => open.counted = true,
            kind if is_referent(kind) => {}
            ElementKind::Relation => {
                self.relation_done();
                self.relation = open.around;
                return;
            }
            ElementKind::External => self.found.disclosure.external_documents += 1,
            // These are no components. But one may be named as a supplier all the same, whatever it says it is.
            _ => {}
        }
        if node == Node::Element {
            self.relation = std::mem::take(&mut open.around);
        }
        if open.kind == ElementKind::Unknown {
            self.unknown_type(&mut open);
        }
        let sided = matches!(open.origin, Origin::Product | Origin::Ancestor | Origin::Variant | Origin::Descendant);
        let facts = Facts::default()
            .with(open.counted, Facts::COUNTED)
            .with(open.is_file, Facts::FILE)
            .with(open.supplier, Facts::SUPPLIER)
            .with(open.identifier, Facts::IDENTIFIER)
            .with(open.version, Facts::VERSION)
            .with(open.hash, Facts::HASH)
            .with(open.named, Facts::NAMED)
            .with(open.flagged, Facts::FLAGGED)
            .with(is_referent(open.kind), Facts::REFERENT);
        if let Some(id) = open.reference {
            self.found.references.push(Referred { id, number: open.number, facts });
        }
        // Whatever its type: what refers to an element makes it a supplier or a license, also one without a type.
        if open.flagged {
            self.found.flagged.push(open.number);
        }
        if !open.counted {
            return;
        }
        if !open.named {
            let message = "a component without a name; what else it says was read".to_owned();
            let at: Place = path.place(Span { start: open.start, end });
            let problem = Problem { code: Code::MissingName, message, at, hides_components: false };
            match open.reference {
                Some(id) if node == Node::Element && self.nameless.len() < 1_000 => self.nameless.push((id, problem)),
                _ => self.found.problems.push(problem),
            }
        }
        if sided {
            self.found.count += 1;
            return;
        }
        self.found.disclosure.relations += open.contains;
        let nested = node != Node::Element && self.open.last().is_some_and(|parent| parent.origin.is_component());
        self.found.disclosure.relations += u64::from(nested && !open.is_file);
        facts.count(&mut self.found.disclosure, &mut self.found.count, false);
        if !open.is_file && !open.supplier {
            self.supplied_by.extend(open.supplied_by.iter().map(|id| (*id, open.number)));
        }
        if !open.is_file && !open.identifier {
            self.identified_by.extend(open.identified_by.iter().map(|id| (*id, open.number)));
        }
    }

    fn problem(&mut self, problem: Problem) {
        if matches!(problem.code, Code::Syntax | Code::Limit) {
            self.found.stretches.end();
        }
        self.found.problems.push(problem);
    }
}

/// Whether a role supplies, so that its party may stand for the product's supplier.
fn supplies(role: Role) -> bool {
    matches!(role, Role::Supplier | Role::Manufacturer | Role::Publisher)
}

fn purl_shaped(bytes: &[u8]) -> bool {
    bytes.get(..4).is_some_and(|s| s.eq_ignore_ascii_case(b"pkg:"))
        && bytes.get(4..).is_some_and(|rest| {
            let rest = rest.trim_ascii_start();
            let kind = rest.iter().skip_while(|b| **b == b'/').take_while(|b| **b != b'/').count();
            kind > 0 && rest.len() > kind + 1
        })
}

fn cpe_shaped(bytes: &[u8]) -> bool {
    let starts = |with: &[u8]| bytes.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with));
    starts(b"cpe:2.3:") || starts(b"cpe:/")
}

/// The first characters of a value, for a message.
fn short(raw: &Raw<'_>) -> String {
    raw.text().chars().take(60).collect()
}
