//! The front of the library: rules, a question and bounds, put together once and asked of any number of documents.
//!
//! What stands here is exported at the root of the crate, and is what `docs/library.md` promises. It must decide nothing:
//! it puts the rooms behind it together as the command line does. It reads no clock, so the date is the one thing that has
//! no default. Start at [`Scanner::builder`].

use crate::error::Error;
use crate::parsers;
use crate::regimes::asked::Asked;
use crate::renderers::{self, RENDERERS};
use crate::report::Report;
use crate::rules::format::{Level, Status};
use crate::rules::{RuleSet, Stamp, load};
use crate::scan::{self, Options};
use crate::source::collect::{collect, file};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Rules, a question (for whom, where, when) and bounds, ready to scan: made once, used for any number of documents, from
/// any number of threads.
///
/// ```
/// let scanner = unlabel::Scanner::builder("2026-11-22").role("reseller").market("us").build()?;
/// let sbom = br#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
///     {"type": "library", "name": "example", "supplier": {"name": "Example Ltd"}}]}"#;
/// let report = scanner.scan_bytes("sbom.json", sbom);
/// assert!(report.findings.is_empty() && !report.incomplete());
/// # Ok::<(), unlabel::Error>(())
/// ```
#[derive(Debug)]
pub struct Scanner {
    rules: RuleSet,
    options: Options,
    /// `None`: the pool of whoever calls.
    pool: Option<rayon::ThreadPool>,
}

/// What a [`Scanner`] is made of. What is not said is as on the command line, and the report tells which of role and
/// market were assumed.
#[derive(Debug, Clone)]
#[must_use = "nothing happens before `build`"]
pub struct Builder {
    asked: Asked,
    date_assumed: bool,
    folders: Vec<PathBuf>,
    texts: Vec<(String, String)>,
    drafts: bool,
    fail_on: Level,
    allow_incomplete: bool,
    read: parsers::Options,
    threads: usize,
}

impl Scanner {
    /// Begins a scanner for a date of the act, such as a release or sale: `2025-06-30`, or an instant such as
    /// `2025-06-30T00:00:00-05:00`.
    pub fn builder(as_of: impl Into<String>) -> Builder {
        Builder {
            asked: Asked { as_of: Some(as_of.into()), ..Asked::default() },
            date_assumed: false,
            folders: Vec::new(),
            texts: Vec::new(),
            drafts: false,
            fail_on: Level::Review,
            allow_incomplete: false,
            read: parsers::Options::default(),
            threads: 0,
        }
    }

    /// Scans a document, archive or list of documents in memory. `name` is what the report calls it; what it is goes by
    /// content. It is scanned in the calling thread.
    ///
    /// Whatever is wrong with it is told in the report ([`Report::inputs`]) and is no error: read
    /// [`Report::exit_status`] or [`Report::incomplete`], not only the findings.
    pub fn scan_bytes(&self, name: &str, bytes: &[u8]) -> Report {
        scan::scan_bytes(name, bytes, &self.rules, &self.options)
    }

    /// Scans files, archives and folders of them, on as many threads as were asked for. A path that cannot be opened is an
    /// unread input of the report; `-` is standard input.
    pub fn scan_paths<P: Into<PathBuf>>(&self, paths: impl IntoIterator<Item = P>) -> Report {
        let paths: Vec<PathBuf> = paths.into_iter().map(Into::into).collect();
        let scan = || scan::scan(&collect(&paths), &self.rules, &self.options);
        self.pool.as_ref().map_or_else(scan, |pool| pool.install(scan))
    }

    /// Scans one file, in the calling thread; `name` is what the report calls it. It is read from disk and not held in
    /// memory. What is no file, or cannot be opened, is an unread input of the report.
    pub fn scan_file(&self, name: &str, path: impl AsRef<Path>) -> Report {
        scan::scan_one(&file(name, path.as_ref()), &self.rules, &self.options)
    }

    /// What reports say of the rules: version, digest, count.
    pub fn rules(&self) -> &Stamp {
        &self.rules.stamp
    }

    /// Every rule, by id.
    pub fn rule_list(&self) -> Vec<Rule> {
        let rule = |loaded: &crate::rules::Loaded| {
            let common = loaded.rule.common();
            Rule {
                id: common.id.clone(),
                kind: loaded.rule.kind(),
                title: common.title.clone(),
                draft: common.status == Status::Draft,
                file: loaded.file.clone(),
            }
        };
        self.rules.files().iter().map(rule).collect()
    }
}

impl Builder {
    /// Tells in the report that nobody stated the date: for a caller who took it from a clock.
    pub fn as_of_is_assumed(mut self) -> Self {
        self.date_assumed = true;
        self
    }

    /// For whom: a role such as `integrator` (the default), `reseller` or `end-user`. `unlabel regimes --words` lists all.
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.asked.role = Some(role.into());
        self
    }

    /// Where: one more country code such as `us` (the default), or a state such as `us-ca`.
    pub fn market(mut self, market: impl Into<String>) -> Self {
        self.asked.markets.push(market.into());
        self
    }

    /// What is done, such as `ship` or `resell`; all that the role may do when it is not said.
    pub fn act(mut self, act: impl Into<String>) -> Self {
        self.asked.act = Some(act.into());
        self
    }

    /// One more thing that is so, such as `us-person` or `federal`.
    pub fn fact(mut self, fact: impl Into<String>) -> Self {
        self.asked.facts.push(fact.into());
        self
    }

    /// One more regime to ask, by id; all are asked when none is named.
    pub fn regime(mut self, id: impl Into<String>) -> Self {
        self.asked.regimes.push(id.into());
        self
    }

    /// One more folder of rule files (`*.toml`), read after the built-in rules.
    pub fn rules_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folders.push(folder.into());
        self
    }

    /// One more rule as the text of its TOML file, read after all folders. The name stands in messages and in the digest of
    /// the rules.
    pub fn rule(mut self, name: impl Into<String>, toml: impl Into<String>) -> Self {
        self.texts.push((name.into(), toml.into()));
        self
    }

    /// Whether rules and rows that are not proven are used too; they give a review at most.
    pub fn include_drafts(mut self, drafts: bool) -> Self {
        self.drafts = drafts;
        self
    }

    /// From which level on a finding counts for the exit status; [`Level::Review`] when it is not said.
    pub fn fail_on(mut self, level: Level) -> Self {
        self.fail_on = level;
        self
    }

    /// Whether a report of documents that were not all read may have exit status 0.
    pub fn allow_incomplete(mut self, allow: bool) -> Self {
        self.allow_incomplete = allow;
        self
    }

    /// How many findings an input may have, 5,000 when it is not said; those of the highest levels are kept, and the report
    /// tells it.
    pub fn max_findings(mut self, most: usize) -> Self {
        self.read.limits.findings = most;
        self
    }

    /// How many bytes an input may have; any number when it is not said. One with more is unread, and the report tells it.
    pub fn max_input_size(mut self, most: u64) -> Self {
        self.read.unpack.input = Some(most);
        self
    }

    /// How many bytes an input may unpack to, all layers together; 2 GiB when it is not said.
    pub fn max_unpacked_size(mut self, most: u64) -> Self {
        self.read.unpack.unpacked = most;
        self
    }

    /// On how many threads [`Scanner::scan_paths`] reads; the rayon pool it is called in when it is 0 or not said.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// Loads the rules and holds the question against them.
    ///
    /// # Errors
    /// A rule that cannot be read, a word that the rules do not know, or a date that is none.
    pub fn build(self) -> Result<Scanner, Error> {
        let rules = if self.texts.is_empty() {
            RuleSet::for_scans(&self.folders, self.drafts)?
        } else {
            let mut files = load::files(&self.folders)?;
            files.extend(self.texts);
            load::load(files.iter().map(|(name, text)| (name.as_str(), text.as_str())), self.drafts)?
        };
        // The date was given: the builder cannot be had without.
        let mut context = self.asked.context(&rules, Default::default)?;
        context.assumed.extend(self.date_assumed.then_some("as-of"));
        let options =
            Options { read: self.read, context, fail_on: self.fail_on, allow_incomplete: self.allow_incomplete };
        // Where there are no threads to be had, the caller's do.
        let pool = (self.threads > 0).then(|| rayon::ThreadPoolBuilder::new().num_threads(self.threads).build().ok());
        Ok(Scanner { rules, options, pool: pool.flatten() })
    }
}

/// One rule of a rule set.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// Its kind, such as `organization` or `regime`.
    pub kind: &'static str,
    /// One line.
    pub title: String,
    /// Whether it is not proven yet: it counts only when drafts are included.
    pub draft: bool,
    /// Its file, relative to the rule folder.
    pub file: String,
}

/// The words for [`render`], each with one line on it.
pub fn formats() -> impl Iterator<Item = (&'static str, &'static str)> {
    RENDERERS.iter().map(|renderer| (renderer.id, renderer.about))
}

/// Writes a report in a form, such as `json`, `sarif` or `markdown`: what `unlabel scan --format` writes, byte for byte.
///
/// # Errors
/// A form that does not exist, or an output that cannot be written.
pub fn render(report: &Report, format: &str, out: &mut dyn Write) -> Result<(), Error> {
    let renderer = renderers::find(format);
    let renderer = renderer.ok_or_else(|| Error::unknown("format", format, formats().map(|(id, _)| id)))?;
    Ok((renderer.render)(report, out)?)
}
