//! What every command takes: how much is told on standard error, in what form, and color.

use super::log::{self, Format};
use anstream::ColorChoice;
use std::ffi::{OsStr, OsString};
use std::sync::atomic::{AtomicBool, Ordering};
use tracing::level_filters::LevelFilter;

/// Messages and color.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Messages and color")]
pub struct GlobalFlags {
    /// Tell failures only, and show no progress; the report stays as it is
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Tell on standard error what is opened and read, how long it took, and problems; twice for configuration, rules and
    /// outputs too
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// From which level on messages are told; --quiet and --verbose stand before it [default: error]
    #[arg(long, global = true, value_name = "LEVEL", env = "UNLABEL_LOG")]
    log_level: Option<LogLevel>,
    /// The form of messages on standard error
    #[arg(
        long,
        global = true,
        value_name = "FORM",
        env = "UNLABEL_LOG_FORMAT",
        default_value = "text",
        hide_default_value = true,
        help = "The form of messages on standard error [default: text]"
    )]
    log_format: Format,
    /// Color in text: auto asks the terminal, NO_COLOR, CLICOLOR, CLICOLOR_FORCE and TERM
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        env = "UNLABEL_COLOR",
        default_value = "auto",
        hide_default_value = true,
        help = "Color in text; auto asks the terminal, NO_COLOR, CLICOLOR, CLICOLOR_FORCE and TERM [default: auto]"
    )]
    color: Color,
}

/// From which level on messages are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum LogLevel {
    /// Failures only
    Error,
    /// Problems in documents too
    Warn,
    /// What is opened and read, and how long it took
    Info,
    /// Configuration, rules and outputs too
    Debug,
}

/// When there is color.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Color {
    /// Where a person looks who has not asked for none
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Whether messages or a wish for silence leave no room for a bar.
static NO_BAR: AtomicBool = AtomicBool::new(false);

/// Whether progress may be shown beside what is told.
pub fn no_bar() -> bool {
    NO_BAR.load(Ordering::Relaxed)
}

impl GlobalFlags {
    /// Makes it so, until the next run in this process.
    pub fn begin(&self) {
        let given = match self.log_level {
            _ if self.quiet => LevelFilter::ERROR,
            _ if self.verbose > 1 => LevelFilter::DEBUG,
            _ if self.verbose == 1 => LevelFilter::INFO,
            Some(LogLevel::Debug) => LevelFilter::DEBUG,
            Some(LogLevel::Info) => LevelFilter::INFO,
            Some(LogLevel::Warn) => LevelFilter::WARN,
            Some(LogLevel::Error) | None => LevelFilter::ERROR,
        };
        let no_bar = self.quiet || given > LevelFilter::ERROR || self.log_format == Format::Json;
        NO_BAR.store(no_bar, Ordering::Relaxed);
        log::begin(self.log_format, given);
        color(self.color);
    }
}

fn color(when: Color) {
    match when {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
    .write_global();
}

/// Help and mistakes in arguments are told before the arguments are known, so color is looked for by hand.
pub fn color_of_help<'a>(arguments: impl Iterator<Item = &'a OsString>) {
    let mut given = std::env::var_os("UNLABEL_COLOR");
    let mut arguments = arguments.take_while(|argument| *argument != "--");
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--color") => given = arguments.next().cloned(),
            Some(text) => given = text.strip_prefix("--color=").map(Into::into).or(given),
            None => {}
        }
    }
    color(match given.as_deref().and_then(OsStr::to_str) {
        Some("always") => Color::Always,
        Some("never") => Color::Never,
        _ => Color::Auto,
    });
}
