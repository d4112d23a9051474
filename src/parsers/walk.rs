//! Walks tokens along a table and tells a [`Sink`] what opens, what is stated and what closes.
//!
//! This is where bad documents are survived: a value of the wrong type costs that value, a broken syntax costs what
//! comes after it, and each becomes a problem with its place. The walk is iterative and knows no rule and no model.

use super::stretch::Stretch;
use super::table::{Entry, Keys, Node, Table, Then, principal};
use super::token::{Fault, Raw, Stop, Token, Tokens};
use crate::model::{Code, Place, Problem};
use crate::source::window::Span;
use std::fmt::Write as _;

/// Where the walk stands, as keys and indices.
#[derive(Debug, Default)]
pub struct Path {
    segments: Vec<Segment>,
    /// How many segments belong to what is open beside the value, which stands in the document itself.
    beside: usize,
}

#[derive(Debug, Clone, Copy)]
enum Segment {
    Key(&'static str),
    Index(u32),
}

impl Path {
    /// The JSON pointer (RFC 6901).
    pub fn pointer(&self) -> String {
        let mut out = String::new();
        for segment in self.segments.iter().skip(self.beside) {
            out.push('/');
            match segment {
                Segment::Key(key) => out.push_str(&key.replace('~', "~0").replace('/', "~1")),
                Segment::Index(index) => {
                    let _ = write!(out, "{index}");
                }
            }
        }
        out
    }

    /// Takes the last segment off.
    fn leave(&mut self) {
        self.segments.pop();
        if self.segments.len() <= self.beside {
            self.beside = 0;
        }
    }

    /// Whether this is an entry of the list under this key.
    pub fn lists(&self, key: &str) -> bool {
        match self.segments.as_slice() {
            [.., Segment::Key(last), Segment::Index(_)] => *last == key,
            // Once, an entry stood under the name of its class.
            [.., Segment::Key(last), Segment::Index(_), Segment::Key("File" | "Snippet")] => *last == key,
            _ => false,
        }
    }

    /// The key of the list whose entry this is, and the place of the entry in it.
    pub fn entry(&self) -> Option<(&'static str, u32)> {
        match self.segments.as_slice() {
            [.., Segment::Key(key), Segment::Index(index)] => Some((key, *index)),
            _ => None,
        }
    }

    /// The place of a span here.
    pub fn place(&self, span: Span) -> Place {
        Place { pointer: self.pointer(), span }
    }
}

/// What listens to a walk.
pub trait Sink {
    /// An object of this sort begins.
    fn open(&mut self, node: Node, start: u64, path: &Path);
    /// A fact.
    fn leaf(&mut self, field: super::table::Field, raw: Raw<'_>, path: &Path);
    /// The object ends.
    fn close(&mut self, node: Node, end: u64, path: &Path);
    /// Something could not be read as it should.
    fn problem(&mut self, _: Problem) {}
    /// The stretch that begins with an entry of a list, when nothing in it is of interest; what the syntax lets the walk
    /// leap over is told with [`Sink::leapt`].
    fn leap(&self, _: Node, _start: u64) -> Option<Stretch> {
        None
    }
    /// The walk goes on behind this stretch.
    fn leapt(&mut self, _: &Stretch) {}
    /// Whether the walk may stop here.
    fn done(&self) -> bool {
        false
    }
}

/// Bounds of a walk.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How deep known objects may be nested.
    pub depth: usize,
    /// How many bytes a single value may have.
    pub value: usize,
    /// How many bytes of memory the graph of a document may take, where a syntax cannot be read without one (RDF).
    pub graph: usize,
    /// How many findings an input may have; ten times as many components may be looked at closer.
    pub findings: usize,
}

impl Default for Limits {
    /// 1,000 levels, 64 MiB, 128 MiB, 5,000 findings.
    fn default() -> Self {
        Self { depth: 1_000, value: 64 << 20, graph: 128 << 20, findings: 5_000 }
    }
}

enum Frame {
    Object { node: Node, keys: &'static Keys, seen: u64, strange: bool, start: u64 },
    Array { then: &'static Then, next: u32 },
}

/// How the walk ended.
#[derive(Debug)]
pub enum End {
    /// At the end of the document, or where the sink had enough.
    Whole,
    /// In the middle; the problem has been told.
    Cut,
    /// Reading failed.
    Io(std::io::Error),
}

/// Walks a whole document.
pub fn walk<T: Tokens>(tokens: &mut T, table: &Table, root: Node, limits: Limits, sink: &mut impl Sink) -> End {
    let mut walk = Walk { tokens, table, root, limits, frames: Vec::new(), path: Path::default() };
    match walk.run(sink) {
        Ok(()) => End::Whole,
        Err(Fault::Io(error)) => End::Io(error),
        Err(Fault::Syntax(stop)) => walk.cut(Code::Syntax, *stop, sink),
        Err(Fault::Limit(stop)) => walk.cut(Code::Limit, *stop, sink),
    }
}

struct Walk<'w, T> {
    tokens: &'w mut T,
    table: &'w Table,
    root: Node,
    limits: Limits,
    frames: Vec<Frame>,
    path: Path,
}

impl<T: Tokens> Walk<'_, T> {
    fn run(&mut self, sink: &mut impl Sink) -> Result<(), Fault> {
        let token = self.tokens.next()?;
        self.value(&Then::Enter(self.root), Some(false), token, sink)?;
        while !sink.done() {
            let token = self.tokens.next()?;
            while let Some(remark) = self.tokens.remark() {
                sink.problem(self.problem(remark.code, remark.message, remark.span, remark.hides_components));
            }
            match (token, self.frames.last_mut()) {
                (Token::End, _) => break,
                (Token::Close, _) => self.close(sink),
                (Token::Key, Some(Frame::Object { keys, seen, strange, .. })) => {
                    let again = self.tokens.again();
                    let outermost = again.is_some_and(|a| a.outermost);
                    let keys = if outermost { (self.table.entries)(self.root) } else { *keys };
                    let raw = self.tokens.raw();
                    let found = if raw.escaped { keys.find(raw.text().as_bytes()) } else { keys.find(raw.bytes) };
                    let Some((index, entry)) = found else {
                        *strange = true;
                        self.skip_next()?;
                        continue;
                    };
                    let (span, bit) = (raw.span, 1u64 << (index & 63));
                    let twice = *seen & bit != 0 && again.is_none();
                    if outermost {
                        self.path.beside = self.path.segments.len();
                    } else {
                        *seen |= bit;
                    }
                    self.path.segments.push(Segment::Key(entry.key));
                    if twice {
                        let message = format!("`{}` stands twice in one object; both were read", entry.key);
                        sink.problem(self.problem(Code::DuplicateKey, message, span, false));
                    }
                    let token = self.tokens.next()?;
                    self.member(entry, token, again.map_or(0, |a| a.entry), sink)?;
                }
                (token, Some(Frame::Array { then, next })) => {
                    let then = *then;
                    // What a reader adds to an entry stands where the entry does.
                    let index = if self.tokens.again().is_some() { next.saturating_sub(1) } else { *next };
                    *next = index.saturating_add(1);
                    self.path.segments.push(Segment::Index(index));
                    self.element(then, token, sink)?;
                }
                _ => self.skip(token)?,
            }
        }
        Ok(())
    }

    /// A value after a key, whose segment is on the path; a list begins with the entry of this number.
    fn member(&mut self, entry: &'static Entry, token: Token, next: u32, sink: &mut impl Sink) -> Result<(), Fault> {
        if token == Token::OpenArray {
            if entry.many == Some(false) {
                let message = format!("`{}` should be one value and is a list; its entries were read", entry.key);
                sink.problem(self.problem(Code::WrongType, message, self.tokens.span(), false));
            }
            self.frames.push(Frame::Array { then: &entry.then, next });
            return Ok(());
        }
        self.value(&entry.then, entry.many, token, sink)
    }

    /// A value in an array, whose segment is on the path.
    fn element(&mut self, then: &'static Then, token: Token, sink: &mut impl Sink) -> Result<(), Fault> {
        if token == Token::OpenArray {
            let message = "a list stands in a list; its entries were read".to_owned();
            sink.problem(self.problem(Code::WrongType, message, self.tokens.span(), false));
            if self.frames.len() >= self.limits.depth {
                return self.too_deep(sink);
            }
            self.frames.push(Frame::Array { then, next: 0 });
            return Ok(());
        }
        self.value(then, None, token, sink)
    }

    /// A value that is no array. Its segment, if it has one, is taken off the path when the value is over.
    fn value(&mut self, then: &Then, many: Option<bool>, token: Token, sink: &mut impl Sink) -> Result<(), Fault> {
        let span = self.tokens.span();
        match (token, then) {
            (Token::OpenObject, Then::Enter(node) | Then::Either(_, node)) => {
                let node = *node;
                let listed = matches!(self.frames.last(), Some(Frame::Array { .. }));
                if many == Some(true) {
                    let message = format!("{} should be a list and is one object, which was read", self.name());
                    sink.problem(self.problem(Code::WrongType, message, span, false));
                }
                if self.frames.len() >= self.limits.depth {
                    return self.too_deep(sink);
                }
                if listed
                    && let Some(stretch) = sink.leap(node, span.start)
                    && self.tokens.leap(stretch.end)?
                {
                    if let Some(Frame::Array { next, .. }) = self.frames.last_mut() {
                        *next = next.saturating_add(stretch.entries - 1);
                    }
                    sink.leapt(&stretch);
                    self.path.leave();
                    return Ok(());
                }
                let keys = (self.table.entries)(node);
                self.frames.push(Frame::Object { node, keys, seen: 0, strange: false, start: span.start });
                sink.open(node, span.start, &self.path);
                return Ok(());
            }
            (Token::Text, Then::Leaf(field) | Then::Either(field, _)) => {
                if many == Some(true) {
                    let message = format!("{} should be a list and is one text, which was read", self.name());
                    sink.problem(self.problem(Code::WrongType, message, span, false));
                }
                let raw = self.tokens.raw();
                let bad = raw.is_lossy();
                sink.leaf(*field, raw, &self.path);
                if bad {
                    let message = format!("{} holds bytes or escapes that are no text; the rest was read", self.name());
                    sink.problem(self.problem(Code::BadText, message, span, false));
                }
            }
            _ => self.unexpected(*then, token, sink)?,
        }
        self.path.leave();
        Ok(())
    }

    /// A value that is not what its place asks for.
    #[cold]
    fn unexpected(&mut self, then: Then, token: Token, sink: &mut impl Sink) -> Result<(), Fault> {
        let span = self.tokens.span();
        let listed = matches!(self.frames.last(), Some(Frame::Array { .. }));
        match (token, then) {
            (Token::Text | Token::Literal, Then::Enter(node)) => {
                let component = matches!(node, Node::Item(_) | Node::Element);
                let code = if component { Code::NotAComponent } else { Code::WrongType };
                let read = principal(node);
                let rest = if read.is_some() && token == Token::Text {
                    "its text was read as the name"
                } else {
                    "it was passed over"
                };
                let message = format!("{} should be an object and is a plain value; {rest}", self.name());
                if let Some(field) = read.filter(|_| token == Token::Text) {
                    sink.open(node, span.start, &self.path);
                    sink.leaf(field, self.tokens.raw(), &self.path);
                    sink.close(node, span.end, &self.path);
                }
                sink.problem(self.problem(code, message, span, component));
            }
            (Token::Literal, Then::Leaf(field) | Then::Either(field, _)) => {
                sink.leaf(field, self.tokens.raw(), &self.path);
                let message = format!(
                    "{} should be a text and is a number or truth value; its characters were read",
                    self.name()
                );
                sink.problem(self.problem(Code::WrongType, message, span, false));
            }
            (Token::Null, Then::Enter(Node::Item(_) | Node::Element)) if listed => {
                let message = "a null stands where a component should".to_owned();
                sink.problem(self.problem(Code::NotAComponent, message, span, true));
            }
            (Token::Null, _) => {}
            (Token::OpenObject, Then::Leaf(field)) => {
                let message = format!("{} should be a text and is an object; the texts in it were read", self.name());
                sink.problem(self.problem(Code::WrongType, message, span, false));
                self.texts_of(field, sink)?;
            }
            _ => self.skip(token)?,
        }
        Ok(())
    }

    fn close(&mut self, sink: &mut impl Sink) {
        let end = self.tokens.span().end;
        if let Some(Frame::Object { node, seen, strange, start, .. }) = self.frames.pop() {
            if seen == 0 && strange && matches!(node, Node::Item(_) | Node::Element) {
                let message = "an object without a single known key stands where a component should".to_owned();
                sink.problem(self.problem(Code::NotAComponent, message, Span { start, end }, true));
            }
            sink.close(node, end, &self.path);
        }
        self.path.leave();
    }

    /// Reads every text in an object that stands where a text should, as that text.
    fn texts_of(&mut self, field: super::table::Field, sink: &mut impl Sink) -> Result<(), Fault> {
        let mut depth = 1u64;
        while depth > 0 {
            match self.tokens.next()? {
                Token::OpenObject | Token::OpenArray => depth += 1,
                Token::Close => depth -= 1,
                Token::Text => sink.leaf(field, self.tokens.raw(), &self.path),
                Token::End => break,
                _ => {}
            }
        }
        Ok(())
    }

    /// Passes over the value after a key that no table names.
    fn skip_next(&mut self) -> Result<(), Fault> {
        let token = self.tokens.next()?;
        self.skip(token)
    }

    /// Passes over a value whose first token has been read.
    fn skip(&mut self, first: Token) -> Result<(), Fault> {
        let mut depth = u64::from(matches!(first, Token::OpenObject | Token::OpenArray));
        while depth > 0 {
            match self.tokens.next()? {
                Token::OpenObject | Token::OpenArray => depth += 1,
                Token::Close => depth -= 1,
                Token::End => break,
                _ => {}
            }
        }
        Ok(())
    }

    fn too_deep(&mut self, sink: &mut impl Sink) -> Result<(), Fault> {
        let message = format!(
            "nested deeper than {} levels; what lies below was passed over (--max-depth raises it)",
            self.limits.depth
        );
        sink.problem(self.problem(Code::Limit, message, self.tokens.span(), true));
        self.skip(Token::OpenObject)?;
        self.path.leave();
        Ok(())
    }

    fn cut(&mut self, code: Code, stop: Stop, sink: &mut impl Sink) -> End {
        // What was open is closed, so that everything read so far counts.
        let span = Span { start: stop.offset, end: stop.offset };
        sink.problem(self.problem(code, stop.message, span, true));
        while !self.frames.is_empty() {
            self.close(sink);
        }
        End::Cut
    }

    fn name(&self) -> String {
        match self.path.segments.iter().rev().find_map(|s| if let Segment::Key(k) = s { Some(*k) } else { None }) {
            Some(key) => format!("`{key}`"),
            None => "the document".to_owned(),
        }
    }

    fn problem(&self, code: Code, message: String, span: Span, hides_components: bool) -> Problem {
        Problem { code, message, at: self.path.place(span), hides_components }
    }
}
