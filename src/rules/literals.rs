//! The words that the first pass watches for, and whether one stands in a value.
//!
//! Every value that a rule may look at is asked about, so a question must cost next to nothing: four letters at a time are
//! looked up in a table of bits, and only where a literal may begin, letters are compared. It must never miss a literal; that
//! it says yes too often costs only time.

/// Lower-case literals, each a run of ASCII letters and digits.
#[derive(Debug, Clone, Default)]
pub struct Literals {
    words: Vec<String>,
    /// Those of less than three letters, which are compared everywhere.
    short: Vec<String>,
    /// For each hash of three letters a bit for each sort of letter that may come fourth in a literal that begins so.
    fourths: Vec<u16>,
    /// The others by their first three letters, folded.
    starts: Vec<(u32, String)>,
}

/// How many bits of a hash are kept: the table takes 16 KiB, and stays close to the processor.
const BITS: u32 = 13;

/// How many letters are hashed.
const GRAM: usize = 3;

/// Makes letters lower case and leaves digits as they are; what it does to other bytes does not matter.
const LOWER: u32 = 0x2020_2020;

/// Three letters as a number, those of both cases alike.
#[inline]
fn folded([a, b, c]: [u8; GRAM]) -> u32 {
    u32::from_le_bytes([a, b, c, 0]) | LOWER & 0x00FF_FFFF
}

/// The place of three folded letters in the table.
#[inline]
fn hash(three: u32) -> usize {
    ((three << 8).wrapping_mul(0x9E37_79B1) >> (u32::BITS - BITS)) as usize
}

impl Literals {
    /// Compiles literals. Empty ones, and ones with other bytes than `a-z0-9`, are refused.
    ///
    /// # Errors
    /// A sentence that names the literal.
    pub fn new<'a>(literals: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut words: Vec<String> = literals.into_iter().map(str::to_owned).collect();
        words.sort_unstable();
        words.dedup();
        let mut fourths = vec![0u16; 1 << BITS];
        for literal in &words {
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
            if literal.is_empty() || !literal.bytes().all(plain) {
                return Err(format!("`{literal}` cannot be watched for: only a-z and 0-9 can"));
            }
            if let [a, b, c, rest @ ..] = literal.as_bytes()
                && let Some(sorts) = fourths.get_mut(hash(folded([*a, *b, *c])))
            {
                *sorts |= rest.first().map_or(u16::MAX, |fourth| 1 << (fourth & 15));
            }
        }
        let three = |word: &String| word.as_bytes().first_chunk().map(|three| folded(*three));
        let mut starts: Vec<(u32, String)> = words.iter().filter_map(|w| Some((three(w)?, w.clone()))).collect();
        starts.sort_unstable();
        let short = words.iter().filter(|word| word.len() < GRAM).cloned().collect();
        Ok(Self { words, short, fourths, starts })
    }

    /// Whether a text holds a literal, in whatever case.
    pub fn found_in(&self, text: &[u8]) -> bool {
        let mut rest = text;
        while let Some(four) = rest.first_chunk::<4>() {
            if self.may_begin(u32::from_le_bytes(*four)) && self.begins(rest) {
                return true;
            }
            rest = rest.get(1..).unwrap_or_default();
        }
        if let [a, b, c] = rest
            && self.may_begin(u32::from_le_bytes([*a, *b, *c, 0]))
            && self.begins(rest)
        {
            return true;
        }
        !self.short.is_empty()
            && (0..text.len())
                .filter_map(|at| text.get(at..))
                .any(|rest| self.short.iter().any(|word| starts(word, rest)))
    }

    /// Whether a literal may begin with these four bytes, or with the first three of them.
    #[inline]
    fn may_begin(&self, bytes: u32) -> bool {
        self.fourths.get(hash(bytes | LOWER)).is_some_and(|sorts| sorts >> (bytes >> 24 & 15) & 1 != 0)
    }

    /// Whether a text begins with one.
    #[cold]
    fn begins(&self, text: &[u8]) -> bool {
        let Some(three) = text.first_chunk().map(|three| folded(*three)) else { return false };
        let from = self.starts.partition_point(|start| start.0 < three);
        let same = self.starts.get(from..).unwrap_or_default().iter().take_while(|start| start.0 == three);
        same.into_iter().any(|(_, word)| starts(word, text))
    }

    /// The literals, sorted.
    pub fn words(&self) -> &[String] {
        &self.words
    }
}

/// Whether a text begins with this word.
fn starts(word: &str, text: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::Literals;

    #[test]
    fn a_literal_is_found_in_any_case_and_in_texts_of_any_length() {
        let literals = Literals::new(["engine"]).unwrap();
        for length in [0, 1, 2, 3, 4, 121, 128, 5000] {
            for after in ["", "x", "xy", "\u{e9}"] {
                let text = format!("{}EnGine{after}", "x".repeat(length));
                assert!(literals.found_in(text.as_bytes()), "{length}");
                assert!(!literals.found_in(text.replace('G', "k").as_bytes()), "{length}");
            }
        }
        assert!(!Literals::new([]).unwrap().found_in(b"engine"));
    }

    #[test]
    fn it_finds_what_a_plain_search_finds() {
        let words = ["a1", "sec", "sect", "engine", "eng7", "scanner0", "7e7", "zz"];
        let literals = Literals::new(words).unwrap();
        let (mut state, mut found) = (7u32, 0);
        for length in 0..3000 {
            let text: String = (0..length % 30)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let pieces =
                        ["En", "g", "se", "C", "scan", "Ner", "0", "7", "e", "a", "1", "z", " ", "\u{e9}", "@", "["];
                    pieces[(state >> 24) as usize % pieces.len()]
                })
                .collect();
            let lower = text.to_ascii_lowercase();
            let expected = words.iter().any(|word| lower.contains(word));
            found += usize::from(expected);
            assert_eq!(literals.found_in(text.as_bytes()), expected, "{text}");
        }
        assert!((300..2700).contains(&found), "{found}");
    }
}
