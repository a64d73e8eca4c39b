// Which sample this is: who sent it, and its place in that sender's sequence. All content of a sample follows from it.
#pragma once

#include <cstdint>

struct SampleId {
    /// Of a sample that is sent until somebody receives it, before those that count.
    static constexpr uint64_t PROBE{(uint64_t{1} << 48U) - 1U};

    uint16_t source{0};
    /// Below 2^48.
    uint64_t sequence{0};

    constexpr uint64_t encoded() const noexcept { return (uint64_t{source} << 48U) | sequence; }

    static constexpr SampleId decoded(const uint64_t encoded) noexcept {
        return {static_cast<uint16_t>(encoded >> 48U), encoded & PROBE};
    }

    constexpr bool isProbe() const noexcept { return sequence == PROBE; }
};
