//! Joins what SPDX states apart: agents, licenses and identifiers that a component only refers to.

use crate::model::graph::{Edge, Graph};
use crate::model::{Component, License, Origin, Party};

/// Joins what SPDX states apart: agents and licenses that a component only refers to become its own.
pub fn join(components: &mut [Component], graph: &Graph) {
    let referents: Vec<Component> = components.iter().filter(|c| c.origin == Origin::Referent).cloned().collect();
    for component in components.iter_mut().filter(|c| c.origin != Origin::Referent) {
        join_one(component, graph, &referents);
    }
}

/// The same for one component, with the referents by number.
pub fn join_one(component: &mut Component, graph: &Graph, referents: &[Component]) {
    let find =
        |number: u32| referents.binary_search_by_key(&number, |c| c.number).ok().and_then(|at| referents.get(at));
    for (edge, to) in referred(graph, component.number) {
        let Some(referent) = find(to) else { continue };
        match edge {
            Edge::Party(role) => {
                let mut party = referent.parties.first().cloned().unwrap_or_else(|| Party::new(role));
                party.role = role;
                party.names.extend(referent.name.clone());
                party.urls.extend(referent.references.iter().map(|r| r.url.clone()));
                component.parties.push(party);
            }
            Edge::Identifier => component.identifiers.extend(referent.identifiers.iter().cloned()),
            Edge::License => {
                let mut license = License::default();
                license.names.extend(referent.name.clone());
                for stated in &referent.licenses {
                    license.names.extend(stated.names.iter().cloned());
                    license.texts.extend(stated.texts.iter().cloned());
                    license.urls.extend(stated.urls.iter().cloned());
                }
                component.licenses.push(license);
            }
            _ => {}
        }
    }
}

/// The agents, licenses and identifiers that something refers to, also through each other, with the first edge's meaning.
pub fn referred(graph: &Graph, number: u32) -> Vec<(Edge, u32)> {
    let refers = |e: &Edge| matches!(e, Edge::Party(_) | Edge::License | Edge::Identifier);
    let mut all: Vec<(Edge, u32)> = graph.from(number).filter(|(e, _)| refers(e)).collect();
    let mut at = 0;
    while let Some(&(edge, to)) = all.get(at) {
        at += 1;
        for (next, further) in graph.from(to).filter(|(e, _)| refers(e)) {
            let meaning = if edge == Edge::License { edge } else { next };
            if !all.iter().any(|(_, seen)| *seen == further) {
                all.push((meaning, further));
            }
        }
    }
    all
}
