//! What stands between an input and the XML reader: it keeps single events within the limit and lets no byte through
//! that is no UTF-8, because the reader behind it takes nothing else. Every byte keeps its offset.

use crate::parsers::syntax::Feed;
use crate::source::read_up_to;
use std::io::{self, BufRead, Read};

/// Stands in the place of each byte that is no UTF-8. XML forbids this character, so it means nothing else.
pub const BROKEN: char = '\u{1A}';

const PIECE: usize = 64 << 10;

/// The gate.
pub struct Gate {
    feed: Feed,
    buffer: Vec<u8>,
    /// The next byte to hand out.
    at: usize,
    /// Everything before is checked.
    checked: usize,
    filled: usize,
    ended: bool,
    left: usize,
}

impl Gate {
    /// A gate in front of a feed, with the length of its byte-order mark, which is passed over.
    ///
    /// # Errors
    /// When the first bytes cannot be read.
    pub fn new(feed: Feed) -> io::Result<(Self, u64)> {
        let left = feed.longest_value;
        let mut gate = Self { feed, buffer: vec![0; PIECE], at: 0, checked: 0, filled: 0, ended: false, left };
        let marked = gate.fill_buf()?.starts_with(&[0xEF, 0xBB, 0xBF]);
        let mark = if marked { 3 } else { 0 };
        gate.consume(mark);
        Ok((gate, mark as u64))
    }

    /// The feed behind it.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// The same, handed back.
    pub fn into_feed(self) -> Feed {
        self.feed
    }

    /// A new event begins, which may be as long as a value may.
    pub fn renew(&mut self) {
        // A value stands between tags, and the bytes around it count too.
        self.left = self.feed.longest_value.saturating_add(PIECE);
    }

    fn refill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.checked..self.filled, 0);
        self.filled -= self.checked;
        (self.at, self.checked) = (0, 0);
        let room = self.buffer.get_mut(self.filled..).unwrap_or_default();
        let asked = room.len();
        let got = read_up_to(&mut self.feed, room)?;
        self.filled += got;
        self.ended = got < asked;
        while let Some(rest) = self.buffer.get_mut(self.checked..self.filled).filter(|rest| !rest.is_empty()) {
            let Err(broken) = std::str::from_utf8(rest) else {
                self.checked = self.filled;
                break;
            };
            let good = broken.valid_up_to();
            let bad = match broken.error_len() {
                Some(len) => len,
                None if self.ended => rest.len() - good,
                None => {
                    // A character that goes on in the next piece.
                    self.checked += good;
                    break;
                }
            };
            rest.iter_mut().skip(good).take(bad).for_each(|byte| *byte = BROKEN as u8);
            self.checked += good + bad;
        }
        Ok(())
    }
}

impl BufRead for Gate {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::new(io::ErrorKind::OutOfMemory, "a single value is longer than the limit"));
        }
        if self.at >= self.checked && !self.ended {
            self.refill()?;
        }
        Ok(self.buffer.get(self.at..self.checked).unwrap_or_default())
    }

    fn consume(&mut self, len: usize) {
        self.at = self.at.saturating_add(len).min(self.checked);
        self.left = self.left.saturating_sub(len);
    }
}

impl Read for Gate {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let from = self.fill_buf()?;
        let len = from.len().min(into.len());
        if let (Some(into), Some(from)) = (into.get_mut(..len), from.get(..len)) {
            into.copy_from_slice(from);
        }
        self.consume(len);
        Ok(len)
    }
}
