//! From rule files to a set that can be asked: what a rule names must exist, and what the readers watch for is derived.
//!
//! The indexes themselves are made by [`super::gather`], when something is looked up. Start at [`build`].

use super::format::{RuleFile, SetFile};
use super::literals::Literals;
use super::watch::Watch;
use super::{Loaded, RuleSet, Stamp};
use crate::error::Error;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Builds the set.
pub(super) fn build(
    files: Vec<Loaded>,
    set: SetFile,
    sha256: String,
    replaced: Vec<String>,
    drafts: bool,
) -> Result<RuleSet, Error> {
    let on = || files.iter().filter(|loaded| loaded.rule.on(drafts));
    let known = by_id(&files);
    let mut watch = Watch::default();
    for loaded in on() {
        check(&loaded.rule, &known).map_err(|message| Error::Rule { file: loaded.file.clone(), message })?;
        watch.rule(&loaded.rule, drafts);
    }
    let stamp = Stamp {
        version: set.version.clone(),
        sha256,
        replaced,
        count: on().count(),
        updated: files.iter().map(|f| f.rule.common().updated.0).max().map(|d| d.to_string()).unwrap_or_default(),
    };
    let wrong = |message: String| Error::Rule { file: "all rules together".to_owned(), message };
    let literals = Literals::new(watch.literals()).map_err(wrong)?;
    let watches_all = watch.covers_all();
    let regimes = on().filter(|loaded| matches!(loaded.rule, RuleFile::Regime(_)));
    let regime_ids = regimes.map(|loaded| loaded.rule.common().id.clone()).collect();
    Ok(RuleSet {
        set,
        stamp,
        literals,
        watches_all,
        regime_ids,
        drafts,
        files: OnceLock::from(files),
        broken: OnceLock::new(),
        indexes: OnceLock::new(),
        near: OnceLock::new(),
    })
}

/// All rules by id, whether they are on or not.
pub(super) fn by_id(files: &[Loaded]) -> BTreeMap<&str, &RuleFile> {
    files.iter().map(|f| (f.rule.common().id.as_str(), &f.rule)).collect()
}

/// The organization and class behind a rule with marks.
///
/// # Errors
/// A sentence that names what does not exist, or the kind of a rule without marks.
pub(super) fn behind<'r>(
    rule: &'r RuleFile,
    by_id: &BTreeMap<&str, &'r RuleFile>,
) -> Result<(&'r str, Option<&'r str>), String> {
    let of = |key: &str, id: &str| match by_id.get(id) {
        Some(RuleFile::Organization(o)) => Ok((o.common.id.as_str(), None)),
        Some(RuleFile::Product(p)) => Ok((p.made_by.as_str(), Some(p.class.as_str()))),
        _ => Err(format!("{key} names `{id}`, which is no organization or product")),
    };
    match rule {
        RuleFile::Organization(o) => Ok((&o.common.id, None)),
        RuleFile::Product(p) => Ok((&p.made_by, Some(&p.class))),
        RuleFile::Files(f) | RuleFile::Endpoints(f) => of("of", &f.of),
        RuleFile::WhiteLabel(w) => of("embeds", &w.embeds),
        RuleFile::Adapter(a) => of("calls", &a.calls),
        other => Err(format!("a rule of kind `{}` has nobody behind it", other.kind())),
    }
}

/// Whether everything that a rule names exists.
fn check(rule: &RuleFile, by_id: &BTreeMap<&str, &RuleFile>) -> Result<(), String> {
    let organization = |id: &str| matches!(by_id.get(id), Some(RuleFile::Organization(_)));
    let organizations = |ids: &[String]| match ids.iter().find(|id| !organization(id)) {
        Some(id) => Err(format!("organizations names `{id}`, which is none")),
        None => Ok(()),
    };
    match rule {
        RuleFile::Organization(_) | RuleFile::Unattributed(_) | RuleFile::Class(_) => {}
        RuleFile::Product(p) => {
            if !organization(&p.made_by) {
                return Err(format!("made-by names `{}`, which is no organization", p.made_by));
            }
            if !matches!(by_id.get(p.class.as_str()), Some(RuleFile::Class(_))) {
                return Err(format!("class `{}` does not exist", p.class));
            }
        }
        RuleFile::Files(_) | RuleFile::Endpoints(_) | RuleFile::WhiteLabel(_) | RuleFile::Adapter(_) => {
            behind(rule, by_id)?;
        }
        RuleFile::NotThis(n) => {
            if let Some(id) = n.narrows.iter().find(|id| !by_id.contains_key(id.as_str())) {
                return Err(format!("narrows `{id}`, which does not exist"));
            }
            let mut kinds = n.when.iter().flat_map(|w| &w.only_evidence);
            if let Some(kind) = kinds.find(|k| !super::lint::EVIDENCE.contains(&k.as_str())) {
                return Err(format!("only-evidence names `{kind}`, which is no kind of evidence"));
            }
        }
        RuleFile::Regime(r) => organizations(&r.organizations)?,
        RuleFile::Note(n) => organizations(&n.organizations)?,
    }
    Ok(())
}
