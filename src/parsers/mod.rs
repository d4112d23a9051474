//! Bytes to [`Document`]: detect, then up to three passes over the same bytes, each in constant memory.
//!
//! 1. `survey`: counts, disclosure, problems, and which components could concern a rule (most documents end here);
//! 2. `links`: how everything hangs together, when something was flagged;
//! 3. `build`: full components for what was flagged, what it descends from, and the paths that lead to it.
//!
//! A syntax is a reader of [`token::Tokens`]; a format family is a [`table::Table`]; they meet in [`mod@walk`]. To add a
//! syntax, write a reader; to add a field, write a row. Parsers must never see a rule: they ask a [`Suspicion`].

mod build;
mod closer;
mod cyclonedx;
mod decode;
pub mod detect;
pub mod each;
mod elements;
pub mod envelope;
mod found;
mod join;
pub mod json;
pub mod linked_data;
mod links;
mod peek;
pub mod protobuf;
pub mod rdf;
mod reach;
mod relations;
mod spdx2;
mod spdx3;
mod steps;
mod stretch;
mod survey;
pub mod syntax;
pub mod table;
pub mod tag_value;
pub mod token;
mod unresolved;
pub mod walk;
pub mod xml;
pub mod yaml;

pub use walk::Limits;

use crate::model::graph::Graph;
use crate::model::{Code, Component, Document, Family, Format, Origin, Party, Place, Problem, Product, Role};
use crate::source::intake::Intake;
use crate::source::window::{Span, Window};
use crate::source::{Source, unpack};
use build::Build;
use detect::{Detected, Wrapper};
use found::{Found, Interner};
use linked_data::LinkedData;
use linked_data::context::Context;
use links::Links;
use peek::Peek;
use std::cell::{Cell, RefCell};
use std::io;
use survey::Survey;
use syntax::{Feed, Syntax};
use table::{Node, Table};
use token::{Fault, Tokens};
use unresolved::Unresolved;
use walk::{End, Sink, walk};
use xml::Xml;
use xml::shape::Style;

/// What a reader must watch for, without knowing why.
pub trait Suspicion: Sync {
    /// Whether a watched literal stands in a value as written, in whatever case; a value in which none stands, and that
    /// hides no letters, concerns no rule.
    fn watched(&self, raw: &[u8]) -> bool;
    /// Whether that is so of every rule. Where it is not, every component is built.
    fn watches_all(&self) -> bool;
    /// Whether a decoded text could concern a rule: exact enough to leave most documents unflagged, and never too narrow.
    fn suspect(&self, text: &str) -> bool;
    /// The same for a copyright notice or the text of a license, in which only names count.
    fn suspect_legal(&self, text: &str) -> bool;
    /// The same for prose about a component, which mentions whom it likes and says only what the component is.
    fn suspect_prose(&self, text: &str) -> bool;
}

/// Which components are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flagging {
    /// Those that could concern a rule.
    #[default]
    Suspects,
    /// All of them. Slow, for tests and for inspection; reports must come out the same.
    Everything,
}

/// How to read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Bounds.
    pub limits: Limits,
    /// Which components are built.
    pub flagging: Flagging,
    /// Bounds of unpacking.
    pub unpack: unpack::Limits,
    /// Whether a thread is to spare, to read large inputs ahead and digest them there.
    pub ahead: bool,
}

/// What came of an input.
#[derive(Debug)]
pub enum Outcome {
    /// It is an SBOM, and was read at least in part.
    Read(Box<Document>),
    /// Documents stand in it: [`envelope::open`] gives them.
    Wrapped(Wrapper),
    /// It was not read; the problem says why. The digest is of the whole input, as far as it could be read.
    Unread {
        /// Why.
        problem: Problem,
        /// Whether it is something else than an SBOM, so that a folder of other files may hold it.
        foreign: bool,
        /// SHA-256, lower-case hexadecimal.
        sha256: String,
    },
}

/// The table of a family: which key means what.
pub fn table_of(family: Family) -> &'static Table {
    const CYCLONEDX: Table = cyclonedx::TABLE;
    const SPDX2: Table = spdx2::TABLE;
    const SPDX3: Table = spdx3::TABLE;
    match family {
        Family::CycloneDx => &CYCLONEDX,
        Family::Spdx2 => &SPDX2,
        Family::Spdx3 => &SPDX3,
    }
}

/// Reads an input. Bad data never fails: it becomes problems.
///
/// # Errors
/// Only when the bytes can no longer be read.
pub fn read(source: &Source, suspicion: &dyn Suspicion, options: Options) -> io::Result<Outcome> {
    let unread = |code, message: String, offset| -> io::Result<Outcome> {
        let span = Span { start: offset, end: offset };
        let problem = Problem { code, message, at: Place { pointer: String::new(), span }, hides_components: true };
        let foreign = matches!(problem.code, Code::NotAnSbom | Code::Empty);
        Ok(Outcome::Unread { problem, foreign, sha256: source.sha256()? })
    };
    match detect::detect(source, options.limits.value)? {
        Detected::Sbom(family, syntax, _) => Pass::new(source, family, syntax, options)?.read(suspicion),
        Detected::Wrapped(wrapper) => Ok(Outcome::Wrapped(wrapper)),
        Detected::Unsupported(name, hint) => {
            unread(Code::Unsupported, format!("this is {name}, which is not read yet: {hint}"), 0)
        }
        Detected::Empty => unread(Code::Empty, "the input is empty".to_owned(), 0),
        Detected::NotAnSbom => {
            unread(Code::NotAnSbom, "this is neither CycloneDX nor SPDX, nor a known wrapper of them".to_owned(), 0)
        }
        Detected::Broken { offset, message, limit, foreign } => {
            let outcome = unread(if limit { Code::Limit } else { Code::Syntax }, message, offset)?;
            Ok(match outcome {
                Outcome::Unread { problem, sha256, .. } => Outcome::Unread { problem, foreign, sha256 },
                other => other,
            })
        }
    }
}

/// One document being read.
struct Pass<'p> {
    source: &'p Source,
    family: Family,
    syntax: Syntax,
    table: &'static Table,
    /// What the names in a JSON-LD document stand for.
    context: Context,
    options: Options,
    /// Whether another document begins behind this one.
    another: Cell<bool>,
    /// The version of SPDX that IRIs in the document name.
    terms: RefCell<String>,
}

impl<'p> Pass<'p> {
    fn new(source: &'p Source, family: Family, syntax: Syntax, options: Options) -> io::Result<Self> {
        let context = match family {
            Family::Spdx3 => Context::read(source, options.limits.value)?,
            Family::CycloneDx | Family::Spdx2 => Context::default(),
        };
        let (another, terms) = (Cell::new(false), RefCell::default());
        Ok(Self { source, family, syntax, table: table_of(family), context, options, another, terms })
    }

    /// Whether its tokens can leap.
    fn leaps(&self) -> bool {
        self.syntax == Syntax::Json && self.family != Family::Spdx3
    }

    fn root(&self) -> Node {
        if self.family == Family::Spdx3 { Node::Element } else { Node::Document }
    }

    /// Walks the document from its start with a sink.
    fn walk(&self, sink: &mut impl Sink) -> io::Result<()> {
        self.walk_digesting(false, sink).map(|_| ())
    }

    /// The same, when it digests to the last byte; gives the SHA-256 of the input then.
    fn walk_digesting(&self, digest: bool, sink: &mut impl Sink) -> io::Result<String> {
        match self.syntax {
            Syntax::Json if self.family == Family::Spdx3 => {
                let new = |window| LinkedData::new(window, &self.context);
                let back = |tokens: LinkedData<'_>| {
                    self.terms.replace(tokens.version().to_owned());
                    let json = tokens.into_json();
                    self.another.set(json.another());
                    json.into_window()
                };
                self.windowed(digest, new, back, sink)
            }
            Syntax::Json => {
                let back = |tokens: json::Json| {
                    self.another.set(tokens.another());
                    tokens.into_window()
                };
                self.windowed(digest, json::Json::new, back, sink)
            }
            Syntax::TagValue => {
                let (new, back) = (tag_value::TagValue::new, tag_value::TagValue::into_window);
                self.windowed(digest, new, back, sink)
            }
            Syntax::Yaml => {
                let mut tokens = yaml::Yaml::new(self.feed(digest)?);
                self.over(&mut tokens, sink)?;
                let feed = tokens.into_feed()?;
                if digest { feed.drain() } else { Ok(String::new()) }
            }
            Syntax::Protobuf => {
                let new = |window| Ok(protobuf::Protobuf::new(window));
                self.windowed(digest, new, protobuf::Protobuf::into_window, sink)
            }
            Syntax::Rdf => {
                let mut tokens = reopened(rdf::Rdf::new(self.feed(digest)?, self.options.limits.graph))?;
                self.over(&mut tokens, sink)?;
                if digest { tokens.into_feed().drain() } else { Ok(String::new()) }
            }
            Syntax::Xml => {
                let style = if self.family == Family::CycloneDx { Style::CycloneDx } else { Style::Plain };
                let mut tokens = reopened(Xml::new(self.feed(digest)?, self.table, style))?;
                self.over(&mut tokens, sink)?;
                if digest { tokens.into_feed().drain() } else { Ok(String::new()) }
            }
        }
    }

    /// The bytes from the start of the input, digested when asked to.
    fn intake(&self, digest: bool) -> io::Result<Intake> {
        let reader = self.source.open()?;
        Ok(match (digest, self.options.ahead && self.source.is_large()) {
            (false, _) => reader.into(),
            (true, false) => Intake::digested(reader),
            (true, true) => Intake::ahead(reader),
        })
    }

    fn feed(&self, digest: bool) -> io::Result<Feed> {
        Ok(Feed::of(self.intake(digest)?, self.options.limits.value))
    }

    /// With a reader that is made from a window and gives it back.
    fn windowed<T: Tokens>(
        &self,
        digest: bool,
        new: impl FnOnce(Window) -> Result<T, token::Fault>,
        back: impl FnOnce(T) -> Window,
        sink: &mut impl Sink,
    ) -> io::Result<String> {
        let window = Window::new(self.intake(digest)?, self.options.limits.value).sized(self.source.len());
        let mut tokens = reopened(new(window))?;
        self.over(&mut tokens, sink)?;
        let mut window = back(tokens);
        if digest {
            window.drain()?;
        }
        Ok(window.sha256())
    }

    fn over(&self, tokens: &mut impl Tokens, sink: &mut impl Sink) -> io::Result<()> {
        match walk(tokens, self.table, self.root(), self.options.limits, sink) {
            End::Whole | End::Cut => Ok(()),
            End::Io(error) => Err(error),
        }
    }

    fn read(&self, suspicion: &dyn Suspicion) -> io::Result<Outcome> {
        let interner = Interner::default();
        let flagging = if suspicion.watches_all() { self.options.flagging } else { Flagging::Everything };
        let mut survey = Survey::new(self.family, self.table, suspicion, flagging, &interner);
        if !self.leaps() {
            survey = survey.without_leaps();
        }
        let sha256 = self.walk_digesting(true, &mut survey)?;
        if self.another.get() {
            return Ok(Outcome::Wrapped(Wrapper::Lines));
        }
        let mut found = survey.finish();
        self.note_version(&mut found);
        self.note_repeated(&mut found)?;
        self.note_unresolved(&mut found, &interner)?;
        let described = described(&found, &interner);
        if self.family != Family::CycloneDx {
            found.product = self.product(&described, &found, &interner)?;
        }
        let (components, graph) = if found.flagged.is_empty() && !found.document_flagged {
            (Vec::new(), Graph::default())
        } else {
            self.components(&mut found, &interner)?
        };
        if found.count == 0 {
            found.problems.push(Problem {
                code: Code::NoComponents,
                message: "the document lists no component at all".to_owned(),
                at: Place::default(),
                hides_components: false,
            });
        }
        Ok(Outcome::Read(Box::new(Document {
            format: Format {
                family: self.family,
                serialization: self.serialization(),
                spec_version: version(&found.spec_version),
            },
            product: std::mem::take(&mut found.product),
            components,
            graph,
            count: found.count,
            disclosure: found.disclosure,
            problems: std::mem::take(&mut found.problems),
            sha256: self.source.original_sha256().map_or(sha256, str::to_owned),
        })))
    }

    fn serialization(&self) -> &'static str {
        match (self.family, self.syntax) {
            (Family::Spdx3, Syntax::Json) => "json-ld",
            (_, syntax) => syntax.id(),
        }
    }

    fn note_version(&self, found: &mut Found) {
        if self.family == Family::Spdx3 && found.spec_version.is_empty() {
            // An SPDX 3 document without its own version states it in the address of its context.
            let numbered = |s: &&str| s.starts_with('3') && s.contains('.');
            let address = self.context.address.split('/').find(numbered).map(str::to_owned);
            found.spec_version = address.unwrap_or_else(|| self.terms.borrow().clone());
        }
        let written = version(&found.spec_version);
        let known = self.table.versions.contains(&written.as_str());
        let message = if written.is_empty() {
            "the document does not say which version of the format it is; it was read as the newest known".to_owned()
        } else {
            let newest = self.table.versions.last().copied().unwrap_or_default();
            let shown: String = found.spec_version.chars().take(60).collect();
            format!("version `{shown}` of the format is not known; it was read as {newest}")
        };
        let mut push = |code, message| {
            found.problems.push(Problem { code, message, at: Place::default(), hides_components: false });
        };
        if !known {
            push(Code::UnknownVersion, message);
        }
        if self.family == Family::CycloneDx && !found.format_name.is_empty() && found.format_name != "CycloneDX" {
            let name: String = found.format_name.chars().take(60).collect();
            push(Code::UnknownValue, format!("`bomFormat` is `{name}`; it was read as CycloneDX"));
        }
    }

    fn note_repeated(&self, found: &mut Found) -> io::Result<()> {
        let repeated = peek::repeated(found);
        for component in self.peek(&repeated, found)?.0 {
            let reference = component.reference.unwrap_or_default();
            let shown: String = reference.text.chars().take(80).collect();
            found.problems.push(Problem {
                code: Code::DuplicateReference,
                message: match self.family {
                    Family::Spdx3 => format!("`{shown}` is stated more than once; the statements were read as one"),
                    _ => {
                        format!("the reference `{shown}` is used more than once; relations go to the first that has it")
                    }
                },
                at: reference.at,
                hides_components: false,
            });
        }
        Ok(())
    }

    fn note_unresolved(&self, found: &mut Found, interner: &Interner) -> io::Result<()> {
        if found.unresolved.is_empty() {
            return Ok(());
        }
        let mut sink = Unresolved::new(interner, found);
        self.walk(&mut sink)?;
        for problem in sink.finish() {
            found.problems.push(problem);
        }
        found.disclosure.hidden |= unresolved::hidden(found);
        Ok(())
    }

    /// Who some components are, and by reference who supplies them.
    fn peek(&self, numbers: &[u32], found: &Found) -> io::Result<peek::Peeked> {
        if numbers.is_empty() {
            return Ok(Default::default());
        }
        let mut peek = Peek::new(self.table, numbers, &found.stretches);
        self.walk(&mut peek)?;
        Ok(peek.finish())
    }

    fn product(&self, described: &[u32], found: &Found, interner: &Interner) -> io::Result<Product> {
        let mut numbers = described.to_vec();
        numbers.sort_unstable();
        numbers.dedup();
        let (seen, agents) = self.peek(&numbers, found)?;
        let find = |n: &u32| seen.iter().find(|c| c.number == *n && c.origin.is_component());
        let Some(component) = described.iter().find_map(find) else { return Ok(Product::default()) };
        let mut product = peek::product_of(component);
        // In SPDX 3 the supplier is an element of its own.
        let agents = agents.iter().filter(|a| a.0 == component.number);
        let agent = agents.min_by_key(|a| a.1 != Role::Supplier);
        let supplier = agent.and_then(|a| numbered(found, interner, &a.2.text));
        if let Some(supplier) = supplier.filter(|_| product.supplier.is_none()) {
            let agent = self.peek(&[supplier], found)?.0;
            product.supplier = agent.first().and_then(|a| a.name.as_ref()).map(|s| s.text.clone());
        }
        Ok(product)
    }

    /// Second and third pass.
    fn components(&self, found: &mut Found, interner: &Interner) -> io::Result<(Vec<Component>, Graph)> {
        reach::bound(found, self.options.limits.findings);
        let kept = std::mem::take(&mut found.relations);
        let mut links = Links::new(self.table, interner, found);
        self.walk(&mut links)?;
        let mut linked = links.finish(kept);
        let roots = reach::roots(found, &linked, interner);
        // One number more, for a product that the document describes without listing it.
        let implied = found.numbered;
        let graph = Graph::new(found.numbered + 1, roots, reach::complete(found, &mut linked));
        let wanted = reach::wanted(found, &linked, &graph);
        let mut build = Build::new(self.table, &wanted).leaping(&found.stretches);
        self.walk(&mut build)?;
        let agents = build.agents();
        let (mut components, parties) = build.finish();
        join::merge(&mut components, &found.aliases);
        if join::join(&mut components, &graph) {
            let message =
                "too many agents, licenses and identifiers are referred to; some were not joined to their components";
            let at = Place::default();
            found.problems.push(Problem { code: Code::Limit, message: message.to_owned(), at, hides_components: true });
        }
        nowhere(&mut components, &agents, found, interner);
        attach(&mut components, parties, found, implied);
        components.retain(|c| c.origin != Origin::Referent);
        Ok((components, graph))
    }
}

/// A reader at the start of an input that has been opened before.
fn reopened<T>(tokens: Result<T, Fault>) -> io::Result<T> {
    tokens.map_err(|fault| match fault {
        Fault::Io(error) => error,
        _ => io::Error::other("the input cannot be opened again"),
    })
}

/// `SPDX-2.3` and `1.6` both without their prefix.
fn version(written: &str) -> String {
    let written = written.trim();
    written.strip_prefix("SPDX-").unwrap_or(written).chars().take(40).collect()
}

/// Numbers of what the document says it describes.
fn described(found: &Found, interner: &Interner) -> Vec<u32> {
    found.describes.iter().filter_map(|reference| numbered(found, interner, reference)).collect()
}

fn numbered(found: &Found, interner: &Interner, reference: &str) -> Option<u32> {
    let id = interner.id(reference);
    found.number(id)
}

/// How many paths from the product a finding shows at most.
pub const PATHS: usize = 5;

/// Suppliers whose elements stand nowhere are what their ids say.
fn nowhere(components: &mut [Component], agents: &[build::Agent], found: &Found, interner: &Interner) {
    for (number, role, id) in agents {
        if found.unresolved.binary_search_by_key(&interner.id(&id.text), |r| r.0).is_err() {
            continue;
        }
        let number = found.first_of(*number);
        if let Some(component) = components.iter_mut().find(|c| c.number == number) {
            unresolved::speak(component, *role, id);
        }
    }
}

/// Gives parties of the whole document to the product, which is made up when it is not listed.
fn attach(components: &mut Vec<Component>, parties: Vec<Party>, found: &Found, implied: u32) {
    if parties.is_empty() {
        return;
    }
    if let Some(product) = components.iter_mut().find(|c| Some(c.number) == found.product_number) {
        product.parties.extend(parties);
        return;
    }
    if found.product_number.is_some() || !found.document_flagged {
        return;
    }
    let mut product = Component::new(implied, Origin::Product);
    let span = parties.iter().flat_map(|p| p.names.iter().chain(&p.urls).chain(&p.emails)).map(|s| s.at.span).min();
    product.at = Place { pointer: "/metadata".to_owned(), span: span.unwrap_or_default() };
    product.parties = parties;
    components.push(product);
}
