//! The law as data: one case for each cell of the tables of roles and classes, on both sides of each date.

use crate::support::{RULES, fixture};
use serde::Deserialize;
use unlabel::matcher::Relation;
use unlabel::regimes::{AsOf, Context, Facts, assess};
use unlabel::rules::format::{RuleFile, Strength};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Case {
    row: String,
    regime: String,
    role: String,
    market: Vec<String>,
    act: Option<String>,
    #[serde(default)]
    facts: Vec<String>,
    as_of: String,
    class: Option<String>,
    strength: Option<String>,
    relation: Option<String>,
    embedded: Option<bool>,
    expect: String,
    clause: Option<String>,
}

fn strength(word: Option<&str>) -> Strength {
    match word.unwrap_or("strong") {
        "weak" => Strength::Weak,
        "medium" => Strength::Medium,
        "strong" => Strength::Strong,
        other => panic!("strength `{other}`"),
    }
}

fn relation(word: Option<&str>) -> Relation {
    let all = [
        Relation::IntegratesWith,
        Relation::DerivedFrom,
        Relation::Embeds,
        Relation::LicensedFrom,
        Relation::SuppliedBy,
    ];
    let word = word.unwrap_or("supplied-by");
    all.into_iter().find(|r| r.id() == word).unwrap_or_else(|| panic!("relation `{word}`"))
}

#[test]
fn every_cell_of_the_tables_comes_out() {
    let cases: Cases = toml::from_str(&std::fs::read_to_string(fixture("regimes/cases.toml")).unwrap()).unwrap();
    assert!(cases.case.len() > 150, "only {} cases", cases.case.len());
    let mut wrong = Vec::new();
    for (number, case) in cases.case.iter().enumerate() {
        let RuleFile::Regime(regime) = &RULES.rule(&case.regime).unwrap_or_else(|| panic!("{}", case.regime)).rule
        else {
            panic!("{} is no regime", case.regime)
        };
        let relation = relation(case.relation.as_deref());
        let facts = Facts {
            organization: "kaspersky",
            class: case.class.as_deref(),
            strength: strength(case.strength.as_deref()),
            relation,
            embedded: case.embedded.or((relation != Relation::SuppliedBy).then_some(true)),
            not_shipped: false,
            draft: false,
            open: None,
            at_most: None,
        };
        for fact in &case.facts {
            assert!(RULES.set.fact.iter().any(|f| f.id == *fact), "{}: fact `{fact}`", case.row);
        }
        assert!(RULES.roles().any(|r| r == case.role), "{}: role `{}`", case.row, case.role);
        let context = Context {
            role: case.role.clone(),
            markets: case.market.clone(),
            act: case.act.clone(),
            facts: case.facts.iter().cloned().collect(),
            regimes: Vec::new(),
            as_of: AsOf::read(&case.as_of).unwrap_or_else(|| panic!("{}: {}", case.row, case.as_of)),
            assumed: Vec::new(),
        };
        let assessments = assess(facts, &context, regime, &RULES.set);
        let best = assessments.first();
        let level = best.map_or("none", |a| a.level.id());
        let place = format!("case {}, {} ({} for {} {:?})", number + 1, case.row, case.regime, case.role, case.as_of);
        if level != case.expect {
            wrong.push(format!("{place}: {level} and not {}: {}", case.expect, best.map_or("", |a| &a.because)));
        } else if let Some(clause) = &case.clause
            && !assessments.iter().any(|a| a.clause == *clause && a.level.id() == case.expect)
        {
            wrong.push(format!("{place}: not by clause `{clause}`"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.case.len(), wrong.join("\n"));
}

/// Every sentence names what it must, and none says more than its level.
#[test]
fn sentences_name_regime_role_and_date() {
    for regime in RULES.regimes() {
        for clause in &regime.clause {
            for reading in &clause.reading {
                let place = format!("{}, clause {}, roles {:?}", regime.common.id, clause.id, reading.roles);
                let because = reading.because.to_lowercase();
                assert!(because.len() > 60, "{place}: says too little: {because}");
                // What is not a prohibition for the role never opens like one, and nobody is told that use is banned.
                let level = reading.level.id();
                let prohibits = matches!(level, "prohibited" | "likely-prohibited");
                assert!(prohibits || !because.starts_with("evidence indicates"), "{place}: {because}");
                assert!(
                    !prohibits || because.contains("prohibit") || because.contains("may not"),
                    "{place}: {because}"
                );
                assert!(!because.contains("banned"), "{place}: {because}");
            }
        }
    }
}

/// Changing a date or a clause needs no code: a folder with another text of the regime is enough.
#[test]
fn a_date_is_changed_in_data() {
    let shipped = std::fs::read_to_string("rules/regimes/us-icts-kaspersky.toml").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let later = shipped.replace("from = 2024-09-29T00:00:00-04:00", "from = 2030-01-01T00:00:00-05:00");
    assert_ne!(shipped, later);
    std::fs::write(folder.path().join("us-icts-kaspersky.toml"), later).unwrap();
    let rules = unlabel::rules::RuleSet::with_folders(&[folder.path().to_owned()], false).unwrap();
    let text = crate::support::read("twins/supplier-and-cpe/cyclonedx.json");
    let level = |rules| unlabel::scan::scan_bytes("x", &text, rules, &crate::support::options()).level().unwrap().id();
    assert_eq!((level(&RULES), level(&rules)), ("prohibited", "review"));
}

/// No report in any form, for anybody, holds a word of judgment, and none tells a user that use is banned.
#[test]
fn no_report_judges() {
    let inputs = unlabel::source::collect::collect(&[fixture("evidence"), fixture("real"), fixture("twins")]);
    for role in RULES.roles() {
        let mut options = crate::support::options();
        options.context.role = role.to_owned();
        options.context.markets = RULES.markets().into_iter().map(str::to_owned).collect();
        let report = unlabel::scan::scan(&inputs, &RULES, &options);
        assert!(report.findings.len() > 100);
        for form in crate::support::TEXTS {
            let text = crate::support::rendered(&report, form.id).to_lowercase();
            for word in ["violat", "illegal", "unlawful", "compliant", "is safe", "safe to", "is banned"] {
                assert!(!text.contains(word), "{} for {role} says `{word}`", form.id);
            }
        }
    }
}
