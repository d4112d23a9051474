//! A regime, clause by clause.

use super::Page;
use crate::rules::format::{Clause, Embedded, Reading, Regime, Scope, ScopeReading};

pub fn regime(page: &mut Page, regime: &Regime) {
    page.pair("cited as", &regime.citation);
    page.pair("authority", &regime.authority);
    page.pair("markets", &regime.markets.join(", "));
    page.pair("summary", &regime.summary);
    let embedded = match regime.embedded {
        Embedded::Counts => "a part inside another product counts",
        Embedded::Excluded => "a part inside another product does not count",
        Embedded::Unclear => "whether a part inside another product counts is not clear",
    };
    let why = regime.embedded_because.as_ref().map_or(String::new(), |w| format!(": {}", w.trim()));
    page.pair("parts", &format!("{embedded}{why}"));
    if regime.any_function {
        page.pair("function", "code without a security function counts too");
    }
    for clause in &regime.clause {
        one(page, regime, clause);
    }
    page.heading("How it treats each class of software");
    for scope in &regime.scope {
        page.pair(reading(scope), &format!("{}. {}", scope.classes.join(", "), scope.because.trim()));
    }
    page.heading("About this rule");
}

fn one(page: &mut Page, regime: &Regime, clause: &Clause) {
    page.heading(&format!("Clause {}: {}", clause.id, clause.title.trim()));
    let until = clause.until.map_or(String::new(), |u| format!(", until {}", u.words(clause.zone.as_deref())));
    let from = clause.from.words(clause.zone.as_deref());
    page.pair("since", &format!("{from} ({}){until}", clause.from.instant));
    page.pair("says", &clause.text);
    page.list("acts", (!clause.acts.is_empty()).then(|| clause.acts.join(", ")));
    if let Some(duty) = &clause.report {
        page.pair("report", &format!("{}; within {}", duty.duty.trim().trim_end_matches('.'), duty.within));
    }
    for reading in &clause.reading {
        page.pair("for", &for_whom(reading));
        page.pair("", reading.because.trim());
        let ask = |id: &String| regime.question.iter().find(|q| q.id == *id).map(|q| q.ask.trim().to_owned());
        page.list("ask", reading.questions.iter().filter_map(ask));
    }
    page.pair("certainty", clause.certainty.id());
    page.list("not certain", clause.uncertain.iter().cloned());
    page.pair("read in", &clause.sources.join(", "));
}

fn for_whom(reading: &Reading) -> String {
    let mut words =
        if reading.roles.iter().any(|r| r == "*") { "everybody".to_owned() } else { reading.roles.join(", ") };
    if reading.markets.iter().any(|m| m == "*") {
        words.push_str(", anywhere");
    } else if !reading.markets.is_empty() {
        words.push_str(&format!(", in {}", reading.markets.join(", ")));
    }
    if !reading.acts.is_empty() {
        words.push_str(&format!(", for {}", reading.acts.join(", ")));
    }
    if !reading.when.is_empty() {
        words.push_str(&format!(", when {}", reading.when.join(" and ")));
    }
    if !reading.unless.is_empty() {
        words.push_str(&format!(", unless {}", reading.unless.join(" or ")));
    }
    let otherwise = reading.otherwise.map_or(String::new(), |level| format!(", otherwise {}", level.id()));
    format!("{words}: {}{otherwise}", reading.level.id())
}

fn reading(scope: &Scope) -> &'static str {
    match scope.reading {
        ScopeReading::Covered => "covered",
        ScopeReading::Unclear => "unclear",
        ScopeReading::Excluded => "left out",
        ScopeReading::NotCovered => "not covered",
    }
}
