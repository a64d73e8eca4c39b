#include "pattern.hpp"

#include <cstring>

namespace {
constexpr std::size_t WINDOWS{8192};
}

uint64_t mixed(const uint64_t value) noexcept {
    uint64_t z = value + 0x9e37'79b9'7f4a'7c15U;
    z = (z ^ (z >> 30U)) * 0xbf58'476d'1ce4'e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d0'49bb'1331'11ebU;
    return z ^ (z >> 31U);
}

Pattern::Pattern(const std::size_t maxSize) : m_words(WINDOWS + maxSize / sizeof(uint64_t) + 1U) {
    for (std::size_t i = 0; i < m_words.size(); ++i) {
        m_words[i] = mixed(i);
    }
}

void Pattern::fill(void* const bytes, const std::size_t size, const SampleId id) const noexcept {
    std::memcpy(bytes, window(id), size);
}

bool Pattern::matches(const void* const bytes, const std::size_t size, const SampleId id) const noexcept {
    return std::memcmp(bytes, window(id), size) == 0;
}

const uint64_t* Pattern::window(const SampleId id) const noexcept {
    return m_words.data() + mixed(id.source) % (WINDOWS / 2U) + id.sequence % (WINDOWS / 2U);
}
