//! Applications are killed in the middle of their work.

use std::time::{Duration, Instant};

use super::traffic::{Content, End, Stream, Times, Traffic, Watch};
use rustix::process::Signal;
use tests::bed::{App, Bed, Seed, isolated};

use super::{random_moment, rounds};

/// Streams of which some are befallen and others must not notice. All are of one release: where there are two, an
/// application that starts takes a dead node of the other release for a corrupt one of its own, and removes its services.
fn streams(release: &'static str) -> Vec<Stream> {
    let iceoryx2 = End::Iceoryx2(release);
    vec![
        Stream::new("classic-victim", End::Classic, iceoryx2, Content::Ticks),
        Stream::new("iceoryx2-victim", iceoryx2, End::Classic, Content::Bytes(2000)),
        Stream::new("out", End::Classic, iceoryx2, Content::Bytes(500)),
        Stream::new("in", iceoryx2, End::Classic, Content::Ticks),
    ]
}

/// Publishers are killed wherever they are, and subscribers while they hold samples or have some in their queues. The
/// streams they are on go on with the next ones, and the others have no gap.
fn killed_they_disturb_nobody_else(bed: &Bed, release: &'static str) {
    bed.leftovers_are_fine();
    let mut seed = Seed::new();
    let roudi = bed.roudi();
    let bridge = bed.bridge(&Traffic::config(bed, &streams(release)));
    let mut traffic = Traffic::start(bed, &bridge, streams(release));
    let watch = Watch::of(&bridge);
    let others = |stream: &Stream| !stream.name.ends_with("victim");
    let gaps = traffic.gaps(others);
    for round in 0..rounds() {
        let victims: Vec<App> = traffic
            .flows()
            .iter()
            .map(|flow| flow.idle_or_busy_subscriber(bed, &format!("victim-{round}"), round % 2 == 0))
            .collect();
        victims.iter().for_each(|victim| drop(victim.wait_for_line("started")));
        random_moment(&mut seed, 300);
        for mut victim in victims {
            victim.kill();
            victim.wait();
        }
        for stream in ["classic-victim", "iceoryx2-victim"] {
            random_moment(&mut seed, 100);
            traffic.kill_publisher(stream);
        }
        traffic.wait_past(&traffic.marks());
        assert_eq!(traffic.gaps(others), gaps, "the other streams have no gap");
    }
    watch.end();
    traffic.end_and_check(&bridge, rounds(), Duration::ZERO);
    bridge.stop();
    // Stopped in order so soon after a client's death, iceoryx 2.0.3 aborts.
    roudi.kill();
}

#[test]
fn killed_they_disturb_nobody_else_with_0_8() {
    isolated(|bed| killed_they_disturb_nobody_else(bed, "0.8"));
}

#[test]
fn killed_they_disturb_nobody_else_with_0_10() {
    isolated(|bed| killed_they_disturb_nobody_else(bed, "0.10"));
}

/// A subscriber of a service without overflow dies with its queue full. Its publisher waits for it, be it an
/// application's, which nobody bridges, or the bridge's own, until somebody removes what is left of the dead: the bridge.
/// Since 0.9; before, iceoryx2 looks at nothing but the dead subscriber's full queue, for ever.
#[test]
fn a_publisher_that_waits_for_a_dead_subscriber_is_released() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let mut seed = Seed::new();
        let mut times = Times::new("a waiting publisher released after its subscriber's death");
        let blocking = |name: &str, release| {
            let from = if release == "0.10" { "0.9" } else { "0.10" };
            Stream::new(name, End::Iceoryx2(from), End::Iceoryx2(release), Content::Bytes(64)).blocking()
        };
        let streams = vec![blocking("to-0.9", "0.9"), blocking("to-0.10", "0.10")];
        let bridge = bed.bridge(&Traffic::config(bed, &streams));
        let traffic = Traffic::start(bed, &bridge, streams);
        let unbridged: Vec<(App, &str)> =
            ["v0_9-", ""].iter().map(|program| (private_publisher(bed, program), *program)).collect();
        // A publisher that comes after its subscriber waits for it only when that has polled, and these poll at once alone.
        unbridged.iter().for_each(|(publisher, _)| drop(publisher.wait_for_line("started")));
        for round in 0..rounds() {
            // Those that will die come and stand still.
            let mut dying: Vec<App> = traffic
                .flows()
                .iter()
                .map(|flow| flow.idle_or_busy_subscriber(bed, &format!("dying-{round}"), true))
                .collect();
            dying.extend(unbridged.iter().map(|(_, program)| private_subscriber(bed, program)));
            dying.iter().for_each(|subscriber| drop(subscriber.wait_for_line("started")));
            unbridged.iter().for_each(|(publisher, _)| while_it_changes(|| lines(publisher)));
            // So do the bridge's: nothing arrives any more.
            traffic.flows().iter().for_each(|flow| while_it_changes(|| flow.arrived()));
            random_moment(&mut seed, 300);
            let marks = traffic.marks();
            let sent: Vec<usize> = unbridged.iter().map(|(publisher, _)| lines(publisher)).collect();
            dying.iter().for_each(|subscriber| subscriber.signal(Signal::KILL));
            let moment = Instant::now();
            for mut subscriber in dying {
                subscriber.wait();
            }
            for ((publisher, _), sent) in unbridged.iter().zip(sent) {
                publisher.wait_for_lines(sent + 2, "sent ");
            }
            traffic.wait_past(&marks);
            times.note(moment.elapsed());
        }
        traffic.end_and_check(&bridge, rounds(), Duration::ZERO);
        unbridged.into_iter().for_each(|(publisher, _)| drop(publisher.finish()));
        times.assert_short();
        bridge.stop();
    });
}

fn private(program: &str) -> [String; 2] {
    ["--service".to_owned(), format!("private {program}")]
}

fn private_publisher(bed: &Bed, program: &str) -> App {
    let [service, name] = private(program);
    let options = [service.as_str(), &name, "--block", "--queue", "8", "--pace-us", "2000", "--report", "5"];
    bed.iceoryx2(&format!("{program}raw-publisher"), &options)
}

fn private_subscriber(bed: &Bed, program: &str) -> App {
    let [service, name] = private(program);
    let options = [service.as_str(), &name, "--block", "--queue", "8", "--lossy", "--poll-us", "3600000000"];
    bed.iceoryx2(&format!("{program}raw-subscriber"), &options)
}

fn lines(publisher: &App) -> usize {
    publisher.output().lines().iter().filter(|line| line.starts_with("sent ")).count()
}

/// Waits until what is counted has not changed for a while.
///
/// # Panics
///
/// If it never stops changing.
fn while_it_changes(count: impl Fn() -> usize) {
    let begun = Instant::now();
    let mut before = usize::MAX;
    while before != count() {
        before = count();
        assert!(begun.elapsed() < Duration::from_secs(60), "still counting: {before}");
        std::thread::sleep(Duration::from_millis(300));
    }
}
