//! The few things that can really fail.
//!
//! A bad SBOM is never an error: it is a [`crate::model::Problem`] with a place. An [`Error`] means that the run as
//! asked for cannot be done at all: wrong arguments, broken rules, an output that cannot be written. Every message
//! names what was asked for and what to do.

use std::path::PathBuf;

/// A failure that stops a run. Exit status 2.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A rule file is not TOML, or not a rule.
    #[error("rule file {file}: {message}")]
    Rule {
        /// The file, relative to the rule folder.
        file: String,
        /// What is wrong, with line and column where known.
        message: String,
    },
    /// A rule folder or file could not be read.
    #[error("cannot read rules from {}: {source}", path.display())]
    RuleFolder {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The rule set asks for another version of this program.
    #[error("the rules need unlabel {requires}, this is {have}: update the program or use older rules")]
    RuleVersion {
        /// The requirement as the rule set states it.
        requires: String,
        /// This program's version.
        have: String,
    },
    /// A role, market or other word that no rule knows.
    #[error("unknown {what} `{given}`: known are {known}")]
    UnknownWord {
        /// What the word was given for.
        what: &'static str,
        /// The word.
        given: String,
        /// What would have been understood.
        known: String,
    },
    /// Two facts that cannot both be so.
    #[error("`{one}` and `{other}` cannot both be so")]
    Contradiction {
        /// One.
        one: String,
        /// The other.
        other: String,
    },
    /// A date that cannot be read.
    #[error("`{given}` is not a date: write 2025-06-30 or 2025-06-30T00:00:00-05:00")]
    Date {
        /// The text.
        given: String,
    },
    /// A configuration file cannot be read, or says something that is not known.
    #[error("configuration {}: {message}", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// The output could not be written.
    #[error("cannot write the report: {0}")]
    Output(#[from] std::io::Error),
}
