//! A [`Report`] in the forms people and programs read: one file a form.
//!
//! A renderer sees nothing but the report, and lets text from documents out only through [`escape`]. It must never
//! decide anything: levels, wording of clauses and the exit status are in the report already. To add a form, write a
//! module and add it to [`RENDERERS`].

pub mod escape;
mod html;
mod json;
mod text;

use crate::report::Report;
use std::io::{self, Write};

/// One form.
pub struct Renderer {
    /// The word for `--format`.
    pub id: &'static str,
    /// One line for the help.
    pub about: &'static str,
    /// Writes the report.
    pub render: fn(&Report, &mut dyn Write) -> io::Result<()>,
}

/// Every form.
pub const RENDERERS: &[Renderer] = &[
    Renderer { id: "text", about: "for people", render: text::render },
    Renderer { id: "json", about: "unlabel.report/1, for programs", render: json::render },
    Renderer { id: "html", about: "one page for people who decide, print and file", render: html::render },
];

/// The renderer with an id.
pub fn find(id: &str) -> Option<&'static Renderer> {
    RENDERERS.iter().find(|r| r.id == id)
}
