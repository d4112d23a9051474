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
    #[non_exhaustive]
    Rule {
        /// The file, relative to the rule folder.
        file: String,
        /// What is wrong, with line and column where known.
        message: String,
    },
    /// A rule folder or file could not be read.
    #[error("cannot read rules from {}: {source}", path.display())]
    #[non_exhaustive]
    RuleFolder {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The rule set asks for another version of this program.
    #[error("the rules need unlabel {requires}, this is {have}: update the program or use older rules")]
    #[non_exhaustive]
    RuleVersion {
        /// The requirement as the rule set states it.
        requires: String,
        /// This program's version.
        have: String,
    },
    /// A role, market or other word that no rule knows.
    #[error("unknown {what} `{given}`: {}known are {known}", near.as_ref().map(|near| format!("did you mean `{near}`? ")).unwrap_or_default())]
    #[non_exhaustive]
    UnknownWord {
        /// What the word was given for.
        what: &'static str,
        /// The word.
        given: String,
        /// What was probably meant.
        near: Option<String>,
        /// What would have been understood.
        known: String,
    },
    /// Two facts that cannot both be so.
    #[error("`{one}` and `{other}` cannot both be so")]
    #[non_exhaustive]
    Contradiction {
        /// One.
        one: String,
        /// The other.
        other: String,
    },
    /// A date that cannot be read.
    #[error("`{given}` is not a date: write 2025-06-30 or 2025-06-30T00:00:00-05:00")]
    #[non_exhaustive]
    Date {
        /// The text.
        given: String,
    },
    /// A configuration file cannot be read, or says something that is not known.
    #[error("configuration {}: {message}", path.display())]
    #[non_exhaustive]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// An input of a comparison cannot be read at all, so there is nothing to compare.
    #[error("cannot read {name}: {message}")]
    #[non_exhaustive]
    Input {
        /// What it is called.
        name: String,
        /// Why.
        message: String,
    },
    /// Reports that cannot be one.
    #[error("{one}: {message}")]
    #[non_exhaustive]
    Merge {
        /// The report or input it is about, or all of them.
        one: String,
        /// Why.
        message: String,
    },
    /// A report cannot be read back.
    #[error("cannot read the report {name}: {fault}")]
    #[non_exhaustive]
    Report {
        /// What the file is called.
        name: String,
        /// What is wrong with it, and where.
        fault: ReportFault,
    },
    /// A file that the report goes to cannot be written; what stood there before still does.
    #[error("cannot write {}: {source}", path.display())]
    #[non_exhaustive]
    OutputFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// An output that cannot be meant.
    #[error("output `{given}`: {message}")]
    #[non_exhaustive]
    OutputSpec {
        /// What was given.
        given: String,
        /// What is wrong with it.
        message: String,
    },
    /// A document cannot be written with its findings in it.
    #[error("cannot annotate {name}: {fault}")]
    #[non_exhaustive]
    Annotate {
        /// What the input is called.
        name: String,
        /// Why.
        fault: AnnotateFault,
    },
    /// The output could not be written.
    #[error("cannot write the report: {0}")]
    Output(#[from] std::io::Error),
}

impl Error {
    /// A word that is none of these.
    pub fn unknown<'w>(what: &'static str, given: &str, words: impl IntoIterator<Item = &'w str>) -> Self {
        let words: Vec<&str> = words.into_iter().collect();
        let near = nearest(given, words.iter().copied()).map(ToOwned::to_owned);
        Self::UnknownWord { what, given: given.to_owned(), near, known: words.join(", ") }
    }
}

/// The word that is so like what was given that it was probably meant: as compilers do it, by typing mistakes, where a
/// third of the letters may be wrong.
pub fn nearest<'w>(given: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    // Nobody mistypes a text of this length, and comparing takes the square of it.
    const MOST: usize = 100;
    if given.len() > MOST {
        return None;
    }
    let given = given.trim().to_lowercase().replace('_', "-");
    let distance = |word: &&'w str| strsim::damerau_levenshtein(&given, &word.to_lowercase());
    let all = words.into_iter().filter(|word| word.len() <= MOST).map(|word| (distance(&word), word));
    let (mistakes, word) = all.min_by_key(|(mistakes, _)| *mistakes)?;
    (mistakes <= given.chars().count().max(3) / 3).then_some(word)
}

/// Why a file is not read as a report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportFault {
    /// It could not be opened or read.
    #[error("{0}")]
    Unreadable(std::io::Error),
    /// Nothing is in it.
    #[error("it is empty")]
    Empty,
    /// JSON that is no report, or a report without the word that says so.
    #[error("it is no report of this program: it has no \"schema\"; an SBOM is for `unlabel scan`")]
    Foreign,
    /// A report of another generation, or of another program.
    #[error("it is a `{schema}`, and this program reads `unlabel.report/1`")]
    Generation {
        /// What it says it is.
        schema: String,
    },
    /// It breaks off, is no JSON, or a value is not what the schema asks for.
    #[error("line {line}, column {column}: {message}")]
    Broken {
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// It does not fit itself: it was cut or changed.
    #[error("{pointer}: {message}")]
    Odd {
        /// JSON pointer of the value that does not fit.
        pointer: String,
        /// What does not fit.
        message: String,
    },
}

/// Why a document is not written with its findings in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnnotateFault {
    /// It was read from standard input, which is gone.
    #[error("standard input cannot be read a second time; save it to a file and scan that")]
    Stream,
    /// It came from an object store or a web server, and no copy was kept.
    #[error("it was not read from this machine, and cannot be read a second time; download it and scan the file")]
    Elsewhere,
    /// There is more or less than one input for one output.
    #[error("there are {0} inputs, and this is one document; name a folder: --output annotated=FOLDER/")]
    Several(usize),
    /// It was not read, so that nothing is known of it.
    #[error("it was not read, and a copy of it without a finding would look like one in which nothing was found")]
    Unread,
    /// The file can no longer be opened or read.
    #[error("it can no longer be read: {0}")]
    Unreadable(std::io::Error),
    /// The file holds no document of that name any more, or another one.
    #[error("it is not what the report is about: its SHA-256 is another one, or it is gone; scan it again")]
    Changed,
    /// The format has no place for a finding, or none that keeps every other byte.
    #[error("{0}")]
    Form(String),
    /// It breaks off, or breaks the rules of its syntax, so that what is added could be read as something else.
    #[error("it is broken at line {line}, column {column}; nothing can be added to it that is sure to be read")]
    Broken {
        /// Line, from 1.
        line: u64,
        /// Column in Unicode code points, from 1.
        column: u64,
    },
    /// The copy would take the place of the input.
    #[error("the copy would replace the input itself; name another folder")]
    Itself,
    /// Two inputs would go to the same file.
    #[error("another input goes to the same file, {0}")]
    Twice(std::path::PathBuf),
    /// The copy could not be written.
    #[error("the copy could not be written: {0}")]
    Output(std::io::Error),
}
