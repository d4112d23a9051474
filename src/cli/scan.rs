//! `unlabel scan`: from arguments to a report on standard output.

use super::config::{Config, ConfigFlags};
use super::context::{ContextFlags, RuleFlags};
use super::output::OutputFlags;
use crate::error::Error;
use crate::parsers::{self, Flagging, Limits};
use crate::rules::format::Level;
use crate::scan::{Options, scan};
use crate::source::collect::collect;
use crate::source::unpack;
use std::path::PathBuf;

/// Read SBOMs and report what is in them
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  unlabel scan sbom.json
  unlabel scan --format json suppliers/ > report.json
  unlabel scan --output sarif=unlabel.sarif --output json=report.json sbom.json
  unlabel scan delivery.zip attestation.intoto.jsonl
  some-tool --sbom | unlabel scan -
  unlabel scan --role reseller --as-of 2025-06-30 sbom.json
  unlabel scan --role public-body --market au sbom.json

Exit status:
  0  nothing at or above --fail-on, and every input fully read
  1  something at or above --fail-on
  2  wrong arguments, broken rules, nothing could be opened, or the report could not be written
  3  nothing found, but an input was unread, partly read or held no component")]
pub struct Scan {
    /// SBOM files, archives or folders of them, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputFlags,
    /// The lowest level that gives exit status 1
    #[arg(long, value_name = "LEVEL", value_parser = levels(), help = "The lowest level that gives exit status 1 [default: review]")]
    fail_on: Option<String>,
    /// Exit with 0 instead of 3 when something could not be read; the report says so
    #[arg(long)]
    allow_incomplete: bool,
    /// How many threads read at once [default: one for each core]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    #[command(flatten)]
    rules: RuleFlags,
    #[command(flatten)]
    config: ConfigFlags,
    /// How deep objects and lists may be nested [default: 1000]
    #[arg(long, value_name = "N")]
    max_depth: Option<usize>,
    /// How many bytes a single value may have [default: 67108864]
    #[arg(long, value_name = "BYTES")]
    max_value_size: Option<usize>,
    /// How many bytes an input may have [default: any number]
    #[arg(long, value_name = "BYTES")]
    max_input_size: Option<u64>,
    /// How many bytes an input may unpack to, all layers together [default: 2147483648]
    #[arg(long, value_name = "BYTES")]
    max_unpacked_size: Option<u64>,
    /// How many times its size an input may unpack to, from 1 MiB on [default: 200]
    #[arg(long, value_name = "N")]
    max_ratio: Option<u64>,
    /// How many entries an archive may have, or values a list or JSON lines [default: 100000]
    #[arg(long, value_name = "N")]
    max_entries: Option<u64>,
    /// How deep archives may be packed in each other, up to 64 [default: 4]
    #[arg(long, value_name = "N")]
    max_archive_depth: Option<u32>,
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
    /// Unknown words, broken rules, or an output that cannot be written.
    pub fn run(self) -> Result<u8, Error> {
        let config = self.config.load()?;
        let outputs = self.output.outputs(&config)?;
        let rules = self.rules.load(&config)?;
        let limits = Limits::default();
        let fail_on = self.fail_on.as_ref().or(config.fail_on.as_ref());
        let options = Options {
            read: parsers::Options {
                limits: Limits {
                    depth: self.max_depth.or(config.max_depth).unwrap_or(limits.depth),
                    value: self.max_value_size.or(config.max_value_size).unwrap_or(limits.value),
                },
                flagging: if self.flag_everything { Flagging::Everything } else { Flagging::Suspects },
                unpack: self.unpack(&config),
            },
            context: self.context.context(&config, &rules)?,
            fail_on: fail_on.map_or(Ok(Level::Review), |word| level(word))?,
            allow_incomplete: self.allow_incomplete || config.allow_incomplete.unwrap_or(false),
        };
        let inputs = collect(&self.paths);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.jobs.or(config.jobs).unwrap_or(0)).build();
        let report = match pool {
            Ok(pool) => pool.install(|| scan(&inputs, &rules, &options)),
            // No threads to be had: one is enough.
            Err(_) => scan(&inputs, &rules, &options),
        };
        outputs.write(&report)?;
        Ok(report.exit_status())
    }
}

impl Scan {
    fn unpack(&self, config: &Config) -> unpack::Limits {
        let limits = unpack::Limits::default();
        unpack::Limits {
            unpacked: self.max_unpacked_size.or(config.max_unpacked_size).unwrap_or(limits.unpacked),
            ratio: self.max_ratio.or(config.max_ratio).unwrap_or(limits.ratio),
            entries: self.max_entries.or(config.max_entries).unwrap_or(limits.entries),
            depth: self.max_archive_depth.or(config.max_archive_depth).unwrap_or(limits.depth),
            input: self.max_input_size.or(config.max_input_size),
        }
    }
}

fn level(word: &str) -> Result<Level, Error> {
    let known = || Level::ALL.iter().skip(1);
    known().find(|l| l.id() == word).copied().ok_or_else(|| Error::UnknownWord {
        what: "level",
        given: word.to_owned(),
        known: known().map(|l| l.id()).collect::<Vec<_>>().join(", "),
    })
}
