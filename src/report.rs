//! What a run found, ready to be shown: the only thing a renderer sees.
//!
//! A [`Report`] holds texts as documents wrote them, places as editors name them, and what the rules and regimes say.
//! It is not a file format: each renderer has its own, so that formats stay stable while this moves. The exit status
//! is decided here, once: [`Report::exit_status`].

use crate::model::Problem;
use crate::model::disclosure::{Disclosure, Grade};
pub use crate::regimes::Assessment;
use crate::regimes::Context;
use crate::rules::Stamp;
use crate::rules::format::{Level, Strength};
use crate::source::position::Position;

/// A run.
#[derive(Debug, Clone)]
pub struct Report {
    /// Version of the program.
    pub version: &'static str,
    /// The rules.
    pub rules: Stamp,
    /// For whom, where, when.
    pub context: Context,
    /// Ids of the regimes that were asked.
    pub regimes: Vec<String>,
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
    /// From which level on a finding counts for the exit status.
    pub fail_on: Level,
    /// Whether an incomplete run may pass.
    pub allow_incomplete: bool,
    /// The sentence that ends every report.
    pub disclaimer: String,
}

/// How far an input was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
#[derive(Debug, Clone)]
pub struct Input {
    /// What it is called.
    pub path: String,
    /// How far it was read.
    pub status: Status,
    /// Format family id, when known.
    pub format: Option<&'static str>,
    /// Its syntax, when known.
    pub serialization: Option<&'static str>,
    /// Version of the format, as stated.
    pub spec_version: Option<String>,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, lower-case hexadecimal; empty when it could not be opened.
    pub sha256: String,
    /// Components, services and files listed.
    pub components: u64,
    /// The highest level of its findings; `None` when it was not read.
    pub level: Option<Level>,
    /// How much it discloses; `None` when it was not read.
    pub disclosure: Option<Disclosure>,
    /// What it is about.
    pub product: crate::model::Product,
    /// What could not be read.
    pub problems: Vec<LocatedProblem>,
    /// How many further problems were not kept.
    pub more_problems: u64,
    /// Whether it could not even be opened.
    pub unopened: bool,
}

impl Input {
    /// Whether "nothing found" says nothing: it was read, holds no finding, and discloses too little to tell.
    pub fn inconclusive(&self) -> bool {
        self.level == Some(Level::NoEvidence) && self.disclosure.is_none_or(|d| d.grade() == Grade::Thin)
    }
}

/// A problem with its position.
#[derive(Debug, Clone)]
pub struct LocatedProblem {
    /// The problem.
    pub problem: Problem,
    /// Its position; `None` when it is about the input as a whole.
    pub position: Option<Position>,
}

/// What a component is called in a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Called {
    /// Its reference as written.
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
}

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Pointer.
    pub pointer: String,
    /// Where it begins.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
}

/// A piece of evidence in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Kind id.
    pub kind: &'static str,
    /// Rule id.
    pub rule: String,
    /// Title of the rule.
    pub rule_title: String,
    /// Sources of the rule.
    pub sources: Vec<String>,
    /// The text as written.
    pub found: String,
    /// Where.
    pub location: Location,
    /// How much it says by itself.
    pub strength: Strength,
    /// Whether the rule is a draft.
    pub draft: bool,
}

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The component's reference, or its name when it has none.
    pub reference: String,
    /// What to call it.
    pub label: String,
}

/// A finding in a report.
#[derive(Debug, Clone)]
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
    pub relation: &'static str,
    /// The organization's title.
    pub organization: String,
    /// Class id.
    pub class: Option<String>,
    /// The class in words.
    pub class_title: Option<String>,
    /// All evidence together.
    pub strength: Strength,
    /// Every piece of it.
    pub evidence: Vec<Evidence>,
    /// Ways from the product.
    pub paths: Vec<Vec<Step>>,
    /// What the regimes ask.
    pub assessments: Vec<Assessment>,
    /// The question for the vendor, where a rule leaves open that anything is there.
    pub open: Option<String>,
    /// The rule that makes little of the finding, and why.
    pub narrowed: Option<(String, String)>,
}

/// A finding that was set aside.
#[derive(Debug, Clone)]
pub struct SetAside {
    /// The finding, without level and assessments: what is set aside asks nothing.
    pub finding: Finding,
    /// Rule id.
    pub by: String,
    /// Why.
    pub why: String,
}

/// A question for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Index into [`Report::inputs`].
    pub input: usize,
    /// The component it is about.
    pub reference: Option<String>,
    /// The question.
    pub ask: String,
    /// Which clause it belongs to, or what gave rise to it.
    pub because: String,
    /// For a question that belongs to no finding: the rule that asks, and what it found where.
    pub arose: Option<Arose>,
}

/// What gave rise to a question that belongs to no finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arose {
    /// Rule id.
    pub rule: String,
    /// What the component is called.
    pub component: Called,
    /// The text as written.
    pub found: String,
    /// Where.
    pub location: Location,
}

/// Something to know beside findings; never about a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Rule id.
    pub id: String,
    /// One line.
    pub title: String,
    /// The note.
    pub text: String,
    /// How certain it is.
    pub certainty: &'static str,
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
    /// 1: something at or above `fail_on` was found, whatever else happened. 2: nothing could be opened. 3: nothing
    /// found, but the run is incomplete and that was not allowed. 0: otherwise.
    pub fn exit_status(&self) -> u8 {
        if self.findings.iter().any(|f| f.level >= self.fail_on) {
            1
        } else if !self.inputs.is_empty() && self.inputs.iter().all(|i| i.unopened) {
            2
        } else if self.incomplete() && !self.allow_incomplete {
            3
        } else {
            0
        }
    }

    /// How many inputs have a status.
    pub fn count(&self, status: Status) -> usize {
        self.inputs.iter().filter(|i| i.status == status).count()
    }
}
