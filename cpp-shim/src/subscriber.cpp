#include "iox_bridge/subscriber.hpp"

#include "cpp-shim/src/subscriber.rs.h"
#include "iox_bridge/compat.hpp"
#include "iox_bridge/text.hpp"

#include "iceoryx_posh/runtime/posh_runtime.hpp"

#include <atomic>
#include <cstddef>
#include <limits>

namespace iox_bridge {

// The Rust side asserts the same numbers.
static_assert(sizeof(TakenChunk) == 64);
static_assert(offsetof(TakenChunk, chunk) == 0);
static_assert(offsetof(TakenChunk, payload) == 8);
static_assert(offsetof(TakenChunk, user_header) == 16);
static_assert(offsetof(TakenChunk, origin) == 24);
static_assert(offsetof(TakenChunk, sequence) == 32);
static_assert(offsetof(TakenChunk, payload_size) == 40);
static_assert(offsetof(TakenChunk, payload_alignment) == 48);
static_assert(offsetof(TakenChunk, user_header_size) == 52);
static_assert(offsetof(TakenChunk, status) == 56);

namespace {

/// Whether `size` bytes from `start` lie in one of the shared memory segments this process has mapped.
bool is_mapped(const ChunkHeader* const start, const std::uint64_t size) noexcept {
    using compat::SegmentPointer;
    // Since 2.95 a header may claim any size of 64 bits, and the sum below must not come round to a low address.
    if (size == 0 || size - 1 > std::numeric_limits<std::uintptr_t>::max() - reinterpret_cast<std::uintptr_t>(start)) {
        return false;
    }
    // searchId takes pointers to non-const, and looks at the address only.
    auto* const first = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(start));
    const auto segment = SegmentPointer::searchId(first);
    constexpr std::uint64_t NO_SEGMENT{0};
    return segment != NO_SEGMENT && segment == SegmentPointer::searchId(first + size - 1);
}

/// Reads a header that its publisher, or anyone else who may write the segment, may have overwritten or be
/// overwriting: each field once, and nothing handed on that does not lie within the chunk and the segment.
TakenChunk read_checked(const ChunkHeader* const chunk) noexcept {
    const auto* const start = reinterpret_cast<const std::uint8_t*>(chunk);
    const std::uint64_t chunk_size{chunk->chunkSize()};
    const auto* const payload = static_cast<const std::uint8_t*>(chunk->userPayload());
    const auto* const user_header = static_cast<const std::uint8_t*>(chunk->userHeader());

    TakenChunk taken{};
    taken.chunk = chunk;
    taken.payload = payload;
    taken.origin = static_cast<std::uint64_t>(chunk->originId());
    taken.sequence = chunk->sequenceNumber();
    taken.payload_size = chunk->userPayloadSize();
    taken.payload_alignment = chunk->userPayloadAlignment();
    taken.status = TakeStatus::Corrupt;

    const std::uint64_t alignment{taken.payload_alignment};
    const auto payload_offset = static_cast<std::uint64_t>(payload - start);
    if (chunk_size < sizeof(ChunkHeader) || !is_mapped(chunk, chunk_size) || payload_offset < sizeof(ChunkHeader) ||
        payload_offset > chunk_size || taken.payload_size > chunk_size - payload_offset || alignment == 0 ||
        (alignment & (alignment - 1)) != 0 || reinterpret_cast<std::uintptr_t>(payload) % alignment != 0) {
        return taken;
    }
    if (user_header != nullptr) {
        const auto user_header_offset = static_cast<std::uint64_t>(user_header - start);
        taken.user_header = user_header;
        taken.user_header_size = chunk->userHeaderSize();
        if (user_header_offset > payload_offset || taken.user_header_size > payload_offset - user_header_offset) {
            return taken;
        }
    }
    taken.status = TakeStatus::Taken;
    return taken;
}

} // namespace

Subscriber::Subscriber(iox::popo::SubscriberPortData& data) noexcept
    : data_(data), port_(&data), uid_(static_cast<std::uint64_t>(port_.getUniqueID())) {}

Subscriber::~Subscriber() noexcept {
    if (!is_ours()) {
        return;
    }
    port_.unsubscribe();
    port_.destroy();
}

std::uint64_t Subscriber::uid() const noexcept {
    return uid_;
}

bool Subscriber::is_ours() const noexcept {
    // RouDi unsubscribes a port before it frees its place, and whoever gets the place next has another number.
    return static_cast<std::uint64_t>(port_.getUniqueID()) == uid_ &&
           data_.m_subscribeRequested.load(std::memory_order_relaxed);
}

Subscription Subscriber::state() const noexcept {
    switch (port_.getSubscriptionState()) {
    case iox::SubscribeState::SUBSCRIBED:
        return Subscription::Subscribed;
    case iox::SubscribeState::SUBSCRIBE_REQUESTED:
    case iox::SubscribeState::WAIT_FOR_OFFER:
        return Subscription::Waiting;
    case iox::SubscribeState::NOT_SUBSCRIBED:
    case iox::SubscribeState::UNSUBSCRIBE_REQUESTED:
        break;
    }
    return Subscription::NotSubscribed;
}

bool Subscriber::has_data() const noexcept {
    return port_.hasNewChunks();
}

bool Subscriber::attach(const ConditionVariable& condition, const std::uint64_t number) noexcept {
    // The lock is recursive: what is called inside takes it again.
    if (!is_ours() || !data_.m_chunkReceiverData.tryLock()) {
        return false;
    }
    port_.setConditionVariable(condition.data(), number);
    data_.m_chunkReceiverData.unlock();
    return true;
}

bool Subscriber::detach() noexcept {
    if (!is_ours() || !data_.m_chunkReceiverData.tryLock()) {
        return false;
    }
    port_.unsetConditionVariable();
    data_.m_chunkReceiverData.unlock();
    return true;
}

bool Subscriber::missed_data() noexcept {
    return port_.hasLostChunksSinceLastCall();
}

TakenChunk Subscriber::take() noexcept {
    if (!is_ours()) {
        TakenChunk nothing{};
        nothing.status = TakeStatus::Evicted;
        return nothing;
    }
    auto result = port_.tryGetChunk();
    if (result.has_error()) {
        TakenChunk nothing{};
        nothing.status = compat::error_of(result) == iox::popo::ChunkReceiveResult::NO_CHUNK_AVAILABLE
                             ? TakeStatus::Empty
                             : TakeStatus::TooManyHeld;
        return nothing;
    }
    const auto taken = read_checked(result.value());
    if (taken.status == TakeStatus::Corrupt) {
        port_.releaseChunk(taken.chunk);
    }
    return taken;
}

void Subscriber::release(const ChunkHeader* const chunk) noexcept {
    port_.releaseChunk(chunk);
}

std::unique_ptr<Subscriber> create_subscriber(const rust::Str service, const rust::Str instance, const rust::Str event,
                                              const std::uint64_t queue, const std::uint64_t history,
                                              const bool block_publisher, const rust::Str node) noexcept {
    iox::popo::SubscriberOptions options;
    options.queueCapacity = queue;
    options.historyRequest = history;
    options.nodeName = fixed_text<iox::NodeName_t>(node);
    options.queueFullPolicy =
        block_publisher ? iox::popo::QueueFullPolicy::BLOCK_PRODUCER : iox::popo::QueueFullPolicy::DISCARD_OLDEST_DATA;
    auto* const data = iox::runtime::PoshRuntime::getInstance().getMiddlewareSubscriber(
        service_description(service, instance, event), options);
    return data == nullptr ? nullptr : std::make_unique<Subscriber>(*data);
}

} // namespace iox_bridge
