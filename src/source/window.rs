//! One sliding window over a [`super::Reader`]: a fixed buffer that grows only for a single long token.
//!
//! The bytes come from an [`Intake`], which can digest them on the way.
//!
//! It must never hold more than the current token and one buffer, and never interpret what it holds.

use super::intake::Intake;
use super::read_up_to;
use std::io;

/// Bytes read at a time.
pub const CHUNK: usize = 256 << 10;

/// Bytes read at first behind a leap.
const BEHIND: usize = 16 << 10;

/// A byte range of an input, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u64,
    /// Offset after the last byte.
    pub end: u64,
}

/// A window over a reader. Positions are absolute byte offsets of the input.
pub struct Window {
    intake: Intake,
    buffer: Vec<u8>,
    /// Absolute offset of `buffer[0]`.
    base: u64,
    /// Bytes of the buffer that are filled.
    filled: usize,
    ended: bool,
    limit: usize,
    /// Bytes read at a time.
    chunk: usize,
    /// Bytes read next: fewer behind a leap, because another one often follows.
    next: usize,
}

impl Window {
    /// A window whose single tokens may be up to `limit` bytes long.
    pub fn new(intake: impl Into<Intake>, limit: usize) -> Self {
        Self {
            intake: intake.into(),
            buffer: Vec::new(),
            base: 0,
            filled: 0,
            ended: false,
            limit: limit.max(CHUNK),
            chunk: CHUNK,
            next: CHUNK,
        }
    }

    /// For an input of this many bytes: no more room is taken than it needs.
    #[must_use]
    pub fn sized(mut self, len: u64) -> Self {
        // One byte more, so that the first read comes to the end.
        self.chunk = usize::try_from(len).unwrap_or(CHUNK).saturating_add(1).min(CHUNK);
        self.next = self.chunk;
        self
    }

    /// Reads the first bytes, and tells where the text begins: behind a UTF-8 byte-order mark.
    ///
    /// # Errors
    /// A failed read.
    pub fn begin(&mut self) -> io::Result<u64> {
        self.more(0)?;
        Ok(if self.from(0).starts_with(&[0xEF, 0xBB, 0xBF]) { 3 } else { 0 })
    }

    /// All that is in the buffer.
    #[inline]
    pub fn held(&self) -> &[u8] {
        self.buffer.get(..self.filled).unwrap_or_default()
    }

    /// The absolute offset of its first byte.
    #[inline]
    pub fn start(&self) -> u64 {
        self.base
    }

    /// What is in the buffer from an absolute offset on. Empty when the offset lies outside.
    #[inline]
    pub fn from(&self, offset: u64) -> &[u8] {
        let at = offset.saturating_sub(self.base) as usize;
        self.buffer.get(at..self.filled).unwrap_or_default()
    }

    /// The byte at an absolute offset, when it is in the buffer.
    #[inline]
    pub fn byte(&self, offset: u64) -> Option<u8> {
        self.from(offset).first().copied()
    }

    /// The bytes of a span that is still in the buffer.
    #[inline]
    pub fn slice(&self, span: Span) -> &[u8] {
        let from = span.start.saturating_sub(self.base) as usize;
        let to = (span.end.saturating_sub(self.base) as usize).min(self.filled);
        self.buffer.get(from..to).unwrap_or_default()
    }

    /// Reads more, keeping everything from `keep` on. `Ok(false)` means that the input has ended.
    ///
    /// # Errors
    /// A failed read, or [`io::ErrorKind::OutOfMemory`] when what must be kept exceeds the limit.
    pub fn more(&mut self, keep: u64) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let drop = (keep.saturating_sub(self.base) as usize).min(self.filled);
        self.buffer.copy_within(drop..self.filled, 0);
        self.base += drop as u64;
        self.filled -= drop;
        if self.filled >= self.limit {
            return Err(io::Error::new(io::ErrorKind::OutOfMemory, "a single value is longer than the limit"));
        }
        // A short rest gets one chunk behind it; a long one (a token that runs on) doubles.
        let fresh = self.filled;
        let end = (fresh + self.next.max(fresh)).min(self.limit.saturating_add(CHUNK));
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        let got = read_up_to(&mut self.intake, self.buffer.get_mut(fresh..end).unwrap_or_default())?;
        self.filled += got;
        self.next = self.next.saturating_mul(2).min(self.chunk);
        self.ended = self.filled < end;
        Ok(got > 0)
    }

    /// Drops what is held and goes on from this offset, further on in the input; what is digested is read all the same.
    ///
    /// # Errors
    /// A failed read.
    pub fn leap(&mut self, to: u64) -> io::Result<()> {
        while to > self.base + self.filled as u64 {
            if self.intake.leap(to) {
                (self.base, self.filled) = (to, 0);
                self.next = self.chunk.min(BEHIND);
            }
            if !self.more(to)? {
                break;
            }
        }
        Ok(())
    }

    /// Reads to the end without looking, so that digest and size are those of the whole input.
    ///
    /// # Errors
    /// A failed read.
    pub fn drain(&mut self) -> io::Result<u64> {
        loop {
            let end = self.base + self.filled as u64;
            if !self.more(end)? {
                return Ok(self.base + self.filled as u64);
            }
        }
    }

    /// The SHA-256 of an input that has been read to the end, in lower-case hexadecimal; empty when not asked for.
    pub fn sha256(&mut self) -> String {
        self.intake.sha256()
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
