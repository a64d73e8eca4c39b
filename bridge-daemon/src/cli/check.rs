//! `iox-bridge check`: everything that is wrong with a configuration, or what it will carry. Touches neither stack.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use comfy_table::{ContentArrangement, Table, presets};
use serde_json::json;

use crate::config::document::on_one_line;
use crate::config::plan::{
    DocumentPlan, EndpointPlan, EnumsAs, FormatPlan, RoutePlan, ServicePlan, Shape, TimestampsAs, Tolerance, UnionsAs,
    WhenFull,
};
use crate::config::{self, Config, Report};
use crate::endpoint::SERVED;

use super::{Exit, Look};

/// `iox-bridge check`
#[derive(Args, Debug)]
pub struct Check {
    /// The configuration
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) fn run(self) -> ExitCode {
        run(&self.config, self.json)
    }
}

/// Checks the configuration at `path`. Errors and warnings go to standard error, the routes to standard output; with
/// `json`, one document with both goes to standard output.
///
/// The exit code is that of [`Exit::Ok`], or of [`Exit::Config`] when the configuration has an error.
fn run(path: &Path, json: bool) -> ExitCode {
    let (out, err) = ((&mut io::stdout().lock() as &mut dyn Write, Look::of_stdout()), Look::of_stderr());
    // Whoever does not read what is written still wants to know how it went.
    let code = check(path, json, out, (&mut io::stderr().lock(), err));
    ExitCode::from(code)
}

/// [`run`], writing elsewhere, and returning the exit code as a number. What cannot be written is lost.
pub fn check(path: &Path, json: bool, out: (&mut dyn Write, Look), err: (&mut dyn Write, Look)) -> u8 {
    let result = config::load(path, SERVED);
    let code = if result.is_ok() { Exit::Ok as u8 } else { Exit::Config as u8 };
    // A reader that went away (`| head`) changes nothing about the configuration.
    let _ = match (&result, json) {
        (result, true) => write_json(result.as_ref(), out.0),
        (Ok(config), false) => {
            write_findings(path, &config.warnings, err.0, err.1).and_then(|()| write_routes(config, out.0, out.1))
        }
        (Err(report), false) => write_findings(path, report, err.0, err.1),
    };
    code
}

fn write_findings(path: &Path, report: &Report, to: &mut dyn Write, look: Look) -> io::Result<()> {
    if report.is_empty() {
        return Ok(());
    }
    write!(to, "{}", look.render(report))?;
    let errors = report.error_count();
    let warnings = report.warning_count();
    let count = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    let total = match (errors, warnings) {
        (_, 0) => count(errors, "error"),
        (0, _) => count(warnings, "warning"),
        _ => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    };
    let shown = report.findings().len();
    let rest = if shown < errors + warnings { format!(", of which {shown} are shown") } else { String::new() };
    writeln!(to, "{}: {total}{rest}", path.display())
}

fn write_routes(config: &Config, to: &mut dyn Write, look: Look) -> io::Result<()> {
    if !config.routes.is_empty() {
        writeln!(to, "{}", table(config, look).trim_fmt())?;
    }
    for demand in demands(config) {
        writeln!(to, "{demand}")?;
    }
    writeln!(to, "{} is fine", config.file.display())
}

fn table(config: &Config, look: Look) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(look.width)
        .force_no_tty()
        .set_header(["ROUTE", "FROM", "TO", "FORMAT"]);
    for route in &config.routes {
        table.add_row([route.name.clone(), service(&route.source), service(&route.sink), formats(route)]);
    }
    table
}

/// Names of routes that one line lists.
const MAX_LISTED: usize = 8;

/// What `when_full = "block"` asks of the applications at the other side, which neither stack would tell them, and what
/// `wait = "event"` would.
fn demands(config: &Config) -> Vec<String> {
    let blocks = |end: &EndpointPlan| end.when_full == WhenFull::Block;
    let on_classic = |end: &EndpointPlan| matches!(end.service, ServicePlan::Classic(_));
    let on_iceoryx2 = |end: &EndpointPlan| matches!(end.service, ServicePlan::Iceoryx2(_));
    let of = |wanted: &dyn Fn(&RoutePlan) -> bool| {
        let names: Vec<_> = config.routes.iter().filter(|route| wanted(route)).map(|route| &*route.name).collect();
        let more = names.len().saturating_sub(MAX_LISTED);
        let shown = names.iter().take(MAX_LISTED).copied().collect::<Vec<_>>().join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!names.is_empty()).then(|| format!("{shown}{more}"))
    };
    let classic = of(&|route| on_classic(&route.source) && blocks(&route.source)).map(|names| {
        format!(
            "{names}: publishers have to wait for slow subscribers (`subscriberTooSlowPolicy` = `WAIT_FOR_CONSUMER`); because of \
             `when_full = \"block\"`, classic connects no others"
        )
    });
    let iceoryx2 =
        |route: &RoutePlan| [&route.source, &route.sink].into_iter().any(|end| on_iceoryx2(end) && blocks(end));
    let iceoryx2 = of(&iceoryx2).map(|names| {
        format!(
            "{names}: where an application creates the service, it has to do so without overflow \
             (`enable_safe_overflow(false)`), because of `when_full = \"block\"`"
        )
    });
    let looked_at = of(&|route| route.is_looked_at).map(|names| {
        format!(
            "{names}: has to look for samples each `sleep_us`, although the lane waits for events, because nothing says when there \
             are any; set `notify` at the source if its publishers send events"
        )
    });
    classic.into_iter().chain(iceoryx2).chain(looked_at).collect()
}

fn write_json(result: Result<&Config, &Report>, to: &mut dyn Write) -> io::Result<()> {
    let (valid, report, routes) = match result {
        Ok(config) => (true, &config.warnings, config.routes.as_slice()),
        Err(report) => (false, report, [].as_slice()),
    };
    let route = |route: &RoutePlan| {
        json!({
            "name": route.name,
            "stream": route.stream,
            "from": end(&route.source),
            "to": end(&route.sink),
        })
    };
    let routes: Vec<_> = routes.iter().map(route).collect();
    let document = json!({ "valid": valid, "findings": report.to_json()?, "routes": routes });
    serde_json::to_writer_pretty(&mut *to, &document)?;
    writeln!(to)
}

fn end(endpoint: &EndpointPlan) -> serde_json::Value {
    let format = match &endpoint.format {
        FormatPlan::Raw => json!({ "format": "raw" }),
        FormatPlan::Struct(layout) => json!({ "format": "struct", "layout": layout.name }),
        FormatPlan::Msgpack(shape, Tolerance { on_unknown, on_missing, exact }) => {
            json!({ "format": "msgpack", "shape": shape, "on_unknown": on_unknown, "on_missing": on_missing, "exact": exact })
        }
        FormatPlan::Json(Tolerance { on_unknown, on_missing, .. }) => {
            json!({ "format": "json", "on_unknown": on_unknown, "on_missing": on_missing })
        }
    };
    let mut end = match &endpoint.service {
        ServicePlan::Classic(ids) => json!({ "classic": ids }),
        ServicePlan::Iceoryx2(service) => {
            json!({ "iceoryx2": { "service": service.service, "release": service.release } })
        }
        ServicePlan::Handoff(_) => json!({}),
    };
    if let (Some(end), serde_json::Value::Object(format)) = (end.as_object_mut(), format) {
        end.extend(format);
        let DocumentPlan { layout, field, bytes, enums, timestamps, unions } = &endpoint.document;
        end.extend(layout.as_ref().map(|layout| ("layout".to_owned(), json!(layout.name))));
        end.extend(field.as_ref().map(|field| ("field".to_owned(), json!(field))));
        end.extend(bytes.map(|bytes| ("bytes".to_owned(), json!(bytes))));
        end.extend((*enums != EnumsAs::default()).then(|| ("enums".to_owned(), json!(enums))));
        let has_timestamps = *timestamps != TimestampsAs::default();
        end.extend(has_timestamps.then(|| ("timestamps".to_owned(), json!(timestamps))));
        end.extend((*unions != UnionsAs::default()).then(|| ("unions".to_owned(), json!(unions))));
    }
    end
}

fn service(endpoint: &EndpointPlan) -> String {
    on_one_line(&endpoint.service.to_string())
}

fn formats(route: &RoutePlan) -> String {
    match (&route.source.format, &route.sink.format) {
        (FormatPlan::Struct(source), FormatPlan::Struct(sink))
            if source.name == sink.name && route.fields.is_empty() =>
        {
            format!("copy of {}", source.name)
        }
        (FormatPlan::Msgpack(..), FormatPlan::Msgpack(..))
        | (FormatPlan::Json(_), FormatPlan::Json(_))
        | (FormatPlan::Raw, FormatPlan::Raw)
            if route.source.document.layout.is_none() && route.sink.document.layout.is_none() =>
        {
            format!("copy of {}", format(&route.source.format))
        }
        (source, sink) => format!("{} to {}", format(source), format(sink)),
    }
}

fn format(format: &FormatPlan) -> String {
    match format {
        FormatPlan::Raw => "raw bytes".to_owned(),
        FormatPlan::Struct(layout) => layout.name.clone(),
        FormatPlan::Msgpack(Shape::Map, _) => "msgpack".to_owned(),
        FormatPlan::Msgpack(Shape::Array, _) => "msgpack arrays".to_owned(),
        FormatPlan::Json(_) => "json".to_owned(),
    }
}
