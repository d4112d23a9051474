//! Every form of the report: hostile text, independent validators, exact places, limits, and a way back from JSON.

#[cfg(feature = "bom")]
mod boms;
mod junit;
mod limits;
mod pages;
mod snapshots;
mod statement;

use crate::support::TEXTS as RENDERERS;
use crate::support::{RULES, editor_position, fixture, json, options, rendered, root, scan_fixture, scan_text};
use serde_json::{Value, json};
use std::io::Write as _;
use std::sync::LazyLock;
use unlabel::error::ReportFault;
use unlabel::report::{Report, file};
use unlabel::rules::format::Level;
use unlabel::scan::{scan, scan_bytes};
use unlabel::source::collect::collect;

/// All that a text may try, in one.
fn hostile() -> String {
    let acts = "=cmd()|x\u{1b}[31m\r\n::set-output name=a::b\n##vso[task.x]\u{202e}\u{200b}\u{9b}\u{0}\u{FFFE}";
    format!("{acts} </script> ]]> `|` @octocat #1 [a](javascript:1) {{0}} 🦀 {}", "A".repeat(10_240))
}

/// A report in which something stands in every field: a finding, one set aside, a question, problems, notes.
fn full() -> Report {
    scan_text(
        br#"{"bomFormat": "CycloneDX", "specVersion": "1.6",
  "metadata": {"component": {"bom-ref": "p", "type": "firmware", "name": "gateway", "version": "1"},
    "supplier": {"name": "Example Ltd"}},
  "components": [
    {"bom-ref": "b", "type": "library", "name": "av-sdk", "version": 7, "purl": "pkg:generic/av-sdk@7",
     "supplier": {"name": "AO Kaspersky Lab"}},
    {"bom-ref": "r", "type": "application", "name": "kaspersky-removal-helper",
     "supplier": {"name": "Example Ltd"}, "description": "Removes what is left of Kaspersky products"},
    {"bom-ref": "q", "type": "library", "name": "scan-core", "description": "Anti-virus engine SDK"}],
  "dependencies": [{"ref": "p", "dependsOn": ["b"]}]}"#,
    )
}

/// The same report with hostile text in every field that is no word of ours.
fn poisoned() -> Report {
    fn poison(value: &mut Value, key: &str, with: &str) {
        const WORDS: [&str; 12] = [
            "schema",
            "status",
            "level",
            "strength",
            "grade",
            "declared",
            "certainty",
            "since",
            "fail_on",
            "sha256",
            "as_of",
            "facts",
        ];
        match value {
            Value::String(text) if !WORDS.contains(&key) => *text = with.to_owned(),
            Value::Array(list) => list.iter_mut().for_each(|v| poison(v, key, with)),
            Value::Object(map) => map.iter_mut().for_each(|(key, v)| poison(v, key, with)),
            _ => {}
        }
    }
    let report = full();
    assert!(!report.findings.is_empty() && !report.set_aside.is_empty() && !report.notes.is_empty());
    assert!(report.questions.iter().any(|q| q.arose.is_some()) && !report.inputs[0].problems.is_empty());
    let mut value = json(&report);
    poison(&mut value, "", &hostile());
    value["inputs"][0]["file"] = hostile().into();
    value["findings"][0]["narrowed"] = json!({"by": hostile(), "why": hostile()});
    value["findings"][0]["open"] = hostile().into();
    let with = hostile();
    value["findings"][0]["waiver"] = json!({"reason": with, "approver": with, "expires": with});
    value["findings"][0]["baseline"] = "lapsed".into();
    value["summary"]["waived"] = 1.into();
    let says = json!({"finding": with, "component": with, "rule": with, "version": with, "product": with,
        "supplier": with, "reason": with, "approver": with, "expires": with, "file": with, "line": 0, "findings": 2});
    value["waivers"] = Value::Array(
        ["expired", "outgrown", "set-aside", "unmatched", "elsewhere", &with]
            .map(|state| {
                let mut waiver = says.clone();
                waiver["state"] = state.into();
                waiver["wide"] = json!(["components", "suppliers", "versions", "time", with]);
                waiver
            })
            .into(),
    );
    let gone = |now: &str| {
        json!({"id": with, "level": "review", "path": with, "now": now,
        "component": value["findings"][0]["component"]})
    };
    let gone: Vec<Value> = ["gone", "set-aside", "not-read", "no-input", &with].map(gone).into();
    value["baseline"] = json!({"path": with, "rules": value["rules"], "context": value["context"],
        "differs": ["rules", "role", "incomplete", with], "gone": gone});
    value["findings"][0]["assessments"][0]["duty"] = hostile().into();
    file::read(value.to_string().as_bytes()).unwrap()
}

/// The report with one finding of each standing: waived, known, risen, lapsed, new.
fn decided() -> Report {
    use unlabel::report::{Since, Waived};
    let mut report = full();
    let one = report.findings[0].clone();
    let waiver = Waived { reason: "why".into(), approver: "who".into(), expires: "2027-06-30".into() };
    let states = [Since::Known, Since::Risen, Since::Lapsed, Since::New].map(Some);
    for (number, baseline) in states.into_iter().enumerate() {
        let mut finding = one.clone();
        (finding.id, finding.baseline) = (format!("{number:016x}"), baseline);
        report.findings.push(finding);
    }
    report.findings[0].waiver = Some(waiver);
    report
}

fn acts(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202e}' | '\u{200b}' | '\u{FFFE}')
}

/// The longest run of one letter: a text of 10 KB is cut everywhere.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != 'A').map(str::len).max().unwrap_or(0)
}

#[test]
fn hostile_text_acts_in_no_form() {
    let report = poisoned();
    for form in RENDERERS.iter().filter(|f| f.id != "json") {
        let text = rendered(&report, form.id);
        let raw = if form.id == "csv" { text.replace("\r\n", "\n") } else { text.clone() };
        let bad = raw.chars().find(|c| acts(*c) && *c != '\n');
        assert_eq!(bad, None, "{}", form.id);
        assert!(!raw.contains("##vso["), "{}", form.id);
        assert!(raw.lines().all(|l| !l.trim_start().starts_with("::set-output")), "{}", form.id);
        // A path in an address has to be whole.
        let raw: String =
            raw.lines().filter(|l| !l.trim_start().starts_with("\"uri\": ")).collect::<Vec<_>>().join("\n");
        // The page keeps a long text whole, folded behind its beginning.
        assert!(form.id == "html" || longest_run(&raw) <= 8_000, "{}: {}", form.id, longest_run(&raw));
        assert!(raw.contains("cmd()") || raw.contains("cmd\\(\\)"), "{}: the text is shown", form.id);
    }
    // With colors the only escapes are ours.
    let mut colored = Vec::new();
    let text = RENDERERS.iter().find(|f| f.id == "text").unwrap();
    text.colored.unwrap()(&report, &mut colored).unwrap();
    let colored = String::from_utf8(colored).unwrap();
    assert!(colored.contains("\u{1b}[1m"), "there are colors");
    let stripped = colored.split('\u{1b}').skip(1).all(|rest| {
        rest.starts_with("[0m")
            || rest.starts_with("[1m")
            || rest.starts_with("[2m")
            || rest.starts_with("[31m") && !rest.starts_with("[31m\\")
            || rest.starts_with("[33m")
            || rest.starts_with("[36m")
    });
    assert!(stripped && !colored.contains('\u{9b}') && !colored.contains('\u{202e}'));
}

fn strings(value: &Value, see: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => see(text),
        Value::Array(list) => list.iter().for_each(|v| strings(v, see)),
        Value::Object(map) => map.iter().for_each(|(k, v)| {
            see(k);
            strings(v, see);
        }),
        _ => {}
    }
}

fn sarif(report: &Report) -> Value {
    serde_json::from_str(&rendered(report, "sarif")).unwrap()
}

/// Reports of all sorts: found, clean, broken, packed, nothing at all, and poisoned.
static ALL_SORTS: LazyLock<Vec<Report>> = LazyLock::new(|| {
    let mut all: Vec<Report> =
        ["evidence", "bad", "clean", "twins", "wrapped", "real", "no-such-folder"].map(scan_fixture).into();
    all.extend([full(), poisoned(), decided()]);
    let mut empty = full();
    empty.inputs.clear();
    empty.findings.clear();
    empty.set_aside.clear();
    empty.questions.clear();
    empty.rules.count = 0;
    all.push(empty);
    all
});

fn all_sorts() -> &'static [Report] {
    &ALL_SORTS
}

#[test]
fn sarif_is_as_its_schema_says() {
    let schema = std::fs::read_to_string(fixture("schemas/sarif-2.1.0.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&schema).unwrap();
    // Its pattern for languages has a bracket too many, which not every engine takes; no language is written.
    for of in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{of}/properties/language")).unwrap();
        assert!(language.as_object_mut().unwrap().remove("pattern").is_some());
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    for report in all_sorts() {
        let log = sarif(report);
        let errors: Vec<String> = validator.iter_errors(&log).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let artifacts = run["artifacts"].as_array().unwrap();
        for result in run["results"].as_array().unwrap() {
            assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
            let places = result["locations"].as_array().into_iter().chain(result["relatedLocations"].as_array());
            for place in places.flatten() {
                let at = &place["physicalLocation"];
                let artifact = &artifacts[at["artifactLocation"]["index"].as_u64().unwrap() as usize];
                assert_eq!(artifact["location"]["uri"], at["artifactLocation"]["uri"]);
                let number = |key: &str| at["region"][key].as_u64().unwrap_or(u64::MAX);
                assert!((number("startLine"), number("startColumn")) <= (number("endLine"), number("endColumn")));
            }
        }
        strings(&log, &mut |text| assert!(!text.chars().any(|c| acts(c) && c != '\n'), "{text:?}"));
        let complete = run["invocations"][0]["executionSuccessful"].as_bool().unwrap();
        assert_eq!(complete, !report.incomplete(), "no results are no all-clear");
        if report.incomplete() {
            assert_ne!(run["invocations"][0]["toolExecutionNotifications"], json!([]));
        }
    }
    assert!(!validator.is_valid(&json!({"version": "2.1.0", "runs": [{"tool": {}}]})), "the schema lets anything pass");
}

#[test]
fn the_gitlab_report_is_as_gitlab_describes_it() {
    let point = json!({"type": "object", "required": ["line", "column"], "additionalProperties": false,
        "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}}});
    let schema = json!({"type": "array", "items": {"type": "object", "additionalProperties": false,
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1}, "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {"type": "object", "required": ["path", "lines"], "additionalProperties": false, "properties": {
                "path": {"type": "string", "minLength": 1, "not": {"pattern": "^\\./"}},
                "lines": {"type": "object", "required": ["begin"], "properties": {
                    "begin": {"type": "integer", "minimum": 1}, "end": {"type": "integer", "minimum": 1}}},
                "positions": {"type": "object", "required": ["begin", "end"], "properties": {"begin": point, "end": point}}}}}}});
    let validator = jsonschema::validator_for(&schema).unwrap();
    for report in all_sorts() {
        let issues: Value = serde_json::from_str(&rendered(report, "gitlab")).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&issues).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
        strings(&issues, &mut |text| assert!(!text.chars().any(acts), "{text:?}"));
        let issues = issues.as_array().unwrap();
        let mut prints: Vec<&str> = issues.iter().map(|i| i["fingerprint"].as_str().unwrap()).collect();
        prints.sort_unstable();
        prints.dedup();
        assert_eq!(prints.len(), issues.len(), "GitLab shows one of several with the same fingerprint");
        assert_eq!(
            issues.is_empty(),
            report.findings.is_empty()
                && report.exit_status() == 0
                && !report.incomplete()
                && report.inputs.iter().all(|i| !i.inconclusive)
                && report.questions.iter().all(|q| q.arose.is_none())
        );
    }
}

#[test]
fn csv_has_a_row_for_everything_and_no_formula() {
    for report in all_sorts() {
        let text = rendered(report, "csv");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let width = reader.headers().unwrap().len();
        let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.unwrap()).collect();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let heads = reader.headers().unwrap().clone();
        let count = |sort: &str| rows.iter().filter(|r| &r[0] == sort).count();
        assert_eq!(count("input"), report.inputs.len());
        assert_eq!(count("finding"), report.findings.len());
        assert_eq!(count("set aside"), report.set_aside.len());
        assert_eq!(count("question"), report.questions.iter().filter(|q| q.arose.is_some()).count());
        assert_eq!(count("summary"), 1);
        // The buyer's table leads, and its numbers are those of the report.
        let products = count("product");
        assert!(rows.iter().take(products).all(|r| &r[0] == "product") && (products == 0) == report.inputs.is_empty());
        let sum = |column: &str| -> usize {
            let at = heads.iter().position(|h| h == column).unwrap();
            rows.iter().take(products).map(|r| r[at].parse::<usize>().unwrap()).sum()
        };
        assert_eq!(
            (sum("inputs"), sum("findings"), sum("questions")),
            (report.inputs.len(), report.findings.len(), report.questions.len())
        );
        for row in &rows {
            assert_eq!(row.len(), width);
            for cell in row {
                assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell}");
                assert!(cell.chars().count() < 32_767, "a spreadsheet cuts it");
            }
        }
    }
}

/// What of a page is no code.
fn prose(page: &str) -> String {
    let mut out = String::new();
    for line in page.lines() {
        let mut rest = line.to_owned();
        while let Some(start) = rest.find("<code>") {
            let end = rest[start..].find("</code>").unwrap() + start + "</code>".len();
            rest.replace_range(start..end, "");
        }
        // A backslash before a backtick makes it none.
        let rest = rest.replace("\\`", "");
        out.extend(rest.split('`').step_by(2));
        out.push('\n');
    }
    out
}

#[test]
fn markdown_fits_a_comment_and_mentions_nobody() {
    for report in all_sorts() {
        let page = rendered(report, "markdown");
        assert!(page.len() <= 65_536, "{}", page.len());
        let prose = prose(&page);
        assert!(!prose.contains('@'), "{prose}");
        for (at, _) in prose.match_indices('<') {
            let known =
                ["<details>", "<summary>", "</summary>", "</details>", "<sub>", "</sub>", "<https://", "<http://"];
            let ours = known.iter().any(|k| prose[at..].starts_with(k));
            assert!(ours || prose[..at].ends_with('\\'), "{}", &prose[at.saturating_sub(80)..at + 20]);
        }
        for (at, _) in prose.match_indices("[a") {
            assert!(prose[..at].ends_with('\\'), "a link");
        }
        // Every row of the table has its six cells, whatever stands in them.
        for row in page.lines().filter(|l| l.starts_with("| ")) {
            assert_eq!(row.replace("\\|", "").matches('|').count(), 7, "{row}");
        }
    }
}

#[test]
fn what_does_not_fit_is_told() {
    let mut report = full();
    report.findings = vec![report.findings[0].clone(); 6_000];
    report.findings.iter_mut().enumerate().for_each(|(n, finding)| finding.id = format!("{n:016x}"));
    report.findings[5_999].level = Level::Prohibited;
    report.findings[..5_999].iter_mut().for_each(|f| f.level = Level::Advisory);
    let page = rendered(&report, "markdown");
    assert!(page.len() <= 65_536 && page.contains("more findings are left out"), "{}", page.len());
    assert!(page.contains("176f"), "the highest level stays");
    let log = sarif(&report);
    let run = &log["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), 5_000);
    assert_eq!(run["results"][0]["partialFingerprints"]["unlabelFinding/v1"], "000000000000176f");
    // The question on the engine without a maker goes with the rest.
    assert_eq!(run["properties"]["leftOut"], 1_001);
    let told = run["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(told.contains("1001 results were left out"), "{told}");
    let commands = rendered(&report, "github");
    assert!(commands.lines().next().unwrap().contains("GitHub shows 10 annotations of a kind"), "{commands:.300}");
    assert!(commands.lines().nth(1).unwrap().starts_with("::error "));
}

/// A part of a line by UTF-16 columns, as an editor marks it.
fn marked(text: &str, line: u64, from: u64, to: u64) -> String {
    let line = text.split('\n').nth(line as usize - 1).unwrap().trim_end_matches('\r');
    let units: Vec<u16> = line.encode_utf16().collect();
    String::from_utf16(&units[from as usize - 1..to as usize - 1]).unwrap()
}

/// One fact in each syntax, behind letters of two, three and four bytes on the same line.
const SYNTAXES: [(&str, &str, &str); 5] = [
    (
        "sbom.json",
        "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\",\r\n \"components\": [\r\n{\"name\": \"ä€🦀🦀 sdk\", \"supplier\": {\"name\": \"Kaspersky Lab\"}}]}",
        "\"Kaspersky Lab\"",
    ),
    (
        "sbom.xml",
        "<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components>\n<component type=\"library\"><supplier><name>Kaspersky Lab</name></supplier><name>ä€🦀 sdk</name><publisher>🦀ä Kaspersky Lab</publisher></component></components></bom>",
        "Kaspersky Lab",
    ),
    (
        "sbom.yaml",
        "SPDXID: SPDXRef-DOCUMENT\nspdxVersion: SPDX-2.3\nname: x\npackages:\n- {name: \"ä€🦀 sdk\", SPDXID: SPDXRef-a, supplier: \"Organization: Kaspersky Lab\"}\n",
        "\"Organization: Kaspersky Lab\"",
    ),
    (
        "sbom.spdx",
        "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: x\n\nPackageName: sdk\nSPDXID: SPDXRef-a\nPackageSupplier: Organization: Kaspersky Lab\n",
        "Organization: Kaspersky Lab",
    ),
    (
        "bom-mark.json",
        "\u{FEFF}{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"components\": [{\"name\": \"🦀\", \"supplier\": {\"name\": \"Kaspersky Lab\"}}]}",
        "\"Kaspersky Lab\"",
    ),
];

#[test]
fn every_form_names_the_place_an_editor_names() {
    for (name, text, value) in SYNTAXES {
        let report = scan_bytes(name, text.as_bytes(), &RULES, &options());
        let (line, column) = editor_position(text.as_bytes(), text.find(value).unwrap());
        let log = sarif(&report);
        assert_eq!(log["runs"][0]["columnKind"], "utf16CodeUnits");
        let region = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
        let number = |key: &str| region[key].as_u64().unwrap();
        assert_eq!((number("startLine"), number("endLine")), (line, line), "{name}");
        let plain = text.trim_start_matches('\u{FEFF}');
        let meant = marked(plain, line, number("startColumn"), number("endColumn"));
        assert_eq!(meant, value, "{name}");
        // The annotation marks the same.
        let commands = rendered(&report, "github");
        let place = format!(
            "file={name},line={line},endLine={line},col={},endColumn={},",
            number("startColumn"),
            number("endColumn")
        );
        assert!(commands.contains(&place), "{name}: {place}\n{commands}");
        let issues: Value = serde_json::from_str(&rendered(&report, "gitlab")).unwrap();
        assert_eq!(issues[0]["location"]["positions"]["begin"], json!({"line": line, "column": number("startColumn")}));
        // The text names code points, and underlines what is meant.
        let shown = rendered(&report, "text");
        assert!(shown.contains(&format!("{name}:{line}:{column}")), "{name}: {shown}");
        let mut lines = shown.lines();
        let gutter = format!("{line} | ");
        let source = lines.find(|l| l.trim_start().starts_with(&gutter)).unwrap_or_else(|| panic!("{name}: {shown}"));
        let under = lines.next().unwrap();
        let at = textwrap_width(&under[..under.find('^').unwrap()]);
        let end = at + under.matches('^').count();
        assert_eq!(by_columns(source, at, end), value, "{name}\n{source}\n{under}");
    }
}

fn width(c: char) -> usize {
    if c as u32 >= 0x1F000 { 2 } else { 1 }
}

fn textwrap_width(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// What stands between two columns of a terminal.
fn by_columns(text: &str, from: usize, to: usize) -> String {
    let mut column = 0;
    text.chars()
        .filter(|c| {
            let inside = column >= from && column < to;
            column += width(*c);
            inside
        })
        .collect()
}

#[test]
fn a_place_in_an_archive_is_the_archive_and_the_path_inside() {
    let (_, text, value) = SYNTAXES[0];
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("delivery ä.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&archive).unwrap());
    zip.start_file("app/sbom.json", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(text.as_bytes()).unwrap();
    zip.finish().unwrap();
    let report = scan(&collect(std::slice::from_ref(&archive)), &RULES, &options());
    let (line, column) = editor_position(text.as_bytes(), text.find(value).unwrap());
    let outer = archive.to_string_lossy();
    assert_eq!(report.inputs[0].file.as_deref(), Some(&*outer));
    assert_eq!(report.inputs[0].inside.as_deref(), Some("app/sbom.json"));
    let log = sarif(&report);
    let run = &log["runs"][0];
    let result = &run["results"][0];
    let host = &result["locations"][0]["physicalLocation"];
    assert!(host["artifactLocation"]["uri"].as_str().unwrap().ends_with("/delivery%20%C3%A4.zip"), "{host}");
    assert_eq!(host["region"], json!({"startLine": 1}), "the archive has no such line");
    let inner = &result["relatedLocations"][1]["physicalLocation"];
    assert_eq!(inner["artifactLocation"]["uri"], "app/sbom.json");
    assert_eq!(inner["region"]["startLine"], line);
    let artifact = &run["artifacts"][inner["artifactLocation"]["index"].as_u64().unwrap() as usize];
    assert_eq!(artifact["parentIndex"], host["artifactLocation"]["index"]);
    assert_eq!(artifact["hashes"]["sha-256"], report.inputs[0].sha256.as_deref().unwrap());
    let place = format!("line {line}, column {column} of app/sbom.json inside {outer}");
    assert!(result["message"]["text"].as_str().unwrap().contains(&place), "{result}");
    let commands = rendered(&report, "github");
    let command = commands.lines().nth(1).unwrap();
    assert!(command.contains(&place) && !command.contains(",line="), "{command}");
    assert!(rendered(&report, "text").contains(&format!("!app/sbom.json:{line}:{column}")));
    // One that stands in a text as it is has the lines of that text.
    let wrapped = format!("{{\"x\": 1,\n\"sbom\": {text}}}");
    let report = scan_bytes("wrapper.json", wrapped.as_bytes(), &RULES, &options());
    assert_eq!(report.inputs[0].inside, None);
    let (line, _) = editor_position(wrapped.as_bytes(), wrapped.find(value).unwrap());
    let region = &sarif(&report)["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(
        (&region["artifactLocation"]["uri"], &region["region"]["startLine"]),
        (&json!("wrapper.json"), &json!(line))
    );
    let lines = "\n".to_owned() + &text.replace("\r\n", " ");
    let report = scan_bytes("all.jsonl", format!("{{\"a\":1}}{lines}{lines}\n").as_bytes(), &RULES, &options());
    let places = sarif(&report);
    let second = &places["runs"][0]["results"][1]["locations"][0]["physicalLocation"];
    assert_eq!((&second["artifactLocation"]["uri"], &second["region"]["startLine"]), (&json!("all.jsonl"), &json!(3)));
}

#[test]
fn a_report_that_is_read_back_gives_the_same_bytes_in_every_form() {
    for report in all_sorts() {
        let back = file::read(rendered(report, "json").as_bytes()).unwrap();
        for form in RENDERERS {
            assert!(rendered(report, form.id) == rendered(&back, form.id), "{}", form.id);
        }
        assert_eq!(back.exit_status(), report.exit_status());
    }
}

/// What shows a finding of [`full`] in a form: a statement that is signed names no component.
fn named(form: &str) -> &'static str {
    if form == "in-toto" { "finding " } else { "av-sdk" }
}

/// What a later version adds is passed over, and what an earlier one did not have is done without.
#[test]
fn reports_of_other_versions_are_read() {
    let mut value = json(&full());
    fn change(value: &mut Value) {
        match value {
            Value::Object(map) => {
                for key in
                    ["end_line", "end_column", "excerpt", "rule_title", "class_title", "path_names", "since_words"]
                {
                    if key.starts_with("end") && !map.contains_key("kind") {
                        continue;
                    }
                    map.remove(key);
                }
                map.values_mut().for_each(change);
                map.insert("later".to_owned(), json!({"waived_by": ["x"]}));
            }
            Value::Array(list) => list.iter_mut().for_each(change),
            _ => {}
        }
    }
    change(&mut value);
    value["findings"][0]["waiver"] = json!({"reason": "later"});
    value["summary"]["waived"] = 1.into();
    value["findings"][0]["evidence"][0]["kind"] = "later-kind".into();
    let report = file::read(value.to_string().as_bytes()).unwrap();
    assert_eq!(report.findings.len(), full().findings.len());
    for form in RENDERERS {
        assert!(rendered(&report, form.id).contains(named(form.id)), "{}", form.id);
    }
}

#[test]
fn what_is_no_report_is_told_with_its_place() {
    let good = rendered(&full(), "json");
    let fault = |text: &str| file::read(text.as_bytes()).unwrap_err();
    assert!(matches!(fault(""), ReportFault::Empty));
    assert!(matches!(fault(" \n"), ReportFault::Empty));
    assert!(matches!(fault("{\"bomFormat\": \"CycloneDX\"}"), ReportFault::Foreign));
    assert!(matches!(fault("[1]"), ReportFault::Foreign));
    assert!(matches!(fault("{\"schema\": \"unlabel.report/2\"}"), ReportFault::Generation { .. }));
    let cut = &good[..good.len() / 2];
    assert!(matches!(fault(cut), ReportFault::Broken { line, .. } if line.abs_diff(cut.lines().count()) <= 1));
    let wrong = good.replacen("\"prohibited\"", "\"guilty\"", 3);
    assert!(
        matches!(fault(&wrong), ReportFault::Broken { line, column, message } if line > 1 && column > 1 && message.contains("guilty"))
    );
    assert!(matches!(
        fault(&good.replacen("\"line\": ", "\"line\": 0", 1).replacen("\"line\": 0", "\"line\": -", 1)),
        ReportFault::Broken { .. }
    ));
    // One that lost its findings must not look like one that found nothing.
    let mut value = json(&full());
    value["findings"] = json!([]);
    assert!(matches!(fault(&value.to_string()), ReportFault::Odd { pointer, .. } if pointer == "/summary/findings"));
    let mut value = json(&full());
    value["findings"][0]["input"] = 7.into();
    assert!(matches!(fault(&value.to_string()), ReportFault::Odd { pointer, .. } if pointer == "/findings/0/input"));
    assert!(file::read(format!("\u{FEFF}{good}").as_bytes()).is_ok());
    assert!(matches!(fault(&"[".repeat(100_000)), ReportFault::Broken { .. } | ReportFault::Foreign));
}

/// A report that is read back may hold any number.
#[test]
fn numbers_beyond_reason_are_survived() {
    fn grow(value: &mut Value, key: &str) {
        match value {
            Value::Number(number) if !["input", "exit_status"].contains(&key) => *number = u64::MAX.into(),
            Value::Array(list) => list.iter_mut().for_each(|v| grow(v, key)),
            Value::Object(map) => map.iter_mut().for_each(|(key, v)| grow(v, key)),
            _ => {}
        }
    }
    let mut value = json(&full());
    let summary = value["summary"].clone();
    grow(&mut value, "");
    value["summary"] = summary;
    value["summary"]["skipped"] = u64::MAX.into();
    let long = "\u{1b}".repeat(1 << 20);
    value["findings"][0]["evidence"][0]["excerpt"] =
        json!({"text": long, "before": 1 << 19, "cut_before": true, "cut_after": true});
    let report = file::read(value.to_string().as_bytes()).unwrap();
    let start = std::time::Instant::now();
    for form in RENDERERS {
        assert!(rendered(&report, form.id).contains(named(form.id)), "{}", form.id);
    }
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

#[test]
fn many_inputs_begin_with_the_table_of_suppliers() {
    let folder = tempfile::tempdir().unwrap();
    for (number, supplier) in ["Alpha Ltd", "Beta | Söhne", "", "Alpha Ltd"].iter().enumerate() {
        let maker = if number == 1 { "Kaspersky" } else { "Example Ltd" };
        let supplier = if supplier.is_empty() { Value::Null } else { json!({"name": supplier}) };
        let sbom = json!({"bomFormat": "CycloneDX", "specVersion": "1.6",
            "metadata": {"component": {"name": format!("product-{number}"), "version": "1", "supplier": supplier}},
            "components": [{"name": "engine", "supplier": {"name": maker}}, {"name": "b", "purl": "pkg:npm/b@1"}]});
        std::fs::write(folder.path().join(format!("{number}.json")), sbom.to_string()).unwrap();
    }
    std::fs::write(folder.path().join("bom.json"), "").unwrap();
    let thin = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"name": "x"}]}"#;
    std::fs::write(folder.path().join("thin.json"), thin).unwrap();
    let report = scan(&collect(&[folder.path().to_owned()]), &RULES, &options());
    let text = rendered(&report, "text");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("LEVEL") && lines[0].contains("SUPPLIER") && lines[0].contains("QUESTIONS"), "{text}");
    assert!(lines[1].contains("Beta | Söhne") && lines[1].contains("product-1 1"), "the highest level first: {text}");
    assert!(lines[2].starts_with("unread") && lines[2].contains("bom.json"), "what was not read comes next: {text}");
    assert!(lines[..6].iter().any(|l| l.contains("(not stated)")), "{text}");
    assert!(lines[..7].iter().any(|l| l.starts_with("inconclusive ") && l.contains("thin.json")), "{text}");
    let page = rendered(&report, "markdown");
    let table: Vec<&str> = page.lines().filter(|l| l.starts_with("| ")).collect();
    assert_eq!(table.len(), 7, "{page}");
    assert!(table[1].contains("<code>Beta &#124; Söhne</code>") && table[1].contains("product-1"), "{page}");
    assert!(page.contains("### No all-clear"), "{page}");
}

#[test]
fn every_form_has_the_same_bytes_whatever_the_threads() {
    let inputs = collect(&[fixture("evidence"), fixture("bad"), fixture("wrapped")]);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let report = pool.install(|| scan(&inputs, &RULES, &options()));
        RENDERERS.iter().map(|form| rendered(&report, form.id)).collect::<Vec<_>>()
    };
    assert!(with(1) == with(5));
}

/// The page of forms names every one of them.
#[test]
fn every_form_is_documented() {
    for page in ["docs/output.md", "README.md"] {
        let text = std::fs::read_to_string(root().join(page)).unwrap();
        for form in RENDERERS {
            assert!(text.contains(&format!("| `{}` |", form.id)), "{page}: {}", form.id);
        }
    }
}
