//! What is wrong around the bridge: it says what and where, and whatever is right goes on.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt;

use tests::bed::{Bridge, ROUDI_SOCKET, Route, TICKS, isolated, pools, ticks_arrive, ticks_arrive_again};

const SAMPLES: u64 = 1_000;

#[test]
fn without_roudi_the_bridge_waits_and_carries_on_when_it_comes() {
    isolated(|bed| {
        let bridge = bed.bridge(&bed.config(TICKS));
        let status = bridge.wait_for("waiting for RouDi", |status| {
            status.roudi.state != "connected" && status.find("ticks").is_some_and(|route| route.reason.is_some())
        });
        assert_eq!(status.roudi.mode, "external");
        let said = |bridge: &Bridge| bridge.app().output().lines().iter().filter(|line| line.contains("RouDi")).count();
        bridge.app().wait_for_line("RouDi");
        let (before, pid) = (said(&bridge), status.workers.first().and_then(|worker| worker.pid));
        // Long enough for a bridge that tries again and again to say so again.
        std::thread::sleep(std::time::Duration::from_secs(2));
        assert_eq!(said(&bridge), before, "it says it once");
        assert_eq!(bridge.status().map(|status| status.workers.first().and_then(|worker| worker.pid)), Ok(pid));

        let roudi = bed.roudi();
        ticks_arrive(bed, &bridge, SAMPLES);
        bridge.stop();
        roudi.stop();
    });
}

#[test]
fn roudi_that_stops_and_comes_back_is_found_again() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(TICKS));
        ticks_arrive(bed, &bridge, SAMPLES);
        roudi.stop();
        bridge.wait_for("without RouDi", |status| {
            status.roudi.state != "connected" && status.find("ticks").is_some_and(|route| !route.is_running())
        });
        let roudi = bed.roudi();
        ticks_arrive_again(bed, &bridge, SAMPLES);
        bridge.stop();
        roudi.stop();
    });
}

/// RouDi's socket refuses the bridge, which runs without the rights of root.
#[test]
fn roudi_that_gives_no_permission_is_named() {
    isolated(|bed| {
        let roudi = bed.roudi();
        set_permissions(ROUDI_SOCKET, Permissions::from_mode(0o000)).expect("RouDi's socket is here");
        let rights = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"];
        let bridge = Bridge::start_through(bed, &bed.config(TICKS), &rights);
        let reason = bridge.wait_for_reason("ticks");
        assert!(reason.contains("RouDi") && reason.contains("group"), "it does not say what to do: {reason}");
        set_permissions(ROUDI_SOCKET, Permissions::from_mode(0o660)).expect("RouDi's socket is here");
        ticks_arrive(bed, &bridge, SAMPLES);
        bridge.stop();
        roudi.stop();
    });
}

/// RouDi knows every client by its name: the second bridge says so and waits, and takes over when the first one ends.
#[test]
fn a_second_bridge_of_the_same_name_waits_for_the_first() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let config = bed.config(TICKS);
        let first = bed.bridge(&config);
        first.wait_running(&["ticks"]);
        let mut second = bed.bridge(&config);
        let reason = second.wait_for_reason("ticks");
        assert!(reason.contains("second bridge") && reason.contains("name"), "{reason}");
        ticks_arrive(bed, &first, SAMPLES);
        first.stop();
        ticks_arrive(bed, &second, SAMPLES);
        assert!(second.app_mut().wait_at_most(std::time::Duration::ZERO).is_none());
        second.stop();
        roudi.stop();
    });
}

/// Another name, other streams: two bridges side by side.
#[test]
fn a_second_bridge_of_another_name_runs_beside_the_first() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let first = bed.bridge(&bed.config(TICKS));
        let other = TICKS.replace("Shanghai", "Tokyo").replace("market/ticks", "tokyo/ticks");
        let second = bed.bridge(&bed.config_named("other", &other));
        second.wait_running(&["ticks"]);
        ticks_arrive(bed, &first, SAMPLES);
        second.stop();
        first.stop();
        roudi.stop();
    });
}

/// An application has made the service with another type than the stream says. When it is gone, the stream runs.
#[test]
fn a_type_that_the_service_contradicts_stops_that_stream_only() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let contradicting = bed.iceoryx2("transmission-subscriber", &["--service", "Radar/FrontLeft/Object"]);
        contradicting.wait_for_line("started");
        let bridge = bed.bridge(&bed.config(&format!(
            r#"{TICKS}
            [[stream]]
            name = "radar"
            from.classic = {{ service = "Radar", instance = "FrontLeft", event = "Object" }}
            to.iceoryx2 = {{ service = "Radar/FrontLeft/Object", type = {{ name = "RadarObject", size = 24, align = 8 }} }}
            "#
        )));
        let reason = bridge.wait_for_reason("radar");
        for part in ["TransmissionData", "RadarObject"] {
            assert!(reason.contains(part), "{part} is not named: {reason}");
        }
        ticks_arrive(bed, &bridge, SAMPLES);
        contradicting.finish();
        bridge.wait_running(&["radar"]);
        bridge.stop();
        roudi.stop();
    });
}

/// RouDi has no chunk as large as some of the samples: these are dropped and counted, the others arrive.
#[test]
fn a_sample_larger_than_any_chunk_is_dropped_and_counted() {
    isolated(|bed| {
        let roudi = bed.roudi_with(&pools(&[(1024, 2000), (16_384, 200)]));
        let bridge = bed.bridge(&bed.config(
            r#"
            [[stream]]
            name = "bytes"
            to.classic = { service = "Raw", instance = "Main", event = "Bytes", when_full = "block" }

            [stream.from.iceoryx2]
            service = "raw/bytes"
            type = { name = "u8", size = 1, align = 1, slice = true }
            queue = 16
            when_full = "block"
            max_publishers = 4
            "#,
        ));
        bridge.wait_running(&["bytes"]);
        let oversize = ["--count", "20", "--size", "1048576", "--source", "2", "--block"];
        let oversize = bed.iceoryx2("raw-publisher", &oversize);
        oversize.wait_for_line("done sent=20");
        let route = bridge.wait_for_route("bytes", "twenty samples dropped", |route| route.dropped.total == 20);
        assert!(route.is_running() && route.adds_up(), "{route:#?}");

        let count = SAMPLES.to_string();
        let subscriber = bed.classic("classic-raw-subscriber", &["--count", &count, "--block"]);
        let publisher = bed.iceoryx2("raw-publisher", &["--count", &count, "--block", "--handshake"]);
        tests::bed::exchange(publisher, subscriber, SAMPLES);
        let route = bridge.wait_for_route("bytes", "all accounted for", Route::adds_up);
        assert_eq!(route.dropped.total, 20, "{route:#?}");
        oversize.finish();
        bridge.stop();
        roudi.stop();
    });
}

/// Every way in which one stream can be unable to run, beside one that can.
#[test]
fn streams_that_cannot_run_say_why_and_leave_the_others_alone() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let application = bed.iceoryx2("raw-subscriber", &["--service", "taken"]);
        application.wait_for_line("started");
        let bridge = bed.bridge(&bed.config(&format!(
            r#"{TICKS}
            [[stream]]
            name = "nobody-knows-the-type"
            from.classic = {{ service = "A", instance = "B", event = "C" }}
            to.iceoryx2 = {{ service = "undescribed" }}

            [[stream]]
            name = "other-variant"
            from.classic = {{ service = "D", instance = "E", event = "F" }}
            to.iceoryx2 = {{ service = "taken", type = {{ name = "u8", size = 1, align = 1 }} }}
            "#
        )));
        for route in ["nobody-knows-the-type", "other-variant"] {
            assert!(!bridge.wait_for_reason(route).is_empty());
        }
        ticks_arrive(bed, &bridge, SAMPLES);
        application.finish();
        bridge.stop();
        roudi.stop();
    });
}

/// What a subscriber that reports every sample has received.
fn received(subscriber: &tests::bed::App) -> u64 {
    std::thread::sleep(std::time::Duration::from_millis(100));
    subscriber.output().lines().iter().filter(|line| line.starts_with("received")).count() as u64
}

/// The same on a service that an application has created, with iceoryx2's default queue of two: the lane sleeps less there.
#[test]
fn bursts_into_a_short_queue_are_not_lost() {
    isolated(|bed| {
        let roudi = bed.roudi();
        // It creates the service, before the bridge comes.
        let subscriber = bed.iceoryx2("raw-subscriber", &["--poll-us", "10", "--lossy", "--report", "1"]);
        subscriber.wait_for_line("started");
        let bridge = bed.bridge(&bed.config(
            r#"
            [[stream]]
            name = "bytes"
            from.classic = { service = "Raw", instance = "Main", event = "Bytes" }
            to.iceoryx2 = { service = "raw/bytes" }
            "#,
        ));
        bridge.wait_running(&["bytes"]);
        // Of each burst of ten, the lane's usual sleep of 1.5 ms costs one or two, in every round. A machine that is busy with
        // something else costs as much, but not in all of them.
        let mut rounds = Vec::new();
        for round in 0..5_u64 {
            let before = received(&subscriber);
            for burst in 0..10_u64 {
                // Long enough for the lane to sleep as long as it does.
                std::thread::sleep(std::time::Duration::from_millis(200));
                let first = (round * 100 + burst * 10).to_string();
                let publisher =
                    bed.classic("classic-raw-publisher", &["--count", "10", "--first", &first, "--pace-us", "400"]);
                publisher.wait_for_line("done sent=10");
                publisher.finish();
            }
            bridge.wait_for_route("bytes", "all of them", |route| route.forwarded == (round + 1) * 100);
            rounds.push(received(&subscriber) - before);
            if rounds.last() >= Some(&98) {
                break;
            }
        }
        assert!(rounds.last() >= Some(&98), "of 100 each: {rounds:?}");
        drop(subscriber);
        bridge.stop();
        roudi.stop();
    });
}

/// All errors of a configuration at once, each with its line.
#[test]
fn a_wrong_configuration_is_refused_with_every_error() {
    isolated(|bed| {
        let config = bed.config(
            r#"
            [[stream]]
            name = "comma"
            from.classic = { service = "Mar,ket", instance = "Shanghai", event = "Tick" }
            to.iceoryx2 = { service = "market/ticks", colour = "blue" }

            [[stream]]
            name = "layout"
            from.classic = { service = "Market", instance = "Shanghai", event = "Tick", format = "struct", layout = "Nix" }
            to.iceoryx2 = { service = "market/others", format = "msgpack" }
            "#,
        );
        let checked = Bridge::check(bed, &config);
        let said = String::from_utf8_lossy(&checked.stderr);
        assert_eq!(checked.status.code(), Some(78), "{said}");
        for part in ["Mar,ket", "colour", "Nix"] {
            assert!(said.contains(part), "nothing about {part}: {said}");
        }
        let mut bridge = bed.bridge(&config);
        assert_eq!(bridge.app_mut().wait().code(), Some(78));
    });
}

/// The operator asks about a bridge that is not there.
#[test]
fn status_of_no_bridge_is_an_error() {
    isolated(|bed| {
        let mut bridge = bed.bridge("this is no configuration");
        bridge.app_mut().wait();
        let said = bridge.status().err().unwrap_or_default();
        assert!(said.contains(".sock"), "it does not say where it looked: {said}");
    });
}

/// Services of another user's applications would take the bridge's samples, but never show them: their files are closed
/// to each other. Root's rights hide that from the bridge, so it has to look. Only root can start another user's.
#[test]
fn a_service_of_another_user_is_named_as_such() {
    isolated(|bed| {
        let Some(mut command) = as_another_user() else {
            return;
        };
        let roudi = bed.roudi();
        command.args(["--service", "market/ticks", "--block", "--queue", "64"]);
        let stranger = bed.start("stranger", command);
        stranger.wait_for_line("started");
        let bridge = bed.bridge(&bed.config(TICKS));
        let reason = bridge.wait_for_reason("ticks");
        assert!(reason.contains("user 65534"), "{reason}");
        bridge.stop();
        stranger.finish();
        roudi.stop();
    });
}

/// `iox2 tick-subscriber`, to run as the user `nobody`; `None` where this user namespace has no second user.
fn as_another_user() -> Option<std::process::Command> {
    let map = std::fs::read_to_string("/proc/self/uid_map").ok()?;
    let users: u64 = map.split_whitespace().nth(2)?.parse().ok()?;
    if users <= 65_534 {
        return None;
    }
    let program = std::env::current_exe().ok()?.ancestors().nth(2)?.join("iox2");
    let mut command = std::process::Command::new("setpriv");
    command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(program).arg("tick-subscriber");
    Some(command)
}

/// A file that is in the way of the socket, by a slip on the command line say, is not the bridge's to remove.
#[test]
fn a_file_in_the_place_of_the_socket_is_left_as_it_is() {
    isolated(|bed| {
        let precious = bed.file("precious.toml");
        let config = bed.config(TICKS);
        std::fs::write(&precious, &config).expect("room for a file");
        let mut command = std::process::Command::new(bed.bridge_program());
        command.args(["run", "--config", &precious, "--socket", &precious]);
        let mut bridge = bed.start("iox-bridge", command);
        assert!(!bridge.wait().success());
        bridge.output().wait_for("why", 1, |line| line.contains("not a socket"));
        assert_eq!(std::fs::read_to_string(&precious).expect("it is there"), config);
    });
}

/// As many streams into one service as there are sources: the bridge makes room for its own ports.
#[test]
fn many_streams_lead_into_one_service() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bytes = r#"type = { name = "u8", size = 1, align = 1, slice = true }"#;
        let into_classic = (1..=12).map(|n| {
            format!(
                "\n[[stream]]\nname = \"c{n}\"\nfrom.iceoryx2 = {{ service = \"from/{n}\", {bytes} }}\nto.classic = {{ service = \"All\", instance = \"In\", event = \"One\" }}\n"
            )
        });
        let into_iceoryx2 = (1..=5).map(|n| {
            format!(
                "\n[[stream]]\nname = \"i{n}\"\nfrom.classic = {{ service = \"From\", instance = \"Of\", event = \"{n}\" }}\nto.iceoryx2 = {{ service = \"all/in/one\", {bytes} }}\n"
            )
        });
        let streams: String = into_classic.chain(into_iceoryx2).collect();
        let bridge = bed.bridge(&bed.config(&streams));
        bridge.wait_for("all run", |status| status.routes.len() == 17 && status.routes.iter().all(Route::is_running));
        bridge.stop();
        roudi.stop();
    });
}

/// Nothing has come for a while and the lane sleeps; then samples come at 4 kHz, on a service that the bridge has created.
#[test]
fn the_first_samples_after_a_pause_are_not_lost() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(
            r#"
            [[stream]]
            name = "bytes"
            from.iceoryx2 = { service = "raw/bytes", type = { name = "u8", size = 1, align = 1, slice = true } }
            to.classic = { service = "Raw", instance = "Main", event = "Bytes" }
            "#,
        ));
        bridge.wait_running(&["bytes"]);
        let subscriber = bed.classic("classic-raw-subscriber", &["--count", "4000"]);
        subscriber.wait_for_line("started");
        for burst in 0..4_u64 {
            // Long enough for the lane to sleep as long as it does.
            std::thread::sleep(std::time::Duration::from_millis(400));
            let first = (burst * 1000).to_string();
            let publisher = bed.iceoryx2("raw-publisher", &["--count", "1000", "--first", &first, "--pace-us", "250"]);
            publisher.wait_for_line("done sent=1000");
            bridge.wait_for_route("bytes", "the burst", |route| route.forwarded == (burst + 1) * 1000);
            publisher.finish();
        }
        subscriber.wait_for_line("complete received=4000");
        subscriber.finish();
        bridge.stop();
        roudi.stop();
    });
}
