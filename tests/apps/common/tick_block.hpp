// A MarketBlock whose records are ticks.
#pragma once

#include "ticks.hpp"
#include "topics.hpp"

#include <cstring>

struct TickBlock {
    MarketBlock block;

    /// As the trading system fills it: volumes are no whole numbers, and behind the ticks that count lies what an older
    /// block has left.
    static TickBlock of(const SampleId id) noexcept {
        TickBlock filled = withTicks(id, 0.25);
        filled.setHeader(id);
        filled.block.flags = static_cast<uint8_t>(id.sequence);
        std::memset(filled.block.reserved, 0xee, sizeof(filled.block.reserved));
        const auto live = sizeof(MarketTick) * ticksIn(id);
        std::memset(filled.block.data + live, 0xee, sizeof(filled.block.data) - live);
        return filled;
    }

    /// As a receiver expects it: all that does not count is zero. A block that was `recorded` from a list of ticks has
    /// neither a number nor a time of its own.
    static TickBlock expected(const SampleId id, const bool recorded) noexcept {
        TickBlock filled = withTicks(id, 0.0);
        if (!recorded) {
            filled.setHeader(id);
        }
        return filled;
    }

    SampleId id(Place& place) const noexcept {
        MarketTick first{};
        std::memcpy(&first, block.data, sizeof(first));
        return place.of(block.record_count == 0 ? nullptr : &first.timestamp);
    }

    bool isIntact(const SampleId id, const bool recorded) const noexcept {
        const TickBlock wanted = expected(id, recorded);
        return std::memcmp(this, &wanted, sizeof(TickBlock)) == 0 &&
               reinterpret_cast<std::uintptr_t>(this) % alignof(TickBlock) == 0;
    }

  private:
    static TickBlock withTicks(const SampleId id, const double fraction) noexcept {
        TickBlock filled{};
        filled.block.record_count = ticksIn(id);
        for (uint64_t index = 0; index < ticksIn(id); ++index) {
            const TickNumber number{id, index};
            MarketTick tick{};
            std::memcpy(tick.symbol, number.symbol().data(), sizeof(tick.symbol));
            tick.price = number.price();
            tick.volume = static_cast<double>(number.volume()) + fraction;
            tick.timestamp = id.encoded();
            std::memcpy(filled.block.data + index * sizeof(tick), &tick, sizeof(tick));
        }
        return filled;
    }

    void setHeader(const SampleId id) noexcept {
        block.sequence_number = id.encoded();
        // Times of Rust applications are signed.
        block.timestamp_ns = mixed(id.encoded()) >> 1U;
    }
};

static_assert(sizeof(TickBlock) == sizeof(MarketBlock) &&
              ROOM_FOR_TICKS == sizeof(MarketBlock::data) / sizeof(MarketTick));
