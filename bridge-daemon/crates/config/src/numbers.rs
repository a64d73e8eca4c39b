//! Numbers that cannot be out of range: each is checked when it is read.

use bridge_document::ranged;

pub use bridge_layout::{Align, Size};

ranged! {
    /// Samples that wait for a classic subscriber.
    ClassicQueue, "the queue of a classic endpoint", 1..=256
}
ranged! {
    /// Samples that a late classic subscriber still gets.
    ClassicHistory, "the history of a classic endpoint", 0..=16
}
ranged! {
    /// Samples that wait for an iceoryx2 subscriber.
    Iceoryx2Queue, "the queue of an iceoryx2 endpoint", 1..=65_536
}
ranged! {
    /// Samples that a late iceoryx2 subscriber still gets.
    Iceoryx2History, "the history of an iceoryx2 endpoint", 0..=65_536
}
ranged! {
    /// Ports or nodes of an iceoryx2 service.
    MaxPorts, "a limit of an iceoryx2 service", 1..=65_536
}
ranged! {
    /// The number of an event of iceoryx2.
    EventNumber, "the number of an event", 0..=65_535
}
ranged! {
    /// Chunks in a pool.
    ChunkCount, "the number of chunks in a pool", 1..=1_048_576
}

ranged! {
    /// Threads of a lane in each worker.
    LaneThreads, "the number of threads of a lane", 1..=64
}
ranged! {
    /// The number of a core.
    Cpu, "a core's number", 0..=1023
}
ranged! {
    /// A real-time priority of Linux (SCHED_FIFO).
    Priority, "a real-time priority", 1..=99
}
ranged! {
    /// Microseconds for which a lane does something, at most a minute.
    Microseconds, "a time in microseconds", 0..=60_000_000
}
ranged! {
    /// Microseconds that a lane sleeps at a time, at most a tenth of a second.
    SleepMicroseconds, "a sleep in microseconds", 1..=100_000
}
