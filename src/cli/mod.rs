//! The command line: arguments, the clock, standard streams and the exit status. The only module that may read the
//! environment or print.

mod scan;

use clap::{Parser, Subcommand};
use std::io::Write as _;
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(name = "unlabel", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read SBOMs and report what is in them
    Scan(scan::Scan),
}

/// Runs the program.
pub fn run() -> ExitCode {
    // A wrong argument is told by clap, with exit status 2; help and version end with 0.
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Command::Scan(scan) => scan.run(),
    };
    match result {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            let _ = writeln!(std::io::stderr().lock(), "unlabel: {error}");
            ExitCode::from(2)
        }
    }
}
