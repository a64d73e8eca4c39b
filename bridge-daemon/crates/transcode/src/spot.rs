//! Where in a sample a rejection arose, for the operator.
//!
//! A decoder leaves a note on the way back from what it could not read, the innermost first, so that samples which are
//! fine cost nothing. What writes from a struct is asked again instead, operation by operation.

use std::cell::Cell;

use super::reject::Reject;
use bridge_layout::Layout;

/// Where a sample could not be transcoded, as far as that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// The field of the route's struct, by a byte of it: from the start of the struct.
    pub field: Option<usize>,
    /// The place in the document that was read: bytes from its start.
    pub document: Option<usize>,
}

impl Spot {
    /// The path of the field, in the struct of this layout. Of what is wrong with a list or a struct as a whole it is that.
    #[must_use]
    pub fn path(&self, layout: &Layout, reject: Reject) -> Option<String> {
        let path = layout.path_at(self.field?)?;
        let is_whole = matches!(reject, Reject::ArrayLength | Reject::UnknownField | Reject::SumMismatch);
        let end = if is_whole { path.rfind(['.', '[']) } else { Some(path.len()) };
        end.and_then(|end| path.get(..end)).map(str::to_owned)
    }
}

thread_local! {
    /// Of the rejection that was not asked about yet.
    static NOTED: Cell<Spot> = const { Cell::new(Spot { field: None, document: None }) };
}

/// Notes where a rejection arose, unless something inside of it has been noted, and gives it back.
#[cold]
#[inline(never)]
pub(super) fn note(reject: Reject, field: Option<usize>, document: Option<usize>) -> Reject {
    NOTED.with(|noted| {
        let before = noted.get();
        noted.set(Spot { field: before.field.or(field), document: before.document.or(document) });
    });
    reject
}

/// What was noted since this was asked last. To be asked after every rejection whose place matters, on its thread.
pub(super) fn take() -> Spot {
    NOTED.take()
}
