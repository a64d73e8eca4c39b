//! Places that RouDi, or the bridge's own RouDi, must not be in: too little shared memory, memory that somebody else uses,
//! half of what a RouDi shares with its clients, files of another user. The bridge says so, and harms nobody.

use std::fs;
use std::path::Path;
use std::process::Command;

use rustix::process::Signal;
use tests::bed::{App, Bed, Bridge, ROUDI_SOCKET, TICKS, isolated, ticks_arrive};

const SAMPLES: u64 = 1000;

fn managed(bed: &Bed) -> String {
    bed.config(TICKS).replace("roudi = \"external\"", "roudi = \"managed\"")
}

fn mount(arguments: &[&str]) {
    assert!(Command::new("mount").args(arguments).status().expect("mount starts").success());
}

/// Whether a RouDi has left memory in /dev/shm.
fn is_memory_of_roudi_there() -> bool {
    ["iceoryx_mgmt", "iox1_0_i_management"].iter().any(|name| Path::new("/dev/shm").join(name).exists())
}

/// A program with a folder of its own mounted over `hidden`, as in a container that shares all else.
fn apart(bed: &Bed, hidden: &str, program: &Path, arguments: &[&str]) -> App {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--", "sh", "-c", "mount -t tmpfs none \"$0\" && exec \"$@\"", hidden]);
    command.arg(program).args(arguments);
    bed.start("apart", command)
}

#[test]
fn a_managed_roudi_is_not_started_where_it_has_no_room() {
    isolated(|bed| {
        mount(&["-o", "remount,size=64m", "/dev/shm"]);
        let bridge = bed.bridge(&managed(bed));
        let reason = bridge.wait_for_reason("ticks");
        assert!(reason.contains("MiB left") && reason.contains("needs") && reason.contains("pools"), "{reason}");
        let status = bridge.wait_for("RouDi's reason", |status| status.roudi.reason.is_some());
        assert_eq!(status.roudi.reason, Some(reason));
        assert!(!is_memory_of_roudi_there(), "nobody else may find /dev/shm full");
        // Room comes, and everything runs by itself.
        mount(&["-o", "remount,size=512m", "/dev/shm"]);
        ticks_arrive(bed, &bridge, SAMPLES);
        bridge.stop();
    });
}

#[test]
fn memory_that_somebody_uses_is_not_taken_away() {
    isolated(|bed| {
        // Another container's RouDi and applications: the same /dev/shm, another /tmp. They are opened before, for they may
        // lie below the old one.
        let script = "exec 7<\"$0\" 8<\"$1\" 9<\"$2\"; mount -t tmpfs none /tmp; /proc/self/fd/7 & roudi=$!; sleep 1; \
                      /proc/self/fd/9 --count $3 --block --until-complete & reader=$!; \
                      /proc/self/fd/8 --count $3 --block --pace-us 3000 --until-complete; wait $reader; code=$?; \
                      kill $roudi; wait $roudi; echo \"ended with $code\"";
        let mut command = Command::new("unshare");
        command.args(["--mount", "--", "sh", "-c", script]).arg(bed.roudi_program());
        command.args(["classic-raw-publisher", "classic-raw-subscriber"].map(|name| bed.classic_program(name)));
        command.arg(SAMPLES.to_string());
        let mut elsewhere = bed.start("elsewhere", command);
        elsewhere.wait_for_line("started");

        let bridge = bed.bridge(&managed(bed));
        let reason = bridge.wait_for_reason("ticks");
        assert!(reason.contains("is in use") && reason.contains("external"), "{reason}");
        bridge.stop();
        // Nor is it advised to run one where that would do harm.
        let bridge = bed.bridge(&bed.config(TICKS));
        let reason = bridge.wait_for_reason("ticks");
        assert!(reason.contains("is in use") && !reason.contains("managed"), "{reason}");
        bridge.stop();
        elsewhere.wait_for_line("ended with 0");
        elsewhere.wait();

        // And when all of them are gone, it runs.
        let bridge = bed.bridge(&managed(bed));
        ticks_arrive(bed, &bridge, SAMPLES);
        bridge.stop();
    });
}

#[test]
fn a_roudi_whose_memory_is_elsewhere_is_named() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let roudi = apart(bed, "/dev/shm", &bed.roudi_program(), &[]);
        roudi.wait_for_line("RouDi is ready for clients");
        for config in [bed.config(TICKS), managed(bed)] {
            let bridge = bed.bridge(&config);
            let reason = bridge.wait_for_reason("ticks");
            assert!(reason.contains(ROUDI_SOCKET) && reason.contains("its memory is not here"), "{reason}");
            let restarts = bridge.status().expect("an answer").workers.first().map(|worker| worker.restarts);
            assert_eq!(restarts, Some(0));
            bridge.stop();
        }
        roudi.finish();
    });
}

/// Applications of iceoryx2 with another /dev/shm and the same /tmp: their services stay theirs.
#[test]
fn a_service_whose_memory_is_elsewhere_is_left_alone() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let roudi = bed.roudi();
        let services = || fs::read_dir("/tmp/iceoryx2/services").expect("a folder").count();
        let program = bed.program("iox2");
        let elsewhere = apart(bed, "/dev/shm", &program, &["tick-subscriber", "--block", "--queue", "64"]);
        elsewhere.wait_for_line("started");
        let before = services();
        let bridge = bed.bridge(&bed.config(TICKS));
        let reason = bridge.wait_for_reason("ticks");
        assert!(reason.contains("is being created") || reason.contains("its memory is not in /dev/shm"), "{reason}");
        bridge.wait_for_route("ticks", "the true reason", |route| {
            route.reason.as_ref().is_some_and(|reason| reason.contains("its memory is not in /dev/shm"))
        });
        assert_eq!(services(), before);
        bridge.stop();
        assert_eq!(services(), before);
        drop(elsewhere);
        roudi.stop();
    });
}

/// RouDi of another user, alive and dead.
#[test]
fn a_roudi_of_another_user_is_named_with_what_to_do() {
    isolated(|bed| {
        let (Some(_), Some(_)) = (bed.user("trader"), bed.user("quant")) else { return };
        bed.leftovers_are_fine();
        let as_user = |user: &str| ["--reuid", user, "--regid", user, "--init-groups"].map(str::to_owned);
        let mut command = Command::new("setpriv");
        command.args(as_user("trader")).arg(bed.roudi_program());
        let mut roudi = bed.start("iox-roudi of trader", command);
        roudi.wait_for_line("RouDi is ready for clients");

        // A socket of root's is closed to it, so it never answers.
        let bridge = bed.bridge(&bed.config(TICKS));
        let reason = bridge.wait_for_reason("ticks");
        assert!(reason.contains("RouDi runs as user trader") && reason.contains("as root"), "{reason}");
        bridge.stop();

        let through = ["setpriv", "--reuid", "quant", "--regid", "quant", "--init-groups"];
        let mut both = [bed.config(TICKS), managed(bed)];
        for config in &both {
            let bridge = Bridge::start_through(bed, config, &through);
            let reason = bridge.wait_for_reason("ticks");
            assert!(reason.contains("trader") && reason.contains("quant") && reason.contains("member"), "{reason}");
            bridge.stop();
        }
        roudi.signal(Signal::KILL);
        roudi.wait();
        both.reverse();
        for config in &both {
            let bridge = Bridge::start_through(bed, config, &through);
            let reason = bridge.wait_for_reason("ticks");
            assert!(
                reason.contains("trader") && reason.contains("runs no more") && reason.contains("remove"),
                "{reason}"
            );
            bridge.stop();
        }
    });
}
