//! An inspection for people: what was read, what was not and why, and on request each component.

use super::{Form, Options, Shown, Summary, search, words};
use crate::model::{Component, Origin, Party, Role, Stated};
use crate::opinion::{Answer, Opinion};
use crate::parsers::each::{Each, Rest};
use crate::renderers::escape::Line;
use crate::renderers::words::{counted, discloses};
use crate::report::{Input, Problem};
use crate::source::Source;
use crate::source::position::{Position, locate};
use std::io::{self, Write};

const WIDTH: usize = 100;

/// How many objections of one opinion are shown; the JSON form has up to 50.
const OBJECTIONS: usize = 10;
/// How many places are shown at which a text stands that is in no component.
const PLACES: usize = 5;
/// How many values of one kind are shown of a component.
const VALUES: usize = 20;

pub struct Text<'o> {
    out: &'o mut dyn Write,
    options: &'o Options,
}

impl<'o> Text<'o> {
    pub fn new(out: &'o mut dyn Write, options: &'o Options) -> Self {
        Self { out, options }
    }

    fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", text.trim_end())
    }

    /// A label and a text, wrapped under itself.
    fn pair(&mut self, label: &str, text: &str) -> io::Result<()> {
        let first = format!("  {label:<10} ");
        let options = textwrap::Options::new(WIDTH)
            .initial_indent(&first)
            .subsequent_indent("             ")
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in textwrap::wrap(text.trim(), options) {
            self.line(&line)?;
        }
        Ok(())
    }

    /// Several values under one label.
    fn pairs(&mut self, label: &str, values: impl IntoIterator<Item = String>) -> io::Result<()> {
        let mut left = 0u64;
        for (number, value) in values.into_iter().enumerate() {
            if number < VALUES {
                self.pair(if number == 0 { label } else { "" }, &value)?;
            } else {
                left += 1;
            }
        }
        if left > 0 { self.pair("", &format!("and {left} more; --format json has all")) } else { Ok(()) }
    }

    fn problems(&mut self, input: &Input) -> io::Result<()> {
        for (number, told) in input.problems.iter().enumerate() {
            self.pair(if number == 0 { "problem" } else { "" }, &problem(told))?;
        }
        if input.more_problems > 0 {
            let were = if input.more_problems == 1 { "was" } else { "were" };
            let more = counted(input.more_problems, "more problem");
            self.pair("", &format!("and {more}, which {were} not kept"))?;
        }
        Ok(())
    }

    fn figures(&mut self, input: &Input) -> io::Result<()> {
        let size = format!("{}, SHA-256 {}", counted(input.bytes, "byte"), input.sha256.as_deref().unwrap_or_default());
        self.pair("size", &size)?;
        let product = input.product.clone().unwrap_or_default();
        let part = |text: &Option<String>| text.as_deref().map(|t| Line(t).to_string());
        match part(&product.name) {
            Some(name) => {
                let version = part(&product.version).map_or(String::new(), |v| format!(" {v}"));
                let supplier =
                    part(&product.supplier).map_or(", no supplier named".to_owned(), |s| format!(", supplied by {s}"));
                let reference = part(&product.reference).map_or(String::new(), |r| format!(" ({r})"));
                self.pair("product", &format!("{name}{version}{supplier}{reference}"))?;
            }
            None => self.pair("product", "the document does not say what it is about")?,
        }
        let Some(d) = input.disclosure else { return Ok(()) };
        self.pair(
            "discloses",
            &format!(
                "{}: {}; completeness {}{}",
                d.grade.id(),
                discloses(input).unwrap_or_default(),
                d.declared.id(),
                match d.external_documents {
                    0 => String::new(),
                    n => format!("; parts are said to stand in other documents ({n}), which were not read"),
                },
            ),
        )
    }

    fn holds(&mut self, source: &Source, input: &Input, rest: &Rest) -> io::Result<()> {
        let mut origins = rest.origins.clone();
        origins.sort_unstable();
        let mut parts: Vec<String> =
            origins.iter().map(|(origin, count)| format!("{count} {}", words::origin(*origin))).collect();
        if parts.is_empty() {
            parts.push("no component".to_owned());
        }
        let files = input.disclosure.map_or(0, |d| d.files);
        for (count, what) in [(rest.nested, "inside another"), (files, "files")] {
            if count > 0 {
                parts.push(format!("of these {count} {what}"));
            }
        }
        self.pair("holds", &parts.join(", "))?;
        let loose = rest.dangling.len() as u64 + rest.more_dangling;
        if loose > 0 {
            self.pair("loose", &format!("references that lead to nothing in the document: {loose}"))?;
            let positions = locate(source, rest.dangling.iter().map(|s| s.at.span.start))?;
            for stated in &rest.dangling {
                let pointer = format!("{}{}", source.pointer(), stated.at.pointer);
                let place = positions.get(&stated.at.span.start).map_or(String::new(), place_of);
                self.pair("", &format!("- {place}\"{}\" ({})", Line(&stated.text), Line(&pointer)))?;
            }
            if rest.more_dangling > 0 {
                self.pair("", &format!("- and {} more", rest.more_dangling))?;
            }
        }
        self.pairs("document", rest.parties.iter().map(party))
    }

    fn opinions(&mut self, opinions: &[Opinion]) -> io::Result<()> {
        for (number, opinion) in opinions.iter().enumerate() {
            let why = opinion.why.as_deref().map_or(String::new(), |why| format!(": {}", Line(why)));
            let says = match opinion.answer {
                Answer::Conforms if opinion.official => "the document conforms",
                Answer::Conforms => "reads it and objects to nothing",
                Answer::Differs if opinion.official => "the document does not conform",
                Answer::Differs => "objects",
                Answer::NotAsked => "not asked",
                Answer::GaveUp => "no answer",
            };
            self.pair(if number == 0 { "opinion" } else { "" }, &format!("{}: {says}{why}", opinion.by))?;
            for objection in opinion.objections.iter().take(OBJECTIONS) {
                let place = objection.position.as_ref().map_or(String::new(), place_of);
                let pointer = match objection.pointer.as_str() {
                    "" => String::new(),
                    pointer => format!(" ({})", Line(pointer)),
                };
                self.pair("", &format!("- {place}{}{pointer}", Line(&objection.message)))?;
            }
            let left = (opinion.objections.len() as u64 + opinion.more).saturating_sub(OBJECTIONS as u64);
            if left > 0 {
                self.pair("", &format!("- and {left} more; --format json has up to 50"))?;
            }
        }
        Ok(())
    }

    /// A component on one line.
    fn brief(&mut self, each: &Each, at: Position) -> io::Result<()> {
        let c = &each.component;
        let mut parts = vec![called(c)];
        let supplier = c.parties.iter().find(|p| !matches!(p.role, Role::Contributor | Role::Licensor));
        parts.extend(supplier.map(party));
        parts.extend(c.identifiers.first().map(|i| Line(&i.value.text).to_string()));
        parts.push(format!("line {}, column {}", at.line, at.column));
        let inside = each.parent.map_or(String::new(), |parent| format!(" in #{parent}"));
        let sort = c.kind.as_ref().map_or(String::new(), |k| format!(" {}", Line(&k.text)));
        let origin = match c.origin {
            Origin::Listed => String::new(),
            other => format!(" {}", words::origin(other)),
        };
        let text = format!("#{}{origin}{sort}{inside}  {}", c.number, parts.join(" | "));
        self.line(&format!("  {text}"))
    }

    /// A component with all that it says.
    fn full(&mut self, each: &Each, at: Position, pointer: &str) -> io::Result<()> {
        let c = &each.component;
        self.line("")?;
        self.line(&format!("  #{} {}", c.number, called(c)))?;
        let inside = each.parent.map_or(String::new(), |parent| format!(", inside #{parent}"));
        let about = if each.described { ", what the document is about" } else { "" };
        let place = format!("line {}, column {} ({})", at.line, at.column, Line(&format!("{pointer}{}", c.at.pointer)));
        self.pair("where", &format!("{place}, {}{inside}{about}", words::origin(c.origin)))?;
        let one = |s: &Option<Stated>| s.iter().map(|s| Line(&s.text).to_string()).collect::<Vec<_>>();
        let many = |s: &[Stated]| s.iter().map(|s| Line(&s.text).to_string()).collect::<Vec<_>>();
        self.pairs("ref", one(&c.reference))?;
        self.pairs("kind", one(&c.kind))?;
        self.pairs("group", one(&c.group).into_iter().chain(many(&c.more_groups)))?;
        self.pairs("also named", many(&c.more_names))?;
        self.pairs("released", one(&c.released))?;
        self.pairs("scope", c.scope.map(|s| words::scope(s).to_owned()))?;
        self.pairs("parties", c.parties.iter().map(party))?;
        self.pairs(
            "ids",
            c.identifiers.iter().map(|i| {
                let found = if i.concluded { ", concluded by a tool" } else { "" };
                format!("{} {}{found}", words::identifier(i.kind), Line(&i.value.text))
            }),
        )?;
        self.pairs(
            "licenses",
            c.licenses.iter().map(|l| {
                let said = many(&l.names).into_iter().chain(many(&l.urls)).collect::<Vec<_>>().join(", ");
                let texts = if l.texts.is_empty() { "" } else { " (with text)" };
                format!("{said}{texts}")
            }),
        )?;
        self.pairs("copyright", many(&c.copyrights))?;
        self.pairs("links", c.references.iter().map(|r| format!("{} {}", Line(&r.kind), Line(&r.url.text))))?;
        self.pairs("endpoints", many(&c.endpoints))?;
        self.pairs("files", c.files.iter().map(|f| Line(&f.value.text).to_string()))?;
        self.pairs("properties", c.properties.iter().map(|p| format!("{} = {}", Line(&p.name), Line(&p.value.text))))?;
        self.pairs("signers", many(&c.signers))?;
        self.pairs("digests", (!c.hashes.is_empty()).then(|| c.hashes.len().to_string()))?;
        self.pairs("says", one(&c.description))?;
        self.pairs("relations", each.relations.iter().map(|(edge, to)| format!("{} #{to}", words::relation(*edge))))
    }
}

impl Form for Text<'_> {
    fn begin(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn document(&mut self, shown: Shown<'_>) -> io::Result<()> {
        let Shown { source, input, components, opinions } = shown;
        let format = [&input.format, &input.serialization].map(|word| word.as_deref().unwrap_or_default()).join(" ");
        let version = match input.spec_version.as_deref() {
            None | Some("") => "without a version".to_owned(),
            Some(version) => Line(version).to_string(),
        };
        let head = format!("{}  {}: {format} {version}", input.status.id(), Line(&input.path));
        self.line(&format!("{head}, {}", counted(input.components, "component")))?;
        self.figures(input)?;
        // Once for the counts, and where a list is wanted once more for that.
        let mut matching = 0u64;
        match components(&mut |_, _| {
            matching += 1;
            Ok(())
        })? {
            Some(rest) => self.holds(source, input, &rest)?,
            None => self.pair("holds", "not known: the components could not be read a second time")?,
        }
        self.problems(input)?;
        self.opinions(opinions.unwrap_or_default())?;
        if let Some(text) = &self.options.find {
            self.pair("find", &format!("\"{}\" stands in {}", Line(text), counted(matching, "component")))?;
            if matching == 0 {
                let (places, more) = search::places(text, source, PLACES)?;
                let shown = places.iter().map(|p| format!("line {}, column {}", p.line, p.column));
                let shown = shown.collect::<Vec<_>>().join("; ");
                let more = if more { "; and more" } else { "" };
                self.pair(
                    "",
                    &match places.is_empty() {
                        true => "nor anywhere else in the input, as it is written here".to_owned(),
                        false => format!(
                            "but in the input at {shown}{more}: in something that is not read as a component, such as \
                             the tools that wrote the SBOM, a vulnerability or an annotation"
                        ),
                    },
                )?;
            }
            let pointer = source.pointer();
            components(&mut |each, at| self.full(each, at, pointer))?;
        } else if self.options.components {
            self.line("")?;
            components(&mut |each, at| self.brief(each, at))?;
        }
        self.line("")
    }

    fn unread(&mut self, input: &Input) -> io::Result<()> {
        self.line(&format!("unread  {}", Line(&input.path)))?;
        self.problems(input)?;
        self.line("")
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        self.line(&format!(
            "{} read, {} in part, {} unread, {} skipped; {}",
            counted(summary.read, "input"),
            summary.partial,
            summary.unread,
            counted(summary.skipped, "other file"),
            counted(summary.components, "component"),
        ))?;
        if summary.differing > 0 {
            self.line(&format!(
                "An official schema objects to {} (exit status 1).",
                counted(summary.differing, "document")
            ))?;
        }
        if summary.incomplete() {
            self.line(match summary.exit_status() {
                3 => "Incomplete: an input was unread, partly read or without components (exit status 3).",
                _ => "Incomplete: an input was unread, partly read or without components.",
            })?;
        }
        Ok(())
    }
}

fn place_of(at: &Position) -> String {
    format!("line {}, column {}: ", at.line, at.column)
}

fn problem(problem: &Problem) -> String {
    let place = match (problem.line, problem.column) {
        (Some(line), Some(column)) => format!("line {line}, column {column}: "),
        _ => String::new(),
    };
    let hides = if problem.hides_components { ", components may be hidden" } else { "" };
    let pointer = match problem.pointer.as_str() {
        "" => String::new(),
        pointer => format!(" ({})", Line(pointer)),
    };
    format!("{place}{}{pointer} [{}{hides}]", Line(&problem.message), problem.code)
}

/// The best name of a component, with its version.
fn called(component: &Component) -> String {
    let file = || component.files.first().map_or("(no name)", |f| f.value.text.as_str());
    let label = match component.label() {
        "" => file(),
        label => label,
    };
    let version = component.version.as_ref().map_or(String::new(), |v| format!(" {}", Line(&v.text)));
    format!("{}{version}", Line(label))
}

fn party(party: &Party) -> String {
    let said = [&party.names, &party.contacts, &party.urls, &party.emails];
    let said: Vec<String> = said.into_iter().flatten().map(|s| Line(&s.text).to_string()).collect();
    format!("{} {}", words::role(party.role), said.join(", "))
}
