// This process as a client of RouDi.
//
// Owner: the process; classic allows one runtime, for as long as the process lives. Threads: any.
#pragma once

#include "rust/cxx.h"

namespace iox_bridge {

/// Registers this process with RouDi. Waits up to 60 s for it, then reports a fatal error, as it does when a living
/// process has the same name.
void init_runtime(rust::Str name) noexcept;

/// Asks RouDi to end every publish of this process that waits for a subscriber.
void shutdown_runtime() noexcept;

} // namespace iox_bridge
