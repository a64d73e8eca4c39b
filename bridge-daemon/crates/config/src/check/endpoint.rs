//! The rules within one endpoint, and the plan of it.

use std::sync::Arc;

use super::Context;
use super::error::EndpointError;
use super::sections;
use super::service::ServiceId;
use crate::document::{Located, Span, did_you_mean};
use crate::endpoint::{ClassicEndpoint, Format, Iceoryx2Endpoint, PayloadDecl, TypeDecl};
use crate::names::{ServiceName, TypeName};
use crate::notify::NotifyDecl;
use crate::numbers::{Align, Size};
use crate::plan::{
    BytesAs, DocumentPlan, EndpointPlan, EnumsAs, FormatPlan, Iceoryx2Service, NotifyPlan, OnMissing, OnUnknown,
    PayloadType, ServicePlan, Shape, TimestampsAs, Tolerance, TypeSpec, UnionsAs,
};
use bridge_layout::Layout;

/// An endpoint after its own rules.
pub(super) struct End {
    /// Which service it is; none when its names are not sound.
    pub(super) id: Option<ServiceId>,
    /// Where it is written.
    pub(super) at: Span,
    /// Where its format is written; the whole of it, where it is not.
    pub(super) format_at: Span,
    /// The key that says what documents may lack or have besides, where there is one.
    pub(super) tolerance_at: Option<(&'static str, Span)>,
    /// Where its layout is written.
    pub(super) layout_at: Option<Span>,
    /// Where it is written which field its documents are.
    pub(super) field_at: Option<Span>,
    /// Its plan; none when something about it was reported.
    pub(super) plan: Option<EndpointPlan>,
}

/// Samples that wait for a subscriber of an iceoryx2 service that says nothing about it.
const ICEORYX2_DEFAULT_QUEUE: usize = 2;

/// Alignment of user headers that classic can do.
const CLASSIC_MAX_HEADER_ALIGN: usize = 8;

/// What both kinds of endpoints say about their format.
struct FormatKeys<'a> {
    at: Span,
    /// A key that is not there was not written.
    complete: bool,
    format: Option<&'a Located<Format>>,
    layout: Option<&'a Located<String>>,
    field: Option<&'a Located<String>>,
    shape: Option<&'a Located<Shape>>,
    on_unknown: Option<&'a Located<OnUnknown>>,
    on_missing: Option<&'a Located<OnMissing>>,
    exact: Option<&'a Located<bool>>,
    bytes: Option<&'a Located<BytesAs>>,
    enums: Option<&'a Located<EnumsAs>>,
    timestamps: Option<&'a Located<TimestampsAs>>,
    unions: Option<&'a Located<UnionsAs>>,
}

impl FormatKeys<'_> {
    /// Where it is said what documents may lack or have besides, with the key.
    fn tolerance_at(&self) -> Option<(&'static str, Span)> {
        let unknown = self.on_unknown.map(|key| ("on_unknown", key.span));
        let missing = self.on_missing.map(|key| ("on_missing", key.span));
        unknown.or(missing).or(self.exact.map(|key| ("exact", key.span)))
    }

    /// Where it is said how documents show what can be shown in several ways, with the key.
    fn shown_at(&self) -> Option<(&'static str, Span)> {
        let bytes = self.bytes.map(|key| ("bytes", key.span));
        let enums = self.enums.map(|key| ("enums", key.span));
        let timestamps = self.timestamps.map(|key| ("timestamps", key.span));
        bytes.or(enums).or(timestamps).or(self.unions.map(|key| ("unions", key.span)))
    }

    fn tolerance(&self) -> Tolerance {
        Tolerance {
            on_unknown: self.on_unknown.map_or(OnUnknown::default(), |key| **key),
            on_missing: self.on_missing.map_or(OnMissing::default(), |key| **key),
            exact: self.exact.is_some_and(|key| **key),
        }
    }
}

pub(super) fn classic(endpoint: &Located<ClassicEndpoint>, context: &mut Context<'_>) -> End {
    let release = sections::classic_release(endpoint.release.as_ref(), context).unwrap_or(context.classic_release);
    let id = ServiceId::of_classic(endpoint, release, release != context.served.classic);
    let keys = FormatKeys {
        at: endpoint.span,
        complete: endpoint.complete,
        format: endpoint.format.as_ref(),
        layout: endpoint.layout.as_ref(),
        field: endpoint.field.as_ref(),
        shape: endpoint.shape.as_ref(),
        on_unknown: endpoint.on_unknown.as_ref(),
        on_missing: endpoint.on_missing.as_ref(),
        exact: endpoint.exact.as_ref(),
        bytes: endpoint.bytes.as_ref(),
        enums: endpoint.enums.as_ref(),
        timestamps: endpoint.timestamps.as_ref(),
        unions: endpoint.unions.as_ref(),
    };
    let (format, document) = format(&keys, context).unzip();
    let service = match &id {
        Some(ServiceId::Classic(ids)) => Some(ServicePlan::Classic(ids.clone())),
        _ => None,
    };
    let plan = service.zip(format).map(|(service, format)| EndpointPlan {
        service,
        format,
        document: document.unwrap_or_default(),
        queue: endpoint.queue.as_ref().map(|queue| queue.get()),
        history: endpoint.history.as_ref().map(|history| history.get()),
        when_full: endpoint.when_full,
    });
    let format_at = endpoint.format.as_ref().map_or(endpoint.span, |format| format.span);
    End {
        id,
        at: endpoint.span,
        format_at,
        tolerance_at: keys.tolerance_at(),
        layout_at: endpoint.layout.as_ref().map(|layout| layout.span),
        field_at: endpoint.field.as_ref().map(|field| field.span),
        plan,
    }
}

pub(super) fn iceoryx2(endpoint: &Located<Iceoryx2Endpoint>, context: &mut Context<'_>) -> End {
    let user = match &endpoint.user {
        Some(written) => sections::user(Some(written), context),
        None => context.user.clone(),
    };
    let id = ServiceId::of_iceoryx2(endpoint, context.release, user.clone());
    let keys = FormatKeys {
        at: endpoint.span,
        complete: endpoint.complete,
        format: endpoint.format.as_ref(),
        layout: endpoint.layout.as_ref(),
        field: endpoint.field.as_ref(),
        shape: endpoint.shape.as_ref(),
        on_unknown: endpoint.on_unknown.as_ref(),
        on_missing: endpoint.on_missing.as_ref(),
        exact: endpoint.exact.as_ref(),
        bytes: endpoint.bytes.as_ref(),
        enums: endpoint.enums.as_ref(),
        timestamps: endpoint.timestamps.as_ref(),
        unions: endpoint.unions.as_ref(),
    };
    let (format, document) = format(&keys, context).unzip();
    let release = sections::release(endpoint.release.as_ref(), context).unwrap_or(context.release);
    history(endpoint, context);
    let user_header = endpoint.user_header.as_ref().and_then(|header| user_header(header, format.as_ref(), context));
    let payload = format.as_ref().map(|format| payload(endpoint.ty.as_ref(), format, context));
    let plan = endpoint.service.sound().zip(format).map(|(service, format)| EndpointPlan {
        service: ServicePlan::Iceoryx2(Iceoryx2Service {
            service: service.to_string(),
            release: release.as_str().to_owned(),
            user,
            payload: payload.flatten(),
            user_header,
            max_publishers: endpoint.max_publishers.map(|max| max.get()),
            max_subscribers: endpoint.max_subscribers.map(|max| max.get()),
            max_nodes: endpoint.max_nodes.map(|max| max.get()),
            notify: endpoint.notify.as_ref().and_then(|notify| notify_plan(notify, service)),
            own_publishers: 0,
            own_subscribers: 0,
        }),
        format,
        document: document.unwrap_or_default(),
        queue: endpoint.queue.as_ref().map(|queue| queue.get()),
        history: endpoint.history.as_ref().map(|history| history.get()),
        when_full: endpoint.when_full,
    });
    let format_at = endpoint.format.as_ref().map_or(endpoint.span, |format| format.span);
    End {
        id,
        at: endpoint.span,
        format_at,
        tolerance_at: keys.tolerance_at(),
        layout_at: endpoint.layout.as_ref().map(|layout| layout.span),
        field_at: endpoint.field.as_ref().map(|field| field.span),
        plan,
    }
}

/// The events of the service; none where there are to be none, or what was written is not sound.
fn notify_plan(notify: &Located<NotifyDecl>, service: &ServiceName) -> Option<NotifyPlan> {
    let NotifyDecl { ids, service: other } = notify.sound()?;
    let service = match other {
        Some(other) => other.sound()?,
        None => service,
    };
    ids.map(|ids| NotifyPlan { service: service.to_string(), ids })
}

/// How an endpoint's payload is read; `None` when that is not known, which was reported.
fn format(keys: &FormatKeys<'_>, context: &mut Context<'_>) -> Option<(FormatPlan, DocumentPlan)> {
    let format = match keys.format {
        Some(format) => *format.sound()?,
        None if keys.complete => Format::default(),
        None => return None,
    };
    let is_document = matches!(format, Format::Msgpack | Format::Json);
    if let Some(shape) = keys.shape
        && format != Format::Msgpack
    {
        context.report.push(context.source, EndpointError::ShapeUnused { at: shape.span, format: format.word() });
    }
    if let (Some(exact), Format::Json) = (keys.exact, format) {
        context.report.push(context.source, EndpointError::ExactUnused { at: exact.span });
    }
    if let (Some(bytes), Format::Msgpack) = (keys.bytes, format)
        && **bytes == BytesAs::Base64
    {
        context.report.push(context.source, EndpointError::Base64Unused { at: bytes.span });
    }
    let other = match format {
        Format::Msgpack => Some((TimestampsAs::Text, "text", "extension")),
        Format::Json => Some((TimestampsAs::Extension, "extension", "text")),
        Format::Raw | Format::Struct => None,
    };
    if let (Some(timestamps), Some((other, word, instead))) = (keys.timestamps, other)
        && **timestamps == other
    {
        let (at, format) = (timestamps.span, format.word());
        context.report.push(context.source, EndpointError::TimestampsUnused { word, instead, at, format });
    }
    if let Some((key, at)) = keys.tolerance_at().or(keys.shown_at())
        && !is_document
    {
        context.report.push(context.source, EndpointError::ToleranceUnused { key, at, format: format.word() });
    }
    if let Some(field) = keys.field
        && !is_document
    {
        context.report.push(context.source, EndpointError::FieldUnused { at: field.span, format: format.word() });
    }
    let layout = match (format, keys.layout) {
        (Format::Raw, Some(layout)) => {
            let help = "add `format = \"struct\"`, or remove `layout`";
            let error = EndpointError::LayoutUnused { at: layout.span, format: format.word(), help };
            context.report.push(context.source, error);
            return None;
        }
        (_, Some(name)) => Some(layout(name, context)?),
        (Format::Struct, None) => {
            if keys.complete {
                context.report.push(context.source, EndpointError::NoLayoutKey { at: keys.at });
            }
            return None;
        }
        (_, None) => None,
    };
    let field = keys.field.and_then(|field| field.sound().cloned());
    let document = |layout| DocumentPlan {
        layout,
        field,
        bytes: keys.bytes.map(|key| **key),
        enums: keys.enums.map_or(EnumsAs::default(), |key| **key),
        timestamps: keys.timestamps.map_or(TimestampsAs::default(), |key| **key),
        unions: keys.unions.map_or(UnionsAs::default(), |key| **key),
    };
    Some(match (format, layout) {
        (Format::Raw, _) => (FormatPlan::Raw, DocumentPlan::default()),
        (Format::Struct, layout) => (FormatPlan::Struct(layout?), DocumentPlan::default()),
        (Format::Msgpack, layout) => {
            let shape = keys.shape.map_or(Shape::default(), |shape| **shape);
            (FormatPlan::Msgpack(shape, keys.tolerance()), document(layout))
        }
        (Format::Json, layout) => (FormatPlan::Json(keys.tolerance()), document(layout)),
    })
}

fn layout(name: &Located<String>, context: &mut Context<'_>) -> Option<Arc<Layout>> {
    let name_text = name.sound()?;
    match context.layouts.get(name_text) {
        Some(layout) => layout.cloned(),
        None => {
            if context.layouts_complete {
                let names = || context.layouts.names();
                let help = match did_you_mean(name_text, names()) {
                    _ if context.layouts.is_enum(name_text) => {
                        "this is the name of an enum; write that of a layout which has a field of it".to_owned()
                    }
                    Some(near) => format!("did you mean \"{near}\"?"),
                    None if names().next().is_none() => {
                        "no layout file describes any; name the files in `layouts` of [bridge]".to_owned()
                    }
                    None => "describe it in a layout file, or write the name of one that is".to_owned(),
                };
                let name_text = name_text.chars().take(80).collect::<String>().escape_debug().to_string();
                let error = EndpointError::NoLayout { name: name_text, at: name.span, help };
                context.report.push(context.source, error);
            }
            None
        }
    }
}

/// What to create the service with.
fn payload(
    declared: Option<&Located<PayloadDecl>>,
    format: &FormatPlan,
    context: &mut Context<'_>,
) -> Option<PayloadType> {
    let element = declared.and_then(|ty| type_spec(&ty.name, &ty.size, &ty.align, context));
    match (format, declared) {
        (FormatPlan::Raw, declared) => element.map(|element| PayloadType {
            element,
            slice: declared.is_some_and(|ty| ty.slice),
            name_required: true,
        }),
        (FormatPlan::Msgpack(..) | FormatPlan::Json(_), declared) => {
            if let Some(ty) = declared {
                let format = if let FormatPlan::Json(_) = format { Format::Json } else { Format::Msgpack };
                let error = EndpointError::DocumentType { format: format.word(), at: ty.span };
                context.report.push(context.source, error);
            }
            let element = TypeSpec { name: "u8".to_owned(), size: 1, align: 1 };
            Some(PayloadType { element, slice: true, name_required: true })
        }
        (FormatPlan::Struct(layout), None) => {
            let element = TypeSpec { name: layout.name.clone(), size: layout.size, align: layout.align };
            Some(PayloadType { element, slice: false, name_required: false })
        }
        (FormatPlan::Struct(layout), Some(ty)) => {
            if ty.slice {
                context.report.push(context.source, EndpointError::StructSlice { at: ty.span });
            }
            let mut against = |what, found: usize, expected: usize, at| {
                if found != expected {
                    let (name, layout) = (ty.name.to_string(), layout.name.clone());
                    let error = EndpointError::TypeAgainstLayout { name, layout, what, found, expected, at };
                    context.report.push(context.source, error);
                }
            };
            let element = element?;
            against("as its size", element.size, layout.size, ty.size.span);
            against("as its alignment", element.align, layout.align, ty.align.span);
            Some(PayloadType { element, slice: false, name_required: true })
        }
    }
}

fn user_header(
    declared: &Located<TypeDecl>,
    format: Option<&FormatPlan>,
    context: &mut Context<'_>,
) -> Option<TypeSpec> {
    let header = type_spec(&declared.name, &declared.size, &declared.align, context)?;
    match format {
        Some(FormatPlan::Raw) if header.align > CLASSIC_MAX_HEADER_ALIGN => {
            let error = EndpointError::HeaderAlign { align: header.align, at: declared.align.span };
            context.report.push(context.source, error);
        }
        Some(FormatPlan::Raw) | None => {}
        Some(FormatPlan::Struct(_)) => header_unused("struct", declared.span, context),
        Some(FormatPlan::Msgpack(..)) => header_unused("msgpack", declared.span, context),
        Some(FormatPlan::Json(_)) => header_unused("json", declared.span, context),
    }
    Some(header)
}

fn header_unused(format: &'static str, at: Span, context: &mut Context<'_>) {
    context.report.push(context.source, EndpointError::HeaderUnused { at, format });
}

fn type_spec(
    name: &Located<TypeName>,
    size: &Located<Size>,
    align: &Located<Align>,
    context: &mut Context<'_>,
) -> Option<TypeSpec> {
    let spec = TypeSpec { name: name.sound()?.to_string(), size: size.sound()?.get(), align: align.sound()?.get() };
    if spec.size.is_multiple_of(spec.align) {
        return Some(spec);
    }
    let TypeSpec { name, size: bytes, align: alignment } = spec;
    let error = EndpointError::TypeSize { name, size: bytes, align: alignment, at: size.span, align_at: align.span };
    context.report.push(context.source, error);
    None
}

fn history(endpoint: &Iceoryx2Endpoint, context: &mut Context<'_>) {
    let Some(history) = endpoint.history.as_ref().filter(|history| history.sound) else { return };
    let queue = match &endpoint.queue {
        Some(queue) if !queue.sound => return,
        Some(queue) => queue.get(),
        None => ICEORYX2_DEFAULT_QUEUE,
    };
    if history.get() > queue {
        let error = EndpointError::HistoryAboveQueue { history: history.get(), queue, at: history.span };
        context.report.push(context.source, error);
    }
}

impl Format {
    /// As it is written in the configuration.
    fn word(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Struct => "struct",
            Self::Msgpack => "msgpack",
            Self::Json => "json",
        }
    }
}
