//! What a command is given where an SBOM and a report of this program are both taken: which it is goes by content.

use super::scan::Scanner;
use super::{named, render};
use crate::error::Error;
use crate::report::{Input, Report};
use crate::source::Source;
use crate::source::address::Address;
use crate::source::collect::{At, Named, reason};
use serde::Deserializer;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use std::cell::RefCell;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// How many bytes are looked through for the word that a report says of itself. Reports of ours begin with it; one whose
/// keys somebody sorted does not.
const LOOK: u64 = 256 << 20;

/// A report, or something to scan.
pub enum Given {
    /// A report that was read.
    Report(Box<Report>),
    /// Inputs to scan; a file with what came from standard input goes when this is dropped.
    Inputs(Vec<Named>, Option<tempfile::TempPath>),
}

/// Finds out what a path stands for.
///
/// # Errors
/// When it cannot be read, or says that it is a report and is none.
pub fn given(path: &Path) -> Result<Given, Error> {
    let name = named::shown(path);
    let failed = |error: io::Error| Error::Input { name: name.clone(), message: reason(&error) };
    if path == Path::new("-") {
        return once(&name, &mut io::stdin().lock());
    }
    if path.to_str().and_then(Address::read).is_some() {
        return Ok(Given::Inputs(named::collect(&[PathBuf::from(path)]), None));
    }
    let about = std::fs::metadata(path).map_err(failed)?;
    if is_pipe(&about) {
        return once(&name, &mut std::fs::File::open(path).map_err(failed)?);
    }
    if about.is_file() && says_report(path).map_err(failed)? {
        return render::read(path).map(|report| Given::Report(Box::new(report)));
    }
    Ok(Given::Inputs(named::collect(&[PathBuf::from(path)]), None))
}

/// What can be read once only is kept in a file of its own.
fn once(name: &str, from: &mut dyn Read) -> Result<Given, Error> {
    let failed = |error: io::Error| Error::Input { name: name.to_owned(), message: reason(&error) };
    let mut file = tempfile::NamedTempFile::new().map_err(failed)?;
    io::copy(from, &mut file).map_err(failed)?;
    let file = file.into_temp_path();
    if says_report(&file).map_err(failed)? {
        return render::read_as(name, &file).map(|report| Given::Report(Box::new(report)));
    }
    let inputs = vec![Named { name: name.to_owned(), at: At::File(file.to_path_buf()), named: true }];
    Ok(Given::Inputs(inputs, Some(file)))
}

/// Whether it is a pipe, such as a shell makes of `<(…)`.
#[cfg(unix)]
fn is_pipe(about: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    about.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_pipe(_: &std::fs::Metadata) -> bool {
    false
}

impl Given {
    /// The report, scanned now where it has to be; and whether it was.
    ///
    /// # Errors
    /// When nothing could be opened.
    pub fn report(self, name: &str, scanner: &Scanner) -> Result<(Report, bool), Error> {
        let (report, scanned) = match self {
            Self::Report(report) => (*report, false),
            Self::Inputs(inputs, _kept) => (scanner.scan(&inputs), true),
        };
        match report.inputs.first() {
            Some(first) if report.inputs.iter().all(Input::unopened) => {
                let message = first.problems.first().map_or(String::new(), |p| p.message.clone());
                Err(Error::Input { name: name.to_owned(), message })
            }
            _ => Ok((report, scanned)),
        }
    }
}

/// Whether a file is a JSON object that says it is something this program wrote.
fn says_report(path: &Path) -> io::Result<bool> {
    let source = Source::from_file(String::new(), path, None)?;
    let found = RefCell::new(None);
    // It ends with an error when it is no JSON, or as soon as the word is found; both are answers.
    let reader = BufReader::new(source.open()?.take(LOOK));
    let _ = serde_json::Deserializer::from_reader(reader).deserialize_map(Look { found: &found });
    Ok(found.into_inner().is_some_and(|schema: String| schema.starts_with("unlabel.")))
}

struct Look<'f> {
    found: &'f RefCell<Option<String>>,
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "schema" => {
                    self.found.replace(Some(map.next_value()?));
                    return Ok(());
                }
                // What an SBOM says of itself.
                "bomFormat" | "specVersion" | "spdxVersion" | "SPDXID" | "@context" | "@graph" => return Ok(()),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}
