//! The statements of a document that matter, in memory, each with its place.
//!
//! RDF is a graph in any order: what a package is may be said in many places, so nothing can be given before all is read.
//! Every byte that is kept is paid from a fixed allowance ([`Graph::pay`]); what does not fit is never kept. Start at
//! [`Graph::say`], then [`Graph::settle`].

use super::terms::{self, Classes, Property};
use crate::source::window::Span;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

/// The allowance is used up.
#[derive(Debug)]
pub struct Full;

/// The other end of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// A node.
    Node(u32),
    /// A text.
    Text(Kept),
}

/// A text that the graph keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kept {
    start: u32,
    len: u32,
    /// Whether something in it is no text.
    pub lossy: bool,
}

/// One statement.
#[derive(Debug, Clone, Copy)]
pub struct Statement {
    /// Of what.
    pub subject: u32,
    /// What is said.
    pub property: Property,
    /// The other end.
    pub object: Object,
    /// Where the value stands.
    pub span: Span,
    order: u32,
}

/// One node.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    /// Its IRI; what it is called in the document, for one without; empty when it is not called anything.
    name: Kept,
    /// Whether it has an IRI.
    pub has_iri: bool,
    /// What it is.
    pub classes: Classes,
    /// Where its first description begins.
    pub at: Option<u64>,
    /// Where its name stands there.
    pub named: Span,
}

/// What a statement costs beside its text. It stands in a list that may have as much room again.
const STATEMENT: usize = 2 * size_of::<Statement>();
/// What a node costs, with its place in the index and in the list of references.
const NODE: usize = 2 * size_of::<Node>() + 64;

/// The graph.
#[derive(Debug)]
pub struct Graph {
    text: String,
    nodes: Vec<Node>,
    statements: Vec<Statement>,
    index: HashMap<u64, u32>,
    hasher: RandomState,
    room: usize,
}

impl Graph {
    /// An empty graph that may cost so many bytes.
    pub fn new(room: usize) -> Self {
        Self {
            text: String::new(),
            nodes: Vec::new(),
            statements: Vec::new(),
            index: HashMap::new(),
            hasher: RandomState::new(),
            // Texts and nodes are found by 32 bits.
            room: room.min(u32::MAX as usize),
        }
    }

    /// Takes bytes from the allowance.
    ///
    /// # Errors
    /// When there are not so many.
    pub fn pay(&mut self, bytes: usize) -> Result<(), Full> {
        self.room = self.room.checked_sub(bytes).ok_or(Full)?;
        Ok(())
    }

    /// Gives bytes back to the allowance.
    pub fn refund(&mut self, bytes: usize) {
        self.room = self.room.saturating_add(bytes);
    }

    /// The hash of a text, keyed anew for each document so that no input can aim at it.
    pub fn hash(&self, text: &str) -> u64 {
        self.hasher.hash_one(text)
    }

    /// Keeps a text.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn keep(&mut self, text: &str, lossy: bool) -> Result<Kept, Full> {
        self.pay(text.len())?;
        let start = self.text.len() as u32;
        self.text.push_str(text);
        Ok(Kept { start, len: text.len() as u32, lossy })
    }

    /// A text that was kept.
    pub fn text(&self, kept: Kept) -> &str {
        let start = kept.start as usize;
        self.text.get(start..start + kept.len as usize).unwrap_or_default()
    }

    /// The node with an IRI (`blank` false) or with a name in this document (true).
    ///
    /// # Errors
    /// When it does not fit.
    pub fn node(&mut self, name: &str, blank: bool) -> Result<u32, Full> {
        let hash = self.hasher.hash_one((blank, name));
        if let Some(found) = self.index.get(&hash) {
            return Ok(*found);
        }
        let name = self.keep(name, false)?;
        let number = self.add(name, !blank)?;
        self.index.insert(hash, number);
        Ok(number)
    }

    /// A node that nothing else can name.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn anonymous(&mut self) -> Result<u32, Full> {
        self.add(Kept::default(), false)
    }

    fn add(&mut self, name: Kept, has_iri: bool) -> Result<u32, Full> {
        self.pay(NODE)?;
        let number = self.nodes.len() as u32;
        self.nodes.push(Node { name, has_iri, classes: 0, at: None, named: Span::default() });
        Ok(number)
    }

    /// A node is of these classes too.
    pub fn classify(&mut self, node: u32, classes: Classes) {
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.classes |= classes;
        }
    }

    /// A node is described here.
    pub fn describe(&mut self, node: u32, at: u64, named: Span) {
        if let Some(node) = self.nodes.get_mut(node as usize).filter(|node| node.at.is_none()) {
            (node.at, node.named) = (Some(at), named);
        }
    }

    /// Adds a statement.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn say(&mut self, subject: u32, property: Property, object: Object, span: Span) -> Result<(), Full> {
        self.pay(STATEMENT)?;
        let order = self.statements.len() as u32;
        self.statements.push(Statement { subject, property, object, span, order });
        Ok(())
    }

    /// Everything has been read: puts the statements in order, drops those that are said twice, and finds what the nodes
    /// are that do not say so.
    pub fn settle(&mut self) {
        let mut statements = std::mem::take(&mut self.statements);
        let head = |a: &Statement, b: &Statement| (a.subject, a.property).cmp(&(b.subject, b.property));
        statements.sort_unstable_by(|a, b| {
            head(a, b).then_with(|| self.compare(a.object, b.object)).then(a.order.cmp(&b.order))
        });
        statements
            .dedup_by(|later, first| head(later, first).is_eq() && self.compare(later.object, first.object).is_eq());
        // Where one value is asked for, which one comes first must not hang on where it stands.
        statements.sort_unstable_by(|a, b| {
            head(a, b).then_with(|| match a.property.many() {
                true => a.order.cmp(&b.order),
                false => self.compare(a.object, b.object).then(a.order.cmp(&b.order)),
            })
        });
        for statement in &statements {
            let (subject, object) = statement.property.implies();
            self.imply(statement.subject, subject);
            if let Object::Node(node) = statement.object {
                self.imply(node, object);
            }
        }
        self.statements = statements;
        // What takes part in relationships and has a name is taken for a package.
        for at in 0..self.statements.len() {
            let Some(statement) = self.statements.get(at).copied() else { break };
            let node = match (statement.property, statement.object) {
                (Property::Relationship, _) => statement.subject,
                (Property::RelatedSpdxElement, Object::Node(node)) => node,
                _ => continue,
            };
            if self.node_at(node).is_some_and(|n| n.classes == 0) && self.first(node, Property::Name).is_some() {
                self.imply(node, terms::PACKAGE);
            }
        }
    }

    /// A node without a class has this one. Of several that are implied, all stand until the end.
    fn imply(&mut self, node: u32, classes: Classes) {
        /// What is only implied.
        const IMPLIED: Classes = 1 << 15;
        if let Some(node) = self.nodes.get_mut(node as usize)
            && classes != 0
            && (node.classes == 0 || node.classes & IMPLIED != 0)
        {
            node.classes |= classes | IMPLIED;
        }
    }

    fn compare(&self, a: Object, b: Object) -> Ordering {
        match (a, b) {
            (Object::Text(a), Object::Text(b)) => self.text(a).cmp(self.text(b)),
            (Object::Node(a), Object::Node(b)) => self.name(a).cmp(self.name(b)).then(a.cmp(&b)),
            (Object::Text(_), Object::Node(_)) => Ordering::Less,
            (Object::Node(_), Object::Text(_)) => Ordering::Greater,
        }
    }

    /// A node.
    pub fn node_at(&self, number: u32) -> Option<Node> {
        self.nodes.get(number as usize).copied()
    }

    /// How many nodes there are.
    pub fn count(&self) -> u32 {
        self.nodes.len() as u32
    }

    /// What a node is called, with or without an IRI.
    pub fn name(&self, number: u32) -> &str {
        self.node_at(number).map_or("", |node| self.text(node.name))
    }

    /// The IRI of a node.
    pub fn iri(&self, number: u32) -> Option<&str> {
        self.node_at(number).filter(|node| node.has_iri).map(|node| self.text(node.name))
    }

    /// The numbers of the statements about a node.
    pub fn about(&self, number: u32) -> Range<usize> {
        let start = self.statements.partition_point(|s| s.subject < number);
        let len = self.statements.get(start..).map_or(0, |rest| rest.partition_point(|s| s.subject == number));
        start..start + len
    }

    /// A statement.
    pub fn statement(&self, number: usize) -> Option<Statement> {
        self.statements.get(number).copied()
    }

    /// How many statements there are.
    pub fn statements(&self) -> usize {
        self.statements.len()
    }

    /// The first statement of a property about a node.
    pub fn first(&self, subject: u32, property: Property) -> Option<Statement> {
        let at = self.statements.partition_point(|s| (s.subject, s.property) < (subject, property));
        self.statement(at).filter(|s| (s.subject, s.property) == (subject, property))
    }
}
