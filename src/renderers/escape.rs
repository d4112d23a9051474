//! The one gate through which text from documents leaves.
//!
//! A document is written by somebody we do not know, and so may be a report that is read back. Their text may hold
//! terminal commands, characters that turn the reading direction, line ends that begin a false line of our own, or what
//! a spreadsheet, a code host or a build server takes for a command. Every form has its function here; whatever it is,
//! what does more than show itself is shown as `\u{…}` first.

use askama::filters::Escaper;
use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// A text for a terminal or plain-text file: on one line, with everything that does more than show shown instead as
/// `\u{…}`, and cut after 200 characters.
pub struct Line<'t>(pub &'t str);

const MOST: usize = 200;

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(self.0, MOST))
    }
}

/// A text on one line with about `most` characters as they are shown, and `…` where it was cut. Words that a build server would
/// take for a command to it are broken up: `::` where a word begins, and `##`.
pub fn shown(text: &str, most: usize) -> Cow<'_, str> {
    let harmless = |text: &str| !text.contains("::") && !text.contains("##") && !text.chars().any(acts);
    if text.len() <= most && harmless(text) {
        return text.into();
    }
    let (mut out, mut length) = (String::new(), 0);
    let (mut before, mut last) = (' ', ' ');
    for c in text.chars() {
        if length >= most {
            out.push('…');
            break;
        }
        let command = (c == ':' && last == ':' && before.is_whitespace()) || (c == '#' && last == '#');
        if acts(c) || command {
            let _ = write!(out, "{}", c.escape_unicode());
            length += c.escape_unicode().len();
        } else {
            out.push(c);
            length += 1;
        }
        (before, last) = (last, if command { ' ' } else { c });
    }
    out.into()
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
        let mut last = ' ';
        for c in text.chars() {
            match c {
                // A build server that prints the page would take it for a command.
                ':' | '#' if c == last => write!(out, "&#{};", u32::from(c))?,
                '&' => out.write_str("&#38;")?,
                '<' => out.write_str("&#60;")?,
                '>' => out.write_str("&#62;")?,
                '"' => out.write_str("&#34;")?,
                '\'' => out.write_str("&#39;")?,
                c if unseen(c) => write!(out, "{}", c.escape_unicode())?,
                c => out.write_char(c)?,
            }
            last = c;
        }
        Ok(())
    }
}

/// What acts, and what fills a line without being seen.
fn unseen(c: char) -> bool {
    acts(c)
        || matches!(
            c,
            '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}'
        )
}

/// Whether a character does more than show itself: controls, direction, invisible and private ones, and those that no
/// text should hold, which XML has no place for.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}' | '\u{E000}'..='\u{F8FF}')
        || (c as u32 & 0xFFFE) == 0xFFFE
        || matches!(c, '\u{FDD0}'..='\u{FDEF}')
}

/// A cell of a table that a spreadsheet opens. What it would take for a formula gets `'` before it, as OWASP advises.
pub fn cell(text: &str) -> String {
    let text = shown(text, 8_000);
    let first = text.trim_start().chars().next();
    let formula = matches!(first, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'));
    if formula { format!("'{text}") } else { text.into_owned() }
}

/// A text in Markdown as code, where nothing in it is a link, a mention or a mark; also inside a table.
pub fn code(text: &str) -> String {
    let text = shown(text, MOST);
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    if !text.contains(['`', '|']) {
        return format!("`{text}`");
    }
    // Inside a table a bar ends the cell, in code too; as HTML every sign can be a number.
    let mut out = String::from("<code>");
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            let _ = write!(out, "&#{};", c as u32);
        } else {
            out.push(c);
        }
    }
    out + "</code>"
}

/// A sentence in Markdown: every sign with a meaning is escaped, and nobody is mentioned.
pub fn markdown(text: &str) -> String {
    let text = shown(text.trim(), 4_000);
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        match c {
            '@' => out.push_str("<code>@</code>"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '$' | '&' | '!' | '^'
            | '=' => {
                out.push('\\');
                out.push(c);
            }
            ':' if rest.starts_with("//") => out.push_str("\\:"),
            '.' if out.ends_with("www") => out.push_str("\\."),
            '-' | '+' if at == 0 => {
                out.push('\\');
                out.push(c);
            }
            '.' | ')' if text.get(..at).is_some_and(|t| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit())) => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// A source, `title (publisher), address`, with the address as a link where it is a plain one.
pub fn markdown_source(source: &str) -> String {
    match address(source) {
        Some(link) => {
            let title = source.strip_suffix(link).unwrap_or(source).trim_end().trim_end_matches(',');
            format!("{}, <{link}>", markdown(title))
        }
        None => markdown(source),
    }
}

/// The web address at the end of a source, where it is a plain one.
pub fn address(source: &str) -> Option<&str> {
    let link = source.rsplit([' ', '\n']).next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "/.:-_~%?=&+,;#@!()".contains(c);
    let host = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"))?;
    (host.starts_with(|c: char| c.is_ascii_alphanumeric()) && link.len() < 500 && link.chars().all(plain))
        .then_some(link)
}

/// The message of a workflow command of GitHub Actions. A line end in it would begin another command.
pub fn command_message(text: &str) -> String {
    shown(text, 4_000).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a workflow command.
pub fn command_property(text: &str) -> String {
    command_message(text).replace(':', "%3A").replace(',', "%2C")
}

/// A text in a message of SARIF, where `[…](…)` is a link and `{0}` a place for something else.
pub fn message(text: &str) -> String {
    let text = shown(text, 4_000);
    let text = if text.contains("](") { text.replace('[', "\\[").replace(']', "\\]") } else { text.into_owned() };
    match text.find('{') {
        Some(_) => text.replace("{0", "{{0").replace("{1", "{{1"),
        None => text,
    }
}

/// A path as a URI reference: relative where it is, with `file://` where it begins at the root.
pub fn uri(path: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let drive = path.as_bytes().get(1) == Some(&b':') && path.starts_with(|c: char| c.is_ascii_alphabetic());
    let encoded = utf8_percent_encode(path, KEPT).to_string();
    match path.strip_prefix("//") {
        _ if drive => format!("file:///{}", encoded.replacen("%3A", ":", 1)),
        Some(_) => format!("file:{encoded}"),
        None if path.starts_with('/') => format!("file://{encoded}"),
        None => encoded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup_in_html() {
        let hostile = "</script><img src=x onerror='a' title=\"b\">&amp;\n\u{202E}\u{FFFF}\u{3164}\0";
        let shown = r"&#60;/script&#62;&#60;img src=x onerror=&#39;a&#39; title=&#34;b&#34;&#62;&#38;amp;\u{a}\u{202e}\u{ffff}\u{3164}\u{0}";
        assert_eq!(Html::text(hostile), shown);
        assert_eq!(Html::text("::set ##vso[ a:b #c"), ":&#58;set #&#35;vso[ a:b #c");
        assert_eq!(Html::text("Лаборатория é 実 עברית"), "Лаборатория é 実 עברית");
        assert_eq!(Html::length('\u{202E}'), r"\u{202e}".len());
    }

    #[test]
    fn nothing_that_acts_gets_out() {
        let hostile = "a\u{1b}[31m\r\nb\u{202E}c\u{200B}\u{9b}1m";
        assert_eq!(Line(hostile).to_string(), r"a\u{1b}[31m\u{d}\u{a}b\u{202e}c\u{200b}\u{9b}1m");
        assert_eq!(Line("Лаборатория é 実").to_string(), "Лаборатория é 実");
        assert_eq!(Line(&"x".repeat(10_000)).to_string().chars().count(), 201);
        assert_eq!(Line("a\u{FFFF}b").to_string(), r"a\u{ffff}b");
    }

    #[test]
    fn build_servers_take_nothing_for_a_command() {
        assert_eq!(Line("::set-output name=a::b").to_string(), r":\u{3a}set-output name=a::b");
        assert_eq!(Line("x ::error::y").to_string(), r"x :\u{3a}error::y");
        assert_eq!(Line("##vso[task] ###[x").to_string(), r"#\u{23}vso[task] #\u{23}#[x");
        assert_eq!(Line("std::vector").to_string(), "std::vector");
        assert_eq!(command_message("100%\n::x"), r"100%25\u{a}:\u{3a}x");
        assert_eq!(command_property("C:/a,b"), "C%3A/a%2Cb");
    }

    #[test]
    fn cells_are_no_formulas() {
        for text in ["=cmd()", "+1", "-1", "@x", "  =1", "\t=1", "＝1"] {
            let cell = cell(text);
            assert!(cell.starts_with('\'') || cell.starts_with('\\'), "{cell}");
        }
        assert_eq!(cell("a=b"), "a=b");
    }

    #[test]
    fn markdown_shows_its_signs() {
        assert_eq!(code("a|`b"), "<code>a&#124;&#96;b</code>");
        assert_eq!(code("pkg:npm/@a/b"), "`pkg:npm/@a/b`");
        assert_eq!(
            markdown("1. <b>*x*</b> @me https://a.example"),
            r"1\. \<b\>\*x\*\</b\> <code>@</code>me https\://a.example"
        );
        assert_eq!(markdown_source("T (P), https://a.example/x_y"), "T (P), <https://a.example/x_y>");
        assert_eq!(address("x javascript:alert(1)"), None);
        assert_eq!(address("https://a.example/<script>"), None);
    }

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("a b/ä%,#?.json"), "a%20b/%C3%A4%25%2C%23%3F.json");
        assert_eq!(uri("/x/y"), "file:///x/y");
        assert_eq!(uri("C:/x"), "file:///C:/x");
        assert_eq!(message("[x](javascript:1) {0}"), r"\[x\](javascript:1) {{0}");
    }
}
