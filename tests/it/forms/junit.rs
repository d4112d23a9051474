//! JUnit XML: by its schema, and by what build servers make of it.

use super::{acts, all_sorts};
use crate::support::{fixture, rendered};
use xsd_schema::validation::{CollectingValidationSink, SchemaValidator, ValidationFlags, drive_quick_xml};
use xsd_schema::{SchemaSet, SchemaSetBuilder};

/// The schema of the Jenkins xUnit plug-in.
fn schema() -> SchemaSet {
    let text = std::fs::read_to_string(fixture("schemas/junit-10.xsd")).unwrap();
    SchemaSetBuilder::new().add_source(&text, "junit-10.xsd").unwrap().compile().unwrap().into_schema_set()
}

/// What the schema has against a document; one that is not well-formed stops the test.
fn objections(schema: &SchemaSet, text: &str) -> Vec<String> {
    let validator = SchemaValidator::new(schema, ValidationFlags::default());
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    let sink = CollectingValidationSink { errors: &mut errors, warnings: &mut warnings };
    let mut run = validator.start_run(sink);
    let end = drive_quick_xml(text.as_bytes(), &mut run, schema).map(|_| ()).map_err(|e| e.to_string());
    drop(run);
    assert_eq!(end, Ok(()), "not well-formed");
    errors.iter().map(|e| e.to_string()).collect()
}

#[test]
fn junit_is_as_its_schema_says() {
    let schema = schema();
    for report in all_sorts() {
        let objections = objections(&schema, &rendered(report, "junit"));
        assert!(objections.is_empty(), "{}", objections.join("\n"));
    }
}

/// A validator that lets everything pass would prove nothing.
#[test]
fn the_schema_of_junit_objects() {
    let (schema, good) = (schema(), rendered(&all_sorts()[0], "junit"));
    for (from, to) in [
        ("<testsuites name=", "<testsuites title="),
        ("<testsuite name=", "<testsuite title="),
        (" tests=\"", " total=\""),
        ("<testcase classname=", "<testcase clazz="),
        ("<failure message=", "<failure time=\"1\" message="),
        ("</testcase>", "<why/></testcase>"),
        ("</testsuites>", "<testcase name=\"x\"/></testsuites>"),
    ] {
        assert!(good.contains(from), "{from}");
        assert!(!objections(&schema, &good.replace(from, to)).is_empty(), "{to} passes");
    }
}

/// The elements and attributes that the common JUnit schema (that of the Jenkins xUnit plug-in) knows.
#[test]
fn junit_is_well_formed_and_has_the_shape_build_servers_read() {
    use quick_xml::events::Event;
    for report in all_sorts() {
        let text = rendered(report, "junit");
        let mut reader = quick_xml::Reader::from_str(&text);
        let (mut open, mut failures, mut errors, mut suites) = (Vec::<String>::new(), 0u64, 0u64, 0);
        let (mut stated_failures, mut stated_errors) = (0, 0);
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => break,
                Event::Start(start) => {
                    let name = start.name().as_ref().to_owned();
                    let attributes: Vec<(String, String)> = start
                        .attributes()
                        .map(|a| a.unwrap())
                        .map(|a| {
                            (
                                a.key.as_ref().to_owned(),
                                a.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned(),
                            )
                        })
                        .collect();
                    let of = |key: &str| attributes.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
                    let (parent, known): (&str, &[&str]) = match name.as_str() {
                        "testsuites" => ("", &["name", "tests", "failures", "errors"]),
                        "testsuite" => ("testsuites", &["name", "tests", "failures", "errors", "skipped"]),
                        "testcase" => ("testsuite", &["name", "classname"]),
                        "failure" | "error" => ("testcase", &["message", "type"]),
                        "skipped" => ("testcase", &["message"]),
                        "system-out" => ("testcase", &[]),
                        other => panic!("{other} is no element of JUnit"),
                    };
                    assert_eq!(open.last().map_or("", String::as_str), parent, "{name}");
                    assert!(attributes.iter().all(|(k, _)| known.contains(&k.as_str())), "{attributes:?}");
                    assert!(known.iter().all(|k| of(k).is_some()), "{name} lacks one of {known:?}");
                    for (_, value) in &attributes {
                        assert!(!value.chars().any(acts), "{value:?}");
                    }
                    failures += u64::from(name == "failure");
                    errors += u64::from(name == "error");
                    suites += u64::from(name == "testsuite");
                    if name == "testsuites" {
                        stated_failures = of("failures").unwrap().parse().unwrap();
                        stated_errors = of("errors").unwrap().parse().unwrap();
                    }
                    open.push(name);
                }
                Event::End(_) => drop(open.pop()),
                Event::Text(text) => {
                    assert!(!text.xml_content(quick_xml::XmlVersion::Implicit1_0).chars().any(|c| acts(c) && c != '\n'))
                }
                Event::Decl(_) | Event::GeneralRef(_) => {}
                other => panic!("{other:?}"),
            }
        }
        assert!(open.is_empty() && suites >= report.inputs.len() as u64);
        assert_eq!((failures, errors), (stated_failures, stated_errors));
        let counts = |f: &&unlabel::report::Finding| f.counts() && f.level >= report.context.fail_on;
        let reached = report.findings.iter().filter(counts).count() as u64;
        assert_eq!(failures, reached);
        // A view without failure and error means exit status 0.
        assert_eq!(failures + errors == 0, report.exit_status() == 0);
    }
}
