//! Links of pages lead to files that are there, and to headings that are there. Addresses on a network are not asked.

use super::{pages, parser, relative, text};
use crate::support::root;
use pulldown_cmark::{CowStr, Event, Tag, TagEnd};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

pub struct Link {
    pub to: String,
    pub line: usize,
}

pub fn links(text: &str) -> Vec<Link> {
    let mut out = Vec::new();
    let mut add = |to: CowStr<'_>, at: usize| {
        let line = text[..at].matches('\n').count() + 1;
        out.push(Link { to: to.into_string(), line });
    };
    for (event, range) in parser(text) {
        if let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event {
            add(dest_url, range.start);
        }
    }
    out
}

/// The anchors of a page: headings as code hosts and the book name them, and ids in HTML.
fn anchors(text: &str) -> BTreeSet<String> {
    let (mut out, mut times, mut heading) = (BTreeSet::new(), BTreeMap::<String, usize>::new(), None::<String>);
    for (event, _) in parser(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(part) | Event::Code(part) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&part);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let slug = slug(&heading.take().unwrap_or_default());
                let seen = times.entry(slug.clone()).or_default();
                out.insert(if *seen == 0 { slug } else { format!("{slug}-{seen}") });
                *seen += 1;
            }
            Event::Html(part) | Event::InlineHtml(part) => {
                out.extend(part.split("id=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
            }
            _ => {}
        }
    }
    out
}

fn slug(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).flat_map(char::to_lowercase).collect()
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => assert!(out.pop(), "{} leads out of the checkout", path.display()),
            Component::CurDir => {}
            part => out.push(part),
        }
    }
    out
}

#[test]
fn every_link_leads_somewhere() {
    let (mut broken, mut known, mut count) = (Vec::new(), BTreeMap::<PathBuf, BTreeSet<String>>::new(), 0);
    for page in pages() {
        for link in links(&text(&page)) {
            if link.to.contains("://") || link.to.starts_with("mailto:") {
                continue;
            }
            count += 1;
            let (path, anchor) = link.to.split_once('#').unwrap_or((&link.to, ""));
            let target = match path {
                "" => page.clone(),
                _ => plain(&page.parent().unwrap().join(path)),
            };
            let place = format!("{}:{}: {}", page.display(), link.line, link.to);
            if !root().join(&target).exists() {
                broken.push(format!("{place}: no such file"));
            } else if !anchor.is_empty() && target.extension().is_some_and(|e| e == "md") {
                let anchors = known.entry(target.clone()).or_insert_with(|| anchors(&text(&target)));
                if !anchors.contains(anchor) {
                    broken.push(format!("{place}: no such heading"));
                }
            }
        }
    }
    assert!(count > 100, "only {count} links were looked at");
    assert!(broken.is_empty(), "{broken:#?}");
}

/// What comments in the code call a page is one.
#[test]
fn pages_that_the_code_names_are_there() {
    let mut missing = Vec::new();
    let all: BTreeSet<PathBuf> = pages().into_iter().collect();
    let mut folders = vec![root().join("src"), root().join("tests/it"), root().join(".ci")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let Ok(code) = std::fs::read_to_string(&path) else { continue };
            for found in code.match_indices("docs/").map(|(at, _)| &code[at..]) {
                let end =
                    found.find(|c: char| !(c.is_ascii_alphanumeric() || "/-_.".contains(c))).unwrap_or(found.len());
                let page = Path::new(found[..end].trim_end_matches('.'));
                if page.extension().is_some_and(|e| e == "md") && !all.contains(page) {
                    missing.push(format!("{}: {}", relative(&path).display(), page.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
