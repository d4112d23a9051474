//! `unlabel ask`: letters to suppliers.

use super::config::ConfigFlags;
use super::context::RuleFlags;
use super::output::{replace, standard};
use super::{print, render};
use crate::error::{Error, nearest};
use crate::letters::{Letters, letters, write};
use crate::regimes::OF_COMPONENTS;
use crate::renderers::escape::Line;
use std::path::PathBuf;

/// Write letters to suppliers: what was found, what is open, what to send back
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  unlabel scan --format json fixtures/twins/ > target/report.json
  unlabel ask target/report.json > target/letters.md
  unlabel ask target/report.json --output-dir target/letters
  unlabel ask target/report.json --supplier 'Example Networks, Inc.'

One letter in Markdown for each supplier that the SBOMs name; where none is named, one for each product. Who has nothing
found, nothing asked and good disclosure gets none. Whose SBOM could not be read gets one. Files in the folder that are
called like a letter are replaced, others stay.

Exit status:
  0  the letters were written, or none is needed
  2  wrong arguments, no report, or the output could not be written")]
pub struct Ask {
    /// A report written with --format json, or - for standard input
    #[arg(value_name = "REPORT.json")]
    report: PathBuf,
    /// Write each letter to a file of its own in this folder, which is made when it is not there
    #[arg(long, value_name = "FOLDER")]
    output_dir: Option<PathBuf>,
    /// Only letters to this supplier, as the SBOMs name it in any case; may be given more than once
    #[arg(long, value_name = "NAME")]
    supplier: Vec<String>,
    #[command(flatten)]
    rules: RuleFlags,
    #[command(flatten)]
    config: ConfigFlags,
}

impl Ask {
    /// Reads the report and writes the letters.
    ///
    /// # Errors
    /// A file that is no report, a supplier that no SBOM names, or an output that cannot be written.
    pub fn run(self) -> Result<u8, Error> {
        let rules = self.rules.load(&self.config.load()?)?;
        let report = render::read(&self.report)?;
        let mut answerable = rules.answered_by_suppliers();
        answerable.extend(OF_COMPONENTS);
        let makers = rules.organizations();
        let all = letters(&report, &answerable, &self.supplier).map_err(|unknown| Error::UnknownWord {
            what: "supplier",
            near: nearest(&unknown.given, unknown.known.iter().map(|n| &**n)).map(|near| Line(near).to_string()),
            given: unknown.given,
            known: match unknown.known.len() {
                0 => "none: no SBOM of this report names its supplier".to_owned(),
                _ => unknown.known.iter().map(|n| Line(n).to_string()).collect::<Vec<_>>().join(", "),
            },
        })?;
        let Some(folder) = self.output_dir else {
            standard(false, &|out, _| {
                for (number, letter) in all.letters.iter().enumerate() {
                    if number > 0 {
                        out.write_all(b"\n---\n\n")?;
                    }
                    write(&report, letter, &makers, out)?;
                }
                let rule = if all.letters.is_empty() { "" } else { "\n---\n\n" };
                writeln!(out, "{rule}{}", counts(&all))
            })?;
            return Ok(0);
        };
        let failed = |path: &PathBuf| {
            let path = path.clone();
            move |source| Error::OutputFile { path, source }
        };
        std::fs::create_dir_all(&folder).map_err(failed(&folder))?;
        let mut told = String::new();
        for letter in &all.letters {
            let path = folder.join(&letter.file);
            replace(&path, &mut |out| write(&report, letter, &makers, out)).map_err(failed(&path))?;
            told.push_str(&format!("{}  {}\n", Line(&path.to_string_lossy()), Line(letter.called())));
        }
        print(&format!("{told}{}\n", counts(&all)))
    }
}

/// How many letters there are, and how many there are not.
fn counts(all: &Letters<'_>) -> String {
    let of = |number: usize| format!("{number} {}", if number == 1 { "letter" } else { "letters" });
    let none = match all.none {
        0 => "every supplier gets one".to_owned(),
        1 => "1 supplier gets none: nothing found, nothing to ask, and good disclosure".to_owned(),
        many => format!("{many} suppliers get none: nothing found, nothing to ask, and good disclosure"),
    };
    format!("{}; {none}", of(all.letters.len()))
}
