#![doc = concat!(env!("CARGO_PKG_DESCRIPTION"), ".")]
//!
//! Make a [`Scanner`] once, ask it of any number of documents, and read or [`render`] the [`Report`]:
//!
//! ```
//! use unlabel::{Level, Scanner, render};
//!
//! let scanner = Scanner::builder("2026-11-22").role("integrator").market("us").build()?;
//! let sbom = std::fs::read("fixtures/real/mail-gateway.cdx.json").unwrap();
//! let report = scanner.scan_bytes("sbom.json", &sbom);
//!
//! assert_eq!(report.exit_status(), 1);
//! assert_eq!(report.level(), Some(Level::Prohibited));
//! for finding in &report.findings {
//!     println!("{} in {}: {}", finding.organization, finding.component.label(), finding.level.id());
//! }
//! let mut sarif = Vec::new();
//! render(&report, "sarif", &mut sarif)?;
//! # Ok::<(), unlabel::Error>(())
//! ```
//!
//! Without the command line, and with few dependencies: `default-features = false`. `docs/library.md` has more, and the
//! folder `examples/` what can be run.
//!
//! # What it is not
//!
//! It reads SBOMs and reports the evidence in them. It does not look into binaries, does not look anything up on a
//! network (only an input named by an address is fetched, with the feature `cloud`), and gives no legal advice. Reading nothing never looks like finding nothing: see
//! [`Report::exit_status`].
//!
//! # What is promised
//!
//! What is exported at this root, [`report`] and [`error`] follow semantic versioning. Fields and variants may come where a
//! type is `#[non_exhaustive]`. The JSON report keeps the contract of `schemas/report-1.json`. The other modules are the
//! rooms of the program: they are public so that its tests, benchmarks and fuzz targets can reach them, are hidden here,
//! and may change at any time. (`docs/decisions/0019-what-the-library-promises.md`)
//!
//! # Where things are
//!
//! Data flows from left to right, and a module may use only what stands to its left; a test holds that:
//!
//! `source`, `text` → `model` → `parsers` → `rules` → `matcher` → `regimes` → [`report`] → `decisions` → `scan` →
//! `annotate` → `renderers` → `scanner` → `explain` → `compare` → `letters` → `opinion` → `inspect` → `cli`.
//!
//! `docs/architecture.md` walks through the rooms. `RUSTDOCFLAGS="--cfg rooms" cargo doc` shows them all.

#[cfg_attr(not(rooms), doc(hidden))]
pub mod annotate;
#[cfg(feature = "cli")]
#[cfg_attr(not(rooms), doc(hidden))]
pub mod cli;
#[cfg_attr(not(rooms), doc(hidden))]
pub mod compare;
#[cfg_attr(not(rooms), doc(hidden))]
pub mod decisions;
pub mod error;
#[cfg_attr(not(rooms), doc(hidden))]
pub mod explain;
#[cfg_attr(not(rooms), doc(hidden))]
pub mod inspect;
#[cfg_attr(not(rooms), doc(hidden))]
pub mod letters;
#[cfg_attr(not(rooms), doc(hidden))]
pub mod matcher;
#[cfg_attr(not(rooms), doc(hidden))]
pub mod model;
#[cfg_attr(not(rooms), doc(hidden))]
pub mod opinion;
#[cfg_attr(not(rooms), doc(hidden))]
pub mod parsers;
#[cfg_attr(not(rooms), doc(hidden))]
pub mod regimes;
#[cfg_attr(not(rooms), doc(hidden))]
pub mod renderers;
pub mod report;
#[cfg_attr(not(rooms), doc(hidden))]
pub mod rules;
#[cfg_attr(not(rooms), doc(hidden))]
pub mod scan;
#[cfg_attr(not(rooms), doc(hidden))]
pub mod scanner;
#[cfg_attr(not(rooms), doc(hidden))]
pub mod source;
#[cfg_attr(not(rooms), doc(hidden))]
pub mod text;

pub use error::Error;
pub use model::disclosure::{Declared, Grade};
pub use report::file::read as read_report;
pub use report::{Finding, Input, Report, Status};
pub use rules::Stamp;
pub use rules::format::{Certainty, Level, Strength};
pub use scanner::{Builder, Rule, Scanner, formats, render};

/// The Rust of `docs/library.md`, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../docs/library.md")]
struct Pages;
