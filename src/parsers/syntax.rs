//! The syntaxes, and what a reader of one is given.
//!
//! JSON, tag-value and protobuf are read from a sliding window, which holds their values as they are. Every other reader gets a [`Feed`], gives [`super::token::Token`]s in the shape of its
//! family's JSON (an XML `<component bom-ref="x">` is an object with the key `bom-ref`), and hands the feed back. So a
//! field is learned once, in the family's table, and works in every syntax.

use crate::source::read_up_to;
use crate::source::window::hex;
use sha2::{Digest, Sha256};
use std::io::{self, Read};

/// A syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// JSON (RFC 8259), also as JSON-LD.
    Json,
    /// XML.
    Xml,
    /// SPDX tag-value.
    TagValue,
    /// YAML 1.2.
    Yaml,
    /// Protocol Buffers.
    Protobuf,
    /// RDF/XML.
    Rdf,
}

impl Syntax {
    /// The id in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
            Self::TagValue => "tag-value",
            Self::Yaml => "yaml",
            Self::Protobuf => "protobuf",
            Self::Rdf => "rdf-xml",
        }
    }
}

/// Bytes for a reader of a syntax, digested on the way when asked for.
pub struct Feed {
    reader: Box<dyn Read + Send>,
    digest: Option<Sha256>,
    /// How many bytes a single value may have.
    pub longest_value: usize,
}

impl Feed {
    /// A feed from the start of an input.
    pub fn new(reader: impl Read + Send + 'static, longest_value: usize) -> Self {
        Self { reader: Box::new(reader), digest: None, longest_value }
    }

    /// Also computes the SHA-256 of everything read.
    #[must_use]
    pub fn digesting(mut self) -> Self {
        self.digest = Some(Sha256::new());
        self
    }

    /// Reads to the end without looking, and gives the SHA-256 in lower-case hexadecimal; empty when not asked for.
    ///
    /// # Errors
    /// A failed read.
    pub fn drain(mut self) -> io::Result<String> {
        let mut rest = vec![0u8; 64 << 10];
        while read_up_to(&mut self, &mut rest)? > 0 {}
        Ok(self.digest.map_or_else(String::new, |digest| hex(&digest.finalize())))
    }
}

impl Read for Feed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.reader.read(into)?;
        if let (Some(digest), Some(new)) = (&mut self.digest, into.get(..got)) {
            digest.update(new);
        }
        Ok(got)
    }
}
