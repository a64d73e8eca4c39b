//! `notify` of an iceoryx2 endpoint: by which events the applications of a service tell each other of samples.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::document::Located;
use super::names::ServiceName;
use super::numbers::EventNumber;
use super::plan::NotifyIds;

/// The name of the convention of iceoryx2's own examples.
const PUB_SUB_EVENT: &str = "PubSubEvent";

/// `notify`: false, the ids, or a table with the ids and the name of the event service.
#[derive(Debug)]
pub struct NotifyDecl {
    /// What is sent; `None`: nothing.
    pub ids: Option<NotifyIds>,
    /// The event service, where it is not called as the service of the samples.
    pub service: Option<Located<ServiceName>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table: { id = ..., service = ... }")]
struct Table {
    id: NotifyIds,
    service: Option<Located<ServiceName>>,
}

impl<'de> Deserialize<'de> for NotifyDecl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyForm)
    }
}

impl<'de> Deserialize<'de> for NotifyIds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Ids)
    }
}

impl Serialize for NotifyIds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_u64(*number as u64),
            Self::PubSubEvent => serializer.serialize_str(PUB_SUB_EVENT),
        }
    }
}

struct Ids;

impl Visitor<'_> for Ids {
    type Value = NotifyIds;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the number of an event, or \"{PUB_SUB_EVENT}\"")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<NotifyIds, E> {
        let number = EventNumber::try_from(number).map_err(E::custom)?;
        Ok(NotifyIds::Number(number.get()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<NotifyIds, E> {
        let number = EventNumber::try_from(number).map_err(E::custom)?;
        Ok(NotifyIds::Number(number.get()))
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<NotifyIds, E> {
        if word == PUB_SUB_EVENT {
            return Ok(NotifyIds::PubSubEvent);
        }
        Err(E::custom(format!(
            "there is no convention {word:?} of events\nwrite \"{PUB_SUB_EVENT}\", as iceoryx2's examples have it, or the number of the event"
        )))
    }
}

struct AnyForm;

impl<'de> Visitor<'de> for AnyForm {
    type Value = NotifyDecl;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the number of an event, \"{PUB_SUB_EVENT}\", false, or a table of both: {{ id = 0, service = \"...\" }}"
        )
    }

    fn visit_bool<E: de::Error>(self, notifies: bool) -> Result<NotifyDecl, E> {
        if notifies {
            return Err(E::custom("it is not known by which event\nwrite its number, or \"PubSubEvent\""));
        }
        Ok(NotifyDecl { ids: None, service: None })
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<NotifyDecl, E> {
        Ids.visit_u64(number).map(|ids| NotifyDecl { ids: Some(ids), service: None })
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<NotifyDecl, E> {
        Ids.visit_i64(number).map(|ids| NotifyDecl { ids: Some(ids), service: None })
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<NotifyDecl, E> {
        Ids.visit_str(word).map(|ids| NotifyDecl { ids: Some(ids), service: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<NotifyDecl, A::Error> {
        let Table { id, service } = Table::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(NotifyDecl { ids: Some(id), service })
    }
}
