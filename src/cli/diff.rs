//! `unlabel diff`: what came, what went and what changed between two SBOMs or reports.

use super::config::ConfigFlags;
use super::given::given;
use super::named;
use super::output::standard;
use super::scan::ScanFlags;
use crate::compare::{self, compare};
use crate::error::Error;
use std::io::Write;
use std::path::PathBuf;

/// Say what came, what went and what changed between two SBOMs or reports
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  unlabel diff fixtures/twins/clean/cyclonedx.json fixtures/twins/supplier-and-cpe/cyclonedx.json
  unlabel diff --format markdown fixtures/twins/clean/ fixtures/twins/purl-and-download/
  unlabel diff --fail-on advisory fixtures/twins/clean/ fixtures/twins/license-text/

OLD and NEW are each a JSON report of unlabel, which is taken as it is, or anything that `unlabel scan` reads, which is
scanned with the flags below; which of both goes by content. One of them may be - for standard input. Rules or a context
that differ are told first: a change may come from there.

Exit status:
  0  nothing came or rose at or above --fail-on, and NEW was read whole
  1  something came or rose at or above --fail-on
  2  wrong arguments, broken rules, OLD or NEW could not be opened, or the output could not be written
  3  nothing came or rose, but NEW was not read whole, or lacks an input of OLD")]
pub struct Diff {
    /// An SBOM, a folder or archive of them, or a JSON report: how it was
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The same: how it is
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// The form of the output
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "markdown", "json"])]
    format: String,
    #[command(flatten)]
    flags: ScanFlags,
    #[command(flatten)]
    config: ConfigFlags,
}

impl Diff {
    /// Compares, and writes what is different.
    ///
    /// # Errors
    /// Unknown words, broken rules, something that cannot be read, or an output that cannot be written.
    pub fn run(self) -> Result<u8, Error> {
        let config = self.config.load()?;
        let scanner = self.flags.load(&config)?;
        let (old, new) = (named::shown(&self.old), named::shown(&self.new));
        if old == "-" && new == "-" {
            return Err(Error::Input {
                name: "-".to_owned(),
                message: "standard input can be one of them only".into(),
            });
        }
        let (before, old_scanned) = given(&self.old)?.report(&old, &scanner)?;
        let (now, new_scanned) = given(&self.new)?.report(&new, &scanner)?;
        let diff = compare(
            compare::Given { name: &old, scanned: old_scanned, report: &before },
            compare::Given { name: &new, scanned: new_scanned, report: &now },
            compare::Options {
                fail_on: self.flags.fail_on(&config)?,
                allow_incomplete: self.flags.allow_incomplete(&config),
            },
        );
        let write = |out: &mut dyn Write, colors: bool| match self.format.as_str() {
            "json" => {
                serde_json::to_writer_pretty(&mut *out, &diff)?;
                out.write_all(b"\n")
            }
            "markdown" => compare::markdown::write(&diff, out),
            _ => compare::text::write(&diff, out, colors),
        };
        standard(self.format == "text", &write)?;
        Ok(diff.summary.exit_status)
    }
}
