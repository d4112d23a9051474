//! SPDX tag-value (2.0 to 2.3) as the tokens of the same document in JSON: one line, one tag, from the sliding window.
//!
//! A line is `Tag: value`; a value in `<text>` and `</text>` may run over many lines; `#` begins a comment line. Lists
//! have no brackets here and their entries stand interleaved, so each entry is given as it comes, under a key that comes
//! [`Again`]. A tag that no version has is passed over, as an unknown key of JSON is; a line without a tag is told.
//!
//! It must hold no more than the current line, and know no meaning: what a tag is in JSON stands in [`tags`]. Start at
//! `TagValue::line`.

pub mod tags;

use super::steps::{Bytes, Steps};
use super::token::{Again, Fault, Raw, Remark, Token, Tokens, is_high};
use crate::model::Code;
use crate::source::window::{Span, Window};
use memchr::memmem::Finder;
use std::borrow::Cow;
use tags::{Act, Group, List, Row, Section};

/// What was read earlier and stands again here.
#[derive(Debug, Clone, Copy)]
enum Kept {
    /// The reference of the package under which a file stands.
    Package,
    /// The reference of that file.
    Element,
}

/// What is open in the lists of the document.
#[derive(Debug, Clone, Copy)]
struct Open {
    section: Section,
    named: bool,
    identified: bool,
}

/// Tokens of one document.
pub struct TagValue {
    window: Window,
    at: u64,
    /// Where the last value ended.
    end: u64,
    steps: Steps<Kept>,
    begun: bool,
    ended: bool,
    open: Option<Open>,
    group: Option<Group>,
    /// Whether the document itself has its reference.
    identified: bool,
    counts: [u32; List::COUNT],
    package: Vec<u8>,
    element: Vec<u8>,
    /// Whether the last line was no tag, so that a run of such lines is told once.
    loose: bool,
    /// Whether it was told that a colon is missing.
    colon_told: bool,
    remark: Option<Remark>,
    closing: Finder<'static>,
}

impl TagValue {
    /// Reads from a window at the start of a document. A UTF-8 byte-order mark is passed over.
    ///
    /// # Errors
    /// When the first bytes cannot be read.
    pub fn new(mut window: Window) -> Result<Self, Fault> {
        let at = window.begin()?;
        Ok(Self {
            window,
            at,
            end: at,
            steps: Steps::default(),
            begun: false,
            ended: false,
            open: None,
            group: None,
            identified: false,
            counts: [0; List::COUNT],
            package: Vec::new(),
            element: Vec::new(),
            loose: false,
            colon_told: false,
            remark: None,
            closing: Finder::new(b"</text>"),
        })
    }

    /// The window, for its digest.
    pub fn into_window(self) -> Window {
        self.window
    }

    /// Reads to the end of the next line that says something, and makes its tokens ready.
    fn line(&mut self) -> Result<(), Fault> {
        loop {
            let start = self.at;
            let line_end = |window: &Window| memchr::memchr2(b'\n', b'\r', window.from(start));
            let mut len = line_end(&self.window);
            while len.is_none() && self.window.more(start).map_err(|e| Fault::of_window(e, start))? {
                len = line_end(&self.window);
            }
            let rest = self.window.from(start);
            let Some(len) = len.or_else(|| (!rest.is_empty()).then_some(rest.len())) else {
                self.finish();
                return Ok(());
            };
            self.at += (len + 1).min(rest.len()) as u64;
            let line = rest.get(..len).unwrap_or_default();
            let Some(shape) = Shape::of(line) else { continue };
            let span = |(from, to): (usize, usize)| Span { start: start + from as u64, end: start + to as u64 };
            let row = line.get(shape.tag.0..shape.tag.1).and_then(tags::find);
            let tag = span(shape.tag);
            let Some(value) = shape.value else {
                self.no_tag(row, line.get(shape.tag.1..).map_or(0, <[u8]>::len), tag);
                if self.steps.is_empty() {
                    continue;
                }
                return Ok(());
            };
            self.loose = false;
            let text = line.get(value.0..value.1).is_some_and(|value| value.starts_with(b"<text>"));
            let mut value = span(value);
            if text {
                value.start += 6;
                value.end = self.text_end(value.start)?;
                self.at = value.end + 7;
            }
            if let Some(row) = row {
                self.act(row, tag, value);
                self.end = value.end;
                if !self.steps.is_empty() {
                    return Ok(());
                }
            }
        }
    }

    /// Where the text that begins at `start` ends.
    fn text_end(&mut self, start: u64) -> Result<u64, Fault> {
        let mut from = start;
        loop {
            let bytes = self.window.from(from);
            if let Some(at) = self.closing.find(bytes) {
                return Ok(from + at as u64);
            }
            from += bytes.len().saturating_sub(6) as u64;
            if !self.window.more(start).map_err(|e| Fault::of_window(e, start))? {
                let message = "the text that begins here never ends: its `</text>` is missing";
                return Err(Fault::syntax(start, message));
            }
        }
    }

    /// A line without the colon after its tag: told, and read where a known program writes it so.
    fn no_tag(&mut self, row: Option<&Row>, rest: usize, tag: Span) {
        let span = Span { start: tag.start, end: tag.end + rest as u64 };
        let relation = row.filter(|r| r.act == Act::Start(Group::Relationship, "spdxElementId"));
        let told = if relation.is_some() { &mut self.colon_told } else { &mut self.loose };
        if !std::mem::replace(told, true) {
            let message = match relation {
                Some(_) => "`Relationship` stands without its colon; it was read all the same, here and below",
                None => "no `Tag: value` stands here; this line, and any more like it that follow, were passed over",
            };
            let message = message.to_owned();
            self.remark = Some(Remark { code: Code::UnknownValue, message, span, hides_components: false });
        }
        if let Some(row) = relation {
            let value = Span { start: tag.end, end: span.end };
            self.act(row, tag, value);
            self.end = value.end;
        }
    }

    fn finish(&mut self) {
        self.ended = true;
        self.close_group();
        self.close_section();
        self.close();
    }

    fn act(&mut self, row: &Row, tag: Span, value: Span) {
        if !matches!(row.act, Act::Within(group, _) if self.group == Some(group)) {
            self.close_group();
        }
        match row.act {
            Act::Open(section, key) => {
                // A reference may stand before the name it belongs to.
                let nameless = self.open.is_some_and(|o| o.section == section && !o.named);
                if !nameless {
                    self.open_section(section, tag);
                }
                if let Some(open) = &mut self.open {
                    open.named = true;
                    open.identified |= section == Section::Snippet;
                }
                self.leaf(key, tag, value);
            }
            Act::Id => self.id(tag, value),
            Act::Leaf(section, key) => {
                self.need(section, tag);
                self.leaf(key, tag, value);
            }
            Act::Here(key) => self.leaf(key, tag, value),
            Act::Many(section, list, key) => {
                self.need(section, tag);
                self.begin(list, key, tag, false);
                self.steps.push(Token::Text, value);
                self.close();
            }
            Act::Truth(key) => {
                self.steps.key(key, tag, None);
                self.steps.push(Token::Literal, value);
            }
            Act::Checksum(section) => {
                self.need(section, tag);
                self.begin(List::Checksums, "checksums", tag, false);
                self.steps.push(Token::OpenObject, tag);
                self.checksum(tag, value);
                self.close();
                self.close();
            }
            Act::Verification => {
                self.need(Section::Package, tag);
                self.steps.key("packageVerificationCode", tag, None);
                self.steps.push(Token::OpenObject, tag);
                let [code, ..] = self.words(value);
                self.leaf("packageVerificationCodeValue", tag, code);
                self.close();
            }
            Act::Root(key) => {
                let again = self.open.map(|_| Again { entry: 0, outermost: true });
                self.steps.key(key, tag, again);
                self.steps.push(Token::Text, value);
            }
            Act::Made(key) => {
                self.made(tag);
                self.leaf(key, tag, value);
                self.close();
            }
            Act::Creator => {
                self.made(tag);
                self.begin(List::Creators, "creators", tag, false);
                self.steps.push(Token::Text, value);
                self.close();
                self.close();
            }
            Act::Document => {
                self.begin(List::Documents, "externalDocumentRefs", tag, true);
                self.steps.push(Token::OpenObject, tag);
                let [id, address, digest] = self.words(value);
                self.leaf("externalDocumentId", tag, id);
                self.leaf("spdxDocument", tag, address);
                self.steps.key("checksum", tag, None);
                self.steps.push(Token::OpenObject, tag);
                self.checksum(tag, digest);
                self.close();
                self.close();
                self.close();
            }
            Act::Start(group, key) => self.start(group, key, tag, value),
            Act::Within(group, key) if self.group == Some(group) => self.leaf(key, tag, value),
            // A project may be told by its address alone.
            Act::Within(Group::Artifact, key) => self.start(Group::Artifact, key, tag, value),
            Act::Within(..) => {}
        }
    }

    /// The reference of the document or of what is open.
    fn id(&mut self, tag: Span, value: Span) {
        match self.open {
            None if !self.identified => self.identified = true,
            // A second reference belongs to a second thing, which has lost its name or states it later.
            None => self.open_section(Section::Package, tag),
            Some(Open { section: Section::License, .. }) => self.open_section(Section::Package, tag),
            Some(Open { section, identified: true, .. }) => self.open_section(section, tag),
            Some(_) => {}
        }
        self.leaf("SPDXID", tag, value);
        let Some(open) = &mut self.open else { return };
        open.identified = true;
        match open.section {
            Section::Package => {
                self.package.clear();
                self.package.extend_from_slice(self.window.slice(value));
            }
            // A file belongs to the package under which it stands.
            Section::File if !self.package.is_empty() => {
                self.element.clear();
                self.element.extend_from_slice(self.window.slice(value));
                self.begin(List::Relationships, "relationships", tag, true);
                self.steps.push(Token::OpenObject, value);
                self.steps.key("spdxElementId", tag, None);
                self.steps.kept(Token::Text, Kept::Package, value);
                self.steps.key("relationshipType", tag, None);
                self.steps.word("CONTAINS", value);
                self.steps.key("relatedSpdxElement", tag, None);
                self.steps.kept(Token::Text, Kept::Element, value);
                self.close();
                self.close();
            }
            _ => {}
        }
    }

    /// Begins what several tags state together; its object stays open for them.
    fn start(&mut self, group: Group, key: &'static str, tag: Span, value: Span) {
        let (list, name, outermost) = match group {
            Group::Relationship => (List::Relationships, "relationships", true),
            Group::Annotation => (List::Annotations, "annotations", true),
            Group::Review => (List::Reviewers, "reviewers", true),
            Group::Artifact => (List::Artifacts, "artifactOfs", false),
            Group::Reference => (List::References, "externalRefs", false),
        };
        match group {
            Group::Artifact => self.need(Section::File, tag),
            Group::Reference => self.need(Section::Package, tag),
            _ => {}
        }
        self.begin(list, name, tag, outermost);
        self.steps.push(Token::OpenObject, tag);
        self.group = Some(group);
        let rest = match group {
            Group::Relationship => ["relationshipType", "relatedSpdxElement"],
            Group::Reference => ["referenceType", "referenceLocator"],
            _ => return self.leaf(key, tag, value),
        };
        let [first, second, third] = self.words(value);
        self.leaf(key, tag, first);
        self.leaf(rest[0], tag, second);
        self.leaf(rest[1], tag, third);
    }

    fn made(&mut self, tag: Span) {
        self.steps.key("creationInfo", tag, Some(Again { entry: 0, outermost: true }));
        self.steps.push(Token::OpenObject, tag);
    }

    /// The two parts of `ALGORITHM: digest`.
    fn checksum(&mut self, tag: Span, value: Span) {
        let bytes = self.window.slice(value);
        let at = memchr::memchr(b':', bytes).unwrap_or(bytes.len());
        let algorithm = self.trim(Span { start: value.start, end: value.start + at as u64 });
        let digest = self.trim(Span { start: (algorithm.end + 1).min(value.end), end: value.end });
        self.leaf("algorithm", tag, algorithm);
        self.leaf("checksumValue", tag, digest);
    }

    /// The first two words of a value, and the rest of it.
    fn words(&self, value: Span) -> [Span; 3] {
        let first = |from: Span| {
            let len = self.window.slice(from).iter().take_while(|b| !b.is_ascii_whitespace()).count();
            let word = Span { start: from.start, end: from.start + len as u64 };
            (word, self.trim(Span { start: word.end, end: from.end }))
        };
        let (one, rest) = first(self.trim(value));
        let (two, three) = first(rest);
        [one, two, three]
    }

    fn trim(&self, span: Span) -> Span {
        let bytes = self.window.slice(span);
        let lead = bytes.len() - bytes.trim_ascii_start().len();
        let start = span.start + lead as u64;
        Span { start, end: start + bytes.trim_ascii().len() as u64 }
    }

    /// Makes sure that something is open which may have a tag of this section.
    fn need(&mut self, section: Section, tag: Span) {
        let fits = |open: &Open| (open.section == Section::License) == (section == Section::License);
        if !self.open.as_ref().is_some_and(fits) {
            self.open_section(section, tag);
        }
    }

    fn open_section(&mut self, section: Section, tag: Span) {
        self.close_section();
        let (list, key) = section.list();
        self.begin(list, key, tag, false);
        self.steps.push(Token::OpenObject, tag);
        self.open = Some(Open { section, named: false, identified: false });
        for count in self.counts.iter_mut().skip(List::OF_SECTION) {
            *count = 0;
        }
        if section == Section::Package {
            self.package.clear();
        }
    }

    fn close_section(&mut self) {
        if self.open.take().is_some() {
            self.close();
            self.close();
        }
    }

    fn close_group(&mut self) {
        if self.group.take().is_some() {
            self.close();
            self.close();
        }
    }

    /// The key of a list, and its bracket.
    fn begin(&mut self, list: List, key: &'static str, tag: Span, outermost: bool) {
        let mut entry = 0;
        if let Some(count) = self.counts.get_mut(list as usize) {
            entry = *count;
            *count = entry.saturating_add(1);
        }
        self.steps.key(key, tag, Some(Again { entry, outermost }));
        self.steps.push(Token::OpenArray, tag);
    }

    fn leaf(&mut self, key: &'static str, tag: Span, value: Span) {
        self.steps.key(key, tag, None);
        self.steps.push(Token::Text, value);
    }

    fn close(&mut self) {
        // What closes ends with the last value that stood in it.
        let end = self.steps.end().map_or(self.end, |span| span.end).max(self.end);
        self.steps.push(Token::Close, Span { start: end, end });
    }
}

/// Where tag and value stand in a line; the value is missing when no colon follows the tag.
struct Shape {
    tag: (usize, usize),
    value: Option<(usize, usize)>,
}

impl Shape {
    /// `None` for blank lines and comments.
    fn of(line: &[u8]) -> Option<Self> {
        let blank = |b: &&u8| matches!(b, b' ' | b'\t');
        let start = line.iter().take_while(blank).count();
        let rest = line.get(start..)?;
        if matches!(rest.first(), None | Some(b'#')) {
            return None;
        }
        let end = start + rest.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        let rest = line.get(end..)?;
        let colon = end + rest.iter().take_while(blank).count();
        if end == start || line.get(colon) != Some(&b':') {
            return Some(Self { tag: (start, end), value: None });
        }
        let rest = line.get(colon + 1..)?;
        let from = colon + 1 + (rest.len() - rest.trim_ascii_start().len());
        Some(Self { tag: (start, end), value: Some((from, from + rest.trim_ascii().len())) })
    }
}

/// The lines of a text end with LF, as they do in JSON.
fn unfold(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    let text = String::from_utf8_lossy(bytes);
    let lossy = matches!(text, Cow::Owned(_)) && std::str::from_utf8(bytes).is_err();
    (Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")), lossy)
}

impl Tokens for TagValue {
    fn next(&mut self) -> Result<Token, Fault> {
        if let Some(token) = self.steps.take() {
            return Ok(token);
        }
        if !std::mem::replace(&mut self.begun, true) {
            self.steps.push(Token::OpenObject, Span { start: self.at, end: self.at });
        } else if self.ended {
            self.steps.push(Token::End, Span { start: self.at, end: self.at });
        } else {
            self.line()?;
        }
        Ok(self.steps.take().unwrap_or(Token::End))
    }

    fn span(&self) -> Span {
        self.steps.given().map_or(Span { start: self.at, end: self.at }, |given| given.0)
    }

    fn raw(&mut self) -> Raw<'_> {
        let span = self.span();
        let word = |bytes| Raw { bytes, span, escaped: false, plain: true, high: true, decode: unfold };
        match self.steps.given() {
            Some((_, Bytes::Word(text, _))) => Raw { high: false, ..word(text.as_bytes()) },
            Some((_, Bytes::Kept(Kept::Package))) => word(&self.package),
            Some((_, Bytes::Kept(Kept::Element))) => word(&self.element),
            _ => {
                let bytes = self.window.slice(span);
                let high = is_high(bytes);
                let escaped = high && memchr::memchr(b'\r', bytes).is_some();
                Raw { bytes, span, escaped, plain: false, high, decode: unfold }
            }
        }
    }

    fn again(&self) -> Option<Again> {
        self.steps.again()
    }

    fn remark(&mut self) -> Option<Remark> {
        self.remark.take()
    }
}
