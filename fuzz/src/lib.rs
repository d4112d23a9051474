//! What fuzzing holds unlabel to, one [`Target`] for each door that bytes come in by.
//!
//! The same bodies run in two places, so that they cannot part: under libFuzzer for as long as somebody has time
//! (`.ci/fuzz`), and for a few seconds with every `cargo test` (`tests/it/fuzz.rs`, which takes this file in as a
//! module). Nothing here may need libFuzzer, a network, or a file outside the checkout.
//!
//! To add a target: a function that takes bytes and panics when something that must hold does not, its line in
//! [`TARGETS`], a file in `fuzz_targets/` with its `[[bin]]` in `Cargo.toml`, and, if words help, a dictionary. A test
//! says what of these is missing.

pub mod containers;
pub mod encode;
pub mod oracle;
pub mod readers;
pub mod rules;
pub mod scans;
pub mod seeds;

/// One way in.
pub struct Target {
    /// The name of the file in `fuzz_targets/` and of the dictionary, if there is one.
    pub name: &'static str,
    /// Panics when something that must hold for any bytes does not.
    pub check: fn(&[u8]),
    /// What to begin with, made of one file of `fixtures/` or `rules/`, whose path from there it is given.
    pub seeds: fn(&str, &[u8]) -> Vec<Vec<u8>>,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "containers", check: containers::check, seeds: containers::seeds },
    Target { name: "detect", check: readers::detect, seeds: seeds::detect },
    Target { name: "json", check: readers::json, seeds: seeds::json },
    Target { name: "protobuf", check: readers::protobuf, seeds: seeds::protobuf },
    Target { name: "rdf", check: readers::rdf, seeds: seeds::rdf },
    Target { name: "rules", check: rules::check, seeds: rules::seeds },
    Target { name: "spdx2_json", check: readers::spdx2_json, seeds: seeds::spdx2_json },
    Target { name: "spdx3_json", check: readers::spdx3_json, seeds: seeds::spdx3_json },
    Target { name: "tag_value", check: readers::tag_value, seeds: seeds::tag_value },
    Target { name: "xml", check: readers::xml, seeds: seeds::xml },
    Target { name: "yaml", check: readers::yaml, seeds: seeds::yaml },
];

/// The target of a name.
pub fn target(name: &str) -> &'static Target {
    TARGETS.iter().find(|t| t.name == name).unwrap_or_else(|| panic!("`{name}` is not in TARGETS"))
}
