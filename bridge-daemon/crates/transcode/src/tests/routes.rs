//! Routes, and what becomes of samples on them.

use super::*;
use crate::format::DocumentPlan;
use crate::pair::Side;
use crate::{CompileError, Condition, Conversion, Output, Pipeline};
use bridge_layout::tree::rules::FieldRule;

/// An end's format, and what its documents are.
pub(super) type End = (FormatPlan, DocumentPlan);

pub(super) fn end(format: FormatPlan, document: DocumentPlan) -> End {
    (format, document)
}

/// What a route does with samples.
pub(super) struct Route {
    pub(super) source: End,
    pub(super) sink: End,
    pub(super) fields: Vec<FieldRule>,
    pub(super) filter: Vec<Condition>,
}

/// A route that takes every sample and leaves all fields as they are.
pub(super) fn route(source: End, sink: End) -> Route {
    Route { source, sink, fields: Vec::new(), filter: Vec::new() }
}

impl Route {
    pub(super) fn conversion(&self) -> Conversion<'_> {
        let [source, sink] = [&self.source, &self.sink].map(|(format, document)| Side { format, document });
        Conversion { source, sink, rules: &self.fields, conditions: &self.filter }
    }

    pub(super) fn compile(&self) -> Result<Pipeline, CompileError> {
        Pipeline::compile(&self.conversion())
    }
}

/// Structs of this layout.
pub(super) fn of(layout: &Arc<Layout>) -> End {
    (FormatPlan::Struct(Arc::clone(layout)), DocumentPlan::default())
}

/// What turns samples of one end into those of the other.
pub(super) fn between(source: End, sink: End) -> Result<Pipeline, CompileError> {
    route(source, sink).compile()
}

pub(super) fn turned(pipeline: &mut Pipeline, sample: &[u8]) -> Result<Vec<u8>, Reject> {
    let mut output = vec![0xaa; pipeline.measure(sample.into())?];
    pipeline.run(sample.into(), Output::from(output.as_mut_slice()))?;
    Ok(output)
}
