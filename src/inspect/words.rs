//! The ids in an inspection. They are part of its contract: new ones may come, none changes meaning.

use crate::model::graph::Edge;
use crate::model::{IdentifierKind, Origin, PartyKind, Role, ScopeOfUse};

pub fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Product => "product",
        Origin::Listed => "listed",
        Origin::Service => "service",
        Origin::Ancestor => "ancestor",
        Origin::Descendant => "descendant",
        Origin::Variant => "variant",
        Origin::Build => "build",
        Origin::Referent => "referent",
    }
}

pub fn role(role: Role) -> &'static str {
    match role {
        Role::Supplier => "supplier",
        Role::Manufacturer => "manufacturer",
        Role::Publisher => "publisher",
        Role::Author => "author",
        Role::Contributor => "contributor",
        Role::Originator => "originator",
        Role::Provider => "provider",
        Role::Licensor => "licensor",
    }
}

pub fn party(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Organization => "organization",
        PartyKind::Person => "person",
        PartyKind::Unknown => "unknown",
    }
}

pub fn identifier(kind: IdentifierKind) -> &'static str {
    match kind {
        IdentifierKind::Purl => "purl",
        IdentifierKind::Cpe => "cpe",
        IdentifierKind::Swid => "swid",
        IdentifierKind::Maven => "maven",
        IdentifierKind::Npm => "npm",
        IdentifierKind::NuGet => "nuget",
        IdentifierKind::Authority => "authority",
        IdentifierKind::Other => "other",
    }
}

pub fn scope(scope: ScopeOfUse) -> &'static str {
    match scope {
        ScopeOfUse::Runtime => "runtime",
        ScopeOfUse::Optional => "optional",
        ScopeOfUse::NotShipped => "not-shipped",
    }
}

pub fn relation(edge: Edge) -> &'static str {
    match edge {
        Edge::Contains => "contains",
        Edge::DependsOn => "depends-on",
        Edge::Optional => "optional-dependency",
        Edge::BuiltWith => "built-with",
        Edge::DerivedFrom => "derived-from",
        Edge::Party(role_of) => role(role_of),
        Edge::License => "license",
        Edge::Identifier => "identifier",
    }
}
