//! What two other readers say: `cyclonedx-bom` and `spdx-rs`. Never without the bounds of the module above: a stack
//! that overflows in them ends the process.
//!
//! `spdx-rs` writes a line to standard error before it panics on a tag or relationship it does not know.

use super::{Answer, Opinion};
use crate::model::Family;
use cyclonedx_bom::models::bom::{Bom, SpecVersion};
use cyclonedx_bom::validation::{Validate as _, ValidationErrorsKind, ValidationResult};

/// The versions, as locked for this program.
const CYCLONEDX_BOM: &str = "library cyclonedx-bom 0.8.1";
const SPDX_RS: &str = "library spdx-rs 0.5.5";

/// A library that can be asked about a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Library {
    /// `cyclonedx-bom` on JSON, or on XML of this version.
    CycloneDx(Option<SpecVersion>),
    /// `spdx-rs` on JSON.
    SpdxJson,
    /// `spdx-rs` on tag-value.
    SpdxTagValue,
}

/// The library that reads this format, where one does.
pub fn of(family: Family, serialization: &str, version: &str) -> Option<Library> {
    match serialization {
        "json" if family == Family::CycloneDx && matches!(version, "1.3" | "1.4" | "1.5") => {
            Some(Library::CycloneDx(None))
        }
        "xml" if family == Family::CycloneDx => {
            let version = match version {
                "1.3" => SpecVersion::V1_3,
                "1.4" => SpecVersion::V1_4,
                "1.5" => SpecVersion::V1_5,
                _ => return None,
            };
            Some(Library::CycloneDx(Some(version)))
        }
        "json" if family == Family::Spdx2 => Some(Library::SpdxJson),
        "tag-value" if family == Family::Spdx2 => Some(Library::SpdxTagValue),
        _ => None,
    }
}

impl Library {
    /// What its opinion is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::CycloneDx(_) => CYCLONEDX_BOM,
            Self::SpdxJson | Self::SpdxTagValue => SPDX_RS,
        }
    }

    /// What it says of a document in which we count `ours` packages. May panic.
    pub fn opinion(self, bytes: &[u8], ours: u64) -> Opinion {
        let mut opinion = Opinion::new(self.label(), false, Answer::Conforms);
        let cannot = |error: &dyn std::fmt::Display| format!("it cannot be read: {}", cut(&error.to_string()));
        match self {
            Self::CycloneDx(version) => {
                let bom = match version {
                    None => Bom::parse_from_json(bytes).map_err(|error| cannot(&error)),
                    Some(version) => Bom::parse_from_xml_with_version(bytes, version).map_err(|error| cannot(&error)),
                };
                match bom {
                    Err(why) => opinion.object(String::new(), why),
                    Ok(bom) => flat(bom.validate(), "", &mut opinion),
                }
            }
            Self::SpdxJson | Self::SpdxTagValue => {
                let text = String::from_utf8_lossy(bytes);
                let read = match self {
                    Self::SpdxJson => {
                        serde_json::from_str::<spdx_rs::models::SPDX>(&text).map_err(|error| cannot(&error))
                    }
                    _ => spdx_rs::parsers::spdx_from_tag_value(&text).map_err(|error| cannot(&error)),
                };
                match read {
                    Err(why) => opinion.object(String::new(), why),
                    Ok(read) => {
                        let theirs = read.package_information.len() as u64;
                        if theirs != ours {
                            let message = format!("it reads {theirs} packages, we read {ours}");
                            opinion.object(String::new(), message);
                        }
                    }
                }
            }
        }
        opinion
    }
}

/// Messages quote the document, which may be long.
fn cut(message: &str) -> String {
    message.chars().take(300).collect()
}

/// The tree of a validation as a list.
fn flat(result: ValidationResult, path: &str, opinion: &mut Opinion) {
    for (field, kind) in result.errors() {
        let path = if field.is_empty() { path.to_owned() } else { format!("{path}/{field}") };
        match kind {
            ValidationErrorsKind::Struct(inner) => flat(inner, &path, opinion),
            ValidationErrorsKind::List(entries) => {
                for (index, inner) in entries {
                    flat(inner, &format!("{path}/{index}"), opinion);
                }
            }
            ValidationErrorsKind::Field(errors) | ValidationErrorsKind::Custom(errors) => {
                errors.into_iter().for_each(|e| opinion.object(path.clone(), cut(&e.message)));
            }
            ValidationErrorsKind::Enum(error) => opinion.object(path, cut(&error.message)),
        }
    }
}
