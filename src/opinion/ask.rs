//! Who is asked about which document, within which bounds, and with which net.

use super::libraries;
use super::measure::{self, Measured};
use super::schemas;
use super::{Answer, DEEPEST_JSON, DEEPEST_LICENSE, DEEPEST_XML, LARGEST, LONGEST_LICENSE, Opinion, THREAD};
use crate::model::Document;
use crate::source::Source;
use crate::source::position::locate;
use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How much stack whoever is asked gets; the bounds hold for a fraction of it.
const STACK: usize = 64 << 20;

/// What everybody says who has something to say about a document of this format.
///
/// # Errors
/// Only when the bytes can no longer be read.
pub fn about(source: &Source, document: &Document) -> io::Result<Vec<Opinion>> {
    let format = &document.format;
    let names = schemas::names(format.family, format.serialization, &format.spec_version);
    let library = libraries::of(format.family, format.serialization, &format.spec_version);
    if names.is_empty() && library.is_none() {
        let why = "no schema or library that is asked here is about this version in this syntax";
        return Ok(vec![Opinion::not_asked("nobody", false, why)]);
    }
    if let Some(why) = too_much(source, document)? {
        let schema = names.iter().map(|name| Opinion::not_asked(&schemas::label(name), true, &why));
        let library = library.iter().map(|library| Opinion::not_asked(library.label(), false, &why));
        return Ok(schema.chain(library).collect());
    }
    let mut bytes = Vec::new();
    source.open()?.read_to_end(&mut bytes)?;
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(&bytes);
    let mut all = Vec::new();
    for name in names {
        all.push(asked(&schemas::label(name), true, || schemas::opinion(name, bytes)));
    }
    if let Some(library) = library {
        let ours = document.disclosure.components;
        all.push(asked(library.label(), false, || library.opinion(bytes, ours)));
    }
    if matches!(format.serialization, "json" | "json-ld") {
        position(source, &mut all)?;
    }
    Ok(all)
}

/// Asks on a stack of its own, with a net under it.
fn asked(label: &str, official: bool, ask: impl FnOnce() -> Opinion + Send) -> Opinion {
    let answer = std::thread::scope(|scope| {
        let work = move || catch_unwind(AssertUnwindSafe(ask)).ok();
        let thread = std::thread::Builder::new().name(THREAD.to_owned()).stack_size(STACK).spawn_scoped(scope, work);
        thread.ok().and_then(|thread| thread.join().ok().flatten())
    });
    answer.unwrap_or_else(|| {
        let why = "it failed on this document, which says nothing about the document".to_owned();
        Opinion { why: Some(why), ..Opinion::new(label, official, Answer::GaveUp) }
    })
}

/// Why others are not asked about a document, where they are not.
fn too_much(source: &Source, document: &Document) -> io::Result<Option<String>> {
    if source.len() > LARGEST {
        return Ok(Some(format!("it has more than {LARGEST} bytes")));
    }
    let xml = document.format.serialization == "xml";
    let deepest = if xml { DEEPEST_XML } else { DEEPEST_JSON };
    Ok(match measure::measure(source, document.format.serialization)? {
        None => Some("our own reader does not get to its end".to_owned()),
        Some(Measured { depth, .. }) if depth > deepest => Some(format!("it is nested more than {deepest} deep")),
        Some(Measured { parentheses, .. }) if parentheses > DEEPEST_LICENSE => {
            Some(format!("a text in it has parentheses more than {DEEPEST_LICENSE} deep"))
        }
        Some(Measured { expression, .. }) if expression > LONGEST_LICENSE => {
            Some(format!("a license expression in it has more than {LONGEST_LICENSE} bytes"))
        }
        Some(_) => None,
    })
}

/// Looks up where the pointers of objections lead.
fn position(source: &Source, opinions: &mut [Opinion]) -> io::Result<()> {
    let all = || opinions.iter().filter(|o| o.official).flat_map(|o| &o.objections);
    let wanted: BTreeMap<String, u64> = measure::offsets(source, all().map(|o| o.pointer.as_str()).collect())?;
    if wanted.is_empty() {
        return Ok(());
    }
    let found = locate(source, wanted.values().copied())?;
    for opinion in opinions.iter_mut().filter(|o| o.official) {
        for objection in &mut opinion.objections {
            objection.position = wanted.get(&objection.pointer).and_then(|at| found.get(at)).copied();
            objection.pointer.insert_str(0, source.pointer());
        }
    }
    Ok(())
}
