//! Notes put into a document where they belong, and not another byte of it changed.
//!
//! A document is found again in its file, in whatever it is packed, and its digest compared. Then it is read once more to
//! learn where each note can stand (`json`, `xml`, `yaml`, `tag_value`), and copied with the notes put in
//! (`plan`). Neither takes memory that grows with the document. What a note says is up to the caller; it must never hold
//! a name that a rule knows, because whoever reads the copy reads the note too.
//!
//! Notes of an earlier run are taken out first, so that there is never more than one set. One in which the caller found
//! evidence stays: calling something a note of ours must not make evidence disappear. Start at [`annotate`].

mod entry;
mod json;
mod plan;
mod style;
mod tag_value;
mod xml;
mod yaml;

use crate::error::AnnotateFault as Fault;
use crate::model::{Code, Document, Family};
use crate::parsers;
use crate::parsers::each::Unsuspecting;
use crate::parsers::token;
use crate::report::Input;
use crate::scan::open::{Packing, Visit, open};
use crate::source::Source;
use crate::source::address::Address;
use crate::source::collect::{At, Named};
use crate::source::position::{locate, offsets};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

/// What facts are called, on a document and on a component. Whatever else begins with `unlabel:` is somebody else's.
pub const NAMES: &[&str] = &[
    "unlabel:as-of",
    "unlabel:baseline",
    "unlabel:classification",
    "unlabel:component",
    "unlabel:disclaimer",
    "unlabel:disclosure",
    "unlabel:evidence",
    "unlabel:finding",
    "unlabel:findings",
    "unlabel:level",
    "unlabel:market",
    "unlabel:mixed",
    "unlabel:narrowed-by",
    "unlabel:no-all-clear",
    "unlabel:question",
    "unlabel:read",
    "unlabel:regime",
    "unlabel:relation",
    "unlabel:role",
    "unlabel:rule",
    "unlabel:rules",
    "unlabel:set-aside-by",
    "unlabel:source",
    "unlabel:strength",
    "unlabel:tool",
    "unlabel:waived",
];

/// The facts with which the notes on a document and on a component begin.
const FIRST: &[&str] = &["unlabel:tool=", "unlabel:finding="];

/// How many objects, lists or elements may stand in each other in a document that is annotated.
const DEEPEST: usize = 100_000;

/// A name, which is one of [`NAMES`], and what it says.
pub type Fact = (&'static str, String);

/// What is said of one finding.
#[derive(Debug, Clone)]
pub struct Note {
    /// Line and column at which the component begins.
    pub at: (u64, u64),
    /// Its JSON pointer.
    pub pointer: String,
    /// Its reference as written.
    pub reference: Option<String>,
    /// What is said.
    pub facts: Vec<Fact>,
}

/// All that is said of a document.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    /// Of the document as a whole.
    pub document: Vec<Fact>,
    /// What the document is about, by reference.
    pub product: Option<String>,
    /// Of components.
    pub components: Vec<Note>,
    /// Line and column of every piece of evidence.
    pub evidence: Vec<(u64, u64)>,
    /// The tool that says so, with its version: `tool-1.0`.
    pub by: String,
    /// When, as RFC 3339 in UTC.
    pub on: String,
}

/// Writes the document `path` in a file with notes in it. `sha256` is that of the document, unpacked.
///
/// # Errors
/// When the file is gone or another one, the format has no place for notes, the document is broken, or the copy cannot be
/// written. Only in the last case something may have been written.
pub fn annotate(file: &str, path: &str, sha256: &str, notes: &Notes, out: &mut dyn Write) -> Result<(), Fault> {
    let input = Named { name: file.to_owned(), at: At::File(PathBuf::from(file)), named: true };
    if Address::read(file).is_some() {
        return Err(Fault::Elsewhere);
    }
    // Told apart from a file that holds something else now.
    std::fs::File::open(file).map_err(Fault::Unreadable)?;
    let mut again = Again { path, sha256, notes, out, done: None };
    open(&input, &Unsuspecting, parsers::Options::default(), &mut again);
    again.done.unwrap_or(Err(Fault::Changed))
}

/// Looks for the document among those in its file.
struct Again<'a> {
    path: &'a str,
    sha256: &'a str,
    notes: &'a Notes,
    out: &'a mut dyn Write,
    done: Option<Result<(), Fault>>,
}

impl Visit for Again<'_> {
    fn document(&mut self, source: &Source, document: &Document, _: Packing<'_>) {
        if self.done.is_none() && source.name() == self.path && document.sha256 == self.sha256 {
            self.done = Some(write(source, document, self.notes, self.out));
        }
    }

    fn unread(&mut self, _: Input) {}
}

fn write(source: &Source, document: &Document, notes: &Notes, out: &mut dyn Write) -> Result<(), Fault> {
    let broken = document.problems.iter().find(|p| p.code == Code::Syntax);
    if let Some(problem) = broken {
        return Err(broken_at(source, problem.at.span.start));
    }
    let (family, version) = (document.format.family, number(&document.format.spec_version));
    let none = |what: &str| Err(Fault::Form(what.to_owned()));
    match (family, document.format.serialization) {
        (_, "protobuf") => return none("protobuf is not written; convert it to JSON first"),
        (_, "rdf-xml") => return none("RDF/XML is not written; convert it to JSON or tag-value first"),
        (Family::CycloneDx, _) if version < (1, 3) => {
            return none(
                "CycloneDX before 1.3 has no properties to write findings in; convert it to 1.3 or later first",
            );
        }
        (Family::Spdx2, _) if version < (2, 0) => {
            return none("SPDX before 2.0 has no annotations to write findings in; convert it to 2.0 or later first");
        }
        _ => {}
    }
    let wanted = Wanted::new(source, notes).map_err(Fault::Unreadable)?;
    let edits = match (family, document.format.serialization) {
        (_, "xml") => xml::edits(source, family, notes, &wanted),
        (_, "yaml") => yaml::edits(source, family, notes, &wanted),
        (_, "tag-value") => tag_value::edits(source, notes),
        _ => json::edits(source, family, notes, &wanted),
    }?;
    plan::write(source, edits, out)
}

/// Major and minor version; what is not known counts as the newest.
fn number(version: &str) -> (u32, u32) {
    let mut parts = version.split('.').map(|part| part.parse().ok());
    match (parts.next().flatten(), parts.next().flatten()) {
        (Some(major), Some(minor)) => (major, minor),
        _ => (u32::MAX, u32::MAX),
    }
}

/// Where notes are wanted, by byte offset.
struct Wanted {
    /// The notes on the component that begins at an offset, by number.
    components: BTreeMap<u64, Vec<usize>>,
    /// Where evidence stands, sorted.
    evidence: Vec<u64>,
}

impl Wanted {
    fn new(source: &Source, notes: &Notes) -> std::io::Result<Self> {
        let places = notes.components.iter().map(|n| n.at).chain(notes.evidence.iter().copied());
        let found = offsets(source, places)?;
        let mut components: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (number, note) in notes.components.iter().enumerate() {
            if let Some(at) = found.get(&note.at) {
                components.entry(*at).or_default().push(number);
            }
        }
        let mut evidence: Vec<u64> = notes.evidence.iter().filter_map(|at| found.get(at).copied()).collect();
        evidence.sort_unstable();
        Ok(Self { components, evidence })
    }

    /// Whether evidence stands between two offsets.
    fn proves(&self, start: u64, end: u64) -> bool {
        let first = self.evidence.partition_point(|at| *at < start);
        self.evidence.get(first).is_some_and(|at| *at < end)
    }

    /// The notes on the component that begins here.
    fn at(&self, offset: u64) -> &[usize] {
        self.components.get(&offset).map_or(&[], Vec::as_slice)
    }
}

/// Whose notes a place is for.
#[derive(Debug, Clone)]
enum Whose {
    Document,
    Components(Vec<usize>),
}

impl Whose {
    /// The facts, by note.
    fn facts(&self, notes: &Notes, unplaced: &[usize]) -> Vec<Vec<Fact>> {
        match self {
            Self::Document => of_document(notes, unplaced),
            Self::Components(numbers) => {
                numbers.iter().filter_map(|n| notes.components.get(*n)).map(|n| n.facts.clone()).collect()
            }
        }
    }
}

/// Facts in one text, for formats whose notes are texts: a line each.
fn lines(facts: &[Fact]) -> String {
    facts.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("\n")
}

/// Facts on the document, and on each component for which there is no place of its own.
fn of_document(notes: &Notes, unplaced: &[usize]) -> Vec<Vec<Fact>> {
    let mut all = vec![notes.document.clone()];
    for note in unplaced.iter().filter_map(|number| notes.components.get(*number)) {
        let mut facts = note.facts.clone();
        facts.insert(facts.len().min(1), ("unlabel:component", note.pointer.clone()));
        all.push(facts);
    }
    all
}

/// Notes for which no place was found.
fn left(notes: &Notes, placed: &[bool]) -> Vec<usize> {
    (0..notes.components.len()).filter(|number| !placed.get(*number).copied().unwrap_or(false)).collect()
}

fn broken_at(source: &Source, offset: u64) -> Fault {
    let found = locate(source, [offset]).ok().and_then(|found| found.get(&offset).copied()).unwrap_or_default();
    Fault::Broken { line: found.line, column: found.column }
}

fn of_reading(source: &Source, fault: token::Fault) -> Fault {
    match fault {
        token::Fault::Io(error) => Fault::Unreadable(error),
        token::Fault::Syntax(stop) | token::Fault::Limit(stop) => broken_at(source, stop.offset),
    }
}

/// How many bytes between two things are looked at, to write as they are written.
const MARGIN: u64 = 4 << 10;

/// What stands between two offsets; empty when it is more than anybody indents.
fn between(source: &Source, start: u64, end: u64) -> Result<String, Fault> {
    let mut bytes = vec![0u8; usize::try_from(end.saturating_sub(start).min(MARGIN + 1)).unwrap_or_default()];
    let got = source.open_at(start).and_then(|mut from| crate::source::read_up_to(&mut from, &mut bytes));
    bytes.truncate(got.map_err(Fault::Unreadable)?);
    Ok(if bytes.len() as u64 > MARGIN { String::new() } else { String::from_utf8_lossy(&bytes).into_owned() })
}

/// The line end and the indent of what begins behind this blank text; empty when it begins on the same line.
fn lead(blank: &str) -> &str {
    if !blank.bytes().all(|b| b.is_ascii_whitespace()) {
        return "";
    }
    match blank.rfind('\n').or_else(|| blank.rfind('\r')) {
        Some(end) if blank.get(..end).is_some_and(|before| before.ends_with('\r')) => {
            blank.get(end - 1..).unwrap_or_default()
        }
        Some(end) => blank.get(end..).unwrap_or_default(),
        None => "",
    }
}

/// What an indent has more than the one around it; two blanks when that cannot be seen.
fn unit(inner: &str, outer: &str) -> String {
    let indent = |lead: &str| lead.trim_start_matches(['\r', '\n']).to_owned();
    match indent(inner).strip_prefix(indent(outer).as_str()) {
        Some(more) if !more.is_empty() => more.to_owned(),
        _ => "  ".to_owned(),
    }
}

/// The first line end of the document.
fn line_end(source: &Source) -> Result<&'static str, Fault> {
    let head = between(source, 0, MARGIN)?;
    let at = head.find(['\n', '\r']);
    Ok(match at.and_then(|at| head.get(at..)) {
        Some(rest) if rest.starts_with("\r\n") => "\r\n",
        Some(rest) if rest.starts_with('\r') => "\r",
        _ => "\n",
    })
}
