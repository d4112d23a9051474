//! Compressed streams: which one it is, and its decoder. Every decoder reads several streams one after the other, as the
//! programs for them do, and checks their checksums.

use crate::source::read_up_to;
use lzma_rust2::XzReader;
use ruzstd::decoding::StreamingDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use std::io::{self, BufRead, BufReader, Read};

/// How much memory a stream may ask for with its window, in KiB: what the strongest usual settings need.
const WINDOW_KIB: u32 = 160 << 10;

/// A compression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}

impl Codec {
    /// By the first bytes.
    pub fn of(head: &[u8]) -> Option<Self> {
        Some(match head {
            [0x1F, 0x8B, 8, ..] => Self::Gzip,
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Self::Zstd,
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Self::Bzip2,
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Self::Xz,
            _ => return None,
        })
    }

    /// The decoder.
    pub fn decoder<'r>(self, from: impl Read + 'r) -> Box<dyn Read + 'r> {
        let from = BufReader::with_capacity(64 << 10, from);
        match self {
            Self::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(from)),
            Self::Zstd => Box::new(Zstd { state: Frame::Between(from), frames: 0 }),
            Self::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(from)),
            Self::Xz => Box::new(XzReader::new_mem_limit(from, true, WINDOW_KIB)),
        }
    }
}

/// The frames of a zstd stream; the decoder itself knows only one.
struct Zstd<R: Read> {
    state: Frame<R>,
    frames: u64,
}

enum Frame<R: Read> {
    Between(R),
    In(Box<StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>),
    Done,
}

impl<R: BufRead> Zstd<R> {
    /// The next frame that holds something; skippable ones are passed over.
    fn next(&mut self, mut from: R) -> io::Result<Frame<R>> {
        if from.fill_buf()?.is_empty() {
            return Ok(Frame::Done);
        }
        let mut head = [0u8; 4];
        let mut magic: &[u8] = from.fill_buf()?;
        if let ([_, 0x2A, 0x4D, 0x18, ..], true) = (magic, magic.first().is_some_and(|b| b & 0xF0 == 0x50)) {
            from.consume(4);
            if read_up_to(&mut from, &mut head)? < 4 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let len = u64::from(u32::from_le_bytes(head));
            if io::copy(&mut from.by_ref().take(len), &mut io::sink())? < len {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            return Ok(Frame::Between(from));
        }
        if self.frames > 0 && !matches!(magic, [0x28, 0xB5, 0x2F, 0xFD, ..]) {
            magic = magic.get(..4.min(magic.len())).unwrap_or_default();
            return Err(io::Error::other(format!("something else stands behind the compressed data: {magic:02x?}")));
        }
        self.frames += 1;
        match StreamingDecoder::new(from) {
            Ok(decoder) => Ok(Frame::In(Box::new(decoder))),
            Err(FrameDecoderError::ReadFrameHeaderError(
                ReadFrameHeaderError::MagicNumberReadError(error)
                | ReadFrameHeaderError::FrameDescriptorReadError(error)
                | ReadFrameHeaderError::WindowDescriptorReadError(error)
                | ReadFrameHeaderError::FrameContentSizeReadError(error),
            )) => Err(error),
            Err(error) => Err(io::Error::other(error.to_string())),
        }
    }
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.state, Frame::Done) {
                Frame::Done => return Ok(0),
                Frame::Between(from) => self.state = self.next(from)?,
                Frame::In(mut decoder) => {
                    let got = decoder.read(into)?;
                    if got > 0 || into.is_empty() {
                        self.state = Frame::In(decoder);
                        return Ok(got);
                    }
                    let (from, frame) = decoder.into_parts();
                    let stated = frame.get_checksum_from_data();
                    if stated.is_some() && stated != frame.get_calculated_checksum() {
                        return Err(io::Error::other("the checksum does not match"));
                    }
                    self.state = Frame::Between(from);
                }
            }
        }
    }
}
