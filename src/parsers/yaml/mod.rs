//! YAML as the tokens of the same document in JSON, from the events of `saphyr-parser` over characters as they come.
//!
//! What it must never do: expand an alias. An alias is told, its anchor's value is read once, where it stands; so no
//! document can grow while it is read. Of several documents the first that says something is read and the rest told.
//! Plain words that YAML 1.2 takes for numbers, truth values or null are that here too; in quotes they are text.
//!
//! What is held: the current value, what is open, and for each anchor its name. The parser counts characters;
//! [`chars`] knows the byte of each.

pub mod chars;

use super::syntax::Feed;
use super::token::{Fault, Raw, Remark, Token, Tokens, is_high};
use crate::model::Code;
use crate::source::window::Span;
use chars::{Chars, Shared};
use saphyr_parser::{BufferedInput, Event, Parser, ScalarStyle, Tag};
use std::borrow::Cow;
use std::io;
use std::rc::Rc;

/// How many anchors a document may have; their names are kept.
const ANCHORS: usize = 100_000;

/// How many objects and lists may be open at once; one byte of memory each.
const NESTING: usize = 16 << 20;

/// How many remarks wait at most; those beyond are not told one by one.
const REMARKS: usize = 64;

/// What is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frame {
    List,
    /// A key must come, or the end.
    Key,
    /// The value of a key must come.
    Value,
}

/// Tokens of one document.
pub struct Yaml {
    parser: Parser<'static, BufferedInput<Chars>>,
    shared: Rc<Shared>,
    open: Vec<Frame>,
    text: String,
    span: Span,
    /// Where the last value ended.
    end: u64,
    /// The character at which the last event began.
    index: usize,
    begun: bool,
    done: bool,
    remarks: Vec<Remark>,
}

type Next<'e> = (Event<'e>, Span);

impl Yaml {
    /// Reads a feed from its start. A UTF-8 byte-order mark is passed over.
    pub fn new(feed: Feed) -> Self {
        let shared = Shared::new(feed);
        Self {
            parser: Parser::new(BufferedInput::new(Chars::new(Rc::clone(&shared)))),
            shared,
            open: Vec::new(),
            text: String::new(),
            span: Span::default(),
            end: 0,
            index: 0,
            begun: false,
            done: false,
            remarks: Vec::new(),
        }
    }

    /// The feed, for its digest.
    ///
    /// # Errors
    /// Never, as long as nothing else holds the feed.
    pub fn into_feed(self) -> io::Result<Feed> {
        drop(self.parser);
        let shared = Rc::into_inner(self.shared).ok_or_else(|| io::Error::other("the input is still being read"))?;
        Ok(shared.feed.into_inner())
    }

    fn event(&mut self) -> Result<Next<'static>, Fault> {
        let next = self.parser.next_event();
        if let Some(error) = self.shared.failed.take() {
            return Err(Fault::Io(error));
        }
        if self.shared.exhausted.get() {
            return Err(Fault::too_long(self.end));
        }
        self.shared.allowance.set(self.shared.feed.borrow().longest_value);
        match next {
            Some(Ok((event, span))) => {
                self.shared.forget(self.index);
                self.index = self.index.max(span.start.index());
                let start = self.shared.byte(span.start.index());
                let mut span = Span { start, end: self.shared.byte(span.end.index()).max(start) };
                if let Event::Scalar(_, style, anchor, tag) = &event {
                    // The event's own place takes in an anchor and a tag, and what follows the closing quote.
                    if *anchor > 0 || tag.is_some() {
                        span.start = self.shared.value_start(span);
                    }
                    if matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) {
                        span.end = self.shared.quotes_end(span);
                    }
                    if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
                        span.end = self.shared.block_end(span);
                    }
                }
                Ok((event, span))
            }
            Some(Err(error)) => {
                let offset = self.shared.byte(error.marker().index());
                Err(Fault::syntax(offset, error.info()))
            }
            None => Ok((Event::StreamEnd, Span { start: self.end, end: self.end })),
        }
    }

    fn remark(&mut self, message: &str, span: Span) {
        if self.remarks.len() < REMARKS {
            let message = message.to_owned();
            self.remarks.push(Remark { code: Code::Unsupported, message, span, hides_components: true });
        }
    }

    /// The first event of the first document that says something; `None` when there is none.
    fn begin(&mut self) -> Result<Option<Next<'static>>, Fault> {
        loop {
            match self.event()? {
                (Event::StreamEnd, _) => return Ok(None),
                (Event::Scalar(text, ScalarStyle::Plain, ..), _) if text.is_empty() => {}
                (Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing, _) => {}
                other => return Ok(Some(other)),
            }
        }
    }

    /// Looks behind the end of the document.
    fn finish(&mut self) -> Result<Token, Fault> {
        if !std::mem::replace(&mut self.done, true)
            && let Some((_, span)) = self.begin()?
        {
            self.remark(
                "a further document begins here; only the first was read (split them into one file each)",
                span,
            );
        }
        self.span = Span { start: self.end, end: self.end };
        Ok(Token::End)
    }

    /// What a value makes of the object it stands in.
    fn valued(&mut self) {
        if let Some(frame @ Frame::Value) = self.open.last_mut() {
            *frame = Frame::Key;
        }
    }

    fn push(&mut self, frame: Frame, anchor: usize, span: Span) -> Result<Token, Fault> {
        self.anchored(anchor, span)?;
        if self.open.len() >= NESTING {
            let message = "more than 16 million objects and lists are open".to_owned();
            return Err(Fault::limit(span.start, message));
        }
        self.valued();
        self.open.push(frame);
        self.span = span;
        Ok(if frame == Frame::List { Token::OpenArray } else { Token::OpenObject })
    }

    fn anchored(&self, anchor: usize, span: Span) -> Result<(), Fault> {
        if anchor > ANCHORS {
            let message = "more than 100,000 anchors stand in the document".to_owned();
            return Err(Fault::limit(span.start, message));
        }
        Ok(())
    }

    /// A key that is no text: what it holds is passed over, and the value behind it has a name that nothing has.
    fn strange_key(&mut self, span: Span, open: bool) -> Result<Token, Fault> {
        self.remark("a key that is a list, an object or an alias stands here; its value was passed over", span);
        let mut depth = u64::from(open);
        while depth > 0 {
            match self.event()?.0 {
                Event::MappingStart(..) | Event::SequenceStart(..) => depth += 1,
                Event::MappingEnd | Event::SequenceEnd => depth -= 1,
                Event::StreamEnd => break,
                _ => {}
            }
        }
        self.text.clear();
        Ok(self.key(span))
    }

    fn key(&mut self, span: Span) -> Token {
        if let Some(frame) = self.open.last_mut() {
            *frame = Frame::Value;
        }
        (self.span, self.end) = (span, span.end);
        Token::Key
    }

    fn take(&mut self, event: Event<'static>, span: Span) -> Result<Token, Fault> {
        let key = self.open.last() == Some(&Frame::Key);
        match event {
            Event::MappingStart(..) | Event::SequenceStart(..) if key => self.strange_key(span, true),
            Event::MappingStart(anchor, _) => self.push(Frame::Key, anchor, span),
            Event::SequenceStart(anchor, _) => self.push(Frame::List, anchor, span),
            Event::MappingEnd | Event::SequenceEnd => {
                self.open.pop();
                self.span = Span { start: self.end, end: self.end };
                Ok(Token::Close)
            }
            Event::Alias(_) if key => self.strange_key(span, false),
            Event::Alias(_) => {
                self.remark("an alias stands here; what it stands for was read only at its anchor", span);
                self.valued();
                (self.span, self.end) = (span, span.end);
                Ok(Token::Null)
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.anchored(anchor, span)?;
                self.text = text.into_owned();
                if key {
                    return Ok(self.key(span));
                }
                self.valued();
                (self.span, self.end) = (span, span.end);
                Ok(sort(&self.text, style, tag.as_deref()))
            }
            _ => self.finish(),
        }
    }
}

/// What a scalar is by the core schema of YAML 1.2.
fn sort(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Token {
    let texts = |tag: &Tag| !tag.is_yaml_core_schema() || matches!(tag.suffix.as_str(), "str" | "binary");
    if style != ScalarStyle::Plain || tag.is_some_and(texts) {
        return Token::Text;
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Token::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Token::Literal,
        ".nan" | ".NaN" | ".NAN" => Token::Literal,
        _ if number(text) => Token::Literal,
        _ => Token::Text,
    }
}

fn number(text: &str) -> bool {
    let digits = |t: &str, is: fn(&u8) -> bool| !t.is_empty() && t.bytes().all(|b| is(&b));
    if let Some(octal) = text.strip_prefix("0o") {
        return digits(octal, |b| (b'0'..=b'7').contains(b));
    }
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        return digits(hexadecimal, u8::is_ascii_hexdigit);
    }
    let plain = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(plain, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = plain.split_once(['e', 'E']).map_or((plain, None), |(m, e)| (m, Some(e)));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let decimal = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let power = |e: &str| digits(e.strip_prefix(['-', '+']).unwrap_or(e), u8::is_ascii_digit);
    decimal(whole) && decimal(part) && !(whole.is_empty() && part.is_empty()) && exponent.is_none_or(power)
}

/// The text is decoded already.
fn as_it_is(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    (String::from_utf8_lossy(bytes), false)
}

/// The same, in which some bytes were no text.
fn with_bad_bytes(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    (String::from_utf8_lossy(bytes), true)
}

impl Tokens for Yaml {
    fn next(&mut self) -> Result<Token, Fault> {
        if self.done {
            return Ok(Token::End);
        }
        let next = if std::mem::replace(&mut self.begun, true) { Some(self.event()?) } else { self.begin()? };
        match next {
            Some((event, span)) => self.take(event, span),
            None => Err(Fault::syntax(self.end, "the file ends where a value should stand")),
        }
    }

    fn span(&self) -> Span {
        self.span
    }

    fn raw(&mut self) -> Raw<'_> {
        let bytes = self.text.as_bytes();
        let high = is_high(bytes);
        let bad = high && self.shared.bad.get() && self.text.contains(char::REPLACEMENT_CHARACTER);
        let decode = if bad { with_bad_bytes } else { as_it_is };
        Raw { bytes, span: self.span, escaped: bad, plain: false, high, decode }
    }

    fn remark(&mut self) -> Option<Remark> {
        if self.remarks.is_empty() { None } else { Some(self.remarks.remove(0)) }
    }
}
