//! The official JSON Schemas, which ship with the program (`schemas/README.md`), and nothing fetched.

use super::{Answer, Opinion};
use crate::model::Family;
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{Registry, Retrieve, ValidationError, Validator};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::{Arc, Mutex, PoisonError};

/// Each schema's file name and its compressed text.
const PACKED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/schemas.rs"));

/// What schemas of CycloneDX refer to.
const SHARED: &[&str] = &["spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json"];

/// The schemas for a format, by file name.
pub fn names(family: Family, serialization: &str, version: &str) -> &'static [&'static str] {
    let of = |asked: Family, known: &str| family == asked && version == known;
    match serialization {
        "json" if of(Family::CycloneDx, "1.2") => &["bom-1.2.schema.json", "bom-1.2-strict.schema.json"],
        "json" if of(Family::CycloneDx, "1.3") => &["bom-1.3.schema.json", "bom-1.3-strict.schema.json"],
        "json" if of(Family::CycloneDx, "1.4") => &["bom-1.4.schema.json"],
        "json" if of(Family::CycloneDx, "1.5") => &["bom-1.5.schema.json"],
        "json" if of(Family::CycloneDx, "1.6") => &["bom-1.6.schema.json"],
        "json" if of(Family::CycloneDx, "1.7") => &["bom-1.7.schema.json"],
        "json" if of(Family::Spdx2, "2.2") => &["spdx-2.2.schema.json"],
        "json" if of(Family::Spdx2, "2.3") => &["spdx-2.3.schema.json"],
        "json-ld" if of(Family::Spdx3, "3.0.1") => &["spdx-3.0.1.schema.json"],
        _ => &[],
    }
}

/// What the opinion of a schema is called.
pub fn label(name: &str) -> String {
    let version = name.trim_end_matches(".schema.json").trim_start_matches("bom-").trim_start_matches("spdx-");
    let format = if name.starts_with("bom-") { "CycloneDX" } else { "SPDX" };
    format!("JSON Schema of {format} {version}")
}

/// Schemas that are ready, by file name, made when they are first asked. One that could not be made ready says why.
type Ready = BTreeMap<&'static str, Arc<Result<Validator, String>>>;

static READY: Mutex<Ready> = Mutex::new(BTreeMap::new());

/// What the schema of this name says of a document.
pub fn opinion(name: &'static str, bytes: &[u8]) -> Opinion {
    let label = label(name);
    let ready = {
        let mut all = READY.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(name).or_insert_with(|| Arc::new(ready(name))).clone()
    };
    let validator = match ready.as_ref() {
        Ok(validator) => validator,
        Err(why) => return Opinion { why: Some(why.clone()), ..Opinion::new(&label, true, Answer::GaveUp) },
    };
    let mut opinion = Opinion::new(&label, true, Answer::Conforms);
    match serde_json::from_slice::<Value>(bytes) {
        Err(error) => opinion.object(String::new(), format!("it is no JSON: {error}")),
        Ok(document) => {
            for error in validator.iter_errors(&document) {
                let error = closest(&error, 0);
                // Without the value itself, which may be long and is nobody's word but the document's.
                let message: String = error.masked().to_string().chars().take(300).collect();
                opinion.object(error.instance_path().to_string(), message);
                if opinion.enough() {
                    break;
                }
            }
        }
    }
    opinion
}

/// Of an error that is only "none of these fits" the one that says why not, where one alternative is meant.
fn closest<'e>(error: &'e ValidationError<'e>, depth: u32) -> &'e ValidationError<'e> {
    let (Kind::AnyOf { context } | Kind::OneOfNotValid { context }) = error.kind() else { return error };
    if depth > 8 {
        return error;
    }
    // An alternative of another type was not meant.
    let other = |e: &ValidationError<'_>| {
        let of_type = e.instance_path().as_str().rsplit('/').next() == Some("type");
        matches!(e.kind(), Kind::Type { .. })
            || (of_type && !matches!(e.kind(), Kind::Required { .. } | Kind::UnevaluatedProperties { .. }))
    };
    let mut meant = context.iter().filter(|branch| !branch.iter().any(other));
    match (meant.next().and_then(|branch| branch.first()), meant.next()) {
        (Some(only), None) => closest(only, depth + 1),
        _ => error,
    }
}

/// Whatever is asked for is not there: a schema that is not shipped is not used.
struct Nothing;

impl Retrieve for Nothing {
    fn retrieve(&self, uri: &jsonschema::Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        Err(format!("{uri} is not shipped, and nothing is fetched").into())
    }
}

fn unpack(name: &str) -> Result<Value, String> {
    let (_, packed) = PACKED.iter().find(|(n, _)| *n == name).ok_or_else(|| format!("{name} is not shipped"))?;
    let mut text = Vec::new();
    flate2::read::ZlibDecoder::new(*packed).read_to_end(&mut text).map_err(|e| e.to_string())?;
    serde_json::from_slice(&text).map_err(|e| e.to_string())
}

fn ready(name: &'static str) -> Result<Validator, String> {
    let schema = unpack(name)?;
    let failed = |error: &dyn std::fmt::Display| format!("the schema cannot be used: {error}");
    let mut registry = Registry::new().retriever(Nothing);
    if name.starts_with("bom-") {
        for shared in SHARED {
            let resource = unpack(shared)?;
            registry = registry
                .add(format!("http://cyclonedx.org/schema/{shared}"), resource)
                .map_err(|error| failed(&error))?;
        }
    }
    let registry = registry.prepare().map_err(|error| failed(&error))?;
    jsonschema::options()
        .with_registry(&registry)
        .with_retriever(Nothing)
        .build(&schema)
        .map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_that_ships_can_be_used() {
        let mut documents = 0;
        for (name, _) in PACKED {
            if !SHARED.contains(name) {
                ready(name).unwrap_or_else(|why| panic!("{name}: {why}"));
                documents += 1;
            }
        }
        assert_eq!(documents, 11);
        assert_eq!(label("bom-1.3-strict.schema.json"), "JSON Schema of CycloneDX 1.3-strict");
        assert_eq!(label("spdx-3.0.1.schema.json"), "JSON Schema of SPDX 3.0.1");
    }
}
