// This process as a client of RouDi.
//
// Owner: the process; classic allows one runtime, for as long as the process lives. Threads: any.
#pragma once

#include "rust/cxx.h"

#include <cstdint>

namespace iox_bridge {

/// Registers this process with RouDi. Waits up to 60 s for it, then reports a fatal error, as it does when a living
/// process has the same name.
void init_runtime(rust::Str name) noexcept;

/// Tells RouDi that this process has no more use for its ports, and waits for the answer, without a limit. After this
/// nothing is left to do but to end the process. Answers whether RouDi confirmed.
bool leave_roudi() noexcept;

/// Ends the process at once: no destructors, no handlers.
void exit_now(std::int32_t code) noexcept;

} // namespace iox_bridge
