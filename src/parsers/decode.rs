//! The small encodings that values hide in: base64 texts, percent-encoded addresses, certificates.

use ::base64::Engine as _;
use ::base64::alphabet::STANDARD;
use ::base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;
use x509_cert::der::Decode as _;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whether a text can be base64: long enough, and not a character that base64 does not have.
pub fn looks_like_base64(bytes: &[u8]) -> bool {
    let bytes = match memchr::memmem::find(bytes, b";base64,") {
        Some(at) if bytes.starts_with(b"data:") => bytes.get(at + 8..).unwrap_or_default(),
        _ => bytes,
    };
    bytes.len() >= 16
        && bytes.iter().all(|b| {
            b.is_ascii_alphanumeric()
                || matches!(b, b'+' | b'/' | b'-' | b'_' | b'=' | b' ' | b'\n' | b'\r' | b'\\' | b'\t')
        })
}

/// The bytes behind base64, line breaks passed over.
pub fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    // JSON Signature Format writes base64url.
    let standard = |c| match c {
        '-' => '+',
        '_' => '/',
        other => other,
    };
    let packed: String = text.chars().filter(|c| !c.is_ascii_whitespace()).map(standard).collect();
    LENIENT.decode(packed.as_bytes()).ok()
}

/// The text behind base64; `None` when it is none, or no text.
pub fn base64(text: &str) -> Option<String> {
    let text = text.split_once(";base64,").filter(|(head, _)| head.starts_with("data:")).map_or(text, |(_, body)| body);
    if !looks_like_base64(text.as_bytes()) {
        return None;
    }
    let bytes = base64_bytes(text)?;
    let read = String::from_utf8_lossy(&bytes).into_owned();
    let odd =
        read.chars().filter(|c| c.is_control() && !c.is_whitespace() || *c == char::REPLACEMENT_CHARACTER).count();
    (odd * 8 <= read.chars().count()).then_some(read)
}

/// The text behind percent signs.
pub fn percent(text: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy()
}

/// The subject of a certificate in base64 DER (or PEM without its lines), as RFC 4514 writes names.
pub fn certificate_subject(text: &str) -> Option<String> {
    let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = base64_bytes(&body)?;
    let certificate = x509_cert::Certificate::from_der(&der).ok()?;
    Some(certificate.tbs_certificate().subject().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_comes_out_of_base64() {
        assert_eq!(base64("RW5kIFVzZXIgTGljZW5zZSBBZ3JlZW1lbnQ=").unwrap(), "End User License Agreement");
        assert_eq!(base64("RW5kIFVzZXIgTGlj\nZW5zZSBBZ3JlZW1lbnQ").unwrap(), "End User License Agreement");
        assert!(base64("plain words are no base64").is_none());
        assert!(base64("AAECAwQFBgcICQoLDA0ODw==").is_none());
        assert!(base64("short").is_none());
    }

    #[test]
    fn what_is_no_certificate_has_no_subject() {
        assert_eq!(certificate_subject("AAAA"), None);
    }
}
