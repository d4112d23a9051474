//! A page of plain text for a terminal or a file: labels, wrapped texts, lines of documents with a part underlined, and
//! colors where they are wanted. Every text goes through the gate here, whoever wrote it.

use super::escape::{Line, shown};
use crate::report::{Evidence, Excerpt, Location};
use crate::rules::format::Level;
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};

/// How wide a page is.
pub const WIDTH: usize = 100;

/// How many characters a text has at most, whoever wrote it.
const MOST: usize = 8_000;

/// Where a text goes, with or without colors.
pub struct Page<'o> {
    out: &'o mut dyn Write,
    colored: bool,
}

/// What is to be seen first.
pub const BOLD: Style = Style::new().bold();
/// What is less than what stands beside it.
pub const DIM: Style = Style::new().dimmed();

/// The color of a level; that of nothing read is the highest's.
pub fn style(level: Option<Level>) -> Style {
    let color = match level {
        None | Some(Level::Prohibited | Level::LikelyProhibited) => AnsiColor::Red,
        Some(Level::Review) => AnsiColor::Yellow,
        Some(Level::ExemptCandidate | Level::Advisory) => AnsiColor::Cyan,
        Some(Level::NoEvidence) => return Style::new(),
    };
    color.on_default().bold()
}

impl<'o> Page<'o> {
    /// A page on `out`.
    pub fn new(out: &'o mut dyn Write, colored: bool) -> Self {
        Self { out, colored }
    }

    /// One line, through the gate whatever is in it.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        self.styled(Style::new(), text, "")
    }

    /// A line whose beginning has a style.
    pub fn styled(&mut self, style: Style, begins: &str, text: &str) -> io::Result<()> {
        let (begins, text) = (shown(begins, MOST), shown(text.trim_end(), MOST));
        let begins = if text.is_empty() { begins.trim_end() } else { &begins };
        match self.colored && style != Style::new() && !begins.trim().is_empty() {
            true => writeln!(self.out, "{style}{begins}{style:#}{text}"),
            false => writeln!(self.out, "{begins}{text}"),
        }
    }

    /// A label and a text, wrapped under itself.
    pub fn pair(&mut self, label: &str, text: &str) -> io::Result<()> {
        let first = format!("  {label:<10} ");
        let text = shown(text.trim(), MOST);
        let options = textwrap::Options::new(WIDTH)
            .initial_indent(&first)
            .subsequent_indent("             ")
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in textwrap::wrap(&text, options) {
            match line.strip_prefix(first.as_str()) {
                Some(rest) => self.styled(DIM, &first, rest)?,
                None => self.line(&line)?,
            }
        }
        Ok(())
    }

    /// The line something stands in, with what is meant underlined.
    pub fn excerpt(&mut self, excerpt: &Excerpt, at: &Location) -> io::Result<()> {
        let before = usize::try_from(excerpt.before).unwrap_or(usize::MAX);
        let length = match at.end() {
            (line, end) if line == at.line => usize::try_from(end.saturating_sub(at.column)).unwrap_or(usize::MAX),
            _ => usize::MAX,
        };
        // Parts are escaped apart, so that the underline has the width of what is shown. A tab is a blank here.
        // A report that is read back may hold a longer text than is ever written.
        let text: Vec<char> = excerpt.text.chars().take(200).map(|c| if c == '\t' { ' ' } else { c }).collect();
        let part = |skip: usize, take: usize| -> String {
            let text: String = text.iter().skip(skip).take(take).collect();
            shown(&text, usize::MAX).into_owned()
        };
        let (head, mut meant, mut tail) =
            (part(0, before), part(before, length), part(before.saturating_add(length), usize::MAX));
        let mut head = head.trim_start().to_owned();
        if excerpt.cut_before {
            head.insert(0, '…');
        }
        let width = textwrap::core::display_width;
        let number = at.line.to_string();
        // What is meant comes first; what stands around it takes what room is left.
        let room = WIDTH.saturating_sub(13 + number.len() + 4);
        while width(&head) > room / 3 {
            head = format!("…{}", head.chars().skip(3).collect::<String>());
        }
        let mut cut = excerpt.cut_after;
        if shorten(&mut meant, room.saturating_sub(width(&head))) {
            cut = true;
            tail.clear();
        }
        cut |= shorten(&mut tail, room.saturating_sub(width(&head) + width(&meant)));
        let end = if cut { "…" } else { "" };
        let shown = format!("{head}{meant}{tail}{end}");
        self.styled(DIM, &format!("             {number} | "), &shown)?;
        let blank = " ".repeat(number.len());
        let under = format!("{}{}", " ".repeat(width(&head)), "^".repeat(width(&meant).max(1)));
        self.styled(DIM, &format!("             {blank} | "), &under)
    }

    /// A piece of evidence: what was found where, by which rule; with its line where that is asked for.
    pub fn evidence(&mut self, label: &str, file: &str, evidence: &Evidence, line: bool) -> io::Result<()> {
        let at = &evidence.location;
        let draft = if evidence.draft { ", DRAFT" } else { "" };
        self.pair(
            label,
            &format!(
                "{} \"{}\" at {}:{}:{} [rule {}, {}{draft}]",
                evidence.kind,
                Line(&evidence.found),
                Line(file),
                at.line,
                at.column,
                evidence.rule,
                evidence.strength.id(),
            ),
        )?;
        match &evidence.excerpt {
            Some(excerpt) if line => self.excerpt(excerpt, at),
            _ => Ok(()),
        }
    }
}

/// Takes characters from the end until the text fits; whether any had to go.
fn shorten(text: &mut String, columns: usize) -> bool {
    let mut cut = false;
    while textwrap::core::display_width(text) > columns && text.pop().is_some() {
        cut = true;
    }
    cut
}
