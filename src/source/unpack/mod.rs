//! From one packed input to the inputs inside it: gzip, zstd, bzip2, xz, zip and tar, in any nesting.
//!
//! What is packed is told by content, never by name. Each member becomes a [`Source`] of its own, one at a time, called
//! `outer!inner/path`; a single compressed file keeps its name. Nothing is ever written to disk by the name of a member,
//! so a name that climbs out of a folder is only a name. What cannot be unpacked, or goes beyond a limit, is told and
//! never passed over. Start at [`unpack`].

mod codec;
mod limits;
mod tar;
mod zip;

pub use limits::Limits;

use super::{Source, read_up_to};
use codec::Codec;
use limits::{Budget, Meter};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Cursor, Read};
use std::rc::Rc;

/// How many members that cannot be unpacked are told one by one.
const TOLD: u64 = 200;
/// How many characters of a member's name are kept.
const LONGEST_NAME: usize = 1_000;
/// How many bytes tell what an input is.
const HEAD: usize = 1 << 10;

/// Something that could not be unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Whether a limit was reached, and not something broken.
    pub limit: bool,
    /// One sentence for people.
    pub message: String,
}

impl Trouble {
    fn broken(message: impl Into<String>) -> Self {
        Self { limit: false, message: message.into() }
    }

    fn limit(message: impl Into<String>) -> Self {
        Self { limit: true, message: message.into() }
    }

    fn error(error: &io::Error) -> Self {
        Self::broken(match error.kind() {
            io::ErrorKind::UnexpectedEof => "it is cut off: what stands before the cut was unpacked".to_owned(),
            _ => format!("it is damaged, and was unpacked only in part: {error}"),
        })
    }
}

/// What comes out of an input.
#[derive(Debug)]
pub enum Given<'s> {
    /// Something to be read.
    Inner {
        /// The bytes.
        source: &'s Source,
        /// Whether it is a member of an archive, and not the input itself or what was compressed.
        member: bool,
        /// What is wrong with it, when only a part of it could be unpacked.
        trouble: Option<Trouble>,
    },
    /// Something that could not be read at all, by name.
    Lost(String, Trouble),
    /// An archive without a single file in it, by name.
    Empty(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Compressed(Codec),
    Tar,
    Zip,
}

impl Kind {
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Some(Self::Zip),
            _ if tar::is_tar(head) => Some(Self::Tar),
            _ => Codec::of(head).map(Self::Compressed),
        }
    }
}

/// Whether an input that begins like this is unpacked.
pub fn is_packed(head: &[u8]) -> bool {
    Kind::of(head).is_some()
}

/// Gives everything inside an input, in order; an input that is not packed gives itself.
///
/// # Errors
/// When the input itself can no longer be read, or a temporary file not be written.
pub fn unpack(source: &Source, limits: &Limits, give: &mut dyn FnMut(Given<'_>)) -> io::Result<()> {
    let budget = Rc::new(Budget::new(limits, source.len()));
    let mut unpack = Unpack { limits, budget, give, lost: 0 };
    unpack.input(source, 0, false, None)?;
    if unpack.lost > TOLD {
        let message = format!("{} more members could not be unpacked either", unpack.lost - TOLD);
        (unpack.give)(Given::Lost(source.name().to_owned(), Trouble::broken(message)));
    }
    Ok(())
}

struct Unpack<'u> {
    limits: &'u Limits,
    budget: Rc<Budget>,
    give: &'u mut dyn FnMut(Given<'_>),
    lost: u64,
}

impl Unpack<'_> {
    fn lose(&mut self, name: &str, trouble: Trouble) {
        self.lost += 1;
        if self.lost <= TOLD || trouble.limit {
            (self.give)(Given::Lost(name.to_owned(), trouble));
        }
    }

    /// One input at a depth. The nesting is bounded by [`limits::DEEPEST`], and so is the stack.
    fn input(&mut self, source: &Source, depth: u32, member: bool, trouble: Option<Trouble>) -> io::Result<()> {
        let mut head = [0u8; HEAD];
        let got = read_up_to(&mut source.open()?, &mut head)?;
        let Some(kind) = Kind::of(head.get(..got).unwrap_or_default()) else {
            (self.give)(Given::Inner { source, member, trouble });
            return Ok(());
        };
        let most = self.limits.depth.min(limits::DEEPEST);
        if depth >= most {
            let message =
                format!("it is packed more than {most} deep, and was not unpacked (--max-archive-depth raises it)");
            self.lose(source.name(), Trouble::limit(message));
            return Ok(());
        }
        match kind {
            Kind::Zip => self.zip(source, depth)?,
            Kind::Tar => {
                let mut meter = Meter::new(source.open()?, &self.budget);
                self.tar(source.name(), &mut meter, depth)?;
            }
            Kind::Compressed(codec) => self.compressed(source, codec, depth, member)?,
        }
        if let Some(trouble) = trouble {
            self.lose(source.name(), trouble);
        }
        Ok(())
    }

    fn compressed(&mut self, source: &Source, codec: Codec, depth: u32, member: bool) -> io::Result<()> {
        let mut meter = Meter::new(codec.decoder(source.open()?), &self.budget);
        let mut head = vec![0u8; HEAD];
        let got = read_up_to(&mut meter, &mut head)?;
        head.truncate(got);
        if Kind::of(&head) == Some(Kind::Tar) {
            // Read on the way out of the decoder, so that the whole tar never lies anywhere.
            return self.tar(source.name(), &mut Behind { head: Cursor::new(head), rest: &mut meter }, depth);
        }
        let inner = Source::from_reader(source.name(), Cursor::new(head).chain(&mut meter))?;
        match meter.fault.take() {
            Some(fault) if inner.is_empty() => self.lose(source.name(), fault),
            fault => self.input(&inner, depth + 1, member, fault)?,
        }
        Ok(())
    }

    /// A member of an archive at a depth, as far as it could be unpacked. False when nothing more may be.
    fn member(&mut self, member: &Source, depth: u32, fault: Option<Trouble>) -> io::Result<bool> {
        let spent = self.budget.spent();
        match fault {
            Some(fault) if member.is_empty() => self.lose(member.name(), fault),
            fault => self.input(member, depth + 1, true, fault)?,
        }
        Ok(!spent && !self.budget.spent())
    }

    /// One more entry of an archive; false when there are too many.
    fn entry(&mut self, archive: &str, entries: &mut u64) -> bool {
        *entries += 1;
        if *entries > self.limits.entries {
            let most = self.limits.entries;
            let message =
                format!("it has more than {most} entries; the others were not read (--max-entries raises it)");
            self.lose(archive, Trouble::limit(message));
        }
        *entries <= self.limits.entries
    }
}

/// Bytes that come with the faults met on the way.
trait Faulty: Read {
    fn fault(&mut self) -> Option<Trouble>;
}

impl Faulty for Meter<'_> {
    fn fault(&mut self) -> Option<Trouble> {
        self.fault.take()
    }
}

/// A stream whose first bytes were looked at.
struct Behind<'b, 'm> {
    head: Cursor<Vec<u8>>,
    rest: &'b mut Meter<'m>,
}

impl Read for Behind<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.head.read(into)? {
            0 => self.rest.read(into),
            got => Ok(got),
        }
    }
}

impl Faulty for Behind<'_, '_> {
    fn fault(&mut self) -> Option<Trouble> {
        self.rest.fault()
    }
}

/// Names of members: each is different from those before it.
#[derive(Default)]
struct Names(HashMap<[u8; 16], u64>);

impl Names {
    /// `outer!inner`, with a number behind it from the second of a name on.
    fn inner(&mut self, outer: &str, raw: &[u8]) -> String {
        let text = String::from_utf8_lossy(raw);
        let shown: Cow<'_, str> = match text.char_indices().nth(LONGEST_NAME) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()).into(),
            None => text,
        };
        let digest = Sha256::digest(shown.as_bytes());
        let key = digest.first_chunk::<16>().copied().unwrap_or_default();
        let count = self.0.entry(key).or_insert(0);
        *count += 1;
        if *count == 1 { format!("{outer}!{shown}") } else { format!("{outer}!{shown} ({count})") }
    }
}
