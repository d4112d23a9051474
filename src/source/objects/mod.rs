//! Inputs in object stores and on web servers: what stands behind an address, and one object at a time as a
//! [`Source`].
//!
//! Nothing here is reached unless the caller names an address. A listing keeps names and sizes only; an object is fetched
//! when its turn comes, up to 4 MiB of it in memory and more in an unnamed temporary file, and is gone when it has been
//! read. A transfer is whole or it is an error: it has as many bytes as the store said, all of one version, and is
//! begun again where it broke off, or from the start, a few times.
//!
//! This module must never read the environment ([`Settings`] has what it may know), and must never show an address, an
//! answer of a server or a credential as they are: [`fault`] says in our words what went wrong. Start at [`collect`].

mod fault;
mod store;

use super::Source;
use super::address::{Address, collect_from, missing};
use super::collect::{At, Named};
use bytes::Bytes;
use fault::Fault;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

/// How often a transfer is begun again from the start; where it can go on from where it broke off, that was tried before.
const AGAIN: usize = 2;

/// How stores are reached.
#[derive(Clone)]
pub struct Settings {
    /// Credentials, regions and endpoints, by the names that the tools of the clouds use: `AWS_…`, `GOOGLE_…`, `AZURE_…`.
    pub environment: Vec<(String, String)>,
    /// How often a request is tried again.
    pub retries: usize,
    /// How long to wait before the second try; each further one takes twice as long.
    pub pause: Duration,
    /// How long a server may be silent.
    pub silence: Duration,
}

impl Settings {
    /// Five tries more after half a second, 30 seconds of silence.
    pub fn new(environment: impl IntoIterator<Item = (String, String)>) -> Self {
        let environment = environment.into_iter().collect();
        Self { environment, retries: 5, pause: Duration::from_millis(500), silence: Duration::from_secs(30) }
    }
}

/// An object that can be fetched.
#[derive(Clone)]
pub struct Object {
    reach: Arc<Reach>,
    path: Path,
    /// Its size as listed.
    size: Option<u64>,
}

/// A store, and what its requests run on.
struct Reach {
    runtime: Arc<Runtime>,
    store: Arc<dyn ObjectStore>,
    retries: usize,
    pause: Duration,
}

/// A store knows credentials: only the path is told.
impl std::fmt::Debug for Object {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Object").field(&self.path.as_ref()).finish()
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.reach, &other.reach) && self.path == other.path
    }
}

impl Eq for Object {}

/// Lists the inputs behind paths and addresses. Objects below a prefix come sorted by name.
pub fn collect(paths: &[PathBuf], settings: &Settings) -> Vec<Named> {
    let mut runtime = None;
    collect_from(paths, &mut |address| {
        let made = match &runtime {
            Some(made) => Ok(Arc::clone(made)),
            None => runtime_for_requests(),
        };
        match made {
            Ok(made) => {
                runtime = Some(Arc::clone(&made));
                behind(address, settings, made)
            }
            Err(error) => vec![missing(address, format!("no threads for requests: {error}"))],
        }
    })
}

fn runtime_for_requests() -> io::Result<Arc<Runtime>> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map(Arc::new)
}

/// What stands behind an address: an object, all below a prefix, or why there is nothing.
fn behind(address: &Address, settings: &Settings, runtime: Arc<Runtime>) -> Vec<Named> {
    if address.has_credentials() {
        let why = "a name or password in an address is not used: give credentials in the environment";
        return vec![missing(address, why.to_owned())];
    }
    let store = match store::open(address, settings) {
        Ok(store) => store,
        Err(fault) => return vec![missing(address, fault.to_string())],
    };
    let reach = Arc::new(Reach { runtime, store, retries: settings.retries, pause: settings.pause });
    if address.is_web() {
        // The address is in the store already, with its query.
        return vec![one(address.shown(), &reach, Path::default(), None, true)];
    }
    let (bucket, key) = address.parts();
    let Ok(path) = Path::parse(key) else {
        let why = "a name with empty, `.` or `..` parts cannot be asked for; name the folder above it";
        return vec![missing(address, why.to_owned())];
    };
    if !key.is_empty() && !key.ends_with('/') {
        match reach.runtime.block_on(reach.store.head(&path)) {
            Ok(meta) => return vec![one(address.shown(), &reach, path, Some(meta.size), true)],
            Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return vec![missing(address, Fault::of(&error).to_string())],
        }
    }
    let (found, broken) = reach.runtime.block_on(listed(&*reach.store, &path));
    let nothing = found.is_empty() && broken.is_none();
    let name = |path: &str| format!("{}://{bucket}/{path}", address.scheme());
    let mut all: Vec<Named> =
        found.into_iter().map(|(path, size)| one(name(path.as_ref()), &reach, path, Some(size), false)).collect();
    if let Some(fault) = broken {
        let why = match all.len() {
            0 => fault.to_string(),
            some => format!("the list of what is in it breaks off after {some} objects: {fault}"),
        };
        all.push(missing(address, why));
    }
    if nothing && key.is_empty() | key.ends_with('/') {
        all.push(Named { name: address.shown(), at: At::EmptyFolder(PathBuf::from(address.shown())), named: true });
    } else if nothing {
        all.push(missing(address, "there is no object and no folder of that name".to_owned()));
    }
    all
}

fn one(name: String, reach: &Arc<Reach>, path: Path, size: Option<u64>, named: bool) -> Named {
    Named { name, at: At::Object(Object { reach: Arc::clone(reach), path, size }), named }
}

/// Every object below a prefix by name with its size, and why there may be more.
async fn listed(store: &dyn ObjectStore, prefix: &Path) -> (BTreeMap<Path, u64>, Option<Fault>) {
    let mut found = BTreeMap::new();
    let prefix = Some(prefix).filter(|prefix| !prefix.as_ref().is_empty());
    let mut list = store.list(prefix);
    while let Some(next) = list.next().await {
        match next {
            Ok(ObjectMeta { location, size, .. }) => {
                // A key with a slash behind it, which marks a folder, may hide an object of the same name.
                let kept = found.entry(location).or_insert(size);
                *kept = size.max(*kept);
            }
            Err(error) => return (found, Some(Fault::of(&error))),
        }
    }
    (found, None)
}

impl Object {
    /// Fetches the object, if it has at most `most` bytes.
    ///
    /// # Errors
    /// In words what went wrong, or [`io::ErrorKind::FileTooLarge`].
    pub fn fetch(&self, name: &str, most: Option<u64>) -> io::Result<Source> {
        // What marks a folder in a listing is no object that could be fetched, and an empty one needs no request.
        if self.size == Some(0) {
            return Ok(Source::from_bytes(name, Vec::new()));
        }
        let mut pause = self.reach.pause;
        for _ in 0..self.reach.retries.min(AGAIN) {
            match self.once(name, most) {
                Err(error) if fault::is_passing(&error) => std::thread::sleep(pause),
                other => return other,
            }
            pause = pause.saturating_mul(2);
        }
        self.once(name, most)
    }

    fn once(&self, name: &str, most: Option<u64>) -> io::Result<Source> {
        let got = self.reach.runtime.block_on(self.reach.store.get(&self.path)).map_err(|e| Fault::of(&e))?;
        let size = got.meta.size;
        if most.is_some_and(|most| size > most) {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let transfer =
            Transfer { runtime: &self.reach.runtime, stream: got.into_stream(), piece: Bytes::new(), at: 0, size };
        Source::from_reader_up_to(name, transfer, most)
    }
}

/// The bytes of one object as they come, which must be as many as the store said.
struct Transfer<'t> {
    runtime: &'t Runtime,
    stream: BoxStream<'static, object_store::Result<Bytes>>,
    piece: Bytes,
    at: u64,
    size: u64,
}

impl Read for Transfer<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        while self.piece.is_empty() {
            match self.runtime.block_on(self.stream.next()) {
                None if self.at == self.size => return Ok(0),
                None => return Err(Fault::Broken { at: self.at, size: self.size }.into()),
                Some(Ok(piece)) => self.piece = piece,
                Some(Err(error)) => return Err(Fault::in_transfer(&error, self.at, self.size).into()),
            }
        }
        let got = self.piece.len().min(into.len());
        let piece = self.piece.split_to(got);
        for (to, from) in into.iter_mut().zip(piece.iter()) {
            *to = *from;
        }
        self.at += got as u64;
        Ok(got)
    }
}
