//! The syntaxes, and what a reader of one is given.
//!
//! JSON, tag-value and protobuf are read from a sliding window, which holds their values as they are. Every other reader gets a [`Feed`], gives [`super::token::Token`]s in the shape of its
//! family's JSON (an XML `<component bom-ref="x">` is an object with the key `bom-ref`), and hands the feed back. So a
//! field is learned once, in the family's table, and works in every syntax.

use crate::source::intake::Intake;
use crate::source::read_up_to;
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

/// Bytes for a reader of a syntax.
pub struct Feed {
    bytes: Bytes,
    /// How many bytes a single value may have.
    pub longest_value: usize,
}

enum Bytes {
    Input(Intake),
    Other(Box<dyn Read + Send>),
}

impl Feed {
    /// A feed from the start of an input.
    pub fn new(reader: impl Read + Send + 'static, longest_value: usize) -> Self {
        Self { bytes: Bytes::Other(Box::new(reader)), longest_value }
    }

    /// The same for one that may be digested on the way.
    pub fn of(intake: Intake, longest_value: usize) -> Self {
        Self { bytes: Bytes::Input(intake), longest_value }
    }

    /// Reads to the end without looking, and gives the SHA-256 in lower-case hexadecimal; empty when not asked for.
    ///
    /// # Errors
    /// A failed read.
    pub fn drain(mut self) -> io::Result<String> {
        let mut rest = vec![0u8; 64 << 10];
        while read_up_to(&mut self, &mut rest)? > 0 {}
        Ok(match self.bytes {
            Bytes::Input(mut intake) => intake.sha256(),
            Bytes::Other(_) => String::new(),
        })
    }
}

impl Read for Feed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match &mut self.bytes {
            Bytes::Input(intake) => intake.read(into),
            Bytes::Other(reader) => reader.read(into),
        }
    }
}
