//! The order in which layouts can be made: those that others contain come first.

use std::collections::VecDeque;

/// An edge: the layout of this index contains the one at `inner`, by the field with index `field`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Contains {
    pub(super) inner: usize,
    pub(super) field: usize,
}

/// Sorts layouts so that what is contained stands before what contains it. `contains` has one list a layout.
/// The second part holds circles, each as the layouts and fields to follow; whatever contains a circle is left out.
pub(super) fn order(contains: &[Vec<Contains>]) -> (Vec<usize>, Vec<Vec<(usize, Contains)>>) {
    let mut open: Vec<usize> = contains.iter().map(Vec::len).collect();
    let mut containers = vec![Vec::new(); contains.len()];
    for (outer, edges) in contains.iter().enumerate() {
        for edge in edges {
            if let Some(list) = containers.get_mut(edge.inner) {
                list.push(outer);
            }
        }
    }
    let mut ready: VecDeque<usize> =
        open.iter().enumerate().filter(|(_, open)| **open == 0).map(|(index, _)| index).collect();
    let mut sorted = Vec::with_capacity(contains.len());
    while let Some(index) = ready.pop_front() {
        sorted.push(index);
        for outer in containers.get(index).into_iter().flatten() {
            if let Some(open) = open.get_mut(*outer) {
                *open -= 1;
                if *open == 0 {
                    ready.push_back(*outer);
                }
            }
        }
    }
    let circles = circles(contains, &open);
    (sorted, circles)
}

/// Every layout with something still open leads to a circle when one follows what is open.
fn circles(contains: &[Vec<Contains>], open: &[usize]) -> Vec<Vec<(usize, Contains)>> {
    let is_open = |index: usize| open.get(index).is_some_and(|open| *open > 0);
    // 0: not seen; else the number of the walk that came by.
    let mut seen = vec![0; contains.len()];
    let mut found = Vec::new();
    for walk in 1..=contains.len() {
        let mut path: Vec<(usize, Contains)> = Vec::new();
        let mut at = walk - 1;
        while is_open(at) && seen.get(at) == Some(&0) {
            if let Some(mark) = seen.get_mut(at) {
                *mark = walk;
            }
            let Some(edge) = contains.get(at).into_iter().flatten().find(|edge| is_open(edge.inner)) else { break };
            path.push((at, *edge));
            at = edge.inner;
        }
        if let Some(start) = path.iter().position(|(index, _)| *index == at) {
            found.push(path.split_off(start));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[&[usize]]) -> Vec<Vec<Contains>> {
        let list = |inner: &&[usize]| inner.iter().map(|inner| Contains { inner: *inner, field: 0 }).collect();
        edges.iter().map(list).collect()
    }

    #[test]
    fn contained_comes_first() {
        let (sorted, circles) = order(&graph(&[&[1, 2], &[2], &[]]));
        assert_eq!(sorted, [2, 1, 0]);
        assert!(circles.is_empty());
    }

    #[test]
    fn each_circle_is_found_once_and_does_not_hide_the_rest() {
        // 0 contains itself; 1 and 2 each other; 3 contains 1; 4 is sound.
        let (sorted, circles) = order(&graph(&[&[0], &[2], &[1], &[1], &[]]));
        assert_eq!(sorted, [4]);
        let layouts: Vec<Vec<usize>> =
            circles.iter().map(|circle| circle.iter().map(|(index, _)| *index).collect()).collect();
        assert_eq!(layouts, [vec![0], vec![1, 2]]);
    }
}
