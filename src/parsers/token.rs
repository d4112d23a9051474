//! The one interface between syntaxes and meaning: open, key, scalar, close, each with its bytes.
//!
//! A reader of a syntax turns bytes into [`Token`]s and nothing more. It must be iterative (depth costs
//! memory, never stack), stop cleanly at the first break of its syntax, and know nothing of SBOMs.

use crate::model::Code;
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

/// Where reading stopped.
#[derive(Debug)]
pub struct Stop {
    /// The byte.
    pub offset: u64,
    /// One sentence for people.
    pub message: String,
}

/// Why reading stopped. Small, because every token may come with one.
#[derive(Debug)]
pub enum Fault {
    /// The text breaks the rules of the syntax: what was expected or found.
    Syntax(Box<Stop>),
    /// A limit was reached: which, and the option that raises it.
    Limit(Box<Stop>),
    /// Reading failed.
    Io(io::Error),
}

impl Fault {
    /// The text breaks the rules of the syntax here.
    pub fn syntax(offset: u64, message: impl Into<String>) -> Self {
        Self::Syntax(Box::new(Stop { offset, message: message.into() }))
    }

    /// A limit was reached here.
    pub fn limit(offset: u64, message: impl Into<String>) -> Self {
        Self::Limit(Box::new(Stop { offset, message: message.into() }))
    }

    /// A single value, which begins here, is longer than the limit.
    pub fn too_long(offset: u64) -> Self {
        Self::limit(offset, "a single value is longer than the limit (--max-value-size raises it)")
    }

    /// What a window said that could not give more, while everything from `keep` on had to stay.
    pub fn of_window(error: io::Error, keep: u64) -> Self {
        match error.kind() {
            io::ErrorKind::OutOfMemory => Self::too_long(keep),
            _ => Self::Io(error),
        }
    }
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
    /// Whether whatever is escaped in it stands for punctuation or white space: decoding brings no letter to light, and
    /// cannot fail.
    pub plain: bool,
    /// Whether any byte is outside ASCII.
    pub high: bool,
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
        match std::str::from_utf8(self.bytes) {
            Ok(text) => (Cow::Borrowed(text), false),
            Err(_) => (String::from_utf8_lossy(self.bytes), self.high),
        }
    }

    /// Whether something in it could not be decoded.
    pub fn is_lossy(&self) -> bool {
        (self.high || self.escaped && !self.plain) && self.decoded().1
    }
}

/// Whether a byte stands outside of printable ASCII: a control character counts as needing a closer look, too.
pub fn is_high(bytes: &[u8]) -> bool {
    // Without a branch, so that many bytes are taken at once.
    bytes.iter().fold(false, |high, b| high | (b.wrapping_sub(0x20) >= 0x60))
}

/// How a key goes on with what stood before it. Syntaxes without brackets state the entries of a list one by one, with
/// other things between them, so that a key comes again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Again {
    /// The number of the next entry in the key's list.
    pub entry: u32,
    /// Whether the key belongs to the document itself, whatever is open.
    pub outermost: bool,
}

/// Something that a reader passed over and that must be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What.
    pub code: Code,
    /// One sentence for people.
    pub message: String,
    /// Where.
    pub span: Span,
    /// Whether it could hide a component.
    pub hides_components: bool,
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

    /// Whether the last key comes again on purpose.
    fn again(&self) -> Option<Again> {
        None
    }

    /// Goes on behind the object that has just been opened, which ends before this byte, without reading it; false when
    /// the syntax cannot.
    ///
    /// # Errors
    /// When reading fails.
    fn leap(&mut self, _end: u64) -> Result<bool, Fault> {
        Ok(false)
    }

    /// The next of what was passed over so far, once each.
    fn remark(&mut self) -> Option<Remark> {
        None
    }
}
