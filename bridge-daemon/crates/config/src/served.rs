//! What an executable was built for.

use super::classic::ClassicRelease;
use super::iceoryx2::Release;

/// The releases of both stacks that the executable can serve by itself.
#[derive(Clone, Copy, Debug)]
pub struct Served {
    /// The line of classic that it was built with.
    pub classic: ClassicRelease,
    /// The releases of iceoryx2 that it was built with.
    pub iceoryx2: &'static [Release],
}
