// One publisher port of classic, for payloads whose type is known at run time only.
//
// Owner: a Rust `Publisher`, through a unique_ptr. Threads: one at a time; `end_waiting` from any thread while the
// Publisher lives.
#pragma once

#include "rust/cxx.h"

#include "iceoryx_posh/internal/popo/ports/publisher_port_data.hpp"
#include "iceoryx_posh/internal/popo/ports/publisher_port_user.hpp"
#include "iceoryx_posh/mepoo/chunk_header.hpp"

#include <cstdint>
#include <memory>

namespace iox_bridge {

using ChunkHeader = iox::mepoo::ChunkHeader;
using PublisherPortData = iox::popo::PublisherPortData;

struct LoanedChunk;

class Publisher {
  public:
    /// Takes over a port that RouDi made for this process; RouDi keeps the memory.
    explicit Publisher(PublisherPortData& data) noexcept;
    /// Stops offering and gives the port back, if it still has its number. Only stores to shared memory: does not wait
    /// for RouDi.
    ~Publisher() noexcept;
    Publisher(const Publisher&) = delete;
    Publisher(Publisher&&) = delete;
    Publisher& operator=(const Publisher&) = delete;
    Publisher& operator=(Publisher&&) = delete;

    PublisherPortData* data() const noexcept { return &data_; }
    std::uint64_t uid() const noexcept;
    /// Whether RouDi has left the port to this process. It takes the ports of a process back that it holds for dead,
    /// and gives their places to others. Also false after `end_waiting`, until `offer`.
    bool is_ours() const noexcept;
    bool has_subscribers() const noexcept;
    bool is_offered() const noexcept;
    void offer() noexcept;
    void stop_offer() noexcept;

    /// A chunk to write to; each one must come back through exactly one call of `publish` or `release`. `Evicted` when
    /// the port is not ours any more; it is not touched.
    LoanedChunk loan(std::uint32_t size, std::uint32_t alignment, std::uint32_t header_size,
                     std::uint32_t header_alignment) noexcept;
    void publish(ChunkHeader* chunk) noexcept;
    void release(ChunkHeader* chunk) noexcept;

  private:
    bool has_its_number() const noexcept;

    PublisherPortData& data_;
    iox::popo::PublisherPortUser port_;
    std::uint64_t uid_;
    bool offers_{true};
};

/// Asks RouDi for a publisher port. Null when it was refused; the error handler then knows why. `history` beyond
/// classic's limit is cut by classic.
std::unique_ptr<Publisher> create_publisher(rust::Str service, rust::Str instance, rust::Str event,
                                            std::uint64_t history, bool wait_for_subscribers, rust::Str node) noexcept;

/// Ends a `publish` that waits for a slow subscriber, whether RouDi lives or not. The port stops offering.
void end_waiting(PublisherPortData* data) noexcept;

} // namespace iox_bridge
