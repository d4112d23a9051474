//! JSON-LD as the tokens of its compact form, so that SPDX 3 means the same in every shape it comes in.
//!
//! Keys and words become the names of SPDX's own context, ids are written out, `@value`, `@list`, `@set` and a lone `@id`
//! become what stands in them. An element that stands in place of a reference is given where it stands, and behind it the
//! reference; one without an id gets one from its place. A list of nodes becomes the `@graph` of an object.
//!
//! It must never hold more than what is open and the first keys of one object, and never fetch a context. Keys that are
//! not SPDX's are passed over whole. Start at [`LinkedData`]; [`context`] has the names, [`words`] the vocabulary.

pub mod context;
pub mod words;

use super::json::{Json, unescape};
use super::token::{Again, Fault, Raw, Remark, Token, Tokens, is_high};
use crate::model::Code;
use crate::source::window::{Span, Window};
use context::{Context, Meaning};
use std::borrow::Cow;
use std::collections::VecDeque;
use words::Sort;

/// How many containers are followed; what lies deeper is given as it is. The walk stops long before.
const NESTING: usize = 1 << 16;

/// Where the value that comes next stands.
#[derive(Debug, Clone, Copy)]
struct Slot {
    key: &'static str,
    sort: Sort,
}

/// What is open.
enum Frame {
    Object {
        slot: Slot,
        /// Its id, where an element stands in place of a reference.
        id: Option<String>,
    },
    Array(Slot),
    /// A list that is one with the list around it.
    Inner(Slot),
    /// What stands around a value; the rest of it is passed over.
    Wrapper,
    /// The object that is made up around a list of nodes.
    Outermost,
}

/// A token that is not the next one of the JSON.
struct Made {
    token: Token,
    span: Span,
    text: Text,
    again: Option<Again>,
}

enum Text {
    /// A name of SPDX.
    Word(&'static str),
    /// A value as it was written.
    Kept { bytes: Vec<u8>, escaped: bool, high: bool },
}

impl Text {
    fn plain(&self) -> String {
        match self {
            Self::Word(word) => (*word).to_owned(),
            Self::Kept { bytes, escaped: true, .. } => unescape(bytes).0.into_owned(),
            Self::Kept { bytes, .. } => String::from_utf8_lossy(bytes).into_owned(),
        }
    }
}

/// Tokens of one JSON-LD document.
pub struct LinkedData<'c> {
    json: Json,
    context: &'c Context,
    frames: Vec<Frame>,
    slot: Slot,
    /// How many containers are open under a key that is not looked at; the first token of its value may still come.
    foreign: Option<usize>,
    /// Containers open beyond those that are followed.
    beyond: usize,
    ready: VecDeque<Made>,
    /// A token that has been read and comes when nothing is ready any more.
    held: Option<Token>,
    current: Option<Made>,
    begun: bool,
    remarks: VecDeque<Remark>,
    /// The version in the first IRI of SPDX.
    version: String,
}

const GRAPH: Slot = Slot { key: "@graph", sort: Sort::Graph };

impl<'c> LinkedData<'c> {
    /// Reads a window from its start, with the context of the document.
    ///
    /// # Errors
    /// When the first bytes cannot be read.
    pub fn new(window: Window, context: &'c Context) -> Result<Self, Fault> {
        Ok(Self {
            json: Json::new(window)?,
            context,
            frames: Vec::new(),
            slot: GRAPH,
            foreign: None,
            beyond: 0,
            ready: VecDeque::new(),
            held: None,
            current: None,
            begun: false,
            remarks: context.remarks.iter().cloned().collect(),
            version: String::new(),
        })
    }

    /// The tokens of the JSON, for its window.
    pub fn into_json(self) -> Json {
        self.json
    }

    /// The version of SPDX in the first of its IRIs; empty when there is none.
    pub fn version(&self) -> &str {
        &self.version
    }

    fn made(&mut self, token: Token, span: Span, text: Text, again: Option<Again>) {
        self.ready.push_back(Made { token, span, text, again });
    }

    fn bracket(&mut self, token: Token, span: Span) {
        self.made(token, span, Text::Word(""), None);
    }

    /// What stands where the next value does.
    fn here(&self) -> Slot {
        match self.frames.last() {
            Some(Frame::Array(slot) | Frame::Inner(slot)) => *slot,
            _ => self.slot,
        }
    }

    fn listed(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::Array(_) | Frame::Inner(_)))
    }

    fn remark(&mut self, span: Span, message: &str, hides_components: bool) {
        if self.remarks.len() < 64 {
            let message = message.to_owned();
            self.remarks.push_back(Remark { code: Code::Unsupported, message, span, hides_components });
        }
    }

    fn kept(&self, text: Cow<'_, str>, escaped: bool) -> Text {
        let bytes = text.into_owned().into_bytes();
        Text::Kept { high: is_high(&bytes), bytes, escaped }
    }

    /// The text that stands at a slot, as the table has it; `None` when it is as it was written.
    fn text(&mut self, slot: Slot) -> Option<Text> {
        if matches!(slot.sort, Sort::Text | Sort::Graph) {
            return None;
        }
        let raw = self.json.raw();
        // Where nothing is shortened, only an IRI of SPDX is written otherwise.
        if self.context.plain() && !raw.escaped && !words::may_be_ours(raw.bytes) {
            return None;
        }
        let (written, escaped) = (raw.text().into_owned(), raw.escaped);
        let said = match slot.sort {
            Sort::Word => self.context.word(&written),
            _ => self.context.id(&written),
        };
        if said == written && !escaped {
            return None;
        }
        if self.version.is_empty()
            && let Some(version) = words::version(&written)
        {
            self.version = version.to_owned();
        }
        Some(self.kept(said, false))
    }

    /// The value at a slot that is a text and has just been read. Gives whether a token was made of it.
    fn scalar(&mut self, token: Token, slot: Slot) -> bool {
        let made = if token == Token::Text { self.text(slot) } else { None };
        if let (Sort::Id, Some(Frame::Object { slot: Slot { sort: Sort::Element, .. }, id })) =
            (slot.sort, self.frames.last_mut())
            && id.is_none()
            && token == Token::Text
        {
            *id = Some(match &made {
                Some(text) => text.plain(),
                None => self.json.raw().text().into_owned(),
            });
        }
        let span = self.json.span();
        match made {
            Some(text) => {
                self.made(token, span, text, None);
                true
            }
            None => false,
        }
    }

    /// What a key stands for; the JSON stands at it.
    fn meaning(&mut self) -> Meaning {
        let raw = self.json.raw();
        if !raw.escaped
            && self.context.plain()
            && !raw.bytes.starts_with(b"@")
            && memchr::memchr(b':', raw.bytes).is_none()
        {
            return words::word(raw.bytes).map_or(Meaning::Foreign, Meaning::Known);
        }
        let written = raw.text();
        if self.version.is_empty()
            && let Some(version) = words::version(&written)
        {
            self.version = version.to_owned();
        }
        self.context.key(&written)
    }

    /// A key of an object. Gives whether it was written otherwise.
    fn key(&mut self, meaning: &Meaning) -> bool {
        let span = self.json.span();
        match meaning {
            Meaning::Known((key, sort)) => {
                self.slot = Slot { key, sort: *sort };
                if self.json.raw().bytes == key.as_bytes() {
                    return false;
                }
                self.made(Token::Key, span, Text::Word(key), None);
            }
            Meaning::Keyword(_) | Meaning::Foreign => {
                self.foreign = Some(0);
                // A word of SPDX that stands for something else here.
                if words::word(self.json.raw().text().as_bytes()).is_none() {
                    return false;
                }
                self.made(Token::Key, span, Text::Word("?"), None);
            }
        }
        true
    }

    /// Tells what is known of JSON-LD and not read.
    fn unread(&mut self, keyword: &str) {
        let span = self.json.span();
        match keyword {
            "@reverse" => self.remark(span, "`@reverse` is not read; what stands in it was passed over", true),
            "@nest" => self.remark(span, "`@nest` is not read; what stands in it was passed over", true),
            "@context" if self.frames.len() > 1 => {
                self.remark(span, "a context inside an element is not read; names it defines are not known", true);
            }
            _ => {}
        }
    }

    /// A token of the JSON. Gives whether it was taken up: then what is ready comes instead, if anything.
    fn take(&mut self, token: Token) -> Result<bool, Fault> {
        let span = self.json.span();
        if !self.begun {
            self.begun = true;
            if token == Token::OpenArray {
                self.frames.push(Frame::Outermost);
                self.bracket(Token::OpenObject, span);
                self.made(Token::Key, span, Text::Word("@graph"), None);
                self.bracket(Token::OpenArray, span);
                self.frames.push(Frame::Array(GRAPH));
                return Ok(true);
            }
        }
        if let Some(open) = self.foreign {
            let open = match token {
                Token::OpenObject | Token::OpenArray => open + 1,
                Token::Close => open.saturating_sub(1),
                _ => open,
            };
            self.foreign = Some(open).filter(|open| *open > 0);
            return Ok(false);
        }
        if self.beyond > 0 || (self.frames.len() >= NESTING && matches!(token, Token::OpenObject | Token::OpenArray)) {
            match token {
                Token::OpenObject | Token::OpenArray => self.beyond += 1,
                Token::Close => self.beyond -= 1,
                _ => {}
            }
            return Ok(false);
        }
        match token {
            Token::Key => {
                if matches!(self.frames.last(), Some(Frame::Wrapper)) {
                    self.foreign = Some(0);
                    return self.drop_value();
                }
                let meaning = self.meaning();
                if let Meaning::Keyword(keyword) = meaning {
                    self.unread(keyword);
                }
                Ok(self.key(&meaning))
            }
            Token::Text | Token::Literal | Token::Null => {
                let slot = self.here();
                Ok(self.scalar(token, slot))
            }
            Token::OpenArray => {
                let slot = self.here();
                self.frames.push(Frame::Array(slot));
                Ok(false)
            }
            Token::OpenObject => {
                let slot = self.here();
                if slot.sort == Sort::Graph {
                    self.frames.push(Frame::Object { slot, id: None });
                    return Ok(false);
                }
                self.object(slot, span)?;
                Ok(true)
            }
            Token::Close => Ok(self.close(span)),
            Token::End => {
                if matches!(self.frames.last(), Some(Frame::Outermost)) {
                    self.frames.pop();
                    self.bracket(Token::Close, span);
                    self.bracket(Token::End, span);
                    return Ok(true);
                }
                Ok(false)
            }
        }
    }

    /// Passes over the value of a key in a wrapper.
    fn drop_value(&mut self) -> Result<bool, Fault> {
        while self.foreign.is_some() {
            let token = self.json.next()?;
            if token == Token::End {
                self.foreign = None;
                break;
            }
            self.take(token)?;
        }
        Ok(true)
    }

    /// The innermost container ends. Gives whether anything was made of it.
    fn close(&mut self, span: Span) -> bool {
        match self.frames.pop() {
            Some(Frame::Inner(_) | Frame::Wrapper) => true,
            Some(Frame::Object { slot: slot @ Slot { sort: Sort::Element, .. }, id }) => {
                let id = id.unwrap_or_else(|| {
                    // A name that no document can state, because it holds a blank.
                    let made = format!("_: {}", span.end);
                    self.made(Token::Key, span, Text::Word("@id"), Some(Again { entry: 0, outermost: false }));
                    let text = self.kept(Cow::Borrowed(&made), false);
                    self.made(Token::Text, span, text, None);
                    made
                });
                self.bracket(Token::Close, span);
                let again = Some(Again { entry: 0, outermost: false });
                if !self.listed() {
                    self.made(Token::Key, span, Text::Word(slot.key), again);
                }
                let text = self.kept(Cow::Owned(id), false);
                self.made(Token::Text, span, text, again);
                true
            }
            Some(Frame::Object { .. } | Frame::Array(_) | Frame::Outermost) | None => false,
        }
    }

    /// An object has just been opened at a slot: what it is shows in its first keys.
    fn object(&mut self, slot: Slot, span: Span) -> Result<(), Fault> {
        let (mut id, mut kind) = (None, None);
        loop {
            let token = self.json.next()?;
            let meaning = if token == Token::Key { self.meaning() } else { Meaning::Foreign };
            match meaning {
                Meaning::Known((_, Sort::Id)) if id.is_none() => {
                    let at = Slot { key: "@id", sort: Sort::Id };
                    let value = self.json.next()?;
                    if value == Token::Text {
                        id = Some(self.keep(at));
                        continue;
                    }
                    self.node(slot, span, None, kind);
                    self.member(at, value);
                    return Ok(());
                }
                Meaning::Known((key @ ("type" | "@type"), sort)) if kind.is_none() => {
                    let at = Slot { key, sort: *sort };
                    let value = self.json.next()?;
                    if value == Token::Text {
                        kind = Some(self.keep(at));
                        continue;
                    }
                    self.node(slot, span, id, None);
                    self.member(at, value);
                    return Ok(());
                }
                Meaning::Keyword(keyword @ ("@value" | "@list" | "@set")) => {
                    let listed = self.listed();
                    self.frames.push(Frame::Wrapper);
                    self.slot = slot;
                    let value = self.json.next()?;
                    if value == Token::OpenArray && listed && keyword != "@value" {
                        self.frames.push(Frame::Inner(slot));
                    } else {
                        self.held = Some(value);
                    }
                    return Ok(());
                }
                Meaning::Keyword("@language" | "@direction" | "@index") => {
                    self.foreign = Some(0);
                    self.drop_value()?;
                }
                _ => {
                    if let (Token::Close, Some(_), None) = (token, &id, &kind)
                        && slot.sort != Sort::Graph
                    {
                        self.ready.extend(id);
                        return Ok(());
                    }
                    self.node(slot, span, id, kind);
                    self.held = Some(token);
                    return Ok(());
                }
            }
        }
    }

    /// A key of a node whose value is no text; the value's first token has been read.
    fn member(&mut self, at: Slot, value: Token) {
        let span = self.json.span();
        self.made(Token::Key, span, Text::Word(at.key), None);
        self.slot = at;
        self.held = Some(value);
    }

    /// Keeps a text that has just been read, until it is known what it belongs to.
    fn keep(&mut self, at: Slot) -> Made {
        let span = self.json.span();
        let text = self.text(at).unwrap_or_else(|| {
            let raw = self.json.raw();
            Text::Kept { bytes: raw.bytes.to_vec(), escaped: raw.escaped, high: raw.high }
        });
        Made { token: Token::Text, span, text, again: None }
    }

    /// The object is a node: it begins, with the id and the type that have been read.
    fn node(&mut self, slot: Slot, span: Span, id: Option<Made>, kind: Option<Made>) {
        let known = id.as_ref().filter(|_| slot.sort == Sort::Element).map(|made| made.text.plain());
        self.frames.push(Frame::Object { slot, id: known });
        self.bracket(Token::OpenObject, span);
        for (key, value) in [("@id", id), ("type", kind)] {
            if let Some(value) = value {
                self.made(Token::Key, value.span, Text::Word(key), None);
                self.ready.push_back(value);
            }
        }
    }
}

impl Tokens for LinkedData<'_> {
    fn next(&mut self) -> Result<Token, Fault> {
        loop {
            self.current = self.ready.pop_front();
            if let Some(made) = &self.current {
                return Ok(made.token);
            }
            let token = match self.held.take() {
                Some(token) => token,
                None => self.json.next()?,
            };
            if !self.take(token)? {
                return Ok(token);
            }
        }
    }

    fn span(&self) -> Span {
        self.current.as_ref().map_or_else(|| self.json.span(), |made| made.span)
    }

    fn raw(&mut self) -> Raw<'_> {
        match &self.current {
            None => self.json.raw(),
            Some(Made { span, text, .. }) => {
                let (bytes, escaped, high) = match text {
                    Text::Word(word) => (word.as_bytes(), false, false),
                    Text::Kept { bytes, escaped, high } => (bytes.as_slice(), *escaped, *high),
                };
                Raw { bytes, span: *span, escaped, plain: false, high, decode: unescape }
            }
        }
    }

    fn again(&self) -> Option<Again> {
        self.current.as_ref().and_then(|made| made.again)
    }

    fn remark(&mut self) -> Option<Remark> {
        self.remarks.pop_front()
    }
}
