//! What stands around SBOMs: envelopes, statements, bundles, wrappers, lists and JSON lines.
//!
//! An SBOM that stands in the text as it is becomes a part of it, so that its places are those of the file around it; one
//! that stands in base64 or in a string becomes an input of its own, `outer!payload`. Nothing here looks at a signature:
//! who signed what is for other programs to say. Start at [`open`].

use super::Options;
use super::decode::base64_bytes;
use super::detect::{Detected, Keys, Wrapper};
use super::json::Json;
use super::token::{Fault, Token, Tokens};
use crate::model::{Code, Place, Problem};
use crate::source::window::{Span, Window};
use crate::source::{Source, read_up_to};
use std::io;

/// How many wrappers may stand around each other.
pub const DEEPEST: u32 = 16;

/// What stands in a wrapper.
#[derive(Debug)]
pub enum Part {
    /// Something that may be an SBOM.
    Inner(Source),
    /// A value that is none.
    Foreign,
    /// Something that could not be read, and whether what could be read of it is no SBOM.
    Problem(Problem, bool),
}

/// What to say of a wrapper in which there is no SBOM.
#[derive(Debug)]
pub struct Nothing {
    /// One sentence for people.
    pub sentence: String,
    /// Whether the wrapper says that there is one.
    pub claimed: bool,
}

/// Gives what stands in a wrapper, in order.
///
/// # Errors
/// When the input can no longer be read.
pub fn open(source: &Source, wrapper: Wrapper, options: Options, give: &mut dyn FnMut(Part)) -> io::Result<Nothing> {
    let window = Window::new(source.open()?, options.limits.value).sized(source.len());
    let mut opener = Opener { source, options, give };
    let (kind, key) = match wrapper {
        Wrapper::List | Wrapper::Lines => {
            let count = opener.values(wrapper == Wrapper::List)?;
            let sentence = format!("none of the {count} values in this input is an SBOM");
            return Ok(Nothing { sentence, claimed: false });
        }
        Wrapper::Under(key) => ("an object with something under a key that SBOMs are wrapped in", key),
        Wrapper::Envelope => ("a signed envelope (DSSE)", "payload"),
        Wrapper::Bundle => ("a Sigstore bundle", "dsseEnvelope"),
        Wrapper::Statement => ("an in-toto statement", "predicate"),
        Wrapper::Data => ("a wrapped predicate", "Data"),
    };
    let about = match Json::new(window) {
        Ok(mut tokens) => opener.member(&mut tokens, key, wrapper == Wrapper::Envelope),
        Err(fault) => Err(fault),
    };
    let about = match about {
        Ok(about) => about,
        Err(fault) => {
            opener.fault(fault, 0, false)?;
            None
        }
    };
    let lower = about.as_ref().map(|about| about.to_lowercase()).unwrap_or_default();
    let claimed = lower.contains("cyclonedx") || lower.contains("spdx");
    let about: String =
        about.map(|a| format!(" about `{}`", a.chars().take(200).collect::<String>())).unwrap_or_default();
    Ok(Nothing { sentence: format!("this is {kind}{about}, and what stands in its `{key}` is no SBOM"), claimed })
}

struct Opener<'o> {
    source: &'o Source,
    options: Options,
    give: &'o mut dyn FnMut(Part),
}

impl Opener<'_> {
    fn problem(&mut self, code: Code, message: String, offset: u64, foreign: bool) {
        let span = Span { start: offset, end: offset };
        let at = Place { pointer: String::new(), span };
        (self.give)(Part::Problem(Problem { code, message, at, hides_components: true }, foreign));
    }

    fn fault(&mut self, fault: Fault, base: u64, foreign: bool) -> io::Result<()> {
        match fault {
            Fault::Io(error) => return Err(error),
            Fault::Syntax(stop) => self.problem(Code::Syntax, stop.message, base + stop.offset, foreign),
            Fault::Limit(stop) => self.problem(Code::Limit, stop.message, base + stop.offset, foreign),
        }
        Ok(())
    }

    /// What stands under a key of the outermost object; gives the type of a predicate, when one is stated.
    fn member(&mut self, tokens: &mut Json, wanted: &str, packed: bool) -> Result<Option<String>, Fault> {
        let mut about = None;
        let mut depth = 0usize;
        loop {
            let token = tokens.next()?;
            match token {
                Token::End => return Ok(about),
                Token::OpenObject | Token::OpenArray => depth += 1,
                Token::Close => depth = depth.saturating_sub(1),
                Token::Key if depth == 1 => {
                    let name = tokens.raw().text().into_owned();
                    if name != wanted && name != "predicateType" {
                        continue;
                    }
                    match tokens.next()? {
                        Token::Text if name != wanted => about = Some(tokens.raw().text().into_owned()),
                        Token::OpenObject | Token::OpenArray if name != wanted => depth += 1,
                        Token::OpenObject | Token::OpenArray => {
                            let start = tokens.span().start;
                            let (end, broken) = match skip(tokens, &mut false) {
                                Ok(end) => (end, false),
                                Err(Fault::Io(error)) => return Err(Fault::Io(error)),
                                // Whoever reads the part comes to the same break, and tells it.
                                Err(_) => (self.source.len(), true),
                            };
                            let part = self.source.part(self.source.name(), Span { start, end }, &format!("/{wanted}"));
                            (self.give)(Part::Inner(part));
                            if broken {
                                return Ok(about);
                            }
                        }
                        Token::Text => {
                            let (text, at) = (tokens.raw().text().into_owned(), tokens.span().start);
                            self.text(wanted, &text, packed, at)?;
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
    }

    /// A text that holds a document, as it is or in base64.
    fn text(&mut self, key: &str, text: &str, packed: bool, at: u64) -> io::Result<()> {
        let decoded;
        let bytes = if packed {
            let Some(bytes) = base64_bytes(text) else {
                self.problem(Code::Syntax, format!("the `{key}` of this envelope is no base64"), at, false);
                return Ok(());
            };
            decoded = bytes;
            decoded.as_slice()
        } else {
            text.as_bytes()
        };
        let inner = Source::from_reader(format!("{}!{key}", self.source.name()), bytes)?;
        (self.give)(Part::Inner(inner));
        Ok(())
    }

    /// Every value of a list, or of a text of several documents; gives how many there are.
    fn values(&mut self, list: bool) -> io::Result<u64> {
        let mut all = Values { list, count: 0, base: 0 };
        loop {
            let window =
                Window::new(self.source.open_at(all.base)?, self.options.limits.value).sized(self.source.len());
            let end = match Json::new(window) {
                Ok(mut tokens) => self.run(&mut tokens, &mut all)?,
                Err(fault) => Stop::Broken(fault, 0, Keys::default()),
            };
            let Stop::Broken(fault, start, keys) = end else { return Ok(all.count) };
            // A line that breaks costs this line; in a list nobody knows where the next value begins.
            let start = all.base + start;
            let next = if all.list { None } else { self.next_line(start)? };
            let end = next.map_or(self.source.len(), |next| next - 1);
            if matches!(keys.guess(), Detected::Sbom(..) | Detected::Wrapped(_)) {
                (self.give)(Part::Inner(all.part(self.source, Span { start, end })));
            } else {
                self.fault(fault, all.base, keys.foreign() || keys.empty())?;
            }
            let Some(next) = next else { return Ok(all.count) };
            all.base = next;
        }
    }

    fn run(&mut self, tokens: &mut Json, all: &mut Values) -> io::Result<Stop> {
        if all.list
            && let Err(fault) = tokens.next()
        {
            return Ok(Stop::Broken(fault, 0, Keys::default()));
        }
        loop {
            let mut keys = Keys::default();
            let token = match tokens.next() {
                Ok(token) => token,
                // Behind a list, or behind a document, another one may follow.
                Err(_) if tokens.another() => {
                    tokens.go_on();
                    all.list = false;
                    continue;
                }
                Err(fault) => return Ok(Stop::Broken(fault, tokens.span().end, keys)),
            };
            if token == Token::End {
                return Ok(Stop::Whole);
            }
            if token == Token::Close {
                continue;
            }
            all.count += 1;
            if all.count > self.options.unpack.entries {
                let most = self.options.unpack.entries;
                let message =
                    format!("there are more than {most} values; the others were not read (--max-entries raises it)");
                self.problem(Code::Limit, message, all.base + tokens.span().start, false);
                return Ok(Stop::Whole);
            }
            let start = tokens.span().start;
            let mut objects = false;
            let read = match token {
                Token::OpenObject => object(tokens, &mut keys),
                Token::OpenArray => skip(tokens, &mut objects),
                _ => Ok(tokens.span().end),
            };
            let end = match read {
                Ok(end) => end,
                Err(Fault::Io(error)) => return Err(error),
                Err(fault) => return Ok(Stop::Broken(fault, start, keys)),
            };
            let maybe = objects || token == Token::OpenObject && keys.guess() != Detected::NotAnSbom;
            (self.give)(match maybe {
                true => Part::Inner(all.part(self.source, Span { start: all.base + start, end: all.base + end })),
                false => Part::Foreign,
            });
        }
    }

    /// Where the first line after an offset begins that begins like a document.
    fn next_line(&self, from: u64) -> io::Result<Option<u64>> {
        let mut reader = self.source.open_at(from)?;
        let mut piece = vec![0u8; 64 << 10];
        let (mut base, mut fresh) = (from, false);
        loop {
            let got = read_up_to(&mut reader, &mut piece)?;
            let read = piece.get(..got).unwrap_or_default();
            if fresh && matches!(read.first(), Some(b'{' | b'[')) {
                return Ok(Some(base));
            }
            for at in memchr::memchr_iter(b'\n', read) {
                if matches!(read.get(at + 1), Some(b'{' | b'[')) {
                    return Ok(Some(base + at as u64 + 1));
                }
            }
            fresh = read.last() == Some(&b'\n');
            base += got as u64;
            if got < piece.len() {
                return Ok(None);
            }
        }
    }
}

/// Where a walk over several values stands.
struct Values {
    list: bool,
    count: u64,
    /// Where the reader began.
    base: u64,
}

impl Values {
    /// The value being read: an entry of a list counts from 0, as pointers do, and a line from 1, as editors do.
    fn part(&self, source: &Source, span: Span) -> Source {
        let index = if self.list { self.count.saturating_sub(1) } else { self.count };
        let pointer = if self.list { format!("/{index}") } else { String::new() };
        source.part(format!("{}!{index}", source.name()), span, &pointer)
    }
}

enum Stop {
    Whole,
    /// The text breaks in a value that begins at an offset, and had these keys.
    Broken(Fault, u64, Keys),
}

/// Passes over the rest of a container that has just been opened, to the offset behind it; says whether an object is in it.
fn skip(tokens: &mut Json, objects: &mut bool) -> Result<u64, Fault> {
    let mut depth = 1usize;
    while depth > 0 {
        let token = tokens.next()?;
        *objects |= token == Token::OpenObject;
        match token {
            Token::OpenObject | Token::OpenArray => depth += 1,
            Token::Close => depth -= 1,
            _ => {}
        }
    }
    Ok(tokens.span().end)
}

/// The same, looking at the object's keys.
fn object(tokens: &mut Json, keys: &mut Keys) -> Result<u64, Fault> {
    let mut depth = 1usize;
    while depth > 0 {
        match tokens.next()? {
            Token::OpenObject | Token::OpenArray => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            Token::Key if depth == 1 => {
                let name = tokens.raw().text().into_owned();
                keys.see(&name, tokens, &mut depth)?;
            }
            _ => {}
        }
    }
    Ok(tokens.span().end)
}
