//! What an input is, by its content alone.
//!
//! Four answers: a format that is read, a wrapper around SBOMs, a format that is known but not read (with a hint), and
//! not an SBOM. File names
//! are never asked: extensions lie. JSON is looked at key by key, because the telling key may be the last one.

use super::json::Json;
use super::linked_data::words;
use super::syntax::{Feed, Syntax};
use super::token::{Fault, Token, Tokens};
use super::xml::look::{Seen, look};
use crate::model::Family;
use crate::source::window::Window;
use crate::source::{Source, read_up_to, unpack};
use std::io;

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detected {
    /// A document of a family in a syntax that is read; the flag is true for SPDX 3 with a `@graph` or as a list of nodes.
    Sbom(Family, Syntax, bool),
    /// Something around one SBOM or several.
    Wrapped(Wrapper),
    /// A format with a name, which this version does not read, and what to do about it.
    Unsupported(&'static str, &'static str),
    /// JSON or text that is no SBOM.
    NotAnSbom,
    /// No bytes, or only white space.
    Empty,
    /// Begins like JSON, but breaks before it tells what it is.
    Broken {
        /// Where.
        offset: u64,
        /// How.
        message: String,
        /// Whether it is a limit and not the syntax.
        limit: bool,
        /// Whether it has told enough not to be an SBOM: a key of the outermost object that none has there.
        foreign: bool,
    },
}

/// How much of a text is looked at for the lines that tell what it is.
const HEAD: usize = 64 << 10;

/// What stands around SBOMs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrapper {
    /// A list of documents.
    List,
    /// Documents one after the other, such as JSON lines.
    Lines,
    /// An object with the SBOM under a key, as a hosting service hands it out (`sbom`) or SPDX 2.0 wrote it (`Document`).
    Under(&'static str),
    /// A DSSE envelope, with the content in base64 under `payload`.
    Envelope,
    /// A Sigstore bundle, with the envelope under `dsseEnvelope`.
    Bundle,
    /// An in-toto statement, with the SBOM under `predicate`.
    Statement,
    /// A predicate that was wrapped once more, under `Data`.
    Data,
}

const CONVERT: &str = "convert it to CycloneDX or SPDX JSON with the tool that made it";

/// Looks at an input whose single values may be `longest_value` bytes long.
///
/// # Errors
/// When it cannot be read.
pub fn detect(source: &Source, longest_value: usize) -> io::Result<Detected> {
    let mut head = vec![0u8; HEAD];
    let got = read_up_to(&mut source.open()?, &mut head)?;
    let head = head.get(..got).unwrap_or_default();
    let text = head.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(head).trim_ascii_start();
    if let Some((name, hint)) = binary(head) {
        return Ok(Detected::Unsupported(name, hint));
    }
    // Field 1 (spec_version) of the CycloneDX protobuf schema: a short text like "1.6".
    if let [0x0A, 3, b'1', b'.', b'0'..=b'9', ..] = head {
        return Ok(Detected::Sbom(Family::CycloneDx, Syntax::Protobuf, false));
    }
    let first = match text.first() {
        Some(first) => Some(*first),
        // Some programs pad their output: look behind the blanks.
        None => first_after_blanks(source)?,
    };
    match first {
        None => Ok(Detected::Empty),
        Some(b'{' | b'[') => json(source, longest_value),
        // An address in angle brackets begins a statement of N-Triples or Turtle, and no element.
        Some(b'<') if triples(text) => Ok(Detected::Unsupported("SPDX in N-Triples or Turtle", CONVERT)),
        Some(b'<') => xml(source, longest_value, head),
        Some(_) => Ok(other_text(text)),
    }
}

fn triples(text: &[u8]) -> bool {
    let has = |needle: &[u8]| memchr::memmem::find(text, needle).is_some();
    let address = text.iter().position(|b| matches!(b, b'>' | b' ' | b'\n')).and_then(|end| text.get(..=end));
    address.is_some_and(|a| a.ends_with(b">") && memchr::memmem::find(a, b"://").is_some()) && has(b"spdx.org/rdf/")
}

fn first_after_blanks(source: &Source) -> io::Result<Option<u8>> {
    let mut reader = source.open()?;
    let mut piece = vec![0u8; 64 << 10];
    let mut mark: &[u8] = &[0xEF, 0xBB, 0xBF];
    loop {
        let got = read_up_to(&mut reader, &mut piece)?;
        let read = piece.get(..got).unwrap_or_default();
        let read = read.strip_prefix(std::mem::take(&mut mark)).unwrap_or(read);
        if let Some(first) = read.iter().find(|b| !b.is_ascii_whitespace()) {
            return Ok(Some(*first));
        }
        if got < piece.len() {
            return Ok(None);
        }
    }
}

fn binary(head: &[u8]) -> Option<(&'static str, &'static str)> {
    Some(match head {
        _ if unpack::is_packed(head) => ("a packed file", "unpack it first"),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => ("a spreadsheet", CONVERT),
        _ => return None,
    })
}

fn other_text(text: &[u8]) -> Detected {
    let has = |needle: &[u8]| memchr::memmem::find(text, needle).is_some();
    let convert = |name| Detected::Unsupported(name, CONVERT);
    if tag_value(text) {
        Detected::Sbom(Family::Spdx2, Syntax::TagValue, false)
    } else if let Some(family) = yaml(text) {
        Detected::Sbom(family, Syntax::Yaml, false)
    } else if has(b"spdx.org/rdf/") && turtle(text) {
        convert("SPDX in Turtle")
    } else if text.starts_with(b"# proto-file:") || text.starts_with(b"spec_version:") {
        convert("CycloneDX protobuf text")
    } else {
        Detected::NotAnSbom
    }
}

/// Whether the first line that says something is one of Turtle, or of N-Triples with a node that has no name.
fn turtle(text: &[u8]) -> bool {
    let mut lines = text.split(|b| matches!(b, b'\n' | b'\r')).map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"#")).unwrap_or_default();
    let begins = |with: &[u8]| first.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with));
    [&b"@prefix "[..], b"@base ", b"prefix ", b"base ", b"_:"].into_iter().any(begins)
}

fn xml(source: &Source, longest_value: usize, head: &[u8]) -> io::Result<Detected> {
    const MARKS: &[&[u8]] = &[b"cyclonedx.org/schema/", b"spdx.org/rdf", b"SPDXID", b"spdxVersion"];
    let has = |needle: &[u8]| memchr::memmem::find(head, needle).is_some();
    let (offset, message, limit) = match look(Feed::new(source.open()?, longest_value)) {
        Ok(Seen::CycloneDx) => return Ok(Detected::Sbom(Family::CycloneDx, Syntax::Xml, false)),
        Ok(Seen::Spdx) => return Ok(Detected::Sbom(Family::Spdx2, Syntax::Xml, false)),
        Ok(Seen::Part) => {
            let hint = "give the whole document, whose outermost element is `bom`";
            return Ok(Detected::Unsupported("a part of a CycloneDX document in XML", hint));
        }
        Ok(Seen::SpdxRdf) => return Ok(Detected::Sbom(Family::Spdx2, Syntax::Rdf, false)),
        Ok(Seen::Spdx3Rdf) => return Ok(Detected::Unsupported("SPDX 3 in RDF/XML", CONVERT)),
        Ok(Seen::Other) if has(b"spreadsheetml") && has(b"SPDX") => {
            return Ok(Detected::Unsupported("an SPDX spreadsheet", CONVERT));
        }
        Ok(Seen::Rdf | Seen::Other) => return Ok(Detected::NotAnSbom),
        Err(Fault::Io(error)) => return Err(error),
        Err(Fault::Syntax(stop)) => (stop.offset, stop.message, false),
        Err(Fault::Limit(stop)) => (stop.offset, stop.message, true),
    };
    // Much begins with an angle bracket and is no XML.
    if !MARKS.iter().any(|mark| has(mark)) {
        return Ok(Detected::NotAnSbom);
    }
    Ok(Detected::Broken { offset, message, limit, foreign: false })
}

/// Whether lines say that this is SPDX tag-value: its version, or several tags that only it has. YAML begins its keys with
/// a small letter, but for one.
fn tag_value(text: &[u8]) -> bool {
    const TELLING: &[&[u8]] = &[
        b"SPDXID",
        b"DataLicense",
        b"DocumentName",
        b"DocumentNamespace",
        b"PackageName",
        b"PackageDownloadLocation",
        b"FileName",
        b"FileChecksum",
    ];
    let mut seen = 0u32;
    for line in text.split(|b| matches!(b, b'\n' | b'\r')) {
        let mut parts = line.splitn(2, |b| *b == b':');
        let (Some(tag), Some(value)) = (parts.next(), parts.next()) else { continue };
        let indented = tag.first().is_some_and(u8::is_ascii_whitespace);
        // Source code that makes such documents names the tags too, but not at the start of a line.
        if tag.trim_ascii() == b"SPDXVersion" && (!indented || value.trim_ascii().starts_with(b"SPDX-")) {
            return true;
        }
        if let Some(at) = TELLING.iter().position(|t| *t == tag.trim_ascii_end()) {
            seen |= 1 << at;
        }
    }
    seen.count_ones() >= 3
}

/// The family of a YAML document, by a key at the start of a line that only it has.
fn yaml(text: &[u8]) -> Option<Family> {
    text.split(|b| matches!(b, b'\n' | b'\r')).find_map(|line| {
        let line = line.strip_prefix(b"--- ").unwrap_or(line);
        let line = line.strip_prefix(b"{").map_or(line, <[u8]>::trim_ascii_start);
        let colon = memchr::memchr(b':', line)?;
        let (key, value) = (line.get(..colon)?.trim_ascii_end(), line.get(colon + 1..)?);
        let quoted = [b"\"", b"'"].iter().find_map(|q| key.strip_prefix(*q)?.strip_suffix(*q));
        match quoted.unwrap_or(key) {
            b"bomFormat" if memchr::memmem::find(value, b"CycloneDX").is_some() => Some(Family::CycloneDx),
            b"spdxVersion" | b"SPDXID" => Some(Family::Spdx2),
            _ => None,
        }
    })
}

/// The outermost keys of an object.
#[derive(Default, PartialEq, Eq)]
pub struct Keys {
    bom_format: bool,
    spec_version: bool,
    components: bool,
    metadata: bool,
    spdx_version: bool,
    spdx_id: bool,
    packages: bool,
    creation_info: bool,
    context: bool,
    graph: bool,
    spdx3_id: bool,
    /// An IRI of SPDX 3 as a key or type.
    spdx3_iri: bool,
    sbom: bool,
    payload_type: bool,
    payload: bool,
    statement: bool,
    predicate: bool,
    bundle: bool,
    data: bool,
    timestamp: bool,
    artifacts: bool,
    document: bool,
    foreign: bool,
}

impl Keys {
    fn family(&self) -> Option<Detected> {
        Some(match self {
            Self { bom_format: true, .. } => Detected::Sbom(Family::CycloneDx, Syntax::Json, false),
            Self { spdx_version: true, .. } => Detected::Sbom(Family::Spdx2, Syntax::Json, false),
            Self { context: true, graph, .. } if *graph || self.spdx3_id => {
                Detected::Sbom(Family::Spdx3, Syntax::Json, *graph)
            }
            Self { spdx3_iri: true, graph, .. } => Detected::Sbom(Family::Spdx3, Syntax::Json, *graph),
            _ => return None,
        })
    }

    /// Whether a key tells that this is something else than an SBOM.
    pub fn foreign(&self) -> bool {
        self.foreign
    }

    /// Whether no key was seen that tells anything.
    pub fn empty(&self) -> bool {
        *self == Self::default()
    }

    /// When all keys are known and none told for sure.
    pub fn guess(&self) -> Detected {
        if let Some(sure) = self.family() {
            return sure;
        }
        match self {
            Self { spec_version: true, .. } | Self { components: true, metadata: true, .. } => {
                Detected::Sbom(Family::CycloneDx, Syntax::Json, false)
            }
            Self { spdx_id: true, .. } | Self { packages: true, creation_info: true, .. } => {
                Detected::Sbom(Family::Spdx2, Syntax::Json, false)
            }
            Self { spdx3_id: true, .. } => Detected::Sbom(Family::Spdx3, Syntax::Json, false),
            Self { sbom: true, .. } => Detected::Wrapped(Wrapper::Under("sbom")),
            Self { payload_type: true, payload: true, .. } => Detected::Wrapped(Wrapper::Envelope),
            Self { statement: true, predicate: true, .. } => Detected::Wrapped(Wrapper::Statement),
            Self { bundle: true, .. } => Detected::Wrapped(Wrapper::Bundle),
            Self { artifacts: true, .. } => {
                Detected::Unsupported("Syft's own JSON", "run `syft convert FILE -o cyclonedx-json`")
            }
            Self { document: true, .. } => Detected::Wrapped(Wrapper::Under("Document")),
            Self { data: true, timestamp: true, .. } => Detected::Wrapped(Wrapper::Data),
            _ => Detected::NotAnSbom,
        }
    }

    /// A key of the outermost object has been read; some tell only with their value, which is read too. `depth` is how many
    /// containers are open.
    ///
    /// # Errors
    /// When the text breaks.
    pub fn see(&mut self, name: &str, tokens: &mut Json, depth: &mut usize) -> Result<(), Fault> {
        match name {
            "bomFormat" => self.bom_format = true,
            "specVersion" => self.spec_version = true,
            "components" => self.components = true,
            "metadata" => self.metadata = true,
            "spdxVersion" => self.spdx_version = true,
            "SPDXID" => self.spdx_id = true,
            "packages" => self.packages = true,
            "creationInfo" => self.creation_info = true,
            "@graph" => self.graph = true,
            "spdxId" => self.spdx3_id = true,
            "sbom" => self.sbom = true,
            "payloadType" => self.payload_type = true,
            "payload" => self.payload = true,
            "_type" => self.statement = true,
            "predicate" => self.predicate = true,
            "dsseEnvelope" => self.bundle = true,
            "Data" => self.data = true,
            "Timestamp" => self.timestamp = true,
            "artifacts" => self.artifacts = true,
            "Document" => self.document = true,
            "$schema" => match tokens.next()? {
                Token::Text => self.bom_format |= tokens.raw().text().contains("cyclonedx.org/schema"),
                Token::OpenArray | Token::OpenObject => *depth += 1,
                _ => {}
            },
            "@context" => match tokens.next()? {
                Token::Text => self.context = tokens.raw().text().to_lowercase().contains("spdx"),
                Token::OpenArray | Token::OpenObject => {
                    let mut inner = 1;
                    while inner > 0 {
                        match tokens.next()? {
                            Token::OpenArray | Token::OpenObject => inner += 1,
                            Token::Close => inner -= 1,
                            Token::Text => self.context |= tokens.raw().text().to_lowercase().contains("spdx"),
                            Token::End => return Ok(()),
                            _ => {}
                        }
                    }
                }
                _ => {}
            },
            "@type" | "type" => match tokens.next()? {
                Token::Text => self.spdx3_iri |= spdx3(tokens),
                Token::OpenArray | Token::OpenObject => *depth += 1,
                _ => {}
            },
            other => {
                self.spdx3_iri |= words::compact(other).is_some();
                self.foreign |= !COMMON.contains(&other);
            }
        }
        Ok(())
    }
}

fn json(source: &Source, longest_value: usize) -> io::Result<Detected> {
    let mut tokens = match Json::new(Window::new(source.open()?, longest_value).sized(source.len())) {
        Ok(tokens) => tokens,
        Err(fault) => return broken(fault, &Keys::default()),
    };
    let mut keys = Keys::default();
    let mut depth = 0usize;
    loop {
        let token = match tokens.next() {
            Ok(token) => token,
            Err(_) if tokens.another() => return Ok(Detected::Wrapped(Wrapper::Lines)),
            Err(fault) => return broken(fault, &keys),
        };
        match token {
            Token::OpenArray if depth == 0 => {
                return match nodes(&mut tokens) {
                    Ok(true) => Ok(Detected::Sbom(Family::Spdx3, Syntax::Json, true)),
                    Ok(false) | Err(Fault::Syntax(_) | Fault::Limit(_)) => Ok(Detected::Wrapped(Wrapper::List)),
                    Err(Fault::Io(error)) => Err(error),
                };
            }
            // An IRI of SPDX 3 inside a graph tells, too, when nothing outside does.
            Token::Key if depth > 1 && keys.graph && !keys.spdx3_iri => keys.spdx3_iri = spdx3(&mut tokens),
            Token::Text if depth > 1 && keys.graph && !keys.spdx3_iri => keys.spdx3_iri = spdx3(&mut tokens),
            Token::OpenObject | Token::OpenArray => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            Token::End => return Ok(keys.guess()),
            Token::Key if depth == 1 => {
                let name = tokens.raw().text().into_owned();
                if let Err(fault) = keys.see(&name, &mut tokens, &mut depth) {
                    return broken(fault, &keys);
                }
                if let Some(sure) = keys.family() {
                    // A `@graph` may follow its context at any distance.
                    if sure != Detected::Sbom(Family::Spdx3, Syntax::Json, false) {
                        return Ok(sure);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether the key or text that has been read is an IRI of SPDX 3.
fn spdx3(tokens: &mut Json) -> bool {
    let raw = tokens.raw();
    (raw.escaped || raw.bytes.starts_with(b"http")) && words::compact(&raw.text()).is_some()
}

/// Whether the list that has just been opened is one of the nodes of one JSON-LD document in its expanded form, and not
/// of documents: the first entry that tells, tells.
fn nodes(tokens: &mut Json) -> Result<bool, Fault> {
    let mut depth = 1usize;
    loop {
        match tokens.next()? {
            Token::OpenObject | Token::OpenArray => depth += 1,
            Token::Close if depth == 1 => return Ok(false),
            Token::Close => depth -= 1,
            Token::End => return Ok(false),
            Token::Key if spdx3(tokens) => return Ok(true),
            // Nodes have keywords and IRIs; a document in a list has a context, or keys of another format.
            Token::Key if depth == 2 => {
                let raw = tokens.raw();
                if raw.bytes == b"@context" || !(raw.bytes.starts_with(b"@") || raw.bytes.contains(&b':')) {
                    return Ok(false);
                }
            }
            Token::Text if depth > 1 && spdx3(tokens) => return Ok(true),
            _ => {}
        }
    }
}

/// Keys that SBOMs have on the outside and that tell nothing alone.
const COMMON: &[&str] = &[
    "version",
    "serialNumber",
    "services",
    "dependencies",
    "compositions",
    "externalReferences",
    "properties",
    "vulnerabilities",
    "annotations",
    "formulation",
    "declarations",
    "definitions",
    "citations",
    "signature",
    "name",
    "dataLicense",
    "documentNamespace",
    "documentDescribes",
    "externalDocumentRefs",
    "hasExtractedLicensingInfos",
    "relationships",
    "files",
    "snippets",
    "comment",
    "type",
    "@type",
    "@id",
];

/// A document that breaks: if it has told enough to be an SBOM, it is read as far as it goes.
fn broken(fault: Fault, keys: &Keys) -> io::Result<Detected> {
    let (offset, message, limit) = match fault {
        Fault::Io(error) => return Err(error),
        Fault::Syntax(stop) => (stop.offset, stop.message, false),
        Fault::Limit(stop) => (stop.offset, stop.message, true),
    };
    Ok(match keys.guess() {
        // What would tell may be in the part that is gone.
        Detected::NotAnSbom if keys.components && !keys.foreign => {
            Detected::Sbom(Family::CycloneDx, Syntax::Json, false)
        }
        Detected::NotAnSbom if keys.packages && !keys.foreign => Detected::Sbom(Family::Spdx2, Syntax::Json, false),
        Detected::NotAnSbom => Detected::Broken { offset, message, limit, foreign: keys.foreign },
        told => told,
    })
}
