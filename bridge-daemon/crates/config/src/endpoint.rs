//! `from.classic`, `to.iceoryx2` and so on: one service, and how its samples are read or written.

use serde::Deserialize;

use super::classic::ClassicRelease;
use super::document::Located;
use super::iceoryx2::Release;
use super::names::{ClassicId, ServiceName, TypeName, UserName};
use super::notify::NotifyDecl;
use super::numbers::{Align, ClassicHistory, ClassicQueue, Iceoryx2History, Iceoryx2Queue, MaxPorts, Size};
use super::plan::{BytesAs, EnumsAs, OnMissing, OnUnknown, Shape, TimestampsAs, UnionsAs, WhenFull};

/// A service of iceoryx 2.x.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a classic endpoint: { service = ..., instance = ..., event = ... }")]
pub struct ClassicEndpoint {
    /// The first of the service's three ids.
    pub service: Located<ClassicId>,
    /// The second.
    pub instance: Located<ClassicId>,
    /// The third.
    pub event: Located<ClassicId>,
    /// The line of releases whose applications it serves; that of `[classic]` unless said.
    pub release: Option<Located<ClassicRelease>>,
    /// How payload bytes are read; `raw` unless said.
    pub format: Option<Located<Format>>,
    /// The layout of the struct, for the format `struct`; between documents, that of the struct they are turned into.
    pub layout: Option<Located<String>>,
    /// The path of the field of the struct that a document is, instead of all of it; for `msgpack` and `json`.
    pub field: Option<Located<String>>,
    /// How MessagePack shows a struct, for the format `msgpack`; a map unless said.
    pub shape: Option<Located<Shape>>,
    /// What happens to fields of a document that the layout has not; `reject` unless said.
    pub on_unknown: Option<Located<OnUnknown>>,
    /// What happens when a document lacks a field of the layout; `reject` unless said.
    pub on_missing: Option<Located<OnMissing>>,
    /// Whether a double of MessagePack has to be exactly the float of 32 bits that it becomes; it is rounded unless said.
    pub exact: Option<Located<bool>>,
    /// What blocks of bytes are in documents; `bin` in MessagePack and numbers in JSON unless said.
    pub bytes: Option<Located<BytesAs>>,
    /// What values of enums are in documents that are written; their names unless said.
    pub enums: Option<Located<EnumsAs>>,
    /// What points in time are in documents; integers unless said.
    pub timestamps: Option<Located<TimestampsAs>>,
    /// How documents have structs with a union; `external` unless said.
    pub unions: Option<Located<UnionsAs>>,
    /// Samples that wait for a subscriber.
    pub queue: Option<Located<ClassicQueue>>,
    /// Samples that a late subscriber still gets.
    pub history: Option<Located<ClassicHistory>>,
    /// What happens when a queue is full; `drop-oldest` unless said.
    #[serde(default)]
    pub when_full: WhenFull,
}

/// A publish-subscribe service of iceoryx2.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an iceoryx2 endpoint: { service = ... }")]
pub struct Iceoryx2Endpoint {
    /// The service's name.
    pub service: Located<ServiceName>,
    /// The release whose applications it serves; that of `[iceoryx2]` unless said.
    pub release: Option<Located<Release>>,
    /// The user whose applications it serves; that of `[iceoryx2]` unless said.
    pub user: Option<Located<UserName>>,
    /// The type to create the service with, where it does not exist yet.
    #[serde(rename = "type")]
    pub ty: Option<Located<PayloadDecl>>,
    /// The user header to create the service with, where it does not exist yet.
    pub user_header: Option<Located<TypeDecl>>,
    /// How payload bytes are read; `raw` unless said.
    pub format: Option<Located<Format>>,
    /// The layout of the struct, for the format `struct`; between documents, that of the struct they are turned into.
    pub layout: Option<Located<String>>,
    /// The path of the field of the struct that a document is, instead of all of it; for `msgpack` and `json`.
    pub field: Option<Located<String>>,
    /// How MessagePack shows a struct, for the format `msgpack`; a map unless said.
    pub shape: Option<Located<Shape>>,
    /// What happens to fields of a document that the layout has not; `reject` unless said.
    pub on_unknown: Option<Located<OnUnknown>>,
    /// What happens when a document lacks a field of the layout; `reject` unless said.
    pub on_missing: Option<Located<OnMissing>>,
    /// Whether a double of MessagePack has to be exactly the float of 32 bits that it becomes; it is rounded unless said.
    pub exact: Option<Located<bool>>,
    /// What blocks of bytes are in documents; `bin` in MessagePack and numbers in JSON unless said.
    pub bytes: Option<Located<BytesAs>>,
    /// What values of enums are in documents that are written; their names unless said.
    pub enums: Option<Located<EnumsAs>>,
    /// What points in time are in documents; integers unless said.
    pub timestamps: Option<Located<TimestampsAs>>,
    /// How documents have structs with a union; `external` unless said.
    pub unions: Option<Located<UnionsAs>>,
    /// Samples that wait for a subscriber.
    pub queue: Option<Located<Iceoryx2Queue>>,
    /// Samples that a late subscriber still gets.
    pub history: Option<Located<Iceoryx2History>>,
    /// What happens when a queue is full; `drop-oldest` unless said.
    #[serde(default)]
    pub when_full: WhenFull,
    /// By which events its applications tell each other of samples; by none unless said.
    pub notify: Option<Located<NotifyDecl>>,
    /// Publishers that the service has room for.
    pub max_publishers: Option<MaxPorts>,
    /// Subscribers that the service has room for.
    pub max_subscribers: Option<MaxPorts>,
    /// Nodes that the service has room for.
    pub max_nodes: Option<MaxPorts>,
}

/// How payload bytes are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Bytes that nobody looks at.
    #[default]
    Raw,
    /// A struct of the endpoint's `layout`.
    Struct,
    /// One MessagePack document.
    Msgpack,
    /// One JSON document.
    Json,
}

/// The payload of an iceoryx2 service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a type: { name = ..., size = ..., align = ... }")]
pub struct PayloadDecl {
    /// The type's name, which the applications' type has.
    pub name: Located<TypeName>,
    /// Bytes of one value, or of one element of a slice.
    pub size: Located<Size>,
    /// Alignment in bytes.
    pub align: Located<Align>,
    /// Samples are slices of it, of any length, and not single values.
    #[serde(default)]
    pub slice: bool,
}

/// A type as iceoryx2 describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a type: { name = ..., size = ..., align = ... }")]
pub struct TypeDecl {
    /// The type's name, which the applications' type has.
    pub name: Located<TypeName>,
    /// Bytes of one value.
    pub size: Located<Size>,
    /// Alignment in bytes.
    pub align: Located<Align>,
}
