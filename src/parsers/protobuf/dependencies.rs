//! Dependencies, which stand in each other in protobuf and beside each other in the JSON.
//!
//! The list of the JSON has an entry for each dependency that says something; while one is open, what another says closes
//! it and begins an entry for the other, with its reference told again. So any depth is read, and nothing is held but the
//! references of what is open.

use super::messages::{Field, Message, REF};
use super::{Protobuf, Reference};
use crate::model::Code;
use crate::parsers::token::{Fault, Remark, Token};
use crate::source::window::Span;

/// Longer references are not told again.
const REFERENCE: u64 = 4 << 10;

impl Protobuf {
    /// A dependency begins. What it is about stands in it.
    pub(super) fn depends(&mut self, field: &'static Field, message: &'static Message, span: Span, tag: Span) {
        let inner = self.frames.last().is_some_and(|f| f.message.is_dependency());
        if !inner {
            self.key(field, tag);
            self.steps.push(Token::OpenObject, Span { start: span.start, end: span.start });
            self.telling = Some(self.frames.len());
        }
        self.open(message, span.end, field.many && !inner, inner);
    }

    /// A text in a dependency: what it is about, or what it provides.
    pub(super) fn of_dependency(&mut self, field: &'static Field, span: Span, tag: Span) -> Result<(), Fault> {
        self.fetch(span)?;
        let own = self.frames.len().saturating_sub(1);
        let names = field.key == REF;
        let mut teller = own;
        let mut shown = field;
        if names && span.end - span.start <= REFERENCE {
            let text = String::from_utf8_lossy(self.window.slice(span)).into_owned();
            if let Some(frame) = self.frames.last_mut() {
                frame.reference = Some(Box::new(Reference { text, span }));
            }
        }
        if names && self.frames.last().is_some_and(|f| f.flat) {
            // The one around it depends on it.
            teller = own.saturating_sub(1);
            shown = self.frames.get(teller).and_then(|f| f.message.find_key("dependsOn")).unwrap_or(field);
        }
        // An entry that was begun again has its reference.
        let known = names && teller == own && self.telling != Some(own);
        if !known && self.tell_of(teller, tag) {
            self.key(shown, tag);
            self.steps.push(Token::Text, span);
            if shown.many {
                self.steps.push(Token::Close, Span { start: span.end, end: span.end });
            }
        }
        self.at = span.end;
        Ok(())
    }

    /// Makes the entry of a dependency the one that is open. False when nothing says what it is about.
    fn tell_of(&mut self, teller: usize, tag: Span) -> bool {
        if self.telling == Some(teller) {
            return true;
        }
        let Some(reference) = self.frames.get(teller).and_then(|f| f.reference.as_deref()) else {
            let message = "what stands around this dependency has no reference before it, or one longer than 4 KiB; it was \
                           passed over";
            self.remark.get_or_insert_with(|| Remark {
                code: Code::WrongType,
                message: message.to_owned(),
                span: tag,
                hides_components: false,
            });
            return false;
        };
        self.written.clone_from(&reference.text);
        let at = reference.span;
        // The object and its place in the list.
        self.steps.push(Token::Close, tag);
        self.steps.push(Token::Close, tag);
        let again = self.frames.first_mut().map(|document| document.entry("dependencies"));
        self.steps.key("dependencies", tag, again);
        self.steps.push(Token::OpenArray, tag);
        self.steps.push(Token::OpenObject, tag);
        self.steps.key(REF, tag, None);
        self.steps.kept(Token::Text, (), at);
        self.telling = Some(teller);
        true
    }
}
