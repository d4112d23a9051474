//! The inputs that somebody names on the command line: paths, and addresses where the build can read them.

use crate::source::address::Address;
use crate::source::collect::Named;
use std::path::{Path, PathBuf};

/// What messages call a path or an address: never with a secret in it.
pub fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    Address::read(&text).map_or_else(|| text.into_owned(), |address| address.shown())
}

/// Lists what stands behind paths and addresses. No network is used unless there is an address.
#[cfg(feature = "cloud")]
pub fn collect(paths: &[PathBuf]) -> Vec<Named> {
    use crate::source::objects::{Settings, collect};
    let text =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let clouds = text.filter(|(name, _)| ["AWS_", "AZURE_", "GOOGLE_"].iter().any(|cloud| name.starts_with(cloud)));
    collect(paths, &Settings::new(clouds))
}

/// Lists what stands behind paths. This build says of an address how to get one that can read it.
#[cfg(not(feature = "cloud"))]
pub fn collect(paths: &[PathBuf]) -> Vec<Named> {
    use crate::source::address::{NOT_BUILT, collect_from, missing};
    collect_from(paths, &mut |address| vec![missing(address, NOT_BUILT.to_owned())])
}

/// How many threads to read with: as many as were asked for, else one for each core (0), or more where most of the time is
/// spent waiting for a server.
#[cfg(feature = "cloud")]
pub fn threads(asked: usize, inputs: &[Named]) -> usize {
    use crate::source::collect::At;
    const AT_ONCE: usize = 16;
    let waits = inputs.iter().any(|input| matches!(input.at, At::Object(_)));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if asked == 0 && waits { cores.max(AT_ONCE) } else { asked }
}

/// How many threads to read with: as many as were asked for, else one for each core (0).
#[cfg(not(feature = "cloud"))]
pub fn threads(asked: usize, _: &[Named]) -> usize {
    asked
}
