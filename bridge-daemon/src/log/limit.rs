//! Events that come again and again are written a few times and then counted: a route whose state changes ten times a
//! second must neither fill the disk nor hide what else is told.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::callsite::Identifier;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// Lines of one kind that may be written one after another.
const AT_ONCE: u32 = 20;

/// Time after which one more may be.
const ONE_MORE: Duration = Duration::from_secs(5);

/// Kinds that are kept apart at any time; above it, all begin anew.
const KINDS: usize = 16 * 1024;

/// The fields that tell one subject from the next: a thousand routes that come to run are a thousand kinds of lines.
const SUBJECTS: &[&str] = &["route", "service", "lane", "user", "release", "classic", "pid", "file"];

/// A format for events that leaves out those of a kind of which there are too many. Events of the levels debug and trace
/// are all written: somebody has asked for them.
pub(super) struct Limited<F> {
    format: F,
    kinds: Mutex<HashMap<Kind, Allowance>>,
}

impl<F> Limited<F> {
    pub(super) fn new(format: F) -> Self {
        Self { format, kinds: Mutex::default() }
    }
}

impl<S, N, F> FormatEvent<S, N> for Limited<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        if *event.metadata().level() > Level::INFO {
            return self.format.format_event(context, writer, event);
        }
        match admit(&mut self.kinds.lock().unwrap_or_else(PoisonError::into_inner), Kind::of(event), Instant::now()) {
            None => return Ok(()),
            Some(0) => {}
            Some(left_out) => writeln!(writer, "{left_out} lines like the next one were left out before it")?,
        }
        self.format.format_event(context, writer, event)
    }
}

/// Where in the program a line comes from, and what it is about.
#[derive(PartialEq, Eq, Hash)]
struct Kind(Identifier, u64);

impl Kind {
    fn of(event: &Event<'_>) -> Self {
        let mut subject = Subject(DefaultHasher::new());
        event.record(&mut subject);
        Self(event.metadata().callsite(), subject.0.finish())
    }
}

struct Subject(DefaultHasher);

impl Visit for Subject {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if SUBJECTS.contains(&field.name()) {
            (field.name(), format!("{value:?}")).hash(&mut self.0);
        }
    }
}

/// How many lines of a kind may be written.
struct Allowance {
    lines: u32,
    /// When it last grew.
    since: Instant,
    left_out: u64,
}

impl Allowance {
    fn full(now: Instant) -> Self {
        Self { lines: AT_ONCE, since: now, left_out: 0 }
    }

    fn grow(&mut self, now: Instant) {
        while self.lines < AT_ONCE && now.saturating_duration_since(self.since) >= ONE_MORE {
            self.lines += 1;
            self.since += ONE_MORE;
        }
        if self.lines == AT_ONCE {
            self.since = now;
        }
    }
}

/// Whether a line of this kind may be written now, and how many were left out before it.
fn admit<K: Hash + Eq>(kinds: &mut HashMap<K, Allowance>, kind: K, now: Instant) -> Option<u64> {
    if kinds.len() >= KINDS && !kinds.contains_key(&kind) {
        kinds.clear();
    }
    let allowance = kinds.entry(kind).or_insert_with(|| Allowance::full(now));
    allowance.grow(now);
    match allowance.lines.checked_sub(1) {
        Some(lines) => {
            allowance.lines = lines;
            Some(std::mem::take(&mut allowance.left_out))
        }
        None => {
            allowance.left_out += 1;
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tracing::{debug, warn};
    use tracing_subscriber::fmt::MakeWriter;
    use tracing_subscriber::fmt::format::Format;

    use super::*;

    #[test]
    fn a_kind_that_floods_is_counted_and_comes_back() {
        let (mut kinds, start) = (HashMap::new(), Instant::now());
        let admitted = (0..1000).filter_map(|_| admit(&mut kinds, "flood", start)).collect::<Vec<_>>();
        assert_eq!(admitted, [0; AT_ONCE as usize]);
        assert_eq!(admit(&mut kinds, "another", start), Some(0), "others are not kept down by it");
        let later = start + ONE_MORE;
        assert_eq!(admit(&mut kinds, "flood", later), Some(1000 - u64::from(AT_ONCE)));
        assert_eq!(admit(&mut kinds, "flood", later), None);
        let quiet = later + ONE_MORE * (AT_ONCE + 7);
        let admitted = (0..1000).filter_map(|_| admit(&mut kinds, "flood", quiet)).count();
        assert_eq!(admitted, AT_ONCE as usize, "never more at once, however long it was quiet");
    }

    #[test]
    fn what_is_kept_of_kinds_has_an_end() {
        let (mut kinds, now) = (HashMap::new(), Instant::now());
        for kind in 0..3 * KINDS {
            assert_eq!(admit(&mut kinds, kind, now), Some(0));
        }
        assert!(kinds.len() <= KINDS);
    }

    /// What is written, for the test to read.
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("not poisoned").write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Written {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    #[test]
    fn a_route_that_flaps_does_not_hide_another() {
        let written = Written::default();
        let log = tracing_subscriber::fmt()
            .with_max_level(Level::DEBUG)
            .with_writer(written.clone())
            .with_ansi(false)
            .event_format(Limited::new(Format::default().without_time().with_target(false)))
            .finish();
        tracing::subscriber::with_default(log, || {
            for route in ["flaps"; 500].into_iter().chain(["is-fine"]) {
                warn!(route, state = "blocked", "route");
                debug!(route, "asked for");
            }
        });
        let lines = String::from_utf8(written.0.lock().expect("not poisoned").clone()).expect("text");
        let count = |part: &str| lines.lines().filter(|line| line.contains(part)).count();
        let flaps = count("WARN route route=\"flaps\" state=\"blocked\"");
        assert_eq!((flaps, count("WARN route route=\"is-fine\"")), (AT_ONCE as usize, 1), "{lines}");
        assert_eq!(count("asked for"), 501);
    }
}
