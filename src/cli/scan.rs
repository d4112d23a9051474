//! `unlabel scan`: from arguments to a report on standard output.

use super::config::{Config, ConfigFlags};
use super::context::{ContextFlags, RuleFlags};
use super::limits::LimitFlags;
use super::output::OutputFlags;
use super::progress::ProgressFlags;
use super::{named, render, today, yes_or_no};
use crate::decisions;
use crate::error::Error;
use crate::parsers::{self, Flagging};
use crate::report::Report;
use crate::rules::RuleSet;
use crate::rules::format::Level;
use crate::scan::{Options, scan_watched};
use crate::source::collect::Named;
use std::path::PathBuf;

/// Read SBOMs and report what is in them
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  unlabel scan fixtures/real/mail-gateway.cdx.json
  unlabel scan --format json fixtures/twins/ > target/report.json
  unlabel scan --output sarif=target/unlabel.sarif fixtures/twins/
  unlabel scan - < fixtures/real/mail-gateway.cdx.json
  unlabel scan --role reseller --as-of 2025-06-30 fixtures/real/mail-gateway.cdx.json
  unlabel scan --role public-body --market au fixtures/real/mail-gateway.cdx.json
  UNLABEL_ROLE=end-user unlabel scan --fail-on advisory fixtures/real/mail-gateway.cdx.json

A flag stands before its environment variable, that before unlabel.toml, and that before the default.

Exit status:
  0  nothing at or above --fail-on that is neither waived nor in the baseline, and every input fully read
  1  something at or above --fail-on
  2  wrong arguments, broken rules, nothing could be opened, or the report could not be written
  3  nothing found, but an input was unread, partly read or held no component")]
pub struct Scan {
    /// SBOM files, archives or folders of them, addresses such as s3://bucket/folder/, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputFlags,
    /// A JSON report made earlier: what it has does not count for the exit status, and stays in the report
    #[arg(long, value_name = "REPORT.json", env = "UNLABEL_BASELINE")]
    baseline: Option<PathBuf>,
    #[command(flatten)]
    flags: ScanFlags,
    #[command(flatten)]
    config: ConfigFlags,
}

/// How to scan, for every command that does.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Result and work")]
pub struct ScanFlags {
    /// The lowest level that gives exit status 1
    #[arg(long, value_name = "LEVEL", env = "UNLABEL_FAIL_ON", value_parser = levels(), help = "The lowest level that gives exit status 1 [default: review]")]
    fail_on: Option<String>,
    /// Exit with 0 instead of 3 when something could not be read; the output says so
    #[arg(long, env = "UNLABEL_ALLOW_INCOMPLETE", value_parser = yes_or_no(), num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", hide_possible_values = true)]
    allow_incomplete: Option<bool>,
    /// How many threads read at once [default: one for each core]
    #[arg(long, value_name = "N", env = "UNLABEL_JOBS")]
    jobs: Option<usize>,
    #[command(flatten)]
    progress: ProgressFlags,
    #[command(flatten)]
    rules: RuleFlags,
    #[command(flatten)]
    limits: LimitFlags,
    /// Build every component instead of those that could concern a rule; slower, with the same report
    #[arg(long, hide = true)]
    flag_everything: bool,
    #[command(flatten)]
    context: ContextFlags,
}

fn levels() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(Level::ALL.iter().skip(1).map(|l| l.id()))
}

impl Scan {
    /// Runs the scan and writes the report.
    ///
    /// # Errors
    /// Unknown words, broken rules, a baseline that is no report, or an output that cannot be written.
    pub fn run(self) -> Result<u8, Error> {
        let config = self.config.load()?;
        let outputs = self.output.outputs(&config)?;
        let baseline = self.baseline.as_ref().or(config.baseline.as_ref());
        if let Some(path) = baseline.filter(|path| outputs.replaces(path)) {
            let message = "is the baseline: what is new would fail once and never again; write the report to another \
                           file, and put it in the place of the baseline when it has been looked at";
            return Err(Error::OutputSpec { given: path.to_string_lossy().into_owned(), message: message.to_owned() });
        }
        let scanner = self.flags.load(&config)?;
        let baseline =
            baseline.map(|path| Ok::<_, Error>((render::read(path)?, path.to_string_lossy()))).transpose()?;
        let mut report = scanner.scan(&named::collect(&self.paths));
        if let Some((earlier, name)) = baseline {
            decisions::compare(&mut report, &earlier, &name);
        }
        outputs.write(&report)?;
        Ok(report.exit_status())
    }
}

impl ScanFlags {
    /// From which level on something counts for the exit status.
    ///
    /// # Errors
    /// A level in the configuration that is none.
    pub fn fail_on(&self, config: &Config) -> Result<Level, Error> {
        let given = self.fail_on.as_ref().or(config.fail_on.as_ref());
        given.map_or(Ok(Level::Review), |word| level(word))
    }

    /// Whether what could not be read may pass.
    pub fn allow_incomplete(&self, config: &Config) -> bool {
        self.allow_incomplete.or(config.allow_incomplete).unwrap_or(false)
    }

    /// All that a scan takes.
    ///
    /// # Errors
    /// Unknown words, or broken rules.
    pub fn load(&self, config: &Config) -> Result<Scanner, Error> {
        let rules = self.rules.load_for_scans(config)?;
        let options = Options {
            read: parsers::Options {
                limits: self.limits.reading(config),
                flagging: if self.flag_everything { Flagging::Everything } else { Flagging::Suspects },
                unpack: self.limits.unpacking(config),
                ahead: false,
            },
            context: self.context.context(config, &rules)?,
            fail_on: self.fail_on(config)?,
            allow_incomplete: self.allow_incomplete(config),
        };
        let jobs = self.jobs.or(config.jobs).unwrap_or(0);
        Ok(Scanner { rules, options, jobs, progress: self.progress.or(config), waivers: config.waivers.clone() })
    }
}

/// Rules and options, ready to scan.
pub struct Scanner {
    rules: RuleSet,
    options: Options,
    jobs: usize,
    progress: ProgressFlags,
    waivers: Vec<decisions::Decision>,
}

impl Scanner {
    /// Scans inputs, and holds the waivers of the configuration against what is found.
    pub fn scan(&self, inputs: &[Named]) -> Report {
        let progress = self.progress.begin(inputs.len());
        let scan = || scan_watched(inputs, &self.rules, &self.options, &progress);
        let mut report = match rayon::ThreadPoolBuilder::new().num_threads(named::threads(self.jobs, inputs)).build() {
            Ok(pool) => pool.install(scan),
            // No threads to be had: one is enough.
            Err(_) => scan(),
        };
        decisions::waive(&mut report, &self.waivers, today());
        report
    }
}

fn level(word: &str) -> Result<Level, Error> {
    let known = || Level::ALL.iter().skip(1);
    let found = known().find(|l| l.id() == word).copied();
    found.ok_or_else(|| Error::unknown("level", word, known().map(|l| l.id())))
}
