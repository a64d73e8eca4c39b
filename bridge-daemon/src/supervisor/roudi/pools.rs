//! The pools of a RouDi of the bridge's own, and the memory that they take.

use cpp_shim::{Line, Pool, pool_size_for};

use crate::config::plan::{self, EndpointPlan, FormatPlan, RoutePlan, ServicePlan};
use crate::transcode::Pipeline;

/// Bytes of payload, and number of chunks, of the pools that are there for streams whose sample size nobody knows
/// beforehand; the sizes are those of RouDi's own default, the numbers smaller.
const GENERAL: [(u32, u32); 6] =
    [(128, 4096), (1024, 2048), (16_384, 512), (131_072, 128), (524_288, 32), (1_048_576, 32)];

/// The largest pool size that RouDi can be told: a multiple of 8 in 32 bits.
const LARGEST: u32 = !7;

/// Chunks for one endpoint beyond its queue: on loan, in history, in the hands of applications.
const SLACK: u32 = 64;

/// Chunks of one size that a stream's endpoint keeps busy where its queue is classic's default.
const DEFAULT_QUEUE: u32 = 256;

/// The pools that a configuration gives, in RouDi's terms: sizes rounded up to what it takes.
pub(in crate::supervisor) fn given_pools(given: &[plan::Pool]) -> Vec<Pool> {
    let mut pools: Vec<Pool> = Vec::new();
    for pool in given {
        let size = u32::try_from(pool.size.next_multiple_of(8)).unwrap_or(LARGEST);
        let count = u32::try_from(pool.count).unwrap_or(u32::MAX);
        match pools.last_mut() {
            Some(last) if last.size == size => last.count = last.count.saturating_add(count),
            _ => pools.push(Pool { size, count }),
        }
    }
    pools
}

/// The pools that the streams need, and some of every common size.
pub(in crate::supervisor) fn pools(routes: &[RoutePlan]) -> Vec<Pool> {
    let mut pools: Vec<Pool> = GENERAL.map(|(size, count)| Pool { size, count }).into();
    for route in routes {
        for endpoint in [&route.source, &route.sink] {
            let Some(size) = chunk_size(route, endpoint) else { continue };
            let queue = endpoint.queue.and_then(|queue| u32::try_from(queue).ok()).unwrap_or(DEFAULT_QUEUE);
            // Half a GiB of one size is as much as is taken without being asked.
            let count = (queue + SLACK).min((512 << 20) / size.max(1)).max(16);
            match pools.iter_mut().find(|pool| pool.size == size) {
                Some(pool) => pool.count = pool.count.saturating_add(count),
                None => pools.push(Pool { size, count }),
            }
        }
    }
    pools.sort_by_key(|pool| pool.size);
    while pools.len() > cpp_shim::MAX_POOLS {
        // Two neighbours become the larger one; the smallest first, where it wastes least.
        let first = pools.remove(0);
        if let Some(next) = pools.first_mut() {
            next.count = next.count.saturating_add(first.count);
        }
    }
    pools
}

/// The pool's chunk size for the samples of an endpoint on classic, where it is known.
fn chunk_size(route: &RoutePlan, endpoint: &EndpointPlan) -> Option<u32> {
    let ServicePlan::Classic(_) = endpoint.service else { return None };
    let other = if std::ptr::eq(endpoint, &route.sink) { &route.source } else { &route.sink };
    let (size, align) = match (&endpoint.format, &other.service) {
        (FormatPlan::Struct(layout), _) => (layout.size, layout.align),
        (FormatPlan::Msgpack(..) | FormatPlan::Json(_), _) => {
            (Pipeline::compile(&route.conversion()).ok()?.max_output()?, 8)
        }
        (FormatPlan::Raw, ServicePlan::Iceoryx2(service)) => {
            let payload = service.payload.as_ref().filter(|payload| !payload.slice)?;
            (payload.element.size, payload.element.align)
        }
        (FormatPlan::Raw, ServicePlan::Classic(_) | ServicePlan::Handoff(_)) => return None,
    };
    let header = match &other.service {
        ServicePlan::Iceoryx2(service) => service.user_header.as_ref().map_or(0, |header| header.size),
        ServicePlan::Classic(_) | ServicePlan::Handoff(_) => 0,
    };
    pool_size_for(size, align, header, if header == 0 { 1 } else { 8 })
}

/// Bytes that RouDi takes for management, and for each chunk there: the sizes of the segments that RouDis of 2.0.3 and 2.95.8
/// with default pools and with fewer make, less what is in proportion to the number of chunks. A little more than they are.
const fn management(line: Line) -> u64 {
    match line {
        Line::V2_0 => 63 << 20,
        Line::V2_95 => 34 << 20,
    }
}
const MANAGEMENT_OF_A_CHUNK: u64 = 64;

/// Bytes that a chunk takes beside its payload, which are its header's, found in the same way; and what all take together.
const HEADER: u64 = 48;
const ALL_HEADERS: u64 = 64 << 10;

/// Bytes of shared memory that a RouDi with these pools takes, all of them when it starts.
pub(super) fn memory(line: Line, pools: &[Pool]) -> u64 {
    let each = |pool: &Pool| u64::from(pool.size) + HEADER + MANAGEMENT_OF_A_CHUNK;
    let of = |pool: &Pool| u64::from(pool.count).saturating_mul(each(pool));
    pools.iter().map(of).fold(management(line) + ALL_HEADERS, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `ls -l /dev/shm` shows of the bridge's own RouDis of both lines.
    #[test]
    fn the_memory_is_that_which_roudi_takes() {
        let general = GENERAL.map(|(size, count)| Pool { size, count });
        let with_one_stream: Vec<_> = [Pool { size: 64, count: 320 }].into_iter().chain(general).collect();
        let small = [Pool { size: 1024, count: 10 }];
        for (line, pools, bytes) in [
            (Line::V2_0, &with_one_stream[..], 66_198_408 + 78_459_392),
            (Line::V2_95, &small[..], 35_456_432 + 10_720),
        ] {
            let computed = memory(line, pools);
            assert!(computed >= bytes && computed < bytes + (2 << 20), "{line}: {computed} for {bytes}");
        }
    }

    #[test]
    fn pools_beyond_all_measure_are_only_refused() {
        let absurd = [Pool { size: u32::MAX, count: u32::MAX }; 32];
        assert!(memory(Line::V2_0, &absurd) > u64::from(u32::MAX) << 32);
    }
}
