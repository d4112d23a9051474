//! The one interface between syntaxes and meaning: open, key, scalar, close, each with its bytes.
//!
//! A reader of a syntax (JSON today) turns bytes into [`Token`]s and nothing more. It must be iterative (depth costs
//! memory, never stack), stop cleanly at the first break of its syntax, and know nothing of SBOMs.

use crate::source::window::Span;
use std::borrow::Cow;
use std::io;

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// An object begins.
    OpenObject,
    /// An array begins.
    OpenArray,
    /// The innermost object or array ends.
    Close,
    /// The name of the next value.
    Key,
    /// A text.
    Text,
    /// A number or truth value.
    Literal,
    /// A null.
    Null,
    /// The document is over.
    End,
}

/// Why reading stopped.
#[derive(Debug)]
pub enum Fault {
    /// The text breaks the rules of the syntax.
    Syntax {
        /// Where.
        offset: u64,
        /// What was expected or found.
        message: String,
    },
    /// A limit was reached.
    Limit {
        /// Where.
        offset: u64,
        /// The limit, and the option that raises it.
        message: String,
    },
    /// Reading failed.
    Io(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The bytes of a key or scalar.
#[derive(Debug, Clone, Copy)]
pub struct Raw<'t> {
    /// The content, without quotes, as written.
    pub bytes: &'t [u8],
    /// The value in the input, with its quotes.
    pub span: Span,
    /// Whether the content must be decoded.
    pub escaped: bool,
    /// Whether any byte is outside ASCII.
    pub high: bool,
    /// Whether a watched literal begins in it.
    pub hit: bool,
    /// Decodes the content: the text, and whether something in it could not be decoded.
    pub decode: fn(&[u8]) -> (Cow<'_, str>, bool),
}

impl<'t> Raw<'t> {
    /// The text, decoded.
    pub fn text(&self) -> Cow<'t, str> {
        self.decoded().0
    }

    /// The text, and whether something in it could not be decoded.
    pub fn decoded(&self) -> (Cow<'t, str>, bool) {
        if self.escaped {
            return (self.decode)(self.bytes);
        }
        let text = String::from_utf8_lossy(self.bytes);
        let lossy = self.high && matches!(text, Cow::Owned(_));
        (text, lossy)
    }
}

/// A reader of one syntax.
pub trait Tokens {
    /// The next token.
    ///
    /// # Errors
    /// When the syntax is broken, a limit reached, or reading fails. Nothing can be read after that.
    fn next(&mut self) -> Result<Token, Fault>;

    /// The last token's bytes in the input.
    fn span(&self) -> Span;

    /// The last key or scalar.
    fn raw(&mut self) -> Raw<'_>;
}
