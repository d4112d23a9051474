//! Which input of one report is which of the other, and which finding.
//!
//! Nothing is guessed: what could be two things is taken for neither. Start at [`inputs`] and [`findings`].

use super::Standing;
use crate::report::{Called, Input};
use std::collections::BTreeMap;

/// An input of OLD, of NEW, or one of each; never none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Index into the inputs of OLD.
    pub old: Option<usize>,
    /// Index into the inputs of NEW.
    pub new: Option<usize>,
}

/// Sets inputs beside each other: those of NEW in their order, then those of OLD that are no more.
///
/// One input on each side belongs together whatever it is called. Of more, in this order: the same path; the same path
/// below the folder or archive that all of one side lie in; the same bytes; the same product of the same supplier. Of the
/// last three each must be the only one.
pub fn inputs(old: &[Input], new: &[Input]) -> Vec<Pair> {
    let mut matching = Matching { old: vec![None; old.len()], new: vec![None; new.len()] };
    if let ([_], [_]) = (old, new) {
        matching.join(0, 0);
    }
    let (below, beneath) = (common(old), common(new));
    matching.each(old, new, |i: &Input, _| Some(i.path.as_str()), false);
    let inner = |i: &Input, is_new| {
        let parts = parts(&i.path).skip(if is_new { beneath } else { below });
        Some(parts.map(str::to_owned).collect::<Vec<_>>())
    };
    matching.each(old, new, inner, true);
    matching.each(old, new, |i: &Input, _| i.sha256.as_deref(), true);
    let product = |i: &Input, _| {
        let product = i.product.as_ref()?;
        let name = product.name.as_deref().map(str::trim).filter(|n| !n.is_empty())?;
        let supplier = product.supplier.as_deref().unwrap_or_default();
        Some((supplier.trim().to_lowercase(), name.to_lowercase()))
    };
    matching.each(old, new, product, true);
    let now = matching.new.iter().enumerate().map(|(at, old)| Pair { old: *old, new: Some(at) });
    let gone = matching.old.iter().enumerate().filter(|(_, new)| new.is_none());
    now.chain(gone.map(|(at, _)| Pair { old: Some(at), new: None })).collect()
}

/// The other of each, as far as it is known.
struct Matching {
    old: Vec<Option<usize>>,
    new: Vec<Option<usize>>,
}

impl Matching {
    fn join(&mut self, old: usize, new: usize) {
        if let (Some(a), Some(b)) = (self.old.get_mut(old), self.new.get_mut(new)) {
            (*a, *b) = (Some(new), Some(old));
        }
    }

    /// Joins what has the same key. Of several alike the first goes to the first, unless each must be the only one.
    fn each<'t, T, K: Ord>(&mut self, old: &'t [T], new: &'t [T], key: impl Fn(&'t T, bool) -> Option<K>, only: bool) {
        let mut all: BTreeMap<K, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (at, one) in old.iter().enumerate().filter(|(at, _)| free(&self.old, *at)) {
            key(one, false).into_iter().for_each(|k| all.entry(k).or_default().0.push(at));
        }
        for (at, one) in new.iter().enumerate().filter(|(at, _)| free(&self.new, *at)) {
            key(one, true).into_iter().for_each(|k| all.entry(k).or_default().1.push(at));
        }
        for (these, those) in all.into_values() {
            if !only || (these.len(), those.len()) == (1, 1) {
                these.into_iter().zip(those).for_each(|(a, b)| self.join(a, b));
            }
        }
    }
}

fn free(side: &[Option<usize>], at: usize) -> bool {
    side.get(at).is_some_and(Option::is_none)
}

/// The parts of a path, those inside an archive too.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split(['/', '!'])
}

/// How many first parts all paths have in common; the last part of none counts.
fn common(inputs: &[Input]) -> usize {
    let mut all = inputs.iter().map(|i| parts(&i.path).collect::<Vec<_>>());
    let Some(mut shared) = all.next() else { return 0 };
    shared.pop();
    for other in all {
        let same = shared.iter().zip(other.iter().take(other.len().saturating_sub(1))).take_while(|(a, b)| a == b);
        let same = same.count();
        shared.truncate(same);
    }
    shared.len()
}

/// What may tell a component from others.
type Key = fn(&Called) -> Option<(&str, &str)>;

/// Sets findings of two inputs beside each other: those of NEW in their order, then those of OLD that are no more.
///
/// The same id is the same finding. Where the rules that match are others, the id is another: then what is about one
/// component and one organization belongs together, by package URL without version and name, by package URL, by name, by
/// reference, if it is the only one on each side.
pub fn findings<'r>(old: &[Standing<'r>], new: &[Standing<'r>]) -> Vec<(Option<Standing<'r>>, Option<Standing<'r>>)> {
    let mut matching = Matching { old: vec![None; old.len()], new: vec![None; new.len()] };
    matching.each(old, new, |s, _| Some(s.finding.id.as_str()), true);
    let keys: [Key; 4] = [
        |c| Some((c.package()?, c.name.as_deref()?)),
        |c| Some((c.package()?, "")),
        |c| Some((c.name.as_deref()?, "")),
        |c| Some((c.reference.as_deref()?, "")),
    ];
    for key in keys {
        let of = |s: &Standing<'r>, _| Some((s.finding.organization.as_str(), key(&s.finding.component)?));
        matching.each(old, new, of, true);
    }
    let at = |list: &[Standing<'r>], at: Option<usize>| at.and_then(|at| list.get(at).copied());
    let now = matching.new.iter().enumerate().map(|(n, o)| (at(old, *o), at(new, Some(n))));
    let gone = matching.old.iter().enumerate().filter(|(_, new)| new.is_none());
    now.chain(gone.map(|(o, _)| (at(old, Some(o)), None))).collect()
}
