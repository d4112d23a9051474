//! `unlabel.report/1`: the JSON report, whose shape others parse (`schemas/report-1.json`).
//!
//! The form itself is [`crate::report::file`], which also reads it back. Texts come out as data: JSON escapes what would
//! end a string, and whoever shows them escapes them for the place they are shown in.

use crate::report::{Report, file};
use std::io::{self, Write};

/// Writes the report as one JSON object, indented, with a line end behind it.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    file::write(report, out)
}
