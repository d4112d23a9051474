//! The comparison and its JSON form, `unlabel.diff/1` (`schemas/diff-1.json`): a field may come, with its line in the
//! schema; none may leave or change its meaning.

use crate::model::disclosure::Grade;
use crate::report::{Called, Context, Evidence, Finding, Location, Narrowed, Product, Status, Tool};
use crate::rules::Stamp;
use crate::rules::format::{Level, Strength};
use serde::Serialize;

/// Name and generation of the format (`schemas/diff-1.json`).
pub const SCHEMA: &str = "unlabel.diff/1";

/// What became of a finding, the most pressing first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It was not there.
    Came,
    /// It was there at a lower level.
    Risen,
    /// It was there; where it stood is not among the new inputs, or was not read whole.
    OutOfSight,
    /// The level is the same, and something else about it is not.
    Changed,
    /// It was there at a higher level.
    Fallen,
    /// It was there, and in what was read whole it is no more.
    Went,
    /// Nothing that matters is different.
    Unchanged,
}

impl Change {
    /// The id in JSON, and the word for people.
    pub fn id(self) -> &'static str {
        match self {
            Self::Came => "came",
            Self::Risen => "risen",
            Self::OutOfSight => "out-of-sight",
            Self::Changed => "changed",
            Self::Fallen => "fallen",
            Self::Went => "went",
            Self::Unchanged => "unchanged",
        }
    }
}

/// The comparison; also the JSON form, `unlabel.diff/1`.
#[derive(Debug, Clone, Serialize)]
pub struct Diff<'r> {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The program that compared.
    pub tool: Tool,
    /// How OLD was made.
    pub old: Made<'r>,
    /// How NEW was made.
    pub new: Made<'r>,
    /// What was different in rules and context: a change may come from there.
    pub differs: Vec<Difference>,
    /// The counts.
    pub summary: Summary,
    /// Every input of both, those of NEW first, in their order.
    pub inputs: Vec<InputChange<'r>>,
    /// Every finding of both, the most pressing change first.
    pub findings: Vec<FindingChange<'r>>,
    /// Questions that came or went, those of findings that came or went among them.
    pub questions: Vec<QuestionChange<'r>>,
    /// The sentence that ends every report.
    pub disclaimer: &'r str,
}

/// How a report was made, and what it counted.
#[derive(Debug, Clone, Serialize)]
pub struct Made<'r> {
    /// What it is called.
    pub name: &'r str,
    /// Whether it was scanned for this comparison; else it was read as a report.
    pub scanned: bool,
    /// The program.
    pub tool: &'r Tool,
    /// The rules.
    pub rules: &'r Stamp,
    /// For whom, where, when.
    pub context: &'r Context,
    /// How many inputs.
    pub inputs: usize,
    /// How many of them were read in part.
    pub partial: usize,
    /// How many of them were not read.
    pub unread: usize,
    /// How many findings.
    pub findings: usize,
    /// The highest level; `None` when nothing was read.
    pub level: Option<Level>,
    /// The exit status of the scan.
    pub exit_status: u8,
}

/// Something in which the two reports were made differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The field: `tool`, `rules`, `role`, `market`, `act`, `facts`, `as_of`, `regimes`.
    pub what: &'static str,
    /// What it was in OLD, in words.
    pub old: String,
    /// What it is in NEW, in words.
    pub new: String,
}

/// The counts.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "each is the number of changes of the same name")]
pub struct Summary {
    pub came: usize,
    pub risen: usize,
    pub out_of_sight: usize,
    pub changed: usize,
    pub fallen: usize,
    pub went: usize,
    pub unchanged: usize,
    pub inputs_came: usize,
    pub inputs_went: usize,
    pub inputs_changed: usize,
    pub inputs_unchanged: usize,
    pub questions_came: usize,
    pub questions_went: usize,
    /// How many came or rose to a level that counts.
    pub worse: usize,
    /// Whether something in NEW may be unseen, or an input of OLD is not there.
    pub incomplete: bool,
    pub fail_on: Level,
    pub allow_incomplete: bool,
    pub exit_status: u8,
}

/// What became of an input.
#[derive(Debug, Clone, Serialize)]
pub struct InputChange<'r> {
    /// `came`, `went`, `changed` or `unchanged`.
    pub change: Change,
    /// In what: `status`, `disclosure`, `inconclusive`, `level`, `product`, `version`, `supplier`, `components`.
    pub changed: Vec<&'static str>,
    /// Whether less of it was read, or it discloses less.
    pub worse: bool,
    /// As it was; `None` when it came.
    pub old: Option<Seen<'r>>,
    /// As it is; `None` when it went.
    pub new: Option<Seen<'r>>,
}

/// An input in one of the reports.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "each is the field of the same name in the report")]
pub struct Seen<'r> {
    pub path: &'r str,
    pub sha256: Option<&'r str>,
    pub status: Status,
    pub level: Option<Level>,
    pub inconclusive: bool,
    pub components: u64,
    /// The grade; `None` when nothing was read.
    pub disclosure: Option<Grade>,
    pub product: Option<&'r Product>,
    /// Why it is no all-clear; `None` when it was read whole and tells enough.
    pub doubt: Option<String>,
}

/// What became of a finding.
#[derive(Debug, Clone, Serialize)]
pub struct FindingChange<'r> {
    /// What.
    pub change: Change,
    /// Index into the inputs of the comparison.
    pub input: usize,
    /// Its id in NEW, else in OLD.
    pub id: &'r str,
    /// The component in NEW, else in OLD.
    pub component: &'r Called,
    /// What is different: `id`, `level`, `set_aside`, `relation`, `class`, `strength`, `evidence`, `clauses`, `open`,
    /// `narrowed`, `version`, `waiver`.
    pub changed: Vec<&'static str>,
    /// As it was; `None` when it came.
    pub old: Option<Stood<'r>>,
    /// As it is; `None` when it is no more.
    pub new: Option<Stood<'r>>,
    /// Evidence that only NEW has.
    pub evidence_came: Vec<&'r Evidence>,
    /// Evidence that only OLD has.
    pub evidence_went: Vec<&'r Evidence>,
    /// Clauses that came, went or have another level.
    pub clauses: Vec<ClauseChange<'r>>,
    /// Why a change for the better may be none.
    pub doubt: Option<String>,
    /// The finding in NEW, else in OLD.
    #[serde(skip)]
    pub finding: &'r Finding,
}

/// A finding in one of the reports.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "each is the field of the same name in the report")]
pub struct Stood<'r> {
    pub id: &'r str,
    pub level: Level,
    /// The rule that set it aside, and why.
    pub set_aside: Option<Narrowed>,
    pub version: Option<&'r str>,
    pub waived: bool,
    pub location: &'r Location,
    pub relation: &'r str,
    pub organization: &'r str,
    pub class: Option<&'r str>,
    pub strength: Strength,
    pub open: Option<&'r str>,
    pub narrowed: Option<&'r Narrowed>,
}

/// A clause that speaks to a finding as it did not before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseChange<'r> {
    /// Regime id.
    pub regime: &'r str,
    /// How the regime is cited.
    pub citation: &'r str,
    /// Clause id.
    pub clause: &'r str,
    /// Its level in OLD.
    pub old: Option<Level>,
    /// Its level in NEW.
    pub new: Option<Level>,
}

/// A question that came or went.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionChange<'r> {
    /// `came` or `went`.
    pub change: Change,
    /// Index into the inputs of the comparison.
    pub input: usize,
    /// The id of the finding that asks it; `None` for a question on an engine without a maker.
    pub finding: Option<&'r str>,
    /// What the component is called.
    pub component: &'r Called,
    /// The question.
    pub ask: &'r str,
    /// What gave rise to it: a regime and clause, or the words of a component.
    pub because: String,
    /// Whether it came or went with its finding.
    pub with_finding: bool,
}
