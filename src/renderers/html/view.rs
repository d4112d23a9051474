//! What the page says in words, made from the report: headlines, sentences, links.

use crate::renderers::products::Standing;
use crate::renderers::{decided, words};
use crate::report::{Assessment, Evidence, Finding, Input, Report, Since, Status};
use crate::rules::format::Level;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// What stands in the panels.
pub struct Tally {
    /// Findings by level, highest first; `no-evidence` is left out.
    pub levels: Vec<(Standing, usize)>,
    pub inputs: usize,
    pub unread: usize,
    pub partial: usize,
    /// Read whole, and without any component.
    pub empty: usize,
    /// Read whole, too little disclosed: whether or not something was found, there could be more.
    pub thin: usize,
    /// Inputs with a finding.
    pub concerned: usize,
    pub components: u64,
    /// Whether something may have gone unseen.
    pub incomplete: bool,
    /// Findings that are waived.
    pub waived: usize,
    /// Findings that the baseline has.
    pub known: usize,
    /// Questions on engines that name no maker.
    pub makerless: usize,
}

impl Tally {
    pub fn new(report: &Report) -> Self {
        let count = |level| report.findings.iter().filter(|f| f.level == level).count();
        let levels = Standing::ALL.into_iter().filter_map(|s| match s {
            Standing::Level(level) if level != Level::NoEvidence => Some((s, count(level))),
            _ => None,
        });
        let whole = || report.inputs.iter().filter(|i| i.status == Status::Read);
        let concerned: BTreeSet<usize> = report.findings.iter().map(|f| f.input).collect();
        Self {
            levels: levels.collect(),
            inputs: report.inputs.len(),
            unread: report.count(Status::Unread),
            partial: report.count(Status::Partial),
            empty: whole().filter(|i| i.components == 0).count(),
            thin: whole().filter(|i| i.components > 0 && thin(i)).count(),
            concerned: concerned.len(),
            components: report.components(),
            incomplete: report.incomplete(),
            waived: report.findings.iter().filter(|f| f.waiver.is_some()).count(),
            known: report.findings.iter().filter(|f| f.baseline == Some(Since::Known)).count(),
            makerless: report.questions.iter().filter(|q| q.arose.is_some()).count(),
        }
    }

    /// Inputs of which not everything is known.
    pub fn untold(&self) -> usize {
        self.unread + self.partial + self.empty + self.thin
    }

    /// Inputs read whole that disclose enough to be told apart.
    pub fn told(&self) -> usize {
        self.inputs - self.untold()
    }
}

/// The result in a sentence.
pub fn headline(report: &Report, tally: &Tally) -> String {
    let of = counted(tally.inputs as u64, "input");
    match (report.level(), report.findings.len()) {
        (None, _) if tally.inputs == 0 => "There was no input, so nothing was read".to_owned(),
        (None, _) => "Nothing was read: there is no result".to_owned(),
        (Some(_), 0) => format!("No evidence found in what was read of {of}"),
        (Some(level), findings) => {
            let level = Standing::Level(level).words().to_lowercase();
            let findings = counted(findings as u64, "finding");
            let decided = match decided::counts(report) {
                counts if counts.is_empty() => counts,
                counts => format!(" ({counts})"),
            };
            format!("{findings}{decided} in {} of {of}; the highest level is {level}", grouped(tally.concerned as u64))
        }
    }
}

/// What the result does not cover, in a sentence; never empty.
pub fn blind(tally: &Tally) -> String {
    let kinds = [
        (tally.unread, "not read"),
        (tally.partial, "read in part"),
        (tally.empty, "without any component"),
        (tally.thin, "disclosing too little to tell"),
    ];
    let some: Vec<String> =
        kinds.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", grouped(*n as u64))).collect();
    match (tally.untold(), tally.inputs) {
        (0, 0) => "Nothing can be said about anything.".to_owned(),
        (0, 1) => "The input was read whole and discloses enough to be graded.".to_owned(),
        (0, _) => "Every input was read whole and discloses enough to be graded.".to_owned(),
        (n, all) if n == all => format!("This is the whole picture for no input: {}.", some.join(", ")),
        (n, _) => format!("This is not the whole picture for {}: {}.", counted(n as u64, "input"), some.join(", ")),
    }
}

/// Whether something about an input is not known.
pub fn untold(input: &Input) -> bool {
    input.status != Status::Read || input.components == 0 || thin(input)
}

/// Whether an input discloses too little, found something or not.
fn thin(input: &Input) -> bool {
    input.inconclusive || input.disclosure.is_none_or(|d| d.grade.id() == "thin")
}

/// How little can be told of an input, the least first.
pub fn blindness(input: &Input) -> usize {
    match input.status {
        Status::Unread => 0,
        Status::Partial => 1,
        Status::Read if input.components == 0 => 2,
        Status::Read => 3,
    }
}

/// What is missing of an input of which not everything is known.
pub fn lack(input: &Input) -> &'static str {
    match input.status {
        Status::Unread => "nothing was read",
        Status::Partial => "read in part",
        Status::Read if input.components == 0 => "no component",
        Status::Read => "too little disclosed",
    }
}

/// How the run ended, in words.
pub fn ended(report: &Report) -> String {
    let fail_on = Standing::Level(report.context.fail_on).words().to_lowercase();
    let decided = report.findings.iter().any(|f| !f.counts() && f.level >= report.context.fail_on);
    let nothing = match decided {
        true => format!("nothing at or above {fail_on} that is neither waived nor in the baseline"),
        false => format!("nothing is at or above {fail_on}"),
    };
    match report.exit_status() {
        0 if report.incomplete() => "incomplete, and allowed to be".to_owned(),
        0 => format!("every input was read whole, and {nothing}"),
        1 => format!("something is at or above {fail_on}"),
        2 => "nothing could be opened".to_owned(),
        _ => format!("{nothing}, but the run is incomplete: this is not a result"),
    }
}

/// Why not everything is known about an input.
pub fn why(input: &Input) -> String {
    let hiding = || input.problems.iter().find(|p| p.hides_components);
    let problem = |fallback: &str| match hiding().or(input.problems.first()) {
        Some(problem) => match (problem.line, problem.column) {
            (Some(line), Some(column)) => format!("line {line}, column {column}: {}", problem.message),
            _ => problem.message.clone(),
        },
        None => fallback.to_owned(),
    };
    match input.status {
        Status::Unread => problem("It could not be read."),
        Status::Partial => problem("A component may have gone unseen."),
        Status::Read if input.components == 0 => "It lists no component.".to_owned(),
        Status::Read => {
            let Some(d) = input.disclosure else { return "Nothing is known about what it discloses.".to_owned() };
            match d.components {
                0 => return "It lists no component beside its product.".to_owned(),
                1 => return "It lists 1 component beside its product.".to_owned(),
                _ => {}
            }
            format!(
                "Of {} it says for {}% who made them, and for {}% an identifier; an embedded engine could be here unseen.",
                counted(d.components, "component"),
                d.percent(d.with_supplier),
                d.percent(d.with_identifier)
            )
        }
    }
}

/// What a component is to the maker, as a sentence.
pub fn what(finding: &Finding) -> String {
    format!("{}.", capital(&words::what(finding)))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The line in which evidence stands, in three pieces: what is before it, the evidence, what is behind it.
pub struct Shown<'r> {
    pub before: String,
    pub marked: Cow<'r, str>,
    pub after: String,
    /// Whether the line does not show the text that was found, because it is encoded there, or longer.
    pub differs: bool,
}

/// Evidence in its line; without a line the text alone.
pub fn shown(evidence: &Evidence) -> Shown<'_> {
    let Some(excerpt) = &evidence.excerpt else {
        let marked = evidence.found.as_str().into();
        return Shown { before: String::new(), marked, after: String::new(), differs: false };
    };
    let text = excerpt.text.as_str();
    let at = |chars: u64| {
        let chars = usize::try_from(chars).unwrap_or(usize::MAX);
        text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at)
    };
    let begin = at(excerpt.before);
    let (line, column) = evidence.location.end();
    let end = match line == evidence.location.line {
        true => at(excerpt.before.saturating_add(column.saturating_sub(evidence.location.column))).max(begin),
        false => text.len(),
    };
    // A tab is a blank here.
    let piece = |from: usize, to: usize| text.get(from..to).unwrap_or_default().replace('\t', " ");
    let (before, marked, after) = (piece(0, begin), piece(begin, end), piece(end, text.len()));
    Shown {
        before: format!("{}{}", if excerpt.cut_before { "…" } else { "" }, before.trim_start()),
        after: format!("{}{}", after.trim_end(), if excerpt.cut_after { "…" } else { "" }),
        differs: !marked.contains(evidence.found.as_str()),
        marked: marked.into(),
    }
}

/// Since when a clause holds, in words where the report has them.
pub fn since(assessment: &Assessment) -> &str {
    match assessment.since_words.as_str() {
        "" => &assessment.since_local,
        words => words,
    }
}

/// Where the facts behind the evidence were read.
pub fn proof(finding: &Finding) -> Vec<Link<'_>> {
    let sources: BTreeSet<&str> = finding.evidence.iter().flat_map(|e| &e.sources).map(String::as_str).collect();
    sources.into_iter().map(Link::new).collect()
}

/// One assessment as several findings may share it.
pub struct Clause<'r> {
    pub assessment: &'r Assessment,
    /// How many findings it concerns.
    pub findings: usize,
}

type ClauseKey<'r> = (std::cmp::Reverse<Level>, &'r str, &'r str, &'r str, &'r [String]);

fn key(a: &Assessment) -> ClauseKey<'_> {
    (std::cmp::Reverse(a.level), &a.regime, &a.clause, &a.because, &a.questions)
}

/// The place of an assessment in what [`clauses`] gave.
pub fn place(clauses: &[Clause<'_>], assessment: &Assessment) -> usize {
    clauses.binary_search_by(|c| key(c.assessment).cmp(&key(assessment))).unwrap_or(0)
}

/// Every assessment once, highest level first.
pub fn clauses(report: &Report) -> Vec<Clause<'_>> {
    let mut all: BTreeMap<ClauseKey<'_>, Clause<'_>> = BTreeMap::new();
    for assessment in report.findings.iter().flat_map(|f| &f.assessments) {
        all.entry(key(assessment)).or_insert(Clause { assessment, findings: 0 }).findings += 1;
    }
    all.into_values().collect()
}

/// A question, and the numbers of the findings that ask it.
pub struct Asked<'r> {
    pub ask: &'r str,
    pub findings: Vec<(usize, &'r Finding)>,
}

/// Every question once, what is asked most often first.
pub fn asked(report: &Report) -> Vec<Asked<'_>> {
    let mut all: BTreeMap<&str, Vec<(usize, &Finding)>> = BTreeMap::new();
    for (at, finding) in report.findings.iter().enumerate() {
        for ask in words::questions(finding) {
            all.entry(ask).or_default().push((at + 1, finding));
        }
    }
    let mut all: Vec<Asked<'_>> = all.into_iter().map(|(ask, findings)| Asked { ask, findings }).collect();
    all.sort_by_key(|a| std::cmp::Reverse(a.findings.len()));
    all
}

/// Every regime with an assessment.
pub fn regimes(report: &Report) -> Vec<(&str, &str)> {
    let all = report.findings.iter().flat_map(|f| &f.assessments).map(|a| (a.regime.as_str(), a.citation.as_str()));
    all.collect::<BTreeMap<_, _>>().into_iter().collect()
}

/// A source: its title, and its address where that is one a browser may open.
pub struct Link<'r> {
    pub title: &'r str,
    pub address: Option<&'r str>,
}

impl<'r> Link<'r> {
    /// Of `Title (Publisher), https://…`.
    pub fn new(source: &'r str) -> Self {
        let split = source.rfind(", http").and_then(|at| Some((source.get(..at)?, source.get(at + 2..)?)));
        match split.or(Some(("", source))).filter(|(_, address)| opens(address)) {
            Some(("", address)) => Self { title: address, address: Some(address) },
            Some((title, address)) => Self { title, address: Some(address) },
            None => Self { title: source, address: None },
        }
    }
}

/// Whether an address is a plain one of the web: its scheme, and nothing in it that is not written in an address.
fn opens(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric())
            && rest
                .chars()
                .all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '}'))
    })
}

/// The beginning of a text, and whether there is more.
pub struct Cut<'t> {
    pub short: &'t str,
    pub more: bool,
}

impl<'t> Cut<'t> {
    pub fn new(text: &'t str, most: usize) -> Self {
        match text.char_indices().nth(most) {
            Some((at, _)) => Self { short: text.get(..at).unwrap_or(text), more: true },
            None => Self { short: text, more: false },
        }
    }
}

/// A number, however a template hands it over.
pub trait Number {
    fn number(&self) -> u64;
}

impl Number for u64 {
    fn number(&self) -> u64 {
        *self
    }
}

impl Number for usize {
    fn number(&self) -> u64 {
        *self as u64
    }
}

/// A literal in a template.
impl Number for i32 {
    fn number(&self) -> u64 {
        self.unsigned_abs().into()
    }
}

impl<N: Number> Number for &N {
    fn number(&self) -> u64 {
        (*self).number()
    }
}

/// `1 finding`, `2 findings`.
pub fn counted(number: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Link, grouped};

    #[test]
    fn only_plain_web_addresses_are_links() {
        let link = |s: &'static str| (Link::new(s).title, Link::new(s).address);
        assert_eq!(link("A (B), https://example.com/a?b=c&d"), ("A (B)", Some("https://example.com/a?b=c&d")));
        assert_eq!(link("https://example.com/"), ("https://example.com/", Some("https://example.com/")));
        for other in [
            "A, javascript:alert(1)",
            "A, http:alert",
            "A, https://exa\u{202E}mple.com",
            "A, https://a b",
            "A, https://\"x",
        ] {
            assert_eq!(link(other), (other, None));
        }
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
