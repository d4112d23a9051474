//! A [`Report`] in the forms people and programs read: one file a form.
//!
//! A renderer sees nothing but the report, and lets text from documents out only through [`escape`]. It must never
//! decide anything: levels, wording of clauses and the exit status are in the report already. To add a form, write a
//! module and add it to [`RENDERERS`]. One that is made of the documents themselves is in [`COPIES`].

mod annotated;
#[cfg(feature = "bom")]
mod bom;
mod csv;
pub(crate) mod decided;
pub mod escape;
mod github;
mod gitlab;
mod html;
mod in_toto;
mod json;
mod junit;
mod markdown;
pub(crate) mod page;
#[cfg(feature = "parquet")]
mod parquet;
pub(crate) mod products;
mod sarif;
mod text;
pub(crate) mod words;

use crate::error::AnnotateFault;
use crate::report::Report;
use std::io::{self, Write};

/// One form.
pub struct Renderer {
    /// The word for `--format`.
    pub id: &'static str,
    /// One line for the help.
    pub about: &'static str,
    /// Writes the report.
    pub render: Render,
    /// Writes it with colors for a terminal, where the form has any.
    pub colored: Option<Render>,
}

/// Writes a report.
pub type Render = fn(&Report, &mut dyn Write) -> io::Result<()>;

/// Every form.
pub const RENDERERS: &[Renderer] = &[
    Renderer { id: "text", about: "for people", render: text::render, colored: Some(text::colored) },
    form("json", "unlabel.report/1, for programs", json::render),
    form("sarif", "SARIF 2.1.0, for code hosts and editors", sarif::render),
    form("junit", "JUnit XML, for build servers", junit::render),
    form("csv", "a table, for spreadsheets", csv::render),
    form("markdown", "for a pull-request comment or a job summary", markdown::render),
    form("github", "annotations by workflow commands of GitHub Actions", github::render),
    form("gitlab", "code quality report of GitLab", gitlab::render),
    form("html", "one page for people who decide, print and file", html::render),
    #[cfg(feature = "bom")]
    form("cyclonedx", "findings as a CycloneDX 1.5 BOM, for inventories of components", bom::cyclonedx::render),
    #[cfg(feature = "bom")]
    form("spdx", "findings as an SPDX 2.3 document", bom::spdx::render),
    form("in-toto", "an in-toto statement on the scanned SBOMs, ready to be signed", in_toto::render),
    #[cfg(feature = "parquet")]
    form("parquet", "Apache Parquet, for query engines and warehouses", parquet::render),
];

const fn form(id: &'static str, about: &'static str, render: Render) -> Renderer {
    Renderer { id, about, render, colored: None }
}

/// The renderer with an id.
pub fn find(id: &str) -> Option<&'static Renderer> {
    RENDERERS.iter().find(|r| r.id == id)
}

/// A form that is a copy of each input, which has to be read again.
pub struct Copies {
    /// The word for `--format`.
    pub id: &'static str,
    /// One line for the help.
    pub about: &'static str,
    /// Writes the input of this number.
    pub write: fn(&Report, usize, &mut dyn Write) -> Result<(), AnnotateFault>,
}

/// Every such form.
pub const COPIES: &[Copies] = &[Copies {
    id: "annotated",
    about: "the SBOM itself with the findings at its components",
    write: annotated::write,
}];
