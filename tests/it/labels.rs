//! Products of others, software that only calls an engine, and engines without a maker: what is found, what is asked, and what
//! is left alone.

use crate::support::{RULES, json, options, scan_everything, scan_text};
use serde_json::Value;
use unlabel::scan::scan_bytes;

fn document(component: &str) -> String {
    format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{"type":"library",{component}}}]}}"#)
}

/// The level of the first finding, `set aside`, or `none`; and whether its vendor is asked.
fn outcome(component: &str) -> (String, bool) {
    let report = json(&scan_text(document(component).as_bytes()));
    let aside = report["set_aside"].as_array().unwrap();
    match report["findings"].get(0) {
        Some(finding) => (finding["level"].as_str().unwrap().to_owned(), !finding["open"].is_null()),
        None if aside.is_empty() => ("none".to_owned(), false),
        None => {
            // What is set aside asks nothing of anybody.
            assert_eq!((&aside[0]["level"], &aside[0]["assessments"]), (&"no-evidence".into(), &Value::Array(vec![])));
            ("set aside".to_owned(), false)
        }
    }
}

#[test]
fn labels_adapters_and_names_in_all_company() {
    let files = |names: &[&str]| {
        let all: Vec<String> = names.iter().map(|n| format!(r#"{{"location":"bin/{n}"}}"#)).collect();
        format!(r#""evidence":{{"occurrences":[{}]}}"#, all.join(","))
    };
    let engine_files = files(&["prremote.dll", "kavbase.kdl", "prkernel.ppl"]);
    let junos = |version: &str, more: &str| {
        format!(r#""name":"Junos OS","version":"{version}","supplier":{{"name":"Juniper Networks"}}{more}"#)
    };
    for (component, level, asked) in [
        // A version with the engine depends on model and license; one without is explained; engine files speak for themselves.
        (junos("12.3X48-D30", ""), "review", true),
        (junos("21.4R1", ""), "set aside", false),
        (junos("", ""), "review", true),
        (junos("21.4R1", &format!(",{engine_files}")), "likely-prohibited", false),
        (r#""name":"Junos","version":"12.1X46-D40.2","supplier":{"name":"Juniper Networks"}"#.to_owned(), "review", true),
        (r#""name":"os","cpe":"cpe:2.3:o:juniper:junos:15.1x49:d110:*:*:*:*:*:*""#.to_owned(), "set aside", false),
        // Common words count with their vendor only, and an author is no vendor.
        (r#""name":"SECURE Email Gateway","supplier":{"name":"Clearswift"}"#.to_owned(), "review", true),
        (r#""name":"SECURE Email Gateway","supplier":{"name":"Example Ltd"}"#.to_owned(), "none", false),
        (r#""name":"momentum","authors":[{"name":"Message Systems"}]"#.to_owned(), "none", false),
        // In a public registry anybody can take a name.
        (r#""name":"halon-vsp","version":"3.2.0","purl":"pkg:npm/halon-vsp@3.2.0""#.to_owned(), "none", false),
        (r#""name":"mdaemon","purl":"pkg:pypi/mdaemon@1.0""#.to_owned(), "none", false),
        // What only calls an engine is told; what is named as an engine stays one.
        (r#""name":"rspamd","purl":"pkg:deb/debian/rspamd@3.4""#.to_owned(), "advisory", false),
        (r#""name":"Kaspersky Scan Engine for rspamd""#.to_owned(), "prohibited", false),
        (r#""name":"rspamd","purl":"pkg:deb/debian/rspamd@3?vendor=AO%20Kaspersky%20Lab""#.to_owned(), "likely-prohibited", false),
        (r#""name":"MailScanner with Kaspersky Scan Engine""#.to_owned(), "review", false),
        (format!(r#""name":"amavisd-new",{}"#, files(&["prremote.dll", "kavbase.kdl"])), "likely-prohibited", false),
        (r#""name":"rspamd","supplier":{"name":"AO Kaspersky Lab"}"#.to_owned(), "likely-prohibited", false),
        // A kit stays, whatever its seller calls the part.
        (r#""name":"Kaspersky Anti-Virus SDK malware detector","supplier":{"name":"Acme"}"#.to_owned(), "review", false),
        (r#""name":"/opt/multiscan/engines/kaspersky/engine.so""#.to_owned(), "review", false),
        (r#""name":"icons/kaspersky.svg""#.to_owned(), "set aside", false),
        // Keys of properties say what stands under them.
        (r#""name":"x","properties":[{"name":"acme:scanEngine:vendor","value":"AO Kaspersky Lab"}]"#.to_owned(), "likely-prohibited", false),
        (r#""name":"x","properties":[{"name":"detects:vendor","value":"AO Kaspersky Lab"}]"#.to_owned(), "none", false),
        (r#""name":"x","properties":[{"name":"PackageIdentifier","value":"Kaspersky.KasperskyAnti-Virus"}]"#.to_owned(), "prohibited", false),
        (r#""name":"x","properties":[{"name":"codesign:Authority","value":"Developer ID Application: Kaspersky Lab UK Limited (2Y8XE5CQ94)"}]"#.to_owned(), "likely-prohibited", false),
        (r#""name":"x","properties":[{"name":"SrcFile","value":"/opt/app/kavehost"}]"#.to_owned(), "likely-prohibited", false),
        (r#""name":"x","properties":[{"name":"content","value":"com.kms.free"}]"#.to_owned(), "none", false),
        (r#""name":"kesl-12.1.0-1508.x86_64.rpm""#.to_owned(), "likely-prohibited", false),
    ] {
        assert_eq!(outcome(&component), (level.to_owned(), asked), "{component}");
        // Whatever the first pass flags, the report is the same.
        let text = document(&component);
        let (quick, full) = (scan_text(text.as_bytes()), scan_everything(text.as_bytes()));
        assert_eq!(json(&quick), json(&full), "{component}");
    }
}

/// A value may be as long as it likes: what stands at its start is seen.
#[test]
fn long_values_hide_nothing() {
    let padding = "a".repeat(9_000);
    for component in [
        format!(r#""name":"x","externalReferences":[{{"type":"distribution","url":"https://avp.ru/{padding}"}}]"#),
        format!(r#""name":"x","purl":"pkg:generic/x@1?download_url=https://avp.ru/{padding}""#),
        format!(
            r#""name":"x","purl":"pkg:generic/x@1?checksum={padding}&download_url=https://products.s.kaspersky-labs.com/""#
        ),
        format!(r#""name":"x","copyright":"{} Copyright AO Kaspersky Lab""#, "word ".repeat(4_000)),
    ] {
        let text = document(&component);
        let (quick, full) = (json(&scan_text(text.as_bytes())), json(&scan_everything(text.as_bytes())));
        assert_eq!(quick, full, "{}", &component[..60]);
        assert_eq!(full["findings"].as_array().unwrap().len(), 1, "{}", &component[..60]);
    }
}

/// An engine of which nobody says who made it is a question with a place, never a finding, and names nobody.
#[test]
fn engines_without_a_maker_are_asked_about() {
    let ask = |component: &str| {
        let report = json(&scan_text(document(component).as_bytes()));
        assert_eq!(report["findings"].as_array().unwrap().len(), 0, "{component}");
        assert_eq!(report["summary"]["exit_status"], 0, "{component}");
        report["questions"].clone()
    };
    let asked = ask(r#""name":"gateway-antivirus-engine","version":"4.2""#);
    assert_eq!(asked[0]["arose"]["found"], "gateway-antivirus-engine");
    assert_eq!((&asked[0]["arose"]["line"], &asked[0]["arose"]["column"]), (&1.into(), &85.into()));
    assert!(!asked.to_string().to_lowercase().contains("kaspersky"), "{asked}");
    for silent in [
        r#""name":"gateway-antivirus-engine","supplier":{"name":"Example Engines Inc."}"#,
        r#""name":"clamav-antivirus-engine""#,
        r#""name":"antivirus-engine","purl":"pkg:npm/antivirus-engine@1.0.0""#,
        r#""name":"icap-client","description":"Sends uploads to any anti-virus engine.""#,
    ] {
        assert_eq!(ask(silent), Value::Array(vec![]), "{silent}");
    }
    // Who makes the whole product and names itself for all its parts has not said who made the engine.
    let whole = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"type":"firmware","name":"gw","supplier":{"name":"Acme"}}},
        "components":[{"type":"library","name":"Acme Antivirus Engine","supplier":{"name":"Acme"}}]}"#;
    assert_eq!(json(&scan_text(whole.as_bytes()))["summary"]["questions"], 1);
}

/// What nobody stated is asked, and what somebody stated counts.
#[test]
fn market_role_and_facts_decide() {
    let text = document(r#""name":"Kaspersky Anti-Virus SDK","supplier":{"name":"AO Kaspersky Lab"}"#);
    let level = |change: &dyn Fn(&mut unlabel::regimes::Context)| {
        let mut options = options();
        change(&mut options.context);
        let report = json(&scan_bytes("x", text.as_bytes(), &RULES, &options));
        let questions = report["findings"][0]["assessments"][0]["questions"].to_string();
        (report["findings"][0]["level"].as_str().unwrap().to_owned(), questions)
    };
    let (abroad, questions) = level(&|c| c.markets = vec!["de".to_owned()]);
    assert_eq!(abroad, "review");
    assert!(questions.contains("US person"), "{questions}");
    let facts = |fact: &'static str| {
        move |c: &mut unlabel::regimes::Context| {
            c.markets = vec!["de".to_owned()];
            c.facts.insert(fact.to_owned());
        }
    };
    assert_eq!(level(&facts("us-person")).0, "prohibited");
    assert_eq!(level(&facts("not-us-person")).0, "advisory");
    assert_eq!(level(&|c| c.regimes = vec!["us-far-52-204-23".to_owned()]).0, "review");
    assert_eq!(
        level(&|c| {
            c.role = "federal-agency".to_owned();
            c.markets = vec!["de".to_owned()];
        })
        .0,
        "prohibited"
    );
    // A state counts as its country too, and a country asks about its states.
    let state = |c: &mut unlabel::regimes::Context| {
        c.role = "state-agency".to_owned();
        c.markets = vec!["us-tx".to_owned()];
    };
    assert_eq!(level(&state).0, "review", "whether a part counts there is not clear");
}
