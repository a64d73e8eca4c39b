// Bytes that follow from a sample's id, for payloads of any size: a window on one table of mixed words, moved by eight
// bytes from sample to sample. Two samples agree in no word unless 4096 others lie between them, and a comparison is
// one memcmp. The Rust applications have the same table.
// Owned by the application; filled in the constructor and only read afterwards.
#pragma once

#include "sample_id.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

class Pattern {
  public:
    /// For payloads of at most this many bytes.
    explicit Pattern(std::size_t maxSize);

    void fill(void* bytes, std::size_t size, SampleId id) const noexcept;

    bool matches(const void* bytes, std::size_t size, SampleId id) const noexcept;

  private:
    const uint64_t* window(SampleId id) const noexcept;

    std::vector<uint64_t> m_words;
};

/// Mixes the bits of a number (the finalizer of SplitMix64).
uint64_t mixed(uint64_t value) noexcept;
