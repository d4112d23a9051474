//! What GitHub takes of a SARIF file, as its documentation on code scanning says: 10 MB after gzip; 20 runs; of a run
//! 25,000 results, of which 5,000 are shown, and 25,000 rules; of a result 1,000 locations, of which 100 are shown; of a
//! rule 20 tags, of which 10 are shown.

use super::{all_sorts, full, sarif};
use crate::support::rendered;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::io::Write as _;
use unlabel::report::{Finding, Report};

fn packed(text: &str) -> usize {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap().len()
}

fn within_limits(log: &Value) {
    let runs = log["runs"].as_array().unwrap();
    assert!(runs.len() <= 20);
    for run in runs {
        assert!(run["results"].as_array().unwrap().len() <= 5_000);
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        assert!(rules.len() <= 25_000 && run["tool"]["extensions"].is_null());
        assert!(rules.iter().all(|rule| rule["properties"]["tags"].as_array().unwrap().len() <= 10));
        for result in run["results"].as_array().unwrap() {
            let count = |key: &str| result[key].as_array().map_or(0, Vec::len);
            assert!(count("locations") + count("relatedLocations") <= 100);
            assert!(result["codeFlows"].is_null());
        }
    }
}

#[test]
fn sarif_keeps_the_limits_of_github() {
    all_sorts().iter().for_each(|report| within_limits(&sarif(report)));
    // Everything at once: too many findings, each with too much evidence by a rule of its own, in too many inputs.
    let mut report = full();
    let (input, finding) = (report.inputs[0].clone(), report.findings[0].clone());
    report.inputs = vec![input; 3_000];
    report.inputs.iter_mut().enumerate().for_each(|(n, input)| input.path = format!("{n}.json"));
    let piece = &finding.evidence[0];
    let many = |n: usize| {
        let mut one: Finding = finding.clone();
        (one.id, one.input) = (format!("{n:016x}"), n % 3_000);
        one.evidence = vec![piece.clone(); if n < 3 { 1_500 } else { 1 }];
        one.evidence.iter_mut().for_each(|e| e.rule = format!("rule-{n}"));
        one.paths = (0..500).take(if n < 3 { 500 } else { 1 }).map(|s| vec![format!("p{s}"), "b".to_owned()]).collect();
        one.path_names = Vec::new();
        one
    };
    report.findings = (0..6_000).map(many).collect();
    let log = sarif(&report);
    within_limits(&log);
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 5_000);
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().len(), 5_000);
}

/// Text that does not pack: the file stays below 10 MB after gzip, and what was left out for that is told.
#[test]
fn sarif_fits_after_gzip() {
    let mut report: Report = full();
    let finding = report.findings[0].clone();
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut noise = |length: usize| -> String {
        (0..length)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[(state >> 58) as usize])
            })
            .collect()
    };
    report.findings = (0..2_000)
        .map(|n| {
            let mut one = finding.clone();
            one.id = format!("{n:016x}");
            one.assessments.truncate(2);
            for a in &mut one.assessments {
                a.questions = (0..5).map(|_| noise(900)).collect();
            }
            one
        })
        .collect();
    let text = rendered(&report, "sarif");
    assert!(packed(&text) <= 10_000_000, "{}", packed(&text));
    let log: Value = serde_json::from_str(&text).unwrap();
    within_limits(&log);
    let run = &log["runs"][0];
    let kept = run["results"].as_array().unwrap().len();
    assert!(kept > 100 && kept < 2_000, "{kept}");
    assert_eq!(run["properties"]["leftOut"].as_u64().unwrap() as usize, 2_001 - kept);
    assert!(run["invocations"][0]["toolExecutionNotifications"].to_string().contains("results were left out"));
}
