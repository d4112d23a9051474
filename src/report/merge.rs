//! Reports of many runs as one: one for each supplier, or for each part of a large job.
//!
//! Merging the parts of a folder gives what a scan of the whole gives. Reports that were made for different readers never
//! become one, because a report has one context; what was made with other rules or for another date may, where that is
//! asked for, and then the report says so in every form ([`Mixed`]). It must never drop an input that says something of
//! its own, nor hide one of which nothing was read. Start at [`merge`].

use super::{Finding, Gone, Input, Mixed, Note, Question, Report, SetAside, Waiver};
use crate::error::Error;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Makes one report of several, each with what it is called. With `mixed`, date, rules, program, `fail_on` and
/// `allow_incomplete` may differ: the newest rules, the latest date and the stricter of the others stand in the report.
///
/// # Errors
/// When the reports cannot be one, or one of them holds nothing.
pub fn merge(reports: Vec<(String, Report)>, mixed: bool) -> Result<Report, Error> {
    for (name, report) in &reports {
        if report.inputs.is_empty() {
            let message = "it holds no input, so it says nothing".to_owned();
            return Err(Error::Merge { one: name.clone(), message });
        }
    }
    let differs = differences(&reports, mixed)?;
    let mut reports = reports;
    // Whatever order they come in: what decides rules and date first, so that what they hold in common is taken from it.
    reports.sort_by(|(_, a), (_, b)| {
        let of = |r: &Report| (r.rules.updated.clone(), r.rules.version.clone(), r.rules.sha256.clone());
        of(b).cmp(&of(a)).then_with(|| b.context.as_of.cmp(&a.context.as_of)).then_with(|| order(a, b))
    });
    let mut all = reports.into_iter().map(|(_, report)| report);
    let Some(mut whole) = all.next() else {
        return Err(Error::Merge { one: "no report".to_owned(), message: "there is nothing to merge".to_owned() });
    };
    let mut parts = take_apart(&mut whole);
    let mut notes = vec![std::mem::take(&mut whole.notes)];
    let mut waivers = std::mem::take(&mut whole.waivers);
    for mut report in all {
        parts.extend(take_apart(&mut report));
        notes.push(report.notes);
        waivers.extend(report.waivers);
        if let (Some(baseline), Some(other)) = (&mut whole.baseline, report.baseline) {
            here_after_all(&mut baseline.gone, &other.gone);
        }
        whole.skipped = whole.skipped.saturating_add(report.skipped);
        whole.mixed.extend(report.mixed);
        let (context, other) = (&mut whole.context, report.context);
        if other.as_of > context.as_of {
            context.as_of = other.as_of;
        }
        context.fail_on = context.fail_on.min(other.fail_on);
        context.allow_incomplete &= other.allow_incomplete;
        // What one of them assumed is not stated.
        for word in ["role", "market", "as-of"] {
            let assumed = other.assumed.iter().any(|a| a == word) && !context.assumed.iter().any(|a| a == word);
            if assumed {
                context.assumed.push(word.into());
            }
        }
        context.assumed.sort_by_key(|word| ["role", "market", "as-of"].iter().position(|w| w == word));
    }
    whole.mixed.extend(differs);
    whole.mixed.sort();
    whole.mixed.dedup();
    whole.notes = one_of_each(notes);
    whole.waivers = one_waiver(waivers);
    parts.sort_by(|a, b| a.place().cmp(&b.place()).then_with(|| a.at.cmp(&b.at)));
    for part in once(parts, mixed)? {
        let index = whole.inputs.len();
        let set = |finding: Finding| Finding { input: index, ..finding };
        whole.findings.extend(part.findings.into_iter().map(set));
        whole.set_aside.extend(
            part.set_aside
                .into_iter()
                .map(|aside| SetAside { finding: Finding { input: index, ..aside.finding }, ..aside }),
        );
        whole.questions.extend(part.questions.into_iter().map(|question| Question { input: index, ..question }));
        whole.inputs.push(part.input);
    }
    Ok(whole)
}

/// An input with all that is said of it.
#[derive(Clone)]
struct Part {
    input: Input,
    findings: Vec<Finding>,
    set_aside: Vec<SetAside>,
    questions: Vec<Question>,
    /// Its place in its report.
    at: usize,
    /// The digest of the first input in the same file, for files that are called alike.
    group: Option<String>,
}

impl Part {
    /// Where a scan of the whole would come upon it: folder by folder, each sorted by name. What lies in one file keeps its
    /// order.
    fn place(&self) -> (Vec<&str>, &Option<String>) {
        (self.input.on_disk().split('/').collect(), &self.group)
    }

    /// Whether the same is said of both.
    fn same(&self, other: &Self) -> bool {
        let text = |part: &Self| {
            let mut part = part.clone();
            part.findings.iter_mut().for_each(|f| f.input = 0);
            part.set_aside.iter_mut().for_each(|s| s.finding.input = 0);
            part.questions.iter_mut().for_each(|q| q.input = 0);
            serde_json::to_string(&(part.input, part.findings, part.set_aside, part.questions)).ok()
        };
        text(self).is_some_and(|mine| Some(mine) == text(other))
    }
}

/// Takes inputs and what is said of them out of a report.
fn take_apart(report: &mut Report) -> Vec<Part> {
    let inputs = std::mem::take(&mut report.inputs);
    let mut first: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut parts: Vec<Part> = inputs
        .into_iter()
        .enumerate()
        .map(|(at, input)| {
            let group = first.entry(input.on_disk().to_owned()).or_insert_with(|| input.sha256.clone()).clone();
            Part { input, findings: Vec::new(), set_aside: Vec::new(), questions: Vec::new(), at, group }
        })
        .collect();
    for finding in std::mem::take(&mut report.findings) {
        if let Some(part) = parts.get_mut(finding.input) {
            part.findings.push(finding);
        }
    }
    for aside in std::mem::take(&mut report.set_aside) {
        if let Some(part) = parts.get_mut(aside.finding.input) {
            part.set_aside.push(aside);
        }
    }
    for question in std::mem::take(&mut report.questions) {
        if let Some(part) = parts.get_mut(question.input) {
            part.questions.push(question);
        }
    }
    parts
}

/// The order of two reports that are told apart by nothing else.
fn order(a: &Report, b: &Report) -> Ordering {
    let key = |r: &Report| -> Vec<(String, Option<String>)> {
        r.inputs.iter().map(|i| (i.path.clone(), i.sha256.clone())).collect()
    };
    key(a).cmp(&key(b))
}

/// Takes what stands there twice once: the same path with the same bytes, of which the same is said.
fn once(parts: Vec<Part>, mixed: bool) -> Result<Vec<Part>, Error> {
    let mut seen: BTreeMap<(String, Option<String>), Vec<usize>> = BTreeMap::new();
    let mut kept: Vec<Part> = Vec::new();
    for part in parts {
        let places = seen.entry((part.input.path.clone(), part.input.sha256.clone())).or_default();
        let others = || places.iter().filter_map(|at| kept.get(*at));
        if others().any(|other| other.same(&part)) {
            continue;
        }
        if !mixed && part.input.sha256.is_some() && others().next().is_some() {
            let message = "two reports say other things of the same bytes, so one was made with other limits; \
                           --allow-mixed keeps both"
                .to_owned();
            return Err(Error::Merge { one: part.input.path, message });
        }
        places.push(kept.len());
        kept.push(part);
    }
    Ok(kept)
}

/// The notes of all reports, each once. Every report has them in the order of the rules.
fn one_of_each(lists: Vec<Vec<Note>>) -> Vec<Note> {
    let mut all: Vec<Note> = Vec::new();
    for note in lists.into_iter().flatten() {
        if !all.contains(&note) {
            all.push(note);
        }
    }
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

/// What came of a waiver, the most telling first.
const STATES: [&str; 6] = ["in-force", "outgrown", "expired", "set-aside", "elsewhere", "unmatched"];

/// Each waiver once, with what came of it in all reports together, in the order of its file.
fn one_waiver(all: Vec<Waiver>) -> Vec<Waiver> {
    let state = |w: &Waiver| STATES.iter().position(|s| *s == w.state).unwrap_or(STATES.len());
    let mut once: Vec<Waiver> = Vec::new();
    for waiver in all {
        // The same but for what came of it.
        let same = |other: &&mut Waiver| {
            let (state, findings, wide) = (waiver.state.clone(), waiver.findings, waiver.wide.clone());
            Waiver { state, findings, wide, ..(**other).clone() } == waiver
        };
        match once.iter_mut().find(same) {
            Some(other) => {
                match state(&waiver).cmp(&state(other)) {
                    Ordering::Less => (other.state, other.findings) = (waiver.state.clone(), waiver.findings),
                    Ordering::Equal => other.findings = other.findings.saturating_add(waiver.findings),
                    Ordering::Greater => {}
                }
                let more = waiver.wide.into_iter().filter(|w| !other.wide.contains(w)).collect::<Vec<_>>();
                other.wide.extend(more);
            }
            None => once.push(waiver),
        }
    }
    once.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    once
}

/// Leaves of what a part found missing in the baseline what the other part does not have either. What a part saw gone
/// stands before what it had no input for.
fn here_after_all(gone: &mut Vec<Gone>, other: &[Gone]) {
    const SEEN: [&str; 4] = ["set-aside", "gone", "not-read", "no-input"];
    let rank = |g: &Gone| SEEN.iter().position(|s| *s == g.now).unwrap_or(SEEN.len());
    gone.retain_mut(|mine| match other.iter().find(|o| o.id == mine.id && o.path == mine.path) {
        Some(other) => {
            if rank(other) < rank(mine) {
                mine.now = other.now.clone();
            }
            true
        }
        None => false,
    });
}

/// What is not the same in all reports.
fn differences(reports: &[(String, Report)], mixed: bool) -> Result<Vec<Mixed>, Error> {
    let list = |words: &[String]| if words.is_empty() { "none".to_owned() } else { words.join(", ") };
    let rules = |r: &Report| {
        let digest = r.rules.sha256.get(..12).unwrap_or(&r.rules.sha256);
        format!("{} ({} rules, SHA-256 {digest})", r.rules.version, r.rules.count)
    };
    // What a report says is said to somebody: role, market, act and facts, asked of certain regimes.
    type Field<'f> = (&'static str, bool, &'f dyn Fn(&Report) -> String);
    let baseline = |r: &Report| {
        let made = |b: &super::Baseline| format!("{} as of {}", b.path, b.context.as_of);
        r.baseline.as_ref().map_or("none".to_owned(), made)
    };
    let fields: [Field<'_>; 11] = [
        ("role", false, &|r| r.context.role.clone()),
        ("market", false, &|r| list(&r.context.markets)),
        ("act", false, &|r| r.context.act.clone().unwrap_or_else(|| "none".to_owned())),
        ("facts", false, &|r| list(&r.context.facts)),
        ("baseline", false, &baseline),
        ("regimes", true, &|r| list(&r.context.regimes)),
        ("as-of", true, &|r| r.context.as_of.clone()),
        ("rules", true, &rules),
        ("program", true, &|r| r.tool.version.to_string()),
        ("fail-on", true, &|r| r.context.fail_on.id().to_owned()),
        ("allow-incomplete", true, &|r| r.context.allow_incomplete.to_string()),
    ];
    let mut all = Vec::new();
    for (what, may, field) in fields {
        let mut values: BTreeMap<String, &str> = BTreeMap::new();
        for (name, report) in reports {
            values.entry(field(report)).or_insert(name);
        }
        if values.len() < 2 {
            continue;
        }
        if !may || !mixed {
            let said: Vec<String> = values.iter().map(|(value, name)| format!("{value} in {name}")).collect();
            let way = match may {
                true => "scan again alike, or add --allow-mixed, and the report will say so",
                false => "a report is made for one reader; scan again alike, or keep them apart",
            };
            let message = format!("{what} is not the same ({}): {way}", said.join("; "));
            return Err(Error::Merge { one: "the reports cannot be one".to_owned(), message });
        }
        all.push(Mixed { what: what.into(), values: values.into_keys().collect() });
    }
    Ok(all)
}
