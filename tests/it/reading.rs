//! The readers: against `serde_json`, and against themselves with every component built.

use crate::support::{documents, rendered, scan_everything, scan_text};
use proptest::prelude::*;
use serde_json::Value;
use unlabel::parsers::json::Json;
use unlabel::parsers::token::{Fault, Token, Tokens};
use unlabel::source::Source;
use unlabel::source::window::Window;

/// Every key, scalar and bracket of a document, in order; `None` when the syntax breaks.
fn ours(bytes: &[u8]) -> Option<Vec<String>> {
    let source = Source::from_bytes("x", bytes.to_vec());
    let mut json = Json::new(Window::new(source.open().unwrap(), 1 << 20)).unwrap();
    let mut out = Vec::new();
    loop {
        match json.next() {
            Ok(Token::End) => return Some(out),
            Ok(Token::OpenObject | Token::OpenArray) => out.push("(".to_owned()),
            Ok(Token::Close) => out.push(")".to_owned()),
            Ok(Token::Null) => out.push("null".to_owned()),
            Ok(Token::Key | Token::Text) => {
                let (at, span) = (json.span(), json.raw().span);
                assert_eq!(at, span);
                // The place is exact: the quotes stand where it says.
                assert_eq!(bytes[span.start as usize], b'"');
                assert_eq!(bytes[span.end as usize - 1], b'"');
                out.push(format!("\"{}", json.raw().text()));
            }
            Ok(Token::Literal) => {
                let span = json.span();
                out.push(String::from_utf8_lossy(&bytes[span.start as usize..span.end as usize]).into_owned());
            }
            Err(Fault::Syntax { .. }) => return None,
            Err(fault) => panic!("{fault:?}"),
        }
    }
}

/// The same from `serde_json`, which keeps the order of keys and the text of numbers here.
fn theirs(bytes: &[u8]) -> Option<Vec<String>> {
    fn flat(value: &Value, out: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                out.push("(".to_owned());
                for (key, inner) in map {
                    out.push(format!("\"{key}"));
                    flat(inner, out);
                }
                out.push(")".to_owned());
            }
            Value::Array(list) => {
                out.push("(".to_owned());
                list.iter().for_each(|inner| flat(inner, out));
                out.push(")".to_owned());
            }
            Value::String(text) => out.push(format!("\"{text}")),
            other => out.push(other.to_string()),
        }
    }
    let value: Value = serde_json::from_slice(bytes).ok()?;
    let mut out = Vec::new();
    flat(&value, &mut out);
    Some(out)
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes)
}

/// Documents whose bytes `serde_json` cannot take by its nature: other encodings, depth, or a key twice in an object.
fn comparable(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok() && !bytes.windows(400).any(|w| w.iter().all(|b| *b == b'[' || *b == b'{'))
}

#[test]
fn every_document_reads_as_serde_json_reads_it() {
    let (mut read, mut refused) = (0, 0);
    for path in documents("", ".json") {
        let bytes = std::fs::read(&path).unwrap();
        let bytes = without_mark(&bytes);
        if !comparable(bytes) {
            continue;
        }
        match (ours(bytes), theirs(bytes)) {
            (Some(ours), Some(theirs)) => {
                read += 1;
                let twice = ours.len() > theirs.len();
                let deep_or_twice = twice && path.to_string_lossy().contains("duplicate")
                    || path.to_string_lossy().contains("two-components-arrays");
                assert!(deep_or_twice || same(&ours, &theirs), "{}: read differently", path.display());
            }
            (None, None) => refused += 1,
            (Some(_), None) => {
                // serde_json stops at depth 128 and refuses half a surrogate pair; we read on and say so.
                let name = path.to_string_lossy().into_owned();
                assert!(name.contains("deep") || name.contains("surrogate"), "{name}: we read what serde_json refuses");
            }
            (None, Some(_)) => panic!("{}: serde_json reads what we refuse", path.display()),
        }
    }
    assert!(read >= 60 && refused >= 3, "only {read} read and {refused} refused");
}

/// Numbers may be spelled otherwise (`1.0` and `1e0`); everything else is the same text.
fn same(ours: &[String], theirs: &[String]) -> bool {
    let number = |s: &str| s.parse::<f64>().ok().filter(|_| s.starts_with(|c: char| c == '-' || c.is_ascii_digit()));
    ours.len() == theirs.len()
        && ours
            .iter()
            .zip(theirs)
            .all(|(a, b)| a == b || matches!((number(a), number(b)), (Some(x), Some(y)) if x == y))
}

#[test]
fn building_everything_finds_nothing_more_and_nothing_else() {
    let mut with_findings = 0;
    for path in documents("", ".json") {
        let bytes = std::fs::read(&path).unwrap();
        let (some, all) = (scan_text(&bytes), scan_everything(&bytes));
        with_findings += usize::from(!some.findings.is_empty());
        assert_eq!(rendered(&some, "json"), rendered(&all, "json"), "{}", path.display());
    }
    assert!(with_findings >= 80, "only {with_findings} documents had findings");
}

/// One way in which evidence could slip past the quick pass, each the only evidence of its document.
#[test]
fn the_quick_pass_misses_nothing_that_the_slow_one_finds() {
    let component = |inside: &str| {
        format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{"type":"library","name":"core",{inside}}}]}}"#
        )
    };
    let documents = [
        component(r#""properties":[{"name":"TeamId","value":"2Y8XE5CQ94"}]"#),
        component(r#""group":"ru.avp""#),
        component(r#""group":"me.privacyaudit.tools""#),
        component(r#""swid":{"tagId":"ru.avp_engine-8","name":"core"}"#),
        component(r#""publisher":"https://www.%6Baspersky.com/""#),
        component(r#""cpe":"cpe:2.3:a:k\\aspersky:anti-virus:1.0:*:*:*:*:*:*:*""#),
        component(r#""purl":"pkg:generic/core@1?download_url=https://dl.%256Baspersky.com/core.zip""#),
        component(r#""publisher":"KAV (a@b.example) SDK""#),
        r#"{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"supplier":{"name":"AO Kaspersky Lab"}},
            "components":[{"type":"library","name":"core"}]}"#
            .to_owned(),
        r#"{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"manufacture":{"name":"Kaspersky Lab"}}}"#
            .to_owned(),
    ];
    // An agent whose type is not said, or not known: what names it as its supplier decides.
    let agent = |kind: &str| {
        format!(
            r#"{{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
                {{{kind}"spdxId":"v","name":"AO Kaspersky Lab"}},
                {{"type":"software_Package","spdxId":"c","name":"core","suppliedBy":"v"}}]}}"#
        )
    };
    let agents = ["", r#""type":"Company","#, r#""type":"Bundle","#].map(agent);
    for text in documents.into_iter().chain(agents) {
        let (some, all) = (scan_text(text.as_bytes()), scan_everything(text.as_bytes()));
        assert_eq!(all.findings.len(), 1, "not even the slow pass finds it: {text}");
        assert_eq!(rendered(&some, "json"), rendered(&all, "json"), "{text}");
    }
}

/// A JSON text in which any letter may be written as an escape, wide, look-alike or in the other case.
fn disguised(name: &'static str) -> impl Strategy<Value = String> {
    let letter = |c: char| {
        let upper = c.to_ascii_uppercase();
        let wide = char::from_u32(u32::from(c) + 0xFEE0).filter(|_| c.is_ascii_alphabetic()).unwrap_or(c);
        let twin = match c {
            'a' => '\u{430}',
            'e' => '\u{435}',
            'p' => '\u{440}',
            's' => '\u{455}',
            _ => c,
        };
        prop_oneof![
            6 => Just(c.to_string()),
            2 => Just(upper.to_string()),
            1 => Just(format!("\\u{:04x}", u32::from(c))),
            1 => Just(wide.to_string()),
            1 => Just(twin.to_string()),
            1 => Just(format!("{c}\u{200B}")),
        ]
    };
    name.chars().map(letter).collect::<Vec<_>>().prop_map(|letters| letters.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// However a name is spelled, the quick pass flags what the slow one finds, and both find it.
    #[test]
    fn no_disguise_gets_past_the_first_pass(
        name in disguised("kaspersky lab"),
        field in prop::sample::select(vec!["supplier", "publisher", "group", "copyright", "license"]),
    ) {
        let said = match field {
            "supplier" => format!(r#""supplier": {{"name": "{name}"}}"#),
            "license" => format!(r#""licenses": [{{"license": {{"name": "{name} EULA"}}}}]"#),
            _ => format!(r#""{field}": "{name}""#),
        };
        let text = format!(
            r#"{{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
                {{"type": "library", "name": "innocent"}}, {{"type": "library", "name": "x", {said}}}]}}"#
        );
        let (some, all) = (scan_text(text.as_bytes()), scan_everything(text.as_bytes()));
        prop_assert_eq!(rendered(&some, "json"), rendered(&all, "json"));
        prop_assert_eq!(some.findings.len(), 1, "{}", text);
    }
}
