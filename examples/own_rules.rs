//! Looks for somebody else too, with rules of one's own: `cargo run --example own_rules`.
//!
//! The rule is a TOML text as `docs/rule-format.md` describes it; a folder of them goes to `rules_folder`. Company and
//! product are fictional. No regime names the company, so its findings are for review and cite no clause.

use std::error::Error;
use std::io::{self, Write};
use unlabel::{Scanner, render};

/// A company that this user wants to hear about.
const RULE: &str = r#"
schema = 1
kind = "organization"
id = "examplia"
title = "Examplia Security"
status = "confirmed"
updated = 2026-11-22

[[source]]
key = "register"
title = "Register entry 12345"
publisher = "Example Company Register"
url = "https://register.example/12345"
official = true
read = 2026-11-20

[[name]]
text = "Examplia Security"
type = "legal-entity"
strength = "strong"
sources = ["register"]
"#;

/// An SBOM with one component of that company.
const SBOM: &[u8] = br#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
  {"type": "library", "name": "scan-kit", "version": "2.1", "supplier": {"name": "Examplia Security"}},
  {"type": "library", "name": "zlib", "version": "1.3.1", "supplier": {"name": "zlib"}}]}"#;

fn main() -> Result<(), Box<dyn Error>> {
    look(&mut io::stdout())
}

/// Scans the SBOM with the built-in rules and the one above, and writes the report for a pull request.
pub fn look(out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let builtin = Scanner::builder("2026-11-22").build()?;
    let own = Scanner::builder("2026-11-22").rule("examplia.toml", RULE).build()?;

    // Which rules a report was made with can be told from their digest.
    assert_ne!(builtin.rules().sha256, own.rules().sha256);
    assert_eq!(builtin.scan_bytes("sbom.json", SBOM).findings.len(), 0);

    let report = own.scan_bytes("sbom.json", SBOM);
    render(&report, "markdown", out)?;
    Ok(())
}
