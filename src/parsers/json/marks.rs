//! Where a reader of JSON must look: a bit for each byte of its window, found sixteen bytes at a time.
//!
//! Between two marks nothing can happen, so the reader goes from one to the next. It must never know what a byte means.

use wide::{i8x16, u8x16};

/// How many bytes one word of marks is about.
const WORD: usize = 64;

/// The marks of what a window holds, by the number of the byte in it.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// What is no white space.
    ink: Vec<u64>,
    /// What may end a text or needs a closer look in one: quotes, backslashes, control characters, and all beyond ASCII.
    stops: Vec<u64>,
}

impl Marks {
    /// Marks these bytes anew.
    pub fn mark(&mut self, bytes: &[u8]) {
        self.ink.clear();
        self.stops.clear();
        let (blocks, rest) = bytes.as_chunks::<WORD>();
        for block in blocks {
            self.block(block);
        }
        if !rest.is_empty() {
            // White space is not marked, so that nothing stands behind the last byte.
            let mut last = [b' '; WORD];
            last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            self.block(&last);
        }
    }

    #[inline]
    fn block(&mut self, block: &[u8; WORD]) {
        let (mut ink, mut stops) = (0, 0);
        for (at, sixteen) in block.as_chunks::<16>().0.iter().enumerate() {
            let bytes = u8x16::from(*sixteen);
            let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
            let blank = is(b' ') | is(b'\n') | is(b'\r') | is(b'\t');
            // As signed numbers, bytes beyond ASCII are less than any other.
            let strange = bytes.cast_signed().simd_lt(i8x16::splat(0x20)).cast_unsigned();
            let stop = strange | is(b'"') | is(b'\\');
            ink |= u64::from(!blank.to_bitmask() & 0xFFFF) << (16 * at);
            stops |= u64::from(stop.to_bitmask() & 0xFFFF) << (16 * at);
        }
        self.ink.push(ink);
        self.stops.push(stops);
    }

    /// The first byte from here on that is no white space.
    #[inline]
    pub fn ink(&self, from: usize) -> Option<usize> {
        first(&self.ink, from)
    }

    /// The first byte from here on that may end a text or needs a closer look in one.
    #[inline]
    pub fn stop(&self, from: usize) -> Option<usize> {
        first(&self.stops, from)
    }
}

/// The first mark from here on.
#[inline]
fn first(marks: &[u64], from: usize) -> Option<usize> {
    let mut at = from / WORD;
    let mut word = marks.get(at)? & (u64::MAX << (from % WORD));
    while word == 0 {
        at += 1;
        word = *marks.get(at)?;
    }
    Some(at * WORD + word.trailing_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn every_byte_is_marked_for_what_it_is() {
        let mut marks = Marks::default();
        for len in [0, 1, 15, 16, 17, 63, 64, 65, 200] {
            for byte in 0..=u8::MAX {
                for at in [0, 1, 16, 62, 63, 64, 199] {
                    let (mut spaces, mut letters) = (vec![b' '; len], vec![b'x'; len]);
                    if let (Some(space), Some(letter)) = (spaces.get_mut(at), letters.get_mut(at)) {
                        (*space, *letter) = (byte, byte);
                    }
                    let here = Some(at).filter(|at| *at < len);
                    marks.mark(&spaces);
                    let blank = matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
                    assert_eq!(marks.ink(0), here.filter(|_| !blank), "{byte} at {at} of {len}");
                    marks.mark(&letters);
                    let stops = matches!(byte, b'"' | b'\\') || !(0x20..0x80).contains(&byte);
                    assert_eq!(marks.stop(0), here.filter(|_| stops), "{byte} at {at} of {len}");
                    assert_eq!(marks.stop(at + 1), None);
                }
            }
        }
    }
}
