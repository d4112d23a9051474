//! The text of a license expression, from the sets and operators that RDF writes it with.
//!
//! Sets stand in brackets and keep the order of their members, as the tools of SPDX write them: `(A AND B)`. A set may
//! be told once and used a thousand times, and sets may hold each other, so the texts that come of it are paid from an
//! allowance of their own. It never recurses.

use super::graph::{Graph, Object};
use super::names::tail;
use super::terms::{self, Property};
use std::borrow::Cow;
use std::collections::HashSet;

/// What became of an expression.
#[derive(Debug, Default)]
pub struct Expression {
    /// Its text.
    pub text: String,
    /// Whether it is not whole, because the allowance is used up.
    pub cut: bool,
    /// Whether a set holds itself; the inner one was left out.
    pub circular: bool,
}

enum Step {
    /// A license, set or operator.
    Begin(u32),
    /// The next member of a set: its statement, the word between members, and whether one was written.
    Member { node: u32, at: usize, word: &'static str, first: bool },
    /// Words as they are.
    Write(&'static str),
    /// The exception of an operator.
    Exception(u32),
    /// A set or operator is over.
    End(u32),
}

/// The license, set or operator that a node is, paid from `room`.
pub fn expression(graph: &Graph, node: u32, room: &mut usize) -> Expression {
    let mut out = Expression::default();
    let mut open = HashSet::new();
    let mut steps = vec![Step::Begin(node)];
    while let Some(step) = steps.pop() {
        if out.cut {
            break;
        }
        match step {
            Step::Begin(node) => begin(graph, node, &mut out, &mut steps, &mut open, room),
            Step::Write(words) => write(&mut out, words, room),
            Step::End(node) => {
                open.remove(&node);
            }
            Step::Exception(node) => exception(graph, node, &mut out, room),
            Step::Member { node, at, word, first } => {
                let Some(statement) =
                    graph.statement(at).filter(|s| (s.subject, s.property) == (node, Property::Member))
                else {
                    continue;
                };
                steps.push(Step::Member { node, at: at + 1, word, first: false });
                if !first {
                    write(&mut out, word, room);
                }
                match statement.object {
                    Object::Node(member) => steps.push(Step::Begin(member)),
                    Object::Text(kept) => write(&mut out, graph.text(kept), room),
                }
            }
        }
    }
    out
}

fn begin(
    graph: &Graph,
    node: u32,
    out: &mut Expression,
    steps: &mut Vec<Step>,
    open: &mut HashSet<u32>,
    room: &mut usize,
) {
    const OPERATOR: terms::Classes = terms::AND | terms::OR | terms::WITH | terms::LATER;
    let classes = graph.node_at(node).map_or(0, |node| node.classes);
    let about = graph.about(node);
    let members: Vec<usize> = about
        .clone()
        .skip_while(|at| graph.statement(*at).is_some_and(|s| s.property < Property::Member))
        .take_while(|at| graph.statement(*at).is_some_and(|s| s.property == Property::Member))
        .take(2)
        .collect();
    let Some(&first) = members.first().filter(|_| classes & OPERATOR != 0 || !listed(classes)) else {
        return write(out, &license(graph, node), room);
    };
    if !open.insert(node) {
        out.circular = true;
        return write(out, "NOASSERTION", room);
    }
    steps.push(Step::End(node));
    let set = members.len() > 1;
    if classes & terms::LATER != 0 {
        steps.push(Step::Write("+"));
    }
    if classes & terms::WITH != 0 {
        steps.push(Step::Exception(node));
    }
    let word = if classes & terms::OR != 0 { " OR " } else { " AND " };
    if set {
        write(out, "(", room);
        steps.push(Step::Write(")"));
    }
    steps.push(Step::Member { node, at: first, word, first: true });
}

/// Whether the node is a license by its class, so that members say nothing.
fn listed(classes: terms::Classes) -> bool {
    classes & (terms::EXTRACTED | terms::NONE | terms::NOASSERTION) != 0
}

fn exception(graph: &Graph, node: u32, out: &mut Expression, room: &mut usize) {
    let Some(statement) = graph.first(node, Property::LicenseException) else { return };
    write(out, " WITH ", room);
    match statement.object {
        Object::Text(kept) => write(out, graph.text(kept), room),
        Object::Node(exception) => match graph.first(exception, Property::LicenseExceptionId).map(|s| s.object) {
            Some(Object::Text(id)) => write(out, graph.text(id), room),
            _ => write(out, &license(graph, exception), room),
        },
    }
}

/// What a single license is called.
pub fn license(graph: &Graph, node: u32) -> Cow<'_, str> {
    let classes = graph.node_at(node).map_or(0, |node| node.classes);
    let iri = graph.iri(node);
    if let Some(absent) = iri.and_then(terms::absent) {
        return Cow::Borrowed(absent);
    }
    if classes & terms::NONE != 0 {
        return Cow::Borrowed("NONE");
    }
    if classes & terms::NOASSERTION != 0 {
        return Cow::Borrowed("NOASSERTION");
    }
    if let Some(listed) = iri.and_then(terms::license_list) {
        let end = listed.find('#').unwrap_or(listed.len());
        let id = listed.get(..end).unwrap_or_default();
        return Cow::Borrowed(
            ["html", "json", "rdf"].iter().find_map(|e| id.strip_suffix(e)?.strip_suffix('.')).unwrap_or(id),
        );
    }
    match graph.first(node, Property::LicenseId).map(|s| s.object) {
        Some(Object::Text(id)) => Cow::Borrowed(graph.text(id)),
        _ => tail(graph, node),
    }
}

fn write(out: &mut Expression, words: &str, room: &mut usize) {
    match room.checked_sub(words.len() + 8) {
        Some(left) if !out.cut => {
            *room = left;
            out.text.push_str(words);
        }
        _ => out.cut = true,
    }
}
