//! What an XML document is, by its outermost element, and by the elements in it when that tells nothing.

use super::elements::{attributes, namespace};
use super::{fault, reader};
use crate::parsers::syntax::Feed;
use crate::parsers::token::Fault;
use crate::source::window::Span;
use quick_xml::events::Event;

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// CycloneDX.
    CycloneDx,
    /// SPDX 2, element by element as in its JSON.
    Spdx,
    /// SPDX 2.1 and before, with packages inside of what the document describes.
    Nested,
    /// In the namespace of CycloneDX, and no `bom`.
    Part,
    /// RDF.
    Rdf,
    /// Something else.
    Other,
}

/// Looks at a document.
///
/// # Errors
/// When it breaks before it tells.
pub fn look(feed: Feed<'_>) -> Result<Seen, Fault> {
    let (mut reader, base) = reader(feed)?;
    let mut buffer = Vec::new();
    let (mut depth, mut first) = (0u64, String::new());
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
                if depth == 2 && matches!(name, "SPDXID" | "spdxVersion") {
                    return Ok(Seen::Spdx);
                }
                if depth == 2 && name == "Document" && first == "SpdxDocument" {
                    return Ok(Seen::Nested);
                }
                if depth > 1 {
                    continue;
                }
                first = name.to_owned();
                let (at, mut versioned) = (Span { start, end: start }, false);
                for attribute in attributes(&tag, at) {
                    versioned |= matches!(attribute?.0, "version" | "serialNumber");
                }
                let ours = namespace(&tag, at).map(|(address, _)| address.to_ascii_lowercase().contains("cyclonedx"));
                match name {
                    "bom" if ours.unwrap_or(versioned) => return Ok(Seen::CycloneDx),
                    _ if ours == Some(true) => return Ok(Seen::Part),
                    "RDF" => return Ok(Seen::Rdf),
                    "Document" | "SpdxDocument" | "document" | "spdx" => {}
                    _ => return Ok(Seen::Other),
                }
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof => return Ok(Seen::Other),
            _ => {}
        }
    }
}
