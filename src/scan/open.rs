//! From one input to the documents in it: through archives and compression, then through envelopes, lists and lines.
//!
//! What is no SBOM is counted like other files of a folder; an input that was named, or is called like an SBOM, and gives
//! none is told. Whatever goes wrong in one document costs that document only. What is made of a document is up to a
//! [`Visit`]: a scan matches it, an inspection shows it. Start at [`open`].

use super::input::{located_problem, on_disk, problem, unread};
use crate::model::{Code, Document};
use crate::parsers::detect::Wrapper;
use crate::parsers::envelope::{self, Part};
use crate::parsers::{self, Outcome, Suspicion};
use crate::report::{Input, Problem};
use crate::source::Source;
use crate::source::collect::{At, Named, reason};
use crate::source::unpack::{Given, Trouble, unpack};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is made of the documents of an input, in their order.
pub trait Visit {
    /// A document was read.
    fn document(&mut self, source: &Source, document: &Document, packing: Packing<'_>);
    /// Something was not read; the only problem of the input says why.
    fn unread(&mut self, input: Input);
}

/// What stands around a document.
#[derive(Debug, Clone, Copy)]
pub struct Packing<'p> {
    /// What the input is called in which it was found: a file on disk.
    pub file: &'p str,
    /// What was lost in unpacking: it may hide components.
    pub lost: Option<&'p Problem>,
}

/// Opens one input, with the net under it: whatever goes wrong inside costs the document it happens in. Gives how many
/// files or values in it are no SBOM.
pub fn open(input: &Named, suspicion: &dyn Suspicion, options: parsers::Options, visit: &mut dyn Visit) -> u64 {
    let mut opening = Opening { suspicion, options, visit, file: &input.name, seen: 0, skipped: 0, lost: None };
    opening.guarded(&input.name, &mut |opening| opening.named(input));
    opening.skipped
}

/// The same for bytes in memory.
pub fn open_bytes(
    name: &str,
    bytes: &[u8],
    suspicion: &dyn Suspicion,
    options: parsers::Options,
    visit: &mut dyn Visit,
) -> u64 {
    let mut opening = Opening { suspicion, options, visit, file: name, seen: 0, skipped: 0, lost: None };
    let from = |opening: &mut Opening<'_>| match Source::from_reader_up_to(name, bytes, options.unpack.input) {
        Ok(source) => opening.packed(&source, true),
        Err(error) => opening.unopened(name, &error),
    };
    opening.guarded(name, &mut { from });
    opening.skipped
}

/// What every document of an input is opened with, and what came of it so far.
struct Opening<'o> {
    suspicion: &'o dyn Suspicion,
    options: parsers::Options,
    visit: &'o mut dyn Visit,
    /// What the input is called.
    file: &'o str,
    /// How many inputs the visitor was given.
    seen: u64,
    skipped: u64,
    /// What the packing around the document at hand lost.
    lost: Option<Problem>,
}

impl Opening<'_> {
    fn guarded(&mut self, name: &str, work: &mut dyn FnMut(&mut Self)) {
        if catch_unwind(AssertUnwindSafe(|| work(self))).is_err() {
            let message = "the reader failed on this input; please report it with the file if you can share it";
            self.unread(name, problem(Code::Internal, message.to_owned()));
        }
    }

    /// Nothing was read of what is called so.
    fn unread(&mut self, name: &str, problem: Problem) {
        self.tell(unread(name, problem, String::new(), 0), name);
    }

    /// Nothing was read of an input that could be opened.
    fn unread_source(&mut self, source: &Source, problem: Problem, sha256: String) {
        self.tell(unread(source.name(), problem, sha256, source.len()), source.text_name());
    }

    fn tell(&mut self, mut input: Input, text: &str) {
        self.seen += 1;
        on_disk(&mut input, self.file, text);
        input.problems.extend(self.lost.clone());
        self.visit.unread(input);
    }

    fn unopened(&mut self, name: &str, error: &std::io::Error) {
        if let (std::io::ErrorKind::FileTooLarge, Some(most)) = (error.kind(), self.options.unpack.input) {
            let message =
                format!("the input has more than {most} bytes, and was not read (--max-input-size raises it)");
            return self.unread(name, problem(Code::Limit, message));
        }
        let message = format!("cannot be read: {}", reason(error));
        self.unread(name, problem(Code::Unreadable, message));
    }

    fn named(&mut self, input: &Named) {
        let most = self.options.unpack.input;
        let opened = match &input.at {
            At::File(path) => Source::from_file(&input.name, path, most),
            At::Stdin => Source::from_reader_up_to(&input.name, std::io::stdin().lock(), most),
            #[cfg(feature = "cloud")]
            At::Object(object) => object.fetch(&input.name, most),
            At::EmptyFolder(_) => {
                let message = "there is no file in this folder: name a file or folder that holds an SBOM".to_owned();
                return self.unread(&input.name, problem(Code::NotAnSbom, message));
            }
            At::Missing(why) => {
                let message = format!("cannot be opened: {why}");
                return self.unread(&input.name, problem(Code::Unreadable, message));
            }
        };
        match opened {
            Ok(source) => self.packed(&source, input.named),
            Err(error) => self.unopened(&input.name, &error),
        }
    }

    /// An input as it lies there, which may be packed.
    fn packed(&mut self, source: &Source, named: bool) {
        let before = self.seen;
        let (mut members, mut hollow) = (0u64, 0u64);
        let limits = self.options.unpack;
        let result = unpack(source, &limits, &mut |given| match given {
            Given::Inner { source: inner, member, trouble } => {
                members += u64::from(member);
                self.inner(inner, named && !member, trouble);
            }
            Given::Lost(name, trouble) => self.unread(&name, of_trouble(trouble)),
            Given::Empty(_) => hollow += 1,
        });
        if let Err(error) = result {
            self.unopened(source.name(), &error);
        }
        self.skipped += hollow;
        if self.seen == before && members + hollow > 0 && (named || called_like_one(source.name())) {
            let (code, message) = match members {
                0 => (Code::Empty, "there is no file in this archive".to_owned()),
                1 => (Code::NotAnSbom, "the one file in this archive is no SBOM".to_owned()),
                _ => (Code::NotAnSbom, format!("none of the {members} files in this archive is an SBOM")),
            };
            self.unread_source(source, problem(code, message), sha256(source));
        }
    }

    /// Something that was unpacked, perhaps only in part: what is wrong with it is told, whatever stands in that part.
    fn inner(&mut self, inner: &Source, named: bool, trouble: Option<Trouble>) {
        let (before, skipped) = (self.seen, self.skipped);
        self.lost = trouble.map(of_trouble);
        self.guarded(inner.name(), &mut |opening| opening.document(inner, named, 0));
        if let Some(problem) = self.lost.take()
            && self.seen == before
        {
            self.skipped = skipped;
            self.unread_source(inner, problem, sha256(inner));
        }
    }

    /// One document, or a wrapper that stands in `depth` others.
    fn document(&mut self, source: &Source, named: bool, depth: u32) {
        let told = named || called_like_one(source.name());
        match parsers::read(source, self.suspicion, self.options) {
            Err(error) => self.unopened(source.name(), &error),
            Ok(Outcome::Unread { foreign: true, .. }) if !told => self.skipped += 1,
            Ok(Outcome::Unread { problem, sha256, .. }) => {
                let problem = located_problem(source, problem);
                self.unread_source(source, problem, sha256);
            }
            Ok(Outcome::Read(document)) => {
                self.seen += 1;
                let packing = Packing { file: self.file, lost: self.lost.as_ref() };
                self.visit.document(source, &document, packing);
            }
            Ok(Outcome::Wrapped(_)) if depth >= envelope::DEEPEST => {
                let message = format!(
                    "more than {} wrappers stand around each other; what is inside was not read",
                    envelope::DEEPEST
                );
                self.unread_source(source, problem(Code::Limit, message), sha256(source));
            }
            Ok(Outcome::Wrapped(wrapper)) => self.wrapped(source, wrapper, told, depth),
        }
    }

    fn wrapped(&mut self, source: &Source, wrapper: Wrapper, told: bool, depth: u32) {
        let (before, skipped) = (self.seen, self.skipped);
        let options = self.options;
        let result = envelope::open(source, wrapper, options, &mut |part| match part {
            Part::Inner(inner) => {
                self.guarded(inner.name(), &mut |opening| opening.document(&inner, false, depth + 1));
            }
            Part::Foreign => self.skipped += 1,
            Part::Problem(_, true) if !told && self.seen == before => self.skipped += 1,
            Part::Problem(problem, _) => {
                let problem = located_problem(source, problem);
                self.unread_source(source, problem, sha256(source));
            }
        });
        match result {
            Err(error) => self.unopened(source.name(), &error),
            Ok(nothing) if self.seen == before => {
                // Whatever was counted inside is one file that is no SBOM.
                self.skipped = skipped;
                if !told && !nothing.claimed {
                    self.skipped += 1;
                    return;
                }
                let problem = problem(Code::NotAnSbom, nothing.sentence);
                self.unread_source(source, problem, sha256(source));
            }
            Ok(_) => {}
        }
    }
}

fn of_trouble(trouble: Trouble) -> Problem {
    problem(if trouble.limit { Code::Limit } else { Code::Damaged }, trouble.message)
}

/// The digest of a whole input; empty when it can no longer be read.
fn sha256(source: &Source) -> String {
    source.sha256().unwrap_or_default()
}

/// Whether a file's name says that it is an SBOM: what is in it never decides that it is one, but if it is none, that is worth a word.
fn called_like_one(path: &str) -> bool {
    let name = path.rsplit(['/', '!']).next().unwrap_or(path).to_lowercase();
    // A program that packs for another system puts such a file beside each.
    let aside = name.starts_with("._");
    !aside && ["sbom", "bom.json", "bom.xml", ".cdx.", ".spdx", "cyclonedx"].iter().any(|word| name.contains(word))
}
