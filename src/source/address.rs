//! Addresses of what is not on this machine: which words are one, and how it is shown.
//!
//! An address may hold secrets: the query of a presigned address is as good as a password. So it is shown by
//! [`Address::shown`] only, and has no other text form. What stands behind an address is read by the room `objects`, in
//! builds with the feature `cloud`. Start at [`Address::read`].

use super::collect::{At, Named, collect};
use std::path::PathBuf;

/// The schemes of object stores; in their addresses everything behind the bucket is a key as it is, never percent-encoded.
const STORES: [&str; 8] = ["s3", "s3a", "gs", "az", "azure", "adl", "abfs", "abfss"];
/// Schemes by which one object is read from a web server.
const WEB: [&str; 2] = ["https", "http"];

/// What a build without the feature says.
pub const NOT_BUILT: &str = "this build reads no object stores and web servers: build it with `--features cloud`";

/// An address.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    scheme: &'static str,
    /// What stands behind `://`, secrets and all.
    rest: String,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown())
    }
}

impl Address {
    /// An address, when the text begins with a known scheme and `://`; anything else is a path.
    pub fn read(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme = STORES.iter().chain(&WEB).find(|known| scheme.eq_ignore_ascii_case(known))?;
        Some(Self { scheme, rest: rest.to_owned() })
    }

    /// The scheme, in lower case.
    pub fn scheme(&self) -> &'static str {
        self.scheme
    }

    /// Whether it names an object on a web server.
    pub fn is_web(&self) -> bool {
        WEB.contains(&self.scheme)
    }

    /// The whole address, secrets and all: for the request, and for nothing else.
    pub fn secret(&self) -> String {
        format!("{}://{}", self.scheme, self.rest)
    }

    /// The part before the first slash, and the key behind it: in a store the bucket, and what is in it.
    pub fn parts(&self) -> (&str, &str) {
        self.rest.split_once('/').unwrap_or((&self.rest, ""))
    }

    /// Whether a name or password stands in it. The part before an `@` is a container for some stores.
    pub fn has_credentials(&self) -> bool {
        let (host, _) = self.parts();
        let before = host.rsplit_once('@').map(|(before, _)| before);
        before.is_some_and(|before| before.contains(':') || !self.container_before_at())
    }

    fn container_before_at(&self) -> bool {
        !self.is_web() && !["s3", "s3a", "gs"].contains(&self.scheme)
    }

    /// The address without secrets: no name, no password, and of a query only that there is one.
    pub fn shown(&self) -> String {
        let (host, key) = self.parts();
        let host = match host.rsplit_once('@').filter(|_| self.has_credentials()) {
            Some((_, bare)) => format!("...@{bare}"),
            None => host.to_owned(),
        };
        if !self.is_web() {
            return format!("{}://{host}/{key}", self.scheme);
        }
        let host = host.split(['?', '#']).next().unwrap_or_default().to_owned();
        let key = key.split('#').next().unwrap_or_default();
        let key = key.split_once('?').map_or_else(|| key.to_owned(), |(path, _)| format!("{path}?..."));
        format!("{}://{host}/{key}", self.scheme)
    }
}

/// Lists the inputs behind paths and addresses; `list` says what stands behind an address.
pub fn collect_from(paths: &[PathBuf], list: &mut dyn FnMut(&Address) -> Vec<Named>) -> Vec<Named> {
    let mut all = Vec::new();
    for path in paths {
        match path.to_str().and_then(Address::read) {
            Some(address) => all.extend(list(&address)),
            None => all.extend(collect(std::slice::from_ref(path))),
        }
    }
    all
}

/// An address behind which nothing could be read, and why.
pub fn missing(address: &Address, why: String) -> Named {
    Named { name: address.shown(), at: At::Missing(why), named: true }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn only_known_schemes_are_addresses() {
        for text in ["s3://b/k", "S3://b", "gs://b/", "az://c/k", "abfss://c@a.dfs.core.windows.net/k", "https://h/p"] {
            assert!(Address::read(text).is_some(), "{text}");
        }
        for text in ["s3:/b", "file:///etc/passwd", "memory:///", "a/b.json", "C:\\x", "ftp://h/p", "-", ""] {
            assert!(Address::read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_is_shown_holds_no_secret() {
        for (text, shown) in [
            ("https://h/a.json?X-Amz-Signature=secret", "https://h/a.json?..."),
            ("https://h/a.json?a=secret#secret", "https://h/a.json?..."),
            ("https://h/a.json#secret?secret", "https://h/a.json"),
            ("https://h?secret", "https://h/"),
            ("https://u:secret@h:8/a.json", "https://...@h:8/a.json"),
            ("s3://key:secret@bucket/a.json", "s3://...@bucket/a.json"),
            ("az://c:secret@account/a.json", "az://...@account/a.json"),
            ("abfss://c@a.dfs.core.windows.net/k", "abfss://c@a.dfs.core.windows.net/k"),
            ("s3://bucket/100%25?#.json", "s3://bucket/100%25?#.json"),
        ] {
            let address = Address::read(text).unwrap();
            assert_eq!(address.shown(), shown);
            assert!(!format!("{address:?}").contains("secret"), "{text}");
        }
    }
}
