// Takes over classic's error handler, so that only a FATAL error can end the process, and that in order.
//
// Owner: the process; installed once, never removed. Threads: any; the handler runs on the thread that made the error.
#pragma once

#include "rust/cxx.h"

#include <cstdint>

namespace iox_bridge {

/// Replaces classic's handler (which aborts on SEVERE in Debian's build) by ours. To be called once, before anything
/// else touches classic.
void install_handler() noexcept;

/// Stops classic from writing to standard error, for good: its log, and what it writes past its log.
void silence() noexcept;

} // namespace iox_bridge
