//! The rules that concern more than one value: within an endpoint, a stream, and over all streams.
//!
//! A rule looks only at what is sound; what is not was reported before, and is not complained about twice.

mod across;
mod across_error;
mod circle;
mod endpoint;
mod error;
mod fields;
mod lanes;
mod sections;
mod service;
mod stream;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::classic::ClassicRelease;
use super::document::{Report, Source};
use super::file::ConfigFile;
use super::iceoryx2::Release;
use super::plan::{self, Config, Wait};
use super::served::Served;
use crate::user::KnownUser;
use bridge_layout::LayoutSet;

/// What the rules look things up in, and where they write to.
struct Context<'a> {
    source: &'a Arc<Source>,
    layouts: &'a LayoutSet,
    /// Every layout file was understood, so that a layout which is not found is not there.
    layouts_complete: bool,
    served: Served,
    release: Release,
    /// The line of classic whose applications are served where an endpoint does not say otherwise.
    classic_release: ClassicRelease,
    /// The executables that are named for lines of classic.
    classic_workers: Vec<(ClassicRelease, PathBuf)>,
    /// Whose applications are served where an endpoint does not say otherwise; `None`: the bridge's own user's.
    user: Option<KnownUser>,
    report: &'a mut Report,
}

/// Checks what was read, and makes the plan of it. A plan that comes with errors in `report` must not be used.
pub(super) fn config(
    file: &ConfigFile,
    path: &Path,
    source: &Arc<Source>,
    layouts: &LayoutSet,
    layouts_complete: bool,
    served: Served,
    report: &mut Report,
) -> Option<Config> {
    let mut context = Context {
        source,
        layouts,
        layouts_complete,
        served,
        release: Release::default(),
        classic_release: served.classic,
        classic_workers: Vec::new(),
        user: None,
        report,
    };
    let bridge = sections::bridge(&file.bridge, path, &mut context);
    let classic = sections::classic(&file.classic, path, &mut context);
    let iceoryx2 = sections::iceoryx2(&file.iceoryx2, &mut context);
    let lanes = lanes::check(&file.lane, &file.stream, &mut context);
    sections::streams(&file.stream, &mut context);
    let streams: Vec<_> =
        file.stream.iter().take(sections::MAX_STREAMS).map(|stream| stream::check(stream, &mut context)).collect();
    across::check(&streams, &mut context);
    let mut routes: Vec<_> = streams.into_iter().flat_map(|stream| stream.routes).collect();
    plan::count_own_ports(&mut routes);
    for route in &mut routes {
        let waits = lanes.iter().any(|lane| lane.name == route.lane && lane.pace.wait == Wait::Event);
        route.is_looked_at = waits && !route.source.wakes();
    }
    let warnings = Report::default();
    Some(Config { file: path.to_owned(), bridge, classic: classic?, iceoryx2, lanes, routes, warnings })
}
