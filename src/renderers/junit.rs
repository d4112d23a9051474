//! JUnit XML: one suite for each input, for the test view of a build server.
//!
//! A finding at or above `fail-on` is a failing test, one below it a passing one. What was not read is a test that ended in
//! an error, unless the run may be incomplete, and a question, an input that tells too little, or a finding that is waived
//! or known from the baseline, is a skipped one; so a green view means what exit status 0 means. Written with the XML writer that is there for reading; it escapes, and
//! what XML has no place for does not get to it.

use super::escape::{Line, shown};
use super::{decided, words};
use crate::report::{Finding, Input, Report};
use crate::rules::format::Level;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::io::{self, Write};

/// How many findings of the baseline that are not here are named; the JSON report has all.
const GONE: usize = 1_000;

/// What a test ended in.
enum End {
    Passed,
    Failed(String),
    Erred(String),
    Skipped(String),
}

struct Test {
    name: String,
    class: String,
    end: End,
    /// What stands in the body.
    told: Vec<String>,
}

struct Suite {
    name: String,
    tests: Vec<Test>,
}

impl Suite {
    fn count(&self, which: fn(&End) -> bool) -> usize {
        self.tests.iter().filter(|t| which(&t.end)).count()
    }
}

/// Writes the report.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: Vec<Suite> = report.inputs.iter().enumerate().map(|(at, input)| suite(report, at, input)).collect();
    if report.inputs.is_empty() || report.rules.count == 0 {
        let why = if report.inputs.is_empty() { "nothing was read" } else { "no rule was loaded" };
        let end = unread(report, why.to_owned());
        let test = Test { name: why.to_owned(), class: "unlabel".to_owned(), end, told: Vec::new() };
        suites.push(Suite { name: "unlabel".to_owned(), tests: vec![test] });
    }
    let skip = |said: String| Test {
        name: "merged from reports made alike".to_owned(),
        class: "unlabel".to_owned(),
        end: End::Skipped(shown(&said, 1_000).into_owned()),
        told: Vec::new(),
    };
    let mixed: Vec<Test> = words::mixed(report).map(skip).collect();
    if !mixed.is_empty() {
        suites.push(Suite { name: "unlabel".to_owned(), tests: mixed });
    }
    suites.extend(decisions(report));
    let total = |which: fn(&End) -> bool| suites.iter().map(|s| s.count(which)).sum::<usize>();
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let mut root = BytesStart::new("testsuites");
    root.push_attribute(("name", "unlabel"));
    counts(&mut root, total);
    xml.write_event(Event::Start(root))?;
    for suite in &suites {
        let mut element = BytesStart::new("testsuite");
        element.push_attribute(("name", suite.name.as_str()));
        counts(&mut element, |which| suite.count(which));
        skipped(&mut element, |which| suite.count(which));
        xml.write_event(Event::Start(element))?;
        for test in &suite.tests {
            write(&mut xml, test)?;
        }
        xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
    }
    xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
    xml.get_mut().write_all(b"\n")
}

/// What there is to tell of waivers and of the baseline.
fn decisions(report: &Report) -> Option<Suite> {
    let class = || "decisions".to_owned();
    let mut tests = Vec::new();
    for remark in decided::remarks(report) {
        let end = End::Skipped(shown(&remark.text, 2_000).into_owned());
        let name =
            format!("waiver {} [{}]", Line(&decided::subject(remark.waiver)), Line(&decided::place(remark.waiver)));
        tests.push(Test { name, class: class(), end, told: Vec::new() });
    }
    if let Some(baseline) = &report.baseline {
        let mut told = decided::baseline(baseline);
        told.extend(baseline.gone.iter().take(GONE).map(decided::gone));
        if baseline.gone.len() > GONE {
            told.push(format!("and {} more", baseline.gone.len() - GONE));
        }
        let told = told.iter().map(|said| shown(said, 2_000).into_owned()).collect();
        tests.push(Test { name: "baseline".to_owned(), class: class(), end: End::Passed, told });
    }
    (!tests.is_empty()).then(|| Suite { name: class(), tests })
}

fn counts(element: &mut BytesStart<'_>, count: impl Fn(fn(&End) -> bool) -> usize) {
    element.push_attribute(("tests", count(|_| true).to_string().as_str()));
    element.push_attribute(("failures", count(|e| matches!(e, End::Failed(_))).to_string().as_str()));
    element.push_attribute(("errors", count(|e| matches!(e, End::Erred(_))).to_string().as_str()));
}

/// What a suite has and the root has not.
fn skipped(element: &mut BytesStart<'_>, count: impl Fn(fn(&End) -> bool) -> usize) {
    element.push_attribute(("skipped", count(|e| matches!(e, End::Skipped(_))).to_string().as_str()));
}

fn write(xml: &mut Writer<&mut dyn Write>, test: &Test) -> io::Result<()> {
    let mut case = BytesStart::new("testcase");
    case.push_attribute(("classname", test.class.as_str()));
    case.push_attribute(("name", test.name.as_str()));
    xml.write_event(Event::Start(case))?;
    let told = test.told.join("\n");
    let (name, message) = match &test.end {
        End::Passed => ("system-out", None),
        End::Failed(message) => ("failure", Some(message)),
        End::Erred(message) => ("error", Some(message)),
        End::Skipped(message) => ("skipped", Some(message)),
    };
    let mut element = BytesStart::new(name);
    if let Some(message) = message {
        element.push_attribute(("message", message.as_str()));
    }
    if matches!(test.end, End::Failed(_) | End::Erred(_)) {
        element.push_attribute(("type", "unlabel"));
    }
    xml.write_event(Event::Start(element))?;
    xml.write_event(Event::Text(BytesText::new(&told)))?;
    xml.write_event(Event::End(BytesEnd::new(name)))?;
    xml.write_event(Event::End(BytesEnd::new("testcase")))
}

fn unread(report: &Report, why: String) -> End {
    if report.context.allow_incomplete { End::Skipped(why) } else { End::Erred(why) }
}

fn suite(report: &Report, at: usize, input: &Input) -> Suite {
    let class = shown(&input.path, 1_000).into_owned();
    let mut tests = Vec::new();
    let problems = || {
        let told = input.problems.iter().take(20).map(|p| match p.line.zip(p.column) {
            Some((line, column)) => format!("line {line}, column {column}: {} [{}]", Line(&p.message), Line(&p.code)),
            None => format!("{} [{}]", Line(&p.message), Line(&p.code)),
        });
        told.collect()
    };
    let end = match words::doubt(input) {
        Some(doubt) if words::unfinished(input) => unread(report, shown(&doubt, 1_000).into_owned()),
        Some(doubt) => End::Skipped(doubt),
        None => End::Passed,
    };
    let name = match end {
        End::Skipped(_) if !words::unfinished(input) => "discloses enough to tell",
        _ => "read whole",
    };
    tests.push(Test { name: name.to_owned(), class: class.clone(), end, told: problems() });
    for finding in report.findings.iter().filter(|f| f.input == at) {
        tests.push(test(report, input, finding, &class));
    }
    for question in words::unattributed(report).filter(|q| q.input == at) {
        let Some(arose) = &question.arose else { continue };
        let place = format!("{}:{}:{}", input.path, arose.location.line, arose.location.column);
        tests.push(Test {
            name: format!("question: {} [{}]", Line(arose.component.label()), Line(&arose.rule)),
            class: class.clone(),
            end: End::Skipped(shown(&question.ask, 1_000).into_owned()),
            told: vec![shown(&format!("\"{}\" at {place}", arose.found), 2_000).into_owned()],
        });
    }
    Suite { name: class, tests }
}

fn test(report: &Report, input: &Input, finding: &Finding, class: &str) -> Test {
    let headline = shown(&words::headline(finding), 1_000).into_owned();
    let mut told = Vec::new();
    for evidence in &finding.evidence {
        let place = format!("{}:{}:{}", Line(&input.path), evidence.location.line, evidence.location.column);
        let (kind, found, rule) = (Line(&evidence.kind), Line(&evidence.found), Line(&evidence.rule));
        told.push(format!("{kind} \"{found}\" at {place} [rule {rule}]"));
    }
    if let Some(way) = finding.ways().first().filter(|way| way.len() > 1) {
        let steps: Vec<String> = way.iter().map(|step| Line(step).to_string()).collect();
        told.push(format!("path: {}", steps.join(" > ")));
    }
    for assessment in finding.assessments.iter().filter(|a| a.level == finding.level) {
        let text = format!("{} · {}: {}", assessment.citation, assessment.clause, assessment.because);
        told.push(shown(&text, 2_000).into_owned());
    }
    told.extend(words::questions(finding).iter().take(5).map(|ask| format!("ask: {}", shown(ask, 1_000))));
    told.push(words::advice(finding.level).to_owned());
    told.extend(decided::since(finding).map(str::to_owned));
    let fails = finding.level >= report.context.fail_on && finding.level > Level::NoEvidence;
    Test {
        name: format!("{} [{}]", Line(&words::titled(finding)), Line(&finding.id)),
        class: class.to_owned(),
        end: match decided::excused(finding) {
            // What is below `fail-on` passes; that somebody has waived it is told all the same.
            Some(why) if fails || finding.waiver.is_some() => {
                End::Skipped(shown(&format!("{why} — {headline}"), 3_000).into_owned())
            }
            _ if fails => End::Failed(headline),
            _ => End::Passed,
        },
        told,
    }
}
