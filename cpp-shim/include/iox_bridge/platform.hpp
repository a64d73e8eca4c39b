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
/// What comes before the names of RouDi's files, and before those of other processes.
rust::Str own_prefix() noexcept;
rust::Str runtime_prefix() noexcept;
/// The name of RouDi's socket.
rust::Str roudi_socket_name() noexcept;
/// The name of RouDi's lock file, without its ending.
rust::Str roudi_lock_name() noexcept;
/// The name of the socket of a RouDi of the other generation: 2.0 and 2.95 do not look where the other one is.
rust::Str foreign_roudi_socket_name() noexcept;
/// The releases of that generation, such as "2.95".
rust::Str foreign_releases() noexcept;

/// The longest history of a publisher, in samples.
std::uint64_t max_publisher_history() noexcept;
/// The longest queue of a subscriber, in samples.
std::uint64_t max_subscriber_queue() noexcept;

} // namespace iox_bridge
