//! `unlabel completions` and `unlabel man`: what a shell and `man` know about the program.

use super::output::{replace, standard};
use super::print;
use crate::error::Error;
use clap_complete::Shell;
use std::path::{Path, PathBuf};

/// Write the completions of a shell to standard output
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  unlabel completions bash > target/unlabel.bash
  unlabel completions zsh > target/_unlabel
  unlabel completions fish > target/unlabel.fish

Where they go: for bash to ~/.local/share/bash-completion/completions/unlabel, for zsh to _unlabel in a folder of $fpath,
for fish to ~/.config/fish/completions/unlabel.fish, for PowerShell to the end of $PROFILE, for elvish to ~/.elvish/lib.

Exit status:
  0  they were written
  2  wrong arguments, or the output could not be written")]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    /// Writes them.
    ///
    /// # Errors
    /// An output that cannot be written.
    pub fn run(self) -> Result<u8, Error> {
        let mut out = Vec::new();
        clap_complete::generate(self.shell, &mut super::command(), "unlabel", &mut out);
        standard(false, &|to, _| to.write_all(&out)).map(|()| 0)
    }
}

/// Write manual pages
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  unlabel man > target/unlabel.1
  unlabel man rules-list > target/unlabel-rules-list.1
  unlabel man --output-dir target/man

man -l - shows a page that it is piped.

Exit status:
  0  the pages were written
  2  wrong arguments, no such command, or the output could not be written")]
pub struct Man {
    /// The command whose page it is, such as scan or rules-list; without one the page of the program
    #[arg(value_name = "COMMAND", conflicts_with = "output_dir")]
    command: Option<String>,
    /// Write all pages to this folder, which is made when it is not there
    #[arg(long, value_name = "FOLDER")]
    output_dir: Option<PathBuf>,
}

impl Man {
    /// Writes the page, or all.
    ///
    /// # Errors
    /// A command that there is not, or an output that cannot be written.
    pub fn run(self) -> Result<u8, Error> {
        let mut pages = Vec::new();
        let mut program = super::command().disable_help_subcommand(true);
        program.build();
        page(&program, &mut pages)?;
        let Some(folder) = self.output_dir else {
            let name = self.command.as_ref().map_or("unlabel".to_owned(), |name| format!("unlabel-{name}"));
            let Some((_, text)) = pages.iter().find(|(page, _)| *page == name) else {
                let known = pages.iter().filter_map(|(page, _)| page.strip_prefix("unlabel-"));
                return Err(Error::unknown("command", &self.command.unwrap_or_default(), known));
            };
            return standard(false, &|to, _| to.write_all(text)).map(|()| 0);
        };
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| Error::OutputFile { path, source }
        };
        std::fs::create_dir_all(&folder).map_err(failed(&folder))?;
        for (name, text) in &pages {
            let path = folder.join(format!("{name}.1"));
            replace(&path, &mut |to| to.write_all(text)).map_err(failed(&path))?;
        }
        print(&format!("{} pages\n", pages.len()))
    }
}

/// The page of a command and those below it, by name: `unlabel`, `unlabel-scan`, `unlabel-rules-list`.
fn page(command: &clap::Command, pages: &mut Vec<(String, Vec<u8>)>) -> Result<(), Error> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut text).map_err(Error::Output)?;
    pages.push((name, text));
    command.get_subcommands().filter(|one| !one.is_hide_set()).try_for_each(|one| page(one, pages))
}
