//! Numbers whose bytes stand in the other order, against the same layout with the bytes of each turned round.

use proptest::prelude::*;

use super::routes::{self, turned};
use super::sample::{Random, Sample};
use super::*;
use crate::Pipeline;
use crate::format::DocumentPlan;
use bridge_layout::{Endian, Live, TimeUnit};

/// Fields of all kinds, the numbers of which are in this order.
fn everything(endian: Endian) -> Arc<Layout> {
    use Scalar::{Bool, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64};
    let (mut fields, mut end) = (Vec::new(), 0);
    let mut add = |name: &str, ty: Type| {
        let size = ty.size();
        fields.push(Field { endian, ..Field::new(name, end, ty) });
        end += size;
    };
    for kind in [U8, U16, U32, U64, I8, I16, I32, I64, F32, F64, Bool] {
        add(kind.name(), scalar(kind));
        add(&format!("{}s", kind.name()), Type::Array(Box::new(scalar(kind)), 3));
    }
    add("named", named(U32, &[("One", 1), ("Two", 0x0200_0000)], false));
    add("open", named(I16, &[("One", 1)], true));
    add("time", scalar(I64));
    add("count", scalar(U16));
    add("sum", scalar(U32));
    add("some", Type::Bytes(9));
    add("text", Type::text(5));
    let by_name = |name: &str| fields.iter().position(|field: &Field| field.name == name).unwrap();
    let (time, some) = (by_name("time"), by_name("some"));
    fields[time].timestamp = Some(TimeUnit::Us);
    let live = Live { count: Some("count".into()), sum: Some("sum".into()), ..Live::default() };
    fields[some].live = Some(Box::new(live));
    Arc::new(Layout { name: "All".into(), size: end, align: 1, fields })
}

/// The sample with the bytes of each number turned round.
fn turn(layout: &Layout, sample: &[u8]) -> Vec<u8> {
    let mut turned = sample.to_vec();
    for field in &layout.fields {
        let size = match &field.ty {
            Type::Scalar(scalar) => scalar.size(),
            Type::Array(element, _) => element.size(),
            Type::Enum(named) => named.repr.size(),
            _ => 1,
        };
        turned[field.offset..field.offset + field.ty.size()].chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }
    turned
}

fn between(source: FormatPlan, sink: FormatPlan) -> Pipeline {
    let [source, sink] = [source, sink].map(|format| (format, DocumentPlan::default()));
    routes::between(source, sink).expect("a pipeline")
}

proptest! {
    #[test]
    fn numbers_in_the_other_order_are_the_same_numbers(seed: u64) {
        let (big, little) = (everything(Endian::Big), everything(Endian::Little));
        let [of_big, of_little] = [&big, &little].map(|layout| FormatPlan::Struct(Arc::clone(layout)));
        let mut sample = Sample::random(&little, &mut Random::new(seed));
        // A quiet number that is none stays what it is.
        for (at, bytes) in [("f32", 4), ("f64", 8), ("f32s", 12), ("f64s", 24)].iter().map(|(name, bytes)| (little.by_name()[name].offset, *bytes)) {
            sample.clean[at..at + bytes].iter_mut().for_each(|byte| *byte &= 0x3f);
        }
        let sample = sample.clean;
        let swapped = turn(&little, &sample);
        prop_assert_eq!(turned(&mut between(of_big.clone(), of_little.clone()), &swapped), Ok(sample.clone()));
        prop_assert_eq!(turned(&mut between(of_little.clone(), of_big.clone()), &sample), Ok(swapped.clone()));
        for format in [json(), msgpack(Shape::Map), msgpack(Shape::Array)] {
            let shown = turned(&mut between(of_little.clone(), format.clone()), &sample);
            prop_assert_eq!(turned(&mut between(of_big.clone(), format.clone()), &swapped), shown.clone());
            prop_assert_eq!(turned(&mut between(format, of_big.clone()), &shown.unwrap()), Ok(swapped.clone()));
        }
    }
}

/// A double becomes the nearest float in either order.
#[test]
fn a_double_becomes_the_nearest_float() {
    let field = Field { endian: Endian::Big, ..Field::new("f", 0, scalar(Scalar::F32)) };
    let layout = Arc::new(Layout { name: "F".into(), size: 4, align: 4, fields: vec![field] });
    let mut document = b"\x81\xa1f\xcb".to_vec();
    document.extend(0.1_f64.to_be_bytes());
    let of = || FormatPlan::Struct(Arc::clone(&layout));
    assert_eq!(turned(&mut between(msgpack(Shape::Map), of()), &document), Ok(0.1_f32.to_be_bytes().to_vec()));
    let exact = FormatPlan::Msgpack(Shape::Map, Tolerance { exact: true, ..Tolerance::default() });
    assert_eq!(turned(&mut between(exact, of()), &document), Err(Reject::OutOfRange));
    assert_eq!(turned(&mut between(json(), of()), b"{\"f\":0.1}"), Ok(0.1_f32.to_be_bytes().to_vec()));
}
