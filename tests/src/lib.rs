//! What the end-to-end tests of iox-bridge are made of.
//!
//! - [`apps`]: what the iceoryx2 applications in `src/bin` share. They know nothing of the bridge, nor do the C++ ones
//!   in `apps/`.

pub mod apps;
