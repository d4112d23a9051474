//! What one regime asks about a finding, for one role, market and date: all legal logic, and no legal text.
//!
//! [`assess`] is a pure function. Dates, clauses, roles and wording are data in `rules/regimes/*.toml`; here is only
//! how they combine: the clause gives a level for the role, and whatever is uncertain (class, strength, use, proof of
//! the rule) can only lower it and adds the question that would settle it. An assessment must never look at a
//! component; it gets [`Facts`].

use crate::matcher::Relation;
use crate::rules::format::{Clause, Level, Reading, Regime, ScopeReading, Strength};
use crate::rules::index::cite;
use jiff::Timestamp;
use jiff::civil::Date;

/// The moment an act is judged at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// A day without a time zone. Whatever began on that day, anywhere, counts as begun.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
}

impl AsOf {
    /// Reads `2025-01-31` or `2025-01-31T00:00:00-05:00`.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() == 10 {
            return text.parse().ok().map(Self::Day);
        }
        text.parse().ok().map(Self::Instant)
    }

    /// Whether an instant has come.
    pub fn reached(self, instant: Timestamp) -> bool {
        match self {
            Self::Instant(now) => instant <= now,
            Self::Day(day) => instant.to_zoned(jiff::tz::TimeZone::UTC).date() <= day,
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

/// For whom, where and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The role, one that a regime knows.
    pub role: String,
    /// Markets, as lower-case ISO 3166-1 alpha-2 codes.
    pub markets: Vec<String>,
    /// When.
    pub as_of: AsOf,
    /// Which of these the caller did not state: `role`, `market`, `as-of`.
    pub assumed: Vec<&'static str>,
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
    /// Stated to be no part of what is shipped.
    pub not_shipped: bool,
    /// A rule behind it is a draft.
    pub draft: bool,
}

/// What one clause asks.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Why this level, in sentences.
    pub because: String,
    /// What neither the SBOM nor the caller has said.
    pub questions: Vec<String>,
    /// Where the clause can be read.
    pub sources: Vec<String>,
    /// What is not certain about the clause itself.
    pub uncertain: Option<String>,
}

/// Assesses a finding under a regime. Empty when the regime is about somebody else, another market, or says nothing to
/// the role.
pub fn assess(facts: Facts<'_>, context: &Context, regime: &Regime) -> Vec<Assessment> {
    let concerned = regime.organizations.iter().any(|o| o == facts.organization)
        && regime.markets.iter().any(|m| context.markets.contains(m));
    if !concerned {
        return Vec::new();
    }
    let mut all: Vec<Assessment> = regime
        .clause
        .iter()
        .flat_map(|clause| clause.reading.iter().map(move |reading| (clause, reading)))
        .filter(|(_, reading)| reading.roles.contains(&context.role))
        .map(|(clause, reading)| one(facts, context, regime, clause, reading))
        .collect();
    all.sort_by(|a, b| (b.level, &a.clause).cmp(&(a.level, &b.clause)));
    all
}

fn one(facts: Facts<'_>, context: &Context, regime: &Regime, clause: &Clause, reading: &Reading) -> Assessment {
    let since = clause.from.0;
    let sources = clause.sources.iter().filter_map(|key| regime.common.source.iter().find(|s| s.key == *key)).map(cite);
    let mut assessment = Assessment {
        regime: regime.common.id.clone(),
        citation: regime.citation.clone(),
        clause: clause.id.clone(),
        level: reading.level,
        since,
        because: reading.because.clone(),
        questions: Vec::new(),
        sources: sources.collect(),
        uncertain: clause.uncertain.clone(),
    };
    if !context.as_of.reached(since) {
        assessment.level = Level::Advisory.min(reading.level);
        assessment.because =
            format!("Not yet in force on {}: this clause begins {since}. {}", context.as_of, clause.text.trim());
        return assessment;
    }
    let mut asked: Vec<&str> = reading.questions.iter().map(String::as_str).collect();
    let mut reasons = String::new();
    let mut lower = |to: Level, why: &str| {
        assessment.level = assessment.level.min(to);
        reasons.push(' ');
        reasons.push_str(why.trim());
    };
    let scope = facts.class.and_then(|class| regime.scope.iter().find(|s| s.classes.iter().any(|c| c == class)));
    let mut unknown_function = false;
    match scope {
        Some(scope) => {
            asked.extend(scope.questions.iter().map(String::as_str));
            match scope.reading {
                ScopeReading::Covered => {}
                ScopeReading::Unclear => lower(Level::Review, &scope.because),
                ScopeReading::Excluded => lower(Level::ExemptCandidate, &scope.because),
            }
        }
        None => {
            unknown_function = true;
            lower(Level::LikelyProhibited, "The SBOM does not say what the component does.");
        }
    }
    match facts.strength {
        Strength::Strong => {}
        Strength::Medium => {
            lower(Level::LikelyProhibited, "The evidence points to the maker without naming it for certain.")
        }
        Strength::Weak | Strength::Context => {
            lower(Level::Review, "The evidence is weak: a similar or ambiguous name.")
        }
    }
    if facts.not_shipped {
        lower(
            Level::Review,
            "The SBOM lists the component as used to build or test, as excluded, or only as what another was made from.",
        );
    }
    if facts.relation == Relation::DerivedFrom {
        lower(
            Level::LikelyProhibited,
            "The component is made from the named one; how much of it remains is not stated.",
        );
    }
    if facts.draft {
        lower(Level::Review, "The rule behind the evidence is a draft and not proven.");
    }
    if assessment.level < reading.level {
        // The reading's own sentence asserts more than the level does.
        assessment.because = format!("{} {}", opening(assessment.level, context, regime, clause), reasons.trim());
    } else {
        assessment.because = format!("{}{reasons}", assessment.because.trim());
    }
    let question = |id: &&str| regime.question.iter().find(|q| q.id == **id).map(|q| q.ask.clone());
    assessment.questions = asked.iter().filter_map(question).collect();
    if unknown_function {
        assessment
            .questions
            .insert(0, "Does the component have a security function, such as detecting malware?".to_owned());
    }
    if facts.relation == Relation::DerivedFrom {
        assessment.questions.insert(0, "How much code of the named ancestor does the component still hold?".to_owned());
    }
    let mut seen = std::collections::BTreeSet::new();
    assessment.questions.retain(|q| seen.insert(q.clone()));
    assessment
}

/// How a sentence on a level begins, when it is lower than the clause's own.
fn opening(level: Level, context: &Context, regime: &Regime, clause: &Clause) -> String {
    let who = format!("For role {} in market {}:", context.role, context.markets.join(", "));
    let clause = format!("{}, clause {}, in force since {}", regime.citation, clause.id, clause.from.0);
    match level {
        Level::Prohibited | Level::LikelyProhibited => format!("{who} likely within {clause}; confirm what follows."),
        Level::Review => format!("{who} may be within {clause}; decide after the questions."),
        Level::ExemptCandidate => {
            format!(
                "{who} appears to fall in a category that {} leaves out; other regimes may still apply.",
                regime.citation
            )
        }
        Level::Advisory | Level::NoEvidence => format!("{who} for information, {clause}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_a_zone_holds_all_that_begins_on_it() {
        let from: Timestamp = "2025-01-31T00:00:00-05:00".parse().unwrap();
        let reached = |text: &str| AsOf::read(text).unwrap().reached(from);
        assert!(!reached("2025-01-30"));
        assert!(reached("2025-01-31"));
        assert!(!reached("2025-01-31T04:59:59Z"));
        assert!(reached("2025-01-31T00:00:00-05:00"));
        assert!(AsOf::read("31.1.2025").is_none() && AsOf::read("").is_none());
    }
}
