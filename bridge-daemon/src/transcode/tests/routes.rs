//! Plans of routes, and what becomes of samples on them.

use super::*;
use crate::config::ClassicRelease;
use crate::config::plan::{ClassicService, DocumentPlan, EndpointPlan, RoutePlan, ServicePlan, WhenFull};
use crate::transcode::{Output, Pipeline};

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

pub(super) fn turned(pipeline: &mut Pipeline, sample: &[u8]) -> Result<Vec<u8>, Reject> {
    let mut output = vec![0xaa; pipeline.measure(sample.into())?];
    pipeline.run(sample.into(), Output::from(output.as_mut_slice()))?;
    Ok(output)
}
