//! What is told on standard error: failures always, and from `--verbose` on what is opened, read and written, how long it
//! took, and problems.
//!
//! Nothing of it goes to standard output or into a report. What a document says leaves through the escape gate, so that
//! no name in it can move a cursor or begin a line of its own.

use crate::renderers::escape::Line;
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::fmt::{Debug, Write as _};
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::Instant;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

/// The form of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: `unlabel: info: read document="sbom.json"`
    Text,
    /// For programs: one JSON object on each line
    Json,
}

// A program in another language may run this one more than once in its process, each time with other wishes.
static JSON: AtomicBool = AtomicBool::new(false);
static LEVEL: AtomicU8 = AtomicU8::new(0);

/// Begins to listen. At `error` and below nothing listens: failures are told by [`failure`].
pub fn begin(format: Format, level: LevelFilter) {
    JSON.store(format == Format::Json, Ordering::Relaxed);
    LEVEL.store(number(level), Ordering::Relaxed);
    if level > LevelFilter::ERROR {
        // It fails only where somebody listens already: we, in an earlier run, or somebody else, who then hears it.
        let _ = tracing::subscriber::set_global_default(Registry::default().with(Messages));
    }
}

/// From nothing up to everything.
fn number(level: LevelFilter) -> u8 {
    match level.into_level() {
        None => 0,
        Some(Level::ERROR) => 1,
        Some(Level::WARN) => 2,
        Some(Level::INFO) => 3,
        Some(Level::DEBUG) => 4,
        Some(Level::TRACE) => 5,
    }
}

/// Tells a failure, which nothing silences.
pub fn failure(message: &str) {
    match JSON.load(Ordering::Relaxed) {
        true => write("error", message, &Fields::new()),
        // As it is: it may have several lines, such as the place in a configuration.
        false => put(&format!("unlabel: {message}\n")),
    }
}

/// The fields of an event or span, by name.
type Fields = Map<String, Value>;

struct Messages;

/// What is known of a span.
struct Opened {
    fields: Fields,
    since: Instant,
}

impl<S: Subscriber + for<'l> LookupSpan<'l>> Layer<S> for Messages {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        // The level may be another one in the next run.
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        ours(metadata.target()) && number((*metadata.level()).into()) <= LEVEL.load(Ordering::Relaxed)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut taken = Taken::default();
        attributes.record(&mut taken);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(Opened { fields: taken.fields, since: Instant::now() });
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut taken = Taken::default();
        event.record(&mut taken);
        write(&event.metadata().level().as_str().to_lowercase(), &taken.message, &taken.fields);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        if let Some(Opened { mut fields, since }) = span.extensions_mut().remove() {
            let milliseconds = since.elapsed().as_micros() as f64 / 1000.0;
            fields.insert("milliseconds".to_owned(), milliseconds.into());
            write(&span.metadata().level().as_str().to_lowercase(), "done", &fields);
        }
    }
}

/// Libraries below us may speak too; nobody asked for that.
fn ours(target: &str) -> bool {
    target == "unlabel" || target.starts_with("unlabel::")
}

#[derive(Default)]
struct Taken {
    message: String,
    fields: Fields,
}

impl Taken {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.fields.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Taken {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            _ => self.put(field, format!("{value:?}")),
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }
}

fn write(level: &str, message: &str, fields: &Fields) {
    let escaped = |value: &Value| value.as_str().map_or_else(|| value.clone(), |t| Line(t).to_string().into());
    let mut line = String::new();
    if JSON.load(Ordering::Relaxed) {
        let mut object = Fields::new();
        object.insert("time".to_owned(), Timestamp::now().to_string().into());
        object.insert("level".to_owned(), level.into());
        object.insert("message".to_owned(), Line(message).to_string().into());
        object.extend(fields.iter().map(|(name, value)| (name.clone(), escaped(value))));
        line = Value::Object(object).to_string();
    } else {
        let _ = write!(line, "unlabel: {level}: {}", Line(message));
        for (name, value) in fields {
            // As JSON writes it, so that a quote in a name does not end it.
            let _ = write!(line, " {name}={}", escaped(value));
        }
    }
    line.push('\n');
    put(&line);
}

/// Nothing is left to be done where standard error is closed.
fn put(line: &str) {
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}
