//! `unlabel.report/1`: the JSON report, whose shape others parse (`schemas/report-1.json`).
//!
//! These structs are the format. New optional fields may come; none leaves or changes its meaning.

use crate::report::{self, Called, Location, Report, Status};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Document<'r> {
    schema: &'static str,
    tool: Tool,
    rules: Rules<'r>,
    context: Context<'r>,
    summary: Summary,
    inputs: Vec<Input<'r>>,
    findings: Vec<Finding<'r>>,
    set_aside: Vec<SetAside<'r>>,
    questions: Vec<Question<'r>>,
    notes: Vec<Note<'r>>,
    disclaimer: &'r str,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Rules<'r> {
    version: &'r str,
    sha256: &'r str,
    count: usize,
    updated: &'r str,
    replaced: &'r [String],
}

#[derive(Serialize)]
struct Context<'r> {
    role: &'r str,
    market: &'r [String],
    act: Option<&'r str>,
    facts: Vec<&'r str>,
    as_of: String,
    regimes: &'r [String],
    assumed: &'r [&'static str],
    fail_on: &'static str,
    allow_incomplete: bool,
}

#[derive(Serialize)]
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
    level: Option<&'static str>,
    exit_status: u8,
}

#[derive(Serialize)]
struct Input<'r> {
    path: &'r str,
    status: &'static str,
    format: Option<&'static str>,
    serialization: Option<&'static str>,
    spec_version: Option<&'r str>,
    bytes: u64,
    sha256: Option<&'r str>,
    components: u64,
    level: Option<&'static str>,
    inconclusive: bool,
    disclosure: Option<Disclosure>,
    product: Option<Product<'r>>,
    problems: Vec<Problem<'r>>,
    more_problems: u64,
}

#[derive(Serialize)]
struct Disclosure {
    grade: &'static str,
    components: u64,
    files: u64,
    with_supplier: u64,
    with_identifier: u64,
    with_version: u64,
    with_hash: u64,
    relations: u64,
    depth: u64,
    declared: &'static str,
    external_documents: u64,
}

#[derive(Serialize)]
struct Product<'r> {
    #[serde(rename = "ref")]
    reference: Option<&'r str>,
    name: Option<&'r str>,
    version: Option<&'r str>,
    supplier: Option<&'r str>,
}

#[derive(Serialize)]
struct Problem<'r> {
    code: &'static str,
    message: &'r str,
    pointer: &'r str,
    line: Option<u64>,
    column: Option<u64>,
    hides_components: bool,
}

#[derive(Serialize)]
struct Finding<'r> {
    id: &'r str,
    input: usize,
    level: &'static str,
    component: Component<'r>,
    location: Place<'r>,
    relation: &'static str,
    organization: &'r str,
    class: Option<&'r str>,
    strength: &'static str,
    evidence: Vec<Evidence<'r>>,
    paths: Vec<Vec<&'r str>>,
    assessments: Vec<Assessment<'r>>,
    /// The question for the vendor, where a rule leaves open that anything is there.
    open: Option<&'r str>,
    narrowed: Option<Narrowed<'r>>,
    waiver: Option<()>,
}

#[derive(Serialize)]
struct Narrowed<'r> {
    by: &'r str,
    why: &'r str,
}

#[derive(Serialize)]
struct SetAside<'r> {
    #[serde(flatten)]
    finding: Finding<'r>,
    by: &'r str,
    why: &'r str,
}

#[derive(Serialize)]
struct Component<'r> {
    #[serde(rename = "ref")]
    reference: Option<&'r str>,
    name: Option<&'r str>,
    version: Option<&'r str>,
    purl: Option<&'r str>,
    kind: Option<&'r str>,
}

#[derive(Serialize)]
struct Place<'r> {
    pointer: &'r str,
    line: u64,
    column: u64,
    end_line: u64,
    end_column: u64,
}

#[derive(Serialize)]
struct Evidence<'r> {
    kind: &'static str,
    rule: &'r str,
    found: &'r str,
    pointer: &'r str,
    line: u64,
    column: u64,
    strength: &'static str,
    draft: bool,
    sources: &'r [String],
}

#[derive(Serialize)]
struct Assessment<'r> {
    regime: &'r str,
    citation: &'r str,
    clause: &'r str,
    level: &'static str,
    since: String,
    since_local: &'r str,
    because: &'r str,
    questions: &'r [String],
    duty: Option<&'r str>,
    sources: &'r [String],
    certainty: &'static str,
    uncertain: Option<&'r str>,
}

#[derive(Serialize)]
struct Question<'r> {
    input: usize,
    #[serde(rename = "ref")]
    reference: Option<&'r str>,
    ask: &'r str,
    because: &'r str,
    arose: Option<Arose<'r>>,
}

#[derive(Serialize)]
struct Arose<'r> {
    rule: &'r str,
    component: Component<'r>,
    found: &'r str,
    pointer: &'r str,
    line: u64,
    column: u64,
}

#[derive(Serialize)]
struct Note<'r> {
    id: &'r str,
    title: &'r str,
    text: &'r str,
    certainty: &'static str,
    uncertain: Option<&'r str>,
    sources: &'r [String],
}

/// Writes the report as one JSON object, indented, with a line end behind it.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(report))?;
    out.write_all(b"\n")
}

fn document(report: &Report) -> Document<'_> {
    Document {
        schema: "unlabel.report/1",
        tool: Tool { name: "unlabel", version: report.version },
        rules: Rules {
            version: &report.rules.version,
            sha256: &report.rules.sha256,
            count: report.rules.count,
            updated: &report.rules.updated,
            replaced: &report.rules.replaced,
        },
        context: Context {
            role: &report.context.role,
            market: &report.context.markets,
            act: report.context.act.as_deref(),
            facts: report.context.facts.iter().map(String::as_str).collect(),
            as_of: report.context.as_of.to_string(),
            regimes: &report.regimes,
            assumed: &report.context.assumed,
            fail_on: report.fail_on.id(),
            allow_incomplete: report.allow_incomplete,
        },
        summary: Summary {
            inputs: report.inputs.len(),
            read: report.count(Status::Read),
            partial: report.count(Status::Partial),
            unread: report.count(Status::Unread),
            skipped: report.skipped,
            components: report.inputs.iter().map(|i| i.components).sum(),
            findings: report.findings.len(),
            set_aside: report.set_aside.len(),
            waived: 0,
            questions: report.questions.len(),
            level: report.level().map(|l| l.id()),
            exit_status: report.exit_status(),
        },
        inputs: report.inputs.iter().map(input).collect(),
        findings: report.findings.iter().map(finding).collect(),
        set_aside: report
            .set_aside
            .iter()
            .map(|s| SetAside { finding: finding(&s.finding), by: &s.by, why: &s.why })
            .collect(),
        questions: report
            .questions
            .iter()
            .map(|q| Question {
                input: q.input,
                reference: q.reference.as_deref(),
                ask: &q.ask,
                because: &q.because,
                arose: q.arose.as_ref().map(|a| Arose {
                    rule: &a.rule,
                    component: component(&a.component),
                    found: &a.found,
                    pointer: &a.location.pointer,
                    line: a.location.start.line,
                    column: a.location.start.column,
                }),
            })
            .collect(),
        notes: report
            .notes
            .iter()
            .map(|n| Note {
                id: &n.id,
                title: &n.title,
                text: &n.text,
                certainty: n.certainty,
                uncertain: n.uncertain.as_deref(),
                sources: &n.sources,
            })
            .collect(),
        disclaimer: &report.disclaimer,
    }
}

fn input(input: &report::Input) -> Input<'_> {
    let product = &input.product;
    let named = product.reference.is_some() || product.name.is_some() || product.supplier.is_some();
    Input {
        path: &input.path,
        status: input.status.id(),
        format: input.format,
        serialization: input.serialization,
        spec_version: input.spec_version.as_deref(),
        bytes: input.bytes,
        sha256: Some(input.sha256.as_str()).filter(|s| !s.is_empty()),
        components: input.components,
        level: input.level.map(|l| l.id()),
        inconclusive: input.inconclusive(),
        disclosure: input.disclosure.map(|d| Disclosure {
            grade: d.grade().id(),
            components: d.components,
            files: d.files,
            with_supplier: d.with_supplier,
            with_identifier: d.with_identifier,
            with_version: d.with_version,
            with_hash: d.with_hash,
            relations: d.relations,
            depth: d.depth,
            declared: d.declared.id(),
            external_documents: d.external_documents,
        }),
        product: named.then_some(Product {
            reference: product.reference.as_deref(),
            name: product.name.as_deref(),
            version: product.version.as_deref(),
            supplier: product.supplier.as_deref(),
        }),
        problems: input
            .problems
            .iter()
            .map(|located| Problem {
                code: located.problem.code.id(),
                message: &located.problem.message,
                pointer: &located.problem.at.pointer,
                line: located.position.map(|p| p.line),
                column: located.position.map(|p| p.column),
                hides_components: located.problem.hides_components,
            })
            .collect(),
        more_problems: input.more_problems,
    }
}

fn finding(finding: &report::Finding) -> Finding<'_> {
    Finding {
        id: &finding.id,
        input: finding.input,
        level: finding.level.id(),
        component: component(&finding.component),
        location: place(&finding.location),
        relation: finding.relation,
        organization: &finding.organization,
        class: finding.class.as_deref(),
        strength: finding.strength.id(),
        evidence: finding
            .evidence
            .iter()
            .map(|e| Evidence {
                kind: e.kind,
                rule: &e.rule,
                found: &e.found,
                pointer: &e.location.pointer,
                line: e.location.start.line,
                column: e.location.start.column,
                strength: e.strength.id(),
                draft: e.draft,
                sources: &e.sources,
            })
            .collect(),
        paths: finding.paths.iter().map(|p| p.iter().map(|s| s.reference.as_str()).collect()).collect(),
        assessments: finding
            .assessments
            .iter()
            .map(|a| Assessment {
                regime: &a.regime,
                citation: &a.citation,
                clause: &a.clause,
                level: a.level.id(),
                since: a.since.to_string(),
                since_local: &a.since_local,
                because: a.because.trim(),
                questions: &a.questions,
                duty: a.duty.as_deref(),
                sources: &a.sources,
                certainty: a.certainty.id(),
                uncertain: a.uncertain.as_deref().map(str::trim),
            })
            .collect(),
        open: finding.open.as_deref(),
        narrowed: finding.narrowed.as_ref().map(|(by, why)| Narrowed { by, why }),
        waiver: None,
    }
}

fn component(called: &Called) -> Component<'_> {
    Component {
        reference: called.reference.as_deref(),
        name: called.name.as_deref(),
        version: called.version.as_deref(),
        purl: called.purl.as_deref(),
        kind: called.kind.as_deref(),
    }
}

fn place(location: &Location) -> Place<'_> {
    Place {
        pointer: &location.pointer,
        line: location.start.line,
        column: location.start.column,
        end_line: location.end.line,
        end_column: location.end.column,
    }
}
