//! Components against rules: what is in the box, and why we think so.
//!
//! Each module here looks at one sort of place and adds [`Evidence`]; this one merges evidence into a [`Finding`] per
//! component, hands on what a component descends from, and lets false friends set findings aside. A finding never
//! holds a legal word: what it means for anybody is for [`crate::regimes`]. To add a kind of evidence, write a module
//! with a `look` and add it to `LOOKS`.

mod aside;
pub mod evidence;
pub mod examples;
mod files;
mod identifiers;
mod labels;
mod legal;
mod links;
mod names;
mod party;
mod properties;
mod unattributed;

pub use aside::Narrowed;
pub use evidence::{Applies, Evidence, EvidenceKind, Relation};
pub use unattributed::Asked;

use crate::model::graph::Edge;
use crate::model::{Component, Document, Origin, ScopeOfUse};
use crate::parsers::PATHS;
use crate::rules::RuleSet;
use crate::rules::format::{SecurityFunction, Status, Strength};
use std::collections::{BTreeMap, BTreeSet};

/// What every kind of evidence gets to see.
pub struct Look<'l> {
    /// The component.
    pub component: &'l Component,
    /// The rules.
    pub rules: &'l RuleSet,
    /// Whether somebody else is stated as its supplier.
    pub other_supplier: bool,
}

/// One kind of evidence.
type Looker = fn(&Look<'_>, &mut Vec<Evidence>);

/// Every kind of evidence, in the order in which it is gathered.
const LOOKS: &[Looker] = &[
    party::look,
    names::look,
    identifiers::look,
    legal::look,
    links::look,
    files::look,
    properties::look,
    labels::look,
];

/// What is known of one component.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Number of the component in its document.
    pub component: u32,
    /// The organization the evidence points to.
    pub organization: String,
    /// What the component is to it.
    pub relation: Relation,
    /// The class of software, where the evidence or the component's own words say it.
    pub class: Option<String>,
    /// All the evidence together.
    pub strength: Strength,
    /// Every piece of it.
    pub evidence: Vec<Evidence>,
    /// How the product comes to it: numbers of components, the product first.
    pub paths: Vec<Vec<u32>>,
    /// Whether it is stated to be no part of what is shipped.
    pub not_shipped: bool,
    /// Whether nothing but drafts is behind it.
    pub draft: bool,
    /// Whether it is a part of somebody else's product; `None` when the document does not tell.
    pub embedded: Option<bool>,
    /// The question for the vendor, where a rule leaves open that anything is there.
    pub open: Option<String>,
    /// What a false friend says of it, when that does not set it aside.
    pub narrowed: Option<Narrowed>,
}

/// A finding that a false friend explains.
#[derive(Debug, Clone)]
pub struct SetAside {
    /// The finding as it would have been.
    pub finding: Finding,
    /// The rule that explains it.
    pub by: String,
    /// The explanation.
    pub why: String,
}

/// What came out for a document.
#[derive(Debug, Clone, Default)]
pub struct Matches {
    /// Findings, in file order.
    pub findings: Vec<Finding>,
    /// Findings set aside, in file order.
    pub set_aside: Vec<SetAside>,
    /// Engines of which nobody says who made them, in file order.
    pub asked: Vec<Asked>,
}

/// Looks at all built components of a document.
pub fn match_document(document: &Document, rules: &RuleSet) -> Matches {
    let own: BTreeMap<u32, Vec<Evidence>> = document
        .components
        .iter()
        .map(|component| (component.number, gather(component, rules)))
        .filter(|(_, evidence)| !evidence.is_empty())
        .collect();
    let mut matches = Matches::default();
    for component in &document.components {
        if !component.origin.is_component() {
            continue;
        }
        let mut evidence = own.get(&component.number).cloned().unwrap_or_default();
        inherit(document, component.number, &own, &mut evidence);
        let mut found = false;
        for (organization, evidence) in by_organization(evidence) {
            let over = over(&evidence);
            let of_product = document.components.first().filter(|c| c.origin == Origin::Product);
            let own_product = of_product.is_some_and(|product| {
                own.get(&product.number).into_iter().flatten().any(|e| {
                    e.owner.organization == organization
                        && e.strength > Strength::Weak
                        && e.relation == Relation::SuppliedBy
                })
            });
            let mut finding = finding(document, component, rules, organization, evidence);
            finding.embedded = embedded(document, component, &finding, own_product);
            found = true;
            if let Some(rule) = over {
                let why = labels::why_over(rules, &rule, component);
                matches.set_aside.push(SetAside { finding, by: rule, why });
                continue;
            }
            match aside::explain(&finding, component, rules) {
                Some(narrowed) if narrowed.at_most.is_none() => {
                    matches.set_aside.push(SetAside { finding, by: narrowed.by, why: narrowed.why });
                }
                narrowed => {
                    finding.narrowed = narrowed;
                    matches.findings.push(finding);
                }
            }
        }
        if !found {
            matches.asked.extend(unattributed::asked(document, component, rules));
        }
    }
    matches
}

/// All evidence that one component gives by itself.
fn gather(component: &Component, rules: &RuleSet) -> Vec<Evidence> {
    let look = Look { component, rules, other_supplier: party::other_supplier(rules, component) };
    let mut evidence = Vec::new();
    for looker in LOOKS {
        looker(&look, &mut evidence);
    }
    // Mere context is told beside other evidence of the same organization; by itself it says nothing.
    let speaks: BTreeSet<String> =
        evidence.iter().filter(|e| e.strength > Strength::Context).map(|e| e.owner.organization.clone()).collect();
    evidence.retain(|e| speaks.contains(&e.owner.organization));
    adapted(&mut evidence, rules);
    evidence
}

/// A component that stands in the document only as what another was made from. The other inherits the finding; this one is
/// listed, and so is told, but nothing says that it is part of the product.
fn only_an_ancestor(document: &Document, component: &Component) -> bool {
    component.origin == Origin::Listed
        && !document.graph.reached(component.number)
        && document.graph.to(component.number).any(|(edge, _)| edge == Edge::DerivedFrom)
}

/// Where a component is known to only call something, words and single files that look like what it calls are no evidence
/// that it holds any. What says more stays and then decides: the maker named beside it, a product named in the same breath,
/// several files.
fn adapted(evidence: &mut Vec<Evidence>, rules: &RuleSet) {
    let calls = |e: &Evidence| e.relation == Relation::IntegratesWith;
    let known = |e: &Evidence| calls(e) && e.strength > Strength::Weak;
    if !evidence.iter().any(known) {
        // A program that is only mentioned in somebody else's name says nothing beside other evidence.
        if evidence.iter().any(|e| !calls(e)) {
            evidence.retain(|e| !calls(e));
        }
        return;
    }
    let weak_files: BTreeSet<&evidence::Group> = evidence
        .iter()
        .filter(|e| !calls(e) && e.strength == Strength::Weak)
        .filter(|e| matches!(&e.group, evidence::Group::File(name) if !name.is_empty()))
        .map(|e| &e.group)
        .collect();
    let several = weak_files.len() > 1;
    let own_name_says_it: BTreeSet<String> = evidence
        .iter()
        .filter(|e| calls(e))
        .filter_map(|e| rules.adapter(&e.owner.rule))
        .filter(|a| a.marks.name.iter().any(|n| !rules.names(&n.text).is_empty()))
        .map(|a| a.common.id.clone())
        .collect();
    evidence.retain(|e| {
        let file = matches!(&e.group, evidence::Group::File(name) if !name.is_empty());
        let product = e.owner.class.is_some() && !file && own_name_says_it.is_empty();
        calls(e) || e.strength > Strength::Weak || product || (file && several)
    });
}

/// The rule by whose word a product is a version without anything of the organization, when nothing else speaks.
fn over(evidence: &[Evidence]) -> Option<String> {
    let all = evidence.iter().all(|e| e.applies == Applies::No);
    evidence.first().filter(|_| all).map(|e| e.owner.rule.clone())
}

/// Whether a component is a part of somebody else's product.
fn embedded(document: &Document, component: &Component, finding: &Finding, own_product: bool) -> Option<bool> {
    if matches!(finding.relation, Relation::Embeds | Relation::DerivedFrom | Relation::LicensedFrom) {
        return Some(true);
    }
    if component.origin == Origin::Product || own_product {
        return Some(false);
    }
    let named = document.product.name.is_some();
    // In an inventory of a machine whole products stand beside each other; what runs by itself may be one of them.
    let whole = ["application", "operating-system", "device", "platform", "container"];
    let is = |c: &Component, kinds: &[&str]| c.kind.as_ref().is_some_and(|k| kinds.contains(&k.text.as_str()));
    let machine = document.components.first().filter(|c| c.origin == Origin::Product);
    if is(component, &whole) && machine.is_some_and(|m| is(m, &["device", "operating-system", "platform"])) {
        return Some(false);
    }
    let by_itself = component.kind.is_none() || is(component, &whole);
    if named && !by_itself { Some(true) } else { None }
}

/// Adds the evidence of what a component was made from, at any remove.
fn inherit(document: &Document, number: u32, own: &BTreeMap<u32, Vec<Evidence>>, evidence: &mut Vec<Evidence>) {
    let mut seen = BTreeSet::from([number]);
    let mut queue = vec![number];
    while let Some(at) = queue.pop() {
        for (edge, from) in document.graph.from(at) {
            if edge != Edge::DerivedFrom || !seen.insert(from) {
                continue;
            }
            queue.push(from);
            // A descendant was made from this component, not the other way round.
            let backwards = document.component(from).is_some_and(|c| c.origin == Origin::Descendant);
            evidence.extend(own.get(&from).into_iter().flatten().cloned().map(|mut piece| {
                if piece.relation != Relation::IntegratesWith {
                    piece.relation = Relation::DerivedFrom;
                }
                if backwards {
                    piece.strength = piece.strength.min(Strength::Weak);
                }
                piece
            }));
        }
    }
}

fn by_organization(evidence: Vec<Evidence>) -> BTreeMap<String, Vec<Evidence>> {
    let mut by: BTreeMap<String, Vec<Evidence>> = BTreeMap::new();
    for piece in evidence {
        by.entry(piece.owner.organization.clone()).or_default().push(piece);
    }
    by
}

/// The question for the vendor, when all that says more than a word leaves open whether anything is there.
fn open(rules: &RuleSet, basis: &[Evidence]) -> Option<String> {
    let certain = basis.iter().filter(|e| e.applies == Applies::Yes).map(|e| e.strength).max();
    let open = basis.iter().filter(|e| e.applies == Applies::Open).max_by_key(|e| e.strength)?;
    if certain > Some(Strength::Weak) {
        return None;
    }
    rules.white_label(&open.owner.rule).map(|label| label.ask.trim().to_owned())
}

fn finding(
    document: &Document,
    component: &Component,
    rules: &RuleSet,
    organization: String,
    mut evidence: Vec<Evidence>,
) -> Finding {
    evidence.sort_by(|a, b| {
        (a.at.span, a.kind, &a.owner.rule, &a.at.pointer).cmp(&(b.at.span, b.kind, &b.owner.rule, &b.at.pointer))
    });
    evidence.dedup();
    // Once something else speaks, a version that holds nothing of it says nothing more.
    if evidence.iter().any(|e| e.applies != Applies::No) {
        evidence.retain(|e| e.applies != Applies::No);
    }
    // Proven evidence speaks for itself; what drafts add can never lower it.
    let proven: Vec<Evidence> = evidence.iter().filter(|e| e.owner.status != Status::Draft).cloned().collect();
    let draft = proven.is_empty();
    let mut basis = if draft { evidence.clone() } else { proven };
    // That it calls something adds nothing to what it holds.
    if basis.iter().any(|e| e.relation != Relation::IntegratesWith) {
        basis.retain(|e| e.relation != Relation::IntegratesWith);
    }
    let basis = &basis;
    let strength = evidence::combine(basis);
    // What the best of it says decides what the component is; a weaker word beside it does not.
    let best = basis.iter().map(|e| e.strength).max();
    let relation = basis.iter().filter(|e| Some(e.strength) == best).map(|e| e.relation).max();
    let graph = &document.graph;
    let built_with = {
        let mut ways = graph
            .to(component.number)
            .filter(|(e, _)| matches!(e, Edge::BuiltWith | Edge::Contains | Edge::DependsOn | Edge::Optional))
            .peekable();
        ways.peek().is_some() && ways.all(|(e, _)| e == Edge::BuiltWith)
    };
    Finding {
        component: component.number,
        organization,
        relation: relation.unwrap_or(Relation::SuppliedBy),
        class: class(component, rules, basis),
        strength,
        paths: graph.paths(component.number, PATHS),
        not_shipped: component.origin == Origin::Build
            || component.scope == Some(ScopeOfUse::NotShipped)
            || built_with
            || only_an_ancestor(document, component),
        draft,
        embedded: None,
        open: open(rules, basis),
        narrowed: None,
        evidence,
    }
}

/// The class that the best evidence names; among equals one with a security function, because missing that is worse.
/// Else what the component's own words suggest.
fn class(component: &Component, rules: &RuleSet, evidence: &[Evidence]) -> Option<String> {
    let weight = |id: &str| match rules.class(id).map(|c| c.security) {
        Some(SecurityFunction::Yes) => 2,
        Some(SecurityFunction::Unclear) => 1,
        _ => 0,
    };
    // What a component calls is not what it is.
    let holds = evidence.iter().filter(|e| e.relation != Relation::IntegratesWith);
    let named = holds.filter_map(|e| Some((e.strength, e.owner.class.as_deref()?)));
    if let Some((_, id)) = named.max_by_key(|(strength, id)| (*strength, weight(id))) {
        return Some(id.to_owned());
    }
    let says = |s: &Option<crate::model::Stated>| s.as_ref().and_then(|s| rules.class_in(&s.text));
    // Prose may say that it protects; it never takes a component out of scope.
    let prose = says(&component.description).filter(|id| weight(id) == 2);
    says(&component.name).or(says(&component.group)).or(prose).map(str::to_owned)
}
