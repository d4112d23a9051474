//! Archives, compression and envelopes: broken ones, and whole ones around anything.

use super::scans::{RULES, rendered, survived};
use base64::Engine as _;
use serde_json::Value;
use std::io::{Cursor, Write};
use unlabel::report::Report;
use unlabel::source::unpack::is_packed;

/// The first byte says what the rest is put into; 0 leaves it as it is.
pub fn check(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let (kind, tight) = (first & 0x7F, first & 0x80 != 0);
    let packed = pack(kind % 16, rest);
    let report = survived(&packed, &RULES, tight);
    // Compression alone changes nothing of what is found.
    if matches!(kind % 16, 1..=4) && !is_packed(rest) && !tight {
        let plain = survived(rest, &RULES, tight);
        assert_eq!(findings(&plain), findings(&report), "packed, it has other findings");
    }
}

fn findings(report: &Report) -> Value {
    let mut report: Value = serde_json::from_str(&rendered(report, "json")).unwrap();
    report["findings"].take()
}

fn pack(kind: u8, bytes: &[u8]) -> Vec<u8> {
    match kind {
        1 => gz(bytes),
        2 => zst(bytes),
        3 => bz2(bytes),
        4 => xz(bytes),
        5 => zip(&[("readme.txt", b"nothing"), ("sbom.json", bytes)]),
        6 => tar(bytes),
        7 => gz(&tar(bytes)),
        8 => zip(&[("a.tar.xz", &xz(&tar(bytes))), ("b.zip", &zip(&[("c.json", bytes)]))]),
        9 => envelope(bytes),
        10 => {
            let bundle = br#"{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","dsseEnvelope":"#;
            [bundle.as_slice(), &envelope(bytes), b"}"].concat()
        }
        11 => statement(bytes),
        12 => envelope(&statement(bytes)),
        13 => [b"{\"sbom\":".as_slice(), bytes, b"}"].concat(),
        14 => [b"[".as_slice(), bytes, b",", bytes, b"]"].concat(),
        15 => [bytes, b"\n", &envelope(bytes), b"\n", bytes].concat(),
        _ => bytes.to_vec(),
    }
}

/// The bytes, packed.
pub fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// The bytes, packed.
pub fn zst(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// The bytes, packed.
pub fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut out = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// The bytes, packed.
pub fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut out = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(0)).unwrap();
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn tar(bytes: &[u8]) -> Vec<u8> {
    let mut out = tar::Builder::new(Vec::new());
    for (name, bytes) in [("readme.txt", b"nothing".as_slice()), ("dir/sbom.json", bytes)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        out.append_data(&mut header, name, bytes).unwrap();
    }
    out.into_inner().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn envelope(bytes: &[u8]) -> Vec<u8> {
    let payload = base64::engine::general_purpose::STANDARD.encode(bytes);
    format!(r#"{{"payloadType":"application/vnd.in-toto+json","payload":"{payload}","signatures":[{{"sig":"MA=="}}]}}"#)
        .into_bytes()
}

fn statement(bytes: &[u8]) -> Vec<u8> {
    let head =
        br#"{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://cyclonedx.org/bom","predicate":"#;
    [head.as_slice(), bytes, b"}"].concat()
}

/// A small document in every container: ready made, so that the container's own bytes are changed, and to be packed.
pub fn seeds(path: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    if path.starts_with("fixtures/wrapped/") {
        return vec![[&[0], bytes].concat()];
    }
    if !path.starts_with("fixtures/twins/supplier-and-cpe/") {
        return Vec::new();
    }
    let made = |kind: u8| [[0].as_slice(), &pack(kind, bytes)].concat();
    (1..=15).flat_map(|kind| [made(kind), [[kind].as_slice(), bytes].concat()]).collect()
}
