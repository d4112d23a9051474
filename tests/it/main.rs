//! All integration tests in one program. Every one runs offline and from `fixtures/` alone; where `UNLABEL_CORPUS` names
//! a folder of further documents, the reading tests take those in as well.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it does not expect should stop there"
)]

mod annotated;
mod cli;
// The pages tell of a build with the usual features.
#[cfg(all(feature = "bom", feature = "strict", not(feature = "parquet")))]
mod command_documents;
mod compare;
mod counts;
mod decisions;
mod detection;
mod documents;
mod envelopes;
mod facts;
mod fixtures;
mod forms;
mod fuzz;
mod hostile;
mod html;
mod inspect;
mod labels;
mod layers;
mod leaps;
mod letters;
mod library;
mod lines;
mod linked_data;
mod manners;
mod merge;
mod objects;
#[cfg(feature = "strict")]
mod oracles;
mod outputs;
#[cfg(unix)]
mod pages;
#[cfg(feature = "parquet")]
mod parquet;
mod pipelines;
mod places;
mod protobuf;
mod rdf;
mod rdf_hostile;
mod rdf_oracle;
mod reading;
mod regimes;
mod report;
mod rules;
mod spelling;
mod support;
mod unpack;
mod xml;
