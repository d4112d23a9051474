//! RDF/XML (W3C Recommendation of 2014) as statements: nodes inside properties inside nodes, to any depth.
//!
//! The same bytes, namespaces and values as in XML ([`crate::parsers::xml`]), and the same rules: no entity is expanded
//! and no document type followed. It keeps only what [`super::terms`] names, and knows no meaning. What breaks the
//! syntax ends the reading, and what was read until then counts. Start at [`read`].

use super::graph::{Full, Graph, Object};
use super::terms::{self, Property, Space};
use crate::model::Code;
use crate::parsers::syntax::Feed;
use crate::parsers::token::{Fault, Remark};
use crate::parsers::xml::elements::attributes;
use crate::parsers::xml::gate::Gate;
use crate::parsers::xml::scope::{Prefixes, declared};
use crate::parsers::xml::value::Value;
use crate::parsers::xml::{cut, fault, reader};
use crate::source::window::Span;
use oxiri::Iri;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// What an open element costs while it is open, beside its name.
const FRAME: usize = 128;
/// What a declared prefix costs, beside its name.
const PREFIX: usize = 192;

/// An open element.
enum Frame {
    /// `rdf:RDF`, which holds nodes.
    Nodes,
    /// A node, which holds properties.
    Node(u32),
    /// A property of a node, which holds a text or nodes. It has its value when that stood in an attribute or a node.
    Property { subject: u32, property: Option<Property>, filled: bool },
    /// A text with markup in it, and an element of that markup.
    Markup { subject: u32, property: Option<Property>, inside: bool },
    /// A property that is read by its attributes alone.
    Attributes,
}

/// What came of a document.
pub struct Whole {
    /// The feed, for its digest.
    pub feed: Feed,
    /// The statements.
    pub graph: Graph,
    /// What was passed over.
    pub remarks: Vec<Remark>,
    /// Why not all was read.
    pub owed: Option<Fault>,
}

/// Reads a document to its end, or as far as it can be read, into a graph that may cost so many bytes.
///
/// # Errors
/// When reading fails.
pub fn read(feed: Feed, room: usize) -> Result<Whole, Fault> {
    let (reader, base) = reader(feed)?;
    let mut read = Read {
        reader,
        base,
        prefixes: Prefixes::default(),
        bases: Vec::new(),
        frames: Vec::new(),
        value: Value::default(),
        graph: Graph::new(room),
        begun: false,
        remarks: Vec::new(),
        owed: None,
    };
    let mut buffer = Vec::new();
    let stopped = loop {
        buffer.clear();
        let start = read.position();
        read.reader.get_mut().renew();
        let event = match read.reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => break Err(fault(error, &read.reader, base, start)),
        };
        let span = Span { start, end: read.position() };
        match read.event(event, span) {
            Ok(true) => {}
            Ok(false) => break Ok(()),
            Err(Stop::Full) => {
                let message = "the graph of the document needs more memory than the limit; what comes after this place \
                               was not read (--max-graph-size raises it)";
                break Err(Fault::limit(start, message));
            }
            Err(Stop::Fault(fault)) => break Err(fault),
        }
    };
    drop(buffer);
    let Read { reader, mut graph, remarks, owed, .. } = read;
    let owed = match stopped {
        Ok(()) => owed.map(|(offset, message)| Fault::syntax(offset, message)),
        Err(Fault::Io(error)) => return Err(Fault::Io(error)),
        Err(fault) => Some(fault),
    };
    graph.settle();
    Ok(Whole { feed: reader.into_inner().into_feed(), graph, remarks, owed })
}

/// Why reading ends before the end.
enum Stop {
    Full,
    Fault(Fault),
}

impl From<Full> for Stop {
    fn from(_: Full) -> Self {
        Self::Full
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

struct Read {
    reader: Reader<Gate>,
    /// The length of the byte-order mark.
    base: u64,
    prefixes: Prefixes<Space>,
    /// What relative addresses are relative to, by the depth at which it was said.
    bases: Vec<(usize, Option<Iri<String>>)>,
    frames: Vec<Frame>,
    value: Value,
    graph: Graph,
    begun: bool,
    remarks: Vec<Remark>,
    /// What is wrong with the document as a whole.
    owed: Option<(u64, String)>,
}

/// An attribute that says something.
struct Said<'t> {
    space: Space,
    name: &'t str,
    written: &'t str,
    at: u64,
}

impl Read {
    fn position(&self) -> u64 {
        self.base + self.reader.buffer_position()
    }

    /// Tells once for all places.
    fn tell(&mut self, code: Code, message: &str, span: Span, hides_components: bool) {
        if !self.remarks.iter().any(|told| told.message == message) {
            self.remarks.push(Remark { code, message: message.to_owned(), span, hides_components });
        }
    }

    fn owe(&mut self, offset: u64, message: &str) {
        self.owed.get_or_insert_with(|| (offset, message.to_owned()));
    }

    /// Whether there is more.
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<bool, Stop> {
        match event {
            Event::Start(tag) => self.start(&tag, span)?,
            Event::End(tag) => self.end(tag.name().into_inner().len())?,
            Event::Text(text) => self.text(&text, span.start, false)?,
            Event::CData(text) => self.text(&text, span.start + "<![CDATA[".len() as u64, true)?,
            Event::GeneralRef(name) => {
                if self.frames.is_empty() {
                    cut(span.start, "text stands outside of the outermost element")?;
                }
                if self.wanted() {
                    self.value.reference(&name, span);
                    self.measure(span.start)?;
                    self.owe_entity(self.value.entity);
                }
            }
            Event::DocType(_) => {
                self.owe(span.start, "a document type stands here; what it adds to the document was not read");
            }
            Event::Eof if !self.frames.is_empty() => {
                let open = self.frames.len();
                cut(span.start, &format!("the file is cut off: {open} elements are still open"))?;
            }
            Event::Eof if !self.begun => cut(span.start, "the file ends before its first element")?,
            Event::Eof => return Ok(false),
            Event::Empty(_) | Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
        }
        Ok(true)
    }

    fn owe_entity(&mut self, entity: Option<u64>) {
        if let Some(at) = entity {
            self.owe(at, "the entity here stands for something that is said elsewhere; it was not expanded");
        }
    }

    /// Whether a text here says something.
    fn wanted(&self) -> bool {
        matches!(
            self.frames.last(),
            Some(Frame::Property { property: Some(_), .. } | Frame::Markup { property: Some(_), .. })
        )
    }

    fn text(&mut self, text: &str, at: u64, marked: bool) -> Result<(), Stop> {
        let said = text.trim_ascii_start();
        let from = at + (text.len() - said.len()) as u64;
        match self.frames.last() {
            _ if said.is_empty() && self.value.is_blank() => {}
            None => cut(from, "text stands outside of the outermost element")?,
            Some(Frame::Nodes | Frame::Node(_)) => self.loose(Span { start: from, end: from + said.len() as u64 }),
            _ if self.wanted() => {
                self.value.text(text, at);
                // An ampersand that begins no reference; marked text may hold any.
                self.value.lossy |= !marked && text.contains('&');
                self.measure(at)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn loose(&mut self, span: Span) {
        let message = "text stands beside elements, where RDF has none; such texts were passed over";
        self.tell(Code::UnknownValue, message, span, false);
    }

    fn measure(&self, offset: u64) -> Result<(), Fault> {
        if self.value.text.len() <= self.reader.get_ref().feed().longest_value {
            return Ok(());
        }
        Err(Fault::too_long(offset))
    }

    fn start(&mut self, tag: &BytesStart<'_>, span: Span) -> Result<(), Stop> {
        if self.frames.is_empty() && self.begun {
            cut(span.start, "there is more text after the end of the document")?;
        }
        self.begun = true;
        let depth = self.frames.len() + 1;
        let written = tag.name().into_inner();
        self.graph.pay(FRAME + written.len())?;
        for attribute in attributes(tag, span) {
            let (key, address, at) = attribute?;
            if let Some(prefix) = declared(key) {
                self.graph.pay(PREFIX + prefix.len())?;
                let address = Value::attribute(address, at);
                self.owe_entity(address.entity);
                self.prefixes.declare(depth, prefix, terms::space(&address.text));
            } else if key == "xml:base" {
                self.graph.pay(address.len())?;
                let resolved = self.resolve(&Value::attribute(address, at).text);
                self.bases.push((depth, Iri::parse(resolved).ok()));
            }
        }
        if let Some(Frame::Markup { subject, property, .. }) = self.frames.last() {
            let (subject, property) = (*subject, *property);
            self.frames.push(Frame::Markup { subject, property, inside: true });
            return Ok(());
        }
        let (space, name) = self.name(written, span);
        match self.frames.last() {
            None if (space, name) == (Space::Rdf, "RDF") => self.frames.push(Frame::Nodes),
            None | Some(Frame::Nodes) => {
                self.node(space, name, tag, span)?;
            }
            Some(&Frame::Node(subject)) => self.property(subject, space, name, tag, span)?,
            Some(&Frame::Property { subject, property, .. }) => {
                if !self.value.is_blank() {
                    self.loose(self.value.span);
                }
                let (node, at) = self.node(space, name, tag, span)?;
                self.refer(subject, property, node, at)?;
                let parent = self.frames.len().checked_sub(2).and_then(|at| self.frames.get_mut(at));
                if let Some(Frame::Property { filled, .. }) = parent {
                    *filled = true;
                }
            }
            // RDF has no element here.
            Some(_) => {
                self.loose(span);
                self.frames.push(Frame::Attributes);
            }
        }
        self.value.clear(span.end);
        Ok(())
    }

    /// The namespace and the local part of an element's name.
    fn name<'t>(&mut self, written: &'t str, span: Span) -> (Space, &'t str) {
        let (prefix, local) = written.split_once(':').unwrap_or(("", written));
        if prefix == "xml" {
            return (Space::Xml, local);
        }
        let space = self.prefixes.space(prefix).or_else(|| {
            if prefix.is_empty() {
                return Some(Space::Other);
            }
            let usual = terms::usual(prefix);
            let message = match usual {
                Some(_) => "a prefix is not declared; it was read as the one that documents commonly have",
                None => "a prefix is not declared; what stands under it was not read",
            };
            self.tell(Code::UnknownValue, message, span, usual.is_none());
            usual
        });
        (space.unwrap_or(Space::Other), local)
    }

    /// The attributes that say something, and those that name the node: about, ID, nodeID and so on stand also without
    /// their prefix in old documents.
    fn said<'t>(&mut self, tag: &'t BytesStart<'_>, span: Span) -> Result<Vec<Said<'t>>, Full> {
        const OLD: &[&str] = &["about", "ID", "resource", "parseType", "type", "nodeID"];
        let mut all: Vec<Said<'t>> = Vec::new();
        for (key, written, at) in attributes(tag, span).flatten() {
            if declared(key).is_some() {
                continue;
            }
            let (space, name) = match key.contains(':') {
                true => self.name(key, span),
                false if OLD.contains(&key) => (Space::Rdf, key),
                false => continue,
            };
            let telling = match space {
                // Each once: the first counts.
                Space::Rdf => OLD.contains(&name) && !all.iter().any(|s| s.space == space && s.name == name),
                _ => terms::property(space, name).is_some(),
            };
            if telling {
                self.graph.pay(2 * size_of::<Said<'_>>())?;
                all.push(Said { space, name, written, at });
            }
        }
        self.graph.refund(all.len() * 2 * size_of::<Said<'_>>());
        Ok(all)
    }

    /// The value of an attribute of RDF itself.
    fn rdf(&mut self, said: &[Said<'_>], name: &str) -> Option<Value> {
        let found = said.iter().find(|s| s.space == Space::Rdf && s.name == name)?;
        let value = Value::attribute(found.written, found.at);
        self.owe_entity(value.entity);
        Some(value)
    }

    /// An address, made absolute when the document says relative to what.
    fn resolve(&self, written: &str) -> String {
        match self.bases.last() {
            Some((_, Some(base))) => base.resolve(written).map_or_else(|_| written.to_owned(), Iri::into_inner),
            _ => written.to_owned(),
        }
    }

    /// An element that is a node begins. Gives the node, and where its name stands.
    fn node(&mut self, space: Space, name: &str, tag: &BytesStart<'_>, span: Span) -> Result<(u32, Span), Stop> {
        let said = self.said(tag, span)?;
        let mut named = Span { start: span.start, end: span.start };
        let node = if let Some(about) = self.rdf(&said, "about") {
            named = about.span;
            self.graph.node(&self.resolve(&about.text), false)?
        } else if let Some(id) = self.rdf(&said, "ID") {
            named = id.span;
            self.graph.node(&self.resolve(&format!("#{}", id.text)), false)?
        } else if let Some(id) = self.rdf(&said, "nodeID") {
            named = id.span;
            self.graph.node(&id.text, true)?
        } else {
            self.graph.anonymous()?
        };
        self.graph.describe(node, span.start, named);
        self.graph.classify(node, terms::class(space, name));
        self.attributes(node, &said)?;
        self.frames.push(Frame::Node(node));
        Ok((node, named))
    }

    /// Attributes that are statements about a node.
    fn attributes(&mut self, node: u32, said: &[Said<'_>]) -> Result<(), Stop> {
        for said in said {
            if (said.space, said.name) == (Space::Rdf, "type") {
                let value = Value::attribute(said.written, said.at);
                self.owe_entity(value.entity);
                self.typed(node, &value.text);
            } else if let Some(property) = terms::property(said.space, said.name) {
                let value = Value::attribute(said.written, said.at);
                self.literal(node, property, &value)?;
            }
        }
        Ok(())
    }

    fn typed(&mut self, node: u32, iri: &str) {
        let iri = self.resolve(iri);
        let (space, name) = terms::split(&iri);
        self.graph.classify(node, terms::class(space, name));
    }

    /// A node is the other end of a property.
    fn refer(&mut self, subject: u32, property: Option<Property>, node: u32, at: Span) -> Result<(), Full> {
        match property {
            Some(Property::Unknown) | None => Ok(()),
            Some(property) => self.graph.say(subject, property, Object::Node(node), at),
        }
    }

    fn literal(&mut self, subject: u32, property: Property, value: &Value) -> Result<(), Stop> {
        self.owe_entity(value.entity);
        let kept = self.graph.keep(&value.text, value.lossy)?;
        self.graph.say(subject, property, Object::Text(kept), value.span)?;
        Ok(())
    }

    /// An element that is a property of a node begins.
    fn property(
        &mut self,
        subject: u32,
        space: Space,
        name: &str,
        tag: &BytesStart<'_>,
        span: Span,
    ) -> Result<(), Stop> {
        let said = self.said(tag, span)?;
        let known = terms::property(space, name);
        // On what SPDX does not know, any text may be what somebody said of a supplier.
        let strange = || self.graph.node_at(subject).is_some_and(|node| node.classes == 0);
        let property = known.or_else(|| (space != Space::Rdf && strange()).then_some(Property::Unknown));
        let plain = |at| Span { start: at, end: at };
        if let Some(kind) = self.rdf(&said, "parseType") {
            let frame = match kind.text.as_str() {
                "Resource" => {
                    let node = self.graph.anonymous()?;
                    self.graph.describe(node, span.start, plain(span.start));
                    self.refer(subject, property, node, plain(span.start))?;
                    Frame::Node(node)
                }
                // Each entry is a value.
                "Collection" => Frame::Property { subject, property, filled: true },
                _ => Frame::Markup { subject, property, inside: false },
            };
            self.frames.push(frame);
            return Ok(());
        }
        let resource = self.rdf(&said, "resource");
        if (space, name) == (Space::Rdf, "type") {
            if let Some(class) = resource {
                self.typed(subject, &class.text);
            }
            self.frames.push(Frame::Attributes);
            return Ok(());
        }
        let node = match (resource, self.rdf(&said, "nodeID")) {
            (Some(resource), _) => Some((self.graph.node(&self.resolve(&resource.text), false)?, resource.span)),
            (None, Some(id)) => Some((self.graph.node(&id.text, true)?, id.span)),
            // Attributes alone describe a node without a name.
            (None, None) if said.iter().any(|s| s.space != Space::Rdf || s.name == "type") => {
                let node = self.graph.anonymous()?;
                self.graph.describe(node, span.start, plain(span.start));
                Some((node, plain(span.start)))
            }
            (None, None) => None,
        };
        if let Some((node, at)) = node {
            if said.iter().any(|s| s.space != Space::Rdf || s.name == "type") {
                self.graph.describe(node, span.start, at);
            }
            self.refer(subject, property, node, at)?;
            self.attributes(node, &said)?;
        }
        self.frames.push(Frame::Property { subject, property, filled: node.is_some() });
        Ok(())
    }

    /// An element ends, whose name is so long.
    fn end(&mut self, len: usize) -> Result<(), Stop> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let depth = self.frames.len() + 1;
        let (count, prefixes) = self.prefixes.leave(depth);
        self.graph.refund(FRAME + len + count * PREFIX + prefixes);
        while self.bases.last().is_some_and(|(at, _)| *at >= depth) {
            self.bases.pop();
        }
        let value = match frame {
            Frame::Property { subject, property: Some(property), filled: false }
            | Frame::Markup { subject, property: Some(property), inside: false } => {
                let value = self.value.take();
                self.literal(subject, property, &value)
            }
            Frame::Property { filled: true, .. } if !self.value.is_blank() => {
                self.loose(self.value.span);
                Ok(())
            }
            // The text goes on.
            Frame::Markup { inside: true, .. } => return Ok(()),
            _ => Ok(()),
        };
        let at = self.position();
        self.value.clear(at);
        value
    }
}
