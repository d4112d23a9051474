//! `unlabel render`: a report that was written before, in another form.

use super::config::Config;
use super::named;
use super::output::OutputFlags;
use crate::error::{Error, ReportFault};
use crate::report::{Report, file};
use crate::source::Source;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// How many bytes a report may have: it is held in memory, like the one a scan makes.
const MOST: u64 = 2 << 30;

/// Write a JSON report in another form, without scanning again
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  unlabel scan --format json fixtures/twins/ | unlabel render - --format markdown
  unlabel scan --format json fixtures/twins/ > target/report.json
  unlabel render target/report.json
  unlabel render target/report.json --output csv=target/unlabel.csv

The output is that of the scan with this format, byte for byte. It reads no unlabel.toml.

Exit status:
  0  the report was written, whatever it says; the status of the scan stands in its summary
  2  wrong arguments, no report, or the output could not be written")]
pub struct Render {
    /// A report written with --format json, or - for standard input
    #[arg(value_name = "REPORT.json")]
    report: PathBuf,
    #[command(flatten)]
    output: OutputFlags,
}

impl Render {
    /// Reads the report and writes it.
    ///
    /// # Errors
    /// A file that is no report, or an output that cannot be written.
    pub fn run(self) -> Result<u8, Error> {
        let outputs = self.output.outputs(&Config::default())?;
        outputs.write(&read(&self.report)?)?;
        Ok(0)
    }
}

/// Reads a report from a file, or from standard input when it is called `-`.
///
/// # Errors
/// When it cannot be opened, or is no report.
pub fn read(path: &Path) -> Result<Report, Error> {
    read_as(&named::shown(path), path)
}

/// The same, with what messages call it.
///
/// # Errors
/// When it cannot be opened, or is no report.
pub fn read_as(name: &str, path: &Path) -> Result<Report, Error> {
    let bytes = || {
        // What a shell has turned into UTF-16 on its way to the file is read as well.
        let source = match path == Path::new("-") {
            true => Source::from_reader_up_to("-", std::io::stdin().lock(), Some(MOST))?,
            false => Source::from_file(name, path, Some(MOST))?,
        };
        let mut bytes = Vec::new();
        source.open()?.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let report = bytes().map_err(ReportFault::Unreadable).and_then(|bytes| file::read(&bytes));
    report.map_err(|fault| Error::Report { name: name.to_owned(), fault })
}
