//! What the end-to-end tests of iox-bridge are made of.
