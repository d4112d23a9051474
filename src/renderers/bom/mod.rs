//! The findings as a bill of materials: what `cyclonedx` and `spdx` say alike.
//!
//! A [`Listing`] has an entry for every input, finding and question on an engine without a maker, and for what stands
//! between a product and a finding. What was set aside is told with its input and is no entry: without what explains it, it
//! would look like a finding. An entry that was found has what the scanned SBOM says of it in the
//! fields of the format, and what the report says of it as facts: a key of the namespace `unlabel:` and a text. An input
//! that was not read is an entry as well, and says so in its description: no finding must never look like nothing read.
//!
//! Every text in a listing has been through [`super::escape`], and none is longer than what common consumers keep of it.
//! A listing is no inventory: what was not flagged is not in it, and both formats say so.

pub mod cyclonedx;
mod entries;
mod facts;
pub mod spdx;

use super::escape::shown;
use std::collections::BTreeSet;

/// How many characters of a fact are kept; Dependency-Track keeps 1,024 of a property.
const FACT: usize = 1_000;

/// How many characters of a name, version or party are kept.
const NAME: usize = 500;

/// How many facts with the same key an entry has.
const FACTS: usize = 100;

/// The name of the whole, in place of a product.
const TITLE: &str = "unlabel findings";

/// A key without its namespace, and a text.
type Fact = (&'static str, String);

/// What an entry stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Input,
    Finding,
    Question,
    Step,
}

/// One component or package.
struct Entry {
    /// `finding-3` is `findings[3]` of the JSON report, and so on; steps are counted by themselves.
    id: String,
    sort: Sort,
    name: String,
    version: Option<String>,
    /// The component's sort as the scanned SBOM has it.
    kind: Option<String>,
    /// Only where it has the form of one.
    purl: Option<String>,
    /// Only where it has the form of one.
    cpe: Option<String>,
    /// A web address that the evidence rests on.
    website: Option<String>,
    supplier: Option<String>,
    publisher: Option<String>,
    author: Option<String>,
    group: Option<String>,
    copyright: Option<String>,
    licenses: BTreeSet<String>,
    description: String,
    /// Where the SBOM of an input lies, and its SHA-256.
    document: (Option<String>, Option<String>),
    facts: Vec<Fact>,
}

impl Entry {
    fn new(id: String, sort: Sort, name: &str) -> Self {
        let name = if name.trim().is_empty() { "(no name)" } else { name };
        Self {
            id,
            sort,
            name: shown(name, NAME).into_owned(),
            version: None,
            kind: None,
            purl: None,
            cpe: None,
            website: None,
            supplier: None,
            publisher: None,
            author: None,
            group: None,
            copyright: None,
            licenses: BTreeSet::new(),
            description: String::new(),
            document: (None, None),
            facts: Vec::new(),
        }
    }
}

/// Everything there is to list.
struct Listing {
    entries: Vec<Entry>,
    /// From an entry to one that it holds or depends on, as the scanned SBOMs relate them; by index.
    edges: BTreeSet<(usize, usize)>,
    /// From an input to what was found in it without a way from the product.
    listed: BTreeSet<(usize, usize)>,
    /// About the run as a whole.
    about: Vec<Fact>,
}

/// Adds facts with one key: each text once, and beyond the limit their number.
fn add(facts: &mut Vec<Fact>, key: &'static str, more: &'static str, texts: impl IntoIterator<Item = String>) {
    let mut seen = BTreeSet::new();
    let mut left = 0;
    for text in texts {
        let text = shown(&text, FACT).into_owned();
        if seen.contains(&text) {
            continue;
        }
        if seen.len() >= FACTS {
            left += 1;
            continue;
        }
        facts.push((key, text.clone()));
        seen.insert(text);
    }
    if left > 0 {
        facts.push((more, left.to_string()));
    }
}

/// A lower-case SHA-256, where it is one: a report that is read back may say anything.
pub fn digest(text: &str) -> Option<&str> {
    (text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))).then_some(text)
}

/// The instant of a report's as-of date, `2026-11-22T00:00:00Z`: a day begins in UTC. `None` when it says neither day nor
/// instant.
fn instant(as_of: &str) -> Option<String> {
    let at: jiff::Timestamp = match as_of.parse::<jiff::Timestamp>() {
        Ok(at) => at,
        Err(_) => as_of.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp(),
    };
    Some(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_an_instant_have_an_instant() {
        assert_eq!(instant("2026-11-22").as_deref(), Some("2026-11-22T00:00:00Z"));
        assert_eq!(instant("2026-11-22T23:30:00.5-05:00").as_deref(), Some("2026-11-23T04:30:00Z"));
        assert_eq!(instant("yesterday\u{202e}"), None);
    }

    #[test]
    fn facts_are_told_once_and_what_is_left_out_is_counted() {
        let mut facts = Vec::new();
        add(&mut facts, "k", "k-left-out", (0..300).map(|n| (n / 2).to_string()));
        assert_eq!((facts.len(), facts.last()), (101, Some(&("k-left-out", "100".to_owned()))));
    }
}
