//! Scans an SBOM in memory: `cargo run --example scan_bytes -- fixtures/real/mail-gateway.cdx.json`.
//!
//! What a service does that is handed documents: one scanner for all of them, no file, no command line. It ends with the
//! exit status of the report.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use unlabel::{Scanner, Status};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "fixtures/real/mail-gateway.cdx.json".to_owned());
    let bytes = std::fs::read(&path)?;
    Ok(ExitCode::from(scan(&path, &bytes, &mut io::stdout())?))
}

/// Scans a document and writes what is in it; gives the exit status.
pub fn scan(name: &str, bytes: &[u8], out: &mut dyn Write) -> Result<u8, Box<dyn Error>> {
    let scanner = Scanner::builder("2026-11-22").role("integrator").market("us").build()?;
    let report = scanner.scan_bytes(name, bytes);

    // Reading nothing is not finding nothing: what was not read whole is told before anything else.
    for input in &report.inputs {
        writeln!(out, "{}: {}, {} components", input.path, input.status.id(), input.components)?;
        for problem in &input.problems {
            writeln!(out, "  {}", problem.message)?;
        }
        if input.status != Status::Read || input.inconclusive {
            writeln!(out, "  that nothing is found here says nothing")?;
        }
    }
    for finding in &report.findings {
        writeln!(out, "{}: {} ({})", finding.level.id(), finding.component.label(), finding.organization)?;
        for evidence in &finding.evidence {
            writeln!(out, "  line {}: {} (rule {})", evidence.location.line, evidence.found, evidence.rule)?;
        }
    }
    Ok(report.exit_status())
}
