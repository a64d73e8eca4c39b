//! Subscribers that never read.

use std::time::Duration;

use super::traffic::{Content, End, Stream, Traffic};
use tests::bed::{App, isolated};

use super::{memory, pid_of, rounds, worker};

/// What a process may have more at the end: buffers that grow once.
const LITTLE: u64 = 4 << 20;

/// On both stacks: the others lose nothing, and neither memory nor shared memory grows. Where the service has no overflow,
/// which is where iceoryx2 says it, the account has what the idle one did not get.
#[test]
fn who_never_reads_costs_nobody_else_anything() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let roudi = bed.roudi();
        let streams = vec![
            Stream::new("out", End::Classic, End::Iceoryx2("0.10"), Content::Bytes(2000)),
            Stream::new("in", End::Iceoryx2("0.9"), End::Classic, Content::Ticks),
            Stream::new("strict", End::Classic, End::Iceoryx2("0.9"), Content::Bytes(800)),
        ];
        // The application makes the last one's service, without overflow; the bridge does not wait for anybody there.
        let maker = streams[2].clone().blocking().subscriber(bed, "maker");
        maker.wait_for_line("started");
        let bridge = bed.bridge(&Traffic::config(bed, &streams));
        let mut applications = streams.clone();
        applications[2].block = true;
        let traffic = Traffic::start(bed, &bridge, applications);
        let idle: Vec<App> =
            traffic.flows().iter().map(|flow| flow.idle_or_busy_subscriber(bed, "idle", true)).collect();
        idle.iter().for_each(|subscriber| drop(subscriber.wait_for_line("started")));
        bridge.wait_for_route("strict", "what the idle subscriber did not get", |route| route.sink_full > 0);

        let gaps = traffic.gaps(|_| true);
        let processes = [bridge.app().pid(), pid_of(&worker(&bridge, "0.9")), pid_of(&worker(&bridge, "0.10"))];
        let (before, shared) = (processes.map(memory), shared_memory());
        let full = bridge.status().expect("an answer").find("strict").expect("the route").sink_full;
        std::thread::sleep(Duration::from_secs(rounds().min(30)));
        for (process, before) in processes.into_iter().zip(before) {
            let now = memory(process);
            println!("process {process}: {before} bytes, then {now}");
            assert!(now <= before + LITTLE, "process {process} grew from {before} to {now} bytes");
        }
        let now = shared_memory();
        println!("shared memory: {shared} bytes, then {now}");
        assert!(now <= shared + LITTLE, "shared memory grew from {shared} to {now} bytes");
        assert_eq!(traffic.gaps(|_| true), gaps, "the others lose nothing");
        bridge.wait_for_route("strict", "more in the account", |route| route.sink_full > full);
        for mut subscriber in idle {
            subscriber.kill();
            subscriber.wait();
        }
        maker.finish();
        traffic.end_and_check(&bridge, 1, Duration::ZERO);
        bridge.stop();
        // Stopped in order so soon after a client's death, iceoryx 2.0.3 aborts.
        roudi.kill();
    });
}

/// Bytes of shared memory that are in use.
fn shared_memory() -> u64 {
    use std::os::unix::fs::MetadataExt;
    let files = std::fs::read_dir("/dev/shm").expect("shared memory").flatten();
    files.filter_map(|file| file.metadata().ok()).map(|metadata| metadata.blocks() * 512).sum()
}
