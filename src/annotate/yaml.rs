//! Where notes stand in YAML: at the beginning of the object or list they belong to, where the indent is known and nothing
//! can be cut in two; in brackets at the end of the object. Each is one line in the style of JSON, which is YAML too. Start at [`edits`].

use super::entry::{ALL_OURS, Entry, Item, entries, list_of, ours, quoted};
use super::plan::Edit;
use super::{DEEPEST, MARGIN, Notes, Wanted, Whose, between, broken_at, left, line_end, of_reading};
use crate::error::AnnotateFault as Fault;
use crate::model::Family;
use crate::parsers::Limits;
use crate::parsers::syntax::Feed;
use crate::parsers::token::{Token, Tokens};
use crate::parsers::yaml::Yaml;
use crate::source::Source;
use crate::source::window::Span;

/// An open object or list.
struct Level {
    object: bool,
    /// Whether it stands in brackets.
    flow: bool,
    start: u64,
    /// Where the first key begins, and of a list where the first entry that stays does, with its dash.
    first: Option<u64>,
    /// Whether the key at hand is that of the list, and whether it is that of the metadata.
    key: (bool, bool),
    /// Whether it is a list of notes.
    list: bool,
    whose: Option<Whose>,
    at: &'static str,
    said: u8,
    /// Of a list: where the last entry ended that stays, and entries of ours that are to go.
    kept: Option<u64>,
    going: Option<Span>,
    /// Where the last value ended.
    last: u64,
}

/// A place for notes.
struct Slot {
    at: u64,
    gone: u64,
    whose: Whose,
    /// Keys that are not there yet, from the outside.
    keys: Vec<&'static str>,
    /// The indent of what is put in; none in brackets.
    indent: Option<usize>,
    /// Whether something else stands in the object or list.
    more: bool,
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
    let mut tokens = Yaml::new(feed);
    let placed = vec![false; notes.components.len()];
    let (levels, slots, edits) = (Vec::new(), Vec::new(), Vec::new());
    let mut walk = Walk { source, family, wanted, levels, slots, edits, placed, metadata: false };
    loop {
        let token = tokens.next().map_err(|fault| of_reading(source, fault))?;
        if token == Token::End {
            break;
        }
        if walk.levels.len() > DEEPEST {
            return Err(broken_at(source, tokens.span().start));
        }
        walk.token(token, &mut tokens)?;
    }
    if !walk.slots.iter().any(|slot| matches!(slot.whose, Whose::Document)) {
        return Err(Fault::Form("there is no place in it for what is said of the whole document".to_owned()));
    }
    let end = line_end(source)?;
    let unplaced = left(notes, &walk.placed);
    let mut edits = walk.edits;
    for slot in walk.slots {
        let facts = slot.whose.facts(notes, &unplaced);
        let text = slot.text(&entries(family, notes, &facts), end);
        edits.push(Edit { at: slot.at, gone: slot.gone, text });
    }
    Ok(edits)
}

impl Walk<'_> {
    fn token(&mut self, token: Token, tokens: &mut Yaml) -> Result<(), Fault> {
        let span = tokens.span();
        match token {
            Token::Key => {
                let key = tokens.raw().text().into_owned();
                let (list, root) = (key == list_of(self.family), self.levels.len() == 1);
                if let Some(level) = self.levels.last_mut() {
                    level.first.get_or_insert(span.start);
                    level.key = (list, root && key == "metadata" && self.family == Family::CycloneDx);
                    level.at = ["name", "annotator", "comment"].into_iter().find(|k| *k == key).unwrap_or_default();
                }
            }
            Token::OpenObject | Token::OpenArray => return self.open(token == Token::OpenObject, span.start),
            Token::Close => return self.close(span),
            _ => {
                let family = self.family;
                if let Some(level) = self.levels.last_mut() {
                    if token == Token::Text && !level.at.is_empty() {
                        level.said |= ours(family, level.at, &tokens.raw().text());
                    }
                    if level.key.0 && level.object {
                        // A list that is none takes no notes.
                        level.whose = None;
                    }
                    level.last = span.end;
                    if level.list {
                        level.first.get_or_insert(span.start);
                        level.kept = Some(span.end);
                    }
                }
            }
        }
        Ok(())
    }

    fn open(&mut self, object: bool, start: u64) -> Result<(), Fault> {
        // A list without brackets may begin where its first entry does.
        let flow = between(self.source, start, start + 1)? == if object { "{" } else { "[" };
        let (mut list, mut whose) = (false, None);
        match self.levels.last_mut() {
            None if self.family == Family::Spdx2 && object => whose = Some(Whose::Document),
            Some(parent) if parent.key.1 && object && !self.metadata => {
                self.metadata = true;
                whose = Some(Whose::Document);
            }
            Some(parent) if parent.object && parent.key.0 => {
                list = !object;
                whose = parent.whose.take().filter(|_| list);
            }
            _ => {}
        }
        let numbers = self.wanted.at(start);
        if object && whose.is_none() && !numbers.is_empty() {
            whose = Some(Whose::Components(numbers.to_vec()));
        }
        let (first, key, kept, going) = (None, (false, false), None, None);
        self.levels.push(Level {
            object,
            flow,
            start,
            first,
            key,
            list,
            whose,
            at: "",
            said: 0,
            kept,
            going,
            last: start,
        });
        Ok(())
    }

    fn close(&mut self, span: Span) -> Result<(), Fault> {
        let Some(mut level) = self.levels.pop() else { return Ok(()) };
        let end = if level.flow { self.behind(level.last.max(level.start), span.end)? } else { span.end };
        if level.list {
            self.list(&mut level)?;
        } else if let Some(whose) = level.whose.take() {
            self.member(&level, whose, vec![list_of(self.family)])?;
        }
        if self.levels.is_empty() && self.family == Family::CycloneDx && !self.metadata {
            self.member(&level, Whose::Document, vec!["metadata", "properties"])?;
        }
        let gone = level.said & ALL_OURS == ALL_OURS && !self.wanted.proves(level.start, end);
        let listed = self.levels.last().is_some_and(|parent| parent.list);
        let start = if listed { self.entry_start(&level)? } else { level.start };
        let Some(parent) = self.levels.last_mut() else { return Ok(()) };
        parent.last = end;
        if !parent.list {
            return Ok(());
        }
        if gone {
            parent.going = Some(Span { start: parent.going.map_or(start, |going| going.start), end });
        } else {
            if let Some(going) = parent.going.take() {
                self.edits.push(Edit::remove(going.start, start));
            }
            parent.first.get_or_insert(start);
            parent.kept = Some(end);
        }
        Ok(())
    }

    /// Where the bracket ends that closes behind a value.
    fn behind(&self, last: u64, end: u64) -> Result<u64, Fault> {
        // Nearly always it is close by.
        for margin in [16, MARGIN] {
            let blank = between(self.source, last, last + margin)?;
            let closing = blank.find(['}', ']']).filter(|at| blank.get(..*at).is_some_and(|b| b.trim().is_empty()));
            if let Some(at) = closing {
                return Ok((last + at as u64 + 1).max(end));
            }
        }
        Ok(end)
    }

    /// Where an entry begins: at its dash, when it has one.
    fn entry_start(&self, level: &Level) -> Result<u64, Fault> {
        let from = level.start.saturating_sub(MARGIN);
        let before = between(self.source, from, level.start)?;
        let dash = before.trim_end_matches(' ');
        let in_brackets = self.levels.last().is_some_and(|parent| parent.flow);
        let blanks = (before.len() - dash.len()) as u64;
        Ok(if dash.ends_with('-') && !in_brackets { level.start - blanks - 1 } else { level.start })
    }

    /// The column at which something begins, from 0; `None` when more than an indent stands before it.
    fn indent(&self, at: u64) -> Result<Option<usize>, Fault> {
        let before = between(self.source, at.saturating_sub(MARGIN), at)?;
        let line = before.rfind(['\n', '\r']).map(|end| end + 1);
        let line = line.or_else(|| (at <= MARGIN).then_some(0)).and_then(|start| before.get(start..));
        let line = line.map(|line| line.strip_prefix('\u{FEFF}').unwrap_or(line));
        Ok(line.filter(|line| line.bytes().all(|b| matches!(b, b' ' | b'-'))).map(str::len))
    }

    /// A list of notes ends.
    fn list(&mut self, level: &mut Level) -> Result<(), Fault> {
        let going = level.going.take();
        let Some(whose) = level.whose.take() else {
            match (going, level.kept) {
                (Some(going), Some(kept)) => self.edits.push(Edit::remove(kept, going.end)),
                (Some(going), None) => {
                    // A dash may stand in the column of its key, a bracket must not.
                    let text = if level.flow { "" } else { " []" }.to_owned();
                    self.edits.push(Edit { at: going.start, gone: going.end - going.start, text });
                }
                (None, _) => {}
            }
            return Ok(());
        };
        let (at, gone, more) = match (going, level.first, level.kept) {
            (Some(going), None, _) => (going.start, going.end - going.start, false),
            (going, Some(first), kept) => {
                if let (Some(going), Some(kept)) = (going, kept) {
                    self.edits.push(Edit::remove(kept, going.end));
                }
                (first, 0, true)
            }
            (None, None, _) => (level.start + 1, 0, false),
        };
        self.slot(at, gone, whose, Vec::new(), level.flow, more)
    }

    /// An object without a list of notes ends.
    fn member(&mut self, level: &Level, whose: Whose, keys: Vec<&'static str>) -> Result<(), Fault> {
        match (level.flow, level.first) {
            // At the end, because what a document is stands at its beginning.
            (true, Some(_)) => self.slot(level.last, 0, whose, keys, true, true),
            (true, None) => self.slot(level.start + 1, 0, whose, keys, true, false),
            (false, Some(first)) => self.slot(first, 0, whose, keys, false, true),
            (false, None) => Ok(()),
        }
    }

    fn slot(
        &mut self,
        at: u64,
        gone: u64,
        whose: Whose,
        keys: Vec<&'static str>,
        flow: bool,
        more: bool,
    ) -> Result<(), Fault> {
        let indent = if flow { None } else { self.indent(at)? };
        if !flow && indent.is_none() {
            return Ok(());
        }
        if let Whose::Components(numbers) = &whose {
            numbers.iter().for_each(|n| self.placed.get_mut(*n).into_iter().for_each(|placed| *placed = true));
        }
        self.slots.push(Slot { at, gone, whose, keys, indent, more });
        Ok(())
    }
}

impl Slot {
    fn text(&self, entries: &[Entry], line_end: &str) -> String {
        let one = |entry: &Entry| {
            let member = |(key, item): &(&str, Item)| match item {
                Item::Text(text) => format!("{}: {}", quoted(key), quoted(text)),
                Item::List(text) => format!("{}: [{}]", quoted(key), quoted(text)),
            };
            format!("{{{}}}", entry.iter().map(member).collect::<Vec<_>>().join(", "))
        };
        let all: Vec<String> = entries.iter().map(one).collect();
        let Some(mut indent) = self.indent else {
            let (mut open, mut close) = (String::new(), String::new());
            for (at, key) in self.keys.iter().enumerate() {
                let list = at + 1 == self.keys.len();
                open.push_str(&format!("\"{key}\": {}", if list { '[' } else { '{' }));
                close.insert(0, if list { ']' } else { '}' });
            }
            let comma = |here: bool| if self.more && here { ", " } else { "" };
            let (before, behind) = (comma(!self.keys.is_empty()), comma(self.keys.is_empty()));
            return format!("{before}{open}{}{close}{behind}", all.join(", "));
        };
        let (outer, mut out) = (indent, String::new());
        let line = |out: &mut String, indent: usize| {
            out.push_str(line_end);
            out.push_str(&" ".repeat(indent));
        };
        for key in &self.keys {
            out.push_str(key);
            out.push(':');
            indent += 2;
            line(&mut out, indent);
        }
        for (at, entry) in all.iter().enumerate() {
            if at > 0 {
                line(&mut out, indent);
            }
            out.push_str("- ");
            out.push_str(entry);
        }
        if self.more {
            line(&mut out, outer);
        }
        out
    }
}
