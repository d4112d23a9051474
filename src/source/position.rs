//! From byte offsets to lines and columns, for the few places that reach a report.
//!
//! Lines and columns count from 1. A column counts Unicode code points from the start of its line; a byte-order mark
//! at the very start is not counted. Lines end with LF, CR LF or a lone CR, as editors see them.

use super::{Source, read_up_to};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// A place as an editor names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u64,
    /// Column in Unicode code points, from 1.
    pub column: u64,
    /// Column in UTF-16 code units, from 1, as many editors and code hosts count.
    pub utf16: u64,
}

impl Default for Position {
    /// The first character.
    fn default() -> Self {
        Self { line: 1, column: 1, utf16: 1 }
    }
}

/// Finds the positions of byte offsets in one pass. Offsets past the end get the position of the end. For a part of a
/// larger text they are positions in that text.
///
/// # Errors
/// When the input can no longer be read.
pub fn locate(source: &Source, offsets: impl IntoIterator<Item = u64>) -> io::Result<BTreeMap<u64, Position>> {
    let start = source.start();
    let mut wanted: Vec<u64> = offsets.into_iter().map(|at| start.saturating_add(at)).collect();
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    // Parts of one text come one after the other: each goes on from where the one before began.
    let own = wanted.contains(&start);
    wanted.push(start);
    wanted.sort_unstable();
    wanted.dedup();
    let mut found = BTreeMap::new();
    let mut wanted = wanted.into_iter().peekable();
    let Mark { mut base, mut here } = source.mark.lock().map(|mark| *mark).unwrap_or_default();
    if base > start {
        Mark { base, here } = Mark::default();
    }
    let mut reader = source.open_around_from(base);
    let mut buffer = vec![0u8; 128 << 10];
    while wanted.peek().is_some() {
        let got = read_up_to(&mut reader, &mut buffer)?;
        let mut piece = buffer.get(..got).unwrap_or_default();
        if base == 0 && piece.starts_with(&[0xEF, 0xBB, 0xBF]) {
            while wanted.peek().is_some_and(|&at| at < 3) {
                found.extend(wanted.next().map(|at| (at, here.position())));
            }
            piece = piece.get(3..).unwrap_or_default();
            base = 3;
        }
        let last = got < buffer.len();
        while let Some(&at) = wanted.peek() {
            let ahead = (at - base) as usize;
            if ahead > piece.len() && !last {
                break;
            }
            let (before, rest) = piece.split_at(ahead.min(piece.len()));
            here.pass(before);
            base += before.len() as u64;
            piece = rest;
            found.insert(at, here.position());
            wanted.next();
            if at == start
                && base == start
                && let Ok(mut mark) = source.mark.lock()
            {
                *mark = Mark { base, here };
            }
            if last && rest.is_empty() {
                for at in wanted.by_ref() {
                    found.insert(at, here.position());
                }
            }
        }
        here.pass(piece);
        base += piece.len() as u64;
    }
    let asked = found.into_iter().filter(|(at, _)| own || *at != start);
    Ok(asked.map(|(at, position)| (at - start, position)).collect())
}

/// The way back: the byte offsets of places, each as line and column in code points. A place that is not in the text has
/// none. For a part of a larger text they are places in that text, and offsets in the part.
///
/// # Errors
/// When the input can no longer be read.
pub fn offsets(source: &Source, places: impl IntoIterator<Item = (u64, u64)>) -> io::Result<BTreeMap<(u64, u64), u64>> {
    let wanted: BTreeSet<(u64, u64)> = places.into_iter().collect();
    let mut wanted = wanted.into_iter().peekable();
    let mut found = BTreeMap::new();
    let mut reader = source.open_around();
    let mut buffer = vec![0u8; 128 << 10];
    let (mut line, mut column, mut after_cr, mut base) = (1u64, 1u64, false, 0u64);
    loop {
        let got = read_up_to(&mut reader, &mut buffer)?;
        let piece = buffer.get(..got).unwrap_or_default();
        let mut at = if base == 0 && piece.starts_with(&[0xEF, 0xBB, 0xBF]) { 3 } else { 0 };
        while let (Some(&byte), Some(&place)) = (piece.get(at), wanted.peek()) {
            if std::mem::take(&mut after_cr) && byte == b'\n' {
                at += 1;
                continue;
            }
            let end = matches!(byte, b'\n' | b'\r');
            let whole = (byte & 0xC0) != 0x80;
            if place == (line, column) && whole {
                found.extend((base + at as u64).checked_sub(source.start()).map(|offset| (place, offset)));
                wanted.next();
            } else if place < (line, column) || (end && place.0 == line) {
                wanted.next();
            } else if end {
                (line, column, after_cr) = (line + 1, 1, byte == b'\r');
                at += 1;
            } else if place.0 > line {
                let rest = piece.get(at..).unwrap_or_default();
                at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            } else {
                column += u64::from(whole);
                at += 1;
            }
        }
        base += got as u64;
        if got < buffer.len() || wanted.peek().is_none() {
            let end = wanted.find(|place| *place == (line, column));
            found.extend(end.and_then(|place| Some((place, base.checked_sub(source.start())?))));
            return Ok(found);
        }
    }
}

/// A byte of a text, and the position there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mark {
    base: u64,
    here: Cursor,
}

/// The positions of rising offsets, one at a time: for a list too long to be kept.
pub struct Along<'a> {
    source: &'a Source,
    reader: super::Reader,
    buffer: Vec<u8>,
    /// How much of the buffer is read, and how much of that is passed.
    got: usize,
    passed: usize,
    here: Cursor,
    /// The offset in the text around of where the cursor stands.
    base: u64,
}

impl<'a> Along<'a> {
    /// From the start of an input.
    pub fn new(source: &'a Source) -> Self {
        let here = Cursor::default();
        let buffer = vec![0u8; 128 << 10];
        Self { source, reader: source.open_around(), buffer, got: 0, passed: 0, here, base: 0 }
    }

    /// The position of an offset; one before the last one costs a new start.
    ///
    /// # Errors
    /// When the input can no longer be read.
    pub fn at(&mut self, offset: u64) -> io::Result<Position> {
        let wanted = self.source.start().saturating_add(offset);
        if wanted < self.base {
            *self = Self::new(self.source);
        }
        while self.base < wanted {
            if self.passed == self.got {
                self.got = read_up_to(&mut self.reader, &mut self.buffer)?;
                self.passed = 0;
                if self.got == 0 {
                    break;
                }
            }
            let piece = self.buffer.get(self.passed..self.got).unwrap_or_default();
            let mark = self.base == 0 && piece.starts_with(&[0xEF, 0xBB, 0xBF]);
            let ahead = usize::try_from(wanted - self.base).unwrap_or(usize::MAX).min(piece.len());
            let skip = if mark { ahead.min(3) } else { 0 };
            self.here.pass(piece.get(skip..ahead).unwrap_or_default());
            self.passed += ahead;
            self.base += ahead as u64;
        }
        Ok(self.here.position())
    }
}

#[derive(Debug, Clone, Copy)]
struct Cursor {
    line: u64,
    column: u64,
    /// Characters of this line that take two UTF-16 code units.
    wide: u64,
    after_cr: bool,
}

impl Default for Cursor {
    fn default() -> Self {
        Self { line: 1, column: 1, wide: 0, after_cr: false }
    }
}

impl Cursor {
    fn position(&self) -> Position {
        Position { line: self.line, column: self.column, utf16: self.column + self.wide }
    }

    fn pass(&mut self, mut bytes: &[u8]) {
        if self.after_cr && !bytes.is_empty() {
            self.after_cr = false;
            if let Some(rest) = bytes.strip_prefix(b"\n") {
                bytes = rest;
            }
        }
        // Whole lines first, fast; code points only in the last one.
        if let Some(last) = memchr::memrchr2(b'\n', b'\r', bytes) {
            let (lines, rest) = bytes.split_at(last + 1);
            self.line += ends(lines);
            (self.column, self.wide) = (1, 0);
            self.after_cr = rest.is_empty() && lines.ends_with(b"\r");
            bytes = rest;
        }
        // Every byte that is not a continuation byte begins a code point.
        self.column += bytes.iter().filter(|&&b| (b & 0xC0) != 0x80).count() as u64;
        // Four bytes of UTF-8 are two units of UTF-16.
        self.wide += bytes.iter().filter(|&&b| b >= 0xF0).count() as u64;
    }
}

/// How many lines end in these bytes: each LF, and each CR that no LF follows.
fn ends(bytes: &[u8]) -> u64 {
    let feeds = memchr::memchr_iter(b'\n', bytes).count();
    let alone = memchr::memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\n')).count();
    (feeds + alone) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::window::Span;

    fn at(text: &[u8], offset: u64) -> (u64, u64) {
        let source = Source::from_bytes("x", text.to_vec());
        let found = locate(&source, [offset]).unwrap();
        (found[&offset].line, found[&offset].column)
    }

    #[test]
    fn lines_and_columns_count_as_editors_do() {
        assert_eq!(at(b"abc", 0), (1, 1));
        assert_eq!(at(b"abc\ndef", 4), (2, 1));
        assert_eq!(at(b"abc\r\ndef", 6), (2, 2));
        assert_eq!(at(b"abc\rdef", 4), (2, 1));
        assert_eq!(at("ä€x".as_bytes(), 5), (1, 3));
        assert_eq!(at(b"\xEF\xBB\xBFabc", 3), (1, 1));
        assert_eq!(at(b"\xEF\xBB\xBFabc", 4), (1, 2));
        assert_eq!(at(b"abc", 99), (1, 4));
    }

    #[test]
    fn every_place_leads_back_to_its_byte() {
        let text = "\u{FEFF}abc\r\nd\re\n\u{E4}\u{1F980}x\r\n\r\rz";
        for piece in [text.to_owned(), text.repeat(20_000)] {
            let source = Source::from_bytes("x", piece.as_bytes());
            let starts = |at: &usize| piece.is_char_boundary(*at) && *at >= 3 && !piece[..*at].ends_with('\r');
            let asked: Vec<u64> = (0..=piece.len()).filter(starts).map(|at| at as u64).collect();
            let places = locate(&source, asked.iter().copied()).unwrap();
            let back = offsets(&source, places.values().map(|p| (p.line, p.column))).unwrap();
            for at in asked {
                assert_eq!(back.get(&(places[&at].line, places[&at].column)), Some(&at), "{at}");
            }
        }
        let source = Source::from_bytes("x", text.as_bytes());
        assert!(offsets(&source, [(1, 9), (2, 9), (99, 1), (0, 0)]).unwrap().is_empty());
        let part = source.part("p", Span { start: 8, end: 14 }, "");
        assert_eq!(offsets(&part, [(1, 1), (3, 1)]).unwrap(), BTreeMap::from([((3, 1), 2)]));
    }

    #[test]
    fn one_at_a_time_is_the_same() {
        let mut text = b"\xEF\xBB\xBFabc\r\nd\re\n\xC3\xA4\xF0\x9F\xA6\x80x".to_vec();
        text.extend(std::iter::repeat_n(b'\r', 128 << 10));
        text.extend_from_slice(b"\nab");
        let source = Source::from_bytes("x", text.clone());
        let offsets =
            [0, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 17, 18, (128 << 10) + 2, (128 << 10) + 18, text.len() as u64];
        let together = locate(&source, offsets).unwrap();
        let mut along = Along::new(&source);
        for offset in offsets.into_iter().chain([4]) {
            let other = locate(&source, [offset]).unwrap();
            assert_eq!(along.at(offset).unwrap(), other[&offset], "{offset}");
            assert!(together.get(&offset).is_none_or(|p| *p == other[&offset]));
        }
    }

    #[test]
    fn parts_of_a_text_are_placed_alike_in_any_order() {
        let text = "\u{FEFF}[\r\n🦀ä {\r a},\r\n{\nb}\r,{c}]".repeat(3);
        let whole = Source::from_bytes("x", text.as_bytes());
        let all: Vec<u64> = (0..=text.len() as u64).collect();
        let positions = locate(&Source::from_bytes("x", text.as_bytes()), all.iter().copied()).unwrap();
        for start in all.iter().copied().chain([40, 9, 0, 3, 41, 20]) {
            let part = whole.part("p", Span { start, end: start + 9 }, "");
            let found = locate(&part, [7, 0, 3]).unwrap();
            assert_eq!(found.len(), 3);
            assert_eq!(locate(&part, [3]).unwrap().len(), 1);
            assert!(locate(&part, []).unwrap().is_empty());
            for (at, position) in found {
                let there = (start + at).min(text.len() as u64).min(start + part.len());
                assert_eq!(position, positions[&there], "{start} + {at}");
            }
        }
    }

    #[test]
    fn utf16_counts_two_for_what_takes_two() {
        let text = "🦀\n🦀ä🦀x".as_bytes();
        let found = locate(&Source::from_bytes("x", text.to_vec()), [5, text.len() as u64 - 1]).unwrap();
        assert_eq!((found[&5].column, found[&5].utf16), (1, 1));
        let last = found[&(text.len() as u64 - 1)];
        assert_eq!((last.line, last.column, last.utf16), (2, 4, 6));
    }

    #[test]
    fn a_line_end_across_two_reads_counts_once() {
        let mut text = vec![b'x'; (128 << 10) - 1];
        text.extend_from_slice(b"\r\nab");
        assert_eq!(at(&text, (128 << 10) + 2), (2, 2));
    }
}
