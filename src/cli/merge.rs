//! `unlabel merge`: one report of many.

use super::config::Config;
use super::output::OutputFlags;
use super::render;
use crate::error::Error;
use crate::report::merge::merge;
use std::path::PathBuf;

/// Make one report of many
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  unlabel scan --format json fixtures/twins/ > target/shard-1.json
  unlabel scan --format json fixtures/clean/ > target/shard-2.json
  unlabel merge target/shard-1.json target/shard-2.json > target/all.json
  unlabel merge target/shard-*.json --format html > target/suppliers.html
  unlabel merge target/shard-*.json --format text --output csv=target/all.csv

Inputs are sorted as in a scan of the whole folder, and the same input twice (path and bytes) is told once. Reports for
another role, market, act or facts are refused; those for another date or of other rules too, unless --allow-mixed is
given: then the report says so. It reads no unlabel.toml.

Exit status, as that of a scan of all:
  0  nothing at or above --fail-on of the scans, and every input fully read
  1  something at or above it
  2  wrong arguments, reports that cannot be read or cannot be one, nothing could be opened, or the output could not be
     written
  3  nothing found, but an input was unread, partly read or held no component")]
pub struct Merge {
    /// Reports written with --format json; one may be - for standard input
    #[arg(required = true, value_name = "REPORT.json")]
    reports: Vec<PathBuf>,
    /// Merge reports of another date, other rules, another version of the program or other limits
    #[arg(long)]
    allow_mixed: bool,
    #[command(flatten)]
    output: OutputFlags,
}

impl Merge {
    /// Reads the reports and writes the one made of them.
    ///
    /// # Errors
    /// A file that is no report, reports that cannot be one, or an output that cannot be written.
    pub fn run(self) -> Result<u8, Error> {
        let mut json = Config::default();
        json.format = Some("json".to_owned());
        let outputs = self.output.outputs(&json)?;
        let read = |path: &PathBuf| Ok((path.to_string_lossy().into_owned(), render::read(path)?));
        let reports = self.reports.iter().map(read).collect::<Result<Vec<_>, Error>>()?;
        let report = merge(reports, self.allow_mixed)?;
        outputs.write(&report)?;
        Ok(report.exit_status())
    }
}
