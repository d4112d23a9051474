//! SPDX 2 in RDF/XML as the tokens of the same document in JSON.
//!
//! RDF is a graph: packages stand inside of relationships, are described in several places, and refer to each other in
//! any order. So this reader, unlike all others, keeps the statements that matter in memory ([`graph`]), up to a limit
//! that is told when it is hit, and gives them in the order of the JSON when all are read. `read` makes
//! statements of elements, [`terms`] says what each is in JSON, `names` what things are called, `license` the text of
//! expressions. What a key means stands in the table of the family, as for every syntax. It must never resolve an
//! address over a network, and never guess that two nodes are one. Start at [`Rdf`].

pub mod graph;
mod license;
mod names;
mod read;
pub mod terms;

use super::steps::{Bytes, Steps};
use super::syntax::Feed;
use super::token::{Again, Fault, Raw, Remark, Token, Tokens};
use crate::model::Code;
use crate::source::window::Span;
use graph::{Graph, Kept, Object, Statement};
use names::Names;
use std::borrow::Cow;
use std::collections::VecDeque;
use terms::{Context, DOCUMENT, EXTRACTED, Property, Row, Shape};

/// Which list of the document comes next, and how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Begin,
    /// A list whose entries are nodes of these classes and of none of those.
    Nodes(&'static str, Context, terms::Classes, terms::Classes),
    /// A list whose entries are the other ends of a property.
    Ends(&'static str, Property),
    End,
    Over,
}

const STAGES: &[Stage] = &[
    Stage::Begin,
    Stage::Nodes("packages", Context::Item, terms::PACKAGE, 0),
    Stage::Nodes("files", Context::Item, terms::FILE, terms::PACKAGE),
    Stage::Nodes("snippets", Context::Item, terms::SNIPPET, terms::PACKAGE | terms::FILE),
    Stage::Ends("relationships", Property::Relationship),
    Stage::Ends("documentDescribes", Property::DescribesPackage),
    Stage::Nodes("hasExtractedLicensingInfos", Context::License, EXTRACTED, 0),
    Stage::Ends("externalDocumentRefs", Property::ExternalDocumentRef),
    Stage::End,
];

/// What a token's bytes are when they do not stand in the input as they are.
#[derive(Debug, Clone, Copy)]
enum Held {
    /// A text of the graph.
    Kept(Kept),
    /// A text that was made, by number.
    Made(usize),
}

/// An object that is being given.
#[derive(Debug)]
struct Open {
    context: Context,
    /// The next statement about it.
    at: usize,
    end: usize,
    /// The key of the list that is open in it.
    list: Option<&'static str>,
    span: Span,
}

/// Tokens of one document.
pub struct Rdf {
    feed: Feed,
    graph: Graph,
    names: Names,
    remarks: VecDeque<Remark>,
    owed: Option<Fault>,
    /// What may still be written out of what is told once and used often.
    room: usize,
    steps: Steps<Held>,
    made: Vec<String>,
    stages: std::slice::Iter<'static, Stage>,
    stage: Stage,
    /// The next node or statement of the stage.
    next: usize,
    listed: bool,
    open: Vec<Open>,
    at: Span,
    /// Whether it was told that a set of licenses holds itself, and that not all was written out.
    told: (bool, bool),
}

impl Rdf {
    /// Reads a whole document from its start, whose graph may cost so many bytes.
    ///
    /// # Errors
    /// When reading fails.
    pub fn new(feed: Feed, room: usize) -> Result<Self, Fault> {
        let whole = read::read(feed, room)?;
        let names = Names::new(&whole.graph);
        Ok(Self {
            feed: whole.feed,
            names,
            graph: whole.graph,
            remarks: whole.remarks.into(),
            owed: whole.owed,
            room,
            steps: Steps::default(),
            made: Vec::new(),
            stages: STAGES.iter(),
            stage: Stage::Over,
            next: 0,
            listed: false,
            open: Vec::new(),
            at: Span::default(),
            told: (false, false),
        })
    }

    /// The feed, for its digest.
    pub fn into_feed(self) -> Feed {
        self.feed
    }

    /// Makes the next tokens ready.
    fn fill(&mut self) -> Result<(), Fault> {
        self.made.clear();
        while self.steps.is_empty() {
            if !self.open.is_empty() {
                self.member();
                continue;
            }
            match self.stage {
                Stage::Over => match self.stages.next() {
                    Some(stage) => (self.stage, self.next, self.listed) = (*stage, 0, false),
                    None => self.steps.push(Token::End, self.at),
                },
                Stage::Begin => self.begin(),
                Stage::Nodes(key, context, classes, not) => self.node(key, context, classes, not),
                Stage::Ends(key, property) => self.end(key, property),
                Stage::End => {
                    if let Some(fault) = self.owed.take() {
                        return Err(fault);
                    }
                    self.steps.push(Token::Close, self.at);
                    self.stage = Stage::Over;
                }
            }
        }
        Ok(())
    }

    /// The document opens, and says its version.
    fn begin(&mut self) {
        self.stage = Stage::Over;
        self.steps.push(Token::OpenObject, Span::default());
        let document = |n: &u32| self.graph.node_at(*n).is_some_and(|node| node.classes & DOCUMENT != 0);
        let first = |n| self.graph.first(n, Property::SpecVersion);
        if let Some(version) = (0..self.graph.count()).filter(document).find_map(first) {
            self.text("spdxVersion", version);
        }
    }

    /// The next entry of a list of nodes.
    fn node(&mut self, key: &'static str, context: Context, classes: terms::Classes, not: terms::Classes) {
        let fits = |n: &u32| {
            self.graph.node_at(*n).is_some_and(|n| n.classes & classes != 0 && n.classes & not == 0 && n.at.is_some())
        };
        let Some(number) = (self.next as u32..self.graph.count()).find(fits) else { return self.close_list() };
        self.next = number as usize + 1;
        let Some(node) = self.graph.node_at(number) else { return };
        let at = node.at.unwrap_or_default();
        let span = Span { start: at, end: at };
        self.open_list(key, span);
        self.object(number, context, span);
        match context {
            Context::License if self.graph.first(number, Property::LicenseId).is_some() => {}
            Context::License => {
                let id = license::license(&self.graph, number).into_owned();
                self.made("licenseId", id, node.named);
            }
            _ => {
                let reference = self.names.reference(&self.graph, number).into_owned();
                self.made("SPDXID", reference, node.named);
            }
        }
    }

    /// The next entry of a list whose entries are the other ends of a property.
    fn end(&mut self, key: &'static str, property: Property) {
        let fits = |at: &usize| self.graph.statement(*at).is_some_and(|s| s.property == property);
        let Some(at) = (self.next..self.graph.statements()).find(fits) else { return self.close_list() };
        self.next = at + 1;
        let Some(statement) = self.graph.statement(at) else { return };
        let (Object::Node(node), span) = (statement.object, statement.span) else { return };
        self.open_list(key, span);
        match property {
            Property::Relationship => {
                self.object(node, Context::Relation, span);
                let from = self.names.reference(&self.graph, statement.subject).into_owned();
                self.made("spdxElementId", from, span);
            }
            Property::ExternalDocumentRef => {
                let id = names::document(&self.graph, node).into_owned();
                self.steps.push(Token::OpenObject, span);
                self.made("externalDocumentId", id, span);
                self.steps.push(Token::Close, span);
            }
            _ => {
                let reference = self.names.reference(&self.graph, node).into_owned();
                self.keep(reference, span);
            }
        }
    }

    fn open_list(&mut self, key: &'static str, span: Span) {
        if !std::mem::replace(&mut self.listed, true) {
            self.steps.key(key, span, None);
            self.steps.push(Token::OpenArray, span);
        }
    }

    fn close_list(&mut self) {
        self.stage = Stage::Over;
        if self.listed {
            self.steps.push(Token::Close, self.at);
        }
    }

    /// An object begins whose statements are given next.
    fn object(&mut self, node: u32, context: Context, span: Span) {
        self.steps.push(Token::OpenObject, span);
        let about = self.graph.about(node);
        self.open.push(Open { context, at: about.start, end: about.end, list: None, span });
    }

    /// The next statement about the innermost open object.
    fn member(&mut self) {
        let Some(open) = self.open.last_mut() else { return };
        let list = open.list;
        let Some(statement) = self.graph.statement(open.at).filter(|_| open.at < open.end) else {
            let span = open.span;
            self.open.pop();
            if list.is_some() {
                self.steps.push(Token::Close, span);
            }
            self.steps.push(Token::Close, span);
            return;
        };
        open.at += 1;
        let Some(row) = terms::row(open.context, statement.property) else { return };
        let plain = open.context == Context::Plain;
        if plain && matches!(statement.object, Object::Node(_)) {
            return;
        }
        open.list = row.list.then_some(row.key);
        if list.is_some() && list != open.list {
            self.steps.push(Token::Close, statement.span);
        }
        if list.is_none() || list != open.list {
            self.steps.key(row.key, statement.span, None);
            if row.list {
                self.steps.push(Token::OpenArray, statement.span);
            }
        }
        self.value(row, statement);
    }

    /// The value of a statement, behind its key.
    fn value(&mut self, row: Row, statement: Statement) {
        let span = statement.span;
        let node = match statement.object {
            Object::Text(kept) => return self.steps.kept(Token::Text, Held::Kept(kept), span),
            Object::Node(node) => node,
        };
        match row.shape {
            Shape::Object(context) => self.nested(node, context, span),
            Shape::Element => {
                let reference = self.names.reference(&self.graph, node).into_owned();
                self.keep(reference, span);
            }
            Shape::Word => {
                let word = self.graph.iri(node).map_or_else(String::new, |iri| terms::word(terms::split(iri).1));
                self.keep(word, span);
            }
            Shape::Type => {
                const KNOWN: &str = "spdx.org/rdf/references/";
                let iri = self.graph.iri(node).unwrap_or_default();
                let known = iri.find(KNOWN).and_then(|at| iri.get(at + KNOWN.len()..));
                let kind = known.unwrap_or(iri).to_owned();
                self.keep(kind, span);
            }
            Shape::License => {
                let made = license::expression(&self.graph, node, &mut self.room);
                if made.circular && !std::mem::replace(&mut self.told.0, true) {
                    let message = "a set of licenses holds itself; it was left out where it does".to_owned();
                    self.tell(Remark { code: Code::UnknownValue, message, span, hides_components: false });
                }
                if made.cut {
                    self.too_much(span);
                }
                self.keep(made.text, span);
            }
            Shape::Text => match self.graph.iri(node) {
                // An address; but what is described here says more than its address.
                Some(iri) if self.graph.about(node).is_empty() => {
                    let text = terms::absent(iri).unwrap_or(iri).to_owned();
                    self.keep(text, span);
                }
                _ => self.nested(node, Context::Plain, span),
            },
        }
    }

    /// An object in an object. It may be told once and used often, so it is paid for each time.
    fn nested(&mut self, node: u32, context: Context, span: Span) {
        let texts = |at| match self.graph.statement(at).map(|s| s.object) {
            Some(Object::Text(kept)) => self.graph.text(kept).len() + 32,
            _ => 32,
        };
        let about = self.graph.about(node);
        let affordable = about.len().saturating_mul(32) <= self.room;
        let cost = if affordable { about.map(texts).fold(32usize, usize::saturating_add) } else { usize::MAX };
        let Some(left) = self.room.checked_sub(cost) else {
            self.steps.push(Token::Null, span);
            return self.too_much(span);
        };
        self.room = left;
        self.object(node, context, span);
        if let (Context::Project, Some(iri)) = (context, self.graph.iri(node)) {
            let address = iri.to_owned();
            self.made("projectUri", address, span);
        }
    }

    fn too_much(&mut self, span: Span) {
        if std::mem::replace(&mut self.told.1, true) {
            return;
        }
        let message = "what is told once and used often needs more room than the limit; it was not written out \
                       everywhere (--max-graph-size raises it)";
        self.tell(Remark { code: Code::Limit, message: message.to_owned(), span, hides_components: true });
    }

    fn tell(&mut self, remark: Remark) {
        self.remarks.push_back(remark);
    }

    fn text(&mut self, key: &'static str, statement: Statement) {
        self.steps.key(key, statement.span, None);
        match statement.object {
            Object::Text(kept) => self.steps.kept(Token::Text, Held::Kept(kept), statement.span),
            Object::Node(node) => {
                let iri = self.graph.name(node).to_owned();
                self.keep(iri, statement.span);
            }
        }
    }

    fn made(&mut self, key: &'static str, text: String, span: Span) {
        self.steps.key(key, span, None);
        self.keep(text, span);
    }

    fn keep(&mut self, text: String, span: Span) {
        self.steps.kept(Token::Text, Held::Made(self.made.len()), span);
        self.made.push(text);
    }
}

impl Tokens for Rdf {
    fn next(&mut self) -> Result<Token, Fault> {
        let token = match self.steps.take() {
            Some(token) => token,
            None => {
                self.fill()?;
                self.steps.take().unwrap_or(Token::End)
            }
        };
        self.at = self.steps.given().map_or(self.at, |given| given.0);
        Ok(token)
    }

    fn span(&self) -> Span {
        self.at
    }

    fn raw(&mut self) -> Raw<'_> {
        let span = self.at;
        let (bytes, lossy) = match self.steps.given() {
            Some((_, Bytes::Word(word, _))) => (word.as_bytes(), false),
            Some((_, Bytes::Kept(Held::Kept(kept)))) => (self.graph.text(kept).as_bytes(), kept.lossy),
            Some((_, Bytes::Kept(Held::Made(at)))) => (self.made.get(at).map_or("", String::as_str).as_bytes(), false),
            _ => (&[][..], false),
        };
        Raw {
            bytes,
            span,
            // References are decoded already; what could not be is left to tell.
            escaped: lossy,
            plain: false,
            high: !bytes.is_ascii(),
            decode: |bytes| -> (Cow<'_, str>, bool) { (String::from_utf8_lossy(bytes), true) },
        }
    }

    fn again(&self) -> Option<Again> {
        self.steps.again()
    }

    fn remark(&mut self) -> Option<Remark> {
        self.remarks.pop_front()
    }
}
