//! What goes wrong on the way to an object, in our words.
//!
//! Errors of libraries and answers of servers hold addresses with signatures, and sometimes the credentials themselves.
//! So none of their text is passed on but a status, and a code out of a list of known ones.

use object_store::client::{HttpError, HttpErrorKind};
use std::error::Error as _;
use std::io;

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The store has no such bucket or container.
    #[error("there is no such bucket")]
    NoBucket,
    /// There is nothing of that name.
    #[error("there is no such object")]
    NotFound,
    /// The store knows who asks, or does not care, and says no.
    #[error("access is forbidden{}: check the credentials in the environment, and what they allow", code(.0))]
    Forbidden(Option<&'static str>),
    /// The store does not know who asks.
    #[error("the server asks for credentials, or does not take those in the environment{}", code(.0))]
    Unknown(Option<&'static str>),
    /// There were no credentials to be had.
    #[error("no credentials: there are none in the environment, and this machine has none of its own")]
    NoCredentials,
    /// Nothing came for too long.
    #[error("the server did not answer in time")]
    Timeout,
    /// There was no connection.
    #[error("no connection to the server{}", cause(.0))]
    NoConnection(Option<String>),
    /// A transfer ended too soon, or its object was changed under it.
    #[error("the transfer broke off after {at} of {size} bytes")]
    Broken {
        /// Bytes that came.
        at: u64,
        /// Bytes that the store said there are.
        size: u64,
    },
    /// A server answered with something else.
    #[error("the server answered with status {0}")]
    Status(u16),
    /// A server that leaves open where the end is.
    #[error(
        "the server does not say how long it is, so that a part of it would look like the whole; \
         download it and scan the file"
    )]
    NoLength,
    /// The address leads in circles, or from a server with TLS to one without.
    #[error("the server sends on to another address that cannot be used")]
    Redirect,
    /// The address or the environment does not tell enough.
    #[error("the address or the settings in the environment cannot be used: {0}")]
    Unusable(&'static str),
    /// Something that has no name here.
    #[error("the request failed")]
    Other,
}

fn code(code: &Option<&'static str>) -> String {
    code.map(|code| format!(" ({code})")).unwrap_or_default()
}

fn cause(cause: &Option<String>) -> String {
    cause.as_ref().map(|cause| format!(" ({cause})")).unwrap_or_default()
}

/// Codes of stores that help whoever reads them.
const CODES: [&str; 12] = [
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "RequestTimeTooSkewed",
    "ExpiredToken",
    "InvalidToken",
    "AllAccessDisabled",
    "InvalidObjectState",
    "AuthenticationFailed",
    "AuthorizationPermissionMismatch",
    "AuthorizationFailure",
    "PublicAccessNotPermitted",
    "AccessDenied",
];

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        Self::other(fault)
    }
}

/// Whether trying again may help where the library has not tried already.
pub fn is_passing(error: &io::Error) -> bool {
    let fault = error.get_ref().and_then(|inner| inner.downcast_ref::<Fault>());
    matches!(fault, Some(Fault::Broken { .. }))
}

impl Fault {
    /// What an error of a request means.
    pub fn of(error: &object_store::Error) -> Self {
        // Looked through for words of ours; never passed on.
        let text = error.to_string();
        let code = || CODES.into_iter().find(|code| text.contains(code));
        let absent = || {
            let bucket = ["NoSuchBucket", "ContainerNotFound", "bucket does not exist"];
            if bucket.iter().any(|word| text.contains(word)) { Self::NoBucket } else { Self::NotFound }
        };
        match error {
            object_store::Error::NotFound { .. } => absent(),
            object_store::Error::PermissionDenied { .. } => Self::Forbidden(code()),
            object_store::Error::Unauthenticated { .. } => Self::Unknown(code()),
            _ => Self::transport(error).unwrap_or_else(|| match status(&text) {
                Some(404 | 405 | 410) => absent(),
                Some(403) => Self::Forbidden(code()),
                Some(401) => Self::Unknown(code()),
                Some(400) if code().is_some() => Self::Unknown(code()),
                Some(status @ 301..400) if status != 304 => Self::Redirect,
                Some(status) => Self::Status(status),
                None if text.contains("Content-Length") => Self::NoLength,
                None if text.contains("without LOCATION") => Self::Redirect,
                None => Self::Other,
            }),
        }
    }

    /// What an error in the midst of a transfer means.
    pub fn in_transfer(error: &object_store::Error, at: u64, size: u64) -> Self {
        match Self::of(error) {
            Self::Timeout => Self::Timeout,
            _ => Self::Broken { at, size },
        }
    }

    /// What an error before any request means.
    pub fn unusable(error: &object_store::Error) -> Self {
        let text = error.to_string();
        let known = [
            ("ucket", "the bucket is missing"),
            ("ccount", "the storage account is missing: set AZURE_STORAGE_ACCOUNT_NAME"),
            ("rl", "the address is none"),
            ("redential", "the credentials cannot be read"),
        ];
        let words = known.iter().find(|(word, _)| text.contains(word)).map_or("see docs/object-stores.md", |(_, w)| w);
        Self::Unusable(words)
    }

    /// What went wrong below the answers of a server.
    fn transport(error: &object_store::Error) -> Option<Self> {
        let text = error.to_string();
        let asks_machine = ["169.254.169.254", "metadata.google.internal", "metadata/identity", "instance credentials"];
        if asks_machine.iter().any(|word| text.contains(word)) {
            return Some(Self::NoCredentials);
        }
        let mut at = error.source();
        while let Some(inner) = at {
            if let Some(http) = inner.downcast_ref::<HttpError>() {
                return Some(match http.kind() {
                    _ if text.contains("redirect") => Self::Redirect,
                    HttpErrorKind::Timeout => Self::Timeout,
                    HttpErrorKind::Connect | HttpErrorKind::Interrupted => Self::NoConnection(deepest(http)),
                    HttpErrorKind::Request => Self::NoConnection(deepest(http)),
                    _ => Self::Other,
                });
            }
            at = inner.source();
        }
        None
    }
}

/// The innermost cause, which is that of the operating system or of TLS, when it names no address.
fn deepest(error: &HttpError) -> Option<String> {
    let mut at = error.source()?;
    while let Some(inner) = at.source() {
        at = inner;
    }
    let text = at.to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || " .,;:()'-_".contains(c);
    (text.len() <= 100 && text.chars().all(plain)).then_some(text)
}

/// The status that the text of an error tells.
fn status(text: &str) -> Option<u16> {
    let after = |words: &str| text.split_once(words).map(|(_, rest)| rest);
    let rest = after("status code: ")?;
    rest.get(..3)?.parse().ok()
}
