//! What an iceoryx2 service carries, and whether a stream can use it.

use super::iox2::service::static_config::message_type_details::{MessageTypeDetails, TypeDetail, TypeVariant};

use bridge_config::plan::{FormatPlan, Iceoryx2Service, TypeSpec};

use super::{Obstacle, type_detail};

/// The types of a service, taken from the service itself where it exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct ServiceTypes {
    pub(in super::super) payload: TypeDetail,
    pub(in super::super) user_header: TypeDetail,
}

impl ServiceTypes {
    /// The types of a service that exists.
    pub(in super::super) fn of(details: &MessageTypeDetails) -> Self {
        Self { payload: details.payload.clone(), user_header: details.user_header.clone() }
    }

    /// The types to create a service with; `None` if the plan does not say them.
    pub(in super::super) fn planned(plan: &Iceoryx2Service) -> Result<Option<Self>, Obstacle> {
        let Some(payload) = &plan.payload else { return Ok(None) };
        let variant = if payload.slice { TypeVariant::Dynamic } else { TypeVariant::FixedSize };
        let user_header = match &plan.user_header {
            Some(spec) => detail(TypeVariant::FixedSize, spec)?,
            None => TypeDetail::new::<()>(TypeVariant::FixedSize),
        };
        Ok(Some(Self { payload: detail(variant, &payload.element)?, user_header }))
    }

    /// Whether payloads may have any number of elements.
    pub(in super::super) fn is_slice(&self) -> bool {
        self.payload.variant() == TypeVariant::Dynamic
    }

    /// Bytes of a payload, or of one element of a slice.
    pub(in super::super) fn element_size(&self) -> usize {
        self.payload.size()
    }

    /// Alignment of payloads in bytes.
    pub(in super::super) fn align(&self) -> usize {
        self.payload.alignment()
    }

    /// Bytes of the user header; 0 if there is none.
    pub(in super::super) fn user_header_size(&self) -> usize {
        self.user_header.size()
    }

    /// What people call the payload's type.
    pub(in super::super) fn describe(&self) -> String {
        let (name, size, align) = (self.payload.type_name(), self.payload.size(), self.payload.alignment());
        if self.is_slice() {
            format!("a slice of {name} ({size} bytes each, align {align})")
        } else {
            format!("{name} ({size} bytes, align {align})")
        }
    }

    /// Compares an existing service with what the stream says of it and needs of it.
    pub(in super::super) fn check(&self, plan: &Iceoryx2Service, format: &FormatPlan) -> Result<(), Obstacle> {
        let service = &plan.service;
        match format {
            FormatPlan::Raw => {}
            FormatPlan::Msgpack(..) | FormatPlan::Json(_) if self.is_slice() && self.element_size() == 1 => {}
            FormatPlan::Msgpack(..) | FormatPlan::Json(_) => {
                let document = if let FormatPlan::Json(_) = format { "json" } else { "msgpack" };
                return Err(Obstacle::blocked(format!(
                    "format {document:?} needs a service of [u8], but {service:?} carries {}; use format \"struct\" or \"raw\", or another service",
                    self.describe()
                )));
            }
            FormatPlan::Struct(layout) if !self.is_slice() && self.element_size() == layout.size => {}
            FormatPlan::Struct(layout) => {
                return Err(Obstacle::blocked(format!(
                    "layout {:?} has {} bytes, but {service:?} carries {}",
                    layout.name,
                    layout.size,
                    self.describe()
                )));
            }
        }
        if let Some(planned) = &plan.payload {
            let element = &planned.element;
            let same_name = self.payload.type_name().to_string() == element.name;
            if (planned.name_required && !same_name)
                || element.size != self.element_size()
                || element.align > self.align()
                || planned.slice != self.is_slice()
            {
                let kind = if planned.slice { "a slice of " } else { "" };
                return Err(Obstacle::blocked(format!(
                    "the stream says that {service:?} carries {kind}{} ({} bytes, align {}), but it exists and carries {}; \
                     correct the stream's `type`, or leave it out to take what is there",
                    element.name,
                    element.size,
                    element.align,
                    self.describe()
                )));
            }
        }
        if let Some(header) = &plan.user_header
            && (header.name != self.user_header.type_name().to_string() || header.size != self.user_header.size())
        {
            return Err(Obstacle::blocked(format!(
                "the stream says that {service:?} has the user header {} ({} bytes), but it exists with {} ({} bytes); \
                 correct the stream's `user_header`, or leave it out to take what is there",
                header.name,
                header.size,
                self.user_header.type_name(),
                self.user_header.size()
            )));
        }
        Ok(())
    }
}

fn detail(variant: TypeVariant, spec: &TypeSpec) -> Result<TypeDetail, Obstacle> {
    type_detail(variant, &spec.name, spec.size, spec.align)
        .ok_or_else(|| Obstacle::blocked(format!("{:?} is too long for the name of an iceoryx2 type", spec.name)))
}
