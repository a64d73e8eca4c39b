// A RouDi in this process, for a bridge that brings its own.
//
// Owner: the process, which does nothing else. Threads: the calling one waits, RouDi makes its own.
#pragma once

#include "rust/cxx.h"

#include <cstdint>

namespace iox_bridge {

struct PoolEntry;

/// Runs RouDi until SIGTERM, SIGINT or SIGHUP, with one segment for readers and writers of this process's group.
/// Clients get SIGTERM when it stops, and SIGKILL `kill_delay_seconds` later. Returns the code with which the process
/// should exit. `pools` are ascending by size, sizes multiples of 8: the Rust side sees to it.
std::uint8_t run_roudi(rust::Slice<const PoolEntry> pools, std::uint64_t kill_delay_seconds) noexcept;

/// The smallest `size` of a pool whose chunks hold such a payload and user header; 0 when there is none.
std::uint32_t pool_size_for(std::uint32_t size, std::uint32_t alignment, std::uint32_t header_size,
                            std::uint32_t header_alignment) noexcept;

} // namespace iox_bridge
