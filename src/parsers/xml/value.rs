//! One value while it is collected: from pieces of text, character data and references, with the place of what is left
//! when the white space around it is gone.

use super::gate::BROKEN;
use crate::source::window::Span;
use quick_xml::escape::resolve_xml_entity;

/// A value.
#[derive(Debug, Clone, Default)]
pub struct Value {
    /// The text, decoded.
    pub text: String,
    /// From its first character to its last that is no white space, as written.
    pub span: Span,
    /// Whether something in it is no text.
    pub lossy: bool,
    /// Where the first entity stands that is none of the five of XML. Such an entity is never expanded.
    pub entity: Option<u64>,
}

impl Value {
    /// Nothing yet.
    pub fn clear(&mut self, at: u64) {
        self.text.clear();
        *self = Self { text: std::mem::take(&mut self.text), span: Span { start: at, end: at }, ..Self::default() };
    }

    /// Whether only white space has come.
    pub fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// The value without the white space behind it, leaving an empty one.
    pub fn take(&mut self) -> Self {
        let mut value = std::mem::take(self);
        value.text.truncate(value.text.trim_ascii_end().len());
        value
    }

    /// Text as it stands, from an offset on.
    pub fn text(&mut self, piece: &str, at: u64) {
        let mut rest = piece;
        let mut at = at;
        if self.text.is_empty() {
            rest = piece.trim_ascii_start();
            at += (piece.len() - rest.len()) as u64;
            if rest.is_empty() {
                return;
            }
            self.span.start = at;
        }
        let said = rest.trim_ascii_end().len();
        if said > 0 {
            self.span.end = at + said as u64;
        }
        if memchr::memchr(BROKEN as u8, rest.as_bytes()).is_some() {
            self.lossy = true;
            self.text.extend(rest.chars().map(|c| if c == BROKEN { char::REPLACEMENT_CHARACTER } else { c }));
        } else {
            self.text.push_str(rest);
        }
    }

    /// A reference (`&name;`), from its ampersand to behind its semicolon.
    pub fn reference(&mut self, name: &str, span: Span) {
        if self.text.is_empty() {
            self.span.start = span.start;
        }
        self.span.end = span.end;
        let number = name.strip_prefix('#').map(|digits| match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => digits.parse().ok(),
        });
        match (number, resolve_xml_entity(name)) {
            (Some(number), _) => {
                let read = number.and_then(char::from_u32).filter(|c| *c != '\0');
                self.lossy |= read.is_none();
                self.text.push(read.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            (None, Some(text)) => self.text.push_str(text),
            (None, None) => {
                self.lossy = true;
                self.entity.get_or_insert(span.start);
                self.text.extend(["&", name, ";"]);
            }
        }
    }

    /// A whole attribute value as written, from an offset on.
    pub fn attribute(written: &str, at: u64) -> Self {
        let mut value = Self { span: Span { start: at, end: at }, ..Self::default() };
        let mut rest = written;
        while let Some(ampersand) = memchr::memchr(b'&', rest.as_bytes()) {
            let (before, after) = rest.split_at(ampersand);
            let offset = at + (written.len() - after.len()) as u64;
            value.text(before, offset - before.len() as u64);
            let name = after.get(1..).and_then(|after| after.split_once(';')).map(|(name, _)| name);
            match name.filter(|name| !name.is_empty() && !name.contains([' ', '&', '\n', '\t'])) {
                Some(name) => {
                    let len = name.len() + 2;
                    value.reference(name, Span { start: offset, end: offset + len as u64 });
                    rest = after.get(len..).unwrap_or_default();
                }
                None => {
                    value.lossy = true;
                    value.text("&", offset);
                    rest = after.get(1..).unwrap_or_default();
                }
            }
        }
        value.text(rest, at + (written.len() - rest.len()) as u64);
        value.take()
    }
}
