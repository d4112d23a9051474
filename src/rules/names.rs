//! Names of organizations and products, and words of classes, looked for all at once.
//!
//! A name is compared folded ([`crate::text`]), as written and, in texts beyond ASCII, by its looks. This module must never
//! know whose names they are.

use super::Owner;
use super::format::{NameType, Strength};
use crate::text::{Folded, Position};
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeSet;

/// A name found in a text.
#[derive(Debug, Clone)]
pub struct NameHit<'r> {
    /// Whose name it is.
    pub owner: &'r Owner,
    /// What sort of name.
    pub kind: NameType,
    /// How much the whole name says.
    pub strength: Strength,
    /// Where it stands in the text.
    pub position: Position,
    /// Whether the name has more than one word.
    pub several_words: bool,
    /// Whether it counts only where the vendor of its rule is named too.
    pub needs_vendor: bool,
    /// Where it begins, in folded bytes.
    pub start: usize,
    /// Its length in folded bytes; longer says more.
    pub length: usize,
}

/// A text in the forms that names are compared in.
#[derive(Debug)]
pub struct Folds {
    /// As written.
    pub written: Folded,
    /// As it looks; only for texts beyond ASCII.
    pub looks: Option<Folded>,
}

impl Folds {
    /// Folds a text.
    pub fn of(text: &str) -> Self {
        Self { written: Folded::new(text), looks: (!text.is_ascii()).then(|| Folded::of_looks(text)) }
    }
}

/// A set of names that are looked for together.
#[derive(Debug)]
pub struct Names {
    patterns: Vec<Pattern>,
    as_written: AhoCorasick,
    as_it_looks: AhoCorasick,
}

/// One spelling of a name, in both folded forms.
#[derive(Debug)]
pub(super) struct Pattern {
    pub owner: Owner,
    pub kind: NameType,
    pub strength: Strength,
    pub folded: Folded,
    pub looks: Folded,
    pub several_words: bool,
    pub needs_vendor: bool,
}

impl Names {
    pub(super) fn new(patterns: Vec<Pattern>) -> Result<Self, String> {
        let build = |texts: Vec<&str>| {
            AhoCorasick::builder().match_kind(MatchKind::Standard).build(texts).map_err(|e| e.to_string())
        };
        let as_written = build(patterns.iter().map(|p| p.folded.letters.as_str()).collect())?;
        let as_it_looks = build(patterns.iter().map(|p| p.looks.letters.as_str()).collect())?;
        Ok(Self { patterns, as_written, as_it_looks })
    }

    /// Whether a name stands in a text.
    pub fn any(&self, folds: &Folds) -> bool {
        let stands = |text: &Folded, search: &AhoCorasick, form: fn(&Pattern) -> &Folded| {
            search.find_overlapping_iter(&text.letters).any(|found| {
                let pattern = self.patterns.get(found.pattern().as_usize());
                pattern.is_some_and(|p| text.holds(found.start(), found.end(), form(p)))
            })
        };
        stands(&folds.written, &self.as_written, |p| &p.folded)
            || folds.looks.as_ref().is_some_and(|looks| stands(looks, &self.as_it_looks, |p| &p.looks))
    }

    /// The names in a text, longest first.
    pub fn find(&self, text: &str) -> Vec<NameHit<'_>> {
        let folds = Folds::of(text);
        let mut hits = Vec::new();
        let mut seen = BTreeSet::new();
        self.look(&folds.written, &self.as_written, |p| &p.folded, &mut seen, &mut hits);
        if let Some(looks) = &folds.looks {
            self.look(looks, &self.as_it_looks, |p| &p.looks, &mut seen, &mut hits);
        }
        hits.sort_by(|a, b| (b.length, b.position, &a.owner.rule).cmp(&(a.length, a.position, &b.owner.rule)));
        hits
    }

    fn look<'n>(
        &'n self,
        text: &Folded,
        search: &AhoCorasick,
        form: fn(&Pattern) -> &Folded,
        seen: &mut BTreeSet<(usize, Position)>,
        hits: &mut Vec<NameHit<'n>>,
    ) {
        let mut body = None;
        for found in search.find_overlapping_iter(&text.letters) {
            let index = found.pattern().as_usize();
            let Some(pattern) = self.patterns.get(index) else { continue };
            if !text.holds(found.start(), found.end(), form(pattern)) {
                continue;
            }
            let (from, to) = *body.get_or_insert_with(|| text.body());
            let position = match (found.start() <= from, found.end() >= to) {
                (true, true) => Position::Whole,
                (true, false) => Position::First,
                (false, _) => Position::Inside,
            };
            if seen.insert((index, position)) {
                hits.push(NameHit {
                    owner: &pattern.owner,
                    kind: pattern.kind,
                    strength: pattern.strength,
                    position,
                    several_words: pattern.several_words,
                    needs_vendor: pattern.needs_vendor,
                    start: found.start(),
                    length: found.end() - found.start(),
                });
            }
        }
    }
}
