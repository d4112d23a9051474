//! Where notes stand in XML: `properties` of CycloneDX, at their place in the sequence that its schema asks for, and
//! `annotations` of SPDX 2 as its tools write it. Start at [`edits`].
//!
//! What is put in is ASCII, so that it is the same bytes in every encoding that has one byte for a character.

use super::entry::{ALL_OURS, ours};
use super::plan::Edit;
use super::{DEEPEST, Fact, Notes, Wanted, Whose, between, broken_at, lead, left, lines, of_reading, unit};
use crate::error::AnnotateFault as Fault;
use crate::model::Family;
use crate::parsers::Limits;
use crate::parsers::syntax::Feed;
use crate::parsers::xml::tags::{Opening, Piece, tags};
use crate::source::Source;
use crate::source::window::Span;
use std::fmt::Write as _;

/// What stands behind `properties` in each element that has them (bom-1.3.xsd to bom-1.7.xsd); an element of another
/// namespace always does.
const BEHIND: &[(&str, &[&str])] = &[
    (
        "component",
        &["components", "evidence", "releaseNotes", "modelCard", "data", "cryptoProperties", "tags", "signature"],
    ),
    ("service", &["services", "releaseNotes", "tags", "signature"]),
    ("metadata", &["distributionConstraints"]),
];

/// An open element.
struct Level {
    /// The name as written.
    name: String,
    start: u64,
    /// Where its first tag ends.
    inside: u64,
    /// The blank text before it.
    margin: Span,
    /// Where the last child that stays ended; where the first tag did, as long as there is none.
    last: u64,
    /// The blank text before the first child.
    first: Option<Span>,
    /// The blank text before the first child that must stand behind notes.
    next: Option<Span>,
    whose: Option<Whose>,
    /// What was said of whose entry it is.
    said: u8,
    text: String,
}

impl Level {
    fn local(&self) -> &str {
        local(&self.name)
    }

    fn prefix(&self) -> &str {
        self.name.strip_suffix(self.local()).unwrap_or_default()
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// A place for notes.
struct Slot {
    at: u64,
    gone: u64,
    prefix: String,
    whose: Whose,
    /// Elements around the entries that are not there yet, from the outside.
    around: &'static [&'static str],
    /// What stands before the outermost of them, what an indent is, and what stands behind the last.
    lead: String,
    unit: String,
    end: String,
}

struct Walk<'w> {
    source: &'w Source,
    family: Family,
    wanted: &'w Wanted,
    levels: Vec<Level>,
    slots: Vec<Slot>,
    edits: Vec<Edit>,
    placed: Vec<bool>,
    metadata: bool,
}

/// What is to be changed in a document.
///
/// # Errors
/// When it is broken, can no longer be read, or has no place for notes.
pub fn edits(source: &Source, family: Family, notes: &Notes, wanted: &Wanted) -> Result<Vec<Edit>, Fault> {
    let feed = Feed::new(source.open().map_err(Fault::Unreadable)?, Limits::default().value);
    let placed = vec![false; notes.components.len()];
    let (levels, slots, edits) = (Vec::new(), Vec::new(), Vec::new());
    let mut walk = Walk { source, family, wanted, levels, slots, edits, placed, metadata: false };
    tags(feed, &mut |piece, span| walk.piece(piece, span), &|fault| of_reading(source, fault))?;
    if !walk.slots.iter().any(|slot| matches!(slot.whose, Whose::Document)) {
        return Err(Fault::Form("there is no place in it for what is said of the whole document".to_owned()));
    }
    let unplaced = left(notes, &walk.placed);
    let mut edits = walk.edits;
    for slot in walk.slots {
        let facts = slot.whose.facts(notes, &unplaced);
        edits.push(Edit { at: slot.at, gone: slot.gone, text: slot.text(family, notes, &facts) });
    }
    Ok(edits)
}

impl Walk<'_> {
    fn piece(&mut self, piece: Piece<'_>, span: Span) -> Result<(), Fault> {
        match piece {
            Piece::Open(tag) => return self.open(&tag, span),
            Piece::Close => return self.close(span),
            Piece::Text(text) => {
                if let Some(level) = self.levels.last_mut().filter(|l| matches!(l.local(), "annotator" | "comment")) {
                    // Only the beginning is asked for.
                    level.text.extend(text.chars().take(64));
                }
            }
            Piece::Other => {
                if let Some(level) = self.levels.last_mut() {
                    level.last = span.end;
                }
            }
        }
        Ok(())
    }

    fn open(&mut self, tag: &Opening<'_>, span: Span) -> Result<(), Fault> {
        if self.levels.len() >= DEEPEST {
            return Err(broken_at(self.source, span.start));
        }
        let name = tag.name().to_owned();
        let cyclonedx = self.family == Family::CycloneDx;
        let (mut whose, mut said, mut margin) = (None, 0, Span { start: span.start, end: span.start });
        match self.levels.last_mut() {
            None => whose = (!cyclonedx).then_some(Whose::Document),
            Some(parent) => {
                margin.start = parent.last;
                parent.first.get_or_insert(margin);
                let own = name.strip_suffix(local(&name)) == Some(parent.prefix()) && tag.attribute("xmlns").is_none();
                if cyclonedx && own && local(&name) == "properties" {
                    whose = parent.whose.take();
                } else if cyclonedx && parent.whose.is_some() {
                    let behind = BEHIND.iter().find(|(element, _)| *element == parent.local());
                    if !own || behind.is_some_and(|(_, names)| names.contains(&local(&name))) {
                        parent.next.get_or_insert(margin);
                    }
                }
                if cyclonedx && parent.local() == "properties" && local(&name) == "property" {
                    said = ours(Family::CycloneDx, "name", &tag.attribute("name").unwrap_or_default());
                }
                if cyclonedx && self.levels.len() == 1 && own && local(&name) == "metadata" && !self.metadata {
                    self.metadata = true;
                    whose = Some(Whose::Document);
                }
            }
        }
        if !cyclonedx && self.levels.len() == 1 && local(&name) == "Document" {
            // The element around it is not of the model.
            whose = self.levels.last_mut().and_then(|root| root.whose.take());
        }
        let numbers = self.wanted.at(span.start);
        if whose.is_none() && !numbers.is_empty() {
            whose = Some(Whose::Components(numbers.to_vec()));
        }
        let (start, inside) = (span.start, span.end);
        let (first, next, text) = (None, None, String::new());
        self.levels.push(Level { name, start, inside, margin, last: inside, first, next, whose, said, text });
        Ok(())
    }

    fn close(&mut self, span: Span) -> Result<(), Fault> {
        let Some(mut level) = self.levels.pop() else { return Ok(()) };
        let alone = span.start == span.end;
        let gone = level.said & ALL_OURS == ALL_OURS && !self.wanted.proves(level.start, span.end);
        if let Some(whose) = level.whose.take() {
            self.place(&level, whose, alone, span)?;
        }
        let bare = self.levels.is_empty() && self.family == Family::CycloneDx && !self.metadata && !alone;
        if bare {
            let margin = level.first.unwrap_or(Span { start: level.inside, end: level.inside });
            let lead = lead(&between(self.source, margin.start, margin.end)?).to_owned();
            let closing = between(self.source, level.last, span.start)?;
            let (prefix, unit) = (level.prefix().to_owned(), unit(&lead, self::lead(&closing)));
            let (around, whose, end): (&[&str], _, _) = (&["metadata", "properties"], Whose::Document, String::new());
            self.slots.push(Slot { at: level.inside, gone: 0, prefix, whose, around, lead, unit, end });
        }
        let family = self.family;
        if let Some(parent) = self.levels.last_mut() {
            if family == Family::Spdx2 && parent.local() == "annotations" {
                parent.said |= ours(family, level.local(), &level.text);
            }
            if gone {
                self.edits.push(Edit::remove(parent.last, span.end));
            } else {
                parent.last = span.end;
            }
        }
        Ok(())
    }

    /// What an indent is here: how much deeper something is than the element around it.
    fn around_indent(&self, own: &str) -> Result<String, Fault> {
        let Some(parent) = self.levels.last() else { return Ok("  ".to_owned()) };
        let outer = between(self.source, parent.margin.start, parent.margin.end)?;
        Ok(unit(own, lead(&outer)))
    }

    /// The notes that an element still needs a place for.
    fn place(&mut self, level: &Level, whose: Whose, alone: bool, span: Span) -> Result<(), Fault> {
        let blank = |span: Span| between(self.source, span.start, span.end);
        let list = self.family == Family::CycloneDx && level.local() == "properties";
        let own = blank(level.margin)?;
        let own = lead(&own);
        let first = level.first.map(blank).transpose()?;
        let inner = first.as_deref().map(lead);
        let prefix = level.prefix().to_owned();
        let slot = match (list, alone) {
            // Nothing can stand in an element that has ended where it began; one that says nothing is written anew.
            (false, true) if !matches!(whose, Whose::Document) || level.local() != "metadata" => return Ok(()),
            (_, true) => {
                let (lead, end) = (own.to_owned(), String::new());
                let gone = level.inside - level.start;
                // What stood before it still does.
                let around: &[&str] = if list { &["properties"] } else { &["metadata", "properties"] };
                let at = level.start;
                Slot { at, gone, prefix, whose, around, unit: self.around_indent(own)?, lead, end }
            }
            (true, false) => {
                let lead = inner.map_or_else(|| deeper(own, "  "), str::to_owned);
                let closed = between(self.source, level.last, span.start)?;
                let end = if inner.is_none() && self::lead(&closed).is_empty() { own } else { "" };
                let (at, unit, end) = (level.last, unit(&lead, own), end.to_owned());
                Slot { at, gone: 0, prefix, whose, around: &[], lead, unit, end }
            }
            (false, false) => {
                let next = level.next.map(blank).transpose()?;
                // Behind text that stands beside elements, and before the element that must come later.
                let at = match (&level.next, &next) {
                    (Some(span), Some(blank)) if !blank.trim_ascii().is_empty() => span.end,
                    (Some(span), _) => span.start,
                    (None, _) => level.last,
                };
                let lead = next.as_deref().map(lead).or(inner).unwrap_or_default().to_owned();
                let around: &[&str] = if self.family == Family::CycloneDx { &["properties"] } else { &[] };
                Slot { at, gone: 0, prefix, whose, around, unit: unit(&lead, own), lead, end: String::new() }
            }
        };
        if let Whose::Components(numbers) = &slot.whose {
            numbers.iter().for_each(|n| self.placed.get_mut(*n).into_iter().for_each(|placed| *placed = true));
        }
        self.slots.push(slot);
        Ok(())
    }
}

/// An indent that is deeper by a unit; none on the same line.
fn deeper(lead: &str, unit: &str) -> String {
    if lead.is_empty() { String::new() } else { format!("{lead}{unit}") }
}

impl Slot {
    fn text(&self, family: Family, notes: &Notes, facts: &[Vec<Fact>]) -> String {
        let Self { prefix, unit, .. } = self;
        let (mut out, mut leads) = (String::new(), vec![self.lead.clone()]);
        // A list that is written in the place of an empty one has its margin before it.
        let mut skip = self.gone > 0;
        for name in self.around {
            let lead = leads.last().cloned().unwrap_or_default();
            let _ = write!(out, "{}<{prefix}{name}>", if std::mem::take(&mut skip) { "" } else { &lead });
            leads.push(deeper(&lead, unit));
        }
        let lead = leads.last().cloned().unwrap_or_default();
        if family == Family::CycloneDx {
            for (name, value) in facts.iter().flatten() {
                let (name, value) = (escaped(name), escaped(value));
                let _ = write!(out, "{lead}<{prefix}property name=\"{name}\">{value}</{prefix}property>");
            }
        } else {
            let inner = deeper(&lead, unit);
            for facts in facts {
                let _ = write!(out, "{lead}<{prefix}annotations>");
                for (name, value) in [
                    ("annotationDate", notes.on.as_str()),
                    ("annotationType", "OTHER"),
                    ("annotator", &format!("Tool: {}", notes.by)),
                    ("comment", &lines(facts)),
                ] {
                    let _ = write!(out, "{inner}<{prefix}{name}>{}</{prefix}{name}>", escaped(value));
                }
                let _ = write!(out, "{lead}</{prefix}annotations>");
            }
        }
        for (name, lead) in self.around.iter().zip(&leads).rev() {
            let _ = write!(out, "{lead}</{prefix}{name}>");
        }
        out + &self.end
    }
}

/// A text as content or as a quoted value, in ASCII.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '<' | '>' | '"' | '\'' | '\u{7f}'.. => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}
