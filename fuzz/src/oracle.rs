//! Our JSON reader against `serde_json`: the same keys, scalars and brackets, in the same order.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;
use unlabel::parsers::json::Json;
use unlabel::parsers::token::{Fault, Token, Tokens};
use unlabel::source::Source;
use unlabel::source::window::Window;

/// Every key, scalar and bracket of a document, in order, as our reader has it; the fault when the syntax breaks.
pub fn ours(bytes: &[u8]) -> Result<Vec<String>, Fault> {
    let source = Source::from_bytes("x", bytes.to_vec());
    let mut json = Json::new(Window::new(source.open().unwrap(), 1 << 20))?;
    let mut out = Vec::new();
    loop {
        match json.next()? {
            Token::End => return Ok(out),
            Token::OpenObject | Token::OpenArray => out.push("(".to_owned()),
            Token::Close => out.push(")".to_owned()),
            Token::Null => out.push("null".to_owned()),
            Token::Key | Token::Text => {
                let (at, span) = (json.span(), json.raw().span);
                assert_eq!(at, span);
                // The place is exact: the quotes stand where it says.
                assert_eq!(bytes[span.start as usize], b'"');
                assert_eq!(bytes[span.end as usize - 1], b'"');
                out.push(format!("\"{}", json.raw().text()));
            }
            Token::Literal => {
                let span = json.span();
                out.push(String::from_utf8_lossy(&bytes[span.start as usize..span.end as usize]).into_owned());
            }
        }
    }
}

/// The same from `serde_json`.
pub fn theirs(bytes: &[u8]) -> Result<Vec<String>, serde_json::Error> {
    let mut out = Vec::new();
    let mut json = serde_json::Deserializer::from_slice(bytes);
    Flat(&mut out).deserialize(&mut json)?;
    json.end()?;
    Ok(out)
}

struct Flat<'o>(&'o mut Vec<String>);

impl<'d> DeserializeSeed<'d> for Flat<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'d>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'d> Visitor<'d> for Flat<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.0.push(value.to_string());
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.0.push(value.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.0.push(value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.0.push(format!("{value:?}"));
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.0.push(format!("\"{value}"));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.push("null".to_owned());
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'d>>(self, mut list: A) -> Result<(), A::Error> {
        self.0.push("(".to_owned());
        while list.next_element_seed(Flat(self.0))?.is_some() {}
        self.0.push(")".to_owned());
        Ok(())
    }

    fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.push("(".to_owned());
        while let Some(key) = map.next_key::<String>()? {
            self.0.push(format!("\"{key}"));
            map.next_value_seed(Flat(self.0))?;
        }
        self.0.push(")".to_owned());
        Ok(())
    }
}

/// Whether two flat documents are the same. Numbers may be spelled otherwise (`1.0` and `1e0`).
pub fn same(ours: &[String], theirs: &[String]) -> bool {
    let number = |s: &str| s.parse::<f64>().ok().filter(|_| numeric(s));
    ours.len() == theirs.len()
        && ours
            .iter()
            .zip(theirs)
            .all(|(a, b)| a == b || matches!((number(a), number(b)), (Some(x), Some(y)) if x == y))
}

fn numeric(token: &str) -> bool {
    token.starts_with(|c: char| c == '-' || c.is_ascii_digit())
}

/// Whether a token is a number by the grammar of RFC 8259, clause 6.
fn is_number(token: &str) -> bool {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let rest = token.strip_prefix('-').unwrap_or(token);
    let (mantissa, exponent) = rest.split_once(['e', 'E']).map_or((rest, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

/// Panics when the two read a text differently, apart from what `serde_json` refuses by its nature and we read: depth,
/// numbers out of its range or not quite by the grammar, half a surrogate pair, escapes that JSON does not have, control characters in texts, and
/// bytes that are not UTF-8.
pub fn agrees(bytes: &[u8]) {
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    match (ours(bytes), theirs(bytes)) {
        (Ok(ours), Ok(theirs)) => assert!(same(&ours, &theirs), "read differently: {ours:?} and {theirs:?}"),
        (Err(fault), Ok(_)) => panic!("serde_json reads what we refuse: {fault:?}"),
        // Any run of number characters is a number to us: `01`, `1-2`.
        (Ok(ours), Err(_)) if ours.iter().any(|s| numeric(s) && !is_number(s)) => {}
        (Ok(_), Err(error)) if std::str::from_utf8(bytes).is_ok() => {
            let error = error.to_string();
            let by_nature = [
                "recursion limit",
                "surrogate",
                "number out of range",
                "invalid escape",
                "hex escape",
                "control character",
            ];
            assert!(by_nature.iter().any(|n| error.contains(n)), "we read what serde_json refuses: {error}");
        }
        _ => {}
    }
}
