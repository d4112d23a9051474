//! What a run found, ready to be shown: the only thing a renderer sees.
//!
//! A [`Report`] holds texts as documents wrote them, places as editors name them, and what the rules and regimes say.
//! These types are also the JSON report `unlabel.report/1`, in both directions: [`mod@file`] writes and reads it, so that
//! whatever a renderer needs is in the file too. A field may come, with its line in `schemas/report-1.json` and a default
//! for files that do not have it; none may leave, move to another name or change its meaning. The exit status is decided
//! here, once: [`Report::exit_status`].

pub mod decided;
pub mod file;
pub mod merge;

use crate::model::disclosure::{Declared, Grade};
pub use crate::regimes::Assessment;
use crate::rules::Stamp;
use crate::rules::format::{Certainty, Level, Strength};
pub use crate::source::excerpt::Excerpt;
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;

pub use decided::{Baseline, Gone, Since, Waived, Waiver};

/// `1 finding`, `2 findings`.
pub(crate) fn counted(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// A word of ours, which in a report of another version may be one that this version does not know.
pub type Word = Cow<'static, str>;

/// A run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Report {
    /// The program that made it.
    pub tool: Tool,
    /// The rules.
    pub rules: Stamp,
    /// For whom, where, when.
    pub context: Context,
    /// Every input, in the order given.
    pub inputs: Vec<Input>,
    /// Files in folders that are no SBOM.
    pub skipped: u64,
    /// Findings, by input and place.
    pub findings: Vec<Finding>,
    /// Findings that false friends explain.
    pub set_aside: Vec<SetAside>,
    /// Open questions, each once for a component.
    pub questions: Vec<Question>,
    /// What the caller should know beside the findings.
    pub notes: Vec<Note>,
    /// The waivers of the configuration, in its order.
    pub waivers: Vec<Waiver>,
    /// The earlier report that findings were held against.
    pub baseline: Option<Baseline>,
    /// The sentence that ends every report.
    pub disclaimer: String,
    /// What was not the same in the reports that this one was merged from; empty where it comes from one run.
    pub mixed: Vec<Mixed>,
}

/// Something that was not the same in reports that were merged all the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mixed {
    /// What: `regimes`, `as-of`, `rules`, `program`, `fail-on`, `allow-incomplete`.
    pub what: Word,
    /// Each of the values, in words.
    pub values: Vec<String>,
}

/// The program that made a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tool {
    /// Its name.
    pub name: Word,
    /// Its version.
    pub version: Word,
}

impl Tool {
    /// This program.
    pub fn this() -> Self {
        Self { name: "unlabel".into(), version: env!("CARGO_PKG_VERSION").into() }
    }
}

/// For whom, where and when, and what counts for the exit status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Context {
    /// The role.
    pub role: String,
    /// Markets, as lower-case ISO 3166-1 alpha-2 or ISO 3166-2 codes.
    #[serde(rename = "market")]
    pub markets: Vec<String>,
    /// The act; `None` when all is asked about that the role may do.
    pub act: Option<String>,
    /// What else is stated, sorted.
    pub facts: Vec<String>,
    /// A day, or an instant in UTC.
    pub as_of: String,
    /// Ids of the regimes that were asked.
    pub regimes: Vec<String>,
    /// Which of `role`, `market`, `as-of` the caller did not state.
    pub assumed: Vec<Word>,
    /// From which level on a finding counts for the exit status.
    pub fail_on: Level,
    /// Whether an incomplete run may pass.
    pub allow_incomplete: bool,
}

/// How far an input was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Whole.
    Read,
    /// In part: a component may have gone unseen.
    Partial,
    /// Not at all.
    Unread,
}

impl Status {
    /// The id in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Partial => "partial",
            Self::Unread => "unread",
        }
    }
}

/// One input.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Input {
    /// What it is called.
    pub path: String,
    /// The file on disk that holds it, where `path` names something inside that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The path inside that file of the text whose lines and columns are told; `None` when they are those of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside: Option<String>,
    /// How far it was read.
    pub status: Status,
    /// Format family id, when known.
    pub format: Option<Word>,
    /// Its syntax, when known.
    pub serialization: Option<Word>,
    /// Version of the format, as stated.
    pub spec_version: Option<String>,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, lower-case hexadecimal; `None` when it could not be opened.
    pub sha256: Option<String>,
    /// Components, services and files listed.
    pub components: u64,
    /// The highest level of its findings; `None` when it was not read.
    pub level: Option<Level>,
    /// Whether "nothing found" says nothing: it was read, holds no finding, and discloses too little to tell.
    pub inconclusive: bool,
    /// How much it discloses; `None` when it was not read.
    pub disclosure: Option<Disclosure>,
    /// What it is about; `None` when it names nothing.
    pub product: Option<Product>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// How many further problems were not kept.
    pub more_problems: u64,
}

impl Input {
    /// Whether it could not even be opened.
    pub fn unopened(&self) -> bool {
        self.status == Status::Unread && self.problems.first().is_some_and(|p| p.code == "unreadable")
    }

    /// Sets the level, and with it whether finding nothing says anything.
    pub fn conclude(&mut self, level: Option<Level>) {
        self.level = level;
        let thin = self.disclosure.is_none_or(|d| d.grade == Grade::Thin);
        self.inconclusive = level == Some(Level::NoEvidence) && thin;
    }

    /// The file on disk.
    pub fn on_disk(&self) -> &str {
        self.file.as_deref().unwrap_or(&self.path)
    }
}

/// How much an input discloses; the figures are those of [`crate::model::disclosure::Disclosure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is the figure of the same name")]
#[non_exhaustive]
pub struct Disclosure {
    /// The grade.
    pub grade: Grade,
    pub components: u64,
    pub files: u64,
    pub with_supplier: u64,
    pub with_identifier: u64,
    pub with_version: u64,
    pub with_hash: u64,
    pub relations: u64,
    pub depth: u64,
    pub declared: Declared,
    pub external_documents: u64,
}

impl Disclosure {
    /// The share of components as a whole percentage, rounded down; 0 when there is none.
    pub fn percent(&self, of: u64) -> u64 {
        (u128::from(of) * 100).checked_div(u128::from(self.components)).map_or(0, |p| p.min(100) as u64)
    }
}

impl From<crate::model::disclosure::Disclosure> for Disclosure {
    fn from(of: crate::model::disclosure::Disclosure) -> Self {
        Self {
            grade: of.grade(),
            components: of.components,
            files: of.files,
            with_supplier: of.with_supplier,
            with_identifier: of.with_identifier,
            with_version: of.with_version,
            with_hash: of.with_hash,
            relations: of.relations,
            depth: of.depth,
            declared: of.declared,
            external_documents: of.external_documents,
        }
    }
}

/// What an input is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Product {
    /// Its reference as written.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Who supplies it, as stated for the product or for the whole document.
    pub supplier: Option<String>,
}

/// Something that could not be read as it should.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Problem {
    /// Code id.
    pub code: Word,
    /// One sentence.
    pub message: String,
    /// Pointer; empty for the input as a whole.
    pub pointer: String,
    /// Line, from 1; `None` when it is about the input as a whole.
    pub line: Option<u64>,
    /// Column in Unicode code points, from 1.
    pub column: Option<u64>,
    /// Whether a component may have gone unseen because of it.
    pub hides_components: bool,
}

/// What a component is called in a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Called {
    /// Its reference as written.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Its package URL.
    pub purl: Option<String>,
    /// Its sort.
    pub kind: Option<String>,
}

impl Called {
    /// The best short name.
    pub fn label(&self) -> &str {
        self.name.as_deref().or(self.reference.as_deref()).unwrap_or("(no name)")
    }

    /// Its package URL up to the version; `None` when it has none.
    pub fn package(&self) -> Option<&str> {
        self.purl.as_deref().map(unversioned).filter(|p| !p.is_empty())
    }
}

/// A package URL up to the version.
pub fn unversioned(purl: &str) -> &str {
    let bare = purl.split(['?', '#']).next().unwrap_or_default();
    let end = bare.rfind('@').filter(|at| !bare.get(*at..).unwrap_or_default().contains('/')).unwrap_or(bare.len());
    bare.get(..end).unwrap_or_default()
}

/// A place in a document, as an editor names it. Lines and columns count from 1, columns in Unicode code points.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Location {
    /// Pointer.
    pub pointer: String,
    /// Line of the first character.
    #[serde(deserialize_with = "from_one")]
    pub line: u64,
    /// Column of the first character.
    #[serde(deserialize_with = "from_one")]
    pub column: u64,
    /// Line of the place behind the last character; 0 in a file that does not tell it.
    #[serde(default)]
    pub end_line: u64,
    /// Column of the place behind the last character; 0 in a file that does not tell it.
    #[serde(default)]
    pub end_column: u64,
    /// The column in UTF-16 code units, where that is another number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utf16_column: Option<u64>,
    /// The end column in UTF-16 code units, where that is another number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utf16_end_column: Option<u64>,
}

impl Location {
    /// The end, never before the beginning: line and column.
    pub fn end(&self) -> (u64, u64) {
        (self.end_line, self.end_column).max((self.line, self.column))
    }

    /// The columns of beginning and end in UTF-16 code units.
    pub fn utf16(&self) -> (u64, u64) {
        let start = self.utf16_column.unwrap_or(self.column);
        let (line, end) = self.end();
        let end = self.utf16_end_column.unwrap_or(end);
        (start, if line == self.line { end.max(start) } else { end })
    }
}

fn from_one<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    match u64::deserialize(from)? {
        0 => Err(serde::de::Error::custom("lines and columns count from 1")),
        number => Ok(number),
    }
}

/// A piece of evidence in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Evidence {
    /// Kind id.
    pub kind: Word,
    /// Rule id.
    pub rule: String,
    /// The text as written.
    pub found: String,
    /// Where.
    #[serde(flatten)]
    pub location: Location,
    /// How much it says by itself.
    pub strength: Strength,
    /// Whether the rule is a draft.
    pub draft: bool,
    /// Sources of the rule.
    pub sources: Vec<String>,
    /// Title of the rule.
    #[serde(default)]
    pub rule_title: String,
    /// The line it stands in; `None` where there are no lines, or the text could no longer be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
}

/// A finding in a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// Stable fingerprint: the same component with the same rules has the same in the next release.
    pub id: String,
    /// Index into [`Report::inputs`].
    pub input: usize,
    /// The highest level of its assessments.
    pub level: Level,
    /// The component.
    pub component: Called,
    /// Where it stands.
    pub location: Location,
    /// Relation id.
    pub relation: Word,
    /// The organization's title.
    pub organization: String,
    /// Class id.
    pub class: Option<String>,
    /// All evidence together.
    pub strength: Strength,
    /// Every piece of it.
    pub evidence: Vec<Evidence>,
    /// Ways from the product, by reference, or by name where there is none.
    pub paths: Vec<Vec<String>>,
    /// What the regimes ask.
    pub assessments: Vec<Assessment>,
    /// The question for the vendor, where a rule leaves open that anything is there.
    pub open: Option<String>,
    /// The rule that makes little of the finding, and why.
    pub narrowed: Option<Narrowed>,
    /// The waiver that covers it.
    pub waiver: Option<Waived>,
    /// How it stands to the baseline; `None` without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Since>,
    /// The class in words.
    #[serde(default)]
    pub class_title: Option<String>,
    /// The same ways as in `paths`, by name.
    #[serde(default)]
    pub path_names: Vec<Vec<String>>,
}

impl Finding {
    /// Whether nobody has decided on it: it is not waived, and no baseline has it.
    pub fn counts(&self) -> bool {
        self.waiver.is_none() && self.baseline != Some(Since::Known)
    }

    /// The ways from the product in words; by reference in a file that has no names.
    pub fn ways(&self) -> &[Vec<String>] {
        if self.path_names.len() == self.paths.len() { &self.path_names } else { &self.paths }
    }
}

/// The rule that makes little of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Narrowed {
    /// Rule id.
    pub by: String,
    /// Why.
    pub why: String,
}

/// A finding that was set aside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetAside {
    /// The finding, without level and assessments: what is set aside asks nothing.
    #[serde(flatten)]
    pub finding: Finding,
    /// Rule id.
    pub by: String,
    /// Why.
    pub why: String,
}

/// A question for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Question {
    /// Index into [`Report::inputs`].
    pub input: usize,
    /// The component it is about.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// The question.
    pub ask: String,
    /// Which clause it belongs to, or what gave rise to it.
    pub because: String,
    /// For a question that belongs to no finding: the rule that asks, and what it found where.
    pub arose: Option<Arose>,
}

/// What gave rise to a question that belongs to no finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Arose {
    /// Rule id.
    pub rule: String,
    /// What the component is called.
    pub component: Called,
    /// The text as written.
    pub found: String,
    /// Where.
    #[serde(flatten)]
    pub location: Location,
    /// The line it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
}

/// Something to know beside findings; never about a component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Note {
    /// Rule id.
    pub id: String,
    /// One line.
    pub title: String,
    /// The note.
    pub text: String,
    /// How certain it is.
    pub certainty: Certainty,
    /// What is not certain.
    pub uncertain: Option<String>,
    /// Where it can be read.
    pub sources: Vec<String>,
}

impl Report {
    /// The highest level of all findings; `None` when no input was read.
    pub fn level(&self) -> Option<Level> {
        self.inputs.iter().filter_map(|i| i.level).max()
    }

    /// Whether something may have gone unseen: an input unread, partly read or without components, no input, or no
    /// rule.
    pub fn incomplete(&self) -> bool {
        self.rules.count == 0
            || self.inputs.is_empty()
            || self.inputs.iter().any(|i| i.status != Status::Read || i.components == 0)
    }

    /// The exit status, as fixed for all versions.
    ///
    /// 1: something at or above `fail_on` was found on which nobody has decided, whatever else happened. 2: nothing could be opened. 3: nothing
    /// found, but the run is incomplete and that was not allowed. 0: otherwise.
    pub fn exit_status(&self) -> u8 {
        if self.findings.iter().any(|f| f.counts() && f.level >= self.context.fail_on) {
            1
        } else if !self.inputs.is_empty() && self.inputs.iter().all(Input::unopened) {
            2
        } else if self.incomplete() && !self.context.allow_incomplete {
            3
        } else {
            0
        }
    }

    /// Components, services and files of all inputs.
    pub fn components(&self) -> u64 {
        self.inputs.iter().map(|i| i.components).fold(0, u64::saturating_add)
    }

    /// How many inputs have a status.
    pub fn count(&self, status: Status) -> usize {
        self.inputs.iter().filter(|i| i.status == status).count()
    }
}
