//! For whom, where, what and when: the flags that several commands share, joined with `unlabel.toml` and the defaults of
//! the rule set.

use super::config::Config;
use super::yes_or_no;
use crate::error::Error;
use crate::regimes::Context;
use crate::regimes::asked::Asked;
use crate::rules::RuleSet;
use std::path::PathBuf;

/// Which rules to use.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Rules")]
pub struct RuleFlags {
    /// A folder of further rule files; may be given more than once
    #[arg(long, value_name = "FOLDER", global = true, env = "UNLABEL_RULES")]
    rules: Vec<PathBuf>,
    /// Also use rules and rows that are not proven; they are marked as drafts and give a review at most
    #[arg(long, global = true, env = "UNLABEL_INCLUDE_DRAFTS", value_parser = yes_or_no(), num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", hide_possible_values = true)]
    include_drafts: Option<bool>,
}

impl RuleFlags {
    /// Loads the rules.
    ///
    /// # Errors
    /// A folder that cannot be read, or a file in it that is no rule.
    pub fn load(&self, config: &Config) -> Result<RuleSet, Error> {
        Ok(told(RuleSet::with_folders(&self.folders(config), self.drafts(config))?))
    }

    /// Loads what a scan needs of the rules before something in a document looks like evidence.
    ///
    /// # Errors
    /// A folder that cannot be read, or a file in it that is no rule.
    pub fn load_for_scans(&self, config: &Config) -> Result<RuleSet, Error> {
        Ok(told(RuleSet::for_scans(&self.folders(config), self.drafts(config))?))
    }

    /// The folders of further rules, those of the configuration first.
    pub fn folders(&self, config: &Config) -> Vec<PathBuf> {
        config.rules.iter().chain(&self.rules).cloned().collect()
    }

    /// Whether drafts are used.
    pub fn drafts(&self, config: &Config) -> bool {
        self.include_drafts.or(config.include_drafts).unwrap_or(false)
    }
}

/// The same rules, once they are in the log.
fn told(rules: RuleSet) -> RuleSet {
    tracing::debug!(count = rules.stamp.count as u64, version = rules.stamp.version, "rules");
    rules
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
        let shorts = [(self.federal, "federal"), (self.automotive, "automotive")];
        let shorts = shorts.iter().filter(|(given, _)| *given).map(|(_, fact)| (*fact).to_owned());
        let or = |given: &Vec<String>, else_: &Option<Vec<String>>| match given.is_empty() {
            true => else_.clone().unwrap_or_default(),
            false => given.clone(),
        };
        let asked = Asked {
            role: self.role.clone().or_else(|| config.role.clone()),
            markets: or(&self.market, &config.market),
            act: self.act.clone().or_else(|| config.act.clone()),
            facts: self.fact.iter().chain(config.facts.iter().flatten()).cloned().chain(shorts).collect(),
            regimes: or(&self.regime, &config.regimes),
            as_of: self.as_of.clone().or_else(|| config.as_of.as_ref().map(ToString::to_string)),
        };
        asked.context(rules, super::today)
    }
}
