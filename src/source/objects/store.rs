//! A store for an address, with credentials as the tools of its cloud have them.

use super::super::address::Address;
use super::Settings;
use super::fault::Fault;
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::http::HttpBuilder;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};
use std::sync::Arc;
use std::time::Duration;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);

/// Gives a builder what stands in the environment under names with a prefix; a name it does not know is for somebody else.
macro_rules! configured {
    ($builder:expr, $prefix:literal, $settings:expr, $options:expr) => {{
        let builder = $builder.with_client_options($options).with_retry(retry($settings));
        let own = $settings.environment.iter().filter(|(name, _)| name.starts_with($prefix));
        own.fold(builder, |builder, (name, value)| match renamed(name).to_ascii_lowercase().parse() {
            Ok(key) => builder.with_config(key, value),
            Err(_) => builder,
        })
    }};
}

/// Opens the store of an address. No request is sent.
///
/// # Errors
/// When the address or the environment does not tell enough.
pub fn open(address: &Address, settings: &Settings) -> Result<Arc<dyn ObjectStore>, Fault> {
    // Only the first call has an effect, and all ask for the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (bucket, _) = address.parts();
    let root = format!("{}://{bucket}", address.scheme());
    let built: object_store::Result<Arc<dyn ObjectStore>> = match address.scheme() {
        "http" | "https" => {
            let options = options(settings).with_allow_http(address.scheme() == "http");
            let builder = HttpBuilder::new().with_url(address.secret());
            builder.with_client_options(options).with_retry(retry(settings)).build().map(|s| Arc::new(s) as _)
        }
        "s3" | "s3a" => {
            // Who names a server without TLS means it.
            let plain = given(settings, &["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"]);
            let options = options(settings).with_allow_http(plain.is_some_and(|url| url.starts_with("http://")));
            let builder = configured!(AmazonS3Builder::new(), "AWS_", settings, options);
            builder.with_url(root).build().map(|s| Arc::new(s) as _)
        }
        "gs" => {
            let plain = given(settings, &["GOOGLE_BASE_URL"]);
            let options = options(settings).with_allow_http(plain.is_some_and(|url| url.starts_with("http://")));
            let builder = configured!(GoogleCloudStorageBuilder::new(), "GOOGLE_", settings, options);
            builder.with_url(root).build().map(|s| Arc::new(s) as _)
        }
        _ => {
            let plain = given(settings, &["AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"]);
            let options = options(settings).with_allow_http(plain.is_some_and(|url| url.starts_with("http://")));
            let builder = configured!(MicrosoftAzureBuilder::new(), "AZURE_", settings, options);
            builder.with_url(root).build().map(|s| Arc::new(s) as _)
        }
    };
    built.map_err(|error| Fault::unusable(&error))
}

/// The first of some names that has a value.
fn given<'s>(settings: &'s Settings, names: &[&str]) -> Option<&'s str> {
    let value = |name: &&str| settings.environment.iter().find(|(given, _)| given == name);
    names.iter().find_map(value).map(|(_, value)| value.as_str())
}

/// Names that the command line of the cloud has, under those that the library knows.
fn renamed(name: &str) -> &str {
    match name {
        "AZURE_STORAGE_ACCOUNT" => "AZURE_STORAGE_ACCOUNT_NAME",
        "AZURE_STORAGE_KEY" => "AZURE_STORAGE_ACCOUNT_KEY",
        other => other,
    }
}

/// A transfer may take as long as it needs while something comes.
fn options(settings: &Settings) -> ClientOptions {
    ClientOptions::new()
        .with_timeout_disabled()
        .with_connect_timeout(settings.silence.min(CONNECT))
        .with_read_timeout(settings.silence)
}

fn retry(settings: &Settings) -> RetryConfig {
    let backoff = BackoffConfig { init_backoff: settings.pause, max_backoff: Duration::from_secs(15), base: 2.0 };
    RetryConfig { backoff, max_retries: settings.retries, retry_timeout: Duration::from_secs(120) }
}
