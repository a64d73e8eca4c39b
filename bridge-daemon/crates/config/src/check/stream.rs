//! The rules within one stream, and its routes.

use super::Context;
use super::endpoint::{self, End};
use super::error::StreamError;
use super::fields::Rules;
use super::service::ServiceId;
use crate::document::{Located, Span};
use crate::filter::WhereDecl;
use crate::lane::DEFAULT_LANE;
use crate::plan::{EndpointPlan, FormatPlan, RoutePlan};
use crate::stream::{EndpointDecl, StreamDecl};
use bridge_layout::tree::rules::FieldRule;
use bridge_transcode::{Condition, Filter, Pipeline};

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
    let errors = context.report.error_count();
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
    let are_strangers = matches!((&from.id, &to.id), (Some(from), Some(to)) if !from.is_on_the_stack_of(to));
    if decl.from.classic.is_some() == decl.to.classic.is_some() && !are_strangers {
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
        let rules = Rules::of(decl, context);
        for (end, other) in [(from, sink), (to, source)] {
            let is_struct = matches!(other.format, FormatPlan::Struct(_) | FormatPlan::Raw);
            let is_document = end.plan.as_ref().is_some_and(|plan| plan.document.layout.is_some());
            if let (Some(at), true, true) = (end.layout_at, is_struct, is_document) {
                context.report.push(context.source, StreamError::LayoutOfDocument { at });
            }
        }
        rules.forth((from, source), (to, sink), context);
        let forth = rules.forth.clone().unwrap_or_default();
        let mut routes = vec![route(decl, "", (source, sink), forth, &decl.filter)];
        if decl.bidirectional {
            let back = rules.back((to, sink), (from, source), context);
            routes.push(route(decl, "/back", (sink, source), back.unwrap_or_default(), &decl.reverse_filter));
        } else if let Some(filter) = &decl.reverse_filter {
            context.report.push(context.source, StreamError::NoWayBackWhere { at: filter.span });
        }
        for (route, written) in routes.iter().zip([&decl.filter, &decl.reverse_filter]) {
            filter(route, written.as_ref(), context);
        }
        tolerance(&stream, (from, source), (to, sink), context);
        history(decl, context);
        // What cannot be made when the stream starts is found before. Where anything else is wrong, this may follow from it.
        if context.report.error_count() == errors {
            for error in routes.iter().filter_map(|route| Pipeline::compile(&route.conversion()).err()) {
                context
                    .report
                    .push(context.source, StreamError::Transcode { what: error.to_string(), at: decl.name.span });
            }
        }
        stream.routes = routes;
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

/// The conditions as they are written; none when something about them was reported.
fn conditions(written: &Option<Located<WhereDecl>>) -> Vec<Condition> {
    let sound = written.as_ref().filter(|written| written.sound && written.is_sound());
    sound.map(|written| written.conditions()).unwrap_or_default()
}

/// Looks at each condition of a route by itself, so that every one that is wrong is said where it is written.
fn filter(route: &RoutePlan, written: Option<&Located<WhereDecl>>, context: &mut Context<'_>) {
    let Some(written) = written else { return };
    for condition in &route.filter {
        let alone = RoutePlan { filter: vec![condition.clone()], ..route.clone() };
        let Err(error) = Filter::compile(&alone.conversion()) else { continue };
        let at =
            written.0.iter().find(|(path, _)| *path == condition.path).map_or(written.span, |(_, tests)| tests.span);
        context.report.push(context.source, StreamError::Where { what: error.to_string(), help: error.help(), at });
    }
}

fn reserved(end: &End, at: Span, context: &mut Context<'_>) {
    if let Some(ServiceId::Classic(ids)) = &end.id
        && ROUDIS_OWN.contains(&ids.service.as_str())
    {
        context.report.push(context.source, StreamError::Reserved { service: ids.service.clone(), at });
    }
}

/// What a source in classic asks for of before it came has to fit into its queue.
fn history(decl: &StreamDecl, context: &mut Context<'_>) {
    let sources = [Some(&decl.from), decl.bidirectional.then_some(&decl.to)];
    for endpoint in sources.into_iter().flatten().filter_map(|end| end.classic.as_ref()) {
        if let (Some(history), Some(queue)) = (&endpoint.history, &endpoint.queue)
            && history.sound
            && queue.sound
            && history.get() > queue.get()
        {
            let (history, queue, at) = (history.get(), queue.get(), history.span);
            context.report.push(context.source, StreamError::HistoryAboveQueue { history, queue, at });
        }
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
    let has_layout = source.document.layout.is_some() || sink.document.layout.is_some();
    for (end, own, other, is_read) in [(from, source, sink, true), (to, sink, source, stream.bidirectional)] {
        // At other formats the key was reported already.
        let (Some((key, at)), FormatPlan::Msgpack(..) | FormatPlan::Json(_)) = (end.tolerance_at, &own.format) else {
            continue;
        };
        let (why, help) = match (is_read, is_struct(other) || has_layout) {
            (true, true) => continue,
            (false, _) => ("they are only written", "remove it, or write `bidirectional = true` if that is meant"),
            (true, false) => (
                "they are passed on with all of their fields",
                "remove it; fields are looked at where a document becomes a struct",
            ),
        };
        context.report.push(context.source, StreamError::NothingRead { key, why, help, at });
    }
}

fn route(
    decl: &StreamDecl,
    direction: &str,
    (source, sink): (&EndpointPlan, &EndpointPlan),
    fields: Vec<FieldRule>,
    written: &Option<Located<WhereDecl>>,
) -> RoutePlan {
    let stream = decl.name.to_string();
    let name = format!("{stream}{direction}");
    let lane = decl.lane.as_ref().map_or(DEFAULT_LANE, |lane| &**lane).to_owned();
    let filter = conditions(written);
    RoutePlan { name, stream, source: source.clone(), sink: sink.clone(), fields, filter, lane, is_looked_at: false }
}
