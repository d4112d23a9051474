//! Every component of a document, one at a time: for an inspection, which shows what the model holds.
//!
//! The same passes as for a scan, only that the third one asks for all of them and gives each away as soon as it is
//! whole. What stays in memory: a few numbers for each component, the edges between them, and the agents, licenses and
//! identifiers that SPDX states apart. Start at [`each`].

use super::build::Build;
use super::detect::{self, Detected};
use super::found::{Found, Interner};
use super::links::Links;
use super::relations::Relations;
use super::survey::Survey;
use super::table::{Field, Node};
use super::token::Raw;
use super::walk::{Path, Sink};
use super::{Flagging, Options, Pass, Suspicion, described, join, nowhere, numbered};
use crate::model::graph::{Edge, Graph};
use crate::model::{Component, Family, Origin, Party, Stated};
use crate::source::Source;
use std::collections::BTreeSet;
use std::io;

/// How many references that lead nowhere are kept with their places.
pub const DANGLING: usize = 20;

/// A component with how it hangs together with others.
#[derive(Debug)]
pub struct Each {
    /// The component; parties, licenses and identifiers that it only refers to are its own.
    pub component: Component,
    /// The component in which it stands, by number.
    pub parent: Option<u32>,
    /// What the document relates it to, by number: containment, dependency, what it was made from.
    pub relations: Vec<(Edge, u32)>,
    /// Whether the document says that it is about this component.
    pub described: bool,
}

/// What the document says beside its components.
#[derive(Debug, Default)]
pub struct Rest {
    /// Parties of the document as a whole.
    pub parties: Vec<Party>,
    /// How many components each list holds, by origin.
    pub origins: Vec<(Origin, u64)>,
    /// How many components stand inside another.
    pub nested: u64,
    /// References in dependencies and relationships that lead to nothing in the document: the first ones.
    pub dangling: Vec<Stated>,
    /// How many more there are.
    pub more_dangling: u64,
}

/// A suspicion of nothing: whoever reads with it wants no component flagged.
#[derive(Debug, Default)]
pub struct Unsuspecting;

impl Suspicion for Unsuspecting {
    fn watched(&self, _: &[u8]) -> bool {
        false
    }
    fn watches_all(&self) -> bool {
        true
    }
    fn suspect(&self, _: &str) -> bool {
        false
    }
    fn suspect_legal(&self, _: &str) -> bool {
        false
    }
    fn suspect_prose(&self, _: &str) -> bool {
        false
    }
}

/// Gives every component, those of one tree by number. `give` says whether it wants more. `None` when the input is no
/// SBOM by itself.
///
/// # Errors
/// Only when the bytes can no longer be read.
pub fn each(source: &Source, options: Options, give: &mut dyn FnMut(Each) -> bool) -> io::Result<Option<Rest>> {
    let Detected::Sbom(family, syntax, _) = detect::detect(source, options.limits.value)? else {
        return Ok(None);
    };
    let options = Options { flagging: Flagging::Suspects, ..options };
    let pass = Pass::new(source, family, syntax, options)?;
    let table = pass.table;
    let (interner, nobody) = (Interner::default(), Unsuspecting);
    let mut survey = Survey::new(family, table, &nobody, Flagging::Suspects, &interner);
    pass.walk(&mut survey)?;
    let found = survey.finish();
    let mut loose = Loose {
        inner: Links::new(table, &interner, &found),
        found: &found,
        interner: &interner,
        family,
        rest: Rest::default(),
    };
    pass.walk(&mut loose)?;
    let (linked, mut rest) = (loose.inner.finish(Relations::default()), loose.rest);
    let mut described: BTreeSet<u32> = described(&found, &interner).into_iter().collect();
    described.extend(found.product_number.into_iter().chain(linked.describes.iter().copied()));
    let graph = Graph::new(found.numbered, Vec::new(), linked.edges);
    let referred = |e: Edge| matches!(e, Edge::Party(_) | Edge::License | Edge::Identifier);
    let asked = |(number, _): &(u32, &Origin)| graph.to(*number).any(|(edge, _)| referred(edge));
    let all = || linked.origins.iter().enumerate().map(|(number, origin)| (number as u32, origin));
    let referents: Vec<u32> = all().filter(|(_, o)| **o == Origin::Referent).filter(asked).map(|(n, _)| n).collect();
    // Statements about one element are read ahead, too, so that the first of them can hold all.
    let mut ahead: BTreeSet<u32> = referents.into_iter().collect();
    ahead.extend(found.aliases.iter().flat_map(|(further, first)| [*further, *first]));
    let ahead: Vec<u32> = ahead.into_iter().collect();
    let mut build = Build::new(table, &ahead);
    pass.walk(&mut build)?;
    let (mut referents, parties) = build.finish();
    join::merge(&mut referents, &found.aliases);
    rest.parties = parties;
    let wanted: Vec<u32> = all().filter(|(_, o)| **o != Origin::Referent).map(|(n, _)| n).collect();
    let mut emit = Emit {
        build: Build::new(table, &wanted),
        wanted: &wanted,
        graph: &graph,
        referents: &referents,
        found: &found,
        interner: &interner,
        left: join::budget(wanted.len()),
        described: &described,
        next: 0,
        open: Vec::new(),
        parents: Vec::new(),
        enough: false,
        rest: &mut rest,
        give,
    };
    pass.walk(&mut emit)?;
    emit.tree();
    Ok(Some(rest))
}

/// The second pass, which also notes the references that lead nowhere.
struct Loose<'l> {
    inner: Links<'l>,
    found: &'l Found,
    interner: &'l Interner,
    family: Family,
    rest: Rest,
}

impl Sink for Loose<'_> {
    fn open(&mut self, node: Node, start: u64, path: &Path) {
        self.inner.open(node, start, path);
    }

    fn leaf(&mut self, field: Field, raw: Raw<'_>, path: &Path) {
        if matches!(field, Field::DependencyOf | Field::DependsOn | Field::RelationFrom | Field::RelationTo) {
            let text = raw.text();
            if !elsewhere(self.family, &text) && numbered(self.found, self.interner, &text).is_none() {
                if self.rest.dangling.len() < DANGLING {
                    self.rest.dangling.push(Stated { text: text.into_owned(), at: path.place(raw.span) });
                } else {
                    self.rest.more_dangling += 1;
                }
            }
        }
        self.inner.leaf(field, raw, path);
    }

    fn close(&mut self, node: Node, end: u64, path: &Path) {
        self.inner.close(node, end, path);
    }
}

/// Whether a reference need not lead to something in the document: the document itself, another one, a license of the
/// common list, or nothing by name (SPDX 2.3 clause 11.1; CycloneDX `BOM-Link`).
fn elsewhere(family: Family, reference: &str) -> bool {
    match family {
        Family::CycloneDx => reference.starts_with("urn:cdx:"),
        Family::Spdx2 => {
            matches!(reference, "NONE" | "NOASSERTION" | "SPDXRef-DOCUMENT") || reference.starts_with("DocumentRef-")
        }
        Family::Spdx3 => {
            reference.contains("spdx.org/") || reference.starts_with("spdx:") || reference.ends_with("Element")
        }
    }
}

/// The third pass, which gives each component away.
struct Emit<'e> {
    build: Build<'e>,
    wanted: &'e [u32],
    graph: &'e Graph,
    /// What is referred to, and what is stated in several places: by number.
    referents: &'e [Component],
    found: &'e Found,
    interner: &'e Interner,
    left: usize,
    described: &'e BTreeSet<u32>,
    next: u32,
    open: Vec<u32>,
    /// The component around each of the tree at hand.
    parents: Vec<(u32, u32)>,
    enough: bool,
    rest: &'e mut Rest,
    give: &'e mut dyn FnMut(Each) -> bool,
}

impl Emit<'_> {
    /// The components of the tree that just ended.
    fn tree(&mut self) {
        let parents = std::mem::take(&mut self.parents);
        let agents = self.build.agents();
        for component in self.build.take() {
            let number = component.number;
            let whole = self.referents.binary_search_by_key(&number, |c| c.number).ok();
            let mut component = whole.and_then(|at| self.referents.get(at)).cloned().unwrap_or(component);
            if component.origin == Origin::Referent || self.enough {
                continue;
            }
            match self.rest.origins.iter_mut().find(|(origin, _)| *origin == component.origin) {
                Some((_, count)) => *count += 1,
                None => self.rest.origins.push((component.origin, 1)),
            }
            let at = parents.binary_search_by_key(&number, |(child, _)| *child).ok();
            let parent = at.and_then(|at| parents.get(at)).map(|(_, parent)| *parent);
            self.rest.nested += u64::from(parent.is_some());
            join::join_one(&mut component, self.graph, self.referents, &mut self.left);
            nowhere(std::slice::from_mut(&mut component), &agents, self.found, self.interner);
            let referred = |e: &Edge| matches!(e, Edge::Party(_) | Edge::License | Edge::Identifier);
            let relations = self.graph.from(number).filter(|(e, _)| !referred(e)).collect();
            let described = self.described.contains(&number);
            self.enough = !(self.give)(Each { component, parent, relations, described });
        }
    }
}

impl Sink for Emit<'_> {
    fn open(&mut self, node: Node, start: u64, path: &Path) {
        if matches!(node, Node::Item(_) | Node::LicenseItem | Node::Element) {
            let number = self.next;
            self.next = number.saturating_add(1);
            if let Some(&parent) = self.open.last()
                && self.wanted.binary_search(&number).is_ok()
            {
                self.parents.push((number, parent));
            }
            self.open.push(number);
        }
        self.build.open(node, start, path);
    }

    fn leaf(&mut self, field: Field, raw: Raw<'_>, path: &Path) {
        self.build.leaf(field, raw, path);
    }

    fn close(&mut self, node: Node, end: u64, path: &Path) {
        self.build.close(node, end, path);
        if matches!(node, Node::Item(_) | Node::LicenseItem | Node::Element) {
            self.open.pop();
            if self.open.is_empty() {
                self.tree();
            }
        }
    }

    fn done(&self) -> bool {
        self.enough
    }
}
