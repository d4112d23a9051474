#![doc = concat!(env!("CARGO_PKG_DESCRIPTION"), ".")]
//!
//! # Where things are
//!
//! Data flows from left to right, and a module may use only what stands to its left; a test holds that:
//!
//! [`source`], [`text`] → [`model`] → [`parsers`] → [`rules`] → [`matcher`] → [`regimes`] → [`report`] →
//! [`decisions`] → [`scan`] → [`annotate`] → [`renderers`] → [`explain`] → [`compare`] → [`letters`] → [`opinion`] →
//! [`inspect`] → [`cli`].
//!
//! `docs/architecture.md` walks through the rooms.
//!
//! # Scope
//!
//! It reads SBOMs and reports the evidence in them. It does not look into binaries, does not look anything up on a
//! network (only an input named by an address is fetched, with the feature `cloud`), and gives no legal advice. Reading nothing never looks like finding nothing: see
//! [`report::Report::exit_status`].
//!
//! # Example
//!
//! ```
//! use unlabel::regimes::{AsOf, Context};
//! use unlabel::rules::{RuleSet, format::Level};
//! use unlabel::scan::{Options, scan_bytes};
//!
//! let rules = RuleSet::embedded()?;
//! let options = Options {
//!     read: Default::default(),
//!     context: Context {
//!         role: "integrator".to_owned(),
//!         markets: vec!["us".to_owned()],
//!         act: None,
//!         facts: Default::default(),
//!         regimes: Vec::new(),
//!         as_of: AsOf::read("2026-11-22").unwrap(),
//!         assumed: Vec::new(),
//!     },
//!     fail_on: Level::Review,
//!     allow_incomplete: false,
//! };
//! let sbom = br#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
//!     {"type": "library", "name": "example", "supplier": {"name": "Example Ltd"}}]}"#;
//! let report = scan_bytes("sbom.json", sbom.as_slice(), &rules, &options);
//! assert_eq!(report.findings.len(), 0);
//! assert_eq!(report.exit_status(), 0);
//! # Ok::<(), unlabel::error::Error>(())
//! ```

pub mod annotate;
#[cfg(feature = "cli")]
pub mod cli;
pub mod compare;
pub mod decisions;
pub mod error;
pub mod explain;
pub mod inspect;
pub mod letters;
pub mod matcher;
pub mod model;
pub mod opinion;
pub mod parsers;
pub mod regimes;
pub mod renderers;
pub mod report;
pub mod rules;
pub mod scan;
pub mod source;
pub mod text;
