//! What must be built for what was flagged to be understood: the products, the edges, and whatever lies on the way.
//!
//! It must never ask for more components than the limits allow without telling so. Start at [`wanted`].

use super::found::{Found, Interner};
use super::links::Linked;
use super::{PATHS, described, join};
use crate::model::graph::{Edge, GAP, Graph};
use crate::model::{Code, Origin, Place, Problem};
use std::collections::BTreeSet;

/// For each finding that an input may have, so many components may be looked at closer.
const EACH: usize = 10;

/// Leaves out flagged components that are more than can be looked at, and tells it.
pub fn bound(found: &mut Found, findings: usize) {
    let most = findings.saturating_mul(EACH);
    if found.flagged.len() <= most {
        return;
    }
    let message = format!(
        "{} components may concern a rule; the first {most} were looked at (--max-findings raises it)",
        found.flagged.len()
    );
    found.problems.push(Problem { code: Code::Limit, message, at: Place::default(), hides_components: true });
    found.flagged.truncate(most);
}

/// The products: `metadata.component`, what the document describes, else whatever nothing else leads to.
pub fn roots(found: &Found, linked: &Linked, interner: &Interner) -> Vec<u32> {
    let component = |n: &u32| linked.origins.get(*n as usize).is_some_and(|o| o.is_component());
    if let Some(number) = found.product_number {
        return vec![number];
    }
    let mut roots: Vec<u32> = described(found, interner);
    roots.extend(linked.describes.iter().copied());
    roots.retain(component);
    if !roots.is_empty() {
        return roots;
    }
    let leads = |edge: &Edge| matches!(edge, Edge::Contains | Edge::DependsOn | Edge::Optional | Edge::BuiltWith);
    let led: BTreeSet<u32> = linked.edges.iter().filter(|(_, e, _)| leads(e)).map(|e| e.2).collect();
    let mut tops: BTreeSet<u32> = linked.edges.iter().filter(|(_, e, _)| leads(e)).map(|e| e.0).collect();
    tops.retain(|n| component(n) && !led.contains(n));
    tops.into_iter().collect()
}

/// Takes the stated edges, and adds one from the product to each listed component that nothing else leads to: an inventory says
/// that it is in the product, only not by which way.
pub fn complete(found: &Found, linked: &mut Linked) -> Vec<(u32, Edge, u32)> {
    let mut edges = std::mem::take(&mut linked.edges);
    let Some(product) = found.product_number else { return edges };
    let mut led = vec![false; linked.origins.len()];
    for (_, edge, to) in &edges {
        if !matches!(edge, Edge::Party(_) | Edge::License | Edge::Identifier)
            && let Some(slot) = led.get_mut(*to as usize)
        {
            *slot = true;
        }
    }
    for (number, origin) in linked.origins.iter().enumerate() {
        let number = number as u32;
        if matches!(origin, Origin::Listed | Origin::Service)
            && number != product
            && led.get(number as usize) == Some(&false)
        {
            edges.push((product, Edge::Contains, number));
        }
    }
    edges
}

/// Everything that must be built for what was flagged to be understood.
pub fn wanted(found: &Found, linked: &Linked, graph: &Graph) -> Vec<u32> {
    let mut wanted: BTreeSet<u32> = found.flagged.iter().copied().collect();
    if found.document_flagged {
        wanted.extend(found.product_number);
    }
    // Who refers to a flagged agent, license or identifier, at any remove.
    let referent = |n: u32| linked.origins.get(n as usize) == Some(&Origin::Referent);
    let mut referents: Vec<u32> = wanted.iter().copied().filter(|&n| referent(n)).collect();
    while let Some(number) = referents.pop() {
        for (_, from) in graph.to(number) {
            if wanted.insert(from) && referent(from) {
                referents.push(from);
            }
        }
    }
    // What descends from a flagged component, at any remove.
    let mut queue: Vec<u32> = wanted.iter().copied().collect();
    while let Some(number) = queue.pop() {
        for (edge, from) in graph.to(number) {
            if edge == Edge::DerivedFrom && wanted.insert(from) {
                queue.push(from);
            }
        }
    }
    // The ways that lead there, and the agents and licenses they refer to.
    let mut around: BTreeSet<u32> = graph.roots().iter().copied().take(1).collect();
    for &number in &wanted {
        around.extend(graph.paths(number, PATHS).into_iter().flatten().filter(|n| *n != GAP));
    }
    wanted.extend(around);
    let referred = join::referred(graph, wanted.iter().copied().filter(|&n| !referent(n)));
    wanted.extend(referred);
    // Every statement about the same element.
    wanted.extend(found.aliases.iter().filter(|(_, first)| wanted.contains(first)).map(|a| a.0).collect::<Vec<_>>());
    wanted.into_iter().collect()
}
