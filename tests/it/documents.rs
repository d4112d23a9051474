//! Pages that are made from the rules are as fresh as the rules. `UNLABEL_UPDATE=1 cargo test documents` writes them again.

use crate::support::{RULES, fixture, options, rendered, root};
use std::fmt::Write as _;
use unlabel::explain::catalog;
use unlabel::explain::table::{Query, Style, draw, finish, new, rows};
use unlabel::regimes::AsOf;
use unlabel::rules::RuleSet;
use unlabel::rules::summary::Summary;
use unlabel::scan::scan;
use unlabel::source::collect::collect;

/// Two parts of one page are made by two tests.
pub static PAGES: std::sync::Mutex<()> = std::sync::Mutex::new(());

pub fn check(path: &str, now: &str) {
    let file = root().join(path);
    if std::env::var_os("UNLABEL_UPDATE").is_some() {
        std::fs::write(&file, now).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(written == now, "{path} is stale: run `UNLABEL_UPDATE=1 cargo test documents`");
}

/// A page with the part between two marks made again.
pub fn with_part(path: &str, name: &str, made: &str) -> String {
    let page = std::fs::read_to_string(root().join(path)).unwrap();
    let (begin, end) = (format!("<!-- made: {name} -->\n"), "<!-- end -->".to_owned());
    let start = page.find(&begin).unwrap_or_else(|| panic!("{path} has no mark {begin}")) + begin.len();
    let stop = start + page[start..].find(&end).unwrap_or_else(|| panic!("{path}: {name} does not end"));
    format!("{}\n{}\n{}", &page[..start], made.trim(), &page[stop..])
}

#[test]
fn the_page_of_rules_is_fresh() {
    check("docs/rules.md", &catalog::page(&RuleSet::with_folders(&[], true).unwrap()));
}

/// A scan goes by the summary alone until something looks like evidence.
#[test]
fn the_summary_of_the_rules_is_fresh() {
    let now = serde_json::to_string_pretty(&Summary::of(&RuleSet::embedded().unwrap())).unwrap();
    check("rules/summary.json", &format!("{now}\n"));
}

/// For whom one and the same SBOM is scanned, and how the command line says so.
const READERS: &[(&str, &str, &str)] = &[
    ("integrator", "us", "A vendor who ships the gateway in the United States"),
    ("reseller", "us", "A shop that sells it on there"),
    ("end-user", "us", "A company that runs it there"),
    ("federal-contractor", "us", "A contractor who delivers it to a federal agency"),
    ("fcc-applicant", "us", "An applicant for an FCC equipment authorization"),
    ("public-body", "au", "An Australian agency that runs it"),
];

#[test]
fn one_sbom_gives_each_reader_another_answer() {
    let _page = PAGES.lock();
    let inputs = collect(&[fixture("real/mail-gateway.cdx.json")]);
    let mut made = String::new();
    let mut answers = Vec::new();
    for (role, market, who) in READERS {
        let mut options = options();
        options.context.role = (*role).to_owned();
        options.context.markets = vec![(*market).to_owned()];
        let report = scan(&inputs, &RULES, &options);
        let finding = report.findings.first().unwrap();
        let best = finding.assessments.first().unwrap();
        writeln!(
            made,
            "**{who}** (`--role {role} --market {market}`): `{}`, exit status {}.\n",
            finding.level.id(),
            report.exit_status()
        )
        .unwrap();
        writeln!(made, "> {} · {} · since {}. {}", best.citation, best.clause, best.since_words, best.because).unwrap();
        if let Some(duty) = &best.duty {
            writeln!(made, ">\n> Report: {duty}.").unwrap();
        }
        made.push('\n');
        answers.push((finding.level, best.regime.clone(), best.clause.clone()));
    }
    let page = with_part("docs/regimes.md", "six readers", &made);
    check("docs/regimes.md", &page);
    let levels: Vec<&str> = answers.iter().map(|(level, ..)| level.id()).collect();
    assert_eq!(levels, ["prohibited", "prohibited", "advisory", "prohibited", "prohibited", "review"]);
    answers.sort();
    answers.dedup();
    assert_eq!(answers.len(), READERS.len(), "two readers got the same answer: {answers:?}");
}

#[test]
fn the_tables_of_roles_and_classes_are_fresh() {
    let _page = PAGES.lock();
    let as_of = AsOf::read("2026-11-22").unwrap();
    let query = |class: &str| Query { as_of, class: class.to_owned(), roles: Vec::new(), markets: Vec::new() };
    let page = with_part("docs/regimes.md", "roles", &draw(&rows(&RULES, &query("engine")), Style::Markdown));
    check("docs/regimes.md", &page);
    let mut table = new(Style::Markdown, ["class", "Determination, integrator", "FAR, federal contractor"]);
    let mut classes: Vec<&str> = RULES.classes().map(|c| c.common.id.as_str()).collect();
    classes.sort_unstable();
    for class in classes {
        let rows = rows(&RULES, &query(class));
        let level = |role: &str, regime: &str| {
            let row = rows.iter().find(|r| r.role == role && r.regime == regime).unwrap();
            row.level.map_or("–", |l| l.id()).to_owned()
        };
        let (vendor, contractor) =
            (level("integrator", "us-icts-kaspersky"), level("federal-contractor", "us-far-52-204-23"));
        table.add_row([class.to_owned(), vendor, contractor]);
    }
    let page = with_part("docs/regimes.md", "classes", &finish(&table));
    check("docs/regimes.md", &page);
}

/// What the README shows is what the program prints.
#[test]
fn the_readme_shows_the_programs_own_output() {
    let mut options = options();
    options.context.assumed = vec!["role", "market", "as-of"];
    let report = scan(&collect(&["fixtures/real/mail-gateway.cdx.json".into()]), &RULES, &options);
    let now = rendered(&report, "text");
    let page = std::fs::read_to_string(root().join("README.md")).unwrap();
    let begin = "<!-- output: scan fixtures/real/mail-gateway.cdx.json -->\n```text\n";
    let start = page.find(begin).unwrap() + begin.len();
    let stop = start + page[start..].find("```").unwrap();
    check("README.md", &format!("{}{now}{}", &page[..start], &page[stop..]));
}

/// Every file of the code has its row in the list of rooms, and every row a file.
#[test]
fn the_list_of_rooms_is_true() {
    let page = std::fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let (mut folders, mut wrong, mut files) = (vec!["src".to_owned()], Vec::new(), 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let path = format!("{folder}/{name}");
            if root().join(&path).is_dir() {
                folders.push(path);
            } else {
                let beside = |row: &&str| row.contains(&format!("`{folder}/")) && row.contains(&format!("`{name}`"));
                files += 1;
                if name.ends_with(".rs") && !rows.iter().any(|row| row.contains(&format!("`{path}`")) || beside(row)) {
                    wrong.push(format!("{path} has no row"));
                }
            }
        }
    }
    for named in page.split("`src/").skip(1).filter_map(|rest| rest.split('`').next()) {
        if !named.contains(['{', ' ']) && !root().join("src").join(named).exists() {
            wrong.push(format!("src/{named} is not there"));
        }
    }
    for entry in std::fs::read_dir(root().join("tests/it")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".rs") && !page.contains(&format!("`{name}`")) {
            wrong.push(format!("tests/it/{name} is not named"));
        }
    }
    assert!(wrong.is_empty() && files > 100, "docs/architecture.md: {wrong:#?}");
}
