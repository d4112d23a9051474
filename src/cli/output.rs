//! Where a report goes: standard output, files that are replaced in one step, and folders of copies.
//!
//! A file is written beside its place under another name and then moved there, so that whoever reads it sees the old
//! report or the new one and never half of one. What cannot be moved over, such as a pipe or a device, is written as it
//! is.

use super::config::Config;
use super::copies;
use crate::error::Error;
use crate::renderers::{self, COPIES, Copies, RENDERERS, Renderer};
use crate::report::Report;
use anstream::{AutoStream, ColorChoice};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// The forms of a report, and where they go.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct OutputFlags {
    /// The form of the report on standard output [default: text]
    #[arg(long, value_name = "FORMAT", env = "UNLABEL_FORMAT", value_parser = formats())]
    format: Option<String>,
    /// Also write the report to a file in a form, such as sarif=unlabel.sarif; - for standard output; may be given more
    /// than once
    #[arg(long, value_name = "FORMAT=PATH")]
    output: Vec<String>,
}

fn formats() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(
        about_all().map(|(id, about)| clap::builder::PossibleValue::new(id).help(about)),
    )
}

/// Every form and one line on it.
fn about_all() -> impl Iterator<Item = (&'static str, &'static str)> {
    RENDERERS.iter().map(|r| (r.id, r.about)).chain(COPIES.iter().map(|c| (c.id, c.about)))
}

/// The ids of all forms.
pub(super) fn ids() -> Vec<&'static str> {
    about_all().map(|(id, _)| id).collect()
}

/// A form: made of the report, or of the inputs.
#[derive(Clone, Copy)]
enum Form {
    Report(&'static Renderer),
    Copies(&'static Copies),
}

/// What is written where.
pub struct Outputs {
    standard: Form,
    files: Vec<(Form, PathBuf)>,
}

impl OutputFlags {
    /// What the flags say, else the configuration, else text on standard output. It is known before the work begins
    /// that there is such a form and such a folder.
    ///
    /// # Errors
    /// A form that does not exist, two outputs to one place, or a folder that is none.
    pub fn outputs(&self, config: &Config) -> Result<Outputs, Error> {
        let mut standard = self.format.as_deref().map(|id| ("--format", id.to_owned()));
        let mut files: Vec<(Form, PathBuf)> = Vec::new();
        let given = if self.output.is_empty() { &config.output } else { &self.output };
        for given in given {
            let wrong = |message: String| Error::OutputSpec { given: given.clone(), message };
            let split = given.split_once('=').filter(|(form, path)| !form.is_empty() && !path.is_empty());
            let (form, path) = split.ok_or_else(|| wrong("write FORMAT=PATH, such as json=report.json".to_owned()))?;
            let form_of = known(form)?;
            if path == "-" {
                if standard.is_some() {
                    return Err(wrong("standard output has a form already".to_owned()));
                }
                standard = Some(("--output", form.to_owned()));
                continue;
            }
            let path =
                config.folder.as_ref().filter(|_| self.output.is_empty()).map_or_else(|| path.into(), |f| f.join(path));
            if files.iter().any(|(_, other)| *other == path) {
                return Err(wrong("another output goes to the same file".to_owned()));
            }
            if path.is_dir() && !matches!(form_of, Form::Copies(_)) {
                return Err(wrong("is a folder, not a file".to_owned()));
            }
            // A path that ends with a slash is a folder to be made in the one it names.
            if !folder(&path).is_dir() {
                return Err(wrong(format!("there is no folder {}", folder(&path).display())));
            }
            files.push((form_of, path));
        }
        let standard = standard.map(|(_, form)| form).or_else(|| config.format.clone());
        Ok(Outputs { standard: known(standard.as_deref().unwrap_or("text"))?, files })
    }
}

fn known(form: &str) -> Result<Form, Error> {
    let copies = || COPIES.iter().find(|c| c.id == form).map(Form::Copies);
    renderers::find(form)
        .map(Form::Report)
        .or_else(copies)
        .ok_or_else(|| Error::unknown("format", form, about_all().map(|(id, _)| id)))
}

impl Outputs {
    /// Whether a report goes over a file that is there.
    pub fn replaces(&self, path: &Path) -> bool {
        let real = |path: &Path| fs::canonicalize(path).ok();
        real(path).is_some_and(|there| self.files.iter().any(|(_, file)| real(file).as_ref() == Some(&there)))
    }

    /// Writes the report everywhere it goes. One output that fails does not stop the others.
    ///
    /// # Errors
    /// The first that failed. That whoever reads standard output has read enough is no failure.
    pub fn write(&self, report: &Report) -> Result<(), Error> {
        let mut failed = Vec::new();
        for (form, path) in &self.files {
            tracing::debug!(path = &*path.to_string_lossy(), "write");
            match form {
                Form::Report(renderer) => {
                    if let Err(source) = replace(path, &mut |out| (renderer.render)(report, out)) {
                        failed.push(Error::OutputFile { path: path.clone(), source });
                    }
                }
                Form::Copies(copies) if path.is_dir() || is_folder(path) => {
                    failed.extend(copies::into_folder(copies, report, path));
                }
                Form::Copies(copies) => failed.extend(copies::into_file(copies, report, path).err()),
            }
        }
        match self.standard {
            Form::Report(renderer) => {
                let render = |out: &mut dyn Write, colors: bool| match renderer.colored.filter(|_| colors) {
                    Some(colored) => colored(report, out),
                    None => (renderer.render)(report, out),
                };
                failed.extend(standard(renderer.colored.is_some(), &render).err());
            }
            Form::Copies(copies) => failed.extend(copies::to_standard_output(copies, report).err()),
        }
        let mut failed = failed.into_iter();
        let first = failed.next();
        // The first ends the run; the others are no less true.
        failed.for_each(|error| super::log::failure(&error.to_string()));
        first.map_or(Ok(()), Err)
    }
}

/// Writes to standard output; with colors where the form has any, on a terminal, and where the environment asks for it
/// (`--color`, `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE`).
///
/// # Errors
/// When it cannot be written. That whoever reads it has read enough is no failure.
pub fn standard(has_colors: bool, write: &dyn Fn(&mut dyn Write, bool) -> io::Result<()>) -> Result<(), Error> {
    let choice = AutoStream::choice(&io::stdout());
    let written = if has_colors && choice != ColorChoice::Never {
        let mut out = BufWriter::new(AutoStream::new(io::stdout().lock(), choice));
        write(&mut out, true).and_then(|()| out.flush())
    } else {
        let mut out = BufWriter::new(io::stdout().lock());
        write(&mut out, false).and_then(|()| out.flush())
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::Output(error)),
        _ => Ok(()),
    }
}

/// Whether a path is written as that of a folder.
fn is_folder(path: &Path) -> bool {
    path.as_os_str().to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR])
}

/// The folder a file is in.
pub(super) fn folder(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a file in one step, or leaves the one that is there.
pub(super) fn replace(path: &Path, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let there = fs::metadata(path).ok();
    if there.as_ref().is_some_and(|there| !there.is_file()) {
        let mut out = BufWriter::new(File::options().write(true).open(path)?);
        write(&mut out)?;
        return out.flush();
    }
    // A link stays a link: what it leads to is replaced.
    let path = if there.is_some() { fs::canonicalize(path)? } else { path.to_owned() };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".unlabel-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any program would create it; the user's mask takes away from it.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut out = BufWriter::new(builder.tempfile_in(folder(&path))?);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    if let Some(there) = there {
        file.as_file().set_permissions(there.permissions())?;
    }
    file.persist(&path).map_err(|failed| failed.error)?;
    Ok(())
}
