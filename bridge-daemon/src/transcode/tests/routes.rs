//! Plans of routes, and what becomes of samples on them.

use super::*;
use crate::config::ClassicRelease;
use crate::config::plan::{ClassicService, DocumentPlan, EndpointPlan, RoutePlan, ServicePlan, WhenFull};
use crate::transcode::{CompileError, Output, Pipeline};

pub(super) fn end(format: FormatPlan, document: DocumentPlan) -> EndpointPlan {
    let ids =
        ClassicService { release: ClassicRelease::V2_0, service: "S".into(), instance: "I".into(), event: "E".into() };
    let service = ServicePlan::Classic(ids);
    EndpointPlan { service, format, document, queue: None, history: None, when_full: WhenFull::default() }
}

/// A route that takes every sample and leaves all fields as they are.
pub(super) fn route(source: EndpointPlan, sink: EndpointPlan) -> RoutePlan {
    let (name, stream, lane) = ("r".into(), "s".into(), "default".into());
    RoutePlan { name, stream, source, sink, fields: Vec::new(), filter: Vec::new(), lane }
}

/// An end's format, and what its documents are.
pub(super) type End = (FormatPlan, DocumentPlan);

/// Structs of this layout.
pub(super) fn of(layout: &Arc<Layout>) -> End {
    (FormatPlan::Struct(Arc::clone(layout)), DocumentPlan::default())
}

/// What turns samples of one end into those of the other.
pub(super) fn between(source: End, sink: End) -> Result<Pipeline, CompileError> {
    let [source, sink] = [source, sink].map(|(format, document)| end(format, document));
    Pipeline::compile(&route(source, sink))
}

pub(super) fn turned(pipeline: &mut Pipeline, sample: &[u8]) -> Result<Vec<u8>, Reject> {
    let mut output = vec![0xaa; pipeline.measure(sample.into())?];
    pipeline.run(sample.into(), Output::from(output.as_mut_slice()))?;
    Ok(output)
}
