//! The closer look of the first pass: whether a value could concern a rule.
//!
//! Most values are settled as written: no watched literal begins in them, and nothing in them could hide one. The others are
//! decoded, and every reading of them that a later pass may take is asked about, however the escapes of the syntax, percent
//! signs, backslashes and base64 stand behind each other. It must never be narrower than what the matcher reads; that it says
//! yes too often costs only time.

use super::found::Interner;
use super::table::Field;
use super::token::Raw;
use super::{Flagging, Suspicion, decode};
use crate::model::{Stated, read_party};

/// Looks at values closer, and remembers what it cleared.
pub struct Closer<'s> {
    suspicion: &'s dyn Suspicion,
    flagging: Flagging,
    interner: &'s Interner,
    /// What was decoded and found to concern no rule, each in the place that its hash gives it: one author wrote a thousand
    /// components.
    cleared: Vec<Option<(Field, String)>>,
}

/// How many values are remembered.
const REMEMBERED: usize = 256;

/// How long a value may be that is remembered, in bytes.
const LONGEST: usize = 512;

impl<'s> Closer<'s> {
    /// For one document.
    pub fn new(suspicion: &'s dyn Suspicion, flagging: Flagging, interner: &'s Interner) -> Self {
        Self { suspicion, flagging, interner, cleared: Vec::new() }
    }

    /// Whether every component is flagged, whatever it says.
    pub fn takes_everything(&self) -> bool {
        self.flagging == Flagging::Everything
    }

    /// Whether a value could concern a rule.
    pub fn suspicious(&mut self, field: Field, raw: &Raw<'_>) -> bool {
        if !field.concerns_rules() {
            return false;
        }
        if self.takes_everything() || field == Field::Certificate {
            return true;
        }
        let percent = || field.percent_encoded() && memchr::memchr(b'%', raw.bytes).is_some();
        let backslash = || field.holds_cpe() && memchr::memchr(b'\\', raw.bytes).is_some();
        let base64 = || field.maybe_base64() && (raw.escaped || decode::looks_like_base64(raw.bytes));
        let hides = raw.high || raw.escaped && !raw.plain || percent() || backslash() || base64();
        if !hides && !self.suspicion.watched(raw.bytes) {
            return false;
        }
        let text = raw.text();
        let id = (text.len() <= LONGEST).then(|| self.interner.id(&text));
        let slot = id.map(|id| id as usize % REMEMBERED);
        let known = slot.and_then(|slot| self.cleared.get(slot)?.as_ref());
        if known.is_some_and(|(of, cleared)| *of == field && *cleared == text) {
            return false;
        }
        let suspicious = self.concerns(field, &text);
        if let Some(slot) = slot.filter(|_| !suspicious) {
            self.cleared.resize(REMEMBERED, None);
            if let Some(place) = self.cleared.get_mut(slot) {
                *place = Some((field, text.into_owned()));
            }
        }
        suspicious
    }

    /// Whether any reading of a decoded text could.
    fn concerns(&self, field: Field, text: &str) -> bool {
        let suspicion = self.suspicion;
        let behind = || decode::base64(text);
        match field {
            Field::Description => suspicion.suspect_prose(text),
            Field::Copyright => suspicion.suspect_legal(text),
            Field::LicenseText => {
                suspicion.suspect_legal(text) || behind().is_some_and(|text| suspicion.suspect_legal(&text))
            }
            _ if self.suspect(field, text) => true,
            // Addresses in brackets are taken out of a party's name.
            Field::PartyText(role) => {
                let stated = Stated { text: text.to_owned(), ..Stated::default() };
                read_party(role, &stated).is_some_and(|p| p.names.iter().any(|name| suspicion.suspect(&name.text)))
            }
            _ => field.maybe_base64() && behind().is_some_and(|text| suspicion.suspect(&text)),
        }
    }

    /// Whether a text could concern a rule with what percent signs and backslashes hide.
    fn suspect(&self, field: Field, text: &str) -> bool {
        if self.suspicion.suspect(text) || self.without_backslashes(field, text) {
            return true;
        }
        if !field.percent_encoded() || !text.contains('%') {
            return false;
        }
        // An address in a purl's qualifier can be encoded twice.
        let once = decode::percent(text);
        let twice = decode::percent(&once);
        [once.as_ref(), twice.as_ref()]
            .into_iter()
            .any(|text| self.suspicion.suspect(text) || self.without_backslashes(field, text))
    }

    /// CPE escapes any letter with a backslash.
    fn without_backslashes(&self, field: Field, text: &str) -> bool {
        field.holds_cpe() && text.contains('\\') && self.suspicion.suspect(&text.replace('\\', ""))
    }
}
