//! What each element means when it begins and when it ends: which tokens it is, and what is open then.

use super::shape::{self, Shape, Style};
use super::value::Value;
use super::{Frame, Xml, cut, scope};
use crate::parsers::table::Node;
use crate::parsers::token::{Fault, Token};
use crate::source::window::Span;
use quick_xml::events::BytesStart;
use std::borrow::Cow;

/// How long a reference may be for what it depends on to be told, which repeats it.
const REFERENCE: usize = 4 << 10;

impl Xml {
    /// An element begins.
    pub(super) fn start(&mut self, tag: &BytesStart<'_>, span: Span) -> Result<(), Fault> {
        if self.skipped > 0 {
            self.skipped += 1;
            return Ok(());
        }
        if let Some(Frame::Text { inside, .. }) = self.frames.last_mut() {
            *inside += 1;
            return Ok(());
        }
        let depth = self.frames.len() + 1;
        let qualified = tag.name();
        let written = qualified.as_ref();
        let namespace = if self.begun { None } else { namespace(tag, span) };
        if let Some((address, _)) = namespace {
            self.scope.root(address);
        }
        // Most tags are nothing but their name.
        if tag.len() > written.len() {
            for attribute in attributes(tag, span) {
                let (key, address, _) = attribute?;
                self.scope.declare(depth, key, address);
            }
        }
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
        let given = if tag.len() > tag.name().as_ref().len() { Some(attributes(tag, span)) } else { None };
        for (name, written, at) in given.into_iter().flatten().flatten() {
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

    /// An element ends.
    pub(super) fn end(&mut self, span: Span) {
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
}

/// The attributes of a tag: name, value as written, and where the value stands.
pub(in crate::parsers) fn attributes<'t>(
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
        Err(error) => Err(Fault::syntax(span.start, format!("an attribute here is broken: {error}"))),
    })
}

/// The namespace that a tag declares for itself, and where it stands.
pub(super) fn namespace<'t>(tag: &'t BytesStart<'_>, span: Span) -> Option<(&'t str, u64)> {
    let name = tag.name().into_inner();
    let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
    attributes(tag, span)
        .flatten()
        .find(|(key, ..)| scope::declared(key) == Some(prefix))
        .map(|(_, address, at)| (address, at))
}
