// A tick as an application sees it that knows MessagePack and nothing of the struct.
#pragma once

#include "topics.hpp"

#include <msgpack.hpp>

#include <cstdint>
#include <string>

struct TickDocument {
    static constexpr uint32_t ENTRIES{4};

    std::string symbol;
    double price{0.0};
    double volume{0.0};
    uint64_t timestamp{0};
    MSGPACK_DEFINE_MAP(symbol, price, volume, timestamp)

    static TickDocument of(const SampleId id) {
        const MarketTick tick = MarketTick::of(id);
        return {{tick.symbol, ::strnlen(tick.symbol, sizeof(tick.symbol))}, tick.price, tick.volume, tick.timestamp};
    }

    bool isIntact() const {
        const TickDocument expected = of(SampleId::decoded(timestamp));
        return symbol == expected.symbol && price == expected.price && volume == expected.volume;
    }
};
