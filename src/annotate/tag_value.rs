//! Where notes stand in SPDX tag-value: annotations at the end of the document, each with the reference of what it is about
//! (SPDX 2.3, clause 12). There they divide nothing that belongs together. Start at [`edits`].

use super::entry::{ALL_OURS, ours};
use super::plan::Edit;
use super::{Notes, between, left, line_end, lines, of_document, of_reading};
use crate::error::AnnotateFault as Fault;
use crate::model::Family;
use crate::parsers::Limits;
use crate::parsers::tag_value::TagValue;
use crate::parsers::token::{Token, Tokens};
use crate::source::Source;
use crate::source::window::{Span, Window};

/// What is to be changed in a document.
///
/// # Errors
/// When it is broken, or can no longer be read.
pub fn edits(source: &Source, notes: &Notes) -> Result<Vec<Edit>, Fault> {
    let window = Window::new(source.open().map_err(Fault::Unreadable)?, Limits::default().value).sized(source.len());
    let read = |fault| of_reading(source, fault);
    let mut tokens = TagValue::new(window).map_err(read)?;
    let (mut edits, mut said, mut key, mut start) = (Vec::new(), 0u8, String::new(), 0u64);
    loop {
        let token = tokens.next().map_err(read)?;
        let span = tokens.span();
        match token {
            Token::End => break,
            Token::Key => key = tokens.raw().text().into_owned(),
            Token::OpenObject => (said, start) = (0, span.start),
            Token::Text => said |= ours(Family::Spdx2, &key, &tokens.raw().text()),
            Token::Close if said & ALL_OURS == ALL_OURS => {
                said = 0;
                edits.push(removed(source, Span { start, end: span.end })?);
            }
            _ => {}
        }
    }
    let end = length(source).map_err(Fault::Unreadable)?;
    let last = between(source, end.saturating_sub(1), end)?;
    let line_end = line_end(source)?;
    let mut text = String::new();
    if !matches!(last.as_str(), "" | "\n" | "\r") {
        text.push_str(line_end);
    }
    let mut add = |reference: &str, facts: &[super::Fact]| {
        let said = lines(facts).replace("</text>", "<\\/text>");
        let block = format!(
            "\nAnnotator: Tool: {}\nAnnotationDate: {}\nAnnotationType: OTHER\nSPDXREF: {reference}\nAnnotationComment: \
             <text>{said}</text>\n",
            notes.by, notes.on
        );
        text.push_str(&block.replace('\n', line_end));
    };
    let named = |reference: &&String| !reference.is_empty() && !reference.contains(char::is_whitespace);
    let reference = |number: &usize| notes.components.get(*number)?.reference.as_ref().filter(named);
    let placed: Vec<bool> = (0..notes.components.len()).map(|number| reference(&number).is_some()).collect();
    for facts in of_document(notes, &left(notes, &placed)) {
        add("SPDXRef-DOCUMENT", &facts);
    }
    for (note, reference) in notes.components.iter().zip(0..).filter_map(|(n, at)| Some((n, reference(&at)?))) {
        add(reference, &note.facts);
    }
    edits.push(Edit::insert(end, text));
    Ok(edits)
}

/// An annotation of ours with the line end behind it and the empty line before it.
fn removed(source: &Source, span: Span) -> Result<Edit, Fault> {
    let behind = between(source, span.end, span.end + 16)?;
    let tail = behind.strip_prefix("</text>").unwrap_or(&behind);
    let closing = (behind.len() - tail.len()) as u64;
    let ending = match tail.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\n' | b'\r', ..] => 1,
        _ => 0,
    };
    let before = between(source, span.start.saturating_sub(4), span.start)?;
    let blank = match before.as_bytes() {
        [.., b'\r', b'\n', b'\r', b'\n'] => 2,
        [.., b'\n', b'\n'] | [.., b'\r', b'\r'] => 1,
        _ => 0,
    };
    Ok(Edit::remove(span.start - blank, span.end + closing + ending))
}

/// How long the text is that is read, which is another length when it was converted.
fn length(source: &Source) -> std::io::Result<u64> {
    std::io::copy(&mut source.open()?, &mut std::io::sink())
}
