//! What counts as evidence, and how pieces of it add up.

use crate::model::{Place, Role};
use crate::rules::Owner;
use crate::rules::format::Strength;
use std::collections::BTreeSet;

/// The place in a component that a piece of evidence comes from. The ids are part of the report contract and of rule
/// files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceKind {
    /// A party in a role.
    Party(Role),
    /// The subject of a certificate or signature.
    Signer,
    /// The component's name.
    Name,
    /// Its group or namespace.
    Group,
    /// A CPE.
    Cpe,
    /// A package URL.
    Purl,
    /// A SWID tag.
    Swid,
    /// Another identifier, or one that a tool concluded.
    Identity,
    /// A license's name, expression or address.
    License,
    /// A license's text.
    LicenseText,
    /// A copyright line.
    Copyright,
    /// A link to the vendor or a distribution.
    Reference,
    /// A host that a service talks to.
    Endpoint,
    /// A file or module name.
    File,
    /// A property.
    Property,
}

impl EvidenceKind {
    /// The id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Party(Role::Supplier) => "supplier",
            Self::Party(Role::Manufacturer) => "manufacturer",
            Self::Party(Role::Publisher) => "publisher",
            Self::Party(Role::Author) => "author",
            Self::Party(Role::Contributor) => "contributor",
            Self::Party(Role::Originator) => "originator",
            Self::Party(Role::Provider) => "provider",
            Self::Party(Role::Licensor) => "licensor",
            Self::Signer => "signer",
            Self::Name => "name",
            Self::Group => "group",
            Self::Cpe => "cpe",
            Self::Purl => "purl",
            Self::Swid => "swid",
            Self::Identity => "identity",
            Self::License => "license",
            Self::LicenseText => "license-text",
            Self::Copyright => "copyright",
            Self::Reference => "reference",
            Self::Endpoint => "endpoint",
            Self::File => "file",
            Self::Property => "property",
        }
    }

    /// Every kind, in the order of [`crate::rules::lint::EVIDENCE`].
    pub const ALL: [Self; 22] = [
        Self::Party(Role::Supplier),
        Self::Party(Role::Manufacturer),
        Self::Party(Role::Publisher),
        Self::Party(Role::Author),
        Self::Party(Role::Contributor),
        Self::Party(Role::Originator),
        Self::Party(Role::Provider),
        Self::Party(Role::Licensor),
        Self::Signer,
        Self::Name,
        Self::Group,
        Self::Cpe,
        Self::Purl,
        Self::Swid,
        Self::License,
        Self::LicenseText,
        Self::Copyright,
        Self::Reference,
        Self::Endpoint,
        Self::File,
        Self::Property,
        Self::Identity,
    ];
}

/// What the component is to the organization, as far as the evidence goes. Later ones say more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// Can call something of the organization, and holds none of it.
    IntegratesWith,
    /// Made from something of the organization.
    DerivedFrom,
    /// Holds code or talks to a service that only the organization's own code uses.
    Embeds,
    /// Under the organization's license.
    LicensedFrom,
    /// Made or supplied by it.
    SuppliedBy,
}

impl Relation {
    /// The id in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::IntegratesWith => "integrates-with",
            Self::DerivedFrom => "derived-from",
            Self::Embeds => "embeds",
            Self::LicensedFrom => "licensed-from",
            Self::SuppliedBy => "supplied-by",
        }
    }
}

/// Whether what a rule knows of a product holds for the copy at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applies {
    /// It does, or the rule has no conditions.
    Yes,
    /// Version, model or license decide, and are not known: a question for the vendor.
    Open,
    /// The version is one without it.
    No,
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Where in the component.
    pub kind: EvidenceKind,
    /// The rule that fired.
    pub owner: Owner,
    /// The text as written.
    pub found: String,
    /// Where in the document.
    pub at: Place,
    /// How much it says by itself.
    pub strength: Strength,
    /// What it says of the component.
    pub relation: Relation,
    /// Facts of one group are not independent of each other: the same name again, the same link again.
    pub group: Group,
    /// Whether it holds for this copy.
    pub applies: Applies,
}

/// What makes two pieces of evidence one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// What the component is called, wherever that stands.
    Called,
    /// Who is named.
    Party,
    /// What it is licensed under, and whose notices it carries.
    Legal,
    /// Where links and addresses lead.
    Link,
    /// A file, by its name: different files are independent.
    File(String),
    /// An identifier.
    Identifier,
    /// A property or signature.
    Property,
}

/// Adds evidence up: anything strong is strong; two independent medium facts are strong; one is medium, and so are two
/// different files that are weak each; the rest is weak, however much of it there is.
pub fn combine(evidence: &[Evidence]) -> Strength {
    let best = evidence.iter().map(|e| e.strength).max().unwrap_or(Strength::Context);
    if best == Strength::Weak {
        // Two different files of which each is probably the maker's are hardly both a coincidence.
        let files = evidence.iter().filter(|e| e.strength == Strength::Weak);
        let files: BTreeSet<&String> =
            files.filter_map(|e| if let Group::File(name) = &e.group { Some(name) } else { None }).collect();
        return if files.len() > 1 { Strength::Medium } else { best };
    }
    if best != Strength::Medium {
        return best;
    }
    let mut groups: Vec<&Group> =
        evidence.iter().filter(|e| e.strength == Strength::Medium).map(|e| &e.group).collect();
    groups.sort_unstable();
    groups.dedup();
    if groups.len() > 1 { Strength::Strong } else { Strength::Medium }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_and_matcher_know_the_same_kinds() {
        let ids: Vec<&str> = EvidenceKind::ALL.iter().map(|k| k.id()).collect();
        assert_eq!(ids, crate::rules::lint::EVIDENCE);
    }
}
