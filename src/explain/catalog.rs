//! All rules in tables: for `unlabel rules list`, and for `docs/rules.md`, which is made here and checked by the tests.

use super::table::{Style, finish, new};
use super::versions;
use crate::rules::format::{Presence, RuleFile, Status, WhiteLabel};
use crate::rules::{Loaded, RuleSet};

/// The kinds of rules with their headings, in the order of a reader's interest.
const KINDS: &[(&str, &str, &str)] = &[
    (
        "white-label",
        "Products of other vendors",
        "They hold, or held, something of the organization under their own label.",
    ),
    ("adapter", "Adapters", "They can call something of the organization and hold none of it: at most an advisory."),
    ("organization", "Organizations", "Names, identifiers, hosts and signers of a maker."),
    ("product", "Product lines", "What the maker sells or publishes, by class."),
    ("files", "File names", "Engine, kit, driver and program files, by how specific each is."),
    ("endpoints", "Hosts", "Services that only the maker's own code talks to."),
    (
        "unattributed",
        "Engines without a maker",
        "Words by which a component calls itself a security engine: questions.",
    ),
    ("not-this", "False friends", "What is set aside, or made small, with the reason."),
    ("regime", "Regimes", "Laws, orders and advice; `unlabel explain ID` tells each clause by clause."),
    ("note", "Notes", "What a vendor should know beside findings; never about a component."),
    ("class", "Classes of software", "Our own vocabulary, which regimes test."),
];

/// The ids of the kinds.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(id, ..)| *id)
}

/// A table of rules for a terminal.
pub fn list(rules: &[&Loaded], style: Style) -> String {
    let mut table = new(style, ["id", "kind", "status", "checked", "title"]);
    for loaded in rules {
        let common = loaded.rule.common();
        let updated = common.updated.0.to_string();
        table.add_row([common.id.as_str(), loaded.rule.kind(), common.status.id(), &updated, &common.title]);
    }
    finish(&table)
}

/// The page of all rules, as Markdown.
pub fn page(rules: &RuleSet) -> String {
    let mut out = String::from(
        "# All rules\n\nMade from `rules/` by `UNLABEL_UPDATE=1 cargo test documents`; do not edit. \
         What counts as proof stands in [rules/README.md](../rules/README.md). \
         Drafts are not proven: they are off unless `--include-drafts` is given.\n",
    );
    for (kind, heading, about) in KINDS {
        let these: Vec<&Loaded> = rules.files().iter().filter(|f| f.rule.kind() == *kind).collect();
        if these.is_empty() {
            continue;
        }
        let drafts = these.iter().filter(|f| f.rule.common().status == Status::Draft).count();
        out.push_str(&format!("\n## {heading}\n\n{about} {} rules, {drafts} of them drafts.\n\n", these.len()));
        out.push_str(&section(kind, &these));
    }
    out
}

fn section(kind: &str, rules: &[&Loaded]) -> String {
    let style = Style::Markdown;
    if kind == "white-label" {
        let mut table = new(style, ["id", "product", "vendor", "inside", "versions", "status"]);
        for loaded in rules {
            if let RuleFile::WhiteLabel(label) = &loaded.rule {
                table.add_row(label_row(label));
            }
        }
        return finish(&table);
    }
    let mut table = new(style, ["id", "title", "status", "sources"]);
    for loaded in rules {
        let common = loaded.rule.common();
        let sources = common.source.len().to_string();
        table.add_row([common.id.as_str(), &cell(&common.title), common.status.id(), &sources]);
    }
    finish(&table)
}

fn label_row(label: &WhiteLabel) -> [String; 6] {
    let common = &label.common;
    let mut held: Vec<String> = label.versions.iter().map(versions).collect();
    if held.is_empty() {
        held.push("not known".to_owned());
    }
    if label.presence == Presence::Depends {
        held.push(format!("depends on {}", label.depends_on.as_deref().unwrap_or_default()));
    }
    held.extend(label.ended.iter().cloned());
    let vendor = label.vendors.first().cloned().unwrap_or_default();
    [
        common.id.clone(),
        cell(&common.title),
        cell(&vendor),
        format!("{} ({:?})", label.embeds, label.how),
        cell(&held.join("; ")),
        common.status.id().to_owned(),
    ]
}

/// A text that stays in its cell.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
