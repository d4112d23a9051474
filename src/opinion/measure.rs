//! How deep and how long a document is, by our own readers, which no depth hurts; and where its pointers lead.

use crate::parsers::json::Json;
use crate::parsers::tag_value::TagValue;
use crate::parsers::token::{Fault, Token, Tokens};
use crate::source::Source;
use crate::source::window::Window;
use quick_xml::events::Event;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read as _};

/// What was measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measured {
    /// How deep objects and lists, or elements, are nested.
    pub depth: usize,
    /// How deep parentheses are nested in any text.
    pub parentheses: usize,
    /// How many bytes the longest license expression has.
    pub expression: usize,
}

impl Measured {
    fn text(&mut self, text: &str, expression: bool) {
        let mut open = 0usize;
        for byte in text.bytes() {
            match byte {
                b'(' => open += 1,
                b')' => open = open.saturating_sub(1),
                _ => continue,
            }
            self.parentheses = self.parentheses.max(open);
        }
        if expression {
            self.expression = self.expression.max(text.len());
        }
    }
}

/// Whether what stands under a key is read as a license expression by others.
fn expresses(key: &str) -> bool {
    key == "expression" || (key.starts_with("license") && key != "licenseComments")
}

/// Measures a document of at most a few megabytes; `None` when it breaks before its end, or nobody can be asked about
/// its syntax.
pub fn measure(source: &Source, serialization: &str) -> io::Result<Option<Measured>> {
    let window = || Ok::<_, io::Error>(Window::new(source.open()?, usize::MAX).sized(source.len()));
    match serialization {
        "json" | "json-ld" => whole(Json::new(window()?).map(|mut tokens| tokens_of(&mut tokens))),
        "tag-value" => whole(TagValue::new(window()?).map(|mut tokens| tokens_of(&mut tokens))),
        "xml" => {
            let mut bytes = Vec::new();
            source.open()?.read_to_end(&mut bytes)?;
            Ok(elements(&bytes))
        }
        _ => Ok(None),
    }
}

fn whole(measured: Result<Result<Measured, Fault>, Fault>) -> io::Result<Option<Measured>> {
    match measured.and_then(|inner| inner) {
        Ok(measured) => Ok(Some(measured)),
        Err(Fault::Io(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

fn tokens_of(tokens: &mut impl Tokens) -> Result<Measured, Fault> {
    let (mut measured, mut depth, mut expression) = (Measured::default(), 0usize, false);
    loop {
        match tokens.next()? {
            Token::End => return Ok(measured),
            Token::OpenObject | Token::OpenArray => {
                depth += 1;
                measured.depth = measured.depth.max(depth);
            }
            Token::Close => depth = depth.saturating_sub(1),
            Token::Key => expression = expresses(&tokens.raw().text()),
            Token::Text => measured.text(&tokens.raw().text(), expression),
            Token::Literal | Token::Null => {}
        }
    }
}

fn elements(bytes: &[u8]) -> Option<Measured> {
    let mut reader = quick_xml::Reader::from_reader(bytes);
    let (mut measured, mut depth, mut expression) = (Measured::default(), 0usize, false);
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) => {
                expression = element.local_name().as_ref() == "expression";
                depth += 1;
                measured.depth = measured.depth.max(depth);
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(text) => measured.text(&text, expression),
            Event::CData(text) => measured.text(&text, expression),
            Event::Eof => return Some(measured),
            _ => {}
        }
    }
}

/// Where the values of JSON pointers begin. Pointers that lead nowhere are left out.
pub fn offsets(source: &Source, pointers: BTreeSet<&str>) -> io::Result<BTreeMap<String, u64>> {
    let mut found = BTreeMap::new();
    if pointers.is_empty() {
        return Ok(found);
    }
    let window = Window::new(source.open()?, usize::MAX).sized(source.len());
    let walked = Json::new(window).and_then(|mut json| walk(&mut json, &pointers, &mut found));
    match walked {
        Err(Fault::Io(error)) => Err(error),
        _ => Ok(found),
    }
}

fn walk(json: &mut Json, pointers: &BTreeSet<&str>, found: &mut BTreeMap<String, u64>) -> Result<(), Fault> {
    // The pointer of what is open, with the length of each before its last step, and the next index where it is a list.
    let mut pointer = String::new();
    let mut open: Vec<(usize, Option<u64>)> = Vec::new();
    while found.len() < pointers.len() {
        let token = json.next()?;
        match token {
            Token::End => break,
            Token::Close => {
                open.pop();
                leave(&mut pointer, &open);
                continue;
            }
            Token::Key => {
                pointer.push('/');
                pointer.push_str(&json.raw().text().replace('~', "~0").replace('/', "~1"));
                continue;
            }
            _ => {}
        }
        if let Some((_, Some(index))) = open.last_mut() {
            pointer.push_str(&format!("/{index}"));
            *index += 1;
        }
        if pointers.contains(pointer.as_str()) {
            found.insert(pointer.clone(), json.span().start);
        }
        match token {
            Token::OpenObject => open.push((pointer.len(), None)),
            Token::OpenArray => open.push((pointer.len(), Some(0))),
            _ => leave(&mut pointer, &open),
        }
    }
    Ok(())
}

/// Back to what is still open.
fn leave(pointer: &mut String, open: &[(usize, Option<u64>)]) {
    pointer.truncate(open.last().map_or(0, |(length, _)| *length));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_and_parentheses_are_measured() {
        let json = Source::from_bytes("x", br#"{"a": [{"b": "MIT AND (A OR ((B)))"}, "(" ]}"#.to_vec());
        let measured = measure(&json, "json").unwrap().unwrap();
        assert_eq!(measured, Measured { depth: 3, parentheses: 3, expression: 0 });
        let xml = Source::from_bytes("x", b"<a><b><c/><d>((</d></b></a>".to_vec());
        assert_eq!(measure(&xml, "xml").unwrap().unwrap(), Measured { depth: 3, parentheses: 2, expression: 0 });
        let deep = Source::from_bytes("x", vec![b'['; 100_000]);
        assert_eq!(measure(&deep, "json").unwrap(), None);
        let long = Source::from_bytes(
            "x",
            br#"{"licenseDeclared": "A OR B", "licenseInfoFromFiles": ["MIT AND X"],
            "licenseComments": "whatever somebody wanted to say"}"#
                .to_vec(),
        );
        assert_eq!(measure(&long, "json").unwrap().unwrap(), Measured { depth: 2, parentheses: 0, expression: 9 });
    }

    #[test]
    fn pointers_lead_to_their_values() {
        let text = br#"{"a/b": [1, {"c": null}, [[2]]], "d": "x"}"#;
        let source = Source::from_bytes("x", text.to_vec());
        let wanted = ["", "/a~1b", "/a~1b/1/c", "/a~1b/2/0/0", "/d", "/nowhere"].into_iter().collect();
        let found = offsets(&source, wanted).unwrap();
        let at = |needle: &str| text.windows(needle.len()).position(|w| w == needle.as_bytes()).unwrap() as u64;
        assert_eq!((found[""], found["/a~1b"], found["/a~1b/1/c"]), (0, at("[1"), at("null")));
        assert_eq!((found["/a~1b/2/0/0"], found["/d"], found.len()), (at("2"), at("\"x\""), 5));
    }
}
