//! The researched facts against the rules: every fact is held by a rule or listed as left out, every proven one is found where
//! it belongs, every false friend gets exactly its verdict. The facts are copies in `fixtures/facts/`.

use crate::support::{RULES, fixture, json, read, root, scan_text};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use unlabel::rules::RuleSet;
use unlabel::rules::format::{Marks, RuleFile};
use unlabel::text::Folded;

#[derive(Deserialize)]
struct Cases<T> {
    case: Vec<T>,
}

fn toml<T: for<'de> Deserialize<'de>>(file: &str) -> T {
    toml::from_str(&std::fs::read_to_string(fixture(file)).unwrap()).unwrap_or_else(|e| panic!("{file}: {e}"))
}

fn facts(file: &str) -> Value {
    serde_json::from_slice(&read(&format!("facts/{file}"))).unwrap()
}

fn text<'v>(row: &'v Value, key: &str) -> &'v str {
    row[key].as_str().unwrap_or_default()
}

/// The highest level of a document's findings, or `none`.
fn highest(document: &str) -> (String, Value) {
    const ORDER: [&str; 5] = ["advisory", "exempt-candidate", "review", "likely-prohibited", "prohibited"];
    let report = json(&scan_text(document.as_bytes()));
    assert_ne!(report["summary"]["unread"], 1, "not read: {}\n{document}", report["inputs"][0]["problems"]);
    let levels = report["findings"].as_array().unwrap().iter().map(|f| f["level"].as_str().unwrap());
    let highest = levels.max_by_key(|l| ORDER.iter().position(|o| o == l)).unwrap_or("none").to_owned();
    (highest, report)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FalseFriend {
    id: String,
    note: Option<String>,
    document: String,
}

#[test]
fn every_false_friend_gets_exactly_its_verdict() {
    let cases: Cases<FalseFriend> = toml("facts/false-friends.toml");
    let rows = facts("false_friends.json");
    let expected: BTreeMap<&str, &str> =
        rows["negatives"].as_array().unwrap().iter().map(|r| (text(r, "id"), text(r, "expected"))).collect();
    let mut wrong = Vec::new();
    for case in &cases.case {
        let (level, report) = highest(&case.document);
        let verdict = expected[case.id.as_str()];
        let right = match verdict {
            "no finding" => level == "none",
            "info at most" => level == "none" || level == "advisory",
            "needs review" => level == "review",
            other => panic!("{}: verdict `{other}` is not known", case.id),
        };
        if !right {
            let evidence: Vec<String> = report["findings"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|f| f["evidence"].as_array().unwrap())
                .map(|e| format!("{} {} [{} {}]", e["kind"], e["found"], e["rule"], e["strength"]))
                .collect();
            let aside: Vec<&str> =
                report["set_aside"].as_array().unwrap().iter().map(|s| s["by"].as_str().unwrap()).collect();
            let note = case.note.as_deref().unwrap_or_default();
            wrong
                .push(format!("{} ({note}): {level} and not {verdict}: {evidence:?}, set aside by {aside:?}", case.id));
        }
    }
    let covered: BTreeSet<&str> = cases.case.iter().map(|c| c.id.as_str()).collect();
    let missing: Vec<&&str> = expected.keys().filter(|id| !covered.contains(**id)).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.case.len(), wrong.join("\n"));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Positive {
    row: String,
    #[allow(dead_code, reason = "for readers of the file")]
    status: String,
    #[serde(default)]
    expect: Option<String>,
    #[allow(dead_code, reason = "for readers of the file")]
    note: Option<String>,
    document: String,
}

#[test]
fn every_proven_fact_is_found_where_it_belongs() {
    let cases: Cases<Positive> = toml("facts/positives.toml");
    assert!(cases.case.len() > 300, "only {} cases", cases.case.len());
    let mut wrong = Vec::new();
    for case in &cases.case {
        let (level, report) = highest(&case.document);
        let found = report["findings"].as_array().unwrap().len();
        let expected = case.expect.as_deref().unwrap_or("found");
        if (expected == "found") != (found > 0) {
            wrong.push(format!("{}: {found} findings ({level}), expected {expected}", case.row));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.case.len(), wrong.join("\n"));
}

/// Every text by which a rule of any status recognizes something, folded; hosts, CPEs and purls in their own words.
fn marks_of(rules: &RuleSet) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let fold = |text: &str| Folded::new(text).letters;
    for loaded in rules.files() {
        let marks: &Marks = match &loaded.rule {
            RuleFile::Organization(r) => &r.marks,
            RuleFile::Product(r) => &r.marks,
            RuleFile::Files(r) | RuleFile::Endpoints(r) => &r.marks,
            RuleFile::WhiteLabel(r) => &r.marks,
            RuleFile::Adapter(r) => &r.marks,
            RuleFile::NotThis(r) => {
                let purls = r.when.iter().flat_map(|w| &w.purl);
                all.extend(purls.filter_map(|p| p.name.as_ref()).map(|name| format!("/{name}")));
                continue;
            }
            _ => continue,
        };
        for name in &marks.name {
            for text in std::iter::once(&name.text).chain(&name.also) {
                let folded = Folded::new(text);
                all.extend(folded.without_legal_forms().map(|f| f.letters));
                all.insert(folded.letters);
            }
        }
        all.extend(marks.domain.iter().map(|d| d.host.clone()));
        all.extend(marks.file.iter().map(|f| f.name.to_lowercase()));
        all.extend(marks.signer.iter().map(|s| fold(&s.text)));
        all.extend(marks.property.iter().map(|p| fold(&p.text)));
        for cpe in &marks.cpe {
            all.insert(format!("{}:{}", cpe.vendor, cpe.product.as_deref().unwrap_or("*")));
        }
        for purl in &marks.purl {
            let (namespace, name) = (purl.namespace.as_deref().unwrap_or(""), purl.name.as_deref().unwrap_or("*"));
            all.insert(format!("{namespace}/{name}").to_lowercase());
        }
    }
    all
}

#[derive(Deserialize)]
struct Map {
    row: Vec<Mapped>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mapped {
    file: String,
    key: String,
    rule: Option<String>,
}

/// Rows of `rules/NOT-ENCODED.md`: file and row.
fn left_out() -> BTreeSet<(String, String)> {
    let page = std::fs::read_to_string(root().join("rules/NOT-ENCODED.md")).unwrap();
    let rows = page.lines().filter(|l| l.starts_with('|') && !l.starts_with("|---") && !l.starts_with("| file"));
    rows.map(|line| {
        let line = line.replace("\\|", "\u{1}");
        let cells: Vec<String> = line.split('|').map(|c| c.trim().trim_matches('`').replace('\u{1}', "|")).collect();
        assert!(cells.len() >= 4 && !cells[3].is_empty(), "no reason: {line}");
        (cells[1].clone(), cells[2].clone())
    })
    .collect()
}

#[test]
fn every_fact_has_a_rule_or_a_reason() {
    let rules = RuleSet::with_folders(&[], true).unwrap();
    let marks = marks_of(&rules);
    let fold = |text: &str| {
        let folded = Folded::new(text);
        folded.without_legal_forms().unwrap_or(folded).letters
    };
    let has = |text: &str| marks.contains(&fold(text)) || marks.contains(&text.to_lowercase());
    let left_out = left_out();
    let mapped: Map = toml("facts/map.toml");
    let mapped: BTreeMap<(&str, &str), &Option<String>> =
        mapped.row.iter().map(|r| ((r.file.as_str(), r.key.as_str()), &r.rule)).collect();
    let mut missing = Vec::new();
    let mut used = BTreeSet::new();
    let mut check = |file: &str, key: String, covered: bool| {
        let by_map = match mapped.get(&(file, key.as_str())) {
            Some(Some(rule)) => {
                assert!(rules.rule(rule).is_some(), "map.toml: {key} names rule `{rule}`, which does not exist");
                true
            }
            _ => false,
        };
        let reason = left_out.contains(&(file.to_owned(), key.clone()));
        used.insert((file.to_owned(), key.clone()));
        if !(covered || by_map || reason) {
            missing.push(format!("{file}: {key}"));
        }
    };
    for row in facts("legal_entities.json")["entities"].as_array().unwrap() {
        let names = row["aliases"].as_array().unwrap().iter().filter_map(Value::as_str).chain([text(row, "name")]);
        check("legal_entities.json", text(row, "name").to_owned(), names.into_iter().any(has));
    }
    for row in facts("domains.json")["domains"].as_array().unwrap() {
        // A pattern stands for numbered hosts below one that a rule names.
        let host = text(row, "domain").split(' ').next().unwrap();
        let wider = host.match_indices('.').any(|(at, _)| marks.contains(&host[at + 1..]));
        check("domains.json", text(row, "domain").to_owned(), marks.contains(host) || wider);
    }
    for row in facts("file_names.json")["files"].as_array().unwrap() {
        let name = text(row, "name").replace('\\', "/").to_lowercase();
        let bare = name.trim_start_matches("c:");
        let covered =
            marks.contains(&name) || marks.iter().any(|m| m.ends_with('/') && format!("{bare}/").contains(m.as_str()));
        check("file_names.json", text(row, "name").to_owned(), covered || has(text(row, "name")));
    }
    let cpes = facts("cpe_products.json");
    for vendor in cpes["vendors"].as_array().unwrap() {
        for product in vendor["products"].as_array().unwrap() {
            let (vendor, product) = (text(vendor, "vendor"), text(product, "product"));
            let covered = marks.contains(&format!("{vendor}:{product}")) || marks.contains(&format!("{vendor}:*"));
            check("cpe_products.json", format!("{vendor}:{product}"), covered);
        }
    }
    for row in cpes["white_label_vendors_in_dictionary"].as_array().unwrap() {
        let covered = marks.contains(&format!("{}:{}", text(row, "vendor"), text(row, "product")));
        check("cpe_products.json", format!("{} | {}", text(row, "vendor"), text(row, "product")), covered);
    }
    for row in facts("packages.json")["packages"].as_array().unwrap() {
        let id = text(row, "id");
        let decoded = text(row, "purl").replace("%40", "@");
        let purl = decoded.split_once('/').map_or("", |(_, rest)| rest).trim_end_matches('/').to_lowercase();
        let parts = id.to_lowercase().replacen('.', "/", 1);
        let mut forms = vec![format!("/{}", id.to_lowercase()), parts];
        if !purl.is_empty() {
            forms.extend([purl.clone(), format!("/{purl}"), format!("{purl}/*")]);
        }
        let covered = has(id) || forms.iter().any(|f| marks.contains(f));
        check("packages.json", format!("{} | {id}", text(row, "ecosystem")), covered);
    }
    for row in facts("white_label.json").as_array().unwrap() {
        check("white_label.json", format!("{} | {}", text(row, "vendor"), text(row, "product")), false);
    }
    for row in facts("adapters.json")["adapters"].as_array().unwrap() {
        check("adapters.json", text(row, "project").to_owned(), false);
    }
    for row in facts("false_friends.json")["negatives"].as_array().unwrap() {
        // Held by the test of verdicts above.
        check("false_friends.json", text(row, "id").to_owned(), true);
    }
    let stale: Vec<_> = left_out.iter().filter(|row| !used.contains(*row)).collect();
    assert!(stale.is_empty(), "rules/NOT-ENCODED.md lists what is no row: {stale:?}");
    assert!(missing.is_empty(), "{} rows have neither rule nor reason:\n{}", missing.len(), missing.join("\n"));
    assert!(RULES.files().len() > 100);
}
