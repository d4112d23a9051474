//! `unlabel inspect`: what was read of each input, what was not and why.

use super::config::ConfigFlags;
use super::limits::LimitFlags;
use super::named;
use crate::error::Error;
use crate::inspect::{FORMS, Options, inspect};
use crate::parsers::{self, Flagging};
use clap::builder::{PossibleValue, PossibleValuesParser};
use std::io::Write as _;
use std::path::PathBuf;

/// Show what is read of SBOMs: format, figures, problems and every component; no rule is asked
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  unlabel inspect fixtures/real/mail-gateway.cdx.json
  unlabel inspect --components fixtures/twins/clean/spdx2.spdx
  unlabel inspect --find okhttp fixtures/real/mail-gateway.cdx.json
  unlabel inspect --format json fixtures/twins/ > target/model.json
  unlabel inspect --strict fixtures/twins/clean/cyclonedx.json

Exit status:
  0  every input fully read
  1  with --strict: an official schema objects to a document
  2  wrong arguments, nothing could be opened, or the output could not be written
  3  an input was unread, partly read or held no component")]
pub struct Inspect {
    /// SBOM files, archives or folders of them, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The form of the output; json always has every component
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = forms())]
    format: String,
    /// List every component: number, name, version, who made it, identifier and place
    #[arg(long)]
    components: bool,
    /// Show in full the components in which TEXT stands, and say where else it stands when it is in none
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    find: Option<String>,
    /// Also say what the official schemas and two other readers think of each document
    #[cfg(feature = "strict")]
    #[arg(long)]
    strict: bool,
    /// Exit with 0 instead of 3 when something could not be read; the output says so
    #[arg(long, env = "UNLABEL_ALLOW_INCOMPLETE", value_parser = super::yes_or_no(), num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", hide_possible_values = true)]
    allow_incomplete: Option<bool>,
    #[command(flatten)]
    config: ConfigFlags,
    #[command(flatten)]
    limits: LimitFlags,
}

fn forms() -> PossibleValuesParser {
    PossibleValuesParser::new(FORMS.iter().map(|(id, about)| PossibleValue::new(id).help(about)))
}

impl Inspect {
    /// Runs the inspection and writes it.
    ///
    /// # Errors
    /// A configuration that cannot be read, or an output that cannot be written.
    pub fn run(self) -> Result<u8, Error> {
        let config = self.config.load()?;
        #[cfg(feature = "strict")]
        let strict = self.strict;
        #[cfg(not(feature = "strict"))]
        let strict = false;
        let options = Options {
            read: parsers::Options {
                limits: self.limits.reading(&config),
                flagging: Flagging::Suspects,
                unpack: self.limits.unpacking(&config),
                ahead: false,
            },
            components: self.components,
            find: self.find,
            strict,
            allow_incomplete: self.allow_incomplete.or(config.allow_incomplete).unwrap_or(false),
        };
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let summary = inspect(&named::collect(&self.paths), &self.format, &options, &mut out);
        match summary.and_then(|summary| out.flush().map(|()| summary)) {
            Ok(summary) => Ok(summary.exit_status()),
            // Whoever reads our output has read enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(0),
            Err(error) => Err(Error::Output(error)),
        }
    }
}
