//! What is put in and taken out of a text, and the copy in which it is done.

use crate::error::AnnotateFault as Fault;
use crate::source::{Source, read_up_to};
use encoding_rs::Encoding;
use std::collections::BTreeMap;
use std::io::{self, Read, Write};

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The byte before which it is.
    pub at: u64,
    /// How many bytes from there on are left out.
    pub gone: u64,
    /// What is written before them.
    pub text: String,
}

impl Edit {
    /// Puts a text in.
    pub fn insert(at: u64, text: String) -> Self {
        Self { at, gone: 0, text }
    }

    /// Leaves out what stands between two offsets.
    pub fn remove(start: u64, end: u64) -> Self {
        Self { at: start, gone: end.saturating_sub(start), text: String::new() }
    }
}

/// Writes a copy with changes, in the encoding of the input.
///
/// # Errors
/// When the input cannot be read, its encoding cannot be written, or the copy cannot.
pub fn write(source: &Source, mut edits: Vec<Edit>, out: &mut dyn Write) -> Result<(), Fault> {
    edits.sort_by_key(|edit| edit.at);
    let Some((encoding, mut raw)) = source.original() else {
        let mut from = source.open().map_err(Fault::Unreadable)?;
        return splice(&mut from, edits, &|text| text.as_bytes().to_vec(), out);
    };
    let wide = encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE;
    if !wide && !encoding.is_single_byte() {
        let message = format!("it is written in {}, in which characters have different lengths", encoding.name());
        return Err(Fault::Form(format!("{message}; convert it to UTF-8 first")));
    }
    let edits = as_it_came(source, encoding, wide, edits).map_err(Fault::Unreadable)?;
    let encode = |text: &str| -> Vec<u8> {
        match wide {
            true if encoding == encoding_rs::UTF_16LE => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            true => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            // In such an input nothing but ASCII is put.
            false => text.as_bytes().to_vec(),
        }
    };
    splice(&mut raw, edits, &encode, out)
}

fn splice(
    from: &mut dyn Read,
    edits: Vec<Edit>,
    encode: &dyn Fn(&str) -> Vec<u8>,
    out: &mut dyn Write,
) -> Result<(), Fault> {
    let mut at = 0;
    for edit in edits {
        copy(from, edit.at.saturating_sub(at), Some(out))?;
        out.write_all(&encode(&edit.text)).map_err(Fault::Output)?;
        at = at.max(edit.at);
        // What one change leaves out no other can.
        let end = edit.at.saturating_add(edit.gone);
        copy(from, end.saturating_sub(at), None)?;
        at = at.max(end);
    }
    copy(from, u64::MAX, Some(out))
}

/// Passes over so many bytes, with or without writing them.
fn copy(from: &mut dyn Read, mut count: u64, mut out: Option<&mut dyn Write>) -> Result<(), Fault> {
    let mut piece = vec![0u8; usize::try_from(count).unwrap_or(usize::MAX).min(128 << 10)];
    while count > 0 {
        let most = usize::try_from(count).unwrap_or(usize::MAX).min(piece.len());
        let room = piece.get_mut(..most).unwrap_or_default();
        let got = read_up_to(from, room).map_err(Fault::Unreadable)?;
        if let Some(out) = out.as_deref_mut() {
            out.write_all(room.get(..got).unwrap_or_default()).map_err(Fault::Output)?;
        }
        if got < most {
            break;
        }
        count -= got as u64;
    }
    Ok(())
}

/// The same changes by the bytes of the input before it was converted.
fn as_it_came(source: &Source, encoding: &'static Encoding, wide: bool, edits: Vec<Edit>) -> io::Result<Vec<Edit>> {
    let mut wanted: Vec<u64> = edits.iter().flat_map(|e| [e.at, e.at.saturating_add(e.gone)]).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut head = [0u8; 2];
    let marked = match source.original() {
        Some((_, mut raw)) if wide => {
            read_up_to(&mut raw, &mut head)?;
            head == if encoding == encoding_rs::UTF_16LE { [0xFF, 0xFE] } else { [0xFE, 0xFF] }
        }
        _ => false,
    };
    let mut raw = if marked { 2u64 } else { 0 };
    let (mut found, mut at) = (BTreeMap::new(), 0u64);
    let (mut from, mut piece) = (source.open()?, vec![0u8; 128 << 10]);
    for offset in wanted {
        while at < offset {
            let most = usize::try_from(offset - at).unwrap_or(usize::MAX).min(piece.len());
            let got = read_up_to(&mut from, piece.get_mut(..most).unwrap_or_default())?;
            let read = piece.get(..got).unwrap_or_default();
            let characters = read.iter().filter(|b| (**b & 0xC0) != 0x80).count() as u64;
            let pairs = read.iter().filter(|b| **b >= 0xF0).count() as u64;
            raw += if wide { 2 * (characters + pairs) } else { characters };
            at += got as u64;
            if got < most {
                break;
            }
        }
        found.insert(offset, raw);
    }
    let place = |offset: u64| found.get(&offset).copied().unwrap_or(raw);
    Ok(edits
        .into_iter()
        .map(|edit| {
            let at = place(edit.at);
            Edit { at, gone: place(edit.at.saturating_add(edit.gone)).saturating_sub(at), text: edit.text }
        })
        .collect())
}
