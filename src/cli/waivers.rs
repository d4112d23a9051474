//! The tables `[[waiver]]` of `unlabel.toml`: what they may say, and what is wrong with one.

use super::config::When;
use crate::decisions::{Decision, Target};
use crate::rules::format::Level;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// One decision that lapses: a finding, or a component and the rule whose evidence was looked at.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Table {
    /// The id of a finding, as reports print it.
    finding: Option<String>,
    /// The name of a component, with `rule`.
    component: Option<String>,
    /// The rule whose evidence was looked at, with `component`.
    rule: Option<String>,
    /// Only this version of the component.
    version: Option<String>,
    /// Only in this product.
    product: Option<String>,
    /// Only of this supplier.
    supplier: Option<String>,
    /// The highest level that is waived.
    level: Option<String>,
    /// Why.
    reason: String,
    /// Who decided.
    approver: String,
    /// The last day on which it holds.
    expires: When,
}

/// What the tables of a file say; `text` is the file and `name` what reports call it.
///
/// # Errors
/// One sentence with the line, when a table says too little, too much, or something that is not understood.
pub fn read(tables: &[Spanned<Table>], text: &str, name: &str) -> Result<Vec<Decision>, String> {
    let one = |table: &Spanned<Table>| {
        let before = text.get(..table.span().start).unwrap_or_default();
        let line = before.matches('\n').count() as u64 + 1;
        decision(table.get_ref(), name, line).map_err(|wrong| format!("line {line}: {wrong}"))
    };
    tables.iter().map(one).collect()
}

fn decision(table: &Table, name: &str, line: u64) -> Result<Decision, String> {
    let given = [
        ("finding", &table.finding),
        ("component", &table.component),
        ("rule", &table.rule),
        ("version", &table.version),
        ("product", &table.product),
        ("supplier", &table.supplier),
    ];
    let stated = [("reason", &table.reason), ("approver", &table.approver)];
    let all = given.into_iter().filter_map(|(key, text)| Some((key, text.as_ref()?))).chain(stated);
    if let Some((key, _)) = all.into_iter().find(|(_, text)| text.trim().is_empty()) {
        return Err(format!("the `{key}` of this waiver is empty"));
    }
    let target = match (&table.finding, &table.component, &table.rule) {
        (Some(id), None, None) if is_id(id) => Target::Finding(id.clone()),
        (Some(id), None, None) => {
            return Err(format!(
                "`{id}` is no id of a finding: copy the one that reports print, such as 38321bc55d606b2b"
            ));
        }
        (None, Some(component), Some(rule)) => Target::Component { component: component.clone(), rule: rule.clone() },
        (Some(_), ..) => {
            return Err("a waiver names a `finding`, or a `component` and a `rule`, and not both".to_owned());
        }
        (None, Some(_), None) => {
            return Err("a waiver of a `component` also names the `rule` whose evidence was looked at".to_owned());
        }
        (None, ..) => return Err("a waiver names a `finding`, or a `component` and a `rule`".to_owned()),
    };
    Ok(Decision {
        target,
        version: table.version.clone(),
        product: table.product.clone(),
        supplier: table.supplier.clone(),
        level: table.level.as_deref().map(level).transpose()?,
        reason: table.reason.trim().to_owned(),
        approver: table.approver.trim().to_owned(),
        expires: day(&table.expires.to_string())?,
        file: name.to_owned(),
        line,
    })
}

/// Sixteen hexadecimal digits, and a number behind the second of its kind.
fn is_id(text: &str) -> bool {
    let (digits, number) = text.split_once('-').unwrap_or((text, "2"));
    digits.len() == 16
        && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        && !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
}

fn level(word: &str) -> Result<Level, String> {
    let known = || Level::ALL.iter().skip(1);
    let words = || known().map(|l| l.id()).collect::<Vec<_>>().join(", ");
    known().find(|l| l.id() == word).copied().ok_or_else(|| format!("unknown level `{word}`: known are {}", words()))
}

/// A day and nothing beside it: an hour would need a zone.
fn day(text: &str) -> Result<Date, String> {
    let day = (text.len() == 10).then(|| text.parse().ok()).flatten();
    day.ok_or_else(|| {
        format!("`expires` is `{text}`, which is no day: write 2027-06-30, the last day on which it holds")
    })
}
