// What a subscriber has received of each source that it expects: every sample once, in order, intact, or a number that
// says otherwise. Used by one thread.
#pragma once

#include "sample_id.hpp"

#include <cstdint>
#include <iostream>
#include <map>
#include <string>
#include <vector>

class Ledger {
  public:
    /// `count` samples are expected of each source; 0 means as many as there are. With `trace`, each gap is printed
    /// when it is found, and where each source is after every so many samples; 0: neither.
    Ledger(const std::vector<uint16_t>& sources, uint64_t count, uint64_t trace = 0);

    /// Notes a sample. A probe is noted apart; the first of each source is announced on standard output.
    void record(SampleId id, bool intact);

    /// Prints the sample noted last if `every` more have come since the one before, and how many were not as expected
    /// so far; 0: none.
    template <typename Sample> void show(const uint64_t every, const Sample& sample) {
        if (every != 0 && m_received >= m_shown + every) {
            m_shown = m_received;
            const uint64_t wrong{m_duplicate + m_reordered + m_corrupt + m_foreign};
            std::cout << "got " << m_received << " wrong=" << wrong << " " << sample << std::endl;
        }
    }

    /// True once, when all that is expected has come.
    bool hasJustCompleted() noexcept;

    /// Prints the closing line. True if all was right; missing samples are right where `lossIsFine`.
    bool close(bool lossIsFine) const;

    uint64_t received() const noexcept { return m_received; }

  private:
    struct Source {
        std::vector<bool> seen;
        uint64_t distinct{0};
        uint64_t next{0};
        bool connected{false};
    };

    void recordSequence(Source& source, SampleId id);

    std::map<uint16_t, Source> m_sources;
    uint64_t m_count;
    uint64_t m_trace;
    uint64_t m_received{0};
    uint64_t m_duplicate{0};
    uint64_t m_reordered{0};
    uint64_t m_corrupt{0};
    uint64_t m_foreign{0};
    uint64_t m_shown{0};
    bool m_complete{false};
};
