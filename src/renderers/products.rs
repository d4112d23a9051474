//! The buyer's table, for every form that has one: a row for each product of each supplier, first what needs somebody first.

use super::words;
use crate::report::{Input, Report, Status};
use crate::rules::format::Level;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How an input or a product stands: a level, or that nothing can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was read.
    Unread,
    /// Nothing was found in what was read, which says nothing: read in part, without components, or too little disclosed.
    CannotTell,
    /// A level.
    Level(Level),
}

impl Standing {
    /// All, what needs somebody first.
    pub const ALL: [Self; 8] = [
        Self::Level(Level::Prohibited),
        Self::Level(Level::LikelyProhibited),
        Self::Level(Level::Review),
        Self::Unread,
        Self::CannotTell,
        Self::Level(Level::ExemptCandidate),
        Self::Level(Level::Advisory),
        Self::Level(Level::NoEvidence),
    ];

    /// Of an input.
    pub fn of(input: &Input) -> Self {
        match input.level {
            None => Self::Unread,
            Some(Level::NoEvidence) if words::doubt(input).is_some() => Self::CannotTell,
            Some(level) => Self::Level(level),
        }
    }

    /// Place in [`Self::ALL`].
    pub fn rank(&self) -> usize {
        Self::ALL.iter().position(|s| s == self).unwrap_or(0)
    }

    /// For classes and filters.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::CannotTell => "cannot-tell",
            Self::Level(level) => level.id(),
        }
    }

    /// For people.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Unread => "Not read",
            Self::CannotTell => "Cannot tell",
            Self::Level(Level::Prohibited) => "Prohibited",
            Self::Level(Level::LikelyProhibited) => "Likely prohibited",
            Self::Level(Level::Review) => "Review",
            Self::Level(Level::ExemptCandidate) => "Exempt candidate",
            Self::Level(Level::Advisory) => "Advisory",
            Self::Level(Level::NoEvidence) => "No evidence",
        }
    }

    /// What it means.
    pub fn meaning(&self) -> &'static str {
        match self {
            Self::Unread => "nothing of the input was read, so this report says nothing about it",
            Self::CannotTell => {
                "nothing was found, and that says nothing: the input was read in part, lists no component, or discloses \
                 too little"
            }
            Self::Level(Level::Prohibited) => {
                "evidence, class of software, role, market and date are within a clause that prohibits the act"
            }
            Self::Level(Level::LikelyProhibited) => "likely within a clause; one fact is to be confirmed",
            Self::Level(Level::Review) => "may be within a clause; decide after the questions",
            Self::Level(Level::ExemptCandidate) => "appears to fall in an excluded category; confirm",
            Self::Level(Level::Advisory) => {
                "for information: not prohibited for this role, not in force on that date, or the component can only \
                 call such software"
            }
            Self::Level(Level::NoEvidence) => "nothing matched, or all that did was set aside; no proof of absence",
        }
    }
}

/// A product, over all inputs about it. An input that names none is a row of its own.
pub struct Row<'r> {
    /// Index into the suppliers of the page.
    pub supplier: usize,
    /// Its name; `None` when no input says.
    pub product: Option<&'r str>,
    /// Its versions, sorted.
    pub versions: Vec<&'r str>,
    /// The most pressing standing of its inputs.
    pub standing: Standing,
    /// How many findings.
    pub findings: usize,
    /// How many open questions.
    pub questions: usize,
    /// The lowest grade of disclosure; `None` when nothing was read.
    pub grade: Option<&'static str>,
    /// How many of its inputs were not read whole.
    pub short: usize,
    /// Whether one of its inputs is no all-clear.
    pub doubt: bool,
    /// Components, services and files of all its inputs.
    pub components: u64,
    /// Indexes of its inputs.
    pub inputs: Vec<usize>,
    /// Regimes that speak to a finding in it.
    pub regimes: BTreeSet<&'r str>,
}

impl Row<'_> {
    /// Place of the grade for sorting, the least disclosed first.
    pub fn grade_rank(&self) -> usize {
        self.grade.map_or(0, grade_rank)
    }

    /// Name and versions; the path of the input when it names none.
    pub fn name(&self, report: &Report) -> String {
        let path = || self.inputs.first().and_then(|at| report.inputs.get(*at)).map_or("", |i| i.path.as_str());
        let versions = match self.versions.as_slice() {
            [] => String::new(),
            [one] => format!(" {one}"),
            [first, .., last] => format!(" {first} … {last} ({} versions)", self.versions.len()),
        };
        self.product.map_or_else(|| path().to_owned(), |name| format!("{name}{versions}"))
    }

    /// The standing in a word, as the forms without a page of words have it.
    pub fn word(&self) -> &'static str {
        match self.standing {
            Standing::CannotTell => "inconclusive",
            standing => standing.id(),
        }
    }

    /// The level for colors; `None` where nothing was read.
    pub fn level(&self) -> Option<Level> {
        match self.standing {
            Standing::Unread => None,
            Standing::CannotTell => Some(Level::NoEvidence),
            Standing::Level(level) => Some(level),
        }
    }

    /// The grade in a word.
    pub fn disclosure(&self) -> &'static str {
        self.grade.unwrap_or("unread")
    }

    /// How far its inputs were read.
    pub fn reading(&self) -> &'static str {
        match (self.standing, self.short) {
            (Standing::Unread, _) => "not read",
            (_, 0) => "whole",
            _ => "in part",
        }
    }
}

/// Place of a grade's id for sorting, the least disclosed first.
pub fn grade_rank(grade: &str) -> usize {
    ["", "thin", "partial", "good"].iter().position(|g| *g == grade).unwrap_or(0)
}

/// The supplier of an input's product; empty when not stated.
pub fn supplier(input: &Input) -> &str {
    input.product.as_ref().and_then(|p| p.supplier.as_deref()).map_or("", str::trim)
}

/// How suppliers are told apart: case and blanks say nothing.
fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Every supplier of a report, sorted; the empty one, not stated, stands first.
pub struct Suppliers<'r> {
    /// As the first input of each writes it.
    pub names: Vec<&'r str>,
    places: BTreeMap<String, usize>,
}

impl<'r> Suppliers<'r> {
    /// Those of a report.
    pub fn new(report: &'r Report) -> Self {
        let mut all: BTreeMap<String, &'r str> = BTreeMap::from([(String::new(), "")]);
        for input in &report.inputs {
            all.entry(folded(supplier(input))).or_insert(supplier(input));
        }
        let names = all.values().copied().collect();
        let places = all.into_keys().enumerate().map(|(at, key)| (key, at)).collect();
        Self { names, places }
    }

    /// The place of a name among them; `None` when no input has it.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.places.get(&folded(name)).copied()
    }

    /// The place of the supplier of an input's product.
    pub fn of(&self, input: &Input) -> usize {
        self.find(supplier(input)).unwrap_or(0)
    }

    /// The name at a place; empty when not stated.
    pub fn name(&self, at: usize) -> &'r str {
        self.names.get(at).copied().unwrap_or("")
    }
}

/// The rows, sorted.
pub fn rows<'r>(report: &'r Report, suppliers: &Suppliers<'r>) -> Vec<Row<'r>> {
    let mut findings = vec![0; report.inputs.len()];
    let mut questions = findings.clone();
    let mut regimes: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for finding in &report.findings {
        findings.get_mut(finding.input).into_iter().for_each(|n| *n += 1);
        regimes.entry(finding.input).or_default().extend(finding.assessments.iter().map(|a| a.regime.as_str()));
    }
    for question in &report.questions {
        questions.get_mut(question.input).into_iter().for_each(|n| *n += 1);
    }
    let mut rows: BTreeMap<(usize, String, usize), Row<'r>> = BTreeMap::new();
    for (at, input) in report.inputs.iter().enumerate() {
        let product = input.product.as_ref();
        let name = product.and_then(|p| p.name.as_deref()).map(str::trim).filter(|n| !n.is_empty());
        // Nothing says that two inputs without a name are about one product.
        let apart = if name.is_some() { 0 } else { at + 1 };
        let row = rows.entry((suppliers.of(input), folded(name.unwrap_or("")), apart)).or_insert_with(|| Row {
            supplier: suppliers.of(input),
            product: name,
            versions: Vec::new(),
            standing: Standing::of(input),
            findings: 0,
            questions: 0,
            grade: None,
            short: 0,
            doubt: false,
            components: 0,
            inputs: Vec::new(),
            regimes: BTreeSet::new(),
        });
        let standing = Standing::of(input);
        if standing.rank() < row.standing.rank() {
            row.standing = standing;
        }
        let grade = input.disclosure.map(|d| d.grade.id());
        row.grade = match (row.grade, grade) {
            (Some(a), Some(b)) => Some(if grade_rank(b) < grade_rank(a) { b } else { a }),
            (a, b) => a.or(b),
        };
        row.findings += findings.get(at).copied().unwrap_or(0);
        row.questions += questions.get(at).copied().unwrap_or(0);
        row.doubt |= words::doubt(input).is_some();
        row.components = row.components.saturating_add(input.components);
        row.short += usize::from(input.status != Status::Read);
        row.versions.extend(product.and_then(|p| p.version.as_deref()));
        row.inputs.push(at);
        row.regimes.extend(regimes.remove(&at).unwrap_or_default());
    }
    let mut rows: Vec<Row<'r>> = rows.into_values().collect();
    for row in &mut rows {
        row.versions.sort_unstable();
        row.versions.dedup();
    }
    // Of one standing first what asks most; what names nobody stands behind what does.
    rows.sort_by_key(|r| {
        (r.standing.rank(), Reverse(r.questions), suppliers.name(r.supplier).is_empty(), r.product.is_none())
    });
    rows
}
