//! JSON, against serde_json.

mod hostile;
mod kinds;
mod numbers;
mod racing;
mod random;
mod rich;
mod rules;
mod strings;

use super::*;

pub(super) use random::{document, loosely};

/// Whether a document that holds only `value` is read into a field of this type, and what stands there then.
fn read_one(ty: Type, value: &str) -> Result<Vec<u8>, Reject> {
    let layout = layout("One", ty.size(), 1, &[("v", 0, ty)]);
    transcode(&both_ways(&layout, &json()).1, format!("{{\"v\":{value}}}").as_bytes())
}

/// The value in a document of one field of this type.
fn write_one(ty: Type, bytes: &[u8]) -> Result<String, Reject> {
    let layout = layout("One", ty.size(), 1, &[("v", 0, ty)]);
    let document = transcode(&both_ways(&layout, &json()).0, bytes)?;
    let document = String::from_utf8(document).expect("UTF-8");
    Ok(document.strip_prefix("{\"v\":").and_then(|rest| rest.strip_suffix('}')).expect("one field").to_owned())
}
