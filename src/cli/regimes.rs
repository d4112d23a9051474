//! `unlabel regimes`: what each regime asks of each role on a date.

use super::config::ConfigFlags;
use super::context::RuleFlags;
use super::print;
use crate::error::Error;
use crate::explain::table::{Query, Style, draw, finish, new, rows};
use crate::regimes::AsOf;
use crate::regimes::asked::market;
use crate::rules::RuleSet;

/// Show what each regime asks of each role on a date, as a table
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The levels are for strong evidence of a part of that class inside a product. They are readings of \
rules, not legal advice; `unlabel explain REGIME` tells each clause with its sources.

Examples:
  unlabel regimes --role integrator
  unlabel regimes --market us --as-of 2024-08-01 --class vpn
  unlabel regimes --words

Exit status:
  0  the table was printed
  2  wrong arguments, broken rules, or the output could not be written"
)]
pub struct Regimes {
    /// Only these roles
    #[arg(long, value_name = "ROLE", value_delimiter = ',')]
    role: Vec<String>,
    /// Only regimes of these markets, such as us,au
    #[arg(long, value_name = "MARKET", value_delimiter = ',')]
    market: Vec<String>,
    /// The class of software that was found
    #[arg(long, value_name = "CLASS", default_value = "engine")]
    class: String,
    /// The date of the act [default: today]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Print the table as Markdown
    #[arg(long)]
    markdown: bool,
    /// Instead list the roles, acts and facts that can be stated
    #[arg(long)]
    words: bool,
    #[command(flatten)]
    rules: RuleFlags,
    #[command(flatten)]
    config: ConfigFlags,
}

impl Regimes {
    /// Prints the table.
    ///
    /// # Errors
    /// A date that cannot be read, or a class or role that the rules do not know.
    pub fn run(self) -> Result<u8, Error> {
        let rules = self.rules.load(&self.config.load()?)?;
        let style = if self.markdown { Style::Markdown } else { Style::Terminal(140) };
        if self.words {
            return print(&words(&rules, style));
        }
        let as_of = match &self.as_of {
            Some(text) => AsOf::read(text).ok_or_else(|| Error::Date { given: text.clone() })?,
            None => AsOf::Day(super::today()),
        };
        if rules.class(&self.class).is_none() {
            return Err(Error::unknown("class", &self.class, rules.classes().map(|c| c.common.id.as_str())));
        }
        if let Some(role) = self.role.iter().find(|role| !rules.roles().any(|r| r == role.as_str())) {
            return Err(Error::unknown("role", role, rules.roles()));
        }
        let market = self.market.iter().map(|m| market(m, &rules)).collect::<Result<Vec<_>, _>>()?;
        let query = Query { as_of, class: self.class, roles: self.role, markets: market };
        print(&draw(&rows(&rules, &query), style))
    }
}

fn words(rules: &RuleSet, style: Style) -> String {
    let mut table = new(style, ["flag", "word", "means"]);
    let set = &rules.set;
    for (flag, list) in [("--role", &set.role), ("--act", &set.act), ("--fact", &set.fact)] {
        for word in list {
            table.add_row([flag, &word.id, &word.title]);
        }
    }
    finish(&table)
}
