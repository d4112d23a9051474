//! What each regime asks of each role on a date: one line for each pair that it speaks to.

use crate::matcher::Relation;
use crate::regimes::{AsOf, Assessment, Context, Facts, assess};
use crate::rules::RuleSet;
use crate::rules::format::{Level, Regime, Strength};
use comfy_table::{ContentArrangement, Table, presets};
use std::collections::BTreeSet;

/// What to show.
#[derive(Debug, Clone)]
pub struct Query {
    /// The date.
    pub as_of: AsOf,
    /// The class of software that was found.
    pub class: String,
    /// Only these roles; empty means all.
    pub roles: Vec<String>,
    /// Only regimes of these markets; empty means all.
    pub markets: Vec<String>,
}

/// One pair of a role and a regime that speaks to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Role id.
    pub role: String,
    /// Regime id.
    pub regime: String,
    /// The regime's own market.
    pub market: String,
    /// The level for strong evidence of a part inside another product, when nothing else is stated.
    pub level: Option<Level>,
    /// The clause that gives it.
    pub clause: String,
    /// Since when.
    pub since: String,
    /// Other levels, when an act or fact is stated: `act use: advisory`.
    pub otherwise: Vec<String>,
}

/// Every pair, by role in the order of the set, then by regime.
pub fn rows(rules: &RuleSet, query: &Query) -> Vec<Row> {
    let mut rows = Vec::new();
    for role in rules.roles().filter(|r| query.roles.is_empty() || query.roles.iter().any(|q| q == r)) {
        for regime in rules.regimes() {
            // A country stands for its states too.
            let within = |m: &String| query.markets.iter().any(|q| q == m || m.split('-').next() == Some(q));
            let of_market = query.markets.is_empty() || regime.markets.iter().any(within);
            if of_market {
                rows.extend(row(rules, query, role, regime));
            }
        }
    }
    rows
}

fn row(rules: &RuleSet, query: &Query, role: &str, regime: &Regime) -> Option<Row> {
    let market = regime.markets.first()?;
    let ask = |act: Option<&str>, fact: Option<&str>| {
        let organization = regime.organizations.first()?;
        let facts = Facts {
            organization,
            class: Some(&query.class),
            strength: Strength::Strong,
            relation: Relation::SuppliedBy,
            embedded: Some(true),
            not_shipped: false,
            draft: false,
            open: None,
            at_most: None,
        };
        let context = Context {
            role: role.to_owned(),
            markets: vec![market.clone()],
            act: act.map(str::to_owned),
            facts: fact.map(str::to_owned).into_iter().collect(),
            regimes: Vec::new(),
            as_of: query.as_of,
            assumed: Vec::new(),
        };
        assess(facts, &context, regime, &rules.set).into_iter().next()
    };
    let plain = ask(None, None);
    let level = |a: &Option<Assessment>| a.as_ref().map(|a| a.level);
    let mut otherwise = Vec::new();
    let mut differs = |what: String, other: Option<Assessment>| {
        if level(&other) != level(&plain) && other.is_some() {
            otherwise.push(format!("{what}: {}", level(&other).map_or("–", Level::id)));
        }
    };
    let readings = || regime.clause.iter().flat_map(|c| &c.reading);
    let acts: BTreeSet<&String> = readings().flat_map(|r| &r.acts).collect();
    acts.into_iter().for_each(|act| differs(format!("act {act}"), ask(Some(act), None)));
    let facts: BTreeSet<&String> = readings().flat_map(|r| r.when.iter().chain(&r.unless)).collect();
    facts.into_iter().for_each(|fact| differs(fact.clone(), ask(None, Some(fact))));
    if plain.is_none() && otherwise.is_empty() {
        return None;
    }
    Some(Row {
        role: role.to_owned(),
        regime: regime.common.id.clone(),
        market: market.clone(),
        level: level(&plain),
        clause: plain.as_ref().map(|a| a.clause.clone()).unwrap_or_default(),
        since: plain.as_ref().map(|a| a.since_local.get(..10).unwrap_or_default().to_owned()).unwrap_or_default(),
        otherwise,
    })
}

/// How a table is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// For a terminal of this width.
    Terminal(u16),
    /// Markdown, for a page.
    Markdown,
}

/// The rows as a table.
pub fn draw(rows: &[Row], style: Style) -> String {
    let mut table = new(style, ["role", "regime", "market", "level", "clause", "since", "other levels, when stated"]);
    for row in rows {
        let level = row.level.map_or("–", Level::id).to_owned();
        let otherwise = row.otherwise.join("; ");
        let cells = [&row.role, &row.regime, &row.market, &level, &row.clause, &row.since, &otherwise];
        table.add_row(cells);
    }
    finish(&table)
}

/// A table with its heading.
pub fn new<const N: usize>(style: Style, heading: [&str; N]) -> Table {
    let mut table = Table::new();
    match style {
        Style::Terminal(width) => {
            table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(width);
        }
        Style::Markdown => {
            table.load_style(presets::ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    table.set_header(heading);
    table
}

/// The table as text, without blanks at the ends of lines.
pub fn finish(table: &Table) -> String {
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
