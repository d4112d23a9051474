//! The words that the first pass watches for, and whether one stands in a value.
//!
//! Every value that a rule may look at is asked about, so a question must cost next to nothing: three letters at a time are
//! looked up in a table of bits, and only where a literal may begin, letters are compared. It must never miss a literal; that
//! it says yes too often costs only time.

/// Lower-case literals, each a run of ASCII letters and digits.
#[derive(Debug, Clone, Default)]
pub struct Literals {
    words: Vec<String>,
    /// Those of less than three letters, which are compared everywhere.
    short: Vec<String>,
    /// For each hash of three letters, whether a literal begins with some such.
    bits: Vec<u64>,
}

/// How many bits of a hash are kept: the table takes 8 KiB, and stays close to the processor.
const BITS: u32 = 16;

/// How many letters are looked up at once.
const GRAM: usize = 3;

/// Makes letters lower case and leaves digits as they are; what it does to other bytes does not matter.
const LOWER: u32 = 0x2020_2020;

/// The place of three folded letters in the table.
#[inline]
fn hash(three: u32) -> u32 {
    ((three & 0x00FF_FFFF).wrapping_mul(0x9E37_79B1)) >> (u32::BITS - BITS)
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
        let mut bits = vec![0u64; 1 << (BITS - 6)];
        for literal in &words {
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
            if literal.is_empty() || !literal.bytes().all(plain) {
                return Err(format!("`{literal}` cannot be watched for: only a-z and 0-9 can"));
            }
            if let [a, b, c, ..] = literal.as_bytes() {
                let at = hash(u32::from_le_bytes([*a, *b, *c, 0]));
                if let Some(word) = bits.get_mut((at >> 6) as usize) {
                    *word |= 1 << (at & 63);
                }
            }
        }
        let short = words.iter().filter(|word| word.len() < GRAM).cloned().collect();
        Ok(Self { words, short, bits })
    }

    /// Whether a text holds a literal, in whatever case.
    pub fn found_in(&self, text: &[u8]) -> bool {
        let here = |at: usize, bytes: [u8; 4]| self.may_begin(u32::from_le_bytes(bytes)) && self.begins(text, at);
        let (fours, last) = (text.windows(4).map(|four| four.first_chunk::<4>()), text.last_chunk::<GRAM>());
        fours.enumerate().any(|(at, four)| four.is_some_and(|four| here(at, *four)))
            || last.is_some_and(|[a, b, c]| here(text.len() - GRAM, [*a, *b, *c, 0]))
            || (!self.short.is_empty() && (0..text.len()).any(|at| starts(&self.short, text, at)))
    }

    /// Whether a literal may begin with the first three of these bytes.
    #[inline]
    fn may_begin(&self, bytes: u32) -> bool {
        let at = hash(bytes | LOWER);
        self.bits.get((at >> 6) as usize).is_some_and(|word| word >> (at & 63) & 1 != 0)
    }

    /// Whether one begins here.
    #[cold]
    fn begins(&self, text: &[u8], at: usize) -> bool {
        let Some(three) = text.get(at..at + GRAM).map(<[u8]>::to_ascii_lowercase) else { return false };
        let from = self.words.partition_point(|word| word.as_bytes() < three.as_slice());
        let same = self.words.get(from..).unwrap_or_default();
        let same = same.split(|word| !word.as_bytes().starts_with(&three)).next().unwrap_or_default();
        starts(same, text, at)
    }

    /// The literals, sorted.
    pub fn words(&self) -> &[String] {
        &self.words
    }
}

/// Whether the text goes on with one of these words.
fn starts(words: &[String], text: &[u8], at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    words.iter().any(|word| rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes())))
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
