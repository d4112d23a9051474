//! The one gate through which text from documents leaves.
//!
//! A document is written by somebody we do not know. Its text may hold terminal commands, characters that turn the
//! reading direction, or line ends that begin a false line of our own.

use askama::filters::Escaper;
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

/// A text for an HTML page, as text or in a quoted attribute: nothing in it is markup, and everything that does more than
/// show is shown instead as `\u{…}`, line ends and tabs too. Nothing is cut. The templates of the HTML report send every
/// value through here (`askama.toml`).
#[derive(Debug, Clone, Copy)]
pub struct Html;

impl Html {
    /// The text, escaped.
    pub fn text(text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        // Writing to a `String` cannot fail.
        let _ = Escaper::write_escaped_str(&Self, &mut out, text);
        out
    }

    /// How many characters a reader sees for one.
    pub fn length(c: char) -> usize {
        if unseen(c) { c.escape_unicode().count() } else { 1 }
    }
}

impl Escaper for Html {
    fn write_escaped_str<W: fmt::Write>(&self, mut out: W, text: &str) -> fmt::Result {
        for c in text.chars() {
            match c {
                '&' => out.write_str("&#38;")?,
                '<' => out.write_str("&#60;")?,
                '>' => out.write_str("&#62;")?,
                '"' => out.write_str("&#34;")?,
                '\'' => out.write_str("&#39;")?,
                c if unseen(c) => write!(out, "{}", c.escape_unicode())?,
                c => out.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// What acts, what is no character of a page, and what fills a line without being seen.
fn unseen(c: char) -> bool {
    acts(c)
        || matches!(
            c,
            '\u{34F}'
                | '\u{115F}'
                | '\u{1160}'
                | '\u{17B4}'
                | '\u{17B5}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{FFA0}'
                | '\u{FDD0}'..='\u{FDEF}'
        )
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Whether a character does more than show itself: controls, direction, invisible and private ones.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}' | '\u{E000}'..='\u{F8FF}')
}

#[cfg(test)]
mod tests {
    use super::{Html, Line};

    #[test]
    fn nothing_is_markup_in_html() {
        let hostile = "</script><img src=x onerror='a' title=\"b\">&amp;\n\u{202E}\u{FFFF}\u{3164}\0";
        let shown = r"&#60;/script&#62;&#60;img src=x onerror=&#39;a&#39; title=&#34;b&#34;&#62;&#38;amp;\u{a}\u{202e}\u{ffff}\u{3164}\u{0}";
        assert_eq!(Html::text(hostile), shown);
        assert_eq!(Html::text("Лаборатория é 実 עברית"), "Лаборатория é 実 עברית");
        assert_eq!(Html::length('\u{202E}'), r"\u{202e}".len());
    }

    #[test]
    fn nothing_that_acts_gets_out() {
        let hostile = "a\u{1b}[31m\r\nb\u{202E}c\u{200B}\u{9b}1m";
        assert_eq!(Line(hostile).to_string(), r"a\u{1b}[31m\u{d}\u{a}b\u{202e}c\u{200b}\u{9b}1m");
        assert_eq!(Line("Лаборатория é 実").to_string(), "Лаборатория é 実");
        assert_eq!(Line(&"x".repeat(10_000)).to_string().chars().count(), 201);
    }
}
