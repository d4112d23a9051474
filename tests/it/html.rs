//! The HTML report: nothing in it acts, everything of the report is in it, and its structure can be walked. What only a
//! browser can tell is asked by `.ci/html`.

use crate::support::{RULES, fixture, options, rendered, root, scan_fixture, scan_text};
use base64::Engine;
use quick_xml::events::{BytesStart, Event};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use unlabel::report::{Narrowed, Report, SetAside, Status};
use unlabel::scan::{scan, scan_bytes};
use unlabel::source::collect::collect;

/// What a text field must survive, in one text: markup, an escape, the end of a script and of an attribute, bidi, a line
/// of our own, an entity, no character at all.
const HOSTILE: &str = "<b onclick=alert(1)>\u{1b}[31m</script></style><script>alert(1)</script>\"'` x=\"javascript:alert(1)\
    \u{202E}evil\u{2066}\u{200B}\r\nPROHIBITED fake\u{0}&lt;&amp;]]>-->{{ 7 * 7 }}\u{FFFF}\u{3164}";

/// One element of the page, without style and script.
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    /// Names of those around it, the nearest last.
    around: Vec<String>,
    text: String,
}

impl Element {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

/// The page as elements, in order. It is written so that a strict parser reads it: whatever opens is closed, in order.
fn elements(page: &str) -> Vec<Element> {
    let cut = |page: &str, open: &str, close: &str| {
        let (before, rest) = page.split_once(open).unwrap();
        let (_, after) = rest.split_once(close).unwrap();
        format!("{before}{open}{close}{after}")
    };
    let page = cut(&cut(page, "<style>", "</style>"), "<script>", "</script>");
    let page = page.strip_prefix("<!DOCTYPE html>").expect("a doctype stands first");
    let mut reader = quick_xml::Reader::from_str(page);
    reader.config_mut().check_end_names = true;
    let mut all: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let read = |start: &BytesStart<'_>, all: &[Element], open: &[usize]| Element {
        name: start.name().as_ref().to_owned(),
        attributes: start
            .attributes()
            .map(|a| a.unwrap())
            .map(|a| (a.key.as_ref().to_owned(), plain(&a.value)))
            .collect(),
        around: open.iter().map(|&o| all[o].name.clone()).collect(),
        text: String::new(),
    };
    loop {
        match reader.read_event().unwrap_or_else(|e| panic!("{e} at {}", reader.buffer_position())) {
            Event::Start(start) => {
                let element = read(&start, &all, &open);
                open.push(all.len());
                all.push(element);
            }
            Event::Empty(start) => {
                let element = read(&start, &all, &open);
                all.push(element);
            }
            Event::End(_) => drop(open.pop()),
            Event::Text(text) => {
                let text: &str = &text;
                open.iter().for_each(|&o| all[o].text.push_str(text));
            }
            Event::GeneralRef(name) => {
                let name: &str = &name;
                open.iter().for_each(|&o| all[o].text.push_str(&plain(&format!("&{name};"))));
            }
            Event::Eof => break,
            other => panic!("{other:?} stands in the page"),
        }
    }
    assert!(open.is_empty());
    all
}

/// Text without the references that the gate writes.
fn plain(text: &str) -> String {
    [
        ("&#58;", ":"),
        ("&#35;", "#"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#160;", "\u{A0}"),
        ("&#38;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn page(report: &Report) -> String {
    rendered(report, "html")
}

/// A report with hostile text wherever text of a document, or of somebody else's rules, can stand.
fn hostile() -> Report {
    let long = format!("{HOSTILE}{}", "x".repeat(9_000));
    let text = serde_json::json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6",
        "metadata": {
            "supplier": {"name": long},
            "component": {"bom-ref": HOSTILE, "type": "firmware", "name": long, "version": HOSTILE, "supplier": {"name": HOSTILE}}
        },
        "components": [
            {"bom-ref": format!("a{HOSTILE}"), "type": "library", "name": HOSTILE},
            {"bom-ref": format!("b{HOSTILE}"), "type": HOSTILE, "name": long, "version": long,
             "purl": format!("pkg:generic/{HOSTILE}"), "supplier": {"name": format!("AO Kaspersky Lab {HOSTILE}")},
             "publisher": "Kaspersky Lab", "licenses": [{"license": {"name": format!("Kaspersky EULA {HOSTILE}")}}]},
            {"bom-ref": format!("c{HOSTILE}"), "type": "library", "name": format!("{HOSTILE} anti-virus engine SDK")}
        ],
        "dependencies": [
            {"ref": HOSTILE, "dependsOn": [format!("a{HOSTILE}")]},
            {"ref": format!("a{HOSTILE}"), "dependsOn": [format!("b{HOSTILE}"), format!("c{HOSTILE}")]}
        ]
    });
    let path = format!("folder/{HOSTILE}.json");
    let mut report = scan_bytes(&path, serde_json::to_string_pretty(&text).unwrap().as_bytes(), &RULES, &options());
    assert_eq!(report.findings.len(), 1, "{:?}", report.inputs[0].problems);
    assert!(!report.findings[0].paths.is_empty() && !report.inputs[0].problems.is_empty());
    assert!(report.questions.iter().any(|q| q.arose.is_some()));
    let finding = &mut report.findings[0];
    finding.narrowed = Some(Narrowed { by: HOSTILE.to_owned(), why: HOSTILE.to_owned() });
    finding.organization = HOSTILE.to_owned();
    // What a report read back from a file may hold besides.
    finding.relation = HOSTILE.into();
    finding.path_names.push(vec![HOSTILE.to_owned(); 40]);
    finding.paths.push(vec![long.clone(); 40]);
    finding.class_title = Some(HOSTILE.to_owned());
    for evidence in &mut finding.evidence {
        evidence.rule = HOSTILE.to_owned();
        evidence.rule_title = HOSTILE.to_owned();
        evidence.location.pointer = long.clone();
        evidence.sources = vec![
            HOSTILE.to_owned(),
            "A, javascript:alert(1)".to_owned(),
            format!("B, https://example.com/{HOSTILE}"),
            "C (D), https://example.com/?a=b&c=d".to_owned(),
        ];
    }
    for assessment in &mut finding.assessments {
        assessment.regime = HOSTILE.to_owned();
        assessment.citation = HOSTILE.to_owned();
        assessment.clause.push_str(HOSTILE);
        assessment.because.push_str(HOSTILE);
        assessment.duty = Some(HOSTILE.to_owned());
        assessment.uncertain = Some(HOSTILE.to_owned());
        assessment.since_words = HOSTILE.to_owned();
        assessment.questions.push(HOSTILE.to_owned());
        assessment.sources = vec![HOSTILE.to_owned(), "data:text/html,x".to_owned()];
    }
    report.set_aside.push(SetAside { finding: finding.clone(), by: HOSTILE.to_owned(), why: HOSTILE.to_owned() });
    report.inputs[0].spec_version = Some(HOSTILE.to_owned());
    report.inputs[0].format = Some(HOSTILE.into());
    report.inputs[0].sha256 = Some(HOSTILE.to_owned());
    report.tool.version = HOSTILE.into();
    report.context.as_of = HOSTILE.to_owned();
    report.context.role = HOSTILE.to_owned();
    report.context.markets = vec![HOSTILE.to_owned()];
    report.context.act = Some(HOSTILE.to_owned());
    report.context.facts.push(HOSTILE.to_owned());
    report.rules.version = HOSTILE.to_owned();
    report.rules.sha256 = HOSTILE.to_owned();
    report.rules.updated = HOSTILE.to_owned();
    report.rules.replaced = vec![HOSTILE.to_owned()];
    report.context.regimes = vec![HOSTILE.to_owned()];
    report.disclaimer = HOSTILE.to_owned();
    assert!(!report.notes.is_empty());
    for note in &mut report.notes {
        note.title = HOSTILE.to_owned();
        note.text = HOSTILE.to_owned();
        note.uncertain = Some(HOSTILE.to_owned());
        note.sources = vec![HOSTILE.to_owned()];
    }
    report
}

const ELEMENTS: &[&str] = &[
    "html",
    "head",
    "meta",
    "title",
    "style",
    "script",
    "body",
    "header",
    "main",
    "nav",
    "footer",
    "section",
    "article",
    "div",
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "a",
    "b",
    "small",
    "span",
    "bdi",
    "code",
    "mark",
    "br",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "details",
    "summary",
    "figure",
    "figcaption",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "form",
    "label",
    "input",
    "select",
    "option",
    "button",
    "svg",
    "desc",
    "g",
    "rect",
    "text",
    "path",
];

#[test]
fn hostile_text_neither_acts_nor_breaks_the_page() {
    let report = hostile();
    let shown = page(&report);
    // Nothing that acts is left in it: all of it is written out.
    let acting = |c: char| {
        c != '\n'
            && (c.is_control()
                || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFF}' | '\u{3164}'))
    };
    assert_eq!(shown.chars().find(|c| acting(*c)), None);
    assert!(shown.contains(r"\u{202e}evil"), "what acts is shown");
    assert_eq!(shown.matches("<script>").count(), 1);
    assert_eq!(shown.matches("</script>").count(), 1);
    assert_eq!(shown.matches("</style>").count(), 1);
    assert!(!shown.contains("\nPROHIBITED fake"));
    for element in elements(&shown) {
        assert!(ELEMENTS.contains(&element.name.as_str()), "<{}> is none of ours", element.name);
        for (name, value) in &element.attributes {
            assert!(!name.starts_with("on") && name != "style" && name != "src" && name != "srcdoc", "{name}={value}");
            if name == "href" {
                let link = value.starts_with('#') || value.starts_with("https://") || value.starts_with("http://");
                assert!(link && !value.contains(char::is_whitespace), "{value}");
            }
        }
    }
    // What is too long for a headline is there in full all the same.
    assert!(shown.matches(&"x".repeat(9_000)).count() >= 2);
    let headings = elements(&shown).into_iter().filter(|e| e.name.starts_with('h') && e.name.len() == 2);
    headings.for_each(|h| assert!(h.text.chars().count() < 1_200, "{}", h.text));
}

#[test]
fn the_page_may_only_run_what_it_brings() {
    let shown = page(&scan_fixture("evidence"));
    let between = |open: &str, close: &str| shown.split_once(open).unwrap().1.split_once(close).unwrap().0;
    let digest = |text: &str| base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text));
    let all = elements(&shown);
    let policy = all.iter().find(|e| e.get("http-equiv") == Some("Content-Security-Policy")).unwrap().get("content");
    let expected = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        digest(between("<style>", "</style>")),
        digest(between("<script>", "</script>"))
    );
    assert_eq!(policy, Some(expected.as_str()));
    // It stands before anything it could concern.
    assert!(shown.find("Content-Security-Policy").unwrap() < shown.find("<style>").unwrap());
    assert_eq!(all.iter().filter(|e| e.name == "style" || e.name == "script").count(), 2);
    for loads in ["@import", "url(", "fetch(", "XMLHttpRequest", "innerHTML", "eval(", "import(", "//# source"] {
        assert!(!between("<style>", "</style>").contains(loads), "{loads}");
        assert!(!between("<script>", "</script>").contains(loads), "{loads}");
    }
    for element in &all {
        assert!(!["link", "img", "iframe", "object", "embed", "base", "use", "image"].contains(&element.name.as_str()));
        if element.get("href").is_some_and(|h| !h.starts_with('#')) {
            assert_eq!(element.get("rel"), Some("noreferrer noopener external"));
        }
    }
}

#[test]
fn the_page_can_be_walked_without_seeing_it() {
    for report in
        [hostile(), scan(&collect(&[fixture("real"), fixture("bad"), fixture("evidence")]), &RULES, &options())]
    {
        let all = elements(&page(&report));
        let count = |name: &str| all.iter().filter(|e| e.name == name).count();
        for one in ["h1", "main", "nav", "footer", "title"] {
            let of_svg = all.iter().filter(|e| e.name == one && e.around.iter().any(|a| a == "svg")).count();
            assert_eq!(count(one) - of_svg, 1, "{one}");
        }
        assert_eq!(all[0].get("lang"), Some("en"));
        let mut ids = BTreeSet::new();
        all.iter().filter_map(|e| e.get("id")).for_each(|id| assert!(ids.insert(id), "{id} twice"));
        let mut last = 0;
        for element in &all {
            if let Some(depth) = element.name.strip_prefix('h').and_then(|d| d.parse::<usize>().ok()) {
                assert!(depth <= last + 1, "<h{depth}> after <h{last}>: {}", element.text);
                assert!(!element.text.trim().is_empty());
                last = depth;
            }
            if let Some(target) = element.get("href").and_then(|h| h.strip_prefix('#')).filter(|t| !t.is_empty()) {
                assert!(ids.contains(target), "nothing is called {target}");
            }
            for id in element.get("aria-labelledby").iter().flat_map(|l| l.split(' ')) {
                assert!(ids.contains(id), "nothing is called {id}");
            }
            let inside = |name: &str| element.around.iter().any(|a| a == name);
            match element.name.as_str() {
                "th" => assert!(matches!(element.get("scope"), Some("row" | "col"))),
                "input" | "select" => assert!(inside("label")),
                "svg" => assert_eq!(element.get("role"), Some("img")),
                "summary" => assert!(!element.text.trim().is_empty() && element.around.last().unwrap() == "details"),
                "caption" => assert!(!element.text.trim().is_empty()),
                _ => {}
            }
        }
        assert_eq!(count("table"), count("caption"));
        assert_eq!(count("svg"), count("figcaption"), "a drawing without words");
        assert!(all.iter().any(|e| e.get("role") == Some("status") && e.get("aria-live") == Some("polite")));
        // Without scripts nothing is shown that would do nothing.
        let tools = all.iter().find(|e| e.get("id") == Some("tools")).unwrap();
        assert!(tools.get("hidden").is_some());
    }
}

#[test]
fn everything_of_the_report_is_in_the_page() {
    let mut report = scan(&collect(&[fixture("real"), fixture("bad"), fixture("evidence")]), &RULES, &options());
    report.context.assumed = vec!["role".into()];
    assert!(report.set_aside.len() > 1 && report.findings.len() > 100);
    let all = elements(&page(&report));
    let whole = &all[0].text;
    let has = |text: &str| assert!(whole.contains(text), "{text} is not in the page");
    let articles: Vec<&Element> =
        all.iter().filter(|e| e.name == "article" && e.get("id").is_some_and(|id| id.starts_with('f'))).collect();
    assert_eq!(articles.len(), report.findings.len());
    for (finding, article) in report.findings.iter().zip(articles) {
        assert_eq!(article.get("data-l"), Some(finding.level.id()));
        let says = |text: &str| assert!(article.text.contains(text), "{text} is not in {}", article.text);
        says(&finding.id);
        says(finding.component.label());
        says(&format!("line {}, column {}", finding.location.line, finding.location.column));
        for evidence in &finding.evidence {
            says(&evidence.rule);
            says(&format!("{}:{}", evidence.location.line, evidence.location.column));
            if evidence.found.is_ascii() && !evidence.found.contains(|c: char| c.is_control()) {
                says(&evidence.found);
            }
        }
        for assessment in &finding.assessments {
            says(&assessment.clause);
            assessment.questions.iter().for_each(|q| says(q));
        }
    }
    for aside in &report.set_aside {
        has(&aside.finding.id);
        has(&aside.by);
    }
    for question in report.questions.iter().filter(|q| q.arose.is_some()) {
        has(&question.ask);
    }
    for input in &report.inputs {
        has(&input.path);
        input.sha256.iter().for_each(|digest| has(digest));
    }
    report.notes.iter().for_each(|n| has(&n.title));
    has(&report.rules.sha256);
    has(&report.disclaimer);
    has("Role");
    has("assumed, not stated");
}

/// Reading nothing must never look like finding nothing.
#[test]
fn what_was_not_read_stands_as_high_as_what_was_found() {
    let of = |report: &Report| elements(&page(report));
    let headline = |all: &[Element]| all.iter().find(|e| e.name == "h1").unwrap().text.clone();
    let nothing = scan_text(b"{");
    assert_eq!(headline(&of(&nothing)), "Nothing was read: there is no result");
    let all = of(&nothing);
    let rows: Vec<&Element> = all.iter().filter(|e| e.name == "tr" && e.get("data-l").is_some()).collect();
    assert_eq!(rows.len(), 3, "product, what cannot be told, input");
    assert!(rows.iter().all(|r| r.get("data-l") == Some("unread") && r.text.contains("Not read")));
    assert!(!all[0].text.contains("No evidence was found"), "{}", all[0].text);

    let thin = scan_text(br#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"x"},{"name":"y"}]}"#);
    assert!(of(&thin).iter().filter(|e| e.get("data-l").is_some()).all(|e| e.get("data-l") == Some("cannot-tell")));

    // Something found does not make an input tell more than it does.
    let planted = br#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"x","supplier":{"name":"Kaspersky Lab"}}]}"#;
    let shown = page(&scan_text(planted));
    assert!(shown.contains("This is the whole picture for no input: 1 disclosing too little to tell."));

    let several = scan(&collect(&[fixture("bad"), fixture("clean")]), &RULES, &options());
    let all = of(&several);
    let short: Vec<&str> = several
        .inputs
        .iter()
        .filter(|i| i.status != Status::Read || i.components == 0 || i.disclosure.unwrap().grade.id() == "thin")
        .map(|i| i.path.as_str())
        .collect();
    assert!(short.len() > 5);
    let panel = all.iter().position(|e| e.get("id") == Some("unknown")).unwrap();
    let found = all.iter().position(|e| e.get("id") == Some("found")).unwrap();
    assert_eq!(all[panel].name, all[found].name, "both are told alike");
    let section = all.iter().find(|e| e.get("id") == Some("untold")).unwrap();
    short.iter().for_each(|path| assert!(section.text.contains(path), "{path}"));
    let blind = all.iter().find(|e| e.name == "p" && e.text.starts_with("This is not the whole picture for")).unwrap();
    assert!(blind.around.contains(&"header".to_owned()) && blind.text.contains("not read"), "{}", blind.text);
}

#[test]
fn products_are_told_by_supplier_what_presses_first() {
    let clean = |name: &str, version: &str| {
        format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{{"component":{{"type":"firmware","name":"{name}","version":"{version}","supplier":{{"name":"Example Devices"}}}}}},
           "components":[{{"name":"x","purl":"pkg:npm/x@1"}},{{"name":"y","purl":"pkg:npm/y@1"}}]}}"#
        )
    };
    let planted =
        clean("gateway", "2").replace(r#"{"name":"y""#, r#"{"supplier":{"name":"AO Kaspersky Lab"},"name":"y""#);
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("a.json", clean("router", "1")),
        ("b.json", clean("gateway", "1")),
        ("c.json", planted),
        ("d.json", "{".to_owned()),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let named: Vec<_> = ["a.json", "b.json", "c.json", "d.json"].iter().map(|n| folder.path().join(n)).collect();
    let all = elements(&page(&scan(&collect(&named), &RULES, &options())));
    let section = all.iter().position(|e| e.get("id") == Some("products")).unwrap();
    let rows: Vec<&Element> =
        all[section..].iter().filter(|e| e.name == "tr" && e.get("data-l").is_some()).take(3).collect();
    let text = |at: usize| rows[at].text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text(0).starts_with("gateway 1 2") && text(0).contains("Example DevicesLikely prohibited1"), "{}", text(0));
    assert!(text(1).contains("Not read"), "{}", text(1));
    assert!(text(2).starts_with("router 1") && text(2).contains("No evidence0"), "{}", text(2));
}

#[test]
fn the_page_gives_no_verdict_and_no_clock() {
    let report = scan(&collect(&[fixture("real"), fixture("bad"), fixture("clean")]), &RULES, &options());
    let shown = page(&report);
    for word in ["violation", "violates", "illegal", "unlawful", "compliant", "safe to"] {
        assert!(!shown.to_lowercase().contains(word), "{word}");
    }
    assert_eq!(shown, page(&report));
}

/// Only files of ours and drawings made of escaped text go around the gate.
#[test]
fn templates_have_no_way_around_the_gate() {
    let folder = root().join("src/renderers/html");
    let mut around = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        if path.extension().is_some_and(|e| e == "html") {
            around.extend(
                text.match_indices("|safe").map(|(at, _)| text[..at].rsplit("{{").next().unwrap().trim().to_owned()),
            );
            assert!(
                !text.contains("| safe") && !text.contains("|e(") && !text.contains("escape="),
                "{}",
                path.display()
            );
        }
    }
    around.sort();
    assert_eq!(around, ["picture", "self.script()", "self.style()"]);
}
