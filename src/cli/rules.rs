//! `unlabel rules`: list, show, check and test what the program knows.

use super::config::ConfigFlags;
use super::context::RuleFlags;
use super::explain::unknown;
use super::print;
use crate::error::Error;
use crate::explain::catalog;
use crate::explain::table::Style;
use crate::matcher::examples;
use crate::report::counted;
use crate::rules::{Loaded, RuleSet, format, lint, load};
use clap::Subcommand;

/// List, show, check and test the rules
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  unlabel rules list --kind white-label
  unlabel rules show us-entity-list
  unlabel rules lint
  unlabel rules test --include-drafts
  unlabel rules schema > target/rule.schema.json

Exit status:
  0  done, and nothing to send back
  1  lint or test has something to send back
  2  wrong arguments, no such rule, rules that cannot be loaded, or the output could not be written")]
pub struct Rules {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    rules: RuleFlags,
    #[command(flatten)]
    config: ConfigFlags,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the rules, drafts included
    List {
        /// Only rules of this kind
        #[arg(long, value_name = "KIND", value_parser = clap::builder::PossibleValuesParser::new(catalog::kinds()))]
        kind: Option<String>,
        /// Only rules of this status
        #[arg(long, value_name = "STATUS", value_parser = ["confirmed", "draft", "withdrawn"])]
        status: Option<String>,
        /// Print JSON instead of a table
        #[arg(long)]
        json: bool,
    },
    /// Show the file of a rule, as it is
    Show {
        /// The id of the rule
        #[arg(value_name = "RULE")]
        id: String,
    },
    /// Read all rules strictly; exit status 1 when there is something to send back
    Lint,
    /// Run the examples in all rules; exit status 1 when one does not hold
    Test,
    /// Print the JSON Schema of a rule file
    Schema,
}

impl Rules {
    /// Does what is asked.
    ///
    /// # Errors
    /// Rules that cannot be loaded, or an id that no rule has.
    pub fn run(self) -> Result<u8, Error> {
        let config = self.config.load()?;
        let folders = self.rules.folders(&config);
        match self.action {
            Action::List { kind, status, json } => {
                let rules = RuleSet::with_folders(&folders, true)?;
                let wanted = |loaded: &&Loaded| {
                    kind.as_deref().is_none_or(|k| k == loaded.rule.kind())
                        && status.as_deref().is_none_or(|s| s == loaded.rule.common().status.id())
                };
                let these: Vec<&Loaded> = rules.files().iter().filter(wanted).collect();
                print(&if json { as_json(&these) } else { catalog::list(&these, Style::Terminal(140)) })
            }
            Action::Show { id } => {
                let rules = RuleSet::with_folders(&folders, true)?;
                let loaded = rules.rule(&id).ok_or_else(|| unknown(&id, &rules))?;
                let mut text = String::new();
                for (name, content) in load::files(&folders)? {
                    // A later file with the same name takes the place of an earlier one.
                    if name == loaded.file {
                        text = format!("# {name}\n{content}");
                    }
                }
                print(&text)
            }
            Action::Lint => {
                let files = load::files(&folders)?;
                let wrong = lint::lint(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
                told(&wrong, &counted(files.len() as u64, "file"))
            }
            Action::Test => {
                let drafts = self.rules.drafts(&config);
                let (ran, wrong) = examples::check(&RuleSet::with_folders(&folders, drafts)?, drafts);
                told(&wrong, &counted(ran as u64, "example"))
            }
            Action::Schema => print(&(serde_json::to_string_pretty(&format::schema()).unwrap_or_default() + "\n")),
        }
    }
}

/// Prints sentences and how many things were looked at; exit status 1 when there is a sentence.
fn told(sentences: &[String], of: &str) -> Result<u8, Error> {
    let mut text: String = sentences.iter().map(|s| format!("{s}\n")).collect();
    let number = sentences.len();
    text.push_str(&format!("{of}, {number} to send back\n"));
    print(&text).map(|_| u8::from(number > 0))
}

fn as_json(rules: &[&Loaded]) -> String {
    let list: Vec<serde_json::Value> = rules
        .iter()
        .map(|loaded| {
            let common = loaded.rule.common();
            serde_json::json!({
                "id": common.id,
                "kind": loaded.rule.kind(),
                "status": common.status.id(),
                "updated": common.updated.0.to_string(),
                "title": common.title,
                "file": loaded.file,
            })
        })
        .collect();
    serde_json::to_string_pretty(&list).unwrap_or_default() + "\n"
}
