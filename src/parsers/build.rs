//! The third pass: full components, for those that were asked for.

use super::decode;
use super::elements::is_statement;
use super::stretch::{Stretch, Stretches};
use super::table::{ElementKind, Field, Node, Table};
use super::token::Raw;
use super::walk::{Path, Sink};
use crate::model::{
    Component, FileName, Hash, Identifier, IdentifierKind, License, Origin, Party, PartyKind, Property, Reference,
    Role, ScopeOfUse, Stated, read_party,
};
use crate::source::window::Span;

/// The sink of the third pass.
pub struct Build<'b> {
    table: &'b Table,
    /// Numbers asked for, rising.
    wanted: &'b [u32],
    /// What may be leapt over, where it is known.
    stretches: Option<&'b Stretches>,
    next: u32,
    open: Vec<Option<Draft>>,
    /// Origins of what is open, whether wanted or not.
    origins: Vec<Origin>,
    /// Parties said of the document as a whole.
    document_parties: Vec<Party>,
    /// Who supplies a component, by reference.
    agents: Vec<Agent>,
    party: Option<Party>,
    pair: Pair,
    done: Vec<Component>,
}

/// Who supplies a component, by reference: its number, the role and the reference.
pub type Agent = (u32, Role, Stated);

/// A component while it is open, with what is collected for its inner objects.
struct Draft {
    component: Component,
    kind: Option<ElementKind>,
    license: Option<License>,
}

/// Two values that belong together, in whichever order they come.
#[derive(Default)]
struct Pair {
    first: String,
    values: Vec<Stated>,
}

impl<'b> Build<'b> {
    /// A sink that builds the components with these numbers.
    pub fn new(table: &'b Table, wanted: &'b [u32]) -> Self {
        Self {
            table,
            wanted,
            stretches: None,
            next: 0,
            open: Vec::new(),
            origins: Vec::new(),
            document_parties: Vec::new(),
            agents: Vec::new(),
            party: None,
            pair: Pair::default(),
            done: Vec::new(),
        }
    }

    /// The same, and leaps over what nobody asked for.
    #[must_use]
    pub fn leaping(self, stretches: &'b Stretches) -> Self {
        Self { stretches: Some(stretches), ..self }
    }

    /// The components, by number, and the parties said of the whole document.
    pub fn finish(mut self) -> (Vec<Component>, Vec<Party>) {
        self.done.sort_unstable_by_key(|c| c.number);
        (self.done, self.document_parties)
    }

    /// The components that are built so far, by number; they are no longer held here.
    pub fn take(&mut self) -> Vec<Component> {
        let mut done = std::mem::take(&mut self.done);
        done.sort_unstable_by_key(|c| c.number);
        done
    }

    /// Whether every component asked for is built.
    pub fn complete(&self) -> bool {
        self.done.len() >= self.wanted.len()
    }

    /// Who supplies which component, by number and reference.
    pub fn agents(&mut self) -> Vec<Agent> {
        std::mem::take(&mut self.agents)
    }

    fn draft(&mut self) -> Option<&mut Draft> {
        self.open.last_mut().and_then(Option::as_mut)
    }

    fn component(&mut self) -> Option<&mut Component> {
        self.draft().map(|d| &mut d.component)
    }

    fn license(&mut self, put: impl FnOnce(&mut License)) {
        if let Some(draft) = self.draft() {
            match &mut draft.license {
                Some(license) => put(license),
                // SPDX states licenses directly on the component: one statement each.
                None => {
                    let mut license = License::default();
                    put(&mut license);
                    draft.component.licenses.push(license);
                }
            }
        }
    }

    fn identifier(&mut self, kind: IdentifierKind, value: Stated, concluded: bool) {
        if let Some(component) = self.component() {
            component.identifiers.push(Identifier { kind, value, concluded });
        }
    }

    /// A typed identifier of SPDX: what its type makes of it.
    fn typed_identifier(&mut self) {
        let kind = std::mem::take(&mut self.pair.first).to_ascii_lowercase();
        let kind = kind.rsplit(['/', '#']).next().unwrap_or_default().to_owned();
        for value in std::mem::take(&mut self.pair.values) {
            if let Some(party) = &mut self.party {
                match kind.as_str() {
                    "email" => party.emails.push(value),
                    _ => party.urls.push(value),
                }
                continue;
            }
            let text = value.text.as_str();
            match kind.as_str() {
                _ if text.starts_with("pkg:") => self.identifier(IdentifierKind::Purl, value, false),
                _ if text.starts_with("cpe:") => self.identifier(IdentifierKind::Cpe, value, false),
                "purl" | "packageurl" => self.identifier(IdentifierKind::Purl, value, false),
                "cpe22type" | "cpe23type" | "cpe22" | "cpe23" => self.identifier(IdentifierKind::Cpe, value, false),
                "swid" => self.identifier(IdentifierKind::Swid, value, false),
                "maven-central" => self.identifier(IdentifierKind::Maven, value, false),
                "npm" => self.identifier(IdentifierKind::Npm, value, false),
                "nuget" => self.identifier(IdentifierKind::NuGet, value, false),
                "advisory" | "fix" | "vex" | "securityother" | "securityadvisory" => {}
                "url" | "urlscheme" => self.reference("other", value),
                "email" => self.agent(|party| party.emails.push(value)),
                _ => self.identifier(IdentifierKind::Other, value, false),
            }
        }
    }

    /// Something about the agent that an SPDX 3 element is.
    fn agent(&mut self, put: impl FnOnce(&mut Party)) {
        if let Some(component) = self.component() {
            if component.parties.is_empty() {
                component.parties.push(Party::new(Role::Supplier));
            }
            if let Some(party) = component.parties.first_mut() {
                put(party);
            }
        }
    }

    fn reference(&mut self, kind: &str, url: Stated) {
        if let Some(component) = self.component() {
            component.references.push(Reference { kind: kind.to_owned(), url });
        }
    }

    fn typed_link(&mut self) {
        let pair = std::mem::take(&mut self.pair);
        let kind = pair.first.to_ascii_lowercase();
        pair.values.into_iter().for_each(|url| self.reference(&kind, url));
    }

    fn property(&mut self) {
        let pair = std::mem::take(&mut self.pair);
        if let Some(component) = self.component() {
            let name = pair.first;
            component.properties.extend(pair.values.into_iter().map(|value| Property { name: name.clone(), value }));
        }
    }

    fn digest(&mut self) {
        let pair = std::mem::take(&mut self.pair);
        if let Some(component) = self.component() {
            let algorithm = pair.first;
            component.hashes.extend(pair.values.into_iter().map(|value| Hash { algorithm: algorithm.clone(), value }));
        }
    }

    fn close_item(&mut self, span: Span) {
        // What is an element of its own has its type and value on the element.
        match self.open.last() {
            Some(Some(Draft { kind: Some(ElementKind::Referent), .. })) => self.typed_identifier(),
            Some(Some(Draft { kind: Some(ElementKind::Link), .. })) => self.typed_link(),
            Some(Some(Draft { kind: Some(ElementKind::Digest), .. })) => self.digest(),
            Some(Some(Draft { kind: Some(ElementKind::Property), .. })) => self.property(),
            _ => {}
        }
        self.origins.pop();
        let Some(Some(mut draft)) = self.open.pop() else { return };
        draft.component.at.span = Span { start: draft.component.at.span.start, end: span.end };
        match draft.kind {
            Some(ElementKind::Build) => draft.component.origin = Origin::Build,
            Some(ElementKind::Component(_)) | None => {}
            Some(_) => draft.component.origin = Origin::Referent,
        }
        self.done.push(draft.component);
    }
}

impl Sink for Build<'_> {
    fn leap(&self, _: Node, start: u64) -> Option<Stretch> {
        let stretches = self.stretches.filter(|_| self.open.is_empty())?;
        let unasked = |_: &Stretch, stretch: &Stretch| {
            let numbers = stretch.number..stretch.number + stretch.numbers;
            let asked = self.wanted.partition_point(|wanted| *wanted < numbers.start);
            self.wanted.get(asked).is_none_or(|wanted| !numbers.contains(wanted))
        };
        stretches.run(start, self.next, unasked)
    }

    fn leapt(&mut self, stretch: &Stretch) {
        self.next += stretch.numbers;
    }

    fn open(&mut self, node: Node, start: u64, path: &Path) {
        let origin = match node {
            Node::Item(origin) => origin,
            Node::LicenseItem => Origin::Referent,
            Node::Element => {
                self.pair = Pair::default();
                Origin::Listed
            }
            Node::Party(role) => {
                self.party = Some(Party::new(role));
                return;
            }
            Node::License | Node::FoundLicense => {
                if let Some(draft) = self.draft() {
                    draft.license = Some(License { concluded: node == Node::FoundLicense, ..License::default() });
                }
                return;
            }
            Node::Reference | Node::Property | Node::Hash | Node::Identifier | Node::Identity => {
                self.pair = Pair::default();
                return;
            }
            _ => return,
        };
        let number = self.next;
        self.next = number.saturating_add(1);
        let origin = origin.within(self.origins.last().copied());
        self.origins.push(origin);
        let wanted = self.wanted.binary_search(&number).is_ok();
        self.open.push(wanted.then(|| {
            let mut component = Component::new(number, origin);
            component.at = path.place(Span { start, end: start });
            if path.lists("files") {
                component.kind = Some(Stated { text: "file".to_owned(), at: component.at.clone() });
            }
            Draft { component, kind: (node == Node::Element).then_some(ElementKind::Other), license: None }
        }));
    }

    fn leaf(&mut self, field: Field, raw: Raw<'_>, path: &Path) {
        // Nothing to keep: the innermost item is not wanted, or nothing is open and it is no party of the document.
        let idle = match self.open.last() {
            Some(slot) => slot.is_none(),
            None => self.party.is_none(),
        };
        if idle {
            return;
        }
        let stated = Stated { text: raw.text().into_owned(), at: path.place(raw.span) };
        if let Some(party) = &mut self.party {
            match field {
                Field::PartyName => return party.names.push(stated),
                Field::ContactName => return party.contacts.push(stated),
                Field::PartySort => {
                    party.kind = sort_of_agent(&stated.text);
                    return;
                }
                Field::PartyUrl => return party.urls.push(stated),
                Field::PartyEmail => return party.emails.push(stated),
                _ => {}
            }
        }
        match field {
            Field::IdentifierType
            | Field::ReferenceKind
            | Field::PropertyName
            | Field::HashAlgorithm
            | Field::IdentityField => {
                self.pair.first = stated.text;
                return;
            }
            Field::IdentifierValue
            | Field::ReferenceUrl
            | Field::PropertyValue
            | Field::HashValue
            | Field::IdentityValue => {
                self.pair.values.push(stated);
                return;
            }
            Field::Purl => return self.identifier(IdentifierKind::Purl, stated, false),
            Field::Cpe => return self.identifier(IdentifierKind::Cpe, stated, false),
            Field::Swid => return self.identifier(IdentifierKind::Swid, stated, false),
            Field::SwidText => {
                let text = decode::base64(&stated.text).unwrap_or(stated.text);
                return self.identifier(IdentifierKind::Swid, Stated { text, at: stated.at }, false);
            }
            Field::OtherIdentifier => return self.identifier(IdentifierKind::Other, stated, false),
            Field::Authority => return self.identifier(IdentifierKind::Authority, stated, false),
            Field::LicenseName if stated.text == "NOASSERTION" || stated.text == "NONE" => return,
            Field::LicenseName => return self.license(|l| l.names.push(stated)),
            Field::LicenseUrl => return self.license(|l| l.urls.push(stated)),
            Field::LicenseText => {
                let text = decode::base64(&stated.text).unwrap_or(stated.text);
                return self.license(|l| l.texts.push(Stated { text, at: stated.at }));
            }
            Field::Link(kind) => return self.reference(kind, stated),
            Field::PartyRef(role) if !is_statement(&stated.text) => {
                let number = self.component().map(|c| c.number);
                return self.agents.extend(number.map(|n| (n, role, stated)));
            }
            Field::PartyText(role) | Field::PartyRef(role) => {
                match (read_party(role, &stated), &mut self.party) {
                    // A plain text stands where the party's object should.
                    (Some(read), Some(party)) => *party = read,
                    (Some(read), None) => self.component().into_iter().for_each(|c| c.parties.push(read.clone())),
                    (None, _) => {}
                }
                return;
            }
            Field::ElementType => {
                let kind = (self.table.element)(&stated.text);
                if let Some(draft) = self.draft() {
                    draft.kind = Some(draft.kind.map_or(kind, |other| other.or(kind)));
                }
                if kind == ElementKind::Component(true)
                    && let Some(component) = self.component().filter(|c| c.kind.is_none())
                {
                    component.kind = Some(Stated { text: "file".to_owned(), at: stated.at });
                    return;
                }
                if kind == ElementKind::Referent {
                    let sort = sort_of_agent(&stated.text);
                    self.agent(|party| party.kind = sort);
                }
                return;
            }
            _ => {}
        }
        let Some(component) = self.component() else { return };
        let slot = match field {
            Field::Ref => &mut component.reference,
            Field::Kind => {
                let text = stated.text.to_ascii_lowercase().replace('_', "-");
                component.kind = Some(Stated { text, at: stated.at });
                return;
            }
            Field::Name => &mut component.name,
            Field::Group => &mut component.group,
            Field::Version => &mut component.version,
            Field::Description => &mut component.description,
            Field::Released => &mut component.released,
            Field::Scope => {
                component.scope = match stated.text.as_str() {
                    "required" | "runtime" => Some(ScopeOfUse::Runtime),
                    "optional" => Some(ScopeOfUse::Optional),
                    "excluded" | "build" | "development" | "test" => Some(ScopeOfUse::NotShipped),
                    _ => None,
                };
                return;
            }
            Field::File => return component.files.push(FileName { value: stated }),
            Field::Copyright => return component.copyrights.push(stated),
            Field::Endpoint => return component.endpoints.push(stated),
            Field::Certificate => {
                if let Some(text) = decode::certificate_subject(&stated.text) {
                    component.signers.push(Stated { text, at: stated.at });
                }
                return;
            }
            _ => return,
        };
        if slot.is_none() {
            *slot = Some(stated);
        } else if field == Field::Name {
            // A key that stands twice: nothing may hide behind the first.
            component.more_names.push(stated);
        } else if field == Field::Group {
            component.more_groups.push(stated);
        }
    }

    fn close(&mut self, node: Node, end: u64, _: &Path) {
        match node {
            Node::Item(_) | Node::LicenseItem | Node::Element => self.close_item(Span { start: 0, end }),
            Node::Party(_) => {
                let Some(party) = self.party.take() else { return };
                if party.is_empty() {
                    return;
                }
                match self.open.last_mut() {
                    Some(Some(draft)) => draft.component.parties.push(party),
                    Some(None) => {}
                    None => self.document_parties.push(party),
                }
            }
            Node::License | Node::FoundLicense => {
                if let Some(draft) = self.draft() {
                    let license = draft.license.take().unwrap_or_default();
                    if !(license.names.is_empty() && license.urls.is_empty() && license.texts.is_empty()) {
                        draft.component.licenses.push(license);
                    }
                }
            }
            Node::Reference => self.typed_link(),
            Node::Identifier => self.typed_identifier(),
            Node::Identity => {
                let pair = std::mem::take(&mut self.pair);
                for value in pair.values {
                    let kind = match pair.first.as_str() {
                        "purl" => IdentifierKind::Purl,
                        "cpe" => IdentifierKind::Cpe,
                        "swid" => IdentifierKind::Swid,
                        _ if value.text.starts_with("pkg:") => IdentifierKind::Purl,
                        _ if value.text.starts_with("cpe:") => IdentifierKind::Cpe,
                        _ => IdentifierKind::Other,
                    };
                    self.identifier(kind, value, true);
                }
            }
            Node::Property => self.property(),
            Node::Hash => self.digest(),
            _ => {}
        }
    }
}

/// What an agent's SPDX 3 type makes of it.
fn sort_of_agent(kind: &str) -> PartyKind {
    match kind {
        "Organization" => PartyKind::Organization,
        "Person" => PartyKind::Person,
        _ => PartyKind::Unknown,
    }
}
