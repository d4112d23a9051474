//! A bar on standard error for somebody who waits at a terminal: how much is done, how fast, and what was found so far.
//!
//! It is shown from one second on, and only where a person looks: never in a pipe, never in CI, never where the terminal
//! cannot take a line back. It never writes to standard output, and nothing of a report depends on it.

use super::config::Config;
use crate::scan::Watch;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// What takes less time needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether progress is shown.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ProgressFlags {
    /// Show no progress; it is shown on a terminal only, for work over a second, and never in CI
    #[arg(long, env = "UNLABEL_NO_PROGRESS", value_parser = super::yes_or_no(), num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", hide_possible_values = true)]
    no_progress: Option<bool>,
}

impl ProgressFlags {
    /// Joined with the configuration, which says it where nobody else does.
    #[must_use]
    pub fn or(&self, config: &Config) -> Self {
        Self { no_progress: self.no_progress.or(config.no_progress) }
    }

    /// Begins to show how far a run over so many inputs is, where somebody can see it.
    pub fn begin(&self, inputs: usize) -> Progress {
        let set = |name: &str| std::env::var_os(name);
        let shown = wanted(
            self.no_progress.unwrap_or(false) || super::globals::no_bar(),
            std::io::stderr().is_terminal(),
            set("CI"),
            set("TERM"),
        );
        Progress(shown.then(|| Bar::begin(inputs as u64, ProgressDrawTarget::stderr(), PATIENCE)))
    }
}

/// Whether somebody looks who can be shown something.
fn wanted(refused: bool, terminal: bool, ci: Option<OsString>, term: Option<OsString>) -> bool {
    let ci = ci.is_some_and(|ci| !ci.is_empty() && ci != "false" && ci != "0");
    // Without TERM there is no terminal, but for Windows, where nobody sets it.
    let dumb = term.map_or(cfg!(unix), |term| term.is_empty() || term == "dumb");
    !refused && terminal && !ci && !dumb
}

/// A run under way; what is drawn is taken away when this is dropped.
pub struct Progress(Option<Bar>);

struct Bar {
    bar: ProgressBar,
    findings: AtomicUsize,
    /// Dropped when the run is over before there is anything to show.
    over: Option<Sender<()>>,
    waiting: Option<std::thread::JoinHandle<()>>,
}

impl Bar {
    fn begin(inputs: u64, target: ProgressDrawTarget, patience: Duration) -> Self {
        let bar = ProgressBar::with_draw_target(Some(inputs), ProgressDrawTarget::hidden());
        let style = "{spinner} {bar:24} {human_pos} of {human_len} inputs, {rate}, {msg}, {elapsed}, {eta} to go";
        if let Ok(style) = ProgressStyle::with_template(style) {
            let rate = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                let each = state.per_sec();
                // Nothing is left to be done about a line that cannot be drawn.
                let _ = if each < 10.0 { write!(out, "{each:.1}/s") } else { write!(out, "{each:.0}/s") };
            };
            bar.set_style(style.with_key("rate", rate).progress_chars("=> ").tick_chars("|/-\\ "));
        }
        bar.set_message("0 findings");
        let (over, waits) = channel::<()>();
        let shown = bar.clone();
        let waiting = std::thread::Builder::new().spawn(move || {
            if waits.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(target);
                shown.enable_steady_tick(Duration::from_millis(200));
            }
        });
        Self { bar, findings: AtomicUsize::new(0), over: Some(over), waiting: waiting.ok() }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        drop(self.over.take());
        // It must not begin to draw when all is over.
        self.waiting.take().into_iter().for_each(|waiting| drop(waiting.join()));
        self.bar.finish_and_clear();
    }
}

impl Watch for Progress {
    fn done(&self, findings: usize) {
        let Some(bar) = &self.0 else { return };
        if findings > 0 {
            let all = bar.findings.fetch_add(findings, Ordering::Relaxed) + findings;
            bar.bar.set_message(format!("{all} {}", if all == 1 { "finding" } else { "findings" }));
        }
        bar.bar.inc(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use indicatif::TermLike;
    use std::io;
    use std::sync::{Arc, Mutex};

    #[test]
    fn only_who_looks_is_shown_something() {
        let term = || Some(OsString::from("xterm"));
        assert!(wanted(false, true, None, term()));
        assert!(!wanted(true, true, None, term()), "--no-progress");
        assert!(!wanted(false, false, None, term()), "a pipe");
        assert!(!wanted(false, true, Some("true".into()), term()), "CI");
        assert!(!wanted(false, true, Some("1".into()), term()), "CI");
        assert!(wanted(false, true, Some("false".into()), term()) && wanted(false, true, Some("".into()), term()));
        assert!(!wanted(false, true, None, Some("dumb".into())));
        assert_eq!(wanted(false, true, None, None), !cfg!(unix));
    }

    #[test]
    fn the_configuration_says_it_where_nobody_else_does() {
        let config: Config = toml::from_str("no-progress = true").unwrap();
        let said = |no_progress, config: &Config| ProgressFlags { no_progress }.or(config).no_progress;
        assert_eq!(said(None, &config), Some(true));
        assert_eq!(said(Some(false), &config), Some(false));
        assert_eq!(said(None, &Config::default()), None);
        assert_eq!(said(Some(true), &Config::default()), Some(true));
    }

    /// A terminal that keeps what is written to it.
    #[derive(Debug, Clone, Default)]
    struct Seen(Arc<Mutex<String>>);

    impl Seen {
        fn text(&self) -> String {
            self.0.lock().map(|text| text.clone()).unwrap_or_default()
        }

        fn put(&self, text: &str) -> io::Result<()> {
            self.0.lock().map(|mut all| all.push_str(text)).map_err(|_| io::Error::other("poisoned"))
        }
    }

    impl TermLike for Seen {
        fn width(&self) -> u16 {
            120
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, text: &str) -> io::Result<()> {
            self.put(&format!("{text}\n"))
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            self.put(text)
        }
        fn clear_line(&self) -> io::Result<()> {
            self.put("<cleared>")
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    fn run(patience: Duration, work: Duration) -> String {
        let seen = Seen::default();
        let progress = Progress(Some(Bar::begin(40, ProgressDrawTarget::term_like(Box::new(seen.clone())), patience)));
        progress.done(0);
        progress.done(2);
        std::thread::sleep(work);
        progress.done(1);
        drop(progress);
        seen.text()
    }

    #[test]
    fn a_bar_is_shown_when_it_takes_long_and_taken_away_at_the_end() {
        let seen = run(Duration::from_millis(1), Duration::from_millis(400));
        assert!(seen.contains("2 of 40 inputs") && seen.contains("2 findings"), "{seen}");
        assert!(seen.contains("/s") && seen.trim_end().ends_with("<cleared>"), "{seen}");
        assert_eq!(run(Duration::from_secs(60), Duration::ZERO), "", "what is quick shows nothing");
    }
}
