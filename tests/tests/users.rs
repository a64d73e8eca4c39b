//! Applications of several users, whose files are closed to each other, and one bridge.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;

use tests::bed::{App, Bed, Bridge, Route, User, exchange_between, isolated, pools};

const SAMPLES: u64 = 2_000;

/// One direction a stream, from classic to this user's applications or back.
fn streams(user: &str) -> String {
    let end = |name: &str| {
        format!(
            r#"{{ service = "raw/{name}", user = "{user}", type = {{ name = "u8", size = 1, align = 1, slice = true }}, queue = 64, when_full = "block" }}"#
        )
    };
    let classic =
        |event: &str| format!(r#"{{ service = "Raw", instance = "{user}", event = "{event}", when_full = "block" }}"#);
    format!(
        "[[stream]]\nname = \"to-{user}\"\nfrom.classic = {}\nto.iceoryx2 = {}\n\n\
         [[stream]]\nname = \"from-{user}\"\nfrom.iceoryx2 = {}\nto.classic = {}\n\n",
        classic("Given"),
        end("to"),
        end("from"),
        classic("Taken"),
    )
}

/// Samples go both ways between classic and this user's applications.
fn bytes_go_both_ways(bed: &Bed, bridge: &Bridge, name: &str, user: &User) {
    let count = SAMPLES.to_string();
    let common = ["--count", &count, "--block"];
    let ids = |event| ["--instance", name, "--event", event];
    for route in [format!("to-{name}"), format!("from-{name}")] {
        bridge.wait_running(&[&route]);
    }
    let rust = |service| ["--service", service, "--queue", "64"];
    let subscriber = bed.iceoryx2_as(user, "raw-subscriber", &[&rust("raw/to"), &common[..]].concat());
    let publisher =
        bed.classic_as(user, "classic-raw-publisher", &[&ids("Given"), &common[..], &["--handshake"]].concat());
    exchange_between(vec![publisher], vec![subscriber], SAMPLES);
    let subscriber = bed.classic_as(user, "classic-raw-subscriber", &[&ids("Taken"), &common[..]].concat());
    let publisher =
        bed.iceoryx2_as(user, "raw-publisher", &[&rust("raw/from"), &common[..], &["--handshake"]].concat());
    exchange_between(vec![publisher], vec![subscriber], SAMPLES);
    for route in [format!("to-{name}"), format!("from-{name}")] {
        let route = bridge.wait_for_route(&route, "all accounted for", |r| r.adds_up() && r.forwarded >= SAMPLES);
        assert_eq!((route.rejected.total, route.dropped.total), (0, 0), "{route:#?}");
    }
}

/// The lines of `/proc/PID/status`.
fn process(pid: u32) -> BTreeMap<String, String> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the process is there");
    let line = |line: &str| line.split_once(':').map(|(key, value)| (key.to_owned(), value.trim().to_owned()));
    status.lines().filter_map(line).collect()
}

/// One supervisor, started as root, and two users who cannot read each other's files: each has a worker with his rights.
#[test]
fn applications_of_two_users_are_served_at_once() {
    isolated(|bed| {
        let (Some(quant), Some(desk)) = (bed.user("quant"), bed.user("desk")) else { return };
        // RouDi's clients are the members of its group.
        let clients = bed.group("clients", &["quant", "desk"]);
        let roudi = bed.roudi_for_clients("clients", clients);
        let between = "[[stream]]\nname = \"between\"\n\
             from.iceoryx2 = { service = \"quant/out\", user = \"quant\", type = { name = \"u8\", size = 1, align = 1, slice = true }, queue = 64, when_full = \"block\" }\n\
             to.iceoryx2 = { service = \"desk/in\", user = \"desk\", type = { name = \"u8\", size = 1, align = 1, slice = true }, queue = 64, when_full = \"block\" }\n";
        let bridge = bed.bridge(&bed.config(&(streams("quant") + &streams("desk") + between)));
        for (name, user) in [("quant", &quant), ("desk", &desk)] {
            bytes_go_both_ways(bed, &bridge, name, user);
            // Each has a configuration of iceoryx2, which calls the segments of samples otherwise.
            let names = fs::read_dir("/dev/shm").unwrap().map(|entry| entry.unwrap().file_name());
            assert!(names.into_iter().any(|segment| segment.to_string_lossy().ends_with(&format!(".of-{name}"))));
        }
        // From one user to the other, through both workers.
        bridge.wait_running(&["between"]);
        let count = SAMPLES.to_string();
        let options = ["--count", &count, "--block", "--queue", "64"];
        let reader = bed.iceoryx2_as(&desk, "raw-subscriber", &[&["--service", "desk/in"], &options[..]].concat());
        let writer = [&["--service", "quant/out"], &options[..], &["--handshake"]].concat();
        let writer = bed.iceoryx2_as(&quant, "raw-publisher", &writer);
        exchange_between(vec![writer], vec![reader], SAMPLES);

        let status = bridge.status().expect("it runs");
        assert_eq!(status.workers.len(), 2, "{status:#?}");
        for (worker, user) in status.workers.iter().zip([&quant, &desk]) {
            assert_eq!(worker.restarts, 0, "{worker:#?}");
            let process = process(worker.pid.expect("it runs"));
            let (number, all) = (user.number().to_string(), |n: &str| [n; 4].join("\t"));
            assert_eq!((&process["Uid"], &process["Gid"]), (&all(&number), &all(&number)));
            let mut groups: Vec<_> = process["Groups"].split_whitespace().map(str::to_owned).collect();
            groups.sort();
            assert_eq!(groups, [number, clients.to_string()]);
            for sets in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
                assert_eq!(process[sets], "0000000000000000", "{sets}");
            }
            assert_eq!(process["NoNewPrivs"], "1");
            // What root has in its environment is no business of others.
            let environment = fs::read_to_string(format!("/proc/{}/environ", worker.pid.expect("it runs"))).unwrap();
            let names = environment.split_terminator('\0').filter_map(|entry| Some(entry.split_once('=')?.0));
            let known = ["IOX_BRIDGE_LOG", "JOURNAL_STREAM", "NO_COLOR", "RUST_BACKTRACE", "TERM"];
            assert_eq!(names.filter(|name| !known.contains(name)).collect::<Vec<_>>(), [""; 0]);
            let folder = format!("/tmp/home-{}/iceoryx2/services", worker.user.as_deref().unwrap_or_default());
            let folder = fs::metadata(&folder).unwrap_or_else(|error| panic!("{folder}: {error}"));
            assert_eq!((folder.uid(), folder.mode() & 0o007), (user.number(), 0), "his alone");
        }
        bridge.stop();
        roudi.stop();
    });
}

/// Another user can write what he likes where his worker writes its log: it reaches neither root's terminal nor the log as
/// lines of the bridge's own, and however much it is, the bridge answers.
#[test]
fn what_another_users_worker_writes_is_passed_on_as_his() {
    isolated(|bed| {
        let Some(quant) = bed.user("quant") else { return };
        let clients = bed.group("clients", &["quant"]);
        let roudi = bed.roudi_for_clients("clients", clients);
        let bridge = bed.bridge(&bed.config(&streams("quant")));
        bridge.wait_running(&["to-quant"]);
        let worker = bridge.status().expect("it runs").workers.remove(0).pid.expect("it runs");
        let supervisor = bridge.app().pid();
        let of = |pid: u32, what: &str| fs::read_link(format!("/proc/{pid}/{what}")).expect("the process is there");
        assert_ne!(of(worker, "fd/2"), of(supervisor, "fd/2"), "root's standard error is not the worker's");
        // Field 6 of /proc/PID/stat, the fourth behind the program's name.
        let session = |pid: u32| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("the process is there");
            stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(3)?.parse::<u32>().ok())
        };
        assert_eq!(session(worker), Some(worker), "it has no terminal");

        let mut log = fs::OpenOptions::new().write(true).open(format!("/proc/{worker}/fd/2")).expect("its pipe");
        log.write_all(b"\x1b[2J2026-01-01T00:00:00Z INFO all is well\rforged\n").expect("room in a pipe");
        let line = format!("[quant {worker}] ?[2J2026-01-01T00:00:00Z INFO all is well forged");
        bridge.app().wait_for_line(&line);
        // More than the pipe holds, and no line ever ends.
        let flood = std::thread::spawn(move || {
            let _ = (0..64).try_for_each(|_| log.write_all(&[b'x'; 64 * 1024]));
        });
        bytes_go_both_ways(bed, &bridge, "quant", &quant);
        // Ends the pipe's other side, and with it whoever still writes.
        bridge.stop();
        flood.join().expect("no panic");
        roudi.stop();
    });
}

/// The user is in no group of RouDi's: the state says so, and the other user's streams run.
#[test]
fn a_user_without_roudis_group_is_told() {
    isolated(|bed| {
        let (Some(quant), Some(_)) = (bed.user("quant"), bed.user("desk")) else { return };
        let clients = bed.group("clients", &["quant"]);
        let roudi = bed.roudi_for_clients("clients", clients);
        let bridge = bed.bridge(&bed.config(&(streams("quant") + &streams("desk"))));
        bytes_go_both_ways(bed, &bridge, "quant", &quant);
        let reason = bridge.wait_for_reason("to-desk");
        assert!(reason.contains("RouDi") && reason.contains("group"), "{reason}");
        bridge.stop();
        roudi.stop();
    });
}

#[test]
fn a_user_that_is_not_there_is_an_error_with_its_line() {
    isolated(|bed| {
        let checked = Bridge::check(bed, &bed.config(&streams("nobody-of-that-name")));
        let said = String::from_utf8_lossy(&checked.stderr);
        assert_eq!(checked.status.code(), Some(78), "{said}");
        assert!(said.contains("there is no user `nobody-of-that-name`") && said.contains("bridge.toml:"), "{said}");
    });
}

/// Without root's rights no worker can be another user.
#[test]
fn a_bridge_that_may_not_become_others_says_so() {
    isolated(|bed| {
        let Some(_) = bed.user("quant") else { return };
        let rights = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"];
        let mut bridge = Bridge::start_through(bed, &bed.config(&streams("quant")), &rights);
        bridge.app().wait_for_line("only root can run workers for other users");
        assert_eq!(bridge.app_mut().wait().code(), Some(1));
    });
}

/// A segment of RouDi's that the bridge may not read would end it: it says which group to join, before it takes anything.
#[test]
fn a_segment_that_may_not_be_read_is_named_with_its_group() {
    isolated(|bed| {
        let (Some(_), Some(user)) = (bed.user("quant"), bed.user("insider")) else { return };
        let clients = bed.group("clients", &["quant", "insider"]);
        bed.group("secret", &["insider"]);
        bed.group("secret-readers", &["insider"]);
        let segment = |reader: &str, writer: &str| {
            pools(&[(1024, 1000)])
                .replace("[[segment]]", &format!("[[segment]]\nreader = \"{reader}\"\nwriter = \"{writer}\""))
        };
        let config = segment("clients", "quant")
            + segment("secret-readers", "secret").split_once("version = 1").expect("a head").1;
        let roudi = bed.roudi_for_clients_with(clients, &config);
        let bridge = bed.bridge(&bed.config(&streams("quant")));
        let reason = bridge.wait_for_reason("to-quant");
        for part in ["\"secret\"", "secret-readers", "user quant"] {
            assert!(reason.contains(part), "{part} is not named: {reason}");
        }
        // A publisher in there, whose first sample would have ended the worker.
        let insider = ["--instance", "quant", "--event", "Given", "--count", "10"];
        let insider = bed.classic_as(&user, "classic-raw-publisher", &insider);
        insider.wait_for_line("started");
        // To publish is no danger.
        bridge.wait_for_route("from-quant", "running", Route::is_running);
        let worker = bridge.status().expect("it runs").workers.remove(0);
        assert_eq!((worker.restarts, worker.user.as_deref()), (0, Some("quant")));
        drop::<App>(insider);
        bridge.stop();
        roudi.stop();
        bed.leftovers_are_fine();
    });
}

/// Without `user` the bridge serves its own, and names everybody else: every release, both directions, and whenever the
/// stranger comes.
#[test]
fn services_of_others_are_named_with_every_release() {
    isolated(|bed| {
        let releases = [("0.7", "v0_7-"), ("0.8", "v0_8-"), ("0.9", "v0_9-"), ("0.10", "")];
        let Some(_) = bed.user("nobody-else") else { return };
        let roudi = bed.roudi();
        for (release, programs) in releases {
            let end = format!(
                r#"{{ service = "of others", release = "{release}", type = {{ name = "u8", size = 1, align = 1, slice = true }} }}"#
            );
            let config = format!(
                "[[stream]]\nname = \"to\"\nfrom.classic = {{ service = \"a\", instance = \"b\", event = \"c\" }}\nto.iceoryx2 = {end}\n\n\
                 [[stream]]\nname = \"from\"\nfrom.iceoryx2 = {end}\nto.classic = {{ service = \"d\", instance = \"e\", event = \"f\" }}\n"
            );
            let _ = fs::remove_dir_all("/tmp/iceoryx2");
            let stranger = bed.stranger(&format!("{programs}raw-subscriber"), &["--service", "of others"]);
            stranger.wait_for_line("started");
            let bridge = bed.bridge(&bed.config(&config));
            for route in ["to", "from"] {
                bridge.wait_for_route(route, &format!("told of the stranger of {release}"), |route| {
                    route.reason.as_deref().is_some_and(|reason| reason.contains("user 65534"))
                });
            }
            bridge.stop();
            drop(stranger);
        }
        roudi.stop();
        bed.leftovers_are_fine();
    });
}
