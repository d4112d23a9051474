//! Where notes stand in JSON: `properties` of CycloneDX, `annotations` of SPDX 2, elements in the `@graph` of SPDX 3.
//!
//! They are written as what is around them is: on one line or on several, with its line ends, indent and colons. Start at
//! [`edits`].

use super::entry::{ALL_OURS, elements, entries, list_of, ours};
use super::plan::Edit;
use super::style::{Shape, Style};
use super::{DEEPEST, Notes, Wanted, Whose, broken_at, left, of_reading};
use crate::error::AnnotateFault as Fault;
use crate::model::Family;
use crate::parsers::Limits;
use crate::parsers::json::Json;
use crate::parsers::token::{Token, Tokens};
use crate::source::Source;
use crate::source::window::{Span, Window};

/// The keys of an entry that tell whose it is and what it is.
const KEYS: &[&str] =
    &["name", "annotator", "comment", "creationInfo", "@id", "type", "@type", "spdxId", "specVersion", CONTEXT];

/// The key of what the names in a document stand for.
const CONTEXT: &str = "@context";

/// What an object or a list is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Root,
    Metadata,
    List,
    Entry,
    Other,
}

/// An open object or list.
struct Level {
    role: Role,
    start: u64,
    /// Where the first key or entry begins.
    first: Option<u64>,
    /// Where the last value ended.
    last: u64,
    /// Whether the key at hand is that of the list, and whether it is that of the metadata.
    key: (bool, bool),
    /// Who still needs a place here.
    whose: Option<Whose>,
    /// What was said of whose entry it is.
    said: u8,
    /// Of a list: where the last entry ended that stays.
    kept: Option<u64>,
    /// Of a list: entries of ours that are to go.
    going: Option<Span>,
    /// Of an entry: the key at hand, when it is one of [`KEYS`], and what is known of it.
    at: &'static str,
    element: Element,
}

/// What we must know of an element of SPDX 3.
#[derive(Debug, Default)]
struct Element {
    kind: String,
    id: String,
    version: String,
}

/// A place for notes.
struct Slot {
    at: u64,
    gone: u64,
    shape: Shape,
    whose: Whose,
}

struct Walk<'w> {
    family: Family,
    wanted: &'w Wanted,
    levels: Vec<Level>,
    slots: Vec<Slot>,
    edits: Vec<Edit>,
    placed: Vec<bool>,
    /// The margin of the outermost object, and that before its end.
    root: (Span, Span),
    /// What stands between a key and its value.
    colon: Option<Span>,
    metadata: bool,
    /// Whether the names in an SPDX 3 document are those of its specification.
    named: bool,
    /// The reference of the document, and the version of the specification.
    document: Element,
}

/// What is to be changed in a document.
///
/// # Errors
/// When it is broken, can no longer be read, or has no place for notes.
pub fn edits(source: &Source, family: Family, notes: &Notes, wanted: &Wanted) -> Result<Vec<Edit>, Fault> {
    let window = Window::new(source.open().map_err(Fault::Unreadable)?, Limits::default().value).sized(source.len());
    let mut tokens = Json::new(window).map_err(|fault| of_reading(source, fault))?;
    let mut walk = Walk {
        family,
        wanted,
        levels: Vec::new(),
        slots: Vec::new(),
        edits: Vec::new(),
        placed: vec![false; notes.components.len()],
        root: (Span::default(), Span::default()),
        colon: None,
        metadata: false,
        named: false,
        document: Element::default(),
    };
    loop {
        let token = tokens.next().map_err(|fault| of_reading(source, fault))?;
        if token == Token::End {
            break;
        }
        if walk.levels.len() > DEEPEST {
            return Err(broken_at(source, tokens.span().start));
        }
        walk.token(token, &mut tokens);
    }
    if family == Family::Spdx3 {
        walk.placed.fill(true);
    }
    let named = family != Family::Spdx3 || walk.named;
    if !named || !walk.slots.iter().any(|slot| matches!(slot.whose, Whose::Document)) {
        return Err(Fault::Form(match family {
            Family::Spdx3 => "SPDX 3 is written with a `@graph` and the context of its specification alone".to_owned(),
            _ => "what stands where its metadata or annotations should is something else".to_owned(),
        }));
    }
    let mut edits = std::mem::take(&mut walk.edits);
    let style = Style::of(source, walk.colon, walk.root)?;
    let unplaced = left(notes, &walk.placed);
    for slot in &walk.slots {
        let entries = match (&slot.whose, family) {
            (Whose::Document, Family::Spdx3) => elements(notes, &walk.document.id, &walk.document.version)?,
            (whose, _) => entries(family, notes, &whose.facts(notes, &unplaced)),
        };
        let text = style.text(source, list_of(family), &slot.shape, &entries)?;
        edits.push(Edit { at: slot.at, gone: slot.gone, text });
    }
    Ok(edits)
}

impl Walk<'_> {
    fn token(&mut self, token: Token, tokens: &mut Json) {
        let span = tokens.span();
        match token {
            Token::Key => {
                let key = tokens.raw().text().into_owned();
                let list = key == list_of(self.family);
                let Some(level) = self.levels.last_mut() else { return };
                level.first.get_or_insert(span.start);
                level.key = (list, key == "metadata" && level.role == Role::Root);
                level.at = KEYS.iter().find(|known| **known == key).copied().unwrap_or_default();
                if self.colon.is_none() {
                    self.colon = Some(Span { start: span.end, end: span.end });
                }
            }
            Token::OpenObject | Token::OpenArray => {
                self.begins(span.start);
                self.open(token == Token::OpenObject, span.start);
            }
            Token::Close => self.close(span),
            _ => {
                self.begins(span.start);
                if token == Token::Text && self.levels.last().is_some_and(|l| l.role == Role::Entry) {
                    let text = tokens.raw().text().into_owned();
                    let family = self.family;
                    if let Some(level) = self.levels.last_mut() {
                        level.said |= ours(family, level.at, &text);
                        level.element.take(level.at, text);
                    }
                }
                if token == Token::Text && self.levels.last().is_some_and(|l| l.role == Role::Root && l.at == CONTEXT) {
                    self.named = tokens.raw().text().starts_with("https://spdx.org/rdf/3.");
                }
                if let Some(level) = self.levels.last_mut() {
                    // A list that is none takes no notes.
                    if level.key.0 && level.role != Role::List {
                        level.whose = None;
                    }
                    level.last = span.end;
                }
            }
        }
    }

    /// A value begins.
    fn begins(&mut self, start: u64) {
        if let Some(colon) = self.colon.as_mut().filter(|colon| colon.start == colon.end) {
            colon.end = start;
        }
        if let Some(level) = self.levels.last_mut() {
            level.first.get_or_insert(start);
        }
    }

    fn open(&mut self, object: bool, start: u64) {
        let parent = self.levels.last_mut();
        let (mut role, mut whose) = (Role::Other, None);
        match parent {
            None if object => {
                role = Role::Root;
                if self.family == Family::Spdx2 || self.family == Family::Spdx3 {
                    whose = Some(Whose::Document);
                }
            }
            None => {}
            Some(parent) if object && parent.role == Role::List => role = Role::Entry,
            Some(parent) if object && parent.key.1 && self.family == Family::CycloneDx && !self.metadata => {
                role = Role::Metadata;
                self.metadata = true;
                whose = Some(Whose::Document);
            }
            Some(parent) if parent.role != Role::List && parent.key.0 => {
                let graph = self.family == Family::Spdx3;
                if !object && (!graph || parent.role == Role::Root) {
                    role = Role::List;
                    whose = parent.whose.take();
                } else if object {
                    parent.whose = None;
                }
            }
            Some(_) => {}
        }
        let numbers = self.wanted.at(start);
        if object && whose.is_none() && self.family != Family::Spdx3 && !numbers.is_empty() {
            whose = Some(Whose::Components(numbers.to_vec()));
        }
        self.levels.push(Level {
            role,
            start,
            first: None,
            last: start,
            key: (false, false),
            whose,
            said: 0,
            kept: None,
            going: None,
            at: "",
            element: Element::default(),
        });
    }

    fn close(&mut self, span: Span) {
        let Some(mut level) = self.levels.pop() else { return };
        let margin = Span { start: level.start + 1, end: level.first.unwrap_or(level.start + 1) };
        match level.role {
            Role::List => self.list(&mut level, margin, span),
            Role::Root if self.family == Family::CycloneDx && !self.metadata => {
                let (at, behind) = (level.last.max(level.start + 1), level.first.is_some());
                self.slot(at, 0, Shape::Metadata(margin, behind), Whose::Document);
            }
            // Without a graph there is none to be begun: the names may be those of another context.
            _ if self.family == Family::Spdx3 => {}
            _ => {
                if let Some(whose) = level.whose.take() {
                    let (at, behind) = (level.last.max(level.start + 1), level.first.is_some());
                    self.slot(at, 0, Shape::Member(margin, behind), whose);
                }
            }
        }
        if level.role == Role::Root {
            self.root = (margin, Span { start: level.last, end: span.start });
        }
        let evidence = level.role == Role::Entry && self.wanted.proves(level.start, span.end);
        let Some(parent) = self.levels.last_mut() else { return };
        parent.last = span.end;
        if parent.role == Role::List {
            let gone = level.said & ALL_OURS == ALL_OURS && !evidence;
            if let Some(edit) = parent.entry(Span { start: level.start, end: span.end }, gone) {
                self.edits.push(edit);
            }
            if self.family == Family::Spdx3 && !gone {
                self.document.learn(level.element);
            }
        }
    }

    /// A list of notes ends.
    fn list(&mut self, level: &mut Level, margin: Span, end: Span) {
        let around = self
            .levels
            .last()
            .map_or(margin, |parent| Span { start: parent.start + 1, end: parent.first.unwrap_or(parent.start + 1) });
        match (level.whose.take(), level.going.take(), level.kept) {
            (Some(whose), going, Some(kept)) => {
                let gone = going.map_or(0, |going| going.end.saturating_sub(kept));
                self.slot(kept, gone, Shape::Behind(margin), whose);
            }
            (Some(whose), Some(going), None) => {
                self.slot(going.start, going.end - going.start, Shape::Instead(margin), whose);
            }
            (Some(whose), None, None) => {
                let inside = Span { start: level.start + 1, end: end.start };
                self.slot(level.start + 1, 0, Shape::Into(around, inside), whose);
            }
            (None, Some(going), kept) => self.edits.push(Edit::remove(kept.unwrap_or(going.start), going.end)),
            (None, None, _) => {}
        }
    }

    fn slot(&mut self, at: u64, gone: u64, shape: Shape, whose: Whose) {
        if let Whose::Components(numbers) = &whose {
            numbers.iter().for_each(|n| self.placed.get_mut(*n).into_iter().for_each(|placed| *placed = true));
        }
        self.slots.push(Slot { at, gone, shape, whose });
    }
}

impl Level {
    /// An entry of a list that ends; what has to go before it, when that is known now.
    fn entry(&mut self, span: Span, ours: bool) -> Option<Edit> {
        if ours {
            let going = self.going.get_or_insert(span);
            going.end = span.end;
            return None;
        }
        let going = self.going.take();
        let kept = self.kept.replace(span.end);
        going.map(|going| match kept {
            Some(kept) => Edit::remove(kept, going.end),
            None => Edit::remove(going.start, span.start),
        })
    }
}

impl Element {
    fn take(&mut self, key: &str, text: String) {
        match key {
            "type" | "@type" => self.kind = text,
            "spdxId" => self.id = text,
            "specVersion" => self.version = text,
            _ => {}
        }
    }

    /// What an element says of the document.
    fn learn(&mut self, element: Self) {
        if element.kind == "SpdxDocument" && self.id.is_empty() {
            self.id = element.id;
        }
        if self.version.is_empty() {
            self.version = element.version;
        }
    }
}
