//! JSON (RFC 8259) as tokens, from a sliding window: iterative, with exact offsets, and no allocation.
//!
//! Two liberties, because wild SBOMs take them: a control character may stand raw in a string, and any run of number
//! characters is a number. Everything else that RFC 8259 forbids is a [`Fault::Syntax`]. This is the one parser that
//! is our own (`docs/decisions/0002-own-json-reader.md`); a test compares it with `serde_json` on every document there
//! is.

mod marks;

use super::token::{Fault, Raw, Token, Tokens};
use crate::source::window::{Span, Window};
use marks::Marks;
use std::borrow::Cow;

/// How many containers may be open at once; one byte of memory each.
const NESTING: usize = 16 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// A value must come.
    Value,
    /// A value or the end of the array.
    FirstValue,
    /// A key must come.
    Key,
    /// A key or the end of the object.
    FirstKey,
    /// A colon must come.
    Colon,
    /// A comma or the end of the container.
    After,
    /// Nothing may come.
    Done,
}

/// Tokens of one JSON document.
pub struct Json {
    window: Window,
    /// Of what the window holds.
    marks: Marks,
    at: u64,
    state: State,
    /// Open containers: true for an object.
    open: Vec<bool>,
    span: Span,
    quoted: bool,
    escaped: bool,
    plain: bool,
    high: bool,
}

impl Json {
    /// Reads from a window at the start of a document. A UTF-8 byte-order mark is passed over.
    ///
    /// # Errors
    /// When the first bytes cannot be read.
    pub fn new(mut window: Window) -> Result<Self, Fault> {
        let at = window.begin()?;
        let mut marks = Marks::default();
        marks.mark(window.held());
        Ok(Self {
            window,
            marks,
            at,
            state: State::Value,
            open: Vec::new(),
            span: Span::default(),
            quoted: false,
            escaped: false,
            plain: true,
            high: false,
        })
    }

    /// The window, for its digest.
    pub fn into_window(self) -> Window {
        self.window
    }

    /// Whether the document is over, and another one begins behind it.
    pub fn another(&self) -> bool {
        self.state == State::Done && matches!(self.window.from(self.at).first(), Some(b'{' | b'['))
    }

    /// Goes on with the document behind this one.
    pub fn go_on(&mut self) {
        if self.another() {
            self.state = State::Value;
        }
    }

    #[cold]
    fn fault<T>(&self, message: impl Into<String>) -> Result<T, Fault> {
        Err(Fault::syntax(self.at, message))
    }

    fn more(&mut self, keep: u64) -> Result<bool, Fault> {
        let more = self.window.more(keep).map_err(|error| Fault::of_window(error, keep))?;
        self.marks.mark(self.window.held());
        Ok(more)
    }

    #[inline]
    fn value_done(&mut self) {
        self.state = match self.open.last() {
            None => State::Done,
            // Mostly a comma follows at once.
            Some(object) if self.window.byte(self.at) == Some(b',') => {
                self.at += 1;
                if *object { State::Key } else { State::Value }
            }
            Some(_) => State::After,
        };
    }

    fn push(&mut self, object: bool) -> Result<Token, Fault> {
        if self.open.len() >= NESTING {
            return Err(Fault::limit(self.at, "more than 16 million containers are open"));
        }
        self.open.push(object);
        self.take(1);
        self.state = if object { State::FirstKey } else { State::FirstValue };
        Ok(if object { Token::OpenObject } else { Token::OpenArray })
    }

    fn pop(&mut self, object: bool) -> Result<Token, Fault> {
        if self.open.last() != Some(&object) {
            return self.fault(if object {
                "a `}` closes what a `[` opened"
            } else {
                "a `]` closes what a `{` opened"
            });
        }
        self.open.pop();
        self.take(1);
        self.value_done();
        Ok(Token::Close)
    }

    /// There is nothing more.
    #[cold]
    fn end(&mut self) -> Result<Token, Fault> {
        self.span = Span { start: self.at, end: self.at };
        match self.state {
            State::Done => Ok(Token::End),
            _ if self.open.is_empty() => self.fault("the file ends where a value should stand"),
            _ => self.fault(format!("the file is cut off: {} brackets are still open", self.open.len())),
        }
    }

    fn take(&mut self, len: u64) {
        self.span = Span { start: self.at, end: self.at + len };
        self.at += len;
    }

    /// A text whose quote opens at this place of the window.
    #[inline]
    fn string(&mut self, quote: usize) -> Result<(), Fault> {
        let (held, start) = (self.window.held(), self.window.start());
        self.quoted = true;
        if let Some(stop) = self.marks.stop(quote + 1)
            && held.get(stop) == Some(&b'"')
        {
            (self.escaped, self.plain, self.high) = (false, true, false);
            self.at = start + stop as u64 + 1;
            self.span = Span { start: start + quote as u64, end: self.at };
            return Ok(());
        }
        self.special_string()
    }

    /// The same with escapes, with something beyond ASCII, or across the edge of the window.
    fn special_string(&mut self) -> Result<(), Fault> {
        let open = self.at;
        let mut at = open + 1;
        (self.escaped, self.plain, self.high) = (false, true, false);
        loop {
            let (held, start) = (self.window.held(), self.window.start());
            let from = (at - start) as usize;
            let stop = if self.high {
                // In a text beyond ASCII every other byte may be marked.
                let rest = held.get(from..).unwrap_or_default();
                memchr::memchr2(b'"', b'\\', rest).map(|i| from + i)
            } else {
                self.marks.stop(from)
            };
            let Some(stop) = stop.filter(|stop| held.get(*stop) != Some(&b'\\') || stop + 1 < held.len()) else {
                at = stop.unwrap_or(held.len().max(from)) as u64 + start;
                if !self.more(open)? {
                    self.at = open;
                    return self.fault("the text that begins here never ends: the file is cut off");
                }
                continue;
            };
            match held.get(stop) {
                Some(b'"') => {
                    self.at = start + stop as u64 + 1;
                    self.span = Span { start: open, end: self.at };
                    return Ok(());
                }
                Some(b'\\') => {
                    self.escaped = true;
                    let sign = |letter: &u8| matches!(letter, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't');
                    self.plain &= held.get(stop + 1).is_some_and(sign);
                    at = start + stop as u64 + 2;
                }
                _ => {
                    // Non-ASCII, or a raw control character, which counts as needing a closer look.
                    self.high = true;
                    at = start + stop as u64 + 1;
                }
            }
        }
    }

    fn literal(&mut self) -> Result<Token, Fault> {
        let mut len = 0;
        loop {
            let bytes = self.window.from(self.at);
            let word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
            len += bytes.iter().skip(len).take_while(|&&b| word(b)).count();
            if len < bytes.len() || !self.more(self.at)? {
                break;
            }
        }
        let bytes = self.window.from(self.at);
        let word = bytes.get(..len).unwrap_or_default();
        let token = match word {
            b"null" => Token::Null,
            b"true" | b"false" => Token::Literal,
            _ if number(word) => Token::Literal,
            _ => {
                let found = String::from_utf8_lossy(bytes.get(..len.clamp(1, 20)).unwrap_or_default()).into_owned();
                return match found.as_str() {
                    "" => self.fault("the file ends where a value should stand"),
                    _ => self.fault(format!("a value should stand here, not `{}`", found.escape_debug())),
                };
            }
        };
        (self.quoted, self.escaped, self.plain, self.high) = (false, false, true, false);
        self.take(len as u64);
        self.value_done();
        Ok(token)
    }
}

impl Tokens for Json {
    fn next(&mut self) -> Result<Token, Fault> {
        loop {
            let (held, start) = (self.window.held(), self.window.start());
            let ink = self.marks.ink((self.at - start) as usize).unwrap_or(held.len());
            self.at = start + ink as u64;
            let Some(&byte) = held.get(ink) else {
                if self.more(self.at)? {
                    continue;
                }
                return self.end();
            };
            match (self.state, byte) {
                (State::After, b',') => {
                    self.at += 1;
                    self.state = if self.open.last() == Some(&true) { State::Key } else { State::Value };
                }
                (State::After | State::FirstKey, b'}') => return self.pop(true),
                (State::After | State::FirstValue, b']') => return self.pop(false),
                (State::Colon, b':') => {
                    self.at += 1;
                    self.state = State::Value;
                }
                (State::Key | State::FirstKey, b'"') => {
                    self.string(ink)?;
                    // Mostly a colon follows at once.
                    self.state = match self.window.byte(self.at) {
                        Some(b':') => {
                            self.at += 1;
                            State::Value
                        }
                        _ => State::Colon,
                    };
                    return Ok(Token::Key);
                }
                (State::Value | State::FirstValue, b'"') => {
                    self.string(ink)?;
                    self.value_done();
                    return Ok(Token::Text);
                }
                (State::Value | State::FirstValue, b'{') => return self.push(true),
                (State::Value | State::FirstValue, b'[') => return self.push(false),
                (State::Value | State::FirstValue, _) => return self.literal(),
                (State::Key | State::FirstKey, _) => return self.fault("a key in quotes should stand here"),
                (State::Colon, _) => return self.fault("a colon should stand here"),
                (State::After, _) => return self.fault("a comma or a closing bracket should stand here"),
                (State::Done, _) => return self.fault("there is more text after the end of the document"),
            }
        }
    }

    fn span(&self) -> Span {
        self.span
    }

    fn leap(&mut self, end: u64) -> Result<bool, Fault> {
        let before = self.window.start();
        self.window.leap(end)?;
        if self.window.start() != before {
            self.marks.mark(self.window.held());
        }
        self.open.pop();
        self.span = Span { start: end.saturating_sub(1), end };
        self.at = end;
        self.value_done();
        Ok(true)
    }

    #[inline]
    fn raw(&mut self) -> Raw<'_> {
        let trim = u64::from(self.quoted);
        let bytes = self.window.slice(Span { start: self.span.start + trim, end: self.span.end - trim });
        Raw { bytes, span: self.span, escaped: self.escaped, plain: self.plain, high: self.high, decode: unescape }
    }
}

/// Whether the bytes are a JSON number, or close enough to be meant as one.
fn number(word: &[u8]) -> bool {
    let digits = word.strip_prefix(b"-").unwrap_or(word);
    digits.first().is_some_and(u8::is_ascii_digit)
        && digits.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'))
        && digits.last().is_some_and(u8::is_ascii_digit)
}

/// Decodes JSON escapes. Half a surrogate pair or an unknown escape becomes U+FFFD and is told.
pub fn unescape(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut lossy = false;
    let mut rest = bytes;
    let mut put = |out: &mut Vec<u8>, c: Option<char>| {
        lossy |= c.is_none();
        out.extend_from_slice(c.unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut [0; 4]).as_bytes());
    };
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let (before, after) = rest.split_at(at);
        out.extend_from_slice(before);
        let (letter, tail) = match after {
            [_, letter, tail @ ..] => (*letter, tail),
            _ => break,
        };
        rest = tail;
        match letter {
            b'"' | b'\\' | b'/' => out.push(letter),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'u' => match hex4(rest) {
                Some(high @ 0xD800..=0xDBFF) => {
                    let low = rest.get(4..6).filter(|b| b == b"\\u").and_then(|_| hex4(rest.get(6..)?));
                    let pair = low.filter(|low| (0xDC00..=0xDFFF).contains(low));
                    rest = rest.get(if pair.is_some() { 10 } else { 4 }..).unwrap_or_default();
                    let code = pair.map(|low| 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
                    put(&mut out, code.and_then(char::from_u32));
                }
                Some(code) => {
                    rest = rest.get(4..).unwrap_or_default();
                    put(&mut out, char::from_u32(code));
                }
                None => put(&mut out, None),
            },
            _ => put(&mut out, None),
        }
    }
    out.extend_from_slice(rest);
    match String::from_utf8(out) {
        Ok(text) => (Cow::Owned(text), lossy),
        Err(bad) => (Cow::Owned(String::from_utf8_lossy(bad.as_bytes()).into_owned()), true),
    }
}

fn hex4(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.get(..4).filter(|d| d.iter().all(u8::is_ascii_hexdigit))?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn tokens(text: &[u8]) -> (Vec<String>, Option<u64>) {
        let source = Source::from_bytes("x", text.to_vec());
        let mut json = Json::new(Window::new(source.open().unwrap(), 1 << 20)).unwrap();
        let mut out = Vec::new();
        loop {
            match json.next() {
                Ok(Token::End) => return (out, None),
                Ok(t @ (Token::Key | Token::Text | Token::Literal)) => out.push(format!("{t:?} {}", json.raw().text())),
                Ok(t) => out.push(format!("{t:?}")),
                Err(Fault::Syntax(stop)) => return (out, Some(stop.offset)),
                Err(other) => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_document_with_everything() {
        let (all, fault) =
            tokens("\u{FEFF}{\"a\":[1,-2.5e3,true,null,\"x\\u0041\\ud83d\\ude00é\"], \"b\" : {}}".as_bytes());
        assert_eq!(fault, None);
        assert_eq!(
            all,
            [
                "OpenObject",
                "Key a",
                "OpenArray",
                "Literal 1",
                "Literal -2.5e3",
                "Literal true",
                "Null",
                "Text xA😀é",
                "Close",
                "Key b",
                "OpenObject",
                "Close",
                "Close"
            ]
        );
    }

    #[test]
    fn every_break_of_the_syntax_stops_at_its_place() {
        for (text, at) in [
            ("{\"a\":1,}", 7),
            ("[1 2]", 3),
            ("[1,]", 3),
            ("{\"a\" 1}", 5),
            ("{a:1}", 1),
            ("[}", 1),
            ("{]", 1),
            ("{} x", 3),
            ("[nan]", 1),
            ("[\"abc", 1),
            ("{\"a\":", 5),
            ("", 0),
            ("[01x]", 1),
            ("[tru", 1),
            ("{\"a\"\u{1}:1}", 4),
        ] {
            assert_eq!(tokens(text.as_bytes()).1, Some(at), "{text}");
        }
    }

    #[test]
    fn broken_text_is_read_as_far_as_it_goes() {
        assert_eq!(unescape(br"a\ud800b"), (Cow::Borrowed("a\u{FFFD}b"), true));
        assert_eq!(unescape(br"\q\u12"), (Cow::Borrowed("\u{FFFD}\u{FFFD}12"), true));
        assert!(unescape(b"\\n\xE9").1);
        assert_eq!(unescape(br"\/\b\f\r\t\\\u00e9").0, "/\u{8}\u{c}\r\t\\é");
    }

    #[test]
    fn deep_nesting_costs_no_stack() {
        let mut text = vec![b'['; 1_000_000];
        text.extend(vec![b']'; 1_000_000]);
        assert_eq!(tokens(&text).1, None);
    }

    #[test]
    fn tokens_across_the_edge_of_the_window_are_whole() {
        use crate::source::window::CHUNK;
        for shift in 0..12 {
            let mut text = b"[\"".to_vec();
            text.extend(vec![b'x'; CHUNK - 8 + shift]);
            text.extend_from_slice("\\u00e9é\",12345,true]".as_bytes());
            let (all, fault) = tokens(&text);
            assert_eq!(fault, None, "{shift}");
            assert!(all[1].ends_with("xéé"), "{shift}");
            assert_eq!(all[2..], ["Literal 12345", "Literal true", "Close"], "{shift}");
        }
    }
}
