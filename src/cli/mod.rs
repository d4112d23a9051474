//! The command line: arguments, the clock, standard streams and the exit status. The only module that may read the
//! environment or print.

mod ask;
mod completions;
mod config;
mod context;
mod copies;
mod diff;
mod explain;
mod given;
mod globals;
mod inspect;
mod limits;
mod log;
mod merge;
mod named;
mod output;
mod progress;
mod regimes;
mod render;
mod rules;
mod scan;
mod schema;
mod self_test;
mod waivers;

use crate::error::Error;
use clap::builder::{BoolishValueParser, Resettable};
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(
    name = "unlabel",
    version,
    about,
    max_term_width = 100,
    after_long_help = "Examples:
  unlabel scan fixtures/real/mail-gateway.cdx.json
  unlabel scan --format json fixtures/twins/ > target/report.json
  unlabel inspect fixtures/real/mail-gateway.cdx.json
  unlabel explain us-entity-list
  unlabel regimes --role integrator
  unlabel scan --help

Exit status:
  0  done; nothing at or above --fail-on was found, and every input was fully read
  1  something at or above --fail-on was found
  2  wrong arguments, or the work could not be done
  3  nothing found, but an input was unread, partly read or held no component
`unlabel help COMMAND` tells what they mean for each command.

Environment: the variables in brackets behind the options of each command. A flag stands before its variable, that
before unlabel.toml, and that before the default. An empty variable is none."
)]
struct Arguments {
    #[command(flatten)]
    globals: globals::GlobalFlags,
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
    /// Print a JSON Schema: of unlabel.toml, of a rule file, or of a JSON output
    Schema(schema::Schema),
    /// Check that this binary finds what it should: rules, every format, every form of the report
    SelfTest(self_test::SelfTest),
    /// Write the completions of a shell to standard output
    Completions(completions::Completions),
    /// Write manual pages
    Man(completions::Man),
}

/// The program's arguments, from which help, completions, manual pages and the reference are made.
pub fn command() -> clap::Command {
    // These forms are not those of a scan, and a variable that is meant for a scan must not change them.
    let own = |command: clap::Command| command.mut_arg("format", |format| format.env(Resettable::Reset));
    Arguments::command().mut_subcommand("render", own).mut_subcommand("merge", own)
}

/// Without the variables that do not count: one that is set to nothing, as build servers do to what nobody filled in, and
/// the one for the configuration where a flag says that there is none.
fn as_set(command: clap::Command, refused: bool) -> clap::Command {
    let empty = |name: &std::ffi::OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let any = std::env::vars_os()
        .any(|(name, value)| value.is_empty() && name.to_str().is_some_and(|name| name.starts_with("UNLABEL_")));
    if !any && !refused {
        return command;
    }
    let none =
        |argument: &clap::Arg| argument.get_env().is_some_and(empty) || (refused && argument.get_id() == "config");
    command
        .mut_args(|argument| if none(&argument) { argument.env(Resettable::Reset) } else { argument })
        .mut_subcommands(|command| as_set(command, refused))
}

/// What a switch or its environment variable says: `true`, `1`, `yes`, `on`, or their contrary. A switch alone means yes; a
/// value stands behind `=`, so that what follows a switch is no value of it.
fn yes_or_no() -> BoolishValueParser {
    BoolishValueParser::new()
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
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    globals::color_of_help(arguments.iter().skip(1));
    let command = as_set(command(), arguments.iter().any(|argument| argument == "--no-config"));
    let read = command.try_get_matches_from(arguments).and_then(|given| Arguments::from_arg_matches(&given));
    let arguments = match read {
        Ok(arguments) => arguments,
        // A wrong argument is told by clap, with exit status 2; help and version end with 0.
        Err(told) => {
            let _ = told.print();
            return u8::try_from(told.exit_code()).unwrap_or(2);
        }
    };
    arguments.globals.begin();
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
        Command::Schema(schema) => schema.run(),
        Command::SelfTest(test) => test.run(),
        Command::Completions(completions) => completions.run(),
        Command::Man(man) => man.run(),
    };
    match result {
        Ok(status) => status,
        Err(error) => {
            log::failure(&error.to_string());
            2
        }
    }
}
