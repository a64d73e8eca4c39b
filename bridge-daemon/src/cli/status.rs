//! `iox-bridge status`.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::Args;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use crate::admin::status::{Counted, RejectedStatus, RouteStatus, Status};
use crate::config::document::on_one_line;
use crate::endpoint::classic::BUILT_WITH;
use crate::route::StateName;
use crate::supervisor::{self, Ask};

use super::{Exit, Where, at_fault};

/// `iox-bridge status`
#[derive(Args, Debug)]
pub struct StatusCommand {
    #[command(flatten)]
    place: Where,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl StatusCommand {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Some(socket) = self.place.find() else { return Ok(Exit::Config.into()) };
        let status: Status = match supervisor::ask(&socket, &Ask::Status) {
            Ok(status) => status,
            Err(error) => {
                eprintln!("{error}");
                return Ok(Exit::Unavailable.into());
            }
        };
        let text = if self.json { serde_json::to_string_pretty(&status)? } else { text(&status) };
        // A reader that went away (`| head`) changes nothing about the bridge.
        let _ = writeln!(io::stdout(), "{text}");
        Ok(if status.healthy { Exit::Ok } else { Exit::Failure }.into())
    }
}

/// The whole status as a person reads it.
fn text(status: &Status) -> String {
    let mut lines = vec![format!("{} (process {}, {})", status.name, status.pid, status.config)];
    for roudi in &status.roudis {
        let known = [roudi.pid.map(|pid| format!("process {pid}")), roudi.release.clone()];
        let known = known.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let known = if known.is_empty() { known } else { format!(" ({known})") };
        let reason = roudi.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        // Which of the two it is goes without saying where there is but the one that the bridge was built with.
        let name = match (status.roudis.len(), roudi.classic) {
            (1, BUILT_WITH) => "RouDi".to_owned(),
            (_, line) => format!("RouDi of classic {line}"),
        };
        lines.push(format!("{name}: {}, {}{known}{reason}", roudi.mode, roudi.state));
    }
    for worker in &status.workers {
        let pid = worker.pid.map(|pid| format!(" (process {pid})")).unwrap_or_default();
        let restarts = match (worker.restarts, &worker.last_exit) {
            (0, _) | (_, None) => String::new(),
            (1, Some(reason)) => format!(", started again once, because {reason}"),
            (n, Some(reason)) => format!(", started again {n} times, last because {reason}"),
        };
        let user = worker.user.as_ref().map(|user| format!(", user {user}")).unwrap_or_default();
        let classic = worker.classic.filter(|_| status.roudis.len() > 1);
        let classic = classic.map(|line| format!(" and classic {line}")).unwrap_or_default();
        lines.push(format!("worker for iceoryx2 {}{classic}{user}: {}{pid}{restarts}", worker.release, worker.state));
    }
    lines.push(String::new());
    lines.push(table(&status.routes).to_string());
    let notes: Vec<_> = status.routes.iter().flat_map(notes).collect();
    if !notes.is_empty() {
        lines.push(String::new());
        lines.extend(notes);
    }
    lines.join("\n")
}

fn table(routes: &[RouteStatus]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    let mut header =
        vec!["ROUTE", "STATE", "RECEIVED", "FORWARDED", "REJECTED", "DROPPED", "OWN", "LOST BEFORE", "P50", "P99"];
    // Few layouts say when their samples were made.
    let have_ages = routes.iter().any(|route| route.age.is_some());
    if have_ages {
        header.extend(["AGE P50", "AGE P99"]);
    }
    table.set_header(header);
    for route in routes {
        let mut row = vec![
            route.name.clone(),
            if route.paused && route.state == StateName::Running {
                "paused".to_owned()
            } else {
                route.state.as_str().to_owned()
            },
            route.received.to_string(),
            route.forwarded.to_string(),
            route.rejected.total.to_string(),
            route.dropped.total.to_string(),
            route.own_skipped.to_string(),
            route.lost_before.to_string(),
            time(route.latency.map(|latency| latency.p50_ns)),
            time(route.latency.map(|latency| latency.p99_ns)),
        ];
        if have_ages {
            row.extend([route.age.map(|age| age.p50_ns), route.age.map(|age| age.p99_ns)].map(time));
        }
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// A time that a sample took, in three digits or so.
fn time(nanoseconds: Option<u64>) -> String {
    match nanoseconds {
        None => "-".to_owned(),
        Some(ns @ 0..1_000) => format!("{ns} ns"),
        Some(ns @ 1_000..1_000_000) => format!("{:.1} µs", ns as f64 / 1e3),
        Some(ns @ 1_000_000..1_000_000_000) => format!("{:.1} ms", ns as f64 / 1e6),
        Some(ns) => format!("{:.1} s", ns as f64 / 1e9),
    }
}

/// What does not fit into the table: where a route leads if it does not run, and reasons.
fn notes(route: &RouteStatus) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(reason) = &route.reason {
        notes.push(format!("{} ({} to {}): {reason}", route.name, route.source, route.sink));
    }
    if route.paused {
        notes.push(format!(
            "{}: paused; samples are dropped until `iox-bridge resume {}`",
            route.name,
            on_one_line(&route.stream)
        ));
    }
    if route.unheard > 0 {
        let now = if route.sink_connected == Some(false) { ", and nobody does now" } else { "" };
        notes.push(format!(
            "{}: {} of the forwarded samples were published while nobody subscribed to {}{now}",
            route.name, route.unheard, route.sink
        ));
    }
    if route.not_connected > 0 {
        notes.push(format!(
            "{}: applications could not be connected to {} times, which is tried again; the worker's log says why",
            route.name, route.not_connected
        ));
    }
    if let Some(remark) = &route.remark {
        notes.push(format!("{}: {remark}", route.name));
    }
    if route.filtered > 0 {
        notes.push(format!("{}: {} samples did not match its `where`", route.name, route.filtered));
    }
    for (what, counted) in [("rejected", &route.rejected), ("dropped", &route.dropped)] {
        if counted.total > 0 {
            notes.push(format!("{}: {what} {}", route.name, reasons(counted)));
        }
    }
    notes.extend(route.last_rejected.iter().map(|last| format!("{}: {}", route.name, last_words(last))));
    if route.source_full > 0 {
        notes.push(format!(
            "{}: {} times as many samples came in a row as the source's queue holds; it may have been full, and samples lost before; give it a longer `queue`",
            route.name, route.source_full
        ));
    }
    if route.sink_full > 0 {
        notes.push(format!("{}: subscribers of the sink had no room {} times", route.name, route.sink_full));
    }
    notes
}

/// When a sample was rejected last for a reason, and where it was at fault.
fn last_words(last: &RejectedStatus) -> String {
    let at = SystemTime::UNIX_EPOCH + Duration::from_millis(last.unix_ms);
    let ago = SystemTime::now().duration_since(at).unwrap_or_default().as_secs();
    format!("the last {} was {ago} s ago{}", last.reason, at_fault(last.field.as_deref(), last.offset))
}

fn reasons(counted: &Counted) -> String {
    counted.by_reason.iter().map(|(reason, n)| format!("{n} {reason}")).collect::<Vec<_>>().join(", ")
}
