//! What one regime asks about a finding, for one role, market and date: all legal logic, and no legal text.
//!
//! [`assess`] is a pure function. Dates, clauses, roles and wording are data in `rules/regimes/*.toml`; here is only
//! how they combine: the clause gives a level for the role, and whatever is uncertain (class, strength, use, proof of
//! the rule) can only lower it and adds the question that would settle it. An assessment must never look at a
//! component; it gets [`Facts`]. [`asked`] makes the context of the words that somebody gives.

pub mod asked;

use crate::matcher::Relation;
use crate::rules::format::{
    Certainty, Clause, Embedded, Level, Moment, Reading, Regime, ScopeReading, SetFile, Strength,
};
use crate::rules::index::cite;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The moment an act is judged at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// A day without a time zone. Whatever began on that day, anywhere, counts as begun.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
}

impl AsOf {
    /// Reads `2025-06-30` or `2025-06-30T00:00:00-05:00`.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() == 10 {
            return text.parse().ok().map(Self::Day);
        }
        text.parse().ok().map(Self::Instant)
    }

    /// Whether a moment has come. A day is compared with the day of the moment in the moment's own zone.
    pub fn reached(self, moment: Moment) -> bool {
        match self {
            Self::Instant(now) => moment.instant <= now,
            Self::Day(day) => moment.offset.to_datetime(moment.instant).date() <= day,
        }
    }
}

impl std::fmt::Display for AsOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Instant(instant) => instant.fmt(f),
        }
    }
}

/// For whom, where, what and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The role, one of the rule set's.
    pub role: String,
    /// Markets, as lower-case ISO 3166-1 alpha-2 or ISO 3166-2 codes.
    pub markets: Vec<String>,
    /// The act, one of the rule set's; `None` asks about all that the role may do.
    pub act: Option<String>,
    /// What else is stated, in the rule set's words.
    pub facts: BTreeSet<String>,
    /// Regimes to ask, by id; empty means all.
    pub regimes: Vec<String>,
    /// When.
    pub as_of: AsOf,
    /// Which of these the caller did not state: `role`, `market`, `as-of`.
    pub assumed: Vec<&'static str>,
}

impl Context {
    /// Whether a regime is asked: all are, unless some are named.
    pub fn asks(&self, regime: &str) -> bool {
        self.regimes.is_empty() || self.regimes.iter().any(|id| id == regime)
    }
}

/// What an assessment may know of a finding.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'f> {
    /// The organization.
    pub organization: &'f str,
    /// The class of software, when known.
    pub class: Option<&'f str>,
    /// The evidence together.
    pub strength: Strength,
    /// What the component is to the organization.
    pub relation: Relation,
    /// Whether it is a part of somebody else's product; `None` when that is not known.
    pub embedded: Option<bool>,
    /// Stated to be no part of what is shipped.
    pub not_shipped: bool,
    /// A rule behind it is a draft.
    pub draft: bool,
    /// The question for the vendor, where it is open whether anything is there.
    pub open: Option<&'f str>,
    /// The highest level a false friend leaves where a security function is asked for, and why.
    pub at_most: Option<(Level, &'f str)>,
}

/// What one clause asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Assessment {
    /// Regime id.
    pub regime: String,
    /// How the regime is cited.
    pub citation: String,
    /// Clause id.
    pub clause: String,
    /// The level.
    pub level: Level,
    /// The instant from which the clause holds.
    pub since: Timestamp,
    /// The same in its own zone, `2024-01-31T00:00:00-05:00`.
    pub since_local: String,
    /// The same for people; empty in a file of a report that does not tell it.
    #[serde(default)]
    pub since_words: String,
    /// Why this level, in sentences.
    pub because: String,
    /// What neither the SBOM nor the caller has said.
    pub questions: Vec<String>,
    /// What has to be reported, to whom, and within which time.
    pub duty: Option<String>,
    /// Where the clause can be read.
    pub sources: Vec<String>,
    /// How certain text and date of the clause are.
    pub certainty: Certainty,
    /// What is not certain about the clause itself.
    pub uncertain: Option<String>,
}

/// Questions on a component that any regime may lead to; who supplies it can answer them.
pub const OF_COMPONENTS: [&str; 4] = [BESIDE, ANCESTOR, PART, FUNCTION];

const BESIDE: &str = "Is software of the named maker installed beside it, delivered with it, or called over a network?";
const ANCESTOR: &str = "How much code of the named ancestor does the component still hold?";
const PART: &str = "Is the component a product of the named maker itself, or a part of another product?";
const FUNCTION: &str = "Does the component have a security function, such as detecting malware?";

/// Assesses a finding under a regime. Empty when the regime is about somebody else, another market, or says nothing to
/// the role.
pub fn assess(facts: Facts<'_>, context: &Context, regime: &Regime, set: &SetFile) -> Vec<Assessment> {
    if !regime.organizations.iter().any(|o| o == facts.organization) {
        return Vec::new();
    }
    let readings = regime.clause.iter().enumerate().flat_map(|(at, clause)| {
        applying(clause, context, regime).into_iter().map(move |(reading, place)| (at, clause, reading, place))
    });
    let mut all: Vec<(Level, usize, Assessment)> = readings
        .filter(|(_, clause, ..)| !clause.until.is_some_and(|until| context.as_of.reached(until)))
        .filter_map(|(at, clause, reading, place)| {
            let mut weighing = Weighing::new(facts, context, regime, clause, reading, set)?;
            if place == Place::Around {
                weighing.lower(Level::Review, "The market given is wider than where the clause holds.");
                weighing.ask(format!("Does it concern {} ({})?", regime.common.title, regime.markets.join(", ")));
            }
            Some((reading.level, at, weighing.weigh()))
        })
        .collect();
    // Of clauses at one level first what would ask most if all were known, then as the regime has them.
    all.sort_by_key(|(most, at, a)| (Reverse(a.level), Reverse(*most), *at));
    let mut all: Vec<Assessment> = all.into_iter().map(|(.., assessment)| assessment).collect();
    // Of several readings of one clause the highest is what it asks.
    let mut seen = BTreeSet::new();
    all.retain(|a| seen.insert(a.clause.clone()));
    all
}

/// How a place where a reading holds lies to the markets given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// One of them, or anywhere.
    Inside,
    /// A part of one of them.
    Around,
}

fn place(reading: &Reading, regime: &Regime, context: &Context) -> Option<Place> {
    let markets = if reading.markets.is_empty() { &regime.markets } else { &reading.markets };
    // Who names a state names its country too.
    let named = |m: &String| context.markets.iter().any(|c| c == m || c.split('-').next() == Some(m));
    if markets.iter().any(|m| m == "*" || named(m)) {
        return Some(Place::Inside);
    }
    let part = |m: &String| m.split_once('-').is_some_and(|(whole, _)| context.markets.iter().any(|c| c == whole));
    markets.iter().any(part).then_some(Place::Around)
}

/// The readings of a clause for a role, its markets and the act, if one is stated.
fn applying<'r>(clause: &'r Clause, context: &Context, regime: &Regime) -> Vec<(&'r Reading, Place)> {
    let mine = |r: &&'r Reading| r.roles.iter().any(|role| role == "*" || *role == context.role);
    let mut all: Vec<(&Reading, Place)> =
        clause.reading.iter().filter(mine).filter_map(|r| Some((r, place(r, regime, context)?))).collect();
    match &context.act {
        Some(act) if all.iter().any(|(r, _)| r.acts.contains(act)) => all.retain(|(r, _)| r.acts.contains(act)),
        Some(act) if !clause.acts.is_empty() && !clause.acts.contains(act) => all.clear(),
        _ => all.retain(|(r, _)| r.acts.is_empty()),
    }
    // What is meant for the role itself stands before what is meant for everybody.
    if all.iter().any(|(r, _)| r.roles.contains(&context.role)) {
        all.retain(|(r, _)| r.roles.contains(&context.role));
    }
    all
}

/// One assessment while it is being made: the clause's level, and all that can only lower it.
struct Weighing<'w> {
    facts: Facts<'w>,
    context: &'w Context,
    regime: &'w Regime,
    clause: &'w Clause,
    reading: &'w Reading,
    /// The level of the reading for what the caller stated.
    most: Level,
    level: Level,
    reasons: Vec<String>,
    questions: Vec<String>,
}

impl<'w> Weighing<'w> {
    /// `None` when the reading does not hold for what the caller stated.
    fn new(
        facts: Facts<'w>,
        context: &'w Context,
        regime: &'w Regime,
        clause: &'w Clause,
        reading: &'w Reading,
        set: &SetFile,
    ) -> Option<Self> {
        if reading.unless.iter().any(|fact| context.facts.contains(fact)) {
            return None;
        }
        let (level, reasons, questions) = (reading.level, Vec::new(), Vec::new());
        let mut this = Self { facts, context, regime, clause, reading, most: level, level, reasons, questions };
        for fact in reading.when.iter().filter(|fact| !context.facts.contains(*fact)) {
            let words = set.fact.iter().find(|w| w.id == *fact).map_or(fact.as_str(), |w| w.title.trim());
            // Whoever asks a regime by name wants to know what it depends on.
            let asked = context.regimes.contains(&regime.common.id).then_some(Level::Review);
            this.lower(
                reading.otherwise.or(asked)?,
                &format!("It is not stated that {}.", words.trim_end_matches('.')),
            );
            this.ask(format!("Is this so: {}?", words.trim_end_matches('.')));
        }
        Some(this)
    }

    fn lower(&mut self, to: Level, why: &str) {
        self.level = self.level.min(to);
        self.reasons.push(why.trim().to_owned());
    }

    fn ask(&mut self, question: String) {
        if !self.questions.contains(&question) {
            self.questions.push(question);
        }
    }

    fn weigh(mut self) -> Assessment {
        if !self.context.as_of.reached(self.clause.from) {
            let begins = self.clause.from.words(self.clause.zone.as_deref());
            let text = self.clause.text.trim();
            let because = format!("Not yet in force on {}: this clause begins {begins}. {text}", self.context.as_of);
            self.level = Level::Advisory.min(self.most);
            self.questions.clear();
            return self.assessment(because);
        }
        if self.facts.relation == Relation::IntegratesWith {
            self.lower(
                Level::Advisory,
                "The component can call software of the named maker that is installed beside it, and holds none of it.",
            );
            self.ask(BESIDE.to_owned());
            let because = self.because();
            return self.assessment(because);
        }
        self.presence();
        self.scope();
        self.strength();
        let named = |id: &String| self.regime.question.iter().find(|q| q.id == *id).map(|q| q.ask.clone());
        let standing: Vec<String> = self.reading.questions.iter().filter_map(named).collect();
        standing.into_iter().for_each(|question| self.ask(question));
        let because = self.because();
        self.assessment(because)
    }

    /// Whether it is there at all, and as what.
    fn presence(&mut self) {
        if let Some(open) = self.facts.open {
            self.lower(Level::Review, "Whether this copy holds anything of the named maker is not known.");
            self.ask(open.to_owned());
        }
        if self.facts.relation == Relation::DerivedFrom {
            self.lower(
                Level::LikelyProhibited,
                "The component is made from the named one; how much of it remains is not stated.",
            );
            self.ask(ANCESTOR.to_owned());
        }
        if self.facts.not_shipped {
            self.lower(
                Level::Review,
                "The SBOM lists the component as used to build or test, as excluded, or only as what another was made from.",
            );
        }
        let why = self.regime.embedded_because.as_deref().unwrap_or_default();
        match (self.regime.embedded, self.facts.embedded) {
            (Embedded::Counts, _) | (_, Some(false)) => {}
            (Embedded::Excluded, Some(true)) => self.lower(Level::Advisory, why),
            (Embedded::Unclear, Some(true)) => self.lower(Level::Review, why),
            (_, None) => {
                self.lower(Level::Review, why);
                self.ask(PART.to_owned());
            }
        }
    }

    /// What kind of software it is.
    fn scope(&mut self) {
        let regime = self.regime;
        let class = self.facts.class;
        let scope = class.and_then(|class| regime.scope.iter().find(|s| s.classes.iter().any(|c| c == class)));
        match scope {
            Some(scope) => {
                match scope.reading {
                    ScopeReading::Covered => {}
                    ScopeReading::Unclear => self.lower(Level::Review, &scope.because),
                    ScopeReading::Excluded => self.lower(Level::ExemptCandidate, &scope.because),
                    ScopeReading::NotCovered => self.lower(Level::Advisory, &scope.because),
                }
                let ask = |id: &String| regime.question.iter().find(|q| q.id == *id).map(|q| q.ask.clone());
                let asked: Vec<String> = scope.questions.iter().filter_map(ask).collect();
                asked.into_iter().for_each(|question| self.ask(question));
            }
            None if !regime.any_function => {
                self.lower(Level::LikelyProhibited, "The SBOM does not say what the component does.");
                self.ask(FUNCTION.to_owned());
            }
            None => {}
        }
        if let Some((most, why)) = self.facts.at_most.filter(|_| !regime.any_function) {
            self.lower(most, why);
        }
    }

    /// How well it is proven.
    fn strength(&mut self) {
        match self.facts.strength {
            Strength::Strong => {}
            Strength::Medium => {
                self.lower(Level::LikelyProhibited, "The evidence points to the maker without naming it for certain.")
            }
            Strength::Weak | Strength::Context => {
                self.lower(Level::Review, "The evidence is weak: a similar or ambiguous name.");
            }
        }
        if self.facts.draft {
            self.lower(Level::Review, "The rule behind the evidence is a draft and not proven.");
        }
    }

    fn because(&self) -> String {
        let reasons = self.reasons.join(" ");
        if self.level < self.reading.level {
            // The reading's own sentence asserts more than the level does.
            format!("{} {reasons}", opening(self.level, self.context, self.regime, self.clause)).trim().to_owned()
        } else {
            format!("{} {reasons}", self.reading.because.trim()).trim().to_owned()
        }
    }

    fn assessment(self, because: String) -> Assessment {
        let (regime, clause) = (self.regime, self.clause);
        let source = |key: &String| regime.common.source.iter().find(|s| s.key == *key).map(cite);
        Assessment {
            regime: regime.common.id.clone(),
            citation: regime.citation.clone(),
            clause: clause.id.clone(),
            level: self.level,
            since: clause.from.instant,
            since_local: clause.from.local(),
            since_words: clause.from.words(clause.zone.as_deref()),
            because,
            questions: self.questions,
            duty: clause
                .report
                .as_ref()
                .filter(|_| self.level > Level::Advisory)
                .map(|r| format!("{}; within {}", r.duty.trim().trim_end_matches('.'), r.within.trim())),
            sources: clause.sources.iter().filter_map(source).collect(),
            certainty: clause.certainty,
            uncertain: clause.uncertain.as_ref().map(|u| u.trim().to_owned()),
        }
    }
}

/// How a sentence on a level begins, when it is lower than the clause's own.
fn opening(level: Level, context: &Context, regime: &Regime, clause: &Clause) -> String {
    let who = format!("For role {} in market {}:", context.role, context.markets.join(", "));
    let since = clause.from.words(clause.zone.as_deref());
    let clause = format!("{}, clause {}, in force since {since}", regime.citation, clause.id);
    match level {
        Level::Prohibited | Level::LikelyProhibited => format!("{who} likely within {clause}; confirm what follows."),
        Level::Review => format!("{who} may be within {clause}; decide after the questions."),
        Level::ExemptCandidate => {
            format!("{who} appears to fall in a category that {} leaves out.", regime.citation)
        }
        Level::Advisory | Level::NoEvidence => format!("{who} for information, {clause}."),
    }
}

impl Certainty {
    /// The id in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Reported => "reported",
            Self::Secondary => "secondary",
            Self::Unverified => "unverified",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_a_zone_holds_all_that_begins_on_it() {
        let instant: Timestamp = "2025-06-30T00:00:00-05:00".parse().unwrap();
        let from = Moment { instant, offset: jiff::tz::Offset::constant(-5) };
        let reached = |text: &str| AsOf::read(text).unwrap().reached(from);
        assert!(!reached("2025-01-30"));
        assert!(reached("2025-06-30"));
        assert!(!reached("2025-06-30T04:59:59Z"));
        assert!(reached("2025-06-30T00:00:00-05:00"));
        // East of Greenwich a day begins before it does there.
        let instant: Timestamp = "2026-04-02T00:00:00+11:00".parse().unwrap();
        let east = Moment { instant, offset: jiff::tz::Offset::constant(11) };
        assert!(!AsOf::read("2026-04-01").unwrap().reached(east) && AsOf::read("2026-04-02").unwrap().reached(east));
        assert!(AsOf::read("31.1.2025").is_none() && AsOf::read("").is_none());
    }
}
