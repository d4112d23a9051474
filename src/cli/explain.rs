//! `unlabel explain`: a rule or regime in plain words, or the whole story of a finding.

use super::config::ConfigFlags;
use super::context::RuleFlags;
use super::output::standard;
use super::{print, render};
use crate::error::{Error, nearest};
use crate::explain::{self, finding};
use crate::renderers::escape::Line;
use crate::rules::RuleSet;
use std::path::{Path, PathBuf};

/// Explain a rule, a regime, or a finding of a report: what it says, by which sources, and what it means for whom
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Ids are those that reports print: `rule` behind evidence, the regime before a clause, and with \
--report the `id` of a finding, or as many of its first characters as tell it from others. `unlabel rules list` shows all \
rules, `unlabel rules list --kind regime` those of laws and orders.

Examples:
  unlabel explain us-entity-list
  unlabel scan --format json fixtures/real/mail-gateway.cdx.json > target/report.json
  unlabel explain 38321bc55d606b2b --report target/report.json

Exit status:
  0  it was explained
  2  wrong arguments, no such id, broken rules, or the output could not be written"
)]
pub struct Explain {
    /// The id of a rule or regime, or with --report of a finding
    #[arg(value_name = "ID")]
    id: String,
    /// The report that has the finding, written with --format json; - for standard input
    #[arg(long, value_name = "REPORT.json")]
    report: Option<PathBuf>,
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
        if let Some(path) = &self.report {
            return story(&self.id, path, &rules);
        }
        let loaded = rules.rule(&self.id).ok_or_else(|| unknown(&self.id, &rules))?;
        print(&explain::rule(loaded, &rules))
    }
}

/// Tells every finding of a report with an id: several inputs may have the same.
fn story(id: &str, path: &Path, rules: &RuleSet) -> Result<u8, Error> {
    let report = render::read(path)?;
    let found = finding::find(&report, id);
    if found.is_empty() {
        let all = || report.findings.iter().chain(report.set_aside.iter().map(|s| &s.finding));
        let mut known: Vec<String> =
            all().map(|f| format!("{} ({})", Line(&f.id), Line(f.component.label()))).collect();
        let more = known.len().saturating_sub(8);
        known.truncate(8);
        known.extend((more > 0).then(|| format!("and {more} more")));
        let known = if known.is_empty() { "none: the report has no finding".to_owned() } else { known.join(", ") };
        let near = nearest(id, all().map(|f| f.id.as_str())).map(|near| Line(near).to_string());
        return Err(Error::UnknownWord { what: "finding", given: id.to_owned(), near, known });
    }
    standard(true, &|out, colors| {
        for (number, told) in found.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            finding::finding(&report, *told, rules, out, colors)?;
        }
        Ok(())
    })?;
    Ok(0)
}

/// The error for an id that no rule has; it names those that are like it, by id or by title.
pub fn unknown(id: &str, rules: &RuleSet) -> Error {
    let finding = id.len() >= 16 && id.bytes().take(16).all(|b| b.is_ascii_hexdigit());
    if finding {
        let known = "those that `unlabel rules list` shows; for a finding add --report REPORT.json".to_owned();
        return Error::UnknownWord { what: "rule", given: id.to_owned(), near: None, known };
    }
    let all = || rules.files().iter().map(|f| (f.rule.common().id.as_str(), f.rule.common().title.to_lowercase()));
    let given = id.to_lowercase();
    let parts: Vec<&str> = given.split(|c: char| !c.is_alphanumeric()).filter(|part| part.len() > 2).collect();
    let shared = |(other, title): &(&str, String)| {
        parts.iter().filter(|part| other.contains(**part) || title.contains(**part)).count()
    };
    let mut like: Vec<(usize, &str)> = all().map(|rule| (shared(&rule), rule.0)).filter(|(n, _)| *n > 0).collect();
    like.sort_by_key(|(shared, other)| (std::cmp::Reverse(*shared), *other));
    // A product by its name: everything that was said of it stands in one title, and in no other.
    let whole = |n: usize| n > 0 && n == parts.len();
    let named = like.first().filter(|best| whole(best.0) && like.get(1).is_none_or(|next| next.0 < best.0));
    let near = nearest(id, all().map(|rule| rule.0)).or(named.map(|best| best.1)).map(ToOwned::to_owned);
    let like: Vec<&str> = like.into_iter().take(8).map(|(_, other)| other).collect();
    let known = if like.is_empty() { "those that `unlabel rules list` shows".to_owned() } else { like.join(", ") };
    Error::UnknownWord { what: "rule", given: id.to_owned(), near, known }
}
