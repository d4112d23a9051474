//! XML (1.0) as tokens in the shape of a family's JSON: CycloneDX, and SPDX 2 as its tools write it.
//!
//! What elements mean stands in `elements` and `shape`, namespaces in `scope`, values in `value`, bytes in `gate`; the
//! reader here keeps the stack of open elements and gives tokens. It never expands an entity beyond the five of XML and
//! characters by number, and never follows a document type: both are owed, and told as a fault when all else has been
//! read. Memory is the open elements and one event. Start at [`Xml`]; `look` tells what a document is.

pub(super) mod elements;
pub(super) mod gate;
pub mod look;
pub(super) mod scope;
pub mod shape;
pub mod tags;
pub(super) mod value;

use super::syntax::Feed;
use super::table::{Node, Table, Then};
use super::token::{Fault, Raw, Token, Tokens};
use crate::source::window::Span;
use gate::Gate;
use quick_xml::events::Event;
use quick_xml::{Error, Reader};
use scope::Scope;
use shape::{Item, Style};
use std::borrow::Cow;
use std::collections::VecDeque;
use std::io;
use value::Value;

/// How many bytes the tags of open elements may have, with [`OPEN_EACH`] for each: what is open is remembered.
const OPEN: u64 = 64 << 20;

/// What an open element costs beside its tag.
const OPEN_EACH: u64 = 16;

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
pub struct Xml {
    reader: Reader<Gate>,
    /// The length of the byte-order mark.
    base: u64,
    buffer: Vec<u8>,
    table: &'static Table,
    style: Style,
    scope: Scope,
    frames: Vec<Frame>,
    /// How many elements are open that nothing asks for.
    skipped: u64,
    /// What each open element costs, and all together.
    costs: Vec<u32>,
    cost: u64,
    value: Value,
    queue: VecDeque<Given>,
    current: Given,
    begun: bool,
    /// What is wrong with the document as a whole, told at its end.
    owed: Option<(u64, String)>,
}

impl Xml {
    /// Reads from the start of a document of a family.
    ///
    /// # Errors
    /// When the first bytes cannot be read.
    pub fn new(feed: Feed, table: &'static Table, style: Style) -> Result<Self, Fault> {
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
            costs: Vec::new(),
            cost: 0,
            value: Value::default(),
            queue: VecDeque::new(),
            current: Given { token: Token::Null, text: Cow::Borrowed(""), span: Span::default(), lossy: false },
            begun: false,
            owed: None,
        })
    }

    /// The feed, for its digest.
    pub fn into_feed(self) -> Feed {
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
            Event::Start(tag) => {
                self.remember(tag.len() as u64 + OPEN_EACH, start)?;
                self.start(&tag, span)?;
            }
            Event::End(_) => {
                self.cost -= u64::from(self.costs.pop().unwrap_or_default());
                self.end(span);
            }
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

    fn remember(&mut self, cost: u64, offset: u64) -> Result<(), Fault> {
        let cost = u32::try_from(cost).unwrap_or(u32::MAX);
        self.costs.push(cost);
        self.cost += u64::from(cost);
        if self.cost <= OPEN {
            return Ok(());
        }
        let message = format!("{} elements stand in each other, with more than 64 MiB of tags", self.costs.len());
        Err(Fault::limit(offset, message))
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
        self.value.lossy |= !marked && memchr::memchr(b'&', text.as_bytes()).is_some();
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
        Err(Fault::too_long(offset))
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
            return Err(Fault::syntax(offset, message));
        }
        self.give(Token::End, Span { start: at, end: at });
        Ok(())
    }
}

impl Tokens for Xml {
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
        let Given { text, span, lossy, .. } = &self.current;
        let bytes = text.as_bytes();
        Raw {
            bytes,
            span: *span,
            // References are decoded already; what could not be is left to tell.
            escaped: *lossy,
            plain: false,
            high: !bytes.is_ascii(),
            decode: |bytes| (String::from_utf8_lossy(bytes), true),
        }
    }
}

pub(super) fn reader(feed: Feed) -> Result<(Reader<Gate>, u64), Fault> {
    let (gate, base) = Gate::new(feed)?;
    let mut reader = Reader::from_reader(gate);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.allow_dangling_amp = true;
    Ok((reader, base))
}

pub(super) fn cut<T>(offset: u64, message: &str) -> Result<T, Fault> {
    Err(Fault::syntax(offset, message))
}

pub(super) fn fault(error: Error, reader: &Reader<Gate>, base: u64, start: u64) -> Fault {
    match error {
        Error::Io(error) if error.kind() == io::ErrorKind::OutOfMemory => Fault::too_long(start),
        Error::Io(error) => Fault::Io(io::Error::new(error.kind(), error.to_string())),
        error => {
            let message = format!("this breaks the rules of XML: {error}");
            Fault::syntax(base + reader.error_position(), message)
        }
    }
}
