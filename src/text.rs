//! Names compared as people read them: case, width, spacing, punctuation, invisible and look-alike characters do not
//! count, and neither does the legal form of a company.
//!
//! A text is folded to bare letters and digits, with a cut remembered wherever a word began or ended. A phrase matches
//! only from cut to cut and never through a cut that the phrase does not have, so `blue_bird`, `BlueBird` and `BLUE
//! BIRD` are one name, and a longer word that merely begins alike is another. Generic on purpose: no name of anybody
//! stands here.

use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What stands between two characters of a folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Nothing: they are one word.
    None,
    /// A word may end here (`camelCase`, or a script that writes without spaces).
    Soft,
    /// A word ends here.
    Hard,
}

/// A text folded for comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    /// Lower-case letters and digits, without anything between them.
    pub letters: String,
    /// For each byte offset from 0 to the length, what stands before it.
    cuts: Vec<Cut>,
}

/// What each character of ASCII looks like: most texts have no others.
static LOOKS: LazyLock<Vec<String>> =
    LazyLock::new(|| (0..0x80u8).map(|b| looks(&char::from(b).to_string())).collect());

/// What a text looks like, character by character.
fn looks(text: &str) -> String {
    let skeleton = unicode_security::confusable_detection::skeleton(text);
    // The skeleton of small k in other scripts is U+0138, which nobody writes and everybody reads as k.
    skeleton.map(|c| if c == '\u{138}' { 'k' } else { c }).collect()
}

/// How many words a legal form may have.
const RUN: usize = 4;

impl Folded {
    /// Folds a text as it is.
    pub fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self::fold(text.chars());
        }
        Self::fold(text.chars().filter(|&c| !invisible(c)).nfkc())
    }

    /// Folds what a text looks like: look-alike letters of all scripts become one (Unicode TR39 skeleton).
    pub fn of_looks(text: &str) -> Self {
        if text.is_ascii() {
            let looks = |b: u8| LOOKS.get(usize::from(b)).map(String::as_str).unwrap_or_default();
            return Self::fold(text.bytes().flat_map(|b| looks(b).chars()));
        }
        let visible: String = text.chars().filter(|&c| !invisible(c)).nfkc().collect();
        Self::fold(looks(&visible).chars())
    }

    fn fold(chars: impl Iterator<Item = char>) -> Self {
        let mut out = Self::default();
        let mut before: Option<char> = None;
        let mut pending = Cut::Hard;
        for c in chars {
            if !c.is_ascii() && is_combining_mark(c) {
                continue;
            }
            if !c.is_alphanumeric() {
                pending = Cut::Hard;
                before = None;
                continue;
            }
            let unspaced = |c: char| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase();
            if pending == Cut::None {
                let camel = before.is_some_and(char::is_lowercase) && c.is_uppercase();
                if camel || unspaced(c) || before.is_some_and(unspaced) {
                    pending = Cut::Soft;
                }
            }
            let mut put = |low: char| {
                out.cuts.push(pending);
                out.cuts.resize(out.letters.len() + low.len_utf8(), Cut::None);
                out.letters.push(low);
                pending = Cut::None;
            };
            match c.is_ascii() {
                true => put(c.to_ascii_lowercase()),
                false => c.to_lowercase().nfkd().filter(|&l| !is_combining_mark(l)).for_each(put),
            }
            before = Some(c);
        }
        out.cuts.push(Cut::Hard);
        out
    }

    /// What stands before a byte offset.
    pub fn cut(&self, at: usize) -> Cut {
        self.cuts.get(at).copied().unwrap_or(Cut::None)
    }

    /// Whether a phrase found at `start..end` is made of whole words, with no cut inside that it does not have.
    pub fn holds(&self, start: usize, end: usize, phrase: &Folded) -> bool {
        self.cut(start) != Cut::None
            && self.cut(end) != Cut::None
            && (start + 1..end).all(|at| self.cut(at) != Cut::Hard || phrase.cut(at - start) == Cut::Hard)
    }

    /// Whether a phrase stands somewhere in it, made of whole words.
    pub fn has(&self, phrase: &Folded) -> bool {
        let mut places = self.letters.match_indices(&phrase.letters);
        !phrase.letters.is_empty() && places.any(|(at, found)| self.holds(at, at + found.len(), phrase))
    }

    /// The words between hard cuts, as byte ranges.
    pub fn words(&self) -> Vec<(usize, usize)> {
        let cuts: Vec<usize> = (0..=self.letters.len()).filter(|&at| self.cut(at) == Cut::Hard).collect();
        cuts.windows(2).filter_map(|w| if let [a, b] = w { (a < b).then_some((*a, *b)) } else { None }).collect()
    }

    /// The range that is left when legal forms at both ends are taken off; everything when nothing else is there.
    pub fn body(&self) -> (usize, usize) {
        let text = |from: usize, to: usize| self.letters.get(from..to).unwrap_or_default();
        let (mut from, mut to) = (0, self.letters.len());
        // Forms such as `sp. z o.o.` are several words: try the longest run first.
        while from < to {
            let ends = (from + 1..=to).filter(|&at| self.cut(at) == Cut::Hard).take(RUN).collect::<Vec<_>>();
            let Some(end) = ends.into_iter().rev().find(|&end| legal_form(text(from, end))) else { break };
            from = end;
        }
        while from < to {
            let starts = (from..to).rev().filter(|&at| self.cut(at) == Cut::Hard).take(RUN).collect::<Vec<_>>();
            let Some(start) = starts.into_iter().rev().find(|&start| legal_form(text(start, to))) else { break };
            to = start;
        }
        if from >= to {
            return (0, self.letters.len());
        }
        self.without_attached_forms(from, to)
    }

    /// Takes off forms that are written without a space, as in Japanese, Chinese and Korean.
    fn without_attached_forms(&self, from: usize, to: usize) -> (usize, usize) {
        let text = self.letters.get(from..to).unwrap_or_default();
        let cut = |at: usize| self.cut(at) != Cut::None && at > from && at < to;
        let front = ATTACHED.iter().map(|f| f.letters.as_str()).filter(|f| text.starts_with(f)).map(str::len).max();
        let back = ATTACHED.iter().map(|f| f.letters.as_str()).filter(|f| text.ends_with(f)).map(str::len).max();
        let from = front.map(|len| from + len).filter(|at| cut(*at)).unwrap_or(from);
        let to = back.map(|len| to - len).filter(|at| *at > from && cut(*at)).unwrap_or(to);
        (from, to)
    }
}

impl Folded {
    /// The text without the legal forms at its ends; `None` when it has none.
    pub fn without_legal_forms(&self) -> Option<Self> {
        let (from, to) = self.body();
        if (from, to) == (0, self.letters.len()) {
            return None;
        }
        let mut cuts = self.cuts.get(from..=to)?.to_vec();
        for end in [0, cuts.len() - 1] {
            if let Some(cut) = cuts.get_mut(end) {
                *cut = Cut::Hard;
            }
        }
        Some(Self { letters: self.letters.get(from..to)?.to_owned(), cuts })
    }
}

/// Whether a text stands where a value should and says that there is none: `NOASSERTION`, `unknown`, `n/a` and the like.
/// Cheap, because every value of a document is asked.
pub fn says_nothing(text: &[u8]) -> bool {
    const NOTHING: &[&[u8]] = &[
        b"",
        b"-",
        b"n/a",
        b"na",
        b"no supplier",
        b"noassertion",
        b"none",
        b"not available",
        b"not specified",
        b"null",
        b"tbd",
        b"undefined",
        b"unknown",
        b"unknown supplier",
        b"unknown vendor",
        b"unspecified",
    ];
    let text = text.trim_ascii();
    // Most texts begin otherwise.
    let may = text.first().is_none_or(|first| matches!(first | 0x20, b'-' | b'n' | b't' | b'u'));
    may && text.len() <= 16 && NOTHING.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Where a phrase stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Position {
    /// Somewhere after other words.
    Inside,
    /// First, with other words behind it.
    First,
    /// It is the whole text, but for legal forms.
    Whole,
}

/// Characters that take no place: zero-width, directional, variation selectors, tags.
fn invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Legal forms that are written without a space before or behind the name.
static ATTACHED: LazyLock<Vec<Folded>> = LazyLock::new(|| {
    ["株式会社", "有限会社", "合同会社", "有限公司", "股份有限公司", "有限责任公司", "주식회사"].map(Folded::new).into()
});

/// Legal forms of companies, folded, as written in many countries.
fn legal_form(word: &str) -> bool {
    const FORMS: &[&str] = &[
        "ab",
        "ag",
        "aktiengesellschaft",
        "ao",
        "aps",
        "as",
        "asa",
        "bhd",
        "bv",
        "co",
        "coltd",
        "company",
        "corp",
        "corporation",
        "eood",
        "fze",
        "fzllc",
        "gmbh",
        "gmbhcokg",
        "gmbhcokg",
        "inc",
        "incorporated",
        "jointstockcompany",
        "jsc",
        "kft",
        "kg",
        "kk",
        "limited",
        "limitedliabilitycompany",
        "llc",
        "llp",
        "lp",
        "ltd",
        "ltda",
        "nv",
        "oao",
        "ohg",
        "ojsc",
        "ood",
        "ooo",
        "oy",
        "oyj",
        "pao",
        "plc",
        "pjsc",
        "private",
        "pt",
        "pte",
        "pteltd",
        "pty",
        "ptyltd",
        "pvt",
        "pvtltd",
        "sa",
        "sab",
        "sarl",
        "sas",
        "sdn",
        "sdnbhd",
        "se",
        "sl",
        "spa",
        "spk",
        "spzoo",
        "srl",
        "sro",
        "ug",
        "zao",
        "zrt",
        "ао",
        "зао",
        "оао",
        "ооо",
        "пао",
        "тоо",
        "тов",
    ];
    FORMS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, phrase: &str) -> Option<Position> {
        let (text, phrase) = (Folded::new(text), Folded::new(phrase));
        let start = text.letters.find(&phrase.letters)?;
        let end = start + phrase.letters.len();
        let (from, to) = text.body();
        let position = match (start <= from, end >= to) {
            (true, true) => Position::Whole,
            (true, false) => Position::First,
            _ => Position::Inside,
        };
        text.holds(start, end, &phrase).then_some(position)
    }

    #[test]
    fn spelling_does_not_count() {
        for text in [
            "Blue Bird Labs",
            "BLUEBIRDLABS",
            "blue_bird-labs",
            "BlueBirdLabs",
            "ＢＬＵＥ bird labs",
            "Blue\u{200B} Bird\u{AD} Labs",
            "blue bird lábs",
        ] {
            assert_eq!(found(text, "Blue Bird Labs"), Some(Position::Whole), "{text}");
        }
    }

    #[test]
    fn words_are_whole() {
        assert_eq!(found("bluebirdlabsx", "Blue Bird Labs"), None);
        assert_eq!(found("xbluebird", "Bluebird"), None);
        assert_eq!(found("BluebirdTip", "Bluebird"), Some(Position::First));
        assert_eq!(found("BlueBirds", "Bluebird"), None);
        assert_eq!(found("Blue bird", "Bluebird"), None, "a word of the phrase is never split");
        assert_eq!(found("青い鳥研究所", "青い鳥"), Some(Position::First));
    }

    #[test]
    fn legal_forms_do_not_count() {
        for text in [
            "AO Bluebird",
            "Bluebird, Inc.",
            "Bluebird Sp. z o.o.",
            "Bluebird Co., Ltd.",
            "ООО «Bluebird»",
            "Bluebird s.r.o.",
        ] {
            assert_eq!(found(text, "Bluebird"), Some(Position::Whole), "{text}");
        }
        assert_eq!(found("株式会社青い鳥", "青い鳥"), Some(Position::Whole));
        assert_eq!(found("青い鳥有限公司", "青い鳥"), Some(Position::Whole));
        assert_eq!(found("Bluebird France SAS", "Bluebird"), Some(Position::First));
        assert_eq!(found("Friends of Bluebird", "Bluebird"), Some(Position::Inside));
        assert_eq!(Folded::new("AO").body(), (0, 2));
    }

    #[test]
    fn some_words_say_nothing() {
        assert!(["", "  ", "NOASSERTION", "Unknown Supplier", "N/A", "-"].iter().all(|t| says_nothing(t.as_bytes())));
        assert!(!["Acme", "NA Systems", "unknown origin ltd"].iter().any(|t| says_nothing(t.as_bytes())));
    }

    #[test]
    fn what_ascii_looks_like_does_not_depend_on_its_neighbors() {
        for a in 0..0x80u8 {
            for b in 0..0x80u8 {
                let text = String::from_utf8(vec![a, b]).unwrap();
                assert_eq!(Folded::of_looks(&text), Folded::fold(super::looks(&text).chars()), "{text:?}");
            }
        }
    }

    #[test]
    fn looks_are_compared_by_looks() {
        // Cyrillic a and e, and a Greek capital kappa.
        let fake = Folded::of_looks("\u{39A}\u{430}st\u{435}l");
        assert_eq!(fake.letters, Folded::of_looks("Kastel").letters);
    }
}
