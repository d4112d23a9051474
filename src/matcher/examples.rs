//! Runs the `[[example]]` tables of rule files against the whole rule set.

use super::match_document;
use crate::model::disclosure::Disclosure;
use crate::model::graph::Graph;
use crate::model::{
    Component, Document, Family, FileName, Format, Identifier, IdentifierKind, License, Origin, Party, Place, Problems,
    Product, Reference, Role, Stated, read_party,
};
use crate::rules::RuleSet;
use crate::rules::format::{Example, ExampleComponent, Expectation, RuleFile};
use crate::source::window::Span;

/// Everything that an example expects and does not get, as `rule id, example N: sentence`. Examples of rules that are
/// off are passed over; the number says how many ran.
pub fn check(rules: &RuleSet, drafts: bool) -> (usize, Vec<String>) {
    let mut ran = 0;
    let mut wrong = Vec::new();
    for loaded in rules.files().iter().filter(|f| f.rule.on(drafts)) {
        for (number, example) in loaded.rule.common().example.iter().enumerate() {
            ran += 1;
            if let Err(sentence) = one(rules, &loaded.rule, example) {
                wrong.push(format!("{}, example {}: {sentence}", loaded.rule.common().id, number + 1));
            }
        }
    }
    (ran, wrong)
}

fn one(rules: &RuleSet, rule: &RuleFile, example: &Example) -> Result<(), String> {
    let id = rule.common().id.as_str();
    // A false friend's own matches are findings of any rule that it leaves alone.
    let any_rule = matches!(rule, RuleFile::NotThis(_));
    let matches = match_document(&document(&example.component), rules);
    let cites = |evidence: &[super::Evidence]| any_rule || evidence.iter().any(|e| e.owner.rule == id);
    let finding = matches.findings.iter().find(|f| cites(&f.evidence));
    let aside = matches.set_aside.iter().find(|s| if any_rule { s.by == id } else { cites(&s.finding.evidence) });
    let asked = matches.asked.iter().any(|a| a.rule == id || example.expect == Expectation::NoQuestion);
    match (example.expect, finding, aside) {
        (Expectation::Match, Some(finding), _) => {
            if example.strength.is_some_and(|s| s != finding.strength) {
                return Err(format!("found, but {} and not {:?}", finding.strength.id(), example.strength));
            }
            if example.open.is_some_and(|open| open != finding.open.is_some()) {
                return Err(format!(
                    "found, and {}",
                    if finding.open.is_some() { "left open" } else { "not left open" }
                ));
            }
            if example.class.is_some() && example.class != finding.class {
                return Err(format!("found, but of class {:?} and not {:?}", finding.class, example.class));
            }
            Ok(())
        }
        (Expectation::Match, None, Some(aside)) => Err(format!("set aside by {}", aside.by)),
        (Expectation::Match, None, None) => Err("not found".to_owned()),
        (Expectation::NoMatch, None, None) => Ok(()),
        (Expectation::NoMatch, Some(finding), _) => {
            let kinds: Vec<&str> = finding.evidence.iter().map(|e| e.kind.id()).collect();
            Err(format!("found by {}, {}", kinds.join(", "), finding.strength.id()))
        }
        (Expectation::NoMatch, None, Some(aside)) => Err(format!("set aside by {}, so it was found", aside.by)),
        (Expectation::SetAside, None, Some(_)) => Ok(()),
        (Expectation::SetAside, Some(_), _) => Err("found, and not set aside".to_owned()),
        (Expectation::SetAside, None, None) => Err("not found at all".to_owned()),
        (Expectation::Question, Some(finding), _) => Err(format!("found, {}, and not asked", finding.strength.id())),
        (Expectation::Question, ..) if !asked => Err("not asked".to_owned()),
        (Expectation::NoQuestion, ..) if asked => Err("asked".to_owned()),
        (Expectation::Question | Expectation::NoQuestion, ..) => Ok(()),
    }
}

/// A document that holds nothing but the component.
fn document(example: &ExampleComponent) -> Document {
    Document {
        format: Format { family: Family::CycloneDx, serialization: "json", spec_version: String::new() },
        product: Product::default(),
        components: vec![component(example)],
        graph: Graph::default(),
        count: 1,
        disclosure: Disclosure::default(),
        problems: Problems::default(),
        sha256: String::new(),
    }
}

fn component(example: &ExampleComponent) -> Component {
    // Every field stands at a place of its own, as in a document.
    let number = std::cell::Cell::new(0_u64);
    let stated = |text: &String| {
        let start = number.get();
        number.set(start + 1);
        let at = Place { pointer: format!("/example/{start}"), span: Span { start, end: start + 1 } };
        Stated { text: text.clone(), at }
    };
    let mut component = Component::new(0, Origin::Listed);
    component.name = example.name.as_ref().map(stated);
    component.group = example.group.as_ref().map(stated);
    component.version = example.version.as_ref().map(stated);
    component.description = example.description.as_ref().map(stated);
    for (role, text) in [
        (Role::Supplier, &example.supplier),
        (Role::Manufacturer, &example.manufacturer),
        (Role::Publisher, &example.publisher),
        (Role::Author, &example.author),
    ] {
        let party: Option<Party> = text.as_ref().and_then(|t| read_party(role, &stated(t)));
        component.parties.extend(party);
    }
    for (kind, text) in [(IdentifierKind::Purl, &example.purl), (IdentifierKind::Cpe, &example.cpe)] {
        let value = text.as_ref().map(stated);
        component.identifiers.extend(value.map(|value| Identifier { kind, value, concluded: false }));
    }
    if example.license.is_some() || example.license_text.is_some() {
        component.licenses.push(License {
            concluded: false,
            names: example.license.iter().map(stated).collect(),
            urls: Vec::new(),
            texts: example.license_text.iter().map(stated).collect(),
        });
    }
    component.copyrights.extend(example.copyright.as_ref().map(stated));
    component
        .references
        .extend(example.url.as_ref().map(|u| Reference { kind: "distribution".to_owned(), url: stated(u) }));
    component.files.extend(example.file.as_ref().map(|f| FileName { value: stated(f) }));
    component
}
