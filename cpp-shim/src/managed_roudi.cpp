#include "iox_bridge/managed_roudi.hpp"

#include "cpp-shim/src/managed_roudi.rs.h"
#include "iox_bridge/compat.hpp"

#include "iceoryx_posh/mepoo/chunk_header.hpp"
#include "iceoryx_posh/mepoo/chunk_settings.hpp"

#include <cstddef>

namespace iox_bridge {

// The Rust side asserts the same numbers.
static_assert(sizeof(PoolEntry) == 8);
static_assert(offsetof(PoolEntry, size) == 0);
static_assert(offsetof(PoolEntry, count) == 4);

std::uint8_t run_roudi(const rust::Slice<const PoolEntry> pools, const std::uint64_t kill_delay_seconds) noexcept {
    iox::mepoo::MePooConfig mempools;
    for (const auto& pool : pools) {
        mempools.addMemPool({pool.size, pool.count});
    }
    const auto group = compat::PosixGroup::getGroupOfCurrentProcess().getName();
    compat::RouDiConfig config;
    config.m_sharedMemorySegments.emplace_back(group, group, mempools);
    return compat::run_roudi(config, kill_delay_seconds);
}

std::uint32_t pool_size_for(const std::uint32_t size, const std::uint32_t alignment, const std::uint32_t header_size,
                            const std::uint32_t header_alignment) noexcept {
    const auto settings = iox::mepoo::ChunkSettings::create(size, alignment, header_size, header_alignment);
    if (settings.has_error()) {
        return 0;
    }
    // A pool's size leaves the chunk header out, and is a multiple of 8.
    constexpr std::uint64_t POOL_ALIGNMENT = 8;
    const std::uint64_t needed = settings.value().requiredChunkSize() - sizeof(iox::mepoo::ChunkHeader);
    const std::uint64_t rounded = (needed + POOL_ALIGNMENT - 1) / POOL_ALIGNMENT * POOL_ALIGNMENT;
    return rounded > UINT32_MAX ? 0 : static_cast<std::uint32_t>(rounded == 0 ? POOL_ALIGNMENT : rounded);
}

} // namespace iox_bridge
