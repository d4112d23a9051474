//! Bytes of one input, and where things stand in them.
//!
//! A [`Source`] is a named run of bytes that can be read more than once: a file, standard input, a slice in memory.
//! An [`intake::Intake`] brings its bytes and [`window::Window`] slides over them; [`position`] turns byte offsets into lines and columns; [`collect`] turns the
//! paths a caller names into sources, [`address`] and `objects` those that are not on this machine, and [`unpack`] one
//! packed source into those inside. Nothing here knows what an SBOM is.
//!
//! This module must never hold a large input in memory and never map a file (it could shrink under us).
//! Start at [`Source`].

pub mod address;
pub mod collect;
pub mod excerpt;
pub mod intake;
#[cfg(feature = "cloud")]
pub mod objects;
pub mod position;
pub mod unpack;
pub mod window;

use encoding_rs::Encoding;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use window::Span;

/// Inputs up to this many bytes are read once and kept; larger ones are read again from where they lie.
const KEEP: u64 = 4 << 20;

/// A named input that can be opened as often as needed.
#[derive(Debug)]
pub struct Source {
    name: String,
    bytes: Bytes,
    /// Where in the bytes this input begins: not at 0 for a part of a larger text.
    start: u64,
    len: u64,
    /// The pointer of a part in the text around it.
    pointer: String,
    /// What the text around a part is called.
    around: Option<String>,
    /// Where the part last looked at begins, shared with all parts of one text.
    mark: Arc<Mutex<position::Mark>>,
    /// The bytes as they came, when they had to be converted.
    original: Option<Original>,
}

/// What an input was before it was converted.
#[derive(Debug)]
struct Original {
    len: u64,
    sha256: String,
    bytes: Bytes,
    encoding: &'static Encoding,
}

#[derive(Debug, Clone)]
enum Bytes {
    Memory(Arc<[u8]>),
    File(Arc<File>),
}

impl Source {
    /// An input from bytes in memory. `name` is how reports call it.
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes: Arc<[u8]> = bytes.into();
        let len = bytes.len() as u64;
        Self::whole(name.into(), Bytes::Memory(bytes), len)
    }

    fn whole(name: String, bytes: Bytes, len: u64) -> Self {
        Self { name, bytes, start: 0, len, pointer: String::new(), around: None, mark: Arc::default(), original: None }
    }

    /// A part of this input as an input of its own: its offsets count from the part's start, while [`position::locate`]
    /// names the lines and columns of the text around it. `pointer` is what stands before the part's own pointers.
    #[must_use]
    pub fn part(&self, name: impl Into<String>, span: Span, pointer: &str) -> Self {
        let start = span.start.min(self.len);
        Self {
            name: name.into(),
            bytes: self.bytes.clone(),
            start: self.start + start,
            len: span.end.clamp(start, self.len) - start,
            pointer: format!("{}{pointer}", self.pointer),
            around: Some(self.text_name().to_owned()),
            mark: Arc::clone(&self.mark),
            original: None,
        }
    }

    /// An input from a file that is at most `most` bytes long.
    ///
    /// # Errors
    /// When the file cannot be opened or read, or is larger ([`io::ErrorKind::FileTooLarge`]).
    pub fn from_file(name: impl Into<String>, path: &Path, most: Option<u64>) -> io::Result<Self> {
        let file = File::open(path)?;
        let about = file.metadata()?;
        if about.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a directory"));
        }
        if about.is_file() && most.is_some_and(|most| about.len() > most) {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        if about.is_file() && about.len() > KEEP {
            return Self::whole(name.into(), Bytes::File(Arc::new(file)), about.len()).readable();
        }
        Self::from_reader_up_to(name, file, most)
    }

    /// The same as [`Source::from_reader`] for at most `most` bytes.
    ///
    /// # Errors
    /// The same, or [`io::ErrorKind::FileTooLarge`] when there are more.
    pub fn from_reader_up_to(name: impl Into<String>, from: impl Read, most: Option<u64>) -> io::Result<Self> {
        let most = most.unwrap_or(u64::MAX);
        let source = Self::from_reader(name, from.take(most.saturating_add(1)))?;
        if source.len() > most { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(source) }
    }

    /// An input from something that can be read only once, such as standard input. Up to 4 MiB stay in memory; more
    /// goes to an unnamed temporary file.
    ///
    /// # Errors
    /// When reading fails, or the temporary file cannot be written.
    pub fn from_reader(name: impl Into<String>, mut from: impl Read) -> io::Result<Self> {
        let mut head = Vec::new();
        from.by_ref().take(KEEP + 1).read_to_end(&mut head)?;
        if head.len() as u64 <= KEEP {
            return Self::from_bytes(name, head).readable();
        }
        let mut file = tempfile::tempfile()?;
        file.write_all(&head)?;
        let rest = io::copy(&mut from, &mut file)?;
        Self::whole(name.into(), Bytes::File(Arc::new(file)), head.len() as u64 + rest).readable()
    }

    /// Text in another encoding becomes UTF-8, once; everything else stays as it is.
    fn readable(self) -> io::Result<Self> {
        let mut head = [0u8; 256];
        let got = read_up_to(&mut self.open()?, &mut head)?;
        let Some(encoding) = encoding(head.get(..got).unwrap_or_default()) else { return Ok(self) };
        let mut decoder = encoding.new_decoder_with_bom_removal();
        let mut from = self.open()?;
        let mut out: Box<dyn WriteThenRead> =
            if self.len <= KEEP { Box::new(Cursor::new(Vec::new())) } else { Box::new(tempfile::tempfile()?) };
        let mut digest = Sha256::new();
        let (mut raw, mut text) = (vec![0u8; 64 << 10], String::with_capacity(256 << 10));
        loop {
            let got = read_up_to(&mut from, &mut raw)?;
            let piece = raw.get(..got).unwrap_or_default();
            digest.update(piece);
            let mut done = 0;
            loop {
                text.clear();
                let (result, used, _) =
                    decoder.decode_to_string(piece.get(done..).unwrap_or_default(), &mut text, got < raw.len());
                done += used;
                out.write_all(text.as_bytes())?;
                if result == encoding_rs::CoderResult::InputEmpty {
                    break;
                }
            }
            if got < raw.len() {
                let mut source = out.into_source(self.name)?;
                let sha256 = window::hex(&digest.finalize());
                source.original = Some(Original { len: self.len, sha256, bytes: self.bytes, encoding });
                return Ok(source);
            }
        }
    }

    /// How reports call this input.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the text is called whose lines and columns [`position::locate`] counts: for a part the one around it.
    pub fn text_name(&self) -> &str {
        self.around.as_deref().unwrap_or(&self.name)
    }

    /// Size in bytes, as first seen.
    pub fn len(&self) -> u64 {
        self.original.as_ref().map_or(self.len, |original| original.len)
    }

    /// The SHA-256 of the bytes as they came, lower-case hexadecimal, when they had to be converted to be read.
    pub fn original_sha256(&self) -> Option<&str> {
        self.original.as_ref().map(|original| original.sha256.as_str())
    }

    /// The bytes as they came from their start, and their encoding, when they had to be converted to be read.
    pub fn original(&self) -> Option<(&'static Encoding, Reader)> {
        let Original { bytes, len, encoding, .. } = self.original.as_ref()?;
        Some((*encoding, Reader { bytes: bytes.clone(), start: 0, at: 0, end: *len }))
    }

    /// The SHA-256 of the bytes as they came, lower-case hexadecimal.
    ///
    /// # Errors
    /// When the input can no longer be read.
    pub fn sha256(&self) -> io::Result<String> {
        if let Some(known) = self.original_sha256() {
            return Ok(known.to_owned());
        }
        let mut digest = Sha256::new();
        let mut from = self.open()?;
        let mut piece = vec![0u8; usize::try_from(self.len).unwrap_or(usize::MAX).clamp(1, 256 << 10)];
        loop {
            let got = read_up_to(&mut from, &mut piece)?;
            digest.update(piece.get(..got).unwrap_or_default());
            if got < piece.len() {
                break;
            }
        }
        Ok(window::hex(&digest.finalize()))
    }

    /// Whether it is read again each time, and long: more than 4 MiB.
    pub fn is_large(&self) -> bool {
        matches!(self.bytes, Bytes::File(_)) && self.len > KEEP
    }

    /// True when there is not a single byte.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Where in the text around it this input begins; 0 when it is no part.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// What stands before this input's own pointers; empty when it is no part.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Opens the input from its first byte. Readers of one source may be used by turns, in one thread.
    ///
    /// # Errors
    /// When the file behind it can no longer be read.
    pub fn open(&self) -> io::Result<Reader> {
        self.open_at(0)
    }

    /// Opens the input from a byte offset on.
    ///
    /// # Errors
    /// When the file behind it can no longer be read.
    pub fn open_at(&self, offset: u64) -> io::Result<Reader> {
        let end = self.start + self.len;
        Ok(Reader { bytes: self.bytes.clone(), start: self.start, at: self.start.saturating_add(offset).min(end), end })
    }

    /// Opens the whole text of which this input may be a part.
    fn open_around(&self) -> Reader {
        self.open_around_from(0)
    }

    /// The same from one of its bytes on.
    fn open_around_from(&self, at: u64) -> Reader {
        Reader { bytes: self.bytes.clone(), start: 0, at, end: self.start + self.len }
    }

    /// Opens that text from one of its bytes on, and beyond the end of this input.
    fn open_around_at(&self, at: u64) -> Reader {
        Reader { bytes: self.bytes.clone(), start: 0, at, end: u64::MAX }
    }
}

/// Reads a [`Source`] from a place of its own.
#[derive(Debug)]
pub struct Reader {
    bytes: Bytes,
    /// Where the input begins in the bytes.
    start: u64,
    at: u64,
    end: u64,
}

impl Reader {
    /// Goes on from this byte of the input, without reading those before.
    pub fn leap(&mut self, to: u64) {
        self.at = self.start.saturating_add(to).min(self.end);
    }
}

impl Read for Reader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX).min(into.len());
        let into = into.get_mut(..most).unwrap_or_default();
        let got = match &self.bytes {
            Bytes::Memory(bytes) => {
                let at = usize::try_from(self.at).unwrap_or(usize::MAX);
                (&mut bytes.get(at..).unwrap_or_default()).read(into)?
            }
            Bytes::File(file) => {
                let mut file: &File = file;
                file.seek(SeekFrom::Start(self.at))?;
                file.read(into)?
            }
        };
        self.at += got as u64;
        Ok(got)
    }
}

/// Fills `into` as far as the reader gives bytes; less than asked for means the end.
///
/// # Errors
/// Whatever the reader fails with, except interruption, which is tried again.
pub fn read_up_to(from: &mut dyn Read, into: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while let Some(rest) = into.get_mut(got..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) => break,
            Ok(n) => got += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(got)
}

/// The encoding that the first bytes tell, unless it is UTF-8: UTF-16 by its byte-order mark or by how an XML declaration
/// looks in it, any other by the name in that declaration. A declaration that can be read as it stands is not UTF-16,
/// whatever it says.
fn encoding(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xFF, 0xFE, ..] | [b'<', 0, b'?', 0, ..] => return Some(encoding_rs::UTF_16LE),
        [0xFE, 0xFF, ..] | [0, b'<', 0, b'?', ..] => return Some(encoding_rs::UTF_16BE),
        _ => {}
    }
    let declaration = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let declaration = declaration.get(..memchr::memmem::find(declaration, b"?>")?)?;
    let at = memchr::memmem::find(declaration, b"encoding")?;
    let value = declaration.get(at + "encoding".len()..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first()?;
    let label = value.get(..memchr::memchr(*quote, value)?)?;
    Encoding::for_label(label).filter(|e| e.is_ascii_compatible() && *e != encoding_rs::UTF_8)
}

trait WriteThenRead: Write {
    fn into_source(self: Box<Self>, name: String) -> io::Result<Source>;
}

impl WriteThenRead for Cursor<Vec<u8>> {
    fn into_source(self: Box<Self>, name: String) -> io::Result<Source> {
        Ok(Source::from_bytes(name, self.into_inner()))
    }
}

impl WriteThenRead for File {
    fn into_source(mut self: Box<Self>, name: String) -> io::Result<Source> {
        let len = self.stream_position()?;
        Ok(Source::whole(name, Bytes::File(Arc::new(*self)), len))
    }
}
