//! The rules between streams.

use std::collections::{HashMap, HashSet};

use super::Context;
use super::across_error::AcrossError;
use super::circle::{Way, circles};
use super::endpoint::End;
use super::service::ServiceId;
use super::stream::Stream;
use crate::document::Span;
use crate::iceoryx2::Release;
use crate::lane::DEFAULT_LANE;
use crate::plan::{Iceoryx2Service, PayloadType, ServicePlan, WhenFull};
use crate::user::KnownUser;

/// Ways of a circle that a message shows.
const MAX_SHOWN_WAYS: usize = 8;

pub(super) fn check(streams: &[Stream], context: &mut Context<'_>) {
    names(streams, context);
    let mut ways = ways(streams);
    let doubled = same_way(streams, &ways, context);
    ways.retain(|way| !doubled.contains(&way.stream));
    let circling = report_circles(streams, &ways, context);
    ways.retain(|way| !circling.contains(&way.stream));
    chains(streams, &ways, context);
    types(streams, context);
    waits_for_itself(streams, context);
}

impl Stream {
    /// Its name for a message.
    fn called(&self) -> String {
        self.name.clone().unwrap_or_else(|| "?".to_owned())
    }

    fn ends(&self) -> impl Iterator<Item = &End> {
        self.from.iter().chain(&self.to)
    }

    /// The releases and users of iceoryx2 that its ends serve.
    fn served(&self) -> Vec<(Release, &Option<KnownUser>)> {
        let services = self.ends().filter_map(|end| match &end.id {
            Some(ServiceId::Iceoryx2 { release, user, .. }) => Some((*release, user)),
            _ => None,
        });
        services.collect()
    }

    /// Whether one worker may hold ports of both: there is one for each release and user of iceoryx2. A stream without an
    /// end on iceoryx2 is carried by that of the sections, whichever that is.
    fn may_share_a_worker_with(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.served(), other.served());
        ours.is_empty() || theirs.is_empty() || ours.iter().any(|served| theirs.contains(served))
    }
}

fn names(streams: &[Stream], context: &mut Context<'_>) {
    let mut first: HashMap<&str, Span> = HashMap::new();
    for stream in streams {
        let Some(name) = &stream.name else { continue };
        let at = stream.name_at;
        match first.get(name.as_str()) {
            Some(first) => {
                context.report.push(context.source, AcrossError::NameTwice { name: name.clone(), at, first: *first });
            }
            None => {
                first.insert(name, at);
            }
        }
    }
}

/// Every direction in which a stream carries samples between services of different kinds.
fn ways(streams: &[Stream]) -> Vec<Way<'_>> {
    let mut ways = Vec::new();
    for (index, stream) in streams.iter().enumerate() {
        let (Some(from), Some(to)) = (service(&stream.from), service(&stream.to)) else { continue };
        if from.is_on_the_stack_of(to) {
            continue;
        }
        ways.push(Way { from, to, stream: index });
        if stream.bidirectional {
            ways.push(Way { from: to, to: from, stream: index });
        }
    }
    ways
}

/// Streams that go the way of one before them.
fn same_way(streams: &[Stream], ways: &[Way<'_>], context: &mut Context<'_>) -> HashSet<usize> {
    let mut first: HashMap<(&ServiceId, &ServiceId), usize> = HashMap::new();
    let mut doubled = HashSet::new();
    for way in ways {
        let earlier = *first.entry((way.from, way.to)).or_insert(way.stream);
        if earlier == way.stream || !doubled.insert(way.stream) {
            continue;
        }
        let (Some(first), Some(stream)) = (streams.get(earlier), streams.get(way.stream)) else { continue };
        let error = AcrossError::SameWay {
            first_name: first.called(),
            name: stream.called(),
            from: way.from.to_string(),
            to: way.to.to_string(),
            at: stream.name_at,
            first: first.name_at,
        };
        context.report.push(context.source, error);
    }
    doubled
}

/// Reports streams that feed each other, and returns them.
fn report_circles(streams: &[Stream], ways: &[Way<'_>], context: &mut Context<'_>) -> HashSet<usize> {
    let mut circling = HashSet::new();
    for circle in circles(ways) {
        let Some(first) = circle.first() else { continue };
        let mut words = first.from.to_string();
        let mut labels = Vec::new();
        // Longer circles are shown by their beginning.
        circling.extend(circle.iter().map(|way| way.stream));
        for way in circle.iter().take(MAX_SHOWN_WAYS) {
            let Some(stream) = streams.get(way.stream) else { continue };
            words.push_str(&format!(" -> ({}) {}", stream.called(), way.to));
            labels
                .push(miette::LabeledSpan::new_with_span(Some(format!("{} -> {}", way.from, way.to)), stream.name_at));
        }
        if circle.len() > MAX_SHOWN_WAYS {
            words.push_str(" -> ...");
        }
        let help = if circle.len() == 2 {
            "remove one of them; for both ways between two services, write one stream with `bidirectional = true`"
        } else {
            "remove one of them, or let it write to a service of its own"
        };
        context.report.push(context.source, AcrossError::Circle { circle: words, labels, help: help.to_owned() });
    }
    circling
}

/// Streams that take samples where others publish some: a worker ignores its own, which may surprise. Said once a service.
/// Streams that different workers carry do take each other's samples.
fn chains(streams: &[Stream], ways: &[Way<'_>], context: &mut Context<'_>) {
    let mut bringing: HashMap<&ServiceId, Vec<usize>> = HashMap::new();
    for way in ways {
        bringing.entry(way.to).or_default().push(way.stream);
    }
    let mut said = HashSet::new();
    for way in ways {
        let same_worker = |other: usize| match (streams.get(other), streams.get(way.stream)) {
            (Some(one), Some(other)) => one.may_share_a_worker_with(other),
            _ => false,
        };
        let other = bringing.get(way.from).into_iter().flatten();
        let other = other.copied().find(|other| *other != way.stream && same_worker(*other));
        let Some(other) = other.filter(|_| said.insert(way.from)) else { continue };
        let (Some(into), Some(out_of)) = (streams.get(other), streams.get(way.stream)) else { continue };
        let warning = AcrossError::Chain {
            into: into.called(),
            out_of: out_of.called(),
            service: way.from.to_string(),
            at: out_of.name_at,
            into_at: into.name_at,
        };
        context.report.push(context.source, warning);
    }
}

/// One iceoryx2 service is created once, with one type.
fn types(streams: &[Stream], context: &mut Context<'_>) {
    let mut first: HashMap<&ServiceId, Vec<(&Stream, &End, &Iceoryx2Service)>> = HashMap::new();
    for stream in streams {
        for end in stream.ends() {
            let (Some(id), Some(plan)) = (&end.id, &end.plan) else { continue };
            let ServicePlan::Iceoryx2(service) = &plan.service else { continue };
            let others = first.entry(id).or_default();
            let conflict = others.iter().find_map(|other| Some((other, difference(other.2, service)?)));
            match conflict {
                Some(((other, other_end, _), what)) => {
                    let error = AcrossError::Types {
                        service: service.service.clone(),
                        first_name: other.called(),
                        name: stream.called(),
                        what,
                        at: end.at,
                        first: other_end.at,
                    };
                    context.report.push(context.source, error);
                }
                // Those that say nothing new need not be compared with.
                None if others.iter().any(|other| other.2 == service) => {}
                None => others.push((stream, end, service)),
            }
        }
    }
}

/// What two endpoints of one service disagree about.
fn difference(a: &Iceoryx2Service, b: &Iceoryx2Service) -> Option<&'static str> {
    let type_differs = |a: &PayloadType, b: &PayloadType| {
        (a.element.size, a.element.align, a.slice) != (b.element.size, b.element.align, b.slice)
            || (a.name_required && b.name_required && a.element.name != b.element.name)
    };
    match (&a.payload, &b.payload, &a.user_header, &b.user_header) {
        (Some(a), Some(b), _, _) if type_differs(a, b) => Some("types"),
        (_, _, Some(a), Some(b)) if a != b => Some("user headers"),
        _ => None,
    }
}

/// Until 0.8, iceoryx2 asks nobody whom it waits for: a publisher that waits for room waits for the bridge's own
/// subscriber too, and for ever if that is another route's of the same thread. The lane `default` has a thread for each
/// route that may wait.
fn waits_for_itself(streams: &[Stream], context: &mut Context<'_>) {
    let mut reading: HashMap<(&str, &ServiceId), &Stream> = HashMap::new();
    let mut waiting = Vec::new();
    for stream in streams {
        let (Some(from), Some(to)) = (service(&stream.from), service(&stream.to)) else { continue };
        let ways = [(from, to), (to, from)];
        for (route, (source, sink)) in stream.routes.iter().zip(ways).filter(|(route, _)| route.lane != DEFAULT_LANE) {
            reading.entry((&route.lane, source)).or_insert(stream);
            let has_no_end = matches!(sink, ServiceId::Iceoryx2 { release: Release::V0_7 | Release::V0_8, .. });
            if has_no_end && route.sink.when_full == WhenFull::Block {
                waiting.push((stream, (route.lane.as_str(), sink)));
            }
        }
    }
    for (stream, place) in waiting {
        if let Some(other) = reading.remove(&place) {
            let error = AcrossError::WaitsForItself {
                name: stream.called(),
                service: place.1.to_string(),
                other: if std::ptr::eq(other, stream) {
                    "its other direction".to_owned()
                } else {
                    format!("`{}`", other.called())
                },
                lane: place.0.to_owned(),
                at: stream.name_at,
                other_at: other.name_at,
            };
            context.report.push(context.source, error);
        }
    }
}

/// The service at an end, if it is known.
fn service(end: &Option<End>) -> Option<&ServiceId> {
    end.as_ref()?.id.as_ref()
}
