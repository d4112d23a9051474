//! `unlabel self-test`: whether this very binary still finds what it should, for whoever packaged or cross-compiled it.
//!
//! It runs the examples in the built-in rules, and small documents of each format through the whole pipe: each lists a
//! component by the maker that the rules name first, and one by nobody they know. Nothing is read from outside.

mod documents;

use super::print;
use crate::error::Error;
use crate::matcher::examples;
use crate::parsers;
use crate::regimes::{AsOf, Context};
use crate::renderers::RENDERERS;
use crate::report::{Report, Status};
use crate::rules::RuleSet;
use crate::rules::format::{Level, RuleFile, Strength};
use crate::scan::{Options, scan_bytes};

/// Check that this binary finds what it should: rules, every format, every form of the report
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  unlabel self-test

For whoever packages or cross-compiles the program. It reads no file and no unlabel.toml.

Exit status:
  0  everything is as it should be
  2  something is not; the line says what")]
pub struct SelfTest {}

impl SelfTest {
    /// Checks, and prints what was checked.
    ///
    /// # Errors
    /// Rules that cannot be loaded, or an output that cannot be written.
    pub fn run(self) -> Result<u8, Error> {
        let rules = RuleSet::embedded()?;
        let mut told = Told { text: String::new(), checks: 0, failed: 0 };
        let (ran, wrong) = examples::check(&rules, false);
        let stamp = format!("{} rules, version {}, {ran} examples", rules.stamp.count, rules.stamp.version);
        told.check("rules", &stamp, wrong.into_iter().next().map_or(Ok(()), Err));
        match maker(&rules) {
            Some(maker) => {
                for (name, bytes) in documents::all(&maker) {
                    let report = report(name, &bytes, &rules);
                    told.check("read", name, finds(&report, 1));
                }
                let clean = report("clean", documents::clean().as_bytes(), &rules);
                told.check("clean", "nothing is found where nothing is", finds(&clean, 0));
                forms(&report("cyclonedx json", documents::cyclonedx(&maker).as_bytes(), &rules), &mut told);
            }
            None => told.check("rules", "a maker with a name", Err("the rules name nobody".to_owned())),
        }
        broken(&rules, &mut told);
        let Told { mut text, checks, failed } = told;
        text.push_str(&format!("{checks} checks, {failed} failed\n"));
        print(&text).map(|_| if failed == 0 { 0 } else { 2 })
    }
}

/// What was checked so far.
struct Told {
    text: String,
    checks: u64,
    failed: u64,
}

impl Told {
    fn check(&mut self, what: &str, name: &str, result: Result<(), String>) {
        self.checks += 1;
        match result {
            Ok(()) => self.text.push_str(&format!("ok      {what:<7} {name}\n")),
            Err(why) => {
                self.failed += 1;
                self.text.push_str(&format!("FAILED  {what:<7} {name}: {why}\n"));
            }
        }
    }
}

/// A name that proves by itself whose a component is.
fn maker(rules: &RuleSet) -> Option<String> {
    let organizations = rules.files().iter().filter(|file| file.rule.on(false));
    let marks = organizations.filter_map(|file| match &file.rule {
        RuleFile::Organization(organization) => Some(&organization.marks),
        _ => None,
    });
    let strong = |name: &&crate::rules::format::Name| name.strength == Strength::Strong && name.text.is_ascii();
    marks.flat_map(|marks| &marks.name).find(strong).map(|name| name.text.clone())
}

fn report(name: &str, bytes: &[u8], rules: &RuleSet) -> Report {
    let options = Options {
        read: parsers::Options::default(),
        context: Context {
            role: rules.set.default_role.clone(),
            markets: rules.set.default_markets.clone(),
            act: None,
            facts: Default::default(),
            regimes: Vec::new(),
            as_of: AsOf::Day(super::today()),
            assumed: Vec::new(),
        },
        fail_on: Level::Review,
        allow_incomplete: false,
    };
    scan_bytes(name, bytes, rules, &options)
}

/// Whether a document was read whole, with so many findings, the first of them at the component that was put there.
fn finds(report: &Report, number: usize) -> Result<(), String> {
    let Some(input) = report.inputs.first().filter(|_| report.inputs.len() == 1) else {
        return Err(format!("{} documents were read", report.inputs.len()));
    };
    if input.status != Status::Read || input.components < 2 {
        let why = input.problems.first().map_or("", |problem| &problem.message);
        return Err(format!("{}, {} components {why}", input.status.id(), input.components));
    }
    let counted: Vec<&str> = report.findings.iter().map(|f| f.component.label()).collect();
    if counted.len() != number || counted.iter().any(|name| *name != documents::PLANTED) {
        return Err(format!("{} findings instead of {number}", counted.len()));
    }
    match report.exit_status() {
        status if i64::from(status) == i64::from(number > 0) => Ok(()),
        status => Err(format!("exit status {status}")),
    }
}

/// Every form of a report with a finding names it.
fn forms(report: &Report, told: &mut Told) {
    for form in RENDERERS {
        let mut out = Vec::new();
        let written = (form.render)(report, &mut out).map_err(|error| error.to_string());
        let named = || String::from_utf8_lossy(&out).contains(documents::PLANTED);
        // A statement that is signed names inputs and the result, and no component; a table in columns may be packed.
        let other = ["in-toto", "parquet"].contains(&form.id);
        let whole = written.and_then(|()| match !out.is_empty() && (other || named()) {
            true => Ok(()),
            false => Err("it does not name the finding".to_owned()),
        });
        told.check("write", form.id, whole);
    }
}

/// What cannot be read is told, and is no clean result.
fn broken(rules: &RuleSet, told: &mut Told) {
    for (name, text) in documents::BROKEN {
        let report = report(name, text.as_bytes(), rules);
        let unread = report.inputs.iter().any(|input| input.status != Status::Read && !input.problems.is_empty());
        let result = match (unread, report.exit_status()) {
            (true, 3) => Ok(()),
            (_, status) => Err(format!("it is not told as unread, exit status {status}")),
        };
        told.check("unread", name, result);
    }
}
