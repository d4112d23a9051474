//! What a report says of an input: how far it was read, what it is, and what is wrong with it.

use crate::model::{Code, Document, Place, Problem, Product};
use crate::report::{Input, LocatedProblem, Status};
use crate::source::Source;
use crate::source::collect::Named;
use crate::source::position::{Position, locate};
use crate::source::window::Span;
use std::collections::BTreeSet;

/// A problem of an input as a whole, which hides its components.
pub fn problem(code: Code, message: String) -> LocatedProblem {
    LocatedProblem { problem: Problem { code, message, at: Place::default(), hides_components: true }, position: None }
}

/// A problem for which an input was not read.
pub fn located_problem(source: &Source, problem: Problem) -> LocatedProblem {
    let at = problem.at.span.start;
    let position = (problem.code == Code::Syntax).then(|| locate(source, [at]).ok()?.get(&at).copied()).flatten();
    LocatedProblem { problem: placed(source, problem), position }
}

/// Places could not be looked up, because the file is no longer what was read.
pub fn moved() -> LocatedProblem {
    let message = "the file could no longer be read when places were looked up: lines and columns are not exact";
    problem(Code::Changed, message.to_owned())
}

/// Whether a problem has a place in the document, and is not about the whole.
pub fn has_place(problem: &Problem) -> bool {
    !problem.at.pointer.is_empty() || problem.at.span != Span::default()
}

/// A problem whose place is in the text around a part.
fn placed(source: &Source, mut problem: Problem) -> Problem {
    if has_place(&problem) {
        problem.at.pointer = around(source, &problem.at.pointer);
    }
    problem
}

/// A pointer in the text around a part.
pub fn around(source: &Source, pointer: &str) -> String {
    format!("{}{pointer}", source.pointer())
}

/// The longest text of a document in a report, in characters: one finding tells the name of a component many times.
const LONGEST: usize = 10_000;

/// A text for the report; one that is too long is cut, which `…` tells.
pub fn shown(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn product(product: &Product) -> Product {
    let text = |text: &Option<String>| text.as_deref().map(shown);
    Product {
        reference: text(&product.reference),
        name: text(&product.name),
        version: text(&product.version),
        supplier: text(&product.supplier),
    }
}

/// An input that was not read.
pub fn unread(path: &str, unopened: bool, problem: LocatedProblem, sha256: String, bytes: u64) -> Input {
    Input {
        path: path.to_owned(),
        status: Status::Unread,
        format: None,
        serialization: None,
        spec_version: None,
        bytes,
        sha256,
        components: 0,
        level: None,
        disclosure: None,
        product: Product::default(),
        problems: vec![problem],
        more_problems: 0,
        unopened,
    }
}

/// An input that was read, with its problems at their positions.
pub fn of_document(source: &Source, document: &Document, position: &dyn Fn(u64) -> Position) -> Input {
    let problems = document.problems.iter().map(|problem| LocatedProblem {
        problem: placed(source, problem.clone()),
        position: has_place(problem).then(|| position(problem.at.span.start)),
    });
    Input {
        path: source.name().to_owned(),
        status: if document.problems.hide_components() { Status::Partial } else { Status::Read },
        format: Some(document.format.family.id()),
        serialization: Some(document.format.serialization),
        spec_version: Some(shown(&document.format.spec_version)),
        bytes: source.len(),
        sha256: document.sha256.clone(),
        components: document.count,
        level: None,
        disclosure: Some(document.disclosure),
        product: product(&document.product),
        problems: problems.collect(),
        more_problems: document.problems.more,
        unopened: false,
    }
}

/// The same, with the positions looked up.
pub fn located(source: &Source, document: &Document) -> Input {
    let placed = document.problems.iter().filter(|p| has_place(p));
    let offsets: BTreeSet<u64> = placed.map(|p| p.at.span.start).collect();
    let found = if offsets.is_empty() { Ok(Default::default()) } else { locate(source, offsets) };
    let changed = found.is_err();
    let found = found.unwrap_or_default();
    let mut input =
        of_document(source, document, &|at| found.get(&at).copied().unwrap_or(Position { line: 1, column: 1 }));
    if changed {
        hidden_by(&mut input, moved());
    }
    input
}

/// What stands for an input when files were found, and none of them is an SBOM.
pub fn none_here(inputs: &[Named], files: u64) -> Input {
    let message =
        format!("none of the {files} files here is an SBOM: name a file or folder that holds CycloneDX or SPDX JSON");
    let named: BTreeSet<&str> = inputs.iter().map(|i| i.name.as_str()).collect();
    unread(&common_folder(&named), false, problem(Code::NotAnSbom, message), String::new(), 0)
}

fn common_folder(names: &BTreeSet<&str>) -> String {
    let parts = |name: &str| name.split('/').map(str::to_owned).collect::<Vec<_>>();
    let (first, last) = (parts(names.first().unwrap_or(&"")), parts(names.last().unwrap_or(&"")));
    let most = first.len().min(last.len()).saturating_sub(1);
    let shared: Vec<String> =
        first.into_iter().zip(last).take(most).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    if shared.is_empty() { "(all inputs)".to_owned() } else { shared.join("/") }
}

/// Adds a problem for which components may have gone unseen.
pub fn hidden_by(input: &mut Input, problem: LocatedProblem) {
    input.problems.push(problem);
    if input.status == Status::Read {
        input.status = Status::Partial;
    }
    if let Some(disclosure) = &mut input.disclosure {
        disclosure.hidden = true;
    }
}
