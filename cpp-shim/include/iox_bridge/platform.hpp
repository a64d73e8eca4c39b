// What classic's headers fix about names and places: the reader of these facts for the Rust side.
//
// Owner: nobody, constants only. Threads: any.
#pragma once

#include "rust/cxx.h"

#include <cstdint>

namespace iox_bridge {

/// The release of the headers this library was compiled with, such as "2.0.3".
rust::Str linked_release() noexcept;
/// Where classic puts its sockets, with a slash at the end.
rust::Str socket_prefix() noexcept;
/// Where classic puts its lock files, with a slash at the end.
rust::Str lock_prefix() noexcept;
/// The line of releases of these headers, "2.0" or "2.95": RouDi and clients of one line look in the same places.
rust::Str line() noexcept;
/// What comes before the names of RouDi's files.
rust::String own_prefix() noexcept;
/// What comes before the names of other processes' files.
rust::String runtime_prefix() noexcept;
/// The name of RouDi's socket.
rust::Str roudi_socket_name() noexcept;
/// The name of RouDi's lock file, without its ending.
rust::Str roudi_lock_name() noexcept;

/// The longest history of a publisher, in samples.
std::uint64_t max_publisher_history() noexcept;
/// The longest queue of a subscriber, in samples.
std::uint64_t max_subscriber_queue() noexcept;

} // namespace iox_bridge
