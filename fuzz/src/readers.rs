//! The readers: each with bytes that reach it, as tokens from windows of several sizes, and as a whole scan.
//!
//! The first byte of an input says what is put around the rest, so that a fuzzer need not find out by itself how a
//! document begins; its highest bit asks for limits that are soon hit.

use super::oracle;
use super::scans::{RULES, survived};
use std::io::Read;
use unlabel::model::Family;
use unlabel::parsers::json::Json;
use unlabel::parsers::protobuf::Protobuf;
use unlabel::parsers::rdf::Rdf;
use unlabel::parsers::syntax::Feed;
use unlabel::parsers::table_of;
use unlabel::parsers::tag_value::TagValue;
use unlabel::parsers::token::{Fault, Remark, Token, Tokens};
use unlabel::parsers::xml::Xml;
use unlabel::parsers::xml::shape::Style;
use unlabel::parsers::yaml::Yaml;
use unlabel::source::window::{Span, Window};
use unlabel::source::{Reader, Source};

/// What stands before and behind the bytes of a fuzzer. The first of a list is nothing at all.
type Frame<'f> = (&'f str, &'f str);

/// The bytes in the frame that the first of them asks for, and whether limits are tight.
pub fn framed(data: &[u8], frames: &[Frame<'_>]) -> (Vec<u8>, bool) {
    let Some((first, rest)) = data.split_first() else { return (Vec::new(), false) };
    let (before, behind) = frames[usize::from(first & 0x7F) % frames.len()];
    ([before.as_bytes(), rest, behind.as_bytes()].concat(), first & 0x80 != 0)
}

/// Any bytes, as they are.
pub fn detect(data: &[u8]) {
    let (bytes, tight) = framed(data, &[("", "")]);
    survived(&bytes, &RULES, tight);
}

/// CycloneDX in JSON.
pub fn json(data: &[u8]) {
    json_in(
        data,
        &[
            ("", ""),
            (r#"{"bomFormat":"CycloneDX","specVersion":"1.6","#, "}"),
            (r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":["#, "]}"),
            (r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"bom-ref":"a","name":"a","#, "}]}"),
            (
                r#"{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"bom-ref":"p","name":"p"}},"components":[{"bom-ref":"a","name":"a","supplier":{"name":"Kaspersky Lab"}},{"bom-ref":"b","name":"b"}],"dependencies":["#,
                "]}",
            ),
        ],
    );
}

/// SPDX 2 in JSON.
pub fn spdx2_json(data: &[u8]) {
    json_in(
        data,
        &[
            ("", ""),
            (r#"{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","#, "}"),
            (r#"{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","packages":["#, "]}"),
            (r#"{"spdxVersion":"SPDX-2.2","packages":[{"SPDXID":"SPDXRef-a","name":"a","#, "}]}"),
            (
                r#"{"spdxVersion":"SPDX-2.3","packages":[{"SPDXID":"SPDXRef-a","name":"a","supplier":"Organization: Kaspersky Lab"},{"SPDXID":"SPDXRef-b","name":"b"}],"relationships":["#,
                "]}",
            ),
        ],
    );
}

/// SPDX 3 in JSON-LD.
pub fn spdx3_json(data: &[u8]) {
    json_in(
        data,
        &[
            ("", ""),
            (r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":["#, "]}"),
            (
                r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"Organization","spdxId":"o","name":"Kaspersky Lab"},{"type":"software_Package","spdxId":"p","name":"p","suppliedBy":"o","#,
                "}]}",
            ),
            (
                r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","type":"software_Package","spdxId":"p","#,
                "}",
            ),
        ],
    );
}

fn json_in(data: &[u8], frames: &[Frame<'_>]) {
    let (bytes, tight) = framed(data, frames);
    same_in_every_window(&bytes, Json::new);
    oracle::agrees(&bytes);
    survived(&bytes, &RULES, tight);
}

/// CycloneDX and SPDX in XML.
pub fn xml(data: &[u8]) {
    let (bytes, tight) = framed(
        data,
        &[
            ("", ""),
            (r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6">"#, "</bom>"),
            (r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>"#, "</components></bom>"),
            (
                r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components><component bom-ref="a"><name>a</name>"#,
                "</component></components></bom>",
            ),
            ("<Document><spdxVersion>SPDX-2.3</spdxVersion>", "</Document>"),
            ("<Document><spdxVersion>SPDX-2.3</spdxVersion><packages>", "</packages></Document>"),
        ],
    );
    for (family, style) in [(Family::CycloneDx, Style::CycloneDx), (Family::Spdx2, Style::Plain)] {
        same_in_every_piece(&bytes, |feed| Xml::new(feed, table_of(family), style));
    }
    survived(&bytes, &RULES, tight);
}

/// SPDX 2 in RDF/XML; with tight limits also the graph has little room.
pub fn rdf(data: &[u8]) {
    const HEAD: &str = concat!(
        r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" "#,
        r#"xmlns:spdx="http://spdx.org/rdf/terms#" xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#">"#,
    );
    let documented = format!(r#"{HEAD}<spdx:SpdxDocument rdf:about="http://a/b#SPDXRef-DOCUMENT">"#);
    let package = format!(
        r#"{documented}<spdx:describesPackage><spdx:Package rdf:about="http://a/b#SPDXRef-a"><spdx:name>a</spdx:name>"#
    );
    let (bytes, tight) = framed(
        data,
        &[
            ("", ""),
            (HEAD, "</rdf:RDF>"),
            (&documented, "</spdx:SpdxDocument></rdf:RDF>"),
            (&package, "</spdx:Package></spdx:describesPackage></spdx:SpdxDocument></rdf:RDF>"),
        ],
    );
    let room = if tight { 4 << 10 } else { 1 << 20 };
    same_in_every_piece(&bytes, |feed| Rdf::new(feed, room));
    survived(&bytes, &RULES, tight);
}

/// CycloneDX and SPDX 2 in YAML.
pub fn yaml(data: &[u8]) {
    let (bytes, tight) = framed(
        data,
        &[
            ("", ""),
            ("bomFormat: CycloneDX\nspecVersion: '1.6'\ncomponents:\n", ""),
            ("spdxVersion: SPDX-2.3\npackages:\n- SPDXID: SPDXRef-a\n  name: a\n", ""),
            ("spdxVersion: SPDX-2.3\npackages: [", "]\n"),
        ],
    );
    same_in_every_piece(&bytes, |feed| Ok(Yaml::new(feed)));
    survived(&bytes, &RULES, tight);
}

/// SPDX 2 in tag-value.
pub fn tag_value(data: &[u8]) {
    let (bytes, tight) = framed(
        data,
        &[
            ("", ""),
            ("SPDXVersion: SPDX-2.3\n", "\n"),
            ("SPDXVersion: SPDX-2.3\nPackageName: a\nSPDXID: SPDXRef-a\n", "\n"),
            ("SPDXVersion: SPDX-2.3\nPackageName: a\nPackageComment: <text>", "</text>\nPackageName: b\n"),
        ],
    );
    same_in_every_window(&bytes, TagValue::new);
    survived(&bytes, &RULES, tight);
}

/// CycloneDX in protobuf. The frames put the bytes into a field of the document, with a length that fits.
pub fn protobuf(data: &[u8]) {
    let (rest, tight) = framed(data, &[("", "")]);
    let bytes = match data.first().map_or(0, |first| first & 0x7F) % 4 {
        0 => rest,
        1 => [b"\x0a\x031.6".as_slice(), &rest].concat(),
        // Components (5) and dependencies (8).
        2 => [b"\x0a\x031.6\x2a".as_slice(), &encode_length(rest.len()), &rest].concat(),
        _ => [b"\x0a\x031.6\x42".as_slice(), &encode_length(rest.len()), &rest].concat(),
    };
    same_in_every_window(&bytes, |window| Ok(Protobuf::new(window)));
    survived(&bytes, &RULES, tight);
}

fn encode_length(length: usize) -> Vec<u8> {
    super::encode::varint(length as u64)
}

/// One token with all that a reader says of it.
#[derive(Debug, PartialEq)]
struct Told {
    token: Token,
    span: Span,
    text: String,
    lossy: bool,
    entry: Option<(u32, bool)>,
}

/// Everything that a reader tells of an input, in order, with the fault at its end as words.
type Tale = (Vec<Told>, Vec<Remark>, Option<String>);

fn tale(tokens: &mut impl Tokens, len: u64) -> Tale {
    let (mut told, mut remarks, mut open) = (Vec::new(), Vec::new(), Vec::new());
    let fault = loop {
        let token = match tokens.next() {
            Ok(token) => token,
            Err(Fault::Io(error)) => panic!("memory cannot be read: {error}"),
            Err(fault) => break Some(format!("{fault:?}")),
        };
        while let Some(remark) = tokens.remark() {
            remarks.push(remark);
        }
        let span = tokens.span();
        assert!(span.start <= span.end && span.end <= len, "{token:?} at {span:?} of {len} bytes");
        let key_awaited = |open: &[Option<bool>]| open.last() == Some(&Some(true));
        match token {
            Token::Key => assert!(key_awaited(&open), "a key at {span:?} outside of an object"),
            Token::Close => assert!(open.last().is_some_and(|o| *o != Some(false)), "a stray end at {span:?}"),
            _ => assert!(!key_awaited(&open), "{token:?} at {span:?} without a key"),
        }
        // In an object: whether a key must come next. In a list: nothing.
        match token {
            Token::Key => open.iter_mut().last().into_iter().for_each(|o| *o = Some(false)),
            Token::Close => _ = open.pop(),
            _ => {}
        }
        let value_over = !matches!(token, Token::Key | Token::OpenObject | Token::OpenArray | Token::End);
        if let Some(Some(awaited)) = open.last_mut().filter(|_| value_over) {
            *awaited = true;
        }
        match token {
            Token::OpenObject => open.push(Some(true)),
            Token::OpenArray => open.push(None),
            Token::End => {
                assert!(open.is_empty(), "the end comes with {} containers open", open.len());
                break None;
            }
            _ => {}
        }
        let again = (token == Token::Key).then(|| tokens.again()).flatten();
        let (mut text, mut lossy) = (String::new(), false);
        if matches!(token, Token::Key | Token::Text | Token::Literal) {
            let raw = tokens.raw();
            let decoded = raw.decoded();
            lossy = decoded.1;
            text = decoded.0.into_owned();
        }
        told.push(Told { token, span, text, lossy, entry: again.map(|a| (a.entry, a.outermost)) });
    };
    (told, remarks, fault)
}

fn open(bytes: &[u8]) -> Reader {
    Source::from_bytes("input", bytes).open().unwrap()
}

/// A window reads 256 KiB at a time; tokens must be the same when it reads a few bytes.
fn same_in_every_window<T: Tokens>(bytes: &[u8], new: impl Fn(Window) -> Result<T, Fault>) {
    let len = bytes.len() as u64;
    let told = |chunk: u64| {
        // A window takes one byte more than the size it is told.
        let window = Window::new(open(bytes), 1 << 20).sized(chunk - 1);
        match new(window) {
            Ok(mut tokens) => tale(&mut tokens, len),
            Err(fault) => (Vec::new(), Vec::new(), Some(format!("{fault:?}"))),
        }
    };
    let whole = told(256 << 10);
    for chunk in [16, 61] {
        assert_same(&whole, &told(chunk), chunk);
    }
}

/// The same for readers that take bytes as they come.
fn same_in_every_piece<T: Tokens>(bytes: &[u8], new: impl Fn(Feed) -> Result<T, Fault>) {
    let len = bytes.len() as u64;
    let told = |piece: usize| {
        let feed = Feed::new(Pieces { from: open(bytes), piece }, 1 << 20);
        match new(feed) {
            Ok(mut tokens) => tale(&mut tokens, len),
            Err(fault) => (Vec::new(), Vec::new(), Some(format!("{fault:?}"))),
        }
    };
    let whole = told(usize::MAX);
    for piece in [1, 17] {
        assert_same(&whole, &told(piece), piece as u64);
    }
}

fn assert_same(whole: &Tale, pieces: &Tale, size: u64) {
    let first = whole.0.iter().zip(&pieces.0).find(|(a, b)| a != b);
    assert!(first.is_none(), "{size} bytes at a time: another token: {first:?}");
    assert_eq!(whole.0.len(), pieces.0.len(), "{size} bytes at a time: another number of tokens");
    assert_eq!((&whole.1, &whole.2), (&pieces.1, &pieces.2), "{size} bytes at a time: another remark or fault");
}

/// A reader that gives a few bytes at a time.
struct Pieces {
    from: Reader,
    piece: usize,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let most = self.piece.min(into.len());
        self.from.read(&mut into[..most])
    }
}
