//! Events of a run for whoever listens with `tracing`: one span for each input, one event for each document in it.
//!
//! There is none in the hot path, and without the feature `log` there are none at all. An event carries what a document
//! says of itself as it stands there: whoever prints it has to send it through [`crate::renderers::escape`]. Nothing here
//! reads a clock; a listener that wants to know how long an input takes has its span.

use crate::report::Input;

/// An input at work, until this is dropped.
#[derive(Debug)]
pub struct Opened {
    #[cfg(feature = "log")]
    _span: tracing::span::EnteredSpan,
}

/// An input is opened.
#[cfg_attr(not(feature = "log"), expect(unused_variables, reason = "nobody listens"))]
pub fn opened(name: &str) -> Opened {
    Opened {
        #[cfg(feature = "log")]
        _span: tracing::info_span!("input", input = name).entered(),
    }
}

/// What was read of a document, with its problems.
#[cfg(feature = "log")]
pub fn read(input: &Input, findings: usize) {
    if !tracing::enabled!(tracing::Level::WARN) {
        return;
    }
    let format = [&input.format, &input.serialization].into_iter().flatten().map(|word| word.as_ref());
    let format: Vec<&str> = format.chain(input.spec_version.as_deref()).collect();
    tracing::info!(
        document = input.path,
        format = format.join(" "),
        status = input.status.id(),
        bytes = input.bytes,
        components = input.components,
        findings = findings as u64,
        "read"
    );
    for problem in &input.problems {
        tracing::warn!(document = input.path, code = &*problem.code, "{}", problem.message);
    }
}

/// Nobody listens.
#[cfg(not(feature = "log"))]
pub fn read(_: &Input, _: usize) {}
