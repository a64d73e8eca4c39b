//! The rules within one stream, and its routes.

use std::sync::Arc;

use super::Context;
use super::endpoint::{self, End};
use super::error::StreamError;
use super::service::ServiceId;
use crate::config::document::{Located, Span};
use crate::config::plan::{EndpointPlan, FormatPlan, RoutePlan};
use crate::config::stream::{EndpointDecl, StreamDecl};
use crate::layout::{left_out, mismatches};

/// Services that RouDi itself writes.
const ROUDIS_OWN: [&str; 2] = ["Introspection", "ServiceDiscovery"];

/// A stream after its own rules.
pub(super) struct Stream {
    /// Its name; none when that is not sound.
    pub(super) name: Option<String>,
    /// Where its name is written.
    pub(super) name_at: Span,
    pub(super) from: Option<End>,
    pub(super) to: Option<End>,
    pub(super) bidirectional: bool,
    /// None when anything about it was reported.
    pub(super) routes: Vec<RoutePlan>,
}

pub(super) fn check(decl: &Located<StreamDecl>, context: &mut Context<'_>) -> Stream {
    let from = end("from", &decl.from, context);
    let to = end("to", &decl.to, context);
    let mut stream = Stream {
        name: decl.name.sound().map(ToString::to_string),
        name_at: decl.name.span,
        from,
        to,
        bidirectional: decl.bidirectional,
        routes: Vec::new(),
    };
    let (Some(from), Some(to)) = (&stream.from, &stream.to) else { return stream };
    // Which of the two it is shows even in an endpoint whose names are wrong.
    if decl.from.classic.is_some() == decl.to.classic.is_some() {
        let (at, from_at) = (to.at, from.at);
        let kind = if decl.from.classic.is_some() { "classic" } else { "iceoryx2" };
        let error = match (&from.id, &to.id) {
            (Some(a), Some(b)) if a == b => StreamError::SameService { at, from: from_at },
            _ => StreamError::SameKind { kind, at, from: from_at },
        };
        context.report.push(context.source, error);
        return stream;
    }
    reserved(to, decl.to.classic.as_ref().map_or(to.at, |endpoint| endpoint.service.span), context);
    if decl.bidirectional {
        reserved(from, decl.from.classic.as_ref().map_or(from.at, |endpoint| endpoint.service.span), context);
    }
    if let (Some(source), Some(sink)) = (&from.plan, &to.plan) {
        pair((source, from.format_at), (sink, to.format_at), context);
        structs((source, from.format_at), (sink, to.format_at), context);
        if decl.bidirectional {
            structs((sink, to.format_at), (source, from.format_at), context);
        }
        tolerance(&stream, (from, source), (to, sink), context);
        stream.routes = routes(decl, source, sink);
    }
    stream
}

/// The one endpoint at an end; `None` when there is not exactly one.
fn end(which: &'static str, decl: &Located<EndpointDecl>, context: &mut Context<'_>) -> Option<End> {
    match (&decl.classic, &decl.iceoryx2) {
        (Some(classic), Some(iceoryx2)) => {
            // Both are looked at all the same: what is wrong inside is worth knowing.
            endpoint::classic(classic, context);
            endpoint::iceoryx2(iceoryx2, context);
            let error = StreamError::TwoEndpoints { which, at: iceoryx2.span, other: classic.span };
            context.report.push(context.source, error);
            None
        }
        (Some(classic), None) => Some(endpoint::classic(classic, context)),
        (None, Some(iceoryx2)) => Some(endpoint::iceoryx2(iceoryx2, context)),
        (None, None) => {
            if decl.complete {
                context.report.push(context.source, StreamError::NoEndpoint { which, at: decl.span });
            }
            None
        }
    }
}

fn reserved(end: &End, at: Span, context: &mut Context<'_>) {
    if let Some(ServiceId::Classic(ids)) = &end.id
        && ROUDIS_OWN.contains(&ids.service.as_str())
    {
        context.report.push(context.source, StreamError::Reserved { service: ids.service.clone(), at });
    }
}

/// The two formats can be turned into each other. What can be done one way can be done the other way, too, but for
/// structs of different layouts.
fn pair((source, from_at): (&EndpointPlan, Span), (sink, at): (&EndpointPlan, Span), context: &mut Context<'_>) {
    use FormatPlan::{Json, Msgpack, Raw, Struct};
    let error = match (&source.format, &sink.format) {
        (Raw, Raw) | (Struct(_), Struct(_)) | (Json(_), Json(_)) => return,
        (Struct(_), Msgpack(..) | Json(_)) | (Msgpack(..) | Json(_), Struct(_)) => return,
        (Msgpack(a, _), Msgpack(b, _)) if a == b => return,
        (Msgpack(..), Msgpack(..)) => StreamError::Shapes { from_at, at },
        (Raw, Struct(_)) | (Struct(_), Raw) => StreamError::Formats {
            from: word(&source.format),
            to: word(&sink.format),
            from_at,
            at,
            help: "to copy the struct, write `format = \"struct\"` and the same `layout` on both sides, or neither",
        },
        (Msgpack(..), Json(_)) | (Json(_), Msgpack(..)) => StreamError::Formats {
            from: word(&source.format),
            to: word(&sink.format),
            from_at,
            at,
            help: "write `format = \"struct\"` and a `layout` on one side, or the same format on both sides to copy \
                   documents as they are",
        },
        (Raw, Json(_)) | (Json(_), Raw) => StreamError::Formats {
            from: word(&source.format),
            to: word(&sink.format),
            from_at,
            at,
            help: "write `format = \"struct\"` and a `layout` for the raw side, or `format = \"json\"` on both sides to \
                   copy documents as they are",
        },
        (Raw, Msgpack(..)) | (Msgpack(..), Raw) => StreamError::Formats {
            from: word(&source.format),
            to: word(&sink.format),
            from_at,
            at,
            help: "write `format = \"struct\"` and a `layout` for the raw side, or `format = \"msgpack\"` on both sides \
                   to copy documents as they are",
        },
    };
    context.report.push(context.source, error);
}

/// Fields that are shown of many.
const MAX_SHOWN_FIELDS: usize = 4;

/// A struct of the one layout can become one of the other.
fn structs((source, from_at): (&EndpointPlan, Span), (sink, at): (&EndpointPlan, Span), context: &mut Context<'_>) {
    let (FormatPlan::Struct(a), FormatPlan::Struct(b)) = (&source.format, &sink.format) else { return };
    if Arc::ptr_eq(a, b) {
        return;
    }
    let (from, to) = (a.name.clone(), b.name.clone());
    let problems = mismatches(a, b);
    if let Some(first) = problems.first() {
        let more = if problems.len() > 1 { format!(", and {} more", problems.len() - 1) } else { String::new() };
        let problem = format!("{first}{more}");
        context.report.push(context.source, StreamError::Layouts { from, to, problem, from_at, at });
        return;
    }
    let left_out = left_out(a, b);
    if !left_out.is_empty() {
        let mut fields: Vec<_> = left_out.iter().take(MAX_SHOWN_FIELDS).map(|path| format!("`{path}`")).collect();
        if left_out.len() > MAX_SHOWN_FIELDS {
            fields.push(format!("{} more", left_out.len() - MAX_SHOWN_FIELDS));
        }
        let (fields, verb) = (fields.join(", "), if left_out.len() == 1 { "is" } else { "are" });
        context.report.push(context.source, StreamError::LeftOut { fields, verb, from, to, at });
    }
}

/// What documents may lack or have besides matters where their fields are read: at a source, and to become a struct.
fn tolerance(
    stream: &Stream,
    (from, source): (&End, &EndpointPlan),
    (to, sink): (&End, &EndpointPlan),
    context: &mut Context<'_>,
) {
    let is_struct = |plan: &EndpointPlan| matches!(plan.format, FormatPlan::Struct(_));
    for (end, own, other, is_read) in [(from, source, sink, true), (to, sink, source, stream.bidirectional)] {
        // At other formats the key was reported already.
        let (Some((key, at)), FormatPlan::Msgpack(..) | FormatPlan::Json(_)) = (end.tolerance_at, &own.format) else {
            continue;
        };
        let (why, help) = match (is_read, is_struct(other)) {
            (true, true) => continue,
            (false, _) => ("they are only written", "remove it, or write `bidirectional = true` if that is meant"),
            (true, false) => ("they are copied as they are", "remove it; a document is looked into to become a struct"),
        };
        context.report.push(context.source, StreamError::NothingRead { key, why, help, at });
    }
}

fn word(format: &FormatPlan) -> &'static str {
    match format {
        FormatPlan::Raw => "raw",
        FormatPlan::Struct(_) => "struct",
        FormatPlan::Msgpack(..) => "msgpack",
        FormatPlan::Json(_) => "json",
    }
}

fn routes(decl: &StreamDecl, source: &EndpointPlan, sink: &EndpointPlan) -> Vec<RoutePlan> {
    let stream = decl.name.to_string();
    let route = |name: String, source: &EndpointPlan, sink: &EndpointPlan| RoutePlan {
        name,
        stream: stream.clone(),
        source: source.clone(),
        sink: sink.clone(),
    };
    let mut routes = vec![route(stream.clone(), source, sink)];
    if decl.bidirectional {
        routes.push(route(format!("{stream}/back"), sink, source));
    }
    routes
}
