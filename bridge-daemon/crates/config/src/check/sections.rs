//! The rules of `[bridge]`, `[classic]` and `[iceoryx2]`.

use std::path::Path;

use super::Context;
use super::error::SectionError;
use crate::bridge::BridgeSection;
use crate::classic::{ClassicRelease, ClassicSection, Roudi};
use crate::document::Located;
use crate::iceoryx2::{Iceoryx2Section, Release};
use crate::names::UserName;
use crate::plan::{BridgePlan, ClassicPlan, Iceoryx2Plan, Pool, RoudiPlan};
use crate::stream::StreamDecl;
use crate::user::{self, KnownUser};

/// Pools that a RouDi can have.
const MAX_POOLS: usize = 32;

/// Bytes that the address of a local socket has room for, without the final NUL.
const MAX_SOCKET_PATH: usize = 107;

pub(super) fn bridge(section: &BridgeSection, path: &Path, context: &mut Context<'_>) -> BridgePlan {
    let directory = path.parent().unwrap_or(Path::new(""));
    let socket = section.socket.as_ref().and_then(|written| {
        let path = directory.join(&written.sound()?.0);
        let len = path.as_os_str().len();
        if len > MAX_SOCKET_PATH {
            let error = SectionError::SocketPath { len, max: MAX_SOCKET_PATH, at: written.span };
            context.report.push(context.source, error);
        }
        Some(path)
    });
    BridgePlan { name: section.name.to_string(), socket, lock_memory: section.lock_memory }
}

/// The release and the user that endpoints serve unless they say otherwise.
pub(super) fn iceoryx2(section: &Iceoryx2Section, context: &mut Context<'_>) -> Iceoryx2Plan {
    context.release = release(section.release.as_ref(), context).unwrap_or_default();
    context.user = user(section.user.as_ref(), context);
    Iceoryx2Plan { release: context.release.as_str().to_owned(), user: context.user.clone() }
}

/// The user that was written; nothing, when there is none, and for the user who runs this, whom no other worker is
/// needed for.
pub(super) fn user(written: Option<&Located<UserName>>, context: &mut Context<'_>) -> Option<KnownUser> {
    let written = written?;
    let (name, at) = (written.sound()?, written.span);
    match user::find(name) {
        Ok(Some(user)) => return Some(user).filter(|user| user.uid != rustix::process::geteuid().as_raw()),
        Ok(None) => context.report.push(context.source, SectionError::NoUser { name: name.to_string(), at }),
        Err(error) => {
            let error = SectionError::UserUnknown { name: name.to_string(), why: error.to_string(), at };
            context.report.push(context.source, error);
        }
    }
    None
}

/// What was written about the release; nothing, when it cannot be served.
pub(super) fn release(written: Option<&Located<Release>>, context: &mut Context<'_>) -> Option<Release> {
    let written = written?;
    let release = *written.sound()?;
    if context.served.iceoryx2.contains(&release) {
        return Some(release);
    }
    let error = SectionError::Release { release: release.as_str(), at: written.span };
    context.report.push(context.source, error);
    None
}

pub(super) fn classic(section: &ClassicSection, path: &Path, context: &mut Context<'_>) -> Option<ClassicPlan> {
    let directory = path.parent().unwrap_or(Path::new(""));
    let workers = section.workers.as_ref().and_then(Located::sound);
    let workers =
        workers.map(|workers| [(ClassicRelease::V2_0, &workers.v2_0), (ClassicRelease::V2_95, &workers.v2_95)]);
    let workers = workers.into_iter().flatten();
    context.classic_workers =
        workers.filter_map(|(release, file)| Some((release, directory.join(&file.as_ref()?.sound()?.0)))).collect();
    context.classic_release = classic_release(section.release.as_ref(), context).unwrap_or(context.classic_release);
    let roudi = roudi(section, context)?;
    Some(ClassicPlan { roudi, release: context.classic_release, workers: context.classic_workers.clone() })
}

/// What was written about the line of classic; nothing, when no executable serves it.
pub(super) fn classic_release(
    written: Option<&Located<ClassicRelease>>,
    context: &mut Context<'_>,
) -> Option<ClassicRelease> {
    let written = written?;
    let release = *written.sound()?;
    let is_named = context.classic_workers.iter().any(|(named, _)| *named == release);
    let built_with = context.served.classic;
    if is_named || release == built_with {
        return Some(release);
    }
    context.report.push(context.source, SectionError::ClassicRelease { release, built_with, at: written.span });
    None
}

fn roudi(section: &ClassicSection, context: &mut Context<'_>) -> Option<RoudiPlan> {
    let roudi = match &section.roudi {
        Some(roudi) => *roudi.sound()?,
        None => Roudi::default(),
    };
    let Some(declared) = &section.pools else {
        let roudi = match roudi {
            Roudi::External => RoudiPlan::External,
            Roudi::Managed => RoudiPlan::Managed(None),
        };
        return Some(roudi);
    };
    let at = declared.span;
    if roudi == Roudi::External {
        context.report.push(context.source, SectionError::PoolsOfExternal { at });
        return None;
    }
    if declared.is_empty() && declared.sound {
        context.report.push(context.source, SectionError::NoPools { at });
    }
    if let Some(extra) = declared.get(MAX_POOLS) {
        let error = SectionError::ManyPools { count: declared.len(), max: MAX_POOLS, at: extra.span };
        context.report.push(context.source, error);
    }
    let mut pools: Vec<_> = declared.iter().filter(|pool| pool.sound).collect();
    // Stable, so that of two pools of one size the later one is called the second.
    pools.sort_by_key(|pool| pool.size.get());
    for pair in pools.windows(2) {
        if let [first, second] = pair
            && first.size == second.size
        {
            let (size, at, first) = (second.size.get(), second.span, first.span);
            context.report.push(context.source, SectionError::PoolTwice { size, at, first });
        }
    }
    let pool = |size: usize, count: usize| Pool { size, count };
    let pools = pools.into_iter().map(|declared| pool(declared.size.get(), declared.count.get())).collect();
    Some(RoudiPlan::Managed(Some(pools)))
}

/// Streams that a configuration can have. Ports run out before.
pub(super) const MAX_STREAMS: usize = 1024;

pub(super) fn streams(streams: &[Located<StreamDecl>], context: &mut Context<'_>) {
    // With an error about it, the stream may be the very thing that is not there.
    if streams.is_empty() && !context.report.has_errors() {
        context.report.push(context.source, SectionError::NoStreams);
    }
    if let Some(extra) = streams.get(MAX_STREAMS) {
        let error = SectionError::ManyStreams { count: streams.len(), max: MAX_STREAMS, at: extra.span };
        context.report.push(context.source, error);
    }
}
