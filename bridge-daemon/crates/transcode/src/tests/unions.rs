//! Structs with unions, against enums with data of serde, and of random layouts against values built beside the bytes.

use proptest::prelude::*;
use rmpv::Value;
use serde::{Deserialize, Serialize};

use super::routes::{End, between, of, turned};
use super::sample::{Random, Sample, encoded, layouts};
use super::*;
use crate::CompileError;
use crate::format::{DocumentPlan, UnionsAs};
use crate::pair::PairError;
use bridge_layout::tree::UnionError;
use bridge_layout::{Variant, Variants};

fn with(format: FormatPlan, unions: UnionsAs) -> End {
    (format, DocumentPlan { unions, ..DocumentPlan::default() })
}

const FORMS: [UnionsAs; 3] = [UnionsAs::External, UnionsAs::Internal, UnionsAs::Adjacent];

/// A number, a tag, and a union of what the cases are.
fn event(cases: &[(&str, i128, Option<&Arc<Layout>>)]) -> Arc<Layout> {
    let values: Vec<(&str, i128)> = cases.iter().map(|(name, value, _)| (*name, *value)).collect();
    let size = cases.iter().filter_map(|(_, _, layout)| Some(layout.as_ref()?.size)).max().unwrap_or(1);
    let case = |(name, _, layout): &(&str, i128, Option<&Arc<Layout>>)| Variant {
        name: (*name).into(),
        layout: layout.map(Arc::clone),
    };
    let variants = Variants { tag: "kind".into(), cases: cases.iter().map(case).collect() };
    let body = Field { variants: Some(Box::new(variants)), ..Field::new("body", 8, Type::Bytes(size)) };
    let fields = vec![
        Field::new("seq", 0, scalar(Scalar::U32)),
        Field::new("kind", 4, named(Scalar::U8, &values, false)),
        body,
        Field::new("last", 8 + size, scalar(Scalar::I8)),
    ];
    Arc::new(Layout { name: "Event".into(), size: size + 9, align: 1, fields })
}

fn events() -> Arc<Layout> {
    let order =
        layout("Order", 12, 4, &[("id", 0, scalar(Scalar::U64)), ("side", 8, named(Scalar::U16, SIDES, false))]);
    let trade = layout("Trade", 16, 8, &[("price", 0, scalar(Scalar::F64)), ("symbol", 8, Type::text(8))]);
    event(&[("Order", 1, Some(&order)), ("Trade", 2, Some(&trade)), ("Ping", 7, None)])
}

const SIDES: &[(&str, i128)] = &[("Buy", 1), ("Sell", 2)];

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Side {
    Buy,
    Sell,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    id: u64,
    side: Side,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Trade {
    price: f64,
    symbol: String,
}

/// A struct with an enum beside other fields, in one of serde's forms.
macro_rules! serde_event {
    ($name:ident, $body:ident, $($tag:tt)*) => {
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        struct $name {
            seq: u32,
            #[serde(flatten)]
            body: $body,
            last: i8,
        }

        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        $($tag)*
        enum $body {
            Order(Order),
            Trade(Trade),
            Ping,
        }

        impl $name {
            fn new(seq: u32, last: i8, which: u8, id: u64, price: f64, symbol: &str) -> Self {
                let side = if id.is_multiple_of(2) { Side::Buy } else { Side::Sell };
                let body = match which {
                    1 => $body::Order(Order { id, side }),
                    2 => $body::Trade(Trade { price, symbol: symbol.into() }),
                    _ => $body::Ping,
                };
                Self { seq, body, last }
            }
        }
    };
}

serde_event!(External, ExternalBody, #[serde()]);
serde_event!(Internal, InternalBody, #[serde(tag = "kind")]);
serde_event!(Adjacent, AdjacentBody, #[serde(tag = "kind", content = "body")]);

/// The struct in memory.
fn sample(seq: u32, last: i8, which: u8, id: u64, price: f64, symbol: &str) -> Vec<u8> {
    let mut sample = vec![0; 25];
    sample[..4].copy_from_slice(&seq.to_ne_bytes());
    sample[4] = which;
    match which {
        1 => {
            sample[8..16].copy_from_slice(&id.to_ne_bytes());
            sample[16..18].copy_from_slice(&(if id.is_multiple_of(2) { 1_u16 } else { 2 }).to_ne_bytes());
        }
        2 => {
            sample[8..16].copy_from_slice(&price.to_ne_bytes());
            sample[16..16 + symbol.len()].copy_from_slice(symbol.as_bytes());
        }
        _ => {}
    }
    sample[24] = last as u8;
    sample
}

proptest! {
    #[test]
    fn unions_are_what_serde_makes_of_enums(
        seq: u32, last: i8, which in prop_oneof![Just(1_u8), Just(2), Just(7)], id: u64,
        price in -1e9..1e9_f64, symbol in "[A-Z]{0,8}",
    ) {
        let layout = events();
        let mut bytes = sample(seq, last, which, id, price, &symbol);
        let clean = bytes.clone();
        // What the union holds besides is nobody's.
        if which == 7 {
            bytes[8..24].fill(0xee);
        }
        macro_rules! both {
            ($name:ident, $form:expr) => {
                let event = $name::new(seq, last, which, id, price, &symbol);
                let json_text = serde_json::to_vec(&event).unwrap();
                let packed = rmp_serde::to_vec_named(&event).unwrap();
                for (format, document) in [(json(), json_text), (msgpack(Shape::Map), packed)] {
                    let end = || with(format.clone(), $form);
                    let shown = turned(&mut between(of(&layout), end()).unwrap(), &bytes);
                    prop_assert_eq!(shown.as_ref().map(|shown| String::from_utf8_lossy(shown)), Ok(String::from_utf8_lossy(&document)));
                    prop_assert_eq!(shown, Ok(document.clone()));
                    prop_assert_eq!(turned(&mut between(end(), of(&layout)).unwrap(), &document), Ok(clean.clone()));
                }
            };
        }
        both!(External, UnionsAs::External);
        both!(Internal, UnionsAs::Internal);
        both!(Adjacent, UnionsAs::Adjacent);
    }

    /// What stands in the union is any layout; entries come in any order, and the tag is read where it is last.
    #[test]
    fn random_unions_are_what_was_put_there(one in layouts(), other in layouts(), seed: u64, form in proptest::sample::select(&FORMS)) {
        let layout = event(&[("One", 3, Some(&one)), ("Other", 0, Some(&other)), ("None", -2_i128 & 0xff, None)]);
        let mut random = Random::new(seed);
        let mut whole = Sample { bytes: (0..layout.size).map(|_| random.next() as u8).collect(), clean: vec![0; layout.size], value: Value::Nil };
        let seq = whole.scalar(Scalar::U32, 0, &mut random);
        let last = whole.scalar(Scalar::I8, layout.size - 1, &mut random);
        let which = random.within(0..=2);
        let (name, tag, content) = [("One", 3, Some(&one)), ("Other", 0, Some(&other)), ("None", 0xfe, None)][which];
        whole.store(4, &[tag]);
        let inner = content.map(|content| {
            let inner = Sample::random(content, &mut random);
            whole.bytes[8..8 + content.size].copy_from_slice(&inner.bytes);
            whole.clean[8..8 + content.size].copy_from_slice(&inner.clean);
            inner.value
        });
        let mut entries = vec![("seq".into(), seq)];
        match (form, inner) {
            (UnionsAs::External, inner) => entries.push((name.into(), inner.unwrap_or(Value::Nil))),
            (UnionsAs::Adjacent, inner) => {
                entries.push(("kind".into(), name.into()));
                entries.extend(inner.map(|inner| ("body".into(), inner)));
            }
            (UnionsAs::Internal, inner) => {
                entries.push(("kind".into(), name.into()));
                if let Some(Value::Map(inner)) = inner { entries.extend(inner) }
            }
        }
        entries.push(("last".into(), last));
        let document = encoded(&Value::Map(entries.clone()));
        let end = || with(msgpack(Shape::Map), form);
        prop_assert_eq!(turned(&mut between(of(&layout), end()).unwrap(), &whole.bytes), Ok(document.clone()));
        let mut read = between(end(), of(&layout)).unwrap();
        prop_assert_eq!(turned(&mut read, &document), Ok(whole.clean.clone()));
        entries.reverse();
        prop_assert_eq!(turned(&mut read, &encoded(&Value::Map(entries))), Ok(whole.clean.clone()));
        // By way of JSON, where that has words for its floats.
        if let Ok(text) = turned(&mut between(of(&layout), with(json(), form)).unwrap(), &whole.bytes) {
            prop_assert_eq!(turned(&mut between(with(json(), form), of(&layout)).unwrap(), &text), Ok(whole.clean.clone()));
        }
        // Into a struct with the cases in another order, and other numbers for them.
        let to = event(&[("None", 9, None), ("One", 8, Some(&one)), ("Other", 7, Some(&other))]);
        let converted = turned(&mut between(of(&layout), of(&to)).unwrap(), &whole.bytes).unwrap();
        let mut expected = whole.clean.clone();
        expected[4] = [8, 7, 9][which];
        prop_assert_eq!(converted, expected);
    }

    #[test]
    fn no_bytes_are_read_as_another_case(bytes in proptest::collection::vec(any::<u8>(), 0..80), form in proptest::sample::select(&FORMS)) {
        let layout = events();
        for format in [json(), msgpack(Shape::Map)] {
            if let Ok(sample) = turned(&mut between(with(format, form), of(&layout)).unwrap(), &bytes) {
                prop_assert!([1, 2, 7].contains(&sample[4]));
            }
        }
    }
}

/// Documents that are no such struct, and why.
#[test]
fn what_does_not_say_which_case_it_is_is_rejected() {
    for (form, document, expected) in [
        (UnionsAs::External, r#"{"seq":1,"last":0}"#, Reject::MissingField),
        (UnionsAs::External, r#"{"seq":1,"Ping":null,"Order":{"id":1,"side":"Buy"},"last":0}"#, Reject::UnknownField),
        (UnionsAs::External, r#"{"seq":1,"Ping":null,"Ping":null,"last":0}"#, Reject::DuplicateField),
        (UnionsAs::External, r#"{"seq":1,"Ping":{},"last":0}"#, Reject::WrongType),
        (UnionsAs::External, r#"{"seq":1,"kind":"Ping","Ping":null,"last":0}"#, Reject::UnknownField),
        (UnionsAs::External, r#"[]"#, Reject::MissingField),
        (UnionsAs::Adjacent, r#"{"seq":1,"body":{"id":1,"side":"Buy"},"last":0}"#, Reject::MissingField),
        (UnionsAs::Adjacent, r#"{"seq":1,"kind":"Pong","last":0}"#, Reject::UnknownName),
        (UnionsAs::Adjacent, r#"{"seq":1,"kind":3,"last":0}"#, Reject::UnnamedValue),
        (UnionsAs::Adjacent, r#"{"seq":1,"kind":null,"last":0}"#, Reject::WrongType),
        (UnionsAs::Adjacent, r#"{"seq":1,"kind":"Order","last":0}"#, Reject::MissingField),
        (UnionsAs::Adjacent, r#"{"seq":1,"kind":"Trade","body":{"id":1,"side":"Buy"},"last":0}"#, Reject::UnknownField),
        (UnionsAs::Adjacent, r#"{"seq":1,"kind":"Ping","body":{},"last":0}"#, Reject::UnknownField),
        (UnionsAs::Adjacent, r#"{"seq":1,"kind":"Ping","kind":"Order","last":0}"#, Reject::DuplicateField),
        (UnionsAs::Internal, r#"{"seq":1,"kind":"Order","id":1,"last":0}"#, Reject::MissingField),
        (
            UnionsAs::Internal,
            r#"{"seq":1,"kind":"Order","id":1,"side":"Buy","price":1,"last":0}"#,
            Reject::UnknownField,
        ),
    ] {
        let mut read = between(with(json(), form), of(&events())).unwrap();
        assert_eq!(turned(&mut read, document.as_bytes()), Err(expected), "{document}");
    }
    // The tag's number is as good as its name.
    let mut read = between(with(json(), UnionsAs::Adjacent), of(&events())).unwrap();
    assert_eq!(turned(&mut read, br#"{"seq":1,"kind":7,"last":0}"#), Ok(sample(1, 0, 7, 0, 0.0, "")));
    // And a struct whose tag is none of its values is not shown.
    for format in [json(), msgpack(Shape::Map)] {
        let mut write = between(of(&events()), with(format, UnionsAs::External)).unwrap();
        assert_eq!(turned(&mut write, &sample(1, 0, 3, 0, 0.0, "")), Err(Reject::UnnamedValue));
    }
}

/// In an array there is the tag's name, and what the union holds behind it.
#[test]
fn in_arrays_the_tag_says_what_follows() {
    let layout = events();
    let mut write = between(of(&layout), with(msgpack(Shape::Array), UnionsAs::Adjacent)).unwrap();
    let mut read = between(with(msgpack(Shape::Array), UnionsAs::Adjacent), of(&layout)).unwrap();
    for (which, content) in [
        (1, Some(Value::Array(vec![5.into(), "Sell".into()]))),
        (2, Some(Value::Array(vec![1.5.into(), "ABC".into()]))),
        (7, None),
    ] {
        let name = ["Order", "Trade", "Ping"][usize::from(which).min(3) - 1];
        let sample = sample(9, -1, which, 5, 1.5, "ABC");
        let values = [Value::from(9), name.into()].into_iter().chain(content).chain([Value::from(-1)]);
        let document = encoded(&Value::Array(values.collect()));
        assert_eq!(turned(&mut write, &sample), Ok(document.clone()));
        assert_eq!(turned(&mut read, &document), Ok(sample));
    }
    for form in [UnionsAs::External, UnionsAs::Internal] {
        let refused = between(of(&layout), with(msgpack(Shape::Array), form)).unwrap_err();
        assert_eq!(refused, CompileError::Pair(PairError::Union(UnionError::Array { union: "body".into() })));
    }
}

/// A field that an endpoint lets be missing is zero; a tag can only be that where zero is one of its values.
#[test]
fn unions_are_in_lists_and_may_be_missing() {
    let order = layout("Order", 4, 4, &[("id", 0, scalar(Scalar::U32))]);
    let inner = event(&[("Zero", 0, Some(&order)), ("Ping", 1, None)]);
    let all = Type::Array(Box::new(Type::Struct(Arc::clone(&inner))), 2);
    let outer = layout("Outer", 2 * inner.size, 1, &[("all", 0, all)]);
    let mut sample = vec![0; outer.size];
    sample[0] = 1;
    sample[8] = 5;
    sample[inner.size + 4] = 1;
    let text = r#"{"all":[{"seq":1,"Zero":{"id":5},"last":0},{"seq":0,"Ping":null,"last":0}]}"#;
    assert_eq!(turned(&mut between(of(&outer), with(json(), UnionsAs::External)).unwrap(), &sample), Ok(text.into()));
    assert_eq!(
        turned(&mut between(with(json(), UnionsAs::External), of(&outer)).unwrap(), text.as_bytes()),
        Ok(sample)
    );
    let zero = FormatPlan::Json(Tolerance { on_missing: OnMissing::Zero, ..Tolerance::default() });
    let mut lenient = between(with(zero, UnionsAs::External), of(&outer)).unwrap();
    assert_eq!(turned(&mut lenient, b"{}"), Ok(vec![0; outer.size]));
}
