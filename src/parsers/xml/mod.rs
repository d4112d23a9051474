//! XML (1.0) as tokens in the shape of a family's JSON: CycloneDX, and SPDX 2 as its tools write it.
//!
//! Names and lists are told apart in `shape`, namespaces in `scope`, values in `value`, bytes in `gate`; the
//! reader here keeps the stack of open elements and gives tokens. It never expands an entity beyond the five of XML and
//! characters by number, and never follows a document type: both are owed, and told as a fault when all else has been
//! read. Memory is the open elements and one event. Start at [`Xml`]; `look` tells what a document is.

mod gate;
pub mod look;
mod scope;
pub mod shape;
mod value;

use super::syntax::Feed;
use super::table::{Node, Table, Then};
use super::token::{Fault, Raw, Token, Tokens};
use crate::source::window::Span;
use gate::Gate;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader};
use scope::Scope;
use shape::{Item, Shape, Style};
use std::borrow::Cow;
use std::collections::VecDeque;
use std::io;
use value::Value;

/// How long a reference may be for what it depends on to be told, which repeats it.
const REFERENCE: usize = 4 << 10;

/// An open element, as far as anything in it matters.
enum Frame {
    /// A text; how many elements are open inside, which XML has none of.
    Text { inside: u64, closes: u8 },
    /// An object, which may still turn out to be a plain text, and the repeated element that is a list in it.
    Object { node: Node, start: u64, opened: bool, list: Option<&'static str>, closes: u8 },
    /// A list.
    List { then: Then, items: &'static [Item], closes: u8 },
    /// The list of dependencies.
    Dependencies,
    /// A dependency, with its reference when that can be told again.
    Dependency(Option<Value>),
}

/// A token that is to be given.
struct Given {
    token: Token,
    text: Cow<'static, str>,
    span: Span,
    lossy: bool,
}

/// Tokens of one XML document.
pub struct Xml<'a> {
    reader: Reader<Gate<'a>>,
    /// The length of the byte-order mark.
    base: u64,
    buffer: Vec<u8>,
    table: &'static Table,
    style: Style,
    scope: Scope,
    frames: Vec<Frame>,
    /// How many elements are open that nothing asks for.
    skipped: u64,
    value: Value,
    queue: VecDeque<Given>,
    current: Given,
    begun: bool,
    /// What is wrong with the document as a whole, told at its end.
    owed: Option<(u64, String)>,
}

impl<'a> Xml<'a> {
    /// Reads from the start of a document of a family.
    ///
    /// # Errors
    /// When the first bytes cannot be read.
    pub fn new(feed: Feed<'a>, table: &'static Table, style: Style) -> Result<Self, Fault> {
        let (reader, base) = reader(feed)?;
        Ok(Self {
            reader,
            base,
            buffer: Vec::new(),
            table,
            style,
            scope: Scope::default(),
            frames: Vec::new(),
            skipped: 0,
            value: Value::default(),
            queue: VecDeque::new(),
            current: Given { token: Token::Null, text: Cow::Borrowed(""), span: Span::default(), lossy: false },
            begun: false,
            owed: None,
        })
    }

    /// The feed, for its digest.
    pub fn into_feed(self) -> Feed<'a> {
        self.reader.into_inner().into_feed()
    }

    fn position(&self) -> u64 {
        self.base + self.reader.buffer_position()
    }

    fn owe(&mut self, offset: u64, message: &str) {
        self.owed.get_or_insert_with(|| (offset, message.to_owned()));
    }

    fn give(&mut self, token: Token, span: Span) {
        self.queue.push_back(Given { token, text: Cow::Borrowed(""), span, lossy: false });
    }

    fn give_key(&mut self, key: impl Into<Cow<'static, str>>, span: Span) {
        self.queue.push_back(Given { token: Token::Key, text: key.into(), span, lossy: false });
    }

    fn give_text(&mut self, value: Value) {
        if let Some(at) = value.entity {
            self.owe_entity(at);
        }
        let Value { text, span, lossy, .. } = value;
        self.queue.push_back(Given { token: Token::Text, text: text.into(), span, lossy });
    }

    fn owe_entity(&mut self, at: u64) {
        self.owe(at, "the entity here stands for something that is said elsewhere; it was not expanded");
    }

    fn step(&mut self) -> Result<(), Fault> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let start = self.position();
        self.reader.get_mut().renew();
        let event = match self.reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => return Err(fault(error, &self.reader, self.base, start)),
        };
        let span = Span { start, end: self.position() };
        match event {
            Event::Start(tag) => self.start(&tag, span)?,
            Event::End(_) => self.end(span),
            Event::Text(text) => self.text(&text, span.start, false)?,
            Event::CData(text) => self.text(&text, span.start + "<![CDATA[".len() as u64, true)?,
            Event::GeneralRef(name) => self.reference(&name, span)?,
            Event::DocType(_) => {
                self.owe(start, "a document type stands here; what it adds to the document was not read");
            }
            Event::Eof => self.finish(start)?,
            Event::Empty(_) | Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
        }
        self.buffer = buffer;
        Ok(())
    }

    fn start(&mut self, tag: &BytesStart<'_>, span: Span) -> Result<(), Fault> {
        if self.skipped > 0 {
            self.skipped += 1;
            return Ok(());
        }
        if let Some(Frame::Text { inside, .. }) = self.frames.last_mut() {
            *inside += 1;
            return Ok(());
        }
        let depth = self.frames.len() + 1;
        let namespace = if self.begun { None } else { namespace(tag, span) };
        if let Some((address, _)) = namespace {
            self.scope.root(address);
        }
        for attribute in attributes(tag, span) {
            let (key, address, _) = attribute?;
            self.scope.declare(depth, key, address);
        }
        let qualified = tag.name();
        let written = qualified.as_ref();
        let named = Span { start: span.start + 1, end: span.start + 1 + written.len() as u64 };
        let own = self.scope.own(written, false);
        match (self.frames.last(), own) {
            (None, _) if self.begun => return cut(span.start, "there is more text after the end of the document"),
            (None, _) => self.root(tag, namespace, span),
            (Some(_), None) => self.skipped = 1,
            (Some(&Frame::Object { node, .. }), Some(name)) => self.member(node, name, tag, named, span),
            (Some(&Frame::List { then, items, .. }), Some(name)) => {
                self.plain_entry();
                match shape::item(self.table, then, items, name) {
                    Some(("", shape)) => self.begin(shape, tag, span, 0),
                    Some((key, shape)) => {
                        self.give(Token::OpenObject, span);
                        self.give_key(key, named);
                        self.begin(shape, tag, span, 1);
                    }
                    None => {
                        self.give(Token::OpenObject, span);
                        self.unknown(name, named);
                        self.give(Token::Close, span);
                    }
                }
            }
            (Some(Frame::Dependencies | Frame::Dependency(_)), Some("dependency")) => {
                self.dependency("dependsOn", tag, named, span);
            }
            (Some(Frame::Dependency(_)), Some("provides")) => self.dependency("provides", tag, named, span),
            (Some(_), Some(_)) => self.skipped = 1,
        }
        Ok(())
    }

    /// The outermost element. A CycloneDX document states its version in its namespace.
    fn root(&mut self, tag: &BytesStart<'_>, namespace: Option<(&str, u64)>, span: Span) {
        self.begun = true;
        self.give(Token::OpenObject, span);
        if let Some((address, at)) = namespace.filter(|_| self.style == Style::CycloneDx) {
            let version = address.rsplit('/').next().unwrap_or_default();
            if version.starts_with(|c: char| c.is_ascii_digit()) {
                self.give_key("specVersion", Span { start: at, end: at });
                self.give_text(Value::attribute(version, at + (address.len() - version.len()) as u64));
            }
        }
        self.object(Node::Document, tag, span, true, 0);
    }

    /// An element in an object.
    fn member(&mut self, node: Node, name: &str, tag: &BytesStart<'_>, named: Span, span: Span) {
        let row = shape::element(self.table, self.style, node, name);
        let goes_on = row.filter(|row| row.repeated).map(|row| row.key);
        let Some(Frame::Object { start, opened, list, .. }) = self.frames.last_mut() else { return };
        let (start, was_opened, was) = (*start, std::mem::replace(opened, true), *list);
        if row.is_some() {
            *list = goes_on;
        }
        if !was_opened {
            self.give(Token::OpenObject, Span { start, end: start });
        }
        let Some(row) = row else {
            if was.is_none() {
                self.unknown(name, named);
            }
            self.skipped = 1;
            return;
        };
        if was.is_some() && was != goes_on {
            self.give(Token::Close, named);
        }
        if was.is_none() || was != goes_on {
            if !self.value.is_blank() {
                // A text beside elements.
                self.own_text(node, named);
            }
            self.give_key(row.key, named);
            if row.repeated {
                self.give(Token::OpenArray, named);
            }
        }
        self.begin(row.shape, tag, span, 0);
    }

    /// An element that the table does not name.
    fn unknown(&mut self, name: &str, named: Span) {
        self.give_key(name.to_owned(), named);
        self.give(Token::Null, named);
        self.skipped = 1;
    }

    /// Begins a value; when it is over, so many objects around it are.
    fn begin(&mut self, shape: Shape, tag: &BytesStart<'_>, span: Span, closes: u8) {
        self.value.clear(span.end);
        match shape {
            Shape::Text => self.frames.push(Frame::Text { inside: 0, closes }),
            Shape::Object(node) => self.object(node, tag, span, false, closes),
            Shape::List(then, items) => {
                self.give(Token::OpenArray, span);
                self.frames.push(Frame::List { then, items, closes });
            }
            Shape::Dependencies => {
                self.give(Token::OpenArray, span);
                self.frames.push(Frame::Dependencies);
            }
        }
    }

    fn object(&mut self, node: Node, tag: &BytesStart<'_>, span: Span, mut opened: bool, closes: u8) {
        for (name, written, at) in attributes(tag, span).flatten() {
            let own = self.scope.own(name, true).filter(|own| !own.starts_with("xmlns"));
            let Some(key) = own.and_then(|name| shape::attribute(self.table, node, name)) else { continue };
            if !std::mem::replace(&mut opened, true) {
                self.give(Token::OpenObject, span);
            }
            self.give_key(key, Span { start: at, end: at });
            self.give_text(Value::attribute(written, at));
        }
        self.frames.push(Frame::Object { node, start: span.start, opened, list: None, closes });
    }

    /// The text of an object's element itself.
    fn own_text(&mut self, node: Node, named: Span) {
        let value = self.value.take();
        match shape::content(self.table, node) {
            Some(key) => {
                self.give_key(key, named);
                self.give_text(value);
            }
            None => {
                self.give_key("#text", named);
                self.give(Token::Null, value.span);
            }
        }
    }

    /// A text that stands in a list without an element of its own.
    fn plain_entry(&mut self) {
        if !self.value.is_blank() {
            let value = self.value.take();
            self.give_text(value);
        }
    }

    /// A dependency. One that stands in another is an entry of its own, so that any depth is told.
    fn dependency(&mut self, key: &'static str, tag: &BytesStart<'_>, named: Span, span: Span) {
        let found = attributes(tag, span).flatten().find(|(name, ..)| self.scope.own(name, true) == Some("ref"));
        let reference = found.map(|(_, written, at)| Value::attribute(written, at));
        let on = match self.frames.last() {
            Some(Frame::Dependency(on)) => Some(on.clone()),
            _ => None,
        };
        if let (Some(reference), None | Some(Some(_))) = (&reference, &on) {
            self.give(Token::OpenObject, span);
            self.give_key("ref", named);
            match on.flatten() {
                Some(on) => {
                    self.give_text(on);
                    self.give_key(key, named);
                    self.give(Token::OpenArray, span);
                    self.give_text(reference.clone());
                    self.give(Token::Close, span);
                }
                None => self.give_text(reference.clone()),
            }
            self.give(Token::Close, span);
        } else if reference.is_some() {
            self.owe(span.start, "what stands around this dependency has no reference, or one longer than 4 KiB");
        }
        self.frames.push(Frame::Dependency(reference.filter(|value| value.text.len() <= REFERENCE)));
    }

    fn end(&mut self, span: Span) {
        if self.skipped > 0 {
            self.skipped -= 1;
            if self.skipped == 0 {
                self.scope.leave(self.frames.len() + 1);
            }
            return;
        }
        if let Some(Frame::Text { inside: inside @ 1.., .. }) = self.frames.last_mut() {
            *inside -= 1;
            return;
        }
        let Some(frame) = self.frames.pop() else { return };
        self.scope.leave(self.frames.len() + 1);
        let closes = match frame {
            Frame::Text { closes, .. } => {
                let value = self.value.take();
                self.give_text(value);
                closes
            }
            Frame::Object { node, start, opened, list, closes } => {
                if list.is_some() {
                    self.give(Token::Close, span);
                }
                let said = !self.value.is_blank();
                if said && !opened && shape::content(self.table, node).is_none() {
                    // A plain text where an object should stand.
                    let value = self.value.take();
                    self.give_text(value);
                } else {
                    if !opened {
                        self.give(Token::OpenObject, Span { start, end: start });
                    }
                    if said {
                        self.own_text(node, span);
                    }
                    self.give(Token::Close, span);
                }
                closes
            }
            Frame::List { closes, .. } => {
                self.plain_entry();
                self.give(Token::Close, span);
                closes
            }
            Frame::Dependencies => {
                self.give(Token::Close, span);
                0
            }
            Frame::Dependency(_) => 0,
        };
        for _ in 0..closes {
            self.give(Token::Close, span);
        }
        self.value.clear(span.end);
    }

    fn text(&mut self, text: &str, at: u64, marked: bool) -> Result<(), Fault> {
        if self.skipped > 0 {
            return Ok(());
        }
        if self.frames.is_empty() {
            let blank = text.trim_ascii_start();
            let at = at + (text.len() - blank.len()) as u64;
            return if blank.is_empty() { Ok(()) } else { cut(at, "text stands outside of the outermost element") };
        }
        self.value.text(text, at);
        // An ampersand that begins no reference; marked text may hold any.
        self.value.lossy |= !marked && text.contains('&');
        self.measure(at)
    }

    fn reference(&mut self, name: &str, span: Span) -> Result<(), Fault> {
        if self.skipped > 0 {
            return Ok(());
        }
        if self.frames.is_empty() {
            return cut(span.start, "text stands outside of the outermost element");
        }
        self.value.reference(name, span);
        if let Some(at) = self.value.entity {
            self.owe_entity(at);
        }
        self.measure(span.start)
    }

    fn measure(&self, offset: u64) -> Result<(), Fault> {
        if self.value.text.len() <= self.reader.get_ref().feed().longest_value {
            return Ok(());
        }
        Err(too_long(offset))
    }

    fn finish(&mut self, at: u64) -> Result<(), Fault> {
        let inside = if let Some(Frame::Text { inside, .. }) = self.frames.last() { *inside } else { 0 };
        let open = self.frames.len() as u64 + self.skipped + inside;
        if open > 0 {
            return cut(at, &format!("the file is cut off: {open} elements are still open"));
        }
        if !self.begun {
            return cut(at, "the file ends before its first element");
        }
        if let Some((offset, message)) = self.owed.take() {
            return Err(Fault::Syntax { offset, message });
        }
        self.give(Token::End, Span { start: at, end: at });
        Ok(())
    }
}

impl Tokens for Xml<'_> {
    fn next(&mut self) -> Result<Token, Fault> {
        loop {
            if let Some(given) = self.queue.pop_front() {
                self.current = given;
                return Ok(self.current.token);
            }
            self.step()?;
        }
    }

    fn span(&self) -> Span {
        self.current.span
    }

    fn raw(&mut self) -> Raw<'_> {
        let Given { token, text, span, lossy } = &self.current;
        let bytes = text.as_bytes();
        Raw {
            bytes,
            span: *span,
            // References are decoded already; what could not be is left to tell.
            escaped: *lossy,
            high: !bytes.is_ascii(),
            hit: *token == Token::Text && self.reader.get_ref().feed().hit(bytes),
            decode: |bytes| (String::from_utf8_lossy(bytes), true),
        }
    }
}

fn reader(feed: Feed<'_>) -> Result<(Reader<Gate<'_>>, u64), Fault> {
    let (gate, base) = Gate::new(feed)?;
    let mut reader = Reader::from_reader(gate);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.allow_dangling_amp = true;
    Ok((reader, base))
}

/// The attributes of a tag: name, value as written, and where the value stands.
fn attributes<'t>(
    tag: &'t BytesStart<'_>,
    span: Span,
) -> impl Iterator<Item = Result<(&'t str, &'t str, u64), Fault>> + 't {
    let start = tag.as_ptr().addr();
    let mut all = tag.attributes();
    all.with_checks(false);
    all.map(move |attribute| match attribute {
        Ok(attribute) => {
            // Attributes as read are always parts of their tag.
            let Cow::Borrowed(value) = attribute.value else { return Ok(("", "", span.start)) };
            let at = span.start + 1 + value.as_ptr().addr().saturating_sub(start) as u64;
            Ok((attribute.key.into_inner(), value, at))
        }
        Err(error) => {
            Err(Fault::Syntax { offset: span.start, message: format!("an attribute here is broken: {error}") })
        }
    })
}

/// The namespace that a tag declares for itself, and where it stands.
fn namespace<'t>(tag: &'t BytesStart<'_>, span: Span) -> Option<(&'t str, u64)> {
    let name = tag.name().into_inner();
    let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
    attributes(tag, span)
        .flatten()
        .find(|(key, ..)| scope::declared(key) == Some(prefix))
        .map(|(_, address, at)| (address, at))
}

fn cut<T>(offset: u64, message: &str) -> Result<T, Fault> {
    Err(Fault::Syntax { offset, message: message.to_owned() })
}

fn too_long(offset: u64) -> Fault {
    let message = "a single value is longer than the limit (--max-value-size raises it)";
    Fault::Limit { offset, message: message.to_owned() }
}

fn fault(error: Error, reader: &Reader<Gate<'_>>, base: u64, start: u64) -> Fault {
    match error {
        Error::Io(error) if error.kind() == io::ErrorKind::OutOfMemory => too_long(start),
        Error::Io(error) => Fault::Io(io::Error::new(error.kind(), error.to_string())),
        error => {
            let message = format!("this breaks the rules of XML: {error}");
            Fault::Syntax { offset: base + reader.error_position(), message }
        }
    }
}
