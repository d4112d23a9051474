//! The report as one self-contained page, for people who decide, print and file.
//!
//! No network, no clock, no inline event or style: one style and one script, each allowed by its digest. The page says
//! everything without the script, which only filters, sorts and folds. Every value reaches the templates through
//! [`super::escape::Html`] (`askama.toml` names it for them), so a template has no way around the gate; what is marked
//! `safe` there are the files of this folder and the drawings of [`picture`]. Start at `page.html`.

mod picture;
mod view;

use super::products::{self, Row, Standing, Suppliers};
use super::{decided, words};
use crate::report::{Assessment, Baseline, Evidence, Finding, Gone, Input, Question, Report, Status, Waiver};
use crate::rules::format::Level;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use picture::Step;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::io::{self, Write};
use view::{Asked, Clause, Cut, Link, Number, Shown, Tally};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// How many findings show their evidence at once; with more, it is folded.
const OPEN: usize = 25;

/// Writes the report as one HTML document.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let suppliers = Suppliers::new(report);
    let page = Page {
        report,
        tally: Tally::new(report),
        rows: products::rows(report, &suppliers),
        clauses: view::clauses(report),
        asked: view::asked(report),
        regimes: view::regimes(report),
        suppliers,
    };
    page.write_into(out)?;
    out.write_all(b"\n")
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'r> {
    report: &'r Report,
    tally: Tally,
    suppliers: Suppliers<'r>,
    rows: Vec<Row<'r>>,
    clauses: Vec<Clause<'r>>,
    asked: Vec<Asked<'r>>,
    /// Regimes with an assessment, by id, with their citation.
    regimes: Vec<(&'r str, &'r str)>,
}

/// What the templates ask for.
impl<'r> Page<'r> {
    /// What the page may do: run its own style and script, by digest, and nothing else.
    fn policy(&self) -> String {
        let digest = |text: &str| STANDARD.encode(Sha256::digest(text));
        format!(
            "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'",
            digest(STYLE),
            digest(SCRIPT)
        )
    }

    fn style(&self) -> &'static str {
        STYLE
    }

    fn script(&self) -> &'static str {
        SCRIPT
    }

    fn headline(&self) -> String {
        view::headline(self.report, &self.tally)
    }

    fn blind(&self) -> String {
        view::blind(&self.tally)
    }

    fn mixed(&self) -> impl Iterator<Item = String> {
        words::mixed(self.report)
    }

    /// Whether the caller left something to us.
    fn assumed(&self, what: &str) -> bool {
        self.report.context.assumed.iter().any(|a| a == what)
    }

    /// Findings with their number, from 1.
    fn findings(&self) -> impl Iterator<Item = (usize, &'r Finding)> + use<'r> {
        self.report.findings.iter().enumerate().map(|(at, f)| (at + 1, f))
    }

    /// Inputs with their number, from 1.
    fn inputs(&self) -> impl Iterator<Item = (usize, &'r Input)> + use<'r> {
        self.report.inputs.iter().enumerate().map(|(at, i)| (at + 1, i))
    }

    /// Inputs of which not everything is known, with their number: first those of which least was read.
    fn untold(&self) -> Vec<(usize, &'r Input)> {
        let mut all: Vec<_> = self.inputs().filter(|(_, input)| view::untold(input)).collect();
        all.sort_by_key(|(_, input)| view::blindness(input));
        all
    }

    /// Engines that name no maker.
    fn makerless(&self) -> impl Iterator<Item = (&'r Question, &'r crate::report::Arose)> + use<'r> {
        self.report.questions.iter().filter_map(|q| Some((q, q.arose.as_ref()?)))
    }

    fn open(&self) -> bool {
        self.report.findings.len() <= OPEN
    }

    fn input(&self, number: &usize) -> Option<&'r Input> {
        self.report.inputs.get(*number)
    }

    fn product(&self, input: &usize) -> Option<&'r crate::report::Product> {
        self.input(input)?.product.as_ref()
    }

    fn path(&self, number: &usize) -> &'r str {
        self.input(number).map_or("", |i| i.path.as_str())
    }

    /// The number of the supplier of an input's product.
    fn supplier(&self, input: &usize) -> usize {
        self.input(input).map_or(0, |input| self.suppliers.of(input))
    }

    /// The number of an input, from 1.
    fn number(&self, input: &usize) -> usize {
        input.saturating_add(1)
    }

    fn supplier_of(&self, input: &Input) -> usize {
        self.suppliers.of(input)
    }

    fn named(&self, supplier: &usize) -> &'r str {
        self.suppliers.name(*supplier)
    }

    fn regimes_of(&self, finding: &'r Finding) -> BTreeSet<&'r str> {
        finding.assessments.iter().map(|a| a.regime.as_str()).collect()
    }

    /// Regimes that speak to a finding in an input, by its number from 1.
    fn regimes_in(&self, number: &usize) -> BTreeSet<&'r str> {
        let here = self.report.findings.iter().filter(|f| f.input == number.saturating_sub(1));
        here.flat_map(|f| &f.assessments).map(|a| a.regime.as_str()).collect()
    }

    /// The number of the clause that an assessment shows.
    fn clause(&self, assessment: &Assessment) -> usize {
        view::place(&self.clauses, assessment) + 1
    }

    /// Ways from the product, by reference and name.
    fn ways(&self, finding: &'r Finding) -> Vec<Vec<Step<'r>>> {
        let steps = |(path, names): (&'r Vec<String>, &'r Vec<String>)| {
            let references = if path.len() == names.len() { path } else { names };
            references.iter().zip(names).map(|(reference, label)| Step { reference, label }).collect()
        };
        finding.paths.iter().zip(finding.ways()).map(steps).collect()
    }

    fn shown(&self, evidence: &'r Evidence) -> Shown<'r> {
        view::shown(evidence)
    }

    fn since(&self, assessment: &'r Assessment) -> &'r str {
        view::since(assessment)
    }

    fn picture(&self, finding: &'r Finding, number: &usize) -> Option<String> {
        picture::draw(&self.ways(finding), *number)
    }

    fn standing(&self, input: &Input) -> Standing {
        Standing::of(input)
    }

    fn level(&self, level: &Level) -> Standing {
        Standing::Level(*level)
    }

    fn what(&self, finding: &Finding) -> String {
        view::what(finding)
    }

    fn advice(&self, finding: &Finding) -> &'static str {
        words::advice(finding.level)
    }

    /// Whether anybody has decided anything.
    fn any_decision(&self) -> bool {
        self.tally.waived > 0 || !self.report.waivers.is_empty() || self.report.baseline.is_some()
    }

    /// What the filter of decisions offers: of waivers and of the baseline, what this report has.
    fn decisions(&self) -> Vec<(&'static str, &'static str)> {
        let mut all = vec![("counts", "counts for the exit status"), ("waived", "waived")];
        if self.report.baseline.is_some() {
            all.extend([("new", "new"), ("known", "known"), ("risen", "risen"), ("lapsed", "waiver lapsed")]);
        }
        all
    }

    /// The words of the filter that a finding answers to.
    fn decided(&self, finding: &Finding) -> String {
        let mut all = Vec::new();
        all.extend(finding.counts().then_some("counts"));
        all.extend(finding.waiver.as_ref().map(|_| "waived"));
        all.extend(finding.baseline.map(|since| since.id()));
        all.join(" ")
    }

    fn marks(&self, finding: &Finding) -> Vec<&'static str> {
        decided::marks(finding)
    }

    fn baselined(&self, finding: &Finding) -> Option<&'static str> {
        decided::since(finding)
    }

    fn subject(&self, waiver: &Waiver) -> String {
        decided::subject(waiver)
    }

    fn remarks(&self, waiver: &Waiver) -> Vec<String> {
        decided::told(waiver, self.tally.incomplete).into_iter().map(|remark| remark.text).collect()
    }

    fn held(&self, baseline: &Baseline) -> Vec<String> {
        decided::baseline(baseline)
    }

    fn gone(&self, gone: &Gone) -> String {
        decided::gone(gone)
    }

    fn first(&self, finding: &'r Finding) -> Vec<&'r Assessment> {
        finding.assessments.iter().filter(|a| a.level == finding.level).collect()
    }

    fn other(&self, finding: &'r Finding) -> Vec<&'r Assessment> {
        finding.assessments.iter().filter(|a| a.level != finding.level).collect()
    }

    fn questions(&self, finding: &'r Finding) -> Vec<&'r str> {
        words::questions(finding)
    }

    fn proof(&self, finding: &'r Finding) -> Vec<Link<'r>> {
        view::proof(finding)
    }

    fn link(&self, source: &'r str) -> Link<'r> {
        Link::new(source)
    }

    fn cut<'t>(&self, text: &'t str, most: impl Number) -> Cut<'t> {
        Cut::new(text, most.number() as usize)
    }

    fn counted(&self, number: impl Number, what: &str) -> String {
        view::counted(number.number(), what)
    }

    fn grouped(&self, number: impl Number) -> String {
        view::grouped(number.number())
    }

    /// Whether a text is cut at a length.
    fn long(&self, text: &str, most: usize) -> bool {
        Cut::new(text, most).more
    }

    /// A text of ours on one line, however a file has broken it.
    fn prose(&self, text: &str) -> String {
        text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn lack(&self, input: &Input) -> &'static str {
        view::lack(input)
    }

    fn reading(&self, input: &Input) -> &'static str {
        match input.status {
            Status::Read => "whole",
            Status::Partial => "in part",
            Status::Unread => "not read",
        }
    }

    /// The shares of an input's components that state something; `None` when it was not read.
    fn shares(&self, input: &Input) -> [(&'static str, Option<u64>); 4] {
        let d = input.disclosure.as_ref();
        let share = |of: Option<u64>| d.zip(of).map(|(d, of)| d.percent(of));
        [
            ("Maker", share(d.map(|d| d.with_supplier))),
            ("Identifier", share(d.map(|d| d.with_identifier))),
            ("Version", share(d.map(|d| d.with_version))),
            ("Digest", share(d.map(|d| d.with_hash))),
        ]
    }

    fn grade(&self, input: &Input) -> &'static str {
        input.disclosure.map_or("none", |d| d.grade.id())
    }

    fn grade_rank(&self, input: &Input) -> usize {
        products::grade_rank(self.grade(input))
    }

    fn ended(&self) -> String {
        view::ended(self.report)
    }

    /// A count of which some were kept and some only counted.
    fn counted_all(&self, kept: usize, more: &u64, what: &str) -> String {
        view::counted((kept as u64).saturating_add(*more), what)
    }

    fn why(&self, input: &'r Input) -> String {
        view::why(input)
    }
}
