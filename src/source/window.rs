//! One sliding window over a [`super::Reader`]: a fixed buffer that grows only for a single long token.
//!
//! On the way in, the window can digest the bytes and watch them for literals (see [`Literals`]), so that later stages
//! know without looking whether a span may concern a rule.
//!
//! It must never hold more than the current token and one buffer, and never interpret what it holds.

use super::{Reader, read_up_to};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind, packed};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::io;

/// Bytes read at a time.
pub const CHUNK: usize = 256 << 10;

/// A byte range of an input, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u64,
    /// Offset after the last byte.
    pub end: u64,
}

/// Lower-case literals to watch for, each a run of ASCII letters and digits.
///
/// Because a literal holds no punctuation, a hit can never cross the quotes around a value, so one hit flags exactly
/// the value it stands in, and a hit that overlaps another is in the same value.
#[derive(Debug, Clone, Default)]
pub struct Literals {
    words: Vec<String>,
    groups: Vec<Group>,
    longest: usize,
}

/// Literals that are looked for in one go.
#[derive(Debug, Clone)]
enum Group {
    /// Many bytes at a time, with the vector instructions of the machine.
    Packed(packed::Searcher),
    /// Where it has none: a table of states, several times as fast as links between them.
    Table(AhoCorasick),
}

/// How many literals are looked for in one go: with more, vector search begins to stop at every other word.
const TOGETHER: usize = 48;

impl Group {
    fn new(words: &[&str]) -> Result<Self, String> {
        let packed = packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder().extend(words).build();
        if let Some(searcher) = packed {
            return Ok(Self::Packed(searcher));
        }
        Self::table(words)
    }

    fn table(words: &[&str]) -> Result<Self, String> {
        let mut table = AhoCorasickBuilder::new();
        table.match_kind(MatchKind::LeftmostFirst).kind(Some(AhoCorasickKind::DFA));
        table.build(words).map(Self::Table).map_err(|e| e.to_string())
    }

    fn stands_in(&self, text: &[u8]) -> bool {
        match self {
            Self::Packed(search) => search.find(text).is_some(),
            Self::Table(search) => search.is_match(text),
        }
    }

    /// Tells where the literals begin.
    fn starts(&self, text: &[u8], mut tell: impl FnMut(usize)) {
        match self {
            Self::Packed(search) => search.find_iter(text).for_each(|hit| tell(hit.start())),
            Self::Table(search) => search.find_iter(text).for_each(|hit| tell(hit.start())),
        }
    }
}

impl Literals {
    /// Compiles literals. Empty ones, and ones with other bytes than `a-z0-9`, are refused.
    ///
    /// # Errors
    /// A sentence that names the literal.
    pub fn new<'a>(literals: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut all: Vec<&str> = literals.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        for literal in &all {
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
            if literal.is_empty() || !literal.bytes().all(plain) {
                return Err(format!("`{literal}` cannot be watched for: only a-z and 0-9 can"));
            }
        }
        let longest = all.iter().map(|l| l.len()).max().unwrap_or(0);
        let words = all.iter().map(|word| (*word).to_owned()).collect();
        // Those of like length together: the shortest of a group decides how much of each is compared at once.
        all.sort_by_key(|word| (std::cmp::Reverse(word.len()), *word));
        let groups = all.chunks(TOGETHER).map(Group::new).collect::<Result<_, _>>()?;
        Ok(Self { words, groups, longest })
    }

    /// Whether a text holds a literal, in whatever case.
    pub fn found_in(&self, text: &[u8]) -> bool {
        let stands = |lower: &[u8]| self.groups.iter().any(|group| group.stands_in(lower));
        // Most texts are short and need no memory of their own.
        let mut short = [0u8; 128];
        match short.get_mut(..text.len()) {
            Some(lower) => {
                lower.copy_from_slice(text);
                lower.make_ascii_lowercase();
                stands(lower)
            }
            None => stands(&text.to_ascii_lowercase()),
        }
    }

    /// The literals, sorted.
    pub fn words(&self) -> &[String] {
        &self.words
    }
}

/// A window over a reader. Positions are absolute byte offsets of the input.
pub struct Window<'a> {
    reader: Reader,
    buffer: Vec<u8>,
    /// Absolute offset of `buffer[0]`.
    base: u64,
    /// Bytes of the buffer that are filled.
    filled: usize,
    ended: bool,
    limit: usize,
    /// Bytes read at a time.
    chunk: usize,
    digest: Option<Sha256>,
    watch: Option<Watch<'a>>,
}

struct Watch<'a> {
    literals: &'a Literals,
    folded: Vec<u8>,
    /// Hits of one chunk, before they are put in order.
    fresh: Vec<u64>,
    /// The first hit that has not been passed; [`u64::MAX`] when there is none.
    next: u64,
    /// The hits behind it.
    hits: VecDeque<u64>,
    /// The last hit that was found.
    last: Option<u64>,
    /// Everything before this offset has been searched for hits that begin there.
    searched: u64,
}

impl<'a> Window<'a> {
    /// A window whose single tokens may be up to `limit` bytes long.
    pub fn new(reader: Reader, limit: usize) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
            base: 0,
            filled: 0,
            ended: false,
            limit: limit.max(CHUNK),
            chunk: CHUNK,
            digest: None,
            watch: None,
        }
    }

    /// For an input of this many bytes: no more room is taken than it needs.
    #[must_use]
    pub fn sized(mut self, len: u64) -> Self {
        // One byte more, so that the first read comes to the end.
        self.chunk = usize::try_from(len).unwrap_or(CHUNK).saturating_add(1).min(CHUNK);
        self
    }

    /// Also computes the SHA-256 of everything read.
    #[must_use]
    pub fn digesting(mut self) -> Self {
        self.digest = Some(Sha256::new());
        self
    }

    /// Also watches for literals.
    #[must_use]
    pub fn watching(mut self, literals: &'a Literals) -> Self {
        if !literals.groups.is_empty() {
            self.watch = Some(Watch::new(literals));
        }
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
        let end = (fresh + self.chunk.max(fresh)).min(self.limit.saturating_add(CHUNK));
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        let got = read_up_to(&mut *self.reader, self.buffer.get_mut(fresh..end).unwrap_or_default())?;
        self.filled += got;
        self.ended = self.filled < end;
        if let (Some(digest), Some(new)) = (&mut self.digest, self.buffer.get(fresh..self.filled)) {
            digest.update(new);
        }
        if let Some(watch) = &mut self.watch {
            let overlap = watch.literals.longest.saturating_sub(1).min(fresh);
            let begin = fresh - overlap;
            watch.search(self.buffer.get(begin..self.filled).unwrap_or_default(), self.base + begin as u64);
        }
        Ok(got > 0)
    }

    /// Whether a watched literal begins in the span. Spans must be asked for in rising order.
    #[inline]
    pub fn hit(&mut self, span: Span) -> bool {
        let Some(watch) = &mut self.watch else { return false };
        while watch.next < span.start {
            watch.next = watch.hits.pop_front().unwrap_or(u64::MAX);
        }
        watch.next < span.end
    }

    /// Reads to the end without looking, so that digest and size are those of the whole input.
    ///
    /// # Errors
    /// A failed read.
    pub fn drain(&mut self) -> io::Result<u64> {
        self.watch = None;
        loop {
            let end = self.base + self.filled as u64;
            if !self.more(end)? {
                return Ok(self.base + self.filled as u64);
            }
        }
    }

    /// The SHA-256 of everything read so far, in lower-case hexadecimal; empty when not asked for.
    pub fn sha256(&mut self) -> String {
        self.digest.take().map_or_else(String::new, |d| hex(&d.finalize()))
    }
}

impl<'a> Watch<'a> {
    fn new(literals: &'a Literals) -> Self {
        let (folded, fresh, hits) = (Vec::new(), Vec::new(), VecDeque::new());
        Self { literals, folded, fresh, next: u64::MAX, hits, last: None, searched: 0 }
    }

    fn search(&mut self, bytes: &[u8], base: u64) {
        self.folded.clear();
        self.folded.extend_from_slice(bytes);
        self.folded.make_ascii_lowercase();
        self.fresh.clear();
        for group in &self.literals.groups {
            group.starts(&self.folded, |start| self.fresh.push(base + start as u64));
        }
        self.fresh.sort_unstable();
        for &at in &self.fresh {
            // The overlap with the last chunk can find a hit again; and a hit cut by the chunk's end only now.
            if at >= self.searched || self.last.is_none_or(|last| last < at) {
                self.last = Some(at);
                self.hits.push_back(at);
            }
        }
        if self.next == u64::MAX {
            self.next = self.hits.pop_front().unwrap_or(u64::MAX);
        }
        self.searched = base + bytes.len() as u64;
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{Group, Literals};

    #[test]
    fn a_literal_is_found_in_any_case_and_in_texts_of_any_length() {
        let literals = Literals::new(["engine"]).unwrap();
        for length in [0, 121, 122, 123, 128, 129, 5000] {
            let text = format!("{}EnGine", "x".repeat(length));
            assert!(literals.found_in(text.as_bytes()), "{length}");
            assert!(!literals.found_in(text.replace('G', "k").as_bytes()), "{length}");
        }
        assert!(!Literals::new([]).unwrap().found_in(b"engine"));
    }

    #[test]
    fn a_machine_without_vector_instructions_finds_the_same() {
        let words: Vec<String> =
            (0..48u32).map(|n| format!("{}{:x}", ["eng", "sec", "scanner"][n as usize % 3], n * 7)).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (one, other) = (Group::new(&words).unwrap(), Group::table(&words).unwrap());
        let (mut state, mut found) = (7u32, 0);
        for length in 0..600 {
            let text: String = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    ["eng", "sec", "scanner", "0", "7", "e", "15", " "][(state >> 24) as usize % 8]
                })
                .collect();
            let starts = |group: &Group| {
                let mut starts = Vec::new();
                group.starts(text.as_bytes(), |at| starts.push(at));
                starts
            };
            found += starts(&one).len();
            assert_eq!(starts(&one), starts(&other), "{text}");
            assert_eq!(one.stands_in(text.as_bytes()), other.stands_in(text.as_bytes()), "{text}");
        }
        assert!(found > 1000, "{found}");
    }
}
