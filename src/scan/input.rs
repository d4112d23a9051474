//! What a report says of an input: how far it was read, what it is, and what is wrong with it.

use super::open::Packing;
use crate::model::disclosure::Grade;
use crate::model::{self, Code, Document, Place};
use crate::report::{Input, Problem, Product, Status};
use crate::source::Source;
use crate::source::collect::Named;
use crate::source::position::{Position, locate};
use crate::source::window::Span;
use std::collections::BTreeSet;

/// A problem of an input as a whole, which hides its components.
pub fn problem(code: Code, message: String) -> Problem {
    reported(model::Problem { code, message, at: Place::default(), hides_components: true }, None)
}

fn reported(problem: model::Problem, position: Option<Position>) -> Problem {
    Problem {
        code: problem.code.id().into(),
        message: problem.message,
        pointer: problem.at.pointer,
        line: position.map(|p| p.line),
        column: position.map(|p| p.column),
        hides_components: problem.hides_components,
    }
}

/// A problem for which an input was not read.
pub fn located_problem(source: &Source, problem: model::Problem) -> Problem {
    let at = problem.at.span.start;
    let position = (problem.code == Code::Syntax).then(|| locate(source, [at]).ok()?.get(&at).copied()).flatten();
    reported(placed(source, problem), position)
}

/// Places could not be looked up, because the file is no longer what was read.
pub fn moved() -> Problem {
    let message = "the file could no longer be read when places were looked up: lines and columns are not exact";
    problem(Code::Changed, message.to_owned())
}

/// Whether a problem has a place in the document, and is not about the whole.
pub fn has_place(problem: &model::Problem) -> bool {
    !problem.at.pointer.is_empty() || problem.at.span != Span::default()
}

/// A problem whose place is in the text around a part.
fn placed(source: &Source, mut problem: model::Problem) -> model::Problem {
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

fn product(product: &model::Product) -> Option<Product> {
    let named = product.reference.is_some() || product.name.is_some() || product.supplier.is_some();
    let text = |text: &Option<String>| text.as_deref().map(shown);
    named.then(|| Product {
        reference: text(&product.reference),
        name: text(&product.name),
        version: text(&product.version),
        supplier: text(&product.supplier),
    })
}

/// An input that was not read.
pub fn unread(path: &str, problem: Problem, sha256: String, bytes: u64) -> Input {
    Input {
        path: path.to_owned(),
        file: None,
        inside: None,
        status: Status::Unread,
        format: None,
        serialization: None,
        spec_version: None,
        bytes,
        sha256: Some(sha256).filter(|s| !s.is_empty()),
        components: 0,
        level: None,
        inconclusive: false,
        disclosure: None,
        product: None,
        problems: vec![problem],
        more_problems: 0,
    }
}

/// An input that was read, with its problems at their positions.
pub fn of_document(
    source: &Source,
    document: &Document,
    packing: Packing<'_>,
    position: &dyn Fn(u64) -> Position,
) -> Input {
    let problems = document.problems.iter().map(|problem| {
        let position = has_place(problem).then(|| position(problem.at.span.start));
        reported(placed(source, problem.clone()), position)
    });
    let mut input = Input {
        path: source.name().to_owned(),
        file: None,
        inside: None,
        status: if document.problems.hide_components() { Status::Partial } else { Status::Read },
        format: Some(document.format.family.id().into()),
        serialization: Some(document.format.serialization.into()),
        spec_version: Some(shown(&document.format.spec_version)),
        bytes: source.len(),
        sha256: Some(document.sha256.clone()).filter(|s| !s.is_empty()),
        components: document.count,
        level: None,
        inconclusive: false,
        disclosure: Some(document.disclosure.into()),
        product: product(&document.product),
        problems: problems.collect(),
        more_problems: document.problems.more,
    };
    on_disk(&mut input, packing.file, source.text_name());
    packing.lost.into_iter().for_each(|problem| hidden_by(&mut input, problem.clone()));
    input
}

/// Tells the file on disk of something that stands inside it, and what of it has lines of its own: `text` is what the text
/// is called in which lines are counted.
pub fn on_disk(input: &mut Input, file: &str, text: &str) {
    let below = |name: &str| name.strip_prefix(file)?.strip_prefix('!').map(str::to_owned);
    input.inside = below(text);
    input.file = (input.path != file && below(&input.path).is_some()).then(|| file.to_owned());
}

/// The same, with the positions looked up.
pub fn located(source: &Source, document: &Document, packing: Packing<'_>) -> Input {
    let placed = document.problems.iter().filter(|p| has_place(p));
    let offsets: BTreeSet<u64> = placed.map(|p| p.at.span.start).collect();
    let found = if offsets.is_empty() { Ok(Default::default()) } else { locate(source, offsets) };
    let changed = found.is_err();
    let found = found.unwrap_or_default();
    let mut input = of_document(source, document, packing, &|at| found.get(&at).copied().unwrap_or_default());
    if changed {
        hidden_by(&mut input, moved());
    }
    input
}

/// What stands for an input when files were found, and none of them is an SBOM.
pub fn none_here(inputs: &[Named], files: u64) -> Input {
    let none = match files {
        1 => "the one file here is no SBOM".to_owned(),
        _ => format!("none of the {files} files here is an SBOM"),
    };
    let message = format!("{none}: name a file or folder that holds CycloneDX or SPDX JSON");
    let named: BTreeSet<&str> = inputs.iter().map(|i| i.name.as_str()).collect();
    unread(&common_folder(&named), problem(Code::NotAnSbom, message), String::new(), 0)
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
pub fn hidden_by(input: &mut Input, problem: Problem) {
    input.problems.push(problem);
    if input.status == Status::Read {
        input.status = Status::Partial;
    }
    if let Some(disclosure) = &mut input.disclosure {
        disclosure.grade = Grade::Thin;
    }
}
