//! Mapping tables: for each kind of object in a format family, what its keys mean.
//!
//! A table entry sends a key to another object ([`Then::Enter`]), to a fact ([`Then::Leaf`]), or to both depending on
//! what stands there. A key that no entry names is skipped, but its syntax is still checked. Tables are plain data, so
//! that a field is learned once and works in every syntax, and so that documentation and tests can walk them.

use crate::model::{Origin, Role};

/// The kinds of objects that matter, in all families.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Node {
    /// The whole document.
    Document,
    /// An object that only holds others (metadata, pedigree, evidence …).
    Holder(&'static Keys),
    /// A component, package, file, snippet or service.
    Item(Origin),
    /// An SPDX 3 element, whose type says what it is.
    Element,
    /// A license that components refer to by id (SPDX 2 `hasExtractedLicensingInfos`).
    LicenseItem,
    /// A company or person.
    Party(Role),
    /// One license statement.
    License,
    /// A license that a tool found.
    FoundLicense,
    /// A link.
    Reference,
    /// An identifier with a type.
    Identifier,
    /// A conclusion about an identity, with its field.
    Identity,
    /// A name and a value.
    Property,
    /// A digest.
    Hash,
    /// A component and what it depends on.
    Dependency,
    /// A typed relationship between two things.
    Relation,
    /// A statement on how complete something is.
    Composition,
    /// A reference to another document.
    ExternalDocument,
}

/// The facts a table can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Name of the format, such as `CycloneDX`.
    FormatName,
    /// Version of the specification.
    SpecVersion,
    /// Reference of the product.
    Describes,
    /// The item's own reference.
    Ref,
    /// SPDX 3 type.
    ElementType,
    /// Sort of component.
    Kind,
    /// How it is used.
    Scope,
    /// Name.
    Name,
    /// Group or namespace.
    Group,
    /// Version.
    Version,
    /// Free text: a mention.
    Description,
    /// When this version was released.
    Released,
    /// File name, path, symbol or module.
    File,
    /// Package URL.
    Purl,
    /// CPE.
    Cpe,
    /// SWID tag id or name.
    Swid,
    /// Text of a SWID tag, plain or base64.
    SwidText,
    /// Another identifier.
    OtherIdentifier,
    /// Who issued an identifier.
    Authority,
    /// Type of an identifier in a [`Node::Identifier`].
    IdentifierType,
    /// Value of an identifier in a [`Node::Identifier`].
    IdentifierValue,
    /// Reference to an identifier, link or property that stands apart.
    IdentifierRef,
    /// Reference to a digest that stands apart.
    HashRef,
    /// Reference to an element that says nothing about a component here.
    ElementRef,
    /// Reference to an element that is said to stand in another document.
    ImportedRef,
    /// A value that may be the reference of a license element.
    EntryValue,
    /// Which field an identity is about.
    IdentityField,
    /// What was concluded or found.
    IdentityValue,
    /// A party in one string.
    PartyText(Role),
    /// Reference to a party element.
    PartyRef(Role),
    /// A party's name.
    PartyName,
    /// Whether a party is a person or an organization.
    PartySort,
    /// The name of a party's contact.
    ContactName,
    /// A party's web address.
    PartyUrl,
    /// A party's mail address.
    PartyEmail,
    /// License id, name or expression.
    LicenseName,
    /// Where a license can be read.
    LicenseUrl,
    /// License text or comment, plain or base64.
    LicenseText,
    /// A copyright line or notice.
    Copyright,
    /// A link's type.
    ReferenceKind,
    /// A link's address.
    ReferenceUrl,
    /// A link of a fixed type.
    Link(&'static str),
    /// A host or address a service uses.
    Endpoint,
    /// A property's name.
    PropertyName,
    /// A property's value.
    PropertyValue,
    /// A digest's algorithm.
    HashAlgorithm,
    /// A digest.
    HashValue,
    /// A certificate in base64 DER.
    Certificate,
    /// Which component a dependency entry is about.
    DependencyOf,
    /// What it depends on.
    DependsOn,
    /// A file the item contains, by reference.
    ContainsRef,
    /// What contains the item, by reference.
    ContainedRef,
    /// Reference to a license element.
    LicenseRef,
    /// A relationship's first end.
    RelationFrom,
    /// A relationship's type.
    RelationType,
    /// A relationship's other ends.
    RelationTo,
    /// How complete something is.
    Completeness,
}

impl Field {
    /// Whether a rule may look at the field, so that a literal in it flags the component.
    pub fn concerns_rules(self) -> bool {
        matches!(
            self,
            Self::Name
                | Self::Description
                | Self::Group
                | Self::File
                | Self::Purl
                | Self::Cpe
                | Self::Swid
                | Self::SwidText
                | Self::OtherIdentifier
                | Self::Authority
                | Self::IdentifierValue
                | Self::IdentityValue
                | Self::PartyText(_)
                | Self::PartyName
                | Self::PartyRef(_)
                | Self::ContactName
                | Self::PartyUrl
                | Self::PartyEmail
                | Self::LicenseName
                | Self::LicenseUrl
                | Self::LicenseText
                | Self::Copyright
                | Self::ReferenceUrl
                | Self::Link(_)
                | Self::Endpoint
                | Self::PropertyValue
                | Self::Certificate
        )
    }

    /// Whether percent signs may hide letters in it.
    pub fn percent_encoded(self) -> bool {
        matches!(
            self,
            Self::Purl
                | Self::Cpe
                | Self::IdentifierValue
                | Self::IdentityValue
                | Self::PartyText(_)
                | Self::PartyName
                | Self::ContactName
                | Self::PropertyValue
                | Self::PartyRef(_)
                | Self::PartyUrl
                | Self::LicenseUrl
                | Self::ReferenceUrl
                | Self::Link(_)
                | Self::Endpoint
                | Self::OtherIdentifier
        )
    }

    /// Whether it may be a CPE, in which a backslash may stand before any letter.
    pub fn holds_cpe(self) -> bool {
        matches!(self, Self::Cpe | Self::IdentifierValue | Self::IdentityValue | Self::PropertyValue)
    }

    /// Whether it may be base64 without saying so before the text comes.
    pub fn maybe_base64(self) -> bool {
        matches!(self, Self::LicenseText | Self::SwidText)
    }
}

/// What a key leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// A fact.
    Leaf(Field),
    /// An object.
    Enter(Node),
    /// A fact when a text stands there, an object when one does.
    Either(Field, Node),
}

/// One row of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: &'static str,
    /// What it leads to.
    pub then: Then,
    /// Whether the format asks for an array (`Some(true)`), for a single value (`Some(false)`), or allows both.
    pub many: Option<bool>,
}

/// A key with a single fact.
pub const fn leaf(key: &'static str, field: Field) -> Entry {
    Entry { key, then: Then::Leaf(field), many: Some(false) }
}

/// A key with an array of facts.
pub const fn leaves(key: &'static str, field: Field) -> Entry {
    Entry { key, then: Then::Leaf(field), many: Some(true) }
}

/// A key with one object.
pub const fn object(key: &'static str, node: Node) -> Entry {
    Entry { key, then: Then::Enter(node), many: Some(false) }
}

/// A key with an array of objects.
pub const fn objects(key: &'static str, node: Node) -> Entry {
    Entry { key, then: Then::Enter(node), many: Some(true) }
}

/// A key that holds one or many, by version or by custom.
pub const fn any(key: &'static str, then: Then) -> Entry {
    Entry { key, then, many: None }
}

/// The rows for one kind of object: every key of a document is looked for here.
#[derive(Debug, PartialEq, Eq)]
pub struct Keys {
    rows: &'static [Entry],
    index: Index<64>,
}

/// No key means anything here.
pub const NOTHING: &Keys = &Keys::new(&[]);

impl Keys {
    /// Up to 64 rows, with keys of up to 63 bytes; more do not compile.
    pub const fn new(rows: &'static [Entry]) -> Self {
        let mut index = Index::EMPTY;
        let mut rest = rows;
        while let [row, tail @ ..] = rest {
            index = index.with(row.key);
            rest = tail;
        }
        Self { rows, index }
    }

    /// The rows.
    pub fn rows(&self) -> &'static [Entry] {
        self.rows
    }

    /// The row for a key, and its number.
    #[inline]
    pub fn find(&self, key: &[u8]) -> Option<(usize, &'static Entry)> {
        let at = self.index.find(key, |at| self.rows.get(at).map_or("", |row| row.key))?;
        self.rows.get(at).map(|row| (at, row))
    }
}

/// Words that a text may be.
#[derive(Debug, PartialEq, Eq)]
pub struct Words {
    words: &'static [&'static str],
    index: Index<64>,
}

impl Words {
    /// Up to 64 words of up to 63 bytes; more do not compile.
    pub const fn new(words: &'static [&'static str]) -> Self {
        let mut index = Index::EMPTY;
        let mut rest = words;
        while let [word, tail @ ..] = rest {
            index = index.with(word);
            rest = tail;
        }
        Self { words, index }
    }

    /// Whether there is no word, so that a text may be anything.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a text is one of them.
    #[inline]
    pub fn has(&self, text: &[u8]) -> bool {
        self.index.find(text, |at| self.words.get(at).copied().unwrap_or_default()).is_some()
    }
}

/// Up to `MOST` words, and never more than 128, found by their length, their first eight bytes and their last eight.
#[derive(Debug, PartialEq, Eq)]
pub struct Index<const MOST: usize> {
    count: usize,
    /// For each length of a word, with bits for the words that have it.
    by_length: [u128; LENGTHS],
    ends: [(u64, u64); MOST],
}

/// One more than the length of the longest word.
const LENGTHS: usize = 64;

impl<const MOST: usize> Index<MOST> {
    /// Without a word.
    pub const EMPTY: Self = Self { count: 0, by_length: [0; LENGTHS], ends: [(0, 0); MOST] };

    /// With one word more, of up to 63 bytes; what is too much does not compile.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "a word that is too long, or one too many, does not compile")]
    pub const fn with(mut self, word: &str) -> Self {
        self.by_length[word.len()] |= 1 << self.count;
        self.ends[self.count] = ends(word.as_bytes());
        self.count += 1;
        self
    }

    /// The number of a word, in the order in which they came; what is longer than both ends is compared with the word itself.
    #[inline]
    pub fn find(&self, text: &[u8], word: impl Fn(usize) -> &'static str) -> Option<usize> {
        let mut candidates = self.by_length.get(text.len()).copied().unwrap_or(0);
        if candidates == 0 {
            return None;
        }
        let ends = ends(text);
        while candidates != 0 {
            let at = candidates.trailing_zeros() as usize;
            if self.ends.get(at) == Some(&ends) && (text.len() <= 16 || word(at).as_bytes() == text) {
                return Some(at);
            }
            candidates &= candidates - 1;
        }
        None
    }
}

/// The first eight bytes and the last eight, as numbers; of a shorter text whatever tells it from others of its length.
#[inline]
const fn ends(text: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        return (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        return (u32::from_le_bytes(*first) as u64, u32::from_le_bytes(*last) as u64);
    }
    match text {
        [a] => (*a as u64, 0),
        [a, b] => (*a as u64, *b as u64),
        [a, b, c] => (*a as u64, (*b as u64) << 8 | *c as u64),
        _ => (0, 0),
    }
}

/// The table of one format family.
#[derive(Debug)]
pub struct Table {
    /// The rows for an object.
    pub entries: fn(Node) -> &'static Keys,
    /// The words for the sort of a component; empty when anything goes.
    pub kinds: &'static Words,
    /// The versions this table was written for.
    pub versions: &'static [&'static str],
    /// What an SPDX 3 element type is.
    pub element: fn(&str) -> ElementKind,
    /// What a relationship type means.
    pub relation: fn(&str) -> Relation,
}

/// What an element turns out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElementKind {
    /// A component; the flag is true for files and snippets.
    Component(bool),
    /// What something was built in.
    Build,
    /// A company, person, license or identifier that others refer to.
    Referent,
    /// A link that stands apart.
    Link,
    /// A digest that stands apart.
    Digest,
    /// A property that stands apart.
    Property,
    /// What is said of another document.
    External,
    /// A relationship.
    Relation,
    /// The document or a part of it.
    Collection,
    /// Nothing that matters here.
    Other,
    /// A type that the format does not have.
    Unknown,
}

impl ElementKind {
    /// What an element is that has several types.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let rank = |kind: Self| match kind {
            Self::Component(_) => 6,
            Self::Build => 5,
            Self::Relation => 4,
            Self::Referent | Self::Link | Self::Digest | Self::Property | Self::External => 3,
            Self::Collection => 2,
            Self::Unknown => 1,
            Self::Other => 0,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

/// What a relationship says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// An edge from the first to the second.
    Forward(crate::model::graph::Edge),
    /// An edge from the second to the first.
    Backward(crate::model::graph::Edge),
    /// The second is what the document is about.
    Describes,
    /// The first is.
    DescribedBy,
    /// Nothing that matters here.
    None,
}

impl Table {
    /// The row for a key.
    #[inline]
    pub fn find(&self, node: Node, key: &[u8]) -> Option<(usize, &'static Entry)> {
        (self.entries)(node).find(key)
    }
}

/// What a text means where an object should stand.
pub fn principal(node: Node) -> Option<Field> {
    match node {
        Node::Item(_) => Some(Field::Name),
        Node::Party(role) => Some(Field::PartyText(role)),
        Node::License | Node::FoundLicense => Some(Field::LicenseName),
        Node::Reference => Some(Field::ReferenceUrl),
        Node::Hash => Some(Field::HashValue),
        _ => None,
    }
}
