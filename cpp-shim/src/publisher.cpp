#include "iox_bridge/publisher.hpp"

#include "cpp-shim/src/publisher.rs.h"
#include "iox_bridge/compat.hpp"
#include "iox_bridge/text.hpp"

#include "iceoryx_posh/runtime/posh_runtime.hpp"

#include <atomic>
#include <cstddef>

namespace iox_bridge {

// The Rust side asserts the same numbers.
static_assert(sizeof(LoanedChunk) == 32);
static_assert(offsetof(LoanedChunk, chunk) == 0);
static_assert(offsetof(LoanedChunk, payload) == 8);
static_assert(offsetof(LoanedChunk, user_header) == 16);
static_assert(offsetof(LoanedChunk, status) == 24);

namespace {

LoanStatus status_of(const iox::popo::AllocationError error) noexcept {
    using iox::popo::AllocationError;
    switch (error) {
    case AllocationError::NO_MEMPOOLS_AVAILABLE:
        return LoanStatus::TooLarge;
    case AllocationError::RUNNING_OUT_OF_CHUNKS:
        return LoanStatus::PoolEmpty;
    case AllocationError::TOO_MANY_CHUNKS_ALLOCATED_IN_PARALLEL:
        return LoanStatus::TooManyLoans;
    case AllocationError::INVALID_PARAMETER_FOR_USER_PAYLOAD_OR_USER_HEADER:
        return LoanStatus::Invalid;
    case AllocationError::INVALID_PARAMETER_FOR_REQUEST_HEADER:
    case AllocationError::UNDEFINED_ERROR:
        break;
    }
    return LoanStatus::Unknown;
}

/// Where the payload of a chunk lies that was made with these sizes; nullptr if its header says that it lies outside.
/// The header is in shared memory, and whoever else may write there could have this process write anywhere.
std::uint8_t* payload_of(ChunkHeader* const chunk, const std::uint32_t size, const std::uint32_t alignment,
                         const std::uint32_t header_size, const std::uint32_t header_alignment) noexcept {
    auto* const start = reinterpret_cast<std::uint8_t*>(chunk);
    // Where there is no user header, classic puts it right behind its own header if the alignment allows that.
    if (header_size == 0 && alignment <= alignof(ChunkHeader)) {
        return start + sizeof(ChunkHeader);
    }
    const auto settings = iox::mepoo::ChunkSettings::create(size, alignment, header_size, header_alignment);
    if (settings.has_error()) {
        return nullptr;
    }
    auto* const payload = static_cast<std::uint8_t*>(chunk->userPayload());
    const auto offset = reinterpret_cast<std::uintptr_t>(payload) - reinterpret_cast<std::uintptr_t>(start);
    const std::uint64_t chunk_size{settings.value().requiredChunkSize()};
    const bool is_inside =
        offset >= sizeof(ChunkHeader) + header_size && offset <= chunk_size && size <= chunk_size - offset;
    return is_inside && reinterpret_cast<std::uintptr_t>(payload) % alignment == 0 ? payload : nullptr;
}

} // namespace

Publisher::Publisher(PublisherPortData& data) noexcept
    : data_(data), port_(&data), uid_(static_cast<std::uint64_t>(port_.getUniqueID())) {}

Publisher::~Publisher() noexcept {
    if (!has_its_number()) {
        return;
    }
    port_.stopOffer();
    port_.destroy();
}

std::uint64_t Publisher::uid() const noexcept {
    return uid_;
}

bool Publisher::has_its_number() const noexcept {
    return static_cast<std::uint64_t>(port_.getUniqueID()) == uid_;
}

bool Publisher::is_ours() const noexcept {
    // RouDi ends the offer of a port before it frees its place, and whoever gets the place next has another number.
    return has_its_number() && (!offers_ || data_.m_offeringRequested.load(std::memory_order_relaxed));
}

bool Publisher::has_subscribers() const noexcept {
    return port_.hasSubscribers();
}

bool Publisher::is_offered() const noexcept {
    // The port user only tells what it asked for; this is what RouDi made of it.
    return data_.m_offered.load(std::memory_order_relaxed);
}

void Publisher::offer() noexcept {
    offers_ = true;
    port_.offer();
}

void Publisher::stop_offer() noexcept {
    offers_ = false;
    port_.stopOffer();
}

LoanedChunk Publisher::loan(const std::uint32_t size, const std::uint32_t alignment, const std::uint32_t header_size,
                            const std::uint32_t header_alignment) noexcept {
    if (!is_ours()) {
        return {nullptr, nullptr, nullptr, LoanStatus::Evicted};
    }
    auto result = port_.tryAllocateChunk(size, alignment, header_size, header_alignment);
    if (result.has_error()) {
        return {nullptr, nullptr, nullptr, status_of(compat::error_of(result))};
    }
    ChunkHeader* const chunk = result.value();
    std::uint8_t* const payload = payload_of(chunk, size, alignment, header_size, header_alignment);
    if (payload == nullptr) {
        port_.releaseChunk(chunk);
        return {nullptr, nullptr, nullptr, LoanStatus::Unknown};
    }
    // A user header is always right behind classic's own.
    auto* const user_header = reinterpret_cast<std::uint8_t*>(chunk) + sizeof(ChunkHeader);
    return {chunk, payload, header_size == 0 ? nullptr : user_header, LoanStatus::Loaned};
}

void Publisher::publish(ChunkHeader* const chunk) noexcept {
    port_.sendChunk(chunk);
}

void Publisher::release(ChunkHeader* const chunk) noexcept {
    port_.releaseChunk(chunk);
}

std::unique_ptr<Publisher> create_publisher(const rust::Str service, const rust::Str instance, const rust::Str event,
                                            const std::uint64_t history, const bool wait_for_subscribers,
                                            const rust::Str node) noexcept {
    iox::popo::PublisherOptions options;
    options.historyCapacity = history;
    options.nodeName = fixed_text<iox::NodeName_t>(node);
    options.subscriberTooSlowPolicy = wait_for_subscribers ? iox::popo::ConsumerTooSlowPolicy::WAIT_FOR_CONSUMER
                                                           : iox::popo::ConsumerTooSlowPolicy::DISCARD_OLDEST_DATA;
    auto* const data = iox::runtime::PoshRuntime::getInstance().getMiddlewarePublisher(
        service_description(service, instance, event), options);
    return data == nullptr ? nullptr : std::make_unique<Publisher>(*data);
}

void end_waiting(PublisherPortData* const data) noexcept {
    // First the atomic wish, so that RouDi tells the subscribers and connects no new one; then what RouDi would do on
    // seeing it, because RouDi may be the one that is gone. The queues are behind the port's own lock, which a waiting
    // publish gives up at each turn of its loop.
    iox::popo::PublisherPortUser(data).stopOffer();
    iox::popo::ChunkDistributor<PublisherPortData::ChunkDistributorData_t>(&data->m_chunkSenderData).removeAllQueues();
}

} // namespace iox_bridge
