//! What several forms say in the same words, and in the same order.
//!
//! Nothing here escapes: every text goes through [`super::escape`] where it is written.

use super::decided;
pub(crate) use crate::report::counted;
use crate::report::{Evidence, Finding, Input, Location, Question, Report, Status};
use crate::rules::format::{Level, Strength};
use std::collections::BTreeSet;

/// How many of an input's components say what an inventory needs, and how many relations there are.
pub fn discloses(input: &Input) -> Option<String> {
    let d = input.disclosure?;
    let share = |of| d.percent(of);
    Some(format!(
        "of {}, {}% say who made {}, {}% have an identifier, {}% a version, {}% a digest; {}",
        counted(d.components, "component"),
        share(d.with_supplier),
        if d.components == 1 { "it" } else { "them" },
        share(d.with_identifier),
        share(d.with_version),
        share(d.with_hash),
        counted(d.relations, "relation")
    ))
}

/// Evidence that a form has no room for.
pub fn pieces(more: usize) -> String {
    format!("{} of evidence", if more == 1 { "1 more piece".to_owned() } else { format!("{more} more pieces") })
}

/// What a component is to the maker. A headline says no more than is known.
pub fn what(finding: &Finding) -> String {
    let class = finding.class_title.as_deref().or(finding.class.as_deref()).unwrap_or("class of software not known");
    let relation = match finding.relation.as_ref() {
        "supplied-by" => "supplied by",
        "licensed-from" => "licensed from",
        "embeds" if finding.open.is_some() => "from",
        "embeds" => "holds parts of",
        "derived-from" => "derived from",
        "integrates-with" => "can call software of",
        other => other,
    };
    let may = match (finding.relation.as_ref(), &finding.open, finding.strength) {
        ("integrates-with", ..) => "",
        (_, Some(_), _) => "not known for this copy: may be or hold something that is ",
        (_, None, Strength::Weak | Strength::Context) => "a similar or ambiguous name: may be ",
        _ => "",
    };
    let class = if finding.relation == "integrates-with" { "holds none of it" } else { class };
    format!("{may}{relation} {} — {class} — {} evidence", finding.organization, finding.strength.id())
}

/// What a reader can do about a finding of this level. Never a verdict, and the same for every role.
pub fn advice(level: Level) -> &'static str {
    match level {
        Level::Prohibited | Level::LikelyProhibited => {
            "Hold this until the questions below are settled, or replace the component; keep the answers on file."
        }
        Level::Review => "Ask the questions below, the supplier first, before deciding.",
        Level::ExemptCandidate => "Confirm that the exclusion fits, and look at other regimes that may apply.",
        Level::Advisory | Level::NoEvidence => {
            "For information; look at the questions below before a new purchase or a renewal."
        }
    }
}

/// Name and version of a component.
pub fn titled(finding: &Finding) -> String {
    let version = finding.component.version.as_deref().unwrap_or_default();
    format!("{} {version}", finding.component.label()).trim_end().to_owned()
}

/// The piece of evidence that says most; of several the first.
pub fn best(finding: &Finding) -> Option<&Evidence> {
    finding.evidence.iter().max_by_key(|e| (e.strength, std::cmp::Reverse((e.location.line, e.location.column))))
}

/// The rule a finding is filed under: that of the evidence that says most.
pub fn rule(finding: &Finding) -> &str {
    best(finding).map_or("finding", |e| e.rule.as_str())
}

/// Level, component and what it is, on one line.
pub fn headline(finding: &Finding) -> String {
    format!("{}{}: {} — {}", finding.level.id(), decided::bracketed(finding), titled(finding), what(finding))
}

/// The questions of a finding, each once.
pub fn questions(finding: &Finding) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    let all = finding.assessments.iter().flat_map(|a| &a.questions).map(String::as_str);
    all.filter(|ask| seen.insert(*ask)).collect()
}

/// Where something stands, for programs that open files.
pub struct Spot<'r> {
    /// The file on disk, without `./` before it.
    pub file: &'r str,
    /// The path inside that file of the text whose lines are meant; then the file itself has no such line.
    pub inside: Option<&'r str>,
}

/// The file of an input.
pub fn spot(input: &Input) -> Spot<'_> {
    let file = input.on_disk();
    let file = file.strip_prefix("./").filter(|f| !f.is_empty()).unwrap_or(file);
    Spot { file, inside: input.inside.as_deref() }
}

/// `line 3, column 7 of folder/sbom.json inside it`, for what has no line of its own in the file on disk.
pub fn within(spot: &Spot<'_>, at: &Location) -> Option<String> {
    spot.inside.map(|inside| format!("line {}, column {} of {inside} inside {}", at.line, at.column, spot.file))
}

/// The questions on engines without a maker.
pub fn unattributed(report: &Report) -> impl Iterator<Item = &Question> {
    report.questions.iter().filter(|q| q.arose.is_some())
}

/// Why an input is no all-clear though nothing may have been found in it; `None` when it was read whole and tells enough.
pub fn doubt(input: &Input) -> Option<String> {
    let first = input.problems.iter().find(|p| p.hides_components).or(input.problems.first());
    let why = first.map_or(String::new(), |p| match p.line {
        Some(line) => format!(": line {line}: {}", p.message),
        None => format!(": {}", p.message),
    });
    match input.status {
        Status::Unread => Some(format!("not read{why}")),
        Status::Partial => Some(format!("read in part, so components may have gone unseen{why}")),
        Status::Read if input.components == 0 => Some("read, but it lists no component".to_owned()),
        Status::Read if input.inconclusive => Some(
            "nothing was found, but this SBOM discloses too little to tell: an embedded engine could be here unseen"
                .to_owned(),
        ),
        Status::Read => None,
    }
}

/// Whether a doubt is one that gives exit status 3: nothing may be taken from such an input.
pub fn unfinished(input: &Input) -> bool {
    input.status != Status::Read || input.components == 0
}

/// The counts on one line.
pub fn summary(report: &Report) -> String {
    let decided = match decided::counts(report) {
        counts if counts.is_empty() => counts,
        counts => format!(" ({counts})"),
    };
    format!(
        "{}: {}{decided}, {} set aside; {} read, {} in part, {} unread, {} skipped; {}",
        report.level().map_or("nothing was read", |l| l.id()),
        counted(report.findings.len() as u64, "finding"),
        report.set_aside.len(),
        counted(report.count(Status::Read) as u64, "input"),
        report.count(Status::Partial),
        report.count(Status::Unread),
        counted(report.skipped, "other file"),
        counted(report.components(), "component"),
    )
}

/// For whom and when, and by which rules, on one line.
pub fn standing(report: &Report) -> String {
    let context = &report.context;
    let mut stated: Vec<&str> = context.act.iter().map(String::as_str).collect();
    stated.extend(context.facts.iter().map(String::as_str));
    let stated = if stated.is_empty() { String::new() } else { format!(", stating {}", stated.join(", ")) };
    let assumed = if context.assumed.is_empty() {
        String::new()
    } else {
        format!(" (assumed, not stated: {})", context.assumed.join(", "))
    };
    format!(
        "for role {} in market {} as of {}{stated}{assumed}; {} rules, version {}, checked {}",
        context.role,
        context.markets.join(", "),
        context.as_of,
        report.rules.count,
        report.rules.version,
        report.rules.updated
    )
}

/// What was not the same in the reports that this one was merged from, a sentence each.
pub fn mixed(report: &Report) -> impl Iterator<Item = String> {
    report.mixed.iter().map(|mixed| {
        let values = mixed.values.join(" in one and ");
        format!("Merged from reports that were not made alike: {} is {values} in another.", mixed.what)
    })
}

/// What keeps the counts from being taken for more than they are.
pub fn caveats(report: &Report) -> Vec<String> {
    let mut all = Vec::new();
    if !report.rules.replaced.is_empty() {
        all.push(format!("built-in rules replaced by other rules: {}", report.rules.replaced.join(", ")));
    }
    if report.findings.is_empty() && report.count(Status::Unread) < report.inputs.len() {
        all.push("No evidence was found in what was read. An SBOM can omit embedded engines.".to_owned());
    }
    all.extend(mixed(report));
    all.extend(decided::passed_over(report));
    let incomplete = report.incomplete();
    if incomplete && report.exit_status() == 1 {
        let text = "Incomplete as well: an input was unread, partly read or without components, so there may be more.";
        all.push(text.to_owned());
    }
    match report.exit_status() {
        3 => all.push(
            "Incomplete: an input was unread, partly read or without components, so this is no all-clear (exit status 3)."
                .to_owned(),
        ),
        0 if incomplete => all.push("Incomplete, and allowed to be by --allow-incomplete.".to_owned()),
        _ => {}
    }
    all
}

/// From how many inputs on a report begins with a table of them.
pub const MANY: usize = 4;

/// A level, or that there is none because nothing was read.
pub fn level_word(level: Option<Level>) -> &'static str {
    level.map_or("unread", |l| l.id())
}
