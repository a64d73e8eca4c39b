// One subscriber port of classic, for payloads whose type is known at run time only.
//
// Owner: a Rust `Subscriber`, through a unique_ptr. Threads: one at a time.
#pragma once

#include "rust/cxx.h"

#include "iceoryx_posh/internal/popo/ports/subscriber_port_data.hpp"
#include "iceoryx_posh/internal/popo/ports/subscriber_port_user.hpp"
#include "iceoryx_posh/mepoo/chunk_header.hpp"

#include <cstdint>
#include <memory>

namespace iox_bridge {

using ChunkHeader = iox::mepoo::ChunkHeader;

struct TakenChunk;
enum class Subscription : std::uint8_t;

class Subscriber {
  public:
    /// Takes over a port that RouDi made for this process; RouDi keeps the memory.
    explicit Subscriber(iox::popo::SubscriberPortData& data) noexcept;
    /// Unsubscribes and gives the port back. Only stores to shared memory: does not wait for RouDi.
    ~Subscriber() noexcept;
    Subscriber(const Subscriber&) = delete;
    Subscriber(Subscriber&&) = delete;
    Subscriber& operator=(const Subscriber&) = delete;
    Subscriber& operator=(Subscriber&&) = delete;

    std::uint64_t uid() const noexcept;
    Subscription state() const noexcept;
    bool has_data() const noexcept;
    bool missed_data() noexcept;

    /// The oldest queued chunk, its header read once and checked; a chunk must come back through `release`. A chunk
    /// that is `Corrupt` has already been released.
    TakenChunk take() noexcept;
    void release(const ChunkHeader* chunk) noexcept;

  private:
    iox::popo::SubscriberPortUser port_;
};

/// Asks RouDi for a subscriber port. Null when it was refused; the error handler then knows why. `queue` and `history`
/// beyond classic's limits are cut by classic.
std::unique_ptr<Subscriber> create_subscriber(rust::Str service, rust::Str instance, rust::Str event,
                                              std::uint64_t queue, std::uint64_t history, bool block_publisher,
                                              rust::Str node) noexcept;

} // namespace iox_bridge
