//! Names of organizations and products, and words of classes, looked for all at once.
//!
//! A name is compared folded ([`crate::text`]), as written and, in texts beyond ASCII, by its looks. This module must never
//! know whose names they are.

use super::Owner;
use super::format::{NameType, Strength};
use crate::text::{Folded, Position};
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeSet;
use std::sync::OnceLock;

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

/// Texts that are looked for together. The automaton is made at the first look.
#[derive(Debug)]
pub struct Search {
    texts: Vec<String>,
    /// `None` when the texts are too many for one.
    automaton: OnceLock<Option<AhoCorasick>>,
}

/// Where one of the texts stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Which text.
    pub index: usize,
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
}

impl Search {
    /// For these texts.
    pub fn new(texts: Vec<String>) -> Self {
        Self { texts, automaton: OnceLock::new() }
    }

    fn automaton(&self) -> Option<&AhoCorasick> {
        let build = || AhoCorasick::builder().match_kind(MatchKind::Standard).build(&self.texts).ok();
        self.automaton.get_or_init(build).as_ref()
    }

    /// Whether one of the texts stands in another.
    pub fn any(&self, text: &str) -> bool {
        match self.automaton() {
            Some(automaton) => automaton.is_match(text),
            None => self.texts.iter().any(|wanted| text.contains(wanted.as_str())),
        }
    }

    /// Every place where one of the texts stands, also where they overlap.
    pub fn all<'s>(&'s self, text: &'s str) -> Box<dyn Iterator<Item = Found> + 's> {
        if let Some(automaton) = self.automaton() {
            let found = automaton.find_overlapping_iter(text);
            return Box::new(found.map(|f| Found { index: f.pattern().as_usize(), start: f.start(), end: f.end() }));
        }
        Box::new(self.texts.iter().enumerate().flat_map(move |(index, wanted)| {
            let starts = text.char_indices().map(|(start, _)| start);
            let stands = move |start: &usize| text.get(*start..).is_some_and(|rest| rest.starts_with(wanted.as_str()));
            starts.filter(stands).map(move |start| Found { index, start, end: start + wanted.len() })
        }))
    }
}

/// A set of names that are looked for together.
#[derive(Debug)]
pub struct Names {
    patterns: Vec<Pattern>,
    as_written: Search,
    as_it_looks: Search,
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
    pub(super) fn new(patterns: Vec<Pattern>) -> Self {
        let as_written = Search::new(patterns.iter().map(|p| p.folded.letters.clone()).collect());
        let as_it_looks = Search::new(patterns.iter().map(|p| p.looks.letters.clone()).collect());
        Self { patterns, as_written, as_it_looks }
    }

    /// Whether a name stands in a text.
    pub fn any(&self, folds: &Folds) -> bool {
        let stands = |text: &Folded, search: &Search, form: fn(&Pattern) -> &Folded| {
            search.all(&text.letters).any(|found| {
                let pattern = self.patterns.get(found.index);
                pattern.is_some_and(|p| text.holds(found.start, found.end, form(p)))
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
        search: &Search,
        form: fn(&Pattern) -> &Folded,
        seen: &mut BTreeSet<(usize, Position)>,
        hits: &mut Vec<NameHit<'n>>,
    ) {
        let mut body = None;
        for found in search.all(&text.letters) {
            let index = found.index;
            let Some(pattern) = self.patterns.get(index) else { continue };
            if !text.holds(found.start, found.end, form(pattern)) {
                continue;
            }
            let (from, to) = *body.get_or_insert_with(|| text.body());
            let position = match (found.start <= from, found.end >= to) {
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
                    start: found.start,
                    length: found.end - found.start,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Search;

    #[test]
    fn texts_too_many_for_an_automaton_are_found_all_the_same() {
        let texts = || ["av", "avengine", "engine", "ö"].map(str::to_owned).to_vec();
        let (one, other) = (Search::new(texts()), Search::new(texts()));
        assert!(other.automaton.set(None).is_ok());
        for text in ["", "avengine", "myavenginesav", "eng", "grö", "ßav"] {
            let all = |search: &Search| {
                let mut all: Vec<_> = search.all(text).map(|f| (f.index, f.start, f.end)).collect();
                all.sort_unstable();
                all
            };
            assert_eq!(all(&one), all(&other), "{text}");
            assert_eq!(one.any(text), other.any(text), "{text}");
        }
    }
}
