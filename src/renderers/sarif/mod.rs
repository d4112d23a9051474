//! SARIF 2.1.0 (OASIS standard of March 2020), for code hosts and editors.
//!
//! A finding is a result under the rule that says most about it, at the place of that evidence; the component and the other
//! evidence are related locations. What was not read is a notification, and then the execution was not successful: no
//! results do not mean that nothing is there. The limits of code hosts are kept, and what was left out for them is a
//! notification too. The structs are in [`format`].

mod format;

use super::escape::{Line, address, markdown, markdown_source, message, shown, uri};
use super::{decided, words};
use crate::report::{Evidence, Finding, Input, Location, Question, Report, Since, Status};
use crate::rules::format::Level;
use flate2::Compression;
use flate2::write::GzEncoder;
use format::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// How many results GitHub shows of a run; of more it takes those with the highest severity.
const RESULTS: usize = 5_000;

/// How large an upload may be after gzip; GitHub takes 10 MB.
const PACKED: usize = 9_500_000;

/// How many related locations a result gets, the component included.
const RELATED: usize = 20;

/// How many notifications of one sort there are.
const NOTIFICATIONS: usize = 1_000;

/// Writes the report.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut most = RESULTS;
    loop {
        let text = serde_json::to_vec_pretty(&log(report, most))?;
        // Text packs well; only what is large as it stands needs a look.
        if text.len() <= PACKED || packed(&text)? <= PACKED || most == 0 {
            out.write_all(&text)?;
            return out.write_all(b"\n");
        }
        most = most.min(report.findings.len()) / 2;
    }
}

fn packed(text: &[u8]) -> io::Result<usize> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(text)?;
    Ok(gzip.finish()?.len())
}

/// The artifacts of a run: each file on disk once, and in it what has lines of its own.
#[derive(Default)]
struct Artifacts {
    list: Vec<Artifact>,
    files: BTreeMap<String, usize>,
    inner: BTreeMap<(usize, String), usize>,
}

impl Artifacts {
    fn file(&mut self, file: &str) -> ArtifactLocation {
        let location = located(file);
        let list = &mut self.list;
        let index = *self.files.entry(file.to_owned()).or_insert_with(|| {
            list.push(Artifact { location: location.clone(), parent_index: None, length: None, hashes: None });
            list.len() - 1
        });
        ArtifactLocation { index: Some(index), ..location }
    }

    fn inside(&mut self, file: &str, inside: &str) -> ArtifactLocation {
        let parent = self.file(file).index.unwrap_or_default();
        // Inside an archive a path begins at its root, whatever it is called.
        let location = ArtifactLocation { uri: uri(inside.trim_start_matches('/')), uri_base_id: None, index: None };
        let list = &mut self.list;
        let index = *self.inner.entry((parent, inside.to_owned())).or_insert_with(|| {
            list.push(Artifact { location: location.clone(), parent_index: Some(parent), length: None, hashes: None });
            list.len() - 1
        });
        ArtifactLocation { index: Some(index), ..location }
    }

    /// Tells size and digest of an input where it is the whole artifact.
    fn know(&mut self, input: &Input) {
        let spot = words::spot(input);
        let whole = match spot.inside {
            Some(inside) => input.path.ends_with(inside).then(|| self.inside(spot.file, inside)),
            None => (input.file.is_none()).then(|| self.file(spot.file)),
        };
        let artifact = whole.and_then(|l| l.index).and_then(|at| self.list.get_mut(at));
        if let (Some(artifact), Some(sha256)) = (artifact, &input.sha256) {
            artifact.length = i64::try_from(input.bytes).ok();
            artifact.hashes = Some(BTreeMap::from([("sha-256", Line(sha256).to_string())]));
        }
    }
}

fn located(file: &str) -> ArtifactLocation {
    let uri = uri(file);
    let uri_base_id = (!uri.starts_with("file:")).then_some("%SRCROOT%");
    ArtifactLocation { uri, uri_base_id, index: None }
}

fn log(report: &Report, most: usize) -> Log {
    let mut artifacts = Artifacts::default();
    for input in &report.inputs {
        artifacts.know(input);
    }
    let findings = decided::by_weight(&report.findings);
    let kept = findings.get(..most.min(findings.len())).unwrap_or_default();
    let asked: Vec<&Question> = words::unattributed(report).collect();
    let questions = asked.get(..asked.len().min(most - kept.len())).unwrap_or_default();
    let rules = rules(kept, questions);
    let index = |id: &str| rules.iter().position(|r| r.id == id);
    let mut results: Vec<SarifResult> = Vec::new();
    for finding in kept {
        if let Some(input) = report.inputs.get(finding.input) {
            results.push(result(finding, input, index(&Line(words::rule(finding)).to_string()), &mut artifacts));
        }
    }
    for question in questions {
        if let Some(input) = report.inputs.get(question.input) {
            results.extend(open(question, input, &index, &mut artifacts));
        }
    }
    // 3.27.23: of all results of a run, or of none.
    if !report.waivers.is_empty() || report.findings.iter().any(|f| f.waiver.is_some()) {
        for result in &mut results {
            result.suppressions.get_or_insert_default();
        }
    }
    let left = report.findings.len() + asked.len() - kept.len() - questions.len();
    let notifications = notifications(report, left, &mut artifacts);
    Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: Line(&report.tool.name).to_string(),
                    semantic_version: Line(&report.tool.version).to_string(),
                    full_description: text(env!("CARGO_PKG_DESCRIPTION")),
                    rules,
                },
            },
            invocations: [Invocation {
                execution_successful: !report.incomplete() || report.context.allow_incomplete,
                exit_code: report.exit_status(),
                exit_code_description: words::summary(report),
                tool_execution_notifications: notifications,
            }],
            original_uri_base_ids: BTreeMap::from([(
                "%SRCROOT%",
                Described { description: text("The folder in which unlabel ran.") },
            )]),
            artifacts: artifacts.list,
            results,
            column_kind: "utf16CodeUnits",
            properties: RunProperties {
                summary: words::summary(report),
                standing: shown(&words::standing(report), 2_000).into_owned(),
                disclaimer: shown(&report.disclaimer, 2_000).into_owned(),
                rules: Line(&report.rules.version).to_string(),
                left_out: left,
            },
        }],
    }
}

fn text(of: &str) -> Message {
    Message { text: message(of), markdown: None }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Prohibited | Level::LikelyProhibited => "error",
        Level::Review => "warning",
        Level::ExemptCandidate | Level::Advisory | Level::NoEvidence => "note",
    }
}

/// What GitHub sorts by: over 9.0 critical, 7.0 high, 4.0 medium, below that low.
fn severity(level: Level) -> &'static str {
    match level {
        Level::Prohibited => "9.1",
        Level::LikelyProhibited => "8.0",
        Level::Review => "5.0",
        Level::ExemptCandidate | Level::Advisory | Level::NoEvidence => "2.0",
    }
}

/// The rules that results are filed under, by id, each with the highest level of its results.
fn rules(findings: &[&Finding], questions: &[&Question]) -> Vec<Rule> {
    let mut rules: BTreeMap<String, (Level, Rule)> = BTreeMap::new();
    for finding in findings {
        let id = Line(words::rule(finding)).to_string();
        let best = words::best(finding);
        let entry = rules.entry(id.clone()).or_insert_with(|| (finding.level, rule(id, best, finding)));
        entry.0 = entry.0.max(finding.level);
    }
    for arose in questions.iter().filter_map(|q| q.arose.as_ref()) {
        let id = Line(&arose.rule).to_string();
        let about = "A component that calls itself a security engine and names no maker";
        let help = "Nothing says whose it is, so it has no level: ask its supplier.";
        rules.entry(id.clone()).or_insert_with(|| {
            let help = Message { text: help.to_owned(), markdown: Some(help.to_owned()) };
            (Level::NoEvidence, Rule::new(id, about.to_owned(), text(&format!("{about}.")), help, None))
        });
    }
    let set = |(highest, mut rule): (Level, Rule)| {
        rule.default_configuration.level = level(highest);
        rule.properties.security_severity = severity(highest);
        rule
    };
    rules.into_values().map(set).collect()
}

fn rule(id: String, best: Option<&Evidence>, finding: &Finding) -> Rule {
    let title = best.map(|e| e.rule_title.as_str()).filter(|t| !t.is_empty()).unwrap_or(&id);
    let title = shown(title, 200).into_owned();
    let organization = Line(&finding.organization).to_string();
    let which = if title == organization { String::new() } else { format!(": {title}") };
    let full =
        format!("Evidence in an SBOM that a component is of, holds, or can call software of {organization}{which}.");
    let sources: &[String] = best.map(|e| e.sources.as_slice()).unwrap_or_default();
    let more = format!("`unlabel explain {id}` tells the rule in plain words.");
    let means = "A result lists evidence and the clauses it may concern, for the role, market and date of the run. \
                 It is not legal advice.";
    let plain: Vec<String> = sources.iter().take(10).map(|s| format!("- {}", shown(s, 500))).collect();
    let marked: Vec<String> = sources.iter().take(10).map(|s| format!("- {}", markdown_source(s))).collect();
    let help = Message {
        text: format!("{title}\n\n{means}\n\n{}\n\nSources:\n{}", more.replace('`', ""), plain.join("\n")),
        markdown: Some(format!("**{}**\n\n{means}\n\n{more}\n\nSources:\n\n{}\n", markdown(&title), marked.join("\n"))),
    };
    let uri = sources.iter().find_map(|s| address(s)).map(str::to_owned);
    Rule::new(id, title, text(&full), help, uri)
}

fn result(finding: &Finding, input: &Input, rule_index: Option<usize>, artifacts: &mut Artifacts) -> SarifResult {
    let best = words::best(finding);
    let at = best.map_or(&finding.location, |e| &e.location);
    let mut said = vec![format!("{}.", shown(&words::headline(finding), 600))];
    said.extend(decided::excused(finding).map(|why| format!("Decided: {}.", shown(why.trim_end_matches('.'), 1_200))));
    if let Some(best) = best {
        said.push(format!("Evidence: {} \"{}\".", Line(&best.kind), Line(&best.found)));
    }
    if let Some(place) = words::within(&words::spot(input), at) {
        said.push(format!("At {}.", shown(&place, 600)));
    } else if input.file.is_some() {
        said.push(format!("In {}.", shown(&input.path, 600)));
    }
    if let Some(first) = finding.assessments.first() {
        said.push(shown(&first.because, 1_200).into_owned());
    }
    said.push(words::advice(finding.level).to_owned());
    let logical = logical(finding);
    let snippet = best.and_then(|e| e.excerpt.as_ref()).map(|e| e.text.as_str());
    let mut related = vec![(&finding.location, format!("the component {}", Line(finding.component.label())))];
    for evidence in &finding.evidence {
        related.push((&evidence.location, format!("{} \"{}\"", Line(&evidence.kind), Line(&evidence.found))));
    }
    let left = related.len().saturating_sub(RELATED);
    let related_locations = related
        .into_iter()
        .take(RELATED)
        .enumerate()
        .map(|(id, (at, said))| exact(input, at, Some(id), &said, artifacts))
        .collect();
    let digest = Sha256::new().chain_update(&input.path).chain_update([0]).chain_update(&finding.id).finalize();
    let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    SarifResult {
        rule_id: Line(words::rule(finding)).to_string(),
        rule_index,
        level: level(finding.level),
        message: text(&said.join(" ")),
        locations: vec![host(input, at, snippet, logical, artifacts)],
        related_locations,
        partial_fingerprints: BTreeMap::from([
            ("primaryLocationLineHash", format!("{hash}:1")),
            ("unlabelFinding/v1", Line(&finding.id).to_string()),
        ]),
        baseline_state: finding.baseline.map(|since| match since {
            Since::New => "new",
            Since::Known => "unchanged",
            Since::Risen | Since::Lapsed => "updated",
        }),
        suppressions: finding.waiver.as_ref().map(|waiver| {
            let justification = shown(&decided::waived(waiver), 2_000).into_owned();
            vec![Suppression { kind: "external", status: "accepted", justification }]
        }),
        properties: Properties {
            level: finding.level.id(),
            organization: Some(Line(&finding.organization).to_string()),
            relation: Some(Line(&finding.relation).to_string()),
            class: finding.class.as_deref().map(|c| Line(c).to_string()),
            strength: Some(finding.strength.id()),
            pointer: shown(&at.pointer, 600).into_owned(),
            questions: words::questions(finding).iter().take(50).map(|q| shown(q, 1_000).into_owned()).collect(),
            clauses: finding
                .assessments
                .iter()
                .take(100)
                .map(|a| format!("{} · {} ({})", Line(&a.citation), Line(&a.clause), a.level.id()))
                .collect(),
            related_locations_left_out: left,
        },
    }
}

/// A question on an engine without a maker.
fn open(
    question: &Question,
    input: &Input,
    index: &dyn Fn(&str) -> Option<usize>,
    artifacts: &mut Artifacts,
) -> Option<SarifResult> {
    let arose = question.arose.as_ref()?;
    let id = Line(&arose.rule).to_string();
    let mut said = format!("Question on {}: {}", Line(arose.component.label()), shown(&question.ask, 1_000));
    if let Some(place) = words::within(&words::spot(input), &arose.location) {
        said.push_str(&format!(" At {}.", shown(&place, 600)));
    }
    let name = Line(arose.component.label()).to_string();
    let logical = vec![LogicalLocation { fully_qualified_name: name.clone(), name, kind: "package" }];
    let digest = Sha256::new().chain_update(&input.path).chain_update([0]).chain_update(&said).finalize();
    let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let snippet = arose.excerpt.as_ref().map(|e| e.text.as_str());
    Some(SarifResult {
        rule_index: index(&id),
        rule_id: id,
        level: "note",
        message: text(&said),
        locations: vec![host(input, &arose.location, snippet, logical, artifacts)],
        related_locations: Vec::new(),
        partial_fingerprints: BTreeMap::from([("primaryLocationLineHash", format!("{hash}:1"))]),
        baseline_state: None,
        suppressions: None,
        properties: Properties {
            level: "question",
            pointer: shown(&arose.location.pointer, 600).into_owned(),
            questions: vec![shown(&question.ask, 1_000).into_owned()],
            ..Properties::default()
        },
    })
}

/// The component, called by its way from the product.
fn logical(finding: &Finding) -> Vec<LogicalLocation> {
    let name = Line(finding.component.label()).to_string();
    let own = || vec![finding.component.label().to_owned()];
    let ways: Vec<Vec<String>> = if finding.ways().is_empty() { vec![own()] } else { finding.ways().to_vec() };
    let full = |way: &Vec<String>| way.iter().map(|s| Line(s).to_string()).collect::<Vec<_>>().join(" > ");
    ways.iter()
        .take(5)
        .map(|way| LogicalLocation { name: name.clone(), fully_qualified_name: full(way), kind: "package" })
        .collect()
}

fn region(at: &Location) -> Region {
    let ((start_column, end_column), (end_line, _)) = (at.utf16(), at.end());
    Region {
        start_line: at.line,
        start_column: Some(start_column),
        end_line: Some(end_line),
        end_column: Some(end_column),
    }
}

/// A place as code hosts know it: in a file on disk. What has its lines inside that file is at its beginning, and exact
/// among the related locations.
fn host(
    input: &Input,
    at: &Location,
    snippet: Option<&str>,
    logical_locations: Vec<LogicalLocation>,
    artifacts: &mut Artifacts,
) -> Place {
    let spot = words::spot(input);
    let (region, line) = match spot.inside {
        Some(_) => (Region { start_line: 1, start_column: None, end_line: None, end_column: None }, 1),
        None => (region(at), at.line),
    };
    let context_region = snippet.filter(|_| spot.inside.is_none()).map(|text| ContextRegion {
        start_line: line,
        end_line: region.end_line.unwrap_or(line),
        snippet: Message { text: shown(text, 400).into_owned(), markdown: None },
    });
    let physical_location =
        Physical { artifact_location: artifacts.file(spot.file), region: Some(region), context_region };
    Place { id: None, physical_location, logical_locations, message: None }
}

/// A place where it really is, also inside an archive.
fn exact(input: &Input, at: &Location, id: Option<usize>, said: &str, artifacts: &mut Artifacts) -> Place {
    let spot = words::spot(input);
    let artifact_location = match spot.inside {
        Some(inside) => artifacts.inside(spot.file, inside),
        None => artifacts.file(spot.file),
    };
    let physical_location = Physical { artifact_location, region: Some(region(at)), context_region: None };
    Place { id, physical_location, logical_locations: Vec::new(), message: Some(text(said)) }
}

/// What a reader has to know beside the results.
fn notifications(report: &Report, left: usize, artifacts: &mut Artifacts) -> Vec<Notification> {
    let mut all = Vec::new();
    let plain = |level, said: &str| Notification { level, message: text(said), locations: Vec::new() };
    if report.inputs.is_empty() {
        all.push(plain("error", "Nothing was read."));
    }
    if report.rules.count == 0 {
        all.push(plain("error", "No rule was loaded, so nothing could be found."));
    }
    for said in words::mixed(report) {
        all.push(plain("warning", &shown(&said, 1_000)));
    }
    if left > 0 {
        let said = format!(
            "{} left out: code hosts take {RESULTS} of a run and 10 MB after gzip. Those that count and have the highest level are kept; the JSON report has all.",
            if left == 1 { "1 result was".to_owned() } else { format!("{left} results were") }
        );
        all.push(plain("warning", &said));
    }
    let doubted: Vec<(&Input, String)> =
        report.inputs.iter().filter_map(|input| Some((input, words::doubt(input)?))).collect();
    for (input, doubt) in doubted.iter().take(NOTIFICATIONS) {
        let level = match input.status {
            Status::Unread => "error",
            _ if words::unfinished(input) => "warning",
            _ => "note",
        };
        let spot = words::spot(input);
        let artifact_location = artifacts.file(spot.file);
        let physical_location = Physical { artifact_location, region: None, context_region: None };
        let place = Place { id: None, physical_location, logical_locations: Vec::new(), message: None };
        let said = format!("{}: {}", shown(&input.path, 600), shown(doubt, 1_000));
        all.push(Notification { level, message: text(&said), locations: vec![place] });
    }
    if doubted.len() > NOTIFICATIONS {
        let more = words::counted((doubted.len() - NOTIFICATIONS) as u64, "more input");
        all.push(plain("warning", &format!("No all-clear from {more}.")));
    }
    for aside in report.set_aside.iter().take(NOTIFICATIONS) {
        let Some(input) = report.inputs.get(aside.finding.input) else { continue };
        let name = Line(aside.finding.component.label()).to_string();
        let said = format!("Set aside: {name}: {} [rule {}]", shown(&aside.why, 1_000), Line(&aside.by));
        let place = host(input, &aside.finding.location, None, Vec::new(), artifacts);
        all.push(Notification { level: "note", message: text(&said), locations: vec![place] });
    }
    if report.set_aside.len() > NOTIFICATIONS {
        all.push(plain("note", &format!("{} more were set aside.", report.set_aside.len() - NOTIFICATIONS)));
    }
    decisions(report, artifacts, &mut all);
    for note in &report.notes {
        let said = format!("{}: see unlabel explain {}", shown(&note.title, 600), Line(&note.id));
        all.push(plain("note", &said));
    }
    all
}

/// What there is to tell of waivers, at their lines, and of the baseline. A result that is absent would be an alert on a
/// code host, so what is gone is told here.
fn decisions(report: &Report, artifacts: &mut Artifacts, all: &mut Vec<Notification>) {
    let plain = |said: &str| Notification { level: "note", message: text(&shown(said, 2_000)), locations: Vec::new() };
    let remarks = decided::remarks(report);
    for remark in remarks.iter().take(NOTIFICATIONS) {
        let artifact_location = artifacts.file(&remark.waiver.file);
        let at = Region { start_line: remark.waiver.line.max(1), start_column: None, end_line: None, end_column: None };
        let physical_location = Physical { artifact_location, region: Some(at), context_region: None };
        let place = Place { id: None, physical_location, logical_locations: Vec::new(), message: None };
        let level = if remark.grave { "warning" } else { "note" };
        all.push(Notification { level, message: text(&shown(&remark.text, 2_000)), locations: vec![place] });
    }
    if remarks.len() > NOTIFICATIONS {
        let more = words::counted((remarks.len() - NOTIFICATIONS) as u64, "time");
        all.push(plain(&format!("There is more to tell of waivers, {more}.")));
    }
    let Some(baseline) = &report.baseline else { return };
    all.extend(decided::baseline(baseline).iter().map(|said| plain(said)));
    all.extend(baseline.gone.iter().take(NOTIFICATIONS).map(|gone| plain(&decided::gone(gone))));
    if baseline.gone.len() > NOTIFICATIONS {
        let more = baseline.gone.len() - NOTIFICATIONS;
        let are = if more == 1 { "is" } else { "are" };
        let more = words::counted(more as u64, "more finding");
        all.push(plain(&format!("Of the baseline, {more} {are} not here.")));
    }
}
