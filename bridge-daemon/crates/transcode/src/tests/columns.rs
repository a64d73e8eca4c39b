//! Elements of lists, which are converted column by column, against the same values one at a time.

use proptest::prelude::*;

use super::*;
use crate::Output;
use bridge_layout::Live;

const SCALARS: [Scalar; 11] = {
    use Scalar::{Bool, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64};
    [U8, U16, U32, U64, I8, I16, I32, I64, F32, F64, Bool]
};

fn compile(from: &Arc<Layout>, to: &Arc<Layout>) -> Transcoder {
    let (from, to) = (FormatPlan::Struct(Arc::clone(from)), FormatPlan::Struct(Arc::clone(to)));
    Transcoder::compile(&from, &to).expect("compiles")
}

/// A value behind `before` other bytes, in a struct that ends with it.
fn element(ty: &Type, before: usize) -> Arc<Layout> {
    layout("Element", before + ty.size(), 1, &[("v", before, ty.clone())])
}

/// A layout whose list `all` has `count` elements.
fn list(element: Type, count: usize) -> Arc<Layout> {
    let ty = Type::Array(Box::new(element), count);
    layout("All", ty.size(), 1, &[("all", 0, ty)])
}

/// Whether a list of these elements becomes what they become one by one: as a list of structs, and of bare values.
fn agree(from: &Type, to: &Type, elements: &[Vec<u8>]) -> Result<(), TestCaseError> {
    let one = compile(&element(from, 0), &element(to, 2));
    let expected: Result<Vec<_>, Reject> = elements.iter().map(|bytes| transcode(&one, bytes)).collect();
    let of_structs = |ty: &Type, before| list(Type::Struct(element(ty, before)), elements.len());
    let structs = transcode(&compile(&of_structs(from, 0), &of_structs(to, 2)), &elements.concat());
    prop_assert_eq!(structs, expected.clone().map(|all| all.concat()), "{:?} to {:?}", from, to);
    if from != to {
        let bare = transcode(
            &compile(&list(from.clone(), elements.len()), &list(to.clone(), elements.len())),
            &elements.concat(),
        );
        let values = |all: Vec<Vec<u8>>| all.iter().flat_map(|bytes| bytes[2..].to_vec()).collect::<Vec<_>>();
        prop_assert_eq!(bare, expected.map(values), "{:?} to {:?}", from, to);
    }
    Ok(())
}

/// A number of few bits or many, positive or negative, so that some pairs of types have it in common and some have not.
fn number(scalar: Scalar, bits: u64, shift: u32) -> Vec<u8> {
    let value = bits as i64 >> shift;
    match scalar {
        Scalar::F32 => (value as f32).to_ne_bytes().to_vec(),
        Scalar::F64 => (value as f64).to_ne_bytes().to_vec(),
        integer => match integer.size() {
            1 => (value as i8).to_ne_bytes().to_vec(),
            2 => (value as i16).to_ne_bytes().to_vec(),
            4 => (value as i32).to_ne_bytes().to_vec(),
            _ => value.to_ne_bytes().to_vec(),
        },
    }
}

proptest! {
    #[test]
    fn numbers_are_converted_as_single_ones_are(
        from in 0..SCALARS.len(),
        to in 0..SCALARS.len(),
        bits in proptest::collection::vec((any::<u64>(), 0_u32..64), 1..150),
        all_small: bool,
    ) {
        let (from, to) = (SCALARS[from], SCALARS[to]);
        prop_assume!((from == Scalar::Bool) == (to == Scalar::Bool));
        let least = if all_small { 57 } else { 0 };
        let positive = |bits: u64| if all_small { bits >> 1 } else { bits };
        let elements: Vec<_> = bits.iter().map(|(bits, shift)| number(from, positive(*bits), *shift.max(&least))).collect();
        agree(&scalar(from), &scalar(to), &elements)?;
    }

    #[test]
    fn texts_are_converted_as_single_ones_are(
        words in 0_usize..6,
        odd in 0_usize..2,
        more in -9_isize..40,
        bytes in proptest::collection::vec(proptest::collection::vec(prop_oneof![Just(0), Just(1), Just(0x80), any::<u8>()], 48), 1..100),
    ) {
        let from = 8 * words + odd + usize::from(words == 0);
        let to = from.saturating_add_signed(more).max(1);
        let elements: Vec<_> = bytes.iter().map(|bytes| bytes[..from].to_vec()).collect();
        agree(&Type::text(from), &Type::text(to), &elements)?;
    }

    #[test]
    fn sums_are_those_of_all_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..1500), at in 0_usize..1500, len in 0_usize..1500) {
        let expected = |bytes: &[u8]| bytes.get(at..at + len).map(|part| part.iter().map(|byte| u64::from(*byte)).sum());
        prop_assert_eq!(Input::from(bytes.as_slice()).sum(at, len), expected(&bytes));
        let mut full = vec![0xff; bytes.len()];
        let sum = expected(&full);
        prop_assert_eq!(Output::from(full.as_mut_slice()).sum(at, len), sum);
    }

    #[test]
    fn what_lies_behind_elements_with_padding_is_zero(count in 0_u8..=90, dirt: u8) {
        let live = |name: &str, at: usize, record: &Arc<Layout>| {
            let live = Live { records: Some(Arc::clone(record)), count: Some("count".into()), ..Live::default() };
            let data = Field { live: Some(Box::new(live)), ..Field::new("data", at, Type::Bytes(90 * record.size)) };
            let count = Field::new("count", 0, scalar(Scalar::U8));
            Arc::new(Layout { name: name.into(), size: at + 90 * record.size, align: 1, fields: vec![count, data] })
        };
        let record = |size, b| layout("Record", size, 1, &[("a", 0, scalar(Scalar::U16)), ("b", b, scalar(Scalar::U8))]);
        let (from, to) = (live("From", 1, &record(3, 2)), live("To", 4, &record(7, 4)));
        let mut sample = vec![dirt; from.size];
        sample[0] = count;
        let records = sample[1..].chunks_exact(3).take(count.into());
        let mut expected = vec![count, 0, 0, 0];
        expected.extend(records.flat_map(|record| [record[0], record[1], 0, 0, record[2], 0, 0]));
        expected.resize(to.size, 0);
        prop_assert_eq!(transcode(&compile(&from, &to), &sample), Ok(expected));
    }
}
