// What a process and RouDi say to each other when it registers and when it leaves, as text that fits in one datagram.
//
// Owner: nobody, functions only. Threads: any.
#pragma once

#include "rust/cxx.h"

#include <cstdint>

namespace iox_bridge {

/// Asks RouDi to register this process as `name`. The answer repeats `timestamp`, any number that tells this request
/// from others.
rust::String registration(rust::Str name, std::int64_t timestamp) noexcept;
/// Asks RouDi to forget `name`.
rust::String farewell(rust::Str name) noexcept;

/// What the answer to a registration begins with, up to the first comma.
rust::String registered() noexcept;
/// What the answer to a farewell begins with, up to the first comma.
rust::String forgotten() noexcept;

/// How many bytes that `socket` sent have not been read by their receivers; negative when there is no way to know.
std::int32_t unread(std::int32_t socket) noexcept;

} // namespace iox_bridge
