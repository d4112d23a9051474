//! `unlabel explain`: a rule or regime in plain words.

use super::config::ConfigFlags;
use super::context::RuleFlags;
use super::print;
use crate::error::Error;
use crate::explain;
use crate::rules::RuleSet;

/// Explain a rule or regime: what it says, by which sources, and what it means for whom
#[derive(Debug, clap::Args)]
#[command(after_help = "Ids are those that reports print: `rule …` behind evidence, the regime before a clause. \
`unlabel rules list` shows them all, `unlabel rules list --kind regime` those of laws and orders.")]
pub struct Explain {
    /// The id of a rule, as reports show it
    #[arg(value_name = "RULE")]
    id: String,
    #[command(flatten)]
    rules: RuleFlags,
    #[command(flatten)]
    config: ConfigFlags,
}

impl Explain {
    /// Prints the explanation.
    ///
    /// # Errors
    /// An id that no rule has.
    pub fn run(self) -> Result<u8, Error> {
        let rules = self.rules.load(&self.config.load()?)?;
        let loaded = rules.rule(&self.id).ok_or_else(|| unknown(&self.id, &rules))?;
        print(&explain::rule(loaded, &rules))
    }
}

/// The error for an id that no rule has; it names those that are like it.
pub fn unknown(id: &str, rules: &RuleSet) -> Error {
    let all = || rules.files.iter().map(|f| f.rule.common().id.as_str());
    let parts: Vec<&str> = id.split('-').filter(|part| part.len() > 2).collect();
    let shared = |other: &str| parts.iter().filter(|part| other.contains(**part)).count();
    let mut near: Vec<&str> = all().filter(|other| shared(other) > 0).collect();
    near.sort_by_key(|other| (std::cmp::Reverse(shared(other)), *other));
    near.truncate(8);
    let known = if near.is_empty() { "those that `unlabel rules list` shows".to_owned() } else { near.join(", ") };
    Error::UnknownWord { what: "rule", given: id.to_owned(), known }
}
