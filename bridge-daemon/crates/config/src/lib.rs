//! The configuration: its TOML, its checks, and the plan that comes out of both. It knows nothing of ports and of
//! processes, and of either iceoryx only how services are called.
//!
//! [`load`] reads the file and the layout files it names, and gives either a [`Config`] in which every name is resolved,
//! or a [`Report`] with every error there is. It runs before anything else does and needs neither stack:
//! which releases the caller can serve is said by the caller ([`Served`]).

#![forbid(unsafe_code)]

mod bridge;
mod check;
mod classic;
mod endpoint;
mod fields;
mod file;
pub mod filter;
mod iceoryx2;
mod lane;
mod load;
mod names;
mod notify;
mod numbers;
pub mod plan;
mod served;
mod stream;
pub mod user;

pub use bridge::{BridgeSection, FilePath, PathError};
pub use bridge_document as document;
pub use classic::{ClassicRelease, ClassicSection, PoolDecl, Roudi, Workers};
pub use document::{Finding, Position, Report};
pub use endpoint::{ClassicEndpoint, Format, Iceoryx2Endpoint, PayloadDecl, TypeDecl};
pub use fields::{ConstantDecl, FieldsDecl, MapDecl, RuleDecl, ScaleDecl};
pub use file::{ConfigFile, FileVersion, UnknownVersion};
pub use filter::{TestsDecl, WhereDecl};
pub use iceoryx2::{Iceoryx2Section, Release};
pub use lane::{CpusDecl, DEFAULT_LANE, LaneDecl, LanesDecl};
pub use load::load;
pub use names::{BridgeName, ClassicId, LaneName, NameError, ServiceName, StreamName, TypeName, UserName};
pub use notify::NotifyDecl;
pub use numbers::{
    Align, ChunkCount, ClassicHistory, ClassicQueue, Cpu, EventNumber, Iceoryx2History, Iceoryx2Queue, LaneThreads,
    MaxPorts, Microseconds, Priority, Size, SleepMicroseconds,
};
pub use plan::Config;
pub use served::Served;
pub use stream::{EndpointDecl, StreamDecl};
