//! How a JSON document is written, and notes in the same way: on one line or on several, with its line ends, indent and
//! colons. Start at [`Style::text`].

use super::entry::{Entry, Item, quoted};
use super::{between, lead, unit};
use crate::error::AnnotateFault as Fault;
use crate::source::Source;
use crate::source::window::Span;

/// How notes stand in their place. A margin is the blank text before the first key or entry.
pub enum Shape {
    /// Behind the entries of a list.
    Behind(Span),
    /// In the place of entries that were all ours.
    Instead(Span),
    /// In an empty list, with the margin of the object around it and what stands in the list.
    Into(Span, Span),
    /// In an object without the list; whether something stands before it there.
    Member(Span, bool),
    /// In a document without metadata.
    Metadata(Span, bool),
}

/// How a document is written.
pub struct Style {
    colon: String,
    unit: String,
}

impl Style {
    /// Looks at what stands between a key and its value, and around the members of the outermost object.
    ///
    /// # Errors
    /// When the document can no longer be read.
    pub fn of(source: &Source, colon: Option<Span>, root: (Span, Span)) -> Result<Self, Fault> {
        let blank = |span: Span| between(source, span.start, span.end);
        let colon = colon.map(blank).transpose()?;
        let colon = colon.filter(|c| c.trim_ascii() == ":" && c.len() <= 4 && !c.contains(['\n', '\r']));
        let (inner, outer) = (blank(root.0)?, blank(root.1)?);
        Ok(Self { colon: colon.unwrap_or_else(|| ": ".to_owned()), unit: unit(lead(&inner), lead(&outer)) })
    }

    /// What stands between the entries of a list or object, which begin with this.
    fn comma(&self, lead: &str) -> String {
        let blank = if lead.is_empty() && self.colon.ends_with(' ') { " " } else { lead };
        format!(",{blank}")
    }

    fn deeper(&self, lead: &str) -> String {
        if lead.is_empty() { String::new() } else { format!("{lead}{}", self.unit) }
    }

    /// Entries of the list under a key, as they are put in.
    ///
    /// # Errors
    /// When the document can no longer be read.
    pub fn text(&self, source: &Source, key: &str, shape: &Shape, entries: &[Entry]) -> Result<String, Fault> {
        let margin = |span: &Span| between(source, span.start, span.end).map(|blank| lead(&blank).to_owned());
        let join = |lead: &str| {
            let all: Vec<String> = entries.iter().map(|entry| self.entry(entry, lead)).collect();
            all.join(&self.comma(lead))
        };
        let list = |around: &str| {
            let lead = self.deeper(around);
            format!("{}{}[{lead}{}{around}]", quoted(key), self.colon, join(&lead))
        };
        let begin = |around: &str, behind: bool| if behind { self.comma(around) } else { around.to_owned() };
        Ok(match shape {
            Shape::Behind(first) => {
                let lead = margin(first)?;
                format!("{}{}", self.comma(&lead), join(&lead))
            }
            Shape::Instead(first) => join(&margin(first)?),
            Shape::Into(around, inside) => {
                let (around, blank) = (margin(around)?, between(source, inside.start, inside.end)?);
                let lead = self.deeper(&around);
                let end = if lead.is_empty() || !self::lead(&blank).is_empty() { "" } else { &around };
                format!("{lead}{}{end}", join(&lead))
            }
            Shape::Member(around, behind) => {
                let around = margin(around)?;
                format!("{}{}", begin(&around, *behind), list(&around))
            }
            Shape::Metadata(around, behind) => {
                let around = margin(around)?;
                let inner = self.deeper(&around);
                let (begin, colon) = (begin(&around, *behind), &self.colon);
                format!("{begin}\"metadata\"{colon}{{{inner}{}{around}}}", list(&inner))
            }
        })
    }

    /// An entry, with its parts on lines of their own when there is a line to begin with.
    fn entry(&self, entry: &Entry, lead: &str) -> String {
        let (inner, innermost) = (self.deeper(lead), self.deeper(&self.deeper(lead)));
        let item = |item: &Item| match item {
            Item::Text(text) => quoted(text),
            Item::List(text) => format!("[{innermost}{}{inner}]", quoted(text)),
        };
        let members = entry.iter().map(|(key, value)| format!("{}{}{}", quoted(key), self.colon, item(value)));
        format!("{{{inner}{}{lead}}}", members.collect::<Vec<_>>().join(&self.comma(&inner)))
    }
}
