//! The contexts of a JSON-LD document: what its own names, prefixes and addresses stand for (JSON-LD 1.1, clause 4.1).
//!
//! Read in a pass of its own, because the context may stand behind everything else. It must never fetch anything: the
//! address of a context only says that the names are SPDX's. A name of SPDX keeps its meaning where the document refers to
//! the context of SPDX, whatever else is said of it: other programs read it so, too. Start at [`Context::read`].

use super::words::{self, Word};
use crate::model::Code;
use crate::parsers::json::Json;
use crate::parsers::token::{Fault, Remark, Token, Tokens};
use crate::source::Source;
use crate::source::window::{Span, Window};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

/// How many names a document's own context may define; their meanings are kept.
const TERMS: usize = 10_000;

/// How many bytes they may have together.
const BYTES: usize = 4 << 20;

/// How often a prefix may stand for another one.
const CHAIN: usize = 8;

/// What a document's names stand for.
#[derive(Debug, Default)]
pub struct Context {
    terms: BTreeMap<String, String>,
    vocab: Option<String>,
    base: Option<String>,
    bytes: usize,
    /// The first address of a context that names SPDX.
    pub address: String,
    /// What must be told.
    pub remarks: Vec<Remark>,
}

/// What a key of the document stands for.
#[derive(Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A key of the table.
    Known(&'static Word),
    /// A keyword of JSON-LD.
    Keyword(&'static str),
    /// Nothing that is looked at.
    Foreign,
}

/// Keywords that are looked at apart from the table.
const KEYWORDS: &[&str] = &[
    "@base",
    "@context",
    "@direction",
    "@index",
    "@language",
    "@list",
    "@nest",
    "@reverse",
    "@set",
    "@value",
    "@vocab",
];

impl Context {
    /// Reads the context of a document, wherever it stands in the outermost object. Broken text is for the next pass.
    ///
    /// # Errors
    /// When the input cannot be read.
    pub fn read(source: &Source, longest_value: usize) -> io::Result<Self> {
        let mut context = Self::default();
        let window = Window::new(source.open()?, longest_value).sized(source.len());
        let read = Json::new(window).and_then(|mut tokens| context.outermost(&mut tokens));
        if let Err(Fault::Io(error)) = read {
            return Err(error);
        }
        context.settle();
        Ok(context)
    }

    fn outermost(&mut self, tokens: &mut Json) -> Result<(), Fault> {
        if tokens.next()? != Token::OpenObject {
            return Ok(());
        }
        let mut depth = 1usize;
        while depth > 0 {
            match tokens.next()? {
                Token::OpenObject | Token::OpenArray => depth += 1,
                Token::Close => depth -= 1,
                Token::Key if depth == 1 && tokens.raw().text() == "@context" => {
                    let token = tokens.next()?;
                    return self.context(token, tokens);
                }
                Token::End => return Ok(()),
                _ => {}
            }
        }
        Ok(())
    }

    /// A context whose first token has been read: an address, an object, or a list of them.
    fn context(&mut self, first: Token, tokens: &mut Json) -> Result<(), Fault> {
        let mut lists = 0usize;
        let mut token = first;
        loop {
            match token {
                Token::Text => self.address_of(&tokens.raw().text()),
                Token::OpenObject => self.terms(tokens)?,
                Token::OpenArray => lists += 1,
                Token::Close => lists = lists.saturating_sub(1),
                Token::End => return Ok(()),
                _ => {}
            }
            if lists == 0 {
                return Ok(());
            }
            token = tokens.next()?;
        }
    }

    fn address_of(&mut self, address: &str) {
        if self.address.is_empty() && address.to_ascii_lowercase().contains("spdx") {
            self.address = address.chars().take(200).collect();
        }
    }

    /// The definitions in an object that has just been opened.
    fn terms(&mut self, tokens: &mut Json) -> Result<(), Fault> {
        loop {
            if tokens.next()? != Token::Key {
                return Ok(());
            }
            let name = tokens.raw().text().into_owned();
            let span = tokens.span();
            match tokens.next()? {
                Token::Text => {
                    let meaning = tokens.raw().text().into_owned();
                    self.define(name, meaning, span);
                }
                Token::OpenObject => {
                    if let Some(meaning) = definition(tokens)? {
                        self.define(name, meaning, span);
                    }
                }
                Token::OpenArray => skip(tokens)?,
                _ => {}
            }
        }
    }

    fn define(&mut self, name: String, meaning: String, span: Span) {
        match name.as_str() {
            "@vocab" => self.vocab = Some(meaning),
            "@base" => self.base = Some(meaning),
            "@import" => self.address_of(&meaning),
            _ => {
                self.bytes += name.len() + meaning.len();
                if self.terms.len() >= TERMS || self.bytes > BYTES {
                    if self.remarks.iter().all(|r| r.code != Code::Limit) {
                        let message = format!(
                            "the context defines more than {TERMS} names or {BYTES} bytes of them; the others were passed over"
                        );
                        self.remarks.push(Remark { code: Code::Limit, message, span, hides_components: true });
                    }
                    return;
                }
                self.terms.insert(name, meaning);
            }
        }
    }

    /// Follows prefixes in the definitions once, so that a look-up needs no more than one.
    fn settle(&mut self) {
        let resolved: BTreeMap<String, String> = self
            .terms
            .iter()
            .map(|(name, meaning)| {
                let mut iri = meaning.clone();
                for _ in 0..CHAIN {
                    if let Some(further) = self.terms.get(&iri).filter(|further| **further != iri) {
                        iri.clone_from(further);
                        continue;
                    }
                    match iri.split_once(':').and_then(|(prefix, rest)| Some((self.terms.get(prefix)?, rest))) {
                        Some((begins, rest)) if !rest.starts_with("//") && iri.len() < 4_096 => {
                            iri = format!("{begins}{rest}");
                        }
                        _ => break,
                    }
                }
                if let Some(vocab) = self.vocab.as_ref().filter(|_| !iri.contains(':') && !iri.starts_with('@')) {
                    iri = format!("{vocab}{iri}");
                }
                (name.clone(), iri)
            })
            .collect();
        self.terms = resolved;
        if self.address.is_empty() {
            return;
        }
        for (name, iri) in &self.terms {
            let Some((word, _)) = words::word(name.as_bytes()) else { continue };
            let same = words::compact(iri).is_some_and(|compact| compact == *word)
                || matches!((*word, iri.as_str()), ("spdxId", "@id") | ("type", "@type"));
            if !same && self.remarks.len() < 8 {
                let message =
                    format!("the context gives `{word}` another meaning; it was read with the one it has in SPDX");
                let span = Span::default();
                self.remarks.push(Remark { code: Code::UnknownValue, message, span, hides_components: false });
            }
        }
    }

    /// Whether names stand for themselves, so that nothing needs to be looked up.
    pub fn plain(&self) -> bool {
        self.terms.is_empty() && self.vocab.is_none()
    }

    /// What a key stands for.
    pub fn key(&self, written: &str) -> Meaning {
        if !self.address.is_empty()
            && let Some(word) = words::word(written.as_bytes())
        {
            return Meaning::Known(word);
        }
        let iri = self.terms.get(written).map(String::as_str).unwrap_or(written);
        if iri.starts_with('@') {
            return match KEYWORDS.iter().find(|keyword| **keyword == iri) {
                Some(keyword) => Meaning::Keyword(keyword),
                None => words::word(iri.as_bytes()).map_or(Meaning::Foreign, Meaning::Known),
            };
        }
        let known = |compact: &str| words::word(compact.as_bytes()).map_or(Meaning::Foreign, Meaning::Known);
        let iri = self.with_prefix(iri);
        if iri.contains(':') {
            return words::compact(&iri).map_or(Meaning::Foreign, |compact| known(&compact));
        }
        match &self.vocab {
            Some(vocab) => {
                words::compact(&format!("{vocab}{iri}")).map_or_else(|| known(&iri), |compact| known(&compact))
            }
            None => known(&iri),
        }
    }

    fn with_prefix<'t>(&self, written: &'t str) -> Cow<'t, str> {
        match written.split_once(':').and_then(|(prefix, rest)| Some((self.terms.get(prefix)?, rest))) {
            Some((begins, rest)) if !rest.starts_with("//") => Cow::Owned(format!("{begins}{rest}")),
            _ => Cow::Borrowed(written),
        }
    }

    /// A word of the vocabulary: a type or an entry of an enumeration.
    pub fn word<'t>(&self, written: &'t str) -> Cow<'t, str> {
        let iri = self.terms.get(written).map_or_else(|| self.with_prefix(written), |iri| Cow::Owned(iri.clone()));
        match words::compact(&iri) {
            Some(compact) => Cow::Owned(compact),
            None if iri.contains(':') => iri,
            None => match self.vocab.as_ref().and_then(|vocab| words::compact(&format!("{vocab}{iri}"))) {
                Some(compact) => Cow::Owned(compact),
                None => iri,
            },
        }
    }

    /// The id of a node.
    pub fn id<'t>(&self, written: &'t str) -> Cow<'t, str> {
        // No id has blanks: it is a name that stands where one should.
        if written.contains(' ') {
            return Cow::Borrowed(written);
        }
        let iri = match self.terms.get(written).filter(|iri| iri.contains(':')) {
            Some(iri) => Cow::Owned(iri.clone()),
            None => self.with_prefix(written),
        };
        if let Some(compact) = words::compact(&iri) {
            return Cow::Owned(compact);
        }
        match &self.base {
            Some(base) if !iri.contains(':') => {
                let end = match iri.starts_with('#') {
                    true => base.find('#').unwrap_or(base.len()),
                    false => base.rfind('/').map_or(base.len(), |at| at + 1),
                };
                Cow::Owned(format!("{}{iri}", base.get(..end).unwrap_or_default()))
            }
            _ => iri,
        }
    }
}

/// The IRI in a definition that has just been opened.
fn definition(tokens: &mut Json) -> Result<Option<String>, Fault> {
    let mut iri = None;
    loop {
        if tokens.next()? != Token::Key {
            return Ok(iri);
        }
        let id = tokens.raw().text() == "@id";
        match tokens.next()? {
            Token::Text if id => iri = Some(tokens.raw().text().into_owned()),
            Token::OpenObject | Token::OpenArray => skip(tokens)?,
            _ => {}
        }
    }
}

/// Passes over the rest of a container.
fn skip(tokens: &mut Json) -> Result<(), Fault> {
    let mut depth = 1usize;
    while depth > 0 {
        match tokens.next()? {
            Token::OpenObject | Token::OpenArray => depth += 1,
            Token::Close => depth -= 1,
            Token::End => break,
            _ => {}
        }
    }
    Ok(())
}
