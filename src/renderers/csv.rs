//! A table for spreadsheets: one row for each product of a supplier, then for each input, finding, finding set aside,
//! question, waiver, and finding of the baseline that is not here.
//!
//! It is one rectangle, because that is what a spreadsheet can filter and sort: two tables under each other are none. The
//! first column says what a row is, so that `product` alone is the buyer's table. Inputs have rows of their own, so that one that was not read, or tells too little, never looks like one in which
//! nothing was found. No cell is a formula ([`super::escape::cell`]).

use super::escape::cell;
use super::products::{self, Suppliers};
use super::{decided, words};
use crate::report::{Finding, Input, Report, Waived};
use std::io::{self, Write};

const HEADER: [&str; 33] = [
    "row",
    "level",
    "input",
    "line",
    "column",
    "component",
    "version",
    "purl",
    "organization",
    "relation",
    "class",
    "strength",
    "evidence",
    "rules",
    "path",
    "regime",
    "clause",
    "since",
    "because",
    "ask",
    "id",
    "product",
    "product_supplier",
    "read",
    "components",
    "disclosure",
    "waived",
    "approver",
    "expires",
    "baseline",
    "inputs",
    "findings",
    "questions",
];

/// Writes the report.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    rows(report, out).map_err(|error| match error.into_kind() {
        // That nobody reads any more must be told from other failures.
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}

fn rows(report: &Report, out: &mut dyn Write) -> ::csv::Result<()> {
    let mut table = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .quote_style(::csv::QuoteStyle::Necessary)
        .from_writer(out);
    table.write_record(HEADER)?;
    products(report, &mut table)?;
    for (index, input) in report.inputs.iter().enumerate() {
        let mut row = Row::new("input", Some(input));
        row.set("level", words::level_word(input.level));
        row.set("because", words::doubt(input).as_deref().unwrap_or_default());
        row.set("findings", &report.findings.iter().filter(|f| f.input == index).count().to_string());
        row.set("questions", &report.questions.iter().filter(|q| q.input == index).count().to_string());
        row.write(&mut table)?;
        for finding in report.findings.iter().filter(|f| f.input == index) {
            let mut row = found("finding", input, finding);
            row.set("level", finding.level.id());
            if let Some(assessment) = finding.assessments.first() {
                row.set("regime", &assessment.citation);
                row.set("clause", &assessment.clause);
                row.set("since", &assessment.since_local);
                row.set("because", &assessment.because);
            }
            row.set("ask", &words::questions(finding).join(" "));
            if let Some(waiver) = &finding.waiver {
                row.waived(waiver);
            }
            row.set("baseline", finding.baseline.map_or("", |since| since.id()));
            row.write(&mut table)?;
        }
        for aside in report.set_aside.iter().filter(|s| s.finding.input == index) {
            let mut row = found("set aside", input, &aside.finding);
            row.set("because", &format!("{} [rule {}]", aside.why, aside.by));
            row.write(&mut table)?;
        }
        for question in words::unattributed(report).filter(|q| q.input == index) {
            let Some(arose) = &question.arose else { continue };
            let mut row = Row::new("question", Some(input));
            row.set("line", &arose.location.line.to_string());
            row.set("column", &arose.location.column.to_string());
            row.set("component", arose.component.label());
            row.set("version", arose.component.version.as_deref().unwrap_or_default());
            row.set("purl", arose.component.purl.as_deref().unwrap_or_default());
            row.set("evidence", &arose.found);
            row.set("rules", &arose.rule);
            row.set("because", &question.because);
            row.set("ask", &question.ask);
            row.write(&mut table)?;
        }
    }
    decisions(report, &mut table)?;
    let mut row = Row::new("summary", None);
    row.set("level", report.level().map_or("nothing was read", |l| l.id()));
    let mut lines = vec![words::summary(report), words::standing(report)];
    lines.extend(words::caveats(report));
    lines.extend(report.baseline.iter().flat_map(decided::baseline));
    lines.push(report.disclaimer.clone());
    row.set("because", &lines.join(" "));
    row.write(&mut table)?;
    Ok(table.flush()?)
}

/// The buyer's table: a row for each product of each supplier, in the columns that inputs have too.
fn products(report: &Report, table: &mut ::csv::Writer<&mut dyn Write>) -> ::csv::Result<()> {
    let suppliers = Suppliers::new(report);
    for product in products::rows(report, &suppliers) {
        let mut row = Row::new("product", None);
        row.set("level", product.word());
        row.set("product", product.product.unwrap_or_default());
        row.set("version", &product.versions.join(", "));
        row.set("product_supplier", suppliers.name(product.supplier));
        row.set(
            "input",
            &product
                .inputs
                .iter()
                .filter_map(|at| report.inputs.get(*at))
                .map(|i| i.path.as_str())
                .collect::<Vec<_>>()
                .join("; "),
        );
        row.set("read", product.reading());
        row.set("components", &product.components.to_string());
        row.set("disclosure", product.disclosure());
        row.set("inputs", &product.inputs.len().to_string());
        row.set("findings", &product.findings.to_string());
        row.set("questions", &product.questions.to_string());
        if product.doubt {
            row.set("because", "no all-clear: see the rows of its inputs");
        }
        row.write(table)?;
    }
    Ok(())
}

fn decisions(report: &Report, table: &mut ::csv::Writer<&mut dyn Write>) -> ::csv::Result<()> {
    let incomplete = report.incomplete();
    for waiver in &report.waivers {
        let mut row = Row::new("waiver", None);
        row.set("input", &waiver.file);
        row.set("line", &waiver.line.to_string());
        row.set("component", waiver.component.as_deref().unwrap_or_default());
        row.set("version", waiver.version.as_deref().unwrap_or_default());
        row.set("rules", waiver.rule.as_deref().unwrap_or_default());
        row.set("id", waiver.finding.as_deref().unwrap_or_default());
        row.set("product", waiver.product.as_deref().unwrap_or_default());
        row.set("product_supplier", waiver.supplier.as_deref().unwrap_or_default());
        let said: Vec<String> = decided::told(waiver, incomplete).into_iter().map(|remark| remark.text).collect();
        row.set("because", &if said.is_empty() { waiver.state.to_string() } else { said.join(" ") });
        row.waived(&waiver.says);
        row.write(table)?;
    }
    for gone in report.baseline.iter().flat_map(|b| &b.gone) {
        let mut row = Row::new("not here", None);
        row.set("level", gone.level.id());
        row.set("input", &gone.path);
        row.set("component", gone.component.label());
        row.set("version", gone.component.version.as_deref().unwrap_or_default());
        row.set("purl", gone.component.purl.as_deref().unwrap_or_default());
        row.set("because", &decided::gone(gone));
        row.set("id", &gone.id);
        row.set("baseline", &gone.now);
        row.write(table)?;
    }
    Ok(())
}

struct Row([String; HEADER.len()]);

impl Row {
    fn new(sort: &str, input: Option<&Input>) -> Self {
        let mut row = Self(std::array::from_fn(|_| String::new()));
        row.set("row", sort);
        let Some(input) = input else { return row };
        row.set("input", &input.path);
        let product = input.product.as_ref();
        row.set("product", product.and_then(|p| p.name.as_deref()).unwrap_or_default());
        row.set("product_supplier", product.and_then(|p| p.supplier.as_deref()).unwrap_or_default());
        row.set("read", input.status.id());
        row.set("components", &input.components.to_string());
        row.set("disclosure", input.disclosure.map_or("unread", |d| d.grade.id()));
        row
    }

    fn waived(&mut self, waiver: &Waived) {
        self.set("waived", &waiver.reason);
        self.set("approver", &waiver.approver);
        self.set("expires", &waiver.expires);
    }

    fn set(&mut self, column: &str, text: &str) {
        let at = HEADER.iter().position(|name| *name == column);
        if let Some(place) = at.and_then(|at| self.0.get_mut(at)) {
            *place = cell(text);
        }
    }

    fn write(&self, table: &mut ::csv::Writer<&mut dyn Write>) -> ::csv::Result<()> {
        table.write_record(&self.0)
    }
}

fn found(sort: &str, input: &Input, finding: &Finding) -> Row {
    let mut row = Row::new(sort, Some(input));
    let at = words::best(finding).map_or(&finding.location, |e| &e.location);
    row.set("line", &at.line.to_string());
    row.set("column", &at.column.to_string());
    row.set("component", finding.component.label());
    row.set("version", finding.component.version.as_deref().unwrap_or_default());
    row.set("purl", finding.component.purl.as_deref().unwrap_or_default());
    row.set("organization", &finding.organization);
    row.set("relation", &finding.relation);
    row.set("class", finding.class_title.as_deref().or(finding.class.as_deref()).unwrap_or_default());
    row.set("strength", finding.strength.id());
    let evidence: Vec<String> = finding.evidence.iter().map(|e| format!("{} \"{}\"", e.kind, e.found)).collect();
    row.set("evidence", &evidence.join("; "));
    let mut rules: Vec<&str> = finding.evidence.iter().map(|e| e.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    row.set("rules", &rules.join(" "));
    row.set("path", &finding.ways().first().map(|way| way.join(" > ")).unwrap_or_default());
    row.set("id", &finding.id);
    row
}
