//! `iox-bridge layout decode` and `encode`: one sample, read and written as a stream would do it.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::{Args, ValueEnum};

use super::{Which, write};
use crate::cli::{Exit, at_fault};
use crate::config::plan::{DocumentPlan, FormatPlan, OnMissing, OnUnknown, Shape, TimestampsAs, Tolerance};
use crate::layout::Layout;
use crate::layout::MAX_SIZE;
use crate::transcode::pair::Side;
use crate::transcode::{Input, Output, Transcoder};

/// `iox-bridge layout decode`
#[derive(Args, Debug)]
pub struct Decode {
    #[command(flatten)]
    which: Which,
    /// What the sample is
    #[arg(long, value_enum, default_value_t = FormatName::Struct)]
    from: FormatName,
    #[command(flatten)]
    document: DocumentArguments,
    /// The file with the sample; standard input if it is left out, or `-`
    #[arg(value_name = "SAMPLE")]
    sample: Option<PathBuf>,
}

/// `iox-bridge layout encode`
#[derive(Args, Debug)]
pub struct Encode {
    #[command(flatten)]
    which: Which,
    /// What to write
    #[arg(long, value_enum, default_value_t = FormatName::Struct)]
    to: FormatName,
    /// MessagePack as an array of the fields' values, and not as a map
    #[arg(long)]
    array: bool,
    #[command(flatten)]
    document: DocumentArguments,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The file with the JSON; standard input if it is left out, or `-`
    #[arg(value_name = "JSON")]
    json: Option<PathBuf>,
}

/// What documents are, and what they may lack or have, as the keys of an endpoint say it.
#[derive(Args, Clone, Copy, Debug)]
struct DocumentArguments {
    /// Points in time are MessagePack's timestamps, and texts in JSON, as with the key `timestamps`
    #[arg(long)]
    timestamps: bool,
    /// Pass over fields that the layout does not have, as `on_unknown = "ignore"`
    #[arg(long)]
    ignore_unknown: bool,
    /// Make fields zero that the document does not have, as `on_missing = "zero"`
    #[arg(long)]
    zero_missing: bool,
    /// Reject a double that an f32 does not hold exactly, as `exact = true`
    #[arg(long)]
    exact: bool,
}

/// The format of samples, and what its documents are.
type End = (FormatPlan, DocumentPlan);

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// The bytes of the struct
    Struct,
    /// MessagePack
    Msgpack,
    /// JSON
    Json,
}

impl DocumentArguments {
    fn tolerance(self) -> Tolerance {
        Tolerance {
            on_unknown: if self.ignore_unknown { OnUnknown::Ignore } else { OnUnknown::Reject },
            on_missing: if self.zero_missing { OnMissing::Zero } else { OnMissing::Reject },
            exact: self.exact,
        }
    }
}

impl FormatName {
    /// What samples of it are, with points in time as the format has them, or as integers.
    fn end(self, layout: &Arc<Layout>, shape: Shape, tolerance: Tolerance, has_timestamps: bool) -> End {
        let (format, timestamps) = match self {
            Self::Struct => (FormatPlan::Struct(Arc::clone(layout)), TimestampsAs::Integer),
            Self::Msgpack => (FormatPlan::Msgpack(shape, tolerance), TimestampsAs::Extension),
            Self::Json => (FormatPlan::Json(tolerance), TimestampsAs::Text),
        };
        let timestamps = if has_timestamps { timestamps } else { TimestampsAs::Integer };
        (format, DocumentPlan { timestamps, ..DocumentPlan::default() })
    }
}

impl Decode {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Some(layout) = self.which.layout()? else { return Ok(Exit::Config.into()) };
        let timestamps = self.document.timestamps;
        let from = self.from.end(&layout, Shape::Map, self.document.tolerance(), timestamps);
        let json = FormatName::Json.end(&layout, Shape::Map, Tolerance::default(), timestamps);
        match transcoded(&layout, &read(self.sample.as_deref())?, from, json)? {
            Some(mut json) => {
                json.push(b'\n');
                write(None, &json)
            }
            None => Ok(Exit::Failure.into()),
        }
    }
}

impl Encode {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Some(layout) = self.which.layout()? else { return Ok(Exit::Config.into()) };
        if self.output.is_none() && self.to != FormatName::Json && io::stdout().is_terminal() {
            anyhow::bail!("a terminal cannot show the bytes; give --output FILE, or send them through a pipe: | xxd");
        }
        let shape = if self.array { Shape::Array } else { Shape::Map };
        let timestamps = self.document.timestamps;
        let json = FormatName::Json.end(&layout, Shape::Map, self.document.tolerance(), timestamps);
        let to = self.to.end(&layout, shape, Tolerance::default(), timestamps);
        match transcoded(&layout, &read(self.json.as_deref())?, json, to)? {
            Some(sample) => write(self.output.as_deref(), &sample),
            None => Ok(Exit::Failure.into()),
        }
    }
}

/// The sample in the other format, by way of the struct; none if it was rejected, which standard error then has.
fn transcoded(layout: &Arc<Layout>, sample: &[u8], from: End, to: End) -> anyhow::Result<Option<Vec<u8>>> {
    let of = || FormatName::Struct.end(layout, Shape::Map, Tolerance::default(), false);
    let mut bytes = sample.to_vec();
    for ((from, from_document), (to, to_document)) in [(from, of()), (of(), to)] {
        let from = Side { format: &from, document: &from_document };
        let transcoder = Transcoder::between(from, Side { format: &to, document: &to_document })?;
        let input = Input::from(bytes.as_slice());
        let turned = transcoder.measure(input).and_then(|len| {
            let mut turned = vec![0; len];
            transcoder.run(input, Output::from(turned.as_mut_slice()))?;
            Ok(turned)
        });
        bytes = match turned {
            Ok(turned) => turned,
            Err(reject) => {
                let spot = transcoder.locate(input);
                let place = at_fault(spot.path(layout, reject).as_deref(), spot.document.map(|at| at as u64));
                eprintln!("iox-bridge: a stream would reject this sample as {}{place}: {reject}", reject.name());
                if let Some(expected) = transcoder.expected_input().filter(|expected| *expected != bytes.len()) {
                    eprintln!("The sample has {} bytes, and the struct {expected}.", bytes.len());
                }
                return Ok(None);
            }
        };
    }
    Ok(Some(bytes))
}

fn read(file: Option<&Path>) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = MAX_SIZE + 1;
    match file.filter(|file| *file != Path::new("-")) {
        Some(file) => File::open(file)
            .and_then(|opened| opened.take(limit).read_to_end(&mut bytes))
            .with_context(|| format!("{} could not be read", file.display()))?,
        None => io::stdin().lock().take(limit).read_to_end(&mut bytes).context("standard input could not be read")?,
    };
    anyhow::ensure!(bytes.len() as u64 <= MAX_SIZE, "the sample is larger than any can be ({MAX_SIZE} bytes)");
    Ok(bytes)
}
