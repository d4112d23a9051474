//! From the paths a caller names to the inputs of a run, in a fixed order.
//!
//! A folder stands for every regular file below it, sorted by name; links are followed, but not in circles, and hidden or ignored
//! files are not passed over, because an SBOM nobody reads is a hole. Which of them are SBOMs is for the parsers to
//! say.

use std::io;
use std::path::{Path, PathBuf};

/// One input to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// How reports call it: the path as given, with `/` between its parts.
    pub name: String,
    /// What to open.
    pub at: At,
    /// Whether the caller named it. A file found in a folder is passed over in silence when it is no SBOM.
    pub named: bool,
}

/// Where an input lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
    /// An object in a store or on a web server.
    #[cfg(feature = "cloud")]
    Object(super::objects::Object),
    /// A folder in which there is nothing to read.
    EmptyFolder(PathBuf),
    /// A path that cannot be opened, and why.
    Missing(String),
}

/// Lists the inputs behind paths. `-` is standard input.
pub fn collect(paths: &[PathBuf]) -> Vec<Named> {
    let mut all = Vec::new();
    for path in paths {
        let name = shown(path);
        if path.as_os_str() == "-" {
            all.push(Named { name: "-".to_owned(), at: At::Stdin, named: true });
            continue;
        }
        match std::fs::metadata(path) {
            Err(error) => all.push(Named { name, at: At::Missing(reason(&error)), named: true }),
            Ok(about) if about.is_dir() => folder(path, &mut all),
            Ok(about) if is_device(&about) && !meant(path) => {
                all.push(Named { name, at: At::Missing("it leads to a device".to_owned()), named: true });
            }
            Ok(_) => all.push(Named { name, at: At::File(path.clone()), named: true }),
        }
    }
    all
}

/// One file, under a name of the caller's.
pub fn file(name: &str, path: &Path) -> Named {
    let at = match std::fs::metadata(path) {
        Err(error) => At::Missing(reason(&error)),
        Ok(about) if about.is_file() => At::File(path.to_owned()),
        Ok(_) => At::Missing("it is no regular file".to_owned()),
    };
    Named { name: name.to_owned(), at, named: true }
}

/// Whether it may have no end.
#[cfg(unix)]
fn is_device(about: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    about.file_type().is_char_device() || about.file_type().is_block_device()
}

#[cfg(not(unix))]
fn is_device(_: &std::fs::Metadata) -> bool {
    false
}

/// Whether a device is named as such: a link to one may have been put among the files of a folder.
fn meant(path: &Path) -> bool {
    path.starts_with("/dev") || path.starts_with("/proc")
}

fn folder(path: &Path, all: &mut Vec<Named>) {
    let before = all.len();
    let walk = ignore::WalkBuilder::new(path)
        .standard_filters(false)
        .follow_links(true)
        .sort_by_file_name(std::ffi::OsStr::cmp)
        .build();
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|t| t.is_file()) => {
                let name = shown(entry.path());
                all.push(Named { name, at: At::File(entry.into_path()), named: false });
            }
            Ok(entry) if entry.file_type().is_some_and(|t| t.is_dir()) => {}
            Ok(entry) => {
                let name = shown(entry.path());
                all.push(Named { name, at: At::Missing("it is no regular file".to_owned()), named: true });
            }
            // A link back to where we come from: everything there is read already.
            Err(error) if is_circle(&error) => {}
            Err(error) => {
                let name = path_of(&error).map_or_else(|| shown(path), shown);
                let why = error.io_error().map_or_else(|| error.to_string(), reason);
                all.push(Named { name, at: At::Missing(why), named: true });
            }
        }
    }
    if all.len() == before {
        all.push(Named { name: shown(path), at: At::EmptyFolder(path.to_owned()), named: true });
    }
}

fn is_circle(error: &ignore::Error) -> bool {
    match error {
        ignore::Error::Loop { .. } => true,
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => is_circle(err),
        _ => false,
    }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } => path_of(err),
        _ => None,
    }
}

fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/") } else { text.into_owned() }
}

/// An I/O error in words that name no code.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string(),
    }
}
