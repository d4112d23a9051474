//! How the elements and attributes of XML stand for the keys and lists of a family's JSON.
//!
//! The family's table says what there is: an element or attribute is the key of the same name, and what the table asks
//! for as text or object is read as one. Here stands only what XML writes differently, so that a new row of a table
//! works in XML as soon as it is there. What is not in the table is passed over.

use crate::parsers::table::{Entry, Node, Table, Then};

/// How a document writes lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// CycloneDX: most lists are an element around their entries.
    CycloneDx,
    /// SPDX 2 as its tools write it: the element of the list is repeated.
    Plain,
}

/// A name of an entry in a list, and the key under which it stands in the entry's object; none when it is the entry.
pub type Item = (&'static str, &'static str);

/// What an element holds.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A text.
    Text,
    /// An object.
    Object(Node),
    /// A list with its entries inside.
    List(Then, &'static [Item]),
    /// Dependencies, which XML nests.
    Dependencies,
}

/// What an element leads to.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The key in JSON.
    pub key: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether it is one entry of a list and is repeated for each.
    pub repeated: bool,
}

/// Names that differ.
const RENAMED: &[(&str, &str)] = &[("details", "expressionDetails"), ("license-identifier", "licenseIdentifier")];

/// Lists that are an element of their own, by key.
const LISTS: &[(&str, &[Item])] = &[
    ("ancestors", &[("component", "")]),
    ("authors", &[("author", "")]),
    ("commits", &[("commit", "")]),
    ("components", &[("component", "")]),
    ("compositions", &[("composition", "")]),
    ("copyright", &[("text", "text")]),
    ("data", &[("dataflow", "")]),
    ("descendants", &[("component", "")]),
    ("destination", &[("url", "")]),
    ("endpoints", &[("endpoint", "")]),
    ("externalReferences", &[("reference", "")]),
    ("formulation", &[("formula", "")]),
    ("frames", &[("frame", "")]),
    ("hashes", &[("hash", "")]),
    ("licenses", &[("license", "license"), ("expression", "expression"), ("expression-detailed", "")]),
    ("methods", &[("method", "")]),
    ("occurrences", &[("occurrence", "")]),
    ("patches", &[("patch", "")]),
    ("properties", &[("property", "")]),
    ("services", &[("service", "")]),
    ("source", &[("url", "")]),
    ("variants", &[("component", "")]),
];

/// What an element of an object leads to.
pub fn element(table: &'static Table, style: Style, node: Node, name: &str) -> Option<Row> {
    let entry = entry(table, node, name)?;
    // Most elements are no lists.
    let listed = style == Style::CycloneDx && entry.many == Some(true);
    let wrapped = if listed { LISTS.iter().find(|(key, _)| *key == entry.key) } else { None };
    let (shape, repeated) = match (entry.many, entry.then, wrapped) {
        (_, Then::Enter(Node::Dependency), _) if style == Style::CycloneDx => (Shape::Dependencies, false),
        (Some(true), then, Some((_, items))) => (Shape::List(then, items), false),
        (Some(true), then, None) => (one(then), true),
        // One or many, in JSON as in XML.
        (None, then @ (Then::Leaf(_) | Then::Enter(_)), _) => (one(then), true),
        (_, then, _) => (one(then), false),
    };
    Some(Row { key: entry.key, shape, repeated })
}

/// The key an attribute of an object stands for.
pub fn attribute(table: &'static Table, node: Node, name: &str) -> Option<&'static str> {
    entry(table, node, name).filter(|entry| matches!(entry.then, Then::Leaf(_))).map(|entry| entry.key)
}

/// What an entry of a list holds, and under which key of the entry's object; `None` for no entry of the list.
pub fn item(table: &'static Table, then: Then, items: &[Item], name: &str) -> Option<(&'static str, Shape)> {
    let (_, key) = items.iter().find(|(element, _)| *element == name)?;
    match then {
        Then::Enter(node) if !key.is_empty() => Some((key, one(table.find(node, key.as_bytes())?.1.then))),
        then => Some((key, one(then))),
    }
}

/// The key that the text of an object's element stands for.
pub fn content(table: &'static Table, node: Node) -> Option<&'static str> {
    let key = if node == Node::Property { "value" } else { "content" };
    table.find(node, key.as_bytes()).map(|(_, entry)| entry.key)
}

fn entry(table: &'static Table, node: Node, name: &str) -> Option<&'static Entry> {
    let key = RENAMED.iter().find(|(written, _)| *written == name).map_or(name, |(_, key)| key);
    table.find(node, key.as_bytes()).map(|(_, entry)| entry)
}

fn one(then: Then) -> Shape {
    match then {
        Then::Leaf(_) => Shape::Text,
        Then::Enter(node) | Then::Either(_, node) => Shape::Object(node),
    }
}
