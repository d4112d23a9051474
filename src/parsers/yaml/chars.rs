//! The characters of a feed, and at which byte each stands: the parser of YAML counts characters, places count bytes.

use crate::parsers::syntax::Feed;
use crate::source::read_up_to;
use crate::source::window::Span;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;

/// Bytes read at a time.
const PIECE: usize = 64 << 10;

/// What the characters and their reader share.
pub struct Shared {
    /// The bytes.
    pub feed: RefCell<Feed>,
    /// How long the characters are that the parser is busy with.
    blocks: RefCell<VecDeque<Block>>,
    /// The bytes from the last event on, and where they begin.
    recent: RefCell<Vec<u8>>,
    base: Cell<u64>,
    /// Everything before this byte may go.
    needed: Cell<u64>,
    /// How many bytes may still come before the next event.
    pub allowance: Cell<usize>,
    /// Whether they were used up.
    pub exhausted: Cell<bool>,
    /// Whether some bytes were no text.
    pub bad: Cell<bool>,
    /// Why reading failed.
    pub failed: Cell<Option<io::Error>>,
}

/// How many characters have their length in a block.
const BLOCK: u64 = 32;

/// Where characters stand: the lengths of 32 of them, or any number of one byte each. A text of many lengths costs less
/// than a byte of memory for each character.
#[derive(Debug, Clone, Copy)]
struct Block {
    index: u64,
    byte: u64,
    /// Two bits each: how many bytes it has beyond the first.
    more: u64,
}

impl Block {
    /// The byte of a character in the block, or of the one behind it.
    fn byte_of(&self, index: u64) -> u64 {
        const ODD: u64 = 0x5555_5555_5555_5555;
        let before = index.saturating_sub(self.index);
        let more = if before < BLOCK { self.more & ((1 << (2 * before)) - 1) } else { self.more };
        self.byte + before + u64::from((more & ODD).count_ones() + 2 * ((more >> 1) & ODD).count_ones())
    }
}

impl Shared {
    /// At the start of a feed.
    pub fn new(feed: Feed) -> Rc<Self> {
        Rc::new(Self {
            allowance: Cell::new(feed.longest_value),
            feed: RefCell::new(feed),
            blocks: RefCell::new(VecDeque::new()),
            recent: RefCell::new(Vec::new()),
            base: Cell::new(0),
            needed: Cell::new(0),
            exhausted: Cell::new(false),
            bad: Cell::new(false),
            failed: Cell::new(None),
        })
    }

    /// The byte at which a character stands.
    pub fn byte(&self, index: usize) -> u64 {
        let (index, blocks) = (index as u64, self.blocks.borrow());
        let after = blocks.partition_point(|b| b.index <= index);
        blocks.get(after.saturating_sub(1)).map_or(0, |b| b.byte_of(index))
    }

    /// Forgets what stands before a character; nobody asks for it again.
    pub fn forget(&self, index: usize) {
        self.needed.set(self.byte(index));
        let mut blocks = self.blocks.borrow_mut();
        while blocks.get(1).is_some_and(|second| second.index <= index as u64) {
            blocks.pop_front();
        }
    }
}

impl Shared {
    /// Where the value of a node begins, behind its anchor and tag.
    pub fn value_start(&self, span: Span) -> u64 {
        let recent = self.recent.borrow();
        let mut rest = self.bytes(&recent, span);
        loop {
            rest = rest.trim_ascii_start();
            let len = match rest.first() {
                Some(b'#') => memchr::memchr2(b'\n', b'\r', rest),
                Some(b'&' | b'!') => rest.iter().position(u8::is_ascii_whitespace),
                _ => Some(0),
            };
            match len {
                Some(0) => return span.end - rest.len() as u64,
                Some(len) => rest = rest.get(len..).unwrap_or_default(),
                None => return span.end,
            }
        }
    }

    /// Where a text in quotes ends: behind its closing quote.
    pub fn quotes_end(&self, span: Span) -> u64 {
        let recent = self.recent.borrow();
        let bytes = self.bytes(&recent, span);
        let Some(&quote) = bytes.first() else { return span.end };
        let mut at = 1;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\\' if quote == b'"' => at += 2,
                b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 2,
                byte if *byte == quote => return span.start + at as u64 + 1,
                _ => at += 1,
            }
        }
        span.end
    }

    /// Where a text in lines of its own ends: behind its last letter, before the line ends and the indent that follow.
    pub fn block_end(&self, span: Span) -> u64 {
        let recent = self.recent.borrow();
        let bytes = self.bytes(&recent, span);
        span.end - (bytes.len() - bytes.trim_ascii_end().len()) as u64
    }

    fn bytes<'r>(&self, recent: &'r [u8], span: Span) -> &'r [u8] {
        let place = |at: u64| at.checked_sub(self.base.get()).map_or(usize::MAX, |at| at as usize);
        recent.get(place(span.start)..place(span.end)).unwrap_or_default()
    }

    /// Takes in what was read, and lets go what nobody needs.
    fn keep(&self, read: &[u8]) {
        let mut recent = self.recent.borrow_mut();
        let gone = (self.needed.get().saturating_sub(self.base.get()) as usize).min(recent.len());
        recent.drain(..gone);
        self.base.set(self.base.get() + gone as u64);
        recent.extend_from_slice(read);
    }
}

/// The characters. A byte-order mark at the start is passed over; bytes that are no text, and NUL, become U+FFFD.
pub struct Chars {
    shared: Rc<Shared>,
    piece: Vec<u8>,
    at: usize,
    filled: usize,
    ended: bool,
    index: u64,
    byte: u64,
    /// How many characters the last block has; `None` for one of ASCII alone, which takes any number.
    filling: Option<u64>,
}

impl Chars {
    /// At the start.
    pub fn new(shared: Rc<Shared>) -> Self {
        let mut chars =
            Self { shared, piece: vec![0; PIECE], at: 0, filled: 0, ended: false, index: 0, byte: 0, filling: None };
        chars.fill();
        if chars.rest().starts_with(&[0xEF, 0xBB, 0xBF]) {
            (chars.at, chars.byte) = (3, 3);
        }
        chars.shared.blocks.borrow_mut().push_back(Block { index: 0, byte: chars.byte, more: 0 });
        chars
    }

    fn rest(&self) -> &[u8] {
        self.piece.get(self.at..self.filled).unwrap_or_default()
    }

    /// Reads on, keeping the bytes of a character that is cut.
    fn fill(&mut self) {
        self.piece.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        self.at = 0;
        let free = self.piece.get_mut(self.filled..).unwrap_or_default();
        let wanted = free.len();
        match read_up_to(&mut *self.shared.feed.borrow_mut(), free) {
            Ok(got) => {
                self.shared.keep(free.get(..got).unwrap_or_default());
                self.filled += got;
                self.ended = got < wanted;
                let left = self.shared.allowance.get();
                self.shared.exhausted.set(self.shared.exhausted.get() || left == 0);
                self.shared.allowance.set(left.saturating_sub(got));
            }
            Err(error) => {
                self.shared.failed.set(Some(error));
                self.ended = true;
            }
        }
    }

    /// Keeps the length of a character, unless it goes without saying.
    fn note(&mut self, width: u64) {
        let more = (width - 1) & 3;
        let mut blocks = self.shared.blocks.borrow_mut();
        match (self.filling, blocks.back_mut()) {
            (Some(filled), Some(last)) if filled < BLOCK => {
                last.more |= more << (2 * filled);
                self.filling = Some(filled + 1);
            }
            _ => {
                blocks.push_back(Block { index: self.index, byte: self.byte, more });
                self.filling = (more > 0).then_some(1);
            }
        }
    }

    /// The next character beyond ASCII, and its bytes.
    fn wide(&self) -> (char, usize) {
        let rest = self.rest();
        let head = rest.get(..rest.len().min(4)).unwrap_or_default();
        let (valid, bad) = match std::str::from_utf8(head) {
            Ok(text) => (text, 1),
            Err(error) => {
                let valid = head.get(..error.valid_up_to()).and_then(|v| std::str::from_utf8(v).ok());
                (valid.unwrap_or_default(), error.error_len().unwrap_or(head.len()))
            }
        };
        match valid.chars().next() {
            Some(first) => (first, first.len_utf8()),
            None => {
                self.shared.bad.set(true);
                (char::REPLACEMENT_CHARACTER, bad.max(1))
            }
        }
    }
}

impl Iterator for Chars {
    type Item = char;

    #[inline]
    fn next(&mut self) -> Option<char> {
        if self.filled - self.at < 4 && !self.ended {
            self.fill();
        }
        if self.shared.exhausted.get() {
            return None;
        }
        let (character, width) = match *self.piece.get(self.at..self.filled)?.first()? {
            0 => {
                self.shared.bad.set(true);
                (char::REPLACEMENT_CHARACTER, 1)
            }
            byte if byte < 0x80 => (char::from(byte), 1),
            _ => self.wide(),
        };
        if width > 1 || self.filling.is_some() {
            self.note(width as u64);
        }
        self.at += width;
        self.index += 1;
        self.byte += width as u64;
        Some(character)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn every_character_has_its_byte() {
        let mut text = "\u{FEFF}ab".to_owned();
        let parts = ["a", "\u{e9}", "\u{20ac}", "\u{1f600}", "plain words that go on and on and on", "\u{e9}b"];
        for i in 0..300usize {
            text.push_str(parts[(i * i + i / 7) % 6]);
        }
        let source = Source::from_bytes("x", text.clone().into_bytes());
        let shared = Shared::new(Feed::new(source.open().unwrap(), 1 << 20));
        let read: String = Chars::new(Rc::clone(&shared)).collect();
        let text = text.trim_start_matches('\u{FEFF}');
        assert_eq!(read, text);
        let bytes: Vec<u64> = text.char_indices().map(|(at, _)| at as u64 + 3).collect();
        let got: Vec<u64> = (0..bytes.len()).map(|index| shared.byte(index)).collect();
        assert_eq!(got, bytes);
        assert_eq!(shared.byte(bytes.len()), text.len() as u64 + 3);
        shared.forget(200);
        assert_eq!(shared.byte(200), bytes[200]);
    }

    #[test]
    fn bytes_that_are_no_text_count_too() {
        let source = Source::from_bytes("x", b"a\xE9b\xE2\x82c\0d\xF0\x9F".to_vec());
        let shared = Shared::new(Feed::new(source.open().unwrap(), 1 << 20));
        let read: String = Chars::new(Rc::clone(&shared)).collect();
        assert_eq!(read, "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}");
        assert!(shared.bad.get());
        assert_eq!((0..=8).map(|i| shared.byte(i)).collect::<Vec<_>>(), [0, 1, 2, 3, 5, 6, 7, 8, 10]);
    }
}
