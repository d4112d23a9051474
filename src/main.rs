//! The `unlabel` program. Everything is in the library; see [`unlabel::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    unlabel::cli::run()
}
