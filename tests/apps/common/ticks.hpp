// The ticks of a block or a list of ticks, and how many it has: both follow from its id. The Rust applications have the
// same.
#pragma once

#include "sample_id.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

/// Ticks that a MarketBlock has room for.
inline constexpr uint64_t ROOM_FOR_TICKS{204};

/// From none to as many as there is room for, one more from id to id.
inline uint64_t ticksIn(const SampleId id) noexcept {
    return id.sequence % (ROOM_FOR_TICKS + 1U);
}

/// What a tick's content follows from.
struct TickNumber {
    uint64_t number;

    TickNumber(const SampleId id, const uint64_t index) noexcept
        : number(id.sequence % 1'000'000'000U * (ROOM_FOR_TICKS + 1U) + index) {}

    /// A text with an end mark behind it: every second one has the 16 bytes that a MarketTick has room for.
    std::array<char, 32> symbol() const noexcept {
        std::array<char, 32> text{};
        std::snprintf(text.data(), text.size(), number % 2U == 0U ? "%llu" : "%016llu",
                      static_cast<unsigned long long>(number));
        return text;
    }

    double price() const noexcept { return static_cast<double>(number) * 0.01; }

    double bid() const noexcept { return static_cast<double>(number) * 0.5; }

    double ask() const noexcept { return static_cast<double>(number) * 0.25; }

    uint64_t volume() const noexcept { return number % 1000U; }
};

/// Says which sample a list of ticks is. Every tick has its id; a list without ticks is the one behind the last, and
/// wrong if that should have some. Used by one thread.
class Place {
  public:
    explicit Place(const uint16_t source) noexcept : m_next{source, 0} {}

    /// `encoded` is the id that the first tick has; null where there is none.
    SampleId of(const uint64_t* const encoded) noexcept {
        const SampleId id = encoded == nullptr ? m_next : SampleId::decoded(*encoded);
        m_next = {id.source, id.isProbe() ? 0U : id.sequence + 1U};
        return id;
    }

  private:
    SampleId m_next;
};
