//! The buyer's table: one row for each product of each supplier, first what needs somebody first.

use super::view::Standing;
use crate::report::{Input, Report, Status};
use std::collections::{BTreeMap, BTreeSet};

/// A product, over all inputs about it. An input that names none is a row of its own.
pub struct Row<'r> {
    /// Index into the suppliers of the page.
    pub supplier: usize,
    /// Its name; `None` when no input says.
    pub product: Option<&'r str>,
    /// Its versions, sorted.
    pub versions: Vec<&'r str>,
    /// The most pressing standing of its inputs.
    pub standing: Standing,
    pub findings: usize,
    pub questions: usize,
    /// The lowest grade of disclosure; `None` when nothing was read.
    pub grade: Option<&'static str>,
    /// How many of its inputs were not read whole.
    pub short: usize,
    /// Indexes of its inputs.
    pub inputs: Vec<usize>,
    /// Regimes that speak to a finding in it.
    pub regimes: BTreeSet<&'r str>,
}

impl Row<'_> {
    /// Place of the grade for sorting, the least disclosed first.
    pub fn grade_rank(&self) -> usize {
        self.grade.map_or(0, grade_rank)
    }

    /// How far its inputs were read.
    pub fn reading(&self) -> &'static str {
        match (self.standing, self.short) {
            (Standing::Unread, _) => "not read",
            (_, 0) => "whole",
            _ => "in part",
        }
    }
}

/// Place of a grade's id for sorting, the least disclosed first.
pub fn grade_rank(grade: &str) -> usize {
    ["", "thin", "partial", "good"].iter().position(|g| *g == grade).unwrap_or(0)
}

/// The supplier of an input's product; empty when not stated.
pub fn supplier(input: &Input) -> &str {
    input.product.as_ref().and_then(|p| p.supplier.as_deref()).map_or("", str::trim)
}

/// Every supplier, sorted; the empty one stands first.
pub fn suppliers(report: &Report) -> Vec<&str> {
    let all: BTreeSet<&str> = std::iter::once("").chain(report.inputs.iter().map(supplier)).collect();
    all.into_iter().collect()
}

/// The rows, sorted.
pub fn rows<'r>(report: &'r Report, suppliers: &[&'r str]) -> Vec<Row<'r>> {
    let mut findings = vec![0; report.inputs.len()];
    let mut questions = findings.clone();
    let mut regimes: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for finding in &report.findings {
        findings.get_mut(finding.input).into_iter().for_each(|n| *n += 1);
        regimes.entry(finding.input).or_default().extend(finding.assessments.iter().map(|a| a.regime.as_str()));
    }
    for question in &report.questions {
        questions.get_mut(question.input).into_iter().for_each(|n| *n += 1);
    }
    let mut rows: BTreeMap<(&str, &str, usize), Row<'r>> = BTreeMap::new();
    for (at, input) in report.inputs.iter().enumerate() {
        let product = input.product.as_ref();
        let name = product.and_then(|p| p.name.as_deref()).map(str::trim).filter(|n| !n.is_empty());
        // Nothing says that two inputs without a name are about one product.
        let apart = if name.is_some() { 0 } else { at + 1 };
        let row = rows.entry((supplier(input), name.unwrap_or(""), apart)).or_insert_with(|| Row {
            supplier: suppliers.binary_search(&supplier(input)).unwrap_or(0),
            product: name,
            versions: Vec::new(),
            standing: Standing::of(input),
            findings: 0,
            questions: 0,
            grade: None,
            short: 0,
            inputs: Vec::new(),
            regimes: BTreeSet::new(),
        });
        let standing = Standing::of(input);
        if standing.rank() < row.standing.rank() {
            row.standing = standing;
        }
        let grade = input.disclosure.map(|d| d.grade.id());
        row.grade = match (row.grade, grade) {
            (Some(a), Some(b)) => Some(if grade_rank(b) < grade_rank(a) { b } else { a }),
            (a, b) => a.or(b),
        };
        row.findings += findings.get(at).copied().unwrap_or(0);
        row.questions += questions.get(at).copied().unwrap_or(0);
        row.short += usize::from(input.status != Status::Read);
        row.versions.extend(product.and_then(|p| p.version.as_deref()));
        row.inputs.push(at);
        row.regimes.extend(regimes.remove(&at).unwrap_or_default());
    }
    let mut rows: Vec<Row<'r>> = rows.into_values().collect();
    for row in &mut rows {
        row.versions.sort_unstable();
        row.versions.dedup();
    }
    // What names nobody stands behind what does.
    rows.sort_by_key(|r| {
        (r.standing.rank(), suppliers.get(r.supplier).is_none_or(|s| s.is_empty()), r.product.is_none())
    });
    rows
}
