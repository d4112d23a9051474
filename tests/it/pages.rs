//! The pages of the project as somebody meets them who follows them: each command is run, each other snippet is read
//! by what it is for, each link leads somewhere.
//!
//! A page runs from top to bottom in an empty folder that holds links to what stands in the checkout, so a step may use
//! what a step before it has written. Marks are comments of Markdown, so nobody sees them in a reader:
//!
//! | mark | meaning |
//! |---|---|
//! | `<!-- setup: COMMANDS -->` | run here, unseen: what the reader has and the folder has not |
//! | `<!-- file: PATH -->` | before a block: its text is written there first |
//! | `<!-- not run: REASON -->` | before a block: it needs what a test has not, such as a network |
//! | `<!-- tested by: FILE -->` | before a block: that file tests it |
//!
//! A `console` block has commands behind `$ `, further lines of one behind `> `, what they print, and `? N` where the
//! exit status is not 0. Output that is left out is not compared; `...` on a line stands for any lines, `[..]` for
//! anything in a line. A `sh` block is run whole: no command may fail, but unlabel may end with 1 or 3. Of a `yaml` block
//! the values of `run` and `script` are run in the same way.
//! `UNLABEL_UPDATE=1 cargo test pages` writes output anew that does not match.

mod inline;
mod links;
mod run;

use crate::support::root;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::path::{Path, PathBuf};

/// One fenced block.
pub struct Block {
    /// The language, the first word behind the fence.
    pub language: String,
    /// What stands between the fences.
    pub text: String,
    /// Where that begins in the page.
    pub start: usize,
    /// The marks right before it.
    pub marks: Vec<Mark>,
}

/// A step of a page.
pub enum Step {
    Setup(String),
    Block(Block),
}

/// A comment that says something to this test.
#[derive(Clone)]
pub struct Mark {
    pub word: String,
    pub text: String,
}

impl Block {
    pub fn mark(&self, word: &str) -> Option<&str> {
        self.marks.iter().find(|mark| mark.word == word).map(|mark| mark.text.as_str())
    }
}

/// Every page, by its path from the root; what a build or a fuzzer leaves behind is none.
pub fn pages() -> Vec<PathBuf> {
    let (mut out, mut folders) = (Vec::new(), vec![root().to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let left = ["target", "corpus", "artifacts", "node_modules"].contains(&name.as_str());
            if path.is_symlink() || name.starts_with('.') || left {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "md") {
                out.push(relative(&path));
            }
        }
    }
    out.sort();
    assert!(out.len() > 20, "pages are missing: {out:?}");
    out
}

fn relative(path: &Path) -> PathBuf {
    path.strip_prefix(root()).unwrap().to_owned()
}

pub fn text(page: &Path) -> String {
    std::fs::read_to_string(root().join(page)).unwrap()
}

fn parser(text: &str) -> pulldown_cmark::OffsetIter<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES).into_offset_iter()
}

/// The marks and blocks of a page in order.
pub fn steps(page: &Path, text: &str) -> Vec<Step> {
    let (mut out, mut marks, mut block, mut comment) = (Vec::new(), Vec::<Mark>::new(), None::<Block>, String::new());
    for (event, range) in parser(text) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => info.split([' ', ',']).next().unwrap_or_default().to_owned(),
                    CodeBlockKind::Indented => "(indented)".to_owned(),
                };
                block = Some(Block { language, text: String::new(), start: 0, marks: std::mem::take(&mut marks) });
            }
            Event::Text(part) if block.is_some() => {
                let block = block.as_mut().unwrap();
                if block.text.is_empty() {
                    block.start = range.start;
                }
                block.text.push_str(&part);
            }
            Event::End(TagEnd::CodeBlock) => out.extend(block.take().map(Step::Block)),
            Event::Html(part) | Event::InlineHtml(part) => {
                comment.push_str(&part);
                let Some(inside) = comment.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")) else {
                    continue;
                };
                if let Some((word, text)) = inside.split_once(':') {
                    let mark = Mark { word: word.trim().to_owned(), text: text.trim().to_owned() };
                    assert!(!mark.text.is_empty(), "{}: a mark `{}` that says nothing", page.display(), mark.word);
                    match mark.word.as_str() {
                        "setup" => out.push(Step::Setup(mark.text)),
                        _ => marks.push(mark),
                    }
                }
                comment.clear();
            }
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => comment.clear(),
            Event::SoftBreak => {}
            _ => marks.clear(),
        }
    }
    out
}

#[test]
fn every_page_of_docs_is_in_the_book() {
    let summary = text(Path::new("docs/SUMMARY.md"));
    let named = links::links(&summary);
    let mut missing = Vec::new();
    for page in pages() {
        let Ok(page) = page.strip_prefix("docs") else { continue };
        let path = page.to_str().unwrap();
        let times = named.iter().filter(|link| link.to.trim_start_matches("./") == path).count();
        if times != 1 && path != "SUMMARY.md" {
            missing.push(format!("{path}: {times} times"));
        }
    }
    assert!(missing.is_empty(), "docs/SUMMARY.md needs each page once: {missing:#?}");
}
