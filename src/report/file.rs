//! The report as a file, `unlabel.report/1` (`schemas/report-1.json`): written and read by one definition.
//!
//! [`read`] takes what [`write()`] wrote, in this version or another one of the same generation: keys that are not known are
//! passed over, and what a later version added is left empty where an older one wrote the file. It must never take a
//! file for a report that is none, or one that was cut or changed so that its counts no longer fit its lists.

use super::{Baseline, Context, Finding, Input, Mixed, Note, Question, Report, SetAside, Status, Tool, Waiver};
use crate::error::ReportFault;
use crate::rules::Stamp;
use crate::rules::format::Level;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::{self, Write};

/// Name and generation of the format.
pub const SCHEMA: &str = "unlabel.report/1";

/// The outermost object.
#[derive(Serialize, Deserialize)]
struct Whole<'r> {
    schema: Cow<'r, str>,
    tool: Cow<'r, Tool>,
    rules: Cow<'r, Stamp>,
    context: Cow<'r, Context>,
    summary: Summary,
    inputs: Cow<'r, [Input]>,
    findings: Cow<'r, [Finding]>,
    set_aside: Cow<'r, [SetAside]>,
    questions: Cow<'r, [Question]>,
    notes: Cow<'r, [Note]>,
    #[serde(default, skip_serializing_if = "<[Waiver]>::is_empty")]
    waivers: Cow<'r, [Waiver]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    baseline: Option<Cow<'r, Baseline>>,
    disclaimer: Cow<'r, str>,
    #[serde(default, skip_serializing_if = "nothing_mixed")]
    mixed: Cow<'r, [Mixed]>,
}

fn nothing_mixed(mixed: &[Mixed]) -> bool {
    mixed.is_empty()
}

/// The counts: made from the report when it is written, and held against it when it is read.
#[derive(Serialize, Deserialize)]
struct Summary {
    inputs: usize,
    read: usize,
    partial: usize,
    unread: usize,
    skipped: u64,
    components: u64,
    findings: usize,
    set_aside: usize,
    waived: usize,
    questions: usize,
    level: Option<Level>,
    exit_status: u8,
}

impl Summary {
    fn of(report: &Report) -> Self {
        Self {
            inputs: report.inputs.len(),
            read: report.count(Status::Read),
            partial: report.count(Status::Partial),
            unread: report.count(Status::Unread),
            skipped: report.skipped,
            components: report.components(),
            findings: report.findings.len(),
            set_aside: report.set_aside.len(),
            waived: waived(report),
            questions: report.questions.len(),
            level: report.level(),
            exit_status: report.exit_status(),
        }
    }
}

fn waived(report: &Report) -> usize {
    report.findings.iter().filter(|f| f.waiver.is_some()).count()
}

/// Writes a report as one JSON object, indented, with a line end behind it.
///
/// # Errors
/// When the output cannot be written.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let whole = Whole {
        schema: SCHEMA.into(),
        tool: Cow::Borrowed(&report.tool),
        rules: Cow::Borrowed(&report.rules),
        context: Cow::Borrowed(&report.context),
        summary: Summary::of(report),
        inputs: report.inputs.as_slice().into(),
        findings: report.findings.as_slice().into(),
        set_aside: report.set_aside.as_slice().into(),
        questions: report.questions.as_slice().into(),
        notes: report.notes.as_slice().into(),
        waivers: report.waivers.as_slice().into(),
        baseline: report.baseline.as_ref().map(Cow::Borrowed),
        disclaimer: report.disclaimer.as_str().into(),
        mixed: report.mixed.as_slice().into(),
    };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    out.write_all(b"\n")
}

/// What tells a report from any other JSON.
#[derive(Deserialize)]
struct Head<'r> {
    #[serde(borrow)]
    schema: Option<Cow<'r, str>>,
}

/// Reads a report. Unknown keys are passed over.
///
/// # Errors
/// When it is no report, one of another generation, broken, or at odds with itself.
pub fn read(bytes: &[u8]) -> Result<Report, ReportFault> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(ReportFault::Empty);
    }
    match serde_json::from_slice::<Head<'_>>(bytes) {
        Ok(Head { schema: Some(schema) }) if schema == SCHEMA => {}
        Ok(Head { schema: Some(schema) }) => {
            return Err(ReportFault::Generation { schema: schema.chars().take(100).collect() });
        }
        Ok(Head { schema: None }) => return Err(ReportFault::Foreign),
        Err(error) if error.is_data() => return Err(ReportFault::Foreign),
        Err(error) => return Err(broken(&error)),
    }
    let whole: Whole<'_> = serde_json::from_slice(bytes).map_err(|e| broken(&e))?;
    let summary = whole.summary;
    let report = Report {
        tool: whole.tool.into_owned(),
        rules: whole.rules.into_owned(),
        context: whole.context.into_owned(),
        inputs: whole.inputs.into_owned(),
        skipped: summary.skipped,
        findings: whole.findings.into_owned(),
        set_aside: whole.set_aside.into_owned(),
        questions: whole.questions.into_owned(),
        notes: whole.notes.into_owned(),
        waivers: whole.waivers.into_owned(),
        baseline: whole.baseline.map(Cow::into_owned),
        disclaimer: whole.disclaimer.into_owned(),
        mixed: whole.mixed.into_owned(),
    };
    check(&report, &summary)?;
    Ok(report)
}

fn broken(error: &serde_json::Error) -> ReportFault {
    // The place stands in fields of its own.
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(text, _)| text).to_owned();
    ReportFault::Broken { line: error.line(), column: error.column(), message }
}

/// A report that was cut or put together by hand must not look like one that found less.
fn check(report: &Report, summary: &Summary) -> Result<(), ReportFault> {
    let odd = |pointer: String, message: String| Err(ReportFault::Odd { pointer, message });
    let counts = [
        ("inputs", summary.inputs, report.inputs.len()),
        ("findings", summary.findings, report.findings.len()),
        ("set_aside", summary.set_aside, report.set_aside.len()),
        ("questions", summary.questions, report.questions.len()),
        ("waived", summary.waived, waived(report)),
        ("unread", summary.unread, report.count(Status::Unread)),
        ("partial", summary.partial, report.count(Status::Partial)),
    ];
    if let Some((name, stated, counted)) = counts.into_iter().find(|(_, stated, counted)| stated != counted) {
        return odd(format!("/summary/{name}"), format!("is {stated}, but the report holds {counted}"));
    }
    let indexes = [
        ("findings", report.findings.iter().map(|f| f.input).collect::<Vec<_>>()),
        ("set_aside", report.set_aside.iter().map(|s| s.finding.input).collect()),
        ("questions", report.questions.iter().map(|q| q.input).collect()),
    ];
    for (name, list) in indexes {
        if let Some(at) = list.iter().position(|input| *input >= report.inputs.len()) {
            return odd(format!("/{name}/{at}/input"), "there is no such input".to_owned());
        }
    }
    Ok(())
}
