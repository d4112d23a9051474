//! What was read of each input, what was not and why, and every component as the model holds it: for whoever asks why
//! a component was or was not seen.
//!
//! It knows no rule and finds nothing. Components are written as they come, so that memory does not grow with their
//! number; text from documents leaves through [`crate::renderers::escape`]. Start at [`inspect`].

mod json;
mod search;
mod text;
mod words;

use crate::model::{Code, Document};
use crate::opinion::{Answer, Opinion, about};
use crate::parsers::each::{self, Each, Rest, Unsuspecting};
use crate::parsers::{self, Flagging};
use crate::report::{Input, Status};
use crate::scan::input::{hidden_by, located, none_here, problem};
use crate::scan::open::{Packing, Visit, open, open_bytes};
use crate::source::Source;
use crate::source::collect::Named;
use crate::source::position::{Along, Position};
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How to inspect.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How to read.
    pub read: parsers::Options,
    /// Whether the text form lists every component; the JSON form always does.
    pub components: bool,
    /// Only components in which this text stands, and where it stands otherwise; ASCII letters in either case.
    pub find: Option<String>,
    /// Whether others are asked for their opinion.
    pub strict: bool,
    /// Whether an incomplete run may pass.
    pub allow_incomplete: bool,
}

/// The forms, by the word for `--format`.
pub const FORMS: &[(&str, &str)] = &[("text", "for people"), ("json", "unlabel.inspect/1, for programs")];

/// What came of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many inputs there were.
    pub inputs: u64,
    /// How many were read whole.
    pub read: u64,
    /// How many in part.
    pub partial: u64,
    /// How many not at all.
    pub unread: u64,
    /// How many could not even be opened.
    pub unopened: u64,
    /// How many were read and hold no component.
    pub empty: u64,
    /// Files and values that are no SBOM.
    pub skipped: u64,
    /// Components of all inputs.
    pub components: u64,
    /// How many documents an official schema objects to.
    pub differing: u64,
    /// Whether an incomplete run may pass.
    pub allow_incomplete: bool,
}

impl Summary {
    /// The exit status: 1 when an official schema objects to a document, 2 when nothing could be opened, 3 when something
    /// was unread, partly read or without components and that was not allowed, 0 otherwise.
    pub fn exit_status(&self) -> u8 {
        if self.differing > 0 {
            1
        } else if self.inputs > 0 && self.inputs == self.unopened {
            2
        } else if self.incomplete() && !self.allow_incomplete {
            3
        } else {
            0
        }
    }

    /// Whether something may have gone unseen.
    pub fn incomplete(&self) -> bool {
        self.inputs == 0 || self.partial + self.unread + self.empty > 0
    }

    fn count(&mut self, input: &Input) {
        self.inputs += 1;
        self.components += input.components;
        self.unopened += u64::from(input.unopened());
        self.empty += u64::from(input.status != Status::Unread && input.components == 0);
        match input.status {
            Status::Read => self.read += 1,
            Status::Partial => self.partial += 1,
            Status::Unread => self.unread += 1,
        }
    }
}

/// Gives the components of one input, with their positions, to whoever writes them; then what stands beside them.
type Components<'c> = dyn FnMut(&mut dyn FnMut(&Each, Position) -> io::Result<()>) -> io::Result<Option<Rest>> + 'c;

/// What an inspection is written in.
trait Form {
    /// What comes before the first input.
    fn begin(&mut self) -> io::Result<()>;
    /// An input that was read.
    fn document(&mut self, shown: Shown<'_>) -> io::Result<()>;
    /// An input that was not.
    fn unread(&mut self, input: &Input) -> io::Result<()>;
    /// What comes after the last one.
    fn end(&mut self, summary: &Summary) -> io::Result<()>;
}

/// An input that was read.
struct Shown<'s> {
    source: &'s Source,
    input: &'s Input,
    components: &'s mut Components<'s>,
    /// `None` when nobody was to be asked.
    opinions: Option<&'s [Opinion]>,
}

/// Inspects inputs, one after the other, and writes what it sees in the form of this name.
///
/// # Errors
/// When the output cannot be written.
pub fn inspect(inputs: &[Named], form: &str, options: &Options, out: &mut dyn Write) -> io::Result<Summary> {
    run(form, options, out, &mut |visit| {
        let mut skipped = 0;
        for input in inputs {
            skipped += open(input, &Unsuspecting, reading(options), visit);
            if visit.failed.is_some() {
                break;
            }
        }
        if visit.summary.inputs == 0 && skipped > 0 {
            visit.unread(none_here(inputs, skipped));
        }
        skipped
    })
}

/// Inspects one document in memory. `name` is what it is called.
///
/// # Errors
/// When the output cannot be written.
pub fn inspect_bytes(
    name: &str,
    bytes: &[u8],
    form: &str,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<Summary> {
    run(form, options, out, &mut |visit| open_bytes(name, bytes, &Unsuspecting, reading(options), visit))
}

fn reading(options: &Options) -> parsers::Options {
    parsers::Options { flagging: Flagging::Suspects, ..options.read }
}

fn run(
    form: &str,
    options: &Options,
    out: &mut dyn Write,
    each: &mut dyn FnMut(&mut Inspecting<'_>) -> u64,
) -> io::Result<Summary> {
    let (mut text, mut json);
    let form: &mut dyn Form = if form == "json" {
        json = json::Json::new(out);
        &mut json
    } else {
        text = text::Text::new(out, options);
        &mut text
    };
    form.begin()?;
    let summary = Summary { allow_incomplete: options.allow_incomplete, ..Summary::default() };
    let mut visit = Inspecting { options, form, summary, failed: None };
    let skipped = each(&mut visit);
    visit.summary.skipped = skipped;
    let Inspecting { form, summary, failed, .. } = visit;
    match failed {
        Some(error) => Err(error),
        None => form.end(&summary).map(|()| summary),
    }
}

struct Inspecting<'i> {
    options: &'i Options,
    form: &'i mut dyn Form,
    summary: Summary,
    /// The output could not be written: nothing more is.
    failed: Option<io::Error>,
}

impl Inspecting<'_> {
    fn wrote(&mut self, result: io::Result<()>) {
        self.failed = result.err().or(self.failed.take());
    }
}

impl Visit for Inspecting<'_> {
    fn document(&mut self, source: &Source, document: &Document, packing: Packing<'_>) {
        if self.failed.is_some() {
            return;
        }
        let mut input = located(source, document, packing);
        let opinions = self.options.strict.then(|| match about(source, document) {
            Ok(opinions) => opinions,
            Err(error) => {
                let message = format!("the file could no longer be read when others were asked: {error}");
                hidden_by(&mut input, problem(Code::Changed, message));
                Vec::new()
            }
        });
        self.summary.count(&input);
        let objects = |o: &Opinion| o.official && o.answer == Answer::Differs;
        self.summary.differing += u64::from(opinions.iter().flatten().any(objects));
        let (options, read) = (self.options, reading(self.options));
        let mut again = true;
        let mut components = |write: &mut dyn FnMut(&Each, Position) -> io::Result<()>| {
            let mut along = Along::new(source);
            let mut result = Ok(());
            let mut give = |each: Each| {
                if options.find.as_ref().is_some_and(|text| !search::stands_in(text, &each.component)) {
                    return true;
                }
                let at = along.at(each.component.at.span.start);
                result = at.and_then(|position| write(&each, position));
                result.is_ok()
            };
            // What was read once without failing can fail now only if the file was changed.
            let rest = catch_unwind(AssertUnwindSafe(|| each::each(source, read, &mut give)));
            let rest = rest.ok().and_then(Result::ok).flatten();
            again &= rest.is_some();
            result.map(|()| rest)
        };
        let shown = Shown { source, input: &input, components: &mut components, opinions: opinions.as_deref() };
        let wrote = self.form.document(shown);
        self.wrote(wrote);
        if !again && input.status == Status::Read {
            self.summary.read -= 1;
            self.summary.partial += 1;
        }
    }

    fn unread(&mut self, input: Input) {
        if self.failed.is_none() {
            self.summary.count(&input);
            let wrote = self.form.unread(&input);
            self.wrote(wrote);
        }
    }
}
