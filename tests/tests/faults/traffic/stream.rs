//! What flows: a stream of the bridge, and the applications at its two ends.

use tests::bed::{App, Bed};

/// Samples that wait for a subscriber: a second of them at [`PACE_US`], for a machine that is busy.
pub(crate) const QUEUE: u64 = 256;

/// Microseconds between two samples of one publisher.
pub(crate) const PACE_US: u64 = 4_000;

/// Samples between two lines in which an application says where it is.
pub(crate) const REPORT: u64 = 10;

/// One end of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// On classic.
    Classic,
    /// On this release of iceoryx2, `"0.10"` say.
    Iceoryx2(&'static str),
}

/// What the samples are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// So many bytes, the same on both sides.
    Bytes(usize),
    /// Ticks: a struct on classic, MessagePack on iceoryx2.
    Ticks,
}

/// A stream of the bridge in one direction.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    /// Its name, and the beginning of its services' names.
    pub(crate) name: String,
    /// Where its samples come from.
    pub(crate) from: End,
    /// Where they go.
    pub(crate) to: End,
    /// What they are.
    pub(crate) content: Content,
    /// Whether publishers on iceoryx2 wait for room.
    pub(crate) block: bool,
    /// Microseconds between two samples of its publisher.
    pace_us: u64,
}

impl Stream {
    /// A stream that drops the oldest where a queue is full.
    pub(crate) fn new(name: &str, from: End, to: End, content: Content) -> Self {
        Self { name: name.to_owned(), from, to, content, block: false, pace_us: PACE_US }
    }

    /// The same stream, with publishers on iceoryx2 that wait for room.
    #[must_use]
    pub(crate) fn blocking(self) -> Self {
        Self { block: true, ..self }
    }

    /// The same stream, with so many microseconds between two samples.
    #[must_use]
    pub(crate) fn at_pace(self, pace_us: u64) -> Self {
        Self { pace_us, ..self }
    }

    /// Whether applications of classic take part.
    pub(crate) fn uses_classic(&self) -> bool {
        [self.from, self.to].contains(&End::Classic)
    }

    /// Whether the worker for this release takes part.
    pub(crate) fn uses(&self, release: &str) -> bool {
        [self.from, self.to].into_iter().any(|end| matches!(end, End::Iceoryx2(of) if of == release))
    }

    /// The stream in the words of the configuration.
    pub(crate) fn toml(&self) -> String {
        let [from, to] = [(self.from, "from"), (self.to, "to")].map(|(end, side)| self.endpoint(end, side));
        format!("\n[[stream]]\nname = \"{}\"\n{from}\n{to}\n", self.name)
    }

    fn endpoint(&self, end: End, side: &str) -> String {
        let (name, block) = (&self.name, if self.block { ", when_full = \"block\"" } else { "" });
        match end {
            End::Classic => {
                let format = match self.content {
                    Content::Bytes(_) => "",
                    Content::Ticks => ", format = \"struct\", layout = \"MarketTick\"",
                };
                format!(
                    "{side}.classic = {{ service = \"Traffic\", instance = \"{name}\", event = \"{side}\"{format} }}"
                )
            }
            End::Iceoryx2(release) => {
                let format = match self.content {
                    Content::Bytes(_) => "type = { name = \"u8\", size = 1, align = 1, slice = true }",
                    Content::Ticks => "format = \"msgpack\"",
                };
                format!(
                    "{side}.iceoryx2 = {{ service = \"{name}/{side}\", release = \"{release}\", {format}, \
                     queue = {QUEUE}, max_publishers = 4{block} }}"
                )
            }
        }
    }

    /// Starts a publisher that goes on with the number `first`; `name` is unique.
    pub(crate) fn publisher(&self, bed: &Bed, name: &str, first: u64) -> App {
        let (first, pace, report) = (first.to_string(), self.pace_us.to_string(), REPORT.to_string());
        let options = ["--first", &first, "--pace-us", &pace, "--report", &report];
        self.application(bed, self.from, ("publisher", "from"), name, &options)
    }

    /// Starts a subscriber that says what it has received; `name` is unique.
    pub(crate) fn subscriber(&self, bed: &Bed, name: &str) -> App {
        let trace = REPORT.to_string();
        self.application(bed, self.to, ("subscriber", "to"), name, &["--trace", &trace, "--lossy", "--poll-us", "1000"])
    }

    /// Starts a subscriber that takes nothing; `name` is unique.
    pub(crate) fn idle_subscriber(&self, bed: &Bed, name: &str) -> App {
        self.application(bed, self.to, ("subscriber", "to"), name, &["--lossy", "--poll-us", "3600000000"])
    }

    fn application(&self, bed: &Bed, end: End, (role, side): (&str, &str), name: &str, options: &[&str]) -> App {
        let (topic, size) = match self.content {
            Content::Bytes(size) => ("raw", size.to_string()),
            Content::Ticks => ("tick", "64".to_owned()),
        };
        let mut arguments = vec!["--size", &size];
        arguments.extend(options);
        match end {
            End::Classic => {
                arguments.extend(["--name", name, "--service", "Traffic", "--instance", &self.name, "--event", side]);
                bed.classic(&format!("classic-{topic}-{role}"), &arguments)
            }
            End::Iceoryx2(release) => {
                let (service, queue) = (format!("{}/{side}", self.name), QUEUE.to_string());
                arguments.extend(["--service", &service, "--queue", &queue, "--max-publishers", "4"]);
                if self.block {
                    arguments.push("--block");
                }
                let program = match release {
                    "0.10" => format!("{topic}-{role}"),
                    other => format!("v{}-{topic}-{role}", other.replace('.', "_")),
                };
                bed.iceoryx2(&program, &arguments)
            }
        }
    }
}
