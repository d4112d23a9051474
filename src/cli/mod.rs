//! The command line: arguments, the clock, standard streams and the exit status. The only module that may read the
//! environment or print.

mod ask;
mod config;
mod context;
mod copies;
mod diff;
mod explain;
mod given;
mod inspect;
mod limits;
mod merge;
mod named;
mod output;
mod progress;
mod regimes;
mod render;
mod rules;
mod scan;
mod waivers;

use crate::error::Error;
use clap::{Parser, Subcommand};
use std::ffi::OsString;
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
    Scan(Box<scan::Scan>),
    /// Show what is read of SBOMs: format, figures, problems and every component; no rule is asked
    Inspect(Box<inspect::Inspect>),
    /// Write a JSON report in another form, without scanning again
    Render(render::Render),
    /// Say what came, what went and what changed between two SBOMs or reports
    Diff(Box<diff::Diff>),
    /// Make one report of many
    Merge(merge::Merge),
    /// Write letters to suppliers: what was found, what is open, what to send back
    Ask(ask::Ask),
    /// Explain a rule or regime: what it says, by which sources, and what it means for whom
    Explain(explain::Explain),
    /// Show what each regime asks of each role on a date, as a table
    Regimes(regimes::Regimes),
    /// List, show, check and test the rules
    Rules(rules::Rules),
}

/// The day, in UTC, so that machines in several zones agree.
fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Writes a text to standard output.
fn print(text: &str) -> Result<u8, Error> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        // Whoever reads our output has read enough.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::Output(error)),
        _ => Ok(0),
    }
}

/// A library that is asked for its opinion may panic; that is caught and told, and needs no message of its own.
fn quiet_opinions() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(crate::opinion::THREAD) {
            usual(panic);
        }
    }));
}

/// Runs the program.
pub fn run() -> ExitCode {
    ExitCode::from(run_with(std::env::args_os()))
}

/// Runs the program with arguments, the first of which is its name, and gives its exit status: for a program in another
/// language that holds this one.
pub fn run_with(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    quiet_opinions();
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        // A wrong argument is told by clap, with exit status 2; help and version end with 0.
        Err(told) => {
            let _ = told.print();
            return u8::try_from(told.exit_code()).unwrap_or(2);
        }
    };
    let result = match arguments.command {
        Command::Scan(scan) => scan.run(),
        Command::Inspect(inspect) => inspect.run(),
        Command::Render(render) => render.run(),
        Command::Diff(diff) => diff.run(),
        Command::Ask(ask) => ask.run(),
        Command::Merge(merge) => merge.run(),
        Command::Explain(explain) => explain.run(),
        Command::Regimes(regimes) => regimes.run(),
        Command::Rules(rules) => rules.run(),
    };
    match result {
        Ok(status) => status,
        Err(error) => {
            let _ = writeln!(std::io::stderr().lock(), "unlabel: {error}");
            2
        }
    }
}
