//! Where a text stands: in which components, and where in the bytes, whether anything was read there or not.

use crate::model::{Component, Stated};
use crate::source::Source;
use crate::source::position::{Position, locate};
use aho_corasick::AhoCorasick;
use std::io;

/// Whether a text stands in anything that a component says; ASCII letters in either case.
pub fn stands_in(text: &str, component: &Component) -> bool {
    let wanted = text.to_ascii_lowercase();
    let has = |said: &str| said.to_ascii_lowercase().contains(&wanted);
    let one = |s: &Option<Stated>| s.as_ref().is_some_and(|s| has(&s.text));
    let many = |s: &[Stated]| s.iter().any(|s| has(&s.text));
    let c = component;
    [&c.kind, &c.reference, &c.name, &c.group, &c.version, &c.description, &c.released].into_iter().any(one)
        || [&c.more_names, &c.more_groups, &c.copyrights, &c.endpoints, &c.signers].into_iter().any(|s| many(s))
        || c.parties.iter().any(|p| many(&p.names) || many(&p.contacts) || many(&p.urls) || many(&p.emails))
        || c.identifiers.iter().any(|i| has(&i.value.text))
        || c.licenses.iter().any(|l| many(&l.names) || many(&l.urls) || many(&l.texts))
        || c.references.iter().any(|r| has(&r.url.text))
        || c.files.iter().any(|f| has(&f.value.text))
        || c.properties.iter().any(|p| has(&p.name) || has(&p.value.text))
        || c.hashes.iter().any(|h| has(&h.value.text))
}

/// The first places in the bytes of an input where a text stands as it is, and whether there are more.
///
/// # Errors
/// When the input can no longer be read.
pub fn places(text: &str, source: &Source, most: usize) -> io::Result<(Vec<Position>, bool)> {
    let search = AhoCorasick::builder().ascii_case_insensitive(true).build([text]).map_err(io::Error::other)?;
    let found = search.stream_find_iter(source.open()?).take(most + 1);
    let mut offsets = found.map(|hit| hit.map(|hit| hit.start() as u64)).collect::<io::Result<Vec<u64>>>()?;
    let more = offsets.len() > most;
    offsets.truncate(most);
    Ok((locate(source, offsets)?.into_values().collect(), more))
}
