//! Tokens that a reader has ready: for syntaxes in which one field or line stands for several tokens of the JSON.
//!
//! A reader fills it with what a field or line says and gives the tokens one by one; it must hold no more than that. Start
//! at [`Steps::take`].

use super::token::{Again, Token};
use crate::source::window::Span;

/// A token that is ready to be given.
#[derive(Debug, Clone, Copy)]
struct Step<K> {
    token: Token,
    span: Span,
    bytes: Bytes<K>,
}

/// Where the bytes of a token are.
#[derive(Debug, Clone, Copy)]
pub enum Bytes<K> {
    /// In the input.
    Input,
    /// A key or word that JSON has and the input does not.
    Word(&'static str, Option<Again>),
    /// Kept by the reader.
    Kept(K),
}

/// The tokens of one field or line, and how far they have been given.
#[derive(Debug)]
pub struct Steps<K> {
    ready: Vec<Step<K>>,
    next: usize,
}

impl<K> Default for Steps<K> {
    fn default() -> Self {
        Self { ready: Vec::new(), next: 0 }
    }
}

impl<K: Copy> Steps<K> {
    /// The next token; `None` when all have been given, which makes room for more.
    pub fn take(&mut self) -> Option<Token> {
        let Some(step) = self.ready.get(self.next) else {
            self.ready.clear();
            self.next = 0;
            return None;
        };
        self.next += 1;
        Some(step.token)
    }

    /// Whether nothing has been made ready since all was given.
    pub fn is_empty(&self) -> bool {
        self.ready.is_empty()
    }

    /// Where the token that was made ready last stands.
    pub fn end(&self) -> Option<Span> {
        self.ready.last().map(|step| step.span)
    }

    /// Makes a token ready whose bytes are in the input.
    pub fn push(&mut self, token: Token, span: Span) {
        self.ready.push(Step { token, span, bytes: Bytes::Input });
    }

    /// Makes a key ready.
    pub fn key(&mut self, key: &'static str, span: Span, again: Option<Again>) {
        self.ready.push(Step { token: Token::Key, span, bytes: Bytes::Word(key, again) });
    }

    /// Makes a text ready that the input does not have.
    pub fn word(&mut self, word: &'static str, span: Span) {
        self.ready.push(Step { token: Token::Text, span, bytes: Bytes::Word(word, None) });
    }

    /// Makes a token ready whose bytes the reader keeps.
    pub fn kept(&mut self, token: Token, kept: K, span: Span) {
        self.ready.push(Step { token, span, bytes: Bytes::Kept(kept) });
    }

    /// Where the token given last stands, and its bytes.
    pub fn given(&self) -> Option<(Span, Bytes<K>)> {
        self.ready.get(self.next.checked_sub(1)?).map(|step| (step.span, step.bytes))
    }

    /// Whether the key given last comes again on purpose.
    pub fn again(&self) -> Option<Again> {
        if let (_, Bytes::Word(_, again)) = self.given()? { again } else { None }
    }
}
