//! `unlabel schema`: the JSON Schemas of what the program reads and writes, for editors and programs.

use super::{config, print};
use crate::error::Error;
use crate::rules::format;

/// Print a JSON Schema: of unlabel.toml, of a rule file, or of a JSON output
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  unlabel schema config > target/unlabel.schema.json
  unlabel schema report

Editors with Taplo or Tombi, such as VS Code with Even Better TOML, check and complete unlabel.toml when its first line
names the schema: #:schema ./unlabel.schema.json

Exit status:
  0  it was printed
  2  wrong arguments, or the output could not be written")]
pub struct Schema {
    /// Of what
    #[arg(value_name = "OF")]
    of: Of,
}

/// What has a schema.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Of {
    /// unlabel.toml
    Config,
    /// A rule file
    Rule,
    /// The JSON report
    Report,
    /// The JSON of `unlabel diff`
    Diff,
    /// The JSON of `unlabel inspect`
    Inspect,
}

impl Schema {
    /// Prints it.
    ///
    /// # Errors
    /// An output that cannot be written.
    pub fn run(self) -> Result<u8, Error> {
        let made = |schema: serde_json::Value| serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n";
        print(&match self.of {
            Of::Config => made(config::schema()?),
            Of::Rule => made(format::schema()),
            Of::Report => include_str!("../../schemas/report-1.json").to_owned(),
            Of::Diff => include_str!("../../schemas/diff-1.json").to_owned(),
            Of::Inspect => include_str!("../../schemas/inspect-1.json").to_owned(),
        })
    }
}
