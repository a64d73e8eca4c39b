//! What can be wrong between streams that are each sound, or doubtful about it.

use miette::{Diagnostic, LabeledSpan};

use crate::document::Span;

/// Between streams.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(super) enum AcrossError {
    #[error("two streams are named `{name}`")]
    #[diagnostic(help("rename one of them"))]
    NameTwice {
        name: String,
        #[label(primary, "again here")]
        at: Span,
        #[label("first here")]
        first: Span,
    },
    #[error("the streams `{first_name}` and `{name}` both carry {from} to {to}")]
    #[diagnostic(help("remove one of them, or every sample arrives twice"))]
    SameWay {
        first_name: String,
        name: String,
        from: String,
        to: String,
        #[label(primary, "and here")]
        at: Span,
        #[label("here")]
        first: Span,
    },
    #[error("these streams feed each other: {circle}")]
    Circle {
        circle: String,
        #[label(collection)]
        labels: Vec<LabeledSpan>,
        #[help]
        help: String,
    },
    #[error("the streams `{first_name}` and `{name}` give the iceoryx2 service `{service}` different {what}")]
    #[diagnostic(help("a service has one type: write the same for both, or name it in one of them only"))]
    Types {
        service: String,
        first_name: String,
        name: String,
        what: &'static str,
        #[label(primary, "and here")]
        at: Span,
        #[label("here")]
        first: Span,
    },
    #[error("`{name}` waits for room at {service}, which {other} empties on the same lane `{lane}`")]
    #[diagnostic(help(
        "up to and including 0.8, iceoryx2 waits without an end, and nobody would empty it: leave `lane` out (on the default \
         lane, each direction that waits has a thread of its own), or remove `when_full = \"block\"`"
    ))]
    WaitsForItself {
        name: String,
        service: String,
        other: String,
        lane: String,
        #[label(primary, "waits here")]
        at: Span,
        #[label("takes samples from there")]
        other_at: Span,
    },
    #[error("samples that `{into}` publishes on {service} are not forwarded by `{out_of}`")]
    #[diagnostic(
        severity(warning),
        help(
            "a worker ignores what it published itself, to avoid loops; make one stream of the whole way if that is meant"
        )
    )]
    Chain {
        into: String,
        out_of: String,
        service: String,
        #[label(primary, "takes its samples from there")]
        at: Span,
        #[label("publishes there")]
        into_at: Span,
    },
}
