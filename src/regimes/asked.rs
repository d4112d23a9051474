//! A question as somebody puts it, and the [`Context`] that comes of it when its words are held against a rule set.
//!
//! What is not stated is filled from the rule set's defaults and told as assumed. It must never guess a word: one that
//! the rule set does not know is an error that names those it knows.

use super::{AsOf, Context};
use crate::error::Error;
use crate::rules::RuleSet;
use crate::rules::format::Word;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// For whom, where, what and when, in words that nobody has checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The role.
    pub role: Option<String>,
    /// Country codes, or states such as `us-ca`.
    pub markets: Vec<String>,
    /// The act.
    pub act: Option<String>,
    /// What else is so.
    pub facts: Vec<String>,
    /// Ids of the regimes to ask; empty means all.
    pub regimes: Vec<String>,
    /// `2025-06-30` or `2025-06-30T00:00:00-05:00`.
    pub as_of: Option<String>,
}

impl Asked {
    /// The context: what was stated, else the rule set's defaults. `today` is asked for where no date was stated.
    ///
    /// # Errors
    /// A word that the rule set does not know, two facts that cannot both be so, or a date that cannot be read.
    pub fn context(&self, rules: &RuleSet, today: impl FnOnce() -> Date) -> Result<Context, Error> {
        let mut assumed = Vec::new();
        let set = &rules.set;
        let role = match &self.role {
            Some(role) => known("role", role, &set.role)?,
            None => {
                assumed.push("role");
                set.default_role.clone()
            }
        };
        let markets = if self.markets.is_empty() {
            assumed.push("market");
            set.default_markets.clone()
        } else {
            self.markets.iter().map(|m| market(m, rules)).collect::<Result<Vec<_>, _>>()?
        };
        let act = self.act.as_ref().map(|act| known("act", act, &set.act)).transpose()?;
        let facts = self.facts.iter().map(|fact| known("fact", fact, &set.fact)).collect::<Result<BTreeSet<_>, _>>()?;
        let word = |id: &String| set.fact.iter().find(|w| w.id == *id);
        let against = |id: &String| word(id)?.contradicts.iter().find(|other| facts.contains(*other)).cloned();
        if let Some((fact, other)) = facts.iter().find_map(|fact| Some((fact.clone(), against(fact)?))) {
            return Err(Error::Contradiction { one: fact, other });
        }
        let ids = rules.regime_ids();
        if let Some(unknown) = self.regimes.iter().find(|id| !ids.contains(id)) {
            return Err(Error::unknown("regime", unknown, ids.iter().map(String::as_str)));
        }
        let as_of = match &self.as_of {
            Some(text) => AsOf::read(text).ok_or_else(|| Error::Date { given: text.clone() })?,
            None => {
                assumed.push("as-of");
                AsOf::Day(today())
            }
        };
        Ok(Context { role, markets, act, facts, regimes: self.regimes.clone(), as_of, assumed })
    }
}

/// A word of the rule set, or an error that names the words there are.
fn known(what: &'static str, given: &str, words: &[Word]) -> Result<String, Error> {
    let given = given.trim().to_lowercase();
    if words.iter().any(|w| w.id == given) {
        return Ok(given);
    }
    Err(Error::unknown(what, &given, words.iter().map(|w| w.id.as_str())))
}

/// A market code. One that no regime covers is taken: that nothing is said of it is an answer.
pub fn market(given: &str, rules: &RuleSet) -> Result<String, Error> {
    let code = given.trim().to_lowercase();
    let (country, part) = code.split_once('-').unwrap_or((&code, "a"));
    let letters = |t: &str, most: usize| (1..=most).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric());
    if country.len() == 2 && letters(country, 2) && letters(part, 3) {
        return Ok(match code.as_str() {
            "uk" => "gb".to_owned(),
            _ => code,
        });
    }
    Err(Error::unknown("market", given, rules.markets()))
}
