//! `unlabel scan`: from arguments to a report on standard output.

use crate::error::Error;
use crate::parsers::{self, Flagging, Limits};
use crate::regimes::{AsOf, Context};
use crate::renderers::{self, RENDERERS};
use crate::rules::RuleSet;
use crate::rules::format::Level;
use crate::scan::{Options, scan};
use crate::source::collect::collect;
use std::io::Write;
use std::path::PathBuf;

/// Read SBOMs and report what is in them
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  unlabel scan sbom.json
  unlabel scan --format json suppliers/ > report.json
  some-tool --sbom | unlabel scan -
  unlabel scan --role reseller --as-of 2025-01-31 sbom.json

Exit status:
  0  nothing at or above --fail-on, and every input fully read
  1  something at or above --fail-on
  2  wrong arguments, broken rules, nothing could be opened, or the report could not be written
  3  nothing found, but an input was unread, partly read or held no component")]
pub struct Scan {
    /// SBOM files, folders of them, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = formats())]
    format: String,
    /// For whom: integrator (ships it in a product), reseller, end-user; integrator is assumed
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// The date of the act, such as a release or sale: 2025-01-31 or 2025-01-31T00:00:00-05:00 [default: today]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// The lowest level that gives exit status 1
    #[arg(long, value_name = "LEVEL", default_value = "review", value_parser = levels())]
    fail_on: String,
    /// Exit with 0 instead of 3 when something could not be read; the report says so
    #[arg(long)]
    allow_incomplete: bool,
    /// How many threads read at once [default: one for each core]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// A folder of further rule files; may be given more than once
    #[arg(long, value_name = "FOLDER")]
    rules: Vec<PathBuf>,
    /// Also use rules and rows that are not proven; they are marked as drafts and give a review at most
    #[arg(long)]
    include_drafts: bool,
    /// How deep objects and lists may be nested
    #[arg(long, value_name = "N", default_value_t = Limits::default().depth)]
    max_depth: usize,
    /// How many bytes a single value may have
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().value)]
    max_value_size: usize,
    /// Build every component instead of those that could concern a rule; slower, with the same report
    #[arg(long, hide = true)]
    flag_everything: bool,
}

fn formats() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(
        RENDERERS.iter().map(|r| clap::builder::PossibleValue::new(r.id).help(r.about)),
    )
}

fn levels() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(Level::ALL.iter().skip(1).map(|l| l.id()))
}

impl Scan {
    /// Runs the scan and writes the report.
    ///
    /// # Errors
    /// Unknown words, broken rules, or an output that cannot be written.
    pub fn run(self) -> Result<u8, Error> {
        let rules = RuleSet::with_folders(&self.rules, self.include_drafts)?;
        let options = Options {
            read: parsers::Options {
                limits: Limits { depth: self.max_depth, value: self.max_value_size },
                flagging: if self.flag_everything { Flagging::Everything } else { Flagging::Suspects },
            },
            context: self.context(&rules)?,
            fail_on: Level::ALL.into_iter().find(|l| l.id() == self.fail_on).unwrap_or(Level::Review),
            allow_incomplete: self.allow_incomplete,
        };
        let inputs = collect(&self.paths);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.jobs.unwrap_or(0)).build();
        let report = match pool {
            Ok(pool) => pool.install(|| scan(&inputs, &rules, &options)),
            // No threads to be had: one is enough.
            Err(_) => scan(&inputs, &rules, &options),
        };
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let renderer = renderers::find(&self.format).map_or(Ok(()), |renderer| (renderer.render)(&report, &mut out));
        match renderer.and_then(|()| out.flush()) {
            // Whoever reads our output has read enough; what was found stays found.
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::Output(error)),
            _ => Ok(report.exit_status()),
        }
    }

    fn context(&self, rules: &RuleSet) -> Result<Context, Error> {
        let mut assumed = Vec::new();
        let role = match &self.role {
            Some(role) if rules.roles().contains(&role.as_str()) => role.clone(),
            Some(role) => {
                let known = rules.roles().join(", ");
                return Err(Error::UnknownWord { what: "role", given: role.clone(), known });
            }
            None => {
                assumed.push("role");
                rules.set.default_role.clone()
            }
        };
        assumed.push("market");
        let as_of = match &self.as_of {
            Some(text) => AsOf::read(text).ok_or_else(|| Error::Date { given: text.clone() })?,
            None => {
                assumed.push("as-of");
                AsOf::Day(jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date())
            }
        };
        Ok(Context { role, markets: rules.set.default_markets.clone(), as_of, assumed })
    }
}
