//! Zip, member by member along the directory at its end. The directory is read as a stream and not kept, and two members
//! of one name stay two: that is why this is no library.

use super::codec::Codec;
use super::limits::Meter;
use super::{Given, Names, Trouble, Unpack};
use crate::source::{Source, read_up_to};
use flate2::Crc;
use std::io::{self, BufReader, Read};

/// Where the directory stands, and how much is in it.
struct End {
    entries: u64,
    at: u64,
    len: u64,
    /// How many bytes stand before the zip: offsets do not count them.
    before: u64,
}

struct Member {
    name: Vec<u8>,
    flags: u16,
    method: u16,
    crc: u32,
    packed: u64,
    size: u64,
    at: u64,
}

impl Unpack<'_> {
    pub(super) fn zip(&mut self, source: &Source, depth: u32) -> io::Result<()> {
        let name = source.name();
        let Some(end) = end_of(source)? else {
            let message = "the directory at the end of the zip is missing: it is cut off or damaged, and was not read";
            self.lose(name, Trouble::broken(message));
            return Ok(());
        };
        let mut directory = BufReader::new(source.open_at(end.before + end.at)?.take(end.len));
        let mut names = Names::default();
        let (mut entries, mut files, told) = (0, 0u64, self.lost);
        while entries < end.entries || !at_end(&mut directory)? {
            let Some(member) = member(&mut directory)? else {
                let message = "the directory of the zip is damaged: members may have gone unseen";
                self.lose(name, Trouble::broken(message));
                break;
            };
            if !self.entry(name, &mut entries) {
                break;
            }
            if member.name.ends_with(b"/") && member.size == 0 {
                continue;
            }
            files += 1;
            let inner = names.inner(name, &member.name);
            if !self.content(source, &end, &member, &inner, depth)? {
                return Ok(());
            }
        }
        if files == 0 && self.lost == told {
            (self.give)(Given::Empty(name.to_owned()));
        }
        Ok(())
    }

    /// False when nothing more may be unpacked.
    fn content(&mut self, source: &Source, end: &End, member: &Member, inner: &str, depth: u32) -> io::Result<bool> {
        let plain = match plain(source, end, member)? {
            Ok(plain) => plain,
            Err(message) => {
                self.lose(inner, Trouble::broken(message));
                return Ok(true);
            }
        };
        let mut meter = Meter::new(plain, &self.budget);
        let mut sum = Sum { from: &mut meter, crc: Crc::new(), len: 0 };
        let content = Source::from_reader(inner, &mut sum)?;
        let (crc, len) = (sum.crc.sum(), sum.len);
        let fault = meter.fault.take().or_else(|| match (len == member.size, crc == member.crc) {
            (true, true) => None,
            (false, _) => Some(Trouble::broken(format!("the zip says {} bytes, and there are {len}", member.size))),
            _ => Some(Trouble::broken("its checksum does not match: it is damaged")),
        });
        self.member(&content, depth, fault)
    }
}

/// The bytes of a member, or why there are none.
fn plain(source: &Source, end: &End, member: &Member) -> io::Result<Result<Box<dyn Read>, String>> {
    let mut local = [0u8; 30];
    let at = end.before.saturating_add(member.at);
    let got = read_up_to(&mut source.open_at(at)?, &mut local)?;
    if member.flags & 1 != 0 {
        return Ok(Err("it is encrypted, and was not read".to_owned()));
    }
    if got < local.len() || !local.starts_with(b"PK\x03\x04") {
        return Ok(Err("it does not stand where the directory of the zip says, and was not read".to_owned()));
    }
    let skip = 30 + u64::from(two(&local, 26)) + u64::from(two(&local, 28));
    let packed = source.open_at(at.saturating_add(skip))?.take(member.packed);
    Ok(Ok(match member.method {
        0 => Box::new(packed),
        8 => Box::new(flate2::read::DeflateDecoder::new(packed)),
        12 => Codec::Bzip2.decoder(packed),
        93 => Codec::Zstd.decoder(packed),
        95 => Codec::Xz.decoder(packed),
        other => {
            return Ok(Err(format!("it is compressed by method {other}, which is not read: unpack the zip first")));
        }
    }))
}

fn two(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(|b| b.first_chunk()).map_or(0, |b| u16::from_le_bytes(*b))
}

fn four(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|b| b.first_chunk()).map_or(0, |b| u32::from_le_bytes(*b))
}

fn eight(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(|b| b.first_chunk()).map_or(0, |b| u64::from_le_bytes(*b))
}

/// Finds the end record, also behind a comment and before other bytes, and its 64-bit twin.
fn end_of(source: &Source) -> io::Result<Option<End>> {
    const RECORD: usize = 22;
    let start = source.len().saturating_sub((RECORD + 0xFFFF) as u64);
    let mut tail = Vec::new();
    source.open_at(start)?.read_to_end(&mut tail)?;
    let whole = |at: &usize| tail.len() >= at + RECORD + usize::from(two(&tail, at + 20));
    let Some(at) = memchr::memmem::rfind_iter(&tail, b"PK\x05\x06").find(whole) else { return Ok(None) };
    let here = start + at as u64;
    let (mut entries, mut len, mut offset) =
        (u64::from(two(&tail, at + 10)), u64::from(four(&tail, at + 12)), u64::from(four(&tail, at + 16)));
    let mut ends = here;
    let locator = tail.get(at.saturating_sub(20)..at).filter(|l| l.starts_with(b"PK\x06\x07"));
    if let Some(locator) = locator {
        let stated = eight(locator, 8);
        let mut record = [0u8; 56];
        let got = read_up_to(&mut source.open_at(stated)?, &mut record)?;
        if got < record.len() || !record.starts_with(b"PK\x06\x06") {
            return Ok(None);
        }
        (entries, len, offset) = (eight(&record, 32), eight(&record, 40), eight(&record, 48));
        ends = stated;
    }
    let before = ends.checked_sub(len).and_then(|at| at.checked_sub(offset));
    Ok(before.map(|before| End { entries, at: offset, len, before }))
}

fn at_end(directory: &mut impl io::BufRead) -> io::Result<bool> {
    Ok(directory.fill_buf()?.is_empty())
}

/// The next entry of the directory; `None` when it is none.
fn member(directory: &mut impl Read) -> io::Result<Option<Member>> {
    let mut fixed = [0u8; 46];
    if read_up_to(directory, &mut fixed)? < fixed.len() || !fixed.starts_with(b"PK\x01\x02") {
        return Ok(None);
    }
    let mut name = vec![0u8; usize::from(two(&fixed, 28))];
    let mut extra = vec![0u8; usize::from(two(&fixed, 30)) + usize::from(two(&fixed, 32))];
    if read_up_to(directory, &mut name)? < name.len() || read_up_to(directory, &mut extra)? < extra.len() {
        return Ok(None);
    }
    extra.truncate(usize::from(two(&fixed, 30)));
    let mut member = Member {
        name,
        flags: two(&fixed, 8),
        method: two(&fixed, 10),
        crc: four(&fixed, 16),
        packed: u64::from(four(&fixed, 20)),
        size: u64::from(four(&fixed, 24)),
        at: u64::from(four(&fixed, 42)),
    };
    let mut rest: &[u8] = &extra;
    while rest.len() >= 4 {
        let (id, len) = (two(rest, 0), usize::from(two(rest, 2)));
        let mut field = rest.get(4..4 + len).unwrap_or_default();
        if id == 1 {
            // Only what did not fit stands here, in this order.
            for slot in [&mut member.size, &mut member.packed, &mut member.at] {
                if *slot == u64::from(u32::MAX) && field.len() >= 8 {
                    *slot = eight(field, 0);
                    field = field.get(8..).unwrap_or_default();
                }
            }
        }
        rest = rest.get(4 + len..).unwrap_or_default();
    }
    Ok(Some(member))
}

/// Counts and sums what is read.
struct Sum<'s, R> {
    from: &'s mut R,
    crc: Crc,
    len: u64,
}

impl<R: Read> Read for Sum<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.from.read(into)?;
        self.crc.update(into.get(..got).unwrap_or_default());
        self.len += got as u64;
        Ok(got)
    }
}
