//! Tar, member by member from a stream. Headers and extended headers are read by the `tar` crate; the walk is our own,
//! because extended headers must not fill the memory, and a break must say where it is.

use super::{Faulty, Names, Trouble, Unpack};
use crate::source::read_up_to;
use std::io::{self, Read};
use tar::{Header, PaxExtensions};

const BLOCK: usize = 512;
/// How many bytes the name of a member, or its extended header, may have.
const LONGEST_HEADER: u64 = 1 << 20;

/// Whether an input that begins like this is a tar: its first header has the right checksum, or it is one without members.
pub fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.first_chunk::<BLOCK>() else { return false };
    let nothing = |bytes: &[u8]| bytes.iter().all(|b| *b == 0);
    match nothing(block) {
        true => head.len() > BLOCK && nothing(head),
        false => sound(block),
    }
}

fn sound(block: &[u8; BLOCK]) -> bool {
    let stated = Header::from_byte_slice(block).cksum().ok();
    // The checksum's own eight bytes count as blanks.
    let sum = |byte: fn(u8) -> i64| -> i64 {
        block.iter().enumerate().map(|(at, b)| if (148..156).contains(&at) { 32 } else { byte(*b) }).sum()
    };
    stated.is_some_and(|stated| {
        let stated = i64::from(stated);
        stated == sum(i64::from) || stated == sum(|b| i64::from(b.cast_signed()))
    })
}

/// What extended headers say of the next member.
#[derive(Default)]
struct Extended {
    name: Option<Vec<u8>>,
    size: Option<u64>,
    sparse: bool,
}

impl Extended {
    fn pax(&mut self, bytes: &[u8]) {
        for (key, value) in PaxExtensions::new(bytes).flatten().map(|e| (e.key_bytes(), e.value_bytes())) {
            match key {
                b"path" => self.name = Some(value.to_vec()),
                b"size" => self.size = std::str::from_utf8(value).ok().and_then(|v| v.parse().ok()),
                _ => self.sparse |= key.starts_with(b"GNU.sparse."),
            }
        }
    }
}

impl Unpack<'_> {
    pub(super) fn tar<R: Faulty>(&mut self, name: &str, from: &mut R, depth: u32) -> io::Result<()> {
        let mut names = Names::default();
        let (mut entries, mut files, told) = (0u64, 0u64, self.lost);
        let mut extended = Extended::default();
        let mut block = [0u8; BLOCK];
        loop {
            let got = read_up_to(from, &mut block)?;
            if let Some(fault) = from.fault() {
                self.lose(name, fault);
                break;
            }
            if got < BLOCK {
                let message = "the tar ends without its end mark: it is cut off, or its writer was stopped";
                self.lose(name, Trouble::broken(message));
                break;
            }
            if block.iter().all(|b| *b == 0) {
                self.end(name, from)?;
                break;
            }
            if !sound(&block) {
                self.lose(name, Trouble::broken("a header in the tar is damaged: what follows it was not read"));
                break;
            }
            let header = Header::from_byte_slice(&block).clone();
            let size = extended.size.or_else(|| header.entry_size().ok());
            let Some((size, whole)) = size.and_then(|size| Some((size, size.checked_next_multiple_of(BLOCK as u64)?)))
            else {
                self.lose(name, Trouble::broken("a size in the tar is no number: what follows it was not read"));
                break;
            };
            let padding = whole - size;
            let sort = header.entry_type();
            if sort.is_gnu_longname() || sort.is_pax_local_extensions() {
                let mut bytes = Vec::new();
                from.by_ref().take(size.min(LONGEST_HEADER)).read_to_end(&mut bytes)?;
                if size > LONGEST_HEADER {
                    self.lose(
                        name,
                        Trouble::broken("a name in the tar is longer than a megabyte: what follows it was not read"),
                    );
                    break;
                }
                pass(from, padding)?;
                match sort.is_gnu_longname() {
                    true => extended.name = Some(bytes.split(|b| *b == 0).next().unwrap_or_default().to_vec()),
                    false => extended.pax(&bytes),
                }
                continue;
            }
            let this = std::mem::take(&mut extended);
            if sort.is_pax_global_extensions() || sort.is_gnu_longlink() {
                extended = this;
                pass(from, whole)?;
                continue;
            }
            if !self.entry(name, &mut entries) {
                break;
            }
            let linked = sort.is_symlink() || sort.is_hard_link() || sort.is_fifo();
            if linked || sort.is_dir() || sort.is_character_special() || sort.is_block_special() {
                // Links may state the size of what they lead to, and have no bytes.
                if !linked {
                    pass(from, whole)?;
                }
                continue;
            }
            files += 1;
            let inner = names.inner(name, &this.name.unwrap_or_else(|| header.path_bytes().into_owned()));
            if sort.is_gnu_sparse() || this.sparse {
                self.lose(
                    &inner,
                    Trouble::broken("it is stored with holes, which is not read: unpack the archive first"),
                );
                let map = sort.is_gnu_sparse() && header.as_gnu().is_some_and(tar::GnuHeader::is_extended);
                if map {
                    self.lose(name, Trouble::broken("what follows a file with many holes in the tar was not read"));
                    break;
                }
                pass(from, whole)?;
                continue;
            }
            let mut content = Content { from, left: size };
            let source = crate::source::Source::from_reader(&inner, &mut content)?;
            let left = content.left;
            let fault =
                from.fault().or_else(|| (left > 0).then(|| Trouble::error(&io::ErrorKind::UnexpectedEof.into())));
            let complete = fault.is_none();
            if !self.member(&source, depth, fault)? || !complete {
                return Ok(());
            }
            pass(from, padding)?;
        }
        if files == 0 && self.lost == told {
            (self.give)(super::Given::Empty(name.to_owned()));
        }
        Ok(())
    }

    /// Behind the end mark stands nothing; a stream's own checksum is checked on the way to its end.
    fn end<R: Faulty>(&mut self, name: &str, from: &mut R) -> io::Result<()> {
        let mut rest = vec![0u8; 64 << 10];
        let mut more = false;
        loop {
            let got = read_up_to(from, &mut rest)?;
            more |= rest.get(..got).unwrap_or_default().iter().any(|b| *b != 0);
            if got < rest.len() {
                break;
            }
        }
        if more {
            self.lose(name, Trouble::broken("there is more behind the end mark of the tar, which was not read"));
        }
        if let Some(fault) = from.fault() {
            self.lose(name, fault);
        }
        Ok(())
    }
}

fn pass<R: Read>(from: &mut R, bytes: u64) -> io::Result<u64> {
    io::copy(&mut from.take(bytes), &mut io::sink())
}

/// The bytes of one member.
struct Content<'c, R> {
    from: &'c mut R,
    left: u64,
}

impl<R: Read> Read for Content<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(into.len());
        let got = self.from.read(into.get_mut(..most).unwrap_or_default())?;
        self.left -= got as u64;
        Ok(got)
    }
}
