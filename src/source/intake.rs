//! The bytes of an input on their way to whoever reads them: as they are, digested on the way, or read and digested ahead by
//! a thread of its own.
//!
//! It must give the same bytes and the same digest whichever way they come, and hold no more than a few chunks. Start at
//! [`Intake`].

use super::window::{CHUNK, hex};
use super::{Reader, read_up_to};
use sha2::{Digest, Sha256};
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

/// How many chunks may be ready before they are asked for.
const READY: usize = 4;

/// The bytes of an input, in their order.
pub struct Intake(Way);

enum Way {
    Plain(Reader),
    Digested(Reader, Sha256),
    Ahead(Ahead),
}

impl From<Reader> for Intake {
    fn from(reader: Reader) -> Self {
        Self(Way::Plain(reader))
    }
}

impl Intake {
    /// Computes the SHA-256 of everything that is read.
    pub fn digested(reader: Reader) -> Self {
        Self(Way::Digested(reader, Sha256::new()))
    }

    /// The same on a thread of its own, which reads ahead; on this one where there is no other to be had. Nobody else may
    /// read the input until it has ended or the intake is dropped.
    pub fn ahead(reader: Reader) -> Self {
        match Ahead::new(reader) {
            Ok(ahead) => Self(Way::Ahead(ahead)),
            Err(reader) => Self::digested(reader),
        }
    }

    /// Goes on from this byte of the input, when nothing obliges to read those before.
    pub fn leap(&mut self, to: u64) -> bool {
        if let Way::Plain(reader) = &mut self.0 {
            reader.leap(to);
            return true;
        }
        false
    }

    /// The SHA-256 of everything up to the end, in lower-case hexadecimal, when the end has been read; empty when not
    /// asked for.
    pub fn sha256(&mut self) -> String {
        match &mut self.0 {
            Way::Plain(_) => String::new(),
            Way::Digested(_, digest) => hex(&digest.finalize_reset()),
            Way::Ahead(ahead) => std::mem::take(&mut ahead.sha256),
        }
    }
}

impl Read for Intake {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Way::Plain(reader) => reader.read(into),
            Way::Digested(reader, digest) => {
                let got = reader.read(into)?;
                digest.update(into.get(..got).unwrap_or_default());
                Ok(got)
            }
            Way::Ahead(ahead) => ahead.read(into),
        }
    }
}

/// What the thread says.
enum Said {
    Chunk(Vec<u8>),
    /// The input has ended; its SHA-256.
    End(String),
    Failed(io::Error),
}

/// Takes what a thread has read.
struct Ahead {
    thread: Thread,
    /// Chunks that have been taken, to be filled again.
    taken: Sender<Vec<u8>>,
    chunk: Vec<u8>,
    at: usize,
    sha256: String,
}

enum Thread {
    Reads(Receiver<Said>, JoinHandle<()>),
    /// It has come to the end of the input.
    Ended,
    Failed,
}

impl Ahead {
    /// Gives the reader back when there is no thread to be had.
    fn new(reader: Reader) -> Result<Self, Reader> {
        let (says, said) = sync_channel(READY);
        let (taken, again) = channel();
        // The thread gets its reader when it stands, so that the reader is not lost with it.
        let (give, given) = sync_channel::<Reader>(1);
        let work = move || {
            if let Ok(reader) = given.recv() {
                read_all(reader, &says, &again);
            }
        };
        match std::thread::Builder::new().spawn(work) {
            Ok(thread) => {
                give.send(reader).map_err(|unsent| unsent.0)?;
                let thread = Thread::Reads(said, thread);
                Ok(Self { thread, taken, chunk: Vec::new(), at: 0, sha256: String::new() })
            }
            Err(_) => Err(reader),
        }
    }

    /// Takes the next chunk; false at the end.
    fn next(&mut self) -> io::Result<bool> {
        let said = match &self.thread {
            Thread::Reads(said, _) => said.recv(),
            Thread::Ended => return Ok(false),
            Thread::Failed => return Err(io::Error::other("what comes next could not be read before")),
        };
        match said {
            Ok(Said::Chunk(chunk)) => {
                // Whether it is filled again is up to the thread, which may have ended.
                let _ = self.taken.send(std::mem::replace(&mut self.chunk, chunk));
                self.at = 0;
                Ok(true)
            }
            Ok(Said::End(sha256)) => {
                (self.thread, self.sha256) = (Thread::Ended, sha256);
                Ok(false)
            }
            Ok(Said::Failed(error)) => {
                self.thread = Thread::Failed;
                Err(error)
            }
            Err(_) => {
                self.thread = Thread::Failed;
                Err(io::Error::other("the thread that reads ahead has stopped"))
            }
        }
    }
}

impl Read for Ahead {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.chunk.len() {
            if !self.next()? {
                return Ok(0);
            }
        }
        let got = self.chunk.get(self.at..).unwrap_or_default().read(into)?;
        self.at += got;
        Ok(got)
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        if let Thread::Reads(said, thread) = std::mem::replace(&mut self.thread, Thread::Ended) {
            // With nobody to listen the thread ends, and then the input may be read by another.
            drop(said);
            let _ = thread.join();
        }
    }
}

fn read_all(mut reader: Reader, says: &SyncSender<Said>, again: &Receiver<Vec<u8>>) {
    let mut digest = Sha256::new();
    loop {
        let mut chunk = again.try_recv().unwrap_or_default();
        chunk.resize(CHUNK, 0);
        let got = match read_up_to(&mut reader, &mut chunk) {
            Ok(got) => got,
            Err(error) => {
                let _ = says.send(Said::Failed(error));
                return;
            }
        };
        chunk.truncate(got);
        digest.update(&chunk);
        if got > 0 && says.send(Said::Chunk(chunk)).is_err() {
            return;
        }
        if got < CHUNK {
            let _ = says.send(Said::End(hex(&digest.finalize())));
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{CHUNK, Intake, READY};
    use crate::source::{Bytes, Source};
    use std::fs::File;
    use std::io::{Read, Write};
    use std::sync::Arc;

    fn on_disk(bytes: &[u8]) -> Source {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        Source::whole("in".to_owned(), Bytes::File(Arc::new(file)), bytes.len() as u64)
    }

    #[test]
    fn every_way_gives_the_same_bytes_and_digest() {
        for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, (READY + 4) * CHUNK + 3] {
            let bytes: Vec<u8> = (0..len).map(|at| (at / 7 + at / CHUNK) as u8).collect();
            let source = on_disk(&bytes);
            let ways: [fn(_) -> Intake; 3] = [Intake::from, Intake::digested, Intake::ahead];
            let digests = ways.map(|way| {
                let (mut intake, mut read) = (way(source.open().unwrap()), Vec::new());
                intake.read_to_end(&mut read).unwrap();
                assert!(read == bytes, "{len} bytes");
                assert_eq!(intake.read(&mut [0]).unwrap(), 0, "the end stays the end");
                intake.sha256()
            });
            assert_eq!(digests, [String::new(), source.sha256().unwrap(), source.sha256().unwrap()], "{len} bytes");
        }
    }

    #[test]
    fn an_input_can_be_read_by_another_when_who_read_ahead_is_gone() {
        let bytes: Vec<u8> = (0..9 * CHUNK).map(|at| (at / 11) as u8).collect();
        let source = on_disk(&bytes);
        for _ in 0..20 {
            let mut ahead = Intake::ahead(source.open().unwrap());
            ahead.read_exact(&mut [0; 10]).unwrap();
            drop(ahead);
            let mut read = Vec::new();
            source.open().unwrap().read_to_end(&mut read).unwrap();
            assert!(read == bytes);
        }
    }

    #[test]
    fn what_cannot_be_read_fails_whichever_way() {
        let folder = tempfile::tempdir().unwrap();
        // Opened to be written, it cannot be read.
        let file = File::create(folder.path().join("in")).unwrap();
        file.set_len(1000).unwrap();
        let source = Source::whole("in".to_owned(), Bytes::File(Arc::new(file)), 1000);
        let ways: [fn(_) -> Intake; 3] = [Intake::from, Intake::digested, Intake::ahead];
        for way in ways {
            let mut intake = way(source.open().unwrap());
            intake.read(&mut [0]).unwrap_err();
            intake.read(&mut [0]).expect_err("what failed must never look like the end");
        }
    }
}
