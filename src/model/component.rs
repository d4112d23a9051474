//! One component, service, file or package, with everything that can say who made it.

use super::Party;
use crate::source::window::Span;

/// Where something stood.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// JSON pointer (RFC 6901) into the document, or the like for other syntaxes.
    pub pointer: String,
    /// The bytes of the value.
    pub span: Span,
}

/// A text, decoded but otherwise word for word, and where it stood.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stated {
    /// The text.
    pub text: String,
    /// The place.
    pub at: Place,
}

/// Which list of the document a component stood in. It decides what a finding on it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The product the document is about (`metadata.component`).
    Product,
    /// A component, package, file, snippet or element of the document.
    Listed,
    /// A service the product talks to.
    Service,
    /// In the pedigree of another component: what it was made from.
    Ancestor,
    /// In the pedigree: made from it.
    Descendant,
    /// In the pedigree: a sibling.
    Variant,
    /// Used to build, not stated as shipped (CycloneDX `formulation`).
    Build,
    /// Not a component: an agent or license that components refer to.
    Referent,
}

impl Origin {
    /// What it is inside another: a part of an ancestor is an ancestor.
    #[must_use]
    pub fn within(self, outer: Option<Self>) -> Self {
        match outer {
            Some(outer @ (Self::Ancestor | Self::Descendant | Self::Variant)) if self == Self::Listed => outer,
            _ => self,
        }
    }

    /// Whether the entry is a component of the product in its own right.
    pub fn is_component(self) -> bool {
        matches!(self, Self::Product | Self::Listed | Self::Service | Self::Build)
    }
}

/// How the product uses a component, where the document says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScopeOfUse {
    /// Part of what runs.
    Runtime,
    /// May be left out.
    Optional,
    /// Used to build, develop or test; or stated as excluded.
    NotShipped,
}

/// What an identifier is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentifierKind {
    /// Package URL.
    Purl,
    /// CPE 2.2 URI or CPE 2.3 formatted string.
    Cpe,
    /// SWID tag id, name or text (ISO/IEC 19770-2).
    Swid,
    /// Coordinates as a package manager writes them: of Maven.
    Maven,
    /// The same of npm.
    Npm,
    /// The same of NuGet.
    NuGet,
    /// Who issued an identifier (SPDX 3 `issuingAuthority`).
    Authority,
    /// Anything else: SWHID, OmniBOR, gitoid.
    Other,
}

/// An identifier, kept as written even when it does not parse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// What it is written in.
    pub kind: IdentifierKind,
    /// The identifier.
    pub value: Stated,
    /// True when a tool concluded it (CycloneDX `evidence.identity`), not the author.
    pub concluded: bool,
}

/// One license statement. Texts are decoded where the document says they are base64.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct License {
    /// True when a tool found it (CycloneDX `evidence.licenses`), not the author.
    pub concluded: bool,
    /// Identifier, name or expression, as written.
    pub names: Vec<Stated>,
    /// Where the license can be read.
    pub urls: Vec<Stated>,
    /// The text, or a comment on it.
    pub texts: Vec<Stated>,
}

/// The type of a link to a commit or patch of a component's pedigree, which says what it was made from.
pub const COMMIT_LINK: &str = "pedigree-commit";

/// A link with its type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reference {
    /// The type as written, in lower case; `download` and `website` for SPDX's own fields.
    pub kind: String,
    /// The address.
    pub url: Stated,
}

/// A file name or path, or a symbol or module name found in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName {
    /// The name or path.
    pub value: Stated,
}

/// A named value a tool added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Property {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Stated,
}

/// A digest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hash {
    /// The algorithm as written.
    pub algorithm: String,
    /// The digest.
    pub value: Stated,
}

/// One component, service, package, file or element.
#[derive(Debug, Clone)]
pub struct Component {
    /// Its number in the document, in file order.
    pub number: u32,
    /// Which list it stood in.
    pub origin: Origin,
    /// The whole of it in the file.
    pub at: Place,
    /// What sort of thing it is, in CycloneDX's words (`library`, `file`, `device-driver` …), as written otherwise.
    pub kind: Option<Stated>,
    /// `bom-ref`, `SPDXID` or `spdxId`, as written.
    pub reference: Option<Stated>,
    /// Name.
    pub name: Option<Stated>,
    /// Further names, from a key that stands twice.
    pub more_names: Vec<Stated>,
    /// Further groups, from a key that stands twice.
    pub more_groups: Vec<Stated>,
    /// Group or namespace.
    pub group: Option<Stated>,
    /// Version.
    pub version: Option<Stated>,
    /// Free text. A mention, never evidence of supply.
    pub description: Option<Stated>,
    /// When this version was released, as written.
    pub released: Option<Stated>,
    /// How it is used, where said.
    pub scope: Option<ScopeOfUse>,
    /// Everybody named, in every role.
    pub parties: Vec<Party>,
    /// Identifiers.
    pub identifiers: Vec<Identifier>,
    /// License statements.
    pub licenses: Vec<License>,
    /// Copyright lines and notices.
    pub copyrights: Vec<Stated>,
    /// Links.
    pub references: Vec<Reference>,
    /// Hosts and addresses a service answers at, or its data goes to.
    pub endpoints: Vec<Stated>,
    /// Files, occurrences, symbols, modules.
    pub files: Vec<FileName>,
    /// Properties.
    pub properties: Vec<Property>,
    /// Digests.
    pub hashes: Vec<Hash>,
    /// Subjects of the certificates it is signed with.
    pub signers: Vec<Stated>,
}

impl Component {
    /// A component with nothing stated.
    pub fn new(number: u32, origin: Origin) -> Self {
        Self {
            number,
            origin,
            at: Place::default(),
            kind: None,
            reference: None,
            name: None,
            more_names: Vec::new(),
            more_groups: Vec::new(),
            group: None,
            version: None,
            description: None,
            released: None,
            scope: None,
            parties: Vec::new(),
            identifiers: Vec::new(),
            licenses: Vec::new(),
            copyrights: Vec::new(),
            references: Vec::new(),
            endpoints: Vec::new(),
            files: Vec::new(),
            properties: Vec::new(),
            hashes: Vec::new(),
            signers: Vec::new(),
        }
    }

    /// The first identifier of a kind that the author stated.
    pub fn identifier(&self, kind: IdentifierKind) -> Option<&Stated> {
        self.identifiers.iter().find(|i| i.kind == kind && !i.concluded).map(|i| &i.value)
    }

    /// The best name to call it by: its name, else its reference.
    pub fn label(&self) -> &str {
        self.name.as_ref().or(self.reference.as_ref()).map_or("", |s| s.text.as_str())
    }
}
