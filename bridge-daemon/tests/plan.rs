//! What a configuration that is fine becomes: the routes, with everything that was left out filled in.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::fs;
use std::path::{Path, PathBuf};

use bridge_daemon::config::plan::{
    Config, EndpointPlan, FormatPlan, Iceoryx2Service, OnMissing, OnUnknown, Pool, RoudiPlan, RoutePlan, ServicePlan,
    Shape, Tolerance, WhenFull,
};
use bridge_daemon::config::{Report, load};
use bridge_daemon::endpoint::SERVED;

const LAYOUT: &str = "[[layout]]\nname = \"Tick\"\nfields = [{ name = \"price\", type = \"f64\" }]\n";

/// The plan of a configuration with the layout `Tick` beside it.
fn planned(text: &str) -> Result<Config, Report> {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("layouts.toml"), LAYOUT).unwrap();
    let path = directory.path().join("config.toml");
    fs::write(&path, format!("version = 1\nbridge.layouts = [\"layouts.toml\"]\n{text}")).unwrap();
    load(&path, SERVED)
}

/// A stream from classic with these keys to iceoryx2 with those.
fn stream(from: &str, to: &str) -> String {
    format!(
        "[[stream]]\nname = \"s\"\nfrom.classic = {{ service = \"A\", instance = \"B\", event = \"C\", {from} }}\n\
         to.iceoryx2 = {{ service = \"x\", {to} }}\n"
    )
}

fn iceoryx2(end: &EndpointPlan) -> &Iceoryx2Service {
    match &end.service {
        ServicePlan::Iceoryx2(service) => service,
        other => panic!("{other}"),
    }
}

/// Name, size, alignment, whether it is a slice, and whether the name is required.
fn payload(end: &EndpointPlan) -> Option<(&str, usize, usize, bool, bool)> {
    let payload = iceoryx2(end).payload.as_ref()?;
    let element = &payload.element;
    Some((element.name.as_str(), element.size, element.align, payload.slice, payload.name_required))
}

fn only_route(text: &str) -> RoutePlan {
    let config = planned(text).unwrap();
    assert_eq!(config.routes.len(), 1);
    config.routes.into_iter().next().unwrap()
}

const STRUCT: &str = "format = \"struct\", layout = \"Tick\"";

#[test]
fn the_payload_to_create_follows_from_the_format() {
    let tick = |keys: &str| only_route(&stream(STRUCT, keys));
    assert_eq!(payload(&tick("format = \"msgpack\"").sink), Some(("u8", 1, 1, true, true)));
    assert_eq!(payload(&tick("format = \"json\"").sink), Some(("u8", 1, 1, true, true)));
    assert_eq!(payload(&tick(STRUCT).sink), Some(("Tick", 8, 8, false, false)));
    let named = format!("{STRUCT}, type = {{ name = \"my::Tick\", size = 8, align = 8 }}");
    assert_eq!(payload(&tick(&named).sink), Some(("my::Tick", 8, 8, false, true)));
    let raw = |keys: &str| only_route(&stream("", keys));
    assert_eq!(payload(&raw("").sink), None);
    let slice = "type = { name = \"T\", size = 4, align = 2, slice = true }";
    assert_eq!(payload(&raw(slice).sink), Some(("T", 4, 2, true, true)));
}

#[test]
fn what_is_left_out_is_the_stacks_own() {
    let route = only_route(&stream("", ""));
    assert_eq!((route.name.as_str(), route.stream.as_str()), ("s", "s"));
    for end in [&route.source, &route.sink] {
        assert_eq!((end.queue, end.history, end.when_full), (None, None, WhenFull::DropOldest));
        assert_eq!(end.format, FormatPlan::Raw);
    }
    let service = iceoryx2(&route.sink);
    assert_eq!(service.release, "0.10");
    assert_eq!((service.max_publishers, service.max_subscribers, service.max_nodes), (None, None, None));
    assert_eq!(service.user_header, None);
}

#[test]
fn what_is_written_arrives() {
    let keys = "queue = 8, history = 4, when_full = \"block\", max_publishers = 3, max_subscribers = 5, max_nodes = 7, \
                user_header = { name = \"H\", size = 16, align = 8 }";
    let route = only_route(&stream("queue = 256, history = 16, when_full = \"block\"", keys));
    assert_eq!(
        (route.source.queue, route.source.history, route.source.when_full),
        (Some(256), Some(16), WhenFull::Block)
    );
    assert_eq!((route.sink.queue, route.sink.history, route.sink.when_full), (Some(8), Some(4), WhenFull::Block));
    let service = iceoryx2(&route.sink);
    assert_eq!((service.max_publishers, service.max_subscribers, service.max_nodes), (Some(3), Some(5), Some(7)));
    assert_eq!(service.user_header.as_ref().map(|header| header.size), Some(16));
}

#[test]
fn the_way_back_has_the_same_endpoints_the_other_way_round() {
    let text = format!("{}bidirectional = true\n", stream(STRUCT, "format = \"msgpack\", shape = \"array\""));
    let routes = planned(&text).unwrap().routes;
    let [there, back] = routes.as_slice() else { panic!("{routes:?}") };
    assert_eq!((there.name.as_str(), back.name.as_str(), back.stream.as_str()), ("s", "s/back", "s"));
    assert_eq!((&back.source, &back.sink), (&there.sink, &there.source));
    assert_eq!(back.source.format, FormatPlan::Msgpack(Shape::Array, Tolerance::default()));
}

#[test]
fn what_documents_may_lack_goes_with_their_format() {
    let text = "[[stream]]\nname = \"s\"\nto.classic = { service = \"A\", instance = \"B\", event = \"C\", \
                format = \"struct\", layout = \"Tick\" }\nfrom.iceoryx2 = { service = \"x\", format = \"msgpack\", \
                on_unknown = \"ignore\", on_missing = \"zero\" }\n";
    let both = Tolerance { on_unknown: OnUnknown::Ignore, on_missing: OnMissing::Zero, exact: false };
    assert_eq!(only_route(text).source.format, FormatPlan::Msgpack(Shape::Map, both));
    let one = Tolerance { on_unknown: OnUnknown::Ignore, ..Tolerance::default() };
    let text = text.replace(", on_missing = \"zero\"", "");
    assert_eq!(only_route(&text).source.format, FormatPlan::Msgpack(Shape::Map, one));
    let text = text.replace("msgpack", "json");
    assert_eq!(only_route(&text).source.format, FormatPlan::Json(one));
}

#[test]
fn pools_are_sorted_and_paths_are_beside_the_file() {
    let text = "bridge.socket = \"status.sock\"\nbridge.name = \"left\"\n\
                classic = { roudi = \"managed\", pools = [{ size = 4096, count = 2 }, { size = 64, count = 9 }] }\n";
    let config = planned(text).unwrap();
    let pools = vec![Pool { size: 64, count: 9 }, Pool { size: 4096, count: 2 }];
    assert_eq!(config.classic.roudi, RoudiPlan::Managed(Some(pools)));
    let beside = |path: &Path| path.parent().map(Path::to_owned);
    let socket: PathBuf = config.bridge.socket.unwrap();
    assert_eq!((beside(&socket), socket.ends_with("status.sock")), (beside(&config.file), true));
    assert_eq!(config.bridge.name, "left");
    assert_eq!(planned("").unwrap().classic.roudi, RoudiPlan::External);
}

#[test]
fn too_many_streams_are_one_error_and_too_many_errors_an_end() {
    let one = |at: usize| {
        format!(
            "[[stream]]\nname = \"s{at}\"\nfrom.classic = {{ service = \"A\", instance = \"B\", event = \"{at}\" }}\n\
             to.iceoryx2.service = \"{at}\"\n"
        )
    };
    assert_eq!(planned(&(0..1024).map(one).collect::<String>()).unwrap().routes.len(), 1024);
    let report = planned(&(0..1025).map(one).collect::<String>()).unwrap_err();
    assert_eq!(report.error_count(), 1, "{report}");
    assert!(report.to_string().contains("1025 streams are more than a bridge can carry"));
    let report = planned(&(0..5000).map(|at| format!("[[stream]]\nkey{at} = 1\n")).collect::<String>()).unwrap_err();
    assert_eq!(report.error_count(), 101);
    assert!(report.to_string().contains("too many errors"));
}
