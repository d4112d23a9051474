//! Bounds of unpacking, and the meter that holds them.

use super::Trouble;
use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// The deepest nesting there is, whatever the caller allows: each level takes a little of the stack.
pub const DEEPEST: u32 = 64;
/// The ratio counts from here on.
const FROM: u64 = 1 << 20;

/// Bounds of unpacking one input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many bytes an input may unpack to, all layers together.
    pub unpacked: u64,
    /// How many times its own size an input may unpack to, from 1 MiB on.
    pub ratio: u64,
    /// How many entries an archive may have, or values a list or a text of JSON lines.
    pub entries: u64,
    /// How deep archives may be nested; at most 64.
    pub depth: u32,
    /// How many bytes an input may have before it is unpacked.
    pub input: Option<u64>,
}

impl Default for Limits {
    /// 2 GiB, 200 times, 100,000 entries, 4 deep, inputs of any size.
    fn default() -> Self {
        Self { unpacked: 2 << 30, ratio: 200, entries: 100_000, depth: 4, input: None }
    }
}

/// What an input may still unpack to.
pub struct Budget {
    unpacked: u64,
    ratio: u64,
    outer: u64,
    out: Cell<u64>,
}

impl Budget {
    /// For an input of a size.
    pub fn new(limits: &Limits, outer: u64) -> Self {
        Self { unpacked: limits.unpacked, ratio: limits.ratio, outer, out: Cell::new(0) }
    }

    fn over(&self) -> Option<String> {
        let out = self.out.get();
        if out > self.unpacked {
            let most = self.unpacked;
            return Some(format!("unpacks to more than {most} bytes (--max-unpacked-size raises it)"));
        }
        let much = out > FROM && out > self.outer.saturating_mul(self.ratio);
        much.then(|| format!("unpacks to more than {} times its size (--max-ratio raises it)", self.ratio))
    }

    fn take(&self, bytes: usize) -> Option<Trouble> {
        self.out.set(self.out.get().saturating_add(bytes as u64));
        let over = self.over()?;
        Some(Trouble::limit(format!("the input {over}: neither the rest of this nor what follows it was read")))
    }

    /// Whether nothing more may be unpacked.
    pub fn spent(&self) -> bool {
        self.over().is_some()
    }
}

/// A reader that ends, and says why, where its bytes break or the budget is spent.
pub struct Meter<'m> {
    from: Box<dyn Read + 'm>,
    budget: Rc<Budget>,
    /// Why it ended early.
    pub fault: Option<Trouble>,
    ended: bool,
}

impl<'m> Meter<'m> {
    /// Meters a reader.
    pub fn new(from: impl Read + 'm, budget: &Rc<Budget>) -> Self {
        Self { from: Box::new(from), budget: Rc::clone(budget), fault: None, ended: false }
    }

    fn end(&mut self, fault: Trouble) -> usize {
        self.fault = Some(fault);
        self.ended = true;
        0
    }
}

impl Read for Meter<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        // Some decoders take a read of nothing for the end.
        if self.ended || into.is_empty() {
            return Ok(0);
        }
        match self.from.read(into) {
            Ok(got) => Ok(match self.budget.take(got) {
                Some(fault) => self.end(fault),
                None => got,
            }),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => Ok(self.end(Trouble::error(&error))),
        }
    }
}
