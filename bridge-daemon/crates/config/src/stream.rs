//! `[[stream]]`: what is carried from where to where.

use serde::Deserialize;

use super::document::Located;
use super::endpoint::{ClassicEndpoint, Iceoryx2Endpoint};
use super::fields::FieldsDecl;
use super::filter::WhereDecl;
use super::names::{LaneName, StreamName};

/// What is carried from where to where.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a stream's table")]
pub struct StreamDecl {
    /// Unique among the streams.
    pub name: Located<StreamName>,
    /// Where samples come from.
    pub from: Located<EndpointDecl>,
    /// Where they go.
    pub to: Located<EndpointDecl>,
    /// Also carry samples the other way, formats swapped.
    #[serde(default)]
    pub bidirectional: bool,
    /// What samples at `from` have to be; others are passed over.
    #[serde(rename = "where")]
    pub filter: Option<Located<WhereDecl>>,
    /// What samples at `to` have to be that go the other way.
    #[serde(rename = "reverse_where")]
    pub reverse_filter: Option<Located<WhereDecl>>,
    /// The lane that carries it; `default` unless said.
    pub lane: Option<Located<LaneName>>,
    /// What becomes of single fields, by their paths at `to`.
    pub fields: Option<Located<FieldsDecl>>,
    /// The same on the way back, by their paths at `from`; `fields` the other way round unless said.
    pub reverse_fields: Option<Located<FieldsDecl>>,
}

/// One end of a stream: exactly one of the two.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "one endpoint: { classic = {...} } or { iceoryx2 = {...} }")]
pub struct EndpointDecl {
    /// A service of iceoryx 2.x.
    pub classic: Option<Located<ClassicEndpoint>>,
    /// A service of iceoryx2.
    pub iceoryx2: Option<Located<Iceoryx2Endpoint>>,
}
