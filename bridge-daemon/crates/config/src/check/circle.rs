//! Streams that feed each other.
//!
//! Ways are followed from service to service, never back by the stream just taken: the two directions of one
//! bidirectional stream are no circle. What returns to a way it has been on is one.

use std::collections::{HashMap, HashSet};

use super::service::ServiceId;

/// One direction of a stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way<'a> {
    pub(super) from: &'a ServiceId,
    pub(super) to: &'a ServiceId,
    /// The index of the stream.
    pub(super) stream: usize,
}

/// Circles that are shown; whoever has more needs another picture than a list of them.
const MAX_CIRCLES: usize = 16;

/// Circles among `ways`, no stream in two of them.
pub(super) fn circles<'a>(ways: &[Way<'a>]) -> Vec<Vec<Way<'a>>> {
    let mut found: Vec<Vec<Way<'a>>> = Vec::new();
    let mut taken = HashSet::new();
    while found.len() < MAX_CIRCLES {
        let open: Vec<Way<'a>> = ways.iter().filter(|way| !taken.contains(&way.stream)).copied().collect();
        let Some(circle) = one_circle(&open) else { break };
        taken.extend(circle.iter().map(|way| way.stream));
        found.push(circle);
    }
    found
}

/// Where a way is in the search.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    OnPath,
    Done,
}

/// Depth first over ways, with a path of its own instead of recursion.
fn one_circle<'a>(ways: &[Way<'a>]) -> Option<Vec<Way<'a>>> {
    let mut leaving: HashMap<&ServiceId, Vec<usize>> = HashMap::new();
    for (index, way) in ways.iter().enumerate() {
        leaving.entry(way.from).or_default().push(index);
    }
    let mut marks = vec![Mark::New; ways.len()];
    for start in 0..ways.len() {
        if marks.get(start) != Some(&Mark::New) {
            continue;
        }
        // A way, and how many of the ways that leave its end were tried.
        let mut path = vec![(start, 0_usize)];
        *marks.get_mut(start)? = Mark::OnPath;
        while let Some((at, tried)) = path.last_mut() {
            let way = ways.get(*at)?;
            let next = leaving.get(way.to).and_then(|leaving| leaving.get(*tried)).copied();
            *tried += 1;
            let Some(next) = next else {
                *marks.get_mut(*at)? = Mark::Done;
                path.pop();
                continue;
            };
            if ways.get(next)?.stream == way.stream {
                continue;
            }
            match marks.get(next)? {
                Mark::New => {
                    *marks.get_mut(next)? = Mark::OnPath;
                    path.push((next, 0));
                }
                Mark::OnPath => {
                    let begin = path.iter().position(|(at, _)| *at == next)?;
                    let walk: Vec<Way<'a>> =
                        path.get(begin..)?.iter().filter_map(|(at, _)| ways.get(*at)).copied().collect();
                    return Some(shortest(walk));
                }
                Mark::Done => {}
            }
        }
    }
    None
}

/// A walk may pass a service more than once; the part between the two nearest passings is a circle by itself.
fn shortest(walk: Vec<Way<'_>>) -> Vec<Way<'_>> {
    let mut last: HashMap<&ServiceId, usize> = HashMap::new();
    let mut best = 0..walk.len();
    for (index, way) in walk.iter().enumerate() {
        if let Some(before) = last.insert(way.from, index)
            && index - before < best.len()
        {
            best = before..index;
        }
    }
    walk.get(best).map(<[_]>::to_vec).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iceoryx2::Release;

    fn service(name: &str) -> ServiceId {
        ServiceId::Iceoryx2 { service: name.to_owned(), release: Release::V0_10, user: None }
    }

    /// Streams "a>b" one way, "a=b" both ways; the circles as streams.
    fn circles_of(streams: &[&str]) -> Vec<Vec<usize>> {
        let ends: Vec<_> =
            streams.iter().map(|text| (service(&text[..1]), &text[1..2] == "=", service(&text[2..]))).collect();
        let mut ways = Vec::new();
        for (stream, (from, both, to)) in ends.iter().enumerate() {
            ways.push(Way { from, to, stream });
            if *both {
                ways.push(Way { from: to, to: from, stream });
            }
        }
        circles(&ways).iter().map(|circle| circle.iter().map(|way| way.stream).collect()).collect()
    }

    #[test]
    fn a_bidirectional_stream_alone_is_none() {
        assert!(circles_of(&["a=b"]).is_empty());
        assert!(circles_of(&["a=b", "b=c", "b=d", "d>e"]).is_empty());
    }

    #[test]
    fn two_streams_there_and_back_are_one() {
        assert_eq!(circles_of(&["a>b", "b>a"]), [[0, 1]]);
        assert_eq!(circles_of(&["x>a", "a>b", "b>c", "c>d", "d>a"]), [[1, 2, 3, 4]]);
    }

    #[test]
    fn a_ring_of_bidirectional_streams_is_one() {
        let found = circles_of(&["a=b", "b=c", "c=d", "d=a"]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].len(), 4);
    }

    #[test]
    fn every_stream_is_in_one_circle_at_most() {
        assert_eq!(circles_of(&["a>b", "b>a", "c>d", "d>c", "a>d"]), [[0, 1], [2, 3]]);
    }
}
