//! CycloneDX protobuf (1.3 to 1.7) as the tokens of the same document in JSON, from the sliding window.
//!
//! A message is a run of fields: a number that says which field and how it is written, then its value. What a field is in
//! JSON stands in [`messages`]. Entries of a list have no brackets here and may stand interleaved, so each is given as it
//! comes, under a key that comes [`Again`].
//!
//! It must hold no more than the current value and what is open around it, and trust no length. The window must not watch
//! for literals: no quotes stand around a text here, so every text is searched by itself. Start at `Protobuf::field`.

mod dependencies;
pub mod messages;

use super::steps::{Bytes, Steps};
use super::token::{Again, Fault, Raw, Remark, Token, Tokens, is_high};
use crate::source::window::{Span, Window};
use messages::{BOM, Field, Kind, Message};
use std::borrow::Cow;

/// How many messages may stand in each other: what is open costs memory.
const NESTING: usize = 1 << 20;

/// A message that is open.
struct Frame {
    message: &'static Message,
    /// Where it ends; of the document only the input knows.
    end: u64,
    listed: bool,
    flat: bool,
    /// Whether a word stood in it.
    told: bool,
    /// How many entries each list has so far.
    counts: Vec<(&'static str, u32)>,
    /// The reference of a dependency.
    reference: Option<Box<Reference>>,
}

impl Frame {
    /// The number of the next entry in the list of a key.
    fn entry(&mut self, key: &'static str) -> Again {
        let entry = match self.counts.iter_mut().find(|(k, _)| *k == key) {
            Some((_, count)) => {
                *count = count.saturating_add(1);
                *count
            }
            None => {
                self.counts.push((key, 0));
                0
            }
        };
        Again { entry, outermost: false }
    }
}

/// What a dependency is about.
struct Reference {
    text: String,
    span: Span,
}

/// How a value is written.
#[derive(Debug, Clone, Copy)]
enum Value {
    Number(u64),
    Run(Span),
}

/// Tokens of one document.
pub struct Protobuf {
    window: Window,
    at: u64,
    frames: Vec<Frame>,
    steps: Steps<()>,
    begun: bool,
    /// A number or point in time as JSON writes it, or a text that is told again.
    written: String,
    /// Whose entry in the list of dependencies is open, as the place of its message.
    telling: Option<usize>,
    /// What was passed over.
    remark: Option<Remark>,
}

impl Protobuf {
    /// Reads from a window at the start of a document.
    pub fn new(window: Window) -> Self {
        Self {
            window,
            at: 0,
            frames: Vec::new(),
            steps: Steps::default(),
            begun: false,
            written: String::new(),
            telling: None,
            remark: None,
        }
    }

    /// The window, for its digest.
    pub fn into_window(self) -> Window {
        self.window
    }

    fn begin(&mut self) {
        let start = self.here();
        self.steps.push(Token::OpenObject, start);
        self.steps.key("bomFormat", start, None);
        self.steps.word("CycloneDX", start);
        self.open(&BOM, u64::MAX, false, false);
    }

    /// Reads the next field, or the end of what is open, and makes its tokens ready.
    fn field(&mut self) -> Result<(), Fault> {
        while self.steps.is_empty() {
            let Some(frame) = self.frames.last() else {
                self.steps.push(Token::End, self.here());
                break;
            };
            let message = frame.message;
            let over = if frame.end == u64::MAX { !self.has(1)? } else { self.at >= frame.end };
            if over {
                self.close();
                continue;
            }
            let start = self.at;
            let tag = self.number()?;
            let (number, wire) = (tag >> 3, tag & 7);
            if self.frames.len() > NESTING {
                let message = "more than a million messages stand in each other".to_owned();
                return Err(Fault::limit(start, message));
            }
            if number == 0 || number >= 1 << 29 {
                return Err(Fault::syntax(start, "a field has a number that no field can have"));
            }
            let value = match wire {
                0 => Value::Number(self.number()?),
                1 => Value::Number(self.fixed(8)?),
                2 => {
                    let len = self.number()?;
                    let end = self.at.checked_add(len).filter(|end| *end <= self.end() && *end < u64::MAX);
                    let Some(end) = end else {
                        return Err(Fault::syntax(start, "a field is longer than what stands around it"));
                    };
                    Value::Run(Span { start: self.at, end })
                }
                5 => Value::Number(self.fixed(4)?),
                3 | 4 => return Err(Fault::syntax(start, "a group stands here, which CycloneDX does not have")),
                _ => return Err(Fault::syntax(start, "a field is written in a way that protobuf does not have")),
            };
            self.value(message.find(number), value, Span { start, end: self.at })?;
        }
        Ok(())
    }

    fn value(&mut self, field: Option<&'static Field>, value: Value, tag: Span) -> Result<(), Fault> {
        let Some(field) = field else {
            self.steps.key("", tag, None);
            self.steps.push(Token::Null, tag);
            return match value {
                Value::Number(_) => Ok(()),
                Value::Run(span) => self.pass(span.end),
            };
        };
        match (value, field.kind) {
            (Value::Run(span), Kind::Flat(message)) => {
                self.open(message, span.end, false, true);
                return Ok(());
            }
            (Value::Run(span), Kind::Inside(message)) => {
                self.key(field, tag);
                self.steps.push(Token::OpenObject, Span { start: span.start, end: span.start });
                self.open(message, span.end, field.many, false);
                return Ok(());
            }
            (Value::Run(span), Kind::Dependency(message)) => {
                self.depends(field, message, span, tag);
                return Ok(());
            }
            (Value::Run(span), Kind::Text) if self.frames.last().is_some_and(|f| f.message.is_dependency()) => {
                return self.of_dependency(field, span, tag);
            }
            (Value::Run(span), Kind::Time) => {
                self.key(field, tag);
                self.fetch(span)?;
                let time = seconds(self.window.slice(span)).and_then(|s| jiff::Timestamp::from_second(s).ok());
                self.written = time.map_or_else(String::new, |t| t.to_string());
                self.steps.kept(Token::Text, (), span);
                self.at = span.end;
            }
            (Value::Run(span), Kind::Text | Kind::Word(_)) => {
                self.key(field, tag);
                self.fetch(span)?;
                self.steps.push(Token::Text, span);
                self.at = span.end;
            }
            (Value::Number(number), kind) => {
                self.key(field, tag);
                let words = if let Kind::Word(words) = kind { words } else { &[] };
                let word = usize::try_from(number).ok().and_then(|n| words.get(n));
                match word {
                    Some(&"") => self.steps.push(Token::Null, tag),
                    Some(word) => self.steps.word(word, tag),
                    None => {
                        self.written = number.to_string();
                        let token = if words.is_empty() { Token::Literal } else { Token::Text };
                        self.steps.kept(token, (), tag);
                    }
                }
            }
        }
        if field.many {
            self.steps.push(Token::Close, self.here());
        }
        Ok(())
    }

    /// The key of a field, and the bracket of its list.
    fn key(&mut self, field: &'static Field, tag: Span) {
        if let Some(frame) = self.frames.last_mut() {
            frame.told |= matches!(field.kind, Kind::Word(_));
        }
        let mut again = matches!(field.kind, Kind::Inside(_)).then_some(Again { entry: 0, outermost: false });
        if let Some(frame) = self.frames.iter_mut().rev().find(|f| !f.flat).filter(|_| field.many) {
            again = Some(frame.entry(field.key));
        }
        self.steps.key(field.key, tag, again);
        if field.many {
            self.steps.push(Token::OpenArray, tag);
        }
    }

    fn open(&mut self, message: &'static Message, end: u64, listed: bool, flat: bool) {
        self.frames.push(Frame { message, end, listed, flat, told: false, counts: Vec::new(), reference: None });
    }

    fn close(&mut self) {
        let last = self.frames.pop();
        if self.telling == Some(self.frames.len()) {
            self.telling = None;
        }
        let Some(frame) = last.filter(|f| !f.flat) else { return };
        if let Some((field, word)) = frame.message.unsaid().filter(|_| !frame.told) {
            let span = self.here();
            self.steps.key(field.key, span, None);
            self.steps.word(word, span);
        }
        self.steps.push(Token::Close, self.here());
        if frame.listed {
            self.steps.push(Token::Close, self.here());
        }
    }

    fn here(&self) -> Span {
        Span { start: self.at, end: self.at }
    }

    /// Where the innermost message ends.
    fn end(&self) -> u64 {
        self.frames.last().map_or(u64::MAX, |f| f.end)
    }

    /// Whether the input has so many bytes more; they are then in the window.
    fn has(&mut self, bytes: u64) -> Result<bool, Fault> {
        while (self.window.from(self.at).len() as u64) < bytes {
            if !self.window.more(self.at).map_err(|e| Fault::of_window(e, self.at))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Brings a whole value into the window.
    fn fetch(&mut self, span: Span) -> Result<(), Fault> {
        if self.has(span.end - span.start)? { Ok(()) } else { Err(self.cut()) }
    }

    /// Goes on at an offset without keeping what lies before it.
    fn pass(&mut self, to: u64) -> Result<(), Fault> {
        while self.at < to {
            if !self.has(1)? {
                return Err(self.cut());
            }
            self.at += (self.window.from(self.at).len() as u64).min(to - self.at);
        }
        Ok(())
    }

    fn cut(&self) -> Fault {
        Fault::syntax(self.at + self.window.from(self.at).len() as u64, "the input ends in the middle of a field")
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        if self.at >= self.end() {
            return Err(Fault::syntax(self.at, "a field is longer than what stands around it"));
        }
        let there = self.has(1)?;
        let byte = self.window.from(self.at).first().copied().filter(|_| there).ok_or_else(|| self.cut())?;
        self.at += 1;
        Ok(byte)
    }

    /// A number in groups of seven bits, the lowest first.
    fn number(&mut self) -> Result<u64, Fault> {
        let start = self.at;
        let mut value = 0u64;
        for group in 0..10 {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << (7 * group);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Fault::syntax(start, "a number is longer than ten bytes"))
    }

    fn fixed(&mut self, bytes: u32) -> Result<u64, Fault> {
        (0..bytes).try_fold(0u64, |value, n| Ok(value | u64::from(self.byte()?) << (8 * n)))
    }
}

/// The seconds in a point in time, whose first field they are.
fn seconds(bytes: &[u8]) -> Option<i64> {
    let (8, rest) = bytes.split_first().map(|(tag, rest)| (*tag, rest))? else { return None };
    let mut value = 0u64;
    for (group, byte) in rest.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7F) << (7 * group);
        if byte & 0x80 == 0 {
            return Some(value.cast_signed());
        }
    }
    None
}

/// Texts have no escapes here.
fn plain(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    let text = String::from_utf8_lossy(bytes);
    let lossy = matches!(text, Cow::Owned(_));
    (text, lossy)
}

impl Tokens for Protobuf {
    fn next(&mut self) -> Result<Token, Fault> {
        if let Some(token) = self.steps.take() {
            return Ok(token);
        }
        if std::mem::replace(&mut self.begun, true) {
            self.field()?;
        } else {
            self.begin();
        }
        Ok(self.steps.take().unwrap_or(Token::End))
    }

    fn span(&self) -> Span {
        self.steps.given().map_or_else(|| self.here(), |given| given.0)
    }

    fn raw(&mut self) -> Raw<'_> {
        let span = self.span();
        let raw = |bytes| Raw { bytes, span, escaped: false, plain: true, high: false, decode: plain };
        match self.steps.given() {
            Some((_, Bytes::Word(text, _))) => raw(text.as_bytes()),
            Some((_, Bytes::Kept(()))) => raw(self.written.as_bytes()),
            _ => {
                let bytes = self.window.slice(span);
                Raw { high: is_high(bytes), ..raw(bytes) }
            }
        }
    }

    fn again(&self) -> Option<Again> {
        self.steps.again()
    }

    fn remark(&mut self) -> Option<Remark> {
        self.remark.take()
    }
}
