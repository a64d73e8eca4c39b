//! How long the document of a sample will be: a constant, plus what its integers and texts add.

use std::sync::Arc;

use super::leaf::Leaf;
use super::live::{LiveList, Of};
use super::{Op, Value, text};
use crate::bytes::Input;
use crate::choice::Choice;
use crate::msgpack::integer::Form;
use crate::reject::Reject;
use crate::text::{SHORT, short};
use bridge_layout::Scalar;
use bridge_layout::tree::Text;

/// Bytes that stand for an optional without a value.
const NIL: usize = 1;

/// What [`Op`]s write, as far as its length is concerned.
#[derive(Debug, Default)]
pub(super) struct Measure {
    /// Bytes that every document has.
    base: usize,
    /// Bytes that a document can have beyond those.
    extra: usize,
    probes: Vec<Probe>,
    /// How many probes, from the first, are complete: the body of a repetition must not grow.
    sealed: usize,
}

/// Something to look at in the sample.
#[derive(Debug)]
struct Probe {
    at: usize,
    what: What,
}

#[derive(Debug)]
enum What {
    /// So many scalars side by side, of a type whose encoding varies or that must be checked.
    Many(Scalar, usize),
    /// A text in this many bytes, which ends at the first NUL.
    Text(usize),
    /// A text that ends in another way.
    OtherText(Arc<Text>),
    /// A number, a truth value or a name.
    Leaf(Arc<Leaf>),
    /// `count` elements, `stride` bytes apart, each with the following `body` probes.
    Repeat { count: usize, stride: usize, body: usize },
    /// Elements whose number is told, each of at least `base` bytes and with the following `body` probes.
    Live { list: Arc<LiveList>, base: usize, body: usize },
    /// A value that may be there: then it has `more` bytes than nil, and the following `body` probes.
    Optional { more: usize, body: usize },
    /// One of several structs, each with some of the following `body` probes: which has how many bytes more than the
    /// shortest one.
    OneOf { choice: Choice, more: Vec<usize>, body: usize },
}

impl Probe {
    /// How many of the probes that follow belong to this one.
    fn body(&self) -> usize {
        match self.what {
            What::Repeat { body, .. }
            | What::Live { body, .. }
            | What::Optional { body, .. }
            | What::OneOf { body, .. } => body,
            What::Many(..) | What::Text(_) | What::OtherText(_) | What::Leaf(_) => 0,
        }
    }
}

impl Measure {
    /// The measure of what `ops` write; `None` if it cannot be counted.
    pub(super) fn of(ops: &[Op]) -> Option<Self> {
        let mut measure = Self::default();
        let mut rest = ops;
        while let Some((op, after)) = rest.split_first() {
            rest = after;
            measure.add(usize::from(op.literal_len), 0)?;
            match op.value {
                Value::Nothing => {}
                Value::One(scalar @ (Scalar::F32 | Scalar::F64)) => measure.add(scalar.size(), 0)?,
                Value::One(scalar) => measure.scalars(op.at, scalar, 1)?,
                Value::Many(scalar, count) => measure.scalars(op.at, scalar, count)?,
                Value::Text(len) => {
                    measure.text(len)?;
                    measure.probe(op.at, What::Text(len), Vec::new());
                }
                Value::OtherText(ref text) => {
                    measure.text(text.capacity)?;
                    measure.probe(op.at, What::OtherText(Arc::clone(text)), Vec::new());
                }
                Value::Bytes(len) => measure.add(len, 0)?,
                Value::Leaf(ref leaf) => {
                    let (min, max) = leaf.lengths();
                    measure.add(min, max - min)?;
                    if leaf.is_checked() {
                        measure.probe(op.at, What::Leaf(Arc::clone(leaf)), Vec::new());
                    }
                }
                Value::Repeat { count, stride, body } => {
                    let (body, after) = rest.split_at_checked(body)?;
                    rest = after;
                    measure.repeat(op.at, count, stride, Self::of(body)?)?;
                }
                Value::Live { ref list, body } => {
                    let (body, after) = rest.split_at_checked(body)?;
                    rest = after;
                    measure.live(op.at, list, Self::of(body)?)?;
                }
                Value::Optional { body } => {
                    let (body, after) = rest.split_at_checked(body)?;
                    rest = after;
                    let body = Self::of(body)?;
                    let more = body.base.checked_sub(NIL)?;
                    measure.add(NIL, more.checked_add(body.extra)?)?;
                    measure.probe(op.at, What::Optional { more, body: body.probes.len() }, body.probes);
                }
                Value::OneOf { ref choice, body } => {
                    let (body, after) = rest.split_at_checked(body)?;
                    rest = after;
                    let measures = choice.lists(body).map(|list| Self::of(list?)).collect::<Option<Vec<_>>>()?;
                    measure.one_of(op.at, choice, measures)?;
                }
            }
        }
        measure.base.checked_add(measure.extra).filter(|max| isize::try_from(*max).is_ok())?;
        Some(measure)
    }

    fn add(&mut self, base: usize, extra: usize) -> Option<()> {
        self.base = self.base.checked_add(base)?;
        self.extra = self.extra.checked_add(extra)?;
        Some(())
    }

    /// Adds a probe, and those that belong to it.
    fn probe(&mut self, at: usize, what: What, body: Vec<Probe>) {
        let is_alone = body.is_empty();
        self.probes.push(Probe { at, what });
        self.probes.extend(body);
        if !is_alone {
            self.sealed = self.probes.len();
        }
    }

    /// A text of up to `len` bytes.
    fn text(&mut self, len: usize) -> Option<()> {
        self.add(1, len.checked_add(text::header(len) - 1)?)
    }

    /// Elements all of which count.
    fn repeat(&mut self, at: usize, count: usize, stride: usize, body: Self) -> Option<()> {
        self.add(body.base.checked_mul(count)?, body.extra.checked_mul(count)?)?;
        if !body.probes.is_empty() {
            self.probe(at, What::Repeat { count, stride, body: body.probes.len() }, body.probes);
        }
        Some(())
    }

    /// Elements or bytes of which the sample tells something; `body` is what one of them has, unless that is a scalar.
    fn live(&mut self, at: usize, list: &Arc<LiveList>, body: Self) -> Option<()> {
        let element = match list.of {
            Of::Bytes => Self { base: 1, ..Self::default() },
            Of::Scalars(scalar) => {
                let mut element = Self::default();
                element.scalars(0, scalar, 1)?;
                element
            }
            Of::Body => body,
        };
        let (capacity, header) = (list.capacity, list.header(list.capacity));
        if !list.live.is_told() {
            self.add(header, 0)?;
            return self.repeat(at, capacity, list.stride, element);
        }
        let min = list.header(0);
        let all = element.base.checked_add(element.extra)?.checked_mul(capacity)?;
        self.add(min, all.checked_add(header - min)?)?;
        let probes = if matches!(list.of, Of::Body) { element.probes } else { Vec::new() };
        let what = What::Live { list: Arc::clone(list), base: element.base, body: probes.len() };
        self.probe(at, what, probes);
        Some(())
    }

    /// One of several structs.
    fn one_of(&mut self, at: usize, choice: &Choice, measures: Vec<Self>) -> Option<()> {
        let min = measures.iter().map(|measure| measure.base).min()?;
        let max = measures.iter().map(Self::max).max()?;
        self.add(min, max - min)?;
        let more = measures.iter().map(|measure| measure.base - min).collect();
        let choice = choice.among(measures.iter().map(|measure| measure.probes.len()));
        let probes: Vec<_> = measures.into_iter().flat_map(|measure| measure.probes).collect();
        self.probes.push(Probe { at, what: What::OneOf { choice, more, body: probes.len() } });
        self.probes.extend(probes);
        self.sealed = self.probes.len();
        Some(())
    }

    /// Scalars side by side, each with a marker byte.
    fn scalars(&mut self, at: usize, scalar: Scalar, count: usize) -> Option<()> {
        self.add(count, 0)?;
        match scalar {
            Scalar::F32 | Scalar::F64 => return self.add(count.checked_mul(scalar.size())?, 0),
            Scalar::Bool => {}
            _ => self.add(0, count.checked_mul(scalar.size())?)?,
        }
        if let Some([.., Probe { at: start, what: What::Many(same, before) }]) = self.probes.get_mut(self.sealed..)
            && *same == scalar
            && *start + *before * scalar.size() == at
        {
            *before += count;
        } else {
            self.probe(at, What::Many(scalar, count), Vec::new());
        }
        Some(())
    }

    /// Bytes of the longest document.
    pub(super) fn max(&self) -> usize {
        self.base + self.extra
    }

    /// Bytes of every document, if all are of one length.
    pub(super) fn fixed(&self) -> Option<usize> {
        (self.extra == 0).then_some(self.base)
    }

    /// Where this sample is at fault.
    pub(super) fn locate(&self, input: Input<'_>) -> Option<usize> {
        locate(&self.probes, input, 0)
    }

    /// Bytes of this sample's document.
    #[inline]
    pub(super) fn run(&self, input: Input<'_>) -> Result<usize, Reject> {
        Ok(self.base + run(&self.probes, input, 0)?)
    }
}

/// What the sample adds to the constant length.
fn run(probes: &[Probe], input: Input<'_>, base: usize) -> Result<usize, Reject> {
    let mut sum = 0;
    let mut rest = probes;
    while let Some((probe, after)) = rest.split_first() {
        rest = after;
        let at = base + probe.at;
        sum += match probe.what {
            What::Many(scalar, count) => scalars(input, at, scalar, count)?,
            What::Text(len @ ..=SHORT) => short(input, at, len)?.1,
            What::Text(len) => text::measure_nul(input, at, len)?,
            What::OtherText(ref text) => text::measure(text, input, (base, probe.at))?,
            What::Leaf(ref leaf) => leaf.measure(input, at)? - leaf.lengths().0,
            What::Repeat { count, stride, body } => {
                let (body, after) = rest.split_at_checked(body).ok_or(Reject::SizeMismatch)?;
                rest = after;
                elements(body, input, at, stride, count)?
            }
            What::Live { ref list, base: element, body } => {
                let (body, after) = rest.split_at_checked(body).ok_or(Reject::SizeMismatch)?;
                rest = after;
                let count = list.count(input, base)?;
                let added = match list.of {
                    Of::Scalars(scalar) => scalars(input, at, scalar, count)?,
                    Of::Bytes | Of::Body if body.is_empty() => 0,
                    Of::Bytes | Of::Body => elements(body, input, at, list.stride, count)?,
                };
                list.header(count) - list.header(0) + count * element + added
            }
            What::OneOf { ref choice, ref more, body } => {
                let (all, after) = rest.split_at_checked(body).ok_or(Reject::SizeMismatch)?;
                rest = after;
                let (index, body) = choice.choose(input, at, all)?;
                more.get(index).ok_or(Reject::SizeMismatch)? + run(body, input, base)?
            }
            What::Optional { more, body } => {
                let (body, after) = rest.split_at_checked(body).ok_or(Reject::SizeMismatch)?;
                rest = after;
                match input.byte(at) {
                    Some(0) => 0,
                    Some(1) => more + run(body, input, base)?,
                    Some(_) => return Err(Reject::OutOfRange),
                    None => return Err(Reject::SizeMismatch),
                }
            }
        };
    }
    Ok(sum)
}

/// Where the sample cannot be measured: a byte of the first field at fault.
fn locate(probes: &[Probe], input: Input<'_>, base: usize) -> Option<usize> {
    let mut rest = probes;
    while let Some(probe) = rest.first() {
        let at = base + probe.at;
        let (this, after) = rest.split_at_checked(1 + probe.body())?;
        rest = after;
        if run(this, input, base).is_ok() {
            continue;
        }
        let body = this.get(1..).unwrap_or_default();
        let element =
            |count: usize, stride: usize| (0..count).find_map(|index| locate(body, input, at + index * stride));
        let scalar = |scalar: Scalar, count: usize| {
            (0..count).map(|index| at + index * scalar.size()).find(|at| scalars(input, *at, scalar, 1).is_err())
        };
        let inner = match &probe.what {
            What::Many(kind, count) => scalar(*kind, *count),
            What::Text(_) | What::OtherText(_) | What::Leaf(_) => None,
            What::Repeat { count, stride, .. } => element(*count, *stride),
            What::Live { list, .. } => list.count(input, base).ok().and_then(|count| match list.of {
                Of::Scalars(kind) => scalar(kind, count),
                Of::Bytes | Of::Body => element(count, list.stride),
            }),
            What::Optional { .. } => locate(body, input, base),
            What::OneOf { choice, .. } => {
                choice.choose(input, at, body).ok().and_then(|(_, body)| locate(body, input, base))
            }
        };
        return Some(inner.unwrap_or(at));
    }
    None
}

/// What `count` elements add, `stride` bytes apart.
#[inline(always)]
fn elements(body: &[Probe], input: Input<'_>, at: usize, stride: usize, count: usize) -> Result<usize, Reject> {
    let mut sum = 0;
    for index in 0..count {
        sum += run(body, input, at + index * stride)?;
    }
    Ok(sum)
}

/// Bytes that follow the markers of `count` scalars from `at` on.
#[inline(always)]
fn scalars(input: Input<'_>, at: usize, scalar: Scalar, count: usize) -> Result<usize, Reject> {
    let unsigned = |value: u64| Some(usize::from(Form::of_unsigned(value).bytes));
    let signed = |value: i64| Some(usize::from(Form::of_signed(value).bytes));
    let sum = match scalar {
        Scalar::U8 => each(input, at, count, |bytes| unsigned(u8::from_ne_bytes(bytes).into())),
        Scalar::U16 => each(input, at, count, |bytes| unsigned(u16::from_ne_bytes(bytes).into())),
        Scalar::U32 => each(input, at, count, |bytes| unsigned(u32::from_ne_bytes(bytes).into())),
        Scalar::U64 => each(input, at, count, |bytes| unsigned(u64::from_ne_bytes(bytes))),
        Scalar::I8 => each(input, at, count, |bytes| signed(i8::from_ne_bytes(bytes).into())),
        Scalar::I16 => each(input, at, count, |bytes| signed(i16::from_ne_bytes(bytes).into())),
        Scalar::I32 => each(input, at, count, |bytes| signed(i32::from_ne_bytes(bytes).into())),
        Scalar::I64 => each(input, at, count, |bytes| signed(i64::from_ne_bytes(bytes))),
        Scalar::Bool => return each(input, at, count, |[byte]| (byte <= 1).then_some(0)).ok_or(Reject::OutOfRange),
        Scalar::F32 | Scalar::F64 => Some(0),
    };
    sum.ok_or(Reject::SizeMismatch)
}

/// The sum of `length` over `count` values of `N` bytes from `at` on; `None` if one has none or lies outside.
#[inline(always)]
fn each<const N: usize>(
    input: Input<'_>,
    at: usize,
    count: usize,
    length: impl Fn([u8; N]) -> Option<usize>,
) -> Option<usize> {
    let mut sum = 0;
    for index in 0..count {
        sum += length(input.array(at + index * N)?)?;
    }
    Some(sum)
}
