//! Publishes MessagePack documents of which every second one is wrong, each time in another way.
use std::collections::BTreeMap;

use iceoryx2::prelude::*;
use serde::Serialize;
use tests::apps::topics::MarketTick;
use tests::apps::{Outcome, SampleId, parse_options, run_publisher, with_qos};

pub(crate) fn main() -> Outcome {
    let options = parse_options("market/ticks");
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let builder = node.service_builder(&options.service.as_str().try_into()?).publish_subscribe::<[u8]>();
    let service = with_qos(builder, &options).open_or_create()?;
    let publisher = service.publisher_builder().initial_max_slice_len(1024).create()?;
    run_publisher(
        &node,
        &options,
        || service.dynamic_config().number_of_subscribers(),
        |id| {
            let wrong = if id.is_probe() { None } else { Some(wrong_document(id)?) };
            for document in wrong.into_iter().chain([rmp_serde::to_vec_named(&MarketTick::of(id))?]) {
                publisher.loan_slice_uninit(document.len())?.write_from_slice(&document).send()?;
            }
            Ok(())
        },
    )
}

/// The document of this sample, damaged.
fn wrong_document(id: SampleId) -> Result<Vec<u8>, rmp_serde::encode::Error> {
    let right = rmp_serde::to_vec_named(&MarketTick::of(id))?;
    Ok(match id.sequence % 14 {
        0 => right[..right.len() - 1].to_vec(),
        1 => right[..1].to_vec(),
        2 => vec![0xc1],
        3 => rmp_serde::to_vec_named(&with("price", "a text where a number belongs"))?,
        4 => rmp_serde::to_vec_named(&with("symbol", 7_u8))?,
        5 => rmp_serde::to_vec_named(&with("timestamp", -1_i8))?,
        6 => rmp_serde::to_vec_named(&with("timestamp", 1e30_f64))?,
        7 => rmp_serde::to_vec_named(&with("symbol", "seventeen letters"))?,
        8 => rmp_serde::to_vec_named(&with("symbol", "x".repeat(600)))?,
        9 => rmp_serde::to_vec_named(&with("unheard", 1_u8))?,
        10 => rmp_serde::to_vec_named(&BTreeMap::from([("price", 1.0_f64)]))?,
        11 => rmp_serde::to_vec_named("not a map at all")?,
        // More entries promised than a document of any length could hold.
        12 => vec![0xdf, 0xff, 0xff, 0xff, 0xff],
        _ => [right.as_slice(), &[0xc0]].concat(),
    })
}

/// A right document but for one field, which is changed or added.
fn with<T: Serialize>(name: &'static str, value: T) -> BTreeMap<&'static str, Field<T>> {
    let mut fields = BTreeMap::from([
        ("symbol", Field::Text("ABC")),
        ("price", Field::Float(1.5)),
        ("volume", Field::Float(2.5)),
        ("timestamp", Field::Integer(3)),
    ]);
    fields.insert(name, Field::Other(value));
    fields
}

#[derive(Serialize)]
#[serde(untagged)]
enum Field<T> {
    Text(&'static str),
    Float(f64),
    Integer(u64),
    Other(T),
}
