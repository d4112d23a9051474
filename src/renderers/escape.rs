//! The one gate through which text from documents leaves.
//!
//! A document is written by somebody we do not know. Its text may hold terminal commands, characters that turn the
//! reading direction, or line ends that begin a false line of our own.

use std::fmt;

/// A text for a terminal or plain-text file: on one line, with everything that does more than show shown instead as
/// `\u{…}`, and cut after 200 characters.
pub struct Line<'t>(pub &'t str);

const MOST: usize = 200;

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        let mut chars = self.0.chars();
        for c in chars.by_ref().take(MOST) {
            if acts(c) { write!(f, "{}", c.escape_unicode())? } else { f.write_char(c)? }
        }
        if chars.next().is_some() { f.write_char('…') } else { Ok(()) }
    }
}

/// A line of a report: whatever it is made of, no control character gets out. Nothing is cut.
pub struct Whole<'t>(pub &'t str);

impl fmt::Display for Whole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        self.0
            .chars()
            .try_for_each(|c| if c.is_control() { write!(f, "{}", c.escape_unicode()) } else { f.write_char(c) })
    }
}

/// Whether a character does more than show itself: controls, direction, invisible and private ones.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}' | '\u{E000}'..='\u{F8FF}')
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn nothing_that_acts_gets_out() {
        let hostile = "a\u{1b}[31m\r\nb\u{202E}c\u{200B}\u{9b}1m";
        assert_eq!(Line(hostile).to_string(), r"a\u{1b}[31m\u{d}\u{a}b\u{202e}c\u{200b}\u{9b}1m");
        assert_eq!(Line("Лаборатория é 実").to_string(), "Лаборатория é 実");
        assert_eq!(Line(&"x".repeat(10_000)).to_string().chars().count(), 201);
    }
}
