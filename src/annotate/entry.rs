//! What notes are in the list that holds them, and which entries of a list are ours: the same in JSON and YAML, and by name
//! in XML and tag-value.

use super::{FIRST, Fact, NAMES, Notes, lines};
use crate::error::AnnotateFault as Fault;
use crate::model::Family;
use crate::source::window::hex;
use sha2::{Digest, Sha256};

/// The blank node of SPDX 3 that says who made our elements.
const MADE: &str = "_:unlabel";

/// The key of the list that holds notes.
pub fn list_of(family: Family) -> &'static str {
    match family {
        Family::CycloneDx => "properties",
        Family::Spdx2 => "annotations",
        Family::Spdx3 => "@graph",
    }
}

/// What a text under a key of an entry says of whose it is: an entry is ours when all of [`ALL_OURS`] was said.
pub fn ours(family: Family, key: &str, text: &str) -> u8 {
    let own = |part: u8, is: bool| if is { part } else { 0 };
    match (family, key) {
        (Family::CycloneDx, "name") => own(ALL_OURS, NAMES.contains(&text)),
        (Family::Spdx2, "annotator") => own(1, text.starts_with("Tool: unlabel-")),
        (Family::Spdx2, "comment") => own(2, FIRST.iter().any(|first| text.starts_with(first))),
        (Family::Spdx3, "creationInfo" | "@id") => own(ALL_OURS, text == MADE),
        _ => 0,
    }
}

/// See [`ours`].
pub const ALL_OURS: u8 = 3;

/// An entry of a list: keys and values in their order.
pub type Entry = Vec<(&'static str, Item)>;

/// A value in an entry.
pub enum Item {
    /// A text.
    Text(String),
    /// A list with one text.
    List(String),
}

/// The entries of a list for some notes, as JSON has them.
pub fn entries(family: Family, notes: &Notes, facts: &[Vec<Fact>]) -> Vec<Entry> {
    let text = |text: &str| Item::Text(text.to_owned());
    match family {
        Family::CycloneDx => {
            facts.iter().flatten().map(|(name, value)| vec![("name", text(name)), ("value", text(value))]).collect()
        }
        _ => facts
            .iter()
            .map(|facts| {
                vec![
                    ("annotationDate", text(&notes.on)),
                    ("annotationType", text("OTHER")),
                    ("annotator", Item::Text(format!("Tool: {}", notes.by))),
                    ("comment", Item::Text(lines(facts))),
                ]
            })
            .collect(),
    }
}

/// A text in quotes, as JSON writes it.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The elements of SPDX 3: who says so, and an annotation for each note.
pub fn elements(notes: &Notes, id: &str, version: &str) -> Result<Vec<Entry>, Fault> {
    let id = Some(id).filter(|id| !id.is_empty()).or(notes.product.as_deref());
    let Some(document_id) = id else {
        return Err(Fault::Form("SPDX 3 without a document or a root element of its own is not written".to_owned()));
    };
    let version = if version.is_empty() { "3.0.1" } else { version };
    let agent = iri(&["agent", &notes.by, &notes.on, document_id]);
    let text = |text: &str| Item::Text(text.to_owned());
    let mut all = vec![
        vec![
            ("type", text("CreationInfo")),
            ("@id", text(MADE)),
            ("specVersion", text(version)),
            ("created", text(&notes.on)),
            ("createdBy", Item::List(agent.clone())),
        ],
        vec![
            ("type", text("SoftwareAgent")),
            ("spdxId", Item::Text(agent)),
            ("creationInfo", text(MADE)),
            ("name", text(&notes.by)),
        ],
    ];
    let mut add = |subject: &str, facts: &[Fact]| {
        let said = lines(facts);
        all.push(vec![
            ("type", text("Annotation")),
            ("spdxId", Item::Text(iri(&["annotation", subject, &said]))),
            ("creationInfo", text(MADE)),
            ("annotationType", text("other")),
            ("subject", text(subject)),
            ("statement", Item::Text(said)),
        ]);
    };
    add(document_id, &notes.document);
    for note in &notes.components {
        match &note.reference {
            Some(reference) => add(reference, &note.facts),
            None => {
                let mut facts = note.facts.clone();
                facts.insert(facts.len().min(1), ("unlabel:component", note.pointer.clone()));
                add(document_id, &facts);
            }
        }
    }
    Ok(all)
}

/// An id that is the same for the same parts: a UUID of version 8 (RFC 9562, section 5.8) from their digest.
fn iri(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    let mut bytes = digest.finalize().first_chunk::<16>().copied().unwrap_or_default();
    let [.., version, _, variant, _, _, _, _, _, _, _] = &mut bytes;
    *version = (*version & 0x0F) | 0x80;
    *variant = (*variant & 0x3F) | 0x80;
    let hex = hex(&bytes);
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("urn:uuid:{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}
