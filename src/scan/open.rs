//! From one input to the documents in it: through archives and compression, then through envelopes, lists and lines.
//!
//! What is no SBOM is counted like other files of a folder; an input that was named, or is called like an SBOM, and gives
//! none is told. Whatever goes wrong in one document costs that document only. Start at [`Opening::packed`].

use super::{Options, Scanned, document_report, located_problem, net, problem, unopened, unread};
use crate::model::Code;
use crate::model::disclosure::Grade;
use crate::parsers::detect::Wrapper;
use crate::parsers::envelope::{self, Part};
use crate::parsers::{self, Outcome};
use crate::report::{self, Status};
use crate::rules::RuleSet;
use crate::source::Source;
use crate::source::unpack::{Given, Trouble, unpack};

/// What came of an input.
#[derive(Default)]
pub struct Opened {
    /// The documents, and what could not be read.
    pub scanned: Vec<Scanned>,
    /// How many files or values in it are no SBOM.
    pub skipped: u64,
}

impl From<Scanned> for Opened {
    fn from(scanned: Scanned) -> Self {
        Self { scanned: vec![scanned], skipped: 0 }
    }
}

impl Opened {
    fn skipped() -> Self {
        Self { scanned: Vec::new(), skipped: 1 }
    }

    fn add(&mut self, other: Self) {
        self.scanned.extend(other.scanned);
        self.skipped += other.skipped;
    }
}

/// What every document is opened with.
#[derive(Clone, Copy)]
pub struct Opening<'o> {
    pub rules: &'o RuleSet,
    pub options: &'o Options,
}

impl Opening<'_> {
    /// An input as it lies there, which may be packed.
    pub fn packed(self, source: &Source, named: bool) -> Opened {
        let mut all = Opened::default();
        let (mut members, mut hollow) = (0u64, 0u64);
        let result = unpack(source, &self.options.read.unpack, &mut |given| match given {
            Given::Inner { source: inner, member, trouble } => {
                members += u64::from(member);
                let opened = net(inner.name(), || self.document(inner, named && !member, 0));
                all.add(match trouble {
                    Some(trouble) => with_trouble(opened, inner, trouble),
                    None => opened,
                });
            }
            Given::Lost(name, trouble) => all.add(unread(&name, of_trouble(trouble), String::new(), 0).into()),
            Given::Empty(_) => hollow += 1,
        });
        if let Err(error) = result {
            all.add(unopened(source.name(), &error, self.options).into());
        }
        all.skipped += hollow;
        if all.scanned.is_empty() && members + hollow > 0 && (named || called_like_one(source.name())) {
            let (code, message) = match members {
                0 => (Code::Empty, "there is no file in this archive".to_owned()),
                _ => (Code::NotAnSbom, format!("none of the {members} files in this archive is an SBOM")),
            };
            all.add(unread(source.name(), problem(code, message), sha256(source), source.len()).into());
        }
        all
    }

    /// One document, or a wrapper that stands in `depth` others; of each input also whose lines its places are in.
    fn document(self, source: &Source, named: bool, depth: u32) -> Opened {
        let mut opened = self.opened(source, named, depth);
        for scanned in opened.scanned.iter_mut().filter(|s| s.input.path == source.name()) {
            scanned.input.inside.get_or_insert_with(|| source.text_name().to_owned());
        }
        opened
    }

    fn opened(self, source: &Source, named: bool, depth: u32) -> Opened {
        let told = named || called_like_one(source.name());
        match parsers::read(source, self.rules, self.options.read) {
            Err(error) => unopened(source.name(), &error, self.options).into(),
            Ok(Outcome::Unread { foreign: true, .. }) if !told => Opened::skipped(),
            Ok(Outcome::Unread { problem, sha256, .. }) => {
                unread(source.name(), located_problem(source, problem), sha256, source.len()).into()
            }
            Ok(Outcome::Read(document)) => document_report(source, &document, self.rules, self.options).into(),
            Ok(Outcome::Wrapped(_)) if depth >= envelope::DEEPEST => {
                let message = format!(
                    "more than {} wrappers stand around each other; what is inside was not read",
                    envelope::DEEPEST
                );
                unread(source.name(), problem(Code::Limit, message), sha256(source), source.len()).into()
            }
            Ok(Outcome::Wrapped(wrapper)) => self.wrapped(source, wrapper, told, depth),
        }
    }

    fn wrapped(self, source: &Source, wrapper: Wrapper, told: bool, depth: u32) -> Opened {
        let mut all = Opened::default();
        let result = envelope::open(source, wrapper, self.options.read, &mut |part| match part {
            Part::Inner(inner) => all.add(net(inner.name(), || self.document(&inner, false, depth + 1))),
            Part::Foreign => all.skipped += 1,
            Part::Problem(_, true) if !told && all.scanned.is_empty() => all.skipped += 1,
            Part::Problem(problem, _) => {
                let problem = located_problem(source, problem);
                all.add(unread(source.name(), problem, sha256(source), source.len()).into());
            }
        });
        match result {
            Err(error) => all.add(unopened(source.name(), &error, self.options).into()),
            Ok(nothing) if all.scanned.is_empty() => {
                if !told && !nothing.claimed {
                    return Opened::skipped();
                }
                let problem = problem(Code::NotAnSbom, nothing.sentence);
                return unread(source.name(), problem, sha256(source), source.len()).into();
            }
            Ok(_) => {}
        }
        all
    }
}

fn of_trouble(trouble: Trouble) -> report::Problem {
    problem(if trouble.limit { Code::Limit } else { Code::Damaged }, trouble.message)
}

/// Tells what is wrong with something that was unpacked only in part, whatever stands in that part.
fn with_trouble(mut opened: Opened, source: &Source, trouble: Trouble) -> Opened {
    let problem = of_trouble(trouble);
    if opened.scanned.is_empty() {
        return unread(source.name(), problem, sha256(source), source.len()).into();
    }
    for scanned in &mut opened.scanned {
        scanned.input.problems.push(problem.clone());
        if scanned.input.status == Status::Read {
            scanned.input.status = Status::Partial;
        }
        if let Some(disclosure) = &mut scanned.input.disclosure {
            disclosure.grade = Grade::Thin;
        }
    }
    opened
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
