//! The tags of an XML document with their places, and nothing of what they mean: for whoever changes a document.

use super::elements::attributes;
use super::value::Value;
use super::{fault, reader};
use crate::parsers::syntax::Feed;
use crate::parsers::token::Fault;
use crate::source::window::Span;
use quick_xml::events::{BytesStart, Event};

/// A piece of a document.
#[derive(Debug)]
pub enum Piece<'t> {
    /// An element begins.
    Open(Opening<'t>),
    /// The innermost element ends; the place is empty when it ended where it began.
    Close,
    /// Text, without references.
    Text(&'t str),
    /// A comment or something else that stands by itself.
    Other,
}

/// The tag that begins an element.
#[derive(Debug)]
pub struct Opening<'t>(BytesStart<'t>);

impl Opening<'_> {
    /// The name as written, with its prefix.
    pub fn name(&self) -> &str {
        self.0.name().into_inner()
    }

    /// The value of an attribute by its name as written.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let all = attributes(&self.0, Span::default()).flatten();
        all.filter(|(key, ..)| *key == name).map(|(_, written, at)| Value::attribute(written, at).text).next()
    }
}

/// Gives every piece and its place, until the document ends or `see` fails.
///
/// # Errors
/// When the document is broken, or `see` fails.
pub fn tags<E>(
    feed: Feed,
    see: &mut dyn FnMut(Piece<'_>, Span) -> Result<(), E>,
    broken: &dyn Fn(Fault) -> E,
) -> Result<(), E> {
    let (mut reader, base) = reader(feed).map_err(broken)?;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let start = base + reader.buffer_position();
        reader.get_mut().renew();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => return Err(broken(fault(error, &reader, base, start))),
        };
        let span = Span { start, end: base + reader.buffer_position() };
        match event {
            Event::Start(tag) => see(Piece::Open(Opening(tag)), span)?,
            Event::End(_) => see(Piece::Close, span)?,
            Event::Text(text) => see(Piece::Text(&text), span)?,
            Event::Eof => return Ok(()),
            _ => see(Piece::Other, span)?,
        }
    }
}
