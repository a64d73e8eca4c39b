//! The applications without a bridge: each publisher with a subscriber of its own stack. Whatever is wrong in a test
//! with the bridge is then not wrong with them.

use tests::bed::{Bed, exchange, isolated, pools};

const SAMPLES: u64 = 20_000;

fn classic_pair(bed: &Bed, topic: &str, samples: u64, more: &[&str]) {
    let count = samples.to_string();
    let arguments = [&["--count", &count, "--block"], more].concat();
    let subscriber = bed.classic(&format!("classic-{topic}-subscriber"), &arguments);
    subscriber.wait_for_line("started");
    let publisher = bed.classic(&format!("classic-{topic}-publisher"), &[&arguments[..], &["--handshake"]].concat());
    exchange(publisher, subscriber, samples);
}

fn iceoryx2_pair(bed: &Bed, topic: &str, samples: u64, more: &[&str]) {
    let count = samples.to_string();
    let arguments = [&["--count", &count, "--block", "--queue", "16"], more].concat();
    let subscriber = bed.iceoryx2(&format!("{topic}-subscriber"), &arguments);
    subscriber.wait_for_line("started");
    let publisher = bed.iceoryx2(&format!("{topic}-publisher"), &[&arguments[..], &["--handshake"]].concat());
    exchange(publisher, subscriber, samples);
}

#[test]
fn classic_topics() {
    isolated(|bed| {
        let roudi = bed.roudi();
        for topic in ["tick", "block", "transmission"] {
            classic_pair(bed, topic, SAMPLES, &[]);
        }
        roudi.stop();
    });
}

#[test]
fn classic_bytes_of_every_size() {
    isolated(|bed| {
        let roudi = bed.roudi_with(&pools(&[(128, 2000), (8192, 1000), (1 << 20, 300)]));
        for (size, samples) in [("8", SAMPLES), ("64", SAMPLES), ("8192", SAMPLES), ("1048576", 2000)] {
            classic_pair(bed, "raw", samples, &["--size", size]);
        }
        roudi.stop();
    });
}

#[test]
fn iceoryx2_topics() {
    isolated(|bed| {
        for topic in ["tick", "block", "transmission"] {
            iceoryx2_pair(bed, topic, SAMPLES, &[]);
        }
    });
}

#[test]
fn iceoryx2_bytes_of_every_size() {
    isolated(|bed| {
        for (size, samples) in [("8", SAMPLES), ("64", SAMPLES), ("8192", SAMPLES), ("1048576", 2000)] {
            iceoryx2_pair(bed, "raw", samples, &["--size", size]);
        }
    });
}

#[test]
#[cfg_attr(
    not(classic_examples),
    ignore = "the installation has no examples; set ICEORYX_EXAMPLES_DIR to those of its release"
)]
fn iceoryx_examples_talk_to_each_other() {
    isolated(|bed| {
        let roudi = bed.roudi();
        for kind in ["-helloworld", "", "-untyped"] {
            let subscriber = bed.classic(&format!("iox-cpp-subscriber{kind}"), &[]);
            let publisher = bed.classic(&format!("iox-cpp-publisher{kind}"), &[]);
            subscriber.wait_for_lines(2, "got value: ");
            subscriber.finish();
            publisher.finish();
        }
        for kind in ["", "-untyped"] {
            let subscriber = bed.classic(&format!("iox-cpp-user-header{kind}-subscriber"), &[]);
            let publisher = bed.classic(&format!("iox-cpp-user-header{kind}-publisher"), &[]);
            subscriber.wait_for_lines(2, "ms");
            subscriber.finish();
            publisher.finish();
        }
        roudi.stop();
    });
}

#[test]
fn their_iceoryx2_counterparts_talk_to_each_other() {
    isolated(|bed| {
        for (topic, line) in [("radar", "got value: "), ("header", "ms")] {
            let subscriber = bed.iceoryx2(&format!("{topic}-subscriber"), &[]);
            subscriber.wait_for_line("started");
            let publisher = bed.iceoryx2(&format!("{topic}-publisher"), &[]);
            subscriber.wait_for_lines(3, line);
            subscriber.finish();
            publisher.finish();
        }
    });
}

/// A check that cannot fail is none: subscribers must notice samples that are missing, and content of another size.
#[test]
fn subscribers_notice_what_is_wrong() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let mut subscriber = bed.classic("classic-tick-subscriber", &["--count", "30"]);
        subscriber.wait_for_line("started");
        let publisher = bed.classic("classic-rude-publisher", &["--count", "20", "--size", "39"]);
        publisher.wait_for_line("done sent=20");
        subscriber.terminate();
        assert_eq!(subscriber.wait().code(), Some(1));
        let closing = subscriber.wait_for_line("done received=");
        // A typed subscriber takes what lies behind a short chunk for the rest of it: damage, or an older sample's end.
        assert!(closing.starts_with("done received=40 missing=10 "), "{closing}");
        assert!(!closing.contains("duplicate=0 reordered=0 corrupt=0"), "{closing}");
        publisher.finish();
        roudi.stop();

        let mut subscriber = bed.iceoryx2("tick-subscriber", &["--count", "30", "--block", "--queue", "100"]);
        subscriber.wait_for_line("started");
        let publisher = bed.iceoryx2("rude-publisher", &["--count", "28"]);
        publisher.wait_for_line("done sent=28");
        subscriber.terminate();
        assert_eq!(subscriber.wait().code(), Some(1));
        let closing = subscriber.wait_for_line("done received=");
        assert!(closing.starts_with("done received=56 missing=2 ") && !closing.contains("corrupt=0"), "{closing}");
        publisher.finish();
    });
}
