//! Markdown and HTML as independent parsers see them: what is markup is ours.

use super::all_sorts;
use crate::support::rendered;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{Rawtext, ScriptData};
use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};
use std::cell::RefCell;

/// Everything of GitHub's Markdown that the parser knows.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM
        | Options::ENABLE_MATH
}

#[test]
fn markdown_has_no_markup_but_ours() {
    for report in all_sorts() {
        let page = rendered(report, "markdown");
        let (mut columns, mut cells, mut tables) = (0, 0, 0);
        for event in Parser::new_ext(&page, options()) {
            match event {
                Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                    assert_eq!(link_type, LinkType::Autolink, "{dest_url}");
                    assert!(dest_url.starts_with("https://") || dest_url.starts_with("http://"), "{dest_url}");
                }
                Event::Start(Tag::Image { dest_url, .. }) => panic!("a picture: {dest_url}"),
                Event::Start(Tag::FootnoteDefinition(name)) => panic!("a footnote: {name}"),
                Event::InlineMath(text) | Event::DisplayMath(text) => panic!("a formula: {text}"),
                Event::Start(Tag::CodeBlock(_)) => panic!("a block of code"),
                Event::Html(html) | Event::InlineHtml(html) => {
                    let html = html.trim();
                    let ours = ["details", "summary", "sub", "code"];
                    let known = |tag: &str| ours.iter().any(|o| tag == format!("<{o}>") || tag == format!("</{o}>"));
                    let tags = html.split_inclusive('>').map(str::trim);
                    for tag in tags.filter(|t| t.contains('<')) {
                        let tag = &tag[tag.find('<').unwrap()..];
                        assert!(known(tag), "{html}");
                    }
                }
                Event::Start(Tag::Table(alignments)) => (columns, tables) = (alignments.len(), tables + 1),
                Event::Start(Tag::TableRow | Tag::TableHead) => cells = 0,
                Event::Start(Tag::TableCell) => cells += 1,
                Event::End(pulldown_cmark::TagEnd::TableRow | pulldown_cmark::TagEnd::TableHead) => {
                    assert_eq!(cells, columns, "every row has its cells");
                }
                _ => {}
            }
        }
        assert_eq!(tables > 0, report.inputs.len() >= 4, "the table of suppliers is one");
    }
}

/// A start tag: its name, and its attributes by name.
type Element = (String, Vec<(String, String)>);

/// What a browser's tokenizer sees: start tags, and what is wrong.
#[derive(Default)]
struct Seen(RefCell<Vec<Element>>, RefCell<Vec<String>>);

impl TokenSink for Seen {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                let attributes = tag.attrs.iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
                self.0.borrow_mut().push((tag.name.to_string(), attributes));
                match &*tag.name {
                    "script" => return TokenSinkResult::RawData(ScriptData),
                    "style" => return TokenSinkResult::RawData(Rawtext),
                    _ => {}
                }
            }
            Token::ParseError(error) => self.1.borrow_mut().push(format!("line {line}: {error}")),
            Token::CommentToken(text) => self.1.borrow_mut().push(format!("line {line}: a comment: {text}")),
            Token::NullCharacterToken => self.1.borrow_mut().push(format!("line {line}: a null")),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[test]
fn a_browser_sees_no_element_but_ours() {
    for report in all_sorts() {
        let page = rendered(report, "html");
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(page.as_str()));
        let tokenizer = Tokenizer::new(Seen::default(), Default::default());
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        let Seen(elements, errors) = tokenizer.sink;
        assert!(errors.borrow().is_empty(), "{:?}", errors.borrow());
        let elements = elements.borrow();
        assert!(elements.len() > 20, "the page was read");
        let count = |name: &str| elements.iter().filter(|(n, _)| n == name).count();
        assert_eq!((count("script"), count("style"), count("html")), (1, 1, 1));
        for (name, attributes) in elements.iter() {
            let loads = ["img", "iframe", "object", "embed", "link", "base", "video", "audio", "source", "image"];
            assert!(!loads.contains(&name.as_str()), "<{name}>");
            for (key, value) in attributes {
                assert!(
                    !key.starts_with("on") && key != "src" && key != "srcdoc" && key != "formaction" && key != "style",
                    "{name} {key}"
                );
                assert!(key != "action" || value == "#", "{name} action={value}");
                if key == "href" {
                    let known = value.starts_with('#') || value.starts_with("https://") || value.starts_with("http://");
                    assert!(known, "{name} href={value}");
                }
            }
        }
    }
}
