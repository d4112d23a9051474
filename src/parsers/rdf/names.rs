//! What things are called in JSON: `SPDXRef-x` for `NAMESPACE#SPDXRef-x`, and `DocumentRef-d:SPDXRef-x` for what stands
//! in another document.

use super::graph::{Graph, Object};
use super::terms::{self, ELEMENT, Property};
use crate::parsers::decode;
use std::borrow::Cow;

/// The names of a graph.
#[derive(Debug, Default)]
pub struct Names {
    /// The namespace of the document, up to its `#`.
    own: String,
    /// The hash of each element's name and the element. Where several have one, the first keeps it.
    elements: Vec<(u64, u32)>,
    /// The hash of each other document's namespace, and the node that tells what it is called here.
    documents: Vec<(u64, u32)>,
}

impl Names {
    /// The names of a graph that is settled.
    pub fn new(graph: &Graph) -> Self {
        let document = |n: &u32| graph.node_at(*n).is_some_and(|node| node.classes & terms::DOCUMENT != 0);
        let own = (0..graph.count()).filter(document).filter_map(|n| graph.iri(n)).min().map(namespace);
        let own = own.unwrap_or_default().to_owned();
        let element = |n: &u32| graph.node_at(*n).is_some_and(|node| node.classes & ELEMENT != 0);
        let mut elements: Vec<(u64, u32)> =
            (0..graph.count()).filter(element).map(|n| (graph.hash(&tail(graph, n)), n)).collect();
        elements.sort_unstable_by(|a, b| {
            let rank = |n: u32| (namespace(graph.name(n)) != own, graph.name(n), n);
            a.0.cmp(&b.0).then_with(|| rank(a.1).cmp(&rank(b.1)))
        });
        let mut documents = Vec::new();
        for statement in (0..graph.statements()).filter_map(|at| graph.statement(at)) {
            let (Property::ExternalDocumentRef, Object::Node(node)) = (statement.property, statement.object) else {
                continue;
            };
            let address = match graph.first(node, Property::SpdxDocument).map(|s| s.object) {
                Some(Object::Node(address)) => graph.name(address),
                Some(Object::Text(address)) => graph.text(address),
                None => continue,
            };
            documents.push((graph.hash(namespace(address)), node));
        }
        documents.sort_unstable();
        Self { own, elements, documents }
    }

    /// What a node is called.
    pub fn reference<'g>(&self, graph: &'g Graph, node: u32) -> Cow<'g, str> {
        let tail = tail(graph, node);
        let Some(iri) = graph.iri(node) else { return tail };
        if let Some(absent) = terms::absent(iri) {
            return Cow::Borrowed(absent);
        }
        if graph.node_at(node).is_some_and(|node| node.classes & ELEMENT != 0) {
            let hash = graph.hash(&tail);
            let first = self.elements.partition_point(|e| e.0 < hash);
            let keeps = self.elements.get(first).is_none_or(|e| e.1 == node);
            return if keeps { tail } else { Cow::Borrowed(iri) };
        }
        let space = namespace(iri);
        if space == self.own {
            return tail;
        }
        match self.documents.binary_search_by_key(&graph.hash(space), |d| d.0) {
            Ok(at) => {
                let name = self.documents.get(at).map_or(Cow::Borrowed(""), |d| document(graph, d.1));
                Cow::Owned(format!("{name}:{tail}"))
            }
            Err(_) => tail,
        }
    }
}

/// What a reference to another document is called.
pub fn document(graph: &Graph, node: u32) -> Cow<'_, str> {
    match graph.first(node, Property::ExternalDocumentId).map(|s| s.object) {
        Some(Object::Text(id)) => Cow::Borrowed(graph.text(id)),
        _ => tail(graph, node),
    }
}

/// The part of a node's IRI behind `#`, or all of it. What has no IRI is called as the document calls it, or by number.
pub fn tail(graph: &Graph, node: u32) -> Cow<'_, str> {
    let Some(iri) = graph.iri(node) else {
        return match graph.name(node) {
            "" => Cow::Owned(format!("_:{node}")),
            name => Cow::Owned(format!("_:{name}")),
        };
    };
    let name = match (iri.rfind('#'), iri.rfind('/')) {
        (Some(at), _) => iri.get(at + 1..).unwrap_or_default(),
        (None, Some(at)) if iri.get(at + 1..).is_some_and(told) => iri.get(at + 1..).unwrap_or_default(),
        _ => iri,
    };
    match name {
        "" => Cow::Borrowed(iri),
        name if name.contains('%') => Cow::Owned(decode::percent(name).into_owned()),
        name => Cow::Borrowed(name),
    }
}

fn told(name: &str) -> bool {
    ["SPDXRef-", "LicenseRef-", "DocumentRef-"].iter().any(|begin| name.starts_with(begin))
}

fn namespace(iri: &str) -> &str {
    iri.rfind('#').map_or(iri, |at| iri.get(..at).unwrap_or_default())
}
