//! Commands that stand in a sentence or a table: each has to be one that there is.

use super::{pages, parser, text};
use crate::support::unlabel;
use pulldown_cmark::Event;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What begins like a command and is none.
const NAMES: &[&str] = &["unlabel findings"];

#[test]
fn commands_within_sentences_are_ones_that_there_are() {
    let mut all = BTreeMap::new();
    for page in pages() {
        for (event, _) in parser(&text(&page)) {
            let Event::Code(code) = event else { continue };
            // `COMMAND` stands for any.
            if code.starts_with("unlabel ") && !code.contains("COMMAND") && !NAMES.contains(&code.as_ref()) {
                all.entry(code.into_string()).or_insert_with(|| page.clone());
            }
        }
    }
    let wrong: Vec<String> = all
        .par_iter()
        .filter_map(|(code, page)| {
            // Arguments are looked at in their order, and the last asks for help.
            let output = unlabel().args(code.split_whitespace().skip(1)).arg("--help").output().unwrap();
            let err = String::from_utf8_lossy(&output.stderr).into_owned();
            let named_only = err.contains("a value is required");
            (!output.status.success() && !named_only).then(|| format!("{}: `{code}`: {err}", page.display()))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(all.len() > 40, "{all:#?}");
}
