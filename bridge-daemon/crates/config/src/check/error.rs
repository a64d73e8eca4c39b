//! What can be wrong with a configuration whose keys and values are all well formed, or doubtful about it.

use miette::Diagnostic;

use crate::classic::ClassicRelease;
use crate::document::Span;
use bridge_transcode::pair::PairError;

/// In a section.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(super) enum SectionError {
    #[error("pools are for a RouDi that the bridge runs")]
    #[diagnostic(help("write `roudi = \"managed\"`, or remove `pools`: the RouDi that runs has its own"))]
    PoolsOfExternal {
        #[label("not used with roudi = \"external\"")]
        at: Span,
    },
    #[error("a RouDi without pools can carry nothing")]
    #[diagnostic(help("add `{{ size = 1024, count = 1000 }}`, or remove `pools` to have them sized from the streams"))]
    NoPools {
        #[label]
        at: Span,
    },
    #[error("{count} pools are more than a RouDi can have")]
    #[diagnostic(help("use at most {max}"))]
    ManyPools {
        count: usize,
        max: usize,
        #[label("one too many")]
        at: Span,
    },
    #[error("two pools have chunks of {size} bytes")]
    #[diagnostic(help("make one pool of them, with the sum of their counts"))]
    PoolTwice {
        size: usize,
        #[label(primary, "and here")]
        at: Span,
        #[label("here")]
        first: Span,
    },
    #[error("the socket's path has {len} bytes, with the directory of this file before it")]
    #[diagnostic(help("a local socket's path has at most {max}; write a shorter one"))]
    SocketPath {
        len: usize,
        max: usize,
        #[label]
        at: Span,
    },
    #[error("this build does not serve iceoryx2 {release}")]
    #[diagnostic(help("build it with the cargo feature `iceoryx2-{}`", release.replace('.', "-")))]
    Release {
        release: &'static str,
        #[label]
        at: Span,
    },
    #[error(
        "this bridge is built with classic {built_with}, and `workers` of [classic] names no executable that is built with {release}"
    )]
    #[diagnostic(help(
        "build one with `make build CLASSIC=<where iceoryx {release} is installed>`, and write `workers = {{ \"{release}\" = \"<its path>\" }}` in [classic]"
    ))]
    ClassicRelease {
        release: ClassicRelease,
        built_with: ClassicRelease,
        #[label("asked for here")]
        at: Span,
    },
    #[error("there is no user `{}` on this machine", name.escape_debug())]
    #[diagnostic(help("write the name, or the number, of the user whose applications are served"))]
    NoUser {
        name: String,
        #[label]
        at: Span,
    },
    #[error("whether there is a user `{}` cannot be found out: {why}", name.escape_debug())]
    #[diagnostic(help("see to it that this machine's user database answers (`getent passwd`)"))]
    UserUnknown {
        name: String,
        why: String,
        #[label]
        at: Span,
    },
    #[error("there is no stream, so there is nothing to do")]
    #[diagnostic(severity(warning), help("add a [[stream]]"))]
    NoStreams,
    #[error("{count} streams are more than a bridge can carry")]
    #[diagnostic(help("a classic process has at most 512 publishers and 1024 subscribers; use at most {max} streams"))]
    ManyStreams {
        count: usize,
        max: usize,
        #[label("one too many")]
        at: Span,
    },
}

/// About lanes.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(super) enum LaneError {
    #[error("{what}")]
    #[diagnostic(help("{help}"))]
    Name {
        what: String,
        help: String,
        #[label]
        at: Span,
    },
    #[error("there is no lane `{name}`")]
    NoLane {
        name: String,
        #[label("no [lane.{name}]")]
        at: Span,
        #[help]
        help: String,
    },
    #[error("a lane that is always busy never {what}")]
    #[diagnostic(help("remove `{key}`, or `wait = \"busy\"`"))]
    Busy {
        key: &'static str,
        what: &'static str,
        #[label]
        at: Span,
    },
    #[error("`{key}` is how an adaptive lane waits")]
    #[diagnostic(help("remove it, or `wait = \"event\"`"))]
    Event {
        key: &'static str,
        #[label]
        at: Span,
    },
    #[error("no stream is on the lane `{name}`")]
    #[diagnostic(severity(warning), help("add `lane = \"{name}\"` to a stream"))]
    Unused {
        name: String,
        #[label]
        at: Span,
    },
}

/// Within an endpoint.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(super) enum EndpointError {
    #[error("a layout goes with the format `struct`")]
    LayoutUnused {
        #[label("the format here is `{format}`")]
        at: Span,
        format: &'static str,
        #[help]
        help: &'static str,
    },
    #[error("only documents can be one field of a struct")]
    #[diagnostic(help("remove `field`, or write `format = \"msgpack\"` or `\"json\"`"))]
    FieldUnused {
        #[label("the format here is `{format}`")]
        at: Span,
        format: &'static str,
    },
    #[error("a shape goes with the format `msgpack`")]
    #[diagnostic(help("add `format = \"msgpack\"`, or remove `shape`"))]
    ShapeUnused {
        #[label("the format here is `{format}`")]
        at: Span,
        format: &'static str,
    },
    #[error("`exact` goes with the format `msgpack`")]
    #[diagnostic(help("remove it; numbers in JSON are decimal, and become the nearest float"))]
    ExactUnused {
        #[label("the format here is `json`")]
        at: Span,
    },
    #[error("`bytes = \"base64\"` goes with the format `json`")]
    #[diagnostic(help("remove it; MessagePack has bytes of its own, or write `bytes = \"array\"`"))]
    Base64Unused {
        #[label("the format here is `msgpack`")]
        at: Span,
    },
    #[error("`timestamps = \"{word}\"` does not go with the format `{format}`")]
    #[diagnostic(help("write `timestamps = \"{instead}\"`, or remove it: then they are integers"))]
    TimestampsUnused {
        word: &'static str,
        instead: &'static str,
        #[label("the format here is `{format}`")]
        at: Span,
        format: &'static str,
    },
    #[error("`{key}` goes with the formats `msgpack` and `json`")]
    #[diagnostic(help("write it at the endpoint whose documents are read, or remove it"))]
    ToleranceUnused {
        key: &'static str,
        #[label("the format here is `{format}`")]
        at: Span,
        format: &'static str,
    },
    #[error("the format `struct` needs a layout")]
    #[diagnostic(help(
        "add `layout = \"...\"` with the name of a layout; [bridge] layouts names the files they are in"
    ))]
    NoLayoutKey {
        #[label("in this endpoint")]
        at: Span,
    },
    #[error("there is no layout `{name}`")]
    NoLayout {
        name: String,
        #[label("not in any layout file")]
        at: Span,
        #[help]
        help: String,
    },
    #[error("a `{format}` service is one of [u8], so it takes no other type")]
    #[diagnostic(help("remove `type`"))]
    DocumentType {
        format: &'static str,
        #[label]
        at: Span,
    },
    #[error("the type `{name}` has {found} {what}, but the layout `{layout}` has {expected}")]
    #[diagnostic(help("write {expected} here, correct the layout, or remove `type`: the layout says it all"))]
    TypeAgainstLayout {
        name: String,
        layout: String,
        what: &'static str,
        found: usize,
        expected: usize,
        #[label]
        at: Span,
    },
    #[error("samples of a layout are single structs, not slices")]
    #[diagnostic(help("remove `slice = true`"))]
    StructSlice {
        #[label]
        at: Span,
    },
    #[error("the size {size} of the type `{name}` is not a multiple of its alignment {align}")]
    #[diagnostic(help("write what `sizeof` and `alignof`, or `size_of` and `align_of`, give for it"))]
    TypeSize {
        name: String,
        size: usize,
        align: usize,
        #[label(primary, "size")]
        at: Span,
        #[label("alignment")]
        align_at: Span,
    },
    #[error("classic aligns user headers to at most 8 bytes, so one of {align} cannot be passed along")]
    #[diagnostic(help("a user header of at most 8 bytes' alignment can"))]
    HeaderAlign {
        align: usize,
        #[label]
        at: Span,
    },
    #[error("user headers are passed along between `raw` endpoints only")]
    #[diagnostic(severity(warning), help("samples written here have a user header of zeros, samples read lose theirs"))]
    HeaderUnused {
        #[label("the format here is `{format}`")]
        at: Span,
        format: &'static str,
    },
    #[error("a history of {history} does not fit into a queue of {queue}")]
    #[diagnostic(help("iceoryx2 keeps the history in the queue: write `queue = {history}` or more"))]
    HistoryAboveQueue {
        history: usize,
        queue: usize,
        #[label]
        at: Span,
    },
}

/// Within a stream.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(super) enum StreamError {
    #[error("a history of {history} does not fit into a queue of {queue}")]
    #[diagnostic(help(
        "the samples of before come into the queue when a publisher is connected: write `queue = {history}` or more, or leave `queue` out for 256"
    ))]
    HistoryAboveQueue {
        history: usize,
        queue: usize,
        #[label("a source asks for it here")]
        at: Span,
    },
    #[error("this stream cannot be made: {what}")]
    Transcode {
        what: String,
        #[label]
        at: Span,
    },
    #[error("`{which}` names no service")]
    #[diagnostic(help("add `classic = {{ ... }}` or `iceoryx2 = {{ ... }}`"))]
    NoEndpoint {
        which: &'static str,
        #[label]
        at: Span,
    },
    #[error("`{which}` names two services")]
    #[diagnostic(help("keep one, and make a second stream for the other"))]
    TwoEndpoints {
        which: &'static str,
        #[label(primary, "and here")]
        at: Span,
        #[label("here")]
        other: Span,
    },
    #[error("from and to are the same service")]
    #[diagnostic(help("let one of them be a service of the other stack"))]
    SameService {
        #[label(primary, "is the same as")]
        at: Span,
        #[label("this")]
        from: Span,
    },
    #[error("from and to are both {kind}, which needs no bridge")]
    #[diagnostic(help(
        "let one of them be a service of the other stack, or of another `release` (or, of iceoryx2, another `user`)"
    ))]
    SameKind {
        kind: &'static str,
        #[label(primary, "{kind}")]
        at: Span,
        #[label("{kind}")]
        from: Span,
    },
    #[error("the classic service `{service}` is RouDi's own and cannot be written to")]
    #[diagnostic(help("use another service id"))]
    Reserved {
        service: String,
        #[label("samples would go here")]
        at: Span,
    },
    #[error("{error}")]
    Pair {
        error: PairError,
        #[label("from `{from}`")]
        from_at: Span,
        from: String,
        #[label(primary, "to `{to}`")]
        at: Span,
        to: String,
        #[help]
        help: String,
    },
    #[error("{error}")]
    Rule {
        error: PairError,
        #[label]
        at: Span,
        #[help]
        help: String,
    },
    #[error("the struct at the other end says what these documents hold")]
    #[diagnostic(help("remove `layout` here; it goes between two ends that are documents"))]
    LayoutOfDocument {
        #[label]
        at: Span,
    },
    #[error("rules for the way back go with `bidirectional = true`")]
    #[diagnostic(help("remove [stream.reverse_fields], or add `bidirectional = true` to the stream"))]
    NoWayBack {
        #[label]
        at: Span,
    },
    #[error("`reverse_where` is about the way back, which goes with `bidirectional = true`")]
    #[diagnostic(help("remove it, write `where`, or add `bidirectional = true` to the stream"))]
    NoWayBackWhere {
        #[label]
        at: Span,
    },
    #[error("{what}")]
    #[diagnostic(help("{help}"))]
    Where {
        what: String,
        help: String,
        #[label]
        at: Span,
    },
    #[error("`{key}` is about documents whose fields are read, and here {why}")]
    #[diagnostic(help("{help}"))]
    NothingRead {
        key: &'static str,
        why: &'static str,
        help: &'static str,
        #[label]
        at: Span,
    },
    #[error("{fields} of the layout `{from}` {verb} not in the layout `{to}`")]
    #[diagnostic(severity(warning), help("their values do not arrive; add them to `{to}` if they should"))]
    LeftOut {
        fields: String,
        verb: &'static str,
        from: String,
        to: String,
        #[label]
        at: Span,
    },
}
