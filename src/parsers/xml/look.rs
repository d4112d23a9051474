//! What an XML document is, by its outermost element, and by the elements in it when that tells nothing.

use super::elements::{attributes, namespace};
use super::scope::declared;
use super::{fault, reader};
use crate::parsers::rdf::terms::{self, Space};
use crate::parsers::syntax::Feed;
use crate::parsers::token::Fault;
use crate::source::window::Span;
use quick_xml::events::{BytesStart, Event};

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// CycloneDX.
    CycloneDx,
    /// SPDX 2, element by element as in its JSON.
    Spdx,
    /// In the namespace of CycloneDX, and no `bom`.
    Part,
    /// SPDX 2 in RDF.
    SpdxRdf,
    /// SPDX 3 in RDF.
    Spdx3Rdf,
    /// Other RDF.
    Rdf,
    /// Something else.
    Other,
}

/// Looks at a document.
///
/// # Errors
/// When it breaks before it tells.
pub fn look(feed: Feed) -> Result<Seen, Fault> {
    let (mut reader, base) = reader(feed)?;
    let mut buffer = Vec::new();
    let (mut depth, mut first) = (0u64, String::new());
    let mut terms = Terms::default();
    let mut open = 0usize;
    loop {
        buffer.clear();
        let start = base + reader.buffer_position();
        reader.get_mut().renew();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => return Err(fault(error, &reader, base, start)),
        };
        match event {
            Event::Start(tag) => {
                depth += 1;
                let local = tag.local_name();
                let name = local.as_ref();
                // The reader keeps the name of each open element.
                open += tag.name().into_inner().len() + 16;
                if open > OPEN {
                    let message = "elements are nested too deep to tell what this is".to_owned();
                    return Err(Fault::limit(start, message));
                }
                let at = Span { start, end: start };
                if (depth == 1 || first == "RDF")
                    && let Some(seen) = terms.see(&tag, at)?
                {
                    return Ok(seen);
                }
                if depth == 2 && matches!(name, "SPDXID" | "spdxVersion") {
                    return Ok(Seen::Spdx);
                }
                if depth == 2 && name == "Document" && first == "SpdxDocument" {
                    return Ok(Seen::Spdx);
                }
                if depth > 1 {
                    continue;
                }
                first = name.to_owned();
                let mut versioned = false;
                for attribute in attributes(&tag, at) {
                    versioned |= matches!(attribute?.0, "version" | "serialNumber");
                }
                let ours = namespace(&tag, at).map(|(address, _)| address.to_ascii_lowercase().contains("cyclonedx"));
                match name {
                    "bom" if ours.unwrap_or(versioned) => return Ok(Seen::CycloneDx),
                    _ if ours == Some(true) => return Ok(Seen::Part),
                    "RDF" | "Document" | "SpdxDocument" | "document" | "spdx" => {}
                    _ => return Ok(Seen::Other),
                }
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                open = open.saturating_sub(tag.name().into_inner().len() + 16);
            }
            Event::Eof if first == "RDF" => return Ok(Seen::Rdf),
            Event::Eof => return Ok(Seen::Other),
            _ => {}
        }
    }
}

/// How many bytes the names of open elements may take while nothing has told.
const OPEN: usize = 16 << 20;

/// The prefixes that stand for SPDX, wherever they were declared.
#[derive(Default)]
struct Terms {
    two: Vec<String>,
    three: Vec<String>,
}

impl Terms {
    /// Looks at an element for what only an SBOM says: its class, or a property that only a thing in an SBOM has. The
    /// license list of SPDX is written in the same terms, and is none.
    fn see(&mut self, tag: &BytesStart<'_>, at: Span) -> Result<Option<Seen>, Fault> {
        let mut all = Vec::new();
        for attribute in attributes(tag, at) {
            let (key, value, _) = attribute?;
            let known = match declared(key) {
                Some(_) if terms::space(value) == Space::Spdx => &mut self.two,
                Some(_) if value.contains("spdx.org/rdf/3") => &mut self.three,
                _ => {
                    all.push((key, value));
                    continue;
                }
            };
            let prefix = declared(key).unwrap_or_default();
            if !known.iter().any(|k| k == prefix) && known.len() < 64 {
                known.push(prefix.to_owned());
            }
        }
        let (prefix, name) = split(tag.name().into_inner());
        if self.three.iter().any(|known| known == prefix) {
            return Ok(Some(Seen::Spdx3Rdf));
        }
        let ours = |prefix: &str| self.two.iter().any(|known| known == prefix);
        let mut told = ours(prefix) && tells(name);
        for (key, value) in all {
            let (prefix, name) = split(key);
            let iri = matches!(name, "resource" | "type");
            told |= key.contains(':') && ours(prefix) && tells(name);
            told |= iri && terms::split(value).0 == Space::Spdx && tells(terms::split(value).1);
            if iri && value.contains("spdx.org/rdf/3") {
                return Ok(Some(Seen::Spdx3Rdf));
            }
        }
        Ok(told.then_some(Seen::SpdxRdf))
    }
}

fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

/// Whether a class or property is one that only an SBOM has.
fn tells(name: &str) -> bool {
    terms::class(Space::Spdx, name) & (terms::DOCUMENT | terms::ELEMENT | terms::EXTRACTED) != 0
        || terms::property(Space::Spdx, name).is_some_and(|p| p.implies() != (0, 0))
        || matches!(name, "relationship" | "relatedSpdxElement")
}
