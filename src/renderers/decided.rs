//! What forms say of decisions: of a finding that is waived or known, of waivers, and of the baseline.
//!
//! Nothing here escapes: every text goes through [`super::escape`] where it is written.

use super::words::counted;
use crate::report::{Baseline, Finding, Gone, Report, Since, Waived, Waiver};
use crate::rules::format::Level;

/// What a headline adds to the level: `waived`, and how the finding stands to the baseline.
pub fn marks(finding: &Finding) -> Vec<&'static str> {
    let since = finding.baseline.map(|since| match since {
        Since::Lapsed => "waiver lapsed",
        other => other.id(),
    });
    finding.waiver.iter().map(|_| "waived").chain(since).collect()
}

/// The marks in brackets, with a blank before them; empty without any.
pub fn bracketed(finding: &Finding) -> String {
    let marks = marks(finding);
    if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) }
}

/// `by Ann until 2027-06-30: the reason`.
pub fn waived(waived: &Waived) -> String {
    let of = |word: &str, text: &str| if text.is_empty() { String::new() } else { format!("{word} {text} ") };
    let said = format!("{}{}", of("by", &waived.approver), of("until", &waived.expires));
    format!("{}: {}", said.trim_end(), waived.reason).trim_start_matches(": ").to_owned()
}

/// How a finding stands to the baseline, in a sentence without its end.
pub fn since(finding: &Finding) -> Option<&'static str> {
    Some(match finding.baseline? {
        Since::New => "new: the baseline does not have it",
        Since::Known => "known: the baseline has it, so it does not count for the exit status",
        Since::Risen => "risen: the baseline has it at a lower level",
        Since::Lapsed => "waived in the baseline, and waived no longer",
    })
}

/// Why a finding does not count for the exit status; `None` when it does, whatever its level.
pub fn excused(finding: &Finding) -> Option<String> {
    match &finding.waiver {
        Some(waiver) => Some(format!("waived {}", waived(waiver))),
        None if finding.counts() => None,
        None => since(finding).map(str::to_owned),
    }
}

/// What counts for the exit status first, then the highest level, else as the report has it.
pub fn by_weight(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|f| std::cmp::Reverse((f.counts(), f.level)));
    sorted
}

/// `1 waived, 2 known`; empty when there is nothing to say.
pub fn counts(report: &Report) -> String {
    let count = |which: &dyn Fn(&Finding) -> bool| report.findings.iter().filter(|f| which(f)).count();
    let all = [
        (count(&|f| f.waiver.is_some()), "waived"),
        (count(&|f| f.baseline == Some(Since::Known)), "known"),
        (count(&|f| f.baseline == Some(Since::New)), "new"),
        (count(&|f| f.baseline == Some(Since::Risen)), "risen"),
        (count(&|f| f.baseline == Some(Since::Lapsed)), "lapsed"),
    ];
    let some: Vec<String> = all.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    some.join(", ")
}

/// That something would have given exit status 1 but for a decision; `None` when nothing would.
pub fn passed_over(report: &Report) -> Option<String> {
    let fail_on: Level = report.context.fail_on;
    let over = || report.findings.iter().filter(|f| !f.counts() && f.level >= fail_on);
    let (all, waived) = (over().count(), over().filter(|f| f.waiver.is_some()).count());
    let how = match (waived, all - waived) {
        (0, 0) => return None,
        (_, 0) => "waived".to_owned(),
        (0, _) => "in the baseline".to_owned(),
        (waived, known) => format!("{waived} waived, {known} in the baseline"),
    };
    let do_not = if all == 1 { "does not" } else { "do not" };
    let findings = counted(all as u64, "finding");
    Some(format!("{findings} at or above {} {do_not} count for the exit status: {how}.", fail_on.id()))
}

/// Something to tell of a waiver.
pub struct Remark<'r> {
    /// The waiver.
    pub waiver: &'r Waiver,
    /// What it is about: the state of the waiver, or in what it is wide.
    pub of: &'r str,
    /// Whether findings are not covered that it was meant for.
    pub grave: bool,
    /// A sentence.
    pub text: String,
}

/// What there is to tell of the waivers, by their place.
pub fn remarks(report: &Report) -> Vec<Remark<'_>> {
    report.waivers.iter().flat_map(|waiver| told(waiver, report.incomplete())).collect()
}

/// What a waiver is about.
pub fn subject(waiver: &Waiver) -> String {
    let mut parts = Vec::new();
    let mut add = |word: &str, text: Option<&str>| parts.extend(text.map(|text| format!("{word} {text}")));
    add("finding", waiver.finding.as_deref());
    add("component", waiver.component.as_deref());
    add("version", waiver.version.as_deref());
    add("rule", waiver.rule.as_deref());
    add("product", waiver.product.as_deref());
    add("supplier", waiver.supplier.as_deref());
    add("level", waiver.level.map(Level::id));
    parts.join(", ")
}

/// Where a waiver stands.
pub fn place(waiver: &Waiver) -> String {
    format!("{}:{}", waiver.file, waiver.line)
}

/// What there is to tell of one waiver.
pub fn told(waiver: &Waiver, incomplete: bool) -> Vec<Remark<'_>> {
    let named = counted(waiver.findings, "finding");
    let expires = &waiver.says.expires;
    let state = match waiver.state.as_ref() {
        "expired" if waiver.findings == 0 => Some((false, format!("expired after {expires}; nothing here needs it"))),
        "expired" if waiver.findings == 1 => {
            Some((true, format!("expired after {expires}: the finding it names counts again")))
        }
        "expired" => Some((true, format!("expired after {expires}: the {named} it names count again"))),
        "outgrown" if waiver.findings == 0 => None,
        "outgrown" => Some((
            true,
            format!(
                "does not cover the {named} it names: the level is higher than it was given for, or another rule has \
                 stronger evidence"
            ),
        )),
        "set-aside" => Some((false, "is not needed: what it names is set aside".to_owned())),
        "unmatched" if incomplete => {
            let text = "names nothing that was found; an input was not read whole, so it may be needed all the same";
            Some((false, text.to_owned()))
        }
        "unmatched" => Some((false, "names nothing that was found".to_owned())),
        _ => None,
    };
    let wide = waiver.wide.iter().map(|word| {
        let text = match word.as_ref() {
            "components" => "covers several components that share a name".to_owned(),
            "suppliers" => {
                format!("covers {named} in products of several suppliers; `supplier` or `product` narrows it")
            }
            "versions" => format!("covers {named} in several versions; `version` narrows it"),
            "time" => format!("lapses on {expires} only, more than a year ahead"),
            other => format!("is wide: {other}"),
        };
        (word.as_ref(), (false, text))
    });
    let all = state.map(|told| (waiver.state.as_ref(), told)).into_iter().chain(wide);
    all.map(|(of, (grave, said))| {
        let text = format!("The waiver of {} ({}) {said}.", subject(waiver), place(waiver));
        Remark { waiver, of, grave, text }
    })
    .collect()
}

/// What there is to tell of the baseline as a whole.
pub fn baseline(baseline: &Baseline) -> Vec<String> {
    let then = &baseline.context;
    let gone = match baseline.gone.len() {
        0 => "all of its findings are here".to_owned(),
        1 => "1 of its findings is not here".to_owned(),
        n => format!("{n} of its findings are not here"),
    };
    let mut all = vec![format!(
        "Held against the baseline {}, made for role {} in market {} as of {}, rules version {}: {gone}.",
        baseline.path,
        then.role,
        then.markets.join(", "),
        then.as_of,
        baseline.rules.version
    )];
    let differs = |word: &str| baseline.differs.iter().any(|d| d == word);
    if differs("rules") {
        let text = "The baseline was made with other rules: a finding whose rules changed has another id, and is new here \
                    and gone there.";
        all.push(text.to_owned());
    }
    let context: Vec<&str> =
        baseline.differs.iter().map(AsRef::as_ref).filter(|d| !["rules", "incomplete"].contains(d)).collect();
    if !context.is_empty() {
        all.push(format!("The baseline differs in {}, which can change levels by itself.", context.join(", ")));
    }
    if differs("incomplete") {
        all.push("The baseline is incomplete: what was not read then is new now.".to_owned());
    }
    all
}

/// What became of a finding of the baseline, on a line.
pub fn gone(gone: &Gone) -> String {
    let now = match gone.now.as_ref() {
        "gone" => "gone",
        "set-aside" => "set aside now",
        "not-read" => "not seen, because its input was not read whole: it may still be there",
        "no-input" => "not seen, because no input here is about its product",
        other => other,
    };
    let version = gone.component.version.as_deref().unwrap_or_default();
    let called = format!("{} {version}", gone.component.label());
    format!("{}: {} in {}: {now} [{}]", gone.level.id(), called.trim_end(), gone.path, gone.id)
}
