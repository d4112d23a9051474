//! How the components of a document hang together, by number: small enough to keep for a million of them.
//!
//! The graph knows no text. It answers two questions: by which paths does the product reach a component, and what does
//! a component descend from.

use std::collections::{BTreeSet, VecDeque};

/// What one component is to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edge {
    /// The first holds the second: nesting, `CONTAINS`.
    Contains,
    /// The first needs the second: `dependsOn`, `DEPENDS_ON`, links.
    DependsOn,
    /// As [`Edge::DependsOn`], but may be left out.
    Optional,
    /// The first is built, developed or tested with the second.
    BuiltWith,
    /// The first was made from the second: pedigree, `GENERATED_FROM`, `DESCENDANT_OF`, `VARIANT_OF`, `COPY_OF`.
    DerivedFrom,
    /// The first names the second (an agent element) as its maker in this role.
    Party(super::Role),
    /// The first refers to the second (a license element) for its license.
    License,
    /// The first refers to the second (an identifier element) for an identifier.
    Identifier,
}

impl Edge {
    /// Whether a path from the product may run along it.
    fn leads(self) -> bool {
        matches!(self, Self::Contains | Self::DependsOn | Self::Optional | Self::BuiltWith)
    }
}

/// Directed edges between component numbers.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    out: Vec<(u32, Edge, u32)>,
    back: Vec<(u32, Edge, u32)>,
    roots: Vec<u32>,
    /// The component before each on a shortest path from a root; `u32::MAX` for roots and unreached ones.
    before: Vec<u32>,
    distance: Vec<u32>,
    /// The root at which that path begins.
    root: Vec<u32>,
}

const FAR: u32 = u32::MAX;

/// Stands in a path for steps that are left out.
pub const GAP: u32 = FAR;

/// How many steps a path tells: the product, and those nearest to the component.
const STEPS: usize = 50;

impl Graph {
    /// A graph over components `0..count`. Edges and roots with larger numbers are dropped.
    pub fn new(count: u32, roots: Vec<u32>, edges: Vec<(u32, Edge, u32)>) -> Self {
        let mut out = edges;
        out.retain(|&(from, _, to)| from < count && to < count && from != to);
        out.sort_unstable();
        out.dedup();
        let mut back: Vec<_> = out.iter().map(|&(from, edge, to)| (to, edge, from)).collect();
        back.sort_unstable();
        let mut graph = Self { out, back, roots, before: Vec::new(), distance: Vec::new(), root: Vec::new() };
        graph.roots.retain(|&r| r < count);
        graph.roots.sort_unstable();
        graph.roots.dedup();
        graph.walk(count);
        graph
    }

    fn walk(&mut self, count: u32) {
        self.before = vec![FAR; count as usize];
        self.distance = vec![FAR; count as usize];
        self.root = (0..count).collect();
        let mut queue: VecDeque<u32> = self.roots.iter().copied().collect();
        for &root in &self.roots {
            if let Some(d) = self.distance.get_mut(root as usize) {
                *d = 0;
            }
        }
        while let Some(at) = queue.pop_front() {
            let next = self.distance.get(at as usize).map_or(FAR, |d| d.saturating_add(1));
            for &(_, edge, to) in slice(&self.out, at) {
                let Some(distance) = self.distance.get_mut(to as usize).filter(|_| edge.leads()) else { continue };
                if *distance == FAR {
                    *distance = next;
                    if let Some(before) = self.before.get_mut(to as usize) {
                        *before = at;
                    }
                    let root = self.root.get(at as usize).copied().unwrap_or(at);
                    if let Some(slot) = self.root.get_mut(to as usize) {
                        *slot = root;
                    }
                    queue.push_back(to);
                }
            }
        }
    }

    /// The products.
    pub fn roots(&self) -> &[u32] {
        &self.roots
    }

    /// What leaves a component.
    pub fn from(&self, number: u32) -> impl Iterator<Item = (Edge, u32)> + '_ {
        slice(&self.out, number).iter().map(|&(_, edge, to)| (edge, to))
    }

    /// What points at a component.
    pub fn to(&self, number: u32) -> impl Iterator<Item = (Edge, u32)> + '_ {
        slice(&self.back, number).iter().map(|&(_, edge, from)| (edge, from))
    }

    /// Whether the product reaches it over containment, dependencies or links.
    pub fn reached(&self, number: u32) -> bool {
        self.distance.get(number as usize).is_some_and(|&d| d != FAR)
    }

    /// Paths from the product: for each component that leads to it directly, the shortest one through that. At most
    /// `most`, shortest first. Of a long one [`GAP`] stands for the middle, and ways that are much longer than the shortest
    /// are not told. Empty when the product does not reach it.
    pub fn paths(&self, number: u32, most: usize) -> Vec<Vec<u32>> {
        if self.roots.binary_search(&number).is_ok() {
            return vec![vec![number]];
        }
        let far = |at: u32| self.distance.get(at as usize).copied().unwrap_or(FAR);
        // Farther on, it would not be seen whether a way leads through the component itself.
        let much = far(number).saturating_add(STEPS as u32 - 2);
        let mut parents: BTreeSet<(u32, u32)> = BTreeSet::new();
        for (edge, from) in self.to(number) {
            if edge.leads() && self.reached(from) && far(from) < much {
                parents.insert((far(from), from));
            }
        }
        let mut paths = Vec::new();
        for (_, parent) in parents {
            let mut path = vec![number];
            let mut at = parent;
            while at != FAR && path.len() < STEPS - 1 {
                path.push(at);
                at = self.before.get(at as usize).copied().unwrap_or(FAR);
            }
            let root = self.root.get(parent as usize).copied().unwrap_or(parent);
            match at {
                FAR => {}
                last if last == root => path.push(root),
                _ => path.extend([GAP, root]),
            }
            // A parent that is itself reached only through the component is no path.
            if path.iter().skip(1).all(|&p| p != number) {
                path.reverse();
                paths.push(path);
            }
            if paths.len() == most {
                break;
            }
        }
        paths
    }
}

fn slice(edges: &[(u32, Edge, u32)], of: u32) -> &[(u32, Edge, u32)] {
    let from = edges.partition_point(|e| e.0 < of);
    let to = edges.partition_point(|e| e.0 <= of);
    edges.get(from..to).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_tells_where_it_begins_and_how_it_ends() {
        for count in [3, 49, 50, 51, 52, 53, 5_000u32] {
            let chain: Vec<_> = (1..count).map(|n| (n - 1, Edge::DependsOn, n)).collect();
            let graph = Graph::new(count, vec![0], chain);
            let paths = graph.paths(count - 1, 5);
            let told: Vec<u32> = match count {
                ..=50 => (0..count).collect(),
                _ => [0, super::GAP].into_iter().chain(count - 49..count).collect(),
            };
            assert_eq!(paths, [told], "{count}");
        }
    }

    #[test]
    fn paths_run_from_the_product_one_for_each_way_in() {
        use Edge::{DependsOn as D, DerivedFrom};
        let graph = Graph::new(
            6,
            vec![0],
            vec![(0, D, 1), (0, D, 2), (1, D, 3), (2, D, 3), (3, D, 1), (4, D, 5), (3, DerivedFrom, 5)],
        );
        assert_eq!(graph.paths(3, 5), [vec![0, 1, 3], vec![0, 2, 3]]);
        assert_eq!(graph.paths(3, 1).len(), 1);
        assert_eq!(graph.paths(1, 5), [vec![0, 1]], "not through what only it reaches");
        assert!(graph.paths(5, 5).is_empty() && !graph.reached(5));
        assert_eq!(graph.paths(0, 5), [vec![0]]);
    }
}
