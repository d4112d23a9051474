//! Copies of the inputs: one on standard output or in a file, any number in a folder.
//!
//! In a folder each is called as its input is, below the folder and never beside it: what leads out of it, or is no name on
//! some system, is taken out. A copy never takes the place of the input it is made from, unless its file was named.

use super::output::replace;
use crate::error::{AnnotateFault, Error};
use crate::renderers::Copies;
use crate::report::Report;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes the only input of a report.
///
/// # Errors
/// When there are several or none, or it cannot be copied.
pub fn to_standard_output(copies: &Copies, report: &Report) -> Result<(), Error> {
    let number = only(report)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let result = (copies.write)(report, number, &mut out).and_then(|()| out.flush().map_err(AnnotateFault::Output));
    match result {
        // Whoever reads our output has read enough.
        Err(AnnotateFault::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|fault| named(report, number, fault)),
    }
}

/// The same into a file.
///
/// # Errors
/// The same.
pub fn into_file(copies: &Copies, report: &Report, path: &Path) -> Result<(), Error> {
    let number = only(report)?;
    write(copies, report, number, path).map_err(|fault| named(report, number, fault))
}

/// Writes every input into a folder, which is made when it is not there. Gives those that could not be.
pub fn into_folder(copies: &Copies, report: &Report, folder: &Path) -> Vec<Error> {
    let (mut failed, mut taken) = (Vec::new(), BTreeSet::new());
    for (number, input) in report.inputs.iter().enumerate() {
        let path = folder.join(harmless(&input.path));
        let result = if !taken.insert(path.clone()) {
            Err(AnnotateFault::Twice(path))
        } else if same(&path, Path::new(input.on_disk())) {
            Err(AnnotateFault::Itself)
        } else {
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent)
                .map_err(AnnotateFault::Output)
                .and_then(|()| write(copies, report, number, &path))
        };
        failed.extend(result.err().map(|fault| named(report, number, fault)));
    }
    failed
}

fn only(report: &Report) -> Result<usize, Error> {
    match report.inputs.len() {
        1 => Ok(0),
        count => Err(Error::Annotate { name: "these inputs".to_owned(), fault: AnnotateFault::Several(count) }),
    }
}

fn named(report: &Report, number: usize, fault: AnnotateFault) -> Error {
    let path = report.inputs.get(number).map_or("", |input| input.path.as_str());
    Error::Annotate { name: crate::renderers::escape::Line(path).to_string(), fault }
}

fn write(copies: &Copies, report: &Report, number: usize, path: &Path) -> Result<(), AnnotateFault> {
    let mut fault = None;
    let result = replace(path, &mut |out| {
        (copies.write)(report, number, out).map_err(|why| {
            fault = Some(why);
            io::Error::other("the input cannot be copied")
        })
    });
    match (result, fault) {
        (Ok(()), _) => Ok(()),
        (Err(_), Some(fault)) => Err(fault),
        (Err(error), None) => Err(AnnotateFault::Output(error)),
    }
}

/// Whether two paths lead to one file that is there.
fn same(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

/// How long a part of a path may be, in bytes, for every usual file system.
const LONGEST: usize = 200;

/// The path of an input as one below a folder.
fn harmless(path: &str) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.split(['/', '\\']) {
        let plain = |c: char| if c.is_control() || ":*?\"<>|".contains(c) { '_' } else { c };
        let mut name: String = part.chars().map(plain).collect();
        if matches!(part, "" | "." | "..") {
            continue;
        }
        if name.len() > LONGEST {
            let end = (0..=LONGEST).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
            name.truncate(end);
        }
        // A name of dots and blanks is another one on some systems.
        if name.trim_matches(['.', ' ']).is_empty() {
            name = "_".to_owned();
        }
        out.push(name);
    }
    if out.as_os_str().is_empty() { PathBuf::from("_") } else { out }
}

#[cfg(test)]
mod tests {
    use super::harmless;
    use std::path::Path;

    #[test]
    fn a_copy_never_leaves_its_folder() {
        for (path, harmless_path) in [
            ("a/b.json", "a/b.json"),
            ("/etc/passwd", "etc/passwd"),
            ("../../a.json", "a.json"),
            ("a.zip!../../../x/../b.json", "a.zip!../x/b.json"),
            ("C:\\x\\..\\b.json", "C_/x/b.json"),
            ("a\n\u{0}b:c", "a__b_c"),
            ("...", "_"),
            ("..", "_"),
            ("", "_"),
        ] {
            assert_eq!(harmless(path), Path::new(harmless_path), "{path}");
            assert!(harmless(path).components().all(|c| matches!(c, std::path::Component::Normal(_))), "{path}");
        }
        assert_eq!(harmless(&"ä".repeat(1_000)).as_os_str().len(), 200);
    }
}
