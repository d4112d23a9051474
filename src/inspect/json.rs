//! `unlabel.inspect/1` (`schemas/inspect-1.json`): one object, written as the components come.
//!
//! These structs are the format. New optional fields may come; none leaves or changes its meaning.

use super::{Form, Shown, Summary, words};
use crate::model::{License, Party, Place, Stated};
use crate::opinion::Opinion;
use crate::parsers::each::{Each, Rest};
use crate::report::Input;
use crate::source::position::{Position, locate};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

pub struct Json<'o> {
    out: &'o mut dyn Write,
    /// What stands before the next entry of a list.
    between: &'static str,
}

impl<'o> Json<'o> {
    pub fn new(out: &'o mut dyn Write) -> Self {
        Self { out, between: "\n" }
    }

    fn value(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value).map_err(io::Error::from)
    }

    /// The fields of an input that come before its components, without the bracket that ends it.
    fn head(&mut self, input: &Input) -> io::Result<()> {
        write!(self.out, "{}", self.between)?;
        self.between = ",\n";
        let text = serde_json::to_string(&Head::of(input)).map_err(io::Error::from)?;
        write!(self.out, "{}", text.strip_suffix('}').unwrap_or(&text))
    }
}

impl Form for Json<'_> {
    fn begin(&mut self) -> io::Result<()> {
        let version = env!("CARGO_PKG_VERSION");
        write!(
            self.out,
            r#"{{"schema":"unlabel.inspect/1","tool":{{"name":"unlabel","version":"{version}"}},"inputs":["#
        )
    }

    fn document(&mut self, shown: Shown<'_>) -> io::Result<()> {
        self.head(shown.input)?;
        write!(self.out, r#","model":{{"components":["#)?;
        let mut between = "\n";
        let pointer = shown.source.pointer();
        let rest = (shown.components)(&mut |each, position| {
            write!(self.out, "{between}")?;
            between = ",\n";
            self.value(&Component::of(each, pointer, position))
        })?;
        let complete = rest.is_some();
        let rest = rest.unwrap_or_default();
        write!(self.out, r#"],"complete":{complete},"parties":"#)?;
        self.value(&rest.parties.iter().map(PartyOf::of).collect::<Vec<_>>())?;
        write!(self.out, r#","counts":"#)?;
        self.value(&Counts::of(&rest))?;
        write!(self.out, r#","dangling":"#)?;
        let positions = locate(shown.source, rest.dangling.iter().map(|s| s.at.span.start))?;
        let loose = |s| Loose::of(s, pointer, &positions);
        self.value(&rest.dangling.iter().map(loose).collect::<Vec<_>>())?;
        write!(self.out, r#"}},"opinions":"#)?;
        self.value(&shown.opinions.map(|all| all.iter().map(OpinionOf::of).collect::<Vec<_>>()))?;
        write!(self.out, "}}")
    }

    fn unread(&mut self, input: &Input) -> io::Result<()> {
        self.head(input)?;
        write!(self.out, r#","model":null,"opinions":null}}"#)
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        write!(self.out, "\n],\"summary\":")?;
        self.value(&Total {
            inputs: summary.inputs,
            read: summary.read,
            partial: summary.partial,
            unread: summary.unread,
            skipped: summary.skipped,
            components: summary.components,
            differing: summary.differing,
            exit_status: summary.exit_status(),
        })?;
        writeln!(self.out, "}}")
    }
}

#[derive(Serialize)]
struct Total {
    inputs: u64,
    read: u64,
    partial: u64,
    unread: u64,
    skipped: u64,
    components: u64,
    differing: u64,
    exit_status: u8,
}

#[derive(Serialize)]
struct Head<'i> {
    path: &'i str,
    status: &'static str,
    format: Option<&'i str>,
    serialization: Option<&'i str>,
    spec_version: Option<&'i str>,
    bytes: u64,
    sha256: Option<&'i str>,
    components: u64,
    disclosure: Option<Figures>,
    product: Option<ProductOf<'i>>,
    problems: Vec<ProblemOf<'i>>,
    more_problems: u64,
}

#[derive(Serialize)]
struct Figures {
    grade: &'static str,
    components: u64,
    files: u64,
    with_supplier: u64,
    with_identifier: u64,
    with_version: u64,
    with_hash: u64,
    relations: u64,
    depth: u64,
    declared: &'static str,
    external_documents: u64,
}

#[derive(Serialize)]
struct ProductOf<'i> {
    #[serde(rename = "ref")]
    reference: Option<&'i str>,
    name: Option<&'i str>,
    version: Option<&'i str>,
    supplier: Option<&'i str>,
}

#[derive(Serialize)]
struct ProblemOf<'i> {
    code: &'i str,
    message: &'i str,
    pointer: &'i str,
    line: Option<u64>,
    column: Option<u64>,
    hides_components: bool,
}

impl<'i> Head<'i> {
    fn of(input: &'i Input) -> Self {
        Self {
            path: &input.path,
            status: input.status.id(),
            format: input.format.as_deref(),
            serialization: input.serialization.as_deref(),
            spec_version: input.spec_version.as_deref(),
            bytes: input.bytes,
            sha256: input.sha256.as_deref(),
            components: input.components,
            disclosure: input.disclosure.map(|d| Figures {
                grade: d.grade.id(),
                components: d.components,
                files: d.files,
                with_supplier: d.with_supplier,
                with_identifier: d.with_identifier,
                with_version: d.with_version,
                with_hash: d.with_hash,
                relations: d.relations,
                depth: d.depth,
                declared: d.declared.id(),
                external_documents: d.external_documents,
            }),
            product: input.product.as_ref().map(|product| ProductOf {
                reference: product.reference.as_deref(),
                name: product.name.as_deref(),
                version: product.version.as_deref(),
                supplier: product.supplier.as_deref(),
            }),
            problems: input
                .problems
                .iter()
                .map(|p| ProblemOf {
                    code: &p.code,
                    message: &p.message,
                    pointer: &p.pointer,
                    line: p.line,
                    column: p.column,
                    hides_components: p.hides_components,
                })
                .collect(),
            more_problems: input.more_problems,
        }
    }
}

#[derive(Serialize)]
struct Component<'c> {
    number: u32,
    #[serde(rename = "ref")]
    reference: Option<&'c str>,
    origin: &'static str,
    described: bool,
    kind: Option<&'c str>,
    name: Option<&'c str>,
    more_names: Vec<&'c str>,
    group: Option<&'c str>,
    more_groups: Vec<&'c str>,
    version: Option<&'c str>,
    description: Option<&'c str>,
    released: Option<&'c str>,
    scope: Option<&'static str>,
    parties: Vec<PartyOf<'c>>,
    identifiers: Vec<IdentifierOf<'c>>,
    licenses: Vec<LicenseOf<'c>>,
    copyrights: Vec<&'c str>,
    links: Vec<LinkOf<'c>>,
    endpoints: Vec<&'c str>,
    files: Vec<&'c str>,
    properties: Vec<PropertyOf<'c>>,
    signers: Vec<&'c str>,
    hashes: usize,
    parent: Option<u32>,
    relations: Vec<RelationOf>,
    pointer: String,
    line: u64,
    column: u64,
}

#[derive(Serialize)]
struct PartyOf<'c> {
    role: &'static str,
    kind: &'static str,
    names: Vec<&'c str>,
    contacts: Vec<&'c str>,
    urls: Vec<&'c str>,
    emails: Vec<&'c str>,
}

#[derive(Serialize)]
struct IdentifierOf<'c> {
    kind: &'static str,
    value: &'c str,
    concluded: bool,
}

#[derive(Serialize)]
struct LicenseOf<'c> {
    names: Vec<&'c str>,
    urls: Vec<&'c str>,
    texts: usize,
    concluded: bool,
}

#[derive(Serialize)]
struct LinkOf<'c> {
    kind: &'c str,
    url: &'c str,
}

#[derive(Serialize)]
struct PropertyOf<'c> {
    name: &'c str,
    value: &'c str,
}

#[derive(Serialize)]
struct RelationOf {
    relation: &'static str,
    to: u32,
}

fn text(stated: &Option<Stated>) -> Option<&str> {
    stated.as_ref().map(|s| s.text.as_str())
}

fn texts(stated: &[Stated]) -> Vec<&str> {
    stated.iter().map(|s| s.text.as_str()).collect()
}

fn around(pointer: &str, place: &Place) -> String {
    format!("{pointer}{}", place.pointer)
}

impl<'c> PartyOf<'c> {
    fn of(party: &'c Party) -> Self {
        Self {
            role: words::role(party.role),
            kind: words::party(party.kind),
            names: texts(&party.names),
            contacts: texts(&party.contacts),
            urls: texts(&party.urls),
            emails: texts(&party.emails),
        }
    }
}

impl<'c> LicenseOf<'c> {
    fn of(license: &'c License) -> Self {
        let License { names, urls, texts: full, concluded } = license;
        Self { names: texts(names), urls: texts(urls), texts: full.len(), concluded: *concluded }
    }
}

impl<'c> Component<'c> {
    fn of(each: &'c Each, pointer: &str, position: Position) -> Self {
        let c = &each.component;
        Self {
            number: c.number,
            reference: text(&c.reference),
            origin: words::origin(c.origin),
            described: each.described,
            kind: text(&c.kind),
            name: text(&c.name),
            more_names: texts(&c.more_names),
            group: text(&c.group),
            more_groups: texts(&c.more_groups),
            version: text(&c.version),
            description: text(&c.description),
            released: text(&c.released),
            scope: c.scope.map(words::scope),
            parties: c.parties.iter().map(PartyOf::of).collect(),
            identifiers: c
                .identifiers
                .iter()
                .map(|i| IdentifierOf { kind: words::identifier(i.kind), value: &i.value.text, concluded: i.concluded })
                .collect(),
            licenses: c.licenses.iter().map(LicenseOf::of).collect(),
            copyrights: texts(&c.copyrights),
            links: c.references.iter().map(|r| LinkOf { kind: &r.kind, url: &r.url.text }).collect(),
            endpoints: texts(&c.endpoints),
            files: c.files.iter().map(|f| f.value.text.as_str()).collect(),
            properties: c.properties.iter().map(|p| PropertyOf { name: &p.name, value: &p.value.text }).collect(),
            signers: texts(&c.signers),
            hashes: c.hashes.len(),
            parent: each.parent,
            relations: each
                .relations
                .iter()
                .map(|&(edge, to)| RelationOf { relation: words::relation(edge), to })
                .collect(),
            pointer: around(pointer, &c.at),
            line: position.line,
            column: position.column,
        }
    }
}

#[derive(Serialize)]
struct Counts {
    product: u64,
    listed: u64,
    service: u64,
    build: u64,
    pedigree: u64,
    nested: u64,
    dangling: u64,
}

impl Counts {
    fn of(rest: &Rest) -> Self {
        let of = |ids: &[&str]| {
            rest.origins.iter().filter(|(o, _)| ids.contains(&words::origin(*o))).map(|(_, count)| count).sum()
        };
        Self {
            product: of(&["product"]),
            listed: of(&["listed"]),
            service: of(&["service"]),
            build: of(&["build"]),
            pedigree: of(&["ancestor", "descendant", "variant"]),
            nested: rest.nested,
            dangling: rest.dangling.len() as u64 + rest.more_dangling,
        }
    }
}

#[derive(Serialize)]
struct Loose<'c> {
    #[serde(rename = "ref")]
    reference: &'c str,
    pointer: String,
    line: Option<u64>,
    column: Option<u64>,
}

impl<'c> Loose<'c> {
    fn of(stated: &'c Stated, pointer: &str, positions: &BTreeMap<u64, Position>) -> Self {
        let at = positions.get(&stated.at.span.start);
        Self {
            reference: &stated.text,
            pointer: around(pointer, &stated.at),
            line: at.map(|p| p.line),
            column: at.map(|p| p.column),
        }
    }
}

#[derive(Serialize)]
struct OpinionOf<'c> {
    by: &'c str,
    official: bool,
    answer: &'static str,
    why: Option<&'c str>,
    objections: Vec<ObjectionOf<'c>>,
    more_objections: u64,
}

#[derive(Serialize)]
struct ObjectionOf<'c> {
    pointer: &'c str,
    message: &'c str,
    line: Option<u64>,
    column: Option<u64>,
}

impl<'c> OpinionOf<'c> {
    fn of(opinion: &'c Opinion) -> Self {
        Self {
            by: &opinion.by,
            official: opinion.official,
            answer: opinion.answer.id(),
            why: opinion.why.as_deref(),
            objections: opinion
                .objections
                .iter()
                .map(|o| ObjectionOf {
                    pointer: &o.pointer,
                    message: &o.message,
                    line: o.position.map(|p| p.line),
                    column: o.position.map(|p| p.column),
                })
                .collect(),
            more_objections: opinion.more,
        }
    }
}
