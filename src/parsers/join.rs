//! Joins what SPDX states apart: agents, licenses and identifiers that a component only refers to, and statements about one
//! element that stand in several places.

use crate::model::graph::{Edge, Graph};
use crate::model::{Component, IdentifierKind, License, Origin, Party};
use std::collections::BTreeSet;

/// How many agents, licenses and identifiers are joined for each component, on average over the document, and at least
/// over the whole of it. More than any document has that is no attack.
const EACH: usize = 64;
const LEAST: usize = 1 << 20;

/// Agents, licenses and identifiers that a component only refers to become its own. Gives whether there were too many, so
/// that some were not joined.
pub fn join(components: &mut [Component], graph: &Graph) -> bool {
    let referents: Vec<Component> = components.iter().filter(|c| c.origin == Origin::Referent).cloned().collect();
    let mut left = budget(components.len());
    for component in components.iter_mut().filter(|c| c.origin != Origin::Referent) {
        join_one(component, graph, &referents, &mut left);
    }
    left == 0
}

/// How many may be joined to this many components.
pub fn budget(components: usize) -> usize {
    LEAST.max(components.saturating_mul(EACH))
}

/// The same for one component, with the referents by number; nothing more when nothing is left.
pub fn join_one(component: &mut Component, graph: &Graph, referents: &[Component], left: &mut usize) {
    let find =
        |number: u32| referents.binary_search_by_key(&number, |c| c.number).ok().and_then(|at| referents.get(at));
    for (edge, to) in graph.from(component.number) {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let Some(referent) = find(to) else { continue };
        match edge {
            Edge::Party(role) => {
                let mut party = referent.parties.first().cloned().unwrap_or_else(|| Party::new(role));
                party.role = role;
                party.names.extend(referent.name.clone());
                party.names.extend(referent.more_names.iter().cloned());
                reach(&mut party, referent);
                for number in details(graph, to, left) {
                    find(number).into_iter().for_each(|detail| reach(&mut party, detail));
                }
                component.parties.push(party);
            }
            Edge::Identifier => {
                let further = details(graph, to, left).into_iter().filter_map(find);
                for detail in std::iter::once(referent).chain(further) {
                    component.identifiers.extend(detail.identifiers.iter().cloned());
                    component.references.extend(detail.references.iter().cloned());
                    component.properties.extend(detail.properties.iter().cloned());
                    component.hashes.extend(detail.hashes.iter().cloned());
                }
            }
            Edge::License => {
                let members = closure(graph, to, &[Edge::License], left).into_iter().filter_map(find);
                for license in std::iter::once(referent).chain(members) {
                    component.licenses.extend(license_of(license));
                }
            }
            _ => {}
        }
    }
}

/// The identifiers and links that something refers to, also through each other.
fn details(graph: &Graph, number: u32, left: &mut usize) -> Vec<u32> {
    closure(graph, number, &[Edge::Identifier], left)
}

/// Where an agent can be reached, as an element says that belongs to it.
fn reach(party: &mut Party, detail: &Component) {
    party.urls.extend(detail.references.iter().map(|r| r.url.clone()));
    let other = detail.identifiers.iter().filter(|i| i.kind == IdentifierKind::Other);
    party.urls.extend(other.map(|i| i.value.clone()));
    // The mail address of an identifier that stands apart is kept as an agent's.
    let own = detail.name.is_none().then_some(&detail.parties).into_iter().flatten();
    party.emails.extend(own.flat_map(|p| p.emails.iter().cloned()));
}

/// What a license element says of itself; nothing for a set, which only has members.
fn license_of(referent: &Component) -> Option<License> {
    let mut license = License::default();
    license.names.extend(referent.name.clone());
    license.names.extend(referent.more_names.iter().cloned());
    for stated in &referent.licenses {
        license.names.extend(stated.names.iter().cloned());
        license.texts.extend(stated.texts.iter().cloned());
        license.urls.extend(stated.urls.iter().cloned());
    }
    let empty = license.names.is_empty() && license.texts.is_empty() && license.urls.is_empty();
    (!empty).then_some(license)
}

/// What edges of these kinds lead to from here, at any remove, each once and without the start.
fn closure(graph: &Graph, start: u32, kinds: &[Edge], left: &mut usize) -> Vec<u32> {
    let mut all = Vec::new();
    let mut seen = BTreeSet::from([start]);
    let mut at = start;
    let mut next = 0;
    loop {
        for (edge, to) in graph.from(at) {
            if *left == 0 {
                return all;
            }
            *left -= 1;
            if kinds.contains(&edge) && seen.insert(to) {
                all.push(to);
            }
        }
        match all.get(next) {
            Some(&further) => at = further,
            None => return all,
        }
        next += 1;
    }
}

/// The agents, licenses and identifiers that some components refer to, also through each other.
pub fn referred(graph: &Graph, components: impl Iterator<Item = u32>) -> BTreeSet<u32> {
    let refers = |e: &Edge| matches!(e, Edge::Party(_) | Edge::License | Edge::Identifier);
    let mut queue: Vec<u32> = components.collect();
    let mut all = BTreeSet::new();
    while let Some(number) = queue.pop() {
        for (_, to) in graph.from(number).filter(|(edge, _)| refers(edge)) {
            if all.insert(to) {
                queue.push(to);
            }
        }
    }
    all
}

/// Statements about one element become the first of them. `aliases` holds the number of each further statement, rising,
/// and of the first.
pub fn merge(components: &mut Vec<Component>, aliases: &[(u32, u32)]) {
    if aliases.is_empty() {
        return;
    }
    let first = |number: u32| {
        let at = aliases.binary_search_by_key(&number, |alias| alias.0).ok();
        at.and_then(|at| aliases.get(at)).map(|alias| alias.1)
    };
    let (further, mut firsts): (Vec<_>, Vec<_>) = components.drain(..).partition(|c| first(c.number).is_some());
    for component in further {
        let Some(number) = first(component.number) else { continue };
        match firsts.binary_search_by_key(&number, |c| c.number) {
            Ok(at) => firsts.get_mut(at).into_iter().for_each(|whole| add(whole, component.clone())),
            Err(_) => continue,
        }
    }
    *components = firsts;
}

fn add(whole: &mut Component, part: Component) {
    if !whole.origin.is_component() {
        whole.origin = part.origin;
    }
    match &whole.name {
        None => whole.name = part.name,
        Some(_) => whole.more_names.extend(part.name),
    }
    match &whole.group {
        None => whole.group = part.group,
        Some(_) => whole.more_groups.extend(part.group),
    }
    whole.more_names.extend(part.more_names);
    whole.more_groups.extend(part.more_groups);
    whole.kind = whole.kind.take().or(part.kind);
    whole.version = whole.version.take().or(part.version);
    whole.description = whole.description.take().or(part.description);
    whole.released = whole.released.take().or(part.released);
    whole.scope = whole.scope.or(part.scope);
    match (whole.parties.first_mut(), whole.origin) {
        // An agent is one party.
        (Some(agent), Origin::Referent) => {
            for party in part.parties {
                agent.names.extend(party.names);
                agent.contacts.extend(party.contacts);
                agent.urls.extend(party.urls);
                agent.emails.extend(party.emails);
            }
        }
        _ => whole.parties.extend(part.parties),
    }
    whole.identifiers.extend(part.identifiers);
    whole.licenses.extend(part.licenses);
    whole.copyrights.extend(part.copyrights);
    whole.references.extend(part.references);
    whole.endpoints.extend(part.endpoints);
    whole.files.extend(part.files);
    whole.properties.extend(part.properties);
    whole.hashes.extend(part.hashes);
    whole.signers.extend(part.signers);
}
