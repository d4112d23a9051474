//! The characters of a feed, and at which byte each stands: the parser of YAML counts characters, places count bytes.

use crate::parsers::syntax::Feed;
use crate::source::read_up_to;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;

/// Bytes read at a time.
const PIECE: usize = 64 << 10;

/// What the characters and their reader share.
pub struct Shared<'a> {
    /// The bytes, and the literals to watch for.
    pub feed: RefCell<Feed<'a>>,
    /// From which character on each is how many bytes long.
    runs: RefCell<VecDeque<Run>>,
    /// How many bytes may still come before the next event.
    pub allowance: Cell<usize>,
    /// Whether they were used up.
    pub exhausted: Cell<bool>,
    /// Whether some bytes were no text.
    pub bad: Cell<bool>,
    /// Why reading failed.
    pub failed: Cell<Option<io::Error>>,
}

/// Characters of one length, one after the other.
#[derive(Debug, Clone, Copy)]
struct Run {
    index: u64,
    byte: u64,
    width: u64,
}

impl<'a> Shared<'a> {
    /// At the start of a feed.
    pub fn new(feed: Feed<'a>) -> Rc<Self> {
        Rc::new(Self {
            allowance: Cell::new(feed.longest_value),
            feed: RefCell::new(feed),
            runs: RefCell::new(VecDeque::new()),
            exhausted: Cell::new(false),
            bad: Cell::new(false),
            failed: Cell::new(None),
        })
    }

    /// The byte at which a character stands.
    pub fn byte(&self, index: usize) -> u64 {
        let (index, runs) = (index as u64, self.runs.borrow());
        let after = runs.partition_point(|r| r.index <= index);
        let run = runs.get(after.saturating_sub(1));
        run.map_or(0, |r| r.byte + index.saturating_sub(r.index) * r.width)
    }

    /// Forgets what stands before a character; nobody asks for it again.
    pub fn forget(&self, index: usize) {
        let mut runs = self.runs.borrow_mut();
        while runs.get(1).is_some_and(|second| second.index <= index as u64) {
            runs.pop_front();
        }
    }
}

/// The characters. A byte-order mark at the start is passed over; bytes that are no text, and NUL, become U+FFFD.
pub struct Chars<'a> {
    shared: Rc<Shared<'a>>,
    piece: Vec<u8>,
    at: usize,
    filled: usize,
    ended: bool,
    index: u64,
    byte: u64,
    width: u64,
}

impl<'a> Chars<'a> {
    /// At the start.
    pub fn new(shared: Rc<Shared<'a>>) -> Self {
        let mut chars =
            Self { shared, piece: vec![0; PIECE], at: 0, filled: 0, ended: false, index: 0, byte: 0, width: 0 };
        chars.fill();
        if chars.rest().starts_with(&[0xEF, 0xBB, 0xBF]) {
            (chars.at, chars.byte) = (3, 3);
        }
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

impl Iterator for Chars<'_> {
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
        if width as u64 != self.width {
            self.width = width as u64;
            let run = Run { index: self.index, byte: self.byte, width: self.width };
            self.shared.runs.borrow_mut().push_back(run);
        }
        self.at += width;
        self.index += 1;
        self.byte += width as u64;
        Some(character)
    }
}
