//! For whom, where, what and when: the flags that several commands share, joined with `unlabel.toml` and the defaults of
//! the rule set.

use super::config::Config;
use super::yes_or_no;
use crate::error::Error;
use crate::regimes::{AsOf, Context};
use crate::rules::RuleSet;
use crate::rules::format::Word;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Which rules to use.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Rules")]
pub struct RuleFlags {
    /// A folder of further rule files; may be given more than once
    #[arg(long, value_name = "FOLDER", global = true, env = "UNLABEL_RULES")]
    rules: Vec<PathBuf>,
    /// Also use rules and rows that are not proven; they are marked as drafts and give a review at most
    #[arg(long, global = true, env = "UNLABEL_INCLUDE_DRAFTS", value_parser = yes_or_no())]
    include_drafts: bool,
}

impl RuleFlags {
    /// Loads the rules.
    ///
    /// # Errors
    /// A folder that cannot be read, or a file in it that is no rule.
    pub fn load(&self, config: &Config) -> Result<RuleSet, Error> {
        let rules = RuleSet::with_folders(&self.folders(config), self.drafts(config))?;
        tracing::debug!(count = rules.stamp.count as u64, version = rules.stamp.version, "rules");
        Ok(rules)
    }

    /// The folders of further rules, those of the configuration first.
    pub fn folders(&self, config: &Config) -> Vec<PathBuf> {
        config.rules.iter().chain(&self.rules).cloned().collect()
    }

    /// Whether drafts are used.
    pub fn drafts(&self, config: &Config) -> bool {
        self.include_drafts || config.include_drafts.unwrap_or(false)
    }
}

/// For whom, where, what and when.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "For whom, where and when")]
pub struct ContextFlags {
    /// For whom: integrator (ships it in a product), reseller, end-user, msp, federal-contractor, federal-agency,
    /// fcc-applicant, public-body and more; `unlabel regimes --words` lists all [default: integrator]
    #[arg(long, value_name = "ROLE", env = "UNLABEL_ROLE")]
    role: Option<String>,
    /// Where: country codes such as us,de, or states such as us-ca [default: us]
    #[arg(long, value_name = "MARKET", value_delimiter = ',', env = "UNLABEL_MARKET")]
    market: Vec<String>,
    /// What is done: ship, integrate, resell, use, procure and more [default: all that the role may do]
    #[arg(long, value_name = "ACT", env = "UNLABEL_ACT")]
    act: Option<String>,
    /// What else is so: us-person, not-us-person, fcc-equipment, mobile and more; may be given more than once
    #[arg(long, value_name = "FACT", value_delimiter = ',', env = "UNLABEL_FACT")]
    fact: Vec<String>,
    /// The product is for a federal customer; short for --fact federal
    #[arg(long)]
    federal: bool,
    /// The product goes into road vehicles; short for --fact automotive
    #[arg(long)]
    automotive: bool,
    /// The date of the act, such as a release or sale: 2025-06-30 or 2025-06-30T00:00:00-05:00 [default: today]
    #[arg(long, value_name = "DATE", env = "UNLABEL_AS_OF")]
    as_of: Option<String>,
    /// Ask these regimes only; `unlabel rules list --kind regime` lists them; may be given more than once
    #[arg(long, value_name = "REGIME", value_delimiter = ',', env = "UNLABEL_REGIME")]
    regime: Vec<String>,
}

impl ContextFlags {
    /// The context: flags, else the configuration, else the rule set's defaults, which say so in the report.
    ///
    /// # Errors
    /// A word that the rule set does not know, or a date that cannot be read.
    pub fn context(&self, config: &Config, rules: &RuleSet) -> Result<Context, Error> {
        let mut assumed = Vec::new();
        let set = &rules.set;
        let role = match self.role.as_ref().or(config.role.as_ref()) {
            Some(role) => known("role", role, &set.role)?,
            None => {
                assumed.push("role");
                set.default_role.clone()
            }
        };
        let given =
            if self.market.is_empty() { config.market.clone().unwrap_or_default() } else { self.market.clone() };
        let markets = if given.is_empty() {
            assumed.push("market");
            set.default_markets.clone()
        } else {
            given.iter().map(|m| market(m, rules)).collect::<Result<Vec<_>, _>>()?
        };
        let act = self.act.as_ref().or(config.act.as_ref()).map(|act| known("act", act, &set.act)).transpose()?;
        let shorts = [(self.federal, "federal"), (self.automotive, "automotive")];
        let shorts = shorts.iter().filter(|(given, _)| *given).map(|(_, fact)| (*fact).to_owned());
        let stated = self.fact.iter().chain(config.facts.iter().flatten()).cloned().chain(shorts);
        let facts = stated.map(|fact| known("fact", &fact, &set.fact)).collect::<Result<BTreeSet<_>, _>>()?;
        let word = |id: &String| set.fact.iter().find(|w| w.id == *id);
        let against = |id: &String| word(id)?.contradicts.iter().find(|other| facts.contains(*other)).cloned();
        if let Some((fact, other)) = facts.iter().find_map(|fact| Some((fact.clone(), against(fact)?))) {
            return Err(Error::Contradiction { one: fact, other });
        }
        let regimes =
            if self.regime.is_empty() { config.regimes.clone().unwrap_or_default() } else { self.regime.clone() };
        let ids: Vec<&str> = rules.regimes().map(|r| r.common.id.as_str()).collect();
        if let Some(unknown) = regimes.iter().find(|id| !ids.contains(&id.as_str())) {
            return Err(Error::unknown("regime", unknown, ids));
        }
        let as_of = match self.as_of.clone().or_else(|| config.as_of.as_ref().map(ToString::to_string)) {
            Some(text) => AsOf::read(&text).ok_or_else(|| Error::Date { given: text.clone() })?,
            None => {
                assumed.push("as-of");
                AsOf::Day(super::today())
            }
        };
        Ok(Context { role, markets, act, facts, regimes, as_of, assumed })
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
