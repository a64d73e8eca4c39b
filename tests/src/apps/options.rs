//! The command line that all these applications share.

use std::fmt::Debug;

use crate::IceoryxSend;
use clap::{CommandFactory, FromArgMatches, Parser, ValueEnum};
use iceoryx2::prelude::*;

use iceoryx2::service::builder::publish_subscribe::Builder;

/// What a hostile publisher's headers say of their samples' lengths.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Lie {
    /// More than there is memory.
    Huge,
    /// More than the publisher's memory.
    Beyond,
    /// Now this, now that.
    Racing,
}

/// How to talk on which service, and for how long.
#[derive(Clone, Debug, Parser)]
pub struct Options {
    /// The service's name; each application has its own default.
    #[arg(long)]
    pub service: String,
    /// Samples to send, or to expect of each source; 0: no end.
    #[arg(long, default_value_t = 0)]
    pub count: u64,
    /// Number of the first sample, for a publisher that goes on where another one ended.
    #[arg(long, default_value_t = 0)]
    pub first: u64,
    /// Bytes of a payload whose size is free.
    #[arg(long, default_value_t = 64)]
    pub size: usize,
    /// Stamped on what this publisher sends.
    #[arg(long, default_value_t = 1)]
    pub source: u16,
    /// Whose samples a subscriber expects.
    #[arg(long, value_delimiter = ',', default_value = "1")]
    pub expect: Vec<u16>,
    /// Microseconds between two samples.
    #[arg(long, default_value_t = 0)]
    pub pace_us: u64,
    /// Samples that wait for a subscriber; iceoryx2's default where it is left out.
    #[arg(long)]
    pub queue: Option<usize>,
    /// Publishers that the service has room for; iceoryx2's default where it is left out.
    #[arg(long)]
    pub max_publishers: Option<usize>,
    /// Subscribers that the service has room for; iceoryx2's default where it is left out.
    #[arg(long)]
    pub max_subscribers: Option<usize>,
    /// Samples between two lines of output; 0: none.
    #[arg(long, default_value_t = 0)]
    pub report: u64,
    /// Samples between two that a subscriber prints; 0: none.
    #[arg(long, default_value_t = 0)]
    pub show: u64,
    /// Samples between two lines in which a subscriber says where it is; it says every gap as well. 0: none of this.
    #[arg(long, default_value_t = 0)]
    pub trace: u64,
    /// Microseconds that a subscriber sleeps when there was nothing for a while.
    #[arg(long, default_value_t = 50)]
    pub poll_us: u64,
    /// A service without overflow: publishers wait for room.
    #[arg(long)]
    pub block: bool,
    /// Send probes until a line comes on standard input.
    #[arg(long)]
    pub handshake: bool,
    /// End when all is sent or received, rather than when told to.
    #[arg(long)]
    pub until_complete: bool,
    /// The one event that a publisher sends after samples, and a subscriber waits for; without it they follow `PubSubEvent`.
    #[arg(long)]
    pub event: Option<usize>,
    /// The event service; called as the samples' service where it is left out.
    #[arg(long)]
    pub event_service: Option<String>,
    /// Documents are JSON, not MessagePack.
    #[arg(long)]
    pub json: bool,
    /// A subscriber is content with gaps.
    #[arg(long)]
    pub lossy: bool,
    /// What a hostile publisher's headers say.
    #[arg(long, value_enum, default_value_t = Lie::Huge)]
    pub lie: Lie,
    /// A hostile publisher's memory grows with its samples.
    #[arg(long)]
    pub growing: bool,
    /// Blocks that a subscriber expects were made of lists, which say nothing but the records.
    #[arg(long)]
    pub recorded: bool,
}

/// Reads the command line behind the application's name; `service` is the name where it gives none. Ends the process where it cannot be read.
pub fn parse_options(service: &'static str) -> Options {
    let command = Options::command().mut_arg("service", |arg| arg.required(false).default_value(service));
    match Options::from_arg_matches(&command.get_matches_from(std::env::args_os().skip(1))) {
        Ok(options) => options,
        Err(error) => error.exit(),
    }
}

/// Asks for the quality of service that the command line names.
pub fn with_qos<Payload, Header>(
    mut builder: Builder<Payload, Header, ipc::Service>,
    options: &Options,
) -> Builder<Payload, Header, ipc::Service>
where
    Payload: IceoryxSend + Debug + ?Sized,
    Header: Debug + ZeroCopySend,
{
    if options.block {
        builder = builder.enable_safe_overflow(false);
    }
    if let Some(queue) = options.queue {
        builder = builder.subscriber_max_buffer_size(queue);
    }
    if let Some(publishers) = options.max_publishers {
        builder = builder.max_publishers(publishers);
    }
    if let Some(subscribers) = options.max_subscribers {
        builder = builder.max_subscribers(subscribers);
    }
    builder
}
