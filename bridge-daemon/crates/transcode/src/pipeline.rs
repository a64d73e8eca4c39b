//! The whole way of a route's samples: one step, or two with a struct between them.

use super::bytes::{Input, Output};
use super::error::CompileError;
use super::reject::Reject;
use super::spot::Spot;
use super::transcoder::{Transcoder, sound};
use crate::condition::Condition;
use crate::pair::{Pair, Side, pair};
use bridge_layout::tree::rules::FieldRule;

/// What is to become of the samples of a route.
#[derive(Clone, Copy, Debug)]
pub struct Conversion<'a> {
    /// What they are.
    pub source: Side<'a>,
    /// What they become.
    pub sink: Side<'a>,
    /// What becomes of single fields.
    pub rules: &'a [FieldRule],
    /// What has to be true of those that are taken.
    pub conditions: &'a [Condition],
}

/// Turns the samples of a route into those of its sink. Owned by the route, since a struct between two documents has its
/// place here.
///
/// For each sample: [`measure`](Self::measure) it, loan that many bytes, [`run`](Self::run).
#[derive(Debug)]
pub struct Pipeline {
    steps: Steps,
}

#[derive(Debug)]
enum Steps {
    One(Transcoder),
    /// A document is read into the struct, and another one written from it.
    Two {
        read: Box<Transcoder>,
        between: Box<[u8]>,
        is_read: bool,
        write: Box<Transcoder>,
    },
}

impl Pipeline {
    /// What turns the samples that are taken.
    ///
    /// # Errors
    ///
    /// The ends cannot be turned into each other, or a layout contradicts itself.
    pub fn compile(conversion: &Conversion<'_>) -> Result<Self, CompileError> {
        let Conversion { source, sink, rules, .. } = *conversion;
        sound(source, sink)?;
        let steps = match pair(source, sink, rules)? {
            Pair::Through(from, read, write, to) => {
                let between = vec![0; read.size].into_boxed_slice();
                let read = Box::new(Transcoder::read(from, &read)?);
                let write = Box::new(Transcoder::write(&write, to)?);
                Steps::Two { read, between, is_read: false, write }
            }
            other => Steps::One(Transcoder::of(other)?),
        };
        Ok(Self { steps })
    }

    /// How many bytes `input` becomes.
    ///
    /// # Errors
    ///
    /// The sample cannot be transcoded.
    #[inline]
    pub fn measure(&mut self, input: Input<'_>) -> Result<usize, Reject> {
        match &mut self.steps {
            Steps::One(transcoder) => transcoder.measure(input),
            Steps::Two { read, between, is_read, write } => {
                *is_read = false;
                read.run(input, Output::from(&mut **between))?;
                *is_read = true;
                write.measure(Input::from(&**between))
            }
        }
    }

    /// Writes what `input` becomes, which is the sample that was measured last, to `output`, which has as many bytes as
    /// [`measure`](Self::measure) said. On success every byte of it has been written.
    ///
    /// # Errors
    ///
    /// The sample cannot be transcoded, or was changed by its owner since it was measured. `output` then holds nothing
    /// of use, and must not be sent.
    #[inline]
    pub fn run(&mut self, input: Input<'_>, output: Output<'_>) -> Result<(), Reject> {
        match &mut self.steps {
            Steps::One(transcoder) => transcoder.run(input, output),
            Steps::Two { read, between, is_read, write } => {
                if !*is_read {
                    read.run(input, Output::from(&mut **between))?;
                }
                *is_read = false;
                write.run(Input::from(&**between), output)
            }
        }
    }

    /// As [`Transcoder::locate`]; the field is one of the struct between two documents, where there is one.
    #[cold]
    pub fn locate(&mut self, input: Input<'_>) -> Spot {
        match &self.steps {
            Steps::One(transcoder) => transcoder.locate(input),
            Steps::Two { between, is_read: true, write, .. } => write.locate(Input::from(&**between)),
            Steps::Two { read, .. } => read.locate(input),
        }
    }

    /// Bytes of every result, where that is known without a sample.
    #[must_use]
    pub fn fixed_output(&self) -> Option<usize> {
        self.last().fixed_output()
    }

    /// Bytes that no result exceeds; `None` where that depends on how long the sample is.
    #[must_use]
    pub fn max_output(&self) -> Option<usize> {
        self.last().max_output()
    }

    /// Whether samples are copied as they are.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        self.last().is_copy()
    }

    /// Bytes that a sample must have, where a layout says it; any other is rejected.
    #[must_use]
    pub fn expected_input(&self) -> Option<usize> {
        match &self.steps {
            Steps::One(transcoder) => transcoder.expected_input(),
            Steps::Two { .. } => None,
        }
    }

    fn last(&self) -> &Transcoder {
        match &self.steps {
            Steps::One(transcoder) => transcoder,
            Steps::Two { write, .. } => write,
        }
    }
}
