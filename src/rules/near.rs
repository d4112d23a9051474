//! A first look at texts beyond ASCII: whether a word that is watched for could be written with such letters.
//!
//! Only the surroundings of those letters are folded, because most texts have few of them: a license of ten thousand letters
//! with one accent in it. It must never be narrower than [`super::index`]. Start at [`Near::holds`].

use super::format::RuleFile;
use super::literals::Literals;
use super::names::Search;
use super::rows::{Row, rows};
use crate::text::Folded;
use std::collections::BTreeSet;

/// The words, in both folded forms.
#[derive(Debug)]
pub(super) struct Near {
    as_written: Search,
    as_it_looks: Search,
    /// How far a word can reach from a letter beyond ASCII, in bytes.
    reach: usize,
}

impl Near {
    /// For the names of these rules, by the words that are watched for.
    pub fn new<'r>(on: impl Iterator<Item = &'r RuleFile>, drafts: bool, literals: &Literals) -> Self {
        let mut words = Words { literals, written: literals.words().iter().cloned().collect(), looks: BTreeSet::new() };
        for rule in on {
            if let RuleFile::Unattributed(rule) = rule {
                rule.words.iter().for_each(|text| words.name(text));
            }
            for (row, _) in rows(rule, drafts) {
                match row {
                    Row::Name(name) => std::iter::once(&name.text).chain(&name.also).for_each(|text| words.name(text)),
                    Row::Signer(signer) => words.name(&signer.text),
                    Row::Property(property) => words.name(&property.text),
                    Row::Cpe(_) | Row::Purl(_) | Row::Domain(_) | Row::File(_) => {}
                }
            }
        }
        Self::of(words.written, words.looks)
    }

    fn of(written: BTreeSet<String>, looks: BTreeSet<String>) -> Self {
        let longest = written.iter().chain(&looks).map(String::len).max().unwrap_or_default();
        let search = |words: BTreeSet<String>| Search::new(words.into_iter().filter(|w| !w.is_empty()).collect());
        // A letter may look like two, and a base letter stands before the marks on it.
        Self { as_written: search(written), as_it_looks: search(looks), reach: 2 * longest + 4 }
    }

    /// Whether a word could stand in a text, with something beyond ASCII in it.
    pub fn holds(&self, text: &str) -> bool {
        surroundings(text, self.reach).any(|piece| {
            self.as_written.any(&Folded::new(piece).letters) || self.as_it_looks.any(&Folded::of_looks(piece).letters)
        })
    }
}

/// Words as they come in.
struct Words<'l> {
    literals: &'l Literals,
    written: BTreeSet<String>,
    looks: BTreeSet<String>,
}

impl Words<'_> {
    /// The words of a name that are watched for; all of them where none is, because they are not in ASCII.
    fn name(&mut self, text: &str) {
        let (folded, looks) = (Folded::new(text), Folded::of_looks(text));
        let words = |of: &Folded| -> Vec<String> {
            of.words().into_iter().filter_map(|(from, to)| of.letters.get(from..to)).map(str::to_owned).collect()
        };
        let (written, looks) = (words(&folded), words(&looks));
        let watched: Vec<bool> = written.iter().map(|word| self.literals.found_in(word.as_bytes())).collect();
        // Where looks make other words of it, whatever they are.
        let all = !watched.contains(&true) || written.len() != looks.len();
        let chosen = |at: usize| all || watched.get(at).is_some_and(|watched| *watched);
        self.looks.extend(looks.into_iter().enumerate().filter(|(at, _)| chosen(*at)).map(|(_, word)| word));
        if !watched.contains(&true) {
            self.written.extend(written);
        }
    }
}

/// The parts of a text that are no further than this many bytes from something beyond ASCII, the longest runs together.
fn surroundings(text: &str, reach: usize) -> impl Iterator<Item = &str> {
    let next = move |from: usize| {
        let at = text.as_bytes().get(from..)?.iter().position(|byte| !byte.is_ascii())? + from;
        let start = text.floor_char_boundary(at.saturating_sub(reach).max(from));
        let mut end = at;
        // As long as the next one is near enough for both to be in one word.
        while let Some(step) = text.as_bytes().get(end..(end + 2 * reach).min(text.len()))
            && let Some(last) = step.iter().rposition(|byte| !byte.is_ascii())
        {
            end += last + 1;
        }
        let end = text.ceil_char_boundary((end + reach).min(text.len()));
        Some((start, end))
    };
    std::iter::successors(next(0), move |(_, end)| next(*end)).filter_map(|(start, end)| text.get(start..end))
}

#[cfg(test)]
mod tests {
    use super::{Near, surroundings};
    use crate::text::Folded;
    use std::collections::BTreeSet;

    #[test]
    fn only_the_surroundings_are_looked_at() {
        let parts = |text: &'static str| surroundings(text, 2).collect::<Vec<_>>();
        assert!(parts("plain").is_empty());
        assert_eq!(parts("é"), ["é"]);
        assert_eq!(parts("abcdéfghijklmnö"), ["cdéfg", "mnö"]);
        assert_eq!(parts("abéabcöab"), ["abéabcöab"]);
        assert_eq!(parts("ééééééé"), ["ééééééé"]);
    }

    #[test]
    fn a_word_is_found_however_it_is_written() {
        let words = || BTreeSet::from(["engine", "мотор"].map(str::to_owned));
        let near = Near::of(words(), words().iter().map(|word| Folded::of_looks(word).letters).collect());
        let far = "x".repeat(500);
        for word in [
            "engıne",
            "еngine",
            "en\u{200b}gine",
            "ＥＮＧＩＮＥ",
            "éngine",
            "мотор",
            "МОТОР",
            "e\u{301}ngine",
            "engine\u{301}",
        ] {
            for text in [word.to_owned(), format!("ä {far} {word} {far}"), format!("{far} {word}, {far} {word} ü")] {
                assert!(near.holds(&text), "{text}");
            }
        }
        for text in ["", "engin", "Müller und Söhne", "двигатель"] {
            assert!(!near.holds(text), "{text}");
        }
    }
}
