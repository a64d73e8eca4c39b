//! A hundred thousand samples each way, every byte compared: none missing, none twice, none out of order.

use tests::bed::{Bed, exchange_through, isolated, pools};

const SAMPLES: u64 = 100_000;

/// Bytes and the queue on both sides; large samples need no long queue to keep everybody busy.
const SMALL: (u32, u32) = (64, 128);
const MEDIUM: (u32, u32) = (8 << 10, 64);
const LARGE: (u32, u32) = (1 << 20, 16);

struct Both {
    classic: String,
    iceoryx2: String,
}

fn endpoints(queue: u32) -> Both {
    Both {
        classic: format!(
            r#"classic = {{ service = "Raw", instance = "Main", event = "Bytes", queue = {queue}, when_full = "block" }}"#
        ),
        iceoryx2: format!(
            r#"iceoryx2 = {{ service = "raw/bytes", type = {{ name = "u8", size = 1, align = 1, slice = true }}, queue = {queue}, when_full = "block", max_publishers = 2, max_subscribers = 2 }}"#
        ),
    }
}

fn to_iceoryx2(bed: &Bed, (size, queue): (u32, u32)) {
    let roudi = bed.roudi_with(&pools(&[(1024, 1000), (size.max(2048), 400)]));
    let Both { classic, iceoryx2 } = endpoints(queue);
    let stream = format!("[[stream]]\nname = \"bytes\"\nfrom.{classic}\nto.{iceoryx2}\n");
    let bridge = bed.bridge(&bed.config(&stream));
    bridge.wait_running(&["bytes"]);

    let (count, size) = (SAMPLES.to_string(), size.to_string());
    let arguments = ["--count", &count, "--size", &size, "--block", "--report", "10000"];
    let subscriber = bed.iceoryx2("raw-subscriber", &arguments);
    let publisher = bed.classic("classic-raw-publisher", &[&arguments[..], &["--handshake"]].concat());
    exchange_through(&bridge, "bytes", publisher, subscriber, SAMPLES);
    bridge.stop();
    roudi.stop();
}

fn to_classic(bed: &Bed, (size, queue): (u32, u32)) {
    let roudi = bed.roudi_with(&pools(&[(1024, 1000), (size.max(2048), 400)]));
    let Both { classic, iceoryx2 } = endpoints(queue);
    let stream = format!("[[stream]]\nname = \"bytes\"\nfrom.{iceoryx2}\nto.{classic}\n");
    let bridge = bed.bridge(&bed.config(&stream));
    bridge.wait_running(&["bytes"]);

    let (count, size, queue) = (SAMPLES.to_string(), size.to_string(), queue.to_string());
    let arguments = ["--count", &count, "--size", &size, "--block", "--report", "10000"];
    let subscriber = bed.classic("classic-raw-subscriber", &[&arguments[..], &["--queue", &queue]].concat());
    let publisher = bed.iceoryx2("raw-publisher", &[&arguments[..], &["--handshake"]].concat());
    exchange_through(&bridge, "bytes", publisher, subscriber, SAMPLES);
    bridge.stop();
    roudi.stop();
}

#[test]
fn small_samples_to_iceoryx2() {
    isolated(|bed| to_iceoryx2(bed, SMALL));
}

#[test]
fn medium_samples_to_iceoryx2() {
    isolated(|bed| to_iceoryx2(bed, MEDIUM));
}

#[test]
fn large_samples_to_iceoryx2() {
    isolated(|bed| to_iceoryx2(bed, LARGE));
}

#[test]
fn small_samples_to_classic() {
    isolated(|bed| to_classic(bed, SMALL));
}

#[test]
fn medium_samples_to_classic() {
    isolated(|bed| to_classic(bed, MEDIUM));
}

#[test]
fn large_samples_to_classic() {
    isolated(|bed| to_classic(bed, LARGE));
}
