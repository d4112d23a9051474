//! The line in which something stands, or the piece of it around that place: what a report shows beside a line number.

use super::{Source, read_up_to};
use crate::source::window::Span;
use serde::{Deserialize, Serialize};
use std::io;

/// A piece of one line, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The text, without line end; bytes that are not UTF-8 as U+FFFD.
    pub text: String,
    /// How many characters before the place are in `text`; the place itself may begin at its end.
    pub before: u64,
    /// Whether the line begins before the text.
    pub cut_before: bool,
    /// Whether the line goes on behind the text.
    pub cut_after: bool,
}

/// How many characters before a place are kept, and how many from it on. A line of a file that was made by a program can
/// be the whole file.
const BEFORE: usize = 48;
const FROM: usize = 112;

/// The line around a place; of a place over several lines the first.
///
/// # Errors
/// When the input can no longer be read.
pub fn excerpt(source: &Source, span: Span) -> io::Result<Excerpt> {
    let at = source.start() + span.start;
    // A character takes up to four bytes; one byte more tells whether the line goes on.
    let reach = (BEFORE as u64 + 1) * 4;
    let first = at.saturating_sub(reach);
    let mut bytes = vec![0u8; (at - first) as usize + (FROM + 1) * 4];
    let got = read_up_to(&mut source.open_around_at(first), &mut bytes)?;
    bytes.truncate(got);
    let (before, from) = bytes.split_at((at - first).min(got as u64) as usize);
    let line = before.iter().rposition(|b| matches!(b, b'\n' | b'\r'));
    let mut begin = line.map_or(before, |end| before.get(end + 1..).unwrap_or_default());
    let mut cut_before = line.is_none() && first > 0;
    if cut_before {
        // The bytes may begin inside a character.
        let whole = begin.iter().position(|b| (b & 0xC0) != 0x80).unwrap_or(begin.len());
        begin = begin.get(whole..).unwrap_or_default();
    } else {
        begin = begin.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(begin);
    }
    let begin = String::from_utf8_lossy(begin);
    let skipped = begin.chars().count().saturating_sub(BEFORE);
    cut_before |= skipped > 0;
    let mut text: String = begin.chars().skip(skipped).collect();
    let before = text.chars().count() as u64;
    let end = from.iter().position(|b| matches!(b, b'\n' | b'\r'));
    let rest = String::from_utf8_lossy(from.get(..end.unwrap_or(from.len())).unwrap_or_default());
    let mut chars = rest.chars();
    text.extend(chars.by_ref().take(FROM));
    let cut_after = chars.next().is_some();
    Ok(Excerpt { text, before, cut_before, cut_after })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, place: &str) -> Excerpt {
        let start = text.find(place).unwrap() as u64;
        excerpt(&Source::from_bytes("x", text.as_bytes().to_vec()), Span { start, end: start + place.len() as u64 })
            .unwrap()
    }

    #[test]
    fn a_short_line_is_kept_whole() {
        let found = of("one\r\n  \"two\": \"ä\"\r\nthree", "\"ä");
        assert_eq!(found, Excerpt { text: "  \"two\": \"ä\"".into(), before: 9, cut_before: false, cut_after: false });
        assert_eq!(of("\u{FEFF}abc", "b").before, 1);
        assert_eq!(of("abc", "abc").text, "abc");
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides_between_characters() {
        let text = format!("{}PLACE{}", "€🦀".repeat(500), "🦀".repeat(500));
        let found = of(&text, "PLACE");
        assert!(found.cut_before && found.cut_after);
        assert_eq!(found.text, format!("{}PLACE{}", "€🦀".repeat(24), "🦀".repeat(107)));
        assert_eq!(found.before, 48);
    }
}
