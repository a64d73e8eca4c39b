// One subscriber port of classic, for payloads whose type is known at run time only.
//
// Owner: a Rust `Subscriber`, through a unique_ptr. Threads: one at a time.
#pragma once

#include "iox_bridge/condition.hpp"
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
    /// Unsubscribes and gives the port back, if it still is ours. Only stores to shared memory: does not wait for
    /// RouDi.
    ~Subscriber() noexcept;
    Subscriber(const Subscriber&) = delete;
    Subscriber(Subscriber&&) = delete;
    Subscriber& operator=(const Subscriber&) = delete;
    Subscriber& operator=(Subscriber&&) = delete;

    std::uint64_t uid() const noexcept;
    /// Whether RouDi has left the port to this process. It takes the ports of a process back that it holds for dead,
    /// and gives their places to others.
    bool is_ours() const noexcept;
    Subscription state() const noexcept;
    bool has_data() const noexcept;
    /// Lets publishers notify `condition`, under `number`, of each sample that comes from now on. False, and nothing is
    /// changed, when the port is not ours any more or somebody else is inside of the queue's lock just now: a process
    /// that died there would keep it for ever. After this a look whether there is something already is due.
    bool attach(const ConditionVariable& condition, std::uint64_t number) noexcept;
    /// Ends that. False as above; then notifications go on.
    bool detach() noexcept;
    bool missed_data() noexcept;

    /// The oldest queued chunk, its header read once and checked; a chunk must come back through `release`. A chunk
    /// that is `Corrupt` has already been released. `Evicted` when the port is not ours any more; it is not touched.
    TakenChunk take() noexcept;
    void release(const ChunkHeader* chunk) noexcept;

  private:
    iox::popo::SubscriberPortData& data_;
    iox::popo::SubscriberPortUser port_;
    std::uint64_t uid_;
};

/// Asks RouDi for a subscriber port. Null when it was refused; the error handler then knows why. `queue` and `history`
/// beyond classic's limits are cut by classic.
std::unique_ptr<Subscriber> create_subscriber(rust::Str service, rust::Str instance, rust::Str event,
                                              std::uint64_t queue, std::uint64_t history, bool block_publisher,
                                              rust::Str node) noexcept;

} // namespace iox_bridge
