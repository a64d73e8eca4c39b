//! The safe Rust face of Eclipse iceoryx 2.x ("classic").
