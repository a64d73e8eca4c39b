// What these applications exchange. Every field of a topic follows from the sample's id, so that a receiver can tell
// each value, not only the number of samples. The Rust applications have the same structs.
#pragma once

#include "pattern.hpp"
#include "sample_id.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iomanip>
#include <ostream>

struct MarketTick {
    char symbol[16];
    double price;
    double volume;
    uint64_t timestamp;

    static MarketTick of(const SampleId id) noexcept {
        MarketTick tick{};
        std::snprintf(tick.symbol, sizeof(tick.symbol), "S%u-%u", static_cast<unsigned>(id.source),
                      static_cast<unsigned>(id.sequence % 1'000'000U));
        tick.price = static_cast<double>(id.sequence) * 0.01;
        tick.volume = static_cast<double>(id.sequence % 1000U) + id.source;
        tick.timestamp = id.encoded();
        return tick;
    }

    SampleId id() const noexcept { return SampleId::decoded(timestamp); }

    bool isIntact() const noexcept {
        const MarketTick expected = of(id());
        return std::memcmp(this, &expected, sizeof(MarketTick)) == 0;
    }
};

inline std::ostream& operator<<(std::ostream& out, const MarketTick& tick) {
    // A text that fills its field has no end mark.
    out.write(tick.symbol, static_cast<std::streamsize>(::strnlen(tick.symbol, sizeof(tick.symbol))));
    return out << std::fixed << std::setprecision(2) << " price " << tick.price << std::setprecision(0) << " volume "
               << tick.volume;
}

static_assert(sizeof(MarketTick) == 40 && offsetof(MarketTick, price) == 16 && offsetof(MarketTick, timestamp) == 32);

/// The type of iceoryx2's publish-subscribe example.
struct TransmissionData {
    int32_t x;
    int32_t y;
    double funky;

    static TransmissionData of(const SampleId id) noexcept {
        const int32_t count = id.isProbe() ? -1 : static_cast<int32_t>(id.sequence);
        return {count, count * 3 + id.source, count * 812.12};
    }

    SampleId id() const noexcept {
        const auto source = static_cast<uint16_t>(static_cast<uint32_t>(y) - static_cast<uint32_t>(x) * 3U);
        return {source, x == -1 ? SampleId::PROBE : static_cast<uint32_t>(x)};
    }

    bool isIntact() const noexcept {
        // Damage may hold numbers whose product does not fit.
        const bool inRange = x >= -1 && x < 100'000'000;
        return inRange && y == of(id()).y && funky == of(id()).funky;
    }
};

inline std::ostream& operator<<(std::ostream& out, const TransmissionData& data) {
    return out << std::fixed << std::setprecision(2) << "x " << data.x << " y " << data.y << " funky " << data.funky;
}

static_assert(sizeof(TransmissionData) == 16 && offsetof(TransmissionData, funky) == 8);

/// A block of a trading system's market stream.
struct alignas(64) MarketBlock {
    uint64_t sequence_number;
    uint64_t timestamp_ns;
    uint64_t record_count;
    uint8_t data_type;
    uint8_t flags;
    uint8_t reserved[6];
    uint8_t data[8160];

    static MarketBlock of(const SampleId id) noexcept {
        MarketBlock block{};
        block.sequence_number = id.encoded();
        block.timestamp_ns = mixed(id.encoded());
        block.record_count = id.sequence % 204U;
        block.data_type = static_cast<uint8_t>(id.sequence);
        block.flags = static_cast<uint8_t>(id.sequence >> 8U);
        pattern().fill(block.reserved, sizeof(block.reserved), id);
        pattern().fill(block.data, sizeof(block.data), id);
        return block;
    }

    SampleId id() const noexcept { return SampleId::decoded(sequence_number); }

    bool isIntact() const noexcept {
        const MarketBlock expected = of(id());
        return std::memcmp(this, &expected, sizeof(MarketBlock)) == 0 &&
               reinterpret_cast<std::uintptr_t>(this) % alignof(MarketBlock) == 0;
    }

  private:
    static const Pattern& pattern() noexcept {
        static const Pattern instance{sizeof(data)};
        return instance;
    }
};

inline std::ostream& operator<<(std::ostream& out, const MarketBlock& block) {
    return out << block.record_count << " records of type " << static_cast<unsigned>(block.data_type);
}

static_assert(sizeof(MarketBlock) == 8192 && alignof(MarketBlock) == 64 && offsetof(MarketBlock, record_count) == 16);
static_assert(offsetof(MarketBlock, data_type) == 24 && offsetof(MarketBlock, flags) == 25);
static_assert(offsetof(MarketBlock, reserved) == 26 && offsetof(MarketBlock, data) == 32);
